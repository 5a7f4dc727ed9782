//! A shell text cut at the operators of its outermost list.
//!
//! The grammar nests lists as it likes, and says nothing about where the text of one part ends. So the text is cut at
//! every operator outside of quotes and brackets, and pieces are put together again until each is a command of its
//! own: `if a && b; then c; fi` is one.

use std::ops::Range;

use crate::analysis::model::shell::{ShellCommand, ShellScript};
use crate::analysis::syntax::bash;

/// One part of the outermost list.
#[derive(Debug)]
pub struct Segment {
    /// Bytes of the script's text, without blanks at both ends.
    pub span: Range<usize>,
    /// What stands between the part before and this one; the first has `Start`.
    pub before: Join,
    /// Its commands; ranges are local to the instruction.
    pub script: ShellScript,
    /// A loop, condition, group, subshell or function is in it.
    pub is_compound: bool,
    /// It goes on in the background.
    pub is_background: bool,
    pub has_comment: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    Start,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `;` or a line break
    Sequence,
}

/// More operators than this are not looked at: putting pieces together again costs the square.
const MOST: usize = 400;

/// The parts of `script`; `None` if it is not understood.
pub fn segments(script: &ShellScript) -> Option<Vec<Segment>> {
    let text = script.text.as_str();
    let cuts = cuts(text);
    if script.has_error || cuts.len() > MOST {
        return None;
    }
    let mut segments: Vec<Segment> = Vec::new();
    let (mut start, mut before) = (0, Join::Start);
    let mut piece_start = 0;
    for cut in cuts.iter().chain([&Cut { span: text.len()..text.len(), join: Join::Sequence }]) {
        let is_comment = text.get(cut.span.clone()).is_some_and(|it| it.starts_with('#'));
        let span = trimmed(text, start..cut.span.start);
        if span.is_empty() {
            // An empty line, a comment, or a line break behind an operator.
            if cut.join != Join::Sequence {
                return None;
            }
            if let Some(last) = segments.last_mut() {
                last.has_comment |= is_comment;
            }
            start = cut.span.end;
        } else if may_end(text, start, piece_start..cut.span.start)
            && let Some(mut segment) = segment(script, span, before)
        {
            segment.has_comment |= is_comment;
            segments.push(segment);
            (start, before) = (cut.span.end, cut.join);
        }
        piece_start = cut.span.end;
    }
    let is_whole =
        trimmed(text, start..text.len()).is_empty() && matches!(before, Join::Start | Join::Sequence);
    is_whole.then_some(segments)
}

/// Whether a command that began at `start` can end behind this piece: it is the first, or closes something. Asking the
/// grammar at every piece of a long `case` would take the square of its length.
fn may_end(text: &str, start: usize, piece: Range<usize>) -> bool {
    let words = text.get(piece.clone()).unwrap_or_default();
    let mut words = words.split(|c: char| c.is_whitespace() || matches!(c, ')' | '|' | '>' | '<'));
    start == piece.start || words.any(|it| matches!(it, "fi" | "done" | "esac" | "}"))
}

fn segment(script: &ShellScript, span: Range<usize>, before: Join) -> Option<Segment> {
    let text = script.text.slice(span.start, span.end);
    let tree = bash::parse(text.as_str());
    if tree.has_error() {
        return None;
    }
    let (mut is_compound, mut has_comment) = (false, false);
    tree.visit(|node| {
        is_compound |= COMPOUND.contains(&node.kind());
        has_comment |= node.kind() == "comment";
        true
    });
    let is_background = text.as_str().ends_with('&');
    let script = ShellScript::parse(&text);
    (!script.has_error).then_some(Segment { span, before, script, is_compound, is_background, has_comment })
}

const COMPOUND: &[&str] = &[
    "if_statement",
    "while_statement",
    "for_statement",
    "c_style_for_statement",
    "case_statement",
    "compound_statement",
    "subshell",
    "function_definition",
];

impl Segment {
    /// What it changes for the commands behind it in the same shell: the folder, variables, options.
    pub fn state(&self) -> Option<String> {
        if let Some(function) = self.script.functions.first() {
            return Some(format!("the function `{}`", function.name));
        }
        self.script.commands().find_map(state)
    }

    /// Whether it is `set -e`, perhaps with other options.
    pub fn sets_errexit(&self) -> bool {
        self.script.commands().any(|it| it.is("set") && (it.has_flag("e") || mentions(it, "errexit")))
    }

    /// Whether it begins with `!`: then its failure is what is wanted.
    pub fn is_negated(&self) -> bool {
        self.script.text.as_str().starts_with('!')
    }
}

fn mentions(command: &ShellCommand, word: &str) -> bool {
    command.arguments.iter().any(|it| it.as_str() == word)
}

const STATEFUL: &[&str] = &[
    "cd",
    "pushd",
    "popd",
    "export",
    "set",
    "shopt",
    "source",
    ".",
    "alias",
    "unalias",
    "umask",
    "ulimit",
    "trap",
    "exec",
    "eval",
    "read",
    "unset",
    "declare",
    "typeset",
    "local",
    "readonly",
    "exit",
    "return",
    "shift",
    "getopts",
    "mapfile",
    "readarray",
    "let",
    "enable",
    "hash",
    "wait",
];

