//! What `speak` promises whatever it is ordered, held against random orders and hosts that refuse events.

use super::*;
use crate::names::Named;
use pedal::GATHERS_S;
use proptest::prelude::*;
use wmidi::ControlFunction;

const RATE_HZ: f64 = 8_000.0;

fn speaking() -> Speak {
    Speak::new(Clock::new(RATE_HZ))
}

/// A host that refuses some events, and checks every promise on those it takes.
struct Judge {
    refusals: Vec<bool>,
    asked: usize,
    sounding: Vec<(u8, u8, Voice, u8)>,
    latest: SampleTime,
    ons: usize,
    /// Channels whose pedal is down, and how often one went down.
    pedals: [bool; 16],
    presses: usize,
    /// Notes let go under a pedal: channel, key and when.
    ringing: Vec<(u8, SampleTime)>,
    settings: Settings,
}

impl Judge {
    fn new(refusals: Vec<bool>, settings: Settings) -> Self {
        let (sounding, ringing) = Default::default();
        Self { refusals, asked: 0, sounding, latest: 0, ons: 0, pedals: [false; 16], presses: 0, ringing, settings }
    }
}

impl Take for Judge {
    fn take(&mut self, event: &Spoken) -> Result<(), NoRoom> {
        self.asked += 1;
        if self.refusals.get(self.asked % 64).copied().unwrap_or(false) {
            return Err(NoRoom);
        }
        assert!(event.time >= self.latest, "events go back in time");
        self.latest = event.time;
        let gathers = (GATHERS_S * RATE_HZ) as SampleTime + 1;
        let is_late = |note: &(u8, SampleTime)| event.time > note.1 + gathers;
        assert!(!self.refusals.is_empty() || !self.ringing.iter().any(is_late), "the pedal lengthens a note");
        match event.message {
            MidiMessage::NoteOn(channel, key, velocity) => {
                let (channel, key, velocity) = (channel.index(), u8::from(key), u8::from(velocity));
                assert!((1..=self.settings.ceiling).contains(&velocity));
                assert!((self.settings.register_low..=self.settings.register_high).contains(&key));
                assert!(!self.pedals[usize::from(channel)], "a note begins under the pedal");
                assert!(!self.sounding.iter().any(|s| (s.0, s.1) == (channel, key)), "a key overlaps itself");
                assert!(!self.sounding.iter().any(|s| (s.2, s.3) == (event.voice, event.part)), "a part is two lines");
                self.sounding.push((channel, key, event.voice, event.part));
                self.ons += 1;
            }
            MidiMessage::NoteOff(channel, key, _) => {
                let place = self.sounding.iter().position(|s| (s.0, s.1) == (channel.index(), u8::from(key)));
                self.sounding.remove(place.expect("a note-off without its note-on"));
                if self.pedals[usize::from(channel.index())] {
                    self.ringing.push((channel.index(), event.time));
                }
            }
            MidiMessage::ControlChange(channel, ControlFunction::DAMPER_PEDAL, value) => {
                let (index, down) = (channel.index(), u8::from(value) > 0);
                let pedal = &mut self.pedals[usize::from(index)];
                assert!(*pedal != down, "the pedal is where it was");
                *pedal = down;
                self.presses += usize::from(down);
                let its = self.sounding.iter().filter(|note| note.0 == index);
                assert!(!down || its.clone().count() > 0, "the pedal goes down in silence");
                assert!(!down || its.clone().all(|note| note.2 != Voice::Counter && note.2 != Voice::Pulse));
                self.ringing.retain(|note| note.0 != index);
            }
            ref other => panic!("neither note nor pedal: {other:?}"),
        }
        Ok(())
    }
}

fn notes() -> impl Strategy<Value = Vec<PlannedNote>> {
    let note = (0_u64..8_000, 0_u64..6_000, 0_u8..128, -20_f32..200.0, 0_usize..4, 1_u8..4, 0_usize..3);
    prop::collection::vec(note, 1..60).prop_map(|notes| {
        let plan = |(on, length, key, velocity, voice, part, behaviour)| PlannedNote {
            on,
            off: on + length,
            key,
            velocity,
            voice: Voice::at(voice),
            part,
            behaviour: Behaviour::at(behaviour),
        };
        notes.into_iter().map(plan).collect()
    })
}

