//! Shell commands that matter in images, and their flags: for the hover over a word in `RUN`, for
//! completion, and for what a package manager's cache is.
//!
//! Only what people meet in Dockerfiles; each command has the address of its manual.

/// A command.
#[derive(Debug)]
pub struct CommandDoc {
    pub name: &'static str,
    /// Other names of the same program: `pip3`.
    pub aliases: &'static [&'static str],
    /// One or two sentences: what it does, and what to know in an image.
    pub summary: &'static str,
    /// As it stands after `RUN`; empty if there is nothing typical.
    pub example: &'static str,
    /// Flags that fit anywhere.
    pub flags: &'static [ShellFlag],
    pub subcommands: &'static [Subcommand],
    /// Folders that a cache mount should keep, for root.
    pub cache: &'static [CacheFolder],
    pub url: &'static str,
}

/// The first word after a command that chooses what it does: `install`.
#[derive(Debug)]
pub struct Subcommand {
    pub name: &'static str,
    pub aliases: &'static [&'static str],
    /// One or two sentences.
    pub summary: &'static str,
    pub flags: &'static [ShellFlag],
}

/// A flag of a command.
#[derive(Debug)]
pub struct ShellFlag {
    /// All spellings, the most usual first, with dashes.
    pub names: &'static [&'static str],
    /// The next word, or what stands after `=`, belongs to it.
    pub takes_value: bool,
    /// Belongs into nearly every image: offered first.
    pub usual: bool,
    /// One or two sentences.
    pub summary: &'static str,
}

/// A folder for `RUN --mount=type=cache,target=…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheFolder {
    pub target: &'static str,
    /// Two builds must not write to it at once: `sharing=locked`.
    pub locked: bool,
}

impl CacheFolder {
    /// The flag for `RUN`.
    pub fn mount_flag(self) -> String {
        let sharing = if self.locked { ",sharing=locked" } else { "" };
        format!("--mount=type=cache,target={}{sharing}", self.target)
    }
}

impl CommandDoc {
    /// The subcommand written `word`.
    pub fn subcommand(&self, word: &str) -> Option<&'static Subcommand> {
        self.subcommands.iter().find(|it| it.name == word || it.aliases.contains(&word))
    }

    /// The flag written `word`: `--yes`, `-y`, or `--opt=value`. Those of `subcommand` come first.
    pub fn flag(&self, subcommand: Option<&Subcommand>, word: &str) -> Option<&'static ShellFlag> {
        let name = word.split_once('=').map_or(word, |(name, _)| name);
        let own = subcommand.map_or(&[][..], |it| it.flags);
        own.iter().chain(self.flags).find(|flag| flag.names.contains(&name))
    }
}

/// The command called `name`, without folder: `apt-get`, `pip3`.
pub fn command(name: &str) -> Option<&'static CommandDoc> {
    COMMANDS.iter().find(|it| it.name == name || it.aliases.contains(&name))
}

const fn flag(names: &'static [&'static str], summary: &'static str) -> ShellFlag {
    ShellFlag { names, takes_value: false, usual: false, summary }
}

const fn usual(names: &'static [&'static str], summary: &'static str) -> ShellFlag {
    ShellFlag { names, takes_value: false, usual: true, summary }
}

const fn valued(names: &'static [&'static str], summary: &'static str) -> ShellFlag {
    ShellFlag { names, takes_value: true, usual: false, summary }
}

const fn usual_valued(names: &'static [&'static str], summary: &'static str) -> ShellFlag {
    ShellFlag { names, takes_value: true, usual: true, summary }
}

const fn sub(name: &'static str, summary: &'static str, flags: &'static [ShellFlag]) -> Subcommand {
    Subcommand { name, aliases: &[], summary, flags }
}

const fn sub_also(
    name: &'static str,
    aliases: &'static [&'static str],
    summary: &'static str,
    flags: &'static [ShellFlag],
) -> Subcommand {
    Subcommand { name, aliases, summary, flags }
}

const fn folder(target: &'static str) -> CacheFolder {
    CacheFolder { target, locked: false }
}

const fn locked(target: &'static str) -> CacheFolder {
    CacheFolder { target, locked: true }
}

const BLANK: CommandDoc = CommandDoc {
    name: "",
    aliases: &[],
    summary: "",
    example: "",
    flags: &[],
    subcommands: &[],
    cache: &[],
    url: "",
};

