//! The flags of every instruction, exactly as BuildKit accepts them.
//!
//! Read from `frontend/dockerfile/instructions/parse.go` and `commands_run*.go` of
//! <https://github.com/moby/buildkit>, versions from the tables in the Dockerfile reference. A flag
//! that is not here is a build error, with one exception: before 1.29 unknown flags of `ARG` and
//! `STOPSIGNAL` were passed over.

use super::{Channel, Choice, FrontendVersion, Keyword, ValueKind};

/// One flag of one instruction.
#[derive(Debug)]
pub struct FlagDoc {
    /// Without the dashes.
    pub name: &'static str,
    pub value: ValueKind,
    /// May be given more than once; for all others BuildKit reports a duplicate.
    pub repeatable: bool,
    /// What counts when the flag is left out.
    pub default: Option<&'static str>,
    /// The builder replaces `$NAME` in the value. Elsewhere `$` is taken as it stands.
    pub expands: bool,
    /// First stable version of the Dockerfile syntax; `None`: it was always there.
    pub since: Option<FrontendVersion>,
    pub channel: Channel,
    /// One sentence.
    pub summary: &'static str,
    /// Markdown; may be empty where the summary says it all.
    pub details: &'static str,
    /// A line of a Dockerfile, or a few.
    pub example: &'static str,
    pub url: &'static str,
}

impl FlagDoc {
    /// The bare name is enough (`--link`); all other flags need `=value`.
    pub fn is_bool(&self) -> bool {
        self.value == ValueKind::Bool
    }
}

/// The flags of `keyword`, in the order to offer them; empty for instructions without flags.
pub fn flags(keyword: Keyword) -> &'static [FlagDoc] {
    match keyword {
        Keyword::Add => ADD,
        Keyword::Copy => COPY,
        Keyword::From => FROM,
        Keyword::Healthcheck => HEALTHCHECK,
        Keyword::Run => RUN,
        _ => &[],
    }
}

/// The flag `name` (without dashes, lower case as BuildKit wants it) of `keyword`.
pub fn flag(keyword: Keyword, name: &str) -> Option<&'static FlagDoc> {
    flags(keyword).iter().find(|flag| flag.name == name)
}

const fn since(minor: u16) -> Option<FrontendVersion> {
    Some(FrontendVersion::one(minor))
}

static FROM: &[FlagDoc] = &[FlagDoc {
    name: "platform",
    value: ValueKind::Platform,
    repeatable: false,
    default: Some("the target platform of the build"),
    expands: true,
    since: None,
    channel: Channel::Stable,
    summary: "Chooses for which operating system and processor the base image is fetched.",
    details: "\
Mostly used with a variable: `--platform=$BUILDPLATFORM` runs the stage on the machine that builds, at full speed, and \
the program is then compiled for `$TARGETPLATFORM`. A fixed value such as `linux/amd64` makes the file useless for \
other processors; say it when building instead: `docker build --platform linux/amd64`.",
    example: "FROM --platform=$BUILDPLATFORM golang:1.27 AS build",
    url: reference!("#from"),
}];

static RUN: &[FlagDoc] = &[
    FlagDoc {
        name: "mount",
        value: ValueKind::Mount,
        repeatable: true,
        default: None,
        expands: true,
        since: since(2),
        channel: Channel::Stable,
        summary: "Gives the command files that do not become part of the image: a cache, a secret, the project.",
        details: "\
| type | what it gives |
|-|-|
| `bind` (default) | files of the context, a stage or an image, read-only |
| `cache` | a folder that is kept between builds, for package managers and compilers |
| `secret` | a password or key, without a trace in the image |
| `ssh` | your SSH agent, to fetch private repositories |
| `tmpfs` | an empty folder in memory |

Variables work in the values, but not in `from`.",
        example: "RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt",
        url: reference!("#run---mount"),
    },
    FlagDoc {
        name: "network",
        value: ValueKind::OneOf(NETWORKS),
        repeatable: false,
        default: Some("default"),
        expands: false,
        since: since(3),
        channel: Channel::Stable,
        summary: "Chooses the network that the command can use.",
        details: "`--network=none` proves that a step fetches nothing. `host` must be allowed: `docker buildx build --allow network.host`.",
        example: "RUN --network=none pip install --no-index --find-links=/wheels my-app",
        url: reference!("#run---network"),
    },
    FlagDoc {
        name: "security",
        value: ValueKind::OneOf(SECURITY_MODES),
        repeatable: false,
        default: Some("sandbox"),
        expands: false,
        since: since(20),
        channel: Channel::Stable,
        summary: "Runs the command with all rights of the builder, as `docker run --privileged` does.",
        details: "\
Almost never needed. The builder must permit it, and the build has to ask: \
`docker buildx build --allow security.insecure`. Before 1.20 it was in the labs channel.",
        example: "RUN --security=insecure ./needs-all-rights.sh",
        url: reference!("#run---security"),
    },
    FlagDoc {
        name: "device",
        value: ValueKind::Device,
        repeatable: true,
        default: None,
        expands: false,
        since: since(27),
        channel: Channel::Stable,
        summary: "Lets the command use a device of the machine that builds, such as a graphics card.",
        details: "\
The device is named as the Container Device Interface does: `vendor.com/class` (the first one), \
`vendor.com/class=name`, `vendor.com/class=*` (all), or a class. With `,required` the build fails if it is missing. It \
must be allowed: `docker buildx build --allow device`. From 1.14 to 1.26 it was in the labs channel.",
        example: "RUN --device=nvidia.com/gpu=all ./train.sh",
        url: reference!("#run---device"),
    },
];

