//! What a page must know before anything is asked: the world, and dated acts of law that a sentence can state.

use cobden_measures::{Date, Question};
use cobden_world::Problem;
use serde::Serialize;

use super::Session;
use super::map::MapDocument;
use super::sentence::{ALL, AnswerRate, Manner, Sentence, goods_of};
use crate::describe::Description;
use crate::labels;
use crate::law;
use crate::library;

/// The world that is open.
#[derive(Clone, Debug, Serialize)]
pub struct WorldContext {
    /// Identifier.
    pub id: String,
    /// What `--world` has to name on the command line; `null` for the world that cobden takes unasked.
    pub named: Option<String>,
    /// Title.
    pub title: String,
    /// Year of the data.
    pub year: i32,
    /// Unit of its values.
    pub unit: String,
    /// Where it comes from.
    pub source: String,
    /// What a reader must know.
    pub note: String,
    /// What may be done with it.
    pub licence: Option<String>,
    /// BLAKE3 of its content.
    pub hash: String,
    /// The version of cobden.
    pub cobden: &'static str,
    /// The model's preset.
    pub model: &'static str,
    /// The name of the elasticity set.
    pub elasticities: String,
    /// Trade between countries, in its unit.
    pub trade: f64,
    /// Value added of all countries, in its unit.
    pub value_added: f64,
    /// Countries in order.
    pub countries: Vec<CountryContext>,
    /// Sectors in order.
    pub sectors: Vec<SectorContext>,
    /// The map.
    pub map: MapDocument,
}

/// A country of the world.
#[derive(Clone, Debug, Serialize)]
pub struct CountryContext {
    /// Its code.
    pub code: String,
    /// Its name in a table.
    pub name: String,
    /// Its name inside a sentence.
    pub in_sentence: String,
    /// ISO 3166-1 alpha-3 codes of the countries that it is made of; empty for one country and for the rest of the world.
    pub members: Vec<String>,
    /// Value added, in the unit of the world.
    pub value_added: f64,
    /// Exports, in the unit of the world.
    pub exports: f64,
    /// Imports before tariff, in the unit of the world.
    pub imports: f64,
    /// Its tariff revenue over its imports in the data, per cent.
    pub tariff_pct: f64,
}

/// A sector of the world.
#[derive(Clone, Debug, Serialize)]
pub struct SectorContext {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether "all goods" includes it.
    pub goods: bool,
}

/// A dated act of law that a sentence can state.
#[derive(Clone, Debug, Serialize)]
pub struct PresetDocument {
    /// Short name.
    pub id: &'static str,
    /// The day on which the rates hold, `2025-04-05`.
    pub date: String,
    /// What people call it.
    pub title: &'static str,
    /// What the sentence leaves out of the law.
    pub note: &'static str,
    /// The sentence.
    pub sentence: Sentence,
    /// The acts that set the rates, the initiator's first.
    pub acts: Vec<ActDocument>,
}

/// An act behind a rate.
#[derive(Clone, Debug, Serialize)]
pub struct ActDocument {
    /// The measure of the register.
    pub measure: String,
    /// Its title.
    pub title: String,
    /// The rate in points.
    pub rate_pct: f64,
    /// Its public source.
    pub cite: Option<String>,
    /// Where to read it.
    pub url: Option<String>,
}

impl Session {
    /// The world, for a page.
    pub fn context(&self) -> WorldContext {
        let (world, facts) = (&self.world, Description::new(&self.world));
        let countries = facts.countries.into_iter().map(|country| CountryContext {
            in_sentence: labels::in_sentence(&country.code),
            members: world.members.get(&country.code).cloned().unwrap_or_default(),
            code: country.code,
            name: country.name,
            value_added: country.value_added,
            exports: country.exports,
            imports: country.imports,
            tariff_pct: country.tariff_pct,
        });
        let sectors = facts.sectors.into_iter().zip(goods_of(world)).map(|(sector, goods)| SectorContext {
            goods,
            code: sector.code,
            name: sector.name,
        });
        WorldContext {
            id: world.origin.id.clone(),
            named: (self.name != library::worlds()[0].id).then(|| self.name.clone()),
            title: world.origin.title.clone(),
            year: world.origin.year,
            unit: world.origin.unit.clone(),
            source: world.origin.source.clone(),
            note: world.origin.note.clone(),
            licence: world.origin.licence.clone(),
            hash: self.world_hash.clone(),
            cobden: env!("CARGO_PKG_VERSION"),
            model: self.model.preset.name(),
            elasticities: self.elasticities.name.clone(),
            trade: facts.trade,
            value_added: facts.value_added,
            countries: countries.collect(),
            sectors: sectors.collect(),
            map: MapDocument::new(world),
        }
    }

    /// Dated acts that a sentence about this world can state: those whose countries and sectors it has.
    ///
    /// # Errors
    /// Never with the register that cobden carries: a test states each.
    pub fn presets(&self) -> Result<Vec<PresetDocument>, Problem> {
        let known = |preset: &PresetDocument| preset.sentence.checked(&self.world).is_ok();
        let all: Result<Vec<PresetDocument>, Problem> = PRESETS.iter().map(Preset::document).collect();
        Ok(all?.into_iter().filter(known).collect())
    }
}

/// A good of a partner on which the register shows the rate of a measure.
struct Witness {
    importer: &'static str,
    exporter: &'static str,
    product: &'static str,
    measure: &'static str,
}

