# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Signed sets of limits on their way into a node: verified, measured by the set before, kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from onetape.errors import ConfigError
from onetape.events import Limit, LimitProfile, LimitsTaken, RiskScope, ScopeLimitSet
from onetape.live.config import LiveConfig
from onetape.live.limits import LimitReader
from onetape.risk.limit_file import make_key, sign
from onetape.risk.limit_set import Entry, LimitSet

PEOPLE = {person: make_key() for person in ("ann", "bob")}
QTY = Entry(RiskScope.INSTRUMENT, "ONE", Limit.ORDER_QTY_MAX, 10)
LOSS = Entry(RiskScope.STRATEGY, "maker", Limit.LOSS_MAX, 100)
GROSS = Entry(RiskScope.FIRM, "", Limit.GROSS_EXPOSURE_MAX, 1_000)

Write = Callable[..., Path]


def live(**more: Any) -> LiveConfig:
    plain = {
        "venues": {"HOME": {"symbols": ["ONE"]}, "AWAY": {"symbols": ["ONE", "TAPE"]}},
        "strategies": {"taker": {"file": "a.py:Taker"}, "maker": {"file": "a.py:Maker"}},
        "limits_keys": "keys.toml",
        **more,
    }
    return msgspec.convert(plain, LiveConfig)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    keys = "".join(f'{person} = "{public.hex()}"\n' for person, (_, public) in PEOPLE.items())
    (tmp_path / "keys.toml").write_text(f"[people]\n{keys}")

    def write(version: int, entries: list[Entry], *signers: str) -> Path:
        limits = LimitSet(version, 0, 0, LimitProfile.BASIC, tuple(sorted(entries)))
        path = tmp_path / f"set-{version}.json"
        path.write_text(json.dumps({"limits": json.loads(limits.text())}))
        for person in signers:
            sign(path, person, PEOPLE[person][0])
        return path

    return write


@pytest.fixture
def reader(tmp_path: Path) -> LimitReader:
    return LimitReader(live(), tmp_path / "node", tmp_path, {"taker": 1, "maker": 2})


def split(body: bytes) -> tuple[LimitsTaken, list[ScopeLimitSet], bytes]:
    taken = LimitsTaken.unpack(body[: LimitsTaken.SIZE])
    size, rest = ScopeLimitSet.SIZE, body[LimitsTaken.SIZE :]
    limits = [
        ScopeLimitSet.unpack(rest[at * size : (at + 1) * size]) for at in range(taken.entries)
    ]
    return taken, limits, rest[taken.entries * size :]


def test_a_set_is_one_entry_with_ids_and_the_file_as_it_was_signed(
    write: Write, reader: LimitReader
):
    path = write(3, [QTY, LOSS, GROSS], "ann", "bob")
    taken, limits, tail = split(reader.read(path, "carl", 0, 0))
    assert (taken.version, taken.signers, taken.file_bytes) == (3, 2, path.stat().st_size)
    found = [(it.scope, it.id, it.limit, it.value) for it in limits]
    assert found == [
        (RiskScope.STRATEGY, 2, Limit.LOSS_MAX, 100),
        (RiskScope.INSTRUMENT, 1, Limit.ORDER_QTY_MAX, 10),
        (RiskScope.INSTRUMENT, 2, Limit.ORDER_QTY_MAX, 10),
        (RiskScope.FIRM, 0, Limit.GROSS_EXPOSURE_MAX, 1_000),
    ]
    assert tail == path.read_bytes() + b"carl"


def test_the_next_set_is_measured_by_the_one_in_force_and_withdraws_what_it_had(
    write: Write, reader: LimitReader
):
    first = split(reader.read(write(3, [QTY, GROSS], "ann", "bob"), "", 0, 0))[0]
    tighter = write(4, [QTY._replace(value=9), GROSS], "ann")
    taken, limits, _ = split(reader.read(tighter, "", first.version, first.hash))
    assert (taken.version, taken.signers) == (4, 1)
    assert {it.value for it in limits} == {9, 1_000}
    looser = write(5, [QTY._replace(value=11), GROSS], "ann")
    with pytest.raises(ConfigError, match="signatures of 2 persons") as err:
        reader.read(looser, "", taken.version, taken.hash)
    assert err.value.code == "LIM-004"
    without = write(6, [QTY._replace(value=9)], "ann", "bob")
    _, limits, _ = split(reader.read(without, "", taken.version, taken.hash))
    gone = [it for it in limits if it.value < 0]
    assert [(it.scope, it.limit) for it in gone] == [(RiskScope.FIRM, Limit.GROSS_EXPOSURE_MAX)]


def test_a_set_that_was_in_force_before_does_not_come_back(write: Write, reader: LimitReader):
    first = split(reader.read(write(3, [QTY], "ann", "bob"), "", 0, 0))[0]
    with pytest.raises(ConfigError, match="version above 3"):
        reader.read(write(2, [QTY], "ann", "bob"), "", 3, first.hash)


@pytest.mark.parametrize("found", ["none", "another"])
def test_without_the_set_in_force_nothing_is_loaded(
    write: Write, reader: LimitReader, tmp_path: Path, found: str
):
    reader.read(write(3, [QTY], "ann", "bob"), "", 0, 0)
    if found == "none":
        (tmp_path / "node" / "limits" / "3.json").unlink()
    with pytest.raises(ConfigError, match=f"in force, version 3, found {found}") as err:
        reader.read(write(4, [QTY], "ann", "bob"), "", 3, 1)
    assert err.value.code == "LIV-031"


def test_a_name_that_the_node_does_not_have_is_refused(write: Write, reader: LimitReader):
    path = write(3, [LOSS._replace(name="nobody")], "ann", "bob")
    with pytest.raises(ConfigError, match="expected a strategy of this node, found 'nobody'"):
        reader.read(path, "", 0, 0)


def test_without_keys_nobody_loads_anything(write: Write, tmp_path: Path):
    reader = LimitReader(
        live(limits_keys=""), tmp_path / "node", tmp_path, {"taker": 1, "maker": 2}
    )
    with pytest.raises(ConfigError, match=r"live\.limits_keys"):
        reader.read(write(3, [QTY], "ann", "bob"), "", 0, 0)


def test_a_journal_may_begin_with_a_set(write: Write, tmp_path: Path):
    write(1, [QTY], "ann", "bob")
    reader = LimitReader(
        live(limits_file="set-1.json"), tmp_path / "node", tmp_path, {"taker": 1, "maker": 2}
    )
    first = reader.first()
    assert first is not None
    assert split(first)[2].endswith(b"the configuration")
    assert (
        LimitReader(live(), tmp_path / "node", tmp_path, {"taker": 1, "maker": 2}).first() is None
    )
