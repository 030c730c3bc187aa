//! Cards take a while: their progress, then the cards, as server-sent events.

use std::convert::Infallible;
use std::ops::ControlFlow;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use tokio::sync::mpsc;

use crate::Office;
use crate::api::{InAddress, in_address, named};
use crate::desk::{Interest, Wanted};
use crate::failure::Refusal;

/// Most events that wait to be sent; progress beyond them is dropped.
const WAITING: usize = 64;

#[derive(Serialize)]
struct Progress<'a> {
    done: usize,
    steps: usize,
    name: &'a str,
    detail: &'a str,
}

/// `GET /api/strategy`: events `progress`, then one `cards` or one `failure`, each with the number of the request as its id.
pub(crate) async fn strategy(
    State(office): State<Office>,
    asked: Result<Query<InAddress>, QueryRejection>,
) -> Result<Response, Refusal> {
    let asked = in_address(asked)?;
    let sentence = asked.sentence()?;
    let page = named(asked.page.unwrap_or_else(|| "stream".to_owned()))?;
    let id = asked.id.unwrap_or_default().to_string();
    let (send, receive) = mpsc::channel(WAITING);
    let session = office.session;
    let interest = office.games.order(&page, move |wanted: &Wanted| {
        let event = |name: &str, text: String| Event::default().event(name).id(&id).data(text);
        let played = session.cards(&sentence, |step| {
            let said = Progress { done: step.done, steps: step.steps, name: step.name, detail: step.detail };
            let text = serde_json::to_string(&said).unwrap_or_default();
            // Whoever reads slowly misses steps, not the end.
            let _ = send.try_send(event("progress", text));
            if wanted.still() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        let last = match played {
            Ok(cards) => event("cards", serde_json::to_string(&cards).unwrap_or_default()),
            Err(failure) => event("failure", Refusal::from(failure).text()),
        };
        // Nobody may be there any more.
        let _ = send.blocking_send(last);
    })?;
    let events = stream::unfold((receive, interest), next);
    Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
}

async fn next(
    (mut receive, interest): (mpsc::Receiver<Event>, Interest),
) -> Option<(Result<Event, Infallible>, (mpsc::Receiver<Event>, Interest))> {
    let event = receive.recv().await?;
    Some((Ok(event), (receive, interest)))
}
