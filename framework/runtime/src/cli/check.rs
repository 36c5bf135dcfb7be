//! `check`: every problem of a manifest, and of the handlers in this program with it.

use selvedge_model::{manifest::ServiceKind, need};

use super::{args::CheckArgs, load};

/// Reports problems; fails where the account could not be served.
pub(super) fn check(args: &CheckArgs, services: &[selvedge::Service]) -> Result<(), String> {
    let loaded = load::load(&args.config)?;
    let rendered = loaded.problems.render(&loaded.name);
    let warned = !loaded.problems.is_empty();
    let Some(manifest) = loaded.manifest else { return Err(rendered) };
    if warned {
        eprintln!("{rendered}");
    }
    let mut wrong = Vec::new();
    for service in manifest.services.values() {
        if let ServiceKind::Compute { handler } = &service.kind {
            match services.iter().find(|candidate| candidate.name() == handler) {
                Some(found) => wrong.extend(
                    need::unmet(found.needs(), service)
                        .iter()
                        .map(|unmet| format!("error: service `{}`: {unmet}", service.name)),
                ),
                None if services.is_empty() => println!(
                    "note: handler `{handler}` of service `{}` is checked by the program that \
                     contains it",
                    service.name
                ),
                None => wrong.push(format!(
                    "error: service `{}` wants the handler `{handler}`, which this program does \
                     not contain",
                    service.name
                )),
            }
        }
    }
    match (wrong.is_empty(), warned && args.deny_warnings) {
        (true, false) => {
            println!("{}: {} services, no errors", loaded.name, manifest.services.len());
            Ok(())
        }
        (true, true) => {
            Err("error: there are warnings, and `--deny-warnings` was given".to_owned())
        }
        (false, _) => Err(wrong.join("\n")),
    }
}