/// The commands, grouped by what they are for.
pub static COMMANDS: &[CommandDoc] = &[
    // Package managers of distributions.
    CommandDoc {
        name: "apt-get",
        summary: "Installs packages on Debian and Ubuntu. In an image: update and install in one `RUN`, without questions, and remove the lists afterwards.",
        example: "apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*",
        flags: &[
            usual(
                &["-y", "--yes", "--assume-yes"],
                "Answers all questions with yes. Without it the build stops, because nobody can answer.",
            ),
            flag(&["-q", "--quiet", "-qq"], "Prints less; twice, only errors. `-qq` also answers yes."),
            valued(
                &["-o", "--option"],
                "Sets one option of the configuration, such as `Acquire::Retries=3`.",
            ),
            valued(
                &["-t", "--target-release"],
                "Prefers packages of this release, such as `bookworm-backports`.",
            ),
        ],
        subcommands: &[
            sub(
                "update",
                "Downloads the lists of packages. It installs nothing, and belongs into the same `RUN` as the install: a cached list is soon too old.",
                &[],
            ),
            sub(
                "install",
                "Installs packages.",
                &[
                    usual(
                        &["--no-install-recommends"],
                        "Only what is needed, without the packages that Debian merely recommends. Often half the size.",
                    ),
                    flag(&["--no-install-suggests"], "Without suggested packages; that is the default."),
                    flag(&["--allow-downgrades"], "May replace a package by an older one."),
                    flag(
                        &["--allow-unauthenticated"],
                        "Takes packages without a valid signature: anybody on the way could change them.",
                    ),
                    flag(
                        &["--force-yes"],
                        "Does even what is dangerous. Deprecated; use the `--allow-…` flag for what you mean.",
                    ),
                    flag(
                        &["-f", "--fix-broken"],
                        "Repairs missing dependencies, for instance after `dpkg -i`.",
                    ),
                    flag(&["--only-upgrade"], "Only newer versions of what is there."),
                    flag(&["--reinstall"], "Installs again what is there."),
                    flag(&["-d", "--download-only"], "Downloads without installing."),
                ],
            ),
            sub(
                "upgrade",
                "Updates all installed packages. The result changes from day to day; a newer base image is the better way.",
                &[],
            ),
            sub(
                "dist-upgrade",
                "Updates all packages, and may remove some. The result changes from day to day; a newer base image is the better way.",
                &[],
            ),
            sub(
                "remove",
                "Removes packages. From an earlier layer it saves no space: do it in the `RUN` that installed them.",
                &[],
            ),
            sub(
                "purge",
                "Removes packages with their configuration. It saves space only in the `RUN` that installed them.",
                &[flag(&["--auto-remove", "--autoremove"], "Also what was installed only for them.")],
            ),
            sub("autoremove", "Removes packages that nothing needs any more.", &[]),
            sub(
                "clean",
                "Removes downloaded packages. The official Debian and Ubuntu images do that by themselves.",
                &[],
            ),
            sub("source", "Downloads the source of a package.", &[]),
            sub("build-dep", "Installs what is needed to build a package.", &[]),
        ],
        cache: &[locked("/var/cache/apt"), locked("/var/lib/apt")],
        url: "https://manpages.debian.org/stable/apt/apt-get.8.en.html",
        ..BLANK
    },
    CommandDoc {
        name: "apt",
        summary: "The version of `apt-get` for people at a terminal. Its output may change, so scripts and images use `apt-get`.",
        example: "apt-get update && apt-get install -y --no-install-recommends curl",
        flags: &[usual(&["-y", "--yes"], "Answers all questions with yes.")],
        subcommands: &[
            sub("update", "Downloads the lists of packages.", &[]),
            sub(
                "install",
                "Installs packages.",
                &[usual(
                    &["--no-install-recommends"],
                    "Only what is needed, without the packages that Debian merely recommends.",
                )],
            ),
            sub("upgrade", "Updates all installed packages.", &[]),
        ],
        cache: &[locked("/var/cache/apt"), locked("/var/lib/apt")],
        url: "https://manpages.debian.org/stable/apt/apt.8.en.html",
        ..BLANK
    },
    CommandDoc {
        name: "dpkg",
        summary: "Installs a `.deb` file on Debian and Ubuntu, without what it depends on; `apt-get install ./file.deb` does both.",
        example: "apt-get install -y --no-install-recommends ./tool.deb",
        flags: &[
            flag(&["-i", "--install"], "Installs a file."),
            flag(&["--add-architecture"], "Allows packages for another processor as well."),
            flag(&["--print-architecture"], "Prints the processor, as Debian names it: `amd64`, `arm64`."),
        ],
        url: "https://manpages.debian.org/stable/dpkg/dpkg.1.en.html",
        ..BLANK
    },
    CommandDoc {
        name: "apk",
        summary: "Installs packages on Alpine, Wolfi and Chainguard images.",
        example: "apk add --no-cache curl",
        subcommands: &[
            sub(
                "add",
                "Installs packages.",
                &[
                    usual(
                        &["--no-cache"],
                        "Fetches the list afresh and keeps nothing of it: no `update`, no cleaning up.",
                    ),
                    usual_valued(
                        &["-t", "--virtual"],
                        "Gives the packages a common name (`.build-deps`), under which they can be removed together.",
                    ),
                    flag(&["-U", "--update-cache"], "Fetches the list first."),
                    valued(&["-X", "--repository"], "Uses this repository as well, such as `edge/testing`."),
                    flag(
                        &["--allow-untrusted"],
                        "Takes packages without a valid signature: anybody on the way could change them.",
                    ),
                    flag(&["-u", "--upgrade"], "Also updates what is there."),
                ],
            ),
            sub(
                "del",
                "Removes packages. It saves space only in the `RUN` that installed them.",
                &[flag(&["-r", "--rdepends"], "Also what depends on them.")],
            ),
            sub("update", "Fetches the list of packages. `apk add --no-cache` makes it needless.", &[]),
            sub(
                "upgrade",
                "Updates all installed packages. The result changes from day to day; a newer base image is the better way.",
                &[usual(&["--no-cache"], "Keeps nothing of the list.")],
            ),
        ],
        cache: &[locked("/etc/apk/cache")],
        url: "https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper",
        ..BLANK
    },
    CommandDoc {
        name: "dnf",
        aliases: &["dnf5"],
        summary: "Installs packages on Fedora, Red Hat UBI, Rocky, Alma and Amazon Linux 2023.",
        example: "dnf install -y --setopt=install_weak_deps=False curl && dnf clean all",
        flags: &[
            usual(
                &["-y", "--assumeyes"],
                "Answers all questions with yes. Without it the build stops, because nobody can answer.",
            ),
            usual_valued(
                &["--setopt"],
                "Sets one option: `--setopt=install_weak_deps=False` leaves out what is only recommended.",
            ),
            flag(&["--nodocs"], "Without manuals and documentation."),
            flag(&["--best"], "Fails if the newest version cannot be installed."),
            flag(&["-q", "--quiet"], "Prints less."),
            flag(
                &["--nogpgcheck"],
                "Takes packages without a valid signature: anybody on the way could change them.",
            ),
            valued(&["--enablerepo"], "Also uses this repository."),
            valued(&["--releasever"], "Takes packages of this version of the distribution."),
            valued(
                &["--installroot"],
                "Installs into this folder, to be copied into an image made from scratch.",
            ),
        ],
        subcommands: &[
            sub_also("install", &["in"], "Installs packages.", &[]),
            sub_also(
                "clean",
                &[],
                "Removes downloaded lists and packages: `dnf clean all`, in the same `RUN` as the install.",
                &[],
            ),
            sub_also(
                "update",
                &["upgrade"],
                "Updates all installed packages. The result changes from day to day; a newer base image is the better way.",
                &[],
            ),
            sub_also(
                "remove",
                &["erase"],
                "Removes packages. It saves space only in the `RUN` that installed them.",
                &[],
            ),
            sub("module", "Chooses between versions of a package, such as `nodejs:22`.", &[]),
            sub("config-manager", "Switches repositories on and off.", &[]),
        ],
        cache: &[locked("/var/cache/dnf")],
        url: "https://dnf.readthedocs.io/en/latest/command_ref.html",
    },
    CommandDoc {
        name: "microdnf",
        summary: "The small version of `dnf`, in Red Hat's minimal images and in that of MySQL.",
        example: "microdnf install -y --nodocs curl && microdnf clean all",
        flags: &[
            usual(&["-y", "--assumeyes"], "Answers all questions with yes."),
            usual(&["--nodocs"], "Without manuals and documentation."),
            valued(
                &["--setopt"],
                "Sets one option: `--setopt=install_weak_deps=0` leaves out what is only recommended.",
            ),
        ],
        subcommands: &[
            sub("install", "Installs packages.", &[]),
            sub("clean", "Removes downloaded lists and packages: `microdnf clean all`.", &[]),
            sub_also("update", &["upgrade"], "Updates all installed packages.", &[]),
            sub("remove", "Removes packages.", &[]),
        ],
        cache: &[locked("/var/cache/yum")],
        url: "https://github.com/rpm-software-management/microdnf",
        ..BLANK
    },
    CommandDoc {
        name: "yum",
        summary: "Installs packages on CentOS 7 and Amazon Linux 2; on newer systems another name for `dnf`.",
        example: "yum install -y curl && yum clean all && rm -rf /var/cache/yum",
        flags: &[
            usual(
                &["-y", "--assumeyes"],
                "Answers all questions with yes. Without it the build stops, because nobody can answer.",
            ),
            valued(&["--setopt"], "Sets one option: `--setopt=tsflags=nodocs` leaves out the manuals."),
            flag(&["-q", "--quiet"], "Prints less."),
            flag(
                &["--nogpgcheck"],
                "Takes packages without a valid signature: anybody on the way could change them.",
            ),
            valued(&["--enablerepo"], "Also uses this repository."),
        ],
        subcommands: &[
            sub("install", "Installs packages.", &[]),
            sub(
                "clean",
                "Removes downloaded lists and packages: `yum clean all`, in the same `RUN` as the install.",
                &[],
            ),
            sub_also("update", &["upgrade"], "Updates all installed packages.", &[]),
            sub_also("remove", &["erase"], "Removes packages.", &[]),
            sub("makecache", "Downloads the lists of packages.", &[]),
        ],
        cache: &[locked("/var/cache/yum")],
        url: "https://access.redhat.com/articles/yum-cheat-sheet",
        ..BLANK
    },
    CommandDoc {
        name: "tdnf",
        summary: "Installs packages on Azure Linux and Photon.",
        example: "tdnf install -y curl && tdnf clean all",
        flags: &[usual(&["-y", "--assumeyes"], "Answers all questions with yes.")],
        subcommands: &[
            sub("install", "Installs packages.", &[]),
            sub("clean", "Removes downloaded lists and packages: `tdnf clean all`.", &[]),
        ],
        cache: &[locked("/var/cache/tdnf")],
        url: "https://github.com/vmware/tdnf/wiki",
        ..BLANK
    },
    CommandDoc {
        name: "zypper",
        summary: "Installs packages on openSUSE and SUSE Linux Enterprise.",
        example: "zypper --non-interactive install --no-recommends curl && zypper clean --all",
        flags: &[
            usual(&["-n", "--non-interactive"], "Asks nothing. It stands before the subcommand."),
            flag(&["-q", "--quiet"], "Prints less."),
            flag(
                &["--no-gpg-checks"],
                "Takes packages without a valid signature: anybody on the way could change them.",
            ),
            flag(&["--gpg-auto-import-keys"], "Trusts new keys of repositories without asking."),
        ],
        subcommands: &[
            sub_also(
                "install",
                &["in"],
                "Installs packages.",
                &[
                    usual(&["--no-recommends"], "Only what is needed, without what is merely recommended."),
                    usual(&["-y", "--no-confirm"], "Does not ask."),
                    flag(&["-l", "--auto-agree-with-licenses"], "Accepts licences without asking."),
                ],
            ),
            sub_also("refresh", &["ref"], "Downloads the lists of packages.", &[]),
            sub_also(
                "clean",
                &["cc"],
                "Removes downloaded packages; with `--all` the lists as well.",
                &[usual(&["-a", "--all"], "Lists and packages.")],
            ),
            sub_also("update", &["up"], "Updates all installed packages.", &[]),
            sub_also(
                "remove",
                &["rm"],
                "Removes packages.",
                &[flag(&["-u", "--clean-deps"], "Also what was installed only for them.")],
            ),
            sub_also("dist-upgrade", &["dup"], "Moves to another version of the distribution.", &[]),
            sub_also("addrepo", &["ar"], "Adds a repository.", &[]),
        ],
        cache: &[locked("/var/cache/zypp")],
        url: "https://en.opensuse.org/SDB:Zypper_manual",
        ..BLANK
    },
    CommandDoc {
        name: "pacman",
        summary: "Installs packages on Arch Linux. Update and install belong together (`-Syu`): a system that is half updated breaks.",
        example: "pacman -Syu --noconfirm --needed curl && rm -rf /var/cache/pacman/pkg/*",
        flags: &[
            flag(&["-S", "--sync"], "Installs packages."),
            usual(&["-Syu"], "Fetches the lists, updates everything, and installs."),
            flag(&["-Sy"], "Fetches the lists and installs, without an update: breaks easily."),
            flag(&["-Scc"], "Removes all downloaded packages."),
            usual(&["--noconfirm"], "Asks nothing."),
            usual(&["--needed"], "Leaves alone what is there already."),
            flag(
                &["-Rns"],
                "Removes packages with their configuration, and what was installed only for them.",
            ),
        ],
        cache: &[locked("/var/cache/pacman/pkg")],
        url: "https://man.archlinux.org/man/pacman.8",
        ..BLANK
    },
    // Package managers of languages.
    CommandDoc {
        name: "pip",
        aliases: &["pip3"],
        summary: "Installs Python packages. In an image: without its cache, or with a cache mount.",
        example: "pip install --no-cache-dir -r requirements.txt",
        flags: &[
            usual(
                &["--no-cache-dir"],
                "Stores no downloads in the image. Not together with a cache mount, which needs them.",
            ),
            flag(
                &["--disable-pip-version-check"],
                "No question to the network whether there is a newer pip.",
            ),
            flag(&["-q", "--quiet"], "Prints less."),
        ],
        subcommands: &[
            sub(
                "install",
                "Installs packages.",
                &[
                    usual_valued(
                        &["-r", "--requirement"],
                        "Installs what this file lists. Copy the file alone before, so that the step stays in the cache.",
                    ),
                    flag(
                        &["-e", "--editable"],
                        "Links to the source instead of copying it: for development.",
                    ),
                    flag(&["-U", "--upgrade"], "The newest version, even if one is there."),
                    flag(&["--require-hashes"], "Takes only files whose checksum is in the list."),
                    flag(&["--no-deps"], "Without what the packages depend on."),
                    flag(&["--user"], "Into the home folder of the user."),
                    valued(&["--target", "-t"], "Into this folder."),
                    valued(&["--prefix"], "Below this folder; easy to copy to a later stage."),
                    valued(
                        &["-i", "--index-url"],
                        "From this index. A password in the address stays in the image's history.",
                    ),
                    valued(
                        &["--extra-index-url"],
                        "From this index as well. Whoever has the higher version number wins, so a stranger can replace an internal package.",
                    ),
                    valued(
                        &["--trusted-host"],
                        "Does not check this host's certificate: anybody on the way could change the packages.",
                    ),
                    flag(
                        &["--break-system-packages"],
                        "Installs into the system's Python of Debian and Ubuntu. A virtual environment is safer.",
                    ),
                    valued(&["--root-user-action"], "`ignore`: no warning about installing as root."),
                ],
            ),
            sub(
                "wheel",
                "Builds wheels, to be copied to and installed in a later stage.",
                &[valued(&["-w", "--wheel-dir"], "Into this folder.")],
            ),
            sub("uninstall", "Removes packages.", &[usual(&["-y", "--yes"], "Does not ask.")]),
            sub("download", "Downloads packages without installing them.", &[]),
        ],
        cache: &[folder("/root/.cache/pip")],
        url: "https://pip.pypa.io/en/stable/cli/pip_install/",
    },
    CommandDoc {
        name: "uv",
        summary: "Installs Python packages, fast.",
        example: "uv sync --locked --no-dev",
        subcommands: &[
            sub(
                "sync",
                "Makes the environment exactly what `uv.lock` says.",
                &[
                    usual(&["--locked"], "Fails if `uv.lock` is out of date."),
                    usual(&["--no-dev"], "Without development packages."),
                    flag(&["--frozen"], "Takes `uv.lock` as it is."),
                    flag(
                        &["--no-install-project"],
                        "Only the dependencies; for a step of its own before `COPY . .`.",
                    ),
                    flag(&["--no-editable"], "Copies the project instead of linking to it."),
                ],
            ),
            sub(
                "pip",
                "Does what `pip` does: `uv pip install`.",
                &[
                    flag(&["--system"], "Into the image's Python instead of a virtual environment."),
                    flag(&["--no-cache"], "Stores no downloads."),
                ],
            ),
            sub("run", "Runs a command in the environment.", &[]),
        ],
        cache: &[folder("/root/.cache/uv")],
        url: "https://docs.astral.sh/uv/guides/integration/docker/",
        ..BLANK
    },
    CommandDoc {
        name: "poetry",
        summary: "Installs Python packages from `poetry.lock`.",
        example: "poetry install --only main --no-root",
        flags: &[usual(&["-n", "--no-interaction"], "Asks nothing.")],
        subcommands: &[sub(
            "install",
            "Installs what `poetry.lock` says.",
            &[
                usual_valued(
                    &["--only"],
                    "Only these groups: `--only main` leaves out development packages.",
                ),
                usual(&["--no-root"], "Only the dependencies; for a step of its own before `COPY . .`."),
                flag(&["--no-ansi"], "Without colours."),
                flag(&["--sync"], "Also removes what the file does not list."),
            ],
        )],
        cache: &[folder("/root/.cache/pypoetry")],
        url: "https://python-poetry.org/docs/cli/#install",
        ..BLANK
    },
    CommandDoc {
        name: "conda",
        aliases: &["mamba", "micromamba"],
        summary: "Installs packages of Conda.",
        example: "conda install -y -c conda-forge numpy && conda clean -afy",
        subcommands: &[
            sub(
                "install",
                "Installs packages.",
                &[
                    usual(&["-y", "--yes"], "Does not ask."),
                    valued(&["-c", "--channel"], "From this channel."),
                ],
            ),
            sub(
                "clean",
                "Removes downloads: `conda clean -afy`.",
                &[usual(&["-afy"], "Everything, also what is linked, without asking.")],
            ),
            sub("env", "Works with environments: `conda env create -f environment.yml`.", &[]),
        ],
        cache: &[folder("/opt/conda/pkgs")],
        url: "https://docs.conda.io/projects/conda/en/stable/commands/install.html",
        ..BLANK
    },
    CommandDoc {
        name: "npm",
        summary: "Installs Node.js packages. In an image use `npm ci`, which installs exactly what `package-lock.json` says.",
        example: "npm ci --omit=dev",
        flags: &[
            valued(&["--loglevel"], "How much is printed."),
            valued(&["--registry"], "From this registry."),
        ],
        subcommands: &[
            sub_also(
                "ci",
                &["clean-install"],
                "Installs exactly what `package-lock.json` says, and fails if it does not fit.",
                &[
                    usual_valued(&["--omit"], "`--omit=dev` leaves out development packages."),
                    usual(&["--no-audit"], "No report of known faults: saves a request."),
                    usual(&["--no-fund"], "No note about packages that look for funding."),
                    flag(
                        &["--ignore-scripts"],
                        "Runs no scripts of the packages: safer, but some packages need theirs.",
                    ),
                    valued(&["--only"], "Old form of `--omit`."),
                    flag(&["--legacy-peer-deps"], "Overlooks peer dependencies that contradict each other."),
                ],
            ),
            sub_also(
                "install",
                &["i", "add"],
                "Installs packages; without names those of `package.json`, possibly newer ones than the lock file has. In an image use `npm ci`.",
                &[
                    flag(&["-g", "--global"], "For the whole system; name a version (`typescript@5`)."),
                    valued(&["--omit"], "`--omit=dev` leaves out development packages."),
                    flag(&["--production"], "Old form of `--omit=dev`."),
                    flag(&["--unsafe-perm"], "Ran scripts as root; gone since npm 7."),
                ],
            ),
            sub_also("run", &["run-script"], "Runs a script of `package.json`.", &[]),
            sub(
                "start",
                "Runs the script `start`. As `CMD` start `node` directly: npm passes signals on badly.",
                &[],
            ),
            sub(
                "prune",
                "Removes packages that are not needed: `npm prune --omit=dev` after building.",
                &[usual_valued(&["--omit"], "`--omit=dev` removes development packages.")],
            ),
            sub(
                "cache",
                "`npm cache clean --force` empties the cache: needed without a cache mount.",
                &[flag(&["--force"], "npm asks for it.")],
            ),
        ],
        cache: &[folder("/root/.npm")],
        url: "https://docs.npmjs.com/cli/commands/npm-ci",
        ..BLANK
    },
    CommandDoc {
        name: "yarn",
        summary: "Installs Node.js packages from `yarn.lock`.",
        example: "yarn install --immutable",
        subcommands: &[
            sub(
                "install",
                "Installs packages.",
                &[
                    usual(&["--immutable"], "Fails if `yarn.lock` does not fit (Yarn 2 and newer)."),
                    usual(&["--frozen-lockfile"], "Fails if `yarn.lock` does not fit (Yarn 1)."),
                    flag(&["--production"], "Leaves out development packages (Yarn 1)."),
                    flag(&["--ignore-scripts"], "Runs no scripts of the packages."),
                ],
            ),
            sub("workspaces", "Works on several packages: `yarn workspaces focus --production`.", &[]),
            sub("cache", "`yarn cache clean` empties the cache: needed without a cache mount.", &[]),
        ],
        cache: &[folder("/usr/local/share/.cache/yarn"), folder("/root/.yarn/berry/cache")],
        url: "https://yarnpkg.com/cli/install",
        ..BLANK
    },
    CommandDoc {
        name: "pnpm",
        summary: "Installs Node.js packages from `pnpm-lock.yaml`.",
        example: "pnpm install --frozen-lockfile --prod",
        subcommands: &[
            sub_also(
                "install",
                &["i"],
                "Installs packages.",
                &[
                    usual(&["--frozen-lockfile"], "Fails if the lock file does not fit."),
                    usual(&["--prod", "-P"], "Leaves out development packages."),
                    flag(&["--offline"], "Only from the store, after `pnpm fetch`."),
                    flag(&["--ignore-scripts"], "Runs no scripts of the packages."),
                ],
            ),
            sub(
                "fetch",
                "Downloads what the lock file says; it needs only that file, so the step stays in the cache.",
                &[],
            ),
            sub(
                "deploy",
                "Copies one package of a workspace with what it needs.",
                &[
                    flag(&["--prod", "-P"], "Leaves out development packages."),
                    valued(&["--filter"], "Which package."),
                ],
            ),
        ],
        cache: &[folder("/root/.local/share/pnpm/store")],
        url: "https://pnpm.io/docker",
        ..BLANK
    },
    CommandDoc {
        name: "bun",
        summary: "Installs and runs JavaScript packages.",
        example: "bun install --frozen-lockfile --production",
        subcommands: &[sub_also(
            "install",
            &["i"],
            "Installs packages.",
            &[
                usual(&["--frozen-lockfile"], "Fails if the lock file does not fit."),
                usual(&["--production", "-p"], "Leaves out development packages."),
            ],
        )],
        cache: &[folder("/root/.bun/install/cache")],
        url: "https://bun.sh/docs/cli/install",
        ..BLANK
    },
    CommandDoc {
        name: "go",
        summary: "Builds Go programs. With `CGO_ENABLED=0` the result runs in `scratch`.",
        example: "CGO_ENABLED=0 go build -trimpath -ldflags=\"-s -w\" -o /app .",
        subcommands: &[
            sub(
                "build",
                "Builds a program.",
                &[
                    usual_valued(&["-o"], "The name of the result."),
                    usual(
                        &["-trimpath"],
                        "Leaves the folders of the build machine out of the result, so that it can be repeated.",
                    ),
                    usual_valued(&["-ldflags"], "Options for the linker: `-s -w` leaves out debugging data."),
                    valued(&["-tags"], "Switches on parts of the source."),
                    flag(&["-mod"], "`readonly` or `vendor`: where modules come from."),
                ],
            ),
            sub(
                "mod",
                "Works with modules: `go mod download`, after copying `go.mod` and `go.sum` alone, stays in the cache.",
                &[],
            ),
            sub("install", "Builds and installs a program; name a version: `example.com/tool@v1.2.3`.", &[]),
            sub("test", "Runs the tests.", &[]),
            sub("get", "Changes the requirements in `go.mod`; to install a program use `go install`.", &[]),
        ],
        cache: &[folder("/go/pkg/mod"), folder("/root/.cache/go-build")],
        url: "https://pkg.go.dev/cmd/go",
        ..BLANK
    },
    CommandDoc {
        name: "cargo",
        summary: "Builds Rust programs.",
        example: "cargo build --release --locked",
        subcommands: &[
            sub_also(
                "build",
                &["b"],
                "Builds the project.",
                &[
                    usual(&["--release", "-r"], "Optimized: slower to build, much faster to run."),
                    usual(&["--locked"], "Fails if `Cargo.lock` does not fit."),
                    valued(&["--target"], "For this platform, such as `x86_64-unknown-linux-musl`."),
                    valued(&["--bin"], "Only this program."),
                    valued(&["-p", "--package"], "Only this package."),
                    flag(&["--frozen"], "As `--locked`, and without the network."),
                ],
            ),
            sub(
                "install",
                "Builds and installs a program.",
                &[
                    usual(&["--locked"], "With exactly the versions that its author used."),
                    valued(&["--version"], "This version."),
                    valued(&["--root"], "Into this folder."),
                    valued(&["--path"], "From this folder: `--path .` for the project itself."),
                ],
            ),
            sub(
                "fetch",
                "Downloads what `Cargo.lock` says.",
                &[usual(&["--locked"], "Fails if `Cargo.lock` does not fit.")],
            ),
            sub("chef", "Builds the dependencies in a step of their own (the tool `cargo-chef`).", &[]),
        ],
        cache: &[folder("/usr/local/cargo/registry"), folder("/usr/local/cargo/git/db")],
        url: "https://doc.rust-lang.org/cargo/commands/cargo-build.html",
        ..BLANK
    },
    CommandDoc {
        name: "mvn",
        aliases: &["mvnw", "./mvnw"],
        summary: "Builds Java programs with Maven.",
        example: "mvn -B package -DskipTests",
        flags: &[
            usual(&["-B", "--batch-mode"], "Asks nothing, and prints no progress bars."),
            flag(&["-q", "--quiet"], "Prints less."),
            flag(&["-o", "--offline"], "Without the network, after `dependency:go-offline`."),
            flag(&["-DskipTests"], "Does not run the tests."),
            valued(&["-pl", "--projects"], "Only these modules."),
        ],
        subcommands: &[
            sub("package", "Compiles, tests and packs.", &[]),
            sub(
                "dependency:go-offline",
                "Downloads the dependencies; after copying `pom.xml` alone the step stays in the cache.",
                &[],
            ),
            sub("verify", "As `package`, with the integration tests.", &[]),
        ],
        cache: &[folder("/root/.m2")],
        url: "https://maven.apache.org/ref/current/maven-embedder/cli.html",
    },
    CommandDoc {
        name: "gradle",
        aliases: &["gradlew", "./gradlew"],
        summary: "Builds Java and Kotlin programs with Gradle.",
        example: "./gradlew build --no-daemon",
        flags: &[
            usual(
                &["--no-daemon"],
                "Leaves no process in the background; in a `RUN` it would be lost anyway.",
            ),
            valued(&["-x", "--exclude-task"], "Leaves out a task: `-x test`."),
            flag(&["--offline"], "Without the network."),
        ],
        cache: &[folder("/home/gradle/.gradle"), folder("/root/.gradle")],
        url: "https://docs.gradle.org/current/userguide/command_line_interface.html",
        ..BLANK
    },
    CommandDoc {
        name: "dotnet",
        summary: "Builds and runs .NET programs.",
        example: "dotnet publish -c Release -o /app --no-restore",
        subcommands: &[
            sub(
                "restore",
                "Downloads the packages; after copying the project files alone the step stays in the cache.",
                &[
                    usual_valued(&["-a", "--arch"], "For this processor: `-a $TARGETARCH`."),
                    flag(&["--locked-mode"], "Fails if the lock file does not fit."),
                ],
            ),
            sub(
                "publish",
                "Builds the program for use.",
                &[
                    usual_valued(&["-c", "--configuration"], "`-c Release`: optimized."),
                    usual_valued(&["-o", "--output"], "Into this folder."),
                    usual(&["--no-restore"], "Downloads nothing, as it is done."),
                    flag(&["--self-contained"], "With .NET inside: runs without it being installed."),
                    valued(&["-r", "--runtime"], "For this platform, such as `linux-x64`."),
                ],
            ),
            sub(
                "build",
                "Compiles the program; for an image use `publish`.",
                &[valued(&["-c", "--configuration"], "`-c Release`: optimized.")],
            ),
            sub("test", "Runs the tests.", &[]),
        ],
        cache: &[folder("/root/.nuget/packages")],
        url: "https://learn.microsoft.com/en-us/dotnet/core/tools/dotnet-publish",
        ..BLANK
    },
    CommandDoc {
        name: "gem",
        summary: "Installs Ruby packages.",
        example: "gem install --no-document bundler -v 2.6.0",
        subcommands: &[sub_also(
            "install",
            &["i"],
            "Installs packages.",
            &[
                usual(&["--no-document", "-N"], "Without documentation."),
                usual_valued(&["-v", "--version"], "This version."),
            ],
        )],
        cache: &[folder("/usr/local/bundle/cache")],
        url: "https://guides.rubygems.org/command-reference/#gem-install",
        ..BLANK
    },
    CommandDoc {
        name: "bundle",
        aliases: &["bundler"],
        summary: "Installs Ruby packages from `Gemfile.lock`.",
        example: "bundle install --jobs 4",
        subcommands: &[
            sub(
                "install",
                "Installs what `Gemfile.lock` says.",
                &[
                    usual_valued(&["-j", "--jobs"], "How many at once."),
                    valued(&["--without"], "Leaves out groups; today set `BUNDLE_WITHOUT`."),
                    flag(&["--deployment"], "Today set `BUNDLE_DEPLOYMENT=1`."),
                ],
            ),
            sub("config", "Stores a setting.", &[]),
            sub("exec", "Runs a command with the installed packages.", &[]),
        ],
        cache: &[folder("/usr/local/bundle/cache")],
        url: "https://bundler.io/man/bundle-install.1.html",
        ..BLANK
    },
    CommandDoc {
        name: "composer",
        summary: "Installs PHP packages from `composer.lock`.",
        example: "composer install --no-dev --optimize-autoloader --no-interaction",
        subcommands: &[sub(
            "install",
            "Installs what `composer.lock` says.",
            &[
                usual(&["--no-dev"], "Without development packages."),
                usual(&["-n", "--no-interaction"], "Asks nothing."),
                usual(&["-o", "--optimize-autoloader"], "Makes loading classes faster."),
                flag(&["--no-scripts"], "Runs no scripts: needed if the project itself is not copied yet."),
                flag(
                    &["--no-autoloader"],
                    "For a step of its own before `COPY . .`; later run `composer dump-autoload`.",
                ),
                flag(&["--prefer-dist"], "Archives instead of Git copies."),
            ],
        )],
        cache: &[folder("/tmp/cache"), folder("/root/.composer/cache")],
        url: "https://getcomposer.org/doc/03-cli.md#install-i",
        ..BLANK
    },
    CommandDoc {
        name: "docker-php-ext-install",
        summary: "Compiles and switches on PHP extensions, in the official PHP images.",
        example: "docker-php-ext-install -j$(nproc) pdo_mysql",
        flags: &[valued(&["-j"], "How many at once: `-j$(nproc)`.")],
        url: "https://hub.docker.com/_/php",
        ..BLANK
    },
    // Downloads.
    CommandDoc {
        name: "curl",
        summary: "Downloads from the network. In an image: fail on errors, follow redirects, and check the result.",
        example: "curl -fsSL -o /tmp/tool.tar.gz https://example.com/tool.tar.gz",
        flags: &[
            usual(
                &["-f", "--fail"],
                "Fails if the server answers with an error. Without it the error page is taken for the file.",
            ),
            usual(&["-s", "--silent"], "Prints no progress."),
            usual(&["-S", "--show-error"], "Prints errors even with `-s`."),
            usual(&["-L", "--location"], "Follows redirects."),
            usual(&["-fsSL"], "Fails on errors, silent but for errors, follows redirects: the usual four."),
            usual_valued(&["-o", "--output"], "Into this file."),
            flag(&["-O", "--remote-name"], "Into a file named as in the address."),
            flag(
                &["-k", "--insecure"],
                "Does not check the certificate: anybody on the way could change the file.",
            ),
            valued(
                &["-H", "--header"],
                "Sends this header. A token in it stays in the image's history: use a secret mount.",
            ),
            valued(
                &["-u", "--user"],
                "Name and password. They stay in the image's history: use a secret mount.",
            ),
            valued(&["--retry"], "Tries again this many times."),
            valued(&["--proto"], "Only these protocols: `--proto '=https'`."),
            flag(&["--tlsv1.2"], "At least TLS 1.2."),
            valued(&["-x", "--proxy"], "Through this proxy."),
        ],
        url: "https://curl.se/docs/manpage.html",
        ..BLANK
    },
    CommandDoc {
        name: "wget",
        summary: "Downloads from the network. BusyBox has a small version of it, in Alpine as well.",
        example: "wget -qO /tmp/tool.tar.gz https://example.com/tool.tar.gz",
        flags: &[
            usual(
                &["-q", "--quiet"],
                "Prints nothing, also no progress: thousands of lines in a build's log.",
            ),
            usual_valued(&["-O", "--output-document"], "Into this file; `-` prints it."),
            usual(&["-nv", "--no-verbose"], "Prints one line a file."),
            valued(&["--progress"], "`--progress=dot:giga`: short progress."),
            flag(
                &["--no-check-certificate"],
                "Does not check the certificate: anybody on the way could change the file.",
            ),
            valued(&["-P", "--directory-prefix"], "Into this folder."),
            flag(&["--spider"], "Only asks whether it is there; used in health checks."),
            valued(&["-t", "--tries"], "Tries this many times."),
        ],
        url: "https://www.gnu.org/software/wget/manual/wget.html",
        ..BLANK
    },
    CommandDoc {
        name: "git",
        summary: "Fetches source code. `ADD https://….git#tag /src` does it without Git in the image.",
        example: "git clone --depth 1 --branch v1.2.3 https://github.com/me/tool.git",
        subcommands: &[
            sub(
                "clone",
                "Copies a repository. The step stays in the cache even if the branch moves: name a tag or commit.",
                &[
                    usual_valued(&["--depth"], "`--depth 1`: without history."),
                    usual_valued(&["-b", "--branch"], "This branch or tag."),
                    flag(&["--recursive", "--recurse-submodules"], "With submodules."),
                    flag(&["--single-branch"], "Only one branch."),
                ],
            ),
            sub("checkout", "Goes to a branch, tag or commit.", &[]),
            sub("submodule", "Works with submodules.", &[]),
        ],
        url: "https://git-scm.com/docs/git-clone",
        ..BLANK
    },
    CommandDoc {
        name: "tar",
        summary: "Packs and unpacks archives. `ADD` unpacks local archives by itself.",
        example: "tar -xzf tool.tar.gz -C /opt --strip-components=1",
        flags: &[
            flag(&["-x", "--extract"], "Unpacks."),
            flag(&["-c", "--create"], "Packs."),
            flag(&["-z", "--gzip"], "With gzip; when unpacking a file it is recognised."),
            valued(&["-f", "--file"], "This file; `-` is standard input or output."),
            usual(&["-xzf"], "Unpacks this gzip archive."),
            usual_valued(&["-C", "--directory"], "In this folder."),
            usual_valued(
                &["--strip-components"],
                "`--strip-components=1` leaves out the outermost folder of the archive.",
            ),
            flag(&["--no-same-owner"], "The files belong to who unpacks them."),
        ],
        url: "https://www.gnu.org/software/tar/manual/tar.html",
        ..BLANK
    },
    CommandDoc {
        name: "unzip",
        summary: "Unpacks zip files. Many images do not have it.",
        example: "unzip -q tool.zip -d /opt/tool",
        flags: &[
            usual(&["-q"], "Prints no list of files."),
            valued(&["-d"], "Into this folder."),
            flag(&["-o"], "Overwrites without asking."),
        ],
        url: "https://manpages.debian.org/stable/unzip/unzip.1.en.html",
        ..BLANK
    },
    CommandDoc {
        name: "sha256sum",
        summary: "Computes or checks checksums: what is downloaded should be checked.",
        example: "echo \"<digest>  tool.tar.gz\" | sha256sum -c -",
        flags: &[usual(&["-c", "--check"], "Checks: reads lines of a checksum, two blanks and a file name.")],
        url: "https://www.gnu.org/software/coreutils/manual/html_node/sha2-utilities.html",
        ..BLANK
    },
    CommandDoc {
        name: "gpg",
        summary: "Checks signatures and reads keys.",
        example: "gpg --batch --verify tool.tar.gz.asc tool.tar.gz",
        flags: &[
            usual(&["--batch"], "Asks nothing."),
            flag(&["--verify"], "Checks a signature."),
            flag(&["--dearmor"], "Turns a text key into the form that apt wants in `/etc/apt/keyrings`."),
            flag(&["--recv-keys"], "Fetches keys from a key server."),
        ],
        url: "https://gnupg.org/documentation/manuals/gnupg/",
        ..BLANK
    },
    // Users and files.
    CommandDoc {
        name: "useradd",
        summary: "Creates a user on Debian, Ubuntu, Fedora and their like. Alpine has `adduser` instead.",
        example: "useradd --create-home --shell /usr/sbin/nologin app",
        flags: &[
            usual(&["-m", "--create-home"], "Makes the home folder."),
            flag(&["-r", "--system"], "A system user: low number, no home folder."),
            valued(
                &["-u", "--uid"],
                "This number. Very high numbers make a huge login log in the image; add `--no-log-init`.",
            ),
            valued(&["-g", "--gid"], "This main group."),
            valued(&["-G", "--groups"], "These groups as well."),
            valued(&["-s", "--shell"], "This shell; `/usr/sbin/nologin` if nobody should log in."),
            valued(&["-d", "--home-dir", "--home"], "This home folder."),
            flag(&["-U", "--user-group"], "Makes a group of the same name."),
            flag(
                &["-l", "--no-log-init"],
                "Keeps the user out of the login log, which would be huge for high numbers.",
            ),
        ],
        url: "https://manpages.debian.org/stable/passwd/useradd.8.en.html",
        ..BLANK
    },
    CommandDoc {
        name: "adduser",
        summary: "Creates a user. Alpine and Debian have different programs of this name.",
        example: "adduser -D -s /sbin/nologin app",
        flags: &[
            usual(&["-D"], "Alpine: without a password. Else it asks, and the build stops."),
            usual(&["--disabled-password"], "Debian: without a password. Else it asks, and the build stops."),
            usual_valued(&["--gecos"], "Debian: the full name; `--gecos \"\"` avoids a question."),
            usual(&["-S"], "Alpine: a system user."),
            flag(&["--system"], "Debian: a system user."),
            valued(&["-G"], "Alpine: this main group."),
            valued(&["--ingroup"], "Debian: this main group."),
            flag(&["--group"], "Debian: makes a group of the same name."),
            valued(&["-u", "--uid"], "This number."),
            valued(&["-h", "--home"], "This home folder."),
            flag(&["-H", "--no-create-home"], "Without a home folder."),
            valued(&["-s", "--shell"], "This shell."),
        ],
        url: "https://wiki.alpinelinux.org/wiki/Setting_up_a_new_user",
        ..BLANK
    },
    CommandDoc {
        name: "groupadd",
        summary: "Creates a group on Debian, Ubuntu, Fedora and their like.",
        example: "groupadd --system app",
        flags: &[
            flag(&["-r", "--system"], "A system group: low number."),
            valued(&["-g", "--gid"], "This number."),
        ],
        url: "https://manpages.debian.org/stable/passwd/groupadd.8.en.html",
        ..BLANK
    },
    CommandDoc {
        name: "addgroup",
        summary: "Creates a group on Alpine and Debian.",
        example: "addgroup -S app && adduser -S -G app app",
        flags: &[usual(&["-S", "--system"], "A system group."), valued(&["-g", "--gid"], "This number.")],
        url: "https://wiki.alpinelinux.org/wiki/Setting_up_a_new_user",
        ..BLANK
    },
    CommandDoc {
        name: "usermod",
        summary: "Changes a user.",
        example: "usermod -aG docker app",
        flags: &[
            valued(&["-aG"], "Puts the user into these groups as well."),
            valued(&["-u", "--uid"], "Gives the user another number."),
        ],
        url: "https://manpages.debian.org/stable/passwd/usermod.8.en.html",
        ..BLANK
    },
    CommandDoc {
        name: "chown",
        summary: "Changes the owner of files. After a `COPY` it stores all of them a second time: use `COPY --chown`.",
        example: "mkdir -p /data && chown app:app /data",
        flags: &[flag(
            &["-R", "--recursive"],
            "With all that is in the folder. Each file is stored again in this layer.",
        )],
        url: "https://www.gnu.org/software/coreutils/manual/html_node/chown-invocation.html",
        ..BLANK
    },
    CommandDoc {
        name: "chmod",
        summary: "Changes the permissions of files. After a `COPY` it stores them a second time: use `COPY --chmod`.",
        example: "chmod +x /usr/local/bin/tool",
        flags: &[
            flag(
                &["-R", "--recursive"],
                "With all that is in the folder. Each file is stored again in this layer.",
            ),
            flag(&["+x"], "Makes it executable."),
            flag(&["777"], "Everybody may do everything: rarely right."),
        ],
        url: "https://www.gnu.org/software/coreutils/manual/html_node/chmod-invocation.html",
        ..BLANK
    },
    CommandDoc {
        name: "rm",
        summary: "Deletes files. From an earlier layer it saves no space: delete in the `RUN` that made them.",
        example: "rm -rf /var/lib/apt/lists/*",
        flags: &[
            usual(&["-rf", "-fr"], "Folders with all in them, and no complaint if there is nothing."),
            flag(&["-r", "-R", "--recursive"], "Folders with all in them."),
            flag(&["-f", "--force"], "No complaint if there is nothing."),
        ],
        url: "https://www.gnu.org/software/coreutils/manual/html_node/rm-invocation.html",
        ..BLANK
    },
    CommandDoc {
        name: "mkdir",
        summary: "Makes folders. `WORKDIR` and `COPY` make theirs by themselves.",
        example: "mkdir -p /data/cache",
        flags: &[
            usual(&["-p", "--parents"], "With all folders on the way, and no complaint if it is there."),
            valued(&["-m", "--mode"], "With these permissions."),
        ],
        url: "https://www.gnu.org/software/coreutils/manual/html_node/mkdir-invocation.html",
        ..BLANK
    },
    CommandDoc {
        name: "ln",
        summary: "Makes links.",
        example: "ln -sf /dev/stdout /var/log/nginx/access.log",
        flags: &[
            usual(&["-s", "--symbolic"], "A symbolic link."),
            flag(&["-f", "--force"], "Replaces what is there."),
        ],
        url: "https://www.gnu.org/software/coreutils/manual/html_node/ln-invocation.html",
        ..BLANK
    },
    CommandDoc {
        name: "sed",
        summary: "Changes text in files.",
        example: "sed -i 's/old/new/' /etc/app.conf",
        flags: &[
            usual(&["-i", "--in-place"], "Changes the file itself."),
            valued(&["-e", "--expression"], "One more change."),
            flag(&["-E", "-r", "--regexp-extended"], "Extended patterns."),
        ],
        url: "https://www.gnu.org/software/sed/manual/sed.html",
        ..BLANK
    },
    // The shell itself.
    CommandDoc {
        name: "cd",
        summary: "Changes the folder until the end of this `RUN`. For the following instructions use `WORKDIR`.",
        example: "",
        url: "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/cd.html",
        ..BLANK
    },
    CommandDoc {
        name: "export",
        summary: "Sets an environment variable until the end of this `RUN`. For the following instructions use `ENV`.",
        example: "",
        url: "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#export",
        ..BLANK
    },
    CommandDoc {
        name: "source",
        summary: "Reads a script into this shell, until the end of this `RUN`. Only bash has it; `/bin/sh` says `.` instead.",
        example: "",
        url: "https://www.gnu.org/software/bash/manual/bash.html#index-source",
        ..BLANK
    },
    CommandDoc {
        name: "set",
        summary: "Changes how the shell works. In a heredoc begin with `set -e`: else the build goes on after a fault.",
        example: "",
        flags: &[
            usual(&["-e"], "Stops at the first command that fails."),
            usual(&["-x"], "Prints each command before it runs. Secrets too."),
            usual(&["-u"], "A variable that is not set is a fault."),
            usual_valued(
                &["-o"],
                "`-o pipefail`: a pipe fails if any part of it fails. bash and ash have it, dash not.",
            ),
            usual(&["-eux"], "Stops at faults and unset variables, and prints each command."),
            usual(&["-ex"], "Stops at faults and prints each command."),
        ],
        url: "https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html",
        ..BLANK
    },
    CommandDoc {
        name: "exec",
        summary: "Puts the program in the place of the shell, so that it receives the signals. The last line of a start script: `exec \"$@\"`.",
        example: "",
        url: "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#exec",
        ..BLANK
    },
    CommandDoc {
        name: "sudo",
        summary: "Runs a command as another user. In an image it is rarely needed: `RUN` is root already; in the container use `gosu` or `su-exec`.",
        example: "",
        url: "https://www.sudo.ws/docs/man/sudo.man/",
        ..BLANK
    },
    CommandDoc {
        name: "service",
        aliases: &["systemctl"],
        summary: "Starts and stops services where a service manager runs. In a container none does: start the program itself, as `CMD`.",
        example: "",
        url: "https://docs.docker.com/engine/containers/multi-service_container/",
        ..BLANK
    },
    CommandDoc {
        name: "locale-gen",
        summary: "Makes languages on Debian and Ubuntu. `ENV LANG=C.UTF-8` gives Unicode without it.",
        example: "sed -i 's/# de_DE.UTF-8/de_DE.UTF-8/' /etc/locale.gen && locale-gen",
        url: "https://manpages.debian.org/stable/locales/locale-gen.8.en.html",
        ..BLANK
    },
    CommandDoc {
        name: "make",
        summary: "Builds programs by the rules in a `Makefile`.",
        example: "make -j$(nproc) && make install",
        flags: &[
            usual_valued(&["-j", "--jobs"], "How many at once: `-j$(nproc)`."),
            valued(&["-C", "--directory"], "In this folder."),
        ],
        url: "https://www.gnu.org/software/make/manual/make.html",
        ..BLANK
    },
    CommandDoc {
        name: "update-ca-certificates",
        summary: "Takes the certificates in `/usr/local/share/ca-certificates` into the list that programs trust.",
        example: "",
        url: "https://manpages.debian.org/stable/ca-certificates/update-ca-certificates.8.en.html",
        ..BLANK
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_stands_twice() {
        let mut names: Vec<_> = COMMANDS.iter().flat_map(|it| it.aliases.iter().chain([&it.name])).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn every_command_and_flag_is_documented() {
        for it in COMMANDS {
            assert!(it.summary.ends_with('.') && it.url.starts_with("https://"), "{}", it.name);
            let flags = it.flags.iter().chain(it.subcommands.iter().flat_map(|sub| sub.flags));
            for flag in flags {
                assert!(
                    !flag.names.is_empty() && flag.summary.ends_with('.'),
                    "{} {:?}",
                    it.name,
                    flag.names
                );
            }
            assert!(it.subcommands.iter().all(|sub| sub.summary.ends_with('.')), "{}", it.name);
        }
    }

    #[test]
    fn flags_of_one_place_have_no_spelling_in_common() {
        for it in COMMANDS {
            for flags in it.subcommands.iter().map(|sub| sub.flags).chain([it.flags]) {
                let mut names: Vec<_> = flags.iter().flat_map(|flag| flag.names).collect();
                let count = names.len();
                names.sort();
                names.dedup();
                assert_eq!(names.len(), count, "{}", it.name);
            }
        }
    }

    #[test]
    fn a_flag_is_found_through_its_subcommand() {
        let apt = command("apt-get").expect("apt-get is in the table");
        let install = apt.subcommand("install");
        assert!(apt.flag(install, "--no-install-recommends").is_some_and(|it| it.usual));
        assert!(apt.flag(install, "-y").is_some());
        assert!(apt.flag(None, "--no-install-recommends").is_none());
        let npm = command("npm").expect("npm is in the table");
        assert!(npm.flag(npm.subcommand("ci"), "--omit=dev").is_some());
        assert_eq!(command("pip3").map(|it| it.name), Some("pip"));
    }

    #[test]
    fn a_cache_folder_is_a_mount_flag() {
        assert_eq!(
            locked("/var/cache/apt").mount_flag(),
            "--mount=type=cache,target=/var/cache/apt,sharing=locked"
        );
        assert_eq!(folder("/root/.npm").mount_flag(), "--mount=type=cache,target=/root/.npm");
    }
}
