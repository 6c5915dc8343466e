//! A server of our own behind TLS, with certificates of every kind: what is trusted, and what each trouble is called.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on says so"
)]

use holdfast_dojo::{ApiKey, Client, Failure, HttpTransport, Lost, Obstacle, Unsent};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

type Days = i64;

/// An authority that nobody knows but who is told of it.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "An authority");
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A server's certificate, for `name`, good from and until so many days from now.
struct Shown<'a> {
    name: &'a str,
    from: Days,
    until: Days,
    versions: &'static [&'static rustls::SupportedProtocolVersion],
}

const GOOD: Shown<'_> = Shown {
    name: "127.0.0.1",
    from: -1,
    until: 30,
    versions: rustls::ALL_VERSIONS,
};

/// What the server was sent, if TLS came to be.
struct Server {
    url: String,
    was_asked: Arc<AtomicBool>,
}

fn serve(by: &CertifiedIssuer<'_, KeyPair>, shown: &Shown<'_>, answer: &'static str) -> Server {
    let mut params = CertificateParams::new(vec![shown.name.to_owned()]).unwrap();
    #[expect(clippy::disallowed_methods, reason = "TLS looks at this computer's clock")]
    let now = std::time::SystemTime::now();
    let day = |days: Days| {
        let span = Duration::from_secs(days.unsigned_abs() * 86_400);
        if days < 0 { now - span } else { now + span }
    };
    params.not_before = day(shown.from).into();
    params.not_after = day(shown.until).into();
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, by).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(shown.versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let was_asked = Arc::new(AtomicBool::new(false));
    let (config, asked) = (Arc::new(config), was_asked.clone());
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let connection = ServerConnection::new(config.clone()).unwrap();
            let mut stream = StreamOwned::new(connection, socket);
            let mut request = [0; 4096];
            if stream.read(&mut request).is_ok_and(|length| length > 0) {
                asked.store(true, Ordering::SeqCst);
                let _gone = stream.write_all(answer.as_bytes());
                stream.conn.send_close_notify();
                let _gone = stream.flush();
            }
        }
    });
    Server { url, was_asked }
}

const YES: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n\
                   {\"captureId\":\"c1\"}";

fn client(url: &str, roots: &[CertificateDer<'_>]) -> Client {
    let transport = HttpTransport::trusting(url, Duration::from_secs(20), roots).unwrap();
    let key = ApiKey::parse("sk_prod_0123456789abcdef").unwrap();
    Client::new(Arc::new(transport), key)
}

/// What stands in the way of a request that acts; it never left.
async fn barred(
    by: &CertifiedIssuer<'_, KeyPair>,
    roots: &[CertificateDer<'_>],
    shown: Shown<'_>,
) -> Obstacle {
    let server = serve(by, &shown, YES);
    let failure = client(&server.url, roots)
        .capture("pi_1", 1, None)
        .await
        .unwrap_err();
    assert!(!server.was_asked.load(Ordering::SeqCst), "it was told the key");
    assert!(matches!(failure, Failure::NotSent { .. }), "{failure:?}");
    failure.obstacle().expect("the cause is known")
}

#[tokio::test]
async fn dojo_is_known_by_its_authority_and_each_trouble_has_a_name() {
    let ours = authority();
    let roots = [ours.der().clone()];
    let server = serve(&ours, &GOOD, YES);
    let done = client(&server.url, &roots)
        .capture("pi_1", 1, None)
        .await
        .unwrap();
    assert_eq!(done.value.capture_id.as_deref(), Some("c1"));

    // A proxy that reads along has an authority of its own.
    assert_eq!(barred(&authority(), &roots, GOOD).await, Obstacle::Inspected);
    for (from, until, obstacle) in [
        (-30, -1, Obstacle::Expired),
        (1, 30, Obstacle::NotYetValid),
        (-90, -60, Obstacle::ClockWrong),
        (60, 90, Obstacle::ClockWrong),
    ] {
        let shown = Shown { from, until, ..GOOD };
        assert_eq!(barred(&ours, &roots, shown).await, obstacle, "{from} {until}");
    }
    let other = Shown {
        name: "login.hotel.example",
        ..GOOD
    };
    assert_eq!(barred(&ours, &roots, other).await, Obstacle::OtherServer);
}

#[tokio::test]
async fn an_authority_that_was_added_to_this_computer_is_not_dojos() {
    // As the app makes it: what the system trusts, and what the environment says it should, doesn't count.
    let ours = authority();
    let server = serve(&ours, &GOOD, YES);
    let transport = HttpTransport::new(&server.url, Duration::from_secs(20)).unwrap();
    let key = ApiKey::parse("sk_prod_0123456789abcdef").unwrap();
    let failure = Client::new(Arc::new(transport), key)
        .get("pi_1")
        .await
        .unwrap_err();
    assert!(
        matches!(
            failure,
            Failure::NotSent {
                why: Unsent::Barred(Obstacle::Inspected)
            }
        ),
        "{failure:?}"
    );
}

#[tokio::test]
async fn nothing_goes_to_dojo_without_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let failure = client(&url, &[]).get("pi_1").await.unwrap_err();
    assert!(matches!(failure, Failure::NotSent { .. }), "{failure:?}");
    assert!(listener.accept().is_err(), "it was called");
}

#[tokio::test]
async fn a_sign_in_page_is_no_answer_and_proves_nothing() {
    let ours = authority();
    for page in [
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>",
        "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n <!doctype html",
        "HTTP/1.1 302 Found\r\nContent-Type: text/html\r\nLocation: http://login.example/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 511 Sign in\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<h1>",
    ] {
        let server = serve(&ours, &GOOD, page);
        let failure = client(&server.url, &[ours.der().clone()])
            .capture("pi_1", 1, None)
            .await
            .unwrap_err();
        assert!(
            matches!(failure, Failure::Unknown { why: Lost::Page, .. }),
            "{page}: {failure:?}"
        );
    }
}

#[tokio::test]
async fn a_sign_in_page_where_tls_is_due_is_called_one_and_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let _begun = socket.read(&mut [0; 4096]);
            let _gone = socket.write_all(b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n");
        }
    });
    let failure = client(&url, &[]).capture("pi_1", 1, None).await.unwrap_err();
    assert!(
        matches!(
            failure,
            Failure::NotSent {
                why: Unsent::Barred(Obstacle::Page)
            }
        ),
        "{failure:?}"
    );
}
