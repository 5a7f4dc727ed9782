//! What registries say about the images of documents: asked when somebody wants to know, kept for rules and hints.
//!
//! A request never waits for a registry longer than its own limit, and nothing else waits for it at all: questions go on
//! in the background, and what comes back is told to whoever [`listens`](Images::listen). Until the editor has given its
//! settings nothing is asked, as it may want us offline.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, SystemTime};

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::compute;
use super::documents::Snapshot;
use crate::analysis::facts::{Answer, Fact, Facts, RemoteImage, Repository};
use crate::analysis::ide::completion::TagLists;
use crate::analysis::ide::images::askable_images;
use crate::analysis::ide::remote;
use crate::analysis::image::index::Date;
use crate::analysis::image::{ImageReference, Platform};
use crate::config::Settings;
use crate::registry::{LookupError, Lookups, Policy, Question};

/// Kinds of settings that are in use at the same time; there is one, unless folders differ.
const MAX_DESKS: usize = 8;
/// Images that are remembered.
const MAX_SHELF: usize = 1_000;
/// Combinations of images, one for each document and state of an edit.
const MAX_GIVEN: usize = 64;
/// Images of one file that are looked up because it was opened.
const MAX_ON_OPEN: usize = 30;

/// The names of repositories ([`ImageReference::canonical_name`]) of which more is known.
pub type News = Vec<String>;

#[derive(Debug, Default)]
pub struct Images {
    desks: Mutex<Vec<Arc<Desk>>>,
    is_ready: AtomicBool,
    /// The same whenever nothing is known, so that it is recognised.
    nothing: Arc<Facts>,
    /// The order of the tags that were completed last.
    pub lists: TagLists,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    generation: AtomicU64,
    listener: OnceLock<UnboundedSender<News>>,
}

/// Where one asks under the same settings.
#[derive(Debug)]
pub struct Desk {
    policy: Policy,
    pub lookups: Lookups,
    /// By [`ImageReference::canonical`].
    shelf: Mutex<HashMap<String, Shelved>>,
    /// What was handed out, by the images' names and the generation.
    given: Mutex<HashMap<(String, u64), Arc<Facts>>>,
    shared: Arc<Shared>,
}

/// What matters of the answers for one image; see [`remote::about`].
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shelved {
    image: ImageReference,
    tags: Option<(Answer<Arc<Repository>>, SystemTime)>,
    described: Option<(Answer<RemoteImage>, SystemTime)>,
}

/// How much somebody wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// What costs no pull.
    Outline,
    /// The same and all tags.
    Tags,
    /// The configuration too.
    Whole,
}

impl Images {
    /// Hears of news from now on; for one listener.
    pub fn listen(&self) -> UnboundedReceiver<News> {
        let (sender, receiver) = unbounded_channel();
        let _ = self.shared.listener.set(sender);
        receiver
    }

    /// The editor's settings are known.
    pub fn set_ready(&self) {
        self.is_ready.store(true, Ordering::Release);
    }

    /// Changes whenever more is known.
    pub fn generation(&self) -> u64 {
        self.shared.generation.load(Ordering::Relaxed)
    }

    /// Where to ask under these settings; `None` while they are not known.
    pub fn desk(&self, settings: &Settings) -> Option<Arc<Desk>> {
        if !self.is_ready.load(Ordering::Acquire) {
            return None;
        }
        let policy = Policy::new(settings).with_environment(|name| std::env::var(name).ok());
        let mut desks = lock(&self.desks);
        if let Some(desk) = desks.iter().find(|it| it.policy == policy) {
            return Some(desk.clone());
        }
        let desk = Arc::new(Desk {
            lookups: Lookups::new(policy.clone()),
            policy,
            shelf: Mutex::default(),
            given: Mutex::default(),
            shared: self.shared.clone(),
        });
        if desks.len() >= MAX_DESKS {
            desks.remove(0);
        }
        desks.push(desk.clone());
        spawn(hear(Arc::downgrade(&desk)));
        Some(desk)
    }

    /// What is known about the images of a document. What lies on the disk is fetched in the background if `may_load`.
    /// The same object as the last time if nothing has changed.
    pub fn facts(&self, settings: &Settings, snapshot: &Snapshot, may_load: bool) -> Arc<Facts> {
        let Some(desk) = self.desk(settings) else { return self.nothing.clone() };
        let images = askable_images(snapshot.model());
        let missing = desk.missing(&images);
        if may_load && !missing.is_empty() {
            spawn(desk.clone().load_later(missing));
        }
        desk.facts_again(&images).unwrap_or_else(|| self.nothing.clone())
    }
}

