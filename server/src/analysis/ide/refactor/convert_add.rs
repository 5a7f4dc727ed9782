//! `ADD` to `COPY` and back, `ADD` of an address to a download in `RUN` and back.

use super::segments::{Join, Segment};
use super::{Answer, Context, Kind, Recipe, Refactoring, Refusal};
use crate::analysis::knowledge::{Distribution, Keyword};
use crate::analysis::model::shell::{ShellCommand, ShellKind};
use crate::analysis::syntax::InstructionRef;
use crate::analysis::syntax::ast::{Arguments, Copy};
use crate::analysis::syntax::expansion::Word;
use crate::analysis::text::TextEdit;

pub static ADD_TO_COPY: Recipe = Recipe {
    name: "add-to-copy",
    kind: Kind::Rewrite,
    summary: "Writes `COPY` for an `ADD` of plain files: both do the same to them. Not for addresses, Git repositories, \
archives (which `ADD` unpacks) and names that a variable decides.",
    before: "\
FROM alpine:3.22
ADD --chown=1000 <|>src config.yml /app/
",
    after: "\
FROM alpine:3.22
COPY --chown=1000 src config.yml /app/
",
    offer: add_to_copy,
};

pub static COPY_TO_ADD: Recipe = Recipe {
    name: "copy-to-add",
    kind: Kind::Rewrite,
    summary: "Writes `ADD` for a `COPY` of an archive, which is then unpacked. Not with flags that `ADD` does not have.",
    before: "\
FROM alpine:3.22
COPY <|>rootfs.tar.gz /
",
    after: "\
FROM alpine:3.22
ADD rootfs.tar.gz /
",
    offer: copy_to_add,
};

pub static ADD_TO_DOWNLOAD: Recipe = Recipe {
    name: "add-to-curl",
    kind: Kind::Rewrite,
    summary: "Writes `ADD` of an address as a download in `RUN`, with `curl` (`wget` in Alpine): a checksum becomes a check \
with `sha256sum`, owner and permissions are set as `ADD` sets them. The program must be in the image.",
    before: "\
FROM debian:13
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d <|>\\
    https://example.com/tool /usr/local/bin/
",
    after: "\
FROM debian:13
RUN curl -fsSL --create-dirs -o /usr/local/bin/tool https://example.com/tool && \\
    echo '24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d  /usr/local/bin/tool' | sha256sum -c - && \\
    chmod 600 /usr/local/bin/tool
",
    offer: add_to_download,
};

pub static DOWNLOAD_TO_ADD: Recipe = Recipe {
    name: "curl-to-add",
    kind: Kind::Rewrite,
    summary: "Writes a `RUN` that only downloads a file with `curl` or `wget` as `ADD`, which needs no program in the image \
and stays in the cache while the file is the same. A check with `sha256sum` becomes `--checksum`, a `chmod` becomes \
`--chmod`.",
    before: "\
FROM debian:13
RUN curl -fsSL -o <|>/usr/local/bin/tool https://example.com/tool && \\
    echo \"24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d  /usr/local/bin/tool\" | sha256sum -c - && \\
    chmod 755 /usr/local/bin/tool
",
    after: "\
FROM debian:13
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d --chmod=755 \\
    https://example.com/tool /usr/local/bin/tool
",
    offer: download_to_add,
};

fn copy_of<'a>(cx: &Context<'a>, keyword: Keyword) -> Option<(InstructionRef<'a>, &'a Copy)> {
    let instruction = cx.only_of(keyword)?;
    let Arguments::Copy(copy) = &instruction.node.arguments else { return None };
    let is_sound = instruction.problems.is_empty() && instruction.heredocs.is_empty();
    (is_sound && copy.destination.is_some()).then_some((instruction, copy))
}

fn add_to_copy(cx: &Context<'_>) -> Answer {
    let (instruction, copy) = copy_of(cx, Keyword::Add)?;
    let shared = ["chown", "chmod", "link", "exclude"];
    let has_only_shared = instruction.node.flags.iter().all(|it| shared.contains(&it.name.as_str()));
    let is_plain =
        |it: &Word| it.literal().is_some_and(|it| !is_remote(&it) && !is_archive(&it) && !it.contains('*'));
    if !has_only_shared || !copy.sources.iter().all(is_plain) {
        return None;
    }
    let edit =
        TextEdit::new(instruction.absolute(instruction.name.range()), cx.keyword(instruction, Keyword::Copy));
    Some(Ok(Refactoring::new("Write `COPY`", vec![edit])))
}

