//! Cards and bands take a while: their progress, then what came of it, as server-sent events.

use std::convert::Infallible;
use std::ops::ControlFlow;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use cobden::Failure;
use cobden::session::{Draws, MOST_DRAWS};
use futures_util::stream;
use serde::Serialize;
use tokio::sync::mpsc;

use crate::Office;
use crate::api::{InAddress, in_address, named};
use crate::desk::{Desk, Interest, Wanted};
use crate::failure::Refusal;

/// Most events that wait to be sent; progress beyond them is dropped.
const WAITING: usize = 64;

#[derive(Serialize)]
struct Step {
    done: usize,
    steps: usize,
    name: String,
    detail: String,
}

#[derive(Serialize)]
struct Drawn {
    done: usize,
    draws: usize,
}

/// `GET /api/strategy`: events `progress`, then one `cards` or one `failure`, each with the number of the request as its id.
pub(crate) async fn strategy(
    State(office): State<Office>,
    asked: Result<Query<InAddress>, QueryRejection>,
) -> Result<Response, Refusal> {
    let asked = in_address(asked)?;
    let sentence = asked.sentence()?;
    let session = office.session;
    streamed(&office.games, asked, "cards", move |told| {
        session.cards(&sentence, |step| {
            told(&Step {
                done: step.done,
                steps: step.steps,
                name: step.name.to_owned(),
                detail: step.detail.to_owned(),
            })
        })
    })
}

/// `GET /api/band`: events `progress`, then one `band` or one `failure`, each with the number of the request as its id.
pub(crate) async fn band(
    State(office): State<Office>,
    asked: Result<Query<InAddress>, QueryRejection>,
) -> Result<Response, Refusal> {
    let asked = in_address(asked)?;
    let sentence = asked.sentence()?;
    let Draws { seed, draws } = Draws::default();
    let draws = Draws { seed: asked.seed.unwrap_or(seed), draws: asked.draws.unwrap_or(draws) };
    if !(1..=MOST_DRAWS).contains(&draws.draws) {
        let refusal = Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, format!("{} draws", draws.draws));
        return Err(refusal.help(format!("ask for 1 to {MOST_DRAWS}")));
    }
    let session = office.session;
    streamed(&office.bands, asked, "band", move |told| {
        session.band(&sentence, draws, |done| told(&Drawn { done, draws: draws.draws }))
    })
}

/// Has something done at a desk whose progress and end are events. `work` is given whom to tell, which says whether to go on: it is
/// called off when nobody listens any more, and when the same page asks for something newer.
fn streamed<S: Serialize, T: Serialize>(
    desk: &Desk,
    asked: InAddress,
    end: &'static str,
    work: impl FnOnce(&mut (dyn FnMut(&S) -> ControlFlow<()> + Send)) -> Result<T, Failure> + Send + 'static,
) -> Result<Response, Refusal> {
    let page = named(asked.page.unwrap_or_else(|| "stream".to_owned()))?;
    let id = asked.id.unwrap_or_default().to_string();
    let (send, receive) = mpsc::channel(WAITING);
    let interest = desk.order(&page, move |wanted: &Wanted| {
        let event = |name: &str, text: String| Event::default().event(name).id(&id).data(text);
        let done = work(&mut |step: &S| {
            // Whoever reads slowly misses steps, not the end.
            let _ = send.try_send(event("progress", serde_json::to_string(step).unwrap_or_default()));
            if wanted.still() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        let last = match done {
            Ok(document) => event(end, serde_json::to_string(&document).unwrap_or_default()),
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
