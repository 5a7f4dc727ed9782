//! Rename of stages, variables and heredoc delimiters: everywhere or not at all.

use text_size::{TextRange, TextSize};

use super::names::{Name, Names, OccurrenceKind};
use crate::analysis::model::scope::is_platform_argument;
use crate::analysis::model::{Model, StageId, VariableKind};

/// The edits of a rename.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// What to replace by the new name, absolute and in order.
    pub ranges: Vec<TextRange>,
    /// What the user should know before agreeing; a sentence.
    pub warning: Option<String>,
}

/// The name at `offset` and its text, when it can be renamed; otherwise why not, as a sentence.
pub fn prepare(model: &Model, offset: TextSize) -> Result<(TextRange, String), String> {
    let names = Names::new(model);
    let (name, range) =
        names.at(offset).ok_or("there is no stage, variable or heredoc delimiter here to rename")?;
    let text = model.file().slice(range);
    match &name {
        Name::Stage(id) if model.stage(*id).is_some_and(|stage| stage.name.is_none()) => {
            Err("this stage has no name: add `AS name` to its FROM first".to_owned())
        }
        Name::Undefined { .. } => {
            Err(format!("`{text}` is not set in this file, so its other uses are not known"))
        }
        Name::Variable(_) if is_platform_argument(text) => {
            Err(format!("`{text}` gets its value from BuildKit under exactly this name"))
        }
        Name::Stage(id) => {
            Ok((range, model.stage(*id).and_then(|stage| stage.name.as_deref()).unwrap_or(text).to_owned()))
        }
        _ => Ok((range, text.trim_matches(['\'', '"']).to_owned())),
    }
}

/// The edits that rename what stands at `offset`, or why they would break the file, as a sentence.
pub fn rename(model: &Model, offset: TextSize, new_name: &str) -> Result<Rename, String> {
    prepare(model, offset)?;
    let names = Names::new(model);
    let (name, _) = names.at(offset).ok_or("there is nothing to rename here")?;
    let warning = match &name {
        Name::Stage(id) => check_stage(model, *id, new_name).map(|()| None),
        Name::Variable(_) => check_variable(model, &names, &name, new_name),
        Name::Heredoc { instruction, index } => {
            check_heredoc(model, *instruction, *index, new_name).map(|()| None)
        }
        Name::Undefined { .. } => Ok(None),
    }?;
    let places = names.occurrences(&name).into_iter().filter(|it| it.kind != OccurrenceKind::ByIndex);
    let ranges = places.map(|it| inside_quotes(model, it.range)).collect();
    Ok(Rename { ranges, warning })
}

/// A quoted delimiter keeps its quotes: they decide whether the body is expanded.
fn inside_quotes(model: &Model, range: TextRange) -> TextRange {
    let text = model.file().slice(range);
    let is_quoted =
        text.len() >= 2 && ['\'', '"'].iter().any(|quote| text.starts_with(*quote) && text.ends_with(*quote));
    let one = TextSize::from(u32::from(is_quoted));
    TextRange::new(range.start() + one, range.end() - one)
}

/// The rule of BuildKit for names after `AS`.
fn check_stage(model: &Model, id: StageId, new_name: &str) -> Result<(), String> {
    let lower = new_name.to_lowercase();
    let is_valid = lower.starts_with(|c: char| c.is_ascii_lowercase())
        && lower.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c));
    if !is_valid {
        return Err(format!(
            "`{new_name}` cannot name a stage: begin with a letter, go on with letters, digits, `-`, `_` or `.`"
        ));
    }
    if ["scratch", "context"].contains(&lower.as_str()) {
        return Err(format!("`{new_name}` is reserved by Docker, choose another stage name"));
    }
    if model.stages().iter().any(|stage| stage.id != id && stage.name.as_deref() == Some(lower.as_str())) {
        return Err(format!("another stage is already named `{new_name}`"));
    }
    Ok(())
}