static NETWORKS: &[Choice] = &[
    Choice { value: "default", doc: "The builder's usual network." },
    Choice { value: "none", doc: "No network at all: the command can fetch nothing." },
    Choice { value: "host", doc: "The network of the machine that builds; it must be allowed." },
];

static SECURITY_MODES: &[Choice] = &[
    Choice { value: "sandbox", doc: "The usual limits." },
    Choice { value: "insecure", doc: "No limits, as in a privileged container; it must be allowed." },
];

static COPY: &[FlagDoc] = &[
    FlagDoc {
        name: "from",
        value: ValueKind::Source,
        repeatable: false,
        default: Some("the build context"),
        expands: false,
        since: None,
        channel: Channel::Stable,
        summary: "Takes the files from another stage, an image, or a named context.",
        details: "\
- a stage by its name (`--from=build`) or number (`--from=0` is the first),
- an image: `--from=nginx:1.30 /etc/nginx/nginx.conf /`,
- a context given by `docker build --build-context name=…`.

The sources are then read from the root `/` of it, and `WORKDIR` plays no part. Variables are not replaced here: give \
the image a name with `FROM image:$VERSION AS name`.",
        example: "COPY --from=build /src/app /usr/local/bin/app",
        url: reference!("#copy---from"),
    },
    FlagDoc {
        name: "chown",
        value: ValueKind::Owner,
        repeatable: false,
        default: Some("0:0 (root)"),
        expands: true,
        since: None,
        channel: Channel::Stable,
        summary: "Gives the copied files to a user, and if named, to a group.",
        details: CHOWN_DETAILS,
        example: "COPY --chown=node:node . /app",
        url: reference!("#copy---chown"),
    },
    FlagDoc {
        name: "chmod",
        value: ValueKind::Mode,
        repeatable: false,
        default: Some("the permissions of the source"),
        expands: true,
        since: since(2),
        channel: Channel::Stable,
        summary: "Sets the permissions of the copied files.",
        details: CHMOD_DETAILS,
        example: "COPY --chmod=755 start.sh /usr/local/bin/",
        url: reference!("#copy---chmod"),
    },
    FlagDoc {
        name: "link",
        value: ValueKind::Bool,
        repeatable: false,
        default: Some("false"),
        expands: false,
        since: since(4),
        channel: Channel::Stable,
        summary: "Copies into a layer of its own, which stays valid when earlier layers change.",
        details: LINK_DETAILS,
        example: "COPY --link --from=build /dist /usr/share/nginx/html",
        url: reference!("#copy---link"),
    },
    FlagDoc {
        name: "parents",
        value: ValueKind::Bool,
        repeatable: false,
        default: Some("false"),
        expands: false,
        since: since(20),
        channel: Channel::Stable,
        summary: "Keeps the folders in which the sources lie.",
        details: "\
`COPY --parents a/x.txt b/x.txt /to/` makes `/to/a/x.txt` and `/to/b/x.txt`; without the flag both would be \
`/to/x.txt`. With `./` in the middle only what follows is kept: `--parents src/./lib/*.js`. `**` reaches any depth. \
From 1.7 to 1.19 it was in the labs channel.",
        example: "COPY --parents packages/*/package.json ./",
        url: reference!("#copy---parents"),
    },
    FlagDoc {
        name: "exclude",
        value: ValueKind::Pattern,
        repeatable: true,
        default: None,
        expands: true,
        since: since(19),
        channel: Channel::Stable,
        summary: "Leaves out the files that match a pattern.",
        details: EXCLUDE_DETAILS,
        example: "COPY --exclude=*.md --exclude=tests . /app",
        url: reference!("#copy---exclude"),
    },
];

