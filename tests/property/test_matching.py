# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The matcher and the simulated venue against the plain model, command by command."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.models.plain_matcher import PlainMatcher

from onetape.events import (
    CancelReason,
    MarketAction,
    MarketUpdated,
    OrderType,
    Side,
    StpMode,
    TimeInForce,
    TradingStatus,
)
from onetape.exchange import Event, Matcher, Venue

LADDER = [(0, 1), (100, 5)]
INSTRUMENTS = 2

Step = tuple[Any, ...]
Both = tuple[list[Event], list[Event]]

instruments = st.integers(1, INSTRUMENTS)
prices = st.one_of(
    st.integers(95, 99), st.sampled_from([100, 105, 110]), st.sampled_from([101, 0, -5, 1 << 61])
)
market_prices = st.one_of(st.integers(95, 99), st.sampled_from([100, 105, 110]))
qtys = st.one_of(st.integers(1, 12), st.integers(1, 12), st.sampled_from([0, 1 << 41]))
market_qtys = st.integers(0, 12)
refs = st.integers(1, 25)
#: Which order is meant: the nth last id that was given out; 0 was not.
recent = st.integers(0, 12)


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    """Return an order, mostly a valid one."""
    is_market = draw(st.integers(0, 4)) == 0
    # What a plain order can say; the rest of the schema is the market's (test_market_*.py).
    lives = [TimeInForce.DAY, TimeInForce.DAY, TimeInForce.IOC, TimeInForce.FOK]
    tif = draw(st.sampled_from(lives))
    is_odd = draw(st.integers(0, 9)) == 0
    return {
        "instrument": 9 if is_odd and draw(st.booleans()) else draw(instruments),
        "side": draw(st.sampled_from(Side)),
        "qty": draw(qtys),
        "price": draw(st.just(0) if is_market and not is_odd else prices),
        "owner": draw(st.sampled_from([0, 1] if is_odd else [1, 1, 2, 3])),
        "client": draw(st.integers(0, (1 << 64) - 1)),
        "order_type": OrderType.MARKET if is_market else OrderType.LIMIT,
        "tif": tif,
        "post_only": (is_odd or (tif == TimeInForce.DAY and not is_market)) and draw(st.booleans()),
        "stp": draw(st.sampled_from([StpMode.OFF, StpMode.CANCEL_NEWEST])),
        "min_qty": draw(st.integers(0, 9)) if is_odd or tif == TimeInForce.IOC else 0,
    }


orders = st.one_of(
    st.tuples(st.just("enter"), entries()),
    st.tuples(st.just("enter"), entries()),
    st.tuples(st.just("enter"), entries()),
    st.tuples(st.just("cancel"), recent),
    st.tuples(st.just("reduce"), recent, qtys),
    st.tuples(st.just("replace"), recent, prices, qtys),
    st.tuples(st.just("cancel_owner"), st.integers(0, 3), st.integers(0, INSTRUMENTS + 1)),
    st.tuples(st.just("status"), instruments, st.sampled_from(TradingStatus)),
    st.tuples(st.just("status"), instruments, st.just(TradingStatus.TRADING)),
)
market = st.one_of(
    st.tuples(st.just("add"), refs, st.sampled_from(Side), market_prices, market_qtys),
    st.tuples(st.just("add"), refs, st.sampled_from(Side), market_prices, market_qtys),
    st.tuples(st.just("add"), refs, st.sampled_from(Side), market_prices, market_qtys),
    st.tuples(st.just("execute"), refs, market_qtys),
    st.tuples(st.just("execute"), refs, market_qtys),
    st.tuples(st.just("shrink"), refs, market_qtys),
    st.tuples(st.just("delete"), refs),
    st.tuples(st.just("move"), refs, refs, market_prices, market_qtys),
    st.tuples(st.just("set"), refs, market_prices, market_qtys),
    st.tuples(
        st.just("trade"), instruments, st.sampled_from([0, *Side]), market_prices, market_qtys
    ),
    st.tuples(st.just("clear"), instruments),
)


