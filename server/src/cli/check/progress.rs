//! A bar for work of more than a second, on a terminal only.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Work shorter than this needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

pub struct Progress {
    start: Instant,
    total: u64,
    bar: Option<ProgressBar>,
    is_wanted: bool,
}

impl Progress {
    /// `is_wanted`: standard error is a terminal and nobody asked for quiet.
    pub fn new(total: usize, is_wanted: bool) -> Self {
        Progress { start: Instant::now(), total: total as u64, bar: None, is_wanted }
    }

    /// `done` files are done.
    pub fn set(&mut self, done: usize) {
        let is_late = self.is_wanted && self.start.elapsed() > PATIENCE && (done as u64) < self.total;
        if self.bar.is_none() && is_late {
            self.bar = Some(bar(self.total));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(done as u64);
        }
    }

    /// Runs what prints, with the bar out of the way.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} files, {eta} left");
    ProgressBar::new(total).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
