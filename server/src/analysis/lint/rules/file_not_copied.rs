//! `RUN pip install -r requirements.txt` before any `COPY`.

use crate::analysis::image::index;
use crate::analysis::lint::launch;
use crate::analysis::lint::packages::root_image;
use crate::analysis::lint::prelude::*;
use crate::analysis::model::mount::{MountKind, mounts};

rule! {
    /// A command needs a file of the project, and nothing has copied it into the image yet.
    ///
    /// A build begins with the files of the base image. Those of your project are in the image only behind the `COPY`
    /// that brings them, so `pip install -r requirements.txt` above it finds no such file, and the build stops.
    ///
    /// ```dockerfile bad
    /// FROM python:3.14
    /// WORKDIR /app
    /// RUN pip install -r requirements.txt
    /// COPY . .
    /// ```
    ///
    /// ```dockerfile good
    /// FROM python:3.14
    /// WORKDIR /app
    /// COPY requirements.txt ./
    /// RUN pip install -r requirements.txt
    /// COPY . .
    /// ```
    name: "file-not-copied",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/get-started/docker-concepts/building-images/writing-a-dockerfile/",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    // What other images bring, nobody knows here.
    let image = root_image(cx.cx, cx.stage);
    let is_known = |it: &ImageReference| it.official_name().is_some_and(|it| index::image(it).is_some());
    if !image.is_some_and(|it| is_known(&it) && !it.text().contains("onbuild")) {
        return;
    }
    for run in cx.instructions().filter(|it| it.keyword == Some(Keyword::Run)) {
        let Some(shell) = cx.cx.shell(run.id) else { return };
        let has_files = mounts(run.node).iter().any(|it| it.kind != MountKind::Cache);
        let is_plain = run.node.heredocs.is_empty() && !shell.parts.iter().any(|it| it.script.has_error);
        if !is_plain || has_files {
            return;
        }
        for called in shell.commands() {
            if let Some(needed) = Needed::by(called.command) {
                if !cx.copies().any(|it| it.id < run.id && may_bring(it, &needed)) {
                    tell(cx, run, called, &needed, report);
                }
                return;
            }
            if !makes_no_files(called.command) {
                return;
            }
        }
    }
}

impl<'a> StageContext<'a> {
    /// What brings files: of the stage and of those it is built from.
    fn copies(&self) -> impl Iterator<Item = InstructionRef<'a>> + use<'a> {
        let model: &'a Model = self.cx.model;
        let all = model.lineage(self.stage.id).flat_map(|it| it.instructions.clone());
        let all = all.filter_map(|id| model.file().instruction(InstructionId(id)));
        all.filter(|it| matches!(it.keyword, Some(Keyword::Copy | Keyword::Add | Keyword::Onbuild)))
    }
}

/// The file without which a command cannot work.
struct Needed {
    /// Relative to the working directory, or absolute.
    path: String,
    /// What one copies with it.
    others: &'static [&'static str],
}

impl Needed {
    fn by(command: &ShellCommand) -> Option<Needed> {
        let words: Vec<&str> = command.arguments_without_flags().map(|it| it.as_str()).collect();
        let is_elsewhere = command.has_any_flag(&["g", "global", "prefix", "C", "cwd", "version", "help"]);
        let needed = |path: &str, others| Some(Needed { path: path.to_owned(), others });
        match (command.name(), words.as_slice()) {
            ("pip" | "pip3", ["install", ..]) => {
                requirements(command).map(|path| Needed { path, others: &[] })
            }
            _ if is_elsewhere => None,
            ("npm", ["ci" | "install" | "i"]) => needed("package.json", &["package-lock.json*"]),
            ("yarn", [] | ["install"]) => needed("package.json", &["yarn.lock*"]),
            ("pnpm", ["install" | "i"]) => needed("package.json", &["pnpm-lock.yaml*"]),
            ("bun", ["install" | "i"]) => needed("package.json", &["bun.lock*"]),
            ("bundle", ["install"]) => needed("Gemfile", &["Gemfile.lock*"]),
            ("composer", ["install"]) => needed("composer.json", &["composer.lock*"]),
            ("go", ["mod", "download"]) => needed("go.mod", &["go.sum*"]),
            ("cargo", ["fetch"]) => needed("Cargo.toml", &["Cargo.lock*"]),
            ("poetry", ["install"]) => needed("pyproject.toml", &["poetry.lock*"]),
            _ => None,
        }
    }

    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// What to write before the command.
    fn copy(&self, keyword: &str) -> String {
        let folder = self.path.rsplit_once('/').map(|(folder, _)| folder);
        let is_absolute = self.path.starts_with('/');
        let source = if is_absolute { self.name() } else { &self.path };
        let sources: Vec<&str> = std::iter::once(source).chain(self.others.iter().copied()).collect();
        let destination = match folder {
            None => "./".to_owned(),
            Some(folder) if is_absolute => format!("{folder}/"),
            Some(folder) => format!("./{folder}/"),
        };
        format!("{keyword} {} {destination}", sources.join(" "))
    }
}

/// The file behind `-r`.
fn requirements(command: &ShellCommand) -> Option<String> {
    let value = command.flag_value("r").or_else(|| command.flag_value("requirement"))?;
    let path = value.trim_start_matches("./");
    let is_plain =
        path.ends_with(".txt") && path.chars().all(|it| it.is_alphanumeric() || "/._-".contains(it));
    (is_plain && !path.contains("..")).then(|| path.to_owned())
}

