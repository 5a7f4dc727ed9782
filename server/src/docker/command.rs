//! Command lines as lists of words. Pure: what is to be run goes in, the words come out; nothing is started.
//!
//! No shell ever reads them, so quotes and `$()` in names are just letters. What an engine could take for a flag is
//! refused: names from a workspace that begin with `-`. Values of build arguments that look like secrets travel in the
//! environment, where no process list shows them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::output::Format;
use super::program::{Family, Program, Version};

/// One process to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine {
    /// What is started; the first word of `argv` is how a user would write it.
    pub program: PathBuf,
    pub argv: Vec<String>,
    pub cwd: PathBuf,
    /// Variables in addition to the inherited ones.
    pub env: BTreeMap<String, String>,
}

impl CommandLine {
    /// The words as one types them into a shell. Variables of `env` are left out: they may be secret.
    pub fn shown(&self) -> String {
        self.argv.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
    }
}

/// A word for a POSIX shell, on one line.
fn quoted(word: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_./:=,@%+^".contains(it);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    if word.chars().any(char::is_control) {
        let escaped: String = word.chars().flat_map(escaped_in_dollar_quotes).collect();
        return format!("$'{escaped}'");
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn escaped_in_dollar_quotes(it: char) -> Vec<char> {
    match it {
        '\'' | '\\' => vec!['\\', it],
        '\n' => vec!['\\', 'n'],
        '\t' => vec!['\\', 't'],
        '\r' => vec!['\\', 'r'],
        it if it.is_control() => format!("\\x{:02x}", it as u32).chars().collect(),
        it => vec![it],
    }
}

/// A value that no command line is made of; says what and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

/// The engine, and how the user wants it to be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engine {
    pub program: Program,
    /// The setting `cli.builder`; empty: the current one.
    pub builder: String,
    /// The setting `cli.env`.
    pub env: BTreeMap<String, String>,
    /// `DOCKER_BUILDKIT`, wherever it is set.
    pub buildkit: Option<bool>,
    /// Where commands are run: paths on the command line are relative to it where they can be.
    pub cwd: PathBuf,
}

/// An image to build, or to check.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Build {
    pub file: PathBuf,
    /// A folder (absolute), or an address.
    pub context: String,
    pub target: Option<String>,
    pub tag: Option<String>,
    pub platform: Option<String>,
    /// `None`: the value is that of the environment.
    pub arguments: BTreeMap<String, Option<String>>,
    /// The user's own words.
    pub options: Vec<String>,
}

/// A port of a container and where it is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Port {
    pub container: u16,
    pub host: u16,
    pub is_udp: bool,
}

/// A container to start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    pub image: String,
    pub name: String,
    pub ports: Vec<Port>,
    /// Names of volumes and where they are mounted.
    pub volumes: Vec<(String, String)>,
    pub env_file: Option<PathBuf>,
    pub platform: Option<String>,
    /// The Dockerfile, to find the container again.
    pub file: PathBuf,
    /// Somebody sits in front of it; it leaves nothing behind.
    pub in_terminal: bool,
    pub options: Vec<String>,
}

/// The label by which containers are found again; its value is the path of the Dockerfile.
pub const LABEL: &str = "dockwright.dockerfile";

impl Engine {
    /// What the output of this command of ours looks like.
    pub fn output_format(&self, line: &CommandLine) -> Format {
        let has = |word: &str| line.argv.iter().any(|it| it == word);
        let progress = option(&line.argv, &["--progress"]);
        match self.program.family {
            Family::Podman | Family::Buildah => Format::Podman,
            _ if progress == Some("rawjson") => Format::RawJson,
            Family::Docker if !has("buildx") && progress.is_none() => Format::Legacy,
            _ => Format::Plain,
        }
    }

    pub fn build(&self, build: &Build) -> Result<CommandLine, Refusal> {
        self.needs_buildx_for_builder()?;
        let mut words = self.build_words();
        if self.exports_nothing_by_itself(build) {
            words.push("--load");
        }
        let mut line = self.line(&words);
        if let Some(tag) = &build.tag {
            line.flag("-t", &image_name(tag)?);
        }
        self.add_source(&mut line, build)?;
        Ok(line)
    }

