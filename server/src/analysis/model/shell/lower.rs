//! From the tree to the list of commands.
//!
//! The tree's shape is the grammar's, not the shell's: a redirection behind `a && b` holds the whole list and
//! swallows the arguments after its target. Here this is put right. Heredocs are hidden from the grammar: it
//! knows few of the things that can stand behind one.

use smol_str::SmolStr;
use text_size::TextRange;

use super::script::*;
use super::variables::{Span, heredocs};
use super::word::word;
use crate::analysis::syntax::SourceText;
use crate::analysis::syntax::bash::{self, BashNode};

/// Deeper nesting than this is not looked into: no person writes it, and the stack is finite.
const MAX_DEPTH: usize = 100;

/// Reads `text`, with blanks where `masked` (source ranges) stands.
pub fn script(text: &SourceText, masked: &[TextRange]) -> ShellScript {
    let mut heredocs = heredocs(text);
    let masked = masked.iter().map(|range| text.value_index(range.start())..text.value_index(range.end()));
    heredocs.extend(masked.map(|marker| (marker, 0..0)));
    let tree = bash::parse(&readable(text.as_str(), &heredocs));
    let mut script = ShellScript::unknown(text, tree.has_error());
    if let Some(root) = tree.root().filter(|_| !script.has_error) {
        let mut lowering = Lowering { source: text, script: &mut script, depth: 0 };
        lowering.sequence(root, Place::default());
        lowering.add_heredocs(&heredocs);
        if script.has_error {
            return ShellScript::unknown(text, true);
        }
    }
    script
}

/// The text as the grammar can read it, of the same length: without heredocs, carriage returns, and dollars
/// that are only dollars. Words are taken from the true text.
fn readable(value: &str, heredocs: &[(Span, Span)]) -> String {
    let mut readable = value.replace('\r', " ");
    for (at, _) in value.match_indices('$') {
        if value.as_bytes().get(at + 1).is_some_and(|&next| is_plain_behind_dollar(next)) {
            readable.replace_range(at..at + 1, "_");
        }
    }
    for (marker, body) in heredocs {
        for span in [marker, body] {
            if value.is_char_boundary(span.start) && value.is_char_boundary(span.end) {
                readable.replace_range(span.clone(), &" ".repeat(span.len()));
            }
        }
    }
    readable
}

/// `s/a$/b/`: the grammar knows such a dollar only before blanks and quotes.
fn is_plain_behind_dollar(byte: u8) -> bool {
    matches!(
        byte,
        b'/' | b'%'
            | b'.'
            | b','
            | b':'
            | b';'
            | b')'
            | b'|'
            | b'+'
            | b'='
            | b'~'
            | b'^'
            | b'&'
            | b'\\'
            | b']'
    )
}

struct Lowering<'a> {
    source: &'a SourceText,
    script: &'a mut ShellScript,
    depth: usize,
}

/// One command of a chain, with what stands before and behind it.
#[derive(Default)]
struct Link<'tree> {
    before: Option<Connection>,
    statement: Option<BashNode<'tree>>,
    redirections: Vec<BashNode<'tree>>,
}

impl Link<'_> {
    fn span(&self) -> Option<std::ops::Range<usize>> {
        let mut nodes = self.statement.iter().chain(&self.redirections).map(|node| node.range());
        let first = nodes.next()?;
        Some(nodes.fold(first, |all, next| all.start..next.end))
    }
}

/// The index of the command a redirection behind a statement belongs to; `None` when that is a group.
type Last = Option<usize>;

