//! Python: with pip, Poetry or uv; a web service, a notebook or a script.

mod app;
mod packages;
mod system;

use toml::Table;

use super::Refusal;
use super::images::Line;
use super::project::Project;
use super::recipe::{Recipe, WHY_APT, apt_install, run_cached};
use super::stack::Choice;
use super::versions::{Tilde, Wish, agreed};
use app::{App, Kind};

const IGNORED: &[&str] = &[
    "__pycache__",
    "*.py[cod]",
    ".venv",
    "venv",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".ipynb_checkpoints",
    "dist",
];

const LINE: Line =
    Line { title: "Python", image: "python", variant: "slim", numbers: 2, usual: "slim", otherwise: "3.14" };

/// How packages are installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tool {
    /// Nothing is needed.
    None,
    Requirements,
    /// `pip install .`
    Package,
    Poetry,
    Uv,
    Pipenv,
}

/// What the files of the project say.
struct Python<'p> {
    project: &'p Project<'p>,
    pyproject: Table,
    tool: Tool,
    /// Names of the packages that it asks for, in lower case, with `-`.
    packages: Vec<String>,
    /// What the sources import where no file lists any package.
    imported: Vec<&'static str>,
}

pub fn recipe(project: &Project, choice: Choice) -> Result<Recipe, Refusal> {
    let pyproject = project.toml("pyproject.toml")?;
    let tool = tool(project, &pyproject, choice.detail)?;
    let packages = packages::names(project, &pyproject);
    let imported = if tool == Tool::None { packages::imported(project) } else { Vec::new() };
    let python = Python { project, pyproject, tool, packages, imported };
    let app = python.with_imported(app::find(&python, choice.detail));
    let chosen = LINE.choose(agreed(python.wishes())?.as_ref());
    let mut recipe = Recipe::new(python.title(&app), IGNORED);
    recipe.notes.extend(chosen.note);
    recipe.notes.extend(app.notes.iter().cloned());
    python.write(&mut recipe, &chosen.version, &app);
    Ok(recipe)
}

/// The tool that the user names, or whose lock file is there. Two lock files contradict each other.
fn tool(project: &Project, pyproject: &Table, said: Option<&str>) -> Result<Tool, Refusal> {
    let has_section = |name: &str| pyproject.get("tool").is_some_and(|it| it.get(name).is_some());
    match said {
        Some("pip") if !project.has("requirements.txt") && project.has("pyproject.toml") => {
            return Ok(Tool::Package);
        }
        Some("pip") => return Ok(Tool::Requirements),
        Some("poetry") => return Ok(Tool::Poetry),
        Some("uv") => return Ok(Tool::Uv),
        _ => {}
    }
    if project.has("uv.lock") && project.has("poetry.lock") {
        return Err(Refusal(
            "`uv.lock` and `poetry.lock` are of different tools: remove the one that is not used, or name the tool \
             with `--stack uv` or `poetry`"
                .to_owned(),
        ));
    }
    let poetry_only = has_section("poetry") && !project.has("requirements.txt");
    Ok(match () {
        () if project.has("uv.lock") => Tool::Uv,
        () if project.has("poetry.lock") || poetry_only => Tool::Poetry,
        () if project.has("requirements.txt") => Tool::Requirements,
        () if has_section("uv") && pyproject.contains_key("project") => Tool::Uv,
        () if project.has("Pipfile") => Tool::Pipenv,
        () if pyproject.contains_key("project") || project.has("setup.py") => Tool::Package,
        () => Tool::None,
    })
}