/// Waits for answers, and puts what matters of them on the shelf.
async fn hear(desk: Weak<Desk>) {
    let Some(mut news) = desk.upgrade().map(|it| it.lookups.subscribe()) else { return };
    loop {
        let question = match news.recv().await {
            Ok(question) => Some(question),
            Err(RecvError::Lagged(_)) => None,
            Err(RecvError::Closed) => return,
        };
        let Some(desk) = desk.upgrade() else { return };
        let name = question.and_then(|it| it.image()?.canonical_name());
        let is_concerned =
            |it: &&Shelved| name.is_none() || it.image.canonical_name().as_deref() == name.as_deref();
        let concerned = lock(&desk.shelf).values().filter(is_concerned).map(|it| it.image.clone()).collect();
        desk.load_later(concerned).await;
    }
}

impl Desk {
    /// Those of which nobody has looked yet whether something is known.
    fn missing(&self, images: &[ImageReference]) -> Vec<ImageReference> {
        let shelf = lock(&self.shelf);
        images
            .iter()
            .filter(|it| it.canonical().is_some_and(|key| !shelf.contains_key(&key)))
            .cloned()
            .collect()
    }

    async fn load_later(self: Arc<Self>, images: Vec<ImageReference>) {
        let desk = self.clone();
        let changed = compute::beside(move || images.iter().filter_map(|it| desk.load(it)).collect()).await;
        self.tell(changed);
    }

    fn tell(&self, news: News) {
        if !news.is_empty() {
            self.shared.generation.fetch_add(1, Ordering::Relaxed);
            let _ = self.shared.listener.get().map(|it| it.send(news));
        }
    }

    /// Looks what is known about an image, on the disk too; the name of its repository if there is something new.
    fn load(&self, image: &ImageReference) -> Option<String> {
        let now = SystemTime::now();
        let at = |age: Duration| now.checked_sub(age).unwrap_or(now);
        let tags = self.lookups.known_tags(image).map(|fact| (about(fact.value, image), at(fact.age)));
        let described = self.lookups.known_image(image).map(|fact| (fact.value, at(fact.age)));
        let fresh = Shelved { image: image.clone(), tags, described };
        let mut shelf = lock(&self.shelf);
        if shelf.len() >= MAX_SHELF {
            shelf.clear();
        }
        let before = shelf.insert(image.canonical()?, fresh.clone());
        let is_new = before.map_or(fresh.has_something(), |before| !before.says_the_same(&fresh));
        is_new.then(|| image.canonical_name()).flatten()
    }

    /// [`Desk::facts`], the same object until there is something new; `None` if nothing is known.
    fn facts_again(&self, images: &[ImageReference]) -> Option<Arc<Facts>> {
        let known: Vec<String> = images.iter().filter_map(ImageReference::canonical).collect();
        let is_known = |shelf: &HashMap<String, Shelved>| {
            known.iter().filter_map(|it| shelf.get(it)).any(Shelved::has_something)
        };
        if !is_known(&lock(&self.shelf)) {
            return None;
        }
        let key = (known.join(" "), self.shared.generation.load(Ordering::Relaxed));
        let mut given = lock(&self.given);
        if given.len() >= MAX_GIVEN {
            given.clear();
        }
        Some(given.entry(key).or_insert_with(|| Arc::new(self.facts(images))).clone())
    }

    /// What is at hand about these images.
    pub fn facts(&self, images: &[ImageReference]) -> Facts {
        let mut facts = Facts { today: Some(today()), ..Facts::default() };
        let shelf = lock(&self.shelf);
        for image in images {
            let (Some(key), Some(name)) = (image.canonical(), image.canonical_name()) else { continue };
            let Some(shelved) = shelf.get(&key) else { continue };
            if let Some((value, at)) = &shelved.tags {
                put_tags(&mut facts, name, Fact { value: value.clone(), age: age(*at) });
            }
            if let Some((value, at)) = &shelved.described {
                facts.images.insert(key, Fact { value: value.clone(), age: age(*at) });
            }
        }
        facts
    }

    /// What is known about an image without asking. Reads files of the cache.
    pub fn listed(&self, image: &ImageReference) -> Facts {
        self.load(image);
        self.facts(std::slice::from_ref(image))
    }

