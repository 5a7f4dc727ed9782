//! Tokens of shell text: commands, options, strings, variables, keywords, operators.

use text_size::TextRange;

use super::painter::Painter;
use super::token::{Modifiers, TokenKind};
use crate::analysis::ide::scripts::Script;
use crate::analysis::syntax::bash::BashNode;

/// Commands that are part of the shell.
const BUILTINS: &[&str] = &[
    ".", ":", "[", "alias", "bg", "break", "cd", "command", "continue", "echo", "eval", "exec", "exit",
    "false", "fg", "getopts", "hash", "jobs", "kill", "printf", "pwd", "read", "return", "set", "shift",
    "shopt", "source", "test", "times", "trap", "true", "type", "ulimit", "umask", "wait",
];

pub fn paint(painter: &mut Painter<'_>, script: &Script) {
    if script.text.trim().is_empty() {
        return;
    }
    script.parse().visit(|node| {
        let range = script.range(node);
        if node.is_named() {
            named(painter, script, node, range)
        } else {
            if let Some(kind) = token_kind(node.kind()) {
                painter.paint(range, kind);
            }
            true
        }
    });
}

/// Paints a node; false when nothing inside it is of interest.
fn named(painter: &mut Painter<'_>, script: &Script, node: BashNode<'_>, range: TextRange) -> bool {
    match node.kind() {
        "comment" => painter.paint(range, TokenKind::Comment),
        "string" | "raw_string" | "ansii_c_string" | "ansi_c_string" | "heredoc_body" => {
            painter.paint(range, TokenKind::String);
        }
        "command_substitution" | "process_substitution" => painter.erase(range),
        "simple_expansion" => {
            painter.paint(range, TokenKind::Variable);
            return false;
        }
        "expansion" => expansion(painter, script, node, range),
        "command" => command(painter, script, node),
        "variable_assignment" => declared(painter, script, node.field("name"), TokenKind::Variable),
        "for_statement" => declared(painter, script, node.field("variable"), TokenKind::Variable),
        "function_definition" => declared(painter, script, node.field("name"), TokenKind::Function),
        "variable_name" if painter.is_blank(range.start()) => painter.paint(range, TokenKind::Variable),
        "file_descriptor" | "number" => painter.paint(range, TokenKind::Number),
        "test_operator" => painter.paint(range, TokenKind::Operator),
        "heredoc_start" => painter.paint(range, TokenKind::Label),
        _ => {}
    }
    true
}

/// `${name…}`: what stands in place of the value is text.
fn expansion(painter: &mut Painter<'_>, script: &Script, node: BashNode<'_>, range: TextRange) {
    painter.paint(range, TokenKind::Variable);
    for child in node.named_children() {
        if matches!(child.kind(), "word" | "concatenation" | "regex") {
            painter.paint(script.range(child), TokenKind::String);
        }
    }
}

fn command(painter: &mut Painter<'_>, script: &Script, node: BashNode<'_>) {
    for (field, child) in node.children() {
        let text = child.text(&script.text);
        if field == Some("name") {
            let is_builtin = BUILTINS.contains(&text);
            let modifiers = if is_builtin { Modifiers::DEFAULT_LIBRARY } else { Modifiers::NONE };
            painter.paint_with(script.range(child), TokenKind::Function, modifiers);
        } else if child.kind() == "word" && text.starts_with('-') {
            painter.paint(script.range(child), TokenKind::Parameter);
        }
    }
}

fn declared(painter: &mut Painter<'_>, script: &Script, name: Option<BashNode<'_>>, kind: TokenKind) {
    if let Some(name) = name {
        painter.paint_with(script.range(name), kind, Modifiers::DECLARATION);
    }
}

fn token_kind(token: &str) -> Option<TokenKind> {
    Some(match token {
        "if" | "then" | "else" | "elif" | "fi" | "for" | "in" | "while" | "until" | "do" | "done"
        | "case" | "esac" | "select" | "function" | "export" | "declare" | "typeset" | "local"
        | "readonly" | "unset" => TokenKind::Keyword,
        "&&" | "||" | "|" | "|&" | ";" | ";;" | "&" | "!" | "=" | "==" | "!=" | "+=" | "=~" | ">" | ">>"
        | ">|" | "<" | "&>" | "&>>" | ">&" | "<&" | "<<" | "<<-" | "<<<" | "$(" | "`" | "<(" | ">("
        | "$((" | "))" => TokenKind::Operator,
        ":-" | ":=" | ":?" | ":+" | "##" | "%" | "%%" | "/" | "//" => TokenKind::Operator,
        _ => return None,
    })
}
