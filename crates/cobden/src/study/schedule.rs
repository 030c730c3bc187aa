//! The tariffs of every case: names of the study looked up in a world, and rows applied.

use std::ops::Range;

use ndarray::Array3;

use cobden_world::{Problem, Rate, World};

use super::selection::Among;
use super::{Change, Study};

/// The tariffs of every case of a study in one world, and what each of its rows does to them.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedules {
    /// tau', `[case]`, each `[n, i, j]`.
    tariffs: Vec<Array3<Rate>>,
    /// `[case][row]`: its own rows, without those of the case it starts from.
    moves: Vec<Vec<Move>>,
}

/// What one row does: whose tariffs on whom, and how much duty they would add on the trade of the baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// The case that the row stands in.
    pub case: usize,
    /// Who sets the tariffs, indices of countries.
    pub importers: Vec<usize>,
    /// Whose goods bear them; may hold importers, whose domestic sales stay untouched.
    pub exporters: Vec<usize>,
    /// Duty added at baseline flows, in the unit of the world; below zero for a cut.
    pub duty: f64,
}

struct ResolvedRow {
    importers: Vec<bool>,
    exporters: Vec<bool>,
    sectors: Vec<bool>,
    change: Change,
    rate_span: Range<usize>,
}

impl Schedules {
    /// Looks every name of every case up, and applies row after row, each case to the tariffs of the one it starts from.
    ///
    /// # Errors
    /// An unknown country or sector with the nearest name; a row that selects nothing, or domestic sales alone;
    /// rows that together bring a tariff to -100 per cent or below.
    pub fn new(study: &Study, world: &World) -> Result<Self, Problem> {
        let mut rows: Vec<Vec<ResolvedRow>> = Vec::with_capacity(study.cases.len());
        for case in &study.cases {
            rows.push(case.rows.iter().map(|row| resolve(study, world, row)).collect::<Result<_, _>>()?);
        }
        let mut this = Self {
            tariffs: vec![Array3::from_elem((0, 0, 0), Rate::ZERO); study.cases.len()],
            moves: vec![Vec::new(); study.cases.len()],
        };
        for case in starts_first(study) {
            let start = study.cases[case].from.map_or(&world.tariffs, |from| &this.tariffs[from]);
            let mut tariffs = start.clone();
            let mut before = duty(world, &tariffs);
            for row in &rows[case] {
                row.apply(&mut tariffs, study, world)?;
                let after = duty(world, &tariffs);
                let (importers, exporters) = (indices(&row.importers), indices(&row.exporters));
                this.moves[case].push(Move { case, importers, exporters, duty: after - before });
                before = after;
            }
            this.tariffs[case] = tariffs;
        }
        Ok(this)
    }

    /// tau', `[n, i, j]`: the tariffs of a case, by its index in the study; `None` beyond the last.
    pub fn tariffs(&self, case: usize) -> Option<&Array3<Rate>> {
        self.tariffs.get(case)
    }

    /// The tariffs of each case and what its own rows do, in the order of the study.
    pub fn into_cases(self) -> impl Iterator<Item = (Array3<Rate>, Vec<Move>)> {
        self.tariffs.into_iter().zip(self.moves)
    }
}

/// Every case once, after the one it starts from. [`Study::parse`] has refused circles.
fn starts_first(study: &Study) -> Vec<usize> {
    let mut order = Vec::with_capacity(study.cases.len());
    let mut listed = vec![false; study.cases.len()];
    for case in 0..study.cases.len() {
        let mut chain = Vec::new();
        let mut at = Some(case);
        while let Some(case) = at.filter(|case| !std::mem::replace(&mut listed[*case], true)) {
            chain.push(case);
            at = study.cases[case].from;
        }
        order.extend(chain.into_iter().rev());
    }
    order
}

fn indices(chosen: &[bool]) -> Vec<usize> {
    chosen.iter().enumerate().filter(|(_, chosen)| **chosen).map(|(index, _)| index).collect()
}

/// The duty that tariffs would yield on the flows of the data.
fn duty(world: &World, tariffs: &Array3<Rate>) -> f64 {
    tariffs.iter().zip(&world.flows).map(|(rate, flow)| rate.0 * flow).sum()
}

fn resolve(study: &Study, world: &World, row: &super::TariffRow) -> Result<ResolvedRow, Problem> {
    let document = study.document();
    let countries = Among { kind: "country", names: &world.countries, members: Some(&world.members) };
    let sectors = Among { kind: "sector", names: &world.sectors, members: None };
    let importers = row.importer.resolve(document, &countries)?;
    let exporters = row.exporter.resolve(document, &countries)?;
    let foreign = importers
        .iter()
        .enumerate()
        .any(|(n, chosen)| *chosen && exporters.iter().enumerate().any(|(i, chosen)| *chosen && i != n));
    if !foreign {
        return Err(document
            .problem(row.exporter.span(), "the row selects domestic sales alone, which no tariff touches")
            .help("name another exporter, or \"*\" for all"));
    }
    Ok(ResolvedRow {
        importers,
        exporters,
        sectors: row.sector.resolve(document, &sectors)?,
        change: row.change,
        rate_span: row.rate_span.clone(),
    })
}

impl ResolvedRow {
    /// Changes the tariffs it selects, domestic sales never.
    fn apply(&self, tariffs: &mut Array3<Rate>, study: &Study, world: &World) -> Result<(), Problem> {
        for ((n, i, j), tariff) in tariffs.indexed_iter_mut() {
            if n == i || !(self.importers[n] && self.exporters[i] && self.sectors[j]) {
                continue;
            }
            let before = *tariff;
            *tariff = self.change.apply(before);
            if !tariff.is_valid() {
                let message = format!(
                    "brings the tariff of {} on {} from {} from {} to {} per cent: a rate must be above -100 per cent",
                    &world.countries[n],
                    &world.sectors[j],
                    &world.countries[i],
                    before.percent(),
                    tariff.percent()
                );
                return Err(study.document().problem(&self.rate_span, message));
            }
        }
        Ok(())
    }
}
