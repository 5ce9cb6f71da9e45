//! Calm colours, dark and light, with strong contrast: readable at arm's length, from the piano stool.

use super::look::Theme;
use super::space::Space;
use antiphon_engine::respond::plan::Voice;
use egui::{Color32, CornerRadius, Frame, Margin, Stroke, TextStyle, Visuals, vec2};

/// The colours of a theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink {
    /// Behind everything.
    pub ground: Color32,
    /// What lies on it.
    pub card: Color32,
    /// What lies on it and is touched.
    pub raised: Color32,
    /// Grooves, and the ground of the picture.
    pub well: Color32,
    /// Lines that part things.
    pub line: Color32,
    /// Text.
    pub text: Color32,
    /// Text of lesser weight.
    pub quiet: Color32,
    /// The client's colour.
    pub client: Color32,
    /// Our colour.
    pub ours: Color32,
    /// Our colour as a ground under text.
    pub chosen: Color32,
    /// Panic.
    pub alarm: Color32,
    /// Text on it.
    pub on_alarm: Color32,
    /// The voices, in the order of [`Voice`].
    voices: [Color32; 4],
}

const DARK: Ink = Ink {
    ground: Color32::from_rgb(0x11, 0x16, 0x1d),
    card: Color32::from_rgb(0x1b, 0x23, 0x2d),
    raised: Color32::from_rgb(0x27, 0x32, 0x3f),
    well: Color32::from_rgb(0x0b, 0x0f, 0x15),
    line: Color32::from_rgb(0x2d, 0x39, 0x47),
    text: Color32::from_rgb(0xf0, 0xf4, 0xf8),
    quiet: Color32::from_rgb(0xad, 0xba, 0xc8),
    client: Color32::from_rgb(0xff, 0xbf, 0x70),
    ours: Color32::from_rgb(0x74, 0xd8, 0xc6),
    chosen: Color32::from_rgb(0x1a, 0x4f, 0x4c),
    alarm: Color32::from_rgb(0xb0, 0x36, 0x40),
    on_alarm: Color32::WHITE,
    voices: [
        Color32::from_rgb(0x7d, 0xa2, 0xf5),
        Color32::from_rgb(0x5f, 0xc9, 0xb6),
        Color32::from_rgb(0xc5, 0xa0, 0xf0),
        Color32::from_rgb(0x9f, 0xb4, 0xc6),
    ],
};

const LIGHT: Ink = Ink {
    ground: Color32::from_rgb(0xf1, 0xee, 0xe8),
    card: Color32::from_rgb(0xfd, 0xfc, 0xfa),
    raised: Color32::from_rgb(0xe6, 0xe2, 0xd9),
    well: Color32::from_rgb(0xe3, 0xdf, 0xd6),
    line: Color32::from_rgb(0xcb, 0xc5, 0xb9),
    text: Color32::from_rgb(0x1a, 0x22, 0x2a),
    quiet: Color32::from_rgb(0x4c, 0x57, 0x61),
    client: Color32::from_rgb(0x8a, 0x49, 0x00),
    ours: Color32::from_rgb(0x08, 0x60, 0x57),
    chosen: Color32::from_rgb(0xbf, 0xe3, 0xdc),
    alarm: Color32::from_rgb(0xb0, 0x2a, 0x35),
    on_alarm: Color32::WHITE,
    voices: [
        Color32::from_rgb(0x3a, 0x5f, 0xc4),
        Color32::from_rgb(0x14, 0x8a, 0x7b),
        Color32::from_rgb(0x84, 0x52, 0xc0),
        Color32::from_rgb(0x66, 0x79, 0x8a),
    ],
};

impl Ink {
    /// The colours of `theme`.
    pub fn of(theme: Theme) -> &'static Self {
        match theme {
            Theme::Dark => &DARK,
            Theme::Light => &LIGHT,
        }
    }

    /// The colour of a voice of ours.
    pub fn of_voice(&self, voice: Voice) -> Color32 {
        match voice {
            Voice::Bass => self.voices[0],
            Voice::Harmony => self.voices[1],
            Voice::Counter => self.voices[2],
            Voice::Pulse => self.voices[3],
        }
    }
}

/// Corners of everything.
pub const ROUND: CornerRadius = CornerRadius::same(8);

