//! The host's ways of stopping, each of which ends every note: transport stop, locate, loop, bypass, a loaded state.

use nice_plug::prelude::Transport;

/// A position may step back by this much without being a jump, seconds, beside the longest block: hosts round.
const STEP_BACK_S: f64 = 0.01;

/// A position may run ahead by this much without being a jump, seconds, beside twice the samples that passed: play
/// rates up to double, and tempo ramps within a block.
const RUN_AHEAD_S: f64 = 0.05;

/// Where the song stands.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    /// Whether the transport runs.
    playing: bool,
    /// Position in seconds, or in beats where the host knows no seconds; `None` where it knows neither.
    position: Option<Position>,
    /// Seconds of sound since the position last moved.
    elapsed_s: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Position {
    Seconds(f64),
    /// Beats, and seconds a beat.
    Beats(f64, f64),
}

/// Finds out when the host ends something.
#[derive(Debug, Default)]
pub struct Endings {
    last: Option<Place>,
    bypassed: bool,
    /// States loaded so far.
    loads: u32,
    /// Longest block that the host hands over, seconds.
    longest_block_s: f64,
}

impl Endings {
    /// Gets ready for blocks up to this long, seconds. When a CLAP host tells of its transport within a block, nice-plug
    /// names positions that run ahead by up to a block, and are right again in the next.
    pub fn prepare(&mut self, longest_block_s: f64) {
        self.longest_block_s = longest_block_s;
    }

    /// Forgets where the song stood; a jump is a jump only from somewhere.
    pub fn reset(&mut self) {
        self.last = None;
    }

    /// Whether the block of `samples` that begins now begins with an ending. `loads` counts the states loaded so far.
    pub fn notice(&mut self, transport: &Transport, samples: usize, bypassed: bool, loads: u32) -> bool {
        let block_s = samples as f64 / f64::from(transport.sample_rate.max(1.0));
        let position = position(transport);
        let last = self.last.replace(Place { playing: transport.playing, position, elapsed_s: block_s });
        // Leaving bypass is one as well: what was planned meanwhile was never heard.
        let bypass_switched = std::mem::replace(&mut self.bypassed, bypassed) != bypassed;
        let loaded = std::mem::replace(&mut self.loads, loads) != loads;
        let Some(last) = last else { return bypass_switched || loaded };

        let stopped = last.playing && !transport.playing;
        let advance_s = advance(last.position, position);
        let (back_s, ahead_s) = (STEP_BACK_S + self.longest_block_s, 2.0 * last.elapsed_s + RUN_AHEAD_S);
        let jumped = advance_s.is_some_and(|s| s < -back_s || s > ahead_s);
        // A host that splits its block may repeat the position of the block's beginning.
        if transport.playing && advance_s == Some(0.0) {
            self.last = Some(Place { playing: true, position, elapsed_s: last.elapsed_s + block_s });
        }
        bypass_switched || loaded || stopped || jumped
    }
}

fn position(transport: &Transport) -> Option<Position> {
    let tempo = transport.tempo.filter(|tempo| tempo.is_finite() && *tempo > 0.0);
    match (transport.pos_samples, transport.pos_seconds, transport.pos_beats, tempo) {
        (Some(samples), ..) => Some(Position::Seconds(samples as f64 / f64::from(transport.sample_rate.max(1.0)))),
        (_, Some(seconds), ..) => Some(Position::Seconds(seconds)),
        (_, _, Some(beats), Some(tempo)) => Some(Position::Beats(beats, 60.0 / tempo)),
        _ => None,
    }
}

/// Seconds from `was` to `is`; beats at the slower of both tempi, so that a change of tempo is no jump.
fn advance(was: Option<Position>, is: Option<Position>) -> Option<f64> {
    let advance = match (was?, is?) {
        (Position::Seconds(was), Position::Seconds(is)) => is - was,
        (Position::Beats(was, slow), Position::Beats(is, fast)) => (is - was) * slow.min(fast),
        _ => return None,
    };
    advance.is_finite().then_some(advance)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f32 = 48_000.0;

    fn at(seconds: f64, playing: bool) -> Transport {
        let mut transport = Transport::new(RATE);
        transport.playing = playing;
        transport.pos_seconds = Some(seconds);
        transport
    }

    fn playing_until(seconds: f64) -> Endings {
        let mut endings = Endings::default();
        let ended = (0..=10).any(|i| endings.notice(&at(seconds - 0.01 * f64::from(10 - i), true), 480, false, 0));
        assert!(!ended, "going on is no ending");
        endings
    }

    #[test]
    fn a_stop_ends_and_standing_still_does_not() {
        let mut endings = playing_until(1.0);
        assert!(endings.notice(&at(1.01, false), 480, false, 0));
        assert!(!(0..500).any(|_| endings.notice(&at(1.01, false), 480, false, 0)));
        assert!(!endings.notice(&at(1.01, true), 480, false, 0), "starting is no ending");
    }

    #[test]
    fn a_locate_and_a_loop_end_while_playing_and_while_stopped() {
        assert!(playing_until(5.0).notice(&at(2.0, true), 480, false, 0));
        assert!(playing_until(5.0).notice(&at(6.0, true), 480, false, 0));
        let mut stopped = Endings::default();
        stopped.notice(&at(1.0, false), 480, false, 0);
        assert!(stopped.notice(&at(9.0, false), 480, false, 0));
    }

    #[test]
    fn bypass_ends_when_it_goes_on_and_when_it_goes_off_and_a_loaded_state_ends() {
        let mut endings = playing_until(1.0);
        assert!(endings.notice(&at(1.01, true), 480, true, 0));
        assert!(!endings.notice(&at(1.02, true), 480, true, 0));
        assert!(endings.notice(&at(1.03, true), 480, false, 0));
        assert!(endings.notice(&at(1.04, true), 480, false, 1));
        assert!(!endings.notice(&at(1.05, true), 480, false, 1));
    }

    #[test]
    fn a_split_block_that_repeats_its_position_is_no_jump() {
        let mut endings = playing_until(1.0);
        let mut end = |seconds, samples| endings.notice(&at(seconds, true), samples, false, 0);
        assert!(!(end(1.01, 16_000) || end(1.01, 100) || end(1.01 + 16_100.0 / 48_000.0, 480)));
    }

    #[test]
    fn a_changing_tempo_is_no_jump_and_nonsense_positions_are_none() {
        let mut endings = Endings::default();
        let mut beats = 0.0;
        for block in 0..200 {
            let mut transport = Transport::new(RATE);
            transport.playing = true;
            let tempo = if block < 100 { 60.0 } else { 180.0 };
            (transport.pos_beats, transport.tempo) = (Some(beats), Some(tempo));
            assert!(!endings.notice(&transport, 480, false, 0));
            beats += 0.01 * tempo / 60.0;
        }
        assert!(!endings.notice(&at(f64::NAN, true), 480, false, 0));
        assert!(!endings.notice(&at(f64::INFINITY, true), 480, false, 0));
    }
}
