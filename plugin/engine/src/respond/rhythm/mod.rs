//! Rhythm: chords on the beat, in the manner of the state's figure (pulse, swing, song, build) and as a floor.
//!
//! The hand falls with the beat that is predicted, never after it: before her tone is known the chord is the one that is
//! expected. Where it was wrong, a song puts it right within the time in which the third of a chord may come late, and
//! all others with a later beat.

mod count;
mod figures;
mod floor;
mod form;
mod level;
#[cfg(test)]
mod promises;
mod swing;

use super::drone::UNTUNED_ROOT;
use super::harmony::choice::{Chance, choose};
use super::harmony::tension::tensed;
use super::harmony::triad;
use super::harmony::voicing::{Keys, PARTS, Wanted, voice};
use super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::{LEAVE_S, Moment};
use crate::chord::{Chord, Family};
use crate::intend::approaches::approach_row;
use crate::intend::idioms::idiom_row;
use crate::intend::intent::{Figure, Ground};
use crate::key::{Key, PitchClass};
use crate::settings::Listen;
use crate::time::SampleTime;
use count::{Count, Tick};
use figures::{Strike, building, layers, strike};
use floor::Floor;
use form::{BARS, Form};

/// Most lines at once: the bass, three above it, and two that a build adds.
const LINES: usize = PARTS + 2;
/// A song puts a chord right this long after the beat, s, at the soonest and at the latest: the third of a chord may come
/// 40 to 90 ms late, and the beat of a singer is heard up to 30 ms before her vowel.
const PUT_RIGHT_S: (f64, f64) = (0.085, 0.14);
/// And with a tone of hers that begins after the beat, so long after that at the latest, s.
const AFTER_TONE_S: f64 = 0.12;
/// A tone that begins so near a beat belongs to it, s: singers come early and late.
const EARLY_OR_LATE_S: f64 = 0.1;
/// A sung pitch is not trusted before it is so old, s: voices scoop and glide into their tones.
const PITCH_SETTLES_S: f64 = 0.075;
/// And before its key has stayed the same for so long, s.
const STEADY_S: f64 = 0.02;
/// As probabilities of a chord: what it is worth that her tone belongs to it, that it sounds already, that it is the
/// dominant at an open end, and what the therapist's colour is worth at its ends.
const HER_TONE: f32 = 0.35;
const STAY: f32 = 0.06;
const LEADS: f32 = 0.08;
const COLOUR: f32 = 0.25;
/// She holds a tone once it lasted so long, s.
const HELD_S: f64 = 0.35;
/// While no key is claimed, a chord has its third if it is this likely.
const SURE_CHORD: f32 = 0.2;
/// She has stopped, and is not just taking a breath, after so long, s: lines are 0.6 to 1.5 s apart.
const ALONE_S: f32 = 2.5;
/// Alone, a chord is held for so many bars.
const ALONE_BARS: f64 = 2.0;
/// Space from which the music breathes with her at the end of her phrases.
const BREATHES_FROM_SPACE: f32 = 0.15;
/// And space from which it rests until she sings again.
const RESTS_FROM_SPACE: f32 = 0.6;
/// How far the top voice lies below the middle of her range, semitones, and where it stays whatever she sings.
const BELOW_HER: f32 = 6.0;
const TOP_LIMITS: (f32, f32) = (58.0, 65.0);
/// Where the bass lies best: G2, between a cello's and a bass singer's middle.
const BASS_CENTRE: f32 = 43.0;
/// Bars of a line, and fewest and most of them that a build reckons with.
const BUILD_BARS: (u64, u64) = (2, 8);

/// The rhythm.
#[derive(Default)]
pub struct Rhythm {
    count: Count,
    form: Form,
    floor: Floor,
    playing: Option<(Chord, Keys)>,
    /// Until when each line sounds.
    sounds: [SampleTime; LINES],
    /// The key of the bass struck last.
    bass: Option<u8>,
    /// The beat whose chord is not settled yet.
    open: Option<Tick>,
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
    /// What was played last.
    behaviour: Option<Behaviour>,
}

