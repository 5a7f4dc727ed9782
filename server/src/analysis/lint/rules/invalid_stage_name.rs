//! `FROM a AS 1st`.

use crate::analysis::lint::prelude::*;

rule! {
    /// The name of a stage has characters that a name cannot have.
    ///
    /// The build stops. A name begins with a letter; letters, digits, `-`, `_` and `.` may follow. Variables are not
    /// replaced there.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22 AS 1st
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22 AS first
    /// ```
    error,
    name: "invalid-stage-name",
    aliases: &["INVALID_BUILD_STAGE_NAME"],
    url: "https://docs.docker.com/reference/dockerfile/#from",
    check: Check::Instruction { on: On::Keywords(&[Keyword::From]), deferred: false, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::From(from) = &cx.instruction.arguments else { return };
    let (Some(keyword), Some(name)) = (&from.as_keyword, &from.name) else { return };
    if !keyword.as_str().eq_ignore_ascii_case("as") || !from.rest.is_empty() || is_valid(name.as_str()) {
        return;
    }
    let message = if name.as_str().contains('$') {
        "variables are not replaced in the name of a stage".to_owned()
    } else {
        format!(
            "`{}` is no stage name: begin with a letter; then letters, digits, `-`, `_` and `.` only",
            name.as_str()
        )
    };
    report.at(name.range(), message);
}

fn is_valid(name: &str) -> bool {
    let name = name.to_lowercase();
    let is_other = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(is_other)
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn letters_first() {
        check_rule(
            "invalid-stage-name",
            "FROM a AS 1\n          ^\nFROM a AS $b\n          ^^ variables\nFROM a AS b-c_D.1\n",
        );
    }
}
