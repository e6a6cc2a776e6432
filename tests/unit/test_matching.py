# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What the matching engine must do, case by case: state in, events out."""

import numpy as np
import pytest

from onetape.errors import ConfigError, DecodeError
from onetape.events import (
    CancelReason,
    Liquidity,
    MarketAction,
    MarketUpdated,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderRejected,
    OrderReplaced,
    OrderType,
    RejectReason,
    Side,
    StpMode,
    TimeInForce,
    TradingStatus,
)
from onetape.exchange import COMMAND, Event, Matcher, Op, Venue

BUY, SELL = Side.BUY, Side.SELL


@pytest.fixture
def matcher() -> Matcher:
    matcher = Matcher(orders_max=10, instruments_max=2)
    matcher.define(1)
    return matcher


@pytest.fixture
def venue() -> Venue:
    venue = Venue(orders_max=20, instruments_max=1)
    venue.define(1)
    return venue


def market(action: MarketAction, ref: int = 0, **more: int) -> MarketUpdated:
    """Return a message about instrument 1."""
    fields = {"other_ref": 0, "price_ticks": 0, "qty_lots": 0, "side": 0, "flags": 0} | more
    return MarketUpdated(venue_ts_ns=0, order_ref=ref, instrument_id=1, action=action, **fields)


def add(ref: int, side: Side, price: int, qty: int) -> MarketUpdated:
    return market(MarketAction.ADD, ref, side=side, price_ticks=price, qty_lots=qty)


def fills(events: list[Event]) -> list[tuple[int, int, int, int]]:
    """Return order, price, quantity and what is left, of each fill."""
    return [
        (e.order_id, e.price_ticks, e.qty_lots, e.leaves_lots)
        for e in events
        if isinstance(e, OrderFilled)
    ]


