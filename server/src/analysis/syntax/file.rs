//! A parsed Dockerfile, and how an edit makes the next one.
//!
//! A logical line's meaning depends only on its own text and on the escape character, with one exception:
//! a heredoc that never ends has looked at everything behind it. So an edit re-reads from the logical line it
//! touches (or from the first endless heredoc before it) until the old and the new text agree again on where
//! a logical line starts; all other instructions are shared with the version before.

use std::ops::{Deref, Range};
use std::sync::Arc;

use text_size::{TextRange, TextSize};

use super::ast::{Heredoc, Instruction};
use super::directive::Directives;
use super::heredoc::{self, BodyReader};
use super::instruction;
use super::lines::{Logical, LogicalLine, bom_len, logical_line, overlong_lines};
use super::problem::{Problem, ProblemKind};
use crate::analysis::knowledge::Keyword;

/// The position of an instruction among all instructions of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstructionId(pub u32);

impl InstructionId {
    /// As an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A Dockerfile: its text, directives, comments and instructions. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Dockerfile {
    text: Arc<str>,
    directives: Arc<Directives>,
    comments: Arc<Vec<TextRange>>,
    entries: Arc<Vec<Entry>>,
    /// Where reading stopped because there was too much.
    cut: Option<TextSize>,
}

/// How many instructions (and as many comment lines) are read: about 150 MB of memory. The longest of 24,000
/// real files has 400; what is larger is an accident or an attack, and must not take the editor's machine with it.
pub const MAX_INSTRUCTIONS: usize = 250_000;

/// An instruction and the bytes it takes, absolute.
#[derive(Debug, Clone)]
struct Entry {
    /// Start of its first line; local ranges count from here.
    start: u32,
    /// The line break that ends it, or the end of the text.
    end: u32,
    /// It has looked at all the text behind it (an endless heredoc).
    sees_everything: bool,
    node: Arc<Instruction>,
}

/// An instruction in its file.
#[derive(Debug, Clone, Copy)]
pub struct InstructionRef<'a> {
    pub id: InstructionId,
    /// Absolute offset of the line the instruction starts on.
    pub start: TextSize,
    pub node: &'a Arc<Instruction>,
}

impl Deref for InstructionRef<'_> {
    type Target = Instruction;

    fn deref(&self) -> &Instruction {
        self.node
    }
}

impl InstructionRef<'_> {
    /// A local range of this instruction as one of the document.
    pub fn absolute(&self, range: TextRange) -> TextRange {
        range + self.start
    }

    /// A document offset as one of this instruction, or `None` before it.
    pub fn local(&self, offset: TextSize) -> Option<TextSize> {
        offset.checked_sub(self.start)
    }

    /// The whole instruction in the document, heredocs included.
    pub fn absolute_range(&self) -> TextRange {
        self.absolute(self.node.range)
    }
}

impl Dockerfile {
    /// Parses `text` (at most 4 GiB). Never fails.
    pub fn parse(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let directives = Directives::parse(&text);
        let mut scan = Scan::new(&text, directives.escape, bom_len(&text));
        while scan.step() {}
        Dockerfile {
            cut: scan.is_full().then(|| TextSize::from(scan.at as u32)),
            directives: Arc::new(directives),
            comments: Arc::new(scan.comments),
            entries: Arc::new(scan.entries),
            text,
        }
    }

