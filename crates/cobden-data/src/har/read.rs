//! From records to headers.

use std::io::{BufReader, Read};

use cobden_world::Problem;

use super::record::{Parts, Record, Records, fours, text};
use super::{Cells, Dimension, Elements, Header, Matrix, NAME, Reals, Values};

/// Largest rank.
const MAX_RANK: usize = 7;

/// Reads a file header by header.
pub struct Reader<R> {
    records: Records<BufReader<R>>,
    /// The name of the next header, where it was read to see that one ends.
    ahead: Option<Record>,
}

impl<R: Read> Reader<R> {
    /// From the beginning of a file; `label` is its name in messages.
    pub fn new(input: R, label: &str) -> Self {
        Self { records: Records::new(BufReader::with_capacity(1 << 16, input), label), ahead: None }
    }

    /// The next header, `None` at the end of the file.
    ///
    /// # Errors
    /// The byte at which the file is not what it should be.
    pub fn next_header(&mut self) -> Result<Option<Header>, Problem> {
        let first = match self.ahead.take() {
            Some(record) => record,
            None => match self.records.next()? {
                Some(record) => record,
                None => return Ok(None),
            },
        };
        if !first.is_name() {
            let problem = first.fault("expected the name of a header, four characters");
            return Err(problem.help("is this a header array file?"));
        }
        let name = text(&first.payload);
        let descriptor = self.records.need("the descriptor of a header")?;
        let mut parts = descriptor.parts();
        let (kind, long_name) = (parts.text(6)?, parts.text(70)?);
        let rank = parts.count()?;
        if rank > MAX_RANK {
            return Err(parts.fault(format!("header {name} has rank {rank}, more than {MAX_RANK}")));
        }
        let dimensions = (0..rank).map(|_| parts.count()).collect::<Result<Vec<_>, _>>()?;
        let values = match kind.as_str() {
            "1CFULL" => self.texts(&descriptor, &dimensions)?,
            "REFULL" | "RESPSE" => self.reals(&descriptor, dimensions, kind == "RESPSE")?,
            "2IFULL" => Values::Integers(self.matrix(&descriptor, &dimensions, i32::from_le_bytes)?),
            "2RFULL" => Values::Matrix(self.matrix(&descriptor, &dimensions, f32::from_le_bytes)?),
            _ => self.other(kind, dimensions)?,
        };
        Ok(Some(Header { name, long_name, values }))
    }

    fn texts(&mut self, descriptor: &Record, dimensions: &[usize]) -> Result<Values, Problem> {
        let (&[count, width] | &[count, width, ..]) = dimensions else {
            return Err(descriptor.fault("a header of texts needs a number and a width"));
        };
        let mut texts = Vec::new();
        let mut left = None;
        loop {
            let record = self.records.need("the texts of a header")?;
            let mut parts = record.parts();
            let last = countdown(&mut parts, &mut left)?;
            let (_, here) = (parts.count()?, parts.count()?);
            if here > 0 && width == 0 {
                return Err(parts.fault("texts of no width"));
            }
            for _ in 0..here {
                texts.push(parts.text(width)?);
            }
            if last {
                break;
            }
        }
        if texts.len() != count {
            return Err(descriptor.fault(format!("{count} texts are promised, {} are there", texts.len())));
        }
        Ok(Values::Texts { width, texts })
    }

    fn reals(&mut self, descriptor: &Record, dimensions: Vec<usize>, sparse: bool) -> Result<Values, Problem> {
        let record = self.records.need("the sets of a header")?;
        let (coefficient, dimensions) = self.sets(&record, dimensions)?;
        let cells = dimensions.iter().try_fold(1usize, |cells, dimension| cells.checked_mul(dimension.size));
        let cells = cells.filter(|cells| u32::try_from(*cells).is_ok());
        let cells = cells.ok_or_else(|| descriptor.fault("the dimensions are too large"))?;
        let cells = if sparse { self.sparse(cells)? } else { Cells::Full(self.full(descriptor, cells)?) };
        Ok(Values::Reals(Reals { coefficient, dimensions, cells }))
    }

