//! A Dockerfile told as a story, for somebody who reads one for the first time: what each stage starts from, what
//! happens at build time and at run time, what ends up in the image, what a container starts, and which command lines
//! to try. In Markdown.
//!
//! Deterministic, and asks nobody. It says what the model knows, and of the base images what registries have said before: what
//! depends on a build argument or on an image of which nothing is known is told as that.
//!
//! * [`told`] — one instruction; [`run`] — the commands of a `RUN`; `base` — what a stage starts from.
//! * [`outcome`] — the settings of the image; [`commands`] — the lines to type.

mod base;
pub mod commands;
pub mod outcome;
mod run;
mod text;
pub mod told;

#[cfg(test)]
mod tests;

use text_size::TextSize;

pub use self::commands::{Place, Project};
use self::outcome::{Outcome, Setting, Start};
use self::text::{code, count, cut, list};
use self::told::{Teller, Told, joined};
use crate::analysis::facts::Facts;
use crate::analysis::ide::hover::block;
use crate::analysis::knowledge::Keyword;
use crate::analysis::lint::Finding;
use crate::analysis::model::mount::{MountKind, mounts};
use crate::analysis::model::{Base, Model, Stage, StageReferenceKind, VariableKind};
use crate::analysis::syntax::ast::Arguments;
use crate::analysis::syntax::{InstructionId, InstructionRef};

/// Instructions that are told one by one: the longest of 24,000 real files has 400.
const LONGEST: usize = 5_000;

/// The whole file as a story, in Markdown, with `findings` told where they are, and with what is `known` of its images.
pub fn story(model: &Model, findings: &[Finding], place: &Place, known: &Facts) -> String {
    let story = Story { teller: Teller::new(model), findings, place, known };
    let number = model.file().len();
    let steps = match number > LONGEST {
        true => vec![format!("It has {number} instructions, too many to tell them one by one.")],
        false => {
            vec![story.arguments_before_stages(), story.stages(), story.surroundings(), story.elsewhere()]
        }
    };
    let mut parts = vec![format!("# {} explained", code(&place.file)), story.summary()];
    parts.extend(steps);
    parts.extend([story.image(), story.commands()]);
    let parts: Vec<String> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    parts.join("\n\n") + "\n"
}

struct Story<'a> {
    teller: Teller<'a>,
    findings: &'a [Finding],
    place: &'a Place,
    known: &'a Facts,
}

