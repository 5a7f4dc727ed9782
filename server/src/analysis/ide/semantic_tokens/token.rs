//! What a token is, and the legend: the fixed lists of kinds and modifiers that tokens refer to.

use text_size::TextRange;

/// A stretch of one line, in bytes of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub range: TextRange,
    pub kind: TokenKind,
    pub modifiers: Modifiers,
}

macro_rules! token_kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)*) => {
        /// What a stretch of text is. As a number it is the index in [`TokenKind::LEGEND`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum TokenKind {
            $($(#[$doc])* $kind,)*
        }

        impl TokenKind {
            /// The names editors know, in the order of the kinds.
            pub const LEGEND: &[&str] = &[$($name,)*];
        }
    };
}

token_kinds! {
    /// The name of an image.
    Namespace = "namespace",
    /// The name of a stage.
    Type = "type",
    /// A flag of an instruction or of a shell command.
    Parameter = "parameter",
    Variable = "variable",
    /// The key of a label, the name of a mount option.
    Property = "property",
    /// A tag, a digest, a signal.
    EnumMember = "enumMember",
    /// A shell command.
    Function = "function",
    Keyword = "keyword",
    Comment = "comment",
    String = "string",
    Number = "number",
    Operator = "operator",
    /// The name of a parser directive, the `#!` line of a script.
    Macro = "macro",
    /// The delimiter of a heredoc.
    Label = "label",
}

impl TokenKind {
    /// The name editors know.
    pub fn as_str(self) -> &'static str {
        TokenKind::LEGEND.get(self as usize).copied().unwrap_or_default()
    }
}

/// A set of modifiers. Bit `n` stands for entry `n` of [`Modifiers::LEGEND`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Modifiers(u8);

impl Modifiers {
    pub const NONE: Modifiers = Modifiers(0);
    /// The name is set here.
    pub const DECLARATION: Modifiers = Modifiers(1);
    pub const DEPRECATED: Modifiers = Modifiers(2);
    /// Known without being declared: `TARGETPLATFORM`, `cd`, `scratch`.
    pub const DEFAULT_LIBRARY: Modifiers = Modifiers(4);

    /// The names editors know, in the order of the bits.
    pub const LEGEND: &[&str] = &["declaration", "deprecated", "defaultLibrary"];

    pub fn bits(self) -> u32 {
        self.0.into()
    }

    /// The names in it.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Modifiers::LEGEND
            .iter()
            .enumerate()
            .filter(move |(bit, _)| self.0 & (1 << bit) != 0)
            .map(|(_, it)| *it)
    }
}

impl std::ops::BitOr for Modifiers {
    type Output = Modifiers;

    fn bitor(self, other: Modifiers) -> Modifiers {
        Modifiers(self.0 | other.0)
    }
}
