//! One build at a time of each file and target; of those that wait, the newest.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use tower_lsp::lsp_types::Url;

type Key = (Url, Option<String>);

#[derive(Debug, Default)]
pub struct Queue {
    /// What runs, and who waits for its end.
    busy: Mutex<HashMap<Key, Option<oneshot::Sender<Turn>>>>,
}

/// The right to build; given on when dropped.
#[derive(Debug)]
pub struct Turn {
    queue: Arc<Queue>,
    key: Key,
}

impl Queue {
    /// Waits until nothing else is built of this target; `None` if a newer request has come in the meantime.
    pub async fn turn(self: &Arc<Self>, uri: &Url, target: Option<&str>) -> Option<Turn> {
        let key = (uri.clone(), target.map(str::to_owned));
        match self.wait(&key) {
            Some(waiting) => waiting.await.ok(),
            None => Some(Turn { queue: self.clone(), key }),
        }
    }

    /// Takes the place if it is free, else the one that waits for it.
    fn wait(&self, key: &Key) -> Option<oneshot::Receiver<Turn>> {
        let mut busy = self.lock();
        let Some(waiting) = busy.get_mut(key) else {
            busy.insert(key.clone(), None);
            return None;
        };
        let (sender, receiver) = oneshot::channel();
        *waiting = Some(sender);
        Some(receiver)
    }

    /// Whether somebody else builds it now.
    pub fn is_busy(&self, uri: &Url, target: Option<&str>) -> bool {
        self.lock().contains_key(&(uri.clone(), target.map(str::to_owned)))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Option<oneshot::Sender<Turn>>>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who waits for `key`; if nobody does, it is free.
    fn next(&self, key: &Key) -> Option<oneshot::Sender<Turn>> {
        let mut busy = self.lock();
        let waiting = busy.get_mut(key).and_then(Option::take);
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
            let first = queue.turn(&uri, None).await;
            assert!(first.is_some() && queue.is_busy(&uri, None) && !queue.is_busy(&uri, Some("x")));
            let mut second = Box::pin(queue.turn(&uri, None));
            assert!(futures::poll!(&mut second).is_pending());
            let mut third = Box::pin(queue.turn(&uri, None));
            assert!(futures::poll!(&mut third).is_pending());
            assert!(second.await.is_none());
            drop(first);
            let third = third.await;
            assert!(third.is_some());
            drop(third);
            assert!(!queue.is_busy(&uri, None));
        });
    }
}
