# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Runs a strategy on market data: source, journal, book, strategy, risk, matching, fills."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from onetape import _native
from onetape.config import Loaded, load
from onetape.errors import ConfigError, JournalError, OnetapeError, StrategyError
from onetape.exchange.clearing.config import OwnFeesConfig
from onetape.feed import Source, open_source
from onetape.journal.config import JournalConfig
from onetape.risk import RiskConfig, limits_set, scope_limits
from onetape.sim.config import (
    SECTIONS,
    BookConfig,
    RunConfig,
    StrategyConfig,
)
from onetape.sim.result import RunResult, position_result, profit_by_currency
from onetape.trading import Strategy
from onetape.trading.loading import (
    code_hash,
    compiled_code,
    handlers_of,
    load_strategy,
    make_strategy,
    raised_at,
    source_text,
)

#: Called now and then with messages done, bytes of the source done, and bytes in all or None.
Progress = Callable[[int, int, int | None], None]

#: One event in so many is timed.
SAMPLE_EVERY = 32


def run(
    strategy: type[Strategy] | Strategy | str | None = None,
    source: str | Path | None = None,
    *,
    journal: str | Path | None = None,
    resume: bool = False,
    config: str | Path | Loaded | None = None,
    risk: Mapping[str, int] | None = None,
    params: Mapping[str, Any] | None = None,
    settings: Mapping[str, object] | None = None,
    progress: Progress | None = None,
) -> RunResult:
    """Run a strategy and return what became of it.

    Args:
        strategy: A `Strategy` subclass, an instance or `file.py:Class`; None for the configured.
        source: Market data, in any format of `onetape.feed.open_source`; None for the configured,
            and a seeded synthetic flow if there is none.
        journal: Folder of the journal; None for the configured, else the next free one under runs/.
        resume: Go on with the run that this journal holds the beginning of.
        config: A TOML file, or what `onetape.config.load` gave.
        risk: Limits for all instruments (the keys of [risk]). A limit that is missing rejects.
        params: Attributes to set on the strategy. Those of [strategy.params] are set before, but
            only on the configured strategy.
        settings: Any other value, by its `section.key`.
        progress: Called now and then.

    Raises:
        ConfigError: If a value is wrong; nothing was started.
        DecodeError: If the source cannot be read at all.
        StrategyError: If the strategy raised; its orders were cancelled and the journal is whole.
        JournalError: If the journal could not be written; what it holds is safe.
        ReplayMismatchError: If a resumed run differs from its journal.
    """
    given = {f"risk.{k}": v for k, v in (risk or {}).items()} | dict(settings or {})
    if isinstance(config, Loaded):
        loaded, base = config, None
    else:
        path = Path(config) if config is not None else None
        options = [f"{key}={msgspec.json.encode(value).decode()}" for key, value in given.items()]
        loaded, base = load(path, SECTIONS, overrides=options), path.parent if path else None
    section = loaded.section(RunConfig)
    chosen = strategy if strategy is not None else section.strategy
    kind = _strategy_kind(chosen, base)
    folder = _journal_folder(journal if journal is not None else section.journal, resume=resume)
    # The configuration's parameters are those of the strategy that it names.
    own = loaded.section(StrategyConfig).params if strategy is None else {}
    made = make_strategy(kind, {**own, **(params or {})})
    place = str(source) if source is not None else section.source
    with open_source(
        place or None,
        date=section.date or None,
        seed=section.seed,
        messages=section.messages or None,
    ) as opened:
        return _run(made, opened, folder, loaded, resume=resume, progress=progress)


def _strategy_kind(
    chosen: type[Strategy] | Strategy | str, base: Path | None
) -> type[Strategy] | Strategy:
    if not isinstance(chosen, str):
        return chosen
    return load_strategy(chosen, base) if chosen else Strategy


