# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The view of an exchange: the market that the journal tells, and how it looks on a screen."""

import random
import threading
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from tests.models.exchange_journal import Story

from onetape.cli import main
from onetape.events import (
    EntryBlocked,
    IndicativeChanged,
    OrderFormat,
    OrderMessageReceived,
    OrderRestated,
    Phase,
    SessionClosed,
    SessionOpened,
    Side,
)
from onetape.journal import Tail
from onetape.monitor import Market, Terminal, Wanted, render
from onetape.wire import fix, ouch42, ouch50
from onetape.wire.shown import shown_lots

BUY, SELL = Side.BUY, Side.SELL
HOUR = 3_600
SCREEN = Path(__file__).resolve().parents[1] / "golden" / "screen" / "exchange.txt"


@pytest.fixture
def story(tmp_path) -> Story:
    return Story(tmp_path / "journal").members().day().at(10 * HOUR)


def market_of(story: Story) -> Market:
    story.writer.commit()
    market = Market()
    for entry in Tail(story.path).take(1 << 20):
        market.apply(entry)
    return market


def book(market: Market, instrument: int = 1) -> dict[str, list[tuple[int, int, int]]]:
    ladder = market.ladders[instrument]
    return {
        side.name: [(p, v.qty_lots, v.orders) for p, v in ladder.best(side, 99)] for side in Side
    }


def test_orders_join_trade_move_and_leave(story):
    low, high = story.enter(1, BUY, 990, 100), story.enter(3, BUY, 995, 50)
    story.enter(4, BUY, 995, 30)
    story.enter(3, SELL, 1_005, 70)
    assert book(market_of(story)) == {
        "BUY": [(995, 80, 2), (990, 100, 1)], "SELL": [(1_005, 70, 1)],
    }  # fmt: skip
    story.replace(low, 996)
    story.cancel(high)
    market = market_of(story)
    assert book(market)["BUY"] == [(996, 100, 1), (995, 30, 1)]
    story.trade(3, story.enter(2, SELL, 995, 30), 30)
    market = market_of(story)
    assert book(market)["BUY"] == [(996, 100, 1)]
    ladder = market.ladders[1]
    assert (ladder.last_ticks, ladder.volume_lots, market.trade_count) == (995, 30, 1)
    assert market.holdings[2, 1].position_lots == -30
    assert market.holdings[2, 1].cash_ticklots == 995 * 30


def test_a_random_story_leaves_the_levels_of_the_live_orders(story):
    rng, live = random.Random(4), {}
    for _ in range(400):
        what = rng.random()
        if what < 0.6 or not live:
            side, price = rng.choice([BUY, SELL]), rng.randint(990, 1_010)
            lots = rng.randint(1, 9) * 10
            live[story.enter(rng.randint(1, 4), side, price, lots)] = (side, price, lots)
        elif what < 0.8:
            gone = rng.choice(list(live))
            story.cancel(gone)
            del live[gone]
        else:
            old = rng.choice(list(live))
            side, _, lots = live.pop(old)
            price = rng.randint(990, 1_010)
            live[story.replace(old, price)] = (side, price, lots)
    market = market_of(story)
    for side in Side:
        sums: dict[int, list[int]] = {}
        for mine, price, lots in live.values():
            if mine == side:
                level = sums.setdefault(price, [0, 0])
                level[0] += lots
                level[1] += 1
        expected = {price: (lots, orders) for price, (lots, orders) in sums.items()}
        found = {p: (v.qty_lots, v.orders) for p, v in market.ladders[1].side(side).items()}
        assert found == expected


def enter_message(display: str, *tags: object) -> bytes:
    return ouch50.encode(
        ouch50.EnterOrderRequest(
            1, "B", 500, "ACME", 990, "0", display, "P", "N", "N", "", tuple(tags)
        )
    )


