//! The dev server's processes: carries out what `core` decided and tells what came of it.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use selvedge_model::manifest::Manifest;
use tempfile::TempDir;

use super::build::{Binaries, Build};
use super::child::Server;
use super::core::{Action, Event, Fresh};
use super::made::Made;
use super::origin::Origin;
use super::settings;
use super::watch::{self, Watch, Watched};
use crate::failure::{Failure, Outcome, While};
use crate::flags::Dev;
use crate::manifest;
use crate::say;
use crate::workspace::Package;

/// The line by which the node says that it is ready.
const NODE_READY: &str = "serving on http://";

/// The processes, and what they were started with.
pub(crate) struct Stage<'a> {
    package: Package,
    flags: &'a Dev,
    manifest: Option<Manifest>,
    binaries: Option<Binaries>,
    build: Option<Build>,
    origin: Option<Origin>,
    node: Option<Server>,
    running: Option<Made>,
    watched: Watched,
    watch: Watch,
    looked: Instant,
    /// Removed with everything in it when the stage is dropped: last, after the node that uses it.
    ephemeral: Option<TempDir>,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(root: &Path, package: Package, flags: &'a Dev) -> Outcome<Self> {
        let ephemeral = match flags.ephemeral {
            true => Some(TempDir::new().or_cannot(|| "make a temporary directory".into())?),
            false => None,
        };
        let watched = Watched { root: root.to_path_buf(), files: vec![package.manifest.clone()] };
        let watch = Watch::new(watch::look(&watched));
        Ok(Self {
            package,
            flags,
            manifest: None,
            binaries: None,
            build: None,
            origin: None,
            node: None,
            running: None,
            watched,
            watch,
            looked: Instant::now(),
            ephemeral,
        })
    }

    /// Carries one action out; some are known at once to have worked or not.
    pub(crate) fn act(&mut self, action: &Action) -> Option<Event> {
        match action {
            Action::CheckManifest => Some(self.check_manifest()),
            Action::Build => self.start_build(),
            Action::StopNode => self.stop_node(),
            Action::StartOrigin => {
                self.start_origin().unwrap_or_else(|it| Some(Event::OriginEnded(it.what)))
            }
            Action::StartNode => self.start_node().err().map(|it| Event::NodeEnded(it.what)),
            Action::Say(_) | Action::Leave(_) => None,
        }
    }

    /// What happened since the last question.
    pub(crate) fn news(&mut self) -> Option<Event> {
        self.build_news()
            .or_else(|| self.node_news())
            .or_else(|| self.origin_news())
            .or_else(|| self.source_news())
    }

    /// Ends every child, those that are asked first: a node that drains may still need its origin.
    pub(crate) fn clear(&mut self) {
        if let Some(mut build) = self.build.take() {
            build.stop();
        }
        self.stop_node();
        self.stop_origin();
    }

    fn check_manifest(&mut self) -> Event {
        match manifest::load(&self.package.manifest) {
            Ok(manifest) => {
                let mut files = manifest::files(&manifest, &self.package.manifest);
                files.push(self.package.manifest.clone());
                self.watch.learn(&self.watched.files, &files);
                self.watched.files = files;
                self.manifest = Some(manifest);
                Event::ManifestGood
            }
            Err(failure) => Event::ManifestRefused(failure.what),
        }
    }

    fn start_build(&mut self) -> Option<Event> {
        match Build::start(&self.package, self.flags.release) {
            Ok(build) => {
                self.build = Some(build);
                None
            }
            Err(failure) => Some(Event::BuildFailed(failure.what)),
        }
    }

    fn build_news(&mut self) -> Option<Event> {
        let done = self.build.as_mut()?.poll(&self.package.name)?;
        self.build = None;
        match done.and_then(|binaries| self.fresh(binaries)) {
            Ok(fresh) => Some(Event::Built(fresh)),
            Err(failure) => {
                let hint = failure.hint.map(|hint| format!("\n  hint: {hint}"));
                Some(Event::BuildFailed(failure.what + &hint.unwrap_or_default()))
            }
        }
    }

    fn fresh(&mut self, binaries: Binaries) -> Outcome<Fresh> {
        self.binaries = Some(binaries);
        let node = self.node_made()?.1;
        let origin = self.origin_made().map(|(_, made)| made);
        let is_same_origin = match (&self.origin, &origin) {
            (Some(there), Some(made)) => there.is_made(made),
            (there, made) => there.is_none() && made.is_none(),
        };
        let same = self.running.as_ref() == Some(&node) && is_same_origin;
        Ok(if same { Fresh::Same } else { Fresh::New })
    }

    fn stop_node(&mut self) -> Option<Event> {
        if let Some(mut node) = self.node.take() {
            node.stop();
        }
        self.running = None;
        None
    }

    fn stop_origin(&mut self) {
        if let Some(origin) = self.origin.take() {
            origin.stop();
        }
    }

    fn start_origin(&mut self) -> Outcome<Option<Event>> {
        let wanted = self.origin_made();
        if let (Some(origin), Some((_, made))) = (&self.origin, &wanted)
            && origin.is_made(made)
            && origin.is_ready()
        {
            return Ok(Some(Event::OriginReady));
        }
        self.stop_origin();
        let Some((command, made)) = wanted else {
            self.explain_no_origin();
            return Ok(Some(Event::OriginReady));
        };
        self.origin = Some(Origin::start(command, made)?);
        Ok(None)
    }

    fn explain_no_origin(&self) {
        if self.binaries.as_ref().is_some_and(|binaries| binaries.origin.is_some()) {
            say::note("dev: no backend `origin` has a url on this machine: no demo origin");
        }
    }

    fn start_node(&mut self) -> Outcome {
        let (mut command, made) = self.node_made()?;
        self.node = Some(Server::start(&mut command, NODE_READY)?);
        self.running = Some(made);
        Ok(())
    }

    fn node_news(&mut self) -> Option<Event> {
        let node = self.node.as_mut()?;
        if node.got_ready() {
            return Some(Event::NodeReady);
        }
        let status = node.ended()?;
        self.node = None;
        self.running = None;
        Some(Event::NodeEnded(status.to_string()))
    }

    fn origin_news(&mut self) -> Option<Event> {
        let news = self.origin.as_mut()?.news()?;
        if matches!(news, Event::OriginEnded(_)) {
            self.stop_origin();
        }
        Some(news)
    }

    fn source_news(&mut self) -> Option<Event> {
        if self.looked.elapsed() < watch::EVERY {
            return None;
        }
        self.looked = Instant::now();
        self.watch.see(watch::look(&self.watched)).map(Event::Changed)
    }

    fn node_made(&self) -> Outcome<(Command, Made)> {
        let (Some(binaries), Some(manifest)) = (&self.binaries, &self.manifest) else {
            return Err(Failure::new("there is nothing built to serve"));
        };
        let path = &self.package.manifest;
        let state_dir = match &self.ephemeral {
            Some(dir) => dir.path().to_path_buf(),
            None => settings::state_dir(self.flags, &manifest.dev, path)?,
        };
        let mut command = Command::new(&binaries.node);
        command.args(settings::arguments(self.flags, &manifest.dev, path, &state_dir));
        let made = Made::of(&command, &binaries.node, &self.watched.files);
        Ok((command, made))
    }

    fn origin_made(&self) -> Option<(Command, Made)> {
        let binary = self.binaries.as_ref()?.origin.as_ref()?;
        let address = self.manifest.as_ref().and_then(manifest::demo_address)?;
        let mut command = Command::new(binary);
        command.args(["--listen", &address]);
        let made = Made::of(&command, binary, &[]);
        Some((command, made))
    }
}
