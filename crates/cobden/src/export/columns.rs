//! A table of text as typed columns, in the forms that other programs read.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{DataType, Field, Schema};
use bytes::Bytes;
use cobden_world::Problem;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

/// Rows of a batch.
const BATCH: usize = 1 << 16;

/// A table: named columns of one length.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    pub(super) columns: Vec<(String, Values)>,
    pub(super) rows: usize,
}

/// The values of a column. A cell without text is empty.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Values {
    Texts(Vec<Option<String>>),
    Integers(Vec<Option<i64>>),
    Numbers(Vec<Option<f64>>),
}

impl Table {
    /// Reads a table of comma-separated text; `#` lines are comments. A column is of whole numbers or of numbers if all of its cells with text
    /// are, and none has a leading zero that a number would lose, as codes of products do.
    ///
    /// # Errors
    /// Text that is no table, naming `file`.
    pub(super) fn read(bytes: &[u8], file: &str) -> Result<Self, Problem> {
        let wrong = |error: csv::Error| Problem::new(format!("not a table: {error}")).in_file(file);
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(bytes);
        let names: Vec<String> = reader.headers().map_err(wrong)?.iter().map(str::to_owned).collect();
        let mut cells: Vec<Vec<Option<String>>> = vec![Vec::new(); names.len()];
        let mut rows = 0;
        for record in reader.records() {
            for (column, cell) in cells.iter_mut().zip(record.map_err(wrong)?.iter()) {
                column.push(if cell.is_empty() { None } else { Some(cell.to_owned()) });
            }
            rows += 1;
        }
        Ok(Self { columns: names.into_iter().zip(cells.into_iter().map(Values::typed)).collect(), rows })
    }

    /// The table as a record batch of Arrow.
    fn batch(&self) -> Result<RecordBatch, Problem> {
        let field = |(name, values): &(String, Values)| Field::new(name, values.kind(), values.has_gaps());
        let schema = Arc::new(Schema::new(self.columns.iter().map(field).collect::<Vec<_>>()));
        let arrays = self.columns.iter().map(|(_, values)| values.array()).collect();
        RecordBatch::try_new(schema, arrays).map_err(|error| Problem::new(format!("no table: {error}")))
    }

    /// The bytes of a Parquet file, compressed with Snappy.
    pub(super) fn parquet(&self) -> Result<Vec<u8>, Problem> {
        let failed = |error| Problem::new(format!("no Parquet: {error}"));
        let batch = self.batch()?;
        let properties =
            WriterProperties::builder().set_compression(Compression::SNAPPY).set_created_by("cobden".to_owned());
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties.build())).map_err(failed)?;
        writer.write(&batch).map_err(failed)?;
        writer.close().map_err(failed)?;
        Ok(bytes)
    }

    /// The bytes of an Arrow IPC file ("Feather, version 2").
    pub(super) fn arrow(&self) -> Result<Vec<u8>, Problem> {
        let failed = |error| Problem::new(format!("no Arrow file: {error}"));
        let batch = self.batch()?;
        let mut writer = FileWriter::try_new(Vec::new(), &batch.schema()).map_err(failed)?;
        writer.write(&batch).map_err(failed)?;
        writer.finish().map_err(failed)?;
        writer.into_inner().map_err(failed)
    }
}

/// A Parquet file as an Arrow IPC file, batch by batch.
pub(super) fn arrow_of_parquet(bytes: Bytes) -> Result<Vec<u8>, Problem> {
    let failed = |error: &dyn std::fmt::Display| Problem::new(format!("no Arrow file: {error}"));
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(|error| failed(&error))?;
    let schema = Arc::clone(builder.schema());
    let mut writer = FileWriter::try_new(Vec::new(), &schema).map_err(|error| failed(&error))?;
    for batch in builder.with_batch_size(BATCH).build().map_err(|error| failed(&error))? {
        writer.write(&batch.map_err(|error| failed(&error))?).map_err(|error| failed(&error))?;
    }
    writer.finish().map_err(|error| failed(&error))?;
    writer.into_inner().map_err(|error| failed(&error))
}

