//! `RUN --mount=type=…`: the types, and the options that each of them takes.
//!
//! Read from `frontend/dockerfile/instructions/commands_runmount.go` of BuildKit. Keys are compared
//! in lower case. Some keys are accepted on any type and do nothing there; see [`acceptance`].

use super::{Choice, FrontendVersion, ValueKind};

/// The types of mounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MountType {
    Bind,
    Cache,
    Secret,
    Ssh,
    Tmpfs,
}

impl MountType {
    pub const ALL: [MountType; 5] =
        [MountType::Bind, MountType::Cache, MountType::Secret, MountType::Ssh, MountType::Tmpfs];

    /// As written after `type=`.
    pub const fn as_str(self) -> &'static str {
        match self {
            MountType::Bind => "bind",
            MountType::Cache => "cache",
            MountType::Secret => "secret",
            MountType::Ssh => "ssh",
            MountType::Tmpfs => "tmpfs",
        }
    }

    /// The type that `word` names in any case. Without `type=` the type is [`MountType::Bind`].
    pub fn parse(word: &str) -> Option<MountType> {
        MountType::ALL.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(word))
    }
}

/// The documentation of a type.
#[derive(Debug)]
pub struct MountTypeDoc {
    pub mount_type: MountType,
    /// One sentence.
    pub summary: &'static str,
    /// Markdown.
    pub details: &'static str,
    /// A `RUN` with this mount.
    pub example: &'static str,
    /// How the build command has to be called, where it has to give something.
    pub build_command: Option<&'static str>,
    /// In the order to offer them; `type` itself is not among them.
    pub options: &'static [MountOption],
    pub url: &'static str,
}

/// One option of one type.
#[derive(Debug)]
pub struct MountOption {
    /// The name that we write.
    pub name: &'static str,
    /// Other names that BuildKit takes for the same.
    pub aliases: &'static [&'static str],
    pub value: ValueKind,
    /// The mount makes no sense, or is refused, without it.
    pub needed: bool,
    pub default: Option<&'static str>,
    /// First stable version of the Dockerfile syntax, where it is younger than mounts themselves (1.2).
    pub since: Option<FrontendVersion>,
    /// One or two sentences.
    pub doc: &'static str,
}

impl MountOption {
    /// `readonly`, `rw` and `required` may stand without a value; all others need one.
    pub fn may_stand_alone(&self) -> bool {
        self.value == ValueKind::Bool
    }

    /// `name` is this option's name or one of its aliases, in any case.
    pub fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name) || self.aliases.iter().any(|it| it.eq_ignore_ascii_case(name))
    }
}

/// What BuildKit does with a key on a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acceptance {
    /// Documented and meant.
    Meant,
    /// Accepted, but it has no effect.
    NoEffect,
    /// The build fails.
    Refused,
    /// No mount has such a key: the build fails.
    Unknown,
}

/// The documentation of `mount_type`.
pub fn mount_type(mount_type: MountType) -> &'static MountTypeDoc {
    match mount_type {
        MountType::Bind => &BIND,
        MountType::Cache => &CACHE,
        MountType::Secret => &SECRET,
        MountType::Ssh => &SSH,
        MountType::Tmpfs => &TMPFS,
    }
}

/// The option called `name` (or one of its aliases, in any case) of `mount_type`, if it is meant there.
pub fn mount_option(mount_type: MountType, name: &str) -> Option<&'static MountOption> {
    self::mount_type(mount_type).options.iter().find(|option| option.is_called(name))
}

/// Every key that BuildKit knows, aliases included.
pub const MOUNT_KEYS: &[&str] = &[
    "type",
    "from",
    "source",
    "src",
    "target",
    "dst",
    "destination",
    "readonly",
    "ro",
    "readwrite",
    "rw",
    "id",
    "sharing",
    "required",
    "mode",
    "uid",
    "gid",
    "size",
    "env",
];

