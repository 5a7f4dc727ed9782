//! The shadow of an instruction: the same bytes, redrawn so that tree-sitter-dockerfile understands them.
//!
//! That grammar takes a newline for a blank, so one thing it does not know damages everything around it: most
//! real files have such a thing. The typed instruction knows where each part stands; here every part is drawn
//! at its own place in the dialect of the grammar, on an empty canvas of the same length:
//!
//! * continuations, the comments and blank lines between them, and carriage returns are blanks;
//! * characters with no place in the grammar's words become fillers (`_`), so *only the ranges* of the tree
//!   mean something: its texts are those of the source at the same offsets;
//! * what the grammar has no node for (a second `ARG` name, a flag of `CMD`) is left out, and an instruction
//!   that cannot be drawn at all is masked: it becomes a comment, and its neighbours never notice.
//!
//! All text drawn is ASCII.

mod arguments;
mod canvas;
mod heredocs;

use super::ast::Instruction;
use canvas::Canvas;

/// Longer instructions are masked without a look: no person writes them, and nobody waits for them.
pub(super) const MAX_LENGTH: usize = 1 << 18;

/// Draws `instruction`, or nothing when the grammar has no place for it.
///
/// `source` is the document from the start of the instruction's first line; what comes back is as long as
/// the instruction's range reaches. It still has to be parsed to know that the grammar accepts it.
pub(super) fn draw(instruction: &Instruction, source: &str, escape: char) -> Option<Vec<u8>> {
    if usize::from(instruction.range.len()) > MAX_LENGTH {
        return None;
    }
    let mut canvas = Canvas::new(instruction, source, escape);
    arguments::instruction(&mut canvas, instruction)?;
    heredocs::bodies(&mut canvas);
    canvas.end_line(instruction.range.end());
    Some(canvas.bytes)
}

/// The instruction as a comment of the same length, on one line.
pub(super) fn mask(instruction: &Instruction) -> Vec<u8> {
    let (start, end) = (instruction.range.start().into(), instruction.range.end().into());
    let mut bytes = vec![b' '; end];
    for byte in bytes.iter_mut().skip(start) {
        *byte = b'_';
    }
    if let Some(first) = bytes.get_mut(start) {
        *first = b'#';
    }
    bytes
}
