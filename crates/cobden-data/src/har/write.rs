//! From headers to records.

use cobden_world::Problem;

use super::record::push;
use super::{Cells, Dimension, Elements, HarFile, Header, Matrix, NAME, Reals, Values};

/// Most values of a record: GEMPACK's own programs read records of 28 kB.
const MAX_VALUES: usize = 7000;

/// Rank of every array of reals on disk.
const RANK: usize = 7;

impl HarFile {
    /// The bytes of the file.
    ///
    /// # Errors
    /// The first header that the format cannot hold: a name, text or element that is too long or not Latin-1, a set with two meanings,
    /// values that do not fill the dimensions, more than seven dimensions.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Problem> {
        let mut out = Vec::new();
        for header in &self.headers {
            header.write(&mut out).map_err(|problem| header.named(problem))?;
        }
        Ok(out)
    }
}

impl Header {
    fn write(&self, out: &mut Vec<u8>) -> Result<(), Problem> {
        let mut name = Vec::new();
        pad(&mut name, &self.name, 4)?;
        if name == b"    " {
            return Err(Problem::new("a header needs a name"));
        }
        push(out, &name)?;
        let full = |shape: &[usize]| {
            let mut shape = shape.to_vec();
            shape.resize(RANK.max(shape.len()), 1);
            shape
        };
        let (kind, dimensions) = match &self.values {
            Values::Texts { width, texts } => ("1CFULL", vec![texts.len(), *width]),
            Values::Reals(Reals { dimensions, .. }) if dimensions.len() > RANK => {
                return Err(Problem::new(format!("{} dimensions are more than {RANK}", dimensions.len())));
            }
            Values::Reals(reals @ Reals { cells: Cells::Full(_), .. }) => ("REFULL", full(&reals.shape())),
            Values::Reals(reals) => ("RESPSE", full(&reals.shape())),
            Values::Integers(matrix) => ("2IFULL", vec![matrix.rows, matrix.columns]),
            Values::Matrix(matrix) => ("2RFULL", vec![matrix.rows, matrix.columns]),
            Values::Other { kind, dimensions, .. } => (kind.as_str(), dimensions.clone()),
        };
        let mut payload = blank();
        pad(&mut payload, kind, 6)?;
        pad(&mut payload, &self.long_name, 70)?;
        int(&mut payload, dimensions.len())?;
        for size in dimensions {
            int(&mut payload, size)?;
        }
        push(out, &payload)?;
        match &self.values {
            Values::Texts { width, texts } => write_texts(out, texts, *width),
            Values::Reals(reals) => write_reals(out, reals),
            Values::Integers(matrix) => write_matrix(out, matrix, |value| value.to_le_bytes()),
            Values::Matrix(matrix) => write_matrix(out, matrix, |value| value.to_le_bytes()),
            Values::Other { records, .. } => records.iter().try_for_each(|record| push(out, record)),
        }
    }
}

/// Texts of equal width, several to a record; at least one record.
fn write_texts(out: &mut Vec<u8>, texts: &[String], width: usize) -> Result<(), Problem> {
    let here = (4 * MAX_VALUES / width.max(1)).max(1);
    let records = texts.len().div_ceil(here).max(1);
    for record in 0..records {
        let part = &texts[record * here..texts.len().min((record + 1) * here)];
        let mut payload = blank();
        for count in [records - record, texts.len(), part.len()] {
            int(&mut payload, count)?;
        }
        for text in part {
            pad(&mut payload, text, width)?;
        }
        push(out, &payload)?;
    }
    Ok(())
}

fn write_reals(out: &mut Vec<u8>, reals: &Reals) -> Result<(), Problem> {
    write_sets(out, reals)?;
    let shape = reals.shape();
    let cells = shape.iter().try_fold(1usize, |cells, size| cells.checked_mul(*size));
    match &reals.cells {
        Cells::Full(values) if cells == Some(values.len()) => write_full(out, &shape, values),
        Cells::Sparse(entries) if entries.iter().all(|(at, _)| cells.is_some_and(|cells| (*at as usize) < cells)) => {
            write_sparse(out, entries)
        }
        _ => Err(Problem::new("the values do not fill the dimensions")),
    }
}

