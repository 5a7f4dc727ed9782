//! A static web site.

use super::Refusal;
use super::bundle;
use super::project::Project;
use super::recipe::Recipe;

pub fn recipe(project: &Project) -> Result<Recipe, Refusal> {
    let mut recipe = Recipe::new("a static web site", &["node_modules"]);
    let folders = ["public", "site", "dist", "www", "html"];
    let folder = folders.into_iter().find(|it| project.has(&format!("{it}/index.html")));
    let folder = folder.filter(|_| !project.has("index.html")).unwrap_or(".");
    if !project.has("index.html") && folder == "." {
        recipe.note("there is no `index.html` yet: the server has nothing to show before there is one");
    }
    bundle::serve(&mut recipe, None, folder, false);
    Ok(recipe)
}
