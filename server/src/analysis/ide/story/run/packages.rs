//! Package managers.

use super::super::text::{code, names};
use super::{operands, subcommand};
use crate::analysis::model::shell::ShellCommand;

/// What `command`, a call of the package manager `name`, does; `None` for other programs.
pub fn phrase(name: &str, command: &ShellCommand) -> Option<String> {
    match name {
        "apt-get" | "apt" | "aptitude" => apt(command),
        "apk" => apk(command),
        "dnf" | "dnf5" | "yum" | "microdnf" | "tdnf" | "zypper" => rpm(name, command),
        "pacman" => pacman(command),
        "pip" | "pip2" | "pip3" => pip(command, &operands(command, "", PIP_VALUES)),
        "python" | "python2" | "python3" if is_module(command, "pip") => {
            let words = operands(command, "", PIP_VALUES);
            pip(command, &words)
        }
        "uv" => uv(command),
        "poetry" | "pipenv" | "pdm" | "conda" | "mamba" | "micromamba" => environment(name, command),
        "npm" | "yarn" | "pnpm" | "bun" => node(name, command),
        "corepack" => Some("switches on the package managers that come with Node.js".to_owned()),
        "gem" if subcommand(command, &[]) == "install" => {
            installs(&operands(command, "install", &["-v", "--version"]), "gem")
        }
        "bundle" => match subcommand(command, &[]) {
            "install" | "" => Some("installs the Ruby gems that the `Gemfile` lists".to_owned()),
            "config" => Some("configures Bundler".to_owned()),
            _ => None,
        },
        "composer" => match subcommand(command, &["-d", "--working-dir"]) {
            "install" => Some("installs the PHP packages that `composer.json` lists".to_owned()),
            "require" => installs(&operands(command, "require", &["-d", "--working-dir"]), "Composer"),
            "dump-autoload" | "dumpautoload" => Some("writes Composer's list of PHP classes".to_owned()),
            _ => None,
        },
        "docker-php-ext-install" => {
            let extensions = operands(command, "", &["-j"]);
            let noun = if extensions.len() == 1 { "extension" } else { "extensions" };
            (!extensions.is_empty())
                .then(|| format!("builds and installs the PHP {noun} {}", names(extensions, 8)))
        }
        "docker-php-ext-enable" => {
            let extensions = operands(command, "", &[]);
            let noun = if extensions.len() == 1 { "extension" } else { "extensions" };
            Some(format!("switches on the PHP {noun} {}", names(extensions, 8)))
        }
        "docker-php-ext-configure" => {
            Some(format!("sets options for the PHP extension {}", names(operands(command, "", &[]), 1)))
        }
        "pecl" if subcommand(command, &[]) == "install" => {
            installs(&operands(command, "install", &[]), "PECL")
        }
        "dpkg" if command.has_any_flag(&["i", "install"]) => {
            Some(format!("installs the package files {}", names(operands(command, "", &[]), 4)))
        }
        "rpm" if command.has_any_flag(&["i", "U", "install", "import"]) => {
            let what = if command.has_flag("import") { "trusts the signing key" } else { "installs" };
            Some(format!("{what} {} with rpm", names(operands(command, "", &[]), 4)))
        }
        "add-apt-repository" | "apt-add-repository" => {
            Some(format!("adds the package source {}", names(operands(command, "", &[]), 2)))
        }
        "apt-key" => Some("trusts a signing key for apt packages".to_owned()),
        _ => None,
    }
}

fn installs(packages: &[&str], tool: &str) -> Option<String> {
    (!packages.is_empty()).then(|| format!("installs {} with {tool}", names(packages.iter().copied(), 8)))
}

fn removes(packages: &[&str], tool: &str) -> Option<String> {
    (!packages.is_empty()).then(|| format!("removes {} with {tool}", names(packages.iter().copied(), 8)))
}

fn is_module(command: &ShellCommand, module: &str) -> bool {
    let words = || command.arguments.iter().map(|it| it.as_str());
    words().zip(words().skip(1)).any(|(flag, name)| flag == "-m" && name == module)
}

