//! Heredocs: found by lexing the joined line like a shell, read from the lines behind it
//! (<https://docs.docker.com/reference/dockerfile/#here-documents>).

use std::collections::HashSet;
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

/// Reads heredoc bodies. It remembers which delimiters never come again, so that a file full of
/// unterminated heredocs costs one search each and not one search each *per instruction*.
#[derive(Debug, Default)]
pub struct BodyReader {
    absent: HashSet<(SmolStr, bool)>,
}

impl BodyReader {
    /// Fills in the bodies of `heredocs`, which follow each other from `start` of `text`; offsets in them
    /// become relative to `base`. Returns where the next instruction begins, or `None` when one of them never ends.
    pub fn read(&mut self, text: &str, heredocs: &mut [Heredoc], start: usize, base: usize) -> Option<usize> {
        let mut at = start;
        for heredoc in heredocs {
            let (body_end, line_end, next) = self.find_end(text, heredoc, at)?;
            heredoc.body = local(at, body_end, base);
            heredoc.terminator = Some(local(body_end, line_end, base));
            at = next;
        }
        Some(at)
    }

    /// (start of the terminator line, its end, the line after it).
    fn find_end(&mut self, text: &str, heredoc: &Heredoc, start: usize) -> Option<(usize, usize, usize)> {
        let key = (heredoc.name.clone(), heredoc.strips_tabs);
        if self.absent.contains(&key) {
            return None;
        }
        let mut at = start;
        while let Some(line) = line_at(text, at) {
            let content = line.text(text);
            let content = if heredoc.strips_tabs { content.trim_start_matches('\t') } else { content };
            if content == heredoc.name {
                return Some((line.start, line.end, line.next));
            }
            at = line.next;
        }
        self.absent.insert(key);
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
