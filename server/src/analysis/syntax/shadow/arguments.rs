//! How the arguments of each instruction are drawn. `None` means that the grammar has no place for them.

use text_size::{TextRange, TextSize};

use super::super::ast::*;
use super::super::expansion::Word;
use super::canvas::{Canvas, is_visible, offsets, top_variables};
use super::heredocs;
use crate::analysis::knowledge::Keyword;

pub fn instruction(canvas: &mut Canvas, it: &Instruction) -> Option<()> {
    let keyword = it.keyword?;
    canvas.put_all(it.name.range().start(), keyword.as_str().as_bytes());
    flags(canvas, keyword, it);
    match &it.arguments {
        Arguments::From(from) => base(canvas, from),
        Arguments::Command(command) => command_form(canvas, keyword, it, command.as_ref()?),
        Arguments::Copy(copy) => paths(canvas, copy),
        Arguments::Pairs(pairs) if keyword == Keyword::Env => environment(canvas, pairs),
        Arguments::Pairs(pairs) => labels(canvas, pairs),
        Arguments::Arg(declarations) => declaration(canvas, declarations.first()?),
        Arguments::List(list) if keyword == Keyword::Expose => ports(canvas, list),
        Arguments::List(list) => volumes(canvas, it, list),
        Arguments::Single(word) => single(canvas, keyword, word.as_ref()?),
        Arguments::Healthcheck(check) => healthcheck(canvas, it, check.as_ref()?),
        Arguments::Onbuild(inner) => instruction(canvas, inner.as_ref()?),
        Arguments::Unknown => None,
    }
}

/// `--name=value`, as many as the grammar allows; the others stay blank.
fn flags(canvas: &mut Canvas, keyword: Keyword, it: &Instruction) {
    let allowed = match keyword {
        Keyword::From => 1,
        Keyword::Run | Keyword::Copy | Keyword::Add => usize::MAX,
        Keyword::Healthcheck if !is_none(it) => usize::MAX,
        _ => 0,
    };
    for flag in it.flags.iter().take(allowed) {
        let is_mount = keyword == Keyword::Run && flag.name.as_str() == "mount";
        let is_drawn = if is_mount { mount(canvas, flag) } else { flag_with_value(canvas, flag) };
        if is_drawn.is_none() {
            flag_alone(canvas, flag.range);
        }
    }
}

fn is_none(it: &Instruction) -> bool {
    matches!(&it.arguments, Arguments::Healthcheck(Some(check)) if is_none_kind(check))
}

fn is_none_kind(check: &Healthcheck) -> bool {
    check.kind.as_str().eq_ignore_ascii_case("none")
}

/// `--name=` up to the value; nothing when quotes or continuations stand in between.
fn flag_name(canvas: &mut Canvas, flag: &Flag) -> Option<TextRange> {
    let value = flag.value.as_ref()?.text();
    let (name, equals) = (flag.name.range(), flag.name.range().end());
    let is_plain = flag.name.is_verbatim()
        && value.is_verbatim()
        && !name.is_empty()
        && !value.range().is_empty()
        && name.start() == flag.range.start() + TextSize::from(2)
        && value.range().start() == equals + TextSize::from(1)
        && value.range().end() == flag.range.end();
    if !is_plain {
        return None;
    }
    canvas.put_all(flag.range.start(), b"--");
    canvas.draw_legal(name, |byte| byte.is_ascii_lowercase() || byte == b'-', b'x');
    if canvas.at(name.start().into()) == b'-' {
        canvas.put(name.start().into(), b'x');
    }
    canvas.put(equals.into(), b'=');
    Some(value.range())
}

fn flag_with_value(canvas: &mut Canvas, flag: &Flag) -> Option<()> {
    let value = flag_name(canvas, flag)?;
    canvas.draw_legal(value, |byte| is_visible(byte) || byte == b'$', b'_');
    Some(())
}

/// The grammar wants a value: `--link` is drawn as `--xx=x`, for the sake of the node's range.
fn flag_alone(canvas: &mut Canvas, range: TextRange) {
    if range.len() < TextSize::from(5) {
        return canvas.draw(range, |_| b' ');
    }
    canvas.draw(range, |_| b'x');
    canvas.put_all(range.start(), b"--");
    canvas.put(usize::from(range.end()) - 2, b'=');
}

/// `--mount=` wants `name=value` in each option: what is none joins the option beside it.
fn mount(canvas: &mut Canvas, flag: &Flag) -> Option<()> {
    let has_pairs = flag.options().iter().any(is_pair);
    let value = flag_name(canvas, flag).filter(|_| has_pairs)?;
    canvas.draw_legal(value, |byte| is_visible(byte) && !matches!(byte, b'=' | b','), b'_');
    let mut has_pair = false;
    for option in flag.options().iter().filter(|it| is_pair(it)) {
        canvas.put(option.name.range().end().into(), b'=');
        if has_pair {
            canvas.put(usize::from(option.range.start()) - 1, b',');
        }
        has_pair = true;
    }
    Some(())
}

