//! Questions of a study, asked of the tiny world: what comes back, how it hangs together, what is refused.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic")]

mod common;

use std::ops::ControlFlow;

use cobden::{Answer, CaseAnswer, Failure, Strategy};
use common::{US, asked, run_cases};

fn case<'a>(answer: &'a Answer, name: &str) -> &'a CaseAnswer {
    answer.cases.iter().find(|case| case.name == name).unwrap()
}

fn strategy<'a>(answer: &'a Answer, name: &str) -> &'a Strategy {
    case(answer, name).strategy.as_ref().unwrap()
}

/// A question that is refused: where, and what is said.
fn refused(cases: &str) -> String {
    let Err(Failure::Input(problem)) = run_cases(&format!("{US}{cases}")) else { panic!("accepted:\n{cases}") };
    assert!(problem.place.is_some(), "{problem} stands nowhere");
    problem.to_string()
}

#[test]
fn a_war_of_one_is_a_best_response_and_so_is_a_coalition_of_one() {
    let answer = asked(
        r#"
        [[case]]
        name = "respond"
        from = "us"
        respond = { players = ["CHN"], against = ["USA"], max = "200%" }
        [[case]]
        name = "nash"
        from = "us"
        nash = { players = ["CHN"], against = ["USA"], max = "200%" }
        [[case]]
        name = "coalition"
        from = "us"
        coalitions = { players = ["CHN", "JPN"], initiator = "USA", outside = "passive", shown = ["CHN"], max = "200%" }
        "#,
    );
    let welfare = |name| case(&answer, name).welfare_pct();
    for name in ["nash", "coalition"] {
        // What its search leaves to be won is second order to China and first order to the others.
        for (n, (one, other)) in welfare("respond").iter().zip(welfare(name)).enumerate() {
            let exact = if n == 1 { 1e-8 } else { 1e-3 };
            assert!((one - other).abs() < exact, "{name}, country {n}: {one} {other}");
        }
    }
    assert!(strategy(&answer, "respond").by_player[0].gain_pct > 0.0);
    let row = &strategy(&answer, "coalition").coalitions.as_ref().unwrap().coalitions[0];
    assert_eq!(row.members, ["CHN"]);
    assert!((row.payoffs[0].pct - welfare("respond")[1]).abs() < 1e-8);
}

#[test]
fn steps_of_a_joint_answer_add_up_and_end_where_cases_of_their_own_do() {
    let answer = asked(
        r#"
        [[case]]
        name = "apart"
        from = "us"
        respond = { players = ["CHN", "JPN"], against = ["USA"], max = "200%" }
        [[case]]
        name = "outward"
        from = "us"
        respond = { players = ["CHN", "JPN"], against = ["USA"], together = true, max = "200%" }
        [[case]]
        name = "together"
        from = "us"
        respond = { players = ["CHN", "JPN"], against = ["USA"], together = true, inside = "free", max = "200%" }
        "#,
    );
    let joint = strategy(&answer, "together").joint.as_ref().unwrap();
    assert_eq!(joint.why_not, None);
    for row in &joint.rows {
        let at = answer.world.countries.index(&row.country).unwrap();
        let welfare = |name: &str| case(&answer, name).welfare_pct()[at];
        assert!((row.start_pct - welfare("us")).abs() < 1e-8, "{row:?}");
        assert!((row.apart_pct - welfare("apart")).abs() < 1e-8, "{row:?}");
        assert!((row.outward_pct - welfare("outward")).abs() < 1e-8, "{row:?}");
        assert!((row.together_pct - welfare("together")).abs() < 1e-8, "{row:?}");
        assert!((row.punishment.pct + row.opening.pct - row.gain.pct).abs() < 1e-12, "{row:?}");
        let income = answer.income[at];
        assert!((row.gain.usd_m.unwrap() - income * row.gain.pct / 100.0).abs() < 1e-12 * income);
    }
    let members: f64 = joint.rows[..2].iter().map(|row| row.punishment.usd_m.unwrap()).sum();
    assert!(members >= -1e-9, "together they do not punish worse than apart: {members}");
}

