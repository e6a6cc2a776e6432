// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A TCP connection that carries whole messages, and how both sides get to know one another on it.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, ToSocketAddrs};
use std::ops::Range;
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant};

use onetape_core::continuity::NodeName;
use onetape_core::continuity::message::{
    LENGTH_BYTES, Message, Role, STRANGER_BYTES_MAX, TailMark, VERSION,
};
use onetape_core::journal::segment::SEGMENT_BYTES_MAX;

use super::error::ReplicaError;
use super::secret::{Secret, random_bytes};

/// Read from the socket in one go.
const READ_BYTES: usize = 256 << 10;
/// Longest message of a peer that proved to be one: an entry as long as a segment.
const PEER_BYTES_MAX: usize = SEGMENT_BYTES_MAX;
/// A peer that takes nothing for so long is gone.
const SEND_TIMEOUT: Duration = Duration::from_secs(2);
/// A stranger must have introduced itself by then.
pub(crate) const GREETING_TIMEOUT: Duration = Duration::from_secs(1);

/// One side of a connection.
#[derive(Debug)]
pub(crate) struct Link {
    stream: TcpStream,
    peer: String,
    inbox: Vec<u8>,
    /// What of the inbox holds bytes that were not taken out.
    full: Range<usize>,
    outbox: Vec<u8>,
    bytes_max: usize,
}

/// Connects to the first of the host's addresses that answers.
pub(crate) fn connect(address: &str, patience: Duration) -> Result<Link, ReplicaError> {
    let lost =
        |err: &io::Error| ReplicaError::Lost { peer: address.to_owned(), what: err.to_string() };
    let found: Vec<SocketAddr> = address.to_socket_addrs().map_err(|err| lost(&err))?.collect();
    let mut refusal = io::Error::from(ErrorKind::AddrNotAvailable);
    for place in found {
        match TcpStream::connect_timeout(&place, patience) {
            Ok(stream) => return Link::new(stream, address.to_owned()),
            Err(err) => refusal = err,
        }
    }
    Err(lost(&refusal))
}

impl Link {
    pub(crate) fn new(stream: TcpStream, peer: String) -> Result<Self, ReplicaError> {
        let ready =
            stream.set_nodelay(true).and_then(|()| stream.set_write_timeout(Some(SEND_TIMEOUT)));
        ready.map_err(|err| ReplicaError::io(format!("set up the connection with {peer}"), err))?;
        Ok(Self {
            stream,
            peer,
            inbox: Vec::new(),
            full: 0..0,
            outbox: Vec::new(),
            bytes_max: STRANGER_BYTES_MAX,
        })
    }

    /// A second hand on the same connection, to send with. It hears nothing.
    pub(crate) fn sender(&self) -> Result<Self, ReplicaError> {
        let stream = self.stream.try_clone().map_err(|err| self.lost(&err))?;
        Self::new(stream, self.peer.clone())
    }

    pub(crate) fn peer(&self) -> &str {
        &self.peer
    }

    /// Ends the connection for every hand on it.
    pub(crate) fn shut(&self) {
        let _it_may_be_gone_already = self.stream.shutdown(Shutdown::Both);
    }

    fn lost(&self, err: &io::Error) -> ReplicaError {
        ReplicaError::Lost { peer: self.peer.clone(), what: err.to_string() }
    }

    pub(crate) fn protocol(&self, what: impl Into<String>) -> ReplicaError {
        ReplicaError::Protocol { peer: self.peer.clone(), what: what.into() }
    }

    /// Sends one message.
    pub(crate) fn send(&mut self, message: &Message<'_>) -> Result<(), ReplicaError> {
        self.outbox.clear();
        message.encode(&mut self.outbox);
        self.stream.write_all(&self.outbox).map_err(|err| self.lost(&err))
    }

