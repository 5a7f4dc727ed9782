//! What a rule is: a documented file with a name, a severity and a check.
//!
//! The doc comment inside [`rule!`] is the only source of the rule's page, of `dockwright explain` and of the
//! hover on its name: first line what is wrong, then why it hurts, examples in fences (three backticks and
//! `dockerfile bad` or `dockerfile good`), and what to write instead. Every example is run by a test.

use super::context::{InstructionContext, ModelContext, StageContext};
use super::report::Report;
use super::shell::ShellContext;
use crate::analysis::knowledge::Keyword;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    Hint,
    Info,
    Warning,
    /// The build fails, or the image surely does not work.
    Error,
}

impl Severity {
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Hint => "hint",
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// The severity that `name` spells in lower case.
    pub fn parse(name: &str) -> Option<Severity> {
        let all = [Severity::Hint, Severity::Info, Severity::Warning, Severity::Error];
        all.into_iter().find(|severity| severity.as_str() == name)
    }
}

/// The set of rules one starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Profile {
    /// Quiet enough that people keep it on.
    #[default]
    Recommended,
    All,
    /// What the build says: its errors and BuildKit's checks.
    Buildkit,
    /// hadolint's default set with its severities.
    Hadolint,
    None,
}

impl Profile {
    pub const ALL: [Profile; 5] =
        [Profile::Recommended, Profile::All, Profile::Buildkit, Profile::Hadolint, Profile::None];

    pub const fn as_str(self) -> &'static str {
        match self {
            Profile::Recommended => "recommended",
            Profile::All => "all",
            Profile::Buildkit => "buildkit",
            Profile::Hadolint => "hadolint",
            Profile::None => "none",
        }
    }

    /// The profile that `name` spells in lower case.
    pub fn parse(name: &str) -> Option<Profile> {
        Profile::ALL.into_iter().find(|profile| profile.as_str() == name)
    }
}

/// Whether a rule repairs what it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixSafety {
    /// There is no fix.
    None,
    /// The build means the same afterwards.
    Safe,
    /// Look at it before you keep it.
    Unsafe,
}

/// How an editor may show the code a finding stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tag {
    /// Struck through.
    Deprecated,
    /// Faded: it has no effect.
    Unnecessary,
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case; names the fault, so that "skip …" reads well.
    pub name: &'static str,
    /// The names that BuildKit, hadolint and the Dockerfile validator have for it.
    pub aliases: &'static [&'static str],
    pub severity: Severity,
    /// In profile `recommended`.
    pub recommended: bool,
    /// In profile `buildkit`.
    pub buildkit: bool,
    /// Its severity in profile `hadolint`; `None`: not in it.
    pub hadolint: Option<Severity>,
    /// Only if selected by name, or by BuildKit's `# check=experimental=`.
    pub experimental: bool,
    pub fix: FixSafety,
    pub tag: Option<Tag>,
    /// Where to read more.
    pub url: &'static str,
    pub check: Check,
    /// The doc comment; see [`Rule::markdown`].
    pub(super) doc: &'static str,
}

