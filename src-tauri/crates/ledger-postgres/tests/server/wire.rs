//! A wire between a till and the server that can be cut, or go dead without a word.

use crate::cluster::{DEFAULT_PORT, as_till, at};
use holdfast_ledger_postgres::Server;
use holdfast_ledger_postgres::schema::Enrolled;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;

/// Longer than a till waits for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Question,
    Answer,
}

/// What the wire's connections share. They are numbered as they are made.
#[derive(Debug)]
struct State {
    /// The next connection over which so many bytes go on that way is cut.
    cut: Mutex<Option<(Way, usize)>>,
    made: watch::Sender<usize>,
    /// Connections with a lower number are open and pass nothing on; what they were given they keep.
    dead_below: watch::Sender<usize>,
    /// Connections with a lower number are cut.
    cut_below: watch::Sender<usize>,
    /// What the server refuses is passed on as its own end.
    is_fatal: AtomicBool,
}

pub(crate) struct Wire {
    folder: TempDir,
    state: Arc<State>,
}

impl Wire {
    /// To the server behind that socket.
    pub(crate) async fn to(socket: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let state = Arc::new(State {
            cut: Mutex::default(),
            made: watch::Sender::new(0),
            dead_below: watch::Sender::new(0),
            cut_below: watch::Sender::new(0),
            is_fatal: AtomicBool::new(false),
        });
        let (server, shared) = (format!("{socket}/.s.PGSQL.5432"), state.clone());
        tokio::spawn(async move {
            for number in 0.. {
                let (till, _) = listener.accept().await.unwrap();
                shared.made.send_replace(number + 1);
                if let Ok(far) = UnixStream::connect(&server).await {
                    tokio::spawn(serve(till, far, number, shared.clone()));
                }
            }
        });
        Self { folder, state }
    }

    /// A till that connects over it.
    pub(crate) fn till(&self, till: &Enrolled) -> Server {
        as_till(&at(self.folder.path().to_str().unwrap(), DEFAULT_PORT), till)
    }

    /// Cuts it once, after so many more bytes on that way.
    pub(crate) fn cut_after(&self, way: Way, bytes: usize) {
        *self.state.cut.lock().unwrap() = Some((way, bytes));
    }

    /// Whether it was cut since.
    pub(crate) fn was_cut(&self) -> bool {
        self.state.cut.lock().unwrap().take().is_none()
    }

    /// How many connections were made so far.
    pub(crate) fn made(&self) -> usize {
        *self.state.made.borrow()
    }

    /// Waits until so many were made.
    pub(crate) async fn wait_until_made(&self, connections: usize) {
        let mut made = self.state.made.subscribe();
        let made = made.wait_for(|made| *made >= connections);
        tokio::time::timeout(PATIENCE, made).await.unwrap().unwrap();
    }

    /// Cuts all that are there.
    pub(crate) fn cut_now(&self) {
        self.state.cut_below.send_replace(self.made());
    }

    /// From here on nothing comes through, on new connections neither, and nobody is told.
    pub(crate) fn go_silent(&self) {
        self.state.dead_below.send_replace(usize::MAX);
    }

    /// It works again: what was given to it meanwhile arrives now.
    pub(crate) fn speak(&self) {
        self.state.dead_below.send_replace(0);
    }

    /// Whatever the server refuses from here on, it seems to end with.
    pub(crate) fn make_fatal(&self) {
        self.state.is_fatal.store(true, Ordering::Relaxed);
    }

    /// Forgets the connections that are there, as a firewall does with what was idle. New ones work.
    pub(crate) fn forget_connections(&self) {
        self.state.dead_below.send_replace(self.made());
    }
}

async fn serve(till: UnixStream, far: UnixStream, number: usize, state: Arc<State>) {
    let (from_till, to_till) = till.into_split();
    let (from_far, to_far) = far.into_split();
    let mut cut = state.cut_below.subscribe();
    // The first that ends takes the other with it.
    tokio::select! {
        () = pass(from_till, to_far, Way::Question, number, &state) => {}
        () = pass(from_far, to_till, Way::Answer, number, &state) => {}
        _ = cut.wait_for(|below| number < *below) => {}
    }
}

/// A refusal as the server writes it when it ends with it: both words have five letters.
fn make_fatal(bytes: &mut [u8]) {
    for part in [b"SERROR\0", b"VERROR\0"] {
        let at = bytes.windows(part.len()).position(|found| found == part);
        if let Some(word) = at.and_then(|at| bytes.get_mut(at + 1..at + 6)) {
            word.copy_from_slice(b"FATAL");
        }
    }
}

/// Passes bytes on until one side ends or the wire is cut.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, way: Way, number: usize, state: &State) {
    let mut bytes = vec![0; 16 * 1024];
    let mut dead = state.dead_below.subscribe();
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if dead.wait_for(|below| number >= *below).await.is_err() {
            return;
        }
        if way == Way::Answer && state.is_fatal.load(Ordering::Relaxed) {
            make_fatal(&mut bytes[..count]);
        }
        let passed = {
            let mut cut = state.cut.lock().unwrap();
            match *cut {
                Some((of, left)) if of == way && left < count => {
                    *cut = None;
                    left
                }
                Some((of, left)) if of == way => {
                    *cut = Some((of, left - count));
                    count
                }
                _ => count,
            }
        };
        if to.write_all(&bytes[..passed]).await.is_err() || passed < count {
            return;
        }
    }
}