fn is_pair(option: &FlagOption) -> bool {
    !option.name.range().is_empty() && option.value.as_ref().is_some_and(|value| !value.range().is_empty())
}

fn base(canvas: &mut Canvas, from: &From) -> Option<()> {
    image(canvas, from.image.as_ref()?);
    let is_as = from.as_keyword.as_ref().filter(|word| word.as_str().eq_ignore_ascii_case("as"));
    if let (Some(word), Some(name)) = (is_as, &from.name) {
        canvas.put_all(word.range().start(), b"AS");
        // A stage's name may have dots; the grammar does not know.
        let name = Word::parse(name.clone(), canvas.escape as char);
        canvas.word(&name, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'), b'_');
    }
    Some(())
}

/// `name:tag@digest`, where the grammar would take the port of a registry for a tag.
fn image(canvas: &mut Canvas, word: &Word) {
    let start = usize::from(word.range().start());
    let text = without_variables(canvas, word);
    let name_end = text.iter().position(|&byte| byte == b'@').unwrap_or(text.len());
    let (name, digest) = text.split_at_checked(name_end).unwrap_or_default();
    let last_part = name.iter().rposition(|&byte| byte == b'/').map_or(0, |slash| slash + 1);
    let colon = name.iter().rposition(|&byte| byte == b':').filter(|&colon| colon >= last_part);
    canvas.word(word, |byte| is_visible(byte) && !matches!(byte, b'@' | b':'), b'_');
    if text.first() == Some(&b'-') {
        canvas.put(start, b'_');
    }
    if let Some(colon) = colon.filter(|&colon| colon > 0 && colon + 1 < name.len()) {
        canvas.put(start + colon, b':');
    }
    if name_end > 0 && digest.len() > 1 {
        let range =
            TextRange::new(word.range().start() + TextSize::from(name_end as u32), word.range().end());
        canvas.draw_legal(range, |byte| byte.is_ascii_alphanumeric() || byte == b':', b'x');
        canvas.variables(word);
        canvas.put(start + name_end, b'@');
    }
}

/// The word's bytes with `v` for each byte of a variable: nothing in there separates.
fn without_variables(canvas: &Canvas, word: &Word) -> Vec<u8> {
    let mut text = canvas.slice(word.range()).to_vec();
    for variable in top_variables(word) {
        for offset in offsets(variable.range - word.range().start()) {
            if let Some(byte) = text.get_mut(offset) {
                *byte = b'v';
            }
        }
    }
    text
}

fn command_form(canvas: &mut Canvas, keyword: Keyword, it: &Instruction, command: &Command) -> Option<()> {
    match command {
        Command::Exec(exec) => json(canvas, exec.range),
        Command::Shell(_) if keyword == Keyword::Shell => return None,
        Command::Shell(text) => shell(canvas, text.range()),
    }
    // Only RUN itself can have heredocs here.
    if keyword == Keyword::Run && it.heredocs.len() <= canvas.heredocs.len() {
        heredocs::markers(canvas, first_of_fragment);
    }
    Some(())
}

fn json(canvas: &mut Canvas, range: TextRange) {
    canvas.draw_legal(range, |byte| matches!(byte, b'\\' | b' ' | b'$') || is_visible(byte), b'_');
}

fn shell(canvas: &mut Canvas, range: TextRange) {
    canvas.draw_legal(range, |byte| matches!(byte, b' ' | b'$') || is_visible(byte), b'_');
    first_of_fragment(canvas, range.start());
}

/// A piece of shell text cannot begin with these.
fn first_of_fragment(canvas: &mut Canvas, from: TextSize) {
    let mut offset = usize::from(from);
    while canvas.bytes.get(offset) == Some(&b' ') {
        offset += 1;
    }
    if let Some(b',' | b'=' | b'-' | b'[') = canvas.bytes.get(offset) {
        canvas.put(offset, b'_');
    }
}

fn paths(canvas: &mut Canvas, copy: &Copy) -> Option<()> {
    let destination = copy.destination.as_ref()?;
    let words = copy.sources.iter().chain([destination]);
    let drawn = words.filter(|word| !word.range().is_empty()).map(|word| path(canvas, word)).count();
    if !copy.is_json {
        heredocs::markers(canvas, |_, _| {});
    }
    (drawn > 1).then_some(())
}

fn path(canvas: &mut Canvas, word: &Word) {
    canvas.word(word, is_visible, b'_');
    let first = usize::from(word.range().start());
    if canvas.at(first) == b'-' {
        canvas.put(first, b'_');
    }
}

fn environment(canvas: &mut Canvas, pairs: &Pairs) -> Option<()> {
    let mut drawn = 0;
    for pair in pairs.pairs.iter().filter(|pair| !pair.key.range().is_empty()) {
        let Some(text) = &pair.value else { continue };
        variable_name(canvas, pair.key.range());
        if pairs.is_legacy {
            value(canvas, text);
        } else {
            assigned(canvas, pair.key.range().end(), text);
        }
        drawn += 1;
    }
    (drawn > 0).then_some(())
}

fn variable_name(canvas: &mut Canvas, range: TextRange) {
    canvas.draw_legal(range, |byte| byte.is_ascii_alphanumeric() || byte == b'_', b'_');
    if canvas.at(range.start().into()).is_ascii_digit() {
        canvas.put(range.start().into(), b'_');
    }
}

/// `=value` from `key_end` on; the value may be empty.
fn assigned(canvas: &mut Canvas, key_end: TextSize, word: &Word) {
    let end = word.range().end();
    let mut equals = usize::from(key_end);
    while canvas.at(equals) != b'=' && equals < usize::from(end) {
        canvas.put(equals, b'_');
        equals += 1;
    }
    canvas.put(equals, b'=');
    if usize::from(word.range().start()) == equals + 1 {
        value(canvas, word);
    } else {
        // A continuation after `=`: the value begins there for the grammar.
        let range = TextRange::new(TextSize::from(equals as u32 + 1).min(end), end);
        canvas.draw_legal(range, is_unquoted, b'_');
        canvas.variables(word);
    }
}

fn is_unquoted(byte: u8) -> bool {
    is_visible(byte) && !matches!(byte, b'"' | b'\'')
}

/// One string in double quotes, in single quotes, or without: mixed ones count as without.
fn value(canvas: &mut Canvas, word: &Word) {
    match quote_around(canvas.slice(word.range()), canvas.escape) {
        Some(b'"') => double_quoted(canvas, word),
        Some(quote) => {
            canvas.draw_legal(word.range(), |byte| byte == b' ' || is_visible(byte) || byte == b'$', b'_');
            put_quotes(canvas, word.range(), quote);
        }
        None => canvas.word(word, is_unquoted, b'_'),
    }
}

/// The quote that begins and ends `text`, when it is the same pair.
fn quote_around(text: &[u8], escape: u8) -> Option<u8> {
    let (&quote, rest) = text.split_first()?;
    let (&last, inner) = rest.split_last()?;
    if !matches!(quote, b'"' | b'\'') || last != quote {
        return None;
    }
    let mut bytes = inner.iter();
    while let Some(&byte) = bytes.next() {
        let is_escape = quote == b'"' && byte == escape;
        if byte == quote || (is_escape && bytes.next().is_none()) {
            return None;
        }
    }
    Some(quote)
}

fn double_quoted(canvas: &mut Canvas, word: &Word) {
    let escape = canvas.escape;
    let mut is_escaped = false;
    let inner: Vec<u8> = canvas.slice(word.range()).to_vec();
    let mut next = inner.iter().skip(1).copied();
    canvas.draw(word.range(), |byte| {
        let follows = next.next().unwrap_or(b' ');
        if is_escaped {
            is_escaped = false;
            return if byte == escape { b'\\' } else { byte };
        }
        is_escaped = byte == escape && (follows == escape || follows == b'"');
        match byte {
            _ if is_escaped => b'\\',
            b' ' => b' ',
            _ if is_visible(byte) => byte,
            _ => b'_',
        }
    });
    canvas.variables(word);
    put_quotes(canvas, word.range(), b'"');
}

fn put_quotes(canvas: &mut Canvas, range: TextRange, quote: u8) {
    canvas.put(range.start().into(), quote);
    canvas.put(usize::from(range.end()) - 1, quote);
}

fn labels(canvas: &mut Canvas, pairs: &Pairs) -> Option<()> {
    let mut drawn = 0;
    for pair in &pairs.pairs {
        let Some(text) = pair.value.as_ref().filter(|value| !value.range().is_empty()) else { continue };
        if pair.key.range().is_empty() {
            continue;
        }
        label_key(canvas, &pair.key);
        if pairs.is_legacy {
            legacy_label(canvas, pair.key.range().end(), text);
        } else {
            assigned(canvas, pair.key.range().end(), text);
        }
        drawn += 1;
    }
    (drawn > 0).then_some(())
}

fn label_key(canvas: &mut Canvas, key: &Word) {
    if quote_around(canvas.slice(key.range()), canvas.escape).is_some() {
        return value(canvas, key);
    }
    canvas.draw_legal(key.range(), |byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte), b'_');
}

