//! The pages for a name, as Markdown. A name may mean several things; all of them are shown.

use crate::analysis::ide::hover::{flag_page, instruction_page, mount_page};
use crate::analysis::knowledge::{
    self, BUILD_VARIABLES, BuildVariable, COMMANDS, CommandDoc, DIRECTIVES, DirectiveDoc,
    ENVIRONMENT_VARIABLES, EnvironmentVariable, FlagDoc, Keyword, MountType, SIGNALS, SIGNALS_URL, SignalDoc,
    TERMS, Term,
};
use crate::analysis::lint::{RULES, rules_named};

/// All pages about `name`, the most likely first.
pub fn pages(name: &str) -> Vec<String> {
    let mut pages: Vec<String> = rules_named(name).iter().map(|rule| rule.page()).collect();
    pages.extend(Keyword::parse(name).map(instruction));
    pages.extend(flags(name));
    let bare = name.trim_start_matches("--mount=").trim_start_matches("type=");
    pages.extend(MountType::parse(&bare.to_ascii_lowercase()).map(mount_page));
    pages.extend(knowledge::directive(&directive_name(name)).map(directive));
    pages.extend(knowledge::build_variable(&variable_name(name)).map(build_variable));
    pages.extend(knowledge::environment_variable(&variable_name(name)).map(environment_variable));
    let is_number = name.bytes().all(|it| it.is_ascii_digit());
    pages.extend(knowledge::signal_named(name).filter(|_| !is_number).map(signal));
    pages.extend(knowledge::command(name).map(command));
    pages.extend(knowledge::term(name).map(term));
    pages
}

