# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""onetape.exchange.Market: what it names, passes on and refuses; the rules are tried elsewhere."""

from typing import Any

import pytest

from onetape.errors import ConfigError, ConversionError, DecodeError
from onetape.events import CancelReason, OrderType, Phase, RejectReason, Side, StpMode, TimeInForce
from onetape.exchange import Auction, Level, Market, OrderRequest, PostOnly, QueuedOrder


@pytest.fixture
def market() -> Market:
    market = Market(orders_max=100, instruments_max=2, specials_max=50, owners_max=4)
    market.define(1)
    assert market.set_firm(1, 7)
    market.set_phase(0, 1, Phase.CONTINUOUS)
    return market


def order(side: Side, qty: int, price: int = 0, **more: Any) -> OrderRequest:
    return OrderRequest(1, side, qty, price, **({"owner": 1} | more))


def names(reports: list[dict[str, Any]]) -> list[Any]:
    return [report["report"] for report in reports]


def test_every_part_of_an_order_arrives(market: Market) -> None:
    taken = [
        order(Side.BUY, 5, 99, client_id=8, time_in_force=TimeInForce.GTC),
        order(Side.BUY, 5, order_type=OrderType.PEG_PRIMARY, hidden=True, offset_ticks=-1),
        order(Side.BUY, 9, 98, reserve_lots=4),
        order(Side.BUY, 9, 97, hidden=True, min_qty_lots=3),
        order(Side.BUY, 9, 97, hidden=True, all_or_none=True),
        order(Side.BUY, 9, 97, stop_ticks=105),
        order(Side.BUY, 9, 96, time_in_force=TimeInForce.UNTIL, until_ts_ns=50),
        order(Side.SELL, 9, 90, post_only=PostOnly.SLIDE),
        order(Side.SELL, 9, 110, auction=Auction.CLOSE),
    ]
    accepted = [market.enter(1, each)[0] for each in taken]
    assert [r["report"] for r in accepted] == ["accepted"] * len(taken)
    assert accepted[0]["client"] == 8
    assert [r["price"] for r in accepted] == [99, 98, 98, 97, 97, 97, 96, 100, 110]
    assert accepted[5]["order_type"] == OrderType.STOP_LIMIT
    assert accepted[8]["time_in_force"] == TimeInForce.CLOSE
    assert market.book(1, Side.BUY)[1] == QueuedOrder(3, 98, 4, 9)
    assert market.levels(1, Side.BUY) == [Level(99, 5, 1), Level(98, 4, 1), Level(96, 9, 1)]
    assert market.live_orders == 9
    assert [r["reason"] for r in market.tick(50)] == [CancelReason.EXPIRED]


def test_self_trade_prevention_and_changes_arrive(market: Market) -> None:
    market.enter(1, order(Side.SELL, 5, 101))
    taker = order(Side.BUY, 5, 101, stp_mode=StpMode.CANCEL_OLDEST, stp_by_port=True)
    assert names(market.enter(2, taker)) == ["accepted", "prevented", "canceled", "rested"]
    assert names(market.reduce(3, 2, 3)) == ["canceled"]
    replaced = market.replace(4, 2, 4, 100, client_id=6, time_in_force=TimeInForce.GTC)
    assert (replaced[0]["order_id"], replaced[0]["client"], replaced[0]["qty"]) == (3, 6, 4)
    (refused,) = market.replace(4, 3, 0, 100, client_id=7, keeps_original=True)
    assert (refused["report"], refused["reason"]) == ("rejected", RejectReason.QTY_INVALID)
    assert (refused["client"], refused["value"], refused["bound"]) == (7, 0, 1)
    assert names(market.cancel_all(5, owner=1, side=Side.SELL)) == []
    assert [r["reason"] for r in market.cancel_all(5, firm=7)] == [CancelReason.MASS_CANCEL]
    assert [r["reason"] for r in market.cancel(6, 3)] == [RejectReason.ORDER_UNKNOWN]


def test_phases_days_and_references_arrive(market: Market) -> None:
    market.define(2, [(0, 5)], reference_ticks=100, band_bps=500, auction_collar_bps=100)
    assert market.phase(2) is Phase.CLOSED
    assert names(market.set_phase(1, 2, Phase.OPENING_AUCTION)) == ["phase"]
    assert market.indicative(2)["reference"] == 100
    assert [(r["reference"], r["lower"]) for r in market.set_reference(2, 2, 112)] == [(110, 105)]
    assert names(market.day_ended(3)) == ["phase", "phase", "bands"]
    assert market.day_started(4) == []
    assert market.phase(9) is None


def test_a_snapshot_is_taken_up(market: Market) -> None:
    market.enter(1, order(Side.SELL, 5, 101, reserve_lots=2))
    again = Market(orders_max=100, instruments_max=2, specials_max=50, owners_max=4)
    again.restore(market.snapshot())
    assert again.state_hash() == market.state_hash()
    assert again.book(1, Side.SELL) == [QueuedOrder(1, 101, 2, 5)]


def test_what_the_schema_does_not_define_is_refused(market: Market) -> None:
    with pytest.raises(ConfigError, match="EXC-001"):
        Market(orders_max=1 << 30)
    with pytest.raises(ConfigError, match="EXC-002"):
        market.define(3)
    with pytest.raises(ConversionError):
        market.define(1, [(0, 0)])
    for bad in ({"side": 9}, {"post_only": 7}, {"time_in_force": 6}, {"order_type": 6}):
        with pytest.raises(DecodeError, match="EXC-003"):
            market.enter(1, order(**({"side": Side.BUY, "qty": 5, "price": 100} | bad)))
    with pytest.raises(DecodeError, match="EXC-003"):
        market.set_phase(1, 1, 77)
    with pytest.raises(DecodeError, match="EXC-004"):
        market.restore(b"no snapshot")
    assert not market.set_firm(5, 1)
    assert market.live_orders == 0
