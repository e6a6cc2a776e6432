// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Clients who speak all the time are read from directly: asking first who has something to say
//! costs a system call for each order. Only where the engine has a core for itself.

use super::Server;
use crate::exchange::component::Core;
use crate::exchange::error::ServerError;

/// Most clients that are read from directly; with more of them, asking costs less.
const HOT_MAX: usize = 4;
/// Turns without asking, between two turns that ask: what a silent client's first word waits for.
const DIRECT_TURNS: u32 = 3;
/// Reads in a row that bring nothing after which a client is no longer read from directly. At
/// 100,000 orders a second some thirty bring nothing between two that do.
const EMPTY_READS_MAX: u32 = 4_096;

/// Who speaks all the time.
#[derive(Debug, Default)]
pub(super) struct Hot {
    /// Places of their connections, and how many reads in a row brought nothing.
    places: Vec<(usize, u32)>,
    turn: u32,
}

impl Hot {
    /// Whether this turn may do without asking who has something to say.
    #[inline]
    pub(super) fn is_enough(&mut self) -> bool {
        if self.places.is_empty() {
            return false;
        }
        self.turn += 1;
        if self.turn > DIRECT_TURNS {
            self.turn = 0;
        }
        self.turn != 0
    }

    /// A client said something.
    #[inline]
    pub(super) fn spoke(&mut self, place: usize) {
        if let Some((_, empty)) = self.places.iter_mut().find(|(known, _)| *known == place) {
            *empty = 0;
        } else if self.places.len() < HOT_MAX {
            self.places.push((place, 0));
        }
    }
}

impl<C: Core> Server<C> {
    /// Reads from those who speak all the time.
    pub(super) fn read_hot(&mut self) -> Result<(), ServerError> {
        if !self.has_room() {
            return Ok(());
        }
        let mut at = 0;
        while let Some(&(place, empty)) = self.hot.places.get(at) {
            if self.read(place)? {
                self.hot.places[at].1 = 0;
            } else if empty < EMPTY_READS_MAX {
                self.hot.places[at].1 += 1;
            } else {
                self.hot.places.swap_remove(at);
                continue;
            }
            at += 1;
        }
        Ok(())
    }
}