fn copy_to_add(cx: &Context<'_>) -> Answer {
    let (instruction, copy) = copy_of(cx, Keyword::Copy)?;
    let shared = ["chown", "chmod", "link", "exclude"];
    let has_only_shared = instruction.node.flags.iter().all(|it| shared.contains(&it.name.as_str()));
    let is_packed = |it: &Word| it.literal().is_some_and(|it| is_archive(&it) && !is_remote(&it));
    if !has_only_shared || !copy.sources.iter().any(is_packed) {
        return None;
    }
    let edit =
        TextEdit::new(instruction.absolute(instruction.name.range()), cx.keyword(instruction, Keyword::Add));
    Some(Ok(Refactoring::new("Write `ADD`, which unpacks the archive", vec![edit])))
}

/// <https://docs.docker.com/reference/dockerfile/#adding-files-from-a-git-repository>
fn is_remote(path: &str) -> bool {
    let schemes = ["http://", "https://", "git://", "ssh://", "git@", "github.com/"];
    schemes.iter().any(|it| path.starts_with(it)) || path.ends_with(".git")
}

fn is_archive(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let packed = [
        ".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tzst",
        ".gz", ".bz2", ".xz", ".zst",
    ];
    packed.iter().any(|it| path.ends_with(it))
}

/// An address that a shell takes as it is, and BuildKit too.
fn is_plain_address(text: &str) -> bool {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!+,;=%".contains(c);
    let has_scheme = text.starts_with("https://") || text.starts_with("http://");
    has_scheme && text.chars().all(|c| is_safe(c) || matches!(c, '$' | '{' | '}' | '&'))
}

/// The file name at the end of an address.
fn file_name(address: &str) -> Option<&str> {
    let path = address.split_once("://")?.1.split(['?', '#']).next()?;
    let (_, name) = path.rsplit_once('/')?;
    (!name.is_empty()).then_some(name)
}

/// In double quotes where the shell needs them; variables are the shell's as they were BuildKit's.
fn shell_word(text: &str) -> Option<String> {
    if text.contains(['"', '\'', '\\', '`', ' ', '\n']) {
        return None;
    }
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "-._:/+,=%@".contains(c));
    Some(if is_plain { text.to_owned() } else { format!("\"{text}\"") })
}

fn add_to_download(cx: &Context<'_>) -> Answer {
    let (instruction, copy) = copy_of(cx, Keyword::Add)?;
    let [source] = copy.sources.as_slice() else { return None };
    let (address, destination) = (source.raw(), copy.destination.as_ref()?.raw());
    let known = ["checksum", "chown", "chmod"];
    let flags = &instruction.node.flags;
    if copy.is_json
        || !is_plain_address(address)
        || is_repository(address)
        || !flags.iter().all(|it| known.contains(&it.name.as_str()))
    {
        return None;
    }
    let distribution = cx.distribution(instruction.id);
    let title = if distribution == Some(Distribution::Alpine) {
        "Download with `wget` in a `RUN`"
    } else {
        "Download with `curl` in a `RUN`"
    };
    if distribution == Some(Distribution::WithoutPackages)
        || cx.shell(instruction.id).kind != ShellKind::Sh && !cx.shell(instruction.id).kind.is_posix()
    {
        return Some(Err(Refusal::new(title, "the image has no shell that could download it")));
    }
    let is_folder = destination.ends_with('/') || matches!(destination, "." | "./");
    let path = match is_folder {
        true => format!("{}/{}", destination.trim_end_matches('/'), file_name(address)?),
        false => destination.to_owned(),
    };
    let (path, address) = (shell_word(&path)?, shell_word(address)?);
    let commands =
        download_commands(instruction, &path, &address, distribution == Some(Distribution::Alpine))?;
    let joint = format!(" &&{}{}", cx.continuation(), cx.indent(instruction));
    let text = format!("{} {}", cx.keyword(instruction, Keyword::Run), commands.join(&joint));
    let edit = TextEdit::new(instruction.absolute(instruction.line_range), text);
    let program = if title.contains("wget") { "`wget`" } else { "`curl`" };
    let warning = format!(
        "{program} must be in the image, and the step stays in the cache when the file behind the address changes"
    );
    Some(Ok(Refactoring::new(title, vec![edit]).warn(warning)))
}

