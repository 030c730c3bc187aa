//! The `[compare]` table: other models under which the same cases are solved.

use std::ops::Range;

use cobden_equilibrium::{Baseline, Deficits, Model, Preset};
use cobden_world::{Problem, World};

use toml::Spanned;
use toml::de::DeValue;

use super::model::{
    BASELINES, DEFICITS, ModelTable, baseline_name, deficits_name, not_negative, one_of, unit_interval,
};
use crate::document::{Document, Fields, Keys, Located, kind, string};

const COMPARE: Keys = Keys {
    table: "[compare]",
    known: &["presets", "elasticities", "deficits", "baselines", "inputs", "scale", "labour_supply_elasticity"],
    later: &["worlds"],
};

/// The table as written; what is not written stays as `[model]` and `elasticities` say.
#[derive(Clone, Debug)]
pub(super) struct CompareTable {
    presets: Option<Vec<Located<Preset>>>,
    elasticities: Option<Sets>,
    deficits: Option<Vec<Located<Deficits>>>,
    baselines: Option<Vec<Located<Baseline>>>,
    inputs: Option<Vec<Located<bool>>>,
    scale: Option<Vec<Located<f64>>>,
    labour: Option<Vec<Located<f64>>>,
    span: Range<usize>,
}

/// Which elasticity sets a study compares.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Sets {
    /// Every set there is for the world.
    All,
    /// These, by name.
    Named(Vec<Located<String>>),
}

/// The models that a study compares, on one world: every one of `models` with every one of `closures` and of `labour`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    /// Presets, with what they leave open: whether inputs are used, how strong economies of scale are.
    pub(crate) models: Vec<(String, Model)>,
    /// How deficits respond, and what changes compare with.
    pub(crate) closures: Vec<(String, Deficits, Baseline)>,
    /// Elasticities of labour supply.
    pub(crate) labour: Vec<f64>,
    /// What was named twice in other words, and is compared once.
    pub(crate) remarks: Vec<String>,
}

/// Reads the table, if there is one, beside `[model]`.
pub(super) fn read(study: &Fields<'_>, main: &ModelTable) -> Result<Option<CompareTable>, Problem> {
    let Some(fields) = study.fields("compare", &COMPARE)? else { return Ok(None) };
    let document = fields.document();
    let word = |value: &Spanned<DeValue<'_>>, what: &str| string(document, value, &format!("every {what}"));
    let table = CompareTable {
        presets: list(&fields, "presets", |value| one_of(document, &word(value, "preset")?, "preset", &Preset::ALL))?,
        elasticities: sets(&fields)?,
        deficits: list(&fields, "deficits", |value| {
            one_of(document, &word(value, "item of `deficits`")?, "deficits", &DEFICITS)
        })?,
        baselines: list(&fields, "baselines", |value| {
            one_of(document, &word(value, "baseline")?, "baseline", &BASELINES)
        })?,
        inputs: list(&fields, "inputs", |value| flag(document, value))?,
        scale: list(&fields, "scale", |value| unit_interval(document, value))?,
        labour: list(&fields, "labour_supply_elasticity", |value| not_negative(document, value))?,
        span: fields.span(),
    };
    let presets = values(table.presets.as_ref(), main.preset());
    let useless = |key: &str, what: &str, presets_with: &str| {
        let problem = document.problem(&fields.key_span(key), format!("none of the presets compared has {what}"));
        Err(problem.help(format!("leave `{key}` out, or compare {presets_with}")))
    };
    if table.inputs.is_some() && !presets.iter().any(|preset| preset.has_inputs()) {
        return useless("inputs", "inputs", "caliendo-parro or krugman");
    }
    if table.scale.is_some() && !presets.iter().any(|preset| preset.has_scale()) {
        return useless("scale", "economies of scale", "krugman");
    }
    Ok(Some(table))
}