@pytest.mark.parametrize(
    ("format_", "message", "shown"),
    [
        (OrderFormat.OUCH50, enter_message("Y"), 500),
        (OrderFormat.OUCH50, enter_message("N"), 0),
        (OrderFormat.OUCH50, enter_message("Y", ouch50.tags.MaxFloor(100)), 100),
        (OrderFormat.OUCH50, enter_message("Y", ouch50.tags.MaxFloor(900)), 500),
        (OrderFormat.OUCH50, b"?", 500),
        (OrderFormat.OUCH50, b"", 500),
        (OrderFormat.FIX44, fix.encode(b"D", [(11, b"x"), (111, b"0")]), 0),
        (OrderFormat.FIX50SP2, fix.encode(b"D", [(1138, b"40")], version=fix.FIX50SP2), 40),
        (OrderFormat.FIX44, fix.encode(b"D", [(11, b"x")]), 500),
        (OrderFormat.FIX44, fix.encode(b"D", [(111, b"many")]), 500),
        (OrderFormat.OUCH42, b"O", 500),
    ],
)
def test_the_clients_message_says_how_much_is_displayed(format_, message, shown):
    assert shown_lots(format_, message, 500) == shown


def test_an_ouch42_order_may_be_hidden():
    fields = dict.fromkeys(ouch42.EnterOrder.__struct_fields__, "")
    types = ouch42.EnterOrder.__annotations__
    for name, kind in types.items():
        if "int" in str(kind) and "ClassVar" not in str(kind):
            fields[name] = 1
    for letter, lots in (("N", 0), ("Y", 500)):
        order = ouch42.EnterOrder(**(fields | {"display": letter}))
        assert shown_lots(OrderFormat.OUCH42, ouch42.encode(order), 500) == lots


def test_a_reserve_order_shows_a_slice_and_the_next_one_with_its_new_id(story, monkeypatch):
    message = enter_message("Y", ouch50.tags.MaxFloor(100))
    monkeypatch.setattr(
        story,
        "message",
        lambda port: story.put_in(OrderMessageReceived(port_id=port, format=1, tail=message)),
    )
    reserve = story.enter(1, BUY, 990, 500)
    assert book(market_of(story))["BUY"] == [(990, 100, 1)]
    story.put_out(
        OrderRestated(
            cause_seq=1, old_order_id=reserve, order_id=77, client_id=1, price_ticks=990,
            qty_lots=400, displayed_lots=100, strategy_id=1, instrument_id=1, side=BUY, reason=1,
        )
    )  # fmt: skip
    market = market_of(story)
    assert book(market)["BUY"] == [(990, 100, 1)]
    assert market.orders[77].leaves_lots == 400


def test_a_broken_trade_takes_back_position_cash_and_volume(story):
    story.deal(1, 3, BUY, 1_000, 50)
    story.undo(1, 1_000, 50, (3, 1))
    market = market_of(story)
    assert all(h.position_lots == h.cash_ticklots == 0 for h in market.holdings.values())
    assert market.ladders[1].volume_lots == 0
    assert market.notes[-1][1] == "match 1 was broken"


def test_what_happens_is_noted(story):
    story.put_in(SessionOpened(port_id=1, heartbeat_ms=0, next_sequence=1))
    story.put_in(SessionOpened(port_id=3, heartbeat_ms=0, next_sequence=1))
    story.put_in(SessionClosed(port_id=3, reason=2))
    story.phase(Phase.CLOSING_AUCTION, Phase.CONTINUOUS)
    for scope, number in ((1, 3), (2, 1), (3, 0)):
        story.put_out(EntryBlocked(cause_seq=1, id=number, scope=scope, blocked=1))
    story.put_out(EntryBlocked(cause_seq=1, id=1, scope=2, blocked=0))
    market = market_of(story)
    assert market.connected == {1}
    assert [text for _, text in market.notes] == [
        "day 20261120 began", "port3 disconnected", "ACME: closing auction", "port3 is blocked",
        "ALFA is blocked", "the market is blocked", "ALFA may trade again",
    ]  # fmt: skip


def test_rates_are_of_the_last_whole_second(story):
    for n in range(25):
        story.at(10 * HOUR + n * 0.1).enter(1, BUY, 900, 1)
    market = market_of(story)
    assert market.rates.last == (20, 10, 0)
    assert list(market.rates.messages)[-2:] == [10, 10]
    story.at(10 * HOUR + 9).enter(1, BUY, 900, 1)
    assert market_of(story).rates.last == (0, 0, 0)


