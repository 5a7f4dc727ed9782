//! Scripts and the way back, without ShellCheck: it is run in `tests/`.

use super::*;
use crate::analysis::model::Model;
use crate::analysis::syntax::Dockerfile;
use crate::analysis::text::apply_edits;

fn all(text: &str) -> Vec<Script> {
    scripts(&Model::new(&Dockerfile::parse(text)), Scripts::All)
}

fn texts(text: &str) -> Vec<String> {
    all(text).iter().map(|it| it.text().to_string()).collect()
}

fn remark([line, column, end_line, end_column]: [u32; 4], replacements: &[(u32, u32, &str)]) -> Remark {
    let replace = |&(column, end_column, text): &(u32, u32, &str)| Replacement {
        line,
        column,
        end_line: line,
        end_column,
        replacement: text.to_owned(),
    };
    let fix = Repair { replacements: replacements.iter().map(replace).collect() };
    let fix = Some(fix).filter(|it| !it.replacements.is_empty());
    Remark {
        line,
        column,
        end_line,
        end_column,
        level: "info".to_owned(),
        code: 2086,
        message: "Quote.".to_owned(),
        fix,
    }
}

/// What the only script of `text` makes of `remark`: the source of the finding, and the text after its repair.
fn found(text: &str, remark: Remark) -> Option<(String, Option<String>)> {
    let file = Dockerfile::parse(text);
    let [script] = &all(text)[..] else { panic!("one script") };
    let start = file.instruction(script.instruction)?.start;
    let finding = script.findings(&[remark]).pop()?.at(script.instruction, start);
    let fixed = finding.fix.map(|fix| apply_edits(text, &fix.edits).expect("edits that fit"));
    Some((file.slice(finding.range).to_owned(), fixed))
}

#[test]
fn a_script_is_what_the_shell_gets() {
    assert_eq!(
        texts("FROM a\nRUN --mount=type=cache,target=/c a \\\n  # why\n\n  b\n"),
        ["#!/bin/sh\na   b\n"]
    );
    assert_eq!(texts("FROM a\nONBUILD RUN a\nCMD b\nHEALTHCHECK CMD c\nENTRYPOINT [\"d\"]\n").len(), 3);
}

#[test]
fn the_shell_in_force_reads_it() {
    let with = |shell: &str| texts(&format!("FROM a\nSHELL {shell}\nRUN b\n"));
    assert_eq!(with(r#"["/bin/bash", "-eo", "pipefail", "-c"]"#), ["#!/bin/bash -e\nb\n"]);
    assert_eq!(with(r#"["/bin/ash", "-c"]"#), ["#!/bin/ash\nb\n"]);
    assert_eq!(with(r#"["pwsh", "-c"]"#), [""; 0]);
    assert_eq!(with(r#"["zsh", "-c"]"#), [""; 0]);
    assert_eq!(texts("FROM a\n# hadolint shell=bash\nRUN b\n"), ["#!/bin/bash\nb\n"]);
    assert_eq!(texts("FROM mcr.microsoft.com/windows/nanoserver:1\nRUN dir\n"), [""; 0]);
}

#[test]
fn variables_that_the_dockerfile_sets_are_set() {
    let text = "ARG no\nFROM a\nARG b\nENV c=d e=f\nRUN echo $b ${c%x} $no $own $http_proxy\nARG late\n";
    assert_eq!(
        texts(text),
        ["#!/bin/sh\nexport b=1 c=1 http_proxy=1\necho $b ${c%x} $no $own $http_proxy\n"]
    );
}

#[test]
fn comments_for_shellcheck_stand_in_front() {
    let text =
        "FROM a\n# shellcheck disable=SC2086\n# x\nRUN b \\\n# shellcheck shell=dash\n c\n# shellcheck x=y\n";
    assert_eq!(texts(text), ["#!/bin/sh\n# shellcheck disable=SC2086\n# shellcheck shell=dash\nb  c\n"]);
}

#[test]
fn heredocs_are_read_by_whom_they_are_for() {
    assert_eq!(
        texts("FROM a\nARG v\nRUN <<EOF\n#!/bin/bash -e\na $v\nEOF\n"),
        ["#!/bin/bash -e\nexport v=1\na $v\n"]
    );
    assert_eq!(texts("FROM a\nRUN <<EOF\na\nEOF\n"), ["#!/bin/sh\na\n"]);
    assert_eq!(texts("FROM a\nRUN <<EOF\n#!/usr/bin/env python3\na\nEOF\n"), [""; 0]);
    assert_eq!(texts("FROM a\nRUN cat <<EOF >b\na\nEOF\n"), ["#!/bin/sh\ncat <<EOF >b\na\nEOF\n"]);
    assert_eq!(
        texts("FROM a\nRUN bash <<EOF\na\nEOF\n"),
        ["#!/bin/sh\nbash <<EOF\na\nEOF\n", "#!/bin/bash\na\n"]
    );
    assert_eq!(texts("FROM a\nRUN cat <<EOF\na\n"), [""; 0]);
}

#[test]
fn a_range_is_found_behind_continuations_and_in_characters() {
    let text = "FROM a\nRUN x && \\\n  # é\n  echo é $ab\\\nc d\n";
    // `x &&   echo é $abc d`
    let at = found(text, remark([2, 15, 2, 19], &[(15, 15, "\""), (19, 19, "\"")]));
    let fixed = "FROM a\nRUN x && \\\n  # é\n  echo é \"$ab\\\nc\" d\n";
    assert_eq!(at, Some(("$ab\\\nc".to_owned(), Some(fixed.to_owned()))));
}

#[test]
fn a_quote_stays_on_the_line_of_what_it_ends() {
    let text = "FROM a\nRUN echo $b\\\n c\n";
    let fixed = found(text, remark([2, 6, 2, 8], &[(6, 6, "\""), (8, 8, "\"")])).and_then(|it| it.1);
    assert_eq!(fixed.as_deref(), Some("FROM a\nRUN echo \"$b\"\\\n c\n"));
}

#[test]
fn a_place_in_a_heredoc_is_found() {
    let text = "FROM a\nRUN <<EOF\n\techo $b\nEOF\n";
    assert_eq!(found(text, remark([2, 7, 2, 9], &[])), Some(("$b".to_owned(), None)));
    let text = "FROM a\nRUN cat <<EOF\n$b\nEOF\n";
    assert_eq!(found(text, remark([3, 1, 3, 3], &[])), Some(("$b".to_owned(), None)));
}

#[test]
fn a_point_becomes_a_character() {
    assert_eq!(found("FROM a\nRUN if é\n", remark([2, 4, 2, 4], &[])), Some(("é".to_owned(), None)));
    assert_eq!(found("FROM a\nRUN if x\n", remark([2, 5, 2, 5], &[])), Some(("x".to_owned(), None)));
}

#[test]
fn what_the_dockerfile_does_not_hold_is_left_out() {
    assert_eq!(found("FROM a\nARG b\nRUN $b\n", remark([2, 1, 2, 7], &[])), None);
    assert_eq!(found("FROM a\nRUN b\n", remark([9, 1, 9, 2], &[])), None);
    let broken = found("FROM a\nRUN b c\n", remark([2, 1, 2, 2], &[(1, 2, "b\nd")]));
    assert_eq!(broken, Some(("b".to_owned(), None)));
    let joined = found("FROM a\nRUN b\\\nc d\n", remark([2, 1, 2, 3], &[(1, 3, "e")]));
    assert_eq!(joined, Some(("b\\\nc".to_owned(), None)));
}
