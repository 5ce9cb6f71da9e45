//! A progress bar for long work, on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::time::Duration;

/// How often the bar moves while nothing is told of the work.
const TICK: Duration = Duration::from_millis(200);

/// A bar that is gone when it is dropped.
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// Over `seconds` of sound that are listened to, or one that only counts if the length is not known.
    pub fn listening(seconds: Option<f64>) -> Self {
        let bar = Self(ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()));
        bar.over("Listening", seconds);
        if stderr().is_terminal() {
            bar.0.set_draw_target(ProgressDrawTarget::stderr());
            bar.0.enable_steady_tick(TICK);
        }
        bar
    }

    /// Begins anew with `doing`, over so many seconds of sound, or counts them if there is no knowing how many.
    pub fn over(&self, doing: &'static str, seconds: Option<f64>) {
        let template = if seconds.is_some() { "{msg} {bar:40} {pos}/{len} s, {eta} left" } else { "{msg} {pos} s" };
        self.begin(doing, template);
        match seconds {
            Some(seconds) => self.0.set_length(seconds as u64),
            None => self.0.unset_length(),
        }
    }

    /// Goes on with `doing`, which takes as long as it takes.
    pub fn step(&self, doing: &'static str) {
        self.begin(doing, "{msg} {spinner} {elapsed}");
    }

    /// So many seconds of sound are done.
    pub fn reach(&self, seconds: f64) {
        self.0.set_position(seconds as u64);
    }

    fn begin(&self, doing: &'static str, template: &str) {
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.0.set_style(style);
        }
        self.0.set_message(doing);
        self.0.reset();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
