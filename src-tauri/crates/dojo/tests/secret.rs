//! Where the key goes, and where it never shows.

mod fake;

use fake::{Fake, body};
use holdfast_dojo::{
    ApiKey, BASE_URL, Checkout, Client, Environment, HttpTransport, KeyProblem, Misdirected, address,
};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

const TAIL: &str = "0123456789ab";

#[tokio::test]
async fn nothing_that_can_be_printed_shows_the_key() {
    let (client, fake) = Fake::client(200, body("03-capture.response.json"));
    client.capture("pi_1", 100, None).await.unwrap();
    let request = fake.only_request();
    let key = ApiKey::parse("sk_sandbox_0123456789abcdef").unwrap();
    let told = format!("{request:?} {request:#?} {client:?} {key:?} {}", key.hint());
    assert!(!told.contains(TAIL), "{told}");
    assert!(
        told.contains("sk_sandbox_…cdef") && told.contains("/captures"),
        "{told}"
    );
}

#[test]
fn a_short_key_has_no_hint_of_its_end() {
    let key = ApiKey::parse("sk_prod_12345678").unwrap();
    assert_eq!(key.hint(), "sk_prod_…");
}

#[test]
fn what_is_no_key_is_refused_without_repeating_it() {
    for (text, problem) in [
        ("", KeyProblem::Empty),
        (" \n", KeyProblem::Empty),
        ("sk_test_abc", KeyProblem::Prefix),
        ("sk_live_abc", KeyProblem::Prefix),
        ("sk_prod_", KeyProblem::Prefix),
        ("Basic sk_prod_abc", KeyProblem::Prefix),
        ("sk_prod_abc def", KeyProblem::Characters),
        ("sk_prod_abc\r\nHost: x", KeyProblem::Characters),
        ("sk_sandbox_é", KeyProblem::Characters),
    ] {
        assert_eq!(ApiKey::parse(text), Err(problem), "{text}");
    }
    assert_eq!(ApiKey::parse(" sk_prod_abc\n").unwrap().reveal(), "sk_prod_abc");
}

#[test]
fn the_key_goes_to_dojo_or_stays_on_this_computer() {
    for key in [Environment::Sandbox, Environment::Live] {
        assert_eq!(address(None, key).unwrap(), BASE_URL);
    }
    for home in ["http://127.0.0.1:8765", "http://127.0.0.1:8765/"] {
        assert_eq!(address(Some(home), Environment::Sandbox).unwrap(), home);
        // It would be told in the clear, by whatever listens there.
        let refused = address(Some(home), Environment::Live);
        assert_eq!(refused, Err(Misdirected::LiveKey(home.to_owned())));
    }
    for elsewhere in [
        "",
        "http://127.0.0.1",
        "http://127.0.0.1:",
        "http://127.0.0.1:80@evil.example",
        "http://127.0.0.1:@evil.example/",
        "http://127.0.0.1:80.evil.example",
        "http://127.0.0.1:99999",
        "http://127.0.0.10:80",
        "http://localhost:80",
        "https://api.dojo.tech.evil.example",
        "HTTP://EVIL.EXAMPLE",
    ] {
        for key in [Environment::Sandbox, Environment::Live] {
            assert!(address(Some(elsewhere), key).is_err(), "{elsewhere}");
        }
    }
}

/// Run by the test below, in a process of its own, for its environment names a proxy.
#[tokio::test]
#[ignore = "needs HOME_URL and HTTP_PROXY"]
async fn ask_home() {
    let Ok(home) = std::env::var("HOME_URL") else {
        return;
    };
    let transport = HttpTransport::new(&home, Duration::from_secs(1)).unwrap();
    let key = ApiKey::parse("sk_sandbox_0123456789abcdef").unwrap();
    let _ = Client::new(Arc::new(transport), key).reverse("pi_1").await;
}

#[test]
fn a_proxy_is_not_told_the_key_that_stays_on_this_computer() {
    let [home, proxy] = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let url = |listener: &TcpListener| format!("http://{}", listener.local_addr().unwrap());
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "ask_home", "--ignored"]);
    child
        .env("HOME_URL", url(&home))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy");
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        child.env(name, url(&proxy));
    }
    assert!(child.stdout(Stdio::null()).status().unwrap().success());
    let calls = |listener: TcpListener| {
        listener.set_nonblocking(true).unwrap();
        listener.accept().is_ok()
    };
    assert!(!calls(proxy), "the proxy was given the key");
    assert!(calls(home), "asked at home");
}

#[test]
fn a_guest_is_sent_to_dojos_own_page_only() {
    for page in [
        "https://pay.dojo.tech/checkout/pi_sandbox_abc-_1",
        "https://pay.dojo.tech:443/checkout/pi_abc",
    ] {
        assert!(
            Checkout::Dojo.allows(page) && Checkout::Here.allows(page),
            "{page}"
        );
    }
    for here in ["http://127.0.0.1:8766/checkout/pi_1", "http://127.0.0.1:80"] {
        assert!(
            Checkout::Here.allows(here) && !Checkout::Dojo.allows(here),
            "{here}"
        );
    }
    for elsewhere in [
        "",
        "http://pay.dojo.tech/checkout/pi_1",
        "https://pay.dojo.tech.evil.example/checkout/pi_1",
        "https://pay.dojo.tech@evil.example/",
        "https://pay.dojo.tech:443@evil.example/",
        "https://evil.example/https://pay.dojo.tech/",
        "HTTPS://PAY.DOJO.TECH/x",
        "https://pay.dojo.tech",
        "https://pay.dojo.tech/checkout/pi 1",
        "https://pay.dojo.tech/\r\nbcc=x",
        "https://pay.dojo.tech/\\evil",
        "http://127.0.0.1:80@evil.example/",
        "http://localhost:80/",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ] {
        assert!(!Checkout::Here.allows(elsewhere), "{elsewhere}");
    }
    assert!(!Checkout::Dojo.allows(&format!("https://pay.dojo.tech/{}", "x".repeat(600))));
    assert_eq!(Checkout::of(BASE_URL), Checkout::Dojo);
    assert_eq!(Checkout::of("http://127.0.0.1:9"), Checkout::Here);
}
