//! What a second of sound costs at 48 kHz.
//!
//! ```text
//! cargo bench -p antiphon-sound
//! ```
//!
//! `typical` is a busy accompaniment: a chord of six that changes every two seconds over the last one's end, and four
//! notes of melody and two of the drum a second. `full` is 32 held notes, in blocks of 64 and of 512. 20 ms for a second
//! of sound are 2 % of a core.

use antiphon_engine::names::Named;
use antiphon_engine::respond::plan::Voice;
use antiphon_sound::{Choice, Instrument, POLYPHONY, Sound};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

const RATE_HZ: f64 = 48_000.0;
/// Sizes of blocks; the first is the usual one.
const BLOCKS: [usize; 2] = [64, 512];
/// A quarter of a second, samples.
const QUARTER: usize = 12_000;

fn sound(instrument: Instrument) -> Sound {
    let mut sound = Sound::new(RATE_HZ);
    sound.choose(&Choice { instrument, ..Choice::default() });
    sound
}

fn process(sound: &mut Sound, samples: usize, block: usize) {
    let (mut left, mut right) = ([0.0; BLOCKS[1]], [0.0; BLOCKS[1]]);
    for _ in 0..samples / block {
        sound.process(&mut left[..block], &mut right[..block]);
    }
    std::hint::black_box((left, right));
}

const CHORDS: [[u8; 6]; 2] = [[36, 43, 52, 55, 60, 67], [41, 48, 53, 57, 64, 69]];

/// A chord after the other one, two seconds.
fn typical(sound: &mut Sound, turn: usize) {
    CHORDS[(turn + 1) % 2].iter().for_each(|&key| sound.note_off(0, key));
    CHORDS[turn % 2].iter().for_each(|&key| sound.note_on(Voice::Harmony, 0, key, 60));
    for quarter in 0..8 {
        let key = 72 + quarter;
        sound.note_off(1, key - 1);
        sound.note_on(Voice::Counter, 1, key, 60);
        if quarter % 2 == 0 {
            sound.note_on(Voice::Pulse, 2, 36, 60);
        }
        process(sound, QUARTER, BLOCKS[0]);
    }
}

fn costs(criterion: &mut Criterion) {
    for &instrument in Instrument::ALL {
        let mut warm = sound(instrument);
        let mut turn = 0;
        criterion.bench_function(&format!("typical, {}, 2 s", instrument.name()), |bencher| {
            bencher.iter(|| {
                turn += 1;
                typical(&mut warm, turn);
            });
        });
        let full = || {
            let mut sound = sound(instrument);
            (0..POLYPHONY as u8).for_each(|i| sound.note_on(Voice::Harmony, 0, 36 + i, 60));
            sound
        };
        for block in BLOCKS {
            criterion.bench_function(&format!("full, {}, blocks of {block}, 1 s", instrument.name()), |bencher| {
                bencher.iter_batched(full, |mut sound| process(&mut sound, 4 * QUARTER, block), BatchSize::LargeInput);
            });
        }
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = costs
}
criterion_main!(benches);
