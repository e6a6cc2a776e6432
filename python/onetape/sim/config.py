# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The sections of a run's configuration. Defaults stand here and nowhere else."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from onetape.config import meta
from onetape.exchange.clearing.config import OwnFeesConfig
from onetape.journal.config import JournalConfig
from onetape.risk.config import RiskConfig


class RunConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[run]: what is run on what."""

    source: Annotated[
        str,
        meta(
            "Market data: an ITCH 5.0 file, a pcap or pcapng capture, LOBSTER messages (or their "
            "zip), decoded CSV or DBN, plain or .gz or .zst. Empty: a seeded synthetic flow."
        ),
    ] = ""
    journal: Annotated[
        str, meta("Folder of the run's journal. Empty: the next free of runs/0001, runs/0002, ….")
    ] = ""
    strategy: Annotated[
        str, meta('Strategy as "file.py:Class" or "package.module:Class". Empty: none.')
    ] = ""
    seed: Annotated[int, meta("Seed of the synthetic flow.", ge=0)] = 1
    messages: Annotated[
        int, meta("How many messages of the source to take; 0 takes all.", unit="messages", ge=0)
    ] = 0
    symbols: Annotated[
        list[str], meta("Only these symbols reach the strategy. Empty: all of them.")
    ] = msgspec.field(default_factory=list)
    date: Annotated[
        str,
        meta(
            "Day of a source that gives only times of day, as YYYY-MM-DD. Empty: from the "
            "file's name, else 1970-01-01."
        ),
    ] = ""


class StrategyConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[strategy]: what the strategy is given."""

    params: Annotated[
        dict[str, Any], meta("Parameters, set as attributes of the strategy before it starts.")
    ] = msgspec.field(default_factory=dict)


class BookConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[book]: how much memory the books take at the start of a run."""

    orders_max: Annotated[
        int, meta("Most live orders over all books.", unit="orders", ge=1, le=1 << 31)
    ] = 1 << 20
    instruments_max: Annotated[
        int, meta("Most instruments.", unit="instruments", ge=1, le=1 << 16)
    ] = 1 << 14
    window_levels: Annotated[
        int,
        meta("Prices around the best that each book keeps at hand.", unit="prices", ge=64),
    ] = 1_024
    own_orders_max: Annotated[
        int,
        meta("Most live orders of the strategy, quotes not counted.", unit="orders", ge=1),
    ] = 4_096


#: Sections of a run, by their name in the file.
SECTIONS: dict[str, type[msgspec.Struct]] = {
    "run": RunConfig,
    "strategy": StrategyConfig,
    "journal": JournalConfig,
    "risk": RiskConfig,
    "book": BookConfig,
    "fees": OwnFeesConfig,
}
