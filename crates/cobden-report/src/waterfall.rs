//! How parts add up to a whole: bars that each begin where the last one ended.

use serde::Serialize;

use crate::bars::{Bars, Domain, Item};
use crate::contents::Page;
use crate::scale::signed;

/// How the value of one region comes about.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Breakdown {
    /// The case, by name; the same for all breakdowns of a page.
    pub case: String,
    /// The region, by code.
    pub region: String,
    /// A sentence or two that say the same in words; may be empty.
    pub text: String,
    /// Parts of the whole in [`Page::measure`], in the order in which they are drawn; what is not finite is left out.
    pub steps: Vec<Step>,
    /// The whole.
    pub total: Step,
    /// What the whole hangs on: by how much each lever moves it, in the unit of [`Page::measure`] or its points; may be empty.
    pub levers: Vec<Step>,
}

/// A part with its name.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Step {
    /// "Terms of trade".
    pub label: String,
    /// Its size.
    pub value: f64,
}

/// A breakdown laid out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct WaterfallView {
    case: String,
    region: String,
    text: String,
    falls: Falls,
    levers: Bars,
}

/// Steps and what they add up to, on one scale, with the place of zero.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Falls {
    zero: f64,
    steps: Vec<Fall>,
    total: Fall,
}

/// A bar from where the last one ended, in percent of the width there is.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Fall {
    label: String,
    x: f64,
    width: f64,
    /// Where it ends and the next begins.
    end: f64,
    sign: &'static str,
    text: String,
}

/// Lays one breakdown out.
pub(crate) fn view(page: &Page, breakdown: &Breakdown) -> WaterfallView {
    let region = page.regions.iter().find(|region| region.code == breakdown.region);
    WaterfallView {
        case: breakdown.case.clone(),
        region: region.map_or_else(|| breakdown.region.clone(), |region| region.name.clone()),
        text: breakdown.text.clone(),
        falls: falls(&breakdown.steps, &breakdown.total, page.measure.decimals),
        levers: levers(page, &breakdown.levers),
    }
}

/// Lays steps out, each from where the last one ended; what is not finite is left out.
pub(crate) fn falls(steps: &[Step], total: &Step, decimals: usize) -> Falls {
    let steps: Vec<&Step> = steps.iter().filter(|step| step.value.is_finite()).collect();
    let whole = if total.value.is_finite() { total.value } else { 0.0 };
    let ends: Vec<f64> = steps
        .iter()
        .scan(0.0, |end, step| {
            *end += step.value;
            Some(*end)
        })
        .collect();
    let domain = Domain::of(ends.iter().copied().chain([whole]));
    let fall = |step: &Step, from: f64, to: f64| {
        let (start, end) = (domain.place(from), domain.place(to));
        Fall {
            label: step.label.clone(),
            x: start.min(end),
            width: ((end - start).abs() * 100.0).round() / 100.0,
            end,
            sign: if step.value < 0.0 { "loss" } else { "gain" },
            text: signed(step.value, decimals),
        }
    };
    let starts = std::iter::once(0.0).chain(ends.iter().copied());
    Falls {
        zero: domain.place(0.0),
        steps: steps.iter().zip(starts).zip(&ends).map(|((step, from), to)| fall(step, from, *to)).collect(),
        total: fall(total, 0.0, whole),
    }
}

/// Levers move the whole by little: they are written with a digit more.
fn levers(page: &Page, levers: &[Step]) -> Bars {
    let items = levers.iter().map(|lever| Item {
        label: lever.label.clone(),
        value: lever.value,
        cells: vec![signed(lever.value, page.measure.decimals + 1)],
    });
    Bars::new(items, Domain::of(levers.iter().map(|lever| lever.value)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn laid_out(values: &[f64], total: f64) -> Falls {
        let step = |value: &f64| Step { label: "a".into(), value: *value };
        falls(&values.iter().map(step).collect::<Vec<_>>(), &step(&total), 2)
    }

    #[test]
    fn each_bar_begins_where_the_last_one_ended() {
        let view = laid_out(&[2.0, -5.0, 1.0], -2.0);
        // From -3 to +2: zero lies at 60 per cent.
        assert_eq!(view.zero, 60.0);
        let bars: Vec<(f64, f64)> = view.steps.iter().map(|step| (step.x, step.width)).collect();
        assert_eq!(bars, [(60.0, 40.0), (0.0, 100.0), (0.0, 20.0)]);
        assert_eq!((view.total.x, view.total.width, view.total.end), (20.0, 40.0, 20.0));
        assert_eq!(view.steps[2].end, view.total.end, "what adds up ends where the whole does");
        assert_eq!((view.steps[1].sign, view.steps[1].text.as_str()), ("loss", "−5.00"));
    }

    proptest! {
        #[test]
        fn bars_stay_in_their_column(values in prop::collection::vec(any::<f64>(), 0..9), total in any::<f64>()) {
            let view = laid_out(&values, total);
            for bar in view.steps.iter().chain([&view.total]) {
                prop_assert!(bar.x >= 0.0 && bar.width >= 0.0 && bar.x + bar.width <= 100.01, "{bar:?}");
            }
        }
    }
}
