//! What would change, as a unified diff.

use similar::TextDiff;

use super::terminal::{Paint, Style, safe, safe_lines};

/// The difference as `patch` reads it; empty when there is none.
pub fn unified(path: &str, before: &str, after: &str, paint: Paint) -> String {
    if before == after {
        return String::new();
    }
    let diff = TextDiff::from_lines(before, after);
    let path = safe(path);
    let text = diff.unified_diff().context_radius(3).header(&path, &path).to_string();
    if !paint.is_on {
        return text;
    }
    text.split_inclusive('\n').map(|line| coloured(line, paint)).collect()
}

/// On a terminal; elsewhere every byte counts.
fn coloured(line: &str, paint: Paint) -> String {
    let (text, ending) = line.strip_suffix('\n').map_or((line, ""), |text| (text, "\n"));
    let style = match text.as_bytes().first() {
        _ if text.starts_with("+++") || text.starts_with("---") => Style::Bold,
        Some(b'+') => Style::Added,
        Some(b'-') => Style::Removed,
        Some(b'@') => Style::Code,
        _ => return safe_lines(line.trim_end_matches('\r')),
    };
    paint.paint(style, &safe_lines(text.trim_end_matches('\r'))) + ending
}
