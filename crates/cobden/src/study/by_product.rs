//! The policy of every case on the products of a world.

use std::collections::BTreeSet;

use cobden_equilibrium::ProductPolicy;
use cobden_world::{Problem, Products, Rate, World};

use super::schedule::{ResolvedRow, resolve, starts_first};
use super::{Action, Case, Change, Deed, Laws, Move, PolicyRow, Study, Tables};

/// What the rows of a study do to the tariffs of products: [`Schedules`](super::Schedules) for a world that is solved by product.
pub(crate) struct ProductSchedules<'t> {
    study: &'t Study,
    world: &'t World,
    products: &'t Products,
    laws: &'t Laws,
    /// `[case][row]`.
    rows: Vec<Vec<ProductRow<'t>>>,
}

struct ProductRow<'t> {
    row: ResolvedRow<'t>,
    change: Change,
    /// `[g]`.
    products: Vec<bool>,
}

impl<'t> ProductSchedules<'t> {
    /// Looks every name of every case up, and applies every row once, so that what is wrong is found before anything is solved.
    ///
    /// # Errors
    /// As [`Schedules::new`](super::Schedules::new); what products do not have: questions to governments, taxes on exports, costs of trade.
    pub(crate) fn new(
        study: &'t Study,
        world: &'t World,
        products: &'t Products,
        tables: &'t Tables,
        laws: &'t Laws,
    ) -> Result<Self, Problem> {
        if study.compares() {
            return Err(study.compares_products());
        }
        let of_case = |case: &Case| {
            tariffs_alone(study, case)?;
            case.rows.iter().map(|row| product_row(study, world, products, tables, row)).collect()
        };
        let rows = study.cases.iter().map(of_case).collect::<Result<_, Problem>>()?;
        let this = Self { study, world, products, laws, rows };
        let mut policies: Vec<Option<ProductPolicy>> = study.cases.iter().map(|_| None).collect();
        for case in starts_first(study) {
            let start = study.cases[case].from.and_then(|from| policies[from].clone());
            policies[case] = Some(this.apply(case, start.unwrap_or_else(|| this.status_quo()))?.0);
        }
        Ok(this)
    }

    /// The tariffs that products have.
    pub(crate) fn status_quo(&self) -> ProductPolicy {
        ProductPolicy::status_quo(self.products)
    }

    /// A policy as the rows of a case change it, and what each of them does.
    ///
    /// # Errors
    /// Rows that together bring a tariff to -100 per cent or below.
    pub(crate) fn apply(&self, case: usize, start: ProductPolicy) -> Result<(ProductPolicy, Vec<Move>), Problem> {
        let (mut policy, mut moves) = self.under_law(case, start);
        for row in &self.rows[case] {
            let duty = self.change(row, &mut policy)?;
            moves.push(row.row.as_move(case, duty));
        }
        Ok((policy, moves))
    }

    /// A policy under the law of a case instead of that of the case it starts from, and what each importer does, the largest first: as
    /// [`Schedules`](super::Schedules) has it, cell by cell.
    fn under_law(&self, case: usize, start: ProductPolicy) -> (ProductPolicy, Vec<Move>) {
        let from = self.study.cases.get(case).and_then(|case| case.from);
        let (before, after) = (self.laws.cells(from), self.laws.cells(Some(case)));
        let mut policy = start;
        let mut changes: Vec<Changed> = self.world.countries.iter().map(|_| Changed::default()).collect();
        let (sparsity, imports) = (self.products.sparsity(), self.products.imports());
        sparsity.each_run(|run, sector, importer, _| {
            for cell in sparsity.cells(run) {
                let change = match (before.get(cell), after.get(cell)) {
                    (Some(before), Some(after)) if after != before => (after - before) / 100.0,
                    _ => continue,
                };
                let old = policy.tariffs[cell].0;
                let new = (old + change).max(old.min(0.0));
                policy.tariffs[cell] = Rate(new);
                let changed = &mut changes[importer];
                changed.exporters.insert(sparsity.exporter(cell));
                changed.sectors.insert(sector);
                changed.duty += (new - old) * imports[cell];
            }
        });
        let of = |(importer, changed): (usize, Changed)| changed.into_move(case, importer);
        let mut moves: Vec<Move> = changes.into_iter().enumerate().filter_map(of).collect();
        moves.sort_by(|a, b| b.duty.abs().total_cmp(&a.duty.abs()));
        (policy, moves)
    }

