//! One connection that sends tokens, many at a time, and counts what becomes of them.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    ops::Range,
};

use selvedge::{
    chain::{Nonce, Purpose, Signer},
    store::secret::Secret,
};

use crate::Outcome;

/// The service that is flooded.
pub(super) const SERVICE: &str = "flooded";

/// Its domain.
pub(super) const HOST: &str = "flooded.localhost";

/// What its tokens are signed with.
pub(super) const SECRET: &str = "the secret-seed of the flood";

/// Requests that are on their way at once.
const AHEAD: u64 = 64;

/// How often each answer came: the status, and the reason where there was one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answers(pub(super) BTreeMap<String, u64>);

impl Answers {
    pub(super) fn add(&mut self, others: &Self) {
        for (answer, count) in &others.0 {
            *self.0.entry(answer.clone()).or_default() += count;
        }
    }

    /// How often this one came.
    #[must_use]
    pub(super) fn count(&self, answer: &str) -> u64 {
        self.0.get(answer).copied().unwrap_or_default()
    }
}

/// Sends the tokens with these numbers.
pub(super) fn send(to: SocketAddr, numbers: Range<u64>, signed_ms: u64) -> Outcome<Answers> {
    let mut stream = TcpStream::connect(to)?;
    let mut input = BufReader::new(stream.try_clone()?);
    let mut answers = Answers::default();
    let mut next = numbers.start;
    while next < numbers.end {
        let batch = next..numbers.end.min(next + AHEAD);
        next = batch.end;
        let requests: Vec<String> =
            batch.clone().map(|number| request(number, signed_ms)).collect::<Outcome<_>>()?;
        stream.write_all(requests.concat().as_bytes())?;
        for _ in batch {
            *answers.0.entry(answer(&mut input)?).or_default() += 1;
        }
    }
    Ok(answers)
}

fn request(number: u64, signed_ms: u64) -> Outcome<String> {
    let secret = &Secret::new(SECRET.as_bytes().to_vec());
    let signer = Signer { secret_id: "1", secret, pop: "LHR", now_ms: signed_ms };
    let purpose = Purpose { service: SERVICE, method: "GET", authority: HOST, target: "/" };
    let token = signer
        .one_time(Nonce(u128::from(number).to_be_bytes()), &purpose)
        .map_err(|error| error.chain())?;
    Ok(format!("GET / HTTP/1.1\r\nHost: {HOST}\r\nEdge-Auth: {}\r\n\r\n", token.to_str()?))
}

/// Reads one answer: `200`, or `403 chain token replayed`.
fn answer(input: &mut impl BufRead) -> Outcome<String> {
    let (mut said, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Err("the node closed the connection in the middle of an answer".into());
        }
        let line = line.trim_end();
        match line.split_once(':') {
            _ if line.is_empty() => break,
            _ if said.is_empty() => said = line.split(' ').nth(1).unwrap_or_default().to_owned(),
            Some((name, value)) if name.eq_ignore_ascii_case("error-reason") => {
                said = format!("{said} {}", value.trim());
            }
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse()?;
            }
            _ => {}
        }
    }
    std::io::copy(&mut input.take(length), &mut std::io::sink())?;
    Ok(said)
}
