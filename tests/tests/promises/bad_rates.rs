//! Any sample rate, any block length, any keyboard and any host that has no room: no failure, no note lost.

use crate::client::{Dice, TUNE_S, sung, sung_stereo};
use crate::play::{Cut, both, through};
use antiphon_tests::check;
use antiphon_tests::host::{Host, Input, Setup, Transport};

/// What hosts have been seen to ask for, and a few that are possible, Hz.
const RATES_HZ: [f64; 15] = [
    1_000.0, 4_000.0, 8_000.0, 11_025.0, 16_000.0, 22_050.0, 32_000.0, 44_099.7, 44_100.0, 48_000.0, 88_200.0,
    96_000.0, 192_000.0, 384_000.0, 768_000.0,
];

#[test]
fn any_sample_rate_and_block_length_is_taken_in_mono_and_stereo() {
    let cuts = [Cut::Even(1), Cut::Even(31), Cut::Even(441), Cut::Even(16_384), Cut::Random(2_000, 8)];
    for mut host in both() {
        for (index, rate_hz) in RATES_HZ.into_iter().enumerate() {
            let cut = cuts[index % cuts.len()];
            for channels in [2, 1] {
                let mut audio = sung_stereo(rate_hz, 0.6);
                audio.truncate(channels);
                host.activate(Setup { rate_hz, longest_block: cut.longest(), channels }).expect("it activates");
                through(&mut *host, &audio, cut, &[]);
                host.deactivate().expect("it deactivates");
            }
        }
    }
}

#[test]
fn a_song_is_answered_at_every_usual_rate_and_a_fractional_one() {
    for rate_hz in [44_099.7, 44_100.0, 88_200.0, 192_000.0] {
        for mut host in both() {
            host.activate(Setup { rate_hz, longest_block: 1024, channels: 1 }).expect("it activates");
            let played = through(&mut *host, &[sung(rate_hz, TUNE_S)], Cut::Even(1024), &[]);
            let answers = played.iter().filter(|e| e.on).count();
            assert!(answers >= 4, "{} at {rate_hz} Hz: {answers} notes", host.format());
        }
    }
}

#[test]
fn one_instance_survives_every_change_of_rate_in_mid_song() {
    for mut host in both() {
        let mut all = Vec::new();
        let mut began = 0;
        for rate_hz in [48_000.0, 44_099.7, 1_000.0, 96_000.0, 768_000.0, 48_000.0] {
            host.activate(Setup { rate_hz, longest_block: 2048, channels: 2 }).expect("it activates");
            let seconds = if rate_hz > 100_000.0 { 1.0 } else { 9.0 };
            for event in through_absolute(&mut *host, &sung_stereo(rate_hz, seconds)) {
                began += usize::from(event.on);
                all.push(event);
            }
            host.deactivate().expect("it deactivates");
        }
        host.activate(Setup { rate_hz: 48_000.0, longest_block: 2048, channels: 2 }).expect("it activates");
        all.extend(through_absolute(&mut *host, &vec![vec![0.0; 48_000 * 20]; 2]));
        check::all_ended(&all).unwrap_or_else(|e| panic!("{}: {e}", host.format()));
        assert!(began >= 4, "there was music");
    }
}

/// Plays on, times counted from the host's first sample.
fn through_absolute(host: &mut dyn Host, audio: &[Vec<f32>]) -> Vec<antiphon_tests::host::PlayedEvent> {
    for from in (0..audio[0].len()).step_by(2048) {
        let until = audio[0].len().min(from + 2048);
        let block: Vec<&[f32]> = audio.iter().map(|channel| &channel[from..until]).collect();
        host.process(&block, &[], Some(Transport::rolling(from as i64))).expect("the plugin processes");
    }
    assert_eq!(host.outbox().fault, None);
    host.outbox().take_played()
}

#[test]
fn a_keyboard_that_never_lifts_a_key_does_no_harm() {
    let mut dice = Dice::new(21);
    for mut host in both() {
        host.activate(Setup { rate_hz: 48_000.0, longest_block: 256, channels: 2 }).expect("it activates");
        let silence = [0.0; 256];
        let mut all = Vec::new();
        for block in 0..2_000_i64 {
            let mut inputs: Vec<Input> = (0..dice.between(0, 40))
                .map(|_| {
                    let (at, key) = (dice.between(0, 255) as u32, dice.between(0, 127) as u8);
                    match dice.between(0, 9) {
                        0 => Input::Note { at, channel: 3, key, velocity: 0 },
                        1 => Input::Midi { at, bytes: [0x90, key, 0] },
                        2 => Input::Midi { at, bytes: [0xB0 | (key & 15), 64, 127] },
                        3 => Input::Midi { at, bytes: [dice.bits() as u8 | 0x80, 127, 127] },
                        _ => Input::Note { at, channel: key % 16, key, velocity: dice.between(1, 127) as u8 },
                    }
                })
                .collect();
            inputs.sort_by_key(Input::at);
            let transport = Some(Transport::rolling(256 * block));
            host.process(&[&silence, &silence], &inputs, transport).expect("the plugin processes");
        }
        host.reset().expect("it resets");
        for block in 0..4_000 {
            host.process(&[&silence, &silence], &[], Some(Transport::rolling(256 * block))).expect("it processes");
        }
        assert_eq!(host.outbox().fault, None);
        all.append(&mut host.outbox().played);
        check::all_ended(&all).unwrap_or_else(|e| panic!("{}: {e}", host.format()));
    }
}

