//! Java with Maven.

use super::Refusal;
use super::java;
use super::project::Project;
use super::recipe::{Recipe, run_cached};
use super::xml;

const CACHE: &[&str] = &["/root/.m2"];

/// What `pom.xml` says.
struct Pom {
    leaves: Vec<(String, String)>,
    text: String,
}

impl Pom {
    fn get(&self, path: &str) -> Option<&str> {
        self.leaves.iter().find(|it| it.0 == path).map(|it| it.1.as_str())
    }

    fn property(&self, name: &str) -> Option<&str> {
        self.get(&format!("properties/{name}"))
    }

    /// The Java that it compiles for.
    fn java(&self) -> Option<u64> {
        let names = [
            "java.version",
            "maven.compiler.release",
            "maven.compiler.target",
            "maven.compiler.source",
            "release.version",
        ];
        let plugin = ["release", "target", "source"]
            .iter()
            .find_map(|it| self.get(&format!("build/plugins/plugin/configuration/{it}")));
        names.iter().find_map(|it| self.property(it)).or(plugin).and_then(java::number_of)
    }

    /// Whether it makes a jar that can be started, or a server.
    fn is_program(&self) -> bool {
        const MARKS: [&str; 5] = [
            "spring-boot-maven-plugin",
            "maven-shade-plugin",
            "maven-assembly-plugin",
            "mainClass",
            "quarkus-maven",
        ];
        MARKS.iter().any(|it| self.text.contains(it))
    }

    fn framework(&self) -> &'static str {
        match () {
            () if self.text.contains("spring-boot") => " (Spring Boot)",
            () if self.text.contains("quarkus") => " (Quarkus)",
            () => "",
        }
    }

    /// The parent, if it looks like a part of the same project.
    fn local_parent(&self) -> Option<&str> {
        let group = self.get("parent/groupId")?;
        let is_own = self.get("groupId").is_none_or(|it| it == group);
        self.get("parent/artifactId").filter(|_| is_own && !self.text.contains("<relativePath/>"))
    }

    /// The file that `package` makes in `target`.
    fn jar(&self) -> String {
        let name = self.get("artifactId").unwrap_or("app");
        let version = self.get("version").or(self.get("parent/version"));
        let version = version.filter(|it| !it.contains("${"));
        match (self.get("build/finalName").filter(|it| !it.contains("${")), version) {
            (Some(name), _) => format!("{name}.jar"),
            (None, Some(version)) => format!("{name}-{version}.jar"),
            (None, None) => format!("{name}-*.jar"),
        }
    }
}

pub fn recipe(project: &Project) -> Result<Recipe, Refusal> {
    let text = project.text("pom.xml");
    let pom = Pom { leaves: xml::leaves(&text), text };
    if pom.get("modules/module").is_some() {
        return modules(project, &pom);
    }
    if project.has("pom.xml") && pom.get("artifactId").is_none() {
        return Err(Refusal("`pom.xml` names no `artifactId`: mend it first".to_owned()));
    }
    if pom.get("packaging") == Some("war") {
        return Err(Refusal("`pom.xml` makes a war, which needs an application server: let it make a jar, or write the Dockerfile on your own".to_owned()));
    }
    let mut recipe = Recipe::new(format!("Java with Maven{}", pom.framework()), &["target", "out"]);
    if let Some(parent) = pom.local_parent() {
        recipe.note(format!("`pom.xml` has the parent `{parent}`, which is not in this folder: if no repository has it, write the Dockerfile for the folder that does"));
    }
    if !project.has("pom.xml") {
        recipe.note("there is no `pom.xml` yet");
    }
    let version = java::version(&mut recipe, "pom.xml", pom.java());
    let image = java::tool_image("maven", &format!("3-eclipse-temurin-{version}"), "3-eclipse-temurin-25");
    java::build_stage(&mut recipe, &image);
    recipe.step("Only the file that says which libraries are needed: as long as it stays the same, the next step is taken from the cache.", "COPY pom.xml ./");
    let why = "Fetches the libraries. They are kept in a cache beside the image, for the next build.";
    recipe.step(why, run_cached(CACHE, "mvn --batch-mode dependency:go-offline"));
    recipe.step("Now the sources. They change often, so they come after the libraries.", "COPY src ./src");
    package(project, &mut recipe, &pom, &version, "");
    Ok(recipe)
}

