//! `COPY --from=$STAGE`.

use crate::analysis::lint::prelude::*;
use crate::analysis::model::mount::mounts;

rule! {
    /// `COPY --from=` or `RUN --mount=from=` is given a variable, and variables are not replaced there.
    ///
    /// The build stops. Give the image a stage of its own: `FROM` takes variables that an `ARG` before it declares.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// ARG VERSION=1.29
    /// COPY --from=nginx:$VERSION /etc/nginx /etc/nginx
    /// ```
    ///
    /// ```dockerfile good
    /// ARG VERSION=1.29
    /// FROM nginx:$VERSION AS nginx
    /// FROM alpine:3.22
    /// COPY --from=nginx /etc/nginx /etc/nginx
    /// ```
    error,
    name: "variable-in-copy-from",
    aliases: &["FLAG_INVALID_FROM_VALUE"],
    url: "https://docs.docker.com/reference/dockerfile/#copy---from",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Copy, Keyword::Run]), deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let variables =
        "variables are not replaced here: name the image by `FROM image:$TAG AS name`, and write `name`";
    if cx.keyword() == Some(Keyword::Copy) {
        let Some(value) = cx.instruction.flag("from").and_then(|flag| flag.value.as_ref()) else { return };
        if value.has_variables() {
            report.at(value.range(), variables);
        } else if value.fault().is_none() && value.literal().is_some_and(|it| it != value.raw()) {
            report.at(value.range(), "quotes and escapes are not taken off here: write the bare name");
        }
        return;
    }
    for mount in mounts(cx.instruction) {
        let Some(from) = mount.from() else { continue };
        // A `$` at the very end is let through.
        if from.as_str().strip_suffix('$').unwrap_or(from.as_str()).contains('$') {
            report.at(from.range(), variables);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn both_places_are_looked_at() {
        check_rule(
            "variable-in-copy-from",
            "FROM a\nCOPY --from=$x b c\n            ^^ not replaced\nRUN --mount=type=bind,from=b$x,target=/c ls\n                           ^^^\nCOPY --from=\"b\" c d\nADD a $x\n",
        );
    }
}
