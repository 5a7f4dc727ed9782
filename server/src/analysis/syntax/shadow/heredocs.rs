//! Heredocs in the shadow. The grammar's own scanner finds them, and it knows only plain ones.
//!
//! It ends a body at a line that merely *begins* with the delimiter, skips blanks (not only tabs) for `<<-`,
//! knows one piece of quotes around the whole delimiter, and remembers ten heredocs at most.

use text_size::TextSize;

use super::super::ast::{Heredoc, Instruction};
use super::canvas::{Canvas, offsets};

const MAX_HEREDOCS: usize = 8;
const MAX_NAME: usize = 64;

/// Whether the scanner reads all heredocs of `instruction` as BuildKit does.
pub fn are_plain(instruction: &Instruction, source: &str) -> bool {
    instruction.heredocs.len() <= MAX_HEREDOCS && instruction.heredocs.iter().all(|it| is_plain(it, source))
}

fn is_plain(heredoc: &Heredoc, source: &str) -> bool {
    let (name, dash) = (heredoc.name.as_str(), if heredoc.strips_tabs { "-" } else { "" });
    let marker = source.get(offsets(heredoc.marker)).unwrap_or_default();
    let is_plain_name =
        name.len() <= MAX_NAME && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    let is_plain_marker =
        [format!("<<{dash}{name}"), format!("<<{dash}\"{name}\""), format!("<<{dash}'{name}'")]
            .iter()
            .any(|plain| plain == marker);
    heredoc.terminator.is_some() && is_plain_name && is_plain_marker && is_plain_body(heredoc, source)
}

fn is_plain_body(heredoc: &Heredoc, source: &str) -> bool {
    let body = source.get(offsets(heredoc.body)).unwrap_or_default();
    body.split('\n').all(|line| {
        let line = if heredoc.strips_tabs { line.trim_start() } else { line };
        !line.starts_with(heredoc.name.as_str())
    })
}

/// Draws the markers over the text of a shell; what follows one begins anew for the grammar.
pub fn markers(canvas: &mut Canvas, mut first_byte: impl FnMut(&mut Canvas, TextSize)) {
    let source = canvas.source;
    for heredoc in canvas.heredocs {
        let marker = source.get(offsets(heredoc.marker)).unwrap_or_default();
        canvas.put_all(heredoc.marker.start(), marker.as_bytes());
        first_byte(canvas, heredoc.marker.end());
    }
}

/// Draws the bodies and delimiter lines.
pub fn bodies(canvas: &mut Canvas) {
    let source = canvas.source.as_bytes();
    let Some(first) = canvas.heredocs.first() else { return };
    canvas.end_line(first.body.start());
    canvas.put(usize::from(first.body.start()).saturating_sub(1), b'\n');
    for (offset, &byte) in source.iter().enumerate().skip(first.body.start().into()) {
        canvas.put(offset, body_byte(byte));
    }
}

fn body_byte(byte: u8) -> u8 {
    match byte {
        b'\n' => b'\n',
        _ if byte.is_ascii_control() => b' ',
        _ if byte.is_ascii() => byte,
        _ => b'_',
    }
}
