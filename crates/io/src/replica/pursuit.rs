// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The follower's thread that has the link: receives, journals, acknowledges, promises, and asks the
//! witness when the primary is gone. Nothing here waits for the component.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use onetape_core::continuity::message::{Message, Role};
use onetape_core::continuity::{Promise, Standing};
use onetape_core::journal::frame::{self, Frame, Word};

use super::clock::steady_ns;
use super::error::ReplicaError;
use super::follower::{Control, FollowerOptions};
use super::keeper::{KeeperOptions, LeaseKeeper};
use super::link::{Identity, Link, connect, introduce};
use super::tail::tail_mark;
use crate::journal_file::{JournalWriter, crc32c};

const CONNECT_TIMEOUT: Duration = Duration::from_millis(100);
/// Between two calls to a primary that does not answer: doubled from the first to the second.
const REST: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(500));
/// How often the link looks at what it was told to do.
const LOOK: Duration = Duration::from_millis(5);

/// How the thread ended.
pub(crate) enum Ending {
    /// It was told to.
    Stopped,
    /// The witness gave it a term.
    Granted(Box<Granted>),
}

/// What a node has that was given a term.
pub(crate) struct Granted {
    pub(crate) journal: JournalWriter,
    pub(crate) keeper: LeaseKeeper,
    pub(crate) term: u64,
    /// When the old primary was lost.
    pub(crate) since: Instant,
}

/// Why a link ended, when it was not lost.
enum Parted {
    Stopped,
    HandedOver,
}

/// The thread's state.
pub(crate) struct Pursuit<'a> {
    options: &'a FollowerOptions,
    control: &'a Control,
    journal: JournalWriter,
    promise: Promise,
    /// The term of the primary it has met, and of the one it has caught up with.
    term: u64,
    followed_term: u64,
    /// What it must have to have caught up.
    goal_seq: u64,
    /// What was last acknowledged: received, durable, applied.
    acked: (u64, u64, u64),
}

impl<'a> Pursuit<'a> {
    pub(crate) fn new(
        options: &'a FollowerOptions,
        control: &'a Control,
        journal: JournalWriter,
    ) -> Self {
        let promise = Promise::new(&options.times, steady_ns());
        let (term, followed_term, goal_seq, acked) = (0, 0, u64::MAX, (0, 0, 0));
        Self { options, control, journal, promise, term, followed_term, goal_seq, acked }
    }

    const fn role(&self) -> Role {
        if self.options.witness.is_some() { Role::Standby } else { Role::Copy }
    }

    pub(crate) fn run(mut self) -> Result<Ending, ReplicaError> {
        let mut rest = REST.0;
        while !self.control.is_stopped() {
            let parted = self.session(&mut rest);
            self.control.connected.store(false, Ordering::Release);
            let since = Instant::now();
            match parted {
                Ok(Parted::Stopped) => break,
                Ok(Parted::HandedOver) => {
                    self.control.take_over.store(true, Ordering::Release);
                    self.control.notice("the primary hands over".to_owned());
                }
                Err(err) if err.is_passing() => self.control.notice(err.to_string()),
                Err(err) => return Err(err),
            }
            if self.wants_term()
                && let Some(keeper) = self.ask_for_term(since)?
            {
                let term = keeper.lease().term();
                let journal = self.journal;
                return Ok(Ending::Granted(Box::new(Granted { journal, keeper, term, since })));
            }
            if !self.control.is_stopped() {
                thread::sleep(rest);
                rest = (rest * 2).min(REST.1);
            }
        }
        self.journal.close()?;
        Ok(Ending::Stopped)
    }

    /// Whether this is the time to ask: nobody may have what a node that is out of step lacks.
    fn wants_term(&self) -> bool {
        let told = self.control.take_over.load(Ordering::Acquire);
        let forced = self.control.force.load(Ordering::Acquire);
        if (told || forced) && self.options.witness.is_none() {
            self.control.notice("no take-over: this node has no witness".to_owned());
            self.control.take_over.store(false, Ordering::Release);
        }
        if told && !forced && self.followed_term == 0 {
            self.control.notice(
                "no take-over yet: this node has not been in step with a primary since it started"
                    .to_owned(),
            );
        }
        self.options.witness.is_some()
            && (forced || self.followed_term != 0 && (told || self.options.automatic))
    }

