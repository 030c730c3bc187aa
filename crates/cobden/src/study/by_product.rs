//! The policy of every case on the products of a world.

use std::collections::BTreeSet;

use cobden_equilibrium::ProductPolicy;
use cobden_world::{Problem, Products, Rate, World};

use super::schedule::{ResolvedRow, resolve, starts_first};
use super::{Action, Case, Change, Deed, Laws, Move, PolicyRow, Study, Tables};

/// What cases are made of.
struct Making<'t> {
    study: &'t Study,
    world: &'t World,
    products: &'t Products,
    laws: &'t Laws,
}

/// The policy of a case on products, and what each of its rows does.
pub(crate) struct ProductCase {
    pub(crate) policy: ProductPolicy,
    pub(crate) moves: Vec<Move>,
}

struct ProductRow<'t> {
    row: ResolvedRow<'t>,
    change: Change,
    /// `[g]`.
    products: Vec<bool>,
}

/// The cases of a study on the products of a world, in the order of the file: what [`Schedules`](super::Schedules) is for one that is solved by
/// sector. Looks every name of every case up, and applies its law and its rows to the tariffs of the case that it starts from.
///
/// # Errors
/// As [`Schedules::new`](super::Schedules::new); what products do not have: questions to governments, taxes on exports, costs of trade.
pub(crate) fn product_cases(
    study: &Study,
    world: &World,
    products: &Products,
    tables: &Tables,
    laws: &Laws,
) -> Result<Vec<ProductCase>, Problem> {
    if study.compares() {
        return Err(study.compares_products());
    }
    let of_case = |case: &Case| {
        tariffs_alone(study, case)?;
        case.rows.iter().map(|row| product_row(study, world, products, tables, row)).collect()
    };
    // All names before any rate: what is wrong with a name is found first, wherever it stands.
    let rows = study.cases.iter().map(of_case).collect::<Result<Vec<Vec<ProductRow<'_>>>, Problem>>()?;
    let making = Making { study, world, products, laws };
    let mut done: Vec<Option<ProductCase>> = study.cases.iter().map(|_| None).collect();
    for case in starts_first(study) {
        let from = study.cases[case].from.and_then(|from| done[from].as_ref());
        let start = from.map_or_else(|| ProductPolicy::status_quo(products), |from| from.policy.clone());
        let (mut policy, mut moves) = making.under_law(case, start);
        for row in &rows[case] {
            let duty = making.change(row, &mut policy)?;
            moves.push(row.row.as_move(case, duty));
        }
        done[case] = Some(ProductCase { policy, moves });
    }
    Ok(done.into_iter().flatten().collect())
}

impl Making<'_> {
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
    let mut resolved = resolve(study, world, tables, row)?;
    let chosen = match &row.product {
        Some(product) => product.products(document, products.names())?,
        None => vec![true; products.names().len()],
    };
    // Of the sectors those that have such products: what the row does is told by sector.
    let mut sold = vec![false; world.sectors.len()];
    chosen.iter().zip(products.list()).for_each(|(chosen, product)| sold[product.sector] |= chosen);
    resolved.sectors.iter_mut().zip(sold).for_each(|(wanted, sold)| *wanted &= sold);
    match &row.product {
        Some(product) if !resolved.sectors.contains(&true) => {
            Err(document.problem(product.span(), "none of these products is of these sectors"))
        }
        _ => Ok(ProductRow { row: resolved, change, products: chosen }),
    }
}
