// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Appending and reading allocate nothing on the thread that does it, rolls of segments included
//! for the writer. Counted by the allocator itself.

mod folder;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use folder::{TestFolder, small};
use onetape_core::journal::Sink;
use onetape_io::journal_file::{Durability, JournalReader, JournalWriter, Options};

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

fn count() {
    // A thread that is ending has no counter any more; what it allocates is not ours.
    let _ = COUNT.try_with(|count| count.set(count.get() + 1));
}

// SAFETY: passes everything on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        count();
        // SAFETY: the caller's promise.
        unsafe { System.realloc(pointer, layout, bytes) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> u64 {
    let before = COUNT.get();
    work();
    COUNT.get() - before
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![1, 2, 3]))), 1);
}

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
