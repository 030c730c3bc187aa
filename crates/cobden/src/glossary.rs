//! The words of the field, each explained in one screen: one Markdown file per term.

use cobden_world::{Problem, nearest};

/// One term of the glossary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// Its name on the command line, e.g. `trade-elasticity`.
    pub name: &'static str,
    /// Its text in Markdown: a title, a line of aliases, a paragraph that says what it is, then the rest.
    pub text: &'static str,
}

/// Every term, in alphabetical order.
pub const TERMS: &[Term] = &[
    Term { name: "alignment", text: include_str!("../glossary/alignment.md") },
    Term { name: "armington", text: include_str!("../glossary/armington.md") },
    Term { name: "assumptions", text: include_str!("../glossary/assumptions.md") },
    Term { name: "baseline", text: include_str!("../glossary/baseline.md") },
    Term { name: "best-response", text: include_str!("../glossary/best-response.md") },
    Term { name: "caliendo-parro", text: include_str!("../glossary/caliendo-parro.md") },
    Term { name: "certificate", text: include_str!("../glossary/certificate.md") },
    Term { name: "coalition", text: include_str!("../glossary/coalition.md") },
    Term { name: "deal", text: include_str!("../glossary/deal.md") },
    Term { name: "decomposition", text: include_str!("../glossary/decomposition.md") },
    Term { name: "deficits", text: include_str!("../glossary/deficits.md") },
    Term { name: "equivalent-variation", text: include_str!("../glossary/equivalent-variation.md") },
    Term { name: "exact-hat-algebra", text: include_str!("../glossary/exact-hat-algebra.md") },
    Term { name: "export-tax", text: include_str!("../glossary/export-tax.md") },
    Term { name: "first-order", text: include_str!("../glossary/first-order.md") },
    Term { name: "government-welfare", text: include_str!("../glossary/government-welfare.md") },
    Term { name: "krugman", text: include_str!("../glossary/krugman.md") },
    Term { name: "labour-supply", text: include_str!("../glossary/labour-supply.md") },
    Term { name: "numeraire", text: include_str!("../glossary/numeraire.md") },
    Term { name: "optimal-tariff", text: include_str!("../glossary/optimal-tariff.md") },
    Term { name: "ossa", text: include_str!("../glossary/ossa.md") },
    Term { name: "passport", text: include_str!("../glossary/passport.md") },
    Term { name: "real-wage", text: include_str!("../glossary/real-wage.md") },
    Term { name: "residual", text: include_str!("../glossary/residual.md") },
    Term { name: "retaliation", text: include_str!("../glossary/retaliation.md") },
    Term { name: "sensitivity", text: include_str!("../glossary/sensitivity.md") },
    Term { name: "several-models", text: include_str!("../glossary/several-models.md") },
    Term { name: "study", text: include_str!("../glossary/study.md") },
    Term { name: "tariff", text: include_str!("../glossary/tariff.md") },
    Term { name: "tariff-revenue", text: include_str!("../glossary/tariff-revenue.md") },
    Term { name: "tariff-war", text: include_str!("../glossary/tariff-war.md") },
    Term { name: "terms-of-trade", text: include_str!("../glossary/terms-of-trade.md") },
    Term { name: "trade-diversion", text: include_str!("../glossary/trade-diversion.md") },
    Term { name: "trade-elasticity", text: include_str!("../glossary/trade-elasticity.md") },
    Term { name: "trade-share", text: include_str!("../glossary/trade-share.md") },
    Term { name: "volume-of-trade", text: include_str!("../glossary/volume-of-trade.md") },
    Term { name: "welfare", text: include_str!("../glossary/welfare.md") },
    Term { name: "world", text: include_str!("../glossary/world.md") },
];

impl Term {
    /// The title: `Trade elasticity`.
    pub fn title(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default().trim_start_matches("# ")
    }

    /// Other names under which it is found.
    pub fn aliases(&self) -> impl Iterator<Item = &'static str> {
        let line = self.text.lines().find_map(|line| line.strip_prefix("Also called: ")).unwrap_or_default();
        line.split(", ").filter(|alias| !alias.is_empty())
    }

    /// The paragraph that says what it is.
    pub fn summary(&self) -> String {
        let lines = self.text.lines().skip_while(|line| !line.is_empty()).skip(1);
        lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The items `- **Title.** text` of its lists, as title and text.
    pub fn points(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.text.lines().filter_map(|line| line.strip_prefix("- **")?.split_once(".** "))
    }
}

/// Finds a term by its name, title or alias; case, blanks and underscores do not matter.
///
/// ```
/// assert_eq!(cobden::explain("theta").unwrap().name, "trade-elasticity");
/// assert_eq!(cobden::explain("Terms of Trade").unwrap().name, "terms-of-trade");
/// ```
///
/// # Errors
/// A word that is none of them, with the nearest one.
pub fn explain(word: &str) -> Result<Term, Problem> {
    let wanted = key(word);
    let known: Vec<(String, Term)> = TERMS.iter().flat_map(|term| keys(term).map(|key| (key, *term))).collect();
    if let Some((_, term)) = known.iter().find(|(key, _)| *key == wanted) {
        return Ok(*term);
    }
    let problem = Problem::new(format!("no explanation of \"{word}\""));
    let keys: Vec<&str> = known.iter().map(|(key, _)| key.as_str()).collect();
    Err(match nearest(&wanted, &keys) {
        Some(near) => problem.help(format!("did you mean \"{near}\"?")),
        None => problem.help("`cobden explain` lists every term"),
    })
}

/// The whole glossary as one Markdown document: `docs/glossary.md`.
pub fn glossary() -> String {
    let mut text = String::from(
        "<!-- Made from crates/cobden/glossary/*.md by `cobden explain --all`; a test keeps the two the same. -->\n\n# Glossary\n\n\
         The words of the results and the study file. On the command line: `cobden explain TERM`.\n",
    );
    for term in TERMS {
        text.push_str("\n#");
        text.push_str(term.text);
    }
    text
}

fn keys(term: &'static Term) -> impl Iterator<Item = String> {
    [term.name, term.title()].into_iter().chain(term.aliases()).map(key)
}

fn key(word: &str) -> String {
    word.trim().to_lowercase().replace([' ', '_'], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_term_fits_one_screen_and_leads_on() {
        for term in TERMS {
            assert!(term.text.starts_with("# ") && !term.summary().is_empty(), "{}", term.name);
            assert!(term.text.lines().count() <= 30, "{} is longer than a screen", term.name);
            let last = term.text.trim_end().lines().last().unwrap_or_default();
            let others = last.strip_prefix("See also: ").expect("a last line that leads on");
            for other in others.split(", ") {
                assert!(TERMS.iter().any(|known| known.name == other), "{} leads to {other}", term.name);
            }
        }
    }

    #[test]
    fn no_word_leads_to_two_terms() {
        let mut all: Vec<(String, &str)> =
            TERMS.iter().flat_map(|term| keys(term).map(move |key| (key, term.name))).collect();
        all.sort();
        all.dedup();
        for pair in all.windows(2) {
            assert_ne!(pair[0].0, pair[1].0, "{} and {}", pair[0].1, pair[1].1);
        }
    }

    #[test]
    fn an_unknown_word_names_the_nearest() {
        assert_eq!(explain("welfar").unwrap_err().help.as_deref(), Some("did you mean \"welfare\"?"));
        assert!(explain("zzzzzzzz").unwrap_err().help.unwrap().contains("lists every term"));
    }
}
