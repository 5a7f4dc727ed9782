//! Pieces of Dockerfiles, ready to be inserted.
//!
//! A body is written in LSP's snippet syntax: `${1:name}` is a place to fill in, `$0` the last one,
//! and a literal `$`, `}` or `\` has a `\` before it. [`Snippet::plain`] is the same for clients
//! that cannot do snippets.

/// A piece of a Dockerfile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snippet {
    /// What people type, and what the list shows: `multi-stage`.
    pub label: &'static str,
    /// One sentence.
    pub summary: &'static str,
    pub place: Place,
    /// In LSP's snippet syntax.
    pub body: &'static str,
    pub url: &'static str,
}

/// Where a snippet fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A whole file: only where there is nothing yet.
    EmptyFile,
    /// Where a stage may begin.
    NewStage,
    /// Where an instruction of a stage may stand.
    InStage,
    /// The top of the file.
    Top,
}

impl Snippet {
    /// The text with all places filled by their defaults.
    pub fn plain(&self) -> String {
        plain(self.body)
    }
}

/// The snippet called `label`.
pub fn snippet(label: &str) -> Option<&'static Snippet> {
    SNIPPETS.iter().find(|it| it.label == label)
}

/// Fills the places of a body in LSP's snippet syntax; a place without text of its own repeats the
/// text of the first place with its number.
pub fn plain(body: &str) -> String {
    let mut defaults: Vec<(u32, String)> = Vec::new();
    let mut text = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find(['\\', '$']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let (piece, after) = if rest.starts_with('\\') { escaped(rest) } else { filled(rest, &mut defaults) };
        text.push_str(&piece);
        rest = after;
    }
    text.push_str(rest);
    text
}

/// The character after the `\` at the start of `text`; a `\` before anything else stays.
fn escaped(text: &str) -> (String, &str) {
    match text.get(1..).and_then(|after| after.chars().next()) {
        Some(c @ ('\\' | '$' | '}')) => (c.to_string(), &text[2..]),
        _ => ("\\".to_owned(), &text[1..]),
    }
}

