// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! `MoldUDP64` 1.00: numbered messages in datagrams, and what a listener keeps of their numbers.
//!
//! A packet is a header of 20 bytes (session, number of its first message, count) and so many
//! blocks of a 2-byte length and a message. Count 0 is a heartbeat, 65,535 the end of the session;
//! both carry the next number to come. A request is a header alone, from listener to server.
//! Source: Nasdaq `MoldUDP64`, version 1.00.

use super::bytes::{get_u16, get_u64, put, text};

/// Bytes of a header.
pub const HEADER_BYTES: usize = 20;
/// Count that says the session is over.
pub const COUNT_END: u16 = 0xffff;
/// Most payload that fits one Ethernet frame: 1,500 less the headers of IP and UDP.
pub const PAYLOAD_BYTES_MAX: usize = 1_472;

/// A session's name: ASCII, padded with spaces.
pub type Session = [u8; 10];

/// A header; by itself also a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Which stream.
    pub session: Session,
    /// Number of the first message; of the next to come when there is none.
    pub sequence: u64,
    /// Messages; in a request, how many are wanted.
    pub count: u16,
}

/// What a downstream packet is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketKind {
    /// It carries messages.
    Messages,
    /// The stream is alive.
    Heartbeat,
    /// No message will follow, ever.
    EndOfSession,
}

/// Why a packet cannot be read. Offsets count from its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MoldError {
    /// The packet ends inside its header or a block.
    Truncated {
        /// Where the header or block starts.
        offset: usize,
        /// Bytes it has.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
    /// Bytes follow the last block.
    Trailing {
        /// Where they start.
        offset: usize,
        /// How many there are.
        found: usize,
    },
    /// The number of the last message does not fit in 64 bits.
    SequenceRange {
        /// Number of the first.
        sequence: u64,
        /// How many there are.
        count: u16,
    },
}

impl Header {
    /// Reads a header from the front of `bytes`.
    ///
    /// # Errors
    /// [`MoldError`] when it is cut short or its numbers run over.
    #[inline]
    pub fn decode(bytes: &[u8]) -> Result<Self, MoldError> {
        let Some(b) = bytes.first_chunk::<HEADER_BYTES>() else {
            let (expected, found) = (HEADER_BYTES, bytes.len());
            return Err(MoldError::Truncated { offset: 0, expected, found });
        };
        let header = Self { session: text(b, 0), sequence: get_u64(b, 10), count: get_u16(b, 18) };
        match header.sequence.checked_add(u64::from(header.messages_count())) {
            Some(_) => Ok(header),
            None => {
                Err(MoldError::SequenceRange { sequence: header.sequence, count: header.count })
            }
        }
    }

    /// Reads a request: a header and nothing after it.
    ///
    /// # Errors
    /// [`MoldError`] when there is less than a header, or more.
    pub fn decode_request(bytes: &[u8]) -> Result<Self, MoldError> {
        let header = Self::decode(bytes)?;
        match bytes.len() - HEADER_BYTES {
            0 => Ok(header),
            found => Err(MoldError::Trailing { offset: HEADER_BYTES, found }),
        }
    }

    /// The header as it stands on the wire: a request, a heartbeat or an end as it is.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; HEADER_BYTES] {
        let mut out = [0; HEADER_BYTES];
        put(&mut out, 0, self.session);
        put(&mut out, 10, self.sequence.to_be_bytes());
        put(&mut out, 18, self.count.to_be_bytes());
        out
    }

    /// What a downstream packet with this header is for.
    #[inline]
    #[must_use]
    pub const fn kind(&self) -> PacketKind {
        match self.count {
            0 => PacketKind::Heartbeat,
            COUNT_END => PacketKind::EndOfSession,
            _ => PacketKind::Messages,
        }
    }

    /// Messages that a downstream packet with this header carries.
    #[inline]
    #[must_use]
    pub const fn messages_count(&self) -> u16 {
        if self.count == COUNT_END { 0 } else { self.count }
    }
}

/// A downstream packet, where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Its header.
    pub header: Header,
    blocks: &'a [u8],
}

