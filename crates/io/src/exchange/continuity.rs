// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! An exchange of two nodes: started as primary, or as the standby that becomes it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use onetape_core::continuity::{LeaseTimes, NodeName, Standing};

use super::component::Core;
use super::config::{Commit, ServerConfig};
use super::doors;
use super::engine::Engine;
use super::error::ServerError;
use super::recover::component_version;
use super::server::Server;
use super::shadow::Shadow;
use crate::replica::{
    CommitMode, Company, Control, FollowerOptions, KeeperOptions, Lease, LeaseKeeper, Outcome,
    Primary, PrimaryOptions, Promoted, Secret, SnapshotPolicy, StandbyStatus, follow, steady_ns,
};

/// How long a start as primary waits for its term.
const TERM_PATIENCE: Duration = Duration::from_secs(3);
/// How long a hand-over may take.
const HAND_OVER_PATIENCE: Duration = Duration::from_secs(2);
/// A follower that says nothing for so long is let go.
const FOLLOWER_SILENCE: Duration = Duration::from_secs(2);
const FOLLOWERS_MAX: usize = 8;

/// The cluster, as one of its nodes sees it.
#[derive(Clone, Debug)]
pub struct ContinuityConfig {
    /// This node's name.
    pub node: NodeName,
    /// The cluster's name.
    pub cluster: NodeName,
    /// The cluster's secret.
    pub secret: Secret,
    /// Where this node serves followers while it is primary.
    pub listen: SocketAddr,
    /// Where the other node does, `host:port`.
    pub peer: String,
    /// Where the witness is, `host:port`; `None`: nobody takes over.
    pub witness: Option<String>,
    /// The same on both nodes and the witness.
    pub times: LeaseTimes,
    /// When an entry counts as committed.
    pub mode: CommitMode,
    /// What the primary does without its standby.
    pub company: Company,
    /// The standby takes over by itself when the primary is gone.
    pub automatic: bool,
    /// A primary that says nothing for so long is gone, to its standby.
    pub silence: Duration,
    /// When the standby takes snapshots: after so many entries and so much time.
    pub snapshot_entries: u64,
    /// See `snapshot_entries`.
    pub snapshot_pause: Duration,
    /// Ask for a term though entries may be lost. Only a person says that.
    pub force: bool,
}

impl ContinuityConfig {
    fn keeper(&self, witness: &str) -> KeeperOptions {
        KeeperOptions {
            witness: witness.to_owned(),
            node: self.node,
            cluster: self.cluster,
            secret: self.secret.clone(),
            times: self.times,
            followed_term: 0,
            // What a restart finds in its journal goes out at once, before any standby is there.
            alone: true,
            force: self.force,
            not_before_ns: KeeperOptions::after_start(&self.times),
        }
    }

    fn follower<C: Core>(&self, config: &ServerConfig) -> FollowerOptions {
        FollowerOptions {
            folder: config.journal.clone(),
            journal: config.options.clone(),
            primary: self.peer.clone(),
            node: self.node,
            cluster: self.cluster,
            secret: self.secret.clone(),
            witness: self.witness.clone(),
            times: self.times,
            automatic: self.automatic,
            silence: self.silence,
            alone_afterwards: true,
            snapshots: SnapshotPolicy {
                entries: self.snapshot_entries,
                pause: self.snapshot_pause,
                component_version: component_version::<C>(),
                ..SnapshotPolicy::default()
            },
        }
    }

    /// Begins to serve followers of the journal.
    fn serve(
        &self,
        config: &ServerConfig,
        keeper: Option<LeaseKeeper>,
    ) -> Result<Continuity, ServerError> {
        let lease =
            keeper.as_ref().map_or_else(Lease::unwatched, |keeper| Arc::clone(keeper.lease()));
        let options = PrimaryOptions {
            listen: self.listen,
            folder: config.journal.clone(),
            node: self.node,
            cluster: self.cluster,
            secret: self.secret.clone(),
            segment_bytes: config.options.segment_bytes,
            schema_version: config.options.schema_version,
            run_id: config.options.run_id,
            mode: self.mode,
            company: self.company,
            beat: Duration::from_nanos(self.times.renew_ns.unsigned_abs()),
            silence: FOLLOWER_SILENCE,
            followers_max: FOLLOWERS_MAX,
        };
        let primary = Primary::start(options, Arc::clone(&lease))?;
        let since_ns = steady_ns();
        Ok(Continuity { primary, lease, keeper, since_ns, taken_over: None, handed_over: false })
    }
}

/// A take-over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenOver {
    /// From the moment the primary was given up to this node's being the primary.
    pub took: Duration,
    /// Outputs that the dead primary did not come to append, and were appended.
    pub completed: u64,
}

/// What a primary has of its cluster.
#[derive(Debug)]
pub struct Continuity {
    pub(super) primary: Primary,
    pub(super) lease: Arc<Lease>,
    keeper: Option<LeaseKeeper>,
    /// Since when it is primary, by [`steady_ns`].
    pub(super) since_ns: i64,
    /// How it became that, if it was the standby.
    pub(super) taken_over: Option<TakenOver>,
    handed_over: bool,
}

