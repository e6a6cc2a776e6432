# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Everything a market does, on one tape.

The names that most people need; each is imported when it is first used, so that the command line
starts quickly. Everything else stands in its own module: `onetape.journal`, `onetape.wire`, ….
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from onetape._native import __version__ as __version__

if TYPE_CHECKING:
    from onetape.book import Books as Books
    from onetape.errors import ConfigError as ConfigError
    from onetape.errors import JournalError as JournalError
    from onetape.errors import OnetapeError as OnetapeError
    from onetape.errors import ReplayMismatchError as ReplayMismatchError
    from onetape.errors import StrategyError as StrategyError
    from onetape.errors import WireError as WireError
    from onetape.events import Event as Event
    from onetape.events import Side as Side
    from onetape.journal import open_journal as open_journal
    from onetape.sim import ReplayResult as ReplayResult
    from onetape.sim import RunResult as RunResult
    from onetape.sim import replay as replay
    from onetape.sim import run as run
    from onetape.trading import Between as Between
    from onetape.trading import Market as Market
    from onetape.trading import Strategy as Strategy
    from onetape.trading import Trade as Trade
    from onetape.trading import compiled as compiled
    from onetape.types import Instrument as Instrument
    from onetape.types import format_ts_ns as format_ts_ns
    from onetape.types import parse_ts_ns as parse_ts_ns

#: Public name -> the module that owns it.
_OWNERS = {
    "Between": "trading",
    "Books": "book",
    "ConfigError": "errors",
    "Event": "events",
    "Instrument": "types",
    "JournalError": "errors",
    "Market": "trading",
    "OnetapeError": "errors",
    "ReplayMismatchError": "errors",
    "ReplayResult": "sim",
    "RunResult": "sim",
    "Side": "events",
    "Strategy": "trading",
    "StrategyError": "errors",
    "Trade": "trading",
    "WireError": "errors",
    "compiled": "trading",
    "format_ts_ns": "types",
    "open_journal": "journal",
    "parse_ts_ns": "types",
    "replay": "sim",
    "run": "sim",
}

__all__ = ["__version__", *_OWNERS]  # noqa: PLE0604 - the table above is the list


def __getattr__(name: str) -> object:
    """Import a public name on first use."""
    owner = _OWNERS.get(name)
    if owner is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{owner}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
