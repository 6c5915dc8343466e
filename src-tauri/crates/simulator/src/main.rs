//! The simulator as a program of its own.

use std::{net::IpAddr, path::PathBuf};

use anyhow::Context;
use clap::Parser;
use holdfast_simulator::{Control, Options, serve};
use tracing_subscriber::EnvFilter;

/// A stand-in for the Dojo payments API.
#[derive(Parser)]
struct Arguments {
    /// The port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 8765)]
    port: u16,
    /// The address to listen on. 0.0.0.0 lets a phone on the same network reach the checkout page.
    #[arg(long, default_value = "127.0.0.1")]
    bind: IpAddr,
    /// The address that payment links begin with, when it is not the one listened on.
    #[arg(long)]
    public_url: Option<String>,
    /// The folder for simulator.db. Without it nothing survives a restart.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Makes every id repeatable.
    #[arg(long)]
    seed: Option<u64>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    // What it keeps is as private as what it stands in for.
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let control = control(&arguments)?;
    let running = serve(Options {
        address: (arguments.bind, arguments.port).into(),
        public_url: arguments.public_url,
        data: arguments.data,
        seed: arguments.seed,
        control,
    })
    .await?;
    println!("Simulated Dojo API on {}", running.base_url());
    tokio::signal::ctrl_c().await.context("waiting for Ctrl-C")?;
    running.shutdown().await;
    Ok(())
}

/// On this computer's own address every program works the levers. Where the network reaches it, a key does, which lies
/// in the data folder.
fn control(arguments: &Arguments) -> anyhow::Result<Control> {
    if arguments.bind.is_loopback() {
        return Ok(Control::Open);
    }
    anyhow::ensure!(
        arguments.data.is_some(),
        "give --data FOLDER: the key for the API and the levers is written there, for others on the network can ask too"
    );
    Ok(Control::Keyed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_network_reaches_it_the_levers_have_a_key() {
        let told = |words: &[&str]| {
            let arguments = Arguments::parse_from(["holdfast-simulator"].iter().chain(words));
            control(&arguments).ok()
        };
        assert_eq!(told(&[]), Some(Control::Open));
        assert_eq!(told(&["--bind", "::1"]), Some(Control::Open));
        assert_eq!(told(&["--bind", "0.0.0.0"]), None);
        assert_eq!(
            told(&["--bind", "192.0.2.2", "--data", "x"]),
            Some(Control::Keyed)
        );
    }
}
