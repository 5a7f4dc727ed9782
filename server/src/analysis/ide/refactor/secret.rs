//! `ARG API_TOKEN` to `RUN --mount=type=secret`.

use text_size::TextRange;

use super::{Answer, Context, Kind, Recipe, Refactoring, Refusal};
use crate::analysis::ide::OccurrenceKind;
use crate::analysis::ide::names::{Name, Names};
use crate::analysis::knowledge::Keyword;
use crate::analysis::knowledge::secrets::{is_harmless, is_secret};
use crate::analysis::model::{Variable, VariableKind};
use crate::analysis::syntax::InstructionRef;
use crate::analysis::syntax::ast::Arguments;
use crate::analysis::text::TextEdit;

pub static RECIPE: Recipe = Recipe {
    name: "arg-to-secret",
    kind: Kind::Rewrite,
    summary: "Takes an `ARG` or `ENV` with the name of a secret out of the file and gives it to the `RUN`s that use it as a \
secret mount: its value is then neither in the image nor in its history, and the commands stay as they are. Build with \
`--secret id=…,env=…`. Refused where other instructions than `RUN` use it. Needs Dockerfile syntax 1.10 or newer.",
    before: "\
FROM alpine:3.22
ARG <|>API_TOKEN
RUN wget --header=\"Authorization: Bearer $API_TOKEN\" https://example.com/data
",
    after: "\
FROM alpine:3.22
RUN --mount=type=secret,id=api_token,env=API_TOKEN \\
    wget --header=\"Authorization: Bearer $API_TOKEN\" https://example.com/data
",
    offer,
};

fn offer(cx: &Context<'_>) -> Answer {
    let here = cx.only().filter(|it| matches!(it.keyword, Some(Keyword::Arg | Keyword::Env)))?;
    let variable = variable_at(cx, here)?;
    let name = variable.name.as_str();
    let title = format!("Give `{name}` to the `RUN`s that use it as a secret");
    let refuse = |reason: String| Some(Err(Refusal::new(title.clone(), reason)));
    if cx.is_older_than(10) {
        return refuse(
            "the `# syntax=` line names a version that cannot give secrets as variables: they need 1.10"
                .to_owned(),
        );
    }
    let names = Names::new(cx.model);
    let definitions: Vec<&Variable> = names.family(variable.id).collect();
    let declared: Vec<_> = definitions.iter().map(|it| it.location.instruction).collect();
    let first = definitions.first()?;
    let mut runs: Vec<InstructionRef<'_>> = Vec::new();
    for place in names.occurrences(&Name::Variable(first.id)) {
        if place.kind == OccurrenceKind::Definition {
            continue;
        }
        let user = cx.file().instruction_at(place.range.start())?;
        let is_own = declared.contains(&user.id);
        if !is_own && user.keyword != Some(Keyword::Run) {
            return refuse(format!(
                "`{}` uses it too, and a secret is there in `RUN` only",
                user.name.as_str().to_uppercase()
            ));
        }
        if !is_own && !runs.iter().any(|it| it.id == user.id) {
            runs.push(user);
        }
    }
    if runs.is_empty() {
        return refuse(
            "no `RUN` uses it: what the program needs when it runs is given to `docker run`".to_owned(),
        );
    }
    let mut edits: Vec<TextEdit> = runs.iter().map(|it| mount(cx, *it, name)).collect();
    for definition in &definitions {
        edits.push(without(cx, definition)?);
    }
    edits.sort_by_key(|it| it.range.start());
    edits.dedup();
    let mut warning = format!("build with `--secret id={},env={name}`", id(name));
    if definitions.iter().any(|it| it.kind == VariableKind::Env) {
        warning += &format!("; the container no longer has `{name}`: give it with `docker run -e {name}`");
    }
    Some(Ok(Refactoring::new(title, edits).warn(warning)))
}

/// The variable under the cursor, or the first one of the instruction that looks like a secret.
fn variable_at<'a>(cx: &Context<'a>, here: InstructionRef<'_>) -> Option<&'a Variable> {
    let own = cx.model.variables().iter().filter(|it| it.location.instruction == here.id);
    let is_likely = |it: &&Variable| {
        let value = value_word(cx, it);
        let is_env = it.kind == VariableKind::Env;
        it.stage.is_some() && is_secret(&it.name) && !is_harmless(&it.name, value.as_deref(), is_env)
    };
    let found: Vec<&Variable> = own.filter(is_likely).collect();
    found.iter().find(|it| is_at_declaration(cx, here, it)).or(found.first()).copied()
}

