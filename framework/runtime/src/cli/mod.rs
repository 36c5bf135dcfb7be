//! The command line of every node binary: `serve`, `check`, `explain` and `rekey`.

mod args;
mod banner;
mod check;
mod explain;
mod load;
mod open;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod pages;
mod rekey;
mod serve;

use std::{panic, process::ExitCode, sync::Once};

use self::args::{Command, HELP};
use crate::stores::{
    damage::{self, Caught},
    kv::DAMAGED,
};

/// Runs the command that the program was started with.
#[must_use]
pub(crate) fn run(services: Vec<selvedge::Service>) -> ExitCode {
    quiet();
    let outcome = match args::parse(lexopt::Parser::from_env()) {
        Ok(Command::Help) => {
            println!("{HELP}");
            Ok(())
        }
        Ok(Command::Version) => {
            println!("selvedge {}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        Ok(Command::Serve(args)) => {
            #[cfg(all(target_os = "linux", target_env = "gnu"))]
            pages::ask();
            serve::serve(&args, services)
        }
        Ok(Command::Check(args)) => check::check(&args, &services),
        Ok(Command::Explain(args)) => explain::explain(&args),
        Ok(Command::Rekey(state_dir)) => rekey::rekey(&state_dir),
        Err(message) => Err(format!("error: {message}\n  hint: `--help` lists the commands")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Keeps the text of panics that are caught and told otherwise from standard error. What no caller can tell is logged once.
fn quiet() {
    let (before, logged) = (panic::take_hook(), Once::new());
    panic::set_hook(Box::new(move |panic| match damage::caught() {
        None => before(panic),
        Some(Caught::Told) => {}
        Some(Caught::Logged) => logged.call_once(|| {
            eprintln!("error: the KV file `kv.redb` is damaged\n  hint: {DAMAGED}");
        }),
    }));
}
