//! What can stand at the cursor.

use smol_str::SmolStr;
use text_size::TextSize;

use super::cursor::Typed;
use crate::analysis::knowledge::{CommandDoc, FlagDoc, Keyword, MountOption, MountType, Subcommand};
use crate::analysis::model::{StageId, StageReferenceKind};
use crate::analysis::syntax::InstructionId;
use crate::analysis::syntax::directive::DirectiveName;

/// Everything that is legal at the cursor.
#[derive(Debug, Clone)]
pub struct Site {
    /// The likeliest first; never empty.
    pub places: Vec<Place>,
    /// The instruction the cursor stands in.
    pub instruction: Option<InstructionId>,
    /// The cursor, absolute.
    pub offset: TextSize,
}

/// One kind of thing that may stand here, and the word that it would replace.
#[derive(Debug, Clone)]
pub struct Place {
    pub kind: Kind,
    pub typed: Typed,
}

/// A kind of thing to complete.
#[derive(Debug, Clone)]
pub enum Kind {
    /// The name of an instruction, or a snippet.
    Instruction {
        /// After `ONBUILD`.
        is_deferred: bool,
    },
    /// `--name`; `used` are those that must not come again.
    Flag {
        keyword: Keyword,
        used: Vec<SmolStr>,
    },
    /// A value that the flag's kind alone decides.
    FlagValue {
        keyword: Keyword,
        flag: &'static FlagDoc,
    },
    /// A name in `--mount=`, `type` among them unless it is used.
    MountOption {
        mount_type: MountType,
        used: Vec<SmolStr>,
    },
    MountType,
    MountOptionValue {
        mount_type: MountType,
        option: &'static MountOption,
    },
    /// `AS` after the image of a `FROM`.
    As,
    /// A new name after `AS`.
    NewStageName,
    /// An earlier stage, by name; in `COPY` and mounts also by number.
    Stage {
        place: StageReferenceKind,
    },
    /// The name of an image, without tag.
    Image {
        place: ImagePlace,
    },
    /// A tag of the image `name`.
    Tag {
        /// As written before the colon, variables with a known value resolved.
        name: String,
        /// What is typed of the tag, variables resolved; differs from the typed text only if there are any.
        prefix: String,
        place: ImagePlace,
    },
    /// After `$` or `${`.
    Variable {
        form: VariableForm,
        scope: VariableScope,
    },
    /// After `${name`.
    Modifier {
        scope: VariableScope,
    },
    /// A file or folder of the build context, one segment of it.
    ContextPath {
        /// What stands before the segment: `/`-separated, without `/` at either end; empty for the root.
        folder: String,
        writing: PathWriting,
    },
    /// A file that an earlier stage has made.
    StagePath {
        stage: StageId,
        writing: PathWriting,
    },
    /// A path inside the image being built.
    Destination {
        writing: PathWriting,
    },
    /// `WORKDIR`, `VOLUME`, or an option of a mount.
    Folder {
        use_of: FolderUse,
        writing: PathWriting,
    },
    Signal,
    User,
    Group,
    Port,
    Protocol,
    /// `CMD` or `NONE`.
    HealthcheckKind {
        /// `NONE` takes no flags.
        has_flags: bool,
    },
    /// The JSON list after `SHELL`.
    Shell,
    /// `["…"]` after `CMD` and `ENTRYPOINT`.
    ExecForm,
    EnvironmentName,
    EnvironmentValue {
        name: SmolStr,
    },
    LabelKey,
    ArgumentName,
    /// The name of a parser directive.
    Directive,
    DirectiveValue {
        name: DirectiveName,
    },
    /// `skip`, `error`, `experimental` in `# check=`.
    CheckOption {
        used: Vec<SmolStr>,
    },
    CheckOptionValue {
        option: SmolStr,
        used: Vec<SmolStr>,
    },
    /// What a comment that speaks to a tool begins with.
    Pragma,
    /// In a comment that switches rules off.
    RuleName {
        notation: RuleNotation,
        used: Vec<SmolStr>,
    },
    /// The first word of a shell command.
    ShellCommand {
        keyword: Keyword,
    },
    /// A subcommand or flag.
    ShellArgument {
        command: &'static CommandDoc,
        subcommand: Option<&'static Subcommand>,
        /// The words of the command so far.
        given: Vec<SmolStr>,
    },
    /// The line that ends a heredoc which has no end yet.
    HeredocEnd {
        delimiter: SmolStr,
    },
}

/// Where an image is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImagePlace {
    From,
    CopyFrom,
    MountFrom,
    /// `# syntax=`
    Syntax,
}

/// How a variable is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VariableForm {
    Plain,
    /// `${`; `is_closed`: a brace or a modifier follows already.
    Braced {
        is_closed: bool,
    },
}

/// Who replaces the variable, and with it which ones there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableScope {
    /// BuildKit, in a stage.
    Builder,
    /// BuildKit, in `FROM`.
    Global,
    /// The shell of a `RUN`; with the names that the script sets before the cursor.
    Shell { own: Vec<SmolStr> },
    /// The shell when the container runs: no `ARG` lives so long.
    RunTime,
    /// `ONBUILD`: another build.
    Deferred,
}

/// How a path is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathWriting {
    /// One word: no blanks.
    Word,
    /// A string of a JSON list.
    Json,
    /// In `--mount`: neither blanks nor commas.
    Option,
}

/// What a folder is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolderUse {
    Workdir,
    Volume,
    MountTarget(MountType),
}

/// Who reads a comment that switches rules off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleNotation {
    /// `# hadolint ignore=DL3008`
    Hadolint,
    /// `# dockwright: ignore[rule]`
    Own,
}

impl Site {
    /// Whether to answer although nobody asked: `trigger` was typed. A blank opens the list only where the next
    /// word is nearly always one of it; in a shell command or before an instruction it would be in the way.
    pub fn answers(&self, trigger: char) -> bool {
        trigger != ' ' || self.places.first().is_some_and(|place| place.kind.opens_after_blank())
    }
}

impl Kind {
    fn opens_after_blank(&self) -> bool {
        !matches!(
            self,
            Kind::Instruction { .. }
                | Kind::ShellCommand { .. }
                | Kind::ShellArgument { .. }
                | Kind::EnvironmentName
                | Kind::LabelKey
                | Kind::ArgumentName
                | Kind::NewStageName
                | Kind::ExecForm
                | Kind::Pragma
                | Kind::Directive
                | Kind::HeredocEnd { .. }
        )
    }
}
