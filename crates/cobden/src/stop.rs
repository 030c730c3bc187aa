//! Why a case was not solved, in words.

use cobden_equilibrium::{Model, SolveReport, Stop};
use cobden_world::World;

/// Why a solve stopped, with how far it came, what would jump or leave, and what to try.
pub(crate) fn words(report: &SolveReport, model: &Model, world: &World) -> String {
    let mut words = report.stop.to_string();
    if report.stop.converged() {
        if report.elsewhere() {
            words.push_str(&elsewhere(report, world));
        }
        return words;
    }
    if report.reached > 0.0 && report.reached < 1.0 {
        words.push_str(&format!(", {} per cent of the way from the baseline", part(100.0 * report.reached)));
    }
    if let Some(abrupt) = report.abrupt {
        let (country, sector) = (&world.countries[abrupt.country], &world.sectors[abrupt.sector]);
        words.push_str(&match (report.stop, abrupt.falls) {
            (Stop::Corner, _) => format!(": {sector} leaves {country}"),
            (_, true) => format!(": from there {sector} would leave {country} all at once"),
            (_, false) => format!(": from there {sector} would all at once gather in {country}"),
        });
    }
    if model.preset.has_scale() && model.scale > 0.0 {
        let inputs = model.inputs && world.inputs.is_some();
        words.push_str(if inputs { "; try a smaller `scale`, or inputs = false" } else { "; try a smaller `scale`" });
    }
    words
}

/// That the equilibrium found is not the one that leads on from the baseline, and what moved most on the way to it.
fn elsewhere(report: &SolveReport, world: &World) -> String {
    let ends = match report.reached {
        reached if reached > 0.0 => format!("ends {} per cent of the way", part(100.0 * reached)),
        _ => "ends at once".to_owned(),
    };
    let moved = report.abrupt.map_or(String::new(), |abrupt| {
        let (country, sector) = (&world.countries[abrupt.country], &world.sectors[abrupt.sector]);
        if abrupt.falls {
            format!("; {sector} all but leaves {country}")
        } else {
            format!("; {sector} gathers in {country}")
        }
    });
    format!(
        ", but to another equilibrium than the one that leads on from the baseline, which {ends}{moved}; there may be more"
    )
}

/// Two digits that say something: `29`, `0.15`, `0.0024`.
fn part(percent: f64) -> String {
    let digits = (1.0 - percent.log10().floor()).clamp(0.0, 6.0);
    format!("{percent:.*}", digits as usize)
}

#[cfg(test)]
mod tests {
    use cobden_world::toy;

    use super::*;

    #[test]
    fn small_parts_keep_their_digits() {
        assert_eq!([29.34, 0.1523, 0.00241, 3.07].map(part), ["29", "0.15", "0.0024", "3.1"]);
    }

    #[test]
    fn a_fold_says_where() {
        let world = toy::two_countries();
        let economy = cobden_equilibrium::Economy::calibrate(
            &world,
            world.elasticities.as_ref().unwrap(),
            &Model::default(),
            &Default::default(),
        )
        .unwrap();
        let mut report = *economy.baseline_report();
        assert_eq!(words(&report, &Model::default(), &world), "converged");
        report.reached = 0.29;
        let text = words(&report, &Model::default(), &world);
        assert!(text.contains("converged, but to another equilibrium") && text.contains("ends 29 per cent"), "{text}");
        report.stop = Stop::Fold;
        report.abrupt = Some(cobden_equilibrium::Abrupt { country: 1, sector: 0, falls: true });
        let model = Model { preset: cobden_equilibrium::Preset::Krugman, ..Model::default() };
        let text = words(&report, &model, &world);
        assert!(text.contains("29 per cent of the way from the baseline: from there goods would leave B"), "{text}");
        assert!(text.ends_with("try a smaller `scale`"), "{text}");
    }
}
