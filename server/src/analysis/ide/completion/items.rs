//! From what is legal to the list.

mod comments;
mod environment;
mod flags;
mod images;
mod instructions;
mod mounts;
mod paths;
mod shell;
mod stage_paths;
mod stages;
mod variables;
mod words;

use super::cursor::Typed;
use super::facts::{Facts, Options};
use super::item::{Completions, List};
use super::site::{Kind, Place, Site};
use crate::analysis::image::ImageReference;
use crate::analysis::knowledge::{self, Distribution, Keyword};
use crate::analysis::model::{Base, Model, Stage};
use crate::analysis::syntax::{InstructionId, InstructionRef};

/// The list for `site`, which must be one of `model`.
pub fn items(site: &Site, model: &Model, facts: &Facts<'_>, options: Options) -> Completions {
    let is_lower_case = is_lower_case(site, model);
    let cx = Context { site, model, facts, options, is_lower_case };
    let mut list = List::default();
    for place in &site.places {
        add(&cx, place, &mut list);
    }
    Completions { items: list.items, is_incomplete: list.is_incomplete }
}

/// What all lists are made from.
#[derive(Clone, Copy)]
struct Context<'a> {
    site: &'a Site,
    model: &'a Model,
    facts: &'a Facts<'a>,
    options: Options,
    /// Most names of instructions in the file are in lower case.
    is_lower_case: bool,
}

/// Whether most names of instructions in the file, the one at the cursor not counted, are in lower case.
fn is_lower_case(site: &Site, model: &Model) -> bool {
    let others = model.file().instructions().filter(|it| Some(it.id) != site.instruction);
    let mut balance = 0i64;
    for it in others.filter(|it| it.keyword.is_some()).take(100) {
        let is_upper = it.name.as_str().bytes().any(|byte| byte.is_ascii_uppercase());
        balance += if is_upper { 1 } else { -1 };
    }
    balance < 0
}

impl<'a> Context<'a> {
    fn instruction(&self) -> Option<InstructionRef<'a>> {
        self.model.file().instruction(self.site.instruction?)
    }

    /// The position of the cursor among the instructions: those before it have a smaller id.
    fn id(&self) -> InstructionId {
        self.site.instruction.unwrap_or_else(|| {
            let file = self.model.file();
            let before = file.instructions().take_while(|it| it.start < self.site.offset).count();
            InstructionId(before as u32)
        })
    }

    /// The stage the cursor is in; `None` before the first `FROM` is complete.
    fn stage(&self) -> Option<&'a Stage> {
        let before = self.id().0.checked_sub(1)?;
        self.model.stage_of(InstructionId(before))
    }

    /// The instructions of the stage before the cursor and of those it is built from, nearest first.
    fn earlier(&self) -> impl Iterator<Item = InstructionRef<'a>> + use<'a> {
        let (model, id) = (self.model, self.id());
        let lineage = self.stage().into_iter().flat_map(move |stage| model.lineage(stage.id));
        lineage.flat_map(move |stage| {
            let ids = stage.instructions.start..stage.instructions.end.min(id.0);
            ids.rev().filter_map(move |id| model.file().instruction(InstructionId(id)))
        })
    }

    /// The image that the stage is built on, with its default tag.
    fn base_image(&self) -> Option<ImageReference> {
        base_image(self.model, self.stage()?)
    }

    fn distribution(&self) -> Option<Distribution> {
        let stage = self.stage()?;
        if matches!(self.model.root_base(stage.id)?, Base::Scratch) {
            return Some(Distribution::WithoutPackages);
        }
        let image = self.base_image()?;
        knowledge::distribution(&image.familiar_name()?, image.tag().known().unwrap_or_default())
    }

    fn keyword(&self, keyword: Keyword) -> String {
        self.cased(keyword.as_str())
    }

    /// A word of the language in the case that the file has.
    fn cased(&self, word: &str) -> String {
        if self.is_lower_case { word.to_ascii_lowercase() } else { word.to_owned() }
    }
}

/// The image at the root of `stage`.
fn base_image(model: &Model, stage: &Stage) -> Option<ImageReference> {
    match model.root_base(stage.id)? {
        Base::Image(value) => Some(ImageReference::parse(value.text()?)),
        _ => None,
    }
}

fn add(cx: &Context<'_>, place: &Place, list: &mut List) {
    let typed: &Typed = &place.typed;
    match &place.kind {
        Kind::Instruction { is_deferred } => instructions::add(cx, typed, *is_deferred, list),
        Kind::HeredocEnd { delimiter } => instructions::heredoc_end(typed, delimiter, list),
        Kind::HealthcheckKind { has_flags } => instructions::healthcheck_kinds(cx, typed, *has_flags, list),
        Kind::Shell => instructions::shells(cx, typed, list),
        Kind::ExecForm => instructions::exec_form(cx, typed, list),
        Kind::Flag { keyword, used } => flags::add(cx, typed, *keyword, used, list),
        Kind::FlagValue { keyword, flag } => flags::values(cx, typed, *keyword, flag, list),
        Kind::MountOption { mount_type, used } => mounts::options(typed, *mount_type, used, list),
        Kind::MountType => mounts::types(typed, list),
        Kind::MountOptionValue { mount_type, option } => mounts::values(cx, typed, *mount_type, option, list),
        Kind::As => stages::as_keyword(cx, typed, list),
        Kind::NewStageName => stages::new_names(cx, typed, list),
        Kind::Stage { place } => stages::add(cx, typed, *place, list),
        Kind::Image { place } => images::names(cx, typed, *place, list),
        Kind::Tag { name, prefix, place } => images::tags(cx, typed, name, prefix, *place, list),
        Kind::Variable { form, scope } => variables::add(cx, typed, *form, scope, list),
        Kind::Modifier { scope } => variables::modifiers(cx, typed, scope, list),
        Kind::ContextPath { folder, writing } => paths::context(cx, typed, folder, *writing, list),
        Kind::StagePath { stage, writing } => paths::in_stage(cx, typed, *stage, *writing, list),
        Kind::Destination { writing } => paths::destinations(cx, typed, *writing, list),
        Kind::Folder { use_of, writing } => paths::folders(cx, typed, *use_of, *writing, list),
        Kind::Signal => words::signals(cx, typed, list),
        Kind::User => words::users(cx, typed, list),
        Kind::Group => words::groups(cx, typed, list),
        Kind::Port => words::ports(cx, typed, list),
        Kind::Protocol => words::protocols(typed, list),
        Kind::EnvironmentName => environment::names(cx, typed, list),
        Kind::EnvironmentValue { name } => environment::values(typed, name, list),
        Kind::LabelKey => environment::labels(cx, typed, list),
        Kind::ArgumentName => environment::arguments(cx, typed, list),
        Kind::Directive => comments::directives(cx, typed, list),
        Kind::DirectiveValue { name } => comments::directive_values(typed, *name, list),
        Kind::CheckOption { used } => comments::check_options(typed, used, list),
        Kind::CheckOptionValue { option, used } => comments::check_values(typed, option, used, list),
        Kind::Pragma => comments::pragmas(typed, list),
        Kind::RuleName { notation, used } => comments::rule_names(typed, *notation, used, list),
        Kind::ShellCommand { keyword } => shell::commands(cx, typed, *keyword, list),
        Kind::ShellArgument { command, subcommand, given } => {
            shell::arguments(typed, command, *subcommand, given, list);
        }
    }
}
