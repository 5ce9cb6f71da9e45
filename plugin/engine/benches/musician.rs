//! What the whole musician costs, block by block, as a share of real time.
//!
//! ```text
//! cargo bench -p antiphon-engine --bench musician
//! ```
//!
//! One iteration is all ten seconds of the client: a time of 100 ms is 1 % of one core in real time.

mod client;
#[path = "client/counting.rs"]
mod counting;

use antiphon_engine::Musician;
use antiphon_engine::settings::Settings;
use client::{RATE_HZ, client};
use counting::{BLOCK, Counting};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

fn play(musician: &mut Musician, samples: &[f32], block: usize) -> usize {
    let (settings, mut audience) = (Settings::default(), Counting::default());
    musician.reset();
    for samples in samples.chunks(block) {
        musician.process(black_box(samples), &[], &settings, &mut audience);
    }
    audience.events
}

fn musician(criterion: &mut Criterion) {
    let samples = client();
    let mut group = criterion.benchmark_group("musician at 48 kHz");
    group.throughput(Throughput::Elements(samples.len() as u64)).sample_size(20);
    for block in [BLOCK, 1024] {
        let mut musician = Musician::new(RATE_HZ);
        group.bench_function(format!("blocks of {block}"), |bencher| {
            bencher.iter(|| play(&mut musician, &samples, block));
        });
    }
    group.finish();
}

criterion_group!(benches, musician);
criterion_main!(benches);