impl Values {
    /// The narrowest type that holds every cell and gives its text back.
    fn typed(cells: Vec<Option<String>>) -> Self {
        let all = |fits: fn(&str) -> bool| cells.iter().flatten().all(|cell| fits(cell));
        let some = cells.iter().any(Option::is_some);
        if some && all(|cell| !is_code(cell) && cell.parse::<i64>().is_ok()) {
            return Self::Integers(cells.iter().map(|cell| cell.as_ref()?.parse().ok()).collect());
        }
        if some && all(|cell| !is_code(cell) && cell.parse::<f64>().is_ok_and(f64::is_finite)) {
            return Self::Numbers(cells.iter().map(|cell| cell.as_ref()?.parse().ok()).collect());
        }
        Self::Texts(cells)
    }

    fn kind(&self) -> DataType {
        match self {
            Self::Texts(_) => DataType::Utf8,
            Self::Integers(_) => DataType::Int64,
            Self::Numbers(_) => DataType::Float64,
        }
    }

    fn has_gaps(&self) -> bool {
        match self {
            Self::Texts(cells) => cells.contains(&None),
            Self::Integers(cells) => cells.contains(&None),
            Self::Numbers(cells) => cells.contains(&None),
        }
    }

    fn array(&self) -> ArrayRef {
        match self {
            Self::Texts(cells) => Arc::new(cells.iter().map(Option::as_deref).collect::<StringArray>()),
            Self::Integers(cells) => Arc::new(cells.iter().copied().collect::<Int64Array>()),
            Self::Numbers(cells) => Arc::new(cells.iter().copied().collect::<Float64Array>()),
        }
    }
}

/// Digits that begin with a zero and are more than a zero: a code.
fn is_code(cell: &str) -> bool {
    cell.len() > 1 && cell.starts_with('0') && cell.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use arrow_ipc::reader::FileReader;
    use bytes::Bytes;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;

    const TEXT: &str = "# a remark\ncode,country,count,share\n010121,USA,3,0.25\n870323,\"China, P.R.\",,1e-3\n";

    #[test]
    fn columns_have_the_narrowest_type_that_loses_nothing() {
        let table = Table::read(TEXT.as_bytes(), "t.csv").unwrap();
        assert_eq!(table.rows, 2);
        let text = |text: &str| Some(text.to_owned());
        let expected = [
            Values::Texts(vec![text("010121"), text("870323")]),
            Values::Texts(vec![text("USA"), text("China, P.R.")]),
            Values::Integers(vec![Some(3), None]),
            Values::Numbers(vec![Some(0.25), Some(1e-3)]),
        ];
        assert!(table.columns.iter().map(|(_, values)| values).eq(&expected));
    }

    #[test]
    fn parquet_and_arrow_hold_the_same_table() {
        let table = Table::read(TEXT.as_bytes(), "t.csv").unwrap();
        let batch = table.batch().unwrap();
        let parquet = Bytes::from(table.parquet().unwrap());
        let mut read = ParquetRecordBatchReaderBuilder::try_new(parquet).unwrap().build().unwrap();
        assert_eq!(read.next().unwrap().unwrap(), batch);
        let mut read = FileReader::try_new(std::io::Cursor::new(table.arrow().unwrap()), None).unwrap();
        assert_eq!(read.next().unwrap().unwrap(), batch);
        assert!(read.next().is_none());
    }

    #[test]
    fn rows_of_another_length_are_refused_with_their_file() {
        let problem = Table::read(b"a,b\n1\n", "odd.csv").unwrap_err();
        assert!(problem.message.starts_with("not a table"), "{problem}");
        assert_eq!(problem.place.unwrap().file, "odd.csv");
    }
}