#[test]
fn answers_by_rule_levy_what_they_match() {
    let answer = asked(
        r#"
        [[case]]
        name = "rate"
        from = "us"
        respond = { players = ["CHN"], against = ["USA"], match = "same rate", instrument = "sector" }
        [[case]]
        name = "value"
        from = "us"
        respond = { players = ["CHN"], against = ["USA"], match = "same trade value" }
        "#,
    );
    let raise =
        |name: &str, j: usize| case(&answer, name).policy.tariffs[[1, 0, j]].0 - answer.world.tariffs[[1, 0, j]].0;
    assert!((raise("rate", 0) - 0.2).abs() < 1e-12 && (raise("rate", 1) - 0.2).abs() < 1e-12);
    let flows = &answer.world.flows;
    let levied: f64 = (0..2).map(|j| 0.2 * flows[[0, 1, j]]).sum();
    let matched: f64 = (0..2).map(|j| raise("value", j) * flows[[1, 0, j]]).sum();
    assert!((levied - matched).abs() < 1e-10, "{levied} {matched}");
    let found = strategy(&answer, "value");
    assert_eq!((found.matching, found.tolerance_pct), (Some("same trade value"), None));
    assert!(found.best_response_gain_max_pct.unwrap() > 0.0, "a rule forgoes something");
}

#[test]
fn talks_lift_all_above_the_war_that_threatens_them() {
    let answer = asked(
        r#"
        [[case]]
        name = "talks"
        from = "war"
        cooperate = { players = "*", min = "0%", max = "200%" }
        [[case]]
        name = "war"
        nash = { players = "*", max = "200%" }
        [[case]]
        name = "on top"
        from = "war"
        tariffs = [ { importer = "JPN", exporter = "USA", sector = "AGR", add = "1%" } ]
        "#,
    );
    assert!(answer.converged());
    let (war, talks) = (case(&answer, "war").welfare_pct(), case(&answer, "talks").welfare_pct());
    assert!(war.iter().zip(&talks).all(|(war, talks)| talks > war), "{war:?} {talks:?}");
    let gains = &strategy(&answer, "talks").talks.as_ref().unwrap().gains_pct;
    for (at, gain) in gains.iter().enumerate() {
        let over = 100.0 * ((1.0 + talks[at] / 100.0) / (1.0 + war[at] / 100.0) - 1.0);
        assert!((gain - over).abs() < 1e-8, "{gain} {over}");
    }
    let patience = strategy(&answer, "talks").patience.as_ref().unwrap();
    assert!(patience.by_player.iter().flatten().all(|factor| (0.0..1.0).contains(factor)));
    let rate = |name: &str| case(&answer, name).policy.tariffs[[2, 0, 0]].0;
    assert!((rate("on top") - rate("war") - 0.01).abs() < 1e-12, "a case may start from what was chosen");
    assert_eq!(answer.actors(1).len(), 0, "of nearly all who act none is set apart");
}

#[test]
fn what_was_not_found_leaves_nothing_to_start_from() {
    let directory = tempfile::tempdir().unwrap();
    common::write_world(directory.path());
    let cases = r#"
        [[case]]
        name = "war"
        from = "us"
        nash = { players = ["CHN", "JPN"], max = "200%" }
        [[case]]
        name = "after"
        from = "war"
        tariffs = [ { importer = "JPN", exporter = "USA", sector = "AGR", add = "1%" } ]
        [[case]]
        name = "signed"
        from = "war"
        tariffs = [ { importer = "USA", exporter = "JPN", sector = "*", at_most = "5%" } ]
        deal = { signatories = ["USA", "JPN"] }
        "#;
    let path = common::write_study(directory.path(), &format!("{US}{cases}"));
    // One iteration solves nothing, so the war has nowhere to begin.
    let settings = cobden::Settings { max_iterations: 1, ..Default::default() };
    let answer = common::run(&path, &cobden::Options { settings, ..Default::default() }).unwrap();
    for name in ["war", "after", "signed"] {
        assert!(!case(&answer, name).solver.converged && case(&answer, name).outcome.is_none(), "{name}");
    }
    assert!(!case(&answer, "war").solver.stop.contains("not sought"), "{}", case(&answer, "war").solver.stop);
    assert!(strategy(&answer, "war").found.is_err());
    for name in ["after", "signed"] {
        assert!(case(&answer, name).solver.stop.contains("\"war\", which has no answer"), "{name}");
    }
    assert!(case(&answer, "after").strategy.is_none(), "a case that states its rates asks nothing");
}

