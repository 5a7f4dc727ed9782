//! Who runs the commands of an instruction.

use super::packages::root_image;
use super::prelude::*;
use crate::analysis::image::official_facts;
use crate::analysis::knowledge::distribution;

/// The user in force, as far as the file and the name of the base image tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum User {
    Root,
    /// Surely not root; the name or number, and the `USER` that says so (none: the base image does).
    Other(String, Option<TextRange>),
    /// The base image or a build argument decides.
    Unknown,
}

/// The user when instruction `at` runs.
pub fn user_at(cx: &ModelContext<'_>, at: InstructionId) -> User {
    let Some(instruction) = cx.in_force(Keyword::User, at) else { return user_of_base(cx, at) };
    let Arguments::Single(Some(word)) = &instruction.node.arguments else { return User::Unknown };
    let value = cx.model.expand(word, instruction.id);
    match value.text().and_then(|it| it.split(':').next()) {
        None => User::Unknown,
        Some(name) if is_root(name) => User::Root,
        Some(name) => User::Other(name.to_owned(), Some(instruction.absolute(instruction.node.line_range))),
    }
}

fn is_root(name: &str) -> bool {
    matches!(name, "" | "root" | "0") || name.eq_ignore_ascii_case("ContainerAdministrator")
}

fn user_of_base(cx: &ModelContext<'_>, at: InstructionId) -> User {
    let Some(image) = cx.model.stage_of(at).and_then(|stage| root_image(cx, stage)) else {
        return User::Unknown;
    };
    let Some(name) = image.official_name() else { return User::Unknown };
    match official_facts::defaults(name) {
        Some(defaults) => defaults.user.map_or(User::Root, |it| User::Other(it.to_owned(), None)),
        // Distributions and languages stay at root.
        None if distribution(name, image.tag().known().unwrap_or_default()).is_some() => User::Root,
        None => User::Unknown,
    }
}
