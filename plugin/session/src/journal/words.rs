//! The therapist's choices and acts in the words that cues use.

use antiphon_engine::names::Named;
use antiphon_engine::settings::Settings;

/// Name and value of each setting in which `is` differs from `was`; a button is named when it is pressed.
pub fn choices(was: &Settings, is: &Settings) -> impl Iterator<Item = (&'static str, String)> {
    let (was, is) = (words(was), words(is));
    let changed = is.into_iter().zip(was).filter(|(is, was)| is.1 != was.1);
    changed.map(|(is, _)| is).filter(|(name, value)| !(is_button(name) && value == "off"))
}

/// Name and value of every setting, as they stand; no button.
pub fn first_choices(settings: &Settings) -> impl Iterator<Item = (&'static str, String)> {
    words(settings).into_iter().filter(|(name, _)| !is_button(name))
}

/// Whether a name is that of an act, which takes no value in a cue.
pub(super) fn is_button(name: &str) -> bool {
    ["next", "skip", "recall", "rest", "cadence", "panic"].contains(&name)
}

fn words(settings: &Settings) -> Vec<(&'static str, String)> {
    let switch = |on: bool| if on { "on" } else { "off" }.to_owned();
    let word = |word: &str| word.to_owned();
    let share = |value: f32| value.to_string();
    // A setting that is added and missing here does not compile.
    let Settings {
        goal,
        approach,
        guidance,
        listen,
        sensitivity,
        pulse,
        responsiveness,
        mirror,
        density,
        space,
        lead,
        tension,
        ceiling,
        register_low,
        register_high,
        colour,
        key,
        idiom,
        feeling,
        tempo,
        metre,
        form,
        turns,
        dynamics,
        channels,
        pedal,
        seed,
        hold,
        next,
        skip,
        recall,
        rest,
        cadence,
        panic,
    } = *settings;
    vec![
        ("goal", word(goal.name())),
        ("approach", word(approach.name())),
        ("guidance", word(guidance.name())),
        ("listen", word(listen.name())),
        ("sensitivity", share(sensitivity)),
        ("pulse", word(pulse.name())),
        ("responsiveness", share(responsiveness)),
        ("mirror", share(mirror)),
        ("density", share(density)),
        ("space", share(space)),
        ("lead", share(lead)),
        ("tension", share(tension)),
        ("ceiling", ceiling.to_string()),
        ("register_low", register_low.to_string()),
        ("register_high", register_high.to_string()),
        ("colour", share(colour)),
        ("key", key.to_string()),
        ("idiom", word(idiom.name())),
        ("feeling", word(feeling.name())),
        ("tempo", tempo.to_string()),
        ("metre", word(metre.name())),
        ("form", word(form.name())),
        ("turns", word(turns.name())),
        ("dynamics", word(dynamics.name())),
        ("channels", word(channels.name())),
        ("pedal", switch(pedal)),
        ("seed", seed.to_string()),
        ("hold", switch(hold)),
        ("next", switch(next)),
        ("skip", switch(skip)),
        ("recall", switch(recall)),
        ("rest", switch(rest)),
        ("cadence", switch(cadence)),
        ("panic", switch(panic)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use antiphon_engine::set::SETTING_NAMES;
    use std::collections::BTreeSet;

    #[test]
    fn the_words_of_every_setting_are_read_back_as_the_same_setting() {
        let mut chosen = Settings::default();
        let choices_made = [
            ("goal", "pain"),
            ("key", "E:phrygian"),
            ("tempo", "72"),
            ("colour", "-0.25"),
            ("density", "0.123"),
            ("sensitivity", "-7.5"),
            ("hold", "on"),
            ("pedal", "on"),
            ("metre", "3"),
            ("form", "aaba"),
        ];
        for (name, value) in choices_made {
            chosen.set(name, value).unwrap();
        }
        let mut read = Settings::default();
        for (name, value) in first_choices(&chosen) {
            read.set(name, &value).unwrap_or_else(|error| panic!("{error}"));
        }
        assert_eq!(read, chosen);
        let names: BTreeSet<_> = words(&chosen).iter().map(|(name, _)| *name).collect();
        assert_eq!(names, SETTING_NAMES.into_iter().collect());
    }

    #[test]
    fn only_what_changed_is_named_and_a_button_once() {
        let was = Settings::default();
        let pressed = Settings { density: 0.75, rest: true, ..was };
        let told = |was: &Settings, is: &Settings| choices(was, is).collect::<Vec<_>>();
        assert_eq!(told(&was, &pressed), [("density", "0.75".to_owned()), ("rest", "on".to_owned())]);
        assert_eq!(told(&pressed, &Settings { rest: false, ..pressed }), []);
    }
}
