//! Which kind of project a folder holds, or why that cannot be told.

use serde_json::Value;

use super::Refusal;
use super::project::Project;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stack {
    Node,
    Python,
    Go,
    Rust,
    Maven,
    Gradle,
    Dotnet,
    Php,
    Ruby,
    Cmake,
    Static,
}

/// A kind of project, and within it a tool or a framework if the user named one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    pub stack: Stack,
    /// `pnpm`, `flask`.
    pub detail: Option<&'static str>,
}

/// What `--stack` takes.
pub const NAMES: &[(&str, Stack, Option<&str>)] = &[
    ("node", Stack::Node, None),
    ("npm", Stack::Node, Some("npm")),
    ("pnpm", Stack::Node, Some("pnpm")),
    ("yarn", Stack::Node, Some("yarn")),
    ("next", Stack::Node, Some("next")),
    ("vite", Stack::Node, Some("vite")),
    ("express", Stack::Node, Some("express")),
    ("python", Stack::Python, None),
    ("pip", Stack::Python, Some("pip")),
    ("poetry", Stack::Python, Some("poetry")),
    ("uv", Stack::Python, Some("uv")),
    ("flask", Stack::Python, Some("flask")),
    ("fastapi", Stack::Python, Some("fastapi")),
    ("django", Stack::Python, Some("django")),
    ("jupyter", Stack::Python, Some("jupyter")),
    ("script", Stack::Python, Some("script")),
    ("go", Stack::Go, None),
    ("rust", Stack::Rust, None),
    ("java", Stack::Maven, None),
    ("maven", Stack::Maven, None),
    ("gradle", Stack::Gradle, None),
    ("dotnet", Stack::Dotnet, None),
    ("php", Stack::Php, None),
    ("ruby", Stack::Ruby, None),
    ("cmake", Stack::Cmake, None),
    ("static", Stack::Static, None),
];

/// Files that only one kind of project has, at the top of its folder.
const SURE: &[(Stack, &[&str])] = &[
    (Stack::Node, &["package.json"]),
    (
        Stack::Python,
        &["pyproject.toml", "requirements.txt", "setup.py", "Pipfile", "manage.py", "uv.lock", "poetry.lock"],
    ),
    (Stack::Go, &["go.mod", "go.work"]),
    (Stack::Rust, &["Cargo.toml"]),
    (Stack::Maven, &["pom.xml"]),
    (Stack::Gradle, &["build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"]),
    (Stack::Dotnet, &["*.csproj", "*.fsproj", "*.vbproj", "*.sln", "*.slnx"]),
    (Stack::Php, &["composer.json"]),
    (Stack::Ruby, &["Gemfile"]),
    (Stack::Cmake, &["CMakeLists.txt"]),
];

/// Files that tell something only where nothing else does, the surest first.
const LIKELY: &[(Stack, &[&str])] = &[
    (Stack::Php, &["index.php", "public/index.php"]),
    (Stack::Python, &["*.py", "*.ipynb"]),
    (Stack::Go, &["*.go"]),
    (Stack::Ruby, &["config.ru", "*.rb"]),
    (Stack::Static, &["index.html", "public/index.html"]),
];

/// Those of them that are not at the top.
pub const BELOW: &[&str] = &["public/index.php", "public/index.html"];

impl Stack {
    pub fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(_, stack, _)| *stack == self && !matches!(self, Stack::Maven))
            .map_or("maven", |it| it.0)
    }
}

/// The choice that `--stack` names; for `java` the project's files say which tool.
pub fn named(name: &str, project: &Project) -> Option<Choice> {
    let (_, stack, detail) = NAMES.iter().find(|it| it.0 == name)?;
    let is_gradle = name == "java" && !project.has("pom.xml") && mark_of(project, Stack::Gradle).is_some();
    Some(Choice { stack: if is_gradle { Stack::Gradle } else { *stack }, detail: *detail })
}

/// The kinds of project that the names at the top of the folder allow; nothing is read.
pub fn possible(project: &Project) -> Vec<Stack> {
    let sure: Vec<Stack> = sure(project).into_iter().map(|it| it.0).collect();
    if sure.is_empty() { likely(project).into_iter().collect() } else { sure }
}

/// The kind of the project.
pub fn detect(project: &Project) -> Result<Choice, Refusal> {
    let chosen = |stack| Ok(Choice { stack, detail: None });
    match sure(project).as_slice() {
        [] => match likely(project) {
            Some(stack) => chosen(stack),
            None => Err(nothing_found(project)),
        },
        [(stack, _)] => chosen(*stack),
        [(Stack::Node, _), (other, _)] if is_only_tools(*other, project)? => chosen(*other),
        [(_, first), (_, second), ..] => Err(Refusal(format!(
            "`{first}` and `{second}` are of different kinds of project: say with `--stack` which one to write for, \
             or name the folder of one"
        ))),
    }
}

fn sure(project: &Project) -> Vec<(Stack, String)> {
    SURE.iter().filter_map(|(stack, marks)| Some((*stack, mark(project, marks)?))).collect()
}

fn likely(project: &Project) -> Option<Stack> {
    LIKELY.iter().find(|(_, marks)| mark(project, marks).is_some()).map(|it| it.0)
}

fn mark_of(project: &Project, stack: Stack) -> Option<String> {
    SURE.iter().find(|it| it.0 == stack).and_then(|(_, marks)| mark(project, marks))
}

/// The file that one of `marks` names, at the top; `*.x` stands for any name with that ending.
fn mark(project: &Project, marks: &[&str]) -> Option<String> {
    marks.iter().find_map(|mark| match mark.strip_prefix('*') {
        Some(ending) => project.top().find(|it| it.ends_with(ending)).map(str::to_owned),
        None => project.has(mark).then(|| (*mark).to_owned()),
    })
}

/// Whether `package.json` stands beside a project of another kind only for tools, or for assets of a web framework.
fn is_only_tools(other: Stack, project: &Project) -> Result<bool, Refusal> {
    let package = project.json("package.json")?;
    let has_start = package.pointer("/scripts/start").is_some();
    let needs_nothing = package.get("dependencies").and_then(Value::as_object).is_none_or(|it| it.is_empty());
    let has_assets = matches!(other, Stack::Php | Stack::Ruby) || project.has("manage.py");
    Ok(has_assets || (!has_start && needs_nothing))
}

/// Nothing at the top: perhaps further down.
fn nothing_found(project: &Project) -> Refusal {
    let all: Vec<&str> = SURE.iter().flat_map(|it| it.1).copied().filter(|it| !it.starts_with('*')).collect();
    let mut folders: Vec<&str> = project
        .paths()
        .filter(|it| it.matches('/').count() <= 2)
        .filter_map(|it| it.rsplit_once('/'))
        .filter(|(_, name)| all.contains(name))
        .map(|(folder, _)| folder)
        .collect();
    folders.dedup();
    if folders.is_empty() {
        let what = if project.is_empty() {
            "the folder is empty"
        } else {
            "no file here tells what kind of project it is"
        };
        return Refusal(format!("{what}: name the kind with `--stack` (for example `--stack python`)"));
    }
    let more = if folders.len() > 3 { " and more" } else { "" };
    let named: Vec<String> = folders.iter().take(3).map(|it| format!("`{it}`")).collect();
    Refusal(format!(
        "there is no project at the top, but there are some in {}{more}: name the folder of one of them",
        named.join(", ")
    ))
}
