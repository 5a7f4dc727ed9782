//! A first Dockerfile and `.dockerignore` for a project, by the files that it has.
//!
//! Each follows the same plan: dependencies first so that they stay in the cache, a small final
//! stage, a user without rights, exec form. Image versions are those of autumn 2026.

use super::snippets::plain;

/// A start for one kind of project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// Short: `node`, `python-uv`.
    pub name: &'static str,
    /// As people say it: `Node.js with npm`.
    pub title: &'static str,
    /// The project has one of these files; `*.csproj` stands for any name with that ending.
    pub project_files: &'static [&'static str],
    /// The Dockerfile, in LSP's snippet syntax; see [`super::snippets`].
    pub body: &'static str,
    /// The lines of `.dockerignore`, beyond [`COMMON_IGNORED`].
    pub ignored: &'static [&'static str],
    pub url: &'static str,
}

impl Template {
    /// The Dockerfile with all places filled by their defaults.
    pub fn plain(&self) -> String {
        plain(self.body)
    }

    /// The text of a `.dockerignore` for such a project.
    pub fn dockerignore(&self) -> String {
        let lines = COMMON_IGNORED.iter().chain(self.ignored);
        lines.flat_map(|line| [*line, "\n"]).collect()
    }
}

/// What no image needs, whatever the project is.
pub const COMMON_IGNORED: &[&str] = &[
    ".git",
    ".gitignore",
    ".dockerignore",
    "Dockerfile*",
    "compose*.y*ml",
    "docker-compose*.y*ml",
    ".env",
    ".env.*",
    "*.pem",
    "*.key",
    ".vscode",
    ".idea",
    ".DS_Store",
];

/// The templates that fit a project with the files `names` (without folders), the best first.
pub fn templates_for(names: &[&str]) -> Vec<&'static Template> {
    let has = |pattern: &str| names.iter().any(|name| is_named(name, pattern));
    TEMPLATES.iter().filter(|it| it.project_files.iter().any(|pattern| has(pattern))).collect()
}

fn is_named(name: &str, pattern: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(ending) => name.ends_with(ending),
        None => name == pattern,
    }
}

/// The template called `name`.
pub fn template(name: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|it| it.name == name)
}

