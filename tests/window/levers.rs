//! The levers of the simulator that the app runs in training: the key of this start lies in the data folder.

use crate::browser::Window;
use crate::id;
use anyhow::{Context, Result};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

/// Where the simulator of this window is, with its key behind a `#`: as [`at`] reads it.
pub(crate) async fn of(window: &Window) -> Result<String> {
    let link = window.text(&id("link")).await?;
    let (base, _) = link.split_once("/checkout/").context("no link")?;
    let key = std::fs::read_to_string(window.data.join("training/simulator/control-key"))?;
    Ok(format!("{base}#{key}"))
}

/// A client with the key, and the address. An address without a key is a simulator of the story's own.
pub(crate) fn at(base: &str) -> Result<(reqwest::Client, &str)> {
    let mut headers = HeaderMap::new();
    let (address, key) = base.split_once('#').unwrap_or((base, "sk_sandbox_another_till"));
    headers.insert("x-simulator-key", HeaderValue::from_str(key)?);
    headers.insert(AUTHORIZATION, HeaderValue::from_str(&format!("Basic {key}"))?);
    let client = reqwest::Client::builder().default_headers(headers).build()?;
    Ok((client, address))
}