    /// The record of sets, and the elements that follow it.
    fn sets(&mut self, record: &Record, sizes: Vec<usize>) -> Result<(String, Vec<Dimension>), Problem> {
        let mut parts = record.parts();
        let _ = (parts.int()?, parts.int()?);
        let rank = parts.count()?;
        if rank > sizes.len() {
            return Err(parts.fault(format!("{rank} sets for {} dimensions", sizes.len())));
        }
        let coefficient = parts.text(NAME)?;
        parts.int()?;
        let sets = (0..rank).map(|_| parts.text(NAME)).collect::<Result<Vec<_>, _>>()?;
        let status = parts.bytes(rank)?;
        parts.bytes(4 * rank)?;
        let explicit = if rank == 0 { 0 } else { parts.count()? };
        let mut single = Vec::new();
        for _ in 0..explicit {
            single.push(parts.text(NAME)?);
        }
        // Without sets, the dimensions are those of the descriptor up to the last that is not 1.
        let bare = sizes.iter().rposition(|size| *size != 1).map_or(0, |last| last + 1);
        if rank > 0 && bare > rank {
            return Err(record.fault(format!("{rank} sets for {bare} dimensions")));
        }
        let mut known: Vec<(String, Vec<String>)> = Vec::new();
        let mut single = single.into_iter();
        let mut dimensions = Vec::new();
        for (set, (status, size)) in sets.into_iter().zip(status.iter().zip(&sizes)) {
            let elements = match status {
                b'k' => {
                    if !known.iter().any(|(name, _)| *name == set) {
                        known.push((set.clone(), self.elements()?));
                    }
                    let elements = known.iter().find(|(name, _)| *name == set);
                    let elements = elements.map(|(_, elements)| elements.clone()).unwrap_or_default();
                    if elements.len() != *size {
                        let found = elements.len();
                        return Err(record.fault(format!("set {set} has {found} elements in {size} places")));
                    }
                    Elements::Known(elements)
                }
                b'e' => match single.next() {
                    Some(name) if *size == 1 => Elements::Single(name),
                    _ => return Err(record.fault(format!("the element of {set} is not said"))),
                },
                _ => Elements::Unknown,
            };
            dimensions.push(Dimension { set, size: *size, elements });
        }
        if rank == 0 {
            let bare = sizes[..bare].iter();
            dimensions.extend(bare.map(|size| Dimension {
                set: String::new(),
                size: *size,
                elements: Elements::Unknown,
            }));
        }
        Ok((coefficient, dimensions))
    }

    fn elements(&mut self) -> Result<Vec<String>, Problem> {
        let mut elements = Vec::new();
        let mut left = None;
        loop {
            let record = self.records.need("the elements of a set")?;
            let mut parts = record.parts();
            let last = countdown(&mut parts, &mut left)?;
            let (_, here) = (parts.count()?, parts.count()?);
            for _ in 0..here {
                elements.push(parts.text(NAME)?);
            }
            if last {
                return Ok(elements);
            }
        }
    }

    fn full(&mut self, descriptor: &Record, cells: usize) -> Result<Vec<f32>, Problem> {
        let shape = self.records.need("the shape of an array")?;
        let mut left = None;
        let mut last = countdown(&mut shape.parts(), &mut left)?;
        let mut values = Vec::new();
        while !last {
            let range = self.records.need("the range of a block")?;
            countdown(&mut range.parts(), &mut left)?;
            let block = self.records.need("the values of a block")?;
            let mut parts = block.parts();
            last = countdown(&mut parts, &mut left)?;
            values.extend(fours(parts.rest()).map(f32::from_le_bytes));
        }
        if values.len() != cells {
            return Err(descriptor.fault(format!("the array has {cells} cells, {} are there", values.len())));
        }
        Ok(values)
    }

