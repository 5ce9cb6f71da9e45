//! Plays the benches' client to the musician in blocks of 64, so that callgrind can count the instructions of each.
//!
//! ```text
//! cargo build --profile bench -p antiphon-engine --example blocks
//! valgrind --tool=callgrind --callgrind-out-file=blocks.out --combine-dumps=yes --dump-line=no \
//!   --toggle-collect='*one_block*' --dump-before='*one_block*' target/release/examples/blocks
//! grep ^totals: blocks.out | cut -d' ' -f2 | tail -n +3 | sort -n \
//!   | awk '{ n[NR] = $1 } END { print "median", n[int((NR + 1) / 2)], "max", n[NR], "ratio", n[NR] / n[int((NR + 1) / 2)] }'
//! ```
//!
//! Each `totals:` line is one block, in order (the first two parts come before any block has ended); the lines of a
//! part name what the block spent its instructions on.

#[path = "../benches/client/mod.rs"]
mod client;
#[path = "../benches/client/counting.rs"]
mod counting;

use antiphon_engine::Musician;
use antiphon_engine::settings::Settings;
use client::{RATE_HZ, client};
use counting::{BLOCK, Counting};
use std::hint::black_box;

/// One block, and nothing else: where callgrind switches on.
#[inline(never)]
fn one_block(musician: &mut Musician, samples: &[f32], settings: &Settings, audience: &mut Counting) {
    musician.process(samples, &[], settings, audience);
}

fn main() {
    let (mut musician, settings, mut audience) = (Musician::new(RATE_HZ), Settings::default(), Counting::default());
    let samples = client();
    for block in samples.chunks(BLOCK) {
        one_block(&mut musician, block, &settings, &mut audience);
    }
    black_box(audience.events);
}
