//! Comments above `ARG` and `FROM`.

use crate::analysis::lint::prelude::*;

rule! {
    /// The comment above an `ARG` or a stage does not begin with its name, so it is no description of it.
    ///
    /// `docker build --call=outline` and `--call=targets` show descriptions of arguments and stages. They are taken from
    /// the comment directly above, if it begins with the name.
    ///
    /// ```dockerfile bad
    /// # which release to install
    /// ARG VERSION=1
    /// FROM alpine:3.22
    /// ```
    ///
    /// ```dockerfile good
    /// # VERSION is the release to install
    /// ARG VERSION=1
    /// FROM alpine:3.22
    /// ```
    ///
    /// A comment that is no description is set apart by a line with `#` alone (a blank line does not do it):
    ///
    /// ```dockerfile good
    /// # Arguments
    /// #
    /// ARG VERSION=1
    /// FROM alpine:3.22
    /// ```
    ///
    /// BuildKit calls this check experimental: it runs only if it is selected, or if the file begins with
    /// `# check=experimental=InvalidDefinitionDescription`.
    name: "malformed-description",
    aliases: &["InvalidDefinitionDescription"],
    severity: Severity::Info,
    buildkit: true,
    experimental: true,
    url: "https://docs.docker.com/go/dockerfile/rule/invalid-definition-description/",
    check: Check::Model(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for instruction in cx.with_keyword(Keyword::Arg).chain(cx.with_keyword(Keyword::From)) {
        let names = names(instruction.node);
        let Some(comment) = cx.last_comment_above(instruction).filter(|_| !names.is_empty()) else {
            continue;
        };
        let first_word = cx.comment_text(comment).split(' ').next().unwrap_or_default();
        if !names.iter().any(|name| name == first_word) {
            let example = match names.as_slice() {
                [name] => format!("`# {name} …`"),
                _ => "`# NAME …` with one of its names".to_owned(),
            };
            let what = if instruction.keyword == Some(Keyword::Arg) { "argument" } else { "stage" };
            report.at(
                comment,
                format!("this comment does not describe the {what} below: begin it with {example}"),
            );
        }
    }
}

fn names(instruction: &Instruction) -> Vec<String> {
    match &instruction.arguments {
        Arguments::From(from) => {
            let name = from.name.as_ref().filter(|_| from.rest.is_empty());
            name.map(|name| name.as_str().to_lowercase()).into_iter().collect()
        }
        Arguments::Arg(declarations) => declarations.iter().map(|it| it.name.raw().to_owned()).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_an_empty_comment_sets_a_comment_apart() {
        check_rule(
            "malformed-description",
            "# x\n^^^ `# A …`\n\nARG A\n# y\n#\nARG B\n# B y\n# z\n^^^\nFROM a AS b\n# v\nFROM c\n",
        );
    }

    #[test]
    fn directives_are_no_descriptions() {
        check_rule("malformed-description", "# syntax=docker/dockerfile:1\nARG A\nFROM a\n");
    }
}
