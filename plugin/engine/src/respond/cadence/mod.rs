//! Cadence: heads for the tonic with her, waits on the dominant until she arrives, closes, and is silent (shaping and
//! completing, Bruscia 1987).
//!
//! While she sings, chords are struck on her strong beats and slow down as she does; the closing chord comes with her
//! tonic. Where she is silent the way home goes by itself. Unsure of the key it claims none: fifths on the tone she
//! rests on.

mod ending;
pub(super) mod formulas;
mod home;
mod pace;
mod parts;
mod path;
#[cfg(test)]
mod promises;
mod voices;

use super::harmony::voicing::Keys;
use super::lead::late_s;
use super::plan::{Behaviour, Order, Orders};
use super::{CadenceStage, Moment};
use crate::chord::{Chord, Family};
use crate::intend::intent::{Ground, Reason, State};
use crate::key::{KeyChoice, PitchClass};
use crate::settings::Settings;
use crate::time::SampleTime;
use ending::{Asks, Ending};
use formulas::{Formula, Numeral, Sonority};
use home::Home;
use pace::{Heard, Pace};
use parts::Strike;
use path::{Ahead, Path, Place};

/// Her first onset is waited for so long, s: a therapist's hand comes up to a quarter of a second before the line.
const FIRST_WAIT_S: f64 = 0.45;
/// A tone of hers is trusted at this age, s: voices scoop and glide into their tones. A strike with her waits for it where
/// her tone may be the one that closes; before, for less.
const SETTLED_S: f64 = 0.085;
const STRUCK_AT_S: f64 = 0.06;
/// After so much silence the way home goes on without her, s; longer than a breath between lines.
const PATIENCE_S: f32 = 2.2;
const PATIENCE_AT_THE_END_S: f32 = 1.5;
/// The last chord has been heard once it sounded for so long, s.
const HEARD_S: f64 = 0.4;
/// Her tonic is the close once it lasted so many beats, where the last line has not been announced; and on its own.
const CLOSES_BEATS: f64 = 0.7;
const CLOSES_ALONE_BEATS: f64 = 2.0;
/// So is another tone of the closing chord at her phrase's end.
const RESTS_BEATS: f64 = 2.5;
const RESTS_ENDING: f32 = 0.5;
/// A tone that leads home and is held for so many beats brings the last chord.
const RESOLVES_BEATS: f64 = 0.5;
/// Strikes of her last line before which no tonic closes it.
const NOT_BEFORE: u32 = 2;
/// Without her each chord is so many times as long as the one before: a ritardando of about a third in all.
const RITARD_ALONE: f64 = 1.2;
/// The bass of one and the same chord is struck again after so many beats.
const BASS_AGAIN_BEATS: f64 = 3.5;
/// A chord that has only just come, between two strikes, is not struck again on the next without her, beats.
const JUST_CAME_BEATS: f64 = 1.5;
/// Fade of a cadence that is called off, s.
const WITHDRAW_S: f64 = 0.3;
/// Colour from which the therapist's choice of major or minor decides the closing third.
const DECIDED_COLOUR: f32 = 0.5;
/// The tonic while nothing pitched has been heard: D, which every register has.
const UNKNOWN_TONIC: PitchClass = 2;
/// How far the top voice lies below the middle of her range, semitones, and where it stays whatever she sings.
const BELOW_HER: f32 = 5.0;
const TOP_LIMITS: (f32, f32) = (59.0, 66.0);
/// A client who was led home has ended, and does not just take a breath, after so long, s: the longest between the last lines of a
/// song that slows down.
const ENDED_S: f32 = 2.1;
/// A phrase of hers that is about to end, with this probability.
const ENDING: f32 = 0.6;

/// The cadence.
#[derive(Default)]
pub struct Cadence {
    home: Home,
    /// The beat that was felt last, s.
    felt_s: Option<f64>,
    way: Option<Way>,
    /// Chords struck so far, for chance.
    strikes: u64,
    /// It was called off in mid-way.
    broken: bool,
}

/// A cadence that is going on.
#[derive(Clone, Copy)]
struct Way {
    path: Path,
    pace: Pace,
    begun: SampleTime,
    /// The state, and strikes since it or her line began.
    state: State,
    in_state: u32,
    /// What sounds: where it lies, since when, and with which keys.
    place: Place,
    since: SampleTime,
    sounds: Option<Numeral>,
    voiced: Option<(Chord, Keys)>,
    bass_struck: SampleTime,
    velocity: f32,
    /// She has sung on the way.
    sung: bool,
    /// Her tone that is sure, since when; what it was heard as in her beat; and the class of the tone before it.
    tone: Option<(SampleTime, u8)>,
    heard: Heard,
    /// A strong beat of hers that is about to be struck.
    pending: bool,
    before: Option<PitchClass>,
    ending: Option<Ending>,
}

