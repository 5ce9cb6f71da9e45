//! Which instructions the notes are computed with: every x86 machine of the last ten years can take eight lanes at a time,
//! but programs are built for older ones. The samples are the same to the bit.

use crate::note::{Note, Stage};

/// What this machine can do.
pub struct Wide {
    #[cfg(target_arch = "x86_64")]
    avx: bool,
}

impl Wide {
    /// Asks the machine.
    pub fn new() -> Self {
        Self {
            #[cfg(target_arch = "x86_64")]
            avx: is_x86_feature_detected!("avx"),
        }
    }

    /// Adds the next samples of all `notes`.
    pub fn add(&self, notes: &mut [Note], out: [&mut [f32]; 2]) {
        #[cfg(target_arch = "x86_64")]
        if self.avx {
            // SAFETY: the machine said that it has AVX.
            return unsafe { add_avx(notes, out) };
        }
        add::<false>(notes, out);
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx")]
fn add_avx(notes: &mut [Note], out: [&mut [f32]; 2]) {
    add::<true>(notes, out);
}

#[inline(always)]
fn add<const WIDE: bool>(notes: &mut [Note], [left, right]: [&mut [f32]; 2]) {
    for note in notes.iter_mut().filter(|note| note.stage != Stage::Silent) {
        note.add::<WIDE>([&mut *left, &mut *right]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Choice, Instrument, Sound};
    use antiphon_engine::names::Named;
    use antiphon_engine::respond::plan::Voice;

    #[test]
    fn every_machine_computes_the_same_samples_to_the_bit() {
        for &instrument in Instrument::ALL {
            let mut sound = Sound::new(48_000.0);
            sound.choose(&Choice { instrument, ..Choice::default() });
            // Low keys have three groups of modes, high ones fewer.
            [24, 47, 70, 93].iter().for_each(|&key| sound.note_on(Voice::Harmony, 0, key, 80));
            sound.note_on(Voice::Pulse, 1, 36, 80);
            let mut plain = sound.notes.clone();
            for _ in 0..1_500 {
                let (mut one, mut other) = ([[0.0; 32]; 2], [[0.0; 32]; 2]);
                let [left, right] = &mut one;
                Wide::new().add(&mut sound.notes, [left, right]);
                let [left, right] = &mut other;
                add::<false>(&mut plain, [left, right]);
                assert!(one == other && one.as_flattened().iter().any(|x| *x != 0.0), "{instrument:?}");
                sound.notes.iter_mut().chain(&mut plain).for_each(|note| note.tidy(false));
            }
        }
    }
}