/// What BuildKit does with `key` on `mount_type`.
pub fn acceptance(mount_type: MountType, key: &str) -> Acceptance {
    let key = key.to_ascii_lowercase();
    if key == "type" || mount_option(mount_type, &key).is_some() {
        return Acceptance::Meant;
    }
    if !MOUNT_KEYS.contains(&key.as_str()) {
        return Acceptance::Unknown;
    }
    let is_refused = match key.as_str() {
        "sharing" | "required" | "size" | "env" | "mode" | "uid" | "gid" => true,
        "from" => mount_type == MountType::Secret,
        _ => false,
    };
    if is_refused { Acceptance::Refused } else { Acceptance::NoEffect }
}

const fn option(name: &'static str, value: ValueKind, doc: &'static str) -> MountOption {
    MountOption { name, aliases: &[], value, needed: false, default: None, since: None, doc }
}

const fn target(needed: bool, default: Option<&'static str>, doc: &'static str) -> MountOption {
    MountOption {
        name: "target",
        aliases: &["dst", "destination"],
        value: ValueKind::ImagePath,
        needed,
        default,
        since: None,
        doc,
    }
}

const fn with_default(option: MountOption, default: &'static str) -> MountOption {
    MountOption { default: Some(default), ..option }
}

const fn also(option: MountOption, aliases: &'static [&'static str]) -> MountOption {
    MountOption { aliases, ..option }
}

static BIND: MountTypeDoc = MountTypeDoc {
    mount_type: MountType::Bind,
    summary: "Shows files of the build context, another stage or an image to this command, without copying them.",
    details: "\
Good for files that only one step needs, such as `package.json` for the install: nothing of it stays in the image. It is \
read-only unless you say `rw`, and even then what is written is thrown away after the command.",
    example: "\
RUN --mount=type=bind,source=package.json,target=package.json \\
    --mount=type=bind,source=package-lock.json,target=package-lock.json \\
    npm ci",
    build_command: None,
    options: &[
        target(true, None, "Where the files appear. A relative path starts at `WORKDIR`."),
        with_default(
            also(
                option("source", ValueKind::SourcePath, "The file or folder in `from` that is shown."),
                &["src"],
            ),
            "the root of `from`",
        ),
        with_default(
            option(
                "from",
                ValueKind::Source,
                "The stage, image or named context that the files come from. Variables are not replaced here.",
            ),
            "the build context",
        ),
        with_default(
            also(
                option(
                    "rw",
                    ValueKind::Bool,
                    "Lets the command write to the files. What it writes is thrown away afterwards.",
                ),
                &["readwrite"],
            ),
            "false",
        ),
        with_default(
            also(option("readonly", ValueKind::Bool, "Forbids writing, as is usual for this type."), &["ro"]),
            "true",
        ),
    ],
    url: reference!("#run---mounttypebind"),
};

static CACHE: MountTypeDoc = MountTypeDoc {
    mount_type: MountType::Cache,
    summary: "Keeps a folder from one build to the next, so that downloads and compiled parts are not made again.",
    details: "\
The folder belongs to the builder, not to the image: its content is not in the result. It may be emptied at any time, and \
another build may write to it, so the command must work with any content. On build servers that start afresh each time the \
cache is empty.",
    example: "\
RUN --mount=type=cache,target=/root/.npm \\
    npm ci",
    build_command: None,
    options: &[
        target(
            true,
            None,
            "The folder that is kept: where the tool has its cache. A relative path starts at `WORKDIR`.",
        ),
        with_default(
            option(
                "id",
                ValueKind::Name,
                "The name of the cache. Mounts with the same name share it, across files and projects on this builder.",
            ),
            "the value of `target`",
        ),
        with_default(
            option(
                "sharing",
                ValueKind::OneOf(SHARING),
                "What happens when two builds want the cache at the same time.",
            ),
            "shared",
        ),
        with_default(
            option(
                "from",
                ValueKind::Source,
                "A stage, image or named context whose files fill a new cache.",
            ),
            "an empty folder",
        ),
        with_default(
            also(option("source", ValueKind::SourcePath, "The folder in `from` that is used."), &["src"]),
            "the root of `from`",
        ),
        with_default(
            option("mode", ValueKind::OctalMode, "Permissions of a new cache folder, octal."),
            "0755",
        ),
        with_default(
            option(
                "uid",
                ValueKind::Id,
                "User number that owns a new cache folder. Needed after `USER`, because else only root may write.",
            ),
            "0",
        ),
        with_default(option("gid", ValueKind::Id, "Group number of a new cache folder."), "0"),
        with_default(
            also(
                option("readonly", ValueKind::Bool, "The command may read the cache, and not change it."),
                &["ro"],
            ),
            "false",
        ),
        with_default(
            also(
                option(
                    "rw",
                    ValueKind::Bool,
                    "The command may write to the cache, as is usual for this type.",
                ),
                &["readwrite"],
            ),
            "true",
        ),
    ],
    url: reference!("#run---mounttypecache"),
};

