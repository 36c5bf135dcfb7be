//! The arguments of `explain`.

use std::{net::IpAddr, path::PathBuf};

use lexopt::{Arg, Parser, ValueExt};

use super::{Command, HELP_FLAG, parsed, text, unknown, value};

/// `explain`.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::cli) struct ExplainArgs {
    pub(in crate::cli) config: PathBuf,
    pub(in crate::cli) url: String,
    pub(in crate::cli) method: String,
    pub(in crate::cli) headers: Vec<String>,
    pub(in crate::cli) client: Option<IpAddr>,
    pub(in crate::cli) pop: Option<String>,
}

const EXPLAIN_FLAGS: [&str; 5] = ["config", "method", "header", "client", "pop"];

/// Reads the flags. The URL may stand before, between or after the flags.
pub(super) fn parse(parser: &mut Parser) -> Result<Command, String> {
    let mut url = None;
    let mut args = ExplainArgs {
        config: PathBuf::from("edge.toml"),
        url: String::new(),
        method: "GET".to_owned(),
        headers: Vec::new(),
        client: None,
        pop: None,
    };
    while let Some(arg) = parser.next().map_err(text)? {
        let flag = match arg {
            Arg::Value(value) if url.is_none() => {
                url = Some(value.string().map_err(text)?);
                continue;
            }
            Arg::Long(name) => name.to_owned(),
            Arg::Short('h') => HELP_FLAG.to_owned(),
            other => return Err(other.unexpected().to_string()),
        };
        match flag.as_str() {
            "config" => args.config = value(parser)?.into(),
            "method" => args.method = value(parser)?,
            "header" => args.headers.push(value(parser)?),
            "client" => args.client = Some(parsed(parser, "client")?),
            "pop" => args.pop = Some(value(parser)?),
            HELP_FLAG => return Ok(Command::Help),
            other => return Err(unknown("flag", other, &EXPLAIN_FLAGS)),
        }
    }
    let url = url.ok_or("which URL? `explain http://shop.localhost/path`")?;
    Ok(Command::Explain(ExplainArgs { url, ..args }))
}