#[test]
fn the_ledger_of_a_study_hangs_together() {
    let answer = asked(
        r#"
        [[case]]
        name = "who"
        from = "us"
        coalitions = { players = ["CHN", "JPN", "EU27"], initiator = "USA", instrument = "sector", max = "200%", shown = ["CHN", "JPN"], partitions = true }
        "#,
    );
    let found = strategy(&answer, "who").coalitions.as_ref().unwrap();
    assert_eq!((found.coalitions.len(), found.structures.len(), found.outside), (7, 5, "gamma"));
    let world = &answer.world;
    for (n, name) in ["CHN", "JPN", "EU27"].iter().enumerate() {
        let at = world.countries.index(name).unwrap();
        let shown = found.coalitions.iter().find(|row| row.members == ["CHN", "JPN"]).unwrap();
        assert!((shown.payoffs[n].pct - case(&answer, "who").welfare_pct()[at]).abs() < 1e-8);
    }
    let grand = found.coalitions.last().unwrap();
    let shapley: f64 = found.shapley.as_ref().unwrap().iter().map(|share| share.usd_m.unwrap()).sum();
    assert!((shapley - grand.value_usd_m.unwrap()).abs() < 1e-9);
    let together = grand.payoffs.iter().map(|payoff| payoff.usd_m.unwrap()).sum::<f64>();
    for structure in &found.structures {
        let sum: f64 = structure.payoffs.iter().map(|payoff| payoff.usd_m.unwrap()).sum();
        assert!(sum <= together + 1e-6, "{:?} has {sum}, all together {together}", structure.blocks);
    }
}

#[test]
fn what_cannot_be_asked_is_refused_at_its_place() {
    let ask = |question: &str| format!("[[case]]\nname = \"q\"\nfrom = \"us\"\n{question}\n");
    for (question, says) in [
        ("nash = { players = [] }", "names nobody"),
        ("nash = { players = [\"CHM\"] }", "CHN"),
        ("nash = { players = [\"CHN\", \"CHN\"] }", "CHN plays twice"),
        ("nash = { players = [\"CHN\"], against = [\"CHN\"] }", "player without instruments"),
        ("nash = { players = [\"CHN\"], min = \"20%\", max = \"10%\" }", "bounds cross"),
        ("nash = { players = [\"CHN\"], player = [\"CHN\"] }", "unknown key `player`"),
        ("nash = { players = [\"CHN\"], instrument = \"sectors\" }", "\"sector\""),
        ("nash = { players = [\"CHN\"], starts = [\"anywhere\"] }", "unknown start"),
        ("nash = { players = [\"CHN\"], method = \"formula\", max = \"10%\" }", "beside the formula"),
        ("nash = { players = [\"CHN\"], objective = \"output\" }", "of which sector"),
        ("nash = { players = [\"CHN\"], objective = [ { aim = \"output\", sector = \"AUTOS\" } ] }", "AUTO"),
        ("respond = { players = [\"CHN\"], match = \"same rate\" }", "without `against`"),
        (
            "respond = { players = [\"CHN\"], against = [\"USA\"], match = \"same rate\", max = \"10%\" }",
            "nothing to choose",
        ),
        ("respond = { players = [\"CHN\"], against = [\"CHN\"], target = \"responding\" }", "a player and a target"),
        ("respond = { players = [\"CHN\"] }\nnash = { players = [\"CHN\"] }", "respond and nash"),
        ("coalitions = { players = [\"CHN\", \"USA\"], initiator = \"USA\" }", "a player and the initiator"),
        ("coalitions = { players = [[\"CHN\", \"JPN\"], \"EU27\"], initiator = \"USA\" }", "as one player"),
        ("coalitions = { players = [\"CHN\", \"JPN\"], shown = [\"EU27\"] }", "does not play"),
        ("cooperate = { players = [\"CHN\"], punishment = 0 }", "number of periods"),
        ("nash = { players = [\"CHN\"], objective = \"revenue\", only = \"raise\", tolerance = -1 }", "above zero"),
    ] {
        let said = refused(&ask(question));
        assert!(said.contains(says), "{question}\n{said}");
    }
}