/// The one module that is a program, built with those that it needs.
fn modules(project: &Project, top: &Pom) -> Result<Recipe, Refusal> {
    let listed = top.leaves.iter().filter(|it| it.0 == "modules/module").map(|it| it.1.trim().to_owned());
    let read = |folder: String| {
        let text = project.text(&format!("{folder}/pom.xml"));
        (Pom { leaves: xml::leaves(&text), text }, format!("{folder}/"))
    };
    let is_program = |it: &(Pom, String)| it.0.is_program() || java::main_class(project, &it.1).is_some();
    let programs: Vec<(Pom, String)> = listed.map(read).filter(is_program).collect();
    let [(pom, folder)] = programs.as_slice() else {
        let names: Vec<String> =
            programs.iter().map(|it| format!("`{}`", it.1.trim_end_matches('/'))).collect();
        let which = match names.is_empty() {
            true => "none of them is a program".to_owned(),
            false => format!("several are programs ({})", names.join(", ")),
        };
        return Err(Refusal(format!(
            "this is the top of several modules (`<modules>` in `pom.xml`), and {which}: write the Dockerfile for one on your own"
        )));
    };
    let mut recipe =
        Recipe::new(format!("Java with Maven{}", pom.framework()), &["target", "**/target", "out"]);
    let version = java::version(&mut recipe, "pom.xml", pom.java().or(top.java()));
    let image = java::tool_image("maven", &format!("3-eclipse-temurin-{version}"), "3-eclipse-temurin-25");
    java::build_stage(&mut recipe, &image);
    recipe.step("The sources of all modules: each may need the others.", "COPY . .");
    package(project, &mut recipe, pom, &version, folder);
    Ok(recipe)
}

fn package(project: &Project, recipe: &mut Recipe, pom: &Pom, version: &str, folder: &str) {
    let why = "Builds the program; tests belong before the build of an image.";
    let module = match folder {
        "" => String::new(),
        folder => format!(" --projects {} --also-make", folder.trim_end_matches('/')),
    };
    let mvn = &format!("mvn --batch-mode{module} package -DskipTests");
    let jar = pom.jar();
    let target = &format!("/src/{folder}target");
    if pom.text.contains("quarkus") {
        recipe.step(why, run_cached(CACHE, mvn));
        java::ship(recipe, version);
        recipe.step(
            "The program, built in the stage before.",
            format!("COPY --from=build {target}/quarkus-app ./"),
        );
        finish(project, recipe, folder, true, &["java", "-jar", "quarkus-run.jar"]);
        return;
    }
    if pom.is_program() {
        recipe.step(why, run_cached(CACHE, mvn));
        java::ship(recipe, version);
        recipe.step(
            "The program, built in the stage before.",
            format!("COPY --from=build {target}/{jar} ./app.jar"),
        );
        finish(project, recipe, folder, pom.text.contains("spring-boot"), &["java", "-jar", "app.jar"]);
        return;
    }
    let libraries = format!(
        "{mvn} \\\n        dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/lib \\\n    && mkdir -p {folder}target/lib"
    );
    recipe.step(why, run_cached(CACHE, &libraries));
    java::ship(recipe, version);
    recipe.step(
        "The libraries change less often than the program, so they come first.",
        format!("COPY --from=build {target}/lib ./lib"),
    );
    recipe.step(
        "The program, built in the stage before.",
        format!("COPY --from=build {target}/{jar} ./app.jar"),
    );
    let class = java::main_class(project, folder).unwrap_or_else(|| {
        recipe.note("nothing tells which class starts the program: `Main` is assumed");
        "Main".to_owned()
    });
    recipe.user("app");
    recipe.expose(java::heard(project, folder));
    recipe.command(&["java", "-cp", "app.jar:lib/*", &class]);
}

fn finish(project: &Project, recipe: &mut Recipe, folder: &str, is_server: bool, command: &[&str]) {
    recipe.user("app");
    recipe.expose(is_server.then(|| java::port(project, folder)));
    recipe.command(command);
}
