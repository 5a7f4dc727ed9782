//! One request to one host: limits, time-outs, redirects, and pauses for hosts that fail.
//!
//! Nothing is set up before the first request: a TLS client costs memory and milliseconds that an editor without
//! look-ups must not pay.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{
    ACCEPT, AUTHORIZATION, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH, LOCATION, RETRY_AFTER,
};
use reqwest::{Certificate, Client, Method, StatusCode, Url, redirect};
use tokio::sync::Semaphore;

use super::error::LookupError;
use super::policy::{self, Policy};
use super::secret::Secret;

/// Of a body, unpacked.
const MAX_BODY: usize = 16 << 20;
const MAX_REDIRECTS: usize = 3;
const REQUESTS_AT_ONCE: usize = 4;
/// In a row, until a host is left alone.
const MAX_FAILURES: u32 = 3;
const REST: Duration = Duration::from_secs(60);
/// Nobody waits longer for a host that asks for a pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// What to ask.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    pub url: Url,
    pub accept: &'static str,
    /// The value of the header.
    pub authorization: Option<Secret>,
    /// Of the answer we have.
    pub etag: Option<String>,
    /// Manifests and blobs may lie elsewhere.
    pub follows_redirects: bool,
    /// Sent as a form.
    pub form: Vec<(&'static str, Secret)>,
}

impl Request {
    pub fn get(url: Url) -> Request {
        Request {
            method: Method::GET,
            url,
            accept: "application/json",
            authorization: None,
            etag: None,
            follows_redirects: false,
            form: Vec::new(),
        }
    }
}

/// An answer that is none of the failures of [`LookupError`]: 200, 304, 401, 403 or 404.
#[derive(Debug, Clone)]
pub struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub fn etag(&self) -> Option<String> {
        self.header(ETAG.as_str()).map(str::to_owned)
    }
}

/// Sends requests.
#[derive(Debug)]
pub struct Transport {
    policy: Arc<Policy>,
    /// For this machine: never through a proxy.
    direct: OnceLock<Result<Client, String>>,
    outside: OnceLock<Result<Client, String>>,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
    sent: AtomicUsize,
}

/// What is remembered about a host.
#[derive(Debug)]
struct Host {
    room: Semaphore,
    state: Mutex<HostState>,
}

#[derive(Debug, Default)]
struct HostState {
    failures: u32,
    pause: Option<Pause>,
}

#[derive(Debug, Clone, Copy)]
struct Pause {
    until: Instant,
    /// The host asked for it.
    is_asked_for: bool,
}

impl Transport {
    pub fn new(policy: Arc<Policy>) -> Transport {
        Transport {
            policy,
            direct: OnceLock::new(),
            outside: OnceLock::new(),
            hosts: Mutex::default(),
            sent: AtomicUsize::new(0),
        }
    }

