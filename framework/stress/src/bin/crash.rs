//! `selvedge-crash [--kills N] [--seed N]`: kills a writer of the KV engine again and again, prints what was found, and
//! fails if something acknowledged was lost. `selvedge-crash write FILE SEED LAST` is that writer.

use std::{path::PathBuf, process::ExitCode};

use lexopt::{Arg, Parser, ValueExt};
use selvedge_stress::{
    Outcome,
    crash::{self, Settings},
};

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<ExitCode> {
    let program = std::env::current_exe()?;
    let mut settings = Settings { program, kills: 100, seed: fastrand::u64(..) };
    let mut parser = Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Value(word) if word == "write" => return write(&mut parser),
            Arg::Long("kills") => settings.kills = parser.value()?.parse()?,
            Arg::Long("seed") => settings.seed = parser.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    println!("seed {}", settings.seed);
    let report = crash::run(&settings)?;
    print!("{report}");
    Ok(if report.wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn write(parser: &mut Parser) -> Outcome<ExitCode> {
    let file: PathBuf = parser.value()?.into();
    let (seed, last) = (parser.value()?.parse()?, parser.value()?.parse()?);
    crash::write(&file, seed, last)?;
    Ok(ExitCode::SUCCESS)
}
