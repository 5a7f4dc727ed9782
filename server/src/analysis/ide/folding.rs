//! What can be folded: stages, instructions over several lines, heredocs, comments, directives, `# region`.

use text_size::{TextRange, TextSize};

use super::blocks::{self, RegionMark, region_mark};
use crate::analysis::syntax::{Dockerfile, InstructionRef};

/// A stretch of at least two lines. The line of its start stays visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    /// From the first character of the first line's content to the end of the last line's content.
    pub range: TextRange,
    pub kind: FoldKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldKind {
    /// From `FROM` to the end of the stage.
    Stage,
    Instruction,
    Heredoc,
    Comment,
    /// `# syntax=` and the like at the top.
    Directives,
    /// `# region` to `# endregion`.
    Region,
}

/// All folds of `file` in the order of their starts; of two that start together the longer one comes first.
pub fn folds(file: &Dockerfile) -> Vec<Fold> {
    let mut folds: Vec<Fold> = Vec::new();
    let stages = blocks::stages(file);
    folds.extend(stages.iter().map(|it| fold(TextRange::new(it.from, it.end), FoldKind::Stage)));
    file.instructions().for_each(|it| instruction(file, it, &mut folds));
    folds.extend(blocks::comment_blocks(file).into_iter().map(|block| {
        let is_directives = blocks::is_directives(file, block);
        fold(block, if is_directives { FoldKind::Directives } else { FoldKind::Comment })
    }));
    folds.extend(regions(file));
    folds.retain(|fold| file.slice(fold.range).contains('\n'));
    folds.sort_by_key(|fold| (fold.range.start(), std::cmp::Reverse(fold.range.end())));
    folds
}

fn fold(range: TextRange, kind: FoldKind) -> Fold {
    Fold { range, kind }
}

fn instruction(file: &Dockerfile, it: InstructionRef, folds: &mut Vec<Fold>) {
    folds.push(fold(it.absolute_range(), FoldKind::Instruction));
    for heredoc in &it.heredocs {
        let end = heredoc.terminator.map_or(heredoc.body.end(), |it| it.end());
        // From the end of the line above, which stays visible.
        let start = heredoc.body.start().checked_sub(TextSize::from(1)).unwrap_or_default();
        let line = line_start(file, it.absolute(TextRange::empty(start)).start());
        // On its instruction's first line it would be the same fold again.
        if line > it.start {
            folds.push(fold(
                TextRange::new(line, it.absolute(TextRange::empty(end)).end()),
                FoldKind::Heredoc,
            ));
        }
    }
    inner_comments(file, it, folds);
}

/// Comments between continuation lines.
fn inner_comments(file: &Dockerfile, it: InstructionRef, folds: &mut Vec<Fold>) {
    let mut block: Option<TextRange> = None;
    for comment in it.comments.iter().map(|&comment| it.absolute(comment)) {
        block = match block {
            Some(above) if is_next_line(file, above, comment) => Some(above.cover(comment)),
            above => {
                folds.extend(above.map(|range| fold(range, FoldKind::Comment)));
                Some(comment)
            }
        };
    }
    folds.extend(block.map(|range| fold(range, FoldKind::Comment)));
}

fn is_next_line(file: &Dockerfile, above: TextRange, below: TextRange) -> bool {
    file.slice(TextRange::new(above.end(), below.start())).matches('\n').count() == 1
}

fn line_start(file: &Dockerfile, offset: TextSize) -> TextSize {
    let before = file.slice(TextRange::up_to(offset));
    TextSize::from(before.rfind('\n').map_or(0, |at| at + 1) as u32)
}

/// Each `# region` with the `# endregion` that closes it; one that is never closed is none.
fn regions(file: &Dockerfile) -> Vec<Fold> {
    let mut open = Vec::new();
    let mut regions = Vec::new();
    for comment in all_comments(file) {
        match region_mark(file.slice(comment)) {
            Some(RegionMark::Start) => open.push(comment.start()),
            Some(RegionMark::End) => {
                let start: Option<TextSize> = open.pop();
                regions
                    .extend(start.map(|start| fold(TextRange::new(start, comment.end()), FoldKind::Region)));
            }
            None => {}
        }
    }
    regions
}

/// Those inside instructions included, in order.
fn all_comments(file: &Dockerfile) -> Vec<TextRange> {
    let inner =
        file.instructions().flat_map(|it| it.node.comments.iter().map(move |&comment| it.absolute(comment)));
    let mut comments: Vec<TextRange> = file.comments().iter().copied().chain(inner).collect();
    comments.sort_by_key(|comment| comment.start());
    comments
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `kind first line-last line`, counted from 1.
    fn found(text: &str) -> Vec<String> {
        let file = Dockerfile::parse(text);
        let line = |offset: TextSize| text[..usize::from(offset)].matches('\n').count() + 1;
        folds(&file)
            .into_iter()
            .map(|fold| format!("{:?} {}-{}", fold.kind, line(fold.range.start()), line(fold.range.end())))
            .collect()
    }

    #[test]
    fn a_stage_ends_before_the_comments_of_the_next_one() {
        assert_eq!(
            found("ARG a\nFROM a\nRUN b\n\n# about a\n\n# about b\nFROM b\nRUN c\n\n"),
            ["Stage 2-5", "Stage 8-9"]
        );
        assert_eq!(found("FROM a\nFROM b"), Vec::<String>::new());
    }

    #[test]
    fn instructions_and_their_comments_fold() {
        assert_eq!(
            found("RUN a \\\n  # x\n  # y\n\n  # z\n  b\nRUN c\n"),
            ["Instruction 1-6", "Comment 2-3"]
        );
    }

    #[test]
    fn heredocs_fold_below_their_instruction() {
        assert_eq!(found("RUN <<A\nx\nA\n"), ["Instruction 1-3"]);
        assert_eq!(
            found("COPY <<A <<B \\\n  /x\na\nA\nb\nB\nRUN <<END\n"),
            ["Instruction 1-6", "Heredoc 2-4", "Heredoc 4-6"]
        );
    }

    #[test]
    fn directives_are_apart_from_comments() {
        assert_eq!(
            found("# syntax=a\n# check=skip=all\n# b\n# c\nFROM a"),
            ["Directives 1-2", "Comment 3-4"]
        );
    }

    #[test]
    fn regions_nest_and_unclosed_ones_are_none() {
        assert_eq!(
            found(
                "# region a\n# more\n#region b\nUSER x\n# endregion\n# endregion a\n# region c\nRUN \\\n # endregion\n x"
            ),
            ["Region 1-6", "Region 3-5", "Region 7-9", "Instruction 8-10"]
        );
        assert_eq!(found("# region\nUSER x\n# regional\n"), Vec::<String>::new());
    }
}
