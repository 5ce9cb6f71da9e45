//! Intent to planned notes; one behaviour a file.

mod bass;
mod cadence;
mod calming;
mod countermelody;
mod drone;
mod drum;
mod dynamics;
mod echo;
mod figuration;
mod follow;
mod free_time;
mod harmony;
mod invite;
mod lead;
mod mirror;
pub mod plan;
#[cfg(test)]
mod promises;
mod rhythm;
mod rub;
mod silence;
mod soft;
mod space;
mod together;
mod turn;
mod with_her;

use crate::chord::Chord;
use crate::intend::approaches::approach_row;
use crate::intend::character::often;
use crate::intend::idioms::idiom_row;
use crate::intend::intent::{Character, Counter, Ground, Intent, State};
use crate::intend::manner::shade;
use crate::key::PitchClass;
use crate::settings::{Settings, Turns};
use crate::time::{Clock, SampleTime};
use crate::understand::meaning::{Meaning, PulseSense};
use bass::Bass;
use cadence::Cadence;
use calming::Calming;
use countermelody::Countermelody;
use drone::Drone;
use echo::{Beside, Echo};
use figuration::Figures;
use follow::Follow;
use harmony::Harmony;
use harmony::voicing::Keys;
use invite::Invite;
use lead::{comes_late, late_s};
use mirror::Mirror;
use plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use rhythm::Rhythm;
use rub::Rub;
use silence::Silence;
use soft::Soft;
use space::Space;
use together::{Together, is_as_strong};
use with_her::{GROUNDS, WithHer};

/// How far a cadence has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CadenceStage {
    /// None is going on.
    #[default]
    None,
    /// Before the dominant has given way to the tonic.
    Heading,
    /// The closing tonic sounds.
    Arrived,
    /// The closing tonic has ended.
    Done,
}

impl CadenceStage {
    /// No closing chord is on its way or sounds.
    pub fn is_over(self) -> bool {
        matches!(self, Self::None | Self::Done)
    }

    /// The closing chord has not come yet, so there is a way back.
    pub fn is_heading(self) -> bool {
        self == Self::Heading
    }
}

/// What the answering is in the middle of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// A countermelody is planned or sounding.
    pub countermelody: bool,
    /// Drone or harmony is planned or sounding.
    pub ground: bool,
    /// The chord of the harmony, while it plays.
    pub chord: Option<Chord>,
    /// The cadence.
    pub cadence: CadenceStage,
}

/// The answering.
pub struct Respond {
    clock: Clock,
    drone: Drone,
    harmony: Harmony,
    rhythm: Rhythm,
    countermelody: Countermelody,
    soft: Soft,
    echo: Echo,
    mirror: Mirror,
    invite: Invite,
    cadence: Cadence,
    calming: Calming,
    bass: Bass,
    rub: Rub,
    figures: Figures,
    dynamics: dynamics::Plan,
    follow: Follow,
    space: Space,
    silence: Silence,
    together: Together,
    /// The ground rests.
    resting: bool,
    /// How loud the ground was with her.
    with_her: WithHer,
    /// The chord voiced last, whoever played it: what comes next is led from it.
    voiced: Option<(Chord, Keys)>,
    answered: Answered,
    /// Everything was ended from outside: nothing begins until the client or the therapist does.
    ended: bool,
}

