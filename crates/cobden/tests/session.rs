//! Questions of a page: sentences, the studies that they are, cards, acts of law as sentences.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

use std::ops::ControlFlow;

use cobden::session::{AnswerRate, AnswerWord, Manner, Sentence, Session};
use cobden::{Failure, Options, Study};

fn session() -> Session {
    Session::open("icio-2022").unwrap()
}

fn both() -> Sentence {
    Sentence::new("USA", 20.0).answered_by(["JPN", "CHN"])
}

/// The numbers of the study file that a sentence is, from the baseline and without a page.
fn by_run(session: &Session, sentence: &Sentence) -> Vec<f64> {
    let study = Study::parse(session.study_text(sentence).unwrap().into_bytes(), "page.toml").unwrap();
    let answer = cobden::run(study, &Options::default(), |_| ControlFlow::Continue(())).unwrap();
    assert!(answer.converged());
    answer.headline().unwrap().welfare_pct()
}

#[test]
fn the_study_of_a_sentence_gives_the_numbers_of_the_page() {
    let session = session();
    let mut cars = Sentence { goods: vec!["AUTO".into(), "METALS".into()], ..Sentence::new("EU27", 12.5) };
    cars.targets = vec!["CHN".into(), "USA".into()];
    let sentences = [
        both(),
        Sentence { answer: Manner::Together, ..both() },
        Sentence { answer_rate: AnswerRate::Points(7.25), ..both() },
        Sentence { answer: Manner::None, ..both() },
        Sentence { answer_rate: AnswerRate::Word(AnswerWord::Best), ..Sentence::new("USA", 20.0).answered_by(["CHN"]) },
        cars,
    ];
    for sentence in sentences {
        // From wherever the last answer ended.
        let page = session.read(&sentence, false, || true).unwrap();
        assert!(page.solver.converged, "{sentence:?}");
        let run = by_run(&session, &sentence);
        for (country, run) in page.countries.iter().zip(run) {
            assert!((country.welfare_pct.unwrap() - run).abs() < 1e-6, "{sentence:?} {}", country.country);
        }
    }
}

#[test]
fn a_sentence_has_one_form() {
    let mut sentence = both();
    sentence.targets = vec!["JPN".into(), "CHN".into(), "JPN".into()];
    let read = session().read(&sentence, false, || true).unwrap().sentence;
    assert_eq!((read.coalition, read.targets), (vec!["CHN".into(), "JPN".into()], vec!["CHN".into(), "JPN".into()]));
}

#[test]
fn together_members_trade_freely_with_each_other() {
    let session = session();
    let welfare = |answer, code: &str| {
        let read = session.read(&Sentence { answer, ..both() }, false, || true).unwrap();
        read.countries.iter().find(|country| country.country == code).unwrap().welfare_pct.unwrap()
    };
    let text = session.study_text(&Sentence { answer: Manner::Together, ..both() }).unwrap();
    assert!(text.contains("set = \"0%\"") && !session.study_text(&both()).unwrap().contains("set ="));
    assert_ne!(welfare(Manner::Each, "JPN"), welfare(Manner::Together, "JPN"));
}

#[test]
fn parts_add_up_and_belong_to_the_number() {
    let read = session().read(&both(), true, || true).unwrap();
    let why = read.why.unwrap();
    assert_eq!((why.failure, why.sectors.len()), (None, 24 * 18));
    for country in &read.countries {
        let parts = country.decomposition.unwrap();
        let sum = parts.terms_of_trade_pct
            + parts.volume_of_trade_pct
            + parts.trade_cost_pct
            + parts.profits_pct
            + parts.scale_pct
            + parts.labour_pct
            + parts.deficit_pct;
        assert!((sum - country.welfare_pct.unwrap()).abs() < 1e-6, "{}", country.country);
    }
    assert!(why.trade.windows(2).all(|pair| pair[0].change.abs() >= pair[1].change.abs()));
}

#[test]
fn what_is_wrong_with_a_sentence_is_said() {
    let session = session();
    let wrong = |sentence: Sentence| match session.read(&sentence, false, || true) {
        Err(Failure::Input(problem)) => problem.to_string(),
        other => panic!("{other:?}"),
    };
    let with = |targets: &[&str]| Sentence { targets: targets.iter().map(|code| (*code).into()).collect(), ..both() };
    for (sentence, said) in [
        (Sentence::new("USB", 10.0), "unknown country \"USB\" (did you mean \"USA\"?)"),
        (Sentence::new("USA", -1.0), "the tariff of -1 per cent"),
        (Sentence::new("USA", f64::NAN), "the tariff of NaN per cent"),
        (Sentence::new("USA", 1e300), "per cent"),
        (with(&["USA"]), "the tariff is on nobody's goods"),
        (with(&[]), "the tariff is on nobody's goods"),
        (with(&["CHN\"]\n"]), "unknown country"),
        (Sentence { goods: vec![], ..both() }, "the tariff is on no goods"),
        (Sentence::new("USA", 1.0).answered_by(["USA"]), "USA cannot answer itself"),
        (
            Sentence::new("USA", 1.0).answered_by(["CAN", "MEX", "BRA", "EU27", "GBR", "CHE", "TUR"]),
            "7 countries answer",
        ),
        (Sentence { answer_rate: AnswerRate::Points(2000.0), ..both() }, "the answer of 2000 per cent"),
    ] {
        assert!(wrong(sentence.clone()).contains(said), "{} / {said}", wrong(sentence));
    }
}

