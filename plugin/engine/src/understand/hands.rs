//! The therapist's own hands on a keyboard: what she holds steers the chord, a key below the register sets the tonic.

use super::meaning::{ChordSense, TherapistSense, Tonality};
use crate::chord::Chord;
use crate::key::{Key, KeyChoice, Mode, PitchClass};
use crate::settings::Settings;
use crate::time::{Clock, SampleTime};

/// After her last key is up she counts as playing for this long, s: she lifts her hands between chords.
const STILL_PLAYING_S: f64 = 1.0;
/// What a chord is worth without one of the tones that she holds, times.
const WITHOUT_HER_TONE: f32 = 0.01;
/// What it is worth with a tone that she does not hold, times: a triad before its sevenths.
const BESIDE_HER_TONES: f32 = 0.7;
/// Least probability that a chord is given: hers may be one that the client never hinted at.
const LEAST: f32 = 0.02;
/// What it is worth with her lowest tone as its root, times.
const ON_HER_BASS: f32 = 4.0;

/// The therapist's keys.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hands {
    /// Keys that are down, and those that went down since the last hop; bit = MIDI key.
    down: u128,
    pressed: u128,
    /// When a key was down last.
    last: Option<SampleTime>,
    /// The tonic that she set.
    tonic: Option<Key>,
}

impl Hands {
    /// A key of hers went down, or up with `velocity` 0.
    pub fn take(&mut self, key: u8, velocity: u8) {
        let bit = 1_u128.checked_shl(key.into()).unwrap_or(0);
        if velocity > 0 {
            (self.down, self.pressed) = (self.down | bit, self.pressed | bit);
        } else {
            self.down &= !bit;
        }
    }

    /// Follows one hop at `now`; `heard` is the tonality as it was understood up to now.
    pub fn process(&mut self, now: SampleTime, clock: Clock, heard: &Tonality, settings: &Settings) -> TherapistSense {
        let pressed = std::mem::take(&mut self.pressed);
        let switches = (1_u128 << settings.register_low) - 1;
        if let Some(key) = lowest(pressed & switches) {
            let again = self.tonic.is_some_and(|set| set.tonic == key % 12);
            self.tonic = (!again).then(|| Key { tonic: key % 12, mode: mode(key % 12, heard, settings) });
        }
        if (self.down | pressed) & !switches != 0 {
            self.last = Some(now);
        }
        let playing = self.last.is_some_and(|last| clock.between(last, now) < STILL_PLAYING_S);
        TherapistSense { held: self.down & !switches, pressed: pressed & !switches != 0, playing, tonic: self.tonic }
    }

    /// `settings` with the tonic that she set as their key, unless they have one already.
    pub fn lock(&self, settings: &Settings) -> Settings {
        let key = match (settings.key, self.tonic) {
            (KeyChoice::Auto, Some(key)) => KeyChoice::Locked(key),
            (key, _) => key,
        };
        Settings { key, ..*settings }
    }
}

/// Makes the tones that the therapist holds part of the chord, wherever a chord has them.
pub fn steer(chords: &mut ChordSense, held: u128) {
    let Some(bass) = lowest(held) else { return };
    let classes = (0..128_u8).filter(|key| held & (1 << key) != 0).fold(0_u16, |all, key| all | 1 << (key % 12));
    for (chord, likely) in Chord::all().zip(&mut chords.now) {
        let missing = (0..12).filter(|class| classes & (1 << class) != 0 && !chord.contains(*class)).count();
        let beside =
            chord.family.tones().iter().filter(|above| classes & (1 << ((chord.root + **above) % 12)) == 0).count();
        *likely = likely.max(LEAST) * WITHOUT_HER_TONE.powi(missing as i32) * BESIDE_HER_TONES.powi(beside as i32);
        *likely *= if chord.root == bass % 12 { ON_HER_BASS } else { 1.0 };
    }
    chords.weigh_anew();
    (chords.next, chords.next_confidence) = (chords.chord, chords.confidence);
}

fn lowest(keys: u128) -> Option<u8> {
    (keys != 0).then(|| keys.trailing_zeros() as u8)
}

/// Major or minor on `tonic`: as the therapist's colour has it, or else by the third that the client sang more.
fn mode(tonic: PitchClass, heard: &Tonality, settings: &Settings) -> Mode {
    let share = |above: u8| heard.profile[usize::from((tonic + above) % 12)];
    let minor = share(3) - share(4) - settings.colour > 0.0;
    if minor { Mode::Minor } else { Mode::Major }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chord::{CHORDS, Family};

    fn hop(hands: &mut Hands, now: SampleTime, settings: &Settings) -> TherapistSense {
        hands.process(now, Clock::new(48_000.0), &Tonality::default(), settings)
    }

    #[test]
    fn a_key_below_the_register_sets_the_tonic_and_again_frees_it() {
        let (mut hands, settings) = (Hands::default(), Settings { colour: -0.5, ..Settings::default() });
        hands.take(26, 80);
        let sense = hop(&mut hands, 64, &settings);
        assert_eq!(sense.tonic, Some(Key { tonic: 2, mode: Mode::Minor }));
        assert!(!sense.playing && sense.held == 0, "a switch is no music");
        assert_eq!(hands.lock(&settings).key, KeyChoice::Locked(Key { tonic: 2, mode: Mode::Minor }));
        hands.take(26, 0);
        hands.take(26, 80);
        assert_eq!(hop(&mut hands, 128, &settings).tonic, None);
    }

    #[test]
    fn a_key_locked_in_the_panel_stays_whatever_is_pressed() {
        let locked = KeyChoice::parse("F:maj").unwrap();
        let settings = Settings { key: locked, ..Settings::default() };
        let mut hands = Hands::default();
        hands.take(26, 80);
        hop(&mut hands, 64, &settings);
        assert_eq!(hands.lock(&settings).key, locked);
    }

    #[test]
    fn what_she_holds_becomes_the_chord_however_unlikely() {
        let mut chords = ChordSense { now: [0.0; CHORDS], ..ChordSense::default() };
        let heard = Chord { root: 0, family: Family::Major };
        chords.now[heard.index()] = 1.0;
        let keys = [49_u8, 53, 56];
        steer(&mut chords, keys.iter().fold(0, |all, key| all | 1 << key));
        assert_eq!(chords.chord.map(|chord| chord.root), Some(1), "{:?}", chords.chord);
        assert!(chords.chord.is_some_and(|chord| keys.iter().all(|key| chord.contains(key % 12))));
        assert!((chords.now.iter().sum::<f32>() - 1.0).abs() < 1e-3);
        let before = chords;
        steer(&mut chords, 0);
        assert_eq!(chords, before, "nothing held, nothing steered");
    }

    #[test]
    fn she_counts_as_playing_between_her_chords_and_not_long_after() {
        let (mut hands, settings) = (Hands::default(), Settings::default());
        hands.take(60, 80);
        assert!(hop(&mut hands, 64, &settings).playing);
        hands.take(60, 0);
        assert!(hop(&mut hands, 24_000, &settings).playing);
        assert!(!hop(&mut hands, 96_000, &settings).playing);
    }
}
