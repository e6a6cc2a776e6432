// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Keeps a node's lease, on a thread of its own. The engine asks it with one load.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use onetape_core::continuity::message::{Message, Role, TailMark};
use onetape_core::continuity::{Answer, Ask, Holder, LeaseTimes, NodeName, Standing, Verdict};

use super::clock::steady_ns;
use super::error::ReplicaError;
use super::link::{Identity, Link, connect, introduce};
use super::secret::{Secret, random_bytes};

const CONNECT_TIMEOUT: Duration = Duration::from_millis(30);
/// After a connection that failed.
const REST: Duration = Duration::from_millis(10);
/// How long giving up waits for the witness to know.
const FAREWELL: Duration = Duration::from_millis(50);

/// What a node wants of the witness.
#[derive(Clone, Debug)]
pub struct KeeperOptions {
    /// Address of the witness, `host:port`.
    pub witness: String,
    /// The node's name.
    pub node: NodeName,
    /// The cluster's name.
    pub cluster: NodeName,
    /// The cluster's secret.
    pub secret: Secret,
    /// The same as the witness's.
    pub times: LeaseTimes,
    /// The term whose primary the node followed to the last entry; 0: none.
    pub followed_term: u64,
    /// It will release without a standby.
    pub alone: bool,
    /// Take the term though entries may be lost.
    pub force: bool,
    /// Ask no earlier, by [`steady_ns`]. A process that has just started may have promised something
    /// before: it waits one lease ([`Self::after_start`]).
    pub not_before_ns: i64,
}

impl KeeperOptions {
    /// The earliest time at which a process that starts now may ask.
    #[must_use]
    pub fn after_start(times: &LeaseTimes) -> i64 {
        steady_ns() + times.lease_ns
    }
}

#[derive(Debug)]
struct Inside {
    holder: Holder,
    /// To be said to the witness when the term is given up.
    farewell: Option<Ask>,
    last_answer: Option<Answer>,
    answered_ns: i64,
    last_error: Option<String>,
}

/// What is known of the lease, for any thread.
#[derive(Debug)]
pub struct Lease {
    until_ns: AtomicI64,
    alone: AtomicBool,
    covered: AtomicBool,
    term: AtomicU64,
    stop: AtomicBool,
    /// `None`: there is no witness, and nobody takes over.
    inside: Option<Mutex<Inside>>,
    moved: Condvar,
}

impl Lease {
    /// The lease of a node without a witness: always held, and its standby cannot take over.
    #[must_use]
    pub fn unwatched() -> Arc<Self> {
        Arc::new(Self {
            until_ns: AtomicI64::new(i64::MAX),
            alone: AtomicBool::new(true),
            covered: AtomicBool::new(false),
            term: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            inside: None,
            moved: Condvar::new(),
        })
    }

    /// Whether outputs may leave at `now_ns` by [`steady_ns`]. One load.
    #[inline]
    #[must_use]
    pub fn is_held(&self, now_ns: i64) -> bool {
        now_ns < self.until_ns.load(Ordering::Acquire)
    }

    /// Until when, by [`steady_ns`].
    #[inline]
    #[must_use]
    pub fn until_ns(&self) -> i64 {
        self.until_ns.load(Ordering::Acquire)
    }

    /// The node's term; 0: none (yet).
    #[must_use]
    pub fn term(&self) -> u64 {
        self.term.load(Ordering::Acquire)
    }

