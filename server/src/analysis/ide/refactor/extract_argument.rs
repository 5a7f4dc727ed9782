//! A piece of text put into an `ARG`.

use std::ops::Range;

use text_size::TextRange;

use super::{Answer, Context, Kind, Recipe, Refactoring, Refusal};
use crate::analysis::ide::images::image_at;
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::StageReferenceKind;
use crate::analysis::model::shell::ShellForm;
use crate::analysis::syntax::InstructionRef;
use crate::analysis::syntax::ast::Arguments;
use crate::analysis::text::TextEdit;

pub static RECIPE: Recipe = Recipe {
    name: "extract-arg",
    kind: Kind::Extract,
    summary: "Makes an `ARG` of the selected text, or of the tag of the image under the cursor, so that `--build-arg` can \
change it. In `FROM` it is declared before the first stage. Not for text in single quotes, and refused for what runs \
later than the build (`CMD`, `ENTRYPOINT`, `HEALTHCHECK`) and for `COPY --from`, where no variable is replaced.",
    before: "\
FROM debian:13
RUN curl -fsSLO https://example.com/tool-<|>1.4.2<|>.tar.gz
",
    after: "\
FROM debian:13
ARG VERSION=1.4.2
RUN curl -fsSLO https://example.com/tool-${VERSION}.tar.gz
",
    offer,
};

fn offer(cx: &Context<'_>) -> Answer {
    let here = cx.only()?;
    if here.keyword == Some(Keyword::From) {
        return from(cx, here);
    }
    let text = cx.slice(cx.range);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+,".contains(c);
    if text.is_empty() || !text.chars().all(is_plain) || !here.problems.is_empty() {
        return None;
    }
    let title = format!("Extract `{text}` into an `ARG`");
    match here.keyword? {
        Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck => {
            return Some(Err(Refusal::new(title, "an `ARG` is gone when the container runs")));
        }
        Keyword::Copy | Keyword::Run if is_in_from_flag(cx, here) => {
            return Some(Err(Refusal::new(title, "no variable is replaced in `from=`")));
        }
        Keyword::Run if is_in_shell_word(cx, here) => {}
        Keyword::Run | Keyword::Onbuild | Keyword::Maintainer | Keyword::Shell | Keyword::Arg => return None,
        _ if is_in_word(cx, here) => {}
        _ => return None,
    }
    let name = free_name(cx, name_for(here, text));
    let stage = cx.model.stage_of(here.id)?;
    let declare = format!(
        "{}{} {name}={text}",
        cx.leading(here),
        cx.keyword(cx.instruction(stage.from.0)?, Keyword::Arg)
    );
    let edits = vec![cx.insert_above(here, &[declare]), TextEdit::new(cx.range, format!("${{{name}}}"))];
    Some(Ok(Refactoring::new(title, edits)))
}

/// The tag of the image.
fn from(cx: &Context<'_>, here: InstructionRef<'_>) -> Answer {
    let image = image_at(cx.model, cx.range.start()).filter(|it| it.kind == StageReferenceKind::From)?;
    let reference = image.reference()?;
    let tag = reference.tag_range()?;
    let text = cx.slice(image.range);
    // Variables in the name, or quotes.
    if text != reference.text() || reference.is_pinned() {
        return None;
    }
    let range = TextRange::at(image.range.start() + tag.start(), tag.len());
    let value = cx.slice(range);
    let base = reference.familiar_name()?.rsplit('/').next().unwrap_or_default().to_ascii_uppercase();
    let base: String = base.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let begins_well = base.starts_with(|c: char| c.is_ascii_alphabetic());
    let name = free_name(cx, if begins_well { format!("{base}_VERSION") } else { "VERSION".to_owned() });
    let first = cx.instruction(cx.model.stages().first()?.from.0)?;
    let declare = format!("{} {name}={value}", cx.keyword(here, Keyword::Arg));
    let edits =
        vec![cx.insert_above_comments(first, &[declare]), TextEdit::new(range, format!("${{{name}}}"))];
    Some(Ok(Refactoring::new(format!("Extract the tag `{value}` into an `ARG`"), edits)))
}

fn is_in_from_flag(cx: &Context<'_>, here: InstructionRef<'_>) -> bool {
    here.node.flags.iter().any(|it| here.absolute(it.range).intersect(cx.range).is_some())
}

/// Whether the selection is a literal piece of one word that BuildKit expands.
fn is_in_word(cx: &Context<'_>, here: InstructionRef<'_>) -> bool {
    let is_key = |range: TextRange| match &here.node.arguments {
        Arguments::Pairs(pairs) => pairs.is_legacy || pairs.pairs.iter().any(|it| it.key.range() == range),
        _ => false,
    };
    let holds =
        |it: &&crate::analysis::syntax::expansion::Word| here.absolute(it.range()).contains_range(cx.range);
    let words = here.node.words();
    let Some(word) = words.into_iter().find(holds).filter(|it| !is_key(it.range())) else { return false };
    let is_json = matches!(&here.node.arguments, Arguments::Copy(copy) if copy.is_json)
        || matches!(&here.node.arguments, Arguments::List(list) if list.is_json);
    let start = usize::from(cx.range.start() - here.absolute(word.range()).start());
    let source = cx.slice(here.absolute(word.range()));
    !is_json && is_replaced(source, start..start + usize::from(cx.range.len()))
}

