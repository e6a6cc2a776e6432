// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Inlets: how another process hands entries to the engine. One ring of shared memory each, with one
//! process that puts and the engine that takes; neither waits for the other.
//!
//! ```text
//! 0     magic, bytes of the ring, source, the producer's process id; who may come
//! 64    bytes put so far          (written by the producer)
//! 128   bytes taken so far        (written by the engine)
//! 192   how far the producer has followed the journal, and its sign of life
//! 4096  the ring: records of 16 bytes (length of the body, kind, version; the entry that it answers
//!       to) and a body, padded to 8
//! ```
//!
//! The engine trusts nothing that it finds: a record is copied out before it is looked at, and one
//! that cannot be right closes the inlet.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use memmap2::{MmapOptions, MmapRaw};

/// First word of an inlet.
const MAGIC: u64 = u64::from_le_bytes(*b"OTINLET1");
/// Where the ring begins.
const RING: usize = 4_096;
/// Bytes of a record before its body.
const HEAD: usize = 16;
/// Length that says: the rest of the ring is empty, go on at its beginning.
const SKIP: u32 = u32::MAX;
/// Longest body of a record.
pub const BODY_BYTES_MAX: usize = 4_096;
/// Least and most bytes of a ring.
const RING_BYTES: std::ops::RangeInclusive<usize> = 1 << 14..=1 << 30;

const AT_BYTES: usize = 8;
const AT_SOURCE: usize = 16;
const AT_PROCESS: usize = 24;
const AT_WELCOME: usize = 32;
const AT_PUT: usize = 64;
const AT_TAKEN: usize = 128;
const AT_FOLLOWED: usize = 192;
const AT_ALIVE: usize = 200;

/// The memory that both sides share.
#[derive(Debug)]
struct Shared {
    map: MmapRaw,
    /// Bytes of the ring, a power of two.
    bytes: usize,
}

// SAFETY: all access is by atomics, or to bytes that the protocol of the ring gives to one side.
unsafe impl Send for Shared {}

impl Shared {
    fn of(file: &File, bytes: usize) -> io::Result<Self> {
        let map = MmapOptions::new().len(RING + bytes).map_raw(file)?;
        Ok(Self { map, bytes })
    }

    #[inline]
    fn word(&self, at: usize) -> &AtomicU64 {
        debug_assert!(at.is_multiple_of(8) && at + 8 <= RING);
        // SAFETY: within the first page, aligned, and only ever used as an atomic by either side.
        unsafe { AtomicU64::from_ptr(self.map.as_mut_ptr().add(at).cast()) }
    }

    /// Copies bytes into the ring at a place that the producer owns.
    #[inline]
    fn write(&self, at: usize, bytes: &[u8]) {
        assert!(at + bytes.len() <= self.bytes, "a record never crosses the ring's end");
        // SAFETY: in bounds; the engine does not read there before `put` is stored.
        unsafe {
            let place = self.map.as_mut_ptr().add(RING + at);
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), place, bytes.len());
        }
    }

    /// Copies bytes out of the ring. A producer that breaks the rules may change them meanwhile, so
    /// they are looked at only in the copy.
    #[inline]
    fn read(&self, at: usize, bytes: &mut [u8]) {
        assert!(at + bytes.len() <= self.bytes, "the caller has checked the length");
        // SAFETY: in bounds, and `bytes` is our own memory.
        unsafe {
            let place = self.map.as_ptr().add(RING + at);
            std::ptr::copy_nonoverlapping(place, bytes.as_mut_ptr(), bytes.len());
        }
    }
}

const fn padded(length: usize) -> usize {
    (length + 7) & !7
}

/// Who may come to an inlet that nobody has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Welcome {
    /// Whoever is started, by a supervisor or a person.
    Anybody = 0,
    /// Nobody but whom a person starts.
    Nobody = 1,
    /// A person asked for it: a supervisor starts it.
    AskedFor = 2,
}

/// A record that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// What it is.
    pub kind: u16,
    /// Version of that kind's layout.
    pub version: u8,
    /// Sequence number of the entry that it answers to; 0 for none.
    pub cause_seq: u64,
    /// Its body.
    pub body: &'a [u8],
}

/// The engine's side of an inlet.
#[derive(Debug)]
pub struct InletReader {
    shared: Shared,
    taken: u64,
    body: Box<[u8; BODY_BYTES_MAX]>,
}

