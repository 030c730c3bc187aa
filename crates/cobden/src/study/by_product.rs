//! The policy of every case on the products of a world.

use cobden_equilibrium::ProductPolicy;
use cobden_world::{Problem, Products, World};

use super::schedule::{ResolvedRow, resolve, starts_first};
use super::{Action, Case, Change, Move, PolicyRow, Study, Tables};

/// What the rows of a study do to the tariffs of products: [`Schedules`](super::Schedules) for a world that is solved by product.
pub(crate) struct ProductSchedules<'t> {
    study: &'t Study,
    world: &'t World,
    products: &'t Products,
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
    /// As [`Schedules::new`](super::Schedules::new); what products do not have: questions to governments, days of law, taxes on exports,
    /// costs of trade.
    pub(crate) fn new(
        study: &'t Study,
        world: &'t World,
        products: &'t Products,
        tables: &'t Tables,
    ) -> Result<Self, Problem> {
        if study.compares() {
            return Err(study.compares_products());
        }
        let of_case = |case: &Case| {
            tariffs_alone(study, case)?;
            case.rows.iter().map(|row| product_row(study, world, products, tables, row)).collect()
        };
        let rows = study.cases.iter().map(of_case).collect::<Result<_, Problem>>()?;
        let this = Self { study, world, products, rows };
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
        let mut policy = start;
        let mut moves = Vec::with_capacity(self.rows[case].len());
        for row in &self.rows[case] {
            let duty = self.change(row, &mut policy)?;
            moves.push(row.row.as_move(case, duty));
        }
        Ok((policy, moves))
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
    if !case.law.is_empty() {
        let what = "names a day of law, whose rates are averages of sectors, and this world has products";
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
