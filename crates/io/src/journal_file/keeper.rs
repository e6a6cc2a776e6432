// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The writer's housekeeper, a thread of its own: prepares the next segment, touches pages ahead of
//! the writer, hashes what is finished and seals. The writer speaks to it once per window.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use onetape_core::journal::frame::{HEADER_BYTES, Header, MARKER_LENGTH, padded};
use onetape_core::journal::index::Index;
use onetape_core::journal::segment::{DATA_START, Hash, SegmentHeader};

use super::error::JournalFileError;
use super::prepare::{Finished, Segment, prepare, seal};

/// Hashed or touched in one go: some 40 µs, so that whoever shares the core never waits long.
const STEP_BYTES: usize = 128 << 10;
/// Pages are touched this far ahead of the writer, and finished bytes handed over this often.
pub(crate) const WINDOW_BYTES: usize = 4 << 20;
const PAGE_BYTES: usize = 4096;
/// Shortest pause between two steps that is worth a system call.
const PAUSE_MIN: Duration = Duration::from_micros(60);
/// Longest one.
const PAUSE_MAX: Duration = Duration::from_millis(1);
/// Segments that may wait for their seal before the queue grows.
const QUEUE_CAPACITY: usize = 64;

/// What the keeper needs to know once.
#[derive(Clone, Debug)]
pub(crate) struct KeeperOptions {
    pub(crate) folder: PathBuf,
    pub(crate) segment_bytes: usize,
    pub(crate) durable: bool,
    /// Chain hash of the last sealed segment.
    pub(crate) chain: Hash,
}

/// A segment to be hashed as it grows, and sealed when it has ended.
#[derive(Clone, Debug)]
struct Work {
    segment: Arc<Segment>,
    header: SegmentHeader,
    upto: usize,
    /// The writer's own hold of it, once it has ended.
    ended: Option<Arc<Segment>>,
}

#[derive(Debug, Default)]
struct State {
    /// Number of the segment to prepare.
    wanted: Option<u64>,
    next: Option<Result<Arc<Segment>, JournalFileError>>,
    touch: Option<(Arc<Segment>, usize, usize)>,
    works: VecDeque<Work>,
    seal_error: Option<JournalFileError>,
    /// The last segment that was wanted could not be had.
    full: bool,
    stop: bool,
}

#[derive(Debug, Default)]
struct Desk {
    state: Mutex<State>,
    for_keeper: Condvar,
    for_writer: Condvar,
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic of the other side leaves the state as it was: each change is one statement.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The writer's side.
#[derive(Debug)]
pub(crate) struct Keeper {
    desk: Arc<Desk>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread.
    pub(crate) fn start(options: KeeperOptions) -> std::io::Result<Self> {
        let desk = Arc::new(Desk::default());
        desk.lock().works.reserve(QUEUE_CAPACITY);
        let theirs = Arc::clone(&desk);
        let thread = thread::Builder::new()
            .name("journal-keeper".to_owned())
            .spawn(move || Housework::new(theirs, options).run())?;
        Ok(Self { desk, thread: Some(thread) })
    }

    /// A segment has begun: it is to be hashed from now on.
    pub(crate) fn begin(&self, segment: Arc<Segment>, header: SegmentHeader) {
        let work = Work { segment, header, upto: DATA_START, ended: None };
        self.desk.lock().works.push_back(work);
    }

    /// The present segment is final up to `upto`; its pages from `offset` on are wanted soon.
    pub(crate) fn progress(&self, upto: usize, offset: usize, length: usize) {
        let mut state = self.desk.lock();
        let Some(work) = state.works.back_mut() else { return };
        work.upto = upto;
        let touch = (Arc::clone(&work.segment), offset, length);
        state.touch = Some(touch);
        drop(state);
        self.desk.for_keeper.notify_one();
    }

    /// The present segment, which the writer gives away, has ended at `end`.
    pub(crate) fn end(&self, end: usize, segment: Arc<Segment>) {
        let mut state = self.desk.lock();
        if let Some(work) = state.works.back_mut() {
            work.upto = end;
            work.ended = Some(segment);
        }
        drop(state);
        self.desk.for_keeper.notify_one();
    }

    /// Asks for a segment to be prepared.
    pub(crate) fn want(&self, number: u64) {
        self.desk.lock().wanted = Some(number);
        self.desk.for_keeper.notify_one();
    }

