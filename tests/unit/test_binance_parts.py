# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The parts of the Binance adapter that need no socket: signatures, limits, rules, reports."""

import random
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from tests.models.venue_side import order_sent

from onetape.config import Secret
from onetape.errors import ConfigError, DecodeError
from onetape.events import (
    CancelReason,
    FeeTakenInKind,
    OrderType,
    ReplaceSent,
    ReportKind,
    Side,
    TimeInForce,
    VenueReported,
)
from onetape.live.adapters import Backoff
from onetape.live.adapters.binance import SymbolInfo, _requests, instrument_of
from onetape.live.adapters.binance._calls import Refusal, Unknown, outcome_of_error
from onetape.live.adapters.binance._limits import RateLimits
from onetape.live.adapters.binance._messages import (
    ExecutionReport,
    OrderState,
    RateLimitInfo,
    read,
)
from onetape.live.adapters.binance._orders import Orders, exec_id_of
from onetape.live.adapters.binance._requests import ClientIds
from onetape.live.adapters.binance._rules import Listing, rules_of
from onetape.live.adapters.binance._signing import Signer
from onetape.types import Instrument

BTC = Instrument(id=1, symbol="BTCUSDT", tick_e9=10_000_000, lot_e9=10, currency="USDT")
INFO = {
    "symbol": "BTCUSDT",
    "status": "TRADING",
    "baseAsset": "BTC",
    "quoteAsset": "USDT",
    "baseAssetPrecision": 8,
    "amendAllowed": True,
    "filters": [
        {
            "filterType": "PRICE_FILTER",
            "minPrice": "0.01000000",
            "maxPrice": "1000000.00000000",
            "tickSize": "0.01000000",
        },
        {
            "filterType": "LOT_SIZE",
            "minQty": "0.00001000",
            "maxQty": "9000.00000000",
            "stepSize": "0.00001000",
        },
        {"filterType": "ICEBERG_PARTS", "limit": 100},
        {"filterType": "NOTIONAL", "minNotional": "5.00000000", "maxNotional": "9000000.00000000"},
    ],
}


def info(**more: Any) -> SymbolInfo:
    return read(SymbolInfo, msgspec.json.encode({**INFO, **more}))


LISTING = Listing(BTC, rules_of(info(), BTC))


# Signatures


