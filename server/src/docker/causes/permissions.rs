//! Somebody may not do what the build asks for, or a secret is not given.

use super::{Cause, CauseKind, Evidence, between, word_after};

pub fn secret(evidence: &Evidence<'_>) -> Option<Cause> {
    let said = evidence.said;
    let pairs = [("secret ", ": not found"), ("secret ", " not found"), ("no secret with id ", " found")];
    let mut ids = pairs.iter().filter_map(|(before, after)| between(said, before, after));
    let id = ids.find(|it| !it.contains(' '))?;
    let cause = Cause::new(
        CauseKind::SecretMissing,
        format!("the build needs the secret `{id}`, and it was not given"),
        format!("hand it over: `--secret id={id},src=FILE`, or `--secret id={id},env=NAME`"),
    );
    Some(cause.about(id))
}

pub fn explain(evidence: &Evidence<'_>) -> Option<Cause> {
    unknown_user(evidence).or_else(|| not_executable(evidence)).or_else(|| denied(evidence))
}

fn unknown_user(evidence: &Evidence<'_>) -> Option<Cause> {
    let line = evidence
        .lines()
        .find(|it| it.contains("unable to find user ") || it.contains("unable to find group "))?;
    let user =
        word_after(line, "unable to find user ").or_else(|| word_after(line, "unable to find group "))?;
    let cause = Cause::new(
        CauseKind::UnknownUser,
        format!("the image has no user or group `{user}`"),
        "create it in an earlier `RUN` (`useradd`, or `adduser` on Alpine), or write a number",
    );
    Some(cause.about(user))
}

/// Exit code 126: the file is there, but may not be executed.
fn not_executable(evidence: &Evidence<'_>) -> Option<Cause> {
    let line = evidence.lines().find(|it| it.contains("ermission denied"))?;
    let is_it = evidence.exit_code == Some(126) || line.contains("exec: \"");
    let path = between(line, "exec: \"", "\"").or_else(|| {
        let rest = line.rsplit_once(": ")?.0;
        rest.rsplit(": ").next()
    });
    let path = path.filter(|it| is_it && !it.is_empty() && !it.contains(' '))?;
    let cause = Cause::new(
        CauseKind::PermissionDenied,
        format!("`{path}` may not be executed"),
        "copy it with `COPY --chmod=755`, or run `chmod +x` on it (in Git: `git update-index --chmod=+x FILE`)",
    );
    Some(cause.about(path))
}

fn denied(evidence: &Evidence<'_>) -> Option<Cause> {
    let marks = [
        "ermission denied",
        "EACCES",
        "Operation not permitted",
        "are you root?",
        "Could not open lock file",
    ];
    evidence.has_any(&marks).then(|| {
        Cause::new(
            CauseKind::PermissionDenied,
            "the command may not read or write there: most likely an earlier `USER` is not root",
            "do it before `USER`, or give the files to that user with `COPY --chown` or `chown`",
        )
    })
}
