//! Node.js: `package.json` says the rest.

mod manager;

use serde_json::Value;

use super::Refusal;
use super::bundle;
use super::images::Line;
use super::ports;
use super::project::Project;
use super::recipe::Recipe;
use super::stack::Choice;
use super::versions::{Tilde, Wish, agreed};
use manager::Manager;

const IGNORED: &[&str] = &["node_modules", "npm-debug.log*", "dist", "build", "coverage", ".next", ".npmrc"];

const LINE: Line =
    Line { title: "Node.js", image: "node", variant: "slim", numbers: 1, usual: "lts-slim", otherwise: "24" };

/// What `package.json` says.
struct Package<'p> {
    project: &'p Project<'p>,
    json: Value,
    manager: Manager,
}

/// What is made of the sources.
enum Kind {
    Next,
    /// Files for a web server, in this folder.
    Site(String),
    /// A program, perhaps built first.
    Program {
        is_built: bool,
    },
}

pub fn recipe(project: &Project, choice: Choice) -> Result<Recipe, Refusal> {
    let json = project.json("package.json")?;
    refuse_workspaces(project, &json, choice)?;
    let manager = Manager::of(project, &json, choice.detail)?;
    let package = Package { project, json, manager };
    let chosen = LINE.choose(agreed(package.wishes())?.as_ref());
    let image = format!("node:{}-slim", chosen.version);
    let kind = package.kind(choice.detail);
    let title = package.title(&kind);
    let mut recipe = Recipe::new(title, IGNORED);
    recipe.notes.extend(chosen.note);
    recipe.notes.extend(package.manager.note(project));
    match kind {
        Kind::Next => package.next(&mut recipe, &image),
        Kind::Site(folder) => package.site(&mut recipe, &image, &folder),
        Kind::Program { is_built } => package.program(&mut recipe, &image, is_built),
    }
    Ok(recipe)
}

fn refuse_workspaces(project: &Project, json: &Value, choice: Choice) -> Result<(), Refusal> {
    let has_workspaces = json.get("workspaces").is_some() || project.has("pnpm-workspace.yaml");
    if !has_workspaces || choice.detail.is_some() {
        return Ok(());
    }
    Err(Refusal(
        "this is the top of several packages (workspaces): name the folder of one of them, or the tool with \
         `--stack npm`, `pnpm` or `yarn` to write for all of it"
            .to_owned(),
    ))
}