/// `LABEL key value`: the grammar knows `key=value` only, so the blank is drawn as `=`.
fn legacy_label(canvas: &mut Canvas, key_end: TextSize, word: &Word) {
    canvas.put(key_end.into(), b'=');
    let start = word.range().start();
    let gap = TextRange::new((key_end + TextSize::from(1)).min(start), start);
    if gap.is_empty() {
        return value(canvas, word);
    }
    canvas.draw(gap, |_| b'_');
    canvas.word(word, is_unquoted, b'_');
}

/// `name[=value]`; the grammar knows one name only.
fn declaration(canvas: &mut Canvas, it: &ArgDeclaration) -> Option<()> {
    if it.name.range().is_empty() {
        return None;
    }
    canvas.draw_legal(it.name.range(), |byte| byte.is_ascii_alphanumeric() || byte == b'_', b'_');
    if let Some(text) = it.value.as_ref().filter(|value| !value.range().is_empty()) {
        assigned(canvas, it.name.range().end(), text);
    }
    Some(())
}

fn ports(canvas: &mut Canvas, list: &List) -> Option<()> {
    for word in &list.items {
        port(canvas, word);
    }
    (!list.items.is_empty()).then_some(())
}

/// `80`, `80-90`, `80/tcp` or a variable; anything else is drawn as a number.
fn port(canvas: &mut Canvas, word: &Word) {
    let range = word.range();
    if let Some(variable) = top_variables(word).first().filter(|it| it.range.start() == range.start()) {
        canvas.variables(word);
        let rest = TextRange::new(variable.range.end(), range.end());
        return canvas.draw(rest, |_| b' ');
    }
    let text = canvas.slice(range).to_ascii_lowercase();
    let number = [&b"/tcp"[..], b"/udp"].iter().find_map(|protocol| text.strip_suffix(*protocol));
    let digits = TextSize::from(number.map_or(text.len(), <[u8]>::len) as u32);
    canvas.put_all(range.start(), &text);
    let ends: Vec<&[u8]> = number.unwrap_or(&text).split(|&byte| byte == b'-').collect();
    let is_number =
        ends.len() <= 2 && ends.iter().all(|end| !end.is_empty() && end.iter().all(u8::is_ascii_digit));
    if !is_number {
        canvas.draw(TextRange::at(range.start(), digits), |_| b'0');
    }
}

