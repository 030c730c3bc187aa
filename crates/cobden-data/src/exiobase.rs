//! EXIOBASE 3, monetary: 49 regions by 163 industries (ixi) or 200 products (pxp), 1995 on.
//!
//! **From** Zenodo (<https://doi.org/10.5281/zenodo.3583070>), CC BY-SA 4.0: what is made of it has to be shared alike. Stadler et al. (2018), Journal of
//! Industrial Ecology 22, 502-515. **Unit**: EUR million at current basic prices.
//!
//! `IOT_2022_ixi.zip` holds a folder of texts between tabs, of which are read:
//!
//! | file | content |
//! |---|---|
//! | `Z.txt` | inputs; or `A.txt`, inputs by unit of output, and then `x.txt` |
//! | `Y.txt` | final use, seven categories for each region; exports are 0 |
//! | `x.txt` | output; where it is missing, output is the sum of sales |
//! | `F.txt` in `satellite`, `factor_inputs` or `value_added` | value added, among much else |
//!
//! ```text
//! region<TAB>      <TAB>AT          <TAB>AT    …
//! sector<TAB>      <TAB>Wheat       <TAB>Rice  …
//! region<TAB>sector<TAB>            <TAB>      …       in older editions
//! AT    <TAB>Wheat <TAB>1.5         <TAB>0     …
//! ```
//!
//! `F.txt` has one column of labels instead of two. In it, compensation of employees, operating surplus and other net taxes on production are value
//! added, "Taxes less subsidies on products purchased" are taxes; the other thousand rows are skipped unread. Regions are two-letter codes,
//! five of them rests of continents (`WA WL WE WF WM`); some files of edition 3.4 have three letters. Names are taken as they are. Cells, 64 to 96
//! million, are streamed.

use std::io::{Read, Seek};

use cobden_world::Problem;

use crate::InputOutput;
use crate::archive::{Archive, file_name};
use crate::builder::{Builder, End, Entry, Heading, year_of};
use crate::delimited::{Line, Lines, number, shown};

/// Most bytes of a matrix, uncompressed; Z of products has 2 GB.
const MAX_MATRIX: u64 = 1 << 32;

/// Region and sector, or region and category.
type Label = (String, String);

/// Reads the archive of one year. The year is that of the name of the archive unless given.
///
/// # Errors
/// A part that is missing, or what is wrong in one, at its place.
pub fn read_zip(input: impl Read + Seek, label: &str, year: Option<i32>) -> Result<InputOutput, Problem> {
    let mut archive = Archive::open(input, label)?;
    let has = |name: &str| archive.names().iter().any(|path| file_name(path) == name);
    let (coefficients, states_output) = (!has("Z.txt"), has("x.txt"));
    let z = archive.find("Z.txt or A.txt", |name| name == if coefficients { "A.txt" } else { "Z.txt" })?;
    let y = archive.find("Y.txt", |name| name == "Y.txt")?;
    let sectors = header(&mut archive, z, 2)?;
    let categories = header(&mut archive, y, 2)?;
    let output = match states_output || coefficients {
        true => Some(output(&mut archive, &sectors)?),
        false => None,
    };
    let used = sectors.iter().map(|(region, sector)| Heading::Use { region: region.clone(), sector: sector.clone() });
    let last = categories.iter().map(|(region, _)| Heading::Final { region: region.clone() });
    let headings: Vec<Heading> = used.chain(last).chain(output.iter().map(|_| Heading::Output)).collect();
    let mut builder = Builder::new(&headings, |region| region).map_err(|problem| problem.in_file(label))?;
    let scale = output.as_deref().filter(|_| coefficients);
    sales(&mut archive, z, &mut builder, 0, (&sectors, sectors.len()), scale)?;
    sales(&mut archive, y, &mut builder, sectors.len(), (&sectors, categories.len()), None)?;
    for ((region, sector), value) in sectors.iter().zip(output.iter().flatten()) {
        let from = sectors.len() + categories.len();
        builder.row(Entry::Sales { region, sector }, from, &[*value]).map_err(|problem| problem.in_file(label))?;
    }
    factors(&mut archive, &mut builder, &sectors)?;
    let kind = ["ixi", "pxp"].into_iter().find(|kind| file_name(label).contains(kind));
    let dataset = format!("EXIOBASE 3{}", kind.map(|kind| format!(" {kind}")).unwrap_or_default());
    builder.finish(&dataset, year_of(year, label)?, "EUR million", End { label, line: 1 })
}

/// The labels of the columns of a matrix after `skip` columns of labels.
fn header(archive: &mut Archive<'_, impl Read + Seek>, at: usize, skip: usize) -> Result<Vec<Label>, Problem> {
    let (entry, label) = archive.entry(at, MAX_MATRIX)?;
    columns(&mut Lines::new(entry, &label, '\t'), skip)
}