impl Cadence {
    /// How far it has come.
    pub fn stage(&self) -> CadenceStage {
        match self.way.and_then(|way| way.ending) {
            _ if self.broken => CadenceStage::Done,
            Some(ending) if ending.is_over() => CadenceStage::Done,
            Some(_) => CadenceStage::Arrived,
            None if self.way.is_some() => CadenceStage::Heading,
            None => CadenceStage::None,
        }
    }

    /// The chord that sounds and its keys.
    pub fn voiced(&self) -> Option<(Chord, Keys)> {
        let over = self.stage() == CadenceStage::Done;
        self.way.filter(|way| !over && way.sounds.is_some()).and_then(|way| way.voiced)
    }

    /// Everything was ended from outside: a cadence that was going on counts as over.
    pub fn break_off(&mut self) {
        self.broken |= self.way.take().is_some();
    }

    /// Plans for one hop.
    pub fn process(&mut self, moment: &Moment, orders: &mut Orders) {
        let Moment { clock, meaning, intent, .. } = *moment;
        self.home.follow(meaning.tonality.key, clock, meaning.now);
        self.felt_s = meaning.pulse.grid.map(|grid| 60.0 / f64::from(grid.tempo_bpm)).or(self.felt_s);
        if intent.body.ground != Ground::Close {
            if !matches!(self.stage(), CadenceStage::None | CadenceStage::Done) {
                orders.push(Order::Withdraw { behaviour: Behaviour::Cadence, within: clock.samples(WITHDRAW_S) });
            }
            (self.way, self.broken) = (None, false);
            if intent.state == State::Waiting {
                (self.home, self.felt_s) = (Home::default(), None);
            }
            return;
        }
        // There is nothing to complete before anything was heard.
        self.broken |= self.way.is_none() && intent.state == State::Complete && meaning.onsets == 0;
        if self.broken || self.stage() == CadenceStage::Done {
            return;
        }
        let mut way = self.way.take().unwrap_or_else(|| self.set_out(moment));
        way.process(moment, &mut self.strikes, orders);
        self.way = Some(way);
    }

    fn set_out(&self, moment: &Moment) -> Way {
        let Moment { meaning, intent, settings, .. } = *moment;
        let key = self.home.key(meaning.tonality.key, settings.key);
        let tonic = key.map(|key| key.tonic).or(meaning.tonality.anchor).unwrap_or(UNKNOWN_TONIC);
        let row = key.map_or(formulas::row(Formula::Plagal), |key| formulas::home_by(key, intent.character.functional));
        Way {
            path: Path { key, tonic, row },
            pace: Pace::new(moment, self.felt_s),
            begun: meaning.now,
            state: intent.state,
            in_state: 0,
            place: Place::Leaving,
            since: meaning.now,
            sounds: None,
            voiced: moment.voiced,
            bass_struck: 0,
            velocity: 0.0,
            sung: false,
            tone: None,
            heard: Heard::Between,
            pending: false,
            before: None,
            ending: None,
        }
    }
}

/// The client has come home, or has ended on the way there: the closing chord alone is left to play. What the therapist asked
/// for goes its whole way.
fn has_closed(moment: &Moment) -> bool {
    let Moment { intent, meaning, .. } = *moment;
    let at_home = intent.state == State::Final && intent.reason == Reason::ClientCloses;
    let on_the_way =
        matches!(intent.state, State::Approach | State::Slowing) && intent.reason != Reason::TherapistAsked;
    at_home || on_the_way && !meaning.sounding && meaning.silence_s >= ENDED_S
}

