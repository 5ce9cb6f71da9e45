//! Harmony: chords under the client, in bass and three upper voices, that change with the beat, or with her notes where
//! there is none.
//!
//! Safe first: at a beat whose tone is not known yet, root and fifth sound at once, and what colours them waits until
//! her pitch is confirmed. A new chord must be better than the old one by more than a doubt.

pub(super) mod choice;
#[cfg(test)]
mod promises;
mod suspension;
pub(super) mod tension;
mod theme;
pub(super) mod voicing;

use super::lead::LEAD_THAT_BEGINS;
use super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::{LEAVE_S, Moment, loudness};
use crate::chance::{Chance as Luck, Stream};
use crate::chord::Chord;
use crate::settings::Listen;
use crate::time::SampleTime;
use crate::understand::meaning::ChordSense;
use choice::{Chance, choose};
use suspension::{Suspension, suspend};
use voicing::{Keys, PARTS, Wanted, voice};

/// A beat may still be harmonised this long after it, s: singers come up to 100 ms late, and the ears need as long for a
/// sung pitch. Later, the next beat is nearer.
const LATE_S: f64 = 0.3;
/// No chord is taken back sooner than this, s: a chord that was wrong is put right calmly.
const SHORTEST_S: f64 = 0.2;
/// A tone that begins so near a beat belongs to it, s: singers come early and late.
const EARLY_OR_LATE_S: f64 = 0.1;
/// A beat on which no new tone is known this long after the usual time, s, has none.
const WAIT_S: f64 = 0.012;
/// Longest usual time from a tone to knowing it, s.
const LATENESS_MAX_S: f64 = 0.12;
/// Hearing that takes longer than this is a microphone's, and who sings into it comes late at times, s.
const PROMPT_S: f64 = 0.02;
const SINGERS_COME_LATE_S: f64 = 0.09;
/// Before her tone is known, root and fifth of another chord sound only if it was expected with this probability.
const EXPECTED: f32 = 0.7;
/// Its other tones wait for hers, s at most.
const WAIT_MAX_S: f64 = 0.09;
/// Where there is no beat, shortest time between changes, s, and that where she holds a tone against the chord.
const FREE_CHANGE_S: f64 = 1.2;
const FREE_CORRECTION_S: f64 = 0.5;
/// She holds a tone once it lasted so long, s.
const HELD_S: f64 = 0.35;
/// Parts begin one after another from the bass, s: a soft hand.
const ROLL_S: (f32, f32) = (0.004, 0.014);
/// A tone that has sounded for so long is struck anew with the next chord, and with the next downbeat, s; the density
/// knob shortens both.
const STRIKE_WITH_CHORD_S: f64 = 2.4;
const STRIKE_ON_DOWNBEAT_S: f64 = 4.5;
/// No tone lasts longer, s.
const LONGEST_S: f64 = 9.0;
/// The harmony begins once a key is claimed, or is this likely: in open fifths until it is claimed.
const LIKELY_KEY: f32 = 0.35;
/// While no key is claimed, a chord has its third if it is this likely.
const SURE_CHORD: f32 = 0.2;
/// While the client is silent the last chord sounds on for this long with the space knob at 1, s; at 0.5 twice as long.
const LINGER_S: f32 = 1.4;
/// Longest lingering, s: four bars at a slow tempo.
const LINGER_MAX_S: f32 = 8.0;
/// Chords have sevenths and ninths from this tension on; under it, suspensions are the tension.
const TENSE_FROM: f32 = 0.65;
/// The harmony sinks this far below the answer's velocity: it is ground, not figure. The upper voices a little more.
const UNDER_THE_ANSWER: f32 = 12.0;
const UPPER_SOFTER: f32 = 4.0;
/// How far the top voice lies below the middle of her range, semitones, and where it stays whatever she sings.
const BELOW_HER: f32 = 6.0;
const TOP_LIMITS: (f32, f32) = (58.0, 65.0);
/// Where the bass lies best: G2, between a cello's and a bass singer's middle.
const BASS_CENTRE: f32 = 43.0;

