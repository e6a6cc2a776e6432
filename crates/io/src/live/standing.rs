// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Positions and profit, and how strategies, accounts and the firm stand, for operators.

use onetape_core::events::{Limit, RiskScope};
use onetape_core::risk::Scope;
use onetape_core::trading::StrategyView;
use serde_json::{Value, json};

use super::engine::Engine;

impl Engine {
    /// Every position that was ever held, at the price it could be closed at, and the standings.
    pub(super) fn positions(&self) -> Value {
        let node = &self.path.node;
        let desk = node.desk();
        let traded = desk.portfolio().traded();
        let rows = traded.map(|(strategy, instrument, position)| {
            let touch = node.touch(instrument);
            let exit = if position.lots > 0 { touch.bid } else { touch.ask };
            let mark = if exit == 0 { node.last_trade(instrument).unwrap_or(0) } else { exit };
            let worth = i128::from(desk.risk().ticklot_e12(instrument));
            let (profit, realised) = (position.profit_at(mark), position.realised);
            json!({
                "strategy": strategy,
                "instrument": instrument,
                "symbol": self.symbol(instrument),
                "venue": node.venue_of(instrument),
                "position_lots": position.lots,
                "cash_ticklots": position.cash.to_string(),
                "realised_ticklots": realised.to_string(),
                "unrealised_ticklots": (profit - realised).to_string(),
                "profit_ticklots": profit.to_string(),
                "fees_e9": desk.fees().paid(strategy, instrument).to_string(),
                "realised": money(realised.saturating_mul(worth)),
                "unrealised": money((profit - realised).saturating_mul(worth)),
                "mark_ticks": mark,
                "bought_lots": position.bought,
                "sold_lots": position.sold,
                "fills": position.fills,
            })
        });
        let rows = rows.collect::<Vec<_>>();
        json!({"ok": true, "positions": rows, "standings": self.standings()})
    }

    /// How each strategy, their accounts and the firm stand.
    fn standings(&self) -> Vec<Value> {
        let risk = self.path.node.desk().risk();
        let strategies = self.config.strategies.iter().map(|strategy| strategy.id);
        let mut scopes =
            strategies.map(|id| Scope::new(RiskScope::Strategy, id)).collect::<Vec<_>>();
        let mut accounts = scopes.iter().map(|of| risk.account_of(of.id)).collect::<Vec<_>>();
        accounts.sort_unstable();
        accounts.dedup();
        scopes.extend(accounts.into_iter().map(|id| Scope::new(RiskScope::Account, id)));
        scopes.push(Scope::FIRM);
        scopes.into_iter().map(|scope| self.standing(scope)).collect()
    }

    fn standing(&self, scope: Scope) -> Value {
        let risk = self.path.node.desk().risk();
        let found = risk.standing(scope);
        let [open_buys, open_sells] = found.open;
        let [bought, sold] = found.executed;
        json!({
            "scope": format!("{:?}", scope.kind).to_lowercase(),
            "id": scope.id,
            "state": format!("{:?}", risk.state(scope)).to_lowercase(),
            "profit": money(found.profit),
            "drawdown": money(found.drawdown),
            "fees": money(found.fees),
            "gross": money(found.held_gross + open_buys + open_sells),
            "held_gross": money(found.held_gross),
            "held_net": money(found.held_net),
            "open_buys": money(open_buys),
            "open_sells": money(open_sells),
            "bought_today": money(bought),
            "sold_today": money(sold),
            "margin": money(found.margin),
            "capital": risk.limit(Limit::Capital, scope),
            "largest_position": money(found.largest),
            "orders": found.orders,
            "orders_lots": found.lots,
        })
    }
}

/// Money in 10^-12 account currency as a decimal number, exactly.
fn money(money_e12: i128) -> String {
    let (sign, size) = (if money_e12 < 0 { "-" } else { "" }, money_e12.unsigned_abs());
    let (whole, rest) = (size / 1_000_000_000_000, size % 1_000_000_000_000);
    let digits = format!("{rest:012}");
    match digits.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        digits => format!("{sign}{whole}.{digits}"),
    }
}

#[cfg(test)]
mod tests {
    use super::money;

    #[test]
    fn money_is_said_exactly() {
        let said = [0, -1, 1_500_000_000_000, -12_000_000_000_000].map(money);
        assert_eq!(said, ["0", "-0.000000000001", "1.5", "-12"]);
    }
}