def test_the_signature_is_that_of_the_venues_own_example():
    secret = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
    signer = Signer("key", Secret(secret), 5_000)
    said = {"symbol": "LTCBTC", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC"}
    said |= {"quantity": "1", "price": "0.1"}
    query = signer.query(said, 1_499_827_319_559)
    assert query.endswith(
        "&recvWindow=5000&timestamp=1499827319559"
        "&signature=c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
    )
    signed = signer.signed(said, 1)
    assert list(signed)[:-1] == sorted(signed.keys() - {"signature"})
    assert signed["apiKey"] == "key"
    assert secret not in repr(vars(signer)) + str(signed)


def test_client_ids_name_one_number_each():
    ids = ClientIds("desk")
    assert ids.number(ids.text(7)) == 7
    for text in ("", "desk", "desk-", "desk-x", "desk-1x", "other-7", "desk-٣", "desk-" + "9" * 30):
        assert ids.number(text) == 0
    for prefix in ("", "a-b", "a" * 17, "ä"):
        with pytest.raises(ConfigError) as caught:
            ClientIds(prefix)
        assert caught.value.code == "ADP-003"


# Limits


def limits(weight: int = 100, orders: int = 10) -> RateLimits:
    return RateLimits(
        [
            RateLimitInfo("REQUEST_WEIGHT", "MINUTE", 1, weight),
            RateLimitInfo("ORDERS", "SECOND", 10, orders),
            RateLimitInfo("RAW_REQUESTS", "MINUTE", 5, 1),
        ]
    )


def test_a_share_of_the_weight_is_kept_for_cancels():
    used = limits()
    used.spend(0, weight=80)
    assert used.wait_s(0, weight=1) == 60.0
    assert used.wait_s(0, weight=20, is_privileged=True) == 0.0
    assert used.wait_s(0, weight=21, is_privileged=True) == 60.0
    assert used.wait_s(59_000, weight=1) == 1.0
    assert used.wait_s(60_000, weight=1) == 0.0


def test_orders_are_counted_by_the_window():
    used = limits()
    for _ in range(10):
        assert used.wait_s(5_000, weight=1, orders=1) == 0.0
        used.spend(5_000, weight=1, orders=1)
    assert used.wait_s(5_000, weight=1, orders=1) == 5.0
    assert used.wait_s(5_000, weight=1) == 0.0


def test_the_venues_own_count_is_taken_where_it_is_higher():
    used = limits()
    used.observe_headers(0, {"X-MBX-USED-WEIGHT-1M": "70", "X-Mbx-Order-Count-10S": "10"})
    assert (used.used("REQUEST_WEIGHT", 60), used.used("ORDERS", 10)) == (70, 10)
    used.observe(0, [RateLimitInfo("REQUEST_WEIGHT", "MINUTE", 1, 100, 30)])
    assert used.used("REQUEST_WEIGHT", 60) == 70
    used.observe_headers(0, {"X-MBX-USED-WEIGHT-1M": "x", "X-MBX-USED-WEIGHT": "99", "Age": "1"})
    assert used.used("REQUEST_WEIGHT", 60) == 70


def test_a_ban_holds_for_all():
    used = limits()
    used.block(1_000, 7)
    assert used.wait_s(2_000, weight=1, is_privileged=True) == 6.0
    used.block(1_000, 1)
    assert used.wait_s(8_000, weight=1) == 0.0


def test_waits_double_up_to_a_limit_and_begin_again():
    backoff = Backoff(random.Random(1), first_s=1.0, most_s=8.0)
    waits = [backoff.next_s() for _ in range(8)]
    for wait, due in zip(waits, (1, 2, 4, 8, 8, 8, 8, 8), strict=True):
        assert due / 2 <= wait <= due
    backoff.reset()
    assert backoff.next_s() <= 1.0
    assert 1.0 <= backoff.after(8.0) <= 2.0
    assert backoff.after(8.1) <= 1.0
    assert backoff.fresh().next_s() <= 1.0


# Rules


@pytest.mark.parametrize(
    ("price", "qty", "text"),
    [
        (6_000_000, 1_000_000, ""),
        (0, 1_000_000, "PRICE_FILTER"),
        (100_000_001, 1_000_000, "PRICE_FILTER"),
        (6_000_000, 1_000_001, "LOT_SIZE"),
        (6_000_000, 999, "LOT_SIZE"),
        (6_000_000, 900_000_001_000, "LOT_SIZE"),
        (6_000_000, 8_000, "NOTIONAL"),
        (100_000_000, 900_000_000_000, "NOTIONAL"),
    ],
)
def test_filters_are_checked_in_our_units(price: int, qty: int, text: str):
    refusal = LISTING.rules.refusal(BTC, OrderType.LIMIT, price, qty)
    assert refusal.startswith(text)
    assert bool(refusal) == bool(text)


def test_a_market_order_has_no_price_to_check():
    assert LISTING.rules.refusal(BTC, OrderType.MARKET, 0, 1_000) == ""


def test_units_come_from_the_symbol_or_are_refused():
    assert instrument_of(info(), 1) == BTC
    with pytest.raises(ConfigError) as caught:
        rules_of(info(), Instrument(id=1, symbol="BTCUSDT", tick_e9=1_000_000_000, lot_e9=10))
    assert caught.value.code == "ADP-001"
    with pytest.raises(ConfigError) as caught:
        instrument_of(info(filters=[]), 1)
    assert caught.value.code == "ADP-002"


# Requests and how they end


def test_orders_become_requests():
    def parameters(**more: int) -> dict[str, Any]:
        return _requests.place(BTC, order_sent(1, 5_000_000, 1_000, **more), "t-1").parameters

    said = parameters()
    assert (said["price"], said["quantity"]) == ("50000", "0.00001")
    assert (said["type"], said["timeInForce"]) == ("LIMIT", "GTC")
    assert parameters(time_in_force=TimeInForce.FOK)["timeInForce"] == "FOK"
    maker = parameters(post_only=1)
    assert (maker["type"], "timeInForce" in maker) == ("LIMIT_MAKER", False)
    market = parameters(order_type=OrderType.MARKET)
    assert (market["type"], "price" in market) == ("MARKET", False)
    stop = parameters(order_type=OrderType.STOP_LIMIT, stop_price_ticks=6_000_000)
    assert (stop["type"], stop["stopPrice"]) == ("STOP_LOSS_LIMIT", "60000")
    assert parameters(display_lots=100)["icebergQty"] == "0.000001"


def test_a_request_costs_what_the_venue_says():
    depth = [_requests.Request("depth", {"limit": n}).weight for n in (5, 100, 500, 1_000, 5_000)]
    assert depth == [5, 5, 25, 50, 250]
    assert _requests.trades(BTC, orderId=1).weight == 5
    assert _requests.trades(BTC, fromId=1).weight == 20


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, b'{"code":-2010,"msg":"no"}', Refusal),
        (400, b'{"code":-1006,"msg":"An unexpected response"}', Unknown),
        (400, b'{"code":-1007,"msg":"Timeout"}', Unknown),
        (503, b'{"code":-1000,"msg":"Unknown error"}', Unknown),
        (503, b'{"code":-1008,"msg":"Server is currently overloaded"}', Refusal),
        (502, b"<html>", Unknown),
        (403, b"<html>", Refusal),
    ],
)
def test_only_a_clear_no_is_a_refusal(status: int, body: bytes, kind: type):
    assert isinstance(outcome_of_error(status, body), kind)


