//! Shell text as a tree: the only place that names tree-sitter-bash.
//!
//! Offsets are bytes of the text that was parsed; rows and columns are not offered, they would be those of the
//! joined text and point nowhere in the Dockerfile. [`super::SourceText`] maps the bytes back.

use std::cell::RefCell;
use std::ops::Range;

use tree_sitter::{Node, Parser, Tree, TreeCursor};

/// A parsed shell text.
#[derive(Debug, Clone)]
pub struct BashTree {
    tree: Option<Tree>,
}

/// A node of a [`BashTree`]: a named one (`command`, `word`, …) or a token (`&&`, `if`, …).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BashNode<'tree>(Node<'tree>);

/// Longer texts are not parsed: no person writes them, and the parser's worst case is far from linear.
const MAX_LENGTH: usize = 1 << 20;

/// More heredocs than this are not parsed: the grammar's scanner keeps all delimiters in 1,024 bytes.
const MAX_HEREDOCS: usize = 64;

/// Nor texts with more brackets open at once: the parser's time grows with the square of that.
const MAX_OPEN: usize = 500;

/// Parses `text` as bash, which is close enough to every shell of the POSIX family. Never fails: what the
/// grammar does not understand is an error node; [`BashTree::has_error`] then says so.
pub fn parse(text: &str) -> BashTree {
    let heredocs = text.matches("<<").count();
    if text.len() > MAX_LENGTH || heredocs > MAX_HEREDOCS || most_open(text) > MAX_OPEN {
        return BashTree { tree: None };
    }
    let mut parser = PARSER.take().or_else(new_parser);
    let tree = parser.as_mut().and_then(|parser| parser.parse(text, None));
    // The grammar's scanner does not forget heredocs between two texts: such a parser is used only once.
    if heredocs == 0 {
        PARSER.set(parser);
    }
    BashTree { tree }
}

/// The most brackets of any kind that are open at once; quotes are not considered.
fn most_open(text: &str) -> usize {
    let mut open = 0usize;
    let mut most = 0;
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

thread_local! {
    static PARSER: RefCell<Option<Parser>> = const { RefCell::new(None) };
}

fn new_parser() -> Option<Parser> {
    let mut parser = Parser::new();
    parser.set_language(tree_sitter_bash::language()).ok()?;
    Some(parser)
}

impl BashTree {
    /// The node `program`, or `None` when the text was too big to look at.
    pub fn root(&self) -> Option<BashNode<'_>> {
        self.tree.as_ref().map(|tree| BashNode(tree.root_node()))
    }

    /// Whether any part of the text was not understood.
    pub fn has_error(&self) -> bool {
        self.root().is_none_or(|root| root.has_error())
    }

    /// Calls `visit` for every node in source order, parents first; `false` leaves out what is inside.
    pub fn visit<'tree>(&'tree self, mut visit: impl FnMut(BashNode<'tree>) -> bool) {
        let Some(BashNode(root)) = self.root() else { return };
        let mut cursor = root.walk();
        loop {
            let enters = visit(BashNode(cursor.node()));
            if (enters && cursor.goto_first_child()) || cursor.goto_next_sibling() {
                continue;
            }
            if !next_after_parents(&mut cursor) {
                return;
            }
        }
    }
}

/// Climbs until there is something to the right.
fn next_after_parents(cursor: &mut TreeCursor) -> bool {
    while cursor.goto_parent() {
        if cursor.goto_next_sibling() {
            return true;
        }
    }
    false
}

impl<'tree> BashNode<'tree> {
    /// The node's name in the grammar; for a token its text.
    pub fn kind(self) -> &'static str {
        self.0.kind()
    }

    /// Bytes of the parsed text.
    pub fn range(self) -> Range<usize> {
        self.0.byte_range()
    }

    /// The node's text; `text` is what was parsed.
    pub fn text(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }

    /// Whether it is more than a token.
    pub fn is_named(self) -> bool {
        self.0.is_named()
    }

    /// Whether it is text the grammar does not understand, or something it misses.
    pub fn is_error(self) -> bool {
        self.0.is_error() || self.0.is_missing()
    }

    /// Whether there is an error in or below it.
    pub fn has_error(self) -> bool {
        self.0.has_error()
    }

    pub fn parent(self) -> Option<BashNode<'tree>> {
        self.0.parent().map(BashNode)
    }

    /// The first child in that field of the grammar.
    pub fn field(self, name: &str) -> Option<BashNode<'tree>> {
        self.0.child_by_field_name(name).map(BashNode)
    }

    /// The children in order, each with its field; tokens included.
    pub fn children(self) -> Children<'tree> {
        let mut cursor = self.0.walk();
        let has_next = cursor.goto_first_child();
        Children { cursor, has_next }
    }

    /// The children in order without their fields, which are costly to ask for; tokens included.
    pub fn nodes(self) -> impl Iterator<Item = BashNode<'tree>> {
        let Children { mut cursor, mut has_next } = self.children();
        std::iter::from_fn(move || {
            let node = has_next.then(|| BashNode(cursor.node()));
            has_next = has_next && cursor.goto_next_sibling();
            node
        })
    }

    /// The children that are more than tokens.
    pub fn named_children(self) -> impl Iterator<Item = BashNode<'tree>> {
        self.nodes().filter(|child| child.is_named())
    }
}

/// Iterator over the children of a node, see [`BashNode::children`].
pub struct Children<'tree> {
    cursor: TreeCursor<'tree>,
    has_next: bool,
}

impl<'tree> Iterator for Children<'tree> {
    type Item = (Option<&'static str>, BashNode<'tree>);

    fn next(&mut self) -> Option<Self::Item> {
        if !self.has_next {
            return None;
        }
        let item = (self.cursor.field_name(), BashNode(self.cursor.node()));
        self.has_next = self.cursor.goto_next_sibling();
        Some(item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<String> {
        let tree = parse(text);
        let mut kinds = Vec::new();
        tree.visit(|node| {
            kinds.push(format!("{} {:?}", node.kind(), node.range()));
            node.kind() != "string"
        });
        kinds
    }

    #[test]
    fn nodes_are_visited_in_source_order() {
        let expected = ["program 0..8", "command 0..8", "command_name 0..4", "word 0..4", "string 5..8"];
        assert_eq!(kinds("echo \"a\""), expected);
    }

    #[test]
    fn errors_are_told() {
        assert!(!parse("a && b").has_error());
        assert!(parse("a && ").has_error());
    }

    #[test]
    fn a_heredoc_does_not_change_how_the_next_text_is_read() {
        let before = kinds("a | b <<<c");
        kinds("cat <<EOF\nx\nEOF\n");
        kinds("cat <<");
        assert_eq!(kinds("a | b <<<c"), before);
    }

    #[test]
    fn endless_nesting_is_no_danger() {
        for piece in ["(", "$(", "`", "{ ", "if ", "\"$(", "<<a ", "${a:-", "$(("] {
            let tree = parse(&piece.repeat(3000));
            tree.visit(|_| true);
        }
    }
}
