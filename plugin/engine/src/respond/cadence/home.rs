//! Where home is: the key a piece began in, if it has only gone to its relative since.

use crate::key::{Key, KeyChoice};
use crate::time::{Clock, SampleTime};

/// A key that was claimed for so long, s, is the one the piece began in.
const BEGAN_S: f64 = 1.5;

/// The keys so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Home {
    began_in: Option<Key>,
    claimed: Option<(Key, SampleTime)>,
}

impl Home {
    /// Follows one hop.
    pub fn follow(&mut self, key: Option<Key>, clock: Clock, now: SampleTime) {
        let claimed = key.map(|key| self.claimed.filter(|(before, _)| *before == key).unwrap_or((key, now)));
        self.claimed = claimed;
        let lasted = |(_, since): &(Key, SampleTime)| clock.between(*since, now) >= BEGAN_S;
        self.began_in = self.began_in.or(claimed.filter(lasted).map(|(key, _)| key));
    }

    /// Home, if `key` is claimed now: a major key and its relative minor are one scale with two homes, and most pieces
    /// end in the one they began in. A key the therapist chose is never doubted.
    pub fn key(&self, key: Option<Key>, choice: KeyChoice) -> Option<Key> {
        match (key, self.began_in, choice) {
            (_, _, KeyChoice::Locked(_)) | (_, None, _) => key,
            (None, began_in, _) => began_in,
            (Some(key), Some(began_in), _) => Some(if are_relative(key, began_in) { began_in } else { key }),
        }
    }
}

/// One scale, two homes.
fn are_relative(one: Key, other: Key) -> bool {
    (0..12).all(|class| one.contains(class) == other.contains(class))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Mode;

    const D_MINOR: Key = Key { tonic: 2, mode: Mode::Minor };
    const F_MAJOR: Key = Key { tonic: 5, mode: Mode::Major };
    const G_MAJOR: Key = Key { tonic: 7, mode: Mode::Major };

    fn after(keys: &[(Key, f64)]) -> Home {
        let clock = Clock::new(48_000.0);
        let (mut home, mut now) = (Home::default(), 0);
        for &(key, seconds) in keys {
            let until = now + clock.samples(seconds);
            while now < until {
                home.follow(Some(key), clock, now);
                now += 64;
            }
        }
        home
    }

    #[test]
    fn a_piece_that_went_to_the_relative_comes_home_to_where_it_began() {
        let home = after(&[(D_MINOR, 2.0), (F_MAJOR, 20.0)]);
        assert_eq!(home.key(Some(F_MAJOR), KeyChoice::Auto), Some(D_MINOR));
        assert_eq!(home.key(None, KeyChoice::Auto), Some(D_MINOR));
        assert_eq!(home.key(Some(F_MAJOR), KeyChoice::Locked(F_MAJOR)), Some(F_MAJOR));
    }

    #[test]
    fn another_key_is_another_home_and_a_passing_claim_is_none() {
        assert_eq!(after(&[(D_MINOR, 2.0)]).key(Some(G_MAJOR), KeyChoice::Auto), Some(G_MAJOR));
        assert_eq!(after(&[(D_MINOR, 0.5)]).key(Some(F_MAJOR), KeyChoice::Auto), Some(F_MAJOR));
    }
}
