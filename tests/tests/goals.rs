//! What the therapist chose is heard in what is played: goals, approaches and feelings are told apart by the notes alone,
//! and no approach breaks its own rules.
//!
//! A client at a keyboard plays songs in lines; half of the songs teach a nearest-centroid classifier over the figures of
//! the session's analysis, the other half are asked.

use antiphon_engine::names::Named as _;
use antiphon_engine::respond::plan::Behaviour;
use antiphon_engine::settings::{Approach, Feeling, Goal, Settings};
use antiphon_session::analysis::Note;
use antiphon_tests::parallel::in_order;
use antiphon_tests::portraits::{BREATH_S, Named, Played, behaviours, client, portrait_of, tell_apart};
use antiphon_tests::tunes::Tune;

/// Songs for goals and approaches, and for feelings, each of which is heard but once in a song; how fast, quarters a minute,
/// and how much of each, s.
const SONGS: usize = 4;
const SONGS_FELT: usize = 8;
const BPM: f64 = 96.0;
const LENGTH_S: f64 = 45.0;

/// Least shares told rightly, with these few songs.
const GOALS: f64 = 0.84;
const APPROACHES: f64 = 0.80;
const FEELINGS: f64 = 0.80;

fn player(song: usize) -> Vec<Played> {
    client(&Tune::all()[song], BPM, BREATH_S, LENGTH_S, song as u64 + 1)
}

/// How many kinds of something there are, and which one some settings have.
type Kinds = (usize, fn(&Settings) -> usize);

/// Shares of `settings` that are told rightly, for each way to divide them into kinds.
fn told(songs: usize, settings: &[Settings], kinds: &[Kinds]) -> Vec<f64> {
    let mut portraits = Vec::new();
    let play = |index: usize| {
        let (song, settings) = (index / settings.len(), &settings[index % settings.len()]);
        (song, *settings, portrait_of(&player(song), settings))
    };
    in_order(songs * settings.len(), play, |_, portrait| portraits.push(portrait));
    let share = |(count, kind): &Kinds| {
        let half = |odd: usize| -> Vec<Named> {
            let of_half = portraits.iter().filter(|(song, ..)| song % 2 == odd);
            of_half.map(|(_, settings, figures)| Named { kind: kind(settings), figures: *figures }).collect()
        };
        let (even, odd) = (half(0), half(1));
        (tell_apart(*count, &even, &odd).right() + tell_apart(*count, &odd, &even).right()) / 2.0
    };
    kinds.iter().map(share).collect()
}

#[test]
fn goals_and_approaches_are_told_apart_by_what_is_played() {
    let settings: Vec<Settings> = Goal::ALL
        .iter()
        .flat_map(|&goal| Approach::ALL.iter().map(move |&approach| Settings { goal, approach, ..Settings::default() }))
        .collect();
    let shares = told(
        SONGS,
        &settings,
        &[
            (Goal::ALL.len(), |settings| settings.goal.index()),
            (Approach::ALL.len(), |settings| settings.approach.index()),
        ],
    );
    assert!(shares[0] >= GOALS && shares[1] >= APPROACHES, "{shares:?}");
}

#[test]
fn feelings_are_told_apart_by_what_is_played() {
    let settings: Vec<Settings> =
        Feeling::ALL.iter().map(|&feeling| Settings { feeling, ..Settings::default() }).collect();
    let shares = told(SONGS_FELT, &settings, &[(Feeling::ALL.len(), |settings| settings.feeling.index())]);
    assert!(shares[0] >= FEELINGS, "{shares:?}");
}

/// What is played to a client under every goal of `approach` with three seeds, and `change` made to the settings.
fn with_every_goal(
    approach: Approach,
    client: &[Played],
    change: fn(&mut Settings),
    check: impl Fn(&Settings, &[(Behaviour, Note)]) + Sync,
) {
    let seeds = 3;
    let play = |index: usize| {
        let (goal, seed) = (Goal::ALL[index / seeds], (index % seeds) as u32 + 1);
        let mut settings = Settings { goal, approach, seed, ..Settings::default() };
        change(&mut settings);
        check(&settings, &behaviours(client, &settings));
    };
    in_order(Goal::ALL.len() * seeds, play, |_, ()| ());
}

#[test]
fn after_alvin_the_client_always_sounds_first() {
    let client = player(0);
    let first_s = client[0].on_s;
    let eager = |settings: &mut Settings| settings.lead = 1.0;
    with_every_goal(Approach::Free, &client, eager, |settings, ours| {
        let ours_s = ours.first().map_or(f64::INFINITY, |(_, note)| note.on_s);
        assert!(ours_s > first_s, "{:?}: at {ours_s} s", settings.goal);
    });
}

/// Her pulse must be clear for so long before the music has a beat, s.
const CLEAR_S: f64 = 8.0;

/// Whether a note is one of music with a beat.
fn has_a_beat(behaviour: Behaviour) -> bool {
    matches!(behaviour, Behaviour::Pulse | Behaviour::Swing | Behaviour::Song | Behaviour::Build | Behaviour::Grounding)
}

#[test]
fn after_alvin_there_is_no_metre_before_hers_and_after_priestley_none_at_all() {
    let client = player(0);
    let first_s = client[0].on_s;
    with_every_goal(
        Approach::Free,
        &client,
        |_| (),
        |settings, ours| {
            let early = ours.iter().find(|(behaviour, note)| has_a_beat(*behaviour) && note.on_s < first_s + CLEAR_S);
            assert!(early.is_none(), "{:?}: {early:?}", settings.goal);
        },
    );
    with_every_goal(
        Approach::Analytical,
        &client,
        |_| (),
        |settings, ours| {
            let beat = ours.iter().find(|(behaviour, _)| has_a_beat(*behaviour));
            assert!(beat.is_none(), "{:?}: {beat:?}", settings.goal);
        },
    );
}

#[test]
fn neither_after_alvin_nor_after_priestley_does_the_music_close_of_itself() {
    let client = player(2);
    for approach in [Approach::Free, Approach::Analytical] {
        with_every_goal(
            approach,
            &client,
            |_| (),
            |settings, ours| {
                let close = ours.iter().find(|(behaviour, _)| *behaviour == Behaviour::Cadence);
                assert!(close.is_none(), "{approach:?} {:?}: {close:?}", settings.goal);
            },
        );
    }
}

#[test]
fn after_priestley_nothing_ends_while_the_client_goes_on() {
    let client = player(1);
    let last_s = client.last().map_or(0.0, |note| note.off_s);
    with_every_goal(
        Approach::Analytical,
        &client,
        |_| (),
        |settings, ours| {
            let still = ours.iter().any(|(_, note)| note.off_s >= last_s - LISTENS_S);
            assert!(still, "{:?} had ended before {last_s} s", settings.goal);
        },
    );
}

/// The music may listen for two lines of hers, s: silence is not an end.
const LISTENS_S: f64 = 15.0;
