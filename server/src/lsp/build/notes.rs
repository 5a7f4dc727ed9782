//! What the last build cost, beside each instruction: inlay hints, and a few lines in the hover.

use std::collections::HashSet;

use tower_lsp::lsp_types::{InlayHint, InlayHintLabel, InlayHintTooltip, Position, Range, Url};

use super::super::documents::Snapshot;
use super::super::state::State;
use super::anchors::Places;
use super::builds::{Built, BuiltStep};
use super::progress::{shown, shown_size};

/// A hint behind each instruction in `range` that the last build told something of.
pub fn hints(state: &State, snapshot: &Snapshot, range: Range) -> Vec<InlayHint> {
    let range = snapshot.text_range(range);
    let all = state.builds.all_built(&snapshot.uri);
    if all.is_empty() {
        return Vec::new();
    }
    let places = Places::new(&snapshot.file);
    let mut seen = HashSet::new();
    let mut hints = Vec::new();
    for step in newest_first(&all) {
        let Some(instruction) = places.find(&step.anchor) else { continue };
        let end = instruction.absolute(instruction.line_range).end();
        let label = label(step);
        if label.is_empty() || !range.contains_inclusive(end) || !seen.insert(instruction.id) {
            continue;
        }
        hints.push(InlayHint {
            position: snapshot.position(end),
            label: InlayHintLabel::String(label),
            kind: None,
            text_edits: None,
            tooltip: Some(InlayHintTooltip::String(told(step))),
            padding_left: Some(true),
            padding_right: None,
            data: None,
        });
    }
    hints.sort_by_key(|it| (it.position.line, it.position.character));
    hints
}

/// Of several targets the one built last counts where they share an instruction.
fn newest_first(all: &[std::sync::Arc<Built>]) -> impl Iterator<Item = &BuiltStep> {
    let mut all: Vec<&Built> = all.iter().map(AsRef::as_ref).collect();
    all.sort_by_key(|it| std::cmp::Reverse(it.conditions.began));
    all.into_iter().flat_map(|it| &it.steps)
}

/// `12.3 MB · 3.4 s`, `CACHED`
fn label(step: &BuiltStep) -> String {
    let size = step.size.filter(|it| *it > 0).map(shown_size);
    let time = if step.cached { Some("CACHED".to_owned()) } else { step.duration_ms.map(shown) };
    size.into_iter().chain(time).collect::<Vec<_>>().join(" · ")
}

fn told(step: &BuiltStep) -> String {
    let mut told = match (step.cached, step.duration_ms) {
        (true, _) => "The last build took this step from its cache".to_owned(),
        (false, Some(time)) => format!("The last build needed {} for this step", shown(time)),
        (false, None) => "The last build did this step".to_owned(),
    };
    match step.size {
        Some(0) => told.push_str("; it adds nothing to the image's size"),
        Some(size) => told.push_str(&format!("; it adds {} to the image", shown_size(size))),
        None => {}
    }
    if let Some(reason) = &step.reason {
        told.push_str(&format!(". It was not taken from the cache: {reason}"));
    }
    told
}

/// The same as Markdown, for the instruction at a position.
pub fn hover_note(state: &State, uri: &Url, snapshot: &Snapshot, at: Position) -> Option<String> {
    let all = state.builds.all_built(uri);
    let instruction = snapshot.file.instruction_at(snapshot.offset(at)).filter(|_| !all.is_empty())?;
    let places = Places::new(&snapshot.file);
    let is_it = |it: &&BuiltStep| places.find(&it.anchor).is_some_and(|found| found.id == instruction.id);
    let step = newest_first(&all).find(is_it)?;
    Some(format!("**Last build:** {}.", told(step)))
}
