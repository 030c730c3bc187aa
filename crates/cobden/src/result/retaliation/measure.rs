//! Retaliation as a file of measures, by product.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cobden_world::Rate;
use ndarray::Array3;

use super::{chosen, slug};
use crate::answer::{Answer, CaseAnswer};
use crate::law::{self, Date};

/// The tariffs that retaliators chose, as measures on top of the law: the points by which each rate rises, on the products of its sector. `None`
/// where the world does not say which products those are.
///
/// Sectors of services have no products, and an importer or a partner that the register does not know no measure: both stand in a comment.
pub(super) fn measures(answer: &Answer, index: usize, case: &CaseAnswer) -> Option<String> {
    let products = answer.laws.products.as_ref()?;
    let day = answer.laws.day_of(index)?;
    let mut text = format!(
        "# Retaliation of the case “{}” of the study “{}”, made by cobden {}.\n\
         # Points on top of what the case starts from; on all products of a sector the same, as its model has it.\n\
         format = \"trade-measure/1\"\n",
        case.name.escape_debug(),
        answer.study.title.escape_debug(),
        answer.passport.cobden
    );
    let mut left_out = Vec::new();
    for (n, cells) in moved(answer, index, case) {
        let importer = &answer.world.countries[n];
        if !law::register().is_ok_and(|register| register.is_partner(importer)) {
            left_out.push(format!("{importer}, which is several countries"));
            continue;
        }
        let changes = changes(answer, products, day, &cells, &mut left_out);
        if !changes.is_empty() {
            let id = format!("{}.{}", importer.to_lowercase(), slug(&case.name));
            measure(answer, &id, importer, &mut text);
            text.extend(changes.iter().map(|change| format!("  [[act.change]]\n  measure = \"{id}\"\n{change}")));
        }
    }
    left_out.sort();
    left_out.dedup();
    for what in left_out {
        let _ = writeln!(text, "# Left out: {what}.");
    }
    Some(text)
}

/// By importer: exporter, sector and points.
fn moved(answer: &Answer, index: usize, case: &CaseAnswer) -> BTreeMap<usize, Vec<(usize, usize, f64)>> {
    let before: &Array3<Rate> = match answer.study.cases.get(index).and_then(|case| case.from) {
        Some(from) => &answer.cases[from].policy.tariffs,
        None => &answer.world.tariffs,
    };
    let mut moved: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    for cell @ [n, i, j] in chosen(case) {
        let points = case.policy.tariffs[cell].percent() - before[cell].percent();
        if points != 0.0 {
            moved.entry(n).or_default().push((i, j, points));
        }
    }
    moved
}

fn measure(answer: &Answer, id: &str, importer: &str, text: &mut String) {
    let title = format!("{}: {}", crate::labels::country(importer), answer.study.title);
    let _ = write!(
        text,
        "\n[[measure]]\nid = \"{id}\"\ntitle = {title:?}\nimporter = \"{importer}\"\nauthority = \"retaliation\"\n\n\
         [[act]]\nstatus = \"hypothetical\"\nid = \"{id}\"\nannounced = {}\n",
        answer.passport.created.get(..10).unwrap_or_default()
    );
}

/// The keys of each change but its measure.
fn changes(
    answer: &Answer,
    products: &BTreeMap<String, Vec<String>>,
    day: Date,
    cells: &[(usize, usize, f64)],
    left_out: &mut Vec<String>,
) -> Vec<String> {
    let quoted = |names: &[String]| names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let mut changes = Vec::new();
    for &(i, j, points) in cells {
        let (exporter, sector) = (&answer.world.countries[i], &answer.world.sectors[j]);
        let (partners, codes) = (partners(answer, exporter), products.get(sector));
        match (partners, codes) {
            (_, None) => left_out.push(format!("{sector}, which has no products")),
            (None, _) => left_out.push(format!("goods of {exporter}, which is several countries")),
            (Some(_), Some(_)) if points < 0.0 => {
                left_out.push(format!("lower tariffs on {exporter}: measures only come on top"));
            }
            (Some(partners), Some(codes)) => changes.push(format!(
                "  line = \"{}.{}\"\n  partners = [{}]\n  products = [{}]\n  rate = \"{points}%\"\n  from = {day}\n",
                exporter.to_lowercase(),
                sector.to_lowercase(),
                quoted(&partners),
                quoted(codes)
            )),
        }
    }
    changes
}

/// A region as the register knows it: by its name, or by its members.
fn partners(answer: &Answer, region: &str) -> Option<Vec<String>> {
    let register = law::register().ok()?;
    if register.is_partner(region) {
        return Some(vec![region.to_owned()]);
    }
    let members = answer.world.members.get(region)?;
    members.iter().all(|member| register.is_partner(member)).then(|| members.clone())
}
