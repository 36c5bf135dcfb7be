//! Edge Side Includes: an answer of a delivery service whose rules say `esi` is a template, and the client gets the page
//! that is assembled from it (platform.md section 14, the row of VCL).
//!
//! What lies on the shelf is the template, as it came, in a shield's POP as well; it is processed each time the service
//! answers with it, after everything else. What a rule answers itself is no template, and neither is an error page: another service in front can make one of
//! it. A fragment is a request of its own to the service that owns its host, else to the same one, with the client's
//! headers: it goes through rules, cache and backend like any other, and may be a template itself.
//!
//! The language is in `selvedge-esi`. Here are the two ends of it: what a template is asked for like ([`expect`]), and what
//! becomes of its head (`head`) and its body (`body`).

mod abroad;
mod body;
mod head;
mod include;
mod nest;
mod taken;
mod unfit;

use std::sync::Arc;

use http::{HeaderMap, HeaderValue, Method, header};
use selvedge::{Body, Request, Response};
use selvedge_cache::{lookup::may_look_up, validate::strip_for_storing};

pub use self::{abroad::Abroad, include::OwnFragment, nest::Nest, taken::Taken};
use self::{body::Assembled, unfit::Unfit};
use crate::{fetch::FromShelf, headers::Vouched, hop::Hop, world::Template};

/// The request for a page, as its fragments copy it.
pub struct Page {
    headers: HeaderMap,
    /// Its path and query, as the client asked for them.
    target: String,
    /// Where it stands itself.
    nest: Nest,
}

/// Prepares for a template, where rules say that one may come: what a fragment needs of the request is kept, and the
/// template is asked for whole and plain. What a client has of the page is of no account: its fragments may have changed.
/// Where it may be none after all, what was taken off is given back.
pub fn expect(
    hop: &Hop,
    expected: Template,
    request: &mut Request,
    unsaid: Option<&Vouched>,
) -> Option<Taken> {
    if expected == Template::No {
        return None;
    }
    hop.keep_page(|| Page::of(hop, request, unsaid));
    let taken = Taken::of(expected, request.headers());
    ask_for(expected, request);
    taken
}

/// Makes a request one for a template. The conditions of a write are about what it changes, and stay.
pub(crate) fn ask_for(expected: Template, request: &mut Request) {
    if expected != Template::No && may_look_up(request.method()).is_ok() {
        strip_for_storing(request.headers_mut());
    }
    // Rules that look at the response come too late for this.
    if expected == Template::Yes {
        request.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    }
}

/// Makes a page of an answer that is a template.
#[must_use]
pub fn assemble(hop: &Arc<Hop>, method: &Method, mut response: Response) -> Response {
    let at_work = hop.service.rules().zip(hop.matched());
    let is_template = |(rules, matched): (&crate::world::Rules, _)| {
        rules.is_template(matched, response.status(), response.headers())
    };
    if hop.page().is_none() || !at_work.is_some_and(is_template) {
        return response;
    }
    match Unfit::of(&response) {
        Some(unfit) => unfit.tell(hop, response.headers_mut()),
        None => {
            head::assembled(response.headers_mut());
            response.extensions_mut().remove::<FromShelf>();
            return match *method == Method::HEAD {
                true => response.map(|_| Body::empty()),
                false => response.map(|body| Body::new(Assembled::of(Arc::clone(hop), body))),
            };
        }
    }
    response
}

impl Page {
    fn of(hop: &Hop, request: &Request, unsaid: Option<&Vouched>) -> Self {
        let mut headers = request.headers().clone();
        // Who the client is, is said of the page: a fragment may have another host.
        unsaid.into_iter().for_each(|vouched| vouched.clone().say(&mut headers));
        include::strip(&mut headers);
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        let nest = hop.nest().inside(&hop.service.id, &hop.host, target);
        Self { headers, target: target.to_owned(), nest }
    }
}

/// Where a page is kept for its fragments.
pub(crate) type Kept = std::sync::OnceLock<Arc<Page>>;
