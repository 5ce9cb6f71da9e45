//! What the rules of the states ask about the client and the music.

use super::super::approaches::approach_row;
use super::super::state::State;
use crate::key::Mode;
use crate::respond::Answered;
use crate::settings::Settings;
use crate::understand::meaning::Meaning;

/// A line is dark from this probability of a minor third on the tonic, or below this valence proxy.
const DARK_VALENCE: f32 = 0.45;

/// Her melody counts as one that she sang before from this similarity (Essen: 37.7 % of phrases against 1.0 % by chance).
const REPEATS: f32 = 0.6;

/// She slows down: share of the tempo lost towards the end of a phrase.
const SLOWS: f32 = 0.04;

/// She is going home before the form is firm: her beat has become slower by this share, which nobody does by drifting
/// within a phrase or two; of a final ritardando it is a quarter.
const SLOWS_HOME: f32 = 0.06;

/// She has not slowed down after all if, a phrase later, her beat is slower by less than this. Of lines that slow by 8, 18
/// and 30 %, the beat at the next line is slower by 0.020 to 0.15; of lines that do not, by 0.014 at most at nine in ten.
const IN_TIME: f32 = 0.015;

/// A build needs her to give no less: her arousal proxy may fall by so much a second at most.
const GIVES_LESS: f32 = -0.03;

/// She settles if her arousal proxy has fallen by so much a second over 8 s. From line to line of a song that goes on it
/// changes by -0.001 to 0.009, on the way home by -0.005 to -0.009 (24 takes in rubato).
const SETTLES: f32 = -0.004;

/// She is wild from this arousal proxy, while no pulse orders what she does.
const WILD_AROUSAL: f32 = 0.7;
const WILD_DENSITY: f32 = 3.0;

/// A beat orders what she does from this clarity on: strokes drawn at random have up to 0.86 for a while.
const ORDERS: f32 = 0.9;

/// She is no longer wild under these, or once a pulse has been felt for so long, s.
const TAME_AROUSAL: f32 = 0.55;
const TAME_DENSITY: f32 = 2.0;
const TAME_PULSE_S: f64 = 8.0;

/// She has stopped after so long, s: lines of a song are 0.6 to 1.5 s apart.
const STOPPED_S: f32 = 3.0;

/// What goes with a beat is not left sooner, beats: a line of a song has sixteen with its breath (four bars; Turry 2010),
/// and one that seems to end after eight is only half of it.
const LINE_BEATS: f64 = 12.0;

/// A moment as the rules see it.
pub struct View<'a> {
    /// What is understood.
    pub meaning: &'a Meaning,
    /// What the music is in the middle of.
    pub answered: &'a Answered,
    /// The therapist's choices.
    pub settings: &'a Settings,
    /// The state that lasts.
    pub state: State,
    /// Seconds in this state.
    pub here_s: f64,
    /// Her phrases that ended in this state.
    pub phrases: u32,
    /// She began a phrase in this state.
    pub phrase_began: bool,
    /// She has made a real start.
    pub started: bool,
    /// Seconds since a beat has been felt without a break, 0 while none is.
    pub pulse_s: f64,
    /// The music may have a beat.
    pub metre: bool,
}

