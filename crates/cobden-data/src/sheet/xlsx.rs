//! xlsx: XML (ECMA-376).

use std::cell::Cell as Shared;
use std::io::{BufReader, Read, Seek};
use std::rc::Rc;

use cobden_world::Problem;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Cell, MAX_PART, MAX_SHEET, MAX_SHEETS, MAX_STRINGS, Sink, part, target};
use crate::archive::Archive;
use crate::delimited::{place, shown};

/// Longest piece of XML between two tags. Cells hold 32,767 characters at most.
const MAX_EVENT: usize = 1 << 20;

/// A stream that fails when more passes than its leash allows, which is lengthened before each piece of XML.
struct Leashed<R> {
    input: R,
    left: Rc<Shared<usize>>,
}

impl<R: Read> Read for Leashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let left = self.left.get();
        if left == 0 {
            return Err(std::io::Error::other("a piece of XML longer than any cell"));
        }
        let most = left.min(buffer.len());
        let read = self.input.read(&mut buffer[..most])?;
        self.left.set(left - read);
        Ok(read)
    }
}

/// The pieces of an XML file.
struct Xml<R: Read> {
    reader: Reader<BufReader<Leashed<R>>>,
    left: Rc<Shared<usize>>,
    buffer: Vec<u8>,
    label: String,
}

impl<R: Read> Xml<R> {
    fn new(input: R, label: String) -> Self {
        let left = Rc::new(Shared::new(MAX_EVENT));
        let input = Leashed { input, left: Rc::clone(&left) };
        let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 16, input));
        let config = reader.config_mut();
        config.check_end_names = false;
        config.expand_empty_elements = true;
        Self { reader, left, buffer: Vec::new(), label }
    }

    /// The next piece; `None` at the end.
    fn next(&mut self) -> Result<Option<Event<'_>>, Problem> {
        self.left.set(MAX_EVENT);
        self.buffer.clear();
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::Eof) => Ok(None),
            Ok(event) => Ok(Some(event)),
            Err(error) => {
                let message = format!("{error}, at byte {} of the XML", self.reader.error_position());
                Err(Problem::new(message).in_file(&self.label))
            }
        }
    }
}

/// An attribute without its name space.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    attributes.with_checks(false);
    let found = attributes.flatten().find(|attribute| {
        let key: &str = attribute.key.as_ref();
        key == name || key.strip_suffix(name).is_some_and(|prefix| prefix.ends_with(':'))
    })?;
    match quick_xml::escape::unescape(&found.value) {
        Ok(text) => Some(text.into_owned()),
        Err(_) => Some(found.value.into_owned()),
    }
}

/// Adds what a piece of XML says to a text.
fn add(text: &mut String, event: &Event<'_>) {
    match event {
        Event::Text(piece) => text.push_str(&piece.xml10_content()),
        Event::CData(piece) => text.push_str(&piece.xml10_content()),
        Event::GeneralRef(reference) => match quick_xml::escape::resolve_xml_entity(reference) {
            Some(meant) => text.push_str(meant),
            None => text.extend(reference.resolve_char_ref().ok().flatten()),
        },
        _ => {}
    }
}

/// Names and paths of the sheets.
pub(super) fn sheets(archive: &mut Archive<'_, impl Read + Seek>) -> Result<Vec<(String, String)>, Problem> {
    let targets = relationships(archive, "xl/_rels/workbook.xml.rels")?;
    let at = archive.find("workbook", |name| name == "workbook.xml")?;
    let (entry, label) = archive.entry(at, MAX_PART)?;
    let mut xml = Xml::new(entry, label);
    let mut sheets = Vec::new();
    while let Some(event) = xml.next()? {
        let Event::Start(element) = event else { continue };
        if element.local_name().as_ref() != "sheet" {
            continue;
        }
        let (Some(name), Some(id)) = (attribute(&element, "name"), attribute(&element, "id")) else { continue };
        if let Some((_, path)) = targets.iter().find(|(of, _)| *of == id) {
            if sheets.len() == MAX_SHEETS {
                return Err(Problem::new(format!("more than {MAX_SHEETS} sheets")).in_file(&xml.label));
            }
            sheets.push((name, path.clone()));
        }
    }
    Ok(sheets)
}

