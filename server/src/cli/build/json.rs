//! `--json`: one object a line, for scripts.

use std::ops::RangeInclusive;
use std::time::Duration;

use serde_json::{Value, json};

use super::Told;
use crate::analysis::model::Model;
use crate::analysis::text::{LineIndex, PositionEncoding};
use crate::docker::command::CommandLine;
use crate::docker::output::{Event, Failure, Outcome, Step, plan};

#[derive(Debug, Default)]
pub struct Json {
    /// Steps that began, in the order of their ids.
    steps: Vec<Step>,
    argv: Vec<String>,
}

impl Told for Json {
    fn begin(&mut self, line: &CommandLine) -> String {
        self.argv = line.argv.clone();
        String::new()
    }

    fn event(&mut self, event: &Event) -> String {
        match event {
            Event::Step(it) => {
                let at = (it.id as usize).saturating_sub(1);
                match self.steps.get_mut(at) {
                    Some(known) => *known = it.clone(),
                    None => self.steps.push(it.clone()),
                }
                line(step(it, "started"))
            }
            Event::StepDone(it) => {
                let Some(known) = self.steps.get_mut((it.id as usize).saturating_sub(1)) else {
                    return String::new();
                };
                known.duration_ms = it.duration_ms;
                line(step(known, "done"))
            }
            Event::Log { step, text } => {
                let mut object = json!({ "type": "log", "text": text });
                let known = step.and_then(|id| self.steps.get((id as usize).checked_sub(1)?));
                add(&mut object, "step", (*step).map(Value::from));
                add_lines(&mut object, known.and_then(|it| it.lines.as_ref()));
                line(object)
            }
            // At the end more is known of them.
            Event::Error(_) => String::new(),
        }
    }

    fn end(&mut self, model: &Model, outcome: &Outcome, time: Duration) -> String {
        let mut out: String = outcome.failures.iter().map(|it| line(error(model, it))).collect();
        let mut result = json!({ "type": "result", "ok": outcome.ok, "exitCode": outcome.exit_code });
        add(&mut result, "imageId", outcome.image_id.clone().map(Value::from));
        add(&mut result, "durationMs", u64::try_from(time.as_millis()).ok().map(Value::from));
        add(&mut result, "argv", Some(json!(self.argv)));
        out += &line(result);
        out
    }
}

fn step(step: &Step, state: &str) -> Value {
    let mut object =
        json!({ "type": "step", "state": state, "id": step.id, "name": step.name, "cached": step.cached });
    if step.number > 0 {
        add(&mut object, "number", Some(step.number.into()));
        add(&mut object, "total", Some(step.total.into()));
    }
    add(&mut object, "stage", step.stage.clone().map(Value::from));
    add_lines(&mut object, step.lines.as_ref());
    add(&mut object, "durationMs", step.duration_ms.map(Value::from));
    object
}

fn error(model: &Model, failure: &Failure) -> Value {
    let mut object = json!({ "type": "error", "message": failure.message, "lastLines": failure.last_lines });
    add_lines(&mut object, failure.lines.as_ref());
    add_place(&mut object, model, failure);
    add(&mut object, "exitCode", failure.exit_code.map(Value::from));
    add(&mut object, "step", failure.step.map(Value::from));
    let cause = failure.cause.as_ref();
    let cause = cause.map(|it| json!({ "kind": it.kind.as_str(), "why": it.why, "wayOut": it.way_out }));
    add(&mut object, "cause", cause);
    if failure.said != failure.message {
        add(&mut object, "said", Some(failure.said.clone().into()));
    }
    object
}

/// Where exactly: line and columns from 1, in characters, the end not included.
fn add_place(object: &mut Value, model: &Model, failure: &Failure) {
    let Some(range) = plan::place(model, failure) else { return };
    let text = model.file().text();
    let index = LineIndex::new(text);
    let place = |offset| {
        let at = index.line_column(text, offset, PositionEncoding::Utf32);
        json!({ "line": at.line + 1, "column": at.column + 1 })
    };
    add(object, "range", Some(json!({ "start": place(range.start()), "end": place(range.end()) })));
}

fn add_lines(object: &mut Value, lines: Option<&RangeInclusive<u32>>) {
    add(object, "line", lines.map(|it| (*it.start()).into()));
    add(object, "endLine", lines.map(|it| (*it.end()).into()));
}

fn add(object: &mut Value, key: &str, value: Option<Value>) {
    if let (Some(object), Some(value)) = (object.as_object_mut(), value) {
        object.insert(key.to_owned(), value);
    }
}

fn line(object: Value) -> String {
    format!("{object}\n")
}
