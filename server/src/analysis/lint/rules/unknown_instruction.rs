//! A line that begins with no instruction.

use crate::analysis::lint::prelude::*;

rule! {
    /// A line begins with a word that is no instruction.
    ///
    /// The build stops: every logical line starts with one of the 18 instructions. Either the word is a slip, or the
    /// line before it should go on: a command that spans several lines needs a `\` at the end of each line but the last.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl &&
    ///     curl --version
    /// ```
    ///
    /// ```dockerfile bad
    /// FORM alpine:3.22
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// RUN apk add --no-cache curl && \
    ///     curl --version
    /// ```
    error,
    name: "unknown-instruction",
    aliases: &["UNKNOWN_INSTRUCTION", "DL1000"],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#format",
    check: Check::Model(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    if cx.unknown_instructions().next().is_none() {
        return;
    }
    let mut before: Option<InstructionRef<'_>> = None;
    let mut cause = Cause::Own;
    for instruction in cx.instructions() {
        if instruction.keyword.is_some() {
            let is_endless = |it: &ProblemKind| matches!(it, ProblemKind::UnterminatedHeredoc(_));
            let is_endless = instruction.node.problems.iter().any(|it| is_endless(&it.kind));
            cause = if is_endless { Cause::Reported } else { Cause::Own };
        } else if cause == Cause::Own {
            cause = found(cx, before, instruction, report);
        }
        before = Some(instruction);
    }
}

/// Why a line is not understood, and with it what to say about those behind it.
#[derive(PartialEq)]
enum Cause {
    /// Each line by itself.
    Own,
    /// One fault above broke all lines up to the next instruction: a lost `\`, a heredoc without end.
    Reported,
}

fn found(
    cx: &ModelContext<'_>,
    before: Option<InstructionRef<'_>>,
    instruction: InstructionRef<'_>,
    report: &mut Report<'_>,
) -> Cause {
    let unknown = Unknown::new(cx, before, instruction);
    let mut draft = report.at(unknown.range, unknown.message());
    if let Fault::LostContinuation { before } = &unknown.fault {
        draft = draft.related(*before, "this line may have lost its `\\`");
    }
    if let Some((title, edit)) = unknown.repair(cx) {
        draft.unsafe_fix(title, vec![edit]);
    }
    match unknown.fault {
        Fault::LostContinuation { .. } => Cause::Reported,
        _ => Cause::Own,
    }
}

/// An unknown word and what is most likely wrong.
struct Unknown<'a> {
    written: &'a str,
    /// All of the instruction, as one line.
    command: &'a str,
    range: TextRange,
    fault: Fault,
}

enum Fault {
    /// `RUN\` with the next line directly behind it; `after` is the end of the keyword.
    Glued {
        keyword: Keyword,
        after: TextSize,
    },
    /// `CMD["a"]`, `RUN--mount`.
    NoBlank {
        keyword: Keyword,
        after: TextSize,
    },
    /// `RUN:`; the place of the `:`.
    Punctuation {
        mark: TextRange,
    },
    /// A no-break space or something invisible.
    StrangeBlank,
    /// The line before should go on; its place.
    LostContinuation {
        before: TextRange,
    },
    /// `//` instead of `#`.
    Comment,
    /// A command of the shell.
    Command,
    /// `docker build`: typed into the file instead of the terminal.
    Terminal,
    Slip {
        meant: String,
    },
    Other,
}

impl<'a> Unknown<'a> {
    fn new(
        cx: &ModelContext<'a>,
        before: Option<InstructionRef<'a>>,
        instruction: InstructionRef<'a>,
    ) -> Self {
        let written = instruction.node.name.as_str();
        let range = instruction.absolute(instruction.node.name.range());
        let fault = fault(cx, before, instruction, written);
        let command = cx.source(instruction.absolute(instruction.node.line_range));
        Unknown { written, command, range, fault }
    }

