//! How to format a file: `[format]` in our own settings, else `.editorconfig` (<https://editorconfig.org>).

use std::path::Path;

use ec4rs::Properties;
use ec4rs::property::{EndOfLine, FinalNewline, IndentSize, IndentStyle as Style, TabWidth, TrimTrailingWs};

use crate::analysis::ide::format::meaning::meaning;
use crate::analysis::ide::format::{FormatOptions, IndentStyle, KeywordCase};
use crate::analysis::syntax::Dockerfile;
use crate::cli::settings::FileSettings;
use crate::config;

/// How to format one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    pub format: FormatOptions,
    line_end: Option<&'static str>,
}

/// The options for the file `path`. The error is a sentence's end.
pub fn of(path: &Path, settings: &FileSettings) -> Result<Options, String> {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let properties = ec4rs::properties_of(&absolute).map_err(|error| format!(".editorconfig: {error}"))?;
    Ok(merged(&properties, &settings.settings.format))
}

fn merged(properties: &Properties, ours: &config::Format) -> Options {
    let mut format = FormatOptions {
        keyword_case: match ours.keyword_case {
            config::KeywordCase::Preserve => KeywordCase::Preserve,
            config::KeywordCase::Upper => KeywordCase::Upper,
            config::KeywordCase::Lower => KeywordCase::Lower,
        },
        ignore_multiline_instructions: ours.ignore_multiline_instructions,
        ..FormatOptions::default()
    };
    let own_indent = ours.indent.map(|width| u8::try_from(width).unwrap_or(u8::MAX));
    if let Some(width) = own_indent.or_else(|| indent(properties)) {
        format.indent = width;
    }
    match properties.get::<Style>() {
        Ok(Style::Tabs) => format.indent_style = IndentStyle::Tabs,
        Ok(Style::Spaces) => format.indent_style = IndentStyle::Spaces,
        Err(_) => {}
    }
    if let Ok(FinalNewline::Value(wanted)) = properties.get() {
        format.insert_final_newline = wanted;
    }
    if let Ok(TrimTrailingWs::Value(wanted)) = properties.get() {
        format.trim_trailing_whitespace = wanted;
    }
    Options { format, line_end: line_end(properties) }
}

fn indent(properties: &Properties) -> Option<u8> {
    let tab = || match properties.get::<TabWidth>() {
        Ok(TabWidth::Value(width)) => u8::try_from(width).ok(),
        Err(_) => None,
    };
    match properties.get::<IndentSize>() {
        Ok(IndentSize::Value(width)) => u8::try_from(width).ok(),
        Ok(IndentSize::UseTabWidth) | Err(_) => tab(),
    }
}

fn line_end(properties: &Properties) -> Option<&'static str> {
    match properties.get::<EndOfLine>() {
        Ok(EndOfLine::Lf) => Some("\n"),
        Ok(EndOfLine::CrLf) => Some("\r\n"),
        // Docker knows no line that ends with a lone carriage return.
        Ok(EndOfLine::Cr) | Err(_) => None,
    }
}

impl Options {
    /// `text` with the line ends that are wanted; unchanged if that would change what is built, as in a heredoc.
    pub fn with_line_ends(&self, text: String) -> String {
        let Some(wanted) = self.line_end else { return text };
        let unix = text.replace("\r\n", "\n");
        let changed = if wanted == "\n" { unix } else { unix.replace('\n', wanted) };
        let same =
            |one: &str, other: &str| meaning(&Dockerfile::parse(one)) == meaning(&Dockerfile::parse(other));
        if changed == text || !same(&changed, &text) { text } else { changed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(pairs: &[(&'static str, &'static str)], own_indent: Option<u32>) -> Options {
        let mut properties = Properties::new();
        pairs.iter().for_each(|(key, value)| properties.insert_raw_for_key(key, *value));
        merged(&properties, &config::Format { indent: own_indent, ..config::Settings::default().format })
    }

    #[test]
    fn editorconfig_fills_what_our_settings_leave_open() {
        let pairs = [("indent_size", "2"), ("indent_style", "space"), ("insert_final_newline", "false")];
        let found = options(&pairs, None).format;
        assert_eq!(
            (found.indent, found.indent_style, found.insert_final_newline),
            (2, IndentStyle::Spaces, false)
        );
        assert_eq!(options(&pairs, Some(6)).format.indent, 6);
        assert_eq!(options(&[("indent_style", "tab"), ("tab_width", "8")], None).format.indent, 8);
        assert_eq!(options(&[], None).format, FormatOptions::default());
    }

    #[test]
    fn line_ends_change_only_where_they_mean_nothing() {
        let to_crlf = options(&[("end_of_line", "crlf")], None);
        assert_eq!(to_crlf.with_line_ends("FROM a\nRUN b\n".to_owned()), "FROM a\r\nRUN b\r\n");
        let script = "FROM a\nRUN <<E\nb\nE\n".to_owned();
        assert_eq!(to_crlf.with_line_ends(script.clone()), script);
        let to_lf = options(&[("end_of_line", "lf")], None);
        assert_eq!(to_lf.with_line_ends("FROM a\r\nRUN b\r\n".to_owned()), "FROM a\nRUN b\n");
    }
}
