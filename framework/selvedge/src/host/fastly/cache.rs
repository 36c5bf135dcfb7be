//! What a handler says to the cache, said to the platform's.

use ::fastly::Request;
use http::{Extensions, HeaderValue};

use super::failed;
use crate::{
    Cache, Error, Refusal, Result,
    cache::{Collapsing, Hooks, Ttl},
};

/// Tells the platform how to treat a request.
pub(super) fn choose(request: &mut Request, said: &Extensions) -> Result<()> {
    if said.get::<Hooks>().is_some() {
        return Err(failed::unsupported("`before_send` and `after_send`"));
    }
    match said.get::<Cache>() {
        None | Some(Cache::Inherit) => Ok(()),
        Some(Cache::Pass) => {
            request.set_pass(true);
            Ok(())
        }
        Some(Cache::Override(ttl)) => override_by(request, ttl),
    }
}

fn override_by(request: &mut Request, ttl: &Ttl) -> Result<()> {
    if ttl.collapsing() == Collapsing::Off {
        return Err(failed::unsupported("`Cache::without_collapsing`"));
    }
    if ttl.lookup_timeout().is_some() {
        return Err(failed::unsupported("`Cache::lookup_timeout`"));
    }
    if let Some(lifetime) = ttl.lifetime() {
        request.set_ttl(seconds(lifetime));
    }
    if let Some(window) = ttl.stale_while_revalidate() {
        request.set_stale_while_revalidate(seconds(window));
    }
    if let Some(window) = ttl.stale_if_error() {
        request.set_stale_if_error(seconds(window));
    }
    tag(request, ttl)
}

fn tag(request: &mut Request, ttl: &Ttl) -> Result<()> {
    let keys: Vec<&str> = ttl.surrogate_keys()?.iter().map(|key| key.as_str()).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let keys = HeaderValue::try_from(keys.join(" ")).map_err(|cause| {
        Error::new(Refusal::SurrogateKeyInvalid, "of a request that is sent").because(cause)
    })?;
    request.set_surrogate_key(keys);
    Ok(())
}

/// The platform counts in seconds; what is begun does not count.
fn seconds(time: std::time::Duration) -> u32 {
    u32::try_from(time.as_secs()).unwrap_or(u32::MAX)
}
