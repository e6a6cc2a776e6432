// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Orders that depend on each other: what each may have open, given what all of them traded.
//!
//! Nothing here is sent or told. A group is asked what its orders (its *legs*) are to have at the venue
//! as things stand; `desk/contingent.rs` brings about the difference. So an answer that comes late, or
//! twice, or after a restart changes what is asked for next, and never what was decided.

mod saving;

use crate::events::{GroupKind, LegState, OrderType, StpMode, TimeInForce};
use crate::types::{InstrumentId, Lots, Side, Ticks};

/// Most legs of a group.
pub const LEGS_MAX: usize = 3;
/// Groups of one strategy that are remembered; those that are over make room.
const GROUPS_MAX: usize = 256;
/// First client id of the orders that stand for a leg after its first, which has the leg's own.
pub(super) const LEG_ORDER_ID_FIRST: u64 = 1 << 62;

/// What a leg is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegTerms {
    /// Limit price; 0 for none.
    pub price: Ticks,
    /// Trigger of a stop; 0 for none.
    pub stop_price: Ticks,
    /// How far the trigger follows the best trade; 0: it stays.
    pub trail: Ticks,
    /// Most it may trade.
    pub qty: Lots,
    /// Instrument.
    pub instrument: InstrumentId,
    /// Side.
    pub side: Side,
    /// Type, as it was asked for.
    pub order_type: OrderType,
    /// Life.
    pub time_in_force: TimeInForce,
    /// Reject rather than take.
    pub post_only: bool,
    /// Not displayed.
    pub hidden: bool,
    /// A stop that is kept by us.
    pub is_held: bool,
}

impl LegTerms {
    /// Type of the order that the venue is sent: of a stop kept by us, what it becomes.
    #[must_use]
    pub const fn sent_type(&self) -> OrderType {
        match self.order_type {
            OrderType::Stop if self.is_held => OrderType::Market,
            OrderType::StopLimit if self.is_held => OrderType::Limit,
            other => other,
        }
    }
}

/// What strategies were last told of a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) state: LegState,
    pub(super) qty: Lots,
    pub(super) executed: Lots,
    pub(super) over: Lots,
    pub(super) order_client_id: u64,
    pub(super) stop_price: Ticks,
    pub(super) is_triggered: bool,
}

/// One order of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "facts that come in any combination")]
pub struct Leg {
    /// Its number, which it keeps.
    pub client_id: u64,
    /// What it is to be.
    pub terms: LegTerms,
    /// What it traded, by whichever orders.
    pub executed: Lots,
    /// The best price that traded since it was armed: what a trailing stop follows; 0 for none.
    pub best: Ticks,
    /// The order that stands for it, or did last; 0 before the first.
    pub order_client_id: u64,
    /// A stop kept by us, whose price was reached.
    pub is_triggered: bool,
    /// It is to have nothing at the venue, for good.
    pub is_unwanted: bool,
    /// How it ended; `None` while it may still have orders.
    pub end: Option<LegState>,
    /// The venue was not there when it was to be sent.
    pub(super) is_stalled: bool,
    /// The gate refused to resize it: not asked again before something of its group traded.
    pub(super) is_stuck: bool,
    /// Its order is to die by our own wish, and the leg lives on.
    pub(super) is_swapping: bool,
    /// The total that its order was last asked to be reduced to, by the order's id.
    pub(super) reduced: (u64, Lots),
    pub(super) told: Option<Told>,
}

impl Leg {
    pub(super) const fn new(client_id: u64, terms: LegTerms, best: Ticks) -> Self {
        Self {
            client_id,
            terms,
            executed: 0,
            best,
            order_client_id: 0,
            is_triggered: false,
            is_unwanted: false,
            end: None,
            is_stalled: false,
            is_stuck: false,
            is_swapping: false,
            reduced: (0, 0),
            told: None,
        }
    }

