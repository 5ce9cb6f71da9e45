//! How much new sound came in: log-filterbank flux with a maximum over neighbouring bands (SuperFlux; Boeck & Widmer,
//! DAFx 2013), which vibrato does not excite.

use crate::time::Clock;
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::f64::consts::PI;
use std::ops::Range;
use std::sync::Arc;

/// Window, s, in whole hops: 512 samples at 44.1 and 48 kHz. Much less shows the single periods of a low voice.
const WINDOW_S: f64 = 0.0112;

/// Share of the window in which it closes toward now: shorter is sooner, and smears steady tones more.
const CLOSING_SHARE: f64 = 0.125;

/// Time to the spectrum that this one is compared with, s, in whole hops.
const COMPARE_S: f64 = 0.0042;

/// Bands an octave, and their limits, Hz.
const BANDS_PER_OCTAVE: f64 = 24.0;
const BAND_LIMITS_HZ: (f64, f64) = (60.0, 16_000.0);

/// Compression: log10(1 + COMPRESSION * magnitude), magnitude 1 a full-scale sine.
const COMPRESSION: f32 = 1_000.0;

/// All bands' magnitudes together under which it is silent: -80 dBFS.
const SILENT: f32 = 1e-4;

/// The flux.
pub struct Flux {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Box<[f32]>,
    /// The last window's samples.
    line: Box<[f32]>,
    input: Box<[f32]>,
    spectrum: Box<[Complex<f32>]>,
    scratch: Box<[Complex<f32>]>,
    /// Bins of each band.
    bands: Box<[Range<usize>]>,
    /// Ring of band spectra.
    past: Vec<Box<[f32]>>,
    at: usize,
    /// Bands that there are at a rate which holds them all: at a lower one the same sound makes no more flux.
    everywhere: f32,
    /// Middle of each band, Hz.
    middles_hz: Box<[f32]>,
    /// Spectral centroid of the newest window, weighted by magnitude, Hz; 0 in silence.
    pub brightness_hz: f32,
}

impl Flux {
    /// For `clock`.
    pub fn new(clock: Clock) -> Self {
        let rate_hz = clock.rate_hz();
        let length = clock.hop() * clock.hops(WINDOW_S);
        let fft = RealFftPlanner::new().plan_fft_forward(length);
        let closing = (length as f64 * CLOSING_SHARE).max(1.0);
        let opening = length as f64 - closing;
        let shape = |k: usize| {
            let k = k as f64 + 0.5;
            if k < opening {
                (PI * k / opening * 0.5).sin().powi(2)
            } else {
                ((k - opening) / closing * PI * 0.5).cos().powi(2)
            }
        };
        let window: Vec<f64> = (0..length).map(shape).collect();
        let sum: f64 = window.iter().sum();
        let bin_hz = rate_hz / length as f64;
        let everywhere = bands(bin_hz, (BAND_LIMITS_HZ.1 / bin_hz) as usize + 1).len() as f32;
        let bands = bands(bin_hz, length / 2);
        Self {
            window: window.iter().map(|w| (2.0 * w / sum) as f32).collect(),
            line: vec![0.0; length].into(),
            input: fft.make_input_vec().into(),
            spectrum: fft.make_output_vec().into(),
            scratch: fft.make_scratch_vec().into(),
            past: vec![vec![0.0; bands.len()].into(); clock.hops(COMPARE_S)],
            middles_hz: bands.iter().map(|band| middle_hz(band, bin_hz)).collect(),
            brightness_hz: 0.0,
            everywhere,
            bands,
            fft,
            at: 0,
        }
    }

    /// Back to the state after `new`.
    pub fn reset(&mut self) {
        self.line.fill(0.0);
        self.past.iter_mut().for_each(|spectrum| spectrum.fill(0.0));
        self.at = 0;
        self.brightness_hz = 0.0;
    }

    /// The rise of the bands, decades of magnitude.
    pub fn process(&mut self, samples: &[f32]) -> f32 {
        let hop = samples.len();
        self.line.copy_within(hop.., 0);
        let kept = self.line.len() - hop;
        self.line[kept..].copy_from_slice(samples);
        for ((place, &sample), &weight) in self.input.iter_mut().zip(&self.line).zip(&self.window) {
            *place = sample * weight;
        }
        // Lengths come from the plan itself; an error would leave the last spectrum, and no flux.
        let _ = self.fft.process_with_scratch(&mut self.input, &mut self.spectrum, &mut self.scratch);
        let spectrum = &self.spectrum;
        let places = self.past.len();
        let old = &mut self.past[self.at];
        self.at = (self.at + 1) % places;
        let mut rise = 0.0;
        let count = self.bands.len();
        let mut newest = [0.0_f32; BANDS_MAX];
        let (mut whole, mut weighted) = (0.0, 0.0);
        for ((place, band), middle_hz) in newest.iter_mut().zip(&self.bands).zip(&self.middles_hz) {
            let power: f32 = spectrum[band.clone()].iter().map(|bin| bin.norm_sqr()).sum();
            let magnitude = power.sqrt();
            whole += magnitude;
            weighted += magnitude * middle_hz;
            *place = (1.0 + COMPRESSION * magnitude).log10();
        }
        self.brightness_hz = if whole > SILENT { weighted / whole } else { 0.0 };
        for k in 0..count {
            let around = old[k].max(old[k.saturating_sub(1)]).max(old[(k + 1).min(count - 1)]);
            rise += (newest[k] - around).max(0.0);
        }
        old.copy_from_slice(&newest[..count]);
        rise / self.everywhere
    }
}

/// Most bands.
const BANDS_MAX: usize = 200;

/// Middle of a band of bins, Hz.
fn middle_hz(band: &Range<usize>, bin_hz: f64) -> f32 {
    ((band.start + band.end - 1) as f64 / 2.0 * bin_hz) as f32
}

/// Bands of whole bins, at most [`BANDS_PER_OCTAVE`] an octave.
fn bands(bin_hz: f64, bins: usize) -> Box<[Range<usize>]> {
    let mut bands = Vec::new();
    let mut from = ((BAND_LIMITS_HZ.0 / bin_hz).round() as usize).max(1);
    let end = ((BAND_LIMITS_HZ.1 / bin_hz) as usize).clamp(from + 1, bins + 1);
    while from < end.min(bins) && bands.len() < BANDS_MAX {
        let to = ((from as f64 * 2.0_f64.powf(1.0 / BANDS_PER_OCTAVE)).round() as usize).max(from + 1);
        bands.push(from..to.min(bins + 1));
        from = to;
    }
    if bands.is_empty() {
        bands.push(0..1);
    }
    bands.into()
}
