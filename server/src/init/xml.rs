//! Enough of XML for `pom.xml` and `.csproj`: the texts of elements by their paths. Never fails; what is broken is short.

/// Every element without elements inside, as (path from the root's children, text): `("build/finalName", "shop")`.
/// An element's attributes come as `path@name`.
pub fn leaves(text: &str) -> Vec<(String, String)> {
    let (mut found, mut open): (Vec<(String, String)>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let content = rest[..at].trim();
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = after.split_once("-->").map_or("", |it| it.1);
            continue;
        }
        let Some((tag, after)) = rest[1..].split_once('>') else { break };
        rest = after;
        if tag.starts_with(['?', '!']) {
            continue;
        }
        if tag.starts_with('/') {
            if !content.is_empty() {
                found.push((path(&open), content.to_owned()));
            }
            open.pop();
            continue;
        }
        let name = tag.split(|it: char| it.is_whitespace() || it == '/').next().unwrap_or_default();
        open.push(name);
        attributes(tag, &path(&open), &mut found);
        if tag.ends_with('/') {
            open.pop();
        }
    }
    found
}

fn path(open: &[&str]) -> String {
    open.iter().skip(1).copied().collect::<Vec<_>>().join("/")
}

fn attributes(tag: &str, path: &str, found: &mut Vec<(String, String)>) {
    for part in tag.split_whitespace().skip(1) {
        if let Some((name, value)) = part.split_once('=') {
            found.push((format!("{path}@{name}"), value.trim_matches(['"', '\'', '/']).to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_attributes_are_found_by_path() {
        let text = "<?xml?><!-- <x>1</x> --><project><a><b> 2 </b></a><c d=\"e\"/><f></f></project>";
        let pair = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        assert_eq!(leaves(text), [pair("a/b", "2"), pair("c@d", "e")]);
        assert_eq!(leaves("<a></b></c><"), []);
    }
}
