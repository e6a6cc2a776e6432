// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Primary, standby and witness over TCP. What they say and decide is the core's
//! (`onetape_core::continuity`); here are sockets, clocks and threads.
//!
//! ```text
//!  engine ──► journal ◄── sender thread ══ entries, beats ══► link thread ──► journal ◄── caller's thread
//!    │ Gate: may it leave?    receiver  ◄══ acks, vouchers ═══                              applies, compares
//!    └── LeaseKeeper thread ══ asks ══► Witness ◄══ asks ═════ (when the primary is gone)
//! ```
//!
//! Invariants: a follower's entry is the primary's, byte for byte, and is in its journal before it is
//! acknowledged; a standby that asks for a term has closed its link first; nothing waits for a
//! follower but the release of outputs in mode `standby`.

mod acceptor;
mod attendance;
mod clock;
mod error;
mod follower;
mod gate;
mod keeper;
mod link;
mod pace;
mod primary;
mod pursuit;
mod recovery;
mod secret;
mod session;
mod snapshots;
mod tail;
mod witness;

pub use clock::steady_ns;
pub use error::ReplicaError;
pub use follower::{Control, FollowerOptions, FollowerStatus, Outcome, Promoted, follow};
pub use gate::{CommitMode, Company, Gate};
pub use keeper::{KeeperOptions, Lease, LeaseKeeper};
pub use primary::{Primary, PrimaryOptions, StandbyStatus};
pub(crate) use recovery::recover_with;
pub use recovery::{Recovered, Replayed, recover};
pub use secret::Secret;
pub(crate) use snapshots::forget_old;
pub use snapshots::{SnapshotPolicy, SnapshotTaker};
pub use witness::{WitnessOptions, WitnessServer};