/// The harmony.
#[derive(Default)]
pub struct Harmony {
    playing: Option<Playing>,
    /// The tone that is held over from the chord before.
    suspension: Option<Suspension>,
    /// Upper tones that wait for her pitch, and until when.
    waiting: Option<SampleTime>,
    /// The beat that is being harmonised: its instant and place; `None` once it is.
    beat: Option<(SampleTime, Chance)>,
    /// The chord expected with the next beat, and its probability.
    expected: (Option<Chord>, f32),
    /// When the chord last changed.
    changed: SampleTime,
    /// The beat was harmonised with a tone of hers that is known; only another one changes it.
    settled: bool,
    /// That tone.
    decided_with: Option<(SampleTime, u8)>,
    /// The tone of hers heard last: when it began, and its key; and how late her tones are known, samples.
    tone: Option<(SampleTime, u8)>,
    lateness: SampleTime,
    /// The key she sang when the chord was voiced.
    sang: Option<u8>,
    /// Chords played so far.
    chords: u64,
}

/// What sounds.
#[derive(Clone, Copy, Debug)]
struct Playing {
    chord: Chord,
    keys: Keys,
    /// When each part was struck.
    struck: [SampleTime; PARTS],
}

impl Harmony {
    /// The chord that sounds.
    pub fn chord(&self) -> Option<Chord> {
        self.playing.map(|playing| playing.chord)
    }

    /// That chord and its keys.
    pub fn voiced(&self) -> Option<(Chord, Keys)> {
        self.playing.map(|playing| (playing.chord, playing.keys))
    }

    /// Plans for one hop. `wanted`: the state asks for a ground; `still`: no change now, an answer of ours goes on.
    /// Returns whether the ground is this one's.
    pub fn process(&mut self, moment: &Moment, wanted: bool, still: bool, orders: &mut Orders) -> bool {
        let Moment { meaning, settings, .. } = *moment;
        let now = meaning.now;
        let new_tone = self.hear(moment);
        let likely = meaning.tonality.key.is_some() || meaning.tonality.confidence >= LIKELY_KEY;
        let tuned = settings.listen != Listen::Untuned && meaning.chords.chord.is_some();
        if !wanted || !tuned {
            self.withdraw(moment, orders);
            return false;
        }
        if !likely && self.playing.is_none() {
            return false;
        }
        if self.lingered(moment) {
            self.withdraw(moment, orders);
            return true;
        }
        self.resolve(moment, orders);
        let may_begin = meaning.sounding || settings.lead >= LEAD_THAT_BEGINS;
        let still = still && !meaning.sounding;
        if self.suspension.is_none() && !still && !settings.hold && (self.playing.is_some() || may_begin) {
            self.watch_beats(moment);
            if let Some((chance, sure)) = self.opportunity(moment, new_tone) {
                let chord =
                    if sure { choose(moment, self.chord(), chance, self.holds(moment)) } else { self.expects() };
                if let Some(chord) = chord {
                    self.harmonise(moment, chord, chance, sure, orders);
                }
            }
        }
        if self.beat.is_none() {
            self.expected = (meaning.chords.next, meaning.chords.next_confidence);
        }
        if self.waiting.is_some_and(|until| now >= until || new_tone) {
            self.colour(moment, orders);
        }
        self.playing.is_some()
    }

    /// Follows her tones: whether another one is known since the last hop, or the same one better.
    fn hear(&mut self, moment: &Moment) -> bool {
        let meaning = moment.meaning;
        let tone = meaning.sounding_since.zip(meaning.arrived_key());
        let begins = |(since, _): &(SampleTime, u8)| self.tone.is_none_or(|(before, _)| before != *since);
        if let Some((since, _)) = tone.filter(begins) {
            self.lateness = meaning.now.saturating_sub(since).min(moment.clock.samples(LATENESS_MAX_S));
        }
        let new = tone.is_some() && tone != self.tone;
        self.tone = tone.or(self.tone);
        new
    }

    fn withdraw(&mut self, moment: &Moment, orders: &mut Orders) {
        if self.playing.take().is_some() {
            orders.push(Order::Withdraw { behaviour: Behaviour::Harmony, within: moment.clock.samples(LEAVE_S) });
        }
        (self.waiting, self.beat, self.suspension) = (None, None, None);
    }

    /// She has been silent for so long that the chord has rung enough.
    fn lingered(&self, moment: &Moment) -> bool {
        let Moment { meaning, settings, .. } = *moment;
        let linger_s = (LINGER_S / settings.space.max(0.01)).min(LINGER_MAX_S);
        self.playing.is_some() && settings.lead < LEAD_THAT_BEGINS && meaning.silence_s >= linger_s
    }

