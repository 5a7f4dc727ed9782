//! `MAINTAINER` to a label.

use super::{Answer, Context, Kind, Recipe, Refactoring};
use crate::analysis::knowledge::{Keyword, authors_label};
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
    let label = authors_label(name.raw(), cx.file().escape());
    let edit = TextEdit::new(instruction.absolute(instruction.line_range), label);
    Some(Ok(Refactoring::new("Write a `LABEL`", vec![edit])))
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
