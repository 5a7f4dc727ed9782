//! The dependency install before `COPY . .`.

use super::context::RunLine;
use super::segments::{Join, Segment};
use super::{Answer, Context, Kind, Recipe, Refactoring, Refusal};
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::shell::ShellCommand;
use crate::analysis::syntax::InstructionRef;
use crate::analysis::syntax::ast::{Arguments, Copy};
use crate::analysis::text::TextEdit;

pub static RECIPE: Recipe = Recipe {
    name: "move-install",
    kind: Kind::Rewrite,
    summary: "Installs the dependencies before the sources are copied, so that a changed source does not install them \
again: the files that name the dependencies are copied first, `COPY . .` moves behind the install. The commands behind \
the install in the same `RUN` stay behind `COPY . .`. For npm, pnpm, Yarn, Bun, pip with a requirements file, uv with \
`--no-install-project`, Poetry with `--no-root`, Go, Bundler, Composer without scripts, Maven and .NET.",
    before: "\
FROM node:24
WORKDIR /app
COPY . .<|>
RUN npm ci && npm run build
CMD [\"node\", \"dist/server.js\"]
",
    after: "\
FROM node:24
WORKDIR /app
COPY package.json package-lock.json* ./
RUN npm ci
COPY . .
RUN npm run build
CMD [\"node\", \"dist/server.js\"]
",
    offer,
};

const TITLE: &str = "Install the dependencies before `COPY . .`";

fn offer(cx: &Context<'_>) -> Answer {
    let here = cx.only()?;
    if !matches!(here.keyword, Some(Keyword::Copy | Keyword::Add | Keyword::Run)) {
        return None;
    }
    let stage = cx.model.stage_of(here.id)?;
    let own = cx.instructions_of(stage);
    let copy = own.iter().find(|it| whole_context(it).is_some())?;
    let behind: Vec<_> = own.iter().filter(|it| it.id > copy.id).collect();
    let install =
        behind.iter().find_map(|it| Some((**it, cx.run_line(**it)?)).filter(|(_, line)| installs(line)))?;
    let (install, line) = install;
    if here.id != copy.id && here.id != install.id {
        return None;
    }
    let refuse = |reason: &str| Some(Err(Refusal::new(TITLE, reason)));
    let between = behind.iter().filter(|it| it.id < install.id);
    if let Some(other) = between.clone().find(|it| !is_harmless(cx, ***it)) {
        return refuse(&format!(
            "`{}` between them may need the sources",
            other.name.as_str().to_uppercase()
        ));
    }
    let parts = line.segments.iter().take_while(|it| it.before != Join::Or && files(it).is_some());
    let (count, files) = parts.fold((0, Vec::new()), |(count, mut all), part| {
        all.extend(
            files(part).unwrap_or_default().into_iter().filter(|it| !all.contains(it)).collect::<Vec<_>>(),
        );
        (count + 1, all)
    });
    if files.is_empty() {
        return refuse("what it installs depends on more than the files that list the dependencies");
    }
    if files.iter().any(|it| it.contains(['/', '$', '*']) && !it.ends_with('*') && !it.starts_with("*.")) {
        return refuse("the file that lists the dependencies is not beside the Dockerfile");
    }
    let is_list = line.segments.iter().all(|it| matches!(it.before, Join::Start | Join::And));
    if count < line.segments.len() && !is_list {
        return refuse("`;` and `||` would mean something else when the `RUN` is divided");
    }
    Some(Ok(Refactoring::new(TITLE, edits(cx, *copy, &line, count, &files)?)))
}

/// `COPY . destination`
fn whole_context<'a>(instruction: &InstructionRef<'a>) -> Option<&'a Copy> {
    let Arguments::Copy(copy) = &instruction.node.arguments else { return None };
    let [source] = copy.sources.as_slice() else { return None };
    let is_whole = matches!(source.raw(), "." | "./") && instruction.node.flag("from").is_none();
    (is_whole && copy.destination.is_some() && instruction.problems.is_empty()).then_some(copy)
}

/// Whether the instruction may come before the sources as well.
fn is_harmless<'a>(cx: &Context<'a>, instruction: InstructionRef<'a>) -> bool {
    matches!(
        instruction.keyword,
        Some(Keyword::Workdir | Keyword::Env | Keyword::Arg | Keyword::Label | Keyword::Expose)
    ) || cx.run_line(instruction).is_some_and(|line| needs_no_sources(&line))
}

