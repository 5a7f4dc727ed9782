//! What a growing selection takes in, step by step: from the word under the cursor to the file.

use text_size::{TextRange, TextSize};

use super::blocks;
use super::scripts::{self, Script};
use crate::analysis::syntax::ast::{Arguments, Command, Flag, Heredoc, Instruction};
use crate::analysis::syntax::expansion::{Part, Word};
use crate::analysis::syntax::{Dockerfile, InstructionRef};

/// The ranges around `offset`, each inside the next one, the whole file last. Never empty.
pub fn selection_ranges(file: &Dockerfile, offset: TextSize) -> Vec<TextRange> {
    let whole = TextRange::up_to(TextSize::of(file.text()));
    let offset = offset.min(whole.end());
    let mut candidates = vec![whole];
    candidates.extend(word_at(file.text(), offset));
    candidates.extend(blocks::stages(file).iter().map(|stage| stage.range()));
    if let Some(it) = file.instruction_at(offset) {
        instruction(file, it, offset, &mut candidates);
    } else if let Some(comment) = file.comment_at(offset) {
        comment_parts(file, comment, offset, &mut candidates);
    }
    chain(candidates, offset)
}

/// Those that include `offset`, from small to large, without those that only overlap.
fn chain(mut candidates: Vec<TextRange>, offset: TextSize) -> Vec<TextRange> {
    candidates.retain(|range| range.contains_inclusive(offset));
    candidates.sort_by_key(|range| (range.len(), range.start()));
    let mut chain: Vec<TextRange> = Vec::new();
    for range in candidates {
        if chain.last().is_none_or(|&inner| range.contains_range(inner) && range != inner) {
            chain.push(range);
        }
    }
    if chain.len() > MOST_STEPS {
        chain.drain(MOST_STEPS / 2..chain.len() - MOST_STEPS / 2);
    }
    chain
}

/// A shell list of thousands of commands is as deep. Each step is an object within the next one in the answer, and who
/// reads or writes that runs out of stack; nobody takes so many steps.
const MOST_STEPS: usize = 100;

/// The name or number that touches `offset`.
fn word_at(text: &str, offset: TextSize) -> Option<TextRange> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let (before, after) = text.split_at_checked(offset.into())?;
    let start =
        before.len() - before.chars().rev().take_while(|&c| is_word(c)).map(char::len_utf8).sum::<usize>();
    let end = before.len() + after.chars().take_while(|&c| is_word(c)).map(char::len_utf8).sum::<usize>();
    (start < end).then(|| TextRange::new(TextSize::from(start as u32), TextSize::from(end as u32)))
}

/// The comment, with and without `#`, its block, a directive's parts.
fn comment_parts(file: &Dockerfile, comment: TextRange, offset: TextSize, found: &mut Vec<TextRange>) {
    let text = file.slice(comment).trim_start_matches('#').trim_start();
    found.push(TextRange::new(comment.end() - TextSize::of(text), comment.end()));
    found.push(comment);
    found.extend(blocks::comment_blocks(file).into_iter().filter(|block| block.contains_inclusive(offset)));
    for directive in file.directives().list.iter().filter(|it| comment.contains_range(it.range)) {
        found.extend([directive.name_range, directive.value_range]);
    }
}

fn instruction(file: &Dockerfile, it: InstructionRef, offset: TextSize, found: &mut Vec<TextRange>) {
    let Some(local) = it.local(offset) else { return };
    let source = file.slice(TextRange::new(it.start, it.absolute_range().end()));
    let mut ranges = Vec::new();
    parts(it.node, &mut ranges);
    for heredoc in &it.heredocs {
        heredoc_parts(source, heredoc, local, &mut ranges);
    }
    for comment in &it.comments {
        let text = source.get(std::ops::Range::<usize>::from(*comment)).unwrap_or_default();
        let text = text.trim_start_matches('#').trim_start();
        ranges.extend([TextRange::new(comment.end() - TextSize::of(text), comment.end()), *comment]);
    }
    for script in scripts::scripts(it.node, source) {
        shell_parts(&script, local, &mut ranges);
    }
    found.extend(ranges.into_iter().map(|range| it.absolute(range)));
    let above = blocks::start_above(file, &blocks::comment_blocks(file), it);
    found.push(TextRange::new(above, it.absolute_range().end()));
}

