//! Takes connections: so many at a time, and none that never says what it wants.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Most connections at a time.
const CONNECTIONS: usize = 256;
/// Longest that the head of a request may take.
const HEAD: Duration = Duration::from_secs(10);
/// Longest head of a request, in bytes: a sentence in an address has a few hundred.
const LONGEST_HEAD: usize = 16 << 10;
/// How long to wait after the system had no more room for a connection.
const BREATH: Duration = Duration::from_millis(50);

/// Serves connection after connection.
pub(crate) async fn accept(listener: TcpListener, router: Router) -> io::Result<()> {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { return Ok(()) };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(_) => {
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        // A slider's steps are small and must not wait to be sent together.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let mut server = http1::Builder::new();
            server.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(LONGEST_HEAD);
            // A connection that breaks off concerns nobody else.
            let _ = server.serve_connection(TokioIo::new(stream), service).await;
            drop(place);
        });
    }
}
