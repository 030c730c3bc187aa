//! The self-contained page.

use std::fmt;

use minijinja::value::Serde;

use crate::contents::Page;

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
    let mut environment = minijinja::Environment::new();
    environment.add_template("report.html", include_str!("../templates/report.html"))?;
    let rows: Vec<_> = page
        .cases
        .iter()
        .map(|case| {
            let values: Vec<_> = case
                .values
                .iter()
                .map(|v| crate::scale::signed(*v, page.measure.decimals))
                .collect();
            (case.name.as_str(), values)
        })
        .collect();
    let context = minijinja::context! { page => Serde(page), rows => Serde(&rows) };
    Ok(environment.get_template("report.html")?.render(context)?)
}