/// How far a build has come.
#[derive(Clone, Copy, Default)]
struct Build {
    /// The velocity it is built on.
    ground: f32,
    /// Beats of it so far, from its first downbeat; and in all.
    beats: u64,
    length: u64,
    /// Beats counted when her last phrase began, and from that one to the one before.
    phrase_at: Option<u64>,
    phrase_beats: u64,
}

impl Build {
    /// Her phrase begins at `beats` of the count: how long her lines are is learned.
    fn phrase_begins(&mut self, beats: u64) {
        if let Some(before) = self.phrase_at.replace(beats) {
            self.phrase_beats = beats.saturating_sub(before);
        }
    }

    fn begin(&mut self, ground: f32, per_bar: u8) {
        let per_bar = u64::from(per_bar.max(1));
        let bars = (self.phrase_beats + per_bar / 2) / per_bar;
        let bars = if bars == 0 { BARS as u64 } else { bars.clamp(BUILD_BARS.0, BUILD_BARS.1) };
        (self.ground, self.beats, self.length) = (ground, 0, bars * per_bar);
    }

    /// How far it has come, 0-1.
    fn growth(&self) -> f32 {
        (self.beats as f32 / self.length.max(1) as f32).min(1.0)
    }

    /// Its quarter, 0 to 3.
    fn quarter(&self) -> usize {
        ((4 * self.beats / self.length.max(1)) as usize).min(3)
    }
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
        let tick = self.count.process(moment, swing::half(ratio));
        if !self.count.runs() || !can_play(moment) {
            self.leave(moment, orders);
            return false;
        }
        if meaning.phrase.began
            && let Some(last) = self.count.last()
        {
            self.form.phrase_begins(meaning, &last);
            self.build.phrase_begins(self.beats);
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
        self.put_right(moment, orders);
        true
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
            self.form.begin();
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
        let heard = moment.meaning.pulse.grid.map_or(1.0, |grid| grid.swing);
        match moment.intent.body.figure {
            Figure::Swing => swing::ratio(bpm, heard, self.in_figure.saturating_sub(1)),
            _ if heard >= swing::HEARD_FROM => swing::ratio(bpm, heard, u64::MAX),
            _ => 1.0,
        }
    }

    /// A beat or half beat falls.
    fn play(&mut self, moment: &Moment, tick: &Tick, orders: &mut Orders) {
        let Moment { intent, settings, .. } = *moment;
        let body = &intent.body;
        if !tick.half {
            self.form.beat(tick);
            let chord = self.chord_at(moment, tick);
            if let Some(chord) = chord {
                self.take(moment, chord);
            }
            self.open = Some(*tick);
        }
        let Some((chord, _)) = self.playing else { return };
        let grows = body.grows > 0.0;
        let strikes = match body.figure {
            _ if grows => building(tick, self.build.quarter()),
            figure => strike(
                figure,
                tick,
                layers(intent.character.density_ratio * intent.character.manner.density * moment.her_density()),
            ),
        };
        let strikes = if self.breathes(moment, tick) { Strike::default() } else { strikes };
        let velocities = if grows {
            level::building(moment, tick, self.build.ground, self.build.growth())
        } else {
            level::strike(moment, tick, self.beats)
        };
        if !tick.half {
            // A tone that does not belong to the new chord does not outlast it.
            if settings.space >= BREATHES_FROM_SPACE && self.breathes(moment, tick) {
                self.fall_silent(moment, 0, orders);
            }
            self.beats += 1;
            self.in_figure += 1;
            self.build.beats += u64::from(grows && (self.form.bar().is_some() || self.build.beats > 0));
        }
        self.sound(moment, tick, strikes, velocities, orders);
        if !tick.half {
            self.form.write(chord);
        }
    }

    /// The chord of this beat, before her tone at it is known.
    fn chord_at(&self, moment: &Moment, tick: &Tick) -> Option<Chord> {
        let current = self.chord();
        if moment.settings.hold && current.is_some() || !is_tuned(moment) {
            return current.or_else(|| Some(Chord { root: root(moment), family: Family::Major }));
        }
        if moment.intent.body.figure == Figure::Song {
            if let Some(expected) = self.form.expected() {
                return Some(expected);
            }
            return current.or_else(|| choose(moment, None, chance(tick), false));
        }
        if current.is_some() && !tick.is_strong() {
            return current;
        }
        choose(moment, current, chance(tick), false).or(current)
    }

