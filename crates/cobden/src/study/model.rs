//! The `[model]` table: a preset, or a preset with changes.

use std::ops::Range;

use cobden_equilibrium::{Baseline, Deficits, Model, Preset};
use cobden_world::{Problem, World, nearest};

use toml::Spanned;
use toml::de::DeValue;

use crate::document::{Document, Fields, Keys, Located};

const MODEL: Keys = Keys {
    table: "[model]",
    known: &[
        "preset",
        "deficits",
        "baseline",
        "inputs",
        "products",
        "product_elasticity",
        "scale",
        "labour_supply_elasticity",
    ],
    later: &[],
};

pub(super) const DEFICITS: [(&str, Deficits); 3] =
    [("fixed", Deficits::Fixed), ("share", Deficits::Share), ("none", Deficits::None)];
pub(super) const BASELINES: [(&str, Baseline); 3] =
    [("observed", Baseline::Observed), ("solved", Baseline::Solved), ("balanced", Baseline::Balanced)];

/// The table as written; what is not written is the default.
#[derive(Clone, Debug, Default)]
pub(super) struct ModelTable {
    preset: Option<Located<Preset>>,
    deficits: Option<Located<Deficits>>,
    baseline: Option<Located<Baseline>>,
    inputs: Option<Located<bool>>,
    products: Option<Located<bool>>,
    product_elasticity: Option<Located<f64>>,
    scale: Option<f64>,
    labour_supply_elasticity: Option<f64>,
}

/// Reads the table, if there is one.
pub(super) fn read(study: &Fields<'_>) -> Result<ModelTable, Problem> {
    let Some(fields) = study.fields("model", &MODEL)? else { return Ok(ModelTable::default()) };
    let preset = choice(&fields, "preset", &Preset::ALL)?;
    let scale = scale(&fields)?;
    if scale.is_some() && preset.as_ref().is_none_or(|preset| preset.value != Preset::Krugman) {
        let problem = study.document().problem(&fields.key_span("scale"), "`scale` is for the preset krugman alone");
        return Err(problem.help("the others have constant returns, or a fixed number of firms"));
    }
    Ok(ModelTable {
        scale,
        labour_supply_elasticity: labour_supply_elasticity(&fields)?,
        preset,
        deficits: choice(&fields, "deficits", &DEFICITS)?,
        baseline: choice(&fields, "baseline", &BASELINES)?,
        inputs: fields.flag("inputs")?,
        products: fields.flag("products")?,
        product_elasticity: product_elasticity(&fields)?,
    })
}

/// How strong economies of scale are, 0 to 1.
fn scale(fields: &Fields<'_>) -> Result<Option<f64>, Problem> {
    fields.value("scale").map(|value| unit_interval(fields.document(), value)).transpose()
}

/// A `scale`: a number from 0 to 1.
pub(super) fn unit_interval(document: &Document, value: &Spanned<DeValue<'_>>) -> Result<f64, Problem> {
    let number = number(value).filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| {
        let problem = document.problem(&value.span(), "`scale` must be a number from 0 to 1");
        problem.help("0 is constant returns, 1 free entry")
    })
}

/// How labour supply answers the real wage, 0 or more.
fn labour_supply_elasticity(fields: &Fields<'_>) -> Result<Option<f64>, Problem> {
    fields.value("labour_supply_elasticity").map(|value| not_negative(fields.document(), value)).transpose()
}

/// A `labour_supply_elasticity`: a number of 0 or more.
pub(super) fn not_negative(document: &Document, value: &Spanned<DeValue<'_>>) -> Result<f64, Problem> {
    let number = number(value).filter(|number| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| {
        let problem = document.problem(&value.span(), "`labour_supply_elasticity` must be a number of 0 or more");
        problem.help("0 is fixed labour; 0.5 means half a per cent more labour for one per cent more real wage")
    })
}

/// How products of a sector stand in for each other, 0 or more.
fn product_elasticity(fields: &Fields<'_>) -> Result<Option<Located<f64>>, Problem> {
    let Some(value) = fields.value("product_elasticity") else { return Ok(None) };
    match number(value).filter(|number| number.is_finite() && *number >= 0.0) {
        Some(number) => Ok(Some(Located { value: number, span: value.span() })),
        None => {
            let message = "`product_elasticity` must be a number of 0 or more";
            let problem = fields.document().problem(&value.span(), message);
            Err(problem.help("1 divides spending on a sector over its products in fixed shares; above 1 they stand in for each other"))
        }
    }
}

