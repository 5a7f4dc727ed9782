//! `$name`, `${name}` and `${name<modifier>}` inside a word, with quotes and escapes taken apart.
//!
//! Follows BuildKit's `shell.Lex`: single quotes keep everything, double quotes still expand, the escape
//! character (of the `escape` directive) protects the next one
//! (<https://docs.docker.com/reference/dockerfile/#environment-replacement>).

use smol_str::SmolStr;
use text_size::TextRange;

use super::SourceText;
use super::problem::ExpansionFault;

/// A word that BuildKit expands: its text as written and the parts it is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    text: SourceText,
    /// Absent when nothing in the word is special: most words are one literal.
    parts: Option<Box<[Part]>>,
    fault: Option<(ExpansionFault, TextRange)>,
}

/// A piece of a word. Ranges are local source ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text with quotes and escapes already removed.
    Literal {
        text: SmolStr,
        range: TextRange,
    },
    Variable(Variable),
}

/// `$name` or `${name…}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// From `$` to the end.
    pub range: TextRange,
    pub name: SmolStr,
    pub name_range: TextRange,
    pub is_braced: bool,
    pub modifier: Option<Modifier>,
}

/// What follows the name inside the braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modifier {
    pub operator: Operator,
    /// The word after the operator; the pattern for `#`, `%` and `/`.
    pub word: Vec<Part>,
    /// What `/` puts in place of the pattern.
    pub replacement: Vec<Part>,
}

/// The operators that BuildKit knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `-`, `:-`
    Default { empty_too: bool },
    /// `+`, `:+`
    Alternative { empty_too: bool },
    /// `?`, `:?`
    Required { empty_too: bool },
    /// `#`, `##`
    RemovePrefix { longest: bool },
    /// `%`, `%%`
    RemoveSuffix { longest: bool },
    /// `/`, `//`
    Replace { all: bool },
}

impl Word {
    /// Takes `text` apart; never fails, an impossible expansion is kept as [`Word::fault`].
    pub fn parse(text: SourceText, escape: char) -> Self {
        if !text.as_str().contains(['$', '\'', '"', escape]) {
            return Word::plain(text);
        }
        let (parts, fault) = Lexer::run(&text, escape);
        Word { text, parts: Some(parts.into_boxed_slice()), fault }
    }

    /// A word in which nothing is special.
    pub fn plain(text: SourceText) -> Self {
        Word { text, parts: None, fault: None }
    }

    /// As written, with quotes, without continuations.
    pub fn raw(&self) -> &str {
        self.text.as_str()
    }

    /// The text with its way back to the source.
    pub fn text(&self) -> &SourceText {
        &self.text
    }

    /// Its source range, quotes included.
    pub fn range(&self) -> TextRange {
        self.text.range()
    }

    /// The parts; a word with nothing special in it is one literal.
    pub fn parts(&self) -> std::borrow::Cow<'_, [Part]> {
        match &self.parts {
            Some(parts) => (&**parts).into(),
            None => vec![Part::Literal { text: self.text.to_smol(), range: self.range() }].into(),
        }
    }

    /// Why BuildKit would refuse to expand this word.
    pub fn fault(&self) -> Option<(ExpansionFault, TextRange)> {
        self.fault
    }

    /// The value when no variable is in it: quotes and escapes removed.
    pub fn literal(&self) -> Option<SmolStr> {
        let Some(parts) = &self.parts else { return Some(self.text.to_smol()) };
        let mut value = String::new();
        for part in parts {
            match part {
                Part::Literal { text, .. } => value.push_str(text),
                Part::Variable(_) => return None,
            }
        }
        self.fault.is_none().then(|| value.into())
    }

    /// Whether a variable stands anywhere in it.
    pub fn has_variables(&self) -> bool {
        self.parts.iter().flatten().any(|part| matches!(part, Part::Variable(_)))
    }

    /// All variables, those inside modifiers included, outermost first.
    pub fn variables(&self) -> Vec<&Variable> {
        let mut found = Vec::new();
        collect_variables(self.parts.as_deref().unwrap_or_default(), &mut found);
        found
    }
}

