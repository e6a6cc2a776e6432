# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What a strategy can ask for and what it then hears, on a small synthetic market."""

from collections import Counter
from pathlib import Path

import pytest

from onetape import Market, Side, Strategy, StrategyError, run
from onetape.errors import ConfigError
from onetape.events import (
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderRejected,
    RejectReason,
    TimeInForce,
)
from onetape.trading import OrderEvent

LIMITS = {
    "order_qty_max": 1_000,
    "order_notional_max": 10**12,
    "position_max": 1_000,
    "price_collar_ticks": 100_000,
    "order_rate_max": 1_000,
}


class Heard(Strategy):
    """Keeps what it hears, and acts once, on the first book."""

    def on_start(self) -> None:
        self.events: list[OrderEvent | OrderFilled] = []
        self.first: Market | None = None

    def on_book(self, market: Market) -> None:
        if self.first is None:
            self.first = market
            self.act(market)

    def act(self, market: Market) -> None: ...

    def on_order(self, event: OrderEvent) -> None:
        self.events.append(event)

    def on_fill(self, fill: OrderFilled) -> None:
        self.events.append(fill)

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.events]


def ran(tmp_path: Path, strategy: Strategy, messages: int = 5_000, **risk: int):
    settings = {"run.messages": messages}
    return run(strategy, journal=tmp_path / "j", risk=LIMITS | risk, settings=settings)


def test_an_order_lives_shrinks_and_is_cancelled(tmp_path):
    class Shrinker(Heard):
        def act(self, market):
            self.id = self.send(market, Side.BUY, 10, market.bid_ticks - 100 * 50)
            self.cancel(self.id, 4)
            self.set_timer(1_000)

        def on_timer(self, timer_id):
            (self.live,) = self.orders()
            self.ahead = self.first.queue_ahead(self.id)
            self.cancel(self.id)
            self.cancel(self.id)

    strategy = Shrinker()
    ran(tmp_path, strategy)
    names = ["OrderAccepted", "OrderCanceled", "OrderCanceled", "OrderRejected"]
    assert strategy.kinds() == names
    accepted, shrunk, canceled, rejected = strategy.events
    assert (accepted.qty_lots, shrunk.qty_lots, shrunk.leaves_lots) == (10, 6, 4)
    assert (canceled.qty_lots, canceled.leaves_lots) == (4, 0)
    assert rejected.reason == RejectReason.ORDER_UNKNOWN
    live = strategy.live
    assert (live.client_id, live.leaves_lots, live.side, live.is_accepted) == (1, 4, 1, True)
    assert strategy.ahead is not None


def test_a_market_order_takes_and_a_sale_closes_the_position(tmp_path):
    class Trader(Heard):
        def act(self, market):
            self.ask = market.ask_ticks
            self.send(market, Side.BUY, 5)
            self.set_timer(0)

        def on_timer(self, timer_id):
            self.held = self.first.position_lots
            self.send(self.first.symbol, Side.SELL, 5, time_in_force=TimeInForce.IOC)

    strategy = Trader()
    result = ran(tmp_path, strategy)
    assert strategy.held == 5
    fills = [event for event in strategy.events if isinstance(event, OrderFilled)]
    assert fills[0].price_ticks == strategy.ask
    assert sum(f.qty_lots for f in fills) == 10
    (position,) = result.positions
    assert (position.position_lots, position.maker_lots) == (0, 0)
    assert result.profit["USD"] == pytest.approx(position.realised)
    assert position.realised < 0
    assert position.slippage > 0


def test_a_replacement_is_known_by_its_new_id(tmp_path):
    class Mover(Heard):
        def act(self, market):
            price = market.bid_ticks - 100 * 50
            old = self.send(market, Side.BUY, 10, price)
            self.new = self.replace(old, price - 100, 20)
            self.cancel(old)

    strategy = Mover()
    ran(tmp_path, strategy)
    assert strategy.new == 2
    assert strategy.kinds() == ["OrderAccepted", "OrderReplaced", "OrderRejected"]
    assert strategy.events[1].qty_lots == 20


@pytest.mark.parametrize(
    ("risk", "qty", "away", "reason"),
    [
        ({"order_qty_max": 9}, 10, 0, RejectReason.ORDER_QTY),
        ({"order_notional_max": 100}, 10, 0, RejectReason.ORDER_NOTIONAL),
        ({"position_max": 9}, 10, 0, RejectReason.POSITION),
        ({"price_collar_ticks": 0}, 10, 50_000, RejectReason.PRICE_COLLAR),
        ({"order_rate_max": 0}, 10, 0, RejectReason.ORDER_RATE),
        ({}, 0, 0, RejectReason.QTY_INVALID),
        ({}, 10, 7, RejectReason.PRICE_INVALID),
    ],
)
def test_each_limit_refuses_with_its_reason(tmp_path, risk, qty, away, reason):
    class Asker(Heard):
        def act(self, market):
            self.send(market, Side.BUY, qty, market.bid_ticks + away)

    strategy = Asker()
    ran(tmp_path, strategy, **risk)
    (rejected,) = strategy.events
    assert isinstance(rejected, OrderRejected)
    assert rejected.reason == reason


