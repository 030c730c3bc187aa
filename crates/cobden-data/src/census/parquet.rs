//! The same records as columns of Parquet.

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use bytes::Bytes;
use cobden_world::{Place, Problem};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, RowGroups};
use parquet::arrow::{ProjectionMask, parquet_to_arrow_field_levels};
use parquet::basic::Compression;
use parquet::column::page::{PageIterator, PageReader};
use parquet::errors::Result as Decoded;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::{COUNTRY, DUTY, IMPORTS, Import, NAME, Options, PRODUCT, Row, Teller, no_year};
use crate::{Summary, ZstdPages};

/// Rows that are decoded at once.
const BATCH: usize = 4096;

/// Largest column of one row group once decompressed, in bytes: a small file may claim to hold any amount.
const MAX_COLUMN: i64 = 1 << 28;

/// Reads Parquet, for the file as a whole is in memory as `bytes`. Columns may be text, plain or dictionary-encoded, and numbers of any kind;
/// null is 0. Compressed with anything but LZO. Columns are not looked at for the year: the options have to say it.
///
/// # Errors
/// A missing column, one that does not hold what it should, or bytes that are not Parquet; the row is given as line. An error of the
/// listener.
pub fn read(
    bytes: Bytes,
    label: &str,
    options: &Options,
    listen: &mut dyn FnMut(Import<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    // The decoder has assertions that damaged bytes can reach; what it leaves behind is dropped with the error.
    catch_unwind(AssertUnwindSafe(|| decode(bytes, label, options, listen)))
        .unwrap_or_else(|_| Err(damaged(label, "a page does not hold what its header says")))
}

fn damaged(label: &str, error: impl std::fmt::Display) -> Problem {
    Problem::new(format!("cannot read as Parquet: {error}")).help("is the file truncated or damaged?").in_file(label)
}

fn decode(
    bytes: Bytes,
    label: &str,
    options: &Options,
    listen: &mut dyn FnMut(Import<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let reader = SerializedFileReader::new(bytes.clone()).map_err(|error| damaged(label, error))?;
    let groups = Groups { bytes, reader };
    for column in groups.row_groups().flat_map(|group| group.columns()) {
        let name = column.column_path().string();
        if column.compression() == Compression::LZO {
            let problem = Problem::new(format!("column \"{name}\" is compressed with LZO, which is not read here"));
            return Err(problem.help("write it with snappy, gzip, lz4, brotli or zstd").in_file(label));
        }
        if column.uncompressed_size() > MAX_COLUMN {
            let problem = Problem::new(format!("column \"{name}\" is too large in one row group"));
            return Err(problem.help("write the file with smaller row groups").in_file(label));
        }
    }
    // Without the copy of the schema that Arrow's own writers add: it only repeats the types, and its decoder trusts its bytes.
    let schema = groups.metadata().file_metadata().schema_descr();
    let levels = parquet_to_arrow_field_levels(schema, ProjectionMask::all(), None);
    let batches =
        levels.and_then(|levels| ParquetRecordBatchReader::try_new_with_row_groups(&levels, &groups, BATCH, None));
    let batches = batches.map_err(|error| damaged(label, error))?;
    let header: Vec<String> = schema.root_schema().get_fields().iter().map(|field| field.name().to_owned()).collect();
    let find = |names: &[&str]| header.iter().position(|column| names.contains(&column.as_str()));
    let need = |names: &[&str]| {
        let missing = || Problem::new(format!("no column \"{}\"", names.join("\" or \"")));
        find(names).ok_or_else(|| missing().help(format!("the file has: {}", header.join(", "))).in_file(label))
    };
    let texts = [Some(need(COUNTRY)?), Some(need(PRODUCT)?), find(NAME)];
    let numbers = [need(IMPORTS)?, need(DUTY)?];
    let mut teller = Teller { union: options.union, summary: Summary::default() };
    let year = options.year.ok_or_else(|| no_year().in_file(label))?;
    let mut before = 0;
    for batch in batches {
        let batch = batch.map_err(|error| damaged(label, error))?;
        let (texts, numbers) = convert(&batch, texts, numbers).map_err(|problem| problem.in_file(label))?;
        for row in 0..batch.num_rows() {
            let at = Place { file: label.to_owned(), line: before + row as u64 + 1, column: 1, text: None, width: 1 };
            take_in(&texts, &numbers, row, year, &mut teller, listen).map_err(|problem| match problem.place {
                Some(_) => problem,
                None => problem.at(at),
            })?;
        }
        before += batch.num_rows() as u64;
    }
    Ok(teller.summary)
}

/// The columns as text and as numbers.
fn convert(
    batch: &RecordBatch,
    texts: [Option<usize>; 3],
    numbers: [usize; 2],
) -> Result<([Option<ArrayRef>; 3], [ArrayRef; 2]), Problem> {
    let cast = |column: usize, to: DataType| {
        let array = batch.column(column);
        let (number, wanted) = (array.data_type().is_numeric(), to == DataType::Float64);
        if number != wanted {
            let (name, found) = (batch.schema().field(column).name().clone(), array.data_type().clone());
            let expected = if wanted { "numbers" } else { "text" };
            return Err(Problem::new(format!("column \"{name}\" holds {found}, expected {expected}")));
        }
        arrow_cast::cast(array, &to).map_err(|error| Problem::new(error.to_string()))
    };
    let mut cast_texts = [None, None, None];
    for (cast_text, column) in cast_texts.iter_mut().zip(texts) {
        *cast_text = column.map(|column| cast(column, DataType::Utf8)).transpose()?;
    }
    let [imports, duty] = numbers.map(|column| cast(column, DataType::Float64));
    Ok((cast_texts, [imports?, duty?]))
}

fn take_in(
    texts: &[Option<ArrayRef>; 3],
    numbers: &[ArrayRef; 2],
    row: usize,
    year: i32,
    teller: &mut Teller,
    listen: &mut dyn FnMut(Import<'_>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let [country, product, name] = texts.each_ref().map(|array| match array {
        Some(array) if array.is_valid(row) => array.as_string::<i32>().value(row),
        _ => "",
    });
    let [imports, duty] = numbers.each_ref().map(|array| match array.is_valid(row) {
        true => array.as_primitive::<Float64Type>().value(row),
        false => 0.0,
    });
    if !imports.is_finite() || !duty.is_finite() {
        return Err(Problem::new("the value is not a finite number"));
    }
    teller.tell(Row { year, country, name, product }, imports, duty, listen)
}

/// The row groups of a file. Pages in Zstandard are unpacked by our own reader, which needs no C.
struct Groups {
    bytes: Bytes,
    reader: SerializedFileReader<Bytes>,
}

impl Groups {
    fn pages(&self, group: usize, column: usize) -> Decoded<Box<dyn PageReader>> {
        let rows = self.reader.get_row_group(group)?;
        let chunk = rows.metadata().column(column);
        match chunk.compression() {
            Compression::ZSTD(_) => Ok(Box::new(ZstdPages::new(&self.bytes, chunk)?)),
            _ => rows.get_column_page_reader(column),
        }
    }
}

impl RowGroups for Groups {
    fn num_rows(&self) -> usize {
        usize::try_from(self.reader.metadata().file_metadata().num_rows()).unwrap_or_default()
    }

    fn column_chunks(&self, column: usize) -> Decoded<Box<dyn PageIterator>> {
        let chunks: Vec<_> = (0..self.reader.num_row_groups()).map(|group| self.pages(group, column)).collect();
        Ok(Box::new(Chunks(chunks.into_iter())))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        Box::new(self.reader.metadata().row_groups().iter())
    }

    fn metadata(&self) -> &ParquetMetaData {
        self.reader.metadata()
    }
}

/// The chunks of a column, one of each row group.
struct Chunks(std::vec::IntoIter<Decoded<Box<dyn PageReader>>>);

impl Iterator for Chunks {
    type Item = Decoded<Box<dyn PageReader>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

impl PageIterator for Chunks {}
