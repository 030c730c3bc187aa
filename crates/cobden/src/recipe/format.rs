//! The recipe file `cobden.recipe/1`: what it may say, read strictly.

use std::ops::Range;

use cobden_world::{Origin, Problem, nearest};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::document::{Document, Fields, Keys, Located, kind, string};

/// New names, in the order written, each with the source's names that it takes.
pub(super) type Groups = Vec<(Located<String>, Vec<Located<String>>)>;

/// One name for another, in the order written.
pub(super) type Pairs = Vec<(Located<String>, Located<String>)>;

/// The entries of a table of the recipe.
type Entries<'d> = Vec<(Located<String>, &'d Spanned<DeValue<'d>>)>;

/// Takes every name of the source that no other group takes.
pub(super) const REST: &str = "*";

/// How to make one world out of another and of public tables.
#[derive(Debug)]
pub(super) struct Recipe {
    /// Where the data lies if the user does not say: a path from the current directory.
    pub(super) data: String,
    /// Identity of the world to be made.
    pub(super) origin: Origin,
    /// The source world's directory, under the data.
    pub(super) source: Located<String>,
    /// Countries of the source by new region.
    pub(super) regions: Groups,
    /// Sectors of the source by new sector.
    pub(super) sectors: Groups,
    /// How the tariffs are made; a later step overwrites what an earlier one set.
    pub(super) tariffs: Vec<Step>,
    /// What weighs the rates of the register, if it is to be used with the world.
    pub(super) weights: Option<Weights>,
    /// Whether goods that are bought but have no recorded use count as bought for final use; refused otherwise.
    pub(super) unused_is_final: bool,
    /// theta of sectors that no set estimates, the same in all of them.
    pub(super) assumed_elasticities: Vec<(Located<String>, f64)>,
    /// Elasticity sets of the source world to carry over.
    pub(super) elasticity_sets: Vec<Located<String>>,
    /// The one that becomes the world's own.
    pub(super) default_elasticities: Located<String>,
    /// Significant digits of every value of the world.
    pub(super) digits: usize,
}

/// One step of making tariffs.
#[derive(Debug)]
pub(super) enum Step {
    /// Averages by importer and product group.
    Averages(Averages),
    /// Rates written down in a table beside the recipe.
    Agreements {
        /// `importer, exporter, sector, rate, why`, beside the recipe.
        table: Located<String>,
    },
    /// A free-trade area whose goods qualify in part.
    Preferences(Preferences),
    /// What one importer's customs collected.
    Collected(Collected),
}

/// See [`Step::Averages`].
#[derive(Debug)]
pub(super) struct Averages {
    /// `importer, product_group, average, rate_pct`, under the data.
    pub(super) table: Located<String>,
    /// `sector, group, weight`, beside the recipe.
    pub(super) groups: Located<String>,
    /// Importers that another step covers.
    pub(super) except: Vec<Located<String>>,
    /// Sectors without tariff.
    pub(super) free: Vec<Located<String>>,
    /// Regions that report as one, by the code they report under.
    pub(super) reporters: Pairs,
    /// Regions that do not report, by the regions whose mean they are given.
    pub(super) borrow: Groups,
    /// Sectors whose rate is at most that of a product group.
    pub(super) ceilings: Pairs,
}

/// See [`Step::Preferences`].
#[derive(Debug)]
pub(super) struct Preferences {
    /// The members of the area.
    pub(super) members: Vec<Located<String>>,
    /// Which importers among them this step covers, and their column in `shares`.
    pub(super) importers: Pairs,
    /// `gtap_code` and one column per importer, under the data: share of trade that qualifies.
    pub(super) shares: Located<String>,
    /// The collected duties whose imports weigh the products within a sector.
    pub(super) weights: Collected,
}

