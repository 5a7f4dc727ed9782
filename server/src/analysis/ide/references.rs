//! References and highlights: every place a name is written.

use text_size::{TextRange, TextSize};

use super::names::{Names, OccurrenceKind};
use crate::analysis::model::Model;

/// All places the name at `offset` is written, absolute and in order; the definitions only when asked for.
pub fn references(model: &Model, offset: TextSize, with_definitions: bool) -> Vec<TextRange> {
    let places = occurrences(model, offset);
    let wanted =
        places.into_iter().filter(|(_, kind)| with_definitions || *kind != OccurrenceKind::Definition);
    wanted.map(|(range, _)| range).collect()
}

/// All places of the name at `offset`, each with what it does there.
pub fn highlights(model: &Model, offset: TextSize) -> Vec<(TextRange, OccurrenceKind)> {
    occurrences(model, offset)
}

fn occurrences(model: &Model, offset: TextSize) -> Vec<(TextRange, OccurrenceKind)> {
    let names = Names::new(model);
    let Some((name, _)) = names.at(offset) else { return Vec::new() };
    names.occurrences(&name).into_iter().map(|it| (it.range, it.kind)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{Fixture, assert_annotated};

    fn check(source: &str) {
        let fixture = Fixture::new(source);
        let found = highlights(&fixture.model(), fixture.cursor()).into_iter().map(|(range, kind)| {
            let kind = match kind {
                OccurrenceKind::Definition => "def",
                OccurrenceKind::Use => "use",
                OccurrenceKind::ByIndex => "index",
            };
            (range, kind.to_owned())
        });
        assert_annotated(&fixture, found.collect());
    }

    #[test]
    fn a_stage_is_found_wherever_it_is_named() {
        check(
            "FROM a AS <|>b\n          ^ def\nFROM b AS c\n     ^ use\nCOPY --from=B x y\n            ^ use\nCOPY --from=0 x y\n            ^ index\nRUN --mount=type=bind,from=b,target=/t ls\n                           ^ use\n",
        );
    }

    #[test]
    fn a_variable_is_followed_through_stages_and_shell_text() {
        check(
            "ARG V=1\n    ^ def\nFROM a:$V AS b\n        ^ use\nARG <|>V\n    ^ def\nRUN echo $V '$V' \"${V:-x}\"\n          ^ use\n                    ^ use\nFROM b\nENV V=2\n    ^ def\nUSER $V\n      ^ use\n",
        );
    }

    #[test]
    fn the_same_name_in_an_unrelated_stage_is_another_variable() {
        check("FROM a\nENV X=1\nRUN echo $X\nFROM b\nENV X=2\n    ^ def\nRUN echo $<|>X\n          ^ use\n");
    }

    #[test]
    fn what_the_shell_sets_itself_is_not_the_files() {
        check("FROM a\nENV <|>X=1\n    ^ def\nRUN X=2; echo $X\nRUN echo $X\n          ^ use\n");
    }

    #[test]
    fn a_copy_heredoc_uses_variables() {
        check("FROM a\nENV <|>X=1\n    ^ def\nCOPY <<E /x\n'$X'\n  ^ use\nE\nCOPY <<'E' /x\n$X\nE\n");
    }
}
