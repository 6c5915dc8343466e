//! A computer that slept, or was held up, between the decision and the request: nothing leaves it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use holdfast_dojo::{ApiKey, Client, Failure, HttpTransport, Unsent, Until};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const YES: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n\
                   {\"captureId\":\"c1\"}";

/// A server behind TLS that says when somebody connects, and shakes hands when it is told to.
struct Server {
    url: String,
    certificate: CertificateDer<'static>,
    connected: Receiver<()>,
    go_on: Sender<()>,
    /// Bytes of requests that it was sent.
    heard: Arc<AtomicUsize>,
}

fn serve() -> Server {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![cert.der().clone()],
            PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap(),
        )
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let ((tell, connected), (go_on, wait)) = (channel(), channel::<()>());
    let heard = Arc::new(AtomicUsize::new(0));
    let (config, bytes) = (Arc::new(config), heard.clone());
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            if tell.send(()).is_err() || wait.recv().is_err() {
                return;
            }
            let connection = ServerConnection::new(config.clone()).unwrap();
            let mut stream = StreamOwned::new(connection, socket);
            let mut request = [0; 4096];
            while let Ok(length) = stream.read(&mut request) {
                if length == 0 {
                    break;
                }
                bytes.fetch_add(length, Ordering::SeqCst);
                let _gone = stream.write_all(YES.as_bytes());
                let _gone = stream.flush();
            }
        }
    });
    Server {
        url,
        certificate: cert.der().clone(),
        connected,
        go_on,
        heard,
    }
}

fn client(url: &str, root: CertificateDer<'_>) -> Client {
    let transport = HttpTransport::trusting(url, Duration::from_secs(20), &[root]).unwrap();
    Client::new(
        Arc::new(transport),
        ApiKey::parse("sk_prod_0123456789abcdef").unwrap(),
    )
}

/// A clock that a test winds on.
#[derive(Clone, Default)]
struct Wound(Arc<Mutex<Duration>>);

impl Wound {
    fn wind(&self, span: Duration) {
        *self.0.lock().unwrap() += span;
    }

    /// For ten seconds from its beginning.
    fn ten_seconds(&self) -> Until {
        let clock = self.clone();
        Until::new(
            Arc::new(move || *clock.0.lock().unwrap()),
            Duration::from_secs(10),
        )
    }
}

/// A capture under a permit of ten seconds, by a computer that sleeps for `span` while it connects.
async fn capture_and_sleep(span: Duration) -> (Result<Option<String>, Failure>, usize) {
    let server = serve();
    let clock = Wound::default();
    let client = client(&server.url, server.certificate).until(Some(clock.ten_seconds()));
    let sleeper = std::thread::spawn(move || {
        server.connected.recv().unwrap();
        clock.wind(span);
        server.go_on.send(()).unwrap();
    });
    let answer = client.capture("pi_1", 8_450, Some(500)).await;
    sleeper.join().unwrap();
    let answer = answer.map(|answer| answer.value.capture_id);
    (answer, server.heard.load(Ordering::SeqCst))
}

#[tokio::test]
async fn a_computer_that_slept_while_it_connected_sends_nothing() {
    let (answer, heard) = capture_and_sleep(Duration::from_secs(10)).await;
    assert_eq!(answer, Err(Failure::NotSent { why: Unsent::TooLate }));
    assert_eq!(heard, 0, "bytes of it left");
}

#[tokio::test]
async fn one_that_was_quick_enough_sends_all_of_it() {
    let (answer, heard) = capture_and_sleep(Duration::from_secs(9)).await;
    assert_eq!(answer, Ok(Some("c1".to_owned())));
    assert!(heard > 0);
}

#[tokio::test]
async fn one_that_slept_before_does_not_even_connect() {
    let server = serve();
    let clock = Wound::default();
    let late = client(&server.url, server.certificate.clone()).until(Some(clock.ten_seconds()));
    clock.wind(Duration::from_secs(11));
    let too_late = Failure::NotSent { why: Unsent::TooLate };
    assert_eq!(late.capture("pi_1", 8_450, None).await.unwrap_err(), too_late);
    // What has no body is refused there too.
    assert_eq!(late.reverse("pi_1").await.unwrap_err(), too_late);
    assert_eq!(late.cancel("pi_1").await.unwrap_err(), too_late);
    assert!(server.connected.try_recv().is_err(), "it connected");
}

/// The real thing: a process that the system stops while it connects, and lets go on when its permit is over.
#[cfg(unix)]
mod stopped {
    use super::*;
    use rustix::process::{Pid, Signal, kill_process};
    use std::process::{Child, Command, Stdio};

    const URL: &str = "HOLDFAST_TEST_URL";
    const ROOT: &str = "HOLDFAST_TEST_ROOT";
    const PERMIT: Duration = Duration::from_secs(2);

    fn since_boot() -> Duration {
        #[cfg(target_os = "linux")]
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        #[cfg(not(target_os = "linux"))]
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
        Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap())
    }

    /// Run by the tests below as a process of its own.
    #[tokio::test]
    #[ignore = "the other process of the tests below"]
    async fn the_other_process() {
        let Ok(url) = std::env::var(URL) else { return };
        let root = CertificateDer::from(std::fs::read(std::env::var(ROOT).unwrap()).unwrap());
        let until = Until::new(Arc::new(since_boot), since_boot() + PERMIT);
        let answer = client(&url, root)
            .until(Some(until))
            .capture("pi_1", 8_450, None)
            .await;
        println!("came to: {answer:?}");
    }

    fn start(server: &Server, name: &str) -> Child {
        let root = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&root, &server.certificate).unwrap();
        Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "stopped::the_other_process",
                "--ignored",
                "--nocapture",
            ])
            .env(URL, &server.url)
            .env(ROOT, root)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// What the other process came to, stopped for `span` while it connects.
    fn stop_for(span: Duration, name: &str) -> (String, usize) {
        let server = serve();
        let process = start(&server, name);
        let pid = Pid::from_child(&process);
        server.connected.recv().unwrap();
        if !span.is_zero() {
            kill_process(pid, Signal::STOP).unwrap();
        }
        server.go_on.send(()).unwrap();
        std::thread::sleep(span);
        kill_process(pid, Signal::CONT).unwrap();
        let said = process.wait_with_output().unwrap().stdout;
        let said = String::from_utf8(said).unwrap();
        (said, server.heard.load(Ordering::SeqCst))
    }

    #[test]
    fn a_process_that_was_stopped_while_it_connected_sends_nothing() {
        let (said, heard) = stop_for(PERMIT + Duration::from_secs(1), "stopped.der");
        assert!(said.contains("came to: Err(NotSent { why: TooLate })"), "{said}");
        assert_eq!(heard, 0, "bytes of it left");
    }

    #[test]
    fn one_that_was_not_sends_all_of_it() {
        let (said, heard) = stop_for(Duration::ZERO, "going.der");
        assert!(said.contains("came to: Ok("), "{said}");
        assert!(heard > 0);
    }
}
