//! What must hold of everything that is played, whoever plays it.

use crate::host::PlayedEvent;
use anyhow::{Result, bail, ensure};
use std::collections::BTreeMap;

/// Notes that sound after `events`: channel, key, and the sample they began at.
///
/// An error says which event broke the rules: times never decrease, a note-on has a velocity, no key begins on a
/// channel where it sounds already, and no key ends that does not sound.
pub fn sounding(events: &[PlayedEvent]) -> Result<Vec<(u8, u8, u64)>> {
    let mut down = BTreeMap::new();
    let mut latest = 0;
    for event in events {
        ensure!(event.sample >= latest, "{event:?} comes before sample {latest}, where an event was already");
        latest = event.sample;
        ensure!(event.channel < 16 && event.key < 128, "{event:?} is no note");
        let place = (event.channel, event.key);
        if event.on {
            ensure!(event.velocity > 0, "{event:?} has no velocity");
            if let Some(since) = down.insert(place, event.sample) {
                bail!("{event:?} begins, but this key sounds on this channel since sample {since}");
            }
        } else if down.remove(&place).is_none() {
            bail!("{event:?} ends a note that does not sound");
        }
    }
    Ok(down.into_iter().map(|((channel, key), since)| (channel, key, since)).collect())
}

/// As [`sounding`], and nothing may sound at the end: each note-on has exactly one note-off.
pub fn all_ended(events: &[PlayedEvent]) -> Result<()> {
    let left = sounding(events)?;
    ensure!(left.is_empty(), "still sounding at the end (channel, key, since): {left:?}");
    Ok(())
}

/// Every sample is finite and not subnormal.
pub fn harmless(channels: &[Vec<f32>]) -> Result<()> {
    for (channel, samples) in channels.iter().enumerate() {
        if let Some((at, sample)) = samples.iter().enumerate().find(|(_, s)| !s.is_finite() || s.is_subnormal()) {
            bail!("channel {channel}, sample {at} came out as {sample:?}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(sample: u64, on: bool, key: u8) -> PlayedEvent {
        PlayedEvent { sample, on, channel: 0, key, velocity: 64 }
    }

    #[test]
    fn whatever_breaks_the_rules_is_found() {
        let good = [event(1, true, 60), event(1, true, 64), event(2, false, 60), event(2, true, 60)];
        assert_eq!(sounding(&good).expect("these keep the rules"), [(0, 60, 2), (0, 64, 1)]);
        assert!(all_ended(&good).is_err());
        assert!(sounding(&[event(1, true, 60), event(2, true, 60)]).is_err());
        assert!(sounding(&[event(1, false, 60)]).is_err());
        assert!(sounding(&[event(2, true, 60), event(1, false, 60)]).is_err());
        assert!(harmless(&[vec![0.0, -0.0, 1.0]]).is_ok());
        assert!(harmless(&[vec![1e-40]]).is_err() && harmless(&[vec![f32::NAN]]).is_err());
    }
}
