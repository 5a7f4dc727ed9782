//! The packages that a Python project asks for, wherever it says so.

use toml::{Table, Value};

use crate::init::project::Project;

/// Names in lower case, with `-` for `_`; an extra is named too: `fastapi[standard]`.
pub fn names(project: &Project, pyproject: &Table) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for file in ["requirements.txt", "requirements.in", "environment.yml"] {
        let text = project.text(file);
        found.extend(text.lines().map(|it| it.trim_start_matches([' ', '-'])).flat_map(name));
    }
    let listed = pyproject.get("project").and_then(|it| it.get("dependencies")?.as_array());
    found.extend(listed.into_iter().flatten().filter_map(Value::as_str).flat_map(name));
    let poetry = pyproject.get("tool").and_then(|it| it.get("poetry")?.get("dependencies")?.as_table());
    for (key, value) in poetry.into_iter().flatten() {
        let extras =
            value.get("extras").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        found.extend(extras.map(|extra| format!("{}[{extra}]", normal(key))));
        found.push(normal(key));
    }
    found.extend(pipfile(&project.text("Pipfile")));
    for file in ["setup.py", "setup.cfg"] {
        found.extend(
            project.text(file).lines().map(|it| it.trim_matches([' ', '"', '\'', ','])).flat_map(name),
        );
    }
    found
}

/// Modules that beginners import most, and the packages that bring them.
const MODULES: &[(&str, &str)] = &[
    ("requests", "requests"),
    ("numpy", "numpy"),
    ("pandas", "pandas"),
    ("matplotlib", "matplotlib"),
    ("scipy", "scipy"),
    ("sklearn", "scikit-learn"),
    ("seaborn", "seaborn"),
    ("bs4", "beautifulsoup4"),
    ("lxml", "lxml"),
    ("yaml", "pyyaml"),
    ("PIL", "pillow"),
    ("cv2", "opencv-python"),
    ("dotenv", "python-dotenv"),
    ("httpx", "httpx"),
    ("aiohttp", "aiohttp"),
    ("tornado", "tornado"),
    ("bottle", "bottle"),
    ("sqlalchemy", "sqlalchemy"),
    ("pymongo", "pymongo"),
    ("redis", "redis"),
    ("psycopg2", "psycopg2"),
    ("boto3", "boto3"),
    ("discord", "discord.py"),
    ("telegram", "python-telegram-bot"),
    ("openai", "openai"),
    ("rich", "rich"),
    ("click", "click"),
    ("tqdm", "tqdm"),
    ("jinja2", "jinja2"),
    ("markdown", "markdown"),
    ("openpyxl", "openpyxl"),
    ("docx", "python-docx"),
    ("fpdf", "fpdf2"),
    ("reportlab", "reportlab"),
    ("pypdf", "pypdf"),
    ("PyPDF2", "pypdf2"),
    ("pdf2image", "pdf2image"),
    ("weasyprint", "weasyprint"),
    ("pypandoc", "pypandoc"),
    ("pytesseract", "pytesseract"),
    ("gradio", "gradio"),
    ("pygame", "pygame"),
];

/// The packages of well-known modules that the files at the top import.
pub fn imported(project: &Project) -> Vec<&'static str> {
    let texts: Vec<String> = project.with_ending("py", 0).take(50).map(|it| project.text(it)).collect();
    let is_imported = |module: &str| {
        let mut lines = texts.iter().flat_map(|it| it.lines()).map(str::trim_start);
        lines.any(|line| {
            let rest = line.strip_prefix("import ").or(line.strip_prefix("from "));
            let name = rest.and_then(|it| it.trim_start().split([' ', '.', ',', ';']).next());
            name == Some(module)
        })
    };
    let is_own = |module: &str| project.has(&format!("{module}.py")) || project.has_folder(module);
    MODULES.iter().filter(|it| is_imported(it.0) && !is_own(it.0)).map(|it| it.1).collect()
}

fn pipfile(text: &str) -> Vec<String> {
    let Ok(table) = text.parse::<Table>() else { return Vec::new() };
    let packages = table.get("packages").and_then(Value::as_table);
    packages.into_iter().flatten().map(|(key, _)| normal(key)).collect()
}

/// `fastapi[standard]>=0.1 ; x` is `fastapi`, and `fastapi[standard]`.
fn name(line: &str) -> Vec<String> {
    let is_of_name = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
    let end = line.find(|it| !is_of_name(it)).unwrap_or(line.len());
    if end == 0 || line.starts_with('-') {
        return Vec::new();
    }
    let base = normal(&line[..end]);
    let extras = line[end..].trim_start().strip_prefix('[').and_then(|it| it.split_once(']')).map(|it| it.0);
    let extras = extras.into_iter().flat_map(|it| it.split(',')).map(|it| format!("{base}[{}]", it.trim()));
    let mut all: Vec<String> = extras.collect();
    all.push(base);
    all
}

fn normal(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '.'], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_every_spelling() {
        assert_eq!(name("FastAPI[standard, x]>=0.1; y"), ["fastapi[standard]", "fastapi[x]", "fastapi"]);
        assert_eq!(name("typing_extensions==4"), ["typing-extensions"]);
        assert_eq!(name("# flask"), [""; 0]);
        assert_eq!(name("-r other.txt"), [""; 0]);
    }
}
