//! Look-ups for those who cannot wait: what is known now, and word when more has come.
//!
//! A request of the editor is answered within milliseconds from what is known; the question goes on in the background, and
//! whoever subscribed hears that it was answered. Stale answers are given at once and refreshed behind.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use tokio::sync::broadcast;

use super::http::lock;
use super::{Client, Known, LookupError, Policy, Question};
use crate::analysis::facts::{Answer, Fact, RemoteImage, Repository};
use crate::analysis::image::{ImageReference, Platform};

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

    /// The tags of an image's repository. Must be called inside a runtime, as all below.
    pub fn tags(&self, image: &ImageReference) -> Waiting<Fact<Answer<Repository>>> {
        self.look(Question::Tags(image.clone())).map(|it| it.tags())
    }

    /// Digest and platforms; the configuration too, where that costs no pull.
    pub fn image(
        &self,
        image: &ImageReference,
        platform: Option<&Platform>,
    ) -> Waiting<Fact<Answer<RemoteImage>>> {
        let is_on_hub = image.registry_host() == Some(crate::analysis::image::reference::DOCKER_HUB);
        let platform = platform.cloned().filter(|_| !is_on_hub);
        let question = Question::Image { image: image.clone(), platform, with_config: !is_on_hub };
        self.look(question).map(|it| it.image())
    }

    /// Repositories of Docker Hub that fit what was typed: (name, a few words).
    pub fn names(&self, typed: &str) -> Waiting<Vec<(String, String)>> {
        self.look(Question::Names(typed.to_owned())).map(|it| Some(it.names().to_vec()))
    }

    /// What is known without asking anybody, for rules and hints.
    pub fn known_tags(&self, image: &ImageReference) -> Option<Fact<Answer<Repository>>> {
        self.client.known(&Question::Tags(image.clone()))?.tags()
    }

    /// Asks and waits; a caller with a deadline puts a time-out around it, and the question goes on without it.
    pub async fn wait(&self, question: Question) -> Result<Known, LookupError> {
        let lookups = self.clone();
        let task = tokio::spawn(async move { lookups.ask(question).await });
        // Only the end of the process stops the task.
        task.await.unwrap_or(Err(LookupError::Offline))
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
        tokio::spawn(async move {
            if let Err(error) = lookups.ask(question).await {
                tracing::info!("{error}");
            }
            lock(&lookups.under_way).remove(&key);
        });
        true
    }

    /// Asks, and tells the subscribers if that brought something new.
    async fn ask(&self, question: Question) -> Result<Known, LookupError> {
        let before = self.client.known(&question);
        let after = self.client.ask(&question).await?;
        if before.is_none_or(|it| it.value != after.value) {
            // Nobody may be listening.
            let _ = self.answered.send(question);
        }
        Ok(after)
    }
}

impl<T> Waiting<T> {
    fn map<U>(self, change: impl FnOnce(T) -> Option<U>) -> Waiting<U> {
        Waiting { fact: self.fact.and_then(change), is_pending: self.is_pending }
    }
}
