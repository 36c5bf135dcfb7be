//! One rule of a delivery service: which exchanges it is for ([`When`], [`WhenResponse`]), and what it sets ([`Then`]).
//!
//! For each setting, the first matching rule that sets it decides; changes of headers are made by all of them, in order.
//! What is decided before there is a response is only set by rules that do not look at one; the manifest's check sees to
//! that. All rules see the request as it came in, whatever others make of it.

mod facts;
mod response;
mod then;
mod unmet;
mod wanted;
mod when;

pub use facts::{HeaderLines, RequestFacts, ResponseFacts};
pub use response::{StatusPattern, WhenResponse};
pub use then::{
    End, HeaderChanges, IgnoreQuery, KeyChange, PathRewrite, Redirect, Synthetic, Then,
};
pub use unmet::Unmet;
pub use wanted::Wanted;
use when::Readings;
pub use when::When;

/// One rule of a delivery service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What people call it.
    pub name: Option<String>,
    /// Which requests it is for.
    pub when: When,
    /// Which of their responses it is for; by default all.
    pub when_response: WhenResponse,
    /// What it sets.
    pub then: Then,
}

impl Rule {
    /// Whether it is for a request whatever the response will be, so that it may decide before there is one.
    pub fn matches_request(&self, request: &RequestFacts<'_>) -> bool {
        self.when_response.is_any() && self.is_for(request)
    }

    /// Whether it is for a request and the response to it.
    pub fn matches(&self, request: &RequestFacts<'_>, response: &ResponseFacts<'_>) -> bool {
        self.when_response.matches(response) && self.is_for(request)
    }

    /// Whether it is for a request, whatever it asks of the response.
    pub fn is_for(&self, request: &RequestFacts<'_>) -> bool {
        self.unmet(request).is_none()
    }

    /// The first of its conditions that a request does not meet. A rule that withholds something is for a path in every way
    /// in which a server might read it.
    pub fn unmet(&self, request: &RequestFacts<'_>) -> Option<Unmet<'_>> {
        let readings = if self.then.withholds() { Readings::Any } else { Readings::Usual };
        self.when.unmet(request, readings)
    }
}

#[cfg(test)]
mod tests;