impl InletReader {
    /// Makes an inlet of `bytes`, a power of two from 16 KiB to 1 GiB, in place of what was there.
    ///
    /// # Errors
    /// What the operating system says; `InvalidInput` when the size is not such a power.
    pub fn create(path: &Path, bytes: usize, source: u32) -> io::Result<Self> {
        if !bytes.is_power_of_two() || !RING_BYTES.contains(&bytes) {
            let text = format!("expected a power of two from 2^14 to 2^30 bytes, found {bytes}");
            return Err(io::Error::new(ErrorKind::InvalidInput, text));
        }
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create_new(true).mode(0o600).open(path)?;
        file.set_len((RING + bytes) as u64)?;
        let shared = Shared::of(&file, bytes)?;
        shared.word(AT_BYTES).store(bytes as u64, Ordering::Relaxed);
        shared.word(AT_SOURCE).store(u64::from(source), Ordering::Relaxed);
        shared.word(0).store(MAGIC, Ordering::Release);
        Ok(Self { shared, taken: 0, body: Box::new([0; BODY_BYTES_MAX]) })
    }

    /// Says who may come.
    pub fn welcome(&self, welcome: Welcome) {
        self.shared.word(AT_WELCOME).store(welcome as u64, Ordering::Release);
    }

    /// Whether something waits.
    #[inline]
    #[must_use]
    pub fn has_next(&self) -> bool {
        self.shared.word(AT_PUT).load(Ordering::Acquire) != self.taken
    }

    /// The next record; `None` when there is none.
    ///
    /// # Errors
    /// `InvalidData` when what stands there cannot be a record: the inlet is of no use any more.
    #[inline]
    pub fn take(&mut self) -> io::Result<Option<Record<'_>>> {
        let put = self.shared.word(AT_PUT).load(Ordering::Acquire);
        if put == self.taken {
            return Ok(None);
        }
        let (kind, version, cause_seq, length) = self.step(put)?;
        self.shared.word(AT_TAKEN).store(self.taken, Ordering::Release);
        Ok(Some(Record { kind, version, cause_seq, body: &self.body[..length] }))
    }

    fn step(&mut self, put: u64) -> io::Result<(u16, u8, u64, usize)> {
        loop {
            let waiting = put.wrapping_sub(self.taken);
            let at = (self.taken as usize) & (self.shared.bytes - 1);
            let left = self.shared.bytes - at;
            if waiting < 8 || waiting > self.shared.bytes as u64 {
                return Err(broken("the number of bytes put"));
            }
            let mut head = [0; 8];
            self.shared.read(at, &mut head);
            let head = u64::from_le_bytes(head);
            let (length, kind, version) = (head as u32, (head >> 32) as u16, (head >> 48) as u8);
            if length == SKIP {
                if left as u64 > waiting || at == 0 {
                    return Err(broken("a jump to the ring's beginning"));
                }
                self.taken = self.taken.wrapping_add(left as u64);
                continue;
            }
            let length = length as usize;
            let size = HEAD + padded(length);
            if length > BODY_BYTES_MAX || size > left || size as u64 > waiting {
                return Err(broken("the length of a record"));
            }
            let mut cause = [0; 8];
            self.shared.read(at + 8, &mut cause);
            self.shared.read(at + HEAD, &mut self.body[..length]);
            self.taken = self.taken.wrapping_add(size as u64);
            return Ok((kind, version, u64::from_le_bytes(cause), length));
        }
    }

    /// How far the producer has followed the journal: a sequence number, 0 before the first.
    #[must_use]
    pub fn followed(&self) -> u64 {
        self.shared.word(AT_FOLLOWED).load(Ordering::Relaxed)
    }

    /// The producer's count of signs of life.
    #[must_use]
    pub fn alive(&self) -> u64 {
        self.shared.word(AT_ALIVE).load(Ordering::Relaxed)
    }

    /// The producer's process id; 0 before it came.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.shared.word(AT_PROCESS).load(Ordering::Relaxed) as u32
    }
}

fn broken(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("an inlet is broken: {what} cannot be right"))
}