static ADD: &[FlagDoc] = &[
    FlagDoc {
        name: "checksum",
        value: ValueKind::Checksum,
        repeatable: false,
        default: None,
        expands: true,
        since: since(6),
        channel: Channel::Stable,
        summary: "Makes the build fail if the downloaded content is not exactly this one.",
        details: "\
For a URL: `sha256:` and 64 hexadecimal digits, the sum that `sha256sum` prints. For a Git address (since 1.16): the \
commit, or its beginning. Local files cannot be checked.",
        example: "ADD --checksum=sha256:<digest> https://example.com/tool.tar.gz /opt/",
        url: reference!("#add---checksum"),
    },
    FlagDoc {
        name: "unpack",
        value: ValueKind::Bool,
        repeatable: false,
        default: Some("true for local archives, false for downloads"),
        expands: false,
        since: since(17),
        channel: Channel::Stable,
        summary: "Says whether tar archives are unpacked.",
        details: "\
Without the flag a local archive (tar; also gzip, bzip2, xz or zstd) is unpacked, and a downloaded one is kept as a file. \
zip files are never unpacked.",
        example: "ADD --unpack=true https://example.com/tool.tar.gz /opt/tool/",
        url: reference!("#add---unpack"),
    },
    FlagDoc {
        name: "keep-git-dir",
        value: ValueKind::Bool,
        repeatable: false,
        default: Some("false"),
        expands: false,
        since: since(1),
        channel: Channel::Stable,
        summary: "Keeps the `.git` folder when the source is a Git repository.",
        details: "Needed if the build asks Git for its version (`git describe`). It brings the history into the layer, so do it in a stage that is thrown away.",
        example: "ADD --keep-git-dir=true https://github.com/moby/buildkit.git#v0.29.0 /src",
        url: reference!("#add---keep-git-dir"),
    },
    FlagDoc {
        name: "chown",
        value: ValueKind::Owner,
        repeatable: false,
        default: Some("0:0 (root)"),
        expands: true,
        since: None,
        channel: Channel::Stable,
        summary: "Gives the added files to a user, and if named, to a group.",
        details: CHOWN_DETAILS,
        example: "ADD --chown=1000:1000 data.tar.gz /data/",
        url: reference!("#add---chown"),
    },
    FlagDoc {
        name: "chmod",
        value: ValueKind::Mode,
        repeatable: false,
        default: Some("the permissions of the source; 600 for a download"),
        expands: true,
        since: since(2),
        channel: Channel::Stable,
        summary: "Sets the permissions of the added files.",
        details: CHMOD_DETAILS,
        example: "ADD --chmod=755 https://example.com/tool /usr/local/bin/tool",
        url: reference!("#add---chmod"),
    },
    FlagDoc {
        name: "link",
        value: ValueKind::Bool,
        repeatable: false,
        default: Some("false"),
        expands: false,
        since: since(4),
        channel: Channel::Stable,
        summary: "Adds a layer of its own, which stays valid when earlier layers change.",
        details: LINK_DETAILS,
        example: "ADD --link rootfs.tar.gz /",
        url: reference!("#add---link"),
    },
    FlagDoc {
        name: "exclude",
        value: ValueKind::Pattern,
        repeatable: true,
        default: None,
        expands: true,
        since: since(19),
        channel: Channel::Stable,
        summary: "Leaves out the files that match a pattern.",
        details: EXCLUDE_DETAILS,
        example: "ADD --exclude=docs https://github.com/me/app.git /src",
        url: reference!("#add---exclude"),
    },
];

const CHOWN_DETAILS: &str = "\
`user`, `user:group`, or numbers. With a user alone the group gets the same number. Names are looked up in the image's \
`/etc/passwd` and `/etc/group`, and must be there; numbers need nothing, so use them with `--link` and `FROM scratch`. \
It costs nothing, while `RUN chown -R` stores every file a second time. Not for Windows images.";

const CHMOD_DETAILS: &str = "\
Octal (`755`, `644`) or, since 1.14, symbolic: `+x`, `u=rwX,go=rX`. A capital `X` means: executable if it is a folder or \
was executable. It costs nothing, while `RUN chmod` stores the files a second time. Not for Windows images.";

const LINK_DETAILS: &str = "\
Faster rebuilds: if the base image or an earlier step changes, the copy is reused. The price: the copy does not see the \
files that are already there, so a destination that goes through a symbolic link is replaced by a real folder, and \
`--chown` needs numbers.";

const EXCLUDE_DETAILS: &str = "\
Patterns are like those of the sources (`*`, `?`, `[a-z]`, and `**` for any depth), and each needs a flag of its own. What no \
build should ever see belongs in `.dockerignore`. In 1.7 to 1.18 it was in the labs channel.";

