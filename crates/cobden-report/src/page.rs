//! The self-contained page.

use std::fmt::{self, Write};

use minijinja::Environment;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use serde::Serialize;

use crate::bars::Ranking;
use crate::colour::{DARK, LIGHT, Palette};
use crate::contents::{Case, Page};
use crate::diversion::{self, DiversionView};
use crate::heat::{HeatTable, cases_table};
use crate::land::not_on_map;
use crate::map::draw;
use crate::question::{self, QuestionView};
use crate::scale::{Classes, Shade, shortest};
use crate::sectors::{self, SectorsView};
use crate::strips::{self, ComparisonView};
use crate::waterfall::{self, WaterfallView};

/// Why a page could not be written.
#[derive(Debug)]
pub struct Error(minijinja::Error);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the report template failed: {:#}", self.0)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

impl From<minijinja::Error> for Error {
    fn from(error: minijinja::Error) -> Self {
        Self(error)
    }
}

/// The page as one HTML document that needs nothing else: no network, no script, no font.
///
/// # Errors
/// Only where the template itself is at fault; no input makes it fail.
pub fn render(page: &Page) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_template("charts.html", include_str!("../templates/charts.html"))?;
    environment.add_template("questions.html", include_str!("../templates/questions.html"))?;
    environment.add_template("why.html", include_str!("../templates/why.html"))?;
    environment.add_template("models.html", include_str!("../templates/models.html"))?;
    environment.add_template("report.html", include_str!("../templates/report.html"))?;
    environment.add_filter("keep_together", |text: &str| text.replace(" %", "\u{a0}%"));
    let view = View::of(page);
    let context = minijinja::context! { page => Serde(page), view => Serde(&view) };
    Ok(environment.get_template("report.html")?.render(context)?)
}

/// What the template shows beyond the words of the page: everything already laid out.
#[derive(Serialize)]
struct View {
    style: String,
    headline: usize,
    map: String,
    legend: Vec<Swatch>,
    not_on_map: Vec<String>,
    rankings: Vec<Ranking>,
    cases: HeatTable,
    questions: Vec<QuestionView>,
    breakdowns: Vec<WaterfallView>,
    comparison: Option<ComparisonView>,
    diversion: Vec<DiversionView>,
    sectors: Vec<SectorsView>,
}

/// A colour of the legend, with the limit at its left edge.
#[derive(Serialize)]
struct Swatch {
    shade: String,
    limit: String,
}

impl View {
    fn of(page: &Page) -> Self {
        let headline = if page.headline_case < page.cases.len() { page.headline_case } else { 0 };
        let classes = Classes::fit(page.cases.iter().flat_map(Case::shown).copied(), page.measure.decimals);
        let every_case: Vec<usize> = (0..page.cases.len()).collect();
        Self {
            style: style(page, &classes, headline),
            headline,
            map: draw(page, &classes, &every_case, headline).to_string(),
            legend: legend(&classes),
            not_on_map: not_on_map(&page.regions).into_iter().map(String::from).collect(),
            rankings: page.cases.iter().map(|case| Ranking::of(page, case)).collect(),
            cases: cases_table(page, &classes, headline),
            questions: page.questions.iter().map(question::view).collect(),
            breakdowns: page.breakdowns.iter().map(|breakdown| waterfall::view(page, breakdown)).collect(),
            comparison: page.comparison.as_ref().map(|comparison| strips::view(page, comparison, &classes)),
            diversion: page.diversion.iter().map(|diversion| diversion::view(page, diversion)).collect(),
            sectors: page.sector_panels.iter().map(|panel| sectors::view(page, panel)).collect(),
        }
    }
}

/// The shades from the greatest loss to the greatest gain, without zero: its place is the limit in the middle.
fn legend(classes: &Classes) -> Vec<Swatch> {
    let limits = classes.limits();
    let below = limits.iter().rev().map(|limit| format!("−{}", shortest(*limit)));
    let above = limits.iter().map(|limit| format!("+{}", shortest(*limit)));
    let all = std::iter::once(String::new()).chain(below).chain(std::iter::once("0".into())).chain(above);
    let shades = Shade::all().filter(|shade| shade.step() != Some(0));
    shades.zip(all).map(|(shade, limit)| Swatch { shade: shade.name(), limit }).collect()
}

/// The fixed style sheet, the colours of both modes, and the rules that make the case picker work without a script.
fn style(page: &Page, classes: &Classes, headline: usize) -> String {
    let mut css = String::new();
    let dark = format!("@media screen and (prefers-color-scheme: dark) {{\n:root {{ {} }}\n}}\n", variables(&DARK));
    for part in [&format!(":root {{ {} }}\n", variables(&LIGHT)), &dark, include_str!("../templates/style.css")] {
        css.push_str(part);
    }
    for shade in Shade::all().map(Shade::name) {
        // Writing to a String cannot fail.
        let _ = writeln!(css, ".{shade} {{ background: var(--{shade}); color: var(--on-{shade}); }}");
    }
    let _ = writeln!(css, ".only {{ display: none; }}\n.only.case-{headline} {{ display: block; }}");
    for (k, case) in page.cases.iter().enumerate() {
        let picked = format!(".cases:has(#case-{k}:checked)");
        let fills = (0..page.regions.len()).map(|r| {
            let shade = classes.shade(case.value(r));
            let coat = if shade.step().is_some_and(|step| step < 0) { "url(#loss)" } else { "none" };
            match shade.step() {
                None => format!("--r{r}:url(#no-data);--h{r}:none;"),
                Some(_) => format!("--r{r}:var(--{});--h{r}:{coat};", shade.name()),
            }
        });
        let fills: String = fills.collect();
        if k == headline {
            let _ = writeln!(css, ".cases {{ {fills} }}");
        }
        let _ = writeln!(css, "{picked} {{ {fills} }}\n{picked} .only {{ display: none; }}");
        let _ = writeln!(css, "{picked} .only.case-{k} {{ display: block; }}");
    }
    css
}

/// The shades and the ink that is readable on each, as style variables.
fn variables(palette: &Palette) -> String {
    let shades = Shade::all().filter_map(|shade| Some((shade.name(), palette.colour(shade)?)));
    shades.map(|(name, colour)| format!("--{name}: {colour}; --on-{name}: {};", colour.ink())).collect()
}