impl Lowering<'_> {
    fn range(&self, node: BashNode) -> TextRange {
        let range = node.range();
        self.source.source_range(range.start, range.end)
    }

    fn text(&self, node: BashNode) -> &str {
        node.text(self.source.as_str())
    }

    fn word(&self, node: BashNode) -> ShellWord {
        word(self.source, node)
    }

    fn connection(&self, node: BashNode) -> Option<Connection> {
        let operator = Operator::parse(node.kind())?;
        Some(Connection { operator, range: self.range(node) })
    }

    /// The statements among the children of `node`; anything else there is searched for `$(…)`.
    fn sequence(&mut self, node: BashNode, place: Place) {
        let mut pending: Option<(BashNode, Place)> = None;
        let mut before = None;
        for child in node.nodes() {
            if let Some(connection) = self.separator(child) {
                before = before.or(Some(connection));
                if let Some((statement, mut place)) = pending.take() {
                    place.after = before;
                    self.statement(statement, place);
                }
            } else if is_statement(child.kind()) {
                self.flush(&mut pending);
                let place = Place { before: before.take(), after: None, pipeline: None, ..place };
                pending = Some((child, place));
            } else if child.is_named() {
                self.flush(&mut pending);
                self.search(child, place);
            }
        }
        self.flush(&mut pending);
    }

    /// What stands between two statements of a sequence; `|` in `case` stands between patterns.
    fn separator(&self, node: BashNode) -> Option<Connection> {
        let separates = |it: &Connection| matches!(it.operator, Operator::Sequence | Operator::Background);
        self.connection(node).filter(separates)
    }

    fn flush(&mut self, pending: &mut Option<(BashNode, Place)>) {
        if let Some((statement, place)) = pending.take() {
            self.statement(statement, place);
        }
    }

    fn statement(&mut self, node: BashNode, place: Place) -> Last {
        if self.depth >= MAX_DEPTH {
            self.script.has_error = true;
            return None;
        }
        self.depth += 1;
        let last = self.statement_of_kind(node, place);
        self.depth -= 1;
        last
    }

    fn statement_of_kind(&mut self, node: BashNode, place: Place) -> Last {
        match node.kind() {
            "command" if is_arithmetic(node, self.text(node)) => self.substitutions(node, place),
            "command" | "declaration_command" | "unset_command" => return self.command(node, place),
            "variable_assignment" | "variable_assignments" => return self.assignments(node, place),
            "redirected_statement" | "list" | "pipeline" => return self.chain(node, place),
            "negated_command" => return self.negated(node, place),
            "if_statement" | "elif_clause" => self.conditional(node, place, "then"),
            "while_statement" => self.conditional(node, place, "do_group"),
            "function_definition" => self.function(node, place),
            "subshell" => self.sequence(node, Place { is_in_subshell: true, ..inside(place) }),
            "case_item" | "else_clause" | "do_group" => {
                self.sequence(node, Place { is_in_branch: true, ..inside(place) });
            }
            "compound_statement" | "for_statement" | "c_style_for_statement" | "case_statement" => {
                self.sequence(node, inside(place));
            }
            _ => self.substitutions(node, place),
        }
        None
    }

    /// `a | b > f && c`: commands, operators and redirections in source order. Which of them belong together
    /// is decided here and not by the tree, see the head of this file; a loop, as lists are nested as deep as
    /// they are long.
    fn chain(&mut self, node: BashNode, place: Place) -> Last {
        let links = self.links(node, place.before);
        let mut last = None;
        let mut pipeline = None;
        for (index, link) in links.iter().enumerate() {
            let next = links.get(index + 1);
            let after = next.map_or(place.after, |next| next.before);
            pipeline = self.pipeline_of(pipeline, link, next);
            let place = Place { before: link.before, after, pipeline: pipeline.or(place.pipeline), ..place };
            last = self.link(link, place);
        }
        last
    }

    fn links<'tree>(&self, node: BashNode<'tree>, before: Option<Connection>) -> Vec<Link<'tree>> {
        let mut links = vec![Link { before, ..Link::default() }];
        let mut stack = vec![node];
        while let Some(node) = stack.pop() {
            let Some(link) = links.last_mut() else { break };
            if let Some(connection) = self.connection(node) {
                links.push(Link { before: Some(connection), ..Link::default() });
            } else if is_redirection(node.kind()) {
                link.redirections.push(node);
            } else if is_chain(node.kind()) {
                stack.extend(parts(node).into_iter().rev());
            } else {
                link.statement = Some(node);
            }
        }
        links
    }

    /// The pipeline a command stands in, given that of the one before.
    fn pipeline_of(
        &mut self,
        last: Option<(u32, u32)>,
        link: &Link,
        next: Option<&Link>,
    ) -> Option<(u32, u32)> {
        let range = link.span().map(|span| self.source.source_range(span.start, span.end))?;
        let pipe = link.before.filter(|it| it.operator == Operator::Pipe);
        if let (Some(pipe), Some((id, position))) = (pipe, last) {
            let pipeline = self.script.pipelines.get_mut(id as usize)?;
            pipeline.pipes.push(pipe.range);
            pipeline.range = pipeline.range.cover(range);
            return Some((id, position + 1));
        }
        next.and_then(|next| next.before).filter(|it| it.operator == Operator::Pipe)?;
        self.script.pipelines.push(Pipeline { range, pipes: Vec::new() });
        Some((self.script.pipelines.len() as u32 - 1, 0))
    }

    fn link(&mut self, link: &Link, place: Place) -> Last {
        let last = match (link.statement, link.redirections.first()) {
            (Some(statement), _) => self.statement(statement, place),
            (None, Some(&redirection)) => Some(self.nameless(redirection, place)),
            (None, None) => None,
        };
        for &redirection in &link.redirections {
            self.redirection(last, redirection);
            self.substitutions(redirection, place);
        }
        last
    }

    fn negated(&mut self, node: BashNode, place: Place) -> Last {
        let inner = node.named_children().last()?;
        self.statement(inner, Place { is_negated: true, ..place })
    }

    /// `if`/`elif`/`while`: conditions come before the child of kind `body`.
    fn conditional(&mut self, node: BashNode, place: Place, body: &str) {
        let inner = inside(place);
        let mut is_condition = true;
        let mut before = None;
        for child in node.nodes() {
            is_condition = is_condition && child.kind() != body;
            if let Some(connection) = self.separator(child) {
                before = before.or(Some(connection));
            } else if is_statement(child.kind()) || is_clause(child.kind()) {
                let is_in_condition = inner.is_in_condition || is_condition;
                let is_in_branch = inner.is_in_branch || !is_condition;
                let before = before.take();
                self.statement(child, Place { is_in_condition, is_in_branch, before, ..inner });
            }
        }
    }

    fn function(&mut self, node: BashNode, place: Place) {
        if let Some(name) = node.field("name") {
            let function = ShellFunction {
                name: SmolStr::new(self.text(name)),
                name_range: self.range(name),
                range: self.range(node),
            };
            self.script.functions.push(function);
        }
        if let Some(body) = node.field("body") {
            self.statement(body, Place { is_in_function: true, ..inside(place) });
        }
    }

    fn command(&mut self, node: BashNode, place: Place) -> Last {
        let index = self.nameless(node, place);
        for child in node.nodes() {
            self.command_part(index, child);
            self.search(child, place);
        }
        Some(index)
    }

    fn command_part(&mut self, index: usize, child: BashNode) {
        match child.kind() {
            "comment" => {}
            "variable_assignment" if !self.has_name(index) => {
                let assignment = self.assignment(child);
                self.at(index, |command| command.assignments.push(assignment));
            }
            kind if is_redirection(kind) => self.redirection(Some(index), child),
            // The grammar is lenient here, no shell is.
            "subshell" => self.script.has_error = true,
            _ => {
                let word = self.word(child);
                self.script.has_error |= !self.has_name(index) && is_misplaced(self.text(child));
                self.at(index, |command| match (&mut command.name, command.arguments.last_mut()) {
                    (None, _) => command.name = Some(word),
                    // The grammar loses its way in `/a/$b/*/c`.
                    (_, Some(last)) if last.range.end() == word.range.start() => last.join(word),
                    _ => command.arguments.push(word),
                });
            }
        }
    }

    fn has_name(&self, index: usize) -> bool {
        self.script.all_commands.get(index).is_some_and(|command| command.name.is_some())
    }

    fn at(&mut self, index: usize, change: impl FnOnce(&mut ShellCommand)) {
        if let Some(command) = self.script.all_commands.get_mut(index) {
            change(command);
        }
    }

    /// A new command, still without words.
    fn nameless(&mut self, node: BashNode, place: Place) -> usize {
        self.script.all_commands.push(ShellCommand {
            name: None,
            arguments: Vec::new(),
            assignments: Vec::new(),
            redirections: Vec::new(),
            wrappers: Vec::new(),
            reach: Reach::Direct,
            place,
            range: self.range(node),
        });
        self.script.all_commands.len() - 1
    }

    /// A statement of assignments only.
    fn assignments(&mut self, node: BashNode, place: Place) -> Last {
        let assignments = match node.kind() {
            "variable_assignment" => vec![self.assignment(node)],
            _ => node.named_children().map(|child| self.assignment(child)).collect(),
        };
        let index = self.nameless(node, place);
        self.at(index, |command| command.assignments = assignments);
        self.substitutions(node, place);
        Some(index)
    }

    fn assignment(&self, node: BashNode) -> ShellAssignment {
        let name = node.field("name");
        let value = node.field("value").filter(|value| !value.range().is_empty());
        ShellAssignment {
            name: name.map_or(SmolStr::default(), |name| SmolStr::new(self.text(name))),
            name_range: name.map_or(self.range(node), |name| self.range(name)),
            value: value.map(|value| self.word(value)),
            range: self.range(node),
        }
    }

    /// Adds a redirection to a command; a group's are of no interest.
    fn redirection(&mut self, index: Last, node: BashNode) {
        let Some(index) = index else { return };
        let mut operator = SmolStr::default();
        let mut words = Vec::new();
        for child in node.nodes() {
            match child.kind() {
                "file_descriptor" => operator = SmolStr::new(self.text(child)),
                kind if kind.starts_with(['<', '>', '&']) => operator = format!("{operator}{kind}").into(),
                "comment" => {}
                _ => words.push(child),
            }
        }
        let span = node.range();
        let end = words.first().map_or(span.end, |target| target.range().end);
        let range = self.source.source_range(span.start, end);
        let mut words = words.into_iter().map(|child| self.word(child));
        let redirection = Redirection { operator, target: words.next(), range };
        let arguments: Vec<ShellWord> = words.collect();
        self.at(index, |command| add_redirection(command, redirection, arguments));
    }

    /// Heredocs were hidden from the grammar; each belongs to the last command that begins before it.
    fn add_heredocs(&mut self, heredocs: &[(Span, Span)]) {
        for (marker, _) in heredocs {
            let range = self.source.source_range(marker.start, marker.end);
            let commands = &mut self.script.all_commands;
            let before = commands.iter().rposition(|command| command.range.start() <= range.start());
            if let Some(command) = commands.get_mut(before.unwrap_or(0)) {
                let redirection = Redirection { operator: "<<".into(), target: None, range };
                add_redirection(command, redirection, Vec::new());
            }
        }
    }

    /// The commands in `$(…)`, backticks and `<(…)` anywhere below `node`.
    fn substitutions(&mut self, node: BashNode, place: Place) {
        if self.depth >= MAX_DEPTH {
            self.script.has_error = true;
            return;
        }
        self.depth += 1;
        for child in node.nodes() {
            self.search(child, place);
        }
        self.depth -= 1;
    }

    fn search(&mut self, node: BashNode, place: Place) {
        match node.kind() {
            "command_substitution" | "process_substitution" => {
                self.sequence(node, Place { is_in_substitution: true, ..inside(place) });
            }
            kind if is_leaf(kind) => {}
            kind if is_statement(kind) && kind != "variable_assignment" => {}
            _ => self.substitutions(node, place),
        }
    }
}