class Pair:
    """The real one and the model, told the same."""

    def __init__(self, *, replayed: bool) -> None:
        self.real = (Venue if replayed else Matcher)(orders_max=1_000, instruments_max=INSTRUMENTS)
        self.model = PlainMatcher()
        for instrument in range(1, INSTRUMENTS + 1):
            self.real.define(instrument, LADDER)
            self.model.define(instrument, LADDER)

    def enter(self, order: dict[str, Any]) -> Both:
        real = self.real.enter(
            order["instrument"],
            order["side"],
            order["qty"],
            order["price"],
            owner=order["owner"],
            client_id=order["client"],
            order_type=order["order_type"],
            time_in_force=order["tif"],
            post_only=order["post_only"],
            stp_mode=order["stp"],
            min_qty_lots=order["min_qty"],
        )
        return real, self.model.enter(**order)

    def order_id(self, place: int) -> int:
        return max(0, self.model.order_id_next - place)

    def cancel(self, place: int) -> Both:
        order_id, reason = self.order_id(place), CancelReason.QUOTE
        return self.real.cancel(order_id, reason), self.model.cancel(order_id, reason)

    def reduce(self, place: int, qty: int) -> Both:
        order_id = self.order_id(place)
        return self.real.reduce(order_id, qty), self.model.reduce(order_id, qty)

    def replace(self, place: int, price: int, qty: int) -> Both:
        order_id = self.order_id(place)
        real = self.real.replace(order_id, price, qty, client_id=77)
        return real, self.model.replace(order_id, price, qty, 77)

    def cancel_owner(self, owner: int, instrument: int) -> Both:
        reason = CancelReason.RUN_ENDED
        real = self.real.cancel_owner(owner, instrument, reason)
        return real, self.model.cancel_owner(owner, instrument, reason)

    def status(self, instrument: int, status: TradingStatus) -> Both:
        self.real.set_status(instrument, status)
        self.model.set_status(instrument, status)
        return [], []

    def update(self, action: MarketAction, *, instrument: int = 0, ref: int = 0, **more: int):
        fields = {"other_ref": 0, "price_ticks": 0, "qty_lots": 0, "side": 0, "flags": 0} | more
        update = MarketUpdated(
            venue_ts_ns=0,
            order_ref=ref,
            instrument_id=instrument or self.instrument(ref),
            action=action,
            **fields,
        )
        assert isinstance(self.real, Venue)
        return self.real.market(update)

    @staticmethod
    def instrument(ref: int) -> int:
        """Return the instrument that a reference belongs to: one, as at a venue."""
        return 1 + ref % INSTRUMENTS

    def add(self, ref: int, side: Side, price: int, qty: int) -> Both:
        real = self.update(MarketAction.ADD, ref=ref, side=side, price_ticks=price, qty_lots=qty)
        return real, self.model.market_add(self.instrument(ref), ref, side, price, qty)

    def execute(self, ref: int, qty: int) -> Both:
        real = self.update(MarketAction.EXECUTE, ref=ref, qty_lots=qty)
        return real, self.model.market_execute(ref, qty)

    def shrink(self, ref: int, qty: int) -> Both:
        real = self.update(MarketAction.REDUCE, ref=ref, qty_lots=qty)
        return real, self.model.market_reduce(ref, qty)

    def delete(self, ref: int) -> Both:
        return self.update(MarketAction.DELETE, ref=ref), self.model.market_delete(ref)

    def move(self, ref: int, new_ref: int, price: int, qty: int) -> Both:
        new_ref += (ref - new_ref) % INSTRUMENTS
        real = self.update(
            MarketAction.REPLACE, ref=ref, other_ref=new_ref, price_ticks=price, qty_lots=qty
        )
        return real, self.model.market_replace(ref, new_ref, price, qty)

    def set(self, ref: int, price: int, qty: int) -> Both:
        real = self.update(MarketAction.SET, ref=ref, price_ticks=price, qty_lots=qty)
        return real, self.model.market_set(ref, price, qty)

    def trade(self, instrument: int, side: int, price: int, qty: int) -> Both:
        real = self.update(
            MarketAction.TRADE, instrument=instrument, side=side, price_ticks=price, qty_lots=qty
        )
        return real, self.model.market_trade(instrument, side, price, qty)

    def clear(self, instrument: int) -> Both:
        real = self.update(MarketAction.CLEAR, instrument=instrument)
        return real, self.model.market_clear(instrument)

    def assert_same_books(self) -> None:
        for instrument in range(1, INSTRUMENTS + 1):
            for side in Side:
                queue = self.model.queue(instrument, side)
                plain = [(o.order_id, o.owner, o.price, o.leaves) for o in queue]
                assert self.real.queue(instrument, side) == plain
                assert self.real.orders(instrument, side) == [o for o in plain if o[1]]


def run(pair: Pair, steps: list[Step]) -> None:
    for name, *arguments in steps:
        real, plain = getattr(pair, name)(*arguments)
        assert real == plain, (name, arguments)
        # The real one counts commands; a status, too.
        pair.model.seq = pair.real.seq
        pair.assert_same_books()
    again = type(pair.real)(orders_max=1_000, instruments_max=INSTRUMENTS)
    again.restore(pair.real.snapshot())
    assert again.state_hash() == pair.real.state_hash()
    assert again.snapshot() == pair.real.snapshot()


@given(st.lists(orders, max_size=60))
@settings(max_examples=200)
def test_the_matcher_equals_the_model(steps: list[Step]) -> None:
    run(Pair(replayed=False), steps)


@given(st.lists(st.one_of(orders, market, market), max_size=80))
@settings(max_examples=300)
def test_the_venue_equals_the_model(steps: list[Step]) -> None:
    run(Pair(replayed=True), steps)


@st.composite
def narrow(draw: st.DrawFn) -> Step:
    """Return a step in one crowded queue: few prices, few references, one instrument."""
    ref, qty = 2 * draw(st.integers(1, 5)), draw(st.integers(1, 6))
    side, price = draw(st.sampled_from(Side)), draw(st.sampled_from([99, 100]))
    name = draw(st.sampled_from(["add", "add", "add", "execute", "execute", "shrink", "enter"]))
    if name == "enter":
        order = {"instrument": 1, "side": side, "qty": qty, "price": price, "owner": 1, "client": 0}
        life = {"order_type": OrderType.LIMIT, "tif": TimeInForce.DAY, "post_only": False}
        return name, order | life | {"stp": StpMode.OFF, "min_qty": 0}
    return (name, ref, side, price, qty) if name == "add" else (name, ref, qty)


@given(st.lists(narrow(), min_size=5, max_size=40))
@settings(max_examples=300)
def test_priority_among_history_equals_the_model(steps: list[Step]) -> None:
    run(Pair(replayed=True), steps)


@pytest.mark.slow
@pytest.mark.timeout(900)
@given(st.lists(st.one_of(orders, market, market), min_size=100, max_size=400))
@settings(max_examples=400)
def test_the_venue_equals_the_model_for_long(steps: list[Step]) -> None:
    run(Pair(replayed=True), steps)
