//! `cobden measures show`.

use cobden::Problem;
use cobden::law::{self, Act, Change, Register, Shown, Status, words};

use super::arguments::{Print, ShowArguments};
use crate::output::{WIDTH, print, wrap};

/// Where the text beside the heads begins.
const INDENT: &str = "            ";

pub(super) fn show(arguments: &ShowArguments) -> Result<(), Problem> {
    let register = arguments.law.sources()?.open()?;
    let shown = law::show(&register, &arguments.id, law::day(&arguments.on)?, arguments.view.into())?;
    print(&match arguments.format {
        Print::Json => shown.json(&register)?,
        Print::Text => screen(&register, &shown),
    })
}

fn screen(register: &Register, shown: &Shown<'_>) -> String {
    let measure = shown.measure;
    let mut text = format!("{}  {}\n", measure.id, measure.title);
    let by = law::partner_words(register, &measure.importer);
    text.push_str(&format!("Levied by {by} under {}\n\n", measure.authority));
    field(&mut text, "goods", [words::products(register, &measure.products)]);
    field(&mut text, "charged on", measure.charged_on.iter().map(|item| words::charged_on(register, item)));
    field(&mut text, "exempt", measure.exempt.iter().map(words::exempt));
    field(
        &mut text,
        "gives way",
        measure.gives_way.iter().map(|way| format!("to {}", words::gives_way(register, way))),
    );
    field(&mut text, "answers", measure.responds_to.iter().map(|id| id.value.clone()));
    field(&mut text, "plan", measure.plan.iter().cloned());
    field(&mut text, "held", measure.partial.iter().cloned());
    field(&mut text, "note", measure.note.iter().cloned());
    text.push_str("\nActs, in the order in which they became known\n");
    for (act, changes) in &shown.acts {
        text.push_str(&told(register, act, changes));
    }
    text.push_str("\nThrough time\n");
    for (day, state, by) in &shown.states {
        let by = by.as_ref().map_or_else(String::new, |by| format!(" by {}", by.act));
        entry(&mut text, &day.to_string(), &format!("{state}{by}"));
    }
    text.push_str(&format!("\nOn {}\n", shown.on));
    if shown.lines.is_empty() {
        text.push_str("  nothing is in force\n");
    }
    for line in &shown.lines {
        entry(&mut text, &line.line, &format!("on {} ({})", line.goods, line.act.act));
        for rate in &line.rates {
            let cut = rate
                .cut
                .as_ref()
                .map_or_else(String::new, |(points, by)| format!(", {points} points of it suspended ({})", by.act));
            let first = format!("{INDENT}{} ", rate.charge);
            text.push_str(&wrap(&format!("from {}{cut}", rate.whom), WIDTH, &first, &format!("{INDENT}  ")));
            text.push('\n');
        }
    }
    for aside in &shown.set_aside {
        let until = aside.until.map_or_else(String::new, |day| format!(" until {day}"));
        let said = format!("{} from {}{until} ({})", aside.goods, aside.whom, aside.by.act);
        entry(&mut text, aside.how, &said);
    }
    text
}

/// A head with one text or several beneath each other; nothing if there is none.
fn field(text: &mut String, head: &str, items: impl IntoIterator<Item = String>) {
    let mut head = head;
    for item in items {
        entry(text, head, &item);
        head = "";
    }
}

fn entry(text: &mut String, head: &str, item: &str) {
    let first = format!("  {head:<9} ");
    text.push_str(&wrap(item, WIDTH, &first, INDENT));
    text.push('\n');
}

fn told(register: &Register, act: &Act, changes: &[&Change]) -> String {
    let mut text = format!("{}  ", act.announced);
    let sure = act.confidence.map_or_else(String::new, |sure| format!("; confidence {}", law::confidence_name(sure)));
    let firm = match (act.status, act.probability) {
        (Status::Enacted, _) => String::new(),
        (status, Some(probability)) => format!("; {}, {:.0}% likely", law::status_name(status), probability * 100.0),
        (status, None) => format!("; {}", law::status_name(status)),
    };
    text = wrap(&format!("{}{sure}{firm}", act.name()), WIDTH, &text, INDENT);
    text.push('\n');
    if let Some(url) = &act.url {
        text.push_str(&format!("{INDENT}{url}\n"));
    }
    for change in changes {
        text.push_str(&wrap(&words::change(register, change), WIDTH, &format!("{INDENT}- "), &format!("{INDENT}  ")));
        text.push('\n');
    }
    if let Some(note) = &act.note {
        text.push_str(&wrap(note, WIDTH, &format!("{INDENT}Note: "), INDENT));
        text.push('\n');
    }
    text
}