fn volumes(canvas: &mut Canvas, it: &Instruction, list: &List) -> Option<()> {
    if list.is_json {
        json(canvas, it.arguments_text.range());
        return Some(());
    }
    for word in &list.items {
        path(canvas, word);
    }
    // `[` would begin a JSON array, and this is none.
    if canvas.at(it.arguments_text.range().start().into()) == b'[' {
        canvas.put(it.arguments_text.range().start().into(), b'_');
    }
    (!list.items.is_empty()).then_some(())
}

fn single(canvas: &mut Canvas, keyword: Keyword, word: &Word) -> Option<()> {
    match keyword {
        Keyword::User => user(canvas, word),
        Keyword::Workdir => path(canvas, word),
        Keyword::Stopsignal => {
            canvas.draw(word.range(), |byte| match byte.to_ascii_uppercase() {
                upper if upper.is_ascii_alphanumeric() => upper,
                _ => b'X',
            });
            canvas.variables(word);
        }
        _ => canvas.draw_legal(word.range(), |byte| matches!(byte, b' ' | b'$') || is_visible(byte), b'_'),
    }
    Some(())
}

fn user(canvas: &mut Canvas, word: &Word) {
    let colon = without_variables(canvas, word).iter().position(|&byte| byte == b':');
    canvas.word(word, |byte| byte.is_ascii_alphanumeric(), b'x');
    let last = usize::from(word.range().len()).saturating_sub(1);
    if let Some(colon) = colon.filter(|&colon| colon > 0 && colon < last) {
        canvas.put(usize::from(word.range().start()) + colon, b':');
    }
}

fn healthcheck(canvas: &mut Canvas, it: &Instruction, check: &Healthcheck) -> Option<()> {
    let kind = check.kind.range();
    if is_none_kind(check) {
        canvas.put_all(kind.start(), b"NONE");
        return Some(());
    }
    if !check.kind.as_str().eq_ignore_ascii_case("cmd") {
        return None;
    }
    canvas.put_all(kind.start(), b"CMD");
    command_form(canvas, Keyword::Healthcheck, it, check.command.as_ref()?)
}
