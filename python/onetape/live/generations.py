# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What may change between two starts of a node that goes on with its journal, and what may not.

The numbers of venues and instruments stand in every entry, so they stay. Limits may get tighter;
who wants more to pass signs for it (`onetape limits`). Addresses, times, strategies and rules of
market data may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from onetape import events
from onetape.config import Secret
from onetape.errors import ConfigError
from onetape.events import Limit, RiskScope
from onetape.live.bookings import bookings
from onetape.live.config import LiveConfig
from onetape.live.definitions import Definition, definitions, listings
from onetape.risk import RiskConfig
from onetape.risk.limit_set import lets_more_pass

#: What an entry defines, whatever it says of it.
Key = tuple[int, ...]
_UNITS = (
    events.VenueDefined.KIND,
    events.InstrumentDefined.KIND,
    events.TickRungDefined.KIND,
    events.InstrumentListed.KIND,
    events.InstrumentAdmitted.KIND,
)
#: The fields that say what a definition is about, by its kind.
_SUBJECTS: dict[int, tuple[str, ...]] = {
    events.VenueDefined.KIND: ("venue_id",),
    events.InstrumentDefined.KIND: ("instrument_id",),
    events.TickRungDefined.KIND: ("instrument_id", "rung"),
    events.InstrumentListed.KIND: ("instrument_id",),
    events.InstrumentAdmitted.KIND: ("instrument_id",),
    events.FeesSet.KIND: ("instrument_id",),
    events.StrategyBooked.KIND: ("strategy_id",),
    events.LimitSet.KIND: ("instrument_id", "limit"),
    events.ScopeLimitSet.KIND: ("scope", "id", "limit"),
}
#: Limits of the core that a journal's replay needs to be at least as high as they were.
_SIZES = ("orders_max", "own_orders_max", "venues_max", "instruments_max", "strategies_max")
_HINT = "put it back, or begin a new folder (live.folder) when the book is flat"


def changed_definitions(old: bytes, new: bytes, wanted: list[Definition]) -> list[Definition]:
    """Return what has to be defined anew when a journal goes on with another configuration.

    Args:
        old: The record that stands in the journal.
        new: The record of this configuration.
        wanted: All that this configuration defines.

    Raises:
        ConfigError: If something changed that may not: which, and what to do.
    """
    before, after = msgspec.json.decode(old), msgspec.json.decode(new)
    _check_numbers(before.get("numbers", {}), after["numbers"])
    _check_sizes(before["limits"], after["limits"])
    known = {_key(it): it for it in _defined(before)}
    names = _names(after["numbers"])
    found = [it for it in wanted if known.get(_key(it)) != it]
    for it in found:
        was = known.get(_key(it))
        if was is not None and it[0] in _UNITS:
            raise _refused(f"units of {names.get(_instrument(it), 'an instrument')}", "changed")
    _check_limits(known, {_key(it): it for it in wanted}, names)
    _check_rights(known, wanted)
    return found


def _defined(record: Mapping[str, Any]) -> list[Definition]:
    """Return what a record defined."""
    try:
        given, numbers = record["config"]["live"], record["numbers"]
        # The record sorts names; venues are numbered as they stood in the file.
        order = sorted(given["venues"], key=numbers["venues"].__getitem__)
        given |= {"venues": {name: given["venues"][name] for name in order}}
        live = msgspec.convert(given, LiveConfig, dec_hook=_secret)
        risk = msgspec.convert(record["config"]["risk"], RiskConfig)
    except (msgspec.ValidationError, KeyError) as err:
        raise ConfigError(
            f"the journal's configuration is of another version: {err}",
            code="LIV-014",
            hint="begin a new folder (live.folder) when the book is flat",
        ) from err
    ids = numbers["strategies"]
    booked = bookings(live, listings(live), record["strategies"], ids)
    more = [(event.KIND, event.VERSION, event.pack()) for event in booked]
    return definitions(live, risk, ids) + more


def _secret(kind: type, _hidden: object) -> Secret:
    """Return nothing in a secret's place: no record holds one."""
    if kind is not Secret:
        raise NotImplementedError(kind)
    return Secret("")


