//! Where a coalition's gain comes from: joint punishment of others, or opening to one another.

use cobden_world::Problem;

use super::{Coalition, Ledger, Outside, Payoffs, Structure, fill::Sought, partition_game::not_known};
use crate::{Inside, Search};

/// What a coalition gets in three steps. What standing together yields is `together - apart`; of that `outward - apart` is joint
/// punishment and `together - outward` mutual opening.
#[derive(Clone, Debug, PartialEq)]
pub struct Joint {
    /// The coalition.
    pub coalition: Coalition,
    /// Its members each for itself, the rest as the rule says.
    pub apart: Payoffs,
    /// Members choose their tariffs on others together, those on one another staying as they are apart.
    pub outward: Payoffs,
    /// Members choose all together, inside as the alliance says.
    pub together: Payoffs,
    /// The largest gain that any block has from deviating in the middle step, in percentage points of its goal.
    pub certificate_pct: f64,
}

impl Joint {
    /// By player: what joint punishment yields.
    pub fn punishment(&self) -> Vec<f64> {
        difference(&self.apart, &self.outward)
    }

    /// By player: what mutual opening yields.
    pub fn opening(&self) -> Vec<f64> {
        difference(&self.outward, &self.together)
    }
}

fn difference(from: &Payoffs, to: &Payoffs) -> Vec<f64> {
    from.players.iter().zip(&to.players).map(|(from, to)| to - from).collect()
}

impl Ledger<'_> {
    /// The structure around a coalition with its members each for itself.
    pub fn apart(&self, coalition: Coalition, outside: Outside) -> Structure {
        let around = outside.around(coalition, self.players());
        let others = around.blocks().iter().copied().filter(|block| *block != coalition);
        Structure::of_disjoint(others.chain(coalition.members().map(Coalition::single)).collect())
    }

    /// Where a coalition's gain comes from. Fills in the equilibria that it needs. `None` if it was called off.
    ///
    /// # Errors
    /// Unknown players; an equilibrium that is not found.
    pub fn joint(&mut self, coalition: Coalition, outside: Outside, search: &Search) -> Result<Option<Joint>, Problem> {
        let (apart, around) = (self.apart(coalition, outside), outside.around(coalition, self.players()));
        if !self.fill(&[apart.clone(), around.clone()], search, &|_| true)? {
            return Ok(None);
        }
        let game = self.game()?;
        let (before, after) = (game.payoffs(&apart)?.clone(), game.payoffs(&around)?.clone());
        let stay = self.policy(&apart)?;
        let inside = |block: Coalition| if block == coalition { Inside::AsItIs } else { self.alliance.reach.inside };
        let outward = self.between_with(&around, inside, &stay)?;
        match self.seek(&outward, search) {
            Sought::CalledOff => Ok(None),
            Sought::Nothing(why) => {
                Err(not_known(game.names(), &around, &format!("with tariffs inside as they are apart, {why}")))
            }
            Sought::Found(found) => Ok(Some(Joint {
                coalition,
                apart: before,
                outward: self.payoffs(&found.welfare_pct),
                together: after,
                certificate_pct: found.certificate_pct,
            })),
        }
    }
}
