//! The sections of the report below the headline.

use ndarray::Axis;

use cobden_report::{Diversion, Entry, KeyFigure, Measure, Remark, SectorPanel, Source};

use super::story::{Plot, percent, usd, world_usd_million};
use super::{trade_cost, why};
use crate::answer::{Answer, CaseAnswer};
use crate::glossary::{self, Term};
use crate::labels::country;
use crate::result::percent_change;
use crate::study::{baseline_name, deficits_name};

/// Most countries that get charts of their own.
const CAST: usize = 4;

/// The countries that the story is about: those who act in the headline case, then those it moves most.
pub(crate) fn cast(answer: &Answer) -> Vec<usize> {
    let Some(case) = answer.headline() else { return Vec::new() };
    let mut cast = Vec::new();
    if let Some(plot) = Plot::of(answer).filter(|plot| plot.openers.len() <= CAST) {
        cast.extend(plot.openers.iter().chain(&plot.followers).copied().take(CAST));
    }
    let welfare = case.welfare_pct();
    let mut order: Vec<usize> = (0..welfare.len()).filter(|n| !cast.contains(n)).collect();
    order.sort_by(|&a, &b| welfare[b].abs().total_cmp(&welfare[a].abs()));
    let room = CAST.saturating_sub(cast.len());
    cast.extend(order.into_iter().take(room));
    cast
}

/// The world, who moved first, who loses most, who gains most.
pub(super) fn key_figures(answer: &Answer) -> Vec<KeyFigure> {
    let Some(case) = answer.headline() else { return Vec::new() };
    let Some(outcome) = &case.outcome else { return Vec::new() };
    let dollars =
        |value: f64| answer.usd_million().map(|factor| format!("{} a year", usd(value * factor))).unwrap_or_default();
    let mut figures = Vec::new();
    let (gain, income): (f64, f64) =
        (outcome.countries.iter().map(|country| country.welfare_value).sum(), answer.income.iter().sum());
    figures.push(KeyFigure {
        label: "World real income".to_owned(),
        value: percent(100.0 * gain / income),
        note: world_usd_million(answer, case).map(|total| format!("{} a year", usd(total))).unwrap_or_default(),
    });
    let figure = |label: &str, n: usize| KeyFigure {
        label: format!("{label}{}", country(&answer.world.countries[n])),
        value: outcome.countries.get(n).map(|country| percent(country.welfare_pct)).unwrap_or_default(),
        note: outcome.countries.get(n).map(|country| dollars(country.welfare_value)).unwrap_or_default(),
    };
    if let Some(&[opener]) = Plot::of(answer).as_ref().map(|plot| plot.openers.as_slice()) {
        figures.push(figure("", opener));
    }
    let welfare = case.welfare_pct();
    let by = |a: &usize, b: &usize| welfare[*a].total_cmp(&welfare[*b]);
    if let Some(worst) = (0..welfare.len()).min_by(by).filter(|&n| welfare[n] < 0.0) {
        figures.push(figure("Largest loss: ", worst));
    }
    if let Some(best) = (0..welfare.len()).max_by(by).filter(|&n| welfare[n] > 0.0) {
        figures.push(figure("Largest gain: ", best));
    }
    figures
}

/// How imports are told: USD billion, of which there are so many in one unit of the world; the world's unit where that is another currency.
pub(super) fn imports(answer: &Answer) -> (f64, Measure) {
    match answer.usd_million() {
        Some(usd) => (usd / 1000.0, Measure::usd_billion("Imports")),
        None => {
            let (name, unit) = ("Imports".to_owned(), answer.world.origin.unit.clone());
            (1.0, Measure { name, unit, decimals: 1, note: String::new() })
        }
    }
}