    /// BuildKit's own judgement, as JSON.
    pub fn check(&self, build: &Build) -> Result<CommandLine, Refusal> {
        self.can_check()?;
        self.needs_buildx_for_builder()?;
        let mut words = vec!["buildx", "build", "--call=check,format=json"];
        self.add_builder(&mut words);
        let mut line = self.line(&words);
        self.add_source(&mut line, build)?;
        Ok(line)
    }

    fn can_check(&self) -> Result<(), Refusal> {
        let name = &self.program.name;
        let sentence = match (self.program.family, self.program.buildx) {
            _ if self.program.has_check() => return Ok(()),
            (Family::Docker, None) => format!(
                "`{name}` has no buildx, which BuildKit's check needs (install buildx 0.15 or later; \
                 dockwright's own findings need nothing)"
            ),
            (Family::Docker, Some(Version(major, minor))) => format!(
                "BuildKit's check needs buildx 0.15 or later, and this is {major}.{minor} (update buildx; \
                 dockwright's own findings need nothing)"
            ),
            _ => format!(
                "`{name}` cannot check a Dockerfile, only docker with buildx 0.15 or later can (dockwright's own \
                 findings need nothing)"
            ),
        };
        Err(Refusal(sentence))
    }

    fn needs_buildx_for_builder(&self) -> Result<(), Refusal> {
        if self.builder.is_empty() {
            return Ok(());
        }
        no_flag("the builder", &self.builder)?;
        if self.program.buildx.is_some() {
            return Ok(());
        }
        let (name, builder) = (&self.program.name, &self.builder);
        Err(Refusal(format!(
            "the setting `cli.builder` names `{builder}`, but `{name}` has no buildx (install buildx, or empty the \
             setting)"
        )))
    }

    /// Whether builds go through buildx.
    pub fn uses_buildx(&self) -> bool {
        self.program.buildx.is_some() && self.buildkit != Some(false)
    }

    fn build_words(&self) -> Vec<&str> {
        let mut words = Vec::new();
        match self.program.family {
            Family::Docker if self.uses_buildx() => {
                words.extend(["buildx", "build"]);
                self.add_builder(&mut words);
                words.push(if self.program.has_raw_json() {
                    "--progress=rawjson"
                } else {
                    "--progress=plain"
                });
            }
            Family::Docker if self.buildkit == Some(true) => words.extend(["build", "--progress=plain"]),
            Family::Docker | Family::Podman => words.push("build"),
            Family::Nerdctl => words.extend(["build", "--progress=plain"]),
            // `build` came with 1.24; without `--layers` nothing is cached.
            Family::Buildah if self.program.version.is_some_and(|it| it < Version(1, 24)) => {
                words.extend(["bud", "--layers"]);
            }
            Family::Buildah => words.extend(["build", "--layers"]),
        }
        words
    }

