//! Who would leave a coalition, who would join it, and what payments would keep it together.

use cobden_world::Problem;

use super::{Coalition, Outside, PartitionGame};

/// What a player gets as things are, and after its own move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// The player.
    pub player: usize,
    /// Its payoff under the coalition as it is.
    pub now: f64,
    /// Its payoff after it left, or joined.
    pub then: f64,
}

impl Change {
    /// What it gains by its move.
    pub fn gain(&self) -> f64 {
        self.then - self.now
    }
}

/// Whether a coalition holds (d'Aspremont, Jacquemin, Gabszewicz and Weymark, 1983), and whether payments could make it hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Stability {
    /// The coalition.
    pub coalition: Coalition,
    /// What happens outside it.
    pub outside: Outside,
    /// By member: staying against leaving, the rest staying together. Empty for a coalition of one, which nobody can leave.
    pub members: Vec<Change>,
    /// By outsider: staying out against joining.
    pub outsiders: Vec<Change>,
    /// What the members get together beyond what each would get by leaving: `sum_i (now_i - then_i)`. Of a coalition of one: 0.
    pub surplus: f64,
    tolerance: f64,
}

impl PartitionGame {
    /// Whether a coalition holds. A leaver stands where the rule puts those outside: alone (`gamma`), keeping its tariffs (`passive`), or
    /// with the bloc of the others (`merge`). Coalitions of outsiders do not form or dissolve in answer, other than by the rule.
    ///
    /// # Errors
    /// Unknown players; payoffs that are not there: needed are those of the coalition, of it less each member and plus each outsider.
    pub fn stability(&self, coalition: Coalition, outside: Outside) -> Result<Stability, Problem> {
        self.check(coalition)?;
        let payoff = |player: usize, coalition: Coalition| {
            Ok::<f64, Problem>(self.payoffs(&outside.around(coalition, self.players()))?.players[player])
        };
        let change = |player: usize, after: Coalition| {
            Ok(Change { player, now: payoff(player, coalition)?, then: payoff(player, after)? })
        };
        let leaving = coalition.members().filter_map(|player| Some((player, coalition.without(player)?)));
        let joining = coalition.others(self.players()).into_iter().flat_map(Coalition::members);
        let members = leaving.map(|(player, rest)| change(player, rest)).collect::<Result<Vec<_>, Problem>>()?;
        let outsiders = joining
            .map(|player| change(player, coalition.union(Coalition::single(player))))
            .collect::<Result<Vec<_>, Problem>>()?;
        let surplus = -members.iter().map(Change::gain).sum::<f64>();
        Ok(Stability { coalition, outside, members, outsiders, surplus, tolerance: self.tolerance() })
    }
}

impl Stability {
    /// Members who gain by leaving.
    pub fn leavers(&self) -> impl Iterator<Item = &Change> {
        self.members.iter().filter(|change| change.gain() > self.tolerance)
    }

    /// Outsiders who gain by joining.
    pub fn joiners(&self) -> impl Iterator<Item = &Change> {
        self.outsiders.iter().filter(|change| change.gain() > self.tolerance)
    }

    /// Internally stable: no member gains by leaving.
    pub fn is_internal(&self) -> bool {
        self.leavers().next().is_none()
    }

    /// Externally stable: no outsider gains by joining.
    pub fn is_external(&self) -> bool {
        self.joiners().next().is_none()
    }

    /// Stable: nobody gains by leaving or joining.
    pub fn is_stable(&self) -> bool {
        self.is_internal() && self.is_external()
    }

    /// Potentially internally stable (Eyckmans and Finus, 2004): the coalition's payoffs cover what all its members would get by leaving,
    /// so that some transfers make it internally stable.
    pub fn is_potentially_internal(&self) -> bool {
        self.surplus >= -self.tolerance * self.members.len() as f64
    }

