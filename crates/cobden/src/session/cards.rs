//! The cards: who answers, how, and who would rather not.

use serde::Serialize;

use super::sentence::Sentence;
use super::standing::{Place, Plan};
use crate::answer::{Answer, CaseAnswer};
use crate::labels;
use crate::result::SolverDocument;

/// A gain by leaving below this, in percentage points of real income, is none.
const NOTICEABLE: f64 = 1e-6;

/// All cards of a sentence.
#[derive(Clone, Debug, Serialize)]
pub struct CardsDocument {
    /// The sentence, as it was understood.
    pub sentence: Sentence,
    /// BLAKE3 of the world.
    pub world: String,
    /// Codes of those whose real income a card has: the initiator, then those who answer.
    pub countries: Vec<String>,
    /// The cards.
    pub cards: Vec<CardDocument>,
}

/// One way to answer, and what comes of it.
#[derive(Clone, Debug, Serialize)]
pub struct CardDocument {
    /// `none`, `alone`, `each`, `together` or `deal`.
    pub kind: &'static str,
    /// Who answers alone, or makes the deal.
    pub who: Option<String>,
    /// What it is called.
    pub title: String,
    /// How the solve went.
    pub solver: SolverDocument,
    /// Real income in per cent, in the order of [`CardsDocument::countries`]; `null` where it was not solved.
    pub welfare_pct: Vec<Option<f64>>,
    /// The world's real income in per cent: the sum of equivalent variations over income.
    pub world_pct: Option<f64>,
    /// The same in USD million; `null` where the world is in another currency.
    pub world_usd_m: Option<f64>,
    /// Who would be better off by staying out while the others go on; in a deal, by not making it.
    pub would_leave: Vec<String>,
    /// Those of whom that is not known, because a case that it takes was not solved.
    pub unknown: Vec<String>,
}

impl CardsDocument {
    pub(super) fn new(answer: &Answer, sentence: &Sentence, plan: &Plan) -> Self {
        let countries: Vec<String> = std::iter::once(&sentence.initiator).chain(&sentence.coalition).cloned().collect();
        let shown = plan.iter().filter(|(_, place, _)| kind(place).is_some());
        let cards = shown.filter_map(|(index, place, name)| {
            let case = answer.cases.get(index)?;
            Some(card(answer, case, (place, name), &countries, plan, sentence))
        });
        Self {
            sentence: sentence.clone(),
            world: answer.passport.world.clone(),
            cards: cards.collect(),
            countries: countries.clone(),
        }
    }
}

/// The name of a kind of card; `None` for cases that only say who would leave.
fn kind(place: &Place) -> Option<(&'static str, Option<&String>)> {
    match place {
        Place::Nobody => Some(("none", None)),
        Place::Alone(who) => Some(("alone", Some(who))),
        Place::Each => Some(("each", None)),
        Place::Together => Some(("together", None)),
        Place::Deal(who) => Some(("deal", Some(who))),
        Place::EachWithout(_) | Place::TogetherWithout(_) => None,
    }
}

fn card(
    answer: &Answer,
    case: &CaseAnswer,
    (place, name): (&Place, &str),
    countries: &[String],
    plan: &Plan,
    sentence: &Sentence,
) -> CardDocument {
    let members = &sentence.coalition;
    let (mut would_leave, mut unknown) = (Vec::new(), Vec::new());
    for member in members {
        let Some(out) = plan.without(place, member, members).and_then(|index| answer.cases.get(index)) else {
            continue;
        };
        match (welfare(answer, case, member), welfare(answer, out, member)) {
            (Some(inside), Some(outside)) if outside > inside + NOTICEABLE => would_leave.push(member.clone()),
            (Some(_), Some(_)) => {}
            _ => unknown.push(member.clone()),
        }
    }
    let (kind, who) = kind(place).unwrap_or(("none", None));
    let world: Option<f64> =
        case.outcome.as_ref().map(|outcome| outcome.countries.iter().map(|country| country.welfare_value).sum());
    CardDocument {
        kind,
        who: who.cloned(),
        title: title(place, name),
        solver: SolverDocument::new(&case.solver),
        welfare_pct: countries.iter().map(|country| welfare(answer, case, country)).collect(),
        world_pct: world.map(|value| 100.0 * value / answer.income.iter().sum::<f64>()),
        world_usd_m: world.and_then(|value| Some(value * answer.usd_million()?)),
        would_leave,
        unknown,
    }
}

/// What a card is headed.
fn title(place: &Place, name: &str) -> String {
    match place {
        Place::Alone(who) => format!("{} alone", labels::country(who)),
        Place::Each => "All, each on its own".to_owned(),
        Place::Together => "All together".to_owned(),
        Place::Deal(who) => format!("{}: a deal", labels::country(who)),
        Place::Nobody | Place::EachWithout(_) | Place::TogetherWithout(_) => name.to_owned(),
    }
}

fn welfare(answer: &Answer, case: &CaseAnswer, country: &str) -> Option<f64> {
    Some(case.country(answer.world.countries.index(country)?)?.welfare_pct)
}
