//! An engine's error message: without its chain of prefixes, and what it says about place and exit code.

use std::ops::RangeInclusive;

/// What an error message says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// A sentence for people.
    pub message: String,
    /// The builder's words without its prefixes.
    pub said: String,
    pub lines: Option<RangeInclusive<u32>>,
    pub word: Option<String>,
    pub exit_code: Option<i32>,
    /// The instruction it quotes.
    pub instruction: Option<String>,
    /// Another step failed, or the user ended the build.
    pub is_cancellation: bool,
}

/// What only says which part of the builder passed the error on; longest first where one begins another.
const PREFIXES: &[&str] = &[
    "ERROR: ",
    "Error: ",
    "error: ",
    "Error response from daemon: ",
    "failed to build LLB: ",
    "failed to build: ",
    "failed to solve with frontend dockerfile.v0: ",
    "failed to solve with frontend gateway.v0: ",
    "failed to solve: ",
    "failed to create LLB definition: ",
    "failed to compute cache key: ",
    "failed to load cache key: ",
    "failed to read dockerfile: ",
    "COPY failed: ",
    "ADD failed: ",
    "Build error: ",
];

/// Reads one error message.
pub fn read(text: &str) -> Said {
    let message = without_prefixes(text.trim());
    let quoted = quoted_instruction(message);
    let rest = quoted.as_ref().map_or(message, |(_, rest)| without_prefixes(rest));
    Said {
        message: sentence(rest),
        said: rest.to_owned(),
        lines: parse_error_lines(rest),
        word: word(rest),
        exit_code: exit_code(rest),
        instruction: quoted.map(|(instruction, _)| instruction),
        is_cancellation: rest.ends_with("context canceled") || rest.contains("code = Canceled"),
    }
}

/// Lines that an engine prints about itself in the middle of what a command prints.
pub fn is_engine_chatter(line: &str) -> bool {
    line.starts_with("subprocess exited with status ")
        || (line.starts_with("time=\"") && line.contains(" level="))
        || line.trim().is_empty()
}

fn without_prefixes(text: &str) -> &str {
    let mut text = text;
    loop {
        let shorter =
            PREFIXES.iter().find_map(|it| text.strip_prefix(it)).or_else(|| without_counted_prefix(text));
        match shorter {
            Some(rest) => text = rest,
            None => return text,
        }
    }
}

/// Prefixes with a number in them.
fn without_counted_prefix(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix("rpc error: code = ") {
        return rest.split_once(" desc = ").map(|(_, rest)| rest);
    }
    if text.starts_with("checking on sources under \"") {
        return text.split_once("copier: stat: ").map(|(_, rest)| rest);
    }
    // The reference is a random number of this build, and says nothing.
    let rest = text.strip_prefix("failed to calculate checksum of ref ")?;
    rest.split_once(": ").map(|(_, rest)| rest)
}

/// What the builder said, as a sentence where its own is none: it repeats the command, or shows its insides.
fn sentence(said: &str) -> String {
    let beginnings = ["process \"", "executor failed running ", "The command '", "exit status "];
    let is_command = beginnings.iter().any(|it| said.starts_with(it));
    match exit_code(said).filter(|_| is_command) {
        Some(code) => format!("the command ended with exit code {code}"),
        None if is_command => {
            let reason = said.rsplit_once("successfully: ").or_else(|| said.rsplit_once("]: "));
            reason.map_or(said, |(_, it)| it).to_owned()
        }
        None => said.split(" &imagebuilder.Step{").next().unwrap_or(said).to_owned(),
    }
}

/// Podman and Buildah: `building at STEP "RUN …": …` quotes as Go does.
fn quoted_instruction(text: &str) -> Option<(String, &str)> {
    let rest = text.strip_prefix("building at STEP \"")?;
    let mut instruction = String::new();
    let mut characters = rest.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => instruction.extend(characters.next().map(|(_, it)| it)),
            '"' => {
                let rest = rest.get(at + 1..)?.trim_start_matches([':', ' ']);
                return Some((instruction, rest.strip_prefix("while running runtime: ").unwrap_or(rest)));
            }
            it => instruction.push(it),
        }
    }
    None
}

/// `dockerfile parse error on line 3: …`, `… on lines 3-5: …`, older ones without `on`.
fn parse_error_lines(text: &str) -> Option<RangeInclusive<u32>> {
    let (_, rest) = text.split_once("parse error ")?;
    let rest = rest.strip_prefix("on ").unwrap_or(rest);
    let rest = rest.strip_prefix("lines ").or_else(|| rest.strip_prefix("line "))?;
    let (first, behind) = number(rest)?;
    let last = behind.strip_prefix('-').and_then(number).map_or(first, |(last, _)| last);
    Some(first..=last.max(first))
}

fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Some((digits.parse().ok()?, rest))
}

fn exit_code(text: &str) -> Option<i32> {
    let marks = ["exit code: ", "non-zero code: ", "exit status "];
    let rest = marks.iter().find_map(|mark| text.rsplit_once(mark)).map(|(_, rest)| rest)?;
    number(rest).and_then(|(code, _)| i32::try_from(code).ok())
}

/// The path, image, stage or instruction that the message is about.
fn word(text: &str) -> Option<String> {
    missing_path(text)
        .or_else(|| address(text))
        .or_else(|| wrong_name(text))
        .or_else(|| image(text))
        .map(str::to_owned)
}