/// All variables of `parts`, those inside modifiers included.
pub fn collect_variables<'a>(parts: &'a [Part], found: &mut Vec<&'a Variable>) {
    for part in parts {
        if let Part::Variable(variable) = part {
            found.push(variable);
            if let Some(modifier) = &variable.modifier {
                collect_variables(&modifier.word, found);
                collect_variables(&modifier.replacement, found);
            }
        }
    }
}

/// Variables in text where quotes mean nothing: the body of a `COPY` heredoc
/// (<https://docs.docker.com/reference/dockerfile/#here-documents>).
pub fn parse_unquoted(text: &SourceText) -> (Vec<Part>, Option<(ExpansionFault, TextRange)>) {
    let mut lexer = Lexer::new(text, '\\');
    lexer.quotes = false;
    let result = lexer.until(None, false, 0);
    lexer.finish(result)
}

/// Where the word-like pieces of a command line begin and end, quotes, escapes and `$…` kept as written;
/// `None` when the line cannot be lexed. This is how BuildKit looks for heredocs.
pub(super) fn shell_words(line: &str) -> Option<Vec<std::ops::Range<usize>>> {
    let text = SourceText::verbatim(line, 0.into());
    let mut lexer = Lexer::new(&text, '\\');
    lexer.keeps_variables = true;
    let mut words = Words::default();
    while let Some(c) = lexer.peek() {
        let start = lexer.at;
        match c {
            '\'' => {
                lexer.single_quoted().ok()?;
                words.add_raw(start, lexer.at);
            }
            '"' => {
                lexer.double_quoted(0).ok()?;
                words.add_raw(start, lexer.at);
            }
            '$' => {
                lexer.dollar(0).ok()?;
                words.add(line, start, lexer.at);
            }
            '<' => {
                lexer.possible_heredoc();
                words.add_raw(start, lexer.at);
            }
            '\\' => {
                lexer.next();
                lexer.next();
                words.add_raw(start, lexer.at);
            }
            _ => {
                lexer.next();
                words.add(line, start, lexer.at);
            }
        }
    }
    words.finish()
}

/// The words being collected by [`shell_words`].
#[derive(Default)]
struct Words {
    done: Vec<std::ops::Range<usize>>,
    open: Option<std::ops::Range<usize>>,
}

impl Words {
    fn add_raw(&mut self, start: usize, end: usize) {
        match &mut self.open {
            Some(word) => word.end = end,
            None => self.open = Some(start..end),
        }
    }

    /// Blanks in `line[start..end]` end words.
    fn add(&mut self, line: &str, start: usize, end: usize) {
        for (at, c) in line.get(start..end).unwrap_or_default().char_indices() {
            if c.is_whitespace() {
                self.done.extend(self.open.take());
            } else {
                self.add_raw(start + at, start + at + c.len_utf8());
            }
        }
    }

    fn finish(mut self) -> Option<Vec<std::ops::Range<usize>>> {
        self.done.extend(self.open.take());
        Some(self.done)
    }
}

type Fault = (ExpansionFault, usize);

/// Nesting of `${a:-${b:-…}}` that is followed.
const MAX_DEPTH: usize = 32;