impl Respond {
    /// For `clock`.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            drone: Drone::default(),
            harmony: Harmony::default(),
            rhythm: Rhythm::default(),
            countermelody: Countermelody::default(),
            soft: Soft::default(),
            echo: Echo::default(),
            mirror: Mirror::default(),
            invite: Invite::default(),
            cadence: Cadence::default(),
            calming: Calming::default(),
            bass: Bass::default(),
            rub: Rub::default(),
            figures: Figures::default(),
            dynamics: dynamics::Plan::default(),
            follow: Follow::default(),
            space: Space::default(),
            silence: Silence::default(),
            together: Together::default(),
            resting: false,
            with_her: WithHer::default(),
            voiced: None,
            answered: Answered::default(),
            ended: false,
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        *self = Self::new(self.clock);
    }

    /// Everything was ended from outside; nothing begins until the client begins a phrase or the state changes.
    pub fn end_all(&mut self) {
        self.drone = Drone::default();
        self.harmony = Harmony::default();
        self.rhythm = Rhythm::default();
        self.calming = Calming::default();
        self.countermelody = Countermelody::default();
        (self.soft, self.echo, self.mirror, self.invite) = Default::default();
        (self.rub, self.figures, self.together) = Default::default();
        self.cadence.break_off();
        self.ended = true;
    }

    /// What the answering is in the middle of.
    pub fn answered(&self) -> &Answered {
        &self.answered
    }

    /// The keys of the ground that sounds.
    fn sounding_keys(&self) -> Beside {
        let harmony = self.harmony.voiced().filter(|_| !self.soft.sounds());
        let keys = harmony.iter().flat_map(|(_, keys)| keys.iter().copied());
        self.soft.keys().chain(keys).collect()
    }

    /// Whether the ground rests, and whether that rest begins.
    fn rests(&mut self, meaning: &Meaning, intent: &Intent, settings: &Settings) -> (bool, bool) {
        let ground = intent.body.ground;
        let may = !matches!(ground, Ground::Silent | Ground::Ring | Ground::Close) && intent.body.grows == 0.0;
        let was = std::mem::replace(&mut self.resting, false);
        self.resting = self.space.process(meaning, self.clock, settings.space) && may;
        (self.resting, self.resting && !was)
    }

    /// Plans for one hop and gives its orders.
    pub fn process(&mut self, meaning: &Meaning, intent: &Intent, settings: &Settings, orders: &mut Orders) {
        if intent.stop {
            self.end_all();
            orders.push(Order::WithdrawAll { within: 0 });
        }
        let begins_again = meaning.phrase.began || intent.entered;
        self.ended &= !begins_again || intent.stop;
        let begins = intent.entered && !self.answered.ground && meaning.phrase.number <= 1;
        self.dynamics.process(settings.dynamics, begins, meaning.now);
        let felt = meaning;
        let unmetred = (!intent.metre && approach_row(settings.approach).metre_clarity > 0.0)
            .then(|| Meaning { pulse: PulseSense { grid: None, beat: false, ..meaning.pulse }, ..meaning.clone() });
        let meaning = unmetred.as_ref().unwrap_or(meaning);
        self.follow.process(meaning, self.clock);
        let (rests, begins_rest) = self.rests(meaning, intent, settings);
        if begins_rest {
            let within = self.clock.samples(LEAVE_S);
            GROUNDS.iter().for_each(|&behaviour| orders.push(Order::Withdraw { behaviour, within }));
        }
        let falls_silent = self.silence.process(meaning, intent, settings, self.clock, orders);
        let rests = rests || falls_silent;
        // On the beat the count goes on through a rest; every other ground is laid down and taken up again.
        let on_beat = intent.body.ground == Ground::Beat;
        let wanted = intent.body.ground;
        let mut resting = *intent;
        if rests && !on_beat {
            resting.body.ground = Ground::Silent;
        }
        let intent = &resting;
        if !self.ended {
            let manner = &intent.character.manner;
            let settings = &as_meant(&intent.character, &manner.tint(settings, intent.body.colour));
            let before = orders.len();
            let moment =
                &Moment { clock: self.clock, meaning, intent, settings, voiced: self.voiced, follow: &self.follow };
            let body = &intent.body;
            let ground = matches!(body.ground, Ground::Drone | Ground::Chords | Ground::Beat);
            let answers = self.countermelody.sounds(meaning.now);
            let thirds = intent.character.chords && idiom_row(settings.idiom).thirds;
            let chords = ground && body.ground != Ground::Drone && thirds;
            let on_beat = self.rhythm.process(moment, body.ground == Ground::Beat, orders);
            if rests {
                orders.truncate(before);
            }
            let other = on_beat || self.harmony.chord().is_some() || self.drone.sounds(meaning.now);
            self.soft.process(moment, other, orders);
            if intent.entered && body.ground == Ground::Ring {
                // What the drone still had in mind is not begun; what sounds of it rings.
                let comes_later = intent.character.behind_s > 0.0;
                let all = [Behaviour::Drone, Behaviour::Harmony, Behaviour::Holding];
                for &behaviour in &all[..if comes_later { all.len() } else { 1 }] {
                    orders.push(Order::Withdraw { behaviour, within: self.clock.samples(RINGS_S) });
                }
            }
            if !self.soft.lets_ring(moment) {
                let harmonised = self.harmony.process(moment, chords && !on_beat && !rests, answers, orders);
                self.drone.process(moment, ground && !harmonised && !on_beat && !rests, orders);
            }
            let beside: Beside = self.sounding_keys();
            let ends = matches!(body.ground, Ground::Silent | Ground::Close);
            let echoes = body.counter == Counter::Echo && moment.mirrors() < MIRRORS_ALL_FROM;
            self.echo.process(moment, echoes, ends, &beside, orders);
            let share = mirrored(moment, rests.then_some(wanted), answers);
            let taken = self.mirror.process(moment, share, &beside, orders);
            self.invite.process(moment, &beside, orders);
            let begun = orders.len();
            let second_voice = body.counter == Counter::Answer;
            self.countermelody.process(moment, second_voice, moment.mirrors() >= MIRRORS_FROM, orders);
            let under = if intent.character.turns_alone { turn::under_answer(moment, begun, orders) } else { None };
            // Who is calmed, and who closes, is met at the pace that she has, metre or not.
            let paced = &Moment { meaning: felt, ..*moment };
            self.calming.process(paced, body.ground == Ground::Calm, orders);
            self.cadence.process(paced, orders);
            let ours = self.rhythm.voiced().or(self.calming.voiced()).or(self.soft.voiced()).or(self.harmony.voiced());
            self.voiced = self.cadence.voiced().or(ours).or(under).or(self.voiced);
            self.bass.process(moment, self.rhythm.chord(), before, orders);
            self.rub.process(moment, before, orders);
            for order in &mut orders[before..] {
                if let Order::Play(note) = order {
                    if body.ground != Ground::Ring {
                        come_after(note, &intent.character, self.clock);
                    }
                    let tension = meaning.energy.tension.unwrap_or(AT_REST);
                    note.velocity += intent.character.swell * (tension - AT_REST);
                }
            }
            self.figures.process(moment, intent.character.figuration, before, orders);
            drum::beat(settings, self.clock, before, orders);
            for order in &mut orders[before..] {
                if let Order::Play(note) = order {
                    if GROUNDS.contains(&note.behaviour) {
                        let usual = loudness(moment) - UNDER_THE_ANSWER;
                        note.velocity -= intent.character.even * (note.velocity - usual);
                    }
                    in_manner(note, &intent.character, self.clock);
                    // A line and a close have a time of their own.
                    let is_ground = note.voice != Voice::Counter && note.behaviour != Behaviour::Cadence;
                    if is_ground && meaning.pulse.grid.is_none() {
                        free_time::play(note, settings.seed, self.clock);
                    }
                    if comes_late(note.behaviour) {
                        note.delay(self.clock.samples(late_s(settings.lead).max(0.0)));
                    }
                    let beside = intent.body.ground == Ground::Beat && note.behaviour == Behaviour::Countermelody;
                    if beside {
                        self.with_her.beside(note);
                    } else if GROUNDS.contains(&note.behaviour) {
                        self.with_her.hold(note, meaning);
                    }
                }
            }
            self.together.process(moment, taken, before, orders);
            for order in &mut orders[before..] {
                if let Order::Play(note) = order {
                    if is_as_strong(note.behaviour) {
                        let softest = note.velocity.min(SOFTEST);
                        note.velocity = (note.velocity + moment.as_strong()).max(softest);
                    }
                    note.velocity = self.dynamics.shape(note.velocity, note.on, self.clock);
                }
            }
        }
        let closing = self.cadence.voiced().map(|(chord, _)| chord);
        self.answered = Answered {
            countermelody: self.countermelody.sounds(meaning.now)
                || self.echo.sounds(meaning.now)
                || self.invite.sounds(meaning.now),
            ground: self.drone.sounds(meaning.now)
                || self.harmony.chord().is_some()
                || self.rhythm.sounds(meaning.now)
                || self.calming.voiced().is_some()
                || self.soft.sounds(),
            chord: closing
                .or(self.rhythm.chord())
                .or(self.calming.voiced().map(|(chord, _)| chord))
                .or(self.soft.chord(meaning))
                .or(self.harmony.chord()),
            cadence: self.cadence.stage(),
        };
    }
}

