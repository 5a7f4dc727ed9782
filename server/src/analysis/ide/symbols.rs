//! The outline: stages and the instructions in them; and the names worth finding in a whole workspace.

use smol_str::SmolStr;
use text_size::TextRange;

use crate::analysis::knowledge::Keyword;
use crate::analysis::model::{Base, Model, Stage};
use crate::analysis::syntax::ast::{Arguments, Instruction};
use crate::analysis::syntax::{InstructionId, InstructionRef};

/// An entry of the outline. Ranges are absolute; `name_range` lies inside `range`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    pub name: String,
    pub detail: String,
    pub kind: SymbolKind,
    pub range: TextRange,
    pub name_range: TextRange,
    pub is_deprecated: bool,
    pub children: Vec<Symbol>,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SymbolKind {
    Stage,
    Instruction(Keyword),
    /// A name that is none of the 18 instructions.
    Unknown,
    Variable,
}

/// Longer details are cut: an outline is for finding, not for reading.
const MAX_DETAIL: usize = 80;

/// The outline of a file: what stands before the first `FROM`, then the stages.
pub fn document_symbols(model: &Model) -> Vec<Symbol> {
    let file = model.file();
    let first_stage = model.stages().first().map_or(file.len() as u32, |stage| stage.from.0);
    let mut symbols = instructions(model, 0..first_stage);
    symbols.extend(model.stages().iter().filter_map(|stage| stage_symbol(model, stage)));
    symbols
}

/// Stages and variables, flat: what a search over many files is for.
pub fn workspace_symbols(model: &Model) -> Vec<Symbol> {
    let mut found = Vec::new();
    for symbol in document_symbols(model) {
        let variables = symbol.children.iter().chain([&symbol]).flat_map(|it| &it.children);
        found.extend(variables.filter(|it| it.kind == SymbolKind::Variable).cloned());
        if symbol.kind == SymbolKind::Stage {
            found.push(Symbol { children: Vec::new(), ..symbol });
        }
    }
    found.sort_by_key(|it| it.range.start());
    found
}

fn stage_symbol(model: &Model, stage: &Stage) -> Option<Symbol> {
    let from = model.file().instruction(stage.from)?;
    let last = model.file().instruction(InstructionId(stage.instructions.end.saturating_sub(1)))?;
    let name_range = stage.name_range.unwrap_or(from.node.name.range());
    Some(Symbol {
        name: stage_title(stage, &from),
        detail: summary(&from),
        kind: SymbolKind::Stage,
        range: TextRange::new(from.absolute_range().start(), last.absolute_range().end()),
        name_range: from.absolute(name_range),
        is_deprecated: false,
        children: instructions(model, stage.instructions.start + 1..stage.instructions.end),
    })
}

/// The stage's name, else its base.
fn stage_title(stage: &Stage, from: &Instruction) -> String {
    if let Some(name) = &stage.name {
        return name.to_string();
    }
    match (&stage.base, &from.arguments) {
        (Base::Missing, _) => format!("stage {}", stage.id.0),
        (_, Arguments::From(from)) => {
            from.image.as_ref().map_or_else(String::new, |image| image.raw().to_owned())
        }
        _ => format!("stage {}", stage.id.0),
    }
}

fn instructions(model: &Model, ids: std::ops::Range<u32>) -> Vec<Symbol> {
    ids.filter_map(|id| model.file().instruction(InstructionId(id)))
        .map(|it| instruction_symbol(model, it))
        .collect()
}

fn instruction_symbol(model: &Model, instruction: InstructionRef<'_>) -> Symbol {
    let node = instruction.node;
    Symbol {
        name: node.keyword.map_or_else(|| shorten(node.name.as_str()), |keyword| keyword.as_str().to_owned()),
        detail: summary(node),
        kind: node.keyword.map_or(SymbolKind::Unknown, SymbolKind::Instruction),
        range: instruction.absolute_range(),
        name_range: instruction.absolute(node.name.range()),
        is_deprecated: node.keyword == Some(Keyword::Maintainer),
        children: variables(model, instruction),
    }
}

/// The variables an `ARG` or `ENV` sets.
fn variables(model: &Model, instruction: InstructionRef<'_>) -> Vec<Symbol> {
    let start = model.variables().partition_point(|it| it.location.instruction < instruction.id);
    let own = model.variables().iter().skip(start).take_while(|it| it.location.instruction == instruction.id);
    own.map(|variable| {
        let name = instruction.absolute(variable.location.range);
        let value = variable.value_range.map(|range| instruction.absolute(range));
        Symbol {
            name: variable.name.to_string(),
            detail: value.map_or_else(String::new, |range| shorten(model.file().slice(range))),
            kind: SymbolKind::Variable,
            range: value.map_or(name, |value| name.cover(value)),
            name_range: name,
            is_deprecated: false,
            children: Vec::new(),
        }
    })
    .collect()
}

/// What follows the name, on one line.
fn summary(instruction: &Instruction) -> String {
    let joined = instruction.joined.as_str().trim_start();
    let rest: SmolStr = joined.get(instruction.name.as_str().len()..).unwrap_or_default().into();
    shorten(&rest)
}

fn shorten(text: &str) -> String {
    let mut short = String::new();
    for word in text.split_whitespace() {
        if !short.is_empty() {
            short.push(' ');
        }
        short.extend(word.chars().take(MAX_DETAIL + 1));
        if short.chars().count() > MAX_DETAIL {
            return short.chars().take(MAX_DETAIL).chain(['…']).collect();
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::syntax::Dockerfile;
    use expect_test::expect;

    fn render(symbols: &[Symbol], depth: usize, out: &mut String) {
        for it in symbols {
            *out += &format!("{}{} | {}\n", "  ".repeat(depth), it.name, it.detail);
            render(&it.children, depth + 1, out);
        }
    }

    #[test]
    fn the_outline_is_a_tree_of_stages() {
        let text = "ARG V=1\nFROM a:$V AS build\nRUN make \\\n    all\nENV A=1 B=2\nFROM scratch\nCOPY --from=build /x /\nNOPE x\n";
        let model = Model::new(&Dockerfile::parse(text));
        let mut out = String::new();
        render(&document_symbols(&model), 0, &mut out);
        expect![[r#"
            ARG | V=1
              V | 1
            build | a:$V AS build
              RUN | make all
              ENV | A=1 B=2
                A | 1
                B | 2
            scratch | scratch
              COPY | --from=build /x /
              NOPE | x
        "#]]
        .assert_eq(&out);
        let names: Vec<_> = workspace_symbols(&model).into_iter().map(|it| it.name).collect();
        assert_eq!(names, ["V", "build", "A", "B", "scratch"]);
    }
}
