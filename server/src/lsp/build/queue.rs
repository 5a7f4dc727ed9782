//! One build at a time of each file and target; of those that wait, the newest.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use tower_lsp::lsp_types::Url;

type Key = (Url, Option<String>);

#[derive(Debug, Default)]
pub struct Queue {
    /// What runs, and who waits for its end.
    busy: Mutex<HashMap<Key, Place>>,
    requests: AtomicU64,
}

/// What is built of one target.
#[derive(Debug)]
struct Place {
    newest: Ticket,
    waiting: Option<oneshot::Sender<Turn>>,
}

/// When a request came, counted: what a command does before it may build takes longer for one than for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(u64);

/// The right to build; given on when dropped.
#[derive(Debug)]
pub struct Turn {
    queue: Arc<Queue>,
    key: Key,
}

impl Queue {
    /// Taken when the request comes.
    pub fn ticket(&self) -> Ticket {
        Ticket(self.requests.fetch_add(1, Ordering::Relaxed))
    }

    /// Waits until nothing else is built of this target; `None` if a newer request has come in the meantime.
    pub async fn turn(self: &Arc<Self>, uri: &Url, target: Option<&str>, ticket: Ticket) -> Option<Turn> {
        let key = (uri.clone(), target.map(str::to_owned));
        match self.wait(&key, ticket) {
            Some(waiting) => waiting.await.ok(),
            None => Some(Turn { queue: self.clone(), key }),
        }
    }

    /// Takes the place if it is free, else that of an older one that waits for it.
    fn wait(&self, key: &Key, ticket: Ticket) -> Option<oneshot::Receiver<Turn>> {
        let mut busy = self.lock();
        let Some(place) = busy.get_mut(key) else {
            busy.insert(key.clone(), Place { newest: ticket, waiting: None });
            return None;
        };
        let (sender, receiver) = oneshot::channel();
        if ticket > place.newest {
            *place = Place { newest: ticket, waiting: Some(sender) };
        }
        Some(receiver)
    }

    /// Whether somebody else builds it now.
    pub fn is_busy(&self, uri: &Url, target: Option<&str>) -> bool {
        self.lock().contains_key(&(uri.clone(), target.map(str::to_owned)))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Place>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who waits for `key`; if nobody does, it is free.
    fn next(&self, key: &Key) -> Option<oneshot::Sender<Turn>> {
        let mut busy = self.lock();
        let waiting = busy.get_mut(key).and_then(|it| it.waiting.take());
        if waiting.is_none() {
            busy.remove(key);
        }
        waiting
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(waiting) = self.queue.next(&self.key) {
            // Who waited may have been cancelled: then this turn comes back and is dropped in its turn.
            let _ = waiting.send(Turn { queue: self.queue.clone(), key: self.key.clone() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_goes_next_and_the_others_are_told() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let queue = Arc::new(Queue::default());
            let uri = Url::parse("file:///a").unwrap();
            let [one, two, three, four] = [(); 4].map(|()| queue.ticket());
            let first = queue.turn(&uri, None, one).await;
            assert!(first.is_some() && queue.is_busy(&uri, None) && !queue.is_busy(&uri, Some("x")));
            let mut second = Box::pin(queue.turn(&uri, None, two));
            assert!(futures::poll!(&mut second).is_pending());
            // It came last, but was ready before the third.
            let mut fourth = Box::pin(queue.turn(&uri, None, four));
            assert!(futures::poll!(&mut fourth).is_pending());
            assert!(second.await.is_none());
            assert!(queue.turn(&uri, None, three).await.is_none());
            drop(first);
            let fourth = fourth.await;
            assert!(fourth.is_some());
            drop(fourth);
            assert!(!queue.is_busy(&uri, None));
        });
    }
}
