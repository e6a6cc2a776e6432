// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Where a journal ends, and a hash of its last entries, by which two journals are told apart.

use std::path::Path;

use onetape_core::continuity::message::TailMark;

use crate::journal_file::{JournalFileError, JournalReader};

/// So many of the last entries are compared. Each has a time in nanoseconds, so two journals that
/// parted before them would have to come to the same times again.
const TAIL_ENTRIES: u64 = 256;

/// The mark of a journal that ends with `last_seq`.
pub(crate) fn tail_mark(folder: &Path, last_seq: u64) -> Result<TailMark, JournalFileError> {
    let entries = last_seq.min(TAIL_ENTRIES);
    Ok(TailMark { last_seq, entries, hash: tail_hash(folder, last_seq, entries)? })
}

/// The hash of `entries` entries that end with `last_seq`.
pub(crate) fn tail_hash(
    folder: &Path,
    last_seq: u64,
    entries: u64,
) -> Result<[u8; 32], JournalFileError> {
    let mut hasher = blake3::Hasher::new();
    if entries > 0 {
        let mut reader = JournalReader::open(folder)?;
        reader.seek_seq(last_seq + 1 - entries)?;
        while reader.next_seq() <= last_seq {
            let Some(framed) = reader.next_frame()? else { break };
            hasher.update(framed.bytes);
        }
    }
    Ok(*hasher.finalize().as_bytes())
}

/// Why a journal that ends with `last_seq` is not the beginning of another's, whose mark is `mark`;
/// or `None`: the other is the beginning of this one.
pub(crate) fn difference(
    folder: &Path,
    last_seq: u64,
    mark: &TailMark,
) -> Result<Option<String>, JournalFileError> {
    if mark.last_seq > last_seq {
        return Ok(Some(format!(
            "your journal ends with entry {}, mine with entry {last_seq}: yours has entries that \
             were never released; move its folder away and start again with an empty one",
            mark.last_seq
        )));
    }
    if mark.entries > mark.last_seq.min(TAIL_ENTRIES)
        || tail_hash(folder, mark.last_seq, mark.entries)? != mark.hash
    {
        return Ok(Some(format!(
            "the last {} entries of your journal, up to entry {}, are not mine: they have parted; \
             move its folder away and start again with an empty one",
            mark.entries, mark.last_seq
        )));
    }
    Ok(None)
}
