//! Files of the context, paths in the image and in other stages.

use std::collections::HashSet;

use super::{Context, shell, stage_paths};
use crate::analysis::facts::{ContextListing, EntryKind};
use crate::analysis::ide::completion::cursor::Typed;
use crate::analysis::ide::completion::item::{Draft, ItemKind, List};
use crate::analysis::ide::completion::site::{FolderUse, PathWriting};
use crate::analysis::knowledge::{self, CommandDoc, Keyword, MountType};
use crate::analysis::model::StageId;
use crate::analysis::syntax::ast::Arguments;
use crate::analysis::syntax::expansion::Word;

/// What projects copy first, before the rest of the sources: the files that say what is needed.
const FIRST: &[&str] = &[
    "package.json",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "bun.lock",
    "bun.lockb",
    ".npmrc",
    "pyproject.toml",
    "uv.lock",
    "poetry.lock",
    "requirements.txt",
    "setup.py",
    "setup.cfg",
    "Pipfile",
    "Pipfile.lock",
    "environment.yml",
    "go.mod",
    "go.sum",
    "go.work",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "pom.xml",
    "mvnw",
    ".mvn",
    "build.gradle",
    "build.gradle.kts",
    "settings.gradle",
    "settings.gradle.kts",
    "gradlew",
    "gradle",
    "global.json",
    "Directory.Build.props",
    "NuGet.config",
    "Gemfile",
    "Gemfile.lock",
    "composer.json",
    "composer.lock",
    "mix.exs",
    "mix.lock",
    "CMakeLists.txt",
    "Makefile",
];

/// One segment of a source.
pub fn context(cx: &Context<'_>, typed: &Typed, folder: &str, writing: PathWriting, list: &mut List) {
    if folder.is_empty() && typed.next != Some('/') {
        let draft = Draft::new(ItemKind::Folder, ".").detail("the whole build context");
        if !is_source(cx, ".") && !list.has(".") {
            list.add(typed, draft);
        }
    }
    let listing = cx.facts.known.and_then(|known| known.context.as_ref());
    let mut entries = listing.map_or_else(Vec::new, |it| entries_of(&it.value, folder));
    entries.retain(|it| is_writable(&it.name, writing) && is_in_context(cx, folder, it));
    entries.sort_by_key(|it| (rank(it), it.name.to_lowercase()));
    for entry in entries {
        let path = if folder.is_empty() { entry.name.clone() } else { format!("{folder}/{}", entry.name) };
        if !is_source(cx, &path) {
            list.add(typed, entry_draft(typed, &entry, writing));
        }
    }
}

/// One name in a folder of the context.
struct FolderEntry {
    name: String,
    is_folder: bool,
}

/// What lies directly in `folder`; the folders below are passed over in one step each.
fn entries_of(listing: &ContextListing, folder: &str) -> Vec<FolderEntry> {
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let mut found: Vec<FolderEntry> = Vec::new();
    let mut seen = HashSet::new();
    let mut from = prefix.clone();
    while let Some((path, kind)) = listing.entries.range(from.clone()..).next() {
        let Some(rest) = path.strip_prefix(&prefix) else { break };
        let name = rest.split('/').next().unwrap_or_default();
        let is_folder = rest.len() > name.len() || *kind == EntryKind::Folder;
        // `src` and `src/a` need not follow each other: `src-old` sorts between them.
        if !name.is_empty() && seen.insert(name) {
            found.push(FolderEntry { name: name.to_owned(), is_folder });
        }
        // `0` follows `/`: behind everything in that folder. A path itself ends before any longer one.
        from = if rest.len() > name.len() { format!("{prefix}{name}0") } else { format!("{path}\0") };
    }
    found
}

fn entry_draft(typed: &Typed, entry: &FolderEntry, writing: PathWriting) -> Draft {
    let text =
        if writing == PathWriting::Json { entry.name.replace('\\', "\\\\") } else { entry.name.clone() };
    if !entry.is_folder {
        return Draft::new(ItemKind::File, entry.name.clone()).inserts(text);
    }
    let slash = if typed.next == Some('/') { "" } else { "/" };
    let draft = Draft::new(ItemKind::Folder, format!("{}/", entry.name));
    // Without the slash, so that typing it asks for what is inside.
    draft.filter(entry.name.clone()).inserts(format!("{text}{slash}")).retriggers()
}