/// The record of sets, then the elements of each distinct known set.
fn write_sets(out: &mut Vec<u8>, reals: &Reals) -> Result<(), Problem> {
    let named = reals.dimensions.iter().any(|dimension| !dimension.set.is_empty());
    // An array without sets has no record of dimensions.
    let dimensions: &[Dimension] = if named { &reals.dimensions } else { &[] };
    if !named && reals.dimensions.iter().any(|dimension| dimension.elements != Elements::Unknown) {
        return Err(Problem::new("elements need the name of a set"));
    }
    let mut known: Vec<(&str, &[String])> = Vec::new();
    let mut single = Vec::new();
    let mut status = Vec::new();
    for Dimension { set, size, elements } in dimensions {
        match elements {
            Elements::Known(names) => {
                status.push(b'k');
                if names.len() != *size {
                    return Err(Problem::new(format!("set {set} has {} elements in {size} places", names.len())));
                }
                match known.iter().find(|(name, _)| name == set) {
                    Some((_, before)) if before != names => {
                        return Err(Problem::new(format!("set {set} has two lists of elements")));
                    }
                    Some(_) => {}
                    None => known.push((set, names)),
                }
            }
            Elements::Single(name) => {
                status.push(b'e');
                single.push(name);
            }
            Elements::Unknown => status.push(b'u'),
        }
    }
    let mut payload = blank();
    for count in [known.len(), 1, dimensions.len()] {
        int(&mut payload, count)?;
    }
    pad(&mut payload, &reals.coefficient, NAME)?;
    payload.extend_from_slice(&(-1i32).to_le_bytes());
    for dimension in dimensions {
        pad(&mut payload, &dimension.set, NAME)?;
    }
    payload.extend_from_slice(&status);
    payload.extend(std::iter::repeat_n(0, 4 * dimensions.len()));
    int(&mut payload, single.len())?;
    for name in single {
        pad(&mut payload, name, NAME)?;
    }
    push(out, &payload)?;
    for (_, names) in known {
        write_texts(out, names, NAME)?;
    }
    Ok(())
}

/// The shape, then blocks, each a range of indices and its values; blocks follow one another in memory.
fn write_full(out: &mut Vec<u8>, shape: &[usize], values: &[f32]) -> Result<(), Problem> {
    let mut full = shape.to_vec();
    full.resize(RANK, 1);
    let blocks = if values.is_empty() { Vec::new() } else { blocks(&full) };
    let mut left = 2 * blocks.len() + 1;
    let mut payload = blank();
    int(&mut payload, left)?;
    int(&mut payload, RANK)?;
    for size in &full {
        int(&mut payload, *size)?;
    }
    push(out, &payload)?;
    let mut rest = values;
    for range in blocks {
        left -= 1;
        let mut payload = blank();
        int(&mut payload, left)?;
        let mut size = 1;
        for (from, to) in range {
            int(&mut payload, from + 1)?;
            int(&mut payload, to)?;
            size *= to - from;
        }
        push(out, &payload)?;
        left -= 1;
        let mut payload = blank();
        int(&mut payload, left)?;
        let (here, after) = rest.split_at(size);
        payload.extend(here.iter().flat_map(|value| value.to_le_bytes()));
        push(out, &payload)?;
        rest = after;
    }
    Ok(())
}

