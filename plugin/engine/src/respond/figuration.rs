//! Figuration: a chord that would be held is struck again, broken, or made into a figure, on her beat where there is one
//! and else with her notes (grounding and frameworking, Wigram 2004; repeating, Bruscia 1987).
//!
//! It changes when tones begin, never which: the lines of the chord are those that the ground has voiced.

use super::Moment;
use super::harmony::voicing::PARTS;
use super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use crate::chance::{Chance, Stream};
use crate::intend::body::Ground;
use crate::intend::figuration::Figuration;
use crate::time::SampleTime;

/// Lines: the chord's, and the tone that rubs.
const LINES: usize = PARTS + 1;
/// A tone planned for so long is held, s.
const HELD_S: f64 = 3.0;
/// Where there is no beat, it comes so long after a note of hers, s: heard as an answer to it and before the next one.
const AFTER_HER_S: f64 = 0.11;
/// While she is silent for longer than this, s, nothing is struck: longer than a breath between lines.
const SILENT_S: f32 = 2.4;
/// Manner's density from which it comes twice a beat, and below which every other beat alone.
const TWICE: f32 = 1.3;
const SELDOM: f32 = 0.6;
/// Share of a step below which another stroke is the same one, moved by a beat that was felt anew.
const SAME_STROKE: f64 = 0.6;
/// Shortest and longest step between her notes, s.
const STEP_S: (f64, f64) = (0.2, 1.5);
/// Lengths of a stroke and of a tone that rings on, in steps, and the longest, s.
const STROKE: f64 = 0.9;
const RINGS: f64 = 3.6;
const LONGEST_S: f64 = 6.0;
/// A bass that marks the bars lasts so many beats; beats of a bar that is not known.
const FRAMES: f64 = 3.6;
const UNKNOWN_BAR: u8 = 2;
/// The order in which a broken chord's lines come, the bass on the first of the round.
const BROKEN: [usize; 6] = [0, 1, 2, 3, 2, 1];
/// The short figure, and its surprise.
const OSTINATO: [usize; 8] = [0, 2, 1, 2, 3, 2, 1, 2];
const SURPRISE: [usize; 8] = [0, 1, 2, 3, 3, 3, 2, 1];
/// Where the lower tones are sustained, these lines alone are played as figures.
const SUSTAINED_UNDER: [usize; 2] = [2, 3];
/// Every so many figures there is a surprise.
const SURPRISE_EVERY: u64 = 4;
/// The figure's first tone is louder, MIDI velocity.
const ACCENT: f32 = 6.0;
/// Uneven: chance of a tone at each stroke, how late it may come, s, how its loudness strays, MIDI velocity, and how long
/// it is, s.
const UNEVEN_SHARE: f32 = 0.6;
const UNEVEN_LATE_S: f32 = 0.16;
const UNEVEN_STRAY: f32 = 8.0;
const UNEVEN_S: f64 = 0.4;

/// The figures.
#[derive(Debug, Default)]
pub struct Figures {
    /// What the ground holds: bass, upper lines, the tone that rubs.
    held: [Option<PlannedNote>; LINES],
    /// The beat and the part of it that was struck last, and how many parts have passed.
    part: Option<(SampleTime, SampleTime)>,
    parts: u64,
    /// Her onsets so far, and when the stroke after the last of them is due.
    onsets: u32,
    due: Option<SampleTime>,
    /// When it was struck last, and how often since something is held.
    last: SampleTime,
    strokes: u64,
}

impl Figures {
    /// Takes what is to be held from the orders from the one at `from` on, and strikes it as `figuration` has it.
    pub fn process(&mut self, moment: &Moment, figuration: Figuration, from: usize, orders: &mut Orders) {
        let under_her = matches!(
            moment.intent.body.ground,
            Ground::Tones | Ground::Drone | Ground::Held | Ground::Chords | Ground::Beat
        );
        if figuration == Figuration::Held || !under_her {
            *self = Self::default();
            return;
        }
        self.take(moment, figuration, from, orders);
        let now = moment.meaning.now;
        for held in &mut self.held {
            *held = held.filter(|note| now < note.off);
        }
        let any = self.held.iter().any(Option::is_some);
        if let Some(step_s) = self.stroke(moment, figuration).filter(|_| any) {
            self.strike(moment, figuration, step_s, orders);
        }
    }

