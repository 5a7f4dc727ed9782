//! An `ARG` put in where it is used.

use super::secret::{is_at_declaration, without};
use super::{Answer, Context, Kind, Recipe, Refactoring, Refusal};
use crate::analysis::ide::OccurrenceKind;
use crate::analysis::ide::names::{Name, Names};
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::{Variable, VariableKind};
use crate::analysis::syntax::ast::Arguments;
use crate::analysis::text::TextEdit;

pub static RECIPE: Recipe = Recipe {
    name: "inline-arg",
    kind: Kind::Inline,
    summary: "Writes the default of an `ARG` in every place that uses it, also in the shell text of `RUN`, and takes its \
declarations away. Refused for several or unknown defaults, for `${NAME:-…}` and its kin, and for values that would be \
read differently in one of the places. `--build-arg` no longer changes it.",
    before: "\
ARG <|>NODE_VERSION=24
FROM node:${NODE_VERSION}-slim
ARG NODE_VERSION
RUN echo \"on $NODE_VERSION\"
",
    after: "\
FROM node:24-slim
RUN echo \"on 24\"
",
    offer,
};

fn offer(cx: &Context<'_>) -> Answer {
    let here = cx.only_of(Keyword::Arg)?;
    let own: Vec<&Variable> =
        cx.model.variables().iter().filter(|it| it.location.instruction == here.id).collect();
    let variable = match own.as_slice() {
        [only] => *only,
        several => several.iter().find(|it| is_at_declaration(cx, here, it))?,
    };
    let names = Names::new(cx.model);
    let family: Vec<&Variable> = names.family(variable.id).collect();
    let occurrences = names.occurrences(&Name::Variable(family.first()?.id));
    let uses: Vec<_> = occurrences.into_iter().filter(|it| it.kind != OccurrenceKind::Definition).collect();
    if uses.is_empty() {
        return None;
    }
    let title = format!("Inline `{}`", variable.name);
    let refuse = |reason: String| Some(Err(Refusal::new(title.clone(), reason)));
    let Some(value) = default(cx, &family) else {
        return refuse("it has no default, several, or one that is made of other variables".to_owned());
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+,".contains(c);
    if value.is_empty() || !value.chars().all(is_plain) {
        return refuse(format!("the shell and BuildKit would not always take `{value}` as one word"));
    }
    let mut edits = Vec::new();
    for place in uses {
        let text = cx.file().text();
        let before = text.get(..usize::from(place.range.start())).unwrap_or_default();
        let after = text.get(usize::from(place.range.end())..).unwrap_or_default();
        let range = if before.ends_with("${") && after.starts_with('}') {
            text_size::TextRange::new(
                place.range.start() - text_size::TextSize::from(2),
                place.range.end() + text_size::TextSize::from(1),
            )
        } else if before.ends_with('$') {
            text_size::TextRange::new(place.range.start() - text_size::TextSize::from(1), place.range.end())
        } else {
            return refuse("one of its uses does more than write the value, as `${NAME:-…}` does".to_owned());
        };
        edits.push(TextEdit::new(range, value.as_str()));
    }
    for definition in &family {
        edits.push(without(cx, definition)?);
    }
    edits.sort_by_key(|it| it.range.start());
    edits.dedup();
    let warning = format!("`--build-arg {}=…` changes nothing any more", variable.name);
    Some(Ok(Refactoring::new(format!("{title}: write `{value}` instead"), edits).warn(warning)))
}

/// The one default of all declarations.
fn default(cx: &Context<'_>, family: &[&Variable]) -> Option<String> {
    let mut found: Option<String> = None;
    for variable in family {
        let instruction = cx.file().instruction(variable.location.instruction)?;
        let Arguments::Arg(list) = &instruction.node.arguments else { return None };
        let own = list.iter().find(|it| it.range.contains_range(variable.location.range))?;
        let Some(word) = &own.value else { continue };
        let value = word.literal()?.to_string();
        if variable.kind != VariableKind::Arg || found.as_ref().is_some_and(|it| *it != value) {
            return None;
        }
        found = Some(value);
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::analysis::ide::refactor::tests::{check, check_silent, refusal};

    #[test]
    fn one_of_several_goes_alone() {
        check(
            "inline-arg",
            "FROM a\r\nARG B=1 C=\"2.0\"<|> \\\r\n  D\r\nCOPY x-$C /${B}\r\nRUN y $C '$C'\r\n",
            "FROM a\r\nARG B=1 D\r\nCOPY x-2.0 /${B}\r\nRUN y 2.0 '$C'\r\n",
        );
    }

    #[test]
    fn what_is_not_one_value_is_refused() {
        assert!(refusal("inline-arg", "FROM a\nARG B<|>\nCOPY $B .\n").contains("default"));
        assert!(refusal("inline-arg", "FROM a\nARG B=1<|>\nCOPY ${B:-2} .\n").contains("more than"));
        assert!(refusal("inline-arg", "FROM a\nARG B=\"1 2\"<|>\nRUN x $B\n").contains("one word"));
        assert!(refusal("inline-arg", "FROM a\nARG B=1<|>\nENV B=$B\n").contains("default"));
        check_silent("inline-arg", "FROM a\nARG B=1<|>\n");
    }
}
