// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The breakers' ladder: what each of them does at a scope now, and when it takes it back.

use super::measures::{OfPair, OfStrategy};
use super::surroundings::Surroundings;
use crate::component::Outbox;
use crate::events::{Breaker, BreakerAction, BreakerMoved, BreakerSet, RiskScope, TradingState};
use crate::live::NodeConfig;
use crate::numbers::NumberTable;
use crate::risk::{RiskGate, Scope};
use crate::types::{InstrumentId, StrategyId, TsNs};

/// Kinds of breakers, and one: they are numbered from 1.
pub(super) const BREAKERS: usize = 10;
/// Rows of strategies in instruments; the gate has no more.
const PAIRS_MAX: u32 = 1 << 16;
/// Refusals of one entry that are counted; more count as this many.
pub(super) const REFUSALS_MAX: usize = 1_024;
/// A time that never was.
pub(super) const NEVER: TsNs = TsNs::MIN;

/// One breaker, as it was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) bound: i64,
    pub(super) window_ns: i64,
    pub(super) delay_ns: i64,
    pub(super) least: i64,
    pub(super) action: BreakerAction,
    pub(super) warn_percent: u8,
    pub(super) throttle_percent: u8,
}

impl Setting {
    /// What is to be done where so much was measured.
    fn action_at(&self, value: i64) -> BreakerAction {
        let reaches = |percent: u8| {
            percent != 0 && i128::from(value) * 100 >= i128::from(self.bound) * i128::from(percent)
        };
        match value {
            _ if value >= self.bound => self.action,
            _ if self.action == BreakerAction::Halt && reaches(self.throttle_percent) => {
                BreakerAction::Throttle
            }
            _ if reaches(self.warn_percent) => BreakerAction::Warn,
            _ => BreakerAction::Release,
        }
    }
}

/// What a breaker does at a scope now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) breaker: Breaker,
    pub(super) scope: Scope,
    pub(super) action: BreakerAction,
    /// Since when the measure has been lower than what it does; [`NEVER`] when it is not.
    pub(super) calm_since_ns: TsNs,
    /// What was measured when it came to that.
    pub(super) value: i64,
}

/// All breakers of a node.
#[derive(Clone, Debug)]
pub(in crate::live) struct Breakers {
    pub(super) settings: [Option<Setting>; BREAKERS],
    pub(super) strategies: Vec<OfStrategy>,
    pub(super) rows: NumberTable,
    pub(super) pairs: Vec<OfPair>,
    /// Orders that were refused in this entry: whose, in what, and why.
    pub(super) refusals: Vec<(StrategyId, InstrumentId, u16)>,
    /// Strategies that something was heard of in this entry.
    pub(super) touched: Vec<StrategyId>,
    pub(super) surroundings: Surroundings,
    pub(super) standing: Vec<Standing>,
    /// Scopes whose live orders are to be cancelled.
    pub(super) cancels: Vec<Scope>,
    /// By instrument: worth of a tick-lot in 10^-12 of its currency.
    pub(super) weights: Vec<i64>,
    /// What is throttled may have changed.
    pub(super) has_throttles: bool,
}

impl Breakers {
    pub(in crate::live) fn new(config: &NodeConfig) -> Self {
        let (strategies, instruments) = (config.strategies_max, config.books.instruments_max);
        let pairs_max = strategies.saturating_mul(instruments).min(PAIRS_MAX);
        let scopes = strategies as usize * BREAKERS + instruments as usize;
        let scopes = scopes + config.venues_max as usize + 2;
        Self {
            settings: [None; BREAKERS],
            strategies: vec![OfStrategy::default(); strategies as usize + 1],
            rows: NumberTable::new(pairs_max),
            pairs: Vec::with_capacity(pairs_max as usize),
            refusals: Vec::with_capacity(REFUSALS_MAX),
            touched: Vec::with_capacity(strategies as usize + 1),
            surroundings: Surroundings::new(config.venues_max, instruments),
            standing: Vec::with_capacity(scopes),
            cancels: Vec::with_capacity(scopes),
            weights: vec![0; instruments as usize + 1],
            has_throttles: false,
        }
    }