/// `# escape=`, `escape=` and `escape` are one.
fn directive_name(name: &str) -> String {
    let name = name.trim_start_matches('#').trim();
    name.split('=').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// `${TARGETOS}`, `$TARGETOS` and `TARGETOS` are one.
fn variable_name(name: &str) -> String {
    name.trim_start_matches('$').trim_matches(['{', '}']).to_ascii_uppercase()
}

fn instruction(keyword: Keyword) -> String {
    let doc = knowledge::instruction(keyword);
    let mut page = instruction_page(doc);
    for mistake in doc.mistakes {
        let wrong = format!("```dockerfile\n{}\n```", mistake.wrong);
        let right = format!("```dockerfile\n{}\n```", mistake.right);
        page += &format!("\n\nA common mistake:\n\n{wrong}\n\n{}\n\nBetter:\n\n{right}", mistake.why);
    }
    let flags: Vec<String> =
        knowledge::flags(keyword).iter().map(|it| format!("- `--{}` — {}", it.name, it.summary)).collect();
    match flags.is_empty() {
        true => page,
        false => format!("{page}\n\nFlags:\n\n{}", flags.join("\n")),
    }
}

/// `--from`, `COPY --from` or `COPY --from=stage`: the flag of that instruction, or of all that have it.
fn flags(name: &str) -> Vec<String> {
    let Some((before, after)) = name.split_once("--") else { return Vec::new() };
    let wanted = after.split('=').next().unwrap_or_default().trim().to_ascii_lowercase();
    let only = Keyword::parse(before.trim());
    let has_it = Keyword::ALL.into_iter().filter(|it| before.trim().is_empty() || only == Some(*it));
    has_it.filter_map(|it| Some(flag_page(it, knowledge::flag(it, &wanted)?))).collect()
}

fn directive(doc: &DirectiveDoc) -> String {
    let head = format!("**# {}=** · parser directive\n\n{}\n\n{}", doc.name, doc.summary, doc.details);
    let default = format!("Default: {}", doc.default);
    format!("{head}\n\n{default}\n\n```dockerfile\n{}\n```\n\n[Reference]({})", doc.example, doc.url)
}

fn build_variable(doc: &BuildVariable) -> String {
    let since = doc.since.map(|it| format!("Since Dockerfile syntax {it}. ")).unwrap_or_default();
    format!(
        "**{}** · variable of the builder\n\n{}\n\n{}\n\nFor example `{}`.\n\n{since}[Reference]({})",
        doc.name,
        doc.summary,
        doc.kind.usage(),
        doc.example,
        doc.url
    )
}

fn environment_variable(doc: &EnvironmentVariable) -> String {
    let hint = if doc.build_only { "\n\nBetter set for one `RUN` than with `ENV`." } else { "" };
    format!(
        "**{}** · read by {}\n\n{}{hint}\n\nUsual: `{}={}`\n\n[More]({})",
        doc.name, doc.read_by, doc.summary, doc.name, doc.example, doc.url
    )
}

fn signal(doc: &SignalDoc) -> String {
    let users = match doc.used_by {
        "" => String::new(),
        users => format!("\n\nUsed as `STOPSIGNAL` for {users}."),
    };
    format!("**{}** · signal {}\n\n{}{users}\n\n[More]({SIGNALS_URL})", doc.name, doc.number, doc.summary)
}

fn command(doc: &CommandDoc) -> String {
    let mut page = format!("**{}** · command\n\n{}", doc.name, doc.summary);
    if !doc.example.is_empty() {
        page += &format!("\n\n```dockerfile\nRUN {}\n```", doc.example.trim_start_matches("RUN "));
    }
    if let Some(cache) = doc.cache.first() {
        page += &format!("\n\nKeep its cache between builds: `RUN {}`", cache.mount_flag());
    }
    page + &format!("\n\n[Manual]({})", doc.url)
}

fn term(term: &Term) -> String {
    let also = match term.also {
        [] => String::new(),
        also => format!("\n\nAlso: {}.", also.join(", ")),
    };
    format!(
        "# {}\n\n{}{also}\n\n```\n{}\n```\n\n[Reference]({})",
        term.word, term.meaning, term.example, term.url
    )
}

/// Where to read about a check of another tool.
pub fn foreign(name: &str) -> Option<String> {
    let upper = name.to_ascii_uppercase();
    let is_code = |prefix: &str| {
        upper.strip_prefix(prefix).is_some_and(|it| it.len() == 4 && it.parse::<u16>().is_ok())
    };
    if is_code("SC") {
        return Some(format!("it is a check of ShellCheck, see https://www.shellcheck.net/wiki/{upper}"));
    }
    is_code("DL").then(|| format!("it is a rule of hadolint that has no counterpart here, see https://github.com/hadolint/hadolint/wiki/{upper}"))
}

/// The name that was meant, as a question.
pub fn meant(name: &str) -> Option<String> {
    let names = names();
    let found = knowledge::did_you_mean(name, names.iter().map(String::as_str))?;
    Some(format!("did you mean `{found}`?"))
}

fn names() -> Vec<String> {
    let rules =
        RULES.iter().flat_map(|it| std::iter::once(&it.name).chain(it.aliases)).map(|it| it.to_string());
    let keywords = Keyword::ALL.into_iter().map(|it| it.as_str().to_owned());
    let flag = |it: &FlagDoc| format!("--{}", it.name);
    let flags = Keyword::ALL.into_iter().flat_map(|it| knowledge::flags(it).iter().map(flag));
    let others = DIRECTIVES.iter().map(|it| it.name).chain(BUILD_VARIABLES.iter().map(|it| it.name));
    let others =
        others.chain(ENVIRONMENT_VARIABLES.iter().map(|it| it.name)).chain(SIGNALS.iter().map(|it| it.name));
    let others = others.chain(COMMANDS.iter().map(|it| it.name)).chain(TERMS.iter().map(|it| it.word));
    rules.chain(keywords).chain(flags).chain(others.map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_that_is_suggested_has_a_page() {
        for name in names() {
            assert!(!pages(&name).is_empty(), "{name}");
        }
    }

    #[test]
    fn a_flag_is_found_with_and_without_its_instruction() {
        assert_eq!(pages("COPY --link").len(), 1);
        assert!(!pages("--from").is_empty());
        assert!(pages("--platform=linux/amd64")[0].contains("--platform"));
        assert_eq!(pages("RUN --link"), [""; 0]);
        assert!(pages("${TARGETOS}")[0].contains("TARGETOS"));
    }

    #[test]
    fn slips_and_other_tools_get_a_hint() {
        assert_eq!(meant("entrypiont").as_deref(), Some("did you mean `ENTRYPOINT`?"));
        assert!(foreign("sc2086").unwrap().ends_with("/SC2086"));
        assert_eq!(foreign("SC20860"), None);
    }
}