proptest! {
    #[test]
    fn each_note_on_has_one_note_off_and_nothing_outlives_the_end(
        notes in notes(),
        refusals in prop::collection::vec(prop::bool::weighted(0.2), 64),
        block in 1_u64..700,
        channels in prop::sample::select(vec![Channels::One, Channels::Voices]),
        withdraw_at in 0_u64..12_000,
        pedal: bool,
    ) {
        let settings = Settings { channels, pedal, register_low: 40, register_high: 76, ceiling: 88, ..Settings::default() };
        let mut judge = Judge::new(refusals, settings);
        let mut speak = speaking();
        for chunk in notes.chunks(20) {
            speak.process(0, &chunk.iter().map(|&note| Order::Play(note)).collect(), State::Holding, &settings);
        }
        let mut now = 0;
        while now < 16_000 {
            if (now..now + block).contains(&withdraw_at) {
                let order = Order::Withdraw { behaviour: Behaviour::Drone, within: 100 };
                speak.process(now, &[order].into_iter().collect(), State::Holding, &settings);
            }
            speak.speak(now, now + block, &settings, &mut judge);
            now += block;
        }
        judge.refusals.clear();
        speak.end_all();
        speak.speak(now, now + 1, &settings, &mut judge);
        prop_assert!(judge.sounding.is_empty(), "still sounding: {:?}", judge.sounding);
        prop_assert!(judge.pedals == [false; 16], "the pedal hangs");
        prop_assert!(speak.sounding().is_empty());
    }

    #[test]
    fn the_pedal_lengthens_nothing_and_lies_under_no_beginning(
        notes in prop::collection::vec((0_u64..60_000, 0_u64..30_000, 36_u8..84, 0_usize..4, 1_u8..3, 0_usize..3), 1..12),
        channels in prop::sample::select(vec![Channels::One, Channels::Voices]),
    ) {
        let settings = Settings { pedal: true, channels, ..Settings::default() };
        let plan = |(on, length, key, voice, part, behaviour)| {
            let (voice, behaviour) = (Voice::at(voice), Behaviour::at(behaviour));
            PlannedNote { behaviour, ..held(on, on + length, key, voice, part) }
        };
        let mut judge = Judge::new(Vec::new(), settings);
        let mut speak = speaking();
        speak.process(0, &notes.into_iter().map(|note| Order::Play(plan(note))).collect(), State::Holding, &settings);
        speak.speak(0, 100_000, &settings, &mut judge);
        prop_assert!(judge.pedals == [false; 16] && judge.ringing.is_empty());
    }

    #[test]
    fn what_is_spoken_does_not_depend_on_the_block(notes in notes(), block in 1_u64..3_000, pedal: bool) {
        let settings = Settings { pedal, ..Settings::default() };
        let spoken = |block: u64| {
            let mut all = Vec::new();
            let mut speak = speaking();
            for chunk in notes.chunks(20) {
                speak.process(0, &chunk.iter().map(|&note| Order::Play(note)).collect(), State::Holding, &settings);
            }
            for start in (0..20_000).step_by(block as usize) {
                speak.speak(start, start + block, &settings, &mut Collect(&mut all));
            }
            all
        };
        let whole = spoken(20_000);
        prop_assert!(!whole.is_empty());
        prop_assert_eq!(spoken(block), whole);
    }
}

struct Collect<'a>(&'a mut Vec<Spoken>);

impl Take for Collect<'_> {
    fn take(&mut self, event: &Spoken) -> Result<(), NoRoom> {
        self.0.push(event.clone());
        Ok(())
    }
}

#[test]
fn a_changed_channel_layout_ends_what_sounds() {
    let note = PlannedNote {
        on: 0,
        off: 1_000_000,
        key: 60,
        velocity: 50.0,
        voice: Voice::Harmony,
        part: 1,
        behaviour: Behaviour::Drone,
    };
    let mut settings = Settings::default();
    let mut judge = Judge::new(Vec::new(), settings);
    let mut speak = speaking();
    speak.process(0, &[Order::Play(note)].into_iter().collect(), State::Holding, &settings);
    speak.speak(0, 64, &settings, &mut judge);
    assert_eq!((judge.ons, judge.sounding.len()), (1, 1));
    settings.channels = Channels::Voices;
    speak.process(64, &Orders::new(), State::Holding, &settings);
    speak.speak(64, 128, &settings, &mut judge);
    assert!(judge.sounding.is_empty());
}

const fn held(on: SampleTime, off: SampleTime, key: u8, voice: Voice, part: u8) -> PlannedNote {
    PlannedNote { on, off, key, velocity: 50.0, voice, part, behaviour: Behaviour::Holding }
}

/// A bass and two tones above it from 0 to 2 s, and another chord from there to 4 s; at 8 kHz.
const CHORDS: [PlannedNote; 6] = [
    held(0, 16_000, 48, Voice::Bass, 1),
    held(100, 16_000, 64, Voice::Harmony, 1),
    held(200, 15_800, 67, Voice::Harmony, 2),
    held(16_000, 32_000, 53, Voice::Bass, 1),
    held(16_100, 31_900, 65, Voice::Harmony, 1),
    held(16_200, 31_700, 69, Voice::Harmony, 2),
];

/// What is spoken when `notes` are played in `state`: sample, channel, and whether the pedal goes down.
fn pedalling(notes: &[PlannedNote], state: State, settings: &Settings) -> Vec<(SampleTime, u8, bool)> {
    let mut all = Vec::new();
    let mut speak = speaking();
    let orders = notes.iter().map(|&note| Order::Play(note)).collect();
    speak.process(0, &orders, state, settings);
    speak.speak(0, 40_000, settings, &mut Collect(&mut all));
    all.iter().filter_map(pedal_of).collect()
}

