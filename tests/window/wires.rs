//! A till's two wires, to the shared ledger and to Dojo, on which one message can be held back, or all of them.

use anyhow::{Context, Result};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::watch;

/// How long a message may take to come by.
const PATIENCE: Duration = Duration::from_secs(15);

/// What is held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The message itself, so that the other end doesn't hear of it.
    Question,
    /// What it's answered: the other end has done it.
    Answer,
}

/// What becomes of what is held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    /// Nothing is.
    No,
    Yes,
    /// It never arrives, and its connection ends.
    Lost,
}

#[derive(Debug)]
struct State {
    /// The next message with this in it.
    trap: Mutex<Option<(String, Side)>>,
    held: watch::Sender<Held>,
    /// Nothing comes through, and nobody is told.
    is_pulled: watch::Sender<bool>,
}

/// One of them. It works as long as nobody says otherwise.
#[derive(Debug, Clone)]
pub(crate) struct Wire(Arc<State>);

impl Wire {
    fn new() -> Self {
        Self(Arc::new(State {
            trap: Mutex::default(),
            held: watch::Sender::new(Held::No),
            is_pulled: watch::Sender::new(false),
        }))
    }

    /// Holds back the next message that has `mark` in it, or its answer.
    pub(crate) fn hold(&self, mark: &str, side: Side) {
        *self.0.trap.lock().unwrap_or_else(PoisonError::into_inner) = Some((mark.to_owned(), side));
    }

    /// Waits until it is held back.
    pub(crate) async fn holds(&self) -> Result<()> {
        let mut held = self.0.held.subscribe();
        let held = tokio::time::timeout(PATIENCE, held.wait_for(|held| *held == Held::Yes));
        held.await.context("the message did not come by")??;
        Ok(())
    }

    /// Passes it on.
    pub(crate) fn release(&self) {
        self.0.held.send_replace(Held::No);
    }

    /// Loses it.
    pub(crate) fn lose(&self) {
        self.0.held.send_replace(Held::Lost);
    }

    /// Pulls the plug, or puts it back: what was sent into it meanwhile arrives then.
    pub(crate) fn pull(&self, is_pulled: bool) {
        self.0.is_pulled.send_replace(is_pulled);
    }

    /// Whether this message is to be held back.
    fn catches(&self, message: &[u8]) -> Option<Side> {
        let mut trap = self.0.trap.lock().unwrap_or_else(PoisonError::into_inner);
        let (mark, side) = trap.as_ref()?;
        let has = |part: &[u8]| part == mark.as_bytes();
        let (is_it, side) = (message.windows(mark.len()).any(has), *side);
        if is_it {
            *trap = None;
        }
        is_it.then_some(side)
    }

    /// Holds a message back until somebody decides; whether it goes on.
    async fn wait(&self) -> bool {
        self.0.held.send_replace(Held::Yes);
        let mut held = self.0.held.subscribe();
        let decided = held.wait_for(|held| *held != Held::Yes).await;
        decided.is_ok_and(|decided| *decided == Held::No)
    }

    /// Until it's plugged in.
    async fn works(&self) {
        let mut is_pulled = self.0.is_pulled.subscribe();
        // It's there as long as the wire is.
        let _plugged = is_pulled.wait_for(|is_pulled| !is_pulled).await;
    }

    async fn serve(self, till: impl AsyncRead + AsyncWrite, far: impl AsyncRead + AsyncWrite) {
        let (mut from_till, mut to_till) = tokio::io::split(till);
        let (mut from_far, mut to_far) = tokio::io::split(far);
        let is_awaited = watch::Sender::new(false);
        let questions = async {
            let mut bytes = vec![0; 64 << 10];
            while let Ok(count @ 1..) = from_till.read(&mut bytes).await {
                self.works().await;
                match self.catches(&bytes[..count]) {
                    Some(Side::Question) if !self.wait().await => return,
                    Some(Side::Answer) => drop(is_awaited.send_replace(true)),
                    Some(Side::Question) | None => {}
                }
                if to_far.write_all(&bytes[..count]).await.is_err() {
                    return;
                }
            }
        };
        let answers = async {
            let mut bytes = vec![0; 64 << 10];
            while let Ok(count @ 1..) = from_far.read(&mut bytes).await {
                self.works().await;
                if is_awaited.send_replace(false) && !self.wait().await {
                    return;
                }
                if to_till.write_all(&bytes[..count]).await.is_err() {
                    return;
                }
            }
        };
        // The first that ends takes the other with it.
        tokio::select! {
            () = questions => {}
            () = answers => {}
        }
    }
}

/// Both wires of one till.
pub(crate) struct Wires {
    pub(crate) ledger: Wire,
    pub(crate) dojo: Wire,
    folder: TempDir,
    dojo_at: SocketAddr,
}

impl Wires {
    /// To the server with its socket in that folder, and to Dojo at `http://…`.
    pub(crate) async fn to(socket: &Path, dojo: &str) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let name = ".s.PGSQL.5432";
        let (near, far) = (UnixListener::bind(folder.path().join(name))?, socket.join(name));
        let ledger = Wire::new();
        tokio::spawn(accept_ledger(ledger.clone(), near, far));
        let (near, far) = (
            TcpListener::bind("127.0.0.1:0").await?,
            dojo.trim_start_matches("http://").parse()?,
        );
        let (dojo, dojo_at) = (Wire::new(), near.local_addr()?);
        tokio::spawn(accept_dojo(dojo.clone(), near, far));
        Ok(Self {
            ledger,
            dojo,
            folder,
            dojo_at,
        })
    }

    /// The ledger's address as the till has it.
    pub(crate) fn ledger_address(&self) -> String {
        format!("host='{}' dbname='postgres'", self.folder.path().display())
    }

    /// Dojo's address as the till has it.
    pub(crate) fn dojo_url(&self) -> String {
        format!("http://{}", self.dojo_at)
    }

    /// Pulls both, or puts them back.
    pub(crate) fn pull(&self, is_pulled: bool) {
        self.ledger.pull(is_pulled);
        self.dojo.pull(is_pulled);
    }
}

async fn accept_ledger(wire: Wire, near: UnixListener, far: PathBuf) {
    while let Ok((till, _)) = near.accept().await {
        let (wire, far) = (wire.clone(), far.clone());
        tokio::spawn(async move {
            wire.works().await;
            // A server that is away refuses, and so does this.
            if let Ok(far) = UnixStream::connect(&far).await {
                wire.serve(till, far).await;
            }
        });
    }
}

async fn accept_dojo(wire: Wire, near: TcpListener, far: SocketAddr) {
    while let Ok((till, _)) = near.accept().await {
        let wire = wire.clone();
        tokio::spawn(async move {
            wire.works().await;
            if let Ok(far) = TcpStream::connect(far).await {
                wire.serve(till, far).await;
            }
        });
    }
}
