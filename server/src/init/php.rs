//! PHP: a web site behind Apache, or a script.

use serde_json::Value;

use super::Refusal;
use super::images::Line;
use super::project::Project;
use super::recipe::{Recipe, run_cached};
use super::versions::{Tilde, Wish};

const PORT: u16 = 8080;

/// Extensions that need nothing of the system to be built.
const PLAIN_EXTENSIONS: &[&str] =
    &["bcmath", "calendar", "exif", "ftp", "mysqli", "pcntl", "pdo_mysql", "shmop", "sockets"];

/// Extensions that the image has already.
const THERE: &[&str] = &[
    "ctype",
    "curl",
    "date",
    "dom",
    "fileinfo",
    "filter",
    "hash",
    "iconv",
    "json",
    "libxml",
    "mbstring",
    "openssl",
    "pcre",
    "pdo",
    "pdo_sqlite",
    "phar",
    "posix",
    "random",
    "readline",
    "session",
    "simplexml",
    "sodium",
    "spl",
    "sqlite3",
    "tokenizer",
    "xml",
    "xmlreader",
    "xmlwriter",
    "zlib",
    "opcache",
];

pub fn recipe(project: &Project) -> Result<Recipe, Refusal> {
    let composer = project.json("composer.json")?;
    let wish = composer.pointer("/require/php").and_then(Value::as_str);
    let wish = wish.and_then(|it| Wish::new("composer.json", it, Tilde::Major));
    let is_site =
        project.has("index.php") || project.has("public/index.php") || project.top().next().is_none();
    let variant = if is_site { "apache" } else { "cli" };
    let line = Line { title: "PHP", image: "php", variant, numbers: 2, usual: variant, otherwise: "8.5" };
    let chosen = line.choose(wish.as_ref());
    let framework = match () {
        () if project.has("artisan") => " (Laravel)",
        () if composer.pointer("/require/symfony~1framework-bundle").is_some() => " (Symfony)",
        () => "",
    };
    let mut recipe =
        Recipe::new(format!("PHP{framework}"), &["vendor", "node_modules", "tests", "var", "storage/logs"]);
    recipe.notes.extend(chosen.note);
    let has_packages = !composer.is_null();
    if has_packages {
        packages(project, &mut recipe);
    }
    recipe.step(
        "The image that is shipped: PHP, with a web server if there are pages.",
        format!("FROM php:{}-{variant}", chosen.version),
    );
    extensions(&composer, &mut recipe);
    if is_site {
        site(project, &mut recipe, has_packages)
    } else {
        script(project, &mut recipe, has_packages)
    }
    if project.has("package.json") {
        recipe.note(
            "what `package.json` builds for the browser is not built: commit it, or add a stage with Node.js",
        );
    }
    Ok(recipe)
}

fn packages(project: &Project, recipe: &mut Recipe) {
    let lock = if project.has("composer.lock") { " composer.lock" } else { "" };
    if lock.is_empty() {
        recipe.note("there is no `composer.lock`, so every build may install other versions: run `composer update` and keep the file");
    }
    let why = "First a stage with Composer, which installs the packages. It has a name so that the last stage can copy \
               out of it.";
    recipe.step(why, "FROM composer:2 AS packages");
    recipe.workdir("/app");
    let why = "Only the files that say which packages are needed: as long as they stay the same, the next step is taken \
               from the cache.";
    recipe.step(why, format!("COPY composer.json{lock} ./"));
    let install =
        "composer install --no-dev --no-scripts --no-autoloader --no-interaction --ignore-platform-reqs";
    let why =
        "Installs the packages. What was downloaded is kept in a cache beside the image, for the next build.";
    recipe.step(why, run_cached(&["/tmp/cache"], install));
    recipe.copy_all();
    recipe.step(
        "Writes the list by which PHP finds every class.",
        "RUN composer dump-autoload --optimize --no-dev --no-scripts",
    );
}

