//! Variables that exist without an instruction that sets them, and well-known environment variables.
//!
//! Sources: the sections "Predefined ARGs", "Automatic platform ARGs" and "BuildKit built-in build
//! args" of <https://docs.docker.com/reference/dockerfile/#arg>, and `defaultArgs` in BuildKit's
//! `frontend/dockerfile/dockerfile2llb`.

use super::FrontendVersion;

/// A variable that the builder knows by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuildVariable {
    pub name: &'static str,
    pub kind: VariableKind,
    /// One sentence.
    pub summary: &'static str,
    /// A value it may have.
    pub example: &'static str,
    /// First version of the Dockerfile syntax; `None`: it was always there.
    pub since: Option<FrontendVersion>,
    pub url: &'static str,
}

/// Where a variable of the builder comes from, and with it where it can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VariableKind {
    /// Set by the builder before the first `FROM`: free in `FROM` lines, but a stage needs `ARG NAME`.
    Platform,
    /// Given with `--build-arg`: `RUN` commands see it without an `ARG`, other instructions need one.
    /// Without an `ARG` it is neither part of the cache key nor of the history.
    Proxy,
    /// Given with `--build-arg` to change the build itself; an `ARG` in the file does not set it.
    BuildSetting,
    /// As `BuildSetting`, and passed on to stages that have `ARG NAME`.
    SharedSetting,
}

impl VariableKind {
    /// One sentence for the hover: what is needed to use it.
    pub fn usage(self) -> &'static str {
        match self {
            VariableKind::Platform => {
                "Set by the builder. `FROM` lines may use it as it is; in a stage write `ARG` with its name first."
            }
            VariableKind::Proxy => {
                "Set with `docker build --build-arg`. `RUN` commands see it without an `ARG`; left undeclared it stays out \
of the cache and of the image's history."
            }
            VariableKind::BuildSetting => {
                "Set with `docker build --build-arg`. It changes how the build is done; an `ARG` in the file does not set it."
            }
            VariableKind::SharedSetting => {
                "Set with `docker build --build-arg`, or taken from the environment of the build command. To use the value in a \
stage, write `ARG` with its name first."
            }
        }
    }

    /// A stage has to declare the variable before its instructions (other than `RUN`, for proxies) see it.
    pub fn needs_declaration_in_stage(self) -> bool {
        !matches!(self, VariableKind::BuildSetting)
    }
}

const PLATFORM_URL: &str = reference!("#automatic-platform-args-in-the-global-scope");
const PROXY_URL: &str = reference!("#predefined-args");
const SETTING_URL: &str = reference!("#buildkit-built-in-build-args");

const fn platform(name: &'static str, example: &'static str, summary: &'static str) -> BuildVariable {
    BuildVariable { name, kind: VariableKind::Platform, summary, example, since: None, url: PLATFORM_URL }
}

const fn proxy(name: &'static str, example: &'static str, summary: &'static str) -> BuildVariable {
    BuildVariable { name, kind: VariableKind::Proxy, summary, example, since: None, url: PROXY_URL }
}

const fn setting(name: &'static str, example: &'static str, summary: &'static str) -> BuildVariable {
    BuildVariable { name, kind: VariableKind::BuildSetting, summary, example, since: None, url: SETTING_URL }
}

const HTTP: &str = "The proxy for `http://` addresses.";
const HTTPS: &str = "The proxy for `https://` addresses.";
const FTP: &str = "The proxy for `ftp://` addresses.";
const NO: &str = "Hosts that are reached without a proxy, separated by commas.";
const ALL: &str = "The proxy for all addresses that have none of their own.";
const PROXY: &str = "http://proxy.example.com:3128";

