//! Why: the parts of a change of real income and what it hangs on, in sentences and as charts.

use cobden_report::scale::signed;
use cobden_report::{Breakdown, Step};

use super::export_tax::Levied;
use super::story::{Plot, percent};
use super::trade_cost::Dearer;
use crate::answer::{Answer, CaseAnswer};
use crate::hinge::Hinge;
use crate::labels::{capital, country, in_sentence};
use crate::why::{Part, Why};

/// A part below this, in percentage points, is not spoken of.
const NOTICEABLE: f64 = 0.005;
/// A part below this share of the largest is not spoken of.
const MINOR: f64 = 0.05;
/// How many assumptions a number is shown to hang on, in a chart and in a line.
const LEVERS: usize = 5;
const NAMED: usize = 3;
/// For how many countries on screen.
const LINES: usize = 3;
/// Most of those who act that get a chart of their own.
const ACTORS: usize = 4;

/// The countries whose change is explained: those who act or whose trade it is, then who loses most and who gains most.
fn explained(answer: &Answer, case: &CaseAnswer) -> Vec<usize> {
    let plot = Plot::of(answer).filter(|plot| plot.openers.len() <= ACTORS);
    let acting = plot.iter().flat_map(|plot| plot.openers.iter().chain(&plot.followers)).copied();
    let mut countries: Vec<usize> = acting.take(ACTORS).collect();
    if countries.is_empty() {
        countries.extend(Levied::of(answer).into_iter().flat_map(|levied| levied.countries));
    }
    if countries.is_empty() {
        countries.extend(Dearer::of(answer).into_iter().flat_map(|dearer| dearer.countries));
    }
    let welfare = case.welfare_pct();
    let mut order: Vec<usize> = (0..welfare.len()).collect();
    order.sort_by(|&a, &b| welfare[a].total_cmp(&welfare[b]));
    // Without actors there is room for two on each side.
    let each = if countries.is_empty() { 2 } else { 1 };
    let worst = order.iter().take(each).filter(|&&n| welfare[n] <= -NOTICEABLE);
    let best = order.iter().rev().take(each).filter(|&&n| welfare[n] >= NOTICEABLE);
    for &n in worst.chain(best) {
        if !countries.contains(&n) {
            countries.push(n);
        }
    }
    countries
}

/// One chart for each country that is explained.
pub(super) fn breakdowns(answer: &Answer) -> Vec<Breakdown> {
    let Some(case) = answer.headline() else { return Vec::new() };
    let Some(why) = &case.why else { return Vec::new() };
    explained(answer, case).into_iter().filter_map(|n| breakdown(answer, case, why, n)).collect()
}

fn breakdown(answer: &Answer, case: &CaseAnswer, why: &Why, n: usize) -> Option<Breakdown> {
    let (parts, outcome) = (why.parts(n)?, case.country(n)?);
    let shown = Part::ALL.into_iter().map(|part| (part, part.of(parts))).filter(|(_, pct)| pct.abs() >= NOTICEABLE);
    let mut text = vec![sentence(answer, case, why, n)?];
    text.extend(linear(outcome.first_order.welfare_pct, outcome.welfare_pct));
    Some(Breakdown {
        case: case.name.clone(),
        region: answer.world.countries[n].to_owned(),
        text: text.join(" "),
        steps: shown.map(|(part, value)| Step { label: part.to_string(), value }).collect(),
        total: Step { label: "Real income".to_owned(), value: outcome.welfare_pct },
        levers: levers(answer, why, n),
    })
}

/// The assumptions that a number hangs on most, ready to be drawn.
fn levers(answer: &Answer, why: &Why, n: usize) -> Vec<Step> {
    let lever =
        |hinge: &Hinge| Step { label: capital(&hinge.on.in_words(&answer.world, n)), value: hinge.effect_pct_points };
    why.hinges(n).iter().take(LEVERS).map(lever).collect()
}

/// The same in a line each, for those whom the story is about: name, change, and the three strongest.
pub(crate) fn hangs_on(answer: &Answer) -> Vec<String> {
    let Some(case) = answer.headline() else { return Vec::new() };
    let Some(why) = &case.why else { return Vec::new() };
    let said = |n: usize| {
        let item =
            |hinge: &Hinge| format!("{} {}", hinge.on.in_words(&answer.world, n), signed(hinge.effect_pct_points, 3));
        let items: Vec<String> = why.hinges(n).iter().take(NAMED).map(item).collect();
        let total = percent(case.country(n)?.welfare_pct);
        (!items.is_empty()).then(|| format!("{} ({total}): {}.", country(&answer.world.countries[n]), items.join("; ")))
    };
    explained(answer, case).into_iter().take(LINES).filter_map(said).collect()
}

/// Why the country that the first sentence is about gains or loses; what is wrong where that is not known.
pub(crate) fn headline_sentence(answer: &Answer) -> Option<String> {
    let case = answer.headline()?;
    let why = case.why.as_ref()?;
    match &why.decomposition {
        Ok(_) => sentence(answer, case, why, *explained(answer, case).first()?),
        Err(problem) => Some(not_taken_apart(case, &problem.message)),
    }
}

/// Why a country gains or loses in the headline case; `None` where that case was not taken apart.
pub(crate) fn why_sentence(answer: &Answer, country: usize) -> Option<String> {
    let case = answer.headline()?;
    sentence(answer, case, case.why.as_ref()?, country)
}

