//! What keeps the layers apart: see `server/docs/architecture.md`.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files below `folder` (from the root), with `/`.
fn rust_files(folder: &str) -> Vec<(String, String)> {
    let walk =
        WalkBuilder::new(root().join(folder)).standard_filters(false).sort_by_file_path(Path::cmp).build();
    let files = walk.flatten().filter(|it| it.path().extension().is_some_and(|ending| ending == "rs"));
    files
        .map(|it| {
            let name =
                it.path().strip_prefix(root()).expect("it lies below").to_string_lossy().replace('\\', "/");
            (name, std::fs::read_to_string(it.path()).expect("source is text"))
        })
        .collect()
}

/// Lines of code that are neither comments nor tests, which may do what they like.
fn code(name: &str, text: &str) -> Vec<String> {
    let is_test = name.ends_with("tests.rs") || name.ends_with("testing.rs") || name.contains("/tests/");
    let text = if is_test { "" } else { text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default() };
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    lines.map(str::to_owned).collect()
}

/// The places below `folder` that name one of `words`.
fn places(folder: &str, words: &[&str]) -> Vec<String> {
    let mut places = Vec::new();
    for (name, text) in rust_files(folder) {
        for line in code(&name, &text) {
            places.extend(
                words.iter().filter(|word| line.contains(**word)).map(|word| format!("{name}: {word}")),
            );
        }
    }
    places
}

#[test]
fn the_analysis_knows_nothing_of_the_world_outside() {
    let forbidden = [
        "std::fs",
        "std::env",
        "std::io",
        "std::process",
        "std::thread",
        "SystemTime",
        "Instant::",
        "TcpStream",
        "UdpSocket",
        "ToSocketAddrs",
        "async fn",
        ".await",
        "tokio",
        "tower_lsp",
        "lsp_types",
        "serde_json",
        "ropey::",
        "toml::",
        "tracing::",
        "reqwest",
        "rayon",
        "println!",
        "crate::lsp",
        "crate::cli",
        "crate::config",
    ];
    assert_eq!(places("server/src/analysis", &forbidden), [""; 0]);
}

#[test]
fn arrows_point_down_only() {
    let uses = |layer: &str, above: &[&str]| {
        let words: Vec<String> = above.iter().map(|it| format!("crate::{it}")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        places(&format!("server/src/{layer}"), &words)
    };
    let above_text = ["analysis::syntax", "analysis::model", "analysis::lint", "analysis::ide"];
    for leaf in ["text", "image", "ignore", "knowledge"] {
        assert_eq!(uses(&format!("analysis/{leaf}"), &above_text), [""; 0]);
    }
    assert_eq!(uses("analysis/syntax", &above_text[1..]), [""; 0]);
    assert_eq!(uses("analysis/model", &above_text[2..]), [""; 0]);
    assert_eq!(uses("config", &["lsp", "cli"]), [""; 0]);
    assert_eq!(uses("init", &["lsp", "cli", "config"]), [""; 0]);
    assert_eq!(uses("cli", &["lsp"]), [""; 0]);
    assert_eq!(uses("lsp", &["cli"]), [""; 0]);
}

#[test]
fn every_file_says_first_what_it_is() {
    let silent = rust_files("server/src").into_iter().filter(|(_, text)| !text.starts_with("//! "));
    assert_eq!(silent.map(|(name, _)| name).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn only_one_folder_names_tree_sitter() {
    let all = places("server/src/analysis", &["tree_sitter"]);
    let elsewhere = all.into_iter().filter(|it| !it.starts_with("server/src/analysis/syntax/"));
    assert_eq!(elsewhere.collect::<Vec<_>>(), [""; 0]);
}

/// `include_str!` and its kin: what the package must hold to be built elsewhere.
fn embedded() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (name, text) in rust_files("server/src") {
        for part in text.split("include_str!(").chain(text.split("include_bytes!(")).skip(1) {
            let Some(path) = part.strip_prefix('"').and_then(|it| it.split('"').next()) else { continue };
            let path = root().join(&name).with_file_name(path);
            found.extend(path.canonicalize().ok());
        }
    }
    found
}

#[test]
fn the_package_holds_what_the_build_embeds() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("it is there");
    let manifest: toml::Table = manifest.parse().expect("it is TOML");
    let included = manifest["package"]["include"].as_array().expect("it is a list");
    let folders: Vec<&str> =
        included.iter().filter_map(|it| it.as_str()?.strip_prefix('/')?.strip_suffix("/**")).collect();
    let root = root().canonicalize().expect("it is there");
    let embedded = embedded();
    assert!(embedded.len() > 5, "the queries at least: {embedded:?}");
    for path in embedded {
        let path = path.strip_prefix(&root).expect("nothing from outside the package");
        assert!(folders.iter().any(|folder| path.starts_with(folder)), "{} is not packed", path.display());
    }
}
