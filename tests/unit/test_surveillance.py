# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Surveillance: each pattern is found with its proof, and what only looks like it is not."""

import json

import pytest
from tests.models.exchange_journal import Story

from onetape.cli import main
from onetape.errors import ConfigError
from onetape.events import CancelReason, OrderMessageReceived, Phase, Side
from onetape.exchange.surveillance import (
    Alert,
    CloseConfig,
    OrderToTradeConfig,
    PulledConfig,
    SurveillanceConfig,
    WashConfig,
    surveil,
)
from onetape.wire import ouch50

BUY, SELL = Side.BUY, Side.SELL
HOUR = 3_600


@pytest.fixture
def story(tmp_path) -> Story:
    return Story(tmp_path / "journal").members().day().at(10 * HOUR)


def alerts(story: Story, rule: str, **config: object) -> list[Alert]:
    return surveil(story.close(), SurveillanceConfig(**config), rules=[rule])


# Wash trades


def test_a_firm_that_trades_with_itself_through_two_ports_is_named(story):
    first = story.deal(1, 2, BUY, 1_000, 50)
    second = story.at(10 * HOUR + 5).deal(2, 1, SELL, 1_000, 20)
    story.at(10 * HOUR + 900).deal(2, 1, SELL, 1_000, 20)
    found = alerts(story, "wash")
    assert [(a.firm, a.symbol, a.ports, a.figures) for a in found] == [
        ("ALFA", "ACME", [1, 2], {"trades": 2, "lots": 70}),
        ("ALFA", "ACME", [1, 2], {"trades": 1, "lots": 20}),
    ]
    assert {first, second} < set(found[0].seqs)
    assert found[0].seqs_total == 6  # two trades, four orders
    assert found[0].date == 20_261_120


def test_trades_of_two_firms_and_too_few_with_itself_are_no_wash(story):
    story.deal(1, 3, BUY, 1_000, 50)
    story.deal(1, 2, BUY, 1_000, 50)
    assert alerts(story, "wash", wash=WashConfig(trades_min=2)) == []


def back_and_forth(story, times: int, *, gap_s: float = 5, drift: int = 0, more: int = 0) -> None:
    for n in range(times):
        story.at(10 * HOUR + n * 2 * gap_s).deal(1, 3, BUY, 1_000, 50)
        story.at(10 * HOUR + (n * 2 + 1) * gap_s).deal(1, 4, BUY, 1_000, 7)
        story.deal(1, 3, SELL, 1_000 + drift, 50 + more)


def test_two_firms_that_hand_a_quantity_back_and_forth_are_named(story):
    back_and_forth(story, 4)
    (alert,) = alerts(story, "wash")
    assert (alert.firm, alert.others) == ("ALFA", ["BETA"])
    assert alert.figures == {
        "round_trips": 4,
        "lots_each_way": 200,
        "share_percent": 100,
        "price_difference_max_ticks": 0,
    }
    assert alert.thresholds["round_trips_min"] == 3


@pytest.mark.parametrize(
    "near",
    [
        {"times": 2},
        {"times": 4, "gap_s": 61},
        {"times": 4, "drift": 1},
        {"times": 4, "more": 1},
    ],
)
def test_two_makers_who_meet_often_are_no_wash(story, near):
    back_and_forth(story, **near)
    assert alerts(story, "wash") == []


def test_round_trips_within_much_other_trading_of_the_two_are_no_wash(story):
    for n in range(4):
        story.at(10 * HOUR + n).deal(1, 3, BUY, 1_000, 50)
        story.deal(1, 3, SELL, 1_000, 50)
        story.deal(1, 3, BUY, 1_001, 150 + n)
    assert alerts(story, "wash") == []


# Layering and spoofing


