//! Why a step was built again, as far as the last build and the disk can tell. Never a guess.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::SystemTime;

use super::super::documents::Snapshot;
use super::anchors::{Anchor, Places};
use super::builds::{Built, BuiltStep, Conditions};
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::Base;
use crate::analysis::syntax::InstructionRef;
use crate::analysis::syntax::ast::Arguments;

/// Files that are looked at to find one that was changed.
const MOST_FILES: usize = 5_000;

/// Adds the reason to each step that was not cached.
pub fn fill_in(built: &Snapshot, steps: &mut [BuiltStep], now: &Conditions, before: Option<&Built>) {
    let Some(before) = before else { return };
    let places = Places::new(&built.file);
    let known: Vec<&Anchor> = before.steps.iter().map(|it| &it.anchor).collect();
    let mut rebuilt: BTreeSet<u32> = BTreeSet::new();
    for step in steps.iter_mut().filter(|it| !it.cached) {
        let Some(instruction) = places.find(&step.anchor) else { continue };
        if instruction.keyword == Some(Keyword::From) || step.duration_ms.is_none() {
            continue;
        }
        let is_known = known.contains(&&step.anchor);
        let look = Look { built, now, before, rebuilt: &rebuilt, stage: step.stage };
        step.reason = look.reason(instruction, is_known);
        rebuilt.extend(step.stage);
    }
}

struct Look<'a> {
    built: &'a Snapshot,
    now: &'a Conditions,
    before: &'a Built,
    /// Stages of which an earlier step was built again.
    rebuilt: &'a BTreeSet<u32>,
    stage: Option<u32>,
}

impl Look<'_> {
    fn reason(&self, instruction: InstructionRef<'_>, is_known: bool) -> Option<String> {
        if self.now.options.iter().any(|it| it == "--no-cache") {
            return Some("the build was asked not to use its cache (`--no-cache`)".to_owned());
        }
        if self.stage.is_some_and(|it| self.rebuilt.contains(&it)) {
            return Some("a step before it in this stage was built again".to_owned());
        }
        if let Some(base) = self.rebuilt_base() {
            return Some(format!("the stage `{base}`, which this one starts from, was built again"));
        }
        if !is_known {
            return Some("the instruction is new or was changed since the last build".to_owned());
        }
        if self.now.platform != self.before.conditions.platform {
            return Some("it was built for another platform the last time".to_owned());
        }
        self.changed_argument(instruction)
            .or_else(|| self.rebuilt_source(instruction))
            .or_else(|| self.changed_file(instruction))
    }

    fn rebuilt_base(&self) -> Option<String> {
        let model = self.built.model();
        let stage = model.stages().get(self.stage? as usize)?;
        let Base::Stage(base) = &stage.base else { return None };
        let label = model.stage(*base)?.label().to_string();
        self.rebuilt.contains(&base.0).then_some(label)
    }

    fn changed_argument(&self, instruction: InstructionRef<'_>) -> Option<String> {
        let before = &self.before.conditions.arguments;
        let names: BTreeSet<&String> = self.now.arguments.keys().chain(before.keys()).collect();
        let mut changed = names.into_iter().filter(|it| self.now.arguments.get(*it) != before.get(*it));
        let is_used = |name: &&String| {
            let is_declared = self.built.model().resolve(name, instruction.id).is_some();
            let is_run = instruction.keyword == Some(Keyword::Run);
            is_declared && (is_run || instruction.joined.as_str().contains(name.as_str()))
        };
        changed
            .find(is_used)
            .map(|it| format!("the build argument `{it}` has another value than the last time"))
    }

    fn rebuilt_source(&self, instruction: InstructionRef<'_>) -> Option<String> {
        let from = instruction.flag("from")?.value.as_ref()?;
        let stage = self.built.model().stage_copied_from(from.raw())?;
        let is_rebuilt = self.rebuilt.contains(&stage.id.0);
        is_rebuilt.then(|| format!("the stage `{}`, which it copies from, was built again", stage.label()))
    }

    fn changed_file(&self, instruction: InstructionRef<'_>) -> Option<String> {
        let Arguments::Copy(copy) = &instruction.node.arguments else { return None };
        let (since, is_local) = (self.before.conditions.began?, instruction.flag("from").is_none());
        let sources = copy.sources.iter().filter(|_| is_local).map(|it| it.raw());
        let mut changed = sources.filter_map(|it| changed_below(&self.now.context, it, since));
        changed.next().map(|it| format!("`{it}` was changed since the last build"))
    }
}