/// The path of a `COPY` or `ADD` that is not there, as the message writes it.
pub fn missing_path(text: &str) -> Option<&str> {
    if text.starts_with('"') && text.contains("not found") {
        return text.split('"').nth(1);
    }
    if let Some((_, rest)) = text.split_once("by .dockerignore: stat ") {
        return rest.split_once(": ").map(|(path, _)| path);
    }
    if text.starts_with(['"', '[']) && text.contains("no such file or directory") {
        return text.split('"').nth(1);
    }
    let (_, rest) = text.split_once("no items matching glob \"")?;
    rest.split('"').next()?.rsplit('/').next()
}

/// `Get "http://…": dial tcp …`
fn address(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("Get \"")?;
    rest.split('"').next().filter(|it| it.starts_with("http"))
}

fn wrong_name(text: &str) -> Option<&str> {
    let (_, rest) = text
        .split_once("unknown instruction: ")
        .or_else(|| text.split_once("Unknown instruction: "))
        .or_else(|| text.split_once("COPY --from="))
        .or_else(|| text.split_once("invalid from flag value "))?;
    rest.split([' ', ':']).next().map(|it| it.trim_matches('"')).filter(|it| !it.is_empty())
}

/// `alpine:nope: not found`, `pull access denied for nope, …`, `manifest for alpine:nope not found: …`.
pub fn image(text: &str) -> Option<&str> {
    let behind = |mark: &str| text.split_once(mark).map(|(_, rest)| rest);
    if let Some(rest) = behind("pull access denied for ").or_else(|| behind("manifest for ")) {
        return rest.split([',', ' ']).next();
    }
    if let Some(rest) =
        behind("failed to resolve source metadata for ").or_else(|| behind("creating build container: "))
    {
        return rest.split(": ").next().filter(|it| !it.contains(' '));
    }
    let name = text.strip_suffix(": not found")?;
    (!name.is_empty() && !name.contains([' ', '"'])).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_not_shown_the_command_again() {
        let check = |text: &str, message: &str| assert_eq!(read(text).message, message);
        let code = "the command ended with exit code 3";
        check("process \"/bin/sh -c x\" did not complete successfully: exit code: 3", code);
        check("executor failed running [/bin/sh -c x]: exit code: 3", code);
        check("The command '/bin/sh -c x' returned a non-zero code: 3", code);
        check("Error: building at STEP \"RUN x\": exit status 3", code);
        check(
            "process \"/bin/sh -c x\" did not complete successfully: unable to find user a: invalid argument",
            "unable to find user a: invalid argument",
        );
        let insides = "Build error: Unknown instruction: \"RUNN\" &imagebuilder.Step{Env:[]string{}}";
        check(insides, "Unknown instruction: \"RUNN\"");
    }

    #[test]
    fn prefixes_of_the_builder_are_left_out() {
        let check = |text: &str, message: &str| assert_eq!(read(text).message, message);
        check("ERROR: failed to build: failed to solve: x: y", "x: y");
        check(
            "ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref a::b: \"/x\": not found",
            "\"/x\": not found",
        );
        check("ERROR: failed to solve: rpc error: code = Unknown desc = x", "x");
        check("Error: building at STEP \"RUN a \\\"b\\\"\": while running runtime: x", "x");
        check("ERROR: ", "ERROR:");
    }

    #[test]
    fn lines_of_parse_errors_are_found() {
        let lines = |text| read(text).lines;
        assert_eq!(lines("dockerfile parse error on line 3: unknown instruction: RUNN"), Some(3..=3));
        assert_eq!(lines("dockerfile parse error line 12: x"), Some(12..=12));
        assert_eq!(lines("dockerfile parse error on lines 3-5: x"), Some(3..=5));
        assert_eq!(lines("dockerfile parse error on line 99999999999: x"), None);
    }

    #[test]
    fn the_word_that_is_wrong_is_found() {
        let word = |text: &str| read(text).word.unwrap_or_default();
        assert_eq!(word("failed to compute cache key: \"/nothere\" not found: not found"), "/nothere");
        assert_eq!(
            word("COPY failed: file not found in build context or excluded by .dockerignore: stat a: b"),
            "a"
        );
        assert_eq!(
            word("checking on sources under \"/c\": copier: stat: \"/b\": no such file or directory"),
            "/b"
        );
        let several =
            "checking on sources under \"/c\": Rel: x; copier: stat: [\"/b*\"]: no such file or directory";
        assert_eq!(word(several), "/b*");
        assert_eq!(
            word("dockerfile parse error on line 3: unknown instruction: RUNN (did you mean RUN?)"),
            "RUNN"
        );
        assert_eq!(word("docker.io/library/alpine:nope: not found"), "docker.io/library/alpine:nope");
        assert_eq!(word("pull access denied for nope, repository does not exist"), "nope");
        assert_eq!(
            word("Get \"http://127.0.0.1:1/x\": dial tcp 127.0.0.1:1: refused"),
            "http://127.0.0.1:1/x"
        );
        assert_eq!(word("secret token: not found"), "");
    }

    #[test]
    fn exit_codes_are_found() {
        let code = |text: &str| read(text).exit_code;
        assert_eq!(code("process \"x\" did not complete successfully: exit code: 3"), Some(3));
        assert_eq!(code("The command 'x' returned a non-zero code: 127"), Some(127));
        assert_eq!(code("building at STEP \"RUN a\": exit status 3"), Some(3));
        assert_eq!(code("exit code: x"), None);
    }
}
