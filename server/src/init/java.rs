//! What Maven and Gradle projects have in common: the version of Java, the port, the last stage.

use super::images::{self, Line};
use super::ports::listening;
use super::project::Project;
use super::recipe::Recipe;
use super::text::{number, quoted};
use super::versions::Wish;

const LINE: Line = Line {
    title: "Java",
    image: "eclipse-temurin",
    variant: "jre",
    numbers: 1,
    usual: "25-jre",
    otherwise: "25",
};

/// The version of Java for what `file` asks for: that one, since a newer one can lack what the project uses.
pub fn version(recipe: &mut Recipe, file: &str, asked: Option<u64>) -> String {
    let wish = asked.and_then(|it| Wish::new(file, &it.to_string(), super::versions::Tilde::Minor));
    // Those that are kept for years; nobody wants to change every six months.
    let chosen = LINE.choose(wish.as_ref());
    recipe.notes.extend(chosen.note);
    chosen.version
}

/// The version in `1.8`, `17` or `VERSION_21`.
pub fn number_of(text: &str) -> Option<u64> {
    let text = text
        .trim()
        .trim_start_matches("JavaVersion.VERSION_")
        .trim_start_matches("1.")
        .trim_start_matches("1_");
    number(text).filter(|it| (6..100).contains(it))
}

/// An image with the tool for this Java, or the newest there is.
pub fn tool_image(image: &str, wanted: &str, otherwise: &str) -> String {
    let tag = if images::is_current(image, wanted) { wanted } else { otherwise };
    format!("{image}:{tag}")
}

/// The port that Spring's or Quarkus' settings name; otherwise 8080.
pub fn port(project: &Project, folder: &str) -> u16 {
    let path = |name: &str| format!("{folder}src/main/resources/{name}");
    let properties = project.text(&path("application.properties"));
    let keys = ["server.port", "quarkus.http.port"];
    let line = properties.lines().find(|it| keys.iter().any(|key| it.trim_start().starts_with(key)));
    let yaml = ["application.yml", "application.yaml"].map(|it| project.text(&path(it))).concat();
    let below = yaml
        .split_once("server:")
        .and_then(|it| it.1.lines().take(4).find(|it| it.trim_start().starts_with("port:")));
    let written = line
        .or(below)
        .and_then(|it| it.rsplit(['=', ':']).next())
        .and_then(|it| it.trim_end_matches('}').trim().parse().ok());
    written.unwrap_or(8080)
}

/// The port of a server without a framework, as its own sources say.
pub fn heard(project: &Project, folder: &str) -> Option<u16> {
    let start = format!("{folder}src/main/");
    let sources = project.paths().filter(|it| it.starts_with(&start));
    let sources = sources.filter(|it| it.ends_with(".java") || it.ends_with(".kt")).take(300);
    let mut texts = sources.map(|path| project.text(path));
    texts.find_map(|text| {
        let is_server =
            ["HttpServer", "ServerSocket", "Javalin", "Undertow"].iter().any(|it| text.contains(it));
        listening(&text).port.filter(|_| is_server)
    })
}

/// The class with `main`, if the sources have exactly one: `org.example.App`.
pub fn main_class(project: &Project, folder: &str) -> Option<String> {
    let start = format!("{folder}src/main/");
    let sources = project.paths().filter(|it| it.starts_with(&start));
    let sources = sources.filter(|it| it.ends_with(".java") || it.ends_with(".kt")).take(300);
    let mut found = sources.filter_map(|path| {
        let text = project.text(path);
        let is_kotlin = path.ends_with(".kt");
        let mark = if is_kotlin { "fun main(" } else { "static void main(" };
        let package = text.lines().find_map(|it| it.trim().strip_prefix("package "));
        let package = package.map(|it| format!("{}.", it.trim().trim_end_matches(';'))).unwrap_or_default();
        let name = path.rsplit('/').next()?.rsplit_once('.')?.0;
        let ending = if is_kotlin { "Kt" } else { "" };
        text.contains(mark).then(|| format!("{package}{name}{ending}"))
    });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The first stage: an image with the tools.
pub fn build_stage(recipe: &mut Recipe, image: &str) {
    let why = "First a stage with the compiler and the build tool. It has a name so that the last stage can copy out of it.";
    recipe.step(why, format!("FROM {image} AS build"));
    recipe.workdir("/src");
}

/// The last stage up to the point where the program is copied.
pub fn ship(recipe: &mut Recipe, version: &str) {
    let why = "The image that is shipped starts anew: it has what runs Java, and neither the compiler nor the sources.";
    recipe.step(why, format!("FROM eclipse-temurin:{version}-jre"));
    recipe.add_user_debian();
    recipe.workdir("/app");
}

/// What stands in quotes or behind the last sign of `line`.
pub fn value(line: &str) -> &str {
    quoted(line)
        .unwrap_or_else(|| line.rsplit(['=', ' ', '(']).next().unwrap_or(line))
        .trim_matches([')', ' '])
}
