//! The question that a page asks, as one sentence: who puts what on whom, who answers, and how.

use cobden_world::{Names, Problem, Rate, World};
use ndarray::{ArrayView2, Axis};
use serde::{Deserialize, Serialize};

/// Highest rate that a sentence may state, per cent.
pub(super) const HIGHEST: f64 = 1000.0;
/// Most countries that answer: the cards solve each subset without one of them.
const MOST_ANSWER: usize = 6;
/// All countries, or all goods.
pub(super) const ALL: &str = "*";

/// `initiator` puts `rate_pct` on the `goods` of `targets`; the `coalition` answers in a `manner` with a rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    /// Who raises its tariffs.
    pub initiator: String,
    /// By how many points, on top of the tariffs in force: 0 to 1000.
    pub rate_pct: f64,
    /// On whose goods: codes of countries, or `*` for everyone's.
    pub targets: Vec<String>,
    /// On which goods: codes of sectors, or `*` for all goods: every sector on which anybody in the world levies a tariff.
    pub goods: Vec<String>,
    /// Who answers, by raising tariffs on the same goods of the initiator; at most six.
    #[serde(default)]
    pub coalition: Vec<String>,
    /// How they answer.
    #[serde(default)]
    pub answer: Manner,
    /// With which rate they answer.
    #[serde(default)]
    pub answer_rate: AnswerRate,
}

/// How those answer who answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Manner {
    /// Not at all.
    None,
    /// Each on its own: tariffs among them stay as they are.
    #[default]
    Each,
    /// Together: they drop their tariffs on each other's goods as well, and a best answer is best for all of them taken together.
    Together,
}

/// The rate of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AnswerRate {
    /// A word.
    Word(AnswerWord),
    /// So many points, 0 to 1000.
    Points(f64),
}

impl Default for AnswerRate {
    fn default() -> Self {
        Self::Word(AnswerWord::Same)
    }
}

/// A rate that follows from the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AnswerWord {
    /// The rate of the initiator.
    Same,
    /// What is best for those who answer, sector by sector, 100 per cent at most.
    Best,
}

/// The rate of an answer, as a study has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Reply {
    Points(f64),
    Best,
}

/// A sentence whose names are in the world.
pub(super) struct Checked {
    sentence: Sentence,
    /// Codes of all goods, in the order of the world.
    all_goods: Vec<String>,
}

impl Sentence {
    /// A tariff on all goods of everyone that nobody answers.
    pub fn new(initiator: impl Into<String>, rate_pct: f64) -> Self {
        Self {
            initiator: initiator.into(),
            rate_pct,
            targets: vec![ALL.to_owned()],
            goods: vec![ALL.to_owned()],
            coalition: Vec::new(),
            answer: Manner::Each,
            answer_rate: AnswerRate::default(),
        }
    }

    /// The same, answered by these with the same rate.
    #[must_use]
    pub fn answered_by<'c>(self, coalition: impl IntoIterator<Item = &'c str>) -> Self {
        Self { coalition: coalition.into_iter().map(str::to_owned).collect(), ..self }
    }

    /// Whether every rate in it is 0.
    pub(super) fn changes_nothing(&self) -> bool {
        let answers = self.answer != Manner::None && self.answer_rate != AnswerRate::Word(AnswerWord::Same);
        // Together they drop tariffs on each other's goods, whatever the rate.
        let opens = self.answer == Manner::Together && self.coalition.len() > 1;
        self.rate_pct == 0.0 && !opens && (!answers || self.answer_rate == AnswerRate::Points(0.0))
    }

    /// The sentence with its names looked up and in one form: lists in the order of the world, without repetitions.
    pub(super) fn checked(&self, world: &World) -> Result<Checked, Problem> {
        let (countries, sectors) = (&world.countries, &world.sectors);
        if countries.index(&self.initiator).is_none() {
            return Err(Problem::unknown("country", &self.initiator, countries.iter()));
        }
        points("the tariff", self.rate_pct)?;
        if let AnswerRate::Points(rate) = self.answer_rate {
            points("the answer", rate)?;
        }
        let targets = listed("country", &self.targets, countries, true)?;
        if targets.iter().all(|target| *target == self.initiator) {
            let problem = Problem::new("the tariff is on nobody's goods");
            return Err(problem.help("name a country other than the initiator, or * for everyone"));
        }
        let goods = listed("sector", &self.goods, sectors, true)?;
        if goods.is_empty() {
            return Err(Problem::new("the tariff is on no goods").help("name a sector, or * for all goods"));
        }
        let coalition = listed("country", &self.coalition, countries, false)?;
        if coalition.contains(&self.initiator) {
            return Err(Problem::new(format!("{} cannot answer itself", self.initiator))
                .help("take it out of those who answer"));
        }
        if coalition.len() > MOST_ANSWER {
            let problem = Problem::new(format!("{} countries answer", coalition.len()));
            return Err(problem.help(format!("name at most {MOST_ANSWER}")));
        }
        let answer = if coalition.is_empty() { Manner::None } else { self.answer };
        let is_good = goods_of(world);
        let all_goods =
            sectors.iter().zip(is_good).filter(|(_, is_good)| *is_good).map(|(sector, _)| sector.to_owned());
        Ok(Checked {
            all_goods: all_goods.collect(),
            sentence: Sentence { targets, goods, coalition, answer, ..self.clone() },
        })
    }
}