fn parts(it: &Instruction, found: &mut Vec<TextRange>) {
    found.extend([it.range, it.line_range, it.name.range(), it.arguments_text.range()]);
    it.flags.iter().for_each(|flag| flag_parts(flag, found));
    it.words().into_iter().for_each(|word| word_parts(word, found));
    match &it.arguments {
        Arguments::Pairs(pairs) => found.extend(pairs.pairs.iter().map(|pair| pair.range)),
        Arguments::Arg(declarations) => found.extend(declarations.iter().map(|it| it.range)),
        Arguments::Command(Some(command)) => command_parts(command, found),
        Arguments::Healthcheck(Some(check)) => {
            found.push(check.kind.range());
            check.command.iter().for_each(|command| command_parts(command, found));
        }
        Arguments::From(from) => {
            found.extend(from.as_keyword.iter().chain(&from.name).chain(&from.rest).map(|it| it.range()));
        }
        Arguments::Onbuild(Some(inner)) => parts(inner, found),
        _ => {}
    }
}

fn flag_parts(flag: &Flag, found: &mut Vec<TextRange>) {
    found.extend([flag.range, flag.name.range()]);
    for option in flag.options() {
        found.extend([option.range, option.name.range()]);
        found.extend(option.value.map(|value| value.range()));
    }
}

fn command_parts(command: &Command, found: &mut Vec<TextRange>) {
    found.push(command.range());
    if let Command::Exec(exec) = command {
        for argument in &exec.arguments {
            found.extend([argument.range, argument.text.range()]);
        }
    }
}

/// The word, what is inside its quotes, its variables.
fn word_parts(word: &Word, found: &mut Vec<TextRange>) {
    let range = word.range();
    found.push(range);
    let is_quoted = ['"', '\'']
        .iter()
        .any(|&quote| word.raw().len() > 1 && word.raw().starts_with(quote) && word.raw().ends_with(quote));
    if is_quoted {
        found.push(TextRange::new(range.start() + TextSize::from(1), range.end() - TextSize::from(1)));
    }
    for part in word.parts().iter() {
        match part {
            Part::Literal { range, .. } => found.push(*range),
            Part::Variable(_) => {}
        }
    }
    for variable in word.variables() {
        found.extend([variable.range, variable.name_range]);
    }
}

/// The line under the cursor, the body, the body with its end; the marker.
fn heredoc_parts(source: &str, heredoc: &Heredoc, offset: TextSize, found: &mut Vec<TextRange>) {
    found.extend([heredoc.marker, heredoc.delimiter]);
    let Some(terminator) = heredoc.terminator else { return };
    found.extend([terminator, TextRange::new(heredoc.body.start(), terminator.end())]);
    if !heredoc.body.contains(offset) {
        return;
    }
    let body = source.get(std::ops::Range::<usize>::from(heredoc.body)).unwrap_or_default();
    let trimmed = TextSize::of(body.trim_end_matches(['\r', '\n']));
    found.push(TextRange::at(heredoc.body.start(), trimmed));
    let start = heredoc.body.start();
    let Some((before, after)) = body.split_at_checked((offset - start).into()) else { return };
    let from = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.get(from..).unwrap_or_default().len() + after.lines().next().unwrap_or_default().len();
    found.push(TextRange::at(start + TextSize::from(from as u32), TextSize::from(line as u32)));
}

/// The nodes of the shell's tree around the cursor.
fn shell_parts(script: &Script, offset: TextSize, found: &mut Vec<TextRange>) {
    script.parse().visit(|node| {
        let range = script.range(node);
        if node.is_named() && !node.is_error() {
            found.push(range);
            found.extend(inside_quotes(node.kind(), range));
        }
        range.contains_inclusive(offset)
    });
}

