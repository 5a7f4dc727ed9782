//! Behind `$`, `${` and `${name`.

use super::{Place, place};
use crate::analysis::ide::completion::cursor::Cursor;
use crate::analysis::ide::completion::site::{Kind, VariableForm, VariableScope};

/// What fits when the cursor is in a variable; `None` when it is in none, an empty list when variables are not
/// replaced in `scope`. `start`: where the quotes that could hide the `$` begin to count.
pub fn places(cursor: &Cursor<'_>, start: usize, scope: Option<VariableScope>) -> Option<Vec<Place>> {
    let before = cursor.slice(start..cursor.at);
    let (dollar, name, is_braced) = name_before(before).or_else(|| modifier_before(before))?;
    let escape = match &scope {
        Some(VariableScope::Shell { .. } | VariableScope::RunTime) => '\\',
        _ => cursor.model.file().escape(),
    };
    live(before, dollar, escape)?;
    let Some(scope) = scope else { return Some(Vec::new()) };
    let symbol = before.get(name.clone()).unwrap_or_default().find(|c| !is_name(c)).map(|at| name.start + at);
    Some(match symbol {
        Some(symbol) => {
            let typed = cursor.typed(start + symbol, |c| !MODIFIER.contains(&c));
            place(Kind::Modifier { scope }, typed)
        }
        None => variable(cursor, start + name.start, is_braced, scope),
    })
}

fn variable(cursor: &Cursor<'_>, start: usize, is_braced: bool, scope: VariableScope) -> Vec<Place> {
    let typed = cursor.typed(start, |c| !is_name(c));
    let is_closed = typed.as_ref().and_then(|it| it.next).is_some_and(|c| c == '}' || MODIFIER.contains(&c));
    let form = if is_braced { VariableForm::Braced { is_closed } } else { VariableForm::Plain };
    place(Kind::Variable { form, scope }, typed)
}

const MODIFIER: &[char] = &[':', '-', '+', '?', '#', '%', '/'];

pub fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

type Found = (usize, std::ops::Range<usize>, bool);

/// `$name` or `${name` at the end of `text`: the `$`, the name, whether there is a brace.
fn name_before(text: &str) -> Option<Found> {
    let start = text.len() - text.chars().rev().take_while(|&c| is_name(c)).count();
    let head = text.get(..start)?;
    if head.ends_with('$') {
        return Some((start - 1, start..text.len(), false));
    }
    head.ends_with("${").then(|| (start - 2, start..text.len(), true))
}

/// `${name` and the beginning of a modifier at the end of `text`.
fn modifier_before(text: &str) -> Option<Found> {
    let symbols = text.chars().rev().take_while(|c| MODIFIER.contains(c)).count();
    let head = text.get(..text.len() - symbols)?;
    let (dollar, name, is_braced) = name_before(head)?;
    let is_one = (1..=2).contains(&symbols) && is_braced && !name.is_empty();
    is_one.then_some((dollar, name.start..text.len(), true))
}

/// Something if the `$` at byte `dollar` counts: it is neither escaped nor in single quotes.
fn live(text: &str, dollar: usize, escape: char) -> Option<()> {
    let mut quote = None;
    let mut chars = text.get(..dollar).unwrap_or_default().chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some('\''), '\'') => quote = None,
            (Some('\''), _) => {}
            // What it protects is passed over; the last thing it can protect is the `$`.
            _ if c == escape => chars.next().map(drop)?,
            (Some(open), _) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            _ => {}
        }
    }
    (quote != Some('\'')).then_some(())
}
