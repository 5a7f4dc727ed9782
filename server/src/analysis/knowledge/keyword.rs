//! The 18 instruction keywords.
//!
//! BuildKit compares them without regard to case (`frontend/dockerfile/command/command.go`); an
//! instruction it does not know is an error, so this list is closed.

use std::fmt;
use std::str::FromStr;

/// The name of an instruction. The order is alphabetical.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
}

impl Keyword {
    /// Every keyword, in alphabetical order: `Keyword::ALL[k as usize] == k`.
    pub const ALL: [Keyword; 18] = [
        Keyword::Add,
        Keyword::Arg,
        Keyword::Cmd,
        Keyword::Copy,
        Keyword::Entrypoint,
        Keyword::Env,
        Keyword::Expose,
        Keyword::From,
        Keyword::Healthcheck,
        Keyword::Label,
        Keyword::Maintainer,
        Keyword::Onbuild,
        Keyword::Run,
        Keyword::Shell,
        Keyword::Stopsignal,
        Keyword::User,
        Keyword::Volume,
        Keyword::Workdir,
    ];

    /// The keyword in upper case, as Dockerfiles usually write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Keyword::Add => "ADD",
            Keyword::Arg => "ARG",
            Keyword::Cmd => "CMD",
            Keyword::Copy => "COPY",
            Keyword::Entrypoint => "ENTRYPOINT",
            Keyword::Env => "ENV",
            Keyword::Expose => "EXPOSE",
            Keyword::From => "FROM",
            Keyword::Healthcheck => "HEALTHCHECK",
            Keyword::Label => "LABEL",
            Keyword::Maintainer => "MAINTAINER",
            Keyword::Onbuild => "ONBUILD",
            Keyword::Run => "RUN",
            Keyword::Shell => "SHELL",
            Keyword::Stopsignal => "STOPSIGNAL",
            Keyword::User => "USER",
            Keyword::Volume => "VOLUME",
            Keyword::Workdir => "WORKDIR",
        }
    }

    /// The keyword that `word` spells in any case, or `None` for any other word.
    pub fn parse(word: &str) -> Option<Keyword> {
        Keyword::ALL.into_iter().find(|keyword| keyword.as_str().eq_ignore_ascii_case(word))
    }
}

impl fmt::Display for Keyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The word is not one of the 18 keywords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownKeyword;

impl FromStr for Keyword {
    type Err = UnknownKeyword;

    fn from_str(word: &str) -> Result<Keyword, UnknownKeyword> {
        Keyword::parse(word).ok_or(UnknownKeyword)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_is_read_back_in_any_case() {
        for keyword in Keyword::ALL {
            assert_eq!(Keyword::parse(keyword.as_str()), Some(keyword));
            assert_eq!(keyword.as_str().to_ascii_lowercase().parse(), Ok(keyword));
        }
    }

    #[test]
    fn all_is_complete_and_in_order() {
        for (index, keyword) in Keyword::ALL.into_iter().enumerate() {
            assert_eq!(keyword as usize, index);
        }
        assert!(Keyword::ALL.is_sorted_by_key(|keyword| keyword.as_str()));
    }

    #[test]
    fn other_words_are_not_keywords() {
        assert_eq!(Keyword::parse("FORM"), None);
        assert_eq!(Keyword::parse(""), None);
        assert_eq!(Keyword::parse("RUN "), None);
    }
}
