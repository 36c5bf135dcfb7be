//! A node as a process, for what only a process shows: sockets, signals, what survives a kill.
//!
//! Requests are written and read as text, so that a test sees the reason phrase and the
//! connection, and can send what no HTTP library would.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Seek, Write},
    net::{SocketAddr, TcpStream},
    os::unix::fs::FileExt,
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use crate::produced;

/// A test that waits longer than this for an answer has failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running node. It is killed when the value is dropped.
pub struct Process {
    child: Child,
    address: SocketAddr,
    said: Vec<String>,
    stdout: BufReader<ChildStdout>,
    stderr: File,
}

/// How a program ended that was expected to serve.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code.
    pub code: Option<i32>,
    /// What it wrote to standard output and standard error.
    pub output: String,
}

impl Process {
    /// Starts a program and waits until it says `... on http://ADDRESS`.
    ///
    /// # Errors
    /// Where it ended instead, with what it said.
    pub fn start(mut command: Command) -> std::io::Result<Result<Self, Ended>> {
        let mut errors = tempfile::tempfile()?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors.try_clone()?);
        let mut child = command.spawn()?;
        let stdout = child.stdout.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
        let mut stdout = BufReader::new(stdout);
        let mut said = Vec::new();
        loop {
            let mut line = String::new();
            if stdout.read_line(&mut line)? == 0 {
                let code = child.wait()?.code();
                errors.rewind()?;
                let mut output = said.concat();
                errors.read_to_string(&mut output)?;
                produced::keep(output.as_bytes());
                return Ok(Err(Ended { code, output }));
            }
            said.push(line.clone());
            if let Some(address) = address(&line) {
                return Ok(Ok(Self { child, address, said, stdout, stderr: errors }));
            }
        }
    }

    /// Where it takes requests.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The lines that it printed before it was ready.
    #[must_use]
    pub fn banner(&self) -> String {
        self.said.concat()
    }

    /// What it has written to standard error so far.
    ///
    /// # Errors
    /// Where the system cannot.
    pub fn errors(&self) -> std::io::Result<String> {
        let mut text = Vec::new();
        let (mut at, mut piece) = (0, [0; 4096]);
        // Reading where the node writes would move its place.
        loop {
            match self.stderr.read_at(&mut piece, at)? {
                0 => return Ok(String::from_utf8_lossy(&text).into_owned()),
                read => {
                    text.extend(piece.iter().take(read));
                    at += u64::try_from(read).unwrap_or(u64::MAX);
                }
            }
        }
    }

    /// Ends it at once, as `kill -9` does.
    ///
    /// # Errors
    /// Where the system cannot.
    pub fn kill(&mut self) -> std::io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }

    /// Waits for its end, and returns its exit code and the rest of what it printed.
    ///
    /// # Errors
    /// Where the system cannot.
    pub fn wait(&mut self) -> std::io::Result<(Option<i32>, String)> {
        let code = self.child.wait()?.code();
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest)?;
        Ok((code, rest))
    }

    /// Its resident memory, in bytes.
    ///
    /// # Errors
    /// Where the system does not tell.
    pub fn resident_bytes(&self) -> std::io::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        Ok(kib.ok_or(std::io::ErrorKind::InvalidData)? * 1024)
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// Where there is none.
    pub fn connect(&self) -> std::io::Result<TcpStream> {
        let stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(stream)
    }

    /// Sends text as it is, and reads until the node closes the connection.
    ///
    /// # Errors
    /// Where the connection breaks.
    pub fn raw(&self, text: &str) -> std::io::Result<String> {
        let mut stream = self.connect()?;
        stream.write_all(text.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        produced::keep(&answer);
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// Sends a GET for a host, with further header lines, on a connection of its own.
    ///
    /// # Errors
    /// Where the connection breaks.
    pub fn get(&self, host: &str, path: &str, lines: &str) -> std::io::Result<String> {
        self.raw(&format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{lines}\r\n"
        ))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        produced::keep(self.banner().as_bytes());
        produced::keep(self.errors().unwrap_or_default().as_bytes());
    }
}

fn address(line: &str) -> Option<SocketAddr> {
    line.trim().rsplit_once(" on http://")?.1.parse().ok()
}