    /// Takes in what a breaker is to be; one that is not as it must be is left alone, false then.
    pub(super) fn set(&mut self, event: &BreakerSet) -> bool {
        let Some(breaker) = Breaker::from_raw(event.breaker) else { return false };
        let Some(action) = BreakerAction::from_raw(event.action) else { return false };
        let place = &mut self.settings[usize::from(breaker.raw())];
        if event.bound == 0 {
            *place = None;
            return true;
        }
        if event.bound < 0 || event.window_ns <= 0 || event.delay_ns < 0 {
            return false;
        }
        *place = Some(Setting {
            bound: event.bound,
            window_ns: event.window_ns,
            delay_ns: event.delay_ns,
            least: i64::from(event.least),
            action,
            warn_percent: event.warn_percent,
            throttle_percent: event.throttle_percent,
        });
        true
    }

    pub(super) const fn get(&self, breaker: Breaker) -> Option<Setting> {
        self.settings[breaker.raw() as usize]
    }

    /// Window of a breaker, whether or not it is set: what is heard is counted in any case.
    pub(super) fn window_ns(&self, breaker: Breaker) -> i64 {
        self.get(breaker).map_or(crate::types::SECOND_NS, |set| set.window_ns)
    }

    /// The row of a strategy in an instrument; `None` when there are too many.
    pub(super) fn pair(&mut self, strategy: StrategyId, id: InstrumentId) -> Option<&mut OfPair> {
        let key = u64::from(strategy) << 32 | u64::from(id);
        if let Some(row) = self.rows.find(key) {
            return self.pairs.get_mut(row as usize);
        }
        let row = self.pairs.len();
        if row == self.pairs.capacity() || !self.rows.insert(key, row as u32) {
            return None;
        }
        self.pairs.push(OfPair::new(strategy, id));
        self.pairs.last_mut()
    }

    /// Measures one thing at a scope, as of now.
    pub(super) fn measure(
        &mut self,
        breaker: Breaker,
        scope: Scope,
        now: TsNs,
        risk: &RiskGate,
    ) -> i64 {
        let Some(Setting { window_ns, least, .. }) = self.get(breaker) else { return 0 };
        let pairs = &mut self.pairs;
        let Some(strategy) = self.strategies.get_mut(scope.id as usize) else {
            return self.surroundings.measure(breaker, scope, now, window_ns);
        };
        match breaker {
            Breaker::RejectRate => strategy.reject_percent(now, window_ns, least),
            Breaker::RejectRun => strategy.reject_run(),
            Breaker::MessageRate => strategy.message_rate(now, window_ns),
            Breaker::MessageBurst => strategy.profile.excess(now, window_ns, least),
            Breaker::Slippage => strategy.slippage_bps(now, window_ns, least),
            Breaker::PositionJump => {
                let own = pairs.iter_mut().filter(|pair| pair.strategy == scope.id);
                let percent = |pair: &mut OfPair| {
                    let limit = risk.position_limit(pair.instrument).unwrap_or(0);
                    pair.jump_percent(now, window_ns, limit)
                };
                own.map(percent).max().unwrap_or(0)
            }
            Breaker::MarketData | Breaker::Clock | Breaker::InputAge => {
                self.surroundings.measure(breaker, scope, now, window_ns)
            }
        }
    }

    /// Compares a measure with the breaker's ladder, and does what follows.
    pub(super) fn judge(
        &mut self,
        (breaker, scope): (Breaker, Scope),
        now: TsNs,
        cause: u64,
        risk: &mut RiskGate,
        out: &mut dyn Outbox,
    ) {
        let at = self.standing.iter().position(|it| it.breaker == breaker && it.scope == scope);
        let stands = at.map_or(BreakerAction::Release, |at| self.standing[at].action);
        let Some(setting) = self.get(breaker) else {
            if let Some(at) = at {
                self.standing.remove(at);
                say(breaker, scope, BreakerAction::Release, (0, 0), cause, out);
                self.give_back(scope, cause, risk, out);
            }
            return;
        };
        let value = self.measure(breaker, scope, now, risk);
        let wanted = setting.action_at(value);
        if wanted.raw() > stands.raw() {
            let calm_since_ns = NEVER;
            let risen = Standing { breaker, scope, action: wanted, calm_since_ns, value };
            match at {
                Some(at) => self.standing[at] = risen,
                None => self.standing.push(risen),
            }
            say(breaker, scope, wanted, (value, setting.bound), cause, out);
            self.act(breaker, scope, wanted, (value, setting.bound), risk);
        } else if let Some(at) = at {
            self.ease(at, (wanted, value), now, cause, risk, out);
        }
    }