/// The variables of the builder: platforms, proxies, settings.
pub static BUILD_VARIABLES: &[BuildVariable] = &[
    platform("TARGETPLATFORM", "linux/arm64", "The platform that the image is built for."),
    platform("TARGETOS", "linux", "The operating system that the image is built for."),
    platform(
        "TARGETARCH",
        "arm64",
        "The processor that the image is built for, as Go names it: `amd64`, `arm64`, `arm`.",
    ),
    platform("TARGETVARIANT", "v7", "The variant of the target processor; empty for most."),
    platform(
        "TARGETOSVERSION",
        "10.0.20348.2227",
        "The version of the target operating system; set for Windows images only.",
    ),
    platform("BUILDPLATFORM", "linux/amd64", "The platform of the machine that builds."),
    platform("BUILDOS", "linux", "The operating system of the machine that builds."),
    platform("BUILDARCH", "amd64", "The processor of the machine that builds, as Go names it."),
    platform("BUILDVARIANT", "v7", "The variant of the processor that builds; empty for most."),
    platform(
        "BUILDOSVERSION",
        "10.0.20348.2227",
        "The version of the operating system that builds; set on Windows only.",
    ),
    BuildVariable {
        since: Some(FrontendVersion::one(11)),
        ..platform(
            "TARGETSTAGE",
            "default",
            "The stage that is built: the name given with `--target`, else `default`.",
        )
    },
    proxy("HTTP_PROXY", PROXY, HTTP),
    proxy("http_proxy", PROXY, HTTP),
    proxy("HTTPS_PROXY", PROXY, HTTPS),
    proxy("https_proxy", PROXY, HTTPS),
    proxy("FTP_PROXY", PROXY, FTP),
    proxy("ftp_proxy", PROXY, FTP),
    proxy("NO_PROXY", "localhost,.example.com", NO),
    proxy("no_proxy", "localhost,.example.com", NO),
    proxy("ALL_PROXY", PROXY, ALL),
    proxy("all_proxy", PROXY, ALL),
    BuildVariable {
        kind: VariableKind::SharedSetting,
        since: Some(FrontendVersion::one(5)),
        ..setting(
            "SOURCE_DATE_EPOCH",
            "1767225600",
            "The time that is written into the image and its layers, in seconds since 1970; makes builds repeatable.",
        )
    },
    setting(
        "BUILDKIT_SYNTAX",
        "docker/dockerfile:1",
        "The version of the Dockerfile language, as `# syntax=` in the file would choose it.",
    ),
    BuildVariable {
        since: Some(FrontendVersion::one(8)),
        url: "https://docs.docker.com/build/checks/",
        ..setting(
            "BUILDKIT_DOCKERFILE_CHECK",
            "skip=StageNameCasing",
            "Configures the build checks, as `# check=` in the file would.",
        )
    },
    setting(
        "BUILDKIT_INLINE_CACHE",
        "1",
        "Stores what is needed to use the image as a cache in the image itself.",
    ),
    setting(
        "BUILDKIT_MULTI_PLATFORM",
        "1",
        "Makes the result the same kind of image whether one platform is built or several.",
    ),
    setting(
        "BUILDKIT_SANDBOX_HOSTNAME",
        "builder",
        "The host name that `RUN` commands see; by default `buildkitsandbox`.",
    ),
    setting(
        "BUILDKIT_CONTEXT_KEEP_GIT_DIR",
        "1",
        "Keeps the `.git` folder when the build context is a Git address.",
    ),
    setting(
        "BUILDKIT_CACHE_MOUNT_NS",
        "my-project",
        "A prefix for the names of cache mounts, so that projects do not share them.",
    ),
    setting(
        "BUILDKIT_BUILD_NAME",
        "nightly",
        "The name of the build in `docker buildx history` and Docker Desktop.",
    ),
    setting(
        "BUILDKIT_GIT_ADVICE",
        "1",
        "Shows the advice that Git prints while the builder fetches a repository.",
    ),
    BuildVariable {
        since: Some(FrontendVersion::one(29)),
        url: "https://github.com/moby/buildkit/releases/tag/dockerfile%2F1.29.0-rc1",
        ..setting(
            "BUILDKIT_GIT_DEBUG_COMMANDS",
            "1",
            "Shows the Git commands that the builder runs to fetch contexts and `ADD` sources.",
        )
    },
    BuildVariable {
        since: Some(FrontendVersion::one(29)),
        url: "https://github.com/moby/buildkit/releases/tag/dockerfile%2F1.29.0-rc1",
        ..setting("BUILDKIT_DISABLE_ONBUILD", "1", "Leaves out what the base images ask for with `ONBUILD`.")
    },
];

/// The builder's variable called `name`; case matters.
pub fn build_variable(name: &str) -> Option<&'static BuildVariable> {
    BUILD_VARIABLES.iter().find(|it| it.name == name)
}

