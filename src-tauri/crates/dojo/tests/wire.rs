//! A server that misbehaves, byte by byte: what the client may say afterwards, and how often it asked.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use holdfast_dojo::{ApiKey, Client, Failure, HttpTransport, Lost, Unsent};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

const SECRET: &str = "sk_sandbox_Zq8mB4vT1xW7cN2k";

/// What a client waits that is to see the answer's end, however busy this computer is,
const LONG_TIMEOUT: Duration = Duration::from_secs(60);

/// and one whose answer never comes.
const SHORT_TIMEOUT: Duration = Duration::from_secs(1);

/// What the server does with a connection.
#[derive(Clone)]
enum Deed {
    /// Closes before it reads.
    CloseUnread,
    /// Reads the request, then resets.
    Reset,
    /// Reads the request, writes this and closes.
    Write(Vec<u8>),
    /// Reads the request, writes this and says no more.
    Stall(Vec<u8>),
}

/// The server: how many connections and requests there were, and what the last one said.
#[derive(Default)]
struct Server {
    connections: AtomicUsize,
    requests: AtomicUsize,
    last: Mutex<String>,
}

impl Server {
    async fn start(deed: Deed) -> (String, Arc<Self>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Arc::new(Self::default());
        let seen = server.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                seen.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(seen.clone().serve(socket, deed.clone()));
            }
        });
        (url, server)
    }

    async fn serve(self: Arc<Self>, mut socket: TcpStream, deed: Deed) {
        if matches!(deed, Deed::CloseUnread) {
            return;
        }
        while let Some(request) = one_request(&mut socket).await {
            *self.last.lock().await = request;
            self.requests.fetch_add(1, Ordering::SeqCst);
            match &deed {
                Deed::CloseUnread => return,
                Deed::Reset => return socket.set_zero_linger().unwrap(),
                Deed::Write(bytes) => {
                    socket.write_all(bytes).await.unwrap();
                    return;
                }
                Deed::Stall(bytes) => socket.write_all(bytes).await.unwrap(),
            }
        }
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

/// One whole request as text; none when the connection ends first.
async fn one_request(socket: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.to_lowercase();
            let length = length.split("content-length: ").nth(1).map_or(0, |rest| {
                rest.lines().next().unwrap().trim().parse::<usize>().unwrap()
            });
            if body.len() >= length {
                return Some(text);
            }
        }
        let mut chunk = [0; 4096];
        match socket.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(n) => bytes.extend_from_slice(&chunk[..n]),
        }
    }
}

fn client(url: &str) -> Client {
    client_that_waits(url, LONG_TIMEOUT)
}

fn client_that_waits(url: &str, limit: Duration) -> Client {
    let transport = HttpTransport::new(url, limit).unwrap();
    Client::new(Arc::new(transport), ApiKey::parse(SECRET).unwrap())
}

fn answer(head: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Neither the words nor the fields of a failure give the key away.
fn hides_the_key(failure: &Failure) {
    let told = format!("{failure} {failure:?} {failure:#?}");
    assert!(
        !told.contains("Zq8mB4vT1xW7cN2k") && !told.contains("127.0.0.1"),
        "{told}"
    );
}

/// A capture against a server that does `deed`: unclear, and asked exactly once, then and later.
async fn unclear(deed: Deed, expected: Lost) {
    let (url, server) = Server::start(deed.clone()).await;
    let limit = if matches!(deed, Deed::Stall(_)) {
        SHORT_TIMEOUT
    } else {
        LONG_TIMEOUT
    };
    let client = client_that_waits(&url, limit);
    let failure = client.capture("pi_1", 8_450, Some(500)).await.unwrap_err();
    hides_the_key(&failure);
    let Failure::Unknown { why, .. } = &failure else {
        panic!("not unclear: {failure:?}");
    };
    assert_eq!(*why, expected);
    tokio::time::sleep(Duration::from_millis(60)).await;
    let once = usize::from(!matches!(deed, Deed::CloseUnread));
    assert_eq!(server.requests(), once, "asked once");
    assert_eq!(server.connections.load(Ordering::SeqCst), 1, "one connection");
}

#[tokio::test]
async fn nobody_listens_so_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let failure = client(&url).capture("pi_1", 100, None).await.unwrap_err();
    hides_the_key(&failure);
    assert_eq!(failure.to_string(), "not sent: the connection was refused");
    let nowhere = client("http://till.invalid")
        .capture("pi_1", 100, None)
        .await
        .unwrap_err();
    // Only Dojo's own kind of address is called at all: one with TLS.
    let why = Unsent::Unsendable;
    assert_eq!(nowhere, Failure::NotSent { why });
}

