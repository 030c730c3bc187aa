//! `[[act]]` and its `[[act.change]]`, and the `[[op]]` of a scenario, which is a change without an act.

use std::collections::BTreeMap;

use cobden_world::Problem;
use cobden_world::document::{Document, Fields, Keys, string};
use toml::de::DeValue;

use super::values::{self, Raw};
use crate::measure::{Act, At, Change, Confidence, Levy, OnClaim, Quota, Status, Terms, Verb};
use crate::pattern::Pattern;
use crate::{Charge, Date, Located};

pub(super) const ACT: Keys = Keys {
    table: "an act",
    known: &["id", "title", "announced", "cite", "url", "status", "probability", "confidence", "note", "change"],
    later: &[],
};

const CHANGE: Keys = Keys {
    table: "a change",
    known: &[
        "measure",
        "line",
        "do",
        "partners",
        "rates",
        "products",
        "rate",
        "from",
        "until",
        "collected_from",
        "cap",
        "points",
        "on_claim",
        "quota",
        "reason",
        "refunds",
        "note",
        "why",
    ],
    later: &["factor"],
};

/// An op of a scenario: a change, or `do = "disable"`.
pub(super) const OP: Keys = Keys { table: "an op", known: CHANGE.known, later: CHANGE.later };

const QUOTA: Keys = Keys { table: "a quota", known: &["volume", "unit", "period", "inside", "outside"], later: &[] };

pub(crate) const STATUSES: [(&str, Status); 4] = [
    ("enacted", Status::Enacted),
    ("proposed", Status::Proposed),
    ("reported", Status::Reported),
    ("hypothetical", Status::Hypothetical),
];

const CONFIDENCES: [(&str, Confidence); 3] =
    [("high", Confidence::High), ("medium", Confidence::Medium), ("low", Confidence::Low)];

/// An act; `default` is the measure that its changes mean if they name none.
pub(super) fn act(fields: &Fields<'_>, file: usize, default: Option<&str>) -> Result<Act, Problem> {
    let changes = fields.list_of_fields("change", &CHANGE)?.ok_or_else(|| {
        fields.missing("change").help("write [[act.change]] and below it what the act does to which measure")
    })?;
    let act = Act {
        id: fields.text("id")?.map(|text| text.value),
        title: fields.text("title")?.map(|text| text.value),
        announced: values::date(fields, "announced")?.ok_or_else(|| fields.missing("announced"))?,
        cite: fields.text("cite")?.map(|text| text.value),
        url: fields.text("url")?.map(|text| text.value),
        status: values::word(fields, "status", &STATUSES)?.unwrap_or(Status::Enacted),
        probability: values::number(fields, "probability", 0.0, 1.0)?,
        confidence: values::word(fields, "confidence", &CONFIDENCES)?,
        note: fields.text("note")?.map(|text| text.value),
        changes: changes.iter().map(|item| change(item, file, default)).collect::<Result<_, _>>()?,
        at: At { file, span: fields.span() },
        supposed: false,
    };
    match act.status {
        Status::Enacted if act.cite.is_none() => {
            let problem = fields
                .missing("cite")
                .help("what counts as law names its public source, e.g. cite = \"EO 14257, 90 FR 15041\"");
            Err(problem)
        }
        Status::Reported if act.probability.is_none() => {
            Err(fields.missing("probability").help("a report is not law: say how likely it is, between 0 and 1"))
        }
        _ => Ok(act),
    }
}

/// What `do` can say.
#[derive(Clone, Copy)]
enum Do {
    Set,
    Suspend,
    End,
    Exempt,
    Lift,
}

/// A change of an act, or an op of a scenario.
pub(super) fn change(fields: &Fields<'_>, file: usize, default: Option<&str>) -> Result<Change, Problem> {
    let words = [
        ("set", Do::Set),
        ("suspend", Do::Suspend),
        ("extend", Do::Suspend),
        ("end", Do::End),
        ("exempt", Do::Exempt),
        ("lift", Do::Lift),
    ];
    let verb = values::word(fields, "do", &words)?.unwrap_or(Do::Set);
    let measures = match (values::texts(fields, "measure")?, default) {
        (Some(named), _) => named,
        (None, Some(id)) => vec![Located { value: id.to_owned(), span: fields.span() }],
        (None, None) => {
            return Err(fields.missing("measure").help("it may be left out only in a file that defines one measure"));
        }
    };
    if fields.value("from").is_none() {
        return Err(fields.missing("from").help("the first day on which it holds in law"));
    }
    refuse_strangers(fields, verb)?;
    Ok(Change {
        measures,
        line: fields.text("line")?.map(|text| text.value),
        verb: match verb {
            Do::Set => Verb::Set(Box::new(terms(fields, file)?)),
            Do::Suspend => Verb::Suspend(values::number(fields, "points", 0.0, 10_000.0)?),
            Do::End => Verb::End {
                reason: fields.text("reason")?.map(|text| text.value),
                refunds: fields.flag("refunds")?.is_some_and(|flag| flag.value),
            },
            Do::Exempt => Verb::Exempt,
            Do::Lift => Verb::Lift,
        },
        partners: values::partners(fields, "partners")?,
        products: values::products(fields, "products")?,
        period: values::period(fields)?,
        collected_from: values::date(fields, "collected_from")?,
        note: fields.text("note")?.or(fields.text("why")?).map(|text| text.value),
        at: At { file, span: fields.span() },
        targets: Vec::new(),
    })
}