    /// A beat that falls is to be harmonised; one that is long past no more.
    fn watch_beats(&mut self, moment: &Moment) {
        let Moment { clock, meaning, .. } = *moment;
        if let Some(grid) = meaning.pulse.grid.filter(|_| meaning.pulse.beat) {
            let chance = match (grid.number, grid.per_bar) {
                (0, _) | (_, 0) => Chance::Middle,
                (1, _) => Chance::Downbeat,
                (number, per_bar) if per_bar > 3 && 2 * (number - 1) == per_bar => Chance::Middle,
                _ => Chance::Beat,
            };
            (self.beat, self.settled) = (Some((grid.last_beat, chance)), false);
        }
        self.beat = self.beat.filter(|(beat, _)| clock.between(*beat, meaning.now) <= LATE_S);
    }

    /// Whether a change may come now, and whether the tone that she sings with it is known.
    fn opportunity(&mut self, moment: &Moment, new_tone: bool) -> Option<(Chance, bool)> {
        let Moment { clock, meaning, .. } = *moment;
        let now = meaning.now;
        if meaning.pulse.grid.is_some() {
            let (beat, chance) = self.beat?;
            if self.playing.is_some() && clock.between(self.changed, now) < SHORTEST_S {
                return None;
            }
            let is_prompt = self.lateness <= clock.samples(PROMPT_S);
            let near = clock.samples(EARLY_OR_LATE_S);
            let is_near = |since: SampleTime| since + near >= beat && since <= beat + near;
            let belongs = meaning.sounding_since.is_some_and(|since| is_near(since) && !meaning.glides);
            // Another tone with this beat would be known by now.
            let slack_s = if is_prompt { 0.0 } else { SINGERS_COME_LATE_S };
            let known = now >= beat + self.lateness + clock.samples(WAIT_S + slack_s);
            let sure = known || belongs;
            let again = self.settled && !(belongs && self.tone != self.decided_with);
            if sure {
                (self.settled, self.decided_with) = (true, self.tone);
            }
            return (!again).then_some((chance, sure));
        }
        let since_change_s = clock.between(self.changed, now);
        let first = self.playing.is_none();
        let [change_s, correction_s] =
            [FREE_CHANGE_S, FREE_CORRECTION_S].map(|seconds| seconds / f64::from(moment.promptness()));
        let by_note = new_tone && (first || since_change_s >= change_s);
        let by_clash = self.holds_against(moment) && since_change_s >= correction_s;
        let by_end = meaning.phrase.ended && since_change_s >= change_s;
        (by_note || by_clash || by_end).then_some((Chance::Note, true))
    }

    /// She holds her tone.
    fn holds(&self, moment: &Moment) -> bool {
        let Moment { clock, meaning, .. } = *moment;
        meaning.sounding_since.is_some_and(|since| clock.between(since, meaning.now) >= HELD_S)
    }

    /// She holds a tone that does not belong to the chord.
    fn holds_against(&self, moment: &Moment) -> bool {
        let against =
            |playing: Playing| moment.meaning.sounding_key.is_some_and(|key| !playing.chord.contains(key % 12));
        self.holds(moment) && self.playing.is_some_and(against)
    }

    /// The chord that was expected surely enough to begin before her tone is known.
    fn expects(&self) -> Option<Chord> {
        let other = |chord: &Chord| self.playing.is_some_and(|playing| !playing.chord.same_triad(chord));
        self.expected.0.filter(|chord| self.expected.1 >= EXPECTED && other(chord))
    }

