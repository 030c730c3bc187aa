//! `[[check]]`.

use std::collections::BTreeMap;

use cobden_world::Problem;
use cobden_world::document::{Fields, Keys};

use super::values;
use crate::View;
use crate::measure::At;
use crate::pattern::digits;
use crate::supplement::{Check, Quantity};

const CHECK: Keys = Keys {
    table: "a check",
    known: &[
        "why",
        "date",
        "importer",
        "exporter",
        "hs",
        "base",
        "known",
        "view",
        "claims",
        "shares",
        "unit_values",
        "prohibitive",
        "expect",
    ],
    later: &[],
};

pub(super) fn read(fields: &Fields<'_>, file: usize) -> Result<Vec<Check>, Problem> {
    let items = fields.list_of_fields("check", &CHECK)?.unwrap_or_default();
    items.iter().map(|item| check(item, file)).collect()
}

fn check(item: &Fields<'_>, file: usize) -> Result<Check, Problem> {
    let document = item.document();
    let hs = item.required_text("hs")?;
    let mut expect = Vec::new();
    for (what, value) in values::map(item, "expect")? {
        expect.push((what.value, values::number_of(document, value, "what is expected")?));
    }
    if expect.is_empty() {
        return Err(item.missing("expect").help("write e.g. expect = { total = 15 }"));
    }
    Ok(Check {
        why: item.text("why")?.map(|text| text.value),
        date: values::date(item, "date")?.ok_or_else(|| item.missing("date"))?,
        importer: item.text("importer")?.map_or_else(|| "USA".to_owned(), |text| text.value),
        exporter: item.required_text("exporter")?.value,
        product: digits(&hs.value).ok_or_else(|| values::not_a_code(document, &hs))?,
        base: values::number(item, "base", 0.0, f64::INFINITY)?.ok_or_else(|| item.missing("base"))?,
        known: values::date(item, "known")?,
        view: values::word(item, "view", &[("law", View::Law), ("collected", View::Collected)])?.unwrap_or(View::Law),
        stated: stated(item)?,
        expect,
        at: At { file, span: item.span() },
    })
}

/// The numbers that law leaves open.
fn stated(item: &Fields<'_>) -> Result<BTreeMap<Quantity, f64>, Problem> {
    let mut stated = BTreeMap::new();
    let mut take = |key: &str, most: f64, make: fn(String) -> Quantity| -> Result<(), Problem> {
        for (name, value) in values::map(item, key)? {
            let number = values::number_of(item.document(), value, "an assumption")?;
            if !(0.0..=most).contains(&number) {
                let message = format!("{number} is not between 0 and {most}");
                return Err(item.document().problem(&value.span(), message));
            }
            stated.insert(make(name.value), number);
        }
        Ok(())
    };
    take("claims", 1.0, Quantity::Claim)?;
    take("shares", 1.0, |name| match name.strip_prefix("quota:") {
        Some(line) => Quantity::Quota(line.to_owned()),
        None => Quantity::Share(name),
    })?;
    take("unit_values", f64::INFINITY, Quantity::UnitValue)?;
    if let Some(points) = values::number(item, "prohibitive", 0.0, f64::INFINITY)? {
        stated.insert(Quantity::Prohibitive, points);
    }
    Ok(stated)
}
