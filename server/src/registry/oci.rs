//! Any registry, by the OCI distribution specification
//! (<https://github.com/opencontainers/distribution-spec/blob/main/spec.md>).

use std::collections::BTreeMap;
use std::time::Instant;

use reqwest::{Method, StatusCode, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::auth::{Authority, Subject};
use super::clean;
use super::error::LookupError;
use super::http::{Request, Response, Transport};
use super::hub::{is_late, same_origin};
use super::policy::Policy;
use super::progress::Shown;
use super::{MAX_PAGES, MAX_TAGS};
use crate::analysis::facts::{ImageConfig, RemoteImage, RemotePlatform, RemoteTag, Repository};
use crate::analysis::image::Platform;

const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json";
const BLOBS: &str = "application/octet-stream, application/json";
const MAX_TEXT: usize = 4096;
const MAX_LIST: usize = 200;

/// Questions about one repository.
pub struct Oci<'a> {
    pub policy: &'a Policy,
    pub transport: &'a Transport,
    pub authority: &'a Authority,
    pub subject: Subject,
}

/// The tags, and what recognises them.
pub struct Listing {
    pub repository: Repository,
    pub etag: Option<String>,
}

/// What a conditional question gives.
pub enum Changed<T> {
    /// The answer we have is still right.
    No,
    Yes(T),
    Missing,
}

#[derive(Deserialize)]
struct TagList {
    tags: Option<Vec<String>>,
}

/// An index or a manifest: one has `manifests`, the other `config`.
#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    manifests: Vec<Descriptor>,
    config: Option<Descriptor>,
    #[serde(default)]
    layers: Vec<Descriptor>,
}

#[derive(Deserialize)]
struct Descriptor {
    digest: String,
    #[serde(default)]
    size: u64,
    platform: Option<DescribedPlatform>,
}

#[derive(Deserialize)]
struct DescribedPlatform {
    architecture: String,
    os: String,
    #[serde(default)]
    variant: String,
}

#[derive(Deserialize)]
struct ConfigBlob {
    created: Option<String>,
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    os: String,
    #[serde(default)]
    variant: String,
    #[serde(default)]
    config: Option<RunConfig>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct RunConfig {
    user: Option<String>,
    working_dir: Option<String>,
    entrypoint: Option<Vec<String>>,
    cmd: Option<Vec<String>>,
    env: Option<Vec<String>>,
    exposed_ports: Option<BTreeMap<String, serde_json::Value>>,
    volumes: Option<BTreeMap<String, serde_json::Value>>,
    labels: Option<BTreeMap<String, String>>,
    stop_signal: Option<String>,
}

impl Oci<'_> {
    /// All tags, page by page, shown as they come.
    pub async fn tags(
        &self,
        etag: Option<String>,
        shown: Shown<'_>,
    ) -> Result<Changed<Listing>, LookupError> {
        let mut url = self.url("tags/list")?;
        url.query_pairs_mut().append_pair("n", "1000");
        let mut next = Some(url);
        let mut found = Listing { repository: Repository::default(), etag: None };
        let start = Instant::now();
        for page in 0..MAX_PAGES {
            let Some(url) = next.take() else { break };
            let etag = etag.clone().filter(|_| page == 0);
            let response = self.ask(Request { etag, ..Request::get(url.clone()) }).await?;
            match response.status {
                StatusCode::NOT_MODIFIED if page == 0 => return Ok(Changed::No),
                StatusCode::NOT_FOUND if page == 0 => return Ok(Changed::Missing),
                _ => {}
            }
            let before = found.repository.tags.len();
            let tags = self.read::<TagList>(&response)?.tags.unwrap_or_default();
            found.repository.tags.extend(tags.iter().filter_map(|it| bare_tag(it)));
            next = next_page(&url, &response);
            if next.is_some() {
                shown.show(&found.repository);
            }
            // What recognises the first page says nothing about the others.
            found.etag = response.etag().filter(|_| page == 0 && next.is_none());
            let has_more = found.repository.tags.len() > before;
            if !has_more || found.repository.tags.len() > MAX_TAGS || is_late(start) {
                break;
            }
        }
        found.repository.is_complete = next.is_none();
        Ok(Changed::Yes(found))
    }