    fn repair(&self, cx: &ModelContext<'_>) -> Option<(String, TextEdit)> {
        Some(match &self.fault {
            Fault::LostContinuation { before } => {
                let escape = cx.model.file().escape();
                ("Continue the line before".into(), TextEdit::insert(before.end(), format!(" {escape}")))
            }
            Fault::Glued { after, .. } | Fault::NoBlank { after, .. } => {
                ("Insert a blank".into(), TextEdit::insert(*after, " "))
            }
            Fault::StrangeBlank => {
                let text: String = cx.source(self.range).chars().filter_map(plain_blank).collect();
                ("Write plain blanks".into(), TextEdit::new(self.range, text))
            }
            Fault::Punctuation { mark } => ("Remove it".into(), TextEdit::delete(*mark)),
            Fault::Command => ("Write `RUN` before it".into(), TextEdit::insert(self.range.start(), "RUN ")),
            Fault::Slip { meant } => (format!("Write `{meant}`"), TextEdit::new(self.range, meant.clone())),
            Fault::Terminal => ("Remove this line".into(), TextEdit::delete(self.whole_line(cx)?)),
            Fault::Comment | Fault::Other => return None,
        })
    }

    /// The line with its end.
    fn whole_line(&self, cx: &ModelContext<'_>) -> Option<TextRange> {
        let text = cx.model.file().text();
        let rest = text.get(usize::from(self.range.start())..)?;
        let length = rest.find('\n').map_or(rest.len(), |it| it + 1);
        Some(TextRange::at(self.range.start(), TextSize::from(length as u32)))
    }

    fn message(&self) -> String {
        let written: String = self.written.chars().take(40).collect();
        match &self.fault {
            Fault::Glued { keyword, .. } => {
                format!("the `\\` directly behind `{keyword}` joins it with the next line: put a blank before the `\\`")
            }
            Fault::NoBlank { keyword, .. } => format!("behind `{keyword}` a blank is missing"),
            Fault::Punctuation { .. } => format!("`{written}` is no instruction: write it without the mark at its end"),
            Fault::StrangeBlank => {
                "a special blank (a no-break space, or one that cannot be seen) stands here: write a plain one".into()
            }
            Fault::LostContinuation { .. } => {
                format!("`{written}` is no instruction; did the line before lose its `\\`?")
            }
            Fault::Comment => "a comment begins with `#`".into(),
            Fault::Terminal => terminal_message(self.command),
            Fault::Command => format!("`{written}` is no instruction: to run a command write `RUN {written} …`"),
            Fault::Slip { meant } => format!("unknown instruction `{written}`; did you mean `{meant}`?"),
            Fault::Other => {
                format!("`{written}` is no instruction: a line begins with `FROM`, `RUN`, `COPY`, `ENV`, `CMD` and the like")
            }
        }
    }
}

fn fault(
    cx: &ModelContext<'_>,
    before: Option<InstructionRef<'_>>,
    instruction: InstructionRef<'_>,
    written: &str,
) -> Fault {
    if written.contains(|c| plain_blank(c) != Some(c)) {
        return Fault::StrangeBlank;
    }
    let lost = before.and_then(|before| lost_continuation(cx, before, instruction));
    if let Some((place, true)) = lost {
        return Fault::LostContinuation { before: place };
    }
    if written.starts_with("//") || written.starts_with("/*") || written.starts_with(';') {
        return Fault::Comment;
    }
    if written == "$" || matches!(written, "docker" | "podman" | "sudo" | "docker-compose") {
        return Fault::Terminal;
    }
    if let Some(fault) = begins_with_keyword(cx, instruction, written) {
        return fault;
    }
    if let Some(meant) = did_you_mean(written, Keyword::ALL.iter().map(|it| it.as_str())) {
        let is_lower = !written.contains(char::is_uppercase);
        return Fault::Slip { meant: if is_lower { meant.to_lowercase() } else { meant.to_owned() } };
    }
    let meant = OTHER_WORDS.iter().find(|(words, _)| words.contains(&written.to_ascii_uppercase().as_str()));
    if let Some((_, meant)) = meant {
        return Fault::Slip { meant: (*meant).to_owned() };
    }
    match lost {
        Some((place, _)) => Fault::LostContinuation { before: place },
        None if COMMANDS.contains(&written) => Fault::Command,
        None => Fault::Other,
    }
}