/// An environment variable that programs in images commonly read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnvironmentVariable {
    pub name: &'static str,
    /// Who reads it: for grouping in completion.
    pub read_by: &'static str,
    /// One or two sentences: what it does in an image, and what is usual.
    pub summary: &'static str,
    /// A usual value.
    pub example: &'static str,
    /// Better set for one `RUN` than with `ENV`, because it disturbs the container.
    pub build_only: bool,
    pub url: &'static str,
}

const fn environment(
    name: &'static str,
    read_by: &'static str,
    example: &'static str,
    url: &'static str,
    summary: &'static str,
) -> EnvironmentVariable {
    EnvironmentVariable { name, read_by, summary, example, build_only: false, url }
}

const fn only_in_build(variable: EnvironmentVariable) -> EnvironmentVariable {
    EnvironmentVariable { build_only: true, ..variable }
}

const POSIX: &str = "https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html";
const PYTHON: &str = "https://docs.python.org/3/using/cmdline.html#environment-variables";
const PIP: &str = "https://pip.pypa.io/en/stable/topics/configuration/";
const NPM: &str = "https://docs.npmjs.com/cli/using-npm/config";
const GO: &str = "https://pkg.go.dev/cmd/go#hdr-Environment_variables";
const CARGO: &str = "https://doc.rust-lang.org/cargo/reference/environment-variables.html";
const DOTNET: &str = "https://learn.microsoft.com/en-us/dotnet/core/tools/dotnet-environment-variables";
const BUNDLER: &str = "https://bundler.io/man/bundle-config.1.html";

