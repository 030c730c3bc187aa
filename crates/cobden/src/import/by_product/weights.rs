//! What weighs the rates of the register in an imported world: importers' trade by partner and product, and the sector of every product.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use cobden_data::InputOutput;
use cobden_measures::{Date, Register};
use cobden_world::{Mapping, Problem, World};

use super::divide::{Division, Part, merged};
use crate::import::products::is_harmonized;
use crate::law::{self, IMPORTS, PRODUCTS};
use crate::tabular::{Column, Rows};

impl Division {
    /// The members of each region of a world that is more than one economy: those that it has, and the countries of the list that are in it.
    pub(in crate::import) fn members(
        &self,
        table: &InputOutput,
        mapping: &Mapping,
        world: &World,
    ) -> BTreeMap<String, Vec<String>> {
        let region = merged(&mapping.countries, &table.regions);
        let known = world.members.iter().map(|(region, members)| (region.clone(), members.iter().cloned().collect()));
        let mut members: BTreeMap<String, BTreeSet<String>> = known.collect();
        for (name, country) in self.trade.names() {
            let of = &world.countries[region[country.region]];
            if name != of {
                members.entry(of.to_owned()).or_default().insert(name.to_owned());
            }
        }
        members.into_iter().map(|(region, members)| (region, members.into_iter().collect())).collect()
    }

    /// The two tables by which days of tariff law become rates of the world, as a world directory has them; none if no product has a code of the Harmonized
    /// System or no region of the world levies measures. `year` is that of the tariffs.
    ///
    /// # Errors
    /// A register that cannot be read, or a table that cannot be written.
    pub(in crate::import) fn weights(
        &self,
        table: &InputOutput,
        mapping: &Mapping,
        world: &World,
        year: i32,
    ) -> Result<Vec<(String, Vec<u8>)>, Problem> {
        let register = law::register()?;
        let day = i16::try_from(year).ok().and_then(|year| Date::new(year, 12, 31).ok());
        let Some(day) = day else { return Ok(Vec::new()) };
        let levies = |name: &str| register.measures().any(|measure| register.is_levied_by(measure, name, day));
        let levies: Vec<bool> = world.countries.iter().map(levies).collect();
        let region = merged(&mapping.countries, &table.regions);
        let lines = self.lines(register, &region, &levies);
        if lines.is_empty() {
            return Ok(Vec::new());
        }
        let sector = merged(&mapping.sectors, &table.sectors);
        let mut products =
            format!("# law: {day}\n# weights: {}\nhs,sector,share\n", world.origin.source.replace('\n', " "));
        for product in self.trade.products.iter().filter(|product| is_harmonized(&product.code)) {
            let mut shares: BTreeMap<usize, f64> = BTreeMap::new();
            product.sectors.iter().for_each(|(j, share)| *shares.entry(sector[*j]).or_default() += share);
            for (sector, share) in shares {
                let _ = writeln!(products, "{},{},{share}", product.code, &world.sectors[sector]);
            }
        }
        let imports = self.imports(world, &lines)?;
        Ok(vec![(format!("{IMPORTS}.parquet"), imports), (format!("{PRODUCTS}.csv"), products.into_bytes())])
    }

    /// What the regions that levy measures buy from countries that the register knows.
    fn lines(&self, register: &Register, region: &[usize], levies: &[bool]) -> Vec<Part> {
        let mut known = vec![false; self.trade.countries.len()];
        self.trade.names().enumerate().for_each(|(at, (name, _))| known[at] = register.is_partner(name));
        let mut lines = Vec::new();
        for (n, i) in self.trade.pairs() {
            let importer = region[self.trade.countries[n].region];
            if !levies[importer] || !known[i] || importer == region[self.trade.countries[i].region] {
                continue;
            }
            for cell in self.trade.cells(n, i) {
                let listed = self.trade.product(cell);
                let product = &self.trade.products[listed];
                if !is_harmonized(&product.code) {
                    continue;
                }
                let whole: f64 = product.sectors.iter().map(|(_, share)| share).sum();
                let rates = product.sectors.iter().map(|(j, share)| share * self.rate(cell, self.trade.at(n, i, *j)).0);
                let (value, base) = (self.trade.value(cell), rates.sum::<f64>() / whole);
                lines.push(Part::new(importer, i, listed, value, value * base.max(0.0)));
            }
        }
        Part::add_up(&mut lines);
        lines
    }

    /// The lines as a table, the rows of each importer together.
    fn imports(&self, world: &World, lines: &[Part]) -> Result<Vec<u8>, Problem> {
        let names: Vec<&str> = self.trade.names().map(|(name, _)| name).collect();
        let mut file: Option<Rows> = None;
        let failed = |error: parquet::errors::ParquetError| Problem::new(error.to_string());
        for of_one in lines.chunk_by(|a, b| a.place().0 == b.place().0) {
            let importers = vec![&world.countries[of_one[0].place().0]; of_one.len()];
            let exporter = |line: &Part| names[line.place().1];
            let product = |line: &Part| self.trade.products[line.place().2].code.as_str();
            let (exporters, products): (Vec<&str>, Vec<&str>) =
                of_one.iter().map(|line| (exporter(line), product(line))).unzip();
            let (values, bases): (Vec<f64>, Vec<f64>) =
                of_one.iter().map(|line| (line.value, line.revenue / line.value)).unzip();
            let columns = [
                ("importer", Column::Texts(&importers)),
                ("exporter", Column::Texts(&exporters)),
                ("product", Column::Texts(&products)),
                ("value", Column::Numbers(&values)),
                ("base", Column::Numbers(&bases)),
            ];
            let mut rows = match file.take() {
                Some(rows) => rows,
                None => Rows::like(&columns).map_err(failed)?,
            };
            rows.write(&columns).map_err(failed)?;
            file = Some(rows);
        }
        file.map_or(Ok(Vec::new()), |rows| rows.finish().map_err(failed))
    }
}
