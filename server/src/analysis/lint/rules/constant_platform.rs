//! `FROM --platform=linux/amd64`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `FROM --platform=` has a fixed value, so the file builds for that one kind of processor only.
    ///
    /// On another processor the image is emulated, which is slow, and a build for several platforms gets the same one
    /// several times.
    ///
    /// ```dockerfile bad
    /// FROM --platform=linux/amd64 alpine:3.22
    /// ```
    ///
    /// Say the platform when building (`docker build --platform linux/amd64 .`), or use a variable:
    ///
    /// ```dockerfile good
    /// FROM --platform=$BUILDPLATFORM alpine:3.22
    /// ```
    ///
    /// A stage that is made for one platform says so by its name:
    ///
    /// ```dockerfile good
    /// FROM --platform=linux/arm64 alpine:3.22 AS build-arm64
    /// ```
    name: "constant-platform",
    aliases: &["FromPlatformFlagConstDisallowed", "DL3029"],
    buildkit: true,
    hadolint: Some(Severity::Warning),
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/go/dockerfile/rule/from-platform-flag-const-disallowed/",
    check: Check::Instruction { on: On::Keywords(&[Keyword::From]), deferred: false, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::From(from) = &cx.instruction.arguments else { return };
    let Some(flag) = cx.instruction.flag("platform") else { return };
    if cx.setting.profile == Profile::Hadolint {
        return check_as_hadolint(flag, report);
    }
    let Some(value) = flag.value.as_ref().filter(|it| !it.has_variables()) else { return };
    let Some(platform) = value.literal().and_then(|it| Platform::parse(&it).ok()) else { return };
    let name = from.name.as_ref().map(|it| it.as_str().to_lowercase()).unwrap_or_default();
    let is_named = |part: &str| name.contains(part);
    if is_named(&platform.os) || platform.architecture.as_deref().is_some_and(is_named) {
        return;
    }
    let flag_and_blank = TextRange::new(flag.range.start(), next_start(cx, flag));
    report
        .at(
            flag.range,
            format!("this stage is for `{}` only: leave the platform to the build command", value.raw()),
        )
        .unsafe_fix("Remove `--platform`", vec![TextEdit::delete(flag_and_blank)]);
}

/// hadolint knows two variables only, and looks at no stage's name.
fn check_as_hadolint(flag: &Flag, report: &mut Report<'_>) {
    let value = flag.value.as_ref().map_or("", |it| it.raw());
    if !["BUILDPLATFORM", "TARGETPLATFORM"].iter().any(|it| value.contains(it)) {
        report.at(
            flag.range,
            format!("this stage is for `{value}` only: leave the platform to the build command"),
        );
    }
}

/// The start of what follows `flag`.
fn next_start(cx: &InstructionContext<'_>, flag: &Flag) -> TextSize {
    let rest = cx.source(TextRange::new(flag.range.end(), cx.instruction.line_range.end()));
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    flag.range.end() + TextSize::from(blanks as u32)
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn variables_and_stages_named_after_the_platform_are_fine() {
        check_rule(
            "constant-platform",
            "FROM --platform=linux/amd64 a\n     ^^^^^^^^^^^^^^^^^^^^^^\nFROM --platform=$X a\nFROM --platform=amd64 a AS x-AMD64\n",
        );
    }

    #[test]
    fn the_fix_removes_the_flag() {
        check_fix("constant-platform", "FROM --platform=linux/amd64 a\n", "FROM a\n");
    }
}
