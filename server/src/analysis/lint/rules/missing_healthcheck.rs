//! An image without `HEALTHCHECK`.

use crate::analysis::lint::prelude::*;

rule! {
    /// An image has no `HEALTHCHECK`, so Docker only sees whether its program runs, not whether it works.
    ///
    /// With a check, Docker Compose can wait until a service is ready, and Docker Swarm replaces one that hangs.
    /// Kubernetes has checks of its own and looks at none of these, so this is a matter of where the image runs.
    ///
    /// ```dockerfile bad
    /// FROM nginx:1.29
    /// COPY pages /usr/share/nginx/html
    /// ```
    ///
    /// ```dockerfile good
    /// FROM nginx:1.29
    /// COPY pages /usr/share/nginx/html
    /// HEALTHCHECK CMD ["curl", "--fail", "http://localhost/"]
    /// ```
    ///
    /// `HEALTHCHECK NONE` says that there is none on purpose.
    name: "missing-healthcheck",
    aliases: &["DL3057"],
    severity: Severity::Info,
    recommended: false,
    url: "https://docs.docker.com/reference/dockerfile/#healthcheck",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    let model = cx.cx.model;
    let Some(from) = model.file().instruction(cx.stage.from) else { return };
    let instructions = model.lineage(cx.stage.id).flat_map(|stage| stage.instructions.clone());
    let mut instructions = instructions.filter_map(|id| model.file().instruction(InstructionId(id)));
    let has_check = instructions.any(|it| it.keyword == Some(Keyword::Healthcheck));
    if !has_check && !cx.cx.is_used_by_other_stage(cx.stage.id) {
        report.at(from.absolute(from.name.range()), "this image has no `HEALTHCHECK`");
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn a_check_is_inherited_and_helper_stages_need_none() {
        check_rule(
            "missing-healthcheck",
            "FROM a AS x\nHEALTHCHECK NONE\nFROM x\nFROM b AS y\nFROM x\nRUN --mount=from=y z\nFROM c\n^^^^\nONBUILD HEALTHCHECK NONE\n",
        );
    }
}
