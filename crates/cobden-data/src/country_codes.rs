//! Numeric country codes and the ISO 3166 alpha-3 codes they stand for, as a dataset's own list says.

use std::io::Read;

use cobden_world::Problem;

use crate::header::Header;
use crate::lines::Lines;

/// The countries of a dataset by their numeric code, 0 to 999.
///
/// Codes of trade data are not those of ISO 3166: France is 251 in CEPII's and the UN's lists (with Monaco), the United States 842 (with
/// Puerto Rico). So the list that comes with the data must be used.
///
/// ```
/// use cobden_data::CountryCodes;
/// let list = "country_code,country_name,country_iso2,country_iso3\n251,France,FR,FRA\n842,USA,US,USA\n";
/// let codes = CountryCodes::read(list.as_bytes(), "country_codes.csv")?;
/// assert_eq!(codes.iso3(251), Some("FRA"));
/// assert_eq!(codes.iso3(250), None);
/// # Ok::<(), cobden_world::Problem>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CountryCodes {
    iso3: Vec<Option<Box<str>>>,
}

impl CountryCodes {
    /// Reads a list with a column of numeric codes (`country_code`, `code`, `iso_n`) and one of alpha-3 codes (`country_iso3`,
    /// `iso_3digit_alpha`, `iso3`). UTF-8 or Windows-1252. A country without alpha-3 code keeps its number, three digits long.
    ///
    /// # Errors
    /// A missing column; a code that is not a number up to 999; a code given twice with different meanings.
    pub fn read(input: impl Read, label: &str) -> Result<Self, Problem> {
        let mut lines = Lines::new(input, label, ',');
        let header = Header::read(&mut lines, label)?;
        let code = header.need(&["country_code", "code", "iso_n", "numeric_code"])?;
        let iso3 = header.need(&["country_iso3", "iso_3digit_alpha", "iso3", "alpha3"])?;
        let mut codes = Self { iso3: vec![None; 1000] };
        while let Some(record) = lines.next()? {
            header.check(&record)?;
            let Some(number) = numeric(record.raw(code)) else {
                return Err(record.not_a(code, "a numeric country code"));
            };
            let name = record.text(iso3);
            let name = match name.as_ref() {
                "" | "NA" | "N/A" => format!("{number:03}"),
                name => name.to_owned(),
            };
            let place = &mut codes.iso3[usize::from(number)];
            if place.as_deref().is_some_and(|known| known != name) {
                let known = place.as_deref().unwrap_or_default();
                let problem = Problem::new(format!("code {number} stands for {known} and for {name}"));
                return Err(record.problem(problem, code));
            }
            *place = Some(name.into());
        }
        Ok(codes)
    }

    /// The alpha-3 code of a number.
    pub fn iso3(&self, code: u16) -> Option<&str> {
        self.iso3.get(usize::from(code))?.as_deref()
    }
}

/// A numeric country code of up to three digits.
pub(crate) fn numeric(text: &str) -> Option<u16> {
    let digits = !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// Numeric codes to names: by a list if there is one, else the number with three digits.
pub(crate) struct Translator<'a> {
    list: Option<&'a CountryCodes>,
    numbers: Vec<String>,
}

impl<'a> Translator<'a> {
    pub(crate) fn new(list: Option<&'a CountryCodes>) -> Self {
        let numbers = if list.is_some() { Vec::new() } else { (0..1000).map(|code| format!("{code:03}")).collect() };
        Self { list, numbers }
    }

    /// What a cell's code stands for.
    pub(crate) fn name(&self, text: &str) -> Result<&str, Problem> {
        let Some(code) = numeric(text) else {
            return Err(Problem::new(format!("\"{}\" is not a numeric country code", crate::lines::clip(text))));
        };
        match self.list {
            Some(list) => list.iso3(code).ok_or_else(|| {
                let problem = Problem::new(format!("country code {code} is not in the list of countries"));
                problem.help("use the list that came with this edition")
            }),
            None => Ok(&self.numbers[usize::from(code)]),
        }
    }
}
