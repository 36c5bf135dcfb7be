//! Where a service sends a request: to one of its backends, or to one of several.

use std::time::Duration;

use selvedge::{Error, Refusal, Result};
use selvedge_model::{
    manifest::{self, Director},
    suggest,
};

use super::{Backend, Service};

/// A backend, or a director and the service that has its backends.
#[derive(Clone, Copy)]
pub enum Destination<'s> {
    /// This one.
    Backend(&'s Backend),
    /// Whichever of these is chosen for an attempt.
    Director(&'s Director, &'s Service),
}

impl Service {
    /// A backend or director by name.
    ///
    /// # Errors
    /// [`Refusal::BackendUnknown`], with the nearest name.
    pub fn destination(&self, name: &str) -> Result<Destination<'_>> {
        if let Some(backend) = self.backends.get(name) {
            return Ok(Destination::Backend(backend));
        }
        let director = self.settings.directors.get(name);
        let director = director.ok_or_else(|| self.unknown_backend(name))?;
        Ok(Destination::Director(director, self))
    }

    fn unknown_backend(&self, name: &str) -> Error {
        let directors = self.settings.directors.keys().map(|name| name.as_str());
        let known = self.backends.keys().map(String::as_str).chain(directors);
        let hint = match suggest::nearest(name, known) {
            Some(near) => format!("; did you mean `{near}`"),
            None => String::new(),
        };
        let detail = format!("service `{}` has no backend `{name}`{hint}", self.name());
        Error::new(Refusal::BackendUnknown, detail)
    }
}

impl<'s> Destination<'s> {
    /// Its name in the manifest.
    #[must_use]
    pub fn name(self) -> &'s str {
        match self {
            Self::Backend(backend) => backend.settings.name.as_str(),
            Self::Director(director, _) => director.name.as_str(),
        }
    }

    /// The same with the word for what it is.
    #[must_use]
    pub fn shown(self) -> String {
        let kind = match self {
            Self::Backend(_) => "backend",
            Self::Director(..) => "director",
        };
        format!("{kind} `{}`", self.name())
    }

    /// The host of a request that names none: whom it is for, whatever is sent in the end.
    #[must_use]
    pub fn own_host(self) -> String {
        match self {
            Self::Backend(backend) => backend.own_host(),
            Self::Director(director, _) => director.name.as_str().to_owned(),
        }
    }

    /// The longest wait for the head of a response.
    #[must_use]
    pub fn patience(self) -> Duration {
        match self {
            Self::Backend(backend) => patience(&backend.settings),
            Self::Director(director, service) => {
                let names = director.members.iter().map(|member| member.backend.as_str());
                let backends = names.filter_map(|name| service.backends.get(name));
                backends.map(|backend| patience(&backend.settings)).max().unwrap_or_default()
            }
        }
    }
}

fn patience(settings: &manifest::Backend) -> Duration {
    settings.connect_timeout.saturating_add(settings.first_byte_timeout)
}
