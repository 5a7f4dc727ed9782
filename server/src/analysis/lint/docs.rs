//! A rule's doc comment, as Markdown and as examples.

use super::rule::{FixSafety, Profile, Rule};

/// A Dockerfile in a doc comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The rule must find something in it.
    pub is_bad: bool,
    pub text: String,
}

const FENCE: &str = "```";

impl Rule {
    /// The doc comment as Markdown: what is wrong, why it hurts, examples, what to write instead. The words behind
    /// the fences that make examples tests are taken off.
    pub fn markdown(&self) -> String {
        let mut out = String::with_capacity(self.doc.len());
        for line in self.doc_lines() {
            match line.strip_prefix("```dockerfile ") {
                Some(kind) => {
                    out += &format!("{}:\n\n```dockerfile", if kind == "bad" { "Bad" } else { "Good" })
                }
                None => out += line,
            }
            out.push('\n');
        }
        out
    }

    /// The examples in order.
    pub fn examples(&self) -> Vec<Example> {
        let mut examples = Vec::new();
        let mut open: Option<Example> = None;
        for line in self.doc_lines() {
            match &mut open {
                Some(_) if line == FENCE => examples.extend(open.take()),
                Some(example) => example.text += &format!("{line}\n"),
                None => {
                    let kind = line.strip_prefix("```dockerfile ");
                    open = kind.map(|kind| Example { is_bad: kind == "bad", text: String::new() });
                }
            }
        }
        examples
    }

    /// The lines of the doc comment without the blank that every `///` leaves.
    fn doc_lines(&self) -> impl Iterator<Item = &'static str> {
        self.doc.lines().map(|line| line.strip_prefix(' ').unwrap_or(line))
    }

    /// The rule's page: a heading, a table of facts, the doc comment.
    pub fn page(&self) -> String {
        let aliases: Vec<_> = self.aliases.iter().map(|it| format!("`{it}`")).collect();
        let mut facts = vec![("Severity", self.severity.as_str().to_owned())];
        facts.push(("Profiles", self.profile_names().join(", ")));
        if !aliases.is_empty() {
            facts.push(("Also called", aliases.join(", ")));
        }
        facts.push(("Fix", self.fix_sentence().to_owned()));
        facts.push(("More", format!("<{}>", self.url)));
        let table: String = facts.iter().map(|(name, value)| format!("| {name} | {value} |\n")).collect();
        format!("# {}\n\n| | |\n|-|-|\n{table}\n{}", self.name, self.markdown())
    }

    /// The profiles the rule is in.
    pub fn profile_names(&self) -> Vec<&'static str> {
        Profile::ALL.into_iter().filter(|it| self.severity_in(*it).is_some()).map(Profile::as_str).collect()
    }

    fn fix_sentence(&self) -> &'static str {
        match self.fix {
            FixSafety::None => "none",
            FixSafety::Safe => "automatic",
            FixSafety::Unsafe => "offered; look at the result",
        }
    }
}

/// The index of all rule pages.
pub fn index(rules: &[&Rule]) -> String {
    let mut out = String::from(
        "# Rules\n\nEvery name in the second column is taken wherever a rule's name is.\n\n\
         | Rule | Also called | Severity | Profiles | Fix | What |\n|-|-|-|-|-|-|\n",
    );
    for rule in rules {
        out += &format!(
            "| [{0}]({0}.md) | {1} | {2} | {3} | {4} | {5} |\n",
            rule.name,
            rule.aliases.join(", "),
            rule.severity.as_str(),
            rule.profile_names().join(", "),
            rule.fix_sentence(),
            rule.summary().replace('|', "\\|"),
        );
    }
    out
}
