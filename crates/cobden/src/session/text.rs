//! Sentences written as study files.

use cobden_world::Problem;

use super::sentence::{ALL, Checked, Manner, Reply};
use super::standing::{Place, Plan};
use crate::labels::{capital, in_sentence, listed, sector};

/// What the case is called in which the initiator acts and nobody answers.
pub(super) const ALONE: &str = "Nobody answers";
/// Most that a best answer may add to a rate.
const MOST: &str = "100%";

/// The smallest study of a world, for its default elasticities and model.
pub(super) fn opening(world: &str) -> String {
    format!("title = \"Page\"\nworld = {}\n[[case]]\nname = \"none\"\ntariffs = []\n", quoted(world))
}

/// The world of the page. One with products is solved by sector here, and its studies say so.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) world: &'a str,
    pub(super) products: bool,
}

/// The study of a sentence: the initiator alone, then with the answer.
pub(super) fn study(checked: &Checked, of: Named<'_>) -> String {
    let mut text = head(&title(checked), of);
    text.push_str(&case(ALONE, None, checked.answering().is_empty(), &initial(checked), None));
    if !checked.answering().is_empty() {
        let together = checked.sentence().answer == Manner::Together;
        let (name, rows, question) = answer(checked, checked.answering(), together);
        text.push_str(&case(&name, Some(ALONE), true, &rows, question.as_deref()));
    }
    text
}

/// The study of all cards, and which case stands where.
///
/// # Errors
/// Nobody answers, so there is nothing to choose between.
pub(super) fn cards(checked: &Checked, of: Named<'_>) -> Result<(String, Plan), Problem> {
    let members = &checked.sentence().coalition;
    if members.is_empty() {
        return Err(Problem::new("nobody answers").help("name a country that could"));
    }
    let mut text = head(&title(checked), of);
    let mut plan = Plan::default();
    let mut add = |place: Place, name: String, from: Option<&str>, rows: &[String], question: Option<&str>| {
        text.push_str(&case(&name, from, place == Place::Nobody, rows, question));
        plan.push(place, name);
    };
    add(Place::Nobody, ALONE.to_owned(), None, &initial(checked), None);
    let mut answered = |place: Place, who: &[String], together: bool| {
        let (name, rows, question) = answer(checked, who, together);
        add(place, name, Some(ALONE), &rows, question.as_deref());
    };
    for member in members {
        answered(Place::Alone(member.clone()), std::slice::from_ref(member), false);
    }
    if members.len() > 1 {
        answered(Place::Each, members, false);
        answered(Place::Together, members, true);
        // Without one of three or more, the others go on; of two, the other is left alone.
        for left in members.iter().filter(|_| members.len() > 2) {
            let others: Vec<String> = members.iter().filter(|other| *other != left).cloned().collect();
            answered(Place::EachWithout(left.clone()), &others, false);
            answered(Place::TogetherWithout(left.clone()), &others, true);
        }
    }
    for signatory in members.iter().filter(|member| checked.hits(member)) {
        let others: Vec<String> = members.iter().filter(|other| *other != signatory).cloned().collect();
        let spared = spared(checked, signatory);
        let (rows, question) = match others.is_empty() {
            true => (Vec::new(), None),
            false => {
                let (_, rows, question) = answer(checked, &others, false);
                (rows, question)
            }
        };
        let name = format!("{} makes a deal", capital(&in_sentence(signatory)));
        let rows: Vec<String> = std::iter::once(spared).chain(rows).collect();
        add(Place::Deal(signatory.clone()), name, Some(ALONE), &rows, question.as_deref());
    }
    Ok((text, plan))
}

fn head(title: &str, of: Named<'_>) -> String {
    let model = if of.products { "\n[model]\nproducts = false\n" } else { "" };
    format!(
        "# Written by cobden's page. Run it with: cobden run FILE\ntitle = {}\nworld = {}\n{model}",
        quoted(title),
        quoted(of.world)
    )
}