fn apt(command: &ShellCommand) -> Option<String> {
    const VALUES: &[&str] = &["-t", "--target-release", "-o", "--option", "-c"];
    let packages = |word| operands(command, word, VALUES);
    match subcommand(command, VALUES) {
        "update" => Some("fetches the lists of apt packages".to_owned()),
        "install" => installs(&packages("install"), "apt"),
        word @ ("upgrade" | "dist-upgrade" | "full-upgrade") => {
            packages(word).is_empty().then(|| "updates all apt packages to today's versions".to_owned())
        }
        word @ ("remove" | "purge") => removes(&packages(word), "apt"),
        "autoremove" => Some("removes apt packages that nothing needs any more".to_owned()),
        "clean" | "autoclean" => Some("deletes apt's downloads".to_owned()),
        "build-dep" => Some(format!("installs what building {} needs", names(packages("build-dep"), 4))),
        _ => None,
    }
}

fn apk(command: &ShellCommand) -> Option<String> {
    const VALUES: &[&str] = &["-t", "--virtual", "-X", "--repository", "-p", "--root"];
    match subcommand(command, VALUES) {
        "update" => Some("fetches the list of Alpine packages".to_owned()),
        "upgrade" => Some("updates all Alpine packages to today's versions".to_owned()),
        "add" => installs(&operands(command, "add", VALUES), "apk"),
        "del" => removes(&operands(command, "del", VALUES), "apk"),
        _ => None,
    }
}

fn rpm(tool: &str, command: &ShellCommand) -> Option<String> {
    const VALUES: &[&str] =
        &["--setopt", "--enablerepo", "--disablerepo", "--releasever", "--installroot", "-c", "--repo"];
    let word = subcommand(command, VALUES);
    let packages = operands(command, word, VALUES);
    match word {
        "install" | "in" | "localinstall" => installs(&packages, tool),
        "groupinstall" => Some(format!("installs the package groups {} with {tool}", names(packages, 4))),
        "remove" | "erase" | "rm" => removes(&packages, tool),
        "update" | "upgrade" | "up" | "dup" if packages.is_empty() => {
            Some(format!("updates all packages to today's versions with {tool}"))
        }
        "update" | "upgrade" => Some(format!("updates {} with {tool}", names(packages, 8))),
        "makecache" | "refresh" | "ref" => Some(format!("fetches {tool}'s lists of packages")),
        "clean" => Some(format!("deletes what {tool} downloaded")),
        "autoremove" => Some(format!("removes packages that nothing needs any more with {tool}")),
        _ => None,
    }
}

fn pacman(command: &ShellCommand) -> Option<String> {
    let packages = operands(command, "", &[]);
    if !command.has_flag("S") {
        return None;
    }
    match (packages.is_empty(), command.has_flag("c")) {
        (true, true) => Some("deletes pacman's downloads".to_owned()),
        (true, false) => Some("updates pacman's packages".to_owned()),
        (false, _) => installs(&packages, "pacman"),
    }
}

const PIP_VALUES: &[&str] = &[
    "-m",
    "-r",
    "--requirement",
    "-c",
    "--constraint",
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "-t",
    "--target",
    "--prefix",
    "--timeout",
    "--default-timeout",
    "--trusted-host",
    "--root-user-action",
    "--cache-dir",
    "--progress-bar",
    "--retries",
    "--python",
    "-p",
    "-e",
    "--editable",
];

fn pip(command: &ShellCommand, words: &[&str]) -> Option<String> {
    let packages: Vec<&str> = words.iter().copied().skip_while(|it| *it != "install").skip(1).collect();
    match words.first().copied() {
        Some("install") => python_packages(command, packages, "pip"),
        Some("wheel") => Some("builds installable files (wheels) of Python packages".to_owned()),
        Some("uninstall") => Some("removes Python packages".to_owned()),
        Some("cache") => Some("deletes pip's downloads".to_owned()),
        _ => None,
    }
}

fn python_packages(command: &ShellCommand, packages: Vec<&str>, tool: &str) -> Option<String> {
    let listed = values(command, &["-r", "--requirement"]);
    let mut what: Vec<String> =
        listed.iter().map(|it| format!("the packages that {} lists", code(it))).collect();
    let editable = values(command, &["-e", "--editable"]);
    let projects = packages.iter().copied().filter(|it| is_project(it)).chain(editable.iter().copied());
    what.extend(projects.map(|it| match it {
        "." | "./" => "the Python project in the working directory".to_owned(),
        other => format!("the Python project {}", code(other)),
    }));
    let named: Vec<&str> = packages.into_iter().filter(|it| !is_project(it)).collect();
    if !named.is_empty() {
        what.push(names(named, 8));
    }
    (!what.is_empty()).then(|| format!("installs {} with {tool}", super::super::text::list(&what)))
}

