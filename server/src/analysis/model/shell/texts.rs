//! The shell texts of one instruction: what stands in its line, and heredocs that a shell reads.
//!
//! A `RUN` whose line is nothing but `<<EOF` runs the body; by its `#!` line if it has one. Any other line
//! with heredocs goes to the shell as it is (`dispatchRun` in BuildKit's `dockerfile2llb`), so what a body
//! means depends on who reads it: `bash <<EOF` a script, `cat <<EOF` a text in which only `$` counts.

use text_size::TextRange;

use super::variables::{Syntax, variables};
use super::{Reach, ShellCommand, ShellKind, ShellScript, ShellVariable, exec};
use crate::analysis::knowledge::Keyword;
use crate::analysis::syntax::SourceText;
use crate::analysis::syntax::ast::{Arguments, Command, ExecForm, Heredoc, Instruction};

/// A text that runs, or is expanded, in a shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellText {
    /// What the shell reads, with its place in the instruction.
    pub text: SourceText,
    /// Who reads it.
    pub kind: ShellKind,
    /// `RUN`, `CMD`, `ENTRYPOINT` or `HEALTHCHECK`.
    pub keyword: Keyword,
    /// Deferred by `ONBUILD`.
    pub is_onbuild: bool,
    pub form: ShellForm,
    /// Heredoc markers in it, which BuildKit follows itself.
    masked: Vec<TextRange>,
    exec: Option<ExecForm>,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShellForm {
    /// Shell form, in the instruction's line.
    Line,
    /// Exec form. The text is the strings with blanks between; no shell reads it.
    Exec,
    /// The body of that heredoc is a script.
    Script { heredoc: usize },
    /// The body of that heredoc is text, in which the shell expands variables.
    Document { heredoc: usize },
}

impl ShellText {
    /// The commands. Costs a parse (tens of microseconds); nothing is kept. Empty for other shells.
    pub fn script(&self) -> ShellScript {
        match (&self.exec, self.form) {
            (Some(exec), _) => exec::script(&self.text, exec),
            (None, ShellForm::Document { .. }) => ShellScript::unknown(&self.text, false),
            _ if !self.kind.is_posix() => ShellScript::unknown(&self.text, false),
            _ => ShellScript::parse_without(&self.text, &self.masked),
        }
    }

    /// The commands as if a shell read exec form too: `["a", "&&", "b"]` is two.
    pub fn script_as_joined(&self) -> ShellScript {
        match self.form {
            ShellForm::Exec => ShellScript::parse(&self.text),
            _ => self.script(),
        }
    }

    /// The variables the text uses and sets; for exec form those of `sh -c "…"`.
    pub fn variables(&self) -> Vec<ShellVariable> {
        match self.form {
            ShellForm::Exec => exec::variables(&self.text, self.exec.as_ref()),
            ShellForm::Document { .. } => variables(&self.text, &self.kind, Syntax::Document),
            ShellForm::Line | ShellForm::Script { .. } => variables(&self.text, &self.kind, Syntax::Script),
        }
    }
}

/// The shell texts of `instruction` (an `ONBUILD` with what it defers); `shell` is the one in force there,
/// `source` the document from the start of the instruction's first line: what local ranges index.
/// Empty for instructions without any.
pub fn shell_texts(instruction: &Instruction, source: &str, shell: &ShellKind) -> Vec<ShellText> {
    let inner = instruction.innermost();
    let Some(keyword) = inner.keyword else { return Vec::new() };
    let is_onbuild = instruction.keyword == Some(Keyword::Onbuild);
    let context = Context { instruction, source, shell, keyword, is_onbuild };
    match &inner.arguments {
        Arguments::Command(Some(command)) if keyword != Keyword::Shell => context.command(command),
        Arguments::Healthcheck(Some(healthcheck)) => {
            healthcheck.command.iter().flat_map(|command| context.command(command)).collect()
        }
        _ => Vec::new(),
    }
}

