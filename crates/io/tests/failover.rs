// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A session of the whole exchange whose primary is gone after each of its entries: the standby takes
//! over by the witness's vote, and every client, whatever it had heard, sees every message exactly
//! once, under the numbers of the same session.
//!
//! The primary's journal ends with the entry in question; journal, link, leases, vote, follower and
//! server are the real ones, with leases of 10 ms. At every so many entries; with
//! `ONETAPE_EVERY_ENTRY` set (`make test-slow`) at each of them.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod fixer;
mod folder;
mod market;
mod recorded;
mod visitors;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use folder::TestFolder;
use onetape_core::continuity::{LeaseTimes, NodeName};
use onetape_core::exchange::node::Exchange;
use onetape_io::exchange::{ContinuityConfig, Server, ServerConfig, ServerError};
use onetape_io::replica::{
    CommitMode, Company, Control, Gate, KeeperOptions, LeaseKeeper, Primary, PrimaryOptions,
    ReplicaError, Secret, WitnessOptions, WitnessServer, steady_ns,
};
use recorded::{Cut, Recorded, config, make, step};
use visitors::{Listener, check_journal, visit};

const PATIENCE: Duration = Duration::from_secs(30);
/// Clusters at work at one time: mostly they wait for leases.
const WORKERS: usize = 4;

fn name(text: &str) -> NodeName {
    NodeName::new(text).unwrap()
}

fn secret() -> Secret {
    Secret::new(b"the secret of a cluster in a test").unwrap()
}

fn times() -> LeaseTimes {
    LeaseTimes { patience_ns: 10_000_000_000, ..LeaseTimes::of(10_000_000) }
}

/// A witness, and a folder for each of its two nodes.
struct Cluster {
    witness: WitnessServer,
    folder: PathBuf,
    listener: Listener,
}

impl Cluster {
    fn new(folder: &Path) -> Self {
        let witness = WitnessServer::start(WitnessOptions {
            listen: market::anywhere(),
            folder: folder.join("witness"),
            node: name("witness"),
            cluster: name("market"),
            nodes: [name("alpha"), name("beta")],
            secret: secret(),
            times: times(),
            last_term: 0,
        });
        let (folder, listener) = (folder.to_owned(), Listener::new());
        Self { witness: witness.unwrap(), folder, listener }
    }

    fn place(&self, node: &str) -> PathBuf {
        self.folder.join(node)
    }

    /// A primary whose journal is in node alpha's folder.
    fn primary(&self, config: &ServerConfig) -> Doomed {
        let keeper = LeaseKeeper::start(&KeeperOptions {
            witness: self.witness.address().to_string(),
            node: name("alpha"),
            cluster: name("market"),
            secret: secret(),
            times: times(),
            followed_term: 0,
            alone: true,
            force: true, // The one before was another test's.
            not_before_ns: steady_ns(),
        })
        .unwrap();
        keeper.wait_held(PATIENCE).unwrap();
        let options = PrimaryOptions {
            listen: market::anywhere(),
            folder: config.journal.clone(),
            node: name("alpha"),
            cluster: name("market"),
            secret: secret(),
            segment_bytes: config.options.segment_bytes,
            schema_version: config.options.schema_version,
            run_id: config.options.run_id,
            mode: CommitMode::Standby,
            company: Company::Required,
            beat: Duration::from_millis(1),
            silence: Duration::from_secs(2),
            followers_max: 4,
        };
        let primary = Primary::start(options, Arc::clone(keeper.lease())).unwrap();
        Doomed { gate: primary.gate(), keeper, primary }
    }

    fn standby(&self, node: &str, peer: SocketAddr) -> ContinuityConfig {
        ContinuityConfig {
            node: name(node),
            cluster: name("market"),
            secret: secret(),
            listen: market::anywhere(),
            peer: peer.to_string(),
            witness: Some(self.witness.address().to_string()),
            times: times(),
            mode: CommitMode::Standby,
            company: Company::Optional(Duration::from_millis(1)),
            automatic: true,
            silence: Duration::from_secs(2),
            snapshot_entries: 0,
            snapshot_pause: Duration::ZERO,
            force: false,
        }
    }

