//! Lists that come in pages: at most so many rows, and a cursor where there are more.
//!
//! A cursor is the last name of its page in base64, so that rows which come and go between pages neither repeat nor hide
//! one that stays.

use base64::{Engine, engine::general_purpose::STANDARD};

use selvedge_model::number::whole;

use super::{Failed, Query};

/// Which page is asked for.
pub(in crate::admin) struct Wanted {
    after: Option<String>,
    /// At most so many rows.
    pub(in crate::admin) limit: usize,
}

/// How many rows a page may have.
#[derive(Clone, Copy)]
pub(in crate::admin) struct Limits {
    /// Where the call says nothing.
    pub(in crate::admin) default: usize,
    /// Whatever it says.
    pub(in crate::admin) most: usize,
}

impl Wanted {
    /// Reads `cursor` and `limit`. More than the most is the most, as on the platform.
    pub(in crate::admin) fn of(query: &mut Query, limits: Limits) -> Result<Self, Failed> {
        let after = query.text("cursor")?.map(|cursor| read(&cursor)).transpose()?;
        Ok(Self { after, limit: limit(query, limits)? })
    }

    /// The page of these rows, which are in the order of their names, and the next cursor.
    pub(in crate::admin) fn cut<T>(
        &self,
        rows: impl Iterator<Item = T>,
        name: impl Fn(&T) -> &str,
    ) -> (Vec<T>, Option<String>) {
        let is_new = |row: &T| self.after.as_deref().is_none_or(|after| name(row) > after);
        let mut rows = rows.filter(is_new);
        let page: Vec<T> = rows.by_ref().take(self.limit).collect();
        let last = rows.next().and_then(|_| page.last());
        let cursor = last.map(|last| STANDARD.encode(name(last)));
        (page, cursor)
    }
}

/// Reads `limit`.
pub(in crate::admin) fn limit(query: &mut Query, limits: Limits) -> Result<usize, Failed> {
    match query.text("limit")? {
        None => Ok(limits.default),
        Some(text) => match whole::<usize>(&text) {
            None | Some(0) => Err(no_limit(&text, limits)),
            Some(limit) => Ok(limit.min(limits.most)),
        },
    }
}

fn no_limit(text: &str, limits: Limits) -> Failed {
    let most = limits.most;
    Failed::bad_request(format!(
        "`limit` is a whole number from 1 to {most} without sign or leading zeros, not `{text}`; a larger one is {most}"
    ))
}

fn read(cursor: &str) -> Result<String, Failed> {
    let text = STANDARD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    text.ok_or_else(|| Failed::bad_request("the cursor is not one that a page gave"))
}
