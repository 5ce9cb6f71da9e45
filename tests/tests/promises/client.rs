//! A client to listen to: the singer with a tune of phrases and rests, and the same tune on a keyboard.

use antiphon_tests::host::Input;
use antiphon_tests::singer::{Performance, Score, sing};

/// A phrase: MIDI key and length in seconds, sung without a break; then the rest after it, seconds.
type Phrase = (&'static [(u8, f64)], f64);

/// A tune in D minor: questions that stay open, answers that close, and room between them.
const TUNE: [Phrase; 4] = [
    (&[(62, 0.5), (65, 0.5), (69, 0.75), (67, 0.25), (65, 0.5), (64, 0.9)], 1.8),
    (&[(65, 0.5), (64, 0.5), (62, 0.75), (61, 0.25), (62, 1.2)], 2.2),
    (&[(69, 0.5), (70, 0.5), (69, 0.5), (67, 0.5), (65, 0.5), (67, 0.5), (69, 1.0)], 2.0),
    (&[(69, 0.4), (67, 0.4), (65, 0.4), (64, 0.6), (62, 1.4)], 2.5),
];

/// Seconds that the tune lasts.
pub const TUNE_S: f64 = 20.0;

/// The tune's notes from the beginning, over and over: start and end in seconds, MIDI key.
fn notes() -> impl Iterator<Item = (f64, f64, u8)> {
    (0..).flat_map(|verse| {
        let mut at = f64::from(verse) * TUNE_S;
        TUNE.iter().flat_map(move |(phrase, rest_s)| {
            let start = at;
            at += phrase.iter().map(|(_, length)| length).sum::<f64>() + rest_s;
            phrase.iter().scan(start, |on, &(key, length)| {
                let begins = *on;
                *on += length;
                Some((begins, *on, key))
            })
        })
    })
}

/// `seconds` of the tune, sung; mono.
pub fn sung(rate_hz: f64, seconds: f64) -> Vec<f32> {
    // A beat is a second.
    let mut score = Score::new(60.0);
    for (index, (phrase, rest_s)) in TUNE.iter().enumerate().cycle() {
        if score.length_beats() >= seconds {
            break;
        }
        let length = phrase.iter().map(|(_, length)| length).sum::<f64>() + rest_s;
        let consonants = ["momoso", "somom", "oomosom", "mosot"][index];
        score = score.with_line(consonants, 76, length, phrase);
    }
    let mut samples = sing(&score, &Performance::default(), rate_hz).samples;
    samples.resize((seconds * rate_hz) as usize, 0.0);
    samples
}

/// The tune in both channels, the right one softer.
pub fn sung_stereo(rate_hz: f64, seconds: f64) -> Vec<Vec<f32>> {
    let left = sung(rate_hz, seconds);
    let right = left.iter().map(|sample| 0.7 * sample).collect();
    vec![left, right]
}

/// The tune on a keyboard: sample and input, in time order. `at` of each input is 0.
pub fn keyed(rate_hz: f64, seconds: f64) -> Vec<(u64, Input)> {
    let mut cues: Vec<_> = notes()
        .take_while(|(_, off, _)| *off < seconds)
        .flat_map(|(on, off, key)| {
            let note = |velocity| Input::Note { at: 0, channel: 0, key, velocity };
            [((on * rate_hz) as u64, note(80)), (((off - 0.01) * rate_hz) as u64, note(0))]
        })
        .collect();
    cues.sort_by_key(|(sample, _)| *sample);
    cues
}

/// A little generator for splits and noise; the same numbers everywhere (xorshift, Marsaglia 2003).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number from `low` to `high`.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + (self.bits() >> 11) as usize % (high - low + 1)
    }
}
