//! The paths that the instructions of a stage make, as far as the file tells.
//!
//! For `COPY --from=stage`: folders of `WORKDIR`, destinations of `COPY`, and what well-known commands write. Paths
//! that depend on something unknown are left out.

use std::collections::HashSet;

use smol_str::SmolStr;

use crate::analysis::ide::completion::shell_words::{self, ShellCommand};
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::{Base, Model, Stage, StageId};
use crate::analysis::syntax::ast::{Arguments, Command, Copy};
use crate::analysis::syntax::{InstructionId, InstructionRef};

/// A path and what made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Absolute; a folder ends with `/`.
    pub path: String,
    /// In a few words.
    pub by: String,
}

/// What `stage` holds beyond its base image, the last made first.
pub fn created(model: &Model, stage: StageId) -> Vec<Made> {
    let lineage: Vec<&Stage> = model.lineage(stage).collect();
    let mut walk =
        Walk { model, workdir: lineage.last().and_then(|root| first_workdir(root)), made: Vec::new() };
    for stage in lineage.iter().rev() {
        for id in stage.instructions.clone() {
            if let Some(instruction) = model.file().instruction(InstructionId(id)) {
                walk.instruction(instruction);
            }
        }
    }
    let mut seen = HashSet::new();
    walk.made.into_iter().rev().filter(|it| it.path != "/" && seen.insert(it.path.clone())).collect()
}

/// Where a stage begins to work, for the images where that is certain.
fn first_workdir(stage: &Stage) -> Option<String> {
    const ROOT: &[&str] = &[
        "alpine",
        "debian",
        "ubuntu",
        "node",
        "python",
        "rust",
        "ruby",
        "fedora",
        "maven",
        "nginx",
        "eclipse-temurin",
        "gcc",
        "busybox",
    ];
    match &stage.base {
        Base::Scratch => Some("/".to_owned()),
        Base::Image(value) => {
            let name = value.text()?.split([':', '@']).next()?.to_owned();
            let is_root = ROOT.contains(&name.as_str());
            if is_root { Some("/".to_owned()) } else { (name == "golang").then(|| "/go".to_owned()) }
        }
        _ => None,
    }
}

/// The text that a shell runs for `instruction`: of its line and of its heredocs.
pub fn script_text(model: &Model, instruction: InstructionRef<'_>) -> String {
    let Arguments::Command(Some(Command::Shell(text))) = &instruction.node.innermost().arguments else {
        return String::new();
    };
    let mut script = text.as_str().to_owned();
    for heredoc in &instruction.node.heredocs {
        script.push('\n');
        script.push_str(model.file().slice(instruction.absolute(heredoc.body)));
    }
    script
}

struct Walk<'a> {
    model: &'a Model,
    /// `None`: the base image decides.
    workdir: Option<String>,
    made: Vec<Made>,
}

impl Walk<'_> {
    fn instruction(&mut self, instruction: InstructionRef<'_>) {
        match (instruction.keyword, &instruction.node.arguments) {
            (Some(Keyword::Workdir), Arguments::Single(Some(word))) => {
                let path = self.model.expand(word, instruction.id).text().map(str::to_owned);
                self.workdir = path.and_then(|path| join(self.workdir.as_deref(), &path));
                let folder = self.workdir.clone();
                folder.into_iter().for_each(|it| self.folder(&it, "WORKDIR"));
            }
            (Some(Keyword::Copy | Keyword::Add), Arguments::Copy(copy)) => self.copy(instruction, copy),
            (Some(Keyword::Run), _) => self.run(&script_text(self.model, instruction)),
            _ => {}
        }
    }

    fn folder(&mut self, path: &str, by: &str) {
        let path = format!("{}/", path.trim_end_matches('/'));
        self.made.push(Made { path, by: by.to_owned() });
    }

    fn file(&mut self, path: String, by: &str) {
        self.made.push(Made { path, by: by.to_owned() });
    }

    fn copy(&mut self, instruction: InstructionRef<'_>, copy: &Copy) {
        let value = |word| self.model.expand(word, instruction.id).text().map(str::to_owned);
        let Some(written) = copy.destination.as_ref().and_then(value) else { return };
        let Some(path) = join(self.workdir.as_deref(), &written) else { return };
        let sources: Vec<String> = copy.sources.iter().filter_map(value).collect();
        let is_folder = written.ends_with(['/', '.']) || copy.sources.len() > 1;
        let by = instruction.keyword.map_or("COPY", Keyword::as_str);
        match sources.as_slice() {
            [source] if !is_folder && is_file(source) => self.file(path, by),
            _ => {
                self.folder(&path, by);
                for name in sources.iter().filter(|it| is_file(it)).filter_map(|it| it.rsplit('/').next()) {
                    self.file(format!("{}/{name}", path.trim_end_matches('/')), by);
                }
            }
        }
    }

    fn run(&mut self, script: &str) {
        let mut here = self.workdir.clone();
        for command in shell_words::commands(script) {
            let Some((name, arguments)) = command.split_first() else { continue };
            let name = name.text.rsplit('/').next().unwrap_or_default();
            if name == "cd" {
                let target = arguments.first().map_or("~", |it| it.text.as_str());
                here = plain(target).and_then(|it| join(here.as_deref(), it));
                continue;
            }
            for (path, is_folder) in outputs(name, &command) {
                let joined = plain(&path).and_then(|it| join(here.as_deref(), it));
                match joined {
                    Some(path) if is_folder || path.ends_with('/') => self.folder(&path, name),
                    Some(path) => self.file(path, name),
                    None => {}
                }
            }
        }
    }
}