# The screen


def tell(story: Story) -> None:
    story.phase(Phase.CONTINUOUS, Phase.PRE_OPEN)
    story.put_in(SessionOpened(port_id=1, heartbeat_ms=0, next_sequence=1))
    for n in range(6):
        story.at(10 * HOUR + n * 0.2)
        story.enter(1 + n % 4, BUY, 999 - n, 100 * (n + 1))
        story.enter(1 + n % 4, SELL, 1_001 + n, 150 * (n + 1))
    story.deal(3, 1, BUY, 1_001, 100)
    story.at(10 * HOUR + 2).deal(4, 2, SELL, 999, 40, instrument=2)
    story.phase(Phase.CLOSING_AUCTION, Phase.CONTINUOUS, 2)
    story.put_out(
        IndicativeChanged(
            cause_seq=1, price_ticks=1_000, paired_lots=250, imbalance_lots=10, instrument_id=2,
            imbalance_side=BUY, phase=Phase.CLOSING_AUCTION,
        )
    )  # fmt: skip


def picture(terminal: Terminal, width: int = 120, height: int = 34) -> str:
    out = StringIO()
    console = Console(file=out, width=width, height=height, color_system=None, legacy_windows=False)
    console.print(render(terminal.market, terminal.look(height), width), height=height)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def test_the_screen_looks_as_it_did(story):
    tell(story)
    story.close()
    terminal = Terminal(story.path, Wanted(ports=["port1", "port2"]))
    assert terminal.read()
    assert picture(terminal) == SCREEN.read_text("utf-8")


def test_a_narrow_screen_shows_one_instrument_and_the_one_asked_for(story):
    tell(story)
    story.close()
    narrow = Terminal(story.path, Wanted(symbols=["BOLT"]))
    narrow.read()
    shown = picture(narrow, width=80, height=24)
    assert "BOLT closing auction" in shown
    assert "~10.00" in shown
    assert "ACME continuous" not in shown
    assert len(shown.splitlines()) == 24


def test_a_view_may_come_before_the_exchange_and_follows_it(tmp_path):
    terminal = Terminal(tmp_path / "journal")
    assert terminal.read()
    assert "waiting for the exchange" in picture(terminal)
    story = Story(tmp_path / "journal").members().day()
    story.enter(1, BUY, 990, 10)
    story.writer.commit()
    assert terminal.read()
    assert book(terminal.market)["BUY"] == [(990, 10, 1)]
    story.enter(1, BUY, 990, 10)
    story.close()
    assert terminal.read()
    assert book(terminal.market)["BUY"] == [(990, 20, 2)]


def test_it_runs_until_it_is_stopped_and_no_longer_than_asked(story):
    tell(story)
    story.close()
    out = StringIO()
    console = Console(file=out, width=100, height=30, force_terminal=True)
    Terminal(story.path).run(seconds=0.3, console=console)
    assert "closing auction" in out.getvalue()
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    Terminal(story.path).run(stop=stop, console=console)


def test_the_command_prints_one_picture_or_says_that_there_is_no_journal(story, capsys, tmp_path):
    tell(story)
    story.close()
    for arguments, code, text in (
        ([str(story.path), "--once", "--port", "port1"], 0, "port1: 4 orders"),
        ([str(tmp_path / "none"), "--once"], 1, ""),
    ):
        with pytest.raises(SystemExit) as caught:
            main(["watch", *arguments])
        assert int(caught.value.code or 0) == code
        assert text in capsys.readouterr().out


def test_a_line_of_its_own_says_how_the_cluster_stands(story):
    story.writer.commit()
    terminal = Terminal(story.path, beside=lambda: "alpha is primary, term 1")
    terminal.read()
    console = Console(file=StringIO(), width=120, height=30)
    console.print(render(terminal.market, terminal.look(30), 120), height=30)
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert lines[1].strip() == "alpha is primary, term 1"
    assert terminal.look(30).beside
    assert not Terminal(story.path).look(30).beside
