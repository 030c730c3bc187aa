//! What a person reads of questions: screen, report and tables, for the tiny world.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test may panic")]

mod common;

use cobden::{Answer, Screen, result};
use cobden_report::{Chart, Question};
use common::{asked, run_cases};

fn file(answer: &Answer, name: &str) -> Option<String> {
    let found = result::files(answer).unwrap().into_iter().find(|(file, _)| file == name)?;
    Some(String::from_utf8(found.1).unwrap())
}

fn section(answer: &Answer, title: &str) -> Question {
    let sections = cobden::page(answer).questions;
    let titles: Vec<String> = sections.iter().map(|section| section.title.clone()).collect();
    sections
        .into_iter()
        .find(|section| section.title == title)
        .unwrap_or_else(|| panic!("{title} is not in {titles:?}"))
}

#[test]
fn a_joint_answer_is_told_step_by_step() {
    let answer = asked(
        r#"
        [[case]]
        name = "together"
        from = "us"
        headline = true
        respond = { players = ["CHN", "JPN"], against = ["USA"], together = true, inside = "free", max = "200%" }
        [[case]]
        name = "rule"
        from = "us"
        respond = { players = ["CHN"], against = ["USA"], match = "same rate" }
        "#,
    );
    let told = section(&answer, "Joint answer: “together”");
    assert!(
        told.asked.contains("on the United States are best for China and Japan acting as one? Starting from “us”.")
    );
    assert!(told.answer[0].starts_with("As one, China and Japan choose a mean tariff of "), "{:?}", told.answer);
    assert!(told.proof[0].contains("by deviating alone; at most 1e-6 was asked for"), "{:?}", told.proof);
    let steps = told.exhibits.iter().find_map(|exhibit| match &exhibit.chart {
        Chart::Steps(cards) => Some(cards),
        _ => None,
    });
    for card in steps.unwrap() {
        let sum: f64 = card.bars.iter().map(|bar| bar.value).sum();
        assert!((sum - card.total.value).abs() < 1e-12, "{card:?}");
    }
    assert!(section(&answer, "Answer by rule: “rule”").proof[0].starts_with("Chosen by rule"));
    // The headline comes first, then what starts from the same tariffs, side by side.
    let sections = cobden::page(&answer).questions;
    assert_eq!(sections[1].title, "“us”, and what could follow");
    let Chart::Bars(cards) = &sections[1].exhibits[0].chart else { panic!("no bars") };
    let names: Vec<&str> = cards[0].bars.iter().map(|bar| bar.label.as_str()).collect();
    assert_eq!((cards[0].name.as_str(), names), ("China", vec!["us", "together", "rule"]));
}

#[test]
fn the_headline_of_a_war_says_that_it_is_one() {
    let answer =
        asked("[[case]]\nname = \"war\"\nheadline = true\nnash = { players = [\"CHN\", \"JPN\"], max = \"200%\" }\n");
    let screen = Screen::new(&answer);
    assert!(
        screen.sentences[0].starts_with("When China and Japan wage a tariff war, real income in China "),
        "{:?}",
        screen.sentences
    );
    assert_eq!((screen.inquiries.len(), screen.inquiries[0].case), (1, 1));
    assert!(screen.inquiries[0].proof.starts_with("Tariff war: certificate "), "{}", screen.inquiries[0].proof);
    assert!(screen.inquiries[0].proof.ends_with("2 of 2 starts, 1 equilibrium"));
    let answers = asked(
        "[[case]]\nname = \"both\"\nheadline = true\nrespond = { players = [\"CHN\", \"JPN\"], against = [\"USA\"], max = \"200%\" }\n",
    );
    let first = &Screen::new(&answers).sentences[0];
    assert!(first.starts_with("When China and Japan raise tariffs on the United States, "), "{first}");
}

#[test]
fn coalitions_are_told_with_who_would_leave() {
    let answer = asked(
        r#"
        [[case]]
        name = "who"
        from = "us"
        coalitions = { players = ["CHN", "JPN", "EU27"], initiator = "USA", instrument = "sector", max = "200%", shown = ["CHN", "JPN"] }
        "#,
    );
    let found = answer.cases[1].strategy.as_ref().unwrap().coalitions.as_ref().unwrap();
    let screen = Screen::new(&answer);
    let table = screen.inquiries[0].coalitions.as_ref().unwrap();
    assert_eq!((table.columns.join(" ").as_str(), table.rows.len(), table.left_out), ("CHN JPN EU27 USA", 7, 0));
    for (line, row) in table.rows.iter().zip(&found.coalitions) {
        assert_eq!(line.leavers, row.leavers);
        assert_eq!(line.holds.starts_with("yes"), row.leavers.is_empty(), "{line:?}");
    }
    let csv = file(&answer, "coalitions.csv").unwrap();
    assert_eq!(csv.lines().count(), 1 + 7 * 4);
    let leave: usize = found.coalitions.iter().map(|row| row.leavers.len()).sum();
    assert_eq!(csv.matches(",leave,").count(), leave);
    assert!(file(&answer, "players.csv").is_none(), "coalitions have no players of their own");
    let Chart::Standings(standings) = &section(&answer, "Who would stand with whom: “who”").exhibits[0].chart
    else {
        panic!("no coalitions")
    };
    assert!(standings.rows.iter().find(|row| row.name == "China + Japan").unwrap().shown);
}

