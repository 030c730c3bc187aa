//! USITC Harmonized Tariff Schedule: the ordinary duties of the United States, line by line.
//!
//! **Where from**: United States International Trade Commission, <https://hts.usitc.gov>, export of a revision as CSV. **Licence**: public
//! domain (US government).
//!
//! **Layout**: UTF-8 with byte-order mark, every cell quoted, line breaks and `""` inside cells, header
//! `HTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Special Rate of Duty,Column 2 Rate of Duty,Quota Quantity,Additional Duties`.
//! Numbers are dotted, with 4, 6, 8 or 10 digits; rows without number are headings of the outline.
//!
//! The rows are an outline: `Indent` says how deep. Rates stand where the law sets them, mostly at eight digits; what is below inherits them.
//! Here every line has its rates: its own, or those of the nearest line above it that is less indented and has any. A line with a general
//! rate of its own inherits no special one.
//!
//! - **General**: most favoured nation ("normal trade relations").
//! - **Special**: `Free (A,AU,BH,...) 2.5% (JP)`: a rate and the programmes that it is for, several times over.
//! - **Column 2**: countries without normal trade relations.
//!
//! Rates are text; [`Duty`] is what they mean: `Free`, `6.8%`, `1.5¢/kg`, `4.4¢/kg + 8%`. What cannot be a number of its own ("The duty provided
//! in the applicable subheading") is kept as text. Chapters 98 and 99 are in the file.

mod duty;
mod special;

use std::io::Read;

use cobden_world::Problem;

use crate::header::Header;
use crate::lines::{Lines, Record};
use crate::{Summary, TariffRecord};

pub use duty::{Duty, Part};
pub use special::{Programme, programmes};

/// A line of the schedule that has a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line<'a> {
    /// The number without dots: 4, 6, 8 or 10 digits.
    pub number: &'a str,
    /// How deep in the outline.
    pub indent: usize,
    /// The text of this line alone.
    pub description: &'a str,
    /// The unit of quantity as it stands, e.g. `["No.","kg"]`; empty if none.
    pub unit: &'a str,
    /// The rate of column 1 general, own or inherited; `None` if neither.
    pub general: Option<&'a Duty>,
    /// The rates of column 1 special as they stand, own or inherited: see [`programmes`].
    pub special: &'a str,
    /// The rate of column 2.
    pub column2: Option<&'a Duty>,
    /// Whether the rates stand on this very line.
    pub own: bool,
    /// Whether no line below this one is part of it: what trade is declared under.
    pub last: bool,
}

/// Reads a revision, line by line.
///
/// ```
/// use cobden_data::hts::{self, Duty};
/// let file = "HTS Number,Indent,Description,General Rate of Duty,Special Rate of Duty,Column 2 Rate of Duty\n\
///             \"0101.30.00\",\"1\",\"Asses\",\"6.8%\",\"Free (A,AU)\",\"15%\"\n\
///             \"0101.30.00.10\",\"2\",\"Males\",\"\",\"\",\"\"\n";
/// let mut seen = Vec::new();
/// hts::read(file.as_bytes(), "hts.csv", &mut |line| {
///     seen.push((line.number.to_owned(), line.general.and_then(Duty::ad_valorem), line.own, line.last));
///     Ok(())
/// })?;
/// let rate = Some(0.068);
/// assert_eq!(seen, [("01013000".to_owned(), rate, true, false), ("0101300010".to_owned(), rate, false, true)]);
/// # Ok::<(), cobden_world::Problem>(())
/// ```
///
/// # Errors
/// A missing column, an indent that is not a number up to 63, or a number that is not one, with its place; an error of the listener.
pub fn read(
    input: impl Read,
    label: &str,
    listen: &mut dyn FnMut(Line<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let mut lines = Lines::new(input, label, ',');
    let header = Header::read(&mut lines, label)?;
    let columns = Columns::find(&header)?;
    let mut summary = Summary::default();
    let mut outline: Vec<Rates> = Vec::new();
    // A line is told once the next shows whether it has any below it.
    let mut held: Option<Held> = None;
    while let Some(record) = lines.next()? {
        header.check(&record)?;
        let indent = indent(&record, columns.indent)?;
        if let Some(held) = held.take() {
            held.tell(&outline, indent <= held.indent, listen)?;
            summary.read += 1;
        }
        outline.truncate(indent);
        let above = outline.last().cloned().unwrap_or_default();
        // A level that the outline skips has the rates of the one above.
        outline.resize(indent, above.clone());
        let (rates, own) = Rates::of(&record, &columns, above);
        outline.push(rates);
        let number = record.raw(columns.number).replace('.', "");
        if number.is_empty() {
            summary.skip("heading without a number");
            continue;
        }
        if !matches!(number.len(), 4 | 6 | 8 | 10) || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(record.not_a(columns.number, "an HTS number"));
        }
        let unit = columns.unit.map_or_else(String::new, |column| record.text(column).into_owned());
        held = Some(Held { number, indent, description: record.text(columns.description).into_owned(), unit, own });
    }
    if let Some(held) = held {
        held.tell(&outline, true, listen)?;
        summary.read += 1;
    }
    Ok(summary)
}

