//! The story against the model on files of different kinds, and read as a whole.

use expect_test::{Expect, expect};

use super::*;
use crate::analysis::facts as known;
use crate::analysis::lint::{self, Facts, Linter};
use crate::analysis::testing::Fixture;

fn findings(model: &Model) -> Vec<Finding> {
    lint::check(model, &Linter::default(), &Facts::default())
}

fn told(source: &str) -> String {
    let model = Fixture::new(source).model();
    story(&model, &findings(&model), &Place::default(), &known::Facts::default())
}

/// The part of the story under the heading `title`.
fn section<'a>(story: &'a str, title: &str) -> &'a str {
    let start = story.find(&format!("\n## {title}\n")).expect("the section is there") + 1;
    let rest = &story[start..];
    let end = rest[3..].find("\n## ").map_or(rest.len(), |at| at + 3);
    rest[..end].trim()
}

fn check(source: &str, expected: Expect) {
    expected.assert_eq(&told(source));
}

/// Summary, image and commands: what the whole file comes to.
fn check_outcome(source: &str, expected: Expect) {
    let story = told(source);
    let summary = story.split("\n\n").nth(1).expect("there is a summary");
    let commands = section(&story, "Try it");
    let commands = commands.split_once("```sh\n").expect("there are commands").1;
    expected.assert_eq(&format!("{summary}\n\n{}\n\n{}\n", section(&story, "The image"), commands));
}

/// What the steps of a `RUN` are told as.
fn check_run(body: &str, expected: &str) {
    let source = format!("FROM debian:stable-slim\nRUN {body}\n");
    let model = Fixture::new(&source).model();
    let teller = Teller::new(&model);
    let run = model.file().instructions().nth(1).expect("the second instruction");
    assert_eq!(teller.tell(run).build_time, expected, "{body}");
}

/// Twenty files of different kinds.
const FILES: [(&str, &str); 20] = [
    ("one line", "FROM alpine:3.22\n"),
    ("a first image", "FROM python:3.6-stretch\nENTRYPOINT echo hello\n"),
    (
        "flask",
        "FROM python:3.9-slim-buster\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nEXPOSE 5000\nCMD [\"python\", \"app.py\"]\n",
    ),
    (
        "jupyter",
        "FROM python:3.12\nRUN pip install jupyter && mkdir /notebooks\nVOLUME /notebooks\nWORKDIR /notebooks\nEXPOSE 8888\nCMD jupyter notebook --ip=0.0.0.0 --port=$PORT\n",
    ),
    (
        "go to scratch",
        "ARG GO=1.27\nFROM golang:$GO AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\nUSER 10001\nENTRYPOINT [\"/app\"]\nCMD [\"--port\", \"80\"]\n",
    ),
    (
        "a stage nobody needs",
        "FROM node:24 AS deps\nRUN npm ci\nFROM deps AS test\nRUN npm test\nFROM deps\nRUN npm run build\nCMD [\"node\", \"x.js\"]\n",
    ),
    ("static site", "FROM nginx:1.29-alpine\nCOPY --chown=nginx:nginx site/ /usr/share/nginx/html\n"),
    ("a database", "FROM postgres:17\nENV POSTGRES_DB=shop\nCOPY init.sql /docker-entrypoint-initdb.d/\n"),
    (
        "arguments without default",
        "ARG BASE\nFROM $BASE\nARG TOKEN VERSION=1\nARG TARGETARCH\nRUN echo $VERSION $TARGETARCH\n",
    ),
    (
        "secrets and keys",
        "# syntax=docker/dockerfile:1\nFROM node:24\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci\nRUN --mount=type=ssh git clone git@github.com:me/x.git\nRUN --mount=type=secret,id=key,env=KEY make\nCMD [\"node\"]\n",
    ),
    (
        "heredocs",
        "FROM debian:stable-slim\nRUN <<EOF\nset -e\napt-get update\napt-get install -y curl\nEOF\nCOPY <<'conf' /etc/x.conf\na=1\nb=2\nconf\nCMD [\"cat\", \"/etc/x.conf\"]\n",
    ),
    (
        "everything at run time",
        "FROM scratch\nWORKDIR /a\nENV A=1 B=$A\nEXPOSE 80 53/udp 7000-7002\nVOLUME [\"/data\", \"/logs\"]\nUSER 1:2\nSTOPSIGNAL SIGQUIT\nHEALTHCHECK --interval=5s CMD [\"/x\"]\nLABEL a=b\nCMD [\"/x\"]\n",
    ),
    (
        "a chain of stages",
        "FROM scratch AS a\nWORKDIR /a\nENV X=1\nCMD [\"one\"]\nEXPOSE 1000\nFROM a AS b\nWORKDIR b\nFROM b\nENTRYPOINT [\"/e\"]\nEXPOSE 2000\n",
    ),
    ("triggers", "FROM node:24\nONBUILD COPY . /app\nONBUILD RUN npm ci\n"),
    (
        "windows",
        "# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL [\"powershell\", \"-Command\"]\nRUN Install-WindowsFeature Web-Server\nCMD [\"cmd\"]\n",
    ),
    (
        "downloads",
        "FROM alpine:3.22\nADD https://example.org/x.tar.gz /x/\nADD https://github.com/me/x.git /src\nADD local.tar.gz /y/\nRUN wget -qO- https://example.org/i.sh | sh\n",
    ),
    (
        "mounts and named contexts",
        "FROM golang:1.27 AS tools\nRUN go install example.org/t@v1\nFROM alpine:3.22\nRUN --mount=type=bind,from=tools,source=/go/bin,target=/t --mount=type=cache,target=/c /t/t\nCOPY --from=docs /x /x\nCOPY --from=nginx:1.29 /etc/nginx /n\nRUN --network=host make\n",
    ),
    ("faults", "FROM a AS b\nFRMO c\nCOPY x\nCMD\nRUN\nUSER\nEXPOSE\n"),
    ("no stage", "ARG X=1\nRUN ls\n"),
    (
        "text that is Markdown",
        "FROM scratch\nENV X=\"a`b\" Y=\"**c**\"\nLABEL a=\"[x](y)\"\nCMD [\"`x`\", \"# y\"]\n",
    ),
];

