//! R's serialised data: files that `save`, `saveRDS` and `serialize` write.
//!
//! A file of `save` (`.RData`, `.rda`) starts with `RDX2` or `RDX3` and a line end and holds named objects; one of `saveRDS` (`.rds`) holds one
//! object without a name. Either may be compressed by gzip, bzip2 or xz. Then comes `X` and a line end (XDR: all numbers big-endian), three
//! numbers (version of the format, of the R that wrote it, of the oldest that can read it; in version 3 also the native encoding), and
//! objects, each a number of flags whose lowest byte is the type, and its content. Described in "R Internals", section 1.8.
//!
//! Read are vectors (logical, integer, real, string, list), pairlists, attributes, symbols and references to them, and what R writes for compact
//! sequences and wrapped vectors ("ALTREP"). Functions, environments and formulas are not data and are refused. ASCII and native binary
//! files are refused, too; `save` writes them only when told to.
//!
//! Memory is bounded: no more is held than the file has content, a file may not have more than 256 MiB, and lengths are believed only as far
//! as there is content. Places in messages are offsets in the decompressed data.
//!
//! ```
//! // saveRDS(c(a = 1.5, b = NA), compress = FALSE)
//! let bytes = b"X\n\0\0\0\x02\0\x04\x03\0\0\x02\x03\0\0\0\x02\x0e\0\0\0\x02\x3f\xf8\0\0\0\0\0\0\x7f\xf0\0\0\0\0\x07\xa2\
//!     \0\0\x04\x02\0\0\0\x01\0\x04\0\x09\0\0\0\x05names\0\0\0\x10\0\0\0\x02\0\x04\0\x09\0\0\0\x01a\0\x04\0\x09\0\0\0\x01b\
//!     \0\0\0\xfe";
//! let object = cobden_data::rdata::read(&bytes[..], "x.rds")?.single().unwrap();
//! assert_eq!(object.strings("names").unwrap()[1].as_deref(), Some("b"));
//! assert_eq!(object.numbers().unwrap()[0], 1.5);
//! # Ok::<(), cobden_world::Problem>(())
//! ```

mod read;
mod value;

use std::io::{BufRead, BufReader, Read};

use cobden_world::Problem;

use crate::archive::Bounded;
pub use value::{Content, Value};

/// Most bytes of a file, decompressed. The largest table read from R, WIOD 2016, has 55 MB.
const MAX_BYTES: u64 = 1 << 28;

/// Most memory that decompressing xz may take, in KiB: R writes with dictionaries of 64 MiB at most.
const XZ_MEMORY: u32 = 1 << 18;

/// The objects of a file, by name; one from `saveRDS` has the name "".
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Objects {
    /// In the order of the file.
    pub list: Vec<(String, Value)>,
}

impl Objects {
    /// The object, if there is one and no more.
    pub fn single(self) -> Option<Value> {
        let mut list = self.list.into_iter();
        list.next().map(|(_, value)| value).filter(|_| list.next().is_none())
    }
}

/// Whether data begin as a file of R does, compressed or not.
pub(crate) fn looks_so(start: &[u8]) -> bool {
    let compressed: [&[u8]; 3] = [b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0"];
    compressed.iter().any(|magic| start.starts_with(magic)) || start.starts_with(b"RDX") || start.starts_with(b"X\n")
}

/// Reads a file, whatever its compression.
///
/// # Errors
/// A file that is no data of R, is cut short, or holds what is not data; with the offset of what is wrong.
pub fn read(input: impl Read, label: &str) -> Result<Objects, Problem> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let cannot = |error: std::io::Error| Problem::new(format!("cannot read: {error}")).in_file(label);
    // A pipe may give less than the longest magic, 6 bytes, at once; files do not.
    let start = input.fill_buf().map_err(cannot)?;
    if start.starts_with(b"\x1f\x8b") {
        plain(flate2::bufread::MultiGzDecoder::new(input), label)
    } else if start.starts_with(b"BZh") {
        plain(bzip2::bufread::MultiBzDecoder::new(input), label)
    } else if start.starts_with(b"\xfd7zXZ\0") {
        plain(lzma_rust2::XzReader::new_mem_limit(input, true, XZ_MEMORY), label)
    } else {
        plain(input, label)
    }
}

fn plain(input: impl Read, label: &str) -> Result<Objects, Problem> {
    read::objects(BufReader::with_capacity(1 << 16, Bounded::new(input, MAX_BYTES)), label)
}