/// The place at the start of `text` (a `$`), filled; a `$` that begins no place stays.
fn filled<'a>(text: &'a str, defaults: &mut Vec<(u32, String)>) -> (String, &'a str) {
    let inner = &text[1..];
    let is_braced = inner.starts_with('{');
    let digits = if is_braced { &inner[1..] } else { inner };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let Ok(number) = digits[..end].parse::<u32>() else {
        return ("$".to_owned(), inner);
    };
    let known = |defaults: &[(u32, String)]| {
        defaults.iter().find(|(it, _)| *it == number).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let after = &digits[end..];
    if !is_braced {
        return (known(defaults), after);
    }
    if let Some(after) = after.strip_prefix('}') {
        return (known(defaults), after);
    }
    let (value, after) = default_value(after);
    defaults.push((number, value.clone()));
    (value, after)
}

/// What follows the number in `${1:text}` or `${1|one,two|}`: the text or the first choice.
fn default_value(text: &str) -> (String, &str) {
    if let Some(choices) = text.strip_prefix('|') {
        let (all, after) = choices.split_once("|}").unwrap_or((choices, ""));
        return (all.split(',').next().unwrap_or_default().to_owned(), after);
    }
    let mut value = String::new();
    let mut rest = text.strip_prefix(':').unwrap_or(text);
    while let Some(at) = rest.find(['\\', '}']) {
        value.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix('}') {
            return (value, after);
        }
        let (piece, after) = escaped(rest);
        value.push_str(&piece);
        rest = after;
    }
    value.push_str(rest);
    (value, "")
}

const MULTI_STAGE: &str = "https://docs.docker.com/build/building/multi-stage/";
const BEST_PRACTICES: &str = "https://docs.docker.com/build/building/best-practices/";
const CACHE: &str = "https://docs.docker.com/build/cache/optimize/#use-cache-mounts";
const SECRETS: &str = "https://docs.docker.com/build/building/secrets/";

/// The snippets, in the order to offer them.
pub static SNIPPETS: &[Snippet] = &[
    Snippet {
        label: "first-image",
        summary: "A small Dockerfile, with a comment on each line.",
        place: Place::EmptyFile,
        body: r#"# syntax=docker/dockerfile:1

# The image to start from. A version, so that it is the same tomorrow.
FROM ${1:python:3.14-slim}

# The folder to work in, inside the image.
WORKDIR /app

# Copy the project into the image. What .dockerignore names stays out.
COPY . .

# What runs when a container starts.
CMD [${2:"python", "main.py"}]
$0"#,
        url: "https://docs.docker.com/get-started/docker-concepts/building-images/writing-a-dockerfile/",
    },
    Snippet {
        label: "multi-stage",
        summary: "Builds in one stage and runs in a smaller one, without compilers and sources.",
        place: Place::NewStage,
        body: r#"FROM ${1:golang:1.27} AS ${2:build}
WORKDIR /src
COPY . .
RUN ${3:go build -o /app .}

FROM ${4:debian:stable-slim}
COPY --from=${2} ${5:/app} ${6:/usr/local/bin/app}
CMD ["${7:app}"]
$0"#,
        url: MULTI_STAGE,
    },
    Snippet {
        label: "stage",
        summary: "A new stage with a name.",
        place: Place::NewStage,
        body: "FROM ${1:image} AS ${2:name}\n$0",
        url: reference!("#from"),
    },
    Snippet {
        label: "cross-compile",
        summary: "Compiles on the machine that builds for the platform that is asked for: fast, without emulation.",
        place: Place::NewStage,
        body: r#"FROM --platform=\$BUILDPLATFORM ${1:golang:1.27} AS ${2:build}
ARG TARGETOS TARGETARCH
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 GOOS=\$TARGETOS GOARCH=\$TARGETARCH go build -o /app ${3:.}
$0"#,
        url: "https://docs.docker.com/build/building/multi-platform/#cross-compilation",
    },
    Snippet {
        label: "apt-install",
        summary: "Installs packages on Debian or Ubuntu, and leaves no lists behind.",
        place: Place::InStage,
        body: r#"RUN apt-get update && apt-get install -y --no-install-recommends \\
        ${1:ca-certificates} \\
    && rm -rf /var/lib/apt/lists/*
$0"#,
        url: "https://docs.docker.com/build/building/best-practices/#apt-get",
    },
    Snippet {
        label: "apk-add",
        summary: "Installs packages on Alpine.",
        place: Place::InStage,
        body: "RUN apk add --no-cache ${1:ca-certificates}\n$0",
        url: "https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper",
    },
    Snippet {
        label: "dnf-install",
        summary: "Installs packages on Fedora, Red Hat UBI, Rocky or Alma.",
        place: Place::InStage,
        body: "RUN dnf install -y --setopt=install_weak_deps=False ${1:ca-certificates} && dnf clean all\n$0",
        url: "https://dnf.readthedocs.io/en/latest/command_ref.html",
    },
    Snippet {
        label: "cache-apt",
        summary: "Installs Debian packages with a cache that is kept between builds.",
        place: Place::InStage,
        body: r#"RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\
    --mount=type=cache,target=/var/lib/apt,sharing=locked \\
    rm -f /etc/apt/apt.conf.d/docker-clean \\
    && apt-get update \\
    && apt-get install -y --no-install-recommends ${1:ca-certificates}
$0"#,
        url: CACHE,
    },
    Snippet {
        label: "cache-apk",
        summary: "Installs Alpine packages with a cache that is kept between builds.",
        place: Place::InStage,
        body: r#"RUN --mount=type=cache,target=/etc/apk/cache,sharing=locked \\
    apk add ${1:ca-certificates}
$0"#,
        url: CACHE,
    },
    Snippet {
        label: "cache-pip",
        summary: "Installs Python packages with a cache that is kept between builds.",
        place: Place::InStage,
        body: r#"COPY ${1:requirements.txt} ./
RUN --mount=type=cache,target=/root/.cache/pip \\
    pip install -r ${1}
$0"#,
        url: CACHE,
    },
    Snippet {
        label: "cache-uv",
        summary: "Installs Python packages with uv and a cache that is kept between builds.",
        place: Place::InStage,
        body: r#"COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv \\
    uv sync --locked --no-dev --no-install-project
$0"#,
        url: "https://docs.astral.sh/uv/guides/integration/docker/",
    },
    Snippet {
        label: "cache-npm",
        summary: "Installs Node.js packages with a cache that is kept between builds.",
        place: Place::InStage,
        body: r#"COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \\
    npm ci ${1:--omit=dev}
$0"#,
        url: CACHE,
    },
    Snippet {
        label: "cache-pnpm",
        summary: "Installs Node.js packages with pnpm and a cache that is kept between builds.",
        place: Place::InStage,
        body: r#"COPY package.json pnpm-lock.yaml ./
RUN --mount=type=cache,id=pnpm,target=/pnpm/store \\
    pnpm install --frozen-lockfile --store-dir=/pnpm/store ${1:--prod}
$0"#,
        url: "https://pnpm.io/docker",
    },
    Snippet {
        label: "cache-yarn",
        summary: "Installs Node.js packages with Yarn and a cache that is kept between builds.",
        place: Place::InStage,
        body: r#"COPY package.json yarn.lock ./
RUN --mount=type=cache,target=/usr/local/share/.cache/yarn \\
    yarn install --frozen-lockfile ${1:--production}
$0"#,
        url: CACHE,
    },
    Snippet {
        label: "cache-composer",
        summary: "Installs PHP packages with Composer and a cache that is kept between builds.",
        place: Place::InStage,
        body: r#"COPY composer.json composer.lock ./
RUN --mount=type=cache,target=/tmp/cache \\
    COMPOSER_CACHE_DIR=/tmp/cache composer install --no-interaction ${1:--no-dev}
$0"#,
        url: CACHE,
    },
    Snippet {
        label: "cache-gem",
        summary: "Installs Ruby gems with Bundler and a cache that is kept between builds.",
        place: Place::InStage,
        body: r#"COPY Gemfile Gemfile.lock ./
RUN --mount=type=cache,target=/root/.bundle/cache \\
    BUNDLE_GLOBAL_GEM_CACHE=true bundle install ${1:--jobs 4}
$0"#,
        url: CACHE,
    },
    Snippet {
        label: "cache-gradle",
        summary: "Builds with Gradle and a cache that is kept between builds.",
        place: Place::InStage,
        body: r#"RUN --mount=type=cache,target=/root/.gradle \\
    GRADLE_USER_HOME=/root/.gradle gradle --no-daemon ${1:build}
$0"#,
        url: CACHE,
    },
    Snippet {
        label: "cache-dnf",
        summary: "Installs packages of the Red Hat family with a cache that is kept between builds.",
        place: Place::InStage,
        body: r#"RUN --mount=type=cache,target=/var/cache/dnf,sharing=locked \\
    dnf install -y --setopt=keepcache=1 ${1:ca-certificates}
$0"#,
        url: CACHE,
    },
    Snippet {
        label: "cache-go",
        summary: "Builds a Go program with caches for modules and compiled parts.",
        place: Place::InStage,
        body: r#"RUN --mount=type=cache,target=/go/pkg/mod \\
    --mount=type=cache,target=/root/.cache/go-build \\
    CGO_ENABLED=0 go build -trimpath -o ${1:/app} ${2:.}
$0"#,
        url: CACHE,
    },
    Snippet {
        label: "cache-cargo",
        summary: "Builds a Rust program with caches; the program is copied out of the cached folder in the same step.",
        place: Place::InStage,
        body: r#"RUN --mount=type=cache,target=/usr/local/cargo/registry \\
    --mount=type=cache,target=/src/target \\
    cargo build --release --locked \\
    && cp target/release/${1:app} /usr/local/bin/
$0"#,
        url: CACHE,
    },
    Snippet {
        label: "cache-maven",
        summary: "Builds with Maven and a cache that is kept between builds.",
        place: Place::InStage,
        body: r#"RUN --mount=type=cache,target=/root/.m2 \\
    mvn -B package ${1:-DskipTests}
$0"#,
        url: CACHE,
    },
    Snippet {
        label: "cache-nuget",
        summary: "Downloads .NET packages into a cache that is kept between builds.",
        place: Place::InStage,
        body: r#"RUN --mount=type=cache,target=/root/.nuget/packages \\
    dotnet publish ${1:.} -c Release -o ${2:/app}
$0"#,
        url: CACHE,
    },
    Snippet {
        label: "secret-file",
        summary: "Gives one command a secret file that leaves no trace in the image.",
        place: Place::InStage,
        body: r#"# docker build --secret id=${1:pip_conf},src=${2:pip.conf} .
RUN --mount=type=secret,id=${1},target=${3:/etc/pip.conf} \\
    ${4:pip install -r requirements.txt}
$0"#,
        url: SECRETS,
    },
    Snippet {
        label: "secret-env",
        summary: "Gives one command a secret as an environment variable that leaves no trace in the image.",
        place: Place::InStage,
        body: r#"# docker build --secret id=${1:npm_token},env=${2:NPM_TOKEN} .
RUN --mount=type=secret,id=${1},env=${2} \\
    ${3:npm ci}
$0"#,
        url: SECRETS,
    },
    Snippet {
        label: "ssh-clone",
        summary: "Clones a private repository with your SSH agent.",
        place: Place::InStage,
        body: r#"# docker build --ssh default .
RUN mkdir -p -m 0700 ~/.ssh && ssh-keyscan ${1:github.com} >> ~/.ssh/known_hosts
RUN --mount=type=ssh \\
    git clone --depth 1 git@${1}:${2:me/private.git} ${3:/src}
$0"#,
        url: SECRETS,
    },
    Snippet {
        label: "bind-context",
        summary: "Lets one command read the project without copying it into the image.",
        place: Place::InStage,
        body: r#"RUN --mount=type=bind,target=. \\
    ${1:go build -o /app .}
$0"#,
        url: reference!("#run---mounttypebind"),
    },
    Snippet {
        label: "heredoc",
        summary: "Runs a script of several lines; `set -e` stops it at the first fault.",
        place: Place::InStage,
        body: "RUN <<EOF\nset -e\n${1:echo one}\n${2:echo two}\nEOF\n$0",
        url: reference!("#here-documents"),
    },
    Snippet {
        label: "heredoc-bash",
        summary: "Runs a bash script of several lines that stops at any fault, also inside of a pipe.",
        place: Place::InStage,
        body: "RUN <<EOF\n#!/usr/bin/env bash\nset -euo pipefail\n${1:echo hello | tee /greeting}\nEOF\n$0",
        url: reference!("#here-documents"),
    },
    Snippet {
        label: "heredoc-file",
        summary: "Writes a file into the image; the quotes keep `$` as it is.",
        place: Place::InStage,
        body: "COPY <<'EOF' ${1:/etc/app.conf}\n${2:key = value}\nEOF\n$0",
        url: reference!("#here-documents"),
    },
    Snippet {
        label: "user-debian",
        summary: "Creates a user without rights on Debian, Ubuntu or Fedora, and goes on as that user.",
        place: Place::InStage,
        body: r#"RUN useradd --create-home --shell /usr/sbin/nologin ${1:app}
USER ${1}
$0"#,
        url: "https://docs.docker.com/build/building/best-practices/#user",
    },
    Snippet {
        label: "user-alpine",
        summary: "Creates a user without rights on Alpine, and goes on as that user.",
        place: Place::InStage,
        body: r#"RUN adduser -D -s /sbin/nologin ${1:app}
USER ${1}
$0"#,
        url: "https://docs.docker.com/build/building/best-practices/#user",
    },
    Snippet {
        label: "healthcheck-curl",
        summary: "Checks the program through HTTP; the image needs curl.",
        place: Place::InStage,
        body: r#"HEALTHCHECK --interval=${1:30s} --timeout=${2:3s} --start-period=${3:10s} --retries=${4:3} \\
    CMD curl --fail --silent --output /dev/null http://localhost:${5:8080}/${6:health} || exit 1
$0"#,
        url: reference!("#healthcheck"),
    },
    Snippet {
        label: "healthcheck-wget",
        summary: "Checks the program through HTTP; BusyBox in Alpine has this wget.",
        place: Place::InStage,
        body: r#"HEALTHCHECK --interval=${1:30s} --timeout=${2:3s} --start-period=${3:10s} --retries=${4:3} \\
    CMD wget --quiet --spider http://localhost:${5:8080}/${6:health} || exit 1
$0"#,
        url: reference!("#healthcheck"),
    },
    Snippet {
        label: "entrypoint-cmd",
        summary: "A fixed program, and default arguments that `docker run` may replace.",
        place: Place::InStage,
        body: "ENTRYPOINT [\"${1:my-tool}\"]\nCMD [\"${2:--help}\"]\n$0",
        url: reference!("#understand-how-cmd-and-entrypoint-interact"),
    },
    Snippet {
        label: "labels",
        summary: "The usual notes about where an image comes from.",
        place: Place::InStage,
        body: r#"LABEL org.opencontainers.image.title="${1:My app}" \\
      org.opencontainers.image.description="${2:What it does}" \\
      org.opencontainers.image.source="${3:https://github.com/me/app}" \\
      org.opencontainers.image.licenses="${4:MIT}"
$0"#,
        url: "https://github.com/opencontainers/image-spec/blob/main/annotations.md",
    },
    Snippet {
        label: "pipefail",
        summary: "A pipe fails if any part of it fails. The image needs bash.",
        place: Place::InStage,
        body: "SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\n$0",
        url: BEST_PRACTICES,
    },
    Snippet {
        label: "download",
        summary: "Downloads a file and checks that it is the right one.",
        place: Place::InStage,
        body: "ADD --checksum=sha256:${1:digest} ${2:https://example.com/tool} ${3:/usr/local/bin/tool}\n$0",
        url: reference!("#add---checksum"),
    },
    Snippet {
        label: "syntax",
        summary: "Uses the newest stable version of the Dockerfile language, whatever Docker is installed.",
        place: Place::Top,
        body: "# syntax=docker/dockerfile:1\n$0",
        url: reference!("#syntax"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::knowledge::Keyword;

    #[test]
    fn every_snippet_is_documented_and_its_label_is_unique() {
        for it in SNIPPETS {
            assert!(it.summary.ends_with('.') && it.url.starts_with("https://"), "{}", it.label);
            assert!(it.body.ends_with("$0"), "{}", it.label);
            assert_eq!(SNIPPETS.iter().filter(|other| other.label == it.label).count(), 1, "{}", it.label);
        }
    }

    #[test]
    fn plain_snippets_have_no_places_left_and_begin_like_dockerfiles() {
        for it in SNIPPETS {
            let plain = it.plain();
            let first = plain.split([' ', '\n']).next().unwrap_or_default();
            assert!(first == "#" || Keyword::parse(first).is_some(), "{}: {plain}", it.label);
            assert!(!plain.contains("${"), "{}: {plain}", it.label);
            assert!(!plain.contains("\\\\"), "{}: {plain}", it.label);
        }
    }

    #[test]
    fn every_continued_line_is_followed_by_one() {
        for it in SNIPPETS {
            let plain = it.plain();
            assert!(!plain.trim_end().ends_with('\\'), "{}", it.label);
            assert!(plain.lines().all(|line| !line.ends_with("\\ ")), "{}", it.label);
        }
    }

    #[test]
    fn places_are_filled_with_their_defaults() {
        assert_eq!(plain("FROM ${1:node} AS ${2}x$1$0"), "FROM node AS xnode");
        assert_eq!(plain(r"echo \$HOME \\ ${1:a\}b} c:\d"), r"echo $HOME \ a}b c:\d");
        assert_eq!(plain("${1|tcp,udp|}/$2"), "tcp/");
    }

    #[test]
    fn broken_bodies_do_not_panic() {
        for body in ["$", "${", "${1", "${1:", "${1|a", "\\", "${1:a\\", "$x", "${x}", "é$", "\\é"] {
            plain(body);
        }
        assert_eq!(plain("$x é \\é"), "$x é \\é");
    }
}
