//! What a word means to a command: quotes and escapes removed, expansions kept as they are written.

use smol_str::SmolStr;

use super::script::ShellWord;
use crate::analysis::syntax::SourceText;
use crate::analysis::syntax::bash::{self, BashNode};

/// A word without its quotes; every byte knows its place in the script's text.
#[derive(Debug, Default)]
pub struct Unquoted {
    pub text: String,
    /// For each byte of `text`, the byte of the script it came from.
    pub origins: Vec<u32>,
    pub expansions: Vec<(u32, u32)>,
}

/// Reads `node`, any kind of word, of the script `value`.
pub fn unquote(value: &str, node: BashNode) -> Unquoted {
    let mut unquoted = Unquoted::default();
    unquoted.node(value, node, 0);
    unquoted
}

/// The word at `node`, with its place in `source`.
pub fn word(source: &SourceText, node: BashNode) -> ShellWord {
    let (value, range) = (source.as_str(), node.range());
    let (text, expansions) = if is_plain(value, node) {
        (SmolStr::new(node.text(value)), Vec::new())
    } else {
        let unquoted = unquote(value, node);
        (unquoted.text.into(), unquoted.expansions)
    };
    ShellWord { text, range: source.source_range(range.start, range.end), expansions }
}

/// Reads a word that was taken out of its script, `None` when it is no word.
pub fn unquote_word(raw: &str) -> Option<Unquoted> {
    let tree = bash::parse(raw);
    let mut found = None;
    tree.visit(|node| {
        if found.is_none() && node.kind() == "command_name" {
            found = Some(unquote(raw, node));
        }
        found.is_none()
    });
    found
}

fn is_plain(value: &str, node: BashNode) -> bool {
    matches!(node.kind(), "word" | "number") && !node.text(value).contains('\\')
}

/// Whether `kind` is replaced by the shell, so that its result is unknown here.
pub fn is_expansion(kind: &str) -> bool {
    matches!(
        kind,
        "expansion"
            | "simple_expansion"
            | "command_substitution"
            | "process_substitution"
            | "arithmetic_expansion"
    )
}

impl Unquoted {
    fn node(&mut self, value: &str, node: BashNode, depth: usize) {
        let range = node.range();
        match node.kind() {
            "raw_string" => self.copy(value, range.start + 1, range.end.saturating_sub(1)),
            "ansi_c_string" => self.escaped(value, range.start + 2, range.end.saturating_sub(1), |_| true),
            "string" => self.double_quoted(value, node),
            "word" | "regex" | "extglob_pattern" => self.escaped(value, range.start, range.end, |_| true),
            kind if is_expansion(kind) => self.expansion(value, range.start, range.end),
            // Deeper than anybody writes: the text as it stands.
            _ if depth > 20 => self.copy(value, range.start, range.end),
            "translated_string" | "concatenation" | "variable_assignment" | "command_name" => {
                self.children(value, node, depth)
            }
            _ => self.copy(value, range.start, range.end),
        }
    }

    fn children(&mut self, value: &str, node: BashNode, depth: usize) {
        let is_translated = node.kind() == "translated_string";
        for child in node.nodes() {
            if !(is_translated && child.kind() == "$") {
                self.node(value, child, depth + 1);
            }
        }
    }

    /// The grammar drops blanks around expansions, so what lies between children is read from the text.
    fn double_quoted(&mut self, value: &str, node: BashNode) {
        let range = node.range();
        let is_special = |byte: u8| matches!(byte, b'"' | b'$' | b'`' | b'\\' | b'\n');
        let mut at = range.start + 1;
        for child in node.nodes().filter(|child| is_expansion(child.kind())) {
            let inner = child.range();
            self.escaped(value, at, inner.start, is_special);
            self.expansion(value, inner.start, inner.end);
            at = inner.end;
        }
        self.escaped(value, at, range.end.saturating_sub(1), is_special);
    }

    fn expansion(&mut self, value: &str, start: usize, end: usize) {
        let from = self.text.len() as u32;
        self.copy(value, start, end);
        self.expansions.push((from, self.text.len() as u32));
    }

    /// Copies without the backslashes before bytes that are special; a line break after one goes too.
    fn escaped(&mut self, value: &str, start: usize, end: usize, is_special: impl Fn(u8) -> bool) {
        let bytes = value.as_bytes();
        let mut from = start;
        let mut at = start;
        while at < end {
            let next = bytes.get(at + 1).copied().filter(|_| at + 1 < end);
            match (bytes.get(at), next) {
                (Some(b'\\'), Some(next)) if is_special(next) => {
                    self.copy(value, from, at);
                    from = if next == b'\n' { at + 2 } else { at + 1 };
                    at += 2;
                }
                (Some(b'\\'), Some(_)) => at += 2,
                _ => at += 1,
            }
        }
        self.copy(value, from, end);
    }

    fn copy(&mut self, value: &str, start: usize, end: usize) {
        if let Some(piece) = value.get(start..end) {
            self.text.push_str(piece);
            self.origins.extend(start as u32..end as u32);
        }
    }
}
