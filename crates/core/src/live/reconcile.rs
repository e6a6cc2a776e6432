// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! PO-01: our account of orders and executions against the venue's second one, its drop copy.
//!
//! An execution that no order of ours explains halts at once. What one account tells and the other
//! does not is told after a while, and then restricts the account that it concerns. Both accounts are
//! inputs of the journal, and so is the time: a replay finds the same.

mod copy;
mod executions;
mod save;
mod standing;
mod steps;

use super::Node;
use crate::component::{Entry, Outbox, sources};
use crate::events::{
    Difference, DifferenceStep, FillUnexpected, OrderFilled, ReconciliationSet, RejectReason,
    ReportKind, Side, UnexpectedFill, VenueReported,
};
use crate::hash::StateHasher;
use crate::risk::Refusal;
use crate::types::{Instrument, InstrumentId, Lots, SECOND_NS, TsNs};
use copy::{Copied, CopiedTrade};
use executions::{Executions, News, Teller, Told};
use standing::Standings;

/// Time between two looks at what is left of orders.
const LOOK_NS: i64 = SECOND_NS;
/// Executions of one input: more than an input ever leads to.
const HEARD_MAX: usize = 64;

/// One venue's accounts.
#[derive(Debug)]
struct Account {
    rules: ReconciliationSet,
    executions: Executions,
    standings: Standings,
    /// Number of the last message of the drop copy.
    sequence: u64,
    is_up: bool,
    /// The drop copy was connected since the node started.
    was_heard: bool,
    look_ns: TsNs,
    sweep_ns: TsNs,
    totals_differ: bool,
    /// When the next of its executions is due for a step.
    due_ns: TsNs,
}

/// The accounts of all venues that have a drop copy.
#[derive(Debug)]
pub(super) struct Reconcile {
    /// By venue, less one.
    accounts: Vec<Option<Box<Account>>>,
    /// Nothing is to be looked at before this time.
    due_ns: TsNs,
    /// Executions of the input that is being applied.
    pub(super) heard: Vec<Told>,
    orders_max: u32,
}

/// How the accounts of a venue stand, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReconciliationView {
    /// The drop copy is connected.
    pub is_up: bool,
    /// It was connected since the node started: until then no order leaves.
    pub was_heard: bool,
    /// Executions that only one account tells of, or both differently.
    pub executions_open: usize,
    /// Orders of which both say something else is left.
    pub orders_differing: usize,
    /// Executions by our account.
    pub count_here: u64,
    /// Executions by the venue's.
    pub count_there: u64,
    /// The totals did not agree at the last sweep.
    pub totals_differ: bool,
}

impl Reconcile {
    pub(super) const fn new(orders_max: u32) -> Self {
        Self { accounts: Vec::new(), due_ns: TsNs::MAX, heard: Vec::new(), orders_max }
    }

    /// Whether any venue has a second account.
    #[inline]
    pub(super) const fn is_on(&self) -> bool {
        !self.accounts.is_empty()
    }

    /// Whether there is something to look at.
    #[inline]
    pub(super) const fn is_due(&self, now: TsNs) -> bool {
        now >= self.due_ns
    }

    fn account(&self, venue: u32) -> Option<&Account> {
        self.accounts.get((venue as usize).wrapping_sub(1))?.as_deref()
    }

    fn account_mut(&mut self, venue: u32) -> Option<&mut Account> {
        self.accounts.get_mut((venue as usize).wrapping_sub(1))?.as_deref_mut()
    }

    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        for account in self.accounts.iter().flatten() {
            hasher.word(u64::from(account.is_up) << 1 | u64::from(account.was_heard));
            hasher.word(account.sequence);
            hasher.signed(account.look_ns);
            hasher.signed(account.sweep_ns);
            account.executions.hash_into(hasher);
            account.standings.hash_into(hasher);
        }
    }
}

/// Lots as a change of our position.
fn signed(side: u8, qty: Lots) -> i64 {
    let lots = i64::try_from(qty).unwrap_or(i64::MAX);
    if side == Side::Sell.raw() { -lots } else { lots }
}

/// Passes outputs on, and keeps the executions among them.
pub(super) struct Heard<'a> {
    pub(super) out: &'a mut dyn Outbox,
    pub(super) heard: &'a mut Vec<Told>,
}

