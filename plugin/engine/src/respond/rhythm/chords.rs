//! Which chord a beat has: before her tone is known, and once it is.

use super::super::Moment;
use super::super::harmony::choice::{Chance, choose};
use super::super::harmony::tension::tensed;
use super::super::harmony::triad;
use super::super::harmony::voicing::{PARTS, Wanted, voice};
use super::super::lead::waits_for_her;
use super::super::plan::{Order, Orders};
use super::count::Tick;
use super::figures::Strike;
use super::{BASS_CENTRE, LINES, Lines, Rhythm, is_tuned, place, root};
use crate::chord::{Chord, Family};
use crate::intend::intent::Figure;
use crate::key::PitchClass;

/// A song puts a chord right this long after the beat, s, at the soonest and at the latest: the third of a chord may come
/// 40 to 90 ms late, and the beat of a singer is heard up to 30 ms before her vowel.
const PUT_RIGHT_S: (f64, f64) = (0.085, 0.115);
/// And with a tone of hers that begins after the beat, so long after that at the latest, s.
const AFTER_TONE_S: f64 = 0.12;
/// What waited for her tone comes without it after so long, s: with the lag of the hand, the same limit.
const WAITS_S: f64 = 0.115;
/// A tone that begins so near a beat belongs to it, s and beats, whichever is longer: singers come early and late, and who
/// bends the time comes within a quarter of a beat.
const EARLY_OR_LATE_S: f64 = 0.1;
const EARLY_OR_LATE_BEATS: f64 = 0.25;
/// Her onset is known so long after it, s.
const ONSET_KNOWN_S: f64 = 0.06;
/// Her tone is not trusted before its key has stayed the same for so long, s.
pub(super) const STEADY_S: f64 = 0.008;
/// As probabilities of a chord: what it is worth that her tone belongs to it, that it sounds already, that it is the
/// dominant at an open end, and what the therapist's colour is worth at its ends.
const HER_TONE: f32 = 0.35;
const STAY: f32 = 0.06;
const LEADS: f32 = 0.08;
const COLOUR: f32 = 0.45;
/// She holds a tone once it lasted so long, s.
const HELD_S: f64 = 0.35;
/// And it tells of the chord once it lasted so long, s: shorter ones pass.
const LASTS_S: f64 = 0.25;
/// While no key was claimed yet, a chord has its third if it is this likely.
const SURE_CHORD: f32 = 0.2;
/// A tone is safe before hers is known if chords that have it are this likely together.
const SAFE: f32 = 0.5;
/// How well a tone that colours a chord without belonging to it fits a loop, where one that belongs to it is 1: with 0.4 to
/// 0.6 lines 7 to 9 are alike by 0.81 to 0.94 (high voice, in time; `cargo xtask exchange --state song`), with none by 0.47 to 0.88.
const COLOURS: f32 = 0.6;
/// Where the same melody is expected, so many notes that are not its beginning are another one.
const NOTES_THAT_TELL: usize = 6;
/// A chord this likely is struck whole before her tone is known. With 0.12 more of a song fits than with 0.3 (note in chord
/// 65 to 79 % against 67 to 68 %, three seeds of the high voice, `cargo xtask exchange --state song --timing metronomic`).
const EXPECTED: f32 = 0.12;
/// How far the top voice lies below the middle of her range, semitones, and where it stays whatever she sings.
const BELOW_HER: f32 = 6.0;
const TOP_LIMITS: (f32, f32) = (58.0, 65.0);

/// A beat whose chord is not settled yet.
#[derive(Clone, Copy)]
pub(super) struct Open {
    /// The beat.
    pub tick: Tick,
    /// The chord that is expected.
    pub expected: Option<Chord>,
    /// Only what is safe was struck.
    pub waits: bool,
}

