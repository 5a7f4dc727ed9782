//! The commands of a shell text, as owned values. All ranges are local to the instruction, like the syntax tree's.

use smol_str::SmolStr;
use text_size::{TextRange, TextSize};

use super::{lower, wrappers};
use crate::analysis::syntax::SourceText;

/// What a shell text runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellScript {
    /// The text the script was read from.
    pub text: SourceText,
    /// Every command in source order, a command before those in its own `$(…)`. See [`Reach`].
    pub all_commands: Vec<ShellCommand>,
    pub pipelines: Vec<Pipeline>,
    pub functions: Vec<ShellFunction>,
    /// The text was not understood; then nothing is known of it and no command is listed.
    pub has_error: bool,
}

impl ShellScript {
    /// Reads `text` as a script for a shell of the POSIX family. Never fails; costs a parse.
    pub fn parse(text: &SourceText) -> Self {
        ShellScript::parse_without(text, &[])
    }

    /// The same, reading blanks where `masked` (local source ranges) stands: heredoc markers, which BuildKit
    /// follows itself.
    pub fn parse_without(text: &SourceText, masked: &[TextRange]) -> Self {
        let mut script = lower::script(text, masked);
        wrappers::look_behind(&mut script, 0);
        script
    }

    /// A text nothing is known of, such as one for another shell.
    pub fn unknown(text: &SourceText, has_error: bool) -> Self {
        ShellScript {
            text: text.clone(),
            all_commands: Vec::new(),
            pipelines: Vec::new(),
            functions: Vec::new(),
            has_error,
        }
    }

    /// The commands as the shell finds them: `sudo apt-get update` is `sudo`.
    pub fn commands(&self) -> impl Iterator<Item = &ShellCommand> {
        self.commands_within(Reach::Direct)
    }

    /// The commands found by looking as far as `reach`.
    pub fn commands_within(&self, reach: Reach) -> impl Iterator<Item = &ShellCommand> {
        self.all_commands.iter().filter(move |command| command.reach <= reach)
    }

    /// Whether any `|` or `|&` connects two commands.
    pub fn has_pipe(&self) -> bool {
        !self.pipelines.is_empty()
    }

    /// The word as written, with its quotes.
    pub fn raw(&self, word: &ShellWord) -> &str {
        self.text.as_str().get(self.span(word)).unwrap_or_default()
    }

    /// The word's bytes in [`ShellScript::text`].
    pub fn span(&self, word: &ShellWord) -> std::ops::Range<usize> {
        self.text.value_index(word.range.start())..self.text.value_index(word.range.end())
    }

    /// The command whose range includes `offset` (local), the innermost one.
    pub fn command_at(&self, offset: TextSize) -> Option<&ShellCommand> {
        let is_at = |command: &&ShellCommand| command.range.contains_inclusive(offset);
        self.commands().filter(is_at).min_by_key(|command| command.range.len())
    }
}

/// How a command was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// It stands there, perhaps behind `exec`, `command`, `builtin`, `busybox` or `time`.
    Direct,
    /// Another command runs it (`sudo`, `env`, `xargs`, `sh -c`), or it is named by its path: a second look
    /// at a command that is listed as `Direct` too.
    Behind,
}

/// One simple command: assignments, a name, arguments, redirections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellCommand {
    /// Absent when there are only assignments or redirections.
    pub name: Option<ShellWord>,
    pub arguments: Vec<ShellWord>,
    /// `A=b` before the name.
    pub assignments: Vec<ShellAssignment>,
    pub redirections: Vec<Redirection>,
    /// What was passed over to get to the name: `exec -a x`, `sudo -E`.
    pub wrappers: Vec<ShellWord>,
    pub reach: Reach,
    pub place: Place,
    /// From the first assignment or word to the last argument or redirection.
    pub range: TextRange,
}

impl ShellCommand {
    /// The name without quotes, empty when there is none.
    pub fn name(&self) -> &str {
        self.name.as_ref().map_or("", |name| name.text.as_str())
    }

    /// Whether the command is called exactly so.
    pub fn is(&self, name: &str) -> bool {
        self.name() == name
    }

    /// Whether the name is one of `names`.
    pub fn is_any(&self, names: &[&str]) -> bool {
        names.contains(&self.name())
    }

    /// The range of the name, or of the whole command when it has none.
    pub fn name_range(&self) -> TextRange {
        self.name.as_ref().map_or(self.range, |name| name.range)
    }

    /// The range from the name to the last argument.
    pub fn words_range(&self) -> TextRange {
        let last = self.arguments.iter().map(|argument| argument.range);
        last.fold(self.name_range(), |range, argument| range.cover(argument))
    }
}

