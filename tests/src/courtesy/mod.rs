//! Whether what is played startles: notes too short to be meant, too many attacks at once, loudness that jumps, music that
//! breaks off before the client has ended or does not end with them.

mod judge;
mod play;

pub use judge::{KINDS, Verdict, judge};
pub use play::{Take, play};

use antiphon_engine::intend::intent::State;
use antiphon_engine::respond::plan::Behaviour;

/// A note of ours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attack {
    /// When it begins, s.
    pub on_s: f64,
    /// When it ends, s.
    pub off_s: f64,
    /// MIDI channel, 0-15.
    pub channel: u8,
    /// MIDI key.
    pub key: u8,
    /// MIDI velocity.
    pub velocity: u8,
    /// What it belongs to.
    pub behaviour: Behaviour,
    /// Where the exchange stands as it begins.
    pub state: State,
}

/// Shortest note, s (house rule: nothing jumps).
pub const SHORTEST_S: f64 = 0.06;

/// Most attacks within [`AT_ONCE_S`].
pub const MOST_ATTACKS: usize = 6;
/// And within how long, s.
pub const AT_ONCE_S: f64 = 0.25;

/// Most that velocity rises from one second to the next.
pub const STEEPEST_RISE: i32 = 20;

/// After the client's last note it ends within so long, s.
pub const ENDS_WITHIN_S: f64 = 4.0;

/// No longer than this is nothing of ours heard between our first note and the client's last, s: a line of theirs that is listened
/// to (6.5 s) and what is needed to come back.
pub const ABSENT_S: f64 = 10.0;

/// Half a sample at the lowest rate, s: instants that are meant to be the same.
const ROUNDING_S: f64 = 1e-5;

/// The notes of `attacks` that are too short, but for those that an act ends (`acts_s`, s) or the end of the bounce (`end_s`),
/// or whose key is struck again.
pub fn too_short<'a>(attacks: &'a [Attack], acts_s: &[f64], end_s: f64) -> Vec<&'a Attack> {
    let is_ended = |note: &&Attack| {
        let near = |at_s: f64| (note.off_s - at_s).abs() < HOP_S;
        let again = |other: &Attack| {
            (other.channel, other.key) == (note.channel, note.key) && (other.on_s - note.off_s).abs() < ROUNDING_S
        };
        near(end_s) || acts_s.iter().any(|&at_s| near(at_s)) || attacks.iter().any(again)
    };
    let short = |note: &&Attack| note.off_s - note.on_s < SHORTEST_S - ROUNDING_S;
    attacks.iter().filter(short).filter(|note| !is_ended(note)).collect()
}

/// An act is carried out with the next hop, s: 0.01 s is more than one at any rate.
const HOP_S: f64 = 0.01;

/// The most attacks within [`AT_ONCE_S`], and when, s.
pub fn most_at_once(attacks: &[Attack]) -> (usize, f64) {
    let within = |index: usize| {
        let from_s = attacks[index].on_s;
        let count = attacks[index..].iter().take_while(|note| note.on_s - from_s < AT_ONCE_S - ROUNDING_S).count();
        (count, from_s)
    };
    (0..attacks.len()).map(within).max_by_key(|(count, _)| *count).unwrap_or((0, 0.0))
}

/// The steepest rise of velocity, and when, s: of an attack over the loudest of the second before it; where nothing was
/// struck then, over what sounds up to it.
pub fn steepest_rise(attacks: &[Attack]) -> (i32, f64) {
    let rise = |(index, note): (usize, &Attack)| {
        let earlier = || attacks[..index].iter().filter(|other| other.on_s < note.on_s - ROUNDING_S);
        let loudest = |wanted: &dyn Fn(&Attack) -> bool| {
            earlier().filter(|other| wanted(other)).map(|other| i32::from(other.velocity)).max()
        };
        let struck = loudest(&|other| other.on_s >= note.on_s - 1.0);
        let before = struck.or_else(|| loudest(&|other| other.off_s > note.on_s - ROUNDING_S))?;
        Some((i32::from(note.velocity) - before, note.on_s))
    };
    attacks.iter().enumerate().filter_map(rise).max_by_key(|(rise, _)| *rise).unwrap_or((0, 0.0))
}

