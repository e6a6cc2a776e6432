// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Makes a segment file of its full size, mapped and all zeros, and later seals it.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use onetape_core::journal::index::Index;
use onetape_core::journal::segment::{
    Hash, SEAL_START, SEGMENT_HEADER_BYTES, Seal, SegmentHeader, chain_input,
};

use super::error::JournalFileError;
use super::folder::{index_path, segment_path, sync_folder};
use super::mapping::Mapping;

/// A segment file that is being written.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) number: u64,
    pub(crate) path: PathBuf,
    pub(crate) file: File,
    pub(crate) map: Mapping,
}

/// Makes the file of segment `number`, `bytes` long, with its blocks allocated, so that writing to
/// it cannot run out of disk. With `durable`, the file is on disk before this returns.
pub(crate) fn prepare(
    folder: &Path,
    number: u64,
    bytes: usize,
    durable: bool,
) -> Result<Segment, JournalFileError> {
    let path = segment_path(folder, number);
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&path)
        .map_err(|err| JournalFileError::io(&path, "create", err))?;
    match allocate(&file, bytes).and_then(|()| Mapping::writable(&file, bytes)) {
        Ok(map) => {
            if durable {
                file.sync_all().map_err(|err| JournalFileError::io(&path, "sync", err))?;
                sync_folder(folder)?;
            }
            Ok(Segment { number, path, file, map })
        }
        Err(err) => {
            let _no_harm_if_it_stays = fs::remove_file(&path);
            Err(JournalFileError::io(&path, "allocate", err))
        }
    }
}

fn allocate(file: &File, bytes: usize) -> io::Result<()> {
    let length = libc::off_t::try_from(bytes).map_err(|_| io::ErrorKind::InvalidInput)?;
    loop {
        // SAFETY: a plain system call on an open descriptor.
        if unsafe { libc::fallocate(file.as_raw_fd(), 0, 0, length) } == 0 {
            return Ok(());
        }
        let err = io::Error::last_os_error();
        match err.raw_os_error() {
            Some(libc::EINTR) => {}
            Some(libc::EOPNOTSUPP) => return write_zeros(file, bytes),
            _ => return Err(err),
        }
    }
}

/// For filesystems that cannot allocate ahead.
fn write_zeros(file: &File, bytes: usize) -> io::Result<()> {
    let zeros = vec![0; 1 << 20];
    let mut at = 0;
    while at < bytes {
        let length = zeros.len().min(bytes - at);
        file.write_all_at(&zeros[..length], at as u64)?;
        at += length;
    }
    Ok(())
}

/// What the sealer knows of a finished segment.
#[derive(Debug)]
pub(crate) struct Finished<'a> {
    pub(crate) header: &'a SegmentHeader,
    pub(crate) end: usize,
    pub(crate) last_seq: u64,
    pub(crate) first_ts_ns: i64,
    pub(crate) last_ts_ns: i64,
    pub(crate) index: &'a Index,
    pub(crate) content: Hash,
}

/// Seals a segment: seal, index, honest size. Returns its chain hash.
pub(crate) fn seal(
    folder: &Path,
    file: &File,
    finished: &Finished<'_>,
    previous_chain: Hash,
    durable: bool,
) -> Result<Hash, JournalFileError> {
    let number = finished.header.segment;
    let path = segment_path(folder, number);
    let failed = |err| JournalFileError::io(&path, "seal", err);
    let chain = chain(&previous_chain, &finished.header.encode(), &finished.content);
    let seal = Seal {
        end_offset: finished.end as u64,
        last_seq: finished.last_seq,
        first_ts_ns: finished.first_ts_ns,
        last_ts_ns: finished.last_ts_ns,
        previous_chain,
        content: finished.content,
        chain,
    };
    file.write_all_at(&seal.encode(), SEAL_START as u64).map_err(failed)?;
    file.set_len(finished.end as u64).map_err(failed)?;
    if durable {
        file.sync_all().map_err(failed)?;
    }
    let index = index_path(folder, number);
    fs::write(&index, finished.index.encode(number, &finished.content))
        .map_err(|err| JournalFileError::io(&index, "write", err))?;
    Ok(chain)
}

/// The chain hash of a segment.
pub(crate) fn chain(previous: &Hash, header: &[u8; SEGMENT_HEADER_BYTES], content: &Hash) -> Hash {
    *blake3::hash(&chain_input(previous, header, content)).as_bytes()
}