impl Rhythm {
    /// The chord of this beat, before her tone at it is known, and whether it is sure enough to be struck whole.
    pub(super) fn chord_at(&self, moment: &Moment, tick: &Tick) -> (Option<Chord>, bool) {
        let current = self.chord();
        if moment.settings.hold && current.is_some() || !is_tuned(moment) {
            return (current.or_else(|| Some(Chord { root: root(moment), family: Family::Major })), true);
        }
        if moment.intent.body.figure == Figure::Song {
            if let Some(chord) =
                self.form.expected(self.keeps(moment)).or(current.filter(|_| !may_change(moment, tick)))
            {
                return (Some(chord), true);
            }
            let likely = match current {
                Some(current) if tick.is_downbeat() => Some(self.chosen(moment, tick, current, None)),
                _ => current.or_else(|| choose(moment, None, chance(tick), false)),
            };
            let expected = likely.is_some_and(|chord| triad(&moment.meaning.chords, chord) >= EXPECTED);
            let stays = current.is_some() && likely == current && self.is_safe(moment);
            return (likely, stays || expected || !waits_for_her(moment.settings.lead));
        }
        // Before her next tone is known, the one she sang up to the beat tells most.
        let against =
            self.foreign(moment, moment.meaning.sounding_key, LASTS_S).is_some_and(|class| self.in_key(class));
        if current.is_some() && !tick.is_strong() && !against {
            return (current, true);
        }
        (choose(moment, current, chance(tick), against).or(current), true)
    }

    /// The class of her tone `key`, if it has been heard for `lasts_s` and the chord does not have it.
    pub(super) fn foreign(&self, moment: &Moment, key: Option<u8>, lasts_s: f64) -> Option<PitchClass> {
        let class = self.heard_for(moment, key, lasts_s)?;
        self.chord().filter(|chord| !chord.contains(class)).map(|_| class)
    }

    /// The class of her tone `key`, if it has been heard for `lasts_s`.
    pub(super) fn heard_for(&self, moment: &Moment, key: Option<u8>, lasts_s: f64) -> Option<PitchClass> {
        let lasts = moment.meaning.now >= self.heard.1 + moment.clock.samples(lasts_s);
        key.filter(|_| lasts).map(|key| key % 12)
    }

    /// `class` belongs to her key, or that is not known.
    pub(super) fn in_key(&self, class: PitchClass) -> bool {
        self.key.is_none_or(|key| key.contains(class))
    }

    /// Her melody has come back, and with it the chords it had.
    fn keeps(&self, moment: &Moment) -> bool {
        moment.intent.body.same_chords && moment.meaning.returns.is_some()
    }

    /// The lines that may sound before her tone is known: those whose tone most of the likely chords have, and the best
    /// of them in any case, so that the beat is there.
    pub(super) fn safe(&self, moment: &Moment, strikes: Strike) -> Lines {
        let Some((_, keys)) = self.playing.filter(|_| strikes.upper) else { return [false; LINES] };
        let worth: [f32; PARTS] = std::array::from_fn(|line| shared(moment, keys[line] % 12));
        let best = (1..PARTS).max_by(|&a, &b| worth[a].total_cmp(&worth[b]));
        std::array::from_fn(|line| (1..PARTS).contains(&line) && (worth[line] >= SAFE || Some(line) == best))
    }

    /// All of the chord is safe.
    fn is_safe(&self, moment: &Moment) -> bool {
        self.playing.is_some_and(|(_, keys)| keys.iter().all(|key| shared(moment, key % 12) >= SAFE))
    }

    /// In a song, the chord of a strong beat is settled once her tone at it is known.
    pub(super) fn settle(&mut self, moment: &Moment, orders: &mut Orders) {
        let Moment { clock, meaning, intent, settings, .. } = *moment;
        let Some(Open { tick, expected, waits }) = self.open else { return };
        let since_s = clock.between(tick.at, meaning.now);
        if waits {
            self.complete(moment, &tick, expected, since_s, orders);
            return;
        }
        // With a tone that comes a little late, its chord may.
        let near_s = near_s(&tick);
        let comes = meaning.sounding_since.filter(|&since| since > tick.at && clock.between(tick.at, since) < near_s);
        let later_s = comes.map_or(0.0, |since| clock.between(tick.at, since) + AFTER_TONE_S);
        let latest = PUT_RIGHT_S.1.max(later_s);
        let open_s = if comes.is_some() { latest } else { latest.max(near_s + ONSET_KNOWN_S) };
        if intent.body.figure != Figure::Song || settings.hold || !is_tuned(moment) || since_s > open_s {
            self.open = None;
            return;
        }
        let (Some((class, held)), Some(current)) = (self.her_tone(moment, &tick), self.chord()) else { return };
        // What she holds from before may be about to end; until the latest instant it may still give way to another tone.
        let too_soon = since_s < if held { latest - clock.hop_s() } else { PUT_RIGHT_S.0 };
        if too_soon || since_s > latest {
            return;
        }
        self.open = None;
        let fits = current.contains(class);
        let follows = self.form.expected(self.keeps(moment)).is_some();
        let same = intent.body.same_chords;
        if follows && tick.is_strong() {
            let is_new = same && meaning.returns.is_none() && meaning.motif.len() >= NOTES_THAT_TELL;
            self.form.hears(match fits {
                true => 1.0,
                false if !is_new && colours(current, class) => COLOURS,
                false => 0.0,
            });
        }
        let trusts = self.keeps(moment) || self.form.is_trusted() && (same || !held);
        let stays = fits || follows && trusts || !may_change(moment, &tick);
        let chord = if stays { current } else { self.chosen(moment, &tick, current, Some(class)) };
        // In a build each chord is struck soon enough again, and what comes late would count as more of it.
        let soon = intent.body.grows > 0.0;
        if chord != current {
            self.take(moment, chord);
            self.form.depart();
            if !soon {
                let upper = Strike { bass: !chord.contains(current.root), upper: true };
                let which = self.changed(moment, &tick, upper.lines());
                self.follow(moment, &tick, which, orders);
            }
        } else if !held && !soon {
            self.join_hers(moment, &tick, orders);
        }
    }

