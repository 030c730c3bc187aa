//! Solves the cases of a study on a world whose sectors are sold as products.

use std::time::Instant;

use cobden_equilibrium::{Model, Policy, ProductEconomy, ProductEquilibrium, ProductPolicy, Settings};
use cobden_world::{Products, Rate, World};

use crate::answer::{CaseAnswer, Solver};
use crate::cases::Told;
use crate::run::Failure;
use crate::stop;
use crate::study::{ProductCase, Study};

/// What an answer by product holds beside that of its sectors.
#[derive(Clone, Debug)]
pub struct ByProductAnswer {
    /// The products, as the world has them.
    pub products: Products,
    /// `[case]`: what becomes of the products that importers buy whose tariffs a case changes; empty if it was not solved.
    pub changes: Vec<Vec<ProductChange>>,
}

/// What a case does to what one country buys of one product.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductChange {
    /// Who buys, an index of countries.
    pub importer: usize,
    /// What, an index of products.
    pub product: usize,
    /// The tariff on all imports of it, weighted with the baseline's.
    pub tariff_before: Rate,
    /// The same under the case.
    pub tariff: Rate,
    /// Imports before tariff, in the unit of the world.
    pub imports_before: f64,
    /// The same under the case.
    pub imports: f64,
    /// Domestic sales, in the unit of the world.
    pub home_before: f64,
    /// The same under the case.
    pub home: f64,
    /// P_hat: purchaser price, new / old.
    pub price_hat: f64,
}

/// What cases are solved with.
pub(crate) struct ProductCases<'a> {
    pub(crate) study: &'a Study,
    pub(crate) world: &'a World,
    pub(crate) model: &'a Model,
    pub(crate) products: &'a Products,
    pub(crate) economy: &'a ProductEconomy,
    pub(crate) settings: Settings,
}

impl ProductCases<'_> {
    /// Solves all cases of the study, in the order of the file, each from the last equilibrium.
    pub(crate) fn solve(
        &self,
        cases: Vec<ProductCase>,
        told: Told<'_>,
    ) -> Result<(Vec<CaseAnswer>, Vec<Vec<ProductChange>>), Failure> {
        let mut last = None;
        let (mut answers, mut changes) = (Vec::new(), Vec::new());
        for (at, case) in cases.into_iter().enumerate() {
            let name = &self.study.cases[at].name.value;
            if !told(at, name, "") {
                return Err(Failure::Stopped);
            }
            let (answer, changed) = self.case(name, case, &mut last)?;
            answers.push(answer);
            changes.push(changed);
        }
        Ok((answers, changes))
    }

    fn case(
        &self,
        name: &str,
        ProductCase { policy, moves }: ProductCase,
        last: &mut Option<ProductEquilibrium>,
    ) -> Result<(CaseAnswer, Vec<ProductChange>), Failure> {
        let begun = Instant::now();
        let settings = Settings { beyond_folds: true, ..self.settings };
        let from = last.as_ref().filter(|last| !last.report().elsewhere());
        let equilibrium = self.economy.solve(&policy, from, &settings)?;
        let report = equilibrium.report();
        let converged = report.stop.converged();
        let solver = Solver {
            converged,
            stop: stop::words(report, self.model, self.world),
            iterations: report.iterations,
            residual_max: report.residual_max(),
            seconds: begun.elapsed().as_secs_f64(),
        };
        let answer = CaseAnswer {
            name: name.to_owned(),
            solver,
            outcome: converged.then(|| self.economy.outcome(&equilibrium)),
            why: None,
            moves,
            policy: self.of_sectors(&policy),
            strategy: None,
        };
        let changes = if converged { self.changes(&policy, &equilibrium) } else { Vec::new() };
        if converged {
            *last = Some(equilibrium);
        }
        Ok((answer, changes))
    }

    /// What a policy comes to in sectors, with the baseline's imports as weights; where no product's tariff moves, the sector's does not.
    fn of_sectors(&self, policy: &ProductPolicy) -> Policy {
        let added = policy.tariffs.iter().zip(self.products.tariffs()).map(|(new, old)| Rate(new.0 - old.0));
        let mut by_sector = Policy::status_quo(self.world);
        let average = self.products.average(&added.collect::<Vec<_>>());
        by_sector.tariffs.iter_mut().zip(&average).for_each(|(rate, added)| rate.0 += added.0);
        by_sector
    }

    /// What becomes of the products of every importer whose tariffs a policy changes.
    fn changes(&self, policy: &ProductPolicy, equilibrium: &ProductEquilibrium) -> Vec<ProductChange> {
        let (sparsity, before) = (self.products.sparsity(), self.products.tariffs());
        let mut acts = vec![false; sparsity.countries()];
        sparsity.each_run(|run, _, importer, _| {
            acts[importer] |= sparsity.cells(run).any(|cell| policy.tariffs[cell] != before[cell]);
        });
        let flows = self.economy.product_flows(equilibrium);
        let imports = self.products.imports();
        let mut changes = Vec::new();
        sparsity.each_run(|run, _, importer, product| {
            let cells = sparsity.cells(run);
            let total: f64 = imports[cells.clone()].iter().sum();
            if acts[importer] && total > 0.0 {
                let mean =
                    |rates: &[Rate]| Rate(cells.clone().map(|at| rates[at].0 * imports[at]).sum::<f64>() / total);
                changes.push(ProductChange {
                    importer,
                    product,
                    tariff_before: mean(before),
                    tariff: mean(&policy.tariffs),
                    imports_before: total,
                    imports: flows.imports[cells.clone()].iter().sum(),
                    home_before: self.products.domestic()[run],
                    home: flows.domestic[run],
                    price_hat: flows.price_hat[run],
                });
            }
        });
        changes.sort_by_key(|change| (change.importer, change.product));
        changes
    }
}