fn check_variable(
    model: &Model,
    names: &Names<'_>,
    name: &Name,
    new_name: &str,
) -> Result<Option<String>, String> {
    let Name::Variable(id) = name else { return Ok(None) };
    let is_valid = new_name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && new_name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_valid {
        return Err(format!(
            "`{new_name}` cannot name a variable: begin with a letter or `_`, go on with letters, digits or `_`"
        ));
    }
    let family: Vec<_> = names.family(*id).collect();
    let taken = model
        .variables()
        .iter()
        .any(|it| it.name == new_name && family.iter().any(|own| own.stage == it.stage && own.id != it.id));
    if taken {
        return Err(format!("`{new_name}` is already set in the same scope"));
    }
    let is_argument = family.iter().any(|it| it.kind == VariableKind::Arg);
    let old = family.first().map(|it| it.name.to_string()).unwrap_or_default();
    Ok(is_argument
        .then(|| format!("builds that pass `--build-arg {old}=…` must pass `{new_name}` from now on")))
}

fn check_heredoc(
    model: &Model,
    instruction: crate::analysis::syntax::InstructionId,
    index: usize,
    new_name: &str,
) -> Result<(), String> {
    let is_valid = !new_name.is_empty()
        && !new_name.contains(|c: char| c.is_whitespace() || "'\"\\<>$;&|()".contains(c));
    if !is_valid {
        return Err(format!("`{new_name}` cannot end a heredoc: use letters and digits only"));
    }
    let Some(instruction) = model.file().instruction(instruction) else { return Ok(()) };
    let body =
        instruction.node.heredocs.get(index).map(|it| model.file().slice(instruction.absolute(it.body)));
    if body.is_some_and(|body| body.lines().any(|line| line.trim_start_matches('\t') == new_name)) {
        return Err(format!("a line of the heredoc already reads `{new_name}`, it would end there"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Fixture;

    fn renamed(source: &str, new_name: &str) -> Result<String, String> {
        let fixture = Fixture::new(source);
        let edits = rename(&fixture.model(), fixture.cursor(), new_name)?;
        let mut text = fixture.text.clone();
        for range in edits.ranges.iter().rev() {
            text.replace_range(usize::from(range.start())..usize::from(range.end()), new_name);
        }
        Ok(text)
    }

    #[test]
    fn a_stage_is_renamed_everywhere_but_where_its_index_stands() {
        assert_eq!(
            renamed("FROM a AS b\nFROM <|>b\nCOPY --from=B x y\nCOPY --from=0 x y\n", "build").unwrap(),
            "FROM a AS build\nFROM build\nCOPY --from=build x y\nCOPY --from=0 x y\n"
        );
    }

    #[test]
    fn a_variable_is_renamed_in_words_and_in_shell_text() {
        assert_eq!(
            renamed("ARG <|>V=1\nFROM a:${V}\nARG V\nRUN echo $V${V#x}\n", "W").unwrap(),
            "ARG W=1\nFROM a:${W}\nARG W\nRUN echo $W${W#x}\n"
        );
    }

    #[test]
    fn a_heredoc_keeps_its_quotes() {
        assert_eq!(renamed("RUN <<'E<|>OF'\nls\nEOF\n", "END").unwrap(), "RUN <<'END'\nls\nEND\n");
    }

    #[test]
    fn names_that_would_break_the_file_are_refused() {
        for (source, new_name) in [
            ("FROM a AS <|>b\n", "1b"),
            ("FROM a AS <|>b\n", "scratch"),
            ("FROM a AS <|>b\nFROM c AS d\n", "D"),
            ("FROM a\nENV <|>X=1\n", "a-b"),
            ("FROM a\nENV <|>X=1 Y=2\n", "Y"),
            ("FROM a\nARG <|>TARGETARCH\n", "x"),
            ("FROM a\nRUN <<<|>A\nB\nA\n", "B"),
            ("FROM a\nRUN echo $<|>UNSET\n", "x"),
            ("FR<|>OM a\n", "x"),
        ] {
            assert!(renamed(source, new_name).is_err(), "{source} -> {new_name}");
        }
    }

    #[test]
    fn renaming_a_build_argument_warns_its_callers() {
        let fixture = Fixture::new("FROM a\nARG <|>X\n");
        assert!(
            rename(&fixture.model(), fixture.cursor(), "Y")
                .unwrap()
                .warning
                .unwrap()
                .contains("--build-arg X")
        );
    }
}
