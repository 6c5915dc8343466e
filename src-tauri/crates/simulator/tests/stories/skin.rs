//! The simulator among strangers: pages in a browser, other programs, a second one on its folder.

use std::path::Path;

use holdfast_simulator::{Control, Options, serve};
use reqwest::{Client, Method, StatusCode};
use serde_json::json;

use crate::till::{GOOD, Till};

const FORM: &str = "application/x-www-form-urlencoded";

fn on(folder: &Path) -> Options {
    Options {
        address: ([127, 0, 0, 1], 0).into(),
        public_url: None,
        data: Some(folder.to_owned()),
        seed: Some(7),
        control: Control::Open,
    }
}

#[tokio::test]
async fn no_request_keeps_it_from_starting_again() {
    let folder = tempfile::tempdir().unwrap();
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let first = Till::with_data(Some(folder.path())).await;
    for depth in [63, 64, 65, 100, 126, 127, 128, 5_000] {
        let request = first.client.post(first.url("/x")).body(deep(depth));
        assert_eq!(request.send().await.unwrap().status(), 401);
        let request = first.request(Method::POST, "/payment-intents").body(deep(depth));
        assert_eq!(request.send().await.unwrap().status(), 400);
    }
    let id = first.open(100, json!({})).await;
    first.running.shutdown().await;

    // A line of the log that was spoilt before doesn't either.
    let file = rusqlite::Connection::open(folder.path().join("simulator.db")).unwrap();
    file.execute("INSERT INTO requests (body) VALUES (?1)", [deep(130)])
        .unwrap();
    drop(file);
    let second = Till::with_data(Some(folder.path())).await;
    assert_eq!(second.get(&id).await["status"], "Created");
}

#[tokio::test]
async fn the_clock_can_t_be_wound_out_of_time() {
    let till = Till::new().await;
    for by in [
        "99999999.00:00:00",
        "90000000.00:00:00",
        "3651.00:00:00",
        "-1.00:00:00",
    ] {
        assert_eq!(till.control("clock", json!({"advance": by})).await.0, 400, "{by}");
    }
    assert_eq!(
        till.control("clock", json!({"advance": "1.00:00:00"})).await.0,
        200
    );
    assert_eq!(
        till.client
            .get(till.url("/_simulator/clock"))
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
}

#[tokio::test]
async fn one_process_works_on_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let first = serve(on(folder.path())).await.unwrap();
    let second = serve(on(folder.path())).await.err().unwrap();
    assert!(second.to_string().contains("another simulator"), "{second}");
    first.shutdown().await;
    serve(on(folder.path())).await.unwrap();
}

#[tokio::test]
async fn a_page_in_a_browser_works_no_lever_and_reads_nothing() {
    let till = Till::new().await;
    let id = till.open(100, json!({})).await;
    let checkout = format!("/checkout/{id}");
    let port = till.running.addr.port();
    let own = format!("http://127.0.0.1:{port}");
    let truth = |host: String, origin: Option<String>| {
        let mut request = till
            .client
            .get(till.url("/_simulator/truth"))
            .header("Host", host);
        if let Some(origin) = origin {
            request = request.header("Origin", origin);
        }
        async move { request.send().await.unwrap().status() }
    };
    let here = || format!("127.0.0.1:{port}");
    assert_eq!(truth(here(), None).await, 200);
    assert_eq!(truth(format!("localhost:{port}"), None).await, 200);
    // A name that was made to lead here.
    assert_eq!(
        truth(format!("evil.example:{port}"), None).await,
        StatusCode::MISDIRECTED_REQUEST
    );
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1"] {
        assert_eq!(truth(here(), Some(origin.to_owned())).await, 403, "{origin}");
        let pays = till.client.post(till.url(&checkout)).header("Origin", origin);
        let pays = pays.header("Content-Type", FORM).body(format!("card={GOOD}"));
        let pays = pays.send().await.unwrap();
        assert_eq!(pays.status(), 403, "{origin}");
    }
    // What needs no leave of a browser's.
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ] {
        let wind = till
            .client
            .post(till.url("/_simulator/clock"))
            .header("Content-Type", kind);
        let wind = wind.body(r#"{"advance":"1.00:00:00"}"#).send().await.unwrap();
        assert_eq!(wind.status(), 415, "{kind}");
    }
    let page = till.client.get(till.url(&checkout)).send().await.unwrap();
    for (name, value) in [
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(page.headers()[name], value);
    }
    assert!(
        page.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("frame-ancestors 'none'")
    );
    // The page's own form.
    let pays = till.client.post(till.url(&checkout)).header("Origin", own);
    let pays = pays.header("Content-Type", FORM).body(format!("card={GOOD}"));
    assert_eq!(pays.send().await.unwrap().status(), 303);
}