#[test]
fn more_keys_in_one_block_than_anybody_has_fingers_are_taken() {
    for mut host in both() {
        host.activate(Setup { rate_hz: 48_000.0, longest_block: 1024, channels: 2 }).expect("it activates");
        let silence = [0.0; 1024];
        let many = |velocity| {
            (0..1000)
                .map(move |i| Input::Note { at: i, channel: 0, key: (i % 128) as u8, velocity })
                .collect::<Vec<_>>()
        };
        for velocity in [100, 0, 1, 0] {
            host.process(&[&silence, &silence], &many(velocity), None).expect("the plugin processes");
        }
        assert_eq!(host.outbox().fault, None);
    }
}

#[test]
fn every_key_of_a_flood_is_lifted_in_the_end() {
    for mut host in both() {
        host.activate(Setup { rate_hz: 48_000.0, longest_block: 480, channels: 2 }).expect("it activates");
        let silence = [0.0; 480];
        // A chord, struck again and again; then, as some hosts do when they stop, every key on every channel is lifted.
        let chord = [50, 57, 62, 65].into_iter().cycle().take(400);
        let mut flood: Vec<Input> = chord.map(|key| Input::Note { at: 7, channel: 0, key, velocity: 90 }).collect();
        let lifted = (0..16).flat_map(|channel| (0..128).map(move |key| (channel, key)));
        flood.extend(lifted.map(|(channel, key)| Input::Note { at: 8, channel, key, velocity: 0 }));
        let mut heard = 0;
        for block in 0..2_500 {
            let inputs = if block % 50 == 0 && block < 1_000 { &flood[..] } else { &[] };
            host.process(&[&silence, &silence], inputs, None).expect("the plugin processes");
            if block == 1_500 {
                let answers = host.outbox().take_played();
                heard = answers.iter().filter(|e| e.on).count();
            }
        }
        assert!(heard > 0, "{}: the flood was heard", host.format());
        let late: Vec<_> = host.outbox().take_played().into_iter().filter(|e| e.on).collect();
        assert!(late.is_empty(), "{}: something is still heard long after: {late:?}", host.format());
    }
}

#[test]
fn a_host_without_room_for_events_loses_no_note_off() {
    for mut host in both() {
        host.activate(Setup { rate_hz: 48_000.0, longest_block: 480, channels: 2 }).expect("it activates");
        let voices = host.set("channels", "voices", 0).expect("a layout");
        let audio = sung_stereo(48_000.0, 2.0 * TUNE_S);
        let mut dice = Dice::new(3);
        for (block, from) in (0..audio[0].len()).step_by(480).enumerate() {
            // Full for a tenth of a second and more at a time, then room for one, then for all.
            let room = [Some(0), Some(1), None][dice.between(0, 2)];
            if block % 17 == 0 {
                host.outbox().limit(room);
            }
            let panics = block % 1000 == 999;
            let mut inputs = vec![voices; usize::from(block == 0)];
            if panics || block % 1000 == 0 {
                inputs.push(host.set("panic", if panics { "on" } else { "off" }, 100).expect("panic"));
            }
            let span = from..from + 480;
            let transport = Some(Transport::rolling(from as i64));
            host.process(&[&audio[0][span.clone()], &audio[1][span]], &inputs, transport).expect("it processes");
            host.idle();
        }
        assert!(host.outbox().refused > 0, "{}: nothing was refused", host.format());
        host.outbox().limit(None);
        let silence = [0.0; 480];
        for _ in 0..2_500 {
            host.process(&[&silence, &silence], &[], None).expect("the plugin processes");
        }
        let played = host.outbox().take_played();
        assert!(played.iter().filter(|e| e.on).count() >= 4, "{}: there was music", host.format());
        check::all_ended(&played).unwrap_or_else(|e| panic!("{}: {e}", host.format()));
    }
}
