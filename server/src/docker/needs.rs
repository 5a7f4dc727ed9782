//! What a stage needs to be built and run, read from the file. Pure.

use std::collections::BTreeMap;

use super::command::Refusal;
use super::program::Program;
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::{Base, Lookup, Model, Stage, Value, value};
use crate::analysis::syntax::InstructionRef;
use crate::analysis::syntax::ast::Arguments;
use crate::analysis::syntax::expansion::Word;

/// Values that the build passes, by name.
pub type Given = BTreeMap<String, Option<String>>;

/// The stage that is built: by its name or number, else the last. `None`: there is no such stage.
pub fn stage<'a>(model: &'a Model, target: Option<&str>) -> Option<&'a Stage> {
    match target {
        Some(target) => model.stage_copied_from(target),
        None => model.stages().last(),
    }
}

/// How `program` is told to build `target` (a name or a number) and nothing behind it; `None`: it needs not be told.
pub fn target(model: &Model, target: &str, program: &Program) -> Result<Option<String>, Refusal> {
    let Some(found) = stage(model, Some(target)) else { return Ok(Some(target.to_owned())) };
    if let Some(name) = &found.name {
        let is_name = name.eq_ignore_ascii_case(target);
        return Ok(Some(if is_name { target.to_owned() } else { name.to_string() }));
    }
    if Some(found.id) == model.stages().last().map(|it| it.id) {
        return Ok(None);
    }
    if program.takes_stage_numbers() {
        return Ok(Some(target.to_owned()));
    }
    Err(Refusal(format!(
        "stage {target} has no name, and `{}` builds single stages by their names only (write `FROM … AS name`)",
        program.name
    )))
}

/// What is copied from the build context, as written.
pub fn copied(model: &Model) -> Vec<String> {
    let copies = model.file().instructions().filter(|it| it.flag("from").is_none());
    let sources = copies.flat_map(|it| match &it.node.arguments {
        Arguments::Copy(copy) => copy.sources.iter().filter_map(|word| source(model, it, word)).collect(),
        _ => Vec::new(),
    });
    sources.collect()
}

/// A path, unless it is the whole context, an address, a heredoc, or not known.
fn source(model: &Model, instruction: InstructionRef<'_>, word: &Word) -> Option<String> {
    let is_heredoc = word.raw().starts_with("<<");
    let value = model.expand(word, instruction.id);
    let text = value.text().filter(|it| !is_heredoc && !it.contains("://") && !it.starts_with("git@"))?;
    let path = text.trim_start_matches("./").trim_matches('/');
    (!path.is_empty() && path != ".").then(|| path.to_owned())
}

/// The ports that the image says it listens on: number, and whether it is UDP.
pub fn exposed(model: &Model, stage: &Stage, given: &Given) -> Vec<(u16, bool)> {
    let words = words_of(model, stage, Keyword::Expose, given);
    let mut ports: Vec<(u16, bool)> = words.iter().flat_map(|it| ports(it)).collect();
    let mut seen = std::collections::BTreeSet::new();
    ports.retain(|it| seen.insert(*it));
    ports
}

/// A longer range is a slip.
const LONGEST_RANGE: u16 = 20;