    /// Fails over when the primary's journal ends with entry `seq` and the standby has all of it.
    fn fail_over(&self, recorded: &Recorded, seq: u64) -> Server<Exchange> {
        for (node, until) in [("alpha", seq), ("beta", has_already(seq))] {
            recorded.cut(&self.place(node), until, Cut::journal());
        }
        let primary = self.primary(&config(&self.place("alpha"), None));
        let cluster = self.standby("beta", primary.primary.address());
        let control = Arc::new(Control::default());
        let (theirs, config) =
            (Arc::clone(&control), config(&self.place("beta"), Some(self.listener.line())));
        let standby =
            std::thread::spawn(move || Server::start_standby(config, &cluster, &theirs, make));
        let until = Instant::now() + PATIENCE;
        while !primary.is_covered(seq) {
            assert!(Instant::now() < until, "{seq}: {:?}", control.notices());
            assert!(!standby.is_finished(), "{seq}: {:?}", control.notices());
            std::thread::sleep(Duration::from_micros(50));
        }
        let gate = primary.die();
        // What has come no further than the primary's own journal is acknowledged to nobody.
        assert_eq!(gate.limit(steady_ns(), u64::MAX), seq);
        while !standby.is_finished() {
            assert!(Instant::now() < until, "{seq}: {:?}", control.notices());
            std::thread::sleep(Duration::from_micros(50));
        }
        standby.join().unwrap().unwrap().unwrap()
    }
}

impl Cluster {
    /// The dead primary comes back with an input that never reached anybody: it is not taken up.
    fn come_back(&self, recorded: &Recorded, seq: u64, server: &Server<Exchange>) {
        let input = seq + recorded.at(seq).missing + 1;
        if input > recorded.last_seq() {
            return;
        }
        recorded.cut(&self.place("alpha"), input, Cut::journal());
        let cluster = self.standby("alpha", server.continuity().unwrap().address());
        let (control, until) = (Arc::new(Control::default()), Instant::now() + PATIENCE);
        let (theirs, config) = (Arc::clone(&control), config(&self.place("alpha"), None));
        let back =
            std::thread::spawn(move || Server::start_standby(config, &cluster, &theirs, make));
        while !back.is_finished() {
            let is_late = Instant::now() >= until;
            assert!(!is_late, "{seq}: {:?} {:?}", control.status(), control.notices());
            std::thread::sleep(Duration::from_micros(200));
        }
        match back.join().unwrap() {
            Err(ServerError::Replica(ReplicaError::Refused { text, retry: false, .. })) => {
                assert!(text.contains("move its folder away"), "{text}");
            }
            Ok(_) => panic!("{seq}: it was let in"),
            Err(other) => panic!("{seq}: {other}"),
        }
    }
}

/// What the standby had before it began to follow: nothing, or all but the last entries.
const fn has_already(seq: u64) -> u64 {
    if seq.is_multiple_of(4) { 0 } else { seq.saturating_sub(seq % 23) }
}

/// A primary that is about to die.
struct Doomed {
    keeper: LeaseKeeper,
    primary: Primary,
    gate: Gate,
}

impl Doomed {
    /// Whether the standby has everything, and the witness knows it.
    fn is_covered(&self, seq: u64) -> bool {
        let standby = self.primary.standby();
        let limit = self.gate.limit(steady_ns(), u64::MAX);
        assert!(limit <= seq, "entry {limit} is released, the standby may have no more than {seq}");
        standby.may_take_over && standby.received == seq && limit == seq
    }

    /// As if its process were killed: nothing is said to anybody, the sockets close.
    fn die(self) -> Gate {
        self.keeper.abandon();
        self.primary.stop();
        self.gate
    }
}

#[test]
fn whenever_the_primary_is_gone_every_client_sees_everything_once() {
    let folder = TestFolder::in_memory("failover");
    let recorded = Recorded::new(&folder.path().join("whole"));
    let (next, step, began) = (AtomicU64::new(0), step(31) as u64, Instant::now());
    std::thread::scope(|scope| {
        for worker in 0..WORKERS {
            let cluster = Cluster::new(&folder.path().join(worker.to_string()));
            let (recorded, next) = (&recorded, &next);
            scope.spawn(move || {
                let mut seq = next.fetch_add(step, Ordering::Relaxed);
                while seq <= recorded.last_seq() {
                    let mut server = cluster.fail_over(recorded, seq);
                    check_journal(&cluster.place("beta").join("journal"), recorded, seq);
                    visit(&mut server, recorded, seq, &cluster.listener);
                    if (seq / step).is_multiple_of(16) {
                        cluster.come_back(recorded, seq, &server);
                    }
                    seq = next.fetch_add(step, Ordering::Relaxed);
                }
            });
        }
    });
    let entries = recorded.last_seq();
    assert!(entries >= 2_000);
    eprintln!("{} failovers in {entries} entries: {:?}", entries / step + 1, began.elapsed());
}