def layers(
    story,
    *,
    orders: int = 5,
    wait_s: float = 1,
    qty: int = 100,
    bid: int = 100,
    balance: int = 0,
    reason: CancelReason = CancelReason.USER,
) -> tuple[list[int], list[int]]:
    """Rest asks, have the bid hit, and pull the asks; return the asks and their cancels."""
    start_s = (story.ts_ns % (86_400 * 10**9)) / 10**9
    own = story.enter(1, BUY, 990, bid)
    for n in range(balance):
        story.enter(2, BUY, 980 - n, qty)
    asks = [story.enter(1, SELL, 1_010 + n, qty) for n in range(orders)]
    story.at(start_s + 2).trade(own, story.enter(3, SELL, 990, bid), bid)
    story.at(start_s + 2 + wait_s)
    cancels = [story.cancel(ask, reason) for ask in asks]
    return asks, cancels


def test_layers_that_are_pulled_after_a_trade_on_the_other_side_are_found(story):
    _asks, cancels = layers(story)
    (alert,) = alerts(story, "layering")
    assert (alert.firm, alert.symbol, alert.ports) == ("ALFA", "ACME", [1])
    assert alert.figures == {
        "episodes": 1,
        "orders_pulled": 5,
        "lots_pulled": 500,
        "lots_traded": 100,
        "lots_ratio_percent": 500,
        "lots_shown_on_the_pulled_side": 500,
        "lots_shown_on_the_trades_side": 100,
        "prices": 5,
        "pull_ms_median": 1_000.0,
    }
    assert set(cancels) < set(alert.seqs)
    assert alert.seqs_total == 5 + 1 + 5
    assert alert.end_ts_ns - alert.start_ts_ns == 3_000_000_000
    assert "bought 100 lots of ACME and then pulled 5 sell orders" in alert.what


@pytest.mark.parametrize(
    "near",
    [
        {"orders": 3},
        {"wait_s": 1.1},
        {"qty": 79},
        {"balance": 5},
        {"reason": CancelReason.DAY_ENDED},
    ],
)
def test_what_makers_and_the_days_end_do_is_no_layering(story, near):
    layers(story, **near)
    assert alerts(story, "layering") == []


@pytest.mark.parametrize(("others", "found"), [(1, 1), (2, 0)])
def test_a_firm_whose_other_traders_stay_pulls_only_a_part_of_its_side(story, others, found):
    for n in range(others):
        story.enter(2, SELL, 1_020 + n, 100)
    layers(story)
    assert len(alerts(story, "layering")) == found


def test_hidden_orders_mislead_nobody(story, monkeypatch):
    hidden = ouch50.encode(
        ouch50.EnterOrderRequest(1, "S", 100, "ACME", 1_010, "0", "N", "P", "N", "N", "", ())
    )
    message = story.message

    def asked(port: int) -> int:
        """Let the second and third ask be hidden."""
        if story._order_id in {2, 3}:
            return story.put_in(OrderMessageReceived(port_id=port, format=1, tail=hidden))
        return message(port)

    monkeypatch.setattr(story, "message", asked)
    layers(story, orders=6)
    (alert,) = alerts(story, "layering")
    assert alert.figures["orders_pulled"] == 4


def test_orders_that_stood_long_before_the_trade_are_no_layers(story):
    asks = [story.enter(1, SELL, 1_010 + n, 100) for n in range(5)]
    story.at(11 * HOUR)
    story.trade(story.enter(1, BUY, 990, 100), story.enter(3, SELL, 990, 100), 100)
    for ask in asks:
        story.cancel(ask)
    assert alerts(story, "layering") == []


def test_orders_that_are_pulled_without_a_trade_or_after_one_on_their_own_side_are_no_layers(story):
    asks = [story.enter(1, SELL, 1_010 + n, 100) for n in range(5)]
    own = story.enter(1, SELL, 1_005, 100)
    story.trade(own, story.enter(3, BUY, 1_005, 100), 100)
    for ask in asks:
        story.cancel(ask)
    assert alerts(story, "layering") == []


def test_layers_moved_away_by_replaces_are_pulled_too_and_moved_closer_are_not(story):
    own = story.enter(1, BUY, 990, 100)
    asks = [story.replace(story.enter(1, SELL, 1_011 + n, 100), 1_010 + n) for n in range(5)]
    story.trade(own, story.enter(3, SELL, 990, 100), 100)
    ends = [story.replace(ask, 1_100) for ask in asks]
    assert ends
    (alert,) = alerts(story, "layering")
    assert alert.figures["orders_pulled"] == 5


