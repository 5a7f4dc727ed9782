//! `MAINTAINER` to a label.

use super::{Answer, Context, Kind, Recipe, Refactoring};
use crate::analysis::knowledge::Keyword;
use crate::analysis::syntax::ast::Arguments;
use crate::analysis::text::TextEdit;

pub static RECIPE: Recipe = Recipe {
    name: "maintainer-to-label",
    kind: Kind::Rewrite,
    summary: "Writes the deprecated `MAINTAINER` as the label that the OCI image specification names for it.",
    before: "\
FROM scratch
MAINTAINER <|>Jane \"JD\" Doe <jane@example.com>
",
    after: "\
FROM scratch
LABEL org.opencontainers.image.authors=\"Jane \\\"JD\\\" Doe <jane@example.com>\"
",
    offer,
};

fn offer(cx: &Context<'_>) -> Answer {
    let instruction = cx.only_of(Keyword::Maintainer)?;
    let Arguments::Single(Some(name)) = &instruction.node.arguments else { return None };
    let bare = name.raw().strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(name.raw());
    let escape = cx.file().escape();
    let value: String = bare.chars().flat_map(|c| escaped(c, escape)).collect();
    let label = format!("LABEL org.opencontainers.image.authors=\"{value}\"");
    let edit = TextEdit::new(instruction.absolute(instruction.line_range), label);
    Some(Ok(Refactoring::new("Write a `LABEL`", vec![edit])))
}

/// `c` inside of double quotes, standing for itself.
fn escaped(c: char, escape: char) -> impl Iterator<Item = char> {
    let needs_escape = c == '"' || c == '$' || c == escape;
    needs_escape.then_some(escape).into_iter().chain([c])
}

#[cfg(test)]
mod tests {
    use crate::analysis::ide::refactor::tests::{check, check_silent};

    #[test]
    fn dollars_stand_for_themselves() {
        check(
            "maintainer-to-label",
            "# escape=`\nFROM a\nmaintainer <|>\"$x\"\nUSER u",
            "# escape=`\nFROM a\nLABEL org.opencontainers.image.authors=\"`$x\"\nUSER u",
        );
        check_silent("maintainer-to-label", "FROM a\nMAINTAINER<|>\n");
    }
}
