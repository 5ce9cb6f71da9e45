//! What hearing costs a hop, at 48 kHz: a hop lasts 1.33 ms, so that 2 % of a core are 26.7 µs.

use antiphon_engine::listen::Listen;
use antiphon_engine::listen::heard::KeyMessage;
use antiphon_engine::settings::{Listen as Kind, Settings};
use antiphon_engine::time::Clock;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use std::f64::consts::TAU;
use std::hint::black_box;

const RATE_HZ: f64 = 48_000.0;

/// A second of a low sung tone, of hits, and of silence.
fn sounds() -> [(&'static str, Vec<f32>); 3] {
    let sample = |k: usize| k as f64 / RATE_HZ;
    let sung = |k| (1..20).map(|n| (TAU * 98.0 * f64::from(n) * sample(k)).sin() / f64::from(n)).sum::<f64>() * 0.2;
    let hit = |k| (TAU * 180.0 * sample(k)).sin() * (-40.0 * (sample(k) % 0.25)).exp();
    let of = |sound: &dyn Fn(usize) -> f64| (0..RATE_HZ as usize).map(|k| sound(k) as f32).collect();
    [("sung", of(&sung)), ("hits", of(&hit)), ("silence", of(&|_| 0.0))]
}

fn per_hop(criterion: &mut Criterion) {
    let clock = Clock::new(RATE_HZ);
    let mut group = criterion.benchmark_group("listen, one hop");
    for (name, sound) in sounds() {
        for kind in [Kind::Voice, Kind::Untuned] {
            let settings = Settings { listen: kind, ..Settings::default() };
            let mut ears = Listen::new(clock);
            let mut hops = sound.chunks_exact(clock.hop()).cycle();
            group.bench_function(BenchmarkId::new(name, format!("{kind:?}")), |bencher| {
                bencher.iter(|| ears.process(black_box(hops.next().unwrap_or(&[])), &[], &[], &settings).pitch);
            });
        }
    }
    group.finish();
}

fn with_midi(criterion: &mut Criterion) {
    let clock = Clock::new(RATE_HZ);
    let settings = Settings::default();
    let mut ears = Listen::new(clock);
    let silence = vec![0.0; clock.hop()];
    let mut velocity = 0;
    criterion.bench_function("listen, one hop, four keys at once", |bencher| {
        bencher.iter(|| {
            velocity = 100 - velocity;
            let chord = [60, 64, 67, 72].map(|key| KeyMessage { offset: 5, key, velocity, ..KeyMessage::default() });
            ears.process(black_box(&silence), &chord, &[], &settings).notes.len()
        });
    });
}

criterion_group!(benches, per_hop, with_midi);
criterion_main!(benches);
