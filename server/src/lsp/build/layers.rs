//! What each instruction cost: time from the build's output, bytes from the image's history. Pure.

use std::collections::HashMap;

use serde_json::Value;

use super::super::documents::Snapshot;
use super::anchors::anchor_of;
use super::builds::BuiltStep;
use crate::analysis::syntax::{InstructionId, InstructionRef};
use crate::docker::needs;
use crate::docker::output::Step;

/// What the engine says about an image.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImageFacts {
    pub id: Option<String>,
    pub size: Option<u64>,
    pub history: Vec<Layer>,
}

/// One line of an image's history, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    pub created_by: String,
    pub size: u64,
}

impl ImageFacts {
    /// Reads what `Engine::image_facts` and `Engine::history` print; nothing of it has to be there.
    pub fn read(inspected: &str, history: &str) -> ImageFacts {
        let (id, size) = inspected.trim().split_once(' ').unwrap_or((inspected.trim(), ""));
        let is_id = |it: &&str| {
            it.len() >= 12 && it.trim_start_matches("sha256:").chars().all(|it| it.is_ascii_hexdigit())
        };
        let id = Some(id)
            .filter(is_id)
            .map(str::to_owned)
            .map(|it| if it.contains(':') { it } else { format!("sha256:{it}") });
        let size = size.trim().parse().ok().filter(|it| *it > 0);
        ImageFacts { id, size, history: history.lines().flat_map(layers).collect() }
    }
}

/// Podman writes all of them in one list.
fn layers(line: &str) -> Vec<Layer> {
    match serde_json::from_str(line) {
        Ok(Value::Array(all)) => all.iter().filter_map(layer).collect(),
        Ok(one) => layer(&one).into_iter().collect(),
        Err(_) => Vec::new(),
    }
}

fn layer(value: &Value) -> Option<Layer> {
    let get = |names: [&str; 2]| names.iter().find_map(|it| value.get(it)).cloned();
    let size = match get(["Size", "size"])? {
        Value::Number(it) => it.as_u64()?,
        Value::String(it) => it.trim_end_matches('B').trim().parse().ok()?,
        _ => return None,
    };
    let created_by = get(["CreatedBy", "createdBy"])?.as_str()?.to_owned();
    Some(Layer { created_by, size })
}

/// What is known about each instruction, in the order of the file.
pub fn steps(built: &Snapshot, steps: &[Step], target: Option<&str>, history: &[Layer]) -> Vec<BuiltStep> {
    let model = built.model();
    let sizes = sizes(built, target, history);
    let by_line: HashMap<u32, &Step> =
        steps.iter().filter_map(|it| Some((*it.lines.as_ref()?.start(), it))).collect();
    let mut known = Vec::new();
    for instruction in model.file().instructions() {
        let line = built.index.line_of(instruction.absolute_range().start()) + 1;
        let (step, size) = (by_line.get(&line), sizes.get(&instruction.id));
        if step.is_none() && size.is_none() {
            continue;
        }
        known.push(BuiltStep {
            anchor: anchor_of(model.file(), instruction),
            stage: model.stage_of(instruction.id).map(|it| it.id.0),
            cached: step.is_some_and(|it| it.cached),
            duration_ms: step.filter(|it| !it.cached).and_then(|it| it.duration_ms),
            size: size.copied().or_else(|| step.and_then(|it| it.size)),
            reason: None,
        });
    }
    known
}

/// The size of each instruction's layer: the last instruction made the newest one, and so on, through the stages that
/// the built one is made from. Where instruction and history do not fit, nothing further is known.
fn sizes(built: &Snapshot, target: Option<&str>, history: &[Layer]) -> HashMap<InstructionId, u64> {
    let model = built.model();
    let mut sizes = HashMap::new();
    let Some(stage) = needs::stage(model, target) else { return sizes };
    let in_order = model.lineage(stage.id).flat_map(|stage| {
        stage.instructions.clone().rev().filter_map(|id| model.file().instruction(InstructionId(id)))
    });
    let mut layers = history.iter();
    for instruction in in_order.filter(|it| Some(it.id) != first_from(built, it.id)) {
        let Some(layer) = layers.next().filter(|it| made_by(&it.created_by, instruction)) else { break };
        sizes.insert(instruction.id, layer.size);
    }
    sizes
}

