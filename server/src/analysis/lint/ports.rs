//! What `EXPOSE` is given, taken apart as BuildKit does (`dockerfile2llb/convert_expose.go`).

use super::prelude::*;
use crate::analysis::syntax::SourceText;

/// One port of an `EXPOSE`, after expansion.
pub struct Port {
    /// As the build sees it.
    pub text: String,
    /// Where it is written, absolute.
    pub range: TextRange,
    /// How it is written, if no variable and no quote is in it: then parts of it can be pointed at.
    source: Option<SourceText>,
    base: TextSize,
}

/// The parts of a port: `address:host:container/protocol`.
#[derive(Debug, PartialEq, Eq)]
pub struct PortParts<'a> {
    pub address: &'a str,
    pub host: &'a str,
    pub container: &'a str,
    /// After the `/`; empty without.
    pub protocol: &'a str,
}

impl Port {
    pub fn parts(&self) -> PortParts<'_> {
        let (before, container) = self.text.rsplit_once(':').unwrap_or(("", &self.text));
        let (address, host) = before.rsplit_once(':').unwrap_or(("", before));
        let (container, protocol) = container.split_once('/').unwrap_or((container, ""));
        PortParts { address, host, container, protocol }
    }

    /// The place of `part`, a piece of [`Port::text`]; the whole port when it cannot be told.
    pub fn range_of(&self, part: &str) -> TextRange {
        let start = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        match &self.source {
            Some(source) if start <= self.text.len() => {
                source.source_range(start, start + part.len()) + self.base
            }
            _ => self.range,
        }
    }

    /// Whether what is written is what the build sees.
    pub fn is_literal(&self) -> bool {
        self.source.is_some()
    }
}

/// The ports of all `EXPOSE` whose values are known.
pub fn ports(cx: &ModelContext<'_>) -> Vec<Port> {
    let mut ports = Vec::new();
    for instruction in cx.with_keyword(Keyword::Expose) {
        let Arguments::List(list) = &instruction.node.arguments else { continue };
        for item in &list.items {
            add(cx, instruction, item, &mut ports);
        }
    }
    ports
}

fn add(cx: &ModelContext<'_>, instruction: InstructionRef<'_>, item: &Word, ports: &mut Vec<Port>) {
    let value = cx.model.expand(item, instruction.id);
    let Some(text) = value.text() else { return };
    let range = instruction.absolute(item.range());
    let is_literal = text == item.raw();
    // A variable may hold several ports.
    for word in text.split_whitespace() {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        let source = is_literal.then(|| item.text().slice(start, start + word.len()));
        ports.push(Port { text: word.to_owned(), range, source, base: instruction.start });
    }
}

/// Why the build refuses a port; `None` if it takes it.
pub fn fault(port: &PortParts<'_>) -> Option<String> {
    if port.container.is_empty() {
        return Some("a port number is missing: write it like `8080`".into());
    }
    if !port.protocol.is_empty() && !knowledge::is_protocol(port.protocol) {
        return Some(format!("`{}` is no protocol: write `tcp`, `udp` or `sctp`", port.protocol));
    }
    if !port.address.is_empty() && !is_address(port.address) {
        return Some(format!("`{}` is no IP address: write the port alone", port.address));
    }
    let container = match range(port.container) {
        Ok(container) => container,
        Err(fault) => return Some(fault),
    };
    if port.host.is_empty() {
        return None;
    }
    match range(port.host) {
        Err(fault) => Some(fault),
        Ok(host) if host.len() != container.len() && container.len() > 1 => {
            Some("the two ranges of ports differ in length: write the container's ports alone".into())
        }
        Ok(_) => None,
    }
}

/// `8000` or `8000-8010`.
fn range(text: &str) -> Result<std::ops::RangeInclusive<u16>, String> {
    let (start, end) = text.split_once('-').unwrap_or((text, text));
    let (start, end) = (number(start)?, number(end)?);
    if end < start { Err(format!("the range `{text}` ends before it starts")) } else { Ok(start..=end) }
}

fn number(text: &str) -> Result<u16, String> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse::<u16>() {
        Ok(number) if is_number => Ok(number),
        _ if is_number => Err(format!("port `{text}` is too large: the highest one is 65535")),
        _ => Err(format!("`{text}` is no port: write a number up to 65535")),
    }
}

fn is_address(text: &str) -> bool {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse::<std::net::IpAddr>().is_ok()
}
