//! Names of instructions, snippets, and the fixed words of some instructions.

use super::Context;
use crate::analysis::ide::completion::cursor::Typed;
use crate::analysis::ide::completion::item::{Draft, ItemKind, List};
use crate::analysis::knowledge::{self, Distribution, Keyword, Place, Snippet};
use crate::analysis::syntax::InstructionId;
use crate::analysis::syntax::ast::Arguments;

/// The order to offer them: what one writes most often first.
const ORDER: [Keyword; 18] = [
    Keyword::From,
    Keyword::Run,
    Keyword::Copy,
    Keyword::Workdir,
    Keyword::Env,
    Keyword::Arg,
    Keyword::Cmd,
    Keyword::Entrypoint,
    Keyword::Expose,
    Keyword::User,
    Keyword::Add,
    Keyword::Label,
    Keyword::Volume,
    Keyword::Healthcheck,
    Keyword::Shell,
    Keyword::Stopsignal,
    Keyword::Onbuild,
    Keyword::Maintainer,
];

pub fn add(cx: &Context<'_>, typed: &Typed, is_deferred: bool, list: &mut List) {
    let is_before_from = cx.stage().is_none();
    for keyword in ORDER {
        let doc = knowledge::instruction(keyword);
        let is_legal =
            if is_deferred { doc.onbuild_allowed } else { !is_before_from || doc.before_from_allowed };
        if is_legal {
            list.add(typed, instruction(cx, typed, keyword));
        }
    }
    if !is_deferred && cx.options.supports_snippets {
        let snippets = ordered_snippets(cx, typed);
        snippets.into_iter().for_each(|it| list.add(typed, snippet(cx, it)));
    }
}

fn instruction(cx: &Context<'_>, typed: &Typed, keyword: Keyword) -> Draft {
    let doc = knowledge::instruction(keyword);
    let name = cx.keyword(keyword);
    // Blanks that are there already are enough.
    let text = if typed.next.is_some() { name.clone() } else { format!("{name} ") };
    Draft::new(ItemKind::Instruction, name)
        .detail(doc.summary)
        .key(format!("instruction:{}", keyword.as_str()))
        .inserts(text)
        .deprecated(doc.deprecated.is_some())
        .retriggers()
}

fn snippet(cx: &Context<'_>, snippet: &'static Snippet) -> Draft {
    let body = if cx.is_lower_case { lower_case(snippet.body) } else { snippet.body.to_owned() };
    Draft::new(ItemKind::Snippet, snippet.label)
        .detail(snippet.summary)
        .key(format!("snippet:{}", snippet.label))
        .inserts_snippet(body)
}

/// The names of instructions at the start of lines in lower case.
fn lower_case(body: &str) -> String {
    let lines = body.split_inclusive('\n').map(|line| {
        let len = line.find(char::is_whitespace).unwrap_or(line.len());
        match line.get(..len).and_then(Keyword::parse) {
            Some(keyword) => {
                let rest = line.get(len..).unwrap_or_default().replace(" AS ", " as ");
                format!("{}{rest}", keyword.as_str().to_ascii_lowercase())
            }
            None => line.to_owned(),
        }
    });
    lines.collect()
}

/// The snippets that fit: first those for the base image.
fn ordered_snippets(cx: &Context<'_>, typed: &Typed) -> Vec<&'static Snippet> {
    let distribution = cx.distribution();
    let image = cx.base_image().and_then(|image| image.familiar_name()).unwrap_or_default();
    let is_top = is_top(cx, typed);
    let is_alone = cx.model.file().instructions().all(|it| Some(it.id) == cx.site.instruction);
    let fits = |it: &&'static Snippet| match it.place {
        Place::EmptyFile => is_alone,
        Place::NewStage => true,
        Place::InStage => {
            let is_possible = suits(it, distribution) && !is_for_other_language(it, &image);
            cx.stage().is_some() && is_possible && !is_late(cx, typed, it)
        }
        Place::Top => is_top,
    };
    let mut found: Vec<&Snippet> = knowledge::SNIPPETS.iter().filter(fits).collect();
    found.sort_by_key(|it| !is_for_image(it, &image));
    found
}

/// Only directives stand above.
fn is_top(cx: &Context<'_>, typed: &Typed) -> bool {
    let file = cx.model.file();
    let before = file.text().get(..usize::from(typed.replace.start())).unwrap_or_default();
    before.matches('\n').count() == file.directives().list.len()
        && before.len() == before.trim_end_matches(' ').len()
        && file.directives().list.iter().all(|it| it.name.as_str() != "syntax")
}

/// Whether a snippet can work on that distribution; unknown ones get all of them.
fn suits(snippet: &Snippet, distribution: Option<Distribution>) -> bool {
    let Some(distribution) = distribution else { return true };
    let manager = knowledge::package_manager(distribution).map(|it| it.command);
    match snippet.label {
        "apt-install" | "cache-apt" => manager == Some("apt-get"),
        "apk-add" | "cache-apk" | "user-alpine" => manager == Some("apk"),
        "dnf-install" | "cache-dnf" => manager == Some("dnf"),
        "user-debian" => manager.is_some_and(|it| it != "apk"),
        "pipefail" | "heredoc-bash" | "healthcheck-curl" => manager.is_some_and(|it| it != "apk"),
        "healthcheck-wget" => manager == Some("apk"),
        // Nothing runs in an image without a shell.
        _ if distribution == Distribution::WithoutPackages => !snippet.body.contains("RUN "),
        _ => distribution != Distribution::Windows || !snippet.body.contains("RUN "),
    }
}