    /// Sends bytes that are messages already.
    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) -> Result<(), ReplicaError> {
        self.stream.write_all(bytes).map_err(|err| self.lost(&err))
    }

    /// The next message; `None` when none came within `wait`.
    pub(crate) fn receive(&mut self, wait: Duration) -> Result<Option<Message<'_>>, ReplicaError> {
        let until = Instant::now() + wait;
        let range = loop {
            if let Some(range) = self.take()? {
                break range;
            }
            let left = until.saturating_duration_since(Instant::now());
            if !self.is_readable(left)? {
                return Ok(None);
            }
            self.fill()?;
        };
        match Message::decode(&self.inbox[range]) {
            Ok(message) => Ok(Some(message)),
            Err(err) => Err(ReplicaError::Protocol {
                peer: self.peer.clone(),
                what: format!("it sent what is no message of version {VERSION}: {err:?}"),
            }),
        }
    }

    /// Where the next whole message stands, which is taken out with this.
    fn take(&mut self) -> Result<Option<Range<usize>>, ReplicaError> {
        let Range { start, end } = self.full;
        let Some(length) = self.inbox[start..end].first_chunk::<LENGTH_BYTES>() else {
            return Ok(None);
        };
        let length = u32::from_le_bytes(*length) as usize;
        if length > self.bytes_max {
            let what = format!("a message of {length} bytes; the most is {}", self.bytes_max);
            return Err(self.protocol(what));
        }
        let start = start + LENGTH_BYTES;
        if end - start < length {
            return Ok(None);
        }
        self.full.start = start + length;
        Ok(Some(start..start + length))
    }

    /// Waits until there are bytes, or the other side is gone.
    fn is_readable(&self, wait: Duration) -> Result<bool, ReplicaError> {
        let mut asked =
            libc::pollfd { fd: self.stream.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        let limit = libc::timespec {
            tv_sec: wait.as_secs().cast_signed(),
            tv_nsec: i64::from(wait.subsec_nanos()),
        };
        // SAFETY: both outlive the call; no signal mask is given.
        let ready = unsafe { libc::ppoll(&raw mut asked, 1, &raw const limit, std::ptr::null()) };
        match ready {
            0 => Ok(false),
            1.. => Ok(true),
            _ => match io::Error::last_os_error() {
                err if err.kind() == ErrorKind::Interrupted => Ok(false),
                err => Err(self.lost(&err)),
            },
        }
    }

    fn fill(&mut self) -> Result<(), ReplicaError> {
        if self.full.start > 0 {
            self.inbox.copy_within(self.full.clone(), 0);
            self.full = 0..self.full.len();
        }
        let room = if self.bytes_max == PEER_BYTES_MAX { READ_BYTES } else { STRANGER_BYTES_MAX };
        if self.inbox.len() < self.full.end + room {
            self.inbox.resize(self.full.end + room, 0);
        }
        match self.stream.read(&mut self.inbox[self.full.end..]) {
            Ok(0) => Err(self.lost(&io::Error::from(ErrorKind::UnexpectedEof))),
            Ok(count) => {
                self.full.end += count;
                Ok(())
            }
            Err(err) if err.kind() == ErrorKind::Interrupted => Ok(()),
            Err(err) => Err(self.lost(&err)),
        }
    }

    /// As [`Self::receive`], when a message is owed.
    fn owed(&mut self, what: &str) -> Result<Message<'_>, ReplicaError> {
        let timeout = ReplicaError::Lost {
            peer: self.peer.clone(),
            what: format!("{what} did not come within a second"),
        };
        self.receive(GREETING_TIMEOUT)?.ok_or(timeout)
    }

    /// Sends the other side away, and says why.
    pub(crate) fn refuse(&mut self, retry: bool, text: &str) -> ReplicaError {
        let _it_may_be_gone = self.send(&Message::Refused { retry, text });
        ReplicaError::Refused { peer: self.peer.clone(), text: text.to_owned(), retry }
    }
}

/// Who we are on a connection.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) node: NodeName,
    pub(crate) cluster: NodeName,
    pub(crate) secret: Secret,
}

/// Who called.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller {
    pub(crate) role: Role,
    pub(crate) node: NodeName,
    pub(crate) tail: TailMark,
}

/// What a challenge says, as the bytes that are proved.
fn challenge_bytes(node: NodeName, nonce: &[u8; 16]) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(&node.bytes());
    bytes[16..].copy_from_slice(nonce);
    bytes
}

/// Introduces us to the side that we called. What follows is Welcome or Refused.
pub(crate) fn introduce(
    link: &mut Link,
    me: &Identity,
    role: Role,
    term: u64,
    tail: TailMark,
) -> Result<(), ReplicaError> {
    let Identity { node, cluster, .. } = *me;
    let hello = Message::Hello { version: VERSION, role, node, cluster, nonce: random_bytes()? };
    let mut said = Vec::new();
    hello.encode(&mut said);
    link.send_bytes(&said)?;
    let peer = link.peer().to_owned();
    let (theirs, their_proof) = match link.owed("its introduction")? {
        Message::Challenge { version: VERSION, node, nonce, proof } => {
            (challenge_bytes(node, &nonce), proof)
        }
        Message::Challenge { version, .. } => {
            let what = format!("it speaks version {version}, expected {VERSION}");
            return Err(ReplicaError::Protocol { peer, what });
        }
        Message::Refused { retry, text } => {
            return Err(ReplicaError::Refused { peer, text: text.to_owned(), retry });
        }
        _ => {
            return Err(ReplicaError::Protocol {
                peer,
                what: "it did not introduce itself".into(),
            });
        }
    };
    if me.secret.of_called(&said, &theirs) != blake3::Hash::from_bytes(their_proof) {
        return Err(ReplicaError::Secret { peer });
    }
    let proof = *me.secret.of_caller(&said, &theirs, term, &tail).as_bytes();
    link.send(&Message::Proof { proof, term, tail })?;
    link.bytes_max = PEER_BYTES_MAX;
    Ok(())
}

/// Gets to know who called us. Answer with Welcome, or [`Link::refuse`].
pub(crate) fn get_to_know(link: &mut Link, me: &Identity) -> Result<Caller, ReplicaError> {
    let (said, role, node) = match link.owed("an introduction")? {
        Message::Hello { version, cluster, .. } if version != VERSION || cluster != me.cluster => {
            let text = format!(
                "this is cluster {} and speaks version {VERSION}, the caller wants {cluster} and \
                 speaks version {version}",
                me.cluster
            );
            return Err(link.refuse(false, &text));
        }
        hello @ Message::Hello { role, node, .. } => {
            let mut said = Vec::new();
            hello.encode(&mut said);
            (said, role, node)
        }
        _ => return Err(link.protocol("it did not introduce itself")),
    };
    let nonce = random_bytes()?;
    let ours = challenge_bytes(me.node, &nonce);
    let proof = *me.secret.of_called(&said, &ours).as_bytes();
    link.send(&Message::Challenge { version: VERSION, node: me.node, nonce, proof })?;
    let Message::Proof { proof, term, tail } = link.owed("a proof")? else {
        return Err(link.protocol("it did not prove that it knows the secret"));
    };
    if me.secret.of_caller(&said, &ours, term, &tail) != blake3::Hash::from_bytes(proof) {
        let _told = link.refuse(false, "the secrets differ");
        return Err(ReplicaError::Secret { peer: link.peer().to_owned() });
    }
    link.bytes_max = PEER_BYTES_MAX;
    Ok(Caller { role, node, tail })
}
