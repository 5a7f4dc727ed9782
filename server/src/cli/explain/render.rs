//! Markdown for a terminal: as much of it as our own pages use.

use super::super::terminal::{Paint, Style, safe_lines, wrapped};

/// Columns of running text where there is room.
pub const WIDTH: usize = 88;

/// `markdown` to be read here, `width` columns wide. Without colours code keeps its backticks.
pub fn render(markdown: &str, paint: Paint, width: usize) -> String {
    let mut out = Renderer { paint, width, out: String::new(), paragraph: Vec::new(), table: Vec::new() };
    let mut fence: Option<&str> = None;
    for line in markdown.lines() {
        match (fence, fence_of(line)) {
            (None, Some(opening)) => {
                out.flush();
                fence = Some(opening);
            }
            (Some(opening), Some(closing)) if closing.len() >= opening.len() => fence = None,
            (Some(_), _) => out.code(line),
            (None, None) => out.line(line),
        }
    }
    out.flush();
    out.out.trim_end().to_owned() + "\n"
}

fn fence_of(line: &str) -> Option<&str> {
    let ticks = line.len() - line.trim_start_matches('`').len();
    line.get(..ticks).filter(|it| it.len() >= 3)
}

struct Renderer {
    paint: Paint,
    width: usize,
    out: String,
    /// Lines that belong together; the first begins with its bullet.
    paragraph: Vec<String>,
    table: Vec<Vec<String>>,
}

impl Renderer {
    fn line(&mut self, line: &str) {
        let text = line.trim();
        let is_bullet = text.starts_with("- ") || text.starts_with("* ");
        if let Some(cells) = text.strip_prefix('|') {
            return self.row(cells.trim_end_matches('|'));
        }
        if text.is_empty() || text.starts_with('#') || text == "---" || is_bullet {
            self.flush();
        }
        match text {
            "" => self.blank(),
            "---" => {
                self.out += &format!("{}\n", self.paint.paint(Style::Frame, &"─".repeat(self.width / 2)))
            }
            heading if heading.starts_with("# ") || heading.starts_with("## ") => {
                let heading = heading.trim_start_matches('#').trim();
                self.out += &format!("{}\n", self.paint.paint(Style::Bold, &safe_lines(heading)));
            }
            text => {
                let is_broken = line.ends_with("  ");
                self.paragraph.push(if is_broken { format!("{text}{BREAK}") } else { text.to_owned() });
            }
        }
    }

    fn code(&mut self, line: &str) {
        let line = format!("    {}", safe_lines(line));
        self.out += &format!("{}\n", self.paint.paint(Style::Code, line.trim_end()));
    }

    fn row(&mut self, cells: &str) {
        let cells: Vec<String> = cells.split('|').map(|it| it.trim().to_owned()).collect();
        let is_ruler = cells.iter().all(|it| it.chars().all(|it| matches!(it, '-' | ':')));
        if !is_ruler {
            self.table.push(cells);
        }
    }

    fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// Writes what belongs together.
    fn flush(&mut self) {
        let table = std::mem::take(&mut self.table);
        let first =
            table.iter().filter_map(|row| row.first()).map(|it| it.chars().count()).max().unwrap_or(0);
        for row in table {
            let name = format!("{:first$}", row.first().cloned().unwrap_or_default());
            let rest = inline(&row.get(1..).unwrap_or_default().join("  "), Paint::default());
            self.out += &format!("  {}  {rest}\n", self.paint.paint(Style::Dim, &name));
        }
        let paragraph = std::mem::take(&mut self.paragraph).join(" ");
        let (first, next, text) = match paragraph.strip_prefix("- ").or(paragraph.strip_prefix("* ")) {
            Some(item) => ("  • ", "    ", item.to_owned()),
            None => ("", "", paragraph),
        };
        let width = self.width.saturating_sub(next.len()).max(20);
        let mut indent = first;
        for piece in text.split(BREAK).filter(|it| !it.trim().is_empty()) {
            for line in with_whole_code(wrapped(piece, width)) {
                self.out += &format!("{indent}{}\n", inline(&line, self.paint));
                indent = next;
            }
        }
    }
}

