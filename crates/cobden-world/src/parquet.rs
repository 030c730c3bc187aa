//! Parquet tables: the same columns as CSV, with string keys and numeric values.

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use bytes::Bytes;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::basic::Compression;
use parquet::file::metadata::ParquetMetaData;

use crate::table::{Cells, MAX_KEYS, Schema, TakeTexts, TextSchema};
use crate::{Place, Problem};

/// Largest file, in bytes: a Parquet file is read whole, for its index stands at its end.
const MAX_SIZE: u64 = 1 << 29;

/// Largest column of one row group once decompressed, in bytes: a small file may claim to hold any amount.
const MAX_COLUMN: u64 = 1 << 27;

/// Rows that are decoded at once.
const BATCH: usize = 4096;

/// Reads a table into `cells`. Places give the row as line, from 1, and the column of the schema as column.
pub(crate) fn read(input: impl Read, label: &str, cells: &mut Cells<'_>) -> Result<(), Problem> {
    whole(input, label, |bytes, damaged| decode(bytes, label, cells, damaged))
}

/// Reads a table of texts row by row.
pub(crate) fn read_texts(
    input: impl Read,
    label: &str,
    schema: &TextSchema<'_>,
    take: TakeTexts<'_>,
) -> Result<(), Problem> {
    whole(input, label, |bytes, damaged| decode_texts(bytes, label, schema, take, damaged))
}

/// Turns what a decoder says into a problem of the file.
type Damaged<'a> = &'a dyn Fn(String) -> Problem;

fn whole(
    input: impl Read,
    label: &str,
    decode: impl FnOnce(Bytes, Damaged<'_>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let damaged = |error: String| {
        let problem = Problem::new(format!("cannot read as Parquet: {error}"));
        problem.help("is the file truncated or damaged? write it again").in_file(label)
    };
    let mut bytes = Vec::new();
    let read = input.take(MAX_SIZE + 1).read_to_end(&mut bytes);
    read.map_err(|error| Problem::new(format!("cannot read: {error}")).in_file(label))?;
    if bytes.len() as u64 > MAX_SIZE {
        let problem = Problem::new(format!("the file is larger than {MAX_SIZE} bytes"));
        return Err(problem.help("a table of this size is better streamed as CSV").in_file(label));
    }
    // The decoder has assertions that damaged bytes can reach; what it leaves behind is dropped with the error.
    catch_unwind(AssertUnwindSafe(|| decode(Bytes::from(bytes), &damaged)))
        .unwrap_or_else(|_| Err(damaged("a page does not hold what its header says".to_owned())))
}

/// A reader of the file, once its columns are seen to be such as can be read.
fn opened(bytes: Bytes, label: &str, damaged: Damaged<'_>) -> Result<ParquetRecordBatchReaderBuilder<Bytes>, Problem> {
    // Without the copy of the schema that Arrow's own writers add: it only repeats the types, and its decoder trusts its bytes.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(bytes, options)
        .map_err(|error| damaged(error.to_string()))?;
    check_columns(builder.metadata()).map_err(|problem| problem.in_file(label))?;
    Ok(builder)
}

fn decode_texts(
    bytes: Bytes,
    label: &str,
    schema: &TextSchema<'_>,
    take: TakeTexts<'_>,
    damaged: Damaged<'_>,
) -> Result<(), Problem> {
    let builder = opened(bytes, label, damaged)?;
    let header: Vec<&str> = builder.schema().fields().iter().map(|field| field.name().as_str()).collect();
    let columns = schema.locate(&header).map_err(|fault| fault.problem.in_file(label))?;
    let mut line = 0;
    for batch in builder.with_batch_size(BATCH).build().map_err(|error| damaged(error.to_string()))? {
        let batch = batch.map_err(|error| damaged(error.to_string()))?;
        let cast = |at: usize| arrow_cast::cast(batch.column(at), &DataType::Utf8);
        let texts: Result<Vec<_>, _> = columns.iter().map(|column| column.map(cast).transpose()).collect();
        let texts = texts.map_err(|error| damaged(error.to_string()))?;
        for row in 0..batch.num_rows() {
            line += 1;
            let text = |column: &Option<ArrayRef>| match column {
                Some(column) if !column.is_null(row) => column.as_string::<i32>().value(row).to_owned(),
                _ => String::new(),
            };
            let owned: Vec<String> = texts.iter().map(text).collect();
            let shown: Vec<&str> = owned.iter().map(String::as_str).collect();
            take(&shown).map_err(|fault| {
                let column = fault.column.unwrap_or(0) as u64 + 1;
                fault.problem.at(Place { file: label.to_owned(), line, column, text: None, width: 1 })
            })?;
        }
    }
    Ok(())
}

