// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The folder: which segments there are, in what state, and who may write.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, Write};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use onetape_core::journal::segment::{self, DATA_START, Seal, SegmentError, SegmentHeader};

use super::error::JournalFileError;

const LOCK_NAME: &str = "writer.lock";

/// Path of a segment's file.
pub(crate) fn segment_path(folder: &Path, number: u64) -> PathBuf {
    folder.join(segment::file_name(number))
}

/// Path of a segment's index.
pub(crate) fn index_path(folder: &Path, number: u64) -> PathBuf {
    segment_path(folder, number).with_extension("idx")
}

/// Numbers of the segment files in the folder, rising.
pub(crate) fn segment_numbers(folder: &Path) -> Result<Vec<u64>, JournalFileError> {
    let failed = |err: std::io::Error| match err.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            JournalFileError::NotFound { path: folder.to_owned() }
        }
        _ => JournalFileError::io(folder, "list", err),
    };
    let mut numbers = Vec::new();
    for file in fs::read_dir(folder).map_err(failed)? {
        let name = file.map_err(failed)?.file_name();
        numbers.extend(name.to_str().and_then(segment::file_number));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// Whether the folder holds a journal: at least a lock or a segment.
pub(crate) fn check_exists(folder: &Path) -> Result<(), JournalFileError> {
    if segment_numbers(folder)?.is_empty() && !folder.join(LOCK_NAME).exists() {
        return Err(JournalFileError::NotFound { path: folder.to_owned() });
    }
    Ok(())
}

/// Reads the first page of a segment file; shorter when the file is.
pub(crate) fn read_page(path: &Path) -> Result<Vec<u8>, JournalFileError> {
    let mut page = Vec::with_capacity(DATA_START);
    File::open(path)
        .and_then(|file| file.take(DATA_START as u64).read_to_end(&mut page))
        .map_err(|err| JournalFileError::io(path, "read", err))?;
    Ok(page)
}

/// The header in a page; `None` when the segment was prepared and not begun.
pub(crate) fn read_header(
    path: &Path,
    page: &[u8],
) -> Result<Option<SegmentHeader>, JournalFileError> {
    if page.is_empty() {
        return Ok(None); // Just created.
    }
    SegmentHeader::decode(page).map_err(|err| header_error(path, err))
}

fn header_error(path: &Path, err: SegmentError) -> JournalFileError {
    JournalFileError::corrupt(path, 0, describe(err, "header"))
}

/// What is wrong with a header or seal, for people.
pub(crate) fn describe(err: SegmentError, block: &str) -> String {
    match err {
        SegmentError::Magic => format!("the {block} does not begin as one of onetape's"),
        SegmentError::Checksum { computed, stored } => {
            format!("the {block}'s checksum is {computed:#010x}, it says {stored:#010x}")
        }
        SegmentError::Version { found } => format!(
            "format version {found} is not known, expected {}: it takes a newer onetape",
            segment::FORMAT_VERSION
        ),
        SegmentError::Truncated => format!("the file ends inside the {block} page"),
        _ => format!("the {block} is wrong"),
    }
}

/// The one writer's lock on a folder. Freed when dropped, or when the process ends in any way.
#[derive(Debug)]
pub(crate) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Takes the lock.
    pub(crate) fn take(folder: &Path) -> Result<Self, JournalFileError> {
        let path = folder.join(LOCK_NAME);
        let failed = |err| JournalFileError::io(&path, "lock", err);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        if !set_lock(&file).map_err(failed)? {
            return Err(JournalFileError::Locked { path: folder.to_owned(), pid: pid_in(&path) });
        }
        file.set_len(0).map_err(failed)?;
        file.rewind().map_err(failed)?;
        writeln!(file, "{}", std::process::id()).map_err(failed)?;
        Ok(Self { _file: file })
    }

    /// Process id of the journal's writer, if one is at work.
    pub(crate) fn holder(folder: &Path) -> Option<u32> {
        let path = folder.join(LOCK_NAME);
        let file = File::open(&path).ok()?;
        is_locked(&file).then(|| pid_in(&path))
    }
}

/// Process id of who writes the journal in `folder`; `None` when nobody does.
#[must_use]
pub fn writer_of(folder: &Path) -> Option<u32> {
    FolderLock::holder(folder)
}