/// The longest time in which the client goes on, rests of theirs left out, and nothing of ours sounds; and where it begins; s.
/// `client`: when the client sounds, as (from, until) in s.
pub fn longest_absence(attacks: &[Attack], client: &[(f64, f64)]) -> (f64, f64) {
    let Some((last_s, first_s)) = client.last().map(|note| note.1).zip(attacks.first().map(|note| note.on_s)) else {
        return (0.0, 0.0);
    };
    let mut absence = (0.0, 0.0);
    let mut sounds_until_s = first_s;
    for (on_s, off_s) in attacks.iter().map(|note| (note.on_s, note.off_s)).chain([(last_s, last_s)]) {
        let gap_s = goes_on_s(client, sounds_until_s, on_s.min(last_s));
        if gap_s > absence.0 {
            absence = (gap_s, sounds_until_s);
        }
        sounds_until_s = sounds_until_s.max(off_s);
    }
    absence
}

/// A silence of the client's that is a rest and no breath, s.
const REST_S: f64 = 1.0;

/// How much of the time from `from_s` to `to_s` the client does not rest in.
fn goes_on_s(client: &[(f64, f64)], from_s: f64, to_s: f64) -> f64 {
    let rests = client.windows(2).map(|pair| (pair[0].1, pair[1].0)).filter(|rest| rest.1 - rest.0 >= REST_S);
    let within = rests.map(|rest| (rest.1.min(to_s) - rest.0.max(from_s)).max(0.0));
    to_s - from_s - within.sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attack(on_s: f64, off_s: f64, velocity: u8) -> Attack {
        let (behaviour, state) = (Behaviour::Holding, State::Holding);
        Attack { on_s, off_s, channel: 0, key: 60, velocity, behaviour, state }
    }

    #[test]
    fn a_short_note_is_found_unless_something_ends_it() {
        let notes = [attack(1.0, 1.03, 50)];
        assert_eq!(too_short(&notes, &[], 9.0).len(), 1);
        assert!(too_short(&notes, &[1.03], 9.0).is_empty() && too_short(&notes, &[], 1.03).is_empty());
        assert!(too_short(&[notes[0], attack(1.03, 2.0, 50)], &[], 9.0).is_empty(), "its key is struck again");
        assert!(too_short(&[attack(1.0, 1.06, 50)], &[], 9.0).is_empty());
    }

    #[test]
    fn a_burst_and_a_jump_are_found() {
        let chord = |on_s: f64, velocity: u8| [attack(on_s, on_s + 1.0, velocity); 4];
        let notes = [chord(1.0, 40), chord(1.2, 66), chord(3.5, 66)].concat();
        assert_eq!(most_at_once(&notes), (8, 1.0));
        assert_eq!(steepest_rise(&notes), (26, 1.2));
        let rests = [attack(1.0, 1.5, 20), attack(3.0, 4.0, 70)];
        assert_eq!(steepest_rise(&rests).0, 0, "nothing was there to rise from");
    }

    #[test]
    fn the_longest_absence_ends_with_the_client() {
        let notes = [attack(1.0, 2.0, 40), attack(3.0, 4.0, 40)];
        assert_eq!(longest_absence(&notes, &[(0.0, 3.5)]), (1.0, 2.0));
        assert_eq!(longest_absence(&notes, &[(0.0, 1.0), (1.0, 9.0)]), (5.0, 4.0));
        assert_eq!(longest_absence(&notes, &[(0.0, 5.0), (7.0, 9.0)]), (3.0, 4.0), "the client rests for two");
    }
}
