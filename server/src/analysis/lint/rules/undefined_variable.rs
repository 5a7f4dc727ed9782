//! `WORKDIR $UNKNOWN`.

use std::collections::HashSet;

use smol_str::SmolStr;

use crate::analysis::lint::expanded::expanded_words;
use crate::analysis::lint::prelude::*;
use crate::analysis::syntax::expansion;

rule! {
    /// An instruction uses a variable that is not declared before it; it is replaced by nothing.
    ///
    /// Docker replaces variables in most instructions (not in the commands of `RUN`, `CMD` and `ENTRYPOINT`: there the
    /// shell does it). A name that no `ARG` or `ENV` of the stage has set becomes an empty text, without an error:
    /// `COPY app $HOMEDIR/` then copies to `/`. An `ARG` before the first `FROM` has to be repeated in the stage.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// ENV APP_DIR=/app
    /// WORKDIR $APPDIR
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// ENV APP_DIR=/app
    /// WORKDIR $APP_DIR
    /// ```
    ///
    /// ```dockerfile good
    /// ARG VERSION=1
    /// FROM alpine:3.22
    /// ARG VERSION
    /// LABEL version=$VERSION
    /// ```
    ///
    /// Of most base images it is not known here what they set. Then the finding is only a hint, and there is none for
    /// `${NAME:-default}`, which says itself what stands there otherwise.
    name: "undefined-variable",
    aliases: &["UndefinedVar"],
    buildkit: true,
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/go/dockerfile/rule/undefined-var/",
    check: Check::Section(check),
}

type Variable = expansion::Variable;

/// Findings that come with a suggestion.
const MAX_SUGGESTIONS: usize = 100;

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let mut found_before = 0;
    for instruction in cx.instructions() {
        if !can_use_variables(&instruction) || cx.model.stage_of(instruction.id).is_none() {
            continue;
        }
        let mut seen: HashSet<SmolStr> = HashSet::new();
        let words = expanded_words(instruction.node);
        for variable in words.iter().flat_map(|word| word.variables()) {
            if !seen.contains(&variable.name) && is_undefined(cx, variable, instruction.id) {
                seen.insert(variable.name.clone());
                found(cx, instruction, variable, &mut found_before, report);
            }
        }
        let bodies = cx.model.heredoc_parts(instruction);
        let mut in_bodies = Vec::new();
        expansion::collect_variables(&bodies, &mut in_bodies);
        for variable in in_bodies {
            if !seen.contains(&variable.name) && is_undefined(cx, variable, instruction.id) {
                seen.insert(variable.name.clone());
                found(cx, instruction, variable, &mut found_before, report);
            }
        }
    }
}

/// `FROM` has a rule of its own, BuildKit says nothing about `EXPOSE`, and commands are the shell's.
fn can_use_variables(instruction: &InstructionRef<'_>) -> bool {
    let has_dollar =
        || instruction.node.joined.as_str().contains('$') || !instruction.node.heredocs.is_empty();
    match instruction.keyword {
        Some(Keyword::Run) => !instruction.node.flags.is_empty() && has_dollar(),
        Some(
            Keyword::From
            | Keyword::Expose
            | Keyword::Cmd
            | Keyword::Entrypoint
            | Keyword::Shell
            | Keyword::Healthcheck
            | Keyword::Onbuild
            | Keyword::Maintainer,
        )
        | None => false,
        Some(_) => has_dollar(),
    }
}

fn is_undefined(cx: &ModelContext<'_>, variable: &Variable, at: InstructionId) -> bool {
    let name = variable.name.as_str();
    cx.model.resolve(name, at).is_none()
        && !is_declared_on_this_line(cx, variable, at)
        && !is_always_set(cx, name, at)
}

/// `ARG A=1 B=$A`: each declaration sees those before it, not itself.
fn is_declared_on_this_line(cx: &ModelContext<'_>, variable: &Variable, at: InstructionId) -> bool {
    let Some(instruction) = cx.model.file().instruction(at) else { return false };
    let Arguments::Arg(declarations) = &instruction.node.arguments else { return false };
    let before = declarations.iter().take_while(|it| it.range.end() <= variable.range.start());
    before.into_iter().any(|it| it.name.raw() == variable.name)
}

/// `PATH`, and what the base image is known to set.
fn is_always_set(cx: &ModelContext<'_>, name: &str, at: InstructionId) -> bool {
    name == "PATH" || cx.profile != Profile::Buildkit && base_sets(cx, name, at) == Some(true)
}

