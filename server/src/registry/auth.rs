//! Bearer tokens: what a registry's 401 asks for, and where it may be fetched
//! (<https://distribution.github.io/distribution/spec/auth/token/>).

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::{Method, Url};
use serde::Deserialize;

use super::credentials::{Credentials, Login};
use super::error::LookupError;
use super::http::{Request, Response, Transport, lock};
use super::policy::Policy;
use super::secret::Secret;

/// When the answer does not say how long a token lives.
const LIFE: Duration = Duration::from_secs(60);
/// No longer than this, whatever it says.
const LONGEST_LIFE: Duration = Duration::from_secs(3600);

/// What a registry wants to see.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Challenge {
    Basic,
    Bearer { realm: String, service: Option<String> },
}

/// Who asks for what: a token is good for one repository of one registry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject {
    /// As references name it.
    pub host: String,
    pub repository: String,
}

/// Knows or fetches what to put into the header.
#[derive(Debug)]
pub struct Authority {
    policy: Arc<Policy>,
    transport: Arc<Transport>,
    credentials: Credentials,
    known: Mutex<HashMap<Subject, Known>>,
}

#[derive(Debug, Clone)]
struct Known {
    header: Secret,
    until: Instant,
}

#[derive(Deserialize)]
struct TokenAnswer {
    token: Option<String>,
    access_token: Option<String>,
    expires_in: Option<u64>,
}

impl Authority {
    pub fn new(policy: Arc<Policy>, transport: Arc<Transport>, credentials: Credentials) -> Authority {
        Authority { policy, transport, credentials, known: Mutex::default() }
    }

    /// Whether the user has a login for the registry and wants it used.
    pub fn has_login(&self, host: &str) -> bool {
        self.policy.uses_credentials && self.credentials.names(host)
    }

    /// The header that worked the last time.
    pub fn known(&self, subject: &Subject) -> Option<Secret> {
        let known = lock(&self.known).get(subject).cloned()?;
        (known.until > Instant::now()).then_some(known.header)
    }

    /// The header that answers the 401 `refusal`.
    pub async fn header(
        &self,
        subject: &Subject,
        registry: &Url,
        refusal: &Response,
    ) -> Result<Secret, LookupError> {
        lock(&self.known).remove(subject);
        let unauthorized = || LookupError::Unauthorized { host: subject.host.clone() };
        let login = if self.policy.uses_credentials {
            self.credentials.login(&subject.host, &subject.repository).await
        } else {
            None
        };
        let known = match challenge(refusal).ok_or_else(unauthorized)? {
            Challenge::Basic => {
                let header = login.as_ref().and_then(Login::basic).ok_or_else(unauthorized)?;
                Known { header, until: Instant::now() + LONGEST_LIFE }
            }
            Challenge::Bearer { realm, service } => {
                let realm = self.realm(subject, registry, &realm)?;
                self.fetch(subject, realm, service, login).await?
            }
        };
        lock(&self.known).insert(subject.clone(), known.clone());
        Ok(known.header)
    }

    fn realm(&self, subject: &Subject, registry: &Url, text: &str) -> Result<Url, LookupError> {
        let realm = Url::parse(text).ok().filter(|it| self.policy.allows_realm(registry, it));
        realm.ok_or_else(|| LookupError::Unsafe {
            host: subject.host.clone(),
            reason: "it sends for tokens to a host that is not its own".to_owned(),
        })
    }

    async fn fetch(
        &self,
        subject: &Subject,
        realm: Url,
        service: Option<String>,
        login: Option<Login>,
    ) -> Result<Known, LookupError> {
        let response = self.transport.send(token_request(subject, realm, service, login)).await?;
        let answer: TokenAnswer = match response.status.as_u16() {
            200 => serde_json::from_slice(&response.body).map_err(|_| LookupError::Broken {
                host: subject.host.clone(),
                reason: "no token where one belongs".to_owned(),
            })?,
            _ => return Err(LookupError::Unauthorized { host: subject.host.clone() }),
        };
        let token = answer.token.or(answer.access_token).filter(|it| !it.is_empty());
        let token = token.ok_or_else(|| LookupError::Unauthorized { host: subject.host.clone() })?;
        let life = answer.expires_in.map_or(LIFE, Duration::from_secs).min(LONGEST_LIFE);
        // A token that dies on the way is no use.
        let until = Instant::now() + life.saturating_sub(Duration::from_secs(5));
        Ok(Known { header: Secret::new(format!("Bearer {token}")), until })
    }
}

/// Asks for reading one repository only, whatever the registry proposed.
fn token_request(
    subject: &Subject,
    mut realm: Url,
    service: Option<String>,
    login: Option<Login>,
) -> Request {
    let scope = format!("repository:{}:pull", subject.repository);
    if let Some(Login::Identity(token)) = login {
        let mut request = Request { method: Method::POST, ..Request::get(realm) };
        request.form = vec![
            ("grant_type", Secret::new("refresh_token")),
            ("client_id", Secret::new("dockwright")),
            ("service", Secret::new(service.unwrap_or_default())),
            ("scope", Secret::new(scope)),
            ("refresh_token", token),
        ];
        return request;
    }
    {
        let mut query = realm.query_pairs_mut();
        query.append_pair("scope", &scope);
        if let Some(service) = service {
            query.append_pair("service", &service);
        }
    }
    Request { authorization: login.as_ref().and_then(Login::basic), ..Request::get(realm) }
}

fn challenge(refusal: &Response) -> Option<Challenge> {
    let headers = refusal.headers.get_all("www-authenticate").iter().filter_map(|it| it.to_str().ok());
    let challenges: Vec<Challenge> = headers.filter_map(read_challenge).collect();
    let is_bearer = |it: &&Challenge| matches!(it, Challenge::Bearer { .. });
    challenges.iter().find(is_bearer).or(challenges.first()).cloned()
}

fn read_challenge(header: &str) -> Option<Challenge> {
    let (scheme, rest) = header.trim().split_once(' ').unwrap_or((header, ""));
    if scheme.eq_ignore_ascii_case("basic") {
        return Some(Challenge::Basic);
    }
    let mut realm = None;
    let mut service = None;
    for (name, value) in parameters(rest).filter(|_| scheme.eq_ignore_ascii_case("bearer")) {
        match name.to_ascii_lowercase().as_str() {
            "realm" => realm = Some(value.to_owned()),
            "service" => service = Some(value.to_owned()),
            _ => {}
        }
    }
    Some(Challenge::Bearer { realm: realm?, service })
}

/// `name="value",name=value`; commas may stand inside quotes.
fn parameters(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([',', ' ']);
        let (name, after) = rest.split_once('=')?;
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_at(after.find(',').unwrap_or(after.len())),
        };
        rest = after;
        Some((name.trim(), value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_read_with_and_without_quotes() {
        let bearer = |realm: &str, service: Option<&str>| {
            Some(Challenge::Bearer { realm: realm.to_owned(), service: service.map(str::to_owned) })
        };
        assert_eq!(
            read_challenge(
                r#"Bearer realm="https://a.b/token",service="s, t",scope="repository:x:pull,push""#
            ),
            bearer("https://a.b/token", Some("s, t"))
        );
        assert_eq!(read_challenge("bearer realm=https://a.b/t"), bearer("https://a.b/t", None));
        assert_eq!(read_challenge(r#"Basic realm="x""#), Some(Challenge::Basic));
        for text in ["", "Bearer", "Bearer realm", r#"Bearer realm="x"#, "Digest realm=x"] {
            assert_eq!(read_challenge(text), None, "{text}");
        }
    }
}
