# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape run`: a strategy on market data, from source to fills, all of it in one journal."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onetape.cli._progress import Bar
from onetape.cli._render import (
    JsonOption,
    bytes_text,
    duration_text,
    show_json,
    show_pairs,
    show_table,
)

if TYPE_CHECKING:
    from onetape.config import Loaded
    from onetape.sim import RunResult

app = typer.Typer()


@app.command()
def run(  # noqa: PLR0917 - the parameters of a Typer command are its flags
    config: Annotated[
        Path | None,
        typer.Argument(metavar="[CONFIG.toml]", help="Configuration; flags are stronger."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            metavar="FILE",
            help="Market data: ITCH 5.0, pcap or pcapng, LOBSTER, decoded CSV or DBN; plain, .gz, "
            ".zst or .zip. Without it, a seeded synthetic flow.",
        ),
    ] = None,
    journal: Annotated[
        str | None,
        typer.Option("--journal", metavar="DIR", help="Folder of the journal to write."),
    ] = None,
    strategy: Annotated[
        str | None,
        typer.Option("--strategy", metavar="FILE.py:CLASS", help="The strategy to run."),
    ] = None,
    messages: Annotated[
        int | None, typer.Option("--messages", min=0, help="How many messages to take; 0: all.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Seed of the synthetic flow.")
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="SECTION.KEY=VALUE",
            help="Set any value, see `onetape config explain`; may be repeated.",
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that was cut off.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Run a strategy on market data: feed, journal, book, strategy, risk, matching, fills."""
    from onetape.cli._signals import end_at_sigterm

    end_at_sigterm()
    loaded = _load(config, set_ or [], messages=messages, seed=seed)
    from onetape.sim import run as run_backtest

    with Bar("running", shown=not json) as bar:
        result = run_backtest(
            _chosen(strategy, loaded, config),
            source,
            params=_params(strategy, set_ or [], loaded),
            journal=journal,
            resume=resume,
            config=loaded,
            progress=bar.update,
        )
    if json:
        show_json(result)
    else:
        show(result)
    _complain(result)


def _complain(result: RunResult) -> None:
    """Raise if the run above is not what it should have been."""
    from onetape.errors import DecodeError, OnetapeError

    if full := result.counters["capacity_rejects"]:
        raise OnetapeError(
            f"the book was full {full:,} times: the run above is not of the venue's book",
            code="RUN-012",
            hint="run again with --set book.orders_max=… (or book.instruments_max=…) raised",
        )
    if result.source_error:
        raise DecodeError(
            f"the source ended early: {result.source_error.splitlines()[0]}",
            code="RUN-011",
            hint="the run above is of what came before it, and its journal is whole",
        )


def _load(config: Path | None, overrides: list[str], **given: int | None) -> Loaded:
    from onetape.config import load
    from onetape.sim.config import SECTIONS

    flags = [f"run.{name}={value}" for name, value in given.items() if value is not None]
    return load(config, SECTIONS, overrides=[*overrides, *flags], environment=os.environ)


def _chosen(strategy: str | None, loaded: Loaded, config: Path | None) -> str:
    """Return the strategy's place; a configured one counts from the configuration's folder."""
    from onetape.sim.config import RunConfig
    from onetape.trading.loading import is_installed

    configured = loaded.section(RunConfig).strategy
    if strategy is not None or config is None or not configured:
        return strategy if strategy is not None else configured
    return configured if is_installed(configured) else str(config.parent / configured)


def _params(strategy: str | None, overrides: list[str], loaded: Loaded) -> dict[str, object]:
    """Return [strategy.params]: the configured strategy's, or those given with a strategy."""
    from onetape.sim.config import StrategyConfig

    given = any(text.startswith("strategy.params") for text in overrides)
    return dict(loaded.section(StrategyConfig).params) if strategy is None or given else {}


def show(result: RunResult) -> None:
    """Print the summary of a run."""
    show_pairs(
        {
            "source": result.source,
            "messages": result.messages,
            "rate": f"{result.messages_per_s:,.0f} messages/s ({result.elapsed_s:.2f} s)",
        }
    )
    print()
    show_table(["event", "count"], _most_first(result.events), title="Journal")
    _show_trading(result)
    odd = {k: v for k, v in result.counters.items() if v and k not in _ORDINARY}
    odd |= {k: v for k, v in result.source_counts.items() if v}
    if odd:
        print()
        show_table(["counted", "times"], list(odd.items()), title="Worth a look")
    print()
    show_table(
        ["stage", "p50", "p90", "p99", "p99.9", "max"],
        [
            [stage, *(duration_text(row[q]) for q in ("p50", "p90", "p99", "p99.9", "max"))]
            for stage, row in result.latency_ns.items()
        ],
        title="Time per event, of a sample",
    )
    print()
    facts: dict[str, object] = {
        "journal": f"{result.journal} ({bytes_text(result.journal_bytes)}, "
        f"{result.entries:,} entries)",
        "state hash": result.state_hash,
    }
    if result.entries_matched:
        facts["resumed after"] = f"entry {result.entries_matched:,}"
    if result.recovered:
        facts["torn tail"] = result.recovered
    show_pairs(facts)


#: Counters that are part of any run.
_ORDINARY = ("packets", "messages", "bbo_changes", "orders_displaced")


def _most_first(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda row: row[1], reverse=True)


def _show_trading(result: RunResult) -> None:
    print()
    show_pairs(
        {
            "orders": result.orders,
            "rejected": result.events.get("OrderRejected", 0),
            "fills": result.fills,
        }
    )
    for reason, count in _most_first(result.rejects):
        print(f"  {count:,} x {reason}")
    if not result.positions:
        return
    print()
    show_table(
        ["symbol", "position", "bought", "sold", "fills", "maker %", "slippage", "profit", ""],
        [
            [
                p.symbol,
                p.position_lots,
                p.bought_lots,
                p.sold_lots,
                p.fills,
                f"{100 * p.maker_lots / max(p.bought_lots + p.sold_lots, 1):.0f}",
                f"{p.slippage_ticks:+.2f} ticks",
                f"{p.profit:,.2f}",
                p.currency,
            ]
            for p in result.positions
        ],
        title="Positions (slippage per lot against the mid at arrival; below zero is earned)",
    )
    show_pairs({f"profit {c}".strip(): f"{v:,.2f}" for c, v in result.profit.items()})
