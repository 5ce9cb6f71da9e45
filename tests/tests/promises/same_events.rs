//! The same sound is answered by the same notes at the same samples: in either format, without any host, whatever the
//! length of a block.

use crate::client::{Dice, TUNE_S, keyed, sung, sung_stereo};
use crate::play::{Cue, Cut, alone, clap, directly, vst3};
use antiphon_tests::host::{Input, PlayedEvent, Transport};

const RATE_HZ: f64 = 48_000.0;

const CUTS: [Cut; 8] = [
    Cut::Even(1),
    Cut::Even(7),
    Cut::Even(64),
    Cut::Even(100),
    Cut::Even(441),
    Cut::Even(1024),
    Cut::Even(16_384),
    Cut::Random(3000, 5),
];

/// The therapist works while the client sings; none of these samples is the first of a block or a hop.
const CUES: [Cue; 14] = [
    (3, "channels", "voices"),
    (48_001, "density", "0.9"),
    (120_007, "goal", "relationships"),
    (200_003, "tension", "0.75"),
    (200_003, "mirror", "0.25"),
    (288_111, "colour", "-0.5"),
    (301_009, "key", "D:min"),
    (333_333, "approach", "free"),
    (400_001, "ceiling", "64"),
    (460_013, "register_high", "72"),
    (520_021, "approach", "structured"),
    (600_011, "cadence", "on"),
    (600_999, "cadence", "off"),
    (860_001, "panic", "on"),
];

fn check_same(rate_hz: f64, audio: &[Vec<f32>], cues: &[Cue], notes: &[(u64, Input)], cuts: &[Cut]) {
    let expected = directly(rate_hz, audio, cuts[0], cues, notes);
    assert!(expected.iter().filter(|event| event.on).count() >= 4, "there was music: {expected:?}");
    for &cut in cuts {
        check_equal("the musician", cut, &directly(rate_hz, audio, cut, cues, notes), &expected);
        check_equal("CLAP", cut, &alone(Box::new(clap()), rate_hz, audio, cut, cues, notes), &expected);
        check_equal("VST3", cut, &alone(Box::new(vst3()), rate_hz, audio, cut, cues, notes), &expected);
    }
}

fn check_equal(who: &str, cut: Cut, played: &[PlayedEvent], expected: &[PlayedEvent]) {
    let differs = played.iter().zip(expected).position(|(a, b)| a != b);
    if let Some(first) = differs {
        panic!("{who}, {cut:?}: event {first} is {:?}, not {:?}", played[first], expected[first]);
    }
    assert_eq!(played.len(), expected.len(), "{who}, {cut:?}: the number of events");
}

#[test]
fn a_song_is_answered_the_same_by_clap_vst3_and_the_musician_for_any_block_length() {
    check_same(RATE_HZ, &sung_stereo(RATE_HZ, TUNE_S), &[], &[], &CUTS);
}

#[test]
fn automation_takes_effect_at_the_same_sample_everywhere() {
    check_same(RATE_HZ, &sung_stereo(RATE_HZ, TUNE_S), &CUES, &[], &CUTS);
}

#[test]
fn a_keyboard_is_answered_the_same_everywhere() {
    let silence = vec![vec![0.0; (TUNE_S * RATE_HZ) as usize]; 2];
    check_same(RATE_HZ, &silence, &CUES[..3], &keyed(RATE_HZ, TUNE_S), &[CUTS[4], CUTS[2], CUTS[7]]);
}

#[test]
fn a_mono_track_at_44100_hz_is_answered_the_same_everywhere() {
    check_same(44_100.0, &[sung(44_100.0, TUNE_S)], &[], &[], &CUTS[5..]);
}

#[test]
fn news_of_the_transport_within_a_block_is_no_ending() {
    let audio = sung_stereo(RATE_HZ, TUNE_S);
    let mut dice = Dice::new(14);
    for cut in [Cut::Even(1024), Cut::Even(4096)] {
        // Once in most blocks, anywhere in it; the song goes on as it would.
        let news: Vec<_> = (0..audio[0].len() as u64)
            .step_by(cut.longest())
            .map(|from| from + dice.between(1, cut.longest() - 1) as u64)
            .map(|at| (at, Input::Transport { at: 0, transport: Transport::rolling(at as i64) }))
            .collect();
        let expected = alone(Box::new(clap()), RATE_HZ, &audio, cut, &[], &[]);
        assert!(expected.iter().filter(|event| event.on).count() >= 4, "there was music: {expected:?}");
        check_equal("CLAP", cut, &alone(Box::new(clap()), RATE_HZ, &audio, cut, &[], &news), &expected);
    }
}
