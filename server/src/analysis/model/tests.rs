//! Stages, scopes and values on small files.

use super::*;

fn model(text: &str) -> Model {
    Model::new(&Dockerfile::parse(text))
}

/// The value of the last instruction's first word.
fn last(text: &str) -> Value {
    let model = model(text);
    let instruction = model.file().instructions().next_back().unwrap();
    model.expand(instruction.words()[0], instruction.id)
}

fn default(text: &str, argument: &str) -> Value {
    Value::Default { text: text.into(), argument: argument.into() }
}

#[test]
fn stages_know_their_names_and_bases() {
    let model = model("ARG V=1\nFROM a:$V AS One\nFROM one AS two\nFROM scratch\nFROM $X\nFROM\n");
    let bases: Vec<_> = model.stages().iter().map(|stage| stage.base.clone()).collect();
    assert_eq!(bases[0], Base::Image(default("a:1", "V")));
    assert_eq!(bases[1], Base::Stage(StageId(0)));
    assert_eq!(bases[2], Base::Scratch);
    assert_eq!(bases[3], Base::Image(Value::known("")));
    assert_eq!(bases[4], Base::Missing);
    assert_eq!(model.stage_named("ONE").unwrap().id, StageId(0));
    assert_eq!(model.stage_copied_from("1").unwrap().id, StageId(1));
    assert_eq!(model.stage_copied_from("9").map(|stage| stage.id), None);
}

#[test]
fn a_stage_cannot_be_built_from_itself_or_a_later_one() {
    let model = model("FROM a AS a\nFROM b\nFROM c AS b\n");
    assert_eq!(model.stages()[0].base, Base::Image(Value::known("a")));
    assert_eq!(model.stages()[1].base, Base::Image(Value::known("b")));
}

#[test]
fn references_to_stages_are_found() {
    let model = model(
        "FROM a AS x\nFROM x\nCOPY --from=0 a b\nCOPY --from=img a b\nRUN --mount=type=bind,from=X,target=/t ls\n",
    );
    let found: Vec<_> =
        model.stage_references().iter().map(|it| (it.kind, it.target.map(|id| id.0))).collect();
    use StageReferenceKind::*;
    assert_eq!(
        found,
        [(From, None), (From, Some(0)), (CopyFrom, Some(0)), (CopyFrom, None), (MountFrom, Some(0))]
    );
}

#[test]
fn a_global_arg_is_invisible_until_redeclared() {
    assert_eq!(last("ARG V=1\nFROM scratch\nUSER u$V"), Value::known("u"));
    assert_eq!(last("ARG V=1\nFROM scratch\nARG V\nUSER u$V"), default("u1", "V"));
    assert_eq!(last("ARG V=1\nFROM scratch\nARG V=2\nUSER u$V"), default("u2", "V"));
    assert_eq!(
        last("ARG V\nFROM scratch\nARG V\nUSER u$V"),
        Value::Unknown(Unknown::BuildArgument("V".into()))
    );
}

#[test]
fn a_stage_inherits_what_its_base_stage_sets() {
    assert_eq!(last("FROM scratch AS a\nENV X=1\nARG Y=2\nFROM a\nUSER $X$Y"), default("12", "Y"));
    assert_eq!(last("FROM scratch AS a\nENV X=1\nFROM scratch\nUSER $X"), Value::known(""));
}

#[test]
fn the_last_that_sets_a_name_wins() {
    assert_eq!(last("FROM scratch\nENV X=1\nENV X=2$X\nUSER $X"), Value::known("21"));
    assert_eq!(last("FROM scratch\nARG X=1\nENV X=2\nUSER $X"), Value::known("2"));
    assert_eq!(last("FROM scratch\nENV X=1\nUSER $X\nENV X=2\nUSER u"), Value::known("u"));
}

#[test]
fn one_env_expands_all_values_before_it_sets_any() {
    assert_eq!(last("FROM scratch\nENV A=1\nENV A=2 B=$A\nUSER $B"), Value::known("1"));
    assert_eq!(last("FROM scratch\nARG A=1 B=$A\nUSER $B"), default("1", "B"));
}

#[test]
fn what_the_base_or_the_build_decides_is_unknown() {
    assert_eq!(last("FROM a\nUSER $HOME"), Value::Unknown(Unknown::BaseImage("HOME".into())));
    assert_eq!(
        last("FROM a\nARG TARGETARCH\nUSER $TARGETARCH"),
        Value::Unknown(Unknown::Platform("TARGETARCH".into()))
    );
    let model = model("FROM --platform=$BUILDPLATFORM a");
    assert_eq!(model.stages()[0].platform, Some(Value::Unknown(Unknown::Platform("BUILDPLATFORM".into()))));
}

#[test]
fn doubling_values_are_given_up() {
    let text = format!("FROM scratch\nENV A=aaaaaaaaaa\n{}USER $A", "ENV A=$A$A\n".repeat(60));
    assert_eq!(last(&text), Value::Unknown(Unknown::TooLong));
}

#[test]
fn working_directories_add_up() {
    let model = model("FROM a\nWORKDIR /x\nWORKDIR y\nENV Z=z\nWORKDIR $Z\nRUN ls");
    let last = model.file().instructions().next_back().unwrap().id;
    assert_eq!(model.workdir_at(last).unwrap(), "/x/y/z");
}

#[test]
fn visible_variables_are_those_in_scope() {
    let model = model("ARG G=1\nFROM a AS b\nENV X=1\nFROM b\nARG Y\nENV X=2\nRUN ls\nENV LATER=1");
    let run = InstructionId(6);
    let names: Vec<_> =
        model.visible_variables(run).iter().map(|it| (it.name.as_str(), it.location.instruction.0)).collect();
    assert_eq!(names, [("X", 5), ("Y", 4)]);
}

#[test]
fn mounts_are_taken_apart() {
    let model = model("FROM a\nRUN --mount=target=/a --mount=type=cache,dst=/b,ro ls");
    let mounts = mount::mounts(model.file().instructions().next_back().unwrap().node);
    assert_eq!(mounts[0].kind, mount::MountKind::Bind);
    assert_eq!(mounts[1].target().unwrap().as_str(), "/b");
    assert_eq!(mounts[1].options[2].name.as_str(), "ro");
}

#[test]
fn a_hundred_thousand_working_directories_are_longer_than_any_path() {
    let text = format!("FROM a\n{}RUN ls", "WORKDIR x\n".repeat(100_000));
    let model = model(&text);
    let last = model.file().instructions().next_back().unwrap().id;
    assert_eq!(model.workdir_at(last), None);
    let nine = self::model(&format!("FROM a\n{}RUN ls", "WORKDIR x\n".repeat(9)));
    let last = nine.file().instructions().next_back().unwrap().id;
    assert_eq!(nine.workdir_at(last).as_deref(), Some("x/x/x/x/x/x/x/x/x"));
}

#[test]
fn a_very_long_chain_of_stages_is_not_followed_to_its_end() {
    let text = format!("FROM scratch AS b\nENV X=1\n{}USER $X", "FROM b AS b\nENV Y=$X$Z\n".repeat(20_000));
    assert_eq!(last(&text), Value::Unknown(Unknown::BaseImage("X".into())));
}
