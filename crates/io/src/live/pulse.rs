// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The engine's pulse: a page of shared memory that says that it turns, for whoever watches it.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use memmap2::{MmapOptions, MmapRaw};

/// Bytes of the page.
const BYTES: usize = 4_096;
const MAGIC: u64 = u64::from_le_bytes(*b"OTPULSE1");
const AT_PROCESS: usize = 8;
const AT_TURNS: usize = 64;
const AT_SEQ: usize = 72;
const AT_ENDED: usize = 80;

#[derive(Debug)]
struct Page(MmapRaw);

impl Page {
    #[inline]
    fn word(&self, at: usize) -> &AtomicU64 {
        assert!(at.is_multiple_of(8) && at + 8 <= BYTES);
        // SAFETY: within the page, aligned, and only ever used as an atomic.
        unsafe { AtomicU64::from_ptr(self.0.as_mut_ptr().add(at).cast()) }
    }
}

/// The engine's side.
#[derive(Debug)]
pub struct Pulse {
    page: Page,
    turns: u64,
}

impl Pulse {
    /// Makes the page, in place of what was there.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn create(path: &Path) -> io::Result<Self> {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create_new(true).mode(0o600).open(path)?;
        file.set_len(BYTES as u64)?;
        let page = Page(MmapOptions::new().len(BYTES).map_raw(&file)?);
        page.word(AT_PROCESS).store(u64::from(std::process::id()), Ordering::Relaxed);
        page.word(0).store(MAGIC, Ordering::Release);
        Ok(Self { page, turns: 0 })
    }

    /// One more turn; `last_seq` is the journal's last entry.
    #[inline]
    pub fn beat(&mut self, last_seq: u64) {
        self.turns += 1;
        self.page.word(AT_SEQ).store(last_seq, Ordering::Relaxed);
        self.page.word(AT_TURNS).store(self.turns, Ordering::Relaxed);
    }

    /// The engine ends in an orderly way: nobody is to worry.
    pub fn end(&self) {
        self.page.word(AT_ENDED).store(1, Ordering::Release);
    }
}

/// A watcher's side.
#[derive(Debug)]
pub struct PulseReader(Page);

impl PulseReader {
    /// Opens the page that an engine has made.
    ///
    /// # Errors
    /// What the operating system says; `InvalidData` when the file is no pulse.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let wrong = || io::Error::new(io::ErrorKind::InvalidData, "the file is no engine's pulse");
        if file.metadata()?.len() != BYTES as u64 {
            return Err(wrong());
        }
        let page = Page(MmapOptions::new().len(BYTES).map_raw(&file)?);
        if page.word(0).load(Ordering::Acquire) != MAGIC {
            return Err(wrong());
        }
        Ok(Self(page))
    }

    /// Turns so far.
    #[must_use]
    pub fn turns(&self) -> u64 {
        self.0.word(AT_TURNS).load(Ordering::Relaxed)
    }

    /// Sequence number of the last entry when it last turned.
    #[must_use]
    pub fn last_seq(&self) -> u64 {
        self.0.word(AT_SEQ).load(Ordering::Relaxed)
    }

    /// The engine's process.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.0.word(AT_PROCESS).load(Ordering::Relaxed) as u32
    }

    /// Whether it ended in an orderly way.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.0.word(AT_ENDED).load(Ordering::Acquire) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watcher_sees_the_engine_turn_and_end() {
        let path = std::env::temp_dir().join(format!("onetape-pulse-{}", std::process::id()));
        let mut pulse = Pulse::create(&path).unwrap();
        let reader = PulseReader::open(&path).unwrap();
        assert_eq!((reader.turns(), reader.has_ended()), (0, false));
        pulse.beat(7);
        assert_eq!((reader.turns(), reader.last_seq()), (1, 7));
        assert_eq!(reader.process(), std::process::id());
        pulse.end();
        assert!(reader.has_ended());
        std::fs::write(&path, [0; 10]).unwrap();
        assert!(PulseReader::open(&path).is_err());
        std::fs::remove_file(path).unwrap();
    }
}