#[test]
fn a_deal_is_worth_what_its_case_says_and_outsiders_pay() {
    let answer = asked(
        r#"
        [[case]]
        name = "signed"
        from = "us"
        tariffs = [ { importer = "USA", exporter = "JPN", sector = "*", at_most = "5%" } ]
        deal = { signatories = ["USA", "JPN"], penalty = { on = "JPN", by = ["CHN", "EU27"] } }
        [[case]]
        name = "bargained"
        from = "us"
        bargain = { parties = ["USA", "JPN"], min = "0%", max = "50%" }
        [[case]]
        name = "patient America"
        from = "us"
        bargain = { parties = ["USA", "JPN"], powers = [3, 1], min = "0%", max = "50%" }
        [[case]]
        name = "paid"
        from = "us"
        bargain = { parties = ["USA", "JPN"], min = "0%", max = "50%", payments = true }
        "#,
    );
    let deal = |name| strategy(&answer, name).deal.as_ref().unwrap();
    let over = |name: &str, n: usize| {
        let factor = |name: &str| 1.0 + case(&answer, name).welfare_pct()[n] / 100.0;
        100.0 * (factor(name) / factor("us") - 1.0)
    };
    for name in ["signed", "bargained", "patient America"] {
        for row in &deal(name).incidence {
            let n = answer.world.countries.index(&row.country).unwrap();
            assert!((row.welfare_pct - over(name, n)).abs() < 1e-8, "{name}: {row:?}");
        }
    }
    let gains = &deal("bargained").gains_pct;
    assert!(gains.iter().all(|gain| *gain > 0.0), "{gains:?}");
    assert!(deal("patient America").gains_pct[0] > gains[0], "power pays");
    let paid = deal("paid").payments_usd_m.as_ref().unwrap();
    assert!(paid.iter().sum::<f64>().abs() < 1e-9);
    assert_eq!(deal("signed").penalties.len(), 3, "each alone, then both");
    for penalty in deal("signed").penalties.iter().filter(|penalty| penalty.enough) {
        assert!(penalty.penalty_points > 0.0 && penalty.gain_left_pct.abs() < 1e-6, "{penalty:?}");
    }
    for loser in &deal("signed").compensation {
        let row = deal("signed").incidence.iter().find(|row| row.country == loser.country).unwrap();
        assert!(!row.signatory && (row.welfare_pct + loser.loss_pct).abs() < 1e-9, "{loser:?} {row:?}");
    }
}

