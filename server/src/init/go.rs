//! Go: `go.mod`, and the one program among the packages.

use super::Refusal;
use super::images::{self, Line};
use super::ports::{self, Listening, listening};
use super::project::Project;
use super::recipe::{Recipe, run_cached};
use super::text::without_comments;
use super::versions::Wish;

const LINE: Line =
    Line { title: "Go", image: "golang", variant: "", numbers: 2, usual: "latest", otherwise: "1.27" };

/// Folders whose files a program may open when it runs.
pub const OPENED: &[&str] = &["templates", "static", "public", "assets", "migrations", "views"];

pub fn recipe(project: &Project) -> Result<Recipe, Refusal> {
    if project.has("go.work") && !project.has("go.mod") {
        return Err(Refusal(
            "this is the top of several modules (`go.work`): name the folder of one of them".to_owned(),
        ));
    }
    let module = project.text("go.mod");
    let programs = programs(project);
    let name = module_name(&module).unwrap_or_else(|| project.image_name());
    let assumed = [Program::assumed()];
    let has_nothing =
        programs.is_empty() && project.with_ending("go", 3).next().is_none() && !project.has("go.mod");
    let program = chosen_program(if has_nothing { &assumed } else { &programs }, &name)?;
    let wish = module.lines().find_map(|it| it.trim().strip_prefix("go "));
    let chosen = LINE.choose(wish.and_then(|it| Wish::at_least("go.mod", it)).as_ref());
    let mut recipe = Recipe::new("Go", &["bin", "*.test", "coverage.out"]);
    recipe.notes.extend(chosen.note);
    if programs.len() > 1 {
        let others: Vec<String> = programs.iter().map(|it| format!("`{}`", it.folder)).collect();
        recipe.note(format!(
            "there are several programs ({}): the Dockerfile builds `{}`",
            others.join(", "),
            program.folder
        ));
    }
    let needs_c = needs_c(project, &module);
    build(project, &mut recipe, &chosen.version, program, needs_c);
    ship(project, &mut recipe, program, needs_c);
    Ok(recipe)
}

struct Program {
    /// As `go build` takes it: `.`, `./cmd/shop`.
    folder: String,
    path: String,
    listening: Listening,
    embeds: bool,
}

impl Program {
    /// For a folder in which nothing is yet.
    fn assumed() -> Program {
        Program {
            folder: ".".to_owned(),
            path: "main.go".to_owned(),
            listening: Listening::default(),
            embeds: false,
        }
    }
}

/// The packages `main`, by their folders.
fn programs(project: &Project) -> Vec<Program> {
    let mut found: Vec<Program> = Vec::new();
    let files =
        project.with_ending("go", 3).filter(|it| !it.ends_with("_test.go") && !it.starts_with("vendor/"));
    for path in files.take(500) {
        let text = project.text(path);
        let code = without_comments(&text, "//");
        let is_main = code.lines().any(|it| it.trim() == "package main") && code.contains("func main()");
        let is_left_out = text.contains("//go:build ignore");
        if is_main && !is_left_out {
            let folder = path.rsplit_once('/').map_or(".".to_owned(), |(folder, _)| format!("./{folder}"));
            found.push(Program {
                folder,
                path: path.to_owned(),
                listening: listening(&text),
                embeds: text.contains("//go:embed"),
            });
        }
    }
    found
}

fn chosen_program<'p>(programs: &'p [Program], name: &str) -> Result<&'p Program, Refusal> {
    let is_named = |it: &&Program| it.folder == format!("./cmd/{name}");
    let at_top = programs.iter().find(|it| it.folder == ".");
    at_top.or_else(|| programs.iter().find(is_named)).or(programs.first()).ok_or_else(|| {
        Refusal(
            "there is no program here, only packages: no file has `package main` and `func main()`"
                .to_owned(),
        )
    })
}

fn module_name(module: &str) -> Option<String> {
    let path = module.lines().find_map(|it| it.trim().strip_prefix("module "))?;
    // `example.org/shop/v2` is called `shop`.
    let parts = path.trim().rsplit('/');
    let is_version =
        |it: &str| it.strip_prefix('v').is_some_and(|it| it.chars().all(|it| it.is_ascii_digit()));
    parts.map(str::trim).find(|it| !is_version(it)).map(str::to_owned)
}

/// Whether a compiler for C is needed.
fn needs_c(project: &Project, module: &str) -> bool {
    module.contains("mattn/go-sqlite3")
        || programs(project).iter().any(|it| project.text(&it.path).contains("import \"C\""))
}

fn build(project: &Project, recipe: &mut Recipe, version: &str, program: &Program, needs_c: bool) {
    let why = "First a stage with the compiler, in which the program is built. It has a name so that the last stage can \
               copy out of it.";
    recipe.step(why, format!("FROM golang:{version} AS build"));
    recipe.workdir("/src");
    let has_sum = project.has("go.sum");
    if !project.has_folder("vendor") && project.has("go.mod") {
        let sum = if has_sum { " go.sum" } else { "" };
        let why = "Only the files that say which modules are needed: as long as they stay the same, the next step is \
                   taken from the cache.";
        recipe.step(why, format!("COPY go.mod{sum} ./"));
        let why = "Fetches the modules. They are kept in a cache beside the image, for the next build.";
        recipe.step(why, run_cached(&["/go/pkg/mod"], "go mod download"));
    }
    if !has_sum && project.text("go.mod").contains("require") {
        recipe.note("there is no `go.sum`, without which modules cannot be checked: run `go mod tidy` and keep the file");
    }
    if !project.has("go.mod") {
        recipe.note("there is no `go.mod`, without which Go builds nothing: run `go mod init NAME` first");
    }
    recipe.copy_all();
    let why = if needs_c {
        "Builds the program. What was compiled is kept in a cache, too."
    } else {
        "Builds the program, without libraries of the system so that it runs anywhere. What was compiled is kept in a cache, too."
    };
    let cgo = if needs_c { "CGO_ENABLED=1" } else { "CGO_ENABLED=0" };
    let command = format!("{cgo} go build -trimpath -ldflags=\"-s -w\" -o /out/app {}", program.folder);
    recipe.step(why, run_cached(&["/go/pkg/mod", "/root/.cache/go-build"], &command));
}

fn ship(project: &Project, recipe: &mut Recipe, program: &Program, needs_c: bool) {
    let why = "The image that is shipped starts anew: it has the program, and neither the compiler nor the sources.";
    // A program with C in it needs the same library as where it was built.
    let image = if needs_c { images::debian() } else { images::alpine() };
    recipe.step(why, format!("FROM {image}"));
    if needs_c {
        recipe.add_user_debian()
    } else {
        recipe.add_user_alpine()
    }
    recipe.workdir("/app");
    recipe.step("The program, built in the stage before.", "COPY --from=build /out/app ./app");
    for folder in OPENED.iter().filter(|it| !program.embeds && project.has_folder(it)) {
        recipe.step("The program may open these files when it runs.", format!("COPY {folder} ./{folder}"));
    }
    recipe.user("app");
    ports::note_local(recipe, &program.path, program.listening);
    recipe.expose(program.listening.port);
    recipe.command(&["/app/app"]);
}
