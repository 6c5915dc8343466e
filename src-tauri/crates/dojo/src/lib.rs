//! A typed client for Dojo's payment-intent API (OpenAPI 2026-02-27).
//!
//! Nothing here is ever sent twice: what an answer means is for the caller to judge, by [`Failure`].

mod address;
mod checkout;
mod client;
mod failure;
#[cfg(feature = "http")]
mod http;
mod intent;
mod key;
mod no_answer;
mod obstacle;
mod request;
mod timespan;
mod transport;

pub use address::{BASE_URL, Misdirected, address};
pub use checkout::Checkout;
pub use client::{Captured, Client, Dated, Refunded, Reversed, VERSION};
pub use failure::{Failure, Problem};
#[cfg(feature = "http")]
pub use http::HttpTransport;
pub use intent::{
    AutoExpireAction, CaptureDetails, CaptureStatus, CardSeen, Money, PaymentEvent, PaymentIntent,
    SearchPage, Status,
};
pub use key::{ApiKey, Environment, KeyProblem};
pub use no_answer::{Lost, Unsent};
pub use obstacle::Obstacle;
pub use request::{CaptureMode, CreatePaymentIntent, RefundRequest, SearchRequest};
pub use timespan::TimeSpan;
pub use transport::{Method, Transport, Until, WireError, WireRequest, WireResponse};
