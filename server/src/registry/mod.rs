//! Asks registries about images, and hands back facts.
//!
//! A question goes through [`Client::ask`]: may it be asked at all ([`policy`]), is the answer known ([`cache`]), does
//! somebody ask the same already; only then a request leaves, to Docker Hub's API ([`hub`]) or to any registry ([`oci`]), and
//! [`http`] keeps its limits. [`Lookups`] is the same for those who cannot wait.
//!
//! What is never sent: names of stages, `scratch`, names that depend on a variable, and anything to a registry that is
//! neither well known nor named by the user. Nothing is set up before the first request.

mod auth;
mod cache;
mod clean;
mod credentials;
mod date;
mod error;
mod http;
mod hub;
mod lookups;
mod oci;
mod policy;
mod progress;
mod secret;
#[cfg(test)]
mod stand_in;
mod stored;
#[cfg(test)]
mod tests;
mod text;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant, SystemTime};

pub use self::error::LookupError;
pub use self::lookups::{Lookups, Waiting};
pub use self::policy::Policy;
pub use cache::default_folder as default_cache_folder;

use self::auth::{Authority, Subject};
use self::cache::{Cache, Entry, Kept};
use self::credentials::Credentials;
use self::http::{Transport, lock};
use self::hub::Hub;
use self::oci::{Changed, Oci};
use self::progress::{Progress, Shown};
use crate::analysis::facts::{Answer, Fact, RemoteImage, Repository};
use crate::analysis::image::reference::DOCKER_HUB;
use crate::analysis::image::{ImageReference, Platform};

const MAX_PAGES: usize = 100;
const MAX_TAGS: usize = 50_000;
/// For all pages of a list; what came until then is shown as incomplete.
const MAX_LISTING_TIME: Duration = Duration::from_secs(30);
/// An answer is not asked for again.
const FRESH: Duration = Duration::from_secs(3600);
/// The same for a failure, and for "there is no such thing".
const FRESH_NEGATIVE: Duration = Duration::from_secs(60);

/// Something to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// All tags of the image's repository.
    Tags(ImageReference),
    /// Those with `prefix`, of a repository of Docker Hub with too many to list.
    TagsWith { image: ImageReference, prefix: String },
    /// Digest and platforms of an image; its configuration too, which costs a pull on Docker Hub.
    Image { image: ImageReference, platform: Option<Platform>, with_config: bool },
    /// Repositories of Docker Hub that fit what was typed.
    Names(String),
}

/// An answer, and how long ago it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    value: Arc<Kept>,
    pub age: Duration,
    /// No need to ask again.
    pub is_fresh: bool,
}

/// Asks and remembers. One for the whole process.
#[derive(Debug)]
pub struct Client {
    policy: Arc<Policy>,
    transport: Arc<Transport>,
    authority: Authority,
    cache: Cache,
    /// One at a time for each question.
    flights: Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>,
    failures: Mutex<HashMap<String, (Instant, LookupError)>>,
    progress: Progress,
}

