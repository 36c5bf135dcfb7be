//! The URL in `POST /purge/{host}/{path}`: no scheme, the query included, escapes kept as received.

use http::{Uri, uri::PathAndQuery};
use percent_encoding::percent_decode_str;
use selvedge_model::name::Domain;

use super::Result;
use crate::{
    admin::wire::Failed,
    world::{World, bare_host},
};

/// The host, with its port if it names one, and the path with the query.
pub(super) fn of(uri: &Uri) -> Result<(String, PathAndQuery)> {
    let given = uri.path_and_query().map_or("", PathAndQuery::as_str);
    let url = in_one_segment(given.strip_prefix("/purge/").unwrap_or_default());
    let end = url.find(['/', '?']).unwrap_or(url.len());
    let (host, target) = url.split_at_checked(end).unwrap_or_default();
    if matches!(host, "http:" | "https:") {
        return Err(Failed::bad_request("leave the scheme out: `/purge/HOST/PATH`"));
    }
    let slash = if target.starts_with('/') { "" } else { "/" };
    let target = format!("{slash}{target}").parse();
    let target = target.map_err(|_| Failed::bad_request(format!("`{url}` is no URL")))?;
    Ok((decoded(host), target))
}

/// Clients that are made from a description of the API escape the whole URL as one segment. A host
/// has no slash in it, so that an escaped one before the first plain one can mean nothing else.
fn in_one_segment(url: &str) -> String {
    let first = url.split(['/', '?']).next().unwrap_or_default();
    match first.contains("%2F") || first.contains("%2f") {
        true => decoded(url),
        false => url.to_owned(),
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// No service answers for the host.
pub(super) fn unknown(world: &World, host: &str) -> Failed {
    let services = world.services.values();
    let domains = services.flat_map(|service| service.settings.domains.iter().map(Domain::as_str));
    Failed::no_such("service for the host", &bare_host(host), domains)
}