impl Way {
    fn process(&mut self, moment: &Moment, strikes: &mut u64, orders: &mut Orders) {
        let Moment { clock, meaning, intent, .. } = *moment;
        let now = meaning.now;
        if intent.state != self.state {
            (self.state, self.in_state) = (intent.state, 0);
        }
        let heard = self.pace.follow(moment);
        self.sung |= heard.is_some();
        self.listen(moment, heard);
        if let Some(mut ending) = self.ending.take() {
            let (chord, top) = self.voiced.map_or((Chord::at(0), 0), |(chord, keys)| (chord, keys[3]));
            if let Asks::Again(velocity) = ending.process(moment, chord, top, heard.is_some(), orders) {
                self.strike(moment, (Place::Home, self.path.row.end), Some(velocity), strikes, orders);
            }
            self.ending = Some(ending);
            return;
        }
        self.pending |= heard == Some(Heard::Strong);
        let waited = clock.between(self.begun, now) >= FIRST_WAIT_S;
        let alone = self.is_alone(moment);
        let waits = self.state == State::Final && self.place == Place::Last;
        let due = self.pace.next_strike(alone, waits).map_or(waited, |at| now >= at);
        let on_time = due && heard.is_none() && !self.pending;
        let completes = self.state == State::Complete && (heard.is_some() || waited) || has_closed(moment);
        let Some(next) = self.next(moment, on_time, alone, completes) else { return };
        self.pending = false;
        let just_came = clock.between(self.bass_struck, now) < JUST_CAME_BEATS * self.pace.period_s();
        if on_time && !alone && just_came && self.sounds == Some(next.1) {
            self.pace.struck_alone(now, None);
            return;
        }
        self.strike(moment, next, None, strikes, orders);
        if next.0 == Place::Home {
            self.ending = Some(Ending::new(now, self.velocity, has_closed(moment)));
        } else if on_time {
            self.pace.struck_alone(now, alone.then_some(RITARD_ALONE));
        }
    }

    /// What is struck now, if anything.
    fn next(&self, moment: &Moment, on_time: bool, alone: bool, completes: bool) -> Option<(Place, Numeral)> {
        let meaning = moment.meaning;
        if completes || self.arrives(moment) {
            return Some((Place::Home, self.path.row.end));
        }
        // Where there is no beat her breath is as long as it is.
        let breath_s = if self.pace.is_free() { 0.0 } else { self.pace.period_s() };
        let rests = !meaning.sounding && f64::from(meaning.silence_s) > breath_s;
        let with_her = (self.pending && self.is_sure(moment)) || (on_time && !alone && !rests);
        let lasts = self.path.row.last;
        let last = if self.state == State::Approach { lasts.first() } else { lasts.last() }.copied();
        match self.state {
            State::Complete => None,
            _ if with_her => Some(self.path.with_her(&self.ahead(moment))),
            _ if self.resolves(moment) => last.map(|last| (Place::Last, last)),
            _ if on_time && alone => Some(self.path.alone(self.place)),
            _ => None,
        }
    }

    /// Follows her tones as they become sure.
    fn listen(&mut self, moment: &Moment, heard: Option<Heard>) {
        let Moment { clock, meaning, .. } = *moment;
        self.heard = heard.unwrap_or(self.heard);
        let Some((since, key)) = meaning.sounding_since.zip(meaning.sounding_key) else { return };
        if clock.between(since, meaning.now) < SETTLED_S {
            return;
        }
        if let Some((_, before)) = self.tone.filter(|(last, _)| *last != since) {
            self.before = Some(before % 12);
        }
        self.tone = Some((since, key));
    }

    /// She is silent, and was from the beginning or has been for long.
    fn is_alone(&self, moment: &Moment) -> bool {
        let meaning = moment.meaning;
        let patience_s = if self.state == State::Final { PATIENCE_AT_THE_END_S } else { PATIENCE_S };
        !meaning.sounding && (!self.sung || meaning.silence_s >= patience_s)
    }

    /// It is time to strike with her, and the tone that she strikes with is known, or there is none.
    fn is_sure(&self, moment: &Moment) -> bool {
        let Moment { clock, meaning, .. } = *moment;
        // Who leads trusts her tone sooner, but not the one that closes.
        let ahead_s = (-late_s(moment.settings.lead)).max(0.0);
        let may_close = self.state == State::Final && self.in_state >= NOT_BEFORE;
        let sure_s = if may_close { SETTLED_S } else { (STRUCK_AT_S - ahead_s).max(0.0) };
        let beat = self.pace.beat().unwrap_or(meaning.now) + clock.samples((pace::AFTER_HER_S - ahead_s).max(0.0));
        meaning.now >= beat && meaning.sounding_since.is_none_or(|since| clock.between(since, meaning.now) >= sure_s)
    }

    fn ahead(&self, moment: &Moment) -> Ahead {
        let meaning = moment.meaning;
        Ahead {
            state: self.state,
            strike: self.in_state,
            place: self.place,
            sounds: self.sounds,
            sung: meaning.sounding_key.map(|key| key % 12),
            ending: meaning.phrase.open && meaning.phrase.ending >= ENDING,
        }
    }