#[test]
fn a_rate_of_nothing_changes_nothing_and_says_so() {
    let read = session().read(&Sentence { rate_pct: 0.0, ..both() }, true, || true).unwrap();
    assert_eq!(read.headline, ["No tariff changes."]);
    assert!(read.countries.iter().all(|country| country.welfare_pct.unwrap().abs() < 1e-6));
}

#[test]
fn cards_show_every_way_to_answer_and_who_would_leave() {
    let session = session();
    let sentence = Sentence::new("USA", 20.0).answered_by(["CHN", "JPN", "KOR"]);
    let mut steps = 0;
    let cards = session.cards(&sentence, |_| {
        steps += 1;
        ControlFlow::Continue(())
    });
    let cards = cards.unwrap();
    let kinds: Vec<&str> = cards.cards.iter().map(|card| card.kind).collect();
    assert_eq!(kinds, ["none", "alone", "alone", "alone", "each", "together", "deal", "deal", "deal"]);
    assert!(steps >= 15 && cards.cards.iter().all(|card| card.solver.converged && card.unknown.is_empty()));
    assert_eq!(cards.countries, ["USA", "CHN", "JPN", "KOR"]);
    // Who would leave a joint answer is worked out from sentences that leave it out.
    let together = cards.cards.iter().find(|card| card.kind == "together").unwrap();
    for (at, member) in ["CHN", "JPN", "KOR"].into_iter().enumerate() {
        let others = ["CHN", "JPN", "KOR"].into_iter().filter(|other| *other != member);
        let without = Sentence { answer: Manner::Together, ..Sentence::new("USA", 20.0).answered_by(others) };
        let read = session.read(&without, false, || true).unwrap();
        let outside = read.countries.iter().find(|country| country.country == member).unwrap().welfare_pct.unwrap();
        let leaves = outside > together.welfare_pct[at + 1].unwrap() + 1e-6;
        assert_eq!(together.would_leave.iter().any(|code| code == member), leaves, "{member}");
    }
    // A deal takes the tariff on who makes it away.
    let deal = cards.cards.iter().find(|card| card.kind == "deal" && card.who.as_deref() == Some("JPN")).unwrap();
    let others = Sentence::new("USA", 20.0).answered_by(["CHN", "KOR"]);
    let targets = session.world().countries.iter().filter(|code| !["USA", "JPN"].contains(code));
    let spared = Sentence { targets: targets.map(str::to_owned).collect(), ..others };
    let read = session.read(&spared, false, || true).unwrap();
    let japan = read.countries.iter().find(|country| country.country == "JPN").unwrap();
    assert!((japan.welfare_pct.unwrap() - deal.welfare_pct[2].unwrap()).abs() < 1e-6);
}

#[test]
fn a_search_is_called_off() {
    let best = Sentence { answer_rate: AnswerRate::Word(AnswerWord::Best), ..both() };
    assert!(matches!(session().read(&best, false, || false), Err(Failure::Stopped)));
    assert!(matches!(session().cards(&both(), |_| ControlFlow::Break(())), Err(Failure::Stopped)));
    assert!(matches!(
        session().cards(&Sentence::new("USA", 5.0), |_| ControlFlow::Continue(())),
        Err(Failure::Input(_))
    ));
}

#[test]
fn acts_of_law_are_sentences_with_the_rates_of_the_register() {
    let session = session();
    let presets = session.presets().unwrap();
    let rates: Vec<(&str, f64)> = presets.iter().map(|preset| (preset.id, preset.sentence.rate_pct)).collect();
    // The rates as the acts have them: EO 14228, Proc. 10908, EO 14257, EO 14266, EO 14298, Proc. 11012.
    let law = [
        ("fentanyl-china", 20.0),
        ("cars", 25.0),
        ("baseline", 10.0),
        ("escalation", 125.0),
        ("truce", 10.0),
        ("section-122", 10.0),
    ];
    assert_eq!(rates, law);
    for preset in &presets {
        assert!(preset.acts.iter().all(|act| act.cite.is_some()), "{}", preset.id);
        assert!(session.read(&preset.sentence, false, || true).unwrap().solver.converged);
    }
    assert_eq!(presets[3].sentence.answer_rate, AnswerRate::Points(125.0));
}

#[test]
fn the_context_names_everybody_and_draws_them() {
    let context = session().context();
    assert_eq!((context.countries.len(), context.sectors.len(), context.map.shapes.len()), (24, 18, 24));
    assert!(context.sectors.iter().any(|sector| sector.code == "SERV" && !sector.goods));
    assert_eq!(context.hash, session().world_hash());
    assert_eq!(context.map.colours.len(), 11);
}
