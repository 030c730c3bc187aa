//! What went wrong, as a document.

use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use cobden::{Failure, Problem};
use serde::Serialize;

use crate::desk::Undone;

/// A refusal: `{"error": {"message", "help"}}` with a status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    message: String,
    help: Option<String>,
}

#[derive(Serialize)]
struct Document<'a> {
    error: Said<'a>,
}

#[derive(Serialize)]
struct Said<'a> {
    message: &'a str,
    help: Option<&'a str>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), help: None }
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// The document, as JSON.
    pub(crate) fn text(&self) -> String {
        let document = Document { error: Said { message: &self.message, help: self.help.as_deref() } };
        serde_json::to_string(&document).unwrap_or_default()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, [(header::CONTENT_TYPE, "application/json")], self.text()).into_response()
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        let refusal = Self::new(StatusCode::UNPROCESSABLE_ENTITY, problem.message);
        Self { help: problem.help, ..refusal }
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Input(problem) => problem.into(),
            Failure::Stopped => Undone::Overtaken.into(),
        }
    }
}

impl From<Undone> for Refusal {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::Full => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "too many pages ask at once").help("ask again in a moment")
            }
            Undone::Overtaken => Self::new(StatusCode::CONFLICT, "overtaken by a newer request of the same page"),
        }
    }
}

pub(crate) async fn no_route(uri: Uri) -> Refusal {
    let paths: Vec<&str> = crate::ROUTES.iter().map(|(_, path)| *path).collect();
    Refusal::new(StatusCode::NOT_FOUND, format!("no {}", uri.path())).help(format!("there are {}", paths.join(", ")))
}

pub(crate) async fn no_method(method: Method, uri: Uri) -> Refusal {
    // Within the nested router the path has lost its prefix.
    let path = format!("/api{}", uri.path().trim_start_matches("/api"));
    let help = crate::ROUTES
        .iter()
        .find(|(_, known)| *known == path)
        .map(|(known, _)| format!("use {}", known.to_uppercase()));
    let refusal = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, format!("{path} does not take {method}"));
    Refusal { help, ..refusal }
}
