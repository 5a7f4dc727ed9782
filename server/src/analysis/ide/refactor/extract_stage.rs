//! Instructions put into a stage of their own.

use text_size::TextRange;

use super::{Answer, Context, Kind, Recipe, Refactoring, Refusal};
use crate::analysis::knowledge::{Keyword, command};
use crate::analysis::model::Stage;
use crate::analysis::syntax::InstructionRef;
use crate::analysis::syntax::ast::Arguments;
use crate::analysis::text::TextEdit;

pub static RECIPE: Recipe = Recipe {
    name: "extract-stage",
    kind: Kind::Extract,
    summary: "Puts the selected instructions of a stage into a stage of their own; what stands before and behind them is \
built from each other in the same order, so the image stays the same, and other stages can start from the new one. The \
old name stays with the last part, and stage numbers in `--from` are counted anew. Refused where a part would lose \
something: an `ENTRYPOINT` takes away a `CMD` of an earlier stage, and `ONBUILD` acts in later ones.",
    before: "\
FROM node:24 AS app
WORKDIR /app
<|>COPY package.json package-lock.json ./
RUN npm ci
<|>COPY . .
CMD [\"node\", \"server.js\"]
",
    after: "\
FROM node:24 AS base
WORKDIR /app

FROM base AS dependencies
COPY package.json package-lock.json ./
RUN npm ci

FROM dependencies AS app
COPY . .
CMD [\"node\", \"server.js\"]
",
    offer,
};

const TITLE: &str = "Extract into a stage";

fn offer(cx: &Context<'_>) -> Answer {
    if cx.range.is_empty() {
        return None;
    }
    let selected = cx.selected();
    let (first, last) = (selected.first()?, selected.last()?);
    let covers = |it: &InstructionRef<'_>| cx.range.contains_range(it.absolute_range());
    // A word in one instruction is selected for something else.
    if !selected.iter().all(covers) {
        return None;
    }
    let stage = cx.model.stage_of(first.id)?;
    if !stage.contains(last.id) || first.id == stage.from {
        return None;
    }
    let own = cx.instructions_of(stage);
    let has_before = own.iter().any(|it| it.id > stage.from && it.id < first.id);
    let next = own.iter().find(|it| it.id > last.id);
    if !has_before && next.is_none() {
        return None;
    }
    if let Some(reason) = obstacle(&own, *first, next.copied()) {
        return Some(Err(Refusal::new(TITLE, reason)));
    }
    let edits = edits(cx, stage, *first, next.copied(), has_before)?;
    let name = edits.1;
    Some(Ok(Refactoring::new(format!("{TITLE} `{name}`"), edits.0)))
}

/// What would be lost between the parts.
fn obstacle(
    own: &[InstructionRef<'_>],
    first: InstructionRef<'_>,
    next: Option<InstructionRef<'_>>,
) -> Option<&'static str> {
    let cuts = [Some(first.id), next.map(|it| it.id)];
    for cut in cuts.into_iter().flatten() {
        let (before, after): (Vec<_>, Vec<_>) = own.iter().partition(|it| it.id < cut);
        let has = |list: &[&InstructionRef<'_>], keyword| list.iter().any(|it| it.keyword == Some(keyword));
        if has(&before, Keyword::Onbuild) {
            return Some("`ONBUILD` before the cut would act in the stage behind it");
        }
        // dispatchEntrypoint in BuildKit: a CMD that is not set in the same stage is taken away.
        if has(&before, Keyword::Cmd) && has(&after, Keyword::Entrypoint) {
            return Some("the `ENTRYPOINT` behind the cut would take away the `CMD` before it");
        }
    }
    None
}

fn edits(
    cx: &Context<'_>,
    stage: &Stage,
    first: InstructionRef<'_>,
    next: Option<InstructionRef<'_>>,
    has_before: bool,
) -> Option<(Vec<TextEdit>, String)> {
    let from = cx.instruction(stage.from.0)?;
    let Arguments::From(arguments) = &from.node.arguments else { return None };
    if !from.problems.is_empty() || !arguments.rest.is_empty() {
        return None;
    }
    let old_name = arguments.name.as_ref().map(|it| it.as_str().to_owned());
    let selected: Vec<_> = cx.selected().to_vec();
    let name = free_name(cx, name_for(cx, &selected));
    let front = if has_before { free_name(cx, front_name(old_name.as_deref())) } else { name.clone() };
    let front = if front == name && has_before { free_name(cx, format!("{front}-base")) } else { front };
    let mut edits = vec![rename_from(cx, from, &front)?];
    // Each new `FROM` continues the part before; the last part keeps the old name.
    let last_name = old_name.as_deref();
    if has_before {
        let name = if next.is_some() { Some(name.as_str()) } else { last_name.or(Some(name.as_str())) };
        edits.push(new_from(cx, from, first, &front, name));
    }
    if let Some(next) = next {
        edits.push(new_from(cx, from, next, &name, last_name));
    }
    let added = u32::from(has_before) + u32::from(next.is_some());
    edits.extend(renumbered(cx, stage, added));
    edits.sort_by_key(|it| it.range.start());
    let shown = if next.is_some() || !has_before { name } else { last_name.map_or(name, str::to_owned) };
    Some((edits, shown))
}

fn front_name(old: Option<&str>) -> String {
    match old {
        Some(old) if old != "app" && old != "base" => format!("{old}-base"),
        _ => "base".to_owned(),
    }
}

/// A name by what the instructions do.
fn name_for(cx: &Context<'_>, selected: &[InstructionRef<'_>]) -> String {
    let words: Vec<String> = selected.iter().map(|it| cx.slice(it.absolute_range()).to_lowercase()).collect();
    let runs = |names: &[&str]| words.iter().any(|it| names.iter().any(|name| it.contains(name)));
    let installs = selected.iter().flat_map(|it| cx.texts(*it)).any(|text| {
        text.script().commands().any(|it| command(it.name()).is_some_and(|it| !it.cache.is_empty()))
    });
    let name = if runs(&[" build", "make", "compile", "cmake", "publish"]) {
        "build"
    } else if runs(&[" test", "pytest"]) {
        "test"
    } else if installs {
        "dependencies"
    } else {
        "extracted"
    };
    name.to_owned()
}

/// `name`, with a number behind it if a stage has it.
fn free_name(cx: &Context<'_>, name: String) -> String {
    let is_free = |name: &String| {
        let names_image = cx.model.stage_references().iter().any(|it| it.text.eq_ignore_ascii_case(name));
        cx.model.stage_named(name).is_none() && !names_image
    };
    let more = (2..).map(|number| format!("{name}-{number}"));
    std::iter::once(name.clone()).chain(more).find(is_free).unwrap_or_default()
}

/// Gives the stage's own `FROM` a new name.
fn rename_from(cx: &Context<'_>, from: InstructionRef<'_>, name: &str) -> Option<TextEdit> {
    let Arguments::From(arguments) = &from.node.arguments else { return None };
    Some(match &arguments.name {
        Some(old) => TextEdit::new(from.absolute(old.range()), name),
        None => {
            let image = arguments.image.as_ref()?;
            TextEdit::insert(from.absolute(image.range()).end(), format!(" {} {name}", as_word(cx, from)))
        }
    })
}

fn as_word(cx: &Context<'_>, from: InstructionRef<'_>) -> &'static str {
    if cx.keyword(from, Keyword::From) == "from" { "as" } else { "AS" }
}

/// A `FROM` above `instruction` and its comments, with a blank line before it.
fn new_from(
    cx: &Context<'_>,
    from: InstructionRef<'_>,
    instruction: InstructionRef<'_>,
    base: &str,
    name: Option<&str>,
) -> TextEdit {
    let at = cx.start_above(instruction);
    let before = cx.file().text().get(..usize::from(at)).unwrap_or_default();
    let is_blank = before.lines().next_back().is_some_and(|it| it.trim().is_empty());
    let blank = if is_blank { "" } else { cx.newline() };
    let name = name.map(|it| format!(" {} {it}", as_word(cx, from))).unwrap_or_default();
    let text = format!("{blank}{} {base}{name}{}", cx.keyword(from, Keyword::From), cx.newline());
    TextEdit::insert(at, text)
}

/// Stages are counted from 0, also in `COPY --from=1`.
fn renumbered(cx: &Context<'_>, stage: &Stage, added: u32) -> Vec<TextEdit> {
    let places = cx.model.stage_references().iter().filter_map(|it| {
        let number: u32 = it.text.parse().ok()?;
        let is_number = cx.model.stage(it.target?)?.name.as_deref() != Some(it.text.as_str());
        let instruction = cx.file().instruction(it.location.instruction)?;
        let range: TextRange = instruction.absolute(it.location.range);
        (number >= stage.id.0 && is_number).then(|| TextEdit::new(range, (number + added).to_string()))
    });
    places.collect()
}

#[cfg(test)]
mod tests {
    use crate::analysis::ide::refactor::tests::{check, check_silent, refusal};

    #[test]
    fn the_end_of_a_stage_keeps_its_name() {
        check(
            "extract-stage",
            "FROM a AS x\r\nENV B=1\r\n\r\n# last\r\n<|>RUN make\r\nRUN c<|>\r\n\r\nFROM d\r\nCOPY --from=0 e f\r\nCOPY --from=x g h\r\n",
            "FROM a AS x-base\r\nENV B=1\r\n\r\nFROM x-base AS x\r\n# last\r\nRUN make\r\nRUN c\r\n\r\nFROM d\r\nCOPY --from=1 e f\r\nCOPY --from=x g h\r\n",
        );
    }

    #[test]
    fn the_start_of_a_stage_needs_no_third_one() {
        check(
            "extract-stage",
            "from --platform=linux/amd64 a\n<|>RUN b<|>\nRUN c\n",
            "from --platform=linux/amd64 a as extracted\nRUN b\n\nfrom extracted\nRUN c\n",
        );
    }

    #[test]
    fn nothing_may_be_lost() {
        assert!(refusal("extract-stage", "FROM a\n<|>CMD b<|>\nENTRYPOINT [\"c\"]\n").contains("CMD"));
        assert!(refusal("extract-stage", "FROM a\n<|>ONBUILD RUN b<|>\nRUN c\n").contains("ONBUILD"));
        check_silent("extract-stage", "FROM a\n<|>RUN b\nRUN c<|>\n");
        check_silent("extract-stage", "<|>FROM a\nRUN b<|>\nRUN c\n");
        check_silent("extract-stage", "FROM a\nRUN <|>b<|>\nRUN c\n");
        check_silent("extract-stage", "FROM a\nRUN b<|>\nRUN c\n");
    }
}
