//! The parser: a state machine over bytes that come in chunks.

use std::mem;
use std::ops::ControlFlow::{self, Break, Continue};

use bytes::{Buf, Bytes};
use memchr::memchr;
use selvedge_model::limits::ESI_TAG_MAX;

use crate::piece::{Flaw, Piece};
use crate::scan::{self, Opener};
use crate::tag::{Quotes, Tag};

/// What ends what is removed, but for white space and `>`.
const REMOVED_END: &[u8] = b"</esi:remove";

/// Takes a template apart. Feed it a chunk, take pieces until there are no more, feed it the next one; tell it the end.
#[derive(Debug, Default)]
pub struct Parser {
    place: Place,
    /// What has begun and may be a tag.
    held: Vec<u8>,
    /// What has yet to be looked at.
    chunk: Bytes,
    /// Whether it is in an `<!--esi` comment.
    shown: bool,
    ended: bool,
}

/// Where the parser is.
#[derive(Debug, Default)]
enum Place {
    #[default]
    Text,
    /// In what may become an opener.
    Opening,
    /// In a tag.
    Tag(Quotes),
    /// In what is removed; so much of its end has come.
    Removed(usize),
}

/// A piece, or none until the next chunk; or the next step.
type Step = ControlFlow<Option<Piece>>;

impl Parser {
    /// Gives it the next chunk.
    pub fn feed(&mut self, chunk: Bytes) {
        self.chunk = match self.chunk.is_empty() {
            true => chunk,
            false => [&self.chunk[..], &chunk].concat().into(),
        };
    }

    /// Says that there are no more chunks.
    pub fn end(&mut self) {
        self.ended = true;
    }

    /// The next piece; `None` where another chunk is needed, or all has been given.
    #[expect(clippy::should_implement_trait, reason = "after a `None` there may be more")]
    pub fn next(&mut self) -> Option<Piece> {
        loop {
            let step = match &mut self.place {
                Place::Text => self.text(),
                Place::Opening => self.opening(),
                Place::Tag(_) => self.tag(),
                Place::Removed(_) => self.removed(),
            };
            match step {
                Break(Some(piece)) => return Some(piece),
                Break(None) => return self.left(),
                Continue(()) => {}
            }
        }
    }

    fn text(&mut self) -> Step {
        let begins = scan::first(&self.chunk, self.shown);
        let text = self.chunk.split_to(begins.unwrap_or(self.chunk.len()));
        if begins.is_some() {
            self.place = Place::Opening;
        }
        match (text.is_empty(), begins) {
            (false, _) => Break(Some(Piece::Text(text))),
            (true, Some(_)) => Continue(()),
            (true, None) => Break(None),
        }
    }

    fn opening(&mut self) -> Step {
        match scan::opener(&self.held, self.shown) {
            Some(Opener::Tag) => self.place = Place::Tag(Quotes::default()),
            Some(Opener::ShownEnd) => self.turn(false),
            opener => {
                let Some(next) = self.chunk.first().copied() else { return Break(None) };
                match opener {
                    Some(Opener::Shown) if !scan::is_of_word(next) => self.turn(true),
                    Some(_) => return self.let_go(next),
                    None if !self.goes_on(0, next) => return self.let_go(next),
                    None => {
                        self.held.push(next);
                        self.chunk.advance(1);
                    }
                }
            }
        }
        Continue(())
    }

    /// What is in a comment is shown, or not any more. The marks of that are not.
    fn turn(&mut self, shown: bool) {
        self.shown = shown;
        self.held.clear();
        self.place = Place::Text;
    }

    /// What is held is text, but for an end of it that may be the beginning of something.
    fn let_go(&mut self, next: u8) -> Step {
        let ends = 1..self.held.len();
        let text = ends.into_iter().find(|from| self.goes_on(*from, next));
        let rest = self.held.split_off(text.unwrap_or(self.held.len()));
        let text = mem::replace(&mut self.held, rest);
        if self.held.is_empty() {
            self.place = Place::Text;
        }
        Break(Some(Piece::Text(text.into())))
    }

    /// Whether what is held from there may be the beginning of something, with this byte behind it.
    fn goes_on(&self, from: usize, next: u8) -> bool {
        let mut bytes = self.held.get(from..).unwrap_or_default().to_vec();
        bytes.push(next);
        scan::may_begin(&bytes, self.shown)
    }

    fn tag(&mut self) -> Step {
        let Place::Tag(quotes) = &mut self.place else { return Continue(()) };
        let most = self.chunk.len().min(ESI_TAG_MAX.saturating_sub(self.held.len()));
        let end = quotes.end_of_tag(&self.chunk[..most]);
        self.held.extend_from_slice(&self.chunk.split_to(end.unwrap_or(most)));
        if end.is_some() {
            return self.whole_tag();
        }
        match self.held.len() < ESI_TAG_MAX {
            true => Break(None),
            false => self.flawed(Flaw::TagTooLong),
        }
    }

    fn whole_tag(&mut self) -> Step {
        match Tag::read(&self.held) {
            Ok(tag) => {
                self.held.clear();
                self.place = match tag {
                    Tag::Remove => Place::Removed(0),
                    Tag::Include(_) | Tag::Nothing => Place::Text,
                };
                match tag {
                    Tag::Include(include) => Break(Some(Piece::Include(include))),
                    Tag::Remove | Tag::Nothing => Continue(()),
                }
            }
            Err(flaw) => self.flawed(flaw),
        }
    }

    fn flawed(&mut self, flaw: Flaw) -> Step {
        self.place = Place::Text;
        Break(Some(Piece::Flawed(flaw, mem::take(&mut self.held).into())))
    }

    fn removed(&mut self) -> Step {
        let Place::Removed(come) = &mut self.place else { return Continue(()) };
        while !self.chunk.is_empty() {
            // Nothing but `<` is of interest where its end has not begun.
            let skipped = if *come == 0 { memchr(b'<', &self.chunk) } else { Some(0) };
            self.chunk.advance(skipped.unwrap_or(self.chunk.len()));
            let Some(byte) = self.chunk.first().copied() else { break };
            self.chunk.advance(1);
            if *come == REMOVED_END.len() && byte == b'>' {
                self.place = Place::Text;
                return Continue(());
            }
            *come = match REMOVED_END.get(*come) {
                Some(wanted) if *wanted == byte => *come + 1,
                None if byte.is_ascii_whitespace() => *come,
                _ => usize::from(byte == b'<'),
            };
        }
        Break(None)
    }

    /// What is left at the end.
    fn left(&mut self) -> Option<Piece> {
        if !self.ended {
            return None;
        }
        let held = Bytes::from(mem::take(&mut self.held));
        match mem::take(&mut self.place) {
            Place::Text => None,
            Place::Opening => Some(Piece::Text(held)),
            Place::Tag(_) => Some(Piece::Flawed(Flaw::TagUnfinished, held)),
            Place::Removed(_) => Some(Piece::Flawed(Flaw::RemoveUnclosed, held)),
        }
    }
}
