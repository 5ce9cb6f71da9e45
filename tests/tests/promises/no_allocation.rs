//! The audio thread allocates nothing, and what it hands on is harmless. These tests run with every allocation inside a
//! process call counted: the first one ends the program.

use crate::client::{Dice, TUNE_S, keyed, sung_stereo};
use crate::play::{Cue, Cut, alone, both, clap, inputs, through_to};
use antiphon_tests::check;
use antiphon_tests::host::{Host, PlayedEvent, Setup, Transport};
use clack_host::events::io::InputEventBuffer;
use clack_host::prelude::*;
use std::process::Command;

const RATE_HZ: f64 = 48_000.0;

/// Everything that a therapist can touch, while the client sings and plays.
const CUES: [Cue; 17] = [
    (0, "channels", "one"),
    (0, "pedal", "on"),
    (200_500, "instrument", "pad"),
    (320_000, "instrument", "strings"),
    (470_000, "sound_level", "-12"),
    (1_000, "goal", "relationships"),
    (100_000, "approach", "free"),
    (150_000, "listen", "voice"),
    (200_000, "density", "1"),
    (250_000, "channels", "voices"),
    (300_000, "key", "D:min"),
    (350_000, "next", "on"),
    (400_000, "hold", "on"),
    (450_000, "hold", "off"),
    (600_000, "cadence", "on"),
    (800_000, "rest", "on"),
    (900_000, "panic", "on"),
];

#[test]
fn nothing_is_allocated_while_a_client_sings_and_plays_and_the_therapist_works() {
    let (audio, keys) = (sung_stereo(RATE_HZ, TUNE_S), keyed(RATE_HZ, TUNE_S));
    for cut in [Cut::Even(64), Cut::Even(4096), Cut::Random(700, 3)] {
        for host in both() {
            let played = alone(host, RATE_HZ, &audio, cut, &CUES, &keys);
            assert!(played.iter().filter(|e| e.on).count() >= 4, "there was music");
        }
    }
}

/// Set in the program that is to allocate where it must not.
const TO_FAIL: &str = "ANTIPHON_ALLOCATE_IN_PROCESS";

#[test]
fn an_allocation_inside_a_process_call_would_be_caught() {
    let this = std::env::current_exe().expect("this program has a path");
    let one_test = ["--exact", "no_allocation::an_allocation_ends_the_program_when_asked_for"];
    let status = Command::new(this).args(one_test).env(TO_FAIL, "1").output().expect("it runs").status;
    assert!(!status.success(), "an allocation went unnoticed");
}

#[test]
fn an_allocation_ends_the_program_when_asked_for() {
    // SAFETY: this is the plugin's own entry.
    let entry = unsafe { PluginEntry::load_from_raw(&antiphon::clap_entry, c"in-process") }.expect("the CLAP loads");
    let factory = entry.get_plugin_factory().expect("a factory");
    let id = factory.plugin_descriptor(0).and_then(|plugin| plugin.id()).expect("a plugin with an id");
    let info = HostInfo::new("Antiphon tests", "Antiphon", "", "1").expect("a name");
    let mut plugin = PluginInstance::<()>::new(|_| (), |_| (), &entry, id, &info).expect("an instance");
    let setup = PluginAudioConfiguration { sample_rate: RATE_HZ, min_frames_count: 1, max_frames_count: 64 };
    let processor = plugin.activate(|_, _| (), setup).expect("it activates");
    let mut processor = processor.start_processing().expect("it starts");
    let (mut input, mut output) = ([[0.0_f32; 64]; 2], [[0.0_f32; 64]; 2]);
    let (mut input_ports, mut output_ports) = (AudioPorts::with_capacity(2, 1), AudioPorts::with_capacity(2, 1));
    let input = input_ports.with_input_buffers([AudioPortBuffer {
        latency: 0,
        channels: AudioPortBufferType::f32_input_only(input.iter_mut().map(InputChannel::variable)),
    }]);
    let mut output = output_ports.with_output_buffers([AudioPortBuffer {
        latency: 0,
        channels: AudioPortBufferType::f32_output_only(output.iter_mut().map(|channel| channel.as_mut_slice())),
    }]);
    let events = Asked { allocates: std::env::var_os(TO_FAIL).is_some() };
    let mut void = OutputEvents::void();
    processor
        .process(&input, &mut output, &InputEvents::from_buffer(&events), &mut void, None, None)
        .expect("the plugin processes");
    plugin.deactivate(processor.stop_processing());
}

/// An empty list of events that allocates, if it is to, when the plugin asks how long it is.
struct Asked {
    allocates: bool,
}

impl InputEventBuffer for Asked {
    fn len(&self) -> u32 {
        if self.allocates {
            std::hint::black_box(Box::new(0_u64));
        }
        0
    }

    fn get(&self, _index: u32) -> Option<&UnknownEvent> {
        None
    }
}

