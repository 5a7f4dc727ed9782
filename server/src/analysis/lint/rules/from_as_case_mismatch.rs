//! `FROM … as …`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `FROM` and `AS` of one line are in different case.
    ///
    /// Docker takes both, but two styles in one line are harder to read, and `as` among capitals is easily overlooked.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22 as base
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22 AS base
    /// ```
    name: "from-as-case-mismatch",
    aliases: &["FromAsCasing"],
    severity: Severity::Info,
    buildkit: true,
    fix: FixSafety::Safe,
    url: "https://docs.docker.com/go/dockerfile/rule/from-as-casing/",
    check: Check::Instruction { on: On::Keywords(&[Keyword::From]), deferred: false, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::From(from) = &cx.instruction.arguments else { return };
    let (Some(written), Some(_)) = (&from.as_keyword, &from.name) else { return };
    let keyword = cx.instruction.name.as_str();
    let wanted = match keyword {
        _ if keyword == keyword.to_lowercase() => written.as_str().to_lowercase(),
        _ if keyword == keyword.to_uppercase() => written.as_str().to_uppercase(),
        // `From`: that is the fault of another rule.
        _ => return,
    };
    if written.as_str() != wanted {
        let message =
            format!("`{}` and `{keyword}` are in different case: write `{wanted}`", written.as_str());
        let edit = TextEdit::new(written.range(), wanted.clone());
        report.at(written.range(), message).safe_fix(format!("Write `{wanted}`"), vec![edit]);
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn as_follows_from() {
        check_rule(
            "from-as-case-mismatch",
            "FROM a As b\n       ^^\nfrom a AS b\n       ^^\nFrom a As b\nfrom a as b\n",
        );
    }

    #[test]
    fn the_fix_writes_as_in_the_case_of_from() {
        check_fix("from-as-case-mismatch", "from a \\\n AS b\n", "from a \\\n as b\n");
    }
}
