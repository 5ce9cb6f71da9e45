use super::*;
use crate::record::{Control, Moment, Played, Recorder};
use crate::report;
use antiphon_engine::listen::heard::{HeardNote, KeyMessage, NoteChange, PitchReading, Player};
use antiphon_engine::settings::{Goal, Settings};
use antiphon_engine::speak::{NoRoom, Spoken};
use antiphon_engine::time::{Clock, SampleTime};
use antiphon_engine::understand::meaning::BeatGrid;
use antiphon_engine::{Audience, Musician, Report};
use proptest::prelude::*;
use std::io::{self, Write};
use std::path::Path;

const RATE_HZ: f64 = 48_000.0;

/// A disk with so much room.
struct Disk {
    bytes: Vec<u8>,
    room: usize,
}

impl Disk {
    fn with_room(room: usize) -> Self {
        Self { bytes: Vec::new(), room }
    }
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.room - self.bytes.len());
        if taken == 0 && !bytes.is_empty() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.bytes.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Medium for Disk {
    fn settle(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.bytes.truncate(length as usize);
        Ok(())
    }
}

fn header() -> Header {
    Header {
        version: VERSION,
        written_by: "0.1.0".to_owned(),
        begun: "2026-05-04T14:02:11+02:00".to_owned(),
        names: Names::default(),
    }
}

fn begun(room: usize, limit: u64) -> Journal<Disk> {
    let mut journal = Journal::begin(Disk::with_room(room), &header(), limit).unwrap();
    journal.append(&Entry::Begin(RATE_HZ)).unwrap();
    journal
}

fn mark(number: u64) -> Entry {
    Entry::Mark { time: 1_000 * number, text: format!("mark {number}") }
}

/// A file of so many frames with two marks each, ended or not.
fn file(frames: u64, ended: bool) -> Vec<u8> {
    let mut journal = begun(usize::MAX, u64::MAX);
    for frame in 0..frames {
        for number in [2 * frame, 2 * frame + 1] {
            journal.append(&mark(number)).unwrap();
        }
        journal.flush().unwrap();
    }
    if ended { journal.end(1_000_000, How::Stopped).unwrap().bytes } else { journal.medium().bytes.clone() }
}

fn marks(session: &Session) -> Vec<Entry> {
    session.entries().filter(|entry| matches!(entry, Entry::Mark { .. })).collect()
}

#[test]
fn what_is_written_is_read_back_in_order() {
    let session = Session::read(file(5, true)).unwrap();
    assert_eq!(session.header, header());
    assert!(marks(&session).into_iter().eq((0..10).map(mark)));
    assert_eq!((session.rate_hz(), session.ended(), session.unread), (Some(RATE_HZ), Some(How::Stopped), 0));
}

#[test]
fn a_file_cut_at_any_byte_keeps_every_whole_frame() {
    let (whole, head) = (file(6, true), file(0, true).len());
    let mut kept = 0;
    for length in 0..whole.len() {
        let Ok(session) = Session::read(whole[..length].to_vec()) else {
            assert!(length < head, "only a file without its header is refused");
            continue;
        };
        let marks = marks(&session);
        assert!(marks.len().is_multiple_of(2) && marks.len() >= kept, "{length}");
        assert!(marks.iter().cloned().eq((0..marks.len() as u64).map(mark)));
        assert_eq!(session.ended(), None);
        kept = marks.len();
    }
    assert_eq!(kept, 12);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_is_torn_off_or_damaged_the_rest_is_recovered(cut in 0.0..1.0_f64, at in 0.0..1.0_f64, value: u8) {
        let mut bytes = file(6, false);
        let header = Session::read(file(0, false)).unwrap().whole();
        let place = |share: f64, length: usize| header + (share * (length - header) as f64) as usize;
        bytes.truncate(place(cut, bytes.len()));
        let whole = Session::read(bytes.clone()).unwrap();
        let damaged = place(at, bytes.len());
        if let Some(byte) = bytes.get_mut(damaged) {
            *byte = value;
        }
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("torn.antiphon");
        std::fs::write(&path, &bytes).unwrap();
        prop_assert_eq!(unfinished(dir.path()), vec![path.clone()]);
        prop_assert!(recover(&path).unwrap().is_some());
        let session = Session::open(&path).unwrap();
        prop_assert_eq!(session.ended(), Some(How::BrokeOff));
        // One damaged byte costs one frame of two marks at most; a first frame that is hit takes the rate with it.
        prop_assert!(marks(&session).len() + 2 >= marks(&whole).len());
        prop_assert!(unfinished(dir.path()).is_empty() && recover(&path).unwrap().is_none());
    }

    #[test]
    fn no_bytes_at_all_make_the_reader_fail(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let after_magic = [MAGIC.as_slice(), &bytes].concat();
        let after_header = [file(0, false), bytes.clone()].concat();
        for bytes in [bytes, after_magic, after_header] {
            if let Ok(session) = Session::read(bytes) {
                let _ = (session.entries().count(), session.ended(), session.length());
            }
        }
    }
}