/// Who buys less and more from whom in the headline case.
pub(super) fn diversion(answer: &Answer, cast: &[usize]) -> Vec<Diversion> {
    let Some(case) = answer.headline() else { return Vec::new() };
    let Some(outcome) = &case.outcome else { return Vec::new() };
    let (before, after) = (outcome.flows_before.sum_axis(Axis(2)), outcome.flows.sum_axis(Axis(2)));
    let (factor, measure) = imports(answer);
    // What a country buys at home moves with its wage above all, not with who sells to whom: it is left out.
    let abroad = |n: usize, i: usize, change: f64| if n == i { f64::NAN } else { change };
    let table = |change: &dyn Fn(f64, f64) -> f64| -> Vec<Vec<f64>> {
        let countries = 0..answer.world.countries.len();
        let row = |n: usize| countries.clone().map(|i| abroad(n, i, change(after[[n, i]], before[[n, i]]))).collect();
        countries.clone().map(row).collect()
    };
    vec![Diversion {
        case: case.name.clone(),
        measure: Measure {
            note: "Change against the baseline, before tariff, in dollars of unchanged world income.".to_owned(),
            ..measure
        },
        amounts: table(&|new, old| (new - old) * factor),
        percents: table(&percent_change),
        focus: cast.iter().map(|&n| answer.world.countries[n].to_owned()).collect(),
    }]
}

/// Output and employment by sector in the headline case, for the cast.
pub(super) fn sector_panels(answer: &Answer, cast: &[usize]) -> Vec<SectorPanel> {
    let Some(case) = answer.headline() else { return Vec::new() };
    cast.iter().filter_map(|&n| sector_panel(answer, case, n)).collect()
}

fn sector_panel(answer: &Answer, case: &CaseAnswer, n: usize) -> Option<SectorPanel> {
    let outcome = case.outcome.as_ref()?;
    let values = (0..answer.world.sectors.len()).map(|j| {
        let made = outcome.sales_before[[n, j]] > 0.0;
        let change = |hat: f64| if made { 100.0 * (hat - 1.0) } else { f64::NAN };
        vec![change(outcome.output_hat[[n, j]]), change(outcome.employment_hat[[n, j]])]
    });
    Some(SectorPanel {
        case: case.name.clone(),
        region: answer.world.countries[n].to_owned(),
        measures: vec![Measure::percent("Output"), Measure::percent("Employment")],
        values: values.collect(),
    })
}

/// What the model assumes, in the words of the glossary.
pub(super) fn assumptions(answer: &Answer) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut say = |title: String, text: &str| remarks.push(Remark { title, text: text.to_owned() });
    if let Ok(term) = glossary::explain(answer.model.preset.name()) {
        say(format!("The model: {}", term.title()), &term.summary());
    }
    let theta = &answer.elasticities.values;
    let range = theta.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), theta| (low.min(*theta), high.max(*theta)));
    say(
        format!("Trade elasticities: {}", answer.elasticities.name),
        &format!(
            "From {:.1} to {:.1} by sector. Results depend on them more than on any other number: try another set.",
            range.0, range.1
        ),
    );
    if let Some(products) = answer.products() {
        let eta = answer.model.product_elasticity;
        let divided = if eta == 1.0 {
            "in fixed shares".to_owned()
        } else {
            format!("with an elasticity of substitution of {eta}")
        };
        say(
            format!("Products: {products}"),
            &format!(
                "What a country spends on a sector is divided over its products {divided}, and each product has a market and tariffs of its own. All products of a \
                 sector cost the same to make in changes, and share its trade elasticity unless they have one of their own."
            ),
        );
    }
    for (term, chosen) in
        [("deficits", deficits_name(answer.model.deficits)), ("baseline", baseline_name(answer.model.baseline))]
    {
        if let Some((term, text)) = choice(term, chosen) {
            say(format!("{}: {chosen}", term.title()), text);
        }
    }
    if let Ok(term) = glossary::explain("assumptions") {
        // One point of them says that labour is fixed.
        let elastic = answer.model.labour_supply_elasticity > 0.0;
        let labour = if elastic { glossary::explain("labour-supply").ok() } else { None };
        for (title, text) in term.points() {
            let fixed = title.starts_with("People stay");
            let (title, text) = labour.filter(|_| fixed).and_then(|term| term.points().next()).unwrap_or((title, text));
            say(title.to_owned(), text);
        }
    }
    remarks
}

