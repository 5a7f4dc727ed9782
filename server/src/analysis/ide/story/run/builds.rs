//! Compilers, interpreters, and what drives them.

use super::super::text::{code, names};
use super::{operands, subcommand};
use crate::analysis::model::shell::ShellCommand;

/// What `command`, a call of the tool `name`, does; `None` for other programs.
pub fn phrase(name: &str, command: &ShellCommand) -> Option<String> {
    Some(match name {
        "go" => go(command)?,
        "cargo" => cargo(command)?,
        "rustup" => "sets up the Rust toolchain".to_owned(),
        "mvn" | "mvnw" => jvm("Maven", command, &["-f", "--file", "-pl", "-P", "-s"])?,
        "gradle" | "gradlew" => jvm("Gradle", command, &["-p", "-x", "--project-dir"])?,
        "dotnet" => dotnet(command)?,
        "make" => make(command),
        "cmake" if command.has_flag("build") => "builds the project that CMake prepared".to_owned(),
        "cmake" => "prepares a build with CMake".to_owned(),
        "ninja" => "builds the project with Ninja".to_owned(),
        "configure" => "looks at the system and prepares a build (`configure`)".to_owned(),
        "gcc" | "g++" | "cc" | "c++" | "clang" | "clang++" => compile(command)?,
        "javac" => "compiles Java sources".to_owned(),
        "tsc" => "compiles TypeScript to JavaScript".to_owned(),
        "python" | "python2" | "python3" => python(name, command)?,
        "node" | "ruby" | "perl" | "php" | "Rscript" => interpreter(name, command)?,
        "java" => java(command)?,
        "npx" | "bunx" => {
            let words = operands(command, "", &["-p", "--package"]);
            format!("runs the Node.js program {}", code(&words.join(" ")))
        }
        _ => return None,
    })
}

fn go(command: &ShellCommand) -> Option<String> {
    const VALUES: &[&str] = &["-o", "-ldflags", "-tags", "-gcflags", "-mod", "-C", "-p", "-run"];
    let word = subcommand(command, VALUES);
    let packages = operands(command, word, VALUES);
    Some(match word {
        "build" => {
            let words = || command.arguments.iter().map(|it| it.as_str());
            let output = words().zip(words().skip(1)).find(|(flag, _)| *flag == "-o").map(|(_, file)| file);
            match output {
                Some(file) => format!("compiles the Go program and writes it to {}", code(file)),
                None => "compiles the Go program".to_owned(),
            }
        }
        "install" if packages.is_empty() => "compiles and installs the Go program".to_owned(),
        "install" => format!("compiles and installs the Go programs {}", names(packages, 4)),
        "get" if packages.is_empty() => "downloads the Go modules that the program needs".to_owned(),
        "get" => format!("downloads the Go modules {}", names(packages, 4)),
        "mod" => match packages.first().copied() {
            Some("download") => "downloads the Go modules that `go.mod` names".to_owned(),
            Some("tidy") => "makes `go.mod` fit the source".to_owned(),
            Some("vendor") => "copies the Go modules into the folder `vendor`".to_owned(),
            Some("verify") => "checks the downloaded Go modules".to_owned(),
            _ => return None,
        },
        "test" => "runs the Go tests".to_owned(),
        "generate" => "runs the generators named in the Go source".to_owned(),
        "vet" => "looks for mistakes in the Go source".to_owned(),
        "env" => "sets options of Go".to_owned(),
        _ => return None,
    })
}

fn cargo(command: &ShellCommand) -> Option<String> {
    const VALUES: &[&str] = &[
        "--bin",
        "--target",
        "-p",
        "--package",
        "--features",
        "--manifest-path",
        "--version",
        "--root",
        "--profile",
        "--git",
        "--recipe-path",
        "-j",
    ];
    let words = operands(command, "", VALUES);
    let word = words.into_iter().find(|it| !it.starts_with('+')).unwrap_or_default();
    let packages = operands(command, word, VALUES);
    Some(match word {
        "build" | "b" if command.has_any_flag(&["release", "r"]) => {
            "compiles the Rust program, optimized".to_owned()
        }
        "build" | "b" => "compiles the Rust program".to_owned(),
        "install" if packages.is_empty() => "compiles and installs the Rust program".to_owned(),
        "install" => format!("compiles and installs the Rust programs {}", names(packages, 4)),
        "fetch" => "downloads the Rust packages that `Cargo.lock` names".to_owned(),
        "test" => "runs the Rust tests".to_owned(),
        "chef" => match packages.first().copied() {
            Some("prepare") => "writes down which Rust packages the program needs (cargo-chef)".to_owned(),
            Some("cook") => "compiles the Rust packages that the program needs (cargo-chef)".to_owned(),
            _ => return None,
        },
        "init" | "new" => "makes an empty Rust project".to_owned(),
        _ => return None,
    })
}

