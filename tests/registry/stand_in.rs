//! A small HTTP server on 127.0.0.1 that stands in for Docker Hub or a registry, and can misbehave as they can.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

/// What was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    /// With the query.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    /// The path without the query, in its segments.
    pub fn segments(&self) -> Vec<&str> {
        self.path.split('?').next().unwrap_or_default().split('/').filter(|it| !it.is_empty()).collect()
    }

    pub fn query(&self, name: &str) -> Option<&str> {
        let pairs = self.path.split_once('?')?.1.split('&');
        pairs.filter_map(|it| it.split_once('=')).find(|it| it.0 == name).map(|it| it.1)
    }
}

#[derive(Debug, Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Body,
    delay: Duration,
}

#[derive(Debug, Clone)]
enum Body {
    Whole(Vec<u8>),
    /// Ends the connection in the middle.
    Cut(Vec<u8>),
    /// Goes on until nobody reads.
    Endless,
}

impl Reply {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Reply {
        Reply { status, headers: Vec::new(), body: Body::Whole(body.into()), delay: Duration::ZERO }
    }

    pub fn json(value: Value) -> Reply {
        Reply::new(200, value.to_string()).with("content-type", "application/json")
    }

    pub fn cut(body: &str) -> Reply {
        Reply { body: Body::Cut(body.into()), ..Reply::new(200, "") }
    }

    pub fn endless() -> Reply {
        Reply { body: Body::Endless, ..Reply::new(200, "") }
    }

    pub fn with(mut self, name: &str, value: impl Into<String>) -> Reply {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub fn after(self, delay: Duration) -> Reply {
        Reply { delay, ..self }
    }
}

type Answer = dyn Fn(&Asked) -> Reply + Send + Sync;

/// Serves until the test process ends.
#[derive(Clone)]
pub struct Server {
    /// `127.0.0.1:PORT`
    pub host: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    connections: Arc<Mutex<usize>>,
}

impl Server {
    pub fn start(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let host = listener.local_addr().expect("it is bound").to_string();
        let server = Server { host, asked: Arc::default(), connections: Arc::default() };
        let (own, answer): (Server, Arc<Answer>) = (server.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                *own.connections.lock().unwrap_or_else(PoisonError::into_inner) += 1;
                let (server, answer) = (own.clone(), answer.clone());
                std::thread::spawn(move || server.serve(stream, &*answer));
            }
        });
        server
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.host)
    }

    /// Everything that was asked, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|it| it.path).collect()
    }

    /// Also those on which nothing was asked.
    pub fn connections(&self) -> usize {
        *self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One request a connection.
    fn serve(&self, stream: TcpStream, answer: &Answer) -> Option<()> {
        let mut reader = BufReader::new(stream.try_clone().ok()?);
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let mut first = line.split(' ');
        let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim().split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let asked = Asked { method, path, headers };
        let length = asked.header("content-length").and_then(|it| it.parse().ok()).unwrap_or_default();
        std::io::copy(&mut reader.take(length), &mut std::io::sink()).ok()?;
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(asked.clone());
        let reply = answer(&asked);
        std::thread::sleep(reply.delay);
        send(stream, reply, asked.method == "HEAD")
    }
}

fn send(mut stream: TcpStream, reply: Reply, is_head: bool) -> Option<()> {
    let length = match &reply.body {
        Body::Whole(bytes) => format!("content-length: {}\r\n", bytes.len()),
        Body::Cut(bytes) => format!("content-length: {}\r\n", bytes.len() + 100),
        Body::Endless => String::new(),
    };
    let headers: String = reply.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!("HTTP/1.1 {} X\r\nconnection: close\r\n{length}{headers}\r\n", reply.status);
    stream.write_all(head.as_bytes()).ok()?;
    match reply.body {
        Body::Whole(bytes) | Body::Cut(bytes) if !is_head => stream.write_all(&bytes).ok()?,
        Body::Endless => loop {
            stream.write_all(&[b' '; 65_536]).ok()?;
        },
        _ => {}
    }
    stream.shutdown(std::net::Shutdown::Write).ok()
}

/// A digest that is made of one letter.
pub fn digest(letter: char) -> String {
    format!("sha256:{}", letter.to_string().repeat(64))
}

/// A tag as Docker Hub's API describes it.
pub fn hub_tag(name: &str, digest: &str) -> Value {
    let image = |architecture: &str, size: u64| json!({ "os": "linux", "architecture": architecture, "variant": null, "size": size, "digest": digest });
    json!({
        "name": name, "digest": digest, "last_updated": "2026-07-01T10:00:00Z",
        "tag_last_pushed": "2026-07-02T10:00:00Z", "full_size": 40_000_000,
        "images": [image("amd64", 40_000_000), image("arm64", 39_000_000)],
    })
}

