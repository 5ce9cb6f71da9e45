//! Inviting: to a client who has fallen silent, where the therapist armed it, a few of the client's own notes are given
//! back softly, then left open like a question, then one tone alone (eliciting, Nordoff and Robbins 2007; repeating and
//! extending, Bruscia 1987). It yields as soon as she sounds.

use super::echo::{self, Beside};
use super::plan::{Behaviour, Order, Orders, PlannedNote, Voice};
use super::{Moment, loudness};
use crate::intend::invite::Rung;
use crate::time::SampleTime;
use arrayvec::ArrayVec;

/// Notes of the fragment: three are heard as hers.
const NOTES: usize = 3;
/// Shortest and longest time between its onsets, s.
const STEP_S: (f64, f64) = (0.25, 1.2);
/// How much of a step a note fills, and how long the last one lasts, s.
const LEGATO: f64 = 0.94;
const LAST_S: f64 = 1.4;
/// The single tone lasts so long, s.
const TONE_S: f64 = 2.4;
/// Under her velocity: an invitation, not a demand.
const UNDER_HERS: f32 = 14.0;
/// It is begun so far ahead, s.
const AHEAD_S: f64 = 0.03;
/// What sounds ends within this once she is back, s.
const YIELD_S: f64 = 0.12;

/// The inviting.
#[derive(Clone, Copy, Debug, Default)]
pub struct Invite {
    until: SampleTime,
}

impl Invite {
    /// An invitation sounds or is to come.
    pub fn sounds(&self, now: SampleTime) -> bool {
        now < self.until
    }

    /// Plans for one hop.
    pub fn process(&mut self, moment: &Moment, beside: &Beside, orders: &mut Orders) {
        let Moment { clock, meaning, intent, .. } = *moment;
        let now = meaning.now;
        let goes_on = !meaning.sounding && !meaning.therapist.playing && !moment.settings.hold;
        if self.sounds(now) && !goes_on {
            orders.push(Order::Withdraw { behaviour: Behaviour::Inviting, within: clock.samples(YIELD_S) });
            self.until = 0;
        }
        let Some(rung) = intent.invite.filter(|_| goes_on) else { return };
        let motif = &meaning.motif[..meaning.motif.len().min(if rung == Rung::Tone { 1 } else { NOTES })];
        let hers: ArrayVec<u8, { echo::NOTES.1 }> = match motif.is_empty() {
            true => [echo::UNPITCHED_KEY].into_iter().collect(),
            false => motif.iter().map(|note| note.key).collect(),
        };
        let mut keys = echo::place(&hers, moment, beside);
        if rung == Rung::Question
            && let Some(last) = keys.last_mut()
        {
            *last = echo::shift(*last, 1, meaning.tonality.key).unwrap_or(*last);
        }
        let velocity = loudness(moment).min(meaning.energy.velocity - UNDER_HERS).max(1.0);
        let mut on = now + clock.samples(AHEAD_S);
        for (index, &key) in keys.iter().enumerate() {
            let step_s = motif.get(index + 1).map(|next| f64::from(next.onset_s - motif[index].onset_s));
            let length_s = match step_s.map(|step_s| step_s.clamp(STEP_S.0, STEP_S.1)) {
                Some(step_s) => LEGATO * step_s,
                None if rung == Rung::Tone => TONE_S,
                None => LAST_S,
            };
            self.until = on + clock.samples(length_s);
            orders.push(Order::Play(PlannedNote {
                on,
                off: self.until,
                key,
                velocity,
                voice: Voice::Counter,
                part: 1,
                behaviour: Behaviour::Inviting,
            }));
            on += clock.samples(length_s / LEGATO);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::promises::{D_MINOR, intent, meaning, played, responding};
    use super::*;
    use crate::intend::state::State;
    use crate::settings::Settings;

    fn offered(rung: Rung) -> Vec<PlannedNote> {
        let mut silent = intent(State::Silent);
        silent.invite = Some(rung);
        let mut meaning = meaning(480_000, Some(D_MINOR));
        (meaning.sounding, meaning.silence_s) = (false, 6.0);
        played(&mut responding(), &meaning, &silent, &Settings::default())
    }

    #[test]
    fn her_own_beginning_is_offered_softly_and_then_left_open() {
        let (fragment, question) = (offered(Rung::Fragment), offered(Rung::Question));
        let classes = |notes: &[PlannedNote]| notes.iter().map(|note| note.key % 12).collect::<Vec<_>>();
        assert_eq!(fragment.len(), NOTES);
        assert_eq!(fragment[1].on - fragment[0].on, 24_000, "her rhythm");
        assert_eq!(classes(&question)[..2], classes(&fragment)[..2]);
        assert!(question[2].key > fragment[2].key, "{question:?}");
        assert_eq!(offered(Rung::Tone).len(), 1);
        assert!(fragment.iter().all(|note| note.velocity <= 70.0 - UNDER_HERS));
    }

    #[test]
    fn it_yields_as_soon_as_she_sounds() {
        let mut respond = responding();
        let mut silent = intent(State::Silent);
        silent.invite = Some(Rung::Fragment);
        let mut meaning = meaning(480_000, Some(D_MINOR));
        (meaning.sounding, meaning.silence_s) = (false, 6.0);
        assert_eq!(played(&mut respond, &meaning, &silent, &Settings::default()).len(), NOTES);
        (meaning.now, meaning.sounding, meaning.silence_s, silent.invite) = (490_000, true, 0.0, None);
        let mut orders = Orders::new();
        respond.process(&meaning, &silent, &Settings::default(), &mut orders);
        let withdrawn = |order: &Order| matches!(order, Order::Withdraw { behaviour: Behaviour::Inviting, within } if *within <= 5_760);
        assert!(orders.iter().any(withdrawn), "{orders:?}");
    }
}
