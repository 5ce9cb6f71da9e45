//! A progress bar for long work, on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::time::Duration;

/// A bar over `seconds` of sound, or one that only counts if the length is not known.
pub(super) fn bar(seconds: Option<f64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(seconds.map(|seconds| seconds as u64), ProgressDrawTarget::hidden());
    let template = if seconds.is_some() { "Listening {bar:40} {pos}/{len} s, {eta} left" } else { "Listening {pos} s" };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    if stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::stderr());
        bar.enable_steady_tick(Duration::from_millis(200));
    }
    bar
}
