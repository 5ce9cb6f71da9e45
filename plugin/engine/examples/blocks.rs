//! Plays the benches' client to the musician in blocks of 64, so that callgrind can count the instructions of each.
//!
//! ```text
//! cargo build --profile bench -p antiphon-engine --example blocks
//! mkdir -p target/blocks && rm -f target/blocks/*
//! valgrind --tool=callgrind --callgrind-out-file=target/blocks/out --dump-line=no \
//!   --dump-before=blocks::one_block target/release/examples/blocks
//! rm target/blocks/out.1
//! grep -h ^summary: target/blocks/out* | cut -d' ' -f2 | sort -n | awk '{ n[NR] = $1 }
//!   END { m = n[int((NR + 1) / 2)]; print "median", m, "p99", n[int(NR * 0.99)], "max", n[NR], "ratio", n[NR] / m }'
//! ```
//!
//! `out.1` is the setup, `out.N` holds block N - 1 (from 1), and about 90 MB is written in all. Which blocks are worst:
//! `grep ^summary: target/blocks/out* | sort -t' ' -nk2 | tail`. On what block 100 spent its instructions, if valgrind
//! was given `--compress-strings=no` as well (1 GB):
//!
//! ```text
//! awk '/^fn=/ { f = $0 } /^calls=/ { getline; next } /^[+*0-9-]/ { n[f] += $2 }
//!   END { for (f in n) print n[f], f }' target/blocks/out.101 | sort -nr | head
//! ```

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
