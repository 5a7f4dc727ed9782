//! Logins that Docker and Podman have stored, used only if the user allowed it.
//!
//! Formats: <https://docs.docker.com/reference/cli/docker/login/#credential-stores> and
//! <https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md>. A login is read anew for each token,
//! which is seldom, so that a fresh `docker login` counts at once.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use super::secret::Secret;
use crate::analysis::image::reference::DOCKER_HUB;

/// Docker's own key for Docker Hub.
const HUB_KEY: &str = "https://index.docker.io/v1/";
const HELPER_TIMEOUT: Duration = Duration::from_secs(5);
const MAX_FILE: u64 = 1 << 20;

/// What proves who we are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    Password {
        user: String,
        password: Secret,
    },
    /// Exchanged for tokens.
    Identity(Secret),
}

impl Login {
    /// For a header; `None` for what only buys tokens.
    pub fn basic(&self) -> Option<Secret> {
        let Login::Password { user, password } = self else { return None };
        let pair = STANDARD.encode(format!("{user}:{}", password.reveal()));
        Some(Secret::new(format!("Basic {pair}")))
    }
}

/// Where logins are stored.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// The first that knows the registry wins; empty: no logins are used.
    files: Vec<PathBuf>,
}

impl Credentials {
    /// The files of Docker and Podman, found by `variable` of the environment.
    pub fn new(variable: impl Fn(&str) -> Option<PathBuf>) -> Credentials {
        let home = || variable("HOME").or_else(|| variable("USERPROFILE"));
        let docker = variable("DOCKER_CONFIG").or_else(|| home().map(|it| it.join(".docker")));
        let config = variable("XDG_CONFIG_HOME").or_else(|| home().map(|it| it.join(".config")));
        let files = [
            docker.map(|it| it.join("config.json")),
            variable("REGISTRY_AUTH_FILE"),
            variable("XDG_RUNTIME_DIR").map(|it| it.join("containers/auth.json")),
            config.map(|it| it.join("containers/auth.json")),
        ];
        Credentials { files: files.into_iter().flatten().collect() }
    }

    /// Whether a file names this registry; runs no program.
    pub fn names(&self, host: &str) -> bool {
        let has = |file: &Value, section: &str| {
            file[section].as_object().is_some_and(|it| it.keys().any(|key| host_of(key) == host))
        };
        self.files().any(|it| has(&it, "auths") || has(&it, "credHelpers"))
    }

    /// The login for `repository` of `host` (as references name them).
    pub async fn login(&self, host: &str, repository: &str) -> Option<Login> {
        for file in self.files() {
            let found = match helper(&file, host) {
                Some(helper) => run_helper(&helper, host).await,
                None => None,
            };
            if let Some(login) = found.or_else(|| stored(&file, host, repository)) {
                return Some(login);
            }
        }
        None
    }

    fn files(&self) -> impl Iterator<Item = Value> + '_ {
        let is_small = |path: &&PathBuf| path.metadata().is_ok_and(|it| it.is_file() && it.len() <= MAX_FILE);
        let texts = self.files.iter().filter(is_small).filter_map(|path| std::fs::read(path).ok());
        texts.filter_map(|text| serde_json::from_slice(&text).ok())
    }
}

/// The registry that a key of a file is about: Docker writes some as URLs.
fn host_of(key: &str) -> &str {
    let key = key.trim_start_matches("https://").trim_start_matches("http://");
    let host = key.split('/').next().unwrap_or(key);
    if host == "index.docker.io" || host == "registry-1.docker.io" { DOCKER_HUB } else { host }
}

/// How much of the repository a key names, in bytes; Podman keeps logins for parts of a registry (`quay.io/acme`). `None`
/// if it is about another one.
fn fit(key: &str, host: &str, repository: &str) -> Option<usize> {
    let path = key.trim_start_matches("https://").trim_start_matches("http://").split_once('/');
    // Docker's URLs end with the version of the interface.
    let path = path.map_or("", |it| it.1.trim_end_matches('/'));
    let path = if matches!(path, "v1" | "v2") { "" } else { path };
    let rest = repository.strip_prefix(path)?;
    let is_whole = path.is_empty() || rest.is_empty() || rest.starts_with('/');
    (is_whole && host_of(key) == host).then_some(path.len())
}

/// The name of the program that keeps the login.
fn helper(file: &Value, host: &str) -> Option<String> {
    let own = file["credHelpers"].as_object().and_then(|it| it.iter().find(|(key, _)| host_of(key) == host));
    let name = own.map(|(_, name)| name).unwrap_or(&file["credsStore"]).as_str()?;
    // Part of a program's name: nothing that could be a path.
    let is_word = name.chars().all(|it| it.is_ascii_alphanumeric() || it == '-' || it == '_');
    (is_word && !name.is_empty()).then(|| format!("docker-credential-{name}"))
}