    fn add_builder<'a>(&'a self, words: &mut Vec<&'a str>) {
        if !self.builder.is_empty() {
            words.extend(["--builder", &self.builder]);
        }
    }

    /// Builders other than the engine itself keep the image unless they are told where to put it.
    fn exports_nothing_by_itself(&self, build: &Build) -> bool {
        let names_builder = !self.builder.is_empty() || option(&build.options, &["--builder"]).is_some();
        let outputs = ["--load", "--push", "--output", "-o"];
        let is_single = !build.platform.as_ref().is_some_and(|it| it.contains(','));
        names_builder && self.uses_buildx() && option(&build.options, &outputs).is_none() && is_single
    }

    /// What building and checking have in common; the context is the last word.
    fn add_source(&self, line: &mut CommandLine, build: &Build) -> Result<(), Refusal> {
        line.flag("-f", &self.path(&build.file)?);
        if let Some(target) = &build.target {
            line.flag("--target", word("the target", target)?);
        }
        if let Some(platform) = &build.platform {
            line.flag("--platform", word("the platform", platform)?);
        }
        for (name, value) in &build.arguments {
            add_build_argument(line, name, value.as_deref())?;
        }
        line.add_options(&build.options)?;
        let context = no_flag("the build context", &build.context)?;
        let is_folder = Path::new(context).is_absolute();
        let context = if is_folder { self.path(Path::new(context))? } else { context.to_owned() };
        line.argv.push(context);
        Ok(())
    }

    pub fn run(&self, run: &Run) -> Result<CommandLine, Refusal> {
        let file = run.file.to_string_lossy();
        let label = format!("{LABEL}={file}");
        let mut line = if run.in_terminal {
            self.runs(&["run", "--rm", "-it"])?
        } else {
            self.runs(&["run", "-d", "--label", &label])?
        };
        line.flag("--name", word("the container's name", &run.name)?);
        self.add_local_only(&mut line, &run.options);
        for port in &run.ports {
            let protocol = if port.is_udp { "/udp" } else { "" };
            line.flag("-p", &format!("127.0.0.1:{}:{}{protocol}", port.host, port.container));
        }
        for (name, path) in &run.volumes {
            line.flag("-v", &format!("{name}:{path}"));
        }
        if let Some(path) = &run.env_file {
            line.flag("--env-file", &self.path(path)?);
        }
        self.add_run_platform(&mut line, run.platform.as_deref())?;
        line.add_options(&run.options)?;
        line.argv.push(image_name(&run.image)?);
        Ok(line)
    }

    /// An image that was never built is an error to be told, not something to be fetched from the network.
    fn add_local_only(&self, line: &mut CommandLine, options: &[String]) {
        let is_old = self.program.family == Family::Docker
            && self.program.version.is_some_and(|it| it < Version(20, 10));
        if !is_old && option(options, &["--pull"]).is_none() {
            line.argv.push("--pull=never".to_owned());
        }
    }

    fn add_run_platform(&self, line: &mut CommandLine, platform: Option<&str>) -> Result<(), Refusal> {
        if let Some(platform) = platform {
            line.flag("--platform", word("the platform", platform)?);
        }
        Ok(())
    }

    /// A shell in a new container of an image.
    pub fn shell_in_image(
        &self,
        image: &str,
        platform: Option<&str>,
        options: &[String],
    ) -> Result<CommandLine, Refusal> {
        let mut line = self.runs(&["run", "--rm", "-it"])?;
        self.add_local_only(&mut line, options);
        line.flag("--entrypoint", "sh");
        self.add_run_platform(&mut line, platform)?;
        line.add_options(options)?;
        line.argv.push(image_name(image)?);
        Ok(line)
    }

    /// A shell in a container that runs.
    pub fn shell_in_container(&self, container: &str) -> Result<CommandLine, Refusal> {
        self.on_container(&["exec", "-it"], container, &["sh"])
    }

    pub fn stop(&self, container: &str) -> Result<CommandLine, Refusal> {
        self.on_container(&["stop"], container, &[])
    }

    /// The last thousand lines.
    pub fn logs(&self, container: &str) -> Result<CommandLine, Refusal> {
        self.on_container(&["logs", "--tail", "1000"], container, &[])
    }

    /// Takes its unnamed volumes along, which nobody would find again; named ones stay.
    pub fn remove(&self, container: &str) -> Result<CommandLine, Refusal> {
        self.on_container(&["rm", "-f", "-v"], container, &[])
    }

    /// How a container is, as JSON.
    pub fn container_state(&self, container: &str) -> Result<CommandLine, Refusal> {
        self.on_container(&["inspect", "--format", "{{json .State}}"], container, &[])
    }

    /// Sleeps until a container has ended, and prints its exit code.
    pub fn wait(&self, container: &str) -> Result<CommandLine, Refusal> {
        // Podman looks every quarter of a second if nobody says otherwise.
        let is_podman = self.program.family == Family::Podman;
        let words: &[&str] = if is_podman { &["wait", "--interval", "2s"] } else { &["wait"] };
        self.on_container(words, container, &[])
    }

    /// All about containers, as a list in JSON.
    pub fn inspect(&self, containers: &[String]) -> Result<CommandLine, Refusal> {
        let mut line = self.runs(&["inspect"])?;
        for container in containers {
            line.argv.push(word("the container", container)?.to_owned());
        }
        Ok(line)
    }

    fn on_container(&self, words: &[&str], container: &str, rest: &[&str]) -> Result<CommandLine, Refusal> {
        let mut line = self.runs(words)?;
        line.argv.push(word("the container", container)?.to_owned());
        line.argv.extend(rest.iter().map(|it| (*it).to_owned()));
        Ok(line)
    }

    /// Containers that were started from a Dockerfile, the newest first, their ids only; of this name if one is given.
    pub fn containers_of(&self, file: &Path, name: Option<&str>) -> Result<CommandLine, Refusal> {
        let label = format!("label={LABEL}={}", file.to_string_lossy());
        let mut line = self.runs(&["ps", "-a", "-q", "--no-trunc", "--filter", &label])?;
        if let Some(name) = name {
            line.flag("--filter", &format!("name=^{}$", word("the container's name", name)?));
        }
        Ok(line)
    }

    pub fn push(&self, tag: &str) -> Result<CommandLine, Refusal> {
        let mut line = self.line(&["push"]);
        line.argv.push(image_name(tag)?);
        Ok(line)
    }

    pub fn pull(&self, image: &str, platform: Option<&str>) -> Result<CommandLine, Refusal> {
        let mut line = self.line(&["pull"]);
        self.add_run_platform(&mut line, platform)?;
        line.argv.push(image_name(image)?);
        Ok(line)
    }

    /// Id and size of an image in one line.
    pub fn image_facts(&self, image: &str) -> Result<CommandLine, Refusal> {
        let words: &[&str] = match self.program.family {
            Family::Buildah => &["inspect", "--type", "image", "--format", "{{.FromImageID}} 0"],
            _ => &["image", "inspect", "--format", "{{.Id}} {{.Size}}"],
        };
        let mut line = self.line(words);
        line.argv.push(image_name(image)?);
        Ok(line)
    }

    /// The layers of an image, the newest first: size in bytes and what made it, as JSON objects, one a line or in a list.
    pub fn history(&self, image: &str) -> Result<CommandLine, Refusal> {
        let mut line = self.runs(&["history", "--no-trunc", "--human=false", "--format", "{{json .}}"])?;
        line.argv.push(image_name(image)?);
        Ok(line)
    }

    /// The builders that buildx knows.
    pub fn builders(&self) -> Result<CommandLine, Refusal> {
        if self.program.buildx.is_some() {
            return Ok(self.line(&["buildx", "ls"]));
        }
        let name = &self.program.name;
        Err(Refusal(format!(
            "`{name}` has no buildx, so there are no builders to choose from (install buildx)"
        )))
    }

    fn runs(&self, words: &[&str]) -> Result<CommandLine, Refusal> {
        if self.program.can_run() {
            return Ok(self.line(words));
        }
        let name = &self.program.name;
        Err(Refusal(format!("`{name}` only builds; running needs docker, podman or nerdctl (install one)")))
    }

    fn line(&self, words: &[&str]) -> CommandLine {
        CommandLine { cwd: self.cwd.clone(), ..self.program.line(words, &self.env) }
    }

    /// As one would write it in the folder of the command.
    fn path(&self, path: &Path) -> Result<String, Refusal> {
        let inside = path.strip_prefix(&self.cwd).ok();
        let text = inside.unwrap_or(path).to_str().filter(|it| !it.contains('\0')).ok_or_else(|| {
            Refusal(format!("the path `{}` is not UTF-8, which command lines need", path.display()))
        })?;
        Ok(match text {
            "" => ".".to_owned(),
            // An engine would take it for a flag, or for its standard input.
            text if text.starts_with('-') => format!("./{text}"),
            text => text.to_owned(),
        })
    }
}

