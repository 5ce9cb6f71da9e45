//! What the arc promises: sounds and the therapist's acts in, states out, with the real understanding and answering.

use super::intent::{Act, Intent, Reason, State};
use super::{Acts, Intend, is_among};
use crate::chance::Stream;
use crate::respond::Respond;
use crate::respond::plan::Orders;
use crate::settings::{Approach, Goal, Guidance, Settings};
use crate::understand::Understand;
use crate::understand::testing::{Ears, Sound, clock, hits, line, notes};

/// What was decided, and when, s.
struct Told {
    hops: Vec<(f64, Intent)>,
}

impl Told {
    fn states(&self) -> Vec<State> {
        let mut states: Vec<State> = self.hops.iter().map(|(_, intent)| intent.state).collect();
        states.dedup();
        states
    }

    fn at(&self, seconds: f64) -> State {
        self.hops.iter().take_while(|(at, _)| *at <= seconds).last().map_or(State::Waiting, |(_, intent)| intent.state)
    }

    fn first(&self, state: State) -> Option<f64> {
        self.hops.iter().find(|(_, intent)| intent.state == state).map(|(at, _)| *at)
    }

    fn answers(&self) -> Vec<f64> {
        self.hops.iter().filter_map(|(_, intent)| intent.answer_at).map(|at| clock().seconds(at)).collect()
    }
}

fn tell(sounds: Vec<Sound>, cues: &[(f64, Act)], seconds: f64, settings: &Settings) -> Told {
    let mut ears = Ears::new(sounds);
    let mut understand = Understand::new(clock());
    let mut intend = Intend::new(clock());
    let mut respond = Respond::new(clock());
    let mut orders = Orders::new();
    let mut hops = Vec::new();
    let mut cues = cues.iter().peekable();
    for _ in 0..clock().hops(seconds) {
        let heard = ears.hop();
        let now_s = clock().seconds(heard.now);
        let mut acts = Acts::new();
        while let Some((_, act)) = cues.next_if(|(at, _)| *at <= now_s) {
            acts.push(*act);
        }
        let meaning = understand.process(&heard, None, settings);
        let intent = intend.process(meaning, respond.answered(), &acts, settings);
        orders.clear();
        respond.process(meaning, intent, settings, &mut orders);
        hops.push((now_s, *intent));
    }
    Told { hops }
}

/// Open phrases of two seconds, five seconds apart.
fn phrases(count: usize) -> Vec<Sound> {
    (0..count).flat_map(|index| line(&[60, 64, 67, 65, 64, 62], 0.5 + 5.0 * index as f64, 0.35)).collect()
}

/// Takes turns, and all is answered, so that tests need not know which phrase is left alone.
fn talkative() -> Settings {
    Settings { goal: Goal::Relationships, space: 0.0, ..Settings::default() }
}

#[test]
fn nothing_ever_begins_by_itself() {
    for approach in [Approach::Structured, Approach::Free, Approach::Analytical] {
        let settings = Settings { approach, ..Settings::default() };
        assert_eq!(tell(Vec::new(), &[], 60.0, &settings).states(), [State::Waiting]);
    }
    let settings = Settings { approach: Approach::Free, lead: 1.0, ..Settings::default() };
    assert_eq!(tell(Vec::new(), &[], 60.0, &settings).states(), [State::Waiting]);
}

#[test]
fn a_cough_or_a_knock_is_no_start_but_two_notes_or_a_held_one_or_three_hits_are() {
    let settings = Settings::default();
    let state = |sounds| tell(sounds, &[], 2.0, &settings).at(2.0);
    assert_eq!(state(notes(&[(60, 0.5, 0.8, 70)])), State::Waiting);
    assert_eq!(state(hits(2, 0.5, 0.4)), State::Waiting);
    assert_ne!(state(line(&[60, 62], 0.5, 0.4)), State::Waiting);
    assert_ne!(state(notes(&[(60, 0.5, 1.8, 70)])), State::Waiting);
    assert_ne!(state(hits(3, 0.5, 0.4)), State::Waiting);
}

#[test]
fn a_bright_client_is_led_past_the_minor_colour_and_through_the_rest_to_the_echo() {
    let bright: Vec<Sound> =
        (0..5).flat_map(|index| line(&[60, 64, 67, 72, 71, 72], 0.5 + 3.5 * f64::from(index), 0.4)).collect();
    use State::*;
    assert_eq!(tell(bright, &[], 16.0, &Settings::default()).states()[..4], [Waiting, Tones, Rest, Echo]);
}

#[test]
fn a_detached_touch_is_a_start_as_well() {
    let staccato = (0..6).flat_map(|i| {
        let at = 0.5 + 0.4 * f64::from(i);
        notes(&[(60 + i as u8, at, at + 0.03, 70)])
    });
    assert_ne!(tell(staccato.collect(), &[], 3.0, &Settings::default()).at(3.0), State::Waiting);
}