def test_a_large_order_pulled_after_each_trade_is_spoofing_from_the_third_time_on(story):
    for n in range(3):
        story.at(10 * HOUR + 100 * n)
        layers(story, orders=1, qty=1_000)
    (alert,) = alerts(story, "spoofing")
    assert (alert.figures["episodes"], alert.figures["orders_pulled"]) == (3, 3)
    assert alert.thresholds["episodes_min"] == 3


def test_a_large_order_pulled_twice_is_no_spoofing(story):
    for n in range(2):
        story.at(10 * HOUR + 100 * n)
        layers(story, orders=1, qty=1_000)
    assert alerts(story, "spoofing") == []


def test_one_pulled_order_counts_once_for_two_trades(story):
    own = [story.enter(1, BUY, 990, 10) for _ in range(2)]
    asks = [story.enter(1, SELL, 1_010 + n, 100) for n in range(5)]
    for n, mine in enumerate(own):
        story.at(10 * HOUR + n)
        story.trade(mine, story.enter(3, SELL, 990, 10), 10)
    for ask in asks:
        story.cancel(ask)
    (alert,) = alerts(story, "layering")
    assert alert.figures["orders_pulled"] == 5
    assert alert.figures["lots_traded"] == 20


# Marking the close


def close(story, *, buyer: int = 3, last: int = 1_010, deals: int = 3, at_s: float = -60) -> None:
    story.at(15 * HOUR).deal(1, 4, BUY, 1_000, 500)
    for n in range(deals):
        story.at(16 * HOUR + at_s + n).deal(1, buyer, BUY, last, 50)
    story.at(16 * HOUR).phase(Phase.CLOSING_AUCTION, Phase.CONTINUOUS)


def test_a_firm_whose_purchases_move_the_price_before_the_close_is_named(story):
    close(story)
    (alert,) = alerts(story, "marking_close")
    assert (alert.firm, alert.symbol) == ("BETA", "ACME")
    assert alert.figures["move_bps"] == 100.0
    assert alert.figures["share_percent"] == 100.0
    assert alert.seqs_total == 3


@pytest.mark.parametrize("near", [{"last": 1_004}, {"deals": 1}, {"at_s": -400}])
def test_a_small_move_one_trade_or_an_earlier_one_marks_no_close(story, near):
    close(story, **near)
    assert alerts(story, "marking_close") == []


def test_a_move_that_many_firms_make_marks_no_close(story):
    story.at(15 * HOUR).deal(1, 4, BUY, 1_000, 500)
    for n in range(9):
        story.at(16 * HOUR - 60 + n).deal(n % 3 + 2, n % 3 % 2 * 3 + 1, BUY, 1_010, 50)
    story.at(16 * HOUR).phase(Phase.CLOSED, Phase.CONTINUOUS)
    found = alerts(story, "marking_close", marking_close=CloseConfig(share_min_percent=70))
    assert found == []


def test_who_sells_into_a_rising_close_does_not_mark_it(story):
    story.at(15 * HOUR).deal(1, 4, BUY, 1_000, 500)
    for n in range(3):
        story.at(16 * HOUR - 60 + n).deal(4, 3, SELL, 1_010, 50)
    story.at(16 * HOUR).phase(Phase.CLOSED, Phase.CONTINUOUS)
    assert alerts(story, "marking_close") == []


def test_a_firm_that_moves_the_closing_auction_is_named_and_one_that_does_not_is_not(story):
    close(story, last=1_000)
    trade = story.cross(3, 1, 1_020, 400)
    (alert,) = alerts(story, "marking_close")
    assert (alert.firm, alert.seqs) == ("BETA", [trade])
    assert "the closing auction" in alert.what


def test_a_day_without_a_close_marks_none(story):
    story.deal(1, 4, BUY, 1_000, 500)
    story.deal(1, 3, BUY, 1_100, 500)
    assert alerts(story, "marking_close") == []


# Order-to-trade ratio

STRICT = OrderToTradeConfig(ratio_max=9, volume_ratio_max=100, messages_min=20)


