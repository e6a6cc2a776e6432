// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a primary, a standby and a witness say to one another. Little-endian:
//!
//! ```text
//! 0 u32 length of what follows    4 u8 kind    5 body
//! ```
//!
//! A caller says Hello, the other side proves with Challenge that it knows the secret, the caller
//! proves the same with Proof, and is let in with Welcome or sent away with Refused.

use super::vote::{Answer, Ask, NodeName, VoteError};
use crate::component::SnapshotError;
use crate::snapshot::{read_array, read_i64, read_u8, read_u32, read_u64};

/// Version of this protocol.
pub const VERSION: u16 = 1;
/// Bytes before a message's kind.
pub const LENGTH_BYTES: usize = 4;
/// Longest message of those that come before Welcome, after the length.
pub const STRANGER_BYTES_MAX: usize = 512;
/// Longest text of a refusal, in bytes.
pub const TEXT_BYTES_MAX: usize = 400;

const MAGIC: [u8; 8] = *b"ONETAPER";

/// What a caller wants to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The standby, whose acknowledgements and vouchers count.
    Standby,
    /// A copy that only reads.
    Copy,
    /// A node that asks the witness.
    Voter,
}

/// Where a follower's journal ends, and by what it can be told from another's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TailMark {
    /// Its last entry; 0: it is empty.
    pub last_seq: u64,
    /// How many of its last entries the hash is of.
    pub entries: u64,
    /// BLAKE3 of those entries as they stand in the journal.
    pub hash: [u8; 32],
}

/// One message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message<'a> {
    /// The caller introduces itself.
    Hello {
        /// Version of the protocol that it speaks.
        version: u16,
        /// What it wants to be.
        role: Role,
        /// Its name.
        node: NodeName,
        /// Which cluster it means.
        cluster: NodeName,
        /// Drawn at random for this connection.
        nonce: [u8; 16],
    },
    /// The called side proves that it knows the secret.
    Challenge {
        /// Version of the protocol that it speaks.
        version: u16,
        /// Its name.
        node: NodeName,
        /// Drawn at random for this connection.
        nonce: [u8; 16],
        /// Keyed hash of both introductions.
        proof: [u8; 32],
    },
    /// The caller proves the same, and says where its journal ends.
    Proof {
        /// Keyed hash of both introductions, the other way round, and of the tail.
        proof: [u8; 32],
        /// Highest term that it knows.
        term: u64,
        /// Where its journal ends.
        tail: TailMark,
    },
    /// The caller is let in.
    Welcome {
        /// The primary's term.
        term: u64,
        /// The primary's last entry at this moment.
        last_seq: u64,
        /// Bytes of the primary's segments.
        segment_bytes: u64,
        /// Version of the schema of the bodies.
        schema_version: u32,
        /// The run that writes.
        run_id: [u8; 16],
    },
    /// The caller is sent away.
    Refused {
        /// Trying again later may help.
        retry: bool,
        /// Why, for people.
        text: &'a str,
    },
    /// Whole entries, in order, exactly as they stand in the journal with their padding.
    Entries(&'a [u8]),
    /// What the follower has.
    Ack {
        /// Last entry in its journal.
        received: u64,
        /// Last entry on its disk, in its journal's mode.
        durable: u64,
        /// Last entry that its own component has agreed with.
        applied: u64,
    },
    /// The primary lives, and asks for the standby's promise.
    Beat {
        /// The primary's term.
        term: u64,
        /// When it was sent, by the primary's clock.
        asked_ns: i64,
        /// The primary's last entry.
        last_seq: u64,
    },
    /// The standby promises.
    Vouch {
        /// Of the beat.
        term: u64,
        /// Of the beat.
        asked_ns: i64,
    },
    /// The primary has stopped after entry `last_seq` and given up its term: take over.
    HandOver {
        /// The term it gave up.
        term: u64,
        /// Its last entry.
        last_seq: u64,
    },
    /// A person wants the standby to take over: hand over.
    AskHandOver,
    /// A question to the witness.
    Ask(Ask),
    /// The witness's answer.
    Answer(Answer),
}

/// Bytes that are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MessageError {
    /// The message ends early, or goes on too long.
    Length,
    /// No message has this number.
    Kind {
        /// What was found.
        found: u8,
    },
    /// A field holds what nobody writes.
    Field {
        /// Which.
        what: &'static str,
    },
}

impl From<SnapshotError> for MessageError {
    fn from(_: SnapshotError) -> Self {
        Self::Length
    }
}

impl From<VoteError> for MessageError {
    fn from(err: VoteError) -> Self {
        match err {
            VoteError::Length { .. } => Self::Length,
            VoteError::Field { what } => Self::Field { what },
        }
    }
}

/// Number of [`Message::Entries`], for those who look before they decode.
pub const ENTRIES_KIND: u8 = 6;

