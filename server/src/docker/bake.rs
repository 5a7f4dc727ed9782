//! What a Bake file says about builds (<https://docs.docker.com/build/bake/reference/>). Pure.
//!
//! HCL is a language of its own; read are the plain parts that nearly all files are made of: blocks, texts, lists and
//! maps, and variables with a default. What is computed counts as not said.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use super::context::{Recipe, scalar};

/// The targets of a `docker-bake.json`.
pub fn recipes_of_json(text: &str) -> Vec<Recipe> {
    serde_json::from_str(text).map(|it| targets(&it)).unwrap_or_default()
}

/// The targets of a `docker-bake.hcl`.
pub fn recipes(text: &str) -> Vec<Recipe> {
    let tokens = tokens(text);
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0 };
    targets(&Value::Object(parser.body()))
}

fn targets(tree: &Value) -> Vec<Recipe> {
    let Some(targets) = tree.get("target").and_then(Value::as_object) else { return Vec::new() };
    let variables = tree.get("variable").cloned().unwrap_or_default();
    let file = File { targets, variables };
    let mut names: Vec<&String> = targets.keys().collect();
    let by_default = tree.pointer("/group/default/targets");
    names.sort_by_key(|name| file.rank(name, by_default));
    names.into_iter().map(|name| file.recipe(name)).collect()
}

struct File<'a> {
    targets: &'a Map<String, Value>,
    variables: Value,
}

impl File<'_> {
    /// What is built without being named comes first, what is only there to be inherited from last.
    fn rank(&self, name: &str, by_default: Option<&Value>) -> u8 {
        let holds = |list: &Value| list.as_array().is_some_and(|it| it.iter().any(|it| it == name));
        let is_inherited = || self.targets.values().filter_map(|it| it.get("inherits")).any(holds);
        match by_default.is_some_and(holds) || name == "default" {
            true => 0,
            false if is_inherited() => 2,
            false => 1,
        }
    }

    fn recipe(&self, name: &str) -> Recipe {
        let lineage = self.lineage(name);
        let get = |key| lineage.iter().find_map(|it| it.get(key));
        let text = |key| get(key).and_then(|it| self.text(it));
        let (platforms, tags) = (get("platforms"), get("tags"));
        let platforms = platforms.and_then(Value::as_array).filter(|it| it.len() == 1);
        let first = |list: Option<&Vec<Value>>| list.and_then(|it| self.text(it.first()?));
        Recipe {
            name: name.to_owned(),
            context: text("context").unwrap_or_else(|| ".".to_owned()),
            dockerfile: text("dockerfile").unwrap_or_else(|| "Dockerfile".to_owned()),
            target: text("target"),
            tag: first(tags.and_then(Value::as_array)),
            platform: first(platforms),
            arguments: self.arguments(&lineage),
        }
    }

    /// A target and all that it inherits from, what counts most first; each once, so that circles end.
    fn lineage(&self, name: &str) -> Vec<&Value> {
        let (mut seen, mut waiting, mut found) = (HashSet::new(), vec![name], Vec::new());
        while let Some(name) = waiting.pop() {
            let Some(target) = self.targets.get(name).filter(|_| seen.insert(name)) else {
                continue;
            };
            found.push(target);
            // The last parent counts most, and is taken from the stack first.
            let parents = target.get("inherits").and_then(Value::as_array).into_iter().flatten();
            waiting.extend(parents.filter_map(Value::as_str));
        }
        found
    }

    /// A target's own arguments stand over those it inherits.
    fn arguments(&self, lineage: &[&Value]) -> BTreeMap<String, Option<String>> {
        let all = lineage.iter().rev().filter_map(|it| it.get("args")?.as_object()).flatten();
        all.filter_map(|(name, value)| Some((name.clone(), Some(self.text(value)?)))).collect()
    }

    /// The text with `${NAME}` replaced by the variable's default.
    fn text(&self, value: &Value) -> Option<String> {
        let text = scalar(value)?;
        let mut result = String::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once("${") {
            let (name, behind) = after.split_once('}')?;
            result.push_str(before);
            result.push_str(&scalar(self.variables.get(name)?.get("default")?)?);
            rest = behind;
        }
        result.push_str(rest);
        Some(result)
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Mark(char),
    LineEnd,
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_comment = rest.starts_with('#') || rest.starts_with("//");
        let length = match first {
            _ if is_comment => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |at| at + 2),
            '"' => {
                let (text, length) = quoted(rest);
                tokens.push(Token::Text(text));
                length
            }
            it if it.is_alphanumeric() || it == '_' => {
                let length =
                    rest.find(|it: char| !(it.is_alphanumeric() || "_-.".contains(it))).unwrap_or(rest.len());
                tokens.push(Token::Word(rest.get(..length).unwrap_or_default().to_owned()));
                length
            }
            '\n' => {
                tokens.push(Token::LineEnd);
                1
            }
            it if it.is_whitespace() => it.len_utf8(),
            it => {
                tokens.push(Token::Mark(it));
                it.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    tokens
}

/// A text in quotes, and how many bytes it takes.
fn quoted(rest: &str) -> (String, usize) {
    let mut text = String::new();
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, it)) = characters.next() {
        match it {
            '"' => return (text, at + 1),
            '\\' => text.extend(characters.next().map(|(_, it)| if it == 'n' { '\n' } else { it })),
            it => text.push(it),
        }
    }
    (text, rest.len())
}

