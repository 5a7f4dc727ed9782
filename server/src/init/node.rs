//! Node.js: `package.json` says the rest.

mod manager;

use serde_json::Value;

use super::Refusal;
use super::bundle;
use super::images::Line;
use super::ports;
use super::project::Project;
use super::recipe::{Recipe, WHY_APT, apt_install};
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
        if detail.is_none() && self.needs("@sveltejs/adapter-static") {
            return Kind::Site("build".to_owned());
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
            "@astrojs/node",
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

    /// Whether a script begins one of its commands with a program of the packages for developers.
    fn uses_tools(&self, script: &str) -> bool {
        let tools = self.json.get("devDependencies").and_then(Value::as_object);
        let commands = script.split(['&', '|', ';']).map(str::trim);
        commands.into_iter().any(|command| {
            let mut words =
                command.split_whitespace().filter(|it| !matches!(*it, "npx" | "cross-env" | "exec"));
            let word = words.find(|it| !it.contains('=')).unwrap_or_default();
            let package = match word {
                "tsc" => "typescript",
                "nest" => "@nestjs/cli",
                "ng" => "@angular/cli",
                other => other,
            };
            tools.is_some_and(|it| it.contains_key(package))
        })
    }

    /// The scripts that run by themselves when packages are installed.
    fn hooks(&self) -> impl Iterator<Item = &str> {
        ["preinstall", "install", "postinstall", "prepare"].into_iter().filter_map(|it| self.script(it))
    }

    /// Whether such a script needs the sources: it builds, or is a file of the project.
    fn hooks_need_sources(&self) -> bool {
        let names_file =
            |it: &str| it.split_whitespace().any(|it| self.project.has(it.trim_start_matches("./")));
        self.hooks().any(|it| it.contains("build") || it.contains("tsc") || names_file(it))
    }

    /// The stage in which everything is installed and built.
    fn build_stage(&self, recipe: &mut Recipe, image: &str, is_built: bool) {
        let why = "First a stage with all tools, in which the project is built. It has a name so that later stages can \
                   copy out of it.";
        recipe.step(why, format!("FROM {image} AS build"));
        self.system_packages(recipe);
        recipe.workdir("/app");
        self.install_and_copy(recipe, true);
        if is_built {
            let build = format!("RUN {} run build", self.manager.word());
            recipe.step("Builds the project, as its own script says.", build);
        }
    }

    /// The packages and the sources; these first only where the packages need them.
    fn install_and_copy(&self, recipe: &mut Recipe, with_tools: bool) {
        let is_early = self.hooks_need_sources();
        if is_early {
            let why = "The sources, without what `.dockerignore` names: the scripts that run while packages are \
                       installed need them.";
            recipe.step(why, "COPY . .");
        }
        self.install(recipe, with_tools);
        if !is_early {
            recipe.copy_all();
        }
    }

    fn install(&self, recipe: &mut Recipe, with_tools: bool) {
        recipe.step_if("The tool that installs packages.", self.manager.setup());
        let settings = self.manager.settings().map(str::to_owned);
        recipe.step_if("Packages go into `node_modules`, and what was downloaded into one folder.", settings);
        if !self.project.has("package.json") || !self.has_packages() {
            return;
        }
        if self.hooks_need_sources() {
            let why = "Installs the packages. What was downloaded is kept in a cache beside the image, for the next build.";
            return recipe.step(why, self.manager.install(self.project, with_tools));
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
        self.build_stage(recipe, image, true);
        if self.script("build").is_none() {
            recipe.note("`package.json` has no script `build`, which the Dockerfile calls");
        }
        bundle::serve(recipe, Some("build"), &format!("/app/{folder}"), true);
    }

    fn next(&self, recipe: &mut Recipe, image: &str) {
        let config =
            ["next.config.js", "next.config.mjs", "next.config.ts"].map(|it| self.project.text(it)).concat();
        let is_standalone = config.contains("standalone");
        self.build_stage(recipe, image, true);
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
        let port = self.script("start").and_then(port_of_script).filter(|_| !is_standalone);
        recipe.user("node");
        recipe.expose(port.or(Some(3000)));
        match (is_standalone, port) {
            (true, _) => recipe.command(&["node", "server.js"]),
            (false, None) => recipe.command(&["node_modules/.bin/next", "start"]),
            (false, Some(port)) => {
                recipe.command(&["node_modules/.bin/next", "start", "-p", &port.to_string()])
            }
        }
    }

    fn last_stage(&self, recipe: &mut Recipe, image: &str) {
        let why = "The image that is shipped starts anew: nothing of the stage before gets into it but what is copied.";
        recipe.step(why, format!("FROM {image}"));
        self.production(recipe);
        recipe.workdir("/app");
    }

    /// Prisma looks at the OpenSSL of the system, which the small images lack.
    fn system_packages(&self, recipe: &mut Recipe) {
        if self.needs("prisma") || self.needs("@prisma/client") {
            recipe.step(WHY_APT, apt_install(&["openssl"]));
        }
    }

    fn production(&self, recipe: &mut Recipe) {
        self.system_packages(recipe);
        recipe.step(
            "Many packages are faster and say less when they know that this is no development.",
            "ENV NODE_ENV=production",
        );
    }

    fn program(&self, recipe: &mut Recipe, image: &str, is_built: bool) {
        let starts_with_tools =
            self.start_script().is_some_and(|it| self.uses_tools(it.1) && plain_node(it.1).is_none());
        let installs_with_tools = self.hooks().any(|it| self.uses_tools(it));
        if is_built || starts_with_tools || installs_with_tools {
            self.build_stage(recipe, image, is_built);
            if starts_with_tools {
                recipe.note("the script that starts the program needs packages for developers, so they all stay in the image");
            } else if self.has_packages() {
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
            self.install_and_copy(recipe, false);
        }
        let (command, source) = self.start(recipe);
        let listening = ports::listening(&self.project.text(&source));
        ports::note_local(recipe, &source, listening);
        recipe.user("node");
        if self.needs("@astrojs/node") {
            let why = "The server listens for everybody, not only inside of the container.";
            recipe.step(why, "ENV HOST=0.0.0.0 PORT=3000");
        }
        let told = self.start_script().and_then(|it| port_of_script(it.1));
        recipe.expose(told.or(listening.port).or(self.has_server().then_some(3000)));
        if command.first().is_some_and(|it| it == "node") && !source.is_empty() {
            recipe.needs_handler("Node.js", &self.project.text(&source));
        }
        recipe.command(&command);
    }

    /// The command that starts the program, and the file that most likely says where it listens.
    fn start(&self, recipe: &mut Recipe) -> (Vec<String>, String) {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let main =
            self.json.get("main").and_then(Value::as_str).map(|it| it.trim_start_matches("./").to_owned());
        let main = main.filter(|it| self.project.has(it));
        let source = main.clone().or_else(|| self.entry().map(str::to_owned));
        if let Some((name, script)) = self.start_script() {
            let file = script
                .split_whitespace()
                .map(|it| it.trim_start_matches("./"))
                .find(|it| self.project.has(it));
            let source = file.map(str::to_owned).or(source);
            if let Some(command) = plain_node(script) {
                if script.contains("--env-file") {
                    recipe.note("`.env` is not in the image: hand its settings over with `docker run --env-file .env`");
                }
                return (command, source.unwrap_or_default());
            }
            return (words(&format!("{} run {name}", self.manager.word())), source.unwrap_or_default());
        }
        let made = [
            ("nuxt", "node .output/server/index.mjs"),
            ("@sveltejs/adapter-node", "node build"),
            ("@astrojs/node", "node dist/server/entry.mjs"),
        ];
        if let Some((_, command)) = made.iter().find(|it| self.needs(it.0)) {
            return (words(command), String::new());
        }
        let file = source.unwrap_or_else(|| {
            recipe.note("nothing tells which file starts the program: `index.js` is assumed; a script `start` in `package.json` would tell");
            "index.js".to_owned()
        });
        (vec!["node".to_owned(), file.clone()], file)
    }

    /// The script that starts the program, with its name. Nest's `start` compiles and watches; the other one is for this.
    fn start_script(&self) -> Option<(&'static str, &str)> {
        ["start:prod", "start"].into_iter().find_map(|it| Some((it, self.script(it)?)))
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
            "src/app.ts",
            "app.ts",
            "server/index.ts",
            "server/index.js",
            "server/server.js",
            "backend/server.js",
            "backend/index.js",
            "server.ts",
            "index.ts",
        ])
    }
}