impl<'a> Story<'a> {
    fn model(&self) -> &'a Model {
        self.teller.model
    }

    fn last(&self) -> Option<&'a Stage> {
        self.model().stages().last()
    }

    /// The story in a few sentences.
    fn summary(&self) -> String {
        let (Some(last), Some(outcome)) = (self.last(), &self.teller.outcome) else {
            return "This file has no `FROM`, so Docker cannot build anything from it: every image starts from another \
                    one, or from `scratch`."
                .to_owned();
        };
        let stages = self.model().stages().len();
        let how = match stages {
            1 => "in one stage".to_owned(),
            _ => format!("in {stages} stages, of which the last one becomes the image"),
        };
        let mut sentences = vec![format!("This Dockerfile describes how to build an image, {how}.")];
        sentences.push(self.origin(last));
        sentences.push(self.start(last, outcome));
        sentences.extend(self.place.project.as_ref().map(|it| it.sentence()));
        sentences.extend(self.unused());
        sentences.extend(self.verdict());
        sentences.join(" ")
    }

    fn origin(&self, last: &Stage) -> String {
        match self.model().root_base(last.id) {
            Some(Base::Image(_)) => {
                let root = self.model().lineage(last.id).last().unwrap_or(last);
                format!("It starts from {}.", self.teller.base_image(root))
            }
            Some(Base::Scratch) => "It starts from nothing (`scratch`).".to_owned(),
            _ => "What it starts from is not said.".to_owned(),
        }
    }

    fn unused(&self) -> Option<String> {
        let unused = self.model().stages().iter().filter(|it| !self.teller.is_needed(it.id));
        let unused: Vec<String> = unused.map(|it| self.teller.stage_name(it.id)).collect();
        match unused.as_slice() {
            [] => None,
            [one] => {
                Some(format!("The last stage does not need stage {one}, so an ordinary build leaves it out."))
            }
            _ => Some(format!(
                "The last stage does not need the stages {}, so an ordinary build leaves them out.",
                text::some(&unused, 6)
            )),
        }
    }

    fn verdict(&self) -> Option<String> {
        use crate::analysis::lint::Severity;
        let number = |severity| self.findings.iter().filter(|it| it.severity == severity).count();
        let levels = [(Severity::Error, "error"), (Severity::Warning, "warning")];
        let told: Vec<String> =
            levels.iter().filter(|it| number(it.0) > 0).map(|it| count(number(it.0), it.1)).collect();
        let is_one = number(Severity::Error) + number(Severity::Warning) == 1;
        let lines = if is_one { "at its line" } else { "each at its line" };
        (!told.is_empty()).then(|| format!("Dockwright has {} to tell, {lines}.", list(&told)))
    }

    /// What a container starts, in a sentence.
    fn start(&self, stage: &Stage, outcome: &Outcome<'_>) -> String {
        let base = base::start_of(self.model(), stage);
        let known = |cmd: &[&str]| {
            let words = base.map(|it| [it.entrypoint, cmd].concat())?;
            let words: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
            Some(code(&joined(&words)))
        };
        match outcome.start() {
            Start::Nothing => "It names no program to start.".to_owned(),
            Start::Base => match base.and_then(|it| known(it.cmd)) {
                Some(words) => {
                    format!("A container starts what the base image says: {words} in current versions.")
                }
                None => {
                    "What a container starts, the base image decides; this file does not tell.".to_owned()
                }
            },
            Start::BaseEntrypointWith(cmd) if cmd.words.is_empty() => {
                "A container starts the entrypoint of the base image, without arguments.".to_owned()
            }
            Start::BaseEntrypointWith(cmd) => {
                let words = code(&joined(&cmd.words));
                match base.map(|it| it.entrypoint) {
                    Some([]) => format!("A container starts {words}."),
                    Some(entrypoint) => format!(
                        "A container starts {words}, through the base image's entrypoint {}.",
                        code(&entrypoint.join(" "))
                    ),
                    None => format!(
                        "A container starts {words} (as arguments of the base image's entrypoint, if it has one)."
                    ),
                }
            }
            Start::Program { words, is_cmd_lost, .. } => {
                let lost = if is_cmd_lost {
                    " The `CMD` is lost, because the `ENTRYPOINT` is in shell form."
                } else {
                    ""
                };
                format!("A container starts {}.{lost}", code(&joined(&words)))
            }
        }
    }

    /// `ARG` and whatever else stands before the first `FROM`.
    fn arguments_before_stages(&self) -> String {
        let first = self.last().map_or(u32::MAX, |_| self.model().stages().first().map_or(0, |it| it.from.0));
        let items = self.items(self.model().file().instructions().take_while(|it| it.id.0 < first));
        match items.is_empty() {
            true => String::new(),
            false => format!("## Before the first stage\n\n{}", items.join("\n")),
        }
    }

    fn stages(&self) -> String {
        let all = self.model().stages().len();
        let stages = self.model().stages().iter().map(|stage| self.stage(stage, all));
        stages.collect::<Vec<_>>().join("\n\n")
    }

    fn stage(&self, stage: &Stage, all: usize) -> String {
        let number = stage.id.index() + 1;
        let name = stage.name.as_ref().map(|it| format!(": {}", code(it))).unwrap_or_default();
        let title = match all {
            1 => "The build".to_owned(),
            _ => format!("Stage {number} of {all}{name}"),
        };
        let mut sentences = base::about(&self.teller, stage, self.known);
        sentences.extend(self.use_of(stage, all));
        let steps =
            stage.instructions.clone().filter_map(|id| self.model().file().instruction(InstructionId(id)));
        let items = self.items(steps);
        format!("## {title}\n\n{}\n\n{}", sentences.join(" "), items.join("\n"))
    }

    /// What becomes of the stage.
    fn use_of(&self, stage: &Stage, all: usize) -> Option<String> {
        let is_last = stage.id.index() + 1 == all;
        if is_last || all == 1 {
            return (all > 1).then(|| "This stage becomes the image.".to_owned());
        }
        if !self.teller.is_needed(stage.id) {
            let label = stage.label();
            return Some(format!(
                "Nothing in the last stage needs it: it is built only with `--target {label}`."
            ));
        }
        if self.teller.is_inherited(stage.id) {
            return Some("The image is built on top of it, so all of it stays.".to_owned());
        }
        Some(self.users_of(stage))
    }

    /// Who needs a stage that is not in the image itself.
    fn users_of(&self, stage: &Stage) -> String {
        let references = || self.model().stage_references().iter().filter(|it| it.target == Some(stage.id));
        let built_on = references().filter(|it| it.kind == StageReferenceKind::From);
        let stages: Vec<String> = built_on.filter_map(|it| Some(self.teller.stage_name(it.stage?))).collect();
        let takers = references().filter(|it| it.kind != StageReferenceKind::From);
        let mut lines: Vec<String> =
            takers.map(|it| self.teller.line(it.location.instruction).to_string()).collect();
        lines.dedup();
        let goes_on = match stages.len() {
            0 => String::new(),
            1 => format!("Stage {} goes on from it.", text::some(&stages, 10)),
            _ => format!("The stages {} go on from it.", text::some(&stages, 10)),
        };
        let takes = match lines.len() {
            0 => "Itself, it is not in the image.".to_owned(),
            1 => format!(
                "Line {} takes files from it; nothing else of it is in the image.",
                text::some(&lines, 20)
            ),
            _ => format!(
                "Lines {} take files from it; nothing else of it is in the image.",
                text::some(&lines, 20)
            ),
        };
        format!("{goes_on} {takes}").trim().to_owned()
    }

    /// Instructions in a row; what is the same as for the one before is not said twice.
    fn items(&self, instructions: impl Iterator<Item = InstructionRef<'a>>) -> Vec<String> {
        let mut before = Told::default();
        let item = |it: InstructionRef<'a>| {
            let told = self.teller.tell(it);
            let mut shown = told.clone();
            let is_same = !told.run_time.is_empty() && told.run_time == before.run_time;
            if is_same && it.keyword == Some(Keyword::Env) {
                shown.run_time = "Likewise.".to_owned();
            }
            before = told;
            self.item(it, shown)
        };
        instructions.map(item).collect()
    }

    /// One instruction, what it does, and what was found there.
    fn item(&self, instruction: InstructionRef<'_>, told: Told) -> String {
        let line = self.teller.line(instruction.id);
        let text = code(&cut(instruction.node.joined.as_str(), 60));
        let Told { build_time, run_time } = told;
        let mut item = format!("- **Line {line}** {text}");
        if !build_time.is_empty() {
            item += &format!("  \n  *At build time:* {build_time}");
        }
        if !run_time.is_empty() {
            item += &format!("  \n  *At run time:* {run_time}");
        }
        for finding in self.findings_in(instruction) {
            item += &format!("  \n  {}", found(finding));
        }
        item
    }

    fn findings_in(&self, instruction: InstructionRef<'_>) -> impl Iterator<Item = &'a Finding> {
        let range = instruction.absolute_range();
        let is_here = move |at: TextSize| range.start() <= at && at <= range.end();
        self.findings.iter().filter(move |it| is_here(it.range.start()))
    }

    /// Findings that stand in no instruction.
    fn elsewhere(&self) -> String {
        let file = self.model().file();
        let is_told = |it: &Finding| {
            file.instruction_at(it.range.start())
                .is_some_and(|found| found.absolute_range().contains_inclusive(it.range.start()))
        };
        let others: Vec<String> = self
            .findings
            .iter()
            .filter(|it| !is_told(it))
            .map(|it| {
                let line = self.teller.lines.line_of(it.range.start()) + 1;
                format!("- **Line {line}** {}", found(it))
            })
            .collect();
        match others.is_empty() {
            true => String::new(),
            false => format!("## Besides\n\n{}", others.join("\n")),
        }
    }

    /// Variables and files that are in play.
    fn surroundings(&self) -> String {
        let parts = [self.context_files(), self.other_sources(), self.build_arguments()];
        let items: Vec<String> = parts.into_iter().flatten().collect();
        match items.is_empty() {
            true => String::new(),
            false => format!("## What the build needs from outside\n\n{}", items.join("\n")),
        }
    }

    fn needed_instructions(&self) -> impl Iterator<Item = InstructionRef<'a>> + '_ {
        let model = self.model();
        let is_needed = |it: &InstructionRef<'_>| {
            model.stage_of(it.id).is_some_and(|stage| self.teller.is_needed(stage.id))
        };
        model.file().instructions().filter(is_needed)
    }

    fn context_files(&self) -> Option<String> {
        let mut files: Vec<String> = Vec::new();
        for instruction in self.needed_instructions() {
            if let Arguments::Copy(copy) = &instruction.node.arguments
                && instruction.node.flag("from").is_none()
            {
                let heredocs = &instruction.node.heredocs;
                let written =
                    copy.sources.iter().filter(|it| heredocs.iter().all(|doc| doc.marker != it.range()));
                let local = written.filter(|it| !it.raw().contains("://") && !it.raw().starts_with("git@"));
                files.extend(local.map(|it| match it.raw() {
                    "." | "./" | "/" => "everything in it".to_owned(),
                    _ => text::word(self.model(), it, instruction.id),
                }));
            }
            for mount in
                mounts(instruction.node).iter().filter(|it| it.kind == MountKind::Bind && it.from().is_none())
            {
                let source = mount.option(&["source", "src"]);
                files.push(source.map_or("everything in it".to_owned(), |it| code(it.as_str())));
            }
        }
        if files.iter().any(|it| it == "everything in it") {
            let ignored = "everything in it, except what `.dockerignore` names";
            return Some(format!(
                "- From the build context (the folder that the build command names): {ignored}."
            ));
        }
        let mut seen = Vec::new();
        files.retain(|it| {
            !seen.contains(it) && {
                seen.push(it.clone());
                true
            }
        });
        (!files.is_empty()).then(|| {
            format!(
                "- From the build context (the folder that the build command names): {}.",
                text::some(&files, 10)
            )
        })
    }

    /// Images and addresses beside the bases.
    fn other_sources(&self) -> Option<String> {
        let mut sources: Vec<String> = Vec::new();
        for reference in self.model().stage_references() {
            let is_base = matches!(reference.kind, StageReferenceKind::From);
            let is_needed = reference.stage.is_some_and(|it| self.teller.is_needed(it));
            if reference.target.is_none() && is_needed {
                let stage = reference.stage.and_then(|it| self.model().stage(it));
                let name = match (is_base, stage) {
                    (true, Some(stage)) if stage.base == Base::Scratch => continue,
                    (true, Some(stage)) => self.teller.base_image(stage),
                    _ => code(&reference.text),
                };
                if !sources.contains(&name) {
                    sources.push(name);
                }
            }
        }
        let noun = if sources.len() == 1 { "The image" } else { "The images" };
        (!sources.is_empty()).then(|| format!("- {noun} {}.", text::some(&sources, 8)))
    }

    fn build_arguments(&self) -> Option<String> {
        let mut told: Vec<(String, String)> = Vec::new();
        let arguments = self.model().variables().iter().filter(|it| it.kind == VariableKind::Arg);
        for it in arguments {
            let is_needed = it.stage.is_none_or(|stage| self.teller.is_needed(stage));
            let is_built_in = crate::analysis::model::scope::is_platform_argument(&it.name);
            let is_again = it.global.is_some() && it.value_range.is_none();
            let is_known = told.iter().any(|(name, _)| *name == it.name.as_str());
            if is_needed && !is_built_in && !is_again && !is_known {
                let name = code(&it.name);
                let text = match self.teller.default_of(it) {
                    Some(default) if default.chars().count() > 50 => format!("{name} (with a default)"),
                    Some(default) => format!("{name} (default {default})"),
                    None => format!("{name} (no default)"),
                };
                told.push((it.name.to_string(), text));
            }
        }
        let told: Vec<String> = told.into_iter().map(|it| it.1).collect();
        (!told.is_empty())
            .then(|| format!("- Build arguments (`--build-arg NAME=VALUE`): {}.", text::some(&told, 10)))
    }

    /// What the image is in the end.
    fn image(&self) -> String {
        let (Some(last), Some(outcome)) = (self.last(), &self.teller.outcome) else { return String::new() };
        let items = [
            Some(self.files(last, outcome)),
            Some(format!("- **Start:** {}", self.start(last, outcome))),
            self.working_directory(last, outcome),
            self.user(last, outcome),
            self.ports(last, outcome),
            self.volumes(last, outcome),
            self.environment(outcome),
            self.checks(outcome),
            self.triggers(outcome),
        ];
        let items: Vec<String> = items.into_iter().flatten().collect();
        format!("## The image\n\n{}", items.join("\n"))
    }

    fn files(&self, last: &Stage, outcome: &Outcome<'_>) -> String {
        let root = self.model().lineage(last.id).last().unwrap_or(last);
        let mut parts = vec![match &root.base {
            Base::Image(_) => format!("those of {}", self.teller.base_image(root)),
            _ => String::new(),
        }];
        let keyword = |it: &InstructionRef<'_>| it.keyword;
        let inherited = |it: &InstructionRef<'_>| {
            self.model().stage_of(it.id).is_some_and(|stage| self.teller.is_inherited(stage.id))
        };
        let steps = || self.model().file().instructions().filter(inherited);
        let lines = |wanted: &[Keyword]| {
            let found = steps().filter(|it| keyword(it).is_some_and(|it| wanted.contains(&it)));
            found.map(|it| self.teller.line(it.id).to_string()).collect::<Vec<_>>()
        };
        for (wanted, what) in [
            (&[Keyword::Copy, Keyword::Add][..], "what is copied on"),
            (&[Keyword::Run][..], "what the commands leave behind on"),
        ] {
            let lines = lines(wanted);
            if !lines.is_empty() {
                let noun = if lines.len() == 1 { "line" } else { "lines" };
                parts.push(format!("{what} {noun} {}", text::some(&lines, 20)));
            }
        }
        parts.retain(|it| !it.is_empty());
        match parts.is_empty() {
            true if outcome.workdir.is_some() => {
                "- **Files:** none; the working directory is empty.".to_owned()
            }
            true => "- **Files:** none.".to_owned(),
            false => format!("- **Files:** {}.", parts.join("; ")),
        }
    }

    fn working_directory(&self, last: &Stage, outcome: &Outcome<'_>) -> Option<String> {
        let is_absolute = |it: &str| it.starts_with('/') || it.as_bytes().get(1) == Some(&b':');
        let told = match outcome.workdir.as_deref() {
            Some(folder) if is_absolute(folder) => code(folder),
            Some(folder) => format!("{}, below the working directory of the base image", code(folder)),
            None => {
                let is_set = self.model().lineage(last.id).any(|it| self.has(it, Keyword::Workdir));
                match (is_set, self.model().root_base(last.id), base::defaults_of(self.model(), last)) {
                    (true, _, _) => "depends on the build".to_owned(),
                    (_, Some(Base::Scratch), _) => "`/`, as nothing else is said".to_owned(),
                    (_, _, Some(it)) => format!(
                        "that of the base image, {} in current versions",
                        code(it.workdir.unwrap_or("/"))
                    ),
                    _ => "that of the base image".to_owned(),
                }
            }
        };
        Some(format!("- **Working directory:** {told}."))
    }

    fn has(&self, stage: &Stage, keyword: Keyword) -> bool {
        let mut ids = stage.instructions.clone();
        ids.any(|id| {
            self.model().file().instruction(InstructionId(id)).is_some_and(|it| it.keyword == Some(keyword))
        })
    }

    fn user(&self, last: &Stage, outcome: &Outcome<'_>) -> Option<String> {
        let told = match &outcome.user {
            Setting::Here(id) => self.single(*id)?,
            Setting::None => "root, as nothing else is said".to_owned(),
            Setting::Base => match base::defaults_of(self.model(), last) {
                Some(it) => {
                    format!("that of the base image, {} in current versions", code(it.user.unwrap_or("root")))
                }
                None if self.is_windows(last) => "that of the base image".to_owned(),
                None => "that of the base image, which is usually root".to_owned(),
            },
        };
        Some(format!("- **User:** {told}."))
    }

    fn is_windows(&self, stage: &Stage) -> bool {
        let Some(Base::Image(value)) = self.model().root_base(stage.id) else { return false };
        value.text().is_some_and(crate::analysis::model::shell::is_windows_image)
    }

    fn single(&self, id: InstructionId) -> Option<String> {
        let instruction = self.model().file().instruction(id)?;
        match &instruction.node.arguments {
            Arguments::Single(Some(word)) => Some(text::word(self.model(), word, id)),
            _ => None,
        }
    }

    fn ports(&self, last: &Stage, outcome: &Outcome<'_>) -> Option<String> {
        let mut ports: Vec<String> =
            outcome.ports.iter().map(|(at, word)| self.teller.port(word, *at)).collect();
        ports.dedup();
        let of_base = base::start_of(self.model(), last).map_or(&[][..], |it| it.ports);
        let base: Vec<String> = of_base.iter().map(|it| code(it)).filter(|it| !ports.contains(it)).collect();
        let told = match (ports.is_empty(), base.is_empty()) {
            (true, true) => return None,
            (false, true) => text::some(&ports, 20),
            (true, false) => format!("{}, from the base image", list(&base)),
            (false, false) => format!("{}, and {} from the base image", text::some(&ports, 20), list(&base)),
        };
        Some(format!(
            "- **Ports:** {told}. Nobody reaches them from outside until `docker run -p` publishes them."
        ))
    }

    fn volumes(&self, last: &Stage, outcome: &Outcome<'_>) -> Option<String> {
        let mut volumes: Vec<String> =
            outcome.volumes.iter().map(|(at, word)| text::word(self.model(), word, *at)).collect();
        let of_base = base::start_of(self.model(), last).map_or(&[][..], |it| it.volumes);
        volumes.extend(of_base.iter().map(|it| format!("{} (from the base image)", code(it))));
        (!volumes.is_empty()).then(|| {
            format!("- **Volumes:** {}. What is written there lies outside of the container; `docker run -v` gives it a name to keep it by.", text::some(&volumes, 20))
        })
    }

    fn environment(&self, outcome: &Outcome<'_>) -> Option<String> {
        let told: Vec<String> = outcome
            .environment
            .iter()
            .map(|it| match it.value.as_ref().and_then(|value| value.certain()) {
                Some(text) => code(&format!("{}={}", it.name, cut(text, 40))),
                None => code(&it.name),
            })
            .collect();
        (!told.is_empty()).then(|| format!("- **Environment:** {}.", text::some(&told, 12)))
    }

    fn checks(&self, outcome: &Outcome<'_>) -> Option<String> {
        let check = outcome
            .healthcheck
            .here()
            .map(|it| format!("- **Health check:** see line {}.", self.teller.line(*it)));
        let signal = outcome.stop_signal.here().and_then(|it| self.single(*it));
        let signal = signal.map(|it| format!("- **Stop signal:** {it}."));
        let items: Vec<String> = check.into_iter().chain(signal).collect();
        (!items.is_empty()).then(|| items.join("\n"))
    }

    fn triggers(&self, outcome: &Outcome<'_>) -> Option<String> {
        let lines: Vec<String> =
            outcome.triggers.iter().map(|it| self.teller.line(*it).to_string()).collect();
        let noun = if lines.len() == 1 { "line" } else { "lines" };
        (!lines.is_empty()).then(|| {
            format!(
                "- **For images built on this one:** the instructions behind `ONBUILD` on {noun} {}.",
                text::some(&lines, 20)
            )
        })
    }

    /// The command lines to try.
    fn commands(&self) -> String {
        let (Some(last), Some(outcome)) = (self.last(), &self.teller.outcome) else { return String::new() };
        let build = commands::build(&self.teller, self.place, last, true);
        let run = commands::run(&self.teller, self.place, last, outcome);
        let mut parts = vec![
            "## Try it".to_owned(),
            self.where_to_type(),
            block("sh", &format!("{}\n{}", build.line(), run.line())),
        ];
        parts.extend(bullets(&[build.notes, run.notes].concat()));
        parts.extend(self.place.project.as_ref().map(|it| {
            let lead = format!("Or as {} says:", code(&it.file));
            format!("{lead}\n\n{}", block("sh", &it.command()))
        }));
        parts.extend(self.other_targets(last));
        parts.join("\n\n")
    }

    fn where_to_type(&self) -> String {
        match &self.place.context {
            None => {
                "In the folder of the Dockerfile, build the image and start a container from it:".to_owned()
            }
            Some(folder) => format!(
                "The files that are copied are in the folder {}; there, build the image and start a container from it:",
                code(folder)
            ),
        }
    }

    fn other_targets(&self, last: &Stage) -> Option<String> {
        let others = self.model().stages().iter().filter(|it| it.id != last.id && it.name.is_some());
        let lines: Vec<String> = others
            .filter(|it| self.model().stage_named(&it.label()).is_some_and(|named| named.id == it.id))
            .take(6)
            .map(|it| commands::build(&self.teller, self.place, it, false).line())
            .collect();
        let noun = if lines.len() == 1 { "The other stage" } else { "Other stages" };
        (!lines.is_empty())
            .then(|| format!("{noun} can be built alone:\n\n{}", block("sh", &lines.join("\n"))))
    }
}

fn bullets(notes: &[String]) -> Option<String> {
    let items: Vec<String> = notes.iter().map(|it| format!("- {it}")).collect();
    (!items.is_empty()).then(|| items.join("\n"))
}

/// A finding in a line: how serious, what, and its name to ask more about.
fn found(finding: &Finding) -> String {
    use crate::analysis::lint::Severity;
    let level = match finding.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        _ => "Note",
    };
    let message = text::sentence(finding.message());
    let message = if message.ends_with("?.") { message.trim_end_matches('.') } else { &message };
    format!("**{level}:** {message} (`{}`)", finding.rule.name)
}
