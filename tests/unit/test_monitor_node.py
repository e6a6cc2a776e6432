# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The view of a live node: what its journal tells, and how it looks on a screen."""

import re
from io import StringIO

import pytest
from rich.console import Console
from tests.models.exchange_journal import Story as ExchangeStory
from tests.models.quality_story import Story

from onetape.cli import main
from onetape.errors import JournalError
from onetape.events import (
    FeedState,
    FeedStateChanged,
    FillUnexpected,
    LimitBreached,
    OrderState,
    OrderStateChanged,
    PositionChanged,
    PositionReported,
    RiskScope,
    Side,
    StateReason,
    StopReason,
    StrategyStopped,
    TradingState,
    TradingStateChanged,
    UnexpectedFill,
    VenueLink,
    VenueLinkChanged,
)
from onetape.monitor import NodeTerminal, is_node

BUY, SELL = Side.BUY, Side.SELL


@pytest.fixture
def story(tmp_path) -> Story:
    story = Story(tmp_path / "journal").venue(1, b"ALPHA").venue(2, b"BETA")
    story.instrument(1, symbol=b"ACME", venue=1).instrument(2, symbol=b"ACME", venue=2)
    return story.instrument(3, symbol=b"BOLT", venue=1).strategy(1, b"Maker").strategy(2, b"Taker")


def view(story: Story) -> NodeTerminal:
    terminal = NodeTerminal(story.path)
    assert terminal.read()
    return terminal


def text(terminal: NodeTerminal, width: int = 150, height: int = 40) -> str:
    console = Console(width=width, height=height, file=StringIO(), color_system=None)
    console.print(terminal.picture(console.size), height=height)
    return console.file.getvalue()


def link(story: Story, which: VenueLink, is_up: bool, why: bytes = b"", venue: int = 1) -> None:
    story.put(VenueLinkChanged(next_message=0, session=b"", venue_id=venue, link=which,
                               is_up=is_up, reserved=0, tail=why))  # fmt: skip


def state(story: Story, scope: RiskScope, number: int, to: TradingState, reason: int = 0) -> None:
    story.put(TradingStateChanged(cause_seq=story.cause, id=number, scope=scope, state=to,
                                  reason=reason), source=0)  # fmt: skip


def position(story: Story, lots: int, cash: int, *, instrument: int = 1) -> None:
    story.put(PositionChanged(cause_seq=story.cause, position_lots=lots, cash_ticklots=cash,
                              strategy_id=1, instrument_id=instrument), source=0)  # fmt: skip


def test_orders_come_move_trade_and_go(story):
    story.accepted(11, 1, BUY, 990, 100)
    story.accepted(12, 2, SELL, 1_010, 50, strategy=2)
    story.filled(11, 1, BUY, 990, 30, 70)
    story.replaced(11, 13, 3, 991, 70)
    node = view(story).node
    first, second = node.orders[1, 3], node.orders[2, 2]
    assert (first.side, first.price_ticks, first.leaves_lots, first.executed_lots) == (
        BUY, 991, 70, 30,
    )  # fmt: skip
    assert (second.side, second.leaves_lots) == (SELL, 50)
    story.canceled(12, 2, 20, leaves=30, strategy=2)
    story.filled(13, 3, BUY, 991, 70, 0)
    node = view(story).node
    assert {key: o.leaves_lots for key, o in node.orders.items()} == {(2, 2): 30}
    assert (node.strategies[1].orders, node.strategies[1].fills) == (2, 2)
    story.canceled(12, 2, 30, strategy=2)
    assert view(story).node.orders == {}


@pytest.mark.parametrize(
    ("lots", "cash", "profit"), [(10, -10_000, -10), (-10, 10_000, -10), (0, 55, 55)]
)
def test_a_position_is_worth_what_it_could_be_closed_at(story, lots, cash, profit):
    story.book(999, 1_001)
    position(story, lots, cash)
    assert view(story).node.profit_ticklots(1, 1) == profit


def test_without_that_side_it_is_worth_its_last_fill(story):
    story.add(SELL, 1_001)
    story.accepted(1, 1, BUY, 1_001, 10)
    story.filled(1, 1, BUY, 1_001, 10, 0)
    position(story, 10, -10_010)
    node = view(story).node
    assert node.profit_ticklots(1, 1) == 0
    assert node.profit_ticklots(2, 1) is None