    /// The image behind a tag or digest. `HEAD` costs no pull, so it comes first: with the digest `known` nothing more is
    /// asked. Without `with_config` the answer may have neither platforms nor configuration.
    pub async fn image(
        &self,
        name: &str,
        known: Option<&str>,
        wanted: Option<&Platform>,
        with_config: bool,
    ) -> Result<Changed<RemoteImage>, LookupError> {
        let url = self.url(&format!("manifests/{name}"))?;
        let head = self.ask(Request { method: Method::HEAD, ..manifest_request(url.clone()) }).await?;
        if head.status == StatusCode::NOT_FOUND {
            return Ok(Changed::Missing);
        }
        let digest = head.header("docker-content-digest").map(str::to_owned).and_then(clean::digest);
        let digest = digest.ok_or_else(|| self.broken("it does not name the digest"))?;
        if known == Some(digest.as_str()) {
            return Ok(Changed::No);
        }
        let mut image = RemoteImage { digest, ..RemoteImage::default() };
        if with_config {
            let manifest: Manifest = self.read(&self.ask(manifest_request(url)).await?)?;
            self.describe(&mut image, manifest, wanted).await?;
        }
        Ok(Changed::Yes(image))
    }

    /// Fills in platforms, and the configuration of the wanted one (else of the first).
    async fn describe(
        &self,
        image: &mut RemoteImage,
        manifest: Manifest,
        wanted: Option<&Platform>,
    ) -> Result<(), LookupError> {
        image.platforms = manifest.manifests.iter().filter_map(remote_platform).collect();
        let chosen = choose(&image.platforms, wanted);
        let single = match chosen.and_then(|at| image.platforms.get(at)?.digest.clone()) {
            Some(digest) => {
                let url = self.url(&format!("manifests/{digest}"))?;
                self.read(&self.ask(manifest_request(url)).await?)?
            }
            None => manifest,
        };
        let size = single.layers.iter().fold(0_u64, |sum, it| sum.saturating_add(it.size));
        let Some(digest) = single.config.and_then(|it| clean::digest(it.digest)) else { return Ok(()) };
        let request = Request {
            accept: BLOBS,
            follows_redirects: true,
            ..Request::get(self.url(&format!("blobs/{digest}"))?)
        };
        let blob: ConfigBlob = self.read(&self.ask(request).await?)?;
        match chosen.and_then(|at| image.platforms.get_mut(at)) {
            Some(platform) => platform.size = Some(size),
            None => {
                let platform = Platform::new(
                    &clean::text(&blob.os, 40),
                    &clean::text(&blob.architecture, 40),
                    &clean::text(&blob.variant, 40),
                );
                image.platforms.push(RemotePlatform {
                    platform: platform.into(),
                    size: Some(size),
                    digest: Some(image.digest.clone()),
                });
            }
        }
        image.config = Some(image_config(blob));
        Ok(())
    }

    /// Sends with the right header; a 401 is answered once.
    async fn ask(&self, mut request: Request) -> Result<Response, LookupError> {
        request.authorization = self.authority.known(&self.subject);
        let mut response = self.transport.send(request.clone()).await?;
        if response.status == StatusCode::UNAUTHORIZED {
            let header = self.authority.header(&self.subject, &self.base()?, &response).await?;
            request.authorization = Some(header);
            response = self.transport.send(request).await?;
        }
        match response.status.as_u16() {
            200 | 304 | 404 => Ok(response),
            401 | 403 => Err(LookupError::Unauthorized { host: self.subject.host.clone() }),
            status => Err(self.broken(&format!("status {status}"))),
        }
    }