/// What people guess that an instruction is called.
const OTHER_WORDS: [(&[&str], &str); 7] = [
    (&["PORT", "PORTS", "PUBLISH", "LISTEN"], "EXPOSE"),
    (&["START", "COMMAND", "EXECUTE", "LAUNCH"], "CMD"),
    (&["INSTALL", "EXEC"], "RUN"),
    (&["BASE", "IMAGE", "IMPORT"], "FROM"),
    (&["SET", "VAR", "VARIABLE", "ENVIRONMENT"], "ENV"),
    (&["DIR", "DIRECTORY", "CHDIR"], "WORKDIR"),
    (&["MOUNT"], "VOLUME"),
];

/// What to do with a line that belongs into the terminal: `docker build` and its like.
pub(super) fn terminal_message(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().filter(|it| !matches!(*it, "$" | "sudo")).collect();
    let shown: String =
        words.iter().take(2).copied().collect::<Vec<_>>().join(" ").chars().take(40).collect();
    let first = format!("`{shown}` is typed in the terminal, not written into this file");
    match words.get(1) {
        Some(&"build") if !has_context(&words) => {
            format!("{first}; and it lacks the folder to build from, at its end: `{} .`", words.join(" "))
        }
        Some(&"push") if words.get(2).is_some_and(|it| !it.contains('/')) => {
            let image = words.get(2).copied().unwrap_or_default();
            format!(
                "{first}; and `{image}` needs your name before it: `docker tag {image} NAME/{image}`, then `docker push NAME/{image}`"
            )
        }
        Some(&"run") if lone_port(&words).is_some() => {
            let port = lone_port(&words).unwrap_or_default();
            format!(
                "{first}; and `-p` takes two ports, of your machine and of the container: `-p {port}:{port}`"
            )
        }
        _ => first,
    }
}

/// Whether `docker build` names a folder, an address or `-`.
fn has_context(words: &[&str]) -> bool {
    let takes_value =
        |it: &str| matches!(it, "-t" | "-f" | "--tag" | "--file" | "--build-arg" | "--target" | "--platform");
    let mut rest = words.iter().skip(2);
    while let Some(word) = rest.next() {
        if takes_value(word) {
            rest.next();
        } else if *word == "-" || !word.starts_with('-') {
            return true;
        }
    }
    false
}

/// The one number behind `-p`.
fn lone_port<'w>(words: &[&'w str]) -> Option<&'w str> {
    let at = words.iter().position(|it| matches!(*it, "-p" | "--publish"))?;
    words.get(at + 1).copied().filter(|it| it.chars().all(|it| it.is_ascii_digit()))
}

/// Commands that people write without `RUN`.
const COMMANDS: [&str; 33] = [
    "apk", "apt", "apt-get", "bash", "bundle", "cd", "chmod", "chown", "cp", "curl", "dnf", "echo", "export",
    "gem", "git", "go", "groupadd", "ln", "make", "mkdir", "mv", "npm", "pip", "pip3", "python", "rm", "sed",
    "sh", "tar", "useradd", "wget", "yarn", "yum",
];

/// `c` as a plain character: special blanks become blanks, what cannot be seen goes.
fn plain_blank(c: char) -> Option<char> {
    match c {
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => None,
        _ if c.is_whitespace() && !c.is_ascii() => Some(' '),
        _ => Some(c),
    }
}