/// `settings` as the character has them: nearer to the client, and never before her where it may not begin.
fn as_meant(character: &Character, settings: &Settings) -> Settings {
    let lead = if character.never_first { settings.lead.min(FOLLOWING_LEAD) } else { settings.lead };
    Settings { lead, mirror: shade(settings.mirror, character.nearer, 0.0), ..*settings }
}

/// Tension of hers, 0-1, at which a swell is neither louder nor softer.
const AT_REST: f32 = 0.4;

/// Highest lead of one that never sounds first: below where grounds begin of themselves.
const FOLLOWING_LEAD: f32 = 0.4;

/// No tone becomes shorter than this by its manner, s.
const SHORTEST_S: f64 = 0.09;

/// A tone planned for so long is held until something ends it, s: a detached manner shortens it more than a short one, so
/// that it is heard.
const HELD_S: f64 = 3.0;
const HELD_SHAPE: f32 = 3.0;

/// A tone under her that is not on a beat comes after her, as the approach has it.
fn come_after(note: &mut PlannedNote, character: &Character, clock: Clock) {
    let is_under = match note.behaviour {
        Behaviour::Drone | Behaviour::Harmony | Behaviour::Holding => true,
        Behaviour::Countermelody => note.voice != Voice::Counter,
        _ => false,
    };
    if is_under {
        note.delay(clock.samples(character.behind_s));
    }
}

