// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A folder that goes away with the test, and journals of numbered entries in it.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses a part of it; a test may panic"
)]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use onetape_io::journal_file::{JournalReader, JournalWriter, Options};

/// A folder of its own for each test.
pub(crate) struct TestFolder(PathBuf);

impl TestFolder {
    /// A path that nothing is at yet.
    pub(crate) fn new(name: &str) -> Self {
        Self::within(&std::env::temp_dir(), name)
    }

    /// Such a path in memory where there is such a place: for tests that make thousands of folders.
    pub(crate) fn in_memory(name: &str) -> Self {
        let memory = Path::new("/dev/shm");
        if memory.is_dir() { Self::within(memory, name) } else { Self::new(name) }
    }

    fn within(place: &Path, name: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = place.join(format!("onetape-{name}-{}-{count}", std::process::id()));
        let _was_not_there = std::fs::remove_dir_all(&path);
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TestFolder {
    fn drop(&mut self) {
        let _best_effort = std::fs::remove_dir_all(&self.0);
    }
}

/// A folder as a crash leaves it at this moment.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let path = file.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else if path.is_file() {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// The smallest segments there are, so that tests roll often.
pub(crate) fn small() -> Options {
    Options { segment_bytes: 8192, run_id: *b"a test's own run", ..Options::default() }
}

/// Appends entries `first..first + count`: each has its number as body, and more bytes by turns.
pub(crate) fn append_numbered(writer: &mut JournalWriter, first: u64, count: u64) {
    for number in first..first + count {
        let tail = [number as u8; 13];
        let ts_ns = (number / 10 * 100).cast_signed();
        let fixed = number.to_le_bytes();
        let seq = writer.append(ts_ns, 3, 1, 0, &fixed, &tail[..(number % 14) as usize]).unwrap();
        assert_eq!(seq, number);
    }
}

/// Numbers of the entries of a journal that [`append_numbered`] wrote, each checked.
pub(crate) fn bodies(folder: &Path) -> Vec<u64> {
    let mut reader = JournalReader::open(folder).unwrap();
    let mut numbers = Vec::new();
    while let Some(entry) = reader.next_entry().unwrap() {
        let (fixed, tail) = entry.body.split_first_chunk::<8>().unwrap();
        let number = u64::from_le_bytes(*fixed);
        assert_eq!(number, entry.seq);
        assert_eq!(tail, vec![number as u8; (number % 14) as usize]);
        numbers.push(number);
    }
    numbers
}