fn decode(bytes: Bytes, label: &str, cells: &mut Cells<'_>, damaged: Damaged<'_>) -> Result<(), Problem> {
    let builder = opened(bytes, label, damaged)?;
    let schema = cells.schema;
    let header: Vec<&str> = builder.schema().fields().iter().map(|field| field.name().as_str()).collect();
    let columns = schema.locate(&header).map_err(|fault| fault.problem.in_file(label))?;
    let types = columns.iter().map(|position| builder.schema().field(*position).data_type());
    check_types(schema, types).map_err(|problem| problem.in_file(label))?;
    let mut rows = 0;
    for batch in builder.with_batch_size(BATCH).build().map_err(|error| damaged(error.to_string()))? {
        let batch = batch.map_err(|error| damaged(error.to_string()))?;
        let converted = convert(&batch, &columns).map_err(damaged)?;
        take_in(&converted, rows, label, cells)?;
        rows += batch.num_rows() as u64;
    }
    Ok(())
}

/// Columns must be compressed as can be read, and must not grow beyond what is sensible when they are decompressed.
fn check_columns(metadata: &ParquetMetaData) -> Result<(), Problem> {
    for column in metadata.row_groups().iter().flat_map(|group| group.columns()) {
        let name = column.column_path().string();
        if let compression @ (Compression::ZSTD(_) | Compression::LZO) = column.compression() {
            let problem =
                Problem::new(format!("column \"{name}\" is compressed with {compression}, which is not read here"));
            return Err(problem.help("write it with snappy, gzip, lz4 or brotli, or without compression"));
        }
        if u64::try_from(column.uncompressed_size()).is_ok_and(|size| size > MAX_COLUMN) {
            let problem =
                Problem::new(format!("column \"{name}\" holds more than {MAX_COLUMN} bytes in one row group"));
            return Err(problem.help("write the file with smaller row groups"));
        }
    }
    Ok(())
}

/// Keys must be text, plain or dictionary-encoded; the value a number.
fn check_types<'a>(schema: &Schema<'_>, types: impl Iterator<Item = &'a DataType>) -> Result<(), Problem> {
    for (position, (column, found)) in schema.columns().zip(types).enumerate() {
        let found_inner = match found {
            DataType::Dictionary(_, values) => values,
            plain => plain,
        };
        let text = matches!(found_inner, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
        let number = found.is_integer() || matches!(found, DataType::Float64 | DataType::Float32);
        let (fits, expected) = if position < schema.keys.len() { (text, "text") } else { (number, "numbers") };
        if !fits {
            let problem = Problem::new(format!("column \"{column}\" holds {found}, expected {expected}"));
            return Err(problem.help("names are strings; values are floating-point or integer numbers"));
        }
    }
    Ok(())
}

/// The columns in the order of the schema, keys as text and the value as `f64`.
fn convert(batch: &RecordBatch, columns: &[usize]) -> Result<Vec<ArrayRef>, String> {
    let last = columns.len() - 1;
    let convert_one = |(position, column): (usize, &usize)| {
        let wanted = if position == last { DataType::Float64 } else { DataType::Utf8 };
        arrow_cast::cast(batch.column(*column), &wanted).map_err(|error| error.to_string())
    };
    columns.iter().enumerate().map(convert_one).collect()
}

fn take_in(columns: &[ArrayRef], before: u64, label: &str, cells: &mut Cells<'_>) -> Result<(), Problem> {
    let Some((value, keys)) = columns.split_last() else {
        return Ok(());
    };
    let values = value.as_primitive::<Float64Type>();
    let texts: Vec<_> = keys.iter().map(|key| key.as_string::<i32>()).collect();
    for row in 0..values.len() {
        let at = |problem: Problem, column: usize| {
            let (line, column) = (before + row as u64 + 1, column as u64 + 1);
            problem.at(Place { file: label.to_owned(), line, column, text: None, width: 1 })
        };
        if let Some(column) = columns.iter().position(|column| column.is_null(row)) {
            return Err(at(Problem::new("the value is missing (null)"), column));
        }
        let mut names = [""; MAX_KEYS];
        for (name, text) in names.iter_mut().zip(&texts) {
            *name = text.value(row);
        }
        let put = cells.put(&names[..texts.len()], values.value(row));
        put.map_err(|fault| at(fault.problem, fault.column.unwrap_or(0)))?;
    }
    Ok(())
}
