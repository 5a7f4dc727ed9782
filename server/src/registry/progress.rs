//! Lists of tags that are still coming: what the pages so far have brought.
//!
//! A long list takes many requests. Who completes a tag sees what has come, and a finished answer takes its place. When a page
//! fails, what came before it stays until somebody asks again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::http::lock;
use crate::analysis::facts::Repository;

/// Lists that are kept; more at the same time, and the oldest ones show when they are whole.
const MAX_LISTS: usize = 4;
/// A list that grew by less than its own length waits so long before it is shown again: each time is a copy.
const PAUSE: Duration = Duration::from_millis(500);

/// By the key of the question.
#[derive(Debug)]
pub struct Progress {
    lists: Mutex<HashMap<String, Part>>,
    /// Counts the parts that came.
    news: watch::Sender<u64>,
}

#[derive(Debug)]
struct Part {
    list: Arc<Repository>,
    /// Later parts have a higher one.
    number: u64,
    at: Instant,
}

/// Where the pages of one answer go.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    pub progress: &'a Progress,
    pub key: &'a str,
}

impl Default for Progress {
    fn default() -> Progress {
        Progress { lists: Mutex::default(), news: watch::Sender::new(0) }
    }
}

impl Progress {
    /// What has come of an answer that is not whole.
    pub fn part(&self, key: &str) -> Option<Arc<Repository>> {
        lock(&self.lists).get(key).map(|it| it.list.clone())
    }

    /// Hears of each part from now on.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// The whole answer is there.
    pub fn end(&self, key: &str) {
        lock(&self.lists).remove(key);
    }
}

impl Shown<'_> {
    /// Shows the list as far as it has come, if that is worth a copy of it.
    pub fn show(&self, list: &Repository) {
        let mut lists = lock(&self.progress.lists);
        let is_worth_it = |it: &Part| {
            let (before, now) = (it.list.tags.len(), list.tags.len());
            now >= 2 * before || (now > before && it.at.elapsed() > PAUSE)
        };
        if list.tags.is_empty() || !lists.get(self.key).is_none_or(is_worth_it) {
            return;
        }
        if lists.len() >= MAX_LISTS && !lists.contains_key(self.key) {
            let oldest = lists.iter().min_by_key(|it| it.1.number).map(|it| it.0.clone());
            oldest.and_then(|it| lists.remove(&it));
        }
        let list = Arc::new(Repository { is_complete: false, ..list.clone() });
        let number = *self.progress.news.borrow();
        lists.insert(self.key.to_owned(), Part { list, number, at: Instant::now() });
        drop(lists);
        self.progress.news.send_modify(|it| *it += 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::facts::RemoteTag;

    fn list(length: usize) -> Repository {
        let tags = (0..length).map(|it| RemoteTag { name: it.to_string().into(), ..RemoteTag::default() });
        Repository { tags: tags.collect(), is_complete: true }
    }

    #[test]
    fn a_part_is_shown_when_the_list_has_doubled() {
        let progress = Progress::default();
        let shown = Shown { progress: &progress, key: "a" };
        let length = || progress.part("a").map_or(0, |it| it.tags.len());
        let lengths: Vec<usize> = [0, 100, 101, 200, 100]
            .into_iter()
            .map(|it| {
                shown.show(&list(it));
                length()
            })
            .collect();
        assert_eq!(lengths, [0, 100, 100, 200, 200]);
        assert!(progress.part("a").is_some_and(|it| !it.is_complete), "more may come");
        progress.end("a");
        assert_eq!(length(), 0);
    }

    #[test]
    fn only_the_last_lists_are_kept() {
        let progress = Progress::default();
        let keys: Vec<String> = (0..MAX_LISTS + 2).map(|it| it.to_string()).collect();
        for key in &keys {
            Shown { progress: &progress, key }.show(&list(1));
        }
        let kept: Vec<bool> = keys.iter().map(|it| progress.part(it).is_some()).collect();
        assert_eq!(kept, [false, false, true, true, true, true]);
    }
}
