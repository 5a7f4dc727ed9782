//! The part of Go's regular expressions that a `.dockerignore` pattern can turn into.
//!
//! Docker rewrites a pattern as a regular expression and does not escape everything (see [`super::pattern`]), so
//! `bin\Debug` holds the class `\D` and `a|b*` is an alternative. To say what Docker really does, this reads the same
//! syntax (<https://github.com/google/re2/wiki/Syntax>) and runs it as Go does: all alternatives at once, character by
//! character, so the time is bounded by (program length × text length) for any pattern.

use std::ops::RangeInclusive;

/// Go's limit for the numbers in `{n,m}`.
const MAX_REPEAT: u32 = 1000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regex {
    program: Vec<Step>,
}

/// Why there is no [`Regex`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegexError {
    /// Go refuses the expression.
    Syntax,
    /// More steps than the budget allows.
    TooLarge,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Char(char),
    Set(Set),
    /// Go on at both places; offsets from this step.
    Split(usize, usize),
    Assert(Place),
    Accept,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    End,
    WordBoundary,
    NotWordBoundary,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Set {
    is_negated: bool,
    ranges: Vec<RangeInclusive<char>>,
}

impl Set {
    fn contains(&self, it: char) -> bool {
        self.ranges.iter().any(|range| range.contains(&it)) != self.is_negated
    }

    fn not(excluded: char) -> Set {
        Set { is_negated: true, ranges: vec![excluded..=excluded] }
    }

    /// Everything the ranges leave out, as ranges.
    fn complement(mut ranges: Vec<RangeInclusive<char>>) -> Vec<RangeInclusive<char>> {
        ranges.sort_by_key(|it| *it.start());
        let mut gaps = Vec::new();
        let mut next = Some('\0');
        for range in ranges {
            let Some(low) = next else { break };
            if let Some(before) = char_before(*range.start())
                && low <= before
            {
                gaps.push(low..=before);
            }
            next = char_after(*range.end()).map(|it| it.max(low));
        }
        gaps.extend(next.map(|low| low..=char::MAX));
        gaps
    }
}

fn char_before(it: char) -> Option<char> {
    ('\0'..it).next_back()
}

fn char_after(it: char) -> Option<char> {
    (it..=char::MAX).nth(1)
}

impl Regex {
    /// Reads `source`; `budget` is the number of steps left for this and later expressions and is taken from.
    pub fn new(source: &str, budget: &mut usize) -> Result<Regex, RegexError> {
        let mut program = Parser { rest: source, budget }.alternatives()?;
        program.push(Step::Accept);
        Ok(Regex { program })
    }

    /// Whether the expression matches anywhere in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        let mut threads = Threads::new(self.program.len());
        let mut previous = None;
        for current in text.chars().map(Some).chain([None]) {
            threads.follow(&self.program, 0, previous, current);
            if threads.is_accepted {
                return true;
            }
            let Some(it) = current else { break };
            threads.advance(&self.program, it);
            previous = current;
        }
        false
    }
}

/// The places in the program that are alive before the current character, each once.
struct Threads {
    alive: Vec<usize>,
    /// Waiting to be followed through splits and assertions once the next character is known.
    arrived: Vec<usize>,
    is_seen: Vec<bool>,
    is_accepted: bool,
}

impl Threads {
    fn new(length: usize) -> Threads {
        Threads { alive: Vec::new(), arrived: Vec::new(), is_seen: vec![false; length], is_accepted: false }
    }

    /// Fills `alive` from what arrived and from a new start, between the two characters.
    fn follow(&mut self, program: &[Step], start: usize, previous: Option<char>, next: Option<char>) {
        self.is_seen.fill(false);
        self.alive.clear();
        self.arrived.push(start);
        while let Some(at) = self.arrived.pop() {
            let Some(step) = program.get(at) else { continue };
            if std::mem::replace(&mut self.is_seen[at], true) {
                continue;
            }
            match step {
                Step::Split(first, second) => self.arrived.extend([at + first, at.wrapping_add(*second)]),
                Step::Assert(place) if place.holds(previous, next) => self.arrived.push(at + 1),
                Step::Assert(_) => {}
                Step::Accept => self.is_accepted = true,
                Step::Char(_) | Step::Set(_) => self.alive.push(at),
            }
        }
    }