/// Well-known environment variables.
pub static ENVIRONMENT_VARIABLES: &[EnvironmentVariable] = &[
    environment(
        "PATH",
        "everything",
        "/opt/tool/bin:$PATH",
        POSIX,
        "The folders in which programs are searched, separated by `:`. Always keep `$PATH` in it, else not even `ls` is found.",
    ),
    environment(
        "HOME",
        "everything",
        "/home/app",
        POSIX,
        "The home folder of the user. After `USER` with a bare number it is often `/`, where the user may not write.",
    ),
    environment(
        "TZ",
        "the C library",
        "Europe/Berlin",
        POSIX,
        "The time zone. It needs the package `tzdata` in the image; without it the time is UTC.",
    ),
    environment(
        "LANG",
        "the C library",
        "C.UTF-8",
        POSIX,
        "Language and character set. `C.UTF-8` gives Unicode without installing anything.",
    ),
    environment(
        "LC_ALL",
        "the C library",
        "C.UTF-8",
        POSIX,
        "Overrides all other language settings. `LANG` is usually enough.",
    ),
    environment(
        "TERM",
        "terminals",
        "xterm-256color",
        POSIX,
        "The kind of terminal. `docker run -t` sets it; an image should not.",
    ),
    environment(
        "SHELL",
        "some programs",
        "/bin/bash",
        POSIX,
        "The user's shell. It does not change which shell `RUN` uses; that is the `SHELL` instruction.",
    ),
    environment(
        "PORT",
        "many web frameworks",
        "8080",
        "https://cloud.google.com/run/docs/container-contract",
        "The port that the server should listen on: a habit of frameworks and cloud platforms.",
    ),
    only_in_build(environment(
        "DEBIAN_FRONTEND",
        "apt-get, dpkg",
        "noninteractive",
        "https://manpages.debian.org/stable/debconf-doc/debconf.7.en.html",
        "`noninteractive` keeps `apt-get` from asking questions. Set it for the one command, or as `ARG`; as `ENV` it also holds in the container.",
    )),
    only_in_build(environment(
        "DEBCONF_NONINTERACTIVE_SEEN",
        "dpkg",
        "true",
        "https://manpages.debian.org/stable/debconf-doc/debconf.7.en.html",
        "Marks the questions of packages as already seen.",
    )),
    only_in_build(environment(
        "APT_KEY_DONT_WARN_ON_DANGEROUS_USAGE",
        "apt-key",
        "1",
        "https://manpages.debian.org/bookworm/apt/apt-key.8.en.html",
        "Silences a warning of `apt-key`, which is deprecated: put keys into `/etc/apt/keyrings` and use `signed-by`.",
    )),
    environment(
        "PYTHONUNBUFFERED",
        "Python",
        "1",
        PYTHON,
        "Any text: output appears at once. Without it, the last lines of a log may be lost when the container stops.",
    ),
    environment(
        "PYTHONDONTWRITEBYTECODE",
        "Python",
        "1",
        PYTHON,
        "Any text: no `.pyc` files. It makes the image a little smaller and the start a little slower.",
    ),
    environment(
        "PYTHONPATH",
        "Python",
        "/app/src",
        PYTHON,
        "Additional folders in which modules are searched, separated by `:`.",
    ),
    environment("PYTHONFAULTHANDLER", "Python", "1", PYTHON, "Any text: a crash prints where it happened."),
    environment(
        "PYTHONHASHSEED",
        "Python",
        "random",
        PYTHON,
        "`random` is the default; a number makes runs repeatable.",
    ),
    environment(
        "VIRTUAL_ENV",
        "Python tools",
        "/opt/venv",
        "https://docs.python.org/3/library/venv.html",
        "The virtual environment in use. Put `$VIRTUAL_ENV/bin` in front of `PATH`; then `activate` is not needed.",
    ),
    environment(
        "PIP_NO_CACHE_DIR",
        "pip",
        "1",
        PIP,
        "Keeps pip from storing downloads in the image. Not together with a cache mount, which needs them.",
    ),
    environment(
        "PIP_DISABLE_PIP_VERSION_CHECK",
        "pip",
        "1",
        PIP,
        "No question to the network whether there is a newer pip.",
    ),
    environment("PIP_DEFAULT_TIMEOUT", "pip", "100", PIP, "How many seconds pip waits for an answer."),
    environment(
        "PIP_INDEX_URL",
        "pip",
        "https://pypi.example.com/simple",
        PIP,
        "The package index. With a password in the address it must not stand here: mount a `pip.conf` as a secret.",
    ),
    environment(
        "PIP_ROOT_USER_ACTION",
        "pip",
        "ignore",
        PIP,
        "`ignore` silences the warning about installing as root.",
    ),
    environment(
        "PIP_BREAK_SYSTEM_PACKAGES",
        "pip",
        "1",
        PIP,
        "Lets pip install into the system's Python of Debian and Ubuntu. A virtual environment is safer.",
    ),
    environment(
        "POETRY_VIRTUALENVS_CREATE",
        "Poetry",
        "false",
        "https://python-poetry.org/docs/configuration/",
        "`false` installs into the image's Python instead of a virtual environment.",
    ),
    environment(
        "POETRY_VIRTUALENVS_IN_PROJECT",
        "Poetry",
        "true",
        "https://python-poetry.org/docs/configuration/",
        "Makes the virtual environment in `.venv` of the project, so that it is easy to copy to a later stage.",
    ),
    environment(
        "POETRY_NO_INTERACTION",
        "Poetry",
        "1",
        "https://python-poetry.org/docs/configuration/",
        "Poetry asks no questions.",
    ),
    environment(
        "UV_COMPILE_BYTECODE",
        "uv",
        "1",
        "https://docs.astral.sh/uv/guides/integration/docker/",
        "Compiles at install time, so that the program starts faster.",
    ),
    environment(
        "UV_LINK_MODE",
        "uv",
        "copy",
        "https://docs.astral.sh/uv/guides/integration/docker/",
        "`copy` is needed with a cache mount, because hard links do not cross file systems.",
    ),
    environment(
        "UV_SYSTEM_PYTHON",
        "uv",
        "1",
        "https://docs.astral.sh/uv/guides/integration/docker/",
        "Installs into the image's Python instead of a virtual environment.",
    ),
    environment(
        "DJANGO_SETTINGS_MODULE",
        "Django",
        "site.settings",
        "https://docs.djangoproject.com/en/stable/topics/settings/",
        "The Python module with the settings.",
    ),
    environment(
        "NODE_ENV",
        "Node.js packages",
        "production",
        "https://nodejs.org/en/learn/getting-started/nodejs-the-difference-between-development-and-production",
        "`production` makes frameworks faster, and npm leaves out development packages. Set it after a build step that needs those.",
    ),
    environment(
        "NODE_OPTIONS",
        "Node.js",
        "--max-old-space-size=512",
        "https://nodejs.org/api/cli.html#node_optionsoptions",
        "Options for every `node` that is started.",
    ),
    environment(
        "NODE_EXTRA_CA_CERTS",
        "Node.js",
        "/etc/ssl/certs/company.pem",
        "https://nodejs.org/api/cli.html#node_extra_ca_certsfile",
        "Additional certificate authorities to trust.",
    ),
    environment(
        "NPM_CONFIG_LOGLEVEL",
        "npm",
        "warn",
        NPM,
        "How much npm prints. Every `NPM_CONFIG_…` is an npm setting.",
    ),
    environment(
        "NPM_CONFIG_UPDATE_NOTIFIER",
        "npm",
        "false",
        NPM,
        "`false`: no note about newer versions of npm.",
    ),
    environment(
        "NPM_CONFIG_FUND",
        "npm",
        "false",
        NPM,
        "`false`: no note about packages that look for funding.",
    ),
    environment(
        "NPM_CONFIG_AUDIT",
        "npm",
        "false",
        NPM,
        "`false`: no report of known faults at each install, which saves time.",
    ),
    environment(
        "NPM_CONFIG_CACHE",
        "npm",
        "/tmp/.npm",
        NPM,
        "The folder of npm's cache; useful if the user has no home folder.",
    ),
    environment(
        "NPM_CONFIG_REGISTRY",
        "npm",
        "https://npm.example.com/",
        NPM,
        "The package registry. A token for it belongs into a secret mount.",
    ),
    environment(
        "YARN_CACHE_FOLDER",
        "Yarn",
        "/root/.yarn-cache",
        "https://yarnpkg.com/configuration/yarnrc",
        "The folder of Yarn's cache: name it as the target of a cache mount.",
    ),
    environment(
        "PNPM_HOME",
        "pnpm",
        "/pnpm",
        "https://pnpm.io/docker",
        "Where pnpm keeps its own files; put it into `PATH` as well.",
    ),
    environment(
        "NEXT_TELEMETRY_DISABLED",
        "Next.js",
        "1",
        "https://nextjs.org/telemetry",
        "No usage reports to the makers of Next.js.",
    ),
    environment(
        "CGO_ENABLED",
        "Go",
        "0",
        GO,
        "`0` makes programs that need no C library, so that they run in `scratch` and Alpine.",
    ),
    environment("GOOS", "Go", "linux", GO, "The operating system to compile for; usually `$TARGETOS`."),
    environment("GOARCH", "Go", "amd64", GO, "The processor to compile for; usually `$TARGETARCH`."),
    environment("GOARM", "Go", "7", GO, "The version of the ARM processor, for `GOARCH=arm`."),
    environment("GOPROXY", "Go", "https://proxy.golang.org,direct", GO, "Where modules are downloaded from."),
    environment(
        "GOPRIVATE",
        "Go",
        "github.com/my-company/*",
        GO,
        "Modules that are fetched directly, not through the proxy.",
    ),
    environment("GOFLAGS", "Go", "-mod=readonly", GO, "Flags for every `go` command."),
    environment(
        "GOCACHE",
        "Go",
        "/root/.cache/go-build",
        GO,
        "The folder of compiled parts: name it as the target of a cache mount.",
    ),
    environment(
        "GOMODCACHE",
        "Go",
        "/go/pkg/mod",
        GO,
        "The folder of downloaded modules: name it as the target of a cache mount.",
    ),
    environment("GOPATH", "Go", "/go", GO, "Go's own folder; the `golang` image has `/go`."),
    environment(
        "GOTOOLCHAIN",
        "Go",
        "local",
        GO,
        "`local` keeps Go from downloading another version of itself.",
    ),
    environment(
        "CARGO_HOME",
        "Cargo",
        "/usr/local/cargo",
        CARGO,
        "Cargo's folder; `registry` and `git` in it suit a cache mount.",
    ),
    environment(
        "CARGO_TARGET_DIR",
        "Cargo",
        "/target",
        CARGO,
        "Where Cargo builds: name it as the target of a cache mount, and copy the program out in the same `RUN`.",
    ),
    environment("RUSTFLAGS", "rustc", "-C target-feature=+crt-static", CARGO, "Flags for the compiler."),
    environment(
        "RUST_LOG",
        "many Rust programs",
        "info",
        "https://docs.rs/env_logger/latest/env_logger/",
        "How much the program logs.",
    ),
    environment(
        "RUST_BACKTRACE",
        "Rust programs",
        "1",
        "https://doc.rust-lang.org/std/backtrace/index.html",
        "`1`: a crash prints where it happened.",
    ),
    environment(
        "JAVA_HOME",
        "Java",
        "/opt/java/openjdk",
        "https://docs.oracle.com/en/java/",
        "The folder of the Java installation.",
    ),
    environment(
        "JAVA_TOOL_OPTIONS",
        "the Java virtual machine",
        "-XX:MaxRAMPercentage=75",
        "https://docs.oracle.com/en/java/javase/21/troubleshoot/environment-variables-and-system-properties.html",
        "Options for every Java program that is started; the machine prints that it uses them.",
    ),
    environment(
        "MAVEN_OPTS",
        "Maven",
        "-Xmx1g",
        "https://maven.apache.org/configure.html",
        "Options for the Java virtual machine that runs Maven.",
    ),
    environment(
        "GRADLE_USER_HOME",
        "Gradle",
        "/home/gradle/.gradle",
        "https://docs.gradle.org/current/userguide/directory_layout.html",
        "Gradle's folder with downloads and caches: name it as the target of a cache mount.",
    ),
    environment(
        "SPRING_PROFILES_ACTIVE",
        "Spring",
        "production",
        "https://docs.spring.io/spring-boot/reference/features/profiles.html",
        "The profiles whose settings are used.",
    ),
    environment(
        "ASPNETCORE_URLS",
        "ASP.NET Core",
        "http://+:8080",
        DOTNET,
        "The addresses that the server listens on. Since .NET 8 the images listen on port 8080.",
    ),
    environment(
        "ASPNETCORE_HTTP_PORTS",
        "ASP.NET Core",
        "8080",
        DOTNET,
        "The ports that the server listens on, since .NET 8.",
    ),
    environment(
        "ASPNETCORE_ENVIRONMENT",
        "ASP.NET Core",
        "Production",
        DOTNET,
        "Which settings are used; `Production` is the default.",
    ),
    environment("DOTNET_CLI_TELEMETRY_OPTOUT", ".NET", "1", DOTNET, "No usage reports to Microsoft."),
    environment(
        "DOTNET_RUNNING_IN_CONTAINER",
        ".NET",
        "true",
        DOTNET,
        "Set by the official images; programs can see that they run in a container.",
    ),
    environment(
        "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT",
        ".NET",
        "1",
        DOTNET,
        "`1`: no languages and cultures, so the ICU library is not needed. `0` switches them on in Alpine images, after installing `icu-libs`.",
    ),
    environment(
        "NUGET_PACKAGES",
        "NuGet",
        "/root/.nuget/packages",
        "https://learn.microsoft.com/en-us/nuget/consume-packages/managing-the-global-packages-and-cache-folders",
        "The folder of downloaded packages: name it as the target of a cache mount.",
    ),
    environment(
        "BUNDLE_WITHOUT",
        "Bundler",
        "development:test",
        BUNDLER,
        "The groups of gems that are not installed.",
    ),
    environment(
        "BUNDLE_DEPLOYMENT",
        "Bundler",
        "1",
        BUNDLER,
        "Installs exactly what `Gemfile.lock` says, and fails if it is out of date.",
    ),
    environment(
        "BUNDLE_PATH",
        "Bundler",
        "/usr/local/bundle",
        BUNDLER,
        "The folder that gems are installed into.",
    ),
    environment(
        "RAILS_ENV",
        "Rails",
        "production",
        "https://guides.rubyonrails.org/configuring.html",
        "Which settings are used.",
    ),
    environment(
        "RAILS_LOG_TO_STDOUT",
        "Rails",
        "1",
        "https://guides.rubyonrails.org/configuring.html",
        "Writes the log where `docker logs` finds it.",
    ),
    environment(
        "RAILS_SERVE_STATIC_FILES",
        "Rails",
        "1",
        "https://guides.rubyonrails.org/configuring.html",
        "Rails answers requests for static files itself, without a web server in front.",
    ),
    environment(
        "COMPOSER_ALLOW_SUPERUSER",
        "Composer",
        "1",
        "https://getcomposer.org/doc/03-cli.md#environment-variables",
        "No warning about running as root.",
    ),
    environment(
        "COMPOSER_CACHE_DIR",
        "Composer",
        "/tmp/composer-cache",
        "https://getcomposer.org/doc/03-cli.md#environment-variables",
        "The folder of downloads: name it as the target of a cache mount.",
    ),
    environment(
        "APP_ENV",
        "Symfony, Laravel",
        "production",
        "https://symfony.com/doc/current/configuration.html",
        "Which settings are used; Symfony says `prod`, Laravel `production`.",
    ),
    environment(
        "LD_LIBRARY_PATH",
        "the dynamic linker",
        "/opt/lib",
        "https://man7.org/linux/man-pages/man8/ld.so.8.html",
        "Additional folders in which libraries are searched, separated by `:`.",
    ),
    environment(
        "SSL_CERT_FILE",
        "OpenSSL, Go",
        "/etc/ssl/certs/ca-certificates.crt",
        "https://docs.openssl.org/master/man7/openssl-env/",
        "The file with the certificate authorities to trust; useful in `scratch`.",
    ),
    environment(
        "NGINX_ENVSUBST_TEMPLATE_DIR",
        "the nginx image",
        "/etc/nginx/templates",
        "https://hub.docker.com/_/nginx",
        "Templates in this folder get their `$NAME`s replaced when the container starts.",
    ),
    environment(
        "POSTGRES_PASSWORD",
        "the postgres image",
        "set it at run time",
        "https://hub.docker.com/_/postgres",
        "The password of the first user. Never in a Dockerfile: give it with `docker run -e`, or `POSTGRES_PASSWORD_FILE` and a secret.",
    ),
    environment(
        "POSTGRES_USER",
        "the postgres image",
        "app",
        "https://hub.docker.com/_/postgres",
        "The name of the first user; `postgres` by default.",
    ),
    environment(
        "POSTGRES_DB",
        "the postgres image",
        "app",
        "https://hub.docker.com/_/postgres",
        "The name of the first database; by default that of the user.",
    ),
    environment(
        "PGDATA",
        "PostgreSQL",
        "/var/lib/postgresql/18/docker",
        "https://hub.docker.com/_/postgres",
        "The folder with the data. Since version 18 it lies below `/var/lib/postgresql`, which is what a volume has to hold.",
    ),
    environment(
        "MYSQL_ROOT_PASSWORD",
        "the mysql image",
        "set it at run time",
        "https://hub.docker.com/_/mysql",
        "The password of root. Never in a Dockerfile: give it with `docker run -e`, or `MYSQL_ROOT_PASSWORD_FILE` and a secret.",
    ),
    environment(
        "MYSQL_DATABASE",
        "the mysql image",
        "app",
        "https://hub.docker.com/_/mysql",
        "The name of the first database.",
    ),
];