#[test]
fn a_file_that_someone_writes_to_is_not_recovered() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("live.antiphon");
    std::fs::write(&path, file(2, false)).unwrap();
    let writer = std::fs::File::open(&path).unwrap();
    writer.lock().unwrap();
    assert!(unfinished(dir.path()).is_empty() && recover(&path).unwrap().is_none());
    drop(writer);
    let recovered = recover(&path).unwrap().unwrap();
    assert_eq!((recovered.begun.as_str(), recovered.length_s), ("2026-05-04T14:02:11+02:00", 3_000.0 / RATE_HZ));
}

#[test]
fn a_file_of_a_newer_antiphon_or_of_something_else_is_refused_in_words() {
    let newer = Header { version: VERSION + 1, written_by: "9.0".to_owned(), ..header() };
    let newer = Journal::begin(Disk::with_room(10_000), &newer, 10_000).unwrap();
    let refused = |bytes: Vec<u8>| Session::read(bytes).unwrap_err();
    assert_eq!(refused(newer.medium().bytes.clone()), "it was written by a newer Antiphon, 9.0");
    assert_eq!(refused(b"RIFF".to_vec()), "it does not begin as one");
    assert_eq!(refused(file(2, true)[..40].to_vec()), "its beginning is damaged");
}

#[test]
fn on_a_full_disk_what_was_written_before_is_whole() {
    let room = file(3, false).len() + 10;
    let mut journal = begun(room, u64::MAX);
    let mut failed = None;
    for number in 0..100 {
        journal.append(&mark(number)).unwrap();
        if number % 2 == 1 && failed.is_none() {
            failed = journal.flush().err();
        }
    }
    assert_eq!(failed.map(|error| error.kind()), Some(io::ErrorKind::StorageFull));
    let session = Session::read(journal.medium().bytes.clone()).unwrap();
    assert!(session.unread == 0 && marks(&session).into_iter().eq((0..6).map(mark)));
}

#[test]
fn no_file_outgrows_its_limit_and_it_can_still_be_ended() {
    let limit = 10_000;
    let mut journal = begun(usize::MAX, limit);
    let taken = (0..).take_while(|&number| journal.append(&mark(number)).unwrap()).count() as u64;
    assert!(!journal.append(&Entry::NoNote(1)).unwrap(), "full is full");
    let bytes = journal.end(5, How::Full).unwrap().bytes;
    assert!(bytes.len() as u64 <= limit && bytes.len() as u64 > limit - 200, "{}", bytes.len());
    let session = Session::read(bytes).unwrap();
    assert_eq!((marks(&session).len() as u64, session.ended()), (taken, Some(How::Full)));
}

/// A client who sings without a breath, in a music that changes all the time: four notes a second on either side, a beat
/// at 120, feelings that waver within seconds.
fn dense(hop: u64, clock: Clock) -> (Moment, PitchReading) {
    let now = hop * clock.hop() as u64;
    let wave = |period: u64| ((hop % period) as f32 / period as f32 - 0.5).abs();
    let last_beat = now / 24_000 * 24_000;
    let grid =
        BeatGrid { tempo_bpm: 120.0 + wave(9000), last_beat, next_beat: last_beat + 24_000, ..BeatGrid::default() };
    let moment = Moment {
        now,
        grid: Some(grid),
        clarity: wave(7000),
        phrase: (hop / 2_250) as u32,
        similarity: Some(wave(5000)),
        arousal: Some(wave(3000)),
        valence: Some(wave(4000)),
        ..Moment::BEGINNING
    };
    (moment, PitchReading { time: now.saturating_sub(200), f0_hz: 200.0 + wave(1000), voicing: 0.9 })
}

