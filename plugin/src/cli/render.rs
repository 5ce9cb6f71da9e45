//! `antiphon render`: a recording in, everything that happened out.

use super::say::{note, say};
use super::{choices, progress};
use antiphon_engine::settings::{REGISTER_SPAN_MIN, Settings};
use antiphon_session::cues::{self, choose};
use antiphon_session::render::{BLOCK, Bleed, FILES, Plan, render};
use antiphon_session::source::Source;
use antiphon_sound::Choice;
use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Longest tail and bleed delay, s: beyond an hour it is a slip of the pen.
const LONGEST_S: f64 = 3_600.0;

/// Longest echo, s: a cathedral's.
const LONGEST_ECHO_S: f64 = 10.0;

/// Play a recording to Antiphon and write down what happened
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(super) struct Arguments {
    /// A recording (wav, flac, aiff, ogg; mono or stereo; any rate), or a Standard MIDI File, whose notes are the client's
    input: PathBuf,
    /// The folder to write into; it is made if need be
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Same as --set goal=G: awareness, insight, attention, pain, wellbeing, expression, relationships
    #[arg(long, value_name = "G")]
    goal: Option<String>,
    /// Same as --set approach=A: structured (Nordoff-Robbins), free (Alvin), analytical (Priestley)
    #[arg(long, value_name = "A")]
    approach: Option<String>,
    /// A setting, like density=0.4; may be given often. The settings are listed below
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// What the therapist does and when: a csv file of lines time_s,name,value
    #[arg(long, value_name = "FILE")]
    cues: Option<PathBuf>,
    /// Same as --set seed=N: another number, another choice wherever there is one
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    seed: Option<String>,
    /// Samples a block; the answer does not depend on it
    #[arg(long, value_name = "N", default_value_t = NonZeroUsize::new(BLOCK).unwrap_or(NonZeroUsize::MIN))]
    block: NonZeroUsize,
    /// Silence after the recording, in which the answer may come to its end
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0, allow_negative_numbers = true)]
    tail: f64,
    /// Let the microphone hear the accompaniment: its level in dB and its delay in ms, like -20,15; in a room, also the
    /// time in s in which the echo dies away, like -20,15,0.5
    #[arg(long, value_name = "DB,MS[,S]", allow_hyphen_values = true)]
    bleed: Option<String>,
}

const HELP: &str = "\
Settings (--set NAME=VALUE, and in cues):
  goal            awareness, insight, attention, pain, wellbeing, expression, relationships
  approach        structured, free, analytical
  guidance        free, guided (the therapist alone moves from state to state)
  listen          auto, voice, tuned, untuned
  sensitivity     -24 (deaf to a noisy room) to 24 dB (hears the softest sound)
  pulse           heard (the beat of what is played), host (tempo and metre of a MIDI file)
  responsiveness, mirror, density, space, lead, tension    0 to 1
  colour          -1 (dark) to 1 (bright), 0 as heard
  ceiling         loudest MIDI velocity, 1 to 127
  register_low, register_high    lowest and highest MIDI key
  key             auto, or like D:min, F:maj, E:phrygian
  idiom           open, pentatonic, japanese, middle_eastern, spanish, organum, dorian, phrygian, lydian, mixolydian,
                  romantic, blues, lullaby, waltz, march
  feeling         none, anger, sadness, fear, joy, tenderness, calm
  tempo           heard, or 40 to 200 beats a minute
  metre           heard, 2, 3, 4, 6
  form            heard, four, eight, aaba
  turns           goal, alternate, together
  dynamics        heard, soft, level, rise, fade
  channels        one, voices (bass 1, harmony 2, counter 3, pulse 4)
  pedal           off, on (the sustain pedal joins held chords; never what is played on the beat)
  seed            0 to 65535
  sound           on, off (accompaniment.wav is silent, and session.wav has the client alone)
  sound_level     -40 to 6 dB
  instrument      piano, pad, strings; the pulse is a soft drum
  hold            on, off

