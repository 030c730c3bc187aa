//! Whole columns of a flat Parquet file, read and written: text, whole numbers, numbers.

use std::sync::Arc;

use bytes::Bytes;
use cobden_data::ZstdPages;
use cobden_world::Problem;
use parquet::basic::{BrotliLevel, Compression, LogicalType, Repetition, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types;

/// A Parquet file, held whole.
pub(crate) struct Columns {
    bytes: Bytes,
    reader: SerializedFileReader<Bytes>,
    file: String,
}

impl Columns {
    /// Opens a file by its bytes; `file` is the name to show.
    pub(crate) fn open(bytes: Vec<u8>, file: String) -> std::result::Result<Self, Problem> {
        let bytes = Bytes::from(bytes);
        match SerializedFileReader::new(bytes.clone()) {
            Ok(reader) => Ok(Self { bytes, reader, file }),
            Err(error) => Err(Problem::new(error.to_string()).in_file(file)),
        }
    }

    /// A column of text without empty cells.
    pub(crate) fn texts(&self, name: &str) -> std::result::Result<Vec<String>, Problem> {
        self.read(name, |reader, texts| match reader {
            ColumnReader::ByteArrayColumnReader(reader) => {
                for bytes in all(reader)? {
                    texts.push(bytes.as_utf8()?.to_owned());
                }
                Ok(())
            }
            _ => Err(ParquetError::General("is not text".to_owned())),
        })
    }

    /// A column of 64-bit whole numbers without empty cells.
    pub(crate) fn integers(&self, name: &str) -> std::result::Result<Vec<i64>, Problem> {
        self.read(name, |reader, integers| match reader {
            ColumnReader::Int64ColumnReader(reader) => {
                integers.extend(all(reader)?);
                Ok(())
            }
            _ => Err(ParquetError::General("does not hold 64-bit whole numbers".to_owned())),
        })
    }

    /// A column of 64-bit numbers without empty cells.
    pub(crate) fn numbers(&self, name: &str) -> std::result::Result<Vec<f64>, Problem> {
        self.read(name, |reader, numbers| match reader {
            ColumnReader::DoubleColumnReader(reader) => {
                numbers.extend(all(reader)?);
                Ok(())
            }
            _ => Err(ParquetError::General("does not hold 64-bit numbers".to_owned())),
        })
    }

    /// Reads a column, one group of rows after the other.
    fn read<T>(
        &self,
        name: &str,
        mut take: impl FnMut(ColumnReader, &mut Vec<T>) -> Result<()>,
    ) -> std::result::Result<Vec<T>, Problem> {
        let place = |problem: Problem| problem.in_file(self.file.clone());
        let metadata = self.reader.metadata();
        let schema = metadata.file_metadata().schema_descr();
        let column = schema.columns().iter().position(|column| column.name() == name).ok_or_else(|| {
            let known = schema.columns().iter().map(|column| column.name());
            place(Problem::unknown("column", name, known))
        })?;
        let mut values = Vec::new();
        for group in 0..metadata.num_row_groups() {
            let read = self.column(group, column).and_then(|reader| take(reader, &mut values));
            read.map_err(|error| place(Problem::new(format!("column \"{name}\": {error}"))))?;
        }
        let rows = metadata.file_metadata().num_rows();
        if i64::try_from(values.len()) == Ok(rows) {
            return Ok(values);
        }
        Err(place(Problem::new(format!(
            "column \"{name}\" has {} values in {rows} rows: cells are empty",
            values.len()
        ))))
    }

    fn column(&self, group: usize, column: usize) -> Result<ColumnReader> {
        let rows = self.reader.get_row_group(group)?;
        let chunk = rows.metadata().column(column);
        match chunk.compression() {
            Compression::ZSTD(_) => {
                Ok(get_column_reader(chunk.column_descr_ptr(), Box::new(ZstdPages::new(&self.bytes, chunk)?)))
            }
            _ => rows.get_column_reader(column),
        }
    }
}

/// A column to be written.
pub(crate) enum Column<'a> {
    Texts(&'a [&'a str]),
    Integers(&'a [i64]),
    Numbers(&'a [f64]),
}

/// The bytes of a Parquet file with these columns, of equal lengths, compressed with Brotli: small, and slow to write. Equal columns give equal
/// bytes.
pub(crate) fn write_columns(columns: &[(&str, Column<'_>)]) -> Result<Vec<u8>> {
    let mut rows = Rows::new(columns, Compression::BROTLI(BrotliLevel::try_new(9)?))?;
    rows.write(columns)?;
    rows.finish()
}

/// A Parquet file that is written some rows at a time.
pub(crate) struct Rows(SerializedFileWriter<Vec<u8>>);

impl Rows {
    /// A file whose columns have the names and kinds of these, compressed with Snappy: quick to write.
    pub(crate) fn like(columns: &[(&str, Column<'_>)]) -> Result<Self> {
        Self::new(columns, Compression::SNAPPY)
    }

    fn new(columns: &[(&str, Column<'_>)], compression: Compression) -> Result<Self> {
        let fields = columns.iter().map(field).collect::<Result<Vec<_>>>()?;
        let schema = types::Type::group_type_builder("table").with_fields(fields).build()?;
        let properties = WriterProperties::builder().set_compression(compression).set_created_by("cobden".to_owned());
        Ok(Self(SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties.build()))?))
    }

    /// Adds rows, as a group of the file; columns of equal lengths, in the order of the first.
    pub(crate) fn write(&mut self, columns: &[(&str, Column<'_>)]) -> Result<()> {
        let mut rows = self.0.next_row_group()?;
        for (_, column) in columns {
            let Some(mut next) = rows.next_column()? else { break };
            match column {
                Column::Texts(texts) => {
                    let bytes: Vec<ByteArray> = texts.iter().map(|text| (*text).into()).collect();
                    next.typed::<ByteArrayType>().write_batch(&bytes, None, None)?
                }
                Column::Integers(integers) => next.typed::<Int64Type>().write_batch(integers, None, None)?,
                Column::Numbers(numbers) => next.typed::<DoubleType>().write_batch(numbers, None, None)?,
            };
            next.close()?;
        }
        rows.close().map(|_| ())
    }

    /// The bytes of the file.
    pub(crate) fn finish(self) -> Result<Vec<u8>> {
        self.0.into_inner()
    }
}

/// The type of a column.
fn field((name, column): &(&str, Column<'_>)) -> Result<types::TypePtr> {
    let (kind, logical) = match column {
        Column::Texts(_) => (Type::BYTE_ARRAY, Some(LogicalType::String)),
        Column::Integers(_) => (Type::INT64, None),
        Column::Numbers(_) => (Type::DOUBLE, None),
    };
    let builder = types::Type::primitive_type_builder(name, kind).with_repetition(Repetition::REQUIRED);
    builder.with_logical_type(logical).build().map(Arc::new)
}

/// Every value that is not empty.
fn all<T: DataType>(mut reader: ColumnReaderImpl<T>) -> Result<Vec<T::T>> {
    const BATCH: usize = 1 << 14;
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    loop {
        levels.clear();
        let (records, _, _) = reader.read_records(BATCH, Some(&mut levels), None, &mut values)?;
        if records == 0 {
            return Ok(values);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twenty rows in Zstandard, written by pyarrow: `code` text, `usd` integers, `hole` integers every other one, `share` floats.
    const ZSTD: &[u8] = include_bytes!("../../tests/world_zstd.parquet");

    fn open(bytes: &[u8]) -> std::result::Result<Columns, Problem> {
        Columns::open(bytes.to_vec(), "z.parquet".to_owned())
    }

    #[test]
    fn zstandard_is_read_without_c() {
        let file = open(ZSTD).unwrap();
        assert_eq!(file.texts("code").unwrap()[..4], ["0003", "5700", "5700", "0003"]);
        assert_eq!(file.integers("usd").unwrap()[16..], [13239, 22_866_168, -5, 7]);
    }

    #[test]
    fn what_is_written_reads_back() {
        let (codes, usd, shares) = (["a", "bc"], [i64::MIN, 7], [0.1, -2.5]);
        let columns =
            [("code", Column::Texts(&codes)), ("usd", Column::Integers(&usd)), ("share", Column::Numbers(&shares))];
        let bytes = write_columns(&columns).unwrap();
        assert_eq!(bytes, write_columns(&columns).unwrap());
        let file = open(&bytes).unwrap();
        assert_eq!(file.texts("code").unwrap(), codes);
        assert_eq!((file.integers("usd").unwrap(), file.numbers("share").unwrap()), (usd.to_vec(), shares.to_vec()));
    }

    #[test]
    fn wrong_columns_are_refused_by_name() {
        let file = open(ZSTD).unwrap();
        assert!(file.integers("hole").unwrap_err().message.contains("cells are empty"));
        assert!(file.integers("share").unwrap_err().message.contains("64-bit whole numbers"));
        assert!(file.texts("usd").unwrap_err().message.contains("is not text"));
        assert_eq!(file.texts("cod").unwrap_err().help.as_deref(), Some("did you mean \"code\"?"));
    }

    #[test]
    fn a_damaged_file_is_an_error_and_never_a_panic() {
        for length in 0..ZSTD.len() {
            assert!(open(&ZSTD[..length]).is_err());
        }
        for at in 0..ZSTD.len() {
            for change in [0x01, 0x80, 0xff] {
                let mut bytes = ZSTD.to_vec();
                bytes[at] ^= change;
                // Some damage cannot be seen, as the file has no checksums; what matters is that none of it panics.
                if let Ok(file) = open(&bytes) {
                    let _ = (file.texts("code"), file.integers("usd"));
                }
            }
        }
    }
}
