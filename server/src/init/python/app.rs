//! What a Python project does: which framework, which object is the application, which file is run.

use super::{Python, Tool};
use crate::init::ports::{Listening, listening};
use crate::init::text::{assigned, quoted_after};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Django,
    Flask,
    FastApi,
    Streamlit,
    Jupyter,
    /// A program that the package installs.
    Installed,
    Script,
}

pub struct App {
    pub kind: Kind,
    pub command: Vec<String>,
    pub port: Option<u16>,
    pub notes: Vec<String>,
    /// Packages that the command needs and that nothing names.
    pub missing: Vec<&'static str>,
}

impl Kind {
    pub fn title(self) -> &'static str {
        match self {
            Kind::Django => "Django",
            Kind::Flask => "Flask",
            Kind::FastApi => "FastAPI",
            Kind::Streamlit => "Streamlit",
            Kind::Jupyter => "Jupyter",
            Kind::Installed => "a program",
            Kind::Script => "a script",
        }
    }
}

/// Files that are looked at for an application.
const MOST_FILES: usize = 200;

pub fn find(python: &Python, said: Option<&str>) -> App {
    match kind(python, said) {
        Kind::Django => django(python),
        Kind::Flask => flask(python),
        Kind::FastApi => fastapi(python),
        Kind::Streamlit => streamlit(python),
        Kind::Jupyter => jupyter(python),
        Kind::Installed | Kind::Script => script(python),
    }
}

fn kind(python: &Python, said: Option<&str>) -> Kind {
    match said {
        Some("django") => return Kind::Django,
        Some("flask") => return Kind::Flask,
        Some("fastapi") => return Kind::FastApi,
        Some("jupyter") => return Kind::Jupyter,
        Some("script") => return Kind::Script,
        _ => {}
    }
    let imports = |name: &str| {
        let marks = [format!("from {name} import"), format!("import {name}")];
        sources(python).iter().any(|(_, text)| marks.iter().any(|it| text.contains(it.as_str())))
    };
    let has_notebook = python.project.with_ending("ipynb", 2).next().is_some();
    let is = |name: &str| python.needs(name) || imports(name);
    let is_jupyter = ["jupyter", "jupyterlab", "notebook"].iter().any(|it| python.needs(it));
    match () {
        () if manage(python).is_some() => Kind::Django,
        () if is("fastapi") => Kind::FastApi,
        () if is("flask") => Kind::Flask,
        () if is("streamlit") => Kind::Streamlit,
        () if is_jupyter || (has_notebook && entry(python).is_none()) => Kind::Jupyter,
        () => Kind::Script,
    }
}

/// The Python files that may hold the application: (path, text), the top ones first, without tests.
pub fn sources(python: &Python) -> Vec<(String, String)> {
    let is_test =
        |path: &str| path.contains("test") || path.contains("docs/") || path.contains("migrations/");
    let mut paths: Vec<&str> = python.project.with_ending("py", 3).filter(|it| !is_test(it)).collect();
    paths.sort_by_key(|it| it.matches('/').count());
    paths.into_iter().take(MOST_FILES).map(|it| (it.to_owned(), python.project.text(it))).collect()
}

/// `app/main.py` as it is imported: `app.main`.
fn module(path: &str) -> String {
    let path = path.strip_suffix(".py").unwrap_or(path);
    let path = path.strip_prefix("src/").unwrap_or(path);
    path.strip_suffix("/__init__").unwrap_or(path).replace('/', ".")
}

/// The application that a call makes: (`main:app`, the text of its file).
fn application(python: &Python, call: &str) -> Option<(String, String)> {
    sources(python).into_iter().find_map(|(path, text)| {
        let name = assigned(&text, call)?.to_owned();
        Some((format!("{}:{name}", module(&path)), text))
    })
}

/// A function that makes the application: `shop:create_app`.
fn factory(python: &Python) -> Option<(String, String)> {
    let makers = ["create_app", "make_app"];
    sources(python).into_iter().find_map(|(path, text)| {
        let name = makers.iter().find(|it| text.contains(&format!("def {it}(")))?;
        Some((format!("{}:{name}", module(&path)), text))
    })
}

fn words(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|it| (*it).to_owned()).collect()
}

fn app(kind: Kind, command: Vec<String>, port: Option<u16>) -> App {
    App { kind, command, port, notes: Vec::new(), missing: Vec::new() }
}

fn assumed(found: Option<(String, String)>, otherwise: &str, notes: &mut Vec<String>) -> (String, Listening) {
    match found {
        Some((name, text)) => (name, listening(&text)),
        None => {
            notes.push(format!("no file makes the application: `{otherwise}` is assumed"));
            (otherwise.to_owned(), Listening::default())
        }
    }
}