/// Reads the general rates that are ad valorem, of the lines at the end of the outline, as tariffs of `USA` on everyone. Others are counted as
/// skipped: `specific or compound`, `text`, `no rate`, `lines with others below`.
///
/// # Errors
/// As [`read`].
pub fn read_tariffs(
    input: impl Read,
    label: &str,
    year: i32,
    listen: &mut dyn FnMut(TariffRecord<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let mut told = Summary { years: [year].into(), ..Summary::default() };
    let rows = read(input, label, &mut |line| {
        let why = match (line.last, line.general) {
            (false, _) => "lines with others below",
            (_, None) => "no rate",
            (_, Some(Duty::Text(_))) => "text",
            (_, Some(duty)) => match duty.ad_valorem() {
                None => "specific or compound",
                Some(rate) => {
                    told.read += 1;
                    let (importer, exporter, product, weight) = ("USA", None, line.number, None);
                    return listen(TariffRecord { year, importer, exporter, product, rate, weight });
                }
            },
        };
        told.skip(why);
        Ok(())
    })?;
    told.add(Summary { read: 0, ..rows });
    Ok(told)
}

/// Where the columns stand.
struct Columns {
    number: usize,
    indent: usize,
    description: usize,
    unit: Option<usize>,
    general: usize,
    special: usize,
    column2: usize,
}

impl Columns {
    fn find(header: &Header) -> Result<Self, Problem> {
        Ok(Self {
            number: header.need(&["HTS Number", "htsno"])?,
            indent: header.need(&["Indent"])?,
            description: header.need(&["Description"])?,
            unit: header.find(&["Unit of Quantity", "units"]),
            general: header.need(&["General Rate of Duty", "general"])?,
            special: header.need(&["Special Rate of Duty", "special"])?,
            column2: header.need(&["Column 2 Rate of Duty", "other"])?,
        })
    }
}

fn indent(record: &Record<'_>, column: usize) -> Result<usize, Problem> {
    let depth = record.raw(column).parse().ok().filter(|depth| *depth < 64);
    depth.ok_or_else(|| record.not_a(column, "an indent, 0 to 63"))
}

/// The rates of a level of the outline.
#[derive(Clone, Debug, Default)]
struct Rates {
    general: Option<Duty>,
    special: String,
    column2: Option<Duty>,
}

impl Rates {
    /// The rates on a row, those of the level above where it has none, and whether it has any.
    fn of(record: &Record<'_>, columns: &Columns, above: Self) -> (Self, bool) {
        let duty = |column: usize| match record.raw(column) {
            "" => None,
            _ => Some(Duty::parse(&record.text(column))),
        };
        let (general, column2) = (duty(columns.general), duty(columns.column2));
        let special = record.text(columns.special).into_owned();
        let own = general.is_some() || column2.is_some() || !special.is_empty();
        let inherits = general.is_none() && special.is_empty();
        let special = if inherits { above.special } else { special };
        (Self { general: general.or(above.general), special, column2: column2.or(above.column2) }, own)
    }
}

/// A line that waits for the next.
struct Held {
    number: String,
    indent: usize,
    description: String,
    unit: String,
    own: bool,
}

impl Held {
    fn tell(
        &self,
        outline: &[Rates],
        last: bool,
        listen: &mut dyn FnMut(Line<'_>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let none = Rates::default();
        let rates = outline.get(self.indent).unwrap_or(&none);
        listen(Line {
            number: &self.number,
            indent: self.indent,
            description: &self.description,
            unit: &self.unit,
            general: rates.general.as_ref(),
            special: &rates.special,
            column2: rates.column2.as_ref(),
            own: self.own,
            last,
        })
    }
}