/// A sentence whose rates are read from the register.
struct Preset {
    id: &'static str,
    date: Date,
    title: &'static str,
    note: &'static str,
    targets: &'static [&'static str],
    goods: &'static [&'static str],
    first: Witness,
    answer: Option<(&'static [&'static str], Witness)>,
}

/// Medical instruments: goods that only measures on everything mean.
const PLAIN: &str = "901890";

const fn by_us(exporter: &'static str, product: &'static str, measure: &'static str) -> Witness {
    Witness { importer: "USA", exporter, product, measure }
}

/// Every country of `icio-2022` but Canada and Mexico, whose goods the reciprocal tariff spared, and Russia, which its orders did not name.
const RECIPROCAL: &[&str] = &[
    "BRA", "EU27", "GBR", "CHE", "TUR", "CHN", "JPN", "KOR", "TWN", "IND", "IDN", "VNM", "THA", "MYS", "SGP", "PHL",
    "AUNZ", "ZAF", "SAU", "ROW",
];

static PRESETS: [Preset; 6] = [
    Preset {
        id: "fentanyl-china",
        date: Date::constant(2025, 3, 4),
        title: "Fentanyl tariff on China",
        note: "Hong Kong belongs to China here.",
        targets: &["CHN"],
        goods: &[ALL],
        first: by_us("CHN", PLAIN, "us.ieepa.fentanyl.china"),
        answer: None,
    },
    Preset {
        id: "cars",
        date: Date::constant(2025, 4, 3),
        title: "Cars (Section 232)",
        note: "Cars and trucks with their parts are one sector here; parts followed on 3 May. Goods under USMCA are charged in full here, and in law on their foreign content alone.",
        targets: &[ALL],
        goods: &["AUTO"],
        first: by_us("EU27", "870323", "us.232.autos"),
        answer: None,
    },
    Preset {
        id: "baseline",
        date: Date::constant(2025, 4, 5),
        title: "Ten per cent on nearly everyone",
        note: "The reciprocal tariff at its base rate, without the goods that Annex II spared and those under Section 232.",
        targets: RECIPROCAL,
        goods: &[ALL],
        first: by_us("GBR", PLAIN, "us.ieepa.reciprocal"),
        answer: None,
    },
    Preset {
        id: "escalation",
        date: Date::constant(2025, 4, 12),
        title: "United States and China at 125 per cent",
        note: "The reciprocal tariff on China and China's answer, without the fentanyl tariff and exempt goods.",
        targets: &["CHN"],
        goods: &[ALL],
        first: by_us("CHN", PLAIN, "us.ieepa.reciprocal"),
        answer: Some((
            &["CHN"],
            Witness { importer: "CHN", exporter: "USA", product: PLAIN, measure: "china.retaliation.2025" },
        )),
    },
    Preset {
        id: "truce",
        date: Date::constant(2025, 5, 14),
        title: "The truce of Geneva",
        note: "The reciprocal tariff on China and China's answer after 14 May 2025, without the fentanyl tariff and exempt goods.",
        targets: &["CHN"],
        goods: &[ALL],
        first: by_us("CHN", PLAIN, "us.ieepa.reciprocal"),
        answer: Some((
            &["CHN"],
            Witness { importer: "CHN", exporter: "USA", product: PLAIN, measure: "china.retaliation.2025" },
        )),
    },
    Preset {
        id: "section-122",
        date: Date::constant(2026, 2, 24),
        title: "Import surcharge (Section 122)",
        note: "Canada and Mexico are left out: most of their goods claim USMCA and are free of it. Exempt goods are charged here.",
        targets: &[
            "BRA", "EU27", "GBR", "CHE", "TUR", "RUS", "CHN", "JPN", "KOR", "TWN", "IND", "IDN", "VNM", "THA", "MYS",
            "SGP", "PHL", "AUNZ", "ZAF", "SAU", "ROW",
        ],
        goods: &[ALL],
        first: by_us("EU27", PLAIN, "us.122"),
        answer: None,
    },
];

impl Preset {
    fn document(&self) -> Result<PresetDocument, Problem> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let first = self.first.act(self.date)?;
        let answer = self.answer.as_ref().map(|(who, witness)| Ok((owned(who), witness.act(self.date)?)));
        let answer: Option<(Vec<String>, ActDocument)> = answer.transpose()?;
        let mut sentence = Sentence::new(self.first.importer, first.rate_pct);
        sentence.targets = owned(self.targets);
        sentence.goods = owned(self.goods);
        if let Some((who, act)) = &answer {
            sentence.coalition.clone_from(who);
            sentence.answer = Manner::Each;
            sentence.answer_rate = AnswerRate::Points(act.rate_pct);
        }
        Ok(PresetDocument {
            id: self.id,
            date: self.date.to_string(),
            title: self.title,
            note: self.note,
            sentence,
            acts: std::iter::once(first).chain(answer.map(|(_, act)| act)).collect(),
        })
    }
}

impl Witness {
    /// What the register says that the measure charges on the day.
    fn act(&self, date: Date) -> Result<ActDocument, Problem> {
        let duty = law::register()?.price(&Question::new(self.importer, self.exporter, self.product, date))?;
        let part = duty.parts.into_iter().find(|part| part.measure == self.measure).ok_or_else(|| {
            Problem::new(format!(
                "the register has no {} on {} from {} on {date}",
                self.measure, self.product, self.exporter
            ))
        })?;
        Ok(ActDocument {
            measure: part.measure,
            title: part.title,
            rate_pct: part.full,
            cite: part.source.cite,
            url: part.source.url,
        })
    }
}