/// pip alone can be told to install something that the project does not name.
fn need(python: &Python, app: &mut App, package: &'static str) {
    if python.needs(package) {
        return;
    }
    let can_install = matches!(python.tool, Tool::None | Tool::Requirements | Tool::Package);
    let what = if can_install { "the Dockerfile installs it" } else { "the program cannot start without it" };
    app.notes.push(format!(
        "the project does not name `{package}`, which the start command needs; {what}: add it to the project"
    ));
    if can_install {
        app.missing.push(package);
    }
}

fn flask(python: &Python) -> App {
    let mut notes = Vec::new();
    let made = application(python, "Flask");
    let is_made_by_function = made.is_none();
    let found = made.or_else(|| factory(python));
    let call = if is_made_by_function && found.is_some() { "()" } else { "" };
    let (name, listening) = assumed(found, "app:app", &mut notes);
    let port = listening.port.unwrap_or(5000);
    let mut it = if python.needs("gunicorn") {
        let bind = format!("--bind=0.0.0.0:{port}");
        app(Kind::Flask, words(&["gunicorn", &bind, &format!("{name}{call}")]), Some(port))
    } else {
        notes.push(
            "`flask run` is a server for development: add `gunicorn` to the project for anything else"
                .to_owned(),
        );
        let port = format!("--port={port}");
        app(
            Kind::Flask,
            words(&["flask", "--app", &name, "run", "--host=0.0.0.0", &port]),
            listening.port.or(Some(5000)),
        )
    };
    it.notes = notes;
    need(python, &mut it, "flask");
    it
}

fn fastapi(python: &Python) -> App {
    let mut notes = Vec::new();
    let (name, listening) = assumed(application(python, "FastAPI"), "main:app", &mut notes);
    let port = listening.port.unwrap_or(8000);
    let mut it = app(
        Kind::FastApi,
        words(&["uvicorn", &name, "--host", "0.0.0.0", "--port", &port.to_string()]),
        Some(port),
    );
    it.notes = notes;
    need(python, &mut it, "fastapi");
    let brings_server =
        ["fastapi[standard]", "fastapi[all]", "uvicorn[standard]"].iter().any(|name| python.needs(name));
    if !brings_server {
        need(python, &mut it, "uvicorn");
    }
    it
}

/// Django's `manage.py`, at the top or in one folder below.
fn manage<'p>(python: &'p Python) -> Option<&'p str> {
    let all =
        python.project.with_ending("py", 1).filter(|it| *it == "manage.py" || it.ends_with("/manage.py"));
    all.min_by_key(|it| it.len())
}

fn django(python: &Python) -> App {
    let manage = manage(python).unwrap_or("manage.py").to_owned();
    let folder = manage.strip_suffix("manage.py").unwrap_or_default();
    let settings = python.project.text(&manage);
    let settings = quoted_after(&settings, "DJANGO_SETTINGS_MODULE").map(str::to_owned);
    let quoted = settings.filter(|it| it.contains('.') && it.ends_with("settings"));
    let below = |it: &&str| it.starts_with(folder) && it.ends_with("/wsgi.py");
    let wsgi = python.project.with_ending("py", 3).find(below).map(|it| module(&it[folder.len()..]));
    let wsgi = wsgi.or_else(|| Some(format!("{}.wsgi", settings_package(python, quoted.as_deref())?)));
    let mut it = match wsgi.filter(|_| python.needs("gunicorn")) {
        Some(wsgi) => {
            let mut command = words(&["gunicorn", "--bind=0.0.0.0:8000", &format!("{wsgi}:application")]);
            if !folder.is_empty() {
                command.insert(1, format!("--chdir={}", folder.trim_end_matches('/')));
            }
            app(Kind::Django, command, Some(8000))
        }
        None => {
            let mut it =
                app(Kind::Django, words(&["python", &manage, "runserver", "0.0.0.0:8000"]), Some(8000));
            it.notes.push(
                "`runserver` is a server for development: add `gunicorn` to the project for anything else"
                    .to_owned(),
            );
            it
        }
    };
    it.notes.push("Django answers only for the names in `ALLOWED_HOSTS` of its settings".to_owned());
    need(python, &mut it, "django");
    it
}

