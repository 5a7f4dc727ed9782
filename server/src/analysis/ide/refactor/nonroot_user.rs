//! `USER` before the command that a container starts.

use super::{Answer, Context, Kind, Recipe, Refactoring, Refusal};
use crate::analysis::image::ImageReference;
use crate::analysis::knowledge::{Distribution, Keyword, package_manager, users_for};
use crate::analysis::model::{Base, Stage};
use crate::analysis::syntax::InstructionRef;
use crate::analysis::syntax::ast::Arguments;

pub static RECIPE: Recipe = Recipe {
    name: "add-user",
    kind: Kind::Rewrite,
    summary: "Lets the container run without root: with the user that the image brings (`node`, `nonroot`, `app` and \
others), with a new one made by the tools of its distribution, or with a number where nothing can be made. It stands \
before `CMD` and `ENTRYPOINT`, behind everything that may need root. Offered at `FROM`, `CMD`, `ENTRYPOINT`, `EXPOSE` and \
`USER` of a stage that is run. Refused for images of servers and databases that change to a user without rights by \
themselves (`nginx`, `postgres` and others). What the program writes must belong to the user: see `COPY --chown`.",
    before: "\
FROM python:3.14-slim
WORKDIR /app
COPY . .
CMD <|>[\"python\", \"app.py\"]
",
    after: "\
FROM python:3.14-slim
WORKDIR /app
COPY . .
RUN useradd --create-home --shell /usr/sbin/nologin app
USER app
CMD [\"python\", \"app.py\"]
",
    offer,
};

fn offer(cx: &Context<'_>) -> Answer {
    let here = cx.only()?;
    let keywords = [Keyword::From, Keyword::Cmd, Keyword::Entrypoint, Keyword::Expose, Keyword::User];
    if !here.keyword.is_some_and(|it| keywords.contains(&it)) {
        return None;
    }
    let stage = cx.model.stage_of(here.id)?;
    let own = cx.instructions_of(stage);
    let is_last = cx.model.stages().last().is_some_and(|it| it.id == stage.id);
    let starts = |it: &InstructionRef<'_>| matches!(it.keyword, Some(Keyword::Cmd | Keyword::Entrypoint));
    if !(is_last || own.iter().any(starts)) || runs_without_root(cx, stage) {
        return None;
    }
    if let Some(name) = begins_as_root(cx, stage) {
        return Some(Err(Refusal::new(
            "Run without root",
            format!(
                "`{name}` begins as root to prepare its folders, and then works as a user without rights by itself"
            ),
        )));
    }
    let plan = plan(cx, stage)?;
    let tail = own.iter().rev().take_while(|it| is_tail(it)).last();
    let like = own.first()?;
    let keyword = |keyword| cx.keyword(*like, keyword);
    let mut lines: Vec<String> = Vec::new();
    if let Some(command) = plan.command {
        let joint = format!(" &&{}{}", cx.continuation(), cx.indent(*like));
        lines.push(format!("{} {}", keyword(Keyword::Run), command.replace(" && ", &joint)));
    }
    lines.push(format!("{} {}", keyword(Keyword::User), plan.user));
    let edit = match tail {
        Some(tail) => cx.insert_above_comments(*tail, &lines),
        None => cx.insert_below(*own.last()?, &lines),
    };
    let title = match plan.is_new {
        true => format!("Run as a new user `{}`", plan.user),
        false => format!("Run as user `{}` instead of root", plan.user),
    };
    let warning = "files that the program writes must belong to this user: copy them with `--chown`, or make the folder its own";
    Some(Ok(Refactoring::new(title, vec![edit]).warn(warning)))
}

/// The official image whose own start changes the user, unless the file starts something else.
fn begins_as_root(cx: &Context<'_>, stage: &Stage) -> Option<String> {
    const IMAGES: [&str; 19] = [
        "nginx",
        "httpd",
        "postgres",
        "mysql",
        "mariadb",
        "redis",
        "valkey",
        "mongo",
        "rabbitmq",
        "cassandra",
        "couchdb",
        "influxdb",
        "wordpress",
        "nextcloud",
        "drupal",
        "joomla",
        "matomo",
        "ghost",
        "percona",
    ];
    let image = image(cx, stage)?;
    let name = image.official_name()?;
    let is_apache = name == "php" && image.tag().known().is_some_and(|it| it.contains("apache"));
    let own = cx.instructions_of(stage);
    let starts_other = own.iter().any(|it| it.keyword == Some(Keyword::Entrypoint));
    ((IMAGES.contains(&name) || is_apache) && !starts_other).then(|| name.to_owned())
}

/// What may stand at the end of a stage and needs no root.
fn is_tail(instruction: &InstructionRef<'_>) -> bool {
    matches!(
        instruction.keyword,
        Some(
            Keyword::Cmd
                | Keyword::Entrypoint
                | Keyword::Expose
                | Keyword::Healthcheck
                | Keyword::Stopsignal
                | Keyword::Label
        )
    )
}

/// Whether the user at the end of the stage is somebody else already.
fn runs_without_root(cx: &Context<'_>, stage: &Stage) -> bool {
    let lineage = cx.model.lineage(stage.id).flat_map(|it| cx.instructions_of(it).into_iter().rev());
    let user =
        lineage.filter(|it| it.keyword == Some(Keyword::User)).find_map(|it| match &it.node.arguments {
            Arguments::Single(Some(word)) => {
                Some(word.raw().split(':').next().unwrap_or_default().to_owned())
            }
            _ => None,
        });
    match user {
        Some(user) => !matches!(user.as_str(), "root" | "0"),
        None => image(cx, stage).is_some_and(|it| {
            let tag = it.tag().known().unwrap_or_default().to_owned();
            let name = it.familiar_name().unwrap_or_default();
            tag.contains("nonroot") || name.contains("unprivileged") || name.starts_with("cgr.dev/")
        }),
    }
}

fn image(cx: &Context<'_>, stage: &Stage) -> Option<ImageReference> {
    match cx.model.root_base(stage.id)? {
        Base::Image(value) => Some(ImageReference::parse(value.text()?)),
        _ => None,
    }
}

struct Plan {
    user: String,
    command: Option<String>,
    is_new: bool,
}

/// A number needs no entry in any list of users, and belongs to nobody on usual machines.
const NUMBER: &str = "10001:10001";

fn plan(cx: &Context<'_>, stage: &Stage) -> Option<Plan> {
    let ready = |user: &str| Some(Plan { user: user.to_owned(), command: None, is_new: false });
    let distribution = cx.distribution(stage.from);
    if distribution == Some(Distribution::Windows) {
        return ready("ContainerUser");
    }
    let image = image(cx, stage);
    let name = image.as_ref().and_then(|it| it.familiar_name()).unwrap_or_default();
    let last = name.rsplit('/').next().unwrap_or_default();
    // Debian's own `www-data` is the web server's, and Ubuntu's first user has more rights than needed; those of
    // databases are changed to by the image itself.
    let offered = ["nonroot", "node", "app", "gradle", "jenkins", "deno", "bun", "grafana"];
    if name.contains("distroless") {
        return ready("nonroot");
    }
    let own = users_for(last).find(|it| it.images.contains(&last) && offered.contains(&it.name));
    if let Some(own) = own.filter(|it| it.name != "nonroot") {
        // The tags of .NET before 8 have no such user.
        let tag = image.as_ref().and_then(|it| it.tag().known().map(str::to_owned)).unwrap_or_default();
        let major = tag.split('.').next().and_then(|it| it.parse::<u32>().ok());
        if own.name != "app" || major.is_none_or(|it| it >= 8) && name.starts_with("mcr.microsoft.com/dotnet")
        {
            return ready(own.name);
        }
    }
    let manager = distribution.and_then(package_manager);
    let can_make = manager.filter(|_| cx.shell(stage.from).kind.is_posix());
    Some(match can_make {
        Some(manager) => Plan {
            user: "app".to_owned(),
            command: Some(manager.create_user.replace("{user}", "app")),
            is_new: true,
        },
        None => Plan { user: NUMBER.to_owned(), command: None, is_new: false },
    })
}

#[cfg(test)]
mod tests {
    use crate::analysis::ide::refactor::tests::{check, check_silent, refusal};

    #[test]
    fn servers_that_change_the_user_themselves_are_left_to_it() {
        assert!(refusal("add-user", "FROM nginx:1.29\nCOPY a /a\nEXPOSE 80<|>\n").contains("by itself"));
        assert!(refusal("add-user", "FROM postgres:17<|>\n").contains("`postgres` begins as root"));
    }

    #[test]
    fn each_base_has_its_own_way() {
        for (base, lines) in [
            ("node:24-alpine", "USER node\n"),
            ("alpine:3.22", "RUN adduser -D -s /sbin/nologin app\nUSER app\n"),
            ("gcr.io/distroless/static-debian12", "USER nonroot\n"),
            ("mcr.microsoft.com/dotnet/aspnet:9.0", "USER app\n"),
            ("scratch", "USER 10001:10001\n"),
            ("example.com/unknown", "USER 10001:10001\n"),
        ] {
            check(
                "add-user",
                &format!("FROM {base}<|>\nCOPY a /\nEXPOSE 80\nENTRYPOINT [\"/a\"]\nCMD [\"b\"]\n"),
                &format!("FROM {base}\nCOPY a /\n{lines}EXPOSE 80\nENTRYPOINT [\"/a\"]\nCMD [\"b\"]\n"),
            );
        }
    }

    #[test]
    fn who_is_not_root_needs_nothing() {
        check_silent("add-user", "FROM a\nUSER b<|>\n");
        check_silent("add-user", "FROM a AS x\nUSER b\nFROM x<|>\nCMD c\n");
        check_silent("add-user", "FROM a<|> AS x\nRUN b\nFROM c\n");
        check_silent("add-user", "FROM gcr.io/distroless/static:nonroot<|>\n");
        check(
            "add-user",
            "FROM debian\nUSER root<|>",
            "FROM debian\nUSER root\nRUN useradd --create-home --shell /usr/sbin/nologin app\nUSER app",
        );
    }
}