    /// The file after `range` was replaced by `insert`; re-reads only what the edit touches.
    ///
    /// A range outside the text or inside a character is clamped to what is there.
    pub fn edit(&self, range: TextRange, insert: &str) -> Self {
        let range = clamp(&self.text, range);
        let text = replaced(&self.text, range.clone(), insert);
        let directives = Directives::parse(&text);
        let touches_mark = range.start < '\u{feff}'.len_utf8();
        if directives.escape != self.directives.escape || touches_mark || self.cut.is_some() {
            return Dockerfile::parse(text);
        }
        let edit = Edit { old: range.clone(), new: range.start..range.start + insert.len() };
        let restart = self.restart(&edit, &text);
        let mut scan = Scan::new(&text, directives.escape, restart);
        let resumed = self.rescan(&mut scan, &edit);
        if self.entries.len().max(self.comments.len()) + scan.len() >= MAX_INSTRUCTIONS {
            return Dockerfile::parse(text);
        }
        Dockerfile {
            cut: None,
            comments: Arc::new(splice_comments(&self.comments, &scan.comments, restart, resumed, &edit)),
            entries: Arc::new(splice_entries(&self.entries, scan.entries, restart, resumed, &edit)),
            directives: Arc::new(directives),
            text,
        }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, shared.
    pub fn shared_text(&self) -> Arc<str> {
        self.text.clone()
    }

    /// The text at `range`, empty when there is none.
    pub fn slice(&self, range: TextRange) -> &str {
        self.text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or_default()
    }

    pub fn directives(&self) -> &Directives {
        &self.directives
    }

    /// The escape character in force.
    pub fn escape(&self) -> char {
        self.directives.escape
    }

    /// Comment lines between instructions (directives included), from `#` to the end of the line, absolute.
    pub fn comments(&self) -> &[TextRange] {
        &self.comments
    }

    /// Where reading stopped, in a file with more than [`MAX_INSTRUCTIONS`]; nothing behind it is known.
    pub fn cut(&self) -> Option<TextSize> {
        self.cut
    }

    /// Lines longer than BuildKit can read: the build fails.
    pub fn overlong_lines(&self) -> Vec<TextRange> {
        overlong_lines(&self.text)
    }

    /// How many instructions there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All instructions in order.
    pub fn instructions(&self) -> impl DoubleEndedIterator<Item = InstructionRef<'_>> + ExactSizeIterator {
        self.entries.iter().enumerate().map(|(index, entry)| entry.with_id(index))
    }

    /// The instruction with that id, if the file has so many.
    pub fn instruction(&self, id: InstructionId) -> Option<InstructionRef<'_>> {
        self.entries.get(id.index()).map(|entry| entry.with_id(id.index()))
    }

    /// The instruction on whose lines `offset` stands, heredocs and the line end included.
    pub fn instruction_at(&self, offset: TextSize) -> Option<InstructionRef<'_>> {
        let offset = u32::from(offset);
        let index = self.entries.partition_point(|entry| entry.start <= offset).checked_sub(1)?;
        let entry = self.entries.get(index)?;
        (offset <= entry.end).then(|| entry.with_id(index))
    }

    /// The first instruction that starts at `offset` or behind it; one past the last when none does.
    pub fn first_from(&self, offset: TextSize) -> InstructionId {
        InstructionId(self.entries.partition_point(|entry| entry.start < u32::from(offset)) as u32)
    }

    /// The comment line that includes `offset`, its end included.
    pub fn comment_at(&self, offset: TextSize) -> Option<TextRange> {
        let index = self.comments.partition_point(|comment| comment.start() <= offset).checked_sub(1)?;
        self.comments.get(index).copied().filter(|comment| comment.contains_inclusive(offset))
    }

    /// Where the re-reading starts: the first logical line the edit can have changed.
    fn restart(&self, edit: &Edit, text: &str) -> usize {
        let touched = self.entries.partition_point(|entry| (entry.end as usize) < edit.old.start);
        let endless = self.entries.iter().position(|entry| entry.sees_everything).unwrap_or(usize::MAX);
        let first = touched.min(endless);
        let before = self.entries.get(first).map(|entry| entry.start as usize);
        let line =
            text.get(..edit.old.start).unwrap_or_default().rfind('\n').map_or(bom_len(text), |at| at + 1);
        before.map_or(line, |start| start.min(line))
    }

    /// Reads until old and new agree; returns the *old* offset from which everything is as before.
    fn rescan(&self, scan: &mut Scan, edit: &Edit) -> usize {
        loop {
            if scan.at >= edit.new.end && scan.at > edit.new.start {
                let old = scan.at - edit.new.end + edit.old.end;
                if self.is_line_start(old) {
                    return old;
                }
            }
            if !scan.step() {
                return usize::MAX;
            }
        }
    }

    /// Whether a logical line of this version starts at `offset`: no instruction goes on over it.
    fn is_line_start(&self, offset: usize) -> bool {
        let is_line = offset == 0 || self.text.as_bytes().get(offset - 1) == Some(&b'\n');
        let index = self.entries.partition_point(|entry| (entry.start as usize) < offset);
        let before = index.checked_sub(1).and_then(|index| self.entries.get(index));
        is_line && before.is_none_or(|entry| (entry.end as usize) < offset)
    }
}

