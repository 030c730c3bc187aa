//! Requests to the router: every route, what it says, and what it refuses.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

use std::sync::OnceLock;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use cobden::session::Session;
use serde_json::{Value, json};
use tower::ServiceExt;

const HOST: &str = "127.0.0.1:8317";

fn router() -> Router {
    static ROUTER: OnceLock<Router> = OnceLock::new();
    ROUTER.get_or_init(|| cobden_web::router(Session::open("icio-2022").unwrap(), 8317)).clone()
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).header("host", HOST).body(Body::empty()).unwrap()
}

fn post(body: impl Into<Body>) -> Request<Body> {
    let request = Request::post("/api/solve").header("host", HOST).header("content-type", "application/json");
    request.body(body.into()).unwrap()
}

async fn text(request: Request<Body>) -> (StatusCode, String) {
    let response = router().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 10 << 20).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

async fn document(request: Request<Body>) -> (StatusCode, Value) {
    let (status, text) = text(request).await;
    (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}")))
}

fn sentence() -> Value {
    json!({ "initiator": "USA", "rate_pct": 20, "targets": ["*"], "goods": ["*"], "coalition": ["CHN", "JPN"],
            "answer": "each", "answer_rate": "same" })
}

fn escaped(sentence: &Value) -> String {
    sentence.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn the_description_lists_every_route_and_no_other() {
    let (status, described) = document(get("/api/openapi.json")).await;
    assert_eq!(status, StatusCode::OK);
    let mut listed = Vec::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        listed.extend(methods.as_object().unwrap().keys().map(|method| (method.clone(), path.clone())));
    }
    listed.sort();
    let routes: Vec<(String, String)> =
        cobden_web::ROUTES.iter().map(|(method, path)| ((*method).into(), (*path).into())).collect();
    assert_eq!(listed, routes);
    for (method, path) in cobden_web::ROUTES {
        let request = Request::builder().method(method.to_uppercase().as_str()).uri(path).header("host", HOST);
        let (status, text) = text(request.body(Body::empty()).unwrap()).await;
        assert!(status != StatusCode::NOT_FOUND && status != StatusCode::METHOD_NOT_ALLOWED, "{path}: {text}");
    }
}

/// Whether a value has the fields that a schema of the description requires, all the way down.
fn fits(schema: &Value, value: &Value, at: &str, all: &Value) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return fits(&all["components"]["schemas"][name], value, at, all);
    }
    for field in schema["required"].as_array().into_iter().flatten() {
        let field = field.as_str().unwrap();
        assert!(value.get(field).is_some(), "{at} has no {field}");
        fits(&schema["properties"][field], &value[field], &format!("{at}.{field}"), all);
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        fits(&schema["items"], item, &format!("{at}[{index}]"), all);
    }
    if let Some(first) = schema["anyOf"].get(0).filter(|_| !value.is_null()) {
        fits(first, value, at, all);
    }
}

#[tokio::test]
async fn documents_have_the_fields_that_are_described() {
    let described: Value = serde_json::from_str(cobden_web::OPENAPI).unwrap();
    let ok = |path: &str, method: &str| {
        described["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"].clone()
    };
    let (_, world) = document(get("/api/world")).await;
    fits(&ok("/api/world", "get"), &world, "world", &described);
    assert_eq!(world["countries"].as_array().unwrap().len(), 24);
    let (_, presets) = document(get("/api/presets")).await;
    fits(&ok("/api/presets", "get"), &presets, "presets", &described);
    assert!(presets.as_array().unwrap().len() > 3);
    let asked = json!({ "page": "described", "id": 1, "sentence": sentence(), "why": true });
    let (_, reading) = document(post(asked.to_string())).await;
    fits(&ok("/api/solve", "post"), &reading, "reading", &described);
    fits(&described["components"]["schemas"]["Why"], &reading["why"], "why", &described);
}

#[tokio::test]
async fn a_sentence_is_answered_with_its_number() {
    let asked = json!({ "page": "one", "id": 41, "sentence": sentence() });
    let (status, answer) = document(post(asked.to_string())).await;
    assert_eq!((status, &answer["id"], &answer["solver"]["converged"]), (StatusCode::OK, &json!(41), &json!(true)));
    assert!(answer["why"].is_null());
    assert!(answer["headline"][0].as_str().unwrap().starts_with("When the United States raises tariffs on everyone"));
    let (_, world) = document(get("/api/world")).await;
    assert_eq!(answer["world"], world["hash"]);
}

