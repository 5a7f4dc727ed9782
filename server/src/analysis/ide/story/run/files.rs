//! Downloads, files, users, and the shell's own commands.

use super::super::text::{code, names};
use super::{operands, subcommand};
use crate::analysis::model::shell::ShellCommand;

/// What `command`, a call of `name`, does: an empty text when that is not worth a word, `None` for other programs.
pub fn phrase(name: &str, command: &ShellCommand) -> Option<String> {
    network(name, command)
        .or_else(|| file(name, command))
        .or_else(|| user(name, command))
        .or_else(|| shell(name, command))
}

fn network(name: &str, command: &ShellCommand) -> Option<String> {
    Some(match name {
        "curl" | "wget" => download(name, command)?,
        "git" => match subcommand(command, &["-C", "-c"]) {
            "clone" => {
                let words = operands(command, "clone", &["-b", "--branch", "--depth", "-C", "-c"]);
                format!("clones the Git repository {}", code(words.first()?))
            }
            "config" => "configures Git".to_owned(),
            "checkout" => {
                format!("switches the Git repository to {}", names(operands(command, "checkout", &["-b"]), 1))
            }
            "submodule" => "fetches the Git submodules".to_owned(),
            _ => return None,
        },
        "gpg" => "uses GnuPG on signing keys or signatures".to_owned(),
        "update-ca-certificates" => "makes added certificates count for TLS".to_owned(),
        _ => return None,
    })
}

/// Flags of curl and wget that take the next word.
const DOWNLOAD_VALUES: &[&str] = &[
    "-o",
    "-O",
    "--output",
    "--output-document",
    "-H",
    "--header",
    "-u",
    "--user",
    "-d",
    "--data",
    "-X",
    "--request",
    "--retry",
    "--retry-delay",
    "--connect-timeout",
    "--max-time",
    "-m",
    "-A",
    "--user-agent",
    "-P",
    "-t",
    "-T",
    "--tries",
    "--timeout",
    "--cacert",
    "-e",
];

fn download(name: &str, command: &ShellCommand) -> Option<String> {
    // `-O` takes a file in wget only.
    let with_value: Vec<&str> =
        DOWNLOAD_VALUES.iter().copied().filter(|it| name == "wget" || *it != "-O").collect();
    let words = operands(command, "", &with_value);
    let is_address = |it: &&str| it.contains("://") || it.starts_with("www.");
    let variable = words.iter().copied().find(|it| it.starts_with('$'));
    let mut addresses: Vec<&str> = words.iter().copied().filter(is_address).collect();
    if addresses.is_empty() {
        addresses.extend(variable);
    }
    // The grammar cuts some words in two before a `$`.
    if addresses.is_empty() || addresses.iter().any(|it| it.ends_with('$')) {
        return None;
    }
    let address = names(addresses, 3);
    let words = || command.arguments.iter().map(|it| it.as_str());
    let output = match name {
        "curl" => words().zip(words().skip(1)).find(|(flag, _)| is_curl_output(flag)).map(|it| it.1),
        _ => words().zip(words().skip(1)).find(|(flag, _)| is_wget_output(flag)).map(|it| it.1),
    };
    let target = output.or_else(|| redirected(command).map(|it| it.1)).filter(|it| *it != "-");
    let told = format!("downloads {address}");
    Some(match target {
        Some("/dev/null") => format!("asks {address}"),
        Some(file) => format!("{told} to {}", code(file)),
        None => told,
    })
}

fn is_curl_output(flag: &str) -> bool {
    flag == "--output" || (flag.starts_with('-') && !flag.starts_with("--") && flag.ends_with('o'))
}

fn is_wget_output(flag: &str) -> bool {
    flag == "--output-document" || (flag.starts_with('-') && !flag.starts_with("--") && flag.ends_with('O'))
}

/// The file that the output goes to, and whether it is added to what is there.
fn redirected(command: &ShellCommand) -> Option<(bool, &str)> {
    command.redirections.iter().find_map(|it| {
        let operator = it.operator.trim_start_matches('1');
        let is_output = matches!(operator, ">" | ">>" | ">|" | "&>");
        let target = it.target.as_ref()?.as_str();
        (is_output && !target.starts_with("/dev/")).then_some((operator == ">>", target))
    })
}

