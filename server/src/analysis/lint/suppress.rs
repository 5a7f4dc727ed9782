//! Comments that switch rules off.

use super::context::ModelContext;
use super::finding::Finding;
use super::options::Plan;
use super::rule::Rule;
use crate::analysis::model::Model;

/// All suppressions of one file.
#[derive(Debug, Default)]
pub struct Suppressions {}

impl Suppressions {
    /// Reads the comments of the file.
    pub fn read(_model: &Model) -> Self {
        Suppressions {}
    }

    pub(super) fn wants_experimental(&self, _rule: &Rule) -> bool {
        false
    }

    pub(super) fn apply(&self, _plan: &Plan, _cx: &ModelContext<'_>, _findings: &mut Vec<Finding>) {}
}
