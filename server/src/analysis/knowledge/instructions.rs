//! What each instruction does, for hover, completion, signature help and `dockwright explain`.
//!
//! The facts follow <https://docs.docker.com/reference/dockerfile/> and BuildKit's
//! `frontend/dockerfile/instructions`; the sentences are ours. Written for two readers at once: the
//! summary and `acts_note` for somebody's first image, the details for everybody else.

use super::{FrontendVersion, Keyword};

/// The documentation of one instruction.
#[derive(Debug)]
pub struct InstructionDoc {
    pub keyword: Keyword,
    /// One sentence: what it does.
    pub summary: &'static str,
    /// Markdown, a few short paragraphs or a list.
    pub details: &'static str,
    /// When it has its effect.
    pub acts: Acts,
    /// One sentence that says what `acts` means for this instruction.
    pub acts_note: &'static str,
    /// The forms it can be written in; `[…]` is optional, `…` may be repeated.
    pub syntax: &'static [&'static str],
    /// Some lines of a Dockerfile.
    pub example: &'static str,
    /// The first version of the Dockerfile syntax that has it; `None`: it was always there.
    pub since: Option<FrontendVersion>,
    /// What to write instead, where the instruction is deprecated.
    pub deprecated: Option<&'static str>,
    /// May stand after `ONBUILD`.
    pub onbuild_allowed: bool,
    /// May stand before the first `FROM`.
    pub before_from_allowed: bool,
    /// Adds a layer of files to the image. The others only change the image's settings.
    pub layer: bool,
    /// Whether a second one in the same stage replaces the first.
    pub last_wins: bool,
    pub expansion: Expansion,
    pub mistakes: &'static [Mistake],
    pub url: &'static str,
}

/// When an instruction has its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acts {
    /// While the image is built, once.
    BuildTime,
    /// Each time a container is started from the image.
    RunTime,
    /// In the rest of the build, and again in each container.
    Both,
}

impl Acts {
    /// As it stands in a hover: `build time`, `run time`, `build time and run time`.
    pub fn label(self) -> &'static str {
        match self {
            Acts::BuildTime => "build time",
            Acts::RunTime => "run time",
            Acts::Both => "build time and run time",
        }
    }
}

/// Who replaces `$NAME` in the arguments (<https://docs.docker.com/reference/dockerfile/#environment-replacement>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expansion {
    /// The builder, with the stage's `ARG` and `ENV`.
    Builder,
    /// The builder, with the `ARG`s before the first `FROM` only.
    GlobalArguments,
    /// The shell, and only in shell form: the builder hands the text over as it is.
    Shell,
    /// Nobody now: the text is kept, and read when another image is built from this one.
    Later,
    /// Nobody.
    Never,
}

/// A mistake that people make with an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mistake {
    pub wrong: &'static str,
    pub right: &'static str,
    /// Why it hurts.
    pub why: &'static str,
}

/// The documentation of `keyword`.
pub fn instruction(keyword: Keyword) -> &'static InstructionDoc {
    match keyword {
        Keyword::Add => &ADD,
        Keyword::Arg => &ARG,
        Keyword::Cmd => &CMD,
        Keyword::Copy => &COPY,
        Keyword::Entrypoint => &ENTRYPOINT,
        Keyword::Env => &ENV,
        Keyword::Expose => &EXPOSE,
        Keyword::From => &FROM,
        Keyword::Healthcheck => &HEALTHCHECK,
        Keyword::Label => &LABEL,
        Keyword::Maintainer => &MAINTAINER,
        Keyword::Onbuild => &ONBUILD,
        Keyword::Run => &RUN,
        Keyword::Shell => &SHELL,
        Keyword::Stopsignal => &STOPSIGNAL,
        Keyword::User => &USER,
        Keyword::Volume => &VOLUME,
        Keyword::Workdir => &WORKDIR,
    }
}

