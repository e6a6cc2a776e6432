# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Signed limits and circuit breakers of a live node, by real processes: a set is loaded, tightened,
refused and taken up again after a crash, under the full profile; a strategy whose orders are
refused is halted, and the other one goes on.
"""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, cast

import pytest
from tests.models.live_world import World
from tests.models.processes import onetape

from onetape.events import (
    Breaker,
    BreakerAction,
    BreakerMoved,
    Limit,
    LimitProfile,
    LimitsTaken,
    OrderRejected,
    RejectReason,
    RiskScope,
)
from onetape.journal import open_journal
from onetape.risk.limit_file import make_key, sign
from onetape.risk.limit_set import Entry, LimitSet

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

PEOPLE = {person: make_key() for person in ("ann", "bob")}
#: Everything that the full profile asks for, with room for what the strategies do.
FULL = [
    Entry(RiskScope.STRATEGY, "", Limit.ORDER_QTY_MAX, 1_000),
    Entry(RiskScope.STRATEGY, "", Limit.POSITION_MAX, 100_000),
    Entry(RiskScope.STRATEGY, "", Limit.MESSAGE_RATE_MAX, 10_000),
    Entry(RiskScope.STRATEGY, "", Limit.WORKING_ORDERS_MAX, 1_000),
    Entry(RiskScope.STRATEGY, "", Limit.LOSS_MAX, 100_000_000),
    Entry(RiskScope.STRATEGY, "", Limit.INSTRUMENTS_MAX, 2),
    Entry(RiskScope.STRATEGY, "", Limit.VENUES_MAX, 1),
    Entry(RiskScope.STRATEGY, "", Limit.DAY_ORDERS_MAX, 10_000_000),
    Entry(RiskScope.INSTRUMENT, "", Limit.REFERENCE_AGE_MS_MAX, 60_000),
    Entry(RiskScope.VENUE, "", Limit.MESSAGE_RATE_MAX, 10_000),
    Entry(RiskScope.ACCOUNT, "", Limit.POSITION_MAX, 100_000),
    Entry(RiskScope.ACCOUNT, "", Limit.ORDER_VALUE_MAX, 1_000_000),
    Entry(RiskScope.ACCOUNT, "", Limit.GROSS_EXPOSURE_MAX, 100_000_000),
    Entry(RiskScope.FIRM, "", Limit.GROSS_EXPOSURE_MAX, 100_000_000),
    Entry(RiskScope.FIRM, "", Limit.LOSS_MAX, 100_000_000),
    Entry(RiskScope.FIRM, "", Limit.INPUT_AGE_US_MAX, 60_000_000),
]
QTY_AT = 0  # Place of the first one.


def write_keys(folder: Path) -> None:
    keys = "".join(f'{person} = "{public.hex()}"\n' for person, (_, public) in PEOPLE.items())
    (folder / "keys.toml").write_text(f"[people]\n{keys}")


def write_set(folder: Path, version: int, qty_max: int, *signers: str) -> Path:
    """Write a set of the full profile, with this largest order of each strategy."""
    entries = [FULL[QTY_AT]._replace(value=qty_max), *FULL[QTY_AT + 1 :]]
    limits = LimitSet(version, 0, 0, LimitProfile.FULL, tuple(sorted(entries)))
    path = folder / f"set-{version}.json"
    path.write_text(json.dumps({"limits": json.loads(limits.text())}))
    for person in signers:
        sign(path, person, PEOPLE[person][0])
    return path


def load(world: World, path: Path) -> CompletedProcess[str]:
    return onetape("live", "limits", "load", str(path), "--folder", str(world.folder / "node"))


def limits(world: World) -> dict[str, Any]:
    answer = world.ask("limits")
    assert answer is not None
    return cast("dict[str, Any]", answer)


def events(world: World, *kinds: type) -> list[Any]:
    entries = open_journal(world.folder / "node" / "journal")
    return [entry.event for entry in entries if isinstance(entry.event, kinds)]


def halts_of(world: World, strategy: int) -> int:
    found = events(world, BreakerMoved)
    return sum(it.action == BreakerAction.HALT and it.id == strategy for it in found)


def is_halted(world: World, strategy: int) -> bool:
    return halts_of(world, strategy) > 0


BOOKED = 'access = ["*"]\n[live.strategies.{name}.booking]\nalgo = 1\ntrader = 2'


def test_signed_sets_come_into_force_under_the_full_profile_and_outlive_the_engine(tmp_path: Path):
    write_keys(tmp_path)
    write_set(tmp_path, 1, 1_000, "ann", "bob")
    world = World(
        tmp_path,
        1,
        live_more='limits_file = "set-1.json"\nlimits_keys = "keys.toml"',
        strategies={
            "maker": ("Maker", BOOKED.format(name="maker")),
            "taker": ("Taker", BOOKED.format(name="taker")),
        },
    )
    try:
        world.start()
        world.settle()
        assert not world.node_fills(), "halted at start"
        found = limits(world)
        assert (found["version"], found["profile"], found["limits_refused"]) == (1, "full", 0)
        world.cli("resume", "--why", "looked at it")
        world.wait(lambda: len(world.node_fills()) > 5, "trading under the full profile")
        gross = next(it for it in limits(world)["limits"] if it["limit"] == "gross_exposure_max")
        assert 0 < gross["used"] == gross["value"] - gross["remaining"]

        # One person tightens: the maker's hundred lots are too many, the taker's fifty are not.
        done = load(world, write_set(tmp_path, 2, 60, "ann"))
        assert done.returncode == 0, done.stderr
        world.wait(lambda: is_halted(world, 1), "the maker halted: refused again and again")
        refused = events(world, OrderRejected)
        assert any(it.reason == RejectReason.ORDER_QTY and it.bound == 60 for it in refused)
        assert not is_halted(world, 2)

        # One person cannot loosen, and nothing has changed then.
        done = load(world, write_set(tmp_path, 3, 1_000, "ann"))
        assert done.returncode != 0
        assert "signatures of 2 persons" in done.stderr
        assert limits(world)["version"] == 2

        engine = world.engine()
        os.kill(engine, signal.SIGKILL)
        world.wait(lambda: world.engine() != engine and world.ask("status") is not None, "back")
        world.settle()
        assert limits(world)["version"] == 2
        done = load(world, write_set(tmp_path, 4, 1_000, "ann", "bob"))
        assert done.returncode == 0, done.stderr
        assert [event.version for event in events(world, LimitsTaken)] == [1, 2, 4]
        fills = len(world.node_fills())
        world.cli("resume", "--strategy", "maker")
        world.wait(lambda: len(world.node_fills()) > fills + 5, "the maker quoting again")
        world.finish()
        assert world.node_fills() == world.exchange_fills()
    finally:
        world.close()


def test_a_strategy_whose_orders_are_refused_is_halted_and_the_other_goes_on(tmp_path: Path):
    strategies = {"maker": ("Maker", ""), "taker": ("Stubborn", "")}
    world = World(tmp_path, 2, strategies=strategies)
    try:
        world.start()
        world.settle()
        world.wait(lambda: is_halted(world, 2), "halted")
        halts = [it for it in events(world, BreakerMoved) if it.action == BreakerAction.HALT]
        assert {Breaker(it.breaker) for it in halts} == {Breaker.REJECT_RUN}
        said = world.cli("status")
        assert "reject_run" in said
        assert "taker" in said.split("reject_run")[1].splitlines()[0]
        fills = len(world.node_fills())
        world.wait(lambda: len(world.node_fills()) > fills, "the maker trading on")
        assert not is_halted(world, 1)
        answer = world.ask("status")
        assert answer is not None
        stands = [it for it in cast("Any", answer["breakers"]) if it.get("stands") == "halt"]
        assert {(it["scope"], it["id"]) for it in stands} == {("strategy", 2)}
        world.cli("resume", "--strategy", "taker")
        world.wait(lambda: halts_of(world, 2) > 1, "halted again")
        world.finish()
        assert world.node_fills() == world.exchange_fills()
    finally:
        world.close()
