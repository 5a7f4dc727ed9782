//! One project after the other, and what its files say.

use expect_test::expect;

use super::{command, last_lines, write, write_as};
use crate::init::stack::NAMES;

#[test]
fn express_with_npm() {
    let package = r#"{"scripts": {"start": "node src/server.js"}, "dependencies": {"express": "5"}, "engines": {"node": ">=20"}}"#;
    let written = write(&[
        ("package.json", package),
        ("package-lock.json", "{}"),
        ("src/server.js", "app.listen(process.env.PORT || 8081)"),
    ]);
    assert_eq!(written.title, "Node.js with npm (Express)");
    assert_eq!((written.port, written.image.as_str()), (Some(8081), "shop"));
    assert_eq!(written.run_command(), "docker run --rm --init -p 8081:8081 shop");
    expect![[r##"
        # syntax=docker/dockerfile:1
        FROM node:24-slim
        ENV NODE_ENV=production
        WORKDIR /app
        COPY package.json package-lock.json ./
        RUN --mount=type=cache,target=/root/.npm \
            npm ci --omit=dev
        COPY . .
        USER node
        EXPOSE 8081
        CMD ["node", "src/server.js"]
    "##]]
    .assert_eq(&written.dockerfile);
}

#[test]
fn the_explained_file_has_a_reason_for_every_step() {
    let written = super::try_write(&[("main.py", "print('hello')\n")], None, true).unwrap();
    expect![[r##"
        # syntax=docker/dockerfile:1

        # The image to start from: Python on a small Debian.
        FROM python:3.14-slim

        # What the program prints is seen at once, and not lost if it crashes.
        ENV PYTHONUNBUFFERED=1

        # All that follows happens in this folder of the image; it is created if it is missing.
        WORKDIR /app

        # A user without rights, for the program, who owns the folder: files can be written there.
        RUN useradd --create-home --shell /usr/sbin/nologin app \
            && chown app:app /app

        # Now the sources, without what `.dockerignore` names; they belong to that user. They change often,
        # so they come after the dependencies.
        COPY --chown=app:app . .

        # From here on, and in the container, nothing runs as root: a program that is broken into can do
        # less.
        USER app

        # What a container does when it starts. In this form, a list, the program gets the signals of
        # `docker stop` itself.
        CMD ["python", "main.py"]
    "##]]
    .assert_eq(&written.dockerfile);
}

#[test]
fn the_package_manager_is_the_one_of_the_lock_file() {
    let package = |extra: &str| format!(r#"{{"main": "index.js", "dependencies": {{"koa": "3"}}{extra}}}"#);
    let text = |lock: &str, content: &str, extra: &str| {
        write(&[("package.json", &package(extra)), (lock, content), ("index.js", "")]).dockerfile
    };
    assert!(
        text("pnpm-lock.yaml", "", r#","packageManager": "pnpm@9.1.0+sha512.x""#)
            .contains("npm install --global pnpm@9.1.0\n")
    );
    assert!(
        text("yarn.lock", "# yarn lockfile v1", "").contains("yarn install --frozen-lockfile --production")
    );
    assert!(
        text("yarn.lock", "", r#","packageManager": "yarn@4.5.0""#)
            .contains("yarn workspaces focus --all --production")
    );
    assert!(text("package-lock.json", "", "").contains("npm ci --omit=dev"));
    let without = write(&[("package.json", &package("")), ("index.js", "")]);
    assert!(
        without.dockerfile.contains("npm install --omit=dev")
            && without.notes[0].starts_with("there is no lock file")
    );
}

#[test]
fn a_folder_that_nothing_builds_is_not_ignored() {
    let package = r#"{"main": "dist/index.js", "dependencies": {"koa": "3"}}"#;
    let written = write(&[("package.json", package), ("package-lock.json", "{}"), ("dist/index.js", "")]);
    assert_eq!(command(&written), r#"CMD ["node", "dist/index.js"]"#);
    assert!(!written.dockerignore.contains("dist\n") && written.dockerignore.contains("node_modules\n"));
}

#[test]
fn next_is_built_and_served_by_its_own_server() {
    let package = r#"{"scripts": {"build": "next build", "start": "next start"}, "dependencies": {"next": "15", "react": "19"}}"#;
    let files = [("package.json", package), ("package-lock.json", "{}"), ("public/a.png", "")];
    let written = write(&files);
    assert_eq!(written.title, "Node.js with npm (Next.js)");
    assert_eq!(command(&written), r#"CMD ["node_modules/.bin/next", "start"]"#);
    let standalone =
        write(&[&files[..], &[("next.config.js", "module.exports = {output: 'standalone'}")]].concat());
    assert_eq!(command(&standalone), r#"CMD ["node", "server.js"]"#);
    let exported =
        write(&[&files[..], &[("next.config.mjs", "export default { output: 'export' }")]].concat());
    assert!(exported.dockerfile.contains("COPY --from=build /app/out /usr/share/nginx/html"));
}

#[test]
fn vite_is_built_and_served_by_nginx_without_root() {
    let package = r#"{"scripts": {"dev": "vite", "build": "vite build"}, "devDependencies": {"vite": "7"}}"#;
    let written = write(&[("package.json", package), ("pnpm-lock.yaml", ""), ("index.html", "")]);
    assert_eq!(written.title, "Node.js with pnpm (Vite)");
    expect![[r##"
        # syntax=docker/dockerfile:1
        FROM node:24-slim AS build
        WORKDIR /app
        RUN npm install --global pnpm@10
        COPY package.json pnpm-lock.yaml ./
        RUN --mount=type=cache,target=/pnpm/store \
            pnpm install --frozen-lockfile --store-dir=/pnpm/store
        COPY . .
        RUN pnpm run build

        FROM nginx:1.30-alpine
        COPY <<'EOF' /etc/nginx/conf.d/default.conf
        server {
            listen 8080;
            root /usr/share/nginx/html;
            location / {
                try_files $uri $uri/ /index.html;
            }
        }
        EOF
        RUN touch /run/nginx.pid && chown -R nginx:nginx /run/nginx.pid /var/cache/nginx
        COPY --from=build /app/dist /usr/share/nginx/html
        USER nginx
        EXPOSE 8080
        CMD ["nginx", "-g", "daemon off;"]
    "##]]
    .assert_eq(&written.dockerfile);
}

#[test]
fn typescript_is_compiled_and_the_tools_left_behind() {
    let package = r#"{"scripts": {"build": "tsc", "start": "node dist/index.js"}, "dependencies": {"fastify": "5"}, "devDependencies": {"typescript": "5"}}"#;
    let written = write(&[
        ("package.json", package),
        ("package-lock.json", "{}"),
        ("src/index.ts", "server.listen({ port: 4000 })"),
    ]);
    assert!(written.dockerfile.contains("RUN npm run build\nRUN npm prune --omit=dev\n"));
    assert_eq!(command(&written), r#"CMD ["node", "dist/index.js"]"#);
    assert_eq!(written.port, Some(4000));
}

#[test]
fn flask_finds_its_application() {
    let app = "from flask import Flask\nimport pickle\nservice = Flask(__name__)\nif __name__ == '__main__':\n    service.run(port=5001)\n";
    let written =
        write(&[("requirements.txt", "Flask==3\nscikit-learn\n"), ("server.py", app), ("model.pkl", "")]);
    assert_eq!(written.title, "Python with pip (Flask)");
    assert_eq!(
        last_lines(&written, &["EXPOSE", "CMD"]),
        [
            "EXPOSE 5001",
            r#"CMD ["flask", "--app", "server:service", "run", "--host=0.0.0.0", "--port=5001"]"#
        ]
    );
    let earnest = write(&[
        ("requirements.txt", "flask\ngunicorn"),
        ("shop/__init__.py", "def create_app():\n    app = Flask(__name__)\n"),
    ]);
    assert_eq!(command(&earnest), r#"CMD ["gunicorn", "--bind=0.0.0.0:5000", "shop:create_app()"]"#);
}

#[test]
fn fastapi_with_uv() {
    let project =
        "[project]\nname = 'shop'\nrequires-python = '>=3.12'\ndependencies = ['fastapi[standard]>=0.115']\n";
    let files = [
        ("pyproject.toml", project),
        ("uv.lock", ""),
        ("app/main.py", "from fastapi import FastAPI\n\napi = FastAPI()\n"),
    ];
    let written = write(&files);
    assert_eq!(written.title, "Python with uv (FastAPI)");
    expect![[r##"
        # syntax=docker/dockerfile:1
        FROM python:3.14-slim AS build
        RUN --mount=type=cache,target=/root/.cache/pip \
            pip install uv
        ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
        WORKDIR /app
        COPY pyproject.toml uv.lock ./
        RUN --mount=type=cache,target=/root/.cache/uv \
            uv sync --locked --no-dev --no-install-project

        FROM python:3.14-slim
        ENV PYTHONUNBUFFERED=1
        WORKDIR /app
        COPY --from=build /app/.venv ./.venv
        ENV PATH=/app/.venv/bin:$PATH
        COPY . .
        RUN useradd --create-home --shell /usr/sbin/nologin app
        USER app
        EXPOSE 8000
        CMD ["uvicorn", "app.main:api", "--host", "0.0.0.0", "--port", "8000"]
    "##]]
    .assert_eq(&written.dockerfile);
}

#[test]
fn django_with_poetry() {
    let project = "[tool.poetry.dependencies]\npython = '^3.12'\ndjango = '^5'\ngunicorn = '*'\n";
    let manage = "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')";
    let files =
        [("pyproject.toml", project), ("poetry.lock", ""), ("manage.py", manage), ("mysite/wsgi.py", "")];
    let written = write(&files);
    assert_eq!(written.title, "Python with Poetry (Django)");
    assert_eq!(command(&written), r#"CMD ["gunicorn", "--bind=0.0.0.0:8000", "mysite.wsgi:application"]"#);
    let simple = write(&[("requirements.txt", "django"), ("manage.py", manage)]);
    assert_eq!(command(&simple), r#"CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]"#);
}

#[test]
fn notebooks_get_jupyter() {
    let written = write(&[("requirements.txt", "pandas\njupyterlab"), ("first.ipynb", "{}")]);
    assert_eq!((written.title.as_str(), written.port), ("Python with pip (Jupyter)", Some(8888)));
    let alone = write(&[("first.ipynb", "{}")]);
    assert!(alone.dockerfile.contains("pip install jupyterlab\n"), "{}", alone.dockerfile);
}

#[test]
fn a_script_that_needs_libraries_of_the_system_gets_them() {
    let written = write(&[
        ("requirements.txt", "weasyprint"),
        ("report.py", "import weasyprint"),
        (".python-version", "3.12\n"),
    ]);
    assert!(written.dockerfile.contains("FROM python:3.12-slim\n"), "{}", written.dockerfile);
    assert!(written.dockerfile.contains("        libpango-1.0-0"));
    assert_eq!(command(&written), r#"CMD ["python", "report.py"]"#);
}

#[test]
fn python_packages_and_pipenv() {
    let project = "[project]\nname = 'shop'\ndependencies = []\n[project.scripts]\nshop = 'shop:main'\n";
    let written = write(&[("pyproject.toml", project), ("shop/__init__.py", "")]);
    assert_eq!(command(&written), r#"CMD ["shop"]"#);
    let pipenv = write(&[
        ("Pipfile", "[packages]\nflask = '*'\n"),
        ("Pipfile.lock", "{}"),
        ("app.py", "app = Flask(__name__)"),
    ]);
    assert!(pipenv.dockerfile.contains("pipenv install --system --deploy"));
}

#[test]
fn go_builds_its_program() {
    let written = write(&[
        ("go.mod", "module example.org/shop\n\ngo 1.23\n\nrequire github.com/x/y v1.0.0\n"),
        ("go.sum", ""),
        ("cmd/shop/main.go", "package main\n\nfunc main() {\n\thttp.ListenAndServe(\":9090\", nil)\n}\n"),
        ("cmd/tool/main.go", "package main\n\nfunc main() {}\n"),
    ]);
    assert!(
        written.notes[0].starts_with("there are several programs (`./cmd/shop`, `./cmd/tool`)"),
        "{:?}",
        written.notes
    );
    expect![[r##"
        # syntax=docker/dockerfile:1
        FROM golang:1.27 AS build
        WORKDIR /src
        COPY go.mod go.sum ./
        RUN --mount=type=cache,target=/go/pkg/mod \
            go mod download
        COPY . .
        RUN --mount=type=cache,target=/go/pkg/mod \
            --mount=type=cache,target=/root/.cache/go-build \
            CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/app ./cmd/shop

        FROM alpine:3.24
        RUN adduser -D app
        WORKDIR /app
        COPY --from=build /out/app ./app
        USER app
        EXPOSE 9090
        CMD ["/app/app"]
    "##]]
    .assert_eq(&written.dockerfile);
}

#[test]
fn rust_builds_its_dependencies_first() {
    let written = write(&[
        ("Cargo.toml", "[package]\nname = 'shop'\n[dependencies]\naxum = '0.8'\n"),
        ("Cargo.lock", ""),
        ("src/main.rs", "TcpListener::bind(\"0.0.0.0:3000\")"),
    ]);
    expect![[r##"
        # syntax=docker/dockerfile:1
        FROM rust:1 AS build
        WORKDIR /src
        COPY Cargo.toml Cargo.lock ./
        RUN --mount=type=cache,target=/usr/local/cargo/registry \
            mkdir src && echo 'fn main() {}' > src/main.rs \
            && cargo build --release --locked
        COPY . .
        RUN --mount=type=cache,target=/usr/local/cargo/registry \
            touch src/main.rs && cargo build --release --locked \
            && mkdir /out && cp target/release/shop /out/app

        FROM debian:13-slim
        RUN useradd --create-home --shell /usr/sbin/nologin app
        WORKDIR /app
        COPY --from=build /out/app ./app
        USER app
        EXPOSE 3000
        CMD ["/app/app"]
    "##]]
    .assert_eq(&written.dockerfile);
    let workspace = write(&[
        ("Cargo.toml", "[workspace]\nmembers = ['a', 'b']\n"),
        ("Cargo.lock", ""),
        ("a/Cargo.toml", "[package]\nname = 'a'\n"),
        ("a/src/lib.rs", ""),
        ("b/Cargo.toml", "[package]\nname = 'b'\n[dependencies]\nreqwest = '1'\n"),
        ("b/src/main.rs", "fn main() {}"),
    ]);
    assert!(workspace.dockerfile.contains("cargo build --release --locked --package b --bin b"));
    assert!(workspace.dockerfile.contains("ca-certificates"));
}

#[test]
fn what_runs_while_packages_are_installed_finds_its_tools() {
    let package = |rest: &str| format!(r#"{{"dependencies": {{"express": "5"}}, {rest}}}"#);
    let write = |text: String| {
        write(&[
            ("package.json", &text),
            ("package-lock.json", "{}"),
            ("server.js", ""),
            ("src/app.ts", "app.listen(5000)"),
        ])
    };
    let husky = write(package(
        r#""scripts": {"start": "nodemon server.js", "prepare": "husky"}, "devDependencies": {"husky": "9"}"#,
    ));
    assert!(
        husky.dockerfile.contains("    npm ci\nCOPY . .\nRUN npm prune --omit=dev\n"),
        "{}",
        husky.dockerfile
    );
    assert_eq!(command(&husky), r#"CMD ["node", "server.js"]"#);
    let runner =
        write(package(r#""scripts": {"start": "ts-node src/app.ts"}, "devDependencies": {"ts-node": "10"}"#));
    assert!(!runner.dockerfile.contains("prune") && !runner.dockerfile.contains("--omit=dev"));
    assert_eq!((command(&runner).as_str(), runner.port), (r#"CMD ["npm", "run", "start"]"#, Some(5000)));
    let early =
        write(package(r#""scripts": {"start": "node server.js", "postinstall": "node server.js --setup"}"#));
    assert!(
        early
            .dockerfile
            .contains("COPY . .\nRUN --mount=type=cache,target=/root/.npm \\\n    npm ci --omit=dev\n")
    );
    assert_eq!(early.dockerfile.matches("COPY").count(), 1);
}

#[test]
fn a_port_in_the_start_script_counts() {
    let package = r#"{"scripts": {"build": "next build", "start": "next start -p 4000"}, "dependencies": {"next": "15"}}"#;
    let written = write(&[("package.json", package), ("package-lock.json", "{}")]);
    assert_eq!(written.port, Some(4000));
    assert_eq!(command(&written), r#"CMD ["node_modules/.bin/next", "start", "-p", "4000"]"#);
}

#[test]
fn who_writes_files_may_do_so() {
    let owns = "&& chown app:app /app\n";
    let script = write(&[("requirements.txt", "reportlab\n"), ("report.py", "canvas.Canvas('out.pdf')")]);
    assert!(script.dockerfile.contains(owns) && script.dockerfile.contains("COPY --chown=app:app . ."));
    let settings = "DATABASES = {'ENGINE': 'django.db.backends.sqlite3'}";
    let django = write(&[("requirements.txt", "django"), ("manage.py", ""), ("shop/settings.py", settings)]);
    assert!(django.dockerfile.contains(owns), "{}", django.dockerfile);
    let gemfile = "gem 'rails'\n";
    let rails = write(&[("Gemfile", gemfile), ("Gemfile.lock", ""), ("config.ru", "")]);
    assert!(rails.dockerfile.contains(owns), "{}", rails.dockerfile);
    let require = r#"{"require": {"symfony/framework-bundle": "7"}}"#;
    let symfony = write(&[("composer.json", require), ("public/index.php", ""), ("bin/console", "")]);
    assert!(symfony.dockerfile.contains("ENV APP_ENV=prod\n") && symfony.dockerfile.contains("touch .env"));
}

#[test]
fn packages_that_nothing_lists_are_found_in_the_imports() {
    let written =
        write(&[("main.py", "import requests\nfrom weasyprint import HTML\nimport yaml\n"), ("yaml.py", "")]);
    assert!(written.dockerfile.contains("    pip install requests weasyprint\n"), "{}", written.dockerfile);
    assert!(written.dockerfile.contains("libpango-1.0-0"));
    assert!(written.notes[0].contains("(`requests`, `weasyprint`)"), "{:?}", written.notes);
    let several = write(&[("a.py", "print(1)"), ("b.py", "print(2)")]);
    assert_eq!(command(&several), r#"CMD ["python", "a.py"]"#);
}

#[test]
fn gradle_gets_a_java_on_which_it_runs() {
    let wrapper = "distributionUrl=https\\://example.org/gradle-8.10-bin.zip\n";
    let files = |build: &'static str| {
        let wrapper_file = ("gradle/wrapper/gradle-wrapper.properties", wrapper);
        write(&[("settings.gradle", ""), ("build.gradle.kts", build), ("gradlew", ""), wrapper_file])
    };
    let plain = files("plugins { id(\"org.springframework.boot\") }");
    assert!(plain.dockerfile.contains("FROM eclipse-temurin:21-jdk AS build"), "{}", plain.dockerfile);
    let told = files("plugins { id(\"org.springframework.boot\") }\nkotlin { jvmToolchain(17) }\n");
    assert!(told.dockerfile.contains("FROM eclipse-temurin:17-jdk AS build"), "{}", told.dockerfile);
}

#[test]
fn the_only_program_among_modules_is_built_with_what_it_needs() {
    let top = "<project><groupId>a</groupId><artifactId>top</artifactId><version>1</version><modules><module>core</module><module>web</module></modules></project>";
    let part = |name: &str, rest: &str| {
        format!(
            "<project><parent><groupId>a</groupId><artifactId>top</artifactId><version>1</version></parent><artifactId>{name}</artifactId>{rest}</project>"
        )
    };
    let spring = "<build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>";
    let (core, web) = (part("core", ""), part("web", spring));
    let files = [("pom.xml", top), ("core/pom.xml", &*core), ("web/pom.xml", &*web)];
    let written = write(&files);
    assert!(written.dockerfile.contains("mvn --batch-mode --projects web --also-make package -DskipTests"));
    assert!(written.dockerfile.contains("COPY --from=build /src/web/target/web-1.jar ./app.jar"));
    let alone = write(&[("pom.xml", &*web)]);
    assert!(alone.notes[0].contains("the parent `top`"), "{:?}", alone.notes);
}

#[test]
fn less_usual_layouts_are_understood() {
    let manage = "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')";
    let below = write(&[
        ("requirements.txt", "django\ngunicorn"),
        ("backend/manage.py", manage),
        ("backend/shop/wsgi.py", ""),
    ]);
    assert_eq!(
        command(&below),
        r#"CMD ["gunicorn", "--chdir=backend", "--bind=0.0.0.0:8000", "shop.wsgi:application"]"#
    );
    let source = write(&[
        ("pyproject.toml", "[project]\nname = 'x'\ndependencies = ['fastapi', 'uvicorn']\n"),
        ("uv.lock", ""),
        ("src/shop/main.py", "app = FastAPI()\n"),
    ]);
    assert!(source.dockerfile.contains("ENV PYTHONPATH=/app/src\n"), "{}", source.dockerfile);
    let setup = "setup(entry_points={'console_scripts': ['shop-tool = shop.cli:main']})";
    assert_eq!(command(&write(&[("setup.py", setup), ("shop/cli.py", "")])), r#"CMD ["shop-tool"]"#);
    let kit = r#"{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "7", "@sveltejs/kit": "2", "@sveltejs/adapter-node": "5"}}"#;
    assert_eq!(
        command(&write(&[("package.json", kit), ("package-lock.json", "{}")])),
        r#"CMD ["node", "build"]"#
    );
    let settings = "include 'core', 'app'";
    let gradle = write(&[
        ("settings.gradle", settings),
        ("core/build.gradle", ""),
        ("app/build.gradle", "plugins { id 'org.springframework.boot' }"),
    ]);
    assert!(gradle.dockerfile.contains("COPY core/build.gradle ./core/build.gradle\n"));
    let top = "project(top)\nadd_subdirectory(src)\n";
    let sub = "find_package(SQLite3)\nadd_executable(tool main.c)\n";
    let cmake = write(&[("CMakeLists.txt", top), ("src/CMakeLists.txt", sub), ("src/main.c", "")]);
    assert!(cmake.dockerfile.contains("libsqlite3-dev") && cmake.dockerfile.contains("libsqlite3-0"));
    let require = r#"{"require": {"ext-gd": "*", "ext-bcmath": "*"}}"#;
    let php = write(&[("composer.json", require), ("worker.php", "")]);
    assert!(php.dockerfile.contains("RUN install-php-extensions gd\n"), "{}", php.dockerfile);
}

#[test]
fn maven_with_and_without_spring() {
    let pom = "<project><parent><artifactId>spring-boot-starter-parent</artifactId><version>3.5.0</version></parent>\
               <artifactId>shop</artifactId><version>0.0.1-SNAPSHOT</version><properties><java.version>21</java.version></properties>\
               <build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>";
    let written =
        write(&[("pom.xml", pom), ("src/main/resources/application.properties", "server.port=9000\n")]);
    assert_eq!((written.title.as_str(), written.port), ("Java with Maven (Spring Boot)", Some(9000)));
    expect![[r##"
        # syntax=docker/dockerfile:1
        FROM maven:3-eclipse-temurin-21 AS build
        WORKDIR /src
        COPY pom.xml ./
        RUN --mount=type=cache,target=/root/.m2 \
            mvn --batch-mode dependency:go-offline
        COPY src ./src
        RUN --mount=type=cache,target=/root/.m2 \
            mvn --batch-mode package -DskipTests

        FROM eclipse-temurin:21-jre
        RUN useradd --create-home --shell /usr/sbin/nologin app
        WORKDIR /app
        COPY --from=build /src/target/shop-0.0.1-SNAPSHOT.jar ./app.jar
        USER app
        EXPOSE 9000
        CMD ["java", "-jar", "app.jar"]
    "##]]
    .assert_eq(&written.dockerfile);
    let pom = "<project><artifactId>tool</artifactId><version>1.0</version><properties><maven.compiler.source>1.8</maven.compiler.source></properties></project>";
    let plain = write(&[
        ("pom.xml", pom),
        (
            "src/main/java/org/x/App.java",
            "package org.x;\nclass App { public static void main(String[] a) {} }",
        ),
    ]);
    assert_eq!(command(&plain), r#"CMD ["java", "-cp", "app.jar:lib/*", "org.x.App"]"#);
    assert!(plain.dockerfile.contains("FROM eclipse-temurin:8-jre"));
}

#[test]
fn gradle_with_and_without_its_wrapper() {
    let build = "plugins { id 'org.springframework.boot' version '3.5.0' }\njava { toolchain { languageVersion = JavaLanguageVersion.of(17) } }\n";
    let spring = write(&[
        ("build.gradle", build),
        ("settings.gradle", "rootProject.name = 'shop'"),
        ("gradlew", ""),
        ("gradle/wrapper/gradle-wrapper.properties", ""),
    ]);
    assert!(
        spring.dockerfile.contains("FROM eclipse-temurin:17-jdk AS build")
            && spring.dockerfile.contains("./gradlew --no-daemon bootJar")
    );
    let files = [
        ("settings.gradle.kts", "rootProject.name = \"demo\"\ninclude(\"app\")\n"),
        ("app/build.gradle.kts", "plugins {\n    application\n}\nkotlin { jvmToolchain(21) }\n"),
    ];
    let parts = write(&files);
    assert!(parts.dockerfile.contains("gradle --no-daemon :app:installDist"), "{}", parts.dockerfile);
    assert_eq!(command(&parts), r#"CMD ["/app/bin/app"]"#);
}

#[test]
fn dotnet_runs_as_the_user_of_the_image() {
    let web = "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><PropertyGroup><TargetFramework>net9.0</TargetFramework></PropertyGroup></Project>";
    let written = write(&[("Shop.csproj", web), ("Program.cs", "")]);
    expect![[r##"
        # syntax=docker/dockerfile:1
        FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build
        WORKDIR /src
        COPY Shop.csproj ./
        RUN --mount=type=cache,target=/root/.nuget/packages \
            dotnet restore Shop.csproj
        COPY . .
        RUN --mount=type=cache,target=/root/.nuget/packages \
            dotnet publish Shop.csproj --configuration Release --no-restore --output /out

        FROM mcr.microsoft.com/dotnet/aspnet:9.0
        WORKDIR /app
        COPY --from=build /out ./
        USER $APP_UID
        EXPOSE 8080
        CMD ["dotnet", "Shop.dll"]
    "##]]
    .assert_eq(&written.dockerfile);
    let console = "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net8.0</TargetFramework><AssemblyName>tool</AssemblyName></PropertyGroup></Project>";
    let library = "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>";
    let parts =
        write(&[("All.sln", ""), ("src/Tool/Tool.csproj", console), ("src/Core/Core.csproj", library)]);
    assert!(parts.dockerfile.contains("COPY src/Core/Core.csproj ./src/Core/\n"));
    assert_eq!(command(&parts), r#"CMD ["dotnet", "tool.dll"]"#);
}

#[test]
fn php_sites_and_scripts() {
    let laravel = r#"{"require": {"php": "^8.2", "ext-pdo_mysql": "*", "ext-json": "*", "ext-gd": "*"}}"#;
    let written = write(&[
        ("composer.json", laravel),
        ("composer.lock", "{}"),
        ("artisan", ""),
        ("public/index.php", ""),
        ("package.json", "{}"),
    ]);
    assert_eq!(written.title, "PHP (Laravel)");
    assert!(written.dockerfile.contains("RUN docker-php-ext-install pdo_mysql\n"));
    assert!(written.dockerfile.contains("RUN install-php-extensions gd\n"), "{}", written.dockerfile);
    expect![[r##"
        # syntax=docker/dockerfile:1
        FROM php:8.5-apache
        RUN mv "$PHP_INI_DIR/php.ini-production" "$PHP_INI_DIR/php.ini"
        RUN sed -i 's/^Listen 80$/Listen 8080/' /etc/apache2/ports.conf \
            && sed -i 's/:80>/:8080>/' /etc/apache2/sites-available/000-default.conf
        WORKDIR /var/www/html
        COPY . ./
        USER www-data
        EXPOSE 8080
        CMD ["apache2-foreground"]
    "##]]
    .assert_eq(&write(&[("index.php", "<?php")]).dockerfile);
    assert_eq!(command(&write_as(&[("run.php", "<?php")], Some("php"))), r#"CMD ["php", "run.php"]"#);
}

#[test]
fn ruby_with_rails_rack_and_nothing() {
    let gemfile =
        "source 'https://rubygems.org'\nruby '3.3.6'\ngem 'rails', '~> 8.0'\ngem 'propshaft'\ngem 'pg'\n";
    let rails =
        write(&[("Gemfile", gemfile), ("Gemfile.lock", ""), ("config.ru", ""), ("package.json", "{}")]);
    assert_eq!((rails.title.as_str(), rails.port), ("Ruby (Rails)", Some(3000)));
    assert!(rails.dockerfile.contains("assets:precompile") && rails.dockerfile.contains("libpq5"));
    let rack = write(&[("Gemfile", "gem 'sinatra'\ngem 'puma'\n"), ("config.ru", "run App")]);
    assert_eq!(command(&rack), r#"CMD ["bundle", "exec", "puma", "--bind", "tcp://0.0.0.0:9292"]"#);
    assert_eq!(command(&write(&[("main.rb", "puts 1")])), r#"CMD ["ruby", "main.rb"]"#);
}

#[test]
fn cmake_builds_its_program() {
    let text = "cmake_minimum_required(VERSION 3.20)\nproject(shop CXX)\nfind_package(ZLIB REQUIRED)\nadd_executable(${PROJECT_NAME} main.cpp) # x\n";
    let written = write(&[("CMakeLists.txt", text), ("main.cpp", "int main() {}")]);
    expect![[r##"
        # syntax=docker/dockerfile:1
        FROM debian:13-slim AS build
        RUN apt-get update \
            && apt-get install --yes --no-install-recommends \
                cmake \
                g++ \
                ninja-build \
                zlib1g-dev \
            && rm -rf /var/lib/apt/lists/*
        WORKDIR /src
        COPY . .
        RUN --mount=type=cache,target=/build \
            cmake -S . -B /build -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_RUNTIME_OUTPUT_DIRECTORY=/build/bin \
            && cmake --build /build --target shop \
            && mkdir /out && cp /build/bin/shop /out/app

        FROM debian:13-slim
        RUN useradd --create-home --shell /usr/sbin/nologin app
        WORKDIR /app
        COPY --from=build /out/app ./app
        USER app
        CMD ["/app/app"]
    "##]].assert_eq(&written.dockerfile);
}

#[test]
fn a_static_site_is_served_without_root() {
    let written = write(&[("index.html", "<p>"), ("style.css", "")]);
    assert!(written.dockerfile.contains("COPY . /usr/share/nginx/html"));
    assert!(write(&[("public/index.html", "")]).dockerfile.contains("COPY public /usr/share/nginx/html"));
}

#[test]
fn every_stack_can_be_named_in_an_empty_folder() {
    for (name, ..) in NAMES {
        let written = write_as(&[], Some(name));
        assert!(!written.title.is_empty());
    }
}

#[test]
fn a_tool_beside_another_project_is_none() {
    let package = r#"{"devDependencies": {"prettier": "3"}}"#;
    assert_eq!(
        write(&[
            ("package.json", package),
            ("go.mod", "module x\ngo 1.26\n"),
            ("main.go", "package main\nfunc main() {}")
        ])
        .stack,
        "go"
    );
}

#[test]
fn a_server_ends_when_it_is_told_to() {
    let server = "from http.server import HTTPServer\nHTTPServer(('0.0.0.0', 8123), None).serve_forever()\n";
    let python = write(&[("main.py", server)]);
    assert!(python.dockerfile.contains("EXPOSE 8123\nSTOPSIGNAL SIGINT\nCMD"), "{}", python.dockerfile);
    assert!(!python.is_deaf);
    let handles = write(&[("main.py", &format!("import signal\nsignal.SIGTERM\n{server}"))]);
    assert!(!handles.dockerfile.contains("STOPSIGNAL"));
    let flask =
        write(&[("app.py", "from flask import Flask\napp = Flask(__name__)"), ("requirements.txt", "flask")]);
    assert!(flask.dockerfile.contains("STOPSIGNAL SIGINT\nCMD [\"flask\""), "{}", flask.dockerfile);

    let package = r#"{"main": "index.js", "dependencies": {"koa": "3"}}"#;
    let node =
        |code: &str| write(&[("package.json", package), ("package-lock.json", "{}"), ("index.js", code)]);
    let deaf = node("app.listen(3000)");
    assert_eq!(deaf.run_command(), "docker run --rm --init -p 3000:3000 shop");
    assert!(deaf.notes.iter().any(|it| it.starts_with("Node.js as the first process")), "{:?}", deaf.notes);
    let hears = node("process.on('SIGTERM', () => process.exit());\napp.listen(3000)");
    assert_eq!(hears.run_command(), "docker run --rm -p 3000:3000 shop");
}

#[test]
fn ports_are_found_in_c_java_and_ruby() {
    let ruby = "require 'socket'\nserver = TCPServer.new('0.0.0.0', 8094)";
    assert_eq!(write(&[("server.rb", ruby)]).port, Some(8094));
    let cmake = "project(shop C)\nadd_executable(shop main.c)";
    let c = "address.sin_port = htons(8091);\nbind(s, &address, sizeof address);\nlisten(s, 5);";
    assert_eq!(write(&[("CMakeLists.txt", cmake), ("main.c", c)]).port, Some(8091));
    let pom = "<project><artifactId>shop</artifactId><version>1.0</version></project>";
    let java = "class App {\n static void main(String[] a) { HttpServer.create(new InetSocketAddress(8092), 0); }\n}";
    assert_eq!(write(&[("pom.xml", pom), ("src/main/java/App.java", java)]).port, Some(8092));
}