def test_what_cannot_be_read_is_an_error_with_a_code():
    with pytest.raises(DecodeError) as caught:
        read(OrderState, b'{"symbol":"BTCUSDT"}')
    assert caught.value.code == "ADP-010"


# Reports


def report(execution: str, status: str, **more: Any) -> ExecutionReport:
    said = {"s": "BTCUSDT", "c": "t-1", "S": "BUY", "o": "LIMIT", "f": "GTC", "q": "0.01"}
    said |= {"p": "50000.00", "x": execution, "X": status, "r": "NONE", "i": 77, "l": "0", "z": "0"}
    said |= {"L": "0", "T": 5, "C": "", "n": "0", "N": None, "t": -1, "m": False}
    return read(ExecutionReport, msgspec.json.encode({**said, **more}))


def trade(number: int, executed: str, **more: Any) -> ExecutionReport:
    status = "FILLED" if executed == "0.01" else "PARTIALLY_FILLED"
    fields = {"t": number, "l": "0.005", "L": "50000", "z": executed, **more}
    return report("TRADE", status, **fields)


def orders(**more: Any) -> Orders:
    kept = Orders(9, {"BTCUSDT": LISTING}, ClientIds("t"), **more)
    kept.enter(order_sent(1, 5_000_000, 1_000_000))
    return kept


def said(reports: list[VenueReported]) -> list[tuple[str, int, int]]:
    return [(ReportKind(r.report).name, r.qty_lots, r.leaves_lots) for r in reports]


def test_each_thing_is_said_once_whatever_says_it():
    kept = orders()
    assert said(kept.on_execution(report("NEW", "NEW"))) == [("ACCEPTED", 1_000_000, 1_000_000)]
    assert kept.on_execution(report("NEW", "NEW")) == []
    assert said(kept.on_execution(trade(5, "0.005"))) == [("FILLED", 500_000, 500_000)]
    assert kept.on_execution(trade(5, "0.005")) == []
    assert said(kept.on_execution(trade(6, "0.01"))) == [("FILLED", 500_000, 0)]
    assert kept.on_execution(report("CANCELED", "CANCELED")) == []
    assert kept.live() == []


def test_a_trade_that_comes_first_is_preceded_by_its_acceptance():
    assert [r[0] for r in said(orders().on_execution(trade(5, "0.005")))] == ["ACCEPTED", "FILLED"]