    fn take(&mut self, moment: &Moment, figuration: Figuration, from: usize, orders: &mut Orders) {
        let clock = moment.clock;
        let mut index = from;
        while index < orders.len() {
            match &mut orders[index] {
                Order::Play(note) => {
                    let sustained = |line: &usize| moment.intent.character.sustains && !SUSTAINED_UNDER.contains(line);
                    let line = line(note).filter(|_| clock.between(note.on, note.off) >= HELD_S);
                    let framed = |line: &usize| figuration == Figuration::Framework && *line > 0;
                    let line = line.filter(|line| !sustained(line) && !framed(line));
                    if let Some(line) = line {
                        self.held[line] = Some(*note);
                        // The bass begins with the chord; what lies above it comes in its figure.
                        let comes_later = line > 0 && figuration != Figuration::Repeated;
                        if comes_later {
                            orders.remove(index);
                            continue;
                        }
                        if figuration == Figuration::Framework {
                            self.last = note.on;
                            index += 1;
                            continue;
                        }
                        let length_s = if rings(figuration) { LONGEST_S } else { self.step_s(moment) * STROKE };
                        note.off = note.off.min(note.on + clock.samples(length_s));
                        self.last = note.on;
                    }
                }
                Order::Withdraw { behaviour, .. } => {
                    let behaviour = *behaviour;
                    for held in &mut self.held {
                        *held = held.filter(|note| note.behaviour != behaviour);
                    }
                }
                Order::Rest { voice, part } => {
                    let (voice, part) = (*voice, *part);
                    for held in &mut self.held {
                        *held = held.filter(|note| (note.voice, note.part) != (voice, part));
                    }
                }
                Order::WithdrawAll { .. } => self.held = [None; LINES],
            }
            index += 1;
        }
    }

    /// Seconds from stroke to stroke: of her beat, or of her notes.
    fn step_s(&self, moment: &Moment) -> f64 {
        let Moment { clock, meaning, intent, .. } = *moment;
        let density = intent.character.manner.density;
        let times = if density < SELDOM { 2.0 } else { 1.0 };
        match meaning.pulse.grid.filter(|_| intent.metre) {
            Some(grid) => {
                let parts = if density >= TWICE { 2.0 } else { 1.0 };
                clock.between(grid.last_beat, grid.next_beat) * times / parts
            }
            None => times / f64::from(meaning.energy.density.max(0.1)),
        }
        .clamp(STEP_S.0, STEP_S.1 * times)
    }

    /// Whether a stroke comes now, and the seconds to the next one.
    fn stroke(&mut self, moment: &Moment, figuration: Figuration) -> Option<f64> {
        let Moment { clock, meaning, intent, .. } = *moment;
        let now = meaning.now;
        let every = if intent.character.manner.density < SELDOM { 2 } else { 1 };
        if meaning.onsets > self.onsets {
            self.due = Some(now + clock.samples(AFTER_HER_S));
        }
        self.onsets = meaning.onsets;
        let step_s = self.step_s(moment);
        let grid = meaning.pulse.grid.filter(|_| intent.metre && figuration != Figuration::Following);
        let falls = match grid {
            Some(grid) => {
                self.due = None;
                let parts = if intent.character.manner.density >= TWICE { 2 } else { 1 };
                let beat = (grid.next_beat - grid.last_beat).max(parts);
                let place = (now.saturating_sub(grid.last_beat) * parts / beat).min(parts - 1);
                let part = Some((grid.last_beat, place));
                part != std::mem::replace(&mut self.part, part)
            }
            None => self.due.take_if(|due| now >= *due).is_some(),
        };
        self.parts += u64::from(falls);
        let is_due = falls && self.parts.is_multiple_of(every);
        let is_new = clock.between(self.last, now) >= (SAME_STROKE * step_s).min(STEP_S.0 * 2.0);
        (is_due && is_new && meaning.silence_s < SILENT_S && !moment.settings.hold).then_some(step_s)
    }

