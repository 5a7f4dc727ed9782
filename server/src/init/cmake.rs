//! C and C++ with CMake.

use super::Refusal;
use super::images;
use super::ports::{self, listening};
use super::project::Project;
use super::recipe::{Recipe, WHY_APT, apt_install};
use super::text::without_comments;

/// What `find_package` finds, in Debian's words: to build with, and to run with.
const PACKAGES: &[(&str, &str, &[&str])] = &[
    ("OpenSSL", "libssl-dev", &["libssl3t64"]),
    ("ZLIB", "zlib1g-dev", &[]),
    ("CURL", "libcurl4-openssl-dev", &["libcurl4t64"]),
    ("SQLite3", "libsqlite3-dev", &["libsqlite3-0"]),
    (
        "Boost",
        "libboost-all-dev",
        &["libboost-filesystem1.83.0", "libboost-program-options1.83.0", "libboost-thread1.83.0"],
    ),
    ("fmt", "libfmt-dev", &["libfmt10"]),
    ("spdlog", "libspdlog-dev", &["libspdlog1.15"]),
    ("nlohmann_json", "nlohmann-json3-dev", &[]),
    ("Eigen3", "libeigen3-dev", &[]),
    ("Protobuf", "libprotobuf-dev protobuf-compiler", &["libprotobuf32t64"]),
];

pub fn recipe(project: &Project) -> Result<Recipe, Refusal> {
    let text = without_comments(&project.text("CMakeLists.txt"), "#");
    let texts = texts(project, &text);
    let programs = programs(&text, &texts);
    let name = arguments(&text, "project")
        .next()
        .and_then(|it| it.first().cloned())
        .unwrap_or_else(|| project.image_name());
    let program = programs.iter().find(|it| **it == name).or(programs.first()).cloned();
    let program = match program {
        Some(program) => program,
        None if !project.has("CMakeLists.txt") => name,
        None => {
            return Err(Refusal(
                "there is no program here: `CMakeLists.txt` has no `add_executable`".to_owned(),
            ));
        }
    };
    let mut recipe = Recipe::new(
        "C and C++ with CMake",
        &["build", "cmake-build-*", "out", "CMakeFiles", "CMakeCache.txt"],
    );
    if programs.len() > 1 {
        recipe.note(format!(
            "there are several programs ({}): the Dockerfile builds `{program}`",
            programs.join(", ")
        ));
    }
    let (to_build, to_run) = libraries(&texts.join("\n"), &mut recipe);
    build(&mut recipe, &program, &to_build);
    ship(project, &mut recipe, &to_run);
    Ok(recipe)
}

/// The words in the brackets behind each call of `name`.
fn arguments<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = Vec<String>> + 't {
    text.match_indices(name).filter_map(move |(at, _)| {
        let is_word = text[..at].chars().next_back().is_none_or(|it| !it.is_alphanumeric() && it != '_');
        let rest = text[at + name.len()..].trim_start().strip_prefix('(')?;
        let inside = rest.split_once(')')?.0;
        is_word.then(|| inside.split_whitespace().map(|it| it.trim_matches('"').to_owned()).collect())
    })
}

/// `CMakeLists.txt` here and in the folders below, without tests.
fn texts(project: &Project, text: &str) -> Vec<String> {
    let below = project.paths().filter(|it| it.ends_with("/CMakeLists.txt") && !it.contains("test")).take(50);
    let below = below.map(|it| without_comments(&project.text(it), "#"));
    std::iter::once(text.to_owned()).chain(below).collect()
}

/// What `add_executable` makes; tests are none.
fn programs(text: &str, texts: &[String]) -> Vec<String> {
    let name = arguments(text, "project").next().and_then(|it| it.first().cloned()).unwrap_or_default();
    let mut found: Vec<String> = texts
        .iter()
        .flat_map(|it| arguments(it, "add_executable").filter_map(|it| it.first().cloned()))
        .collect();
    for it in &mut found {
        *it = it.replace("${PROJECT_NAME}", &name).replace("${CMAKE_PROJECT_NAME}", &name);
    }
    found.retain(|it| !it.contains('$') && !it.to_lowercase().contains("test") && !it.contains("bench"));
    found
}

fn libraries(text: &str, recipe: &mut Recipe) -> (Vec<&'static str>, Vec<&'static str>) {
    let (mut to_build, mut to_run, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    for name in arguments(text, "find_package").filter_map(|it| it.first().cloned()) {
        match PACKAGES.iter().find(|it| it.0 == name) {
            Some((_, build, run)) => {
                to_build.extend(build.split(' '));
                to_run.extend(run.iter().copied().filter(|it| !to_run.contains(it)).collect::<Vec<_>>());
            }
            None if matches!(name.as_str(), "Threads" | "Python3" | "Git" | "Doxygen" | "GTest") => {}
            None => unknown.push(format!("`{name}`")),
        }
    }
    unknown.dedup();
    if !unknown.is_empty() {
        recipe.note(format!(
            "`find_package` asks for {}: add their packages of Debian to both stages",
            unknown.join(", ")
        ));
    }
    to_build.extend(["cmake", "g++", "ninja-build"]);
    if text.contains("FetchContent") || text.contains("ExternalProject") {
        to_build.extend(["ca-certificates", "git"]);
    }
    to_build.sort_unstable();
    to_build.dedup();
    (to_build, to_run)
}

fn build(recipe: &mut Recipe, program: &str, packages: &[&str]) {
    let why = "First a stage with the compiler, in which the program is built. It has a name so that the last stage can \
               copy out of it.";
    recipe.step(why, format!("FROM {} AS build", images::debian()));
    recipe.step(WHY_APT, apt_install(packages));
    recipe.workdir("/src");
    recipe.step("Now the sources. They change often, so they come after the tools.", "COPY . .");
    let why = "Builds the program. What was compiled is kept in a cache beside the image, so that the next build compiles \
               only what changed.";
    let command = format!(
        "RUN --mount=type=cache,target=/build \\\n    cmake -S . -B /build -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_RUNTIME_OUTPUT_DIRECTORY=/build/bin \\\n    && cmake --build /build --target {program} \\\n    && mkdir /out && cp /build/bin/{program} /out/app"
    );
    recipe.step(why, command);
}

fn ship(project: &Project, recipe: &mut Recipe, packages: &[&str]) {
    let why = "The image that is shipped starts anew: it has the program, and neither the compiler nor the sources.";
    recipe.step(why, format!("FROM {}", images::debian()));
    if !packages.is_empty() {
        recipe.step(WHY_APT, apt_install(packages));
    }
    recipe.add_user_debian();
    recipe.workdir("/app");
    recipe.step("The program, built in the stage before.", "COPY --from=build /out/app ./app");
    recipe.user("app");
    let source = project
        .first(&["main.cpp", "main.c", "src/main.cpp", "src/main.c", "main.cc", "src/main.cc"])
        .unwrap_or_default();
    let heard = listening(&project.text(source));
    ports::note_local(recipe, source, heard);
    let is_server =
        ["listen(", "httplib", "crow", "drogon"].iter().any(|it| project.text(source).contains(it));
    recipe.expose(heard.port.filter(|_| is_server));
    recipe.needs_handler("A program in C or C++", &project.text(source));
    recipe.command(&["/app/app"]);
}
