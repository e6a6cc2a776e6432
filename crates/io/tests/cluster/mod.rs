// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A cluster in one process: nodes `alpha` and `beta`, a witness, and a component that echoes.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses a part of it; a test may panic"
)]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use onetape_core::component::{Component, Entry, Outbox, Snapshot, SnapshotError};
use onetape_core::continuity::{LeaseTimes, NodeName};
use onetape_core::events::StateHashed;
use onetape_core::hash::mix;
use onetape_core::snapshot::{read_u64, write_u64};
use onetape_io::journal_file::{JournalReader, JournalWriter, Options};
use onetape_io::replica::{
    CommitMode, Company, Control, FollowerOptions, Gate, KeeperOptions, LeaseKeeper, Outcome,
    Primary, PrimaryOptions, ReplicaError, Secret, SnapshotPolicy, WitnessOptions, WitnessServer,
    follow, steady_ns,
};

use super::folder::{TestFolder, small};

/// Answers each input once or twice with what it has become.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Echo {
    pub(crate) state: u64,
    pub(crate) inputs: u64,
    /// The input at which it does something else.
    pub(crate) wrong_at: u64,
}

impl Component for Echo {
    fn apply(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        self.inputs += 1;
        let first = entry.body.first().copied().unwrap_or_default();
        self.state = mix(self.state ^ u64::from(first) ^ entry.ts_ns.cast_unsigned());
        let wrong = u64::from(self.inputs == self.wrong_at);
        for at in 0..=self.inputs % 2 {
            out.emit(101, 1, &(self.state ^ at ^ wrong).to_le_bytes());
        }
    }

    fn state_hash(&self) -> u64 {
        self.state
    }
}

impl Snapshot for Echo {
    fn save(&self, out: &mut Vec<u8>) {
        write_u64(out, self.state);
        write_u64(out, self.inputs);
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.state = read_u64(bytes)?;
        self.inputs = read_u64(bytes)?;
        Ok(())
    }
}

pub(crate) fn node_name(number: usize) -> NodeName {
    NodeName::new(["alpha", "beta"][number]).unwrap()
}

/// What is needed for a cluster.
pub(crate) struct Cluster {
    root: TestFolder,
    secret: Secret,
    witness: Option<WitnessServer>,
    pub(crate) witness_at: SocketAddr,
    pub(crate) primary_at: Option<SocketAddr>,
    pub(crate) times: LeaseTimes,
    pub(crate) snapshots: SnapshotPolicy,
    pub(crate) segment_bytes: usize,
}

impl Cluster {
    pub(crate) fn new(name: &str) -> Self {
        let mut cluster = Self {
            root: TestFolder::new(name),
            secret: Secret::new(b"a secret of this test's cluster").unwrap(),
            witness: None,
            witness_at: "127.0.0.1:0".parse().unwrap(),
            primary_at: None,
            times: LeaseTimes { patience_ns: 10_000_000_000, ..LeaseTimes::default() },
            snapshots: SnapshotPolicy { entries: 0, ..SnapshotPolicy::default() },
            segment_bytes: small().segment_bytes * 4,
        };
        cluster.start_witness();
        cluster
    }

    pub(crate) fn folder(&self, node: usize) -> PathBuf {
        self.root.path().join(["alpha", "beta"][node])
    }

    pub(crate) fn change_secret(&mut self, secret: &[u8]) {
        self.secret = Secret::new(secret).unwrap();
    }

    pub(crate) fn witness_options(&self) -> WitnessOptions {
        WitnessOptions {
            listen: self.witness_at,
            folder: self.root.path().join("witness"),
            node: NodeName::new("witness").unwrap(),
            cluster: NodeName::new("market").unwrap(),
            nodes: [node_name(0), node_name(1)],
            secret: self.secret.clone(),
            times: self.times,
            last_term: 0,
        }
    }

    /// The last term that the witness gave out.
    pub(crate) fn ballot_term(&self) -> u64 {
        self.witness.as_ref().unwrap().ballot().term
    }

    pub(crate) fn start_witness(&mut self) {
        let witness = WitnessServer::start(self.witness_options()).unwrap();
        self.witness_at = witness.address();
        self.witness = Some(witness);
    }