/// The `FROM` of an instruction's stage, which makes no layer of its own.
fn first_from(built: &Snapshot, id: InstructionId) -> Option<InstructionId> {
    built.model().stage_of(id).map(|it| it.from)
}

/// Whether a line of the history can be an instruction's: engines write `RUN …`, `/bin/sh -c …`, or
/// `/bin/sh -c #(nop)  CMD …`.
fn made_by(created_by: &str, instruction: InstructionRef<'_>) -> bool {
    let Some(keyword) = instruction.keyword else { return false };
    let keyword = keyword.as_str();
    let text = created_by.split_once("#(nop)").map_or(created_by, |(_, text)| text).trim_start();
    let names_it = text.get(..keyword.len()).is_some_and(|it| it.eq_ignore_ascii_case(keyword));
    let is_nop = created_by.contains("#(nop)");
    let others =
        ["COPY ", "ADD ", "ENV ", "CMD ", "LABEL ", "WORKDIR ", "EXPOSE ", "ARG ", "USER ", "ENTRYPOINT "];
    let is_other = others.iter().any(|it| text.starts_with(it));
    names_it || (keyword == "RUN" && !is_nop && !is_other)
}

#[cfg(test)]
mod tests {
    use tower_lsp::lsp_types::Url;

    use super::super::super::documents::Kind;
    use super::*;
    use crate::analysis::text::PositionEncoding;

    fn snapshot(text: &str) -> Snapshot {
        let uri = Url::parse("file:///w/Dockerfile").unwrap();
        Snapshot::new(uri, Kind::Dockerfile, 0, text.to_owned(), PositionEncoding::Utf8)
    }

    #[test]
    fn what_engines_say_is_read_as_far_as_it_goes() {
        let history = r#"{"CreatedBy":"CMD [\"a\"]","Size":"0"}
{"createdBy":"RUN /bin/sh -c x # buildkit","size":1500}
nonsense
"#;
        let facts = ImageFacts::read("sha256:0123456789ab 42\n", history);
        assert_eq!((facts.id.as_deref(), facts.size), (Some("sha256:0123456789ab"), Some(42)));
        assert_eq!(facts.history.iter().map(|it| it.size).collect::<Vec<_>>(), [0, 1500]);
        let of_podman = r#"[{"CreatedBy":"a","size":1},{"CreatedBy":"b","size":2}]"#;
        assert_eq!(ImageFacts::read("", of_podman).history.len(), 2);
        assert_eq!(ImageFacts::read("Error: nothing", ""), ImageFacts::default());
    }

    #[test]
    fn layers_are_given_to_their_instructions() {
        let built = snapshot("FROM a AS b\nCOPY x /x\nFROM b\nRUN make\nENV A=1\n");
        let layer = |created_by: &str, size| Layer { created_by: created_by.to_owned(), size };
        let history = [
            layer("ENV A=1", 0),
            layer("RUN /bin/sh -c make # buildkit", 30),
            layer("COPY x /x # buildkit", 20),
            layer("/bin/sh -c #(nop) ADD file:1 in / ", 9),
        ];
        let sized = |history: &[Layer]| {
            let steps = steps(&built, &[], None, history);
            steps.iter().map(|it| it.size.unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(sized(&history), [20, 30, 0]);
        let legacy = [layer("/bin/sh -c #(nop)  ENV A=1", 0), layer("/bin/sh -c make", 30)];
        assert_eq!(sized(&legacy), [30, 0]);
        assert_eq!(sized(&history[1..]), [0; 0]);
    }

    #[test]
    fn times_are_given_by_line() {
        let built = snapshot("FROM a\nRUN x\nRUN y\n");
        let step = |line, cached, duration_ms| Step {
            lines: Some(line..=line),
            cached,
            duration_ms: Some(duration_ms),
            ..Step::default()
        };
        let steps = steps(&built, &[step(2, true, 9), step(3, false, 1200)], None, &[]);
        assert_eq!(steps.len(), 2);
        assert_eq!((steps[0].cached, steps[0].duration_ms), (true, None));
        assert_eq!((steps[1].cached, steps[1].duration_ms), (false, Some(1200)));
    }
}