/// Stands for a line break that Markdown keeps.
const BREAK: char = '\u{b}';

/// Closes code that goes on in the next line, and opens it again there.
fn with_whole_code(lines: Vec<String>) -> Vec<String> {
    let mut is_open = false;
    let close = |line: String| {
        let line = if is_open { format!("`{line}") } else { line };
        is_open = line.matches('`').count() % 2 == 1;
        if is_open { format!("{line}`") } else { line }
    };
    lines.into_iter().map(close).collect()
}

/// Code, bold, emphasis, links and bare addresses in one line.
fn inline(line: &str, paint: Paint) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, code, after)) = code_span(rest) {
        let code = safe_lines(code);
        out += &emphasis(&links(before), paint);
        out += &if paint.is_on { paint.paint(Style::Code, &code) } else { format!("`{code}`") };
        rest = after;
    }
    out + &emphasis(&links(rest), paint)
}

/// The text before the first code, the code, and what follows; as many backticks end it as begin it.
fn code_span(line: &str) -> Option<(&str, &str, &str)> {
    let start = line.find('`')?;
    let (before, rest) = line.split_at(start);
    let ticks = rest.len() - rest.trim_start_matches('`').len();
    let (fence, rest) = rest.split_at(ticks);
    let mut from = 0;
    loop {
        let at = from + rest.get(from..)?.find(fence)?;
        let after = rest.get(at..)?;
        let run = after.len() - after.trim_start_matches('`').len();
        if run == ticks {
            let code = rest.get(..at)?;
            let is_padded = ticks > 1 && code.starts_with(' ') && code.ends_with(' ') && code.len() > 2;
            let code = if is_padded { code.get(1..code.len() - 1)? } else { code };
            return Some((before, code, after.get(run..)?));
        }
        from = at + run;
    }
}

/// `[text](address)` becomes `text: address`, `<address>` the address.
fn links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        let Some((label, after)) = link.split_once("](") else { break };
        let Some((address, after)) = after.split_once(')') else { break };
        out += &format!("{before}{label}: {address}");
        rest = after;
    }
    bare_addresses(&(out + rest))
}

/// `<https://…>` without its brackets.
fn bare_addresses(text: &str) -> String {
    let mut parts = text.split("<http");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out += &format!("http{}", part.replacen('>', "", 1));
    }
    out
}

fn emphasis(text: &str, paint: Paint) -> String {
    let mut out = String::new();
    for (at, part) in text.split("**").enumerate() {
        let part = safe_lines(&part.replace('*', ""));
        out += &if at % 2 == 1 { paint.paint(Style::Bold, &part) } else { part };
    }
    out
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    const PAGE: &str = "# rule\n\n| | |\n|-|-|\n| Severity | warning |\n| Fix | none |\n\nWhat `is` wrong,\nand **why**. See [Docs](https://a.b/c).\n\nBad:\n\n```dockerfile\nRUN a\n  b\n```\n\n- one `--x`\n- two\n";

    #[test]
    fn a_page_is_readable_without_colours() {
        expect![[r#"
            rule

              Severity  warning
              Fix       none

            What `is` wrong, and why. See Docs: https://a.b/c.

            Bad:

                RUN a
                  b

              • one `--x`
              • two
        "#]]
        .assert_eq(&render(PAGE, Paint::default(), WIDTH));
        let line = "A list: `[\"a b\", \"c\"]`. **--mount=type=<x>** and <https://a.b>.";
        let expected = "A list: `[\"a b\", \"c\"]`. --mount=type=<x> and https://a.b.\n";
        assert_eq!(render(line, Paint::default(), WIDTH), expected);
    }

    #[test]
    fn a_page_is_coloured_on_a_terminal() {
        let text = render("# a\n\nb `c`", Paint { is_on: true }, WIDTH);
        assert_eq!(text, "\u{1b}[1ma\u{1b}[0m\n\nb \u{1b}[36mc\u{1b}[0m\n");
    }

    #[test]
    fn long_lines_are_wrapped_between_words() {
        let text = render(&"word ".repeat(40), Paint::default(), WIDTH);
        assert!(text.lines().count() == 3 && text.lines().all(|it| it.len() <= WIDTH), "{text}");
    }
}