struct Lexer<'a> {
    text: &'a SourceText,
    source: &'a str,
    at: usize,
    escape: char,
    quotes: bool,
    /// Variables stay as written, so what follows `:` is not judged (how BuildKit looks for heredocs).
    keeps_variables: bool,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a SourceText, escape: char) -> Self {
        Lexer { text, source: text.as_str(), at: 0, escape, quotes: true, keeps_variables: false }
    }

    fn run(text: &'a SourceText, escape: char) -> (Vec<Part>, Option<(ExpansionFault, TextRange)>) {
        let mut lexer = Lexer::new(text, escape);
        let result = lexer.until(None, false, 0);
        lexer.finish(result)
    }

    fn finish(&self, result: Result<Vec<Part>, Fault>) -> (Vec<Part>, Option<(ExpansionFault, TextRange)>) {
        match result {
            Ok(parts) => (parts, None),
            Err((fault, start)) => {
                let range = self.text.source_range(start, self.source.len());
                (Vec::new(), Some((fault, range)))
            }
        }
    }

    fn peek(&self) -> Option<char> {
        self.source.get(self.at..)?.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn range(&self, start: usize) -> TextRange {
        self.text.source_range(start, self.at)
    }

    /// Parts up to `stop` (which is taken), or to the end.
    fn until(&mut self, stop: Option<char>, raw_escapes: bool, depth: usize) -> Result<Vec<Part>, Fault> {
        let start = self.at;
        let mut parts = Vec::new();
        while let Some(c) = self.peek() {
            let from = self.at;
            if Some(c) == stop {
                self.next();
                return Ok(parts);
            }
            match c {
                '$' => self.push_dollar(&mut parts, depth)?,
                '\'' if self.quotes => {
                    let inner = self.single_quoted()?;
                    self.push_literal(&mut parts, &inner, from);
                }
                '"' if self.quotes => parts.append(&mut self.double_quoted(depth)?),
                _ if c == self.escape => {
                    let text = self.escaped(raw_escapes);
                    self.push_literal(&mut parts, &text, from);
                }
                _ => {
                    self.next();
                    self.push_literal(&mut parts, c.encode_utf8(&mut [0; 4]), from);
                }
            }
        }
        match stop {
            None => Ok(parts),
            Some(_) => Err((ExpansionFault::UnclosedBrace, start)),
        }
    }

    /// The escape character and what it protects; an escape at the very end is dropped.
    fn escaped(&mut self, raw_escapes: bool) -> String {
        let mut text = String::new();
        if let Some(escape) = self.next().filter(|_| raw_escapes) {
            text.push(escape);
        }
        text.extend(self.next());
        text
    }

    fn push_literal(&self, parts: &mut Vec<Part>, more: &str, start: usize) {
        let added = self.range(start);
        if let Some(Part::Literal { text, range }) = parts.last_mut() {
            // Quotes around an empty string widen the range of what stands before them.
            let mut joined = String::with_capacity(text.len() + more.len());
            joined.push_str(text);
            joined.push_str(more);
            *text = joined.into();
            *range = range.cover(added);
        } else if !more.is_empty() {
            parts.push(Part::Literal { text: more.into(), range: added });
        }
    }

    fn push_dollar(&mut self, parts: &mut Vec<Part>, depth: usize) -> Result<(), Fault> {
        let from = self.at;
        match self.dollar(depth)? {
            Some(variable) => parts.push(Part::Variable(variable)),
            None => self.push_literal(parts, "$", from),
        }
        Ok(())
    }

    fn single_quoted(&mut self) -> Result<String, Fault> {
        let start = self.at;
        self.next();
        let rest = self.source.get(self.at..).unwrap_or_default();
        let end = rest.find('\'').ok_or((ExpansionFault::UnclosedSingleQuote, start))?;
        self.at += end + 1;
        Ok(rest.get(..end).unwrap_or_default().to_owned())
    }

    fn double_quoted(&mut self, depth: usize) -> Result<Vec<Part>, Fault> {
        let start = self.at;
        let mut parts = Vec::new();
        self.next();
        while let Some(c) = self.peek() {
            let from = self.at;
            match c {
                '"' => {
                    self.next();
                    self.push_literal(&mut parts, "", start);
                    return Ok(parts);
                }
                '$' => self.push_dollar(&mut parts, depth)?,
                _ => {
                    let kept = self.double_quoted_char(c);
                    self.push_literal(&mut parts, kept.encode_utf8(&mut [0; 4]), from);
                }
            }
        }
        Err((ExpansionFault::UnclosedDoubleQuote, start))
    }

    /// Inside double quotes only `"`, `$` and the escape itself can be escaped.
    fn double_quoted_char(&mut self, c: char) -> char {
        self.next();
        let protected = self.peek().filter(|&next| next == '"' || next == '$' || next == self.escape);
        match protected {
            Some(next) if c == self.escape => {
                self.next();
                next
            }
            _ => c,
        }
    }

    /// At `$`: a variable, or nothing when the dollar stands for itself.
    fn dollar(&mut self, depth: usize) -> Result<Option<Variable>, Fault> {
        let start = self.at;
        self.next();
        if self.peek() != Some('{') {
            let name_start = self.at;
            let name = self.name();
            return Ok((!name.is_empty()).then(|| self.variable(start, name_start, name, None)));
        }
        if depth >= MAX_DEPTH {
            return Err((ExpansionFault::TooDeep, start));
        }
        self.next();
        match self.peek() {
            None => return Err((ExpansionFault::UnclosedBrace, start)),
            Some('{' | '}' | ':') => return Err((ExpansionFault::BadSubstitution, start)),
            _ => {}
        }
        let name_start = self.at;
        let name = self.name();
        let name_end = self.at;
        let modifier = self.modifier(start, depth + 1)?;
        let mut variable = self.variable(start, name_start, name, modifier);
        variable.name_range = self.text.source_range(name_start, name_end);
        variable.is_braced = true;
        Ok(Some(variable))
    }

    fn variable(
        &self,
        start: usize,
        name_start: usize,
        name: SmolStr,
        modifier: Option<Modifier>,
    ) -> Variable {
        let name_range = self.range(name_start);
        Variable { range: self.range(start), name, name_range, is_braced: false, modifier }
    }

    /// After the name inside braces: the rest up to and with `}`.
    fn modifier(&mut self, start: usize, depth: usize) -> Result<Option<Modifier>, Fault> {
        let unsupported = (ExpansionFault::UnsupportedModifier, start);
        let unclosed = (ExpansionFault::UnclosedBrace, start);
        match self.next().ok_or(unclosed)? {
            '}' => Ok(None),
            '/' => self.replace_modifier(start, depth).map(Some),
            ':' => {
                let c = self.next().ok_or(unclosed)?;
                let operator = self.colon_operator(c).ok_or(unsupported)?;
                self.word_modifier(operator, start, depth).map(Some)
            }
            c => {
                let operator = operator(c, false).ok_or(unsupported)?;
                self.word_modifier(operator, start, depth).map(Some)
            }
        }
    }

    /// The operator after `:`; `#` and `%` have no such form.
    fn colon_operator(&self, c: char) -> Option<Operator> {
        match c {
            '#' | '%' => None,
            _ if self.keeps_variables => Some(Operator::Default { empty_too: true }),
            _ => operator(c, true),
        }
    }

    fn word_modifier(&mut self, operator: Operator, start: usize, depth: usize) -> Result<Modifier, Fault> {
        let operator = self.doubled(operator);
        let is_pattern = matches!(operator, Operator::RemovePrefix { .. } | Operator::RemoveSuffix { .. });
        let word = self.until(Some('}'), is_pattern, depth).map_err(|fault| outer(fault, start))?;
        Ok(Modifier { operator, word, replacement: Vec::new() })
    }

    /// `##` and `%%` are the greedy forms.
    fn doubled(&mut self, operator: Operator) -> Operator {
        match (operator, self.peek()) {
            (Operator::RemovePrefix { .. }, Some('#')) => {
                self.next();
                Operator::RemovePrefix { longest: true }
            }
            (Operator::RemoveSuffix { .. }, Some('%')) => {
                self.next();
                Operator::RemoveSuffix { longest: true }
            }
            _ => operator,
        }
    }

    fn replace_modifier(&mut self, start: usize, depth: usize) -> Result<Modifier, Fault> {
        let all = self.peek() == Some('/');
        if all {
            self.next();
        }
        let missing = |fault: Fault| match fault.0 {
            ExpansionFault::UnclosedBrace => (ExpansionFault::MissingReplacement, start),
            _ => fault,
        };
        let word = self.until(Some('/'), true, depth).map_err(missing)?;
        let replacement = self.until(Some('}'), true, depth).map_err(|fault| outer(fault, start))?;
        Ok(Modifier { operator: Operator::Replace { all }, word, replacement })
    }

    /// A variable name; digits stand alone, and the special parameters are one character.
    fn name(&mut self) -> SmolStr {
        let rest = self.source.get(self.at..).unwrap_or_default();
        let first = rest.chars().next();
        let len = match first {
            Some(c) if c.is_numeric() => rest.find(|c: char| !c.is_numeric()).unwrap_or(rest.len()),
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => 1,
            _ => rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len()),
        };
        self.at += len;
        rest.get(..len).unwrap_or_default().into()
    }

    /// At `<`: the sign alone, or `<<` with the blanks behind it.
    fn possible_heredoc(&mut self) {
        self.next();
        if self.peek() != Some('<') {
            return;
        }
        self.next();
        while self.peek().is_some_and(|c| matches!(c, ' ' | '\t' | '\n' | '\r')) {
            self.next();
        }
    }
}

