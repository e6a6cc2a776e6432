// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a node goes by that may change when its journal goes on with another configuration.

use super::Node;
use super::kept::Kept;
use crate::component::SnapshotError;
use crate::events::NodeConfigured;
use crate::feed::Rules;
use crate::hash::StateHasher;
use crate::snapshot::{read_array, read_u32, write_u32};

impl Node {
    pub(super) fn configured(&mut self, event: NodeConfigured, rules: &[u8]) {
        let Some(rules) = Rules::decode(rules) else {
            self.core.counters.messages_malformed += 1;
            return;
        };
        (self.config.rules, self.config.midnight_ns) = (rules, event.midnight_ts_ns);
        self.core.health.set_rules(rules);
        for venue in &mut self.venues {
            venue.reader.set_midnight(event.midnight_ts_ns);
        }
    }

    pub(super) fn save_configured(&self, out: &mut Vec<u8>) {
        self.config.midnight_ns.keep(out);
        let rules = self.config.rules.encode();
        write_u32(out, rules.len() as u32);
        out.extend_from_slice(&rules);
    }

    pub(super) fn restore_configured(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.config.midnight_ns = i64::from_le_bytes(read_array(bytes)?);
        let length = read_u32(bytes)? as usize;
        let invalid = SnapshotError::Invalid { what: "rules of market data" };
        let (rules, rest) = bytes.split_at_checked(length).ok_or(invalid)?;
        self.config.rules = Rules::decode(rules).ok_or(invalid)?;
        self.core.health.set_rules(self.config.rules);
        *bytes = rest;
        Ok(())
    }

    pub(super) fn hash_configured(&self, hasher: &mut StateHasher) {
        hasher.signed(self.config.midnight_ns);
        hasher.bytes(&self.config.rules.encode());
    }
}