/// Installs and preparations, after which a file of a project is still missing.
fn makes_no_files(command: &ShellCommand) -> bool {
    const PLAIN: &[&str] = &[
        "apt-get",
        "apt",
        "apk",
        "dnf",
        "yum",
        "microdnf",
        "set",
        "mkdir",
        "rm",
        "useradd",
        "adduser",
        "groupadd",
        "addgroup",
        "chmod",
        "chown",
        "pip",
        "pip3",
        "gem",
        "corepack",
        "update-ca-certificates",
        "true",
    ];
    let is_install = command.is_any(&["npm", "yarn"]) && command.has_any_flag(&["g", "global"]);
    let is_print = command.is("echo");
    let writes = command.redirections.iter().any(|it| !it.is_input());
    !writes && (command.is_any(PLAIN) || is_install || is_print)
}

/// Whether the instruction may put the file into the image; what is not sure counts.
fn may_bring(instruction: InstructionRef<'_>, needed: &Needed) -> bool {
    let Arguments::Copy(copy) = &instruction.node.arguments else { return true };
    let is_plain = instruction.node.flags.is_empty() && instruction.node.heredocs.is_empty();
    let is_renamed = copy.destination.as_ref().is_none_or(|it| it.raw().contains(needed.name()));
    !is_plain || is_renamed || copy.sources.iter().any(|it| !is_other_file(it.raw(), needed.name()))
}

/// Whether `source` is a single file of another name.
fn is_other_file(source: &str, needed: &str) -> bool {
    const PACKED: [&str; 6] = [".tar", ".gz", ".tgz", ".bz2", ".xz", ".zip"];
    let name = source.rsplit('/').next().unwrap_or(source);
    let has_ending = name.get(1..).is_some_and(|it| it.contains('.'));
    let is_plain = name.chars().all(|it| it.is_alphanumeric() || "._-".contains(it));
    is_plain && has_ending && name != needed && !PACKED.iter().any(|it| name.ends_with(it))
}

fn tell(
    cx: &StageContext<'_>,
    run: InstructionRef<'_>,
    called: Called<'_>,
    needed: &Needed,
    report: &mut Report<'_>,
) {
    let is_lower = run.node.name.as_str() == "run";
    let line = needed.copy(if is_lower { "copy" } else { "COPY" });
    let command = [called.name(), called.subcommand().map_or("", |it| it.as_str())].join(" ");
    let path = &needed.path;
    let message = format!(
        "`{path}` is not in the image yet, so `{}` fails: put `{line}` before it",
        command.trim_end()
    );
    let newline = cx.cx.newline_before(run.start);
    let title = format!("Put `{line}` before it");
    let mut edits = vec![TextEdit::insert(run.start, format!("{line}{newline}"))];
    let mut draft = report.at(run.absolute(called.words_range()), message);
    if let Some(later) = later_copy(cx, run, needed) {
        draft = draft.related(later.absolute_range(), "comes too late");
        edits.push(TextEdit::delete(cx.cx.whole_lines(later)));
    }
    draft.unsafe_fix(title, edits);
}

/// The instruction that copies this file and no other behind the command, to the same place.
fn later_copy<'a>(
    cx: &StageContext<'a>,
    run: InstructionRef<'_>,
    needed: &Needed,
) -> Option<InstructionRef<'a>> {
    let is_it = |it: &InstructionRef<'_>| {
        let Arguments::Copy(copy) = &it.node.arguments else { return false };
        let is_alone = matches!(copy.sources.as_slice(), [source] if source.raw() == needed.path);
        is_alone && it.node.flags.is_empty() && it.keyword == Some(Keyword::Copy)
    };
    let later = cx.instructions().find(|it| it.id > run.id && is_it(it))?;
    let place = launch::copied_files(cx.cx, later);
    let wanted = launch::absolute(cx.cx, &needed.path, run.id)?;
    (place == [wanted]).then_some(later)
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn the_first_command_without_its_file_is_told() {
        check_rule(
            "file-not-copied",
            "FROM python:3.14\nRUN apt-get update && pip install --no-cache-dir -r requirements.txt\n                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `requirements.txt` is not in the image yet, so `pip install` fails: put `COPY requirements.txt ./`\nCOPY . .\nFROM node:24\nCOPY server.js ./\nRUN npm ci\n    ^^^^^^ `COPY package.json package-lock.json* ./`\n",
        );
    }

    #[test]
    fn what_may_have_brought_it_silences() {
        for before in [
            "COPY . .",
            "COPY app /app",
            "COPY *.txt ./",
            "COPY requirements.txt .",
            "COPY prod.txt requirements.txt",
            "COPY --from=b /x.y .",
            "ADD app.tar.gz .",
            "RUN git clone https://x/y .",
            "RUN echo flask > requirements.txt",
            "RUN cd /x",
        ] {
            let text = format!("FROM python:3.14\n{before}\nRUN pip install -r requirements.txt\n");
            check_rule("file-not-copied", &text);
        }
        check_rule("file-not-copied", "FROM me/x\nRUN npm ci\nFROM node:24\nRUN npm install -g x\n");
        check_rule(
            "file-not-copied",
            "FROM python:3\nRUN --mount=type=bind,target=. pip install -r requirements.txt\n",
        );
    }

    #[test]
    fn the_file_is_copied_before() {
        check_fix(
            "file-not-copied",
            "FROM python:3.14\nWORKDIR /app\n# x\nRUN pip install -r requirements.txt\nCOPY requirements.txt .\nFROM ruby:3\nRUN bundle install\nFROM python:3\nRUN pip install -r /tmp/dev.txt\n",
            "FROM python:3.14\nWORKDIR /app\n# x\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nFROM ruby:3\nCOPY Gemfile Gemfile.lock* ./\nRUN bundle install\nFROM python:3\nCOPY dev.txt /tmp/\nRUN pip install -r /tmp/dev.txt\n",
        );
    }
}
