//! From an input-output table to a world that a model can start from, and what had to be changed on the way.
//!
//! A published table is not yet a world. It has negative cells (stocks that were run down); taxes and subsidies stand between inputs and output;
//! and it is at basic prices, while a world's users pay tariffs. What is done, in this order, changes as little as it can:
//!
//! 1. regions and sectors are merged, so that negative cells first meet what they belong to;
//! 2. what is still negative of flows, inputs and final use becomes zero;
//! 3. tariffs are attached: users of good `k` in `n` pay `f_nk = sum_i (1 + tau_nik) M_nik / sum_i M_nik` times the basic price;
//! 4. value added is what sales leave after inputs: `VA_nj = Y_nj - sum_k f_nk Z_nkj`. In a table that adds up this is its value added, plus
//!    taxes less subsidies on what the sector uses, less the tariffs among them, which are paid to customs now. Where nothing would be left
//!    it is a thousandth of sales;
//! 5. what steps 2 and 4 left unbalanced is balanced ([`World::balance`]). A table without negative cells is not touched by this.

use cobden_world::{
    BalanceOptions, BalanceReport, EmptyColumns, EmptyRows, Grouping, Mapping, Origin, Problem, Rate, World,
};
use ndarray::{Array, Array1, Array2, Array3, Axis, Dimension};

use crate::InputOutput;

/// Least value added of a sector, as a part of its sales, where its inputs cost as much as it sells for.
const LEAST_VALUE_ADDED: f64 = 1e-3;

/// What making a world changed of a table. Values in the unit of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    /// Negative flows set to zero.
    pub negative_flows: Zeroed,
    /// Negative inputs set to zero.
    pub negative_inputs: Zeroed,
    /// Negative final use set to zero.
    pub negative_final: Zeroed,
    /// Sectors whose inputs cost all they sell for, and which were given a thousandth of sales as value added.
    pub without_value_added: usize,
    /// `[n]`: value added as the table states it, in the merged regions.
    pub value_added_stated: Array1<f64>,
    /// `[n]`: taxes less subsidies that became value added.
    pub taxes: Array1<f64>,
    /// `[n]`: tariff revenue, which is no longer part of those taxes.
    pub tariff_revenue: Array1<f64>,
    /// `[n]`: value added of the world.
    pub value_added: Array1<f64>,
    /// What balancing moved.
    pub balance: BalanceReport,
}

/// Negative cells that became zero.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Zeroed {
    /// How many.
    pub cells: usize,
    /// Their sum, negative.
    pub value: f64,
    /// The sum of all cells that are not negative.
    pub of: f64,
}

/// How a table becomes a world.
#[derive(Clone, Debug)]
pub struct Making<'a> {
    /// Identity, source and licence of the world.
    pub origin: Origin,
    /// Which regions and sectors of the table are merged.
    pub mapping: &'a Mapping,
    /// tau, `[n, i, j]` by the regions and sectors of the table; none: free trade.
    pub tariffs: Option<&'a Array3<Rate>>,
    /// theta, `[j]` by the sectors of the table; none: the world names no trade elasticities.
    pub elasticities: Option<&'a Array1<f64>>,
}

impl InputOutput {
    /// The mapping that merges nothing.
    pub fn as_it_is(&self) -> Mapping {
        Mapping { countries: Grouping::identity(&self.regions), sectors: Grouping::identity(&self.sectors) }
    }

    /// The balanced world of this table, and what was changed. A table in which nobody uses anything becomes a world without inputs, whose
    /// value added is its sales.
    ///
    /// # Errors
    /// A mapping or tariffs that do not fit the table; accounts that cannot be balanced, naming country and sectors.
    ///
    /// ```
    /// use cobden_data::{Assembly, Column, Making, Row};
    /// use cobden_world::{Names, Origin};
    /// let names = |list: &[&str]| Names::new(list.iter().map(|name| name.to_string())).unwrap();
    /// let columns = [0, 1].map(|region| Column::Use { region, sector: 0 });
    /// let columns = columns.into_iter().chain([0, 1].map(|region| Column::Final { region })).collect();
    /// let mut table = Assembly::new(names(&["A", "B"]), names(&["ALL"]), columns);
    /// table.row(Row::Sales { region: 0, sector: 0 }, [10.0, 5.0, 20.0, 1.0]);
    /// table.row(Row::Sales { region: 1, sector: 0 }, [4.0, 30.0, 2.0, 40.0]);
    /// let table = table.finish("a table", 2020, "USD million");
    /// let mapping = table.as_it_is();
    /// let (world, changes) = table.world(&Making { origin: Origin::default(), mapping: &mapping, tariffs: None, elasticities: None })?;
    /// assert_eq!(world.value_added.as_ref().unwrap()[[0, 0]], 22.0); // sales of 36 less inputs of 14
    /// assert_eq!(changes.negative_flows.cells, 0);
    /// assert!(world.accounts().imbalances(1e-12).is_empty());
    /// # Ok::<(), cobden_world::Problem>(())
    /// ```
    pub fn world(&self, making: &Making<'_>) -> Result<(World, Changes), Problem> {
        let mut world = self.untaxed(making.origin.clone()).aggregate(making.mapping)?;
        let stated = self.merged_panel(making, &self.value_added)?;
        let taxes = self.merged_panel(making, &self.taxes)?;
        let negative_flows = zero_negative(&mut world.flows);
        let negative_inputs = world.inputs.as_mut().map(zero_negative).unwrap_or_default();
        let negative_final = world.final_demand.as_mut().map(zero_negative).unwrap_or_default();
        let weighted = self.weighted(making)?;
        (world.tariffs, world.elasticities) = (weighted.tariffs, weighted.elasticities);
        let without_value_added = charge_users(&mut world);
        let options = BalanceOptions { empty_rows: EmptyRows::FinalDemand, empty_columns: EmptyColumns::ValueAdded };
        let (world, balance) = world.balance(&options)?;
        let changes = Changes {
            negative_flows,
            negative_inputs,
            negative_final,
            without_value_added,
            value_added_stated: stated.sum_axis(Axis(1)),
            taxes: taxes.sum_axis(Axis(1)),
            tariff_revenue: world.tariff_revenue(),
            value_added: world.accounts().value_added.sum_axis(Axis(1)),
            balance,
        };
        Ok((world, changes))
    }

