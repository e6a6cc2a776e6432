# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A strategy's manifest: what it was made of, and the envelope that it may be deployed in (PT-26).

The envelope becomes limits of the strategy in a limit set, which persons then sign: a generation
whose manifest says less than it has to is refused before it comes that far.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import NamedTuple

from onetape.errors import ConfigError
from onetape.events import Limit, RiskScope
from onetape.risk._table import LIMITS
from onetape.risk.limit_set import Entry, LimitSet

#: What every envelope has to bound: instruments, venues, size, worth, number of orders, positions.
REQUIRED = (
    Limit.INSTRUMENTS_MAX,
    Limit.VENUES_MAX,
    Limit.ORDER_QTY_MAX,
    Limit.ORDER_VALUE_MAX,
    Limit.DAY_ORDERS_MAX,
    Limit.MESSAGE_RATE_MAX,
    Limit.WORKING_ORDERS_MAX,
    Limit.POSITION_MAX,
    Limit.LOSS_MAX,
)
#: Facts that name a generation: digests of its code and configuration, and who answers for it.
FACTS = ("strategy", "code_sha256", "config_sha256", "owner")
_LIMIT_MAX = (1 << 63) - 1


class Manifest(NamedTuple):
    """What a generation of a strategy is, and may be deployed in.

    Attributes:
        strategy: Name of the strategy.
        facts: Its other facts, by name: digests of code and configuration, owner.
        envelope: Limits by which.
    """

    strategy: str
    facts: dict[str, str]
    envelope: dict[Limit, int]

    def generation(self) -> int:
        """Return the digest that its orders are flagged with: any change makes another one."""
        lines = [f"{name}={value}" for name, value in sorted(self.facts.items())]
        lines += [f"{limit.name}={value}" for limit, value in sorted(self.envelope.items())]
        text = "\n".join([self.strategy, *lines])
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")

    def entries(self) -> list[Entry]:
        """Return the envelope as limits of the strategy."""
        found = sorted(self.envelope.items())
        return [Entry(RiskScope.STRATEGY, self.strategy, limit, value) for limit, value in found]


def read_manifest(path: Path) -> Manifest:
    """Return a manifest, a TOML file with its facts and a table [envelope].

    Raises:
        ConfigError: If a fact or a limit is missing, unknown, or not as it must be.
    """
    try:
        plain = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as err:
        raise _wrong(f"{path}: expected a TOML file, found {err}") from err
    envelope = plain.pop("envelope", None)
    if not isinstance(envelope, dict):
        raise _wrong(f"{path}: expected a table [envelope], found none")
    for name in FACTS:
        if not isinstance(plain.get(name), str) or not plain[name]:
            raise _wrong(f"{path}: {name}: expected a text that is not empty, found none")
    if set(plain) != set(FACTS):
        strangers = ", ".join(sorted(set(plain) - set(FACTS)))
        raise _wrong(f"{path}: expected {', '.join(FACTS)} alone, found {strangers}")
    limits = {_limit(path, name): _value(path, name, one) for name, one in envelope.items()}
    missing = [limit.name.lower() for limit in REQUIRED if limit not in limits]
    if missing:
        raise _wrong(f"{path}: envelope: expected {', '.join(missing)}, found none")
    strategy = plain.pop("strategy")
    return Manifest(strategy, plain, limits)


def with_envelope(limits: LimitSet, manifest: Manifest) -> LimitSet:
    """Return a set of the next version in which a strategy has the limits of its envelope alone."""
    is_other = (RiskScope.STRATEGY, manifest.strategy)
    kept = [entry for entry in limits.entries if (entry.scope, entry.name) != is_other]
    entries = tuple(sorted([*kept, *manifest.entries()]))
    return limits._replace(version=limits.version + 1, entries=entries, signers=())


def _limit(path: Path, name: str) -> Limit:
    known = {limit.name.lower(): limit for limit, facts in LIMITS.items()
             if RiskScope.STRATEGY in facts.scopes}  # fmt: skip
    if name not in known:
        raise _wrong(
            f"{path}: envelope.{name}: expected a limit of a strategy ({', '.join(sorted(known))})"
        )
    return known[name]


def _value(path: Path, name: str, value: object) -> int:
    if not isinstance(value, int) or type(value) is bool or not 0 <= value < _LIMIT_MAX:
        raise _wrong(f"{path}: envelope.{name}: expected a whole number from 0, found {value!r}")
    return value


def _wrong(says: str) -> ConfigError:
    return ConfigError(
        says, code="LIM-010", hint="docs/guides/live.md shows a manifest with its envelope"
    )