def kinds(events: list[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


def reason(events: list[Event]) -> int:
    """Return the reason of the last event."""
    last = events[-1]
    assert isinstance(last, OrderCanceled | OrderRejected)
    return last.reason


def test_better_price_first_then_older_at_the_makers_price(matcher: Matcher) -> None:
    matcher.enter(1, SELL, 5, 102, owner=1)
    matcher.enter(1, SELL, 5, 101, owner=1)
    matcher.enter(1, SELL, 5, 101, owner=2)
    events = matcher.enter(1, BUY, 12, 102, owner=3, client_id=9)
    assert fills(events)[::2] == [(2, 101, 5, 0), (3, 101, 5, 0), (1, 102, 2, 3)]
    assert fills(events)[1::2] == [(4, 101, 5, 7), (4, 101, 5, 2), (4, 102, 2, 0)]
    taker = events[2]
    assert isinstance(taker, OrderFilled)
    assert (taker.client_id, taker.match_id, taker.liquidity) == (9, 1, Liquidity.REMOVED)
    assert matcher.best(1, SELL) == (102, 3, 1)


def test_the_mid_at_arrival_is_the_books_before_the_order(matcher: Matcher) -> None:
    matcher.enter(1, SELL, 5, 104, owner=1)
    matcher.enter(1, BUY, 5, 100, owner=1)
    taker = matcher.enter(1, BUY, 5, 104, owner=2)[-1]
    assert isinstance(taker, OrderFilled)
    assert taker.arrival_mid2_ticks == 204


def test_ioc_and_market_orders_never_rest(matcher: Matcher) -> None:
    matcher.enter(1, SELL, 5, 101, owner=1)
    events = matcher.enter(1, BUY, 8, 101, owner=2, time_in_force=TimeInForce.IOC)
    assert kinds(events) == [OrderAccepted, OrderFilled, OrderFilled, OrderCanceled]
    assert reason(events) == CancelReason.IOC
    events = matcher.enter(1, BUY, 8, owner=2, order_type=OrderType.MARKET)
    assert (kinds(events), reason(events)) == ([OrderAccepted, OrderCanceled], CancelReason.IOC)
    assert matcher.live_orders == 0


def test_ioc_with_a_least_quantity_fills_that_or_nothing(matcher: Matcher) -> None:
    matcher.enter(1, SELL, 5, 101, owner=1)
    ioc = TimeInForce.IOC
    events = matcher.enter(1, BUY, 8, 101, owner=2, time_in_force=ioc, min_qty_lots=6)
    assert kinds(events) == [OrderAccepted, OrderCanceled]
    events = matcher.enter(1, BUY, 8, 101, owner=2, time_in_force=ioc, min_qty_lots=5)
    assert kinds(events)[-1] is OrderCanceled
    assert fills(events)[0] == (1, 101, 5, 0)


@pytest.mark.parametrize("stp", StpMode)
def test_fill_or_kill_leaves_out_what_self_trade_prevention_excludes(
    matcher: Matcher, stp: StpMode
) -> None:
    matcher.enter(1, SELL, 5, 101, owner=1)
    matcher.enter(1, SELL, 5, 102, owner=2)
    matcher.enter(1, SELL, 5, 103, owner=1)
    fok = TimeInForce.FOK
    events = matcher.enter(1, BUY, 12, 103, owner=2, time_in_force=fok, stp_mode=stp)
    if stp == StpMode.OFF:
        assert [qty for _, _, qty, _ in fills(events)[::2]] == [5, 5, 2]
    else:
        assert kinds(events) == [OrderAccepted, OrderCanceled]
        assert reason(events) == CancelReason.FOK
    assert matcher.live_orders == (1 if stp == StpMode.OFF else 3)


def test_cancel_newest_trades_up_to_its_own_order(matcher: Matcher) -> None:
    matcher.enter(1, SELL, 5, 101, owner=1)
    matcher.enter(1, SELL, 5, 102, owner=2)
    events = matcher.enter(1, BUY, 9, 103, owner=2, stp_mode=StpMode.CANCEL_NEWEST)
    assert kinds(events) == [OrderAccepted, OrderFilled, OrderFilled, OrderCanceled]
    assert reason(events) == CancelReason.SELF_TRADE
    assert [order.order_id for order in matcher.orders(1, SELL)] == [2]


def test_post_only_is_refused_where_it_would_take(matcher: Matcher) -> None:
    matcher.enter(1, SELL, 5, 101, owner=1)
    events = matcher.enter(1, BUY, 5, 101, owner=2, post_only=True)
    assert reason(events) == RejectReason.POST_ONLY_WOULD_TAKE
    assert kinds(matcher.enter(1, BUY, 5, 100, owner=2, post_only=True)) == [OrderAccepted]
    events = matcher.replace(2, 101, 5)
    assert reason(events) == RejectReason.POST_ONLY_WOULD_TAKE
    assert matcher.best(1, BUY) == (100, 5, 1)


def test_reduce_means_the_size_with_what_has_executed_and_keeps_priority(matcher: Matcher) -> None:
    matcher.enter(1, SELL, 10, 101, owner=1)
    matcher.enter(1, SELL, 10, 101, owner=2)
    matcher.enter(1, BUY, 4, 101, owner=3)
    assert matcher.reduce(1, 10) == []
    (event,) = matcher.reduce(1, 7)
    assert isinstance(event, OrderCanceled)
    assert (event.qty_lots, event.leaves_lots) == (3, 3)
    assert [order[::3] for order in matcher.orders(1, SELL)] == [(1, 3), (2, 10)]
    (event,) = matcher.reduce(1, 4)
    assert isinstance(event, OrderCanceled)
    assert event.leaves_lots == 0


def test_replace_means_the_total_of_the_chain_and_loses_priority(matcher: Matcher) -> None:
    matcher.enter(1, SELL, 10, 101, owner=1)
    matcher.enter(1, SELL, 10, 101, owner=2)
    matcher.enter(1, BUY, 4, 101, owner=3)
    (event,) = matcher.replace(1, 101, 9, client_id=5)
    assert isinstance(event, OrderReplaced)
    assert (event.old_order_id, event.order_id, event.client_id, event.qty_lots) == (1, 4, 5, 5)
    assert [order[::3] for order in matcher.orders(1, SELL)] == [(2, 10), (4, 5)]
    (event,) = matcher.replace(4, 101, 4)
    assert isinstance(event, OrderCanceled)
    assert (event.order_id, event.reason) == (4, CancelReason.REPLACE)


def test_an_invalid_replace_cancels_the_original_and_a_halted_one_does_not(
    matcher: Matcher,
) -> None:
    matcher.define(2, [(0, 1), (100, 5)])
    matcher.enter(2, SELL, 10, 105, owner=1)
    matcher.set_status(2, TradingStatus.HALTED)
    assert reason(matcher.replace(1, 110, 10)) == RejectReason.NOT_TRADING
    matcher.set_status(2, TradingStatus.TRADING)
    assert reason(matcher.replace(1, 111, 10)) == CancelReason.REPLACE
    assert matcher.live_orders == 0


def test_a_marketable_replace_matches_before_it_rests(matcher: Matcher) -> None:
    matcher.enter(1, SELL, 3, 105, owner=1)
    matcher.enter(1, BUY, 10, 100, owner=2)
    events = matcher.replace(2, 105, 10)
    assert kinds(events) == [OrderReplaced, OrderFilled, OrderFilled]
    assert matcher.best(1, BUY) == (105, 7, 1)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"instrument_id": 2}, RejectReason.INSTRUMENT_UNKNOWN),
        ({"qty_lots": 0}, RejectReason.QTY_INVALID),
        ({"qty_lots": (1 << 40) + 1}, RejectReason.QTY_INVALID),
        ({"price_ticks": 0}, RejectReason.PRICE_INVALID),
        ({"price_ticks": -1}, RejectReason.PRICE_INVALID),
        ({"price_ticks": 1 << 62}, RejectReason.PRICE_INVALID),
        ({"order_type": OrderType.MARKET}, RejectReason.PRICE_INVALID),
        ({"owner": 0}, RejectReason.FIELD_INVALID),
        ({"post_only": True, "time_in_force": TimeInForce.IOC}, RejectReason.FIELD_INVALID),
        ({"min_qty_lots": 1}, RejectReason.FIELD_INVALID),
    ],
)
def test_a_bad_order_is_rejected_and_takes_no_id(
    matcher: Matcher, wrong: dict[str, int], why: RejectReason
) -> None:
    good = {"instrument_id": 1, "side": BUY, "qty_lots": 1, "price_ticks": 5, "owner": 1}
    events = matcher.enter(**(good | wrong))
    assert (kinds(events), reason(events)) == ([OrderRejected], why)
    (event,) = matcher.enter(**good)
    assert isinstance(event, OrderAccepted)
    assert event.order_id == 1


