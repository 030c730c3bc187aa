//! Writes products as tables of a world directory, a batch of rows at a time.

use std::io::Write;
use std::sync::Arc;

use arrow_array::builder::{Float64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use super::Products;
use crate::manifest::name_fault;
use crate::problem::clip;
use crate::write::{field, number};
use crate::{Format, Problem, World};

/// Rows that are turned into columns at once.
const BATCH: usize = 1 << 16;

/// A table of products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProductTable {
    /// `product_sectors`: the products and their sectors.
    Sectors,
    /// `product_flows`: values before tariff.
    Flows,
    /// `product_tariffs`: rates on flows above zero.
    Tariffs,
}

impl ProductTable {
    /// All of them.
    pub const ALL: [ProductTable; 3] = [ProductTable::Sectors, ProductTable::Flows, ProductTable::Tariffs];

    /// The name of the file without its ending.
    pub fn name(self) -> &'static str {
        match self {
            ProductTable::Sectors => "product_sectors",
            ProductTable::Flows => "product_flows",
            ProductTable::Tariffs => "product_tariffs",
        }
    }

    /// Text columns, then a numeric one if there is one.
    fn columns(self) -> (&'static [&'static str], Option<&'static str>) {
        const CELL: &[&str] = &["importer", "exporter", "product"];
        match self {
            ProductTable::Sectors => (&["product", "sector", "trade_elasticity", "description"], None),
            ProductTable::Flows => (CELL, Some("value")),
            ProductTable::Tariffs => (CELL, Some("rate")),
        }
    }
}

/// Takes in one row: its texts, its number.
type Row<'a> = &'a mut dyn FnMut(&[&str], f64) -> Result<(), Problem>;

impl Products {
    /// Writes one table. Numbers are written so that they read back as they are, and memory does not grow with the rows.
    ///
    /// # Errors
    /// A name that cannot stand in a table, or a line break in a description; `out` fails.
    pub fn write(
        &self,
        table: ProductTable,
        world: &World,
        format: Format,
        out: impl Write + Send,
    ) -> Result<(), Problem> {
        for product in &self.list {
            if let Some(fault) = name_fault(&product.name) {
                return Err(Problem::new(format!("the name \"{}\" {fault}", clip(&product.name))));
            }
            if product.description.chars().any(char::is_control) {
                let what = format!("the description of \"{}\" holds a control character", clip(&product.name));
                return Err(Problem::new(what));
            }
        }
        let failed = |error: String| Problem::new(format!("cannot write {}: {error}", table.name()));
        match format {
            Format::Csv => self.write_csv(table, world, out).map_err(|error| failed(error.to_string())),
            Format::Parquet => self.write_parquet(table, world, out).map_err(|error| failed(error.to_string())),
        }
    }

    /// All tables in memory, by file name.
    ///
    /// # Errors
    /// As [`Products::write`].
    pub fn to_files(&self, world: &World, format: Format) -> Result<Vec<(String, Vec<u8>)>, Problem> {
        let ending = match format {
            Format::Csv => "csv",
            Format::Parquet => "parquet",
        };
        let file = |table: ProductTable| {
            let mut bytes = Vec::new();
            self.write(table, world, format, &mut bytes)?;
            Ok((format!("{}.{ending}", table.name()), bytes))
        };
        ProductTable::ALL.into_iter().map(file).collect()
    }

    /// Every row of a table, in order.
    fn each_row(&self, table: ProductTable, world: &World, row: Row<'_>) -> Result<(), Problem> {
        if table == ProductTable::Sectors {
            for product in &self.list {
                let theta = product.trade_elasticity.map(number).unwrap_or_default();
                row(&[&product.name, &world.sectors[product.sector], &theta, &product.description], 0.0)?;
            }
            return Ok(());
        }
        let mut done = Ok(());
        self.sparsity.each_run(|run, _, importer, product| {
            let mut put = |exporter: usize, value: f64| {
                if done.is_ok() && value != 0.0 {
                    let texts = [&world.countries[importer], &world.countries[exporter], &self.names[product]];
                    done = row(&texts, value);
                }
            };
            if table == ProductTable::Flows {
                put(importer, self.domestic[run]);
            }
            for cell in self.sparsity.cells(run) {
                let value = if table == ProductTable::Flows { self.imports[cell] } else { self.tariffs[cell].0 };
                put(self.sparsity.exporter(cell), value);
            }
        });
        done
    }

    fn write_csv(&self, table: ProductTable, world: &World, out: impl Write) -> Result<(), Problem> {
        let failed = |error: std::io::Error| Problem::new(error.to_string());
        let mut out = std::io::BufWriter::with_capacity(1 << 16, out);
        let (texts, value) = table.columns();
        let header: Vec<&str> = texts.iter().copied().chain(value).collect();
        writeln!(out, "{}", header.join(",")).map_err(failed)?;
        self.each_row(table, world, &mut |texts, value_| {
            let mut line: Vec<String> = texts.iter().map(|text| field(text)).collect();
            line.extend(value.map(|_| number(value_)));
            writeln!(out, "{}", line.join(",")).map_err(failed)
        })?;
        out.flush().map_err(failed)
    }

    fn write_parquet(&self, table: ProductTable, world: &World, out: impl Write + Send) -> Result<(), Problem> {
        let (texts, value) = table.columns();
        let mut fields: Vec<Field> = texts.iter().map(|name| Field::new(*name, DataType::Utf8, false)).collect();
        fields.extend(value.map(|name| Field::new(name, DataType::Float64, false)));
        let schema = Arc::new(Schema::new(fields));
        let failed = |error: String| Problem::new(error);
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let mut writer =
            ArrowWriter::try_new(out, schema.clone(), Some(properties)).map_err(|e| failed(e.to_string()))?;
        let mut columns: Vec<StringBuilder> = texts.iter().map(|_| StringBuilder::new()).collect();
        let mut numbers = Float64Builder::new();
        let mut rows = 0;
        let mut flush = |columns: &mut Vec<StringBuilder>, numbers: &mut Float64Builder| {
            let mut arrays: Vec<ArrayRef> = columns.iter_mut().map(|c| Arc::new(c.finish()) as ArrayRef).collect();
            arrays.extend(value.map(|_| Arc::new(numbers.finish()) as ArrayRef));
            let batch = RecordBatch::try_new(schema.clone(), arrays).map_err(|e| failed(e.to_string()))?;
            writer.write(&batch).map_err(|e| failed(e.to_string()))
        };
        self.each_row(table, world, &mut |texts, value| {
            columns.iter_mut().zip(texts).for_each(|(column, text)| column.append_value(text));
            numbers.append_value(value);
            rows += 1;
            if rows % BATCH == 0 { flush(&mut columns, &mut numbers) } else { Ok(()) }
        })?;
        if value.is_none() {
            numbers = Float64Builder::new();
        }
        flush(&mut columns, &mut numbers)?;
        writer.close().map(|_| ()).map_err(|e| failed(e.to_string()))
    }
}
