// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! All streams of a day: one a port, one for the public. What the core says goes in here, and stays
//! until the input that caused it is committed.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use onetape_core::exchange::Wires;

use super::config::Day;
use super::error::ServerError;
use super::store::{Mark, Store, Stream, Verified};

/// The public stream's place among the streams; the others have their port's.
pub const PUBLIC: u32 = 0;
/// How often room is made ahead of what was written.
const AHEAD: Duration = Duration::from_millis(5);

/// Something that is not a message, to be done once its input is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Say messages of a port again.
    Resend {
        /// Which port's.
        port: u32,
        /// First message.
        from: u64,
        /// Last message.
        to: u64,
    },
    /// End a port's connection.
    Disconnect {
        /// Which port's.
        port: u32,
    },
}

/// What waits for its input to be committed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Waiting {
    /// Messages of a stream up to a number.
    Messages { stream: u32, number: u64 },
    /// Something else.
    Asked(Asked),
}

/// The public stream of the day, as other threads see it.
#[derive(Clone, Debug)]
pub struct Today {
    /// The day.
    pub day: Day,
    /// Its session's name, padded with spaces as packets of market data hold it.
    pub session: [u8; 10],
    /// The stream.
    pub itch: Arc<Stream>,
    /// Whether the day has ended: no message will follow.
    pub ended: Arc<AtomicBool>,
}

/// Where other threads learn which day it is.
#[derive(Clone, Debug, Default)]
pub struct Board(Arc<Mutex<Option<Today>>>);

impl Board {
    /// The day that is on.
    #[must_use]
    pub fn today(&self) -> Option<Today> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn show(&self, today: Today) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(today);
    }
}

/// Limits and places of the streams.
#[derive(Clone, Debug)]
pub(crate) struct StreamsConfig {
    pub(crate) folder: PathBuf,
    pub(crate) port_bytes_max: usize,
    pub(crate) itch_bytes_max: usize,
    /// Ids of the ports.
    pub(crate) ports: Vec<u32>,
}

/// The streams.
#[derive(Debug)]
pub struct Streams {
    config: StreamsConfig,
    /// By port, the public one first; empty before the first day.
    stores: Vec<Option<Store>>,
    board: Board,
    /// Streams that the present input has put something into, and what it asked for.
    touched: Vec<u32>,
    asked: Vec<Asked>,
    waiting: VecDeque<(u64, i64, Waiting)>,
    error: Option<ServerError>,
    /// Messages for ports that nobody configured.
    dropped: u64,
    ahead: Ahead,
}

impl Streams {
    /// No streams yet: they begin with a day.
    pub(crate) fn new(config: StreamsConfig) -> Result<Self, ServerError> {
        let ahead = Ahead::start()
            .map_err(|err| ServerError::io(&config.folder, "start a thread for", err))?;
        Ok(Self {
            config,
            stores: Vec::new(),
            board: Board::default(),
            touched: Vec::with_capacity(64),
            asked: Vec::with_capacity(64),
            waiting: VecDeque::with_capacity(4_096),
            error: None,
            dropped: 0,
            ahead,
        })
    }

    /// Begins a day: every stream starts again at 1. Streams of a day that lie on disk already are
    /// compared, see [`Store::settle`].
    pub(crate) fn begin(&mut self, day: Day) -> Result<(), ServerError> {
        let name = session_name(&day.session);
        let folder = self.config.folder.join(format!("{:08}-{name}", day.date));
        std::fs::create_dir_all(&folder).map_err(|err| ServerError::io(&folder, "create", err))?;
        let last = self.config.ports.iter().copied().max().unwrap_or(0);
        let mut stores: Vec<Option<Store>> = (0..=last).map(|_| None).collect();
        stores[0] = Some(Store::open(&folder, "itch", self.config.itch_bytes_max)?);
        for &port in &self.config.ports {
            let name = format!("port-{port:05}");
            stores[port as usize] = Some(Store::open(&folder, &name, self.config.port_bytes_max)?);
        }
        self.stores = stores;
        self.waiting.clear();
        self.ahead.watch(self.stores.iter().flatten().map(|store| Arc::clone(store.stream())));
        if let Some(itch) = self.stream(PUBLIC) {
            let mut session = [b' '; 10];
            session[..name.len()].copy_from_slice(name.as_bytes());
            let ended = Arc::new(AtomicBool::new(false));
            self.board.show(Today { day, session, itch: Arc::clone(itch), ended });
        }
        Ok(())
    }

    /// Takes up what a snapshot says of a stream; whether it is so.
    pub(crate) fn resume(&mut self, stream: u32, mark: &Mark) -> Result<bool, ServerError> {
        match self.stores.get_mut(stream as usize).and_then(Option::as_mut) {
            Some(store) => store.resume(mark),
            None => Ok(mark.count == 0),
        }
    }

    /// What every stream holds, for a snapshot; all of it is on disk afterwards.
    pub(crate) fn marks(&self) -> Result<Vec<(u32, Mark)>, ServerError> {
        let mut marks = Vec::new();
        for (stream, store) in (0..).zip(&self.stores) {
            if let Some(store) = store {
                store.sync()?;
                marks.push((stream, store.mark()));
            }
        }
        Ok(marks)
    }

    /// Every stream, and how many messages it has.
    pub(crate) fn counted(&self) -> Vec<(u32, Arc<Stream>, u64)> {
        let stores = (0..).zip(&self.stores);
        let counted = |(stream, store): (u32, &Option<Store>)| {
            let store = store.as_ref()?;
            Some((stream, Arc::clone(store.stream()), store.count()))
        };
        stores.filter_map(counted).collect()
    }

    /// Forgets what waits: it is a replay, and nothing leaves.
    pub(crate) fn forget_waiting(&mut self) {
        self.waiting.clear();
    }

