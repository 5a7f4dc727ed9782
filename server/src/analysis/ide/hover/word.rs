//! Hover over a word of the glossary in a comment: three sentences and an example.
//!
//! Comments are where people write such words, and where *Write a Dockerfile, with explanations* does.

use text_size::{TextRange, TextSize};

use super::{Hover, block, link, paragraphs};
use crate::analysis::knowledge::{TERMS, Term};
use crate::analysis::model::Model;

pub(super) fn hover(model: &Model, offset: TextSize) -> Option<Hover> {
    let comment = model.file().comment_at(offset)?;
    let text = model.file().slice(comment).to_ascii_lowercase();
    let at = usize::from(offset - comment.start());
    let names =
        TERMS.iter().flat_map(|term| std::iter::once(&term.word).chain(term.also).map(move |it| (it, term)));
    let places = names.filter_map(|(name, term)| Some((place(&text, name, at)?, term)));
    let ((start, end), term) = places.max_by_key(|((start, end), _)| end - start)?;
    let range = TextRange::new(TextSize::from(start as u32), TextSize::from(end as u32)) + comment.start();
    Some(Hover::new(range, describe(term)))
}

/// Where `name`, or its plural, stands as a word of its own around `at` (bytes).
fn place(text: &str, name: &str, at: usize) -> Option<(usize, usize)> {
    let is_letter = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || "_-$/.=".contains(it));
    text.match_indices(name).find_map(|(start, _)| {
        let rest = text.get(start + name.len()..)?;
        let end = start + name.len() + usize::from(rest.starts_with('s'));
        // A full stop ends a sentence, unless a word goes on behind it.
        let behind = text.get(end..)?.trim_start_matches('.');
        let is_word = !is_letter(text.get(..start)?.chars().next_back()) && !is_letter(behind.chars().next());
        (is_word && start <= at && at <= end).then_some((start, end))
    })
}

/// A term as it is shown, in Markdown.
fn describe(term: &Term) -> String {
    paragraphs([
        format!("**{}**", term.word),
        term.meaning.to_owned(),
        block("dockerfile", term.example),
        link(term.url),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::syntax::Dockerfile;

    fn at(text: &str, part: &str) -> Option<(String, String)> {
        let model = Model::new(&Dockerfile::parse(text));
        let offset = TextSize::from(text.find(part).expect("it is there") as u32 + 1);
        let found = hover(&model, offset)?;
        Some((model.file().slice(found.range).to_owned(), found.markdown))
    }

    #[test]
    fn every_word_of_the_glossary_is_explained_in_a_comment() {
        for term in TERMS {
            let text = format!("# what is a {} here?\nFROM a\n", term.word);
            let (word, markdown) = at(&text, term.word).unwrap_or_else(|| panic!("{}", term.word));
            assert_eq!(word, term.word);
            assert!(markdown.contains(term.meaning) && markdown.contains(term.example), "{markdown}");
        }
    }

    #[test]
    fn the_longest_word_counts_and_parts_of_words_do_not() {
        let text = "# Layers of the build context. Staged, image-x\nFROM a\n";
        assert_eq!(at(text, "ayers").expect("a word").0, "Layers");
        assert_eq!(at(text, "context").expect("a word").0, "build context");
        assert_eq!((at(text, "Staged"), at(text, "image-x"), at(text, "of the")), (None, None, None));
    }
}