fn is_repository(address: &str) -> bool {
    address.contains(".git")
        && (address.ends_with(".git") || address.contains(".git#") || address.contains(".git?"))
}

fn download_commands(
    instruction: InstructionRef<'_>,
    path: &str,
    address: &str,
    has_wget: bool,
) -> Option<Vec<String>> {
    let flag = |name: &str| {
        instruction.node.flag(name).map(|it| it.value.as_ref().map_or("", |it| it.raw()).to_owned())
    };
    let mut commands = match has_wget {
        true => vec![format!("wget -q -O {path} {address}")],
        false => vec![format!("curl -fsSL --create-dirs -o {path} {address}")],
    };
    if let Some(checksum) = flag("checksum") {
        let (algorithm, digest) = checksum.split_once(':')?;
        let is_plain = digest.chars().all(|c| c.is_ascii_hexdigit())
            && matches!(algorithm, "sha256" | "sha384" | "sha512");
        // In single quotes a variable would be no variable.
        if !is_plain || path.contains(['$', '"']) {
            return None;
        }
        commands.push(format!("echo '{digest}  {path}' | {algorithm}sum -c -"));
    }
    // What `ADD` gives to files from the network.
    commands.push(format!("chmod {} {path}", shell_word(flag("chmod").as_deref().unwrap_or("600"))?));
    if let Some(owner) = flag("chown") {
        commands.push(format!("chown {} {path}", shell_word(&owner)?));
    }
    Some(commands)
}

fn download_to_add(cx: &Context<'_>) -> Answer {
    let line = cx.run_line(cx.only_of(Keyword::Run)?)?;
    let is_list =
        line.segments.iter().all(|it| matches!(it.before, Join::Start | Join::And) && !it.is_compound);
    if !is_list || line.segments.len() > 3 || !line.instruction.node.flags.is_empty() {
        return None;
    }
    let (first, rest) = line.segments.split_first()?;
    let download = Download::read(first)?;
    let (mut checksum, mut mode) = (None, None);
    for segment in rest {
        match checked(segment, &download.path) {
            Some(digest) if checksum.is_none() => checksum = Some(digest),
            _ => mode = Some(mode_of(segment, &download.path).filter(|_| mode.is_none())?),
        }
    }
    // The shell would not have made the file readable for all, but its mask does so everywhere.
    let mode = mode.unwrap_or_else(|| "644".to_owned());
    let checksum = checksum.map(|it| format!("--checksum={it} "));
    let line_break = match checksum {
        Some(_) => format!("{}{}", cx.continuation().trim_start(), cx.indent(line.instruction)),
        None => String::new(),
    };
    let name = cx.keyword(line.instruction, Keyword::Add);
    let text = format!(
        "{name} {}--chmod={mode} {line_break}{} {}",
        checksum.unwrap_or_default(),
        download.address,
        download.path
    );
    let edit = TextEdit::new(line.instruction.absolute(line.instruction.line_range), text);
    Some(Ok(Refactoring::new("Download with `ADD`", vec![edit])))
}

/// `curl -o path address`
struct Download {
    address: String,
    path: String,
}

impl Download {
    fn read(segment: &Segment) -> Option<Download> {
        let commands: Vec<&ShellCommand> = segment.script.commands().collect();
        let [command] = commands.as_slice() else { return None };
        let (flags, value): (&[&str], &[&str]) = match command.name() {
            "curl" => (
                &[
                    "-f",
                    "-s",
                    "-S",
                    "-L",
                    "--fail",
                    "--silent",
                    "--show-error",
                    "--location",
                    "--create-dirs",
                    "--compressed",
                ],
                &["-o", "--output"],
            ),
            "wget" => (
                &["-q", "-nv", "--quiet", "--no-verbose", "--progress=dot:giga"],
                &["-O", "--output-document"],
            ),
            _ => return None,
        };
        let is_bare =
            command.assignments.is_empty() && command.redirections.is_empty() && command.wrappers.is_empty();
        let (mut path, mut address) = (None, None);
        let mut words = command.arguments.iter().map(|it| it.as_str());
        while let Some(word) = words.next() {
            let letters = word.strip_prefix('-').filter(|it| !it.starts_with('-') && command.is("curl"));
            let (_, last) = word.split_at(word.len().saturating_sub(usize::from(word.is_ascii())));
            let joined = letters.is_some_and(|it| it.chars().all(|c| "fsSLo".contains(c)));
            if value.contains(&word) || joined && last == "o" {
                path = words.next();
            } else if flags.contains(&word) || joined {
                continue;
            } else if is_plain_address(word) && address.is_none() {
                address = Some(word);
            } else {
                return None;
            }
        }
        let (path, address) = (path?, address?);
        let is_plain = |it: &str| !it.contains(['$', '`', '&', '*', '?', '~', ' ', '"', '\'']);
        let is_named = path.starts_with('/') && !path.ends_with('/') && is_plain(path);
        (is_bare && is_named && !address.contains(['$', '{', '&']))
            .then(|| Download { address: address.to_owned(), path: path.to_owned() })
    }
}