/// What is needed first, folders, other files; last what hardly ever belongs into an image.
fn rank(entry: &FolderEntry) -> (u8, usize) {
    let name = entry.name.as_str();
    if let Some(position) = FIRST.iter().position(|it| *it == name) {
        return (0, position);
    }
    if [".csproj", ".fsproj", ".sln", ".slnx"].iter().any(|it| name.ends_with(it)) {
        return (0, FIRST.len());
    }
    let lower = name.to_ascii_lowercase();
    let is_about_docker =
        ["dockerfile", "containerfile", "compose", "docker-"].iter().any(|it| lower.starts_with(it));
    if name.starts_with('.') || is_about_docker || knowledge::templates::COMMON_IGNORED.contains(&name) {
        return (3, 0);
    }
    (if entry.is_folder { 1 } else { 2 }, 0)
}

/// Whether a name can be written there as it is.
fn is_writable(name: &str, writing: PathWriting) -> bool {
    let forbidden: &[char] = match writing {
        PathWriting::Json => &['"', '$', '*', '?', '['],
        PathWriting::Word => &['"', '\'', '\\', '$', '*', '?', '[', '`'],
        PathWriting::Option => &['"', '\'', '\\', '$', ',', '`'],
    };
    let has_blanks = name.contains(char::is_whitespace) && writing != PathWriting::Json;
    !has_blanks && !name.contains(forbidden) && !name.chars().any(char::is_control)
}

/// Whether `.dockerignore` lets it, or something in it, through.
fn is_in_context(cx: &Context<'_>, folder: &str, entry: &FolderEntry) -> bool {
    let Some(ignore) = cx.facts.ignore else { return true };
    let path = if folder.is_empty() { entry.name.clone() } else { format!("{folder}/{}", entry.name) };
    ignore.is_excluded(&path).is_none() || (entry.is_folder && ignore.may_hold_included(&path))
}

/// Whether the instruction copies `path` already.
fn is_source(cx: &Context<'_>, path: &str) -> bool {
    let Some(instruction) = cx.instruction() else { return false };
    let Arguments::Copy(copy) = &instruction.node.innermost().arguments else { return false };
    let is_other = |it: &&Word| {
        let range = instruction.absolute(it.range());
        // A lone word behind the cursor is the destination: the sources are being typed.
        let is_destination = copy.destination.is_none() && range.start() > cx.site.offset;
        !is_destination && !range.contains_inclusive(cx.site.offset)
    };
    let mut others = copy.sources.iter().filter(is_other);
    others.any(|it| it.raw().trim_start_matches("./").trim_end_matches('/') == path)
}

/// A path that the stage has made.
pub fn in_stage(cx: &Context<'_>, typed: &Typed, stage: StageId, writing: PathWriting, list: &mut List) {
    for made in stage_paths::created(cx.model, stage) {
        if is_writable(&made.path, writing) && !list.has(&made.path) {
            let kind = if made.path.ends_with('/') { ItemKind::Folder } else { ItemKind::File };
            list.add(typed, Draft::new(kind, made.path).detail(made.by));
        }
    }
}

/// The last word of a `COPY`.
pub fn destinations(cx: &Context<'_>, typed: &Typed, writing: PathWriting, list: &mut List) {
    let workdir = cx.model.workdir_at(cx.id()).map(|it| with_slash(&it));
    let here =
        workdir.clone().map_or("the working folder".to_owned(), |it| format!("the working folder, {it}"));
    let mut found: Vec<(String, String)> = vec![("./".into(), here.clone()), (".".into(), here)];
    found.extend(workdir.map(|it| (it, "the working folder".to_owned())));
    found.extend(used_destinations(cx).into_iter().map(|it| (it, "used in this file".to_owned())));
    found.extend(usual_destinations(cx).iter().map(|(path, what)| (path.to_string(), what.to_string())));
    add_folders(typed, found, writing, list);
}

fn add_folders(typed: &Typed, found: Vec<(String, String)>, writing: PathWriting, list: &mut List) {
    for (path, detail) in found {
        if is_writable(&path, writing) && !list.has(&path) {
            list.add(typed, Draft::new(ItemKind::Folder, path).detail(detail));
        }
    }
}

