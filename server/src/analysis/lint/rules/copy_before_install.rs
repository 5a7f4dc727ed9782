//! `COPY . .` and then `RUN npm ci`.

use crate::analysis::lint::prelude::*;

rule! {
    /// All files are copied before the dependencies are installed, so every change installs them again.
    ///
    /// Docker takes up again where the first changed instruction stands. After `COPY . .` that is every time you edit any
    /// file, and `npm ci` or `pip install` then runs in full.
    ///
    /// ```dockerfile bad
    /// FROM node:24
    /// WORKDIR /app
    /// COPY . .
    /// RUN npm ci
    /// ```
    ///
    /// Copy the list of dependencies first, install, and copy the rest:
    ///
    /// ```dockerfile good
    /// FROM node:24
    /// WORKDIR /app
    /// COPY package.json package-lock.json ./
    /// RUN npm ci
    /// COPY . .
    /// ```
    name: "copy-before-install",
    aliases: &[],
    severity: Severity::Info,
    url: "https://docs.docker.com/build/cache/optimize/#order-your-layers",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    let mut copied: Option<TextRange> = None;
    for instruction in cx.instructions() {
        match instruction.keyword {
            Some(Keyword::Copy | Keyword::Add) if copied.is_none() => copied = whole_context(instruction),
            Some(Keyword::Run) => {
                let Some(shell) = cx.cx.shell(instruction.id) else { continue };
                let mounts_cache = !shell.volatile_targets().is_empty();
                let install = shell.commands().find(|it| manifest(it.command).is_some());
                let Some(install) = install else { continue };
                let (Some(copied), Some(manifest)) = (copied, manifest(install.command)) else { return };
                if mounts_cache {
                    return;
                }
                let message = format!(
                    "every change of any file runs `{}` again: copy {manifest} and install before this",
                    [install.name(), install.subcommand().map_or("", |it| it.as_str())].join(" ").trim_end(),
                );
                let place = instruction.absolute(install.words_range());
                report.at(copied, message).related(place, "installs the dependencies");
                return;
            }
            _ => {}
        }
    }
}

/// The source `.` of the context.
fn whole_context(instruction: InstructionRef<'_>) -> Option<TextRange> {
    let Arguments::Copy(copy) = &instruction.node.arguments else { return None };
    let [source] = copy.sources.as_slice() else { return None };
    let is_whole = matches!(source.raw(), "." | "./") && instruction.node.flag("from").is_none();
    (is_whole && copy.destination.is_some()).then(|| instruction.absolute(source.range()))
}

/// The files that alone decide what `command` installs; `None` if it installs something else.
fn manifest(command: &ShellCommand) -> Option<&'static str> {
    let words: Vec<&str> =
        command.arguments.iter().map(|it| it.as_str()).filter(|it| !it.starts_with('-')).collect();
    if command.has_any_flag(&["g", "global", "e", "editable", "prefix", "C", "cwd", "offline"]) {
        return None;
    }
    match (command.name(), words.as_slice()) {
        ("npm", ["ci" | "install" | "i"]) => Some("`package.json` and `package-lock.json`"),
        ("yarn", [] | ["install"]) if !command.has_flag("version") => Some("`package.json` and `yarn.lock`"),
        ("pnpm", ["install" | "i"]) => Some("`package.json` and `pnpm-lock.yaml`"),
        ("bun", ["install" | "i"]) => Some("`package.json` and `bun.lock`"),
        ("pip" | "pip3", ["install", file]) if command.has_any_flag(&["r", "requirement"]) => {
            file.ends_with(".txt").then_some("the requirements")
        }
        ("bundle", ["install"]) => Some("`Gemfile` and `Gemfile.lock`"),
        ("go", ["mod", "download"]) => Some("`go.mod` and `go.sum`"),
        ("cargo", ["fetch"]) => Some("`Cargo.toml` and `Cargo.lock`"),
        ("dotnet", ["restore"]) => Some("the project files"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn the_first_install_counts() {
        check_rule(
            "copy-before-install",
            "FROM a\nCOPY . /x\n     ^ `npm ci`\nRUN npm ci --omit=dev\nFROM b\nADD ./ .\n    ^^ the requirements\nRUN pip install -r x.txt\nFROM c\nCOPY package.json .\nRUN npm ci\nCOPY . .\nRUN npm ci\n",
        );
    }

    #[test]
    fn what_needs_the_sources_may_come_after_them() {
        check_rule(
            "copy-before-install",
            "FROM a\nCOPY . .\nRUN pip install .\nRUN npm i -g x\nRUN npm run build\nFROM b\nCOPY --from=a . .\nRUN npm ci\nFROM c\nCOPY . .\nRUN --mount=type=cache,target=/root/.npm npm ci\n",
        );
    }
}