/// The templates; those for a lock file stand before those for the language alone.
pub static TEMPLATES: &[Template] = &[
    Template {
        name: "node-pnpm",
        title: "Node.js with pnpm",
        project_files: &["pnpm-lock.yaml"],
        body: r#"# syntax=docker/dockerfile:1
FROM node:${1:24}-slim AS base
ENV PNPM_HOME=/pnpm
ENV PATH=\$PNPM_HOME:\$PATH
RUN npm install --global pnpm@${2:10}
WORKDIR /app

FROM base AS dependencies
COPY package.json pnpm-lock.yaml ./
RUN --mount=type=cache,id=pnpm,target=/pnpm/store \\
    pnpm install --prod --frozen-lockfile --store-dir=/pnpm/store

FROM node:${1}-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY . .
USER node
EXPOSE ${3:3000}
CMD ["node", "${4:server.js}"]
$0"#,
        ignored: &["node_modules", "npm-debug.log*", "dist", "coverage", ".next", ".npmrc"],
        url: "https://pnpm.io/docker",
    },
    Template {
        name: "node-yarn",
        title: "Node.js with Yarn",
        project_files: &["yarn.lock"],
        body: r#"# syntax=docker/dockerfile:1
FROM node:${1:24}-slim
WORKDIR /app
COPY package.json yarn.lock ./
RUN --mount=type=cache,target=/usr/local/share/.cache/yarn \\
    yarn install --frozen-lockfile --production
ENV NODE_ENV=production
COPY . .
USER node
EXPOSE ${2:3000}
CMD ["node", "${3:server.js}"]
$0"#,
        ignored: &["node_modules", "npm-debug.log*", "dist", "coverage", ".next", ".npmrc"],
        url: "https://docs.docker.com/guides/nodejs/",
    },
    Template {
        name: "bun",
        title: "Bun",
        project_files: &["bun.lock", "bun.lockb"],
        body: r#"# syntax=docker/dockerfile:1
FROM oven/bun:${1:1}-slim
WORKDIR /app
COPY package.json bun.lock* ./
RUN --mount=type=cache,target=/root/.bun/install/cache \\
    bun install --frozen-lockfile --production
COPY . .
USER bun
EXPOSE ${2:3000}
CMD ["bun", "run", "${3:index.ts}"]
$0"#,
        ignored: &["node_modules", "dist", "coverage"],
        url: "https://bun.sh/guides/ecosystem/docker",
    },
    Template {
        name: "node",
        title: "Node.js with npm",
        project_files: &["package.json"],
        body: r#"# syntax=docker/dockerfile:1
FROM node:${1:24}-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \\
    npm ci --omit=dev
ENV NODE_ENV=production
COPY . .
USER node
EXPOSE ${2:3000}
CMD ["node", "${3:server.js}"]
$0"#,
        ignored: &["node_modules", "npm-debug.log*", "dist", "coverage", ".next", ".npmrc"],
        url: "https://docs.docker.com/guides/nodejs/",
    },
    Template {
        name: "python-uv",
        title: "Python with uv",
        project_files: &["uv.lock"],
        body: r#"# syntax=docker/dockerfile:1
FROM python:${1:3.14}-slim AS build
COPY --from=ghcr.io/astral-sh/uv:${2:0.9} /uv /usr/local/bin/uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv \\
    uv sync --locked --no-dev --no-install-project
COPY . .
RUN --mount=type=cache,target=/root/.cache/uv \\
    uv sync --locked --no-dev

FROM python:${1}-slim
RUN useradd --create-home --shell /usr/sbin/nologin app
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:\$PATH PYTHONUNBUFFERED=1
USER app
EXPOSE ${3:8000}
CMD ["python", "-m", "${4:app}"]
$0"#,
        ignored: &[
            "__pycache__",
            "*.py[cod]",
            ".venv",
            "venv",
            ".pytest_cache",
            ".mypy_cache",
            ".ruff_cache",
            "dist",
        ],
        url: "https://docs.astral.sh/uv/guides/integration/docker/",
    },
    Template {
        name: "python-poetry",
        title: "Python with Poetry",
        project_files: &["poetry.lock"],
        body: r#"# syntax=docker/dockerfile:1
FROM python:${1:3.14}-slim AS build
RUN pip install --no-cache-dir poetry==${2:2.2.1}
ENV POETRY_VIRTUALENVS_IN_PROJECT=true POETRY_NO_INTERACTION=1
WORKDIR /app
COPY pyproject.toml poetry.lock ./
RUN --mount=type=cache,target=/root/.cache/pypoetry \\
    poetry install --only main --no-root

FROM python:${1}-slim
RUN useradd --create-home --shell /usr/sbin/nologin app
WORKDIR /app
COPY --from=build /app/.venv /app/.venv
COPY . .
ENV PATH=/app/.venv/bin:\$PATH PYTHONUNBUFFERED=1
USER app
EXPOSE ${3:8000}
CMD ["python", "-m", "${4:app}"]
$0"#,
        ignored: &[
            "__pycache__",
            "*.py[cod]",
            ".venv",
            "venv",
            ".pytest_cache",
            ".mypy_cache",
            ".ruff_cache",
            "dist",
        ],
        url: "https://python-poetry.org/docs/",
    },
    Template {
        name: "python",
        title: "Python with pip",
        project_files: &["requirements.txt", "pyproject.toml", "setup.py", "Pipfile"],
        body: r#"# syntax=docker/dockerfile:1
FROM python:${1:3.14}-slim
ENV PYTHONUNBUFFERED=1
WORKDIR /app
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip \\
    pip install -r requirements.txt
COPY . .
RUN useradd --create-home --shell /usr/sbin/nologin app
USER app
EXPOSE ${2:8000}
CMD ["python", "${3:main.py}"]
$0"#,
        ignored: &[
            "__pycache__",
            "*.py[cod]",
            ".venv",
            "venv",
            ".pytest_cache",
            ".mypy_cache",
            ".ruff_cache",
            "dist",
        ],
        url: "https://docs.docker.com/guides/python/",
    },
    Template {
        name: "go",
        title: "Go",
        project_files: &["go.mod"],
        body: r#"# syntax=docker/dockerfile:1
FROM --platform=\$BUILDPLATFORM golang:${1:1.27} AS build
WORKDIR /src
COPY go.mod go.sum* ./
RUN --mount=type=cache,target=/go/pkg/mod \\
    go mod download
COPY . .
ARG TARGETOS TARGETARCH
RUN --mount=type=cache,target=/go/pkg/mod \\
    --mount=type=cache,target=/root/.cache/go-build \\
    CGO_ENABLED=0 GOOS=\$TARGETOS GOARCH=\$TARGETARCH \\
    go build -trimpath -ldflags="-s -w" -o /app ${2:.}

FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /app /app
EXPOSE ${3:8080}
ENTRYPOINT ["/app"]
$0"#,
        ignored: &["bin", "*.test", "coverage.out"],
        url: "https://docs.docker.com/guides/golang/",
    },
    Template {
        name: "rust",
        title: "Rust",
        project_files: &["Cargo.toml"],
        body: r#"# syntax=docker/dockerfile:1
FROM rust:${1:1}-slim AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \\
    --mount=type=cache,target=/src/target \\
    cargo build --release --locked \\
    && cp target/release/${2:app} /app

FROM gcr.io/distroless/cc-debian13:nonroot
COPY --from=build /app /app
EXPOSE ${3:8080}
ENTRYPOINT ["/app"]
$0"#,
        ignored: &["target"],
        url: "https://docs.docker.com/guides/rust/",
    },
    Template {
        name: "java-gradle",
        title: "Java with Gradle",
        project_files: &["build.gradle", "build.gradle.kts"],
        body: r#"# syntax=docker/dockerfile:1
FROM gradle:${1:9}-jdk${2:25} AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/home/gradle/.gradle/caches \\
    gradle ${3:bootJar} --no-daemon

FROM eclipse-temurin:${2}-jre
RUN useradd --create-home --shell /usr/sbin/nologin app
WORKDIR /app
COPY --from=build /src/build/libs/*.jar app.jar
USER app
EXPOSE ${4:8080}
CMD ["java", "-jar", "app.jar"]
$0"#,
        ignored: &["build", ".gradle", "out"],
        url: "https://hub.docker.com/_/gradle",
    },
    Template {
        name: "java",
        title: "Java with Maven",
        project_files: &["pom.xml"],
        body: r#"# syntax=docker/dockerfile:1
FROM maven:${1:3}-eclipse-temurin-${2:25} AS build
WORKDIR /src
COPY pom.xml ./
RUN --mount=type=cache,target=/root/.m2 \\
    mvn -B dependency:go-offline
COPY src ./src
RUN --mount=type=cache,target=/root/.m2 \\
    mvn -B package -DskipTests

FROM eclipse-temurin:${2}-jre
RUN useradd --create-home --shell /usr/sbin/nologin app
WORKDIR /app
COPY --from=build /src/target/*.jar app.jar
USER app
EXPOSE ${3:8080}
CMD ["java", "-jar", "app.jar"]
$0"#,
        ignored: &["target", "out"],
        url: "https://docs.docker.com/guides/java/",
    },
    Template {
        name: "dotnet",
        title: ".NET",
        project_files: &["*.csproj", "*.fsproj", "*.vbproj", "*.sln", "*.slnx"],
        body: r#"# syntax=docker/dockerfile:1
FROM --platform=\$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:${1:10.0} AS build
ARG TARGETARCH
WORKDIR /src
COPY ${2:App}.csproj ./
RUN --mount=type=cache,target=/root/.nuget/packages \\
    dotnet restore -a \$TARGETARCH
COPY . .
RUN --mount=type=cache,target=/root/.nuget/packages \\
    dotnet publish -a \$TARGETARCH -c Release -o /app --no-restore

FROM mcr.microsoft.com/dotnet/aspnet:${1}
WORKDIR /app
COPY --from=build /app .
USER \$APP_UID
EXPOSE 8080
ENTRYPOINT ["dotnet", "${2}.dll"]
$0"#,
        ignored: &["bin", "obj", "*.user"],
        url: "https://learn.microsoft.com/en-us/dotnet/core/docker/build-container",
    },
    Template {
        name: "ruby",
        title: "Ruby",
        project_files: &["Gemfile"],
        body: r#"# syntax=docker/dockerfile:1
FROM ruby:${1:4.0} AS build
ENV BUNDLE_DEPLOYMENT=1 BUNDLE_WITHOUT=development:test BUNDLE_PATH=/usr/local/bundle
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle install --jobs 4
COPY . .

FROM ruby:${1}-slim
ENV BUNDLE_DEPLOYMENT=1 BUNDLE_WITHOUT=development:test BUNDLE_PATH=/usr/local/bundle
RUN useradd --create-home --shell /usr/sbin/nologin app
WORKDIR /app
COPY --from=build /usr/local/bundle /usr/local/bundle
COPY --from=build --chown=app:app /app /app
USER app
EXPOSE ${2:3000}
CMD [${3:"bundle", "exec", "puma"}]
$0"#,
        ignored: &["log", "tmp", "vendor/bundle", "coverage", "config/master.key"],
        url: "https://docs.docker.com/guides/ruby/",
    },
    Template {
        name: "php",
        title: "PHP with Apache",
        project_files: &["composer.json", "index.php"],
        body: r#"# syntax=docker/dockerfile:1
FROM composer:${1:2} AS dependencies
WORKDIR /app
COPY composer.json composer.lock ./
RUN --mount=type=cache,target=/tmp/cache \\
    composer install --no-dev --no-scripts --no-autoloader --no-interaction
COPY . .
RUN composer dump-autoload --optimize --no-dev

FROM php:${2:8.4}-apache
RUN mv "\$PHP_INI_DIR/php.ini-production" "\$PHP_INI_DIR/php.ini"
COPY --from=dependencies /app /var/www/html
EXPOSE 80
$0"#,
        ignored: &["vendor", "tests", "var", "storage/logs"],
        url: "https://docs.docker.com/guides/php/",
    },
    Template {
        name: "static",
        title: "A static web site with nginx",
        project_files: &["index.html"],
        body: r#"# syntax=docker/dockerfile:1
FROM nginx:${1:stable-alpine}
COPY ${2:.} /usr/share/nginx/html
EXPOSE 80
HEALTHCHECK CMD wget --quiet --spider http://127.0.0.1/ || exit 1
$0"#,
        ignored: &["node_modules"],
        url: "https://hub.docker.com/_/nginx",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_a_dockerfile() {
        for it in TEMPLATES {
            let plain = it.plain();
            assert!(plain.starts_with("# syntax=docker/dockerfile:1\nFROM "), "{}", it.name);
            assert!(!plain.contains("${") && !plain.contains("\\\\"), "{}: {plain}", it.name);
            assert!(it.url.starts_with("https://") && !it.title.is_empty(), "{}", it.name);
            assert_eq!(TEMPLATES.iter().filter(|other| other.name == it.name).count(), 1);
        }
    }

    #[test]
    fn a_lock_file_decides_between_tools() {
        let names = |files: &[&str]| templates_for(files).iter().map(|it| it.name).collect::<Vec<_>>();
        assert_eq!(names(&["package.json", "pnpm-lock.yaml"]), ["node-pnpm", "node"]);
        assert_eq!(names(&["pyproject.toml", "uv.lock"]), ["python-uv", "python"]);
        assert_eq!(names(&["Shop.csproj"]), ["dotnet"]);
        assert_eq!(names(&["main.c"]), [""; 0]);
    }

    #[test]
    fn the_ignore_file_keeps_secrets_and_histories_out() {
        for it in TEMPLATES {
            let text = it.dockerignore();
            assert!(text.lines().any(|line| line == ".git") && text.lines().any(|line| line == ".env"));
            assert!(text.ends_with('\n'));
        }
    }
}
