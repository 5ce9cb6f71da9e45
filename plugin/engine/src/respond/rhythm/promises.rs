//! What the rhythm promises, held against made-up meanings hop by hop.

use super::super::Moment;
use super::super::plan::{Order, Orders, PlannedNote, Voice};
use super::super::promises::D_MINOR;
use super::*;
use crate::chord::Family;
use crate::intend::body;
use crate::intend::intent::{Intent, State};
use crate::respond::follow::Follow;
use crate::settings::{Idiom, Settings};
use crate::time::Clock;
use crate::understand::meaning::{BeatGrid, Meaning};

pub(super) const RATE: u64 = 48_000;
pub(super) const HOP: u64 = 64;
/// A beat at 100 beats a minute, samples; it falls between two hops.
pub(super) const BEAT: u64 = 28_800;
/// A hand may be so late: the lag behind her, and a hop.
const LATE: u64 = RATE / 70;

pub(super) const D: Chord = Chord { root: 2, family: Family::Minor };
const C: Chord = Chord { root: 0, family: Family::Major };

/// What she sings at `now`, in `per_bar` beats a bar from sample 0: `key` since the last beat.
pub(super) fn meaning(now: u64, chord: Chord, key: u8, per_bar: u8) -> Meaning {
    let mut meaning = Meaning { now, sounding: true, ..Meaning::default() };
    meaning.tonality.key = Some(D_MINOR);
    meaning.tonality.anchor = Some(2);
    meaning.chords.now[chord.index()] = 0.6;
    meaning.chords.chord = Some(chord);
    meaning.chords.next = Some(chord);
    let beat = (now - 1) / BEAT;
    meaning.pulse.clarity = 1.0;
    meaning.pulse.grid = Some(BeatGrid {
        tempo_bpm: 100.0,
        last_beat: beat * BEAT,
        next_beat: (beat + 1) * BEAT,
        number: (beat % u64::from(per_bar)) as u8 + 1,
        per_bar,
        swing: 1.0,
        from_host: false,
    });
    meaning.pulse.beat = now - beat * BEAT <= HOP;
    meaning.phrase.open = true;
    meaning.phrase.number = 1;
    meaning.sounding_key = Some(key);
    meaning.sounding_since = Some(beat * BEAT);
    meaning.energy.velocity = 80.0;
    meaning.energy.centre_key = 67.0;
    meaning
}

/// The notes played over `beats` beats in `state`, while `each` makes the meaning of every hop.
pub(super) fn play_along(
    state: State,
    beats: u64,
    settings: &Settings,
    mut each: impl FnMut(u64) -> Meaning,
) -> Vec<PlannedNote> {
    let (mut rhythm, mut played) = (Rhythm::default(), Vec::new());
    let mut intent = Intent { state, body: body(state), ..Intent::default() };
    intent.character.density_ratio = 0.7;
    intent.character.velocity_offset = -10.0;
    intent.character.chords = true;
    for now in (HOP..beats * BEAT).step_by(HOP as usize) {
        let mut orders = Orders::new();
        let moment = Moment {
            clock: Clock::new(RATE as f64),
            meaning: &each(now),
            intent: &intent,
            settings,
            voiced: None,
            follow: &Follow::default(),
        };
        rhythm.process(&moment, true, &mut orders);
        for order in orders {
            match order {
                Order::Play(note) => played.push(note),
                Order::Rest { voice, part } => {
                    let sounds = |note: &&mut PlannedNote| (note.voice, note.part) == (voice, part) && note.off > now;
                    played.iter_mut().filter(sounds).for_each(|note| note.off = now);
                }
                _ => {}
            }
        }
    }
    played
}

pub(super) fn attacks(notes: &[PlannedNote]) -> Vec<u64> {
    let mut ons: Vec<u64> = notes.iter().map(|note| note.on).collect();
    ons.dedup();
    ons
}

fn mean_velocity(notes: &[PlannedNote], beats: std::ops::Range<u64>) -> f32 {
    let of: Vec<f32> =
        notes.iter().filter(|note| beats.contains(&(note.on / BEAT))).map(|note| note.velocity).collect();
    of.iter().sum::<f32>() / of.len() as f32
}

