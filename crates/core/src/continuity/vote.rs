// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a node asks the witness, and what the witness answers, as values and as bytes.

use std::fmt;

/// How long a lease is, and how it is kept, in nanoseconds of each node's own steady clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseTimes {
    /// How long a grant binds who gave it, counted from its answer.
    pub lease_ns: i64,
    /// How often a primary asks again.
    pub renew_ns: i64,
    /// The holder counts this much less: for clocks that drift, and for what is on its way out.
    pub guard_ns: i64,
    /// A primary that has not been sure of its lease for so long steps down.
    pub patience_ns: i64,
}

impl Default for LeaseTimes {
    fn default() -> Self {
        Self::of(50_000_000)
    }
}

impl LeaseTimes {
    /// The times that go with a lease of this length: asked for five times in it, a tenth of it
    /// kept back, and forty of it waited before stepping down.
    #[must_use]
    pub const fn of(lease_ns: i64) -> Self {
        Self {
            lease_ns,
            renew_ns: lease_ns / 5,
            guard_ns: lease_ns / 10,
            patience_ns: lease_ns * 40,
        }
    }
}

/// Name of a node: up to 16 bytes, zeros after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeName([u8; 16]);

impl NodeName {
    /// The name; `None` unless it has 1 to 16 bytes of visible ASCII.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let mut name = [0; 16];
        name.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        let good = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        good.then_some(Self(name))
    }

    /// Its bytes.
    #[must_use]
    pub const fn bytes(self) -> [u8; 16] {
        self.0
    }

    /// From bytes that came off a wire or a disk: no name is all zeros.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for NodeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.0.iter().position(|&byte| byte == 0).unwrap_or(self.0.len());
        if length == 0 {
            return f.write_str("nobody");
        }
        self.0[..length].iter().try_for_each(|&byte| write!(f, "{}", byte.escape_ascii()))
    }
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskKind {
    /// A new term.
    Acquire,
    /// The same term for another while.
    Renew,
    /// Nothing more: the term is given up.
    Release,
}

/// A node's question to the witness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What is asked.
    pub kind: AskKind,
    /// Acquire: also without proof that the node has all that the last primary released.
    pub force: bool,
    /// The primary releases without the standby: the standby may not take over.
    pub alone: bool,
    /// Who asks.
    pub node: NodeName,
    /// Drawn at random when the node's process started.
    pub nonce: u64,
    /// Acquire: the term whose primary the node followed to the last entry (0: none). Else: its own.
    pub term: u64,
    /// How often `alone` changed in this term; an older word does not undo a newer one.
    pub change: u32,
    /// When it asked, by its own clock. Comes back in the answer.
    pub asked_ns: i64,
}

/// What the witness says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Granted,
    /// Another's lease is not out: ask again after `wait_ns`.
    Held,
    /// Another held the last term, and the node did not follow it to its last entry.
    Stale,
    /// The last primary released entries without its standby.
    Alone,
    /// The term is over.
    Deposed,
    /// The node is not one of the cluster's two.
    Stranger,
}

/// The witness's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What was asked.
    pub kind: AskKind,
    /// Yes, or why not.
    pub verdict: Verdict,
    /// What the witness keeps of `alone`.
    pub alone: bool,
    /// The term in force.
    pub term: u64,
    /// Who held it last.
    pub holder: NodeName,
    /// Of the question.
    pub nonce: u64,
    /// Of the question.
    pub asked_ns: i64,
    /// The change of `alone` that the witness keeps.
    pub change: u32,
    /// When it makes sense to ask again, in nanoseconds.
    pub wait_ns: i64,
}

/// Bytes that are no question and no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VoteError {
    /// There are too few or too many.
    Length {
        /// How many there are.
        found: usize,
    },
    /// A field holds what nobody writes.
    Field {
        /// Which.
        what: &'static str,
    },
}

/// Bytes of a question.
pub(super) const ASK_BYTES: usize = 48;
/// Bytes of an answer.
pub(super) const ANSWER_BYTES: usize = 56;

fn number<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[at..at + N]);
    out
}

fn kind_from(raw: u8) -> Result<AskKind, VoteError> {
    match raw {
        1 => Ok(AskKind::Acquire),
        2 => Ok(AskKind::Renew),
        3 => Ok(AskKind::Release),
        _ => Err(VoteError::Field { what: "kind" }),
    }
}

const fn kind_number(kind: AskKind) -> u8 {
    match kind {
        AskKind::Acquire => 1,
        AskKind::Renew => 2,
        AskKind::Release => 3,
    }
}

