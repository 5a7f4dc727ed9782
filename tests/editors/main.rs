//! The queries that editors bring along (`editors/*/…/dockerfile/*.scm`) are made from `queries/`, with the names that each
//! editor gives to its captures. `UPDATE_EXPECT=1 cargo test --test editors` writes them.
//!
//! What is to be copied for editors that are not at hand here is read as those would read it. The real ones are driven by
//! `run`, beside this file.

use std::path::PathBuf;

use expect_test::expect_file;
use serde_json::Value;

/// The names of Neovim's captures, and those of another editor, where they differ.
type Names = [(&'static str, &'static str)];

const HELIX: &Names = &[
    ("@comment @spell", "@comment"),
    ("@keyword.directive", "@keyword.directive"),
    ("@module.builtin", "@namespace"),
    ("@module", "@namespace"),
    ("@number", "@constant.numeric"),
    ("@property", "@variable.other.member"),
    ("@string.escape", "@constant.character.escape"),
    ("@statement.outer", "@function.around"),
    ("@statement.inner", "@function.inside"),
    ("@parameter.inner", "@parameter.inside"),
    ("@comment.outer", "@comment.around"),
    ("@block.outer", "@class.around"),
    ("@local.definition.type", "@local.definition.type"),
    ("@local.definition.var", "@local.definition.variable"),
    ("@indent.begin", "@indent"),
];

const ZED: &Names = &[
    ("@comment @spell", "@comment"),
    ("@keyword.directive", "@preproc"),
    ("@module.builtin", "@type.builtin"),
    ("@module", "@type"),
    ("@statement.outer", "@function.around"),
    ("@statement.inner", "@function.inside"),
    ("@comment.outer", "@comment.around"),
    ("@block.outer", "@class.around"),
];

const NOTE: &str = "; Made from `queries/` by `tests/editors/main.rs`: change it there.\n\n";

fn top() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn canonical(name: &str) -> String {
    let path = top().join("queries").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Whole names only: `@module` is not the start of `@module.builtin`.
fn renamed(text: &str, names: &Names) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    names.iter().fold(text.to_owned(), |text, (from, to)| {
        let mut pieces = text.split(from);
        let mut out = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            out += if piece.starts_with(is_name) { from } else { to };
            out += piece;
        }
        out
    })
}

fn check(folder: &str, files: &[&str], names: &Names) {
    let folder = top().join("editors").join(folder);
    // A packaged crate comes without the editors.
    if !top().join("editors").is_dir() {
        return;
    }
    for file in files {
        let text = NOTE.to_owned() + &renamed(&canonical(file), names);
        expect_file![folder.join(file)].assert_eq(&text);
    }
}

#[test]
fn the_queries_of_neovim_are_ours() {
    let all =
        ["highlights.scm", "injections.scm", "folds.scm", "locals.scm", "indents.scm", "textobjects.scm"];
    check("neovim/queries/dockerfile", &all, &[]);
}

#[test]
fn the_queries_of_helix_are_ours() {
    check(
        "helix/queries/dockerfile",
        &["highlights.scm", "injections.scm", "locals.scm", "textobjects.scm"],
        HELIX,
    );
}

#[test]
fn the_queries_of_zed_are_ours() {
    check("zed/languages/dockerfile", &["highlights.scm", "injections.scm", "textobjects.scm"], ZED);
}

