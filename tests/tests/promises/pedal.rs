//! The sustain pedal on its way to the host.

use crate::client::{TUNE_S, sung_stereo};
use crate::play::{Cut, both, clap, inputs, through};
use antiphon_tests::host::{Host, MovedController, PlayedEvent, Setup};

const RATE_HZ: f64 = 48_000.0;

/// A tune through `host` in blocks of `block`, with the pedal or without, one channel a voice or one for all.
fn play(
    mut host: Box<dyn Host>,
    block: usize,
    pedal: &str,
    channels: &str,
) -> (Vec<PlayedEvent>, Vec<MovedController>) {
    let audio = sung_stereo(RATE_HZ, TUNE_S);
    host.activate(Setup { rate_hz: RATE_HZ, longest_block: block, channels: 2 }).expect("it activates");
    let begin = host.outbox().now();
    let choices = inputs(&mut *host, &[(0, "pedal", pedal), (0, "channels", channels), (0, "goal", "insight")]);
    let played = through(&mut *host, &audio, Cut::Even(block), &choices);
    let mut moved = std::mem::take(&mut host.outbox().moved);
    moved.iter_mut().for_each(|moved| moved.sample -= begin);
    (played, moved)
}

#[test]
fn the_pedal_reaches_the_host_in_either_format_and_at_the_same_samples_for_any_block() {
    let (notes, moved) = play(Box::new(clap()), 480, "on", "one");
    assert!(moved.iter().any(|moved| moved.value == 127), "it is pressed: {moved:?}");
    assert!(moved.iter().all(|moved| (moved.channel, moved.controller) == (0, 64)), "{moved:?}");
    let by_turns = moved.iter().enumerate().all(|(index, moved)| moved.value == [127, 0][index % 2]);
    assert!(by_turns, "down and up by turns: {moved:?}");
    for block in [64, 1_000] {
        for host in both() {
            assert_eq!(play(host, block, "on", "one"), (notes.clone(), moved.clone()), "blocks of {block}");
        }
    }
}

#[test]
fn the_pedal_changes_no_note_and_stays_away_unless_it_is_wanted() {
    for channels in ["one", "voices"] {
        let ((with, moved), (without, none)) =
            (play(Box::new(clap()), 480, "on", channels), play(Box::new(clap()), 480, "off", channels));
        assert_eq!(with, without);
        assert!(!with.is_empty() && !moved.is_empty() && none.is_empty());
    }
}

#[test]
fn nothing_begins_under_the_pedal_and_only_bass_and_harmony_have_one() {
    for channels in ["one", "voices"] {
        let (notes, moved) = play(Box::new(clap()), 480, "on", channels);
        let mut down = [false; 16];
        let mut moves = moved.iter().peekable();
        for (index, note) in notes.iter().enumerate() {
            while let Some(moved) = moves.next_if(|moved| moved.notes <= index) {
                down[usize::from(moved.channel)] = moved.value > 0;
            }
            assert!(!(note.on && down[usize::from(note.channel)]), "{note:?} begins under the pedal");
        }
        assert!(moved.iter().all(|moved| moved.channel < 2), "{moved:?}");
    }
}
