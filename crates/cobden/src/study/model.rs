//! The `[model]` table: a preset, or a preset with changes.

use cobden_equilibrium::{Baseline, Deficits, Model, Preset};
use cobden_world::{Problem, World, nearest};

use crate::document::{Document, Fields, Keys, Located};

const MODEL: Keys = Keys {
    table: "[model]",
    known: &["preset", "deficits", "baseline", "inputs"],
    later: &["entry", "scale", "labour", "labour_supply_elasticity"],
};

/// Presets of the format that this version does not have.
const PRESETS_LATER: [&str; 1] = ["krugman"];
const DEFICITS: [(&str, Deficits); 3] =
    [("fixed", Deficits::Fixed), ("share", Deficits::Share), ("none", Deficits::None)];
const BASELINES: [(&str, Baseline); 3] =
    [("observed", Baseline::Observed), ("solved", Baseline::Solved), ("balanced", Baseline::Balanced)];

/// The table as written; what is not written is the default.
#[derive(Clone, Debug, Default)]
pub(super) struct ModelTable {
    preset: Option<Located<Preset>>,
    deficits: Option<Located<Deficits>>,
    baseline: Option<Located<Baseline>>,
    inputs: Option<Located<bool>>,
}

/// Reads the table, if there is one.
pub(super) fn read(study: &Fields<'_>) -> Result<ModelTable, Problem> {
    let Some(fields) = study.fields("model", &MODEL)? else { return Ok(ModelTable::default()) };
    let document = study.document();
    if let Some(preset) = fields.text("preset")?.filter(|preset| PRESETS_LATER.contains(&preset.value.as_str())) {
        let message = format!("the preset \"{}\" is not in this version of cobden", preset.value);
        return Err(document
            .problem(&preset.span, message)
            .help(format!("this version has {}", words(&Preset::ALL).join(", "))));
    }
    Ok(ModelTable {
        preset: choice(&fields, "preset", &Preset::ALL)?,
        deficits: choice(&fields, "deficits", &DEFICITS)?,
        baseline: choice(&fields, "baseline", &BASELINES)?,
        inputs: fields.flag("inputs")?,
    })
}

/// One of several words.
fn choice<T: Copy>(fields: &Fields<'_>, key: &str, words: &[(&str, T)]) -> Result<Option<Located<T>>, Problem> {
    let Some(word) = fields.text(key)? else { return Ok(None) };
    if let Some((_, value)) = words.iter().find(|(known, _)| *known == word.value) {
        return Ok(Some(Located { value: *value, span: word.span }));
    }
    let known = self::words(words);
    let problem = fields.document().problem(&word.span, format!("unknown {key} \"{}\"", word.value));
    Err(match nearest(&word.value, &known) {
        Some(near) => problem.help(format!("did you mean \"{near}\"?")),
        None => problem.help(format!("known: {}", known.join(", "))),
    })
}

fn words<'w, T>(words: &[(&'w str, T)]) -> Vec<&'w str> {
    words.iter().map(|(word, _)| *word).collect()
}

impl ModelTable {
    /// The model on a world; refuses a preset without inputs on a world with inputs, unless the study says so.
    pub(super) fn resolve(&self, document: &Document, world: &World) -> Result<Model, Problem> {
        let default = Model::default();
        let preset = self.preset.as_ref().map_or(default.preset, |preset| preset.value);
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
