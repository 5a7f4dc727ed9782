//! The tree-sitter tree of a Dockerfile, over its shadow text: for queries, ours and those of users.
//!
//! The only place that names tree-sitter-dockerfile. Meaning comes from the typed instructions; the tree gives
//! node kinds and byte ranges, and both are right in any file: what the grammar would not understand is masked
//! (see the module `shadow`). Offsets are those of the document; rows and columns would be those of the shadow
//! and are not offered.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use text_size::{TextRange, TextSize};
use tree_sitter::{InputEdit, Node, Parser, Point, QueryCursor, Tree};

use super::ast::Instruction;
use super::file::{Dockerfile, InstructionId, InstructionRef};
use super::shadow;

/// The tree of one version of a document; [`ShadowTree::update`] makes it that of another.
#[derive(Debug, Clone)]
pub struct ShadowTree {
    pieces: Vec<Piece>,
    shadow: Vec<u8>,
    /// Absent when the document is too big to be worth it.
    tree: Option<Tree>,
}

/// An instruction's shadow, kept as long as the instruction stays the same.
#[derive(Debug, Clone)]
struct Piece {
    node: Arc<Instruction>,
    bytes: Arc<[u8]>,
    is_masked: bool,
}

/// Bigger documents have no tree: a tree takes many times the memory of its text.
const MAX_DOCUMENT: usize = 8 << 20;

/// Why an instruction has no node of its own in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// The grammar has no place for it: it stands in the tree as a comment.
    Masked,
    /// It was drawn, yet the tree shows something else: a fault of ours, and never seen.
    Misread,
}

impl ShadowTree {
    pub fn new(file: &Dockerfile) -> Self {
        let mut tree = ShadowTree { pieces: Vec::new(), shadow: Vec::new(), tree: None };
        tree.update(file);
        tree
    }

    /// Follows the document to `file`. Only instructions that are not shared with the version before are
    /// drawn, and the tree is edited; the result is that of [`ShadowTree::new`].
    pub fn update(&mut self, file: &Dockerfile) {
        self.pieces = next_pieces(&self.pieces, file);
        let shadow = document(file, &self.pieces);
        if shadow.len() > MAX_DOCUMENT {
            self.tree = None;
        } else if self.tree.is_none() || shadow != self.shadow {
            if let Some(tree) = &mut self.tree {
                tree.edit(&input_edit(&self.shadow, &shadow));
            }
            self.tree = parse(&shadow, self.tree.as_ref());
        }
        self.shadow = shadow;
    }

    /// Whether the tree has an ERROR or MISSING node anywhere. It never has.
    pub fn has_error(&self) -> bool {
        self.tree.as_ref().is_some_and(|tree| tree.root_node().has_error())
    }

    /// The instructions without a node of their own. `file` is the version that the tree was made of.
    pub fn damage(&self, file: &Dockerfile) -> Vec<(InstructionId, Damage)> {
        let nodes = self.top_nodes();
        let of = |(it, piece): (InstructionRef, &Piece)| {
            if piece.is_masked {
                return Some((it.id, Damage::Masked));
            }
            let start = usize::from(it.absolute_range().start());
            let node = nodes.binary_search_by_key(&start, Node::start_byte).ok().and_then(|at| nodes.get(at));
            let is_clean = node.is_some_and(|node| is_node_of(node, &it, usize::from(it.start)));
            (!is_clean).then_some((it.id, Damage::Misread))
        };
        file.instructions().zip(&self.pieces).filter_map(of).collect()
    }

    /// The tree written as an S-expression, for tests and for people who write queries.
    pub fn to_sexp(&self) -> String {
        self.tree.as_ref().map(|tree| tree.root_node().to_sexp()).unwrap_or_default()
    }

    /// What `query` captures in `range` of `file`, the version that the tree was made of, in source order.
    /// Predicates see the source, not the shadow.
    pub fn captures<'q>(&self, query: &'q Query, file: &Dockerfile, range: TextRange) -> Vec<Capture<'q>> {
        let Some(tree) = &self.tree else { return Vec::new() };
        captures(query, tree.root_node(), file.text(), range)
    }

    fn top_nodes(&self) -> Vec<Node<'_>> {
        let Some(tree) = &self.tree else { return Vec::new() };
        let root = tree.root_node();
        root.named_children(&mut tree.walk()).filter(|node| node.kind() != "comment").collect()
    }
}