def _key(definition: Definition) -> Key:
    """Return what a definition is about."""
    kind, _, body = definition
    if kind not in _SUBJECTS:
        # Of these there may be several of one subject: each stands for itself.
        return kind, int.from_bytes(body, "little")
    event = events.EVENTS[kind].unpack(body)
    return kind, *(int(getattr(event, field)) for field in _SUBJECTS[kind])


def _check_numbers(
    before: Mapping[str, Mapping[str, int]], after: Mapping[str, Mapping[str, int]]
) -> None:
    words = {"venues": "venue", "instruments": "instrument", "strategies": "strategy"}
    for kind, word in words.items():
        for name, number in before.get(kind, {}).items():
            found = after[kind].get(name)
            if found != number:
                raise _refused(
                    f"{word} {name}, number {number} in the journal",
                    "gone" if found is None else f"number {found}",
                )


def _check_sizes(before: Mapping[str, int], after: Mapping[str, int]) -> None:
    for name in _SIZES:
        if after[name] < before[name]:
            raise _refused(f"live.{name} of at least {before[name]:,}", f"{after[name]:,}")


def _check_limits(
    known: Mapping[Key, Definition], wanted: Mapping[Key, Definition], names: Mapping[Key, str]
) -> None:
    """Refuse what lets more pass than before, at a scope that was there before."""
    limits = (events.LimitSet.KIND, events.ScopeLimitSet.KIND)
    for key in sorted({*known, *wanted}):
        if key[0] not in limits:
            continue
        was, now = _felt(known, key), _felt(wanted, key)
        is_new = _owner(key) not in known and _owner(key) in wanted
        if was == now or is_new:
            continue
        limit = Limit(key[-1])
        if lets_more_pass(limit, was, now):
            where = names.get(_owner(key), "the node")
            raise ConfigError(
                f"{limit.name.lower()} of {where}: expected no looser a limit than {was}, which "
                f"stands in the journal, found {now}",
                code="LIV-015",
                hint="what lets more pass takes two people: onetape limits; or begin a new folder",
            )


def _check_rights(known: Mapping[Key, Definition], wanted: list[Definition]) -> None:
    """Refuse other rights of a strategy that was there before."""
    before, after = (
        {it[2] for it in all_ if it[0] == events.AccessSet.KIND}
        for all_ in (known.values(), wanted)
    )
    booked = {key[1] for key in known if key[0] == events.StrategyBooked.KIND}
    for body in sorted(before ^ after):
        strategy_id = events.AccessSet.unpack(body).strategy_id
        if strategy_id in booked:
            raise _refused(f"the rights of strategy {strategy_id}", "others")


def _felt(of: Mapping[Key, Definition], key: Key) -> int | None:
    """Return a limit's value as its scope feels it: its own, or the default of its kind."""
    default = (*key[:-2], 0, key[-1])
    found = of.get(key, of.get(default))
    return None if found is None else int(events.EVENTS[key[0]].unpack(found[2]).value)  # type: ignore[union-attr] # both kinds have one


def _owner(key: Key) -> Key:
    """Return the key of what a limit stands at, where that is defined by an entry of its own."""
    kind = key[0]
    if kind == events.LimitSet.KIND:
        return events.InstrumentDefined.KIND, key[1]
    if key[1] == RiskScope.VENUE:
        return events.VenueDefined.KIND, key[2]
    return kind, key[1], key[2]


def _instrument(definition: Definition) -> Key:
    return events.InstrumentDefined.KIND, _key(definition)[1]


def _names(numbers: Mapping[str, Mapping[str, int]]) -> dict[Key, str]:
    """Return what is called how, by the key of what defines it."""
    kinds = {
        "instruments": events.InstrumentDefined.KIND,
        "venues": events.VenueDefined.KIND,
    }
    return {
        (kind, number): name
        for word, kind in kinds.items()
        for name, number in numbers[word].items()
    }


def _refused(expected: str, found: str) -> ConfigError:
    return ConfigError(
        f"the journal goes on with: {expected}; found: {found}",
        code="LIV-013",
        hint=_HINT,
    )
