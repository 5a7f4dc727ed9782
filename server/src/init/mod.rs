//! A first Dockerfile and `.dockerignore` for a project, from what its folder holds.
//!
//! * [`scan`] — the edge: lists a folder, with a limit, and reads the files that are asked for.
//! * [`project`] — the folder as a list of paths and a way to read one; tests give a table instead.
//! * [`stack`] — which kind of project it is, or why that cannot be told.
//! * [`recipe`] — the text, step by step, each with the reason for it; [`images`] and [`versions`] — its base images.
//! * one file for each kind: [`node`], [`python`], [`go`] …
//!
//! Everything but [`scan`] is pure. It is not part of the analysis because it reads JSON and TOML. What cannot be known is
//! not guessed silently: it is a [note](Start::notes). What contradicts itself is a [`Refusal`], and nothing is written.

mod bundle;
mod cmake;
mod dotnet;
mod go;
mod gradle;
mod images;
mod java;
mod maven;
mod node;
mod php;
mod ports;
pub mod project;
mod python;
mod recipe;
mod ruby;
mod rust;
pub mod scan;
mod site;
pub mod stack;
mod text;
mod versions;
mod xml;

#[cfg(test)]
mod tests;

use crate::analysis::knowledge::COMMON_IGNORED;
use project::Project;
use recipe::Recipe;
use stack::{Choice, Stack};

/// Why nothing is written: one sentence for the user, in lower case and without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(pub String);

/// What is written for a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The name that `--stack` takes: `node`.
    pub stack: &'static str,
    /// As people say it: `Node.js with pnpm (Next.js)`.
    pub title: String,
    pub dockerfile: String,
    pub dockerignore: String,
    /// What the user should know or do; sentences in lower case without a full stop.
    pub notes: Vec<String>,
    /// Where the program listens in the container.
    pub port: Option<u16>,
    /// Whether it takes `--init` to end the program with Ctrl+C.
    pub is_deaf: bool,
    /// A name for the image.
    pub image: String,
}

impl Start {
    pub fn build_command(&self) -> String {
        format!("docker build -t {} .", self.image)
    }

    pub fn run_command(&self) -> String {
        let publish = self.port.map(|it| format!("-p {it}:{it} ")).unwrap_or_default();
        let init = if self.is_deaf { "--init " } else { "" };
        format!("docker run --rm {init}{publish}{}", self.image)
    }
}

/// What to write for `project`: of the kind that `choice` names, or else of the kind that it is.
///
/// With `explain` every step has a comment for a learner. Reads at most a few hundred small files.
pub fn start(project: &Project, choice: Option<Choice>, explain: bool) -> Result<Start, Refusal> {
    let choice = match choice {
        Some(choice) => choice,
        None => stack::detect(project)?,
    };
    let recipe = recipe(project, choice)?;
    Ok(Start {
        stack: choice.stack.name(),
        dockerfile: recipe.render(explain),
        dockerignore: ignore_file(&recipe, explain),
        title: recipe.title,
        notes: recipe.notes,
        port: recipe.port,
        is_deaf: recipe.is_deaf,
        image: project.image_name(),
    })
}

fn recipe(project: &Project, choice: Choice) -> Result<Recipe, Refusal> {
    match choice.stack {
        Stack::Node => node::recipe(project, choice),
        Stack::Python => python::recipe(project, choice),
        Stack::Go => go::recipe(project),
        Stack::Rust => rust::recipe(project),
        Stack::Maven => maven::recipe(project),
        Stack::Gradle => gradle::recipe(project),
        Stack::Dotnet => dotnet::recipe(project),
        Stack::Php => php::recipe(project),
        Stack::Ruby => ruby::recipe(project),
        Stack::Cmake => cmake::recipe(project),
        Stack::Static => site::recipe(project),
    }
}

fn ignore_file(recipe: &Recipe, explain: bool) -> String {
    let head = ["# What the build context leaves out: nothing of this can get into the image.\n"];
    let head = head.into_iter().filter(|_| explain);
    let needed = |line: &&&str| !recipe.needs_from_context(line);
    let ignored = recipe.ignored.iter().filter(needed);
    let lines = COMMON_IGNORED.iter().chain(ignored).flat_map(|line| [*line, "\n"]);
    head.chain(lines).collect()
}
