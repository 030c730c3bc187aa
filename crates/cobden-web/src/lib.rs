//! cobden in a browser: a server on this machine alone, and the page it shows.
//!
//! Everything the page knows comes over the API under `/api`, described by `/api/openapi.json`. The server computes nothing itself: it hands
//! sentences to a [`Session`] and its documents back.
//!
//! What it is careful about. It listens on loopback, and answers only requests that name it as their host and come from its own
//! page, so that no page of another site can use it (also not by binding a name of its own to 127.0.0.1). It never says that a number is current
//! when it is not: every answer carries the number of its request, and a request that a newer one of the same page has overtaken
//! ends in 409. One that asks for too much, too slowly, or wrongly harms no other.

mod api;
mod desk;
mod failure;
mod guard;
mod listen;
mod page;
mod stream;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::{get, post};
use cobden::session::Session;

use crate::desk::Desk;

pub use api::OPENAPI;

/// The port that is taken if none is asked for.
pub const PORT: u16 = 8317;

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct Office {
    session: Arc<Session>,
    /// Where sentences are answered, one after the other.
    solves: Arc<Desk>,
    /// Where cards are played; they may take seconds, and a slider must not wait for them.
    games: Arc<Desk>,
    /// Where bands are drawn; they may not wait for games either.
    bands: Arc<Desk>,
}

/// Every path of the API with its method, as the OpenAPI document has to list them.
pub const ROUTES: [(&str, &str); 7] = [
    ("get", "/api/band"),
    ("get", "/api/openapi.json"),
    ("get", "/api/presets"),
    ("get", "/api/strategy"),
    ("get", "/api/study"),
    ("get", "/api/world"),
    ("post", "/api/solve"),
];

/// The whole of what is served, for a host that listens on `port`.
pub fn router(session: Session, port: u16) -> Router {
    let office = Office {
        session: Arc::new(session),
        solves: Desk::open("cobden-solve"),
        games: Desk::open("cobden-games"),
        bands: Desk::open("cobden-bands"),
    };
    let api = Router::new()
        .route("/openapi.json", get(api::openapi))
        .route("/world", get(api::world))
        .route("/presets", get(api::presets))
        .route("/study", get(api::study))
        .route("/strategy", get(stream::strategy))
        .route("/band", get(stream::band))
        .route("/solve", post(api::solve))
        .fallback(failure::no_route)
        .method_not_allowed_fallback(failure::no_method)
        .with_state(office);
    Router::new()
        .nest("/api", api)
        .fallback(page::serve)
        .layer(middleware::from_fn(guard::limit))
        .layer(middleware::from_fn_with_state(guard::Hosts::of(port), guard::check))
        .layer(middleware::from_fn(guard::headers))
}

/// Serves a session on loopback until the process ends. `port` 0 takes any that is free; `ready` is told the address.
///
/// # Errors
/// A port that is taken or not allowed.
pub fn serve(session: Session, port: u16, ready: impl FnOnce(SocketAddr)) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port))).await?;
        let address = listener.local_addr()?;
        let router = router(session, address.port());
        ready(address);
        listen::accept(listener, router).await
    })
}