#[tokio::test]
async fn a_study_can_be_run() {
    let path = format!("/api/study?sentence={}", escaped(&sentence()));
    let (status, study) = text(get(&path)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(study.contains("world = \"icio-2022\"") && study.contains("importer = [\"CHN\", \"JPN\"]"), "{study}");
}

#[tokio::test]
async fn cards_come_after_their_progress() {
    let path = format!("/api/strategy?page=cards&id=7&sentence={}", escaped(&sentence()));
    let (status, events) = text(get(&path)).await;
    assert_eq!(status, StatusCode::OK);
    let events: Vec<&str> = events.split("\n\n").filter(|event| !event.is_empty()).collect();
    assert!(events[0].starts_with("event: progress"), "{}", events[0]);
    let last = events.last().unwrap();
    assert!(last.starts_with("event: cards") && last.contains("id: 7"), "{last}");
    let data: Value = serde_json::from_str(last.lines().find_map(|line| line.strip_prefix("data: ")).unwrap()).unwrap();
    assert_eq!(data["cards"].as_array().unwrap().len(), 7);
    let described: Value = serde_json::from_str(cobden_web::OPENAPI).unwrap();
    fits(&described["components"]["schemas"]["Cards"], &data, "cards", &described);
    let alone = json!({ "initiator": "USA", "rate_pct": 20, "targets": ["*"], "goods": ["*"] });
    let (_, events) = text(get(&format!("/api/strategy?sentence={}", escaped(&alone)))).await;
    assert!(events.contains("event: failure") && events.contains("nobody answers"), "{events}");
}

#[tokio::test]
async fn a_band_comes_after_its_progress() {
    let path = format!("/api/band?page=band&id=8&draws=20&seed=3&sentence={}", escaped(&sentence()));
    let (status, events) = text(get(&path)).await;
    assert_eq!(status, StatusCode::OK);
    let events: Vec<&str> = events.split("\n\n").filter(|event| !event.is_empty()).collect();
    assert!(events[0].starts_with("event: progress") && events[0].contains("\"draws\":20"), "{}", events[0]);
    let last = events.last().unwrap();
    assert!(last.starts_with("event: band") && last.contains("id: 8"), "{last}");
    let data: Value = serde_json::from_str(last.lines().find_map(|line| line.strip_prefix("data: ")).unwrap()).unwrap();
    let described: Value = serde_json::from_str(cobden_web::OPENAPI).unwrap();
    fits(&described["components"]["schemas"]["Band"], &data, "band", &described);
    assert_eq!((&data["draws"], &data["seed"]), (&json!(20), &json!(3)));
    assert_eq!(data["countries"].as_array().unwrap().len(), 24);
    let many = format!("/api/band?draws=1000000&sentence={}", escaped(&sentence()));
    assert_eq!(document(get(&many)).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let mut unknown = sentence();
    unknown["initiator"] = json!("USB");
    let (_, events) = text(get(&format!("/api/band?page=u&sentence={}", escaped(&unknown)))).await;
    assert!(events.contains("event: failure") && events.contains("unknown country"), "{events}");
}

#[tokio::test]
async fn what_is_not_understood_is_refused_with_a_reason() {
    let asked = |sentence: Value| json!({ "page": "p", "id": 1, "sentence": sentence }).to_string();
    let mut unknown = sentence();
    unknown["initiator"] = json!("USB");
    let mut more = sentence();
    more["rate"] = json!(1);
    let mut huge = sentence();
    huge["rate_pct"] = json!(1e308);
    for (body, status, said) in [
        ("".to_owned(), StatusCode::BAD_REQUEST, "EOF"),
        ("{".to_owned(), StatusCode::BAD_REQUEST, "line 1"),
        ("[1e999]".to_owned(), StatusCode::BAD_REQUEST, "not understood"),
        ("\u{0}".to_owned(), StatusCode::BAD_REQUEST, "not understood"),
        ("[".repeat(10_000), StatusCode::BAD_REQUEST, "not understood"),
        (asked(json!({})), StatusCode::BAD_REQUEST, "initiator"),
        (asked(more), StatusCode::BAD_REQUEST, "unknown field `rate`"),
        (asked(unknown), StatusCode::UNPROCESSABLE_ENTITY, "unknown country"),
        (asked(huge), StatusCode::UNPROCESSABLE_ENTITY, "from 0 to 1000"),
        (
            json!({ "page": "", "id": 1, "sentence": sentence() }).to_string(),
            StatusCode::BAD_REQUEST,
            "no name of a page",
        ),
        ("x".repeat(17 << 10), StatusCode::PAYLOAD_TOO_LARGE, "at most"),
    ] {
        let (got, document) = document(post(body.clone())).await;
        assert_eq!(got, status, "{body:.60} {document}");
        assert!(document["error"].to_string().contains(said), "{document}");
    }
    let (status, error) = document(get("/api/study?sentence=%7B")).await;
    assert_eq!((status, error["error"]["help"].is_string()), (StatusCode::BAD_REQUEST, true));
    assert_eq!(document(get("/api/study")).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(document(get("/api/strategy?sentence=1&other=2")).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(document(get("/api/nothing")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(document(get("/../Cargo.toml")).await.0, StatusCode::NOT_FOUND);
    let (status, error) = document(get("/api/solve")).await;
    assert_eq!((status, &error["error"]["help"]), (StatusCode::METHOD_NOT_ALLOWED, &json!("use POST")));
    let plain = Request::post("/api/solve").header("host", HOST).header("content-type", "text/plain");
    assert_eq!(document(plain.body(Body::empty()).unwrap()).await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn other_hosts_and_other_sites_are_refused() {
    let asked = |headers: &[(&str, &str)], path: &str| {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::empty()).unwrap()
    };
    let host = ("host", HOST);
    for headers in [
        vec![],
        vec![("host", "evil.example:8317")],
        vec![("host", "127.0.0.1:8318")],
        vec![("host", "127.0.0.1")],
        vec![host, ("host", "evil.example")],
        vec![host, ("origin", "http://evil.example")],
        vec![host, ("origin", "https://127.0.0.1:8317")],
        vec![host, ("origin", "null")],
        vec![host, ("sec-fetch-site", "cross-site")],
    ] {
        for path in ["/api/world", "/api/presets"] {
            assert_eq!(text(asked(&headers, path)).await.0, StatusCode::FORBIDDEN, "{headers:?}");
        }
    }
    assert_eq!(text(asked(&[host], "http://evil.example/api/world")).await.0, StatusCode::FORBIDDEN);
    for headers in [
        vec![("host", "LOCALHOST:8317")],
        vec![("host", "[::1]:8317")],
        vec![host, ("origin", "http://localhost:8317")],
        vec![host, ("sec-fetch-site", "same-origin")],
    ] {
        assert_eq!(text(asked(&headers, "/api/presets")).await.0, StatusCode::OK, "{headers:?}");
    }
    // Somebody follows a link to the page.
    assert_eq!(text(asked(&[host, ("sec-fetch-site", "cross-site")], "/")).await.0, StatusCode::OK);
}

#[tokio::test]
async fn every_answer_says_what_a_browser_may_do_with_it() {
    for path in ["/", "/api/world", "/nothing", "/api/nothing"] {
        let response = router().oneshot(get(path)).await.unwrap();
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains('*'));
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert_eq!(response.headers()["cross-origin-resource-policy"], "same-origin");
    }
}

#[tokio::test]
async fn the_page_is_there_and_needs_nothing_from_elsewhere() {
    let (status, page) = text(get("/")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.starts_with("<!doctype html>") && !page.contains("http://") && !page.contains("https://"));
    let response = router().oneshot(get("/")).await.unwrap();
    let tag = response.headers()["etag"].to_str().unwrap().to_owned();
    let again = Request::get("/").header("host", HOST).header("if-none-match", tag).body(Body::empty()).unwrap();
    assert_eq!(router().oneshot(again).await.unwrap().status(), StatusCode::NOT_MODIFIED);
}
