//! How the voices of the harmony move: parallels, crossings and leaps, counted over songs from the lines that
//! `played.csv` names.

use super::render::{Accompaniment, Played};

/// Tones that begin within this time begin together, s: a chord may be rolled.
const TOGETHER_S: f64 = 0.08;

/// A line that pauses for no longer than this goes on, s.
const BREATH_S: f64 = 0.25;

/// Counts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Leading {
    transitions: usize,
    parallels: usize,
    slices: usize,
    crossings: usize,
    moves: usize,
    semitones: usize,
}

impl Leading {
    /// Adds what was played.
    pub fn add(&mut self, accompaniment: &Accompaniment) {
        let slices = slices(&accompaniment.played);
        for slice in &slices {
            self.slices += 1;
            let keys: Vec<u8> = slice.iter().flatten().copied().collect();
            self.crossings += usize::from(keys.windows(2).any(|pair| pair[0] > pair[1]));
        }
        for pair in slices.windows(2) {
            self.transitions += 1;
            let lines: Vec<(u8, u8)> =
                pair[0].iter().zip(&pair[1]).filter_map(|(before, after)| before.zip(*after)).collect();
            for (index, low) in lines.iter().enumerate() {
                self.parallels += lines[index + 1..].iter().filter(|high| are_parallel(*low, **high)).count();
            }
            for (before, after) in pair[0][1..].iter().zip(&pair[1][1..]).filter_map(|(a, b)| a.zip(*b)) {
                self.moves += 1;
                self.semitones += usize::from(before.abs_diff(after));
            }
        }
    }

    /// Parallel fifths and octaves in 100 transitions, between any two lines. Bach's chorales: 0.27.
    pub fn parallels_per_100(&self) -> f64 {
        100.0 * self.parallels as f64 / self.transitions.max(1) as f64
    }

    /// Of 100 moments, those in which a line lies below the one under it. Bach's chorales: 2.3.
    pub fn crossings_per_100(&self) -> f64 {
        100.0 * self.crossings as f64 / self.slices.max(1) as f64
    }

    /// How far a line above the bass moves from one moment to the next, semitones, staying included.
    pub fn upper_motion(&self) -> f64 {
        self.semitones as f64 / self.moves.max(1) as f64
    }

    /// Transitions counted.
    pub fn transitions(&self) -> usize {
        self.transitions
    }
}

/// The keys of the lines, bass first, at every moment at which one begins.
fn slices(played: &[Played]) -> Vec<Vec<Option<u8>>> {
    let mut parts: Vec<&str> = played.iter().filter(|note| note.is_chordal()).map(|note| note.part.as_str()).collect();
    parts.sort_unstable();
    parts.dedup();
    let mut begins: Vec<f64> = played.iter().filter(|note| note.is_chordal()).map(|note| note.on_s).collect();
    begins.sort_by(f64::total_cmp);
    let mut moments: Vec<f64> = Vec::new();
    for begin in begins {
        match moments.last_mut() {
            Some(last) if begin - *last < TOGETHER_S => *last = begin,
            _ => moments.push(begin),
        }
    }
    let sounding = |part: &str, at: f64| {
        let mut of_part =
            played.iter().filter(|note| note.part == part && note.on_s <= at && at < note.off_s + BREATH_S);
        of_part.next_back().map(|note| note.key)
    };
    moments.iter().map(|&at| parts.iter().map(|part| sounding(part, at)).collect()).collect()
}

/// Both move the same way and keep a fifth or an octave between them.
fn are_parallel(low: (u8, u8), high: (u8, u8)) -> bool {
    let interval = |low: u8, high: u8| (i32::from(high) - i32::from(low)).rem_euclid(12);
    let (before, after) = (interval(low.0, high.0), interval(low.1, high.1));
    let moved = |line: (u8, u8)| i32::from(line.1) - i32::from(line.0);
    before == after && matches!(before, 0 | 7) && moved(low) != 0 && moved(low).signum() == moved(high).signum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chords(keys: &[[u8; 3]]) -> Accompaniment {
        let parts = ["bass.1", "harmony.1", "harmony.2"];
        let notes = keys.iter().enumerate().flat_map(|(at, chord)| {
            parts.iter().zip(chord).map(move |(part, &key)| Played {
                on_s: at as f64,
                off_s: at as f64 + 1.0,
                voice: part.split('.').next().unwrap_or_default().to_owned(),
                part: (*part).to_owned(),
                key,
            })
        });
        Accompaniment { played: notes.collect(), music: Vec::new() }
    }

    fn counted(keys: &[[u8; 3]]) -> Leading {
        let mut leading = Leading::default();
        leading.add(&chords(keys));
        leading
    }

    #[test]
    fn fifths_that_move_together_are_parallel_and_those_that_stay_or_part_are_not() {
        assert_eq!(counted(&[[48, 55, 64], [50, 57, 65]]).parallels_per_100(), 100.0);
        assert_eq!(counted(&[[48, 55, 64], [48, 55, 65]]).parallels_per_100(), 0.0);
        assert_eq!(counted(&[[48, 55, 64], [53, 57, 60]]).parallels_per_100(), 0.0);
    }

    #[test]
    fn a_line_below_its_neighbour_crosses_and_motion_is_the_mean_of_the_upper_lines() {
        let leading = counted(&[[48, 55, 64], [50, 65, 62]]);
        assert_eq!(leading.crossings_per_100(), 50.0);
        assert_eq!(leading.upper_motion(), 6.0);
    }
}