/// Whether `node` is that instruction and nothing else; the instruction's local offset 0 is at `start`.
fn is_node_of(node: &Node, instruction: &Instruction, start: usize) -> bool {
    let range = instruction.range;
    let kind = node.kind().strip_suffix("_instruction").unwrap_or_default();
    !node.has_error()
        && node.start_byte() == start + usize::from(range.start())
        && node.end_byte() <= start + usize::from(range.end())
        && instruction.keyword.is_some_and(|keyword| keyword.as_str().eq_ignore_ascii_case(kind))
}

/// The pieces of `file`, those of shared instructions taken from `old`.
fn next_pieces(old: &[Piece], file: &Dockerfile) -> Vec<Piece> {
    let is_same = |(piece, it): &(&Piece, InstructionRef)| Arc::ptr_eq(&piece.node, it.node);
    let before = old.iter().zip(file.instructions()).take_while(is_same).count();
    let shorter = old.len().min(file.len()) - before;
    let after = old.iter().rev().zip(file.instructions().rev()).take(shorter).take_while(is_same).count();
    let changed = file.instructions().skip(before).take(file.len() - before - after);
    let mut pieces = Vec::with_capacity(file.len());
    pieces.extend(old.iter().take(before).cloned());
    pieces.extend(changed.map(|it| Piece::new(file, it)));
    pieces.extend(old.iter().skip(old.len() - after).cloned());
    pieces
}

impl Piece {
    fn new(file: &Dockerfile, it: InstructionRef) -> Self {
        let drawn = drawn(file, it);
        let is_masked = drawn.is_none();
        let bytes = drawn.map_or_else(|| shadow::mask(it.node), |(bytes, _)| bytes);
        Piece { node: it.node.clone(), bytes: bytes.into(), is_masked }
    }
}

/// The shadow of an instruction and its own tree, when the grammar accepts it.
fn drawn(file: &Dockerfile, it: InstructionRef) -> Option<(Vec<u8>, Tree)> {
    let source = file.text().get(it.start.into()..)?;
    let mut bytes = shadow::draw(it.node, source, file.escape())?;
    bytes.push(b'\n');
    let tree = parse(&bytes, None)?;
    bytes.pop();
    let root = tree.root_node();
    let is_alone = root.named_child_count() == 1 && !root.has_error();
    let is_clean = is_alone && root.named_child(0).is_some_and(|node| is_node_of(&node, it.node, 0));
    is_clean.then_some((bytes, tree))
}

/// The shadow of the whole document: as long as its text, and one newline more when that ends in none.
fn document(file: &Dockerfile, pieces: &[Piece]) -> Vec<u8> {
    let text = file.text().as_bytes();
    let mut shadow = Vec::with_capacity(text.len() + 1);
    let mut comments = file.comments().iter().copied().peekable();
    for (it, piece) in file.instructions().zip(pieces) {
        between(&mut shadow, text, it.start.into(), &mut comments);
        shadow.extend_from_slice(&piece.bytes);
    }
    between(&mut shadow, text, text.len(), &mut comments);
    if shadow.last() != Some(&b'\n') {
        shadow.push(b'\n');
    }
    shadow
}

/// Blank lines and comments from the end of `shadow` to `end`. They begin with the end of an instruction's line.
fn between(
    shadow: &mut Vec<u8>,
    text: &[u8],
    end: usize,
    comments: &mut std::iter::Peekable<impl Iterator<Item = TextRange>>,
) {
    let start = shadow.len();
    let source = text.get(start..end).unwrap_or_default();
    shadow.extend(source.iter().map(|&byte| if byte == b'\n' { b'\n' } else { b' ' }));
    if start > 0
        && let Some(first) = shadow.get_mut(start)
    {
        *first = b'\n';
    }
    while let Some(comment) = comments.next_if(|comment| usize::from(comment.start()) < end) {
        for at in usize::from(comment.start())..usize::from(comment.end()) {
            if let (Some(place), Some(&byte)) = (shadow.get_mut(at), text.get(at)) {
                *place = if byte.is_ascii_graphic() || byte == b' ' { byte } else { b'_' };
            }
        }
    }
}