    /// The table as a world at basic prices: nobody pays tariffs.
    fn untaxed(&self, origin: Origin) -> World {
        let made_with_inputs = self.inputs.iter().any(|input| *input != 0.0);
        World {
            origin,
            countries: self.regions.clone(),
            sectors: self.sectors.clone(),
            members: Default::default(),
            flows: self.flows.clone(),
            tariffs: Array3::from_elem(self.flows.dim(), Rate::ZERO),
            elasticities: None,
            inputs: made_with_inputs.then(|| self.inputs.clone()),
            value_added: Some(&self.value_added + &self.taxes),
            final_demand: Some(self.final_demand.clone()),
            political_weights: None,
        }
    }

    /// A panel `[n, j]` of the table in the merged regions and sectors.
    fn merged_panel(&self, making: &Making<'_>, panel: &Array2<f64>) -> Result<Array2<f64>, Problem> {
        let world = World { value_added: Some(panel.clone()), ..self.untaxed(Origin::default()) };
        Ok(world.aggregate(making.mapping)?.value_added.unwrap_or_default())
    }

    /// What is averaged when regions and sectors merge, with the flows that are not negative as weights: tariffs and elasticities.
    fn weighted(&self, making: &Making<'_>) -> Result<World, Problem> {
        let mut world = self.untaxed(Origin::default());
        world.flows.mapv_inplace(|flow| flow.max(0.0));
        if let Some(theta) = making.elasticities {
            if theta.len() != self.sectors.len() {
                let (found, wanted) = (theta.len(), self.sectors.len());
                return Err(Problem::new(format!("{found} trade elasticities for a table of {wanted} sectors")));
            }
            world.elasticities = Some(theta.clone());
        }
        if let Some(tariffs) = making.tariffs {
            if tariffs.dim() != self.flows.dim() {
                let (found, wanted) = (tariffs.dim(), self.flows.dim());
                return Err(Problem::new(format!("tariffs of the shape {found:?} for a table of {wanted:?}")));
            }
            world.tariffs = tariffs.clone();
            world.tariffs.indexed_iter_mut().filter(|((n, i, _), _)| n == i).for_each(|(_, rate)| *rate = Rate::ZERO);
        }
        world.aggregate(making.mapping)
    }
}

fn zero_negative<D: Dimension>(table: &mut Array<f64, D>) -> Zeroed {
    let mut zeroed = Zeroed::default();
    for value in table.iter_mut() {
        if *value < 0.0 {
            zeroed.cells += 1;
            zeroed.value += *value;
            *value = 0.0;
        } else {
            zeroed.of += *value;
        }
    }
    zeroed
}

/// Users pay the tariffs on what they use, and value added is what sales leave. Says of how many sectors nothing would be left.
fn charge_users(world: &mut World) -> usize {
    let (spent, bought, sold) = (world.expenditure(), world.flows.sum_axis(Axis(1)), world.sales());
    let factor = |n: usize, k: usize| if bought[[n, k]] > 0.0 { spent[[n, k]] / bought[[n, k]] } else { 1.0 };
    let mut value_added = sold.clone();
    for ((n, k, j), input) in world.inputs.iter_mut().flat_map(|inputs| inputs.indexed_iter_mut()) {
        *input *= factor(n, k);
        value_added[[n, j]] -= *input;
    }
    for ((n, k), used) in world.final_demand.iter_mut().flat_map(|table| table.indexed_iter_mut()) {
        *used *= factor(n, k);
    }
    if world.inputs.is_none() {
        (world.value_added, world.final_demand) = (None, None);
        return 0;
    }
    let mut without = 0;
    for (value, sold) in value_added.iter_mut().zip(&sold) {
        if *sold > 0.0 && *value < LEAST_VALUE_ADDED * sold {
            without += 1;
            *value = LEAST_VALUE_ADDED * sold;
        }
        *value = value.max(0.0);
    }
    world.value_added = Some(value_added);
    without
}
