//! A label of the schema that an image does not get.

use crate::analysis::lint::labels::labels_of;
use crate::analysis::lint::prelude::*;

rule! {
    /// An image does not get a label that the schema demands.
    ///
    /// The setting `labelSchema` says which labels every image has; without it this rule says nothing. A stage counts
    /// with the stages it is built from, and one that other stages use needs no labels. With
    /// `"org.opencontainers.image.source" = "url"`:
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// CMD ["echo", "hello"]
    /// ```
    ///
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// LABEL org.opencontainers.image.source="https://example.com/hello"
    /// CMD ["echo", "hello"]
    /// ```
    name: "missing-label",
    aliases: &["DL3049"],
    severity: Severity::Info,
    hadolint: Some(Severity::Info),
    url: "https://docs.docker.com/reference/dockerfile/#label",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    let schema = &cx.cx.policy.label_schema;
    if schema.is_empty() || cx.cx.is_used_by_other_stage(cx.stage.id) {
        return;
    }
    let Some(from) = cx.cx.model.file().instruction(cx.stage.from) else { return };
    let present = labels_in_lineage(cx);
    for missing in schema.keys().filter(|it| !present.contains(it)) {
        report.at(from.absolute(from.name.range()), format!("this image does not get the label `{missing}`"));
    }
}

fn labels_in_lineage(cx: &StageContext<'_>) -> Vec<String> {
    let file = cx.cx.model.file();
    let instructions = cx.cx.model.lineage(cx.stage.id).flat_map(|stage| stage.instructions.clone());
    let instructions = instructions.filter_map(|id| file.instruction(InstructionId(id)));
    let labels = instructions.filter(|it| it.keyword == Some(Keyword::Label));
    labels.flat_map(|it| labels_of(cx.cx, it)).map(|label| label.key).collect()
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn only_images_nobody_builds_on_need_labels() {
        check_rule(
            "missing-label",
            "FROM a AS x\nFROM x AS y\nLABEL org.opencontainers.image.source=1\nFROM y\nFROM z AS used\nFROM y\nCOPY --from=used a b\nFROM w\n^^^^ image.source\n",
        );
    }
}