def _run(
    strategy: Strategy,
    opened: Source,
    folder: Path,
    loaded: Loaded,
    *,
    resume: bool,
    progress: Progress | None,
) -> RunResult:
    text = source_text(type(strategy))
    handlers = handlers_of(strategy)
    code = compiled_code(strategy)
    engine = engine_options(loaded.section(BookConfig), opened.midnight_ns)
    journal = loaded.section(JournalConfig)
    record = {
        "config": msgspec.json.decode(loaded.canonical_json()),
        "engine": engine,
        "source": opened.description,
        "strategy": text,
    }
    config_json = msgspec.json.encode(record, order="sorted")
    risk = loaded.section(RiskConfig)
    options = {
        "journal": folder,
        "resume": resume,
        "fsync": journal.mode == "fsync",
        "segment_bytes": journal.segment_bytes,
        "run_id": hashlib.blake2b(config_json, digest_size=16).digest(),
        "config_json": config_json.decode(),
        "strategy_name": type(strategy).__name__,
        "strategy_hash": code_hash(text),
        "limits": limits_set(risk),
        "symbol_limits": [
            (symbol, limit, value)
            for symbol, own in sorted(risk.instruments.items())
            for limit, value in limits_set(own)
        ],
        "scope_limits": _scope_limits(risk),
        "fees": _fees(loaded.section(OwnFeesConfig)),
        "symbols": loaded.section(RunConfig).symbols,
        "entries_max": loaded.section(RunConfig).messages,
        "snapshot_every": journal.snapshot_every,
        "sample_every": SAMPLE_EVERY,
        "wants_trades": handlers["on_trade"] is not None,
        "engine": engine,
    }
    native = _native.Run(options, opened.native)
    began = time.perf_counter()
    try:
        if code is None:
            native.execute(strategy, handlers, progress)
        else:
            native.execute_compiled(code, progress)
    except (OnetapeError, KeyboardInterrupt):
        raise
    except (Exception, SystemExit) as err:
        raise StrategyError(
            f"{type(strategy).__name__} raised {type(err).__name__}: {err}{raised_at(err)}",
            code="RUN-010",
            hint=f"its orders were cancelled; the journal up to there is {folder}",
        ) from err
    return _result(native.summary(), folder, opened, time.perf_counter() - began)


def engine_options(book: BookConfig, midnight_ns: int | None) -> dict[str, int]:
    """Return the limits of the engine; they stand in the journal's first entry for replays."""
    return {
        "orders_max": book.orders_max,
        "instruments_max": book.instruments_max,
        "window_levels": book.window_levels,
        "own_orders_max": book.own_orders_max,
        "midnight_ns": midnight_ns or 0,
    }


def _scope_limits(risk: RiskConfig) -> list[tuple[int, int, int, int]]:
    """Return the limits of wider scopes; a run has one strategy, 1, one account and one venue."""
    found = []
    for scope, name, limit, value in scope_limits(risk):
        if name not in ("", "1"):
            raise ConfigError(
                f"risk: expected limits of all, or of number 1, found {scope.name.lower()} {name}",
                code="LIM-009",
                hint="a run has one strategy, one account and one venue: name them 1, or none",
            )
        found.append((scope.value, int(name or 0), limit.value, value))
    return found


def _fees(config: OwnFeesConfig) -> list[tuple[str, list[int]]]:
    """Return what fills cost, by symbol; "" for those that have no rates of their own."""
    found = [(symbol, config.own_rates(symbol)) for symbol in ["", *sorted(config.instruments)]]
    return [
        (symbol, [rate for pair in rates for rate in pair])
        for symbol, rates in found
        if rates is not None
    ]


def _journal_folder(place: str | Path, *, resume: bool) -> Path:
    """Return the folder to write to, and refuse one that holds a run already."""
    runs = Path("runs")
    if not str(place):
        numbers = [int(p.name) for p in runs.glob("[0-9]*") if p.name.isdigit()]
        last = max(numbers, default=0)
        if resume and not numbers:
            raise ConfigError(
                "there is no run to resume under runs/",
                code="RUN-005",
                hint="name its journal with --journal",
            )
        return runs / f"{last:04}" if resume else _next_folder(runs, last + 1)
    folder = Path(place)
    held = any(folder.glob("*.seg"))
    if held and not resume:
        raise JournalError(
            f"{folder} holds the journal of another run",
            code="RUN-004",
            hint="name another folder, or add --resume to go on with that run",
        )
    if resume and not held:
        raise ConfigError(
            f"{folder} holds no journal to resume",
            code="RUN-005",
            hint="check the path, or leave --resume out to begin a run there",
        )
    return folder


def _next_folder(runs: Path, number: int) -> Path:
    """Make the next free folder; two runs that start at once get two."""
    while True:
        folder = runs / f"{number:04}"
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            number += 1
        else:
            return folder


def _result(summary: dict[str, Any], folder: Path, opened: Source, elapsed_s: float) -> RunResult:
    messages = summary["counters"]["messages"]
    error = summary["source_error"]
    return RunResult(
        journal=str(folder),
        journal_bytes=sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()),
        state_hash=summary["state_hash"],
        source=opened.description,
        entries=summary["entries"],
        entries_matched=summary["entries_matched"],
        messages=messages,
        elapsed_s=elapsed_s,
        messages_per_s=messages / elapsed_s if elapsed_s > 0 else 0.0,
        events=summary["events"],
        rejects=summary["rejects"],
        counters=summary["counters"],
        source_counts=summary["source_counts"] | opened.made_counts(),
        source_error="" if error is None else str(error),
        positions=[position_result(row) for row in summary["positions"]],
        profit=profit_by_currency(summary["positions"]),
        latency_ns=summary["latency_ns"],
        snapshots=summary["snapshots"],
        recovered=summary["recovered"] or "",
    )
