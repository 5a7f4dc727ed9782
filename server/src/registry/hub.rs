//! Docker Hub's own API, which says more than a registry and costs no pull
//! (<https://docs.docker.com/reference/api/hub/latest/>).

use std::time::{Duration, Instant};

use reqwest::Url;
use serde::Deserialize;

use super::clean;
use super::error::LookupError;
use super::http::{Request, Response, Transport};
use super::policy::{self, Policy};
use super::progress::Shown;
use super::stored::Platforms;
use super::text::Text;
use super::{MAX_LISTING_TIME, MAX_PAGES, MAX_TAGS};
use crate::analysis::facts::{RemoteImage, RemotePlatform, RemoteTag, Repository};
use crate::analysis::image::{Digest, Platform};

/// For so many of the newest tags the platforms are kept too; each weighs more than the rest of a tag.
const DETAILED_TAGS: usize = 200;
/// Names beyond this length are nobody's.
const MAX_DESCRIPTION: usize = 300;

#[derive(Deserialize)]
struct TagPage<'a> {
    next: Option<String>,
    #[serde(default, borrow)]
    results: Vec<HubTag<'a>>,
}

#[derive(Deserialize)]
struct HubTag<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    last_updated: Option<Text<'a>>,
    #[serde(borrow)]
    tag_last_pushed: Option<Text<'a>>,
    #[serde(borrow)]
    digest: Option<Text<'a>>,
    #[serde(default, borrow)]
    images: Vec<HubImage<'a>>,
}

#[derive(Deserialize)]
struct HubImage<'a> {
    #[serde(borrow)]
    architecture: Option<Text<'a>>,
    #[serde(borrow)]
    os: Option<Text<'a>>,
    #[serde(borrow)]
    variant: Option<Text<'a>>,
    size: Option<u64>,
    #[serde(borrow)]
    digest: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct NamePage {
    #[serde(default)]
    results: Vec<HubName>,
}

#[derive(Deserialize)]
struct HubName {
    repo_name: String,
    short_description: Option<String>,
}

/// A question to Docker Hub.
pub struct Hub<'a> {
    pub policy: &'a Policy,
    pub transport: &'a Transport,
}

