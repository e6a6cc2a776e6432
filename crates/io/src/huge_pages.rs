// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! An allocator that asks for huge pages where memory is taken in megabytes: the books' tables.
//!
//! A book touches memory all over; with pages of 4 KiB each touch also misses in the processor's
//! table of pages. Everything smaller goes to the system's allocator, untouched.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

/// From this size on, an allocation is a mapping of its own.
const LARGE_BYTES: usize = 4 << 20;
/// Mappings come in whole pages.
const PAGE_BYTES: usize = 4_096;

/// Whether large allocations are touched at once.
static TOUCH: AtomicBool = AtomicBool::new(false);

/// From now on, has large allocations of the whole process touched as they are made, or not: zeroing
/// a huge page takes some 100 µs, which a table then takes at the start and not while it is used.
pub fn touch_at_once(on: bool) {
    TOUCH.store(on, Ordering::Relaxed);
}

/// The allocator: `#[global_allocator] static MEMORY: HugePages = HugePages;`.
#[derive(Clone, Copy, Debug)]
pub struct HugePages;

/// Whether a layout gets a mapping of its own.
const fn is_large(layout: &Layout) -> bool {
    layout.size() >= LARGE_BYTES && layout.align() <= PAGE_BYTES
}

/// A mapping of zeros; null when there is none to be had.
fn map(size: usize) -> *mut u8 {
    let (protection, flags) =
        (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: a new anonymous mapping, at an address of the kernel's choice, concerns no memory
    // that exists; the result is checked. The advice changes no content.
    unsafe {
        let address = libc::mmap(ptr::null_mut(), size, protection, flags, -1, 0);
        if address == libc::MAP_FAILED {
            return ptr::null_mut();
        }
        libc::madvise(address, size, libc::MADV_HUGEPAGE);
        if TOUCH.load(Ordering::Relaxed) {
            // Where there is not so much, or the kernel does not know how: page by page, later.
            libc::madvise(address, size, libc::MADV_POPULATE_WRITE);
        }
        address.cast()
    }
}

// SAFETY: a layout's size and alignment alone decide who owns it, in every call alike; large ones
// are private mappings of at least that size, aligned to a page and full of zeros, and all others
// are the system allocator's, whose promises are passed on.
unsafe impl GlobalAlloc for HugePages {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_large(&layout) {
            return map(layout.size());
        }
        // SAFETY: the caller's promises are those of the system's allocator.
        unsafe { System.alloc(layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if is_large(&layout) {
            return map(layout.size());
        }
        // SAFETY: as in `alloc`.
        unsafe { System.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        if is_large(&layout) {
            // SAFETY: `memory` is a mapping of this size that `map` or `realloc` made, and the
            // caller gives it up.
            unsafe { libc::munmap(memory.cast(), layout.size()) };
            return;
        }
        // SAFETY: as in `alloc`; the system's allocator gave it.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller promises that `size`, rounded up to the alignment, fits an `isize`.
        let new = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        match (is_large(&layout), is_large(&new)) {
            // SAFETY: the system's allocator gave it and goes on owning it.
            (false, false) => unsafe { System.realloc(memory, layout, size) },
            // SAFETY: a mapping of this size that `map` or `realloc` made; the kernel may move it.
            (true, true) => unsafe {
                let moved = libc::mremap(memory.cast(), layout.size(), size, libc::MREMAP_MAYMOVE);
                if moved == libc::MAP_FAILED { ptr::null_mut() } else { moved.cast() }
            },
            // SAFETY: the new memory is at least as large as what is copied, they do not overlap,
            // and the old is given up by the one that owns it.
            _ => unsafe {
                let moved = self.alloc(new);
                if !moved.is_null() {
                    ptr::copy_nonoverlapping(memory, moved, layout.size().min(size));
                    self.dealloc(memory, layout);
                }
                moved
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_survives_growing_and_shrinking_across_the_border() {
        let layout = |size| Layout::from_size_align(size, 8).expect("a valid layout");
        let sizes = [100, LARGE_BYTES - 1, LARGE_BYTES, 3 * LARGE_BYTES + 5, LARGE_BYTES + 1, 64];
        // SAFETY: each pointer is used within its size, and given up once, with its own layout.
        unsafe {
            let mut memory = HugePages.alloc_zeroed(layout(sizes[0]));
            for (at, byte) in (0..64_u8).enumerate() {
                memory.add(at).write(byte);
            }
            for pair in sizes.windows(2) {
                memory = HugePages.realloc(memory, layout(pair[0]), pair[1]);
                assert!(!memory.is_null());
                assert!((0..64_u8).enumerate().all(|(at, byte)| memory.add(at).read() == byte));
            }
            HugePages.dealloc(memory, layout(64));
            let zeros = HugePages.alloc_zeroed(layout(2 * LARGE_BYTES));
            assert!((0..2 * LARGE_BYTES).step_by(1_000).all(|at| zeros.add(at).read() == 0));
            HugePages.dealloc(zeros, layout(2 * LARGE_BYTES));
        }
    }
}