/// How much is left of the ink of what cannot be used yet.
const WAITS: f32 = 0.7;

/// Gives ready-made widgets in `ui`, lists and hints among them, this look.
pub fn dress(context: &egui::Context, theme: Theme, space: Space) {
    let ink = Ink::of(theme);
    context.set_theme(if theme == Theme::Dark { egui::Theme::Dark } else { egui::Theme::Light });
    context.all_styles_mut(|style| {
        let sizes = [(TextStyle::Small, 13.0), (TextStyle::Body, 14.0), (TextStyle::Button, 14.0)];
        for (text, size) in sizes {
            style.text_styles.insert(text, space.font(size));
        }
        style.spacing.item_spacing = vec2(8.0, 4.0);
        style.spacing.button_padding = vec2(10.0, 4.0);
        style.spacing.interact_size.y = space.u(26.0);
        style.spacing.menu_margin = Margin::same(6);
        // A list is as high as it needs, as far as the window has room.
        style.spacing.default_area_size = vec2(600.0, 4_000.0);
        style.interaction.selectable_labels = false;
        style.interaction.tooltip_delay = 0.6;

        let mut visuals = if theme == Theme::Dark { Visuals::dark() } else { Visuals::light() };
        visuals.panel_fill = ink.ground;
        visuals.window_fill = ink.card;
        visuals.window_stroke = Stroke::new(1.0, ink.line);
        visuals.menu_corner_radius = ROUND;
        visuals.extreme_bg_color = ink.well;
        visuals.override_text_color = Some(ink.text);
        // What waits says what it waits for, and so stays legible.
        visuals.disabled_alpha = WAITS;
        visuals.selection.bg_fill = ink.chosen;
        visuals.selection.stroke = Stroke::new(1.5, ink.ours);
        let fills = [
            (&mut visuals.widgets.noninteractive, ink.card),
            (&mut visuals.widgets.inactive, ink.card),
            (&mut visuals.widgets.hovered, ink.raised),
            (&mut visuals.widgets.active, ink.chosen),
            (&mut visuals.widgets.open, ink.raised),
        ];
        for (widget, fill) in fills {
            widget.bg_fill = fill;
            widget.weak_bg_fill = fill;
            widget.bg_stroke = Stroke::NONE;
            widget.fg_stroke.color = ink.text;
            widget.corner_radius = ROUND;
            widget.expansion = 0.0;
        }
        visuals.widgets.noninteractive.bg_stroke = Stroke::new(1.0, ink.line);
        style.visuals = visuals;
    });
}

/// The frame of a list that has been opened.
pub fn of_lists(ink: &Ink) -> Frame {
    Frame::new().fill(ink.card).stroke(Stroke::new(1.0, ink.line)).corner_radius(ROUND).inner_margin(Margin::same(6))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast of two colours, 1 to 21, after WCAG 2.2.
    fn contrast(a: Color32, b: Color32) -> f32 {
        let light = |colour: Color32| {
            let linear = |value: u8| {
                let value = f32::from(value) / 255.0;
                if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * linear(colour.r()) + 0.7152 * linear(colour.g()) + 0.0722 * linear(colour.b())
        };
        let (a, b) = (light(a), light(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_stands_out_from_what_it_is_written_on() {
        for theme in [Theme::Dark, Theme::Light] {
            let ink = Ink::of(theme);
            let grounds = [ink.ground, ink.card, ink.raised, ink.well, ink.chosen];
            for ground in grounds {
                for text in [ink.text, ink.quiet, ink.ours, ink.client] {
                    let contrast = contrast(text, ground);
                    assert!(contrast >= 4.5, "{theme:?}: {text:?} on {ground:?} has {contrast:.2}");
                }
            }
            assert!(contrast(ink.on_alarm, ink.alarm) >= 4.5, "{theme:?}: panic");
        }
    }

    #[test]
    fn every_voice_stands_out_from_the_picture_s_ground() {
        for theme in [Theme::Dark, Theme::Light] {
            let ink = Ink::of(theme);
            for colour in ink.voices.into_iter().chain([ink.ours, ink.client]) {
                assert!(contrast(colour, ink.well) >= 3.0, "{theme:?}: {colour:?}");
            }
        }
    }
}
