//! Header array files (HAR) of GEMPACK: named arrays with sets and elements, the form in which GTAP and its models keep data.
//!
//! **Where from**: any GEMPACK program, ViewHAR, GTAPAgg, FlexAgg; also `.prm` (parameters) and `.sl4` (solutions). **Licence**: of the data in
//! the file; that of GTAP is proprietary.
//!
//! **Layout**: Fortran sequential unformatted records, little-endian: a length of four bytes, the payload, the length again. Values are 32-bit
//! floats and integers, arrays in Fortran order (first index fastest). A header is
//!
//! 1. its name: a record of exactly four bytes, padded with blanks;
//! 2. a descriptor: 4 blanks, type (6 characters: 2 data type, 4 storage), long name (70), rank, dimensions (padded to rank 7 with 1);
//! 3. its data, by type:
//!
//! | type | holds | records |
//! |---|---|---|
//! | `1CFULL` | texts of equal width | 4 blanks, records left, number, here; `here` × width characters |
//! | `REFULL` | reals, all of them | sets; shape; then pairs of an index range and `4 blanks, records left, values` |
//! | `RESPSE` | reals, those not zero | sets; count; then `4 blanks, records left, count, here`, positions from 1, values |
//! | `2IFULL`, `2RFULL` | a matrix of integers, of reals | 4 blanks, records left, rows, columns, four bounds; values |
//!
//! The record of sets says the coefficient's name (12) and, for each dimension, the set (12) and whether its elements are known (`k`), unknown
//! (`u`) or a single one (`e`). The elements (12 characters each) of every distinct known set follow once.
//!
//! **Quirks**: the last record of each kind says 1 record left. A set may be empty. Any other type (`RL..`) is kept as it stands, record by
//! record, and written back. Files of the first GEMPACK versions, which begin with the byte 0xFD, are not read: save them again.
//!
//! A file is read header by header ([`Reader`]); memory follows what the file holds, never what it claims. What is written and read again is
//! equal; what is read and written again has the same bytes if this crate wrote it.
//!
//! ```
//! use cobden_data::har::{HarFile, Header};
//! use cobden_world::Names;
//! use ndarray::arr2;
//!
//! let names = |list: &[&str]| Names::new(list.iter().map(|name| name.to_string())).unwrap();
//! let (commodities, regions) = (names(&["food", "steel", "services"]), names(&["USA", "ROW"]));
//! let values = arr2(&[[1.5, 2.0], [0.25, 8.0], [0.0, 3.0]]);
//! let header = Header::reals("VST", "Margin exports", &[("COMM", &commodities), ("REG", &regions)], values.view().into_dyn())?;
//! let file = HarFile { headers: vec![header] };
//! let bytes = file.to_bytes()?;
//! let again = HarFile::read(&bytes[..], "base.har")?;
//! assert_eq!(again, file);
//! assert_eq!(again.get("vst").unwrap().array()?, values.into_dyn());
//! # Ok::<(), cobden_world::Problem>(())
//! ```

mod read;
mod record;
mod write;

use cobden_world::{Names, Problem};
use ndarray::{ArrayD, ArrayViewD, IxDyn, ShapeBuilder};

pub use read::Reader;

/// Most cells of a dense array, e.g. 4 margins by 65 commodities by 160 × 160 regions twenty times over.
const MAX_CELLS: usize = 1 << 27;

/// Longest name of a set or an element.
pub(crate) const NAME: usize = 12;

/// The headers of a file, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HarFile {
    /// The headers.
    pub headers: Vec<Header>,
}

/// A named array.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Up to four characters.
    pub name: String,
    /// Up to 70 characters for people.
    pub long_name: String,
    /// What it holds.
    pub values: Values,
}

/// What a header holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// `1CFULL`: texts, blanks at their end left out.
    Texts {
        /// The width that each is padded to.
        width: usize,
        /// The texts.
        texts: Vec<String>,
    },
    /// `REFULL` and `RESPSE`: an array of reals over sets.
    Reals(Reals),
    /// `2IFULL`: a matrix of integers.
    Integers(Matrix<i32>),
    /// `2RFULL`: a matrix of reals without sets.
    Matrix(Matrix<f32>),
    /// A type that is not read: its records as they stand.
    Other {
        /// The six characters of the type.
        kind: String,
        /// The dimensions in the descriptor.
        dimensions: Vec<usize>,
        /// The payload of each record after the descriptor.
        records: Vec<Vec<u8>>,
    },
}

/// A matrix by columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix<T> {
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Column after column.
    pub values: Vec<T>,
}

/// An array of reals over sets.
#[derive(Clone, Debug, PartialEq)]
pub struct Reals {
    /// The name of the coefficient in the model, up to 12 characters.
    pub coefficient: String,
    /// The dimensions, up to seven.
    pub dimensions: Vec<Dimension>,
    /// The values.
    pub cells: Cells,
}

/// The cells of an array, first index fastest.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// Every cell.
    Full(Vec<f32>),
    /// Those cells that are not zero: position from 0 and value.
    Sparse(Vec<(u32, f32)>),
}

/// A dimension of an array.
#[derive(Clone, Debug, PartialEq)]
pub struct Dimension {
    /// The name of its set; empty if it has none.
    pub set: String,
    /// How many elements.
    pub size: usize,
    /// Their names.
    pub elements: Elements,
}

/// The elements of a dimension.
#[derive(Clone, Debug, PartialEq)]
pub enum Elements {
    /// All of them, `size` names.
    Known(Vec<String>),
    /// The file does not say.
    Unknown,
    /// One element of a larger set.
    Single(String),
}