impl Ask {
    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> [u8; ASK_BYTES] {
        let mut out = [0; ASK_BYTES];
        out[0] = kind_number(self.kind);
        out[1] = u8::from(self.force) | u8::from(self.alone) << 1;
        out[4..8].copy_from_slice(&self.change.to_le_bytes());
        out[8..24].copy_from_slice(&self.node.0);
        out[24..32].copy_from_slice(&self.nonce.to_le_bytes());
        out[32..40].copy_from_slice(&self.term.to_le_bytes());
        out[40..48].copy_from_slice(&self.asked_ns.to_le_bytes());
        out
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`VoteError`] when the bytes are no question.
    pub fn decode(bytes: &[u8]) -> Result<Self, VoteError> {
        if bytes.len() != ASK_BYTES {
            return Err(VoteError::Length { found: bytes.len() });
        }
        if bytes[1] > 3 || bytes[2..4] != [0; 2] {
            return Err(VoteError::Field { what: "flags" });
        }
        Ok(Self {
            kind: kind_from(bytes[0])?,
            force: bytes[1] & 1 != 0,
            alone: bytes[1] & 2 != 0,
            change: u32::from_le_bytes(number(bytes, 4)),
            node: NodeName(number(bytes, 8)),
            nonce: u64::from_le_bytes(number(bytes, 24)),
            term: u64::from_le_bytes(number(bytes, 32)),
            asked_ns: i64::from_le_bytes(number(bytes, 40)),
        })
    }
}

const VERDICTS: [Verdict; 6] = [
    Verdict::Granted,
    Verdict::Held,
    Verdict::Stale,
    Verdict::Alone,
    Verdict::Deposed,
    Verdict::Stranger,
];

impl Answer {
    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> [u8; ANSWER_BYTES] {
        let mut out = [0; ANSWER_BYTES];
        out[0] = kind_number(self.kind);
        out[1] = VERDICTS.iter().position(|&verdict| verdict == self.verdict).unwrap_or(0) as u8;
        out[2] = u8::from(self.alone);
        out[4..8].copy_from_slice(&self.change.to_le_bytes());
        out[8..16].copy_from_slice(&self.term.to_le_bytes());
        out[16..32].copy_from_slice(&self.holder.0);
        out[32..40].copy_from_slice(&self.nonce.to_le_bytes());
        out[40..48].copy_from_slice(&self.asked_ns.to_le_bytes());
        out[48..56].copy_from_slice(&self.wait_ns.to_le_bytes());
        out
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`VoteError`] when the bytes are no answer.
    pub fn decode(bytes: &[u8]) -> Result<Self, VoteError> {
        if bytes.len() != ANSWER_BYTES {
            return Err(VoteError::Length { found: bytes.len() });
        }
        let verdict = VERDICTS.get(usize::from(bytes[1])).copied();
        if bytes[2] > 1 || bytes[3] != 0 {
            return Err(VoteError::Field { what: "flags" });
        }
        Ok(Self {
            kind: kind_from(bytes[0])?,
            verdict: verdict.ok_or(VoteError::Field { what: "verdict" })?,
            alone: bytes[2] == 1,
            change: u32::from_le_bytes(number(bytes, 4)),
            term: u64::from_le_bytes(number(bytes, 8)),
            holder: NodeName(number(bytes, 16)),
            nonce: u64::from_le_bytes(number(bytes, 32)),
            asked_ns: i64::from_le_bytes(number(bytes, 40)),
            wait_ns: i64::from_le_bytes(number(bytes, 48)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_and_answers_read_back_and_others_do_not() {
        let node = NodeName::new("alpha").unwrap();
        for (kind, verdict) in
            [AskKind::Acquire, AskKind::Renew, AskKind::Release].into_iter().zip(VERDICTS)
        {
            let ask = Ask {
                kind,
                force: kind == AskKind::Acquire,
                alone: kind == AskKind::Renew,
                node,
                nonce: u64::MAX,
                term: 7,
                change: 3,
                asked_ns: -5,
            };
            assert_eq!(Ask::decode(&ask.encode()), Ok(ask));
            let answer = Answer {
                kind,
                verdict,
                alone: true,
                term: 8,
                holder: node,
                nonce: 1,
                asked_ns: i64::MIN,
                change: 9,
                wait_ns: 11,
            };
            assert_eq!(Answer::decode(&answer.encode()), Ok(answer));
        }
        assert_eq!(Ask::decode(&[1; 47]), Err(VoteError::Length { found: 47 }));
        assert_eq!(Ask::decode(&[0; 48]), Err(VoteError::Field { what: "kind" }));
        assert_eq!(Answer::decode(&[9; 56]), Err(VoteError::Field { what: "flags" }));
        let mut wrong = [0; 56];
        wrong[..2].copy_from_slice(&[1, 6]);
        assert_eq!(Answer::decode(&wrong), Err(VoteError::Field { what: "verdict" }));
    }

    #[test]
    fn names_are_short_and_visible() {
        assert_eq!(NodeName::new("a-16-byte-name!!").unwrap().to_string(), "a-16-byte-name!!");
        assert_eq!(NodeName::default().to_string(), "nobody");
        for wrong in ["", "a b", "a-17-byte-name!!!", "é"] {
            assert_eq!(NodeName::new(wrong), None, "{wrong}");
        }
    }
}
