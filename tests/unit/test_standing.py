# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What operators of a cluster read: every state of a primary and of a standby, in words."""

import stat
from typing import Any

import pytest

from onetape.cli._standing import standing_line, standing_pairs
from onetape.exchange.standing import SOCKET, StandbyDesk, of_node, of_standby

GONE = {
    "connected": False, "node": None, "address": None, "changed_ns": None, "received": 0,
    "durable": 0, "applied": 0, "behind": None, "behind_ns": None, "waited_for": False,
    "may_take_over": False,
}  # fmt: skip
THERE = {
    **GONE, "connected": True, "node": "beta", "address": "10.0.0.2:5000", "changed_ns": 10**9,
    "received": 90, "behind": 1, "behind_ns": 250_000, "waited_for": True, "may_take_over": True,
}  # fmt: skip
LEASE = {
    "held": True, "left_ns": 40_000_000, "witness": "10.0.0.3:7400", "witness_seen_ns": 5_000_000,
    "trouble": None,
}  # fmt: skip


def primary(**changed: Any) -> dict[str, Any]:
    return {
        "role": "primary", "node": "alpha", "cluster": "market", "address": "10.0.0.1:7401",
        "term": 3, "primary_for_ns": 7_300 * 10**9, "taken_over": None, "standby": THERE,
        "lease": LEASE, **changed,
    }  # fmt: skip


def standby(**changed: Any) -> dict[str, Any]:
    return {
        "role": "standby", "node": "beta", "cluster": "market", "peer": "10.0.0.1:7401",
        "connected": True, "term": 3, "in_step": True, "received": 90, "applied": 80,
        "primary_seq": 1_091, "behind": 1_001, "heard_ns": 2_000_000, "witness": "10.0.0.3:7400",
        "automatic": True, "commit": "standby", **changed,
    }  # fmt: skip


def test_a_lone_exchange_says_so_in_one_word():
    alone = {"role": "alone"}
    assert standing_pairs(alone) == {"continuity": "alone"}
    assert standing_line(alone) == ""


def test_a_primary_with_its_standby():
    assert standing_pairs(primary()) == {
        "continuity": "alpha is primary of market, term 3, since its start, 2 h 1 min ago",
        "standby": "beta (10.0.0.2:5000) is connected, 1 entry and 250.00 µs behind; may take over",
        "lease": "held, 40.00 ms left; witness 10.0.0.3:7400 answered 5.00 ms ago",
    }
    assert standing_line(primary()) == (
        "alpha is primary, term 3; standby beta 1 entry behind, may take over"
    )


@pytest.mark.parametrize(
    ("changed", "name", "words"),
    [
        ({"standby": GONE}, "standby", "none has come; answers leave without it"),
        ({"standby": {**GONE, "waited_for": True}}, "standby", "nothing leaves without it"),
        (
            {"standby": {**THERE, "connected": False, "waited_for": False, "behind": 1_200}},
            "standby",
            "beta (10.0.0.2:5000) is gone, for 1.00 s; 1,200 entries behind; answers leave",
        ),
        ({"standby": {**THERE, "may_take_over": False}}, "standby", "may not take over"),
        ({"standby": {**THERE, "behind": 0, "behind_ns": 0}}, "standby", "0 entries behind; may"),
        ({"lease": None}, "lease", "without a witness nobody takes over"),
        ({"lease": {**LEASE, "held": False}}, "lease", "not held, nothing leaves"),
        ({"lease": {**LEASE, "witness_seen_ns": None}}, "lease", "never answered"),
        ({"lease": {**LEASE, "trouble": "it is gone"}}, "lease", "(it is gone)"),
        (
            {"taken_over": {"took_ns": 48_000_000, "completed": 0}},
            "continuity",
            "by take-over, 2 h 1 min ago, which took 48.00 ms",
        ),
    ],
)
def test_what_a_primary_lacks_is_said(changed, name, words):
    assert words in standing_pairs(primary(**changed))[name]


def test_the_short_line_says_what_is_wrong():
    alone = standing_line(primary(standby=GONE, lease={**LEASE, "held": False}))
    assert alone == "alpha is primary, term 3; no standby; lease not held: nothing leaves"
    assert standing_line(primary(lease=None)).endswith("; no witness")
    late = standing_line(standby(in_step=False, connected=False))
    assert late == (
        "beta is standby, term 3, not in step, 1,001 entries behind, its primary does not answer"
    )


def test_a_standby():
    assert standing_pairs(standby()) == {
        "continuity": "beta is standby in market, term 3, in step",
        "primary": "10.0.0.1:7401, connected, last heard 2.00 ms ago",
        "behind": "1,001 entries: 90 of 1,091 received, 80 agreed with",
        "takes over": "by itself",
    }
    told = standing_pairs(standby(in_step=False, heard_ns=None, connected=False, automatic=False))
    assert "not in step yet" in told["continuity"]
    assert told["primary"] == "10.0.0.1:7401, not connected, not heard yet"
    assert told["takes over"] == "when it is told to"
    assert standing_pairs(standby(witness=None))["takes over"] == "never: there is no witness"


def test_a_standby_answers_its_owner_until_it_is_closed(tmp_path):
    assert of_standby(tmp_path) is None
    (tmp_path / SOCKET).touch()  # A dead standby left it.
    assert of_standby(tmp_path) is None
    with StandbyDesk(tmp_path, standby):
        assert stat.S_IMODE((tmp_path / SOCKET).stat().st_mode) == 0o600
        assert [of_standby(tmp_path), of_node(tmp_path)] == [standby(), standby()]
    assert not (tmp_path / SOCKET).exists()
    assert of_node(tmp_path) is None