/// The value as it is written without quotes, if no variable is in it.
fn value_word(cx: &Context<'_>, variable: &Variable) -> Option<String> {
    let instruction = cx.file().instruction(variable.location.instruction)?;
    let of = |range: TextRange| variable.value_range == Some(range);
    match &instruction.node.arguments {
        Arguments::Arg(list) => {
            list.iter().filter_map(|it| it.value.as_ref()).find(|it| of(it.range()))?.literal()
        }
        Arguments::Pairs(pairs) => {
            pairs.pairs.iter().filter_map(|it| it.value.as_ref()).find(|it| of(it.range()))?.literal()
        }
        _ => None,
    }
    .map(|it| it.to_string())
}

fn id(name: &str) -> String {
    name.to_lowercase()
}

fn mount(cx: &Context<'_>, run: InstructionRef<'_>, name: &str) -> TextEdit {
    let start = run.absolute(run.arguments_text.range()).start();
    let line_break = match run.heredocs.is_empty() {
        true => format!("{}{}", cx.continuation(), cx.indent(run)),
        false => " ".to_owned(),
    };
    TextEdit::insert(start, format!("--mount=type=secret,id={},env={name}{line_break}", id(name)))
}

/// The declarations of an `ARG` or `ENV`, local.
fn declarations(instruction: InstructionRef<'_>) -> Vec<TextRange> {
    match &instruction.node.arguments {
        Arguments::Arg(list) => list.iter().map(|it| it.range).collect(),
        Arguments::Pairs(pairs) => pairs.pairs.iter().map(|it| it.range).collect(),
        _ => Vec::new(),
    }
}

/// Whether the cursor or the selection touches the declaration of `variable`.
pub fn is_at_declaration(cx: &Context<'_>, here: InstructionRef<'_>, variable: &Variable) -> bool {
    let own = declarations(here).into_iter().find(|it| it.contains_range(variable.location.range));
    own.map(|it| here.absolute(it))
        .is_some_and(|it| it.start() <= cx.range.end() && cx.range.start() <= it.end())
}

/// Takes the definition away: with its line if it is the only one there.
pub fn without(cx: &Context<'_>, variable: &Variable) -> Option<TextEdit> {
    let instruction = cx.file().instruction(variable.location.instruction)?;
    let ranges = declarations(instruction);
    if ranges.len() == 1 {
        return instruction.comments.is_empty().then(|| cx.delete_lines(instruction));
    }
    let index = ranges.iter().position(|it| it.contains_range(variable.location.range))?;
    let own = ranges.get(index)?;
    let range = match (index.checked_sub(1).and_then(|it| ranges.get(it)), ranges.get(index + 1)) {
        (_, Some(next)) => TextRange::new(own.start(), next.start()),
        (Some(before), None) => TextRange::new(before.end(), own.end()),
        (None, None) => return None,
    };
    Some(TextEdit::delete(instruction.absolute(range)))
}

#[cfg(test)]
mod tests {
    use crate::analysis::ide::refactor::tests::{check, check_silent, refusal};

    #[test]
    fn all_definitions_go_and_all_runs_get_it() {
        check(
            "arg-to-secret",
            "ARG DB_PASSWORD\nFROM a\nARG A DB_PASSWORD<|> B\nENV DB_PASSWORD=$DB_PASSWORD\nRUN x $A\nRUN <<E\ny ${DB_PASSWORD}\nE\n",
            "FROM a\nARG A B\nRUN x $A\nRUN --mount=type=secret,id=db_password,env=DB_PASSWORD <<E\ny ${DB_PASSWORD}\nE\n",
        );
    }

    #[test]
    fn only_runs_can_have_secrets() {
        assert!(
            refusal("arg-to-secret", "FROM a\nARG TOKEN<|>\nLABEL x=$TOKEN\nRUN y $TOKEN\n")
                .contains("`LABEL`")
        );
        assert!(refusal("arg-to-secret", "FROM a\nENV TOKEN=x<|>\nCMD y $TOKEN\n").contains("`CMD`"));
        assert!(refusal("arg-to-secret", "FROM a\nARG TOKEN<|>\n").contains("no `RUN`"));
        assert!(
            refusal("arg-to-secret", "# syntax=docker/dockerfile:1.9\nFROM a\nARG TOKEN<|>\nRUN $TOKEN\n")
                .contains("1.10")
        );
    }

    #[test]
    fn other_names_are_no_secrets() {
        check_silent("arg-to-secret", "FROM a\nARG VERSION<|>\nRUN x $VERSION\n");
        check_silent("arg-to-secret", "FROM a\nENV TOKEN_FILE=/x<|>\nRUN x $TOKEN_FILE\n");
    }
}