/// Which sectors "all goods" includes, `[j]`: those on which somebody levies a tariff somewhere, which leaves services out by whatever code a world
/// has them. In a world without any tariff nothing tells goods from services, and all sectors are goods.
pub(super) fn goods_of(world: &World) -> Vec<bool> {
    let taxed = |rates: ArrayView2<'_, Rate>| rates.iter().any(|rate| rate.0 != 0.0);
    let goods: Vec<bool> = world.tariffs.axis_iter(Axis(2)).map(taxed).collect();
    if goods.contains(&true) { goods } else { vec![true; goods.len()] }
}

/// Names in the order of the world, each once; all of them as `*`, if that is allowed.
fn listed(kind: &str, asked: &[String], names: &Names, all: bool) -> Result<Vec<String>, Problem> {
    if all && asked.iter().any(|name| name == ALL) {
        return Ok(vec![ALL.to_owned()]);
    }
    for name in asked {
        if names.index(name).is_none() {
            return Err(Problem::unknown(kind, name, names.iter()));
        }
    }
    Ok(names.iter().filter(|name| asked.iter().any(|asked| asked == name)).map(str::to_owned).collect())
}

/// Refuses what is no surcharge.
fn points(what: &str, rate: f64) -> Result<(), Problem> {
    if rate.is_finite() && (0.0..=HIGHEST).contains(&rate) {
        return Ok(());
    }
    Err(Problem::new(format!("{what} of {rate} per cent")).help(format!("state a rate from 0 to {HIGHEST} per cent")))
}

impl Checked {
    pub(super) fn sentence(&self) -> &Sentence {
        &self.sentence
    }

    /// The codes of the goods.
    pub(super) fn goods(&self) -> &[String] {
        if self.sentence.goods.iter().any(|name| name == ALL) { &self.all_goods } else { &self.sentence.goods }
    }

    /// Whether the tariff is on somebody's goods.
    pub(super) fn hits(&self, country: &str) -> bool {
        let targets = &self.sentence.targets;
        country != self.sentence.initiator && targets.iter().any(|target| target == ALL || target == country)
    }

    /// Who answers: nobody, if the manner is not to.
    pub(super) fn answering(&self) -> &[String] {
        if self.sentence.answer == Manner::None { &[] } else { &self.sentence.coalition }
    }

    pub(super) fn reply(&self) -> Reply {
        match self.sentence.answer_rate {
            AnswerRate::Points(rate) => Reply::Points(rate),
            AnswerRate::Word(AnswerWord::Best) => Reply::Best,
            AnswerRate::Word(AnswerWord::Same) => Reply::Points(self.sentence.rate_pct),
        }
    }
}

#[cfg(test)]
mod tests {
    use cobden_world::toy;

    use super::*;

    /// A world of three sectors whose tariffs are these, on what the first country buys from the second.
    fn world(rates: [f64; 3]) -> World {
        let mut world = toy::two_countries();
        world.sectors = Names::new(["A01", "c17", "H49"].map(str::to_owned)).unwrap();
        world.flows = ndarray::Array3::from_elem((2, 2, 3), 1.0);
        world.tariffs = ndarray::Array3::from_elem((2, 2, 3), Rate::ZERO);
        for (j, rate) in rates.into_iter().enumerate() {
            world.tariffs[[0, 1, j]] = Rate(rate);
        }
        world
    }

    fn goods(world: &World) -> Vec<String> {
        Sentence::new(&world.countries[0], 10.0).checked(world).unwrap().goods().to_vec()
    }

    #[test]
    fn goods_are_what_somebody_taxes_whatever_their_code() {
        assert_eq!(goods(&world([0.05, 0.02, 0.0])), ["A01", "c17"]);
        // An import subsidy is a tariff too.
        assert_eq!(goods(&world([0.0, -0.02, 0.0])), ["c17"]);
        // Without any tariff nothing tells goods from services.
        assert_eq!(goods(&world([0.0; 3])), ["A01", "c17", "H49"]);
    }

    #[test]
    fn a_sector_without_tariffs_can_be_named() {
        let world = world([0.05, 0.02, 0.0]);
        let named = Sentence { goods: vec!["H49".to_owned()], ..Sentence::new(&world.countries[0], 10.0) };
        assert_eq!(named.checked(&world).unwrap().goods(), ["H49"]);
    }

    #[test]
    fn services_of_the_embedded_world_are_no_goods() {
        let world = crate::open_world("icio-2022").unwrap();
        let others: Vec<&str> =
            world.sectors.iter().zip(goods_of(&world)).filter(|(_, good)| !good).map(|(j, _)| j).collect();
        assert_eq!(others, ["SERV"]);
    }
}