def test_the_screen_says_what_is_down_halted_and_different(story):
    story.book(999, 1_001)
    link(story, VenueLink.ORDERS, True)
    link(story, VenueLink.DATA, True)
    link(story, VenueLink.DATA, False, b"silent for 3 s")
    state(story, RiskScope.FIRM, 0, TradingState.ACTIVE)
    state(story, RiskScope.STRATEGY, 2, TradingState.HALTED, reason=2)
    story.accepted(1, 1, BUY, 990, 100)
    story.rejected(7, 5, strategy=2)
    position(story, 10, -10_000)
    story.put(PositionReported(position_lots=12, venue_id=1, instrument_id=1))
    story.put(StrategyStopped(strategy_id=2, reason=StopReason.EXCEPTION, reserved=0,
                              tail=b"ZeroDivisionError"))  # fmt: skip
    said = text(view(story))
    assert re.search(r"onetape live .* active +1 connection down +entry \d", said)
    assert re.search(r"ALPHA +up +down +–", said)
    assert re.search(r"BETA +– +– +–", said)
    assert re.search(r"Taker +no +halted +0 +0 +1", said)
    assert re.search(r"ACME@ALPHA +Maker +\+10 venue \+12 +9\.99 +-0\.10", said)
    assert re.search(r"ACME@ALPHA +Maker +buy +100 +9\.9\b", said)
    for note in ("Taker stopped: exception", "Taker: refused, price collar", "data down, silent",
                 "Taker: halted, order qty"):  # fmt: skip
        assert note in said


def test_what_must_not_be_is_said(story):
    def order_state(client: int, state: OrderState) -> None:
        story.put(OrderStateChanged(cause_seq=story.cause, order_id=1, client_id=client,
                                    leaves_lots=0, executed_lots=0, strategy_id=1,
                                    instrument_id=3, was=OrderState.WORKING, state=state,
                                    reason=StateReason.TIMEOUT, is_flagged=0, reserved=0),
                  source=0)  # fmt: skip

    for client in (1, 2):
        story.accepted(client, client, BUY, 990, 100, instrument=3)
        order_state(client, OrderState.UNKNOWN)
    order_state(2, OrderState.CANCELED)
    story.put(FillUnexpected(cause_seq=1, order_id=1, client_id=1, match_id=1, price_ticks=1,
                             qty_lots=1, excess_lots=1, strategy_id=1, instrument_id=3, side=1,
                             what=UnexpectedFill.OVERFILL, reserved1=0, reserved2=0),
              source=0)  # fmt: skip
    story.put(LimitBreached(cause_seq=1, value=900, bound=500, id=1, reason=4,
                            scope=RiskScope.STRATEGY, state=TradingState.HALTED),
              source=0)  # fmt: skip
    terminal = view(story)
    assert list(terminal.node.orders) == [(1, 1)]
    said = text(terminal, width=220)
    assert re.search(r"BOLT +Maker +buy +100 +unknown", said)
    for note in ("order 1 is unknown", "should not be, overfill", "position, 900 where 500"):
        assert note in said


def test_a_narrow_screen_has_everything_below_one_another(story):
    story.accepted(1, 1, BUY, 990, 100, instrument=3)
    said = text(view(story), width=60, height=60)
    assert max(map(len, said.splitlines())) <= 60
    for part in ("ALPHA", "Maker", "BOLT", "Happenings"):
        assert part in said


def test_a_feed_is_as_whole_as_its_lines_say(tmp_path):
    story = Story(tmp_path / "journal").venue(4, b"WIRE", adapter=False)
    story.put(FeedStateChanged(next_number=9, missing=3, midnight_ts_ns=0, session=b"S", feed_id=4,
                               state=FeedState.GAP, reserved=b"", tail=b""))  # fmt: skip
    terminal = view(story)
    assert terminal.node.venues[4].feed is FeedState.GAP
    assert re.search(r"WIRE +– +gap +–", text(terminal))


def test_it_follows_what_is_written(story):
    terminal = view(story)
    before = terminal.node.seq
    story.accepted(1, 1, BUY, 990, 100)
    assert terminal.read()
    assert (len(terminal.node.orders), terminal.node.seq) == (1, before + 1)


def test_the_command_knows_whose_journal_it_is(story, tmp_path, capsys):
    story.accepted(1, 1, BUY, 990, 100)
    assert is_node(story.close())
    exchange = ExchangeStory(tmp_path / "exchange").members().day().close()
    assert not is_node(exchange.path)
    with pytest.raises(SystemExit) as left:
        main(["watch", str(story.path), "--once"])
    assert not left.value.code
    assert "Maker" in capsys.readouterr().out
    with pytest.raises(SystemExit) as left:
        main(["watch", str(exchange.path), "--once"])
    assert not left.value.code
    assert "onetape live" not in capsys.readouterr().out
    with pytest.raises(JournalError):
        NodeTerminal(tmp_path / "nothing")