static FROM: InstructionDoc = InstructionDoc {
    keyword: Keyword::From,
    summary: "Starts a stage, and names the image that the stage is built on.",
    details: "\
Everything up to the next `FROM` belongs to this stage. A file may have several stages; the last one becomes the \
image, unless `--target` names another.

- `AS name` gives the stage a name. Later lines use its files with `COPY --from=name` or `RUN --mount=from=name`, \
or build on it with `FROM name`.
- Without a tag the tag is `latest`, which is another image tomorrow. A version tag (`node:24-slim`) is steadier, a \
digest (`@sha256:…`) never changes.
- `FROM scratch` starts from nothing: no shell, no files. It suits one static program.
- Only `ARG`, comments and parser directives may stand before the first `FROM`.",
    acts: Acts::BuildTime,
    acts_note: "The base image is fetched when you build; its files and settings become the start of your image.",
    syntax: &["FROM [--platform=<platform>] <image>[:<tag>][@<digest>] [AS <name>]"],
    example: "\
FROM golang:1.27 AS build
WORKDIR /src
COPY . .
RUN go build -o /app .

FROM debian:stable-slim
COPY --from=build /app /usr/local/bin/app
CMD [\"app\"]",
    since: None,
    deprecated: None,
    onbuild_allowed: false,
    before_from_allowed: true,
    layer: false,
    last_wins: false,
    expansion: Expansion::GlobalArguments,
    mistakes: &[
        Mistake {
            wrong: "FROM node",
            right: "FROM node:24-slim",
            why: "Without a tag you get `latest`: the same file builds a different image next month.",
        },
        Mistake {
            wrong: "FROM ubuntu\nARG VERSION=24.04\nFROM ubuntu:$VERSION",
            right: "ARG VERSION=24.04\nFROM ubuntu:$VERSION",
            why: "`FROM` sees only the arguments that are declared before the first `FROM`.",
        },
        Mistake {
            wrong: "FROM node:24 as Build",
            right: "FROM node:24 AS build",
            why: "Stage names are compared in lower case; writing them so avoids surprises.",
        },
    ],
    url: reference!("#from"),
};

static RUN: InstructionDoc = InstructionDoc {
    keyword: Keyword::Run,
    summary: "Runs a command while the image is built, and keeps the files that it changed.",
    details: "\
Use it to install packages, compile, or prepare files. The result is a layer, and the layer is cached: the command \
runs again only if its text, an earlier instruction or a copied file changed.

- Shell form `RUN command` goes through the shell (`/bin/sh -c`), so `&&`, pipes and `$VARIABLES` work.
- Exec form `RUN [\"program\", \"argument\"]` starts the program directly: no shell, no variables.
- A heredoc holds a whole script: `RUN <<EOF` … `EOF`.
- Each `RUN` is a new process. `cd`, `export` and background programs do not live on to the next line; use `WORKDIR` \
and `ENV`.
- A file deleted in a later `RUN` still takes its space in the earlier layer: delete it in the same `RUN`.",
    acts: Acts::BuildTime,
    acts_note: "It runs once, during the build, and never when the container starts; for that there is `CMD`.",
    syntax: &[
        "RUN [<options>] <command>",
        "RUN [<options>] [\"<program>\", \"<argument>\", …]",
        "RUN [<options>] <<EOF",
    ],
    example: "\
RUN apt-get update && apt-get install -y --no-install-recommends \\
        ca-certificates \\
        curl \\
    && rm -rf /var/lib/apt/lists/*",
    since: None,
    deprecated: None,
    onbuild_allowed: true,
    before_from_allowed: false,
    layer: true,
    last_wins: false,
    expansion: Expansion::Shell,
    mistakes: &[
        Mistake {
            wrong: "RUN cd /app\nRUN npm ci",
            right: "WORKDIR /app\nRUN npm ci",
            why: "The folder is forgotten when the line ends: `npm ci` runs somewhere else.",
        },
        Mistake {
            wrong: "RUN apt-get update\nRUN apt-get install -y curl",
            right: "RUN apt-get update && apt-get install -y curl",
            why: "The first line comes from the cache for weeks, and then the package list is too old to install from.",
        },
        Mistake {
            wrong: "RUN npm start",
            right: "CMD [\"npm\", \"start\"]",
            why: "A server never ends, so the build waits for ever; `CMD` starts it in the container.",
        },
        Mistake {
            wrong: "RUN export TOKEN=abc",
            right: "RUN --mount=type=secret,id=token,env=TOKEN ./download.sh",
            why: "`export` ends with the line, and a secret in the text of a `RUN` stays readable in the image's history.",
        },
    ],
    url: reference!("#run"),
};

static COPY: InstructionDoc = InstructionDoc {
    keyword: Keyword::Copy,
    summary: "Copies files into the image: from the build context, another stage, or another image.",
    details: "\
The last argument is the destination, all before it are sources.

- A source is read relative to the build context, the folder named in `docker build .`. Files outside it cannot be \
copied, and those that `.dockerignore` names are not there.
- Of a folder its *content* is copied, not the folder itself: `COPY src /app/` puts `src/a` at `/app/a`.
- A destination that ends with `/` is a folder; without it the source takes that name. With several sources it must \
end with `/`.
- A relative destination starts at `WORKDIR`. Missing folders are made.
- New files belong to root unless `--chown` says otherwise, whatever `USER` is.
- Copy what changes rarely first (`package.json`), install, then copy the rest: the install stays in the cache.",
    acts: Acts::BuildTime,
    acts_note: "The files are copied once, when you build; later changes on your disk need a new build.",
    syntax: &[
        "COPY [<options>] <source>… <destination>",
        "COPY [<options>] [\"<source>\", …, \"<destination>\"]",
        "COPY [<options>] <<EOF <destination>",
    ],
    example: "\
COPY package.json package-lock.json ./
RUN npm ci
COPY --chown=node:node . .",
    since: None,
    deprecated: None,
    onbuild_allowed: true,
    before_from_allowed: false,
    layer: true,
    last_wins: false,
    expansion: Expansion::Builder,
    mistakes: &[
        Mistake {
            wrong: "COPY ../shared /app/shared",
            right: "COPY shared /app/shared",
            why: "`../` is cut off: the builder sees only the context. Build from the parent folder with `-f`.",
        },
        Mistake {
            wrong: "COPY a.txt b.txt /data",
            right: "COPY a.txt b.txt /data/",
            why: "With several sources the destination must be a folder and so must end with `/`.",
        },
        Mistake {
            wrong: "COPY . .\nRUN npm ci",
            right: "COPY package*.json ./\nRUN npm ci\nCOPY . .",
            why: "Any changed file makes the install run again; copied apart, it stays in the cache.",
        },
    ],
    url: reference!("#copy"),
};

static ADD: InstructionDoc = InstructionDoc {
    keyword: Keyword::Add,
    summary: "Copies files into the image like `COPY`, and can also download a URL, clone a Git repository or unpack a tar archive.",
    details: "\
For plain files from your project use `COPY`: it has no surprises.

- A local tar archive (also gzip, bzip2, xz or zstd) is unpacked; `--unpack=false` keeps it as it is.
- `http://` and `https://` sources are downloaded, and not unpacked unless you say `--unpack=true`. \
`--checksum=sha256:…` makes the build fail if the content is another one.
- A Git address is cloned: `ADD https://github.com/user/repo.git#v1.0:docs /docs/` takes the folder `docs` of tag `v1.0`.
- Everything else is as in `COPY`. To take files from another stage, only `COPY --from` will do.",
    acts: Acts::BuildTime,
    acts_note: "The files are fetched and copied once, when you build.",
    syntax: &[
        "ADD [<options>] <source>… <destination>",
        "ADD [<options>] [\"<source>\", …, \"<destination>\"]",
        "ADD [<options>] <<EOF <destination>",
    ],
    example: "\
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d \\
    https://mirrors.edge.kernel.org/pub/linux/kernel/Historic/linux-0.01.tar.gz /src/",
    since: None,
    deprecated: None,
    onbuild_allowed: true,
    before_from_allowed: false,
    layer: true,
    last_wins: false,
    expansion: Expansion::Builder,
    mistakes: &[
        Mistake {
            wrong: "ADD app.py /app/",
            right: "COPY app.py /app/",
            why: "`ADD` does more than copy, so the reader has to wonder what you wanted; for a plain file say `COPY`.",
        },
        Mistake {
            wrong: "ADD https://example.com/tool.tar.gz /opt/",
            right: "ADD --unpack=true --checksum=sha256:<digest> https://example.com/tool.tar.gz /opt/",
            why: "A downloaded archive is not unpacked by itself, and without a checksum nobody notices when its content changes.",
        },
    ],
    url: reference!("#add"),
};

static CMD: InstructionDoc = InstructionDoc {
    keyword: Keyword::Cmd,
    summary: "Says what a container runs when it starts, unless `docker run` names another command.",
    details: "\
Nothing is run during the build. Only the last `CMD` of the final stage counts.

- Exec form `CMD [\"program\", \"argument\"]` starts the program itself: it receives the stop signal and can end \
properly. Words are in double quotes.
- Shell form `CMD program argument` starts a shell around it. Variables work, but the stop signal reaches the shell, \
and the program is killed ten seconds later; `exec` in front of the program helps.
- With an `ENTRYPOINT` in exec form, `CMD` gives its default arguments.
- What stands after the image in `docker run image …` replaces the whole `CMD`.",
    acts: Acts::RunTime,
    acts_note: "It runs each time a container starts, and not during the build; for that there is `RUN`.",
    syntax: &[
        "CMD [\"<program>\", \"<argument>\", …]",
        "CMD [\"<argument for ENTRYPOINT>\", …]",
        "CMD <command>",
    ],
    example: "CMD [\"node\", \"server.js\"]",
    since: None,
    deprecated: None,
    onbuild_allowed: true,
    before_from_allowed: false,
    layer: false,
    last_wins: true,
    expansion: Expansion::Shell,
    mistakes: &[
        Mistake {
            wrong: "CMD ['node', 'server.js']",
            right: "CMD [\"node\", \"server.js\"]",
            why: "The list must be JSON, with double quotes. With single quotes a shell is started that looks for a program called `[node,`.",
        },
        Mistake {
            wrong: "CMD [\"npm start\"]",
            right: "CMD [\"npm\", \"start\"]",
            why: "The first string is the program: there is no program called `npm start`.",
        },
        Mistake {
            wrong: "CMD [\"echo\", \"$HOME\"]",
            right: "CMD [\"sh\", \"-c\", \"echo $HOME\"]",
            why: "Exec form has no shell, so nobody replaces `$HOME`.",
        },
        Mistake {
            wrong: "CMD service nginx start",
            right: "CMD [\"nginx\", \"-g\", \"daemon off;\"]",
            why: "The container ends when its first process ends, and a service that goes to the background ends at once.",
        },
    ],
    url: reference!("#cmd"),
};

static ENTRYPOINT: InstructionDoc = InstructionDoc {
    keyword: Keyword::Entrypoint,
    summary: "Fixes the program that a container runs; `CMD` and the arguments of `docker run` are passed to it.",
    details: "\
Use it when the image *is* one program (`docker run my-tool --help`). For a plain application `CMD` alone is enough.

- Exec form `ENTRYPOINT [\"program\"]`: `CMD`, or what stands after the image in `docker run`, is appended as arguments.
- Shell form `ENTRYPOINT program`: `CMD` and all arguments are ignored, and the stop signal reaches only the shell.
- Only the last one of the final stage counts; `docker run --entrypoint` replaces it.
- Setting `ENTRYPOINT` empties a `CMD` that came from the base image.
- A start script ends with `exec \"$@\"`, so that the program takes its place and receives the signals.",
    acts: Acts::RunTime,
    acts_note: "It runs each time a container starts, and not during the build.",
    syntax: &["ENTRYPOINT [\"<program>\", \"<argument>\", …]", "ENTRYPOINT <command>"],
    example: "\
ENTRYPOINT [\"python\", \"-m\", \"my_tool\"]
CMD [\"--help\"]",
    since: None,
    deprecated: None,
    onbuild_allowed: true,
    before_from_allowed: false,
    layer: false,
    last_wins: true,
    expansion: Expansion::Shell,
    mistakes: &[
        Mistake {
            wrong: "ENTRYPOINT my-tool",
            right: "ENTRYPOINT [\"my-tool\"]",
            why: "In shell form the tool never sees `CMD` or the arguments of `docker run`, nor the stop signal.",
        },
        Mistake {
            wrong: "ENTRYPOINT [\"./start.sh\"]\nCMD node server.js",
            right: "ENTRYPOINT [\"./start.sh\"]\nCMD [\"node\", \"server.js\"]",
            why: "A shell-form `CMD` reaches the script as the words `/bin/sh`, `-c` and one long string.",
        },
    ],
    url: reference!("#entrypoint"),
};

static ENV: InstructionDoc = InstructionDoc {
    keyword: Keyword::Env,
    summary: "Sets environment variables, for the rest of the build and for every container.",
    details: "\
- `ENV NAME=value` may set several at once; quote a value that has blanks: `ENV TITLE=\"My app\"`.
- Later instructions of the stage can use it as `$NAME` or `${NAME}`; so can stages that are built `FROM` it.
- All variables of one `ENV` see the values from *before* the line: in `ENV A=1 B=$A`, `B` gets the old `A`.
- `docker run -e NAME=other` changes it for one container.
- An `ENV` beats an `ARG` of the same name.
- Anybody who has the image can read it with `docker inspect`: never put a password here.
- For a value that only the build needs, use `ARG`.",
    acts: Acts::Both,
    acts_note: "It is set for all later `RUN` lines of the build, and again in every container that is started.",
    syntax: &["ENV <name>=<value>…", "ENV <name> <value>   (old form, one variable only)"],
    example: "\
ENV NODE_ENV=production \\
    PATH=\"/app/node_modules/.bin:$PATH\"",
    since: None,
    deprecated: None,
    onbuild_allowed: true,
    before_from_allowed: false,
    layer: false,
    last_wins: false,
    expansion: Expansion::Builder,
    mistakes: &[
        Mistake {
            wrong: "ENV PATH=/opt/tool/bin",
            right: "ENV PATH=/opt/tool/bin:$PATH",
            why: "The old search path is lost, and then even `ls` is not found.",
        },
        Mistake {
            wrong: "ENV ONE TWO=2",
            right: "ENV ONE=1 TWO=2",
            why: "Without `=` after the first name all the rest is its value: `ONE` becomes `TWO=2`.",
        },
        Mistake {
            wrong: "ENV DB_PASSWORD=secret",
            right: "RUN --mount=type=secret,id=db_password ./migrate.sh",
            why: "The password is stored in the image for everybody to read; give it to the container with `docker run -e`.",
        },
    ],
    url: reference!("#env"),
};

static ARG: InstructionDoc = InstructionDoc {
    keyword: Keyword::Arg,
    summary: "Declares a variable that can be set when building, with `docker build --build-arg NAME=value`.",
    details: "\
- `ARG NAME=default` has a value even if nobody gives one; `ARG NAME` is unset until somebody does.
- It counts from its line to the end of the stage, and in stages that are built `FROM` this one.
- Declared before the first `FROM` it is global: usable in `FROM` lines only. Repeat `ARG NAME` in a stage to use it there.
- `RUN` commands see it as an environment variable; a container does not.
- A new value makes the `RUN` lines after it run again.
- It stays readable in `docker history` and in the provenance of the build: it is no place for a password.",
    acts: Acts::BuildTime,
    acts_note: "It exists only while the image is built; a container does not have it. For that there is `ENV`.",
    syntax: &["ARG <name>[=<default>]…"],
    example: "\
ARG NODE_VERSION=24
FROM node:${NODE_VERSION}-slim
ARG NODE_VERSION
RUN echo \"built with Node $NODE_VERSION\"",
    since: None,
    deprecated: None,
    onbuild_allowed: true,
    before_from_allowed: true,
    layer: false,
    last_wins: false,
    expansion: Expansion::Builder,
    mistakes: &[
        Mistake {
            wrong: "ARG VERSION=1.2\nFROM alpine\nRUN echo $VERSION",
            right: "ARG VERSION=1.2\nFROM alpine\nARG VERSION\nRUN echo $VERSION",
            why: "An `ARG` before `FROM` is outside of the stage: there `$VERSION` is empty until it is declared again.",
        },
        Mistake {
            wrong: "ARG PORT=8080\nCMD [\"sh\", \"-c\", \"serve --port $PORT\"]",
            right: "ENV PORT=8080\nCMD [\"sh\", \"-c\", \"serve --port $PORT\"]",
            why: "When the container runs, build arguments are gone.",
        },
        Mistake {
            wrong: "ARG NPM_TOKEN\nRUN npm ci",
            right: "RUN --mount=type=secret,id=npm_token,env=NPM_TOKEN npm ci",
            why: "Build arguments stay readable in the image's history; a secret mount leaves no trace.",
        },
    ],
    url: reference!("#arg"),
};

static WORKDIR: InstructionDoc = InstructionDoc {
    keyword: Keyword::Workdir,
    summary: "Sets the folder that the following instructions, and the container, work in.",
    details: "\
- It is made if it does not exist, and then belongs to the current `USER`.
- It holds for `RUN`, `CMD`, `ENTRYPOINT`, `COPY` and `ADD` after it, and for a shell in the container.
- A relative path continues the one before: `WORKDIR /a`, then `WORKDIR b` gives `/a/b`. Start with an absolute path: \
what the base image has set may change.
- Without it the folder is that of the base image, often `/`.",
    acts: Acts::Both,
    acts_note: "It is the current folder of all later build steps, and the folder in which the container starts.",
    syntax: &["WORKDIR <path>"],
    example: "\
WORKDIR /app
COPY . .",
    since: None,
    deprecated: None,
    onbuild_allowed: true,
    before_from_allowed: false,
    layer: true,
    last_wins: false,
    expansion: Expansion::Builder,
    mistakes: &[
        Mistake {
            wrong: "RUN mkdir -p /app && cd /app",
            right: "WORKDIR /app",
            why: "`cd` is forgotten at the end of the line; `WORKDIR` makes the folder and stays there.",
        },
        Mistake {
            wrong: "WORKDIR app",
            right: "WORKDIR /app",
            why: "A relative path depends on what the base image had set.",
        },
        Mistake {
            wrong: "WORKDIR ~/app",
            right: "WORKDIR /home/node/app",
            why: "`~` is the shell's word; here it makes a folder whose name is `~`.",
        },
    ],
    url: reference!("#workdir"),
};

static USER: InstructionDoc = InstructionDoc {
    keyword: Keyword::User,
    summary: "Sets the user that later `RUN` lines and the container run as.",
    details: "\
Without it everything runs as the base image's user, usually root: whoever breaks into the program then has all rights \
in the container.

- A name must exist in the image's `/etc/passwd`: create it with `RUN useradd …` first, or use one that the base \
brings (`node`, `nginx`, `nobody`). A number needs no entry.
- Install packages before this line: a normal user may not.
- With `user:group` the user has that one group only.
- `COPY` and `ADD` do not care: give files away with `--chown`.",
    acts: Acts::Both,
    acts_note: "It holds for all later `RUN` lines of the build, and for the program in the container.",
    syntax: &["USER <user>[:<group>]", "USER <uid>[:<gid>]"],
    example: "\
RUN useradd --create-home --shell /usr/sbin/nologin app
USER app",
    since: None,
    deprecated: None,
    onbuild_allowed: true,
    before_from_allowed: false,
    layer: false,
    last_wins: false,
    expansion: Expansion::Builder,
    mistakes: &[
        Mistake {
            wrong: "USER app\nRUN apt-get update && apt-get install -y curl",
            right: "RUN apt-get update && apt-get install -y curl\nUSER app",
            why: "Installing needs root, so it has to come before `USER`.",
        },
        Mistake {
            wrong: "USER app",
            right: "RUN useradd --create-home app\nUSER app",
            why: "`USER` does not create anybody; an unknown name fails at the next `RUN`, or when the container starts.",
        },
    ],
    url: reference!("#user"),
};

static EXPOSE: InstructionDoc = InstructionDoc {
    keyword: Keyword::Expose,
    summary: "Notes which port the program in the container listens on; it does not open or publish it.",
    details: "\
It is a note for people and tools. To reach the port from outside, start the container with \
`docker run -p 8080:80 image` (port 8080 of your machine to port 80 of the container), or `-P` to publish all noted \
ports on free numbers.

- The protocol is `tcp` unless you write `/udp` or `/sctp`.
- A range is possible: `EXPOSE 8000-8010`.
- Containers on one network reach each other's ports without it.
- The program must listen on `0.0.0.0`, not on `127.0.0.1`, which nobody outside the container can reach.",
    acts: Acts::RunTime,
    acts_note: "It is a note in the image that `docker run -P` reads; no port is opened by it, neither when you build nor when you run.",
    syntax: &["EXPOSE <port>[/<protocol>]…", "EXPOSE <first>-<last>[/<protocol>]…"],
    example: "EXPOSE 8080",
    since: None,
    deprecated: None,
    onbuild_allowed: true,
    before_from_allowed: false,
    layer: false,
    last_wins: false,
    expansion: Expansion::Builder,
    mistakes: &[
        Mistake {
            wrong: "EXPOSE 8080:80",
            right: "EXPOSE 80",
            why: "Mapping a port to your machine is done at run time: `docker run -p 8080:80`.",
        },
        Mistake {
            wrong: "EXPOSE 53/UDP",
            right: "EXPOSE 53/udp",
            why: "Protocols are written in lower case.",
        },
    ],
    url: reference!("#expose"),
};

static VOLUME: InstructionDoc = InstructionDoc {
    keyword: Keyword::Volume,
    summary: "Marks a folder whose content is kept outside the container, in a volume.",
    details: "\
Each container gets a new, unnamed volume for the folder unless `docker run -v name:/folder` names one; such unnamed \
volumes pile up. Many people leave `VOLUME` out and choose the volume when they run the container.

- The volume starts with the files that the image has there.
- A folder of your own machine cannot be named here; that is `docker run -v /host/folder:/folder`.
- Prepare the folder before this line: old builders throw away what later steps change in it.
- An image built on this one cannot take the mark away again.",
    acts: Acts::RunTime,
    acts_note: "The volume is made when a container starts; the build only notes the folder.",
    syntax: &["VOLUME <path>…", "VOLUME [\"<path>\", …]"],
    example: "VOLUME /var/lib/app",
    since: None,
    deprecated: None,
    onbuild_allowed: true,
    before_from_allowed: false,
    layer: false,
    last_wins: false,
    expansion: Expansion::Builder,
    mistakes: &[
        Mistake {
            wrong: "VOLUME ./data:/data",
            right: "VOLUME /data",
            why: "The folder on your machine is named when you run: `docker run -v ./data:/data`.",
        },
        Mistake {
            wrong: "VOLUME ['/data']",
            right: "VOLUME [\"/data\"]",
            why: "The list must be JSON, with double quotes; else a folder with quotes and brackets in its name is meant.",
        },
    ],
    url: reference!("#volume"),
};

static HEALTHCHECK: InstructionDoc = InstructionDoc {
    keyword: Keyword::Healthcheck,
    summary: "Gives the command that tells whether the program in the container still works.",
    details: "\
Docker runs the command inside the container again and again; exit code 0 means healthy, 1 unhealthy. The state is \
shown by `docker ps`, and others can wait for it. Docker alone does not restart an unhealthy container; Swarm does. \
Kubernetes ignores it and has probes of its own; Podman keeps it only with `--format docker`.

- Defaults: every 30 seconds, 30 seconds of time, 3 failures in a row until it is unhealthy, no start period.
- The tool must be in the image: slim images often have neither `curl` nor `wget`.
- `HEALTHCHECK NONE` switches off the one of the base image. Only the last one counts.",
    acts: Acts::RunTime,
    acts_note: "The check runs again and again in each container, never during the build.",
    syntax: &[
        "HEALTHCHECK [<options>] CMD <command>",
        "HEALTHCHECK [<options>] CMD [\"<program>\", \"<argument>\", …]",
        "HEALTHCHECK NONE",
    ],
    example: "\
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \\
    CMD curl --fail --silent http://localhost:8080/health || exit 1",
    since: None,
    deprecated: None,
    onbuild_allowed: true,
    before_from_allowed: false,
    layer: false,
    last_wins: true,
    expansion: Expansion::Shell,
    mistakes: &[
        Mistake {
            wrong: "HEALTHCHECK curl -f http://localhost/",
            right: "HEALTHCHECK CMD curl -f http://localhost/ || exit 1",
            why: "The word `CMD` must stand before the command.",
        },
        Mistake {
            wrong: "HEALTHCHECK --interval=30 CMD ./check",
            right: "HEALTHCHECK --interval=30s CMD ./check",
            why: "A duration needs a unit: `s`, `m` or `h`.",
        },
    ],
    url: reference!("#healthcheck"),
};

static LABEL: InstructionDoc = InstructionDoc {
    keyword: Keyword::Label,
    summary: "Writes notes into the image: who made it, from which source, under which licence.",
    details: "\
Labels are pairs of a name and a text. `docker inspect` shows them, and registries and scanners read the usual names: \
`org.opencontainers.image.source`, `.version`, `.revision`, `.title`, `.description`, `.licenses`, `.authors`.

- Several may stand in one `LABEL`. Quote values that have blanks, with double quotes if they hold `$NAME`.
- Labels of the base image are inherited; the same name replaces.
- A label has no effect on the build or the program.",
    acts: Acts::BuildTime,
    acts_note: "It is written into the image when you build, and changes nothing in the container.",
    syntax: &["LABEL <name>=<value>…"],
    example: "\
LABEL org.opencontainers.image.title=\"My app\" \\
      org.opencontainers.image.source=\"https://github.com/me/app\"",
    since: None,
    deprecated: None,
    onbuild_allowed: true,
    before_from_allowed: false,
    layer: false,
    last_wins: false,
    expansion: Expansion::Builder,
    mistakes: &[Mistake {
        wrong: "LABEL description My first image",
        right: "LABEL description=\"My first image\"",
        why: "The form without `=` is old and easy to misread; a blank in the value needs quotes.",
    }],
    url: reference!("#label"),
};

static MAINTAINER: InstructionDoc = InstructionDoc {
    keyword: Keyword::Maintainer,
    summary: "Names the author of the image. Deprecated: write a label instead.",
    details: "\
It still works, but BuildKit warns about it. The same with a label:

```dockerfile
LABEL org.opencontainers.image.authors=\"you@example.com\"
```",
    acts: Acts::BuildTime,
    acts_note: "It is written into the image when you build, and changes nothing in the container.",
    syntax: &["MAINTAINER <name>"],
    example: "MAINTAINER you@example.com",
    since: None,
    deprecated: Some("LABEL org.opencontainers.image.authors=\"<name>\""),
    onbuild_allowed: false,
    before_from_allowed: false,
    layer: false,
    last_wins: true,
    expansion: Expansion::Never,
    mistakes: &[Mistake {
        wrong: "MAINTAINER you@example.com",
        right: "LABEL org.opencontainers.image.authors=\"you@example.com\"",
        why: "Labels took its place, and tools read those.",
    }],
    url: reference!("#maintainer-deprecated"),
};

static ONBUILD: InstructionDoc = InstructionDoc {
    keyword: Keyword::Onbuild,
    summary: "Keeps an instruction for later: it runs when another image is built `FROM` this one.",
    details: "\
Meant for base images that prepare a common way to build (\"copy the project and install it\"). It surprises people who \
do not know the base, so say it in the image's name or description.

- Any instruction may follow but `FROM`, `MAINTAINER` and `ONBUILD` itself.
- The kept instructions run right after `FROM`, in their order, and only once: a grandchild image does not have them.
- Since syntax 1.11 they may use stages and contexts of the later build (`COPY --from=…`).
- Podman and Buildah keep it only in images of the Docker format (`--format docker`).",
    acts: Acts::BuildTime,
    acts_note: "Nothing happens in this build: the instruction runs in the build of the next image that starts `FROM` this one.",
    syntax: &["ONBUILD <instruction>"],
    example: "\
ONBUILD COPY . /app
ONBUILD RUN npm ci",
    since: None,
    deprecated: None,
    onbuild_allowed: false,
    before_from_allowed: false,
    layer: false,
    last_wins: false,
    expansion: Expansion::Later,
    mistakes: &[Mistake {
        wrong: "ONBUILD FROM alpine",
        right: "FROM alpine",
        why: "An instruction for later cannot start a stage.",
    }],
    url: reference!("#onbuild"),
};

static SHELL: InstructionDoc = InstructionDoc {
    keyword: Keyword::Shell,
    summary: "Sets the shell that runs the shell form of `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK`.",
    details: "\
- Default on Linux: `[\"/bin/sh\", \"-c\"]`; on Windows: `[\"cmd\", \"/S\", \"/C\"]`.
- It must be a JSON list, and holds for the lines after it, in this stage and in those built on it.
- The shell must be in the image: Alpine has no bash.
- `SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]` lets a pipe fail when any part of it fails. Without that, \
`RUN curl … | tar x` succeeds although curl failed.",
    acts: Acts::Both,
    acts_note: "It is used for the later `RUN` lines, and for shell-form `CMD`, `ENTRYPOINT` and `HEALTHCHECK` in the container.",
    syntax: &["SHELL [\"<program>\", \"<argument>\", …]"],
    example: "SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]",
    since: None,
    deprecated: None,
    onbuild_allowed: true,
    before_from_allowed: false,
    layer: false,
    last_wins: false,
    expansion: Expansion::Never,
    mistakes: &[
        Mistake {
            wrong: "SHELL /bin/bash -c",
            right: "SHELL [\"/bin/bash\", \"-c\"]",
            why: "Only the JSON list is allowed here.",
        },
        Mistake {
            wrong: "SHELL [\"/bin/bash\"]",
            right: "SHELL [\"/bin/bash\", \"-c\"]",
            why: "Without `-c` bash takes the command for the name of a script file.",
        },
    ],
    url: reference!("#shell"),
};

static STOPSIGNAL: InstructionDoc = InstructionDoc {
    keyword: Keyword::Stopsignal,
    summary: "Sets the signal that `docker stop` sends to ask the program to end.",
    details: "\
The default is `SIGTERM`. After ten seconds without an end, Docker kills the program with `SIGKILL`, which cannot be \
handled, so unsaved work is lost. Some programs want another signal for a gentle end: nginx and PHP-FPM `SIGQUIT`, Apache \
`SIGWINCH`, PostgreSQL `SIGINT`, systemd `SIGRTMIN+3`.

- A name (`SIGQUIT` or `QUIT`) or a number (`3`).
- Ctrl+C sends `SIGINT`, whatever is set here.
- The signal goes to the first process only: use the exec form of `CMD` and `ENTRYPOINT`.
- `docker run --stop-signal` overrides it.",
    acts: Acts::RunTime,
    acts_note: "It is used when a container is stopped.",
    syntax: &["STOPSIGNAL <signal>"],
    example: "STOPSIGNAL SIGQUIT",
    since: None,
    deprecated: None,
    onbuild_allowed: true,
    before_from_allowed: false,
    layer: false,
    last_wins: true,
    expansion: Expansion::Builder,
    mistakes: &[Mistake {
        wrong: "STOPSIGNAL SIGKILL",
        right: "STOPSIGNAL SIGTERM",
        why: "`SIGKILL` ends the program at once, without a chance to save or to close connections.",
    }],
    url: reference!("#stopsignal"),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_has_its_own_page() {
        for keyword in Keyword::ALL {
            let doc = instruction(keyword);
            assert_eq!(doc.keyword, keyword);
            assert!(doc.summary.ends_with('.'), "{keyword}: {}", doc.summary);
            assert!(doc.acts_note.ends_with('.'), "{keyword}");
            assert!(doc.details.len() > 40, "{keyword}");
            assert!(doc.url.contains('#'), "{keyword}");
        }
    }

    #[test]
    fn examples_and_forms_show_the_instruction() {
        for keyword in Keyword::ALL {
            let doc = instruction(keyword);
            let shows =
                |text: &str| text.lines().any(|line| line.split(' ').next() == Some(keyword.as_str()));
            assert!(shows(doc.example), "{keyword}: {}", doc.example);
            assert!(!doc.syntax.is_empty() && doc.syntax.iter().all(|form| shows(form)), "{keyword}");
        }
    }

    #[test]
    fn a_mistake_differs_from_its_correction() {
        for keyword in Keyword::ALL {
            for mistake in instruction(keyword).mistakes {
                assert_ne!(mistake.wrong, mistake.right, "{keyword}");
                assert!(mistake.wrong.contains(keyword.as_str()) || keyword == Keyword::Workdir, "{keyword}");
                assert!(mistake.why.ends_with('.'), "{keyword}: {}", mistake.why);
            }
        }
    }

    #[test]
    fn only_four_instructions_add_files() {
        let layers: Vec<_> = Keyword::ALL.into_iter().filter(|it| instruction(*it).layer).collect();
        assert_eq!(layers, [Keyword::Add, Keyword::Copy, Keyword::Run, Keyword::Workdir]);
    }

    #[test]
    fn onbuild_takes_all_but_three() {
        let refused: Vec<_> =
            Keyword::ALL.into_iter().filter(|it| !instruction(*it).onbuild_allowed).collect();
        assert_eq!(refused, [Keyword::From, Keyword::Maintainer, Keyword::Onbuild]);
    }
}