/// Whether `tar` is asked to unpack.
pub fn unpacks(command: &ShellCommand) -> bool {
    let has_letter = |it: &str| it.contains('x') && it.chars().all(|it| it.is_ascii_alphabetic());
    command.has_any_flag(&["x", "extract", "get"])
        || command.arguments.first().is_some_and(|it| has_letter(it.as_str()))
}

/// The folder that `tar` unpacks into.
pub fn tar_folder(command: &ShellCommand) -> Option<String> {
    let words = || command.arguments.iter().map(|it| it.as_str());
    let is_flag = |it: &str| it == "-C" || it == "--directory" || (is_cluster(it) && it.ends_with('C'));
    let next = words().zip(words().skip(1)).find(|(flag, _)| is_flag(flag)).map(|it| it.1);
    next.or_else(|| words().find_map(|it| it.strip_prefix("--directory="))).map(str::to_owned)
}

fn is_cluster(flag: &str) -> bool {
    flag.starts_with('-') && !flag.starts_with("--")
}

fn file(name: &str, command: &ShellCommand) -> Option<String> {
    let words = operands(command, "", &[]);
    let all = |most| names(words.iter().copied(), most);
    let last = words.last().copied().unwrap_or_default();
    let before = words.get(..words.len().saturating_sub(1)).unwrap_or_default();
    Some(match name {
        "mkdir" => {
            let folders = operands(command, "", &["-m", "--mode"]);
            let noun = if folders.len() == 1 { "folder" } else { "folders" };
            format!("makes the {noun} {}", names(folders, 6))
        }
        "rm" | "rmdir" => format!("deletes {}", all(5)),
        "mv" if !before.is_empty() => format!("moves {} to {}", names(before.iter().copied(), 4), code(last)),
        "cp" if !before.is_empty() => {
            format!("copies {} to {}", names(before.iter().copied(), 4), code(last))
        }
        "ln" if !before.is_empty() => {
            format!("makes {} a link to {}", code(last), names(before.iter().copied(), 2))
        }
        "touch" => format!("makes sure that {} exists", all(4)),
        "chmod" => {
            let mode = command.arguments.iter().map(|it| it.as_str()).find(|it| is_mode(it))?;
            let files: Vec<&str> = words.iter().copied().filter(|it| *it != mode).collect();
            match mode {
                "+x" | "a+x" | "u+x" | "755" | "0755" if !command.has_any_flag(&["R", "recursive"]) => {
                    format!("makes {} executable", names(files, 4))
                }
                _ => format!("sets the permissions of {} to {}", names(files, 4), code(mode)),
            }
        }
        "chown" => {
            let owner = words.first()?;
            let files = words.get(1..).unwrap_or_default();
            format!("gives {} to the user {}", names(files.iter().copied(), 4), code(owner))
        }
        "chgrp" => format!("gives {} to a group", names(words.iter().skip(1).copied(), 4)),
        "tar" if unpacks(command) => match tar_folder(command) {
            Some(folder) => format!("unpacks an archive into {}", code(&folder)),
            None => "unpacks an archive".to_owned(),
        },
        "tar" => "packs files into an archive".to_owned(),
        "unzip" => {
            let archives = operands(command, "", &["-d", "-x"]);
            let told = format!("unpacks {}", names(archives.into_iter().take(1), 1));
            let words = || command.arguments.iter().map(|it| it.as_str());
            match words().zip(words().skip(1)).find(|(flag, _)| *flag == "-d") {
                Some((_, folder)) => format!("{told} into {}", code(folder)),
                None => told,
            }
        }
        "gunzip" | "bunzip2" | "unxz" => format!("unpacks {}", all(2)),
        "sed" if command.has_any_flag(&["i", "in-place"]) => format!("changes the file {}", code(last)),
        "sha256sum" | "sha512sum" | "sha1sum" | "md5sum" => "compares checksums".to_owned(),
        "cat" | "echo" | "printf" => written(name, command),
        "strip" => "removes debugging information from programs".to_owned(),
        "ls" => "lists files, for the log of the build".to_owned(),
        "find" if command.has_argument("-delete") || command.has_argument("rm") => {
            format!("looks for files below {} and deletes them", code(words.first().copied().unwrap_or(".")))
        }
        _ => return None,
    })
}

