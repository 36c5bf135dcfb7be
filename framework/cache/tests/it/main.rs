//! The crate's tests through its public face: timelines as text files, tables of headers, and properties.

mod control;
mod fill;
mod headers;
mod property;
mod shelf;
mod support;
mod timeline;