    /// Price at which it is triggered; 0 when nothing triggers it.
    #[must_use]
    pub fn trigger(&self) -> Ticks {
        let LegTerms { stop_price, trail, side, is_held, .. } = self.terms;
        if !is_held {
            return 0;
        }
        if trail == 0 || self.best == 0 {
            return stop_price;
        }
        match side {
            Side::Sell => stop_price.max((self.best - trail).max(1)),
            Side::Buy if stop_price == 0 => self.best.saturating_add(trail),
            Side::Buy => stop_price.min(self.best.saturating_add(trail)),
        }
    }

    /// Whether a trade at this price triggers it.
    fn is_reached(&self, price: Ticks) -> bool {
        let trigger = self.trigger();
        trigger != 0
            && if self.terms.side == Side::Sell { price <= trigger } else { price >= trigger }
    }

    /// A trade that a trailing stop follows.
    pub(super) fn follow(&mut self, price: Ticks) {
        let is_better = match self.terms.side {
            Side::Sell => price > self.best,
            Side::Buy => price < self.best,
        };
        if self.best == 0 || is_better {
            self.best = price;
        }
    }

    /// Whether it waits for a price.
    pub(super) const fn is_watching(&self) -> bool {
        matches!(self.told, Some(Told { state: LegState::Watching, .. }))
    }
}

/// Orders that depend on each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// The strategy's number for it.
    pub id: u64,
    /// How they depend on each other.
    pub kind: GroupKind,
    /// Self-trade prevention of all its orders.
    pub stp_mode: StpMode,
    pub(super) legs: [Option<Leg>; LEGS_MAX],
    /// Something happened: it is to be looked at.
    pub(super) is_due: bool,
}

impl Group {
    /// Its orders, in the order that they were asked for.
    pub fn legs(&self) -> impl Iterator<Item = &Leg> {
        self.legs.iter().flatten()
    }

    pub(super) fn legs_mut(&mut self) -> impl Iterator<Item = &mut Leg> {
        self.legs.iter_mut().flatten()
    }

    pub(super) fn leg(&self, at: usize) -> &Leg {
        self.legs[at].as_ref().expect("a leg that is named is there")
    }

    pub(super) fn leg_mut(&mut self, at: usize) -> &mut Leg {
        self.legs[at].as_mut().expect("a leg that is named is there")
    }

    pub(super) fn count(&self) -> usize {
        self.legs().count()
    }

    /// How many legs the first one arms.
    const fn opens(&self) -> bool {
        matches!(self.kind, GroupKind::OneTriggersOther | GroupKind::Bracket)
    }

    /// Whether a leg is the one that arms the others.
    pub(super) const fn is_opener(&self, at: usize) -> bool {
        self.opens() && at == 0
    }

    /// Legs that share a quantity with each other: all but one that arms them.
    pub(super) fn sharers(&self) -> impl Iterator<Item = (usize, &Leg)> {
        let first = usize::from(self.opens());
        self.legs.iter().enumerate().skip(first).filter_map(|(at, leg)| Some((at, leg.as_ref()?)))
    }

    /// What the sharers may trade between them.
    fn shared(&self) -> Lots {
        let wanted = self.sharers().map(|(_, leg)| leg.terms.qty).max().unwrap_or(0);
        if self.opens() { wanted.min(self.leg(0).executed) } else { wanted }
    }

    fn traded(&self) -> Lots {
        self.sharers().fold(0, |sum: Lots, (_, leg)| sum.saturating_add(leg.executed))
    }

    /// What they traded beyond it.
    pub(super) fn over(&self) -> Lots {
        self.traded().saturating_sub(self.shared())
    }

    /// What a leg may still trade, as things stand.
    pub(super) fn share(&self, at: usize) -> Lots {
        let leg = self.leg(at);
        if leg.is_unwanted || leg.end.is_some() { 0 } else { self.left(at) }
    }

    /// The most that a leg may trade, all others doing nothing.
    pub(super) fn most(&self, at: usize) -> Lots {
        if self.is_opener(at) { self.leg(at).terms.qty } else { self.shared() }
    }

