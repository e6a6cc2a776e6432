// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Snapshots beside the journal, `snapshots/SEQ.snap`. One is there whole or not at all; a broken
//! one is passed over, and the one before it taken.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use onetape_core::journal::segment::HASH_BYTES;
use onetape_core::journal::snapshot::{SNAPSHOT_HEADER_BYTES, SnapshotHeader};

use super::error::JournalFileError;
use super::folder::sync_folder;
use super::recover::read_file;

/// A snapshot file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotInfo {
    /// Its file.
    pub path: PathBuf,
    /// Last entry in it, by the file's name.
    pub seq: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

fn snapshot_folder(journal: &Path) -> PathBuf {
    journal.join("snapshots")
}

/// Writes a snapshot: under another name first, then on disk, then renamed. Returns its path.
///
/// # Errors
/// `Full` or `Io`; then there is no such snapshot.
pub fn write_snapshot(
    journal: &Path,
    header: &SnapshotHeader,
    body: &[u8],
) -> Result<PathBuf, JournalFileError> {
    let folder = snapshot_folder(journal);
    fs::create_dir_all(&folder).map_err(|err| JournalFileError::io(&folder, "create", err))?;
    let path = folder.join(format!("{:020}.snap", header.seq));
    let unfinished = path.with_extension("tmp");
    let head = header.encode(body.len());
    let hash = blake3::Hasher::new().update(&head).update(body).finalize();
    let write = || {
        let mut file = File::create(&unfinished)?;
        file.write_all(&head)?;
        file.write_all(body)?;
        file.write_all(hash.as_bytes())?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)
    };
    write().map_err(|err| {
        let _no_harm_if_it_stays = fs::remove_file(&unfinished);
        JournalFileError::io(&path, "write", err)
    })?;
    sync_folder(&folder)?;
    Ok(path)
}

/// The snapshots of a journal, oldest first. None is looked into.
///
/// # Errors
/// When the folder cannot be read.
pub fn list_snapshots(journal: &Path) -> Result<Vec<SnapshotInfo>, JournalFileError> {
    let folder = snapshot_folder(journal);
    let failed = |err| JournalFileError::io(&folder, "list", err);
    let files = match fs::read_dir(&folder) {
        Ok(files) => files,
        Err(err) if err.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(err) => return Err(failed(err)),
    };
    let mut found = Vec::new();
    for file in files {
        let file = file.map_err(failed)?;
        let path = file.path();
        let name = file.file_name();
        let seq = name.to_str().and_then(|name| name.strip_suffix(".snap")?.parse().ok());
        if let Some(seq) = seq {
            let bytes = file.metadata().map_err(failed)?.len();
            found.push(SnapshotInfo { path, seq, bytes });
        }
    }
    found.sort_unstable_by_key(|info| info.seq);
    Ok(found)
}

/// Reads a snapshot, checked: its header and the component's own bytes.
///
/// # Errors
/// `Corrupt` when it is not whole.
pub fn read_snapshot(path: &Path) -> Result<(SnapshotHeader, Vec<u8>), JournalFileError> {
    let mut file = read_file(path)?;
    let Some((content, hash)) = file.split_last_chunk::<HASH_BYTES>() else {
        return Err(JournalFileError::corrupt(path, 0, "the file is too short for a snapshot"));
    };
    if blake3::hash(content) != *hash {
        let what = "the BLAKE3 hash at the end is not that of the bytes before it";
        return Err(JournalFileError::corrupt(path, content.len(), what));
    }
    let (header, body) = SnapshotHeader::decode(&file).map_err(|err| {
        JournalFileError::corrupt(path, 0, format!("the header is wrong: {err:?}"))
    })?;
    let length = body.len();
    file.truncate(SNAPSHOT_HEADER_BYTES + length);
    file.drain(..SNAPSHOT_HEADER_BYTES);
    Ok((header, file))
}

/// A snapshot that was read.
pub type Taken = (SnapshotHeader, Vec<u8>);

/// The newest whole snapshot of entry `seq_max` or before, and what was wrong with the newer ones
/// that were passed over.
///
/// # Errors
/// When the folder cannot be read.
pub fn newest_snapshot(
    journal: &Path,
    seq_max: u64,
) -> Result<(Option<Taken>, Vec<JournalFileError>), JournalFileError> {
    let mut passed_over = Vec::new();
    let listed = list_snapshots(journal)?;
    for info in listed.iter().rev().filter(|info| info.seq <= seq_max) {
        match read_snapshot(&info.path) {
            Ok((header, _)) if header.seq != info.seq => {
                let what = format!("it is of entry {}, its name says {}", header.seq, info.seq);
                passed_over.push(JournalFileError::corrupt(&info.path, 16, what));
            }
            Ok(taken) => return Ok((Some(taken), passed_over)),
            Err(err) => passed_over.push(err),
        }
    }
    Ok((None, passed_over))
}
