//! Pages of a Parquet column compressed with Zstandard, decompressed without C.
//!
//! The `parquet` crate decompresses Zstandard only through a C library, which cobden does not ask its users to build. It lets a
//! caller bring its own pages, though, so this finds, decompresses and hands them over; everything else stays with `parquet`.

use std::io::Read;

use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;

use crate::thrift::{self, Fields};

/// No honest page is larger: writers cut pages at about a mebibyte.
const LARGEST_PAGE: u64 = 1 << 28;

/// The pages of one column chunk, in order.
pub struct ZstdPages {
    chunk: Bytes,
    at: usize,
    values_left: i64,
    dictionary: bool,
}

impl ZstdPages {
    /// The pages of a chunk of this file.
    ///
    /// # Errors
    /// A chunk that does not lie within the file.
    pub fn new(file: &Bytes, chunk: &ColumnChunkMetaData) -> Result<Self> {
        // Not `byte_range()`, which panics on a damaged footer.
        let start = chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset());
        let end = start.checked_add(chunk.compressed_size());
        let range = usize::try_from(start).ok().zip(end.and_then(|end| usize::try_from(end).ok()));
        let (start, end) = range
            .filter(|(start, end)| start <= end && *end <= file.len())
            .ok_or_else(|| broken("a column does not lie within the file"))?;
        Ok(Self { chunk: file.slice(start..end), at: 0, values_left: chunk.num_values(), dictionary: false })
    }

    fn next_page(&mut self) -> Result<Option<Page>> {
        while self.values_left > 0 {
            let rest = self.chunk.get(self.at..).unwrap_or_default();
            let (header, length) = thrift::read_struct(rest).ok_or_else(|| broken("a page has no readable header"))?;
            let packed = size(&header, 3)?;
            let end = length.checked_add(packed).filter(|end| *end <= rest.len());
            let end = end.ok_or_else(|| broken("a page ends beyond its column"))?;
            let buffer = decompress(&rest[length..end], size(&header, 2)?)?;
            self.at += end;
            if let Some(page) = page(&header, buffer)? {
                self.note(&page)?;
                return Ok(Some(page));
            }
        }
        Ok(None)
    }

    /// Keeps count, and stops what `parquet` would panic on.
    fn note(&mut self, page: &Page) -> Result<()> {
        match page {
            Page::DataPage { num_values, encoding, .. } => {
                if *encoding == Encoding::RLE_DICTIONARY && !self.dictionary {
                    return Err(broken("a page refers to a dictionary that is not there"));
                }
                self.values_left -= i64::from(*num_values);
            }
            _ => self.dictionary = true,
        }
        Ok(())
    }
}

/// A page from the fields of its header, as `parquet.thrift` numbers them; `None` for an index page.
fn page(header: &Fields, buf: Bytes) -> Result<Option<Page>> {
    const DATA: i64 = 0;
    const INDEX: i64 = 1;
    const DICTIONARY: i64 = 2;
    match header.integer(1) {
        Some(DATA) => {
            let data = header.nested(5).ok_or_else(|| broken("a data page does not describe itself"))?;
            Ok(Some(Page::DataPage {
                buf,
                num_values: count(data)?,
                encoding: encoding(data, 2)?,
                def_level_encoding: encoding(data, 3)?,
                rep_level_encoding: encoding(data, 4)?,
                statistics: None,
            }))
        }
        Some(DICTIONARY) => {
            let dictionary = header.nested(7).ok_or_else(|| broken("a dictionary page does not describe itself"))?;
            let is_sorted = dictionary.integer(3) == Some(1);
            let (num_values, encoding) = (count(dictionary)?, encoding(dictionary, 2)?);
            Ok(Some(Page::DictionaryPage { buf, num_values, encoding, is_sorted }))
        }
        Some(INDEX) => Ok(None),
        _ => Err(broken("a page of a kind that is not read here (version 2); write it with data pages of version 1")),
    }
}

fn decompress(packed: &[u8], length: usize) -> Result<Bytes> {
    let mut unpacked = Vec::new();
    let decoder = ruzstd::decoding::StreamingDecoder::new(packed).map_err(|error| broken(&error.to_string()))?;
    // One byte more than promised, so that a page that holds too much is seen without unpacking all of it.
    decoder.take(length as u64 + 1).read_to_end(&mut unpacked).map_err(|error| broken(&error.to_string()))?;
    if unpacked.len() == length {
        Ok(unpacked.into())
    } else {
        Err(broken("a page does not have the length it promises"))
    }
}

fn size(header: &Fields, id: i64) -> Result<usize> {
    let size = header.integer(id).and_then(|size| u64::try_from(size).ok()).filter(|size| *size <= LARGEST_PAGE);
    size.and_then(|size| usize::try_from(size).ok()).ok_or_else(|| broken("a page of no possible size"))
}

fn count(fields: &Fields) -> Result<u32> {
    let count = fields.integer(1).and_then(|count| u32::try_from(count).ok());
    count.ok_or_else(|| broken("a page with no possible number of values"))
}

/// The encodings that version 1 pages use, as `parquet.thrift` numbers them.
fn encoding(fields: &Fields, id: i64) -> Result<Encoding> {
    match fields.integer(id) {
        Some(0) => Ok(Encoding::PLAIN),
        // Deprecated name of a dictionary; readers take it for the same.
        Some(2 | 8) => Ok(Encoding::RLE_DICTIONARY),
        Some(3) => Ok(Encoding::RLE),
        Some(5) => Ok(Encoding::DELTA_BINARY_PACKED),
        Some(6) => Ok(Encoding::DELTA_LENGTH_BYTE_ARRAY),
        Some(7) => Ok(Encoding::DELTA_BYTE_ARRAY),
        _ => Err(broken("a page in an encoding that is not read here")),
    }
}

fn broken(message: &str) -> ParquetError {
    ParquetError::General(message.to_owned())
}

impl Iterator for ZstdPages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_page().transpose()
    }
}

impl PageReader for ZstdPages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.next_page()
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        Err(broken("these pages are read in order"))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.next_page().map(|_| ())
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        // Flat columns: every value is a record.
        Ok(true)
    }
}
