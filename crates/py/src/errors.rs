// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The one place where a Rust error becomes a Python exception of `onetape.errors`.
//!
//! One function an enum, one arm a variant, no `_ =>` but the one that `#[non_exhaustive]` asks for;
//! tests/tidy walks the enums of core and io, so that no variant is missed. A message says what was
//! expected, what was found and where; the hint what to do. A code belongs to one class, for ever.

use onetape_core::exchange::{Command, CommandError};
use std::path::Path;

use onetape_core::component::SnapshotError;
use onetape_core::journal::SinkError;
use onetape_core::sim::RunError;
use onetape_core::types::{DecimalError, TickTableError, TimeError};
use onetape_io::exchange::ServerError;
use onetape_io::journal_file::JournalFileError;
use onetape_io::replica::ReplicaError;
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyType};

/// An exception of the class `class` in `onetape.errors`.
pub(crate) fn raise(py: Python<'_>, class: &str, code: &str, message: &str, hint: &str) -> PyErr {
    let build = || -> PyResult<PyErr> {
        let class = py.import("onetape.errors")?.getattr(class)?.cast_into::<PyType>()?;
        let keywords = [("code", code), ("hint", hint)].into_py_dict(py)?;
        let value = class.call((message,), Some(&keywords))?;
        Ok(PyErr::from_value(value))
    };
    build().unwrap_or_else(|err| err)
}

/// What core has no word for yet: an enum grew a variant that is not mapped here.
pub(crate) fn unmapped(py: Python<'_>, err: &dyn std::fmt::Debug) -> PyErr {
    raise(py, "OnetapeError", "OTP-001", &format!("{err:?}"), "report this: it has no message yet")
}

/// Text or a count that has no exact value in a unit.
pub(crate) fn decimal_error(py: Python<'_>, text: &str, unit_e9: u64, err: DecimalError) -> PyErr {
    let make = |code, message: String, hint| raise(py, "ConversionError", code, &message, hint);
    match err {
        DecimalError::Syntax { at } => make(
            "TYP-001",
            format!("expected a plain decimal number, found {text:?}: see character {at}"),
            "write digits with at most one point: 101.25",
        ),
        DecimalError::TooLarge => make(
            "TYP-002",
            format!("{text} does not fit in 64 bits (or has over 18 places)"),
            "use a larger tick or lot",
        ),
        DecimalError::Inexact { .. } => make(
            "TYP-003",
            format!("{text} is not a whole number of units of {unit_e9} x 10^-9"),
            "round it yourself: onetape never does",
        ),
        _ => unmapped(py, &err),
    }
}

/// Text that is not a time.
pub(crate) fn time_error(py: Python<'_>, text: &str, err: TimeError) -> PyErr {
    let make = |code, message: String, hint| raise(py, "ConversionError", code, &message, hint);
    match err {
        TimeError::Syntax { at } => make(
            "TYP-004",
            format!("expected a time, found {text:?}: see character {at}"),
            "write UTC as 2019-01-30T09:30:00.000245396Z, or a date alone",
        ),
        TimeError::Range => make(
            "TYP-005",
            format!("no calendar has this time, or 64 bits do not reach it: {text:?}"),
            "give a time between the years 1678 and 2261",
        ),
        _ => unmapped(py, &err),
    }
}

/// Rungs that make no tick table.
pub(crate) fn tick_table_error(py: Python<'_>, err: TickTableError) -> PyErr {
    let make = |code, message, hint| raise(py, "ConversionError", code, message, hint);
    match err {
        TickTableError::Full => {
            make("TYP-006", "a tick table has at most 8 rungs", "leave the uppermost out")
        }
        TickTableError::Increment => {
            make("TYP-006", "the increment of a rung is below 1 tick", "make it 1 or more")
        }
        TickTableError::Order => {
            make("TYP-006", "the rungs of a tick table do not rise", "give the lowest first")
        }
        _ => unmapped(py, &err),
    }
}

/// Bytes that are not a command of the matching engine; `index` is its place in the batch.
pub(crate) fn command_error(py: Python<'_>, index: usize, err: CommandError) -> PyErr {
    let message = match err {
        CommandError::Size { found } => {
            format!("command {index}: a record has {} bytes, found {found}", Command::SIZE)
        }
        CommandError::Field { field, value } => {
            format!("command {index}: {field} holds {value}, which the schema does not define")
        }
        _ => return unmapped(py, &err),
    };
    let hint = "give records of the dtype onetape.exchange.COMMAND";
    raise(py, "DecodeError", "EXC-003", &message, hint)
}