impl<'a> Packet<'a> {
    /// Reads the header; the blocks are read by [`Self::messages`].
    ///
    /// # Errors
    /// [`MoldError`] when the header is cut short or its numbers run over.
    #[inline]
    pub fn decode(bytes: &'a [u8]) -> Result<Self, MoldError> {
        let header = Header::decode(bytes)?;
        Ok(Self { header, blocks: &bytes[HEADER_BYTES..] })
    }

    /// Its messages, each with its number. An error is the last item: everything before it is good.
    #[inline]
    #[must_use]
    pub const fn messages(&self) -> Messages<'a> {
        Messages {
            rest: self.blocks,
            offset: HEADER_BYTES,
            sequence: self.header.sequence,
            left: self.header.messages_count(),
        }
    }
}

/// The messages of a packet.
#[derive(Clone, Debug)]
pub struct Messages<'a> {
    rest: &'a [u8],
    offset: usize,
    sequence: u64,
    left: u16,
}

impl Messages<'_> {
    /// Ends the reading.
    #[cold]
    fn fail(&mut self, error: MoldError) -> MoldError {
        self.rest = &[];
        self.left = 0;
        error
    }
}

impl<'a> Iterator for Messages<'a> {
    type Item = Result<(u64, &'a [u8]), MoldError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (offset, found) = (self.offset, self.rest.len());
        if self.left == 0 {
            if found == 0 {
                return None;
            }
            return Some(Err(self.fail(MoldError::Trailing { offset, found })));
        }
        let Some((prefix, after)) = self.rest.split_first_chunk::<2>() else {
            return Some(Err(self.fail(MoldError::Truncated { offset, expected: 2, found })));
        };
        let length = usize::from(u16::from_be_bytes(*prefix));
        let Some((message, rest)) = after.split_at_checked(length) else {
            let expected = 2 + length;
            return Some(Err(self.fail(MoldError::Truncated { offset, expected, found })));
        };
        let sequence = self.sequence;
        self.rest = rest;
        self.offset += 2 + length;
        self.sequence += 1;
        self.left -= 1;
        Some(Ok((sequence, message)))
    }
}

/// Whether a packet's blocks are so many, and fill it to its last byte: what a listener asks before
/// it believes a header.
#[inline]
#[must_use]
pub fn blocks_fit(bytes: &[u8], count: u16) -> bool {
    let mut at = HEADER_BYTES;
    for _ in 0..count {
        let Some(prefix) = bytes.get(at..).and_then(<[u8]>::first_chunk::<2>) else { return false };
        at += 2 + usize::from(u16::from_be_bytes(*prefix));
    }
    at == bytes.len()
}

/// A message that a packet does not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PushError {
    /// It goes into the next packet: send this one first.
    Full,
    /// It does not fit any packet of this size.
    Oversized {
        /// Bytes of message that fit an empty packet.
        expected: usize,
        /// Bytes it has.
        found: usize,
    },
}

/// Fills packets of a session, one after the other, none above its limit of bytes.
#[derive(Clone, Debug)]
pub struct PacketBuilder {
    bytes: Vec<u8>,
    payload_bytes_max: usize,
    header: Header,
}

impl PacketBuilder {
    /// A builder whose first message gets number `sequence`; packets hold `payload_bytes_max`
    /// bytes, at least a header and one byte of message, at most 65,507 (the most UDP carries).
    #[must_use]
    pub fn new(session: Session, sequence: u64, payload_bytes_max: usize) -> Self {
        let payload_bytes_max = payload_bytes_max.clamp(HEADER_BYTES + 3, 65_507);
        let mut bytes = Vec::with_capacity(payload_bytes_max);
        bytes.resize(HEADER_BYTES, 0);
        Self { bytes, payload_bytes_max, header: Header { session, sequence, count: 0 } }
    }

    /// Adds a message to the packet.
    ///
    /// # Errors
    /// [`PushError`] when it does not fit; the packet is as it was.
    pub fn push(&mut self, message: &[u8]) -> Result<(), PushError> {
        let most = self.payload_bytes_max - HEADER_BYTES - 2;
        if message.len() > most {
            return Err(PushError::Oversized { expected: most, found: message.len() });
        }
        let is_full = self.bytes.len() + 2 + message.len() > self.payload_bytes_max
            || self.header.count == COUNT_END - 1;
        if is_full {
            return Err(PushError::Full);
        }
        self.bytes.extend_from_slice(&(message.len() as u16).to_be_bytes());
        self.bytes.extend_from_slice(message);
        self.header.count += 1;
        Ok(())
    }