    /// Ends the comparing of all streams, and releases them; says what was found.
    pub(crate) fn settle(&mut self) -> Vec<(u32, Verified)> {
        let stores = (0..).zip(&mut self.stores);
        stores.filter_map(|(stream, store)| Some((stream, store.as_mut()?.settle()))).collect()
    }

    /// Notes what the input with number `seq`, which came when the stopwatch showed
    /// `received_ns`, put in.
    #[inline]
    pub(crate) fn end_input(&mut self, seq: u64, received_ns: i64) -> Result<(), ServerError> {
        for at in 0..self.touched.len() {
            let stream = self.touched[at];
            if let Some(store) = &self.stores[stream as usize] {
                let waiting = Waiting::Messages { stream, number: store.count() };
                self.waiting.push_back((seq, received_ns, waiting));
            }
        }
        self.touched.clear();
        for asked in self.asked.drain(..) {
            self.waiting.push_back((seq, received_ns, Waiting::Asked(asked)));
        }
        self.error.take().map_or(Ok(()), Err)
    }

    /// Releases the next thing that waits for no input after `committed_seq`; says when its input
    /// came, and what it is.
    #[inline]
    pub(crate) fn release_next(&mut self, committed_seq: u64) -> Option<(i64, Waiting)> {
        let &(seq, received_ns, waiting) = self.waiting.front()?;
        if seq > committed_seq {
            return None;
        }
        self.waiting.pop_front();
        if let Waiting::Messages { stream, number } = waiting
            && let Some(store) = self.stores.get_mut(stream as usize).and_then(Option::as_mut)
        {
            store.release(number);
        }
        Some((received_ns, waiting))
    }

    /// How much waits for its commit.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// A stream: [`PUBLIC`], or a port's.
    #[inline]
    #[must_use]
    pub fn stream(&self, stream: u32) -> Option<&Arc<Stream>> {
        Some(self.stores.get(stream as usize)?.as_ref()?.stream())
    }

    /// Number of the last message put into a stream; 0 before the first.
    pub(crate) fn count(&self, stream: u32) -> u64 {
        let store = self.stores.get(stream as usize).and_then(Option::as_ref);
        store.map_or(0, Store::count)
    }

    /// How much room there is: enough, or not enough to be sure, or hardly any.
    pub(crate) fn room(&self) -> Room {
        match self.ahead.room.load(Ordering::Acquire) {
            0 => Room::Enough,
            1 => Room::Short,
            _ => Room::None,
        }
    }

    /// Where other threads learn which day it is.
    #[must_use]
    pub const fn board(&self) -> &Board {
        &self.board
    }

    /// Notes that the day has ended.
    pub(crate) fn end_day(&self) {
        if let Some(today) = self.board.today() {
            today.ended.store(true, Ordering::Release);
        }
    }

    /// Messages that were for ports nobody configured.
    #[must_use]
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    #[inline]
    fn put(&mut self, stream: u32, message: &[u8]) {
        let Some(store) = self.stores.get_mut(stream as usize).and_then(Option::as_mut) else {
            self.dropped += 1;
            return;
        };
        if let Err(error) = store.append(message) {
            self.error.get_or_insert(error);
        }
        if !self.touched.contains(&stream) {
            self.touched.push(stream);
        }
    }
}

impl Wires for Streams {
    #[inline]
    fn send(&mut self, port: u32, message: &[u8]) {
        debug_assert_ne!(port, PUBLIC);
        self.put(port, message);
    }

    #[inline]
    fn publish(&mut self, message: &[u8]) {
        self.put(PUBLIC, message);
    }

    fn resend(&mut self, port: u32, from: u64, to: u64) {
        self.asked.push(Asked::Resend { port, from, to });
    }

    fn disconnect(&mut self, port: u32) {
        self.asked.push(Asked::Disconnect { port });
    }
}

/// A session's name without its padding, of letters, digits and dashes.
pub(crate) fn session_name(session: &[u8]) -> String {
    let name = session.iter().take(10).take_while(|&&byte| byte != 0 && byte != b' ');
    name.map(|&byte| if byte.is_ascii_alphanumeric() { char::from(byte) } else { '-' }).collect()
}

/// How much room the streams have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Room {
    /// As much as is made ahead.
    Enough,
    /// No more could be made.
    Short,
    /// And what there is will soon be used up.
    None,
}

/// A thread that makes room in the streams before it is needed.
#[derive(Debug)]
struct Ahead {
    streams: Arc<Mutex<Vec<Arc<Stream>>>>,
    /// As [`Room`].
    room: Arc<AtomicU8>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Ahead {
    fn start() -> std::io::Result<Self> {
        let streams = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let room = Arc::new(AtomicU8::new(0));
        let (theirs, halted, told) = (Arc::clone(&streams), Arc::clone(&stop), Arc::clone(&room));
        let thread = thread::Builder::new().name("streams-ahead".to_owned()).spawn(move || {
            while !halted.load(Ordering::Relaxed) {
                let streams: Vec<Arc<Stream>> =
                    theirs.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let least = streams.iter().map(|stream| match stream.grow_ahead() {
                    Ok(()) => Room::Enough,
                    Err(_) if stream.is_nearly_used_up() => Room::None,
                    Err(_) => Room::Short,
                });
                told.store(least.max().unwrap_or(Room::Enough) as u8, Ordering::Release);
                thread::park_timeout(AHEAD);
            }
        })?;
        Ok(Self { streams, room, stop, thread: Some(thread) })
    }

    fn watch(&self, streams: impl Iterator<Item = Arc<Stream>>) {
        *self.streams.lock().unwrap_or_else(PoisonError::into_inner) = streams.collect();
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _nothing_to_do_about_a_panic = thread.join();
        }
    }
}