fn choice(term: &str, chosen: &str) -> Option<(Term, &'static str)> {
    let term = glossary::explain(term).ok()?;
    term.points().find(|(word, _)| *word == chosen).map(|(_, text)| (term, text))
}

/// Caveats of the study and the world, and cases without numbers.
pub(super) fn notes(answer: &Answer) -> Vec<String> {
    let failed = answer.cases.iter().filter(|case| !case.solver.converged);
    let failed = failed.map(|case| format!("The case “{}” was not solved: {}.", case.name, case.solver.stop));
    let elsewhere = answer.cases.iter().filter_map(|case| Some((&case.name, case.solver.caveat()?)));
    let elsewhere = elsewhere.map(|(name, caveat)| format!("The case “{name}”: the solver {caveat}."));
    let own = [answer.study.note.clone().unwrap_or_default(), answer.world.origin.note.clone()];
    let own = own.into_iter().filter(|note| !note.trim().is_empty());
    failed.chain(elsewhere).chain(why::notes(answer)).chain(trade_cost::notes(answer)).chain(own).collect()
}

/// The passport, line by line.
pub(super) fn passport(answer: &Answer) -> Vec<Entry> {
    let (passport, origin) = (&answer.passport, &answer.world.origin);
    let worst = answer.cases.iter().map(|case| case.solver.residual_max).fold(0.0, f64::max);
    let solved = answer.cases.iter().filter(|case| case.solver.converged).count();
    let tables: Vec<String> = passport.tables.iter().map(|(name, hash)| format!("{name}: {hash}")).collect();
    let preset = answer.model.preset;
    let scale = if preset.has_scale() { format!(" with scale {}", answer.model.scale) } else { String::new() };
    let labour = match answer.model.labour_supply_elasticity {
        elasticity if elasticity > 0.0 => format!(", labour supply of elasticity {elasticity}"),
        _ => String::new(),
    };
    let model = format!(
        "{}{scale}{labour}, deficits {}, baseline {}{}",
        preset.name(),
        deficits_name(answer.model.deficits),
        baseline_name(answer.model.baseline),
        if answer.model.inputs { "" } else { ", without inputs" }
    );
    let lines = [
        ("Made by", format!("cobden {}", passport.cobden)),
        ("Date", passport.created.clone()),
        ("Model", model),
        ("World", format!("{} ({})", origin.id, origin.year)),
        ("World, BLAKE3", passport.world.clone()),
        ("Products", answer.products().unwrap_or_default()),
        ("Products, BLAKE3", passport.products.clone().unwrap_or_default()),
        ("Study, BLAKE3", passport.study.clone()),
        ("Trade elasticities", answer.elasticities.name.clone()),
        ("Trade elasticities, BLAKE3", passport.elasticities.clone()),
        ("Tables of tariffs, BLAKE3", tables.join("; ")),
        (
            "Law and its weights, BLAKE3",
            passport.measures.clone().unwrap_or_else(|| "none: the study gives every rate, or asks for it".to_owned()),
        ),
        ("Cases solved", format!("{solved} of {}", answer.cases.len())),
        ("Largest residual", format!("{worst:.1e} of any equilibrium condition")),
    ];
    let said = lines.into_iter().filter(|(_, value)| !value.is_empty());
    said.map(|(name, value)| Entry { name: name.to_owned(), value }).collect()
}

/// Where the data come from.
pub(super) fn sources(answer: &Answer) -> Vec<Source> {
    let origin = &answer.world.origin;
    let world = Source {
        name: if origin.title.is_empty() { origin.id.clone() } else { origin.title.clone() },
        text: origin.source.clone(),
        licence: origin.licence.clone().unwrap_or_else(|| "licence not stated".to_owned()),
        url: String::new(),
    };
    let elasticities = Source {
        name: format!("Trade elasticities: {}", answer.elasticities.name),
        text: answer.elasticities.comments.join(" "),
        licence: String::new(),
        url: String::new(),
    };
    vec![world, elasticities]
}