/// Deeper nesting is not read.
const MOST_DEPTH: usize = 32;

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    /// Attributes and blocks up to `}` or the end. A block `kind "name" {}` becomes `{kind: {name: {}}}`.
    fn body(&mut self) -> Map<String, Value> {
        let mut body = Map::new();
        while let Some(token) = self.next() {
            let name = match token {
                Token::Mark('}') => break,
                Token::Word(name) | Token::Text(name) => name,
                _ => continue,
            };
            match self.peek() {
                Some(Token::Mark('=' | ':')) => {
                    self.at += 1;
                    let value = self.value();
                    body.insert(name, value);
                }
                Some(Token::Text(label)) => {
                    let label = label.clone();
                    self.at += 1;
                    let inner = self.block();
                    let of_kind = body.entry(name).or_insert_with(|| Value::Object(Map::new()));
                    if let Some(of_kind) = of_kind.as_object_mut() {
                        of_kind.insert(label, inner);
                    }
                }
                Some(Token::Mark('{')) => {
                    let inner = self.block();
                    body.insert(name, inner);
                }
                _ => {}
            }
        }
        body
    }

    fn block(&mut self) -> Value {
        if self.peek() != Some(&Token::Mark('{')) || self.depth >= MOST_DEPTH {
            return Value::Null;
        }
        self.at += 1;
        self.depth += 1;
        let body = self.body();
        self.depth -= 1;
        Value::Object(body)
    }

    /// A text, word, list or map that stands alone; anything computed is null.
    fn value(&mut self) -> Value {
        let value = match self.peek() {
            Some(Token::Mark('{')) => return self.block(),
            Some(Token::Mark('[')) => return self.list(),
            Some(Token::Text(text) | Token::Word(text)) => Value::from(text.as_str()),
            _ => Value::Null,
        };
        self.at += 1;
        let ends = matches!(self.peek(), None | Some(Token::LineEnd | Token::Mark(',' | ']' | '}')));
        if ends {
            return value;
        }
        self.skip_expression();
        Value::Null
    }

    fn list(&mut self) -> Value {
        self.at += 1;
        let mut items = Vec::new();
        if self.depth >= MOST_DEPTH {
            return Value::Null;
        }
        self.depth += 1;
        while let Some(token) = self.peek() {
            match token {
                Token::Mark(']') => {
                    self.at += 1;
                    break;
                }
                Token::Mark(',') | Token::LineEnd => self.at += 1,
                _ => items.push(self.value()),
            }
        }
        self.depth -= 1;
        Value::Array(items)
    }

    /// To the end of the line or of the list, over whatever is in parentheses.
    fn skip_expression(&mut self) {
        let mut open = 0;
        while let Some(token) = self.peek() {
            match token {
                Token::Mark('(' | '[' | '{') => open += 1,
                Token::LineEnd | Token::Mark(',' | ')' | ']' | '}') if open == 0 => return,
                Token::Mark(')' | ']' | '}') => open -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hcl_is_read_with_variables_and_inheritance() {
        let text = r#"
variable "TAG" { default = "1.2" }   # a comment
group "default" { targets = ["api"] }
target "base" {
  context = "services"
  args = { VERSION = "3", COMPUTED = upper("x"), "QUOTED" = 7 }
}
target "api" {
  inherits   = ["base"]
  dockerfile = "api/Dockerfile"
  tags       = ["acme/api:${TAG}", "acme/api:latest"]
  platforms  = ["linux/amd64"]
  labels     = merge({ a = "}" }, local.x)
  target     = "app"
}
"#;
        let recipes = recipes(text);
        let api = recipes.iter().find(|it| it.name == "api").unwrap();
        assert_eq!((api.context.as_str(), api.dockerfile.as_str()), ("services", "api/Dockerfile"));
        assert_eq!((api.tag.as_deref(), api.target.as_deref()), (Some("acme/api:1.2"), Some("app")));
        assert_eq!(api.platform.as_deref(), Some("linux/amd64"));
        let value = |name: &str| api.arguments.get(name).cloned().flatten();
        assert_eq!((value("VERSION").as_deref(), value("QUOTED").as_deref()), (Some("3"), Some("7")));
        assert_eq!(value("COMPUTED"), None);
    }

    #[test]
    fn what_is_built_comes_before_what_is_inherited_from() {
        let text = "target \"base\" {\n args = { A = 1, B = 1 }\n}\ntarget \"app\" {\n inherits = [\"base\"]\n \
                    args = { B = 2 }\n}\ntarget \"extra\" {}\n";
        let names = |text: &str| recipes(text).into_iter().map(|it| it.name).collect::<Vec<_>>();
        assert_eq!(names(text), ["app", "extra", "base"]);
        assert_eq!(
            names(&format!("{text}group \"default\" {{ targets = [\"extra\"] }}\n")),
            ["extra", "app", "base"]
        );
        let app = &recipes(text)[0];
        let arguments: Vec<_> =
            app.arguments.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect();
        assert_eq!(arguments, [("A", Some("1")), ("B", Some("2"))]);
    }

    #[test]
    fn targets_that_inherit_in_circles_end() {
        let many = vec!["\"a\""; 200].join(", ");
        let text = format!("target \"a\" {{ inherits = [{many}] }}\n");
        assert_eq!(recipes(&text).len(), 1);
    }

    #[test]
    fn json_is_read_too() {
        let recipes = recipes_of_json(r#"{"target": {"a": {"context": "x", "args": {"N": "1"}}}}"#);
        assert_eq!((recipes[0].context.as_str(), recipes[0].dockerfile.as_str()), ("x", "Dockerfile"));
        assert_eq!(recipes_of_json("[").len(), 0);
    }

    #[test]
    fn targets_that_inherit_from_each_other_come_to_an_end() {
        let text = "target \"a\" { inherits = [\"b\"] }\ntarget \"b\" { inherits = [\"a\"] }";
        assert_eq!(recipes(text).len(), 2);
    }

    proptest! {
        #[test]
        fn nothing_makes_it_fail(text in "[a-z\"{}\\[\\](),=#/*$\\\\\n ]{0,80}") {
            let _ = recipes(&text);
        }
    }
}
