//! Comment blocks, and the stretch of the file each stage takes: what folding and selection share.

use text_size::{TextRange, TextSize};

use crate::analysis::knowledge::Keyword;
use crate::analysis::syntax::{Dockerfile, InstructionRef};

/// A stage in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageText {
    /// The comment block right above `FROM`, or `FROM` itself.
    pub start: TextSize,
    /// `FROM`.
    pub from: TextSize,
    /// The end of the last instruction or comment before the next stage.
    pub end: TextSize,
}

impl StageText {
    /// With the comments above `FROM`.
    pub fn range(&self) -> TextRange {
        TextRange::new(self.start, self.end)
    }
}

/// The stages of `file` in order.
pub fn stages(file: &Dockerfile) -> Vec<StageText> {
    let blocks = comment_blocks(file);
    let froms = file.instructions().filter(|it| it.keyword == Some(Keyword::From));
    let mut stages: Vec<StageText> = froms
        .map(|it| {
            let from = it.absolute_range().start();
            StageText { start: start_above(file, &blocks, it), from, end: it.absolute_range().end() }
        })
        .collect();
    let limits: Vec<TextSize> = stages.iter().skip(1).map(|stage| stage.start).collect();
    let limits = limits.into_iter().chain([TextSize::of(file.text())]);
    let instructions: Vec<TextRange> = file.instructions().map(|it| it.absolute_range()).collect();
    for (stage, limit) in stages.iter_mut().zip(limits) {
        let ends = [&instructions, file.comments()].map(|ranges| last_before(ranges, limit));
        stage.end = ends.into_iter().flatten().fold(stage.end, TextSize::max);
    }
    stages
}

/// The end of the last of `ranges` that begins before `limit`.
fn last_before(ranges: &[TextRange], limit: TextSize) -> Option<TextSize> {
    let index = ranges.partition_point(|range| range.start() < limit);
    index.checked_sub(1).and_then(|index| ranges.get(index)).map(|range| range.end())
}

/// Where the comment block begins that stands right above the instruction.
pub fn start_above(file: &Dockerfile, blocks: &[TextRange], it: InstructionRef) -> TextSize {
    let index = blocks.partition_point(|block| block.end() <= it.start);
    let above = index.checked_sub(1).and_then(|index| blocks.get(index));
    // The directives belong to the file.
    let above = above.filter(|block| !is_directives(file, **block) && touches(file, **block, it.start));
    above.map_or(it.absolute_range().start(), |block| block.start())
}

/// Whether only one line break lies between.
fn touches(file: &Dockerfile, block: TextRange, next: TextSize) -> bool {
    file.slice(TextRange::new(block.end(), next)).matches('\n').count() == 1
}

/// Directives are at the top, so all comments up to the last one are.
pub fn is_directives(file: &Dockerfile, block: TextRange) -> bool {
    file.directives().list.last().is_some_and(|last| block.start() < last.range.end())
}

/// Comment lines between instructions that follow each other without a blank line; the directives and what a
/// `# region` line bounds are apart from the others.
pub fn comment_blocks(file: &Dockerfile) -> Vec<TextRange> {
    let mut blocks: Vec<TextRange> = Vec::new();
    for &comment in file.comments() {
        let goes_on = blocks.last().is_some_and(|&block| {
            touches(file, block, comment.start())
                && is_directives(file, block) == is_directives(file, comment)
                && region_mark(file.slice(comment)).is_none()
                && region_mark(file.slice(block)).is_none()
        });
        match blocks.last_mut() {
            Some(block) if goes_on => *block = TextRange::new(block.start(), comment.end()),
            _ => blocks.push(comment),
        }
    }
    blocks
}

/// `# region` or `# endregion`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegionMark {
    Start,
    End,
}

/// What a comment that is a region mark marks. A name may follow.
pub fn region_mark(comment: &str) -> Option<RegionMark> {
    let text = comment.strip_prefix('#')?.trim_start();
    let word = text.split(|c: char| !c.is_alphanumeric()).next()?;
    match word {
        _ if word.eq_ignore_ascii_case("region") => Some(RegionMark::Start),
        _ if word.eq_ignore_ascii_case("endregion") => Some(RegionMark::End),
        _ => None,
    }
}
