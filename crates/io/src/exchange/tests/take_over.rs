// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Two exchanges and a witness: the primary dies, hands over, or is alone; clients go on where they
//! were, under the same numbers.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use onetape_core::continuity::{LeaseTimes, NodeName};

use super::echo::Echo;
use super::operators::desk;
use super::rig::{Peer, Rig, anywhere, config};
use crate::exchange::scratch::Scratch;
use crate::exchange::{ContinuityConfig, Server, ServerConfig, ServerError};
use crate::replica::{
    CommitMode, Company, Control, ReplicaError, Secret, WitnessOptions, WitnessServer,
};

fn name(text: &str) -> NodeName {
    NodeName::new(text).unwrap()
}

fn secret() -> Secret {
    Secret::new(b"the secret of a cluster in a test").unwrap()
}

/// An address that nobody has, and that somebody may take a little later.
fn free_address() -> SocketAddr {
    TcpListener::bind(anywhere()).unwrap().local_addr().unwrap()
}

fn witness(folder: &Path) -> WitnessServer {
    WitnessServer::start(WitnessOptions {
        listen: anywhere(),
        folder: folder.join("witness"),
        node: name("witness"),
        cluster: name("market"),
        nodes: [name("alpha"), name("beta")],
        secret: secret(),
        times: LeaseTimes::default(),
        last_term: 0,
    })
    .unwrap()
}

/// Two nodes' configurations; each serves operators in its folder.
pub(super) struct Pair {
    pub(super) folder: Scratch,
    witness: WitnessServer,
    serve: [SocketAddr; 2],
    doors: [SocketAddr; 2],
    mode: CommitMode,
}

impl Pair {
    pub(super) fn new(what: &str) -> Self {
        let folder = Scratch::new(what);
        let witness = witness(folder.path());
        let serve = [free_address(), free_address()];
        let doors = [free_address(), free_address()];
        Self { folder, witness, serve, doors, mode: CommitMode::Standby }
    }

    fn config(&self, node: usize) -> ServerConfig {
        let folder = self.folder(node);
        let mut config = config(&folder);
        config.control = Some(desk(&folder));
        for port in &mut config.ports {
            port.address = self.doors[node];
        }
        config
    }

    /// The node's folder.
    pub(super) fn folder(&self, node: usize) -> PathBuf {
        self.folder.path().join(["alpha", "beta"][node])
    }

    fn cluster(&self, node: usize) -> ContinuityConfig {
        ContinuityConfig {
            node: name(["alpha", "beta"][node]),
            cluster: name("market"),
            secret: secret(),
            listen: self.serve[node],
            peer: self.serve[1 - node].to_string(),
            witness: Some(self.witness.address().to_string()),
            times: LeaseTimes { patience_ns: 10_000_000_000, ..LeaseTimes::default() },
            mode: self.mode,
            company: Company::Optional(Duration::from_millis(200)),
            automatic: true,
            silence: Duration::from_millis(500),
            snapshot_entries: 0,
            snapshot_pause: Duration::ZERO,
            force: false,
        }
    }

    pub(super) fn primary(&self, node: usize) -> Killable {
        let server = Server::start_primary(self.config(node), &self.cluster(node), Echo::default);
        Killable::run(server.unwrap())
    }

    /// A standby on a thread of its own, which serves once it is primary.
    pub(super) fn standby(&self, node: usize) -> Standby {
        let control = Arc::new(Control::default());
        let (config, cluster) = (self.config(node), self.cluster(node));
        let theirs = Arc::clone(&control);
        let thread = std::thread::spawn(move || {
            Server::start_standby(config, &cluster, &theirs, Echo::default)
                .map(|server| server.map(Killable::run))
        });
        Standby { control, thread }
    }
}

pub(super) struct Standby {
    pub(super) control: Arc<Control>,
    thread: JoinHandle<Result<Option<Killable>, ServerError>>,
}

