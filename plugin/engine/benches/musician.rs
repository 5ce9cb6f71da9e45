//! What the whole musician costs, block by block, as a share of real time.
//!
//! ```text
//! cargo bench -p antiphon-engine --bench musician
//! ```
//!
//! One iteration is the whole of the client's playing; its time over [`client::LENGTH_S`] is the share of one core.

mod client;
#[path = "client/counting.rs"]
mod counting;

use antiphon_engine::Musician;
use antiphon_engine::settings::Settings;
use client::{LENGTH_S, RATE_HZ, client};
use counting::{BLOCK, Counting};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::{Duration, Instant};

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
    let mut musician = Musician::new(RATE_HZ);
    let quickest = (0..5).map(|_| time(|| play(&mut musician, &samples, BLOCK))).min().unwrap_or_default();
    println!("blocks of {BLOCK}: {:.2} % of one core", 100.0 * quickest.as_secs_f64() / LENGTH_S);
}

fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

criterion_group!(benches, musician);
criterion_main!(benches);