    /// In a song, the chord of a strong beat is put right once her tone at it is known.
    fn put_right(&mut self, moment: &Moment, orders: &mut Orders) {
        let Moment { clock, meaning, intent, settings, .. } = *moment;
        let Some(tick) = self.open else { return };
        let since_s = clock.between(tick.at, meaning.now);
        // With a tone that comes a little late, its chord may.
        let comes =
            meaning.sounding_since.filter(|&since| since > tick.at && clock.between(tick.at, since) < EARLY_OR_LATE_S);
        let later_s = comes.map_or(0.0, |since| clock.between(tick.at, since) + AFTER_TONE_S);
        let latest = PUT_RIGHT_S.1.max(later_s);
        if intent.body.figure != Figure::Song || settings.hold || !is_tuned(moment) || since_s > latest {
            self.open = None;
            return;
        }
        let (Some((class, held)), Some(current)) = (self.her_tone(moment, &tick), self.chord()) else { return };
        // What she holds from before may be about to end; until the latest instant it may still give way to another tone.
        let too_soon = since_s < if held { latest - clock.hop_s() } else { PUT_RIGHT_S.0 };
        if too_soon {
            return;
        }
        self.open = None;
        let fits = current.contains(class);
        let follows = self.form.expected().is_some();
        if follows {
            self.form.hears(fits);
        }
        let same = intent.body.same_chords;
        let trusts = same && meaning.returns.is_some() || self.form.is_trusted() && (same || !held);
        if follows && (fits || trusts) || !tick.is_strong() || !tick.is_downbeat() && fits {
            return;
        }
        let chord = self.chosen(moment, &tick, current, class);
        if chord != current {
            self.take(moment, chord);
            self.form.depart();
            // A build strikes soon enough again, and what comes late would count as more of it.
            if intent.body.grows == 0.0 {
                self.form.write(chord);
                self.correct(moment, &tick, current, orders);
            }
        }
    }

    /// The pitch class of her tone at `tick`, once it is known, and whether she holds it from before.
    fn her_tone(&self, moment: &Moment, tick: &Tick) -> Option<(PitchClass, bool)> {
        let Moment { clock, meaning, .. } = *moment;
        let since = meaning.sounding_since?;
        let near = clock.samples(EARLY_OR_LATE_S);
        let belongs = since + near >= tick.at && since <= tick.at + near;
        let held = since + clock.samples(HELD_S) <= tick.at;
        let settled = meaning.now >= since + clock.samples(PITCH_SETTLES_S);
        let steady = meaning.now >= self.heard.1 + clock.samples(STEADY_S);
        let class = meaning.sounding_key.filter(|_| (belongs || held) && settled && steady)? % 12;
        // A tone outside the key is more often a glide that was read wrong than meant.
        Some((class, held)).filter(|_| self.key.is_none_or(|key| key.contains(class)))
    }

    /// The chord that her tone of pitch class `class` asks for at `tick`: of the key's triads the likeliest that has it.
    /// The last bar of the form is open: it leads back to the first.
    fn chosen(&self, moment: &Moment, tick: &Tick, current: Chord, class: PitchClass) -> Chord {
        let Some(key) = self.key else {
            return choose(moment, Some(current), chance(tick), !current.contains(class)).unwrap_or(current);
        };
        let first = self.form.first().filter(|_| self.form.turns_around());
        // Song keys are often told from their relatives by the end alone: neither of the two is an open end.
        let major = if key.mode.is_minor() { (key.tonic + 3) % 12 } else { key.tonic };
        let minor = (major + 9) % 12;
        let closes = |chord: &Chord| {
            let is_home = chord.root == if chord.family.is_minor() { minor } else { major };
            self.form.turns_around() && (is_home || first.is_some_and(|first| first.same_triad(chord)))
        };
        let dominant = (key.tonic + 7) % 12;
        let plain = |chord: &Chord| {
            let diatonic = chord.classes().all(|class| key.contains(class));
            let leads = chord.root == dominant && chord.family == Family::Major;
            matches!(chord.family, Family::Major | Family::Minor) && (diatonic || leads)
        };
        let one = |so: bool, worth: f32| if so { worth } else { 0.0 };
        let worth = |chord: &Chord| {
            let likely = triad(&moment.meaning.chords, *chord);
            let bright = if chord.family.is_minor() { -1.0 } else { 1.0 };
            likely
                + one(chord.contains(class), HER_TONE)
                + one(chord.same_triad(&current), STAY)
                + one(self.form.turns_around() && chord.root == dominant, LEADS)
                + COLOUR * bright * moment.settings.colour * likely.sqrt()
        };
        let open = Chord::all().filter(|chord| plain(chord) && !closes(chord));
        open.max_by(|a, b| worth(a).total_cmp(&worth(b))).unwrap_or(current)
    }

