//! .NET: the one project that is a program.

use super::Refusal;
use super::bundle;
use super::project::Project;
use super::recipe::{Recipe, run_cached};
use super::xml;

const CACHE: &[&str] = &["/root/.nuget/packages"];

/// Taken where no project says which.
const USUAL: &str = "10.0";

struct Program {
    /// From the top: `src/Shop/Shop.csproj`.
    path: String,
    kind: Kind,
    /// `10.0`.
    version: String,
    assembly: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Web,
    Blazor,
    Console,
}

pub fn recipe(project: &Project) -> Result<Recipe, Refusal> {
    let paths: Vec<&str> =
        ["csproj", "fsproj", "vbproj"].iter().flat_map(|it| project.with_ending(it, 3)).collect();
    let programs: Vec<Program> = paths.iter().filter_map(|it| program(project, it)).collect();
    let program = match programs.as_slice() {
        [only] => only,
        [] if paths.is_empty() && project.top().next().is_none() => &assumed(),
        [] => {
            return Err(Refusal(
                "there is no program here: no project file is for the web or has `<OutputType>Exe`"
                    .to_owned(),
            ));
        }
        several => {
            let names: Vec<String> = several.iter().map(|it| format!("`{}`", it.path)).collect();
            return Err(Refusal(format!(
                "there are several programs ({}): name the folder of one of them",
                names.join(", ")
            )));
        }
    };
    let mut recipe = Recipe::new(title(program.kind), &["bin", "obj", "**/bin", "**/obj", "*.user"]);
    restore(project, &mut recipe, program, &paths);
    ship(&mut recipe, program);
    Ok(recipe)
}

fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Web => ".NET (ASP.NET Core)",
        Kind::Blazor => ".NET (Blazor WebAssembly)",
        Kind::Console => ".NET",
    }
}

fn assumed() -> Program {
    Program {
        path: "App.csproj".to_owned(),
        kind: Kind::Web,
        version: USUAL.to_owned(),
        assembly: "App".to_owned(),
    }
}

/// What a project file makes; `None` for libraries and tests.
fn program(project: &Project, path: &str) -> Option<Program> {
    let leaves = xml::leaves(&project.text(path));
    let text = project.text(path);
    let get =
        |name: &str| leaves.iter().find(|it| it.0 == format!("PropertyGroup/{name}")).map(|it| it.1.clone());
    let sdk = super::text::quoted_after(&text, "Sdk=").unwrap_or_default().to_owned();
    let kind = match () {
        () if text.contains("Microsoft.NET.Test.Sdk") => return None,
        () if sdk.ends_with(".BlazorWebAssembly") => Kind::Blazor,
        () if sdk.ends_with(".Web") => Kind::Web,
        () if sdk.ends_with(".Worker")
            || get("OutputType").is_some_and(|it| it.eq_ignore_ascii_case("exe")) =>
        {
            Kind::Console
        }
        () => return None,
    };
    let frameworks = get("TargetFramework").or_else(|| get("TargetFrameworks")).unwrap_or_default();
    let version =
        frameworks.split(';').filter_map(|it| it.trim().strip_prefix("net")).find(|it| it.contains('.'));
    let version =
        version.map(|it| it.split('-').next().unwrap_or(it).to_owned()).unwrap_or_else(|| USUAL.to_owned());
    let stem = path.rsplit('/').next().and_then(|it| it.rsplit_once('.')).map_or("App", |it| it.0);
    let assembly = get("AssemblyName").filter(|it| !it.contains('$')).unwrap_or_else(|| stem.to_owned());
    Some(Program { path: path.to_owned(), kind, version, assembly })
}

/// Words with blanks are written as a list.
fn copy(from: &str, to: &str) -> String {
    if from.contains(' ') { format!("COPY [\"{from}\", \"{to}\"]") } else { format!("COPY {from} {to}") }
}

fn quoted(path: &str) -> String {
    if path.contains(' ') { format!("\"{path}\"") } else { path.to_owned() }
}

fn restore(project: &Project, recipe: &mut Recipe, program: &Program, paths: &[&str]) {
    let why = "First a stage with the compiler, in which the program is built. It has a name so that the last stage can \
               copy out of it.";
    recipe.step(why, format!("FROM mcr.microsoft.com/dotnet/sdk:{} AS build", program.version));
    recipe.workdir("/src");
    let shared =
        ["Directory.Build.props", "Directory.Packages.props", "NuGet.config", "nuget.config", "global.json"];
    let shared: Vec<&str> = shared.into_iter().filter(|it| project.has(it)).collect();
    if !shared.is_empty() {
        recipe.step("Settings for all projects.", format!("COPY {} ./", shared.join(" ")));
    }
    let why = "Only the file that says which packages are needed: as long as it stays the same, the packages are taken \
               from the cache.";
    let assumed = [program.path.as_str()];
    for path in if paths.is_empty() { assumed.as_slice() } else { paths } {
        let folder = path.rsplit_once('/').map_or("./".to_owned(), |(folder, _)| format!("./{folder}/"));
        recipe.step(why, copy(path, &folder));
    }
    let why = "Fetches the packages. They are kept in a cache beside the image, for the next build.";
    recipe.step(why, run_cached(CACHE, &format!("dotnet restore {}", quoted(&program.path))));
    recipe.copy_all();
    let publish = format!(
        "dotnet publish {} --configuration Release --no-restore --output /out",
        quoted(&program.path)
    );
    recipe
        .step("Builds the program and gathers all that it needs in one folder.", run_cached(CACHE, &publish));
}

fn ship(recipe: &mut Recipe, program: &Program) {
    if program.kind == Kind::Blazor {
        return bundle::serve(recipe, Some("build"), "/out/wwwroot", true);
    }
    let image = if program.kind == Kind::Web { "aspnet" } else { "runtime" };
    let why = "The image that is shipped starts anew: it has what runs the program, and neither the compiler nor the sources.";
    recipe.step(why, format!("FROM mcr.microsoft.com/dotnet/{image}:{}", program.version));
    recipe.workdir("/app");
    recipe.step("The program, built in the stage before.", "COPY --from=build /out ./");
    let major: u64 = program.version.split('.').next().and_then(|it| it.parse().ok()).unwrap_or(10);
    if major >= 8 {
        recipe.user("$APP_UID");
    } else {
        recipe.add_user_debian();
        recipe.user("app");
        recipe.note(format!(".NET {} gets no security fixes any more", program.version));
        if program.kind == Kind::Web {
            recipe.step(
                "The server listens on a port that a user without rights may take.",
                "ENV ASPNETCORE_URLS=http://+:8080",
            );
        }
    }
    recipe.expose((program.kind == Kind::Web).then_some(8080));
    recipe.command(&["dotnet", &format!("{}.dll", program.assembly)]);
}