/// Whether the selection is a piece of a word of the shell.
fn is_in_shell_word(cx: &Context<'_>, here: InstructionRef<'_>) -> bool {
    cx.texts(here).iter().any(|text| {
        let holds = |it: TextRange| here.absolute(it).contains_range(cx.range);
        let is_shell =
            matches!(text.form, ShellForm::Line | ShellForm::Script { .. }) && text.kind.is_posix();
        if !is_shell || !holds(text.text.range()) {
            return false;
        }
        let script = text.script();
        let words = script.commands().flat_map(|it| it.arguments.iter());
        words.into_iter().filter(|it| holds(it.range)).any(|word| {
            let range = here.absolute(word.range);
            let start = usize::from(cx.range.start() - range.start());
            is_replaced(cx.slice(range), start..start + usize::from(cx.range.len()))
        })
    })
}

/// Whether a variable would be replaced at `piece` of `word`: outside of single quotes and of other variables.
fn is_replaced(word: &str, piece: Range<usize>) -> bool {
    let before = word.get(..piece.start).unwrap_or_default();
    let mut in_single = false;
    let mut in_double = false;
    let mut chars = before.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if !in_single => drop(chars.next()),
            '\'' if !in_double => in_single = !in_single,
            '"' if !in_single => in_double = !in_double,
            _ => {}
        }
    }
    let is_in_variable =
        before.rfind("${").is_some_and(|at| !before.get(at..).unwrap_or_default().contains('}'));
    let is_name = before.rfind('$').is_some_and(|at| {
        before.get(at + 1..).unwrap_or_default().chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    });
    let is_escaped = before.ends_with('\\');
    !in_single && !is_in_variable && !is_name && !is_escaped && !before.contains("$(") && !word.contains('\n')
}

/// A name by what the value is, or by what it stands in.
fn name_for(here: InstructionRef<'_>, text: &str) -> String {
    let is_number = |it: &str| it.chars().all(|c| c.is_ascii_digit());
    let trimmed = text.trim_start_matches('v');
    match here.keyword {
        Some(Keyword::Expose) => "PORT".to_owned(),
        Some(Keyword::Workdir) => "APP_DIR".to_owned(),
        Some(Keyword::User) => if is_number(text) { "APP_UID" } else { "APP_USER" }.to_owned(),
        _ if trimmed.starts_with(|c: char| c.is_ascii_digit()) => "VERSION".to_owned(),
        _ => "VALUE".to_owned(),
    }
}

/// `name`, with a number behind it if the file has one of that name.
fn free_name(cx: &Context<'_>, name: String) -> String {
    let text = cx.file().text();
    let is_free = |name: &String| !text.contains(name.as_str());
    let more = (2..).map(|number| format!("{name}_{number}"));
    std::iter::once(name.clone()).chain(more).find(is_free).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::analysis::ide::refactor::tests::{check, check_silent, refusal};

    #[test]
    fn a_tag_is_declared_before_the_first_stage() {
        check(
            "extract-arg",
            "# syntax=docker/dockerfile:1\n# base\nFROM a AS b\nFROM docker.io/library/python:3.<|>14-slim AS c\n",
            "# syntax=docker/dockerfile:1\nARG PYTHON_VERSION=3.14-slim\n# base\nFROM a AS b\nFROM docker.io/library/python:${PYTHON_VERSION} AS c\n",
        );
        check_silent("extract-arg", "FROM a<|>\n");
        check_silent("extract-arg", "ARG V=1\nFROM a:$V<|>\n");
    }

    #[test]
    fn the_selection_must_be_a_piece_of_a_word() {
        check("extract-arg", "FROM a\nEXPOSE <|>80<|>/tcp\n", "FROM a\nARG PORT=80\nEXPOSE ${PORT}/tcp\n");
        check(
            "extract-arg",
            "FROM a\nENV A=\"x <|>1.2<|>\"\n",
            "FROM a\nARG VERSION=1.2\nENV A=\"x ${VERSION}\"\n",
        );
        check_silent("extract-arg", "FROM a\nRUN x '<|>1.2<|>'\n");
        check_silent("extract-arg", "FROM a\nENV <|>A<|>=b\n");
        check_silent("extract-arg", "FROM a\nRUN x $<|>AB<|>\n");
        check_silent("extract-arg", "FROM a\nCOPY [\"<|>x<|>\", \"y\"]\n");
    }

    #[test]
    fn what_runs_later_has_no_arguments() {
        assert!(refusal("extract-arg", "FROM a\nCMD x <|>80<|>\n").contains("gone"));
        assert!(refusal("extract-arg", "FROM a\nCOPY --from=<|>b<|> c d\n").contains("from="));
    }
}
