//! How the commands of an explanation name a Dockerfile: seen from its build context, which is looked for on the disk.

use std::path::{Path, PathBuf};

use super::{context, needs};
use crate::analysis::ide::story::{Place, Project};
use crate::analysis::model::Model;

/// The place of the file at `dockerfile` (absolute). Folders above `root` are not looked at; without one, the folder
/// of the nearest `.git` is the highest.
pub fn place(dockerfile: &Path, root: Option<&Path>, model: &Model) -> Place {
    let dockerfile = context::clean(dockerfile);
    let own = dockerfile.parent().unwrap_or(Path::new("/"));
    let top: Option<PathBuf> = root.map(Path::to_owned).or_else(|| repository(own));
    let found = context::find(&dockerfile, top.as_deref(), &needs::copied(model), None);
    let relative = dockerfile.strip_prefix(&found.folder).ok();
    let folder = if relative.is_some() { found.folder.as_path() } else { own };
    let file = relative.map_or_else(|| name(&dockerfile), shown);
    let mut place = Place::new(&file, &name(folder));
    place.context = Some(name(folder)).filter(|it| folder != own && !it.is_empty());
    place.project = project(found);
    place
}

/// The service or target that builds it.
fn project(found: context::Context) -> Option<Project> {
    let context::Origin::Project { file, name: of_it } = found.origin else { return None };
    let file = name(&file);
    let is_bake = file.contains("bake");
    let arguments = found.arguments.into_iter().collect();
    Some(Project { is_bake, file, name: of_it, target: found.target, arguments })
}

/// The nearest folder with a `.git`.
fn repository(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|it| it.join(".git").exists()).map(Path::to_owned)
}

fn name(path: &Path) -> String {
    path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default()
}

fn shown(path: &Path) -> String {
    let parts = path.components().map(|it| it.as_os_str().to_string_lossy().into_owned());
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::facts::Facts;
    use crate::analysis::syntax::Dockerfile;

    #[test]
    fn the_context_is_the_folder_that_has_what_is_copied() {
        let folder = tempfile::tempdir().unwrap();
        let shop = folder.path().join("shop");
        std::fs::create_dir_all(shop.join("deploy")).unwrap();
        std::fs::write(shop.join("package.json"), "{}").unwrap();
        let model = |text: &str| Model::new(&Dockerfile::parse(text));
        let path = shop.join("deploy/Dockerfile");
        let copies = place(&path, Some(folder.path()), &model("FROM a\nCOPY package.json /\n"));
        assert_eq!(copies.file, "deploy/Dockerfile");
        assert_eq!((copies.image.as_str(), copies.context.as_deref()), ("shop", Some("shop")));
        let own = place(&path, Some(folder.path()), &model("FROM a\nRUN x\n"));
        assert_eq!((own.file.as_str(), own.image.as_str(), own.context), ("Dockerfile", "deploy", None));
    }

    #[test]
    fn what_compose_says_about_the_build_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let compose = "services:\n  web:\n    build:\n      context: .\n      args:\n        V: \"3.22\"\n";
        std::fs::write(folder.path().join("compose.yaml"), compose).unwrap();
        let model = Model::new(&Dockerfile::parse("ARG V=3.20\nFROM alpine:$V\nCMD a\n"));
        let place = place(&folder.path().join("Dockerfile"), Some(folder.path()), &model);
        let told = crate::analysis::ide::story::story(&model, &[], &place, &Facts::default());
        assert!(told.contains("In `compose.yaml`, the service `web` builds it with `V=3.22`."), "{told}");
        assert!(
            told.contains("--build-arg V=3.22 .") && told.contains("docker compose up --build web"),
            "{told}"
        );
    }
}
