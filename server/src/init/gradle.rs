//! Java and Kotlin with Gradle.

use super::Refusal;
use super::java;
use super::project::Project;
use super::recipe::{Recipe, run_cached};
use super::text::{quoted, quoted_after};

/// The build that makes the program.
struct Build {
    /// From the top, with a `/` at the end; empty for the top.
    folder: String,
    text: String,
    /// What the distribution and the jar are called.
    name: String,
    /// The folders of all parts, with a `/` at the end: Gradle wants to see each.
    parts: Vec<String>,
}

pub fn recipe(project: &Project) -> Result<Recipe, Refusal> {
    let build = find(project)?;
    let framework = if build.text.contains("org.springframework.boot") { " (Spring Boot)" } else { "" };
    let mut recipe = Recipe::new(format!("Java with Gradle{framework}"), &["build", ".gradle", "out"]);
    let version = java::version(
        &mut recipe,
        "build.gradle",
        asked(&build.text).or_else(|| newest_for_wrapper(project)),
    );
    let has_wrapper = project.has("gradlew") && project.has("gradle/wrapper/gradle-wrapper.properties");
    let image = match has_wrapper {
        true => format!("eclipse-temurin:{version}-jdk"),
        false => java::tool_image("gradle", &format!("9-jdk{version}"), "9-jdk25"),
    };
    java::build_stage(&mut recipe, &image);
    dependencies(project, &mut recipe, &build, has_wrapper);
    recipe.copy_all();
    package(project, &mut recipe, &build, has_wrapper, &version);
    Ok(recipe)
}

/// The build at the top, or that of the only part.
fn find(project: &Project) -> Result<Build, Refusal> {
    let settings = ["settings.gradle", "settings.gradle.kts"].map(|it| project.text(it)).concat();
    let name =
        quoted_after(&settings, "rootProject.name").map_or_else(|| project.name().to_owned(), str::to_owned);
    let script = |folder: &str| {
        ["build.gradle", "build.gradle.kts"].map(|it| project.text(&format!("{folder}{it}"))).concat()
    };
    let parts: Vec<&str> = settings
        .lines()
        .filter(|it| it.trim_start().starts_with("include"))
        .filter(|it| !it.contains("includeBuild"))
        .collect();
    let listed = parts.join(",");
    let listed: Vec<&str> =
        listed.split(',').filter_map(quoted).map(|it| it.trim_start_matches(':')).collect();
    let parts: Vec<String> = listed.iter().map(|it| format!("{}/", it.replace(':', "/"))).collect();
    match listed.as_slice() {
        [] => Ok(Build { folder: String::new(), text: script(""), name, parts }),
        [part] => Ok(Build {
            folder: format!("{part}/"),
            text: script(&format!("{part}/")),
            name: (*part).to_owned(),
            parts,
        }),
        several => {
            let is_program = |it: &&&str| {
                let text = script(&format!("{it}/"));
                text.contains("org.springframework.boot") || text.contains("application")
            };
            match several.iter().filter(is_program).collect::<Vec<_>>().as_slice() {
                [part] => Ok(Build {
                    folder: format!("{part}/"),
                    text: script(&format!("{part}/")),
                    name: (**part).to_owned(),
                    parts,
                }),
                _ => Err(Refusal(format!(
                    "this is the top of several parts ({}): write the Dockerfile for one of them on your own",
                    several.join(", ")
                ))),
            }
        }
    }
}

/// The Java that it compiles for.
fn asked(text: &str) -> Option<u64> {
    let marks = ["JavaLanguageVersion.of(", "jvmToolchain(", "sourceCompatibility", "targetCompatibility"];
    let lines = marks.iter().find_map(|mark| text.lines().find_map(|it| it.split_once(mark)).map(|it| it.1));
    lines.and_then(|it| java::number_of(java::value(it)).or_else(|| java::number_of(it)))
}

/// The newest Java, of those that are kept for years, on which the Gradle of the wrapper runs
/// (<https://docs.gradle.org/current/userguide/compatibility.html>).
fn newest_for_wrapper(project: &Project) -> Option<u64> {
    let text = project.text("gradle/wrapper/gradle-wrapper.properties");
    let version = text.split_once("gradle-")?.1;
    let mut numbers = version.split(['.', '-']).map_while(|it| it.parse::<u64>().ok());
    let version = (numbers.next()?, numbers.next().unwrap_or(0));
    Some(match version {
        (..=4, _) => 8,
        (..=6, _) | (7, ..=2) => 11,
        (7, _) | (8, ..=4) => 17,
        (8, _) | (9, 0) => 21,
        _ => return None,
    })
}

