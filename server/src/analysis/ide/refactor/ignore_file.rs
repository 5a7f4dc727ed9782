//! The `.dockerignore` that a project should have, as far as its files and its Dockerfile tell.
//!
//! Not a recipe: it changes another file, and the names of the project's files come from the disk.

use text_size::TextRange;

use super::Context;
use crate::analysis::ignore::{self, Ignore};
use crate::analysis::knowledge::{COMMON_IGNORED, Keyword, templates_for};
use crate::analysis::model::Model;
use crate::analysis::syntax::InstructionRef;
use crate::analysis::syntax::ast::Arguments;

/// What never belongs into an image, whatever the project is.
const ALWAYS: &[&str] = &[".git", ".env"];

/// What can be done about the `.dockerignore` at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IgnoreAction {
    /// There is none.
    Create,
    /// There is one without these lines.
    Add(Vec<String>),
}

impl IgnoreAction {
    pub fn title(&self) -> String {
        match self {
            IgnoreAction::Create => "Create a `.dockerignore` for this project".to_owned(),
            IgnoreAction::Add(lines) => {
                let names: Vec<String> = lines.iter().map(|it| format!("`{it}`")).collect();
                format!("Add {} to `.dockerignore`", names.join(", "))
            }
        }
    }
}

/// The action for a `COPY` or `ADD` of the whole context in `range` (absolute); `ignore` is the file that is there.
pub fn ignore_action(model: &Model, range: TextRange, ignore: Option<&Ignore>) -> Option<IgnoreAction> {
    let cx = Context::new(model, range);
    cx.only().filter(copies_everything)?;
    let Some(ignore) = ignore else { return Some(IgnoreAction::Create) };
    let mut lines: Vec<String> = ALWAYS.iter().map(|it| (*it).to_owned()).collect();
    if runs_any(&cx, &["npm", "yarn", "pnpm", "bun"]) {
        lines.push("node_modules".to_owned());
    }
    lines.retain(|it| ignore.is_excluded(it).is_none() && !is_copied(model, it));
    (!lines.is_empty()).then_some(IgnoreAction::Add(lines))
}

/// The text of a new `.dockerignore` for a project with the files `names` (of its top folder). What the Dockerfile
/// copies by name is not left out.
pub fn new_ignore_file(model: &Model, names: &[&str]) -> String {
    let own = templates_for(names).first().map_or(&[][..], |it| it.ignored);
    let mut lines: Vec<&str> = Vec::new();
    for line in COMMON_IGNORED.iter().chain(own) {
        if !lines.contains(line) && !is_copied(model, line) {
            lines.push(line);
        }
    }
    lines.iter().flat_map(|line| [*line, "\n"]).collect()
}

fn copies_everything(instruction: &InstructionRef<'_>) -> bool {
    let Arguments::Copy(copy) = &instruction.node.arguments else { return false };
    let is_whole = copy.sources.iter().any(|it| matches!(it.raw(), "." | "./"));
    is_whole && copy.destination.is_some() && instruction.node.flag("from").is_none()
}

fn runs_any(cx: &Context<'_>, names: &[&str]) -> bool {
    let runs = cx.file().instructions().filter(|it| it.keyword == Some(Keyword::Run));
    runs.flat_map(|it| cx.texts(it)).any(|text| text.script().commands().any(|it| it.is_any(names)))
}

/// Whether the line would keep something away that the Dockerfile copies by its name.
fn is_copied(model: &Model, line: &str) -> bool {
    let ignore = ignore::parse(line);
    let copies = model.file().instructions().filter(|it| it.node.flag("from").is_none());
    let sources = copies.filter_map(|it| match &it.node.arguments {
        Arguments::Copy(copy) => Some(copy.sources.iter().filter_map(|it| it.literal()).collect::<Vec<_>>()),
        _ => None,
    });
    sources.flatten().any(|source| {
        let prefix = source.split(['*', '?', '[']).next().unwrap_or_default();
        let is_named = !matches!(source.as_str(), "." | "./" | "") && ignore.is_excluded(&source).is_some();
        let is_pattern = prefix.len() < source.len()
            && !prefix.is_empty()
            && line.trim_end_matches('*').starts_with(prefix);
        is_named || is_pattern
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::ide::refactor::tests::marked;
    use crate::analysis::syntax::Dockerfile;

    fn action(source: &str, ignore: Option<&str>) -> Option<IgnoreAction> {
        let (text, range) = marked(source);
        let model = Model::new(&Dockerfile::parse(text));
        ignore_action(&model, range, ignore.map(ignore::parse).as_ref())
    }

    #[test]
    fn only_a_copy_of_everything_asks_for_one() {
        assert_eq!(action("FROM a\nCOPY . <|>.\n", None), Some(IgnoreAction::Create));
        assert_eq!(action("FROM a\nCOPY b <|>.\n", None), None);
        assert_eq!(action("FROM a\nCOPY --from=c . <|>.\n", None), None);
    }

    #[test]
    fn only_what_is_missing_is_added() {
        let lines = |it: &[&str]| Some(IgnoreAction::Add(it.iter().map(|it| (*it).to_owned()).collect()));
        assert_eq!(
            action("FROM a\nRUN npm ci\nADD . <|>.\n", Some("*.md\n")),
            lines(&[".git", ".env", "node_modules"])
        );
        assert_eq!(action("FROM a\nCOPY . <|>.\n", Some(".git\n")), lines(&[".env"]));
        assert_eq!(action("FROM a\nCOPY .env <|>. /\n", Some("x\n")), lines(&[".git"]));
        assert_eq!(action("FROM a\nCOPY . <|>.\n", Some(".*\n")), None);
    }

    #[test]
    fn what_is_copied_by_name_is_not_left_out() {
        let model = |text: &str| Model::new(&Dockerfile::parse(text));
        let text = new_ignore_file(&model("FROM a\nCOPY . .\n"), &["package.json"]);
        assert!(text.contains("\nnode_modules\n") && text.contains("\ndist\n"), "{text}");
        let text = new_ignore_file(&model("FROM a\nCOPY dist/ /x\n"), &["package.json"]);
        assert!(text.contains("\nnode_modules\n") && !text.contains("\ndist\n"), "{text}");
    }
}
