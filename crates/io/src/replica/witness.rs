// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The witness as a process: listens, keeps its ballot on disk, answers.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use onetape_core::continuity::message::{Message, Role};
use onetape_core::continuity::{Answer, Ask, BALLOT_BYTES, Ballot, LeaseTimes, NodeName, Witness};

use super::acceptor::Acceptor;
use super::clock::steady_ns;
use super::error::ReplicaError;
use super::link::{Identity, Link, get_to_know};
use super::secret::Secret;
use crate::journal_file::{FolderLock, sync_folder};

const MAGIC: [u8; 8] = *b"ONETAPEW";
const HASH_AT: usize = 8 + BALLOT_BYTES;
const FILE_BYTES: usize = HASH_AT + 32;
const CONNECTIONS_MAX: usize = 16;
/// How often a connection looks whether it is to end.
const LOOK: Duration = Duration::from_millis(50);

/// How a witness is set up.
#[derive(Clone, Debug)]
pub struct WitnessOptions {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where it keeps its ballot.
    pub folder: PathBuf,
    /// Its own name.
    pub node: NodeName,
    /// The cluster's name.
    pub cluster: NodeName,
    /// The two nodes that may ask.
    pub nodes: [NodeName; 2],
    /// The cluster's secret.
    pub secret: Secret,
    /// The same as the nodes'.
    pub times: LeaseTimes,
    /// For a witness that lost its disk: the last term that the nodes know. Else 0.
    pub last_term: u64,
}

/// A witness at work.
#[derive(Debug)]
pub struct WitnessServer {
    acceptor: Acceptor,
    voting: Arc<Mutex<Voting>>,
    _lock: FolderLock,
}

#[derive(Debug)]
struct Voting {
    witness: Witness,
    folder: PathBuf,
    /// The ballot could not be written: nothing is answered any more.
    broken: bool,
}

impl WitnessServer {
    /// Starts it.
    ///
    /// # Errors
    /// [`ReplicaError::Ballot`] when what it kept is damaged; `Journal` when another process has the
    /// folder; `Io`.
    pub fn start(options: WitnessOptions) -> Result<Self, ReplicaError> {
        let WitnessOptions { listen, folder, node, cluster, nodes, secret, times, last_term } =
            options;
        fs::create_dir_all(&folder)
            .map_err(|err| ReplicaError::io(format!("create {}", folder.display()), err))?;
        let lock = FolderLock::take(&folder)?;
        let mut ballot = read_ballot(&folder)?;
        ballot.term = ballot.term.max(last_term);
        let witness = Witness::new(ballot, nodes, &times, steady_ns());
        let voting = Arc::new(Mutex::new(Voting { witness, folder, broken: false }));
        let identity = Identity { node, cluster, secret };
        let theirs = Arc::clone(&voting);
        let serve = move |stream: TcpStream, peer: SocketAddr, stop: &AtomicBool| {
            // A connection that ends in any way is made again by who wants something.
            let _ended = serve(stream, peer, &identity, &theirs, stop);
        };
        let acceptor = Acceptor::start("witness", listen, CONNECTIONS_MAX, Arc::new(serve), || ())?;
        Ok(Self { acceptor, voting, _lock: lock })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.acceptor.address()
    }

    /// What it has given out last.
    #[must_use]
    pub fn ballot(&self) -> Ballot {
        *self.voting.lock().unwrap_or_else(PoisonError::into_inner).witness.ballot()
    }

    /// Whether its disk failed. Then it answers nobody.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.voting.lock().unwrap_or_else(PoisonError::into_inner).broken
    }

    /// Ends it.
    pub fn stop(mut self) {
        self.acceptor.stop();
    }
}

fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    identity: &Identity,
    voting: &Mutex<Voting>,
    stop: &AtomicBool,
) -> Result<(), ReplicaError> {
    let mut link = Link::new(stream, peer.to_string())?;
    let caller = get_to_know(&mut link, identity)?;
    if caller.role != Role::Voter {
        return Err(link.refuse(false, "this is the witness; it has no journal to follow"));
    }
    while !stop.load(Ordering::Acquire) {
        let ask = match link.receive(LOOK)? {
            None => continue,
            Some(Message::Ask(ask)) if ask.node == caller.node => ask,
            Some(_) => return Err(link.protocol("expected a question of its own")),
        };
        let answer = voting.lock().unwrap_or_else(PoisonError::into_inner).vote(&ask)?;
        link.send(&Message::Answer(answer))?;
    }
    Ok(())
}

impl Voting {
    fn vote(&mut self, ask: &Ask) -> Result<Answer, ReplicaError> {
        let considered = self.witness.consider(steady_ns(), ask);
        if considered.must_keep && !self.broken {
            self.broken = true; // Until the ballot is on disk.
            write_ballot(&self.folder, self.witness.ballot())?;
            self.broken = false;
        }
        if self.broken {
            let what = "the ballot could not be written".to_owned();
            return Err(ReplicaError::Ballot { path: ballot_path(&self.folder), what });
        }
        Ok(self.witness.answer(steady_ns(), considered))
    }
}

fn ballot_path(folder: &Path) -> PathBuf {
    folder.join("ballot")
}

fn read_ballot(folder: &Path) -> Result<Ballot, ReplicaError> {
    let path = ballot_path(folder);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(err) if err.kind() == ErrorKind::NotFound => return Ok(Ballot::default()),
        Err(err) => return Err(ReplicaError::io(format!("read {}", path.display()), err)),
    };
    let wrong = |what: &str| ReplicaError::Ballot { path: path.clone(), what: what.to_owned() };
    let Ok(bytes) = <[u8; FILE_BYTES]>::try_from(bytes) else {
        return Err(wrong("its length is not a ballot's"));
    };
    let (content, hash) = bytes.split_at(HASH_AT);
    if content[..8] != MAGIC || blake3::hash(content).as_bytes()[..] != *hash {
        return Err(wrong("its hash is not that of its content"));
    }
    let ballot = content[8..].first_chunk().and_then(Ballot::decode);
    ballot.ok_or_else(|| wrong("it is not a ballot"))
}

/// Under another name first, then on disk, then renamed, then the folder on disk.
fn write_ballot(folder: &Path, ballot: &Ballot) -> Result<(), ReplicaError> {
    let path = ballot_path(folder);
    let unfinished = path.with_extension("new");
    let mut bytes = Vec::with_capacity(FILE_BYTES);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&ballot.encode());
    let hash = blake3::hash(&bytes);
    bytes.extend_from_slice(hash.as_bytes());
    let write = || {
        let mut file = File::create(&unfinished)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)
    };
    write().map_err(|err| ReplicaError::io(format!("write {}", path.display()), err))?;
    Ok(sync_folder(folder)?)
}