#[test]
fn the_pulse_falls_on_every_beat_with_bass_on_the_strong_ones_and_comes_in_softly() {
    for per_bar in [3, 4] {
        let notes = play_along(State::Pulse, 24, &Settings::default(), |now| meaning(now, D, 69, per_bar));
        let attacks = attacks(&notes);
        assert!(attacks.iter().all(|on| on % BEAT <= LATE), "{attacks:?}");
        assert!(attacks.windows(2).all(|pair| (pair[1] - pair[0]).abs_diff(BEAT) <= LATE), "{attacks:?}");
        let downbeats = attacks.iter().filter(|on| (*on / BEAT).is_multiple_of(per_bar.into())).count();
        let bass: Vec<u64> = notes.iter().filter(|note| note.voice == Voice::Bass).map(|note| note.on / BEAT).collect();
        assert!(bass.len() >= downbeats && bass.len() <= attacks.len() / 2 + 1, "{bass:?}");
        let (first, fifth, last) =
            (mean_velocity(&notes, 0..1), mean_velocity(&notes, 4..5), mean_velocity(&notes, 20..24));
        assert!(last - first >= 10.0 && fifth - first <= 0.8 * (last - first), "{first} {fifth} {last}");
    }
}

#[test]
fn the_swing_sets_in_gently_and_its_half_beats_are_late_and_light() {
    let notes = play_along(State::Swing, 24, &Settings::default(), |now| meaning(now, D, 69, 4));
    let halves: Vec<&PlannedNote> = notes.iter().filter(|note| note.on % BEAT > LATE).collect();
    let ratio = |note: &PlannedNote| (note.on % BEAT) as f32 / (BEAT - note.on % BEAT) as f32;
    let late: Vec<f32> = halves.iter().filter(|note| note.on > 12 * BEAT).map(|note| ratio(note)).collect();
    assert!(late.len() >= 6 && late.iter().all(|ratio| (1.3..=2.2).contains(ratio)), "{late:?}");
    assert!(halves.iter().filter(|note| note.on < 4 * BEAT).all(|note| ratio(note) < 1.6));
    // Once it has set in it leads to one beat more of each bar.
    let bars = |from: u64| {
        (from..from + 2).map(|bar| {
            let within = halves.iter().filter(|note| note.on / BEAT / 4 == bar);
            within.map(|note| note.on / BEAT).collect::<std::collections::BTreeSet<u64>>().len()
        })
    };
    assert!(bars(0).all(|beats| beats == 2) && bars(3).all(|beats| beats == 3));
    let light = halves.iter().map(|note| note.velocity).fold(0.0, f32::max);
    let beats = notes.iter().filter(|note| note.on % BEAT <= LATE && note.on > 12 * BEAT);
    assert!(beats.map(|note| note.velocity).fold(f32::MAX, f32::min) > light);
}

#[test]
fn the_half_beat_lies_as_far_between_the_beats_where_she_bends_them() {
    // Four of her beats are a fifth of a beat late, four are not; it is known a quarter of a beat after the one before.
    let falls = |beat: u64| beat * BEAT + if beat % 8 >= 4 { BEAT / 5 } else { 0 };
    let notes = play_along(State::Swing, 32, &Settings::default(), |now| {
        let mut meaning = meaning(now, D, 69, 4);
        let beat = (0..).take_while(|beat| falls(*beat) < now).last().unwrap_or(0);
        if let Some(grid) = meaning.pulse.grid.as_mut() {
            let known = now > falls(beat) + BEAT / 4;
            let next = if known { falls(beat + 1) } else { falls(beat) + BEAT };
            (grid.last_beat, grid.next_beat) = (falls(beat), next);
            grid.number = (beat % 4) as u8 + 1;
        }
        meaning.pulse.beat = now - falls(beat) <= HOP;
        meaning
    });
    let attacks = attacks(&notes);
    let beats: Vec<u64> = (12..30).map(falls).collect();
    let struck = |beat: u64| attacks.iter().copied().find(|on| on.abs_diff(beat) <= 2 * LATE);
    let (mut places, mut lengths) = (Vec::new(), Vec::new());
    for pair in beats.windows(2) {
        let (Some(from), Some(to)) = (struck(pair[0]), struck(pair[1])) else { continue };
        if let Some(half) = attacks.iter().find(|on| (from + BEAT / 4..to - BEAT / 8).contains(on)) {
            places.push((half - from) as f64 / (to - from) as f64);
            lengths.push((to - from) as f64 / BEAT as f64);
        }
    }
    let spread = |all: &[f64]| {
        all.iter().fold(0.0_f64, |most, one| most.max(one - all[0]))
            - all.iter().fold(0.0_f64, |least, one| least.min(one - all[0]))
    };
    assert!(spread(&lengths) > 0.3 && spread(&places) < 0.02, "{lengths:?} {places:?}");
}