/// Docker Hub's API with these repositories: (`library/python`, its tags, the newest first); a page has 100.
pub fn hub(repositories: &'static [(&'static str, &'static [&'static str])]) -> Server {
    Server::start(move |asked| hub_reply(repositories, asked))
}

pub fn hub_reply(repositories: &[(&str, &[&str])], asked: &Asked) -> Reply {
    match asked.segments().as_slice() {
        ["v2", "search", "repositories"] => {
            let query = asked.query("query").unwrap_or_default().replace("%2F", "/");
            let found = repositories.iter().filter(|it| it.0.contains(&query));
            let found: Vec<Value> = found
                .map(|it| json!({ "repo_name": it.0, "short_description": "for a test", "is_official": false }))
                .collect();
            Reply::json(json!({ "count": found.len(), "results": found }))
        }
        ["v2", "namespaces", namespace, "repositories", name, "tags", rest @ ..] => {
            let repository = format!("{namespace}/{name}");
            let Some((_, tags)) = repositories.iter().find(|it| it.0 == repository) else {
                return Reply::new(404, "{}");
            };
            match rest {
                [tag] if tags.contains(tag) => Reply::json(hub_tag(tag, &digest_of(tag))),
                [_] => Reply::new(404, "{}"),
                _ => hub_page(tags, asked),
            }
        }
        _ => Reply::new(404, "{}"),
    }
}

fn hub_page(tags: &[&str], asked: &Asked) -> Reply {
    let number = |name: &str, usual: usize| asked.query(name).and_then(|it| it.parse().ok()).unwrap_or(usual);
    let (page, size) = (number("page", 1), number("page_size", 10).min(100));
    let wanted = asked.query("name").unwrap_or_default();
    let fitting: Vec<&&str> = tags.iter().filter(|it| it.contains(wanted)).collect();
    let here: Vec<Value> =
        fitting.iter().skip((page - 1) * size).take(size).map(|it| hub_tag(it, &digest_of(it))).collect();
    let path = asked.path.split('?').next().unwrap_or_default();
    let host = asked.header("host").unwrap_or_default();
    let next = (page * size < fitting.len())
        .then(|| format!("http://{host}{path}?page_size={size}&page={}", page + 1));
    Reply::json(json!({ "count": fitting.len(), "next": next, "results": here }))
}

/// Tags of the same version have the same digest: `latest`, `3`, `3.1` and `3.1.4` stand for one image.
pub fn digest_of(tag: &str) -> String {
    let variant = tag.split_once('-').map_or("", |it| it.1);
    digest(match (tag, variant) {
        ("latest", _) | (_, "") if !tag.starts_with('2') => 'a',
        (_, "") => 'b',
        _ => 'c',
    })
}

/// A registry with the repository `acme/api` and these tags, all of which are one image for two platforms.
pub fn oci_reply(tags: &[&str], asked: &Asked) -> Reply {
    let (index, amd64, config) = (digest('1'), digest('2'), digest('3'));
    let json = match asked.segments().as_slice() {
        ["v2", "acme", "api", "tags", "list"] => json!({ "name": "acme/api", "tags": tags }),
        ["v2", "acme", "api", "manifests", tag] if tags.contains(tag) || *tag == index => json!({
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [
                { "digest": amd64, "size": 500, "platform": { "os": "linux", "architecture": "amd64" } },
                { "digest": digest('4'), "size": 500, "platform": { "os": "linux", "architecture": "arm64" } },
            ],
        }),
        ["v2", "acme", "api", "manifests", it] if *it == amd64 => json!({
            "schemaVersion": 2, "config": { "digest": config, "size": 900 },
            "layers": [{ "digest": digest('5'), "size": 7_000_000 }, { "digest": digest('6'), "size": 500_000 }],
        }),
        ["v2", "acme", "api", "blobs", it] if *it == config => json!({
            "created": "2026-06-01T08:00:00Z", "os": "linux", "architecture": "amd64",
            "config": {
                "User": "app", "WorkingDir": "/srv", "Entrypoint": ["/api"], "Cmd": ["--port", "80"],
                "Env": ["MODE=production"], "ExposedPorts": { "80/tcp": {} },
                "Labels": { "org.opencontainers.image.source": "https://example.com/acme/api" },
            },
        }),
        _ => return Reply::new(404, "{}"),
    };
    Reply::json(json).with("docker-content-digest", index)
}

/// As [`oci_reply`], running.
pub fn registry(tags: &'static [&'static str]) -> Server {
    Server::start(move |asked| oci_reply(tags, asked))
}
