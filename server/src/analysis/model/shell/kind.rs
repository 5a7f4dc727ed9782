//! Which program reads a shell text.

use smol_str::SmolStr;

/// A program that runs a script.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ShellKind {
    /// `sh`, `dash`: what runs when nothing else is said.
    #[default]
    Sh,
    Bash,
    /// BusyBox.
    Ash,
    Zsh,
    Ksh,
    PowerShell,
    /// `cmd`, the default of Windows images.
    Cmd,
    /// No shell: `python3`, `node`; or one we do not know, such as `fish`.
    Other(SmolStr),
}

impl ShellKind {
    /// By the program's name, with or without path: `/bin/bash`, `pwsh.exe`, `python3`.
    pub fn of_program(program: &str) -> ShellKind {
        let name = program.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
        match name.strip_suffix(".exe").unwrap_or(&name) {
            "sh" | "dash" => ShellKind::Sh,
            "bash" => ShellKind::Bash,
            "ash" | "busybox" => ShellKind::Ash,
            "zsh" => ShellKind::Zsh,
            "ksh" | "mksh" | "ksh93" => ShellKind::Ksh,
            "powershell" | "pwsh" => ShellKind::PowerShell,
            "cmd" => ShellKind::Cmd,
            other => ShellKind::Other(other.into()),
        }
    }

    /// By the words of `SHELL [...]`: `env` is looked through.
    pub fn of_words<'a>(words: impl IntoIterator<Item = &'a str>) -> ShellKind {
        let mut words = words.into_iter();
        let first = words.next().unwrap_or_default();
        let is_env = first.rsplit('/').next() == Some("env");
        let is_program = |word: &&str| !word.starts_with('-') && !word.contains('=');
        let program = if is_env { words.find(is_program) } else { Some(first) };
        ShellKind::of_program(program.unwrap_or_default())
    }

    /// By the first line of a script, `None` when it is no `#!` line.
    pub fn of_shebang(script: &str) -> Option<ShellKind> {
        let line = script.strip_prefix("#!")?.lines().next()?;
        Some(ShellKind::of_words(line.split_whitespace()))
    }

    /// Whether scripts for it can be read as those of the POSIX family.
    pub fn is_posix(&self) -> bool {
        !matches!(self, ShellKind::PowerShell | ShellKind::Cmd | ShellKind::Other(_))
    }

    /// What people call it.
    pub fn as_str(&self) -> &str {
        match self {
            ShellKind::Sh => "sh",
            ShellKind::Bash => "bash",
            ShellKind::Ash => "ash",
            ShellKind::Zsh => "zsh",
            ShellKind::Ksh => "ksh",
            ShellKind::PowerShell => "PowerShell",
            ShellKind::Cmd => "cmd",
            ShellKind::Other(name) => name,
        }
    }
}

/// Whether an image of that name (with its tag) is one for Windows, as far as the name tells: Microsoft's
/// bases and the tags of official images built on them.
pub fn is_windows_image(image: &str) -> bool {
    let image = image.to_ascii_lowercase();
    let image = image.split('@').next().unwrap_or_default();
    image.contains("nanoserver")
        || image.contains("servercore")
        || image.contains("mcr.microsoft.com/windows")
        || image.starts_with("mcr.microsoft.com/dotnet/framework/")
        || image.starts_with("microsoft/windows")
        || image.starts_with("microsoft/dotnet-framework")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_known_by_name() {
        assert_eq!(ShellKind::of_program("/bin/bash"), ShellKind::Bash);
        assert_eq!(ShellKind::of_program(r"C:\Windows\System32\CMD.exe"), ShellKind::Cmd);
        assert_eq!(ShellKind::of_program("pwsh"), ShellKind::PowerShell);
        assert_eq!(ShellKind::of_program("fish"), ShellKind::Other("fish".into()));
        assert_eq!(ShellKind::of_words(["/usr/bin/env", "-S", "A=b", "zsh", "-c"]), ShellKind::Zsh);
    }

    #[test]
    fn a_shebang_names_the_program() {
        assert_eq!(ShellKind::of_shebang("#!/bin/sh -e\nls"), Some(ShellKind::Sh));
        let python = ShellKind::of_shebang("#! /usr/bin/env python3\n");
        assert_eq!(python, Some(ShellKind::Other("python3".into())));
        assert_eq!(ShellKind::of_shebang("# no\n#!/bin/sh"), None);
    }

    #[test]
    fn windows_images_are_known_by_name() {
        assert!(is_windows_image("mcr.microsoft.com/windows/servercore:ltsc2022"));
        assert!(is_windows_image("golang:1.23-nanoserver"));
        assert!(is_windows_image("mcr.microsoft.com/dotnet/framework/aspnet"));
        assert!(!is_windows_image("mcr.microsoft.com/dotnet/sdk:9.0"));
    }
}