    /// What waited for her tone comes with it, or without it when it is time.
    fn complete(&mut self, moment: &Moment, tick: &Tick, expected: Option<Chord>, since_s: f64, orders: &mut Orders) {
        let clock = moment.clock;
        let is_time = since_s + clock.hop_s() >= WAITS_S;
        let tone = self.her_tone(moment, tick);
        if !is_time && tone.is_none_or(|(_, held)| held) {
            return;
        }
        self.open = None;
        let current = self.chord();
        let chosen = tone.and_then(|(class, _)| {
            let current = current.or(expected)?;
            // In the middle of a bar the chord stays if it may.
            let stays = !tick.is_downbeat() && current.contains(class);
            Some(if stays { current } else { self.chosen(moment, tick, current, Some(class)) })
        });
        let Some(chord) = chosen.or(expected) else { return };
        let before = self.playing;
        self.take(moment, chord);
        let Some((_, keys)) = self.playing else { return };
        let now = moment.meaning.now;
        let sounds = |line: usize| {
            let same = before.is_some_and(|(_, before)| before[line] == keys[line]);
            same && self.sounds[line] > now && self.safe_at == Some(tick.at)
        };
        let which = std::array::from_fn(|line| line == 0 || line < PARTS && !sounds(line));
        self.follow(moment, tick, which, orders);
    }

    /// Those of the lines `which` whose tone does not sound since `tick` already: a tone that two chords share is not struck twice.
    fn changed(&self, moment: &Moment, tick: &Tick, which: Lines) -> Lines {
        let keys = self.playing.map_or([None; LINES], |(chord, keys)| self.lines(moment, tick, chord, &keys));
        let holds = |line: usize| {
            let since_beat = self.struck_at >= tick.at && self.sounds[line] > moment.meaning.now;
            since_beat && keys[line].is_some() && keys[line] == self.keys[line]
        };
        std::array::from_fn(|line| which[line] && !holds(line))
    }

    /// Lines of a chord that come after their beat, softly.
    fn follow(&mut self, moment: &Moment, tick: &Tick, which: Lines, orders: &mut Orders) {
        let late = Tick { at: moment.meaning.now, ..*tick };
        let velocities = self.velocities(moment, tick).map(|velocity| velocity - 3.0);
        self.sound(moment, &late, which, velocities, orders);
    }

    /// The pitch class of her tone at `tick`, once it is known, and whether she holds it from before.
    fn her_tone(&self, moment: &Moment, tick: &Tick) -> Option<(PitchClass, bool)> {
        let Moment { clock, meaning, .. } = *moment;
        let since = meaning.sounding_since?;
        let near = clock.samples(near_s(tick));
        let belongs = since + near >= tick.at && since <= tick.at + near;
        let held = since + clock.samples(HELD_S) <= tick.at;
        let class = self.heard_for(moment, meaning.arrived_key(), STEADY_S).filter(|_| belongs || held)?;
        // A tone outside the key is more often a glide that was read wrong than meant.
        Some((class, held)).filter(|_| self.in_key(class))
    }

