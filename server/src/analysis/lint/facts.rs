//! What the outside told us and rules may use. An absent fact silences a rule.

use crate::analysis::ignore::{self, Ignore};

/// Facts about the surroundings of one Dockerfile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The `.dockerignore` of the build context (`<file>.dockerignore` wins), when there is one.
    pub ignore: Option<Ignore>,
}

impl Facts {
    /// Facts with the text of a `.dockerignore`.
    pub fn with_ignore_file(text: &str) -> Self {
        Facts { ignore: Some(ignore::parse(text)) }
    }
}
