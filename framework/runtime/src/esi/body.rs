//! The body of a page: the template's text, with each fragment in its place.
//!
//! Everything happens when somebody reads: the template is read ahead, as far as the limits go, to find the next includes,
//! and those are asked for side by side. What comes out stands in the order of the page, and no more of a fragment's body
//! is read than is passed on.

use std::{
    collections::VecDeque,
    io, mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body as _, Frame};
use selvedge::{Body, Host as _, host::BoxFuture};
use selvedge_esi::{Flaw, Parser, Piece};
use selvedge_model::limits::{ESI_AHEAD_BYTES, ESI_AHEAD_MAX};

use super::{
    Page,
    include::{self, Missing},
};
use crate::hop::Hop;

/// So many chunks of a template that have nothing to show are read at once; then others have their turn.
const CHUNKS_AT_ONCE: usize = 64;

/// So many texts, however short they are.
const TEXTS_AHEAD: usize = 64;

/// A page that is being put together.
pub(super) struct Assembled {
    hop: Arc<Hop>,
    template: Template,
    parser: Parser,
    /// What comes next, in the order of the page.
    parts: VecDeque<Part>,
    /// Whether a flaw of the template has been told: one line says enough.
    told: bool,
}

/// Where the template comes from.
enum Template {
    Coming(Body),
    /// All of it has come, and the parser has the rest.
    Come,
    /// The parser has given all, too.
    Over,
    Broken(axum::Error),
}

enum Part {
    Text(Bytes),
    Asked(BoxFuture<'static, Result<Body, Missing>>),
    Fragment(Body),
    /// There is no going on behind it.
    Missing,
}

type Output = Option<Result<Frame<Bytes>, axum::Error>>;

impl Assembled {
    pub(super) fn of(hop: Arc<Hop>, template: Body) -> Self {
        let template = Template::Coming(template);
        let (parser, parts) = (Parser::default(), VecDeque::new());
        Self { hop, template, parser, parts, told: false }
    }

    /// Takes the template apart, as far as it has come and may be read ahead.
    fn read_ahead(&mut self, cx: &mut Context<'_>) {
        for _ in 0..CHUNKS_AT_ONCE {
            while self.may_read_ahead() {
                match self.parser.next() {
                    Some(piece) => self.add(piece),
                    None => break,
                }
            }
            if !self.may_read_ahead() || !self.read(cx) {
                return;
            }
        }
        cx.waker().wake_by_ref();
    }

    fn may_read_ahead(&self) -> bool {
        let (mut texts, mut bytes) = (0, 0);
        for part in &self.parts {
            if let Part::Text(text) = part {
                (texts, bytes) = (texts + 1, bytes + text.len());
            }
        }
        let includes = self.parts.len() - texts;
        includes < ESI_AHEAD_MAX && bytes < ESI_AHEAD_BYTES && texts < TEXTS_AHEAD
    }

    fn add(&mut self, piece: Piece) {
        match piece {
            Piece::Text(text) => self.parts.push_back(Part::Text(text)),
            Piece::Flawed(flaw, text) => {
                self.tell(flaw);
                self.parts.extend((!text.is_empty()).then_some(Part::Text(text)));
            }
            Piece::Include(include) => {
                let Some(page) = self.hop.page() else { return };
                let asked = include::fetch(Arc::clone(&self.hop), Arc::clone(page), include);
                self.parts.push_back(Part::Asked(Box::pin(asked)));
            }
        }
    }

    fn tell(&mut self, flaw: Flaw) {
        if !mem::replace(&mut self.told, true) {
            let target = self.hop.page().map_or("", |page: &Arc<Page>| &page.target);
            self.hop.log(&format!("esi: {target} has {}, which stays as it is", flaw.as_str()));
        }
    }

    /// Gives the parser more of the template. Whether there may be more to take from it.
    fn read(&mut self, cx: &mut Context<'_>) -> bool {
        let Template::Coming(body) = &mut self.template else {
            if matches!(self.template, Template::Come) {
                self.template = Template::Over;
            }
            return false;
        };
        match Pin::new(body).poll_frame(cx) {
            Poll::Pending => false,
            Poll::Ready(Some(Ok(frame))) => {
                frame.into_data().into_iter().for_each(|chunk| self.parser.feed(chunk));
                true
            }
            Poll::Ready(Some(Err(error))) => {
                self.template = Template::Broken(error);
                false
            }
            Poll::Ready(None) => {
                self.template = Template::Come;
                self.parser.end();
                true
            }
        }
    }

    /// Goes on with all fragments that have been asked for.
    fn ask(&mut self, cx: &mut Context<'_>) {
        for part in &mut self.parts {
            if let Part::Asked(asked) = part
                && let Poll::Ready(answer) = asked.as_mut().poll(cx)
            {
                *part = answer.map_or(Part::Missing, Part::Fragment);
            }
        }
    }

    /// What follows when all that was read ahead has been passed on.
    fn at_front(&mut self) -> Poll<Output> {
        match mem::replace(&mut self.template, Template::Over) {
            Template::Broken(error) => Poll::Ready(Some(Err(error))),
            Template::Over => Poll::Ready(None),
            coming => {
                self.template = coming;
                Poll::Pending
            }
        }
    }
}

impl Part {
    /// Its next bytes; `None` where it has been passed on.
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, axum::Error>>> {
        match self {
            Self::Asked(_) => Poll::Pending,
            Self::Missing => {
                let error = io::Error::other("an include of the page failed");
                Poll::Ready(Some(Err(axum::Error::new(error))))
            }
            Self::Text(text) => {
                let text = mem::take(text);
                Poll::Ready((!text.is_empty()).then_some(Ok(text)))
            }
            // Trailers of a fragment are not the page's.
            Self::Fragment(body) => Poll::Ready(
                ready!(Pin::new(body).poll_frame(cx))
                    .map(|frame| frame.map(|frame| frame.into_data().unwrap_or_default())),
            ),
        }
    }
}

impl http_body::Body for Assembled {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Output> {
        let this = &mut *self;
        loop {
            this.read_ahead(cx);
            this.ask(cx);
            let Some(first) = this.parts.front_mut() else { return this.at_front() };
            match ready!(first.poll_next(cx)) {
                Some(Ok(bytes)) if bytes.is_empty() => {}
                Some(Ok(bytes)) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
                // What has been sent cannot be taken back: the client is not to take this for the whole.
                Some(Err(error)) => {
                    (this.template, this.parts) = (Template::Over, VecDeque::new());
                    return Poll::Ready(Some(Err(error)));
                }
                None => drop(this.parts.pop_front()),
            }
        }
    }
}