impl Hub<'_> {
    /// The tags of `repository` (`library/python`), the newest first, shown as they come; `None` if there is no such
    /// repository.
    pub async fn tags(&self, repository: &str, shown: Shown<'_>) -> Result<Option<Repository>, LookupError> {
        let mut next = Some(self.tags_url(repository, None)?);
        let mut found = Repository::default();
        let mut platforms = Platforms::default();
        let start = Instant::now();
        for page in 0..MAX_PAGES {
            let Some(url) = next.take() else { break };
            let Some(body) = self.page(&url, page == 0).await? else { return Ok(None) };
            let answer: TagPage = self.read(&body)?;
            let before = found.tags.len();
            found.tags.extend(answer.results.into_iter().filter_map(|it| tag(it, &mut platforms)));
            found.tags.iter_mut().skip(before.max(DETAILED_TAGS)).for_each(|it| it.platforms = Vec::new());
            next = answer.next.as_deref().and_then(|it| same_origin(&url, it));
            if next.is_some() {
                shown.show(&found);
            }
            // A page without anything new could go on for ever.
            if found.tags.len() == before || found.tags.len() > MAX_TAGS || is_late(start) {
                break;
            }
        }
        found.is_complete = next.is_none();
        found.tags.shrink_to_fit();
        Ok(Some(found))
    }

    /// One page of the tags whose name contains `text`.
    pub async fn tags_with(&self, repository: &str, text: &str) -> Result<Option<Repository>, LookupError> {
        let url = self.tags_url(repository, Some(text))?;
        let Some(body) = self.page(&url, true).await? else { return Ok(None) };
        let page: TagPage = self.read(&body)?;
        let mut platforms = Platforms::default();
        let tags = page.results.into_iter().filter_map(|it| tag(it, &mut platforms)).collect();
        Ok(Some(Repository { tags, is_complete: false }))
    }

    /// One tag with its digest and platforms; `None` if there is none.
    pub async fn tag(&self, repository: &str, tag: &str) -> Result<Option<RemoteImage>, LookupError> {
        let mut url = self.repository_url(repository)?;
        push(&mut url, &["tags", tag]);
        let Some(body) = self.page(&url, true).await? else { return Ok(None) };
        let found: HubTag = self.read(&body)?;
        let digest =
            found.digest.and_then(digest).ok_or_else(|| self.broken("it does not name the digest"))?;
        let mut shared = Platforms::default();
        let platforms = found.images.into_iter().filter_map(|it| platform(it, true, &mut shared)).collect();
        Ok(Some(RemoteImage { digest, platforms, config: None }))
    }

    /// Names of repositories that fit `query`, with a few words each, the best first.
    pub async fn names(&self, query: &str) -> Result<Vec<(String, String)>, LookupError> {
        let mut url = self.url("v2/search/repositories/")?;
        url.query_pairs_mut().append_pair("query", query).append_pair("page_size", "25");
        let Some(body) = self.page(&url, true).await? else { return Ok(Vec::new()) };
        let found: NamePage = self.read(&body)?;
        let names = std::iter::once(found).flat_map(|it| it.results).filter_map(|it| {
            let name = clean::repository(&it.repo_name)?;
            Some((name, clean::text(&it.short_description.unwrap_or_default(), MAX_DESCRIPTION)))
        });
        Ok(names.collect())
    }

    /// The body; `None` if there is no such thing.
    async fn page(&self, url: &Url, may_be_missing: bool) -> Result<Option<Vec<u8>>, LookupError> {
        let response: Response = self.transport.send(Request::get(url.clone())).await?;
        match response.status.as_u16() {
            200 => Ok(Some(response.body)),
            404 if may_be_missing => Ok(None),
            401 | 403 => Err(LookupError::Unauthorized { host: self.host() }),
            status => Err(self.broken(&format!("status {status}"))),
        }
    }

    fn read<'a, T: Deserialize<'a>>(&self, body: &'a [u8]) -> Result<T, LookupError> {
        serde_json::from_slice(body).map_err(|_| self.broken("not the JSON that belongs there"))
    }

    fn tags_url(&self, repository: &str, prefix: Option<&str>) -> Result<Url, LookupError> {
        let mut url = self.repository_url(repository)?;
        push(&mut url, &["tags"]);
        let mut query = url.query_pairs_mut();
        query.append_pair("page_size", "100").append_pair("ordering", "last_updated");
        if let Some(prefix) = prefix {
            query.append_pair("name", prefix);
        }
        drop(query);
        Ok(url)
    }

    fn repository_url(&self, repository: &str) -> Result<Url, LookupError> {
        let (namespace, name) =
            repository.split_once('/').filter(|it| !it.1.contains('/')).ok_or(LookupError::NotAskable)?;
        let mut url = self.url("v2")?;
        push(&mut url, &["namespaces", namespace, "repositories", name]);
        Ok(url)
    }

    fn url(&self, path: &str) -> Result<Url, LookupError> {
        Url::parse(&format!("{}/{path}", self.policy.hub)).map_err(|_| LookupError::Unreachable {
            host: self.policy.hub.clone(),
            reason: "the setting `registry.hubUrl` is no address".to_owned(),
        })
    }

    fn host(&self) -> String {
        Url::parse(&self.policy.hub).map(|it| policy::authority(&it)).unwrap_or_default()
    }

    fn broken(&self, reason: &str) -> LookupError {
        LookupError::Broken { host: self.host(), reason: reason.to_owned() }
    }
}

pub(super) fn is_late(start: Instant) -> bool {
    start.elapsed() > MAX_LISTING_TIME
}

const _: () = assert!(MAX_LISTING_TIME.as_secs() >= Duration::from_secs(10).as_secs());

fn push(url: &mut Url, segments: &[&str]) {
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
}

/// The next page, if it is one of the same server.
pub(super) fn same_origin(url: &Url, next: &str) -> Option<Url> {
    url.join(next).ok().filter(|it| it.origin() == url.origin() && it != url)
}

fn tag(tag: HubTag<'_>, shared: &mut Platforms) -> Option<RemoteTag> {
    let pushed = tag.tag_last_pushed.or(tag.last_updated).and_then(|it| super::date::read_day(&it));
    let images = tag.images.into_iter();
    let mut platforms: Vec<RemotePlatform> = images.filter_map(|it| platform(it, false, shared)).collect();
    // It has taken over the much larger room of what it was made from.
    platforms.shrink_to_fit();
    let digest = tag.digest.filter(|it| clean::is_digest(it)).map(|it| Digest::from(&*it));
    let name = clean::tag(&tag.name)?;
    Some(RemoteTag { name, pushed, digest, platforms })
}

fn digest(text: Text<'_>) -> Option<String> {
    clean::digest(text.0.into_owned())
}

fn platform(image: HubImage<'_>, with_digest: bool, shared: &mut Platforms) -> Option<RemotePlatform> {
    let part = |it: Option<Text>| it.map(|it| clean::text(&it, 40)).unwrap_or_default();
    let (os, architecture) = (part(image.os), part(image.architecture));
    // Signatures and build records are listed as platform `unknown/unknown`.
    let is_platform = !os.is_empty() && os != "unknown" && !architecture.is_empty();
    is_platform.then(|| RemotePlatform {
        platform: shared.shared(Platform::new(&os, &architecture, &part(image.variant))),
        size: image.size,
        digest: image.digest.filter(|_| with_digest).and_then(digest),
    })
}
