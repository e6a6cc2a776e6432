// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What can go wrong with a journal on disk: where, what was expected, what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use onetape_core::journal::SinkError;

/// Trouble with a journal.
#[derive(Debug)]
#[non_exhaustive]
pub enum JournalFileError {
    /// There is no journal in this folder.
    NotFound {
        /// The folder.
        path: PathBuf,
    },
    /// A checksum, hash or field is wrong.
    Corrupt {
        /// Segment file.
        path: PathBuf,
        /// Byte in it.
        offset: u64,
        /// What was expected and what was found.
        what: String,
    },
    /// Entries or segments are missing.
    Gap {
        /// The folder.
        path: PathBuf,
        /// What is missing.
        what: String,
    },
    /// The disk, or a limit, is full.
    Full {
        /// The file that could not be had.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Another process writes this journal.
    Locked {
        /// The folder.
        path: PathBuf,
        /// The writer's process id; 0 when it could not be read.
        pid: u32,
    },
    /// The operating system refused.
    Io {
        /// The file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What it said.
        source: io::Error,
    },
    /// The entry does not fit in a segment.
    TooLong {
        /// Bytes of the entry, header included.
        length: usize,
        /// The most that fit.
        length_max: usize,
    },
    /// An option is out of its range.
    Option {
        /// Which, and what was expected.
        what: String,
    },
}

/// Error numbers that mean that there is no room.
const FULL: [i32; 3] = [libc::ENOSPC, libc::EDQUOT, libc::EFBIG];

impl JournalFileError {
    /// From what the operating system said while `doing` something with `path`.
    pub(crate) fn io(path: &Path, doing: &'static str, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.raw_os_error() {
            Some(errno) if FULL.contains(&errno) => Self::Full { path, source },
            _ => Self::Io { path, doing, source },
        }
    }

    /// Something is wrong at `offset` of `path`.
    pub(crate) fn corrupt(path: &Path, offset: usize, what: impl Into<String>) -> Self {
        Self::Corrupt { path: path.to_owned(), offset: offset as u64, what: what.into() }
    }

    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "JRN-001",
            Self::Corrupt { .. } => "JRN-002",
            Self::Gap { .. } => "JRN-003",
            Self::Full { .. } => "JRN-004",
            Self::Locked { .. } => "JRN-005",
            Self::Io { .. } => "JRN-006",
            Self::TooLong { .. } => "JRN-007",
            Self::Option { .. } => "JRN-008",
        }
    }

    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "check the path; a journal is a folder of .seg files",
            Self::Corrupt { .. } => {
                "run `onetape journal verify` for the whole picture, and restore the segment from a copy"
            }
            Self::Gap { .. } => "restore the missing segment from a copy",
            Self::Full { .. } => "make room; nothing that was appended before is lost",
            Self::Locked { .. } => "stop that process, or write to another folder",
            Self::Io { .. } => "check the disk and the permissions of the folder",
            Self::TooLong { .. } => "raise the segment size, or split the entry",
            Self::Option { .. } => "correct the option",
        }
    }

    /// The short form for the engine.
    #[must_use]
    pub fn sink_error(&self) -> SinkError {
        match self {
            Self::Full { .. } => SinkError::Full,
            Self::TooLong { length, length_max } => {
                SinkError::TooLong { length: *length, length_max: *length_max }
            }
            Self::Io { source, .. } => {
                SinkError::Io { errno: source.raw_os_error().unwrap_or(libc::EIO) }
            }
            _ => SinkError::Io { errno: libc::EIO },
        }
    }
}

impl fmt::Display for JournalFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { path } => write!(f, "there is no journal in {}", path.display()),
            Self::Corrupt { path, offset, what } => {
                write!(f, "{}, byte {offset}: {what}", path.display())
            }
            Self::Gap { path, what } => write!(f, "{}: {what}", path.display()),
            Self::Full { path, source } => {
                write!(f, "no room for {}: {source}", path.display())
            }
            Self::Locked { path, pid } => {
                write!(f, "{} is being written by process {pid}", path.display())
            }
            Self::Io { path, doing, source } => {
                write!(f, "could not {doing} {}: {source}", path.display())
            }
            Self::TooLong { length, length_max } => {
                write!(f, "the entry takes {length} bytes, a segment has room for {length_max}")
            }
            Self::Option { what } => f.write_str(what),
        }
    }
}

impl std::error::Error for JournalFileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Full { source, .. } | Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
