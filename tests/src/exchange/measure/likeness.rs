//! How like an echo is to what it echoes.

/// A note as the comparison sees it: when it begins, s, and its key.
pub type Tone = (f64, u8);

/// Intervals within this many semitones agree if they go the same way.
const INTERVAL_SEMITONES: i32 = 1;

/// Inter-onset intervals within this share of each other agree.
const TIME_SHARE: f64 = 0.35;

/// How alike an echo of so many notes must be to count as one.
pub fn limit(notes: usize) -> f64 {
    match notes {
        0..=3 => 1.0,
        4 | 5 => 0.8,
        6 => 0.75,
        _ => 0.6,
    }
}

/// Share of the steps of `echo` that agree with those of as many notes at the head or the tail of one of `lines`; the
/// best of these. 0 if no line is long enough.
pub fn similarity(echo: &[Tone], lines: &[Vec<Tone>]) -> f64 {
    let count = echo.len();
    if count < 2 {
        return 0.0;
    }
    let parts =
        lines.iter().filter(|line| line.len() >= count).flat_map(|line| [&line[..count], &line[line.len() - count..]]);
    parts.map(|part| agreement(echo, part)).fold(0.0, f64::max)
}

/// Share of the steps that agree: the interval, and the time whether it is taken as it is or in relation to the whole.
fn agreement(echo: &[Tone], original: &[Tone]) -> f64 {
    let length = |notes: &[Tone]| notes[notes.len() - 1].0 - notes[0].0;
    let pace = length(echo) / length(original);
    let agreeing = |pace: f64| {
        let steps = echo.windows(2).zip(original.windows(2));
        steps.filter(|(echo, original)| agrees(echo, original, pace)).count() as f64 / (echo.len() - 1) as f64
    };
    agreeing(1.0).min(agreeing(pace))
}

fn agrees(echo: &[Tone], original: &[Tone], pace: f64) -> bool {
    let interval = |pair: &[Tone]| i32::from(pair[1].1) - i32::from(pair[0].1);
    let time = |pair: &[Tone]| pair[1].0 - pair[0].0;
    let (a, b) = (interval(echo), interval(original));
    let same_way = a.signum() == b.signum() && (a - b).abs() <= INTERVAL_SEMITONES;
    same_way && (time(echo) / (pace * time(original)) - 1.0).abs() <= TIME_SHARE
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: [Tone; 6] = [(0.0, 69), (0.5, 72), (1.3, 70), (1.6, 69), (2.1, 67), (2.4, 65)];

    #[test]
    fn an_echo_is_like_its_original_at_another_pitch_and_unlike_its_inversion() {
        let lines = [LINE.to_vec()];
        let moved = |by: i32, sign: i32| -> Vec<Tone> {
            LINE[1..].iter().map(|note| (note.0 + 5.0, (67 + by + sign * (i32::from(note.1) - 67)) as u8)).collect()
        };
        assert_eq!(similarity(&moved(-12, 1), &lines), 1.0);
        assert!(similarity(&moved(0, -1), &lines) < 0.3);
        assert_eq!(similarity(&LINE[..1], &lines), 0.0);
    }

    #[test]
    fn an_echo_in_another_rhythm_agrees_in_part() {
        let stretched: Vec<Tone> = LINE.iter().enumerate().map(|(n, note)| (n as f64 * 0.4, note.1)).collect();
        let alike = similarity(&stretched, &[LINE.to_vec()]);
        assert!(alike < 0.8, "{alike}");
    }
}
