//! What the picture shows of time and pitch, kept smooth from one look to the next.

use crate::telemetry::trail::{SPAN_S, Trail};

/// Pitches shown while there is nothing to show, MIDI keys: A2 to A5.
const USUAL: (f32, f32) = (45.0, 81.0);

/// Fewest semitones shown, and how many above and below what sounds.
const LEAST: f32 = 26.0;
const MARGIN: f32 = 2.5;

/// How fast the picture takes in what lies outside it, a second.
const EASE_HZ: f32 = 4.0;

/// Share of what it lags behind that the picture makes up for at every look.
const CATCH_UP: f64 = 0.15;

/// Lag from which on it does not catch up but jumps, s.
const JUMP_S: f64 = 0.5;

/// Semitones that it need not move for.
const STILL: f32 = 0.05;

/// The picture's own time and range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Canvas {
    now_s: f64,
    keys: (f32, f32),
}

impl Default for Canvas {
    fn default() -> Self {
        Self { now_s: f64::NEG_INFINITY, keys: USUAL }
    }
}

impl Canvas {
    /// Follows `trail`, `passed_s` after the last look; whether its range is still on the way.
    pub fn follow(&mut self, trail: &Trail, passed_s: f32) -> bool {
        let lag = trail.now_s - self.now_s;
        if lag.abs() > JUMP_S {
            self.now_s = trail.now_s;
            self.keys = wanted(trail);
            return false;
        }
        let on = self.now_s + f64::from(passed_s);
        self.now_s = (on + CATCH_UP * (trail.now_s - on)).min(trail.now_s);
        let (wanted, share) = (wanted(trail), 1.0 - (-EASE_HZ * passed_s).exp());
        let ease = |now: &mut f32, to: f32| {
            let far = (to - *now).abs() > STILL;
            *now = if far { *now + share * (to - *now) } else { to };
            far
        };
        let (low, high) = (ease(&mut self.keys.0, wanted.0), ease(&mut self.keys.1, wanted.1));
        low || high
    }

    /// The instant at the right end, s.
    pub fn now_s(&self) -> f64 {
        self.now_s
    }

    /// Lowest and highest pitch shown, MIDI keys.
    pub fn keys(&self) -> (f32, f32) {
        self.keys
    }
}

/// The pitches that hold everything on show.
fn wanted(trail: &Trail) -> (f32, f32) {
    let since = trail.now_s - SPAN_S;
    let ours = trail.ours.iter().filter(|note| note.off_s > since).map(|note| f32::from(note.key));
    let hers = trail.hers.iter().filter(|note| note.off_s > since).map(|note| f32::from(note.key));
    let line = trail.line().filter(|(at_s, pitch)| *at_s > since && pitch.is_finite()).map(|(_, pitch)| pitch);
    let (low, high) = ours
        .chain(hers)
        .chain(line)
        .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), key| (low.min(key), high.max(key)));
    if low > high {
        return USUAL;
    }
    let missing = (LEAST - (high - low + 2.0 * MARGIN)).max(0.0) / 2.0;
    (low - MARGIN - missing, high + MARGIN + missing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::trail::Moment;

    fn sung(pitch: f32, seconds: f64) -> Trail {
        let mut trail = Trail::default();
        for _ in 0..(seconds * 100.0) as usize {
            trail.follow(0.01, &Moment { pitch: Some(pitch), ..Moment::default() });
        }
        trail
    }

    #[test]
    fn the_picture_keeps_up_and_never_runs_ahead() {
        let mut trail = sung(60.0, 3.0);
        let mut canvas = Canvas::default();
        for look in 0..600 {
            canvas.follow(&trail, 1.0 / 60.0);
            assert!(canvas.now_s() <= trail.now_s && trail.now_s - canvas.now_s() < 0.1, "look {look}");
            // Blocks of 30 ms, looked at every 17.
            if look % 2 == 0 {
                trail.follow(1.0 / 30.0, &Moment::default());
            }
        }
    }

    #[test]
    fn it_takes_in_a_high_note_and_comes_to_rest() {
        let mut canvas = Canvas::default();
        canvas.follow(&sung(60.0, 3.0), 0.017);
        let high = sung(90.0, 3.0);
        let looks = (0..600).take_while(|_| canvas.follow(&high, 0.017)).count();
        assert!((10..300).contains(&looks), "{looks}");
        assert!(canvas.keys().0 < 90.0 && canvas.keys().1 > 90.0, "{:?}", canvas.keys());
    }
}