fn operator(c: char, empty_too: bool) -> Option<Operator> {
    Some(match c {
        '-' => Operator::Default { empty_too },
        '+' => Operator::Alternative { empty_too },
        '?' => Operator::Required { empty_too },
        '#' => Operator::RemovePrefix { longest: false },
        '%' => Operator::RemoveSuffix { longest: false },
        _ => return None,
    })
}

/// A brace left open inside is reported where the outer one began.
fn outer(fault: Fault, start: usize) -> Fault {
    match fault.0 {
        ExpansionFault::UnclosedBrace => (fault.0, start),
        _ => fault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Word {
        Word::parse(SourceText::verbatim(text, 0.into()), '\\')
    }

    fn names(text: &str) -> Vec<String> {
        word(text).variables().iter().map(|it| it.name.to_string()).collect()
    }

    fn words(line: &str) -> Option<Vec<&str>> {
        shell_words(line).map(|ranges| ranges.into_iter().map(|range| &line[range]).collect())
    }

    #[test]
    fn quotes_and_escapes_are_taken_off_literals() {
        assert_eq!(word(r#"a"b c"'d $x'\$e"#).literal().unwrap(), "ab cd $x$e");
        assert_eq!(word(r#""""#).literal().unwrap(), "");
        assert_eq!(word(r#""a\b\"""#).literal().unwrap(), r#"a\b""#);
        assert_eq!(word("plain").literal().unwrap(), "plain");
        assert_eq!(word("$").literal().unwrap(), "$");
    }

    #[test]
    fn variables_are_found_with_their_ranges() {
        let word = word("x-${NAME:-${OTHER}}/$b");
        let names: Vec<_> = word.variables().iter().map(|it| (it.name.to_string(), it.name_range)).collect();
        let range = |a: u32, b: u32| TextRange::new(a.into(), b.into());
        assert_eq!(
            names,
            vec![("NAME".into(), range(4, 8)), ("OTHER".into(), range(12, 17)), ("b".into(), range(21, 22))]
        );
    }

    #[test]
    fn single_quotes_and_escapes_hide_variables() {
        assert_eq!(names(r#"'$a' \$b "$c""#), ["c"]);
    }

    #[test]
    fn all_modifiers_are_known() {
        for text in [
            "${a:-b}",
            "${a-b}",
            "${a:+b}",
            "${a?b}",
            "${a#b*}",
            "${a##b}",
            "${a%b}",
            "${a%%b}",
            "${a/b/c}",
            "${a//b/c}",
        ] {
            assert!(word(text).fault().is_none(), "{text}");
            assert_eq!(names(text), ["a"], "{text}");
        }
    }

    #[test]
    fn impossible_expansions_are_faults() {
        let fault = |text: &str| word(text).fault().map(|it| it.0);
        assert_eq!(fault("${a"), Some(ExpansionFault::UnclosedBrace));
        assert_eq!(fault("${}"), Some(ExpansionFault::BadSubstitution));
        assert_eq!(fault("${a^^}"), Some(ExpansionFault::UnsupportedModifier));
        assert_eq!(fault("${a:#b}"), Some(ExpansionFault::UnsupportedModifier));
        assert_eq!(fault("${a:0:1}"), Some(ExpansionFault::UnsupportedModifier));
        assert_eq!(fault("${a/b}"), Some(ExpansionFault::MissingReplacement));
        assert_eq!(fault("\"a"), Some(ExpansionFault::UnclosedDoubleQuote));
        assert_eq!(fault("it's"), Some(ExpansionFault::UnclosedSingleQuote));
        assert_eq!(fault(&"${a:-".repeat(100)), Some(ExpansionFault::TooDeep));
    }

    #[test]
    fn shell_words_keep_quotes_and_join_heredoc_blanks() {
        assert_eq!(
            words("RUN cat << EOF 'a b' > \"x y\"").unwrap(),
            ["RUN", "cat", "<< EOF", "'a b'", ">", "\"x y\""]
        );
        assert_eq!(words("RUN it's"), None);
        assert_eq!(words("RUN echo ${x^^} <<EOF"), None);
        assert_eq!(words("RUN echo ${x:0:1} <<EOF").unwrap(), ["RUN", "echo", "${x:0:1}", "<<EOF"]);
        assert_eq!(words("RUN cat <<<x").unwrap(), ["RUN", "cat", "<<<x"]);
    }
}
