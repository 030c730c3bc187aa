//! One row of a case: whose tariff on whom, on what, changed how; whose tax on exports to whom; or whose trade with whom, made dearer
//! by how much.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use cobden_world::{Factor, Problem, Rate};

use super::selection::{self, Groups, Selection};
use super::tables;
use crate::document::{Document, Fields, Keys, Located, kind, string};

pub(super) const ROW: Keys = Keys {
    table: "a tariff row",
    known: &[
        "importer",
        "exporter",
        "sector",
        "product",
        "add",
        "set",
        "at_least",
        "at_most",
        "compound",
        "trade_cost",
        "note",
        "source",
    ],
    later: &["measure", "as_of"],
};

pub(super) const EXPORT_ROW: Keys = Keys {
    table: "an export-tax row",
    known: &["importer", "exporter", "sector", "add", "set", "at_least", "at_most", "compound", "note", "source"],
    later: &["measure", "as_of"],
};

const ACTIONS: [&str; 6] = ["add", "set", "at_least", "at_most", "compound", TRADE_COST];
const TRADE_COST: &str = "trade_cost";

/// What a row changes, and how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    /// The importer's tariff.
    Tariff(Change),
    /// The exporter's tax on what it sells.
    ExportTax(Change),
    /// The iceberg cost of trade: `d_hat` times this factor. What is lost on the way is nobody's revenue.
    TradeCost(Factor),
}

/// What a row does to a tariff `t`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// `t + x`: a surcharge on the same value.
    Add(Rate),
    /// `x`, whatever it was.
    Set(Rate),
    /// `max(t, x)`: a floor.
    AtLeast(Rate),
    /// `min(t, x)`: a cap, e.g. an all-in rate.
    AtMost(Rate),
    /// `(1 + t)(1 + x) - 1`: a surcharge on the value with tariff.
    Compound(Rate),
}

impl Change {
    /// The tariff after the row.
    ///
    /// ```
    /// use cobden::{Change, Rate};
    /// assert_eq!(Change::AtMost(Rate(0.15)).apply(Rate(0.24)), Rate(0.15));
    /// assert_eq!(Change::Compound(Rate(1.0)).apply(Rate(0.5)), Rate(2.0));
    /// ```
    pub fn apply(self, before: Rate) -> Rate {
        match self {
            Change::Add(x) => Rate(before.0 + x.0),
            Change::Set(x) => x,
            Change::AtLeast(x) => Rate(before.0.max(x.0)),
            Change::AtMost(x) => Rate(before.0.min(x.0)),
            Change::Compound(x) => Rate(before.factor().0 * x.factor().0 - 1.0),
        }
    }

    /// The rate written in the row.
    pub fn rate(self) -> Rate {
        match self {
            Change::Add(x) | Change::Set(x) | Change::AtLeast(x) | Change::AtMost(x) | Change::Compound(x) => x,
        }
    }

    /// The same operation with another rate.
    pub(super) fn with(self, rate: Rate) -> Self {
        match self {
            Change::Add(_) => Change::Add(rate),
            Change::Set(_) => Change::Set(rate),
            Change::AtLeast(_) => Change::AtLeast(rate),
            Change::AtMost(_) => Change::AtMost(rate),
            Change::Compound(_) => Change::Compound(rate),
        }
    }

    fn new(key: &str, rate: Rate) -> Self {
        match key {
            "add" => Change::Add(rate),
            "set" => Change::Set(rate),
            "at_least" => Change::AtLeast(rate),
            "at_most" => Change::AtMost(rate),
            _ => Change::Compound(rate),
        }
    }
}

/// One row of a case. Rows never touch domestic sales; later rows see what earlier ones did.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyRow {
    /// Whose tariff, or who buys.
    pub importer: Selection,
    /// On whose goods, or from whom.
    pub exporter: Selection,
    /// On which sectors; all if the row names products alone.
    pub sector: Selection,
    /// On which products of these sectors, by their codes; `None` for all.
    pub product: Option<Selection>,
    /// What happens.
    pub action: Action,
    /// The file of a table that gives every cell a rate of its own, in the place of the one in `action`.
    pub table: Option<Located<String>>,
    /// Where the number comes from: an act, a table, a date.
    pub source: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// Where the row was written.
    pub span: Range<usize>,
    /// Where its rate was written.
    pub rate_span: Range<usize>,
}

/// Reads a row of `tariffs`, or with [`EXPORT_ROW`] one of `export_taxes`.
pub(super) fn read(fields: &Fields<'_>, groups: &Groups) -> Result<PolicyRow, Problem> {
    let (action, table) = action(fields)?;
    let taxes_exports = fields.keys().table == EXPORT_ROW.table;
    let product = if taxes_exports { None } else { selection::read_if(fields, groups, "product")? };
    let sector = match product {
        Some(_) => selection::read_if(fields, groups, "sector")?.unwrap_or_else(|| Selection::all(fields.span())),
        None => selection::read(fields, groups, "sector")?,
    };
    Ok(PolicyRow {
        table,
        importer: selection::read(fields, groups, "importer")?,
        exporter: selection::read(fields, groups, "exporter")?,
        sector,
        product,
        action: action.value,
        source: fields.text("source")?.map(|text| text.value),
        note: fields.text("note")?.map(|text| text.value),
        span: fields.span(),
        rate_span: action.span,
    })
}