    /// What is left for a leg, wanted or not, when what those that share with it traded is taken off.
    pub(super) fn left(&self, at: usize) -> Lots {
        let traded = if self.is_opener(at) { self.leg(at).executed } else { self.traded() };
        self.most(at).saturating_sub(traded)
    }

    /// A trade in an instrument: stops that wait for it are triggered, and what they exclude is no
    /// longer wanted. Gives whether anything is to be looked at.
    pub(super) fn on_trade(&mut self, instrument: InstrumentId, price: Ticks) -> bool {
        let mut triggered = None;
        for (at, leg) in self.legs.iter_mut().enumerate() {
            let Some(leg) = leg else { continue };
            if leg.terms.instrument != instrument || !leg.is_watching() {
                continue;
            }
            if triggered.is_none() && leg.is_reached(price) {
                leg.is_triggered = true;
                triggered = Some(at);
            } else {
                leg.follow(price);
            }
        }
        let Some(triggered) = triggered else { return false };
        self.is_due = true;
        if !self.is_opener(triggered) {
            for (at, leg) in self.legs.iter_mut().enumerate() {
                if let Some(leg) = leg.as_mut().filter(|_| at != triggered) {
                    leg.is_unwanted = true;
                }
            }
        }
        true
    }

    /// Something of a leg traded.
    pub(super) fn on_fill(&mut self, at: usize, qty: Lots, price: Ticks) {
        let opens = self.is_opener(at);
        self.is_due = true;
        for (other, leg) in self.legs.iter_mut().enumerate() {
            let Some(leg) = leg else { continue };
            leg.is_stuck = false;
            if other == at {
                leg.executed = leg.executed.saturating_add(qty);
            } else if opens && leg.terms.trail != 0 {
                leg.follow(price);
            }
        }
    }

    /// Whether every leg has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.legs().all(|leg| leg.end.is_some())
    }
}

/// The groups of one strategy, by id, which rises.
#[derive(Clone, Debug)]
pub(super) struct Groups {
    all: Vec<Group>,
    /// Number of the last order that stood for a leg and was not its first.
    pub(super) last_order_id: u64,
}

impl Groups {
    pub(super) fn new() -> Self {
        Self { all: Vec::with_capacity(GROUPS_MAX), last_order_id: LEG_ORDER_ID_FIRST }
    }

    /// Takes in a group; false when there are too many that are not over.
    pub(super) fn open(&mut self, group: &Group) -> bool {
        if self.all.len() == GROUPS_MAX {
            let Some(oldest) = self.all.iter().position(Group::is_over) else { return false };
            self.all.remove(oldest);
        }
        self.all.push(*group);
        true
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Group> {
        self.all.iter()
    }

    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut Group> {
        self.all.iter_mut()
    }

    pub(super) fn get_mut(&mut self, id: u64) -> Option<&mut Group> {
        let at = self.all.binary_search_by_key(&id, |group| group.id).ok()?;
        Some(&mut self.all[at])
    }

    pub(super) fn get(&self, id: u64) -> Option<&Group> {
        let at = self.all.binary_search_by_key(&id, |group| group.id).ok()?;
        Some(&self.all[at])
    }

    /// The group of a leg, and its place there.
    pub(super) fn find(&self, leg: u64) -> Option<(u64, usize)> {
        let after = self.all.partition_point(|group| group.id < leg);
        let group = self.all.get(after.checked_sub(1)?)?;
        let at = (leg - group.id - 1) as usize;
        (at < group.count()).then_some((group.id, at))
    }

    /// The next client id of an order that stands for a leg and is not its first.
    pub(super) const fn next_order_id(&mut self) -> u64 {
        self.last_order_id += 1;
        self.last_order_id
    }

    /// A group that is to be looked at.
    pub(super) fn due(&self) -> Option<u64> {
        self.all.iter().find(|group| group.is_due).map(|group| group.id)
    }
}