@pytest.mark.parametrize(
    ("execution", "status", "life", "reason"),
    [
        ("CANCELED", "CANCELED", "GTC", CancelReason.USER),
        ("EXPIRED", "EXPIRED", "GTC", CancelReason.EXPIRED),
        ("TRADE_PREVENTION", "EXPIRED_IN_MATCH", "GTC", CancelReason.SELF_TRADE),
    ],
)
def test_an_end_has_its_reason(execution: str, status: str, life: str, reason: CancelReason):
    ends = orders().on_execution(report(execution, status, f=life))
    assert said(ends) == [("ACCEPTED", 1_000_000, 1_000_000), ("CANCELED", 1_000_000, 0)]
    assert ends[-1].cancel_reason == reason


@pytest.mark.parametrize("status", ["NEW", "PARTIALLY_FILLED", "PENDING_CANCEL", "NOT_KNOWN_YET"])
def test_a_state_that_does_not_say_that_it_is_over_keeps_an_order_alive(status: str):
    kept = orders()
    assert said(kept.on_execution(report("NEW", status)))[-1][0] == "ACCEPTED"
    assert len(kept.live()) == 1


def test_what_self_trade_prevention_takes_away_is_said_once():
    kept = orders()
    kept.on_execution(report("NEW", "NEW"))
    less = report("TRADE_PREVENTION", "NEW", A="0.004")
    reports = kept.on_execution(less)
    assert said(reports) == [("CANCELED", 400_000, 600_000)]
    assert reports[0].cancel_reason == CancelReason.SELF_TRADE
    assert kept.on_execution(less) == []
    assert said(kept.on_execution(trade(5, "0.005", A="0.004"))) == [("FILLED", 500_000, 100_000)]
    ends = kept.on_execution(report("TRADE_PREVENTION", "EXPIRED_IN_MATCH", A="0.005"))
    assert said(ends) == [("CANCELED", 100_000, 0)]


def test_a_rejection_is_said_with_its_reason():
    ends = orders().on_execution(report("REJECTED", "REJECTED", r="INSUFFICIENT_BALANCES"))
    assert (said(ends), ends[0].tail) == ([("REJECTED", 1_000_000, 0)], b"INSUFFICIENT_BALANCES")


def test_an_order_that_is_being_replaced_is_not_said_to_be_cancelled():
    kept = orders()
    kept.on_execution(report("NEW", "NEW"))
    old = kept.get(1)
    sent = ReplaceSent(
        cause_seq=0,
        number=1,
        new_number=2,
        order_id=0,
        price_ticks=5_100_000,
        qty_lots=1_000_000,
        venue_id=9,
        instrument_id=1,
    )
    new = kept.replace(sent, old)
    assert kept.on_execution(report("CANCELED", "CANCELED", c="x", C="t-1")) == []
    assert said(kept.on_execution(report("NEW", "NEW", c="t-2", i=78)))[0][0] == "REPLACED"
    assert [o.number for o in kept.live()] == [new.number]


def test_anothers_orders_have_no_number_and_their_name():
    other = orders().on_execution(report("NEW", "NEW", c="web_1"))
    assert (other[0].number, other[0].tail) == (0, b"web_1")
    assert orders().on_execution(report("NEW", "NEW", s="ETHUSDT")) == []


def test_what_was_reported_before_a_restart_is_not_reported_again():
    kept, again = orders(), orders()
    for event in (report("NEW", "NEW"), trade(5, "0.005")):
        for reported in kept.on_execution(event):
            again.remember(VenueReported.unpack(reported.pack()))
    assert again.on_execution(trade(5, "0.005")) == []
    assert said(again.on_execution(trade(6, "0.01"))) == [("FILLED", 500_000, 0)]
    assert again.last_trade_ids == {1: 6}


def test_a_restart_knows_the_size_that_a_replacement_was_sent_with():
    kept, again = orders(), orders()
    sent = ReplaceSent(
        cause_seq=0, number=1, new_number=2, order_id=0, price_ticks=5_100_000,
        qty_lots=1_000_000, venue_id=9, instrument_id=1,
    )  # fmt: skip
    new = kept.replace(sent, kept.get(1))
    again.replace(sent, again.get(1))
    reports = kept.on_execution(report("NEW", "NEW")) + kept.on_execution(trade(5, "0.005"))
    # Half of it traded before it was dead: the new one was sent with what is left.
    new.qty_lots, new.before_lots = 500_000, 500_000
    reports += kept.on_execution(report("NEW", "NEW", c="t-2", i=78, q="0.005"))
    for reported in reports:
        again.remember(VenueReported.unpack(reported.pack()))
    assert [(o.number, o.leaves_lots, o.chain_lots) for o in again.live()] == [
        (2, 500_000, 500_000)
    ]


