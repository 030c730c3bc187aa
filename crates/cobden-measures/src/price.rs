//! What a good pays: the stack of measures on top of its base duty.
//!
//! With `b` the base duty, each measure `m` that means the good contributes
//!
//! ```text
//! points_m = full_m * trade_m * value_m * room_m          total = b + sum_m points_m
//! ```
//!
//! - `full_m`: what the line charges on a good that pays all of it, in points (a top-up to `x` is `max(0, x - b')`);
//! - `trade_m`: the share of trade that is charged, after claims;
//! - `value_m`: the share of value that is charged;
//! - `room_m = prod_t (1 - trade_t value_t room_t)` over the measures `t` it gives way to (without `value_t` where it gives way on the whole).
//!
//! `b'` is the base after measures that replace it, on average: top-ups and ceilings look at that.

use cobden_world::Problem;

use crate::charge::{Charge, Kind, Specific};
use crate::day::{Active, Day, Winner};
use crate::measure::{At, Extent, GivesWay, Levy, OnClaim};
use crate::numbers::Cell;
use crate::products::Hit;
use crate::{Assumption, Located, Quantity};

/// What one measure contributes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Amount {
    pub(crate) full: f64,
    pub(crate) trade: f64,
    pub(crate) value: f64,
    pub(crate) room: f64,
    pub(crate) points: f64,
}