impl HarFile {
    /// Reads every header.
    ///
    /// # Errors
    /// The byte at which the file is not what it should be.
    pub fn read(input: impl std::io::Read, label: &str) -> Result<Self, Problem> {
        let mut reader = Reader::new(input, label);
        let mut headers = Vec::new();
        while let Some(header) = reader.next_header()? {
            headers.push(header);
        }
        Ok(Self { headers })
    }

    /// A header by its name; capitals do not matter.
    pub fn get(&self, name: &str) -> Option<&Header> {
        self.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))
    }
}

impl Header {
    /// Texts, e.g. the elements of a set.
    pub fn texts(name: &str, long_name: &str, texts: impl IntoIterator<Item = String>) -> Self {
        let texts: Vec<String> = texts.into_iter().collect();
        let width = texts.iter().map(|text| text.chars().count()).max().unwrap_or(0).max(NAME);
        Self { name: name.to_owned(), long_name: long_name.to_owned(), values: Values::Texts { width, texts } }
    }

    /// An array over named sets, stored sparse where less than a third of it is not zero. The coefficient has the header's name.
    ///
    /// # Errors
    /// A shape that is not that of the sets; a value that a 32-bit float does not hold.
    pub fn reals(
        name: &str,
        long_name: &str,
        sets: &[(&str, &Names)],
        values: ArrayViewD<'_, f64>,
    ) -> Result<Self, Problem> {
        let shape: Vec<usize> = sets.iter().map(|(_, names)| names.len()).collect();
        if values.shape() != shape {
            let found = values.shape();
            return Err(Problem::new(format!("header {name}: the shape is {found:?}, that of its sets {shape:?}")));
        }
        // The transpose in order of its indices is the array with its first index fastest.
        let cells: Vec<f32> = values.t().iter().map(|value| *value as f32).collect();
        if cells.iter().any(|value| !value.is_finite()) {
            return Err(Problem::new(format!("header {name}: a value is not finite as a 32-bit float")));
        }
        let filled = cells.iter().filter(|value| **value != 0.0).count();
        let small = u32::try_from(cells.len()).is_ok();
        let cells = if small && filled < cells.len() / 3 {
            Cells::Sparse((0..).zip(cells).filter(|(_, value)| *value != 0.0).collect())
        } else {
            Cells::Full(cells)
        };
        let dimension = |(set, names): &(&str, &Names)| Dimension {
            set: (*set).to_owned(),
            size: names.len(),
            elements: Elements::Known(names.as_slice().to_vec()),
        };
        let (coefficient, dimensions) = (name.to_owned(), sets.iter().map(dimension).collect());
        let values = Values::Reals(Reals { coefficient, dimensions, cells });
        Ok(Self { name: name.to_owned(), long_name: long_name.to_owned(), values })
    }

    /// The reals, `None` for another type.
    pub fn as_reals(&self) -> Option<&Reals> {
        match &self.values {
            Values::Reals(reals) => Some(reals),
            _ => None,
        }
    }

    /// The texts, `None` for another type.
    pub fn as_texts(&self) -> Option<&[String]> {
        match &self.values {
            Values::Texts { texts, .. } => Some(texts),
            _ => None,
        }
    }

    /// The numbers as a dense array in the order of the file's indices, widened exactly.
    ///
    /// # Errors
    /// A header that holds no numbers; a sparse array too large to fill in.
    pub fn array(&self) -> Result<ArrayD<f64>, Problem> {
        let (shape, values): (Vec<usize>, Vec<f64>) = match &self.values {
            Values::Reals(reals) => (reals.shape(), reals.dense().map_err(|problem| self.named(problem))?),
            Values::Integers(matrix) => {
                (vec![matrix.rows, matrix.columns], matrix.values.iter().map(|value| f64::from(*value)).collect())
            }
            Values::Matrix(matrix) => {
                (vec![matrix.rows, matrix.columns], matrix.values.iter().map(|value| f64::from(*value)).collect())
            }
            Values::Texts { .. } | Values::Other { .. } => {
                return Err(self.named(Problem::new("it does not hold numbers")));
            }
        };
        let array = ArrayD::from_shape_vec(IxDyn(&shape).f(), values);
        array.map_err(|error| self.named(Problem::new(error.to_string())))
    }

    fn named(&self, problem: Problem) -> Problem {
        Problem { message: format!("header {}: {}", self.name, problem.message), ..problem }
    }
}

impl Reals {
    /// The size of each dimension.
    pub fn shape(&self) -> Vec<usize> {
        self.dimensions.iter().map(|dimension| dimension.size).collect()
    }

    /// Every cell, first index fastest.
    fn dense(&self) -> Result<Vec<f64>, Problem> {
        let entries = match &self.cells {
            Cells::Full(values) => return Ok(values.iter().map(|value| f64::from(*value)).collect()),
            Cells::Sparse(entries) => entries,
        };
        let cells = self.shape().iter().try_fold(1usize, |cells, size| cells.checked_mul(*size));
        let Some(cells) = cells.filter(|cells| *cells <= MAX_CELLS) else {
            return Err(Problem::new(format!("it would hold more than {MAX_CELLS} cells")).help("merge regions first"));
        };
        let mut values = vec![0.0; cells];
        for (position, value) in entries {
            if let Some(cell) = values.get_mut(*position as usize) {
                *cell = f64::from(*value);
            }
        }
        Ok(values)
    }
}