/// The well-known environment variable called `name`; case matters.
pub fn environment_variable(name: &str) -> Option<&'static EnvironmentVariable> {
    ENVIRONMENT_VARIABLES.iter().find(|it| it.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_stands_twice() {
        let mut names: Vec<_> = BUILD_VARIABLES.iter().map(|it| it.name).collect();
        names.extend(ENVIRONMENT_VARIABLES.iter().map(|it| it.name));
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn every_variable_is_documented() {
        for it in BUILD_VARIABLES {
            assert!(it.summary.ends_with('.') && !it.example.is_empty(), "{}", it.name);
            assert!(it.url.starts_with("https://"), "{}", it.name);
            assert!(it.kind.usage().ends_with('.'));
        }
        for it in ENVIRONMENT_VARIABLES {
            assert!(it.summary.ends_with('.') && !it.example.is_empty(), "{}", it.name);
            assert!(it.url.starts_with("https://"), "{}", it.name);
        }
    }

    #[test]
    fn the_ten_proxy_variables_are_those_of_the_reference() {
        let proxies: Vec<_> = BUILD_VARIABLES.iter().filter(|it| it.kind == VariableKind::Proxy).collect();
        assert_eq!(proxies.len(), 10);
        for name in ["http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"] {
            assert!(build_variable(name).is_some() && build_variable(&name.to_ascii_uppercase()).is_some());
        }
    }

    #[test]
    fn platform_variables_need_a_declaration_in_a_stage_and_settings_do_not() {
        let needs = |name| build_variable(name).map(|it| it.kind.needs_declaration_in_stage());
        assert_eq!(needs("TARGETARCH"), Some(true));
        assert_eq!(needs("BUILDKIT_SYNTAX"), Some(false));
        assert_eq!(needs("SOURCE_DATE_EPOCH"), Some(true));
        assert_eq!(needs("targetarch"), None);
    }
}
