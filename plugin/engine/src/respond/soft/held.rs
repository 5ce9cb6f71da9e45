//! Held chords: one chord comes with her phrase, softly rolled, and is held while she sings (holding, Bruscia 1987). In a
//! minor colour it is a new minor one (Turry 2010, line 2); where there is to be a rest, it goes with her phrase and then
//! rings, and nothing begins until she does (line 3).

use super::super::Moment;
use super::super::harmony::tension::tensed;
use super::super::harmony::voicing::Keys;
use super::super::plan::{Behaviour, Orders};
use super::chord::{self, Asked, Held as Chosen};
use super::hand::{Hand, Tone};
use super::joining::Joining;
use super::voicing::{self, Wanted};
use crate::chance::{Chance, Stream};
use crate::chord::Chord;
use crate::intend::intent::{Counter, Ground};
use crate::time::SampleTime;

/// A note that began so long before the state did belongs to it, s.
const EARLY_S: f64 = 0.05;
/// Where she is in mid-phrase, the chord comes with her next note, or so much later, s: within a beat.
const WITHIN_A_BEAT_S: f64 = 0.5;
/// So many strokes without a pitch are a drum's.
const STROKES: u32 = 2;
/// Between her phrases she has been silent for so long, s: legato and consonants leave shorter gaps.
const BETWEEN_PHRASES_S: f32 = 0.2;
/// She holds a tone against the chord once it lasted so long, s; short ones pass. And where a voice has joined her there:
/// with 1 s the chords agree less with what people play (37.2 instead of 38.6 % of folk tunes) and fit no better.
const AGAINST_S: f64 = 0.3;
const AGAINST_JOINED_S: f64 = 0.6;
/// No chord changes sooner, s: under an echo or before a rest, where it must be right before the echo is laid upon it (with
/// 1.1 half of an echo clashed in two takes of nine, with 0.6 in none; `cargo xtask exchange --state echo`), and where the
/// ground is to hold or to keep its colour.
const CHANGES_S: [f64; 2] = [0.6, 4.0];
/// And where a beat is felt, a ground that holds changes every second bar at most (Wigram 2004: 0.5 a bar); beats of a bar
/// whose metre is not known.
const BARS: f64 = 2.0;
const BAR_BEATS: u8 = 4;
/// A tone that has sounded for so long is struck anew with her phrase, with another chord, and with her next note, s: what
/// was struck has died away by then, and her phrase is to be met.
const STRIKE_WITH_PHRASE_S: f64 = 1.2;
const STRIKE_WITH_CHORD_S: f64 = 2.6;
const STRIKE_WITH_NOTE_S: f64 = 6.0;
/// One hand's soft roll from the bass up, s from tone to tone: all four within what is heard as one attack.
const ROLL_S: (f32, f32) = (0.006, 0.011);
/// How far the top lies below the middle of her range, semitones, where it stays whatever she sings, and the lowest top that
/// leaves room for a chord.
const BELOW_HER: f32 = 6.0;
const TOP_LIMITS: (f32, f32) = (57.0, 64.0);
const LOWEST_TOP: f32 = 52.0;
/// Under an echo it lies lower: the room above is the echo's.
const TOP_UNDER_ECHO: (f32, f32) = (55.0, 57.0);

/// The held chord.
#[derive(Debug, Default)]
pub struct Held {
    chosen: Option<Chosen>,
    keys: Keys,
    /// When it last changed.
    changed: SampleTime,
    /// A chord is to come with her next note, which began at this instant or later.
    awaited: Option<SampleTime>,
    /// Her onsets when it was first awaited.
    onsets: u32,
    /// Nothing begins before her next phrase.
    still: bool,
    /// The next one must be another chord.
    new: bool,
    /// Her tone that was heard last.
    tone: Option<SampleTime>,
    /// The voice that goes with her.
    joining: Joining,
    /// Chords struck so far.
    chords: u64,
}

impl Held {
    /// The chord and its keys, with its third.
    pub fn voiced(&self) -> Option<(Chord, Keys)> {
        self.chosen.filter(|chosen| !chosen.open).map(|chosen| (chosen.chord, self.keys))
    }

