//! `COPY . .` with a `.dockerignore` that forgets something.

use crate::analysis::ignore::Ignore;
use crate::analysis::lint::prelude::*;

rule! {
    /// `COPY .` takes files that do not belong into an image, because `.dockerignore` does not name them.
    ///
    /// `.git` holds the whole history and changes with every commit, so nothing behind the `COPY` is ever taken from the
    /// cache. `.env` often holds passwords. `node_modules` of your machine replaces what `npm` has installed in the
    /// image, and may hold programs for another system.
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// RUN npm ci
    /// COPY . .
    /// //- .dockerignore
    /// dist
    /// ```
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// RUN npm ci
    /// COPY . .
    /// //- .dockerignore
    /// .git
    /// .env
    /// node_modules
    /// ```
    name: "unignored-files",
    aliases: &[],
    severity: Severity::Info,
    url: "https://docs.docker.com/build/concepts/context/#dockerignore-files",
    check: Check::Model(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let Some(ignore) = cx.facts.ignore.as_ref().filter(|it| !it.patterns.is_empty()) else { return };
    for instruction in [Keyword::Copy, Keyword::Add].into_iter().flat_map(|it| cx.with_keyword(it)) {
        let Arguments::Copy(copy) = &instruction.node.arguments else { continue };
        let [source] = copy.sources.as_slice() else { continue };
        let is_whole = matches!(source.raw(), "." | "./") && instruction.node.flag("from").is_none();
        let is_whole = is_whole && instruction.node.flag("exclude").is_none() && copy.destination.is_some();
        let let_in = let_in(cx, ignore);
        if is_whole && !let_in.is_empty() {
            let names: Vec<String> = let_in.iter().map(|it| format!("`{it}`")).collect();
            let message = format!("this may copy {}: name it in `.dockerignore`", names.join(", "));
            report.at(instruction.absolute(source.range()), message);
            return;
        }
    }
}

/// What `ignore` lets in of the things that never belong there.
fn let_in(cx: &ModelContext<'_>, ignore: &Ignore) -> Vec<&'static str> {
    let calls = |names: &[&str]| {
        cx.with_keyword(Keyword::Run)
            .filter_map(|it| cx.shell(it.id))
            .any(|shell| shell.commands().any(|it| it.is_any(names)))
    };
    let mut names = vec![".git", ".env"];
    if calls(&["npm", "yarn", "pnpm", "bun"]) {
        names.push("node_modules");
    }
    names.retain(|name| ignore.is_excluded(name).is_none());
    names
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn what_is_named_or_cannot_be_there_is_fine() {
        check_rule(
            "unignored-files",
            "FROM a\nCOPY --from=b . .\nCOPY . .\n     ^ `.env`\nCOPY . .\n//- .dockerignore\n.git\n",
        );
        check_rule("unignored-files", "FROM a\nCOPY . .\n//- .dockerignore\n.*\n");
        check_rule("unignored-files", "FROM a\nRUN npm ci\nCOPY src .\n//- .dockerignore\nx\n");
        check_rule("unignored-files", "FROM a\nCOPY . .\n");
    }
}