fn with_slash(path: &str) -> String {
    if path.ends_with('/') { path.to_owned() } else { format!("{path}/") }
}

fn used_destinations(cx: &Context<'_>) -> Vec<String> {
    let copies = cx.earlier().filter(|it| matches!(it.keyword, Some(Keyword::Copy | Keyword::Add)));
    let words = copies.filter_map(|it| match &it.node.arguments {
        Arguments::Copy(copy) => cx.model.expand(copy.destination.as_ref()?, it.id).text().map(str::to_owned),
        _ => None,
    });
    words.filter(|it| it.ends_with('/') && it.starts_with('/')).collect()
}

/// Where images of a kind look for files.
fn usual_destinations(cx: &Context<'_>) -> Vec<(&'static str, &'static str)> {
    let image = cx.base_image().and_then(|image| image.familiar_name()).unwrap_or_default();
    let own: &[(&str, &str)] = match image.rsplit('/').next().unwrap_or_default() {
        "nginx" => &[
            ("/usr/share/nginx/html/", "what nginx serves"),
            ("/etc/nginx/conf.d/", "configuration of nginx"),
            ("/etc/nginx/templates/", "configuration with variables"),
        ],
        "httpd" => &[("/usr/local/apache2/htdocs/", "what Apache serves")],
        "php" | "wordpress" => &[
            ("/var/www/html/", "what the web server serves"),
            ("/usr/local/etc/php/conf.d/", "configuration of PHP"),
        ],
        "caddy" => &[("/etc/caddy/", "configuration of Caddy"), ("/srv/", "what Caddy serves")],
        "tomcat" => &[("/usr/local/tomcat/webapps/", "web applications")],
        "postgres" | "mysql" | "mariadb" | "mongo" => {
            &[("/docker-entrypoint-initdb.d/", "scripts for the first start")]
        }
        _ => &[],
    };
    const ALL: &[(&str, &str)] = &[
        ("/app/", "the program"),
        ("/usr/local/bin/", "programs, found through PATH"),
        ("/etc/", "configuration"),
        ("/opt/", "programs in a folder of their own"),
        ("/usr/src/app/", "the program"),
        ("/", "the root"),
    ];
    own.iter().chain(ALL).copied().collect()
}

/// `WORKDIR`, `VOLUME`, and the target of a mount.
pub fn folders(cx: &Context<'_>, typed: &Typed, use_of: FolderUse, writing: PathWriting, list: &mut List) {
    let found = match use_of {
        FolderUse::Workdir => workdirs(cx),
        FolderUse::Volume => volumes(cx),
        FolderUse::MountTarget(MountType::Cache) => return caches(cx, typed, list),
        FolderUse::MountTarget(mount_type) => mount_targets(cx, mount_type),
    };
    add_folders(typed, found, writing, list);
}

fn workdirs(cx: &Context<'_>) -> Vec<(String, String)> {
    let own = cx.site.instruction;
    let all = cx
        .model
        .file()
        .instructions()
        .filter(|it| it.keyword == Some(Keyword::Workdir) && Some(it.id) != own);
    let used = all.filter_map(|it| match &it.node.arguments {
        Arguments::Single(Some(word)) => cx.model.expand(word, it.id).text().map(str::to_owned),
        _ => None,
    });
    let used = used.map(|it| (it, "used in this file".to_owned()));
    let image = cx.base_image().and_then(|image| image.familiar_name()).unwrap_or_default();
    let own: &[(&str, &str)] = match image.rsplit('/').next().unwrap_or_default() {
        "golang" | "rust" | "maven" | "gradle" | "sdk" => &[("/src", "sources")],
        "php" => &[("/var/www/html", "what the web server serves")],
        "node" => &[("/app", "the program"), ("/home/node/app", "the program, for the user node")],
        _ => &[],
    };
    const ALL: &[(&str, &str)] = &[
        ("/app", "the program"),
        ("/src", "sources"),
        ("/usr/src/app", "the program"),
        ("/workspace", "sources"),
        ("/opt/app", "the program"),
    ];
    let usual = own.iter().chain(ALL).map(|(path, what)| (path.to_string(), what.to_string()));
    used.chain(usual).collect()
}