impl Package<'_> {
    fn script(&self, name: &str) -> Option<&str> {
        self.json.get("scripts")?.get(name)?.as_str()
    }

    fn needs(&self, name: &str) -> bool {
        ["dependencies", "devDependencies"]
            .iter()
            .any(|it| self.json.get(it).is_some_and(|it| it.get(name).is_some()))
    }

    fn wishes(&self) -> Vec<Wish> {
        let engines = self.json.pointer("/engines/node").and_then(Value::as_str);
        let volta = self.json.pointer("/volta/node").and_then(Value::as_str);
        let written = [".nvmrc", ".node-version"].map(|it| (it, self.project.text(it)));
        let written = written.iter().map(|(file, text)| (*file, text.trim()));
        let package = [engines, volta].into_iter().flatten().map(|it| ("package.json", it));
        written.chain(package).filter_map(|(file, text)| Wish::new(file, text, Tilde::Minor)).collect()
    }

    fn kind(&self, detail: Option<&str>) -> Kind {
        let config =
            ["next.config.js", "next.config.mjs", "next.config.ts"].map(|it| self.project.text(it)).concat();
        let exports = config.contains("output: 'export'") || config.contains("output: \"export\"");
        if detail == Some("next") || (detail.is_none() && self.needs("next")) {
            return if exports { Kind::Site("out".to_owned()) } else { Kind::Next };
        }
        let is_program = detail == Some("express") || self.has_server();
        let is_bundled = detail == Some("vite") || (!is_program && self.script("build").is_some());
        if is_bundled && let Some(folder) = self.bundle_folder(detail) {
            return Kind::Site(folder);
        }
        Kind::Program { is_built: self.script("build").is_some() }
    }

    /// A framework for servers, beside which a bundler is only for the pages.
    fn has_server(&self) -> bool {
        [
            "express",
            "fastify",
            "koa",
            "hapi",
            "@hapi/hapi",
            "@nestjs/core",
            "hono",
            "nuxt",
            "@sveltejs/kit",
            "@remix-run/node",
        ]
        .iter()
        .any(|it| self.needs(it))
    }

    /// Where the bundler puts the files for a web server.
    fn bundle_folder(&self, detail: Option<&str>) -> Option<String> {
        let is_vite = detail == Some("vite") || self.needs("vite");
        if is_vite || self.needs("astro") || self.needs("@vue/cli-service") || self.needs("parcel") {
            return Some(if is_vite { self.vite_folder() } else { "dist".to_owned() });
        }
        if self.needs("@angular/cli") {
            let name = self.json.get("name").and_then(Value::as_str).unwrap_or("app");
            return Some(format!("dist/{name}/browser"));
        }
        self.needs("react-scripts").then(|| "build".to_owned())
    }

    fn vite_folder(&self) -> String {
        let config = ["vite.config.js", "vite.config.ts", "vite.config.mjs", "vite.config.mts"]
            .map(|it| self.project.text(it));
        let folder = config.iter().find_map(|it| super::text::quoted_after(it, "outDir:"));
        folder.map_or("dist", |it| it.trim_start_matches("./")).to_owned()
    }

    fn title(&self, kind: &Kind) -> String {
        let frameworks = [
            ("next", "Next.js"),
            ("nuxt", "Nuxt"),
            ("@nestjs/core", "Nest"),
            ("express", "Express"),
            ("fastify", "Fastify"),
            ("koa", "Koa"),
            ("astro", "Astro"),
            ("@angular/cli", "Angular"),
            ("vite", "Vite"),
            ("react-scripts", "Create React App"),
        ];
        let found = frameworks.into_iter().find(|(name, _)| self.needs(name)).map(|it| it.1);
        let framework = if matches!(kind, Kind::Next) { Some("Next.js") } else { found };
        let framework = framework.map(|it| format!(" ({it})")).unwrap_or_default();
        format!("Node.js with {}{framework}", self.manager.title())
    }

    /// The stage in which everything is installed and built.
    fn build_stage(&self, recipe: &mut Recipe, image: &str) {
        let why = "First a stage with all tools, in which the project is built. It has a name so that later stages can \
                   copy out of it.";
        recipe.step(why, format!("FROM {image} AS build"));
        recipe.workdir("/app");
        self.install(recipe, true);
        recipe.copy_all();
        recipe.step(
            "Builds the project, as its own script says.",
            format!("RUN {} run build", self.manager.word()),
        );
    }

    fn install(&self, recipe: &mut Recipe, with_tools: bool) {
        recipe.step_if("The tool that installs packages.", self.manager.setup());
        let settings = self.manager.settings().map(str::to_owned);
        recipe.step_if("Packages go into `node_modules`, and what was downloaded into one folder.", settings);
        if !self.project.has("package.json") || !self.has_packages() {
            return;
        }
        let why = "Only the files that say which packages are needed: as long as they stay the same, the next step is \
                   taken from the cache.";
        recipe.step(why, format!("COPY {} ./", self.manager.manifests(self.project).join(" ")));
        for folder in ["prisma", "patches", ".yarn/releases"].iter().filter(|it| self.project.has_folder(it))
        {
            recipe.step("Needed while packages are installed.", format!("COPY {folder} ./{folder}"));
        }
        let why = "Installs the packages. What was downloaded is kept in a cache beside the image, for the next build.";
        recipe.step(why, self.manager.install(self.project, with_tools));
    }

    fn has_packages(&self) -> bool {
        let has = |key: &str| self.json.get(key).and_then(Value::as_object).is_some_and(|it| !it.is_empty());
        has("dependencies") || has("devDependencies") || self.manager.has_lock(self.project)
    }

    fn site(&self, recipe: &mut Recipe, image: &str, folder: &str) {
        self.build_stage(recipe, image);
        if self.script("build").is_none() {
            recipe.note("`package.json` has no script `build`, which the Dockerfile calls");
        }
        bundle::serve(recipe, Some("build"), &format!("/app/{folder}"), true);
    }

    fn next(&self, recipe: &mut Recipe, image: &str) {
        let config =
            ["next.config.js", "next.config.mjs", "next.config.ts"].map(|it| self.project.text(it)).concat();
        let is_standalone = config.contains("standalone");
        self.build_stage(recipe, image);
        if !is_standalone {
            recipe.step(
                "What only the build needed is removed again.",
                format!("RUN {}", self.manager.prune()),
            );
            recipe.note("with `output: \"standalone\"` in the configuration of Next.js the image would be much smaller");
        }
        self.last_stage(recipe, image);
        if is_standalone {
            recipe.step(
                "The server that Next.js made, with the few packages that it needs.",
                "COPY --from=build --chown=node:node /app/.next/standalone ./",
            );
            recipe.step(
                "Scripts and styles for the browser.",
                "COPY --from=build --chown=node:node /app/.next/static ./.next/static",
            );
            if self.project.has_folder("public") {
                recipe.step(
                    "Pictures and the like.",
                    "COPY --from=build --chown=node:node /app/public ./public",
                );
            }
            recipe.step(
                "The server listens for everybody, not only inside of the container.",
                "ENV HOSTNAME=0.0.0.0",
            );
        } else {
            recipe.step("The built project and its packages.", "COPY --from=build --chown=node:node /app ./");
        }
        recipe.user("node");
        recipe.expose(Some(3000));
        match is_standalone {
            true => recipe.command(&["node", "server.js"]),
            false => recipe.command(&["node_modules/.bin/next", "start"]),
        }
    }

    fn last_stage(&self, recipe: &mut Recipe, image: &str) {
        let why = "The image that is shipped starts anew: nothing of the stage before gets into it but what is copied.";
        recipe.step(why, format!("FROM {image}"));
        self.production(recipe);
        recipe.workdir("/app");
    }

    fn production(&self, recipe: &mut Recipe) {
        recipe.step(
            "Many packages are faster and say less when they know that this is no development.",
            "ENV NODE_ENV=production",
        );
    }

    fn program(&self, recipe: &mut Recipe, image: &str, is_built: bool) {
        if is_built {
            self.build_stage(recipe, image);
            if self.has_packages() {
                recipe.step(
                    "What only the build needed is removed again.",
                    format!("RUN {}", self.manager.prune()),
                );
            }
            self.last_stage(recipe, image);
            recipe.step("The built project and its packages.", "COPY --from=build /app ./");
        } else {
            recipe.step("The image to start from: Node.js on a small Debian.", format!("FROM {image}"));
            self.production(recipe);
            recipe.workdir("/app");
            self.install(recipe, false);
            recipe.copy_all();
        }
        let (command, source) = self.start(recipe);
        let listening = ports::listening(&self.project.text(&source));
        ports::note_local(recipe, &source, listening);
        recipe.user("node");
        recipe.expose(listening.port.or(self.has_server().then_some(3000)));
        recipe.command(&command);
    }

    /// The command that starts the program, and the file that most likely says where it listens.
    fn start(&self, recipe: &mut Recipe) -> (Vec<String>, String) {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let main =
            self.json.get("main").and_then(Value::as_str).map(|it| it.trim_start_matches("./").to_owned());
        let main = main.filter(|it| self.project.has(it));
        let source = main.clone().or_else(|| self.entry().map(str::to_owned));
        // Nest's `start` compiles and watches; the other one is for this.
        let script = ["start:prod", "start"].into_iter().find_map(|it| Some((it, self.script(it)?)));
        if let Some((name, script)) = script {
            if let Some(command) = plain_node(script) {
                let file = command.get(1).filter(|it| self.project.has(it)).cloned();
                return (command, file.or(source).unwrap_or_default());
            }
            return (words(&format!("{} run {name}", self.manager.word())), source.unwrap_or_default());
        }
        if self.needs("nuxt") {
            return (words("node .output/server/index.mjs"), String::new());
        }
        let file = source.unwrap_or_else(|| {
            recipe.note("nothing tells which file starts the program: `index.js` is assumed; a script `start` in `package.json` would tell");
            "index.js".to_owned()
        });
        (vec!["node".to_owned(), file.clone()], file)
    }

    fn entry(&self) -> Option<&'static str> {
        self.project.first(&[
            "server.js",
            "index.js",
            "app.js",
            "main.js",
            "server.mjs",
            "index.mjs",
            "src/server.js",
            "src/index.js",
            "src/app.js",
            "src/main.js",
            "bin/www",
            "src/server.ts",
            "src/index.ts",
            "src/main.ts",
            "server.ts",
            "index.ts",
        ])
    }
}

/// `node server.js` without anything that needs a shell.
fn plain_node(script: &str) -> Option<Vec<String>> {
    let is_plain = script.chars().all(|it| it.is_ascii_alphanumeric() || " ./_-=:@".contains(it));
    let words: Vec<String> = script.split_whitespace().map(str::to_owned).collect();
    (is_plain && words.len() > 1 && words.first().is_some_and(|it| it == "node")).then_some(words)
}
