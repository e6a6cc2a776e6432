# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What may change when a live journal goes on with another configuration, and what may not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from onetape import events
from onetape.errors import ConfigError
from onetape.live.generations import changed_definitions
from onetape.live.node import Node
from onetape.live.numbers import numbered
from onetape.live.supervisor import load_live

TEXT = """
[live]
folder = "{folder}"
date = "2026-03-02"
[live.venues.HOME]
symbols = ["ONE", "TAPE"]
order_entry = "127.0.0.1:9"
[live.venues.AWAY]
symbols = ["ONE"]
order_entry = "127.0.0.1:9"
[live.strategies.maker]
file = "own.py:Maker"
[live.strategies.taker]
file = "own.py:Taker"
[risk]
order_qty_max = 1_000
order_notional_max = 10_000_000_000
position_max = 2_000
price_collar_ticks = 50_000
order_rate_max = 10_000
"""


def node(folder: Path, text: str) -> Node:
    (folder / "own.py").write_text("# strategies")
    path = folder / "node.toml"
    path.write_text(text.format(folder=folder / "node"))
    return Node(load_live(path), folder)


def began(folder: Path) -> bytes:
    """The record of a node that has run: its numbers are in its folder, beside a journal."""
    made = node(folder, TEXT)
    record = made._record()
    made.journal.mkdir(parents=True)
    (made.folder / "names.json").write_text(json.dumps(json.loads(record)["numbers"]))
    return record


def changed(folder: Path, *pairs: tuple[str, str]) -> list[tuple[int, int, bytes]]:
    before, text = began(folder), TEXT
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    after = node(folder, text)
    return changed_definitions(before, after._record(), after._definitions())


def kinds(found: list[tuple[int, int, bytes]]) -> list[str]:
    return [events.EVENTS[kind].__name__ for kind, _, _ in found]


def test_addresses_days_and_texts_define_nothing_anew(tmp_path):
    pairs = [("127.0.0.1:9", "127.0.0.1:10"), ("2026-03-02", "2026-03-03"), (":Taker", ":Other")]
    assert changed(tmp_path, *pairs) == []


def test_a_strategy_that_is_gone_keeps_its_number_and_a_new_one_gets_the_next(tmp_path):
    new = "[live.strategies.another]"
    assert changed(tmp_path, ("[live.strategies.maker]", new)) == []
    again = node(tmp_path, TEXT.replace("[live.strategies.maker]", new))
    assert again.strategy_ids() == {"maker": 1, "taker": 2, "another": 3}
    assert again.limits()["strategies_max"] == 3
    assert numbered(["a", "b"], {"z": 7}) == {"z": 7, "a": 8, "b": 9}


def test_tighter_limits_are_defined_anew(tmp_path):
    found = changed(tmp_path, ("position_max = 2_000", "position_max = 1_999"))
    assert kinds(found) == ["LimitSet"]
    assert events.LimitSet.unpack(found[0][2]).value == 1_999


def test_a_venue_may_come_behind_the_others(tmp_path):
    venue = '[live.venues.THIRD]\nsymbols = ["TAPE"]\norder_entry = "127.0.0.1:9"\n'
    found = changed(tmp_path, ("[live.strategies.maker]", venue + "[live.strategies.maker]"))
    assert kinds(found) == ["VenueDefined", "InstrumentDefined", "InstrumentListed"]


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ('"ONE", "TAPE"', '"TAPE", "ONE"', "LIV-013", "instrument ONE@HOME, number 1"),
        ('"ONE", "TAPE"', '"ONE"', "LIV-013", "instrument ONE@AWAY, number 3"),
        ("venues.HOME]", "venues.HERE]", "LIV-013", "venue HOME, number 1"),
        ("[live]", "[live]\nown_orders_max = 7", "LIV-013", "own_orders_max of at least"),
        (
            "[live.venues.AWAY]",
            '[live.venues.HOME.instruments.ONE]\ntick = "0.01"\nlot = "1"\ncurrency = "USD"\n'
            "[live.venues.AWAY]",
            "LIV-013",
            "units of ONE@HOME",
        ),
        ("order_qty_max = 1_000", "order_qty_max = 1_001", "LIV-015", "order_qty_max of"),
        ("order_rate_max = 10_000", "", "LIV-015", "order_rate_max of"),
        (
            "order_rate_max = 10_000",
            "order_rate_max = 10_000\n[risk.instruments.ONE]\nposition_max = 2_001",
            "LIV-015",
            "position_max of ONE@HOME",
        ),
    ],
)
def test_what_numbers_units_and_more_room_are_is_refused(tmp_path, old, new, code, words):
    with pytest.raises(ConfigError, match=words) as raised:
        changed(tmp_path, (old, new))
    assert raised.value.code == code


def test_a_tighter_limit_of_one_instrument_passes(tmp_path):
    new = "order_rate_max = 10_000\n[risk.instruments.ONE]\nposition_max = 1_500"
    found = changed(tmp_path, ("order_rate_max = 10_000", new))
    assert kinds(found) == ["LimitSet", "LimitSet"]
