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

pub mod base_images;
pub mod checks;
pub mod commands;
pub mod directives;
pub mod distributions;
pub mod flags;
pub mod formats;
pub mod glossary;
pub mod images;
pub mod instructions;
pub mod keyword;
pub mod labels;
pub mod licenses;
pub mod modifiers;
pub mod mounts;
pub mod ports;
pub mod secrets;
pub mod signals;
pub mod snippets;
pub mod starts;
pub mod suggest;
pub mod templates;
pub mod users;
pub mod value;
pub mod variables;
pub mod version;

pub use base_images::{base_image_variables, is_set_by_base_image};
pub use checks::{CHECKS, CheckDefault, CheckDoc, check_named};
pub use commands::{COMMANDS, CacheFolder, CommandDoc, ShellFlag, Subcommand, command};
pub use directives::{CHECK_OPTIONS, DIRECTIVES, DirectiveDoc, check_option, directive};
pub use distributions::{
    Distribution, PACKAGE_MANAGERS, PackageManager, distribution, package_manager, release,
};
pub use flags::{FlagDoc, flag, flags};
pub use formats::{
    DURATION, DurationError, FormatDoc, HEALTHCHECK_DEFAULTS, HealthcheckDefaults, OWNER, PERMISSIONS, PORT,
    SHELL_DEFAULTS, SHELLS, ShellChoice, ShellDefault, parse_duration,
};
pub use glossary::{TERMS, Term, term};
pub use images::WELL_KNOWN_IMAGES;
pub use instructions::{Acts, Expansion, InstructionDoc, Mistake, instruction};
pub use keyword::Keyword;
pub use labels::{LABELS, LABELS_URL, LabelDoc, authors_label, label_named};
pub use licenses::is_license_expression;
pub use modifiers::{MODIFIERS, MODIFIERS_URL, ModifierDoc, modifier};
pub use mounts::{
    Acceptance, MOUNT_KEYS, MountOption, MountType, MountTypeDoc, acceptance, mount_option, mount_type,
};
pub use ports::{PORTS, PORTS_URL, PROTOCOLS, PortDoc, is_protocol, port};
pub use signals::{SIGNALS, SIGNALS_URL, SignalDoc, is_signal, signal_named};
pub use snippets::{Place, SNIPPETS, Snippet, snippet};
pub use starts::{IMAGE_STARTS, ImageStart, image_start};
pub use suggest::did_you_mean;
pub use templates::{COMMON_IGNORED, TEMPLATES, Template, template, templates_for};
pub use users::{USERS, UserDoc, user_named, users_for};
pub use value::{Channel, Choice, ValueKind};
pub use variables::{
    BUILD_VARIABLES, BuildVariable, ENVIRONMENT_VARIABLES, EnvironmentVariable, VariableKind, build_variable,
    environment_variable,
};
pub use version::FrontendVersion;