/// Whether a source looks like one file: it has an ending and no pattern, or is a heredoc.
fn is_file(source: &str) -> bool {
    let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let has_ending = name.rfind('.').is_some_and(|at| at > 0 && at + 1 < name.len());
    has_ending && !name.contains(['*', '?', '[', '<']) && !source.ends_with('/')
}

/// `path` below `workdir`, without `.` and `..`; `None` when that is not known.
fn join(workdir: Option<&str>, path: &str) -> Option<String> {
    let whole = if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", workdir?) };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let end = if path.ends_with('/') && !parts.is_empty() { "/" } else { "" };
    Some(format!("/{}{end}", parts.join("/")))
}

/// The path when the shell takes it as it is.
fn plain(path: &str) -> Option<&str> {
    let is_plain =
        !path.is_empty() && !path.contains(['$', '*', '?', '[', '`', '~', '{', '\n']) && path != "-";
    is_plain.then_some(path)
}

type Output = (SmolStr, bool);

/// What the command writes, and whether that is a folder.
fn outputs(name: &str, command: &ShellCommand) -> Vec<Output> {
    let words: Vec<&str> = command.iter().skip(1).map(|it| it.text.as_str()).collect();
    let has = |word: &str| words.contains(&word);
    let file = |path: &str| (SmolStr::new(path), false);
    let folder = |path: &str| (SmolStr::new(path), true);
    match name {
        "mkdir" => operands(&words, &["-m", "--mode"]).map(folder).collect(),
        "touch" | "tee" => operands(&words, &[]).map(file).collect(),
        "cp" | "mv" | "ln" | "install" => {
            let is_folder = name == "install" && (has("-d") || words.iter().any(|it| it.starts_with("-d")));
            let last = operands(&words, &["-m", "-o", "-g"]).last();
            last.map(|path| (SmolStr::new(path), is_folder)).into_iter().collect()
        }
        "go" | "xx-go" | "tinygo" | "gcc" | "cc" | "g++" | "clang" | "rustc" | "zig" | "ghc" | "crystal" => {
            let to = value(&words, &["-o"]).map(file);
            let installed = (has("install") && name == "go").then(|| folder("/go/bin"));
            to.into_iter().chain(installed).collect()
        }
        "curl" | "wget" => download(name, &words),
        "cargo" | "cross" => cargo(&words),
        "npm" | "yarn" | "pnpm" | "bun" => javascript(&words),
        "vite" | "ng" => has("build").then(|| folder("dist")).into_iter().collect(),
        "next" => has("build").then(|| folder(".next")).into_iter().collect(),
        "mvn" | "mvnw" => {
            let packs = ["package", "install", "verify"].iter().any(|it| has(it));
            packs.then(|| folder("target")).into_iter().collect()
        }
        "gradle" | "gradlew" => {
            words.iter().any(|it| !it.starts_with('-')).then(|| folder("build/libs")).into_iter().collect()
        }
        "dotnet" => value(&words, &["-o", "--output"]).map(folder).into_iter().collect(),
        "pip" | "pip3" => value(&words, &["-t", "--target", "--prefix", "-w", "--wheel-dir"])
            .map(folder)
            .into_iter()
            .collect(),
        "python" | "python3" if has("venv") => {
            operands(&words, &["-m"]).last().map(folder).into_iter().collect()
        }
        "virtualenv" => operands(&words, &["-p"]).last().map(folder).into_iter().collect(),
        "uv" => uv(&words),
        "tar" => value(&words, &["-C", "--directory"]).map(folder).into_iter().collect(),
        "unzip" => value(&words, &["-d"]).map(folder).into_iter().collect(),
        "git" if has("clone") => clone(&words),
        "composer" if has("install") => vec![folder("vendor")],
        "make" if has("install") => vec![folder("/usr/local")],
        _ => Vec::new(),
    }
}