impl Client {
    /// Opens nothing.
    pub fn new(policy: Policy) -> Client {
        let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|it| it.is_absolute());
        Client::with_environment(policy, variable)
    }

    fn with_environment(policy: Policy, variable: impl Fn(&str) -> Option<PathBuf>) -> Client {
        let folder = policy.cache_folder.clone().or_else(|| cache::default_folder(&variable));
        let policy = Arc::new(policy);
        let transport = Arc::new(Transport::new(policy.clone()));
        let credentials =
            if policy.uses_credentials { Credentials::new(variable) } else { Credentials::default() };
        Client {
            authority: Authority::new(policy.clone(), transport.clone(), credentials),
            cache: Cache::new(folder),
            flights: Mutex::default(),
            failures: Mutex::default(),
            progress: Progress::default(),
            policy,
            transport,
        }
    }

    /// How many requests left this process, redirects and tokens included.
    pub fn requests_sent(&self) -> usize {
        self.transport.sent()
    }

    pub fn is_offline(&self) -> bool {
        self.policy.is_offline
    }

    /// What is known without asking anybody. Reads at most one file.
    pub fn known(&self, question: &Question) -> Option<Known> {
        self.cache.get(&question.key()?).map(|it| Known::new(&it))
    }

    /// As [`Client::known`], without the disk: takes no time.
    pub fn remembered(&self, question: &Question) -> Option<Known> {
        self.cache.remembered(&question.key()?).map(|it| Known::new(&it))
    }

    /// What has come of a list that is not whole.
    pub fn part(&self, question: &Question) -> Option<Known> {
        let list = self.progress.part(&question.key()?)?;
        let value = Arc::new(Kept::Tags(Answer::Found(list)));
        Some(Known { value, age: Duration::ZERO, is_fresh: false })
    }

    /// The answer: what is known if it is fresh, else what the registry says, else what is known however old, else the part
    /// of it that came.
    pub async fn ask(&self, question: &Question) -> Result<Known, LookupError> {
        let key = question.key().ok_or(LookupError::NotAskable)?;
        let flight = self.flight(&key);
        let _turn = flight.lock().await;
        let entry = self.cache.get(&key);
        if let Some(known) = entry.as_ref().map(Known::new).filter(|it| it.is_fresh) {
            return Ok(known);
        }
        match self.fetch(question, &key, entry.as_ref()).await {
            Ok(entry) => Ok(Known::new(&entry)),
            Err(error) => {
                let old = entry.as_ref().map(Known::new).filter(Known::is_worth_having);
                old.or_else(|| self.part(question)).ok_or(error)
            }
        }
    }

    /// Digest, platforms, sizes and configuration; on Docker Hub that counts as a pull, unless nothing has changed since the
    /// last time.
    pub async fn describe(
        &self,
        image: &ImageReference,
        platform: Option<&Platform>,
    ) -> Result<Fact<Answer<RemoteImage>>, LookupError> {
        let (outline, whole) = (Question::outline(image), Question::whole(image, platform));
        if outline == whole {
            return self.ask(&whole).await?.image().ok_or(LookupError::NotAskable);
        }
        let (outline, whole) = futures::join!(self.ask(&outline), self.ask(&whole));
        let facts = [&outline, &whole].map(|it| it.as_ref().ok().and_then(Known::image));
        both(facts).ok_or_else(|| whole.err().or(outline.err()).unwrap_or(LookupError::NotAskable))
    }

    /// What [`Client::describe`] would say, as far as it is known without asking anybody.
    pub fn described(
        &self,
        image: &ImageReference,
        platform: Option<&Platform>,
    ) -> Option<Fact<Answer<RemoteImage>>> {
        let questions = [Question::outline(image), Question::whole(image, platform)];
        both(questions.map(|it| self.known(&it)?.image()))
    }

    /// Those who ask the same wait for the first.
    fn flight(&self, key: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut flights = lock(&self.flights);
        flights.retain(|_, it| it.strong_count() > 0);
        if let Some(flight) = flights.get(key).and_then(Weak::upgrade) {
            return flight;
        }
        let flight = Arc::new(tokio::sync::Mutex::new(()));
        flights.insert(key.to_owned(), Arc::downgrade(&flight));
        flight
    }

    async fn fetch(&self, question: &Question, key: &str, old: Option<&Entry>) -> Result<Entry, LookupError> {
        self.check(question)?;
        if let Some(error) = self.failure(key) {
            return Err(error);
        }
        let fetched = match question {
            Question::Tags(image) => self.fetch_tags(image, key, old).await,
            Question::TagsWith { image, prefix } => self.fetch_tags_with(image, prefix).await,
            Question::Image { image, platform, with_config } => {
                self.fetch_image(image, platform.as_ref(), *with_config, old).await
            }
            Question::Names(query) => self.hub().names(query).await.map(|it| entry(Kept::Names(it), None)),
        };
        match &fetched {
            Ok(entry) => {
                self.cache.put(key, entry.clone());
                self.progress.end(key);
            }
            Err(error) => {
                let mut failures = lock(&self.failures);
                failures.retain(|_, (at, _)| at.elapsed() < FRESH_NEGATIVE);
                failures.insert(key.to_owned(), (Instant::now(), error.clone()));
            }
        }
        fetched
    }

    /// Asked a moment ago, in vain.
    fn failure(&self, key: &str) -> Option<LookupError> {
        let failures = lock(&self.failures);
        failures.get(key).filter(|(at, _)| at.elapsed() < FRESH_NEGATIVE).map(|(_, error)| error.clone())
    }

    /// Whether the question may leave this machine.
    fn check(&self, question: &Question) -> Result<(), LookupError> {
        if self.policy.is_offline {
            return Err(LookupError::Offline);
        }
        let Some(image) = question.image() else { return Ok(()) };
        let host = image.registry_host().ok_or(LookupError::NotAskable)?;
        let is_allowed = self.policy.allows(host) || self.authority.has_login(host);
        is_allowed.then_some(()).ok_or_else(|| LookupError::NotAllowed { host: host.to_owned() })
    }

    async fn fetch_tags(
        &self,
        image: &ImageReference,
        key: &str,
        old: Option<&Entry>,
    ) -> Result<Entry, LookupError> {
        let shown = Shown { progress: &self.progress, key };
        let subject = subject(image)?;
        if subject.host == DOCKER_HUB {
            let found = self.hub().tags(&subject.repository, shown).await;
            // Its API is another machine than its registry, which knows the names at least.
            if !found.as_ref().is_err_and(LookupError::is_failure) {
                return Ok(entry(Kept::Tags(answer(found?.map(Arc::new))), None));
            }
        }
        let etag = old.and_then(|it| it.etag.clone());
        let host = subject.host.clone();
        match self.oci(subject).tags(etag, shown).await? {
            Changed::No => still_right(old, host),
            Changed::Missing => Ok(entry(Kept::Tags(Answer::Missing), None)),
            Changed::Yes(listing) => {
                let value = Kept::Tags(Answer::Found(Arc::new(listing.repository)));
                Ok(entry(value, listing.etag))
            }
        }
    }

    async fn fetch_tags_with(&self, image: &ImageReference, prefix: &str) -> Result<Entry, LookupError> {
        let subject = subject(image)?;
        if subject.host != DOCKER_HUB {
            return Err(LookupError::NotAskable);
        }
        let found = self.hub().tags_with(&subject.repository, prefix).await?;
        Ok(entry(Kept::Tags(answer(found.map(Arc::new))), None))
    }

    async fn fetch_image(
        &self,
        image: &ImageReference,
        platform: Option<&Platform>,
        with_config: bool,
        old: Option<&Entry>,
    ) -> Result<Entry, LookupError> {
        let subject = subject(image)?;
        let tag = image.effective_tag().filter(|_| !image.is_pinned());
        if let Some(tag) = tag.filter(|_| subject.host == DOCKER_HUB && !with_config) {
            let found = self.hub().tag(&subject.repository, tag).await?;
            return Ok(entry(Kept::Image(answer(found)), None));
        }
        let name = image.digest().known().or(tag).ok_or(LookupError::NotAskable)?;
        let known = match old.map(|it| &*it.value) {
            Some(Kept::Image(Answer::Found(image))) => Some(image.digest.clone()),
            _ => None,
        };
        let host = subject.host.clone();
        match self.oci(subject).image(name, known.as_deref(), platform, with_config).await? {
            Changed::No => still_right(old, host),
            Changed::Missing => Ok(entry(Kept::Image(Answer::Missing), None)),
            Changed::Yes(image) => Ok(entry(Kept::Image(Answer::Found(image)), None)),
        }
    }

    fn hub(&self) -> Hub<'_> {
        Hub { policy: &self.policy, transport: &self.transport }
    }

    fn oci(&self, subject: Subject) -> Oci<'_> {
        Oci { policy: &self.policy, transport: &self.transport, authority: &self.authority, subject }
    }
}

