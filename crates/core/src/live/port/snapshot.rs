// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A port, written down and taken up again. What was to be sent has left, or was lost with the
//! process: the venue is asked when it is connected.

use super::entry::EntryWish;
use super::{Port, Sent, Speech, client_key};
use crate::component::SnapshotError;
use crate::live::kept::{Kept, keep_all, kept, take_all, take_each};
use crate::trading::{NewOrder, OrderKey, SpecialTerms};

kept!(OrderKey { strategy, instrument, client_id, order_id });
kept!(SpecialTerms {
    display,
    min_qty,
    stop_price,
    peg_offset,
    expire_ts_ns,
    hidden,
    reduce_only,
    parent_id,
    leg_id,
});
kept!(NewOrder {
    strategy,
    instrument,
    client_id,
    side,
    order_type,
    time_in_force,
    post_only,
    stp_mode,
    price,
    qty,
    special,
});
kept!(Sent { number, key, order, replaces, canceling, asked_ns });
kept!(EntryWish { is_open, is_due });

impl Port {
    /// Whether an adapter speaks with the venue.
    pub(in crate::live) fn is_adapter(&self) -> bool {
        self.speech == Speech::Adapter
    }

    pub(in crate::live) fn save(&self, out: &mut Vec<u8>) {
        let Self {
            venue: _,
            speech: _,
            slots,
            free,
            by_number: _,
            by_client: _,
            number_last,
            question,
            answered,
            past,
            canceled,
            tick_ns,
            answer_ns,
            due_ns,
            is_up,
            is_ready,
            heirs,
            entry,
            wants_drop,
            shown,
            outgoing: _,
        } = self;
        keep_all(slots, out);
        keep_all(free, out);
        for number in [number_last, question, answered] {
            number.keep(out);
        }
        past.save(out);
        keep_all(canceled, out);
        for time_ns in [tick_ns, answer_ns, due_ns] {
            time_ns.keep(out);
        }
        for is_so in [is_up, is_ready, wants_drop] {
            is_so.keep(out);
        }
        heirs.keep(out);
        entry.keep(out);
        shown.save(out);
    }

    pub(in crate::live) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let Self {
            venue: _,
            speech: _,
            slots,
            free,
            by_number,
            by_client,
            number_last,
            question,
            answered,
            past,
            canceled,
            tick_ns,
            answer_ns,
            due_ns,
            is_up,
            is_ready,
            heirs,
            entry,
            wants_drop,
            shown,
            outgoing,
        } = self;
        take_each(slots, bytes)?;
        take_all(free, slots.len(), bytes)?;
        for (slot, sent) in slots.iter().enumerate() {
            let Some(Sent { number, key, .. }) = sent else { continue };
            let is_new = by_number.insert(*number, slot as u32);
            if !(is_new && by_client.insert(client_key(key.strategy, key.client_id), slot as u32)) {
                return Err(SnapshotError::Invalid { what: "port: more orders than fit" });
            }
        }
        for number in [number_last, question, answered] {
            *number = Kept::take(bytes)?;
        }
        past.restore(bytes)?;
        take_all(canceled, slots.len(), bytes)?;
        for time_ns in [tick_ns, answer_ns, due_ns] {
            *time_ns = Kept::take(bytes)?;
        }
        for is_so in [is_up, is_ready, wants_drop] {
            *is_so = Kept::take(bytes)?;
        }
        *heirs = Kept::take(bytes)?;
        *entry = Kept::take(bytes)?;
        outgoing.clear();
        shown.restore(bytes)
    }
}
