//! Go to definition: where a name is set, or the file that a `COPY` takes.

use text_size::{TextRange, TextSize};

use super::names::{Name, Names, OccurrenceKind};
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::Model;
use crate::analysis::syntax::ast::Arguments;

/// Where to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Definition {
    /// `name` is the range to select, `whole` the instruction around it; both absolute, in this file.
    Here { name: TextRange, whole: TextRange },
    /// A path of the build context, `/`-separated, without wildcards; whether it exists is the caller's to find out.
    ContextPath(String),
}

/// What the word at `offset` refers to, with the range of that word; empty when it refers to nothing known.
pub fn definition(model: &Model, offset: TextSize) -> (Option<TextRange>, Vec<Definition>) {
    let names = Names::new(model);
    match names.at(offset) {
        Some((name, range)) => (Some(range), definitions_of(model, &names, &name, range)),
        None => match context_path(model, offset) {
            Some((range, path)) => (Some(range), vec![Definition::ContextPath(path)]),
            None => (None, Vec::new()),
        },
    }
}

/// Of `name`, written at `range`.
fn definitions_of(model: &Model, names: &Names<'_>, name: &Name, range: TextRange) -> Vec<Definition> {
    match name {
        Name::Variable(_) => variable_definition(model, range).into_iter().collect(),
        Name::Stage(id) => stage_definition(model, *id).into_iter().collect(),
        _ => {
            let places = names.occurrences(name);
            let found = places.iter().filter(|it| it.kind == OccurrenceKind::Definition);
            found.filter_map(|it| here(model, it.range)).collect()
        }
    }
}

/// The name after `AS`, or the `FROM` of a stage that has none.
fn stage_definition(model: &Model, id: crate::analysis::model::StageId) -> Option<Definition> {
    let stage = model.stage(id)?;
    let from = model.file().instruction(stage.from)?;
    let name = stage.name_range.unwrap_or(from.node.name.range());
    Some(Definition::Here { name: from.absolute(name), whole: from.absolute_range() })
}

/// The definition in force of the variable at `range`; at a bare `ARG` in a stage, the global one it takes its value from.
fn variable_definition(model: &Model, range: TextRange) -> Option<Definition> {
    let at = model.file().instruction_at(range.start())?;
    let own = model.variables_set_by(at.id).iter().find(|it| at.absolute(it.location.range) == range);
    if let Some(own) = own {
        let target = own.global.and_then(|id| model.variable(id)).unwrap_or(own);
        return here(model, model.file().range(target.location)?);
    }
    let resolved = model.resolve(model.file().slice(range), at.id)?;
    here(model, model.file().range(resolved.location)?)
}

fn here(model: &Model, name: TextRange) -> Option<Definition> {
    let whole = model.file().instruction_at(name.start())?.absolute_range();
    Some(Definition::Here { name, whole })
}

/// The source of a `COPY`/`ADD` at `offset`, when it is a plain path of the build context.
fn context_path(model: &Model, offset: TextSize) -> Option<(TextRange, String)> {
    let instruction = model.file().instruction_at(offset)?;
    context_sources(model, instruction).into_iter().find(|(range, _)| range.contains_inclusive(offset))
}

/// The sources of a `COPY`/`ADD` that name one file or folder of the build context (absolute range, path).
pub(super) fn context_sources(
    model: &Model,
    instruction: crate::analysis::syntax::InstructionRef<'_>,
) -> Vec<(TextRange, String)> {
    let node = instruction.node.innermost();
    let takes_context =
        matches!(node.keyword, Some(Keyword::Copy | Keyword::Add)) && node.flag("from").is_none();
    let Arguments::Copy(copy) = &node.arguments else { return Vec::new() };
    let sources = copy.sources.iter().filter(|_| takes_context && copy.destination.is_some());
    sources
        .filter_map(|word| {
            let value = model.expand(word, instruction.id);
            let path = value.text()?;
            let is_plain =
                !path.is_empty() && !path.contains(['*', '?', '[', '\\']) && !path.starts_with("<<");
            let is_url = path.contains("://") || path.starts_with("git@");
            let path = path.trim_start_matches('/');
            (is_plain && !is_url && !path.is_empty())
                .then(|| (instruction.absolute(word.range()), path.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Fixture;

    fn check(source: &str) {
        let fixture = Fixture::new(source);
        let model = fixture.model();
        let found = definition(&model, fixture.cursor()).1.into_iter().map(|it| match it {
            Definition::Here { name, .. } => (name, "here".to_owned()),
            Definition::ContextPath(path) => (TextRange::empty(0.into()), path),
        });
        crate::analysis::testing::assert_annotated(&fixture, found.collect());
    }

    #[test]
    fn a_stage_is_defined_by_its_from() {
        check("FROM a AS build\n          ^^^^^ here\nFROM b\nCOPY --from=bu<|>ild /x /y\n");
        check("FROM a AS build\n          ^^^^^ here\nFROM BUI<|>LD\n");
        check("FROM a\n^^^^ here\nFROM b\nCOPY --from=<|>0 /x /y\n");
        check("FROM a AS b\n          ^ here\nFROM c\nRUN --mount=type=bind,from=<|>b,target=/x ls\n");
    }

    #[test]
    fn a_variable_is_defined_where_it_was_set_last() {
        check("FROM a\nENV X=1\nENV X=2\n    ^ here\nUSER $<|>X\nENV X=3\n");
        check("FROM a AS b\nENV X=1\n    ^ here\nFROM b\nUSER ${<|>X:-y}\n");
        check("FROM a\nARG X\n    ^ here\nRUN echo \"$<|>X\"\n");
    }

    #[test]
    fn a_bare_arg_leads_to_the_global_one() {
        check("ARG X=1\n    ^ here\nFROM a\nARG <|>X\n");
    }

    #[test]
    fn a_source_leads_to_the_file() {
        let fixture = Fixture::new("FROM a\nCOPY ./src/ma<|>in.rs /x\n");
        assert_eq!(
            definition(&fixture.model(), fixture.cursor()).1,
            [Definition::ContextPath("./src/main.rs".to_owned())]
        );
    }

    #[test]
    fn a_heredoc_end_leads_to_its_marker() {
        check("FROM a\nRUN <<-EOF\n       ^^^ here\nls\n\tEO<|>F\n");
    }
}