    /// From now on it is `chord`.
    fn take(&mut self, moment: &Moment, chord: Chord) {
        if self.chord() == Some(chord) {
            return;
        }
        let Moment { meaning, settings, .. } = *moment;
        let tuned = is_tuned(moment);
        let open = !tuned || meaning.tonality.key.is_none() && triad(&meaning.chords, chord) < SURE_CHORD;
        let higher = moment.intent.character.manner.register;
        let keys = voice(&Wanted {
            chord,
            before: self.playing.or(moment.voiced),
            client: [None, meaning.sounding_key],
            register: (settings.register_low, settings.register_high),
            top: (meaning.energy.centre_key - BELOW_HER).clamp(TOP_LIMITS.0, TOP_LIMITS.1) + higher,
            bass: BASS_CENTRE + higher,
            open,
        });
        self.playing = Some((chord, tensed(keys, chord, moment)));
    }

    /// After a beat's chord was found to be another: what does not belong to it gives way, softly.
    fn correct(&mut self, moment: &Moment, tick: &Tick, before: Chord, orders: &mut Orders) {
        let now = moment.meaning.now;
        let Some((chord, _)) = self.playing else { return };
        let bass = self.sounds[0] > now && !chord.contains(before.root);
        let grows = moment.intent.body.grows > 0.0;
        let [low, high] = if grows {
            level::building(moment, tick, self.build.ground, self.build.growth())
        } else {
            level::strike(moment, tick, self.beats)
        };
        let late = Tick { at: now, ..*tick };
        self.sound(moment, &late, Strike { bass, upper: true }, [low - 3.0, high - 3.0], orders);
    }