@pytest.mark.parametrize("status", TradingStatus)
def test_a_halt_stops_orders_but_not_cancels(matcher: Matcher, status: TradingStatus) -> None:
    matcher.enter(1, SELL, 5, 101, owner=1)
    matcher.set_status(1, status)
    events = matcher.enter(1, BUY, 5, 100, owner=1)
    if status in {TradingStatus.TRADING, TradingStatus.UNKNOWN}:
        assert kinds(events) == [OrderAccepted]
    else:
        assert reason(events) == RejectReason.NOT_TRADING
    assert kinds(matcher.cancel(1)) == [OrderCanceled]


def test_a_full_book_refuses_what_would_rest(matcher: Matcher) -> None:
    for _ in range(10):
        matcher.enter(1, SELL, 1, 101, owner=1)
    assert reason(matcher.enter(1, BUY, 1, 100, owner=2)) == RejectReason.CAPACITY
    events = matcher.enter(1, BUY, 1, 101, owner=2, time_in_force=TimeInForce.IOC)
    assert fills(events)[0] == (1, 101, 1, 0)
    assert kinds(matcher.replace(2, 102, 1)) == [OrderReplaced]


def test_cancel_owner_takes_only_that_owners_orders(matcher: Matcher) -> None:
    matcher.define(2)
    for instrument in (1, 2):
        for owner in (1, 2):
            matcher.enter(instrument, SELL, 1, 101, owner=owner)
    events = matcher.cancel_owner(1, 2, CancelReason.STRATEGY_STOPPED)
    assert [event.order_id for event in events] == [3]
    assert [event.order_id for event in matcher.cancel_owner(2)] == [2, 4]
    assert matcher.live_orders == 1