fn parts(chain: BashNode) -> Vec<BashNode> {
    chain.nodes().filter(|child| child.kind() != "comment").collect()
}

/// `(( x > 1 ))`
fn is_arithmetic(command: BashNode, text: &str) -> bool {
    text.starts_with("((")
        && command.field("name").is_some_and(|name| name.range().start == command.range().start)
}

/// A keyword that closes what was never opened.
fn is_misplaced(name: &str) -> bool {
    matches!(name, "then" | "else" | "elif" | "fi" | "do" | "done" | "esac" | "}")
}

/// Adds a redirection and the arguments the grammar put behind its target.
fn add_redirection(command: &mut ShellCommand, redirection: Redirection, arguments: Vec<ShellWord>) {
    let range = arguments.last().map_or(redirection.range, |word| redirection.range.cover(word.range));
    command.range = command.range.cover(range);
    command.redirections.push(redirection);
    command.arguments.extend(arguments);
    // `> file name args`: the first word behind a lone redirection is the command.
    if command.name.is_none() && !command.arguments.is_empty() {
        command.name = Some(command.arguments.remove(0));
    }
}

fn is_chain(kind: &str) -> bool {
    matches!(kind, "redirected_statement" | "list" | "pipeline")
}

fn is_redirection(kind: &str) -> bool {
    matches!(kind, "file_redirect" | "herestring_redirect")
}

/// The place of what stands in a group: no neighbours yet.
fn inside(place: Place) -> Place {
    Place { before: None, after: None, pipeline: None, is_negated: false, ..place }
}

fn is_leaf(kind: &str) -> bool {
    matches!(kind, "word" | "number" | "raw_string" | "ansi_c_string" | "simple_expansion" | "comment")
}

fn is_clause(kind: &str) -> bool {
    matches!(kind, "elif_clause" | "else_clause" | "do_group")
}

fn is_statement(kind: &str) -> bool {
    matches!(
        kind,
        "command"
            | "declaration_command"
            | "unset_command"
            | "variable_assignment"
            | "variable_assignments"
            | "redirected_statement"
            | "list"
            | "pipeline"
            | "negated_command"
            | "test_command"
            | "if_statement"
            | "while_statement"
            | "for_statement"
            | "c_style_for_statement"
            | "case_statement"
            | "case_item"
            | "do_group"
            | "function_definition"
            | "subshell"
            | "compound_statement"
    )
}
