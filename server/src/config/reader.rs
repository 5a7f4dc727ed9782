//! Reads an object key by key and notes what cannot be taken.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Door, Problem};

pub struct Reader<'a> {
    object: &'a Map<String, Value>,
    /// The key of the object itself with a dot behind; empty at the top.
    path: String,
    door: Door,
    problems: &'a mut Vec<Problem>,
    known: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    /// `None` for anything but an object; a problem unless it is `null`.
    pub fn new(tree: &'a Value, door: Door, problems: &'a mut Vec<Problem>) -> Option<Self> {
        match tree {
            Value::Object(object) => {
                Some(Reader { object, path: String::new(), door, problems, known: Vec::new() })
            }
            Value::Null => None,
            _ => {
                let message = format!("the settings are {tree}, which is no table of keys; they are ignored");
                problems.push(Problem { key: String::new(), message });
                None
            }
        }
    }

    pub fn value<T: DeserializeOwned>(&mut self, key: &'static str, into: &mut T) {
        if let Some(value) = self.get(key) {
            let path = self.path_of(key);
            self.take(path, value, into);
        }
    }

    /// A value that is absent unless somebody sets it.
    pub fn optional<T: DeserializeOwned>(&mut self, key: &'static str, into: &mut Option<T>) {
        if let Some(value) = self.get(key) {
            let path = self.path_of(key);
            self.take_some(path, value, into);
        }
    }

    /// A value that a file of the workspace may not give.
    pub fn guarded<T: DeserializeOwned>(&mut self, key: &'static str, into: &mut T) {
        if self.door == Door::User {
            return self.value(key, into);
        }
        if self.get(key).is_some() {
            self.refuse(key);
        }
    }

    /// A switch that a file of the workspace may set to `safe` only.
    pub fn only_to(&mut self, key: &'static str, safe: bool, into: &mut bool) {
        let mut wanted = *into;
        self.value(key, &mut wanted);
        if self.door == Door::User || wanted == safe {
            *into = wanted;
        } else if self.get(key).is_some() {
            self.refuse(key);
        }
    }

    /// A map in which each entry is taken, or not, for itself.
    pub fn entries<T: DeserializeOwned>(&mut self, key: &'static str, into: &mut BTreeMap<String, T>) {
        let Some(value) = self.get(key) else { return };
        let path = self.path_of(key);
        let mut entries = BTreeMap::<String, Value>::new();
        self.take(path.clone(), value, &mut entries);
        for (name, value) in entries {
            let mut taken = None;
            self.take_some(format!("{path}.{name}"), &value, &mut taken);
            if let Some(taken) = taken {
                into.insert(name, taken);
            }
        }
    }

    /// A list of objects, read by `read`.
    pub fn list<T>(&mut self, key: &'static str, into: &mut Vec<T>, read: impl Fn(&mut Reader<'_>) -> T) {
        let Some(value) = self.get(key) else { return };
        let path = self.path_of(key);
        let mut items = Vec::<Map<String, Value>>::new();
        self.take(path.clone(), value, &mut items);
        *into = Vec::with_capacity(items.len());
        for (at, object) in items.iter().enumerate() {
            let path = format!("{path}[{at}].");
            let (door, problems) = (self.door, &mut *self.problems);
            into.push(read(&mut Reader { object, path, door, problems, known: Vec::new() }));
        }
    }

    pub fn section(&mut self, key: &'static str, read: impl FnOnce(&mut Reader<'_>)) {
        let Some(value) = self.get(key) else { return };
        let path = self.path_of(key);
        let Value::Object(object) = value else {
            return self.report(path, value, "expected a table of keys");
        };
        let (door, problems) = (self.door, &mut *self.problems);
        read(&mut Reader { object, path: path + ".", door, problems, known: Vec::new() });
    }

    /// A key that somebody else reads.
    pub fn skip(&mut self, key: &'static str) {
        self.known.push(key);
    }

    /// Names the keys that nothing was read from.
    pub fn report_unknown(&mut self) {
        let is_unknown = |name: &&String| !self.known.contains(&camel_case(name).as_str());
        for name in self.object.keys().filter(is_unknown) {
            let meant = nearest(&camel_case(name), &self.known);
            let hint = meant.map(|it| format!("; did you mean `{}{it}`?", self.path)).unwrap_or_default();
            let key = format!("{}{name}", self.path);
            let message = format!("there is no setting `{key}`{hint}");
            self.problems.push(Problem { key, message });
        }
    }

    fn get(&mut self, key: &'static str) -> Option<&'a Value> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        let is_it = |(name, _): &(&'a String, &'a Value)| camel_case(name) == key;
        self.object.iter().find(is_it).map(|(_, value)| value).filter(|value| !value.is_null())
    }

    fn path_of(&self, key: &str) -> String {
        format!("{}{key}", self.path)
    }

    fn take<T: DeserializeOwned>(&mut self, path: String, value: &Value, into: &mut T) {
        match T::deserialize(value) {
            Ok(taken) => *into = taken,
            Err(error) => self.report(path, value, &error.to_string()),
        }
    }

    /// As [`Reader::take`], but `Some` only if there was nothing to report.
    fn take_some<T: DeserializeOwned>(&mut self, path: String, value: &Value, into: &mut Option<T>) {
        match T::deserialize(value) {
            Ok(taken) => *into = Some(taken),
            Err(error) => self.report(path, value, &error.to_string()),
        }
    }

    fn report(&mut self, key: String, value: &Value, expected: &str) {
        let value = shortened(&value.to_string());
        let message = format!("the setting `{key}` is {value}: {expected}; it is left as it was");
        self.problems.push(Problem { key, message });
    }

    fn refuse(&mut self, key: &str) {
        let key = self.path_of(key);
        let message = format!(
            "the setting `{key}` is ignored in a file of the workspace; set it in the editor's settings or in \
             your own `dockwright.toml`"
        );
        self.problems.push(Problem { key, message });
    }
}

/// `keyword-case` and `keywordCase` are one key.
fn camel_case(name: &str) -> String {
    let mut parts = name.split('-');
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut characters = part.chars();
        result.extend(characters.next().map(|it| it.to_ascii_uppercase()));
        result.push_str(characters.as_str());
    }
    result
}

fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let distance = |key: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &key.to_lowercase());
    known
        .iter()
        .map(|key| (distance(key), *key))
        .min()
        .filter(|(distance, _)| *distance <= 2)
        .map(|(_, key)| key)
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}
