// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A strategy's process: it follows the engine's journal with a node of its own, is told what a
//! strategy is told anywhere, and hands in what it asks for.
//!
//! It applies inputs alone: what the engine's node put out, its own puts out as well. While it is
//! behind, changes of best prices are told once an instrument, when it has caught up; what happened to
//! orders is told each time.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::{Duration, Instant};

use onetape_core::component::{Component, Entry, Outbox, sources};
use onetape_core::events::{
    StopReason, StrategyParameterDeclared, StrategyStarted, StrategyStopped, TimerFired,
};
use onetape_core::live::{Node, NodeConfig};
use onetape_core::trading::{Callback, OrderTable, StrategyHost, StrategyRun, StrategyView, Touch};
use onetape_core::types::{Instrument, InstrumentId, StrategyId};

use super::audience::Audience;
use super::parameters::change_of;
use super::snapshots;
use crate::exchange::system_clock;
use crate::inlet::{InletWriter, Welcome, welcome};
use crate::journal_file::{JournalFileError, JournalReader};

/// Entries that a change of best prices waits for at most, while the follower is behind.
const BEHIND_MAX: u32 = 256;
/// How long a full inlet is waited for: the engine takes from it in every turn.
const FULL_TIME: Duration = Duration::from_secs(1);

/// What a look at the journal found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed {
    /// The strategy began: its start callback comes first.
    Started,
    /// Tell the strategy this.
    Call(Callback),
    /// Nothing is new.
    Idle,
    /// The strategy was stopped.
    Stopped(StopReason),
}

/// Why a follower does not go on.
#[derive(Debug)]
#[non_exhaustive]
pub enum FollowError {
    /// The journal cannot be read on.
    Journal(JournalFileError),
    /// The inlet does not take what is handed in.
    Inlet(io::Error),
}

struct Nobody;

impl Outbox for Nobody {
    #[inline]
    fn emit(&mut self, _kind: u16, _version: u8, _body: &[u8]) {}
}

/// A strategy's side of a live node.
pub struct Follower {
    reader: JournalReader,
    node: Node,
    host: StrategyHost,
    inlet: Option<InletWriter>,
    audience: Audience,
    /// Instruments whose best prices changed and were not told yet.
    changed: Vec<InstrumentId>,
    is_changed: Vec<bool>,
    behind: u32,
    last_seq: u64,
    notices: Vec<String>,
    is_running: bool,
    conflated: u64,
}

impl Follower {
    /// A follower behind the journal's newest snapshot, or before its first entry. `symbols` are those whose market the strategy
    /// hears of; empty for all.
    ///
    /// # Errors
    /// When there is no journal.
    pub fn open(
        journal: &Path,
        config: NodeConfig,
        strategy: StrategyId,
        symbols: Vec<String>,
    ) -> Result<Self, FollowError> {
        let mut reader = JournalReader::open(journal).map_err(FollowError::Journal)?;
        let mut notices = Vec::new();
        let found = snapshots::newest(journal, u64::MAX, config, &mut notices);
        let (last_seq, mut node) =
            found.map_or_else(|| (0, Node::new(config)), |(seq, node, _)| (seq, node));
        reader.seek_seq(last_seq + 1).map_err(FollowError::Journal)?;
        node.listen();
        let mut audience = Audience::new(strategy, config.books.instruments_max, symbols);
        for id in node.instruments().map(Instrument::id) {
            audience.defined(id, &node);
        }
        let width = config.books.instruments_max as usize + 1;
        Ok(Self {
            reader,
            node,
            host: StrategyHost::new(strategy, config.books.instruments_max),
            inlet: None,
            audience,
            notices,
            changed: Vec::with_capacity(width),
            is_changed: vec![false; width],
            behind: 0,
            last_seq,
            is_running: false,
            conflated: 0,
        })
    }

