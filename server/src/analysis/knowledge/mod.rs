//! The Dockerfile reference as tables: what hover, completion, the checks and the explanations say.
//!
//! Each table is `&'static`, and each row carries the address of its source. Nothing here reads a
//! Dockerfile: the callers ask by name.

/// The address of a part of the Dockerfile reference.
macro_rules! reference {
    ($anchor:literal) => {
        concat!("https://docs.docker.com/reference/dockerfile/", $anchor)
    };
}

pub mod checks;
pub mod directives;
pub mod flags;
pub mod instructions;
pub mod keyword;
pub mod modifiers;
pub mod mounts;
pub mod suggest;
pub mod value;
pub mod variables;
pub mod version;

pub use checks::{CHECKS, CheckDefault, CheckDoc, check_named};
pub use directives::{CHECK_OPTIONS, DIRECTIVES, DirectiveDoc, check_option, directive};
pub use flags::{FlagDoc, flag, flags};
pub use instructions::{Acts, Expansion, InstructionDoc, Mistake, instruction};
pub use keyword::Keyword;
pub use modifiers::{MODIFIERS, MODIFIERS_URL, ModifierDoc, modifier};
pub use mounts::{
    Acceptance, MOUNT_KEYS, MountOption, MountType, MountTypeDoc, acceptance, mount_option, mount_type,
};
pub use suggest::did_you_mean;
pub use value::{Channel, Choice, ValueKind};
pub use variables::{
    BUILD_VARIABLES, BuildVariable, ENVIRONMENT_VARIABLES, EnvironmentVariable, VariableKind, build_variable,
    environment_variable,
};
pub use version::FrontendVersion;
