//! Document links: images lead to their page, `COPY` sources to the file, URLs to themselves.

use text_size::TextRange;

use super::definition::context_sources;
use crate::analysis::image::reference::ImageReference;
use crate::analysis::knowledge::Keyword;
use crate::analysis::model::{Base, Model, StageReferenceKind};
use crate::analysis::syntax::InstructionRef;
use crate::analysis::syntax::ast::Arguments;
use crate::analysis::syntax::directive::DirectiveName;

/// A range (absolute) that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub range: TextRange,
    pub target: LinkTarget,
    /// What happens on a click.
    pub tooltip: String,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    Url(String),
    /// A path of the build context, `/`-separated.
    ContextPath(String),
}

/// All links of a file, in order.
pub fn links(model: &Model) -> Vec<Link> {
    let mut found: Vec<Link> = syntax_image(model).into_iter().collect();
    for instruction in model.file().instructions() {
        match instruction.keyword {
            Some(Keyword::From) => found.extend(base_image(model, instruction)),
            Some(Keyword::Add | Keyword::Copy | Keyword::Onbuild) => {
                found.extend(urls(model, instruction));
                found.extend(files(model, instruction));
            }
            _ => {}
        }
    }
    found.extend(other_images(model));
    found.sort_by_key(|link| link.range.start());
    found
}

fn image_link(range: TextRange, reference: &str) -> Option<Link> {
    let url = ImageReference::parse(reference).page_url()?;
    Some(Link { range, target: LinkTarget::Url(url), tooltip: "Open the image's page".to_owned() })
}

fn syntax_image(model: &Model) -> Option<Link> {
    let directive = model.file().directives().get(DirectiveName::Syntax)?;
    image_link(directive.value_range, &directive.value)
}

fn base_image(model: &Model, instruction: InstructionRef<'_>) -> Option<Link> {
    let Arguments::From(from) = &instruction.node.arguments else { return None };
    let Base::Image(value) = &model.stage_of(instruction.id)?.base else { return None };
    image_link(instruction.absolute(from.image.as_ref()?.range()), value.text()?)
}

/// Images named by `COPY --from` and mounts.
fn other_images(model: &Model) -> Vec<Link> {
    let references = model.stage_references().iter();
    let images = references.filter(|it| it.target.is_none() && it.kind != StageReferenceKind::From);
    // A name without tag or path may be a named build context; only what looks like an image is linked.
    let images = images.filter(|it| it.text.contains([':', '/']));
    images.filter_map(|it| image_link(model.file().range(it.location)?, &it.text)).collect()
}

fn urls(model: &Model, instruction: InstructionRef<'_>) -> Vec<Link> {
    let Arguments::Copy(copy) = &instruction.node.innermost().arguments else { return Vec::new() };
    copy.sources
        .iter()
        .filter_map(|word| {
            let value = model.expand(word, instruction.id);
            let url =
                value.text().filter(|text| text.starts_with("http://") || text.starts_with("https://"))?;
            Some(Link {
                range: instruction.absolute(word.range()),
                target: LinkTarget::Url(url.to_owned()),
                tooltip: "Open the address".to_owned(),
            })
        })
        .collect()
}

fn files(model: &Model, instruction: InstructionRef<'_>) -> Vec<Link> {
    context_sources(model, instruction)
        .into_iter()
        .map(|(range, path)| Link {
            range,
            target: LinkTarget::ContextPath(path),
            tooltip: "Open the file".to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{Fixture, assert_annotated};

    #[test]
    fn images_files_and_urls_are_links() {
        let fixture = Fixture::new(
            "# syntax=docker/dockerfile:1\n         ^^^^^^^^^^^^^^^^^^^ url\nARG V=3\nFROM python:$V AS a\n     ^^^^^^^^^ url\nFROM a\nFROM scratch\nFROM $UNKNOWN/x\nCOPY x/y *.z /d\n     ^^^ x/y\nADD https://example.com/a.tar /d\n    ^^^^^^^^^^^^^^^^^^^^^^^^^ url\nCOPY --from=a /x /y\nCOPY --from=nginx:1 /x /y\n            ^^^^^^^ url\n",
        );
        let found = links(&fixture.model()).into_iter().map(|link| match link.target {
            LinkTarget::Url(_) => (link.range, "url".to_owned()),
            LinkTarget::ContextPath(path) => (link.range, path),
        });
        assert_annotated(&fixture, found.collect());
    }
}
