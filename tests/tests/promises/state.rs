//! A saved state comes back byte for byte; a broken one is refused and changes nothing, or its values are brought into
//! range. Never a crash.

use crate::client::{Dice, sung_stereo};
use crate::play::{both, clap, inputs};
use antiphon_tests::host::{Host, Setup};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A value for every kind of parameter, none of them the default.
const CHOSEN: [(u64, &str, &str); 10] = [
    (0, "goal", "pain"),
    (0, "approach", "analytical"),
    (0, "responsiveness", "0.13"),
    (0, "colour", "-0.77"),
    (0, "ceiling", "55"),
    (0, "register_low", "40"),
    (0, "register_high", "71"),
    (0, "key", "Eb:mixolydian"),
    (0, "seed", "65535"),
    (0, "bypass", "on"),
];

fn choose(host: &mut dyn Host) {
    let changes: Vec<_> = inputs(host, &CHOSEN).into_iter().map(|(_, input)| input).collect();
    host.flush(&changes).expect("it takes the settings");
}

fn values(host: &mut dyn Host) -> Vec<f64> {
    let ids: Vec<_> = host.params().iter().filter(|p| !p.hidden).map(|p| p.id).collect();
    ids.into_iter().map(|id| host.value(id).expect("a value")).collect()
}

/// Loads `state` into a host with chosen values. Refused, it changes nothing; taken, every value is in range.
fn check_harmless(host: &mut dyn Host, state: &[u8]) -> bool {
    let before = (values(host), host.save().expect("it saves"));
    let taken = host.load(state).is_ok();
    host.idle();
    let after = (values(host), host.save().expect("it saves"));
    if taken {
        assert!(after.0.iter().all(|value| (0.0..=1.0).contains(value)), "{}: {after:?}", host.format());
    } else {
        assert_eq!(after, before, "{}: a refused state changed something", host.format());
    }
    taken
}

/// The state with its text changed, the length before it (CLAP) set right.
fn with_text(state: &[u8], change: impl Fn(&str) -> String) -> Vec<u8> {
    let start = state.iter().position(|&byte| byte == b'{').expect("the state holds an object");
    let text = change(std::str::from_utf8(&state[start..]).expect("the state is text"));
    let length = (text.len() as u64).to_le_bytes();
    [&length[..start.min(8)], text.as_bytes()].concat()
}

#[test]
fn a_state_comes_back_byte_for_byte_and_with_every_value() {
    for (mut one, mut two) in both().into_iter().zip(both()) {
        choose(&mut *one);
        let state = one.save().expect("it saves");
        two.load(&state).expect("it loads what another saved");
        assert_eq!(two.save().expect("it saves"), state, "{}", one.format());
        assert_eq!(values(&mut *two), values(&mut *one));
        for (_, name, text) in CHOSEN {
            let id = one.param(name).expect("a parameter").id;
            let chosen = one.parse(id, text).expect("text").expect("a value");
            assert!((two.value(id).expect("a value") - chosen).abs() < 1e-6, "{name}");
        }
    }
}

#[test]
fn a_state_is_the_same_saved_while_active_and_while_not() {
    for mut host in both() {
        choose(&mut *host);
        let state = host.save().expect("it saves");
        host.activate(Setup::default()).expect("it activates");
        assert_eq!(host.save().expect("it saves"), state);
        host.process(&[&[0.0; 64], &[0.0; 64]], &[], None).expect("the plugin processes");
        assert_eq!(host.save().expect("it saves"), state);
    }
}

#[test]
fn an_empty_state_is_refused() {
    for mut host in both() {
        choose(&mut *host);
        assert!(!check_harmless(&mut *host, b""), "{}", host.format());
    }
}

#[test]
fn a_truncated_state_is_refused_wherever_it_is_cut() {
    for mut host in both() {
        choose(&mut *host);
        let state = host.save().expect("it saves");
        for end in 0..state.len() {
            assert!(!check_harmless(&mut *host, &state[..end]), "{}: cut at {end}", host.format());
        }
    }
}

