//! What it takes to split a coalition, and how large one must be to make an initiator regret its tariff.

use cobden_world::Problem;

use super::{Coalition, Outside, PartitionGame};

/// Someone who may pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// A player outside the coalition.
    Player(usize),
    /// The country that began.
    Initiator,
}

/// What one member would want for leaving a coalition, and what its leaving is worth to others.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The member.
    pub member: usize,
    /// The smallest payment after which it does not lose by leaving, the rest staying together: 0 if it gains anyway.
    pub payment: f64,
    /// What its leaving is worth to everyone outside the coalition, before any payment; the initiator last, if its payoffs are known.
    pub worth: Vec<(Party, f64)>,
}

impl Offer {
    /// Who gains most from the split after paying for it alone, and how much: negative if it is worth its price to nobody. `None` if there
    /// is nobody outside.
    pub fn best_payer(&self) -> Option<(Party, f64)> {
        let net = self.worth.iter().map(|(party, worth)| (*party, worth - self.payment));
        // The first of equals.
        net.fold(None, |best, next| if best.is_none_or(|(_, net)| next.1 > net) { Some(next) } else { best })
    }
}

/// The smallest coalitions that make an initiator regret its tariff.
#[derive(Clone, Debug, PartialEq)]
pub struct Deterrence {
    /// What the initiator gets if it leaves its tariff as it was.
    pub without: f64,
    /// Coalitions of that size, with what the initiator gets when they answer: worst for it first. All are of one size, below which no
    /// coalition is enough.
    pub coalitions: Vec<(Coalition, f64)>,
}

impl PartitionGame {
    /// For each member of a coalition of two or more, the cheapest offer that makes it leave: cheapest member first. The others are taken to
    /// stay together and to answer as one, and those outside as the rule says.
    ///
    /// # Errors
    /// A coalition of one; unknown players; payoffs that are not there.
    pub fn offers(&self, coalition: Coalition, outside: Outside) -> Result<Vec<Offer>, Problem> {
        self.check(coalition)?;
        if coalition.len() < 2 {
            return Err(Problem::new("a coalition of one cannot be split").help("name at least two players"));
        }
        let players = self.players();
        let before = self.payoffs(&outside.around(coalition, players))?;
        let offer = |(member, rest): (usize, Coalition)| {
            let after = self.payoffs(&outside.around(rest, players))?;
            let gain = |player: usize| after.players[player] - before.players[player];
            let outsiders = coalition.others(players).into_iter().flat_map(Coalition::members);
            let mut worth: Vec<_> = outsiders.map(|player| (Party::Player(player), gain(player))).collect();
            let initiator = after.initiator.zip(before.initiator);
            worth.extend(initiator.map(|(after, before)| (Party::Initiator, after - before)));
            Ok(Offer { member, payment: (-gain(member)).max(0.0), worth })
        };
        let splits = coalition.members().filter_map(|member| Some((member, coalition.without(member)?)));
        let mut offers = splits.map(offer).collect::<Result<Vec<_>, Problem>>()?;
        offers.sort_by(|a, b| a.payment.total_cmp(&b.payment));
        Ok(offers)
    }

    /// The smallest coalitions whose answer leaves the initiator with less than it gets `without` its tariff, by more than the tolerance;
    /// `None` if even all players together do not.
    ///
    /// # Errors
    /// Payoffs that are not there, of coalitions up to the size that is enough; a payoff without that is no number.
    pub fn deterrence(&self, outside: Outside, without: f64) -> Result<Option<Deterrence>, Problem> {
        if !without.is_finite() {
            return Err(Problem::new(format!("the initiator's payoff without its tariff is {without}")));
        }
        let all = Coalition::all(self.players());
        for same_size in all.chunk_by(|a, b| a.len() == b.len()) {
            let payoff =
                |coalition: &Coalition| Ok((*coalition, self.initiator(&outside.around(*coalition, self.players()))?));
            let mut enough = same_size.iter().map(payoff).collect::<Result<Vec<_>, Problem>>()?;
            enough.retain(|(_, payoff)| *payoff < without - self.tolerance());
            enough.sort_by(|a, b| a.1.total_cmp(&b.1));
            if !enough.is_empty() {
                return Ok(Some(Deterrence { without, coalitions: enough }));
            }
        }
        Ok(None)
    }
}
