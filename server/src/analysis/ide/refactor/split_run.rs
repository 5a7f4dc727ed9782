//! `RUN a && b` to `RUN a` and `RUN b`.

use text_size::TextRange;

use super::context::RunLine;
use super::segments::Join;
use super::{Answer, Context, Kind, Recipe, Refactoring, Refusal};
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::mount::{MountKind, mounts};
use crate::analysis::text::TextEdit;

pub static RECIPE: Recipe = Recipe {
    name: "split-run",
    kind: Kind::Rewrite,
    summary: "Makes a `RUN` of each command of an `&&` list, or cuts at the one `&&` under the cursor; all get the same \
flags. Not cut is behind a command that changes its shell for those that follow (`cd`, `export`, a variable), as the next \
`RUN` starts a new shell, and where `;`, `||` or `&` would mean something else afterwards.",
    before: "\
FROM alpine:3.22
RUN --network=none <|>make && \\
    # into /usr/local
    make install && \\
    cd /srv && ./setup
",
    after: "\
FROM alpine:3.22
RUN --network=none make
# into /usr/local
RUN --network=none make install
RUN --network=none cd /srv && ./setup
",
    offer,
};

fn offer(cx: &Context<'_>) -> Answer {
    let line = cx.run_line(cx.only_of(Keyword::Run)?)?;
    if !line.segments.iter().any(|it| it.before == Join::And) {
        return None;
    }
    let here = operator_at_cursor(cx, &line);
    let title = match here {
        Some(_) => "Split this `RUN` at this `&&`".to_owned(),
        None => "Split this `RUN` at `&&`".to_owned(),
    };
    let refuse = |reason: String| Some(Err(Refusal::new(title.clone(), reason)));
    if let Some(reason) = obstacle(&line) {
        return refuse(reason);
    }
    let free = line.segments.iter().position(|it| it.state().is_some()).unwrap_or(usize::MAX);
    let cuts: Vec<usize> = match here {
        Some(index) => vec![index],
        None => (1..line.segments.len()).collect(),
    };
    let cuts: Vec<usize> = cuts.into_iter().filter(|index| *index <= free).collect();
    if cuts.is_empty() {
        let state = line.segments.get(free).and_then(|it| it.state()).unwrap_or_default();
        return refuse(format!("{state} would be lost: the next `RUN` starts a new shell"));
    }
    let edits = cuts.iter().map(|index| cut(cx, &line, *index)).collect::<Option<Vec<_>>>()?;
    let title =
        if here.is_some() { title } else { format!("Split into {} `RUN` instructions", cuts.len() + 1) };
    Some(Ok(Refactoring::new(title, edits)))
}

/// The part behind the `&&` that the cursor or the selection touches.
fn operator_at_cursor(cx: &Context<'_>, line: &RunLine<'_>) -> Option<usize> {
    let pairs = line.segments.windows(2).enumerate();
    pairs.filter(|(_, pair)| pair.iter().skip(1).all(|it| it.before == Join::And)).find_map(
        |(index, pair)| {
            let [before, after] = pair else { return None };
            let gap = line.script.text.as_str().get(before.span.end..after.span.start)?;
            let at = before.span.end + gap.find("&&")?;
            let operator = line.range(at..at + 2);
            let touches = operator.start() <= cx.range.end() && cx.range.start() <= operator.end();
            touches.then_some(index + 1)
        },
    )
}

fn obstacle(line: &RunLine<'_>) -> Option<String> {
    let is_list = line.segments.iter().all(|it| matches!(it.before, Join::Start | Join::And));
    let text = line.script.text.as_str();
    if !is_list || (text.ends_with(';') && !text.ends_with("\\;")) {
        return Some("`;` and `||` would mean something else".to_owned());
    }
    if line.segments.iter().any(|it| it.is_background) {
        return Some("a command in the background ends with its `RUN`".to_owned());
    }
    let keeps_files = |it: &crate::analysis::model::mount::Mount| {
        let is_written = it.options.iter().any(|it| matches!(it.name.as_str(), "rw" | "readwrite"));
        it.kind != MountKind::Tmpfs && !(it.kind == MountKind::Bind && is_written)
    };
    let all_keep = mounts(line.instruction.node).iter().all(keeps_files);
    (!all_keep).then(|| "what one command writes into the mount is gone in the next `RUN`".to_owned())
}

/// Everything between part `index` and the one before it becomes a new instruction's start.
fn cut(cx: &Context<'_>, line: &RunLine<'_>, index: usize) -> Option<TextEdit> {
    let (before, after) = (line.segments.get(index - 1)?, line.segments.get(index)?);
    let end = line.range(before.span.clone()).end();
    let start = line.range(after.span.clone()).start();
    let gap = TextRange::new(end, start);
    let leading = cx.leading(line.instruction);
    let comments = cx.comments_in(gap).into_iter();
    let comments: String = comments.map(|it| format!("{leading}{it}{}", cx.newline())).collect();
    let (name, flags) = (line.instruction.name.as_str(), cx.flags_text(line.instruction)?);
    Some(TextEdit::new(gap, format!("{}{comments}{leading}{name} {flags}", cx.newline())))
}

#[cfg(test)]
mod tests {
    use crate::analysis::ide::refactor::tests::{check, check_silent, refusal};

    #[test]
    fn the_operator_under_the_cursor_is_the_only_one() {
        check("split-run", "FROM a\nRUN a && b &<|>& c\n", "FROM a\nRUN a && b\nRUN c\n");
        check(
            "split-run",
            "FROM a\r\nrun a \\\r\n  <|>&& b \\\r\n  && c \\\r\n d\r\nCMD e\r\n",
            "FROM a\r\nrun a\r\nrun b \\\r\n  && c \\\r\n d\r\nCMD e\r\n",
        );
    }

    #[test]
    fn what_a_shell_knows_is_not_lost() {
        check("split-run", "FROM a\nRUN <|>a && B=1 && c $B\n", "FROM a\nRUN a\nRUN B=1 && c $B\n");
        assert!(refusal("split-run", "FROM a\nRUN <|>set -ex && a && b\n").contains("`set`"));
        assert!(refusal("split-run", "FROM a\nRUN cd /x <|>&& a\n").contains("`cd`"));
    }

    #[test]
    fn other_operators_are_left_alone() {
        assert!(refusal("split-run", "FROM a\nRUN <|>a && b || c\n").contains("||"));
        assert!(refusal("split-run", "FROM a\nRUN <|>a && b; c\n").contains(';'));
        assert!(
            refusal("split-run", "FROM a\nRUN --mount=type=tmpfs,target=/t <|>a && b\n").contains("mount")
        );
        check_silent("split-run", "FROM a\nRUN <|>if a && b; then c; fi\n");
        check_silent("split-run", "FROM a\nRUN <|>[\"a\", \"&&\"]\n");
    }
}