/// How far below an answer a ground usually lies, MIDI velocity.
const UNDER_THE_ANSWER: f32 = 10.0;

/// No manner makes a tone softer than this, MIDI velocity: softer ones do not speak on many instruments.
const SOFTEST: f32 = 16.0;

/// Plays `note` as `manner` has it: how strong, and how long.
fn in_manner(note: &mut PlannedNote, character: &Character, clock: Clock) {
    let manner = &character.manner;
    note.velocity = (note.velocity + manner.velocity).max(note.velocity.min(SOFTEST));
    let length = note.off.saturating_sub(note.on);
    let shortest = clock.samples(SHORTEST_S).min(length);
    let is_held = length >= clock.samples(HELD_S);
    let shape = if is_held && manner.articulation < 1.0 { HELD_SHAPE } else { 1.0 };
    let shortest_of_held = if is_held && character.sustains { 1.0 } else { 0.0 };
    let longer = f64::from(manner.articulation.powf(shape).max(shortest_of_held));
    note.off = note.on + ((length as f64 * longer) as SampleTime).max(shortest);
}

/// What a behaviour looks at in one hop.
#[derive(Clone, Copy)]
struct Moment<'a> {
    clock: Clock,
    meaning: &'a Meaning,
    intent: &'a Intent,
    settings: &'a Settings,
    /// The chord voiced last, whoever played it, and its keys.
    voiced: Option<(Chord, Keys)>,
    /// How she departs from her average.
    follow: &'a Follow,
}

