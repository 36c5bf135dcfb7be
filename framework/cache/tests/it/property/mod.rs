//! What holds for every input: of lifetimes, ages, bytes, the shelf, decisions and parsers.

mod age;
mod bytes;
mod decision;
mod freshness;
mod headers;
mod parsing;
mod shelf;