fn extensions(composer: &Value, recipe: &mut Recipe) {
    let required = composer.get("require").and_then(Value::as_object);
    let names = required.into_iter().flatten().filter_map(|it| it.0.strip_prefix("ext-"));
    let names: Vec<String> = names.map(|it| it.to_lowercase().replace('-', "_")).collect();
    let (plain, others): (Vec<&String>, Vec<&String>) = names
        .iter()
        .filter(|it| !THERE.contains(&it.as_str()))
        .partition(|it| PLAIN_EXTENSIONS.contains(&it.as_str()));
    if !plain.is_empty() {
        let plain: Vec<&str> = plain.into_iter().map(String::as_str).collect();
        recipe.step(
            "Parts of PHP that the image does not have.",
            format!("RUN docker-php-ext-install {}", plain.join(" ")),
        );
    }
    if !others.is_empty() {
        let others: Vec<&str> = others.into_iter().map(String::as_str).collect();
        recipe.step(
            "A program that installs parts of PHP with the libraries that they need.",
            "COPY --from=mlocati/php-extension-installer:2 /usr/bin/install-php-extensions /usr/local/bin/",
        );
        let why = "Parts of PHP that the image does not have, and that need libraries of the system.";
        recipe.step(why, format!("RUN install-php-extensions {}", others.join(" ")));
    }
}

/// The files of the project, out of the stage with the packages or as they are.
fn copy(has_packages: bool, to: &str, owner: &str) -> String {
    let from = if has_packages { "--from=packages " } else { "" };
    let source = if has_packages { "/app" } else { "." };
    format!("COPY {from}{owner}{source} {to}")
}

fn site(project: &Project, recipe: &mut Recipe, has_packages: bool) {
    let is_below_public = project.has("public/index.php");
    recipe.step(
        "Settings for use in earnest: faults go into the log, not to the visitors.",
        "RUN mv \"$PHP_INI_DIR/php.ini-production\" \"$PHP_INI_DIR/php.ini\"",
    );
    let mut edits = vec![
        format!("sed -i 's/^Listen 80$/Listen {PORT}/' /etc/apache2/ports.conf"),
        format!("sed -i 's/:80>/:{PORT}>/' /etc/apache2/sites-available/000-default.conf"),
    ];
    if is_below_public {
        edits.push(
            "sed -i 's#/var/www/html#/var/www/html/public#' /etc/apache2/sites-available/000-default.conf"
                .to_owned(),
        );
        edits.push("a2enmod rewrite".to_owned());
    }
    let why = "The web server listens on a port that a user without rights may take.";
    recipe.step(why, format!("RUN {}", edits.join(" \\\n    && ")));
    recipe.workdir("/var/www/html");
    let is_symfony = project.has("symfony.lock") || project.has("bin/console");
    let writes = is_symfony || project.has("artisan");
    let owner = if writes { "--chown=www-data:www-data " } else { "" };
    if is_symfony {
        recipe
            .step("Symfony behaves as in earnest, without the packages for developers.", "ENV APP_ENV=prod");
        recipe.note(
            "Symfony reads its settings from the environment: `docker run -e APP_SECRET=… -e DATABASE_URL=…`",
        );
    }
    if project.has("artisan") {
        recipe.note("Laravel needs its key when it runs: `docker run -e APP_KEY=…` (`php artisan key:generate --show`)");
    }
    recipe.step("The pages.", copy(has_packages, "./", owner));
    if is_symfony {
        let why =
            "Symfony looks for this file, which `.dockerignore` leaves out because it may hold secrets.";
        recipe.step(why, "RUN touch .env && chown www-data:www-data .");
    }
    recipe.user("www-data");
    recipe.expose(Some(PORT));
    recipe.command(&["apache2-foreground"]);
}

fn script(project: &Project, recipe: &mut Recipe, has_packages: bool) {
    let usual = ["main.php", "app.php", "run.php", "cli.php", "bin/console"];
    let found =
        project.first(&usual).or_else(|| project.top().find(|it| it.ends_with(".php"))).map(str::to_owned);
    let file = found.unwrap_or_else(|| {
        recipe.note("nothing tells which file starts the program: `main.php` is assumed");
        "main.php".to_owned()
    });
    recipe.workdir("/app");
    recipe.step("The program.", copy(has_packages, "./", ""));
    recipe.user("www-data");
    recipe.command(&["php", &file]);
}
