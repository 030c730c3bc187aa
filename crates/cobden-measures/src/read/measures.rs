//! `[[measure]]`.

use cobden_world::Problem;
use cobden_world::document::{Fields, Keys, string};
use toml::de::DeValue;

use super::values;
use crate::measure::{At, ChargedOn, Exempt, Extent, GivesWay, Measure};
use crate::pattern::Pattern;
use crate::{Located, Patterns, Period};

pub(super) const MEASURE: Keys = Keys {
    table: "a measure",
    known: &[
        "id",
        "title",
        "importer",
        "authority",
        "products",
        "exempt",
        "charged_on",
        "gives_way",
        "responds_to",
        "plan",
        "partial",
        "note",
    ],
    later: &[],
};

const EXEMPT: Keys = Keys { table: "an item of `exempt`", known: &["claim", "from", "until", "cite"], later: &[] };

const CHARGED_ON: Keys =
    Keys { table: "an entry of `charged_on`", known: &["share", "from", "until", "cite"], later: &[] };

const GIVES_WAY: Keys = Keys {
    table: "an item of `gives_way`",
    known: &["to", "on", "from", "until", "partners", "products", "cite"],
    later: &[],
};

pub(super) fn read(fields: &Fields<'_>, file: usize) -> Result<Measure, Problem> {
    let id = fields.required_text("id")?;
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
    if !id.value.chars().all(legal) {
        return Err(fields
            .document()
            .problem(&id.span, format!("the id \"{}\" holds more than letters, digits, dots and hyphens", id.value))
            .help("write e.g. us.232.autos, in small letters"));
    }
    Ok(Measure {
        title: fields.text("title")?.map_or_else(|| id.value.clone(), |text| text.value),
        importer: fields.required_text("importer")?.value,
        authority: fields.required_text("authority")?.value,
        products: values::products(fields, "products")?,
        exempt: exempt(fields)?,
        charged_on: charged_on(fields)?,
        gives_way: gives_way(fields)?,
        responds_to: fields.text("responds_to")?,
        plan: fields.text("plan")?.map(|text| text.value),
        partial: fields.text("partial")?.map(|text| text.value),
        note: fields.text("note")?.map(|text| text.value),
        at: At { file, span: id.span },
        number: 0,
        id: id.value,
    })
}

fn exempt(fields: &Fields<'_>) -> Result<Vec<Exempt>, Problem> {
    let items = fields.list_of_fields("exempt", &EXEMPT)?.unwrap_or_default();
    let read = |item: &Fields<'_>| {
        Ok(Exempt {
            claim: item.required_text("claim")?,
            period: values::period(item)?,
            cite: item.text("cite")?.map(|text| text.value),
        })
    };
    items.iter().map(read).collect()
}

/// `{ "@steel" = "metal" }`, or `{ "@steel" = { share = "metal", until = 2026-04-06 } }`, or a list of such tables.
fn charged_on(fields: &Fields<'_>) -> Result<Vec<ChargedOn>, Problem> {
    let document = fields.document();
    let mut all = Vec::new();
    for (key, value) in values::map(fields, "charged_on")? {
        let mut pattern = Pattern::new(key);
        values::product(document, &mut pattern)?;
        let products = Patterns::new(vec![pattern]);
        let mut push = |share: Located<String>, period: Period, cite: Option<String>| {
            all.push(ChargedOn { products: products.clone(), share, period, cite });
        };
        let mut dated = |table| -> Result<(), Problem> {
            let item = Fields::new(document, table, value.span(), &CHARGED_ON)?;
            push(item.required_text("share")?, values::period(&item)?, item.text("cite")?.map(|text| text.value));
            Ok(())
        };
        match value.get_ref() {
            DeValue::Table(table) => dated(table)?,
            DeValue::Array(items) if items.iter().all(|item| matches!(item.get_ref(), DeValue::Table(_))) => {
                for item in items {
                    if let DeValue::Table(table) = item.get_ref() {
                        dated(table)?;
                    }
                }
            }
            _ => push(string(document, value, "a share of value")?, Period::ALWAYS, None),
        }
    }
    Ok(all)
}

fn gives_way(fields: &Fields<'_>) -> Result<Vec<GivesWay>, Problem> {
    let items = fields.list_of_fields("gives_way", &GIVES_WAY)?.unwrap_or_default();
    let extents = [("whole", Extent::Whole), ("covered value", Extent::CoveredValue)];
    let read = |item: &Fields<'_>| {
        Ok(GivesWay {
            to: values::texts(item, "to")?.ok_or_else(|| item.missing("to"))?,
            on: values::word(item, "on", &extents)?.ok_or_else(|| {
                item.missing("on")
                    .help("write on = \"whole\", or \"covered value\" for the part the other is charged on")
            })?,
            period: values::period(item)?,
            partners: values::partners(item, "partners")?,
            products: values::products(item, "products")?,
            cite: item.text("cite")?.map(|text| text.value),
            targets: Vec::new(),
        })
    };
    items.iter().map(read).collect()
}
