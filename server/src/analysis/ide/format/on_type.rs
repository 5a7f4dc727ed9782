//! Indentation while typing: only after Enter, only on the new line, and only where the answer is certain.

use text_size::TextSize;

use super::options::Indentation;
use super::quotes::Dialects;
use super::{FormatOptions, IndentStyle, is_all_blank, line_end, line_start, text_range};
use crate::analysis::syntax::{Dockerfile, InstructionRef};
use crate::analysis::text::TextEdit;

/// The edits after `typed` was typed; `offset` is the cursor behind it. Only Enter (`\n`) does anything:
/// behind an escape the new line is indented as its block is, behind the end of an instruction it begins at
/// column 0.
pub fn on_type(file: &Dockerfile, options: &FormatOptions, offset: TextSize, typed: char) -> Vec<TextEdit> {
    if typed != '\n' {
        return Vec::new();
    }
    new_line_edit(file, options, usize::from(offset)).into_iter().collect()
}

fn new_line_edit(file: &Dockerfile, options: &FormatOptions, offset: usize) -> Option<TextEdit> {
    let text = file.text();
    let start = line_start(text, offset);
    let before = line_start(text, start.checked_sub(1)?);
    let instruction = file.instruction_at(TextSize::from(before as u32))?;
    let above = Above::new(file, instruction, before).filter(|above| !above.is_in_value)?;
    let line = text.get(start..line_end(text, start))?;
    let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
    // The two lines make one word: a blank between them would be a change.
    if above.goes_on && !above.ends_in_blank && indent == 0 && !line.is_empty() {
        return None;
    }
    let new = if above.goes_on {
        above.indent(text, options)
    } else if is_all_blank(line) && above.is_last && !above.is_unfinished {
        String::new()
    } else {
        return None;
    };
    let range = text_range(start..start + indent);
    (file.slice(range) != new).then(|| TextEdit::new(range, new))
}

/// The line above the cursor: a line of an instruction that is neither a comment nor a heredoc's body.
struct Above {
    /// Absolute start.
    start: usize,
    /// What comes next is inside quotes, where blanks count.
    is_in_value: bool,
    /// Whether it is the instruction's first line.
    is_first: bool,
    is_last: bool,
    /// It ends with the escape.
    goes_on: bool,
    /// Blanks stand before the escape.
    ends_in_blank: bool,
    /// It ends so that more must follow: the escape was forgotten.
    is_unfinished: bool,
}

impl Above {
    fn new(file: &Dockerfile, instruction: InstructionRef<'_>, start: usize) -> Option<Self> {
        let base = usize::from(instruction.start);
        let pieces: Vec<_> = instruction.joined.pieces().collect();
        let own = |source: usize| line_start(file.text(), base + source);
        let at = pieces.iter().position(|&(_, source)| own(source) == start)?;
        let (piece, source) = pieces.get(at)?;
        let end = line_end(file.text(), start);
        let content = instruction.joined.as_str().get(piece.clone())?;
        Some(Above {
            start,
            is_in_value: Dialects::new(file).is_kept_at(instruction.id, &instruction, piece.end),
            is_first: at == 0,
            is_last: at + 1 == pieces.len() && instruction.heredocs.is_empty(),
            goes_on: base + source + piece.len() < end,
            ends_in_blank: content.ends_with([' ', '\t']),
            is_unfinished: ["&&", "||", "|", ",", "["]
                .iter()
                .any(|operator| content.trim_end().ends_with(operator)),
        })
    }

    /// As the line above; one step when that is the instruction's first line.
    fn indent(&self, text: &str, options: &FormatOptions) -> String {
        let line = text.get(self.start..).unwrap_or_default();
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if !self.is_first {
            return line.get(..indent).unwrap_or_default().to_owned();
        }
        let uses_tabs = options.indent_style == IndentStyle::Tabs;
        let indentation = Indentation { width: options.indent_width(), uses_tabs };
        indentation.render(indentation.width)
    }
}
