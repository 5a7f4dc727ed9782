//! Rust: `Cargo.toml`, and the one program of the package.

use toml::{Table, Value};

use super::Refusal;
use super::images;
use super::ports::{self, listening};
use super::project::Project;
use super::recipe::{Recipe, WHY_APT, apt_install, run_cached};

const REGISTRY: &str = "/usr/local/cargo/registry";

/// Crates that ask the system for its certificates or for OpenSSL.
const NEEDS_TLS: &[&str] =
    &["openssl", "native-tls", "reqwest", "rustls-native-certs", "ureq", "hyper-tls", "async-nats", "tonic"];

pub fn recipe(project: &Project) -> Result<Recipe, Refusal> {
    let manifest = project.toml("Cargo.toml")?;
    let package = package(project, &manifest)?;
    let programs = programs(project, &package.manifest, &package.folder);
    let default = package.manifest.get("package").and_then(|it| it.get("default-run")?.as_str());
    let program = default
        .map(str::to_owned)
        .or_else(|| programs.iter().find(|it| **it == package.name).or(programs.first()).cloned());
    let Some(program) = program else {
        return Err(Refusal(
            "there is no program here, only a library: neither `src/main.rs` nor `[[bin]]`".to_owned(),
        ));
    };
    let mut recipe = Recipe::new("Rust", &["target"]);
    if programs.len() > 1 {
        recipe.note(format!(
            "there are several programs ({}): the Dockerfile builds `{program}`",
            programs.join(", ")
        ));
    }
    if !project.has("Cargo.lock") {
        recipe.note("there is no `Cargo.lock`, so every build may take other versions: run `cargo generate-lockfile` and keep the file");
    }
    build(project, &mut recipe, &package, &program);
    ship(project, &mut recipe, &package, &program);
    Ok(recipe)
}

struct Package {
    name: String,
    manifest: Table,
    /// From the top, with a `/` at the end; empty for the top.
    folder: String,
}

/// The package at the top, or the only one in a workspace that is a program.
fn package(project: &Project, manifest: &Table) -> Result<Package, Refusal> {
    let name =
        |manifest: &Table| manifest.get("package").and_then(|it| it.get("name")?.as_str()).map(str::to_owned);
    if let Some(name) = name(manifest) {
        return Ok(Package { name, manifest: manifest.clone(), folder: String::new() });
    }
    let members = project.paths().filter(|it| it.ends_with("/Cargo.toml") && it.matches('/').count() <= 3);
    let folders = members.filter_map(|it| it.strip_suffix("Cargo.toml"));
    let programs: Vec<&str> = folders.filter(|it| project.has(&format!("{it}src/main.rs"))).collect();
    match programs.as_slice() {
        [folder] => {
            let manifest = project.toml(&format!("{folder}Cargo.toml"))?;
            let name = name(&manifest).unwrap_or_default();
            Ok(Package { name, manifest, folder: (*folder).to_owned() })
        }
        [] if !project.has("Cargo.toml") => {
            Ok(Package { name: project.image_name(), manifest: assumed(), folder: String::new() })
        }
        [] => Err(Refusal("this is a workspace without a program: no member has `src/main.rs`".to_owned())),
        several => Err(Refusal(format!(
            "this is a workspace with several programs ({}): name the folder of one of them",
            several.iter().map(|it| format!("`{}`", it.trim_end_matches('/'))).collect::<Vec<_>>().join(", ")
        ))),
    }
}

/// For a folder in which nothing is yet: as if there were `src/main.rs`.
fn assumed() -> Table {
    let mut package = Table::new();
    package.insert("default-run".to_owned(), Value::from("app"));
    Table::from_iter([("package".to_owned(), Value::Table(package))])
}

fn programs(project: &Project, manifest: &Table, folder: &str) -> Vec<String> {
    let written = manifest.get("bin").and_then(Value::as_array).into_iter().flatten();
    let mut found: Vec<String> =
        written.filter_map(|it| Some(it.get("name")?.as_str()?.to_owned())).collect();
    if project.has(&format!("{folder}src/main.rs")) && found.is_empty() {
        found.extend(manifest.get("package").and_then(|it| Some(it.get("name")?.as_str()?.to_owned())));
    }
    let start = format!("{folder}src/bin/");
    let beside = project.paths().filter_map(|it| it.strip_prefix(&start)?.strip_suffix(".rs"));
    found.extend(beside.filter(|it| !it.contains('/')).map(str::to_owned));
    found.sort();
    found.dedup();
    found
}