/// Whether the stage has already what the snippet adds, or has left root behind, who alone can do it.
fn is_late(cx: &Context<'_>, typed: &Typed, snippet: &Snippet) -> bool {
    let Some(stage) = cx.stage() else { return false };
    let others = stage.instructions.clone().map(InstructionId).filter(|it| Some(*it) != cx.site.instruction);
    let others: Vec<_> = others.filter_map(|it| cx.model.file().instruction(it)).collect();
    let has = |keyword| others.iter().any(|it| it.keyword == Some(keyword));
    let above = others.iter().rev().filter(|it| it.start < typed.replace.start());
    let user = above.filter(|it| it.keyword == Some(Keyword::User)).find_map(|it| match &it.node.arguments {
        Arguments::Single(word) => word.as_ref().map(|it| it.raw().split(':').next().unwrap_or_default()),
        _ => None,
    });
    match snippet.label {
        "healthcheck-curl" | "healthcheck-wget" => has(Keyword::Healthcheck),
        "entrypoint-cmd" => has(Keyword::Entrypoint) || has(Keyword::Cmd),
        "apt-install" | "apk-add" | "dnf-install" | "cache-apt" | "cache-apk" | "cache-dnf"
        | "user-debian" | "user-alpine" => user.is_some_and(|it| !matches!(it, "root" | "0" | "")),
        _ => false,
    }
}

fn is_for_image(snippet: &Snippet, image: &str) -> bool {
    tools_of(image).contains(&snippet.label)
}

/// The snippets for the tools that an image has.
fn tools_of(image: &str) -> &'static [&'static str] {
    match image.rsplit('/').next().unwrap_or_default() {
        "python" | "pypy" => &["cache-pip", "cache-uv"],
        "node" => &["cache-npm", "cache-pnpm", "cache-yarn"],
        "golang" => &["cache-go"],
        "rust" => &["cache-cargo"],
        "maven" => &["cache-maven"],
        "gradle" => &["cache-gradle"],
        "eclipse-temurin" | "amazoncorretto" => &["cache-maven", "cache-gradle"],
        "sdk" => &["cache-nuget"],
        "php" | "composer" => &["cache-composer"],
        "ruby" | "jruby" => &["cache-gem"],
        _ => &[],
    }
}

/// `pip` in an image of Go: such images have the tools of one language. Others may have any.
fn is_for_other_language(snippet: &Snippet, image: &str) -> bool {
    let is_of_system = matches!(snippet.label, "cache-apt" | "cache-apk" | "cache-dnf");
    let tools = tools_of(image);
    snippet.label.starts_with("cache-")
        && !is_of_system
        && !tools.is_empty()
        && !tools.contains(&snippet.label)
}

/// The line that ends an open heredoc.
pub fn heredoc_end(typed: &Typed, delimiter: &str, list: &mut List) {
    list.add(typed, Draft::new(ItemKind::Text, delimiter).detail("ends the here-document above"));
}

pub fn healthcheck_kinds(cx: &Context<'_>, typed: &Typed, has_flags: bool, list: &mut List) {
    let text = if typed.next.is_some() { cx.cased("CMD") } else { format!("{} ", cx.cased("CMD")) };
    let command = Draft::new(ItemKind::Value, cx.cased("CMD"))
        .detail("the command that checks: 0 is healthy, 1 is not");
    list.add(typed, command.inserts(text).key("instruction:HEALTHCHECK").retriggers());
    if !has_flags {
        let none =
            Draft::new(ItemKind::Value, cx.cased("NONE")).detail("no check, also not that of the base image");
        list.add(typed, none.key("instruction:HEALTHCHECK"));
    }
}

pub fn shells(cx: &Context<'_>, typed: &Typed, list: &mut List) {
    let distribution = cx.distribution();
    let is_windows = distribution == Some(Distribution::Windows) || cx.model.file().escape() == '`';
    let is_for_windows = |json: &str| ["powershell", "pwsh", "cmd"].iter().any(|it| json.contains(it));
    let mut shells: Vec<_> = knowledge::SHELLS.iter().collect();
    shells.sort_by_key(|it| {
        let is_alpine = distribution == Some(Distribution::Alpine) && it.json.contains("/ash");
        (is_for_windows(it.json) != is_windows, !is_alpine)
    });
    for shell in shells {
        list.add(
            typed,
            Draft::new(ItemKind::Value, shell.json).detail(shell.summary).key("instruction:SHELL"),
        );
    }
}

pub fn exec_form(cx: &Context<'_>, typed: &Typed, list: &mut List) {
    let draft =
        Draft::new(ItemKind::Snippet, "[\"…\"]").detail("exec form: the program gets the stop signal");
    let keyword = cx.instruction().and_then(|it| it.node.innermost().keyword).unwrap_or(Keyword::Cmd);
    let draft = draft.key(format!("instruction:{}", keyword.as_str())).filter("[");
    let draft = if cx.options.supports_snippets {
        draft.inserts_snippet("[\"${1:program}\"$2]$0")
    } else {
        draft.inserts("[\"\"]")
    };
    list.add(typed, draft);
}
