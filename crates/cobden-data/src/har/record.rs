//! Fortran records and what they are made of.

use std::io::Read;

use cobden_world::Problem;

/// Largest record. Writers cut arrays at some ten thousand values.
const MAX_RECORD: u32 = 1 << 30;

/// The records of a file.
pub(super) struct Records<R> {
    input: R,
    label: String,
    /// Where the next record begins.
    offset: u64,
}

impl<R: Read> Records<R> {
    pub(super) fn new(input: R, label: &str) -> Self {
        Self { input, label: label.to_owned(), offset: 0 }
    }

    /// The next record, `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Record>, Problem> {
        let offset = self.offset;
        let fault = |label: &str, what: String| Problem::new(format!("at byte {offset}: {what}")).in_file(label);
        let Some(length) = self.length()? else { return Ok(None) };
        if offset == 0 && length & 0xFF == 0xFD {
            let problem = fault(&self.label, "the file is of an old version of GEMPACK".to_owned());
            return Err(problem.help("save it again with a current version"));
        }
        if length > MAX_RECORD {
            let what = format!("a record claims a length of {length} bytes");
            return Err(fault(&self.label, what).help("is this a header array file?"));
        }
        // What the record claims is not reserved: memory grows with what is there.
        let mut payload = Vec::new();
        let read = (&mut self.input).take(u64::from(length)).read_to_end(&mut payload);
        read.map_err(|error| fault(&self.label, format!("cannot read: {error}")))?;
        self.offset += payload.len() as u64;
        if payload.len() < length as usize {
            return Err(fault(&self.label, "the file ends inside a record".to_owned()).help("is it truncated?"));
        }
        match self.length()? {
            Some(end) if end == length => Ok(Some(Record { payload, offset: offset + 4, label: self.label.clone() })),
            Some(end) => Err(fault(&self.label, format!("a record begins with length {length} and ends with {end}"))),
            None => Err(fault(&self.label, "the file ends inside a record".to_owned()).help("is it truncated?")),
        }
    }

    /// Four bytes of length; `None` if there are none at all.
    fn length(&mut self) -> Result<Option<u32>, Problem> {
        let mut bytes = Vec::with_capacity(4);
        let read = (&mut self.input).take(4).read_to_end(&mut bytes);
        read.map_err(|error| {
            Problem::new(format!("at byte {}: cannot read: {error}", self.offset)).in_file(&self.label)
        })?;
        let at = self.offset;
        self.offset += bytes.len() as u64;
        match <[u8; 4]>::try_from(bytes.as_slice()) {
            Ok(bytes) => Ok(Some(u32::from_le_bytes(bytes))),
            Err(_) if bytes.is_empty() => Ok(None),
            Err(_) => Err(Problem::new(format!("at byte {at}: the file ends inside a record"))
                .help("is it truncated?")
                .in_file(&self.label)),
        }
    }

    /// The next record, which must be there.
    pub(super) fn need(&mut self, what: &str) -> Result<Record, Problem> {
        let offset = self.offset;
        self.next()?.ok_or_else(|| {
            Problem::new(format!("at byte {offset}: the file ends before {what}"))
                .help("is it truncated?")
                .in_file(&self.label)
        })
    }
}

/// A record.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) payload: Vec<u8>,
    offset: u64,
    label: String,
}

impl Record {
    /// Whether this is the name of a header.
    pub(super) fn is_name(&self) -> bool {
        self.payload.len() == 4 && self.payload != b"    "
    }

    /// Reads the payload from its beginning; all but names begin with four blanks.
    pub(super) fn parts(&self) -> Parts<'_> {
        Parts { record: self, at: 4 }
    }

    /// A problem with this record.
    pub(super) fn fault(&self, what: impl std::fmt::Display) -> Problem {
        Problem::new(format!("at byte {}: {what}", self.offset)).in_file(&self.label)
    }
}

/// What is left of a record.
pub(super) struct Parts<'a> {
    record: &'a Record,
    at: usize,
}

impl<'a> Parts<'a> {
    pub(super) fn fault(&self, what: impl std::fmt::Display) -> Problem {
        let at = self.record.offset + self.at as u64;
        Problem::new(format!("at byte {at}: {what}")).in_file(&self.record.label)
    }

    pub(super) fn bytes(&mut self, length: usize) -> Result<&'a [u8], Problem> {
        let rest = self.record.payload.get(self.at..).unwrap_or_default();
        if rest.len() < length {
            return Err(self.fault(format!("the record ends {} bytes early", length - rest.len())));
        }
        self.at += length;
        Ok(&rest[..length])
    }

    pub(super) fn int(&mut self) -> Result<i32, Problem> {
        let bytes = self.bytes(4)?;
        Ok(i32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// A count: an integer that is not negative.
    pub(super) fn count(&mut self) -> Result<usize, Problem> {
        let fault = self.fault("a count is negative");
        usize::try_from(self.int()?).map_err(|_| fault)
    }

    /// Text of a width, blanks at its end left out.
    pub(super) fn text(&mut self, width: usize) -> Result<String, Problem> {
        Ok(text(self.bytes(width)?))
    }

    /// Everything left.
    pub(super) fn rest(&mut self) -> &'a [u8] {
        let rest = self.record.payload.get(self.at..).unwrap_or_default();
        self.at = self.record.payload.len();
        rest
    }
}

/// Bytes of Latin-1 as text, blanks and zeros at the end left out.
pub(super) fn text(bytes: &[u8]) -> String {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    text.trim_end_matches([' ', '\0']).to_owned()
}

/// The bytes in fours: each is a value.
pub(super) fn fours(bytes: &[u8]) -> impl Iterator<Item = [u8; 4]> + '_ {
    bytes.chunks_exact(4).map(|four| [four[0], four[1], four[2], four[3]])
}

/// Appends a record with this payload.
pub(super) fn push(out: &mut Vec<u8>, payload: &[u8]) -> Result<(), Problem> {
    let length = u32::try_from(payload.len()).ok().filter(|length| *length <= MAX_RECORD);
    let length = length.ok_or_else(|| Problem::new("a record would be too long"))?.to_le_bytes();
    out.extend_from_slice(&length);
    out.extend_from_slice(payload);
    out.extend_from_slice(&length);
    Ok(())
}
