//! What was asked, in one sentence.

use cobden_report::scale::number;
use cobden_strategy::deal::Terms;
use cobden_strategy::{Inside, Rule};

use super::Told;
use super::words::{names, players};
use crate::labels::{in_sentence, listed, sector};
use crate::study::{Asked, Hand, Matching, Method, Want, Wants};

/// What governments want unless the study says otherwise.
pub(super) const REAL_INCOME: &str = "real income";

/// What kind of question it is, in a few words.
pub(super) fn title(told: &Told<'_>) -> &'static str {
    match &told.question.asked {
        Asked::Respond(question) if question.matching.is_some() => "Answer by rule",
        Asked::Respond(question) if question.target_responds => "War against a target",
        Asked::Respond(question) if question.together => "Joint answer",
        Asked::Respond(_) => "Best answer",
        Asked::Nash(question) if question.method == Method::Formula => "Tariff war by formula",
        Asked::Nash(_) => "Tariff war",
        Asked::Cooperate(_) => "Trade talks",
        Asked::Bargain(_) => "Deal",
        Asked::Deal(_) => "What a deal does",
        Asked::Retaliate(_) => "Retaliation",
        Asked::Align(_) => "Who wants the same",
        Asked::Coalitions(_) => "Who would stand with whom",
    }
}

/// What a player maximises.
pub(crate) fn goal(told: &Told<'_>) -> String {
    let wants = match &told.question.asked {
        Asked::Respond(question) => &question.wants,
        Asked::Nash(question) => &question.wants,
        Asked::Cooperate(question) => &question.wants,
        Asked::Bargain(question) => &question.wants,
        Asked::Deal(question) => &question.wants,
        Asked::Retaliate(question) => &question.wants,
        Asked::Align(question) => &question.wants,
        Asked::Coalitions(_) => return REAL_INCOME.to_owned(),
    };
    in_words(wants)
}

fn in_words(wants: &Wants) -> String {
    let term = |term: &crate::study::Term| {
        let what = match term.want {
            Want::Welfare => REAL_INCOME,
            Want::Government => "real income with political weights",
            Want::RealWage => "real wage",
            Want::Revenue => "tariff revenue",
            Want::TradeBalance => "trade balance",
            Want::Exports => "exports",
            Want::Output => "output",
            Want::Employment => "employment",
        };
        let of = term.sector.as_ref().map(|code| format!(" in {}", sector(&code.value).to_lowercase()));
        let weight = if term.weight == 1.0 { String::new() } else { format!("{} times ", term.weight) };
        format!("{weight}{what}{}", of.unwrap_or_default())
    };
    wants.0.iter().map(term).collect::<Vec<_>>().join(" plus ")
}

/// The question.
pub(super) fn sentence(told: &Told<'_>) -> String {
    let who = players(&told.strategy.players);
    // Coalitions have eight players at most: all are named.
    let among = listed(&told.strategy.players.iter().map(|code| in_sentence(code)).collect::<Vec<_>>());
    let start = told.start();
    let question = match &told.question.asked {
        Asked::Respond(question) => {
            let who = players(&own_players(told));
            let against = against(told, &question.hand);
            let how = if question.together {
                " acting as one"
            } else if told.strategy.players.len() > 1 {
                ", each for itself"
            } else {
                ""
            };
            match question.matching {
                Some(Matching::Rate) => {
                    format!("What if {who} put on the goods of those who raised tariffs the rate that they met")
                }
                Some(Matching::TradeValue) => {
                    format!("What if {who} levied on the goods of those who raised tariffs as much duty as they met")
                }
                None => {
                    let also = if question.target_responds { ", which responds in turn," } else { "" };
                    format!("Which tariffs{against}{also} are best for {who}{how}")
                }
            }
        }
        Asked::Nash(_) if told.strategy.players.len() == 1 => format!("Which tariffs are best for {who}"),
        Asked::Nash(_) => format!("Where would a tariff war of {who} end"),
        Asked::Cooperate(_) => {
            format!("Which tariffs would {who} agree on to lift the one that gains least as high as can be")
        }
        Asked::Bargain(_) => {
            format!("What would {who} agree on if they bargained over their tariffs, and who would pay")
        }
        Asked::Deal(_) => format!("What does the deal that {who} signed do to them and to others"),
        Asked::Retaliate(question) => {
            let limit = question.limit.map(|limit| format!(", within a limit on {}", limit.name())).unwrap_or_default();
            format!(
                "What can {who} do{against} in return{limit}, and what does it cost",
                against = against(told, &question.hand).replacen(" on ", " to ", 1)
            )
        }
        Asked::Align(_) => format!("How far do {who} want the same, and which reforms would help them all"),
        Asked::Coalitions(question) => match &question.initiator {
            Some(initiator) => format!(
                "Who among {among} would stand together against {}, and would it hold",
                in_sentence(&initiator.value)
            ),
            None => format!("Who among {among} would stand together, and would it hold"),
        },
    };
    let limits = hand(told).map(|hand| limits(told, hand)).unwrap_or_default();
    let by = if matches!(told.question.asked, Asked::Deal(_)) { "Compared with" } else { "Starting from" };
    format!("{question}? {by} {start}.{limits}")
}

/// Those who answer, without those they answer.
pub(super) fn own_players(told: &Told<'_>) -> Vec<String> {
    let Asked::Respond(question) = &told.question.asked else { return told.strategy.players.clone() };
    let players = question.players.resolve(told.answer.study.document(), &told.answer.world).unwrap_or_default();
    let blocs =
        players.iter().map(|bloc| bloc.iter().map(|n| told.answer.world.countries[*n].to_owned()).collect::<Vec<_>>());
    if question.together { blocs.flatten().collect() } else { blocs.map(|bloc| bloc.join("+")).collect() }
}

/// Whose goods are within reach, indices; none if it is everyone's.
pub(super) fn targets(told: &Told<'_>, hand: &Hand) -> Vec<usize> {
    let reach = hand.reach(told.answer.study.document(), &told.answer.world, Vec::new());
    reach.ok().and_then(|reach| reach.partners).unwrap_or_default()
}

fn against(told: &Told<'_>, hand: &Hand) -> String {
    let targets = targets(told, hand);
    if targets.is_empty() { String::new() } else { format!(" on {}", names(told.answer, &targets)) }
}

pub(super) fn hand<'a>(told: &Told<'a>) -> Option<&'a Hand> {
    match &told.question.asked {
        Asked::Respond(question) if question.matching.is_some() => None,
        Asked::Respond(question) => Some(&question.hand),
        Asked::Nash(question) => Some(&question.hand),
        Asked::Cooperate(question) => Some(&question.hand),
        Asked::Bargain(question) => Some(&question.hand),
        Asked::Retaliate(question) => Some(&question.hand),
        Asked::Align(question) => Some(&question.hand),
        Asked::Coalitions(question) => Some(&question.hand),
        Asked::Deal(_) => None,
    }
}

