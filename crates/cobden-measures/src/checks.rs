//! Checks: rates worked out by hand beside the measures, priced again whenever the register is read.

use cobden_world::Problem;

use crate::{Check, Question, Register};

/// Points by which a check may miss: a hand that writes six decimals.
const TOLERANCE: f64 = 1e-6;

/// A check that does not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// What differs, at the check.
    pub problem: Problem,
    /// `total`, or the measure.
    pub what: String,
    /// What was expected, in points.
    pub expected: f64,
    /// What came out, in points; `None` if no rate could be made.
    pub found: Option<f64>,
}

impl Register {
    /// The checks of the files.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// Prices every check and returns those that miss by more than a millionth of a point.
    ///
    /// A check stands on its own: it uses the numbers that it states and none of the register's assumptions, so that a better estimate of a
    /// claim rate does not break it; claims that it does not state are not made.
    pub fn check(&self) -> Vec<Failure> {
        self.checks.iter().flat_map(|check| self.failures(check)).collect()
    }

    fn failures(&self, check: &Check) -> Vec<Failure> {
        let question = Question {
            importer: check.importer.clone(),
            exporter: check.exporter.clone(),
            product: check.product.clone(),
            date: check.date,
            base: check.base,
            known: check.known,
            view: check.view,
            stated: check.stated.clone(),
        };
        let name =
            check.why.clone().unwrap_or_else(|| format!("{} from {} on {}", check.product, check.exporter, check.date));
        let duty = self.answer(&question, true);
        let judge = |(what, expected): &(String, f64)| {
            let found = match &duty {
                Ok(duty) if what == "total" => duty.total,
                Ok(duty) => match self.measure(what) {
                    Ok(_) => duty.points(what),
                    Err(problem) => {
                        let problem = problem.at(self.place(&check.at));
                        return Some(Failure { problem, what: what.clone(), expected: *expected, found: None });
                    }
                },
                Err(problem) => {
                    let problem = match problem.place {
                        Some(_) => problem.clone(),
                        None => problem.clone().at(self.place(&check.at)),
                    };
                    return Some(Failure { problem, what: what.clone(), expected: *expected, found: None });
                }
            };
            if (found - expected).abs() <= TOLERANCE {
                return None;
            }
            let found = crate::duty::tidy(found);
            let message = format!("check \"{name}\": {what} is {found}, expected {expected}");
            let problem = Problem::new(message).at(self.place(&check.at));
            Some(Failure { problem, what: what.clone(), expected: *expected, found: Some(found) })
        };
        check.expect.iter().filter_map(judge).collect()
    }
}