    /// The state begins.
    pub fn enter(&mut self, moment: &Moment) {
        let Moment { clock, meaning, intent, .. } = *moment;
        let sings = meaning.phrase.open && meaning.silence_s < BETWEEN_PHRASES_S && !meaning.phrase.began;
        let rests_now = intent.body.ground == Ground::Ring && sings;
        self.awaited = (!rests_now).then(|| meaning.now.saturating_sub(clock.samples(EARLY_S)));
        self.still = rests_now;
        self.onsets = meaning.onsets;
        self.new = is_minor(moment);
    }

    /// No chord is to come before her next phrase.
    pub fn rests(&self) -> bool {
        self.still
    }

    /// Nothing of it rings any more.
    pub fn forget(&mut self) {
        self.chosen = None;
    }

    /// Plans for one hop.
    pub fn process(&mut self, moment: &Moment, hand: &mut Hand, orders: &mut Orders) {
        let Moment { clock, meaning, settings, .. } = *moment;
        let now = meaning.now;
        let new_note = meaning.sounding_since.is_some() && meaning.sounding_since != self.tone;
        self.tone = meaning.sounding_since.or(self.tone);
        if meaning.phrase.began && self.awaited.is_none() {
            (self.awaited, self.onsets) = (Some(meaning.phrase.start), meaning.onsets.saturating_sub(1));
        }
        // What has died away in a phrase that goes on is met anew.
        let is_gone = self.chosen.is_none() && !self.still && self.awaited.is_none() && meaning.sounding;
        if is_gone && moment.intent.body.ground == Ground::Held {
            (self.awaited, self.onsets) = (Some(now), meaning.onsets);
        }
        if self.comes(moment) && !settings.hold {
            let asked = Asked { current: self.chord(), with_her: true, new: self.new };
            self.strike(moment, chord::choose(moment, hand, asked), STRIKE_WITH_PHRASE_S, hand, orders);
            (self.awaited, self.new, self.still) = (None, false, false);
            return;
        }
        let rests = self.still || self.awaited.is_some() || self.chosen.is_none() || !meaning.sounding || settings.hold;
        if rests {
            return;
        }
        if let Some(chosen) = self.chosen
            && self.joining.process(moment, chosen.chord, &self.keys, hand, orders)
        {
            return;
        }
        let since_s = clock.between(self.changed, now);
        let against = self.holds_against(moment, hand) && since_s >= self.changes_s(moment);
        if against {
            let asked = Asked { current: self.chord(), with_her: true, new: false };
            let other = chord::choose(moment, hand, asked);
            if Some(other) != self.chosen {
                self.strike(moment, other, STRIKE_WITH_CHORD_S, hand, orders);
            }
        } else if let Some(chosen) = self.chosen.filter(|_| new_note && self.is_faint(moment, hand)) {
            self.strike(moment, chosen, STRIKE_WITH_CHORD_S, hand, orders);
        }
    }

    fn chord(&self) -> Option<Chord> {
        self.chosen.map(|chosen| chosen.chord)
    }

    /// The note that the chord is to come with is known; or she goes on with one that began before.
    fn comes(&self, moment: &Moment) -> bool {
        let Moment { clock, meaning, .. } = *moment;
        let Some(awaited) = self.awaited else { return false };
        let note = meaning.arrived_key().is_some() && meaning.sounding_since.is_some_and(|since| since >= awaited);
        // Of a drum, whatever was taken for a pitch earlier; a consonant is followed by a tone and is one stroke at most.
        let strokes = if meaning.chords.chord.is_none() { 1 } else { STROKES };
        let stroke = meaning.onsets >= self.onsets + strokes && meaning.sounding_key.is_none();
        let goes_on = meaning.sounding_key.is_some()
            && clock.between(awaited, meaning.now) >= WITHIN_A_BEAT_S / f64::from(moment.promptness());
        note || stroke || goes_on
    }

