// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Accounts in a node's snapshot.

use super::executions::{Execution, Teller, Told, Totals};
use super::standing::Standing;
use super::{Account, HEARD_MAX, Reconcile};
use crate::component::SnapshotError;
use crate::live::kept::{Kept, kept};
use crate::snapshot::{read_u8, read_u64, write_u64};

kept!(Told { order_id, exec_id, instrument, strategy, price, lots });
kept!(Totals { count, lots });
kept!(Execution { told, other, first, since_ns, step, open_at });
kept!(Standing { order_id, number, instrument, strategy, ours, theirs, since_ns, step, is_seen });

impl Kept for Teller {
    fn keep(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self == Self::There));
    }

    fn take(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        match read_u8(bytes)? {
            0 => Ok(Self::Here),
            1 => Ok(Self::There),
            _ => Err(SnapshotError::Invalid { what: "who told of an execution" }),
        }
    }
}

impl Kept for (i64, i64) {
    fn keep(&self, out: &mut Vec<u8>) {
        self.0.keep(out);
        self.1.keep(out);
    }

    fn take(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        Ok((Kept::take(bytes)?, Kept::take(bytes)?))
    }
}

impl Account {
    fn save(&self, out: &mut Vec<u8>) {
        let Self {
            rules,
            executions,
            standings,
            sequence,
            is_up,
            was_heard,
            look_ns,
            sweep_ns,
            totals_differ,
            due_ns,
        } = self;
        rules.keep(out);
        executions.save(out);
        standings.save(out);
        sequence.keep(out);
        for flag in [is_up, was_heard, totals_differ] {
            flag.keep(out);
        }
        for time in [look_ns, sweep_ns, due_ns] {
            time.keep(out);
        }
    }

    fn restore(orders_max: u32, bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let mut account = Self::new(Kept::take(bytes)?, orders_max, 0);
        account.executions.restore(bytes)?;
        account.standings.restore(bytes)?;
        account.sequence = Kept::take(bytes)?;
        account.is_up = Kept::take(bytes)?;
        account.was_heard = Kept::take(bytes)?;
        account.totals_differ = Kept::take(bytes)?;
        account.look_ns = Kept::take(bytes)?;
        account.sweep_ns = Kept::take(bytes)?;
        account.due_ns = Kept::take(bytes)?;
        Ok(account)
    }
}

impl Reconcile {
    pub(in crate::live) fn save(&self, out: &mut Vec<u8>) {
        let Self { accounts, due_ns, heard, orders_max: _ } = self;
        debug_assert!(heard.is_empty(), "a snapshot is taken between two entries");
        due_ns.keep(out);
        write_u64(out, accounts.len() as u64);
        for account in accounts {
            account.is_some().keep(out);
            if let Some(account) = account {
                account.save(out);
            }
        }
    }

    pub(in crate::live) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.due_ns = Kept::take(bytes)?;
        self.heard.clear();
        self.heard.reserve(HEARD_MAX);
        self.accounts.clear();
        for _ in 0..read_u64(bytes)? {
            let account = if bool::take(bytes)? {
                Some(Box::new(Account::restore(self.orders_max, bytes)?))
            } else {
                None
            };
            self.accounts.push(account);
        }
        Ok(())
    }
}