    fn advance(&mut self, program: &[Step], it: char) {
        for at in self.alive.drain(..) {
            let is_taken = match program.get(at) {
                Some(Step::Char(expected)) => *expected == it,
                Some(Step::Set(set)) => set.contains(it),
                _ => false,
            };
            if is_taken {
                self.arrived.push(at + 1);
            }
        }
    }
}

impl Place {
    fn holds(self, previous: Option<char>, next: Option<char>) -> bool {
        let is_word = |it: Option<char>| it.is_some_and(|it| it.is_ascii_alphanumeric() || it == '_');
        match self {
            Place::Start => previous.is_none(),
            Place::End => next.is_none(),
            Place::WordBoundary => is_word(previous) != is_word(next),
            Place::NotWordBoundary => is_word(previous) == is_word(next),
        }
    }
}

/// Compiles while it reads; every method returns a piece of program that falls through at its end.
struct Parser<'a> {
    rest: &'a str,
    budget: &'a mut usize,
}

type Program = Vec<Step>;

impl Parser<'_> {
    fn alternatives(&mut self) -> Result<Program, RegexError> {
        let mut program = self.sequence()?;
        while self.eat('|') {
            let other = self.sequence()?;
            program = self.either(program, other)?;
        }
        if self.rest.is_empty() { Ok(program) } else { Err(RegexError::Syntax) }
    }

    fn sequence(&mut self) -> Result<Program, RegexError> {
        let mut program = Vec::new();
        // The last piece, which a repetition would repeat; `None` also right after a repetition, which Go refuses.
        let mut last: Option<Program> = None;
        while !self.rest.is_empty() && !self.rest.starts_with('|') {
            if let Some((least, most)) = self.repetition()? {
                let piece = last.take().ok_or(RegexError::Syntax)?;
                program.extend(self.repeat(piece, least, most)?);
                continue;
            }
            program.extend(last.take().unwrap_or_default());
            last = self.piece()?;
        }
        program.extend(last.unwrap_or_default());
        Ok(program)
    }

    /// `*`, or `{n}`, `{n,}`, `{n,m}` where it is one; other `{` are literal. `most` is `None` for "any number".
    fn repetition(&mut self) -> Result<Option<(u32, Option<u32>)>, RegexError> {
        if self.eat('*') {
            return Ok(Some((0, None)));
        }
        let Some((least, most, after)) = counted_repetition(self.rest) else { return Ok(None) };
        self.rest = after;
        let is_wrong = least > MAX_REPEAT || most.is_some_and(|it| it > MAX_REPEAT || it < least);
        if is_wrong { Err(RegexError::Syntax) } else { Ok(Some((least, most))) }
    }

    /// One thing that can be repeated; `None` for `\Q\E` with nothing inside.
    fn piece(&mut self) -> Result<Option<Program>, RegexError> {
        if let Some(after) = self.rest.strip_prefix("(.*/)?") {
            self.rest = after;
            return self.any_folders().map(Some);
        }
        if let Some(quoted) = self.rest.strip_prefix("\\Q") {
            return self.quoted(quoted);
        }
        let Some(it) = self.rest.chars().next() else { return Ok(None) };
        let step = match it {
            '[' => Step::Set(self.class()?),
            '\\' => self.escape()?,
            _ => {
                self.rest = &self.rest[it.len_utf8()..];
                match it {
                    '^' => Step::Assert(Place::Start),
                    '$' => Step::Assert(Place::End),
                    '.' => Step::Set(Set::not('\n')),
                    // Docker escapes these, and writes a group only as above.
                    '(' | ')' | '+' | '?' => return Err(RegexError::Syntax),
                    _ => Step::Char(it),
                }
            }
        };
        self.spend(1)?;
        Ok(Some(vec![step]))
    }

    /// `(.*/)?`, what `**/` becomes.
    fn any_folders(&mut self) -> Result<Program, RegexError> {
        let mut inside = self.repeat(vec![Step::Set(Set::not('\n'))], 0, None)?;
        inside.push(Step::Char('/'));
        self.spend(2)?;
        // A repetition directly after this one is refused by Go; `sequence` sees it as one piece and would take it.
        if self.rest.starts_with('*') || counted_repetition(self.rest).is_some() {
            return Err(RegexError::Syntax);
        }
        self.repeat(inside, 0, Some(1))
    }

    /// All characters up to `\E` stand for themselves; a repetition after it repeats the last one.
    fn quoted(&mut self, quoted: &str) -> Result<Option<Program>, RegexError> {
        let (literal, after) = quoted.split_once("\\E").unwrap_or((quoted, ""));
        let literal = literal.to_owned();
        self.rest = &self.rest[self.rest.len() - after.len()..];
        self.spend(literal.chars().count())?;
        let steps: Program = literal.chars().map(Step::Char).collect();
        Ok((!steps.is_empty()).then_some(steps))
    }

    fn escape(&mut self) -> Result<Step, RegexError> {
        let place = match self.rest.as_bytes().get(1) {
            Some(b'A') => Some(Place::Start),
            Some(b'z') => Some(Place::End),
            Some(b'b') => Some(Place::WordBoundary),
            Some(b'B') => Some(Place::NotWordBoundary),
            _ => None,
        };
        if let Some(place) = place {
            self.rest = &self.rest[2..];
            return Ok(Step::Assert(place));
        }
        match self.class_escape()? {
            Some(ranges) => Ok(Step::Set(Set { is_negated: false, ranges })),
            None => self.escaped_char().map(Step::Char),
        }
    }

    fn class(&mut self) -> Result<Set, RegexError> {
        self.eat('[');
        let is_negated = self.eat('^');
        let mut ranges = Vec::new();
        let mut is_first = true;
        while is_first || !self.rest.starts_with(']') {
            is_first = false;
            if let Some(named) = self.named_class()? {
                ranges.extend(named);
            } else if let Some(escaped) = self.class_escape()? {
                ranges.extend(escaped);
            } else {
                ranges.push(self.class_range()?);
            }
        }
        self.eat(']');
        Ok(Set { is_negated, ranges })
    }

    fn class_range(&mut self) -> Result<RangeInclusive<char>, RegexError> {
        let low = self.class_char()?;
        let is_range = self.rest.starts_with('-') && self.rest.len() > 1 && !self.rest.starts_with("-]");
        if !is_range {
            return Ok(low..=low);
        }
        self.eat('-');
        let high = self.class_char()?;
        if high < low { Err(RegexError::Syntax) } else { Ok(low..=high) }
    }

    fn class_char(&mut self) -> Result<char, RegexError> {
        if self.rest.starts_with('\\') {
            return self.escaped_char();
        }
        let it = self.rest.chars().next().ok_or(RegexError::Syntax)?;
        self.rest = &self.rest[it.len_utf8()..];
        Ok(it)
    }

    /// `[:alpha:]` inside a class.
    fn named_class(&mut self) -> Result<Option<Vec<RangeInclusive<char>>>, RegexError> {
        let Some((name, after)) = self.rest.strip_prefix("[:").and_then(|it| it.split_once(":]")) else {
            return Ok(None);
        };
        let (is_negated, plain) = name.strip_prefix('^').map_or((false, name), |it| (true, it));
        let ranges = posix_class(plain).ok_or(RegexError::Syntax)?;
        self.rest = after;
        Ok(Some(if is_negated { Set::complement(ranges) } else { ranges }))
    }

    /// `\d`, `\W`, `\pL`, …: an escape for many characters.
    fn class_escape(&mut self) -> Result<Option<Vec<RangeInclusive<char>>>, RegexError> {
        let Some(letter) = self.rest.strip_prefix('\\').and_then(|it| it.chars().next()) else {
            return Ok(None);
        };
        let ranges = match letter.to_ascii_lowercase() {
            'd' => vec!['0'..='9'],
            's' => vec!['\t'..='\n', '\x0c'..='\r', ' '..=' '],
            'w' => vec!['0'..='9', 'A'..='Z', 'a'..='z', '_'..='_'],
            'p' => return self.unicode_class().map(Some),
            _ => return Ok(None),
        };
        self.rest = &self.rest[2..];
        Ok(Some(if letter.is_ascii_uppercase() { Set::complement(ranges) } else { ranges }))
    }

    /// `\pL` or `\p{Greek}`. Nobody means one in a path (it is `src\packages`, written on Windows), so the Unicode
    /// tables are left out and the class is empty.
    fn unicode_class(&mut self) -> Result<Vec<RangeInclusive<char>>, RegexError> {
        let after = &self.rest[2..];
        let name = after.chars().next().ok_or(RegexError::Syntax)?;
        let length = match name {
            'C' | 'L' | 'M' | 'N' | 'P' | 'S' | 'Z' => 1,
            '{' => after.find('}').ok_or(RegexError::Syntax)? + 1,
            _ => return Err(RegexError::Syntax),
        };
        self.rest = &after[length..];
        Ok(Vec::new())
    }

    /// `\` and what follows, as one character.
    fn escaped_char(&mut self) -> Result<char, RegexError> {
        let after = self.rest.strip_prefix('\\').ok_or(RegexError::Syntax)?;
        let it = after.chars().next().ok_or(RegexError::Syntax)?;
        let (value, length) = match it {
            'a' => ('\x07', 1),
            'f' => ('\x0c', 1),
            'n' => ('\n', 1),
            'r' => ('\r', 1),
            't' => ('\t', 1),
            'v' => ('\x0b', 1),
            'x' => hexadecimal(after).ok_or(RegexError::Syntax)?,
            '0'..='7' => octal(after).ok_or(RegexError::Syntax)?,
            _ if it.is_ascii() && !it.is_ascii_alphanumeric() => (it, 1),
            _ => return Err(RegexError::Syntax),
        };
        self.rest = &after[length..];
        Ok(value)
    }

    fn either(&mut self, first: Program, second: Program) -> Result<Program, RegexError> {
        self.spend(2)?;
        let mut program = vec![Step::Split(1, first.len() + 2)];
        program.extend(first);
        let after = second.len() + 1;
        program.push(Step::Split(after, after));
        program.extend(second);
        Ok(program)
    }

    fn repeat(&mut self, piece: Program, least: u32, most: Option<u32>) -> Result<Program, RegexError> {
        // `\Qabc\E*` repeats only the `c`, as the characters are separate pieces.
        let is_quoted = piece.len() > 1 && piece.iter().all(|it| matches!(it, Step::Char(_)));
        let (mut program, piece) = if is_quoted {
            let (last, before) = piece.split_last().ok_or(RegexError::Syntax)?;
            (before.to_vec(), vec![last.clone()])
        } else {
            (Vec::new(), piece)
        };
        let copies = most.unwrap_or(least + 1).max(1) as usize;
        self.spend(copies.saturating_mul(piece.len() + 2))?;
        for _ in 0..least {
            program.extend(piece.iter().cloned());
        }
        match most {
            None => {
                program.push(Step::Split(1, piece.len() + 2));
                let back = (piece.len() + 1).wrapping_neg();
                program.extend(piece);
                program.push(Step::Split(1, back));
            }
            Some(most) => {
                for _ in least..most {
                    program.push(Step::Split(1, piece.len() + 1));
                    program.extend(piece.iter().cloned());
                }
            }
        }
        Ok(program)
    }

    fn eat(&mut self, it: char) -> bool {
        let after = self.rest.strip_prefix(it);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn spend(&mut self, steps: usize) -> Result<(), RegexError> {
        *self.budget = self.budget.checked_sub(steps).ok_or(RegexError::TooLarge)?;
        Ok(())
    }
}

