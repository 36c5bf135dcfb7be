//! Edge Side Includes as a parser: a template's bytes in as they come, text and includes out.
//!
//! The language is what platform.md section 14 lists for VCL: `<esi:include src alt onerror/>`, `<esi:comment/>`,
//! `<esi:remove>` and `<!--esi -->`. Nothing here fetches, awaits or reads a clock: whoever has a template feeds it to a
//! [`Parser`] chunk by chunk and takes [`Piece`]s out, and finds with [`resolve`] what an include asks for.
//!
//! The parser is no HTML parser: a tag counts wherever it stands, be it in a comment or in a script. It looks at bytes, so
//! that any encoding will do in which ASCII is ASCII. What it does not understand passes as it is, with a [`Flaw`] that
//! says why. It holds no more of a template than one tag ([`ESI_TAG_MAX`](selvedge_model::limits::ESI_TAG_MAX)), and what
//! comes out does not depend on where one chunk ends and the next begins.

mod address;
mod parser;
mod piece;
mod scan;
mod tag;

pub use self::{
    address::{Address, BadAddress, resolve},
    parser::Parser,
    piece::{Flaw, Include, OnError, Piece},
};