/// The words that are neither flags nor values of `valued` flags.
fn operands<'a>(words: &'a [&'a str], valued: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    let is_value =
        move |at: usize| at.checked_sub(1).and_then(|at| words.get(at)).is_some_and(|it| valued.contains(it));
    let all = words.iter().enumerate();
    all.filter(move |(at, word)| !word.starts_with('-') && !is_value(*at)).map(|(_, word)| *word)
}

/// The value of the last of these flags: the next word, or what follows `=`.
fn value<'a>(words: &[&'a str], flags: &[&str]) -> Option<&'a str> {
    words.iter().enumerate().rev().find_map(|(at, word)| match word.split_once('=') {
        Some((name, value)) if flags.contains(&name) => Some(value),
        _ if flags.contains(word) => words.get(at + 1).copied(),
        _ => None,
    })
}

fn last_segment(url: &str) -> Option<&str> {
    let path = url.split(['?', '#']).next()?;
    path.rsplit('/').next().filter(|it| !it.is_empty() && url.contains("://"))
}

fn download(name: &str, words: &[&str]) -> Vec<Output> {
    let flags: &[&str] = if name == "curl" { &["-o", "--output"] } else { &["-O", "--output-document"] };
    let named = value(words, flags).or_else(|| {
        // `curl -fsSLo file url`
        let at = words.iter().position(|it| is_bundle(it, flags.first().copied().unwrap_or_default()))?;
        words.get(at + 1).copied()
    });
    let by_url = || {
        let keeps_name = name == "wget"
            || words.iter().any(|it| *it == "--remote-name" || is_bundle(it, "-O") || *it == "-O");
        words.iter().filter(|_| keeps_name).find_map(|it| last_segment(it))
    };
    named.or_else(by_url).map(|it| (SmolStr::new(it), false)).into_iter().collect()
}

/// Several short flags in one word that ends with `flag`.
fn is_bundle(word: &str, flag: &str) -> bool {
    word.len() > 2
        && word.starts_with('-')
        && !word.starts_with("--")
        && flag.get(1..).is_some_and(|it| word.ends_with(it))
}

fn cargo(words: &[&str]) -> Vec<Output> {
    let target = value(words, &["--target"]).map(|it| format!("{it}/")).unwrap_or_default();
    let profile = if words.iter().any(|it| matches!(*it, "--release" | "-r")) { "release" } else { "debug" };
    let root = value(words, &["--target-dir"]).unwrap_or("target");
    match words.iter().find(|it| !it.starts_with(['-', '+'])) {
        Some(&"build") => vec![(format!("{root}/{target}{profile}").into(), true)],
        Some(&"install") => {
            let root = value(words, &["--root"]).unwrap_or("/usr/local/cargo");
            vec![(format!("{root}/bin").into(), true)]
        }
        _ => Vec::new(),
    }
}

fn javascript(words: &[&str]) -> Vec<Output> {
    let first = words.iter().find(|it| !it.starts_with('-'));
    let is_build = words.iter().any(|it| *it == "build" || it.starts_with("build:"));
    let is_install = first.is_none_or(|it| matches!(*it, "ci" | "install" | "i" | "add"));
    let folders: &[&str] = match (is_build, is_install) {
        (true, _) => &["build", "dist"],
        (_, true) => &["node_modules"],
        _ => &[],
    };
    folders.iter().map(|it| (SmolStr::new(it), true)).collect()
}

fn uv(words: &[&str]) -> Vec<Output> {
    let named = operands(words, &[]).nth(1);
    match operands(words, &[]).next() {
        Some("sync") => vec![(".venv".into(), true)],
        Some("venv") => vec![(named.unwrap_or(".venv").into(), true)],
        _ => Vec::new(),
    }
}

/// `git clone url [folder]`
fn clone(words: &[&str]) -> Vec<Output> {
    let mut names =
        operands(words, &["-b", "--branch", "--depth", "-c", "--config", "-o", "--origin"]).skip(1);
    let Some(url) = names.next() else { return Vec::new() };
    let name =
        names.next().or_else(|| url.trim_end_matches('/').trim_end_matches(".git").rsplit(['/', ':']).next());
    name.map(|it| (SmolStr::new(it), true)).into_iter().collect()
}