#[test]
fn the_story_says_what_the_model_says() {
    for (kind, source) in FILES {
        let model = Fixture::new(source).model();
        let found = findings(&model);
        let story = story(&model, &found, &Place::default(), &known::Facts::default());
        let teller = Teller::new(&model);
        // Every instruction once, with its line; every finding where it belongs.
        for instruction in model.file().instructions() {
            let line = format!("- **Line {}** ", teller.line(instruction.id));
            assert_eq!(story.matches(&line).count(), 1, "{kind}: {line}\n{story}");
        }
        for finding in &found {
            let name = format!("(`{}`)", finding.rule.name);
            let expected = found.iter().filter(|it| it.rule.name == finding.rule.name).count();
            assert_eq!(story.matches(&name).count(), expected, "{kind}: {name}");
        }
        for stage in model.stages() {
            let is_left_out = format!("--target {}`.", stage.label());
            assert_eq!(story.contains(&is_left_out), !teller.is_needed(stage.id), "{kind}: {is_left_out}");
        }
        check_settings(kind, &model, &story);
    }
}

/// What the image is set up for, looked up here in the model's own way.
fn check_settings(kind: &str, model: &Model, story: &str) {
    let Some(last) = model.stages().last() else {
        assert!(!story.contains("docker build"), "{kind}");
        return;
    };
    let image = section(story, "The image");
    let end = InstructionId(last.instructions.end);
    let lineage: Vec<u32> = model.lineage(last.id).flat_map(|it| it.instructions.clone()).collect();
    let of = |keyword: Keyword| {
        let ids = lineage.iter().filter_map(|id| model.file().instruction(InstructionId(*id)));
        ids.filter(move |it| it.keyword == Some(keyword)).collect::<Vec<_>>()
    };
    for instruction in of(Keyword::Env) {
        for word in instruction.node.words() {
            let name = word.literal().unwrap_or_default();
            let is_set = model
                .variables()
                .iter()
                .any(|it| it.name == name && it.location.instruction == instruction.id);
            assert!(
                !is_set || image.contains(&format!("{name}=")) || image.contains(&format!("`{name}`")),
                "{kind}: {name}"
            );
        }
    }
    assert_eq!(image.contains("**Volumes:**"), !of(Keyword::Volume).is_empty(), "{kind}");
    let has_user = of(Keyword::User).iter().any(|it| matches!(it.node.arguments, Arguments::Single(Some(_))));
    assert_eq!(
        has_user,
        !image.contains("**User:** that of") && !image.contains("**User:** root, as"),
        "{kind}"
    );
    if end.0 as usize == model.file().len()
        && let Some(folder) = model.workdir_of(last).filter(|it| it.starts_with('/'))
    {
        assert!(image.contains(&format!("**Working directory:** `{folder}`.")), "{kind}: {folder}");
    }
    let commands = section(story, "Try it");
    for variable in model.variables().iter().filter(|it| it.kind == VariableKind::Arg) {
        let is_known = crate::analysis::model::scope::is_platform_argument(&variable.name);
        let is_asked = variable.value.is_none() && !is_known;
        let word = format!("--build-arg {}=VALUE", variable.name);
        assert_eq!(commands.contains(&word), is_asked, "{kind}: {word}");
    }
}

