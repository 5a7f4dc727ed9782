//! Base images as values: names, platforms, tags, and what is known about the official ones without a network.

pub mod digest;
pub mod index;
pub mod official_facts;
pub mod platform;
pub mod reference;
pub mod tag;

pub use digest::Digest;
pub use platform::Platform;
pub use reference::ImageReference;
