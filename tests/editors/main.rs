//! The queries that editors bring along (`editors/*/…/dockerfile/*.scm`) are made from `queries/`, with the names that each
//! editor gives to its captures. `UPDATE_EXPECT=1 cargo test --test editors` writes them.
//!
//! The real editors are driven by `run`, beside this file.

use std::path::PathBuf;

use expect_test::expect_file;

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

#[test]
fn whole_names_are_replaced() {
    let names = &[("@module", "@namespace")];
    assert_eq!(
        renamed("(a) @module (b) @module.builtin @module)", names),
        "(a) @namespace (b) @module.builtin @namespace)"
    );
}
