//! `COPY a.tar.gz /tmp/` and then `RUN rm /tmp/a.tar.gz`.

use crate::analysis::lint::launch;
use crate::analysis::lint::prelude::*;

rule! {
    /// A file is copied by one instruction and removed by a later one, so the image keeps it.
    ///
    /// Every instruction adds a layer; removing only hides the file of the layer below. The image stays as large, and
    /// whoever has it can still read the file.
    ///
    /// ```dockerfile bad
    /// FROM debian:13
    /// COPY app.tar.gz /tmp/app.tar.gz
    /// RUN tar -xzf /tmp/app.tar.gz -C /opt && rm /tmp/app.tar.gz
    /// ```
    ///
    /// A mount lends the file to one `RUN`:
    ///
    /// ```dockerfile good
    /// FROM debian:13
    /// RUN --mount=type=bind,source=app.tar.gz,target=/tmp/app.tar.gz tar -xzf /tmp/app.tar.gz -C /opt
    /// ```
    ///
    /// `ADD app.tar.gz /opt/` unpacks local archives by itself.
    name: "removed-in-later-layer",
    aliases: &[],
    severity: Severity::Info,
    url: "https://docs.docker.com/reference/dockerfile/#run---mounttypebind",
    check: Check::Stage(check),
}

fn check(cx: &StageContext<'_>, report: &mut Report<'_>) {
    if !launch::is_in_final_image(cx.cx, cx.stage) {
        return;
    }
    let mut copied: Vec<(String, TextRange)> = Vec::new();
    for instruction in cx.instructions() {
        match instruction.keyword {
            Some(Keyword::Copy | Keyword::Add) => {
                let place = instruction.absolute(instruction.node.line_range);
                let files = launch::copied_files(cx.cx, instruction).into_iter().filter(|it| matters(it));
                copied.extend(files.map(|it| (it, place)));
            }
            Some(Keyword::Run) if !copied.is_empty() => {
                let Some(shell) = cx.cx.shell(instruction.id) else { continue };
                for called in shell.commands().filter(|it| it.is("rm") && it.place.is_top_level()) {
                    for word in called.arguments_without_flags() {
                        let Some(path) = launch::absolute(cx.cx, word.as_str(), instruction.id) else {
                            continue;
                        };
                        let Some(index) = copied.iter().position(|it| it.0 == path) else { continue };
                        let (path, place) = copied.remove(index);
                        let message = format!(
                            "`{path}` stays in the image, in the layer that copied it: use `RUN --mount=type=bind`, or download it in this `RUN`"
                        );
                        report.at(instruction.absolute(word.range), message).related(place, "copied here");
                    }
                }
            }
            _ => {}
        }
    }
}

/// Archives and packages, for their size. A small script is not worth a word.
fn matters(path: &str) -> bool {
    const LARGE: [&str; 16] = [
        "tar", "gz", "tgz", "bz2", "xz", "zst", "zip", "7z", "deb", "rpm", "apk", "jar", "war", "whl", "iso",
        "run",
    ];
    path.rsplit_once('.').is_some_and(|(_, extension)| LARGE.contains(&extension))
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::check_rule;

    #[test]
    fn the_layer_below_keeps_it() {
        check_rule(
            "removed-in-later-layer",
            "FROM a\nWORKDIR /w\nCOPY b c.gz /tmp/\nADD d.deb .\nRUN tar /tmp/c.gz && rm -f /tmp/c.gz d.deb /tmp/b\n                           ^^^^^^^^^ stays\n                                     ^^^^^\nRUN touch /e\nRUN rm /e /tmp/c.gz\n",
        );
    }

    #[test]
    fn other_stages_are_thrown_away() {
        check_rule("removed-in-later-layer", "FROM a\nCOPY b.gz /b.gz\nRUN rm /b.gz\nFROM c\n");
    }
}
