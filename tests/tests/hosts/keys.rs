//! Keys stay the host's, wherever the pointer is, until the therapist takes them into the panel; and hosts on X11 find on
//! the panel's window what they look for.

use crate::stage::{apart, clap, orders, screen, vst3};
use antiphon_tests::host::ShowsPanel;
use antiphon_tests::window::opening::wait_until_painted;
use antiphon_tests::window::{Desk, PATIENCE};
use anyhow::{Result, ensure};
use std::time::{Duration, Instant};

const ALONE: &str = "keys::one_panel";

/// X's numbers for keys.
const SPACE: u32 = 0x20;
const LETTER_R: u32 = 0x72;
const TAB: u32 = 0xff09;
const ESCAPE: u32 = 0xff1b;
const RETURN: u32 = 0xff0d;

/// Places in the host's window, which is wider than the panel: over nothing in the panel that does anything, over the
/// tabs of two rooms, over the text field of where sessions are kept, and beside the panel.
const OVER: (i16, i16) = (640, 28);
const SHAPE: (i16, i16) = (264, 25);
const SESSION: (i16, i16) = (352, 25);
const FIELD: (i16, i16) = (736, 88);
const BESIDE: (i16, i16) = (1000, 300);

/// How long a panel takes to hear of a key or a click.
const HEARS: Duration = Duration::from_millis(250);

fn check_keys(format: &str, managed: bool) {
    let Some((screen, _manager)) = screen(managed) else { return };
    let (status, told) = apart(&screen, ALONE, format);
    assert!(status.success(), "{format}: {status}\n{told}");
}

#[test]
fn keys_that_the_panel_does_not_use_reach_a_clap_host_with_the_pointer_over_it_and_beside() {
    check_keys("clap", false);
}

#[test]
fn keys_that_the_panel_does_not_use_reach_a_vst3_host_with_the_pointer_over_it_and_beside() {
    check_keys("vst3", false);
}

#[test]
fn keys_that_the_panel_does_not_use_reach_a_host_under_a_window_manager() {
    check_keys("clap", true);
}

#[test]
#[ignore = "needs a display and orders of its own; the tests above run this"]
fn one_panel() {
    let kept = match orders()[0].as_str() {
        "clap" => try_keys(&mut clap()),
        _ => try_keys(&mut vst3()),
    };
    kept.expect("keys go where they belong");
}

fn try_keys<H: ShowsPanel>(host: &mut H) -> Result<()> {
    let desk = Desk::new()?;
    desk.point(BESIDE)?;
    let (width, height) = host.make_panel()?;
    desk.resize(width + 100, height)?;
    host.show_panel(desk.window)?;
    ensure!(wait_until_painted(host, &desk)?.is_some(), "the panel stays black");
    desk.focus()?;
    let panel = desk.panel()?;
    ensure!(desk.property(panel, "_XEMBED_INFO")? == Some(vec![0, 0]), "XEmbed finds an unmapped window of version 0");

    for (place, name) in [(BESIDE, "beside the panel"), (OVER, "over the panel")] {
        desk.point(place)?;
        desk.rest(host, HEARS);
        check_heard(host, &desk, &[SPACE, LETTER_R], &format!("{name}, not clicked"))?;
        desk.click(place)?;
        wait_for_focus(host, &desk, desk.window, &format!("{name}, clicked"))?;
        check_heard(host, &desk, &[SPACE, LETTER_R], &format!("{name}, clicked"))?;
    }
    desk.click(SHAPE)?;
    wait_for_focus(host, &desk, desk.window, "a room's tab was clicked")?;
    check_heard(host, &desk, &[SPACE], "a room's tab was clicked")?;

    // A text field keeps what is typed, until something beside it is clicked.
    desk.click(SESSION)?;
    desk.rest(host, HEARS);
    desk.click(FIELD)?;
    wait_for_focus(host, &desk, panel, "a text field was clicked")?;
    press(host, &desk, LETTER_R)?;
    press(host, &desk, SPACE)?;
    ensure!(desk.keys_heard()?.is_empty(), "what is typed into a text field reaches the host as well");
    desk.click(OVER)?;
    wait_for_focus(host, &desk, desk.window, "beside the text field was clicked")?;
    check_heard(host, &desk, &[SPACE], "beside the text field was clicked")?;

    // Tab takes the keyboard into the panel, wherever the pointer goes then; Escape gives it back.
    press(host, &desk, TAB)?;
    wait_for_focus(host, &desk, panel, "Tab was pressed over the panel")?;
    desk.point(BESIDE)?;
    press(host, &desk, RETURN)?;
    press(host, &desk, TAB)?;
    ensure!(desk.keys_heard()?.is_empty(), "keys that the panel uses reach the host as well");
    press(host, &desk, ESCAPE)?;
    wait_for_focus(host, &desk, desk.window, "Escape was pressed in the panel")?;
    check_heard(host, &desk, &[SPACE, TAB], "Escape was pressed in the panel")?;

    // So does going elsewhere.
    desk.point(OVER)?;
    press(host, &desk, TAB)?;
    wait_for_focus(host, &desk, panel, "Tab was pressed over the panel once more")?;
    desk.focus()?;
    desk.rest(host, HEARS);
    check_heard(host, &desk, &[SPACE], "the host's window was chosen")?;

    press(host, &desk, TAB)?;
    wait_for_focus(host, &desk, panel, "Tab was pressed before closing")?;
    host.close_panel()?;
    wait_for_focus(host, &desk, desk.window, "the panel was closed with the keyboard in it")
}

fn press<H: ShowsPanel>(host: &mut H, desk: &Desk, key: u32) -> Result<()> {
    desk.press(key)?;
    desk.rest(host, HEARS);
    Ok(())
}

/// The host hears these keys, and no more.
fn check_heard<H: ShowsPanel>(host: &mut H, desk: &Desk, keys: &[u32], when: &str) -> Result<()> {
    for &key in keys {
        press(host, desk, key)?;
    }
    let heard = desk.keys_heard()?;
    ensure!(heard == keys, "{when}: of {keys:x?} the host heard {heard:x?}");
    Ok(())
}

fn wait_for_focus<H: ShowsPanel>(host: &mut H, desk: &Desk, window: u32, when: &str) -> Result<()> {
    let begin = Instant::now();
    while desk.focused()? != window {
        ensure!(begin.elapsed() < PATIENCE, "{when}: the keyboard is at {:x}, not {window:x}", desk.focused()?);
        desk.rest(host, Duration::from_millis(10));
    }
    Ok(())
}
