//! `bench-kv [--keys N] [--dir DIR]`: reads and durable writes of KV stores, as handlers and the engine see them.
//!
//! A cached read is measured at a handler's binding; all else at the engine, in a file of its own on
//! the disk of `DIR`. Latencies are of one caller at a time unless it says otherwise. The figures are shown, none is
//! asserted.

use std::process::ExitCode;

use selvedge_bench::Outcome;

mod cached;
mod figures;
mod fill;
mod flags;
mod reads;
mod writes;

use crate::flags::Flags;

fn main() -> ExitCode {
    match flags::parse().and_then(|flags| run(&flags)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(flags: &Flags) -> Outcome<()> {
    let folder = match &flags.dir {
        Some(dir) => tempfile::tempdir_in(dir)?,
        None => tempfile::tempdir()?,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        cached::measure().await?;
        writes::measure(folder.path()).await?;
        fill::measure(folder.path(), flags.keys).await
    })
}