#[test]
fn the_client_is_held_then_answered_then_left_in_silence_and_held_again() {
    let mut sounds = phrases(2);
    sounds.extend(line(&[60, 64, 67], 20.0, 0.4));
    let told = tell(sounds, &[], 21.0, &talkative());
    use State::*;
    assert_eq!(told.states(), [Waiting, Tones, Dialogue, Silent, Dialogue]);
    assert!(told.first(Tones).is_some_and(|at| at < 1.0));
}

#[test]
fn each_phrase_is_answered_once_after_its_end() {
    let told = tell(phrases(3), &[], 14.5, &talkative());
    let answers = told.answers();
    assert_eq!(answers.len(), 3, "{answers:?}");
    for (index, at) in answers.iter().enumerate() {
        let end = 0.5 + 5.0 * index as f64 + 6.0 * 0.35;
        assert!((end..end + 1.2).contains(at), "{answers:?}");
    }
}

#[test]
fn who_leaves_no_room_between_phrases_is_answered_inside_the_tone_she_holds_and_never_twice() {
    let period_s = 3.9;
    let phrase = |index: usize| {
        let start_s = 0.5 + period_s * index as f64;
        let mut sounds = line(&[60, 64, 67, 65, 64], start_s, 0.4);
        sounds[4].off_s = start_s + 3.2;
        sounds
    };
    let told = tell((0..6).flat_map(phrase).collect(), &[], 0.5 + 6.0 * period_s, &talkative());
    let answers = told.answers();
    assert!(answers.windows(2).all(|pair| pair[1] - pair[0] > 2.0), "one phrase answered twice: {answers:?}");
    let held: Vec<f64> = answers.iter().filter(|at| **at > 2.0 * period_s).map(|at| (at - 0.5) % period_s).collect();
    assert!(held.len() >= 3 && held.iter().all(|at| (2.4..3.2).contains(at)), "{answers:?}");
    // Her next phrase, not the tone that was answered, is her return.
    let given = told.hops.iter().filter(|(_, intent)| intent.give_way).map(|(at, _)| (at - 0.5) % period_s);
    assert!(given.clone().count() >= 2 && given.into_iter().all(|at| at < 0.2));
}

#[test]
fn as_many_phrases_stay_unanswered_as_the_character_says() {
    for (seed, share) in [(1, 0.3), (2, 0.5), (77, 0.1), (65_535, 0.9)] {
        let unanswered = (1..=100).filter(|&number| is_among(number, share, seed, Stream::Silence)).count();
        assert!((unanswered as f32 / 100.0 - share).abs() <= 0.03, "{seed} {share} {unanswered}");
    }
    assert!((1..=100).all(|number| !is_among(number, 0.0, 3, Stream::Silence)));
}

#[test]
fn way_is_given_once_and_soon_when_the_client_comes_back_in() {
    let mut sounds = phrases(1);
    sounds.extend(line(&[60, 62, 64, 65], 4.0, 0.4));
    let told = tell(sounds, &[], 6.0, &talkative());
    let given: Vec<f64> = told.hops.iter().filter(|(_, intent)| intent.give_way).map(|(at, _)| *at).collect();
    assert!(given.len() == 1 && (4.0..4.15).contains(&given[0]), "{given:?}");
    assert!(told.hops.iter().any(|(at, intent)| *at > 4.2 && intent.reason == Reason::ClientReturned));
}

#[test]
fn a_cadence_begins_when_it_is_asked_for_then_runs_to_completion_and_stays_silent() {
    let told = tell(phrases(2), &[(6.0, Act::Cadence)], 40.0, &talkative());
    use State::*;
    assert_eq!(told.states(), [Waiting, Tones, Dialogue, Approach, Final, Complete]);
    let begun = told.first(Approach).unwrap();
    assert!((6.0..6.01).contains(&begun), "{begun}");
    assert!(told.answers().iter().all(|&at| at < 6.0), "no answer into the cadence");
}

#[test]
fn a_cadence_begins_at_once_in_silence_and_in_the_middle_of_a_phrase() {
    let told = tell(phrases(1), &[(4.0, Act::Cadence)], 5.0, &Settings::default());
    assert!(told.first(State::Approach).is_some_and(|at| at < 4.01));
    let endless = line(&[60, 62, 64, 65].repeat(10), 0.5, 0.4);
    let told = tell(endless, &[(4.0, Act::Cadence)], 10.0, &Settings::default());
    assert!(told.first(State::Approach).is_some_and(|at| at < 4.01));
}