    /// The prepared segment, and whether it had to be waited for.
    pub(crate) fn take_next(&self, number: u64) -> Result<(Arc<Segment>, bool), JournalFileError> {
        let mut state = self.desk.lock();
        let mut waited = false;
        while state.next.is_none() {
            if state.wanted.is_none() && !waited {
                state.wanted = Some(number);
                self.desk.for_keeper.notify_one();
            }
            waited = true;
            state = self.desk.for_writer.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.next.take().expect("the loop ended").map(|segment| (segment, waited))
    }

    /// Whether the next segment could not be prepared: appending will soon fail.
    pub(crate) fn next_failed(&self) -> bool {
        self.desk.lock().full
    }

    /// Finishes all that was ended, removes what was prepared, and says what went wrong.
    pub(crate) fn stop(&mut self) -> Result<(), JournalFileError> {
        let Some(thread) = self.thread.take() else { return Ok(()) };
        self.desk.lock().stop = true;
        self.desk.for_keeper.notify_one();
        thread.join().expect("the keeper does not panic");
        let mut state = self.desk.lock();
        if let Some(Ok(segment)) = state.next.take() {
            let _no_harm_if_it_stays = std::fs::remove_file(&segment.path);
        }
        state.seal_error.take().map_or(Ok(()), Err)
    }
}

/// What is known of the segment that is being hashed.
#[derive(Debug)]
struct Job {
    hasher: blake3::Hasher,
    hashed: usize,
    walked: usize,
    released: usize,
    index: Index,
    last_seq: u64,
    first_ts_ns: i64,
    last_ts_ns: i64,
}

impl Job {
    fn new(header: &SegmentHeader) -> Self {
        Self {
            hasher: blake3::Hasher::new(),
            hashed: DATA_START,
            walked: DATA_START,
            released: 0,
            index: Index::default(),
            last_seq: header.first_seq - 1,
            first_ts_ns: 0,
            last_ts_ns: header.floor_ts_ns,
        }
    }

    /// Hashes and walks one step further towards `upto`.
    fn advance(&mut self, segment: &Segment, first_seq: u64, upto: usize) {
        let end = upto.min(self.hashed + STEP_BYTES);
        // SAFETY: the writer said that the bytes before `upto` are final; the file is not cut
        // before its seal.
        let bytes = unsafe { segment.map.slice(self.hashed, end - self.hashed) };
        self.hasher.update(bytes);
        self.hashed = end;
        while self.walked < end {
            let word = segment.map.word(self.walked);
            if word.length == MARKER_LENGTH {
                self.walked += HEADER_BYTES;
                break;
            }
            let Some(frame) = segment.map.frame(self.walked, word) else { break };
            let Some(rest) = frame[8..].first_chunk() else { break };
            let (header, _flags) = Header::unpack(rest);
            self.index.note(header.seq, header.ts_ns, self.walked as u64);
            if header.seq == first_seq {
                self.first_ts_ns = header.ts_ns;
            }
            self.last_seq = header.seq;
            self.last_ts_ns = header.ts_ns;
            self.walked += padded(word.length as usize);
        }
        let done = self.hashed.min(self.walked) / PAGE_BYTES * PAGE_BYTES;
        if done > self.released {
            segment.map.release(self.released, done - self.released);
            self.released = done;
        }
    }
}

enum Duty {
    Prepare(u64),
    Touch(Arc<Segment>, usize, usize),
    Hash(Work),
    Stop,
}

/// The thread's side.
struct Housework {
    desk: Arc<Desk>,
    options: KeeperOptions,
    job: Option<Job>,
    /// When the writer last began a window.
    window: Instant,
    /// Between two steps.
    pause: Duration,
    /// The segment for which the system was told not to read ahead, if any.
    without_ahead: Option<u64>,
}

impl Housework {
    fn new(desk: Arc<Desk>, options: KeeperOptions) -> Self {
        let window = Instant::now();
        Self { desk, options, job: None, window, pause: Duration::ZERO, without_ahead: None }
    }

    fn run(mut self) {
        loop {
            match self.next_duty() {
                Duty::Prepare(number) => self.prepare(number),
                Duty::Touch(segment, offset, length) => self.touch(&segment, offset, length),
                Duty::Hash(work) => self.hash(&work),
                Duty::Stop => return,
            }
        }
    }

