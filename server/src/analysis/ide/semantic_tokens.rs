//! Semantic tokens: what each stretch of the file is.
//!
//! `queries/highlights.scm` says most of it; the typed instruction adds what the grammar cannot know (flags, names
//! that are declared, stages, heredocs) and speaks for instructions that are masked in the tree; shell text is
//! painted from its own tree. Tokens are made per instruction and kept as long as it stays the same.
//!
//! Tokens are sorted, never overlap, and never hold a line break.

mod context;
mod encode;
mod painter;
mod shell;
mod token;
mod typed;

#[cfg(test)]
mod tests;

use std::sync::{Arc, LazyLock};

use text_size::{TextRange, TextSize};

pub use encode::{DataEdit, difference, encode};
pub use token::{Modifiers, Token, TokenKind};

use self::context::Context;
use self::painter::Painter;
use super::scripts;
use crate::analysis::syntax::tree::{self, Query};
use crate::analysis::syntax::{Dockerfile, Instruction, InstructionRef};

/// The tokens of the instructions of a document, kept from one version to the next. Empty at first.
#[derive(Debug, Clone, Default)]
pub struct TokenCache {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone)]
struct Piece {
    node: Arc<Instruction>,
    context: Context,
    /// Local ranges; absent until somebody asks.
    tokens: Option<Arc<[Token]>>,
}

/// All tokens of `file`, without a cache.
pub fn semantic_tokens(file: &Dockerfile) -> Vec<Token> {
    TokenCache::default().tokens(file)
}

impl TokenCache {
    /// All tokens of `file`. Only instructions that changed since the last call are read again.
    pub fn tokens(&mut self, file: &Dockerfile) -> Vec<Token> {
        self.tokens_in(file, TextRange::up_to(TextSize::of(file.text())))
    }

    /// The tokens that touch `range`; only instructions there are read.
    pub fn tokens_in(&mut self, file: &Dockerfile, range: TextRange) -> Vec<Token> {
        self.follow(file);
        let mut tokens = Vec::new();
        let mut comments = file.comments().iter().copied().peekable();
        for (it, piece) in file.instructions().zip(&mut self.pieces) {
            while let Some(comment) = comments.next_if(|comment| comment.start() < it.start) {
                comment_tokens(file, comment, &mut tokens);
            }
            if it.absolute_range().intersect(range).is_some() {
                let own = piece.tokens.get_or_insert_with(|| tokens_of(file, it, piece.context).into());
                tokens.extend(own.iter().map(|token| Token { range: it.absolute(token.range), ..*token }));
            }
        }
        for comment in comments {
            comment_tokens(file, comment, &mut tokens);
        }
        tokens.retain(|token| token.range.intersect(range).is_some());
        tokens
    }

    /// Makes the pieces those of `file`; what has not changed keeps its tokens.
    fn follow(&mut self, file: &Dockerfile) {
        let contexts = context::contexts(file);
        let old = std::mem::take(&mut self.pieces);
        let mut pieces: Vec<Piece> = file
            .instructions()
            .zip(contexts)
            .map(|(it, context)| Piece { node: it.node.clone(), context, tokens: None })
            .collect();
        let shorter = old.len().min(pieces.len());
        let from_front = pieces.iter_mut().zip(&old).map(|(new, old)| new.take_over(old));
        let before = from_front.take_while(|&is_same| is_same).count();
        let rest = pieces.iter_mut().rev().zip(old.iter().rev()).take(shorter - before);
        let from_back = rest.map(|(new, old)| new.take_over(old));
        from_back.take_while(|&is_same| is_same).for_each(drop);
        self.pieces = pieces;
    }
}

impl Piece {
    /// Takes the tokens of `old` when it is the same instruction; says whether it is.
    fn take_over(&mut self, old: &Piece) -> bool {
        let is_same = Arc::ptr_eq(&self.node, &old.node) && self.context == old.context;
        if is_same {
            self.tokens = old.tokens.clone();
        }
        is_same
    }
}

static HIGHLIGHTS: LazyLock<Option<Query>> = LazyLock::new(|| Query::new(tree::HIGHLIGHTS).ok());

/// The tokens of one instruction, local.
fn tokens_of(file: &Dockerfile, it: InstructionRef, context: Context) -> Vec<Token> {
    let source = file.slice(it.absolute(TextRange::up_to(it.range.end())));
    let mut painter = Painter::new(source);
    match HIGHLIGHTS.as_ref().and_then(|query| captures(file, it, query)) {
        Some(captures) => captures.into_iter().for_each(|(range, kind, modifiers)| {
            painter.paint_with(range, kind, modifiers);
        }),
        None => typed::masked(&mut painter, it.node),
    }
    typed::paint(&mut painter, it.node, context);
    for heredoc in &it.heredocs {
        typed::heredoc(&mut painter, it.node, heredoc);
    }
    if context.is_posix {
        for script in scripts::scripts(it.node, source) {
            shell::paint(&mut painter, &script);
        }
    }
    it.heredocs.iter().for_each(|heredoc| typed::shebang(&mut painter, heredoc));
    painter.erase_continuations(it.node);
    it.comments.iter().for_each(|&comment| painter.paint(comment, TokenKind::Comment));
    painter.finish()
}

/// What the query captures and this means, in the order of painting: an inner node covers the outer one, and of two
/// captures of one node the later pattern wins.
fn captures(
    file: &Dockerfile,
    it: InstructionRef,
    query: &Query,
) -> Option<Vec<(TextRange, TokenKind, Modifiers)>> {
    let mut captures = tree::captures_of_instruction(query, file, it)?;
    captures.sort_by_key(|capture| (std::cmp::Reverse(capture.range.len()), capture.pattern));
    let meaning = captures.into_iter().filter_map(|capture| {
        let (kind, modifiers) = meaning(capture.name)?;
        Some((capture.range, kind, modifiers))
    });
    Some(meaning.collect())
}

/// What a capture name of Neovim is as a token.
fn meaning(name: &str) -> Option<(TokenKind, Modifiers)> {
    let kind = match name.split('.').next().unwrap_or_default() {
        "attribute" => TokenKind::Parameter,
        "comment" => TokenKind::Comment,
        "constant" => TokenKind::EnumMember,
        "keyword" => TokenKind::Keyword,
        "label" => TokenKind::Label,
        "module" => TokenKind::Namespace,
        "number" => TokenKind::Number,
        "operator" => TokenKind::Operator,
        "property" => TokenKind::Property,
        "string" => TokenKind::String,
        "type" => TokenKind::Type,
        "variable" => TokenKind::Variable,
        _ => return None,
    };
    let modifiers = if name.ends_with(".builtin") { Modifiers::DEFAULT_LIBRARY } else { Modifiers::NONE };
    Some((kind, modifiers))
}

/// A comment line; a parser directive in its parts.
fn comment_tokens(file: &Dockerfile, comment: TextRange, tokens: &mut Vec<Token>) {
    let directives = &file.directives().list;
    let index = directives.partition_point(|it| it.range.start() < comment.start());
    let directive = directives.get(index).filter(|it| comment.contains_range(it.range));
    let mut push = |range: TextRange, kind| {
        if !range.is_empty() {
            tokens.push(Token { range, kind, modifiers: Modifiers::NONE });
        }
    };
    let Some(directive) = directive else { return push(comment, TokenKind::Comment) };
    push(TextRange::new(comment.start(), directive.name_range.start()), TokenKind::Comment);
    push(directive.name_range, TokenKind::Macro);
    push(TextRange::new(directive.name_range.end(), directive.value_range.start()), TokenKind::Operator);
    push(directive.value_range, TokenKind::String);
}
