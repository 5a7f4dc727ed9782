//! Pieces of sentences: lists, names, values with what they depend on.

use crate::analysis::ide::hover;
use crate::analysis::model::{Model, Unknown, Value};
use crate::analysis::syntax::InstructionId;
use crate::analysis::syntax::expansion::Word;

/// Text of the file as inline code; long text is cut.
pub fn code(text: &str) -> String {
    hover::code(&cut(text, 120))
}

/// `text` on one line and not longer than `most` characters.
pub fn cut(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let start: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", start.trim_end())
}

/// `a`, `a and b`, `a, b and c`.
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}

/// As [`list`], but the first `most` only, and how many more there are.
pub fn some(items: &[String], most: usize) -> String {
    if items.len() <= most + 1 {
        return list(items);
    }
    let shown = items.get(..most).unwrap_or_default().join(", ");
    format!("{shown} and {} more", items.len().saturating_sub(most))
}

/// The names as code, see [`some`].
pub fn names<'a>(items: impl IntoIterator<Item = &'a str>, most: usize) -> String {
    let items: Vec<String> = items.into_iter().map(code).collect();
    some(&items, most)
}

/// `1 port`, `2 ports`.
pub fn count(number: usize, noun: &str) -> String {
    match (number, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) if !noun.ends_with("ey") => format!("{number} {stem}ies"),
        _ => format!("{number} {noun}s"),
    }
}

/// The phrase as a sentence.
pub fn sentence(phrase: &str) -> String {
    let mut characters = phrase.chars();
    let first = characters.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str().trim_end_matches('.'))
}

/// `word` as it is after expansion, with what could make it another.
pub fn word(model: &Model, word: &Word, at: InstructionId) -> String {
    value(&model.expand(word, at), word.raw())
}

/// `value`, written as `raw` in the file.
pub fn value(value: &Value, raw: &str) -> String {
    let raw = || code(raw.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(raw));
    match value {
        Value::Known(text) if text.is_empty() => "an empty text".to_owned(),
        Value::Known(text) => code(text),
        Value::Default { text, argument } if text.is_empty() => {
            format!("an empty text, unless the build argument `{argument}` says otherwise")
        }
        Value::Default { text, argument } => {
            format!("{} (unless the build argument `{argument}` says otherwise)", code(text))
        }
        Value::Unknown(why) => match dependence(why) {
            Some(why) => format!("{} ({why})", raw()),
            None => raw(),
        },
    }
}

/// What decides a value that the file does not.
fn dependence(why: &Unknown) -> Option<String> {
    Some(match why {
        Unknown::BuildArgument(name) => format!("depends on the build argument `{name}`"),
        Unknown::Platform(name) => format!("BuildKit sets `{name}` for each build"),
        Unknown::BaseImage(name) if name == "PATH" => "`PATH` as the base image has it".to_owned(),
        Unknown::BaseImage(name) => format!("`{name}` is not set in this file; the base image may set it"),
        Unknown::Required(name) => format!("the build stops unless `{name}` is set"),
        Unknown::Fault | Unknown::TooLong => return None,
    })
}

/// A path of the image: absolute when the file says enough for that.
pub fn path(model: &Model, path: &str, at: InstructionId) -> String {
    absolute(model.workdir_at(at).as_deref(), path)
}

/// `path` seen from `folder`.
pub fn absolute(folder: Option<&str>, path: &str) -> String {
    let is_absolute = path.starts_with(['/', '\\', '$']) || path.as_bytes().get(1) == Some(&b':');
    let Some(folder) = folder.filter(|_| !is_absolute) else { return path.to_owned() };
    let rest = path.trim_start_matches("./");
    let rest = if rest == "." { "" } else { rest };
    let folder = folder.trim_end_matches('/');
    if rest.is_empty() { format!("{folder}/") } else { format!("{folder}/{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_like_sentences() {
        let items: Vec<String> = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        assert_eq!(list(&items), "a, b, c and d");
        assert_eq!(some(&items, 2), "a, b and 2 more");
        assert_eq!(some(&items, 3), "a, b, c and d", "no `1 more`: the name is as short");
        assert_eq!((count(1, "entry"), count(2, "entry")), ("1 entry".to_owned(), "2 entries".to_owned()));
        assert_eq!(sentence("copies it"), "Copies it.");
    }

    #[test]
    fn paths_are_seen_from_the_working_directory() {
        assert_eq!(absolute(Some("/app"), "."), "/app/");
        assert_eq!(absolute(Some("/app/"), "./x/"), "/app/x/");
        assert_eq!(absolute(Some("/"), "x"), "/x");
        assert_eq!(absolute(None, "x"), "x");
        assert_eq!(absolute(Some("/app"), "/x"), "/x");
    }
}