    /// Asks about the images of a file that was opened, in the background.
    pub fn look_up(&self, images: &[ImageReference]) {
        for image in images.iter().take(MAX_ON_OPEN) {
            spawn(self.lookups.clone().outlined(image.clone()));
        }
    }

    /// Asks about an image and waits up to `limit`; the facts, with a note if they are not all.
    pub async fn learn(self: Arc<Self>, image: ImageReference, depth: Depth, limit: Duration) -> Facts {
        let asking = self.clone().ask(image.clone(), depth);
        let outcome = tokio::time::timeout(limit, asking).await;
        let (desk, own) = (self.clone(), image.clone());
        let changed = compute::beside(move || desk.load(&own).into_iter().collect()).await;
        self.tell(changed);
        let mut facts = self.facts(std::slice::from_ref(&image));
        let host = image.registry_host().unwrap_or_default();
        let note = match outcome {
            // What is known without a network says so itself.
            Ok(Ok(()) | Err(LookupError::Offline)) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!("`{host}` is still being asked: look again in a moment")),
        };
        if let (Some(note), Some(key)) = (note, image.canonical()) {
            facts.notes.insert(key, note);
        }
        facts
    }

    /// The first failure is what there is to say.
    async fn ask(self: Arc<Self>, image: ImageReference, depth: Depth) -> Result<(), LookupError> {
        if self.policy.is_offline {
            return Err(LookupError::Offline);
        }
        let mut questions = vec![Question::outline(&image)];
        match depth {
            Depth::Outline => {}
            Depth::Tags => questions.push(Question::Tags(image.clone())),
            Depth::Whole => questions.push(Question::whole(&image, None)),
        }
        questions.dedup();
        let asked = questions.into_iter().map(|it| self.lookups.wait(it));
        let answers = futures::future::join_all(asked).await;
        let is_missing =
            |it: &crate::registry::Known| it.image().is_some_and(|it| it.value == Answer::Missing);
        if answers.iter().flatten().any(is_missing) {
            // The tag, or all of it? And what was meant?
            self.lookups.wait_for_some(Question::Tags(image)).await;
        }
        answers.into_iter().find_map(Result::err).map_or(Ok(()), Err)
    }
}

impl Lookups {
    /// Asks what costs no pull; and for all tags, if there is no such image.
    async fn outlined(self, image: ImageReference) {
        let answer = self.wait(Question::outline(&image)).await;
        let answer = answer.ok().and_then(|it| it.image());
        if answer.is_some_and(|it| it.value == Answer::Missing) {
            self.tags(&image);
        }
    }
}

impl Shelved {
    fn has_something(&self) -> bool {
        self.tags.is_some() || self.described.is_some()
    }

    /// Apart from when.
    fn says_the_same(&self, other: &Shelved) -> bool {
        let values = |it: &Shelved| (it.tags.clone().map(|it| it.0), it.described.clone().map(|it| it.0));
        values(self) == values(other)
    }
}

fn about(answer: Answer<Arc<Repository>>, image: &ImageReference) -> Answer<Arc<Repository>> {
    match answer {
        Answer::Found(repository) => Answer::Found(Arc::new(remote::about(&repository, image))),
        Answer::Missing => Answer::Missing,
    }
}

/// A file may name several tags of a repository, of which each has its part of the list.
fn put_tags(facts: &mut Facts, name: String, fact: Fact<Answer<Arc<Repository>>>) {
    let Some(Answer::Found(known)) = facts.repositories.get_mut(&name).map(|it| &mut it.value) else {
        facts.repositories.insert(name, fact);
        return;
    };
    let Answer::Found(more) = fact.value else { return };
    let known = Arc::make_mut(known);
    for tag in &more.tags {
        if known.tag(&tag.name).is_none() {
            known.tags.push(tag.clone());
        }
    }
}

/// The platform that is built for when nobody says another.
pub fn platform() -> Option<Platform> {
    let chosen = std::env::var("DOCKER_DEFAULT_PLATFORM").ok().and_then(|it| Platform::parse(&it).ok());
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        "powerpc64" => "ppc64le",
        other => other,
    };
    Some(chosen.unwrap_or_else(|| Platform::new("linux", architecture, "")))
}

pub fn today() -> Date {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    Date::from_days(seconds / 86_400)
}

fn age(at: SystemTime) -> Duration {
    SystemTime::now().duration_since(at).unwrap_or_default()
}

/// On the runtime of the protocol; outside of one there is nobody to tell.
fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.spawn(work);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