#[test]
fn a_song_keeps_the_chords_that_fitted_the_first_time_and_its_fourth_bar_is_open() {
    // Two bars of D minor, one of C, and one on A.
    let keys = [62, 65, 69, 67, 65, 64, 62, 62, 64, 64, 67, 67, 69, 69, 69, 69];
    let chords = [D, D, C, D];
    let (mut rhythm, mut bars) = (Rhythm::default(), Vec::new());
    let mut intent = Intent { body: body(State::Song), ..Intent::default() };
    (intent.character.density_ratio, intent.character.chords) = (0.7, true);
    let settings = Settings::default();
    for now in (HOP..48 * BEAT).step_by(HOP as usize) {
        let beat = ((now - 1) / BEAT) as usize;
        let meaning = meaning(now, chords[beat % 16 / 4], keys[beat % 16], 4);
        let moment = Moment {
            clock: Clock::new(RATE as f64),
            meaning: &meaning,
            intent: &intent,
            settings: &settings,
            voiced: None,
            follow: &Follow::default(),
        };
        rhythm.process(&moment, true, &mut Orders::new());
        if (now - 1) % BEAT >= BEAT / 2 && (now - 1) % BEAT < BEAT / 2 + HOP {
            bars.push(rhythm.chord());
        }
    }
    let alike = bars[16..].iter().zip(&bars[..32]).filter(|(a, b)| a.is_some() && a == b).count();
    assert!(alike >= 28, "{alike} {bars:?}");
    assert_eq!((bars[1], bars[9]), (Some(D), Some(C)), "{bars:?}");
    assert!(bars[13].is_some_and(|chord| chord != D && chord.contains(9)), "{bars:?}");
    let changes = bars.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!((8..=18).contains(&changes), "{changes}");
}

#[test]
fn a_build_grows_in_velocity_attacks_and_voices_and_stays_under_her() {
    let notes = play_along(State::Build, 16, &Settings::default(), |now| meaning(now, D, 69, 4));
    let quarter = |index: u64| 4 * index..4 * index + 4;
    let of = |index: u64| -> Vec<PlannedNote> {
        notes.iter().filter(|note| quarter(index).contains(&(note.on / BEAT))).copied().collect()
    };
    for index in 1..4 {
        assert!(mean_velocity(&notes, quarter(index)) > mean_velocity(&notes, quarter(index - 1)) + 2.0);
        assert!(attacks(&of(index)).len() >= attacks(&of(index - 1)).len());
    }
    let span = |index: u64| {
        let keys: Vec<u8> = of(index).iter().map(|note| note.key).collect();
        keys.iter().max().unwrap() - keys.iter().min().unwrap()
    };
    assert!(mean_velocity(&notes, quarter(3)) - mean_velocity(&notes, quarter(0)) >= 12.0);
    assert!(attacks(&of(3)).len() * 10 >= attacks(&of(0)).len() * 13 && span(3) >= span(0) + 5);
    assert!(notes.iter().all(|note| note.velocity <= 80.0 + 6.0));
}

#[test]
fn when_she_stops_one_soft_chord_is_held_and_then_nothing() {
    for state in [State::Pulse, State::Swing, State::Song, State::Build, State::Solidify] {
        let stop = 20 * BEAT;
        let notes = play_along(state, 50, &Settings::default(), |now| {
            let mut meaning = meaning(now, D, 69, 4);
            if now > stop {
                (meaning.sounding, meaning.sounding_key, meaning.sounding_since) = (false, None, None);
                (meaning.phrase.open, meaning.silence_s) = (false, (now - stop) as f32 / RATE as f32);
            }
            meaning
        });
        let with_her = notes.iter().filter(|note| (8 * BEAT..stop).contains(&note.on));
        let loudest = with_her.map(|note| note.velocity).fold(0.0, f32::max);
        let alone: Vec<&PlannedNote> = notes.iter().filter(|note| note.on >= stop + 5 * RATE / 2).collect();
        assert!(!alone.is_empty() && alone.iter().all(|note| note.velocity + 10.0 <= loudest), "{state:?}");
        assert!(alone.iter().all(|note| note.on < stop + 7 * RATE), "{state:?} plays on alone");
    }
}

