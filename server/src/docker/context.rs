//! The build context of a Dockerfile: what a Compose or Bake file says, else the folder that has what is copied.
//!
//! Reads the disk, starts nothing. What files of the workspace say is data: [`super::command`] refuses what an engine
//! could take for a flag.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde_json::Value;

use super::{bake, compose};

/// How a Dockerfile is meant to be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    pub folder: PathBuf,
    pub target: Option<String>,
    pub tag: Option<String>,
    pub platform: Option<String>,
    /// `None`: the value is that of the environment.
    pub arguments: BTreeMap<String, Option<String>>,
    pub origin: Origin,
}

/// Who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A service of a Compose file, or a target of a Bake file.
    Project { file: PathBuf, name: String },
    /// All or most of what the Dockerfile copies is there.
    Copies,
    /// Nobody: it is the Dockerfile's folder.
    Default,
}

/// What one service or target says about a build.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recipe {
    pub name: String,
    /// From the folder of the file that says so.
    pub context: String,
    /// From the context.
    pub dockerfile: String,
    pub target: Option<String>,
    pub tag: Option<String>,
    pub platform: Option<String>,
    pub arguments: BTreeMap<String, Option<String>>,
}

/// Longer project files (bytes) are not read.
const LONGEST: u64 = 1 << 20;
/// Folders above the Dockerfile that are looked at.
const MOST_FOLDERS: usize = 16;

type Read = fn(&str) -> Vec<Recipe>;
const PROJECT_FILES: [(&str, Read); 6] = [
    ("compose.yaml", compose::recipes),
    ("compose.yml", compose::recipes),
    ("docker-compose.yaml", compose::recipes),
    ("docker-compose.yml", compose::recipes),
    ("docker-bake.hcl", bake::recipes),
    ("docker-bake.json", bake::recipes_of_json),
];

/// The context of `dockerfile` (absolute), which copies `sources`. Files above `root` do not count; without it only
/// the Dockerfile's own folder does. Of several recipes the one for `target` is taken, else the first.
pub fn find(dockerfile: &Path, root: Option<&Path>, sources: &[String], target: Option<&str>) -> Context {
    let dockerfile = clean(dockerfile);
    let own = dockerfile.parent().unwrap_or(Path::new("/"));
    let folders = folders(own, root);
    let mut found: Vec<Context> = folders.iter().flat_map(|it| recipes_in(it, &dockerfile)).collect();
    let fits = found.iter().position(|it| target.is_some() && it.target.as_deref() == target);
    if !found.is_empty() {
        return found.swap_remove(fits.unwrap_or(0));
    }
    let folder = most_fitting(&folders, sources);
    let origin = if folder.is_some() { Origin::Copies } else { Origin::Default };
    Context::new(folder.unwrap_or(own).to_owned(), origin)
}

impl Context {
    fn new(folder: PathBuf, origin: Origin) -> Context {
        let arguments = BTreeMap::new();
        Context { folder, target: None, tag: None, platform: None, arguments, origin }
    }
}

/// `own` and the folders above it up to `root`.
fn folders<'a>(own: &'a Path, root: Option<&Path>) -> Vec<&'a Path> {
    let root = root.map(clean);
    let top = root.as_deref().filter(|it| own.starts_with(it)).unwrap_or(own);
    own.ancestors().take_while(|it| it.starts_with(top)).take(MOST_FOLDERS).collect()
}

fn recipes_in(folder: &Path, dockerfile: &Path) -> Vec<Context> {
    let mut found = Vec::new();
    for (name, read) in PROJECT_FILES {
        let path = folder.join(name);
        let is_readable = path.metadata().is_ok_and(|it| it.is_file() && it.len() <= LONGEST);
        let Some(text) = is_readable.then(|| std::fs::read_to_string(&path).ok()).flatten() else { continue };
        found.extend(read(&text).into_iter().filter_map(|it| recipe_for(it, &path, dockerfile)));
    }
    found
}

/// The recipe as a context, if it is about this Dockerfile.
fn recipe_for(recipe: Recipe, file: &Path, dockerfile: &Path) -> Option<Context> {
    let folder = clean(&file.parent()?.join(&recipe.context));
    let is_it = clean(&folder.join(&recipe.dockerfile)) == dockerfile && folder.is_dir();
    is_it.then(|| Context {
        target: recipe.target,
        tag: recipe.tag,
        platform: recipe.platform,
        arguments: recipe.arguments,
        ..Context::new(folder, Origin::Project { file: file.to_owned(), name: recipe.name })
    })
}

/// The first folder that has all sources, else the one that has most of them; `None` if none has any.
fn most_fitting<'a>(folders: &[&'a Path], sources: &[String]) -> Option<&'a Path> {
    let count = |folder: &Path| sources.iter().filter(|it| has(folder, it)).count();
    let counted: Vec<(usize, &Path)> = folders.iter().map(|it| (count(it), *it)).collect();
    let most = counted.iter().map(|(count, _)| *count).max().filter(|it| *it > 0)?;
    counted.into_iter().find(|(count, _)| *count == most).map(|(_, folder)| folder)
}