    /// How many requests were sent so far, redirects included.
    pub fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }

    #[cfg(test)]
    pub fn is_set_up(&self) -> bool {
        self.direct.get().is_some() || self.outside.get().is_some()
    }

    /// Asks, and follows redirects if the request says so.
    pub async fn send(&self, mut request: Request) -> Result<Response, LookupError> {
        for _ in 0..=MAX_REDIRECTS {
            let response = self.send_once(&request).await?;
            let Some(target) = redirect_target(&request.url, &response) else { return Ok(response) };
            request = self.redirected(request, target)?;
        }
        let host = policy::authority(&request.url);
        Err(LookupError::Unsafe { host, reason: format!("it redirects more than {MAX_REDIRECTS} times") })
    }

    fn redirected(&self, mut request: Request, target: Url) -> Result<Request, LookupError> {
        let host = policy::authority(&request.url);
        let refuse =
            |reason: &str| Err(LookupError::Unsafe { host: host.clone(), reason: reason.to_owned() });
        if !request.follows_redirects {
            return refuse("a redirect where none belongs");
        }
        let stays = target.origin() == request.url.origin();
        if !stays && !self.policy.is_safe_address(&target) {
            return refuse("a redirect to an address without encryption");
        }
        if policy::is_private(&target) && !policy::is_private(&request.url) && !self.policy.is_named(&target)
        {
            return refuse("a redirect into a private network");
        }
        if !stays {
            request.authorization = None;
        }
        request.url = target;
        Ok(request)
    }

    async fn send_once(&self, request: &Request) -> Result<Response, LookupError> {
        if self.policy.is_offline {
            return Err(LookupError::Offline);
        }
        let name = policy::authority(&request.url);
        if !self.policy.is_safe_address(&request.url) {
            let reason = "an address without encryption".to_owned();
            return Err(LookupError::Unsafe { host: name, reason });
        }
        let host = self.host(&name);
        host.check(&name)?;
        let unreachable = |reason: String| LookupError::Unreachable { host: name.clone(), reason };
        let _permit = host.room.acquire().await.map_err(|_| unreachable("shutting down".to_owned()))?;
        // Others may have failed while this one waited.
        host.check(&name)?;
        self.sent.fetch_add(1, Ordering::Relaxed);
        tracing::debug!(host = name, method = %request.method, path = request.url.path(), "asking a registry");
        let exchange = tokio::time::timeout(self.policy.timeout, self.exchange(request, &name));
        let outcome = exchange.await.unwrap_or_else(|_| {
            Err(unreachable(format!("no whole answer within {} s", self.policy.timeout.as_secs_f32())))
        });
        host.note(&outcome);
        outcome
    }

    async fn exchange(&self, request: &Request, host: &str) -> Result<Response, LookupError> {
        let unreachable = |reason: String| LookupError::Unreachable { host: host.to_owned(), reason };
        let client = self.client(&request.url).map_err(unreachable)?;
        let mut builder =
            client.request(request.method.clone(), request.url.clone()).header(ACCEPT, request.accept);
        if let Some(secret) = &request.authorization {
            let mut value = HeaderValue::from_str(secret.reveal())
                .map_err(|_| LookupError::Unauthorized { host: host.to_owned() })?;
            value.set_sensitive(true);
            builder = builder.header(AUTHORIZATION, value);
        }
        if let Some(etag) = request.etag.as_deref().and_then(|it| HeaderValue::from_str(it).ok()) {
            builder = builder.header(IF_NONE_MATCH, etag);
        }
        if !request.form.is_empty() {
            let fields: Vec<(&str, &str)> =
                request.form.iter().map(|(name, it)| (*name, it.reveal())).collect();
            builder = builder.form(&fields);
        }
        let response = builder.send().await.map_err(|error| unreachable(cause(&error)))?;
        let (status, headers) = (response.status(), response.headers().clone());
        check_status(host, status, &headers)?;
        let body = if request.method == Method::HEAD { Vec::new() } else { body(response, host).await? };
        Ok(Response { status, headers, body })
    }

    fn client(&self, url: &Url) -> Result<&Client, String> {
        let is_here = policy::is_loopback(url);
        let slot = if is_here { &self.direct } else { &self.outside };
        slot.get_or_init(|| self.build_client(is_here)).as_ref().map_err(Clone::clone)
    }

    fn build_client(&self, is_here: bool) -> Result<Client, String> {
        let mut builder = Client::builder()
            .user_agent(concat!("dockwright/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_secs(30))
            .connect_timeout(self.policy.timeout);
        if is_here {
            builder = builder.no_proxy();
        } else if !has_proxy() {
            // A proxy resolves names itself, and is often in a private network.
            builder = builder.dns_resolver(Arc::new(PublicOnly(self.policy.clone())));
        }
        if let Some(path) = &self.policy.ca_file {
            let pem = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
            for certificate in Certificate::from_pem_bundle(&pem).map_err(|error| cause(&error))? {
                builder = builder.add_root_certificate(certificate);
            }
        }
        builder.build().map_err(|error| cause(&error))
    }

    fn host(&self, name: &str) -> Arc<Host> {
        let mut hosts = lock(&self.hosts);
        hosts.entry(name.to_owned()).or_insert_with(|| Arc::new(Host::default())).clone()
    }
}

impl Default for Host {
    fn default() -> Host {
        Host { room: Semaphore::new(REQUESTS_AT_ONCE), state: Mutex::default() }
    }
}

impl Host {
    /// Fails during a pause.
    fn check(&self, name: &str) -> Result<(), LookupError> {
        let Some(pause) = lock(&self.state).pause else { return Ok(()) };
        let retry_after = pause.until.saturating_duration_since(Instant::now());
        let host = name.to_owned();
        match pause.is_asked_for {
            _ if retry_after.is_zero() => Ok(()),
            true => Err(LookupError::RateLimited { host, retry_after }),
            false => Err(LookupError::Resting { host, retry_after }),
        }
    }

    fn note(&self, outcome: &Result<Response, LookupError>) {
        let mut state = lock(&self.state);
        match outcome {
            Err(LookupError::RateLimited { retry_after, .. }) => {
                state.pause = Some(Pause { until: Instant::now() + *retry_after, is_asked_for: true });
            }
            Err(error) if error.is_failure() => {
                state.failures += 1;
                if state.failures >= MAX_FAILURES {
                    // One more failure after the rest is enough for the next one.
                    state.pause = Some(Pause { until: Instant::now() + REST, is_asked_for: false });
                }
            }
            _ => *state = HostState::default(),
        }
    }
}

/// Refuses to be led from a public name to a private address.
#[derive(Debug)]
struct PublicOnly(Arc<Policy>);

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.0.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let is_private = found.iter().any(|it| policy::is_private_address(it.ip()));
            if is_private && !policy.is_named_host(name.as_str()) {
                return Err("its name leads into a private network".into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn has_proxy() -> bool {
    let names = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
    names.iter().any(|it| std::env::var_os(it).is_some_and(|it| !it.is_empty()))
}

fn check_status(host: &str, status: StatusCode, headers: &HeaderMap) -> Result<(), LookupError> {
    let host = host.to_owned();
    match status.as_u16() {
        429 => Err(LookupError::RateLimited { host, retry_after: retry_after(headers) }),
        200 | 206 | 301..=304 | 307 | 308 | 401 | 403 | 404 => Ok(()),
        500..=599 => {
            Err(LookupError::Unreachable { host, reason: format!("it answers with status {status}") })
        }
        _ => Err(LookupError::Broken { host, reason: format!("status {status}") }),
    }
}

/// Seconds or a date (<https://www.rfc-editor.org/rfc/rfc9110#field.retry-after>).
fn retry_after(headers: &HeaderMap) -> Duration {
    let text = headers.get(RETRY_AFTER).and_then(|it| it.to_str().ok()).unwrap_or_default().trim();
    let until = || {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
        super::date::read_http_date(text).map(|it| it.saturating_sub(now))
    };
    let seconds = text.parse::<u64>().ok().or_else(until);
    seconds.map_or(REST, Duration::from_secs).clamp(Duration::from_secs(1), LONGEST_PAUSE)
}

async fn body(mut response: reqwest::Response, host: &str) -> Result<Vec<u8>, LookupError> {
    let too_long =
        || LookupError::Broken { host: host.to_owned(), reason: format!("more than {} MB", MAX_BODY >> 20) };
    if response.content_length().is_some_and(|it| it > MAX_BODY as u64) {
        return Err(too_long());
    }
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > MAX_BODY => return Err(too_long()),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => {
                return Err(LookupError::Unreachable { host: host.to_owned(), reason: cause(&error) });
            }
        }
    }
}

fn redirect_target(from: &Url, response: &Response) -> Option<Url> {
    let is_redirect = response.status.is_redirection() && response.status != StatusCode::NOT_MODIFIED;
    from.join(response.header(LOCATION.as_str()).filter(|_| is_redirect)?).ok()
}

/// The innermost reason, without the URL: a query can hold what was typed.
fn cause(error: &reqwest::Error) -> String {
    let mut reason: &dyn std::error::Error = error;
    while let Some(source) = reason.source() {
        reason = source;
    }
    let text = reason.to_string();
    match (error.is_timeout(), std::ptr::addr_eq(reason, error)) {
        (true, _) => "it takes too long".to_owned(),
        (_, true) => "the connection broke".to_owned(),
        _ => text,
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    fn redirected(from: &str, to: &str) -> Result<Request, LookupError> {
        let transport = Transport::new(Arc::new(Policy::new(&Settings::default())));
        let url = |text: &str| Url::parse(text).expect(text);
        let authorization = Some(Secret::new("x"));
        transport.redirected(
            Request { authorization, follows_redirects: true, ..Request::get(url(from)) },
            url(to),
        )
    }

    #[test]
    fn redirects_stay_encrypted_and_public() {
        for target in [
            "http://cdn.example/x",
            "https://127.0.0.1/x",
            "https://10.0.0.1/x",
            "https://nas.local/x",
            "ftp://a.example",
        ] {
            let outcome = redirected("https://ghcr.io/v2/a", target);
            assert!(matches!(outcome, Err(LookupError::Unsafe { .. })), "{target}");
        }
    }

    #[test]
    fn logins_stay_with_their_host() {
        let has_login =
            |to: &str| redirected("https://ghcr.io/v2/a", to).map(|it| it.authorization.is_some());
        assert_eq!(has_login("https://ghcr.io/other"), Ok(true));
        assert_eq!(has_login("https://cdn.example/x"), Ok(false));
        assert_eq!(has_login("https://ghcr.io:8443/x"), Ok(false));
    }

    #[test]
    fn a_pause_is_seconds_or_a_date_and_never_endless() {
        let pause = |text: &str| {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_str(text).expect(text))]);
            retry_after(&headers).as_secs()
        };
        assert_eq!((pause("7"), pause("0"), pause("999999999")), (7, 1, 3600));
        assert_eq!(
            (pause("Sun, 06 Nov 1994 08:49:37 GMT"), pause("Fri, 01 Jan 2100 00:00:00 GMT")),
            (1, 3600)
        );
        assert_eq!(pause("soon"), 60);
    }
}
