//! Words that a learner meets, each in three sentences and with an example.

/// A word and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// In lower case, singular.
    pub word: &'static str,
    /// Other words for the same, and close ones that are explained here.
    pub also: &'static [&'static str],
    /// Three sentences.
    pub meaning: &'static str,
    /// Some lines: a command or a piece of a Dockerfile.
    pub example: &'static str,
    pub url: &'static str,
}

/// The term for `word`, in any case, also by its other names.
pub fn term(word: &str) -> Option<&'static Term> {
    TERMS.iter().find(|it| {
        it.word.eq_ignore_ascii_case(word) || it.also.iter().any(|also| also.eq_ignore_ascii_case(word))
    })
}

/// All terms, by word.
pub static TERMS: &[Term] = &[
    Term {
        word: "base image",
        also: &["parent image"],
        meaning: "The image that a stage starts from, named after `FROM`. Its files, variables and settings are the beginning of yours. \
A smaller one gives a smaller image with fewer faults to fix, but also with fewer tools.",
        example: "FROM python:3.14-slim",
        url: reference!("#from"),
    },
    Term {
        word: "bind mount",
        also: &[],
        meaning: "A folder of your machine that appears in a container, with changes going both ways. It suits development, where the \
program should see each change of the source. In a build, `RUN --mount=type=bind` shows files to one command, read-only.",
        example: "docker run -v ./src:/app/src my-app",
        url: "https://docs.docker.com/engine/storage/bind-mounts/",
    },
    Term {
        word: "build argument",
        also: &["arg"],
        meaning: "A variable for the build, declared with `ARG` and set with `--build-arg`. The container does not have it. It stays readable \
in the image's history, so it is no place for a secret.",
        example: "docker build --build-arg VERSION=1.2 .",
        url: reference!("#arg"),
    },
    Term {
        word: "build context",
        also: &["context"],
        meaning: "The folder whose files `COPY` and `ADD` can use, named at the end of the build command: mostly `.`, the current one. Files \
outside of it do not exist for the build. What `.dockerignore` names is left out.",
        example: "docker build -t my-app .\n#                      ^ this is the context",
        url: "https://docs.docker.com/build/concepts/context/",
    },
    Term {
        word: "build time",
        also: &[],
        meaning: "The moment when `docker build` makes the image, once. `RUN`, `COPY`, `ADD` and `ARG` act then. Nothing that runs then is \
still running in the container: only files and settings remain.",
        example: "RUN npm ci",
        url: "https://docs.docker.com/get-started/docker-concepts/building-images/",
    },
    Term {
        word: "build time against run time",
        also: &[
            "build time vs run time",
            "build time and run time",
            "build time or run time",
            "run time against build time",
        ],
        meaning: "At build time `docker build` carries out the Dockerfile once and stores the files it leaves as an image. At run time `docker run` \
starts the image's program, as often as one likes, on whatever machine. A server started with `RUN` is gone when the build ends, and a \
file that the program needs must be in the image before: that is why `RUN` prepares and `CMD` starts.",
        example: "RUN pip install flask      # build time: once\nCMD [\"flask\", \"run\"]       # run time: in every container",
        url: "https://docs.docker.com/get-started/docker-concepts/building-images/",
    },
    Term {
        word: "buildkit",
        also: &["builder"],
        meaning: "The program inside of Docker that builds images. It runs stages side by side, skips those that are not needed, and knows \
cache, secret and SSH mounts. Docker uses it by default since version 23.",
        example: "docker buildx build .",
        url: "https://docs.docker.com/build/buildkit/",
    },
    Term {
        word: "cache",
        also: &["build cache", "layer cache"],
        meaning: "The results of earlier builds, which the builder takes again if nothing changed for a step. A `RUN` is judged by its text and \
what came before it, a `COPY` by the content of the files. After the first step that is new, all following ones are done again: what \
changes often belongs to the end.",
        example: "COPY package*.json ./\nRUN npm ci\nCOPY . .",
        url: "https://docs.docker.com/build/cache/",
    },
    Term {
        word: "cache mount",
        also: &[],
        meaning: "A folder that a `RUN` may use and that is kept for the next build. Package managers find their downloads there, even if the \
step has to run again. It is not part of the image.",
        example: "RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt",
        url: reference!("#run---mounttypecache"),
    },
    Term {
        word: "command",
        also: &["cmd"],
        meaning: "What a container runs when it starts, set with `CMD`. Whatever follows the image's name in `docker run` replaces it. If there is \
an entrypoint, the command is its list of arguments.",
        example: "CMD [\"node\", \"server.js\"]",
        url: reference!("#cmd"),
    },
    Term {
        word: "container",
        also: &[],
        meaning: "A running program together with its own view of files, network and processes, started from an image. Many can be started from \
one image, and they do not disturb each other. What a container writes is gone when it is removed, unless it is in a volume.",
        example: "docker run --rm my-app",
        url: "https://docs.docker.com/get-started/docker-concepts/the-basics/what-is-a-container/",
    },
    Term {
        word: "digest",
        also: &[],
        meaning: "The checksum of an image, such as `sha256:4bcff6…`: its one unchangeable name. A tag can be moved to another image, a digest never. \
Use it where a build must give the same result years later.",
        example: "FROM debian:stable-slim@sha256:<64 digits>",
        url: "https://docs.docker.com/dhi/core-concepts/digests/",
    },
    Term {
        word: "dockerfile",
        also: &["containerfile"],
        meaning: "A text file with the instructions to build an image, one after the other. Each line begins with an instruction such as `FROM`, `RUN` or \
`COPY`. It belongs to the source of a project, so that everybody builds the same image.",
        example: "FROM python:3.14-slim\nCOPY . /app\nCMD [\"python\", \"/app/main.py\"]",
        url: reference!(""),
    },
    Term {
        word: "dockerignore",
        also: &[".dockerignore", "containerignore"],
        meaning: "A file that lists what stays out of the build context: `.git`, `node_modules`, passwords. It makes builds faster and keeps secrets out of \
images. It lies in the context's folder, or beside the Dockerfile as `Dockerfile.dockerignore`.",
        example: ".git\nnode_modules\n.env",
        url: "https://docs.docker.com/build/concepts/context/#dockerignore-files",
    },
    Term {
        word: "entrypoint",
        also: &[],
        meaning: "The program that a container always runs, set with `ENTRYPOINT`. The command and the words after the image's name are passed to it as \
arguments. Use it when the image is one tool; for an application `CMD` alone is enough.",
        example: "ENTRYPOINT [\"my-tool\"]\nCMD [\"--help\"]",
        url: reference!("#understand-how-cmd-and-entrypoint-interact"),
    },
    Term {
        word: "entrypoint against command",
        also: &[
            "entrypoint vs command",
            "entrypoint and command",
            "entrypoint or command",
            "cmd vs entrypoint",
            "entrypoint vs cmd",
            "command against entrypoint",
        ],
        meaning: "`ENTRYPOINT` is the program that a container always starts, `CMD` is what it gets along: its usual arguments or, without an \
entrypoint, the whole command. Words after the image's name in `docker run` replace `CMD` and leave `ENTRYPOINT` alone. An application needs \
`CMD` only; a tool has itself as entrypoint, so that people type just the arguments.",
        example: "ENTRYPOINT [\"ping\"]\nCMD [\"localhost\"]\n# docker run my-ping              runs: ping localhost\n# docker run my-ping example.org  runs: ping example.org",
        url: reference!("#understand-how-cmd-and-entrypoint-interact"),
    },
    Term {
        word: "environment variable",
        also: &["env"],
        meaning: "A name with a value that programs can read, set with `ENV` in the image or `-e` for one container. It is the usual way to configure a \
program. Everybody who has the image can read what `ENV` sets.",
        example: "docker run -e PORT=8080 my-app",
        url: reference!("#env"),
    },
    Term {
        word: "exec form",
        also: &["json form"],
        meaning: "A command written as a list: `[\"program\", \"argument\"]`. The program is started itself, without a shell, so it receives the stop signal; \
`$NAME` and `&&` do not work. The list is JSON: double quotes, commas, no comma at the end.",
        example: "CMD [\"python\", \"main.py\"]",
        url: reference!("#exec-form"),
    },
    Term {
        word: "heredoc",
        also: &["here-document"],
        meaning: "Several lines in one instruction: all lines after `<<EOF` up to the line `EOF` belong to it. With `RUN` they are a script, with `COPY` the \
content of a file. Begin a script with `set -e`, else the build goes on after a fault.",
        example: "RUN <<EOF\nset -e\napt-get update\napt-get install -y curl\nEOF",
        url: reference!("#here-documents"),
    },
    Term {
        word: "image",
        also: &[],
        meaning: "A package with a program, everything it needs to run, and settings how to start it. It is built once from a Dockerfile, never changes \
after that, and can be copied to any machine. Containers are started from it.",
        example: "docker build -t my-app .",
        url: "https://docs.docker.com/get-started/docker-concepts/the-basics/what-is-an-image/",
    },
    Term {
        word: "instruction",
        also: &["keyword"],
        meaning: "One step of a Dockerfile: a word such as `RUN`, and what belongs to it. There are 18 of them. They may be in lower case, but are mostly \
written in capitals.",
        example: "WORKDIR /app",
        url: reference!("#overview"),
    },
    Term {
        word: "label",
        also: &[],
        meaning: "A note in an image: a name and a text, such as its source or licence. Tools and registries read them. They change nothing in how the \
image works.",
        example: "LABEL org.opencontainers.image.source=\"https://github.com/me/app\"",
        url: reference!("#label"),
    },
    Term {
        word: "layer",
        also: &[],
        meaning: "The files that one instruction added or changed; an image is a pile of them. Equal layers are stored and sent only once. A file that a \
later layer deletes is hidden, but still there and still sent: delete it in the step that made it.",
        example: "docker history my-app",
        url: "https://docs.docker.com/get-started/docker-concepts/building-images/understanding-image-layers/",
    },
    Term {
        word: "multi-stage build",
        also: &["multi-stage"],
        meaning: "A Dockerfile with several `FROM`: one stage builds, another takes only the result. The final image has neither compilers nor sources, so it is \
small and safe. Only the last stage becomes the image.",
        example: "FROM golang:1.27 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\n\nFROM debian:stable-slim\nCOPY --from=build /app /app",
        url: "https://docs.docker.com/build/building/multi-stage/",
    },
    Term {
        word: "multi-platform image",
        also: &["multi-arch"],
        meaning: "One name with an image for each of several kinds of processors. `docker pull` takes the one that fits. It is built with \
`--platform` and a list.",
        example: "docker buildx build --platform linux/amd64,linux/arm64 -t me/app .",
        url: "https://docs.docker.com/build/building/multi-platform/",
    },
    Term {
        word: "named context",
        also: &["additional context"],
        meaning: "A second source of files for a build, with a name: a folder, a repository or an image. `COPY --from=name` takes files from it. The build \
command gives it.",
        example: "docker build --build-context docs=../docs .",
        url: "https://docs.docker.com/reference/cli/docker/buildx/build/#build-context",
    },
    Term {
        word: "pid 1",
        also: &["init"],
        meaning: "The first process of a container: the one that `CMD` or `ENTRYPOINT` starts. It receives the stop signal, and when it ends, the container \
ends. `docker run --init` puts a small program in front that passes signals on and cleans up after children.",
        example: "docker run --init my-app",
        url: "https://docs.docker.com/engine/containers/multi-service_container/",
    },
    Term {
        word: "platform",
        also: &["architecture"],
        meaning: "Operating system and processor that an image is for, such as `linux/amd64` (most computers) or `linux/arm64` (newer Macs, Raspberry Pi, many \
servers). A program for one does not run on another without emulation, which is slow. The builder takes that of your machine unless you say \
`--platform`.",
        example: "docker build --platform linux/amd64 .",
        url: "https://docs.docker.com/build/building/multi-platform/",
    },
    Term {
        word: "port publishing",
        also: &["publishing", "publish", "published port", "port mapping"],
        meaning: "Making a port of a container reachable from your machine: `-p 8080:80` leads from port 8080 of the machine to port 80 of the container. It is \
chosen when the container is started. `EXPOSE` does not do it; it only notes which port the program uses.",
        example: "docker run -p 8080:80 nginx",
        url: "https://docs.docker.com/get-started/docker-concepts/running-containers/publishing-ports/",
    },
    Term {
        word: "registry",
        also: &["docker hub"],
        meaning: "A server that stores images, such as Docker Hub, `ghcr.io` or one of your company. `docker pull` fetches from it, `docker push` sends to it. An \
image name without a registry means Docker Hub.",
        example: "docker push ghcr.io/me/my-app:1.0",
        url: "https://docs.docker.com/get-started/docker-concepts/the-basics/what-is-a-registry/",
    },
    Term {
        word: "repository",
        also: &[],
        meaning: "All versions of one image in a registry, under one name: in `ghcr.io/me/app:1.0` it is `me/app`. The versions differ by their tags. On Docker \
Hub the name begins with your user name; only official images have none.",
        example: "docker tag my-app me/my-app:1.0",
        url: "https://docs.docker.com/docker-hub/repos/",
    },
    Term {
        word: "root",
        also: &["non-root"],
        meaning: "The user who may do everything; without `USER`, programs in a container are mostly run by root. Whoever breaks into such a program owns the \
container, and has one hurdle less to the machine. `USER` with another name avoids it.",
        example: "RUN useradd --create-home app\nUSER app",
        url: reference!("#user"),
    },
    Term {
        word: "run time",
        also: &["runtime"],
        meaning: "The moment when a container is started from the image, again and again. `CMD`, `ENTRYPOINT`, `HEALTHCHECK` and `STOPSIGNAL` act then. Build \
arguments are gone by then; environment variables are there.",
        example: "docker run my-app",
        url: "https://docs.docker.com/engine/containers/run/",
    },
    Term {
        word: "scratch",
        also: &["distroless"],
        meaning: "The empty image: nothing is in it, not even a shell. A program in it must bring all it needs, so it suits static Go or Rust programs. Distroless \
images are close to it: libraries and certificates, but no shell and no package manager.",
        example: "FROM scratch\nCOPY --from=build /app /app\nENTRYPOINT [\"/app\"]",
        url: "https://docs.docker.com/build/building/base-images/#create-a-minimal-base-image-using-scratch",
    },
    Term {
        word: "secret",
        also: &["build secret"],
        meaning: "A password, token or key that a build needs. Written into `ARG`, `ENV` or a copied file it can be read by everybody who has the image. A secret \
mount gives it to one command, and nothing of it remains.",
        example: "docker build --secret id=token,src=token.txt .",
        url: "https://docs.docker.com/build/building/secrets/",
    },
    Term {
        word: "shell form",
        also: &[],
        meaning: "A command written as a plain line: `CMD python main.py`. It runs inside of a shell, so `$NAME`, `&&` and pipes work. The stop signal reaches only \
the shell, so for `CMD` and `ENTRYPOINT` the exec form is better.",
        example: "RUN apt-get update && apt-get install -y curl",
        url: reference!("#shell-form"),
    },
    Term {
        word: "stage",
        also: &["build stage"],
        meaning: "The part of a Dockerfile from one `FROM` to the next. It may have a name (`AS build`), by which others take files from it or build on it. Stages \
that the result does not need are skipped.",
        example: "FROM node:24 AS build",
        url: "https://docs.docker.com/build/building/multi-stage/",
    },
    Term {
        word: "tag",
        also: &["latest"],
        meaning: "The part of an image's name after the colon, usually a version: `python:3.14-slim`. The maker can move it to another image at any time. Without a \
tag, `latest` is meant, which says nothing about the version.",
        example: "docker build -t my-app:1.0 .",
        url: "https://docs.docker.com/get-started/docker-concepts/building-images/build-tag-and-publish-an-image/",
    },
    Term {
        word: "target",
        also: &[],
        meaning: "The stage that a build should end with, named with `--target`. Without it the last stage is built. It lets one file hold an image for \
development, one for tests and one for use.",
        example: "docker build --target test .",
        url: "https://docs.docker.com/build/building/multi-stage/#stop-at-a-specific-build-stage",
    },
    Term {
        word: "volume",
        also: &[],
        meaning: "A folder that Docker keeps outside of containers, for data that must outlive them, such as those of a database. It is given to a container when \
that is started. `VOLUME` in a Dockerfile makes Docker create one by itself, without a name.",
        example: "docker run -v my-data:/var/lib/postgresql postgres:18",
        url: "https://docs.docker.com/engine/storage/volumes/",
    },
    Term {
        word: "working directory",
        also: &["workdir"],
        meaning: "The folder that commands and relative paths start from, set with `WORKDIR`. It is made if it does not exist. A `cd` in `RUN` does not change it \
for the next line.",
        example: "WORKDIR /app",
        url: reference!("#workdir"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_term_has_a_meaning_an_example_and_a_page() {
        for it in TERMS {
            let sentences = it.meaning.matches(". ").count() + 1;
            assert!(it.meaning.ends_with('.') && sentences >= 3, "{}: {sentences} sentences", it.word);
            assert!(!it.example.is_empty() && it.url.starts_with("https://docs.docker.com/"), "{}", it.word);
            assert_eq!(it.word, it.word.to_lowercase());
        }
    }

    /// The words that a beginner meets first: three sentences each, no more.
    const FIRST: [&str; 16] = [
        "image",
        "layer",
        "container",
        "registry",
        "repository",
        "tag",
        "digest",
        "build context",
        "stage",
        "volume",
        "bind mount",
        "port publishing",
        "entrypoint against command",
        "build time against run time",
        "cache",
        "platform",
    ];

    #[test]
    fn the_first_words_have_three_sentences() {
        for word in FIRST {
            let it = term(word).expect(word);
            assert_eq!((it.word, it.meaning.matches(". ").count() + 1), (word, 3), "{}", it.meaning);
        }
    }

    #[test]
    fn the_page_of_all_terms_is_written_by_this_test() {
        let mut page = String::from(
            "# Glossary\n\nThe words that a learner meets, as `dockwright explain WORD` tells them. \
             Written by a test from `server/src/analysis/knowledge/glossary.rs`.\n",
        );
        let mut terms: Vec<&Term> = TERMS.iter().collect();
        terms.sort_by_key(|it| it.word);
        for it in terms {
            let also =
                if it.also.is_empty() { String::new() } else { format!("*Also: {}.* ", it.also.join(", ")) };
            page += &format!(
                "\n## {}\n\n{}\n\n```\n{}\n```\n\n{also}[Reference]({})\n",
                it.word, it.meaning, it.example, it.url
            );
        }
        expect_test::expect_file![concat!(env!("CARGO_MANIFEST_DIR"), "/server/docs/glossary.md")]
            .assert_eq(&page);
    }

    #[test]
    fn no_word_stands_twice() {
        let mut words: Vec<_> = TERMS.iter().flat_map(|it| it.also.iter().chain([&it.word])).collect();
        let count = words.len();
        words.sort();
        words.dedup();
        assert_eq!(words.len(), count);
    }

    #[test]
    fn a_term_is_found_by_its_other_names() {
        assert_eq!(term("Heredoc").map(|it| it.word), Some("heredoc"));
        assert_eq!(term("latest").map(|it| it.word), Some("tag"));
        assert_eq!(term("pod"), None);
    }
}