static HEALTHCHECK: &[FlagDoc] = &[
    FlagDoc {
        name: "interval",
        value: ValueKind::Duration,
        repeatable: false,
        default: Some("30s"),
        expands: false,
        since: None,
        channel: Channel::Stable,
        summary: "How long to wait between two checks.",
        details: "The first check comes after one interval, the next one an interval after the last has ended.",
        example: "HEALTHCHECK --interval=1m CMD ./healthy",
        url: reference!("#healthcheck"),
    },
    FlagDoc {
        name: "timeout",
        value: ValueKind::Duration,
        repeatable: false,
        default: Some("30s"),
        expands: false,
        since: None,
        channel: Channel::Stable,
        summary: "How long one check may take until it counts as failed.",
        details: "",
        example: "HEALTHCHECK --timeout=3s CMD ./healthy",
        url: reference!("#healthcheck"),
    },
    FlagDoc {
        name: "start-period",
        value: ValueKind::Duration,
        repeatable: false,
        default: Some("0s"),
        expands: false,
        since: None,
        channel: Channel::Stable,
        summary: "How long the program may take to start: failures in this time do not count.",
        details: "A check that succeeds ends this time early. Set it generously for programs that start slowly.",
        example: "HEALTHCHECK --start-period=30s CMD ./healthy",
        url: reference!("#healthcheck"),
    },
    FlagDoc {
        name: "start-interval",
        value: ValueKind::Duration,
        repeatable: false,
        default: Some("5s"),
        expands: false,
        since: since(6),
        channel: Channel::Stable,
        summary: "How long to wait between two checks during the start period.",
        details: "A short one makes the container healthy sooner. Needs Docker Engine 25.0 or newer.",
        example: "HEALTHCHECK --start-period=30s --start-interval=1s CMD ./healthy",
        url: reference!("#healthcheck"),
    },
    FlagDoc {
        name: "retries",
        value: ValueKind::Integer,
        repeatable: false,
        default: Some("3"),
        expands: false,
        since: None,
        channel: Channel::Stable,
        summary: "How many checks in a row have to fail until the container is unhealthy.",
        details: "`0` means the default.",
        example: "HEALTHCHECK --retries=5 CMD ./healthy",
        url: reference!("#healthcheck"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn names(keyword: Keyword) -> Vec<&'static str> {
        flags(keyword).iter().map(|flag| flag.name).collect()
    }

    #[test]
    fn the_lists_are_those_of_buildkit() {
        assert_eq!(names(Keyword::From), ["platform"]);
        assert_eq!(names(Keyword::Run), ["mount", "network", "security", "device"]);
        assert_eq!(names(Keyword::Copy), ["from", "chown", "chmod", "link", "parents", "exclude"]);
        assert_eq!(
            names(Keyword::Add),
            ["checksum", "unpack", "keep-git-dir", "chown", "chmod", "link", "exclude"]
        );
        assert_eq!(
            names(Keyword::Healthcheck),
            ["interval", "timeout", "start-period", "start-interval", "retries"]
        );
        let without: Vec<_> = Keyword::ALL.into_iter().filter(|it| flags(*it).is_empty()).collect();
        assert_eq!(without.len(), Keyword::ALL.len() - 5);
    }

    #[test]
    fn every_flag_is_documented_and_its_example_shows_it() {
        for keyword in Keyword::ALL {
            for flag in flags(keyword) {
                assert!(flag.summary.ends_with('.'), "{keyword} --{}", flag.name);
                assert!(flag.example.starts_with(keyword.as_str()), "{keyword} --{}", flag.name);
                assert!(flag.example.contains(&format!("--{}", flag.name)), "{keyword} --{}", flag.name);
                assert!(flag.url.starts_with("https://docs.docker.com/"), "{keyword} --{}", flag.name);
            }
        }
    }

    #[test]
    fn repeatable_flags_are_the_list_flags_of_buildkit() {
        let repeatable: Vec<_> = Keyword::ALL
            .into_iter()
            .flat_map(|keyword| {
                flags(keyword).iter().filter(|it| it.repeatable).map(move |it| (keyword, it.name))
            })
            .collect();
        assert_eq!(
            repeatable,
            [
                (Keyword::Add, "exclude"),
                (Keyword::Copy, "exclude"),
                (Keyword::Run, "mount"),
                (Keyword::Run, "device")
            ]
        );
    }

    #[test]
    fn flags_are_found_by_exact_name() {
        assert!(flag(Keyword::Copy, "from").is_some_and(|it| !it.is_bool() && !it.expands));
        assert!(flag(Keyword::Copy, "link").is_some_and(FlagDoc::is_bool));
        assert!(flag(Keyword::Add, "from").is_none());
        assert!(flag(Keyword::Copy, "From").is_none());
    }
}