fn stored(file: &Value, host: &str, repository: &str) -> Option<Login> {
    let fitting =
        file["auths"].as_object()?.iter().filter_map(|(key, it)| Some((fit(key, host, repository)?, it)));
    let (_, entry) = fitting.max_by_key(|(length, _)| *length)?;
    if let Some(token) = entry["identitytoken"].as_str().filter(|it| !it.is_empty()) {
        return Some(Login::Identity(Secret::new(token)));
    }
    let pair = STANDARD.decode(entry["auth"].as_str()?).ok()?;
    let pair = String::from_utf8(pair).ok()?;
    let (user, password) = pair.split_once(':')?;
    login(user, password.trim_end_matches('\0'))
}

fn login(user: &str, password: &str) -> Option<Login> {
    let password = Secret::new(password);
    match user {
        // What helpers write for an identity token.
        "<token>" => Some(Login::Identity(password)),
        _ => Some(Login::Password { user: user.to_owned(), password }),
    }
}

/// Asks `docker-credential-… get`; its input is the registry, its output JSON.
async fn run_helper(program: &str, host: &str) -> Option<Login> {
    let key = if host == DOCKER_HUB { HUB_KEY } else { host };
    let answer = tokio::time::timeout(HELPER_TIMEOUT, ask_helper(program, key)).await.ok()?;
    let answer: Value = serde_json::from_slice(&answer?).ok()?;
    login(answer["Username"].as_str()?, answer["Secret"].as_str()?)
}

async fn ask_helper(program: &str, key: &str) -> Option<Vec<u8>> {
    let mut process = Command::new(program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    process.stdin.take()?.write_all(key.as_bytes()).await.ok()?;
    let mut out = Vec::new();
    process.stdout.take()?.take(MAX_FILE).read_to_end(&mut out).await.ok()?;
    process.wait().await.ok()?.success().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Credentials of a Docker configuration with this text.
    fn credentials(text: &str) -> (tempfile::TempDir, Credentials) {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("config.json"), text).expect("a file");
        let path = folder.path().to_owned();
        let credentials = Credentials::new(|name| (name == "DOCKER_CONFIG").then(|| path.clone()));
        (folder, credentials)
    }

    fn login_of(text: &str, host: &str) -> Option<Login> {
        let (_folder, credentials) = credentials(text);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(credentials.login(host, "acme/api"))
    }

    #[test]
    fn stored_passwords_are_found_by_host() {
        let text = r#"{"auths": {"https://index.docker.io/v1/": {"auth": "bWU6cHc="}, "ghcr.io": {"identitytoken": "t"}}}"#;
        let expected = Login::Password { user: "me".to_owned(), password: Secret::new("pw") };
        assert_eq!(login_of(text, "docker.io"), Some(expected));
        assert_eq!(login_of(text, "ghcr.io"), Some(Login::Identity(Secret::new("t"))));
        assert_eq!(login_of(text, "quay.io"), None);
        let (_folder, credentials) = credentials(text);
        assert!(credentials.names("ghcr.io") && !credentials.names("quay.io"));
    }

    #[test]
    fn a_login_for_a_part_of_a_registry_is_for_that_part() {
        let auth = |password: &str| STANDARD.encode(format!("me:{password}"));
        let text = serde_json::json!({ "auths": {
            "quay.io/other": { "auth": auth("other") }, "quay.io": { "auth": auth("all") },
            "quay.io/acme": { "auth": auth("part") }, "quay.io/acm": { "auth": auth("no") },
            "ghcr.io/other": { "auth": auth("other") }, "https://a.b/v2/": { "auth": auth("url") },
        } });
        let password = |host: &str| match login_of(&text.to_string(), host) {
            Some(Login::Password { password, .. }) => Some(password.reveal().to_owned()),
            _ => None,
        };
        assert_eq!(password("quay.io").as_deref(), Some("part"));
        assert_eq!(password("a.b").as_deref(), Some("url"));
        assert_eq!(password("ghcr.io"), None);
    }

    #[test]
    fn odd_files_give_nothing() {
        for text in
            ["", "[]", "{", r#"{"auths": {"a.b": {"auth": "!"}}}"#, r#"{"auths": 3, "credsStore": "../x"}"#]
        {
            assert_eq!(login_of(text, "a.b"), None, "{text}");
        }
        assert!(helper(&serde_json::json!({ "credsStore": "../x" }), "a.b").is_none());
    }

    #[test]
    fn a_helper_is_chosen_by_registry_then_by_store() {
        let file = serde_json::json!({ "credHelpers": { "gcr.io": "gcloud" }, "credsStore": "desktop" });
        assert_eq!(helper(&file, "gcr.io").as_deref(), Some("docker-credential-gcloud"));
        assert_eq!(helper(&file, "ghcr.io").as_deref(), Some("docker-credential-desktop"));
    }

    #[test]
    fn passwords_are_never_printed() {
        let login = Login::Password { user: "me".to_owned(), password: Secret::new("hunter2") };
        assert!(!format!("{login:?} {:?}", login.basic()).contains("hunter2"));
        assert!(!format!("{:?}", login.basic()).contains("bWU6"));
    }
}
