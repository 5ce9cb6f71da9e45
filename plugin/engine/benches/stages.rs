//! What each stage of the line costs, fed with what the stage before it made of the client's playing.
//!
//! ```text
//! cargo bench -p antiphon-engine --bench stages
//! ```
//!
//! Criterion's throughput counts hops: one over it is the time of one hop, of which there are 750 a second.

mod client;

use antiphon_engine::intend::intent::{Intent, State};
use antiphon_engine::intend::{Acts, Intend};
use antiphon_engine::listen::Listen;
use antiphon_engine::listen::heard::Heard;
use antiphon_engine::respond::plan::Orders;
use antiphon_engine::respond::{Answered, Respond};
use antiphon_engine::settings::Settings;
use antiphon_engine::speak::{NoRoom, Speak, Spoken, Take};
use antiphon_engine::time::Clock;
use antiphon_engine::understand::Understand;
use antiphon_engine::understand::meaning::Meaning;
use antiphon_engine::{Audience, Musician, Report};
use client::{RATE_HZ, client};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

/// What passed from stage to stage, one entry a hop.
#[derive(Default)]
struct Passed {
    heard: Vec<Heard>,
    meaning: Vec<Meaning>,
    intent: Vec<Intent>,
    answered: Vec<Answered>,
    orders: Vec<Orders>,
}

impl Audience for Passed {
    fn event(&mut self, _offset: u32, _event: &Spoken) -> Result<(), NoRoom> {
        Ok(())
    }

    fn hop(&mut self, report: &Report<'_>) {
        self.heard.push(report.heard.clone());
        self.meaning.push(report.meaning.clone());
        self.intent.push(*report.intent);
    }
}

impl Passed {
    fn record(samples: &[f32], settings: &Settings) -> Self {
        let (mut passed, mut musician) = (Self::default(), Musician::new(RATE_HZ));
        musician.process(samples, &[], settings, &mut passed);
        let mut respond = Respond::new(musician.clock());
        for (meaning, intent) in passed.meaning.iter().zip(&passed.intent) {
            passed.answered.push(*respond.answered());
            let mut orders = Orders::new();
            respond.process(meaning, intent, settings, &mut orders);
            passed.orders.push(orders);
        }
        passed
    }
}

/// Who takes everything and keeps nothing.
struct Nobody;

impl Take for Nobody {
    fn take(&mut self, event: &Spoken) -> Result<(), NoRoom> {
        black_box(event);
        Ok(())
    }
}

fn stages(criterion: &mut Criterion) {
    let (samples, settings, clock) = (client(), Settings::default(), Clock::new(RATE_HZ));
    let passed = Passed::record(&samples, &settings);
    let hop = clock.hop();
    let mut group = criterion.benchmark_group("one hop");
    group.throughput(Throughput::Elements(passed.heard.len() as u64)).sample_size(10);

    let mut listen = Listen::new(clock);
    group.bench_function("listen", |bencher| {
        bencher.iter(|| {
            listen.reset();
            for samples in samples.chunks_exact(hop) {
                black_box(listen.process(samples, &[], &[], &settings));
            }
        });
    });
    let mut understand = Understand::new(clock);
    group.bench_function("understand", |bencher| {
        bencher.iter(|| {
            understand.reset();
            for heard in &passed.heard {
                black_box(understand.process(heard, None, &settings));
            }
        });
    });
    let (mut intend, acts) = (Intend::new(clock), Acts::new());
    group.bench_function("intend", |bencher| {
        bencher.iter(|| {
            intend.reset();
            for (meaning, answered) in passed.meaning.iter().zip(&passed.answered) {
                black_box(intend.process(meaning, answered, &acts, &settings));
            }
        });
    });
    let (mut respond, mut orders) = (Respond::new(clock), Orders::new());
    group.bench_function("respond", |bencher| {
        bencher.iter(|| {
            respond.reset();
            for (meaning, intent) in passed.meaning.iter().zip(&passed.intent) {
                orders.clear();
                respond.process(meaning, intent, &settings, &mut orders);
                black_box(&orders);
            }
        });
    });
    let mut speak = Speak::new(clock);
    group.bench_function("speak", |bencher| {
        bencher.iter(|| {
            speak.end_all();
            for (index, orders) in passed.orders.iter().enumerate() {
                let now = (index * hop) as u64;
                speak.process(now, orders, State::Holding, &settings);
                speak.speak(now, now + hop as u64, &settings, &mut Nobody);
            }
        });
    });
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