/// What a rule looks at; the framework does the walk.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// One instruction at a time. The findings are kept while the instruction stays as it is, so nothing but the
    /// context may decide; ranges are local.
    Instruction {
        /// The instructions it wants to see.
        on: On,
        /// Also what `ONBUILD` defers; errors become warnings there, as this file itself builds.
        deferred: bool,
        check: fn(&InstructionContext<'_>, &mut Report<'_>),
    },
    /// The commands of one instruction at a time; otherwise as [`Check::Instruction`]. The texts are read once for all
    /// rules. Nothing is seen of what another shell reads, or of a text with a syntax error.
    Shell { on: &'static [Keyword], deferred: bool, check: fn(&ShellContext<'_>, &mut Report<'_>) },
    /// One section at a time: what stands before the first `FROM`, or a stage. The context walks its instructions only.
    /// What is found is kept while the section, the stages it is built from, and the [`Shape`] of the file stay as they
    /// are: nothing else may decide. Ranges are absolute, and lie in instructions.
    ///
    /// [`Shape`]: super::sections::Shape
    Section(fn(&ModelContext<'_>, &mut Report<'_>)),
    /// One stage at a time; otherwise as [`Check::Section`].
    Stage(fn(&StageContext<'_>, &mut Report<'_>)),
    /// A check for each stage, and one for what concerns the whole file.
    Parts { stage: fn(&StageContext<'_>, &mut Report<'_>), model: fn(&ModelContext<'_>, &mut Report<'_>) },
    /// The whole file, as far as its stages, variables and references go. What is found is kept while these stay as they
    /// are ([`Model::carried_to`]), so only instructions that add to them may decide. Ranges are absolute, and lie in
    /// instructions.
    ///
    /// [`Model::carried_to`]: crate::analysis::model::Model::carried_to
    Meaning(fn(&ModelContext<'_>, &mut Report<'_>)),
    /// The whole file and what it means, after every change; ranges are absolute.
    Model(fn(&ModelContext<'_>, &mut Report<'_>)),
    /// Found by [`super::suppress`].
    Suppression,
}

/// Which instructions a rule wants to see.
#[derive(Debug, Clone, Copy)]
pub enum On {
    Keywords(&'static [Keyword]),
    /// All, those with an unknown name too.
    Every,
}

impl Rule {
    /// What the fields are when a rule does not say.
    pub(super) const DEFAULT: Rule = Rule {
        name: "",
        aliases: &[],
        severity: Severity::Warning,
        recommended: true,
        buildkit: false,
        hadolint: None,
        experimental: false,
        fix: FixSafety::None,
        tag: None,
        url: "",
        check: Check::Suppression,
        doc: "",
    };

    /// The same for what stops the build.
    pub(super) const ERROR: Rule = Rule { severity: Severity::Error, buildkit: true, ..Rule::DEFAULT };

    /// The rule's severity in `profile`, or `None` if it is not in it. Experimental rules are in no profile but `all`.
    pub fn severity_in(&self, profile: Profile) -> Option<Severity> {
        let is_in = match profile {
            Profile::Recommended => self.recommended && !self.experimental,
            Profile::All => true,
            Profile::Buildkit => self.buildkit && !self.experimental,
            Profile::Hadolint => return self.hadolint,
            Profile::None => false,
        };
        is_in.then_some(self.severity)
    }

    /// Whether `name` is its name or one of its aliases, in any case.
    pub fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name) || self.aliases.iter().any(|it| it.eq_ignore_ascii_case(name))
    }

    /// What is wrong, in one line of Markdown.
    pub fn summary(&self) -> &'static str {
        self.doc.lines().next().unwrap_or_default().trim()
    }

    /// BuildKit's own name for it.
    pub fn buildkit_name(&self) -> Option<&'static str> {
        self.aliases.iter().copied().find(|alias| crate::analysis::knowledge::check_named(alias).is_some())
    }
}

/// Makes the `RULE` of a rule file from its doc comment and the fields that differ from the default
/// (`error:` first: from [`Rule::ERROR`]).
macro_rules! rule {
    ($(#[doc = $doc:literal])* error, $($field:ident: $value:expr),* $(,)?) => {
        pub(in crate::analysis::lint) static RULE: $crate::analysis::lint::Rule = $crate::analysis::lint::Rule {
            doc: concat!($($doc, "\n"),*), $($field: $value,)* ..$crate::analysis::lint::Rule::ERROR
        };
    };
    ($(#[doc = $doc:literal])* $($field:ident: $value:expr),* $(,)?) => {
        pub(in crate::analysis::lint) static RULE: $crate::analysis::lint::Rule = $crate::analysis::lint::Rule {
            doc: concat!($($doc, "\n"),*), $($field: $value,)* ..$crate::analysis::lint::Rule::DEFAULT
        };
    };
}
pub(super) use rule;
