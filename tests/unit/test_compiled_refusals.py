# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What cannot be compiled is refused at the start: with its line and the way to mend it."""

import re
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("numba")

from onetape import ConfigError, compiled, run
from onetape.trading.loading import load_strategy

# A busy machine takes its time to compile.
pytestmark = pytest.mark.timeout(300)

HEAD = """\
import math

import numpy as np

from onetape import Market, Side, Strategy, compiled
from onetape.events import OrderRejected


def plain_function(x):
    return x + 1


@compiled
def fast_function(x):
    return x + 1


BOOKS = {}


@compiled
class Tried(Strategy):
    qty: int = 1
    ratio: float = 0.5
    seen = 0
    row = np.zeros(4, np.int64)
    table = {}
    name_of: object = None

"""

# The body of on_book, words of the refusal, words of the way to mend it. The last line is at fault.
REFUSED = [
    ("text = f'{self.qty}'", "formats text", "plain strategy"),
    ("x = {1: 2}", "makes a dict", "NumPy array"),
    ("x = {n: n for n in range(3)}", "makes a dict", "NumPy array"),
    ("x = [1, 2, 3]", "makes a list", "nothing is allocated"),
    ("x = [n for n in range(3)]", "makes a list", "loop"),
    ("x = {1, 2}", "makes a set", "NumPy array of bool"),
    ("x = sum(n for n in range(3))", "makes a generator", "loop"),
    ("x = lambda y: y", "makes a function", "method"),
    ("x = np.zeros(3)", "allocates memory", "declare a NumPy array as state"),
    ("x = self.row + self.row", "allocates memory", "declare a NumPy array as state"),
    ("print(self.qty)", "calls print()", "plain strategy"),
    ("x = open('f')", "calls open()", "plain strategy"),
    ("x = str(self.qty)", "calls str()", "text"),
    (
        "x = plain_function(self.qty)",
        "calls plain_function()",
        "above `def plain_function`",
    ),
    ("self.unknown = 3", "self.unknown is not declared", "unknown: int = 0"),
    ("x = self.unknown + 3", "self.unknown is not declared", "unknown: int = 0"),
    ("self.unheard_of(3)", "self.unheard_of is not declared", "declare it"),
    ("self.table[1] = 2", "self.table is a dict", "declare in the class"),
    ("x = self.name_of", "self.name_of starts as None", "declare in the class"),
    ("x = BOOKS", "the global BOOKS", "attribute of the class"),
    ("x = market.symbol", "reads a symbol's text", "instrument_id"),
    ("x = market.colour", "a Market has no colour", "guides/strategies"),
    ("self.seen = 1.5", "holds whole numbers and is given a float", "seen: float"),
    ("self.seen = market.bid_ticks / 2", "holds whole numbers and is given a float", "int(…)"),
    ("self.row = self.row", "given another array", "self.row[:]"),
    ("self.quote(market, bid=market.bid_ticks / 2)", "bid is given a float64", "int(…)"),
    ("self.send(market, Side.BUY, 1.0)", "qty is given a float64", "int(…)"),
    ("self.send(3, Side.BUY, 1)", "a market is wanted", "symbol written out"),
    ("x = market.bids(65)", "more than 64 levels", "64 at most"),
    ("raise ValueError(f'{self.qty}')", "exception's text", "constant text"),
    ("raise self.qty", "no exception class", "ValueError"),
    ("import os", "imports", "top of the file"),
    ("del market", "deletes a name", "another value"),
    ("self.quote(*(market, 1, 2))", "calls with *arguments", "write the arguments out"),
    ("x = isinstance(market, OrderRejected)", "the compiler says|calls or computes", "compiled"),
]


def strategy_of(tmp_path: Path, body: str, head: str = HEAD) -> tuple[type, int]:
    """Return the class, and the line of the last statement of its on_book."""
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    text = f"{head}    def on_book(self, market: Market) -> None:\n{lines}"
    path = tmp_path / "tried.py"
    path.write_text(text, "utf-8")
    return load_strategy(str(path)), text.count("\n")


@pytest.mark.parametrize(("body", "what", "mend"), REFUSED, ids=[r[0] for r in REFUSED])
def test_it_is_refused_with_its_line_and_the_way_to_mend_it(tmp_path, body, what, mend):
    kind, line = strategy_of(tmp_path, f"self.seen += 1\n{body}")
    with pytest.raises(ConfigError) as caught:
        run(kind, journal=tmp_path / "j", settings={"run.messages": 500})
    message = caught.value.message
    assert f"tried.py, line {line}: Tried.on_book cannot be compiled: " in message
    assert any(words in message for words in what.split("|")), message
    assert mend in caught.value.hint
    assert caught.value.code == "RUN-020"
    assert not list((tmp_path / "j").glob("*.seg")), "nothing was started"


BLOCKS = [
    ("try:\n    x = 1\nexcept ValueError:\n    x = 2", "catches exceptions", -3),
    ("with self:\n    x = 1", "uses a context manager", -1),
    ("match self.qty:\n    case 1:\n        x = 1", "matches patterns", -2),
    ("def inner():\n    return 1", "defines a function", -1),
    ("x = 1\nif self.qty:\n    x = 2.5\nelse:\n    x = market\nself.ratio = x", "x holds a", 0),
]


@pytest.mark.parametrize(("body", "what", "back"), BLOCKS, ids=[b[1] for b in BLOCKS])
def test_blocks_are_refused_with_a_line_of_theirs(tmp_path, body, what, back):
    kind, line = strategy_of(tmp_path, body)
    with pytest.raises(ConfigError, match=re.escape(what)) as caught:
        run(kind, journal=tmp_path / "j", settings={"run.messages": 500})
    found = int(re.search(r"line (\d+):", caught.value.message)[1])
    first = line - body.count("\n")
    assert first <= found <= line
    assert back == 0 or found == line + back


def test_a_method_that_a_callback_calls_is_named_with_its_own_line(tmp_path):
    head = HEAD + "    def helped(self, x: int) -> int:\n        return x.colour\n\n"
    kind, line = strategy_of(tmp_path, "self.seen = self.helped(2)", head)
    with pytest.raises(ConfigError) as caught:
        run(kind, journal=tmp_path / "j", settings={"run.messages": 500})
    assert f"line {line - 3}: Tried.helped cannot be compiled" in caught.value.message


def test_another_number_of_arguments_is_refused(tmp_path):
    path = tmp_path / "tried.py"
    path.write_text(f"{HEAD}    def on_book(self) -> None:\n        pass\n", "utf-8")
    with pytest.raises(ConfigError, match="takes another number of arguments"):
        run(load_strategy(str(path)), journal=tmp_path / "j", settings={"run.messages": 500})


@pytest.mark.parametrize("value", [2.5, "many", np.zeros(2), None])
def test_a_parameter_of_another_type_is_refused(tmp_path, value):
    kind, _ = strategy_of(tmp_path, "self.seen += self.qty")
    with pytest.raises(ConfigError) as caught:
        run(kind, journal=tmp_path / "j", params={"qty": value}, settings={"run.messages": 500})
    assert caught.value.code in {"RUN-020", "RUN-021"}


def test_what_no_callback_uses_is_no_trouble(tmp_path):
    kind, _ = strategy_of(tmp_path, "self.seen = fast_function(self.seen)")
    strategy = kind()
    run(strategy, journal=tmp_path / "j", settings={"run.messages": 500})
    assert strategy.seen > 0


@pytest.mark.parametrize("thing", [int, 3])
def test_compiled_stands_above_strategies_and_functions_alone(thing):
    with pytest.raises(ConfigError, match="@compiled stands above"):
        compiled(thing)