    /// Asks for a term until it is given, refused, or the patience is out. The link is closed
    /// already, so nothing is acknowledged to the old primary from now on.
    fn ask_for_term(&mut self, since: Instant) -> Result<Option<LeaseKeeper>, ReplicaError> {
        let Some(witness) = &self.options.witness else { return Ok(None) };
        let options = self.options;
        let keeper = LeaseKeeper::start(&KeeperOptions {
            witness: witness.clone(),
            node: options.node,
            cluster: options.cluster,
            secret: options.secret.clone(),
            times: options.times,
            followed_term: self.followed_term,
            alone: options.alone_afterwards,
            force: self.control.force.load(Ordering::Acquire),
            not_before_ns: self.promise.close(),
        })?;
        let patience = Duration::from_nanos(options.times.lease_ns.unsigned_abs()) * 4;
        match keeper.wait_held(patience) {
            Ok(term) => {
                self.control.term.store(term, Ordering::Release);
                self.control.notice(format!(
                    "this node is primary now, in term {term}, {} ms after the old one was lost",
                    since.elapsed().as_millis()
                ));
                Ok(Some(keeper))
            }
            Err(err) => {
                debug_assert!(keeper.lease().standing() != Standing::GaveUp);
                self.control.notice(format!("no take-over: {err}"));
                drop(keeper); // Gives up what it may have been given without hearing of it.
                self.promise.reopen();
                Ok(None)
            }
        }
    }

    /// One connection with the primary, from call to loss.
    fn session(&mut self, rest: &mut Duration) -> Result<Parted, ReplicaError> {
        let mut link = self.join()?;
        *rest = REST.0;
        self.control.connected.store(true, Ordering::Release);
        self.control.notice(format!("following {} in term {}", link.peer(), self.term));
        self.acknowledge(&mut link)?;
        let mut heard = Instant::now();
        let mut asked_to_hand_over = false;
        loop {
            if self.control.is_stopped() {
                return Ok(Parted::Stopped);
            }
            if self.control.take_over.load(Ordering::Acquire) && !asked_to_hand_over {
                link.send(&Message::AskHandOver)?;
                asked_to_hand_over = true;
            }
            match self.turn(&mut link)? {
                ControlFlow::Break(parted) => return Ok(parted),
                ControlFlow::Continue(true) => {
                    heard = Instant::now();
                    self.control.heard_ns.store(steady_ns(), Ordering::Release);
                }
                ControlFlow::Continue(false) if heard.elapsed() < self.options.silence => {}
                ControlFlow::Continue(false) => {
                    let what = format!("nothing came for {:?}", self.options.silence);
                    return Err(ReplicaError::Lost { peer: link.peer().to_owned(), what });
                }
            }
            self.acknowledge(&mut link)?;
        }
    }

    /// Calls the primary, and is let in.
    fn join(&mut self) -> Result<Link, ReplicaError> {
        let options = self.options;
        let mut link = connect(&options.primary, CONNECT_TIMEOUT)?;
        let me = Identity {
            node: options.node,
            cluster: options.cluster,
            secret: options.secret.clone(),
        };
        let tail = tail_mark(&options.folder, self.journal.last_seq())?;
        introduce(&mut link, &me, self.role(), self.term, tail)?;
        let peer = link.peer().to_owned();
        let (term, last_seq, schema_version) = match link.receive(options.silence.max(LOOK) * 20)? {
            Some(Message::Welcome { term, last_seq, schema_version, .. }) => {
                (term, last_seq, schema_version)
            }
            Some(Message::Refused { retry, text }) => {
                return Err(ReplicaError::Refused { peer, text: text.to_owned(), retry });
            }
            Some(_) => return Err(link.protocol("expected a welcome")),
            None => return Err(ReplicaError::Lost { peer, what: "no welcome came".to_owned() }),
        };
        if schema_version != options.journal.schema_version {
            return Err(link.protocol(format!(
                "its schema has version {schema_version}, ours {}",
                options.journal.schema_version
            )));
        }
        if term < self.term {
            let what = format!("it is primary of term {term}, we have met term {}", self.term);
            return Err(ReplicaError::Lost { peer, what });
        }
        (self.term, self.goal_seq) = (term, last_seq);
        self.control.term.store(term, Ordering::Release);
        self.control.primary_seq.store(last_seq, Ordering::Release);
        self.acked = (0, 0, 0);
        self.catch_up();
        Ok(link)
    }

