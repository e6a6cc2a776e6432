// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What can stop an exchange, or keep it from starting. Trouble with one client is not among it.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::journal_file::JournalFileError;
use crate::replica::ReplicaError;

/// Why an exchange does not start, or stopped.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServerError {
    /// A value of the configuration is wrong.
    Config {
        /// Which, what was expected and what was found.
        what: String,
    },
    /// The journal failed.
    Journal(JournalFileError),
    /// An address could not be had.
    Socket {
        /// What it was for.
        doing: &'static str,
        /// Which.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// The operating system refused a file, a thread or a descriptor.
    Io {
        /// What was being done.
        doing: &'static str,
        /// To what.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// A stream of numbered messages has reached its limit.
    StreamFull {
        /// Its file.
        path: PathBuf,
        /// The limit.
        bytes_max: u64,
    },
    /// A stream on disk holds another message than the journal leads to.
    StreamDiffers {
        /// Its file.
        path: PathBuf,
        /// Number of the first message that differs.
        number: u64,
    },
    /// The journal was replayed and led to another output than it holds.
    ReplayDiffers {
        /// Sequence number of the entry that differs.
        seq: u64,
    },
    /// The cluster has no place for this node, or none any more.
    Replica(ReplicaError),
    /// Another node is primary now, or nobody has confirmed the lease for too long.
    Deposed {
        /// The term that this node had.
        term: u64,
    },
}

impl ServerError {
    /// From what the operating system said while `doing` something to `path`.
    pub(crate) fn io(path: &Path, doing: &'static str, source: io::Error) -> Self {
        Self::Io { doing, path: path.to_owned(), source }
    }

    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Config { .. } => "SRV-001",
            Self::Journal(err) => err.code(),
            Self::Socket { .. } => "SRV-002",
            Self::Io { .. } => "SRV-003",
            Self::StreamFull { .. } => "SRV-004",
            Self::StreamDiffers { .. } => "SRV-005",
            Self::ReplayDiffers { .. } => "SRV-006",
            Self::Replica(err) => err.code(),
            Self::Deposed { .. } => "SRV-010",
        }
    }

    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Config { .. } => "correct the value",
            Self::Journal(err) => err.hint(),
            Self::Socket { .. } => "free the address, or configure another one",
            Self::Io { .. } => "check the disk, the permissions and the limits of the process",
            Self::StreamFull { .. } => "raise streams.bytes_max, or end the day",
            Self::StreamDiffers { .. } => {
                "keep the folder and report it; allow streams.rebuild to go on with the journal's"
            }
            Self::ReplayDiffers { .. } => "run the version that wrote the journal, and report this",
            Self::Replica(err) => err.hint(),
            Self::Deposed { .. } => "start this node as the standby of the other one",
        }
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config { what } => f.write_str(what),
            Self::Journal(err) => err.fmt(f),
            Self::Socket { doing, address, source } => {
                write!(f, "could not {doing} {address}: {source}")
            }
            Self::Io { doing, path, source } => {
                write!(f, "could not {doing} {}: {source}", path.display())
            }
            Self::StreamFull { path, bytes_max } => {
                write!(f, "{} has reached its limit of {bytes_max} bytes", path.display())
            }
            Self::StreamDiffers { path, number } => write!(
                f,
                "{}: message {number} is not the one that the journal leads to",
                path.display()
            ),
            Self::ReplayDiffers { seq } => {
                write!(f, "entry {seq} of the journal is not what a replay leads to")
            }
            Self::Replica(err) => err.fmt(f),
            Self::Deposed { term } => write!(
                f,
                "this node's term {term} is over: another is primary, or witness and standby were \
                 out of reach for too long"
            ),
        }
    }
}

impl std::error::Error for ServerError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Journal(err) => Some(err),
            Self::Replica(err) => Some(err),
            Self::Socket { source, .. } | Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl From<JournalFileError> for ServerError {
    fn from(error: JournalFileError) -> Self {
        Self::Journal(error)
    }
}

impl From<ReplicaError> for ServerError {
    fn from(error: ReplicaError) -> Self {
        match error {
            ReplicaError::Journal(error) => Self::Journal(error),
            error => Self::Replica(error),
        }
    }
}
