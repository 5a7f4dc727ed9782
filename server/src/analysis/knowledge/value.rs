//! What may stand after the `=` of a flag, a mount option or a directive.

/// The kind of a value: decides what completion offers and how the value is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// `true` or `false`; the bare name means `true`.
    Bool,
    /// Any text.
    Text,
    /// One of a closed list.
    OneOf(&'static [Choice]),
    /// `os/architecture[/variant]`, for instance `linux/arm64`.
    Platform,
    /// A stage name or number, an image, or a named context.
    Source,
    /// `user[:group]`, names or numbers.
    Owner,
    /// Permissions: octal (`755`) or symbolic (`u=rwX,go=rX`).
    Mode,
    /// Permissions, octal only (`0755`).
    OctalMode,
    /// A user or group number.
    Id,
    /// A Go duration: `30s`, `1m30s`, `500ms`.
    Duration,
    /// A whole number, zero or more.
    Integer,
    /// A number of bytes, with an optional unit: `64m`, `1g`.
    Size,
    /// A path inside the image.
    ImagePath,
    /// A path inside the source of a mount or copy.
    SourcePath,
    /// A pattern of paths: `*.md`, `docs/**`.
    Pattern,
    /// `sha256:…`, or a commit for a Git address.
    Checksum,
    /// Comma-separated options of `--mount`.
    Mount,
    /// A CDI device: `vendor.com/class=name`, with `,required`.
    Device,
    /// The name of a cache, a secret or a key: free text that the build command repeats.
    Name,
    /// The name of an environment variable.
    VariableName,
    /// An image reference.
    Image,
    /// Comma-separated names of BuildKit's checks, or `all`.
    Checks,
}

impl ValueKind {
    /// A short placeholder for signatures and snippets: `<duration>`, `<user>[:<group>]`.
    pub fn placeholder(self) -> &'static str {
        match self {
            ValueKind::Bool => "true|false",
            ValueKind::Text => "<text>",
            ValueKind::OneOf(_) => "<choice>",
            ValueKind::Platform => "<os>/<architecture>",
            ValueKind::Source => "<stage|image|context>",
            ValueKind::Owner => "<user>[:<group>]",
            ValueKind::Mode => "<permissions>",
            ValueKind::OctalMode => "<octal permissions>",
            ValueKind::Id => "<number>",
            ValueKind::Duration => "<duration>",
            ValueKind::Integer => "<number>",
            ValueKind::Size => "<size>",
            ValueKind::ImagePath => "<path>",
            ValueKind::SourcePath => "<path>",
            ValueKind::Pattern => "<pattern>",
            ValueKind::Checksum => "<checksum>",
            ValueKind::Mount => "type=<type>,<option>=<value>",
            ValueKind::Device => "<device>[,required]",
            ValueKind::Name => "<name>",
            ValueKind::VariableName => "<variable>",
            ValueKind::Image => "<image>",
            ValueKind::Checks => "<checks|all>",
        }
    }

    /// The values to offer where the list is closed; empty elsewhere.
    pub fn choices(self) -> &'static [Choice] {
        match self {
            ValueKind::Bool => BOOLEANS,
            ValueKind::OneOf(choices) => choices,
            _ => &[],
        }
    }
}

/// One value of a closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    pub value: &'static str,
    /// One sentence.
    pub doc: &'static str,
}

const BOOLEANS: &[Choice] = &[
    Choice { value: "true", doc: "Yes. The name alone means the same." },
    Choice { value: "false", doc: "No." },
];

/// How finished a feature is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Part of `docker/dockerfile:1`.
    Stable,
    /// Only in `docker/dockerfile:1-labs`.
    Labs,
}
