//! Hover on an instruction's name and on heredoc marks.

use super::{Hover, Place, block, code, link, paragraphs};
use crate::analysis::ide::story::told::{Teller, Told};
use crate::analysis::knowledge::{self, Acts, InstructionDoc, Keyword};
use crate::analysis::syntax::ast::Heredoc;

pub(super) fn hover(at: &Place<'_>) -> Option<Hover> {
    let range = at.node.name.range();
    let Some(keyword) = at.node.keyword else { return unknown(at) };
    let is_deferred = !std::ptr::eq(at.node, &**at.instruction.node);
    let note = is_deferred.then(|| {
        "Deferred by `ONBUILD`: it does not run in this build, but in every build that starts `FROM` this image.".to_owned()
    });
    let here = if is_deferred { Told::default() } else { Teller::new(at.model).tell(at.instruction) };
    let doc = knowledge::instruction(keyword);
    Some(Hover::new(range, paragraphs([note.unwrap_or_default(), page(doc, &here)])))
}

/// The page of an instruction, as hover and `dockwright explain` show it.
pub fn describe(doc: &InstructionDoc) -> String {
    page(doc, &Told::default())
}

/// The page; `here` is what this very instruction does, and then stands for what such ones do in general.
fn page(doc: &InstructionDoc, here: &Told) -> String {
    let acts = match doc.acts {
        Acts::BuildTime => "build time",
        Acts::RunTime => "run time",
        Acts::Both => "build time and run time",
    };
    let deprecated = doc.deprecated.map(|instead| format!("**Deprecated.** {instead}"));
    let since = doc.since.map(|version| format!("Since Dockerfile syntax {version}. "));
    paragraphs([
        format!("**{}** · {acts}", doc.keyword.as_str()),
        doc.summary.to_owned(),
        deprecated.unwrap_or_default(),
        in_this_file(here).unwrap_or_else(|| format!("*{acts}:* {}", doc.acts_note)),
        block("dockerfile", &doc.syntax.join("\n")),
        doc.details.to_owned(),
        format!("Example:\n\n{}", block("dockerfile", doc.example)),
        words(doc.keyword),
        format!("{}{}", since.unwrap_or_default(), link(doc.url)),
    ])
}

/// What the instruction does in this file; `None` when there is nothing to tell.
fn in_this_file(here: &Told) -> Option<String> {
    let parts = [("Here, at build time:", &here.build_time), ("Here, at run time:", &here.run_time)];
    let told =
        parts.iter().filter(|(_, text)| !text.is_empty()).map(|(when, text)| format!("**{when}** {text}"));
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join("\n\n"))
}

/// The words of the glossary that belong to an instruction, each in a sentence and with the way to read on.
fn words(keyword: Keyword) -> String {
    let terms = glossary_words(keyword).iter().filter_map(|word| knowledge::term(word));
    let lines: Vec<String> = terms
        .map(|it| {
            let first = it.meaning.split_once(". ").map_or(it.meaning, |it| it.0);
            format!("- [{}]({}): {}.", it.word, it.url, first.trim_end_matches('.'))
        })
        .collect();
    if lines.is_empty() { String::new() } else { format!("Words:\n\n{}", lines.join("\n")) }
}

fn glossary_words(keyword: Keyword) -> &'static [&'static str] {
    match keyword {
        Keyword::From => &["base image", "stage", "tag", "digest", "registry"],
        Keyword::Run => &["layer", "cache", "build time", "shell form"],
        Keyword::Copy | Keyword::Add => &["build context", "dockerignore", "layer", "stage"],
        Keyword::Cmd | Keyword::Entrypoint => {
            &["entrypoint against command", "exec form", "run time", "container"]
        }
        Keyword::Expose => &["port publishing", "container"],
        Keyword::Volume => &["volume", "bind mount", "container"],
        Keyword::Env => &["environment variable", "run time"],
        Keyword::Arg => &["build argument", "build time"],
        Keyword::User => &["root"],
        Keyword::Workdir => &["working directory"],
        Keyword::Label => &["label", "image"],
        Keyword::Stopsignal => &["pid 1"],
        Keyword::Shell => &["shell form"],
        Keyword::Healthcheck => &["container"],
        Keyword::Onbuild => &["base image"],
        Keyword::Maintainer => &["label"],
    }
}

fn unknown(at: &Place<'_>) -> Option<Hover> {
    let names: Vec<&str> = knowledge::Keyword::ALL.iter().map(|it| it.as_str()).collect();
    let written = at.node.name.as_str().to_uppercase();
    let meant = knowledge::did_you_mean(&written, names)?;
    let text = format!("{} is not an instruction. Did you mean `{meant}`?", code(at.node.name.as_str()));
    Some(Hover::new(at.node.name.range(), text))
}

/// On `<<EOF` or on the line that ends it.
pub(super) fn heredoc(at: &Place<'_>) -> Option<Hover> {
    let heredocs = at.instruction.node.heredocs.iter();
    heredocs.into_iter().find_map(|heredoc| {
        let places = [Some(heredoc.marker), heredoc.terminator];
        let range = places.into_iter().flatten().find(|range| at.touches(*range))?;
        Some(Hover::new(range, describe_heredoc(heredoc, at.node)))
    })
}

fn describe_heredoc(heredoc: &Heredoc, node: &crate::analysis::syntax::Instruction) -> String {
    let name = code(&heredoc.name);
    let is_run = node.keyword == Some(knowledge::Keyword::Run);
    let what = if is_run {
        "The lines up to it are given to the shell as a script, in one layer."
    } else {
        "The lines up to it become a file in the image."
    };
    let expansion = match (heredoc.expands, is_run) {
        (false, _) => "The delimiter is quoted: `$` in the lines stays as it is for the build.",
        (true, true) => "The shell expands `$name` while it runs.",
        (true, false) => {
            "BuildKit puts in the values of `$name`; quote the delimiter to keep them as they are."
        }
    };
    let tabs = if heredoc.strips_tabs { "`<<-` cuts the tabs at the start of each line." } else { "" };
    let end = if heredoc.terminator.is_none() {
        format!("**It never ends**: a line with nothing but {name} is missing, so the build fails.")
    } else {
        String::new()
    };
    paragraphs([
        format!("**Here-document** {name}"),
        what.to_owned(),
        expansion.to_owned(),
        tabs.to_owned(),
        end,
        link("https://docs.docker.com/reference/dockerfile/#here-documents"),
    ])
}
