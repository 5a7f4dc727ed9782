//! `RUN a # comment \` and then `&& b`.

use crate::analysis::lint::prelude::*;

rule! {
    /// A comment in the middle of a command swallows all lines behind it.
    ///
    /// Docker joins the continued lines to one before the shell reads them. So a `#` behind a command comments out
    /// everything up to the end of the `RUN`, without a word of warning.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// RUN apt-get update \
    ///     && apt-get install -y curl # for the health check \
    ///     && rm -rf /var/lib/apt/lists/*
    /// ```
    ///
    /// A line that begins with `#` is taken out by Docker itself, so there the comment is harmless:
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// RUN apt-get update \
    ///     # for the health check
    ///     && apt-get install -y curl \
    ///     && rm -rf /var/lib/apt/lists/*
    /// ```
    name: "swallowed-lines",
    aliases: &[],
    url: "https://docs.docker.com/reference/dockerfile/#format",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Run]), deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::Command(Some(Command::Shell(text))) = &cx.instruction.arguments else { return };
    let is_posix = matches!(cx.setting.shell, Shell::Default | Shell::Posix);
    if text.is_verbatim() || !is_posix || cx.setting.escape == '`' || !text.as_str().contains(" #") {
        return;
    }
    let Some(at) = comment_start(text.as_str()) else { return };
    let start = text.source_offset(at);
    let rest = cx.source(TextRange::new(start, text.range().end()));
    let Some((line, after)) = rest.split_once('\n') else { return };
    if after.lines().all(|it| it.trim().is_empty() || it.trim_start().starts_with('#')) {
        return;
    }
    let range = TextRange::at(start, TextSize::of(line.trim_end().trim_end_matches('\\').trim_end()));
    let message =
        "this comment swallows all lines of the command behind it: give it a line of its own, above";
    report.at(range, message);
}

/// The first `#` that begins a comment for the shell.
fn comment_start(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match quote {
            Some(open) if c == open => quote = None,
            Some('\'') => {}
            _ if c == '\\' => {
                chars.next();
            }
            Some(_) => {}
            // What is nested there has quotes of its own.
            None if c == '`' || before == '$' && c == '(' || before == '<' && c == '<' => return None,
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '#' && (before.is_whitespace() || before == ';') => return Some(at),
            None => {}
        }
        before = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_when_something_follows() {
        check_rule(
            "swallowed-lines",
            "FROM a\nRUN b # c \\\n      ^^^ swallows\n && d\nRUN b \\\n # c\n && d # e\nRUN b '# c' \\\n && d\nRUN b \\\n && d # e \\\n # f\n",
        );
    }
}
