//! What can be explained, as Markdown.

use crate::analysis::knowledge::{self, BUILD_VARIABLES, DIRECTIVES, Keyword, TERMS};
use crate::analysis::lint::RULES;

/// Headings with lists.
pub fn list() -> String {
    let mut out =
        String::from("# What can be explained\n\nWrite `dockwright explain` and one of these names.\n");
    let mut section = |title: &str, items: Vec<(String, &str)>| {
        let width = items.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        let lines =
            items.iter().map(|(name, summary)| format!("{name:<width$}  {summary}").trim_end().to_owned());
        out += &format!("\n## {title}\n\n```\n{}\n```\n", lines.collect::<Vec<_>>().join("\n"));
    };
    let instructions =
        Keyword::ALL.into_iter().map(|it| (it.as_str().to_owned(), knowledge::instruction(it).summary));
    section("Instructions", instructions.collect());
    section("Flags", flags());
    section(
        "Parser directives",
        DIRECTIVES.iter().map(|it| (format!("# {}=", it.name), it.summary)).collect(),
    );
    let variables = BUILD_VARIABLES.iter().map(|it| (it.name.to_owned(), it.summary));
    section("Variables of the builder", variables.collect());
    section("Rules", RULES.iter().map(|it| (it.name.to_owned(), it.summary())).collect());
    section("Words", TERMS.iter().map(|it| (it.word.to_owned(), "")).collect());
    out + "\nAlso signals (`SIGTERM`), common environment variables (`PYTHONUNBUFFERED`), shell commands (`apt-get`), \
           and rules by the names that BuildKit and hadolint have for them (`DL4000`).\n"
}

fn flags() -> Vec<(String, &'static str)> {
    let of = |keyword: Keyword| {
        knowledge::flags(keyword)
            .iter()
            .map(move |it| (format!("{} --{}", keyword.as_str(), it.name), it.summary))
    };
    Keyword::ALL.into_iter().flat_map(of).collect()
}
