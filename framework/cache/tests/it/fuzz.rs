//! Fuzzing every parser of a header that meets the network: seeds from `corpus/<parser>/`, changed at random.
//!
//! It needs no more than `cargo test`. Each line of a seed file is one field value. An input is a seed, or two, with a
//! few changes: bytes flipped, inserted, dropped, doubled, numbers pushed to their ends, pieces of other seeds put in.
//! What must hold of the outcome stands in `parsers`. Each run makes the same inputs, so that it passes or fails for a
//! reason in the code; a failure shows its input, which then becomes a line of the seeds.
//!
//! `SELVEDGE_FUZZ_SECONDS=60 cargo test -p selvedge-cache fuzz::` goes on for a minute per parser, along a path of
//! inputs that begins where the clock stands.

use std::env;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::parsers::{Input, PARSERS};

/// Inputs per parser; about a second without optimisation.
const ITERATIONS: u32 = 40_000;

/// Where every run begins.
const SEED: u64 = 0x5E1F_ED6E_0000_9111;

/// How long an input may grow: longer than any limit that a parser has.
const MAX_LEN: usize = 8 * 1024;

/// What parsers trip over.
const WORDS: [&[u8]; 24] = [
    b",",
    b"\"",
    b"\\",
    b"=",
    b";",
    b" ",
    b"\t",
    b"*",
    b"-",
    b"/",
    b"\n",
    b"W/",
    b"?1",
    b"?0",
    b"%",
    b"..",
    b"//",
    b":",
    b"0",
    b"2147483648",
    b"18446744073709551615",
    b"18446744073709551616",
    b"\xff",
    b"999999999999999",
];

macro_rules! fuzz {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            run(stringify!($name));
        })*

        #[test]
        fn no_parser_is_left_out() {
            let fuzzed = [$(stringify!($name)),*];
            assert!(PARSERS.iter().map(|(name, _)| *name).eq(fuzzed));
        }
    };
}

fuzz! {
    accept_encoding accept_language age cache_control cache_status connection content_range cookie
    date etag expires if_modified_since if_none_match if_range key_header location pragma range
    request_cache_control surrogate_control target targeted vary
}

fn run(name: &str) {
    let (_, check) = PARSERS.iter().find(|(parser, _)| *parser == name).expect("a parser");
    let seeds = seeds(name);
    assert!(seeds.len() >= 12, "{name} has {} seeds only", seeds.len());
    let mut inputs = Inputs::new(&seeds);
    seeds.iter().for_each(|seed| try_out(*check, seed));
    match env::var("SELVEDGE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()) {
        None => (0..ITERATIONS).for_each(|_| try_out(*check, &inputs.next())),
        Some(seconds) => {
            let end = Instant::now() + Duration::from_secs(seconds);
            inputs.random.0 ^= clock();
            while Instant::now() < end {
                try_out(*check, &inputs.next());
            }
        }
    }
}

fn try_out(check: fn(&Input), bytes: &[u8]) {
    let input = Input::of(bytes);
    if catch_unwind(AssertUnwindSafe(|| check(&input))).is_err() {
        panic!("it does not hold of `{}`", bytes.escape_ascii());
    }
}

fn seeds(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/corpus").join(name);
    let files = fs::read_dir(&folder).expect("the folder of seeds can be read");
    let mut files: Vec<_> = files.map(|file| file.expect("a folder entry").path()).collect();
    files.sort();
    let text = |file| fs::read(file).expect("a file of seeds can be read");
    let lines = |text: Vec<u8>| text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let all: Vec<Vec<u8>> =
        files.into_iter().map(text).flat_map(lines as fn(_) -> Vec<_>).collect();
    all.into_iter().filter(|seed| !seed.is_empty()).collect()
}

fn clock() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    now.as_secs().rotate_left(32) ^ u64::from(now.subsec_nanos())
}

/// An endless row of changed seeds.
struct Inputs<'a> {
    seeds: &'a [Vec<u8>],
    random: Random,
}

impl<'a> Inputs<'a> {
    fn new(seeds: &'a [Vec<u8>]) -> Self {
        Self { seeds, random: Random(SEED) }
    }

    fn next(&mut self) -> Vec<u8> {
        let mut input = self.seed().to_vec();
        for _ in 0..=self.random.below(6) {
            self.change(&mut input);
        }
        input.truncate(MAX_LEN);
        input
    }

    fn seed(&mut self) -> &'a [u8] {
        &self.seeds[self.random.below(self.seeds.len())]
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let (from, to) = self.piece(input.len());
        match self.random.below(8) {
            0 => drop(input.drain(from..to)),
            1 => input.insert(from, self.random.byte()),
            2 => splice(input, from, from, WORDS[self.random.below(WORDS.len())]),
            3 => splice(input, from, to, WORDS[self.random.below(WORDS.len())]),
            4 => input[from..to].iter_mut().for_each(|byte| *byte ^= 0x20),
            5 => {
                let piece = input[from..to].to_vec();
                splice(input, to, to, &piece);
            }
            6 => {
                let other = self.seed();
                let (start, end) = self.piece(other.len());
                splice(input, from, to, &other[start..end]);
            }
            _ => {
                input.push(if self.random.below(2) == 0 { b',' } else { b'\n' });
                input.extend_from_slice(self.seed());
            }
        }
    }

    /// A place in a text of this length, often a short one.
    fn piece(&mut self, len: usize) -> (usize, usize) {
        let from = self.random.below(len + 1);
        let most = if self.random.below(4) == 0 { len } else { 4 };
        (from, (from + self.random.below(most + 1)).min(len))
    }
}

fn splice(input: &mut Vec<u8>, from: usize, to: usize, piece: &[u8]) {
    input.splice(from..to, piece.iter().copied());
}

/// xorshift64*: small, fast, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 33) as usize % limit.max(1)
    }

    fn byte(&mut self) -> u8 {
        (self.next() >> 56) as u8
    }
}
