//! The accompaniment that comes back through the loudspeakers is taken out of what is heard: adaptive lines at the
//! partials of each key that sounds (Widrow et al. 1975, Proc. IEEE 63:1692), no louder than such keys were found to
//! come back. Instrument, level, delay and room are unknown, and learnt; a client in unison is louder, or wavers. While
//! there is no evidence that anything comes back, nothing is taken out: what she sings is heard alike whatever is played.

use super::heard::pitch_of;
use super::level::{decibels, mean_square};
use super::lines::{Lines, PARTIALS, Partials, power};
use crate::speak::Sounding;
use crate::time::{Clock, SampleTime};
use arrayvec::ArrayVec;

/// Keys that are taken out at once, those that linger included; with more, the longest gone make room.
const KEYS: usize = 16;

/// Time constant of a line while its key is held, s: a notch 2.7 Hz wide, in which no voice stays.
const HELD_S: f64 = 0.12;

/// Time constant while the note is arriving or dying away, s.
const MOVING_S: f64 = 0.012;

/// The note has arrived so long after its note-on, s: 200 ms of loudspeaker and room, and the attack.
const ARRIVED_S: f64 = 0.3;

/// Its level is learnt from then on, s: a held line has settled.
const LEARNT_FROM_S: f64 = 0.4;

/// Most notes have died away so long after their note-off, s: way, room and release.
const RING_S: f64 = 0.6;

/// Some linger so long, s: pads, the pedal, a hall.
const LINGER_S: f64 = 6.0;

/// A line may be so many times louder than learnt; where it lies on a partial of what the client sings, no louder: the
/// two cannot be told apart, and what is taken out beyond our share is hers.
const MARGIN: f32 = 2.0;
const MARGIN_SHARED: f32 = 1.0;

/// A line lies on one of the client's first partials within so many semitones: her vibrato.
const SHARED_SEMITONES: f32 = 0.6;
const SHARED_PARTIALS: f32 = 4.0;

/// Amplitude of a fundamental at full velocity that is reckoned with before anything is learnt, full scale 1: a soft
/// loudspeaker. Most clients have none in the room, and a louder guess takes their own partials out of the first notes;
/// what does come back is learnt within a note or two. The partials above it: as 1/n.
const START: f32 = 0.015;

/// Amplitude of the accompaniment's usual velocity, 64, against that at full velocity.
const USUAL_TOUCH: f32 = 0.5;

/// A key of ours is heard in a room for so long after its note-off, s (reverberation times of rooms for music: 0.5 to
/// 1.5), and its pitch lies so near to it, semitones: instruments in tune, and half of what singers waver.
const ECHO_S: f64 = 1.5;
const SAME_KEY: f32 = 0.25;

/// Before a key of ours was heard to return or not, so many times as much may be left of it: a loud loudspeaker. Once
/// keys were heard for some time, the rest of that doubt is 1/e of it, s.
const UNHEARD: f32 = 4.0;
const HEARD_S: f32 = 1.5;

/// Steps of all lines together, at most: half way to what was heard in one sample, and half of what is stable.
const STEPS_MAX: f32 = 0.5;

/// Least amplitude learnt, full scale 1: far under anything heard.
const LEAST: f32 = 1e-6;

/// Speeds at which the learnt level follows, dB/s, while nothing else is heard: what was a client's in unison is sooner
/// forgotten than learnt.
const RISE_DB_PER_S: f64 = 30.0;
const FALL_DB_PER_S: f64 = 40.0;

/// Falling is learnt until so long after the note-on, s: later, strings that were struck have died away, and the next
/// stroke is as loud as the last one was. 0.7 to 1.5 do alike.
const FALLS_UNTIL_S: f64 = 1.0;

/// Share of these speeds that a singing client leaves to falling: a line that is not there is not bleed, whoever sings.
const FALL_AT_LEAST: f32 = 0.25;

/// Share of the way that the level typical of all keys goes to that of one key in 1 s.
const TYPICAL_PER_S: f64 = 2.0;

/// Span of the loudness that bounds what can come back, s: beats of a chord even out, the breath between tones does not.
const WHOLE_SPAN_S: f64 = 0.03;

/// Beats may hide so much of what comes back in that span, dB.
const HIDDEN_DB: f32 = 3.0;

/// A held key that was struck may have died away so fast, dB/s, after [`FALLS_UNTIL_S`]: a piano's middle, and more.
const DIES_DB_PER_S: f32 = 20.0;