/// See [`Step::Collected`].
#[derive(Clone, Debug)]
pub(super) struct Collected {
    /// Whose customs.
    pub(super) importer: Located<String>,
    /// Parquet, `partner_code, hs10, imports_usd, duty_usd`, under the data.
    pub(super) imports: Located<String>,
    /// `code, region`, beside the recipe; an empty region leaves the partner out.
    pub(super) partners: Located<String>,
    /// `hs10, hs6_code, gtap_code`, under the data.
    pub(super) products: Located<String>,
    /// `gtap_code, sector`, beside the recipe; an empty sector leaves the goods out.
    pub(super) sectors: Located<String>,
}

/// What weighs the rates of the register.
#[derive(Debug)]
pub(super) struct Weights {
    /// Whose customs records, and how their codes map. Partners have a column `country` as well.
    pub(super) customs: Collected,
    /// Sectors that stay without tariffs although customs clear a few of their products, such as electricity.
    pub(super) except: Vec<Located<String>>,
    /// `law`, the day whose law the tariffs of the world are, `weights` and `source`: the head of the table of products.
    pub(super) remarks: Pairs,
}

const TOP: Keys = Keys {
    table: "a recipe",
    known: &[
        "format",
        "data",
        "world",
        "source",
        "regions",
        "sectors",
        "tariffs",
        "weights",
        "balance",
        "elasticities",
    ],
    later: &[],
};
const WORLD: Keys = Keys {
    table: "[world]",
    known: &["id", "title", "year", "unit", "source", "note", "licence", "digits"],
    later: &[],
};
const SOURCE: Keys = Keys { table: "[source]", known: &["world"], later: &[] };
const BALANCE: Keys = Keys { table: "[balance]", known: &["unused"], later: &[] };
const ELASTICITIES: Keys = Keys { table: "[elasticities]", known: &["sets", "default", "assume"], later: &[] };
const STEP: Keys = Keys {
    table: "a tariff step",
    known: &[
        "step",
        "table",
        "groups",
        "except",
        "free",
        "reporters",
        "borrow",
        "ceilings",
        "members",
        "importers",
        "shares",
        "importer",
        "imports",
        "partners",
        "products",
        "sectors",
    ],
    later: &[],
};
const WEIGHTS: Keys = Keys {
    table: "[weights]",
    known: &["importer", "imports", "partners", "products", "sectors", "except", "remarks"],
    later: &[],
};
const STEPS: [&str; 4] = ["averages", "agreements", "preferences", "collected"];
const FORMAT: &str = "cobden.recipe/1";

impl Recipe {
    /// Reads a recipe; names of regions and sectors are checked against the source later.
    pub(super) fn parse(document: &Document) -> Result<Self, Problem> {
        let table = document.table()?;
        let top = Fields::new(document, table.get_ref(), table.span(), &TOP)?;
        let format = top.required_text("format")?;
        if format.value != FORMAT {
            let problem = document.problem(&format.span, format!("unknown format \"{}\"", format.value));
            return Err(problem.help(format!("this version reads \"{FORMAT}\"")));
        }
        let world = section(&top, "world", &WORLD)?;
        let elasticities = section(&top, "elasticities", &ELASTICITIES)?;
        let sets = names(&elasticities, "sets")?;
        let default = elasticities.required_text("default")?;
        if !sets.iter().any(|set| set.value == default.value) {
            let known: Vec<&str> = sets.iter().map(|set| set.value.as_str()).collect();
            return Err(placed(document, &default.span, Problem::unknown("elasticity set", &default.value, known)));
        }
        Ok(Self {
            data: top.required_text("data")?.value,
            origin: origin(&world)?,
            digits: digits(&world)?,
            source: section(&top, "source", &SOURCE)?.required_text("world")?,
            regions: groups(&top, "regions")?,
            sectors: groups(&top, "sectors")?,
            tariffs: steps(&top)?,
            weights: weights(&top)?,
            unused_is_final: unused_is_final(&top)?,
            assumed_elasticities: positive_numbers(&elasticities, "assume")?,
            elasticity_sets: sets,
            default_elasticities: default,
        })
    }
}