#[test]
fn deals_that_cannot_be_are_refused_at_their_place() {
    let ask = |question: &str| format!("[[case]]\nname = \"q\"\nfrom = \"us\"\n{question}\n");
    for (question, says) in [
        ("bargain = { parties = [\"USA\", \"JPN\"], powers = [1] }", "1 powers for 2 parties"),
        ("bargain = { parties = [\"USA\", \"JPN\"], powers = [1, 0] }", "above zero"),
        ("bargain = { parties = [\"USA\", \"JPN\"], instrument = \"sector\" }", "unknown key"),
        ("bargain = { parties = [\"USA\", \"JPN\"], penalty = { on = \"CHN\", by = [\"EU27\"] } }", "signs nothing"),
        ("deal = { signatories = [\"USA\", \"JPN\"], penalty = { on = \"JPN\", by = [\"JPN\"] } }", "JPN"),
        (
            "deal = { signatories = [\"USA\", \"JPN\"], penalty = { on = \"JPM\", by = [\"CHN\"] } }",
            "did you mean \"JPN\"",
        ),
    ] {
        let said = refused(&ask(question));
        assert!(said.contains(says), "{question}\n{said}");
    }
}

#[test]
fn retaliation_walks_its_frontier_and_its_table_loads_again() {
    let answer = asked(
        r#"
        [[case]]
        name = "Best answer"
        from = "us"
        retaliate = { players = ["CHN", "JPN"], against = ["USA"], max = "100%", points = 6 }
        [[case]]
        name = "equal"
        from = "us"
        retaliate = { players = ["CHN", "JPN"], against = ["USA"], max = "100%", points = 2, limit = "harm", value = 0.5 }
        [[case]]
        name = "listed"
        from = "us"
        retaliate = { players = ["CHN", "JPN"], against = ["USA"], max = "100%", points = 2, limit = "trade affected", value = 15 }
        "#,
    );
    let found = |name| strategy(&answer, name).retaliation.as_ref().unwrap();
    let frontier = &found("Best answer").frontier;
    assert_eq!(frontier.len(), 6);
    for pair in frontier.windows(2) {
        assert!(pair[1].harm_pct > pair[0].harm_pct && pair[1].own_pct < pair[0].own_pct, "{pair:?}");
    }
    assert!((found("equal").chosen.harm_usd_m.unwrap() - 0.5).abs() < 1e-6);
    let listed = found("listed");
    assert!(listed.chosen.trade_affected_usd_m.unwrap() <= 15.0);
    let list = listed.list.as_ref().unwrap();
    assert!(list.bound_pct.is_none_or(|bound| list.reached_pct <= bound + 1e-9));
    let rows: f64 = found("Best answer").rows.iter().map(|row| row.harm_pct).sum();
    assert!((rows - frontier[0].harm_pct).abs() < 1e-6);

    let tables = cobden::result::retaliation_files(&answer).unwrap();
    let (name, table) = &tables[0];
    assert_eq!((name.as_str(), tables.len()), ("retaliation.best-answer.csv", 3));
    let directory = tempfile::tempdir().unwrap();
    common::write_world(directory.path());
    std::fs::write(directory.path().join(name), table).unwrap();
    let again = format!(
        "{US}[[case]]\nname = \"again\"\nfrom = \"us\"\ntariffs = [ {{ importer = [\"CHN\", \"JPN\"], exporter = \"USA\", sector = \"*\", at_least = \"{name}\" }} ]\n"
    );
    let path = common::write_study(directory.path(), &again);
    let again = common::run(&path, &cobden::Options::default()).unwrap();
    let (one, other) = (case(&answer, "Best answer").welfare_pct(), case(&again, "again").welfare_pct());
    assert!(one.iter().zip(&other).all(|(one, other)| (one - other).abs() < 1e-9), "{one:?} {other:?}");
}

#[test]
fn governments_align_with_themselves_and_reforms_help_all() {
    let answer = asked(
        r#"
        [[case]]
        name = "stand"
        from = "us"
        align = { governments = ["USA", "CHN", "JPN"], draws = 200 }
        "#,
    );
    let found = strategy(&answer, "stand").alignment.as_ref().unwrap();
    for (n, row) in found.cosines.iter().enumerate() {
        assert!((row[n] - 1.0).abs() < 1e-12);
        assert!(
            row.iter().enumerate().all(|(i, cosine)| *cosine == found.cosines[i][n] && cosine.abs() <= 1.0 + 1e-12)
        );
    }
    assert!(found.moves.iter().chain(&found.exchanges).all(|one| one.gains_pct.iter().all(|gain| *gain > 0.0)));
    assert_eq!(case(&answer, "stand").welfare_pct(), case(&answer, "us").welfare_pct(), "nothing is changed by asking");
}

