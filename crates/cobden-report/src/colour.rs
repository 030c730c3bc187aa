//! Colours computed in OKLab, where equal steps look equal.
//!
//! The scale diverges from a neutral middle to orange-brown (losses) and blue (gains): a pair that people who see no red
//! or no green tell apart, and whose steps differ in lightness too.

use crate::scale::{STEPS, Shade};

/// A colour in OKLCh: lightness 0..1, chroma, hue in degrees.
#[derive(Clone, Copy)]
struct Lch(f64, f64, f64);

/// A colour as red, green and blue from 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rgb([u8; 3]);

/// The colours of one mode, light or dark.
pub(crate) struct Palette {
    loss: Lch,
    zero: Lch,
    gain: Lch,
}

/// For light pages and for print.
pub(crate) const LIGHT: Palette =
    Palette { loss: Lch(0.47, 0.125, 46.0), zero: Lch(0.93, 0.006, 85.0), gain: Lch(0.40, 0.125, 255.0) };
/// For dark pages: the far ends are light.
pub(crate) const DARK: Palette =
    Palette { loss: Lch(0.83, 0.135, 66.0), zero: Lch(0.34, 0.006, 85.0), gain: Lch(0.80, 0.11, 240.0) };

// True black: a grey would leave middle shades below a contrast of 4.5 on either ink.
const DARK_INK: Rgb = Rgb([0; 3]);
const LIGHT_INK: Rgb = Rgb([0xff; 3]);

impl Palette {
    /// The colour of a shade; `None` where there is no value.
    pub(crate) fn colour(&self, shade: Shade) -> Option<Rgb> {
        let step = shade.step()?;
        let end = if step < 0 { self.loss } else { self.gain };
        // The first step starts well off the middle, so that a small loss is not taken for a small gain.
        let t = if step == 0 { 0.0 } else { 0.14 + 0.86 * f64::from(step.abs() - 1) / f64::from(STEPS - 1) };
        let (from, to) = (self.zero.lab(), end.lab());
        Some(rgb(std::array::from_fn(|k| from[k] + t * (to[k] - from[k]))))
    }
}

impl Lch {
    fn lab(self) -> [f64; 3] {
        let hue = self.2.to_radians();
        [self.0, self.1 * hue.cos(), self.1 * hue.sin()]
    }
}

impl Rgb {
    /// Black or white, whichever is easier to read on this colour.
    pub(crate) fn ink(self) -> Rgb {
        if contrast(self, DARK_INK) >= contrast(self, LIGHT_INK) { DARK_INK } else { LIGHT_INK }
    }
}

impl std::fmt::Display for Rgb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

/// OKLab to sRGB (Ottosson 2020), clipped to what a screen can show.
fn rgb([lightness, a, b]: [f64; 3]) -> Rgb {
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
    let linear = [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
    ];
    Rgb(linear.map(|value| {
        let encoded = if value <= 0.003_130_8 { 12.92 * value } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 };
        // Within 0..255 by the clamp, so the cast is exact.
        (encoded.clamp(0.0, 1.0) * 255.0).round() as u8
    }))
}

/// Contrast ratio of two colours, 1 to 21 (WCAG 2.2).
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let luminance = |Rgb(channels): Rgb| {
        let [r, g, b] = channels.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oklab_white_black_and_red_are_those_of_srgb() {
        assert_eq!(rgb([1.0, 0.0, 0.0]).to_string(), "#ffffff");
        assert_eq!(rgb([0.0, 0.0, 0.0]).to_string(), "#000000");
        assert_eq!(rgb([0.627_955, 0.224_863, 0.125_846]).to_string(), "#ff0000");
    }

    #[test]
    fn text_is_readable_on_every_shade() {
        for palette in [LIGHT, DARK] {
            for shade in Shade::all() {
                let colour = palette.colour(shade).unwrap();
                assert!(contrast(colour, colour.ink()) >= 4.5, "{} {colour}", shade.name());
            }
        }
    }

    #[test]
    fn lightness_is_monotone_away_from_zero() {
        for (palette, sign) in [(LIGHT, 1.0), (DARK, -1.0)] {
            let against_black = |step| contrast(palette.colour(Shade::of_step(step)).unwrap(), Rgb([0; 3]));
            for step in 0..STEPS {
                assert!(sign * (against_black(step) - against_black(step + 1)) > 0.0, "gain {step}");
                assert!(sign * (against_black(-step) - against_black(-step - 1)) > 0.0, "loss {step}");
            }
        }
    }
}
