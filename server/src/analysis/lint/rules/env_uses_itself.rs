//! `ENV A=1 B=$A`.

use crate::analysis::lint::prelude::*;

rule! {
    /// A value of an `ENV` uses a variable that is only set in the same `ENV`.
    ///
    /// All values of one `ENV` are filled in before any of its names is set. So the variable is still empty there, or has
    /// an older value.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// ENV APP_HOME=/app APP_DATA=$APP_HOME/data
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// ENV APP_HOME=/app
    /// ENV APP_DATA=$APP_HOME/data
    /// ```
    ///
    /// In the quiet profile the undefined variable itself is reported.
    name: "env-uses-itself",
    aliases: &["DL3044"],
    recommended: false,
    hadolint: Some(Severity::Error),
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/reference/dockerfile/#environment-replacement",
    check: Check::Section(check),
}

fn check(cx: &ModelContext<'_>, report: &mut Report<'_>) {
    for instruction in cx.with_keyword(Keyword::Env) {
        let Arguments::Pairs(pairs) = &instruction.node.arguments else { continue };
        let used = pairs.pairs.iter().enumerate().find_map(|(at, pair)| {
            let variables = pair.value.as_ref()?.variables();
            let is_wrong = |name: &str| is_set_only_here(cx, instruction, pairs, at, name);
            let plain = variables.into_iter().find(|it| it.modifier.is_none() && is_wrong(&it.name))?;
            Some((at, plain.name.clone(), plain.range))
        });
        let Some((at, name, range)) = used else { continue };
        let message = format!("`{name}` is set by this same `ENV`, so it has no value yet: write two `ENV`");
        let draft = report.at(instruction.absolute(range), message);
        if let Some(edit) =
            split_before(cx, instruction, pairs, at).filter(|_| is_set_before(pairs, at, &name))
        {
            draft.unsafe_fix("Begin a new `ENV`", vec![edit]);
        }
    }
}

fn is_set_only_here(
    cx: &ModelContext<'_>,
    instruction: InstructionRef<'_>,
    pairs: &ast::Pairs,
    at: usize,
    name: &str,
) -> bool {
    let mut others = pairs.pairs.iter().enumerate().filter(|(other, _)| *other != at);
    others.any(|(_, it)| it.key.raw() == name) && cx.model.resolve(name, instruction.id).is_none()
}

fn is_set_before(pairs: &ast::Pairs, at: usize, name: &str) -> bool {
    pairs.pairs.iter().take(at).any(|it| it.key.raw() == name)
}

/// Makes what stands from pair `at` on an `ENV` of its own.
fn split_before(
    cx: &ModelContext<'_>,
    instruction: InstructionRef<'_>,
    pairs: &ast::Pairs,
    at: usize,
) -> Option<TextEdit> {
    let (before, pair) = (pairs.pairs.get(at.checked_sub(1)?)?, pairs.pairs.get(at)?);
    let between = instruction.absolute(TextRange::new(before.range.end(), pair.range.start()));
    // A comment between the two would be lost.
    let is_plain = !cx.source(between).contains('#');
    is_plain.then(|| TextEdit::new(between, format!("\n{} ", instruction.name.as_str())))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn what_was_set_before_may_be_used() {
        check_rule(
            "env-uses-itself",
            "FROM a\nENV A=$A\nENV B=1 C=$B\n          ^^\nENV B=2 D=$B\nENV E=${F:-1} F=2\nENV G='$H' H=1\nENV $I J=2\n",
        );
    }

    #[test]
    fn the_fix_begins_a_new_instruction() {
        check_fix("env-uses-itself", "FROM a\nENV A=1 \\\n    B=$A C=2\n", "FROM a\nENV A=1\nENV B=$A C=2\n");
    }
}
