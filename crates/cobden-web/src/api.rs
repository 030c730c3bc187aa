//! The routes that answer at once.

use std::time::Duration;

use axum::body::{self, Body};
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cobden::session::{ReadingDocument, Sentence};
use serde::{Deserialize, Serialize};

use crate::Office;
use crate::failure::Refusal;

/// The description of the API, OpenAPI 3.1.
pub const OPENAPI: &str = include_str!("openapi.json");

/// Longest body of a request, in bytes.
const LONGEST: usize = 16 << 10;
/// Longest that a body may take to come in.
const SLOWEST: Duration = Duration::from_secs(10);
/// Longest name of a page.
const LONGEST_NAME: usize = 64;

/// The body of `POST /api/solve`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Which page asks; its newest request wins.
    page: String,
    /// The number of the request, given back with the answer.
    id: u64,
    sentence: Sentence,
    /// Whether to say where the changes come from.
    #[serde(default)]
    why: bool,
}

/// The answer to it.
#[derive(Serialize)]
struct Answered {
    id: u64,
    #[serde(flatten)]
    reading: ReadingDocument,
}

/// What addresses with a sentence have after the question mark.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InAddress {
    /// The sentence as JSON.
    sentence: String,
    pub(crate) page: Option<String>,
    pub(crate) id: Option<u64>,
    /// Of a band alone: how many draws, from which seed.
    pub(crate) draws: Option<usize>,
    pub(crate) seed: Option<u64>,
}

pub(crate) async fn openapi() -> Response {
    document(OPENAPI.to_owned())
}

pub(crate) async fn world(State(office): State<Office>) -> Result<Response, Refusal> {
    json(&office.session.context())
}

pub(crate) async fn presets(State(office): State<Office>) -> Result<Response, Refusal> {
    json(&office.session.presets()?)
}

pub(crate) async fn study(
    State(office): State<Office>,
    asked: Result<Query<InAddress>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Refusal> {
    let sentence = in_address(asked)?.sentence()?;
    let text = office.session.study_text(&sentence)?;
    let about = [
        (header::CONTENT_TYPE, "application/toml; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"page.toml\""),
    ];
    Ok((about, text).into_response())
}

pub(crate) async fn solve(State(office): State<Office>, request: Request) -> Result<Response, Refusal> {
    let (head, body) = request.into_parts();
    let bytes = whole(&head.headers, body).await?;
    let asked: Asked = serde_json::from_slice(&bytes).map_err(|error| malformed(&error))?;
    let page = named(asked.page)?;
    let session = office.session;
    let (id, sentence, why) = (asked.id, asked.sentence, asked.why);
    let solved = office.solves.ask(&page, move |wanted| session.read(&sentence, why, || wanted.still())).await?;
    json(&Answered { id, reading: solved? })
}

impl InAddress {
    pub(crate) fn sentence(&self) -> Result<Sentence, Refusal> {
        serde_json::from_str(&self.sentence).map_err(|error| malformed(&error))
    }
}

/// What stands after the question mark, or what is wrong with it.
pub(crate) fn in_address(
    asked: Result<Query<InAddress>, axum::extract::rejection::QueryRejection>,
) -> Result<InAddress, Refusal> {
    let refuse = |error: axum::extract::rejection::QueryRejection| {
        Refusal::new(StatusCode::BAD_REQUEST, error.body_text())
            .help("write ?sentence= and the sentence as JSON, percent-encoded")
    };
    asked.map(|Query(asked)| asked).map_err(refuse)
}

/// The name of a page, if it is one.
pub(crate) fn named(page: String) -> Result<String, Refusal> {
    if (1..=LONGEST_NAME).contains(&page.len()) {
        return Ok(page);
    }
    let refusal = Refusal::new(StatusCode::BAD_REQUEST, "`page` is no name of a page");
    Err(refusal.help(format!("give it 1 to {LONGEST_NAME} characters, the same in every request of one page")))
}

/// The body of a request: JSON, not too long and not too slow. No form of another site can send that type unasked.
async fn whole(headers: &HeaderMap, body: Body) -> Result<body::Bytes, Refusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some("application/json") {
        let refusal = Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body has to be JSON");
        return Err(refusal.help("send the header content-type: application/json"));
    }
    match tokio::time::timeout(SLOWEST, body::to_bytes(body, LONGEST)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long or broke off")
            .help(format!("a request has at most {LONGEST} bytes"))),
        Err(_) => Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "the body came too slowly")),
    }
}

fn malformed(error: &serde_json::Error) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, format!("not understood: {error}")).help("see /api/openapi.json")
}

/// A value as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<Response, Refusal> {
    let text = serde_json::to_string(value)
        .map_err(|error| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, format!("no document: {error}")))?;
    Ok(document(text))
}

fn document(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}
