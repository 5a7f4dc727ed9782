//! The shell patterns of `${name#pattern}`, `${name%pattern}` and `${name/pattern/text}`.
//!
//! `*` and `?` are wildcards, `\` protects one of them; brackets are ordinary characters, as in BuildKit.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Any,
    One,
    Char(char),
}

/// `value` without the shortest (or longest) start that matches; `None` when the pattern is not valid.
pub fn trim_prefix(pattern: &str, value: &str, longest: bool) -> Option<String> {
    let tokens = tokens(pattern)?;
    let cut = find(boundaries(value), longest, |end| matches(&tokens, value.get(..end).unwrap_or_default()));
    Some(value.get(cut.unwrap_or(0)..)?.to_owned())
}

/// `value` without the shortest (or longest) end that matches; `None` when the pattern is not valid.
pub fn trim_suffix(pattern: &str, value: &str, longest: bool) -> Option<String> {
    let tokens = tokens(pattern)?;
    let cut =
        find(boundaries(value), !longest, |start| matches(&tokens, value.get(start..).unwrap_or_default()));
    Some(value.get(..cut.unwrap_or(value.len()))?.to_owned())
}

/// `value` with the first match (or all matches) replaced by `by`; `None` when the pattern is not valid.
pub fn replace(pattern: &str, value: &str, by: &str, all: bool) -> Option<String> {
    let tokens = tokens(pattern)?;
    let mut out = String::new();
    let mut at = 0;
    while let Some(rest) = value.get(at..) {
        let longest =
            find(boundaries(rest), true, |end| matches(&tokens, rest.get(..end).unwrap_or_default()));
        let step = rest.chars().next().map_or(0, char::len_utf8);
        match longest {
            Some(end) => {
                out.push_str(by);
                at += end.max(if end == 0 { step } else { 0 });
                if end == 0 {
                    out.push_str(rest.get(..step)?);
                }
                if !all {
                    out.push_str(value.get(at..)?);
                    return Some(out);
                }
            }
            None => {
                out.push_str(rest.get(..step)?);
                at += step;
            }
        }
        if step == 0 || out.len() > super::value::MAX_LEN || at >= value.len() {
            break;
        }
    }
    Some(out)
}

fn tokens(pattern: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '*' => Token::Any,
            '?' => Token::One,
            '\\' => Token::Char(chars.next().filter(|c| matches!(c, '*' | '?' | '\\' | '}' | '/'))?),
            c => Token::Char(c),
        });
    }
    Some(tokens)
}

fn boundaries(value: &str) -> Vec<usize> {
    value.char_indices().map(|(at, _)| at).chain([value.len()]).collect()
}

fn find(mut at: Vec<usize>, from_the_end: bool, is_match: impl Fn(usize) -> bool) -> Option<usize> {
    if from_the_end {
        at.reverse();
    }
    at.into_iter().find(|&at| is_match(at))
}

/// Whether all of `text` matches; steps back to the last `*` only, so the time is at most the product of the lengths.
fn matches(tokens: &[Token], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let (mut token, mut at) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match tokens.get(token) {
            Some(Token::Any) => {
                star = Some((token, at));
                token += 1;
            }
            Some(Token::One) => (token, at) = (token + 1, at + 1),
            Some(Token::Char(c)) if text.get(at) == Some(c) => (token, at) = (token + 1, at + 1),
            _ => {
                let Some((star_token, star_at)) = star else { return false };
                star = Some((star_token, star_at + 1));
                (token, at) = (star_token + 1, star_at + 1);
            }
        }
    }
    tokens.iter().skip(token).all(|it| *it == Token::Any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_escapes_match_nothing() {
        assert_eq!(trim_prefix(r"\a", "abc", false), None);
        assert_eq!(trim_prefix(r"\*", "*c", false).unwrap(), "c");
    }

    #[test]
    fn empty_patterns_and_values_end() {
        assert_eq!(replace("", "ab", "-", false).unwrap(), "-ab");
        assert_eq!(replace("x", "", "-", true).unwrap(), "");
        assert_eq!(trim_suffix("*", "abc", true).unwrap(), "");
        assert_eq!(trim_suffix("*", "abc", false).unwrap(), "abc");
    }

    #[test]
    fn characters_of_several_bytes_are_one() {
        assert_eq!(trim_prefix("?", "éa", false).unwrap(), "a");
    }
}
