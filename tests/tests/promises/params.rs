//! Parameters: stable names and ids, texts that are read back, buttons that act once.

use crate::client::{TUNE_S, sung_stereo};
use crate::play::{Cut, alone, both, clap, vst3};
use antiphon_engine::names::Named;
use antiphon_engine::settings::{Approach, Goal};
use antiphon_tests::host::{Host, Input, Param, Setup};

/// The words that command line, cues and hosts share.
const NAMES: [&str; 38] = [
    "goal",
    "approach",
    "guidance",
    "listen",
    "pulse",
    "sensitivity",
    "responsiveness",
    "mirror",
    "density",
    "space",
    "lead",
    "tension",
    "ceiling",
    "register_low",
    "register_high",
    "colour",
    "key",
    "idiom",
    "feeling",
    "tempo",
    "metre",
    "form",
    "turns",
    "dynamics",
    "channels",
    "pedal",
    "seed",
    "hold",
    "next",
    "skip",
    "recall",
    "rest",
    "cadence",
    "panic",
    "sound",
    "sound_level",
    "instrument",
    "bypass",
];

fn visible(host: &dyn Host) -> Vec<Param> {
    host.params().iter().filter(|p| !p.hidden).cloned().collect()
}

#[test]
fn both_formats_show_the_same_parameters_under_the_same_ids() {
    assert_eq!(visible(&clap()), visible(&vst3()));
}

#[test]
fn the_display_names_are_the_words_of_the_command_line() {
    let shown: Vec<_> = visible(&clap()).into_iter().map(|p| p.name.to_lowercase().replace(' ', "_")).collect();
    for name in NAMES {
        assert!(shown.iter().any(|shown| shown == name), "{name} is missing in {shown:?}");
    }
    assert_eq!(shown.len(), NAMES.len(), "{shown:?}");
}

#[test]
fn the_bypass_is_the_hosts_own_and_everything_can_be_automated() {
    for host in both() {
        for param in visible(&*host) {
            assert_eq!(param.bypass, param.name == "Bypass", "{}", param.name);
            assert!(param.automatable, "{}", param.name);
        }
    }
}

#[test]
fn every_text_is_read_back_as_the_value_it_was_written_for() {
    for mut host in both() {
        for param in visible(&*host) {
            let steps = if param.steps == 0 { 100 } else { param.steps.min(500) };
            for step in 0..=steps {
                let value = f64::from(step) / f64::from(steps);
                let text = host.text(param.id, value).expect("a text");
                let back = host.parse(param.id, &text).expect("a text").unwrap_or(f64::NAN);
                assert_eq!(host.text(param.id, back).expect("a text"), text, "{} {}", host.format(), param.name);
                assert!((back - value).abs() < 0.006, "{} {}: {text} is read as {back}", host.format(), param.name);
            }
        }
    }
}

#[test]
fn nonsense_is_no_value() {
    for mut host in both() {
        for param in visible(&*host) {
            for text in ["", "nonsense", "nan", "\u{1F3B5}", "1e999x"] {
                let read = host.parse(param.id, text).expect("a text");
                assert_eq!(read, None, "{} {}: {text:?}", host.format(), param.name);
            }
        }
    }
}

#[test]
fn goals_and_approaches_are_read_by_the_word_and_by_what_the_panel_says() {
    for mut host in both() {
        for (name, words) in [
            ("goal", Goal::ALL.iter().map(|goal| (goal.name(), goal.label())).collect::<Vec<_>>()),
            ("approach", Approach::ALL.iter().map(|approach| (approach.name(), approach.label())).collect()),
        ] {
            let id = host.param(name).expect("a parameter").id;
            for (word, label) in words {
                let value = host.parse(id, word).expect("a text").unwrap_or_else(|| panic!("{word} is refused"));
                assert_eq!(host.parse(id, label).expect("a text"), Some(value));
                assert_eq!(host.text(id, value).expect("a text"), label);
            }
        }
    }
}

#[test]
fn a_change_is_taken_the_same_while_resting_and_while_processing() {
    for mut host in both() {
        let all = visible(&*host);
        let ends = |value| all.iter().map(|p| Input::Param { at: 0, id: p.id, value }).collect::<Vec<_>>();
        let check = |host: &mut dyn Host, expected: f64, how: &str| {
            for param in &all {
                let value = host.value(param.id).expect("a value");
                assert_eq!(value, expected, "{} {}, {how}", host.format(), param.name);
            }
        };
        host.flush(&ends(1.0)).expect("it takes changes");
        check(&mut *host, 1.0, "resting");
        host.activate(Setup::default()).expect("it activates");
        host.process(&[&[0.0; 64], &[0.0; 64]], &ends(0.0), None).expect("the plugin processes");
        check(&mut *host, 0.0, "processing");
        host.flush(&ends(1.0)).expect("it takes changes");
        if host.format() == "CLAP" {
            check(&mut *host, 1.0, "active, without a block");
        }
        host.process(&[&[0.0; 64], &[0.0; 64]], &[], None).expect("the plugin processes");
        host.idle();
    }
}

#[test]
fn a_button_acts_when_it_goes_on_and_not_while_it_stays_on() {
    let audio = sung_stereo(48_000.0, TUNE_S);
    let play = |cues: &[(u64, &str, &str)]| alone(Box::new(clap()), 48_000.0, &audio, Cut::Even(512), cues, &[]);
    let untouched = play(&[]);
    assert!(untouched.iter().filter(|e| e.on).count() >= 4, "there was music");
    let pressed = 48_000 * 8;
    let once = play(&[(pressed, "rest", "on"), (pressed + 4_800, "rest", "off")]);
    let stays = play(&[(pressed, "rest", "on")]);
    let again = play(&[(pressed, "rest", "on"), (pressed + 9_600, "rest", "on")]);
    assert_ne!(once, untouched, "it acts");
    assert_eq!(stays, once, "lifting it is no act");
    assert_eq!(again, once, "pressing what is down is no act");
}

#[test]
fn nothing_is_echoed_back_as_if_the_user_had_moved_it() {
    for mut host in both() {
        host.activate(Setup::default()).expect("it activates");
        for step in 0..200 {
            let density = host.set("density", &format!("{:.2}", f64::from(step) / 200.0), 3).expect("a density");
            host.process(&[&[0.0; 64], &[0.0; 64]], &[density], None).expect("the plugin processes");
            host.idle();
        }
        assert!(host.outbox().changed.is_empty(), "{}: automation came back as an edit", host.format());
    }
}