/// Something may be taken out once keys that had arrived were heard for so long, s, and a key of ours is found to come
/// back no farther under the client than this, dB. 30 dB under a recorded singer what comes back costs less than taking
/// it out does; 20 dB under, more. What is learnt where nothing comes back sinks below this at her first breaths. 0.7 to
/// 1.5 s and 36 to 40 dB do alike.
const EVIDENT_AFTER_S: f32 = 1.0;
const EVIDENT_UNDER_CLIENT_DB: f32 = 38.0;

/// Before that, while no more than so much louder than a soft loudspeaker was heard of late, dB: what is so soft may well
/// be ours alone.
const ALONE_OVER_RETURN_DB: f32 = 15.0;

/// From taking nothing out to taking all, s: no click.
const FADE_S: f64 = 0.05;

/// Span over which what is left is judged, s.
const LEFT_SPAN_S: f64 = 0.02;

/// So much of a line may be left, dB against the line: of one that moves, until it is followed; of one that is held,
/// its beats and tremolo.
const LEFT_OF_MOVING_DB: f32 = -3.0;
const LEFT_OF_HELD_DB: f32 = -9.0;

/// A key of ours that sounds or lingers.
#[derive(Clone, Copy)]
struct Own {
    key: u8,
    velocity: u8,
    on: SampleTime,
    /// When its note-off was.
    gone: Option<SampleTime>,
    lines: Lines,
    /// Which partials lie on the client's.
    shared: [bool; PARTIALS],
}

impl Own {
    /// Marks the partials that lie on those of a client who sings `client_hz`, 0 for silence.
    fn share(&mut self, client_hz: f32) {
        let fundamental_hz = 440.0 * ((f32::from(self.key) - 69.0) / 12.0).exp2();
        self.shared = std::array::from_fn(|k| {
            let ratio = (k + 1) as f32 * fundamental_hz / client_hz;
            let nearest = ratio.round();
            (1.0..=SHARED_PARTIALS).contains(&nearest) && (12.0 * (ratio / nearest).log2()).abs() < SHARED_SEMITONES
        });
    }

    /// Amplitude against that at full velocity.
    fn touch(&self) -> f32 {
        f32::from(self.velocity.max(1)) / 127.0
    }
}

/// The client before a hop.
#[derive(Clone, Copy)]
pub struct Client {
    /// Her pitch, Hz, 0 for none.
    pub f0_hz: f32,
    /// Her level of late, dBFS.
    pub level_db: f32,
}

/// The canceller.
pub struct Bleed {
    clock: Clock,
    own: ArrayVec<Own, KEYS>,
    /// Amplitude of each key's partials at full velocity, as learnt; `None` before.
    learnt: Box<[Option<Partials>]>,
    /// The same, typical of all keys.
    typical: Partials,
    /// Mean square of what is heard, and of what is left of it.
    whole: f32,
    left: f32,
    /// Share of the lines that is taken out: 0 without evidence, then 1.
    taken: f32,
    /// What may be left of the accompaniment, dBFS.
    expected_db: f32,
    /// How long keys were heard that had arrived, s.
    settled_s: f32,
    /// Most that the learnt level changes in a hop, dB, up and down.
    rise_db: f32,
    fall_db: f32,
    typical_share: f32,
    left_share: f32,
    whole_share: f32,
    /// Most that the share taken out changes in a sample.
    fade: f32,
}