static SHARING: &[Choice] = &[
    Choice {
        value: "shared",
        doc: "Several builds write to it at once; right for tools that take care themselves (npm, pip, Go, Cargo).",
    },
    Choice { value: "private", doc: "A second build gets a new cache of its own." },
    Choice { value: "locked", doc: "A second build waits until the first is done; right for apt." },
];

static SECRET: MountTypeDoc = MountTypeDoc {
    mount_type: MountType::Secret,
    summary: "Gives the command a password, token or key file that leaves no trace in the image.",
    details: "\
The value comes from the build command, and is there only while this command runs: as a file in `/run/secrets/`, or as an \
environment variable with `env=`. It is not part of the cache key: a changed secret does not run the command again. Take \
care that the command itself does not print or store it.",
    example: "\
RUN --mount=type=secret,id=npm_token,env=NPM_TOKEN \\
    npm ci",
    build_command: Some("docker build --secret id=npm_token,env=NPM_TOKEN ."),
    options: &[
        with_default(
            also(
                option(
                    "id",
                    ValueKind::Name,
                    "The name under which the build command gives the secret: `--secret id=NAME,…`.",
                ),
                &["source", "src"],
            ),
            "the last part of `target`",
        ),
        target(
            false,
            Some("/run/secrets/<id>, unless `env` is set"),
            "The file in which the command finds the secret.",
        ),
        MountOption {
            since: Some(FrontendVersion::one(10)),
            ..option(
                "env",
                ValueKind::VariableName,
                "The environment variable in which the command finds the secret; with `target` there is a file as well.",
            )
        },
        with_default(
            option(
                "required",
                ValueKind::Bool,
                "The build fails if the secret is not given. Else the command runs without it.",
            ),
            "false",
        ),
        with_default(option("mode", ValueKind::OctalMode, "Permissions of the file, octal."), "0400"),
        with_default(
            option(
                "uid",
                ValueKind::Id,
                "User number that owns the file. Needed after `USER`, because else only root may read it.",
            ),
            "0",
        ),
        with_default(option("gid", ValueKind::Id, "Group number of the file."), "0"),
    ],
    url: reference!("#run---mounttypesecret"),
};

static SSH: MountTypeDoc = MountTypeDoc {
    mount_type: MountType::Ssh,
    summary: "Lets the command use your SSH keys, for instance to clone a private repository.",
    details: "\
The keys themselves never enter the build: the command talks to the SSH agent of your machine, through the socket that \
`SSH_AUTH_SOCK` names. The server's host key must be known in the image, for instance by `ssh-keyscan`.",
    example: "\
RUN --mount=type=ssh \\
    git clone git@github.com:me/private.git",
    build_command: Some("docker build --ssh default ."),
    options: &[
        with_default(
            option(
                "id",
                ValueKind::Name,
                "Which of the agents or keys: the name in `docker build --ssh NAME=…`.",
            ),
            "default",
        ),
        target(false, Some("/run/buildkit/ssh_agent.<number>"), "Where the agent's socket appears."),
        with_default(
            option(
                "required",
                ValueKind::Bool,
                "The build fails if no agent is given. Else the command runs without it.",
            ),
            "false",
        ),
        with_default(option("mode", ValueKind::OctalMode, "Permissions of the socket, octal."), "0600"),
        with_default(
            option(
                "uid",
                ValueKind::Id,
                "User number that owns the socket. Needed after `USER`, because else only root may use it.",
            ),
            "0",
        ),
        with_default(option("gid", ValueKind::Id, "Group number of the socket."), "0"),
    ],
    url: reference!("#run---mounttypessh"),
};