fn is_mode(word: &str) -> bool {
    let is_number = !word.is_empty() && word.bytes().all(|it| it.is_ascii_digit());
    let letters = word.chars().all(|it| "ugoarwxXst+-=,".contains(it));
    is_number || (letters && word.contains(['+', '=', '-']) && !word.starts_with("--"))
}

fn written(name: &str, command: &ShellCommand) -> String {
    match redirected(command) {
        Some((true, file)) => format!("adds text to {}", code(file)),
        Some((false, file)) => format!("writes {}", code(file)),
        None if name == "cat" => "prints a file".to_owned(),
        None => "prints a text".to_owned(),
    }
}

fn user(name: &str, command: &ShellCommand) -> Option<String> {
    const VALUES: &[&str] = &[
        "-u",
        "--uid",
        "-g",
        "--gid",
        "-G",
        "--groups",
        "-s",
        "--shell",
        "-d",
        "--home",
        "--home-dir",
        "-h",
        "-c",
        "--comment",
        "--gecos",
        "-k",
        "-p",
        "-m",
        "-b",
        "-l",
    ];
    let is_create_home = name == "useradd" || name == "usermod";
    let values: Vec<&str> =
        VALUES.iter().copied().filter(|it| !(is_create_home && matches!(*it, "-m" | "-l"))).collect();
    let values: Vec<&str> =
        values.into_iter().filter(|it| name == "adduser" || !matches!(*it, "-h" | "-m")).collect();
    let words = operands(command, "", &values);
    let last = code(words.last().copied().unwrap_or_default());
    Some(match name {
        _ if words.is_empty()
            && matches!(name, "useradd" | "adduser" | "groupadd" | "addgroup" | "usermod") =>
        {
            return None;
        }
        "adduser" if words.len() == 2 && command.flags().is_empty() => {
            format!("adds the user {} to the group {last}", code(words.first().copied().unwrap_or_default()))
        }
        "useradd" | "adduser" => format!("creates the user {last}"),
        "addgroup" if words.len() == 2 && command.flags().is_empty() => {
            format!("adds the user {} to the group {last}", code(words.first().copied().unwrap_or_default()))
        }
        "groupadd" | "addgroup" => format!("creates the group {last}"),
        "usermod" => format!("changes the user {last}"),
        "chpasswd" | "passwd" => "sets a password".to_owned(),
        _ => return None,
    })
}

fn shell(name: &str, command: &ShellCommand) -> Option<String> {
    let words = operands(command, "", &[]);
    let first = words.first().copied();
    Some(match name {
        "cd" => format!("goes to the folder {} (for this step only)", code(first?)),
        "export" => {
            let names_of = words.iter().map(|it| it.split('=').next().unwrap_or(it));
            format!("sets {} for the rest of this step", names(names_of, 4))
        }
        "set" if command.has_flag("e") && command.has_flag("x") => {
            "makes the shell print each command and stop at the first that fails".to_owned()
        }
        "set" if command.has_flag("e") => "makes the shell stop at the first command that fails".to_owned(),
        "set" if command.has_flag("x") => "makes the shell print each command".to_owned(),
        "source" | "." => format!("reads settings from {} (for this step only)", code(first?)),
        "sh" | "bash" | "ash" | "zsh" => {
            let script = first.filter(|_| !command.has_flag("c"))?;
            format!("runs the script {}", code(script))
        }
        "true" | ":" => String::new(),
        "sleep" => "waits a moment".to_owned(),
        "ldconfig" => "registers shared libraries".to_owned(),
        "locale-gen" => "makes translations and formats of a language available (locales)".to_owned(),
        "ssh-keyscan" => "notes the SSH key of a server as known".to_owned(),
        // What depends on it is told as that.
        "test" | "[" | "[[" => String::new(),
        "exit" if first.is_none_or(|it| it == "0") => "ends the script".to_owned(),
        "exit" => "stops the build".to_owned(),
        _ => return None,
    })
}