impl CommandLine {
    fn flag(&mut self, name: &str, value: &str) {
        self.argv.extend([name.to_owned(), value.to_owned()]);
    }

    fn add_options(&mut self, options: &[String]) -> Result<(), Refusal> {
        for option in options {
            no_null("an option", option)?;
        }
        self.argv.extend(options.iter().cloned());
        Ok(())
    }
}

/// The value of the last of these flags in the user's words: see [`options`].
pub fn option<'a>(words: &'a [String], names: &[&str]) -> Option<&'a str> {
    options(words, names).last().copied()
}

/// The values of these flags in the user's words: `--name value`, `--name=value`, `-n value`, `-nvalue`; empty for a
/// flag that stands alone at the end.
pub fn options<'a>(words: &'a [String], names: &[&str]) -> Vec<&'a str> {
    let value = |(at, it): (usize, &'a String)| {
        let rest = names.iter().find_map(|name| it.strip_prefix(name).map(|rest| (name, rest)))?;
        match rest {
            (_, "") => Some(words.get(at + 1).map_or("", String::as_str)),
            (name, rest) if name.starts_with("--") => rest.strip_prefix('='),
            (_, rest) => Some(rest.trim_start_matches('=')),
        }
    };
    words.iter().enumerate().filter_map(value).collect()
}

