//! `server/docs/check.svg`: what `dockwright check` prints, as the README shows it. Always what it really prints:
//! `UPDATE_EXPECT=1 cargo test --test cli picture` draws it anew. With BuildKit's checks only, which are complete: a new
//! rule of ours is no reason for a new picture.

use std::path::Path;

use expect_test::expect_file;

use crate::sandbox::command;

const COLUMN: f32 = 8.4;
const LINE: usize = 20;
const MARGIN: usize = 24;

#[test]
fn the_picture_in_the_readme_is_what_check_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examples/first-image");
    let output = command(&root)
        .args(["check", "--profile", "buildkit", "--color", "always", "Dockerfile"])
        .output()
        .unwrap();
    let text = format!(
        "$ \u{1b}[1mdockwright check --profile buildkit Dockerfile\u{1b}[0m\n{}",
        String::from_utf8(output.stdout).unwrap()
    );
    expect_file![concat!(env!("CARGO_MANIFEST_DIR"), "/server/docs/check.svg")].assert_eq(&svg(&text));
}

/// Text with colours as a picture of a terminal.
fn svg(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let columns = lines.iter().map(|line| plain_width(line)).max().unwrap_or(0);
    let width = (columns as f32 * COLUMN) as usize + 2 * MARGIN;
    let height = lines.len() * LINE + 2 * MARGIN;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, monospace\" font-size=\"14\">\n\
         <title>dockwright check at work</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1e2127\"/>\n"
    );
    for (at, line) in lines.iter().enumerate() {
        let y = MARGIN + LINE * at + LINE * 3 / 4;
        out += &format!(
            "<text x=\"{MARGIN}\" y=\"{y}\" fill=\"#d7dae0\" xml:space=\"preserve\">{}</text>\n",
            spans(line)
        );
    }
    out + "</svg>\n"
}

fn plain_width(line: &str) -> usize {
    parts(line).map(|(_, text)| text.chars().count()).sum()
}

/// Pieces with the codes of their style.
fn parts(line: &str) -> impl Iterator<Item = (&str, &str)> {
    line.split("\u{1b}[").enumerate().map(|(at, part)| match part.split_once('m') {
        Some((codes, text)) if at > 0 => (codes, text),
        _ => ("0", part),
    })
}

fn spans(line: &str) -> String {
    let span = |(codes, text): (&str, &str)| match style(codes) {
        "" => escape(text),
        style => format!("<tspan {style}>{}</tspan>", escape(text)),
    };
    parts(line).filter(|(_, text)| !text.is_empty()).map(span).collect()
}

fn style(codes: &str) -> &'static str {
    match codes {
        "1" => "font-weight=\"bold\" fill=\"#ffffff\"",
        "1;31" => "font-weight=\"bold\" fill=\"#ef6b73\"",
        "1;33" => "font-weight=\"bold\" fill=\"#e5c07b\"",
        "1;34" => "font-weight=\"bold\" fill=\"#6cb2f2\"",
        "1;36" => "font-weight=\"bold\" fill=\"#56c2cf\"",
        _ => "",
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