/// `cd`, or the variables a command sets.
fn state(command: &ShellCommand) -> Option<String> {
    let place = command.place;
    if place.is_in_subshell || place.is_in_substitution || place.is_in_function {
        return None;
    }
    let is_exec = command.wrappers.iter().any(|it| it.as_str() == "exec");
    let name = if is_exec { "exec" } else { command.name() };
    if command.name.is_none() {
        let variable = command.assignments.first()?;
        return Some(format!("the variable `{}`", variable.name));
    }
    STATEFUL.contains(&name).then(|| format!("`{name}`"))
}

/// An operator in the text.
#[derive(Debug)]
struct Cut {
    span: Range<usize>,
    join: Join,
}

/// Every `&&`, `||`, `;`, comment and line break outside of quotes and brackets.
fn cuts(text: &str) -> Vec<Cut> {
    let bytes = text.as_bytes();
    let mut cuts = Vec::new();
    let mut open: Vec<u8> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied().unwrap_or_default();
        let is_in_string = open.last() == Some(&b'"');
        let mut len = 1;
        match byte {
            b'\\' => len = 2,
            b'\'' if !is_in_string => len = skip(bytes, at + 1, b'\'') - at,
            b'"' if is_in_string => drop(open.pop()),
            b'"' => open.push(b'"'),
            b'`' if open.last() == Some(&b'`') => drop(open.pop()),
            b'`' => open.push(b'`'),
            b'$' if next == b'(' || next == b'{' => {
                open.push(next);
                len = 2;
            }
            b'(' if !is_in_string => open.push(b'('),
            b')' if open.last() == Some(&b'(') => drop(open.pop()),
            b'}' if open.last() == Some(&b'{') => drop(open.pop()),
            b'#' if open.is_empty() && is_word_start(bytes, at) => {
                len = line_end(bytes, at) - at;
                cuts.push(Cut { span: at..at + len, join: Join::Sequence });
            }
            _ if !open.is_empty() => {}
            b'&' if next == b'&' => {
                cuts.push(Cut { span: at..at + 2, join: Join::And });
                len = 2;
            }
            b'|' if next == b'|' => {
                cuts.push(Cut { span: at..at + 2, join: Join::Or });
                len = 2;
            }
            b';' | b'\n' => cuts.push(Cut { span: at..at + 1, join: Join::Sequence }),
            _ => {}
        }
        at += len;
    }
    cuts
}

fn skip(bytes: &[u8], from: usize, until: u8) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter().position(|&it| it == until).map_or(bytes.len(), |found| from + found + 1)
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter().position(|&it| it == b'\n').map_or(bytes.len(), |found| from + found)
}

fn is_word_start(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| bytes.get(at));
    before.is_none_or(|it| it.is_ascii_whitespace() || matches!(it, b';' | b'&' | b'|' | b'('))
}

fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let part = text.get(span.clone()).unwrap_or_default();
    let start = span.start + (part.len() - part.trim_start().len());
    let end = span.start + part.trim_end().len();
    start.min(end)..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::syntax::SourceText;

    fn parts(text: &str) -> Vec<String> {
        let script = ShellScript::parse(&SourceText::verbatim(text, 0.into()));
        let found = segments(&script).unwrap_or_default();
        found.into_iter().map(|it| format!("{:?} {}", it.before, &text[it.span])).collect()
    }

    #[test]
    fn a_list_is_cut_at_its_operators() {
        assert_eq!(parts("a && b || c ; d"), ["Start a", "And b", "Or c", "Sequence d"]);
        assert_eq!(
            parts("a 'x && y' \"$(b && c)\" && d | e"),
            ["Start a 'x && y' \"$(b && c)\"", "And d | e"]
        );
    }

    #[test]
    fn compound_commands_stay_whole() {
        assert_eq!(
            parts("if a && b; then c; fi && for x in y; do z && w; done"),
            ["Start if a && b; then c; fi", "And for x in y; do z && w; done"]
        );
        assert_eq!(parts("{ a && b; } && (c; d)"), ["Start { a && b; }", "And (c; d)"]);
        assert_eq!(
            parts("case a in b) c && d ;; e) f ;; esac; g"),
            ["Start case a in b) c && d ;; e) f ;; esac", "Sequence g"]
        );
    }

    #[test]
    fn half_a_list_is_no_list() {
        assert!(parts("a &&").is_empty() && parts("&& a").is_empty() && parts("a 'b").is_empty());
    }

    #[test]
    fn state_is_what_later_commands_see() {
        let state = |text: &str| {
            let script = ShellScript::parse(&SourceText::verbatim(text, 0.into()));
            segments(&script).unwrap_or_default().first().and_then(Segment::state)
        };
        assert_eq!(state("cd /x").as_deref(), Some("`cd`"));
        assert_eq!(state("A=1").as_deref(), Some("the variable `A`"));
        assert_eq!(state("f() { a; }").as_deref(), Some("the function `f`"));
        assert_eq!((state("(cd /x && a)"), state("A=1 b"), state("a")), (None, None, None));
    }
}
