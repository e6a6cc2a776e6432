// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The engine's thread: one turn after the other, it takes in what venues, strategies and feeds say.
//!
//! Each input is journaled, then acted on; what follows is journaled, then sent. Answers of venues come
//! before intents, and intents before market data. A turn sleeps at most a millisecond, and not at
//! all where the engine has a core for itself.

use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;

use onetape_core::component::{Entry, Outbox, sources};
use onetape_core::events::{ClockTicked, StopReason};
use onetape_core::journal::{Sink, SinkError};
use onetape_core::live::Node;
use onetape_core::trading::InlineStrategy;
use onetape_core::types::{MILLISECOND_NS, TsNs};

use super::config::{LiveConfig, VenueWire};
use super::days::Days;
use super::errands::Errands;
use super::faults::Faults;
use super::inline::Inline;
use super::links::links_of;
use super::operate::Command;
use super::ouch_link::OuchLink;
use super::processes::Inlet;
use super::pulse::Pulse;
use super::recover::{self, Recovered};
use super::snapshots::Snapshots;
use super::stopwatch::Stopwatch;
use super::surroundings::Lateness;
use super::triggers::{Triggers, hear_signal};
use crate::exchange::control::{Control, Request};
use crate::exchange::engine::journal_error;
use crate::exchange::poll::Waker;
use crate::exchange::{Clock, Definition, Notices, ServerError, system_clock};
use crate::feed_lines::{FeedConfig, FeedLines, Item};
use crate::journal_file::JournalWriter;

/// Time between two ticks of the clock.
const TICK_NS: i64 = 10 * MILLISECOND_NS;
/// Ticks between two looks at the wall clock.
const TICKS_PER_LOOK: u64 = 100;
/// Packets of one feed in one turn: nobody keeps the others waiting.
const AT_ONCE_MAX: usize = 64;

/// Ends an engine from another thread, or from a signal.
#[derive(Clone, Debug)]
pub struct Stop {
    asked: Arc<AtomicBool>,
}

impl Stop {
    /// Asks the engine to end. Safe in a signal handler.
    pub fn stop(&self) {
        self.asked.store(true, Ordering::SeqCst);
    }
}

/// Says what is to be defined where a journal goes on with another configuration than this one, its
/// record in the journal; or why it cannot.
pub type Judge<'a> = dyn FnMut(&[u8]) -> Result<Vec<Definition>, ServerError> + 'a;

/// What an input goes through.
pub(super) struct Path {
    pub(super) journal: JournalWriter,
    pub(super) node: Node,
    /// By venue, where the engine itself speaks with it.
    pub(super) links: Vec<Option<OuchLink>>,
    /// Monotonic time of this turn.
    pub(super) now_ns: i64,
    clock: Clock,
    pub(super) stopwatch: Stopwatch,
    /// Strategies of this thread.
    pub(super) inlines: Vec<Inline>,
    /// What failed in them.
    pub(super) faults: Faults,
}

/// A running engine.
pub struct Engine {
    pub(super) config: LiveConfig,
    pub(super) path: Path,
    pub(super) feeds: Vec<Option<FeedLines>>,
    /// By feed, as `feeds`.
    lateness: Vec<Lateness>,
    pub(super) inlets: Vec<Inlet>,
    pulse: Pulse,
    pub(super) requests: Receiver<Request<Command>>,
    pub(super) errands: Errands,
    _control: Control,
    /// Rings when an operator asks for something.
    bell: Arc<Waker>,
    pub(super) triggers: Triggers,
    pub(super) stop: Stop,
    ticks: u64,
    next_tick_ns: i64,
    pub(super) recovered: u64,
    /// Last entry of the snapshot that it began with; 0 for none.
    pub(super) snapshot_seq: u64,
    pub(super) snapshots: Snapshots,
    /// The next snapshot is due behind this entry.
    pub(super) next_snapshot_seq: u64,
    pub(super) days: Days,
}

struct Outputs<'a> {
    journal: &'a mut JournalWriter,
    ts_ns: TsNs,
    failed: Option<SinkError>,
}

impl Outbox for Outputs<'_> {
    #[inline]
    fn emit(&mut self, kind: u16, version: u8, body: &[u8]) {
        if self.failed.is_none() {
            let source = sources::ENGINE;
            let done = Sink::append(self.journal, self.ts_ns, kind, version, source, body, &[]);
            self.failed = done.err();
        }
    }
}

/// An entry that is to be taken in, its body in two parts.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) kind: u16,
    pub(super) version: u8,
    pub(super) source: u32,
    pub(super) fixed: &'a [u8],
    pub(super) tail: &'a [u8],
}

