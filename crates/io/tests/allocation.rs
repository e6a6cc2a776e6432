// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Appending and reading allocate nothing on the thread that does it, rolls of segments included
//! for the writer. Counted by the allocator itself.

#[path = "../../core/tests/counting/mod.rs"]
mod counting;
mod folder;

use counting::allocations;
use folder::{TestFolder, small};
use onetape_core::journal::Sink;
use onetape_io::journal_file::{Durability, JournalReader, JournalWriter, Options};

#[test]
fn appending_allocates_nothing() {
    for durability in [Durability::Async, Durability::Fsync] {
        let folder = TestFolder::new("allocation");
        let options = Options { durability, segment_bytes: 1 << 20, ..small() };
        let mut writer = JournalWriter::open(folder.path(), &options).unwrap();
        let sink: &mut dyn Sink = &mut writer;
        let found = allocations(|| {
            for n in 0..50_000 {
                sink.append(n, 2, 1, 0, &[1; 8], &[7; 56]).unwrap();
            }
        });
        assert_eq!(found, 0, "{durability:?}");
        assert_eq!(writer.last_seq(), 50_000);
    }
}

#[test]
fn reading_allocates_nothing_within_a_segment() {
    let folder = TestFolder::new("readallocation");
    let options = Options { segment_bytes: 1 << 24, ..small() };
    let mut writer = JournalWriter::open(folder.path(), &options).unwrap();
    for n in 0..50_000 {
        writer.append(n, 2, 1, 0, &[1; 8], &[7; 56]).unwrap();
    }
    let mut reader = JournalReader::open(folder.path()).unwrap();
    reader.next_entry().unwrap();
    let found = allocations(|| while reader.next_entry().unwrap().is_some() {});
    assert_eq!(found, 0);
    assert_eq!(reader.next_seq(), 50_001);
}
