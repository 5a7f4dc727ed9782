//! What a person can choose about formatting.

/// How to format. The defaults are what `dockwright format` does without any configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatOptions {
    /// The case of `FROM`, `AS` and all other keywords.
    pub keyword_case: KeywordCase,
    /// Columns before the least indented continuation line; 1 to 32, others are clamped. Also a tab's width.
    pub indent: u8,
    /// What indentation is made of.
    pub indent_style: IndentStyle,
    /// More blank lines than this in a row are removed. At least 1: a blank line cuts a comment off from what
    /// follows, so none may vanish completely.
    pub max_blank_lines: u8,
    /// End the last line with a line break.
    pub insert_final_newline: bool,
    /// Remove blank lines at the end of the file.
    pub trim_final_newlines: bool,
    /// Remove blanks at the end of lines (never in heredocs).
    pub trim_trailing_whitespace: bool,
    /// Leave instructions of more than one line as they are.
    pub ignore_multiline_instructions: bool,
}

impl Default for FormatOptions {
    fn default() -> Self {
        FormatOptions {
            keyword_case: KeywordCase::Preserve,
            indent: 4,
            indent_style: IndentStyle::Keep,
            max_blank_lines: 2,
            insert_final_newline: true,
            trim_final_newlines: true,
            trim_trailing_whitespace: true,
            ignore_multiline_instructions: false,
        }
    }
}

impl FormatOptions {
    /// Indentation in columns. Never 0: a continuation line at column 0 looks like an instruction.
    pub fn indent_width(&self) -> usize {
        usize::from(self.indent.clamp(1, 32))
    }

    pub(super) fn blank_lines(&self) -> usize {
        usize::from(self.max_blank_lines.max(1))
    }
}

/// The case of keywords.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum KeywordCase {
    #[default]
    Preserve,
    Upper,
    Lower,
}

/// What indentation is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IndentStyle {
    /// Whichever of the two more of the file's continuation lines begin with.
    #[default]
    Keep,
    Spaces,
    Tabs,
}

/// Indentation as columns and back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Indentation {
    pub width: usize,
    pub uses_tabs: bool,
}

impl Indentation {
    /// The columns that `blanks` take.
    pub fn columns(self, blanks: &str) -> usize {
        blanks.bytes().fold(0, |column, byte| match byte {
            b'\t' => (column / self.width + 1) * self.width,
            _ => column + 1,
        })
    }

    /// `columns` as blanks.
    pub fn render(self, columns: usize) -> String {
        let (tabs, blanks) = match self.uses_tabs {
            true => (columns / self.width, columns % self.width),
            false => (0, columns),
        };
        "\t".repeat(tabs) + &" ".repeat(blanks)
    }
}