/// A file at or below `source` that was written after `since`, from the context.
fn changed_below(context: &Path, source: &str, since: SystemTime) -> Option<String> {
    let fixed = source.split(['*', '?', '[', '$']).next().unwrap_or_default();
    let fixed = if fixed.len() < source.len() { fixed.rsplit_once('/').map_or("", |it| it.0) } else { fixed };
    let root = context.join(fixed.trim_start_matches("./").trim_start_matches('/'));
    let mut walk = ignore::WalkBuilder::new(root);
    walk.hidden(false).git_ignore(false).git_exclude(false).git_global(false).ignore(false).parents(false);
    walk.add_custom_ignore_filename(".dockerignore").filter_entry(|it| it.file_name() != ".git");
    let files =
        walk.build().take(MOST_FILES).flatten().filter(|it| it.file_type().is_some_and(|it| it.is_file()));
    let mut newer =
        files.filter(|it| it.metadata().ok().and_then(|it| it.modified().ok()).is_some_and(|it| it > since));
    let path = newer.next()?.into_path();
    Some(path.strip_prefix(context).unwrap_or(&path).to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tower_lsp::lsp_types::Url;

    use super::super::super::documents::Kind;
    use super::super::anchors::anchor_of;
    use super::*;
    use crate::analysis::text::PositionEncoding;

    fn snapshot(text: &str) -> Snapshot {
        let uri = Url::parse("file:///w/Dockerfile").unwrap();
        Snapshot::new(uri, Kind::Dockerfile, 0, text.to_owned(), PositionEncoding::Utf8)
    }

    fn steps(of: &Snapshot, cached: &[bool]) -> Vec<BuiltStep> {
        let instructions = of.file.instructions().zip(cached);
        let step = |(it, cached): (InstructionRef<'_>, &bool)| BuiltStep {
            anchor: anchor_of(&of.file, it),
            stage: of.model().stage_of(it.id).map(|it| it.id.0),
            cached: *cached,
            duration_ms: Some(1),
            size: None,
            reason: None,
        };
        instructions.map(step).collect()
    }

    fn reasons(before: &str, after: &str, cached: &[bool], now: Conditions) -> Vec<String> {
        let (before, after) = (snapshot(before), snapshot(after));
        let hour = SystemTime::now() - Duration::from_secs(3600);
        let conditions = Conditions { began: Some(hour), ..Conditions::default() };
        let earlier = Built { steps: steps(&before, &[false; 9]), conditions, ..Built::default() };
        let mut steps = steps(&after, cached);
        fill_in(&after, &mut steps, &now, Some(&earlier));
        steps.into_iter().filter_map(|it| it.reason).collect()
    }

    #[test]
    fn a_changed_instruction_and_those_behind_it() {
        let found = reasons(
            "FROM a\nRUN x\nRUN z\n",
            "FROM a\nRUN y\nRUN z\n",
            &[true, false, false],
            Conditions::default(),
        );
        assert_eq!(
            found,
            [
                "the instruction is new or was changed since the last build",
                "a step before it in this stage was built again"
            ]
        );
    }

    #[test]
    fn a_changed_argument_is_named() {
        let text = "FROM a\nARG V\nRUN x $V\n";
        let now = Conditions {
            arguments: [("V".to_owned(), Some("2".to_owned()))].into(),
            ..Conditions::default()
        };
        let found = reasons(text, text, &[true, true, false], now);
        assert_eq!(found, ["the build argument `V` has another value than the last time"]);
    }

    #[test]
    fn a_changed_file_and_a_rebuilt_stage_are_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("src")).unwrap();
        std::fs::write(folder.path().join("src/a.ts"), "").unwrap();
        let text = "FROM a AS b\nCOPY src /src\nFROM c\nCOPY --from=b /x /x\n";
        let now = Conditions { context: folder.path().to_owned(), ..Conditions::default() };
        let found = reasons(text, text, &[true, false, true, false], now);
        assert_eq!(
            found,
            [
                "`src/a.ts` was changed since the last build",
                "the stage `b`, which it copies from, was built again"
            ]
        );
    }

    #[test]
    fn what_cannot_be_known_is_not_said() {
        let text = "FROM a\nRUN x\n";
        assert_eq!(reasons(text, text, &[true, false], Conditions::default()), [""; 0]);
    }
}
