//! `# check=skp=…`.

use crate::analysis::lint::prelude::*;
use crate::analysis::lint::suppress::check_options;
use crate::analysis::syntax::directive::DirectiveName;

rule! {
    /// The `# check=` directive at the top has an option that does not exist.
    ///
    /// The build stops. There are `skip=`, `error=` and `experimental=`, separated by `;` and without blanks.
    ///
    /// ```dockerfile bad
    /// # check=ignore=MaintainerDeprecated
    /// FROM alpine:3.22
    /// ```
    ///
    /// ```dockerfile good
    /// # check=skip=MaintainerDeprecated;error=true
    /// FROM alpine:3.22
    /// MAINTAINER me
    /// ```
    error,
    name: "invalid-check-option",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#check",
    check: Check::Model(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    let Some(directive) = cx.model.file().directives().get(DirectiveName::Check) else { return };
    if let Err(fault) = check_options(&directive.value, directive.value_range.start()) {
        let draft = report.at(fault.range, fault.message);
        if let Some((range, meant)) = fault.meant {
            draft.unsafe_fix(format!("Write `{meant}`"), vec![TextEdit::new(range, meant)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn only_three_options_exist() {
        check_rule("invalid-check-option", "# check=skip=A;foo=1\n               ^^^^^ no option\nFROM a\n");
        check_rule("invalid-check-option", "# check=error=yes\n              ^^^ neither\nFROM a\n");
        check_rule("invalid-check-option", "# check=skip\n        ^^^^ missing\nFROM a\n");
        check_rule("invalid-check-option", "# check=skip=A;error=1 foo\nFROM a\n");
    }

    #[test]
    fn a_slip_is_repaired() {
        check_fix("invalid-check-option", "# check=Skip=A\nFROM a\n", "# check=skip=A\nFROM a\n");
    }
}
