// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What ends a replica, or keeps it from starting. A connection that is lost is not among it: it is
//! made again.

use std::fmt::{self, Write as _};
use std::io;
use std::path::PathBuf;

use onetape_core::continuity::Mismatch;

use crate::journal_file::JournalFileError;

/// Why a primary, a standby or a witness does not start, or stopped.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReplicaError {
    /// An option is wrong.
    Option {
        /// Which, what was expected and what was found.
        what: String,
    },
    /// The journal failed.
    Journal(JournalFileError),
    /// The operating system refused.
    Io {
        /// What was being done, and to what.
        doing: String,
        /// What it said.
        source: io::Error,
    },
    /// The connection is gone.
    Lost {
        /// The other side.
        peer: String,
        /// How.
        what: String,
    },
    /// The other side does not speak our protocol as it should.
    Protocol {
        /// The other side.
        peer: String,
        /// What was expected and what was found.
        what: String,
    },
    /// The other side does not know our secret.
    Secret {
        /// The other side.
        peer: String,
    },
    /// The other side sent us away.
    Refused {
        /// The other side.
        peer: String,
        /// Why, in its words.
        text: String,
        /// The same may go well later.
        retry: bool,
    },
    /// The witness gives no term, or does not answer.
    NotGranted {
        /// Why.
        what: String,
    },
    /// Our component made something else than the primary journaled.
    Differs {
        /// The first entry.
        mismatch: Box<Mismatch>,
    },
    /// The witness's ballot is damaged.
    Ballot {
        /// Its file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
}

impl ReplicaError {
    /// From what the operating system said while `doing` something.
    pub(crate) fn io(doing: impl Into<String>, source: io::Error) -> Self {
        Self::Io { doing: doing.into(), source }
    }

    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Option { .. } => "REP-001",
            Self::Journal(err) => err.code(),
            Self::Io { .. } => "REP-002",
            Self::Lost { .. } => "REP-003",
            Self::Protocol { .. } => "REP-004",
            Self::Secret { .. } => "REP-005",
            Self::Refused { .. } => "REP-006",
            Self::NotGranted { .. } => "REP-007",
            Self::Differs { .. } => "REP-008",
            Self::Ballot { .. } => "REP-009",
        }
    }

    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Option { .. } => "correct the option",
            Self::Journal(err) => err.hint(),
            Self::Io { .. } => "check the address, the disk and the permissions",
            Self::Lost { .. } => "check the network and the other process",
            Self::Protocol { .. } => "run the same version of onetape on every machine",
            Self::Secret { .. } => "give every node and the witness the same secret file",
            Self::Refused { .. } => "do what the other side says",
            Self::NotGranted { .. } => {
                "start this node as a standby of the other one; force a term only when that one is lost"
            }
            Self::Differs { .. } => {
                "keep both journals and report this; run the same version on both machines"
            }
            Self::Ballot { .. } => {
                "start the witness with an empty folder and the last term that the nodes know"
            }
        }
    }

    /// Whether trying again, unchanged, can help.
    pub(crate) const fn is_passing(&self) -> bool {
        matches!(self, Self::Lost { .. } | Self::Refused { retry: true, .. })
    }
}

/// Kind and body of an entry, for people.
fn describe(entry: Option<&(u16, Vec<u8>)>) -> String {
    entry.map_or_else(
        || "nothing more".to_owned(),
        |(kind, body)| {
            let mut text = format!("kind {kind} ");
            for byte in body.iter().take(64) {
                let _a_string_takes_all = write!(text, "{byte:02x}");
            }
            text + if body.len() > 64 { "…" } else { "" }
        },
    )
}

impl fmt::Display for ReplicaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option { what } | Self::NotGranted { what } => f.write_str(what),
            Self::Journal(err) => err.fmt(f),
            Self::Io { doing, source } => write!(f, "could not {doing}: {source}"),
            Self::Lost { peer, what } => write!(f, "the connection with {peer} is gone: {what}"),
            Self::Protocol { peer, what } => write!(f, "{peer}: {what}"),
            Self::Secret { peer } => write!(f, "{peer} does not know our secret, or we not its"),
            Self::Refused { peer, text, .. } => write!(f, "{peer} says: {text}"),
            Self::Differs { mismatch } => write!(
                f,
                "entry {}: the primary journaled {}, we made {}",
                mismatch.seq,
                describe(mismatch.found.as_ref()),
                describe(mismatch.made.as_ref()),
            ),
            Self::Ballot { path, what } => write!(f, "{}: {what}", path.display()),
        }
    }
}

impl std::error::Error for ReplicaError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Journal(err) => Some(err),
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl From<JournalFileError> for ReplicaError {
    fn from(error: JournalFileError) -> Self {
        Self::Journal(error)
    }
}