fn columns(lines: &mut Lines<'_, impl Read>, skip: usize) -> Result<Vec<Label>, Problem> {
    let line = lines.expect("the regions of the columns")?;
    let regions: Vec<String> = line.labels(skip)?.iter().map(|field| field.text.to_owned()).collect();
    let line = lines.expect("the sectors of the columns")?;
    let sectors = line.labels(skip)?;
    if sectors.len() != regions.len() {
        let message = format!("{} sectors stand under {} regions", sectors.len(), regions.len());
        return Err(line.at(Problem::new(message), 0..line.text.len()));
    }
    Ok(regions.into_iter().zip(sectors).map(|(region, sector)| (region, sector.text.to_owned())).collect())
}

/// Whether a line is the third of the header, which names the columns of labels and has nothing else.
fn is_header(line: &Line<'_>, skip: usize) -> bool {
    line.number == 3 && line.fields().skip(skip).all(|field| field.text.is_empty())
}

/// Output by region and sector, in the order of the columns.
fn output(archive: &mut Archive<'_, impl Read + Seek>, sectors: &[Label]) -> Result<Vec<f64>, Problem> {
    let at = archive.find("x.txt", |name| name == "x.txt")?;
    let (entry, label) = archive.entry(at, MAX_MATRIX)?;
    let mut lines = Lines::new(entry, &label, '\t');
    lines.expect("the header")?;
    let mut output = Vec::new();
    while let Some(line) = lines.next()? {
        let fields: Vec<_> = line.fields().take(3).collect();
        let at = |message: String| line.at(Problem::new(message), 0..line.text.len());
        let [region, sector, value] = fields[..] else {
            return Err(at("expected region, sector and output".to_owned()));
        };
        if sectors.get(output.len()).is_none_or(|(r, s)| r != region.text || s != sector.text) {
            return Err(at(format!("{} {} is not in the order of the inputs", shown(region.text), shown(sector.text))));
        }
        output.push(number(value.text).ok_or_else(|| at(format!("\"{}\" is not a number", shown(value.text))))?);
    }
    match output.len() == sectors.len() {
        true => Ok(output),
        false => {
            let message = format!("the file has {} rows, the inputs {}", output.len(), sectors.len());
            Err(Problem::new(message).help("is the file cut short?").in_file(&label))
        }
    }
}

/// Adds the rows of a matrix of sales, its columns from `from` on, each times `scale` where there is one.
fn sales(
    archive: &mut Archive<'_, impl Read + Seek>,
    at: usize,
    builder: &mut Builder,
    from: usize,
    (sectors, width): (&[Label], usize),
    scale: Option<&[f64]>,
) -> Result<(), Problem> {
    let (entry, label) = archive.entry(at, MAX_MATRIX)?;
    let mut lines = Lines::new(entry, &label, '\t');
    columns(&mut lines, 2)?;
    let (mut values, mut rows) = (Vec::with_capacity(width), 0);
    while let Some(line) = lines.next()? {
        if is_header(&line, 2) {
            continue;
        }
        line.numbers(2, width, &mut values)?;
        if let Some(scale) = scale {
            values.iter_mut().zip(scale).for_each(|(value, scale)| *value *= scale);
        }
        let mut labels = line.fields();
        let (Some(region), Some(sector)) = (labels.next(), labels.next()) else { continue };
        let entry = Entry::Sales { region: region.text, sector: sector.text };
        builder.row(entry, from, &values).map_err(|problem| line.at_field(problem, &region))?;
        rows += 1;
    }
    // Rows are known and none is there twice, so all are there if there are as many.
    match rows == sectors.len() {
        true => Ok(()),
        false => {
            let message = format!("the matrix has {rows} rows, the inputs {} columns", sectors.len());
            Err(Problem::new(message).help("is the file cut short?").in_file(&label))
        }
    }
}

/// Adds value added and taxes.
fn factors(
    archive: &mut Archive<'_, impl Read + Seek>,
    builder: &mut Builder,
    sectors: &[Label],
) -> Result<(), Problem> {
    let folders = ["factor_inputs/F.txt", "value_added/F.txt", "satellite/F.txt"];
    let found =
        folders.iter().find_map(|end| archive.names().iter().position(|name| name.replace('\\', "/").ends_with(end)));
    // Where there is no such folder, the message lists what there is.
    let at = match found {
        Some(at) => at,
        None => archive.find("satellite/F.txt or factor_inputs/F.txt", |_| false)?,
    };
    let (entry, label) = archive.entry(at, MAX_MATRIX)?;
    let mut lines = Lines::new(entry, &label, '\t');
    if columns(&mut lines, 1)? != sectors {
        return Err(Problem::new("the columns are not those of the inputs").in_file(&label));
    }
    let mut values = Vec::with_capacity(sectors.len());
    while let Some(line) = lines.next()? {
        let Some(first) = line.fields().next() else { continue };
        let Some(entry) = factor(first.text) else { continue };
        line.numbers(1, sectors.len(), &mut values)?;
        builder.row(entry, 0, &values).map_err(|problem| line.at_field(problem, &first))?;
    }
    Ok(())
}

fn factor(name: &str) -> Option<Entry<'static>> {
    let begins = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    if begins(&["Compensation of employees", "Operating surplus", "Other net taxes on production"]) {
        Some(Entry::ValueAdded)
    } else if begins(&["Taxes less subsidies on products purchased"]) {
        Some(Entry::Taxes)
    } else {
        None
    }
}
