//! Tidy tables: some columns that name a cell, one that holds its value. The same for CSV and Parquet.

use std::io::Read;

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

/// Takes in the rows of a table.
pub(crate) struct Cells<'a> {
    pub(crate) schema: &'a Schema<'a>,
    to: To<'a>,
    /// The indices of the last row. Rows mostly come in order, so they say where to look first.
    last: [usize; MAX_KEYS],
}

/// Where rows go.
enum To<'a> {
    /// Dense, in the order of the keys; NaN where no row was given yet: no row can give that.
    Dense(Vec<f64>),
    /// One by one to somebody else, who finds duplicates.
    Each(Take<'a>),
}

/// Takes in one row: its indices, its value.
pub(crate) type Take<'a> = &'a mut dyn FnMut(&[usize], f64) -> Result<(), Problem>;

impl<'a> Cells<'a> {
    fn new(schema: &'a Schema<'a>) -> Result<Self, Problem> {
        let cells = schema.keys.iter().try_fold(1usize, |cells, key| cells.checked_mul(key.names.len()));
        match cells.filter(|&cells| cells <= MAX_CELLS) {
            Some(cells) => Ok(Self { schema, to: To::Dense(vec![f64::NAN; cells]), last: [0; MAX_KEYS] }),
            None => Err(Problem::new(format!("{} would hold more than {MAX_CELLS} cells", schema.table))
                .help("merge countries or sectors")),
        }
    }

    /// Takes in one row.
    pub(crate) fn put(&mut self, names: &[&str], value: f64) -> Result<(), RowFault> {
        let mut indices = [0; MAX_KEYS];
        for (position, (key, name)) in self.schema.keys.iter().zip(names).enumerate() {
            let Some(index) = key.names.index_near(self.last[position], name) else {
                let problem = Problem::unknown(key.kind, name, key.names.iter());
                return Err(RowFault { column: Some(position), problem });
            };
            indices[position] = index;
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
        let values = match &mut self.to {
            To::Dense(values) => values,
            To::Each(take) => {
                return take(&indices[..keys], value).map_err(|problem| RowFault { column: Some(keys), problem });
            }
        };
        let cell = indices.iter().zip(self.schema.keys).fold(0, |cell, (index, key)| cell * key.names.len() + index);
        if !values[cell].is_nan() {
            let names: Vec<String> = names.iter().map(|name| clip(name)).collect();
            let problem = Problem::new(format!("duplicate row for {}", names.join(", "))).help("keep one of the rows");
            return Err(RowFault { column: None, problem });
        }
        values[cell] = value;
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
    let Some(file) = open(files, schema.table)? else { return Ok(None) };
    let mut cells = Cells::new(schema).map_err(|problem| problem.in_file(&file.label))?;
    let (label, comments) = fill(file, &mut cells)?;
    let values = match cells.to {
        To::Dense(values) => values,
        To::Each(_) => Vec::new(),
    };
    Ok(Some(Table { label, values, comments }))
}

/// Reads a table of any size row by row; says whether it is there.
pub(crate) fn read_each(files: &dyn Files, schema: &Schema<'_>, take: Take<'_>) -> Result<bool, Problem> {
    let Some(file) = open(files, schema.table)? else { return Ok(false) };
    fill(file, &mut Cells { schema, to: To::Each(take), last: [0; MAX_KEYS] })?;
    Ok(true)
}

fn fill(file: File<'_>, cells: &mut Cells<'_>) -> Result<(String, Vec<String>), Problem> {
    let comments = match file.content {
        Text::Csv(text) => csv::read(text, &file.label, cells)?,
        Text::Parquet(binary) => parquet::read(binary, &file.label, cells).map(|()| Vec::new())?,
    };
    Ok((file.label, comments))
}

/// A table whose columns are all text, some of them optional.
pub(crate) struct TextSchema<'a> {
    /// File name without extension.
    pub(crate) table: &'a str,
    pub(crate) required: &'a [&'a str],
    pub(crate) optional: &'a [&'a str],
}

/// Takes in one row of texts, those of optional columns that are not there being empty.
pub(crate) type TakeTexts<'a> = &'a mut dyn FnMut(&[&str]) -> Result<(), RowFault>;

impl TextSchema<'_> {
    /// Required columns, then optional ones.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        self.required.iter().chain(self.optional).copied()
    }

    /// Where each column stands in a header, if it does; or which column of the header is at fault.
    pub(crate) fn locate(&self, header: &[&str]) -> Result<Vec<Option<usize>>, HeaderFault> {
        let place = |column: &str| header.iter().position(|name| *name == column);
        for (position, name) in header.iter().enumerate() {
            if !self.columns().any(|column| column == *name) {
                let problem = Problem::unknown("column", name, self.columns());
                return Err(HeaderFault { position: Some(position), problem });
            }
            if header[..position].contains(name) {
                let problem = Problem::new(format!("column \"{name}\" stands twice")).help("keep one of them");
                return Err(HeaderFault { position: Some(position), problem });
            }
        }
        match self.required.iter().find(|column| place(column).is_none()) {
            Some(column) => {
                let help = format!("expected {}", self.columns().collect::<Vec<_>>().join(","));
                let problem = Problem::new(format!("no column \"{column}\"")).help(help);
                Err(HeaderFault { position: None, problem })
            }
            None => Ok(self.columns().map(place).collect()),
        }
    }
}

/// Reads a table of texts row by row; says whether it is there.
pub(crate) fn read_texts(files: &dyn Files, schema: &TextSchema<'_>, take: TakeTexts<'_>) -> Result<bool, Problem> {
    let Some(file) = open(files, schema.table)? else { return Ok(false) };
    match file.content {
        Text::Csv(text) => csv::read_texts(text, &file.label, schema, take)?,
        Text::Parquet(binary) => parquet::read_texts(binary, &file.label, schema, take)?,
    }
    Ok(true)
}

/// A table found.
struct File<'a> {
    label: String,
    content: Text<'a>,
}

/// Its content, by the ending of its name.
enum Text<'a> {
    Csv(Box<dyn Read + 'a>),
    Parquet(Box<dyn Read + 'a>),
}

/// Opens `TABLE.csv` or `TABLE.parquet`.
fn open<'a>(files: &'a dyn Files, table: &str) -> Result<Option<File<'a>>, Problem> {
    let names = [format!("{table}.csv"), format!("{table}.parquet")];
    let (name, content) = match (files.open(&names[0])?, files.open(&names[1])?) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => {
            let problem = Problem::new(format!("{} and {} are both there", names[0], names[1]));
            return Err(problem.help("keep one of them").in_file(files.label(&names[0])));
        }
        (Some(reader), None) => (&names[0], Text::Csv(reader)),
        (None, Some(reader)) => (&names[1], Text::Parquet(reader)),
    };
    Ok(Some(File { label: files.label(name), content }))
}