impl Bleed {
    /// For `clock`.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            own: ArrayVec::new(),
            learnt: vec![None; 128].into(),
            typical: start(),
            whole: 0.0,
            left: 0.0,
            taken: 0.0,
            expected_db: decibels(0.0),
            settled_s: 0.0,
            rise_db: (RISE_DB_PER_S * clock.hop_s()) as f32,
            fall_db: (FALL_DB_PER_S * clock.hop_s()) as f32,
            typical_share: (TYPICAL_PER_S * clock.hop_s()) as f32,
            left_share: (clock.hop_s() / LEFT_SPAN_S).min(1.0) as f32,
            whole_share: (clock.hop_s() / WHOLE_SPAN_S).min(1.0) as f32,
            fade: (1.0 / (FADE_S * clock.rate_hz())) as f32,
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.own.clear();
        self.learnt.fill(None);
        self.typical = start();
        (self.whole, self.left, self.taken) = (0.0, 0.0, 0.0);
        self.expected_db = decibels(0.0);
        self.settled_s = 0.0;
    }

    /// Takes what comes back of what is `sounding` out of the hop `samples`, which ends at `now`; `client` is she before
    /// it.
    pub fn process(&mut self, now: SampleTime, samples: &mut [f32], sounding: &[Sounding], client: Client) {
        self.follow(now, sounding);
        self.own.iter_mut().for_each(|own| own.share(client.f0_hz));
        self.steer(now);
        let square = samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32;
        self.whole += self.whole_share * (square - self.whole);
        self.bound(now);
        let over_return_db = client.level_db - self.returns_db();
        let evident_db = if self.settled_s < EVIDENT_AFTER_S { ALONE_OVER_RETURN_DB } else { EVIDENT_UNDER_CLIENT_DB };
        let evident = over_return_db < evident_db;
        self.cancel(samples, f32::from(u8::from(evident)));
        self.learn(now);
    }

    /// Whether the accompaniment explains a sound of `level_db` dBFS, once it has been taken out.
    pub fn explains(&self, level_db: f32) -> bool {
        level_db < self.expected_db
    }

    /// Whether `f0_hz` is the pitch of a key of ours that sounds, or did until a moment before `now`.
    pub fn matches(&self, now: SampleTime, f0_hz: f32) -> bool {
        let pitch = pitch_of(f0_hz.max(1.0));
        let rings = |own: &Own| own.gone.is_none_or(|gone| self.clock.between(gone, now) < ECHO_S);
        self.own.iter().filter(|own| rings(own)).any(|own| (pitch - f32::from(own.key)).abs() < SAME_KEY)
    }

    /// Level at which a key that is struck as the accompaniment's are was found to come back, dBFS.
    pub fn returns_db(&self) -> f32 {
        decibels(power(&self.typical.map(|amplitude| USUAL_TOUCH * amplitude)))
    }

    /// Notes that began, and notes that ended.
    fn follow(&mut self, now: SampleTime, sounding: &[Sounding]) {
        for own in &mut self.own {
            if sounding.iter().all(|note| note.key != own.key) {
                own.gone.get_or_insert(now);
            }
        }
        let linger = self.clock.samples(LINGER_S);
        self.own.retain(|own| own.gone.is_none_or(|gone| now < gone + linger));
        for &Sounding { key, velocity, on, .. } in sounding {
            if let Some(own) = self.own.iter_mut().find(|own| own.key == key) {
                if own.gone.is_some() || on > own.on {
                    (own.gone, own.on, own.velocity) = (None, on, velocity);
                }
                continue;
            }
            if self.own.is_full() {
                let longest_gone = (0..KEYS).filter(|&i| self.own[i].gone.is_some()).min_by_key(|&i| self.own[i].gone);
                let Some(index) = longest_gone else { continue };
                self.own.remove(index);
            }
            let lines = Lines::new(key, self.clock.rate_hz());
            self.own.push(Own { key, velocity, on, gone: None, lines, shared: [false; PARTIALS] });
        }
    }

    /// How fast lines adapt, how loud they may become, and what may be left of them.
    fn steer(&mut self, now: SampleTime) {
        let step = |seconds: f64| (2.0 / (seconds * self.clock.rate_hz())) as f32;
        let mut expected = 0.0;
        for own in &mut self.own {
            let known = self.learnt[usize::from(own.key)].unwrap_or(self.typical);
            let expects = known.map(|known| own.touch() * known);
            let gone_s = own.gone.map(|gone| self.clock.between(gone, now));
            let moving = gone_s.map_or(self.clock.between(own.on, now) < ARRIVED_S, |gone_s| gone_s < RING_S);
            let rings = gone_s.map_or(1.0, |gone_s| (1.0 - gone_s / RING_S).max(0.0) as f32);
            let fades = gone_s.map_or(1.0, |gone_s| ((LINGER_S - gone_s) / RING_S).clamp(0.0, 1.0) as f32);
            own.lines.step = step(if moving { MOVING_S } else { HELD_S }) * fades;
            let margin = own.shared.map(|shared| if shared { MARGIN_SHARED } else { MARGIN });
            own.lines.cap = std::array::from_fn(|k| margin[k] * fades * expects[k]);
            expected += power(&expects) * rings * mean_square(if moving { LEFT_OF_MOVING_DB } else { LEFT_OF_HELD_DB });
        }
        let doubt = 1.0 + (UNHEARD - 1.0) * (-self.settled_s / HEARD_S).exp();
        self.expected_db = decibels(doubt * doubt * expected);
        self.keep_stable();
    }

    /// All lines together go no farther in a sample than to what was heard: beyond it they would swing themselves up.
    fn keep_stable(&mut self) {
        let total: f32 = self.own.iter().map(|own| own.lines.step * PARTIALS as f32).sum();
        if total > STEPS_MAX {
            self.own.iter_mut().for_each(|own| own.lines.step *= STEPS_MAX / total);
        }
    }

    /// What comes back is no louder than all that is heard: one soft moment tells more than many loud ones.
    fn bound(&mut self, now: SampleTime) {
        let most = self.whole * mean_square(HIDDEN_DB) + LEAST * LEAST;
        let (clock, typical) = (self.clock, self.typical);
        let held_s = |own: &Own| own.gone.map_or(clock.between(own.on, now), |_| 0.0);
        let died = |held_s: f64| mean_square(-DIES_DB_PER_S * (held_s - FALLS_UNTIL_S).max(0.0) as f32);
        let (mut each, mut alike) = (0.0, 0.0);
        for own in &self.own {
            let held_s = held_s(own);
            if held_s > LEARNT_FROM_S {
                let touch = own.touch() * own.touch() * died(held_s);
                each += touch * power(&self.learnt[usize::from(own.key)].unwrap_or(typical));
                alike += touch * power(&typical);
            }
        }
        if each > most {
            let share = (most / each).sqrt();
            for own in self.own.iter().filter(|own| held_s(own) > LEARNT_FROM_S) {
                let learnt = self.learnt[usize::from(own.key)].get_or_insert(typical);
                learnt.iter_mut().for_each(|amplitude| *amplitude *= share);
            }
        }
        if alike > most {
            let share = (most / alike).sqrt();
            self.typical.iter_mut().for_each(|amplitude| *amplitude *= share);
        }
    }

    /// Lines follow what they leave in any case; `taken` is the share of them to be taken out.
    fn cancel(&mut self, samples: &mut [f32], taken: f32) {
        let mut square = 0.0;
        for sample in samples.iter_mut() {
            let mut sum = [0.0; PARTIALS];
            for own in &self.own {
                own.lines.add(&mut sum);
            }
            let back = sum.iter().sum::<f32>();
            let left = *sample - back;
            for own in &mut self.own {
                own.lines.adapt(left);
            }
            square += left * left;
            self.taken += (taken - self.taken).clamp(-self.fade, self.fade);
            *sample -= self.taken * back;
        }
        for own in &mut self.own {
            own.lines.settle();
        }
        self.left += self.left_share * (square / samples.len() as f32 - self.left);
    }

    /// Learns how loud keys come back that have arrived and are held; the slower, the more else is heard.
    fn learn(&mut self, now: SampleTime) {
        let settled = |own: &&Own| own.gone.is_none() && self.clock.between(own.on, now) > LEARNT_FROM_S;
        if self.own.iter().any(|own| settled(&own)) {
            self.settled_s += self.clock.hop_s() as f32;
        }
        for own in self.own.iter().filter(settled) {
            let amplitudes = own.lines.amplitudes();
            let power = power(&amplitudes) + LEAST * LEAST;
            let trust = power / (power + self.left);
            let fresh = self.clock.between(own.on, now) < FALLS_UNTIL_S;
            let falling = if fresh { trust.max(FALL_AT_LEAST) } else { 0.0 };
            let learnt = self.learnt[usize::from(own.key)].get_or_insert(self.typical);
            let places = learnt.iter_mut().zip(&mut self.typical).zip(amplitudes).zip(own.shared);
            for ((learnt, typical), amplitude) in places.filter_map(|(place, shared)| (!shared).then_some(place)) {
                let here = (amplitude / own.touch()).max(LEAST);
                let change_db = 20.0 * (here / *learnt).log10();
                let change_db = change_db.clamp(-falling * self.fall_db, trust * self.rise_db);
                *learnt *= 10.0_f32.powf(change_db / 20.0);
                let share = if learnt < typical { falling } else { trust };
                *typical *= (*learnt / *typical).powf(share * self.typical_share);
            }
        }
    }
}

fn start() -> Partials {
    std::array::from_fn(|k| START / (k + 1) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_shared_where_it_lies_on_one_of_the_first_partials_that_the_client_sings() {
        let shared = |key: u8, client_hz: f32| {
            let lines = Lines::new(key, 48_000.0);
            let mut own = Own { key, velocity: 64, on: 0, gone: None, lines, shared: [false; PARTIALS] };
            own.share(client_hz);
            own.shared.map(u8::from)
        };
        assert_eq!(shared(62, 293.7), [1, 1, 1, 1, 0, 0, 0, 0], "unison");
        assert_eq!(shared(62, 298.8), [1, 1, 1, 1, 0, 0, 0, 0], "unison with vibrato");
        assert_eq!(shared(55, 293.7), [0, 0, 1, 0, 0, 1, 0, 0], "a fifth under her");
        assert_eq!(shared(56, 293.7), [0; PARTIALS], "a tritone under her");
        assert_eq!(shared(62, 0.0), [0; PARTIALS], "silence");
    }
}
