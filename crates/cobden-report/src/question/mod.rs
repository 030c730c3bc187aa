//! What was asked of those who act, and what came of it: sentences, charts, the proof.

mod frontier;
mod standings;

use serde::Serialize;

use crate::bars::{Bars, Domain, Item};
use crate::contents::Measure;
use crate::heat::HeatTable;
use crate::scale::{Classes, signed};
use crate::waterfall::{Falls, Step, falls};

pub use frontier::Frontier;
pub use standings::{Mark, Place, Standing, Standings};

use standings::StandingsView;

/// One question and its answer; what is empty is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Question {
    /// "Tariff war: the case “war”".
    pub title: String,
    /// What was asked, in one sentence.
    pub asked: String,
    /// The answer, in sentences.
    pub answer: Vec<String>,
    /// Charts and tables.
    pub exhibits: Vec<Exhibit>,
    /// Why the answer may be believed, one remark each.
    pub proof: Vec<String>,
}

/// A chart or a table with what a reader needs beside it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Exhibit {
    /// "Who would leave, who would join".
    pub title: String,
    /// How to read it; a sentence or two that stand above it.
    pub text: String,
    /// What its numbers measure.
    pub measure: Measure,
    /// What it shows.
    pub chart: Chart,
}

/// The forms of an exhibit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Chart {
    /// Words and numbers as they are written.
    Plain(Plain),
    /// Bars from a common zero, a card for each subject, each with a scale of its own.
    Bars(Vec<Card>),
    /// Bars that each begin where the last one ended, a card for each subject, each with a scale of its own.
    Steps(Vec<Card>),
    /// Who stands with whom, and what each has of it.
    Standings(Standings),
    /// What can be had of one thing for how much of another.
    Frontier(Frontier),
    /// Numbers of pairs.
    Grid(Grid),
}

impl Default for Chart {
    fn default() -> Self {
        Chart::Plain(Plain::default())
    }
}

/// A table of words and numbers as they are written; its first column names the rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Plain {
    /// Heads of the columns, with units.
    pub columns: Vec<String>,
    /// So many columns at the left hold words; numbers stand to the right.
    pub words: usize,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// Bars of one subject.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Card {
    /// The subject: "China".
    pub name: String,
    /// What the bars are: "Step".
    pub first: String,
    /// The bars; of steps what is not finite is left out.
    pub bars: Vec<Step>,
    /// What steps add up to; not shown with bars from a common zero.
    pub total: Step,
}

/// Numbers of pairs, coloured by sign and size.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Grid {
    /// What the rows are: "Government".
    pub first: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Name of each row and its numbers; NaN = none.
    pub rows: Vec<(String, Vec<f64>)>,
}

/// A question laid out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct QuestionView {
    exhibits: Vec<ExhibitView>,
}

/// An exhibit laid out: one of the charts is there.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct ExhibitView {
    title: String,
    text: String,
    /// The unit, or what is measured where it has none.
    unit: String,
    plain: Option<Plain>,
    bars: Vec<BarsView>,
    steps: Vec<StepsView>,
    standings: Option<StandingsView>,
    frontier: Option<String>,
    grid: Option<GridView>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct BarsView {
    name: String,
    first: String,
    bars: Bars,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct StepsView {
    name: String,
    first: String,
    falls: Falls,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct GridView {
    first: String,
    table: HeatTable,
}

/// Lays a question out.
pub(crate) fn view(question: &Question) -> QuestionView {
    QuestionView { exhibits: question.exhibits.iter().map(exhibit).collect() }
}

fn exhibit(exhibit: &Exhibit) -> ExhibitView {
    let measure = &exhibit.measure;
    let unit = if measure.unit.is_empty() { &measure.name } else { &measure.unit };
    let mut view = ExhibitView {
        title: exhibit.title.clone(),
        text: exhibit.text.clone(),
        unit: unit.clone(),
        ..ExhibitView::default()
    };
    match &exhibit.chart {
        Chart::Plain(table) => view.plain = Some(table.clone()),
        Chart::Bars(cards) => view.bars = cards.iter().map(|card| bars(card, measure)).collect(),
        Chart::Steps(cards) => view.steps = cards.iter().map(|card| steps(card, measure)).collect(),
        Chart::Standings(standings) => view.standings = Some(standings::view(standings, measure)),
        Chart::Frontier(frontier) => view.frontier = Some(frontier.svg(&exhibit.title).to_string()),
        Chart::Grid(grid) => view.grid = Some(self::grid(grid, measure)),
    }
    view
}

fn bars(card: &Card, measure: &Measure) -> BarsView {
    let items = card.bars.iter().map(|bar| Item {
        label: bar.label.clone(),
        value: bar.value,
        cells: vec![signed(bar.value, measure.decimals)],
    });
    let bars = Bars::new(items, Domain::of(card.bars.iter().map(|bar| bar.value)));
    BarsView { name: card.name.clone(), first: card.first.clone(), bars }
}

fn steps(card: &Card, measure: &Measure) -> StepsView {
    let falls = falls(&card.bars, &card.total, measure.decimals);
    StepsView { name: card.name.clone(), first: card.first.clone(), falls }
}

fn grid(grid: &Grid, measure: &Measure) -> GridView {
    let classes = Classes::fit(grid.rows.iter().flat_map(|(_, values)| values).copied(), measure.decimals);
    let cell = |value: &f64| match value.is_finite() {
        true => (signed(*value, measure.decimals), classes.shade(*value).name()),
        false => (String::new(), "none".to_owned()),
    };
    let rows = grid.rows.iter().map(|(name, values)| (name.clone(), values.iter().map(cell).collect()));
    GridView { first: grid.first.clone(), table: HeatTable::new(grid.columns.clone(), rows) }
}
