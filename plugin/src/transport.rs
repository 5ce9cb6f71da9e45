//! The host's transport in the engine's terms.

use antiphon_engine::transport::Transport;
use nice_plug::prelude::Transport as HostTransport;

/// What the host says of the first sample of its block; `None` if it names no tempo or no position.
pub fn of_host(host: &HostTransport) -> Option<Transport> {
    let number = |number: Option<i32>| number.and_then(|number| u8::try_from(number).ok()).unwrap_or(0);
    // A host without time signature, or with a senseless one, has beats and no bars.
    let (beats_per_bar, beat_unit) = (number(host.time_sig_numerator), number(host.time_sig_denominator));
    let has_bars = beats_per_bar > 0 && beat_unit > 0;
    let bar_start = host.bar_start_pos_beats.filter(|start| start.is_finite());
    Some(Transport {
        playing: host.playing,
        tempo_qpm: host.tempo?,
        position: host.pos_beats()?,
        bar_start: bar_start.unwrap_or(0.0),
        beats_per_bar: if has_bars { beats_per_bar } else { 0 },
        beat_unit: if has_bars { beat_unit } else { 4 },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_names_only_samples_and_tempo_has_beats_and_no_bars() {
        let mut host = HostTransport::new(48_000.0);
        (host.playing, host.tempo, host.pos_samples) = (true, Some(120.0), Some(48_000));
        let transport = of_host(&host).unwrap();
        assert_eq!((transport.position, transport.beats_per_bar), (2.0, 0));
        host.tempo = None;
        assert_eq!(of_host(&host), None);
    }

    #[test]
    fn a_senseless_time_signature_does_no_harm() {
        for (numerator, denominator) in [(0, 4), (4, 0), (-3, 8), (4, 100_000)] {
            let mut host = HostTransport::new(48_000.0);
            (host.tempo, host.pos_beats) = (Some(90.0), Some(1.5));
            (host.time_sig_numerator, host.time_sig_denominator) = (Some(numerator), Some(denominator));
            assert_eq!(of_host(&host).map(|transport| transport.beats_per_bar), Some(0));
        }
    }
}
