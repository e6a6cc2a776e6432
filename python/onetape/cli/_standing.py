# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""How a node of a cluster stands, in words."""

from __future__ import annotations

from typing import Any

from onetape.cli._render import duration_text

_SECOND_NS = 1_000_000_000
_MINUTE_S, _HOUR_S = 60, 3_600


def span_text(span_ns: int) -> str:
    """Return how long something took or lasts, for people; long ones without their seconds.

    Examples:
        >>> span_text(1_500_000), span_text(90 * 10**9), span_text(7_300 * 10**9)
        ('1.50 ms', '1 min 30 s', '2 h 1 min')
    """
    seconds = span_ns // _SECOND_NS
    if seconds < _MINUTE_S:
        return duration_text(span_ns)
    if seconds < _HOUR_S:
        return f"{seconds // _MINUTE_S} min {seconds % _MINUTE_S} s"
    return f"{seconds // _HOUR_S} h {seconds % _HOUR_S // _MINUTE_S} min"


def standing_pairs(standing: dict[str, Any]) -> dict[str, str]:
    """Return how a node stands, as names and values: what `continuity` of a status says."""
    role = standing["role"]
    if role == "alone":
        return {"continuity": "alone"}
    return _of_standby(standing) if role == "standby" else _of_primary(standing)


def standing_line(standing: dict[str, Any]) -> str:
    """Return the gist of it in one short line; empty for a node that is alone."""
    role = standing["role"]
    if role == "alone":
        return ""
    parts = [f"{standing['node']} is {role}, term {standing['term']}"]
    if role == "standby":
        parts.append("in step" if standing["in_step"] else "not in step")
        parts.append(f"{_entries(standing['behind'])} behind")
        if not standing["connected"]:
            parts.append("its primary does not answer")
        return ", ".join(parts)
    standby = standing["standby"]
    if not standby["connected"]:
        parts.append("no standby")
    else:
        takes = "may" if standby["may_take_over"] else "may not"
        behind = _entries(standby["behind"])
        parts.append(f"standby {standby['node']} {behind} behind, {takes} take over")
    if (lease := standing["lease"]) is None:
        parts.append("no witness")
    elif not lease["held"]:
        parts.append("lease not held: nothing leaves")
    return "; ".join(parts)


def _entries(count: int) -> str:
    return f"{count:,} entr{'y' if count == 1 else 'ies'}"


def _of_primary(standing: dict[str, Any]) -> dict[str, str]:
    since = span_text(standing["primary_for_ns"])
    how = f"since its start, {since} ago"
    if (over := standing["taken_over"]) is not None:
        how = f"by take-over, {since} ago, which took {span_text(over['took_ns'])}"
    return {
        "continuity": f"{standing['node']} is primary of {standing['cluster']}, "
        f"term {standing['term']}, {how}",
        "standby": _standby_text(standing["standby"]),
        "lease": _lease_text(standing["lease"]),
    }


def _standby_text(standby: dict[str, Any]) -> str:
    waits = "nothing leaves without it" if standby["waited_for"] else "answers leave without it"
    if standby["node"] is None:
        return f"none has come; {waits}"
    name = f"{standby['node']} ({standby['address']})"
    behind = _entries(standby["behind"])
    if not standby["connected"]:
        return f"{name} is gone, for {span_text(standby['changed_ns'])}; {behind} behind; {waits}"
    if standby["behind_ns"]:
        behind += f" and {span_text(standby['behind_ns'])}"
    takes = "may take over" if standby["may_take_over"] else "may not take over"
    return f"{name} is connected, {behind} behind; {takes}"


def _lease_text(lease: dict[str, Any] | None) -> str:
    if lease is None:
        return "none: without a witness nobody takes over"
    held = "held" if lease["held"] else "not held, nothing leaves"
    seen = "never answered"
    if lease["witness_seen_ns"] is not None:
        seen = f"answered {span_text(lease['witness_seen_ns'])} ago"
    trouble = f" ({lease['trouble']})" if lease["trouble"] else ""
    return f"{held}, {span_text(lease['left_ns'])} left; witness {lease['witness']} {seen}{trouble}"


def _of_standby(standing: dict[str, Any]) -> dict[str, str]:
    heard = "not heard yet"
    if standing["heard_ns"] is not None:
        heard = f"last heard {span_text(standing['heard_ns'])} ago"
    link = "connected" if standing["connected"] else "not connected"
    step = "in step" if standing["in_step"] else "not in step yet: it may not take over"
    takes = "by itself" if standing["automatic"] else "when it is told to"
    return {
        "continuity": f"{standing['node']} is standby in {standing['cluster']}, "
        f"term {standing['term']}, {step}",
        "primary": f"{standing['peer']}, {link}, {heard}",
        "behind": f"{_entries(standing['behind'])}: {standing['received']:,} of "
        f"{standing['primary_seq']:,} received, {standing['applied']:,} agreed with",
        "takes over": takes if standing["witness"] else "never: there is no witness",
    }