#[test]
fn with_drums_alone_the_rhythm_plays_open_fifths_and_on_hold_its_chord_stays() {
    let drums = play_along(State::Pulse, 16, &Settings::default(), |now| {
        let mut meaning = meaning(now, D, 69, 4);
        (meaning.tonality, meaning.chords) = Default::default();
        (meaning.sounding_key, meaning.sounding_since) = (None, None);
        meaning
    });
    assert!(drums.len() > 16 && drums.iter().all(|note| [2, 9].contains(&(note.key % 12))), "{drums:?}");
    let hold = Settings { hold: true, ..Settings::default() };
    let held = play_along(State::Pulse, 16, &hold, |now| {
        if now < 4 * BEAT { meaning(now, D, 69, 4) } else { meaning(now, C, 64, 4) }
    });
    assert!(held.iter().all(|note| D.contains(note.key % 12)));
}

#[test]
fn without_a_beat_the_rhythm_does_not_play() {
    let notes = play_along(State::Pulse, 16, &Settings::default(), |now| {
        let mut meaning = meaning(now, D, 69, 4);
        meaning.pulse = Default::default();
        meaning
    });
    assert!(notes.is_empty());
}

#[test]
fn a_chord_that_is_not_known_yet_comes_with_her_tone_and_never_over_the_bass_of_another() {
    // She is heard 100 ms late, and her second bar is another chord's.
    let known = RATE / 10;
    let notes = play_along(State::Song, 8, &Settings::default(), |now| {
        let beat = (now - 1) / BEAT;
        let (chord, key) = if beat < 4 { (D, 69) } else { (C, 67) };
        let mut meaning = meaning(now, chord, key, 4);
        if now - beat * BEAT < known {
            (meaning.chords.now, meaning.chords.chord) = ([0.0; _], Some(D));
            (meaning.chords.now[D.index()], meaning.chords.now[C.index()]) = (0.1, 0.1);
            (meaning.sounding_key, meaning.sounding_since) = (Some(69), Some((beat * BEAT).saturating_sub(BEAT)));
        }
        meaning
    });
    let second: Vec<&PlannedNote> = notes.iter().filter(|note| (4 * BEAT..5 * BEAT).contains(&note.on)).collect();
    let bass = second.iter().find(|note| note.voice == Voice::Bass).unwrap();
    assert!(C.contains(bass.key % 12) && bass.on - 4 * BEAT <= RATE * 13 / 100, "{second:?}");
    assert!(second.iter().any(|note| note.on - 4 * BEAT <= LATE), "the beat is there: {second:?}");
    assert!(second.iter().filter(|note| note.on >= bass.on).all(|note| C.contains(note.key % 12)), "{second:?}");
}

#[test]
fn the_hand_lifts_from_a_chord_that_she_sings_against_and_keeps_it_on_hold() {
    let lengths = |settings: &Settings| -> [Vec<u64>; 2] {
        let key = |now| if now <= 8 * BEAT { 69 } else { 67 };
        let notes = play_along(State::Pulse, 16, settings, |now| meaning(now, D, key(now), 4));
        let (with_her, against): (Vec<PlannedNote>, Vec<_>) = notes.into_iter().partition(|note| note.on <= 8 * BEAT);
        [with_her, against].map(|notes| notes.iter().map(|note| note.off - note.on).collect())
    };
    let [with_her, against] = lengths(&Settings::default());
    assert!(with_her.iter().all(|length| *length > RATE / 4), "{with_her:?}");
    let short = RATE * 14 / 100..RATE * 20 / 100;
    assert!(against.len() > 16 && against.iter().all(|length| short.contains(length)), "{against:?}");
    let [_, held] = lengths(&Settings { hold: true, ..Settings::default() });
    assert!(held.iter().all(|length| *length > RATE / 4), "{held:?}");
}

#[test]
fn a_swing_turns_to_the_chord_of_her_tone_at_the_half_beat() {
    let notes = play_along(State::Swing, 16, &Settings::default(), |now| {
        let known = now > 9 * BEAT + RATE / 10;
        meaning(now, if known { C } else { D }, if now <= 9 * BEAT { 69 } else { 67 }, 4)
    });
    let of = |beats: std::ops::Range<u64>| {
        notes.iter().filter(move |note| (beats.start * BEAT / 4..beats.end * BEAT / 4).contains(&note.on))
    };
    assert!(of(36..37).count() > 0 && of(36..37).all(|note| D.contains(note.key % 12)), "the beat is guessed");
    assert!(of(37..40).count() > 0 && of(37..40).all(|note| C.contains(note.key % 12)), "the half beat is hers");
}

