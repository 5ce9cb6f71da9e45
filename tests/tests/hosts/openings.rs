//! The first panel of a process is painted, however long the host waits before it shows it.

use crate::stage::{apart, clap, orders, screen, vst3};
use antiphon_tests::window::Desk;
use antiphon_tests::window::opening::{Opening, open};

const ALONE: &str = "openings::one_opening";

/// Every delay in both formats, with sound and without by turns.
fn check_openings(managed: bool) {
    let Some((screen, _manager)) = screen(managed) else { return };
    for (index, opening) in Opening::all().enumerate() {
        // Half of them here, the others under the other kind of screen; `cargo xtask openings` tries all.
        let format = if (index / 2 + index + usize::from(managed)) % 2 == 0 { "clap" } else { "vst3" };
        let (status, told) = apart(&screen, ALONE, &format!("{format} {} {}", opening.delay_ms, opening.audio));
        assert!(status.success(), "{format}, {opening}: {status}\n{told}");
    }
}

#[test]
fn the_first_panel_of_a_process_is_painted_without_a_window_manager() {
    check_openings(false);
}

#[test]
fn the_first_panel_of_a_process_is_painted_under_a_window_manager() {
    check_openings(true);
}

#[test]
#[ignore = "needs a display and orders of its own; the tests above run this"]
fn one_opening() {
    let orders = orders();
    let [format, delay_ms, audio] = orders.as_slice() else { panic!("orders are a format, a delay and sound or not") };
    let opening =
        Opening { delay_ms: delay_ms.parse().expect("a delay"), audio: audio.parse().expect("true or false") };
    let desk = Desk::new().expect("there is a display");
    let painted = match format.as_str() {
        "clap" => open(&mut clap(), &desk, opening),
        _ => open(&mut vst3(), &desk, opening),
    };
    assert!(painted.expect("it opens and closes").is_some(), "the panel stays black");
}