impl Outbox for Heard<'_> {
    fn emit(&mut self, kind: u16, version: u8, body: &[u8]) {
        self.out.emit(kind, version, body);
        let told = match kind {
            OrderFilled::KIND => OrderFilled::decode(body).map(|e| Told {
                order_id: e.order_id,
                exec_id: e.match_id,
                instrument: e.instrument_id,
                strategy: e.strategy_id,
                price: e.price_ticks,
                lots: signed(e.side, e.qty_lots),
            }),
            // One that names no order of ours is booked all the same where its side is known.
            FillUnexpected::KIND => FillUnexpected::decode(body)
                .filter(|e| e.what == UnexpectedFill::OrderUnknown.raw() && e.side != 0)
                .map(|e| Told {
                    order_id: e.order_id,
                    exec_id: e.match_id,
                    instrument: e.instrument_id,
                    strategy: 0,
                    price: e.price_ticks,
                    lots: signed(e.side, e.qty_lots),
                }),
            _ => None,
        };
        if let Some(told) = told
            && self.heard.len() < HEARD_MAX
        {
            self.heard.push(told);
        }
    }
}

impl Account {
    fn new(rules: ReconciliationSet, orders_max: u32, now: TsNs) -> Self {
        Self {
            rules,
            executions: Executions::new(),
            standings: Standings::new(orders_max * 2),
            sequence: 0,
            is_up: false,
            was_heard: false,
            look_ns: now.saturating_add(LOOK_NS),
            sweep_ns: now.saturating_add(rules.sweep_ns),
            totals_differ: false,
            due_ns: TsNs::MAX,
        }
    }

    /// When something is to be looked at.
    fn due_ns(&self) -> TsNs {
        self.look_ns.min(self.sweep_ns).min(self.due_ns)
    }

    /// An execution is open from now on: when its first step is due.
    fn opened(&mut self, since_ns: TsNs) {
        self.due_ns = self.due_ns.min(since_ns.saturating_add(self.rules.warn_ns));
    }

    /// The step that is due for a difference of this age.
    const fn step(&self, what: Difference, age_ns: i64, is_told: bool) -> Option<DifferenceStep> {
        let ReconciliationSet { warn_ns, reduce_ns, .. } = self.rules;
        let is_missing_here = matches!(what, Difference::MissingHere);
        if is_missing_here && (age_ns >= reduce_ns || (is_told && age_ns >= warn_ns)) {
            // The venue has told all that it had to say, and no word of this.
            return Some(DifferenceStep::Halted);
        }
        if age_ns >= reduce_ns {
            return Some(DifferenceStep::Reduced);
        }
        let is_certain = matches!(what, Difference::Price | Difference::Qty);
        if is_certain || age_ns >= warn_ns { Some(DifferenceStep::Warned) } else { None }
    }
}

impl Node {
    /// How our account of a venue stands beside its second one; `None` where it has none.
    #[must_use]
    pub fn reconciliation(&self, venue: u32) -> Option<ReconciliationView> {
        let account = self.reconcile.account(venue)?;
        let [here, there] = account.executions.totals();
        Some(ReconciliationView {
            is_up: account.is_up,
            was_heard: account.was_heard,
            executions_open: account.executions.open().len(),
            orders_differing: account.standings.differing(),
            count_here: here.count,
            count_there: there.count,
            totals_differ: account.totals_differ,
        })
    }

    /// Why a venue's second account keeps orders from it; `None` when it does not.
    pub(super) fn unreconciled(&self, venue: u32) -> Option<Refusal> {
        let account = self.reconcile.account(venue)?;
        let (reason, value) = (RejectReason::NotReconciled, i64::from(venue));
        (!account.was_heard).then_some(Refusal { reason, value, bound: 0 })
    }

    /// What is compared with a venue's own account is set.
    #[cold]
    pub(super) fn set_reconciliation(&mut self, rules: &ReconciliationSet, entry: Entry<'_>) {
        let venues = self.venues.len();
        let Some(at) = (rules.venue_id as usize).checked_sub(1).filter(|&at| at < venues) else {
            self.core.counters.capacity_rejects += 1;
            return;
        };
        if rules.has_drop_copy == 0 {
            return;
        }
        let reconcile = &mut self.reconcile;
        reconcile.accounts.resize_with(self.config.venues_max as usize, || None);
        reconcile.heard.reserve(HEARD_MAX);
        let account = Account::new(*rules, reconcile.orders_max, entry.ts_ns);
        reconcile.due_ns = reconcile.due_ns.min(account.due_ns());
        reconcile.accounts[at] = Some(Box::new(account));
    }

    /// The drop copy of a venue came or went.
    #[cold]
    pub(super) fn copy_link(&mut self, venue: u32, is_up: bool, entry: Entry<'_>) {
        let Some(account) = self.reconcile.account_mut(venue) else { return };
        account.is_up = is_up;
        // The node itself says so only when it starts: until it is heard again nothing leaves.
        account.was_heard = is_up || (account.was_heard && entry.source != sources::CONFIG);
    }