#[test]
fn eight_hours_without_a_breath_fit_into_64_megabytes_and_one_frame_of_memory() {
    let clock = Clock::new(RATE_HZ);
    let mut journal = Journal::begin(Counted, &header(), 64 << 20).unwrap();
    let mut thinner = Thinner::new(clock);
    let hops = 8 * 3_600 * RATE_HZ as u64 / clock.hop() as u64;
    let (mut kept, mut memory) = (true, 0);
    for hop in 0..hops {
        let (moment, pitch) = dense(hop, clock);
        let pitch = thinner.pitch(moment.now, &pitch);
        let note = hop.is_multiple_of(188).then(|| {
            let (id, onset) = (hop as u32 / 188, moment.now);
            let note = HeardNote { id, onset, available: onset, offset: None, key: 60, cents: 3.5, velocity: 70 };
            [NoteChange::Began(note), NoteChange::Ended(HeardNote { offset: Some(onset + 5_000), ..note })]
        });
        let played = hop.is_multiple_of(94).then(|| {
            let velocity = if hop.is_multiple_of(188) { 80 } else { 0 };
            thinner.played(&Played { time: moment.now, channel: 0, key: 50, velocity, label: None }).collect::<Vec<_>>()
        });
        let notes = note.iter().flatten().map(Entry::from);
        let entries = pitch.into_iter().chain(thinner.moment(&moment)).chain(notes).chain(played.into_iter().flatten());
        for entry in entries {
            kept &= journal.append(&entry).unwrap();
        }
        memory = memory.max(journal.memory());
    }
    println!("8 hours: {} bytes, {memory} bytes of memory", journal.length());
    assert!(kept && memory <= 1 << 17, "{} bytes, {memory} bytes of memory", journal.length());
}

/// Forgets what it is given.
struct Counted;

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Medium for Counted {
    fn settle(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn cut(&mut self, _: u64) -> io::Result<()> {
        Ok(())
    }
}

/// Takes down the same session as a render does and as a session file.
struct Both {
    at_once: Recorder,
    thinner: Thinner,
    journal: Journal<Disk>,
}

impl Both {
    fn keep(&mut self, entries: impl IntoIterator<Item = Entry>) {
        for entry in entries {
            assert!(self.journal.append(&entry).unwrap());
        }
    }
}

impl Audience for Both {
    fn event(&mut self, _: u32, event: &Spoken) -> Result<(), NoRoom> {
        if let Some(control) = Control::of(event) {
            self.at_once.control(&control);
            self.keep([Entry::from(&control)]);
            return Ok(());
        }
        let played = Played::of(event).unwrap();
        self.at_once.play(&played).unwrap();
        let entries = self.thinner.played(&played);
        self.keep(entries);
        Ok(())
    }

    fn hop(&mut self, report: &Report<'_>) {
        self.at_once.hop(report).unwrap();
        let pitch = self.thinner.pitch(report.now, &report.heard.pitch);
        self.keep(pitch);
        self.keep(report.heard.onsets.iter().map(Entry::from));
        self.keep(report.heard.notes.iter().map(Entry::from));
        let moments = self.thinner.moment(&Moment::of(report));
        self.keep(moments);
    }
}

/// Forty seconds in which a client plays a tune on a keyboard, over and over, with rests.
fn tune() -> Vec<(SampleTime, u8, u8)> {
    let keys = [60, 62, 64, 65, 67, 67, 69, 67, 65, 64, 62, 60];
    let onset = |index: usize| (RATE_HZ * (0.5 * index as f64 + 2.0 * (index / keys.len()) as f64)) as SampleTime;
    let note = |index: usize| {
        let key = keys[index % keys.len()];
        [(onset(index), key, 80), (onset(index) + 20_000, key, 0)]
    };
    (0..60).flat_map(note).collect()
}

#[test]
fn a_session_file_makes_the_same_tables_as_a_render() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), Clock::new(RATE_HZ));
    let (at_once, later) = (dir.path().join("at once"), dir.path().join("later"));
    std::fs::create_dir(&at_once).unwrap();
    let both = (Recorder::create(&at_once, clock).unwrap(), Thinner::new(clock), begun(usize::MAX, u64::MAX));
    let mut both = Both { at_once: both.0, thinner: both.1, journal: both.2 };
    let mut musician = Musician::new(RATE_HZ);
    let settings = Settings { goal: Goal::Relationships, pedal: true, ..Settings::default() };
    let (tune, block) = (tune(), 480);
    for from in (0..40 * RATE_HZ as SampleTime).step_by(block) {
        let midi: Vec<_> = tune
            .iter()
            .filter(|(time, ..)| (from..from + block as SampleTime).contains(time))
            .map(|&(time, key, velocity)| KeyMessage {
                by: Player::Client,
                offset: (time - from) as u32,
                key,
                velocity,
            })
            .collect();
        musician.process(&vec![0.0; block], &midi, &settings, &mut both);
    }
    musician.finish(&mut both);
    let end = 40 * RATE_HZ as SampleTime;
    let last = both.thinner.finish();
    both.keep(last);
    let recorded = both.at_once.finish(end).unwrap();
    let session = Session::read(both.journal.end(end, How::Stopped).unwrap().bytes).unwrap();
    let summary = export(&session, Path::new("x.antiphon"), &later).unwrap();
    assert!(recorded.played.len() > 20 && !recorded.beats.is_empty(), "{recorded:?}");
    assert!(recorded.controls.iter().any(Control::is_down), "the pedal was pressed");
    for file in ["notes.csv", "played.csv", "controllers.csv", "music.csv", "onsets.csv", "session.mid"] {
        let read = |dir: &Path| std::fs::read(dir.join(file)).unwrap();
        assert!(read(&at_once) == read(&later), "{file}");
    }
    assert_eq!((summary.recorded, summary.warnings), (recorded, Vec::new()));
    assert!(EXPORTED.iter().all(|file| later.join(file).exists()));

    // The session file and the MIDI file made of it are reported alike.
    let request = report::Request { client: later.join("session.mid"), ..report::Request::default() };
    let (kept, exported) = (report::of_journal(&session).unwrap(), report::read(&request, &mut |_| {}).unwrap());
    assert_eq!((kept.client.count(), kept.voices.clone()), (exported.client.count(), exported.voices.clone()));
    let states = |session: &report::Session| -> Vec<String> {
        session.arc().iter().map(|(at_s, state, reason)| format!("{at_s:.2} {state} {reason}")).collect()
    };
    assert_eq!(states(&kept), states(&exported));
    let [kept, exported] = [kept, exported].map(|session| report::Report::of(session).whole);
    for (kept, exported) in kept.together.iter().zip(&exported.together) {
        let (kept, exported) = (kept.unwrap_or(0.0), exported.unwrap_or(0.0));
        assert!((kept - exported).abs() < 0.02 * exported.abs().max(0.5), "{kept} {exported}");
    }
}

