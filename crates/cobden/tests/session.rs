//! Questions of a page: sentences, the studies that they are, cards, acts of law as sentences.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

use std::ops::ControlFlow;

use cobden::session::{AnswerRate, AnswerWord, Draws, Manner, Sentence, Session};
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
    // World trade in value is world imports: no flow is lost on the way.
    let sum = |flows: &[Vec<f64>]| flows.iter().flatten().sum::<f64>();
    assert_eq!((why.trade.before.len(), why.trade.after[23].len()), (24, 24));
    assert!((sum(&why.trade.before) - session().world().flows.sum()).abs() < 1.0);
    let [importer, exporter] = ["USA", "CHN"].map(|code| session().world().countries.index(code).unwrap());
    assert!(why.trade.after[importer][exporter] < 0.9 * why.trade.before[importer][exporter]);
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

#[test]
fn a_band_is_the_same_on_any_number_of_threads_and_holds_the_answer() {
    let session = session();
    let draws = Draws { seed: 1, draws: 60 };
    let band = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| session.band(&both(), draws, |_| ControlFlow::Continue(()))).unwrap()
    };
    let (one, four) = (band(1), band(4));
    assert_eq!((&one.countries, &one.whole, one.failed), (&four.countries, &four.whole, four.failed));
    assert_eq!((one.draws, one.seed, one.countries.len()), (60, 1, 24));
    let read = session.read(&both(), false, || true).unwrap();
    for (band, answer) in one.countries.iter().zip(&read.countries) {
        assert!(band.p5 <= band.p25 && band.p25 <= band.p50 && band.p50 <= band.p75 && band.p75 <= band.p95);
        // The central elasticities are the middle of the draws; the answer need not be the median, but lies among them.
        let wide = band.p95 - band.p5;
        assert!((band.p5 - wide..band.p95 + wide).contains(&answer.welfare_pct.unwrap()), "{band:?} {answer:?}");
    }
    let other = session.band(&both(), Draws { seed: 2, ..draws }, |_| ControlFlow::Continue(())).unwrap();
    assert_ne!(other.countries, one.countries);
}

#[test]
fn each_draw_is_the_sentence_at_its_own_elasticities() {
    // One draw is one run of the study with these elasticities; its quantiles are all that number.
    let session = session();
    let sentence = Sentence::new("USA", 20.0).answered_by(["CHN"]);
    let draws = Draws { seed: 9, draws: 1 };
    let band = session.band(&sentence, draws, |_| ControlFlow::Continue(())).unwrap();
    let mut noise = cobden_ensemble::Noise::of(9, 0);
    let table: String = band
        .spreads
        .iter()
        .map(|row| format!("{},{}\n", row.sector, row.centre * (row.spread * noise.normal()).exp()))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let drawn = ("elasticities.drawn.csv".to_owned(), format!("sector,trade_elasticity\n{table}").into_bytes());
    cobden::save_world(&folder.path().join("w"), session.world(), cobden::Format::Csv, &[drawn]).unwrap();
    let text = session.study_text(&sentence).unwrap();
    let text = text.replacen("world = \"icio-2022\"", "world = \"w\"\nelasticities = \"drawn\"", 1);
    let study = Study::parse(text.into_bytes(), "page.toml").unwrap();
    let options = Options { folder: Some(folder.path().to_owned()), ..Options::default() };
    let answer = cobden::run(study, &options, |_| ControlFlow::Continue(())).unwrap();
    for (band, run) in band.countries.iter().zip(answer.headline().unwrap().welfare_pct()) {
        assert_eq!(band.p5, band.p95);
        assert!((band.p50 - run).abs() < 1e-9, "{} {run}", band.p50);
        assert_eq!(band.loss_share, f64::from(u8::from(run < 0.0)));
    }
}

#[test]
fn a_band_can_be_called_off_and_holds_what_was_chosen() {
    let session = session();
    let best =
        Sentence { answer_rate: AnswerRate::Word(AnswerWord::Best), ..Sentence::new("USA", 20.0).answered_by(["CHN"]) };
    let stop = |done| if done >= 8 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    assert!(matches!(session.band(&best, Draws::default(), stop), Err(Failure::Stopped)));
    let read = session.read(&best, false, || true).unwrap();
    let mut steps = Vec::new();
    let band = session.band(&best, Draws { seed: 1, draws: 16 }, |done| {
        steps.push(done);
        ControlFlow::Continue(())
    });
    // What the answer found is held; nothing is sought again.
    assert_eq!(steps, [0, 8, 16]);
    assert_eq!(band.unwrap().sentence, read.sentence);
    assert!(session.band(&Sentence::new("USB", 1.0), Draws::default(), |_| ControlFlow::Continue(())).is_err());
}