/// Faults of words that begin with a keyword and go on without a blank.
fn begins_with_keyword(
    cx: &ModelContext<'_>,
    instruction: InstructionRef<'_>,
    written: &str,
) -> Option<Fault> {
    let name = &instruction.node.name;
    let keyword_len = written.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(written.len());
    let piece_len = cx.source(instruction.absolute(name.range())).find(cx.model.file().escape());
    let is_joined = !name.is_verbatim();
    if let Some(len) = piece_len.filter(|_| is_joined)
        && let Some(keyword) = written.get(..len).and_then(Keyword::parse)
    {
        return Some(Fault::Glued { keyword, after: instruction.absolute(name.source_range(0, len)).end() });
    }
    let keyword = Keyword::parse(written.get(..keyword_len)?)?;
    let mark = written.get(keyword_len..)?;
    let after = instruction.absolute(name.source_range(0, keyword_len)).end();
    match mark {
        ":" | ";" | "=" | "," => Some(Fault::Punctuation {
            mark: instruction.absolute(name.source_range(keyword_len, written.len())),
        }),
        _ if mark.starts_with(['[', '-', '"', '\'', '$', '/', '.', '<']) => {
            Some(Fault::NoBlank { keyword, after })
        }
        _ => None,
    }
}

/// The line before, if it looks as if it should go on, and whether that is sure.
fn lost_continuation(
    cx: &ModelContext<'_>,
    before: InstructionRef<'_>,
    instruction: InstructionRef<'_>,
) -> Option<(TextRange, bool)> {
    let place = before.absolute(before.node.line_range);
    let gap = cx.source(TextRange::new(place.end(), instruction.absolute_range().start()));
    // A blank line between them ends the thought, and behind a heredoc nothing goes on.
    if gap.matches('\n').count() > 1 || !before.node.heredocs.is_empty() {
        return None;
    }
    let text = cx.source(place).trim_end();
    let ends_open = ["&&", "||", "|", "&& \\", ","].iter().any(|end| text.ends_with(end));
    let written = instruction.node.name.as_str();
    let starts_open = ["&&", "||", "|", "--", ";"].iter().any(|start| written.starts_with(start));
    let is_indented = gap.ends_with([' ', '\t']);
    (ends_open || starts_open || is_indented).then_some((place, ends_open || starts_open))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn a_lost_continuation_is_one_finding() {
        check_rule(
            "unknown-instruction",
            "FROM a\nRUN b &&\n  c d\n  ^ lose its `\\`\n  e f\ng\nRUN h\nRUN i\n&& j\n^^ lose its\n",
        );
    }

    #[test]
    fn the_line_before_is_continued() {
        check_fix("unknown-instruction", "FROM a\nRUN b &&\n  c\n", "FROM a\nRUN b && \\\n  c\n");
    }

    #[test]
    fn slips_are_repaired_in_their_case() {
        check_fix("unknown-instruction", "form a\nWORKIDR b\n", "from a\nWORKDIR b\n");
    }

    #[test]
    fn blanks_are_put_where_they_belong() {
        check_fix(
            "unknown-instruction",
            "FROM a\nRUN\\\nb\nCMD[\"c\"]\n",
            "FROM a\nRUN \\\nb\nCMD [\"c\"]\n",
        );
        check_fix("unknown-instruction", "FROM\u{a0}a\n", "FROM a\n");
        check_fix("unknown-instruction", "FROM a\nRUN: b\n", "FROM a\nRUN b\n");
    }

    #[test]
    fn commands_for_the_terminal_go_there() {
        check_rule(
            "unknown-instruction",
            "FROM a\n\ndocker build -t x\n^^^^^^ from, at its end: `docker build -t x .`\n\n$ docker build -t x .\n^ `docker build` is typed in the terminal, not written into this file\n\ndocker push x\n^^^^^^ `docker push NAME/x`\n\ndocker run -p 80 x\n^^^^^^ `-p 80:80`\n",
        );
        check_fix("unknown-instruction", "FROM a\ndocker build .\n", "FROM a\n");
    }

    #[test]
    fn words_that_people_guess_are_known() {
        check_fix("unknown-instruction", "FROM a\nPORT 80\nSTART x\n", "FROM a\nEXPOSE 80\nCMD x\n");
    }

    #[test]
    fn commands_need_run() {
        check_fix("unknown-instruction", "FROM a\n\napt-get update\n", "FROM a\n\nRUN apt-get update\n");
    }

    #[test]
    fn the_body_of_an_endless_heredoc_is_no_fault_of_its_own() {
        check_rule("unknown-instruction", "FROM a\nRUN <<EOF\nls\nls\nRUN c\nx y\n^\n");
    }
}
