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

pub mod flags;
pub mod instructions;
pub mod keyword;
pub mod mounts;
pub mod value;
pub mod version;

pub use flags::{FlagDoc, flag, flags};
pub use instructions::{Acts, Expansion, InstructionDoc, Mistake, instruction};
pub use keyword::Keyword;
pub use mounts::{
    Acceptance, MOUNT_KEYS, MountOption, MountType, MountTypeDoc, acceptance, mount_option, mount_type,
};
pub use value::{Channel, Choice, ValueKind};
pub use version::FrontendVersion;
