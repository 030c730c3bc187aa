//! Why an answer may be believed: certificate, starts, what was found.

use cobden_report::scale::signed;

use super::words::{count, tiny};
use super::{Told, asked};
use crate::game::RetaliationAnswer;
use crate::labels::listed;
use crate::study::{Asked, Method};

/// Proof, one remark each.
pub(super) fn remarks(told: &Told<'_>) -> Vec<String> {
    let strategy = told.strategy;
    let mut remarks = Vec::new();
    remarks.extend(certificate(told));
    remarks.extend(strategy.retaliation.as_ref().map(frontier));
    remarks.extend(strategy.alignment.as_ref().map(|found| {
        format!(
            "Reforms were drawn with seed {}; shares drawn carry their standard error. {} of the model.",
            found.seed,
            count(strategy.solves, "solution")
        )
    }));
    let starts = starts(told);
    if !starts.is_empty() {
        let found = if strategy.equilibria > 0 { format!("; {} in all", found(told)) } else { String::new() };
        remarks.push(format!("{starts}{found}. {} of the model.", count(strategy.solves, "solution")));
    }
    if let (Some(gap), true, None) = (strategy.first_order_gap_pct, told.found(), &strategy.retaliation) {
        remarks.push(format!(
            "When the search stopped it still promised {} percentage points, to second order.",
            tiny(gap)
        ));
    }
    remarks
}

/// `2 of 2 starts led to an answer`; nothing of a question that has none.
fn starts(told: &Told<'_>) -> String {
    match (told.strategy.starts, told.strategy.starts_converged) {
        (0, _) => String::new(),
        (starts, Some(converged)) => format!("{converged} of {} led to an answer", count(starts, "start")),
        (starts, None) => format!("Each from {}", count(starts, "start")),
    }
}

/// How closely the points of a frontier were found.
fn frontier(found: &RetaliationAnswer) -> String {
    let points = found.frontier.iter().filter(|point| point.converged).chain([&found.chosen]);
    let (gap, missed) = points.fold((0.0_f64, 0.0_f64), |(gap, missed), point| {
        (gap.max(point.first_order_gap_pct), missed.max(point.missed_pct))
    });
    let failed = found.frontier.iter().filter(|point| !point.converged).count();
    let failed = if failed > 0 {
        format!(" {} did not converge and are not drawn.", count(failed, "point"))
    } else {
        String::new()
    };
    format!(
        "No point of the frontier still promised more than {} percentage points, to second order, or missed a condition by more than {}.{failed}",
        tiny(gap),
        tiny(missed)
    )
}

/// What the certificate says.
fn certificate(told: &Told<'_>) -> Option<String> {
    let gain = told.strategy.best_response_gain_max_pct?;
    let bound = told.strategy.tolerance_pct.map(|bound| format!("; at most {bound:.0e} was asked for"));
    let more = format!("gains more than {} percentage points", tiny(gain));
    let nobody = if gain > 0.0 { more } else { "gains anything".to_owned() };
    let gain = tiny(gain);
    Some(match &told.question.asked {
        Asked::Respond(question) if question.matching.is_some() => format!(
            "Chosen by rule, by nobody’s best answer: the player that forgoes most would gain {gain} percentage points by choosing its own tariffs."
        ),
        Asked::Nash(question) if question.method == Method::Formula => {
            format!(
                "Certificate: a player gains up to {gain} percentage points by deviating alone. The formula promises no more."
            )
        }
        Asked::Cooperate(_) => format!(
            "An agreement is not its own enforcement: the most tempted would gain {gain} percentage points by breaking it, the others keeping to it."
        ),
        Asked::Coalitions(_) => format!(
            "Certificate: over all coalition structures no bloc {nobody} by deviating{}.",
            bound.unwrap_or_default()
        ),
        _ => format!(
            "Certificate: sought anew from other tariffs, no player {nobody} by deviating alone{}.",
            bound.unwrap_or_default()
        ),
    })
}

/// `1 equilibrium`, `2 optima`.
fn found(told: &Told<'_>) -> String {
    let number = told.strategy.equilibria;
    let single =
        told.strategy.players.len() == 1 || matches!(told.question.asked, Asked::Cooperate(_) | Asked::Bargain(_));
    match (single, number) {
        (true, 1) => "1 optimum".to_owned(),
        (true, many) => {
            let heights =
                told.strategy.optima_pct.iter().map(|pct| format!("{}%", signed(*pct, 3))).collect::<Vec<_>>();
            let told = if heights.is_empty() { String::new() } else { format!(" ({})", listed(&heights)) };
            format!("{many} optima{told}")
        }
        (false, 1) => "1 equilibrium".to_owned(),
        (false, many) => format!("{many} equilibria"),
    }
}

/// The same in a line, for a screen: `Tariff war: certificate 2e-12 points, 2 of 2 starts, 1 equilibrium`.
pub(crate) fn line(told: &Told<'_>) -> String {
    let strategy = told.strategy;
    let mut parts = Vec::new();
    if let Some(gain) = strategy.best_response_gain_max_pct {
        let gain = tiny(gain);
        parts.push(match &told.question.asked {
            Asked::Respond(question) if question.matching.is_some() => format!("forgoes up to {gain} points"),
            Asked::Cooperate(_) => format!("breaking it would give up to {gain} points"),
            _ => format!("certificate {gain} points"),
        });
    }
    if let Some(found) = &strategy.retaliation {
        let gap = found.frontier.iter().map(|point| point.first_order_gap_pct).fold(0.0, f64::max);
        parts.push(format!("{}, at most {} points left to gain", count(found.frontier.len(), "point"), tiny(gap)));
    } else if let Some(converged) = strategy.starts_converged {
        parts.push(format!("{converged} of {}", count(strategy.starts, "start")));
    }
    if strategy.equilibria > 0 && strategy.retaliation.is_none() {
        parts.push(found(told));
    }
    parts.extend(strategy.alignment.as_ref().map(|found| format!("{} drawn", count(found.drawn, "reform"))));
    if parts.is_empty() {
        return asked::title(told).to_owned();
    }
    format!("{}: {}", asked::title(told), parts.join(", "))
}