def test_a_missing_limit_refuses(tmp_path):
    class Asker(Heard):
        def act(self, market):
            self.send(market, Side.BUY, 1, market.bid_ticks)

    strategy = Asker()
    settings = {"run.messages": 3_000}
    result = run(strategy, journal=tmp_path / "j", settings=settings)
    assert [e.reason for e in strategy.events] == [RejectReason.LIMIT_MISSING]
    assert list(result.rejects.values()) == [1]


def test_a_quote_is_kept_moved_and_withdrawn(tmp_path):
    class Quoter(Heard):
        steps = 0

        def on_book(self, market):
            if self.first is None:
                self.first = market
            if market.symbol != self.first.symbol:
                return
            self.steps += 1
            low, high = market.bid_ticks - 100 * 20, market.ask_ticks + 100 * 20
            if self.steps == 1:
                self.fixed = (low, high)
            if self.steps < 20:
                self.quote(market, bid=self.fixed[0], ask=self.fixed[1], qty=5)
            elif self.steps == 20:
                self.quote(market, bid=self.fixed[0] - 100, ask=self.fixed[1], qty=5)
            elif self.steps == 21:
                self.held = self.orders(market)
                self.quote(market, bid=None, ask=self.fixed[1], qty=5)

    strategy = Quoter()
    result = ran(tmp_path, strategy)
    assert result.events["SetQuote"] == 3
    counts = Counter(strategy.kinds())
    assert counts == {"OrderAccepted": 2, "OrderReplaced": 1, "OrderCanceled": 1}
    assert result.events["OrderCanceled"] == 2
    assert [order.side for order in strategy.held] == [Side.BUY, Side.SELL]
    assert strategy.held[0].price_ticks == strategy.fixed[0] - 100


def test_what_is_still_asked_for_at_the_end_is_done_and_then_cancelled(tmp_path):
    class Late(Heard):
        def on_stop(self):
            self.send(self.first, Side.BUY, 1, self.first.bid_ticks - 100 * 50)

    result = ran(tmp_path, Late())
    assert result.events["OrderAccepted"] == result.events["OrderCanceled"] == 1


def test_cancel_all(tmp_path):
    class Many(Heard):
        def act(self, market):
            for step in range(5):
                self.send(market, Side.BUY, 1, market.bid_ticks - 100 * (20 + step))
            self.cancel_all(market)
            self.cancel_all()

    strategy = Many()
    ran(tmp_path, strategy)
    assert Counter(map(type, strategy.events)) == {OrderAccepted: 5, OrderCanceled: 5}


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda s, m: s.quote(m, bid=m.ask_ticks, ask=m.bid_ticks), "must be below its ask"),
        (lambda s, m: s.send("NONE", Side.BUY, 1), "no symbol NONE"),
        (lambda s, m: s.send(3, Side.BUY, 1), "a Market or a symbol"),
        (lambda s, m: s.send(m, 7, 1), "onetape.Side"),
        (lambda s, m: s.set_timer(-1), "after_ns must be 0 or more"),
        (lambda s, m: s.send(m, Side.BUY, -1), "unsigned"),
    ],
)
def test_nonsense_raises_in_the_strategy_and_stops_it(tmp_path, ask, error):
    class Wrong(Heard):
        def act(self, market):
            ask(self, market)

    with pytest.raises(StrategyError, match=error) as caught:
        ran(tmp_path, Wrong())
    assert "test_strategy.py, line" in str(caught.value)


def test_outside_a_run_it_says_so():
    with pytest.raises(RuntimeError, match="not running"):
        Strategy().cancel(1)


def test_parameters_are_attributes(tmp_path):
    class Sized(Heard):
        size = 1

        def act(self, market):
            self.send(market, Side.BUY, self.size, market.bid_ticks)

    strategy = Sized()
    settings = {"run.messages": 2_000}
    run(strategy, journal=tmp_path / "j", risk=LIMITS, params={"size": 7}, settings=settings)
    assert strategy.events[0].qty_lots == 7
    with pytest.raises(ConfigError, match="did you mean size"):
        run(strategy, journal=tmp_path / "k", params={"sise": 7})


def test_the_readme_runs(tmp_path, monkeypatch, root, capsys):
    text = (root / "README.md").read_text("utf-8")
    code = text.partition("```python\n")[2].partition("```")[0]
    (tmp_path / "examples").symlink_to(root / "examples")
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "README.md", "exec"), {"__name__": "readme"})
    assert "USD" in capsys.readouterr().out