/// Whether the dependencies can be built before the sources are there: all targets must be where Cargo looks first.
fn is_simple(project: &Project, package: &Package) -> bool {
    let has_only_main =
        project.has("src/main.rs") && !project.has_folder("src/bin") && !project.has("build.rs");
    let unusual = ["bin", "lib", "bench", "example", "test", "workspace"];
    package.folder.is_empty()
        && has_only_main
        && !unusual.iter().any(|it| package.manifest.contains_key(*it))
        && package.manifest.get("package").is_none_or(|it| it.get("build").is_none())
}

fn build(project: &Project, recipe: &mut Recipe, package: &Package, program: &str) {
    let why = "First a stage with the compiler, in which the program is built. It has a name so that the last stage can \
               copy out of it.";
    recipe.step(why, "FROM rust:1 AS build");
    recipe.workdir("/src");
    let locked = if project.has("Cargo.lock") { " --locked" } else { "" };
    let chosen =
        if package.folder.is_empty() { String::new() } else { format!(" --package {}", package.name) };
    if is_simple(project, package) {
        let lock = if locked.is_empty() { "" } else { " Cargo.lock" };
        let library = project.has("src/lib.rs");
        let stubs = if library { " && touch src/lib.rs" } else { "" };
        let why = "Only the files that say which crates are needed: as long as they stay the same, the next step is \
                   taken from the cache.";
        recipe.step(why, format!("COPY Cargo.toml{lock} ./"));
        let command = format!(
            "mkdir src{stubs} && echo 'fn main() {{}}' > src/main.rs \\\n    && cargo build --release{locked}"
        );
        recipe.step(
            "Builds the crates, with an empty program in place of the real one.",
            run_cached(&[REGISTRY], &command),
        );
        recipe.copy_all();
        let touched = if library { "src/main.rs src/lib.rs" } else { "src/main.rs" };
        let command = format!(
            "touch {touched} && cargo build --release{locked} \\\n    && mkdir /out && cp target/release/{program} /out/app"
        );
        recipe.step(
            "Builds the program. `touch` tells Cargo that these files are newer than the empty ones.",
            run_cached(&[REGISTRY], &command),
        );
        return;
    }
    recipe.copy_all();
    let why = "Builds the program. What was downloaded and compiled is kept in caches beside the image, for the next build.";
    let command = format!(
        "cargo build --release{locked}{chosen} --bin {program} \\\n    && mkdir /out && cp target/release/{program} /out/app"
    );
    recipe.step(why, run_cached(&[REGISTRY, "/src/target"], &command));
}

fn ship(project: &Project, recipe: &mut Recipe, package: &Package, program: &str) {
    let why = "The image that is shipped starts anew: it has the program, and neither the compiler nor the sources.";
    recipe.step(why, format!("FROM {}", images::debian()));
    let needed = package.manifest.get("dependencies").and_then(Value::as_table);
    if needed.is_some_and(|it| it.keys().any(|name| NEEDS_TLS.contains(&name.as_str()))) {
        recipe.step(WHY_APT, apt_install(&["ca-certificates", "libssl3t64"]));
    }
    recipe.add_user_debian();
    recipe.workdir("/app");
    recipe.step("The program, built in the stage before.", "COPY --from=build /out/app ./app");
    for folder in super::go::OPENED.iter().filter(|it| project.has_folder(it)) {
        recipe.step("Files that the program may open when it runs.", format!("COPY {folder} ./{folder}"));
    }
    recipe.user("app");
    let main = format!("{}src/main.rs", package.folder);
    let other = format!("{}src/bin/{program}.rs", package.folder);
    let source = if project.has(&main) { main } else { other };
    let text = project.text(&source);
    let heard = listening(&text);
    ports::note_local(recipe, &source, heard);
    recipe.expose(heard.port);
    recipe.needs_handler("A program in Rust", &text);
    recipe.command(&["/app/app"]);
}