/// Whether `folder` has a source of `COPY`; of patterns the part before the first wildcard counts.
fn has(folder: &Path, source: &str) -> bool {
    let source = source.trim_start_matches('/');
    let Some(wildcard) = source.find(['*', '?', '[']) else {
        return folder.join(source).exists();
    };
    let (before, _) = source.split_at(wildcard);
    let (parent, start) = before.rsplit_once('/').unwrap_or(("", before));
    let entries = std::fs::read_dir(folder.join(parent)).into_iter().flatten().flatten();
    entries.take(10_000).any(|it| it.file_name().to_string_lossy().starts_with(start))
}

/// The path without `.` and `..`, without a look at the disk.
pub fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                cleaned.pop();
            }
            part => cleaned.push(part),
        }
    }
    cleaned
}

/// A text, a number or a boolean as text.
pub fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(it) => Some(it.clone()),
        Value::Number(it) => Some(it.to_string()),
        Value::Bool(it) => Some(it.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Project(tempfile::TempDir);

    impl Project {
        fn new(files: &[(&str, &str)]) -> Project {
            let folder = tempfile::tempdir().unwrap();
            for (name, text) in files {
                let path = folder.path().join(name);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
            Project(folder)
        }

        fn find(&self, dockerfile: &str, sources: &[&str], target: Option<&str>) -> Context {
            let sources: Vec<String> = sources.iter().map(|it| (*it).to_owned()).collect();
            find(&self.0.path().join(dockerfile), Some(self.0.path()), &sources, target)
        }

        /// The context from the project's root.
        fn folder(&self, context: &Context) -> String {
            let folder = context.folder.strip_prefix(self.0.path()).unwrap_or(&context.folder);
            folder.to_string_lossy().replace('\\', "/")
        }
    }

    #[test]
    fn compose_says_context_target_arguments_and_tag() {
        let compose = "services:\n  web:\n    image: acme/web:1\n    build:\n      context: .\n      \
                       dockerfile: docker/web.Dockerfile\n      target: app\n      args:\n        VERSION: 3\n";
        let project = Project::new(&[("compose.yaml", compose), ("docker/web.Dockerfile", "")]);
        let found = project.find("docker/web.Dockerfile", &[], None);
        assert_eq!((project.folder(&found).as_str(), found.tag.as_deref()), ("", Some("acme/web:1")));
        assert_eq!(found.target.as_deref(), Some("app"));
        assert_eq!(found.arguments, BTreeMap::from([("VERSION".to_owned(), Some("3".to_owned()))]));
        assert!(matches!(found.origin, Origin::Project { name, .. } if name == "web"));
    }

    #[test]
    fn of_two_services_the_one_with_the_target_is_taken() {
        let compose = "services:\n  a:\n    build: {context: ., target: dev}\n  b:\n    build: {context: ., target: app}\n";
        let project = Project::new(&[("docker-compose.yml", compose), ("Dockerfile", "")]);
        let service = |target| match project.find("Dockerfile", &[], target).origin {
            Origin::Project { name, .. } => name,
            other => panic!("{other:?}"),
        };
        assert_eq!((service(None), service(Some("app"))), ("a".to_owned(), "b".to_owned()));
    }

    #[test]
    fn bake_says_it_too() {
        let hcl = "target \"api\" {\n  context = \"services\"\n  dockerfile = \"api/Dockerfile\"\n}\n";
        let project = Project::new(&[("docker-bake.hcl", hcl), ("services/api/Dockerfile", "")]);
        assert_eq!(project.folder(&project.find("services/api/Dockerfile", &[], None)), "services");
    }

    #[test]
    fn the_folder_that_has_the_sources_is_the_context() {
        let project = Project::new(&[
            ("docker/Dockerfile", ""),
            ("docker/start.sh", ""),
            ("package.json", ""),
            ("src/a.ts", ""),
        ]);
        let folder = |sources: &[&str]| project.folder(&project.find("docker/Dockerfile", sources, None));
        assert_eq!(folder(&["package.json", "src"]), "");
        assert_eq!(folder(&["package*.json", "/src/*.ts"]), "");
        assert_eq!(folder(&["start.sh"]), "docker");
        assert_eq!(folder(&["not-yet-there"]), "docker");
        assert_eq!(folder(&[]), "docker");
    }

    #[test]
    fn a_project_file_about_another_dockerfile_says_nothing() {
        let compose = "services:\n  web:\n    build: ./web\n";
        let project =
            Project::new(&[("compose.yaml", compose), ("web/Dockerfile", ""), ("api/Dockerfile", "")]);
        assert_eq!(project.find("api/Dockerfile", &[], None).origin, Origin::Default);
        assert_eq!(project.folder(&project.find("web/Dockerfile", &[], None)), "web");
    }
}
