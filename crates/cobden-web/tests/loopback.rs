//! The server itself, over real connections: many at once, slow ones, broken ones.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::OnceLock;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use cobden::session::Session;
use serde_json::{Value, json};

fn address() -> SocketAddr {
    static ADDRESS: OnceLock<SocketAddr> = OnceLock::new();
    *ADDRESS.get_or_init(serve)
}

/// Another server, until the tests end.
fn serve() -> SocketAddr {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let session = Session::open("icio-2022").unwrap();
        cobden_web::serve(session, 0, |address| tell.send(address).unwrap()).unwrap();
    });
    told.recv().unwrap()
}

fn connect() -> TcpStream {
    let stream = TcpStream::connect(address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

/// Sends one request and reads until the server closes.
fn ask(request: &str) -> String {
    let mut stream = connect();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn solve(page: &str, id: u64, rate: f64) -> (u16, Value) {
    let sentence =
        json!({ "initiator": "USA", "rate_pct": rate, "targets": ["*"], "goods": ["*"], "coalition": ["CHN"] });
    let body = json!({ "page": page, "id": id, "sentence": sentence }).to_string();
    let head = format!(
        "POST /api/solve HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        address(),
        body.len()
    );
    let answer = ask(&(head + &body));
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap())
}

fn welfare(answer: &Value) -> Vec<f64> {
    answer["countries"].as_array().unwrap().iter().map(|country| country["welfare_pct"].as_f64().unwrap()).collect()
}

#[test]
fn fifty_pages_at_once_all_get_their_own_numbers() {
    let alone: Vec<Vec<f64>> = (0..5).map(|rate| welfare(&solve("before", rate, 4.0 * rate as f64).1)).collect();
    let pages: Vec<_> = (0..50_u64)
        .map(|page| {
            let alone = alone.clone();
            thread::spawn(move || {
                for step in 0..20 {
                    let which = (page + step) % 5;
                    let (status, answer) = solve(&format!("page {page}"), step, 4.0 * which as f64);
                    assert_eq!((status, answer["id"].as_u64()), (200, Some(step)), "{answer}");
                    for (one, other) in welfare(&answer).iter().zip(&alone[which as usize]) {
                        assert!((one - other).abs() < 1e-6);
                    }
                }
            })
        })
        .collect();
    let begun = Instant::now();
    pages.into_iter().for_each(|page| page.join().unwrap());
    println!("1,000 requests of 50 pages in {:.1} s", begun.elapsed().as_secs_f64());
}

#[test]
fn the_newest_request_of_a_page_wins() {
    let asks: Vec<_> = (0..30_u64).map(|id| thread::spawn(move || (id, solve("one page", id, id as f64)))).collect();
    for ask in asks {
        let (id, (status, answer)) = ask.join().unwrap();
        match status {
            200 => assert_eq!(
                (answer["id"].as_u64(), answer["sentence"]["rate_pct"].as_f64()),
                (Some(id), Some(id as f64))
            ),
            409 => assert!(answer["error"]["message"].as_str().unwrap().contains("overtaken")),
            other => panic!("{other} {answer}"),
        }
    }
    assert_eq!(solve("one page", 99, 10.0).0, 200);
}

#[test]
fn what_is_no_request_harms_nobody() {
    for nonsense in ["\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}hello TLS\r\n\r\n"] {
        assert!(ask(nonsense).starts_with("HTTP/1.1 400"), "{nonsense:?}");
    }
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(100_000));
    let mut stream = connect();
    // The server may close before all of it is sent.
    let _ = stream.write_all(long.as_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(answer.is_empty() || !answer.starts_with(b"HTTP/1.1 200"));
    // A body that is announced and never comes: the connection is left, the next is answered.
    let mut silent = connect();
    let head = format!(
        "POST /api/solve HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n",
        address()
    );
    silent.write_all(head.as_bytes()).unwrap();
    assert_eq!(solve("next", 1, 5.0).0, 200);
    silent.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut answer = [0; 16];
    silent.read_exact(&mut answer).unwrap();
    assert_eq!(&answer[..12], b"HTTP/1.1 408", "after ten seconds it is told that it is too slow");
}

#[test]
fn a_head_that_never_ends_is_left_after_ten_seconds() {
    let begun = Instant::now();
    let answer = ask("GET / HTTP/1.1\r\nhost: ");
    assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!((5.0..30.0).contains(&begun.elapsed().as_secs_f64()));
}

#[test]
fn a_listener_that_goes_away_stops_the_game() {
    let sentence = json!({ "initiator": "USA", "rate_pct": 20, "targets": ["*"], "goods": ["*"],
                           "coalition": ["CHN", "JPN", "EU27", "KOR"], "answer_rate": "best" });
    let escaped: String = sentence.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
    let request = format!("GET /api/strategy?page=gone&sentence={escaped} HTTP/1.1\r\nhost: {}\r\n\r\n", address());
    let mut stream = connect();
    stream.write_all(request.as_bytes()).unwrap();
    let mut begun = [0; 64];
    stream.read_exact(&mut begun).unwrap();
    drop(stream);
    // The same desk answers the next page soon, although the game would take many seconds.
    let simple = json!({ "initiator": "USA", "rate_pct": 20, "targets": ["*"], "goods": ["*"], "coalition": ["CHN"] });
    let escaped: String = simple.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
    let request = format!(
        "GET /api/strategy?page=next&sentence={escaped} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
        address()
    );
    assert!(ask(&request).contains("event: cards"));
}

#[test]
fn a_listener_that_goes_away_stops_the_draws() {
    let sentence =
        json!({ "initiator": "USA", "rate_pct": 20, "targets": ["*"], "goods": ["*"], "coalition": ["CHN"] });
    let escaped: String = sentence.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
    let band = |page: &str, draws: usize, more: &str| {
        format!(
            "GET /api/band?page={page}&draws={draws}&sentence={escaped} HTTP/1.1\r\nhost: {}\r\n{more}\r\n",
            address()
        )
    };
    // A thousand draws take seconds for each; fifty pages that leave would take minutes if their draws went on.
    let begun = Instant::now();
    for page in 0..50 {
        let mut stream = connect();
        stream.write_all(band(&format!("gone-{page}"), 1000, "").as_bytes()).unwrap();
        let mut first = [0; 64];
        stream.read_exact(&mut first).unwrap();
        drop(stream);
    }
    assert!(ask(&band("next", 10, "connection: close\r\n")).contains("event: band"));
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[test]
fn connections_that_say_nothing_lock_nobody_out_for_long() {
    let address = serve();
    // More than the server takes at a time.
    let silent: Vec<TcpStream> = (0..300).map(|_| TcpStream::connect(address).unwrap()).collect();
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let request = format!("GET /api/presets HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // Each is left after ten seconds, and the few that waited behind it after another ten.
    assert!(begun.elapsed() < Duration::from_secs(40), "{:?}", begun.elapsed());
    drop(silent);
}