/// ` They choose one rate for each partner and sector, in 3 sectors, none below the rate in force, at most 100%, to raise their tariff revenue.`
fn limits(told: &Told<'_>, hand: &Hand) -> String {
    let percent = |rate: f64| format!("{}%", number(100.0 * rate, 0));
    let mut parts = vec![match hand.rule {
        Rule::Uniform => "one rate for everything".to_owned(),
        Rule::Sector => "one rate for each sector".to_owned(),
        Rule::Partner => "one rate for each partner".to_owned(),
        Rule::PartnerSector => "one rate for each partner and sector".to_owned(),
    }];
    let reach = hand.reach(told.answer.study.document(), &told.answer.world, Vec::new()).ok();
    match reach.and_then(|reach| reach.sectors) {
        Some(sectors) if sectors.len() <= 3 => {
            let names: Vec<String> =
                sectors.iter().map(|j| sector(&told.answer.world.sectors[*j]).to_lowercase()).collect();
            parts.push(format!("on {}", listed(&names)));
        }
        Some(sectors) => parts.push(format!("in {} sectors", sectors.len())),
        None => {}
    }
    if hand.surcharge {
        parts.push("in points on top of the rates in force".to_owned());
    }
    if hand.bounds.raise_only {
        parts.push("none below the rate in force".to_owned());
    }
    if hand.bounds.lower_only {
        parts.push("none above the rate in force".to_owned());
    }
    parts.extend(hand.bounds.min.map(|min| format!("at least {}", percent(min.0))));
    parts.extend(hand.bounds.max.map(|max| format!("at most {}", percent(max.0))));
    match hand.inside {
        Some(Inside::Free) => parts.push("and none on one another".to_owned()),
        Some(Inside::Chosen) => parts.push("those on one another as well".to_owned()),
        Some(Inside::AsItIs) | None => {}
    }
    if let Asked::Bargain(question) = &told.question.asked {
        parts.push(
            if question.terms == Terms::Mfn { "for everyone's goods" } else { "for one another's goods" }.to_owned(),
        );
        parts.extend(question.payments.then(|| "and money may change hands".to_owned()));
    }
    let goal = goal(told);
    let wants = if goal == REAL_INCOME { String::new() } else { format!("; what they want is {goal}") };
    format!(" To choose: {}{wants}.", parts.join(", "))
}
