# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Plain and compiled strategies send the same orders: their journals are equal byte for byte."""

import ctypes
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("numba")

from tests.models.every_call import Pair, Quoter, Sender, Terms
from tests.models.every_group import Groups

from onetape import (
    Market,
    Side,
    Strategy,
    StrategyError,
    _native,
    compiled,
    open_journal,
    replay,
    run,
)
from onetape.events import (
    LegState,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderReplaced,
    StopReason,
    StrategyStopped,
)
from onetape.trading.machine_code import build, is_compiled, layout

# A busy machine takes its time to compile.
pytestmark = pytest.mark.timeout(300)

LIMITS = {
    "order_qty_max": 1_000,
    "order_notional_max": 10**15,
    "position_max": 2_000,
    "price_collar_ticks": 10**9,
    "order_rate_max": 100_000,
}


def journal_of(kind: type[Strategy], folder: Path, source: Path | None = None, **params):
    """Run a strategy; return its journal's bytes, what became of it, and the strategy."""
    settings = {"run.messages": 30_000} if source is None else {}
    strategy = kind()
    result = run(strategy, source, journal=folder, risk=LIMITS, params=params, settings=settings)
    segments = [p.read_bytes() for p in sorted(folder.glob("*.seg"))]
    return b"".join(segments), result, strategy


def both(tmp_path: Path, kind: type[Strategy], source: Path | None = None, **params):
    """Run both tiers and compare all that can be compared; return the compiled one's result."""
    plain, result, strategy = journal_of(kind, tmp_path / "plain", source, **params)
    fast = compiled(kind)
    assert is_compiled(fast)
    assert not is_compiled(kind)
    code, again, other = journal_of(fast, tmp_path / "compiled", source, **params)
    assert again.state_hash == result.state_hash
    assert plain == code
    for name in build.declared_by(strategy).fields:
        mine, its = getattr(strategy, name), getattr(other, name)
        if not isinstance(mine, Market):
            assert np.array_equal(mine, its), name
    return again, other


def test_a_market_maker_quotes_alike(tmp_path):
    result, strategy = both(tmp_path, Quoter, qty=70)
    assert result.fills > 50
    assert strategy.books > 5_000
    assert strategy.smooth != 0


def test_every_call_is_alike(tmp_path):
    result, strategy = both(tmp_path, Sender)
    assert result.fills > 20
    assert all(strategy.heard[:6] != 0)
    assert strategy.heard[7] == 1
    assert strategy.seen_ahead > 0
    assert strategy.depth_lots > 0
    assert strategy.traded != 0
    assert strategy.last > 0
    assert {"CancelOrder", "ReplaceOrder", "CancelAll", "SetQuote", "EnterOrder"} <= {
        name for name, count in result.events.items() if count
    }
    assert replay(tmp_path / "compiled").state_hash == result.state_hash


def test_every_term_of_an_order_is_alike(tmp_path):
    result, _ = both(tmp_path, Terms)
    asked = {name for name, count in result.events.items() if count}
    assert {"SubmitOrder", "OpenParent", "CloseParent"} <= asked


def test_orders_that_depend_on_each_other_are_alike(tmp_path):
    result, strategy = both(tmp_path, Groups)
    assert result.events["SubmitGroup"] > 50
    assert all(strategy.ended[LegState.FILLED :] > 0), strategy.ended
    assert strategy.triggered > 5
    assert strategy.traded > 100
    assert replay(tmp_path / "compiled").state_hash == result.state_hash


def test_several_instruments_are_alike(tmp_path):
    symbols = ["SYN1", "SYN2"]
    result, strategy = both(tmp_path, Pair, leg=symbols[0], hedge=symbols[1])
    assert strategy.trades > 50
    assert result.fills > 0


class Late(Strategy):
    """Names a symbol that no market ever has."""

    def on_book(self, market: Market) -> None:
        self.send("NOSUCH", Side.BUY, 1, market.bid_ticks)


@compiled
class Divides(Strategy):
    by = 0
    seen = 0

    def on_book(self, market: Market) -> None:
        self.seen += 1
        self.quote(market, bid=market.bid_ticks, qty=5)
        if self.seen == 100:
            self.seen //= self.by


@compiled
class Indexes(Strategy):
    row = np.zeros(4, np.int64)
    at = 0

    def on_book(self, market: Market) -> None:
        self.row[self.at] = market.bid_ticks
        self.at += 1


@compiled
class Raises(Strategy):
    def on_book(self, market: Market) -> None:
        raise ValueError("it saw a book")


@compiled
class AsksTooMuch(Strategy):
    def on_book(self, market: Market) -> None:
        for number in range(1_000):
            self.set_timer(number)


TROUBLE = [
    (Divides, "ZeroDivisionError"),
    (Indexes, "IndexError"),
    (Raises, "ValueError: it saw a book"),
    (AsksTooMuch, "RuntimeError: it asks for more"),
    (compiled(Late), "KeyError"),
]