    /// A measure that is lower than what stands: after a whole window of it, that is taken back, but
    /// where only a person may.
    fn ease(
        &mut self,
        at: usize,
        (wanted, value): (BreakerAction, i64),
        now: TsNs,
        cause: u64,
        risk: &mut RiskGate,
        out: &mut dyn Outbox,
    ) {
        let Standing { breaker, scope, action, calm_since_ns, .. } = self.standing[at];
        let falls = match action {
            BreakerAction::Halt => false,
            BreakerAction::Reduce => is_of_the_surroundings(breaker),
            _ => true,
        };
        if wanted == action || !falls {
            self.standing[at].calm_since_ns = NEVER;
            return;
        }
        if calm_since_ns == NEVER {
            self.standing[at].calm_since_ns = now;
            return;
        }
        if now.saturating_sub(calm_since_ns) < self.window_ns(breaker) {
            return;
        }
        let bound = self.get(breaker).map_or(0, |set| set.bound);
        if wanted == BreakerAction::Release {
            self.standing.remove(at);
        } else {
            let eased = Standing { action: wanted, calm_since_ns: NEVER, ..self.standing[at] };
            self.standing[at] = eased;
        }
        say(breaker, scope, wanted, (value, bound), cause, out);
        if action == BreakerAction::Reduce {
            self.give_back(scope, cause, risk, out);
        }
    }

    /// A scope is let go on, unless another breaker holds it as well.
    fn give_back(&self, scope: Scope, cause: u64, risk: &mut RiskGate, out: &mut dyn Outbox) {
        let holds =
            |it: &Standing| it.scope == scope && it.action.raw() >= BreakerAction::Reduce.raw();
        if !self.standing.iter().any(holds) {
            risk.release(scope, cause, out);
        }
    }

    fn act(
        &mut self,
        breaker: Breaker,
        scope: Scope,
        action: BreakerAction,
        (value, bound): (i64, i64),
        risk: &mut RiskGate,
    ) {
        match action {
            BreakerAction::Reduce => {
                risk.trip(scope, value, bound, TradingState::Reducing);
                if breaker == Breaker::MarketData {
                    // Quotes by a book that nobody believes are no quotes.
                    self.cancels.push(scope);
                }
            }
            BreakerAction::Halt => risk.trip(scope, value, bound, TradingState::Halted),
            BreakerAction::Throttle => self.has_throttles = true,
            BreakerAction::Warn | BreakerAction::Release => {}
        }
    }

    /// The scopes that are throttled, with the pause that each breaker asks for.
    pub(super) fn throttles(&self) -> impl Iterator<Item = (Scope, i64)> + '_ {
        let held = self.standing.iter().filter(|it| it.action == BreakerAction::Throttle);
        held.filter_map(|it| Some((it.scope, self.get(it.breaker)?.delay_ns)))
    }

    /// A person said what a scope may do: what breakers held there is over, and what led to it is
    /// forgotten. What still is so acts again.
    pub(super) fn forget(&mut self, scope: Scope) {
        let is_hard = |it: &Standing| it.action.raw() >= BreakerAction::Reduce.raw();
        self.standing.retain(|it| it.scope != scope || !is_hard(it));
        if scope.kind == RiskScope::Strategy {
            if let Some(strategy) = self.strategies.get_mut(scope.id as usize) {
                strategy.forget();
            }
            let own = self.pairs.iter_mut().filter(|pair| pair.strategy == scope.id);
            own.for_each(OfPair::forget);
        }
    }
}

/// Says what a breaker does at a scope from now on.
fn say(
    breaker: Breaker,
    scope: Scope,
    action: BreakerAction,
    (value, bound): (i64, i64),
    cause_seq: u64,
    out: &mut dyn Outbox,
) {
    let event = BreakerMoved {
        cause_seq,
        value,
        bound,
        id: scope.id,
        breaker: breaker.raw(),
        action: action.raw(),
        scope: scope.kind.raw(),
        reserved: 0,
    };
    out.emit(BreakerMoved::KIND, BreakerMoved::VERSION, &event.encode());
}

/// Whether a breaker measures the surroundings, and not what a strategy does: when they are well again,
/// nobody has to say so.
const fn is_of_the_surroundings(breaker: Breaker) -> bool {
    matches!(breaker, Breaker::MarketData | Breaker::Clock | Breaker::InputAge)
}