/// What the relationships of a workbook point to, by their ids. xlsb has them in XML, too.
pub(super) fn relationships(
    archive: &mut Archive<'_, impl Read + Seek>,
    path: &str,
) -> Result<Vec<(String, String)>, Problem> {
    let Some(at) = part(archive, path) else { return Ok(Vec::new()) };
    let (entry, label) = archive.entry(at, MAX_PART)?;
    let mut xml = Xml::new(entry, label);
    let mut targets = Vec::new();
    while let Some(event) = xml.next()? {
        let Event::Start(element) = event else { continue };
        if element.local_name().as_ref() != "Relationship" {
            continue;
        }
        if let (Some(id), Some(to)) = (attribute(&element, "Id"), attribute(&element, "Target")) {
            if targets.len() == MAX_SHEETS {
                return Err(Problem::new(format!("more than {MAX_SHEETS} parts")).in_file(&xml.label));
            }
            targets.push((id, target(&to)));
        }
    }
    Ok(targets)
}

/// The strings that cells share.
pub(super) fn strings(archive: &mut Archive<'_, impl Read + Seek>) -> Result<Vec<String>, Problem> {
    let Some(at) = part(archive, "xl/sharedStrings.xml") else { return Ok(Vec::new()) };
    let (entry, label) = archive.entry(at, MAX_PART)?;
    let mut xml = Xml::new(entry, label);
    let (mut strings, mut text, mut inside, mut phonetic) = (Vec::new(), String::new(), false, false);
    while let Some(event) = xml.next()? {
        match &event {
            Event::Start(element) => match element.local_name().as_ref() {
                "si" => text.clear(),
                "t" => inside = !phonetic,
                "rPh" => phonetic = true,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "si" if strings.len() == MAX_STRINGS => {
                    let problem = Problem::new(format!("more than {MAX_STRINGS} strings"));
                    return Err(problem.in_file(&xml.label));
                }
                "si" => strings.push(std::mem::take(&mut text)),
                "t" => inside = false,
                "rPh" => phonetic = false,
                _ => {}
            },
            piece if inside => add(&mut text, piece),
            _ => {}
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
    let mut xml = Xml::new(entry, label);
    let (mut text, mut inside, mut kind, mut column, mut ended) = (String::new(), false, String::new(), 0, false);
    while let Some(event) = xml.next()? {
        match &event {
            Event::Start(element) => match element.local_name().as_ref() {
                "row" => {
                    let number = attribute(element, "r").and_then(|number| number.parse().ok());
                    sink.row(number.unwrap_or(sink.next_row()))?;
                }
                "c" => {
                    column = attribute(element, "r").and_then(|at| column_of(&at)).unwrap_or(sink.next_column());
                    kind = attribute(element, "t").unwrap_or_default();
                    text.clear();
                }
                "v" | "t" => inside = true,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "c" => {
                    let cell = value(&kind, &text).ok_or_else(|| {
                        let problem =
                            Problem::new(format!("\"{}\" is not a cell of type {}", shown(&text), shown(&kind)));
                        problem.at(place(sink.label, sink.number, column as u64 + 1))
                    })?;
                    sink.cell(column, cell)?;
                }
                "v" | "t" => inside = false,
                "sheetData" => {
                    ended = true;
                    break;
                }
                _ => {}
            },
            piece if inside => {
                add(&mut text, piece);
                if text.len() > MAX_EVENT {
                    let problem = Problem::new("a text longer than any cell");
                    return Err(problem.at(place(sink.label, sink.number.max(1), column as u64 + 1)));
                }
            }
            _ => {}
        }
    }
    match ended {
        true => Ok(()),
        false => Err(Problem::new("the sheet ends early").at(place(sink.label, sink.number.max(1), 1))),
    }
}

/// The content of a cell by its type.
fn value(kind: &str, text: &str) -> Option<Cell> {
    Some(match kind {
        "s" => Cell::Shared(text.trim().parse().ok()?),
        "str" | "inlineStr" => Cell::Text(text.to_owned()),
        "e" => Cell::Empty,
        _ if text.trim().is_empty() => Cell::Empty,
        _ => Cell::Number(text.trim().parse().ok()?),
    })
}

/// The column of a cell's name: 27 of `AB12`.
fn column_of(name: &str) -> Option<usize> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).take(4);
    letters
        .map(|letter| usize::from(letter.to_ascii_uppercase() - b'A') + 1)
        .reduce(|sum, digit| 26 * sum + digit)?
        .checked_sub(1)
}