    /// Payments among members after which none gains by leaving; `None` if there are no such payments.
    ///
    /// # Errors
    /// Weights that are too few or too many, negative, no numbers, or all zero.
    pub fn transfers(&self, sharing: Sharing) -> Result<Option<Transfers>, Problem> {
        let shares = sharing.shares(self.members.len())?;
        if !self.is_potentially_internal() {
            return Ok(None);
        }
        let claims: f64 = self.members.iter().map(|change| change.gain().max(0.0)).sum();
        let slack = claims + self.surplus;
        let received = |(change, share): (&Change, f64)| match sharing {
            Sharing::Equal | Sharing::Weights(_) => change.gain() + share * self.surplus,
            // Claims may exceed what there is by the tolerance.
            Sharing::Least if change.gain() > 0.0 => change.gain() * (slack / claims).min(1.0),
            Sharing::Least if slack > 0.0 => change.gain() * (claims / slack).min(1.0),
            Sharing::Least => 0.0,
        };
        let received: Vec<f64> = self.members.iter().zip(shares).map(received).collect();
        let after = self.members.iter().zip(&received).map(|(change, received)| change.now + received).collect();
        let members: Vec<usize> = self.members.iter().map(|change| change.player).collect();
        Ok(Some(Transfers { payments: payments(&members, &received), members, received, after }))
    }
}

/// How members share what their coalition gets beyond the payoffs that each would get by leaving.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sharing<'a> {
    /// In equal parts.
    Equal,
    /// In proportion to weights, one for each member in order: incomes, say.
    Weights(&'a [f64]),
    /// As little money as possible changes hands: those who would leave get what keeps them, from the others in proportion to what those
    /// gain by staying.
    Least,
}

impl Sharing<'_> {
    fn shares(self, members: usize) -> Result<Vec<f64>, Problem> {
        let Sharing::Weights(weights) = self else { return Ok(vec![1.0 / members as f64; members]) };
        if weights.len() != members {
            return Err(Problem::new(format!("{} weights to share by among {members} members", weights.len())));
        }
        if let Some(weight) = weights.iter().find(|weight| !(**weight >= 0.0 && weight.is_finite())) {
            return Err(Problem::new(format!("a weight to share by of {weight}")).help("weights are numbers from 0"));
        }
        let total: f64 = weights.iter().sum();
        if total <= 0.0 && members > 0 {
            return Err(Problem::new("weights to share by are all zero"));
        }
        Ok(weights.iter().map(|weight| weight / total).collect())
    }
}

/// Payments that keep a coalition together.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfers {
    /// The members, in order; the other fields follow it.
    pub members: Vec<usize>,
    /// What each receives, less what it pays. Sums to zero.
    pub received: Vec<f64>,
    /// Each member's payoff after that.
    pub after: Vec<f64>,
    /// Who pays whom: fewer payments than members.
    pub payments: Vec<Payment>,
}

/// Money from one player to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Payment {
    /// Who pays.
    pub from: usize,
    /// Who receives.
    pub to: usize,
    /// How much, above zero.
    pub amount: f64,
}

/// Pays what is due: the one who still owes most pays the one who is still owed most.
fn payments(members: &[usize], received: &[f64]) -> Vec<Payment> {
    let mut due = received.to_vec();
    // What rounding leaves over is not paid.
    let dust = 1e-12 * due.iter().map(|due| due.abs()).sum::<f64>();
    let mut payments = Vec::new();
    while payments.len() + 1 < due.len() {
        let by_due = |a: &usize, b: &usize| due[*a].total_cmp(&due[*b]);
        let (Some(from), Some(to)) = ((0..due.len()).min_by(by_due), (0..due.len()).max_by(by_due)) else { break };
        let amount = due[to].min(-due[from]);
        if amount <= dust {
            break;
        }
        due[from] += amount;
        due[to] -= amount;
        payments.push(Payment { from: members[from], to: members[to], amount });
    }
    payments
}
