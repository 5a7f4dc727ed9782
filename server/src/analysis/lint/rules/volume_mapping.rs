//! `VOLUME ./data:/data`.

use crate::analysis::lint::prelude::*;

rule! {
    /// `VOLUME` names a folder of your machine; mounting one is done when the container is run.
    ///
    /// `VOLUME` only says which folders of the container are kept outside of its own files. It knows nothing of the machine
    /// on which the container will run, so `./data:/data` is one folder with a strange name.
    ///
    /// ```dockerfile bad
    /// FROM python:3.14
    /// VOLUME ./notebooks:/notebooks
    /// ```
    ///
    /// Name the container's folder, and mount yours with `docker run -v "$PWD/notebooks:/notebooks"`:
    ///
    /// ```dockerfile good
    /// FROM python:3.14
    /// VOLUME /notebooks
    /// ```
    name: "volume-mapping",
    aliases: &[],
    fix: FixSafety::Unsafe,
    url: "https://docs.docker.com/engine/storage/bind-mounts/",
    check: Check::Instruction { on: On::Keywords(&[Keyword::Volume]), deferred: true, check },
}

fn check(cx: &InstructionContext<'_>, report: &mut Report<'_>) {
    let Arguments::List(list) = &cx.instruction.arguments else { return };
    for word in &list.items {
        let written = word.raw();
        let Some(own) = container_path(written) else { continue };
        let message = format!(
            "`VOLUME` takes folders of the container only: write `{own}`, and mount yours with `docker run -v {written}`"
        );
        let draft = report.at(word.range(), message);
        if !list.is_json {
            draft.unsafe_fix(format!("Write `{own}`"), vec![TextEdit::new(word.range(), own)]);
        }
    }
}

/// The part behind the `:`, without what only `-v` takes; `None` for a plain path, or a drive of Windows.
fn container_path(text: &str) -> Option<&str> {
    let (host, rest) = text.split_once(':')?;
    let is_drive = host.len() == 1 && host.chars().all(|it| it.is_ascii_alphabetic());
    let own = rest.split(':').next().unwrap_or(rest);
    (!is_drive && own.starts_with('/') && !host.is_empty()).then_some(own)
}

#[cfg(test)]
mod tests {
    use crate::analysis::lint::tests::{check_fix, check_rule};

    #[test]
    fn only_pairs_of_folders_are_meant() {
        check_rule(
            "volume-mapping",
            "FROM a\nVOLUME ./b:/c:ro /d C:/e [x]\n       ^^^^^^^^^ write `/c`\nVOLUME [\"./b:/c\"]\n         ^^^^^^ write `/c`\n",
        );
    }

    #[test]
    fn the_folder_of_the_container_stays() {
        check_fix("volume-mapping", "FROM a\nVOLUME ./b:/c /d\n", "FROM a\nVOLUME /c /d\n");
    }
}