/// Cases that were to be taken apart and were not.
pub(super) fn notes(answer: &Answer) -> impl Iterator<Item = String> + '_ {
    let failed = answer.cases.iter().filter_map(|case| Some((case, case.why.as_ref()?.decomposition.as_ref().err()?)));
    let unknown = answer.cases.iter().filter_map(|case| Some((case, case.why.as_ref()?.hinges.as_ref().err()?)));
    let unknown = unknown.map(|(case, problem)| {
        format!("What the numbers of the case “{}” hang on is not known: {}.", case.name, problem.message)
    });
    failed.map(|(case, problem)| not_taken_apart(case, &problem.message)).chain(unknown)
}

fn not_taken_apart(case: &CaseAnswer, problem: &str) -> String {
    format!("The case “{}” was solved but not taken apart: {problem}.", case.name)
}

/// `Real income in the United States falls by 0.23% because it forgoes ... (−0.45, ...), although its exports ... (+0.22).`
fn sentence(answer: &Answer, case: &CaseAnswer, why: &Why, n: usize) -> Option<String> {
    let (parts, total) = (why.parts(n)?, case.country(n)?.welfare_pct);
    let mut order: Vec<(Part, f64)> = Part::ALL.into_iter().map(|part| (part, part.of(parts))).collect();
    order.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let least = order.first().map_or(0.0, |(_, largest)| MINOR * largest.abs()).max(NOTICEABLE);
    order.retain(|(_, pct)| pct.abs() >= least);
    let name = in_sentence(&answer.world.countries[n]);
    if order.is_empty() {
        return Some(format!("Real income in {name} hardly changes, and so does every part of it."));
    }
    // What goes the way of the whole comes first, then what goes against it.
    let with = |pct: f64| (pct < 0.0) == (total < 0.0);
    let say = |(part, pct): &(Part, f64)| {
        let amount = signed(*pct, 2);
        let mostly = most_of_it(answer, why, n, *part, *pct).map(|most| format!(", {most}")).unwrap_or_default();
        format!("{} ({amount}{mostly})", phrase(*part, *pct < 0.0))
    };
    let along: Vec<String> = order.iter().filter(|(_, pct)| with(*pct)).map(say).collect();
    let against: Vec<String> = order.iter().filter(|(_, pct)| !with(*pct)).map(say).collect();
    let verb = if total < 0.0 { "falls" } else { "rises" };
    let opening = if total.abs() < NOTICEABLE {
        format!("Real income in {name} hardly changes ({})", percent(total))
    } else {
        format!("Real income in {name} {verb} by {:.2}%", total.abs())
    };
    let reasons = [along.join(" and "), against.join(" and ")];
    let [along, against] = &reasons;
    Some(match (along.is_empty(), against.is_empty()) {
        (true, _) => format!("{opening}, although {against}."),
        (false, true) => format!("{opening} because {along}."),
        (false, false) => format!("{opening} because {along}, although {against}."),
    })
}

/// What a part means, for better or for worse.
fn phrase(part: Part, worse: bool) -> &'static str {
    match (part, worse) {
        (Part::TermsOfTrade, false) => "its exports fetch more against its imports",
        (Part::TermsOfTrade, true) => "its exports fetch less against its imports",
        (Part::VolumeOfTrade, false) => {
            "it imports more of what is worth more to its buyers than it costs, being taxed"
        }
        (Part::VolumeOfTrade, true) => "it forgoes taxed imports that are worth more to its buyers than they cost",
        (Part::TradeCost, false) => "trade itself becomes cheaper",
        (Part::TradeCost, true) => "trade itself becomes dearer",
        (Part::Profits, false) => "its output moves to where profits are earned",
        (Part::Profits, true) => "its output moves away from where profits are earned",
        (Part::Scale, false) => "its industries save by growing",
        (Part::Scale, true) => "its industries lose by shrinking",
        (Part::Labour, false) => "more work is done at a higher real wage",
        (Part::Labour, true) => "less work is done at a lower real wage",
        (Part::Deficit, false) => "the transfer it receives is worth more",
        (Part::Deficit, true) => "the transfer it receives is worth less",
    }
}

/// `most of it in trade with China`, if one partner is behind half of a part.
fn most_of_it(answer: &Answer, why: &Why, n: usize, part: Part, pct: f64) -> Option<String> {
    let by_partner = why.by_partner(n, part)?;
    let along = |value: &f64| value * pct.signum();
    let (partner, most) = by_partner.iter().enumerate().max_by(|a, b| along(a.1).total_cmp(&along(b.1)))?;
    let name = in_sentence(&answer.world.countries[partner]);
    (along(most) >= 0.5 * pct.abs()).then(|| format!("most of it in trade with {name}"))
}

/// A remark on the first-order formula, where it is far from the exact change.
fn linear(first_order: f64, exact: f64) -> Option<String> {
    let gap = (first_order - exact).abs();
    let other_sign = (first_order < 0.0) != (exact < 0.0) && first_order.abs().min(exact.abs()) >= NOTICEABLE;
    (gap >= 0.05 && (other_sign || gap >= 0.25 * exact.abs())).then(|| {
        capital(&format!(
            "the linear formula of many papers gives {}: it weighs the same changes at the tariffs and the trade of before.",
            percent(first_order)
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_linear_formula_is_spoken_of_where_it_misleads() {
        assert!(linear(0.13, -0.23).unwrap().contains("+0.13%"));
        assert!(linear(1.31, 0.007).is_some());
        assert_eq!(linear(-1.49, -1.45), None, "near enough");
        assert_eq!(linear(0.01, -0.01), None, "both are next to nothing");
    }
}