fn pid_in(path: &Path) -> u32 {
    fs::read_to_string(path).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}

fn whole_file(kind: i32) -> libc::flock {
    // SAFETY: flock is a plain C struct; zeros mean "the whole file, from its start".
    let mut lock: libc::flock = unsafe { std::mem::zeroed() };
    lock.l_type = kind as libc::c_short;
    lock.l_whence = libc::SEEK_SET as libc::c_short;
    lock
}

/// Takes an exclusive lock that belongs to this open file; `false` when someone else has it.
fn set_lock(file: &File) -> std::io::Result<bool> {
    let lock = whole_file(libc::F_WRLCK);
    // SAFETY: the descriptor is open and `lock` outlives the call.
    let done = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_OFD_SETLK, &raw const lock) };
    if done == 0 {
        return Ok(true);
    }
    let err = std::io::Error::last_os_error();
    match err.raw_os_error() {
        Some(libc::EAGAIN | libc::EACCES) => Ok(false),
        _ => Err(err),
    }
}

/// Whether someone has the lock. Only asks: takes nothing, so it cannot get in a writer's way.
fn is_locked(file: &File) -> bool {
    let mut lock = whole_file(libc::F_WRLCK);
    // SAFETY: the descriptor is open and `lock` outlives the call.
    let done = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_OFD_GETLK, &raw mut lock) };
    done == 0 && libc::c_int::from(lock.l_type) != libc::F_UNLCK
}

/// How far along a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentState {
    /// Made ahead of need; holds nothing.
    Prepared,
    /// Begun and not sealed: being written, about to be sealed, or its writer died.
    Unsealed,
    /// Ended, with its hashes.
    Sealed,
}

/// What is known of a segment without reading its entries.
#[derive(Clone, Debug)]
pub struct SegmentInfo {
    /// Its number, from 1.
    pub number: u64,
    /// Its file.
    pub path: PathBuf,
    /// Bytes of the file.
    pub bytes: u64,
    /// How far along it is.
    pub state: SegmentState,
    /// Its header, once begun.
    pub header: Option<SegmentHeader>,
    /// Its seal, once sealed.
    pub seal: Option<Seal>,
}

/// The segments of a journal, in order.
///
/// # Errors
/// When the folder holds no journal, or a header page is damaged.
pub fn info(folder: &Path) -> Result<Vec<SegmentInfo>, JournalFileError> {
    check_exists(folder)?;
    segment_numbers(folder)?.into_iter().map(|number| segment_info(folder, number)).collect()
}

pub(crate) fn segment_info(folder: &Path, number: u64) -> Result<SegmentInfo, JournalFileError> {
    let path = segment_path(folder, number);
    let page = read_page(&path)?;
    let header = read_header(&path, &page)?;
    if let Some(header) = header
        && header.segment != number
    {
        let what =
            format!("the header is of segment {}, the file's name says {number}", header.segment);
        return Err(JournalFileError::corrupt(&path, 16, what));
    }
    // A segment that has not begun may have been created this moment: it has no page yet.
    let seal = match header {
        None => None,
        Some(_) => Seal::decode(&page).map_err(|err| {
            JournalFileError::corrupt(&path, segment::SEAL_START, describe(err, "seal"))
        })?,
    };
    let bytes =
        fs::metadata(&path).map_err(|err| JournalFileError::io(&path, "look at", err))?.len();
    let state = match (header, seal) {
        (None, _) => SegmentState::Prepared,
        (Some(_), None) => SegmentState::Unsealed,
        (Some(_), Some(_)) => SegmentState::Sealed,
    };
    Ok(SegmentInfo { number, path, bytes, state, header, seal })
}

/// Makes a change of the folder's list of files durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), JournalFileError> {
    File::open(folder)
        .and_then(|file| file.sync_all())
        .map_err(|err| JournalFileError::io(folder, "sync", err))
}

/// Waits until all entries that are visible now are on disk, whoever writes them.
pub(crate) fn sync_entries(folder: &Path) -> Result<(), JournalFileError> {
    for segment in info(folder)?.iter().filter(|segment| segment.header.is_some()) {
        File::open(&segment.path)
            .and_then(|file| file.sync_data())
            .map_err(|err| JournalFileError::io(&segment.path, "sync", err))?;
    }
    Ok(())
}