/// Sends `audio` through both hosts and gives what came out and what was played.
fn check_harmless(audio: &[Vec<f32>]) {
    for mut host in both() {
        host.activate(Setup { rate_hz: RATE_HZ, longest_block: 512, channels: 2 }).expect("it activates");
        for from in (0..audio[0].len()).step_by(512) {
            let until = audio[0].len().min(from + 512);
            let block = [&audio[0][from..until], &audio[1][from..until]];
            let out = host.process(&block, &[], Some(Transport::rolling(from as i64))).expect("the plugin processes");
            check::harmless(out).unwrap_or_else(|e| panic!("{}: {e}", host.format()));
        }
    }
}

/// A second of what no microphone gives: the same bits over and over, or any bits at all.
fn hostile() -> Vec<(&'static str, Vec<f32>)> {
    let mut dice = Dice::new(11);
    let second = RATE_HZ as usize;
    let same = |value: f32| vec![value; second];
    vec![
        ("NaN", same(f32::NAN)),
        ("signalling NaN", same(f32::from_bits(0x7F80_0001))),
        ("infinity", same(f32::INFINITY)),
        ("minus infinity", same(f32::NEG_INFINITY)),
        ("subnormal", same(1e-40)),
        ("the smallest subnormal", same(f32::from_bits(1))),
        ("minus subnormal", same(-1e-40)),
        ("1e30", same(1e30)),
        ("the largest number", same(f32::MAX)),
        ("full-scale square", (0..second).map(|i| if i / 50 % 2 == 0 { 1.0 } else { -1.0 }).collect()),
        ("direct current", same(1.0)),
        ("random bits", (0..second).map(|_| f32::from_bits(dice.bits() as u32)).collect()),
    ]
}

#[test]
fn whatever_bits_come_in_what_goes_out_is_finite_and_not_subnormal() {
    for (what, noise) in hostile() {
        println!("{what}");
        check_harmless(&[noise.clone(), noise]);
    }
}

#[test]
fn what_is_no_sound_is_heard_as_silence_and_leaves_no_trace() {
    let tune = sung_stereo(RATE_HZ, TUNE_S);
    let after = |second: Vec<f32>| -> Vec<PlayedEvent> {
        let audio: Vec<Vec<f32>> = tune.iter().map(|channel| [&second[..], channel].concat()).collect();
        let mut host = clap();
        host.activate(Setup { rate_hz: RATE_HZ, longest_block: 512, channels: 2 }).expect("it activates");
        play_on(&mut host, &audio)
    };
    let expected = after(vec![0.0; RATE_HZ as usize]);
    assert!(expected.iter().filter(|e| e.on).count() >= 4, "there was music: {expected:?}");
    for (what, noise) in hostile().into_iter().filter(|(_, noise)| !noise[0].is_normal()) {
        if what != "random bits" {
            assert_eq!(after(noise), expected, "{what}");
        }
    }
}

#[test]
fn a_client_is_answered_again_after_any_noise() {
    let tune = sung_stereo(RATE_HZ, TUNE_S);
    for (what, noise) in hostile() {
        let second = noise.len() as u64;
        let audio: Vec<Vec<f32>> = tune.iter().map(|channel| [&noise[..], channel].concat()).collect();
        let mut host = clap();
        host.activate(Setup { rate_hz: RATE_HZ, longest_block: 512, channels: 2 }).expect("it activates");
        let played = play_on(&mut host, &audio);
        let answered = played.iter().any(|e| e.on && e.sample > 2 * second);
        assert!(answered, "after {what} nothing is heard any more");
    }
}

/// Plays sound that may be changed on its way through.
fn play_on(host: &mut dyn Host, audio: &[Vec<f32>]) -> Vec<PlayedEvent> {
    for from in (0..audio[0].len()).step_by(512) {
        let until = audio[0].len().min(from + 512);
        let block = [&audio[0][from..until], &audio[1][from..until]];
        host.process(&block, &[], Some(Transport::rolling(from as i64))).expect("the plugin processes");
    }
    let played = host.outbox().take_played();
    check::sounding(&played).expect("the notes keep the rules");
    played
}

#[test]
fn clean_sound_passes_bit_for_bit() {
    let mut dice = Dice::new(4);
    let mut any = || loop {
        let sample = f32::from_bits(dice.bits() as u32);
        if sample.is_normal() {
            return sample;
        }
    };
    let mut channel: Vec<f32> = std::iter::repeat_with(&mut any).take(20_000).collect();
    channel.extend([0.0, -0.0, f32::MIN_POSITIVE, -f32::MIN_POSITIVE, f32::MAX, f32::MIN]);
    let other = channel.iter().rev().copied().collect::<Vec<_>>();
    for mut host in both() {
        host.activate(Setup::default()).expect("it activates");
        let changes = [(0, "sound", "off"), (777, "bypass", "on"), (7_777, "bypass", "off")];
        let changes = inputs(&mut *host, &changes);
        let (audio, mut out) = ([channel.clone(), other.clone()], [Vec::new(), Vec::new()]);
        through_to(&mut *host, &audio, Cut::Random(1024, 9), &changes, &mut out);
        let bits = |samples: &[Vec<f32>]| samples.iter().flatten().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert!(bits(&out) == bits(&audio), "{}: the sound was changed", host.format());
    }
}
