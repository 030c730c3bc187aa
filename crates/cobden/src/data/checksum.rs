//! Checksums of a file, all in one pass.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha1::Digest;

/// How many bytes are read at once.
const PIECE: usize = 1 << 20;

/// A file in three ways, each in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    /// Its length.
    pub bytes: u64,
    /// SHA-1, which some archives state. Good against accidents, not against forgers.
    pub sha1: String,
    /// SHA-256.
    pub sha256: String,
    /// BLAKE3, as in passports.
    pub blake3: String,
}

impl Sums {
    /// Reads a file through, in pieces.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let (mut sha1, mut sha256, mut blake3) = (sha1::Sha1::new(), sha2::Sha256::new(), blake3::Hasher::new());
        let (mut file, mut piece, mut bytes) = (File::open(path)?, vec![0; PIECE], 0);
        loop {
            let read = file.read(&mut piece)?;
            if read == 0 {
                break;
            }
            let read = &piece[..read];
            sha1.update(read);
            sha256.update(read);
            blake3.update(read);
            bytes += read.len() as u64;
        }
        let digits = |hash: &[u8]| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        Ok(Self {
            bytes,
            sha1: digits(&sha1.finalize()),
            sha256: digits(&sha256.finalize()),
            blake3: blake3.finalize().to_hex().to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_standards() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        let sums = Sums::of(&path).unwrap();
        // FIPS 180-4, examples; BLAKE3 against the library's own one-call function.
        assert_eq!(sums.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(sums.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!((sums.bytes, sums.blake3), (3, blake3::hash(b"abc").to_hex().to_string()));
    }
}
