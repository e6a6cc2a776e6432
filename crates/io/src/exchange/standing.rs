// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How a node of a cluster stands, for its operators.

use serde_json::{Value, json};

use super::continuity::Continuity;
use crate::replica::steady_ns;

/// What an exchange of one node says.
pub(super) fn alone() -> Value {
    json!({"role": "alone"})
}

/// How long ago a time by [`steady_ns`] was.
fn ago(now_ns: i64, then_ns: i64) -> i64 {
    now_ns.saturating_sub(then_ns).max(0)
}

impl Continuity {
    /// Role, term, lease and standby; durations in nanoseconds. The journal ends at `last_seq`.
    pub(super) fn standing(&self, last_seq: u64) -> Value {
        let now_ns = steady_ns();
        let options = self.primary.options();
        json!({
            "role": "primary",
            "node": options.node.to_string(),
            "cluster": options.cluster.to_string(),
            "address": self.address().to_string(),
            "term": self.term(),
            "primary_for_ns": ago(now_ns, self.since_ns),
            "taken_over": self.taken_over.map(|over| json!({
                "took_ns": u64::try_from(over.took.as_nanos()).unwrap_or(u64::MAX),
                "completed": over.completed,
            })),
            "standby": self.standby_standing(now_ns, last_seq),
            "lease": self.lease_standing(now_ns),
        })
    }

    fn standby_standing(&self, now_ns: i64, last_seq: u64) -> Value {
        let standby = self.standby();
        let (node, address) =
            standby.who.map(|(node, address)| (node.to_string(), address.to_string())).unzip();
        let behind = standby.who.map(|_| last_seq.saturating_sub(standby.received));
        let behind_ns = match (standby.who, standby.oldest_ns) {
            (None, _) => None,
            // What it has not confirmed may not even have been sent: then since it was gone.
            (Some(_), None) if !standby.connected => Some(ago(now_ns, standby.changed_ns)),
            (Some(_), sent_ns) => Some(sent_ns.map_or(0, |sent_ns| ago(now_ns, sent_ns))),
        };
        json!({
            "connected": standby.connected,
            "node": node,
            "address": address,
            "changed_ns": standby.who.map(|_| ago(now_ns, standby.changed_ns)),
            "received": standby.received,
            "durable": standby.durable,
            "applied": standby.applied,
            "behind": behind,
            "behind_ns": behind_ns,
            "waited_for": standby.strict,
            "may_take_over": standby.may_take_over,
        })
    }

    /// `null` without a witness: nobody takes over then, and nothing runs out.
    fn lease_standing(&self, now_ns: i64) -> Value {
        let Some((witness, (answered_ns, trouble))) = self.witness_seen() else {
            return Value::Null;
        };
        json!({
            "held": self.lease.is_held(now_ns),
            "left_ns": self.lease.until_ns().saturating_sub(now_ns).max(0),
            "witness": witness,
            "witness_seen_ns": (answered_ns != 0).then(|| ago(now_ns, answered_ns)),
            "trouble": trouble,
        })
    }
}
