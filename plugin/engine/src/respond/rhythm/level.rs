//! Level: how loud a strike is; how it comes in, how a build grows, and how much of it is left while she is silent.

use super::super::{Moment, loudness};
use super::count::Tick;

/// The rhythm lies this far below the answer's velocity: it is ground, not figure.
const UNDER_THE_ANSWER: f32 = 9.0;
/// It comes in from so far below over so many beats, about three bars: nobody is startled.
const COMES_IN: f32 = 17.0;
/// And so it begins this far below the answer.
pub(in crate::respond) const BEGINS_UNDER_THE_ANSWER: f32 = UNDER_THE_ANSWER + COMES_IN;
const COMES_IN_BEATS: f32 = 12.0;
/// A downbeat is so much louder; upper voices and half beats are softer. Chosen by ear, small against the line's arc.
const DOWNBEAT: f32 = 2.0;
const UPPER_SOFTER: f32 = 3.0;
const HALF_SOFTER: f32 = 5.0;
/// A build rises by so much, and begins a little lower where it would else outgrow her.
const BUILD_RISE: f32 = 25.0;
const BUILD_BEGINS_LOWER: f32 = 5.0;
/// A build stays this far above her at most.
const ABOVE_HER: f32 = 2.0;
/// Alone, the chord is held so far below.
const ALONE_SOFTER: f32 = 16.0;
/// A floor carries her: so far below her own velocity.
const FLOOR_BELOW_HER: f32 = 3.0;
/// Velocity that is always left.
const SOFTEST: f32 = 8.0;

/// What the rhythm's velocity is built on: her average with the goal's and the state's offsets.
pub(super) fn ground(moment: &Moment) -> f32 {
    loudness(moment) + moment.intent.body.velocity - UNDER_THE_ANSWER
}

/// Velocity of bass and upper voices at `tick`, `beats` after the rhythm came in.
pub(super) fn strike(moment: &Moment, tick: &Tick, beats: u64) -> [f32; 2] {
    let coming_in =
        (1.0 - moment.mirrors()) * COMES_IN * (1.0 - moment.promptness() * beats as f32 / COMES_IN_BEATS).max(0.0);
    accented(ground(moment) - coming_in, tick)
}

/// The same in a build that began on `ground` and has come `growth` of its way, 0-1.
pub(super) fn building(moment: &Moment, tick: &Tick, ground: f32, growth: f32) -> [f32; 2] {
    let manner = moment.intent.character.manner.velocity;
    let highest = (moment.meaning.energy.velocity + ABOVE_HER).min(f32::from(moment.settings.ceiling)) - manner;
    let lowest = (ground - BUILD_BEGINS_LOWER).min(highest - BUILD_RISE);
    let [bass, _] = accented(lowest + BUILD_RISE * growth, &Tick { number: 2, ..*tick });
    // No accents but the rise itself.
    [bass, bass - if tick.half { 1.0 } else { 0.0 }].map(|velocity| velocity.max(SOFTEST))
}

/// Velocity of a chord held softly while she is silent.
pub(super) fn alone(moment: &Moment) -> f32 {
    (ground(moment) - ALONE_SOFTER).max(SOFTEST)
}

/// Velocity of a floor.
pub(super) fn floor(moment: &Moment) -> f32 {
    moment.meaning.energy.velocity - FLOOR_BELOW_HER - moment.intent.character.manner.velocity
}

fn accented(velocity: f32, tick: &Tick) -> [f32; 2] {
    let accent = if tick.is_downbeat() { DOWNBEAT } else { 0.0 };
    let softer = if tick.half { HALF_SOFTER } else { 0.0 };
    [velocity + accent - softer, velocity + accent - UPPER_SOFTER - softer].map(|velocity| velocity.max(SOFTEST))
}
