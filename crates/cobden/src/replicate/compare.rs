//! Published numbers beside ours.

use cobden_world::{Names, Problem};
use serde::Serialize;

use super::{Comparison, Replication, Table, Verdict, quantity};
use crate::answer::Answer;

/// One column of one table, line by line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// What the table shows.
    pub title: String,
    /// Where the published numbers come from.
    pub source: String,
    /// The quantity.
    pub column: String,
    /// The largest difference that is none.
    pub tolerance: f64,
    /// Why that much.
    pub why: String,
    /// How it ended.
    pub verdict: Verdict,
    /// Lines within the tolerance.
    pub within: usize,
    /// The largest difference; `None` if a case was not solved.
    pub largest: Option<f64>,
    /// The lines in the order of the published table.
    pub lines: Vec<Line>,
}

/// One published number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// The case of the study.
    pub case: String,
    /// The country; `!USA` is the mean of the others, `*` that of all.
    pub country: String,
    /// The number as published.
    pub published: f64,
    /// Digits after its decimal point.
    pub decimals: usize,
    /// The same from cobden; `None` if the case was not solved.
    pub ours: Option<f64>,
}

impl Line {
    /// Ours less theirs.
    pub fn difference(&self) -> Option<f64> {
        self.ours.map(|ours| ours - self.published)
    }
}

/// Every column of a table that is to be compared.
pub(super) fn table(replication: &Replication, table: &Table, answer: &Answer) -> Result<Vec<Compared>, Problem> {
    let text = replication.text(&table.numbers)?;
    let at = |problem: Problem| problem.in_file(replication.label(&table.numbers));
    let columns = table.comparisons.iter();
    columns
        .map(|wanted| column(table, wanted, &published(text, &wanted.column)?, answer))
        .collect::<Result<_, _>>()
        .map_err(at)
}

fn column(table: &Table, wanted: &Comparison, numbers: &[Published], answer: &Answer) -> Result<Compared, Problem> {
    let mut lines = Vec::with_capacity(numbers.len());
    for number in numbers {
        let case = answer.cases.iter().find(|case| case.name == number.case);
        let known = answer.cases.iter().map(|case| case.name.as_str());
        let case = case.ok_or_else(|| Problem::unknown("case", &number.case, known))?;
        let values = quantity::by_country(answer, case, &wanted.column)?;
        let ours = values.map(|values| of(&answer.world.countries, &values, &number.country)).transpose()?;
        lines.push(Line {
            case: number.case.clone(),
            country: number.country.clone(),
            published: number.value,
            decimals: number.decimals,
            ours,
        });
    }
    let differences: Option<Vec<f64>> = lines.iter().map(|line| line.difference().map(f64::abs)).collect();
    let within = lines.iter().filter_map(Line::difference).filter(|gap| gap.abs() <= wanted.tolerance).count();
    Ok(Compared {
        title: table.title.clone(),
        source: table.source.clone(),
        column: wanted.column.clone(),
        tolerance: wanted.tolerance,
        why: wanted.why.clone(),
        verdict: match &differences {
            None => Verdict::NotConverged,
            Some(_) if within == lines.len() => Verdict::Pass,
            Some(_) => Verdict::Differs,
        },
        within,
        largest: differences.map(|gaps| gaps.into_iter().fold(0.0, f64::max)),
        lines,
    })
}

/// The value of a country; of `!NAME` the mean of all others, of `*` the mean of all.
fn of(names: &Names, values: &[f64], country: &str) -> Result<f64, Problem> {
    if country == "*" {
        return Ok(quantity::mean(values));
    }
    let name = country.strip_prefix('!').unwrap_or(country);
    let known = || Problem::unknown("country", name, names.iter());
    let index = names.index(name).ok_or_else(known)?;
    if name == country {
        return Ok(values[index]);
    }
    let others: Vec<f64> = values.iter().enumerate().filter(|(n, _)| *n != index).map(|(_, value)| *value).collect();
    Ok(quantity::mean(&others))
}

/// A published number and whose it is.
struct Published {
    case: String,
    country: String,
    value: f64,
    decimals: usize,
}

/// One column of a table of published numbers; empty cells are left out.
fn published(text: &str, column: &str) -> Result<Vec<Published>, Problem> {
    let wrong = |error: csv::Error| Problem::new(error.to_string());
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    let header = reader.headers().map_err(wrong)?.clone();
    let position = |name: &str| {
        header.iter().position(|known| known == name).ok_or_else(|| Problem::unknown("column", name, header.iter()))
    };
    let (case, country, value) = (position("case")?, position("country")?, position(column)?);
    let mut numbers = Vec::new();
    for row in reader.records() {
        let row = row.map_err(wrong)?;
        let written = row.get(value).unwrap_or_default();
        if written.is_empty() {
            continue;
        }
        let number = written.parse().map_err(|_| Problem::new(format!("\"{written}\" is not a number")))?;
        numbers.push(Published {
            case: row.get(case).unwrap_or_default().to_owned(),
            country: row.get(country).unwrap_or_default().to_owned(),
            value: number,
            decimals: written.split_once('.').map_or(0, |(_, digits)| digits.len()),
        });
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_itself_the_others_or_all() {
        let names = Names::new(["A", "B", "C"].map(str::to_owned)).unwrap();
        let of = |country| of(&names, &[1.0, 2.0, 6.0], country);
        assert_eq!((of("B"), of("!B"), of("*")), (Ok(2.0), Ok(3.5), Ok(3.0)));
        assert!(of("!D").is_err());
    }

    #[test]
    fn printed_numbers_keep_their_digits_and_empty_cells_are_none() {
        let text = "# a remark\ncase,country,x,y\nc,A,-0.40,\nc,\"B, C\",7,1\n";
        let numbers = published(text, "x").unwrap();
        let first = &numbers[0];
        assert_eq!((first.value, first.decimals, numbers[1].country.as_str()), (-0.4, 2, "B, C"));
        assert_eq!((numbers[1].decimals, published(text, "y").unwrap().len()), (0, 1));
        assert!(published(text, "z").is_err() && published("case,country,x\nc,A,n\n", "x").is_err());
    }
}
