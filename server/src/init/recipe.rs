//! The text of a Dockerfile, step by step, each with the reason for it.

/// A Dockerfile in the making, and what is known beside it.
#[derive(Debug, Default)]
pub struct Recipe {
    pub title: String,
    steps: Vec<Step>,
    pub notes: Vec<String>,
    pub port: Option<u16>,
    /// Whether the program, as the first process, does not end when it is told to.
    pub is_deaf: bool,
    /// Lines of `.dockerignore` beyond those that every project has.
    pub ignored: Vec<&'static str>,
}

#[derive(Debug)]
struct Step {
    /// One or two sentences for a learner.
    why: String,
    /// One instruction; continued lines are indented by four blanks.
    text: String,
}

/// Comments for learners are wrapped at this column.
const WIDTH: usize = 100;

impl Recipe {
    pub fn new(title: impl Into<String>, ignored: &[&'static str]) -> Recipe {
        Recipe { title: title.into(), ignored: ignored.to_vec(), ..Recipe::default() }
    }

    pub fn step(&mut self, why: impl Into<String>, text: impl Into<String>) {
        self.steps.push(Step { why: why.into(), text: text.into() });
    }

    /// A step if `text` is there.
    pub fn step_if(&mut self, why: &str, text: Option<String>) {
        if let Some(text) = text {
            self.step(why, text);
        }
    }

    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// The folder in which everything below happens.
    pub fn workdir(&mut self, path: &str) {
        let why = "All that follows happens in this folder of the image; it is created if it is missing.";
        self.step(why, format!("WORKDIR {path}"));
    }

    pub fn copy_all(&mut self) {
        let why = "Now the sources, without what `.dockerignore` names. They change often, so they come after the \
                   dependencies.";
        self.step(why, "COPY . .");
    }

    pub fn expose(&mut self, port: Option<u16>) {
        self.port = port;
        let why = "A note for people and tools: the program listens here. `docker run -p` is what makes it reachable.";
        self.step_if(why, port.map(|it| format!("EXPOSE {it}")));
    }

    /// Switches to a user of the image that has no rights.
    pub fn user(&mut self, name: &str) {
        let why = "From here on, and in the container, nothing runs as root: a program that is broken into can do less.";
        self.step(why, format!("USER {name}"));
    }

    pub fn add_user_debian(&mut self) {
        let why = "A user without rights, for the program.";
        self.step(why, "RUN useradd --create-home --shell /usr/sbin/nologin app");
    }

    /// The same for a program that writes files into `folder`, which root has made.
    pub fn add_owner_debian(&mut self, folder: &str) {
        let why = "A user without rights, for the program, who owns the folder: files can be written there.";
        self.step(
            why,
            format!(
                "RUN useradd --create-home --shell /usr/sbin/nologin app \\\n    && chown app:app {folder}"
            ),
        );
    }

    /// As [`Recipe::copy_all`], with files that the program may change.
    pub fn copy_all_owned(&mut self, user: &str) {
        let why = "Now the sources, without what `.dockerignore` names; they belong to that user. They change often, so \
                   they come after the dependencies.";
        self.step(why, format!("COPY --chown={user}:{user} . ."));
    }

    pub fn add_user_alpine(&mut self) {
        self.step("A user without rights, for the program.", "RUN adduser -D app");
    }

    /// What the container does when it starts, in exec form.
    pub fn command(&mut self, words: &[impl AsRef<str>]) {
        let why = "What a container does when it starts. In this form, a list, the program gets the signals of \
                   `docker stop` itself.";
        self.step(why, format!("CMD {}", list(words)));
    }

    /// For a server that has no handler for signals in its `source`: the kernel ends no first process without one.
    pub fn needs_handler(&mut self, title: &'static str, source: &str) {
        let handles = ["SIGTERM", "SIGINT", "signal", "actix", "rocket"].iter().any(|it| source.contains(it));
        if self.port.is_none() || handles {
            return;
        }
        self.is_deaf = true;
        self.note(format!(
            "{title} as the first process of a container does not end on `docker stop` or Ctrl+C unless it handles these \
             signals; `docker run --init` puts a small program in front that makes it end"
        ));
    }

    /// Whether the container runs something below `folder` that the context must bring: nothing builds it.
    pub fn needs_from_context(&self, folder: &str) -> bool {
        let is_built = self.steps.iter().filter(|it| it.text.starts_with("FROM ")).count() > 1;
        let in_quotes = format!("\"{folder}/");
        let runs = self.steps.iter().any(|it| it.text.starts_with("CMD ") && it.text.contains(&in_quotes));
        runs && !is_built
    }

    pub fn render(&self, explain: bool) -> String {
        let mut text = String::from("# syntax=docker/dockerfile:1\n");
        for (at, step) in self.steps.iter().enumerate() {
            let is_new_stage = at > 0 && step.text.starts_with("FROM ");
            if is_new_stage || explain {
                text.push('\n');
            }
            if explain {
                comment(&step.why, &mut text);
            }
            text.push_str(&step.text);
            text.push('\n');
        }
        text
    }
}

/// `["a", "b"]`, as JSON writes it.
fn list(words: &[impl AsRef<str>]) -> String {
    let words: Vec<String> =
        words.iter().map(|it| serde_json::Value::from(it.as_ref()).to_string()).collect();
    format!("[{}]", words.join(", "))
}

fn comment(sentences: &str, text: &mut String) {
    let mut line = String::from("#");
    for word in sentences.split_whitespace() {
        if line.len() + 1 + word.len() > WIDTH {
            text.push_str(&line);
            text.push('\n');
            line = String::from("#");
        }
        line.push(' ');
        line.push_str(word);
    }
    text.push_str(&line);
    text.push('\n');
}

/// `RUN` with cache mounts for `folders`.
pub fn run_cached(folders: &[&str], command: &str) -> String {
    let mounts: String =
        folders.iter().map(|it| format!("--mount=type=cache,target={it} \\\n    ")).collect();
    format!("RUN {mounts}{command}")
}

/// `RUN` that installs packages of Debian and leaves no lists behind.
pub fn apt_install(packages: &[&str]) -> String {
    let names: String = packages.iter().map(|it| format!(" \\\n        {it}")).collect();
    format!(
        "RUN apt-get update \\\n    && apt-get install --yes --no-install-recommends{names} \\\n    && rm -rf /var/lib/apt/lists/*"
    )
}

/// Why packages are installed in this way.
pub const WHY_APT: &str = "Programs and libraries of the system that the project needs. The lists of packages are fetched and \
                           thrown away in one step, so they are never part of the image.";