@pytest.mark.parametrize(("kind", "text"), TROUBLE, ids=[t[1] for t in TROUBLE])
def test_what_raises_is_stopped_and_its_orders_are_cancelled(tmp_path, kind, text):
    with pytest.raises(StrategyError, match=text):
        journal_of(kind, tmp_path / "j")
    stops = [e.event for e in open_journal(tmp_path / "j") if e.kind == StrategyStopped.KIND]
    assert [stop.reason for stop in stops] == [StopReason.EXCEPTION]
    live: set[int] = set()
    for entry in open_journal(tmp_path / "j"):
        match entry.event:
            case OrderAccepted(order_id=order):
                live.add(order)
            case (
                OrderCanceled(order_id=order, leaves_lots=0)
                | OrderFilled(order_id=order, leaves_lots=0)
            ):
                live.discard(order)
            case OrderReplaced(old_order_id=old, order_id=order):
                live.discard(old)
                live.add(order)
    assert not live


def test_the_line_that_raises_is_named(tmp_path):
    with pytest.raises(StrategyError, match=r"test_compiled.py, line \d+"):
        journal_of(Raises, tmp_path / "j")


def test_a_wrong_side_raises_in_both_tiers(tmp_path):
    class Wrong(Strategy):
        def on_book(self, market: Market) -> None:
            self.send(market, 3, 1, market.bid_ticks)

    for kind in (Wrong, compiled(Wrong)):
        with pytest.raises(StrategyError, match="take values of"):
            journal_of(kind, tmp_path / str(is_compiled(kind)))


def test_one_run_leaves_nothing_in_the_class_for_the_next(tmp_path):
    first, _, _ = journal_of(compiled(Sender), tmp_path / "a")
    second, _, _ = journal_of(compiled(Sender), tmp_path / "b")
    assert first == second
    assert not Sender.heard.any()


def test_a_resumed_run_is_the_same(tmp_path):
    _, result, _ = journal_of(compiled(Sender), tmp_path / "whole")
    again = run(
        compiled(Sender),
        journal=tmp_path / "whole",
        resume=True,
        risk=LIMITS,
        settings={"run.messages": 30_000},
    )
    assert again.state_hash == result.state_hash
    assert again.entries_matched == result.entries


def test_both_sides_have_the_same_records():
    assert _native.compiled_layout() == layout.sizes()


def called(code: build.CompiledCode, name: str, **fields: int) -> tuple[np.ndarray, list[tuple]]:
    """Call a callback as docs/internals/compiled.md says, on a thread that knows no Python.

    The calling thread holds the interpreter's lock all the while: `PyDLL` does not give it up.
    """
    context, markets = np.zeros(1, layout.CONTEXT), np.zeros(4, layout.MARKET)
    intents, event = np.zeros(8, layout.INTENT), np.zeros(16, np.uint64)
    context["abi_version"], context["intents_max"] = layout.ABI_VERSION, len(intents)
    markets["context"], markets["instrument_id"] = context.ctypes.data, range(4)
    markets[1]["bid_ticks"], markets[1]["ask_ticks"] = 100, 104
    parts = {"state": code.state, "markets": markets, "intents": intents, "event": event}
    for field, array in parts.items():
        context[field] = array.ctypes.data
    for field, value in fields.items():
        context[field] = value
    system = ctypes.PyDLL(None)
    thread = ctypes.c_ulong()
    function = ctypes.c_void_p(code.addresses[name])
    argument = ctypes.c_void_p(context.ctypes.data)
    assert system.pthread_create(ctypes.byref(thread), None, function, argument) == 0
    status = ctypes.c_void_p()
    assert system.pthread_join(thread, ctypes.byref(status)) == 0
    assert (status.value or 0) & 0xFFFF_FFFF == 0
    return context, intents[: int(context["intents_count"][0])]


def test_it_runs_on_a_thread_without_python_while_another_holds_the_lock():
    code = build.compile_strategy(compiled(Quoter)())
    for number in range(1, 4):
        _, intents = called(code, "on_book", instrument_id=1)
        assert int(code.state["books"][0]) == number
    (intent,) = intents
    assert (intent["kind"], intent["instrument_id"]) == (layout.QUOTE, 1)
    assert (intent["price_ticks"], intent["qty_lots"]) == (100, 100)


def test_a_function_serves_both_tiers(tmp_path):
    @compiled
    def middle(low: int, high: int) -> int:
        return (low + high) // 2

    class Middle(Strategy):
        def on_book(self, market: Market) -> None:
            price = middle(market.bid_ticks, market.ask_ticks)
            self.quote(market, bid=price - price % market.increment_ticks, qty=3)

        def on_fill(self, fill: OrderFilled) -> None:
            self.cancel_all()

    assert middle(3, 8) == 5
    result, _ = both(tmp_path, Middle)
    assert result.orders > 100