    /// On a weak beat, or holding it, she sings what leads home while the last chord is held back: it has to come now.
    fn resolves(&self, moment: &Moment) -> bool {
        let Moment { clock, meaning, .. } = *moment;
        let sounding = |(since, _): &(SampleTime, u8)| meaning.sounding_since == Some(*since);
        let Some((since, key)) = self.tone.filter(sounding) else { return false };
        let class = key % 12;
        let belongs = self.voiced.is_some_and(|(chord, _)| chord.contains(class));
        let leads = self.path.leads_home(class) && class != self.path.tonic && !belongs && since > self.since;
        let beats = clock.between(since, meaning.now) / self.pace.period_s();
        let held_back = match self.state {
            State::Final => matches!(self.place, Place::Suspended | Place::Before),
            State::Slowing => self.place == Place::Suspended,
            State::Approach => self.place == Place::Before && self.in_state > path::LEAVES,
            _ => false,
        };
        held_back && leads && (self.heard == Heard::Weak || beats >= RESOLVES_BEATS)
    }

    /// She comes home.
    fn arrives(&self, moment: &Moment) -> bool {
        let Moment { clock, meaning, .. } = *moment;
        let Some((since, key)) = self.tone.filter(|(since, _)| meaning.sounding_since == Some(*since)) else {
            return false;
        };
        let class = key % 12;
        let beats = clock.between(since, meaning.now) / self.pace.period_s();
        let waits = self.place == Place::Last && clock.between(self.since, meaning.now) >= HEARD_S;
        let is_new = since > self.since;
        let led = self.before.is_some_and(|before| self.path.leads_home(before));
        let on_beat = self.heard != Heard::Between;
        let last_line = self.state == State::Final && self.in_state >= NOT_BEFORE;
        let closes = class == self.path.tonic && waits && is_new && led && on_beat;
        let comes_home = closes && (last_line || (self.heard == Heard::Strong && beats >= CLOSES_BEATS));
        let stays_home = class == self.path.tonic && last_line && beats >= CLOSES_ALONE_BEATS;
        let end = self.path.sonority(self.path.row.end);
        let rests = end.contains(class) && last_line && waits && beats >= RESTS_BEATS;
        comes_home || stays_home || (rests && meaning.phrase.ending >= RESTS_ENDING)
    }

    fn strike(
        &mut self,
        moment: &Moment,
        (place, numeral): (Place, Numeral),
        velocity: Option<f32>,
        strikes: &mut u64,
        orders: &mut Orders,
    ) {
        let Moment { clock, meaning, settings, .. } = *moment;
        let now = meaning.now;
        let closing = place == Place::Home;
        let mut sonority = self.path.sonority(numeral);
        if closing {
            sonority = closing_third(sonority, settings);
        }
        let top = (meaning.energy.centre_key - BELOW_HER).clamp(TOP_LIMITS.0, TOP_LIMITS.1);
        let register = (settings.register_low, settings.register_high);
        let same = self.sounds == Some(numeral);
        let keys = match self.voiced.filter(|_| same) {
            Some((_, keys)) => keys,
            None => {
                voices::lead(&voices::Wanted { sonority, before: self.voiced, tonic: self.path.tonic, register, top })
            }
        };
        let bass_is_young = clock.between(self.bass_struck, now) < BASS_AGAIN_BEATS * self.pace.period_s();
        let bass_holds = same && !closing && bass_is_young;
        self.velocity = velocity.unwrap_or_else(|| parts::velocity(moment));
        *strikes = strikes.wrapping_add(1);
        parts::play(moment, &Strike { keys, velocity: self.velocity, bass_holds, closing, number: *strikes }, orders);
        if place != self.place || self.sounds.is_none() {
            self.since = now;
        }
        if !bass_holds {
            self.bass_struck = now;
        }
        (self.place, self.sounds, self.voiced) = (place, Some(numeral), Some((sonority.chord, keys)));
        self.in_state += 1;
    }
}

/// The closing chord with the third of the therapist's colour, where that is decided and no key is locked.
fn closing_third(sonority: Sonority, settings: &Settings) -> Sonority {
    let locked = settings.key != KeyChoice::Auto;
    let family = match settings.colour {
        colour if colour >= DECIDED_COLOUR && !locked => Family::Major,
        colour if colour <= -DECIDED_COLOUR && !locked => Family::Minor,
        _ => return sonority,
    };
    Sonority { chord: Chord { family, ..sonority.chord }, open: false, ..sonority }
}