/// The same problem, at a range of a document.
pub(super) fn placed(document: &Document, span: &Range<usize>, problem: Problem) -> Problem {
    problem.at(document.place(span))
}

fn section<'d>(top: &Fields<'d>, key: &str, keys: &'static Keys) -> Result<Fields<'d>, Problem> {
    top.fields(key, keys)?.ok_or_else(|| top.missing(key))
}

fn origin(world: &Fields<'_>) -> Result<Origin, Problem> {
    let text = |key| world.required_text(key).map(|text| text.value);
    Ok(Origin {
        id: text("id")?,
        title: text("title")?,
        year: integer(world, "year", 1..=9999)?,
        unit: text("unit")?,
        source: text("source")?,
        note: text("note")?,
        licence: Some(text("licence")?),
    })
}

/// Fewer than 8 digits would not keep the accounts to 1e-8; a double holds no more than 17.
fn digits(world: &Fields<'_>) -> Result<usize, Problem> {
    Ok(usize::try_from(integer(world, "digits", 8..=17)?).unwrap_or(17))
}

fn integer(fields: &Fields<'_>, key: &str, allowed: std::ops::RangeInclusive<i32>) -> Result<i32, Problem> {
    let value = fields.value(key).ok_or_else(|| fields.missing(key))?;
    let number = match value.get_ref() {
        DeValue::Integer(digits) => digits.as_str().parse::<i32>().ok(),
        _ => None,
    };
    number.filter(|number| allowed.contains(number)).ok_or_else(|| {
        let message = format!("`{key}` must be a whole number from {} to {}", allowed.start(), allowed.end());
        fields.document().problem(&value.span(), message)
    })
}

fn unused_is_final(top: &Fields<'_>) -> Result<bool, Problem> {
    let Some(balance) = top.fields("balance", &BALANCE)? else { return Ok(false) };
    let unused = balance.required_text("unused")?;
    match unused.value.as_str() {
        "final" => Ok(true),
        "refuse" => Ok(false),
        other => {
            let message = format!("`unused` must be \"final\" or \"refuse\", found \"{other}\"");
            Err(balance.document().problem(&unused.span, message))
        }
    }
}

fn steps(top: &Fields<'_>) -> Result<Vec<Step>, Problem> {
    let tables = top.list_of_fields("tariffs", &STEP)?.unwrap_or_default();
    tables.iter().map(step).collect()
}

fn step(fields: &Fields<'_>) -> Result<Step, Problem> {
    let name = fields.required_text("step")?;
    match name.value.as_str() {
        "averages" => Ok(Step::Averages(Averages {
            table: fields.required_text("table")?,
            groups: fields.required_text("groups")?,
            except: optional_names(fields, "except")?,
            free: optional_names(fields, "free")?,
            reporters: pairs(fields, "reporters")?,
            borrow: if fields.has("borrow") { groups(fields, "borrow")? } else { Vec::new() },
            ceilings: pairs(fields, "ceilings")?,
        })),
        "agreements" => Ok(Step::Agreements { table: fields.required_text("table")? }),
        "preferences" => Ok(Step::Preferences(Preferences {
            members: names(fields, "members")?,
            importers: pairs(fields, "importers")?,
            shares: fields.required_text("shares")?,
            weights: collected(fields)?,
        })),
        "collected" => collected(fields).map(Step::Collected),
        other => {
            let problem = fields.document().problem(&name.span, format!("unknown tariff step \"{other}\""));
            Err(match nearest(other, &STEPS) {
                Some(near) => problem.help(format!("did you mean \"{near}\"?")),
                None => problem.help(format!("known: {}", STEPS.join(", "))),
            })
        }
    }
}

fn weights(top: &Fields<'_>) -> Result<Option<Weights>, Problem> {
    let Some(fields) = top.fields("weights", &WEIGHTS)? else { return Ok(None) };
    Ok(Some(Weights {
        customs: collected(&fields)?,
        except: optional_names(&fields, "except")?,
        remarks: pairs(&fields, "remarks")?,
    }))
}

