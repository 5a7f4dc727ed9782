//! Heredocs: found by lexing the joined line like a shell, read from the lines behind it
//! (<https://docs.docker.com/reference/dockerfile/#here-documents>).

use std::collections::HashMap;
use std::ops::Range;

use smol_str::SmolStr;
use text_size::{TextRange, TextSize};

use super::ast::Heredoc;
use super::expansion::{Part, Word, shell_words};
use super::joined::JoinedLine;
use super::lines::line_at;

/// The heredocs announced in `line`, without their bodies. A line that cannot be lexed has none.
pub fn markers(line: &JoinedLine) -> Vec<Heredoc> {
    if !line.as_str().contains("<<") {
        return Vec::new();
    }
    let words = shell_words(line.as_str()).unwrap_or_default();
    words.into_iter().filter_map(|word| marker(line, word)).collect()
}

/// `[number]<<[-] delimiter`, nothing when the word is something else.
fn marker(line: &JoinedLine, word: Range<usize>) -> Option<Heredoc> {
    let text = line.as_str().get(word.clone())?;
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let after = text.get(digits..)?.strip_prefix("<<")?;
    let strips_tabs = after.starts_with('-');
    let written = after.get(usize::from(strips_tabs)..)?.trim_start();
    if written.is_empty() || written.contains('<') {
        return None;
    }
    let start = word.end - written.len();
    let (name, expands) = delimiter(line, start..word.end)?;
    Some(Heredoc {
        marker: line.source_range(word.start, word.end),
        delimiter: line.source_range(start, word.end),
        name,
        expands,
        strips_tabs,
        descriptor: text.get(..digits)?.parse().unwrap_or(0),
        body: TextRange::empty(TextSize::from(0)),
        terminator: None,
    })
}

/// The delimiter without quotes, and whether variables in the body are expanded. It must be one word.
fn delimiter(line: &JoinedLine, range: Range<usize>) -> Option<(SmolStr, bool)> {
    let word = Word::parse(line.source_text(range.start, range.end), '\\');
    if word.fault().is_some() {
        return None;
    }
    let name = without_quotes(&word);
    let is_one_word = word.raw().contains(['\'', '"', '\\']) || !word.raw().contains(char::is_whitespace);
    let expands = quote_count(word.raw()) == quote_count(&name);
    (!name.is_empty() && is_one_word).then(|| (name.into(), expands))
}

/// Variables stay as written in a delimiter: `<<"$EOF"` ends at `$EOF`.
fn without_quotes(word: &Word) -> String {
    let source = |range: TextRange| {
        let start = word.text().value_index(range.start());
        word.raw().get(start..word.text().value_index(range.end())).unwrap_or_default().to_owned()
    };
    word.parts()
        .iter()
        .map(|part| match part {
            Part::Literal { text, .. } => text.to_string(),
            Part::Variable(variable) => source(variable.range),
        })
        .collect()
}

/// Only quotes turn expansion off, not escapes: BuildKit counts quote characters before and after.
fn quote_count(text: &str) -> usize {
    text.matches(['\'', '"']).count()
}

/// Reads heredoc bodies. A search that fails has read to the end of the text; after a few of them the lines are
/// indexed once, so that a file full of endless heredocs does not cost one such search an instruction.
#[derive(Debug)]
pub struct BodyReader<'a> {
    text: &'a str,
    failures: usize,
    last_lines: Option<LastLines<'a>>,
}

/// Failed searches before the lines are indexed.
const PATIENCE: usize = 16;

/// Where each line stands for the last time.
#[derive(Debug, Default)]
struct LastLines<'a> {
    exact: HashMap<&'a str, usize>,
    without_tabs: HashMap<&'a str, usize>,
}

impl<'a> LastLines<'a> {
    fn new(text: &'a str) -> Self {
        let mut lines = LastLines::default();
        let mut at = 0;
        while let Some(line) = line_at(text, at) {
            let content = line.text(text);
            lines.exact.insert(content, line.start);
            lines.without_tabs.insert(content.trim_start_matches('\t'), line.start);
            at = line.next;
        }
        lines
    }

    fn may_end(&self, heredoc: &Heredoc, after: usize) -> bool {
        let lines = if heredoc.strips_tabs { &self.without_tabs } else { &self.exact };
        lines.get(heredoc.name.as_str()).is_some_and(|&last| last >= after)
    }
}

impl<'a> BodyReader<'a> {
    pub fn new(text: &'a str) -> Self {
        BodyReader { text, failures: 0, last_lines: None }
    }

    /// Fills in the bodies of `heredocs`, which follow each other from `start`; offsets in them become relative
    /// to `base`. Returns where the next instruction begins, or `None` when one of them never ends.
    pub fn read(&mut self, heredocs: &mut [Heredoc], start: usize, base: usize) -> Option<usize> {
        let mut at = start;
        for heredoc in heredocs {
            let (body_end, line_end, next) = self.find_end(heredoc, at)?;
            heredoc.body = local(at, body_end, base);
            heredoc.terminator = Some(local(body_end, line_end, base));
            at = next;
        }
        Some(at)
    }

    /// (start of the terminator line, its end, the line after it).
    fn find_end(&mut self, heredoc: &Heredoc, start: usize) -> Option<(usize, usize, usize)> {
        if self.failures >= PATIENCE {
            let lines = self.last_lines.get_or_insert_with(|| LastLines::new(self.text));
            if !lines.may_end(heredoc, start) {
                return None;
            }
        }
        let mut at = start;
        while let Some(line) = line_at(self.text, at) {
            let content = line.text(self.text);
            let content = if heredoc.strips_tabs { content.trim_start_matches('\t') } else { content };
            if content == heredoc.name {
                return Some((line.start, line.end, line.next));
            }
            at = line.next;
        }
        self.failures += 1;
        None
    }
}

fn local(start: usize, end: usize, base: usize) -> TextRange {
    TextRange::new(TextSize::from((start - base) as u32), TextSize::from((end - base) as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, bool, bool, u32)> {
        let mut line = JoinedLine::default();
        line.push(text, 0);
        markers(&line)
            .into_iter()
            .map(|it| (it.name.to_string(), it.expands, it.strips_tabs, it.descriptor))
            .collect()
    }

    #[test]
    fn all_forms_of_markers_are_found() {
        assert_eq!(found("RUN <<EOF"), [("EOF".into(), true, false, 0)]);
        assert_eq!(found("RUN 3<<-'E O' cat"), [("E O".into(), false, true, 3)]);
        assert_eq!(found("RUN << EOF"), [("EOF".into(), true, false, 0)]);
        assert_eq!(
            found("COPY <<a <<b\"c\" /d"),
            [("a".into(), true, false, 0), ("bc".into(), false, false, 0)]
        );
        assert_eq!(found("RUN cat <<EOF;"), [("EOF;".into(), true, false, 0)]);
        assert_eq!(found("RUN <<$EOF"), [("$EOF".into(), true, false, 0)]);
        assert_eq!(found("RUN <<\"$EOF\""), [("$EOF".into(), false, false, 0)]);
        assert_eq!(found("RUN echo $(( 1 << 2 ))"), [("2".into(), true, false, 0)]);
    }

    #[test]
    fn what_only_looks_like_a_heredoc_is_none() {
        for text in [
            "RUN cat <<<EOF",
            "RUN echo '<<EOF'",
            "RUN a<<EOF",
            "RUN cat <<",
            "RUN it's <<EOF",
            "RUN $((1<<2))",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