/// `node server.js` without anything that needs a shell. `nodemon` is for developers, who change files while the program
/// runs, and `.env` is not in the image.
fn plain_node(script: &str) -> Option<Vec<String>> {
    let is_plain = script.chars().all(|it| it.is_ascii_alphanumeric() || " ./_-=:@".contains(it));
    let is_known =
        |it: &&str| it.starts_with("--env-file") || matches!(*it, "NODE_ENV=production" | "cross-env");
    let words = script.split_whitespace().filter(|it| !is_known(it));
    let mut words: Vec<String> = words.map(str::to_owned).collect();
    if let Some(first) = words.first_mut().filter(|it| *it == "nodemon") {
        *first = "node".to_owned();
    }
    (is_plain && words.len() > 1 && words.first().is_some_and(|it| it == "node")).then_some(words)
}

/// `next start -p 4000`, `PORT=4000 node server.js`.
fn port_of_script(script: &str) -> Option<u16> {
    let mut words = script.split_whitespace();
    words.find_map(|it| it.strip_prefix("PORT=").or(it.strip_prefix("--port="))?.parse().ok()).or_else(|| {
        let mut words = script.split_whitespace();
        words.find(|it| matches!(*it, "-p" | "--port"))?;
        words.next()?.parse().ok()
    })
}