fn collected(fields: &Fields<'_>) -> Result<Collected, Problem> {
    Ok(Collected {
        importer: fields.required_text("importer")?,
        imports: fields.required_text("imports")?,
        partners: fields.required_text("partners")?,
        products: fields.required_text("products")?,
        sectors: fields.required_text("sectors")?,
    })
}

/// A table of lists, in the order written.
fn groups(fields: &Fields<'_>, key: &str) -> Result<Groups, Problem> {
    entries(fields, key)?
        .into_iter()
        .map(|(name, value)| {
            let members = list(fields.document(), value, &name.value)?;
            Ok((name, members))
        })
        .collect()
}

/// A table of strings, in the order written; empty if it is not there.
fn pairs(fields: &Fields<'_>, key: &str) -> Result<Pairs, Problem> {
    if !fields.has(key) {
        return Ok(Vec::new());
    }
    entries(fields, key)?
        .into_iter()
        .map(|(name, value)| {
            let text = string(fields.document(), value, &format!("`{}`", name.value))?;
            Ok((name, text))
        })
        .collect()
}

/// A table of numbers above zero, in the order written; empty if it is not there.
fn positive_numbers(fields: &Fields<'_>, key: &str) -> Result<Vec<(Located<String>, f64)>, Problem> {
    if !fields.has(key) {
        return Ok(Vec::new());
    }
    let number = |(name, value): (Located<String>, &Spanned<DeValue<'_>>)| {
        let number = match value.get_ref() {
            DeValue::Float(float) => float.as_str().parse::<f64>().ok(),
            DeValue::Integer(integer) => integer.as_str().parse::<f64>().ok(),
            _ => None,
        };
        match number.filter(|number| number.is_finite() && *number > 0.0) {
            Some(number) => Ok((name, number)),
            None => {
                let message = format!("`{}` must be a number above zero", name.value);
                Err(fields.document().problem(&value.span(), message))
            }
        }
    };
    entries(fields, key)?.into_iter().map(number).collect()
}

/// A list of strings that must be there.
fn names(fields: &Fields<'_>, key: &str) -> Result<Vec<Located<String>>, Problem> {
    let value = fields.value(key).ok_or_else(|| fields.missing(key))?;
    list(fields.document(), value, key)
}

fn optional_names(fields: &Fields<'_>, key: &str) -> Result<Vec<Located<String>>, Problem> {
    if fields.has(key) { names(fields, key) } else { Ok(Vec::new()) }
}

/// The entries of a table, in the order written: TOML gives them no order, but the order of a world's lists matters.
fn entries<'d>(fields: &Fields<'d>, key: &str) -> Result<Entries<'d>, Problem> {
    let value = fields.value(key).ok_or_else(|| fields.missing(key))?;
    let table: &DeTable<'_> = match value.get_ref() {
        DeValue::Table(table) if !table.is_empty() => table,
        DeValue::Table(_) => return Err(fields.document().problem(&value.span(), format!("`{key}` is empty"))),
        other => {
            let message = format!("`{key}` must be a table, found {}", kind(other));
            return Err(fields.document().problem(&value.span(), message));
        }
    };
    let mut entries: Vec<_> = table
        .iter()
        .map(|(name, value)| (Located { value: name.get_ref().to_string(), span: name.span() }, value))
        .collect();
    entries.sort_by_key(|(name, _)| name.span.start);
    Ok(entries)
}

fn list(document: &Document, value: &Spanned<DeValue<'_>>, what: &str) -> Result<Vec<Located<String>>, Problem> {
    match value.get_ref() {
        DeValue::Array(items) if !items.is_empty() => {
            items.iter().map(|item| string(document, item, &format!("every item of `{what}`"))).collect()
        }
        DeValue::Array(_) => Err(document.problem(&value.span(), format!("`{what}` is empty"))),
        other => {
            let message = format!("`{what}` must be a list of names, found {}", kind(other));
            Err(document.problem(&value.span(), message).help(format!("write {what} = [ \"...\" ]")))
        }
    }
}