    /// The bass marks this beat: the first of the bar and its middle.
    fn marks(&self, moment: &Moment) -> bool {
        let Some(grid) = moment.meaning.pulse.grid.filter(|_| moment.intent.metre) else { return false };
        let first = grid.number == 1;
        let middle = grid.number > 0 && grid.per_bar > 3 && 2 * (grid.number - 1) == grid.per_bar;
        let unknown = grid.number == 0 && self.strokes.is_multiple_of(u64::from(UNKNOWN_BAR));
        first || middle || unknown
    }

    fn strike(&mut self, moment: &Moment, figuration: Figuration, step_s: f64, orders: &mut Orders) {
        let Moment { clock, meaning, settings, .. } = *moment;
        let now = meaning.now;
        let stroke = self.strokes;
        (self.last, self.strokes) = (now, stroke.wrapping_add(1));
        let mut chance = Chance::new(settings.seed, Stream::Figuration, stroke);
        let mut play = |line: usize, late_s: f32, louder: f32, length_s: f64| {
            let Some(note) = self.held[line] else { return };
            let on = now + clock.samples(late_s.into());
            let off = on + clock.samples(length_s.min(LONGEST_S));
            let _ = orders.try_push(Order::Play(PlannedNote { on, off, velocity: note.velocity + louder, ..note }));
        };
        let sustains = moment.intent.character.sustains;
        let top = SUSTAINED_UNDER[(stroke % 2) as usize];
        let lowest = if sustains { top } else { 1 };
        let above = |line: usize| if self.held[line].is_some() || line == 0 && !sustains { line } else { lowest };
        let at = |round: &[usize]| above(round[(stroke % round.len() as u64) as usize]);
        match figuration {
            Figuration::Held => {}
            Figuration::Framework => {
                if self.marks(moment) {
                    play(0, 0.0, 0.0, FRAMES * step_s);
                }
            }
            Figuration::Repeated => {
                let first = usize::from(!stroke.is_multiple_of(2));
                (first..LINES).for_each(|line| play(line, 0.0, 0.0, STROKE * step_s));
            }
            Figuration::Broken | Figuration::Following => {
                let line = at(&BROKEN);
                play(line, 0.0, 0.0, RINGS * step_s);
                if line == PARTS - 1 {
                    play(PARTS, 0.0, 0.0, RINGS * step_s);
                }
            }
            Figuration::Ostinato => {
                let figure = stroke / OSTINATO.len() as u64;
                let surprise = figure % SURPRISE_EVERY == SURPRISE_EVERY - 1;
                let line = at(if surprise { &SURPRISE } else { &OSTINATO });
                let accent = if stroke.is_multiple_of(OSTINATO.len() as u64) { ACCENT } else { 0.0 };
                play(line, 0.0, accent, STROKE * step_s);
                if line == PARTS - 1 {
                    play(PARTS, 0.0, accent, STROKE * step_s);
                }
            }
            Figuration::Uneven => {
                for line in [1 + (stroke % 3) as usize, PARTS] {
                    let (share, late_s) = (chance.unit(), chance.between(0.0, UNEVEN_LATE_S));
                    let louder = chance.between(-UNEVEN_STRAY, UNEVEN_STRAY);
                    if share < UNEVEN_SHARE {
                        play(above(line), late_s, louder, UNEVEN_S.min(step_s));
                    }
                }
            }
        }
    }
}

/// Tones ring on into the next ones.
fn rings(figuration: Figuration) -> bool {
    matches!(figuration, Figuration::Broken | Figuration::Following)
}

/// The line of a note of a ground that is held.
fn line(note: &PlannedNote) -> Option<usize> {
    let of_ground =
        matches!(note.behaviour, Behaviour::Drone | Behaviour::Harmony | Behaviour::Holding | Behaviour::Tones);
    match note.voice {
        _ if !of_ground => None,
        Voice::Bass => Some(0),
        Voice::Harmony => Some(usize::from(note.part).min(PARTS)),
        _ => None,
    }
}
