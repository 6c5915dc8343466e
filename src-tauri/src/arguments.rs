//! What the program is told. `xtask` includes this file and makes the manual's page of it, so it needs clap alone.

use clap::Parser;
use std::path::PathBuf;

/// Card holds for hotels and bars.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Arguments {
    /// Keep all data in this folder.
    #[arg(long, env = "HOLDFAST_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Open in training, unless another mode was in use last.
    #[arg(long)]
    pub(crate) training: bool,
    /// Start in the tray, without a window.
    #[arg(long)]
    pub(crate) hidden: bool,
    /// Ask this address instead of Dojo's with a sandbox key; only one on this computer is accepted.
    #[arg(long, env = "HOLDFAST_DOJO_URL", hide = true)]
    pub(crate) dojo_url: Option<String>,
    /// Practise in training on the simulator at this address, which other windows practise on too; only one on this
    /// computer is accepted.
    #[arg(long, env = "HOLDFAST_SIMULATOR", hide = true)]
    pub(crate) simulator: Option<String>,
}
