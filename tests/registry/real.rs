//! Against Debian's `docker-registry`: open, with a password, and with tokens. `.ci/run` installs what is needed; without
//! it these tests fail.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::session::{Session, labels};
use crate::stand_in::{Reply, Server};

/// Of the user `me`.
const PASSWORD: &str = "correct horse";
const CREDENTIALS: &str = "me:correct horse";

/// A registry with `acme/api`, tags `1.0`, `1.1` and `latest`; ended with the test.
struct Registry {
    process: Child,
    host: String,
    folder: TempDir,
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Registry {
    /// `auth`: the section of that name in the registry's configuration, for its folder.
    fn start(auth: impl FnOnce(&Path) -> String) -> Registry {
        let folder = tempfile::tempdir().expect("a folder");
        let auth = auth(folder.path());
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let host = listener.local_addr().expect("it is bound").to_string();
        drop(listener);
        let data = folder.path().join("data");
        let config = format!(
            "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: '{host}'}}\n{auth}",
            data.display()
        );
        let path = folder.path().join("config.yml");
        std::fs::write(&path, config).expect("it can be written");
        let process = Command::new("docker-registry")
            .arg("serve")
            .arg(&path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("docker-registry is installed");
        let registry = Registry { process, host, folder };
        registry.wait();
        registry
    }

    fn wait(&self) {
        let end = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect(&self.host).is_err() {
            assert!(Instant::now() < end, "docker-registry does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Puts the image in, three times.
    fn fill(&self, login: &[&str]) {
        let layout = layout(self.folder.path());
        for tag in ["1.0", "1.1", "latest"] {
            let mut command = Command::new("skopeo");
            command.args(["copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false"]).args(login);
            command.arg(format!("oci:{}:image", layout.display()));
            command.arg(format!("docker://{}/acme/api:{tag}", self.host));
            run(&mut command);
        }
    }

    fn image(&self, tag: &str) -> String {
        format!("{}/acme/api{tag}", self.host)
    }

    /// What `dockwright` prints with the user's settings and this login.
    fn dockwright(&self, arguments: &[&str], login: Option<&str>) -> (Option<i32>, Value, String) {
        let home = self.folder.path();
        let own = home.join(".config/dockwright");
        std::fs::create_dir_all(&own).expect("it can be made");
        let settings = format!(
            "[registry]\nallow = [\"{}\"]\nuse-docker-credentials = {}\n",
            self.host,
            login.is_some()
        );
        std::fs::write(own.join("dockwright.toml"), settings).expect("it can be written");
        self.log_in(login);
        let mut command = Command::new(env!("CARGO_BIN_EXE_dockwright"));
        command
            .args(arguments)
            .env_remove("DOCKWRIGHT_OFFLINE")
            .env_remove("XDG_CONFIG_HOME")
            .env("HOME", home);
        command.env("DOCKER_CONFIG", home).env("DOCKWRIGHT_CACHE_DIR", tempfile::tempdir().unwrap().path());
        let output = command.output().expect("the binary starts");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), serde_json::from_str(&text).unwrap_or_default(), errors)
    }

    fn log_in(&self, login: Option<&str>) {
        let auth = login.map(|it| json!({ &self.host: { "auth": STANDARD.encode(it) } }));
        let config = json!({ "auths": auth.unwrap_or(json!({})) });
        std::fs::write(self.folder.path().join("config.json"), config.to_string())
            .expect("it can be written");
    }

    /// Everything that the registry tells.
    fn check(&self, login: Option<&str>) {
        let (code, tags, errors) = self.dockwright(&["tags", &self.image(""), "--json"], login);
        assert_eq!(code, Some(0), "{errors}");
        let names: Vec<&str> =
            tags.as_array().expect("a list").iter().filter_map(|it| it["name"].as_str()).collect();
        assert_eq!(names, ["latest", "1.1", "1.0"]);
        let (code, image, errors) = self.dockwright(&["image", &self.image(":1.0"), "--json"], login);
        assert_eq!(code, Some(0), "{errors}");
        assert_eq!(image["platforms"], json!(["linux/amd64"]));
        assert_eq!(image["created"], "2026-06-01");
        assert_eq!(image["config"]["user"], "app");
        assert_eq!(image["config"]["cmd"], json!(["--port", "80"]));
        assert!(image["digest"].as_str().is_some_and(|it| it.starts_with("sha256:")), "{image}");
        self.check_editor(login);
    }

    fn check_editor(&self, login: Option<&str>) {
        self.log_in(login);
        let nowhere = "http://127.0.0.1:9";
        let settings = json!({ "registry": {
            "hubUrl": nowhere, "hubRegistryUrl": nowhere, "allow": [self.host], "useDockerCredentials": login.is_some(),
        } });
        let docker = self.folder.path().to_str().expect("it is text");
        let mut session = Session::start_in(settings, json!({}), &[("DOCKER_CONFIG", docker)]);
        session.open(&format!("FROM {}\n", self.image(":1.2")));
        let end = self.image(":").len() as u32 + 5;
        session.until("the tags", |it| labels(&it.complete(0, end)) == ["latest", "1.1", "1.0"]);
        session.diagnostics_with("unknown-tag");
        session.change(2, &format!("FROM {}\n", self.image(":1.0")));
        session.until("the configuration", |it| it.hover(0, 8).contains("Working directory: `/srv`"));
    }
}

fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// An image as a folder, by the OCI image layout specification.
fn layout(folder: &Path) -> PathBuf {
    let layout = folder.join("layout");
    let blobs = layout.join("blobs/sha256");
    std::fs::create_dir_all(&blobs).expect("it can be made");
    let blob = |bytes: &[u8]| {
        let path = folder.join("blob");
        std::fs::write(&path, bytes).expect("it can be written");
        let sum = String::from_utf8(run(Command::new("sha256sum").arg(&path))).expect("it is text");
        let sum = sum.split_whitespace().next().expect("a sum").to_owned();
        std::fs::rename(&path, blobs.join(&sum)).expect("it can be moved");
        json!({ "digest": format!("sha256:{sum}"), "size": bytes.len() })
    };
    let described = |mut blob: Value, media_type: &str| {
        blob["mediaType"] = json!(format!("application/vnd.oci.image.{media_type}"));
        blob
    };
    // The end of an archive without files.
    let layer = described(blob(&[0; 1024]), "layer.v1.tar");
    let config = json!({
        "architecture": "amd64", "os": "linux", "created": "2026-06-01T08:00:00Z",
        "config": { "User": "app", "WorkingDir": "/srv", "Entrypoint": ["/api"], "Cmd": ["--port", "80"] },
        "rootfs": { "type": "layers", "diff_ids": [layer["digest"]] },
    });
    let config = described(blob(config.to_string().as_bytes()), "config.v1+json");
    let manifest = json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config, "layers": [layer],
    });
    let mut manifest = described(blob(manifest.to_string().as_bytes()), "manifest.v1+json");
    manifest["annotations"] = json!({ "org.opencontainers.image.ref.name": "image" });
    let index = json!({ "schemaVersion": 2, "manifests": [manifest] });
    std::fs::write(layout.join("index.json"), index.to_string()).expect("it can be written");
    std::fs::write(layout.join("oci-layout"), "{\"imageLayoutVersion\": \"1.0.0\"}")
        .expect("it can be written");
    layout
}

#[test]
fn a_registry_for_everybody() {
    let registry = Registry::start(|_| String::new());
    registry.fill(&[]);
    registry.check(None);
    let (code, _, errors) = registry.dockwright(&["image", &registry.image(":9.9")], None);
    assert_eq!(code, Some(1), "{errors}");
    let (code, _, errors) = registry.dockwright(&["tags", &format!("{}/acme/none", registry.host)], None);
    assert_eq!((code, errors.contains("has no repository")), (Some(1), true), "{errors}");
}

#[test]
fn a_registry_with_a_password() {
    let registry = Registry::start(|folder| {
        let line = run(Command::new("htpasswd").args(["-nbB", "me", PASSWORD]));
        let path = folder.join("htpasswd");
        std::fs::write(&path, line).expect("it can be written");
        format!("auth: {{htpasswd: {{realm: acme, path: {}}}}}\n", path.display())
    });
    registry.fill(&["--dest-creds", CREDENTIALS]);
    registry.check(Some(CREDENTIALS));
    for login in [None, Some("me:wrong")] {
        let (code, _, errors) = registry.dockwright(&["tags", &registry.image("")], login);
        assert_eq!((code, errors.contains("docker login")), (Some(2), true), "{errors}");
        assert!(!errors.contains("wrong") && !errors.contains(PASSWORD), "{errors}");
    }
}

#[test]
fn a_registry_with_tokens() {
    let keys = tempfile::tempdir().expect("a folder");
    let (key, certificate) = (keys.path().join("key.pem"), keys.path().join("certificate.pem"));
    run(Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=acme", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&certificate));
    let der = run(Command::new("openssl").args(["x509", "-outform", "der", "-in"]).arg(&certificate));
    let tokens = Server::start(move |asked| {
        let expected = format!("Basic {}", STANDARD.encode(CREDENTIALS));
        if asked.header("authorization") != Some(&expected) {
            return Reply::new(401, "{}");
        }
        let scope = asked
            .query("scope")
            .unwrap_or_default()
            .replace("%3A", ":")
            .replace("%2F", "/")
            .replace("%2C", ",");
        Reply::json(json!({ "token": token(&key, &der, &scope), "expires_in": 300 }))
    });
    let registry = Registry::start(|_| {
        format!(
            "auth: {{token: {{realm: '{}/token', service: acme, issuer: acme, rootcertbundle: {}}}}}\n",
            tokens.url(),
            certificate.display()
        )
    });
    registry.fill(&["--dest-creds", CREDENTIALS]);
    registry.check(Some(CREDENTIALS));
    let (code, _, errors) = registry.dockwright(&["tags", &registry.image("")], None);
    assert_eq!((code, errors.contains("docker login")), (Some(2), true), "{errors}");
    let of_ours =
        |it: &&crate::stand_in::Asked| it.header("user-agent").is_some_and(|it| it.starts_with("dockwright"));
    let asked = tokens.asked();
    assert!(asked.iter().any(|it| of_ours(&it)));
    assert!(
        asked.iter().filter(of_ours).all(|it| it.query("scope") == Some("repository%3Aacme%2Fapi%3Apull")),
        "{asked:?}"
    );
}

/// What a registry takes as proof (<https://distribution.github.io/distribution/spec/auth/jwt/>).
fn token(key: &Path, certificate: &[u8], scope: &str) -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let now =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("it is later").as_secs();
    let mut words = scope.rsplitn(2, ':');
    let actions: Vec<&str> = words.next().unwrap_or_default().split(',').collect();
    let name = words.next().unwrap_or_default().trim_start_matches("repository:");
    let header = part(json!({ "typ": "JWT", "alg": "RS256", "x5c": [STANDARD.encode(certificate)] }));
    let claims = part(json!({
        "iss": "acme", "sub": "me", "aud": "acme", "iat": now, "nbf": now - 10, "exp": now + 300, "jti": "1",
        "access": [{ "type": "repository", "name": name, "actions": actions }],
    }));
    let text = format!("{header}.{claims}");
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), &text).expect("it can be written");
    let signature = run(Command::new("openssl").args(["dgst", "-sha256", "-sign"]).arg(key).arg(file.path()));
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}