fn is_project(word: &str) -> bool {
    word.starts_with('.') || (word.starts_with('/') && !word.ends_with(".whl"))
}

/// The values of all flags with one of these names.
fn values<'a>(command: &'a ShellCommand, flags: &[&str]) -> Vec<&'a str> {
    let words: Vec<&str> = command.arguments.iter().map(|it| it.as_str()).collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        for flag in flags {
            if word == flag {
                found.extend(words.get(at + 1).copied());
            } else if let Some(value) = word.strip_prefix(flag) {
                let is_long = flag.starts_with("--");
                let value = if is_long { value.strip_prefix('=') } else { Some(value) };
                found.extend(value.filter(|it| !it.is_empty()));
            }
        }
    }
    found
}

fn uv(command: &ShellCommand) -> Option<String> {
    let words = operands(command, "", PIP_VALUES);
    match words.as_slice() {
        ["sync", ..] => {
            Some("installs the Python packages that the project's lock file names, with uv".to_owned())
        }
        ["pip", "sync", ..] => Some("makes the installed Python packages match a list, with uv".to_owned()),
        ["pip", "install", packages @ ..] => python_packages(command, packages.to_vec(), "uv"),
        ["venv", ..] => Some("makes a virtual environment for Python".to_owned()),
        ["python", "install", ..] => Some("installs Python with uv".to_owned()),
        _ => None,
    }
}

fn environment(tool: &str, command: &ShellCommand) -> Option<String> {
    const VALUES: &[&str] =
        &["-n", "--name", "-c", "--channel", "-f", "--file", "-p", "--prefix", "--without", "--only"];
    let word = subcommand(command, VALUES);
    let packages = operands(command, word, VALUES);
    match (tool, word) {
        ("poetry", "config") => Some("configures Poetry".to_owned()),
        ("poetry" | "pdm" | "pipenv", "install" | "sync") if packages.is_empty() => {
            Some(format!("installs the Python packages that the project asks for, with {tool}"))
        }
        ("poetry", "export") => Some("writes the project's list of Python packages to a file".to_owned()),
        (_, "install") => installs(&packages, tool),
        (_, "env") => Some(format!("makes an environment with {tool}")),
        (_, "create") => Some(format!("makes an environment with {tool}")),
        (_, "clean") => Some(format!("deletes what {tool} downloaded")),
        _ => None,
    }
}

fn node(tool: &str, command: &ShellCommand) -> Option<String> {
    const VALUES: &[&str] = &[
        "--registry",
        "--prefix",
        "--filter",
        "--cwd",
        "--cache",
        "--mutex",
        "--network-timeout",
        "-C",
        "--dir",
    ];
    let word = subcommand(command, VALUES);
    let rest = operands(command, word, VALUES);
    let is_global = command.has_any_flag(&["g", "global"]);
    let listed = || format!("installs the Node.js packages that `package.json` lists, with {tool}");
    match word {
        "ci" => Some(format!("installs exactly the Node.js packages that the lock file names, with {tool}")),
        "" if tool == "yarn" => Some(listed()),
        "install" | "i" | "add" if rest.is_empty() && !is_global => {
            match command.has_any_flag(&["frozen-lockfile", "immutable"]) {
                true => Some(format!(
                    "installs exactly the Node.js packages that the lock file names, with {tool}"
                )),
                false => Some(listed()),
            }
        }
        "global" if rest.first() == Some(&"add") => {
            installs(rest.get(1..).unwrap_or_default(), tool).map(|it| format!("{it} for the whole image"))
        }
        "install" | "i" | "add" if is_global => {
            installs(&rest, tool).map(|it| format!("{it} for the whole image"))
        }
        "install" | "i" | "add" => installs(&rest, tool),
        "fetch" => Some(format!("downloads the packages that the lock file names, with {tool}")),
        "run" | "run-script" => {
            let script = rest.first()?;
            Some(format!("runs the script {} of `package.json`", code(script)))
        }
        "build" | "test" | "start" | "lint" if tool != "bun" => {
            Some(format!("runs the script {} of `package.json`", code(word)))
        }
        "cache" => Some(format!("cleans {tool}'s cache")),
        "prune" => Some("removes packages that the program does not need to run".to_owned()),
        "config" | "set" => Some(format!("configures {tool}")),
        _ => None,
    }
}