    /// Sounds the chord.
    fn sound(&mut self, moment: &Moment, tick: &Tick, strikes: Strike, velocities: [f32; 2], orders: &mut Orders) {
        let Some((chord, keys)) = self.playing.filter(|_| strikes.any()) else { return };
        let Moment { clock, meaning, intent, settings, .. } = *moment;
        let on = meaning.now;
        // No bass of another chord stays under this one.
        let foreign = self.sounds[0] > on && self.bass.is_some_and(|key| !chord.contains(key % 12));
        let strikes = Strike { bass: strikes.bass || foreign, ..strikes };
        let lines = self.lines(moment, &keys);
        let [low_s, high_s] = lengths(intent.body.figure, intent.body.grows > 0.0, tick, settings.space);
        let behaviour = behaviour(intent.body.figure, intent.body.grows);
        for (line, key) in lines.into_iter().enumerate() {
            let is_bass = line == 0;
            let struck = if is_bass { strikes.bass } else { strikes.upper };
            if !struck {
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
            let off = on + clock.samples(if is_bass { low_s } else { high_s });
            self.sounds[line] = off;
            self.bass = if is_bass { Some(key) } else { self.bass };
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

    /// The keys of the lines, the bass first. A build begins with few and adds one with each of its quarters.
    fn lines(&self, moment: &Moment, keys: &Keys) -> [Option<u8>; LINES] {
        let highest = moment.settings.register_high;
        let octave = |key: u8| Some(key + 12).filter(|&key| key <= highest);
        let mut lines = [None; LINES];
        for (line, &key) in lines.iter_mut().zip(keys) {
            *line = Some(key);
        }
        if moment.intent.body.grows > 0.0 {
            let quarter = self.build.quarter();
            if quarter < 1 {
                lines[PARTS - 1] = None;
            }
            // It begins close together and opens downwards as well.
            let [bass, lowest] = [keys[0], keys[1]];
            lines[0] = match quarter {
                0 | 1 if bass < BASS_CENTRE as u8 && bass + 12 < lowest => octave(bass),
                2.. if bass >= moment.settings.register_low + 12 && bass > BASS_CENTRE as u8 + 4 => Some(bass - 12),
                _ => Some(bass),
            };
            lines[PARTS] = octave(keys[1]).filter(|_| quarter > 1);
            lines[PARTS + 1] = octave(keys[3]).filter(|_| quarter > 2);
        }
        lines
    }

    /// At the end of her phrase the music breathes with her: weak beats are left out, and with more space all of them.
    fn breathes(&self, moment: &Moment, tick: &Tick) -> bool {
        let Moment { meaning, intent, settings, .. } = *moment;
        let rests = settings.space >= BREATHES_FROM_SPACE && intent.body.grows == 0.0 && !meaning.phrase.open;
        rests && (settings.space >= RESTS_FROM_SPACE || !tick.is_strong())
    }

    /// She has stopped: one soft chord is held, and after a while nothing.
    fn hold_alone(&mut self, moment: &Moment, orders: &mut Orders) {
        let Moment { clock, meaning, settings, intent, .. } = *moment;
        let now = meaning.now;
        let Some((_, keys)) = self.playing else { return };
        let bars_s = self.count.last().map_or(4.0, |tick| ALONE_BARS * f64::from(tick.per_bar) * tick.period_s);
        let due = self.alone.is_none_or(|since| clock.between(since, now) >= bars_s);
        if meaning.silence_s >= approach_row(settings.approach).patience_s {
            if self.sounds(now) {
                self.fall_silent(moment, clock.samples(LEAVE_S), orders);
            }
            return;
        }
        if !due {
            return;
        }
        if self.alone.is_none() {
            self.fall_silent(moment, 0, orders);
        }
        self.alone = Some(now);
        let behaviour = behaviour(intent.body.figure, intent.body.grows);
        let velocity = level::alone(moment);
        for (line, &key) in keys.iter().enumerate() {
            let (voice, part) = place(line);
            if line > 0 && keys[..line].contains(&key) {
                continue;
            }
            let off = now + clock.samples(bars_s);
            self.sounds[line] = off;
            orders.push(Order::Play(PlannedNote { on: now, off, key, velocity, voice, part, behaviour }));
        }
        self.behaviour = Some(behaviour);
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
            (self.playing, self.open) = (None, None);
        }
        if moment.meaning.silence_s >= ALONE_S {
            self.floor.end();
            return true;
        }
        self.floor.process(moment, orders)
    }

    /// Another ground takes over; a chord that is held while she is silent rings on.
    fn leave(&mut self, moment: &Moment, orders: &mut Orders) {
        self.floor.end();
        if self.figure.is_none() && self.playing.is_none() {
            return;
        }
        let rings = moment.intent.body.ground == Ground::Ring
            || moment.intent.body.ground == Ground::Chords && self.alone.is_some() && !moment.meaning.sounding;
        if !rings {
            self.fall_silent(moment, moment.clock.samples(LEAVE_S), orders);
        }
        let form = std::mem::take(&mut self.form);
        let build = Build { phrase_at: None, ..self.build };
        *self = Self { form, build, ..Self::default() };
    }
}

/// Where a change at `tick` comes.
fn chance(tick: &Tick) -> Chance {
    match tick {
        _ if tick.is_downbeat() => Chance::Downbeat,
        _ if tick.is_strong() => Chance::Middle,
        _ => Chance::Beat,
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

/// How long bass and upper voices last, s. The pulse is detached, the more so the more space; a song sings.
fn lengths(figure: Figure, grows: bool, tick: &Tick, space: f32) -> [f64; 2] {
    let detached = f64::from(0.92 - 1.1 * space.min(0.6));
    let beats = match figure {
        Figure::Pulse | Figure::Swing if tick.half => [0.3, 0.3],
        Figure::Pulse | Figure::Swing => [detached + 0.1, detached],
        _ if grows => [2.2, 1.1],
        Figure::Song | Figure::Floor => [2.3, 2.3],
    };
    beats.map(|beats| beats * tick.period_s)
}
