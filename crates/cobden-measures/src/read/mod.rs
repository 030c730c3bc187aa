//! Files of a register, read key by key.

mod acts;
mod checks;
mod measures;
mod supplement;
mod table;
pub(crate) mod values;

use std::collections::BTreeMap;

use cobden_world::Problem;
use cobden_world::document::{Document, Fields, Keys};

use crate::measure::{Act, At, Measure};
use crate::supplement::{Assumption, Check, Claim, Group, ProductList};
use crate::{Date, Located, Text};

/// The format of files with measures and acts.
pub(crate) const MEASURES: &str = "trade-measure/1";

/// The format of files that suppose something on top of a register.
pub(crate) const SCENARIO: &str = "trade-scenario/1";

const FILE: Keys = Keys {
    table: "a file of measures",
    known: &["format", "note", "measure", "act", "group", "list", "claim", "assume", "check", "scenario", "op"],
    later: &[],
};

const HEADER: Keys = Keys { table: "[scenario]", known: &["id", "title", "base", "start", "notes"], later: &[] };

const BASE: Keys = Keys { table: "`base`", known: &["register", "as_known"], later: &[] };

/// What one file says.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) scenario: Option<Scenario>,
    pub(crate) measures: Vec<Measure>,
    pub(crate) acts: Vec<Act>,
    pub(crate) groups: BTreeMap<String, Group>,
    pub(crate) lists: BTreeMap<String, ProductList>,
    pub(crate) claims: BTreeMap<String, Claim>,
    pub(crate) assumptions: Vec<Assumption>,
    pub(crate) checks: Vec<Check>,
    /// Measures that a scenario leaves out, as globs.
    pub(crate) disabled: Vec<Located<String>>,
}

/// The head of a file that supposes something.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Its name.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// The last day whose acts it knows before its own.
    pub as_known: Date,
    /// From when it differs.
    pub start: Option<Date>,
    /// What a reader must know.
    pub notes: Option<String>,
}

/// Reads one file; `file` is its index in the register.
pub(crate) fn read(text: &Text, file: usize) -> Result<(Document, Contents), Problem> {
    let document = Document::new(text.content.as_bytes().to_vec(), &text.name)?;
    let contents = if text.name.ends_with(".csv") { table::read(&document, file)? } else { toml(&document, file)? };
    Ok((document, contents))
}

fn toml(document: &Document, file: usize) -> Result<Contents, Problem> {
    let table = document.table()?;
    let fields = Fields::new(document, table.get_ref(), 0..0, &FILE)?;
    let format = match fields.text("format")? {
        Some(format) if [MEASURES, SCENARIO].contains(&format.value.as_str()) => format.value,
        Some(format) => {
            let problem = Problem::unknown("format", &format.value, [MEASURES, SCENARIO]);
            return Err(problem.at(document.place(&format.span)));
        }
        None => MEASURES.to_owned(),
    };
    let scenario = match fields.fields("scenario", &HEADER)? {
        Some(header) => Some(read_scenario(&header)?),
        None if format == SCENARIO => return Err(fields.missing("scenario")),
        None => None,
    };
    let measures = measures_of(&fields, file)?;
    let default = match measures.as_slice() {
        [only] => Some(only.id.clone()),
        _ => None,
    };
    let mut contents = Contents { measures, ..Contents::default() };
    for item in fields.list_of_fields("act", &acts::ACT)?.unwrap_or_default() {
        contents.acts.push(acts::act(&item, file, default.as_deref())?);
    }
    read_ops(&fields, file, scenario.as_ref(), &mut contents)?;
    contents.groups = supplement::groups(&fields, file)?;
    contents.lists = supplement::lists(&fields, file)?;
    contents.claims = supplement::claims(&fields, file)?;
    contents.assumptions = supplement::assumptions(&fields, file)?;
    contents.checks = checks::read(&fields, file)?;
    contents.scenario = scenario;
    Ok(contents)
}

/// `[measure]` or `[[measure]]`.
fn measures_of(fields: &Fields<'_>, file: usize) -> Result<Vec<Measure>, Problem> {
    use toml::de::DeValue;
    match fields.value("measure").map(|value| value.get_ref()) {
        Some(DeValue::Table(_)) => {
            let one = fields.fields("measure", &measures::MEASURE)?;
            one.iter().map(|item| measures::read(item, file)).collect()
        }
        Some(_) => {
            let items = fields.list_of_fields("measure", &measures::MEASURE)?.unwrap_or_default();
            items.iter().map(|item| measures::read(item, file)).collect()
        }
        None => Ok(Vec::new()),
    }
}

fn read_scenario(fields: &Fields<'_>) -> Result<Scenario, Problem> {
    let base = fields.fields("base", &BASE)?.ok_or_else(|| fields.missing("base"))?;
    Ok(Scenario {
        id: fields.required_text("id")?.value,
        title: fields.required_text("title")?.value,
        as_known: values::date(&base, "as_known")?.ok_or_else(|| base.missing("as_known"))?,
        start: values::date(fields, "start")?,
        notes: fields.text("notes")?.map(|text| text.value),
    })
}

fn read_ops(
    fields: &Fields<'_>,
    file: usize,
    scenario: Option<&Scenario>,
    contents: &mut Contents,
) -> Result<(), Problem> {
    let Some(ops) = fields.list_of_fields("op", &acts::OP)? else { return Ok(()) };
    let Some(scenario) = scenario else {
        let problem = fields.document().problem(&fields.key_span("op"), "[[op]] in a file without [scenario]");
        return Err(problem.help("law changes by [[act]]; ops suppose"));
    };
    for op in ops {
        if op.text("do")?.is_some_and(|does| does.value == "disable") {
            contents.disabled.extend(values::texts(&op, "measure")?.ok_or_else(|| op.missing("measure"))?);
        } else {
            let change = acts::change(&op, file, None)?;
            contents.acts.push(acts::op_act(change, scenario.as_known, At { file, span: op.span() }));
        }
    }
    Ok(())
}
