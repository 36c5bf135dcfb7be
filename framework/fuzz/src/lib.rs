//! Fuzzing of parsers that meets the network: seeds from files, changed at random.
//!
//! It needs no more than `cargo test`. Each line of a seed file is one input; an input that is tried is a seed, or two,
//! with a few changes: bytes flipped, inserted, dropped, doubled, numbers pushed to their ends, pieces of other seeds put
//! in. Each run makes the same inputs, so that it passes or fails for a reason in the code; a failure shows its input,
//! which then becomes a line of the seeds.
//!
//! `cargo xtask fuzz --seconds 600` goes on for ten minutes per parser, along a path of inputs that begins where the clock
//! stands; continuous integration gives each ten seconds. It says so by `SELVEDGE_FUZZ_SECONDS`.

mod inputs;

use std::env;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use inputs::Inputs;

/// Inputs per parser; about a second without optimisation.
const ITERATIONS: u32 = 40_000;

/// Fewer seeds than this leave too much to chance.
const SEEDS: usize = 12;

/// Tries a check on the seeds of a folder, and on what becomes of them.
///
/// # Panics
/// Where the check does, with the input; where there are no seeds.
#[expect(clippy::panic, reason = "a check that does not hold fails its test")]
pub fn fuzz(folder: &Path, check: impl Fn(&[u8])) {
    let seeds = seeds(folder);
    assert!(seeds.len() >= SEEDS, "{} has {} seeds only", folder.display(), seeds.len());
    let try_out = |bytes: &[u8]| {
        if catch_unwind(AssertUnwindSafe(|| check(bytes))).is_err() {
            panic!("it does not hold of `{}`", bytes.escape_ascii());
        }
    };
    seeds.iter().for_each(|seed| try_out(seed));
    match env::var("SELVEDGE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()) {
        None => {
            let mut inputs = Inputs::of(&seeds, 0);
            (0..ITERATIONS).for_each(|_| try_out(&inputs.next()));
        }
        Some(seconds) => {
            let end = Instant::now() + Duration::from_secs(seconds);
            let mut inputs = Inputs::of(&seeds, clock());
            while Instant::now() < end {
                try_out(&inputs.next());
            }
        }
    }
}

/// The lines of all files in a folder.
#[expect(clippy::expect_used, reason = "seeds that cannot be read fail their test")]
fn seeds(folder: &Path) -> Vec<Vec<u8>> {
    let files = fs::read_dir(folder).expect("the folder of seeds can be read");
    let mut files: Vec<_> = files.map(|file| file.expect("a folder entry").path()).collect();
    files.sort();
    let text = |file| fs::read(file).expect("a file of seeds can be read");
    let texts: Vec<Vec<u8>> = files.into_iter().map(text).collect();
    let lines = texts.iter().flat_map(|text| text.split(|byte| *byte == b'\n'));
    lines.filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
}

fn clock() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    now.as_secs().rotate_left(32) ^ u64::from(now.subsec_nanos())
}
