//! The page about all refactorings, written from the recipes.

use super::{RECIPES, Recipe};

/// `server/docs/refactorings.md`.
pub fn page() -> String {
    let mut page = String::from(HEAD);
    for recipe in RECIPES {
        page += &format!("| [{name}](#{name}) | `{}` |\n", recipe.kind.as_str(), name = recipe.name);
    }
    page += "| [ignore-file](#ignore-file) | `refactor.rewrite` |\n";
    for recipe in RECIPES {
        page += &section(recipe);
    }
    page + IGNORE_FILE
}

const HEAD: &str = "\
# Refactorings

Changes that the editor makes for you, as code actions. Written by a test from `server/src/analysis/ide/refactor/`.

Put the cursor on an instruction, or select some, and ask for code actions. Only what fits the place is offered; what \
fits but would do harm is shown with the reason, where the editor can show that. After a change the file parses as well \
as before, everything outside of it stays as it is byte for byte, and comments, quotes, line breaks (also CRLF) and the \
`escape` directive are kept. A change that something outside the file must follow, such as a flag for `docker build`, \
says so; editors with a preview ask before they apply it. Nothing here looks at the network, and only the action for \
`.dockerignore` looks at the disk.

| refactoring | kind |
|-|-|
";

const IGNORE_FILE: &str = "
## ignore-file

On a `COPY` or `ADD` of the whole context: creates a `.dockerignore` with what a project of this kind has and no image \
needs, by the files beside the Dockerfile, or adds `.git`, `.env` and `node_modules` to the one that is there, at its top \
so that exceptions still count. What the Dockerfile copies by name is not left out. The folder is looked at when the \
action is picked.
";

fn section(recipe: &Recipe) -> String {
    let before = recipe.before.replace("<|>", "");
    format!(
        "\n## {}\n\n{}\n\n```dockerfile\n{before}```\n\nbecomes\n\n```dockerfile\n{}```\n",
        recipe.name, recipe.summary, recipe.after
    )
}
