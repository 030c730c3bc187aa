//! xlsb: the binary form of a workbook ([MS-XLSB]), a stream of records: a type and a length of 7 bits to a byte, then the content.

use std::io::{BufReader, Read, Seek};

use cobden_world::Problem;

use super::xlsx::relationships;
use super::{Cell, MAX_PART, MAX_SHEET, MAX_SHEETS, MAX_STRINGS, Sink, part};
use crate::archive::Archive;
use crate::delimited::{place, shown};

/// Longest record that is read; the records of cells have 20 bytes, or 64 KiB if they hold a text.
const MAX_RECORD: u32 = 1 << 20;

/// The records of a part.
struct Records<R> {
    input: BufReader<R>,
    content: Vec<u8>,
    offset: u64,
    label: String,
}

impl<R: Read> Records<R> {
    fn new(input: R, label: String) -> Self {
        Self { input: BufReader::with_capacity(1 << 16, input), content: Vec::new(), offset: 0, label }
    }

    fn problem(&self, message: impl std::fmt::Display) -> Problem {
        Problem::new(format!("{message}, at byte {} of the part", self.offset)).in_file(&self.label)
    }

    fn byte(&mut self) -> Result<Option<u8>, Problem> {
        let mut byte = [0];
        let read = self.input.read(&mut byte).map_err(|error| self.problem(format!("cannot read: {error}")))?;
        self.offset += read as u64;
        Ok((read == 1).then_some(byte[0]))
    }

    /// A number of at most `bytes` bytes, the lowest 7 bits first.
    fn number(&mut self, bytes: u32) -> Result<Option<u32>, Problem> {
        let mut number = 0;
        for at in 0..bytes {
            let Some(byte) = self.byte()? else {
                return if at == 0 { Ok(None) } else { Err(self.problem("the part ends early")) };
            };
            number |= u32::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Ok(Some(number))
    }

    /// The type of the next record, its content in `self.content`; `None` at the end.
    fn next(&mut self) -> Result<Option<u32>, Problem> {
        let Some(kind) = self.number(2)? else { return Ok(None) };
        let length = self.number(4)?.ok_or_else(|| self.problem("the part ends early"))?;
        if length > MAX_RECORD {
            return Err(self.problem(format!("a record of {length} bytes")));
        }
        self.content.resize(length as usize, 0);
        let read = self.input.read_exact(&mut self.content);
        read.map_err(|_| self.problem(format!("the part ends in a record of {length} bytes")))?;
        self.offset += u64::from(length);
        Ok(Some(kind))
    }

    fn array<const N: usize>(&self, at: usize) -> Result<[u8; N], Problem> {
        let bytes = self.content.get(at..).and_then(|rest| rest.first_chunk());
        bytes.copied().ok_or_else(|| self.problem("a record is too short"))
    }

    fn u32(&self, at: usize) -> Result<u32, Problem> {
        self.array(at).map(u32::from_le_bytes)
    }

    /// A string and where it ends: how many units of UTF-16, then those.
    fn string(&self, at: usize) -> Result<(String, usize), Problem> {
        let length = self.u32(at)? as usize;
        let end = length.checked_mul(2).and_then(|bytes| bytes.checked_add(at + 4));
        let bytes = end.and_then(|end| self.content.get(at + 4..end));
        let bytes = bytes.ok_or_else(|| self.problem("a string is longer than its record"))?;
        let units = bytes.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit));
        let text = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        Ok((text, at + 4 + bytes.len()))
    }
}

/// Names and paths of the sheets.
pub(super) fn sheets(archive: &mut Archive<'_, impl Read + Seek>) -> Result<Vec<(String, String)>, Problem> {
    let targets = relationships(archive, "xl/_rels/workbook.bin.rels")?;
    let at = archive.find("workbook", |name| name == "workbook.bin")?;
    let (entry, label) = archive.entry(at, MAX_PART)?;
    let mut records = Records::new(entry, label);
    let mut sheets = Vec::new();
    while let Some(kind) = records.next()? {
        // BrtBundleSh: state, number, id of the relationship (a length of -1: none), name.
        if kind != 156 || records.u32(8)? == u32::MAX {
            continue;
        }
        let (id, end) = records.string(8)?;
        let (name, _) = records.string(end)?;
        if let Some((_, path)) = targets.iter().find(|(of, _)| *of == id) {
            if sheets.len() == MAX_SHEETS {
                return Err(records.problem(format!("more than {MAX_SHEETS} sheets")));
            }
            sheets.push((name, path.clone()));
        }
    }
    Ok(sheets)
}

/// The strings that cells share.
pub(super) fn strings(archive: &mut Archive<'_, impl Read + Seek>) -> Result<Vec<String>, Problem> {
    let Some(at) = part(archive, "xl/sharedStrings.bin") else { return Ok(Vec::new()) };
    let (entry, label) = archive.entry(at, MAX_PART)?;
    let mut records = Records::new(entry, label);
    let mut strings = Vec::new();
    while let Some(kind) = records.next()? {
        // BrtSSTItem: a byte of flags, the string, and how it is formatted.
        if kind == 19 {
            if strings.len() == MAX_STRINGS {
                return Err(records.problem(format!("more than {MAX_STRINGS} strings")));
            }
            strings.push(records.string(1)?.0);
        }
    }
    Ok(strings)
}

/// Tells the cells of a sheet.
pub(super) fn cells(
    archive: &mut Archive<'_, impl Read + Seek>,
    path: &str,
    sink: &mut Sink<'_, '_>,
) -> Result<(), Problem> {
    let missing = || Problem::new(format!("the workbook lacks {}", shown(path))).in_file(sink.label);
    let at = part(archive, path).ok_or_else(missing)?;
    let (entry, label) = archive.entry(at, MAX_SHEET)?;
    let mut records = Records::new(entry, label);
    let mut data = false;
    while let Some(kind) = records.next()? {
        match kind {
            145 => data = true,
            146 => return Ok(()),
            0 if data => sink.row(u64::from(records.u32(0)?) + 1)?,
            // Cells: column, style, value. Those from 8 on are results of formulas.
            1..=11 if data => {
                let column = records.u32(0)? as usize;
                let cell = match kind {
                    2 => Cell::Number(rk(records.u32(8)?)),
                    4 | 10 => Cell::Number(f64::from(records.array::<1>(8)?[0])),
                    5 | 9 => Cell::Number(f64::from_le_bytes(records.array(8)?)),
                    6 | 8 => Cell::Text(records.string(8)?.0),
                    7 => Cell::Shared(records.u32(8)? as usize),
                    _ => Cell::Empty,
                };
                sink.cell(column, cell)?;
            }
            _ => {}
        }
    }
    Err(Problem::new("the sheet ends early").at(place(sink.label, sink.number.max(1), 1)))
}

/// A number in 4 bytes: the upper 30 bits of a real or a whole number, and whether it is one and whether it is in hundredths.
fn rk(bits: u32) -> f64 {
    let value = match bits & 2 {
        0 => f64::from_bits(u64::from(bits & !3) << 32),
        _ => f64::from(bits.cast_signed() >> 2),
    };
    if bits & 1 == 0 { value } else { value / 100.0 }
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_in_four_bytes() {
        // [MS-XLSB] 2.5.122: 1.0, 1.23 as hundredths of a whole number, -2.
        assert_eq!(super::rk(0x3ff0_0000), 1.0);
        assert_eq!(super::rk((123 << 2) | 3), 1.23);
        assert_eq!(super::rk((-2i32 << 2).cast_unsigned() | 2), -2.0);
    }
}