    fn holds_against(&self, moment: &Moment, hand: &Hand) -> bool {
        let Moment { clock, meaning, .. } = *moment;
        let (Some(chosen), Some(key)) = (self.chosen, meaning.sounding_key) else { return false };
        let class = key % 12;
        let usual_s = if hand.has(class) { AGAINST_JOINED_S } else { AGAINST_S };
        let against_s = usual_s / f64::from(moment.promptness());
        let held = meaning.sounding_since.is_some_and(|since| clock.between(since, meaning.now) >= against_s);
        // Over an open fifth her third tells which chord it is; where there are to be no thirds, nothing is against it.
        let fits = match chosen.open {
            true => hand.has(class) || !chord::has_thirds(moment),
            false => chosen.chord.contains(class),
        };
        held && !fits
    }

    /// Shortest time between changes, s.
    fn changes_s(&self, moment: &Moment) -> f64 {
        let Moment { clock, meaning, intent, .. } = *moment;
        if intent.body.ground == Ground::Ring || intent.body.counter == Counter::Echo {
            return CHANGES_S[0];
        }
        let bars_s = meaning.pulse.grid.map_or(0.0, |grid| {
            let beats = if grid.per_bar == 0 { BAR_BEATS } else { grid.per_bar };
            BARS * f64::from(beats) * clock.between(grid.last_beat, grid.next_beat)
        });
        CHANGES_S[1].max(bars_s) / f64::from(moment.promptness())
    }

    fn is_faint(&self, moment: &Moment, hand: &Hand) -> bool {
        let Moment { clock, meaning, .. } = *moment;
        hand.ringing().any(|tone| clock.between(tone.on, meaning.now) >= STRIKE_WITH_NOTE_S * moment.patience())
    }

    /// Strikes the tones of `chosen` that do not ring, or have rung for `anew_s`.
    fn strike(&mut self, moment: &Moment, chosen: Chosen, anew_s: f64, hand: &mut Hand, orders: &mut Orders) {
        let Moment { clock, meaning, settings, intent, .. } = *moment;
        let now = meaning.now;
        let before = match moment.voiced {
            Some((_, keys)) if hand.is_empty() => keys.map(Some),
            _ => hand.ascending(),
        };
        let home = meaning.tonality.key.map(|key| key.tonic).or(meaning.tonality.anchor);
        let limits = if intent.body.counter == Counter::Echo { TOP_UNDER_ECHO } else { TOP_LIMITS };
        let below = meaning.energy.centre_key - BELOW_HER;
        // Below a low voice there is no room for a chord: it lies around her.
        let top = if below < LOWEST_TOP { limits.1 } else { below.clamp(limits.0, limits.1) };
        let manner = &intent.character.manner;
        let keys = voicing::voice(&Wanted {
            held: chosen,
            before,
            hers: meaning.sounding_key,
            register: (settings.register_low, settings.register_high),
            top: top + manner.top(),
            higher: [manner.bass(), manner.top()],
            open_end: home.filter(|_| intent.body.ground == Ground::Ring),
        });
        let keys = if chosen.open { keys } else { tensed(keys, chosen.chord, moment) };
        self.chords = self.chords.wrapping_add(1);
        let mut luck = Chance::new(settings.seed, Stream::Soft, self.chords);
        let mut after_s = 0.0;
        hand.weigh(moment);
        let lines = hand.lines(&keys);
        for (index, (&key, &line)) in keys.iter().zip(&lines).enumerate() {
            let rings = |tone: Tone| tone.key == key && clock.between(tone.on, now) < anew_s * moment.patience();
            if index > 0 && key == keys[index - 1] {
                hand.end(line, orders);
            } else if !hand.tones()[line].is_some_and(rings) {
                hand.play(moment, line, key, after_s, Behaviour::Holding, orders);
                after_s += f64::from(luck.between(ROLL_S.0, ROLL_S.1));
            }
        }
        self.changed = if self.chosen == Some(chosen) { self.changed } else { now };
        (self.chosen, self.keys) = (Some(chosen), keys);
    }
}

/// The state has a minor colour.
fn is_minor(moment: &Moment) -> bool {
    moment.intent.body.colour < 0.0 && moment.intent.body.ground == Ground::Held
}
