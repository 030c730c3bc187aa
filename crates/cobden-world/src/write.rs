//! Writes a world directory, `cobden.world/1`, and the bytes that identify its content.

use std::fmt::Write as _;
use std::sync::Arc;

use arrow_array::builder::{Float64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use ndarray::{Array, Dimension};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use crate::manifest::{FILE, FORMAT, name_fault};
use crate::problem::clip;
use crate::{Names, Problem, World};

/// How tables are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated text, for people and version control.
    Csv,
    /// Parquet, for size and speed.
    Parquet,
}

/// One table about to be written: the names of its columns and its rows.
struct Table {
    name: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<(Vec<String>, f64)>,
}

impl World {
    /// The files of this world's directory, by name: `world.toml` first, then its tables.
    ///
    /// The same world gives the same bytes. Rows of zero are left out where a missing row means zero. Numbers are written in the
    /// shortest form that reads back as the same number, so reading the files gives this world again, exactly; see
    /// [`World::rounded`] for shorter ones.
    ///
    /// # Errors
    /// The world is not valid ([`World::validate`]), or has a name that cannot stand in a table: empty, with blanks around it
    /// or with a control character.
    ///
    /// ```
    /// use cobden_world::{Format, MemoryFiles, World, toy::Toy};
    /// let world = Toy::default().world();
    /// let files: MemoryFiles = world.to_files(Format::Parquet).unwrap().into_iter().collect();
    /// assert_eq!(World::read(&files).unwrap(), world);
    /// ```
    pub fn to_files(&self, format: Format) -> Result<Vec<(String, Vec<u8>)>, Problem> {
        self.validate()?;
        for name in self.countries.iter().chain(self.sectors.iter()) {
            if let Some(fault) = name_fault(name) {
                return Err(Problem::new(format!("the name \"{}\" {fault}", clip(name))));
            }
        }
        let mut files = vec![(FILE.to_owned(), self.manifest().into_bytes())];
        for table in self.tables() {
            files.push(match format {
                Format::Csv => (format!("{}.csv", table.name), table.csv().into_bytes()),
                Format::Parquet => (format!("{}.parquet", table.name), table.parquet()?),
            });
        }
        Ok(files)
    }

    /// The same world with flows, inputs, value added and final demand rounded to this many significant digits, so that its files
    /// are smaller. Its accounts then balance only to about that many digits.
    #[must_use]
    pub fn rounded(&self, significant_digits: usize) -> World {
        let round = |value: &f64| -> f64 {
            // Through text, so that the shortest form of the result has no more digits than asked for.
            format!("{value:.*e}", significant_digits.saturating_sub(1)).parse().unwrap_or(*value)
        };
        World {
            flows: self.flows.map(round),
            inputs: self.inputs.as_ref().map(|table| table.map(round)),
            value_added: self.value_added.as_ref().map(|table| table.map(round)),
            final_demand: self.final_demand.as_ref().map(|table| table.map(round)),
            ..self.clone()
        }
    }

    /// The content of this world as bytes, to be hashed: the same for the same world, however its files are stored.
    ///
    /// Format, identity, names and members as text, each text after its length; then each table with its name, shape and values
    /// (IEEE 754, little-endian, row-major; negative zero as zero). A table that is absent differs from one of zeros.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let mut bytes = Canonical(Vec::new());
        let origin = &self.origin;
        let year = origin.year.to_string();
        let licence = origin.licence.as_deref();
        let identity = [FORMAT, &origin.id, &origin.title, &year, &origin.unit, &origin.source, &origin.note];
        bytes.texts(identity.into_iter());
        bytes.texts(licence.into_iter());
        bytes.texts(self.countries.iter());
        bytes.texts(self.sectors.iter());
        bytes.number(self.members.len());
        for (region, members) in &self.members {
            bytes.text(region);
            bytes.texts(members.iter().map(String::as_str));
        }
        bytes.table("flows", Some(&self.flows));
        bytes.table("tariffs", Some(&self.tariffs.mapv(|rate| rate.0)));
        bytes.table("elasticities", self.elasticities.as_ref());
        bytes.table("inputs", self.inputs.as_ref());
        bytes.table("value_added", self.value_added.as_ref());
        bytes.table("final", self.final_demand.as_ref());
        bytes.table("political_weights", self.political_weights.as_ref());
        bytes.0
    }

    fn manifest(&self) -> String {
        let origin = &self.origin;
        let mut text = String::new();
        let mut line = |key: &str, value: String| text.push_str(&format!("{key} = {value}\n"));
        line("format", quoted(FORMAT));
        line("id", quoted(&origin.id));
        line("title", quoted(&origin.title));
        line("year", origin.year.to_string());
        line("unit", quoted(&origin.unit));
        line("source", quoted(&origin.source));
        line("note", quoted(&origin.note));
        if let Some(licence) = &origin.licence {
            line("licence", quoted(licence));
        }
        line("countries", list(self.countries.iter()));
        line("sectors", list(self.sectors.iter()));
        if !self.members.is_empty() {
            text.push_str("\n[members]\n");
            for (region, members) in &self.members {
                text.push_str(&format!("{} = {}\n", quoted(region), list(members.iter().map(String::as_str))));
            }
        }
        text
    }

    /// Every table this world holds, in the order of the contract.
    fn tables(&self) -> Vec<Table> {
        let (n, j) = (&self.countries, &self.sectors);
        let trade = ["importer", "exporter", "sector"];
        let rates = self.tariffs.mapv(|rate| rate.0);
        let mut tables = vec![
            Table::new("flows", &trade, "value", 0.0, &self.flows, &[n, n, j]),
            Table::new("tariffs", &trade, "rate", 0.0, &rates, &[n, n, j]),
        ];
        if let Some(theta) = &self.elasticities {
            // No theta is zero, so none is left out.
            tables.push(Table::new("elasticities", &["sector"], "trade_elasticity", 0.0, theta, &[j]));
        }
        if let Some(inputs) = &self.inputs {
            tables.push(Table::new("inputs", &["country", "input", "user"], "value", 0.0, inputs, &[n, j, j]));
        }
        for (name, table) in [("value_added", &self.value_added), ("final", &self.final_demand)] {
            if let Some(table) = table {
                tables.push(Table::new(name, &["country", "sector"], "value", 0.0, table, &[n, j]));
            }
        }
        if let Some(weights) = &self.political_weights {
            tables.push(Table::new("political_weights", &["country", "sector"], "weight", 1.0, weights, &[n, j]));
        }
        tables
    }
}