    /// Applies everything that the journal holds by now, and tells nothing of it.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn catch_up(&mut self) -> Result<u64, FollowError> {
        while self.apply_next()?.is_some() {
            while let Some(callback) = self.node.next_callback() {
                if let Callback::Defined(id) = callback {
                    self.audience.defined(id, &self.node);
                }
            }
        }
        Ok(self.last_seq)
    }

    /// Comes to the engine: from its next entries on the strategy runs. Where a person did not ask for
    /// it, it stays away from an engine that holds the strategy, and gives `false`.
    ///
    /// # Errors
    /// When there is no inlet, it is not this strategy's, or another process is there.
    pub fn join(&mut self, inlet: &Path, is_asked_for: bool) -> Result<bool, FollowError> {
        let welcome = welcome(inlet).map_err(FollowError::Inlet)?;
        if !is_asked_for && welcome == Welcome::Nobody {
            return Ok(false);
        }
        let mut inlet = InletWriter::open(inlet).map_err(FollowError::Inlet)?;
        if inlet.source() != sources::STRATEGY + self.audience.strategy {
            let text = "the inlet is another strategy's";
            return Err(FollowError::Inlet(io::Error::new(ErrorKind::InvalidData, text)));
        }
        inlet.live(self.last_seq);
        self.inlet = Some(inlet);
        Ok(true)
    }

    /// The node, as of the last entry applied.
    #[must_use]
    pub const fn node(&self) -> &Node {
        &self.node
    }

    /// What a person should know of where it began.
    #[must_use]
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// Sequence number of the last entry applied.
    #[must_use]
    pub const fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// Changes of best prices that were not told because newer ones came first.
    #[must_use]
    pub const fn conflated(&self) -> u64 {
        self.conflated
    }

    /// Goes on to the next thing to tell, or to the journal's present end.
    ///
    /// # Errors
    /// When the journal cannot be read, or the inlet does not take a timer.
    #[inline]
    pub fn step(&mut self) -> Result<Followed, FollowError> {
        loop {
            while let Some(callback) = self.node.next_callback() {
                if let Some(callback) = self.is_told(callback) {
                    return Ok(Followed::Call(callback));
                }
            }
            let found = self.apply_next()?;
            match found {
                Some(Found::Started) => return Ok(Followed::Started),
                Some(Found::Stopped(reason)) => return Ok(Followed::Stopped(reason)),
                Some(Found::Applied) => {
                    let is_behind = u32::from(!self.changed.is_empty());
                    self.behind = self.behind.saturating_add(is_behind);
                    if self.behind >= BEHIND_MAX {
                        self.tell_changes();
                    }
                }
                None if !self.changed.is_empty() => self.tell_changes(),
                None => {
                    self.fire_timers()?;
                    return Ok(Followed::Idle);
                }
            }
            if let Some(callback) = self.next_change() {
                return Ok(Followed::Call(callback));
            }
        }
    }

    /// A strategy that begins is told of every market as it is: it may stand still for long.
    fn look_around(&mut self) {
        for id in self.node.instruments().map(Instrument::id) {
            let is_new = self.audience.hears_of(id) && !self.is_changed[id as usize];
            if is_new && self.node.touch(id) != Touch::default() {
                self.is_changed[id as usize] = true;
                self.changed.push(id);
            }
        }
    }

    /// What waits to be told is told from here on.
    const fn tell_changes(&mut self) {
        self.behind = u32::MAX;
    }

    fn next_change(&mut self) -> Option<Callback> {
        if self.behind != u32::MAX {
            return None;
        }
        let Some(id) = self.changed.pop() else {
            self.behind = 0;
            return None;
        };
        if self.changed.is_empty() {
            self.behind = 0;
        }
        self.is_changed[id as usize] = false;
        Some(Callback::Book(id))
    }

    /// A callback that is this strategy's and to be told now.
    #[inline]
    fn is_told(&mut self, callback: Callback) -> Option<Callback> {
        match callback {
            Callback::Defined(id) => self.audience.defined(id, &self.node),
            Callback::Book(id) => {
                if self.is_running && self.audience.hears_of(id) {
                    if self.is_changed[id as usize] {
                        self.conflated += 1;
                    } else {
                        self.is_changed[id as usize] = true;
                        self.changed.push(id);
                    }
                }
                return None;
            }
            _ => {}
        }
        let is_mine = self.audience.takes(&callback, &mut self.host);
        (is_mine && self.is_running).then_some(callback)
    }

    /// Applies the next entry; `None` at the journal's present end.
    #[inline]
    fn apply_next(&mut self) -> Result<Option<Found>, FollowError> {
        let Self { reader, node, .. } = self;
        let Some(entry) = reader.next_entry().map_err(FollowError::Journal)? else {
            return Ok(None);
        };
        self.last_seq = entry.seq;
        if entry.source == sources::ENGINE {
            return Ok(Some(Found::Applied));
        }
        let found = match entry.kind {
            TimerFired::KIND if !is_of(&entry, self.audience.strategy) => {
                return Ok(Some(Found::Applied));
            }
            StrategyStarted::KIND | StrategyStopped::KIND => {
                turn_of(&entry, self.audience.strategy)
            }
            _ => Found::Applied,
        };
        node.apply(entry, &mut Nobody);
        node.take_outgoing(|_, _| {});
        match found {
            Found::Started if self.inlet.is_some() => {
                self.is_running = true;
                self.look_around();
                let orders = self.node.orders(self.audience.strategy);
                self.host.go_on_after(orders.map_or(0, OrderTable::last_client_id));
            }
            Found::Stopped(_) => self.is_running = false,
            _ => {}
        }
        Ok(Some(found))
    }

    /// Hands in the timers that are due.
    fn fire_timers(&mut self) -> Result<(), FollowError> {
        let now_ns = system_clock();
        while let Some((due_ts_ns, timer_id)) = self.host.take_timer(now_ns) {
            let event = TimerFired { strategy_id: self.audience.strategy, timer_id, due_ts_ns };
            self.put(TimerFired::KIND, TimerFired::VERSION, &event.encode(), &[])?;
        }
        Ok(())
    }

    /// Hands in what the strategy asked for.
    ///
    /// # Errors
    /// When the engine has taken nothing for a second.
    #[inline]
    pub fn hand_in(&mut self) -> Result<(), FollowError> {
        while let Some(intent) = self.host.take_intent() {
            if self.is_running {
                let mut body = Body { kind: 0, version: 0, length: 0, bytes: [0; 256] };
                intent.emit(&mut body);
                self.put(body.kind, body.version, &body.bytes[..body.length], &[])?;
            }
        }
        Ok(())
    }

    /// Says what of the strategy may be set while it runs; when it began, before its start callback.
    /// Gives what a person set before and still stands: the strategy begins with it.
    ///
    /// # Errors
    /// When the engine has taken nothing for a second.
    pub fn declare(
        &mut self,
        parameters: &[StrategyParameterDeclared],
    ) -> Result<Vec<Callback>, FollowError> {
        let strategy_id = self.audience.strategy;
        let mut standing = Vec::new();
        for declared in parameters {
            let declared = StrategyParameterDeclared { strategy_id, ..*declared };
            let (kind, version) =
                (StrategyParameterDeclared::KIND, StrategyParameterDeclared::VERSION);
            self.put(kind, version, &declared.encode(), &[])?;
            let value = self.node.standing(&declared);
            standing.extend(value.map(|it| Callback::Parameter(change_of(&declared, it, 0, 0))));
        }
        Ok(standing)
    }

    /// The strategy's last words: it ends by itself.
    ///
    /// # Errors
    /// When the engine has taken nothing for a second.
    pub fn leave(&mut self, reason: StopReason, why: &str) -> Result<(), FollowError> {
        self.host.clear();
        let strategy_id = self.audience.strategy;
        let event = StrategyStopped { strategy_id, reason: u16::from(reason.raw()), reserved: 0 };
        let why = &why.as_bytes()[..why.len().min(1_000)];
        self.put(StrategyStopped::KIND, StrategyStopped::VERSION, &event.encode(), why)
    }

    fn put(
        &mut self,
        kind: u16,
        version: u8,
        fixed: &[u8],
        tail: &[u8],
    ) -> Result<(), FollowError> {
        let Some(inlet) = &mut self.inlet else { return Ok(()) };
        let mut since = None;
        loop {
            match inlet.put(kind, version, self.last_seq, fixed, tail) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    let since = since.get_or_insert_with(Instant::now);
                    if since.elapsed() > FULL_TIME {
                        return Err(FollowError::Inlet(error));
                    }
                    std::thread::yield_now();
                }
                Err(error) => return Err(FollowError::Inlet(error)),
            }
        }
    }

    /// Says that the process lives.
    #[inline]
    pub fn live(&mut self) {
        let last_seq = self.last_seq;
        if let Some(inlet) = &mut self.inlet {
            inlet.live(last_seq);
        }
    }
}