/// One word of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellWord {
    /// Without quotes and escapes; expansions (`$x`, `$(…)`) as written.
    pub text: SmolStr,
    /// As written, quotes included.
    pub range: TextRange,
    /// Where expansions stand in `text`; see [`ShellWord::with_expansions_as`].
    pub expansions: Vec<(u32, u32)>,
}

impl ShellWord {
    /// Adds what stands directly behind it; a dollar between them begins an expansion.
    pub(super) fn join(&mut self, more: ShellWord) {
        let length = self.text.len() as u32;
        if self.text.ends_with('$') && self.expansions.last().is_none_or(|it| it.1 < length) {
            let is_name = |it: &u8| it.is_ascii_alphanumeric() || *it == b'_';
            let name = more.text.bytes().take_while(is_name).count() as u32;
            self.expansions.push((length - 1, length + name));
        }
        self.expansions.extend(more.expansions.iter().map(|(start, end)| (start + length, end + length)));
        self.text = [self.text.as_str(), more.text.as_str()].concat().into();
        self.range = self.range.cover(more.range);
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the shell takes the word as it is (but for file name patterns).
    pub fn is_literal(&self) -> bool {
        self.expansions.is_empty()
    }

    /// Whether a variable, command or calculation stands in it.
    pub fn has_expansion(&self) -> bool {
        !self.is_literal()
    }

    /// The text with every expansion replaced by `placeholder`.
    pub fn with_expansions_as(&self, placeholder: &str) -> SmolStr {
        if self.is_literal() {
            return self.text.clone();
        }
        let mut out = String::new();
        let mut at = 0;
        for &(start, end) in &self.expansions {
            out.push_str(self.text.get(at..start as usize).unwrap_or_default());
            out.push_str(placeholder);
            at = end as usize;
        }
        out.push_str(self.text.get(at..).unwrap_or_default());
        out.into()
    }

    /// Only what is certain: the text without its expansions.
    pub fn literal_part(&self) -> SmolStr {
        self.with_expansions_as("")
    }
}

/// `name=value`, `name+=value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellAssignment {
    pub name: SmolStr,
    pub name_range: TextRange,
    /// Absent in `name=`.
    pub value: Option<ShellWord>,
    pub range: TextRange,
}

/// `2>file`, `<file`, `>&2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirection {
    /// With the number before it, if any: `2>`.
    pub operator: SmolStr,
    /// Absent in `>&-` and for a heredoc.
    pub target: Option<ShellWord>,
    pub range: TextRange,
}

impl Redirection {
    /// Whether the command reads from it.
    pub fn is_input(&self) -> bool {
        self.operator.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('<')
    }
}

/// `a | b`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    pub range: TextRange,
    /// Each `|` or `|&`.
    pub pipes: Vec<TextRange>,
}

/// `name() { … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellFunction {
    pub name: SmolStr,
    pub name_range: TextRange,
    pub range: TextRange,
}

/// Where a command stands among the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// What connects it to the command before, within the same list; `None` at the start of one.
    pub before: Option<Connection>,
    pub after: Option<Connection>,
    /// The innermost pipeline it is a direct part of: an index into [`ShellScript::pipelines`], and its
    /// position there.
    pub pipeline: Option<(u32, u32)>,
    /// `( … )`
    pub is_in_subshell: bool,
    /// `$( … )`, backticks, `<( … )`
    pub is_in_substitution: bool,
    /// The body of a function: it runs when called.
    pub is_in_function: bool,
    /// Between `if` and `then`, `while` and `do`.
    pub is_in_condition: bool,
    /// Behind `then`, `else`, `do`, or in a case: it may not run, or run often.
    pub is_in_branch: bool,
    /// Behind `!`.
    pub is_negated: bool,
}

impl Place {
    /// Whether the command belongs to the script's outermost list.
    pub fn is_top_level(&self) -> bool {
        !(self.is_in_subshell
            || self.is_in_substitution
            || self.is_in_function
            || self.is_in_condition
            || self.is_in_branch)
    }
}

/// An operator between two commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connection {
    pub operator: Operator,
    pub range: TextRange,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `&&`
    And,
    /// `||`
    Or,
    /// `|` or `|&`
    Pipe,
    /// `&`
    Background,
    /// `;` or a line break
    Sequence,
}

impl Operator {
    pub(super) fn parse(token: &str) -> Option<Operator> {
        match token {
            "&&" => Some(Operator::And),
            "||" => Some(Operator::Or),
            "|" | "|&" => Some(Operator::Pipe),
            "&" => Some(Operator::Background),
            ";" | ";;" | "\n" => Some(Operator::Sequence),
            _ => None,
        }
    }
}