impl Table {
    /// The rows of a dense array that differ from what a missing row means.
    fn new<D: Dimension>(
        name: &'static str,
        keys: &[&'static str],
        value: &'static str,
        missing: f64,
        values: &Array<f64, D>,
        names: &[&Names],
    ) -> Self {
        let mut rows = Vec::new();
        for (position, value) in values.iter().enumerate().filter(|(_, value)| **value != missing) {
            let mut rest = position;
            let mut cell: Vec<String> = Vec::with_capacity(names.len());
            for list in names.iter().rev() {
                cell.push(list[rest % list.len()].to_owned());
                rest /= list.len();
            }
            cell.reverse();
            rows.push((cell, *value));
        }
        Self { name, columns: keys.iter().copied().chain([value]).collect(), rows }
    }

    fn csv(&self) -> String {
        let mut text = self.columns.join(",");
        text.push('\n');
        for (names, value) in &self.rows {
            for name in names {
                text.push_str(&field(name));
                text.push(',');
            }
            text.push_str(&number(*value));
            text.push('\n');
        }
        text
    }

    fn parquet(&self) -> Result<Vec<u8>, Problem> {
        let failed = |error: String| Problem::new(format!("cannot write {} as Parquet: {error}", self.name));
        let (value, keys) = (self.columns.len() - 1, &self.columns[..self.columns.len() - 1]);
        let mut fields: Vec<Field> = keys.iter().map(|key| Field::new(*key, DataType::Utf8, false)).collect();
        fields.push(Field::new(self.columns[value], DataType::Float64, false));
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.columns.len());
        for key in 0..keys.len() {
            let mut builder = StringBuilder::new();
            self.rows.iter().for_each(|(names, _)| builder.append_value(&names[key]));
            arrays.push(Arc::new(builder.finish()));
        }
        let mut builder = Float64Builder::with_capacity(self.rows.len());
        self.rows.iter().for_each(|(_, value)| builder.append_value(*value));
        arrays.push(Arc::new(builder.finish()));
        let schema = Arc::new(Schema::new(fields));
        let batch = RecordBatch::try_new(schema.clone(), arrays).map_err(|error| failed(error.to_string()))?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let mut bytes = Vec::new();
        let mut writer =
            ArrowWriter::try_new(&mut bytes, schema, Some(properties)).map_err(|error| failed(error.to_string()))?;
        writer.write(&batch).map_err(|error| failed(error.to_string()))?;
        writer.close().map_err(|error| failed(error.to_string()))?;
        Ok(bytes)
    }
}

/// A CSV field, in quotes where it must be.
pub(crate) fn field(name: &str) -> String {
    if name.contains([',', '"']) || name.starts_with('#') {
        format!("\"{}\"", name.replace('"', "\"\""))
    } else {
        name.to_owned()
    }
}

/// The shortest text that reads back as this number: plain, or with an exponent if that is shorter.
pub(crate) fn number(value: f64) -> String {
    let (plain, exponent) = (value.to_string(), format!("{value:e}"));
    if exponent.len() < plain.len() { exponent } else { plain }
}

/// A TOML basic string on one line: unlike the other kinds it can also be a key.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            control if control.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(control))),
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}

/// A TOML list, wrapped at some 100 columns.
fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let (mut text, mut width) = (String::from("["), 1);
    for name in names {
        let name = quoted(name);
        if width + name.len() > 100 {
            text.push_str("\n ");
            width = 1;
        }
        width += name.len() + 2;
        // Writing to a string cannot fail.
        let _ = write!(text, " {name},");
    }
    text.push_str(" ]");
    text
}

/// Bytes in which nothing can be mistaken for something else: every text and list goes after its length.
struct Canonical(Vec<u8>);

impl Canonical {
    fn number(&mut self, number: usize) {
        self.0.extend((number as u64).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.extend(text.as_bytes());
    }

    fn texts<'a>(&mut self, texts: impl Iterator<Item = &'a str>) {
        let texts: Vec<&str> = texts.collect();
        self.number(texts.len());
        texts.into_iter().for_each(|text| self.text(text));
    }

    fn table<D: Dimension>(&mut self, name: &str, values: Option<&Array<f64, D>>) {
        self.text(name);
        let Some(values) = values else {
            return self.number(0);
        };
        self.number(values.ndim());
        values.shape().iter().for_each(|length| self.number(*length));
        // Adding zero turns negative zero into zero and leaves every other number alone.
        values.iter().for_each(|value| self.0.extend((value + 0.0).to_le_bytes()));
    }
}
