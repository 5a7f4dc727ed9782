//! Python packages that are of no use without a program or library of the system.
//!
//! Most packages bring what they need; these do not. The names are Debian's.

const NEEDED: &[(&str, &[&str])] = &[
    ("weasyprint", &["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]),
    ("pdf2image", &["poppler-utils"]),
    ("pytesseract", &["tesseract-ocr"]),
    ("graphviz", &["graphviz"]),
    ("pydot", &["graphviz"]),
    ("pydub", &["ffmpeg"]),
    ("moviepy", &["ffmpeg"]),
    ("opencv-python", &["libgl1", "libglib2.0-0t64"]),
    ("lightgbm", &["libgomp1"]),
    ("psycopg2", &["gcc", "libc6-dev", "libpq-dev"]),
    ("psycopg", &["libpq5"]),
    ("mysqlclient", &["gcc", "libc6-dev", "default-libmysqlclient-dev", "pkg-config"]),
    ("pyodbc", &["unixodbc"]),
    ("gitpython", &["git"]),
    ("cairosvg", &["libcairo2"]),
    ("xhtml2pdf", &["gcc", "libc6-dev", "libcairo2-dev", "pkg-config"]),
    ("pypandoc", &["pandoc", "texlive-latex-recommended", "texlive-fonts-recommended", "lmodern"]),
    ("latex", &["texlive-latex-recommended"]),
    ("pycairo", &["gcc", "libc6-dev", "libcairo2-dev", "pkg-config"]),
    ("python-magic", &["libmagic1"]),
    ("pyzbar", &["libzbar0"]),
    ("soundfile", &["libsndfile1"]),
];

/// What to install with apt for these packages; sorted, each once.
pub fn packages(python: &[String]) -> Vec<&'static str> {
    let is_needed = |name: &str| python.iter().any(|it| it == name);
    let found = NEEDED.iter().filter(|(name, _)| is_needed(name)).flat_map(|it| it.1.iter().copied());
    let mut found: Vec<&str> = found.collect();
    found.sort_unstable();
    found.dedup();
    found
}
