//! The dev server: check, build, serve, and again when a source changes.
//!
//! `core` decides, [`stage`] acts; this file joins them. It runs the user's own binary as a child
//! process and holds no state of the edge.

use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

pub(crate) mod build;
mod child;
mod core;
mod made;
mod origin;
mod report;
mod settings;
mod stage;
mod watch;

use self::core::{Action, Core, Event, Exit};
use self::stage::Stage;
use crate::failure::{Outcome, While};
use crate::flags::{Dev, Side};
use crate::{say, workspace};

/// How often the children are looked at.
const TICK: Duration = Duration::from_millis(50);

/// Serves until it is asked to stop.
pub(crate) fn run(side: Side, root: &Path, flags: &Dev) -> Outcome<ExitCode> {
    let stop = on_stop()?;
    let package =
        workspace::package(side, root, flags.example.as_deref(), flags.manifest.as_deref())?;
    let mut stage = Stage::new(root, package, flags)?;
    let (mut core, mut actions) = Core::start();
    loop {
        if let Some(exit) = carry_out(&mut stage, &mut core, actions) {
            stage.clear();
            return Ok(code(exit));
        }
        let event = wait(&mut stage, &stop);
        actions = core.on(event);
    }
}

/// A signal to end becomes a message, whichever of the usual ones it is.
fn on_stop() -> Outcome<Receiver<()>> {
    let (tell, stop) = channel();
    // Only the first signal is read: by a second one the reader may be gone.
    let handler = move || {
        let _ = tell.send(());
    };
    ctrlc::set_handler(handler).or_cannot(|| "listen for Ctrl-C".into())?;
    Ok(stop)
}

/// Carries actions out, and what follows at once from them, until there is something to wait for.
fn carry_out(stage: &mut Stage, core: &mut Core, mut actions: Vec<Action>) -> Option<Exit> {
    while !actions.is_empty() {
        let mut next = Vec::new();
        for action in actions {
            match action {
                Action::Leave(exit) => return Some(exit),
                Action::Say(report) => say::note(format!("dev: {report}")),
                other => next.extend(stage.act(&other).into_iter().flat_map(|it| core.on(it))),
            }
        }
        actions = next;
    }
    None
}

fn wait(stage: &mut Stage, stop: &Receiver<()>) -> Event {
    loop {
        match stop.recv_timeout(TICK) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return Event::Stop,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Some(event) = stage.news() {
            return event;
        }
    }
}

fn code(exit: Exit) -> ExitCode {
    match exit {
        Exit::Asked => ExitCode::SUCCESS,
        Exit::NeverServed => ExitCode::FAILURE,
    }
}