    /// Whether what the standby has not confirmed may leave, as the witness knows.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        self.alone.load(Ordering::Acquire)
    }

    /// Whether the witness knows that the standby has everything, and would let it take over.
    #[must_use]
    pub fn is_covered(&self) -> bool {
        self.covered.load(Ordering::Acquire)
    }

    /// Whether there is a witness at all.
    #[must_use]
    pub const fn is_watched(&self) -> bool {
        self.inside.is_some()
    }

    /// Where the node stands. Once [`Standing::Deposed`], it is to stop.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.lock().map_or(Standing::Holding, |inside| inside.holder.standing())
    }

    /// When the witness last answered, by [`steady_ns`] (0: never), and what went wrong since.
    #[must_use]
    pub fn witness_seen(&self) -> Option<(i64, Option<String>)> {
        self.lock().map(|inside| (inside.answered_ns, inside.last_error.clone()))
    }

    fn lock(&self) -> Option<MutexGuard<'_, Inside>> {
        Some(self.inside.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets the holder act, and shows everybody what came of it.
    fn act<R>(&self, act: impl FnOnce(&mut Inside) -> R) -> Option<R> {
        let mut inside = self.lock()?;
        let done = act(&mut inside);
        self.alone.store(inside.holder.is_alone(), Ordering::Release);
        self.covered.store(inside.holder.is_covered(), Ordering::Release);
        self.term.store(inside.holder.term(), Ordering::Release);
        self.until_ns.store(inside.holder.until_ns(), Ordering::Release);
        drop(inside);
        self.moved.notify_all();
        Some(done)
    }

    /// See [`Holder::vouched`].
    pub(crate) fn vouched(&self, term: u64, asked_ns: i64) {
        self.act(|inside| inside.holder.vouched(term, asked_ns));
    }

    /// See [`Holder::want_alone`]. The witness knows within a beat.
    pub(crate) fn want_alone(&self, alone: bool) {
        self.act(|inside| inside.holder.want_alone(alone, steady_ns()));
    }

    /// Gives the term up at once, and waits a moment for the witness to know.
    pub fn give_up(&self) {
        self.act(|inside| inside.farewell = inside.holder.give_up(steady_ns()));
        let Some(mut inside) = self.lock() else { return };
        let until = Instant::now() + FAREWELL;
        while inside.farewell.is_some() && Instant::now() < until {
            let waited = self.moved.wait_timeout(inside, REST);
            inside = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// The thread that keeps a lease.
#[derive(Debug)]
pub struct LeaseKeeper {
    lease: Arc<Lease>,
    witness: String,
    abandoned: bool,
    thread: Option<JoinHandle<()>>,
}

impl LeaseKeeper {
    /// Starts to ask for a term, and then keeps it until it is dropped.
    ///
    /// # Errors
    /// [`ReplicaError::Io`] when there is no thread to be had.
    pub fn start(options: &KeeperOptions) -> Result<Self, ReplicaError> {
        let KeeperOptions { node, cluster, times, followed_term, alone, force, .. } = *options;
        let nonce = u64::from_le_bytes(random_bytes()?);
        let holder = Holder::new(node, nonce, times, followed_term, alone, options.not_before_ns);
        let holder = if force { holder.forced() } else { holder };
        let inside =
            Inside { holder, farewell: None, last_answer: None, answered_ns: 0, last_error: None };
        let lease = Arc::new(Lease {
            until_ns: AtomicI64::new(i64::MIN),
            alone: AtomicBool::new(false),
            covered: AtomicBool::new(false),
            term: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            inside: Some(Mutex::new(inside)),
            moved: Condvar::new(),
        });
        let asking = Asking {
            lease: Arc::clone(&lease),
            identity: Identity { node, cluster, secret: options.secret.clone() },
            witness: options.witness.clone(),
            link: None,
            rest_until: Instant::now(),
        };
        let thread = thread::Builder::new()
            .name("lease-keeper".to_owned())
            .spawn(move || asking.run())
            .map_err(|err| ReplicaError::io("start the lease's thread", err))?;
        let witness = options.witness.clone();
        Ok(Self { lease, witness, abandoned: false, thread: Some(thread) })
    }

    /// The lease it keeps.
    #[must_use]
    pub const fn lease(&self) -> &Arc<Lease> {
        &self.lease
    }

    /// Address of the witness.
    #[must_use]
    pub fn witness(&self) -> &str {
        &self.witness
    }

    /// Waits until the lease is held, and says the term.
    ///
    /// # Errors
    /// [`ReplicaError::NotGranted`] when the witness says no, or nothing within `patience`.
    pub fn wait_held(&self, patience: Duration) -> Result<u64, ReplicaError> {
        let until = Instant::now() + patience;
        let Some(mut inside) = self.lease.lock() else { return Ok(0) };
        loop {
            let is_late = Instant::now() >= until;
            match inside.holder.standing() {
                Standing::Holding if self.lease.is_held(steady_ns()) => {
                    return Ok(inside.holder.term());
                }
                Standing::Refused(verdict) => {
                    return Err(self.not_granted(&inside, Some(verdict)));
                }
                Standing::Seeking | Standing::Holding if !is_late => {}
                _ => return Err(self.not_granted(&inside, None)),
            }
            let waited = self.lease.moved.wait_timeout(inside, REST);
            inside = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn not_granted(&self, inside: &Inside, verdict: Option<Verdict>) -> ReplicaError {
        let (term, holder) =
            inside.last_answer.map_or((0, NodeName::default()), |was| (was.term, was.holder));
        let verdict = verdict.or_else(|| inside.last_answer.map(|answer| answer.verdict));
        let why = match verdict {
            Some(Verdict::Stale) => format!(
                "{holder} was the last primary, in term {term}, and this node did not follow it to \
                 its last entry"
            ),
            Some(Verdict::Alone) => {
                format!(
                    "{holder} released entries in term {term} that its standby has not confirmed"
                )
            }
            Some(Verdict::Held) => format!("{holder} is primary, in term {term}"),
            Some(Verdict::Stranger) => "it does not know this node's name".to_owned(),
            Some(Verdict::Granted | Verdict::Deposed) => format!("term {term} is {holder}'s"),
            None => inside.last_error.clone().unwrap_or_else(|| "it does not answer".to_owned()),
        };
        let what = format!("no term from the witness at {}: {why}", self.witness);
        ReplicaError::NotGranted { what }
    }
}

impl LeaseKeeper {
    /// Ends the thread and says nothing to the witness, as a process does that is killed: the lease
    /// runs out by itself. For tests.
    pub fn abandon(mut self) {
        self.abandoned = true;
    }
}

impl Drop for LeaseKeeper {
    fn drop(&mut self) {
        if !self.abandoned {
            self.lease.give_up();
        }
        self.lease.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            let _a_panic_was_printed = thread.join();
        }
    }
}

/// The thread's side.
struct Asking {
    lease: Arc<Lease>,
    identity: Identity,
    witness: String,
    link: Option<Link>,
    rest_until: Instant,
}

impl Asking {
    fn run(mut self) {
        while !self.lease.stop.load(Ordering::Acquire) {
            if self.link.is_none() && Instant::now() >= self.rest_until {
                let made = self.connect();
                self.note(made.err());
            }
            let now_ns = steady_ns();
            let turn = self.lease.act(|inside| {
                let ask = inside.farewell.or_else(|| inside.holder.poll(now_ns));
                (ask, inside.holder.next_ask_ns())
            });
            let Some((ask, next_ask_ns)) = turn else { return };
            let wait_ns = (next_ask_ns - now_ns).clamp(200_000, 10_000_000);
            let wait = Duration::from_nanos(wait_ns.unsigned_abs());
            let done = self.exchange(ask, wait);
            self.note(done.err());
        }
    }

    fn connect(&mut self) -> Result<(), ReplicaError> {
        let mut link = connect(&self.witness, CONNECT_TIMEOUT)?;
        introduce(&mut link, &self.identity, Role::Voter, self.lease.term(), TailMark::default())?;
        self.link = Some(link);
        Ok(())
    }

    /// Asks, if there is something to ask, and hears what comes within `wait`.
    fn exchange(&mut self, ask: Option<Ask>, wait: Duration) -> Result<(), ReplicaError> {
        let Some(link) = &mut self.link else {
            thread::sleep(wait.min(REST));
            return Ok(());
        };
        if let Some(ask) = ask {
            link.send(&Message::Ask(ask))?;
        }
        match link.receive(wait)? {
            Some(Message::Answer(answer)) => {
                self.lease.act(|inside| {
                    inside.holder.answered(steady_ns(), &answer);
                    inside.last_answer = Some(answer);
                    (inside.answered_ns, inside.last_error) = (steady_ns(), None);
                    if answer.kind == onetape_core::continuity::AskKind::Release {
                        inside.farewell = None;
                    }
                });
                Ok(())
            }
            Some(Message::Refused { text, retry }) => {
                let (text, peer) = (text.to_owned(), self.witness.clone());
                Err(ReplicaError::Refused { peer, text, retry })
            }
            Some(_) => Err(link.protocol("expected an answer")),
            None => Ok(()),
        }
    }

    /// After an error the connection is made again, a little later.
    fn note(&mut self, error: Option<ReplicaError>) {
        let Some(error) = error else { return };
        self.link = None;
        self.rest_until = Instant::now() + REST;
        self.lease.act(|inside| inside.last_error = Some(error.to_string()));
    }
}