fn opened(path: &Path) -> io::Result<Shared> {
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    let length = file.metadata()?.len() as usize;
    let bytes = length.saturating_sub(RING);
    if !bytes.is_power_of_two() || !RING_BYTES.contains(&bytes) {
        return Err(broken("its size"));
    }
    let shared = Shared::of(&file, bytes)?;
    if shared.word(0).load(Ordering::Acquire) != MAGIC {
        return Err(broken("its first word"));
    }
    Ok(shared)
}

/// Who may come to an inlet, see [`InletReader::welcome`].
///
/// # Errors
/// As [`InletWriter::open`].
pub fn welcome(path: &Path) -> io::Result<Welcome> {
    Ok(match opened(path)?.word(AT_WELCOME).load(Ordering::Acquire) {
        0 => Welcome::Anybody,
        1 => Welcome::Nobody,
        _ => Welcome::AskedFor,
    })
}

/// The other process's side of an inlet.
#[derive(Debug)]
pub struct InletWriter {
    shared: Shared,
    source: u32,
    put: u64,
    alive: u64,
}

impl InletWriter {
    /// Opens an inlet that the engine has made, and takes the producer's place.
    ///
    /// # Errors
    /// What the operating system says; `InvalidData` when the file is not an inlet; `AddrInUse` when
    /// another process has the place.
    pub fn open(path: &Path) -> io::Result<Self> {
        let shared = opened(path)?;
        let source = shared.word(AT_SOURCE).load(Ordering::Relaxed) as u32;
        let process = u64::from(std::process::id());
        let place = shared.word(AT_PROCESS);
        if let Err(other) = place.compare_exchange(0, process, Ordering::AcqRel, Ordering::Acquire)
            && other != process
        {
            let text = format!("expected an inlet that nobody uses, found process {other} at it");
            return Err(io::Error::new(ErrorKind::AddrInUse, text));
        }
        let put = shared.word(AT_PUT).load(Ordering::Relaxed);
        Ok(Self { shared, source, put, alive: 0 })
    }

    /// Whose entries these are.
    #[must_use]
    pub const fn source(&self) -> u32 {
        self.source
    }

    /// Hands an entry in: its body in two parts. `cause_seq` is the entry that it answers to, 0 for
    /// none.
    ///
    /// # Errors
    /// `WouldBlock` when the ring is full, and nothing was put; `InvalidInput` when the body is too
    /// long.
    #[inline]
    pub fn put(
        &mut self,
        kind: u16,
        version: u8,
        cause_seq: u64,
        fixed: &[u8],
        tail: &[u8],
    ) -> io::Result<()> {
        let length = fixed.len() + tail.len();
        if length > BODY_BYTES_MAX {
            let text = format!("expected a body of at most {BODY_BYTES_MAX} bytes, found {length}");
            return Err(io::Error::new(ErrorKind::InvalidInput, text));
        }
        let size = HEAD + padded(length);
        let taken = self.shared.word(AT_TAKEN).load(Ordering::Acquire);
        let at = (self.put as usize) & (self.shared.bytes - 1);
        let left = self.shared.bytes - at;
        let skipped = if size > left { left } else { 0 };
        let used = self.put.wrapping_sub(taken) as usize;
        if used + skipped + size > self.shared.bytes {
            return Err(ErrorKind::WouldBlock.into());
        }
        if skipped != 0 {
            self.shared.write(at, &SKIP.to_le_bytes());
        }
        let at = if skipped == 0 { at } else { 0 };
        let head = length as u64 | u64::from(kind) << 32 | u64::from(version) << 48;
        self.shared.write(at, &head.to_le_bytes());
        self.shared.write(at + 8, &cause_seq.to_le_bytes());
        self.shared.write(at + HEAD, fixed);
        self.shared.write(at + HEAD + fixed.len(), tail);
        self.put = self.put.wrapping_add((skipped + size) as u64);
        self.shared.word(AT_PUT).store(self.put, Ordering::Release);
        Ok(())
    }

    /// Says that its process lives, and how far it has followed the journal.
    #[inline]
    pub fn live(&mut self, followed: u64) {
        self.alive += 1;
        self.shared.word(AT_FOLLOWED).store(followed, Ordering::Relaxed);
        self.shared.word(AT_ALIVE).store(self.alive, Ordering::Relaxed);
    }

    /// Whether the engine has taken everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shared.word(AT_TAKEN).load(Ordering::Acquire) == self.put
    }
}

#[cfg(test)]
mod tests;