def test_the_dead_are_forgotten_and_the_living_are_not():
    kept = orders(orders_max=3)
    kept.on_execution(report("NEW", "NEW"))
    for number in range(2, 12):
        kept.enter(order_sent(number, 5_000_000, 1_000_000))
        kept.refused(number, "no")
    assert [order.number for order in kept.live()] == [1]
    assert kept.get(2) is None
    assert kept.get(11) is not None


# Fees


def in_kind(fee: str, asset: str = "BTC", **more: Any) -> ExecutionReport:
    return trade(more.pop("t", 5), more.pop("z", "0.005"), n=fee, N=asset, **more)


def test_a_fee_in_the_coin_shrinks_the_position_and_is_worth_what_was_paid():
    kept = orders()
    accepted, taken, filled = kept.on_execution(in_kind("0.00000500"))
    assert accepted.report == ReportKind.ACCEPTED
    assert isinstance(taken, FeeTakenInKind)
    assert (taken.number, taken.amount_e9, taken.price_ticks) == (1, 5_000, 5_000_000)
    assert (taken.qty_lots, taken.exec_id) == (500, filled.exec_id)
    assert filled.fee_e9 == 250_000_000, "0.25 USDT"
    assert filled.tail == b"fee 0.00000500 BTC"
    assert kept.on_execution(in_kind("0.00000500")) == []


def test_less_than_a_lot_is_kept_for_the_next_fee():
    kept = orders()
    lots = []
    for at in range(1, 5):
        said = kept.on_execution(in_kind("0.000000004", t=at, l="0.001", z=f"0.00{at}"))
        lots += [event.qty_lots for event in said if isinstance(event, FeeTakenInKind)]
    assert lots == [0, 0, 1, 0]
    assert kept.fees.left_e9("BTC") == 6


def test_a_fee_that_was_said_before_a_restart_is_not_said_again():
    kept, again = orders(), orders()
    reports = kept.on_execution(in_kind("0.000000014"))
    for reported in reports[:2]:
        again.remember(type(reported).unpack(reported.pack()))
    # It died between the fee and the fill.
    assert said(again.on_execution(in_kind("0.000000014"))) == [("FILLED", 500_000, 500_000)]
    assert again.fees.left_e9("BTC") == kept.fees.left_e9("BTC") == 4
    (fee, filled) = again.on_execution(in_kind("0.000000006", t=6, z="0.01"))
    assert (fee.qty_lots, filled.exec_id) == (1, fee.exec_id)


def test_a_fee_in_money_or_in_a_coin_that_is_not_traded_shrinks_nothing():
    kept = orders()
    (filled,) = kept.on_execution(in_kind("0.25", "USDT"))[1:]
    assert filled.fee_e9 == 250_000_000
    (filled,) = kept.on_execution(in_kind("0.0001", "BNB", t=6, z="0.01"))
    assert (filled.fee_e9, filled.tail) == (0, b"fee 0.0001 BNB")


def test_a_fee_in_another_coin_that_is_traded_shrinks_its_position():
    rules = replace(LISTING.rules, base_asset="BNB")
    bnb = Listing(replace(LISTING.instrument, id=2, symbol="BNBUSDT"), rules)
    kept = Orders(9, {"BTCUSDT": LISTING, "BNBUSDT": bnb}, ClientIds("t"))
    kept.enter(order_sent(1, 5_000_000, 1_000_000))
    taken = kept.on_execution(in_kind("0.0001", "BNB"))[1]
    assert isinstance(taken, FeeTakenInKind)
    assert (taken.instrument_id, taken.price_ticks, taken.qty_lots) == (2, 0, 10_000)


def test_trades_have_numbers_of_their_own():
    numbers = {
        exec_id_of(instrument, trade_id, side)
        for instrument in (1, 2, 1 << 19)
        for trade_id in (0, 1, (1 << 42) - 1)
        for side in Side
    }
    assert len(numbers) == 18
    assert max(numbers) < 1 << 64
