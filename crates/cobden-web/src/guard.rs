//! Who may ask, how much and how long; and what every answer says about itself.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::failure::Refusal;

/// Longest that a request may take until its answer begins. A best answer of six countries takes seconds.
const LONGEST: Duration = Duration::from_secs(120);

/// The names under which this server may be asked.
#[derive(Clone, Debug)]
pub(crate) struct Hosts([String; 3]);

impl Hosts {
    pub(crate) fn of(port: u16) -> Self {
        Self(["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}")))
    }

    fn has(&self, host: &str) -> bool {
        self.0.iter().any(|known| known.eq_ignore_ascii_case(host))
    }
}

/// Refuses requests under another name, which is what a page of another site makes after it has bound its own name to this machine, and
/// requests from other pages.
pub(crate) async fn check(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    match foreign(&hosts, &request) {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    }
}

fn foreign(hosts: &Hosts, request: &Request) -> Option<Refusal> {
    let refuse = |message: &str| Some(Refusal::new(StatusCode::FORBIDDEN, message));
    let headers = request.headers();
    let mut named = headers.get_all(header::HOST).iter();
    // A target in absolute form names a host as well.
    let absolute = request.uri().authority().map(|authority| authority.as_str().to_owned());
    let known = |host: &HeaderValue| host.to_str().is_ok_and(|host| hosts.has(host));
    if !named.next().is_some_and(known) || named.next().is_some() || absolute.is_some_and(|host| !hosts.has(&host)) {
        return refuse("this server answers under its own name alone: 127.0.0.1 or localhost, with its port");
    }
    if let Some(origin) = headers.get(header::ORIGIN) {
        let own = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://"));
        if !own.is_some_and(|host| hosts.has(host)) {
            return refuse("this server answers its own page alone");
        }
    }
    // A picture or a script of another site sends no origin. Following a link to the page itself is fine.
    let site = text(headers, "sec-fetch-site");
    if matches!(site, Some("cross-site" | "same-site")) && request.uri().path().starts_with("/api") {
        return refuse("this server answers its own page alone");
    }
    None
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// Ends what takes too long.
pub(crate) async fn limit(request: Request, next: Next) -> Response {
    match tokio::time::timeout(LONGEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refusal::new(StatusCode::REQUEST_TIMEOUT, "it took too long").into_response(),
    }
}

/// Nothing from elsewhere, nothing inside other pages, nothing kept.
const HEADERS: [(&str, &str); 8] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("cache-control", "no-store"),
];

/// Adds what every answer says; an answer that has said it itself is left alone.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    response
}