/// Trouble with a journal on disk.
pub(crate) fn journal_error(py: Python<'_>, err: &JournalFileError) -> PyErr {
    let class = match err {
        JournalFileError::Corrupt { .. } => "JournalCorruptError",
        JournalFileError::Gap { .. } => "JournalGapError",
        JournalFileError::Full { .. } => "JournalFullError",
        JournalFileError::Locked { .. } => "JournalLockedError",
        JournalFileError::Option { .. } => "ConfigError",
        JournalFileError::NotFound { .. }
        | JournalFileError::Io { .. }
        | JournalFileError::TooLong { .. } => "JournalError",
        _ => return unmapped(py, err),
    };
    let made = raise(py, class, err.code(), &err.to_string(), err.hint());
    if matches!(err, JournalFileError::Full { .. }) {
        let _attribute_exists = made.value(py).setattr("retryable", true);
    }
    made
}

/// An entry that was not appended.
pub(crate) fn sink_error(py: Python<'_>, err: SinkError, folder: &Path) -> PyErr {
    let at = folder.display();
    let make = |class, code, message: String, hint| raise(py, class, code, &message, hint);
    match err {
        SinkError::Full => make(
            "JournalFullError",
            "JRN-004",
            format!("{at}: the disk is full"),
            "make room and resume the run; nothing that was appended is lost",
        ),
        SinkError::TooLong { length, length_max } => make(
            "JournalError",
            "JRN-007",
            format!("{at}: an entry of {length} bytes; a segment holds {length_max}"),
            "raise [journal] segment_bytes",
        ),
        SinkError::Io { errno } => make(
            "JournalError",
            "JRN-006",
            format!("{at}: {}", std::io::Error::from_raw_os_error(errno)),
            "check the disk and the permissions of the folder, and resume the run",
        ),
        SinkError::Differs { seq } => make(
            "ReplayMismatchError",
            "RPL-003",
            format!("{at}: entry {seq} of the resumed run is not the journal's"),
            "resume with the same source, configuration, strategy and version as the run that began",
        ),
        _ => unmapped(py, &err),
    }
}

/// Why a run stopped before its end.
pub(crate) fn run_error(py: Python<'_>, err: RunError, folder: &Path) -> PyErr {
    match err {
        RunError::Journal(err) => sink_error(py, err, folder),
        RunError::Mismatch { seq } => sink_error(py, SinkError::Differs { seq }, folder),
        _ => unmapped(py, &err),
    }
}

/// A snapshot that this version cannot take up.
pub(crate) fn snapshot_error(py: Python<'_>, err: SnapshotError, path: &Path) -> PyErr {
    let at = path.display();
    let hint = "replay from the start: the journal has everything";
    let message = match err {
        SnapshotError::Truncated { needed } => format!("{at}: the state ends {needed} bytes early"),
        SnapshotError::Invalid { what } => format!("{at}: {what}"),
        _ => return unmapped(py, &err),
    };
    raise(py, "JournalCorruptError", "JRN-021", &message, hint)
}

/// Why an exchange does not start, or stopped.
pub(crate) fn server_error(py: Python<'_>, err: &ServerError) -> PyErr {
    let class = match err {
        ServerError::Journal(err) => return journal_error(py, err),
        ServerError::Replica(err) => return replica_error(py, err),
        ServerError::Deposed { .. } => "ClusterError",
        ServerError::Config { .. } | ServerError::Socket { .. } => "ConfigError",
        ServerError::Io { .. } => "JournalError",
        ServerError::StreamFull { .. } => "JournalFullError",
        ServerError::StreamDiffers { .. } | ServerError::ReplayDiffers { .. } => {
            "ReplayMismatchError"
        }
        _ => return unmapped(py, err),
    };
    raise(py, class, err.code(), &err.to_string(), err.hint())
}

/// Why a primary, a standby or a witness does not start, or stopped.
pub(crate) fn replica_error(py: Python<'_>, err: &ReplicaError) -> PyErr {
    let class = match err {
        ReplicaError::Journal(err) => return journal_error(py, err),
        ReplicaError::Option { .. } => "ConfigError",
        ReplicaError::Io { .. }
        | ReplicaError::Lost { .. }
        | ReplicaError::Protocol { .. }
        | ReplicaError::Secret { .. }
        | ReplicaError::Refused { .. }
        | ReplicaError::NotGranted { .. }
        | ReplicaError::Ballot { .. } => "ClusterError",
        ReplicaError::Differs { .. } => "ReplayMismatchError",
        _ => return unmapped(py, err),
    };
    raise(py, class, err.code(), &err.to_string(), err.hint())
}