#[tokio::test]
async fn the_levers_are_its_own_programs_or_nobodys() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new();
    let keyed = Options {
        control: Control::Keyed,
        ..on(folder.path())
    };
    let running = serve(keyed).await.unwrap();
    let url = format!("{}/_simulator/truth", running.base_url());
    assert_eq!(client.get(&url).send().await.unwrap().status(), 403);
    let path = folder.path().join("control-key");
    let key = std::fs::read_to_string(&path).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    let with = client
        .get(&url)
        .header("x-simulator-key", &key)
        .send()
        .await
        .unwrap();
    assert_eq!(with.status(), 200);
    // Another program's key opens nothing, and nothing of its request is kept.
    let search = |key: &str| {
        let url = format!("{}/payment-intents/search", running.base_url());
        let request = client.post(url).header("Authorization", format!("Basic {key}"));
        request.header("version", "2026-02-27").json(&json!({})).send()
    };
    assert_eq!(search("sk_sandbox_another").await.unwrap().status(), 401);
    assert_eq!(search(&key).await.unwrap().status(), 200);
    assert_eq!(running.truth().unwrap()["requests"].as_array().unwrap().len(), 1);
    running.shutdown().await;

    let off = Options {
        control: Control::Off,
        ..on(folder.path())
    };
    let running = serve(off).await.unwrap();
    let url = format!("{}/_simulator/truth", running.base_url());
    assert_eq!(client.get(&url).send().await.unwrap().status(), 404);
    running.now().unwrap();
}

#[tokio::test]
async fn what_a_stranger_sends_is_not_kept_and_the_rest_is_bounded() {
    let till = Till::new().await;
    let much = "x".repeat(900_000);
    for _ in 0..20 {
        let request = till.client.post(till.url("/x")).body(much.clone());
        assert_eq!(request.send().await.unwrap().status(), 401);
        let request = till.request(Method::POST, "/payment-intents").body(much.clone());
        assert_eq!(request.send().await.unwrap().status(), 400);
    }
    let kept = till.truth().await["requests"].to_string().len();
    assert!(kept < 40 * 40_000, "{kept} bytes are kept");
}

#[tokio::test]
async fn a_refunds_key_with_another_request_answers_what_the_interface_lists() {
    let till = Till::new().await;
    let id = till.open(1_000, json!({})).await;
    till.client
        .post(till.url(&format!("/_simulator/pay/{id}")))
        .json(&json!({"card": GOOD}))
        .send()
        .await
        .unwrap();
    assert_eq!(till.capture(&id, 1_000).await.0, 200);
    let refund = |previous: &'static str| {
        let request = till.request(Method::POST, &format!("/payment-intents/{id}/refunds"));
        let body = json!({"amount": 100, "previousTransactionId": previous});
        request.header("idempotencyKey", "k").json(&body).send()
    };
    assert_eq!(refund("a").await.unwrap().status(), 200);
    assert_eq!(refund("a").await.unwrap().status(), 200);
    assert_eq!(refund("b").await.unwrap().status(), 400);
    assert_eq!(till.refund(&id, "k", 200).await.0, 400);
}
