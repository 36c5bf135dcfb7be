//! What can be said of an object when it is stored.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Found, Writer, look_up::query};
use crate::{
    Error, Host, Refusal, Result,
    host::{Inserted, ObjectOptions, ObjectQuery, Obligation},
    model::key::SurrogateKey,
};

/// An object that is about to be stored.
#[must_use = "nothing is stored until it is executed"]
pub struct Insert {
    place: Place,
    options: ObjectOptions,
}

/// Where it goes.
enum Place {
    /// For those who wait.
    Obliged(Option<Box<dyn Obligation>>),
    /// For nobody in particular.
    Alone(Arc<dyn Host>, Result<ObjectQuery>),
}

/// An object that is about to get a new life.
#[must_use = "nothing is updated until it is executed"]
pub struct Update {
    obligation: Option<Box<dyn Obligation>>,
    options: ObjectOptions,
}

macro_rules! said {
    () => {
        /// Makes it depend on these headers of the look-up: others are given it only if theirs are the same.
        pub fn vary_by(mut self, names: impl IntoIterator<Item = HeaderName>) -> Self {
            self.options.vary_by = Some(names.into_iter().collect());
            self
        }

        /// Lets it be used for so long after `max_age`, while it is made anew.
        pub fn stale_while_revalidate(mut self, window: Duration) -> Self {
            self.options.stale_while_revalidate = window;
            self
        }

        /// The tags by which it can be purged. What is no surrogate key is ignored.
        pub fn surrogate_keys(mut self, keys: impl IntoIterator<Item = impl Into<String>>) -> Self {
            let keys = keys.into_iter().filter_map(|key| SurrogateKey::new(key).ok());
            self.options.surrogate_keys = Some(keys.collect());
            self
        }

        /// Keeps these bytes beside the body.
        pub fn user_metadata(mut self, metadata: impl Into<Bytes>) -> Self {
            self.options.user_metadata = metadata.into();
            self
        }
    };
}

impl Insert {
    pub(super) fn of(obligation: Option<Box<dyn Obligation>>, max_age: Duration) -> Self {
        let options = ObjectOptions { max_age, ..ObjectOptions::default() };
        Self { place: Place::Obliged(obligation), options }
    }

    pub(super) fn by_itself(host: &Arc<dyn Host>, key: &[u8], max_age: Duration) -> Self {
        let place = Place::Alone(Arc::clone(host), query(key));
        Self { place, options: ObjectOptions { max_age, ..ObjectOptions::default() } }
    }

    said!();

    /// Its age now; zero otherwise.
    pub fn initial_age(mut self, age: Duration) -> Self {
        self.options.initial_age = age;
        self
    }

    /// Declares the length of its body, in bytes. A body of another length is not stored.
    pub fn known_length(mut self, bytes: u64) -> Self {
        self.options.known_length = Some(bytes);
        self
    }

    /// Keeps it off disks. Here no object of code is ever written to one.
    pub fn sensitive_data(mut self, is_sensitive: bool) -> Self {
        self.options.sensitive = is_sensitive;
        self
    }

    /// Adds a header for [`vary_by`](Insert::vary_by). In a transaction those of the look-up count, and this adds none.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if let Place::Alone(_, Ok(query)) = &mut self.place {
            query.headers.append(name, value);
        }
        self
    }

    /// Sets all headers for [`vary_by`](Insert::vary_by), as [`Insert::header`] adds one.
    pub fn headers(mut self, headers: HeaderMap) -> Self {
        if let Place::Alone(_, Ok(query)) = &mut self.place {
            query.headers = headers;
        }
        self
    }

    /// Begins to store it: the body is written now.
    ///
    /// # Errors
    /// [`Refusal::CacheKeyInvalid`]; [`Refusal::ObjectTooLarge`] for a declared length above the largest object;
    /// [`Refusal::CacheMisused`] in a transaction without the obligation.
    pub async fn execute(self) -> Result<Writer> {
        let (writer, _found) = self.execute_and_stream_back().await?;
        Ok(writer)
    }

    /// The same with the object to be read while it is written. What is written can be read after it: up to the largest
    /// object nobody has to read meanwhile.
    ///
    /// # Errors
    /// As [`Insert::execute`].
    pub async fn execute_and_stream_back(self) -> Result<(Writer, Found)> {
        let Inserted { writer, found } = self.begin().await?;
        Ok((Writer::new(writer), Found::new(found)))
    }

    /// Stores it with this body.
    ///
    /// # Errors
    /// As [`Insert::execute`] and [`Writer::write`].
    pub async fn execute_with(self, body: impl Into<Bytes> + Send) -> Result<()> {
        let body = body.into();
        let mut writer = self.known_length(body.len() as u64).execute().await?;
        writer.write(body).await?;
        writer.finish().await
    }

    async fn begin(self) -> Result<Inserted> {
        match self.place {
            Place::Obliged(obligation) => obliged(obligation)?.insert(self.options).await,
            Place::Alone(host, query) => host.object_insert(query?, self.options).await,
        }
    }
}

impl Update {
    pub(super) fn of(obligation: Option<Box<dyn Obligation>>, max_age: Duration) -> Self {
        Self { obligation, options: ObjectOptions { max_age, ..ObjectOptions::default() } }
    }

    said!();

    /// Its age now; zero otherwise.
    pub fn age(mut self, age: Duration) -> Self {
        self.options.initial_age = age;
        self
    }

    /// Updates it. All metadata is replaced: what is not said is empty or zero. Only what it depends on and its
    /// surrogate keys are kept where nothing is said of them.
    ///
    /// # Errors
    /// [`Refusal::CacheMisused`] without the obligation, or where nothing was found.
    pub async fn execute(self) -> Result<()> {
        obliged(self.obligation)?.update(self.options).await
    }
}

fn obliged(obligation: Option<Box<dyn Obligation>>) -> Result<Box<dyn Obligation>> {
    obligation.ok_or_else(|| {
        Error::new(Refusal::CacheMisused, "the transaction has no obligation to insert or update")
    })
}
