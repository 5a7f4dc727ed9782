//! From the protocol's words to the analysis', where a position is not enough.

use tower_lsp::lsp_types::FormattingOptions;

use crate::analysis::ide::format::{FormatOptions, IndentStyle, KeywordCase};
use crate::config::{self, Settings};

/// How to format: what the user set, then what the editor says, then the defaults.
pub fn format_options(settings: &Settings, editor: &FormattingOptions) -> FormatOptions {
    let indent = settings.format.indent.unwrap_or(editor.tab_size);
    let defaults = FormatOptions::default();
    FormatOptions {
        keyword_case: keyword_case(settings.format.keyword_case),
        indent: u8::try_from(indent).unwrap_or(u8::MAX),
        indent_style: if editor.insert_spaces { IndentStyle::Spaces } else { IndentStyle::Tabs },
        insert_final_newline: editor.insert_final_newline.unwrap_or(defaults.insert_final_newline),
        trim_final_newlines: editor.trim_final_newlines.unwrap_or(defaults.trim_final_newlines),
        trim_trailing_whitespace: editor
            .trim_trailing_whitespace
            .unwrap_or(defaults.trim_trailing_whitespace),
        ignore_multiline_instructions: settings.format.ignore_multiline_instructions,
        ..defaults
    }
}

fn keyword_case(case: config::KeywordCase) -> KeywordCase {
    match case {
        config::KeywordCase::Preserve => KeywordCase::Preserve,
        config::KeywordCase::Upper => KeywordCase::Upper,
        config::KeywordCase::Lower => KeywordCase::Lower,
    }
}
