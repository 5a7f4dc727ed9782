//! Places that survive edits: an instruction is found again by its text, whatever happens around it.

use std::collections::HashMap;

use text_size::TextRange;

use crate::analysis::syntax::{Dockerfile, InstructionRef};

/// An instruction of an earlier version of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    text: String,
    /// How many instructions before it read the same.
    ordinal: usize,
}

/// The instructions of one version, to find anchors in.
#[derive(Debug)]
pub struct Places<'a> {
    by_text: HashMap<&'a str, Vec<InstructionRef<'a>>>,
}

impl<'a> Places<'a> {
    pub fn new(file: &'a Dockerfile) -> Self {
        let mut by_text: HashMap<&str, Vec<_>> = HashMap::new();
        for instruction in file.instructions() {
            by_text.entry(file.slice(instruction.absolute_range())).or_default().push(instruction);
        }
        Places { by_text }
    }

    /// The instruction, unless it was edited or taken out.
    pub fn find(&self, anchor: &Anchor) -> Option<InstructionRef<'a>> {
        self.by_text.get(anchor.text.as_str())?.get(anchor.ordinal).copied()
    }
}

/// The anchor of the instruction that takes `range` (absolute), and the range counted from it.
pub fn anchor(file: &Dockerfile, range: TextRange) -> Option<(Anchor, TextRange)> {
    let instruction = file.instructions().find(|it| it.absolute_range().intersect(range).is_some())?;
    let start = instruction.absolute_range().start();
    let from = range.start().max(start) - start;
    let to = range.end().min(instruction.absolute_range().end()).max(range.start().max(start)) - start;
    Some((anchor_of(file, instruction), TextRange::new(from, to)))
}

pub fn anchor_of(file: &Dockerfile, instruction: InstructionRef<'_>) -> Anchor {
    let text = file.slice(instruction.absolute_range());
    let before = file.instructions().take_while(|it| it.id != instruction.id);
    let ordinal = before.filter(|it| file.slice(it.absolute_range()) == text).count();
    Anchor { text: text.to_owned(), ordinal }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instruction_is_found_until_it_is_edited() {
        let before = Dockerfile::parse("FROM a\nRUN x\nRUN x\n");
        let second = before.instructions().nth(2).unwrap();
        let word = TextRange::at(second.absolute_range().start() + text_size::TextSize::from(4), 1.into());
        let (anchor, range) = anchor(&before, word).unwrap();
        let found = |text: &str| {
            let file = Dockerfile::parse(text);
            let found = Places::new(&file).find(&anchor)?;
            Some(u32::from((range + found.absolute_range().start()).start()))
        };
        assert_eq!(found("FROM a\nRUN x\nRUN x\n"), Some(17));
        assert_eq!(found("# more\nFROM b\n\nRUN x\n\nRUN x\n"), Some(26));
        assert_eq!(found("FROM a\nRUN x\nRUN y\n"), None);
    }
}
