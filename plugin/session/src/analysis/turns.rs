//! Turns: who sounds when, who has the floor, and how soon one answers the other.

use super::Note;

/// A rest this long ends a turn, s.
pub const TURN_REST_S: f64 = 0.6;

/// Latest answer to a turn, s.
pub const ANSWER_S: f64 = 4.0;

/// From and to, s.
pub type Span = (f64, f64);

/// Stretches in which at least one of `notes`, in the order of their beginnings, sounds.
pub fn spans(notes: &[Note]) -> Vec<Span> {
    joined(notes.iter().map(|note| (note.on_s, note.off_s)), 0.0)
}

/// As [`spans`], with rests shorter than 0.6 s within them.
pub fn turns(notes: &[Note]) -> Vec<Span> {
    joined(notes.iter().map(|note| (note.on_s, note.off_s)), TURN_REST_S)
}

fn joined(pieces: impl Iterator<Item = Span>, rest_s: f64) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for (on_s, off_s) in pieces {
        match spans.last_mut() {
            // A rest of no length is none.
            Some(last) if on_s <= last.1 || on_s - last.1 < rest_s => last.1 = last.1.max(off_s),
            _ => spans.push((on_s, off_s)),
        }
    }
    spans
}

/// Seconds of `spans`.
pub fn length_s(spans: &[Span]) -> f64 {
    spans.iter().map(|span| span.1 - span.0).sum()
}

/// Stretches of both.
pub fn common(a: &[Span], b: &[Span]) -> Vec<Span> {
    let (mut i, mut j, mut found) = (0, 0, Vec::new());
    while let (Some(first), Some(second)) = (a.get(i), b.get(j)) {
        let both = (first.0.max(second.0), first.1.min(second.1));
        if both.0 < both.1 {
            found.push(both);
        }
        if first.1 < second.1 { i += 1 } else { j += 1 }
    }
    found
}

/// What of `spans` lies between two instants.
pub fn within(spans: &[Span], from_s: f64, to_s: f64) -> Vec<Span> {
    let first = spans.partition_point(|span| span.1 <= from_s);
    let inside = spans[first..].iter().take_while(|span| span.0 < to_s);
    inside.map(|span| (span.0.max(from_s), span.1.min(to_s))).collect()
}

/// Answers to `turns`: when each answered turn ended, and how long after it `attacks` (s, strength) go on, if they do
/// within 4 s and before the next turn begins.
pub fn answers(turns: &[Span], attacks: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let next_turn = turns.iter().skip(1).map(|turn| turn.0).chain([f64::INFINITY]);
    let answer = |(turn, next_s): (&Span, f64)| {
        let next = attacks.get(attacks.partition_point(|attack| attack.0 < turn.1))?.0;
        let after_s = next - turn.1;
        (after_s <= ANSWER_S && next < next_s).then_some((turn.1, after_s))
    };
    turns.iter().zip(next_turn).filter_map(answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_holds_short_rests_and_ends_at_a_long_one() {
        let note = |on_s: f64, off_s: f64| Note { on_s, off_s, key: 60, velocity: 80 };
        let notes = [note(0.0, 1.0), note(1.3, 2.0), note(2.0, 3.0), note(4.0, 5.0)];
        assert_eq!(turns(&notes), [(0.0, 3.0), (4.0, 5.0)]);
        assert_eq!(spans(&notes), [(0.0, 1.0), (1.3, 3.0), (4.0, 5.0)]);
    }

    #[test]
    fn what_is_common_lies_in_both_and_an_answer_comes_before_the_next_turn() {
        let (a, b) = ([(0.0, 2.0), (3.0, 6.0)], [(1.0, 4.0), (5.0, 9.0)]);
        assert_eq!(common(&a, &b), [(1.0, 2.0), (3.0, 4.0), (5.0, 6.0)]);
        assert_eq!(within(&a, 1.5, 3.5), [(1.5, 2.0), (3.0, 3.5)]);
        assert_eq!(answers(&a, &[(2.5, 1.0), (11.0, 1.0)]), [(2.0, 0.5)]);
        assert_eq!(answers(&a, &[(3.1, 1.0)]), []);
    }
}
