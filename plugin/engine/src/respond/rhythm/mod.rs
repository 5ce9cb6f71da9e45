//! Rhythm: chords on the beat, in the manner of the state's figure (pulse, swing, song, build) and as a floor.
//!
//! The hand falls with the beat that is predicted, never after it. Where a song does not know its chord yet, only what most
//! of the likely chords share falls with the beat, and the rest follows with her tone, within the time in which the third
//! of a chord may come late.

mod added;
mod alone;
mod build;
mod chords;
mod count;
mod figures;
mod floor;
mod form;
pub(super) mod level;
mod lift;
#[cfg(test)]
mod promises;
mod rubato;
mod swing;

use super::drone::UNTUNED_ROOT;
use super::harmony::voicing::{Keys, PARTS};
use super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::{LEAVE_S, Moment};
use crate::chord::Chord;
use crate::intend::idioms::{Cell, idiom_row};
use crate::intend::intent::{Figure, Ground};
use crate::key::{Key, PitchClass};
use crate::settings::Listen;
use crate::time::SampleTime;
use crate::understand::meaning::{Meaning, PulseSense};
use build::Build;
use chords::Open;
use count::{Count, Tick};
use figures::{Strike, building, layers, length_s, strike};
use floor::Floor;
use form::Form;

/// Most lines at once: the bass, three above it, and two that a build adds.
const LINES: usize = PARTS + 2;
/// Which of the lines.
type Lines = [bool; LINES];

/// She has stopped, and is not just taking a breath, after so long, s: lines are 0.6 to 1.5 s apart.
const ALONE_S: f32 = 2.5;
/// Space from which the music breathes with her at the end of her phrases.
const BREATHES_FROM_SPACE: f32 = 0.15;
/// And space from which it rests until she sings again.
const RESTS_FROM_SPACE: f32 = 0.6;
/// Where the bass lies best: G2, between a cello's and a bass singer's middle.
const BASS_CENTRE: f32 = 43.0;
/// The rhythm.
#[derive(Default)]
pub struct Rhythm {
    count: Count,
    form: Form,
    floor: Floor,
    playing: Option<(Chord, Keys)>,
    /// Until when each line sounds.
    sounds: [SampleTime; LINES],
    /// The keys struck last.
    keys: [Option<u8>; LINES],
    /// The beat whose chord is not settled yet.
    open: Option<Open>,
    /// The chord that was struck last, when, and the beat at which it was struck safely.
    struck: Option<Chord>,
    struck_at: SampleTime,
    safe_at: Option<SampleTime>,
    /// Beats since the rhythm came in, and since its figure began.
    beats: u64,
    in_figure: u64,
    figure: Option<(Figure, bool)>,
    build: Build,
    /// The key of hers heard last, and since when; and the key claimed last.
    heard: (Option<u8>, SampleTime),
    key: Option<Key>,
    /// When the chord that is held alone was struck.
    alone: Option<SampleTime>,
    /// Another chord was taken at the half beat: the form keeps that of the beat.
    turned: bool,
    /// What was played last.
    behaviour: Option<Behaviour>,
}

impl Rhythm {
    /// The chord that is played.
    pub fn chord(&self) -> Option<Chord> {
        self.playing.map(|(chord, _)| chord)
    }

    /// That chord and its keys.
    pub fn voiced(&self) -> Option<(Chord, Keys)> {
        self.playing
    }

    /// It plays now, or has begun what still sounds.
    pub fn sounds(&self, now: SampleTime) -> bool {
        self.behaviour.is_some() && self.sounds.iter().any(|&until| now < until)
    }

    /// Plans for one hop. `wanted`: the state asks for a ground on the beat. Returns whether the ground is this one's.
    pub fn process(&mut self, moment: &Moment, wanted: bool, orders: &mut Orders) -> bool {
        let Moment { meaning, intent, .. } = *moment;
        if !wanted {
            self.leave(moment, orders);
            return false;
        }
        if intent.body.figure == Figure::Floor {
            return self.stand(moment, orders);
        }
        self.floor.end();
        self.enter(moment);
        let ratio = self.swing(moment);
        let tick = self.count.process(moment, swing::half(ratio), moment.intent.body.grows > 0.0);
        if !self.count.runs() || !can_play(moment) {
            self.leave(moment, orders);
            return false;
        }
        // A phrase that begins in the hop in which a beat falls begins with that beat.
        let with_beat = tick.is_some_and(|tick| !tick.half);
        if meaning.phrase.began && !with_beat {
            self.phrase_begins(meaning);
        }
        self.form.returns(meaning);
        self.key = meaning.tonality.key.or(self.key);
        if self.heard.0 != meaning.sounding_key {
            self.heard = (meaning.sounding_key, meaning.now);
        }
        if meaning.silence_s >= ALONE_S {
            self.hold_alone(moment, orders);
            return true;
        }
        if self.alone.take().is_some() {
            // She is back: the rhythm comes in anew.
            (self.beats, self.in_figure) = (0, 0);
        }
        if let Some(tick) = tick {
            self.play(moment, &tick, orders);
        }
        if meaning.phrase.began && with_beat {
            self.phrase_begins(meaning);
        }
        self.settle(moment, orders);
        self.lift(moment, orders);
        true
    }

