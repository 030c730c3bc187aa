//! `[group.NAME]`, `[list.NAME]`, `[claim.NAME]` and `[[assume]]`.

use std::collections::BTreeMap;

use cobden_world::Problem;
use cobden_world::document::{Fields, Keys, kind};
use toml::de::DeValue;

use super::values;
use crate::countries::{COUNTRIES, is_country};
use crate::measure::At;
use crate::pattern::digits;
use crate::supplement::{Assumption, Claim, Group, ListedCode, ProductList, Quantity};
use crate::{Located, Period};

const GROUP: Keys =
    Keys { table: "a group", known: &["title", "members", "former", "since", "code", "note"], later: &[] };

const LIST: Keys =
    Keys { table: "a product list", known: &["hs", "from", "until", "source", "edition", "note"], later: &[] };

const CLAIM: Keys = Keys { table: "a claim", known: &["title", "partners", "note"], later: &[] };

const ASSUME: Keys = Keys {
    table: "an assumption",
    known: &[
        "claim",
        "share",
        "quota",
        "unit_value",
        "prohibitive",
        "value",
        "partners",
        "products",
        "from",
        "until",
        "source",
        "note",
    ],
    later: &[],
};

/// Tables under `key`, each under a name of its own.
fn named<'d>(
    fields: &Fields<'d>,
    key: &str,
    keys: &'static Keys,
) -> Result<Vec<(Located<String>, Fields<'d>)>, Problem> {
    let document = fields.document();
    let read = |(name, value): (Located<String>, values::Raw<'d>)| match value.get_ref() {
        DeValue::Table(table) => {
            let span = name.span.clone();
            Ok((name, Fields::new(document, table, span, keys)?))
        }
        other => Err(document.problem(&value.span(), format!("{} must be a table, found {}", keys.table, kind(other)))),
    };
    values::map(fields, key)?.into_iter().map(read).collect()
}

pub(super) fn groups(fields: &Fields<'_>, file: usize) -> Result<BTreeMap<String, Group>, Problem> {
    let mut groups = BTreeMap::new();
    for (name, item) in named(fields, "group", &GROUP)? {
        let document = fields.document();
        let mut members = BTreeMap::new();
        let mut add = |code: Located<String>, period: Period| -> Result<(), Problem> {
            if !is_country(&code.value) {
                return Err(Problem::unknown("country", &code.value, COUNTRIES).at(document.place(&code.span)));
            }
            if members.insert(code.value.clone(), period).is_some() {
                return Err(document.problem(&code.span, format!("{} is in the group twice", code.value)));
            }
            Ok(())
        };
        let since: BTreeMap<String, _> =
            values::map(&item, "since")?.into_iter().map(|(code, value)| (code.value, value)).collect();
        for code in values::texts(&item, "members")?.ok_or_else(|| item.missing("members"))? {
            let from = since.get(&code.value).map(|value| values::date_of(document, value, "the day of joining"));
            add(code, Period::new(from.transpose()?, None))?;
        }
        for (code, value) in values::map(&item, "former")? {
            let from = since.get(&code.value).map(|value| values::date_of(document, value, "the day of joining"));
            let until = values::date_of(document, value, "the day of leaving")?;
            add(code, Period::new(from.transpose()?, Some(until)))?;
        }
        if let Some(stranger) = since.keys().find(|code| !members.contains_key(*code)) {
            let message = format!("{stranger} has a day of joining and is not a member");
            return Err(document.problem(&item.key_span("since"), message));
        }
        let code = item.text("code")?.map(|text| text.value);
        let title = item.text("title")?.map(|text| text.value);
        groups.insert(name.value, Group { title, members, code, at: At { file, span: name.span } });
    }
    Ok(groups)
}

pub(super) fn lists(fields: &Fields<'_>, file: usize) -> Result<BTreeMap<String, ProductList>, Problem> {
    let mut lists = BTreeMap::new();
    for (name, item) in named(fields, "list", &LIST)? {
        let period = values::period(&item)?;
        let mut codes = Vec::new();
        for code in values::texts(&item, "hs")?.ok_or_else(|| item.missing("hs"))? {
            let read = digits(&code.value).ok_or_else(|| values::not_a_code(fields.document(), &code))?;
            codes.push(ListedCode { code: read, period, share: 1.0 });
        }
        let list = ProductList {
            codes,
            source: item.text("source")?.map(|text| text.value),
            edition: item.text("edition")?.map(|text| text.value),
            note: item.text("note")?.map(|text| text.value),
            at: At { file, span: name.span },
        };
        lists.insert(name.value, list);
    }
    Ok(lists)
}

pub(super) fn claims(fields: &Fields<'_>, file: usize) -> Result<BTreeMap<String, Claim>, Problem> {
    let mut claims = BTreeMap::new();
    for (name, item) in named(fields, "claim", &CLAIM)? {
        let title = item.text("title")?.map(|text| text.value);
        let partners = values::partners(&item, "partners")?;
        claims.insert(name.value, Claim { title, partners, at: At { file, span: name.span } });
    }
    Ok(claims)
}

pub(super) fn assumptions(fields: &Fields<'_>, file: usize) -> Result<Vec<Assumption>, Problem> {
    let items = fields.list_of_fields("assume", &ASSUME)?.unwrap_or_default();
    let read = |item: &Fields<'_>| {
        let quantity = quantity(item)?;
        let most = match quantity {
            Quantity::Claim(_) | Quantity::Share(_) | Quantity::Quota(_) => 1.0,
            Quantity::UnitValue(_) | Quantity::Prohibitive => f64::INFINITY,
        };
        Ok(Assumption {
            quantity,
            value: values::number(item, "value", 0.0, most)?.ok_or_else(|| item.missing("value"))?,
            partners: values::partners(item, "partners")?,
            products: values::products(item, "products")?,
            period: values::period(item)?,
            source: item.required_text("source")?.value.into(),
            at: At { file, span: item.span() },
        })
    };
    items.iter().map(read).collect()
}

fn quantity(item: &Fields<'_>) -> Result<Quantity, Problem> {
    let mut named = Vec::new();
    for (key, make) in [
        ("claim", Quantity::Claim as fn(String) -> Quantity),
        ("share", Quantity::Share),
        ("quota", Quantity::Quota),
        ("unit_value", Quantity::UnitValue),
    ] {
        named.extend(item.text(key)?.map(|text| make(text.value)));
    }
    if item.flag("prohibitive")?.is_some_and(|flag| flag.value) {
        named.push(Quantity::Prohibitive);
    }
    match named.len() {
        1 => Ok(named.remove(0)),
        _ => {
            let message = "an assumption is about one of claim, share, quota, unit_value, prohibitive";
            Err(item.document().problem(&item.span(), message))
        }
    }
}