/// What an entry was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Applied,
    Started,
    Stopped(StopReason),
}

/// Whether a strategy's own coming or going.
fn turn_of(entry: &Entry<'_>, strategy: StrategyId) -> Found {
    let started = entry.body.get(..StrategyStarted::SIZE).and_then(StrategyStarted::decode);
    let stopped = entry.body.get(..StrategyStopped::SIZE).and_then(StrategyStopped::decode);
    match entry.kind {
        StrategyStarted::KIND if started.is_some_and(|e| e.strategy_id == strategy) => {
            Found::Started
        }
        StrategyStopped::KIND => match stopped.filter(|e| e.strategy_id == strategy) {
            Some(e) => {
                let reason = StopReason::from_raw(e.reason as u8);
                Found::Stopped(reason.unwrap_or(StopReason::Operator))
            }
            None => Found::Applied,
        },
        _ => Found::Applied,
    }
}

/// Whether a timer is a strategy's.
fn is_of(entry: &Entry<'_>, strategy: StrategyId) -> bool {
    TimerFired::decode(entry.body).is_some_and(|event| event.strategy_id == strategy)
}

/// Room for the body of any intent.
struct Body {
    kind: u16,
    version: u8,
    length: usize,
    bytes: [u8; 256],
}

impl Outbox for Body {
    fn emit(&mut self, kind: u16, version: u8, body: &[u8]) {
        (self.kind, self.version, self.length) = (kind, version, body.len());
        self.bytes[..body.len()].copy_from_slice(body);
    }
}

impl StrategyRun for Follower {
    fn strategy(&self) -> StrategyId {
        self.audience.strategy
    }

    fn view(&self) -> &dyn StrategyView {
        &self.node
    }

    fn parts(&mut self) -> (&dyn StrategyView, &mut StrategyHost) {
        (&self.node, &mut self.host)
    }
}