fn pedal_of(event: &Spoken) -> Option<(SampleTime, u8, bool)> {
    match event.message {
        MidiMessage::ControlChange(channel, _, value) => Some((event.time, channel.index(), u8::from(value) > 0)),
        _ => None,
    }
}

fn pedalled() -> Settings {
    Settings { pedal: true, ..Settings::default() }
}

#[test]
fn the_pedal_goes_down_after_each_chord_and_is_up_as_the_next_begins_and_as_the_last_ends() {
    let moves = pedalling(&CHORDS, State::Holding, &pedalled());
    let [(down, 0, true), (up, 0, false), (again, 0, true), (end, 0, false)] = moves[..] else { panic!("{moves:?}") };
    let follows = 200 + 480..=200 + 960;
    assert!(follows.contains(&down) && follows.contains(&(again - 16_000)), "60 to 120 ms after: {moves:?}");
    assert_eq!(up, 16_000, "with the bass of the next chord");
    assert!((31_700..=31_700 + 320).contains(&end), "within 40 ms of the first tone that is let go: {moves:?}");
}

#[test]
fn the_pedal_is_never_down_in_rhythm_and_never_when_the_therapist_does_not_want_it() {
    for &state in State::ALL.iter().filter(|state| state.is_rhythm()) {
        assert_eq!(pedalling(&CHORDS, state, &pedalled()), [], "{state:?}");
    }
    assert_eq!(pedalling(&CHORDS, State::Holding, &Settings::default()), []);
    let struck = CHORDS.map(|note| PlannedNote { behaviour: Behaviour::Song, ..note });
    assert_eq!(pedalling(&struck, State::Holding, &pedalled()), [], "what is struck on the beat");
    let mut speak = speaking();
    let mut all = Vec::new();
    let orders = CHORDS.map(Order::Play).into_iter().collect();
    speak.process(0, &orders, State::Holding, &pedalled());
    speak.speak(0, 8_000, &pedalled(), &mut Collect(&mut all));
    speak.process(8_000, &Orders::new(), State::Pulse, &pedalled());
    speak.speak(8_000, 8_001, &pedalled(), &mut Collect(&mut all));
    let last = all.iter().rev().find_map(pedal_of);
    assert_eq!(last, Some((8_000, 0, false)), "when the rhythm begins it is up at once");
}

#[test]
fn a_line_that_answers_is_not_smeared() {
    let answer = PlannedNote { behaviour: Behaviour::Countermelody, ..held(4_000, 6_000, 76, Voice::Counter, 1) };
    let notes: Vec<_> = CHORDS.into_iter().chain([answer]).collect();
    let one = pedalling(&notes, State::Dialogue, &pedalled());
    assert_eq!(one[1], (4_000, 0, false), "up for it where it shares the channel: {one:?}");
    assert!(one[2].0 > 6_000 && one[2].2, "and down again after it: {one:?}");
    let voices = pedalling(&notes, State::Dialogue, &Settings { channels: Channels::Voices, ..pedalled() });
    assert!(voices.iter().all(|&(at, channel, _)| channel < 2 && !(2_000..15_000).contains(&at)), "{voices:?}");
    assert_eq!(voices.len(), 8, "bass and harmony have one each: {voices:?}");
}

#[test]
fn the_pedal_comes_up_before_the_notes_at_a_panic_and_whoever_takes_over_lifts_it() {
    for taken_over in [false, true] {
        let mut all = Vec::new();
        let mut speak = speaking();
        let orders = CHORDS.map(Order::Play).into_iter().collect();
        speak.process(0, &orders, State::Holding, &pedalled());
        speak.speak(0, 8_000, &pedalled(), &mut Collect(&mut all));
        assert_eq!(all.iter().filter_map(pedal_of).count(), 1);
        all.clear();
        let now = if taken_over {
            let mut heir = Speak::new(Clock::new(48_000.0));
            heir.inherit(&mut speak);
            speak = heir;
            0
        } else {
            speak.end_all();
            8_000
        };
        speak.speak(now, now + 1, &pedalled(), &mut Collect(&mut all));
        assert_eq!(all.first().and_then(pedal_of), Some((now, 0, false)), "{all:?}");
        assert_eq!(all.len(), 4, "and then three notes: {all:?}");
        assert!(all.iter().all(|event| event.time == now));
    }
}

#[test]
fn the_same_seed_moves_the_foot_alike_and_another_otherwise() {
    let first = pedalling(&CHORDS, State::Holding, &pedalled());
    assert_eq!(first, pedalling(&CHORDS, State::Holding, &pedalled()));
    assert_ne!(first, pedalling(&CHORDS, State::Holding, &Settings { seed: 2, ..pedalled() }));
}
