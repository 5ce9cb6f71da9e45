//! The built-in sound: heard without any routing, gone when it is off, and never left behind by an ending.

use crate::client::{TUNE_S, sung_stereo};
use crate::play::{Cut, both, clap, inputs, through_to};
use antiphon_tests::check;
use antiphon_tests::host::{Host, Input, PlayedEvent, Setup, Transport};

const RATE_HZ: f64 = 48_000.0;

/// A hushed sound is over after this, s: it fades for 20 ms.
const FADE_S: f64 = 0.025;

/// Plays `audio` through `host`: what came out, and what was played.
fn heard(
    host: &mut dyn Host,
    audio: &[Vec<f32>],
    cut: Cut,
    set: &[(u64, &str, &str)],
) -> (Vec<Vec<f32>>, Vec<PlayedEvent>) {
    host.activate(Setup { rate_hz: RATE_HZ, longest_block: cut.longest(), channels: audio.len() })
        .expect("it activates");
    let inputs = inputs(host, set);
    let mut out = vec![Vec::new(); audio.len()];
    let played = through_to(host, audio, cut, &inputs, &mut out);
    check::harmless(&out).expect("every sample is harmless");
    (out, played)
}

fn rms(samples: impl Iterator<Item = f32>) -> f64 {
    let (sum, count) = samples.fold((0.0, 0_u32), |(sum, count), x| (sum + f64::from(x) * f64::from(x), count + 1));
    (sum / f64::from(count.max(1))).sqrt()
}

fn same_bits(a: &[f32], b: &[f32]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits())
}

#[test]
fn a_first_session_is_heard_without_any_routing_in_stereo_and_mono() {
    let stereo = sung_stereo(RATE_HZ, TUNE_S);
    for audio in [&stereo[..], &stereo[..1]] {
        for mut host in both() {
            let (out, played) = heard(&mut *host, audio, Cut::Even(512), &[]);
            assert!(played.iter().any(|event| event.on), "there was music");
            for (out, client) in out.iter().zip(audio) {
                let answer = rms(out.iter().zip(client).map(|(out, client)| out - client));
                let client = rms(client.iter().copied());
                let beside_db = 20.0 * (answer / client).log10();
                println!("{} in {} channels: {beside_db:.1} dB beside the client", host.format(), audio.len());
                assert!((-24.0..0.0).contains(&beside_db), "{}: {beside_db:.1} dB", host.format());
            }
        }
    }
}

#[test]
fn with_the_sound_off_audio_passes_bit_for_bit_in_stereo_and_mono() {
    let stereo = sung_stereo(RATE_HZ, TUNE_S);
    for audio in [&stereo[..], &stereo[..1]] {
        for mut host in both() {
            let (out, played) = heard(&mut *host, audio, Cut::Random(700, 3), &[(0, "sound", "off")]);
            assert!(played.iter().any(|event| event.on), "there was music");
            assert!(out.iter().zip(audio).all(|(out, client)| same_bits(out, client)), "{}", host.format());
        }
    }
}

#[test]
fn switched_off_in_mid_session_it_fades_and_the_rest_passes_bit_for_bit() {
    let audio = sung_stereo(RATE_HZ, TUNE_S);
    let off = (15.0 * RATE_HZ) as u64;
    for mut host in both() {
        let (out, _) = heard(&mut *host, &audio, Cut::Even(480), &[(off, "sound", "off")]);
        // The host's block of the change, and the fade.
        let from = off as usize + 480 + (FADE_S * RATE_HZ) as usize;
        for (out, client) in out.iter().zip(&audio) {
            assert!(!same_bits(&out[..off as usize], &client[..off as usize]), "it sounded before");
            assert!(same_bits(&out[from..], &client[from..]), "{}", host.format());
        }
    }
}

#[test]
fn the_notes_are_the_same_whatever_they_sound_like() {
    let audio = sung_stereo(RATE_HZ, TUNE_S);
    let play = |set: &[(u64, &str, &str)]| heard(&mut clap(), &audio, Cut::Even(512), set).1;
    let usual = play(&[]);
    assert!(usual.iter().filter(|event| event.on).count() >= 4, "there was music");
    assert_eq!(play(&[(0, "sound", "off")]), usual);
    assert_eq!(play(&[(0, "instrument", "pad"), (0, "sound_level", "6"), (400_000, "instrument", "strings")]), usual);
}

