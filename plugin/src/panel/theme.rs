//! Calm and dark, with strong contrast: readable at arm's length, from the piano stool.

use egui::{
    Color32, CornerRadius, FontFamily, FontId, Frame, Margin, Stroke, TextStyle, Theme, Ui, Vec2, Visuals, vec2,
};

/// Behind everything.
pub const GROUND: Color32 = Color32::from_rgb(0x12, 0x17, 0x1e);
/// What lies on it.
pub const CARD: Color32 = Color32::from_rgb(0x1c, 0x24, 0x2e);
/// What lies on it and is touched.
pub const CARD_HOVERED: Color32 = Color32::from_rgb(0x26, 0x31, 0x3e);
/// Grooves: bars and keys.
pub const GROOVE: Color32 = Color32::from_rgb(0x0b, 0x0f, 0x14);
/// Text.
pub const TEXT: Color32 = Color32::from_rgb(0xf2, 0xf5, 0xf8);
/// Text of lesser weight; still 8:1 against a card.
pub const QUIET: Color32 = Color32::from_rgb(0xb4, 0xc0, 0xcd);
/// The client's colour.
pub const CLIENT: Color32 = Color32::from_rgb(0xff, 0xc0, 0x72);
/// Our colour.
pub const OURS: Color32 = Color32::from_rgb(0x74, 0xd8, 0xc6);
/// Our colour as a ground under text.
pub const OURS_DEEP: Color32 = Color32::from_rgb(0x1d, 0x5a, 0x55);
/// Panic.
pub const ALARM: Color32 = Color32::from_rgb(0xb3, 0x3a, 0x43);

/// Corners of everything.
pub const ROUND: CornerRadius = CornerRadius::same(8);

/// Sizes of text, points: small, usual, and the panel's name.
const TEXTS: [(TextStyle, f32); 4] =
    [(TextStyle::Small, 13.0), (TextStyle::Body, 15.0), (TextStyle::Button, 15.0), (TextStyle::Heading, 22.0)];

/// Window from which on everything grows with it, points.
const GROWS_FROM: Vec2 = vec2(960.0, 640.0);

/// Most that everything grows.
const GROWTH: f32 = 1.7;

/// How much room there is, and what follows from it; lengths in points.
#[derive(Clone, Copy, Debug)]
pub struct Space {
    /// How much larger than usual everything is.
    scale: f32,
    /// Width of the goal cards.
    pub goals_width: f32,
    /// Whether there is room for more words than names.
    pub wordy: bool,
    /// Whether the head has room for the names of its choices.
    pub wide: bool,
    /// Between groups.
    pub gap: f32,
    /// Least height of a knob.
    pub knob: f32,
    /// Height of a momentary button.
    pub act: f32,
    /// Size of the client's note.
    pub note: f32,
    /// Size of the sentence.
    pub sentence: f32,
    /// Height of the keyboard.
    pub keyboard: f32,
}

impl Space {
    /// What a window of `size` has room for.
    pub fn of(size: Vec2) -> Self {
        let roomy = size.y >= 560.0;
        let scale = (size / GROWS_FROM).min_elem().clamp(1.0, GROWTH);
        let usual = |usual: f32, tight: f32| if roomy { usual * scale } else { tight };
        Self {
            scale,
            goals_width: (size.x * 0.36).clamp(256.0, 400.0 * scale),
            wordy: roomy && size.x >= 760.0,
            wide: size.x >= 700.0,
            gap: usual(10.0, 6.0),
            knob: usual(34.0, 30.0),
            act: usual(56.0, 44.0),
            note: usual(46.0, 32.0),
            sentence: usual(20.0, 17.0),
            keyboard: usual(44.0, 26.0),
        }
    }

    /// A length of `usual` points, grown.
    pub fn grown(self, usual: f32) -> f32 {
        usual * self.scale
    }

    /// A proportional font of `usual` points, grown.
    pub fn font(self, usual: f32) -> FontId {
        font(self.grown(usual))
    }

    /// The same with knobs `height` points high, if that is more.
    pub fn with_knob(self, height: f32) -> Self {
        Self { knob: height.max(self.knob), ..self }
    }

    /// Gives the text of ready-made widgets in `ui` its size.
    pub fn dress(self, ui: &mut Ui) {
        for (text, size) in TEXTS {
            ui.style_mut().text_styles.insert(text, self.font(size));
        }
    }
}

/// A proportional font of `size` points.
pub fn font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// Ground of the top and bottom rows.
pub fn bar() -> Frame {
    Frame::new().fill(GROUND).inner_margin(Margin::symmetric(14, 10))
}

/// Ground of the columns.
pub fn column() -> Frame {
    Frame::new().fill(GROUND).inner_margin(Margin { left: 14, right: 14, top: 0, bottom: 0 })
}

/// A card.
pub fn card() -> Frame {
    Frame::new().fill(CARD).corner_radius(ROUND).inner_margin(Margin::symmetric(14, 10))
}

/// Gives `context` this look.
pub fn apply(context: &egui::Context) {
    context.set_theme(Theme::Dark);
    context.all_styles_mut(|style| {
        for (text, size) in TEXTS {
            style.text_styles.insert(text, font(size));
        }
        style.spacing.item_spacing = vec2(8.0, 6.0);
        style.spacing.button_padding = vec2(12.0, 6.0);
        style.spacing.interact_size.y = 30.0;
        style.interaction.selectable_labels = false;
        style.interaction.tooltip_delay = 0.6;

        let mut visuals = Visuals::dark();
        visuals.panel_fill = GROUND;
        visuals.window_fill = CARD;
        visuals.extreme_bg_color = GROOVE;
        visuals.override_text_color = Some(TEXT);
        visuals.selection.bg_fill = OURS_DEEP;
        visuals.selection.stroke = Stroke::new(1.0, OURS);
        for (widget, fill) in [
            (&mut visuals.widgets.inactive, CARD),
            (&mut visuals.widgets.hovered, CARD_HOVERED),
            (&mut visuals.widgets.active, OURS_DEEP),
            (&mut visuals.widgets.open, CARD_HOVERED),
        ] {
            widget.bg_fill = fill;
            widget.weak_bg_fill = fill;
            widget.bg_stroke = Stroke::NONE;
            widget.corner_radius = ROUND;
            widget.expansion = 0.0;
        }
        style.visuals = visuals;
    });
}
