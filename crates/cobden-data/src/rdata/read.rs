//! The stream of objects.

use std::io::Read;

use cobden_world::Problem;

use super::value::{Content, Value};
use super::{MAX_BYTES, Objects};

/// Deepest nesting of lists and attributes.
const MAX_DEPTH: u32 = 64;

/// Most objects: each takes memory beyond its bytes in the file.
const MAX_OBJECTS: u64 = 1 << 22;

/// Vectors are read in pieces of so many elements, so that a length without content costs nothing.
const PIECE: usize = 1 << 16;

/// A stream, and what was read of it.
struct Stream<'a, R> {
    input: R,
    offset: u64,
    label: &'a str,
    objects: u64,
    /// Elements that compact sequences have been written out to.
    expanded: u64,
    /// What later objects may refer to: symbols, by their order.
    references: Vec<String>,
}

/// The flags of an object.
#[derive(Clone, Copy)]
struct Flags(u32);

impl Flags {
    fn kind(self) -> u8 {
        (self.0 & 0xff) as u8
    }

    fn has_attributes(self) -> bool {
        self.0 & 0x200 != 0
    }

    fn has_tag(self) -> bool {
        self.0 & 0x400 != 0
    }

    /// Bits 12 on: encodings of strings.
    fn latin1(self) -> bool {
        self.0 >> 12 & 4 != 0
    }
}

/// Reads all objects of decompressed data.
pub(super) fn objects(input: impl Read, label: &str) -> Result<Objects, Problem> {
    let mut stream = Stream { input, offset: 0, label, objects: 0, expanded: 0, references: Vec::new() };
    let mut magic = stream.array::<2>()?;
    let named = &magic == b"RD";
    if named {
        match &stream.array::<3>()? {
            b"X2\n" | b"X3\n" => {}
            b"A2\n" | b"A3\n" | b"B2\n" | b"B3\n" => {
                return Err(stream.problem("an ASCII or native binary file").help("save it again with R's defaults"));
            }
            _ => return Err(stream.problem("this is no file of R's `save`")),
        }
        magic = stream.array::<2>()?;
    }
    if &magic != b"X\n" {
        let help = "expected a file that R's `save` or `saveRDS` wrote";
        return Err(stream.problem("this is no data of R").help(help));
    }
    let [version, _, _] = [stream.number()?, stream.number()?, stream.number()?];
    match version {
        2 => {}
        3 => {
            let length = stream.length()?;
            stream.bytes(length)?;
        }
        _ => return Err(stream.problem(format!("version {version} of R's format is not known"))),
    }
    let value = stream.object(0)?;
    if !named {
        return Ok(Objects { list: vec![(String::new(), value)] });
    }
    let names: Vec<String> = value.names().into_iter().map(String::from).collect();
    match value.content {
        Content::List(values) if names.len() == values.len() => {
            Ok(Objects { list: names.into_iter().zip(values).collect() })
        }
        _ => Err(stream.problem("the objects have no names")),
    }
}