/// `os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")`: the part before `.settings`.
fn settings_package(python: &Python, quoted: Option<&str>) -> Option<String> {
    if let Some(settings) = quoted {
        return settings.split('.').next().map(str::to_owned);
    }
    let text = python.project.text(manage(python)?);
    let rest = text.split_once("DJANGO_SETTINGS_MODULE")?.1;
    let line = rest.trim_start_matches(['"', '\'']);
    crate::init::text::quoted(line.lines().next()?)?.split('.').next().map(str::to_owned)
}

fn streamlit(python: &Python) -> App {
    let found =
        sources(python).into_iter().find(|(_, text)| text.contains("import streamlit")).map(|it| it.0);
    let file = found.or_else(|| entry(python)).unwrap_or_else(|| "app.py".to_owned());
    let mut it = app(
        Kind::Streamlit,
        words(&["streamlit", "run", &file, "--server.address=0.0.0.0", "--server.port=8501"]),
        Some(8501),
    );
    need(python, &mut it, "streamlit");
    it
}

fn jupyter(python: &Python) -> App {
    let mut it = app(
        Kind::Jupyter,
        words(&["jupyter", "lab", "--ip=0.0.0.0", "--port=8888", "--no-browser"]),
        Some(8888),
    );
    it.notes.push(
        "what you save in a notebook is lost with the container: mount the folder with `-v \"$PWD:/app\"`"
            .to_owned(),
    );
    if !python.needs("jupyter") {
        need(python, &mut it, "jupyterlab");
    }
    it
}

fn script(python: &Python) -> App {
    if let Some(command) = installed(python) {
        return app(Kind::Installed, vec![command], None);
    }
    let mut notes = Vec::new();
    let file = entry(python).unwrap_or_else(|| {
        let file = programs(python).first().map_or("main.py", |it| it).to_owned();
        notes.push(format!("nothing tells which file starts the program: `{file}` is assumed"));
        file
    });
    let heard = listening(&python.project.text(&file));
    let is_server =
        ["socket", "http.server", "HTTPServer", "aiohttp", "tornado", "bottle", "uvicorn.run", "waitress"];
    let text = python.project.text(&file);
    let port = heard.port.filter(|_| is_server.iter().any(|it| text.contains(it)));
    let port = if text.contains("import gradio") { heard.port.or(Some(7860)) } else { port };
    let command = match file.strip_suffix("/__main__.py") {
        Some(package) => words(&["python", "-m", &module(package)]),
        None => words(&["python", &file]),
    };
    App { kind: Kind::Script, command, port, notes, missing: Vec::new() }
}

/// The first program of `[project.scripts]`, where the project is installed as a package.
fn installed(python: &Python) -> Option<String> {
    let is_installed = match python.tool {
        Tool::Package => true,
        Tool::Uv => python.pyproject.contains_key("build-system"),
        _ => false,
    };
    let scripts = python.pyproject.get("project").and_then(|it| it.get("scripts")?.as_table());
    let named = scripts.and_then(|it| it.keys().next().cloned());
    named.or_else(|| installed_by_setup(python)).filter(|_| is_installed)
}

/// The first of `console_scripts` in `setup.py`: `"tool = package.module:main"`.
fn installed_by_setup(python: &Python) -> Option<String> {
    let text = python.project.text("setup.py");
    let rest = text.split_once("console_scripts")?.1.split_once(['[', '='])?.1;
    let rest = rest.trim_start_matches(['[', ' ', '\n', ':']);
    let name = rest.trim_start_matches(['"', '\'']).split('=').next()?.trim();
    let is_name = !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || "_-.".contains(it));
    is_name.then(|| name.to_owned())
}

/// The file that a person would start.
fn entry(python: &Python) -> Option<String> {
    let project = python.project;
    let usual = [
        "main.py",
        "app.py",
        "run.py",
        "server.py",
        "__main__.py",
        "src/main.py",
        "src/app.py",
        "app/main.py",
        "bot.py",
    ];
    if let Some(found) = project.first(&usual) {
        return Some(found.to_owned());
    }
    if let Some(found) = project.with_ending("py", 2).find(|it| it.ends_with("/__main__.py")) {
        return Some(found.to_owned());
    }
    match programs(python).as_slice() {
        [only] => Some((*only).to_owned()),
        several => several.iter().find(|it| project.text(it).contains("__main__")).map(|it| (*it).to_owned()),
    }
}

/// The files at the top that may be started.
fn programs<'p>(python: &Python<'p>) -> Vec<&'p str> {
    let is_program = |path: &&str| {
        !path.contains('/')
            && !["setup.py", "conftest.py", "noxfile.py"].contains(path)
            && !path.contains("test")
    };
    python.project.with_ending("py", 0).filter(is_program).collect()
}
