//! Text in XML.

use std::borrow::Cow;

/// `text` for an attribute or between tags. Characters that XML 1.0 cannot hold become U+FFFD.
pub fn escape(text: &str) -> String {
    text.chars().map(escaped).collect()
}

fn escaped(character: char) -> Cow<'static, str> {
    match character {
        '&' => "&amp;".into(),
        '<' => "&lt;".into(),
        '>' => "&gt;".into(),
        '"' => "&quot;".into(),
        '\'' => "&apos;".into(),
        '\t' | '\n' | '\r' => format!("&#{};", character as u32).into(),
        '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => "\u{fffd}".into(),
        _ => character.to_string().into(),
    }
}