impl<R: Read> Stream<'_, R> {
    fn problem(&self, message: impl std::fmt::Display) -> Problem {
        let message = format!("{message}, at byte {} of the decompressed data", self.offset);
        Problem::new(message).in_file(self.label)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Problem> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), Problem> {
        let read = self.input.read_exact(bytes);
        read.map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => self.problem("the data end early"),
            _ => self.problem(format!("cannot read: {error}")),
        })?;
        self.offset += bytes.len() as u64;
        Ok(())
    }

    fn number(&mut self) -> Result<i32, Problem> {
        self.array().map(i32::from_be_bytes)
    }

    fn length(&mut self) -> Result<usize, Problem> {
        let length = self.number()?;
        match usize::try_from(length) {
            Ok(length) => Ok(length),
            // Longer than 2^31: two more numbers follow, and it is beyond what may be read.
            Err(_) => Err(self.problem(format!("a length of {length}"))),
        }
    }

    fn bytes(&mut self, length: usize) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        while bytes.len() < length {
            let start = bytes.len();
            bytes.resize(length.min(start + PIECE), 0);
            self.fill(&mut bytes[start..])?;
        }
        Ok(bytes)
    }

    /// A vector of numbers of `N` bytes.
    fn vector<const N: usize, T>(&mut self, from: fn([u8; N]) -> T) -> Result<Vec<T>, Problem> {
        let length = self.length()?;
        if length as u64 * N as u64 > MAX_BYTES {
            return Err(self.problem(format!("a vector of {length} elements")));
        }
        let mut values = Vec::new();
        let mut piece = vec![0; N * length.min(PIECE)];
        while values.len() < length {
            let piece = &mut piece[..N * (length - values.len()).min(PIECE)];
            self.fill(piece)?;
            values.extend(piece.as_chunks::<N>().0.iter().map(|bytes| from(*bytes)));
        }
        Ok(values)
    }

    fn flags(&mut self) -> Result<Flags, Problem> {
        self.objects += 1;
        if self.objects > MAX_OBJECTS {
            return Err(self.problem(format!("more than {MAX_OBJECTS} objects")));
        }
        self.number().map(|flags| Flags(flags.cast_unsigned()))
    }

    fn object(&mut self, depth: u32) -> Result<Value, Problem> {
        let flags = self.flags()?;
        self.content(flags, depth)
    }

    fn content(&mut self, flags: Flags, depth: u32) -> Result<Value, Problem> {
        if depth > MAX_DEPTH {
            return Err(self.problem("lists are nested too deeply"));
        }
        let content = match flags.kind() {
            // NULL, and environments that may be referred to and hold no data.
            254 | 253 | 242 | 241 | 251 | 252 => Content::Null,
            1 => return self.symbol(depth),
            255 => return self.reference(flags),
            2 => return self.pairlist(flags, depth),
            10 => Content::Logical(self.vector(i32::from_be_bytes)?),
            13 => Content::Integer(self.vector(i32::from_be_bytes)?),
            14 => Content::Real(self.vector(f64::from_be_bytes)?),
            16 => self.strings()?,
            19 | 20 => self.list(depth)?,
            238 => return self.alternative(depth),
            kind => return Err(self.problem(format!("{} is not data", kind_name(kind)))),
        };
        let attributes = if flags.has_attributes() { self.attributes(depth)? } else { Vec::new() };
        Ok(Value { content, attributes })
    }

    fn list(&mut self, depth: u32) -> Result<Content, Problem> {
        let length = self.length()?;
        let mut values = Vec::new();
        for _ in 0..length {
            values.push(self.object(depth + 1)?);
        }
        Ok(Content::List(values))
    }

    fn strings(&mut self) -> Result<Content, Problem> {
        let length = self.length()?;
        let mut values = Vec::new();
        for _ in 0..length {
            values.push(self.string()?);
        }
        Ok(Content::Text(values))
    }

    /// A string, or R's missing one.
    fn string(&mut self) -> Result<Option<String>, Problem> {
        let flags = self.flags()?;
        if flags.kind() != 9 {
            return Err(self.problem(format!("{} where a string should be", kind_name(flags.kind()))));
        }
        let length = self.number()?;
        if length == -1 {
            return Ok(None);
        }
        let Ok(length) = usize::try_from(length) else { return Err(self.problem("a string of negative length")) };
        let bytes = self.bytes(length)?;
        Ok(Some(match String::from_utf8(bytes) {
            Ok(text) if !flags.latin1() => text,
            Ok(text) => text.bytes().map(char::from).collect(),
            Err(error) => error.as_bytes().iter().map(|&byte| char::from(byte)).collect(),
        }))
    }

    fn symbol(&mut self, _depth: u32) -> Result<Value, Problem> {
        let name = self.string()?.unwrap_or_default();
        self.references.push(name.clone());
        Ok(Value::new(Content::Symbol(name)))
    }

    fn reference(&mut self, flags: Flags) -> Result<Value, Problem> {
        let index = match flags.0 >> 8 {
            0 => self.number()?.cast_unsigned(),
            index => index,
        };
        let name = (index as usize).checked_sub(1).and_then(|index| self.references.get(index));
        match name {
            Some(name) => Ok(Value::new(Content::Symbol(name.clone()))),
            None => Err(self.problem(format!("a reference to object {index}, which was not there"))),
        }
    }

    /// A pairlist as a list with names; read in a loop, for it may be long.
    fn pairlist(&mut self, first: Flags, depth: u32) -> Result<Value, Problem> {
        let (mut values, mut names, mut attributes) = (Vec::new(), Vec::new(), Vec::new());
        let mut flags = first;
        loop {
            match flags.kind() {
                2 => {}
                254 => break,
                kind => return Err(self.problem(format!("{} at the end of a pairlist", kind_name(kind)))),
            }
            if flags.has_attributes() {
                let more = self.attributes(depth)?;
                if values.is_empty() {
                    attributes = more;
                }
            }
            let tag = if flags.has_tag() { self.object(depth + 1)?.content } else { Content::Null };
            names.push(match tag {
                Content::Symbol(name) => Some(name),
                _ => None,
            });
            values.push(self.object(depth + 1)?);
            flags = self.flags()?;
        }
        attributes.push(("names".to_owned(), Value::new(Content::Text(names))));
        Ok(Value { content: Content::List(values), attributes })
    }

    fn attributes(&mut self, depth: u32) -> Result<Vec<(String, Value)>, Problem> {
        let value = self.object(depth + 1)?;
        let names: Vec<String> = value.names().into_iter().map(String::from).collect();
        match value.content {
            Content::List(values) => Ok(names.into_iter().zip(values).collect()),
            Content::Null => Ok(Vec::new()),
            _ => Err(self.problem("attributes that are no pairlist")),
        }
    }

    /// What R writes for vectors that it holds in another way: a class, a state, and attributes.
    fn alternative(&mut self, depth: u32) -> Result<Value, Problem> {
        let info = self.object(depth + 1)?;
        let state = self.object(depth + 1)?;
        let attributes = self.attributes(depth)?;
        let class = match &info.content {
            Content::List(parts) => match parts.first().map(|part| &part.content) {
                Some(Content::Symbol(class)) => class.clone(),
                _ => String::new(),
            },
            _ => String::new(),
        };
        let content = match class.as_str() {
            "compact_intseq" | "compact_realseq" => self.sequence(&state, class == "compact_intseq")?,
            _ if class.starts_with("wrap_") => self.first(state)?.content,
            // Numbers that were to become strings.
            "deferred_string" => {
                let numbers = self.first(state)?;
                Content::Text((0..numbers.len()).map(|at| numbers.text(at)).collect())
            }
            _ => {
                return Err(
                    self.problem(format!("vectors held as \"{}\" are not known", crate::delimited::shown(&class)))
                );
            }
        };
        Ok(Value { content, attributes })
    }

    fn first(&self, state: Value) -> Result<Value, Problem> {
        let parts = match state.content {
            Content::List(parts) => parts,
            _ => Vec::new(),
        };
        parts.into_iter().next().ok_or_else(|| self.problem("a wrapped vector without content"))
    }

    /// Length, first element, step.
    fn sequence(&mut self, state: &Value, integer: bool) -> Result<Content, Problem> {
        let Some([length, first, step]) = state.numbers().and_then(|numbers| <[f64; 3]>::try_from(numbers).ok()) else {
            return Err(self.problem("a sequence without length, start and step"));
        };
        // Sequences cost nothing in the file, so all together may be as long as a vector of the largest file.
        let most = MAX_BYTES as f64 / 64.0;
        self.expanded += if length >= 0.0 && length <= most { length as u64 } else { u64::MAX / 2 };
        if self.expanded as f64 > most {
            return Err(self.problem(format!("a sequence of {length} elements")));
        }
        let elements = (0..length as u32).map(|at| first + step * f64::from(at));
        Ok(match integer {
            true => Content::Integer(elements.map(|element| element as i32).collect()),
            false => Content::Real(elements.collect()),
        })
    }
}

/// What a type of R is called.
fn kind_name(kind: u8) -> String {
    let name = match kind {
        3 | 7 | 8 => "a function",
        4 | 248 | 249 => "an environment",
        5 | 6 | 239 | 240 => "an expression",
        9 => "a string",
        15 => "a complex vector",
        22 | 23 => "a pointer",
        24 => "a raw vector",
        25 => "an S4 object",
        _ => return format!("type {kind}"),
    };
    name.to_owned()
}
