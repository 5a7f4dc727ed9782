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
        return Err(Refusal(
            "this is the top of several modules (`<modules>` in `pom.xml`): name the folder of one of them"
                .to_owned(),
        ));
    }
    if project.has("pom.xml") && pom.get("artifactId").is_none() {
        return Err(Refusal("`pom.xml` names no `artifactId`: mend it first".to_owned()));
    }
    if pom.get("packaging") == Some("war") {
        return Err(Refusal("`pom.xml` makes a war, which needs an application server: let it make a jar, or write the Dockerfile on your own".to_owned()));
    }
    let framework = if pom.text.contains("spring-boot") {
        " (Spring Boot)"
    } else if pom.text.contains("quarkus") {
        " (Quarkus)"
    } else {
        ""
    };
    let mut recipe = Recipe::new(format!("Java with Maven{framework}"), &["target", "out"]);
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
    package(project, &mut recipe, &pom, &version);
    Ok(recipe)
}

fn package(project: &Project, recipe: &mut Recipe, pom: &Pom, version: &str) {
    let why = "Builds the program; tests belong before the build of an image.";
    let mvn = "mvn --batch-mode package -DskipTests";
    let jar = pom.jar();
    if pom.text.contains("quarkus") {
        recipe.step(why, run_cached(CACHE, mvn));
        java::ship(recipe, version);
        recipe
            .step("The program, built in the stage before.", "COPY --from=build /src/target/quarkus-app ./");
        finish(project, recipe, true, &["java", "-jar", "quarkus-run.jar"]);
        return;
    }
    let has_manifest =
        ["spring-boot-maven-plugin", "maven-shade-plugin", "maven-assembly-plugin", "mainClass"]
            .iter()
            .any(|it| pom.text.contains(it));
    if has_manifest {
        recipe.step(why, run_cached(CACHE, mvn));
        java::ship(recipe, version);
        recipe.step(
            "The program, built in the stage before.",
            format!("COPY --from=build /src/target/{jar} ./app.jar"),
        );
        finish(project, recipe, pom.text.contains("spring-boot"), &["java", "-jar", "app.jar"]);
        return;
    }
    let libraries = format!(
        "{mvn} \\\n        dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/lib \\\n    && mkdir -p target/lib"
    );
    recipe.step(why, run_cached(CACHE, &libraries));
    java::ship(recipe, version);
    recipe.step(
        "The libraries change less often than the program, so they come first.",
        "COPY --from=build /src/target/lib ./lib",
    );
    recipe.step(
        "The program, built in the stage before.",
        format!("COPY --from=build /src/target/{jar} ./app.jar"),
    );
    let class = java::main_class(project, "").unwrap_or_else(|| {
        recipe.note("nothing tells which class starts the program: `Main` is assumed");
        "Main".to_owned()
    });
    finish(project, recipe, false, &["java", "-cp", "app.jar:lib/*", &class]);
}

fn finish(project: &Project, recipe: &mut Recipe, is_server: bool, command: &[&str]) {
    recipe.user("app");
    recipe.expose(is_server.then(|| java::port(project, "")));
    recipe.command(command);
}