impl Moment<'_> {
    /// How much more than usual the mirror knob asks for, 0-1.
    fn mirrors(&self) -> f32 {
        (2.0 * self.settings.mirror - 1.0).max(0.0)
    }

    /// Her density now against her average, as far as the mirror knob follows it.
    fn her_density(&self) -> f32 {
        self.follow.density().powf(MIRRORED_DENSITY * self.mirrors())
    }

    /// What her last tone is stronger than the departure that is followed anyway, as far as the mirror knob asks for it,
    /// MIDI velocity.
    fn as_strong(&self) -> f32 {
        let usual = self.meaning.energy.velocity;
        self.mirrors() * (self.follow.last(usual) - self.follow.velocity(usual).iter().sum::<f32>())
    }

    /// How much sooner than usual it goes with what the client does, times: the responsiveness knob.
    fn promptness(&self) -> f32 {
        PROMPTNESS.powf(2.0 * self.settings.responsiveness - 1.0)
    }

    /// How much less often than usual the soft grounds are struck, times.
    fn patience(&self) -> f64 {
        let beside_the_mirror = 1.0 + MIRROR_THINS * self.mirrors();
        f64::from(beside_the_mirror / (often(self.settings.density) * self.her_density()))
    }
}

/// With the responsiveness knob at its end it goes with the client so many times as soon as usual, and at its beginning so many
/// times as late: as far apart as a quick and a patient reply (`GoalRow::reply_delay_s`).
const PROMPTNESS: f32 = 2.0;

/// With the mirror knob at its end, twice her density asks for so many times ours, as a power of two.
const MIRRORED_DENSITY: f32 = 1.3;

/// Beside a mirror at its end the soft grounds are struck so much more seldom.
const MIRROR_THINS: f32 = 1.0;

/// In a rest, what sounds may ring for so long, s.
const RINGS_S: f64 = 4.0;

/// What is withdrawn may finish its tones for so long, s: not cut off, and within a beat at any tempo up to 150 bpm.
const LEAVE_S: f64 = 0.4;

/// The key of pitch class `class` nearest to `target` within the therapist's register.
fn nearest(class: PitchClass, target: f32, settings: &Settings) -> u8 {
    let (low, high) = (settings.register_low, settings.register_high);
    let of_class = (low..=high).filter(|key| key % 12 == class % 12);
    let distance = |key: &u8| (f32::from(*key) - target).abs();
    of_class.min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(low)
}

/// From so much of the mirror knob's upper half on, her line is mirrored in every state that leaves room for it: of her
/// notes so many a second with the knob at its end, and twice as many with the density knob at its own.
const MIRRORS_FROM: f32 = 0.4;
const MIRRORED_A_SECOND: f32 = 2.2;
/// From so much of that upper half on, there is no echo after her line and no rest in it:
/// she is mirrored.
const MIRRORS_ALL_FROM: f32 = 0.8;

/// The share of her notes that is mirrored. `rests`: the ground that rests; `answers`: an answer of ours goes on.
fn mirrored(moment: &Moment, rests: Option<Ground>, answers: bool) -> f32 {
    let Moment { settings, intent, .. } = *moment;
    let body = &intent.body;
    let ground = rests.unwrap_or(body.ground);
    let all = moment.mirrors() >= MIRRORS_ALL_FROM;
    let line = match body.counter {
        Counter::Mirror => return intent.character.mirrors,
        Counter::None => true,
        Counter::Answer => ground == Ground::Beat || !intent.character.turns_alone,
        Counter::Echo => all,
    };
    let leaves_room = line && ground != Ground::Silent && intent.state != State::Complete;
    let in_turns = settings.turns == Turns::Alternate;
    let wanted = moment.mirrors() >= MIRRORS_FROM && (all || rests.is_none());
    if !(leaves_room && wanted) || answers || in_turns {
        return 0.0;
    }
    let a_second = MIRRORED_A_SECOND * 4.0_f32.powf(settings.density - 0.5);
    (a_second / moment.follow.average_density().max(0.1)).min(1.0) * moment.mirrors()
}

/// MIDI velocity of the answer: her average with the goal's offset, and as much of her departure from it as mirroring
/// asks for.
fn loudness(moment: &Moment) -> f32 {
    let [average, departure] = moment.follow.velocity(moment.meaning.energy.velocity);
    average + moment.intent.character.follow * departure + moment.intent.character.velocity_offset
}