/// Whether the base image sets `name`; `None`: nobody knows.
fn base_sets(cx: &ModelContext<'_>, name: &str, at: InstructionId) -> Option<bool> {
    let stage = cx.model.stage_of(at)?;
    match cx.model.root_base(stage.id)? {
        Base::Scratch => Some(false),
        Base::Image(image) => {
            let image = ImageReference::parse(image.text()?);
            let Some(official) = image.official_name() else {
                // .NET's images are the only others of which enough is known.
                return knowledge::is_set_by_base_image(&image.familiar_name()?, name).then_some(true);
            };
            Some(known_variables(official)?.contains(&name))
        }
        Base::Stage(_) | Base::Missing => None,
    }
}

/// What official images set besides `PATH`, by their name; old versions included. Taken from the Dockerfiles at
/// <https://github.com/docker-library>. Other images may set anything.
fn known_variables(image: &str) -> Option<&'static [&'static str]> {
    Some(match image {
        "alpine" | "busybox" | "debian" | "ubuntu" => &[],
        "eclipse-temurin" => &["JAVA_HOME", "JAVA_VERSION", "LANG", "LANGUAGE", "LC_ALL"],
        "golang" => &["GOLANG_VERSION", "GOPATH", "GOTOOLCHAIN"],
        "nginx" => {
            &["ACME_VERSION", "DYNPKG_RELEASE", "NGINX_VERSION", "NJS_RELEASE", "NJS_VERSION", "PKG_RELEASE"]
        }
        "node" => &["NODE_VERSION", "YARN_VERSION"],
        "postgres" => {
            &["DOCKER_PG_LLVM_DEPS", "GOSU_VERSION", "LANG", "PGDATA", "PG_MAJOR", "PG_SHA256", "PG_VERSION"]
        }
        "python" => &[
            "GPG_KEY",
            "LANG",
            "PYTHON_GET_PIP_SHA256",
            "PYTHON_GET_PIP_URL",
            "PYTHON_PIP_VERSION",
            "PYTHON_SETUPTOOLS_VERSION",
            "PYTHON_SHA256",
            "PYTHON_VERSION",
        ],
        "ruby" => &[
            "BUNDLE_APP_CONFIG",
            "BUNDLE_BIN",
            "BUNDLE_PATH",
            "BUNDLE_SILENCE_ROOT_WARNING",
            "GEM_HOME",
            "LANG",
            "RUBY_DOWNLOAD_SHA256",
            "RUBY_DOWNLOAD_URL",
            "RUBY_MAJOR",
            "RUBY_VERSION",
        ],
        "rust" => &["CARGO_HOME", "RUSTUP_HOME", "RUST_VERSION"],
        _ => return None,
    })
}

fn has_default(variable: &Variable) -> bool {
    use expansion::Operator::{Alternative, Default};
    variable.modifier.as_ref().is_some_and(|it| matches!(it.operator, Default { .. } | Alternative { .. }))
}

/// `ENV NAME=$NAME:/more` and `ARG NAME=${NAME:-x}` go on with what the base image has set.
fn sets_itself(instruction: &Instruction, variable: &Variable) -> bool {
    let is_own = |key: &Word, value: Option<&Word>| {
        key.raw() == variable.name && value.is_some_and(|it| it.range().contains_range(variable.range))
    };
    match &instruction.arguments {
        Arguments::Arg(declarations) => declarations.iter().any(|it| is_own(&it.name, it.value.as_ref())),
        Arguments::Pairs(pairs) => {
            // There may be thousands, so not one after the other.
            let next = pairs.pairs.partition_point(|it| it.range.end() < variable.range.end());
            pairs.pairs.get(next).is_some_and(|it| is_own(&it.key, it.value.as_ref()))
        }
        _ => false,
    }
}