    pub(crate) fn stop_witness(&mut self) {
        self.witness.take().unwrap().stop();
    }

    pub(crate) fn keeper(&self, node: usize, followed_term: u64) -> LeaseKeeper {
        LeaseKeeper::start(&KeeperOptions {
            witness: self.witness_at.to_string(),
            node: node_name(node),
            cluster: NodeName::new("market").unwrap(),
            secret: self.secret.clone(),
            times: self.times,
            followed_term,
            alone: true,
            force: false,
            not_before_ns: KeeperOptions::after_start(&self.times),
        })
        .unwrap()
    }

    pub(crate) fn journal_options(&self) -> Options {
        Options { segment_bytes: self.segment_bytes, ..small() }
    }

    /// Starts node `alpha` as primary.
    pub(crate) fn primary(&mut self, mode: CommitMode, company: Company) -> Node {
        let keeper = self.keeper(0, 0);
        keeper.wait_held(Duration::from_secs(2)).unwrap();
        let options = self.journal_options();
        let journal = JournalWriter::open(self.folder(0), &options).unwrap();
        let primary = Primary::start(
            PrimaryOptions {
                listen: "127.0.0.1:0".parse().unwrap(),
                folder: self.folder(0),
                node: node_name(0),
                cluster: NodeName::new("market").unwrap(),
                secret: self.secret.clone(),
                segment_bytes: options.segment_bytes,
                schema_version: options.schema_version,
                run_id: options.run_id,
                mode,
                company,
                beat: Duration::from_millis(10),
                silence: Duration::from_secs(1),
                followers_max: 4,
            },
            Arc::clone(keeper.lease()),
        )
        .unwrap();
        self.primary_at = Some(primary.address());
        let gate = primary.gate();
        Node { component: Echo::default(), journal, primary, keeper, gate, released: 0 }
    }

    /// Starts node `beta` as standby.
    pub(crate) fn follow(&self) -> Follower {
        self.follow_with(Echo::default)
    }

    pub(crate) fn follow_with(&self, make: fn() -> Echo) -> Follower {
        let options = FollowerOptions {
            folder: self.folder(1),
            journal: self.journal_options(),
            primary: self.primary_at.unwrap().to_string(),
            node: node_name(1),
            cluster: NodeName::new("market").unwrap(),
            secret: self.secret.clone(),
            witness: Some(self.witness_at.to_string()),
            times: self.times,
            automatic: true,
            silence: Duration::from_millis(500),
            alone_afterwards: true,
            snapshots: self.snapshots,
        };
        let control = Arc::new(Control::default());
        let theirs = Arc::clone(&control);
        let thread = std::thread::spawn(move || follow(&options, &theirs, || Ok(make())));
        Follower { control, thread }
    }

    /// Makes a journal of its own for a node, that nobody sent it.
    pub(crate) fn write_own(&self, node: usize, inputs: u64, seed: u64) {
        let mut journal = JournalWriter::open(self.folder(node), &self.journal_options()).unwrap();
        let mut component = Echo::default();
        for number in 0..inputs {
            apply(&mut journal, &mut component, number, seed);
        }
        journal.close().unwrap();
    }
}

struct Outputs<'a>(&'a mut JournalWriter, i64);

impl Outbox for Outputs<'_> {
    fn emit(&mut self, kind: u16, version: u8, body: &[u8]) {
        self.0.append(self.1, kind, version, 0, body, &[]).unwrap();
    }
}

/// Journals an input, applies it, journals what follows; a state hash at times.
fn apply(journal: &mut JournalWriter, component: &mut Echo, number: u64, seed: u64) {
    let body = mix(number ^ seed).to_le_bytes();
    let length = (number % 8) as usize + 1;
    let ts_ns = (number * 3).cast_signed();
    let seq = journal.append(ts_ns, 100, 1, 5, &body[..length], &[]).unwrap();
    let ts_ns = journal.last_ts_ns();
    let entry = Entry { seq, ts_ns, kind: 100, version: 1, source: 5, body: &body[..length] };
    component.apply(entry, &mut Outputs(journal, ts_ns));
    if number % 50 == 49 {
        let body = StateHashed { state_hash: component.state_hash() }.encode();
        journal.append(ts_ns, StateHashed::KIND, 1, 0, &body, &[]).unwrap();
    }
}