/// `80`, `53/udp`, `8000-8002`.
fn ports(text: &str) -> Vec<(u16, bool)> {
    let (numbers, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let is_udp = protocol.eq_ignore_ascii_case("udp");
    let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
    let (Ok(first), Ok(last)) = (first.parse::<u16>(), last.parse::<u16>()) else { return Vec::new() };
    let is_known = is_udp || protocol.eq_ignore_ascii_case("tcp");
    if !is_known || first == 0 || last.checked_sub(first).is_none_or(|it| it > LONGEST_RANGE) {
        return Vec::new();
    }
    (first..=last).map(|it| (it, is_udp)).collect()
}

/// The folders that the image wants kept, absolute.
pub fn volumes(model: &Model, stage: &Stage, given: &Given) -> Vec<String> {
    let mut paths = words_of(model, stage, Keyword::Volume, given);
    // Where `-v name:path` could be read otherwise, the engine makes an unnamed volume by itself.
    paths.retain(|it| it.starts_with('/') && !it.contains([':', ',', '\n']));
    paths.sort();
    paths.dedup();
    paths
}

/// The known words of one instruction in a stage and in those it is built from.
fn words_of(model: &Model, stage: &Stage, keyword: Keyword, given: &Given) -> Vec<String> {
    let lineage: Vec<&Stage> = model.lineage(stage.id).collect();
    let all = model.file().instructions().filter(|it| it.keyword == Some(keyword));
    let of_lineage = all.filter(|it| lineage.iter().any(|stage| stage.contains(it.id)));
    let known = of_lineage.flat_map(|it| match &it.node.arguments {
        Arguments::List(list) => list.items.iter().filter_map(|word| known(model, it, word, given)).collect(),
        _ => Vec::new(),
    });
    known.collect()
}

fn known(model: &Model, instruction: InstructionRef<'_>, word: &Word, given: &Given) -> Option<String> {
    let lookup = |name: &str| match given.get(name) {
        Some(Some(value)) => Lookup::Set(Value::known(value.as_str())),
        _ => model.lookup(name, instruction.id),
    };
    value::expand(word, &lookup).text().map(str::to_owned)
}

/// The platform that the file itself asks for.
pub fn platform(model: &Model, stage: &Stage) -> Option<String> {
    let mut lineage = model.lineage(stage.id);
    lineage.find_map(|it| it.platform.as_ref()?.text()).filter(|it| it.contains('/')).map(str::to_owned)
}

/// The image that a stage starts from in the end.
pub fn base_image(model: &Model, stage: &Stage) -> Option<String> {
    match model.root_base(stage.id)? {
        Base::Image(value) => value.text().map(str::to_owned),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::syntax::Dockerfile;
    use crate::docker::program::Family;

    fn model(text: &str) -> Model {
        Model::new(&Dockerfile::parse(text))
    }

    #[test]
    fn ports_and_volumes_of_the_whole_lineage_count() {
        let model = model(
            "ARG BASE=alpine:3\nFROM $BASE AS base\nARG PORT=80\nEXPOSE $PORT 53/udp\nFROM base AS app\n\
             EXPOSE 8000-8002 80/tcp 9/sctp 1-65000\nVOLUME [\"/data\", \"rel\"]\nVOLUME /a:b /cache\nFROM scratch\nEXPOSE 1\n",
        );
        let app = stage(&model, Some("app")).unwrap();
        let ports = [(80, false), (53, true), (8000, false), (8001, false), (8002, false)];
        assert_eq!(exposed(&model, app, &Given::new()), ports);
        let given = Given::from([("PORT".to_owned(), Some("81".to_owned()))]);
        assert_eq!(exposed(&model, app, &given)[0], (81, false));
        assert_eq!(volumes(&model, app, &Given::new()), ["/cache", "/data"]);
        assert_eq!(base_image(&model, app).as_deref(), Some("alpine:3"));
        assert_eq!(stage(&model, None).map(|it| it.id.0), Some(2));
        assert!(stage(&model, Some("none")).is_none());
    }

    #[test]
    fn a_stage_without_a_name_is_built_by_its_number_where_that_works() {
        let model = model("FROM a\nFROM b AS named\nFROM c\nFROM d\n");
        let program = |family| Program {
            name: format!("{family:?}").to_lowercase(),
            path: "/x".into(),
            family,
            version: None,
            buildx: None,
        };
        let told = |of: &str, family| target(&model, of, &program(family)).map_err(|it| it.0);
        assert_eq!(told("2", Family::Podman), Ok(Some("2".to_owned())));
        assert_eq!(told("1", Family::Docker), Ok(Some("named".to_owned())));
        assert_eq!(told("NAMED", Family::Docker), Ok(Some("NAMED".to_owned())));
        assert_eq!(told("3", Family::Docker), Ok(None));
        let refused = "stage 0 has no name, and `docker` builds single stages by their names only (write `FROM … AS name`)";
        assert_eq!(told("0", Family::Docker), Err(refused.to_owned()));
    }

    #[test]
    fn what_comes_from_the_context_is_told_from_the_rest() {
        let model = model(
            "FROM a AS b\nCOPY --from=b /x /y\nCOPY ./src/ package*.json /app/\nADD https://a.example/b /c\n\
             COPY . .\nCOPY $UNKNOWN /d\nCOPY <<EOF /e\nEOF\nADD [\"a b\", \"/f\"]\n",
        );
        assert_eq!(copied(&model), ["src", "package*.json", "a b"]);
    }

    #[test]
    fn the_platform_is_one_that_the_file_names() {
        let platform = |from: &str| {
            let model = model(&format!("{from}\nRUN a\n"));
            super::platform(&model, stage(&model, None).unwrap())
        };
        assert_eq!(platform("FROM --platform=linux/arm64 a").as_deref(), Some("linux/arm64"));
        assert_eq!(platform("FROM --platform=$BUILDPLATFORM a"), None);
        assert_eq!(platform("FROM a"), None);
    }
}