#[tokio::test]
async fn a_server_that_hangs_up_on_tls_never_sees_the_request() {
    let (url, server) = Server::start(Deed::CloseUnread).await;
    let failure = client(&url.replace("http:", "https:"))
        .capture("pi_1", 100, None)
        .await
        .unwrap_err();
    hides_the_key(&failure);
    assert!(matches!(failure, Failure::NotSent { .. }), "{failure:?}");
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn the_line_is_cut_before_or_after_the_request_was_read() {
    unclear(Deed::CloseUnread, Lost::Broken).await;
    unclear(Deed::Reset, Lost::Broken).await;
    unclear(Deed::Write(Vec::new()), Lost::Broken).await;
}

#[tokio::test]
async fn the_answer_is_cut_at_every_byte() {
    let whole = answer("200 OK", r#"{"captureId":"cp_1"}"#);
    let lengths: Vec<usize> = (1..whole.len()).collect();
    for some in lengths.chunks(6) {
        let mut all = JoinSet::new();
        for length in some {
            let cut = Deed::Write(whole[..*length].to_vec());
            all.spawn(unclear(cut, Lost::Broken));
        }
        all.join_all().await;
    }
}

#[tokio::test]
async fn the_answer_stalls_at_the_start_in_the_head_or_in_the_body() {
    let whole = answer("200 OK", r#"{"captureId":"cp_1"}"#);
    for length in [0, 5, 20, whole.len() - 5] {
        unclear(Deed::Stall(whole[..length].to_vec()), Lost::NotInTime).await;
    }
}

#[tokio::test]
async fn nobody_says_how_long_the_answer_is_and_it_is_cut() {
    for body in ["", "{", r#"{"captureId":"cp_1""#] {
        let bytes = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{body}");
        unclear(Deed::Write(bytes.into_bytes()), Lost::Unreadable).await;
    }
}

#[tokio::test]
async fn an_answer_that_is_not_dojos_proves_nothing() {
    let page = answer("200 OK", "<html>Sign in to the Wi-Fi</html>");
    unclear(Deed::Write(page), Lost::Page).await;
    for body in ["[]", "null", "7", r#"{"captureId":7}"#, ""] {
        unclear(Deed::Write(answer("200 OK", body)), Lost::Unreadable).await;
    }
    unclear(Deed::Write(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()), Lost::Broken).await;
    unclear(
        Deed::Write(answer("502 Bad Gateway", "<html>")),
        Lost::Status(502),
    )
    .await;
}

#[tokio::test]
async fn a_word_in_between_is_no_answer() {
    let early = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
    for bytes in ["HTTP/1.1 100 Continue\r\n\r\n", early] {
        unclear(Deed::Write(bytes.into()), Lost::Broken).await;
        unclear(Deed::Stall(bytes.into()), Lost::NotInTime).await;
    }
    let upgrade = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
    unclear(Deed::Write(upgrade.into()), Lost::Status(101)).await;
    let mut late = early.as_bytes().to_vec();
    late.extend(answer("200 OK", r#"{"captureId":"cp_1"}"#));
    let (url, _) = Server::start(Deed::Write(late)).await;
    let captured = client(&url).capture("pi_1", 100, None).await.unwrap();
    assert_eq!(captured.value.capture_id.as_deref(), Some("cp_1"));
}

#[tokio::test]
async fn a_redirection_is_never_followed_not_even_home() {
    let (elsewhere, other) = Server::start(Deed::Write(answer("200 OK", r#"{"captureId":"cp_1"}"#))).await;
    for status in [301, 302, 303, 307, 308] {
        for target in [elsewhere.as_str(), ""] {
            let head = format!("{status} Moved\r\nLocation: {target}/payment-intents/pi_1/captures");
            unclear(Deed::Write(answer(&head, "")), Lost::Redirected(status)).await;
        }
    }
    assert_eq!(
        other.connections.load(Ordering::SeqCst),
        0,
        "the key went nowhere else"
    );
}

#[tokio::test]
async fn a_connection_that_died_while_idle_costs_no_second_request() {
    let (url, server) = Server::start(Deed::Write(answer("200 OK", r#"{"captureId":"cp_1"}"#))).await;
    let client = client(&url);
    for asked in 1..=20 {
        let _ = client.capture("pi_1", 100, None).await;
        assert!(server.requests() <= asked, "{} for {asked}", server.requests());
    }
}

#[tokio::test]
async fn the_request_itself_is_what_dojo_asks_for() {
    let (url, server) = Server::start(Deed::Write(answer("200 OK", r#"{"captureId":"cp_1"}"#))).await;
    client(&url).capture("pi_1", 8_450, Some(500)).await.unwrap();
    let request = server.last.lock().await.clone();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let lines: Vec<&str> = head.lines().collect();
    assert_eq!(lines[0], "POST /payment-intents/pi_1/captures HTTP/1.1");
    let has = |name: &str, value: &str| {
        let line = |l: &&str| {
            l.split_once(": ")
                .is_some_and(|(n, v)| n.eq_ignore_ascii_case(name) && v == value)
        };
        assert_eq!(
            lines.iter().copied().filter(|l| line(l)).count(),
            1,
            "{name} in {lines:?}"
        );
    };
    has("authorization", &format!("Basic {SECRET}"));
    has("version", "2026-02-27");
    has("content-type", "application/json");
    assert_eq!(body, r#"{"amount":8450,"tipsAmount":500}"#);

    let (url, server) = Server::start(Deed::Write(answer("200 OK", r#"{"reversalId":"r"}"#))).await;
    client(&url).reverse("pi_1").await.unwrap();
    let request = server.last.lock().await.to_lowercase();
    assert!(request.starts_with("post /payment-intents/pi_1/reversal http/1.1"));
    assert!(request.contains("\r\ncontent-length: 0\r\n"), "{request}");
}