fn entry(value: Kept, etag: Option<String>) -> Entry {
    Entry { value: Arc::new(value), at: SystemTime::now(), etag }
}

fn answer<T>(found: Option<T>) -> Answer<T> {
    found.map_or(Answer::Missing, Answer::Found)
}

/// The old answer, as of now.
fn still_right(old: Option<&Entry>, host: String) -> Result<Entry, LookupError> {
    let reason = "it says that nothing changed, to somebody who knows nothing".to_owned();
    let old = old.cloned().ok_or(LookupError::Broken { host, reason })?;
    Ok(Entry { at: SystemTime::now(), ..old })
}

fn subject(image: &ImageReference) -> Result<Subject, LookupError> {
    let host = image.registry_host().ok_or(LookupError::NotAskable)?.to_owned();
    Ok(Subject { host, repository: image.repository().ok_or(LookupError::NotAskable)? })
}

/// Docker Hub's API tells the sizes, and its registry all the rest.
fn both([outline, whole]: [Option<Fact<Answer<RemoteImage>>>; 2]) -> Option<Fact<Answer<RemoteImage>>> {
    let (Some(outline), Some(mut whole)) = (&outline, whole.clone()) else { return whole.or(outline) };
    let (Some(sizes), Answer::Found(image)) = (outline.value.found(), &mut whole.value) else {
        return Some(if whole.value.found().is_some() { whole } else { outline.clone() });
    };
    if image.platforms.is_empty() {
        image.platforms = sizes.platforms.clone();
    }
    for it in image.platforms.iter_mut().filter(|it| it.size.is_none()) {
        it.size =
            sizes.platforms.iter().find(|other| other.platform == it.platform).and_then(|other| other.size);
    }
    Some(whole)
}

