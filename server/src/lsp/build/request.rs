//! The argument of a command: one JSON object, the same for all of them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, ErrorCode};
use tower_lsp::lsp_types::Url;

use crate::docker::command::Refusal;
use crate::docker::context::scalar;

/// What can be done; all names begin with `dockwright.`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    Build,
    Run,
    BuildAndRun,
    Check,
    Shell,
    Stop,
    Push,
    Pull,
    Logs,
    Remove,
    Copy,
    ShowLog,
    Builders,
}

impl Command {
    pub const ALL: [Command; 13] = [
        Command::Build,
        Command::Run,
        Command::BuildAndRun,
        Command::Check,
        Command::Shell,
        Command::Stop,
        Command::Push,
        Command::Pull,
        Command::Logs,
        Command::Remove,
        Command::Copy,
        Command::ShowLog,
        Command::Builders,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Command::Build => "dockwright.build",
            Command::Run => "dockwright.run",
            Command::BuildAndRun => "dockwright.buildAndRun",
            Command::Check => "dockwright.check",
            Command::Shell => "dockwright.shell",
            Command::Stop => "dockwright.stop",
            Command::Push => "dockwright.push",
            Command::Pull => "dockwright.pull",
            Command::Logs => "dockwright.logs",
            Command::Remove => "dockwright.remove",
            Command::Copy => "dockwright.copyCommand",
            Command::ShowLog => "dockwright.showLog",
            Command::Builders => "dockwright.builders",
        }
    }

    pub fn named(name: &str) -> Option<Command> {
        Command::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// What the user said; what is absent is found out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// `None` is for [`Command::Builders`] alone.
    pub uri: Option<Url>,
    pub target: Option<String>,
    pub tag: Option<String>,
    pub context: Option<String>,
    pub platform: Option<String>,
    /// `None` as a value: that of the environment.
    pub build_args: Option<BTreeMap<String, Option<String>>>,
    pub build_options: Option<Vec<String>>,
    pub run_options: Option<Vec<String>>,
    pub dry_run: bool,
    /// A container by its id or name; else the last one of the file.
    pub container: Option<String>,
    /// Of [`Command::Copy`]: which.
    pub command: Option<String>,
    /// Of [`Command::Builders`]: the builder to use from now on.
    pub choose: Option<String>,
    /// Of [`Command::Builders`]: ask the user for one.
    pub pick: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object with the `uri` of the file")]
struct Fields {
    uri: Option<Url>,
    target: Option<String>,
    tag: Option<String>,
    context: Option<String>,
    platform: Option<String>,
    build_args: Option<BTreeMap<String, Value>>,
    build_options: Option<Vec<String>>,
    run_options: Option<Vec<String>>,
    #[serde(default)]
    dry_run: Option<bool>,
    container: Option<String>,
    command: Option<String>,
    choose: Option<String>,
    pick: Option<bool>,
}

impl Request {
    /// Reads the arguments of `workspace/executeCommand`.
    pub fn read(command: Command, arguments: Vec<Value>) -> Result<Request, Error> {
        let name = command.name();
        let argument = arguments.into_iter().next().unwrap_or_else(|| Value::Object(Default::default()));
        let fields: Fields = serde_json::from_value(argument)
            .map_err(|error| invalid(format!("the argument of `{name}` cannot be read: {error}")))?;
        if fields.uri.is_none() && command != Command::Builders {
            return Err(invalid(format!("`{name}` needs to know the file: `{{ \"uri\": \"file:///…\" }}`")));
        }
        let build_args = fields.build_args.map(build_args).transpose()?;
        Ok(Request {
            uri: fields.uri,
            target: fields.target.filter(|it| !it.is_empty()),
            tag: fields.tag,
            context: fields.context,
            platform: fields.platform,
            build_args,
            build_options: fields.build_options,
            run_options: fields.run_options,
            dry_run: fields.dry_run.unwrap_or(false),
            container: fields.container,
            command: fields.command,
            choose: fields.choose,
            pick: fields.pick.unwrap_or(false),
        })
    }
}

fn build_args(values: BTreeMap<String, Value>) -> Result<BTreeMap<String, Option<String>>, Error> {
    let read = |(name, value): (String, Value)| match (scalar(&value), value.is_null()) {
        (None, false) => Err(invalid(format!("the build argument `{name}` is neither a text nor a number"))),
        (value, _) => Ok((name, value)),
    };
    values.into_iter().map(read).collect()
}

pub fn invalid(sentence: String) -> Error {
    Error { code: ErrorCode::InvalidParams, message: sentence.into(), data: None }
}

/// Why a command does not come to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The argument is wrong: the client's request fails.
    Refused(String),
    /// Something around us is missing: the user is told.
    Unable(String),
}

impl Trouble {
    pub fn sentence(&self) -> &str {
        match self {
            Trouble::Refused(it) | Trouble::Unable(it) => it,
        }
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Trouble {
        Trouble::Refused(refusal.0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_argument_is_read_whatever_kind_its_values_have() {
        let argument = json!({ "uri": "file:///a/Dockerfile", "buildArgs": { "A": 1, "B": "x", "C": null } });
        let request = Request::read(Command::Build, vec![argument]).unwrap();
        let args = request.build_args.unwrap();
        assert_eq!(args["A"].as_deref(), Some("1"));
        assert_eq!((args["B"].as_deref(), &args["C"]), (Some("x"), &None));
    }

    #[test]
    fn what_cannot_be_read_is_told_in_a_sentence() {
        let error =
            |argument| Request::read(Command::Build, vec![argument]).unwrap_err().message.into_owned();
        assert!(error(json!({})).contains("`dockwright.build` needs to know the file"));
        assert!(error(json!({ "uri": "file:///a", "buildOptions": "x" })).contains("cannot be read"));
        assert!(error(json!({ "uri": "file:///a", "buildArgs": { "A": [] } })).contains("`A`"));
    }

    #[test]
    fn every_command_is_found_by_its_name() {
        for command in Command::ALL {
            assert_eq!(Command::named(command.name()), Some(command));
        }
    }
}