/// Why a contribution is less than the rate in the law.
pub(crate) enum Cause<'a> {
    /// Part of the trade claims to be free of it.
    Claim(&'a str, f64, Option<&'a str>),
    /// Trade that makes the claim is charged on a share of its value.
    ClaimedShare(&'a str, f64, f64),
    /// It is charged on a share of the value.
    Content(&'a str, f64, Option<&'a str>),
    /// It is not levied where another measure is.
    GivesWay(usize, f64, &'a GivesWay),
    /// Part of the trade is inside a quota.
    Quota(f64, &'a Charge, &'a Charge),
    /// A ceiling on base and measure.
    Ceiling(f64),
    /// Only part of the trade under the code is meant.
    Listed(f64),
}

/// A good from a partner on a day, and the numbers law leaves open.
pub(crate) struct Pricing<'p, 'r> {
    pub(crate) day: &'p Day<'r>,
    pub(crate) exporter: &'p str,
    pub(crate) product: &'p str,
    /// How each scope of the register means the product.
    pub(crate) hits: &'p [Option<Hit>],
    /// Numbers that come before those of the register.
    pub(crate) stated: &'p std::collections::BTreeMap<Quantity, f64>,
    /// Whether only stated numbers count, and claims not stated are not made, as in a check.
    pub(crate) closed: bool,
}

impl<'r> Pricing<'_, 'r> {
    /// The contribution of every measure; `why` hears what cut which.
    pub(crate) fn amounts<'l>(
        &self,
        winners: &'l [Option<Winner<'l, 'r>>],
        base: f64,
        mut why: impl FnMut(usize, Cause<'l>),
    ) -> Result<Vec<Amount>, Problem>
    where
        'r: 'l,
    {
        let mut amounts = vec![Amount::default(); winners.len()];
        for (at, winner) in winners.iter().enumerate() {
            let Some(winner) = winner else { continue };
            let active = &self.day.measures[at];
            let room = self.room(active, &amounts, winners, &mut |cause| why(at, cause));
            amounts[at] = Amount { room, ..Amount::default() };
            // What is cut to nothing needs no numbers.
            if room > 0.0 {
                let (trade, value) = self.weights(active, winner, &mut |cause| why(at, cause))?;
                amounts[at] = Amount { room, trade, value, ..Amount::default() };
            }
        }
        let weight = |amount: &Amount| amount.trade * amount.value * amount.room;
        let mut left = base;
        for (amount, winner) in amounts.iter_mut().zip(winners) {
            let Some(winner) = winner.as_ref().filter(|winner| replaces(winner)) else { continue };
            amount.full = self.full(winner, base, &mut |_| {})?;
            amount.points = amount.full * weight(amount);
            left += amount.points;
        }
        for (at, (amount, winner)) in amounts.iter_mut().zip(winners).enumerate() {
            let Some(winner) = winner.as_ref().filter(|winner| !replaces(winner)) else { continue };
            if weight(amount) > 0.0 {
                amount.full = self.full(winner, left, &mut |cause| why(at, cause))?;
                amount.points = amount.full * weight(amount);
            } else if let Levy::Rate(charge) = winner.line.levy {
                // Shown beside the reason why none of it is paid; a rate by quantity would need a price for that.
                amount.full = plain_points(charge, left, winner.cut.map_or(0.0, |(points, _)| points));
            }
        }
        Ok(amounts)
    }

    /// `prod_t (1 - trade_t [value_t] room_t)` over the measures it gives way to.
    fn room<'l>(
        &self,
        active: &Active<'r>,
        amounts: &[Amount],
        winners: &[Option<Winner<'_, 'r>>],
        why: &mut dyn FnMut(Cause<'l>),
    ) -> f64
    where
        'r: 'l,
    {
        let mut room = 1.0;
        for (way, targets) in &active.gives_way {
            let register = self.day.register;
            let meant = register.partner_rank(&way.partners, self.exporter, self.day.date).is_some()
                && self.hits[way.products.scope].is_some();
            for &target in targets.iter().filter(|_| meant) {
                if winners[target].is_none() {
                    continue;
                }
                let other = amounts[target];
                let covered = match way.on {
                    Extent::Whole => other.trade * other.room,
                    Extent::CoveredValue => other.trade * other.value * other.room,
                };
                if covered > 0.0 {
                    room *= 1.0 - covered;
                    why(Cause::GivesWay(target, covered, way));
                }
            }
        }
        room
    }

    /// Shares of trade and of value that are charged.
    fn weights<'l>(
        &self,
        active: &Active<'r>,
        winner: &Winner<'l, 'r>,
        why: &mut dyn FnMut(Cause<'l>),
    ) -> Result<(f64, f64), Problem>
    where
        'r: 'l,
    {
        let (mut trade, mut value) = (winner.share, 1.0);
        if winner.share < 1.0 {
            why(Cause::Listed(winner.share));
        }
        let file = active.measure.at.file;
        for item in &active.exempt {
            let claimed = self.claim(&item.claim.value, &At { file, span: item.claim.span.clone() })?;
            trade *= 1.0 - claimed;
            if claimed > 0.0 {
                why(Cause::Claim(&item.claim.value, claimed, item.cite.as_deref()));
            }
        }
        for item in &active.charged_on {
            if self.hits[item.products.scope].is_some() {
                let share = self.share(&item.share, file)?;
                value *= share;
                why(Cause::Content(&item.share.value, share, item.cite.as_deref()));
            }
        }
        let line = winner.line;
        for (claim, does) in &line.terms.on_claim {
            let claimed = self.claim(claim, &line.change.at)?;
            if claimed == 0.0 {
                continue;
            }
            match does {
                OnClaim::Exempt => {
                    trade *= 1.0 - claimed;
                    why(Cause::Claim(claim, claimed, None));
                }
                OnClaim::Share(share) => {
                    let share = self.share(share, line.change.at.file)?;
                    trade *= 1.0 - claimed + claimed * share;
                    why(Cause::ClaimedShare(claim, claimed, share));
                }
            }
        }
        Ok((trade, value))
    }

    /// What the line charges a good that pays all of it, in points.
    fn full<'l>(&self, winner: &Winner<'l, 'r>, base: f64, why: &mut dyn FnMut(Cause<'l>)) -> Result<f64, Problem>
    where
        'r: 'l,
    {
        let line = winner.line;
        let cut = winner.cut.map_or(0.0, |(points, _)| points);
        let mut full = match line.levy {
            Levy::Rate(charge) => self.charge(charge, base, cut, &line.change.at)?,
            Levy::Quota(quota) => {
                let key = Quantity::Quota(format!("{}/{}", line.measure, line.change.line()));
                let fill = self.number(key, &quota.at)?;
                why(Cause::Quota(fill, &quota.inside, &quota.outside));
                let inside = self.charge(&quota.inside, base, cut, &quota.at)?;
                let outside = self.charge(&quota.outside, base, cut, &quota.at)?;
                fill * inside + (1.0 - fill) * outside
            }
        };
        if let Some(cap) = line.terms.cap {
            let room = (cap - base).max(0.0);
            if full > room {
                full = room;
                why(Cause::Ceiling(cap));
            }
        }
        Ok(full)
    }

    fn charge(&self, charge: &Charge, base: f64, cut: f64, at: &At) -> Result<f64, Problem> {
        match (charge.kind, &charge.specific) {
            (Kind::Ban, _) => self.number(Quantity::Prohibitive, at),
            (Kind::Minimum, Some(least)) => {
                let price = self.unit_value(least, at)?;
                Ok((100.0 * (least.amount / price - 1.0)).max(0.0))
            }
            (_, Some(specific)) => {
                let by_quantity = 100.0 * specific.amount / self.unit_value(specific, at)?;
                Ok(plain_points(charge, base, cut) + by_quantity)
            }
            (_, None) => Ok(plain_points(charge, base, cut)),
        }
    }

    fn unit_value(&self, specific: &Specific, at: &At) -> Result<f64, Problem> {
        let price = self.number(Quantity::UnitValue(specific.unit.clone()), at)?;
        if price > 0.0 {
            return Ok(price);
        }
        let message = format!("the unit value of {} in {} is {price}", self.product, specific.unit);
        Err(Problem::new(message).help("a price must be above 0").at(self.day.register.place(at)))
    }

    /// The share of the partner's trade that makes a claim: 0 by law for partners that cannot make it.
    fn claim(&self, name: &str, at: &At) -> Result<f64, Problem> {
        let key = Quantity::Claim(name.to_owned());
        match self.stated.get(&key) {
            Some(share) => Ok(*share),
            None if self.closed || !self.day.register.can_claim(name, self.exporter, self.day.date) => Ok(0.0),
            None => self.number(key, at),
        }
    }

    fn share(&self, name: &Located<String>, file: usize) -> Result<f64, Problem> {
        self.number(Quantity::Share(name.value.clone()), &At { file, span: name.span.clone() })
    }

    /// A number that law leaves open.
    fn number(&self, key: Quantity, at: &At) -> Result<f64, Problem> {
        if let Some(value) = self.stated.get(&key) {
            return Ok(*value);
        }
        let cell = Cell { exporter: self.exporter, product: self.product, hits: self.hits, day: self.day.date };
        let register = self.day.register;
        let from = (register.assumptions.as_slice(), &register.groups);
        let found = if self.closed { None } else { register.numbers.find(&key, cell, from) };
        match found {
            Some(Assumption { value, .. }) => Ok(*value),
            None => {
                let cell = format!("{} from {} on {}", self.product, self.exporter, self.day.date);
                let help = match self.closed {
                    true => format!("state it in the check: {key}"),
                    false => format!("law leaves it open; add [[assume]] with {key}, a value and its source"),
                };
                let message = format!("no assumption for {key}, needed for {cell}");
                Err(Problem::new(message).help(help).at(register.place(at)))
            }
        }
    }
}

/// Whether a line swaps the base for another duty.
fn replaces(winner: &Winner<'_, '_>) -> bool {
    matches!(winner.line.levy, Levy::Rate(charge) if charge.kind == Kind::Replace)
}

/// The ad valorem part of a charge on top of a base.
fn plain_points(charge: &Charge, base: f64, cut: f64) -> f64 {
    let points = (charge.points - cut).max(0.0);
    match charge.kind {
        Kind::Add => points,
        Kind::Total => (points - base).max(0.0),
        Kind::Replace => points - base,
        Kind::Free | Kind::Ban | Kind::Minimum => 0.0,
    }
}
