//! What the outside told us and rules may use. An absent fact silences a rule.

use std::sync::Arc;

use crate::analysis::facts;
use crate::analysis::ignore::{self, Ignore};

/// Facts about the surroundings of one Dockerfile. Cheap to clone, and to compare with a clone.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The `.dockerignore` of the build context (`<file>.dockerignore` wins), when there is one.
    pub ignore: Option<Arc<Ignore>>,
    /// What registries said about the images of the file.
    pub registry: Arc<facts::Facts>,
}

/// What registries said is the same if it is the very same object: how old it is changes all the time and decides nothing.
impl PartialEq for Facts {
    fn eq(&self, other: &Facts) -> bool {
        self.ignore == other.ignore && Arc::ptr_eq(&self.registry, &other.registry)
    }
}

impl Facts {
    /// Facts with the text of a `.dockerignore`.
    pub fn with_ignore_file(text: &str) -> Self {
        Facts { ignore: Some(Arc::new(ignore::parse(text))), ..Facts::default() }
    }
}
