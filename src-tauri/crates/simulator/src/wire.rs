//! Connections that break on request.
//!
//! A wrapper around each socket, because only below HTTP can an answer be cut at a byte or a
//! connection be reset.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    time::{Sleep, sleep},
};

use crate::engine::Delivery;

/// How a connection behaves from now on; the handler sets it, the socket obeys.
#[derive(Clone, Default)]
pub(crate) struct Wire(Arc<Mutex<Mood>>);

#[derive(Clone, Copy, Default)]
enum Mood {
    #[default]
    Whole,
    Broken,
    /// How many bytes may still pass.
    Left(u64),
    /// The head and half the body may pass.
    HalfBody,
    /// Byte by byte, with a pause in milliseconds.
    Drip(u64),
}

impl Wire {
    /// Sets how the answer about to be written will travel.
    pub(crate) fn deliver(&self, delivery: Delivery) {
        self.set(match delivery {
            Delivery::Whole => Mood::Whole,
            // A stalled answer is over only when the simulator is: then nothing of it may pass.
            Delivery::Reset | Delivery::Stall => Mood::Broken,
            Delivery::Cut { byte: Some(byte) } => Mood::Left(byte),
            Delivery::Cut { byte: None } => Mood::HalfBody,
            Delivery::Drip { pause } => Mood::Drip(pause),
        });
    }

    fn set(&self, mood: Mood) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = mood;
    }

    fn mood(&self) -> Mood {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A listener whose connections break on request.
pub(crate) struct Wires(pub(crate) TcpListener);

/// One such connection.
pub(crate) struct Breakable {
    stream: TcpStream,
    wire: Wire,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Listener for Wires {
    type Io = Breakable;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Breakable, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        (
            Breakable {
                stream,
                wire: Wire::default(),
                pause: None,
            },
            address,
        )
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, Wires>> for Wire {
    fn connect_info(stream: IncomingStream<'_, Wires>) -> Self {
        stream.io().wire.clone()
    }
}

impl Breakable {
    /// Dropping the socket now sends a reset instead of an orderly end.
    fn reset(&self) -> io::Error {
        if let Err(error) = self.stream.set_zero_linger() {
            tracing::warn!(%error, "the connection ends in order although a reset was asked for");
        }
        io::ErrorKind::ConnectionReset.into()
    }

    fn write_some(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }
}

impl AsyncRead for Breakable {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Breakable {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.wire.mood() {
            Mood::Whole => self.write_some(context, bytes),
            Mood::Broken | Mood::Left(0) => Poll::Ready(Err(self.reset())),
            Mood::Left(left) => {
                let most = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                let written = ready!(self.write_some(context, bytes.get(..most).unwrap_or_default()))?;
                self.wire.set(Mood::Left(
                    left.saturating_sub(u64::try_from(written).unwrap_or(left)),
                ));
                Poll::Ready(Ok(written))
            }
            Mood::HalfBody => {
                // Head and body of so small an answer arrive here in one buffer.
                let head = bytes
                    .windows(4)
                    .position(|four| four == b"\r\n\r\n")
                    .map_or(0, |place| place.saturating_add(4));
                let half = bytes.len().saturating_sub(head).checked_div(2).unwrap_or(0);
                self.wire
                    .set(Mood::Left(u64::try_from(head.saturating_add(half)).unwrap_or(1)));
                self.poll_write(context, bytes)
            }
            Mood::Drip(pause) => {
                let pause = self
                    .pause
                    .get_or_insert_with(|| Box::pin(sleep(Duration::from_millis(pause))));
                ready!(pause.as_mut().poll(context));
                self.pause = None;
                self.write_some(context, bytes.get(..1).unwrap_or_default())
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