impl Message<'_> {
    const fn kind(&self) -> u8 {
        match self {
            Self::Hello { .. } => 1,
            Self::Challenge { .. } => 2,
            Self::Proof { .. } => 3,
            Self::Welcome { .. } => 4,
            Self::Refused { .. } => 5,
            Self::Entries(_) => ENTRIES_KIND,
            Self::Ack { .. } => 7,
            Self::Beat { .. } => 8,
            Self::Vouch { .. } => 9,
            Self::HandOver { .. } => 10,
            Self::AskHandOver => 11,
            Self::Ask(_) => 12,
            Self::Answer(_) => 13,
        }
    }

    /// Appends its bytes, length first.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&[0; LENGTH_BYTES]);
        out.push(self.kind());
        self.encode_body(out);
        let length = (out.len() - start - LENGTH_BYTES) as u32;
        out[start..start + LENGTH_BYTES].copy_from_slice(&length.to_le_bytes());
    }

    fn encode_body(&self, out: &mut Vec<u8>) {
        let mut put = |bytes: &[u8]| out.extend_from_slice(bytes);
        match self {
            Self::Hello { version, role, node, cluster, nonce } => {
                put(&MAGIC);
                put(&version.to_le_bytes());
                put(&[*role as u8]);
                put(&node.bytes());
                put(&cluster.bytes());
                put(nonce);
            }
            Self::Challenge { version, node, nonce, proof } => {
                put(&MAGIC);
                put(&version.to_le_bytes());
                put(&node.bytes());
                put(nonce);
                put(proof);
            }
            Self::Proof { proof, term, tail } => {
                put(proof);
                numbers(&mut put, &[*term, tail.last_seq, tail.entries]);
                put(&tail.hash);
            }
            Self::Welcome { term, last_seq, segment_bytes, schema_version, run_id } => {
                numbers(&mut put, &[*term, *last_seq, *segment_bytes]);
                put(&schema_version.to_le_bytes());
                put(run_id);
            }
            Self::Refused { retry, text } => {
                put(&[u8::from(*retry)]);
                put(cut(text).as_bytes());
            }
            Self::Entries(bytes) => put(bytes),
            Self::Ack { received, durable, applied } => {
                numbers(&mut put, &[*received, *durable, *applied]);
            }
            Self::Beat { term, asked_ns, last_seq } => {
                put(&term.to_le_bytes());
                put(&asked_ns.to_le_bytes());
                put(&last_seq.to_le_bytes());
            }
            Self::Vouch { term, asked_ns } => {
                put(&term.to_le_bytes());
                put(&asked_ns.to_le_bytes());
            }
            Self::HandOver { term, last_seq } => {
                put(&term.to_le_bytes());
                put(&last_seq.to_le_bytes());
            }
            Self::AskHandOver => {}
            Self::Ask(ask) => put(&ask.encode()),
            Self::Answer(answer) => put(&answer.encode()),
        }
    }
}

fn numbers(mut put: impl FnMut(&[u8]), numbers: &[u64]) {
    for number in numbers {
        put(&number.to_le_bytes());
    }
}

/// The front of a text that fits in a refusal.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(TEXT_BYTES_MAX)]
}

impl<'a> Message<'a> {
    /// Reads a message: its kind and body, without the length.
    ///
    /// # Errors
    /// [`MessageError`] when the bytes are no message.
    pub fn decode(message: &'a [u8]) -> Result<Self, MessageError> {
        let (&kind, mut body) = message.split_first().ok_or(MessageError::Length)?;
        match kind {
            ENTRIES_KIND => return Ok(Self::Entries(body)),
            12 => return Ok(Self::Ask(Ask::decode(body)?)),
            13 => return Ok(Self::Answer(Answer::decode(body)?)),
            _ => {}
        }
        let decoded = decode_body(kind, &mut body)?;
        if body.is_empty() { Ok(decoded) } else { Err(MessageError::Length) }
    }
}

fn magic(body: &mut &[u8]) -> Result<(), MessageError> {
    if read_array::<8>(body)? == MAGIC {
        return Ok(());
    }
    Err(MessageError::Field { what: "magic" })
}

fn name(body: &mut &[u8]) -> Result<NodeName, MessageError> {
    Ok(NodeName::from_bytes(read_array(body)?))
}

fn decode_body<'a>(kind: u8, body: &mut &'a [u8]) -> Result<Message<'a>, MessageError> {
    Ok(match kind {
        1 => {
            magic(body)?;
            Message::Hello {
                version: u16::from_le_bytes(read_array(body)?),
                role: match read_u8(body)? {
                    0 => Role::Standby,
                    1 => Role::Copy,
                    2 => Role::Voter,
                    _ => return Err(MessageError::Field { what: "role" }),
                },
                node: name(body)?,
                cluster: name(body)?,
                nonce: read_array(body)?,
            }
        }
        2 => {
            magic(body)?;
            Message::Challenge {
                version: u16::from_le_bytes(read_array(body)?),
                node: name(body)?,
                nonce: read_array(body)?,
                proof: read_array(body)?,
            }
        }
        3 => Message::Proof {
            proof: read_array(body)?,
            term: read_u64(body)?,
            tail: TailMark {
                last_seq: read_u64(body)?,
                entries: read_u64(body)?,
                hash: read_array(body)?,
            },
        },
        4 => Message::Welcome {
            term: read_u64(body)?,
            last_seq: read_u64(body)?,
            segment_bytes: read_u64(body)?,
            schema_version: read_u32(body)?,
            run_id: read_array(body)?,
        },
        5 => {
            let retry = read_u8(body)? != 0;
            let bytes = std::mem::take(body);
            let text = std::str::from_utf8(bytes);
            Message::Refused {
                retry,
                text: text.map_err(|_| MessageError::Field { what: "text" })?,
            }
        }
        7 => Message::Ack {
            received: read_u64(body)?,
            durable: read_u64(body)?,
            applied: read_u64(body)?,
        },
        8 => Message::Beat {
            term: read_u64(body)?,
            asked_ns: read_i64(body)?,
            last_seq: read_u64(body)?,
        },
        9 => Message::Vouch { term: read_u64(body)?, asked_ns: read_i64(body)? },
        10 => Message::HandOver { term: read_u64(body)?, last_seq: read_u64(body)? },
        11 => Message::AskHandOver,
        found => return Err(MessageError::Kind { found }),
    })
}

#[cfg(test)]
#[path = "message_tests.rs"]
mod tests;