impl Path {
    /// Journals an input, has the node act on it, sends what follows, and has the strategies of this
    /// thread act on that.
    #[inline]
    pub(super) fn input(&mut self, ts_ns: TsNs, input: &Input<'_>) -> Result<(), ServerError> {
        self.input_one(ts_ns, input)?;
        if self.inlines.is_empty() { Ok(()) } else { self.tell_inlines(ts_ns) }
    }

    /// Journals an input, has the node act on it, and sends what follows.
    #[inline]
    pub(super) fn input_one(&mut self, ts_ns: TsNs, input: &Input<'_>) -> Result<(), ServerError> {
        let Input { kind, version, source, fixed, tail } = *input;
        let journal = &mut self.journal;
        let seq = match Sink::append(journal, ts_ns, kind, version, source, fixed, tail) {
            Ok(seq) => seq,
            Err(error) => return Err(journal_error(journal, error)),
        };
        let ts_ns = Sink::last_ts_ns(journal);
        let mut out = Outputs { journal, ts_ns, failed: None };
        let entry = Entry { seq, ts_ns, kind, version, source, body: fixed };
        self.node.apply_parts(entry, tail, &mut out);
        if let Some(error) = out.failed {
            return Err(journal_error(&self.journal, error));
        }
        let Self { node, links, now_ns, clock, stopwatch, .. } = self;
        let mut ready_ns = None;
        node.take_outgoing(|venue, message| {
            if ready_ns.is_none() && stopwatch.is_due() {
                ready_ns = Some(clock.elapsed_ns());
            }
            if let Some(Some(link)) = links.get_mut(venue as usize - 1) {
                link.send(*now_ns, message);
            }
        });
        if let Some(ready_ns) = ready_ns {
            // Its memory is cold: the order does not wait for it.
            stopwatch.ready(ready_ns);
        }
        if node.kills_running() != 0 {
            node.take_drops(|venue| {
                if let Some(Some(link)) = links.get_mut(venue as usize - 1) {
                    link.give_up(*now_ns, "a kill was not confirmed in time");
                }
            });
        }
        Ok(())
    }
}

impl Engine {
    /// Brings a node to life: from its journal if there is one, else from its configuration.
    /// `judge` is asked where they differ.
    ///
    /// # Errors
    /// [`ServerError`], with what stands in the way; nothing is connected then.
    pub fn start(config: LiveConfig, judge: &mut Judge<'_>) -> Result<Self, ServerError> {
        std::fs::create_dir_all(&config.shared)
            .map_err(|err| ServerError::io(&config.shared, "create", err))?;
        let Recovered { journal, node, told, snapshot_seq, notices } = recover::open(&config)?;
        let defined = if Sink::last_seq(&journal) == 0 {
            Some(config.definitions.clone())
        } else if told.configuration == config.config_json.as_bytes() {
            None
        } else {
            Some(judge(&told.configuration)?)
        };
        let recovered = Sink::last_seq(&journal);
        let clock = Clock::new(Sink::last_ts_ns(&journal), system_clock);
        let now_ns = clock.elapsed_ns();
        let snapshots = Snapshots::start(&config.journal, clock.notices().clone())?;
        let days = Days::new(&config.midnights_ns, clock.at(now_ns), Sink::last_ts_ns(&journal));
        let feeds = open_feeds(&config, &node, now_ns)?;
        let links = links_of(&config, &told.heard);
        let no_descriptor = |err| ServerError::io(&config.shared, "make a waker for", err);
        let waker = Arc::new(Waker::new().map_err(no_descriptor)?);
        let (requests_in, requests) = std::sync::mpsc::sync_channel(64);
        let control = Control::start(
            &config.control,
            requests_in.clone(),
            Arc::clone(&waker),
            Command::read,
        )?;
        let pulse_path = config.shared.join("pulse");
        let pulse = Pulse::create(&pulse_path)
            .map_err(|err| ServerError::io(&pulse_path, "create", err))?;
        let mut engine = Self {
            path: Path {
                journal,
                node,
                links,
                now_ns,
                clock,
                stopwatch: Stopwatch::new(),
                inlines: Vec::new(),
                faults: Faults::default(),
            },
            lateness: vec![Lateness::default(); feeds.len()],
            feeds,
            inlets: Vec::new(),
            pulse,
            errands: Errands::new(requests_in, Arc::clone(&waker)),
            requests,
            _control: control,
            bell: waker,
            triggers: Triggers::new(&config.triggers, now_ns),
            stop: Stop { asked: Arc::new(AtomicBool::new(false)) },
            ticks: 0,
            next_tick_ns: now_ns,
            recovered,
            snapshot_seq,
            snapshots,
            next_snapshot_seq: recovered + config.snapshot_entries,
            days,
            config,
        };
        for notice in notices {
            engine.notices().say(notice);
        }
        engine.begin(defined.as_deref())?;
        Ok(engine)
    }