fn add_build_argument(line: &mut CommandLine, name: &str, value: Option<&str>) -> Result<(), Refusal> {
    let starts_well = name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_');
    if !starts_well || !name.chars().all(|it| it.is_ascii_alphanumeric() || "_.-".contains(it)) {
        return Err(Refusal(format!("`{}` is no name of a build argument", shortened(name))));
    }
    let value = match value {
        None => {
            line.flag("--build-arg", name);
            return Ok(());
        }
        Some(value) => no_null("a build argument", value)?,
    };
    if !is_secret(name) {
        line.flag("--build-arg", &format!("{name}={value}"));
        return Ok(());
    }
    if steers_the_engine(name) {
        let sentence =
            format!("the build argument `{name}` is not passed: as a variable it would steer the engine");
        return Err(Refusal(sentence));
    }
    line.flag("--build-arg", name);
    line.env.insert(name.to_owned(), value.to_owned());
    Ok(())
}

/// Whether the name says that the value is nobody's business.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_word = |word: &str| name.split(['_', '-', '.']).any(|it| it == word);
    let anywhere =
        ["password", "passwd", "passphrase", "secret", "token", "apikey", "credential", "privatekey"];
    anywhere.iter().any(|it| name.contains(it))
        || ["key", "auth", "pass", "pwd", "pat"].into_iter().any(is_word)
}

fn steers_the_engine(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["DOCKER_", "BUILDX_", "BUILDKIT_", "BUILDAH_", "CONTAINERS_", "REGISTRY_AUTH", "LD_", "DYLD_"]
        .iter()
        .any(|it| name.starts_with(it))
}

/// An image's name: any text that cannot be mistaken for something else; the engine judges the rest.
fn image_name(text: &str) -> Result<String, Refusal> {
    word("the image's name", text).map(str::to_owned)
}

/// A value without blanks and line breaks that is no flag.
fn word<'a>(what: &str, text: &'a str) -> Result<&'a str, Refusal> {
    if text.chars().any(|it| it.is_whitespace() || it.is_control()) {
        return Err(Refusal(format!("{what} may not hold blanks: `{}`", shortened(text))));
    }
    no_flag(what, text)
}

fn no_flag<'a>(what: &str, text: &'a str) -> Result<&'a str, Refusal> {
    if text.is_empty() {
        return Err(Refusal(format!("{what} is empty")));
    }
    if text.starts_with('-') {
        let text = shortened(text);
        return Err(Refusal(format!(
            "{what} may not begin with `-`, it would be taken for a flag: `{text}`"
        )));
    }
    no_null(what, text)
}

fn no_null<'a>(what: &str, text: &'a str) -> Result<&'a str, Refusal> {
    let refusal = || Refusal(format!("{what} holds a null character, which no command line can carry"));
    if text.contains('\0') { Err(refusal()) } else { Ok(text) }
}