/// A file below `editors/`; `None` in a packaged crate, which comes without them.
fn file(name: &str) -> Option<String> {
    let path = top().join("editors").join(name);
    top()
        .join("editors")
        .is_dir()
        .then(|| std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

fn json(name: &str) -> Option<Value> {
    file(name).map(|text| serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}")))
}

fn toml(name: &str) -> Option<toml::Value> {
    file(name).map(|text| toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}")))
}

fn words(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

#[test]
fn sublime_starts_the_server_for_its_scope() {
    let Some(settings) = json("sublime/LSP.sublime-settings") else { return };
    let client = &settings["clients"]["dockwright"];
    assert_eq!(words(&client["command"]), ["dockwright", "lsp"]);
    assert_eq!((&client["enabled"], &client["selector"]), (&true.into(), &"source.dockerfile".into()));
    let keys = client["settings"].as_object().expect("settings").keys();
    assert!(keys.into_iter().all(|it| it.starts_with("dockwright.")), "{client}");
}

/// As LSP4IJ reads it when a folder is imported: the name, the command line, and patterns for each language id.
#[test]
fn jetbrains_imports_the_template() {
    let Some(template) = json("jetbrains/dockwright/template.json") else { return };
    assert!(template["id"].is_string() && template["name"].is_string(), "{template}");
    assert_eq!(template["programArgs"]["default"], "dockwright lsp");
    let mappings = template["fileTypeMappings"].as_array().expect("a list");
    let patterns = |id: &str| {
        let found = mappings.iter().find(|it| it["languageId"] == id).expect("a mapping");
        words(&found["fileType"]["patterns"])
    };
    assert!(patterns("dockerfile").contains(&"Dockerfile") && patterns("ignore").contains(&".dockerignore"));
    let settings = json("jetbrains/dockwright/settings.json").expect("it is there");
    assert!(settings["dockwright"].is_object(), "{settings}");
    assert!(json("jetbrains/dockwright/initializationOptions.json").expect("it is there").is_object());
}

#[test]
fn helix_adds_the_server_to_its_language() {
    let Some(languages) = toml("helix/languages.toml") else { return };
    let server = &languages["language-server"]["dockwright"];
    assert_eq!((server["command"].as_str(), server["args"][0].as_str()), (Some("dockwright"), Some("lsp")));
    assert_eq!(languages["language"][0]["name"].as_str(), Some("dockerfile"));
    assert_eq!(languages["language"][0]["language-servers"][0].as_str(), Some("dockwright"));
}

#[test]
fn zed_knows_language_grammar_and_server() {
    let Some(extension) = toml("zed/extension.toml") else { return };
    let language = toml("zed/languages/dockerfile/config.toml").expect("it is there");
    let server = &extension["language_servers"]["dockwright"];
    assert_eq!(server["languages"][0], language["name"]);
    assert!(
        extension["grammars"].get(language["grammar"].as_str().expect("a name")).is_some(),
        "{extension}"
    );
    let id = server["language_ids"].get(language["name"].as_str().expect("a name"));
    assert_eq!(id.and_then(toml::Value::as_str), Some("dockerfile"));
    let rev = extension["grammars"]["dockerfile"]["rev"].as_str().expect("a commit");
    assert!(rev.len() == 40 && rev.bytes().all(|it| it.is_ascii_hexdigit()), "{rev}");
    let cargo = toml("zed/Cargo.toml").expect("it is there");
    assert_eq!(cargo["package"]["version"], extension["version"]);
}

/// All of VS Code's sources in one text.
fn sources() -> String {
    let folder = top().join("editors/vscode/src");
    let files = std::fs::read_dir(folder).expect("the sources").flatten();
    files.map(|it| std::fs::read_to_string(it.path()).expect("text")).collect()
}

#[test]
fn vscode_has_code_for_each_command_and_a_place_for_each_that_is_named() {
    let Some(manifest) = json("vscode/package.json") else { return };
    let contributes = &manifest["contributes"];
    let commands: Vec<&str> = contributes["commands"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|it| it["command"].as_str())
        .collect();
    let sources = sources();
    for command in &commands {
        assert!(sources.contains(&format!("'{command}'")), "no code for {command}");
    }
    let menus = contributes["menus"].as_object().expect("menus").values();
    let entries = menus.flat_map(|it| it.as_array().expect("a list")).filter_map(|it| it["command"].as_str());
    for command in entries {
        assert!(commands.contains(&command), "the menus name {command}");
    }
}

#[test]
fn the_walkthrough_has_six_steps_with_pages_and_known_commands() {
    let Some(manifest) = json("vscode/package.json") else { return };
    let steps = manifest["contributes"]["walkthroughs"][0]["steps"].as_array().expect("a list").clone();
    assert_eq!(steps.len(), 6);
    let known = manifest["contributes"]["commands"].to_string();
    for step in &steps {
        let page = step["media"]["markdown"].as_str().expect("a page");
        assert!(file(&format!("vscode/{page}")).is_some_and(|it| it.len() > 200), "{page}");
        let text = step["description"].as_str().expect("text");
        let linked = text.split("(command:").skip(1).filter_map(|it| it.split([')', '?']).next());
        for command in linked {
            assert!(known.contains(&format!("\"{command}\"")), "{command} in {text}");
        }
    }
}

#[test]
fn whole_names_are_replaced() {
    let names = &[("@module", "@namespace")];
    assert_eq!(
        renamed("(a) @module (b) @module.builtin @module)", names),
        "(a) @namespace (b) @module.builtin @namespace)"
    );
}