#[test]
fn an_argument_that_nothing_takes_is_not_asked_for() {
    let commands = |source| section(&told(source), "Try it").to_owned();
    assert!(!commands("ARG OLD\nFROM debian:12\n").contains("OLD"));
    assert!(commands("ARG A\nARG B=$A\nFROM debian:$B\n").contains("--build-arg A=VALUE"));
    assert!(commands("ARG A\nFROM debian:12\nARG A\nRUN echo $A\n").contains("--build-arg A=VALUE"));
    let two = commands("ARG A\nFROM a AS other\nARG A\nFROM debian:12\n");
    assert!(two.contains("docker build -t my-app .") && two.contains("--target other --build-arg A=VALUE"));
}

#[test]
fn the_same_file_is_told_the_same_way() {
    for (kind, source) in FILES {
        assert_eq!(told(source), told(source), "{kind}");
    }
}

#[test]
fn a_service_is_told_from_beginning_to_end() {
    check(
        "FROM python:3.9-slim-buster\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nENV PORT=5000\nEXPOSE $PORT\nCMD [\"python\", \"app.py\"]\n",
        expect![[r##"
            # `Dockerfile` explained

            This Dockerfile describes how to build an image, in one stage. It starts from `python:3.9-slim-buster`. A container starts `python app.py`. Dockwright has 1 warning to tell, at its line.

            ## The build

            It starts from the image `python:3.9-slim-buster`. `python` is an official image of Docker Hub: Python with pip; `-slim` is the same without compilers. Below that is a system of the Debian family, where `apt-get` installs packages. The tag `3.9-slim-buster` is old: it has had no updates since 2023-06, and no security fixes either.

            - **Line 1** `FROM python:3.9-slim-buster`  
              *At build time:* Begins the image, with the files and settings of `python:3.9-slim-buster`.  
              **Warning:** `python:3.9-slim-buster` gets no updates since 2023-06; the newest of its kind is `3.14-slim`. (`retired-tag`)
            - **Line 2** `WORKDIR /app`  
              *At build time:* The steps that follow work in `/app`, which is made if it is not there.  
              *At run time:* The program starts in `/app`.
            - **Line 3** `COPY requirements.txt .`  
              *At build time:* Copies `requirements.txt` from the build context to `/app/`.
            - **Line 4** `RUN pip install -r requirements.txt`  
              *At build time:* Installs the packages that `requirements.txt` lists with pip.  
              **Note:** Leaves its downloads in the image: write `pip install --no-cache-dir`. (`pip-cache-left-behind`)
            - **Line 5** `COPY . .`  
              *At build time:* Copies everything in the build context, except what `.dockerignore` names, to `/app/`.
            - **Line 6** `ENV PORT=5000`  
              *At build time:* Sets `PORT` to `5000` for the steps that follow.  
              *At run time:* The program finds it in its environment; `docker run -e` can change it.
            - **Line 7** `EXPOSE $PORT`  
              *At run time:* Notes that the program listens on port `5000`. It opens nothing: `docker run -p` does.
            - **Line 8** `CMD ["python", "app.py"]`  
              *At run time:* A container starts `python app.py`; words after the image's name in `docker run` replace it.

            ## What the build needs from outside

            - From the build context (the folder that the build command names): everything in it, except what `.dockerignore` names.
            - The image `python:3.9-slim-buster`.

            ## The image

            - **Files:** those of `python:3.9-slim-buster`; what is copied on lines 3 and 5; what the commands leave behind on line 4.
            - **Start:** A container starts `python app.py`.
            - **Working directory:** `/app`.
            - **User:** that of the base image, `root` in current versions.
            - **Ports:** `5000`. Nobody reaches them from outside until `docker run -p` publishes them.
            - **Environment:** `PORT=5000`.

            ## Try it

            In the folder of the Dockerfile, build the image and start a container from it:

            ```sh
            docker build -t my-app .
            docker run --rm -p 5000:5000 my-app
            ```
        "##]],
    );
}

#[test]
fn an_image_of_two_stages_comes_to_what_the_last_one_says() {
    check_outcome(
        FILES[4].1,
        expect![[r#"
        This Dockerfile describes how to build an image, in 2 stages, of which the last one becomes the image. It starts from nothing (`scratch`). A container starts `/app --port 80`.

        ## The image

        - **Files:** what is copied on line 7.
        - **Start:** A container starts `/app --port 80`.
        - **Working directory:** `/`, as nothing else is said.
        - **User:** `10001`.

        docker build -t my-app .
        docker run --rm my-app
        ```

        The other stage can be built alone:

        ```sh
        docker build -t my-app:build --target build .
        ```
    "#]],
    );
}

#[test]
fn settings_are_inherited_and_replaced_along_the_stages() {
    check_outcome(
        FILES[12].1,
        expect![[r#"
            This Dockerfile describes how to build an image, in 3 stages, of which the last one becomes the image. It starts from nothing (`scratch`). A container starts `/e`.

            ## The image

            - **Files:** none; the working directory is empty.
            - **Start:** A container starts `/e`.
            - **Working directory:** `/a/b`.
            - **User:** root, as nothing else is said.
            - **Ports:** `1000` and `2000`. Nobody reaches them from outside until `docker run -p` publishes them.
            - **Environment:** `X=1`.

            docker build -t my-app .
            docker run --rm -p 9000:1000 -p 2000:2000 my-app
            ```

            Other stages can be built alone:

            ```sh
            docker build -t my-app:a --target a .
            docker build -t my-app:b --target b .
            ```
        "#]],
    );
}

#[test]
fn all_that_acts_at_run_time_is_in_the_command() {
    check_outcome(
        FILES[11].1,
        expect![[r#"
            This Dockerfile describes how to build an image, in one stage. It starts from nothing (`scratch`). A container starts `/x`. Dockwright has 1 warning to tell, at its line.

            ## The image

            - **Files:** none; the working directory is empty.
            - **Start:** A container starts `/x`.
            - **Working directory:** `/a`.
            - **User:** `1:2`.
            - **Ports:** `80`, `53/udp` and `7000-7002`. Nobody reaches them from outside until `docker run -p` publishes them.
            - **Volumes:** `/data` and `/logs`. What is written there lies outside of the container; `docker run -v` gives it a name to keep it by.
            - **Environment:** `A=1` and `B=`.
            - **Health check:** see line 8.
            - **Stop signal:** `SIGQUIT`.

            docker build -t my-app .
            docker run --rm -p 8080:80 -p 8053:53/udp -p 7000-7002:7000-7002 -v my-app-data:/data -v my-app-logs:/logs my-app
            ```
        "#]],
    );
}

#[test]
fn what_the_base_image_decides_is_told_as_that() {
    check_outcome(
        FILES[7].1,
        expect![[r#"
        This Dockerfile describes how to build an image, in one stage. It starts from `postgres:17`. A container starts what the base image says: `docker-entrypoint.sh postgres` in current versions.

        ## The image

        - **Files:** those of `postgres:17`; what is copied on line 3.
        - **Start:** A container starts what the base image says: `docker-entrypoint.sh postgres` in current versions.
        - **Working directory:** that of the base image, `/` in current versions.
        - **User:** that of the base image, `root` in current versions.
        - **Ports:** `5432`, from the base image. Nobody reaches them from outside until `docker run -p` publishes them.
        - **Environment:** `POSTGRES_DB=shop`.

        docker build -t my-app .
        docker run --rm -p 5432:5432 -e POSTGRES_PASSWORD=VALUE my-app
        ```

        - Put in a value for `POSTGRES_PASSWORD`: the program looks for it in its environment, and the file does not set it.
    "#]],
    );
    check_outcome(
        "FROM ghcr.io/me/x:1\n",
        expect![[r#"
            This Dockerfile describes how to build an image, in one stage. It starts from `ghcr.io/me/x:1`. What a container starts, the base image decides; this file does not tell.

            ## The image

            - **Files:** those of `ghcr.io/me/x:1`.
            - **Start:** What a container starts, the base image decides; this file does not tell.
            - **Working directory:** that of the base image.
            - **User:** that of the base image, which is usually root.

            docker build -t my-app .
            docker run --rm my-app
            ```
        "#]],
    );
}

#[test]
fn secrets_keys_and_arguments_become_options_of_the_build() {
    check_outcome(
        FILES[9].1,
        expect![[r#"
        This Dockerfile describes how to build an image, in one stage. It starts from `node:24`. A container starts `node`, through the base image's entrypoint `docker-entrypoint.sh`.

        ## The image

        - **Files:** those of `node:24`; what the commands leave behind on lines 3, 4 and 5.
        - **Start:** A container starts `node`, through the base image's entrypoint `docker-entrypoint.sh`.
        - **Working directory:** that of the base image, `/` in current versions.
        - **User:** that of the base image, `root` in current versions.

        docker build -t my-app --secret id=npmrc,src=npmrc.txt --ssh default --secret id=key,env=KEY .
        docker run --rm -it my-app
        ```

        - Put the secret `npmrc` into the file `npmrc.txt`, outside of what Git keeps.
        - `--ssh` lends the keys of your SSH agent to the build.
        - The secret `key` is read from the environment variable `KEY` of your shell.
    "#]],
    );
    check_outcome(
        FILES[8].1,
        expect![[r#"
            This Dockerfile describes how to build an image, in one stage. It starts from `$BASE` (depends on the build argument `BASE`). What a container starts, the base image decides; this file does not tell. Dockwright has 2 warnings to tell, each at its line.

            ## The image

            - **Files:** those of `$BASE` (depends on the build argument `BASE`); what the commands leave behind on line 5.
            - **Start:** What a container starts, the base image decides; this file does not tell.
            - **Working directory:** that of the base image.
            - **User:** that of the base image, which is usually root.

            docker build -t my-app --build-arg BASE=VALUE --build-arg TOKEN=VALUE .
            docker run --rm my-app
            ```

            - Put in a value for the arguments `BASE` and `TOKEN`, which have no default here.
        "#]],
    );
}

#[test]
fn another_file_name_and_a_target_are_named_in_the_command() {
    let model = Fixture::new("FROM scratch AS a\nFROM scratch\nCOPY x /\n").model();
    let story = story(&model, &[], &Place::new("Dockerfile.dev", "My Shop"), &known::Facts::default());
    assert!(story.contains("docker build -t my-shop -f Dockerfile.dev .\n"), "{story}");
    assert!(story.contains("docker build -t my-shop:a -f Dockerfile.dev --target a .\n"), "{story}");
    assert_eq!(Place::new("", "…").image, "my-app");
    let odd = Place { file: "a b; rm -rf $HOME".to_owned(), ..Place::default() };
    let story = super::story(&model, &[], &odd, &known::Facts::default());
    assert!(story.contains(" -f 'a b; rm -rf $HOME' ."), "quoted for a shell");
}

/// The sentences about the base image of `FROM acme/api:1`.
fn base_knowing(known: &known::Facts) -> String {
    let model = Fixture::new("FROM acme/api:1\n").model();
    let story = story(&model, &[], &Place::default(), known);
    let line = story.lines().find(|it| it.contains("It starts from the image"));
    line.unwrap_or_default().to_owned()
}

#[test]
fn what_a_registry_has_said_is_told() {
    use known::{Answer, Fact, ImageConfig, RemoteImage, RemotePlatform, RemoteTag, Repository};
    let fresh = |value| Fact { value, age: std::time::Duration::ZERO };
    let mut known = known::Facts::default();
    assert!(base_knowing(&known).contains("Docker Hub could tell (nobody was asked)"));
    known
        .repositories
        .insert("docker.io/acme/api".to_owned(), Fact { value: Answer::Missing, age: Default::default() });
    assert!(base_knowing(&known).ends_with("Docker Hub has no such repository, or none that you may see."));
    let tag = |name: &str| RemoteTag {
        name: name.into(),
        pushed: Some(crate::analysis::image::index::Date { year: 2026, month: 7, day: 2 }),
        digest: Some("sha256:a".into()),
        platforms: vec![RemotePlatform {
            platform: crate::analysis::image::Platform::new("linux", "amd64", "").into(),
            size: Some(40_000_000),
            digest: None,
        }],
    };
    let list = Repository { tags: vec![tag("1"), tag("1.4.2")], is_complete: true };
    let value = Answer::Found(list.into());
    known.repositories.insert("docker.io/acme/api".to_owned(), Fact { value, age: Default::default() });
    let config = ImageConfig {
        user: Some("app".to_owned()),
        command: vec!["/api".to_owned(), "--port 80".to_owned()],
        ..ImageConfig::default()
    };
    let image = RemoteImage { config: Some(config), ..RemoteImage::default() };
    known.images.insert("docker.io/acme/api:1".to_owned(), fresh(Answer::Found(image)));
    let text = base_knowing(&known);
    for part in [
        "Docker Hub has said about it: `1` stands for `1.4.2`; it was pushed on 2026-07-02; 40.0 MB are pulled for `linux/amd64`.",
        "Its user is `app`, its working directory `/`, and it starts `/api \"--port 80\"`",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("nobody was asked"), "{text}");
}

#[test]
fn commands_are_told_in_plain_words() {
    for (body, expected) in [
        (
            "apt-get update && apt-get install -y --no-install-recommends -t stable curl git=1:2 && rm -rf /var/lib/apt/lists/*",
            "Fetches the lists of apt packages; installs `curl` and `git=1:2` with apt; deletes `/var/lib/apt/lists/*`.",
        ),
        ("apk add --no-cache --virtual .deps gcc", "Installs `gcc` with apk."),
        (
            "pip install --no-cache-dir -r a.txt flask .",
            "Installs the packages that `a.txt` lists, the Python project in the working directory and `flask` with pip.",
        ),
        ("python -m pip install --upgrade pip", "Installs `pip` with pip."),
        (
            "npm ci --omit=dev && npm run build",
            "Installs exactly the Node.js packages that the lock file names, with npm; runs the script `build` of `package.json`.",
        ),
        (
            "yarn && yarn build",
            "Installs the Node.js packages that `package.json` lists, with yarn; runs the script `build` of `package.json`.",
        ),
        (
            "CGO_ENABLED=0 go build -ldflags '-s -w' -o /app ./cmd/x",
            "Compiles the Go program and writes it to `/app`.",
        ),
        ("cargo build --release --locked", "Compiles the Rust program, optimized."),
        (
            "useradd -m -u 1000 -s /bin/sh app && chown -R app:app /data",
            "Creates the user `app`; gives `/data` to the user `app:app`.",
        ),
        ("adduser -D -u 1000 app", "Creates the user `app`."),
        (
            "curl -fsSL https://example.org/i.sh | bash",
            "Downloads `https://example.org/i.sh` and runs what comes as a bash program, unseen.",
        ),
        (
            "curl -L https://a.b/c.tgz | tar -xzC /opt",
            "Downloads `https://a.b/c.tgz` and unpacks what comes into `/opt`.",
        ),
        ("unzip -q a.zip -d /x", "Unpacks `a.zip` into `/x`."),
        ("wget -O /x https://a.b/c", "Downloads `https://a.b/c` to `/x`."),
        (
            "set -eux; echo a > /b; cat /c",
            "Makes the shell print each command and stop at the first that fails; writes `/b`; prints a file.",
        ),
        ("sudo apt-get update", "Fetches the lists of apt packages (with `sudo`)."),
        (
            "sh -c 'apk update && apk upgrade'",
            "Fetches the list of Alpine packages, then updates all Alpine packages to today's versions.",
        ),
        ("[ -n \"$X\" ] && make install", "If a condition holds, builds `install` of the `Makefile`."),
        (
            "[ a ] && x && y || z; w",
            "If a condition holds, runs `x`, then runs `y`; otherwise, runs `z`; runs `w`.",
        ),
        ("test -f x || exit 1", "Unless a condition holds, stops the build."),
        ("make || true", "Builds what the `Makefile` makes first; goes on even if that fails."),
        (
            "if [ -f x ]; then make; cp a b; fi && ls",
            "Depending on a condition or in a loop, runs `make` and `cp`; lists files, for the log of the build.",
        ),
        ("for i in 1 2; do foo $i; done", "Depending on a condition or in a loop, runs `foo`."),
        ("foo --bar | baz", "Runs `foo --bar | baz`."),
        ("[\"foo\", \"a b\"]", "Runs `foo a b`."),
        (
            "./configure && make -j$(nproc) && make install",
            "Looks at the system and prepares a build (`configure`); builds what the `Makefile` makes first; builds `install` of the `Makefile`.",
        ),
        (
            "export A=1 B; X=2; cd /x",
            "Sets `A` and `B` for the rest of this step; sets `X` for the rest of this step; goes to the folder `/x` (for this step only).",
        ),
        ("if then", "Runs `if then` in sh."),
    ] {
        check_run(body, expected);
    }
}

#[test]
fn an_unfinished_file_is_no_trouble() {
    for source in [
        "",
        "F",
        "FROM",
        "FROM a\nRUN <<EOF\nx",
        "FROM a\nCOPY --from= x",
        "ONBUILD",
        "FROM a\nENV =\n",
        "HEALTHCHECK\nFROM $",
    ] {
        assert!(told(source).starts_with("# `Dockerfile` explained\n"), "{source:?}");
    }
}

#[test]
fn a_chain_of_stages_says_who_goes_on_from_whom() {
    let story = told(
        "FROM scratch AS a\nFROM a AS b\nCOPY x /\nFROM scratch\nCOPY --from=b /x /\nCOPY --from=b /y /\n",
    );
    assert!(story.contains("Stage `b` goes on from it. Itself, it is not in the image."), "{story}");
    assert!(
        story.contains("Lines 5 and 6 take files from it; nothing else of it is in the image."),
        "{story}"
    );
}

#[test]
fn hover_tells_what_this_instruction_does() {
    let fixture = Fixture::new("FROM alpine:3.22\nWOR<|>KDIR /app\n");
    let hover =
        crate::analysis::ide::hover::hover(&fixture.model(), fixture.cursor()).expect("there is a hover");
    for words in [
        "**Here, at build time:** The steps that follow work in `/app`",
        "**Here, at run time:** The program starts in `/app`.",
        "Words:\n\n- [working directory](https://docs.docker.com/",
    ] {
        assert!(hover.markdown.contains(words), "{words}: {}", hover.markdown);
    }
}

#[test]
fn a_file_that_nobody_reads_is_told_in_short() {
    let source = format!("FROM scratch\n{}CMD [\"/x\"]\n", "ENV A=1\nEXPOSE 1\n".repeat(3_000));
    let model = Fixture::new(&source).model();
    let story = story(&model, &[], &Place::default(), &known::Facts::default());
    assert!(story.contains("It has 6002 instructions, too many to tell them one by one."), "{story}");
    assert!(story.contains("A container starts `/x`.") && story.len() < 4_000, "{}", story.len());
}
