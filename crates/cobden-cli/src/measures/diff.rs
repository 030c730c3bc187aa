//! `cobden measures diff`.

use cobden::Problem;
use cobden::law::{self, Difference, MeasureDifference, PartnerDifference, RateDifference, Through};

use super::arguments::{DiffArguments, Print};
use super::timeline::{SEEN, moved};
use crate::output::{WIDTH, print, wrap};

/// Most groups of partners of one measure on screen.
const GROUPS: usize = 8;

pub(super) fn diff(arguments: &DiffArguments) -> Result<(), Problem> {
    let register = arguments.law.sources()?.open()?;
    let trade = law::trade(&register, &arguments.world, &arguments.importer)?;
    let through = Through {
        importer: arguments.importer.clone(),
        exporter: arguments.exporter.clone(),
        product: arguments.product.clone(),
        from: Some(arguments.before.clone()),
        to: Some(arguments.after.clone()),
        known: arguments.as_known.clone(),
        view: arguments.view.into(),
        ..Through::default()
    };
    let difference = law::diff(&register, &through, trade.as_ref())?;
    print(&match arguments.format {
        Print::Json => difference.json()?,
        Print::Text => screen(&difference),
    })
}

fn screen(difference: &Difference) -> String {
    let Difference { before, after, measures, rate } = difference;
    let mut text = format!("From {before} to {after}\n\n");
    if let Some(rate) = rate {
        text.push_str(&rated(rate));
    }
    for measure in measures {
        text.push_str(&told(measure));
    }
    if measures.is_empty() {
        text.push_str("No measure charges anything else.\n");
    }
    text
}

fn rated(rate: &RateDifference) -> String {
    let title = law::timeline_title(&rate.path, 1);
    let mut text =
        format!("{title}: {:.2} to {:.2} points ({:+.2})\n", rate.before, rate.after, rate.after - rate.before);
    if !rate.path.with_base {
        text.push_str("The ordinary duty is not known here and not counted.\n");
    }
    for one in rate.moves.iter().filter(|moved| moved.points.abs() >= SEEN) {
        text.push_str(&format!("{}\n", wrap(&moved(one), WIDTH, "  ", "    ")));
    }
    text.push('\n');
    text
}

fn told(measure: &MeasureDifference) -> String {
    let MeasureDifference { id, title, what, acts, changes } = measure;
    let mut text = format!("{id} {what}: {title}\n");
    for act in acts {
        text.push_str(&format!("{}\n", wrap(&act.act, WIDTH, "  by ", "     ")));
    }
    for change in changes.iter().take(GROUPS) {
        text.push_str(&partners(change));
    }
    if changes.len() > GROUPS {
        text.push_str(&format!("  and {} more groups of partners (--format json has all)\n", changes.len() - GROUPS));
    }
    text.push('\n');
    text
}

fn partners(change: &PartnerDifference) -> String {
    let mut text = format!("{}\n", wrap(&change.whom, WIDTH, "  from ", "       "));
    for (mark, lines) in [("-", &change.before), ("+", &change.after)] {
        for line in lines {
            text.push_str(&format!("{}\n", wrap(line, WIDTH, &format!("    {mark} "), "      ")));
        }
    }
    text
}