    /// What is so at the start: what a new configuration defines; no connection, and no strategy.
    fn begin(&mut self, defined: Option<&[Definition]>) -> Result<(), ServerError> {
        if let Some(definitions) = defined {
            let ts_ns = self.now();
            recover::define(&mut self.path, &self.config, definitions, ts_ns)?;
        }
        for venue in self.config.venues.iter().map(|venue| venue.id).collect::<Vec<_>>() {
            self.link_changed(venue, false, [0; 16], 0, "the node started")?;
        }
        for at in 0..self.config.strategies.len() {
            if self.recovered != 0 {
                self.stopped(at, StopReason::Crashed, "the node started again")?;
            } else if !self.config.strategies[at].is_inline {
                self.open_inlet(sources::STRATEGY + self.config.strategies[at].id, Some(at))?;
            }
        }
        let adapters = self.config.venues.iter().filter(|venue| venue.orders.is_none());
        for id in adapters.map(|venue| venue.id).collect::<Vec<_>>() {
            self.open_inlet(sources::VENUE + id, None)?;
        }
        let copied = self.config.venues.iter().filter(|venue| venue.has_drop_copy);
        for id in copied.map(|venue| venue.id).collect::<Vec<_>>() {
            self.copy_gone(id, sources::CONFIG, "the node started")?;
            self.open_inlet(sources::DROP_COPY + id, None)?;
        }
        Ok(())
    }

    /// Ends the engine from elsewhere.
    #[must_use]
    pub fn stop_handle(&self) -> Stop {
        self.stop.clone()
    }

    /// Entries that the journal held at the start.
    #[must_use]
    pub const fn recovered(&self) -> u64 {
        self.recovered
    }

    /// Warnings of the clock, for people.
    #[must_use]
    pub fn notices(&self) -> Notices {
        self.path.clock.notices().clone()
    }