#[test]
fn a_deal_names_who_signs_and_who_pays() {
    let answer = asked(
        r#"
        [[case]]
        name = "war"
        nash = { players = ["USA", "JPN"], max = "200%" }
        [[case]]
        name = "deal"
        from = "war"
        headline = true
        bargain = { parties = ["USA", "JPN"], min = "0%", max = "200%", penalty = { on = "JPN", by = ["CHN"] } }
        "#,
    );
    let told = section(&answer, "Deal: “deal”");
    assert!(told.answer[0].contains("the United States +") && told.answer[0].contains(" Japan +"), "{:?}", told.answer);
    assert!(told.answer[1].starts_with("Of the 2 outside it "), "{:?}", told.answer);
    let first = &Screen::new(&answer).sentences[0];
    assert!(first.starts_with("When the United States and Japan strike a deal after “war”, "), "{first}");
}

#[test]
fn retaliation_has_a_frontier_and_alignment_a_grid() {
    let answer = asked(
        r#"
        [[case]]
        name = "return"
        from = "us"
        retaliate = { players = ["CHN", "JPN"], against = ["USA"], max = "100%", points = 4 }
        [[case]]
        name = "stand"
        from = "us"
        align = { governments = ["USA", "CHN", "JPN"], draws = 20 }
        "#,
    );
    let told = section(&answer, "Retaliation: “return”");
    assert!(
        told.answer[0].starts_with("Compared with “us”, the retaliation of China and Japan harms the United States by")
    );
    let Chart::Frontier(frontier) = &told.exhibits[0].chart else { panic!("no frontier") };
    assert_eq!((frontier.line.len(), frontier.points.len()), (4, 1));
    assert!(frontier.line.windows(2).all(|pair| pair[0].1 < pair[1].1), "{:?}", frontier.line);
    assert!(told.proof[0].starts_with("No point of the frontier still promised"), "{:?}", told.proof);
    let told = section(&answer, "Who wants the same: “stand”");
    let Chart::Grid(grid) = &told.exhibits[0].chart else { panic!("no grid") };
    assert_eq!((grid.columns.join(" ").as_str(), grid.rows.len()), ("United States China Japan", 3));
    // One answer alone needs no other beside it, and a look at the start is none.
    assert_eq!(cobden::page(&answer).questions.len(), 2);
}

#[test]
fn what_has_no_answer_shows_no_number() {
    let answer = asked(
        "[[case]]\nname = \"war\"\nnash = { players = [\"CHN\", \"JPN\"], max = \"200%\" }\n\
         [[case]]\nname = \"after\"\nfrom = \"war\"\nnash = { players = \"*\" }\n",
    );
    let mut broken = answer.clone();
    let case = &mut broken.cases[1];
    case.strategy.as_mut().unwrap().found = Err("it was not to be".to_owned());
    (case.solver.converged, case.solver.stop, case.outcome) = (false, "it was not to be".to_owned(), None);
    let told = section(&broken, "Tariff war: “war”");
    assert_eq!(told.answer, ["There is no answer to show: it was not to be."]);
    assert!(told.exhibits.is_empty());
    let csv = file(&broken, "players.csv").unwrap();
    let row = csv.lines().nth(1).unwrap();
    assert!(row.starts_with("war,nash,CHN,CHN,real income,false,,,,"), "{row}");
    assert!(file(&run_cases("[[case]]\nname = \"a\"\ntariffs = []\n").unwrap(), "players.csv").is_none());
}

#[test]
fn the_examples_of_the_documentation_are_read() {
    let page = include_str!("../../../docs/study-file.md");
    let section = page.split("## Questions").nth(1).unwrap().split("## Words reserved").next().unwrap();
    let examples = section.lines().filter(|line| {
        line.split_once(" = {").is_some_and(|(key, _)| key.bytes().all(|letter| letter.is_ascii_lowercase()))
    });
    let mut seen = 0;
    for example in examples {
        let groups = "[groups]\ngoods = [\"AGR\", \"AUTO\"]\n";
        let study = format!("title = \"t\"\nworld = \"w\"\n{groups}[[case]]\nname = \"q\"\n{example}\n");
        if let Err(problem) = cobden::Study::parse(study.into_bytes(), "example.toml") {
            panic!("{example}\n{problem}");
        }
        seen += 1;
    }
    assert_eq!(seen, 11);
}
