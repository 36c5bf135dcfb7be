//! The site, in memory and as a process.

mod readme;
mod site;