impl Standby {
    pub(super) fn wait_in_step(&self) {
        let until = Instant::now() + Duration::from_secs(10);
        while !self.control.status().in_step {
            assert!(Instant::now() < until, "{:?}", self.control.notices());
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    pub(super) fn promoted(self) -> Killable {
        let until = Instant::now() + Duration::from_secs(10);
        while !self.thread.is_finished() {
            assert!(Instant::now() < until, "{:?}", self.control.notices());
            std::thread::sleep(Duration::from_millis(1));
        }
        self.thread.join().unwrap().unwrap().expect("a primary")
    }
}

/// An exchange that can be ended as if its process were killed.
pub(super) struct Killable {
    killed: Arc<AtomicBool>,
    covered: Arc<AtomicBool>,
    thread: JoinHandle<(Server<Echo>, Result<(), ServerError>)>,
}

impl Killable {
    fn run(mut server: Server<Echo>) -> Self {
        let (killed, covered) = (Arc::new(AtomicBool::new(false)), Arc::default());
        let (flag, seen): (_, Arc<AtomicBool>) = (Arc::clone(&killed), Arc::clone(&covered));
        let thread = std::thread::spawn(move || {
            let mut ran = Ok(());
            while ran.is_ok() && !flag.load(Ordering::SeqCst) {
                ran = server.turn();
                let continuity = server.continuity().unwrap();
                seen.store(continuity.standby().may_take_over, Ordering::SeqCst);
                if continuity.is_over() {
                    break;
                }
            }
            if flag.load(Ordering::SeqCst) {
                server.continuity.take().unwrap().die();
            }
            (server, ran)
        });
        Self { killed, covered, thread }
    }

    /// Waits until the standby could take over.
    pub(super) fn wait_covered(&self) {
        let until = Instant::now() + Duration::from_secs(10);
        while !self.covered.load(Ordering::SeqCst) {
            assert!(Instant::now() < until, "the standby never caught up");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    pub(super) fn kill(self) {
        self.killed.store(true, Ordering::SeqCst);
        drop(self.thread.join().unwrap().0);
    }
}

/// Logs in as port 1 from message `sequence` on, as soon as somebody listens.
fn log_in(address: SocketAddr, sequence: u64) -> (Peer, u64) {
    let until = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(address).is_err() {
        assert!(Instant::now() < until, "nobody listens");
        std::thread::sleep(Duration::from_millis(1));
    }
    let mut peer = Peer::connect(address);
    peer.ask_in("user1", "pass1", b"", sequence);
    let next = peer.accepted();
    (peer, next)
}

#[test]
fn clients_go_on_with_the_standby_under_the_same_numbers() {
    let pair = Pair::new("over");
    let primary = pair.primary(0);
    let standby = pair.standby(1);
    standby.wait_in_step();
    primary.wait_covered();
    let (mut peer, next) = log_in(pair.doors[0], 1);
    assert_eq!(next, 1);
    for number in 0..200_u32 {
        peer.say(format!("A{number}").as_bytes());
    }
    let heard: Vec<Vec<u8>> = (0..150).map(|_| peer.message()).collect();
    let died = Instant::now();
    primary.kill();
    let (mut peer, next) = log_in(pair.doors[1], 151);
    peer.say(b"first of the new one");
    assert_eq!(next, 151);
    let mut more = peer.message();
    let mut number = 151;
    while more != b"first of the new one" {
        assert_eq!(more, format!("A{}", number - 1).as_bytes());
        more = peer.message();
        number += 1;
    }
    let took = died.elapsed();
    drop(peer);
    std::thread::sleep(Duration::from_millis(100));
    let (mut again, next) = log_in(pair.doors[1], 1);
    assert_eq!(next, 1);
    for message in &heard {
        assert_eq!(&again.message(), message);
    }
    // How fast it is, benchmarks say; here only that nobody waited for a timeout of minutes.
    assert!(took < Duration::from_secs(5), "{took:?}");
    standby.promoted().kill();
}

#[test]
fn a_primary_hands_over_when_it_is_asked_to_and_joins_again_as_standby() {
    let pair = Pair::new("hands");
    let primary = pair.primary(0);
    let standby = pair.standby(1);
    standby.wait_in_step();
    primary.wait_covered();
    let (mut peer, _) = log_in(pair.doors[0], 1);
    peer.say(b"before");
    assert_eq!(peer.message(), b"before");
    standby.control.take_over();
    let (server, ran) = primary.thread.join().unwrap();
    ran.unwrap();
    assert!(server.continuity().unwrap().was_handed_over());
    drop(server);
    let second = standby.promoted();
    let (mut peer, next) = log_in(pair.doors[1], 2);
    assert_eq!(next, 2);
    peer.say(b"after");
    assert_eq!(peer.message(), b"after");
    let third = pair.standby(0);
    third.wait_in_step();
    second.wait_covered();
    second.kill();
    let (mut peer, _) = log_in(pair.doors[0], 1);
    assert_eq!((peer.message(), peer.message()), (b"before".to_vec(), b"after".to_vec()));
    third.promoted().kill();
}

#[test]
fn a_take_over_waits_for_an_address_that_somebody_else_has() {
    let pair = Pair::new("doors");
    let taken = TcpListener::bind(pair.doors[1]).unwrap();
    let primary = pair.primary(0);
    let standby = pair.standby(1);
    standby.wait_in_step();
    primary.wait_covered();
    let said = standby.control.notices();
    assert!(said.iter().any(|text| text.contains("a take-over needs it")), "{said:?}");
    primary.kill();
    let until = Instant::now() + Duration::from_secs(10);
    while !standby.control.notices().iter().any(|text| text.contains("waits for")) {
        assert!(Instant::now() < until && !standby.thread.is_finished());
        std::thread::sleep(Duration::from_millis(1));
    }
    drop(taken);
    let promoted = standby.promoted();
    let (_peer, next) = log_in(pair.doors[1], 1);
    assert_eq!(next, 1);
    promoted.kill();
}

#[test]
fn a_node_that_was_not_the_last_primary_does_not_start_as_one() {
    let pair = Pair::new("stale");
    let primary = pair.primary(0);
    let standby = pair.standby(1);
    standby.wait_in_step();
    primary.wait_covered();
    primary.kill();
    let promoted = standby.promoted();
    promoted.kill();
    let refused = Server::start_primary(pair.config(0), &pair.cluster(0), Echo::default);
    match refused.err() {
        Some(ServerError::Replica(ReplicaError::NotGranted { what })) => {
            assert!(what.contains("beta was the last primary"), "{what}");
        }
        other => panic!("{other:?}"),
    }
    let forced = ContinuityConfig { force: true, ..pair.cluster(0) };
    let server = Server::start_primary(pair.config(0), &forced, Echo::default).unwrap();
    assert_eq!(server.continuity().unwrap().term(), 3);
}

#[test]
fn without_a_standby_it_goes_on_alone_and_stops_in_good_order() {
    let pair = Pair::new("alone");
    let server = Server::start_primary(pair.config(0), &pair.cluster(0), Echo::default).unwrap();
    let rig = Rig::run(server);
    let (mut peer, _) = rig.log_in(1, 1);
    peer.say(b"nobody else is here");
    assert_eq!(peer.message(), b"nobody else is here");
    drop(rig.stop());
}
