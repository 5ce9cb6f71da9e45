//! What `speak` promises whatever it is ordered, held against random orders and hosts that refuse events.

use super::*;
use crate::names::Named;
use proptest::prelude::*;

/// A host that refuses some events, and checks every promise on those it takes.
struct Judge {
    refusals: Vec<bool>,
    asked: usize,
    sounding: Vec<(u8, u8, Voice, u8)>,
    latest: SampleTime,
    ons: usize,
    settings: Settings,
}

impl Judge {
    fn new(refusals: Vec<bool>, settings: Settings) -> Self {
        Self { refusals, asked: 0, sounding: Vec::new(), latest: 0, ons: 0, settings }
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
        match event.message {
            MidiMessage::NoteOn(channel, key, velocity) => {
                let (channel, key, velocity) = (channel.index(), u8::from(key), u8::from(velocity));
                assert!((1..=self.settings.ceiling).contains(&velocity));
                assert!((self.settings.register_low..=self.settings.register_high).contains(&key));
                assert!(!self.sounding.iter().any(|s| (s.0, s.1) == (channel, key)), "a key overlaps itself");
                assert!(!self.sounding.iter().any(|s| (s.2, s.3) == (event.voice, event.part)), "a part is two lines");
                self.sounding.push((channel, key, event.voice, event.part));
                self.ons += 1;
            }
            MidiMessage::NoteOff(channel, key, _) => {
                let place = self.sounding.iter().position(|s| (s.0, s.1) == (channel.index(), u8::from(key)));
                self.sounding.remove(place.expect("a note-off without its note-on"));
            }
            ref other => panic!("neither note-on nor note-off: {other:?}"),
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
    ) {
        let settings = Settings { channels, register_low: 40, register_high: 76, ceiling: 88, ..Settings::default() };
        let mut judge = Judge::new(refusals, settings);
        let mut speak = Speak::default();
        for chunk in notes.chunks(20) {
            speak.process(0, &chunk.iter().map(|&note| Order::Play(note)).collect(), &settings);
        }
        let mut now = 0;
        while now < 16_000 {
            if (now..now + block).contains(&withdraw_at) {
                let order = Order::Withdraw { behaviour: Behaviour::Drone, within: 100 };
                speak.process(now, &[order].into_iter().collect(), &settings);
            }
            speak.speak(now, now + block, &settings, &mut judge);
            now += block;
        }
        judge.refusals.clear();
        speak.end_all();
        speak.speak(now, now + 1, &settings, &mut judge);
        prop_assert!(judge.sounding.is_empty(), "still sounding: {:?}", judge.sounding);
        prop_assert!(speak.sounding().is_empty());
    }

    #[test]
    fn what_is_spoken_does_not_depend_on_the_block(notes in notes(), block in 1_u64..3_000) {
        let settings = Settings::default();
        let spoken = |block: u64| {
            let mut all = Vec::new();
            let mut speak = Speak::default();
            for chunk in notes.chunks(20) {
                speak.process(0, &chunk.iter().map(|&note| Order::Play(note)).collect(), &settings);
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
    let mut speak = Speak::default();
    speak.process(0, &[Order::Play(note)].into_iter().collect(), &settings);
    speak.speak(0, 64, &settings, &mut judge);
    assert_eq!((judge.ons, judge.sounding.len()), (1, 1));
    settings.channels = Channels::Voices;
    speak.process(64, &Orders::new(), &settings);
    speak.speak(64, 128, &settings, &mut judge);
    assert!(judge.sounding.is_empty());
}