fn inside_quotes(kind: &str, range: TextRange) -> Option<TextRange> {
    let is_quoted = matches!(kind, "string" | "raw_string") && range.len() > TextSize::from(1);
    is_quoted.then(|| TextRange::new(range.start() + TextSize::from(1), range.end() - TextSize::from(1)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The selections around `<|>`, from small to large, `⏎` for a line break.
    fn check(text: &str, expected: &[&str]) {
        let offset = text.find("<|>").unwrap();
        let file = Dockerfile::parse(text.replace("<|>", ""));
        let ranges = selection_ranges(&file, TextSize::from(offset as u32));
        let found: Vec<String> = ranges.iter().map(|&range| file.slice(range).replace('\n', "⏎")).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn an_argument_grows_to_its_instruction_its_stage_and_the_file() {
        check(
            "ARG x\n# a\nFROM a\nENV b=\"c<|>d e\" f=g\n\n# z\nFROM b\n",
            &[
                "cd",
                "cd e",
                "\"cd e\"",
                "b=\"cd e\"",
                "b=\"cd e\" f=g",
                "ENV b=\"cd e\" f=g",
                "# a⏎FROM a⏎ENV b=\"cd e\" f=g",
                "ARG x⏎# a⏎FROM a⏎ENV b=\"cd e\" f=g⏎⏎# z⏎FROM b⏎",
            ],
        );
    }

    #[test]
    fn a_very_long_list_of_commands_takes_no_more_steps_than_others() {
        let file = Dockerfile::parse(format!("RUN {}\n", vec!["a"; 1000].join(" && ")));
        let ranges = selection_ranges(&file, TextSize::from(4));
        assert_eq!(ranges.len(), MOST_STEPS);
        assert!(ranges.windows(2).all(|it| it[1].contains_range(it[0])));
        assert_eq!((file.slice(ranges[0]), file.slice(ranges[MOST_STEPS - 1])), ("a", file.text()));
    }

    #[test]
    fn a_mount_option_grows_to_its_flag() {
        check(
            "RUN --mount=type=ca<|>che,target=/x a",
            &[
                "cache",
                "type=cache",
                "type=cache,target=/x",
                "--mount=type=cache,target=/x",
                "RUN --mount=type=cache,target=/x a",
            ],
        );
    }

    #[test]
    fn shell_text_grows_by_its_own_syntax() {
        check(
            "RUN a && echo \"x $<|>y\" | b",
            &[
                "y",
                "$y",
                "x $y",
                "\"x $y\"",
                "echo \"x $y\"",
                "echo \"x $y\" | b",
                "a && echo \"x $y\" | b",
                "RUN a && echo \"x $y\" | b",
            ],
        );
    }

    #[test]
    fn a_heredoc_grows_line_by_line_to_its_instruction() {
        check(
            "COPY <<E /x\na b<|>\nc\nE\n",
            &["b", "a b", "a b⏎c", "a b⏎c⏎E", "COPY <<E /x⏎a b⏎c⏎E", "COPY <<E /x⏎a b⏎c⏎E⏎"],
        );
    }

    #[test]
    fn comments_and_directives_grow_too() {
        check(
            "# syntax=do<|>cker/x:1\nFROM a",
            &[
                "docker",
                "docker/x:1",
                "syntax=docker/x:1",
                "# syntax=docker/x:1",
                "# syntax=docker/x:1⏎FROM a",
            ],
        );
        check("# a b<|>\n# c\n\nFROM a", &["b", "a b", "# a b", "# a b⏎# c", "# a b⏎# c⏎⏎FROM a"]);
        check("RUN a \\\n # n<|>\n b", &["n", "# n", "a \\⏎ # n⏎ b", "RUN a \\⏎ # n⏎ b"]);
    }

    #[test]
    fn json_grows_by_its_strings() {
        check("CMD [\"a<|>\", \"b\"]", &["a", "\"a\"", "[\"a\", \"b\"]", "CMD [\"a\", \"b\"]"]);
    }

    #[test]
    fn an_empty_file_has_one_range() {
        assert_eq!(selection_ranges(&Dockerfile::parse(""), TextSize::from(9)), [TextRange::default()]);
        check("\n<|>\n", &["⏎⏎"]);
    }

    fn fragment() -> impl Strategy<Value = String> {
        prop::sample::select(vec![
            "FROM a AS b\n",
            "RUN b",
            " \\\n",
            "\r\n",
            "\n",
            "# c\n",
            "# region\n",
            "# endregion\n",
            "# escape=`\n",
            "<<E",
            "E\n",
            "ENV A=1 ",
            "\"",
            "'",
            "$x",
            "${y:-z}",
            "é",
            "COPY a b\n",
            "ONBUILD ",
            "[\"a\"]",
            "--mount=a,b=c ",
            "$(",
        ])
        .prop_map(str::to_owned)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn selections_always_grow_and_folds_have_two_lines(
            parts in prop::collection::vec(fragment(), 0..20),
            at in any::<prop::sample::Index>(),
        ) {
            let file = Dockerfile::parse(parts.concat());
            let offset = TextSize::from(at.index(file.text().len() + 1) as u32);
            let ranges = selection_ranges(&file, offset);
            prop_assert!(ranges.windows(2).all(|pair| pair[1].contains_range(pair[0]) && pair[0] != pair[1]));
            prop_assert_eq!(ranges.last().copied(), Some(TextRange::up_to(TextSize::of(file.text()))));
            let folds = crate::analysis::ide::folding::folds(&file);
            prop_assert!(folds.iter().all(|fold| file.slice(fold.range).contains('\n')));
        }
    }
}