#[test]
fn the_sound_is_the_same_however_the_host_cuts_its_blocks() {
    let audio = sung_stereo(RATE_HZ, TUNE_S);
    let set = [(0, "channels", "voices"), (500_000, "instrument", "pad"), (600_000, "sound_level", "-6")];
    let (expected, _) = heard(&mut clap(), &audio, Cut::Even(500), &set);
    for cut in [Cut::Even(100), Cut::Even(2_000), Cut::Even(20_000)] {
        for mut host in both() {
            let (out, _) = heard(&mut *host, &audio, cut, &set);
            let equal = out.iter().zip(&expected).all(|(a, b)| same_bits(a, b));
            assert!(equal, "{} in {cut:?}", host.format());
        }
    }
}

/// Samples a block where a session is ended.
const BLOCK: usize = 480;

/// One block, the client's from sample `from` on, or silence behind her end.
fn block(host: &mut dyn Host, client: &[Vec<f32>], from: usize, change: &[Input], transport: Transport) -> Vec<f32> {
    let silence = [0.0; BLOCK];
    let sides = [0, 1].map(|side| client[side].get(from..from + BLOCK).unwrap_or(&silence));
    host.process(&sides, change, Some(transport)).expect("the plugin processes")[0].clone()
}

/// Lets the client sing to the pad until it sounds, well into the session; the sample it is then.
fn until_it_sounds(host: &mut dyn Host, client: &[Vec<f32>]) -> usize {
    host.activate(Setup { rate_hz: RATE_HZ, longest_block: BLOCK, channels: 2 }).expect("it activates");
    let mut change = vec![host.set("instrument", "pad", 0).expect("a parameter")];
    let mut played = Vec::new();
    for from in (0..client[0].len() - BLOCK).step_by(BLOCK) {
        let out = block(host, client, from, &std::mem::take(&mut change), Transport::rolling(from as i64));
        host.idle();
        played.append(&mut host.outbox().take_played());
        let holds = !check::sounding(&played).expect("the notes keep the rules").is_empty();
        let answer = rms(out.iter().zip(&client[0][from..]).map(|(out, client)| out - client));
        if from > 8 * RATE_HZ as usize && holds && answer > 1e-3 {
            return from + BLOCK;
        }
    }
    panic!("{} is silent", host.format());
}

#[test]
fn whatever_ends_a_session_ends_the_sound_within_25_ms() {
    let client = sung_stereo(RATE_HZ, TUNE_S);
    for ending in ["stop", "locate", "bypass", "panic", "sound", "state", "reset", "activate"] {
        for mut host in both() {
            let host = &mut *host;
            let at = until_it_sounds(host, &client);
            let mut transport = Transport::rolling(at as i64);
            let mut change = Vec::new();
            match ending {
                "stop" => transport.playing = false,
                "locate" => transport.position += 960_000,
                "bypass" | "panic" => change.push(host.set(ending, "on", 0).expect("a parameter")),
                "sound" => change.push(host.set("sound", "off", 0).expect("a parameter")),
                "state" => {
                    let state = host.save().expect("it saves");
                    host.load(&state).expect("it loads what it saved");
                }
                "reset" => host.reset().expect("it resets"),
                _ => {
                    host.deactivate().expect("it deactivates");
                    let setup = Setup { rate_hz: RATE_HZ, longest_block: BLOCK, channels: 2 };
                    host.activate(setup).expect("it activates");
                }
            }
            let mut out = Vec::new();
            for index in 0..20 {
                out.extend(block(host, &client, usize::MAX - BLOCK, &std::mem::take(&mut change), transport));
                if transport.playing {
                    transport.position += BLOCK as i64;
                }
                host.idle();
                let begins = host.outbox().take_played().iter().any(|event| event.on);
                assert!(!begins, "{}, {ending}: a note begins {index} blocks later", host.format());
            }
            let left = out.iter().rposition(|x| *x != 0.0).map_or(0.0, |last| last as f64 / RATE_HZ);
            assert!(left <= FADE_S, "{}, {ending}: still heard after {left} s", host.format());
        }
    }
}

#[test]
fn after_a_silent_client_s_last_answer_the_silence_is_complete() {
    let client = sung_stereo(RATE_HZ, TUNE_S);
    for mut host in both() {
        let mut from = until_it_sounds(&mut *host, &client);
        let mut last = Vec::new();
        for _ in 0..(60.0 * RATE_HZ) as usize / BLOCK {
            last = block(&mut *host, &client, usize::MAX - BLOCK, &[], Transport::rolling(from as i64));
            from += BLOCK;
        }
        assert!(last.iter().all(|x| x.to_bits() == 0), "{}", host.format());
    }
}
