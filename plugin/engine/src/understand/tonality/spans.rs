//! Memory at several spans: the filter with three rates of forgetting, each believed as far as it foretold what was sung.
//!
//! While the client stays in her key the long memory foretells best; when she leaves it the short one does, and within
//! a few notes the chords go by that. Shares follow the fixed-share rule of Herbster and Warmuth (1998), "Tracking the
//! best expert".

use super::filter::{Belief, Filter, Place, Sung};

/// Memories.
const SPANS: usize = 3;
/// Chance, a beat, that the key has changed: memories of 4, 16 and 64 notes of a beat each.
const KEY_CHANGES: [f32; SPANS] = [1.0 / 4.0, 1.0 / 16.0, 1.0 / 64.0];
/// Share that is dealt out anew at each beat: no memory is ever out of play, and one that foretells best takes over within
/// a bar.
const DEALT: f32 = 0.1;

/// What is believed of key and chord, in each memory and in all.
#[derive(Clone)]
pub(super) struct Spans {
    memories: [Belief; SPANS],
    /// How far each is believed; sums to 1.
    shares: [f32; SPANS],
    /// All memories by their shares; sums to 1.
    pub belief: Belief,
}

impl Spans {
    /// What is believed before anything was heard.
    pub fn new(filter: &Filter) -> Self {
        Self::mixed(std::array::from_fn(|_| filter.start()), [1.0 / SPANS as f32; SPANS])
    }

    fn mixed(memories: [Belief; SPANS], shares: [f32; SPANS]) -> Self {
        let mut belief = Belief::NONE;
        for (memory, share) in memories.iter().zip(shares) {
            belief.add(memory, share);
        }
        Self { memories, shares, belief }
    }

    /// What is believed of the next step, when a chord may change as it does at `place`.
    pub fn move_on(&self, filter: &Filter, place: Place) -> Self {
        let memory = |span: usize| filter.move_on(&self.memories[span], place, KEY_CHANGES[span]);
        Self::mixed(std::array::from_fn(memory), self.shares.map(|share| share + DEALT * (1.0 / SPANS as f32 - share)))
    }

    /// What all memories together expect of the step after this one.
    pub fn expect(&self, filter: &Filter, place: Place) -> Belief {
        let key_changes = self.shares.iter().zip(KEY_CHANGES).map(|(share, changes)| share * changes).sum();
        filter.move_on(&self.belief, place, key_changes)
    }

    /// What is believed after hearing `sung`, and how well that was foretold, against all tones being alike.
    pub fn weigh(&self, filter: &Filter, sung: &Sung) -> (Self, f32) {
        let evidence = filter.evidence(sung);
        let mut memories = self.memories.clone();
        let fits: [f32; SPANS] = std::array::from_fn(|span| self.shares[span] * memories[span].weigh(&evidence));
        let foretold = fits.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        (Self::mixed(memories, fits.map(|fit| fit / foretold)), foretold)
    }
}
