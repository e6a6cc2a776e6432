# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A set of limits: what stands in a signed limit file, and what another set would loosen."""

from __future__ import annotations

import hashlib
import json
from typing import NamedTuple

from onetape.errors import ConfigError
from onetape.events import Limit, LimitProfile, RiskScope
from onetape.risk._table import LIMITS

#: What a set's text says it is.
FORMAT = "onetape-limits-1"
#: Limits of one set.
ENTRIES_MAX = 1 << 16
_KEYS = {"format", "version", "valid_from_ns", "valid_to_ns", "profile", "limits"}
_ENTRY_KEYS = {"scope", "name", "limit", "value"}


class Entry(NamedTuple):
    """One limit.

    Attributes:
        scope: Whom it concerns.
        name: Strategy, venue, symbol or number of the account; empty for all that have none of
            their own, and for the firm.
        limit: Which limit.
        value: Its value, in the unit of the limit.
    """

    scope: RiskScope
    name: str
    limit: Limit
    value: int


class Change(NamedTuple):
    """What another set does to one limit.

    Attributes:
        scope: Whom it concerns.
        name: As in [`Entry`].
        limit: Which limit.
        before: The value in force before; None where there was none.
        after: The value in force after.
        loosens: More may pass than before: a second person has to sign.
    """

    scope: RiskScope
    name: str
    limit: Limit
    before: int | None
    after: int | None
    loosens: bool


class LimitSet(NamedTuple):
    """A whole set of limits.

    Attributes:
        version: Rises by every set.
        valid_from_ns: Not before, in ns since the Unix epoch.
        valid_to_ns: From then on only reducing orders pass; 0 for no end.
        profile: Which limits have to be there.
        entries: All limits, sorted.
        signers: Persons whose signatures were verified.
    """

    version: int
    valid_from_ns: int
    valid_to_ns: int
    profile: LimitProfile
    entries: tuple[Entry, ...]
    signers: tuple[str, ...] = ()

    def text(self) -> bytes:
        """Return the canonical text, which is what persons sign: sorted, without white space."""
        plain = {
            "format": FORMAT,
            "version": self.version,
            "valid_from_ns": self.valid_from_ns,
            "valid_to_ns": self.valid_to_ns,
            "profile": self.profile.name,
            "limits": [
                {"scope": e.scope.name, "name": e.name, "limit": e.limit.name, "value": e.value}
                for e in self.entries
            ],
        }
        whole = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return whole.encode()

    def digest(self) -> bytes:
        """Return the SHA-256 of the canonical text."""
        return hashlib.sha256(self.text()).digest()

    def hash(self) -> int:
        """Return the hash as the journal has it: the digest's first 8 bytes, little-endian."""
        return int.from_bytes(self.digest()[:8], "little")

    def values(self) -> dict[tuple[RiskScope, str, Limit], int]:
        """Return the limits by scope, name and limit."""
        return {entry[:3]: entry.value for entry in self.entries}


def read_limit_set(plain: object, where: str) -> LimitSet:
    """Return the set that decoded JSON says.

    Raises:
        ConfigError: If anything of it is not as it must be.
    """
    if not isinstance(plain, dict) or set(plain) != _KEYS:
        keys = sorted(plain) if isinstance(plain, dict) else type(plain).__name__
        raise _wrong(where, "limits", f"an object with {', '.join(sorted(_KEYS))}", keys)
    if plain["format"] != FORMAT:
        raise _wrong(where, "format", repr(FORMAT), plain["format"])
    for key in ("version", "valid_from_ns", "valid_to_ns"):
        if not _is_count(plain[key]):
            raise _wrong(where, key, "a whole number that is not negative", plain[key])
    if plain["profile"] not in LimitProfile.__members__:
        raise _wrong(where, "profile", " or ".join(LimitProfile.__members__), plain["profile"])
    given = plain["limits"]
    if not isinstance(given, list) or len(given) > ENTRIES_MAX:
        found = type(given).__name__
        raise _wrong(where, "limits", f"a list of at most {ENTRIES_MAX:,}", found)
    entries = [_read_entry(one, f"{where}: limits[{at}]") for at, one in enumerate(given)]
    keys = [entry[:3] for entry in entries]
    if keys != sorted(set(keys)):
        order = "each limit once, sorted by scope, name and limit"
        raise _wrong(where, "limits", order, "another order")
    counts = (plain["version"], plain["valid_from_ns"], plain["valid_to_ns"])
    return LimitSet(*counts, LimitProfile[plain["profile"]], tuple(entries))


def _read_entry(one: object, where: str) -> Entry:
    if not isinstance(one, dict) or set(one) != _ENTRY_KEYS:
        raise _wrong(where, "entry", f"an object with {', '.join(sorted(_ENTRY_KEYS))}", one)
    if one["scope"] not in RiskScope.__members__ or one["limit"] not in Limit.__members__:
        raise _wrong(where, "entry", "a known scope and limit", one)
    if not isinstance(one["name"], str) or not _is_count(one["value"]):
        raise _wrong(where, "entry", "a name, and a whole number that is not negative", one)
    scope, limit = RiskScope[one["scope"]], Limit[one["limit"]]
    if scope not in LIMITS[limit].scopes or (scope is RiskScope.FIRM and one["name"]):
        allowed = ", ".join(sorted(s.name for s in LIMITS[limit].scopes))
        raise _wrong(where, "scope", f"one of {allowed}, the firm without a name", one)
    return Entry(scope, one["name"], limit, one["value"])


def _wrong(where: str, key: str, expected: str, found: object) -> ConfigError:
    return ConfigError(
        f"{where}: {key}: expected {expected}, found {found!r}",
        code="LIM-001",
        hint="docs/reference/risk.md lists limits, scopes and units",
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 63


def changes(old: LimitSet | None, new: LimitSet) -> list[Change]:
    """Return what a set changes, limit by limit, as each scope would feel it.

    Without an old set everything loosens: nothing was allowed before.
    """
    before, after = old.values() if old else {}, new.values()
    found = []
    for scope, name, limit in sorted({*before, *after}):
        # Where a scope has no limit of its own, it feels the default of its kind.
        was, now = (
            of.get((scope, name, limit), of.get((scope, "", limit))) for of in (before, after)
        )
        if was != now:
            loosens = old is None or lets_more_pass(limit, was, now)
            found.append(Change(scope, name, limit, was, now, loosens))
    return found


def loosens(old: LimitSet | None, new: LimitSet) -> bool:
    """Return whether a set lets more pass than the one before, or lasts longer."""
    if old is None or any(change.loosens for change in changes(old, new)):
        return True
    lasts = (old.valid_to_ns or 1 << 63) < (new.valid_to_ns or 1 << 63)
    return lasts or new.valid_from_ns < old.valid_from_ns or new.profile < old.profile


def lets_more_pass(limit: Limit, was: int | None, now: int | None) -> bool:
    """Return whether more may pass; what is not certain counts as more."""
    facts = LIMITS[limit]
    if was is None or now is None:
        # A limit that was never there let everything pass, unless its absence refused.
        adds_a_bound = was is None and facts.looser == "higher" and not facts.required
        return not adds_a_bound or limit <= Limit.ORDER_RATE_MAX
    if facts.looser == "never":
        return was & ~now != 0
    return now > was if facts.looser == "higher" else now < was
