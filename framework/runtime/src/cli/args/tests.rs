use std::time::Duration;

use super::*;

fn parse(words: &[&str]) -> Result<Command, String> {
    super::parse(Parser::from_args(words))
}

#[test]
fn serve_has_the_documented_defaults() {
    let Ok(Command::Serve(args)) = parse(&["serve", "--config", "x.toml"]) else { panic!() };
    assert_eq!(args.config, PathBuf::from("x.toml"));
    assert_eq!(args.listen.to_string(), "127.0.0.1:7676");
    assert_eq!(args.admin.to_string(), "127.0.0.1:7677");
    assert_eq!(args.state_dir, PathBuf::from(".selvedge"));
    assert_eq!((args.pop, args.shelf_mib), (None, None));
    assert_eq!(args.uploads, Uploads { idle: Duration::from_secs(30), least: 1024 });
}

#[test]
fn help_is_had_before_a_command_and_after_it() {
    for words in [
        &[][..],
        &["help"],
        &["--help"],
        &["-h"],
        &["serve", "--help"],
        &["serve", "-h"],
        &["serve", "--dev", "--help"],
        &["check", "--help"],
        &["check", "-h"],
        &["rekey", "--help"],
    ] {
        assert_eq!(parse(words), Ok(Command::Help), "{words:?}");
    }
    // A flag that takes a value takes what comes next, and what is wrong before it is said.
    let Ok(Command::Check(args)) = parse(&["check", "--config=--help"]) else { panic!() };
    assert_eq!(args.config, PathBuf::from("--help"));
    assert!(parse(&["serve", "--listne", "--help"]).is_err());
}

#[test]
fn mistakes_name_what_was_meant() {
    for (words, expected) in [
        (&["serv"][..], "unknown command `serv`; did you mean `serve`?"),
        (&["serve", "--listne", "x"], "unknown flag `listne`; did you mean `listen`?"),
        (&["check", "--strict"], "unknown flag `strict`; there are config, deny-warnings"),
        (
            &["serve", "--upload-idle", "0"],
            "`--upload-idle 0`: a whole number of seconds is expected, 1 at least",
        ),
        (
            &["serve", "--upload-rate", "1k"],
            "`--upload-rate 1k`: a whole number of bytes is expected",
        ),
        (
            &["serve", "--upload-idle", "1.5"],
            "`--upload-idle 1.5`: a whole number of seconds is expected, 1 at least",
        ),
        (&["serve", "--listen", "7676"], "`--listen 7676`: invalid socket address syntax"),
    ] {
        assert_eq!(parse(words).unwrap_err(), expected);
    }
}