    /// Takes note when it has all that the primary had when they met.
    fn catch_up(&mut self) {
        let last_seq = self.journal.last_seq();
        self.control.received.store(last_seq, Ordering::Release);
        if last_seq >= self.goal_seq && self.followed_term != self.term {
            self.followed_term = self.term;
            self.control.in_step.store(true, Ordering::Release);
            self.control.notice(format!("in step with the primary at entry {last_seq}"));
        }
    }

    /// Takes in one message; says whether there was one.
    fn turn(&mut self, link: &mut Link) -> Result<ControlFlow<Parted, bool>, ReplicaError> {
        let peer = link.peer().to_owned();
        let message = link.receive(LOOK)?;
        match message {
            None => return Ok(ControlFlow::Continue(false)),
            Some(Message::Entries(bytes)) => {
                append_all(&mut self.journal, bytes, &peer)?;
                self.control.pace.wake();
                self.catch_up();
            }
            Some(Message::Beat { term, asked_ns, last_seq }) => {
                self.control.primary_seq.store(last_seq, Ordering::Release);
                if self.role() == Role::Copy {
                    self.acked = (0, 0, 0); // Its acknowledgement is its sign of life.
                } else if term == self.term && self.promise.give(steady_ns()) {
                    link.send(&Message::Vouch { term, asked_ns })?;
                }
            }
            Some(Message::HandOver { term, last_seq })
                if term == self.followed_term && last_seq == self.journal.last_seq() =>
            {
                self.promise.absolve(steady_ns());
                return Ok(ControlFlow::Break(Parted::HandedOver));
            }
            Some(Message::Refused { retry, text }) => {
                return Err(ReplicaError::Refused { peer, text: text.to_owned(), retry });
            }
            Some(_) => return Err(link.protocol("a primary does not say that")),
        }
        Ok(ControlFlow::Continue(true))
    }

    /// Says what it has, when that changed.
    fn acknowledge(&mut self, link: &mut Link) -> Result<(), ReplicaError> {
        let received = self.journal.last_seq();
        let durable = self.journal.committed_seq();
        let applied = self.control.applied.load(Ordering::Acquire);
        let now = (received, durable, applied);
        if (now.0, now.1) != (self.acked.0, self.acked.1) || applied > self.acked.2 + 4096 {
            self.acked = now;
            link.send(&Message::Ack { received, durable, applied })?;
        }
        Ok(())
    }
}

/// Appends whole entries as the primary has them. Each is checked before it is taken.
fn append_all(
    journal: &mut JournalWriter,
    mut bytes: &[u8],
    peer: &str,
) -> Result<(), ReplicaError> {
    let wrong = |what: String| ReplicaError::Protocol { peer: peer.to_owned(), what };
    while let Some(word) = bytes.first_chunk() {
        let word = Word::unpack(u64::from_le_bytes(*word));
        let expected = journal.last_seq() + 1;
        let (entry, size) = match frame::parse(word, bytes, crc32c) {
            Ok(Frame::Entry(entry, size)) if entry.seq == expected && size <= bytes.len() => {
                (entry, size)
            }
            Ok(Frame::Entry(entry, _)) => {
                return Err(wrong(format!("expected entry {expected}, it sent {}", entry.seq)));
            }
            other => return Err(wrong(format!("entry {expected} is damaged: {other:?}"))),
        };
        if entry.ts_ns < journal.last_ts_ns() {
            return Err(wrong(format!("entry {expected} is of a time before the last")));
        }
        let done =
            journal.append(entry.ts_ns, entry.kind, entry.version, entry.source, entry.body, &[]);
        done.map_err(|err| ReplicaError::Io {
            doing: format!("append entry {expected}: {err:?}"),
            source: std::io::Error::from_raw_os_error(match err {
                onetape_core::journal::SinkError::Io { errno } => errno,
                _ => libc::ENOSPC,
            }),
        })?;
        bytes = &bytes[size..];
    }
    if bytes.is_empty() { Ok(()) } else { Err(wrong("a message ends within an entry".to_owned())) }
}
