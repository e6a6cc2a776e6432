// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Signed limit files on their way in. The engine reads no file and holds no key: what an operator wants
//! loaded is handed to whoever runs it, verified there, and comes back as a request of its own.

use std::collections::VecDeque;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};

use onetape_core::component::sources;
use onetape_core::events::LimitsTaken;
use onetape_core::journal::Sink;
use serde_json::{Value, json};

use super::engine::{Engine, Input};
use super::operate::Command;
use crate::exchange::ServerError;
use crate::exchange::control::Request;
use crate::exchange::poll::Waker;
use crate::exchange::server::refusal;

/// Files that may wait to be verified.
const ERRANDS_MAX: usize = 16;

/// A limit file that somebody wants in force.
#[derive(Debug)]
pub struct Errand {
    /// Who.
    pub user: String,
    /// The file.
    pub path: String,
    /// Version and hash of the set in force; it is measured by that one.
    pub in_force: (u64, u64),
    reply: SyncSender<Value>,
}

/// Errands that wait, for whoever verifies files.
#[derive(Clone, Debug)]
pub struct Errands {
    waiting: Arc<Mutex<VecDeque<Errand>>>,
    engine: SyncSender<Request<Command>>,
    waker: Arc<Waker>,
}

impl Errands {
    pub(super) fn new(engine: SyncSender<Request<Command>>, waker: Arc<Waker>) -> Self {
        Self { waiting: Arc::default(), engine, waker }
    }

    /// The next file to verify.
    #[must_use]
    pub fn take(&self) -> Option<Errand> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    /// A file is not to come into force; whoever asked is told why.
    pub fn refuse(&self, errand: &Errand, why: &str) {
        let _nobody_waits_any_more = errand.reply.try_send(refusal(why));
    }

    /// A file was verified: `body` is that of its `LimitsTaken`.
    pub fn verified(&self, errand: Errand, body: Vec<u8>) {
        let Errand { user, in_force, reply, .. } = errand;
        let command = Command::TakeLimits { in_force, body };
        let request = Request { user, command, reply: reply.clone() };
        if self.engine.try_send(request).is_err() {
            let _nobody_waits_any_more = reply.try_send(refusal("too many requests wait"));
        }
        self.waker.wake();
    }

    /// Hands a file on; false when too many wait.
    fn give(&self, errand: Errand) -> Result<(), Errand> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= ERRANDS_MAX {
            return Err(errand);
        }
        waiting.push_back(errand);
        Ok(())
    }
}

impl Engine {
    /// Where files to be verified are had.
    #[must_use]
    pub fn errands(&self) -> Errands {
        self.errands.clone()
    }

    fn limits_in_force(&self) -> (u64, u64) {
        let in_force = self.path.node.desk().risk().in_force();
        (in_force.version, in_force.hash)
    }

    /// An operator wants a limit file in force.
    pub(super) fn send_errand(&self, user: String, path: String, reply: SyncSender<Value>) {
        let errand = Errand { user, path, in_force: self.limits_in_force(), reply };
        if let Err(errand) = self.errands.give(errand) {
            self.errands.refuse(&errand, "too many limit files wait to be verified");
        }
    }

    /// A verified set comes into force, if the one that it was measured by still is.
    pub(super) fn take_limits(
        &mut self,
        in_force: (u64, u64),
        body: &[u8],
    ) -> Result<Value, ServerError> {
        if self.limits_in_force() != in_force {
            return Ok(refusal("another set came into force meanwhile: load this one again"));
        }
        let Some((fixed, tail)) = body.split_at_checked(LimitsTaken::SIZE) else {
            return Ok(refusal("expected a verified set of limits, found fewer bytes"));
        };
        let (kind, version, source) = (LimitsTaken::KIND, LimitsTaken::VERSION, sources::OPERATOR);
        self.path.input(self.now(), &Input { kind, version, source, fixed, tail })?;
        let seq = Sink::last_seq(&self.path.journal);
        let taken = LimitsTaken::decode(fixed)
            .filter(|taken| self.limits_in_force() == (taken.version, taken.hash));
        let refused = self.path.node.desk().risk().limits_refused();
        Ok(taken.map_or_else(
            || refusal("the gate did not take the set: its version is older than that in force"),
            |taken| {
                json!({"ok": true, "seq": seq, "version": taken.version,
                       "limits": taken.entries, "limits_refused": refused})
            },
        ))
    }
}
