//! A whole day through the recorder: the audio thread's end, the ring, the thread and the disk.

use super::event::RING;
use super::tests::{BLOCK, RATE_HZ, Rig};
use super::*;
use antiphon_engine::listen::heard::{HeardNote, NoteChange, PitchReading};
use antiphon_engine::settings::Settings;
use antiphon_engine::speak::{NoRoom, Spoken};
use antiphon_engine::time::SampleTime;
use antiphon_engine::{Audience, Report};
use antiphon_session::journal::{Entry, How, Session};
use std::time::Duration;

/// Hops from one note of the client's to the next: a quarter of a second.
const NOTE_HOPS: u64 = 188;

/// A client who never rests: what a hop would tell is told for hours, as fast as the disk takes it.
struct Marathon<'a> {
    tap: &'a mut Tap,
    hops: u64,
    /// Resident memory after a tenth of the time, and at its greatest after that, bytes.
    memory: [u64; 2],
    begun: bool,
}

impl Audience for Marathon<'_> {
    fn event(&mut self, _: u32, _: &Spoken) -> Result<(), NoRoom> {
        Ok(())
    }

    fn hop(&mut self, report: &Report<'_>) {
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        let (hop, mut heard, mut meaning) = (report.clock.hop(), report.heard.clone(), report.meaning.clone());
        let wave = |at: u64, period: u64| ((at % period) as f32 / period as f32 - 0.5).abs();
        for index in 0..self.hops {
            // The audio thread never waits; a day that goes by in seconds has to.
            while self.tap.room() < RING / 4 {
                std::thread::sleep(Duration::from_millis(1));
            }
            let now = report.now + index * hop as SampleTime;
            heard.pitch = PitchReading { time: now, f0_hz: 200.0 + wave(index, 1_000), voicing: 0.9 };
            heard.notes.clear();
            if index.is_multiple_of(NOTE_HOPS) {
                let (id, onset) = ((index / NOTE_HOPS) as u32 + 1, now);
                let note = HeardNote { id, onset, available: onset, offset: None, key: 60, cents: 3.5, velocity: 70 };
                let ended = HeardNote { offset: Some(onset + 5_000), ..note };
                heard.notes.extend([NoteChange::Began(note), NoteChange::Ended(ended)]);
            }
            (meaning.similarity, meaning.energy.arousal) = (Some(wave(index, 5_000)), Some(wave(index, 3_000)));
            self.tap.hop(&Report { now, heard: &heard, meaning: &meaning, ..*report });
            self.tap.advance(hop);
            if index.is_multiple_of(100_000) {
                let after_a_tenth = usize::from(index > self.hops / 10);
                self.memory[after_a_tenth] = self.memory[after_a_tenth].max(resident_bytes());
            }
        }
    }
}

/// Memory of this program that is in use, bytes; 0 where the system does not tell it as Linux does.
fn resident_bytes() -> u64 {
    let told = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1_024
}

/// Records so many hours; gives how much more memory the last nine tenths took than the first, bytes.
fn check_hours(hours: f64) -> u64 {
    let mut rig = Rig::new();
    rig.start();
    let hops = (hours * 3_600.0 * RATE_HZ / rig.musician.clock().hop() as f64) as u64;
    let mut marathon = Marathon { tap: &mut rig.tap, hops, memory: [0; 2], begun: false };
    rig.musician.process(&[0.0; BLOCK], &[], &Settings::default(), &mut marathon);
    let memory = marathon.memory;
    rig.recorder.stop();
    while rig.recorder.status().doing != Doing::Idle {
        rig.tap.block(&rig.musician, &Settings::default(), None);
        std::thread::sleep(Duration::from_millis(5));
    }
    let status = rig.recorder.status();
    let path = status.session.as_ref().unwrap();
    let (session, bytes) = (Session::open(path).unwrap(), std::fs::metadata(path).unwrap().len());
    println!("{hours} h: {bytes} bytes, memory {} and later at most {} bytes", memory[0], memory[1]);
    assert_eq!((session.ended(), session.unread, status.lost), (Some(How::Stopped), 0, 0));
    assert!(bytes <= LIMIT_BYTES, "{bytes} bytes");
    let recorded_s = session.length() as f64 / RATE_HZ;
    assert!(recorded_s >= hours * 3_600.0, "{recorded_s} s");
    let notes = session.entries().filter(|entry| matches!(entry, Entry::Note(_))).count() as u64;
    assert_eq!(notes, 2 * hops.div_ceil(NOTE_HOPS), "each begins and ends");
    memory[1].saturating_sub(memory[0])
}

#[test]
fn a_quarter_of_an_hour_without_a_breath_loses_nothing() {
    check_hours(0.25);
}

#[test]
#[ignore = "half a minute: cargo test --release -p antiphon eight_hours -- --ignored --nocapture"]
fn eight_hours_without_a_breath_lose_nothing_and_take_no_more_memory_than_the_first() {
    let more_bytes = check_hours(8.0);
    assert!(more_bytes < 1 << 20, "{more_bytes} bytes more");
}
