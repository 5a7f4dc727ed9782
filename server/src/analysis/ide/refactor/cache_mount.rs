//! `RUN pip install …` with `--mount=type=cache`.

use std::rc::Rc;

use text_size::TextRange;

use super::context::RunLine;
use super::segments::{Join, Segment};
use super::{Answer, Context, Kind, Recipe, Refactoring, Refusal};
use crate::analysis::knowledge::{Distribution, Keyword, user_named};
use crate::analysis::model::Lookup;
use crate::analysis::model::mount::{MountKind, mounts};
use crate::analysis::model::shell::{ShellCommand, ShellWord};
use crate::analysis::syntax::ast::Arguments;
use crate::analysis::syntax::{InstructionId, InstructionRef};
use crate::analysis::text::TextEdit;

pub static RECIPE: Recipe = Recipe {
    name: "add-cache-mount",
    kind: Kind::Rewrite,
    summary: "Gives the package manager of a `RUN` a folder that stays between builds: apt, apk, dnf, yum, microdnf, tdnf, \
zypper, pip, uv, Poetry, npm, pnpm, Yarn, Bun, Go, Cargo, Maven, Gradle, NuGet, RubyGems, Bundler, Composer. What would \
empty the cache or go around it is taken out (`--no-cache-dir`, `rm -rf /var/lib/apt/lists/*`, `npm cache clean`). \
Debian's images empty apt's cache after each install; the file that tells them so is removed first. For Go, Cargo, \
Maven, Gradle and NuGet all steps of the stage get the mount, as the downloads are in the cache only. Folders of users \
other than root are known for users that come with an image; else it is refused.",
    before: "\
FROM debian:13
RUN apt-get update && \\
    apt-get install -y <|>curl && \\
    rm -rf /var/lib/apt/lists/*
",
    after: "\
FROM debian:13
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\
    --mount=type=cache,target=/var/lib/apt,sharing=locked \\
    rm -f /etc/apt/apt.conf.d/docker-clean && \\
    apt-get update && \\
    apt-get install -y curl
",
    offer,
};

/// A program whose downloads can be kept.
struct Tool {
    name: &'static str,
    programs: &'static [&'static str],
    /// The words that make it download, the first word that is no flag; empty: any.
    words: &'static [&'static str],
    folders: fn(&Context<'_>, InstructionId) -> Vec<Folder>,
    /// Flags that go around the cache.
    drops: &'static [&'static str],
    /// Variables that switch the cache off.
    switches: &'static [&'static str],
    /// First words of commands of its own that empty the cache.
    cleans: &'static [&'static str],
    /// The downloads are used where they are, so every step needs them.
    is_needed_later: bool,
}

struct Folder {
    target: String,
    is_locked: bool,
}

fn locked(targets: &[&str]) -> Vec<Folder> {
    targets.iter().map(|it| Folder { target: (*it).to_owned(), is_locked: true }).collect()
}

fn plain(target: impl Into<String>) -> Vec<Folder> {
    vec![Folder { target: target.into(), is_locked: false }]
}

const TOOL: Tool = Tool {
    name: "",
    programs: &[],
    words: &[],
    folders: |_, _| Vec::new(),
    drops: &[],
    switches: &[],
    cleans: &[],
    is_needed_later: false,
};

static TOOLS: &[Tool] = &[
    Tool {
        name: "apt",
        programs: &["apt-get", "apt", "aptitude"],
        words: &["update", "install", "upgrade", "dist-upgrade", "full-upgrade", "build-dep"],
        folders: |_, _| locked(&["/var/cache/apt", "/var/lib/apt"]),
        cleans: &["clean", "autoclean", "distclean"],
        ..TOOL
    },
    Tool {
        name: "apk",
        programs: &["apk"],
        words: &["add", "update", "upgrade"],
        folders: |_, _| locked(&["/etc/apk/cache"]),
        drops: &["--no-cache"],
        cleans: &["cache"],
        ..TOOL
    },
    Tool {
        name: "dnf",
        programs: &["dnf"],
        words: &["install", "update", "upgrade", "makecache", "groupinstall", "builddep"],
        folders: |cx, at| {
            locked(if has_dnf5(cx, at) { &["/var/cache/libdnf5"] } else { &["/var/cache/dnf"] })
        },
        cleans: &["clean"],
        ..TOOL
    },
    Tool {
        name: "yum",
        programs: &["yum"],
        words: &["install", "update", "upgrade", "makecache", "groupinstall"],
        folders: |cx, at| match cx.distribution(at) {
            Some(Distribution::RedHat) => locked(&["/var/cache/dnf"]),
            _ => locked(&["/var/cache/yum"]),
        },
        cleans: &["clean"],
        ..TOOL
    },
    Tool {
        name: "microdnf",
        programs: &["microdnf"],
        words: &["install", "update", "upgrade"],
        folders: |_, _| locked(&["/var/cache/yum"]),
        cleans: &["clean"],
        ..TOOL
    },
    Tool {
        name: "tdnf",
        programs: &["tdnf"],
        words: &["install", "update", "upgrade"],
        folders: |_, _| locked(&["/var/cache/tdnf"]),
        cleans: &["clean"],
        ..TOOL
    },
    Tool {
        name: "zypper",
        programs: &["zypper"],
        words: &["install", "in", "update", "up", "refresh", "ref", "dup", "dist-upgrade"],
        folders: |_, _| locked(&["/var/cache/zypp"]),
        cleans: &["clean"],
        ..TOOL
    },
    Tool {
        name: "pip",
        programs: &["pip", "pip3"],
        words: &["install", "wheel", "download"],
        folders: |cx, at| plain(set(cx, at, "PIP_CACHE_DIR").unwrap_or_else(|| home(cx, at, ".cache/pip"))),
        drops: &["--no-cache-dir"],
        switches: &["PIP_NO_CACHE_DIR"],
        cleans: &["cache"],
        ..TOOL
    },
    Tool {
        name: "uv",
        programs: &["uv"],
        words: &["sync", "pip", "add", "lock", "tool", "run"],
        folders: |cx, at| plain(set(cx, at, "UV_CACHE_DIR").unwrap_or_else(|| home(cx, at, ".cache/uv"))),
        drops: &["--no-cache", "-n", "--no-cache-dir"],
        switches: &["UV_NO_CACHE"],
        cleans: &["cache"],
        ..TOOL
    },
    Tool {
        name: "Poetry",
        programs: &["poetry"],
        words: &["install", "sync", "add", "update", "lock"],
        folders: |cx, at| {
            plain(set(cx, at, "POETRY_CACHE_DIR").unwrap_or_else(|| home(cx, at, ".cache/pypoetry")))
        },
        drops: &["--no-cache"],
        cleans: &["cache"],
        ..TOOL
    },
    Tool {
        name: "npm",
        programs: &["npm"],
        words: &["ci", "install", "i", "add", "update", "clean-install"],
        folders: |cx, at| {
            let own = set(cx, at, "NPM_CONFIG_CACHE").or_else(|| set(cx, at, "npm_config_cache"));
            plain(own.unwrap_or_else(|| home(cx, at, ".npm")))
        },
        cleans: &["cache"],
        ..TOOL
    },
    Tool {
        name: "pnpm",
        programs: &["pnpm"],
        words: &["install", "i", "add", "fetch", "update", "deploy"],
        folders: |cx, at| {
            let own = set(cx, at, "PNPM_HOME").map(|it| format!("{}/store", it.trim_end_matches('/')));
            plain(own.unwrap_or_else(|| home(cx, at, ".local/share/pnpm/store")))
        },
        cleans: &["store"],
        ..TOOL
    },
    Tool {
        name: "Yarn",
        programs: &["yarn"],
        words: &["", "install", "add", "global", "workspaces"],
        folders: |cx, at| plain(yarn_folder(cx, at)),
        cleans: &["cache"],
        ..TOOL
    },
    Tool {
        name: "Bun",
        programs: &["bun"],
        words: &["install", "i", "add"],
        folders: |cx, at| plain(home(cx, at, ".bun/install/cache")),
        drops: &["--no-cache"],
        cleans: &["pm"],
        ..TOOL
    },
    Tool {
        name: "Go",
        programs: &["go"],
        words: &["mod", "build", "install", "get", "test", "run", "generate", "vet"],
        folders: go_folders,
        cleans: &["clean"],
        is_needed_later: true,
        ..TOOL
    },
    Tool {
        name: "Cargo",
        programs: &["cargo"],
        words: &["build", "install", "fetch", "test", "run", "check", "chef", "b", "clippy", "zigbuild"],
        folders: cargo_folders,
        is_needed_later: true,
        ..TOOL
    },
    Tool {
        name: "Maven",
        programs: &["mvn", "mvnw", "./mvnw"],
        words: &[],
        folders: |cx, at| plain(home(cx, at, ".m2")),
        is_needed_later: true,
        ..TOOL
    },
    Tool {
        name: "Gradle",
        programs: &["gradle", "gradlew", "./gradlew"],
        words: &[],
        folders: |cx, at| plain(gradle_folder(cx, at)),
        is_needed_later: true,
        ..TOOL
    },
    Tool {
        name: "NuGet",
        programs: &["dotnet"],
        words: &["restore", "build", "publish", "test", "run", "pack", "tool", "add"],
        folders: |cx, at| {
            plain(set(cx, at, "NUGET_PACKAGES").unwrap_or_else(|| home(cx, at, ".nuget/packages")))
        },
        cleans: &["nuget"],
        is_needed_later: true,
        ..TOOL
    },
    Tool { name: "Bundler", programs: &["bundle"], words: &["", "install"], folders: gem_folders, ..TOOL },
    Tool { name: "RubyGems", programs: &["gem"], words: &["install"], folders: gem_folders, ..TOOL },
    Tool {
        name: "Composer",
        programs: &["composer", "composer.phar"],
        words: &["install", "update", "require", "create-project", "global"],
        folders: |cx, at| plain(composer_folder(cx, at)),
        drops: &["--no-cache"],
        cleans: &["clear-cache", "clearcache", "cc"],
        ..TOOL
    },
];

impl Tool {
    fn is_called(&self, command: &ShellCommand) -> bool {
        if !self.programs.contains(&command.name()) || command.has_any_flag(&["version", "help"]) {
            return false;
        }
        let word = first_word(command);
        self.words.is_empty() || self.words.contains(&word)
    }

    fn is_cleaning(&self, command: &ShellCommand) -> bool {
        self.programs.contains(&command.name()) && self.cleans.contains(&first_word(command))
    }
}

fn first_word(command: &ShellCommand) -> &str {
    command.arguments_without_flags().next().map_or("", |it| it.as_str())
}

/// The value of a variable that the file sets.
fn set(cx: &Context<'_>, at: InstructionId, name: &str) -> Option<String> {
    match cx.model.lookup(name, at) {
        Lookup::Set(value) => value.text().filter(|it| it.starts_with('/')).map(str::to_owned),
        _ => None,
    }
}

/// A folder in the home of the user in force.
fn home(cx: &Context<'_>, at: InstructionId, path: &str) -> String {
    match user(cx, at) {
        Some((name, _)) => format!("/home/{name}/{path}"),
        None => format!("/root/{path}"),
    }
}

/// The user in force and its number, `None` for root.
fn user(cx: &Context<'_>, at: InstructionId) -> Option<(String, Option<u32>)> {
    let user = cx.model.in_force(Keyword::User, at)?;
    let Arguments::Single(Some(word)) = &user.node.arguments else { return None };
    let text = cx.model.expand(word, user.id).text().unwrap_or(word.raw()).to_owned();
    let name = text.split(':').next().unwrap_or_default().to_owned();
    let id =
        user_named(&name).filter(|it| it.images.contains(&image_name(cx, at).as_str())).and_then(|it| it.id);
    (!matches!(name.as_str(), "root" | "0" | "")).then_some((name, id))
}

/// The last part of the base image's name.
fn image_name(cx: &Context<'_>, at: InstructionId) -> String {
    let name = cx.root_image(at).and_then(|it| it.familiar_name()).unwrap_or_default();
    name.rsplit('/').next().unwrap_or_default().to_owned()
}

/// Fedora has it since 41.
fn has_dnf5(cx: &Context<'_>, at: InstructionId) -> bool {
    let Some(image) = cx.root_image(at).filter(|_| image_name(cx, at) == "fedora") else { return false };
    let tag = image.tag().known().unwrap_or("latest").to_owned();
    tag.parse::<u32>().map_or(matches!(tag.as_str(), "latest" | "rawhide"), |it| it >= 41)
}

/// Yarn 2 and later tells itself by its flags and commands.
fn yarn_folder(cx: &Context<'_>, at: InstructionId) -> String {
    if let Some(own) = set(cx, at, "YARN_CACHE_FOLDER") {
        return own;
    }
    let text = cx.file().text();
    let marks =
        ["--immutable", ".yarnrc.yml", ".yarn/", "yarn set version", "yarn workspaces focus", "yarn@berry"];
    match marks.iter().any(|it| text.contains(it)) {
        true => home(cx, at, ".yarn/berry/cache"),
        false if user(cx, at).is_some() => home(cx, at, ".cache/yarn"),
        false => "/usr/local/share/.cache/yarn".to_owned(),
    }
}

fn go_folders(cx: &Context<'_>, at: InstructionId) -> Vec<Folder> {
    let path = set(cx, at, "GOPATH").map(|it| format!("{it}/pkg/mod"));
    let modules = set(cx, at, "GOMODCACHE").or(path).unwrap_or_else(|| match image_name(cx, at).as_str() {
        "golang" => "/go/pkg/mod".to_owned(),
        _ => home(cx, at, "go/pkg/mod"),
    });
    let build = set(cx, at, "GOCACHE").unwrap_or_else(|| home(cx, at, ".cache/go-build"));
    [modules, build].into_iter().flat_map(plain).collect()
}

fn cargo_folders(cx: &Context<'_>, at: InstructionId) -> Vec<Folder> {
    let has_own = matches!(image_name(cx, at).as_str(), "rust" | "cargo-chef" | "rust-musl-builder");
    let folder = set(cx, at, "CARGO_HOME").unwrap_or_else(|| match has_own {
        true => "/usr/local/cargo".to_owned(),
        false => home(cx, at, ".cargo"),
    });
    [format!("{folder}/registry"), format!("{folder}/git/db")].into_iter().flat_map(plain).collect()
}

fn gradle_folder(cx: &Context<'_>, at: InstructionId) -> String {
    set(cx, at, "GRADLE_USER_HOME").unwrap_or_else(|| match image_name(cx, at).as_str() {
        "gradle" => "/home/gradle/.gradle".to_owned(),
        _ => home(cx, at, ".gradle"),
    })
}

/// Only Ruby's own image has gems in a place that is known.
fn gem_folders(cx: &Context<'_>, at: InstructionId) -> Vec<Folder> {
    let folder = set(cx, at, "GEM_HOME").or_else(|| set(cx, at, "BUNDLE_PATH"));
    let folder = folder.or_else(|| (image_name(cx, at) == "ruby").then(|| "/usr/local/bundle".to_owned()));
    folder.map(|it| plain(format!("{it}/cache"))).unwrap_or_default()
}

fn composer_folder(cx: &Context<'_>, at: InstructionId) -> String {
    let home_folder = set(cx, at, "COMPOSER_HOME").map(|it| format!("{it}/cache"));
    set(cx, at, "COMPOSER_CACHE_DIR").or(home_folder).unwrap_or_else(|| match image_name(cx, at).as_str() {
        "composer" => "/tmp/cache".to_owned(),
        _ => home(cx, at, ".composer/cache"),
    })
}

fn offer(cx: &Context<'_>) -> Answer {
    let here = cx.run_text(cx.only_of(Keyword::Run)?)?;
    let id = here.instruction.id;
    let called = |tool: &&Tool| here.script.commands().any(|it| tool.is_called(it));
    let is_new = |tool: &&Tool| !is_mounted(&here, &(tool.folders)(cx, id));
    let tool = TOOLS.iter().filter(called).find(is_new)?;
    let title = format!("Add a cache mount for {}", tool.name);
    if let Some(reason) = obstacle(cx, tool, id) {
        return Some(Err(Refusal::new(title, reason)));
    }
    let stage = cx.model.stage_of(id)?;
    let mut runs = vec![here];
    if tool.is_needed_later {
        let others =
            cx.instructions_of(stage).into_iter().filter(|it| it.id != id).filter_map(|it| cx.run_text(it));
        let needs = |it: &Rc<RunLine<'_>>| {
            it.script.commands().any(|command| tool.is_called(command)) && is_new_there(cx, tool, it)
        };
        runs.extend(others.filter(needs));
        runs.sort_by_key(|it| it.instruction.id);
    }
    let mut edits = Vec::new();
    for run in &runs {
        match edits_of(cx, tool, run) {
            Ok(more) => edits.extend(more),
            Err(reason) => return Some(Err(Refusal::new(title, reason))),
        }
    }
    let title = if runs.len() > 1 { format!("{title} to {} `RUN`s", runs.len()) } else { title };
    let refactoring = Refactoring::new(title, edits);
    let warning = "the downloads are in the cache, no longer in the image: other stages that need them need the same mount";
    Some(Ok(if tool.is_needed_later { refactoring.warn(warning) } else { refactoring }))
}

fn is_new_there(cx: &Context<'_>, tool: &Tool, run: &RunLine<'_>) -> bool {
    !is_mounted(run, &(tool.folders)(cx, run.instruction.id))
}

/// Whether any of the folders, or one around it, is mounted already.
fn is_mounted(run: &RunLine<'_>, folders: &[Folder]) -> bool {
    let mounts = mounts(run.instruction.node);
    let kept = mounts.iter().filter(|it| matches!(it.kind, MountKind::Cache | MountKind::Tmpfs));
    kept.filter_map(|it| it.target()).any(|target| {
        let target = target.as_str();
        folders.iter().any(|it| is_within(&it.target, target) || is_within(target, &it.target))
    })
}

/// Whether `path` is `folder` or lies below it.
fn is_within(path: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn obstacle(cx: &Context<'_>, tool: &Tool, at: InstructionId) -> Option<String> {
    if cx.is_older_than(2) {
        return Some("the `# syntax=` line names a version without cache mounts: they need 1.2".to_owned());
    }
    let is_on = |name: &&&str| match cx.model.lookup(name, at) {
        Lookup::Set(value) => !matches!(value.text(), Some("0" | "false" | "no" | "off" | "")),
        _ => false,
    };
    if let Some(name) = tool.switches.iter().find(is_on) {
        return Some(format!("`{name}` switches the cache off: take it out first"));
    }
    if (tool.folders)(cx, at).is_empty() {
        return Some("where it keeps its downloads in this image is not known".to_owned());
    }
    let (name, id) = user(cx, at)?;
    id.is_none().then(|| {
        format!("the folder and the number of the user `{name}` are not known, and the mount needs both")
    })
}

fn edits_of(cx: &Context<'_>, tool: &Tool, run: &RunLine<'_>) -> Result<Vec<TextEdit>, String> {
    let instruction = run.instruction;
    let folders = (tool.folders)(cx, instruction.id);
    let mut edits = vec![mounts_edit(cx, run, tool, &folders)];
    if run.is_heredoc && tool.name == "apt" && !keeps_packages(cx, instruction) {
        let first = run.segments.iter().find(|it| !it.sets_errexit()).ok_or("there is no command in it")?;
        let at = instruction.absolute(run.script.text.source_range(first.span.start, first.span.end)).start();
        edits.push(TextEdit::insert(at, format!("{DOCKER_CLEAN}{}", cx.newline())));
    }
    let mut comments = Vec::new();
    for (index, segment) in run.segments.iter().enumerate() {
        let cleaning = cleaning(tool, segment, &folders);
        match cleaning {
            Cleaning::Not => edits.extend(dropped_flags(cx, run, tool, segment)),
            Cleaning::Words(words) => {
                edits.extend(words.into_iter().filter_map(|it| drop_word(cx, run, segment, it)))
            }
            Cleaning::Whole => {
                let (edit, lost) = drop_segment(cx, run, index)?;
                edits.push(edit);
                comments.extend(lost);
            }
            Cleaning::Around => {
                return Err("a command of it removes the folder around the cache, which cannot be done while it is mounted".to_owned());
            }
        }
    }
    if !comments.is_empty() {
        let lines: Vec<String> =
            comments.iter().map(|it| format!("{}{it}", cx.leading(instruction))).collect();
        edits.push(cx.insert_above(instruction, &lines));
    }
    edits.sort_by_key(|it| it.range.start());
    Ok(edits)
}

/// The flags before the command, and what apt needs.
fn mounts_edit(cx: &Context<'_>, run: &RunLine<'_>, tool: &Tool, folders: &[Folder]) -> TextEdit {
    let instruction = run.instruction;
    let start = instruction.absolute(instruction.arguments_text.range()).start();
    let line_break = match run.is_heredoc {
        true => " ".to_owned(),
        false => format!("{}{}", cx.continuation(), cx.indent(instruction)),
    };
    let owner = user(cx, instruction.id).and_then(|(_, id)| id).map(|id| format!(",uid={id},gid={id}"));
    let owner = owner.unwrap_or_default();
    let mut text = String::new();
    for folder in folders {
        let sharing = if folder.is_locked { ",sharing=locked" } else { "" };
        text += &format!("--mount=type=cache,target={}{sharing}{owner}{line_break}", folder.target);
    }
    let is_apt = tool.name == "apt" && !keeps_packages(cx, instruction);
    if is_apt && !run.is_heredoc {
        text += &format!("{DOCKER_CLEAN} &&{}{}", cx.continuation(), cx.indent(instruction));
    }
    TextEdit::insert(start, text)
}

/// <https://github.com/moby/buildkit/blob/master/frontend/dockerfile/docs/reference.md#example-cache-apt-packages>
const DOCKER_CLEAN: &str = "rm -f /etc/apt/apt.conf.d/docker-clean";

/// Whether apt is told to keep what it downloads, here or before.
fn keeps_packages(cx: &Context<'_>, instruction: InstructionRef<'_>) -> bool {
    let Some(stage) = cx.model.stage_of(instruction.id) else { return false };
    let lineage = cx.model.lineage(stage.id).flat_map(|it| cx.instructions_of(it));
    let mut before = lineage.filter(|it| it.id <= instruction.id);
    before.any(|it| cx.slice(it.absolute_range()).contains("docker-clean"))
}

enum Cleaning<'a> {
    Not,
    /// These words of an `rm` name the cache.
    Words(Vec<&'a ShellWord>),
    Whole,
    /// An `rm` names a folder around the mount.
    Around,
}

fn cleaning<'a>(tool: &Tool, segment: &'a Segment, folders: &[Folder]) -> Cleaning<'a> {
    let commands: Vec<&ShellCommand> = segment.script.commands().collect();
    let [command] = commands.as_slice() else { return Cleaning::Not };
    if segment.is_compound || !command.redirections.is_empty() {
        return Cleaning::Not;
    }
    if tool.is_cleaning(command) {
        return Cleaning::Whole;
    }
    if !command.is_any(&["rm", "rmdir"]) {
        return Cleaning::Not;
    }
    let paths: Vec<&ShellWord> = command.arguments_without_flags().collect();
    let path = |it: &ShellWord| {
        let text = it.as_str().trim_end_matches(['*', '/']).to_owned();
        if let Some(rest) = text.strip_prefix("~/").or_else(|| text.strip_prefix("$HOME/")) {
            format!("/root/{rest}")
        } else {
            text
        }
    };
    let names = |it: &&ShellWord| folders.iter().any(|folder| is_within(&path(it), &folder.target));
    let is_around = |it: &ShellWord| {
        folders.iter().any(|folder| is_within(&folder.target, &path(it)) && path(it) != folder.target)
    };
    let named: Vec<&ShellWord> = paths.iter().copied().filter(names).collect();
    if paths.len() == 1 && paths.iter().any(|it| is_around(it)) && !paths.iter().any(|it| path(it).len() < 2)
    {
        return Cleaning::Whole;
    }
    if paths.iter().any(|it| is_around(it)) {
        return Cleaning::Around;
    }
    match named.len() {
        0 => Cleaning::Not,
        all if all == paths.len() => Cleaning::Whole,
        _ => Cleaning::Words(named),
    }
}

fn dropped_flags(cx: &Context<'_>, run: &RunLine<'_>, tool: &Tool, segment: &Segment) -> Vec<TextEdit> {
    let calls = segment.script.commands().filter(|it| tool.is_called(it));
    let words = calls.flat_map(|it| {
        let has_dropped = move |word: &&ShellWord| tool.drops.contains(&word.as_str());
        it.arguments.iter().filter(has_dropped).collect::<Vec<_>>()
    });
    let mut edits: Vec<TextEdit> = words.filter_map(|it| drop_word(cx, run, segment, it)).collect();
    let installs = segment
        .script
        .commands()
        .filter(|it| it.is("dnf") && tool.name == "dnf" && first_word(it) == "install");
    let keeps = |it: &ShellCommand| cx.slice(run.instruction.absolute(it.range)).contains("keepcache");
    for command in installs.filter(|it| !keeps(it)) {
        let word =
            command.arguments_without_flags().next().map(|it| run.instruction.absolute(it.range).end());
        edits.extend(word.map(|at| TextEdit::insert(at, " --setopt=keepcache=True")));
    }
    edits
}

/// Takes away a word with the blanks on one side of it, or with its line.
fn drop_word(cx: &Context<'_>, run: &RunLine<'_>, segment: &Segment, word: &ShellWord) -> Option<TextEdit> {
    let words = segment.script.commands().flat_map(|it| it.name.iter().chain(&it.arguments));
    let before = words.map(|it| it.range.end()).filter(|it| *it <= word.range.start()).max()?;
    let range = run.instruction.absolute(word.range);
    let gap = TextRange::new(run.instruction.absolute(TextRange::empty(before)).end(), range.start());
    if !cx.slice(gap).contains('\n') {
        return Some(TextEdit::delete(TextRange::new(gap.start(), range.end())));
    }
    let line = TextRange::new(range.end(), cx.line_end(range.end()));
    let rest = cx.slice(line);
    let is_alone = rest.trim_end().trim_start() == cx.file().escape().to_string();
    let start_of_line =
        cx.slice(gap).rfind('\n').and_then(|at| text_size::TextSize::try_from(at + 1).ok())?;
    if is_alone {
        return Some(TextEdit::delete(TextRange::new(gap.start() + start_of_line, line.end())));
    }
    if rest.trim().is_empty() {
        return Some(TextEdit::delete(TextRange::new(gap.start(), range.end())));
    }
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    (blanks > 0).then(|| {
        TextEdit::delete(TextRange::new(
            range.start(),
            range.end() + text_size::TextSize::of(rest.get(..blanks).unwrap_or_default()),
        ))
    })
}

/// Takes away a part of the list with its operator; the comments in between are handed back.
fn drop_segment<'a>(
    cx: &Context<'a>,
    run: &RunLine<'_>,
    index: usize,
) -> Result<(TextEdit, Vec<&'a str>), String> {
    let range =
        |it: &Segment| run.instruction.absolute(run.script.text.source_range(it.span.start, it.span.end));
    let refusal = || "the command that empties the cache stands where it cannot be taken out".to_owned();
    let segment = run.segments.get(index).ok_or_else(refusal)?;
    let next = run.segments.get(index + 1);
    let is_plain = segment.before != Join::Or && next.is_none_or(|it| it.before != Join::Or);
    let before = index.checked_sub(1).and_then(|it| run.segments.get(it));
    let gap = match (before, next) {
        (Some(before), _) => TextRange::new(range(before).end(), range(segment).end()),
        (None, Some(next)) => TextRange::new(range(segment).start(), range(next).start()),
        (None, None) => return Err("the whole `RUN` does nothing but empty the cache".to_owned()),
    };
    // `|| true` may hold it all together, and in a script other lines may need its result.
    if !is_plain || segment.has_comment {
        return Err(refusal());
    }
    Ok((TextEdit::delete(gap), cx.comments_in(gap)))
}

#[cfg(test)]
mod tests {
    use crate::analysis::ide::refactor::tests::{check, check_silent, refusal};

    #[track_caller]
    fn becomes(base: &str, command: &str, expected: &str) {
        let line = |text: &str| format!("FROM {base}\nRUN {text}\n");
        check("add-cache-mount", &line(&format!("<|>{command}")), &line(expected));
    }

    #[test]
    fn every_tool_has_its_folder() {
        let mount = |target: &str, rest: &str| format!("--mount=type=cache,target={target} \\\n    {rest}");
        for (base, command, target, after) in [
            ("python:3", "pip install --no-cache-dir -r x", "/root/.cache/pip", "pip install -r x"),
            ("python:3", "uv sync --no-cache", "/root/.cache/uv", "uv sync"),
            ("node", "npm ci && npm cache clean --force", "/root/.npm", "npm ci"),
            ("node", "pnpm i", "/root/.local/share/pnpm/store", "pnpm i"),
            ("node", "yarn && yarn cache clean", "/usr/local/share/.cache/yarn", "yarn"),
            ("node", "yarn --immutable", "/root/.yarn/berry/cache", "yarn --immutable"),
            ("composer", "composer install", "/tmp/cache", "composer install"),
            ("php", "composer install --no-cache", "/root/.composer/cache", "composer install"),
            ("ruby", "gem install a", "/usr/local/bundle/cache", "gem install a"),
            ("maven", "mvn package", "/root/.m2", "mvn package"),
            ("gradle", "./gradlew build", "/home/gradle/.gradle", "./gradlew build"),
            ("mcr.microsoft.com/dotnet/sdk:9.0", "dotnet restore", "/root/.nuget/packages", "dotnet restore"),
        ] {
            becomes(base, command, &mount(target, after));
        }
        becomes(
            "alpine",
            "apk add --no-cache a",
            "--mount=type=cache,target=/etc/apk/cache,sharing=locked \\\n    apk add a",
        );
        becomes(
            "fedora:42",
            "dnf install -y a && dnf clean all",
            "--mount=type=cache,target=/var/cache/libdnf5,sharing=locked \\\n    dnf install --setopt=keepcache=True -y a",
        );
        becomes(
            "rust",
            "cargo build",
            "--mount=type=cache,target=/usr/local/cargo/registry \\\n    --mount=type=cache,target=/usr/local/cargo/git/db \\\n    cargo build",
        );
    }

    #[test]
    fn steps_that_share_the_downloads_all_get_it() {
        check(
            "add-cache-mount",
            "FROM golang:1\nRUN go mod <|>download\nCOPY . .\nRUN go build\nFROM golang\nRUN go build\n",
            "FROM golang:1\nRUN --mount=type=cache,target=/go/pkg/mod \\\n    --mount=type=cache,target=/root/.cache/go-build \\\n    go mod download\nCOPY . .\nRUN --mount=type=cache,target=/go/pkg/mod \\\n    --mount=type=cache,target=/root/.cache/go-build \\\n    go build\nFROM golang\nRUN go build\n",
        );
    }

    #[test]
    fn only_what_empties_the_cache_goes() {
        becomes(
            "debian",
            "apt update; apt install -y a; rm -rf /var/lib/apt/lists/* /tmp/* /var/cache/apt",
            "--mount=type=cache,target=/var/cache/apt,sharing=locked \\\n    --mount=type=cache,target=/var/lib/apt,sharing=locked \\\n    rm -f /etc/apt/apt.conf.d/docker-clean && \\\n    apt update; apt install -y a; rm -rf /tmp/*",
        );
        check(
            "add-cache-mount",
            "FROM a\r\nRUN pip<|> install \\\r\n  # why\r\n  --no-cache-dir a && \\\r\n  # clean\r\n  rm -r ~/.cache/pip\r\n",
            "FROM a\r\n# clean\r\nRUN --mount=type=cache,target=/root/.cache/pip \\\r\n  pip install a\r\n"
                .replace("pip install a", "pip install \\\r\n  # why\r\n  a")
                .as_str(),
        );
    }

    #[test]
    fn heredocs_get_it_too() {
        check(
            "add-cache-mount",
            "FROM a\nRUN <<E<|>\nset -e\npip install --no-cache-dir a\nE\n",
            "FROM a\nRUN --mount=type=cache,target=/root/.cache/pip <<E\nset -e\npip install a\nE\n",
        );
    }

    #[test]
    fn a_script_for_apt_keeps_what_it_downloads() {
        check(
            "add-cache-mount",
            "FROM a\nRUN <<E<|>\nset -e\napt-get update\napt-get install -y b\nE\n",
            "FROM a\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked <<E\nset -e\nrm -f /etc/apt/apt.conf.d/docker-clean\napt-get update\napt-get install -y b\nE\n",
        );
    }

    #[test]
    fn users_of_images_have_their_own_home() {
        check(
            "add-cache-mount",
            "FROM node\nUSER node\nRUN npm<|> ci\n",
            "FROM node\nUSER node\nRUN --mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000 \\\n    npm ci\n",
        );
        assert!(refusal("add-cache-mount", "FROM a\nUSER me\nRUN pip<|> install b\n").contains("`me`"));
    }

    #[test]
    fn where_it_would_do_nothing_it_says_so() {
        assert!(
            refusal("add-cache-mount", "FROM a\nENV PIP_NO_CACHE_DIR=1\nRUN pip<|> install b\n")
                .contains("PIP_NO")
        );
        assert!(
            refusal("add-cache-mount", "FROM a\nRUN apk <|>add b && rm -rf /etc/apk /x\n").contains("around")
        );
        check_silent(
            "add-cache-mount",
            "FROM a\nRUN --mount=type=cache,target=/root/.cache pip<|> install b\n",
        );
        check_silent("add-cache-mount", "FROM a\nRUN make<|>\n");
    }
}
