//! "Did you mean …?"

use strsim::damerau_levenshtein;

/// Longer words are not compared: the cost grows with the product of the lengths.
const LONGEST_WORD: usize = 64;

/// The candidate that `word` most likely is a slip of, or `None` if none is close.
///
/// Compares without regard to ASCII case. A third of the letters may be wrong, at least one, at most
/// three; two neighbours exchanged count as one. The first of equally close candidates wins.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length == 0 || length > LONGEST_WORD {
        return None;
    }
    let wanted = word.to_ascii_lowercase();
    let allowed = (length / 3).clamp(1, 3);
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| (damerau_levenshtein(&wanted, &candidate.to_ascii_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::knowledge::Keyword;

    fn keyword(word: &str) -> Option<&'static str> {
        did_you_mean(word, Keyword::ALL.iter().map(|it| it.as_str()))
    }

    #[test]
    fn slips_of_keywords_are_found() {
        for (slip, meant) in [
            ("FORM", "FROM"),
            ("form", "FROM"),
            ("RNU", "RUN"),
            ("COPPY", "COPY"),
            ("ENTRYPIONT", "ENTRYPOINT"),
            ("ENTRY_POINT", "ENTRYPOINT"),
            ("WORKDIRR", "WORKDIR"),
            ("EXPOS", "EXPOSE"),
            ("HEALTCHECK", "HEALTHCHECK"),
        ] {
            assert_eq!(keyword(slip), Some(meant), "{slip}");
        }
    }

    #[test]
    fn other_words_have_no_suggestion() {
        for word in ["", "INSTALL", "apt-get", "BUILD", "X", "&&", "echo"] {
            assert_eq!(keyword(word), None, "{word}");
        }
        assert_eq!(keyword(&"A".repeat(100_000)), None);
    }

    #[test]
    fn the_closest_candidate_wins() {
        assert_eq!(did_you_mean("builder", ["build", "builders"]), Some("builders"));
        assert_eq!(did_you_mean("a", ["b"]), None);
    }
}