    /// What failed in strategies on the engine's thread.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.path.faults.clone()
    }

    /// Has a strategy of the configuration be called on the engine's thread; before [`Self::run`].
    ///
    /// # Panics
    /// When there is no strategy of this number.
    pub fn place_inline(&mut self, id: u32, strategy: Box<dyn InlineStrategy + Send>) {
        let known = self.config.strategies.iter().find(|known| known.id == id);
        let config = known.expect("a strategy of the configuration");
        let instruments_max = self.config.node.books.instruments_max;
        self.path.inlines.push(Inline::new(config, strategy, instruments_max));
    }

    /// Has the strategies of this thread begin; before the first turn, and once.
    ///
    /// # Errors
    /// When the journal takes no more.
    pub fn open(&mut self) -> Result<(), ServerError> {
        let ts_ns = self.now();
        self.path.start_inlines(ts_ns)
    }

    /// Turns until it is asked to end.
    ///
    /// # Errors
    /// When the journal takes no more.
    pub fn run(&mut self) -> Result<(), ServerError> {
        hear_signal()
            .map_err(|err| ServerError::io(&self.config.shared, "hear signals for", err))?;
        self.open()?;
        while !self.stop.asked.load(Ordering::Relaxed) {
            if !self.turn()? && !self.config.busy_poll {
                self.rest();
            }
        }
        self.leave()
    }

    /// One turn; whether there was anything to do.
    ///
    /// # Errors
    /// When the journal takes no more.
    #[inline]
    pub fn turn(&mut self) -> Result<bool, ServerError> {
        self.path.now_ns = self.path.clock.elapsed_ns();
        let ts_ns = self.path.clock.at(self.path.now_ns);
        self.look_at_signal()?;
        self.operate()?;
        let mut did = self.hear_venues(ts_ns)?;
        did |= self.hear_inlets(ts_ns)?;
        did |= self.hear_feeds(ts_ns)?;
        self.path.fire_inline_timers(ts_ns)?;
        self.path.stopwatch.nothing();
        if self.path.now_ns >= self.next_tick_ns {
            self.tick(ts_ns)?;
        }
        self.pulse.beat(Sink::last_seq(&self.path.journal));
        Ok(did)
    }

    fn hear_feeds(&mut self, turn_ts_ns: TsNs) -> Result<bool, ServerError> {
        let Self { feeds, path, config, lateness, .. } = self;
        let mut did = false;
        for ((feed, wire), late) in feeds.iter_mut().zip(&config.venues).zip(lateness) {
            let Some(feed) = feed else { continue };
            let feed_id = wire.feed.as_ref().map_or(0, |feed| feed.feed_id);
            for at in 0..AT_ONCE_MAX {
                let Some(item) = feed.next(path.now_ns) else { break };
                did = true;
                let ts_ns = item.ts_ns();
                if at == 0 && matches!(item, Item::Packet { .. }) {
                    path.note_wait(late, (feed_id, ts_ns), turn_ts_ns)?;
                }
                let (seq, now_ns) = (Sink::last_seq(&path.journal) + 1, path.clock.elapsed_ns());
                path.stopwatch.received(seq, now_ns);
                item.entry(feed_id, |kind, version, fixed, tail| {
                    let source = sources::FEED;
                    path.input(ts_ns, &Input { kind, version, source, fixed, tail })
                })?;
            }
        }
        Ok(did)
    }

    #[cold]
    fn tick(&mut self, ts_ns: TsNs) -> Result<(), ServerError> {
        self.next_tick_ns = self.path.now_ns + TICK_NS;
        self.ticks += 1;
        if self.ticks.is_multiple_of(TICKS_PER_LOOK) {
            self.path.clock.correct();
            self.path.note_clock(ts_ns)?;
        }
        let event = ClockTicked { tick: self.ticks };
        let input = Input {
            kind: ClockTicked::KIND,
            version: ClockTicked::VERSION,
            source: sources::CONFIG,
            fixed: &event.encode(),
            tail: &[],
        };
        self.path.input(ts_ns, &input)?;
        for at in 0..self.inlets.len() {
            self.look_after(at)?;
        }
        self.begin_day(ts_ns)?;
        self.snapshot_if_due();
        self.look_at_triggers()
    }

    /// Time, for an input that comes from nowhere else.
    pub(super) fn now(&self) -> TsNs {
        self.path.clock.at(self.path.clock.elapsed_ns())
    }

    /// Sleeps until something comes, a millisecond at most.
    fn rest(&self) {
        let mut all = [libc::pollfd { fd: -1, events: libc::POLLIN, revents: 0 }; 64];
        let links = self.path.links.iter().flatten().filter_map(OuchLink::descriptor);
        let feeds = self.feeds.iter().flatten().flat_map(FeedLines::descriptors);
        let bell = std::iter::once(self.bell.as_raw_fd());
        let mut count = 0;
        for (place, descriptor) in all.iter_mut().zip(bell.chain(links).chain(feeds)) {
            place.fd = descriptor;
            count += 1;
        }
        // SAFETY: `all` has room for `count` descriptors, which are open for the whole call.
        let _found = unsafe { libc::poll(all.as_mut_ptr(), count, 1) };
        if all[0].revents != 0 {
            self.bell.clear();
        }
    }

    /// Ends in an orderly way: strategies stop, their orders are cancelled and waited for, then the
    /// sessions end.
    fn leave(&mut self) -> Result<(), ServerError> {
        for strategy in 0..self.config.strategies.len() {
            self.stopped(strategy, StopReason::NodeStopped, "the node stops")?;
        }
        let until_ns = self.path.clock.elapsed_ns() + 1_000 * MILLISECOND_NS;
        let venues = self.config.venues.iter().map(|venue| venue.id).collect::<Vec<_>>();
        let is_flat = |node: &Node| {
            venues.iter().all(|&venue| !node.is_ready(venue) || node.live_orders(venue) == 0)
        };
        while !is_flat(&self.path.node) && self.path.clock.elapsed_ns() < until_ns {
            if !self.turn()? {
                self.rest();
            }
        }
        let now_ns = self.path.clock.elapsed_ns();
        self.path.links.iter_mut().flatten().for_each(|link| link.leave(now_ns));
        for venue in venues {
            self.link_changed(venue, false, [0; 16], 0, "the node stops")?;
        }
        self.pulse.end();
        self.take_snapshot();
        self.snapshots.finish();
        self.path.journal.finish().map_err(ServerError::Journal)
    }
}

/// Joins the lines of every feed, each where the journal ends.
fn open_feeds(
    config: &LiveConfig,
    node: &Node,
    now_ns: i64,
) -> Result<Vec<Option<FeedLines>>, ServerError> {
    let open = |venue: &VenueWire| {
        let Some(feed) = &venue.feed else { return Ok(None) };
        let address = feed.lines.first().copied();
        let feed = FeedConfig { resume: node.feed_position(venue.id), ..feed.clone() };
        FeedLines::open(feed, now_ns).map(Some).map_err(|source| ServerError::Socket {
            doing: "join the line at",
            address: address.map_or_else(|| ([0, 0, 0, 0], 0).into(), Into::into),
            source,
        })
    };
    config.venues.iter().map(open).collect()
}