#[test]
fn the_therapist_s_acts_marks_and_hands_and_the_host_s_position_are_exported() {
    let mut journal = begun(usize::MAX, u64::MAX);
    let at = |seconds: f64| (seconds * RATE_HZ) as SampleTime;
    let choice = |seconds, name: &str, value: &str| Entry::Choice {
        time: at(seconds),
        name: name.to_owned(),
        value: value.to_owned(),
    };
    for entry in [
        choice(0.0, "goal", "pain"),
        choice(2.0, "rest", "on"),
        Entry::Mark { time: at(3.0), text: "she looked up, \"at last\"".to_owned() },
        Entry::Hand { time: at(4.0), key: 48, velocity: 70 },
        Entry::Hand { time: at(5.0), key: 48, velocity: 0 },
        Entry::Transport { time: at(5.0), said: Some((true, 96.0, 4.5, 4.0, 3, 4)) },
    ] {
        journal.append(&entry).unwrap();
    }
    let dir = tempfile::tempdir().unwrap();
    let session = Session::read(journal.end(at(6.0), How::Stopped).unwrap().bytes).unwrap();
    let summary = export(&session, Path::new("x.antiphon"), dir.path()).unwrap();
    let text = |file: &str| std::fs::read_to_string(dir.path().join(file)).unwrap();
    assert!(text("cues.csv").ends_with("0.000000000,goal,pain\n2.000000000,rest,\n"));
    assert!(text("markers.csv").contains("3.000000000,\"she looked up, \"\"at last\"\"\""));
    assert!(text("transport.csv").ends_with("5.000000000,yes,96.000000,4.500000,4.000000,3,4\n"));
    crate::cues::read(&dir.path().join("cues.csv"), false).expect("a render takes the cues");
    let hand = summary.recorded.hands[0];
    assert_eq!((hand.on, hand.off, hand.key), (at(4.0), at(5.0), 48));
    let bytes = std::fs::read(dir.path().join("session.mid")).unwrap();
    let told = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(told("marker: she looked up") && told("therapist"));
}

#[test]
fn what_could_not_be_kept_is_told_and_leaves_no_note_hanging() {
    let mut journal = begun(usize::MAX, u64::MAX);
    let played = |time, velocity| Entry::from(&Played { time, channel: 0, key: 60, velocity, label: None });
    for entry in [played(100, 80), Entry::Lost { time: 900, count: 3 }, played(5_000, 80), played(6_000, 0)] {
        journal.append(&entry).unwrap();
    }
    let dir = tempfile::tempdir().unwrap();
    let session = Session::read(journal.end(7_000, How::Stopped).unwrap().bytes).unwrap();
    let summary = export(&session, Path::new("x.antiphon"), dir.path()).unwrap();
    let notes: Vec<_> = summary.recorded.played.iter().map(|note| (note.on, note.off)).collect();
    assert_eq!((notes, summary.recorded.unpaired), (vec![(100, 900), (5_000, 6_000)], 0));
    assert_eq!(summary.warnings, ["3 events could not be kept while it was recorded"]);
}