/// A list in which nothing stands twice.
fn list<T: PartialEq>(
    fields: &Fields<'_>,
    key: &str,
    read: impl Fn(&Spanned<DeValue<'_>>) -> Result<T, Problem>,
) -> Result<Option<Vec<Located<T>>>, Problem> {
    let Some(value) = fields.value(key) else { return Ok(None) };
    let document = fields.document();
    let DeValue::Array(items) = value.get_ref() else {
        let message = format!("`{key}` of [compare] must be a list, found {}", kind(value.get_ref()));
        return Err(document.problem(&value.span(), message).help(format!("write {key} = [ ... ]")));
    };
    let mut list: Vec<Located<T>> = Vec::with_capacity(items.len());
    for item in items {
        let one = Located { value: read(item)?, span: item.span() };
        if list.iter().any(|known| known.value == one.value) {
            return Err(document.problem(&item.span(), format!("stands twice in `{key}`")));
        }
        list.push(one);
    }
    if list.is_empty() {
        return Err(document.problem(&value.span(), format!("`{key}` is empty")).help("leave it out, or name some"));
    }
    Ok(Some(list))
}

fn flag(document: &Document, value: &Spanned<DeValue<'_>>) -> Result<bool, Problem> {
    match value.get_ref() {
        DeValue::Boolean(flag) => Ok(*flag),
        other => {
            let message = format!("every item of `inputs` must be true or false, found {}", kind(other));
            Err(document.problem(&value.span(), message))
        }
    }
}

/// `"all"`, or a list of names.
fn sets(fields: &Fields<'_>) -> Result<Option<Sets>, Problem> {
    let Some(value) = fields.value("elasticities") else { return Ok(None) };
    let document = fields.document();
    if let DeValue::String(word) = value.get_ref() {
        if word.as_ref() == "all" {
            return Ok(Some(Sets::All));
        }
        let problem =
            document.problem(&value.span(), "`elasticities` of [compare] must be a list of names, or \"all\"");
        return Err(problem.help("write elasticities = [\"NAME\", \"NAME\"]"));
    }
    let name = |item: &Spanned<DeValue<'_>>| Ok(string(document, item, "every elasticity set")?.value);
    Ok(list(fields, "elasticities", name)?.map(Sets::Named))
}

impl CompareTable {
    /// Where it stands.
    pub(super) fn span(&self) -> &Range<usize> {
        &self.span
    }

    /// Which elasticity sets it names.
    pub(super) fn elasticities(&self) -> Option<&Sets> {
        self.elasticities.as_ref()
    }

    /// What is compared, on a world; `main` is the model of the study.
    pub(super) fn plan(&self, main: &Model, world: &World) -> Plan {
        let mut remarks = Vec::new();
        Plan {
            models: self.models(main, world, &mut remarks),
            closures: self.closures(main, &mut remarks),
            labour: values(self.labour.as_ref(), main.labour_supply_elasticity),
            remarks,
        }
    }

    fn models(&self, main: &Model, world: &World, remarks: &mut Vec<String>) -> Vec<(String, Model)> {
        let presets = values(self.presets.as_ref(), main.preset);
        // A preset without inputs made the study say `inputs = false`: that says nothing about presets that have them.
        let inputs = values(self.inputs.as_ref(), main.inputs || !main.preset.has_inputs());
        let scale = values(self.scale.as_ref(), main.scale);
        let constant = vec![main.scale];
        let mut models: Vec<(String, Model)> = Vec::new();
        for preset in presets {
            for &inputs in if preset.has_inputs() { inputs.as_slice() } else { &[false][..] } {
                for &scale in if preset.has_scale() { &scale } else { &constant } {
                    let model = Model { preset, inputs: inputs && world.inputs.is_some(), scale, ..*main };
                    let name = model_name(&model, world);
                    match models.iter().find(|(_, known)| same(known, &model)) {
                        Some((known, _)) => remarks.push(format!("{name} is the same model as {known}: compared once")),
                        None => models.push((name, model)),
                    }
                }
            }
        }
        models
    }

    fn closures(&self, main: &Model, remarks: &mut Vec<String>) -> Vec<(String, Deficits, Baseline)> {
        let deficits = values(self.deficits.as_ref(), main.deficits);
        let baselines = values(self.baselines.as_ref(), main.baseline);
        let mut closures: Vec<(String, Deficits, Baseline)> = Vec::new();
        for &baseline in &baselines {
            if baseline == Baseline::Balanced {
                closures.push(("balanced".to_owned(), deficits[0], baseline));
                if deficits.len() > 1 {
                    remarks.push(
                        "where trade is balanced from the start there are no deficits to treat: compared once".into(),
                    );
                }
                continue;
            }
            for &deficits in &deficits {
                let word = deficits_name(deficits);
                let several = baselines.iter().filter(|baseline| **baseline != Baseline::Balanced).count() > 1;
                let name = if several { format!("{word}, {}", baseline_name(baseline)) } else { word.to_owned() };
                closures.push((name, deficits, baseline));
            }
        }
        closures
    }
}

/// What a list names, or what stands where there is no list.
fn values<T: Copy>(list: Option<&Vec<Located<T>>>, otherwise: T) -> Vec<T> {
    list.map_or_else(|| vec![otherwise], |list| list.iter().map(|one| one.value).collect())
}

fn model_name(model: &Model, world: &World) -> String {
    let mut name = model.preset.name().to_owned();
    if model.preset.has_scale() {
        name.push_str(&format!(" at scale {}", model.scale));
    }
    if model.preset.has_inputs() && !model.inputs && world.inputs.is_some() {
        name.push_str(" without inputs");
    }
    name
}

/// Whether two models are one system of equations: `krugman` at scale 0 is `caliendo-parro`, and that without inputs `armington`.
pub(crate) fn same(one: &Model, other: &Model) -> bool {
    let plain = |model: &Model| {
        let constant_returns = !model.preset.has_scale() || model.scale == 0.0;
        match model.preset {
            Preset::Ossa => (Preset::Ossa, false, 0.0),
            _ if constant_returns => (Preset::CaliendoParro, model.inputs, 0.0),
            _ => (Preset::Krugman, model.inputs, model.scale),
        }
    };
    plain(one) == plain(other)
}