    /// Messages in the packet so far.
    #[must_use]
    pub const fn messages_count(&self) -> u16 {
        self.header.count
    }

    /// The packet as it is: a heartbeat when it has no message.
    #[must_use]
    pub fn packet(&mut self) -> &[u8] {
        self.bytes[..HEADER_BYTES].copy_from_slice(&self.header.encode());
        &self.bytes
    }

    /// Begins the next packet.
    pub fn advance(&mut self) {
        self.header.sequence = self.header.sequence.saturating_add(u64::from(self.header.count));
        self.header.count = 0;
        self.bytes.truncate(HEADER_BYTES);
    }

    /// The end of the session, after the last packet: to be sent in place of heartbeats.
    #[must_use]
    pub fn end_of_session(&self) -> [u8; HEADER_BYTES] {
        let sequence = self.header.sequence.saturating_add(u64::from(self.header.count));
        Header { sequence, count: COUNT_END, ..self.header }.encode()
    }
}

/// What a packet is to a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Read its messages, leaving out the first so many: they came before.
    Deliver {
        /// Messages to leave out.
        skip: u16,
        /// Messages to read.
        take: u16,
    },
    /// It says what is known: a heartbeat in time, or messages that all came before.
    Nothing {
        /// Messages that came before.
        duplicates: u16,
    },
    /// Messages are missing before it. It was not taken: ask for them, or accept the loss with
    /// [`SequenceTracker::accept_gap`] and show the packet again.
    Gap {
        /// First number missing.
        from: u64,
        /// How many are missing.
        missing: u64,
    },
    /// It belongs to another session.
    OtherSession,
    /// The session is over, and every message of it came.
    Ended,
}

/// What a listener keeps of a stream: its session, and the next number it waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SequenceTracker {
    session: Option<Session>,
    next: Option<u64>,
}

impl SequenceTracker {
    /// A listener that joins wherever the stream is: the first packet says where.
    #[must_use]
    pub const fn joining() -> Self {
        Self { session: None, next: None }
    }

    /// A listener that wants the stream of `session` from message `next`; a new one begins at 1.
    #[must_use]
    pub const fn from_sequence(session: Session, next: u64) -> Self {
        Self { session: Some(session), next: Some(next) }
    }

    /// Number of the next message, once known.
    #[must_use]
    pub const fn next(&self) -> Option<u64> {
        self.next
    }

    /// The session, once known.
    #[must_use]
    pub const fn session(&self) -> Option<Session> {
        self.session
    }

    /// Takes a packet's header in, and says what to do with the packet.
    #[inline]
    pub fn observe(&mut self, header: &Header) -> Arrival {
        let session = *self.session.get_or_insert(header.session);
        if session != header.session {
            return Arrival::OtherSession;
        }
        let next = *self.next.get_or_insert(header.sequence);
        if header.sequence > next {
            return Arrival::Gap { from: next, missing: header.sequence - next };
        }
        let count = header.messages_count();
        let end = header.sequence.saturating_add(u64::from(count));
        if end <= next {
            let is_over = header.kind() == PacketKind::EndOfSession;
            return if is_over { Arrival::Ended } else { Arrival::Nothing { duplicates: count } };
        }
        let skip = (next - header.sequence) as u16;
        self.next = Some(end);
        Arrival::Deliver { skip, take: count - skip }
    }

    /// Gives up what is missing before `sequence`. A number already passed changes nothing.
    pub fn accept_gap(&mut self, sequence: u64) {
        self.next = self.next.max(Some(sequence));
    }

    /// The request for what is missing, at most `count_max` messages of it.
    #[must_use]
    pub fn request(&self, missing: u64, count_max: u16) -> Option<Header> {
        let count = missing.min(u64::from(count_max)) as u16;
        Some(Header { session: self.session?, sequence: self.next?, count })
    }
}

#[cfg(test)]
mod tests;
