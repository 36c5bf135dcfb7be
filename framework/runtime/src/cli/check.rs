//! `check`: every problem of a manifest, and of the handlers in this program with it.

use selvedge_model::{manifest::Service, need, number::counted};

use super::{args::CheckArgs, load};
use crate::stores::{kv::check_seeds, secret, source::Sources};

/// Reports problems; fails where the account could not be served.
pub(super) fn check(args: &CheckArgs, services: &[selvedge::Service]) -> Result<(), String> {
    let loaded = load::load(&args.config)?;
    let rendered = loaded.problems.render(&loaded.name);
    let warned = !loaded.problems.is_empty();
    let Some(manifest) = loaded.manifest else { return Err(rendered) };
    if warned {
        eprintln!("{rendered}");
    }
    let env = |name: &str| std::env::var(name).ok();
    let sources = Sources { base_dir: &loaded.folder, env: &env };
    let missing = [
        check_seeds(&manifest, sources).err(),
        secret::declared(&manifest, sources).map(drop).err(),
    ];
    // Where it is checked is not always where it is served.
    missing.into_iter().flatten().flatten().for_each(|what| println!("note: {what}"));
    let declared = manifest.services.values();
    let wrong: Vec<String> = declared.flat_map(|service| code(service, services)).collect();
    match (wrong.is_empty(), warned && args.deny_warnings) {
        (true, false) => {
            let services = counted(manifest.services.len(), "service");
            println!("{}: {services}, no errors", loaded.name);
            Ok(())
        }
        (true, true) => {
            Err("error: there are warnings, and `--deny-warnings` was given".to_owned())
        }
        (false, _) => Err(wrong.join("\n")),
    }
}

/// What is wrong between a compute service and the code that this program has for it.
fn code(service: &Service, services: &[selvedge::Service]) -> Vec<String> {
    let Some(handler) = service.handler() else { return Vec::new() };
    let name = &service.name;
    match services.iter().find(|candidate| candidate.name() == handler) {
        Some(found) => need::unmet(found.needs(), service)
            .iter()
            .map(|unmet| format!("error: service `{name}`: {unmet}"))
            .collect(),
        None if services.is_empty() => {
            println!(
                "note: handler `{handler}` of service `{name}` is checked by the program that \
                 contains it"
            );
            Vec::new()
        }
        None => vec![format!(
            "error: service `{name}` wants the handler `{handler}`, which this program does not \
             contain"
        )],
    }
}
