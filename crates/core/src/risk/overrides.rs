// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Overrides of a blocked order, PT-25: two principals let a few orders of a person pass one soft
//! limit for a short time. What an algorithm sends is never let pass, nor is a hard limit.

use super::check::Facts;
use super::terms::{Alert, Proposal, Reference, Refusal};
use super::{RiskGate, table};
use crate::component::SnapshotError;
use crate::events::{Limit, OverrideGranted, RejectReason};
use crate::hash::StateHasher;
use crate::snapshot::{read_array, read_u32, write_u32};
use crate::types::{SECOND_NS, Side, TsNs};

/// Overrides that may stand at once.
const GRANTS_MAX: usize = 64;
/// The longest that one may stand.
const EXPIRY_NS: i64 = 15 * 60 * SECOND_NS;

/// Overrides that one order may need.
const OVERRIDES_MAX: usize = 4;

/// The soft limit behind a reason; `None` for what nobody overrides.
#[must_use]
pub const fn soft_limit(reason: RejectReason) -> Option<Limit> {
    Some(match reason {
        RejectReason::OrderQty => Limit::OrderQtyMax,
        RejectReason::OrderNotional => Limit::OrderNotionalMax,
        RejectReason::OrderValue => Limit::OrderValueMax,
        RejectReason::PriceCollar => Limit::PriceCollarTicks,
        RejectReason::PassiveCollar => Limit::PassiveCollarTicks,
        RejectReason::PeriodCollar => Limit::PeriodCollarTicks,
        RejectReason::DuplicateOrder => Limit::DuplicatesMax,
        RejectReason::WorkingOrders => Limit::WorkingOrdersMax,
        RejectReason::WorkingQty => Limit::WorkingQtyMax,
        RejectReason::DayValue => Limit::DayValueMax,
        RejectReason::DayQty => Limit::DayQtyMax,
        RejectReason::Slippage => Limit::SlippageBpsMax,
        RejectReason::Participation => Limit::ParticipationBpsMax,
        _ => return None,
    })
}

/// The overrides that stand.
#[derive(Clone, Debug)]
pub(super) struct Overrides {
    grants: Vec<OverrideGranted>,
}

impl Overrides {
    pub(super) fn new() -> Self {
        Self { grants: Vec::with_capacity(GRANTS_MAX) }
    }

    /// Takes one in; false when it is not one that may stand.
    fn grant(&mut self, event: &OverrideGranted, now: TsNs) -> bool {
        self.grants.retain(|grant| grant.orders > 0 && grant.expires_ts_ns > now);
        let is_soft = Limit::from_raw(event.limit as u8).is_some_and(table::is_soft);
        let two = event.first_principal != 0
            && event.second_principal != 0
            && event.first_principal != event.second_principal;
        let lasts = event.expires_ts_ns.saturating_sub(now);
        let is_short = lasts > 0 && lasts <= EXPIRY_NS && event.orders > 0;
        let may = is_soft && two && is_short && self.grants.len() < GRANTS_MAX;
        if may {
            self.grants.push(*event);
        }
        may
    }

    /// The override that lets an order pass what refuses it.
    fn find(&self, order: &Proposal, why: Refusal, now: TsNs) -> Option<usize> {
        let limit = u16::from(soft_limit(why.reason)?.raw());
        let is_price = matches!(why.reason, RejectReason::PriceCollar);
        self.grants.iter().position(|grant| {
            let reaches = if is_price && order.side == Side::Sell {
                why.value >= grant.ceiling
            } else {
                why.value <= grant.ceiling
            };
            grant.limit == limit
                && grant.strategy_id == order.strategy
                && grant.instrument_id == order.instrument
                && grant.orders > 0
                && grant.expires_ts_ns > now
                && reaches
        })
    }

    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        for grant in &self.grants {
            hasher.bytes(&grant.encode());
        }
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        write_u32(out, self.grants.len() as u32);
        self.grants.iter().for_each(|grant| out.extend_from_slice(&grant.encode()));
    }

    pub(super) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let wrong = SnapshotError::Invalid { what: "risk: an override" };
        self.grants.clear();
        for _ in 0..read_u32(bytes)? {
            let body: [u8; OverrideGranted::SIZE] = read_array(bytes)?;
            self.grants.push(OverrideGranted::decode(&body).ok_or(wrong)?);
        }
        Ok(())
    }
}

impl RiskGate {
    /// Two principals override a limit; refused, and counted, when it may not be.
    pub(super) fn grant_override(&mut self, event: &OverrideGranted, now: TsNs) {
        self.extend();
        self.limits_refused += u64::from(!self.overrides.grant(event, now));
    }

    /// A person's order that was refused, once more: with what overrides let it pass, PT-25.
    #[cold]
    pub(super) fn check_manual(
        &mut self,
        order: &Proposal,
        market: &Reference,
        now: TsNs,
        refused: Refusal,
    ) -> Result<Facts, Refusal> {
        let (mut waived, mut why) = (0_u128, refused);
        let mut used = [None; OVERRIDES_MAX];
        for place in &mut used {
            *place = Some((self.override_for(order, why, now).ok_or(why)?, why));
            waived |= 1 << why.reason.raw();
            match self.check(order, market, now, waived) {
                Ok(facts) => {
                    for (at, why) in used.into_iter().flatten() {
                        self.use_override(at, order, why);
                    }
                    return Ok(facts);
                }
                Err(next) => why = next,
            }
        }
        Err(why)
    }

    /// Whether a person's order may pass what refuses it; the override that lets it.
    #[cold]
    fn override_for(&self, order: &Proposal, why: Refusal, now: TsNs) -> Option<usize> {
        if !order.is_manual {
            return None;
        }
        self.overrides.find(order, why, now)
    }

    /// An order passed by an override: it is used up by one.
    #[cold]
    fn use_override(&mut self, at: usize, order: &Proposal, why: Refusal) {
        let grant = &mut self.overrides.grants[at];
        grant.orders -= 1;
        let alert = Alert::Overridden {
            strategy: order.strategy,
            instrument: order.instrument,
            client_id: order.client_id,
            limit: grant.limit as u8,
            value: why.value,
            bound: why.bound,
            orders_left: grant.orders,
        };
        self.alert(alert);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_soft_limit_has_a_reason_and_no_other_has() {
        for limit in (1..).map_while(Limit::from_raw) {
            let has_reason =
                RejectReason::ALL.into_iter().any(|reason| soft_limit(reason) == Some(limit));
            assert_eq!(has_reason, table::is_soft(limit), "{limit:?}");
        }
    }
}