/// Whether it does nothing but install packages of the distribution or create folders and users.
fn needs_no_sources(line: &RunLine<'_>) -> bool {
    const MANAGERS: &[&str] = &["apt-get", "apt", "apk", "dnf", "microdnf", "yum"];
    const OTHERS: &[&str] = &["mkdir", "useradd", "adduser", "groupadd", "addgroup", "set", "true"];
    let is_local = |it: &str| it.starts_with('.') || it.contains(['/', '*', '$']);
    let names_no_file = |it: &ShellCommand| !it.arguments_without_flags().any(|it| is_local(it.as_str()));
    let is_harmless = |it: &ShellCommand| {
        let is_install = it.is_any(MANAGERS) && names_no_file(it);
        let is_cleaning =
            it.is("rm") && it.arguments_without_flags().all(|it| it.as_str().starts_with("/var/"));
        it.redirections.is_empty() && (is_install || is_cleaning || it.is_any(OTHERS))
    };
    line.segments.iter().all(|it| !it.is_compound && it.script.commands().all(is_harmless))
}

/// Whether its first command that is no option of the shell installs dependencies.
fn installs(line: &RunLine<'_>) -> bool {
    line.segments.iter().any(|it| it.script.commands().any(is_install))
}

fn is_install(command: &ShellCommand) -> bool {
    matches!(
        (command.name(), first_word(command)),
        ("npm", "ci" | "install" | "i")
            | ("yarn", "" | "install")
            | ("pnpm" | "bun", "install" | "i")
            | ("pip" | "pip3", "install")
            | ("uv", "sync")
            | ("poetry", "install")
            | ("bundle", "" | "install")
            | ("go", "mod")
            | ("composer", "install")
            | ("dotnet", "restore")
    ) || command.is("mvn") && command.arguments.iter().any(|it| it.as_str().starts_with("dependency:"))
}

fn first_word(command: &ShellCommand) -> &str {
    command.arguments_without_flags().next().map_or("", |it| it.as_str())
}

/// The files that alone decide what the part does; `Some` and empty for `set -e`, `None` for anything else.
fn files(part: &Segment) -> Option<Vec<String>> {
    let commands: Vec<&ShellCommand> = part.script.commands().collect();
    let [command] = commands.as_slice() else { return None };
    let words: Vec<&str> = command.arguments_without_flags().map(|it| it.as_str()).collect();
    let has = |names: &[&str]| command.arguments.iter().any(|it| names.contains(&it.as_str()));
    let is_elsewhere = command.has_any_flag(&["g", "global", "prefix", "cwd", "C", "project", "editable"])
        || part.is_compound;
    let list = |names: &[&str]| Some(names.iter().map(|it| (*it).to_owned()).collect());
    if is_elsewhere && !command.is_any(&["pip", "pip3"]) {
        return None;
    }
    match (command.name(), words.as_slice()) {
        ("npm", ["ci" | "install" | "i"]) => list(&["package.json", "package-lock.json*"]),
        ("yarn", [] | ["install"]) => list(&["package.json", "yarn.lock*"]),
        ("pnpm", ["install" | "i"]) => list(&["package.json", "pnpm-lock.yaml*"]),
        ("bun", ["install" | "i"]) => list(&["package.json", "bun.lock*"]),
        ("pip" | "pip3", _) if first_word(command) == "install" => requirements(command),
        ("uv", ["sync"]) if has(&["--no-install-project", "--no-install-workspace"]) => {
            list(&["pyproject.toml", "uv.lock*"])
        }
        ("poetry", ["install"]) if has(&["--no-root"]) => list(&["pyproject.toml", "poetry.lock*"]),
        ("bundle", [] | ["install"]) => list(&["Gemfile", "Gemfile.lock*"]),
        ("go", ["mod", "download"]) => list(&["go.mod", "go.sum*"]),
        ("composer", ["install"]) if has(&["--no-scripts"]) && has(&["--no-autoloader"]) => {
            list(&["composer.json", "composer.lock*"])
        }
        ("mvn", goals) if !goals.is_empty() && goals.iter().all(|it| it.starts_with("dependency:")) => {
            list(&["pom.xml"])
        }
        ("dotnet", ["restore"]) => list(&["*.csproj"]),
        ("set", _) => list(&[]),
        _ => None,
    }
}