def test_bulk_commands_give_what_single_ones_do() -> None:
    commands = np.zeros(4, COMMAND)
    commands["op"] = [Op.ENTER, Op.ENTER, Op.REPLACE, Op.CANCEL]
    commands["side"] = [SELL, BUY, 0, 0]
    commands["order_type"] = OrderType.LIMIT
    commands["time_in_force"] = TimeInForce.DAY
    commands["reason"] = CancelReason.USER
    commands["order_id"] = [0, 0, 1, 3]
    commands["price_ticks"] = [101, 101, 102, 0]
    commands["qty_lots"] = [5, 2, 5, 0]
    commands["instrument_id"], commands["owner"] = 1, [1, 2, 0, 0]
    bulk = Matcher(orders_max=10, instruments_max=1)
    bulk.define(1)
    outputs = bulk.apply(commands)
    single = Matcher(orders_max=10, instruments_max=1)
    single.define(1)
    events = [
        *single.enter(1, SELL, 5, 101, owner=1),
        *single.enter(1, BUY, 2, 101, owner=2),
        *single.replace(1, 102, 5),
        *single.cancel(3),
    ]
    for array, kind in zip(
        outputs,
        (OrderAccepted, OrderRejected, OrderReplaced, OrderCanceled, OrderFilled),
        strict=True,
    ):
        packed = b"".join(event.pack() for event in events if type(event) is kind)
        assert array.tobytes() == packed
    assert (bulk.seq, bulk.state_hash()) == (single.seq, single.state_hash())


def test_errors_say_what_was_found(matcher: Matcher, venue: Venue) -> None:
    commands = np.zeros(2, COMMAND)
    commands["op"] = [Op.REDUCE, 99]
    with pytest.raises(DecodeError, match="command 1"):
        matcher.apply(commands)
    with pytest.raises(DecodeError, match="EXC-004"):
        matcher.restore(venue.snapshot()[:-1])
    with pytest.raises(ConfigError, match="EXC-002"):
        matcher.define(3)
    with pytest.raises(ConfigError, match="EXC-001"):
        Matcher(orders_max=1 << 30)


# -------------------------------------------------------------------- the replayed market


def test_history_alone_makes_the_feeds_book(venue: Venue) -> None:
    for message in (add(7, BUY, 100, 5), add(8, SELL, 99, 5), add(9, BUY, 100, 6)):
        assert venue.market(message) == []
    assert venue.queue(1, BUY) == [(7, 0, 100, 5), (9, 0, 100, 6)]
    assert venue.queue(1, SELL) == [(8, 0, 99, 5)]
    assert venue.live_orders == 0


def test_a_historical_order_that_crosses_ours_trades_with_it_first(venue: Venue) -> None:
    venue.market(add(7, BUY, 101, 5))
    venue.enter(1, BUY, 4, 100, owner=1)
    assert fills(venue.market(add(8, SELL, 100, 10))) == [(1, 100, 4, 0)]
    assert venue.queue(1, SELL) == [(8, 0, 100, 6)]
    assert venue.queue(1, BUY) == [(7, 0, 101, 5)]


def test_a_historical_trade_fills_ours_only_where_we_were_ahead(venue: Venue) -> None:
    venue.market(add(7, SELL, 101, 5))
    venue.enter(1, SELL, 3, 101, owner=1)
    venue.market(add(8, SELL, 101, 5))
    assert venue.market(market(MarketAction.EXECUTE, 7, qty_lots=5)) == []
    assert fills(venue.market(market(MarketAction.EXECUTE, 8, qty_lots=2))) == [(1, 101, 2, 1)]
    assert venue.queue(1, SELL) == [(1, 1, 101, 1), (8, 0, 101, 3)]