#[test]
fn after_a_panic_the_reason_says_what_is_waited_for() {
    let told =
        |settings: Settings| tell(phrases(3), &[(3.0, Act::Panic)], 5.0, &settings).hops.last().unwrap().1.reason;
    assert_eq!(told(Settings { guidance: Guidance::Guided, ..Settings::default() }), Reason::StoppedWhileGuided);
    assert_eq!(told(Settings { hold: true, ..Settings::default() }), Reason::StoppedWhileHeld);
}

#[test]
fn what_is_complete_wakes_for_two_notes_and_not_for_one() {
    let go = [(1.0, Act::Go(State::Complete))];
    let one = tell(notes(&[(60, 5.0, 5.35, 70)]), &go, 12.0, &Settings::default());
    assert_eq!(one.at(12.0), State::Complete);
    let two = tell(line(&[60, 64], 5.0, 0.4), &go, 6.0, &Settings::default());
    assert_eq!(two.at(6.0), State::Tones);
}

/// Four steady phrases that close on the tonic, then one that slows into it.
fn closing() -> Vec<Sound> {
    let mut sounds = Vec::new();
    for index in 0..5 {
        let (mut at, mut step) = (0.5 + 5.0 * f64::from(index), 0.35);
        for key in [60, 64, 67, 65, 64, 62, 60] {
            let length = if (key, step > 0.36) == (60, true) { 3.0 } else { 0.9 };
            sounds.extend(notes(&[(key, at, at + length * step, 70)]));
            at += step;
            step *= if index == 4 { 1.1 } else { 1.0 };
        }
    }
    sounds
}

#[test]
fn the_clients_own_close_begins_the_cadence_in_the_structured_approach_alone() {
    let with = |approach| tell(closing(), &[], 30.0, &Settings { approach, ..talkative() });
    let structured = with(Approach::Structured);
    let begun = structured.hops.iter().find(|(_, intent)| intent.state == State::Final);
    assert!(begun.is_some_and(|(at, intent)| *at > 22.0 && intent.reason == Reason::ClientCloses));
    assert_eq!(structured.first(State::Approach), None, "who is at home is not led there");
    assert_eq!(with(Approach::Free).first(State::Final), None);
    assert_eq!(with(Approach::Analytical).first(State::Final), None);
}

#[test]
fn a_client_who_goes_on_singing_had_not_closed_and_is_answered_again() {
    let mut sounds = closing();
    let begun = tell(sounds.clone(), &[], 30.0, &talkative()).first(State::Final).unwrap();
    sounds.extend(line(&[64, 65, 67, 69], begun + 0.6, 0.4));
    let told = tell(sounds, &[], begun + 3.0, &talkative());
    assert_eq!(told.at(begun + 0.3), State::Final);
    assert_eq!(told.at(begun + 1.0), State::Dialogue);
}

/// One melody twelve times over at 100 beats a minute, a breath after each; the last beats of `slow` are 12 % slower.
fn strophes(slow: usize) -> Vec<Sound> {
    let (mut sounds, mut at) = (Vec::new(), 0.5);
    for strophe in 0..12 {
        for (place, key) in [60, 64, 67, 65, 64, 62, 64, 67, 69, 67, 65, 64, 62, 60].into_iter().enumerate() {
            let beat_s = if strophe == slow && place >= 6 { 0.6 * 1.12 } else { 0.6 };
            let beats = if place == 13 { 3.0 } else { 1.0 };
            sounds.extend(notes(&[(key, at, at + (beats - 0.15) * beat_s, 70)]));
            at += beats * beat_s;
        }
    }
    sounds
}

#[test]
fn who_slowed_down_for_a_moment_and_sings_on_in_her_tempo_is_not_led_home() {
    let states = tell(strophes(7), &[], 110.0, &Settings::default()).states();
    let home = states.iter().position(|state| *state == State::Approach);
    let back = home.and_then(|home| states[home..].iter().find(|state| !state.is_close()));
    assert_eq!(back, Some(&State::Song), "{states:?}");
    assert!(!states.contains(&State::Complete), "{states:?}");
}

#[test]
fn what_goes_with_her_beat_lasts_a_whole_line_although_she_breathes_within_it() {
    let beat_s = 0.6;
    let half = |index: usize| line(&[60, 64, 67, 65, 64, 62], 0.5 + 8.0 * beat_s * index as f64, beat_s);
    let told = tell((0..16).flat_map(half).collect(), &[], 76.0, &Settings::default());
    let since = [State::Pulse, State::Swing, State::Song].map(|state| told.first(state).expect("it comes to a song"));
    let beats = [since[1] - since[0], since[2] - since[1]].map(|lasted_s| lasted_s / beat_s);
    assert!(beats.iter().all(|beats| (12.0..20.0).contains(beats)), "{beats:?}");
}

