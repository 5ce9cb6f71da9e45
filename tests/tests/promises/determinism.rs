//! The same seed plays the same music, another seed other music, and a saved session goes on as it was.

use crate::client::{TUNE_S, sung_stereo};
use crate::play::{Cut, alone, both, inputs, through};
use antiphon_tests::host::{PlayedEvent, Setup};

const RATE_HZ: f64 = 48_000.0;
const SETUP: Setup = Setup { rate_hz: RATE_HZ, longest_block: 512, channels: 2 };

fn notes(played: &[PlayedEvent]) -> usize {
    played.iter().filter(|event| event.on).count()
}

#[test]
fn the_same_seed_plays_the_same_music_and_another_seed_other_music() {
    let audio = sung_stereo(RATE_HZ, TUNE_S);
    let play = |host, seed| alone(host, RATE_HZ, &audio, Cut::Even(512), &[(0, "seed", seed)], &[]);
    let [first, again, other] =
        [("5", 0), ("5", 1), ("6", 0)].map(|(seed, host)| play(both().into_iter().nth(host).expect("a host"), seed));
    assert!(notes(&first) >= 4, "there was music");
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[test]
fn two_instances_side_by_side_play_what_each_would_play_alone() {
    let audio = sung_stereo(RATE_HZ, TUNE_S);
    for (mut one, mut two) in both().into_iter().zip(both()) {
        one.activate(SETUP).expect("it activates");
        two.activate(SETUP).expect("it activates");
        let (mut from, mut played) = (0, [Vec::new(), Vec::new()]);
        while from < audio[0].len() {
            let until = audio[0].len().min(from + 9_600);
            let piece: Vec<Vec<f32>> = audio.iter().map(|channel| channel[from..until].to_vec()).collect();
            for (host, played) in [&mut one, &mut two].into_iter().zip(&mut played) {
                let block = [&piece[0][..], &piece[1][..]];
                for start in (0..piece[0].len()).step_by(480) {
                    host.process(&block.map(|c| &c[start..start + 480]), &[], None).expect("it processes");
                }
                played.append(&mut host.outbox().played);
            }
            from = until;
        }
        assert!(notes(&played[0]) >= 4, "there was music");
        assert_eq!(played[0], played[1]);
    }
}

#[test]
fn a_saved_session_plays_the_same_music_when_it_is_loaded() {
    let audio = sung_stereo(RATE_HZ, TUNE_S);
    let chosen = [
        (0, "seed", "4711"),
        (0, "goal", "relationships"),
        (0, "density", "0.85"),
        (0, "colour", "-0.35"),
        (0, "key", "F:maj"),
        (0, "ceiling", "70"),
    ];
    for (mut saved, mut loaded) in both().into_iter().zip(both()) {
        let changes: Vec<_> = inputs(&mut *saved, &chosen).into_iter().map(|(_, input)| input).collect();
        saved.flush(&changes).expect("it takes the settings");
        let state = saved.save().expect("it saves");
        loaded.load(&state).expect("it loads what another saved");
        let [expected, played] = [saved, loaded].map(|mut host| {
            host.activate(SETUP).expect("it activates");
            through(&mut *host, &audio, Cut::Even(512), &[])
        });
        assert!(notes(&expected) >= 4, "there was music");
        assert!(expected.iter().all(|event| event.velocity <= 70), "the settings were taken");
        assert_eq!(played, expected);
    }
}

#[test]
fn after_a_reset_the_music_begins_as_if_for_the_first_time() {
    let audio = sung_stereo(RATE_HZ, TUNE_S);
    for mut host in both() {
        host.activate(SETUP).expect("it activates");
        let first = through(&mut *host, &audio, Cut::Even(512), &[]);
        host.reset().expect("it resets");
        let mut second = through(&mut *host, &audio, Cut::Even(512), &[]);
        // What the first left sounding ends at the first sample; nothing begins there.
        second.retain(|event| event.sample > 0);
        assert!(notes(&first) >= 4, "there was music");
        assert_eq!(first, second, "{}", host.format());
    }
}