def send(story, port: int, orders: int, *, instrument: int = 1) -> None:
    for _ in range(orders):
        story.cancel(story.enter(port, BUY, 900, 1, instrument=instrument))


def test_many_orders_for_few_trades_are_found_by_firm_and_by_port(story):
    send(story, 1, 20)
    story.deal(1, 3, BUY, 1_000, 30)
    found = alerts(story, "order_to_trade", order_to_trade=STRICT)
    assert [(a.firm, a.symbol, a.ports) for a in found] == [
        ("ALFA", "", [1]), ("ALFA", "ACME", [1]),
    ]  # fmt: skip
    assert found[0].figures == {
        "orders": 41, "trades": 1, "ratio": 40.0,
        "lots_ordered": 50, "lots_traded": 30, "volume_ratio": 0.7,
    }  # fmt: skip
    assert found[0].seqs_total == 41


def test_a_replace_counts_two_and_a_cancel_by_the_market_none(story):
    order = story.enter(1, BUY, 900, 1)
    for _ in range(10):
        order = story.replace(order, 901)
    story.cancel(order, CancelReason.DAY_ENDED)
    found = alerts(story, "order_to_trade", order_to_trade=STRICT)
    assert [a.figures["orders"] for a in found] == [21, 21]
    assert found[0].figures["trades"] == 0


def test_few_orders_or_enough_trades_are_no_excess(story):
    send(story, 1, 9)
    for _ in range(10):
        send(story, 3, 2)
        story.deal(1, 3, BUY, 1_000, 5)
    assert alerts(story, "order_to_trade", order_to_trade=STRICT) == []


def test_lots_ordered_for_each_lot_traded_are_looked_at_too(story):
    for _ in range(25):
        story.deal(1, 3, BUY, 1_000, 1)
    story.enter(1, BUY, 500, 10_000)
    found = alerts(story, "order_to_trade", order_to_trade=STRICT)
    assert {a.firm for a in found} == {"ALFA"}


# All of them


def test_an_ordinary_day_gives_no_alert(story):
    for n in range(200):
        story.at(10 * HOUR + 7 * n)
        quotes = [story.enter(1, BUY, 999, 100), story.enter(1, SELL, 1_001, 100)]
        side = Side(n % 2 + 1)
        story.trade(quotes[2 - side], story.enter(3 + n % 2, side, 1_000, 10 + n), 10 + n)
        story.cancel(quotes[side - 1])
    story.at(16 * HOUR).phase(Phase.CLOSED, Phase.CONTINUOUS)
    assert surveil(story.close()) == []


def test_an_alert_names_no_more_entries_than_allowed_and_counts_all(story):
    layers(story, orders=20)
    (alert,) = alerts(story, "layering", evidence_max=5)
    assert (len(alert.seqs), alert.seqs_total) == (5, 41)


def test_an_unknown_rule_is_refused(story):
    with pytest.raises(ConfigError, match="no rule front_running") as caught:
        surveil(story.close(), rules=["front_running"])
    assert "marking_close" in caught.value.hint


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main([str(a) for a in arguments])
    return int(caught.value.code or 0)


def test_the_command_prints_a_table_and_json(story, capsys):
    layers(story)
    story.deal(1, 2, BUY, 1_000, 50)
    journal = story.close().path
    assert run("surveil", journal) == 0
    printed = capsys.readouterr().out
    assert "layering" in printed
    assert "wash" in printed
    assert "1. ALFA bought 100 lots of ACME" in printed
    assert run("surveil", journal, "--rule", "wash", "--json") == 0
    (alert,) = json.loads(capsys.readouterr().out)
    assert alert["rule"] == "wash"
    few = ("--rule", "wash", "--set", "surveillance.wash.trades_min=2")
    assert run("surveil", journal, *few) == 0
    assert capsys.readouterr().out == "no alerts (wash)\n"
    assert run("surveil", journal, "--rule", "nothing") == 2


def test_thresholds_of_spoofing_are_sharper_than_of_layering():
    config = SurveillanceConfig()
    assert config.spoofing == PulledConfig(
        orders_min=1, lots_ratio_percent=1_000, imbalance_percent=1_000, episodes_min=3
    )