    fn read<T: DeserializeOwned>(&self, response: &Response) -> Result<T, LookupError> {
        if response.status != StatusCode::OK {
            return Err(self.broken("a part of the image is missing"));
        }
        serde_json::from_slice(&response.body).map_err(|_| self.broken("not the JSON that belongs there"))
    }

    fn base(&self) -> Result<Url, LookupError> {
        self.policy.registry_address(&self.subject.host).ok_or(LookupError::NotAskable)
    }

    /// `path` is made of what the grammar of references lets through.
    fn url(&self, path: &str) -> Result<Url, LookupError> {
        let mut url = self.base()?;
        let prefix = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{prefix}/v2/{}/{path}", self.subject.repository));
        Ok(url)
    }

    fn broken(&self, reason: &str) -> LookupError {
        LookupError::Broken { host: self.subject.host.clone(), reason: reason.to_owned() }
    }
}

fn manifest_request(url: Url) -> Request {
    Request { accept: MANIFESTS, follows_redirects: true, ..Request::get(url) }
}

fn bare_tag(name: &str) -> Option<RemoteTag> {
    Some(RemoteTag { name: clean::tag(name)?, ..RemoteTag::default() })
}

/// `Link: </v2/…?last=…>; rel="next"`
fn next_page(url: &Url, response: &Response) -> Option<Url> {
    let link = response.header("link")?;
    let (target, rest) = link.strip_prefix('<')?.split_once('>')?;
    same_origin(url, target).filter(|_| rest.contains("next"))
}

fn remote_platform(descriptor: &Descriptor) -> Option<RemotePlatform> {
    let it = descriptor.platform.as_ref().filter(|it| it.os != "unknown" && !it.os.is_empty())?;
    let part = |text: &str| clean::text(text, 40);
    Some(RemotePlatform {
        platform: Platform::new(&part(&it.os), &part(&it.architecture), &part(&it.variant)).into(),
        size: None,
        digest: clean::digest(descriptor.digest.clone()),
    })
}

fn choose(platforms: &[RemotePlatform], wanted: Option<&Platform>) -> Option<usize> {
    let fits = |it: &RemotePlatform| wanted.is_some_and(|wanted| wanted.accepts(&it.platform));
    let is_usual = |it: &RemotePlatform| *it.platform == Platform::new("linux", "amd64", "");
    let position = platforms.iter().position(fits).or_else(|| platforms.iter().position(is_usual));
    position.or(if platforms.is_empty() { None } else { Some(0) })
}

fn image_config(blob: ConfigBlob) -> ImageConfig {
    let config = blob.config.unwrap_or_default();
    let text = |it: &String| clean::text(it, MAX_TEXT);
    let texts = |it: Option<Vec<String>>| it.iter().flatten().take(MAX_LIST).map(text).collect::<Vec<_>>();
    let keys = |it: Option<BTreeMap<String, serde_json::Value>>| {
        it.iter().flatten().take(MAX_LIST).map(|it| text(it.0)).collect()
    };
    let pair = |it: &String| {
        it.split_once('=').map(|(name, value)| (text(&name.to_owned()), text(&value.to_owned())))
    };
    let filled = |it: Option<String>| it.as_ref().map(text).filter(|it| !it.is_empty());
    ImageConfig {
        created: blob.created.as_deref().and_then(super::date::read_day),
        user: filled(config.user).filter(|it| it != "root" && it != "0"),
        workdir: filled(config.working_dir),
        entrypoint: texts(config.entrypoint),
        command: texts(config.cmd),
        environment: config.env.iter().flatten().take(MAX_LIST).filter_map(pair).collect(),
        exposed_ports: keys(config.exposed_ports),
        volumes: keys(config.volumes),
        labels: config
            .labels
            .iter()
            .flatten()
            .take(MAX_LIST)
            .map(|(name, value)| (text(name), text(value)))
            .collect(),
        stop_signal: filled(config.stop_signal),
    }
}