#[test]
fn guided_the_client_moves_nothing_and_each_next_moves_one_state() {
    use State::*;
    let guided = Settings { guidance: Guidance::Guided, ..talkative() };
    assert_eq!(tell(phrases(4), &[], 40.0, &guided).states(), [Waiting]);
    let nexts: Vec<(f64, Act)> = (0..13).map(|index| (2.0 + f64::from(index), Act::Next)).collect();
    let told = tell(phrases(3), &nexts, 40.0, &guided);
    assert_eq!(told.states()[1..], super::states::ARC);
    let dialogue = tell(phrases(3), &[(2.0, Act::Go(Dialogue))], 14.5, &guided);
    assert_eq!(dialogue.answers().len(), 3, "answering within the dialogue follows the client");
    let held = tell(phrases(2), &[(2.0, Act::Go(Holding))], 60.0, &guided);
    assert_eq!(held.states(), [Waiting, Holding]);
    assert!(held.answers().is_empty());
}

#[test]
fn every_act_takes_effect_in_its_hop() {
    use State::*;
    let acts = [
        (Act::Next, Approach),
        (Act::Skip, Slowing),
        (Act::Recall, Tones),
        (Act::Rest, Rest),
        (Act::Panic, Silent),
        (Act::Go(Final), Final),
        (Act::Go(Waiting), Waiting),
    ];
    for (act, state) in acts {
        let told = tell(phrases(2), &[(4.0, act)], 4.1, &talkative());
        let (_, intent) = told.hops.iter().find(|(at, _)| *at >= 4.0).unwrap();
        assert_eq!((intent.state, intent.entered), (state, true), "{act:?}");
    }
}

#[test]
fn a_rest_lasts_a_second_at_least_and_ends_with_the_clients_next_phrase() {
    let told = tell(phrases(3), &[(3.5, Act::Rest)], 12.0, &talkative());
    assert_eq!(told.at(5.0), State::Rest);
    assert_eq!(told.at(6.0), State::Dialogue);
    let soon = tell(phrases(3), &[(5.2, Act::Rest)], 12.0, &talkative());
    assert_eq!((soon.at(6.1), soon.at(6.3)), (State::Rest, State::Dialogue));
}

#[test]
fn a_panic_stops_for_a_hop_and_nothing_begins_within_a_second() {
    let told = tell(phrases(3), &[(6.5, Act::Panic), (6.7, Act::Next)], 12.0, &talkative());
    assert_eq!(told.hops.iter().filter(|(_, intent)| intent.stop).count(), 1);
    assert_eq!((told.at(7.4), told.at(7.6)), (State::Silent, State::Dialogue));
    let untouched = tell(phrases(3), &[(6.5, Act::Panic)], 12.0, &talkative());
    assert_eq!((untouched.at(10.4), untouched.at(10.8)), (State::Silent, State::Dialogue));
}

#[test]
fn while_held_the_state_stays_and_no_answer_begins() {
    let settings = Settings { hold: true, ..talkative() };
    let told = tell(phrases(3), &[(1.0, Act::Go(State::Dialogue))], 40.0, &settings);
    assert_eq!(told.states(), [State::Waiting, State::Dialogue]);
    assert!(told.answers().is_empty());
}

#[test]
fn drums_alone_are_held_and_left_in_silence_when_they_stop() {
    let told = tell(hits(12, 0.5, 0.4), &[], 20.0, &Settings::default());
    assert_eq!(told.states(), [State::Waiting, State::Tones, State::Silent]);
    assert!(told.answers().is_empty());
}

#[test]
fn entering_is_told_once_a_state() {
    for goal in [Goal::Awareness, Goal::Pain] {
        let told = tell(closing(), &[(3.0, Act::Rest)], 40.0, &Settings { goal, ..Settings::default() });
        let entered = told.hops.iter().filter(|(_, intent)| intent.entered).count();
        assert_eq!(entered + 1, told.states().len());
        assert!(told.hops.iter().all(|(at, intent)| clock().seconds(intent.since) <= *at));
    }
}

#[test]
fn a_client_who_falls_silent_is_invited_only_where_the_therapist_armed_it_and_three_times_at_most() {
    let invited = |lead: f32| {
        let settings = Settings { lead, goal: Goal::Insight, ..Settings::default() };
        let told = tell(phrases(2), &[], 70.0, &settings);
        told.hops.iter().filter(|(_, intent)| intent.invite.is_some()).map(|(at, _)| *at).collect::<Vec<_>>()
    };
    assert_eq!(invited(0.8), []);
    let at = invited(1.0);
    assert!(at.len() == 3 && at[0] > 12.0 && at[2] < 36.0, "{at:?}");
}