impl Entry {
    fn with_id(&self, index: usize) -> InstructionRef<'_> {
        InstructionRef { id: InstructionId(index as u32), start: self.start.into(), node: &self.node }
    }
}

/// An edit in byte offsets before and after.
struct Edit {
    old: Range<usize>,
    new: Range<usize>,
}

impl Edit {
    /// An offset behind the edit, moved.
    fn shift(&self, offset: u32) -> u32 {
        (offset as usize + self.new.end - self.old.end) as u32
    }
}

/// Reads logical lines one after the other.
struct Scan<'a> {
    text: &'a str,
    escape: char,
    at: usize,
    bodies: BodyReader<'a>,
    comments: Vec<TextRange>,
    entries: Vec<Entry>,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str, escape: char, at: usize) -> Self {
        Scan { text, escape, at, bodies: BodyReader::new(text), comments: Vec::new(), entries: Vec::new() }
    }

    /// How much was read: instructions or comments, whichever is more.
    fn len(&self) -> usize {
        self.entries.len().max(self.comments.len())
    }

    fn is_full(&self) -> bool {
        self.len() >= MAX_INSTRUCTIONS
    }

    /// Reads one logical line; false at the end of the text, or when there is too much.
    fn step(&mut self) -> bool {
        if self.is_full() {
            return false;
        }
        let Some((logical, end, next)) = logical_line(self.text, self.at, self.escape) else { return false };
        let start = self.at;
        self.at = next;
        match logical {
            Logical::Blank => {}
            Logical::Comment(range) => self.comments.push(range),
            Logical::Instruction(line) => self.instruction(start, end, line),
        }
        true
    }

    fn instruction(&mut self, start: usize, end: usize, line: LogicalLine) {
        let mut node = instruction::read(&line.joined, self.escape);
        let mut end = end;
        let content_end = TextSize::from(line.content_end as u32);
        if content_end > node.range.end() {
            node.range = TextRange::new(node.range.start(), content_end);
        }
        node.line_range = node.range;
        let mut sees_everything = false;
        if can_have_heredocs(&node) {
            node.heredocs = heredoc::markers(&line.joined);
            if !node.heredocs.is_empty() {
                sees_everything = !self.bodies(start, &mut node, &mut end);
            }
        }
        node.comments = line.comments;
        node.blank_lines = line.blank_lines;
        node.joined = line.joined;
        let (start, end) = (start as u32, end as u32);
        self.entries.push(Entry { start, end, sees_everything, node: Arc::new(node) });
    }

    /// Reads the heredocs' bodies; false when one never ends: then only its line is taken.
    fn bodies(&mut self, start: usize, node: &mut Instruction, end: &mut usize) -> bool {
        match self.bodies.read(&mut node.heredocs, self.at, start) {
            Some(next) => {
                let last = node.heredocs.iter().filter_map(|heredoc| heredoc.terminator).next_back();
                let last = last.map_or(node.range.end(), |terminator| terminator.end());
                node.range = TextRange::new(node.range.start(), last.max(node.range.end()));
                *end = if self.text.as_bytes().get(next.wrapping_sub(1)) == Some(&b'\n') {
                    next - 1
                } else {
                    next
                };
                self.at = next;
                true
            }
            None => {
                forget_bodies(node);
                false
            }
        }
    }
}