    fn sparse(&mut self, cells: usize) -> Result<Cells, Problem> {
        let record = self.records.need("the number of cells")?;
        let count = record.parts().count()?;
        let mut entries = Vec::new();
        let mut left = None;
        loop {
            let block = self.records.need("the cells of an array")?;
            let mut parts = block.parts();
            let last = countdown(&mut parts, &mut left)?;
            let (_, here) = (parts.count()?, parts.count()?);
            let Some(bytes) = here.checked_mul(4) else { return Err(parts.fault("too many cells")) };
            let (positions, values) = (parts.bytes(bytes)?, parts.bytes(bytes)?);
            for (position, value) in fours(positions).map(i32::from_le_bytes).zip(fours(values).map(f32::from_le_bytes))
            {
                let position = u32::try_from(position).ok().filter(|at| *at >= 1 && *at as usize <= cells);
                let Some(position) = position else {
                    return Err(block.fault(format!("a cell lies outside the {cells} of the array")));
                };
                entries.push((position - 1, value));
            }
            if last {
                break;
            }
        }
        if entries.len() != count {
            return Err(record.fault(format!("{count} cells are promised, {} are there", entries.len())));
        }
        Ok(Cells::Sparse(entries))
    }

    /// A matrix in rectangular blocks.
    fn matrix<T: Copy + Default>(
        &mut self,
        descriptor: &Record,
        dimensions: &[usize],
        decode: fn([u8; 4]) -> T,
    ) -> Result<Matrix<T>, Problem> {
        let (&[rows, columns] | &[rows, columns, ..]) = dimensions else {
            return Err(descriptor.fault("a matrix needs rows and columns"));
        };
        let cells = rows.checked_mul(columns).ok_or_else(|| descriptor.fault("the dimensions are too large"))?;
        let mut blocks: Vec<([usize; 4], Vec<T>)> = Vec::new();
        let (mut left, mut read) = (None, 0);
        loop {
            let block = self.records.need("the values of a matrix")?;
            let mut parts = block.parts();
            let last = countdown(&mut parts, &mut left)?;
            let _ = (parts.count()?, parts.count()?);
            let range = [parts.count()?, parts.count()?, parts.count()?, parts.count()?];
            let values: Vec<T> = fours(parts.rest()).map(decode).collect();
            let [top, bottom, first, end] = range;
            let inside = (top >= 1 && bottom <= rows && first >= 1 && end <= columns) || values.is_empty();
            let size = (bottom + 1).saturating_sub(top).checked_mul((end + 1).saturating_sub(first));
            if !inside || size != Some(values.len()) {
                return Err(block.fault("a block does not hold the part of the matrix that it claims"));
            }
            read += values.len();
            blocks.push((range, values));
            if last {
                break;
            }
        }
        // Only now is a matrix made: it is as large as what was read.
        if read != cells {
            return Err(descriptor.fault(format!("the matrix has {cells} cells, {read} are there")));
        }
        let mut matrix = vec![T::default(); cells];
        for ([top, bottom, first, end], values) in blocks {
            let places = (first..=end).flat_map(|column| (top..=bottom).map(move |row| (column - 1) * rows + row - 1));
            for (place, value) in places.zip(values) {
                matrix[place] = value;
            }
        }
        Ok(Matrix { rows, columns, values: matrix })
    }

    /// The records up to the next name, as they stand.
    fn other(&mut self, kind: String, dimensions: Vec<usize>) -> Result<Values, Problem> {
        let mut records = Vec::new();
        while let Some(record) = self.records.next()? {
            if record.is_name() {
                self.ahead = Some(record);
                break;
            }
            records.push(record.payload);
        }
        Ok(Values::Other { kind, dimensions, records })
    }
}

/// Reads how many records are left, this one included, which must fall; whether this is the last.
fn countdown(parts: &mut Parts<'_>, left: &mut Option<usize>) -> Result<bool, Problem> {
    let now = parts.count()?;
    if now == 0 || left.is_some_and(|before| now >= before) {
        return Err(parts.fault(format!("{now} records are left")));
    }
    *left = Some(now);
    Ok(now == 1)
}
