//! `selvedge-flood --selvedge PATH [--tokens N] [--room N]`: floods a node's chain guard, prints what happened, and fails if
//! somebody got in twice or the memory grew beyond its bound.

use std::{path::PathBuf, process::ExitCode};

use lexopt::{Arg, Parser, ValueExt};
use selvedge_stress::{
    Outcome,
    flood::{self, FloodSettings},
};

fn main() -> ExitCode {
    match parse().and_then(|settings| flood::run(&settings)) {
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

fn parse() -> Outcome<FloodSettings> {
    let mut settings = FloodSettings { selvedge: PathBuf::new(), tokens: 1_000_000, room: 1 << 20 };
    let mut parser = Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("selvedge") => settings.selvedge = parser.value()?.into(),
            Arg::Long("tokens") => settings.tokens = parser.value()?.parse()?,
            Arg::Long("room") => settings.room = parser.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    if settings.selvedge.as_os_str().is_empty() {
        return Err("`--selvedge` must name the stock binary; `cargo xtask flood` does it".into());
    }
    Ok(settings)
}
