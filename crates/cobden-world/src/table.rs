//! Tidy tables: some columns that name a cell, one that holds its value. The same for CSV and Parquet.

use crate::problem::clip;
use crate::{Files, Names, Problem, csv, parquet};

/// Most cells a table may have, e.g. 500 countries by 60 sectors: a manifest with a million names would otherwise ask for more
/// memory than there is.
const MAX_CELLS: usize = 1 << 24;

/// What a table must look like.
pub(crate) struct Schema<'a> {
    /// File name without extension.
    pub(crate) table: &'a str,
    /// The columns that name a cell, at most [`MAX_KEYS`].
    pub(crate) keys: &'a [Key<'a>],
    /// The column that holds the value.
    pub(crate) value: &'a str,
    /// What is wrong with a finite value in the cell with these indices, if anything.
    pub(crate) refuse: fn(&[usize], f64) -> Option<Problem>,
}

/// Most key columns of any table.
pub(crate) const MAX_KEYS: usize = 3;

/// A column whose entries are names of a known list.
pub(crate) struct Key<'a> {
    pub(crate) column: &'a str,
    /// `country` or `sector`.
    pub(crate) kind: &'a str,
    pub(crate) names: &'a Names,
}

impl Schema<'_> {
    /// Key columns, then the value column.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|key| key.column).chain([self.value])
    }

    /// Where each of the schema's columns stands in a header, or which column of the header is at fault.
    pub(crate) fn locate(&self, header: &[&str]) -> Result<Vec<usize>, HeaderFault> {
        let expected = || self.columns().collect::<Vec<_>>().join(",");
        for (position, name) in header.iter().enumerate() {
            let problem = if !self.columns().any(|column| column == *name) {
                Problem::unknown("column", name, self.columns())
            } else if header[..position].contains(name) {
                Problem::new(format!("column \"{name}\" stands twice")).help(format!("expected {}", expected()))
            } else {
                continue;
            };
            return Err(HeaderFault { position: Some(position), problem });
        }
        self.columns()
            .map(|column| {
                header.iter().position(|name| *name == column).ok_or_else(|| HeaderFault {
                    position: None,
                    problem: Problem::new(format!("no column \"{column}\"")).help(format!("expected {}", expected())),
                })
            })
            .collect()
    }
}

/// What is wrong with a header, and with which of its columns.
pub(crate) struct HeaderFault {
    pub(crate) position: Option<usize>,
    pub(crate) problem: Problem,
}

/// What is wrong with a row, and with which of the schema's columns (keys, then value); `None`: with the row as a whole.
pub(crate) struct RowFault {
    pub(crate) column: Option<usize>,
    pub(crate) problem: Problem,
}

/// The values of a table, dense in the order of its keys, while its rows come in.
pub(crate) struct Cells<'a> {
    pub(crate) schema: &'a Schema<'a>,
    /// NaN where no row was given yet: no row can give that.
    values: Vec<f64>,
    /// The indices of the last row. Rows mostly come in order, so they say where to look first.
    last: [usize; MAX_KEYS],
}

impl<'a> Cells<'a> {
    fn new(schema: &'a Schema<'a>) -> Result<Self, Problem> {
        let cells = schema.keys.iter().try_fold(1usize, |cells, key| cells.checked_mul(key.names.len()));
        match cells.filter(|&cells| cells <= MAX_CELLS) {
            Some(cells) => Ok(Self { schema, values: vec![f64::NAN; cells], last: [0; MAX_KEYS] }),
            None => Err(Problem::new(format!("{} would hold more than {MAX_CELLS} cells", schema.table))
                .help("merge countries or sectors")),
        }
    }

    /// Takes in one row.
    pub(crate) fn put(&mut self, names: &[&str], value: f64) -> Result<(), RowFault> {
        let mut indices = [0; MAX_KEYS];
        let mut cell = 0;
        for (position, (key, name)) in self.schema.keys.iter().zip(names).enumerate() {
            let Some(index) = key.names.index_near(self.last[position], name) else {
                let problem = Problem::unknown(key.kind, name, key.names.iter());
                return Err(RowFault { column: Some(position), problem });
            };
            indices[position] = index;
            cell = cell * key.names.len() + index;
        }
        self.last = indices;
        let keys = self.schema.keys.len();
        let refused = if value.is_finite() {
            (self.schema.refuse)(&indices[..keys], value)
        } else {
            Some(Problem::new(format!("{} is not a finite number", self.schema.value)))
        };
        if let Some(problem) = refused {
            return Err(RowFault { column: Some(keys), problem });
        }
        if !self.values[cell].is_nan() {
            let names: Vec<String> = names.iter().map(|name| clip(name)).collect();
            let problem = Problem::new(format!("duplicate row for {}", names.join(", "))).help("keep one of the rows");
            return Err(RowFault { column: None, problem });
        }
        self.values[cell] = value;
        Ok(())
    }
}

/// A table that was read.
pub(crate) struct Table {
    /// The file, for messages about the table as a whole.
    pub(crate) label: String,
    /// Dense, in the order of the keys; NaN where the table has no row.
    pub(crate) values: Vec<f64>,
    /// The comment lines before the header of a CSV file, without their `#`.
    pub(crate) comments: Vec<String>,
}

/// Reads `TABLE.csv` or `TABLE.parquet`; `None` if there is neither.
pub(crate) fn read(files: &dyn Files, schema: &Schema<'_>) -> Result<Option<Table>, Problem> {
    let names = [format!("{}.csv", schema.table), format!("{}.parquet", schema.table)];
    let (name, table) = match (files.open(&names[0])?, files.open(&names[1])?) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => {
            let problem = Problem::new(format!("{} and {} are both there", names[0], names[1]));
            return Err(problem.help("keep one of them").in_file(files.label(&names[0])));
        }
        (Some(reader), None) => (&names[0], Ok(reader)),
        (None, Some(reader)) => (&names[1], Err(reader)),
    };
    let label = files.label(name);
    let mut cells = Cells::new(schema).map_err(|problem| problem.in_file(&label))?;
    let comments = match table {
        Ok(text) => csv::read(text, &label, &mut cells)?,
        Err(binary) => parquet::read(binary, &label, &mut cells).map(|()| Vec::new())?,
    };
    Ok(Some(Table { label, values: cells.values, comments }))
}