fn gradle(has_wrapper: bool) -> &'static str {
    if has_wrapper { "./gradlew" } else { "gradle" }
}

fn cached(has_wrapper: bool, command: &str) -> String {
    let folder = if has_wrapper { "/root/.gradle" } else { "/home/gradle/.gradle/caches" };
    run_cached(&[folder], &format!("{} --no-daemon {command}", gradle(has_wrapper)))
}

fn dependencies(project: &Project, recipe: &mut Recipe, build: &Build, has_wrapper: bool) {
    let top =
        ["settings.gradle", "settings.gradle.kts", "build.gradle", "build.gradle.kts", "gradle.properties"];
    let mut files: Vec<&str> = top.into_iter().filter(|it| project.has(it)).collect();
    if has_wrapper {
        files.insert(0, "gradlew");
    }
    if files.is_empty() {
        recipe.note("there is no `build.gradle` yet");
        return;
    }
    let why = "Only the files that say which libraries are needed: as long as they stay the same, the next step is taken \
               from the cache.";
    recipe.step(why, format!("COPY {} ./", files.join(" ")));
    if project.has_folder("gradle") {
        recipe.step("The wrapper and the list of versions.", "COPY gradle ./gradle");
    }
    let names = ["build.gradle", "build.gradle.kts"];
    let files = build.parts.iter().flat_map(|part| names.map(|it| format!("{part}{it}")));
    for file in files.filter(|it| project.has(it)) {
        recipe.step("Each part says what it needs, too.", format!("COPY {file} ./{file}"));
    }
    let task = if build.folder.is_empty() {
        "dependencies".to_owned()
    } else {
        format!(":{}:dependencies", build.name)
    };
    let why = "Fetches the libraries. They are kept in a cache beside the image, for the next build.";
    recipe.step(why, cached(has_wrapper, &task));
}

fn package(project: &Project, recipe: &mut Recipe, build: &Build, has_wrapper: bool, version: &str) {
    let why = "Builds the program; tests belong before the build of an image.";
    let prefix = if build.folder.is_empty() { String::new() } else { format!(":{}:", build.name) };
    let is_spring = build.text.contains("org.springframework.boot");
    let is_shadow = build.text.contains("shadow");
    let is_application = build.text.contains("application");
    let libs = format!("/src/{}build/libs", build.folder);
    if is_spring || is_shadow || !is_application {
        let (task, file) = match () {
            () if is_spring => ("bootJar", "*.jar"),
            () if is_shadow => ("shadowJar", "*-all.jar"),
            () => ("jar", "*.jar"),
        };
        if !is_spring && !is_shadow {
            recipe.note(
                "the jar must name its main class: the plugin `application` of Gradle takes care of all that",
            );
        }
        recipe.step(why, cached(has_wrapper, &format!("{prefix}{task}")));
        java::ship(recipe, version);
        recipe.step(
            "The program, built in the stage before.",
            format!("COPY --from=build {libs}/{file} ./app.jar"),
        );
        return finish(project, recipe, build, is_spring, &["java", "-jar", "app.jar"]);
    }
    recipe.step(why, cached(has_wrapper, &format!("{prefix}installDist")));
    java::ship(recipe, version);
    let name = quoted_after(&build.text, "applicationName").unwrap_or(&build.name).to_owned();
    recipe.step(
        "The program with its libraries and a script that starts it.",
        format!("COPY --from=build /src/{}build/install/{name} ./", build.folder),
    );
    finish(project, recipe, build, false, &[&format!("/app/bin/{name}")]);
}

fn finish(project: &Project, recipe: &mut Recipe, build: &Build, is_server: bool, command: &[&str]) {
    recipe.user("app");
    let names_server = ["ktor", "micronaut", "javalin", "vertx"].iter().any(|it| build.text.contains(it));
    recipe.expose((is_server || names_server).then(|| java::port(project, &build.folder)));
    recipe.command(command);
}
