//! What rules make of the path and the host of a request, on conditions instead of requests: which requests it is for, what
//! they become, and what becomes of them.

use crate::manifest::read::graph::meet::meet;
use crate::manifest::read::graph::shadowed::covers;
use crate::manifest::{PathPattern, PathRewrite, Rule, When};
use crate::pattern::TextPattern;

/// Another path, another host, or both.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn<'m> {
    path: Option<&'m PathRewrite>,
    host: Option<&'m str>,
}

impl<'m> Turn<'m> {
    /// What stays as it is.
    pub(super) const NONE: Turn<'static> = Turn { path: None, host: None };

    /// What the rules do that are for all of these requests: the first that says something decides it.
    pub(super) fn of(rules: &'m [Rule], when: &When) -> Self {
        let mut for_all = rules.iter().filter(|rule| covers(&rule.when, when));
        let path = for_all.clone().find_map(|rule| rule.then.rewrite_path.as_ref());
        Self { path, host: for_all.find_map(|rule| rule.then.rewrite_host.as_deref()) }
    }

    /// Those of some requests that it changes; `None` where that is not plain to see.
    pub(super) fn changed(self, when: &When) -> Option<When> {
        match self.path {
            Some(PathRewrite::Prefix { strip, .. }) => meet(when, &below(strip)?),
            Some(PathRewrite::To(_)) | None => Some(when.clone()),
        }
    }

    /// What requests become, all of which it changes.
    pub(super) fn made_of(self, when: &When) -> Option<When> {
        let path = when.path.as_ref().map_or("/**", PathPattern::as_str);
        let path = match self.path {
            Some(PathRewrite::To(to)) => Some(PathPattern::new(to).ok()?),
            Some(PathRewrite::Prefix { strip, add }) => Some(moved(path, strip, add)?),
            None => when.path.clone(),
        };
        let host = match self.host {
            Some(host) => Some(TextPattern::new(&bare(host)).ok()?),
            None => when.host.clone(),
        };
        Some(When { path, host, ..when.clone() })
    }

    /// The requests that become these, or some of them.
    pub(super) fn before(self, made: &When) -> Option<When> {
        let mut before = made.clone();
        match self.path {
            Some(PathRewrite::To(to)) => {
                meet(made, &at(to)?)?;
                before.path = None;
            }
            Some(PathRewrite::Prefix { strip, add }) => {
                let made = meet(made, &below(add)?)?;
                let path = made.path.as_ref().map_or("/**", PathPattern::as_str);
                before.path = Some(moved(path, add, strip)?);
            }
            None => {}
        }
        if let Some(host) = self.host {
            let host = TextPattern::new(&bare(host)).ok();
            meet(made, &When { host, ..When::default() })?;
            before.host = None;
        }
        Some(before)
    }
}

/// A host without its port.
pub(super) fn bare(host: &str) -> String {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name.to_owned(),
        _ => host.to_owned(),
    }
}

fn at(path: &str) -> Option<When> {
    Some(When { path: Some(PathPattern::new(path).ok()?), ..When::default() })
}

/// Whatever has this beginning.
fn below(beginning: &str) -> Option<When> {
    at(&format!("{}/**", beginning.trim_end_matches('/')))
}

/// A pattern with another beginning than the one that it has.
fn moved(pattern: &str, from: &str, to: &str) -> Option<PathPattern> {
    let rest = pattern.strip_prefix(from.trim_end_matches('/'))?;
    let path = format!("{}{rest}", to.trim_end_matches('/'));
    PathPattern::new(&format!("/{}", path.trim_start_matches('/'))).ok()
}
