//! `explain`: which rules are for a request and why the others are not, and what would become of it. Nothing is sent, and
//! no node needs to run; it is the same code that answers requests which is asked here.

mod ask;
mod before;
mod chain;
mod edge;
mod goal;
mod said;
mod sent;
mod stop;

use std::fmt::Write as _;

use selvedge_model::{
    limits::HOPS_MAX,
    manifest::{Manifest, Service, ServiceKind},
    name::PopName,
    suggest::nearest,
};

use self::ask::Ask;
use super::{args::ExplainArgs, load};
use crate::{
    headers::Vouched,
    purge,
    world::{Facts, Rules, Tally, bare_host},
};

/// Explains what would become of a request.
pub(super) fn explain(args: &ExplainArgs) -> Result<(), String> {
    let loaded = load::load(&args.config)?;
    let Some(manifest) = loaded.manifest else {
        return Err(loaded.problems.render(&loaded.name));
    };
    let ask = Ask::of(args).map_err(|what| format!("error: {what}"))?;
    print!("{}", text(&manifest, ask)?);
    Ok(())
}

fn text(manifest: &Manifest, mut ask: Ask) -> Result<String, String> {
    let service = owner(manifest, &ask.host)?;
    let pop = entry(manifest, &ask)?;
    let mut text = format!("{} {} of {}", ask.request.method(), ask.request.uri(), ask.host);
    if let Some(client) = ask.client {
        let _ = write!(text, ", from {client}");
    }
    let _ = writeln!(text, "\nservice `{}` ({})", service.name, service.kind.as_str());
    edge::required(&mut text, service);
    edge::strip(&mut text, &mut ask);
    if ask.hops_before() >= HOPS_MAX {
        let _ =
            writeln!(text, "\nit is refused\n  503 `Loop detected`: it has been here too often");
        return Ok(text);
    }
    let ServiceKind::Delivery { rules: said, backend } = &service.kind else {
        text.push_str("\nits handler says what becomes of it\n");
        return Ok(text);
    };
    let rules = Rules::of(said, &Tally::default());
    if rules.look_at_clients() {
        Vouched::of(ask.client, "http").say(ask.request.headers_mut());
    }
    let facts = Facts {
        method: ask.request.method(),
        host: &ask.host,
        uri: ask.request.uri(),
        headers: ask.request.headers(),
        client: ask.client,
    };
    before::write(&mut text, said, &facts);
    let matched = rules.match_request(&facts);
    let is_ended = rules.end(&matched).is_some();
    let is_purge = purge::is_purge(facts.method) && !is_ended;
    let chain = chain::walk(manifest, (service, pop), &ask).filter(|_| !is_ended && !is_purge);
    sent::write(
        &mut text,
        &sent::Sender { manifest, service, rules: &rules, backend },
        &matched,
        ask,
    )?;
    text.extend(chain);
    if is_purge {
        return Ok(text);
    }
    said::write(&mut text, said, &rules, &matched);
    Ok(text)
}

/// Where it enters: the POP that is named, else the manifest's own, else the only one.
fn entry<'m>(manifest: &'m Manifest, ask: &Ask) -> Result<Option<&'m PopName>, String> {
    let pops = &manifest.pops;
    let Some(name) = &ask.pop else {
        let only = pops.first().filter(|_| pops.len() == 1);
        return Ok(manifest.dev.pop.as_ref().or(only));
    };
    let found = pops.iter().find(|pop| pop.as_str() == name);
    let names = || pops.iter().map(PopName::as_str).collect::<Vec<_>>().join(", ");
    found.map(Some).ok_or_else(|| format!("error: no POP `{name}`\n  hint: there are {}", names()))
}

fn owner<'m>(manifest: &'m Manifest, host: &str) -> Result<&'m Service, String> {
    let bare = bare_host(host);
    let owns = |service: &&Service| service.domains.iter().any(|domain| domain.as_str() == bare);
    manifest.services.values().find(owns).ok_or_else(|| {
        let domains = manifest.services.values().flat_map(|service| &service.domains);
        let hint = match nearest(&bare, domains.map(|domain| domain.as_str())) {
            Some(near) => format!("\n  hint: did you mean `{near}`?"),
            None => String::new(),
        };
        format!("error: no service has the domain `{bare}`{hint}")
    })
}
