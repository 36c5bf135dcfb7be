//! What holds for every input: of lifetimes, ages, bytes, the shelf, decisions and parsers.

mod accounts;
mod age;
mod bytes;
mod decision;
mod freshness;
mod headers;
mod parsing;
mod purge;
mod shelf;
mod variants;
