// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Groups of orders at live venues: taken where every venue has what they may become, and looked after.

use super::Node;
use crate::component::{Entry, Outbox};
use crate::events::SubmitGroup;
use crate::trading::{Desk, GROUP_STEPS_MAX, LEGS_MAX, OrderKey};

impl Node {
    /// A strategy asks for a group. What one of its venues lacks is refused before anything leaves.
    pub(super) fn submit_group(
        &mut self,
        group: &SubmitGroup,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let ids = [group.leg1_instrument_id, group.leg2_instrument_id, group.leg3_instrument_id];
        let last: [_; LEGS_MAX] = ids.map(|id| self.reference(id).last.unwrap_or(0));
        let legs = Desk::legs_of(group).unwrap_or_default();
        let lacking = legs.iter().flatten().find_map(|leg| {
            let (kind, life) = (leg.sent_type().raw(), leg.time_in_force.raw());
            self.lacking(leg.instrument, kind, life, leg.hidden)
        });
        // A venue that is not there takes no group; of one that is begun, the rest waits for it.
        let missing = || ids.into_iter().filter(|&id| id != 0).find_map(|id| self.refusal(id));
        let refusal = lacking.or_else(missing);
        let (desk, mut telling) = self.core.telling(out);
        if let Some(refusal) = refusal {
            let (strategy, instrument) = (group.strategy_id, group.leg1_instrument_id);
            let key = OrderKey { strategy, instrument, client_id: group.group_id, order_id: 0 };
            desk.refuse(key, SubmitGroup::KIND, refusal, entry.seq, &mut telling);
            return;
        }
        desk.submit_group(group, last, entry.seq, &mut telling);
    }

    /// What groups of orders need now: sent, resized, cancelled, told.
    #[cold]
    pub(super) fn look_after_groups(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        let (now, cause) = (entry.ts_ns, entry.seq);
        for _ in 0..GROUP_STEPS_MAX {
            let (desk, mut telling) = self.core.telling(out);
            let Some(due) = desk.next_due(cause, &mut telling) else { return };
            let held_back = || self.held_back(due.strategy, due.instrument, now);
            let refusal = self.refusal(due.instrument).or_else(held_back);
            let market = self.reference_for(due.instrument, due.side.raw());
            let (desk, mut telling) = self.core.telling(out);
            let command = desk.carry_out(&due, refusal, &market, now, cause, &mut telling);
            if let Some(command) = command {
                self.send(due.instrument, &command, cause, out);
            }
        }
    }
}