/// `{n}`, `{n,}` or `{n,m}` at the start of `text`, and what follows it.
fn counted_repetition(text: &str) -> Option<(u32, Option<u32>, &str)> {
    let (inside, after) = text.strip_prefix('{')?.split_once('}')?;
    match inside.split_once(',') {
        None => number(inside).map(|it| (it, Some(it), after)),
        Some((least, "")) => Some((number(least)?, None, after)),
        Some((least, most)) => Some((number(least)?, Some(number(most)?), after)),
    }
}

/// Digits without a leading zero; a number too large to hold is still a number.
fn number(digits: &str) -> Option<u32> {
    let is_number = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    let is_plain = digits == "0" || !digits.starts_with('0');
    (is_number && is_plain).then(|| digits.parse().unwrap_or(u32::MAX))
}

/// `x41` or `x{1F600}`: the character and the length read.
fn hexadecimal(text: &str) -> Option<(char, usize)> {
    let digits = text.strip_prefix('x')?;
    let (digits, length) = match digits.strip_prefix('{') {
        Some(braced) => braced.split_once('}').map(|(it, _)| (it, it.len() + 3))?,
        None => (digits.get(..2)?, 3),
    };
    let is_hexadecimal = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_hexdigit());
    let value = u32::from_str_radix(digits, 16).ok().filter(|_| is_hexadecimal)?;
    Some((char::from_u32(value)?, length))
}

