//! `apt-get install b a` to one package a line, in order.

use text_size::TextRange;

use super::{Answer, Context, Kind, Recipe, Refactoring};
use crate::analysis::knowledge;
use crate::analysis::model::shell::{ShellCommand, ShellForm, ShellScript, ShellWord};
use crate::analysis::syntax::InstructionRef;
use crate::analysis::text::TextEdit;

pub static RECIPE: Recipe = Recipe {
    name: "sort-packages",
    kind: Kind::Rewrite,
    summary: "Writes the packages of an install one a line, sorted. Comments stay where they are; what stands between two \
of them is sorted for itself. For apt, apk, dnf, yum, microdnf, tdnf, zypper, pacman, pip, gem and `npm install -g`.",
    before: "\
FROM debian:13
RUN apt-get update && apt-get install -y <|>git curl \\
    ca-certificates && rm -rf /var/lib/apt/lists/*
",
    after: "\
FROM debian:13
RUN apt-get update && apt-get install -y \\
    ca-certificates \\
    curl \\
    git \\
    && rm -rf /var/lib/apt/lists/*
",
    offer,
};

fn offer(cx: &Context<'_>) -> Answer {
    let instruction = cx.only()?;
    let text =
        cx.texts(instruction).into_iter().find(|it| it.form != ShellForm::Exec && it.kind.is_posix())?;
    let script = text.script();
    let installs: Vec<&ShellCommand> = script.commands().filter(|it| packages(it).len() > 1).collect();
    let touches = |it: &&&ShellCommand| {
        let range = instruction.absolute(it.range);
        range.start() <= cx.range.end() && cx.range.start() <= range.end()
    };
    let command = match installs.as_slice() {
        [only] => *only,
        several => several.iter().find(touches)?,
    };
    let escape = if text.form == ShellForm::Line { cx.file().escape() } else { '\\' };
    let edits = edits(cx, instruction, &script, command, escape)?;
    Some(Ok(Refactoring::new("Sort the packages, one per line", edits)))
}

/// The packages that `command` installs, if they stand together.
pub fn packages(command: &ShellCommand) -> Vec<&ShellWord> {
    let Some((at, subcommand)) = install_word(command) else { return Vec::new() };
    let doc = knowledge::command(command.name());
    let takes_value = |flag: &str| {
        let known =
            doc.and_then(|it| it.flag(it.subcommand(subcommand), flag)).is_some_and(|it| it.takes_value);
        (known || VALUED.contains(&flag)) && !flag.contains('=')
    };
    let mut found = Vec::new();
    let (mut is_value, mut is_over) = (false, false);
    for word in command.arguments.iter().skip(at) {
        let is_flag = word.as_str().starts_with('-');
        if is_flag || is_value {
            is_over |= !found.is_empty();
            is_value = is_flag && takes_value(word.as_str());
        } else if is_over {
            return Vec::new();
        } else {
            found.push(word);
        }
    }
    found
}

/// Flags that take the next word, where the tables do not say.
const VALUED: &[&str] = &[
    "-t",
    "--virtual",
    "--target-release",
    "--repository",
    "-X",
    "-p",
    "--root",
    "-o",
    "-c",
    "--constraint",
    "-r",
    "--requirement",
    "-e",
    "--editable",
    "-f",
    "--find-links",
    "-i",
    "--index-url",
    "--extra-index-url",
    "--prefix",
    "--registry",
    "-v",
    "--version",
    "--setopt",
    "--enablerepo",
    "--disablerepo",
    "--trusted-host",
    "-P",
];

/// Where the packages can begin in the arguments, and the word that says that they are installed.
fn install_word(command: &ShellCommand) -> Option<(usize, &str)> {
    let words: &[&str] = match command.name() {
        "apt-get" | "apt" | "aptitude" | "yum" | "dnf" | "microdnf" | "tdnf" => &["install"],
        "apk" => &["add"],
        "zypper" => &["install", "in"],
        "pip" | "pip3" | "gem" => &["install"],
        "npm" if command.has_any_flag(&["g", "global"]) => &["install", "i", "add"],
        "pacman" => {
            let at = command.arguments.iter().position(|it| it.as_str().starts_with("-S"))?;
            return Some((at + 1, "-S"));
        }
        _ => return None,
    };
    let at = command.arguments.iter().position(|it| words.contains(&it.as_str()))?;
    Some((at + 1, command.arguments.get(at)?.as_str()))
}

fn edits(
    cx: &Context<'_>,
    instruction: InstructionRef<'_>,
    script: &ShellScript,
    command: &ShellCommand,
    escape: char,
) -> Option<Vec<TextEdit>> {
    let packages = packages(command);
    let (first, last) = (packages.first()?, packages.last()?);
    let words = command.name.iter().chain(&command.arguments);
    let before = words.map(|it| it.range.end()).filter(|it| *it <= first.range.start()).max()?;
    let region = instruction.absolute(TextRange::new(before, last.range.end()));
    let indent = indent(cx, instruction, command, TextRange::new(before, first.range.start()));
    let mut groups: Vec<(Vec<&str>, Vec<&ShellWord>)> = vec![(Vec::new(), Vec::new())];
    let mut covered = before;
    for package in packages {
        let comments = cx.comments_in(instruction.absolute(TextRange::new(covered, package.range.start())));
        covered = package.range.end();
        if !comments.is_empty() {
            groups.push((comments, Vec::new()));
        }
        groups.last_mut()?.1.push(package);
    }
    let mut text = String::new();
    let line_break = format!(" {escape}{}", cx.newline());
    for (comments, mut words) in groups {
        words.sort_by_key(|it| (it.as_str().to_lowercase(), it.text.clone()));
        // A comment does not end a continuation, so the break stands before the first of them.
        for (index, word) in words.iter().enumerate() {
            text += &line_break;
            if index == 0 {
                text.extend(comments.iter().map(|it| format!("{indent}{it}{}", cx.newline())));
            }
            text += &indent;
            text += script.raw(word);
        }
    }
    let mut edits = vec![TextEdit::new(region, text)];
    edits.extend(break_before_operator(cx, instruction, region, &line_break));
    Some(edits)
}

/// `… git && rm` gets the operator on a line of its own.
fn break_before_operator(
    cx: &Context<'_>,
    instruction: InstructionRef<'_>,
    region: TextRange,
    line_break: &str,
) -> Option<TextEdit> {
    let rest = cx.slice(TextRange::new(region.end(), cx.line_end(region.end())));
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let operator = rest.get(blanks..)?;
    let is_followed = operator.get(2..).is_some_and(|it| !it.trim().trim_end_matches(['\\', '`']).is_empty());
    if !operator.starts_with("&&") || !is_followed {
        return None;
    }
    let gap = TextRange::at(region.end(), text_size::TextSize::try_from(blanks).ok()?);
    Some(TextEdit::new(gap, format!("{line_break}{}", cx.indent(instruction))))
}

/// The blanks before each package: as the first one has them, or one step deeper than the command's own line.
fn indent(
    cx: &Context<'_>,
    instruction: InstructionRef<'_>,
    command: &ShellCommand,
    gap: TextRange,
) -> String {
    let gap = cx.slice(instruction.absolute(gap));
    if let Some((_, last_line)) = gap.rsplit_once('\n') {
        return last_line.to_owned();
    }
    let start = instruction.absolute(command.range).start();
    let before = cx.slice(TextRange::new(instruction.start, start));
    match before.rsplit_once('\n') {
        Some((_, line)) => {
            let own: String = line.chars().take_while(|c| c.is_whitespace()).collect();
            format!("{own}    ")
        }
        None => cx.indent(instruction),
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::ide::refactor::tests::{check, check_silent};

    #[test]
    fn comments_part_the_list() {
        check(
            "sort-packages",
            "FROM a\r\nRUN apk add -t x \\\r\n  # tools\r\n  \"b>1\" $A a<|> \\\r\n  # more\r\n  d \\\r\n  c\r\nCMD x\r\n",
            "FROM a\r\nRUN apk add -t x \\\r\n  # tools\r\n  $A \\\r\n  a \\\r\n  \"b>1\" \\\r\n  # more\r\n  c \\\r\n  d\r\nCMD x\r\n",
        );
    }

    #[test]
    fn scripts_have_their_own_escape() {
        check(
            "sort-packages",
            "# escape=`\nFROM --platform=linux a\nRUN <<E\nset -e\npip install -r x.txt b a<|>\nE\n",
            "# escape=`\nFROM --platform=linux a\nRUN <<E\nset -e\npip install -r x.txt \\\n    a \\\n    b\nE\n",
        );
    }

    #[test]
    fn what_is_in_order_stays() {
        check_silent("sort-packages", "FROM a\nRUN apk add \\\n    a \\\n    b<|>\n");
        check_silent("sort-packages", "FROM a\nRUN apk add a<|>\n");
        check_silent("sort-packages", "FROM a\nRUN apt-get install b -y a<|>\n");
        check_silent("sort-packages", "FROM a\nRUN npm install b a<|>\n");
    }
}