impl Question {
    /// What there is to know about an image without spending a pull.
    pub fn outline(image: &ImageReference) -> Question {
        let is_on_hub = image.registry_host() == Some(DOCKER_HUB) && !image.is_pinned();
        match is_on_hub {
            true => Question::Image { image: image.clone(), platform: None, with_config: false },
            false => Question::whole(image, None),
        }
    }

    /// All there is to know about an image.
    pub fn whole(image: &ImageReference, platform: Option<&Platform>) -> Question {
        Question::Image { image: image.clone(), platform: platform.cloned(), with_config: true }
    }

    /// What it is about, unless it is a search.
    pub fn image(&self) -> Option<&ImageReference> {
        match self {
            Question::Tags(image) | Question::TagsWith { image, .. } | Question::Image { image, .. } => {
                Some(image)
            }
            Question::Names(_) => None,
        }
    }

    /// Names the question; `None` if it must not be asked.
    fn key(&self) -> Option<String> {
        if self.image().is_some_and(|it| !it.is_resolved() || it.is_scratch()) {
            return None;
        }
        match self {
            Question::Tags(image) => Some(format!("tags {}", image.canonical_name()?)),
            Question::TagsWith { image, prefix } => {
                clean::tag(prefix)?;
                Some(format!("tags {} {prefix}", image.canonical_name()?))
            }
            Question::Image { image, platform, with_config } => {
                let platform = platform.as_ref().map(ToString::to_string).unwrap_or_default();
                let depth = if *with_config { "whole" } else { "outline" };
                Some(format!("image {} {platform} {depth}", image.canonical()?))
            }
            Question::Names(query) => {
                (query.len() > 1 && query.len() < 100).then(|| format!("names {query}"))
            }
        }
    }
}

impl Known {
    fn new(entry: &Entry) -> Known {
        let age = SystemTime::now().duration_since(entry.at).unwrap_or_default();
        let mut known = Known { value: entry.value.clone(), age, is_fresh: false };
        known.is_fresh = age < if known.is_missing() { FRESH_NEGATIVE } else { FRESH };
        known
    }

    fn is_missing(&self) -> bool {
        matches!(*self.value, Kept::Tags(Answer::Missing) | Kept::Image(Answer::Missing))
    }

    /// Old lists still help; that something was missing an hour ago does not.
    fn is_worth_having(&self) -> bool {
        !self.is_missing()
    }

    pub fn tags(&self) -> Option<Fact<Answer<Arc<Repository>>>> {
        let Kept::Tags(answer) = &*self.value else { return None };
        Some(Fact { value: answer.clone(), age: self.age })
    }

    pub fn image(&self) -> Option<Fact<Answer<RemoteImage>>> {
        let Kept::Image(answer) = &*self.value else { return None };
        Some(Fact { value: answer.clone(), age: self.age })
    }

    /// (name, a few words), the best first.
    pub fn names(&self) -> &[(String, String)] {
        match &*self.value {
            Kept::Names(names) => names,
            _ => &[],
        }
    }
}
