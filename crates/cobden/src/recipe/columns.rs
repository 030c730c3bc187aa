//! Whole columns of a flat Parquet file: text and whole numbers.

use bytes::Bytes;
use cobden_world::Problem;
use parquet::basic::Compression;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::DataType;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::zstd::ZstdPages;

/// A Parquet file, held whole.
pub(super) struct Columns {
    bytes: Bytes,
    reader: SerializedFileReader<Bytes>,
    file: String,
}

impl Columns {
    /// Opens a file by its bytes; `file` is the name to show.
    pub(super) fn open(bytes: Vec<u8>, file: String) -> std::result::Result<Self, Problem> {
        let bytes = Bytes::from(bytes);
        match SerializedFileReader::new(bytes.clone()) {
            Ok(reader) => Ok(Self { bytes, reader, file }),
            Err(error) => Err(Problem::new(error.to_string()).in_file(file)),
        }
    }

    /// A column of text without empty cells.
    pub(super) fn texts(&self, name: &str) -> std::result::Result<Vec<String>, Problem> {
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
    pub(super) fn integers(&self, name: &str) -> std::result::Result<Vec<i64>, Problem> {
        self.read(name, |reader, integers| match reader {
            ColumnReader::Int64ColumnReader(reader) => {
                integers.extend(all(reader)?);
                Ok(())
            }
            _ => Err(ParquetError::General("does not hold 64-bit whole numbers".to_owned())),
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
        Err(place(Problem::new(format!("column \"{name}\" has {} values in {rows} rows: cells are empty", values.len()))))
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