/// For messages: on one line, and not endless.
fn shortened(text: &str) -> String {
    let text: String = text.chars().take(60).map(|it| if it.is_control() { ' ' } else { it }).collect();
    text
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn engine(family: Family, version: Option<Version>, buildx: Option<Version>) -> Engine {
        let name = format!("{family:?}").to_ascii_lowercase();
        let path = PathBuf::from(format!("/usr/bin/{name}"));
        Engine {
            program: Program { name, path, family, version, buildx },
            builder: String::new(),
            env: BTreeMap::new(),
            buildkit: None,
            cwd: "/work".into(),
        }
    }

    fn docker() -> Engine {
        engine(Family::Docker, Some(Version(28, 2)), Some(Version(0, 24)))
    }

    fn build() -> Build {
        Build {
            file: "/work/api/Dockerfile".into(),
            context: "/work".into(),
            tag: Some("shop:latest".to_owned()),
            ..Build::default()
        }
    }

    #[track_caller]
    fn check(line: Result<CommandLine, Refusal>, expected: Expect) {
        expected.assert_eq(&line.map_or_else(|it| format!("refused: {it}"), |it| it.shown()));
    }

    #[test]
    fn each_engine_builds_in_its_own_words() {
        check(
            docker().build(&build()),
            expect!["docker buildx build --progress=rawjson -t shop:latest -f api/Dockerfile ."],
        );
        let old = engine(Family::Docker, Some(Version(24, 0)), Some(Version(0, 12)));
        check(
            old.build(&build()),
            expect!["docker buildx build --progress=plain -t shop:latest -f api/Dockerfile ."],
        );
        let legacy = engine(Family::Docker, Some(Version(20, 10)), None);
        check(legacy.build(&build()), expect!["docker build -t shop:latest -f api/Dockerfile ."]);
        let built_in = Engine { buildkit: Some(true), ..legacy };
        check(
            built_in.build(&build()),
            expect!["docker build --progress=plain -t shop:latest -f api/Dockerfile ."],
        );
        check(
            engine(Family::Podman, None, None).build(&build()),
            expect!["podman build -t shop:latest -f api/Dockerfile ."],
        );
        let nerdctl = engine(Family::Nerdctl, None, None);
        check(
            nerdctl.build(&build()),
            expect!["nerdctl build --progress=plain -t shop:latest -f api/Dockerfile ."],
        );
        let buildah = engine(Family::Buildah, Some(Version(1, 28)), None);
        check(buildah.build(&build()), expect!["buildah build --layers -t shop:latest -f api/Dockerfile ."]);
        check(
            Engine { buildkit: Some(false), ..docker() }.build(&build()),
            expect!["docker build -t shop:latest -f api/Dockerfile ."],
        );
    }

    #[test]
    fn a_named_builder_hands_the_image_over() {
        let remote = Engine { builder: "farm".to_owned(), ..docker() };
        check(
            remote.build(&build()),
            expect![
                "docker buildx build --builder farm --progress=rawjson --load -t shop:latest -f api/Dockerfile ."
            ],
        );
        let pushes = Build { options: vec!["--push".to_owned()], ..build() };
        check(
            remote.build(&pushes),
            expect![
                "docker buildx build --builder farm --progress=rawjson -t shop:latest -f api/Dockerfile --push ."
            ],
        );
        let without = Engine { program: engine(Family::Docker, None, None).program, ..remote };
        check(
            without.build(&build()),
            expect![
                "refused: the setting `cli.builder` names `farm`, but `docker` has no buildx (install buildx, or empty the setting)"
            ],
        );
    }

    #[test]
    fn secrets_are_not_on_the_command_line() {
        let arguments = BTreeMap::from([
            ("NPM_TOKEN".to_owned(), Some("hunter2".to_owned())),
            ("VERSION".to_owned(), Some("1 $(id)".to_owned())),
            ("HTTP_PROXY".to_owned(), None),
        ]);
        let line = docker().build(&Build { arguments, ..build() }).unwrap();
        expect![[r#"docker buildx build --progress=rawjson -t shop:latest -f api/Dockerfile --build-arg HTTP_PROXY --build-arg NPM_TOKEN --build-arg 'VERSION=1 $(id)' ."#]]
            .assert_eq(&line.shown());
        assert_eq!(line.env, BTreeMap::from([("NPM_TOKEN".to_owned(), "hunter2".to_owned())]));
    }

    #[test]
    fn names_that_look_secret_are_told_from_others() {
        for name in ["NPM_TOKEN", "password", "API_KEY", "AWS_SECRET_ACCESS_KEY", "GH_PAT", "dbPasswd"] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["VERSION", "KEYBOARD", "PATH", "AUTHOR", "MONKEY"] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn what_could_be_a_flag_is_refused() {
        let tag = |tag: &str| Build { tag: Some(tag.to_owned()), ..build() };
        check(
            docker().build(&tag("--privileged")),
            expect![
                "refused: the image's name may not begin with `-`, it would be taken for a flag: `--privileged`"
            ],
        );
        check(docker().build(&tag("a b")), expect!["refused: the image's name may not hold blanks: `a b`"]);
        check(docker().build(&tag("")), expect!["refused: the image's name is empty"]);
        check(
            docker().build(&Build { target: Some("-o".to_owned()), ..build() }),
            expect!["refused: the target may not begin with `-`, it would be taken for a flag: `-o`"],
        );
        check(
            docker().build(&Build { context: "-".to_owned(), ..build() }),
            expect!["refused: the build context may not begin with `-`, it would be taken for a flag: `-`"],
        );
        let arguments = BTreeMap::from([("--output=x".to_owned(), Some(String::new()))]);
        check(
            docker().build(&Build { arguments, ..build() }),
            expect!["refused: `--output=x` is no name of a build argument"],
        );
        let arguments = BTreeMap::from([("DOCKER_AUTH_CONFIG".to_owned(), Some("{}".to_owned()))]);
        check(
            docker().build(&Build { arguments, ..build() }),
            expect![
                "refused: the build argument `DOCKER_AUTH_CONFIG` is not passed: as a variable it would steer the engine"
            ],
        );
        check(
            docker().stop("-a"),
            expect!["refused: the container may not begin with `-`, it would be taken for a flag: `-a`"],
        );
        check(
            docker().pull("--all-tags", None),
            expect![
                "refused: the image's name may not begin with `-`, it would be taken for a flag: `--all-tags`"
            ],
        );
    }

    #[test]
    fn hostile_paths_are_words_like_any_other() {
        let file = |path: &str| Build { file: path.into(), ..build() };
        check(
            docker().build(&file("/work/-rf Dockerfile")),
            expect!["docker buildx build --progress=rawjson -t shop:latest -f './-rf Dockerfile' ."],
        );
        check(
            docker().build(&file("/work/$(id)'\n")),
            expect![[r"docker buildx build --progress=rawjson -t shop:latest -f $'$(id)\'\n' ."]],
        );
        check(
            docker().build(&file("/else/Dockerfile")),
            expect!["docker buildx build --progress=rawjson -t shop:latest -f /else/Dockerfile ."],
        );
    }

    #[test]
    fn checking_needs_a_buildx_that_can() {
        check(
            docker().check(&build()),
            expect!["docker buildx build --call=check,format=json -f api/Dockerfile ."],
        );
        let old = engine(Family::Docker, None, Some(Version(0, 13)));
        check(
            old.check(&build()),
            expect![
                "refused: BuildKit's check needs buildx 0.15 or later, and this is 0.13 (update buildx; dockwright's own findings need nothing)"
            ],
        );
        let none = engine(Family::Docker, None, None);
        check(
            none.check(&build()),
            expect![
                "refused: `docker` has no buildx, which BuildKit's check needs (install buildx 0.15 or later; dockwright's own findings need nothing)"
            ],
        );
        let podman = engine(Family::Podman, None, None);
        check(
            podman.check(&build()),
            expect![
                "refused: `podman` cannot check a Dockerfile, only docker with buildx 0.15 or later can (dockwright's own findings need nothing)"
            ],
        );
    }

    #[test]
    fn a_container_runs_in_a_terminal_or_detached() {
        let run = Run {
            image: "shop:latest".to_owned(),
            name: "shop".to_owned(),
            ports: vec![
                Port { container: 80, host: 8080, is_udp: false },
                Port { container: 53, host: 53, is_udp: true },
            ],
            volumes: vec![("shop-data".to_owned(), "/data".to_owned())],
            env_file: Some("/work/.env".into()),
            platform: Some("linux/arm64".to_owned()),
            file: "/work/Dockerfile".into(),
            in_terminal: true,
            options: vec!["--memory=1g".to_owned()],
        };
        check(
            docker().run(&run),
            expect![
                "docker run --rm -it --name shop --pull=never -p 127.0.0.1:8080:80 -p 127.0.0.1:53:53/udp -v shop-data:/data --env-file .env --platform linux/arm64 --memory=1g shop:latest"
            ],
        );
        let detached = Run {
            image: "a".to_owned(),
            name: "a".to_owned(),
            file: "/work/Dockerfile".into(),
            ..Run::default()
        };
        check(
            docker().run(&detached),
            expect!["docker run -d --label dockwright.dockerfile=/work/Dockerfile --name a --pull=never a"],
        );
        check(
            engine(Family::Buildah, None, None).run(&detached),
            expect!["refused: `buildah` only builds; running needs docker, podman or nerdctl (install one)"],
        );
    }

    #[test]
    fn options_are_found_in_the_words_of_the_user() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let network = |text: &str| option(&words(text), &["--network", "--net"]).map(str::to_owned);
        assert_eq!(network("--network=host").as_deref(), Some("host"));
        assert_eq!(network("-v a:b --net none").as_deref(), Some("none"));
        assert_eq!(network("--networks=x"), None);
        assert_eq!(option(&words("-p8080:80"), &["-p"]), Some("8080:80"));
    }
}