Cues (--cues FILE), one a line, as time_s,name,value:
  12.5,goal,pain       any setting above
  20,state,holding     go to this state now
  30,cadence,          next, skip, recall, rest, cadence and panic take no value
A cue takes effect at the first moment of decision (every 1.5 ms or so) at or after its time.

Files in DIR: pitch.csv, onsets.csv, notes.csv, music.csv (heard and understood), played.csv, controllers.csv (played),
session.mid (both, with the states as markers), session.wav (client and accompaniment), accompaniment.wav.
A client who came as MIDI is heard in session.wav through the built-in instrument.";

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let mut source = Source::open(&arguments.input)?;
    let plan = plan(arguments, source.is_midi())?;
    let rate_hz = source.rate_hz();
    let bar = progress::Bar::listening(source.length().map(|length| length as f64 / rate_hz + plan.tail_s));
    let rendered = render(&mut source, &plan, &arguments.out, None, &mut |samples| {
        bar.reach(samples as f64 / rate_hz);
    });
    drop(bar);
    let summary = rendered?;
    for warning in &summary.warnings {
        note(format_args!("note: {warning}."));
    }
    say(&summary)?;
    say(format_args!("Files    {} in {}", FILES.join(", "), arguments.out.display()))
}

fn plan(arguments: &Arguments, has_tempo: bool) -> Result<Plan> {
    let cues = arguments.cues.as_deref().map(|path| cues::read(path, has_tempo)).transpose()?;
    let bleed = arguments.bleed.as_deref().map(|text| bleed(text).with_context(|| format!("--bleed {text}")));
    if !(0.0..=LONGEST_S).contains(&arguments.tail) {
        bail!("--tail {}: give seconds from 0 to {LONGEST_S}", arguments.tail);
    }
    let (settings, sound) = settings(arguments, has_tempo)?;
    Ok(Plan {
        settings,
        sound,
        cues: cues.unwrap_or_default(),
        block: arguments.block.get(),
        tail_s: arguments.tail,
        bleed: bleed.transpose()?,
    })
}

fn settings(arguments: &Arguments, has_tempo: bool) -> Result<(Settings, Choice)> {
    let (mut settings, mut sound) = (Settings::default(), Choice::default());
    let named = [("goal", &arguments.goal), ("approach", &arguments.approach), ("seed", &arguments.seed)];
    for (name, value) in named.iter().filter_map(|(name, value)| Some((name, value.as_deref()?))) {
        choose(&mut settings, &mut sound, name, value, has_tempo).map_err(|why| anyhow!("--{name} {value}: {why}"))?;
    }
    choices::set(&mut settings, &mut sound, &arguments.set, has_tempo)?;
    let (low, high) = (settings.register_low, settings.register_high);
    if settings.clamped().register_low != low || settings.clamped().register_high != high {
        bail!("register_low={low} and register_high={high}: leave {REGISTER_SPAN_MIN} keys or more between them");
    }
    Ok((settings, sound))
}

fn bleed(text: &str) -> Result<Bleed> {
    let wanted = "give a level in dB and a delay in ms, like -20,15, and the echo of a room in s if there is one";
    let number = |text: &str| text.trim().parse().ok().filter(|number: &f64| number.is_finite()).context(wanted);
    let numbers = text.split(',').map(number).collect::<Result<Vec<f64>>>()?;
    let (level_db, delay_ms, echo_s) = match numbers[..] {
        [level_db, delay_ms] => (level_db, delay_ms, 0.0),
        [level_db, delay_ms, echo_s] => (level_db, delay_ms, echo_s),
        _ => bail!(wanted),
    };
    let delay_s = delay_ms / 1_000.0;
    let possible = level_db <= 0.0 && (0.0..=LONGEST_S).contains(&delay_s) && (0.0..=LONGEST_ECHO_S).contains(&echo_s);
    if !possible {
        bail!("the level is 0 dB at most, no time is negative, and no room echoes over {LONGEST_ECHO_S} s: {wanted}");
    }
    Ok(Bleed { level_db, delay_s, echo_s })
}