    /// Form and build follow her phrase.
    fn phrase_begins(&mut self, meaning: &Meaning) {
        let Some(last) = self.count.last() else { return };
        self.write();
        self.build.has_bar(last.per_bar);
        self.build.phrase_begins(self.beats);
        self.form.phrase_begins(meaning, &last);
    }

    /// What begins with another figure.
    fn enter(&mut self, moment: &Moment) {
        let body = &moment.intent.body;
        let grows = body.grows > 0.0;
        let figure = Some((body.figure, grows));
        if self.figure == figure {
            return;
        }
        let was_song = self.figure.is_some_and(|(figure, _)| figure == Figure::Song);
        if body.figure == Figure::Song && !was_song {
            self.form.begin(moment.settings.form);
        }
        if grows {
            self.build.begin(level::ground(moment), self.count.last().map_or(4, |tick| tick.per_bar));
        }
        (self.figure, self.in_figure) = (figure, 0);
    }

    /// Long against short at the half beat.
    fn swing(&self, moment: &Moment) -> f32 {
        let Some(last) = self.count.last() else { return 1.0 };
        let bpm = (60.0 / last.period_s) as f32;
        let PulseSense { grid, rubato, .. } = moment.meaning.pulse;
        // Who bends the time bends her half beats too, and they tell of no swing.
        let heard = grid.filter(|_| !rubato).map_or(1.0, |grid| grid.swing);
        match moment.intent.body.figure {
            Figure::Swing => swing::ratio(bpm, heard, self.in_figure.saturating_sub(1)),
            _ if idiom_row(moment.settings.idiom).cell == Cell::Swung => swing::ratio(bpm, heard, u64::MAX),
            _ if heard >= swing::HEARD_FROM => swing::ratio(bpm, heard, u64::MAX),
            _ => 1.0,
        }
    }

    /// A beat or half beat falls.
    fn play(&mut self, moment: &Moment, tick: &Tick, orders: &mut Orders) {
        let Moment { intent, settings, .. } = *moment;
        let body = &intent.body;
        let grows = body.grows > 0.0;
        let (before, mut waits) = (self.chord(), false);
        if !tick.half {
            self.write();
            self.turned = false;
            self.form.beat(tick, self.build.bars(), moment.intent.body.same_chords);
            if grows {
                self.build.beat(tick.is_downbeat());
            }
            let (chord, sure) = self.chord_at(moment, tick);
            waits = !sure && (!grows || tick.is_downbeat()) && idiom_row(settings.idiom).cell == Cell::Free;
            if let Some(chord) = chord.filter(|_| !waits) {
                self.take(moment, chord);
            }
            self.open = Some(Open { tick: *tick, expected: chord, waits });
        } else {
            self.write();
            self.turned |= self.turn(moment);
        }
        let strikes = match body.figure {
            _ if grows => building(tick, self.build.quarter()),
            figure => {
                let cell = idiom_row(settings.idiom).cell;
                strike(figure, cell, tick, layers(density(moment)), self.in_figure)
            }
        };
        let changes = self.chord() != before || self.struck.is_some_and(|struck| self.chord() != Some(struck));
        let strikes = match self.breathes(moment, tick) {
            true => Strike::default(),
            false if changes && !tick.half && body.figure == Figure::Song => Strike { bass: true, upper: true },
            false => strikes,
        };
        // A short note leads to its beat, wherever hers turns out to be.
        if tick.half && body.figure == Figure::Swing && strikes.upper {
            self.count.promise(moment);
        }
        let velocities = self.velocities(moment, tick);
        if !tick.half {
            if settings.space >= BREATHES_FROM_SPACE && self.breathes(moment, tick) {
                self.fall_silent(moment, 0, orders);
            }
            self.beats += 1;
            self.in_figure += 1;
        }
        let lines = if waits { self.safe(moment, strikes) } else { strikes.lines() };
        self.safe_at = if waits { Some(tick.at) } else { self.safe_at };
        self.sound(moment, tick, lines, velocities, orders);
    }

    /// The form keeps the chord that was struck at its place.
    fn write(&mut self) {
        if !self.turned {
            self.form.write(self.struck);
        }
    }

    /// Velocity of bass and upper voices at `tick`.
    fn velocities(&self, moment: &Moment, tick: &Tick) -> [f32; 2] {
        if moment.intent.body.grows > 0.0 {
            level::building(moment, tick, self.build.ground, self.build.growth())
        } else {
            level::strike(moment, tick, self.beats)
        }
    }