struct Context<'a> {
    instruction: &'a Instruction,
    source: &'a str,
    shell: &'a ShellKind,
    keyword: Keyword,
    is_onbuild: bool,
}

impl Context<'_> {
    fn text(&self, text: SourceText, form: ShellForm, kind: ShellKind) -> ShellText {
        let (keyword, is_onbuild) = (self.keyword, self.is_onbuild);
        ShellText { text, kind, keyword, is_onbuild, form, masked: Vec::new(), exec: None }
    }

    fn command(&self, command: &Command) -> Vec<ShellText> {
        match command {
            Command::Exec(exec) => {
                let text = self.text(exec::joined(exec), ShellForm::Exec, self.shell.clone());
                vec![ShellText { exec: Some(exec.clone()), ..text }]
            }
            Command::Shell(text) => self.shell_form(text),
        }
    }

    fn shell_form(&self, text: &SourceText) -> Vec<ShellText> {
        let heredocs = &self.instruction.heredocs;
        if let [heredoc] = heredocs.as_slice()
            && heredoc.marker == text.range()
        {
            return vec![self.body_as_script(heredoc)];
        }
        let line = self.text(text.clone(), ShellForm::Line, self.shell.clone());
        let line = ShellText { masked: heredocs.iter().map(|heredoc| heredoc.marker).collect(), ..line };
        let bodies = self.bodies(&line, heredocs);
        std::iter::once(line).chain(bodies).collect()
    }

    fn body(&self, heredoc: &Heredoc) -> SourceText {
        let (start, end) = (heredoc.body.start(), heredoc.body.end());
        let body = self.source.get(usize::from(start)..usize::from(end));
        SourceText::verbatim(body.unwrap_or_default(), start)
    }

    fn body_as_script(&self, heredoc: &Heredoc) -> ShellText {
        let body = self.body(heredoc);
        // Only Linux follows a `#!` line.
        let by_shebang = ShellKind::of_shebang(body.as_str()).filter(|_| *self.shell != ShellKind::Cmd);
        self.text(body, ShellForm::Script { heredoc: 0 }, by_shebang.unwrap_or_else(|| self.shell.clone()))
    }

    /// The bodies of a line that is more than a heredoc.
    fn bodies(&self, line: &ShellText, heredocs: &[Heredoc]) -> Vec<ShellText> {
        if heredocs.is_empty() || !self.shell.is_posix() {
            return Vec::new();
        }
        let script = line.script();
        let bodies = heredocs.iter().enumerate().filter(|(_, heredoc)| heredoc.terminator.is_some());
        bodies
            .filter_map(|(index, heredoc)| match reader(&script, heredoc).and_then(interpreter) {
                Some(kind) => Some(self.text(self.body(heredoc), ShellForm::Script { heredoc: index }, kind)),
                None if heredoc.expands => {
                    let form = ShellForm::Document { heredoc: index };
                    Some(self.text(self.body(heredoc), form, self.shell.clone()))
                }
                None => None,
            })
            .collect()
    }
}

/// The command that reads the heredoc: the last one that begins before the marker, else the first.
fn reader<'a>(script: &'a ShellScript, heredoc: &Heredoc) -> Option<&'a ShellCommand> {
    let commands = || script.commands_within(Reach::Behind).filter(|command| command.name.is_some());
    let before = commands().filter(|command| command.range.start() <= heredoc.marker.start()).last();
    before.or_else(|| commands().next())
}

/// The shell that runs its standard input: `bash`, `sh -e`, `bash -s -- a`.
fn interpreter(command: &ShellCommand) -> Option<ShellKind> {
    let kind = ShellKind::of_program(command.name());
    let is_flag = |text: &str| text.starts_with(['-', '+']) || matches!(text, "pipefail" | "errexit");
    let reads_input =
        command.has_flag("s") || command.arguments.iter().all(|argument| is_flag(argument.as_str()));
    (kind.is_posix() && reads_input && !command.has_flag("c")).then_some(kind)
}
