//! The flags of a command, as the rules that ask for them count: `--x=v` is the flag `x`, `-abc` is `a`, `b`
//! and `c`. Whether a flag takes a value only the caller knows. Behind `--` nothing is a flag.

use smol_str::SmolStr;

use super::script::{ShellCommand, ShellWord};

/// One flag, and the argument it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellFlag<'a> {
    /// Without dashes and value.
    pub name: SmolStr,
    /// Index into [`ShellCommand::arguments`].
    pub index: usize,
    pub word: &'a ShellWord,
}

impl ShellCommand {
    /// All flags in order.
    pub fn flags(&self) -> Vec<ShellFlag<'_>> {
        let mut flags = Vec::new();
        for (index, word) in self.flag_words() {
            let text = word.literal_part();
            match text.strip_prefix("--") {
                Some(long) => {
                    let name = long.split('=').next().unwrap_or_default().into();
                    flags.push(ShellFlag { name, index, word });
                }
                None => flags.extend(text.chars().skip(1).map(|letter| {
                    let name = SmolStr::from_iter([letter]);
                    ShellFlag { name, index, word }
                })),
            }
        }
        flags
    }

    /// Whether `-x` (one letter, also among others: `-axf`) or `--name` is given.
    pub fn has_flag(&self, name: &str) -> bool {
        self.flag_words().any(|(_, word)| word_has_flag(word, name))
    }

    /// Whether any of the flags is given.
    pub fn has_any_flag(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has_flag(name))
    }

    /// How often the flag is given: `-qq` is twice `q`.
    pub fn count_flag(&self, name: &str) -> usize {
        self.flags().iter().filter(|flag| flag.name == name).count()
    }

    /// The argument that holds the flag.
    pub fn flag(&self, name: &str) -> Option<&ShellWord> {
        self.flag_words().map(|(_, word)| word).find(|word| word_has_flag(word, name))
    }

    /// The value of a flag that takes one: what follows `=`, else the next argument.
    /// For a single letter also what follows it in the same argument (`-t=x`, `-tx`).
    pub fn flag_value(&self, name: &str) -> Option<SmolStr> {
        let (index, word) = self.flag_words().find(|(_, word)| word_has_flag(word, name))?;
        let text = word.as_str();
        let inline = match text.strip_prefix("--") {
            Some(long) => long.split_once('=').map(|(_, value)| value),
            None => text.split_once(name).map(|(_, rest)| rest.trim_start_matches('=')),
        };
        match inline {
            Some(value) if !value.is_empty() => Some(value.into()),
            _ => self.arguments.get(index + 1).map(|next| next.text.clone()),
        }
    }

    /// The arguments that start with no dash.
    pub fn arguments_without_flags(&self) -> impl Iterator<Item = &ShellWord> {
        self.arguments.iter().filter(|word| !word.as_str().starts_with('-'))
    }

    /// The same without the values of the flags in `with_value`, when these are arguments of their own
    /// (`-t name`, but not `--target=name`).
    pub fn arguments_without_flags_and_values(&self, with_value: &[&str]) -> Vec<&ShellWord> {
        let mut kept = Vec::new();
        let mut is_value = false;
        for word in &self.arguments {
            let is_flag = word.as_str().starts_with('-');
            if !is_flag && !is_value {
                kept.push(word);
            }
            is_value = is_flag && with_value.iter().any(|name| takes_next(word.as_str(), name));
        }
        kept
    }

    /// Whether an argument is exactly `text`.
    pub fn has_argument(&self, text: &str) -> bool {
        self.arguments.iter().any(|word| word.text == text)
    }

    /// Whether an argument is one of `texts`.
    pub fn has_any_argument(&self, texts: &[&str]) -> bool {
        self.arguments.iter().any(|word| texts.contains(&word.as_str()))
    }

    /// The first argument that is no flag: `install` in `apt-get -y install`.
    pub fn subcommand(&self) -> Option<&ShellWord> {
        self.arguments_without_flags().next()
    }

    fn flag_words(&self) -> impl Iterator<Item = (usize, &ShellWord)> {
        let before_end = self.arguments.iter().take_while(|word| word.text != "--");
        before_end.enumerate().filter(|(_, word)| word.text.starts_with('-') && word.text.len() > 1)
    }
}

fn word_has_flag(word: &ShellWord, name: &str) -> bool {
    let text = word.literal_part();
    match text.strip_prefix("--") {
        Some(long) => long.split('=').next() == Some(name),
        None => name.chars().count() == 1 && text.get(1..).is_some_and(|letters| letters.contains(name)),
    }
}

/// Whether the argument after `text` is the value of the flag `name`: `--name` alone, or a cluster ending in it.
fn takes_next(text: &str, name: &str) -> bool {
    match text.strip_prefix("--") {
        Some(long) => long == name,
        None => name.chars().count() == 1 && text.ends_with(name),
    }
}