pub(super) fn number(value: &Spanned<DeValue<'_>>) -> Option<f64> {
    match value.get_ref() {
        DeValue::Float(number) => number.as_str().parse::<f64>().ok(),
        DeValue::Integer(number) => number.as_str().parse::<f64>().ok(),
        _ => None,
    }
}

/// One of several words, under a key.
fn choice<T: Copy>(fields: &Fields<'_>, key: &str, words: &[(&str, T)]) -> Result<Option<Located<T>>, Problem> {
    let Some(word) = fields.text(key)? else { return Ok(None) };
    Ok(Some(Located { value: one_of(fields.document(), &word, key, words)?, span: word.span }))
}

/// What one of several words means.
pub(super) fn one_of<T: Copy>(
    document: &Document,
    word: &Located<String>,
    kind: &str,
    words: &[(&str, T)],
) -> Result<T, Problem> {
    if let Some((_, value)) = words.iter().find(|(known, _)| *known == word.value) {
        return Ok(*value);
    }
    let known = self::words(words);
    let problem = document.problem(&word.span, format!("unknown {kind} \"{}\"", word.value));
    Err(match nearest(&word.value, &known) {
        Some(near) => problem.help(format!("did you mean \"{near}\"?")),
        None => problem.help(format!("known: {}", known.join(", "))),
    })
}

fn words<'w, T>(words: &[(&'w str, T)]) -> Vec<&'w str> {
    words.iter().map(|(word, _)| *word).collect()
}

impl ModelTable {
    /// The preset.
    pub(super) fn preset(&self) -> Preset {
        self.preset.as_ref().map_or(Preset::default(), |preset| preset.value)
    }

    /// Whether the products of a world are used, where it has some.
    pub(super) fn uses_products(&self) -> bool {
        self.products.as_ref().is_none_or(|products| products.value)
    }

    /// Where `products = true` is written.
    pub(super) fn asks_products(&self) -> Option<&Range<usize>> {
        self.products.as_ref().filter(|products| products.value).map(|products| &products.span)
    }

    /// The problem of an elasticity between products where there are none.
    pub(super) fn no_products(&self, document: &Document) -> Option<Problem> {
        let written = self.product_elasticity.as_ref()?;
        let problem = document.problem(&written.span, "`product_elasticity` is for worlds that are solved by product");
        Some(problem.help("leave it out, or name a world that has products"))
    }

    /// The model on a world; refuses a preset without inputs on a world with inputs, unless the study says so.
    pub(super) fn resolve(&self, document: &Document, world: &World) -> Result<Model, Problem> {
        let default = Model::default();
        let preset = self.preset();
        let inputs = self.inputs.as_ref().map_or(default.inputs, |inputs| inputs.value);
        if let Some(written) = self.preset.as_ref().filter(|_| inputs && !preset.has_inputs() && world.inputs.is_some())
        {
            let message = format!("{} has no intermediate goods, but the world {} has", preset.name(), world.origin.id);
            return Err(document
                .problem(&written.span, message)
                .help("write inputs = false to count sales as value added, or take the preset caliendo-parro"));
        }
        Ok(Model {
            preset,
            inputs,
            deficits: self.deficits.as_ref().map_or(default.deficits, |deficits| deficits.value),
            baseline: self.baseline.as_ref().map_or(default.baseline, |baseline| baseline.value),
            scale: self.scale.unwrap_or(default.scale),
            labour_supply_elasticity: self.labour_supply_elasticity.unwrap_or(default.labour_supply_elasticity),
            product_elasticity: self.product_elasticity.as_ref().map_or(default.product_elasticity, |eta| eta.value),
        })
    }
}

/// The word for a treatment of deficits in study files.
pub(crate) fn deficits_name(deficits: Deficits) -> &'static str {
    DEFICITS.iter().find(|(_, known)| *known == deficits).map_or("", |(word, _)| word)
}

/// The word for a baseline in study files.
pub(crate) fn baseline_name(baseline: Baseline) -> &'static str {
    BASELINES.iter().find(|(_, known)| *known == baseline).map_or("", |(word, _)| word)
}