static TMPFS: MountTypeDoc = MountTypeDoc {
    mount_type: MountType::Tmpfs,
    summary: "Gives the command an empty folder in memory that is gone afterwards.",
    details: "For files that should neither fill the image nor the disk. It needs as much memory as the files are big.",
    example: "RUN --mount=type=tmpfs,target=/tmp ./configure-and-build.sh",
    build_command: None,
    options: &[
        target(true, None, "Where the folder appears."),
        option("size", ValueKind::Size, "The most it may hold: `64m`, `1g`, or a number of bytes."),
    ],
    url: reference!("#run---mounttypetmpfs"),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_and_option_is_documented() {
        for it in MountType::ALL {
            let doc = mount_type(it);
            assert_eq!(doc.mount_type, it);
            assert!(doc.summary.ends_with('.') && doc.details.ends_with('.'), "{it:?}");
            assert!(doc.example.starts_with("RUN --mount=type="), "{it:?}");
            assert!(doc.example.contains(it.as_str()), "{it:?}");
            for option in doc.options {
                assert!(option.doc.ends_with('.'), "{it:?} {}", option.name);
            }
        }
    }

    #[test]
    fn no_two_options_of_a_type_have_a_name_in_common() {
        for it in MountType::ALL {
            let mut names: Vec<_> =
                mount_type(it).options.iter().flat_map(|it| it.aliases.iter().chain([&it.name])).collect();
            let count = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), count, "{it:?}");
        }
    }

    #[test]
    fn every_key_is_meant_somewhere_and_every_option_is_a_key() {
        for key in MOUNT_KEYS {
            assert!(MountType::ALL.into_iter().any(|it| acceptance(it, key) == Acceptance::Meant), "{key}");
        }
        for it in MountType::ALL {
            for option in mount_type(it).options {
                assert!(MOUNT_KEYS.contains(&option.name), "{}", option.name);
                assert!(option.aliases.iter().all(|it| MOUNT_KEYS.contains(it)), "{}", option.name);
            }
        }
    }

    #[test]
    fn keys_are_refused_where_buildkit_refuses_them() {
        use Acceptance::*;
        assert_eq!(acceptance(MountType::Bind, "uid"), Refused);
        assert_eq!(acceptance(MountType::Tmpfs, "mode"), Refused);
        assert_eq!(acceptance(MountType::Secret, "from"), Refused);
        assert_eq!(acceptance(MountType::Bind, "sharing"), Refused);
        assert_eq!(acceptance(MountType::Cache, "required"), Refused);
        assert_eq!(acceptance(MountType::Cache, "size"), Refused);
        assert_eq!(acceptance(MountType::Bind, "id"), NoEffect);
        assert_eq!(acceptance(MountType::Bind, "nocache"), Unknown);
        assert_eq!(acceptance(MountType::Cache, "TARGET"), Meant);
        assert_eq!(acceptance(MountType::Secret, "src"), Meant);
    }

    #[test]
    fn only_yes_and_no_options_may_stand_alone() {
        assert!(mount_option(MountType::Secret, "required").is_some_and(MountOption::may_stand_alone));
        assert!(mount_option(MountType::Cache, "id").is_some_and(|it| !it.may_stand_alone()));
        assert_eq!(mount_option(MountType::Bind, "dst").map(|it| it.name), Some("target"));
    }
}