#[test]
fn garbage_is_refused_long_or_short() {
    let mut dice = Dice::new(77);
    for mut host in both() {
        choose(&mut *host);
        for length in [1, 7, 8, 9, 64, 4096, 1 << 20] {
            let mut bytes: Vec<u8> = std::iter::repeat_with(|| dice.bits() as u8).take(length).collect();
            assert!(!check_harmless(&mut *host, &bytes), "{}: {length} bytes", host.format());
            // With a length that a reader would believe.
            if length > 8 {
                bytes[..8].copy_from_slice(&(length as u64 - 8).to_le_bytes());
                assert!(!check_harmless(&mut *host, &bytes), "{}: {length} bytes", host.format());
            }
        }
        for lie in [u64::MAX, 1 << 40, 1 << 20] {
            assert!(!check_harmless(&mut *host, &lie.to_le_bytes()), "{}: {lie}", host.format());
        }
    }
}

#[test]
fn one_flipped_byte_never_does_harm() {
    let mut dice = Dice::new(5);
    for mut host in both() {
        choose(&mut *host);
        let state = host.save().expect("it saves");
        for place in 0..state.len() {
            let mut broken = state.clone();
            broken[place] ^= 1 << dice.between(0, 7);
            check_harmless(&mut *host, &broken);
        }
    }
}

#[test]
fn values_out_of_range_or_of_another_kind_are_brought_into_range_or_refused() {
    let hostile =
        ["1e30", "-1e30", "1e400", "-5", "NaN", "null", "\"loud\"", "[]", "{}", "true", "99999999999999999999"];
    for mut host in both() {
        choose(&mut *host);
        let state = host.save().expect("it saves");
        for value in hostile {
            for kind in ["f32", "i32", "bool"] {
                let broken = with_text(&state, |text| {
                    let label = format!("\"{kind}\":");
                    let mut parts = text.split(&label);
                    let first = parts.next().unwrap_or_default().to_owned();
                    parts.fold(first, |text, part| {
                        let end = part.find('}').unwrap_or(0);
                        format!("{text}{label}{value}{}", &part[end..])
                    })
                });
                assert_ne!(broken, state, "the state holds {kind}");
                check_harmless(&mut *host, &broken);
            }
        }
    }
}

#[test]
fn unknown_parameters_and_fields_are_no_reason_to_refuse() {
    for mut host in both() {
        choose(&mut *host);
        let before = values(&mut *host);
        let state = host.save().expect("it saves");
        let more = with_text(&state, |text| text.replacen("\"params\":{", "\"params\":{\"warp\":{\"f32\":0.5},", 1));
        assert_ne!(more, state);
        assert!(check_harmless(&mut *host, &more), "{}", host.format());
        assert_eq!(values(&mut *host), before);
    }
}

#[test]
fn states_are_saved_and_loaded_while_audio_is_processed_on_another_thread() {
    let mut host = clap();
    choose(&mut host);
    let chosen = host.save().expect("it saves");
    let goal = host.set("goal", "relationships", 0).expect("a goal");
    host.flush(&[goal]).expect("it takes the settings");
    let other = host.save().expect("it saves");
    assert_ne!(chosen, other);
    host.activate(Setup { rate_hz: 48_000.0, longest_block: 64, channels: 2 }).expect("it activates");
    let mut audio = host.detach().expect("an audio side");
    let over = Arc::new(AtomicBool::new(false));
    let is_over = over.clone();
    let thread = std::thread::spawn(move || {
        let client = sung_stereo(48_000.0, 4.0);
        let mut blocks = 0_usize;
        while !is_over.load(Ordering::SeqCst) || blocks < 1_000 {
            let from = blocks * 64 % (client[0].len() - 64);
            let block = [&client[0][from..from + 64], &client[1][from..from + 64]];
            audio.process(&block, &[], None).expect("the plugin processes");
            blocks += 1;
        }
        audio
    });
    for round in 0..300 {
        let state = if round % 2 == 0 { &chosen } else { &other };
        host.load(state).expect("it loads what it saved");
        host.idle();
        assert_eq!(&host.save().expect("it saves"), state, "round {round}");
    }
    over.store(true, Ordering::SeqCst);
    host.join(thread.join().expect("the audio thread ends well"));
    assert_eq!(host.outbox().fault, None);
}