/// `echo "digest  path" | sha256sum -c -`
fn checked(segment: &Segment, path: &str) -> Option<String> {
    let commands: Vec<&ShellCommand> = segment.script.commands().collect();
    let [echo, sum] = commands.as_slice() else { return None };
    let algorithm =
        sum.name().strip_suffix("sum").filter(|it| matches!(*it, "sha256" | "sha384" | "sha512"))?;
    let is_check = echo.is("echo") && sum.has_any_flag(&["c", "check"]) && segment.script.has_pipe();
    let text = echo.arguments_without_flags().map(|it| it.as_str()).collect::<Vec<_>>().join(" ");
    let (digest, file) = text.split_once(char::is_whitespace)?;
    let is_digest = digest.len() >= 64 && digest.chars().all(|c| c.is_ascii_hexdigit());
    (is_check && is_digest && file.trim().trim_start_matches('*') == path)
        .then(|| format!("{algorithm}:{}", digest.to_lowercase()))
}

/// `chmod 755 path`
fn mode_of(segment: &Segment, path: &str) -> Option<String> {
    let commands: Vec<&ShellCommand> = segment.script.commands().collect();
    let [command] = commands.as_slice() else { return None };
    let words: Vec<&str> = command.arguments.iter().map(|it| it.as_str()).collect();
    let [mode, file] = words.as_slice() else { return None };
    let mode = if *mode == "+x" || *mode == "a+x" { "755" } else { mode };
    let is_number = matches!(mode.len(), 3 | 4) && mode.chars().all(|c| c.is_digit(8));
    (command.is("chmod") && *file == path && is_number).then(|| mode.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::analysis::ide::refactor::tests::{check, check_silent, refusal};

    #[test]
    fn archives_and_addresses_stay_with_add() {
        for source in ["a.tar.gz", "https://x/y", "git@x:y", "$X", "github.com/a/b"] {
            check_silent("add-to-copy", &format!("FROM a\nADD {source}<|> /x\n"));
        }
        check("add-to-copy", "FROM a\nadd <|>a \\\n  # c\n b /x/\n", "FROM a\ncopy a \\\n  # c\n b /x/\n");
        check_silent("add-to-copy", "FROM a\nADD --unpack=false a<|> /x\n");
    }

    #[test]
    fn only_archives_are_offered_to_add() {
        check_silent("copy-to-add", "FROM a\nCOPY <|>b /\n");
        check_silent("copy-to-add", "FROM a\nCOPY --from=x <|>b.tar /\n");
    }

    #[test]
    fn alpine_has_wget() {
        check(
            "add-to-curl",
            "FROM alpine\nADD --chmod=755 --chown=a:b https://x.y/z?q=1&r=2 <|>/bin/z\n",
            "FROM alpine\nRUN wget -q -O /bin/z \"https://x.y/z?q=1&r=2\" && \\\n    chmod 755 /bin/z && \\\n    chown a:b /bin/z\n",
        );
        assert!(refusal("add-to-curl", "FROM scratch\nADD https://x.y/z <|>/z\n").contains("no shell"));
        check_silent("add-to-curl", "FROM a\nADD https://x.y/z.git <|>/z\n");
    }

    #[test]
    fn only_a_lone_download_becomes_add() {
        check(
            "curl-to-add",
            "FROM a\nRUN <|>wget -q https://x.y/z -O /z\n",
            "FROM a\nADD --chmod=644 https://x.y/z /z\n",
        );
        for command in [
            "curl https://x.y/z | sh",
            "curl -o /z $U",
            "curl -o z https://x.y/z",
            "curl -H a -o /z https://x.y/z",
            "curl -fLo /z https://x.y/z && tar xf /z",
        ] {
            check_silent("curl-to-add", &format!("FROM a\nRUN <|>{command}\n"));
        }
    }
}