/// `pip install -r requirements.txt`, perhaps with other packages.
fn requirements(command: &ShellCommand) -> Option<Vec<String>> {
    let mut files = Vec::new();
    let mut words = command.arguments.iter().map(|it| it.as_str());
    while let Some(word) = words.next() {
        match word {
            "-r" | "--requirement" | "-c" | "--constraint" => files.push(words.next()?),
            "-e" | "--editable" | "-t" | "--target" => return None,
            _ if word.starts_with("--requirement=") => files.push(word.split_once('=')?.1),
            // The project itself, or a file of it.
            _ if word.starts_with('.') || word.contains('/') && !word.contains("://") => return None,
            _ => {}
        }
    }
    let files: Vec<String> = files.into_iter().map(|it| it.trim_start_matches("./").to_owned()).collect();
    (!files.is_empty()).then_some(files)
}

fn edits(
    cx: &Context<'_>,
    copy: InstructionRef<'_>,
    line: &RunLine<'_>,
    count: usize,
    files: &[String],
) -> Option<Vec<TextEdit>> {
    let install = line.instruction;
    let destination = whole_context(&copy)?.destination.as_ref()?.raw();
    let folder = match destination {
        "." | "./" => "./".to_owned(),
        other if other.contains(['"', '\'']) => return None,
        other => format!("{}/", other.trim_end_matches('/')),
    };
    let (name, flags) = (copy.name.as_str(), cx.flags_text(copy)?);
    let old = cx.slice(copy.absolute_range());
    let leading = cx.leading(copy);
    let first = TextEdit::new(copy.absolute_range(), format!("{name} {flags}{} {folder}", files.join(" ")));
    let moved = format!("{leading}{old}");
    if count == line.segments.len() {
        return Some(vec![first, cx.insert_below(install, &[moved])]);
    }
    // The rest of the list begins a `RUN` of its own.
    let (last, next) = (line.segments.get(count.checked_sub(1)?)?, line.segments.get(count)?);
    let gap =
        text_size::TextRange::new(line.range(last.span.clone()).end(), line.range(next.span.clone()).start());
    if line.segments.iter().take(count).any(|it| it.state().is_some() && !it.sets_errexit()) {
        return None;
    }
    let comments: String =
        cx.comments_in(gap).into_iter().map(|it| format!("{it}{}", cx.newline())).collect();
    let (run, run_flags, newline) = (install.name.as_str(), cx.flags_text(install)?, cx.newline());
    let text = format!("{newline}{moved}{newline}{comments}{}{run} {run_flags}", cx.leading(install));
    Some(vec![first, TextEdit::new(gap, text)])
}

#[cfg(test)]
mod tests {
    use crate::analysis::ide::refactor::tests::{check, check_silent, refusal};

    #[test]
    fn what_stands_between_stays() {
        check(
            "move-install",
            "FROM a\r\n# all\r\nCOPY --chown=1 . /app\r\nWORKDIR /app\r\nRUN pip install -r<|> ./dev.txt x\r\n\r\nCMD b",
            "FROM a\r\n# all\r\nCOPY --chown=1 dev.txt /app/\r\nWORKDIR /app\r\nRUN pip install -r ./dev.txt x\r\nCOPY --chown=1 . /app\r\n\r\nCMD b",
        );
        check(
            "move-install",
            "FROM a\nCOPY <|>. .\nRUN go mod download && \\\n    # now\n    go build\n",
            "FROM a\nCOPY go.mod go.sum* ./\nRUN go mod download\nCOPY . .\n# now\nRUN go build\n",
        );
    }

    #[test]
    fn what_needs_the_sources_is_refused() {
        assert!(refusal("move-install", "FROM a\nCOPY <|>. .\nRUN make\nRUN npm ci\n").contains("`RUN`"));
        assert!(refusal("move-install", "FROM a\nCOPY <|>. .\nRUN pip install .\n").contains("more than"));
        assert!(refusal("move-install", "FROM a\nCOPY <|>. .\nRUN make && npm ci\n").contains("more than"));
        assert!(
            refusal("move-install", "FROM a\nCOPY <|>. .\nRUN pip install -r a/b.txt\n").contains("beside")
        );
        check_silent("move-install", "FROM a\nCOPY b<|> .\nRUN npm ci\n");
        check_silent("move-install", "FROM a\nCOPY <|>. .\nRUN make\n");
    }
}