/// Keys that mean nothing for what the change does.
fn refuse_strangers(fields: &Fields<'_>, verb: Do) -> Result<(), Problem> {
    let of_set = ["rates", "rate", "cap", "on_claim", "quota"];
    let strangers: Vec<&str> = match verb {
        Do::Set => vec!["points", "reason", "refunds"],
        Do::Suspend => [&of_set[..], &["reason", "refunds"]].concat(),
        Do::End => [&of_set[..], &["points", "until"]].concat(),
        Do::Exempt | Do::Lift => [&of_set[..], &["points", "reason", "refunds"]].concat(),
    };
    match strangers.into_iter().find(|key| fields.has(key)) {
        Some(key) => {
            let says = fields.text("do")?.map_or_else(|| "set".to_owned(), |text| text.value);
            let message = format!("`{key}` means nothing in a change with do = \"{says}\"");
            Err(fields.document().problem(&fields.key_span(key), message))
        }
        None => Ok(()),
    }
}

fn terms(fields: &Fields<'_>, file: usize) -> Result<Terms, Problem> {
    let document = fields.document();
    let mut rates = Vec::new();
    let stated = ["rate", "rates", "quota"].into_iter().filter(|key| fields.has(key)).collect::<Vec<_>>();
    match stated.as_slice() {
        [_] | ["rate", "quota"] => {}
        [] => return Err(fields.missing("rate").help("or `rates` by partner, or a `quota`")),
        [_, second, ..] => {
            let message = format!("a change has either {}", stated.join(" or "));
            return Err(document.problem(&fields.key_span(second), message).help("write two changes"));
        }
    }
    if let Some(quota) = fields.fields("quota", &QUOTA)? {
        let quota = read_quota(&quota, file)?;
        if let Some(value) = fields.value("rate") {
            // Some texts state the rate first and the quota as an exception to it.
            if charge(document, value, "`rate`")? != quota.outside {
                let message = format!("the rate is not the one beyond the quota, {}", quota.outside);
                return Err(document.problem(&value.span(), message).help("leave out `rate`"));
            }
        }
        rates.push((None, Levy::Quota(quota)));
    } else if let Some(value) = fields.value("rate") {
        rates.push((None, Levy::Rate(charge(document, value, "`rate`")?)));
    }
    for (key, value) in values::map(fields, "rates")? {
        let pattern = Pattern::new(key);
        if pattern.exclude {
            let message = format!("\"{}\" excludes: it cannot have a rate", pattern.written.value);
            return Err(document.problem(&pattern.written.span, message).help("leave it out with `partners`"));
        }
        rates.push((Some(pattern), Levy::Rate(charge(document, value, "a rate")?)));
    }
    let cap = fields.value("cap").map(|value| charge(document, value, "`cap`")).transpose()?;
    Ok(Terms { rates, cap: cap.map(|charge| charge.points), on_claim: on_claim(fields)? })
}

fn on_claim(fields: &Fields<'_>) -> Result<BTreeMap<String, OnClaim>, Problem> {
    let mut claims = BTreeMap::new();
    for (claim, value) in values::map(fields, "on_claim")? {
        let does = string(fields.document(), value, "what a claim does")?;
        let does = if does.value == "exempt" { OnClaim::Exempt } else { OnClaim::Share(does) };
        claims.insert(claim.value, does);
    }
    Ok(claims)
}

fn read_quota(fields: &Fields<'_>, file: usize) -> Result<Quota, Problem> {
    let side = |key: &str| match fields.value(key) {
        Some(value) => charge(fields.document(), value, &format!("`{key}`")),
        None => Err(fields.missing(key)),
    };
    Ok(Quota {
        volume: values::number(fields, "volume", 0.0, f64::INFINITY)?.ok_or_else(|| fields.missing("volume"))?,
        unit: fields.required_text("unit")?.value,
        period: fields.required_text("period")?.value,
        inside: side("inside")?,
        outside: side("outside")?,
        at: At { file, span: fields.span() },
    })
}

/// A rate: `25` or `"25%"` and the other forms.
fn charge(document: &Document, value: Raw<'_>, what: &str) -> Result<Charge, Problem> {
    let read = match value.get_ref() {
        DeValue::Integer(_) | DeValue::Float(_) => Charge::add(values::number_of(document, value, what)?),
        _ => Charge::parse(&string(document, value, what)?.value),
    };
    read.map_err(|problem| problem.at(document.place(&value.span())))
}

/// The day on which an op of a scenario is announced: the last day whose law it starts from.
pub(super) fn op_act(change: Change, announced: Date, at: At) -> Act {
    Act {
        id: None,
        title: change.note.clone(),
        announced,
        cite: None,
        url: None,
        status: Status::Hypothetical,
        probability: None,
        confidence: None,
        note: None,
        changes: vec![change],
        at,
        supposed: true,
    }
}