fn volumes(cx: &Context<'_>) -> Vec<(String, String)> {
    let image = cx.base_image().and_then(|image| image.familiar_name()).unwrap_or_default();
    let own = match image.rsplit('/').next().unwrap_or_default() {
        "postgres" => Some("/var/lib/postgresql"),
        "mysql" | "mariadb" => Some("/var/lib/mysql"),
        "mongo" => Some("/data/db"),
        "redis" | "valkey" => Some("/data"),
        _ => None,
    };
    let own = own.map(|it| (it.to_owned(), "the data of this image".to_owned()));
    let usual =
        [("/data", "data"), ("/var/lib/app", "data"), ("/config", "configuration"), ("/var/log/app", "logs")];
    own.into_iter().chain(usual.map(|(path, what)| (path.to_owned(), what.to_owned()))).collect()
}

/// The caches of the tools: first those that the command uses, then those of the base image.
fn caches(cx: &Context<'_>, typed: &Typed, list: &mut List) {
    let text = cx.instruction().map(|it| stage_paths::script_text(cx.model, it)).unwrap_or_default();
    let has_word =
        |name: &str| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').any(|word| word == name);
    let manager = cx.distribution().and_then(knowledge::package_manager).map(|it| it.command);
    let image = cx.base_image().and_then(|image| image.familiar_name()).unwrap_or_default();
    let rank = |command: &CommandDoc| {
        if has_word(command.name) || command.aliases.iter().any(|it| has_word(it)) {
            0
        } else if image == command.name || is_language_tool(&image, command.name) {
            1
        } else if Some(command.name) == manager {
            2
        } else {
            3
        }
    };
    let mut commands: Vec<&CommandDoc> =
        knowledge::COMMANDS.iter().filter(|it| !it.cache.is_empty()).collect();
    commands.retain(|it| rank(it) == 0 || shell::can_be_there(it.name, manager));
    commands.sort_by_key(|it| rank(it));
    let is_used = commands.first().is_some_and(|it| rank(it) == 0);
    for (command, folder) in commands.iter().flat_map(|it| it.cache.iter().map(move |folder| (it, folder))) {
        if list.has(folder.target) {
            continue;
        }
        let is_alone = typed.next != Some(',');
        let sharing = if folder.locked && is_alone { ",sharing=locked" } else { "" };
        let is_best = is_used && list.items.is_empty();
        let draft =
            Draft::new(ItemKind::Folder, folder.target).detail(format!("the cache of {}", command.name));
        let draft = draft.inserts(format!("{}{sharing}", folder.target)).preselected(is_best);
        list.add(typed, draft.key(format!("command:{}", command.name)));
    }
}

fn is_language_tool(image: &str, command: &str) -> bool {
    matches!(
        (image, command),
        ("node", "npm" | "yarn" | "pnpm")
            | ("python", "pip" | "uv" | "poetry")
            | ("golang", "go")
            | ("rust", "cargo")
            | ("maven", "mvn")
            | ("composer" | "php", "composer")
            | ("ruby", "bundle" | "gem")
    )
}

fn mount_targets(cx: &Context<'_>, mount_type: MountType) -> Vec<(String, String)> {
    let fixed: &[(&str, &str)] = match mount_type {
        MountType::Bind => &[(".", "the working folder"), ("/src", "sources")],
        MountType::Secret => &[
            ("/root/.npmrc", "the login of npm"),
            ("/root/.netrc", "logins of curl, git and pip"),
            ("/etc/pip.conf", "configuration of pip"),
            ("/root/.aws/credentials", "the login of AWS"),
            ("/root/.docker/config.json", "logins of registries"),
        ],
        MountType::Tmpfs => &[("/tmp", "temporary files")],
        _ => &[],
    };
    let workdir = cx.model.workdir_at(cx.id()).filter(|_| mount_type == MountType::Bind);
    let workdir = workdir.map(|it| (it, "the working folder".to_owned()));
    let fixed = fixed.iter().map(|(path, what)| (path.to_string(), what.to_string()));
    fixed.chain(workdir).collect()
}