    /// A message of a venue's drop copy, as it came off the wire: compared, never applied.
    pub(super) fn copy_message(
        &mut self,
        venue: u32,
        bytes: &[u8],
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        if self.reconcile.account(venue).is_none() {
            return;
        }
        let Some(said) = Copied::read(bytes) else { return };
        let Some((id, trade)) = self.copied_instrument(venue, &said) else {
            self.core.counters.orders_unknown += 1;
            return;
        };
        let Some(account) = self.reconcile.account_mut(venue) else { return };
        // What comes a second time says how an order stood then. A new day's numbers begin anew.
        let is_old = said.is_repeated && said.sequence <= account.sequence;
        if !is_old {
            account.sequence = said.sequence;
            if said.replaced != 0 {
                account.standings.gone(said.replaced, entry.ts_ns);
            }
            let names = (said.order_id, said.number);
            account.standings.told(names, id, said.left, entry.ts_ns);
        }
        self.copied(venue, (said.order_id, said.number), id, trade, entry, out);
    }

    /// What a message of a drop copy is about, and the execution if it is one.
    fn copied_instrument(
        &self,
        venue: u32,
        said: &Copied<'_>,
    ) -> Option<(InstrumentId, Option<CopiedTrade>)> {
        let of_venue = |known: &&Instrument| self.venue_of(known.id()) == venue;
        let mut listed = self.instruments().filter(of_venue);
        let instrument = listed.find(|known| known.symbol() == said.symbol)?;
        Some((instrument.id(), said.trade(instrument)))
    }

    /// What an adapter's drop copy says of an order.
    pub(super) fn copy_reported(
        &mut self,
        said: &VenueReported,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let is_trade = said.report == ReportKind::Filled.raw();
        let side = Side::from_raw(said.side).filter(|_| is_trade);
        let trade = side.map(|side| CopiedTrade {
            exec_id: said.exec_id,
            side,
            price: said.price_ticks,
            qty: said.qty_lots,
        });
        let (names, instrument) = ((said.order_id, said.number), said.instrument_id);
        if let Some(account) = self.reconcile.account_mut(said.venue_id) {
            account.standings.told(names, instrument, said.leaves_lots, entry.ts_ns);
        }
        self.copied(said.venue_id, names, instrument, trade, entry, out);
    }

    /// Compares an execution that a drop copy tells of.
    fn copied(
        &mut self,
        venue: u32,
        names: (u64, u64),
        instrument: InstrumentId,
        trade: Option<CopiedTrade>,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let Some(CopiedTrade { exec_id, side, price, qty }) = trade else { return };
        let (order_id, number) = names;
        let port = self.venues.get((venue as usize).wrapping_sub(1)).map(|venue| &venue.port);
        let key = port.and_then(|port| port.explains(number, order_id, instrument));
        let strategy = key.map_or(0, |key| key.strategy);
        let lots = signed(side.raw(), qty);
        let told = Told { order_id, exec_id, instrument, strategy, price, lots };
        self.told(venue, Teller::There, &told, key.is_some(), entry, out);
    }

    /// What was booked while an input was applied is compared.
    #[cold]
    pub(super) fn compare_heard(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        let mut heard = std::mem::take(&mut self.reconcile.heard);
        for told in heard.drain(..) {
            let venue = self.venue_of(told.instrument);
            self.told(venue, Teller::Here, &told, true, entry, out);
        }
        self.reconcile.heard = heard;
    }

    fn told(
        &mut self,
        venue: u32,
        teller: Teller,
        told: &Told,
        is_explained: bool,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let now = entry.ts_ns;
        let Some(account) = self.reconcile.account_mut(venue) else { return };
        match account.executions.tell(teller, told, now) {
            News::Known => {}
            News::Open(place) if !is_explained => {
                self.take_step(venue, place, DifferenceStep::Halted, entry, out);
            }
            News::Open(_) => account.opened(now),
            News::Agreed(place) => {
                if account.executions.at(place).step.is_some() {
                    self.take_step(venue, place, DifferenceStep::Resolved, entry, out);
                }
            }
            News::Differs(place) => {
                let since_ns = account.executions.at(place).since_ns;
                account.opened(since_ns.saturating_add(account.rules.reduce_ns));
                self.take_step(venue, place, DifferenceStep::Warned, entry, out);
            }
        }
        self.plan();
    }
}