def test_what_we_took_is_gone_and_history_removes_only_the_rest(venue: Venue) -> None:
    venue.market(add(7, SELL, 101, 10))
    venue.enter(1, BUY, 6, 101, owner=1)
    assert venue.queue(1, SELL) == [(7, 0, 101, 4)]
    # By history 10 - 3 = 7 are left: no fewer than the 4 that are there.
    venue.market(market(MarketAction.EXECUTE, 7, qty_lots=3))
    assert venue.queue(1, SELL) == [(7, 0, 101, 4)]
    venue.market(market(MarketAction.REDUCE, 7, qty_lots=5))
    assert venue.queue(1, SELL) == [(7, 0, 101, 2)]
    venue.market(market(MarketAction.DELETE, 7))
    assert venue.queue(1, SELL) == []
    assert venue.counters.missing == 0


def test_an_order_that_we_took_whole_lives_on_in_history(venue: Venue) -> None:
    venue.market(add(7, SELL, 101, 10))
    venue.enter(1, BUY, 10, 101, owner=1)
    venue.enter(1, SELL, 2, 100, owner=1)
    assert fills(venue.market(market(MarketAction.EXECUTE, 7, qty_lots=4))) == [(2, 100, 2, 0)]
    venue.market(market(MarketAction.REPLACE, 7, other_ref=8, price_ticks=102, qty_lots=6))
    assert venue.queue(1, SELL) == [(8, 0, 102, 6)]


def test_a_hidden_print_fills_ours_only_strictly_inside(venue: Venue) -> None:
    venue.enter(1, BUY, 4, 100, owner=1)
    venue.enter(1, SELL, 4, 105, owner=1)
    trade = market(MarketAction.TRADE, price_ticks=100, qty_lots=9)
    assert venue.market(trade) == []
    trade = market(MarketAction.TRADE, price_ticks=99, qty_lots=3)
    assert fills(venue.market(trade)) == [(1, 100, 3, 1)]


def test_nothing_of_ours_is_hit_by_orders_while_halted(venue: Venue) -> None:
    venue.enter(1, BUY, 4, 100, owner=1)
    halted = market(MarketAction.STATUS, flags=TradingStatus.HALTED)
    assert venue.market(halted) == []
    assert venue.market(add(8, SELL, 100, 10)) == []
    assert venue.queue(1, SELL) == [(8, 0, 100, 10)]


def test_a_cleared_book_cancels_ours(venue: Venue) -> None:
    venue.market(add(7, SELL, 101, 10))
    venue.enter(1, BUY, 4, 100, owner=1)
    events = venue.market(market(MarketAction.CLEAR))
    assert (kinds(events), reason(events)) == ([OrderCanceled], CancelReason.BOOK_CLEARED)
    assert venue.queue(1, SELL) == []


def test_our_ids_and_historical_references_never_meet(venue: Venue) -> None:
    venue.market(add(1, SELL, 105, 10))
    venue.enter(1, SELL, 4, 104, owner=1)
    venue.market(market(MarketAction.DELETE, 1))
    assert venue.queue(1, SELL) == [(1, 1, 104, 4)]
    assert reason(venue.cancel(2)) == RejectReason.ORDER_UNKNOWN


def test_bulk_history_gives_what_single_messages_do() -> None:
    messages = [add(7, SELL, 101, 10), market(MarketAction.EXECUTE, 7, qty_lots=4)]
    venues = [Venue(orders_max=20, instruments_max=1) for _ in range(2)]
    for each in venues:
        each.define(1)
        each.enter(1, SELL, 2, 100, owner=1)
    array = np.frombuffer(b"".join(each.pack() for each in messages), MarketUpdated.DTYPE)
    outputs = venues[0].apply_market(array)
    events = [event for message in messages for event in venues[1].market(message)]
    assert outputs.filled.tobytes() == b"".join(event.pack() for event in events)
    assert venues[0].snapshot() == venues[1].snapshot()


def test_only_a_venue_has_history(matcher: Matcher) -> None:
    with pytest.raises(ConfigError, match="EXC-005"):
        matcher._engine.market(add(7, SELL, 101, 10).pack())