#[test]
fn retaliation_and_alignment_that_cannot_be_are_refused() {
    let ask = |question: &str| format!("[[case]]\nname = \"q\"\nfrom = \"us\"\n{question}\n");
    for (question, says) in [
        ("retaliate = { players = [\"CHN\"], max = \"100%\" }", "has no `against`"),
        ("retaliate = { players = [\"CHN\"], against = [\"CHN\"], max = \"100%\" }", "CHN"),
        ("retaliate = { players = [\"CHN\"], against = [\"USA\"], value = 5 }", "without `limit`"),
        (
            "retaliate = { players = [\"CHN\"], against = [\"USA\"], max = \"100%\", limit = \"harm\", value = 1e9 }",
            "harm",
        ),
        (
            "retaliate = { players = [\"CHN\"], against = [\"JPN\"], max = \"100%\", limit = \"trade affected\" }",
            "nothing to be equal to",
        ),
        ("retaliate = { players = [\"CHN\"], against = [\"USA\"], points = 1 }", "from 2 to 200"),
        ("align = { governments = [\"CHN\"] }", "at least two"),
        ("align = { governments = [\"CHN\", \"JPN\"], step = \"0%\" }", "above zero"),
    ] {
        let said = refused(&ask(question));
        assert!(said.contains(says), "{question}\n{said}");
    }
}

#[test]
fn a_ledger_that_was_stopped_goes_on_where_it_was_bit_by_bit() {
    let directory = tempfile::tempdir().unwrap();
    common::write_world(directory.path());
    let question = r#"
        [[case]]
        name = "who"
        from = "us"
        coalitions = { players = "*", max = "200%", min = "0%", instrument = "sector", inside = "chosen", partitions = true, outside = "passive" }
        "#;
    let path = common::write_study(directory.path(), &format!("{US}{question}"));
    let keep = directory.path().join("out");
    let part = keep.join("coalitions.2.part");
    let options = || cobden::Options { keep: Some(keep.clone()), ..Default::default() };
    // How many structures were computed, and whether the run was stopped after so many.
    let run = |stop_after: usize| {
        let mut seen = 0;
        let answer = cobden::run(cobden::open_study(&path).unwrap(), &options(), |progress| {
            seen += usize::from(progress.detail.contains("coalition structures"));
            if seen >= stop_after { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        (answer, seen)
    };
    let whole = common::run(&path, &cobden::Options::default()).unwrap();
    let (stopped, seen) = run(20);
    assert!(matches!(stopped, Err(Failure::Stopped)) && seen >= 20 && part.exists());
    let (answer, rest) = run(usize::MAX);
    let structures = strategy(&whole, "who").coalitions.as_ref().unwrap().structures.len();
    assert!(rest < structures && rest > 0, "{rest} of {structures} were computed");
    assert_eq!(case(&answer.unwrap(), "who").welfare_pct(), case(&whole, "who").welfare_pct());
    assert!(!part.exists(), "what is done is not kept");
}

#[test]
fn all_in_one_free_trade_area_have_free_trade() {
    let answer = run_cases(
        r#"
        [model]
        preset = "armington"
        [[case]]
        name = "all"
        coalitions = { players = "*", max = "200%", instrument = "sector" }
        [[case]]
        name = "free"
        tariffs = [ { importer = "*", exporter = "*", sector = "*", set = "0%" } ]
        "#,
    )
    .unwrap();
    assert!(answer.converged());
    assert_eq!(case(&answer, "all").policy, case(&answer, "free").policy);
    for (one, other) in case(&answer, "all").welfare_pct().iter().zip(case(&answer, "free").welfare_pct()) {
        assert!((one - other).abs() < 1e-9, "{one} {other}");
    }
}
