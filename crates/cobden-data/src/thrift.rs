//! As much of the Thrift compact protocol as the header of a Parquet page needs: whole numbers and nested structs by field id.

/// A struct deeper than this, or a list longer, is no page header.
const DEEPEST: usize = 8;
const LONGEST: u64 = 1 << 16;

/// A value of a field; what a page header holds besides numbers and structs is only stepped over.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// A boolean (0 or 1) or an integer of any width.
    Integer(i64),
    /// A nested struct.
    Struct(Fields),
    /// Text, a list or a floating number.
    Skipped,
}

/// The fields of a struct, by id.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fields(Vec<(i64, Value)>);

impl Fields {
    /// The integer of a field.
    pub(crate) fn integer(&self, id: i64) -> Option<i64> {
        self.0.iter().find_map(|(field, value)| match value {
            Value::Integer(number) if *field == id => Some(*number),
            _ => None,
        })
    }

    /// The struct of a field.
    pub(crate) fn nested(&self, id: i64) -> Option<&Fields> {
        self.0.iter().find_map(|(field, value)| match value {
            Value::Struct(fields) if *field == id => Some(fields),
            _ => None,
        })
    }
}

/// Reads one struct from the start of `bytes`; gives it and the number of bytes it took. `None` if they hold none.
pub(crate) fn read_struct(bytes: &[u8]) -> Option<(Fields, usize)> {
    let mut cursor = Cursor { bytes, at: 0 };
    let fields = cursor.fields(0)?;
    Some((fields, cursor.at))
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

// The types of the compact protocol.
const STOP: u8 = 0;
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const STRUCT: u8 = 12;

impl Cursor<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn skip(&mut self, length: u64) -> Option<()> {
        let end = self.at.checked_add(usize::try_from(length).ok()?)?;
        if end > self.bytes.len() {
            return None;
        }
        self.at = end;
        Some(())
    }

    /// Seven bits a byte, lowest first.
    fn unsigned(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// Zigzag: 0, -1, 1, -2, ...
    fn signed(&mut self) -> Option<i64> {
        let number = self.unsigned()?;
        Some((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
    }

    fn fields(&mut self, depth: usize) -> Option<Fields> {
        if depth > DEEPEST {
            return None;
        }
        let (mut fields, mut id) = (Vec::new(), 0_i64);
        loop {
            let header = self.byte()?;
            if header == STOP {
                return Some(Fields(fields));
            }
            // The upper half is the distance from the last id, or zero if the id follows.
            id = match header >> 4 {
                0 => self.signed()?,
                step => id.checked_add(i64::from(step))?,
            };
            let value = match header & 0x0f {
                TRUE => Value::Integer(1),
                FALSE => Value::Integer(0),
                kind => self.value(kind, depth)?,
            };
            fields.push((id, value));
        }
    }

    fn value(&mut self, kind: u8, depth: usize) -> Option<Value> {
        match kind {
            // Inside a list, where a boolean takes a byte.
            TRUE | FALSE | BYTE => self.byte().map(|byte| Value::Integer(i64::from(byte))),
            4..=6 => self.signed().map(Value::Integer),
            DOUBLE => self.skip(8).map(|()| Value::Skipped),
            BINARY => {
                let length = self.unsigned()?;
                self.skip(length).map(|()| Value::Skipped)
            }
            LIST | SET => self.list(depth),
            STRUCT => self.fields(depth + 1).map(Value::Struct),
            _ => None,
        }
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        let header = self.byte()?;
        let length = match header >> 4 {
            15 => self.unsigned()?,
            short => u64::from(short),
        };
        if length > LONGEST || depth > DEEPEST {
            return None;
        }
        for _ in 0..length {
            self.value(header & 0x0f, depth + 1)?;
        }
        Some(Value::Skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_nested_structs_are_found_and_the_rest_is_stepped_over() {
        // 1: i32 = -1; 2: binary "ab"; 5: struct { 1: i32 = 150, 2: true }; stop; then bytes of the page.
        let bytes = [0x15, 0x01, 0x18, 0x02, b'a', b'b', 0x3c, 0x15, 0xac, 0x02, 0x11, 0x00, 0x00, 0xff];
        let (fields, length) = read_struct(&bytes).unwrap();
        assert_eq!(length, 13);
        assert_eq!(fields.integer(1), Some(-1));
        assert_eq!(fields.integer(2), None);
        let nested = fields.nested(5).unwrap();
        assert_eq!((nested.integer(1), nested.integer(2)), (Some(150), Some(1)));
    }

    #[test]
    fn what_ends_early_or_nests_without_end_is_no_struct() {
        assert_eq!(read_struct(&[]), None);
        assert_eq!(read_struct(&[0x15]), None);
        assert_eq!(read_struct(&[0x18, 0xff, 0xff, 0xff, 0xff, 0x0f]), None);
        assert_eq!(read_struct(&[0x1c; 64]), None);
        assert_eq!(read_struct(&[0x15, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), None);
    }
}
