//! What a Compose file says about builds (<https://docs.docker.com/reference/compose-file/build/>). Pure.

use std::collections::BTreeMap;

use saphyr::{LoadableYamlNode, YamlOwned};
use serde_json::{Map, Value};

use super::context::{Recipe, scalar};

/// The services that are built, in their order; a file that cannot be read has none.
pub fn recipes(text: &str) -> Vec<Recipe> {
    let documents = YamlOwned::load_from_str(text).unwrap_or_default();
    let tree = documents.first().map(to_json).unwrap_or_default();
    let services = tree.get("services").and_then(Value::as_object).cloned().unwrap_or_default();
    services.iter().filter_map(|(name, service)| recipe(name, service)).collect()
}

fn recipe(name: &str, service: &Value) -> Option<Recipe> {
    let image = service.get("image").and_then(text);
    let recipe = Recipe { name: name.to_owned(), tag: image, ..Recipe::default() };
    let build = match service.get("build")? {
        Value::Object(build) => build,
        short => {
            return Some(Recipe { context: text(short)?, dockerfile: "Dockerfile".to_owned(), ..recipe });
        }
    };
    let get = |key: &str| build.get(key).and_then(text);
    let platforms = build.get("platforms").and_then(Value::as_array);
    let only_platform = platforms.filter(|it| it.len() == 1).and_then(|it| text(it.first()?));
    let context = if build.contains_key("context") { get("context")? } else { ".".to_owned() };
    Some(Recipe {
        context,
        dockerfile: get("dockerfile").unwrap_or_else(|| "Dockerfile".to_owned()),
        target: get("target"),
        platform: only_platform.or_else(|| service.get("platform").and_then(text)),
        arguments: build.get("args").map(arguments).unwrap_or_default(),
        ..recipe
    })
}

/// A mapping, or a list of `NAME=value`; without a value the environment's counts.
fn arguments(args: &Value) -> BTreeMap<String, Option<String>> {
    match args {
        Value::Object(args) => args.iter().filter_map(|(name, value)| argument(name, value)).collect(),
        Value::Array(args) => args
            .iter()
            .filter_map(|it| {
                let it = it.as_str()?;
                match it.split_once('=') {
                    Some((name, value)) => Some((name.to_owned(), Some(interpolated(value)?))),
                    None => Some((it.to_owned(), None)),
                }
            })
            .collect(),
        _ => BTreeMap::new(),
    }
}

fn argument(name: &str, value: &Value) -> Option<(String, Option<String>)> {
    let value = if value.is_null() { None } else { Some(text(value)?) };
    Some((name.to_owned(), value))
}

fn text(value: &Value) -> Option<String> {
    interpolated(&scalar(value)?)
}

/// The text with `${NAME:-default}` replaced by the default; `None` if a variable has none, since what it stands for
/// depends on files and an environment that are Compose's business.
fn interpolated(text: &str) -> Option<String> {
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, after) = rest.split_at(at);
        result.push_str(before);
        let after = after.strip_prefix('$')?;
        if let Some(behind) = after.strip_prefix('$') {
            result.push('$');
            rest = behind;
            continue;
        }
        let (inside, behind) = after.strip_prefix('{')?.split_once('}')?;
        let (_, default) = inside.split_once('-')?;
        result.push_str(default);
        rest = behind;
    }
    result.push_str(rest);
    Some(result)
}

fn to_json(yaml: &YamlOwned) -> Value {
    match yaml {
        YamlOwned::Value(saphyr::ScalarOwned::Boolean(it)) => Value::from(*it),
        YamlOwned::Value(saphyr::ScalarOwned::Integer(it)) => Value::from(*it),
        YamlOwned::Value(saphyr::ScalarOwned::FloatingPoint(it)) => Value::from(it.into_inner()),
        YamlOwned::Value(saphyr::ScalarOwned::String(it)) => Value::from(it.as_str()),
        YamlOwned::Sequence(items) => items.iter().map(to_json).collect(),
        YamlOwned::Mapping(entries) => {
            let pairs =
                entries.iter().filter_map(|(key, value)| Some((key.as_str()?.to_owned(), to_json(value))));
            Value::Object(pairs.collect::<Map<_, _>>())
        }
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_forms_are_read() {
        let text = "services:
  a: { build: ./a }
  b:
    image: shop:${TAG:-dev}
    platform: linux/arm64
    build:
      dockerfile: b.Dockerfile
      args: [VERSION=1.5, HTTP_PROXY, 'HOME=${HOME}']
  c: { image: postgres }
";
        let recipes = recipes(text);
        assert_eq!(recipes.len(), 2);
        assert_eq!((recipes[0].context.as_str(), recipes[0].dockerfile.as_str()), ("./a", "Dockerfile"));
        let b = &recipes[1];
        assert_eq!((b.context.as_str(), b.dockerfile.as_str()), (".", "b.Dockerfile"));
        assert_eq!((b.tag.as_deref(), b.platform.as_deref()), (Some("shop:dev"), Some("linux/arm64")));
        let expected = [("HTTP_PROXY".to_owned(), None), ("VERSION".to_owned(), Some("1.5".to_owned()))];
        assert_eq!(b.arguments, BTreeMap::from(expected));
    }

    #[test]
    fn nonsense_has_no_services() {
        for text in
            ["", "[", "services: 3", "services: {a: {build: 3, b: [}}", "services:\n  a:\n    build:\n"]
        {
            assert!(recipes(text).iter().all(|it| it.context != "."), "{text}");
        }
    }
}
