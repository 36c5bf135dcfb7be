//! `selvedge-stress --selvedge PATH [--seconds N] [--clients N] [--seed N] [--shield]`: prints what happened,
//! and fails if something did that must not.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt};
use selvedge_stress::{Outcome, Pops, Settings, run};

fn main() -> ExitCode {
    match parse().and_then(|settings| run(&settings)) {
        Ok(report) => {
            print!("{report}");
            if report.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn parse() -> Outcome<Settings> {
    let mut settings = Settings {
        selvedge: PathBuf::new(),
        time: Duration::from_secs(60),
        clients: 1000,
        seed: fastrand::u64(..),
        pops: Pops::One,
    };
    let mut parser = Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("selvedge") => settings.selvedge = parser.value()?.into(),
            Arg::Long("seconds") => {
                settings.time = Duration::try_from_secs_f64(parser.value()?.parse()?)?;
            }
            Arg::Long("clients") => settings.clients = parser.value()?.parse::<usize>()?.max(1),
            Arg::Long("seed") => settings.seed = parser.value()?.parse()?,
            Arg::Long("shield") => settings.pops = Pops::Shielded,
            other => return Err(other.unexpected().into()),
        }
    }
    if settings.selvedge.as_os_str().is_empty() {
        return Err("`--selvedge` must name the stock binary; `cargo xtask stress` does it".into());
    }
    Ok(settings)
}
