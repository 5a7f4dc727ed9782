//! Ruby: Rails, Rack or a script.

use super::Refusal;
use super::images::Line;
use super::ports::listening;
use super::project::Project;
use super::recipe::{Recipe, WHY_APT, apt_install, run_cached};
use super::text::quoted_after;
use super::versions::{Tilde, Wish, agreed};

const LINE: Line =
    Line { title: "Ruby", image: "ruby", variant: "slim", numbers: 2, usual: "slim", otherwise: "4.0" };

const SETTINGS: &str = "ENV BUNDLE_PATH=/bundle BUNDLE_WITHOUT=development:test";

struct Ruby<'p> {
    project: &'p Project<'p>,
    gemfile: String,
}

pub fn recipe(project: &Project) -> Result<Recipe, Refusal> {
    let ruby = Ruby { project, gemfile: project.text("Gemfile") };
    let framework = if ruby.needs("rails") {
        " (Rails)"
    } else if ruby.needs("sinatra") {
        " (Sinatra)"
    } else {
        ""
    };
    let ignored = &["log", "tmp", "vendor/bundle", "coverage", "node_modules", "config/master.key"];
    let mut recipe = Recipe::new(format!("Ruby{framework}"), ignored);
    let chosen = LINE.choose(agreed(ruby.wishes())?.as_ref());
    recipe.notes.extend(chosen.note);
    if project.has("Gemfile") {
        ruby.bundle(&mut recipe, &chosen.version);
    }
    ruby.ship(&mut recipe, &chosen.version);
    Ok(recipe)
}

impl Ruby<'_> {
    fn needs(&self, gem: &str) -> bool {
        let lines = self.gemfile.lines().map(str::trim_start).filter(|it| it.starts_with("gem"));
        lines.filter_map(super::text::quoted).any(|it| it == gem)
    }

    fn wishes(&self) -> Vec<Wish> {
        let written = self.project.text(".ruby-version");
        let written = written.trim().trim_start_matches("ruby-");
        let line =
            self.gemfile.lines().find(|it| it.trim_start().starts_with("ruby ") && !it.contains("file:"));
        let gemfile = line.and_then(|it| quoted_after(it, "ruby "));
        let all = [(".ruby-version", Some(written)), ("Gemfile", gemfile)];
        let all = all.into_iter().filter_map(|(file, text)| Wish::new(file, text?, Tilde::Major));
        all.collect()
    }

    fn bundle(&self, recipe: &mut Recipe, version: &str) {
        let lock = if self.project.has("Gemfile.lock") { " Gemfile.lock" } else { "" };
        if lock.is_empty() {
            recipe.note("there is no `Gemfile.lock`, so every build may install other versions: run `bundle lock` and keep the file");
        }
        let why = "First a stage with a compiler, in which the gems are installed. It has a name so that the last stage \
                   can copy out of it.";
        recipe.step(why, format!("FROM ruby:{version} AS build"));
        recipe.step("Where the gems go, and which are left out.", SETTINGS);
        recipe.workdir("/app");
        let version_file = if self.project.has(".ruby-version") { " .ruby-version" } else { "" };
        let why = "Only the files that say which gems are needed: as long as they stay the same, the next step is taken \
                   from the cache.";
        recipe.step(why, format!("COPY Gemfile{lock}{version_file} ./"));
        let why =
            "Installs the gems. What was downloaded is kept in a cache beside the image, for the next build.";
        recipe.step(why, run_cached(&["/root/.bundle/cache"], "BUNDLE_GLOBAL_GEM_CACHE=true bundle install"));
        recipe.copy_all();
        if self.needs("rails") && ["sprockets-rails", "propshaft"].iter().any(|it| self.needs(it)) {
            let command = "RUN SECRET_KEY_BASE_DUMMY=1 bundle exec rails assets:precompile";
            recipe.step("Prepares styles and scripts for the browser; this needs no real key.", command);
        }
    }

    fn ship(&self, recipe: &mut Recipe, version: &str) {
        let is_bundled = self.project.has("Gemfile");
        let why = "The image that is shipped starts anew, without a compiler.";
        recipe.step(why, format!("FROM ruby:{version}-slim"));
        let libraries = [
            ("pg", "libpq5"),
            ("mysql2", "libmariadb3"),
            ("ruby-vips", "libvips42t64"),
            ("image_processing", "libvips42t64"),
        ];
        let mut needed: Vec<&str> = libraries.iter().filter(|it| self.needs(it.0)).map(|it| it.1).collect();
        needed.dedup();
        if !needed.is_empty() {
            recipe.step(WHY_APT, apt_install(&needed));
        }
        recipe.workdir("/app");
        if is_bundled {
            recipe.add_owner_debian("/app");
            recipe.step("Where the gems are.", SETTINGS);
            recipe.step("The gems, installed in the stage before.", "COPY --from=build /bundle /bundle");
            recipe.step("The program.", "COPY --from=build --chown=app:app /app ./");
        } else {
            recipe.add_owner_debian("/app");
            recipe.copy_all_owned("app");
        }
        recipe.user("app");
        self.start(recipe);
    }

    fn start(&self, recipe: &mut Recipe) {
        let exec = |words: &[&str]| {
            ["bundle", "exec"].iter().chain(words).map(|it| (*it).to_owned()).collect::<Vec<_>>()
        };
        if self.needs("rails") {
            recipe.step(
                "Rails behaves as in earnest, and says in the log what it does.",
                "ENV RAILS_ENV=production RAILS_LOG_TO_STDOUT=1",
            );
            recipe.note("Rails needs its key when it runs: `docker run -e RAILS_MASTER_KEY=…`");
            recipe.expose(Some(3000));
            return recipe.command(&exec(&["rails", "server", "--binding=0.0.0.0", "--port=3000"]));
        }
        if self.project.has("config.ru") {
            recipe.expose(Some(9292));
            return match self.needs("puma") {
                true => recipe.command(&exec(&["puma", "--bind", "tcp://0.0.0.0:9292"])),
                false => recipe.command(&exec(&["rackup", "--host", "0.0.0.0", "--port", "9292"])),
            };
        }
        let usual = ["app.rb", "main.rb", "server.rb", "run.rb"];
        let only = self.project.with_ending("rb", 0).next();
        let file = self.project.first(&usual).or(only).map(str::to_owned).unwrap_or_else(|| {
            recipe.note("nothing tells which file starts the program: `main.rb` is assumed");
            "main.rb".to_owned()
        });
        let is_server = ["sinatra", "webrick", "roda", "grape"].iter().any(|it| self.needs(it));
        let text = self.project.text(&file);
        let is_server = is_server || ["TCPServer", "WEBrick"].iter().any(|it| text.contains(it));
        let port = listening(&text).port.or(self.needs("sinatra").then_some(4567));
        if self.needs("sinatra") {
            recipe.step(
                "The server listens for everybody, not only inside of the container.",
                "ENV APP_ENV=production",
            );
        }
        recipe.expose(port.filter(|_| is_server));
        let command =
            if self.project.has("Gemfile") { exec(&["ruby", &file]) } else { vec!["ruby".to_owned(), file] };
        recipe.command(&command);
    }
}