#[test]
fn her_tone_that_colours_the_chord_of_a_song_is_struck_with_the_whole_chord() {
    const G: u8 = 7;
    let notes = play_along(State::Song, 8, &Settings::default(), |now| meaning(now, D, 60 + G, 4));
    let with_her: Vec<&PlannedNote> = notes.iter().filter(|note| note.key % 12 == G).collect();
    assert!(with_her.len() >= 2, "{notes:?}");
    for hers in with_her {
        let sounds = |class: u8| notes.iter().any(|n| n.on <= hers.on && hers.on < n.off && n.key % 12 == class);
        assert!(D.classes().all(sounds), "at {}", hers.on);
    }
}

#[test]
fn a_tone_that_colours_the_chord_comes_to_it_softly_once_it_is_known_and_goes_with_it() {
    const G: u8 = 7;
    let known = |now: u64| (now - 1) % BEAT > RATE / 10;
    let notes = play_along(State::Song, 5, &Settings::default(), |now| {
        let mut meaning = meaning(now, D, 60 + if now < 4 * BEAT { 9 } else { G }, 4);
        meaning.sounding_key = meaning.sounding_key.filter(|_| known(now));
        meaning
    });
    let of_beat = notes.iter().filter(|note| note.on > 4 * BEAT);
    let (hers, chord): (Vec<&PlannedNote>, Vec<&PlannedNote>) = of_beat.partition(|note| note.key % 12 == G);
    assert!(hers.len() == 1 && chord.len() > 2 && chord.iter().all(|note| D.contains(note.key % 12)), "{notes:?}");
    let hers = hers[0];
    assert!((RATE / 10..RATE / 5).contains(&(hers.on - 4 * BEAT)), "{hers:?}");
    let (softest, last) = (chord.iter().map(|note| note.velocity), chord.iter().map(|note| note.off));
    assert!(softest.fold(127.0, f32::min) >= hers.velocity && last.min().is_some_and(|off| off >= hers.off));
}

#[test]
fn between_its_chords_there_is_air() {
    for state in [State::Pulse, State::Swing, State::Song, State::Build, State::Solidify] {
        let notes = play_along(state, 24, &Settings::default(), |now| meaning(now, D, 69, 4));
        let instants = (8 * BEAT..24 * BEAT).step_by(480);
        let silent = instants.clone().filter(|at| !notes.iter().any(|note| (note.on..note.off).contains(at))).count();
        let share = silent as f32 / instants.count() as f32;
        assert!((0.2..0.6).contains(&share), "{state:?} {share}");
    }
}

#[test]
fn a_style_has_its_own_bass_and_rhythm_in_a_song() {
    let strikes = |idiom, per_bar: u8| -> Vec<(u64, Voice, u8)> {
        let settings = Settings { idiom, ..Settings::default() };
        let notes = play_along(State::Song, 24, &settings, |now| meaning(now, D, 69, per_bar));
        let later = notes.iter().filter(|note| note.on > 12 * BEAT && note.on % BEAT <= LATE);
        later.map(|note| (note.on / BEAT % u64::from(per_bar), note.voice, note.key % 12)).collect()
    };
    let waltz = strikes(Idiom::Waltz, 3);
    assert!(waltz.iter().all(|(beat, voice, _)| *voice == Voice::Harmony || *beat == 0), "{waltz:?}");
    assert!((1..3).all(|after| waltz.iter().any(|(beat, _, _)| *beat == after)), "{waltz:?}");
    let march = strikes(Idiom::March, 4);
    assert!(
        march.contains(&(0, Voice::Bass, 2))
            && march.iter().any(|(beat, voice, _)| *voice == Voice::Bass && *beat == 2),
        "{march:?}"
    );
    assert!(march.iter().any(|(beat, voice, _)| *voice == Voice::Harmony && beat % 2 == 1), "{march:?}");
}

#[test]
fn the_count_keeps_its_bar_though_the_grid_numbers_one_bar_otherwise() {
    let bass = |otherwise: std::ops::Range<u64>| -> Vec<u64> {
        let notes = play_along(State::Pulse, 32, &Settings::default(), |now| {
            let mut meaning = meaning(now, D, 69, 4);
            let beat = (now - 1) / BEAT;
            if let Some(grid) = meaning.pulse.grid.as_mut().filter(|_| otherwise.contains(&beat)) {
                grid.number = (beat + 3) as u8 % 4 + 1;
            }
            meaning
        });
        let bass = notes.iter().filter(|note| note.voice == Voice::Bass && note.on > 28 * BEAT);
        bass.map(|note| note.on / BEAT % 4).collect()
    };
    assert!(bass(12..16).iter().all(|beat| beat % 2 == 0), "one bar is a doubt");
    assert!(bass(12..32).iter().all(|beat| beat % 2 == 1), "five bars are another metre");
}