    /// The chord that her tone of pitch class `class`, if it is known, asks for at `tick`: of the key's triads the likeliest
    /// that has it.
    /// The last bar of the form is open: it leads back to the first.
    fn chosen(&self, moment: &Moment, tick: &Tick, current: Chord, class: Option<PitchClass>) -> Chord {
        let Some(key) = self.key else {
            let held = class.is_some_and(|class| !current.contains(class));
            return choose(moment, Some(current), chance(tick), held).unwrap_or(current);
        };
        let first = self.form.first().filter(|_| self.form.turns_around());
        // Song keys are often told from their relatives by the end alone: neither of the two is an open end.
        let major = if key.mode.is_minor() { (key.tonic + 3) % 12 } else { key.tonic };
        let minor = (major + 9) % 12;
        let closes = |chord: &Chord| {
            let is_home = chord.root == if chord.family.is_minor() { minor } else { major };
            self.form.turns_around() && (is_home || first.is_some_and(|first| first.same_triad(chord)))
        };
        let dominant = (key.tonic + 7) % 12;
        let plain = |chord: &Chord| {
            let diatonic = chord.classes().all(|class| key.contains(class));
            let leads = chord.root == dominant && chord.family == Family::Major;
            matches!(chord.family, Family::Major | Family::Minor) && (diatonic || leads)
        };
        let one = |so: bool, worth: f32| if so { worth } else { 0.0 };
        let worth = |chord: &Chord| {
            let likely = triad(&moment.meaning.chords, *chord);
            let bright = if chord.family.is_minor() { -1.0 } else { 1.0 };
            likely
                + one(class.is_some_and(|class| chord.contains(class)), HER_TONE)
                + one(chord.same_triad(&current), STAY)
                + one(self.form.turns_around() && chord.root == dominant, LEADS)
                + COLOUR * bright * moment.settings.colour * likely.sqrt()
        };
        let open = Chord::all().filter(|chord| plain(chord) && !closes(chord));
        open.max_by(|a, b| worth(a).total_cmp(&worth(b))).unwrap_or(current)
    }

    /// From now on it is `chord`.
    pub(super) fn take(&mut self, moment: &Moment, chord: Chord) {
        if self.chord() == Some(chord) {
            return;
        }
        let Moment { meaning, settings, .. } = *moment;
        let tuned = is_tuned(moment);
        let open = !tuned || self.key.is_none() && triad(&meaning.chords, chord) < SURE_CHORD;
        let manner = &moment.intent.character.manner;
        let keys = voice(&Wanted {
            chord,
            before: self.playing.or(moment.voiced),
            client: [None, meaning.sounding_key],
            register: (settings.register_low, settings.register_high),
            top: (meaning.energy.centre_key - BELOW_HER).clamp(TOP_LIMITS.0, TOP_LIMITS.1) + manner.top(),
            bass: BASS_CENTRE + manner.bass(),
            open,
        });
        self.playing = Some((chord, tensed(keys, chord, moment)));
    }

    /// What sounds of another chord ends where this one is struck without it: the two never mix.
    pub(super) fn no_mixture(&mut self, moment: &Moment, chord: Chord, which: &Lines, orders: &mut Orders) {
        let now = moment.meaning.now;
        if self.struck.is_none_or(|struck| struck == chord) {
            return;
        }
        for line in (1..LINES).filter(|&line| !which[line]) {
            let foreign = self.keys[line].is_some_and(|key| !chord.contains(key % 12));
            if foreign && self.sounds[line] > now {
                let (voice, part) = place(line);
                orders.push(Order::Rest { voice, part });
                self.sounds[line] = now;
            }
        }
    }
}

/// A song's chord may change at `tick`: on a strong beat, and where she bends the time on the first of the bar alone.
fn may_change(moment: &Moment, tick: &Tick) -> bool {
    if moment.meaning.pulse.rubato { tick.is_downbeat() } else { tick.is_strong() }
}

/// So near `tick` a tone of hers belongs to it, s.
fn near_s(tick: &Tick) -> f64 {
    EARLY_OR_LATE_S.max(EARLY_OR_LATE_BEATS * tick.period_s)
}

/// `class` is a sixth, seventh or ninth of `chord` and no semitone above one of its tones.
pub(super) fn colours(chord: Chord, class: PitchClass) -> bool {
    !chord.contains(class) && !chord.contains((class + 11) % 12)
}

/// How likely the chords that have `class` are together.
fn shared(moment: &Moment, class: PitchClass) -> f32 {
    let likely = Chord::all().zip(moment.meaning.chords.now);
    likely.filter(|(chord, _)| chord.contains(class)).map(|(_, share)| share).sum()
}

/// Where a change at `tick` comes.
fn chance(tick: &Tick) -> Chance {
    match tick {
        _ if tick.is_downbeat() => Chance::Downbeat,
        _ if tick.is_strong() => Chance::Middle,
        _ => Chance::Beat,
    }
}