impl View<'_> {
    /// A phrase of hers begins, and so many ended in this state.
    pub fn new_phrase_after(&self, phrases: u32) -> bool {
        self.meaning.phrase.began && self.phrases >= phrases
    }

    /// A line of hers begins, after one with this state's beat: a phrase that is no half line.
    pub fn new_line(&self) -> bool {
        let beats = |tempo_bpm: f32| self.here_s * f64::from(tempo_bpm) / 60.0;
        self.new_phrase_after(1) && self.meaning.pulse.grid.is_none_or(|grid| beats(grid.tempo_bpm) >= LINE_BEATS)
    }

    /// A phrase of hers ends, the so-maniest at least in this state.
    pub fn phrase_ended_after(&self, phrases: u32) -> bool {
        self.meaning.phrase.ended && self.phrases >= phrases
    }

    /// What she sings is dark: its key is minor, or the proxy of valence is low; unsure of both, it is not.
    pub fn is_dark(&self) -> bool {
        let minor = |mode: Mode| matches!(mode, Mode::Minor | Mode::Dorian | Mode::Phrygian);
        let by_key = self.meaning.tonality.key.is_some_and(|key| minor(key.mode));
        by_key || self.meaning.energy.valence.is_some_and(|valence| valence < DARK_VALENCE)
    }

    /// A beat is felt, for as long and as clearly as the approach asks.
    pub fn has_pulse(&self) -> bool {
        self.metre
    }

    /// She sings what she sang before.
    pub fn repeats(&self) -> bool {
        self.meaning.returns.is_some() && self.meaning.similarity.is_some_and(|similarity| similarity >= REPEATS)
    }

    /// She has stopped, and is not just taking a breath.
    pub fn has_stopped(&self) -> bool {
        self.meaning.silence_s >= STOPPED_S
    }

    /// She slows down; who bends the time does so all the while, and is believed to as she settles.
    pub fn slows(&self) -> bool {
        let pulse = &self.meaning.pulse;
        let slows = self.meaning.phrase.slowing >= SLOWS || pulse.slower >= SLOWS;
        match pulse.rubato {
            true => self.settles() && (slows || pulse.drift.is_some_and(|drift| drift >= 0.0)),
            false => slows,
        }
    }

    /// She slows down so much that she is on her way home.
    pub fn slows_home(&self) -> bool {
        self.meaning.pulse.slower >= SLOWS_HOME
    }

    /// She begins another phrase in the tempo that she has held: she had slowed down for a moment only. Who bends the time
    /// gives no less as well.
    pub fn goes_on_in_time(&self) -> bool {
        let in_time = self.meaning.pulse.drift.is_some_and(|drift| drift < IN_TIME);
        let gives_less = self.meaning.energy.arousal_trend.over_8_s < 0.0;
        self.new_phrase_after(1) && in_time && !(self.meaning.pulse.rubato && gives_less)
    }

    /// The approach lets her own closing begin the cadence.
    pub fn may_close(&self) -> bool {
        approach_row(self.settings.approach).client_may_close
    }

    /// She gives no less than she did.
    pub fn gives_no_less(&self) -> bool {
        self.meaning.energy.arousal_trend.over_8_s >= GIVES_LESS
    }

    /// She gives less and less.
    fn settles(&self) -> bool {
        self.meaning.energy.arousal_trend.over_8_s <= SETTLES
    }

    fn is_ordered(&self) -> bool {
        self.meaning.pulse.grid.is_some() && self.meaning.pulse.clarity >= ORDERS
    }

    /// What was wild has become softer, sparser or ordered.
    pub fn is_tame(&self) -> bool {
        let energy = &self.meaning.energy;
        let soft = energy.arousal.is_none_or(|arousal| arousal < TAME_AROUSAL);
        soft || energy.density < TAME_DENSITY || self.pulse_s >= TAME_PULSE_S && self.is_ordered()
    }

    /// What she does is loud, dense and without order.
    pub fn is_wild(&self) -> bool {
        let energy = &self.meaning.energy;
        let loud = energy.arousal.is_some_and(|arousal| arousal >= WILD_AROUSAL);
        loud && energy.density >= WILD_DENSITY && !self.is_ordered()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::understand::meaning::Trend;

    /// A client in rubato begins her second phrase here; her beat and her arousal proxy have changed by so much.
    fn asked(drift: f32, arousal: f32, ask: impl Fn(&View<'_>) -> bool) -> bool {
        let mut meaning = Meaning::default();
        (meaning.pulse.rubato, meaning.pulse.drift) = (true, Some(drift));
        meaning.phrase.began = true;
        meaning.energy.arousal_trend = Trend { over_8_s: arousal, ..Trend::default() };
        ask(&View {
            meaning: &meaning,
            answered: &Answered::default(),
            settings: &Settings::default(),
            state: State::Solidify,
            here_s: 10.0,
            phrases: 1,
            phrase_began: true,
            started: true,
            pulse_s: 30.0,
            metre: true,
        })
    }

    #[test]
    fn who_bends_the_time_is_believed_to_slow_as_she_settles() {
        assert!(asked(0.03, -0.006, |view| view.slows()));
        assert!(!asked(0.03, 0.001, |view| view.slows()) && !asked(-0.02, -0.006, |view| view.slows()));
    }

    #[test]
    fn who_bends_the_time_goes_on_if_she_gives_no_less_as_well() {
        assert!(asked(0.0, 0.002, |view| view.goes_on_in_time()));
        assert!(
            !asked(0.0, -0.002, |view| view.goes_on_in_time()) && !asked(0.05, 0.002, |view| view.goes_on_in_time())
        );
    }
}