    fn harmonise(&mut self, moment: &Moment, chord: Chord, chance: Chance, sure: bool, orders: &mut Orders) {
        let Moment { clock, meaning, settings, .. } = *moment;
        let now = meaning.now;
        let current = self.chord();
        let strike_s = if current == Some(chord) { STRIKE_ON_DOWNBEAT_S } else { STRIKE_WITH_CHORD_S };
        let strike = clock.samples(strike_s * f64::from(1.6 - 1.2 * settings.density));
        let aged = self.playing.is_some_and(|playing| now.saturating_sub(playing.struck[0]) >= strike);
        let on_time = matches!(chance, Chance::Downbeat | Chance::Note);
        if current == Some(chord) && !(aged && on_time) {
            return;
        }
        let open = meaning.tonality.key.is_none() && triad(&meaning.chords, chord) < SURE_CHORD;
        let mut keys = self.voice(moment, chord, open);
        let before =
            self.playing.filter(|playing| now < playing.struck.iter().min().unwrap_or(&0) + clock.samples(LONGEST_S));
        self.suspension = before
            .filter(|_| sure && !open)
            .and_then(|playing| suspend(moment, &playing, chord, &keys, chance).map(|held| (held, playing)))
            .map(|(held, playing)| {
                keys[held.part] = playing.keys[held.part];
                held
            });
        let held = self.suspension.map(|held| held.part);
        let mut struck = before.map_or([0; PARTS], |playing| playing.struck);
        let keeps = |part: usize| {
            let is_young = |playing: &Playing| now - playing.struck[part] < strike || held == Some(part);
            before.is_some_and(|playing| playing.keys[part] == keys[part] && is_young(&playing))
        };
        let fresh: [bool; PARTS] = std::array::from_fn(|part| !keeps(part));
        let colours = |part: usize| {
            let above = (keys[part] + 12 - chord.root) % 12;
            above != 0 && above != chord.family.tones()[2]
        };
        let waits = |part: usize| !sure && meaning.sounding && colours(part);
        self.chords = self.chords.wrapping_add(1);
        let mut luck = Luck::new(settings.seed, Stream::Harmony, self.chords);
        let mut after_s = 0.0;
        for part in (0..PARTS).filter(|&part| fresh[part]) {
            struck[part] = now;
            let doubles = part > 0 && keys[part] == keys[part - 1];
            if doubles {
                orders.push(Order::Rest { voice: Voice::Harmony, part: part as u8 });
            } else if !waits(part) {
                play(moment, part, keys[part], after_s, orders);
                after_s += luck.between(ROLL_S.0, ROLL_S.1);
            }
        }
        let any_waits = (0..PARTS).any(|part| fresh[part] && waits(part));
        self.waiting = any_waits.then(|| now + clock.samples(WAIT_MAX_S));
        self.changed = if current == Some(chord) { self.changed } else { now };
        self.sang = meaning.sounding_key;
        self.playing = Some(Playing { chord, keys, struck });
    }

    /// The tone that was held over gives way. The chord stays for the rest of that beat.
    fn resolve(&mut self, moment: &Moment, orders: &mut Orders) {
        let Some(playing) = &mut self.playing else { return };
        let Some(held) = self.suspension.filter(|held| held.resolves(moment, &playing.keys)) else { return };
        (playing.keys[held.part], playing.struck[held.part]) = (held.key, moment.meaning.now);
        (self.suspension, self.beat) = (None, None);
        play(moment, held.part, held.key, 0.0, orders);
    }

    /// The tones that waited come in.
    fn colour(&mut self, moment: &Moment, orders: &mut Orders) {
        let Some(playing) = self.playing.filter(|_| self.waiting.take().is_some()) else { return };
        for part in 0..PARTS {
            let above = (playing.keys[part] + 12 - playing.chord.root) % 12;
            if playing.struck[part] == self.changed && above != 0 && above != playing.chord.family.tones()[2] {
                play(moment, part, playing.keys[part], 0.0, orders);
            }
        }
    }

    fn voice(&self, moment: &Moment, chord: Chord, open: bool) -> Keys {
        let Moment { meaning, settings, .. } = *moment;
        let manner = &moment.intent.character.manner;
        let top = (meaning.energy.centre_key - BELOW_HER).clamp(TOP_LIMITS.0, TOP_LIMITS.1) + manner.top();
        let keys = voice(&Wanted {
            chord,
            before: self.voiced().or(moment.voiced),
            client: [self.sang, meaning.sounding_key],
            register: (settings.register_low, settings.register_high),
            top,
            bass: BASS_CENTRE + manner.bass(),
            open,
        });
        let tense = !open && settings.tension >= TENSE_FROM;
        if tense { tension::tensed(keys, chord, moment) } else { keys }
    }
}

fn play(moment: &Moment, part: usize, key: u8, after_s: f32, orders: &mut Orders) {
    let Moment { clock, meaning, .. } = *moment;
    let on = meaning.now + clock.samples(after_s.into());
    let (voice, line, softer) =
        if part == 0 { (Voice::Bass, 1, 0.0) } else { (Voice::Harmony, part as u8, UPPER_SOFTER) };
    orders.push(Order::Play(PlannedNote {
        on,
        off: on + clock.samples(LONGEST_S),
        key,
        velocity: loudness(moment) - UNDER_THE_ANSWER - softer,
        voice,
        part: line,
        behaviour: Behaviour::Harmony,
    }));
}

/// The probability of the triad of `chord`, whatever its seventh.
pub(super) fn triad(chords: &ChordSense, chord: Chord) -> f32 {
    let same = Chord::all().zip(chords.now).filter(|(other, _)| other.same_triad(&chord));
    same.map(|(_, share)| share).sum()
}
