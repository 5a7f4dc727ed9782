//! `curl -k`, `apt-get --allow-unauthenticated`.

use crate::analysis::lint::prelude::*;

rule! {
    /// A download is told not to check who it comes from.
    ///
    /// Without the check, anyone on the way can put another file or package in place, and it becomes part of the image.
    /// Mostly the flag covers up that certificates or keys are missing, which takes one more package to repair.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// RUN curl -k -O https://example.org/app.tar.gz
    /// ```
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// RUN apt-get update && apt-get install -y ca-certificates curl
    /// RUN curl -O https://example.org/app.tar.gz
    /// ```
    name: "insecure-download",
    aliases: &[],
    url: "https://docs.docker.com/build/building/best-practices/",
    check: Check::Shell { on: &[Keyword::Run], deferred: true, check },
}

fn check(cx: &ShellContext<'_>, report: &mut Report<'_>) {
    for called in cx.commands() {
        let Some(flag) = unsafe_flag(called.command) else { continue };
        let instead = match called.name() {
            "curl" | "wget" | "git" => "leave it out, and install `ca-certificates` if the check fails",
            _ => "leave it out, and add the key of the repository if it is missing",
        };
        let message = format!("`{}` switches off the check of who this comes from: {instead}", flag.as_str());
        report.at(flag.range, message);
    }
}

fn unsafe_flag(command: &ShellCommand) -> Option<&ShellWord> {
    let any = |names: &[&str]| names.iter().find_map(|name| command.flag(name));
    let argument = |text: &str| command.arguments.iter().find(|it| it.as_str().starts_with(text));
    match command.name() {
        "curl" => any(&["insecure"]).or_else(|| command.arguments.iter().find(|it| is_curl_k(it.as_str()))),
        "wget" => argument("--no-check-certificate"),
        "apt-get" | "apt" | "aptitude" => {
            argument("--allow-unauthenticated").or_else(|| argument("--force-yes"))
        }
        "apk" => argument("--allow-untrusted"),
        "yum" | "dnf" | "microdnf" | "tdnf" => argument("--nogpgcheck"),
        "zypper" => argument("--no-gpg-check"),
        "git" => argument("http.sslVerify=false"),
        _ => None,
    }
}

/// `-k` alone or among letters without values: `-sSkL`.
fn is_curl_k(word: &str) -> bool {
    let Some(letters) = word.strip_prefix('-').filter(|it| !it.starts_with('-')) else { return false };
    let before = letters.split('k').next().unwrap_or_default();
    letters.contains('k') && before.chars().all(|c| "fsSLOJgiIvRZ#0146".contains(c))
}

#[cfg(test)]
mod tests {
    use super::is_curl_k;
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn each_program_has_its_flag() {
        check_rule(
            "insecure-download",
            "FROM a\nRUN curl -fskL x | wget --no-check-certificate y\n         ^^^^^ switches off\n                        ^^^^^^^^^^^^^^^^^^^^^^\nRUN sudo apt-get install --force-yes z\n                         ^^^^^^^^^^^\nRUN curl -fsSL -o k --keepalive-time 2 x\n",
        );
    }

    #[test]
    fn a_value_is_no_flag() {
        assert!(is_curl_k("-k") && is_curl_k("-Lk"));
        assert!(!is_curl_k("-ok") && !is_curl_k("--k") && !is_curl_k("-Hkey") && !is_curl_k("k"));
    }
}
