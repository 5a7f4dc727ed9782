//! Parser directives: `# syntax=`, `# escape=`, `# check=` at the very top of a file.
//!
//! The first line that is not one of them ends the directives for good
//! (<https://docs.docker.com/reference/dockerfile/#parser-directives>).

use smol_str::SmolStr;
use text_size::{TextRange, TextSize};

use super::problem::{Problem, ProblemKind};

/// Which of the three directives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DirectiveName {
    Syntax,
    Escape,
    Check,
}

impl DirectiveName {
    fn parse(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "syntax" => DirectiveName::Syntax,
            "escape" => DirectiveName::Escape,
            "check" => DirectiveName::Check,
            _ => return None,
        })
    }

    /// As the reference writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            DirectiveName::Syntax => "syntax",
            DirectiveName::Escape => "escape",
            DirectiveName::Check => "check",
        }
    }
}

/// One directive line. Ranges are absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    pub name: DirectiveName,
    /// From `#` to the end of the value.
    pub range: TextRange,
    pub name_range: TextRange,
    pub value: SmolStr,
    pub value_range: TextRange,
}

/// The directives of a file and what they set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directives {
    pub list: Vec<Directive>,
    /// `\` or `` ` ``: continues lines and escapes characters.
    pub escape: char,
    /// Duplicates and impossible values; BuildKit stops at them.
    pub problems: Vec<Problem>,
}

impl Directives {
    /// Reads the top of `text` (after a byte order mark, if any).
    pub fn parse(text: &str) -> Self {
        let mut directives = Directives { list: Vec::new(), escape: '\\', problems: Vec::new() };
        let mut offset = super::lines::bom_len(text);
        // A leading `#!` line is skipped when BuildKit looks for `# syntax=`, but it ends the directives of
        // the parser itself, so it needs no special case here.
        while let Some(line) = super::lines::line_at(text, offset) {
            let Some(directive) = parse_line(line.text(text), offset) else { break };
            directives.add(directive);
            offset = line.next;
        }
        directives
    }

    /// The directive of that name, if it is there.
    pub fn get(&self, name: DirectiveName) -> Option<&Directive> {
        self.list.iter().find(|directive| directive.name == name)
    }

    fn add(&mut self, directive: Directive) {
        if self.get(directive.name).is_some() {
            self.problems
                .push(Problem::new(ProblemKind::DuplicateDirective(directive.name), directive.range));
        } else if directive.name == DirectiveName::Escape {
            match directive.value.as_str() {
                "`" => self.escape = '`',
                "\\" => self.escape = '\\',
                _ => self.problems.push(Problem::new(ProblemKind::InvalidEscape, directive.value_range)),
            }
        }
        self.list.push(directive);
    }
}

/// `# name = value`, or nothing when the line is something else. `start` is the line's absolute offset.
fn parse_line(line: &str, start: usize) -> Option<Directive> {
    let indented = line.trim_start();
    let hash = line.len() - indented.len();
    let body = indented.strip_prefix('#')?;
    let name_and_rest = body.trim_start();
    let name_at = line.len() - name_and_rest.len();
    let name_len = name_and_rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name_and_rest.len());
    let written = name_and_rest.get(..name_len)?;
    if !written.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let after = regex_blank_start(name_and_rest.get(name_len..)?).strip_prefix('=')?;
    // A value of blanks only is its last blank: the pattern asks for at least one character.
    let skipped = (after.len() - regex_blank_start(after).len()).min(after.len().checked_sub(1)?);
    let value_at = line.len() - after.len() + skipped;
    let rest = after.get(skipped..)?;
    let value = rest.get(..rest.trim_end_matches(is_regex_blank).len().max(1))?;
    let at = |from: usize, len: usize| {
        TextRange::at(TextSize::from((start + from) as u32), TextSize::from(len as u32))
    };
    Some(Directive {
        name: DirectiveName::parse(written)?,
        range: at(hash, value_at + value.len() - hash),
        name_range: at(name_at, name_len),
        value: value.into(),
        value_range: at(value_at, value.len()),
    })
}

/// Go's `\s`: ASCII blanks only.
fn is_regex_blank(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\x0c' | '\r' | ' ')
}

fn regex_blank_start(text: &str) -> &str {
    text.trim_start_matches(is_regex_blank)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<(&'static str, String)> {
        Directives::parse(text).list.iter().map(|it| (it.name.as_str(), it.value.to_string())).collect()
    }

    #[test]
    fn directives_stand_at_the_top_only() {
        assert_eq!(names("# syntax=docker/dockerfile:1\n#ESCAPE = `\nFROM a\n# check=skip=all\n").len(), 2);
        assert_eq!(names("\n# escape=`\n"), vec![]);
        assert_eq!(names("# a comment\n# escape=`\n"), vec![]);
        assert_eq!(names("# unknown=1\n# escape=`\n"), vec![]);
    }

    #[test]
    fn a_value_keeps_inner_blanks() {
        assert_eq!(names("# check = skip=A, B  \n"), vec![("check", "skip=A, B".into())]);
    }

    #[test]
    fn a_second_escape_is_a_problem_and_changes_nothing() {
        let directives = Directives::parse("# escape=`\n# escape=\\\n");
        assert_eq!(directives.escape, '`');
        assert_eq!(directives.problems.len(), 1);
    }

    #[test]
    fn an_impossible_escape_is_a_problem() {
        let directives = Directives::parse("# escape=x\nFROM a\n");
        assert_eq!((directives.escape, directives.problems.len()), ('\\', 1));
    }

    #[test]
    fn a_blank_value_is_a_value() {
        assert_eq!(names("# escape=  \n"), [("escape", " ".to_owned())]);
        assert_eq!(names("# escape=\n"), []);
    }

    #[test]
    fn a_byte_order_mark_is_not_part_of_the_first_line() {
        let directives = Directives::parse("\u{feff}# escape=`\n");
        assert_eq!(directives.escape, '`');
        assert_eq!(directives.list[0].range.start(), 3.into());
    }
}