    /// The most urgent thing to do; waits when there is none.
    fn next_duty(&self) -> Duty {
        let hashed = self.job.as_ref().map_or(DATA_START, |job| job.hashed);
        let mut state = self.desk.lock();
        loop {
            if let Some(number) = state.wanted
                && !state.stop
            {
                return Duty::Prepare(number);
            }
            if let Some((segment, offset, length)) = state.touch.take() {
                return Duty::Touch(segment, offset, length);
            }
            if state.seal_error.is_some() {
                state.works.clear();
            }
            if let Some(work) = state.works.front()
                && (work.upto > hashed || work.ended.is_some())
            {
                return Duty::Hash(work.clone());
            }
            if state.stop {
                return Duty::Stop;
            }
            state = self.desk.for_keeper.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Touches a window in steps: all of them, and the hashing of another window, take half of the
    /// time that the writer takes for one.
    fn touch(&mut self, segment: &Segment, offset: usize, length: usize) {
        let now = Instant::now();
        let took = now.duration_since(std::mem::replace(&mut self.window, now));
        self.pause = (took / (4 * WINDOW_BYTES / STEP_BYTES) as u32).min(PAUSE_MAX);
        self.set_read_ahead(segment, offset);
        for start in (offset..offset + length).step_by(STEP_BYTES) {
            segment.map.touch(start, STEP_BYTES.min(offset + length - start));
            self.rest();
        }
    }

    /// Nothing is read ahead while there is time for steps; but where every entry is synced: of
    /// pages that came one by one a sync takes several times as long.
    fn set_read_ahead(&mut self, segment: &Segment, offset: usize) {
        let is_on = self.pause < PAUSE_MIN || self.options.durable;
        if is_on == (self.without_ahead == Some(segment.number)) {
            segment.map.read_ahead(offset, is_on);
            self.without_ahead = (!is_on).then_some(segment.number);
        }
    }

    /// Leaves the core to others for a moment, unless somebody waits.
    fn rest(&self) {
        if self.pause < PAUSE_MIN {
            return;
        }
        let state = self.desk.lock();
        if state.stop
            || state.wanted.is_some()
            || state.works.iter().any(|work| work.ended.is_some())
        {
            return;
        }
        let _woken_or_not = self.desk.for_keeper.wait_timeout(state, self.pause);
    }

    fn prepare(&mut self, number: u64) {
        let KeeperOptions { folder, segment_bytes, durable, .. } = &self.options;
        let made = prepare(folder, number, *segment_bytes, *durable).map(Arc::new);
        if let Ok(segment) = &made {
            self.set_read_ahead(segment, 0);
            for start in (0..WINDOW_BYTES).step_by(STEP_BYTES) {
                segment.map.touch(start, STEP_BYTES);
                if self.pause >= PAUSE_MIN {
                    // It will be wanted after a whole segment: there is time.
                    thread::sleep(self.pause);
                }
            }
        }
        let mut state = self.desk.lock();
        state.wanted = None;
        state.full = made.is_err();
        state.next = Some(made);
        drop(state);
        self.desk.for_writer.notify_one();
    }

    fn hash(&mut self, work: &Work) {
        let job = self.job.get_or_insert_with(|| Job::new(&work.header));
        if job.hashed < work.upto {
            job.advance(&work.segment, work.header.first_seq, work.upto);
        }
        if work.ended.is_some() && job.hashed == work.upto {
            self.seal(work);
        } else {
            self.rest();
        }
    }

    fn seal(&mut self, work: &Work) {
        let job = self.job.take().expect("hashing came first");
        let finished = Finished {
            header: &work.header,
            end: work.upto,
            last_seq: job.last_seq,
            first_ts_ns: job.first_ts_ns,
            last_ts_ns: job.last_ts_ns,
            index: &job.index,
            content: *job.hasher.finalize().as_bytes(),
        };
        let KeeperOptions { folder, durable, chain, .. } = &self.options;
        let sealed = seal(folder, &work.segment.file, &finished, *chain, *durable);
        let mut state = self.desk.lock();
        state.works.pop_front();
        match sealed {
            Ok(chain) => self.options.chain = chain,
            // Nothing is lost: the next opening seals it. But no later one may be sealed before it.
            Err(err) => {
                state.seal_error.get_or_insert(err);
            }
        }
    }
}