/// The primary, with the part that an engine would play.
pub(crate) struct Node {
    component: Echo,
    journal: JournalWriter,
    primary: Primary,
    keeper: LeaseKeeper,
    gate: Gate,
    released: u64,
}

impl Node {
    /// Takes `count` inputs.
    pub(crate) fn inputs(&mut self, count: u64) {
        for _ in 0..count {
            let number = self.component.inputs;
            apply(&mut self.journal, &mut self.component, number, 1);
            self.primary.notify();
        }
    }

    pub(crate) fn last_seq(&self) -> u64 {
        self.journal.last_seq()
    }

    pub(crate) fn term(&self) -> u64 {
        self.keeper.lease().term()
    }

    pub(crate) fn is_held(&self) -> bool {
        self.gate.is_held(steady_ns())
    }

    pub(crate) fn released(&mut self) -> u64 {
        self.released = self.gate.limit(steady_ns(), self.journal.committed_seq());
        self.released
    }

    /// Waits until everything may leave.
    pub(crate) fn wait_released(&mut self) {
        let until = Instant::now() + Duration::from_secs(10);
        while self.released() < self.last_seq() {
            assert!(Instant::now() < until, "{:?}", self.primary.standby());
            std::thread::sleep(Duration::from_micros(100));
        }
    }

    /// Waits until the standby could take over.
    pub(crate) fn wait_covered(&mut self) {
        self.wait_released();
        let until = Instant::now() + Duration::from_secs(10);
        while !self.primary.standby().may_take_over {
            assert!(Instant::now() < until, "{:?}", self.primary.standby());
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    pub(crate) fn was_asked_to_hand_over(&self) -> bool {
        self.primary.was_asked_to_hand_over()
    }

    pub(crate) fn hand_over(&self) -> bool {
        self.primary.hand_over(self.last_seq(), Duration::from_secs(5))
    }

    pub(crate) fn stop(self) {
        self.journal.close().unwrap();
        self.primary.stop();
    }

    /// As if its process were killed: nothing is said to anybody, the sockets close.
    pub(crate) fn die(self) {
        self.keeper.abandon();
        self.primary.stop();
        drop(self.journal);
    }
}

/// The standby.
pub(crate) struct Follower {
    pub(crate) control: Arc<Control>,
    thread: JoinHandle<Result<Outcome<Echo>, ReplicaError>>,
}

impl Follower {
    pub(crate) fn wait_for(&self, seq: u64) {
        let until = Instant::now() + Duration::from_secs(20);
        while self.control.status().applied < seq {
            let (status, notices) = (self.control.status(), self.control.notices());
            assert!(Instant::now() < until, "{seq}: {status:?} {notices:?}");
            assert!(!self.thread.is_finished(), "{status:?} {notices:?}");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    pub(crate) fn stop(self) -> Result<Outcome<Echo>, ReplicaError> {
        self.control.stop();
        self.join()
    }

    pub(crate) fn join(self) -> Result<Outcome<Echo>, ReplicaError> {
        let until = Instant::now() + Duration::from_secs(20);
        while !self.thread.is_finished() {
            let late = Instant::now() >= until;
            assert!(!late, "{:?} {:?}", self.control.status(), self.control.notices());
            std::thread::sleep(Duration::from_millis(1));
        }
        self.thread.join().unwrap()
    }
}

/// All entries of a journal, by number.
pub(crate) fn entries(folder: &Path) -> Vec<Vec<u8>> {
    let mut reader = JournalReader::open(folder).unwrap();
    let mut all = Vec::new();
    while let Some(framed) = reader.next_frame().unwrap() {
        all.push(framed.bytes.to_vec());
    }
    all
}

/// The bytes of each segment file.
pub(crate) fn segments(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    files
        .filter(|file| file.path().extension().is_some_and(|ending| ending == "seg"))
        .filter_map(|file| Some((file.file_name().to_str()?.to_owned(), file.path())))
        .map(|(name, path)| (name, std::fs::read(path).unwrap()))
        .collect()
}