/// What happens, and the file of its table if it has one.
fn action(fields: &Fields<'_>) -> Result<(Located<Action>, Option<Located<String>>), Problem> {
    let exports = fields.keys().table == EXPORT_ROW.table;
    // The last of them is no operation on a rate.
    let actions = if exports { &ACTIONS[..ACTIONS.len() - 1] } else { &ACTIONS[..] };
    let row = fields.keys().table;
    let written: Vec<&str> = actions.iter().copied().filter(|key| fields.has(key)).collect();
    let &[key] = written.as_slice() else {
        let help = format!("write one of {}, e.g. add = \"10%\"", actions.join(", "));
        return Err(match written.get(1) {
            None => fields.document().problem(&fields.span(), format!("{row} that changes nothing")).help(help),
            Some(second) => {
                let message = format!("{row} that says {}", written.join(" and "));
                fields.document().problem(&fields.key_span(second), message).help(help)
            }
        });
    };
    let value = fields.value(key).ok_or_else(|| fields.missing(key))?;
    let table = match value.get_ref() {
        DeValue::String(text) if key != TRADE_COST && tables::is_table(text) => {
            Some(string(fields.document(), value, key)?)
        }
        _ => None,
    };
    let rate = if table.is_some() { Rate::ZERO } else { rate(fields.document(), key, value)? };
    let action = match key {
        TRADE_COST => Action::TradeCost(rate.factor()),
        _ if exports => Action::ExportTax(Change::new(key, rate)),
        _ => Action::Tariff(Change::new(key, rate)),
    };
    Ok((Located { value: action, span: value.span() }, table))
}

/// A rate: `"10%"`, `"0.1"` or `0.10`.
pub(super) fn rate(document: &Document, key: &str, value: &Spanned<DeValue<'_>>) -> Result<Rate, Problem> {
    let wrong = |message: String| document.problem(&value.span(), message);
    let not_a_rate = |text: &str| {
        wrong(format!("`{key}` must be a rate, found \"{text}\""))
            .help("write \"10%\" or 0.10 for ten per cent, or the name of a table: \"tariffs.csv\"")
    };
    let rate = match value.get_ref() {
        DeValue::String(text) => parse_rate(text).ok_or_else(|| not_a_rate(text))?,
        DeValue::Float(number) => parse_number(number.as_str()).ok_or_else(|| not_a_rate(number.as_str()))?,
        DeValue::Integer(number) => {
            let rate = parse_number(number.as_str()).filter(|_| number.radix() == 10);
            let rate = rate.ok_or_else(|| not_a_rate(&number.to_string()))?;
            // A whole number is a per cent whose sign was forgotten: nobody means a tariff of 1,000 per cent by `10`.
            if rate.abs() > 1.0 {
                return Err(wrong(format!("a rate of {rate} is {} per cent", 100.0 * rate))
                    .help(format!("write \"{rate}%\" for {rate} per cent, or {rate:.1} if you mean it")));
            }
            rate
        }
        other => {
            return Err(wrong(format!("`{key}` must be a rate, found {}", kind(other)))
                .help("write \"10%\" or 0.10 for ten per cent"));
        }
    };
    // A cut may be larger than 100 points when the tariff is; a level may not.
    if rate <= -1.0 && key != "add" {
        return Err(wrong(format!("`{key}` is {} per cent: a rate must be above -100 per cent", 100.0 * rate))
            .help("at -100 per cent the good would be free"));
    }
    Ok(Rate(rate))
}

pub(super) fn parse_rate(text: &str) -> Option<f64> {
    let text = text.trim();
    match text.strip_suffix('%') {
        Some(percent) => parse_number(percent.trim()).map(|number| number / 100.0),
        None => parse_number(text),
    }
}

/// A finite decimal number; `f64::from_str` alone would take `inf` and `nan`. TOML allows `1_000`.
fn parse_number(text: &str) -> Option<f64> {
    let digits: String = text.chars().filter(|&c| c != '_').collect();
    digits.parse::<f64>().ok().filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_follows_its_formula() {
        let before = Rate(0.04);
        let after = |change: Change| change.apply(before).0;
        assert!((after(Change::Add(Rate(0.1))) - 0.14).abs() < 1e-15);
        assert_eq!(after(Change::Set(Rate(0.1))), 0.1);
        assert_eq!(after(Change::AtLeast(Rate(0.1))), 0.1);
        assert_eq!(after(Change::AtMost(Rate(0.1))), 0.04);
        assert!((after(Change::Compound(Rate(0.1))) - 0.144).abs() < 1e-15);
    }

    #[test]
    fn rates_are_per_cents_or_decimals() {
        assert_eq!(parse_rate("10%"), Some(0.1));
        assert_eq!(parse_rate(" 12.5 % "), Some(0.125));
        assert_eq!(parse_rate("0.34"), Some(0.34));
        assert_eq!(parse_rate("-2%"), Some(-0.02));
        assert_eq!(parse_rate("+5%"), Some(0.05));
        for bad in ["", "%", "ten", "nan", "inf%", "10%%", "1e999"] {
            assert_eq!(parse_rate(bad), None, "{bad}");
        }
    }
}