impl Python<'_> {
    fn needs(&self, name: &str) -> bool {
        self.packages.iter().any(|it| it == name)
    }

    fn wishes(&self) -> Vec<Wish> {
        let project = self.pyproject.get("project").and_then(|it| it.get("requires-python")?.as_str());
        let poetry = self
            .pyproject
            .get("tool")
            .and_then(|it| it.get("poetry")?.get("dependencies")?.get("python")?.as_str());
        let written = self.project.text(".python-version");
        let runtime = self.project.text("runtime.txt");
        let pipfile = self.project.text("Pipfile");
        let lines = [
            (".python-version", written.lines().next().map(str::trim)),
            ("runtime.txt", runtime.trim().strip_prefix("python-")),
            ("Pipfile", super::text::quoted_after(&pipfile, "python_version")),
            ("pyproject.toml", project.or(poetry)),
        ];
        let lines = lines.into_iter().filter_map(|(file, text)| Some((file, text?)));
        // Poetry's `~3.11` and Python's `~=3.11` differ; only the second is common.
        lines.filter_map(|(file, text)| Wish::new(file, text, Tilde::Major)).collect()
    }

    /// The packages that nothing lists are installed by name, and the user is told to list them.
    fn with_imported(&self, mut app: App) -> App {
        let others = self.imported.iter().copied().filter(|it| !app.missing.contains(it));
        let others: Vec<&'static str> = others.collect();
        if !others.is_empty() {
            let names: Vec<String> = others.iter().map(|it| format!("`{it}`")).collect();
            app.notes.push(format!(
                "no file lists the packages that the program imports ({}): the Dockerfile installs them; better list \
                 them in a `requirements.txt`",
                names.join(", ")
            ));
            app.missing.extend(others);
        }
        if self.tool == Tool::None
            && (self.project.has("environment.yml") || self.project.has("environment.yaml"))
        {
            app.notes.push(
                "what Conda would install from `environment.yml` is not installed: list it in a `requirements.txt`"
                    .to_owned(),
            );
        }
        app
    }

    /// Whether the program writes files beside its sources: a script does, or a notebook, or who has SQLite there.
    fn writes(&self, app: &App) -> bool {
        matches!(app.kind, Kind::Script | Kind::Jupyter | Kind::Streamlit)
            || app::sources(self).iter().any(|(_, text)| text.contains("sqlite"))
    }

    /// Whether nothing in the program handles SIGTERM; servers for earnest use do.
    fn needs_interrupt(&self, app: &App) -> bool {
        let is_plain = match app.kind {
            Kind::Script | Kind::Installed => app.port.is_some(),
            Kind::Flask => app.command.first().is_some_and(|it| it == "flask"),
            _ => false,
        };
        is_plain && !app::sources(self).iter().any(|(_, text)| text.contains("SIGTERM"))
    }

    fn title(&self, app: &App) -> String {
        let tool = match self.tool {
            Tool::None => "",
            Tool::Requirements | Tool::Package => " with pip",
            Tool::Poetry => " with Poetry",
            Tool::Uv => " with uv",
            Tool::Pipenv => " with Pipenv",
        };
        format!("Python{tool} ({})", app.kind.title())
    }

    fn write(&self, recipe: &mut Recipe, version: &str, app: &App) {
        let image = format!("python:{version}-slim");
        match self.tool {
            Tool::Uv => self.uv(recipe, &image, app),
            Tool::Poetry => self.poetry(recipe, &image, app),
            _ => self.pip(recipe, &image, app),
        }
        if matches!(app.kind, Kind::Flask | Kind::FastApi | Kind::Django) {
            self.source_path(recipe);
        }
        if self.needs("gradio") {
            let why = "The server listens for everybody, not only inside of the container.";
            recipe.step(why, "ENV GRADIO_SERVER_NAME=0.0.0.0");
        }
        recipe.user("app");
        recipe.expose(app.port);
        if self.needs_interrupt(app) {
            let why = "Python ends at once when it is interrupted, as by Ctrl+C. What `docker stop` sends otherwise, the \
                       first process of a container ignores, and is killed after ten seconds.";
            recipe.step(why, "STOPSIGNAL SIGINT");
        }
        recipe.command(&app.command);
    }

    fn system_packages(&self, recipe: &mut Recipe) {
        let imported = self.imported.iter().map(|it| (*it).to_owned());
        let packages: Vec<String> = self.packages.iter().cloned().chain(imported).collect();
        let packages = system::packages(&packages);
        if !packages.is_empty() {
            recipe.step(WHY_APT, apt_install(&packages));
        }
    }

    /// What every last stage begins with.
    fn unbuffered(&self, recipe: &mut Recipe) {
        recipe.step(
            "What the program prints is seen at once, and not lost if it crashes.",
            "ENV PYTHONUNBUFFERED=1",
        );
    }

    fn pip(&self, recipe: &mut Recipe, image: &str, app: &App) {
        recipe.step("The image to start from: Python on a small Debian.", format!("FROM {image}"));
        self.unbuffered(recipe);
        self.system_packages(recipe);
        recipe.workdir("/app");
        self.pip_install(recipe, app);
        // The sources of a package are there already.
        match self.tool == Tool::Package {
            true if self.writes(app) => recipe.add_owner_debian("/app"),
            true => recipe.add_user_debian(),
            false => self.sources_and_user(recipe, app),
        }
    }

    /// Modules below `src` are found only where the project is installed, or where Python is told.
    fn source_path(&self, recipe: &mut Recipe) {
        let is_installed = self.tool == Tool::Package
            || self.tool == Tool::Uv && self.pyproject.contains_key("build-system");
        let has_modules = self.project.with_ending("py", 3).any(|it| it.starts_with("src/"));
        if has_modules && !is_installed {
            recipe.step("Python looks for the modules of the project here, too.", "ENV PYTHONPATH=/app/src");
        }
    }

    fn sources_and_user(&self, recipe: &mut Recipe, app: &App) {
        if self.writes(app) {
            recipe.add_owner_debian("/app");
            return recipe.copy_all_owned("app");
        }
        recipe.copy_all();
        recipe.add_user_debian();
    }

    fn pip_install(&self, recipe: &mut Recipe, app: &App) {
        let why_copy =
            "Only the list of packages: as long as it stays the same, the next step is taken from the cache.";
        let why = "Installs the packages. What was downloaded is kept in a cache beside the image, for the next build.";
        let cached = |command: &str| run_cached(&["/root/.cache/pip"], command);
        let extra: String = app.missing.iter().map(|it| format!(" {it}")).collect();
        match self.tool {
            Tool::Requirements => {
                let files: Vec<&str> = self.requirement_files();
                recipe.step(why_copy, format!("COPY {} ./", files.join(" ")));
                recipe.step(why, cached(&format!("pip install -r requirements.txt{extra}")));
            }
            Tool::Package => {
                recipe.step(
                    "The project itself is installed as a package, with all that it needs.",
                    "COPY . .",
                );
                recipe.step(why, cached(&format!("pip install .{extra}")));
            }
            Tool::Pipenv => {
                let lock = if self.project.has("Pipfile.lock") { " Pipfile.lock" } else { "" };
                let install = if lock.is_empty() {
                    "pipenv install --system"
                } else {
                    "pipenv install --system --deploy"
                };
                recipe.step(why_copy, format!("COPY Pipfile{lock} ./"));
                recipe.step(why, cached(&format!("pip install pipenv \\\n    && {install}")));
            }
            _ if !extra.is_empty() => recipe.step(why, cached(&format!("pip install{extra}"))),
            _ => {}
        }
    }

    /// `requirements.txt` and what it includes with `-r` or `-c`.
    fn requirement_files(&self) -> Vec<&str> {
        let text = self.project.text("requirements.txt");
        let included =
            text.lines().filter_map(|it| it.trim().strip_prefix("-r").or(it.trim().strip_prefix("-c")));
        let included: Vec<&str> = included.map(str::trim).collect();
        let top = self.project.top().filter(|it| included.contains(it) && *it != "requirements.txt");
        std::iter::once("requirements.txt").chain(top).collect()
    }

    fn uv(&self, recipe: &mut Recipe, image: &str, app: &App) {
        let has_lock = self.project.has("uv.lock");
        let lock = if has_lock { " uv.lock" } else { "" };
        let locked = if has_lock { " --locked" } else { "" };
        self.tool_stage(
            recipe,
            image,
            "uv",
            "ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never",
        );
        recipe.step(WHY_MANIFEST, format!("COPY pyproject.toml{lock} ./"));
        let sync = format!("uv sync{locked} --no-dev --no-install-project");
        recipe.step(WHY_ENVIRONMENT, run_cached(&["/root/.cache/uv"], &sync));
        if self.pyproject.contains_key("build-system") {
            recipe.copy_all();
            let why = "Now the project itself, which is a package too.";
            recipe.step(
                why,
                run_cached(&["/root/.cache/uv"], &format!("uv sync{locked} --no-dev --no-editable")),
            );
        }
        if !has_lock {
            recipe.note("there is no `uv.lock`, so every build may install other versions: run `uv lock` and keep the file");
        }
        self.last_stage(recipe, image, app);
    }

    fn poetry(&self, recipe: &mut Recipe, image: &str, app: &App) {
        let lock = if self.project.has("poetry.lock") { " poetry.lock" } else { "" };
        self.tool_stage(
            recipe,
            image,
            "poetry",
            "ENV POETRY_VIRTUALENVS_IN_PROJECT=true POETRY_NO_INTERACTION=1",
        );
        recipe.step(WHY_MANIFEST, format!("COPY pyproject.toml{lock} ./"));
        let install = run_cached(&["/root/.cache/pypoetry"], "poetry install --only main --no-root");
        recipe.step(WHY_ENVIRONMENT, install);
        if lock.is_empty() {
            recipe.note("there is no `poetry.lock`, so every build may install other versions: run `poetry lock` and keep the file");
        }
        self.last_stage(recipe, image, app);
    }

    fn tool_stage(&self, recipe: &mut Recipe, image: &str, tool: &str, settings: &str) {
        let why = "First a stage with the tools, in which the packages are installed. It has a name so that the last \
                   stage can copy out of it.";
        recipe.step(why, format!("FROM {image} AS build"));
        let install = run_cached(&["/root/.cache/pip"], &format!("pip install {tool}"));
        recipe.step("The tool that installs packages.", install);
        recipe.step("Its settings: the packages go into the folder `.venv` of the project.", settings);
        recipe.workdir("/app");
    }

    fn last_stage(&self, recipe: &mut Recipe, image: &str, app: &App) {
        let why = "The image that is shipped starts anew: nothing of the stage before gets into it but what is copied.";
        recipe.step(why, format!("FROM {image}"));
        self.unbuffered(recipe);
        self.system_packages(recipe);
        recipe.workdir("/app");
        recipe.step("The packages, installed in the stage before.", "COPY --from=build /app/.venv ./.venv");
        recipe.step(
            "The programs of the packages are found without their path.",
            "ENV PATH=/app/.venv/bin:$PATH",
        );
        self.sources_and_user(recipe, app);
    }
}

const WHY_MANIFEST: &str = "Only the files that say which packages are needed: as long as they stay the same, the next step is taken from the cache.";
const WHY_ENVIRONMENT: &str =
    "Installs the packages. What was downloaded is kept in a cache beside the image, for the next build.";