/// `0`, `07`, `101`: the character and the length read. A single digit but `0` would be a back reference.
fn octal(text: &str) -> Option<(char, usize)> {
    let length = text.bytes().take(3).take_while(|it| matches!(it, b'0'..=b'7')).count();
    let is_reference = length == 1 && !text.starts_with('0');
    let value = u32::from_str_radix(text.get(..length)?, 8).ok().filter(|_| !is_reference)?;
    Some((char::from_u32(value)?, length))
}

fn posix_class(name: &str) -> Option<Vec<RangeInclusive<char>>> {
    Some(match name {
        "alnum" => vec!['0'..='9', 'A'..='Z', 'a'..='z'],
        "alpha" => vec!['A'..='Z', 'a'..='z'],
        "ascii" => vec!['\0'..='\x7f'],
        "blank" => vec!['\t'..='\t', ' '..=' '],
        "cntrl" => vec!['\0'..='\x1f', '\x7f'..='\x7f'],
        "digit" => vec!['0'..='9'],
        "graph" => vec!['!'..='~'],
        "lower" => vec!['a'..='z'],
        "print" => vec![' '..='~'],
        "punct" => vec!['!'..='/', ':'..='@', '['..='`', '{'..='~'],
        "space" => vec!['\t'..='\r', ' '..=' '],
        "upper" => vec!['A'..='Z'],
        "word" => vec!['0'..='9', 'A'..='Z', 'a'..='z', '_'..='_'],
        "xdigit" => vec!['0'..='9', 'A'..='F', 'a'..='f'],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_match(source: &str, text: &str) -> Result<bool, RegexError> {
        Regex::new(source, &mut 10_000).map(|it| it.is_match(text))
    }

    #[test]
    fn matches_what_docker_writes() {
        assert_eq!(is_match("^[^/]*\\.md$", "README.md"), Ok(true));
        assert_eq!(is_match("^[^/]*\\.md$", "docs/README.md"), Ok(false));
        assert_eq!(is_match("^(.*/)?dir2/[^/]*$", "dir2/file"), Ok(true));
        assert_eq!(is_match("^(.*/)?dir2/[^/]*$", "a/b/dir2/file"), Ok(true));
        assert_eq!(is_match("^(.*/)?dir2/[^/]*$", "xdir2/file"), Ok(false));
        assert_eq!(is_match("^a[b-d]e$", "ace"), Ok(true));
        assert_eq!(is_match("^a[^b-d]e$", "ace"), Ok(false));
    }

    #[test]
    fn alternatives_bind_weaker_than_anchors() {
        assert_eq!(is_match("^a|b[^/]*$", "axx"), Ok(true));
        assert_eq!(is_match("^a|b[^/]*$", "xxb"), Ok(true));
        assert_eq!(is_match("^a|b[^/]*$", "xxc"), Ok(false));
    }

    #[test]
    fn braces_count_only_where_go_counts() {
        assert_eq!(is_match("^a{2}$", "aa"), Ok(true));
        assert_eq!(is_match("^a{2,}$", "a"), Ok(false));
        assert_eq!(is_match("^a{1,3}$", "aaa"), Ok(true));
        assert_eq!(is_match("^a{1,3}$", "aaaa"), Ok(false));
        assert_eq!(is_match("^a{0}$", ""), Ok(true));
        assert_eq!(is_match("^{js,ts}$", "{js,ts}"), Ok(true));
        assert_eq!(is_match("^a{,2}$", "a{,2}"), Ok(true));
        assert_eq!(is_match("^a{02}$", "a{02}"), Ok(true));
        assert_eq!(is_match("^[^/]*{2}$", ""), Err(RegexError::Syntax));
        assert_eq!(is_match("^(.*/)?{2}$", ""), Err(RegexError::Syntax));
        assert_eq!(is_match("^a{1001}$", ""), Err(RegexError::Syntax));
        assert_eq!(is_match("^a{3,2}$", ""), Err(RegexError::Syntax));
        assert_eq!(is_match("^a|{2}$", ""), Err(RegexError::Syntax));
    }

    #[test]
    fn escapes_are_gos() {
        assert_eq!(is_match("^bin\\Debug$", "binXebug"), Ok(true));
        assert_eq!(is_match("^a\\d$", "a7"), Ok(true));
        assert_eq!(is_match("^\\x41\\x{42}\\103$", "ABC"), Ok(true));
        assert_eq!(is_match("^\\Qa.b\\E*$", "a.bbb"), Ok(true));
        assert_eq!(is_match("^foo\\b-$", "foo-"), Ok(true));
        assert_eq!(is_match("^foo\\bar$", "fooar"), Ok(false));
        assert_eq!(is_match("^[\\D]$", "7"), Ok(false));
        assert_eq!(is_match("^[[:alpha:]]$", "q"), Ok(true));
        assert_eq!(is_match("^[[:^alpha:]]$", "q"), Ok(false));
        for wrong in ["\\", "\\y", "\\1", "\\xg0", "\\é", "\\pa", "[[:nope:]]", "[b-a]", "[a"] {
            assert_eq!(is_match(wrong, ""), Err(RegexError::Syntax), "{wrong}");
        }
    }

    #[test]
    fn a_complement_leaves_nothing_out() {
        let digits = Set::complement(vec!['0'..='9']);
        let covers = |it: char| digits.iter().any(|range| range.contains(&it));
        assert!(covers('\0') && covers('/') && covers(':') && covers('é') && covers(char::MAX));
        assert!(!covers('0') && !covers('9'));
        assert!(Set::complement(vec!['\0'..=char::MAX]).is_empty());
    }

    #[test]
    fn hostile_expressions_stay_small_and_fast() {
        assert_eq!(is_match(&"a{1000}".repeat(100), ""), Err(RegexError::TooLarge));
        let source = format!("^{}b$", "(.*/)?".repeat(100));
        assert_eq!(is_match(&source, &"a/".repeat(500)), Ok(false));
    }
}
