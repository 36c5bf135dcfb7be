//! The management API over a socket: what each endpoint answers where it works and where it does not.
//!
//! What a few lines of text can say is a file in `cases/`; README.md there says how they are written.

mod batch;
mod case;
mod cases;
mod curl;
mod deleted;
mod limits;
mod live;
mod node;
mod room;
mod sealed;
mod shelves;
mod table;
mod values;

use node::{Node, Reply};
