//! The tariffs of every case: names of the study looked up in a world.

use std::ops::Range;

use ndarray::Array3;

use cobden_world::{Problem, Rate, World};

use super::selection::Among;
use super::{Change, Study};

/// The rows of a study with their names looked up; gives the tariffs of each case.
pub struct Schedules<'s> {
    study: &'s Study,
    world: &'s World,
    /// `[case][row]`.
    rows: Vec<Vec<ResolvedRow>>,
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

impl<'s> Schedules<'s> {
    /// Looks every name of every case up, and tries every rate.
    ///
    /// # Errors
    /// An unknown country or sector with the nearest name; a row that selects nothing, or domestic sales alone;
    /// rows that together bring a tariff to -100 per cent or below.
    pub fn new(study: &'s Study, world: &'s World) -> Result<Self, Problem> {
        let mut rows = Vec::with_capacity(study.cases.len());
        for case in &study.cases {
            rows.push(case.rows.iter().map(|row| resolve(study, world, row)).collect::<Result<_, _>>()?);
        }
        let this = Self { study, world, rows };
        for case in 0..study.cases.len() {
            this.tariffs(case)?;
        }
        Ok(this)
    }

    /// tau', `[n, i, j]`: the tariffs of a case, by its index in the study. An index beyond the last gives the baseline.
    ///
    /// # Errors
    /// As [`Schedules::new`], which has tried every case.
    pub fn tariffs(&self, case: usize) -> Result<Array3<Rate>, Problem> {
        let mut tariffs = self.world.tariffs.clone();
        for &case in self.chain(case).iter().rev() {
            for row in self.rows.get(case).into_iter().flatten() {
                row.apply(&mut tariffs, self.study, self.world)?;
            }
        }
        Ok(tariffs)
    }

    /// What each row of a case does, from the first case of its chain to its own last row.
    ///
    /// # Errors
    /// As [`Schedules::new`], which has tried every case.
    pub fn moves(&self, case: usize) -> Result<Vec<Move>, Problem> {
        let mut tariffs = self.world.tariffs.clone();
        let mut moves = Vec::new();
        for &case in self.chain(case).iter().rev() {
            for row in self.rows.get(case).into_iter().flatten() {
                let before = duty(self.world, &tariffs);
                row.apply(&mut tariffs, self.study, self.world)?;
                moves.push(Move {
                    case,
                    importers: indices(&row.importers),
                    exporters: indices(&row.exporters),
                    duty: duty(self.world, &tariffs) - before,
                });
            }
        }
        Ok(moves)
    }

    /// The case, the case it starts from, and so on. [`Study::parse`] has refused circles.
    fn chain(&self, case: usize) -> Vec<usize> {
        let mut chain = Vec::new();
        let mut at = Some(case);
        while let Some(case) = at.filter(|_| chain.len() < self.study.cases.len()) {
            chain.push(case);
            at = self.study.cases.get(case).and_then(|case| case.from);
        }
        chain
    }
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