fn found(
    cx: &ModelContext<'_>,
    instruction: InstructionRef<'_>,
    variable: &Variable,
    found_before: &mut usize,
    report: &mut Report<'_>,
) {
    let name = variable.name.as_str();
    let range = instruction.absolute(variable.range);
    // To suggest a name costs a look at all of them: not for the thousandth finding of one file.
    let may_suggest = *found_before < MAX_SUGGESTIONS;
    *found_before += 1;
    let visible = if may_suggest { cx.model.visible_variables(instruction.id) } else { Vec::new() };
    if let Some(meant) = did_you_mean(name, visible.iter().map(|it| it.name.as_str()).chain(["PATH"])) {
        let edit = TextEdit::new(instruction.absolute(variable.name_range), meant);
        report
            .at(range, format!("`{name}` is not set here; did you mean `{meant}`?"))
            .unsafe_fix(format!("Write `{meant}`"), vec![edit]);
        return;
    }
    if let Some(global) = cx.model.global_argument(name, instruction.id) {
        let message = format!(
            "`{name}` is declared before the first `FROM` only: write `ARG {name}` in this stage too"
        );
        let related = cx.model.file().range(global.location).unwrap_or(range);
        report.at(range, message).related(related, "declared here, for `FROM` lines");
        return;
    }
    let own = cx.model.stage_of(instruction.id).map(|it| it.id);
    let mut in_this_stage = cx.model.definitions_of(name).filter(|it| it.stage == own);
    let later = in_this_stage.find(|it| it.location.instruction >= instruction.id);
    let message = match base_sets(cx, name, instruction.id) {
        None if cx.profile != Profile::Buildkit => {
            format!("`{name}` is not set in this file: it is empty unless the base image sets it")
        }
        _ => format!(
            "`{name}` is not set here, so nothing stands in its place: set it before with `ARG` or `ENV`"
        ),
    };
    let is_unsure = base_sets(cx, name, instruction.id).is_none() && cx.profile != Profile::Buildkit;
    // `${NAME:-x}` says what stands there if the base image does not set it.
    let is_own = later.is_some() && sets_itself(instruction.node, variable);
    if is_unsure && (later.is_none() || is_own) && has_default(variable) {
        return;
    }
    let mut draft = report.at(range, message);
    if is_unsure && (later.is_none() || is_own) {
        draft = draft.severity(Severity::Hint);
    }
    if let Some(later) = later.filter(|_| !is_own).and_then(|it| cx.model.file().range(it.location)) {
        draft.related(later, "set only here");
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule, findings};

    #[test]
    fn what_is_set_before_is_defined() {
        check_rule(
            "undefined-variable",
            "ARG G\nFROM scratch AS a\nARG A\nENV E=1 F=$E\n          ^^ `E`\nUSER $A$E$F$PATH\nFROM a\nUSER $A$F\nWORKDIR $G\n        ^^ write `ARG G`\n",
        );
    }

    #[test]
    fn commands_and_ports_are_not_looked_into() {
        check_rule(
            "undefined-variable",
            "FROM scratch\nRUN $A\nCMD $A\nENTRYPOINT $A\nEXPOSE $A\nCOPY --from=$A a b\n",
        );
    }

    #[test]
    fn mounts_and_heredocs_are_looked_into() {
        check_rule(
            "undefined-variable",
            "FROM scratch\nRUN --mount=type=cache,target=$A ls\n                              ^^\nCOPY <<E /x\n'$B'\n ^^\nE\nCOPY <<'E' /x\n$C\nE\n",
        );
    }

    #[test]
    fn arguments_of_one_line_see_each_other() {
        check_rule(
            "undefined-variable",
            "FROM scratch\nARG A=1 B=$A C=$D D=1 E=$E\n               ^^\n                        ^^\n",
        );
    }

    #[test]
    fn a_base_image_that_is_not_known_may_set_it() {
        let found = findings("undefined-variable", "FROM my/base\nUSER $APP_USER\n");
        assert_eq!(found[0].severity.as_str(), "hint");
        let found = findings("undefined-variable", "FROM debian\nUSER $APP_USER\n");
        assert_eq!(found[0].severity.as_str(), "warning");
        assert!(findings("undefined-variable", "FROM golang:1.25\nWORKDIR $GOPATH\n").is_empty());
        assert!(findings("undefined-variable", "FROM my/base\nUSER ${APP_USER:-me}\n").is_empty());
        let dotnet = "FROM mcr.microsoft.com/dotnet/aspnet:10.0\nUSER $APP_UID\n";
        assert!(findings("undefined-variable", dotnet).is_empty());
    }

    #[test]
    fn to_go_on_with_what_the_base_image_sets_is_no_slip() {
        let own = "FROM my/base\nENV A=${A:-1} B=x${B:+:$B}\nARG C=${C:-2}\n";
        assert!(findings("undefined-variable", own).is_empty());
        let found = findings("undefined-variable", "FROM my/base\nENV A=/x:$A B=1 C=$B\n");
        let severities: Vec<&str> = found.iter().map(|it| it.severity.as_str()).collect();
        assert_eq!(severities, ["hint", "warning"]);
    }

    #[test]
    fn a_slip_is_repaired() {
        check_fix(
            "undefined-variable",
            "FROM a\nENV NAME=x\nUSER ${NMAE:-y}\n",
            "FROM a\nENV NAME=x\nUSER ${NAME:-y}\n",
        );
    }
}