    /// Applies a row; the duty that it adds on the trade of the baseline.
    fn change(&self, row: &ProductRow<'_>, policy: &mut ProductPolicy) -> Result<f64, Problem> {
        let (sparsity, imports) = (self.products.sparsity(), self.products.imports());
        let (mut duty, mut wrong) = (0.0, None);
        let ResolvedRow { importers, exporters, sectors, table, .. } = &row.row;
        sparsity.each_run(|run, sector, importer, product| {
            if !(importers[importer] && sectors[sector] && row.products[product]) {
                return;
            }
            for cell in sparsity.cells(run) {
                let exporter = sparsity.exporter(cell);
                if exporters[exporter] {
                    let before = policy.tariffs[cell];
                    let change = table.map_or(row.change, |rates| row.change.with(rates[[importer, exporter, sector]]));
                    let after = change.apply(before);
                    if !after.is_valid() {
                        wrong.get_or_insert((importer, exporter, product, before, after));
                    }
                    duty += (after.0 - before.0) * imports[cell];
                    policy.tariffs[cell] = after;
                }
            }
        });
        let Some((importer, exporter, product, before, after)) = wrong else { return Ok(duty) };
        let message = format!(
            "brings the tariff of {} on {} from {} from {} to {} per cent: a rate must be above -100 per cent",
            &self.world.countries[importer],
            &self.products.names()[product],
            &self.world.countries[exporter],
            before.percent(),
            after.percent()
        );
        Err(self.study.document().problem(&row.row.rate_span, message))
    }
}

/// What a law changes of an importer's tariffs.
#[derive(Default)]
struct Changed {
    exporters: BTreeSet<usize>,
    sectors: BTreeSet<usize>,
    duty: f64,
}

impl Changed {
    fn into_move(self, case: usize, importer: usize) -> Option<Move> {
        let Self { exporters, sectors, duty } = self;
        (!exporters.is_empty()).then(|| Move {
            case,
            importers: vec![importer],
            exporters: exporters.into_iter().collect(),
            sectors: sectors.into_iter().collect(),
            deed: Deed::Law,
            duty,
        })
    }
}

/// The help of every problem that a study by sector would not have.
pub(crate) fn by_sector_alone(problem: Problem) -> Problem {
    problem.help("write products = false under [model] to solve this world by sector")
}

/// Refuses what products do not have.
fn tariffs_alone(study: &Study, case: &Case) -> Result<(), Problem> {
    let (document, name) = (study.document(), &case.name);
    if case.question.is_some() {
        let what = "asks governments, who choose tariffs of sectors, and this world has products";
        return Err(by_sector_alone(document.problem(&name.span, format!("\"{}\" {what}", name.value))));
    }
    Ok(())
}

fn product_row<'t>(
    study: &Study,
    world: &World,
    products: &Products,
    tables: &'t Tables,
    row: &PolicyRow,
) -> Result<ProductRow<'t>, Problem> {
    let document = study.document();
    let Action::Tariff(change) = row.action else {
        let problem = document.problem(&row.span, "products have tariffs, not taxes on exports or costs of trade");
        return Err(by_sector_alone(problem));
    };
    let resolved = resolve(study, world, tables, row)?;
    let chosen = match &row.product {
        Some(product) => product.products(document, products.names())?,
        None => vec![true; products.names().len()],
    };
    let mut both = chosen.iter().zip(products.list()).filter(|(chosen, _)| **chosen);
    match (both.all(|(_, product)| !resolved.sectors[product.sector]), &row.product) {
        (true, Some(product)) => Err(document.problem(product.span(), "none of these products is of these sectors")),
        _ => Ok(ProductRow { row: resolved, change, products: chosen }),
    }
}