/// `The United States puts 20 % on everyone's goods`.
fn title(checked: &Checked) -> String {
    let sentence = checked.sentence();
    let whom = match sentence.targets.as_slice() {
        [all] if all == ALL => "everyone".to_owned(),
        targets if targets.len() > 4 => format!("{} countries", targets.len()),
        targets => listed(&targets.iter().map(|code| in_sentence(code)).collect::<Vec<_>>()),
    };
    let goods = match sentence.goods.as_slice() {
        [all] if all == ALL => String::new(),
        [one] => format!(" ({})", sector(one).to_lowercase()),
        goods => format!(" ({} kinds of goods)", goods.len()),
    };
    let subject = capital(&in_sentence(&sentence.initiator));
    format!("{subject}: {} on {whom}{goods}", percent(sentence.rate_pct))
}

/// The rows of the initiator.
fn initial(checked: &Checked) -> Vec<String> {
    let sentence = checked.sentence();
    let whom = if sentence.targets.iter().any(|target| target == ALL) {
        quoted(ALL)
    } else {
        list(sentence.targets.iter().filter(|target| **target != sentence.initiator))
    };
    let action = format!("add = {}", quoted(&percent(sentence.rate_pct)));
    vec![row(&quoted(&sentence.initiator), &whom, checked, &action)]
}

/// The initiator takes its new tariff on one of them back.
fn spared(checked: &Checked, signatory: &str) -> String {
    let action = format!("add = {}", quoted(&format!("-{}", percent(checked.sentence().rate_pct))));
    row(&quoted(&checked.sentence().initiator), &quoted(signatory), checked, &action)
}

/// The answer of some: what the case is called, its rows and its question.
fn answer(checked: &Checked, who: &[String], together: bool) -> (String, Vec<String>, Option<String>) {
    let initiator = quoted(&checked.sentence().initiator);
    let names = listed(&who.iter().map(|code| in_sentence(code)).collect::<Vec<_>>());
    let verb = if who.len() == 1 { "answers" } else { "answer" };
    let how = match (who.len(), together) {
        (1, _) => "",
        (_, true) => " together",
        (_, false) => ", each on its own",
    };
    let name = format!("{} {verb}{how}", capital(&names));
    match checked.reply() {
        Reply::Points(rate) => {
            let mut rows =
                vec![row(&list(who.iter()), &initiator, checked, &format!("add = {}", quoted(&percent(rate))))];
            if together && who.len() > 1 {
                rows.push(row(&list(who.iter()), &list(who.iter()), checked, "set = \"0%\""));
            }
            (name, rows, None)
        }
        Reply::Best => {
            let bloc = if together && who.len() > 1 { ", together = true, inside = \"free\"" } else { "" };
            let question = format!(
                "respond = {{ players = {}, against = [{initiator}], sectors = {}{bloc}, only = \"raise\", max = \"{MOST}\" }}",
                list(who.iter()),
                list(checked.goods().iter())
            );
            (name, Vec::new(), Some(question))
        }
    }
}

fn case(name: &str, from: Option<&str>, headline: bool, rows: &[String], question: Option<&str>) -> String {
    let mut text = format!("\n[[case]]\nname = {}\n", quoted(name));
    if let Some(from) = from {
        text.push_str(&format!("from = {}\n", quoted(from)));
    }
    if headline {
        text.push_str("headline = true\n");
    }
    if !rows.is_empty() || question.is_none() {
        let rows: String = rows.iter().map(|row| format!("  {row},\n")).collect();
        text.push_str(&format!("tariffs = [\n{rows}]\n"));
    }
    if let Some(question) = question {
        text.push_str(&format!("{question}\n"));
    }
    text
}

fn row(importer: &str, exporter: &str, checked: &Checked, action: &str) -> String {
    let goods = list(checked.goods().iter());
    format!("{{ importer = {importer}, exporter = {exporter}, sector = {goods}, {action} }}")
}

/// `["CHN", "JPN"]`.
fn list<'n>(names: impl Iterator<Item = &'n String>) -> String {
    format!("[{}]", names.map(|name| quoted(name)).collect::<Vec<_>>().join(", "))
}

/// Per cent with as many digits as the number has.
fn percent(rate: f64) -> String {
    format!("{rate}%")
}

/// A text as TOML has it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
