//! A wire between the till and Dojo that breaks at a byte.

use anyhow::{Context, Result};
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// Which of the two messages is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Request,
    Answer,
}

/// How the connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// In order, as a server that shuts down.
    Close,
    /// With a reset.
    Reset,
    /// Not at all: nothing more comes.
    Stall,
}

/// So many bytes pass, then the wire breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(crate) side: Side,
    pub(crate) byte: usize,
    pub(crate) way: Way,
}

/// What a marked request met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// How many requests bore the mark.
    pub(crate) requests: usize,
    /// The length of the last one.
    pub(crate) request_bytes: usize,
    /// The length of its answer, when it was let through to Dojo.
    pub(crate) answer_bytes: usize,
}

#[derive(Default)]
struct Marks(Mutex<HashMap<String, (Option<Cut>, Seen)>>);

impl Marks {
    fn all(&self) -> MutexGuard<'_, HashMap<String, (Option<Cut>, Seen)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The wire. A request is known by a mark: text somewhere in it.
pub(crate) struct Proxy {
    address: SocketAddr,
    marks: Arc<Marks>,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    /// In front of `upstream`, an address as `http://127.0.0.1:1234`.
    pub(crate) async fn before(upstream: &str) -> Result<Self> {
        let upstream: SocketAddr = upstream.trim_start_matches("http://").parse()?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let marks = Arc::new(Marks::default());
        let shared = marks.clone();
        let task = tokio::spawn(async move {
            while let Ok((till, _)) = listener.accept().await {
                let marks = shared.clone();
                // A connection that breaks is what this is for.
                tokio::spawn(async move { serve(till, upstream, &marks).await });
            }
        });
        Ok(Self { address, marks, task })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Watches for requests that bear `mark`; the first meets `cut`, further ones pass.
    pub(crate) fn watch(&self, mark: &str, cut: Option<Cut>) {
        self.marks.all().insert(mark.to_owned(), (cut, Seen::default()));
    }

    pub(crate) fn seen(&self, mark: &str) -> Seen {
        self.marks.all().get(mark).map(|m| m.1).unwrap_or_default()
    }
}

async fn serve(mut till: TcpStream, upstream: SocketAddr, marks: &Marks) -> Result<()> {
    while let Some(request) = message(&mut till).await? {
        let (mark, cut) = meet(marks, &request);
        let mut dojo = TcpStream::connect(upstream).await?;
        let passing = match cut {
            Some(cut) if cut.side == Side::Request => cut.byte.min(request.len()),
            _ => request.len(),
        };
        dojo.write_all(&request[..passing]).await?;
        if passing < request.len() {
            let way = cut.map_or(Way::Close, |cut| cut.way);
            return finish(till, Some(dojo), way).await;
        }
        let answer = message(&mut dojo).await?.context("Dojo hung up")?;
        note_answer(marks, mark.as_deref(), answer.len());
        match cut {
            None => till.write_all(&answer).await?,
            Some(cut) => {
                let passing = match cut.side {
                    Side::Request => 0,
                    Side::Answer => cut.byte.min(answer.len()),
                };
                till.write_all(&answer[..passing]).await?;
                return finish(till, None, cut.way).await;
            }
        }
    }
    Ok(())
}

/// Counts a request that bears a mark; which one, and what befalls it.
fn meet(marks: &Marks, request: &[u8]) -> (Option<String>, Option<Cut>) {
    let text = String::from_utf8_lossy(request);
    let mut all = marks.all();
    let Some((mark, (cut, seen))) = all.iter_mut().find(|(mark, _)| text.contains(mark.as_str())) else {
        return (None, None);
    };
    seen.requests = seen.requests.saturating_add(1);
    seen.request_bytes = request.len();
    (Some(mark.clone()), cut.take())
}

fn note_answer(marks: &Marks, mark: Option<&str>, bytes: usize) {
    let mut all = marks.all();
    if let Some((_, seen)) = mark.and_then(|mark| all.get_mut(mark)) {
        seen.answer_bytes = bytes;
    }
}

/// Ends both connections in the given way.
async fn finish(mut till: TcpStream, dojo: Option<TcpStream>, way: Way) -> Result<()> {
    match way {
        Way::Close => till.shutdown().await?,
        Way::Reset => {
            for stream in [Some(&till), dojo.as_ref()].into_iter().flatten() {
                stream.set_zero_linger()?;
            }
        }
        // Until the till has had enough.
        Way::Stall => while till.read(&mut [0; 64]).await? > 0 {},
    }
    Ok(())
}

/// One whole HTTP message; none when the other side has ended in order.
async fn message(stream: &mut TcpStream) -> Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    loop {
        let head = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(head) = head {
            let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
            let length = text
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .map_or(Ok(0), |length| length.trim().parse::<usize>())?;
            if bytes.len() >= head.saturating_add(4).saturating_add(length) {
                return Ok(Some(bytes));
            }
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            anyhow::ensure!(bytes.is_empty(), "half a message");
            return Ok(None);
        }
    }
}