    /// Sounds these lines of the chord.
    fn sound(&mut self, moment: &Moment, tick: &Tick, which: Lines, velocities: [f32; 2], orders: &mut Orders) {
        let Some((chord, keys)) = self.playing.filter(|_| which.contains(&true)) else { return };
        let Moment { clock, meaning, intent, settings, .. } = *moment;
        let on = meaning.now;
        let (mut lines, mut which) = (self.lines(moment, tick, chord, &keys), which);
        self.add_hers(moment, chord, &mut lines, &mut which);
        self.no_mixture(moment, chord, &which, orders);
        // No bass of another chord stays under this one.
        which[0] |= self.sounds[0] > on
            && self.keys[0].is_some_and(|key| !chord.contains(key % 12))
            && self.keys[0] != lines[0];
        if which[1..].contains(&true) {
            (self.struck, self.struck_at) = (Some(chord), on);
        }
        let length_s = length_s(&intent.body, tick, layers(density(moment)), settings);
        let behaviour = behaviour(intent.body.figure, intent.body.grows);
        for (line, key) in lines.into_iter().enumerate() {
            let is_bass = line == 0;
            if !which[line] {
                continue;
            }
            let (voice, part) = place(line);
            let doubled = key.is_some_and(|key| lines[..line].contains(&Some(key)));
            let Some(key) = key.filter(|_| !doubled) else {
                if self.sounds[line] > on {
                    orders.push(Order::Rest { voice, part });
                    self.sounds[line] = 0;
                }
                continue;
            };
            let off = on + clock.samples(length_s);
            self.sounds[line] = off;
            self.keys[line] = Some(key);
            orders.push(Order::Play(PlannedNote {
                on,
                off,
                key,
                velocity: velocities[usize::from(!is_bass)],
                voice,
                part,
                behaviour,
            }));
        }
        self.behaviour = Some(behaviour);
    }

    /// At the end of her phrase the music breathes with her: weak beats are left out, and with more space all of them.
    fn breathes(&self, moment: &Moment, tick: &Tick) -> bool {
        let Moment { meaning, intent, settings, .. } = *moment;
        let rests = settings.space >= BREATHES_FROM_SPACE && intent.body.grows == 0.0 && !meaning.phrase.open;
        let goes_on = if intent.body.figure == Figure::Song { tick.is_downbeat() } else { tick.is_strong() };
        rests && (settings.space >= RESTS_FROM_SPACE || !goes_on)
    }

    fn fall_silent(&mut self, moment: &Moment, within: SampleTime, orders: &mut Orders) {
        let now = moment.meaning.now;
        if within > 0
            && let Some(behaviour) = self.behaviour
        {
            orders.push(Order::Withdraw { behaviour, within });
        }
        for line in 0..LINES {
            let (voice, part) = place(line);
            if self.sounds[line] > now && within == 0 {
                orders.push(Order::Rest { voice, part });
            }
            self.sounds[line] = self.sounds[line].min(now + within);
        }
    }

    /// The floor plays.
    fn stand(&mut self, moment: &Moment, orders: &mut Orders) -> bool {
        if self.figure.take().is_some() {
            self.fall_silent(moment, moment.clock.samples(LEAVE_S), orders);
            (self.playing, self.open, self.count) = (None, None, Count::default());
        }
        if moment.meaning.silence_s >= ALONE_S {
            self.floor.end();
            return true;
        }
        self.floor.process(moment, orders)
    }

    /// Another ground takes over; a chord that is held while she is silent rings on.
    fn leave(&mut self, moment: &Moment, orders: &mut Orders) {
        self.floor.leave(moment, orders);
        if self.figure.is_none() && self.playing.is_none() {
            return;
        }
        let rings = moment.intent.body.ground == Ground::Ring
            || moment.intent.body.ground == Ground::Chords && self.alone.is_some() && !moment.meaning.sounding;
        if !rings {
            self.fall_silent(moment, moment.clock.samples(LEAVE_S), orders);
        }
        let form = std::mem::take(&mut self.form);
        let build = self.build.paused();
        *self = Self { form, build, ..Self::default() };
    }
}

/// The ground stands on chords of thirds; else on open fifths.
fn is_tuned(moment: &Moment) -> bool {
    let thirds = moment.intent.character.chords && idiom_row(moment.settings.idiom).thirds;
    thirds && moment.settings.listen != Listen::Untuned && moment.meaning.chords.chord.is_some()
}

/// There are chords to play, or there is nothing but drums and so open fifths.
fn can_play(moment: &Moment) -> bool {
    let meaning = moment.meaning;
    let drums = moment.settings.listen == Listen::Untuned || meaning.tonality.anchor.is_none();
    meaning.chords.chord.is_some() || drums
}

/// The tonic to stand on: the key's, or with nothing pitched the drone's.
fn root(moment: &Moment) -> PitchClass {
    moment.meaning.tonality.key.map_or(UNTUNED_ROOT, |key| key.tonic)
}

/// Voice and part of a line, the bass first.
fn place(line: usize) -> (Voice, u8) {
    if line == 0 { (Voice::Bass, 1) } else { (Voice::Harmony, line as u8) }
}

fn behaviour(figure: Figure, grows: f32) -> Behaviour {
    match figure {
        _ if grows > 0.0 => Behaviour::Build,
        Figure::Pulse => Behaviour::Pulse,
        Figure::Swing => Behaviour::Swing,
        Figure::Song => Behaviour::Song,
        Figure::Floor => Behaviour::Grounding,
    }
}

/// How dense the figures are, against her notes.
fn density(moment: &Moment) -> f32 {
    let character = &moment.intent.character;
    character.density_ratio * character.manner.density * moment.her_density()
}
