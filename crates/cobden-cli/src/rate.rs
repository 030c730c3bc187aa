//! `cobden rate`: what a good pays, and the acts behind it.

use std::process::ExitCode;

use cobden::Failure;
use cobden::law::{self, Asked, Finer, FinerPart, GoodRate, Part, Question, Register, Source, Status};

use crate::measures::arguments::{Print, RateArguments};
use crate::output::{WIDTH, print, wrap};
use crate::table::{Column, aligned};

/// Most groups of finer codes on screen.
const GROUPS: usize = 12;
/// Most codes of a group on screen.
const CODES: usize = 6;

pub(crate) fn rate(arguments: &RateArguments) -> Result<ExitCode, Failure> {
    let register = arguments.law.sources()?.open()?;
    let asked = Asked {
        importer: arguments.importer.clone(),
        exporter: arguments.exporter.clone(),
        product: arguments.product.clone(),
        on: arguments.on.clone(),
        known: arguments.as_known.clone(),
        view: arguments.view.into(),
        base: arguments.base,
        stated: arguments.state.clone(),
    };
    let mut rate = law::rate(&register, &asked)?;
    if !rate.finer.is_empty()
        && let Some(trade) = law::trade(&register, &arguments.world, &arguments.importer)?
    {
        rate.weigh(&register, &trade)?;
    }
    print(&match arguments.format {
        Print::Json => rate.json()?,
        Print::Text => screen(&register, &rate),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The acts of an answer, in the order in which they are referred to.
#[derive(Default)]
struct Acts<'a> {
    sources: Vec<&'a Source>,
}

impl<'a> Acts<'a> {
    /// The mark of an act, e.g. `[2]`.
    fn mark(&mut self, source: &'a Source) -> String {
        let known = self.sources.iter().position(|other| *other == source);
        let at = known.unwrap_or_else(|| {
            self.sources.push(source);
            self.sources.len() - 1
        });
        format!("[{}]", at + 1)
    }
}

fn screen(register: &Register, rate: &GoodRate) -> String {
    let mut acts = Acts::default();
    let mut text = head(register, rate);
    text.push('\n');
    text.push_str(&finer(rate));
    text.push_str(&parts(rate, &mut acts));
    text.push_str(&bases(rate));
    text.push_str(&aside(rate, &mut acts));
    text.push_str(&partial(rate));
    text.push_str(&sources(&acts));
    text
}

/// Measures that the register holds in part and that may mean the good all the same.
fn partial(rate: &GoodRate) -> String {
    if rate.duty.partial.is_empty() {
        return String::new();
    }
    let mut text = String::from("\nHeld in part: the good may be on what the register does not hold\n");
    for one in &rate.duty.partial {
        text.push_str(&wrap(&format!("{}: {}", one.measure, one.held), WIDTH, "  ", "    "));
        text.push('\n');
    }
    text
}

/// What was asked, and the answer in one line.
fn head(register: &Register, rate: &GoodRate) -> String {
    let Question { importer, exporter, product, date, known, view, stated, .. } = &rate.duty.question;
    let who = |code: &str| law::partner_words(register, code);
    let mut text = format!("{importer} on {product} from {exporter}, {date}: {}\n", answer(rate));
    let known = known.map_or_else(|| "as known now".to_owned(), |day| format!("as known on {day}"));
    let clock = if law::view_name(*view) == "law" { "by law" } else { "as collected at the border" };
    text.push_str(&wrap(
        &format!("What {} charges goods of {}, {clock}, {known}.", who(importer), who(exporter)),
        WIDTH,
        "",
        "",
    ));
    text.push('\n');
    if !stated.is_empty() {
        let stated: Vec<String> =
            stated.iter().map(|(quantity, value)| format!("{}={value}", law::typed(quantity))).collect();
        text.push_str(&wrap(&format!("Stated: {}.", stated.join(", ")), WIDTH, "", ""));
        text.push('\n');
    }
    text
}

fn answer(rate: &GoodRate) -> String {
    let on_top = if rate.base.is_some() { "" } else { " on top of the ordinary duty" };
    match (rate.total(), rate.on_top(), rate.range()) {
        (Some(total), ..) => format!("{}%", points(total)),
        (None, Some(0.0), _) => "nothing on top of the ordinary duty".to_owned(),
        (None, Some(added), _) => format!("{}%{on_top}", points(added)),
        (.., Some((least, most))) => format!("{}% to {}%{on_top}, by finer code", points(least), points(most)),
        _ if !rate.finer.is_empty() => "it turns on the finer code".to_owned(),
        _ => match rate.all_in() {
            Some(all_in) => format!("{}% in all, or the ordinary duty if that is higher", points(all_in)),
            None => "it turns on the ordinary duty, which is not known here".to_owned(),
        },
    }
}

/// Points with as many decimals as they need, at most two.
fn points(points: f64) -> String {
    let text = format!("{points:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A column of points is easier to read with the same number of decimals.
fn column(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"))
}

/// The base and what every measure adds to it, with the reasons beneath.
fn parts<'a>(rate: &'a GoodRate, acts: &mut Acts<'a>) -> String {
    let (shown, source) = ordinary(rate);
    let mut rows = vec![vec![shown, "ordinary duty".to_owned(), String::new(), String::new()]];
    let mut beneath = vec![vec![source]];
    for part in &rate.duty.parts {
        rows.push(row(rate, part, acts));
        let reasons = part.reasons.iter().map(|reason| match &reason.cite {
            Some(cite) if !reason.text.contains(cite) => format!("{} ({cite})", reason.text),
            _ => reason.text.clone(),
        });
        beneath.push(reasons.collect());
    }
    let header = ["points", "measure", "rate in the law", "act"].map(str::to_owned);
    let columns = [Column::Number, Column::Words, Column::Words, Column::Words];
    let table = aligned(&columns, &header, &rows, "  ");
    let mut lines = table.lines();
    let mut text = String::new();
    if !rate.finer.is_empty() {
        text.push_str(&format!("Codes under {} that no list names\n", rate.duty.question.product));
    }
    text.push_str(&format!("{}\n", lines.next().unwrap_or_default()));
    for (line, reasons) in lines.zip(beneath) {
        text.push_str(&format!("{line}\n"));
        for reason in reasons {
            text.push_str(&wrap(&reason, WIDTH, "            ", "              "));
            text.push('\n');
        }
    }
    if rate.base.is_some() {
        text.push_str(&format!("  {:>6}  in all\n", column(Some(rate.duty.total))));
    }
    if rate.duty.parts.is_empty() {
        text.push_str("          no measure of the register charges it\n");
    }
    text
}

/// The points of the ordinary duty, and what is known of it.
fn ordinary(rate: &GoodRate) -> (String, String) {
    match (&rate.base, rate.ordinary) {
        (Some(base), _) => (column(Some(base.points)), base.source.clone()),
        (None, Some((least, most))) => {
            let text = format!("{}% to {}% by finer code; not counted", points(least), points(most));
            ("?".to_owned(), text)
        }
        (None, None) => ("?".to_owned(), "not known here and not counted; state it with --base".to_owned()),
    }
}

fn row<'a>(rate: &GoodRate, part: &'a Part, acts: &mut Acts<'a>) -> Vec<String> {
    let line = if part.line == "default" { String::new() } else { format!("/{}", part.line) };
    let firm = if part.source.status == Status::Enacted {
        String::new()
    } else {
        format!(" {}, not law", law::status_name(part.source.status))
    };
    let mark = format!("{}{firm}", acts.mark(&part.source));
    vec![column(rate.points(part)), format!("{}{line}", part.measure), part.charge.clone(), mark]
}

/// The whole on some bases, where the base is not known and matters.
fn bases(rate: &GoodRate) -> String {
    if rate.if_base.is_empty() || rate.all_in().is_some() || !rate.finer.is_empty() {
        return String::new();
    }
    let said: Vec<String> =
        rate.if_base.iter().map(|(base, total)| format!("{}% if that is {}%", points(*total), points(*base))).collect();
    let text = format!("The law looks at the ordinary duty; in all it is {}.", said.join(", "));
    format!("\n{}\n", wrap(&text, WIDTH, "", ""))
}

/// Finer codes that pay different rates.
fn finer(rate: &GoodRate) -> String {
    if rate.finer.is_empty() {
        return String::new();
    }
    let product = &rate.duty.question.product;
    let mut text = wrap(
        &format!("The law tells finer codes than {product} apart. Ask for 8 or 10 digits. What they pay:"),
        WIDTH,
        "",
        "",
    );
    text.push('\n');
    let rows: Vec<Vec<String>> = rate.finer.iter().take(GROUPS).map(|group| finer_row(group, product)).collect();
    let columns = [Column::Number, Column::Number, Column::Words];
    let header = ["points", "codes", "which"].map(str::to_owned);
    let table = aligned(&columns, &header, &rows, "  ");
    let mut lines = table.lines();
    text.push_str(&format!("{}\n", lines.next().unwrap_or_default()));
    for (line, group) in lines.zip(&rate.finer) {
        text.push_str(&format!("{line}\n{}\n", wrap(&charges(group), WIDTH, "                 ", "                 ")));
    }
    if let Some(average) = &rate.average {
        let said = format!(
            "On average {}% with the ordinary duties that were paid, weighed by trade: {}.",
            points(average.points),
            average.weights
        );
        text.push_str(&format!("{}\n", wrap(&said, WIDTH, "  ", "  ")));
    }
    if rate.finer.len() > GROUPS {
        text.push_str(&format!("  and {} more groups (all with --format json)\n", rate.finer.len() - GROUPS));
    }
    text.push('\n');
    text
}

fn finer_row(group: &Finer, product: &str) -> Vec<String> {
    let others = group.codes.iter().any(|code| code == product).then(|| "all others".to_owned());
    let named = group.codes.iter().filter(|code| *code != product).cloned();
    let mut codes: Vec<String> = others.into_iter().chain(named).collect();
    let count = codes.len();
    codes.truncate(CODES);
    let more = if count > CODES { format!(" and {} more", count - CODES) } else { String::new() };
    vec![column(group.points), count.to_string(), format!("{}{more}", codes.join(", "))]
}

/// The rates behind a group of finer codes.
fn charges(group: &Finer) -> String {
    let part = |part: &FinerPart| match part.points() {
        Some(known) => format!("{} {}", points(known), part.measure),
        None => format!("{} {}", part.measure, part.charge),
    };
    let mut charges: Vec<String> = group.parts.iter().map(part).collect();
    charges.extend(group.missing.clone());
    if charges.is_empty() { "no measure".to_owned() } else { charges.join(" + ") }
}

/// Lines that would mean the good.
fn aside<'a>(rate: &'a GoodRate, acts: &mut Acts<'a>) -> String {
    if rate.duty.set_aside.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = rate
        .duty
        .set_aside
        .iter()
        .map(|aside| {
            let line = if aside.line == "default" { String::new() } else { format!("/{}", aside.line) };
            let until = aside.until.map_or_else(String::new, |day| format!(" until {day}"));
            vec![
                format!("{}{line}", aside.measure),
                aside.charge.clone(),
                format!("{}{until}", aside.how),
                acts.mark(&aside.by),
            ]
        })
        .collect();
    format!("\nSet aside\n{}", aligned(&[Column::Words; 4], &[], &rows, "  "))
}

/// The acts behind it all.
fn sources(acts: &Acts<'_>) -> String {
    if acts.sources.is_empty() {
        return String::new();
    }
    let mut text = String::from("\nActs\n");
    for (at, source) in acts.sources.iter().enumerate() {
        let sure =
            source.confidence.map_or_else(String::new, |sure| format!("; confidence {}", law::confidence_name(sure)));
        let first = format!("  [{}] ", at + 1);
        let rest = " ".repeat(first.len());
        text.push_str(&wrap(&format!("{}, announced {}{sure}", source.act, source.announced), WIDTH, &first, &rest));
        text.push('\n');
        if let Some(url) = &source.url {
            text.push_str(&format!("{rest}{url}\n"));
        }
    }
    text
}
