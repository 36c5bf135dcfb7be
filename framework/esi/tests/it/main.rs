//! Templates as files: `cases/` with what comes out of each; and what must hold of any template.
//!
//! A case is a file; `UPDATE_GOLDENS=1 cargo test -p selvedge-esi` writes what is expected anew.

mod cases;
mod fuzz;
mod limits;
mod property;

use bytes::Bytes;
use selvedge_esi::{Flaw, Include, Parser, Piece};

/// What comes out of a template, texts that stand side by side put together.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Out {
    Text(Vec<u8>),
    Include(Include),
    Flaw(Flaw),
}

/// Parses a template that comes in these chunks.
fn parse<'t>(chunks: impl IntoIterator<Item = &'t [u8]>) -> Vec<Out> {
    let mut parser = Parser::default();
    let mut out = Vec::new();
    for chunk in chunks {
        parser.feed(Bytes::copy_from_slice(chunk));
        drain(&mut parser, &mut out);
    }
    parser.end();
    drain(&mut parser, &mut out);
    assert_eq!(parser.next(), None, "all has been given");
    out
}

fn drain(parser: &mut Parser, out: &mut Vec<Out>) {
    while let Some(piece) = parser.next() {
        match piece {
            Piece::Text(text) => push(out, &text),
            Piece::Include(include) => out.push(Out::Include(include)),
            Piece::Flawed(flaw, text) => {
                out.push(Out::Flaw(flaw));
                push(out, &text);
            }
        }
    }
}

fn push(out: &mut Vec<Out>, text: &[u8]) {
    match out.last_mut() {
        _ if text.is_empty() => {}
        Some(Out::Text(before)) => before.extend_from_slice(text),
        _ => out.push(Out::Text(text.to_vec())),
    }
}

/// All text that comes out.
fn text(out: &[Out]) -> Vec<u8> {
    let texts = out.iter().filter_map(|one| match one {
        Out::Text(text) => Some(text.as_slice()),
        Out::Include(_) | Out::Flaw(_) => None,
    });
    texts.collect::<Vec<_>>().concat()
}
