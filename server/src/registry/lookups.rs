//! Look-ups for those who cannot wait: what is known now, and word when more has come.
//!
//! A request of the editor is answered within milliseconds from what is known; the question goes on in the background, and
//! whoever subscribed hears that it was answered. Stale answers are given at once and refreshed behind.

use std::collections::HashSet;
use std::future::{Future, pending};
use std::pin::pin;
use std::sync::{Arc, Mutex, OnceLock};

use tokio::runtime::{Builder, Handle};
use tokio::sync::broadcast;
use tokio::task::JoinHandle;

use super::http::lock;
use super::{Client, Known, LookupError, Policy, Question};
use crate::analysis::facts::{Answer, Fact, RemoteImage, Repository};
use crate::analysis::image::ImageReference;

/// Answers that nobody has taken yet; more than that and a listener only learns that something came.
const UNHEARD: usize = 64;

/// Cheap to clone; all clones share what they know.
#[derive(Debug, Clone)]
pub struct Lookups {
    client: Arc<Client>,
    under_way: Arc<Mutex<HashSet<String>>>,
    answered: broadcast::Sender<Question>,
}

/// What is known now, and whether more is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting<T> {
    pub fact: Option<T>,
    pub is_pending: bool,
}

impl Lookups {
    /// Opens nothing, and starts nothing before the first question.
    pub fn new(policy: Policy) -> Lookups {
        Lookups::over(Client::new(policy))
    }

    pub(super) fn over(client: Client) -> Lookups {
        let (answered, _) = broadcast::channel(UNHEARD);
        Lookups { client: Arc::new(client), under_way: Arc::default(), answered }
    }

    pub fn client(&self) -> &Arc<Client> {
        &self.client
    }

    /// Each question that was answered with something new, from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Question> {
        self.answered.subscribe()
    }

    /// The tags of an image's repository; those that have come, if the list is still on its way.
    pub fn tags(&self, image: &ImageReference) -> Waiting<Fact<Answer<Arc<Repository>>>> {
        let question = Question::Tags(image.clone());
        let mut found = self.look(question.clone());
        if found.fact.is_none() {
            found.fact = self.client.part(&question);
        }
        found.map(|it| it.tags())
    }

    /// Whether [`Lookups::tags`] can be answered without the disk.
    pub fn remembers_tags(&self, image: &ImageReference) -> bool {
        self.client.remembered(&Question::Tags(image.clone())).is_some()
    }

    /// Those that begin with `prefix`, of a repository of Docker Hub with too many to list.
    pub fn tags_with(&self, image: &ImageReference, prefix: &str) -> Waiting<Fact<Answer<Arc<Repository>>>> {
        self.look(Question::TagsWith { image: image.clone(), prefix: prefix.to_owned() }).map(|it| it.tags())
    }

    /// Digest and platforms; the configuration too, where that costs no pull.
    pub fn outline(&self, image: &ImageReference) -> Waiting<Fact<Answer<RemoteImage>>> {
        self.look(Question::outline(image)).map(|it| it.image())
    }

    /// Repositories of Docker Hub that fit what was typed: (name, a few words).
    pub fn names(&self, typed: &str) -> Waiting<Vec<(String, String)>> {
        self.look(Question::Names(typed.to_owned())).map(|it| Some(it.names().to_vec()))
    }

    /// What an earlier search for these letters gave, if that is not long ago.
    pub fn known_names(&self, typed: &str) -> Option<Vec<(String, String)>> {
        let known = self.client.known(&Question::Names(typed.to_owned()))?;
        known.is_fresh.then(|| known.names().to_vec())
    }

    /// What is known without asking anybody, for rules and hints. Reads at most one file.
    pub fn known_tags(&self, image: &ImageReference) -> Option<Fact<Answer<Arc<Repository>>>> {
        self.client.known(&Question::Tags(image.clone()))?.tags()
    }

    /// The same about an image.
    pub fn known_image(&self, image: &ImageReference) -> Option<Fact<Answer<RemoteImage>>> {
        self.client.described(image, None)
    }

    /// Asks and waits; a caller with a deadline puts a time-out around it, and the question goes on without it.
    pub async fn wait(&self, question: Question) -> Result<Known, LookupError> {
        let lookups = self.clone();
        let task = spawn(async move { lookups.ask(question).await }).ok_or(LookupError::Offline)?;
        // Only the end of the process stops the task.
        task.await.unwrap_or(Err(LookupError::Offline))
    }

    /// Asks and waits for the answer or the first part of it.
    pub async fn wait_for_some(&self, question: Question) {
        let mut news = self.client.progress.subscribe();
        let mut answer = pin!(self.wait(question.clone()));
        while self.client.part(&question).is_none() {
            tokio::select! {
                _ = &mut answer => return,
                _ = news.changed() => {}
            }
        }
    }

    fn look(&self, question: Question) -> Waiting<Known> {
        let fact = self.client.known(&question);
        let is_fresh = fact.as_ref().is_some_and(|it| it.is_fresh);
        let is_pending = !is_fresh && self.start(question);
        Waiting { fact, is_pending }
    }

    /// Asks in the background, once; whether an answer is on its way.
    fn start(&self, question: Question) -> bool {
        let Some(key) = question.key().filter(|it| self.client.failure(it).is_none()) else { return false };
        if self.client.check(&question).is_err() {
            return false;
        }
        if !lock(&self.under_way).insert(key.clone()) {
            return true;
        }
        let lookups = self.clone();
        let task = spawn(async move {
            if let Err(error) = lookups.ask(question).await {
                tracing::info!("{error}");
            }
            lock(&lookups.under_way).remove(&key);
        });
        task.is_some()
    }

    /// Asks, and tells the subscribers if that brought something new.
    async fn ask(&self, question: Question) -> Result<Known, LookupError> {
        let before = self.client.known(&question);
        let after = self.client.ask(&question).await?;
        let is_list = matches!(question, Question::Tags(_));
        if before.is_none_or(|it| it.value != after.value) {
            // Nobody may be listening.
            let _ = self.answered.send(question);
        }
        if is_list {
            give_memory_back();
        }
        Ok(after)
    }
}

/// Taking a long list apart needs far more memory than the list, which the allocator would keep.
fn give_memory_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: it takes no pointers, and may be called in any thread.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Runs a question on the thread that talks to registries, which the first one starts: taking a large answer apart must
/// delay nobody. `None` if the system gives no thread.
fn spawn<T: Send + 'static>(question: impl Future<Output = T> + Send + 'static) -> Option<JoinHandle<T>> {
    static THREAD: OnceLock<Option<Handle>> = OnceLock::new();
    Some(THREAD.get_or_init(start_thread).as_ref()?.spawn(question))
}

fn start_thread() -> Option<Handle> {
    let runtime = Builder::new_current_thread().enable_all().max_blocking_threads(4).build().ok()?;
    let handle = runtime.handle().clone();
    let thread = std::thread::Builder::new().name("registry".to_owned());
    thread.spawn(move || runtime.block_on(pending::<()>())).ok()?;
    Some(handle)
}

impl<T> Waiting<T> {
    fn map<U>(self, change: impl FnOnce(T) -> Option<U>) -> Waiting<U> {
        Waiting { fact: self.fact.and_then(change), is_pending: self.is_pending }
    }
}
