//! A small HTTP server for tests, which can misbehave in every way a registry can.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::http::lock;

/// What was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    /// With the query.
    pub path: String,
    /// As sent, in lower case.
    pub head: String,
    pub body: String,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|it| it.strip_prefix(name)?.strip_prefix(": "))
    }
}

#[derive(Debug, Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Body,
}

#[derive(Debug, Clone)]
enum Body {
    Whole(Vec<u8>),
    /// Ends the connection in the middle.
    Cut(Vec<u8>),
    /// Goes on until nobody reads.
    Endless,
    /// Nothing comes, ever.
    Silent,
}

impl Reply {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Reply {
        Reply { status, headers: Vec::new(), body: Body::Whole(body.into()) }
    }

    pub fn cut(body: &str) -> Reply {
        Reply { body: Body::Cut(body.into()), ..Reply::new(200, "") }
    }

    pub fn endless() -> Reply {
        Reply { body: Body::Endless, ..Reply::new(200, "") }
    }

    pub fn silent() -> Reply {
        Reply { body: Body::Silent, ..Reply::new(200, "") }
    }

    pub fn with(mut self, name: &str, value: impl Into<String>) -> Reply {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// A server on 127.0.0.1, in the runtime of the test.
pub struct Server {
    /// `127.0.0.1:PORT`
    pub host: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub async fn start(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let host = listener.local_addr().expect("it is bound").to_string();
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (log, answer) = (asked.clone(), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, log.clone(), answer.clone()));
            }
        });
        Server { host, asked }
    }

    /// Everything that was asked, in order.
    pub fn asked(&self) -> Vec<Asked> {
        lock(&self.asked).clone()
    }

    pub fn count(&self) -> usize {
        lock(&self.asked).len()
    }
}

/// One request a connection.
async fn serve(
    mut stream: TcpStream,
    log: Arc<Mutex<Vec<Asked>>>,
    answer: Arc<impl Fn(&Asked) -> Reply + Send + Sync>,
) -> Option<()> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|it| it == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut first = head.lines().next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers = head.lines().skip(1).map(|it| match it.split_once(':') {
        Some((name, value)) => format!("{}:{value}\n", name.to_ascii_lowercase()),
        None => String::new(),
    });
    let mut asked = Asked { method, path, head: headers.collect(), body: String::new() };
    let length: usize = asked.header("content-length").and_then(|it| it.parse().ok()).unwrap_or_default();
    while bytes.len() < end + length && stream.read_buf(&mut bytes).await.ok()? > 0 {}
    asked.body = String::from_utf8_lossy(&bytes[end..]).into_owned();
    lock(&log).push(asked.clone());
    send(stream, answer(&asked), asked.method == "HEAD").await
}

async fn send(mut stream: TcpStream, reply: Reply, is_head: bool) -> Option<()> {
    let length = match &reply.body {
        Body::Whole(bytes) => format!("content-length: {}\r\n", bytes.len()),
        Body::Cut(bytes) => format!("content-length: {}\r\n", bytes.len() + 100),
        Body::Endless => String::new(),
        Body::Silent => return std::future::pending().await,
    };
    let headers: String = reply.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!("HTTP/1.1 {} X\r\nconnection: close\r\n{length}{headers}\r\n", reply.status);
    stream.write_all(head.as_bytes()).await.ok()?;
    match reply.body {
        Body::Whole(bytes) | Body::Cut(bytes) if !is_head => stream.write_all(&bytes).await.ok()?,
        Body::Endless => loop {
            stream.write_all(&[b' '; 65_536]).await.ok()?;
        },
        _ => {}
    }
    stream.shutdown().await.ok()
}