impl Continuity {
    /// There is something new in the journal. One load.
    #[inline]
    pub(super) fn notify(&self) {
        self.primary.notify();
    }

    /// Whether another node has the journal now.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.handed_over || matches!(self.lease.standing(), Standing::Deposed | Standing::GaveUp)
    }

    /// Whether the standby took over in good order.
    #[must_use]
    pub const fn was_handed_over(&self) -> bool {
        self.handed_over
    }

    /// Ends as a process that is killed: nobody is told.
    #[cfg(test)]
    pub(super) fn die(self) {
        if let Some(keeper) = self.keeper {
            keeper.abandon();
        }
    }

    /// How the standby stands.
    #[must_use]
    pub fn standby(&self) -> StandbyStatus {
        self.primary.standby()
    }

    /// Whether there is a witness, without which nobody takes over.
    #[must_use]
    pub const fn has_witness(&self) -> bool {
        self.keeper.is_some()
    }

    /// How this node became the primary, if it was the standby.
    #[must_use]
    pub const fn taken_over(&self) -> Option<TakenOver> {
        self.taken_over
    }

    /// Where the witness is, when it last answered by [`steady_ns`] (0: never), and what went wrong
    /// since.
    pub(super) fn witness_seen(&self) -> Option<(&str, (i64, Option<String>))> {
        Some((self.keeper.as_ref()?.witness(), self.lease.witness_seen()?))
    }

    /// The node's term; 0 without a witness.
    #[must_use]
    pub fn term(&self) -> u64 {
        self.lease.term()
    }

    /// Where followers call.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.primary.address()
    }
}

impl<C: Core> Server<C> {
    /// Starts the node as the cluster's primary: asks the witness for a term, brings the exchange to
    /// life, serves followers, opens the doors.
    ///
    /// # Errors
    /// As [`Self::start`], and [`ServerError::Replica`] when the witness gives no term.
    pub fn start_primary(
        mut config: ServerConfig,
        cluster: &ContinuityConfig,
        make: impl Fn() -> C,
    ) -> Result<Self, ServerError> {
        config.check()?;
        let asked = cluster.witness.as_deref().map(|witness| {
            let keeper = LeaseKeeper::start(&cluster.keeper(witness))?;
            keeper.wait_held(TERM_PATIENCE).map(|_| keeper)
        });
        let keeper = asked.transpose()?;
        let (mut engine, recovered) = Engine::open(&config, &make)?;
        let continuity = cluster.serve(&config, keeper)?;
        config.commit = Commit::Replicated(continuity.primary.gate());
        engine.commit = config.commit.clone();
        Self::open_doors(config, engine, recovered, Some(continuity))
    }

    /// Follows the cluster's primary until `control` says stop (`None`) or this node is the primary:
    /// then its doors are open already.
    ///
    /// # Errors
    /// As [`Self::start`], and [`ServerError::Replica`] when the primary refuses this journal, or
    /// this node computes something else than it did.
    pub fn start_standby(
        mut config: ServerConfig,
        cluster: &ContinuityConfig,
        control: &Arc<Control>,
        make: impl Fn() -> C,
    ) -> Result<Option<Self>, ServerError> {
        config.check()?;
        doors::look(&config, control);
        let follower = cluster.follower::<C>(&config);
        let outcome = follow(&follower, control, || Shadow::make(&config, &make));
        let Outcome::Promoted(promoted) = outcome? else { return Ok(None) };
        let Promoted { journal, component, keeper, took, completed, .. } = *promoted;
        let mut continuity = cluster.serve(&config, Some(keeper))?;
        continuity.taken_over = Some(TakenOver { took, completed });
        config.commit = Commit::Replicated(continuity.primary.gate());
        let (engine, recovered) = component.into_engine(journal, config.commit.clone())?;
        doors::wait(&config, control);
        Self::open_doors(config, engine, recovered, Some(continuity)).map(Some)
    }

    /// The cluster that it is primary of, if any.
    #[must_use]
    pub const fn continuity(&self) -> Option<&Continuity> {
        self.continuity.as_ref()
    }

    /// Steps down when the term is over, and hands over when the standby asks for it.
    pub(super) fn keep_lease(&mut self) -> Result<(), ServerError> {
        let Some(continuity) = &mut self.continuity else { return Ok(()) };
        if continuity.lease.standing() == Standing::Deposed {
            return Err(ServerError::Deposed { term: continuity.lease.term() });
        }
        if continuity.primary.was_asked_to_hand_over() {
            let last_seq = self.engine.journal.last_seq();
            let was_alone = continuity.lease.is_alone();
            continuity.handed_over = continuity.primary.hand_over(last_seq, HAND_OVER_PATIENCE);
            if continuity.handed_over {
                self.stop().stop();
            } else if !was_alone && continuity.lease.standing() == Standing::GaveUp {
                return Err(ServerError::Deposed { term: continuity.lease.term() });
            }
        }
        Ok(())
    }
}
