// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Entries of one kind as rows of bytes, for `NumPy` to look at.

use onetape_core::component::Entry;
use pyo3::prelude::*;

use crate::errors::raise;

/// Bytes of a row before the event's own fields: seq, `ts_ns`, source, tail bytes.
const ROW_HEADER_BYTES: usize = 24;

/// Rows of one kind, as they are gathered.
#[derive(Default)]
pub(crate) struct Rows {
    version: u8,
    fixed_bytes: usize,
    keep_tails: bool,
    pub(crate) fixed: Vec<u8>,
    pub(crate) tails: Vec<u8>,
    /// An entry that does not have the layout that was asked for.
    strange: Option<(u64, String)>,
}

impl Rows {
    /// Rows of one layout, of which none is there yet.
    pub(crate) fn new(version: u8, fixed_bytes: usize, keep_tails: bool) -> Self {
        Self { version, fixed_bytes, keep_tails, ..Self::default() }
    }

    /// How many there are.
    pub(crate) const fn count(&self) -> usize {
        self.fixed.len() / (ROW_HEADER_BYTES + self.fixed_bytes)
    }

    /// An error if an entry did not have the layout.
    pub(crate) fn check(&self, py: Python<'_>) -> PyResult<()> {
        let Some((seq, says)) = &self.strange else { return Ok(()) };
        let says = format!("entry {seq}: {says}");
        let hint = "read it with the version of onetape that wrote it";
        Err(raise(py, "JournalError", "JRN-009", &says, hint))
    }

    /// Takes an entry; `false` when it does not have the layout.
    pub(crate) fn push(&mut self, entry: &Entry<'_>) -> bool {
        let Some((fixed, tail)) = entry.body.split_at_checked(self.fixed_bytes) else {
            let (found, expected) = (entry.body.len(), self.fixed_bytes);
            let says = format!("its body has {found} bytes, expected at least {expected}");
            self.strange = Some((entry.seq, says));
            return false;
        };
        if entry.version != self.version {
            let says =
                format!("its layout is version {}, expected {}", entry.version, self.version);
            self.strange = Some((entry.seq, says));
            return false;
        }
        self.fixed.extend_from_slice(&entry.seq.to_le_bytes());
        self.fixed.extend_from_slice(&entry.ts_ns.to_le_bytes());
        self.fixed.extend_from_slice(&entry.source.to_le_bytes());
        self.fixed.extend_from_slice(&(tail.len() as u32).to_le_bytes());
        self.fixed.extend_from_slice(fixed);
        if self.keep_tails {
            self.tails.extend_from_slice(tail);
        }
        true
    }
}