fn jvm(tool: &str, command: &ShellCommand, with_value: &[&str]) -> Option<String> {
    let goals = operands(command, "", with_value);
    let goals: Vec<&str> = goals.into_iter().filter(|it| !it.starts_with("-D")).collect();
    (!goals.is_empty()).then(|| format!("runs {} of {tool}", names(goals, 5)))
}

fn dotnet(command: &ShellCommand) -> Option<String> {
    Some(match subcommand(command, &["-c", "-o"]) {
        "restore" => "downloads the .NET packages that the project needs".to_owned(),
        "build" => "compiles the .NET project".to_owned(),
        "publish" => "compiles the .NET project and collects what it needs to run".to_owned(),
        "test" => "runs the .NET tests".to_owned(),
        "tool" => "installs a .NET tool".to_owned(),
        "new" => "makes a new .NET project".to_owned(),
        _ => return None,
    })
}

fn make(command: &ShellCommand) -> String {
    let targets = operands(command, "", &["-j", "-C", "-f"]);
    let targets: Vec<&str> = targets
        .into_iter()
        .filter(|it| !it.contains('=') && !it.starts_with("$(") && it.parse::<u32>().is_err())
        .collect();
    match targets.is_empty() {
        true => "builds what the `Makefile` makes first".to_owned(),
        false => format!("builds {} of the `Makefile`", names(targets, 4)),
    }
}

fn compile(command: &ShellCommand) -> Option<String> {
    let file = command.flag_value("o")?;
    Some(format!("compiles {}", code(&file)))
}

fn python(name: &str, command: &ShellCommand) -> Option<String> {
    let mut words = command.arguments.iter().map(|it| it.as_str());
    let first = words.find(|it| !it.starts_with('-') || matches!(*it, "-c" | "-m" | "-V" | "--version"))?;
    Some(match first {
        "-c" => "runs a line of Python".to_owned(),
        "-V" | "--version" => "prints the version of Python".to_owned(),
        "-m" => match words.next()? {
            "venv" | "virtualenv" => {
                format!(
                    "makes a virtual environment for Python in {}",
                    code(words.rfind(|it| !it.starts_with('-'))?)
                )
            }
            module => format!("runs the Python module {}", code(module)),
        },
        "setup.py" => "runs the project's `setup.py`".to_owned(),
        script => with_arguments(&format!("runs the program {} with {name}", code(script)), words.collect()),
    })
}

fn interpreter(name: &str, command: &ShellCommand) -> Option<String> {
    let mut words = command.arguments.iter().map(|it| it.as_str());
    let first = words.next()?;
    match first {
        "-e" | "-r" | "--eval" => Some(format!("runs a line of {name}")),
        "-v" | "--version" => Some(format!("prints the version of {name}")),
        flag if flag.starts_with('-') => None,
        script => {
            Some(with_arguments(&format!("runs the program {} with {name}", code(script)), words.collect()))
        }
    }
}

fn with_arguments(phrase: &str, arguments: Vec<&str>) -> String {
    match arguments.is_empty() {
        true => phrase.to_owned(),
        false => format!("{phrase}, giving it {}", code(&arguments.join(" "))),
    }
}

fn java(command: &ShellCommand) -> Option<String> {
    let words = || command.arguments.iter().map(|it| it.as_str());
    let file = words().zip(words().skip(1)).find(|(flag, _)| *flag == "-jar").map(|(_, file)| file)?;
    Some(format!("runs the Java program {}", code(file)))
}