/// What changed between the two: all but the common beginning and end.
fn input_edit(old: &[u8], new: &[u8]) -> InputEdit {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    InputEdit {
        start_byte: start,
        old_end_byte: old.len() - end,
        new_end_byte: new.len() - end,
        start_position: point(old, start),
        old_end_position: point(old, old.len() - end),
        new_end_position: point(new, new.len() - end),
    }
}

fn point(text: &[u8], offset: usize) -> Point {
    let before = text.get(..offset).unwrap_or(text);
    let row = memchr::memchr_iter(b'\n', before).count();
    let line = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    Point::new(row, before.len() - line)
}

thread_local! {
    static PARSER: RefCell<Option<Parser>> = const { RefCell::new(None) };
}

fn parse(text: &[u8], old: Option<&Tree>) -> Option<Tree> {
    let mut parser = PARSER.take().or_else(new_parser);
    let tree = parser.as_mut().and_then(|parser| parser.parse(text, old));
    PARSER.set(parser);
    tree
}

fn new_parser() -> Option<Parser> {
    let mut parser = Parser::new();
    parser.set_language(tree_sitter_dockerfile::language()).ok()?;
    Some(parser)
}

/// The shipped queries: what editors use, and what [`Query::new`] reads. Capture names are those of Neovim.
pub const HIGHLIGHTS: &str = include_str!("../../../../queries/highlights.scm");
pub const INJECTIONS: &str = include_str!("../../../../queries/injections.scm");
pub const FOLDS: &str = include_str!("../../../../queries/folds.scm");
pub const LOCALS: &str = include_str!("../../../../queries/locals.scm");
pub const INDENTS: &str = include_str!("../../../../queries/indents.scm");
pub const TEXTOBJECTS: &str = include_str!("../../../../queries/textobjects.scm");

/// A tree-sitter query over Dockerfiles, ready to run.
#[derive(Debug)]
pub struct Query(tree_sitter::Query);

/// Why a query cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryFault {
    pub message: String,
    /// Byte of the query's text.
    pub offset: usize,
}

/// A node that a query captured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture<'q> {
    /// Without `@`.
    pub name: &'q str,
    /// In the document, or local when an instruction was asked.
    pub range: TextRange,
    /// Which pattern of the query it was, counted from 0: of two captures of one node the later one wins.
    pub pattern: usize,
}

impl Query {
    /// Reads a query; node kinds and fields must be those of tree-sitter-dockerfile 0.2.
    pub fn new(source: &str) -> Result<Self, QueryFault> {
        tree_sitter::Query::new(tree_sitter_dockerfile::language(), source)
            .map(Query)
            .map_err(|error| QueryFault { message: error.to_string(), offset: error.offset })
    }

    /// The names of its captures, without `@`.
    pub fn capture_names(&self) -> &[String] {
        self.0.capture_names()
    }
}

/// What `query` captures in one instruction, in local ranges; `None` when the instruction is masked.
/// Only this instruction is looked at, so the answer can be kept as long as the instruction is.
pub fn captures_of_instruction<'q>(
    query: &'q Query,
    file: &Dockerfile,
    it: InstructionRef,
) -> Option<Vec<Capture<'q>>> {
    let (bytes, tree) = drawn(file, it)?;
    let source = file.text().get(it.start.into()..)?;
    let range = TextRange::up_to(TextSize::from(bytes.len() as u32));
    Some(captures(query, tree.root_node(), source, range))
}

fn captures<'q>(query: &'q Query, node: Node, text: &str, range: TextRange) -> Vec<Capture<'q>> {
    let mut cursor = QueryCursor::new();
    cursor.set_byte_range(Range::<usize>::from(range));
    let names = query.0.capture_names();
    let found = cursor.captures(&query.0, node, text.as_bytes());
    let capture = |(found, index): (tree_sitter::QueryMatch, usize)| {
        let capture = found.captures.get(index)?;
        let name = names.get(capture.index as usize)?.as_str();
        // The shadow may be a newline longer than the text.
        let offset = |byte: usize| TextSize::from(byte.min(text.len()) as u32);
        let range = TextRange::new(offset(capture.node.start_byte()), offset(capture.node.end_byte()));
        Some(Capture { name, range, pattern: found.pattern_index })
    };
    found.filter_map(capture).collect()
}

#[cfg(test)]
mod tests;
