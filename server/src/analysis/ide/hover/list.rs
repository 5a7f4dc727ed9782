//! Hover on ports, signals, users and health checks: words with a meaning of their own.

use super::{Hover, Place, code, link, paragraphs};
use crate::analysis::knowledge::{self, Keyword};
use crate::analysis::syntax::ast::Arguments;

pub(super) fn hover(at: &Place<'_>) -> Option<Hover> {
    match (at.node.keyword?, &at.node.arguments) {
        (Keyword::Expose, Arguments::List(list)) => {
            let word = list.items.iter().find(|word| at.touches(word.range()))?;
            let value = at.model.expand(word, at.instruction.id);
            Some(Hover::new(word.range(), port(value.text()?)?))
        }
        (Keyword::Stopsignal, Arguments::Single(Some(word))) if at.touches(word.range()) => {
            let value = at.model.expand(word, at.instruction.id);
            Some(Hover::new(word.range(), signal(value.text()?)?))
        }
        (Keyword::User, Arguments::Single(Some(word))) if at.touches(word.range()) => {
            let value = at.model.expand(word, at.instruction.id);
            Some(Hover::new(word.range(), user(value.text()?)))
        }
        (Keyword::Workdir, Arguments::Single(Some(word))) if at.touches(word.range()) => {
            let next = crate::analysis::syntax::InstructionId(at.instruction.id.0 + 1);
            let path = at.model.workdir_at(next)?;
            let text = format!("Later instructions work in {}; it is made if it is not there.", code(&path));
            Some(Hover::new(word.range(), text))
        }
        _ => None,
    }
}

pub(in crate::analysis::ide) fn port(text: &str) -> Option<String> {
    let (number, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let (first, last) = number.split_once('-').unwrap_or((number, number));
    let (first, last): (u16, u16) = (first.parse().ok()?, last.parse().ok()?);
    let protocol = protocol.to_ascii_lowercase();
    let title = if first == last {
        format!("**Port {first}/{protocol}**")
    } else {
        format!("**Ports {first}–{last}/{protocol}**")
    };
    let known = knowledge::port(first, &protocol).filter(|_| first == last);
    let service = known.map(|doc| paragraphs([format!("Usually {}.", doc.service), doc.note.to_owned()]));
    let low = (first < knowledge::ports::FIRST_UNPRIVILEGED_PORT)
        .then(|| "Below 1024: a program that does not run as root may not be allowed to open it.".to_owned());
    Some(paragraphs([
        title,
        service.unwrap_or_default(),
        "`EXPOSE` only writes down where the program listens. It does *not* open the port to your machine; that does:".to_owned(),
        super::block("sh", &format!("docker run -p {first}:{first} IMAGE")),
        low.unwrap_or_default(),
        link(knowledge::instruction(Keyword::Expose).url),
    ]))
}

pub(in crate::analysis::ide) fn signal(text: &str) -> Option<String> {
    let doc = knowledge::signal_named(text)?;
    Some(paragraphs([
        format!("**{}** · number {}", doc.name, doc.number),
        doc.summary.to_owned(),
        doc.used_by.to_owned(),
        "`docker stop` sends it, waits ten seconds, then kills the container.".to_owned(),
        link(knowledge::signals::SIGNALS_URL),
    ]))
}

pub(in crate::analysis::ide) fn user(text: &str) -> String {
    let (name, group) = text.split_once(':').map_or((text, None), |(name, group)| (name, Some(group)));
    let known = knowledge::user_named(name).map(|doc| doc.summary.to_owned());
    let root = matches!(name, "root" | "0");
    let note = if root {
        "Later build steps and the container run as root. Switch to another user before the end of the file."
    } else {
        "Later build steps and the container run as this user. It must exist in the image (a number need not)."
    };
    let group = group.map(|group| format!("Group {}.", code(group)));
    paragraphs([
        format!("**User** {}", code(name)),
        known.unwrap_or_default(),
        group.unwrap_or_default(),
        note.to_owned(),
        link(knowledge::instruction(Keyword::User).url),
    ])
}