/// An endless heredoc fails the build; an editor goes on after the instruction's line.
fn forget_bodies(node: &mut Instruction) {
    let end = node.line_range.end();
    for heredoc in &mut node.heredocs {
        if heredoc.terminator.take().is_none() {
            let kind = ProblemKind::UnterminatedHeredoc(heredoc.name.clone());
            node.problems.push(Problem::new(kind, heredoc.marker));
            break;
        }
    }
    for heredoc in &mut node.heredocs {
        heredoc.body = TextRange::empty(end);
        heredoc.terminator = None;
    }
}

fn can_have_heredocs(node: &Instruction) -> bool {
    let node: &Instruction = match &node.arguments {
        super::ast::Arguments::Onbuild(Some(inner)) => inner,
        _ => node,
    };
    matches!(node.keyword, Some(Keyword::Add | Keyword::Copy | Keyword::Run)) && !is_json(node)
}

fn is_json(node: &Instruction) -> bool {
    use super::ast::{Arguments, Command};
    match &node.arguments {
        Arguments::Command(Some(Command::Exec(_))) => true,
        Arguments::Copy(copy) => copy.is_json,
        _ => false,
    }
}

fn clamp(text: &str, range: TextRange) -> Range<usize> {
    let floor = |offset: TextSize| {
        let mut at = usize::from(offset).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    floor(range.start())..floor(range.end())
}

fn replaced(text: &str, range: Range<usize>, insert: &str) -> Arc<str> {
    let (before, after) = (text.get(..range.start), text.get(range.end..));
    [before.unwrap_or_default(), insert, after.unwrap_or_default()].concat().into()
}

/// `old` up to `restart`, then what was read, then `old` from `resumed` on, moved.
fn splice_entries(
    old: &[Entry],
    read: Vec<Entry>,
    restart: usize,
    resumed: usize,
    edit: &Edit,
) -> Vec<Entry> {
    let keep = old.partition_point(|entry| (entry.start as usize) < restart);
    let resume = old.partition_point(|entry| (entry.start as usize) < resumed);
    let mut entries = Vec::with_capacity(keep + read.len() + old.len() - resume.max(keep));
    entries.extend(old.iter().take(keep).cloned());
    entries.extend(read);
    entries.extend(old.iter().skip(resume.max(keep)).map(|entry| Entry {
        start: edit.shift(entry.start),
        end: edit.shift(entry.end),
        sees_everything: entry.sees_everything,
        node: entry.node.clone(),
    }));
    entries
}

fn splice_comments(
    old: &[TextRange],
    read: &[TextRange],
    restart: usize,
    resumed: usize,
    edit: &Edit,
) -> Vec<TextRange> {
    let keep = old.partition_point(|range| usize::from(range.start()) < restart);
    let resume = old.partition_point(|range| usize::from(range.start()) < resumed).max(keep);
    let mut comments = old.get(..keep).unwrap_or_default().to_vec();
    comments.extend_from_slice(read);
    comments.extend(old.iter().skip(resume).map(|range| {
        TextRange::new(edit.shift(range.start().into()).into(), edit.shift(range.end().into()).into())
    }));
    comments
}

/// The heredocs of a file, for those who need them all.
impl Dockerfile {
    pub fn heredocs(&self) -> impl Iterator<Item = (InstructionRef<'_>, &Heredoc)> {
        self.instructions().flat_map(|it| it.node.heredocs.iter().map(move |heredoc| (it, heredoc)))
    }
}

/// A place in the file that survives edits of other instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Location {
    pub instruction: InstructionId,
    /// Local to the instruction.
    pub range: TextRange,
}

impl Dockerfile {
    /// A location as a range of the document, or `None` when the file has no such instruction.
    pub fn range(&self, location: Location) -> Option<TextRange> {
        self.instruction(location.instruction).map(|it| it.absolute(location.range))
    }
}

impl InstructionRef<'_> {
    /// A local range of this instruction as a location.
    pub fn location(&self, range: TextRange) -> Location {
        Location { instruction: self.id, range }
    }
}