/// Cuts an array into blocks of at most [`MAX_VALUES`] cells: whole in its first indices, a range of the next, one each of the others.
fn blocks(shape: &[usize]) -> Vec<Vec<(usize, usize)>> {
    let mut whole = 0;
    let mut size = 1;
    while whole + 1 < shape.len() && size * shape[whole] <= MAX_VALUES {
        size *= shape[whole];
        whole += 1;
    }
    let step = (MAX_VALUES / size).max(1);
    let outer: usize = shape[whole + 1..].iter().product();
    let mut blocks = Vec::new();
    for mut other in 0..outer {
        let tail: Vec<(usize, usize)> = shape[whole + 1..]
            .iter()
            .map(|size| {
                let at = other % size;
                other /= size;
                (at, at + 1)
            })
            .collect();
        for from in (0..shape[whole]).step_by(step) {
            let range = (from, shape[whole].min(from + step));
            let head = shape[..whole].iter().map(|size| (0, *size));
            blocks.push(head.chain([range]).chain(tail.iter().copied()).collect());
        }
    }
    blocks
}

fn write_sparse(out: &mut Vec<u8>, entries: &[(u32, f32)]) -> Result<(), Problem> {
    let mut payload = blank();
    for count in [entries.len(), 4, 4] {
        int(&mut payload, count)?;
    }
    payload.extend_from_slice(&[b' '; 80]);
    push(out, &payload)?;
    let here = MAX_VALUES / 2;
    let records = entries.len().div_ceil(here).max(1);
    for record in 0..records {
        let part = &entries[record * here..entries.len().min((record + 1) * here)];
        let mut payload = blank();
        for count in [records - record, entries.len(), part.len()] {
            int(&mut payload, count)?;
        }
        for (position, _) in part {
            int(&mut payload, *position as usize + 1)?;
        }
        payload.extend(part.iter().flat_map(|(_, value)| value.to_le_bytes()));
        push(out, &payload)?;
    }
    Ok(())
}

/// Blocks of whole columns, or of parts of one where a column is too long; at least one block.
fn write_matrix<T: Copy>(out: &mut Vec<u8>, matrix: &Matrix<T>, encode: fn(T) -> [u8; 4]) -> Result<(), Problem> {
    let (rows, columns) = (matrix.rows, matrix.columns);
    if rows.checked_mul(columns) != Some(matrix.values.len()) {
        return Err(Problem::new("the values do not fill the matrix"));
    }
    let blocks = if matrix.values.is_empty() { vec![vec![(0, 0), (0, 0)]] } else { blocks(&[rows, columns]) };
    let mut rest = &matrix.values[..];
    for (number, block) in blocks.iter().enumerate() {
        let mut payload = blank();
        for count in [blocks.len() - number, rows, columns] {
            int(&mut payload, count)?;
        }
        let mut size = 1;
        for (from, to) in block {
            int(&mut payload, from + 1)?;
            int(&mut payload, *to)?;
            size *= to - from;
        }
        let (here, after) = rest.split_at(size);
        payload.extend(here.iter().flat_map(|value| encode(*value)));
        push(out, &payload)?;
        rest = after;
    }
    Ok(())
}

/// The four blanks that most records begin with.
fn blank() -> Vec<u8> {
    b"    ".to_vec()
}

fn int(payload: &mut Vec<u8>, value: usize) -> Result<(), Problem> {
    let value = i32::try_from(value).map_err(|_| Problem::new(format!("{value} does not fit 32 bits")))?;
    payload.extend_from_slice(&value.to_le_bytes());
    Ok(())
}

/// Text in Latin-1, padded with blanks.
fn pad(payload: &mut Vec<u8>, text: &str, width: usize) -> Result<(), Problem> {
    let before = payload.len();
    for char in text.chars() {
        let byte = u8::try_from(u32::from(char));
        payload.push(byte.map_err(|_| Problem::new(format!("\"{}\" is not Latin-1", crate::lines::clip(text))))?);
    }
    if payload.len() - before > width {
        let problem = Problem::new(format!("\"{}\" is longer than {width} characters", crate::lines::clip(text)));
        return Err(problem.help("shorten it"));
    }
    payload.resize(before + width, b' ');
    Ok(())
}
