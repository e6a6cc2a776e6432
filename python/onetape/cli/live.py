# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape live`: a node that trades on real venues, and the operator's side of it."""

from __future__ import annotations

import inspect
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_type_hints

import typer
from typer.core import TyperGroup

from onetape.cli import live_limits
from onetape.cli._render import JsonOption, show_json, show_pairs, show_table
from onetape.types import units_to_decimal

if TYPE_CHECKING:
    from onetape.exchange.control import Control
    from onetape.live.node import Node


class _StartByDefault(TyperGroup):
    """Reads `onetape live CONFIG.toml` as `onetape live start CONFIG.toml`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command's name in front of a configuration."""
        if args and args[0].endswith(".toml"):
            args = ["start", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_StartByDefault,
    no_args_is_help=True,
    help="Trade on real venues: `onetape live CONFIG.toml` starts a node; the commands operate it.",
)

ConfigArgument = Annotated[Path, typer.Argument(metavar="CONFIG.toml", help="Its configuration.")]
FolderOption = Annotated[
    Path, typer.Option("--folder", metavar="DIR", help="The node's folder (live.folder).")
]
HERE = Path("live-data")
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Set any value; may be repeated."),
]
OwnOption = Annotated[
    list[str] | None,
    typer.Option("--own", metavar="NAME=FILE:CLASS", hidden=True, help="One more strategy."),
]


class _Scope(NamedTuple):
    """What a command is about: one strategy, one venue, one instrument, or everything."""

    folder: Path
    strategy: str | None
    venue: str | None
    instrument: str | None

    def found(self, control: Control) -> tuple[str, int | None]:
        """Return the scope as the engine calls it, and its id there."""
        named = {"strategies": self.strategy, "venues": self.venue, "instruments": self.instrument}
        chosen = [(kind, name) for kind, name in named.items() if name is not None]
        if len(chosen) > 1:
            raise typer.BadParameter("expected one of --strategy, --venue and --instrument")
        kind, name = chosen[0] if chosen else ("", None)
        words = {"strategies": "strategy", "venues": "venue", "instruments": "instrument"}
        return words.get(kind, "firm"), control.id_of(kind, name)


def _scoped(act: Callable[..., None]) -> Callable[..., None]:
    """Give a command, which takes a scope first, the options that choose one."""

    def command(
        folder: FolderOption = HERE,
        strategy: Annotated[
            str | None, typer.Option("--strategy", help="Only this strategy.")
        ] = None,
        venue: Annotated[str | None, typer.Option("--venue", help="Only this venue.")] = None,
        instrument: Annotated[
            str | None,
            typer.Option("--instrument", metavar="SYMBOL@VENUE", help="Only this instrument."),
        ] = None,
        why: Annotated[str, typer.Option("--why", help="Stands in the journal.")] = "",
        **own: Any,
    ) -> None:
        act(_Scope(folder, strategy, venue, instrument), why, **own)

    taken = _parameters(command)[:-1] + _parameters(act)[2:]
    command.__signature__ = inspect.Signature(taken)  # type: ignore[attr-defined]
    command.__annotations__ = {taken_one.name: taken_one.annotation for taken_one in taken}
    command.__name__, command.__doc__ = act.__name__, act.__doc__
    return command


def _parameters(function: Callable[..., None]) -> list[inspect.Parameter]:
    hints = get_type_hints(function, globals(), include_extras=True)
    known = inspect.signature(function).parameters.values()
    return [each.replace(annotation=hints[each.name]) for each in known]


def _node(config: Path, set_: list[str] | None, own: list[str] | None) -> Node:
    from onetape.live.node import Node
    from onetape.live.supervisor import load_live

    pairs = (value.partition("=") for value in own or [])
    places = {name: place for name, _, place in pairs}
    return Node(load_live(config, set_ or []), config.parent, places)


@app.command()
def start(
    config: ConfigArgument,
    set_: SetOption = None,
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=0.0, help="Stop by itself after so long.")
    ] = None,
) -> None:
    """Start engine and strategies, and run them until Ctrl-C or SIGTERM."""
    import signal

    from onetape.live.supervisor import Supervisor

    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    node = _node(config, set_, None)
    with Supervisor(config, set_ or [], node) as supervisor:
        venues, strategies = ", ".join(node.config.venues), ", ".join(node.strategies)
        show_pairs({"venues": venues, "strategies": strategies or "none", "folder": node.folder})
        print("ready; Ctrl-C stops it", flush=True)
        raise typer.Exit(supervisor.run(seconds, asked))


@app.command()
def engine(config: ConfigArgument, set_: SetOption = None, own: OwnOption = None) -> None:
    """Run the engine alone, in this process: strategies come and go by themselves."""
    from onetape.live.processes import run_engine

    run_engine(_node(config, set_, own))


@app.command()
def strategy(
    config: ConfigArgument,
    name: Annotated[str, typer.Argument(help="The strategy, as the configuration names it.")],
    set_: SetOption = None,
    own: OwnOption = None,
    *,
    supervised: Annotated[bool, typer.Option("--supervised", hidden=True)] = False,
) -> None:
    """Run one strategy in this process, on the engine that runs already."""
    from onetape.cli._signals import end_at_sigterm
    from onetape.live.processes import run_strategy

    end_at_sigterm()
    reason = run_strategy(_node(config, set_, own), name, is_asked_for=not supervised)
    print(f"{name} stopped: {reason.name.lower()}")


@app.command()
def adapter(
    config: ConfigArgument,
    venue: Annotated[str, typer.Argument(help="The venue, as the configuration names it.")],
    set_: SetOption = None,
    own: OwnOption = None,
) -> None:
    """Run the adapter of one venue in this process, for the engine that runs already."""
    from onetape.cli._signals import end_at_sigterm
    from onetape.live.adapter_process import run_adapter

    end_at_sigterm()
    run_adapter(_node(config, set_, own), venue)


@app.command(name="drop-copy")
def drop_copy(
    config: ConfigArgument,
    venue: Annotated[str, typer.Argument(help="The venue, as the configuration names it.")],
    set_: SetOption = None,
    own: OwnOption = None,
) -> None:
    """Hear the drop copy of one venue in this process, for the engine that runs already."""
    from onetape.cli._signals import end_at_sigterm
    from onetape.live.drop_copy import run_drop_copy

    end_at_sigterm()
    run_drop_copy(_node(config, set_, own), venue)


@app.command()
def guardian(config: ConfigArgument, set_: SetOption = None, own: OwnOption = None) -> None:
    """Watch the engine, and cancel everything at every venue when it hangs or dies."""
    from onetape.cli._signals import end_at_sigterm
    from onetape.live.guardian import run_guardian

    end_at_sigterm()
    run_guardian(_node(config, set_, own))


@app.command(name="watch-over")
def watch_over(
    folder: FolderOption = HERE,
    every_ms: Annotated[int, typer.Option("--every", min=10, help="Milliseconds between.")] = 200,
) -> None:
    """Tell the engine again and again that an operator is there, until Ctrl-C.

    With live.operator_silence_ms_max the engine kills everything when nobody does so any more.
    """
    from onetape.cli._signals import end_at_sigterm

    end_at_sigterm()
    with _control(folder) as control:
        print("watching; Ctrl-C ends it", flush=True)
        while True:
            control.request("watch")
            time.sleep(every_ms / 1_000)


@app.command()
def status(
    *,
    folder: FolderOption = HERE,
    hash_: Annotated[
        bool, typer.Option("--hash", help="With a digest of the whole state.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Show how a running node is: venues, feeds, strategies, counters."""
    with _control(folder) as control:
        answer = control.request("status", hash=hash_ or None)
        held = [
            [b["breaker"], b["stands"], b["scope"], _named(control, b["scope"], b["id"]),
             b["value"], b["bound"]]
            for b in answer["breakers"] if "stands" in b
        ]  # fmt: skip
    if json:
        show_json(answer)
        return
    show_pairs({"entries": answer["seq"], "recovered": answer["recovered_seq"]})
    show_table(
        ["venue", "orders", "live orders", "feed"],
        [[v["name"], "ready" if v["ready"] else "down", v["orders_live"], v["feed"] or "adapter"]
         for v in answer["venues"]],
    )  # fmt: skip
    show_table(
        ["strategy", "state", "live orders", "followed"],
        [[s["name"], _state_of(s), s["orders_live"],
          s["followed_seq"] or 0] for s in answer["strategies"]],
    )  # fmt: skip
    changed = [
        [s["name"], name, p["value"], p["configured"]]
        for s in answer["strategies"]
        for name, p in s["parameters"].items()
        if p["value"] != p["configured"]
    ]
    if changed:
        show_table(["strategy", "parameter", "set to", "configured"], changed)
    if held:
        show_table(["breaker", "does", "scope", "name", "measured", "bound"], held)
    took = answer["packet_to_order_ns"]
    if took["count"]:
        show_pairs(
            {f"packet to order, {name} (ns)": took[name] for name in ("p50", "p99", "p99_9")}
        )
    show_pairs({name: count for name, count in answer["counters"].items() if count})


app.add_typer(live_limits.app, name="limits")


@app.command()
def orders(folder: FolderOption = HERE, json: JsonOption = False) -> None:
    """Show our live orders."""
    with _control(folder) as control:
        answer = control.request("orders")
        if json:
            show_json(answer)
            return
        rows = [
            [control.name_of("strategies", o["strategy"]), o["symbol"],
             control.name_of("venues", o["venue"]), o["side"], o["price_ticks"], o["leaves_lots"],
             o["executed_lots"], o["order_id"] or "on its way"]
            for o in answer["orders"]
        ]  # fmt: skip
    show_table(
        [
            "strategy",
            "symbol",
            "venue",
            "side",
            "price (ticks)",
            "left (lots)",
            "done (lots)",
            "id",
        ],
        rows,
    )
    if answer["count"] > len(rows):
        print(f"and {answer['count'] - len(rows):,} more")


@app.command()
def positions(folder: FolderOption = HERE, json: JsonOption = False) -> None:
    """Show positions and profit; the open part at the price that it could be closed at."""
    with _control(folder) as control:
        answer = control.request("positions")
        if json:
            show_json(answer)
            return
        rows = [
            [control.name_of("strategies", p["strategy"]), p["symbol"],
             control.name_of("venues", p["venue"]), p["position_lots"], p["mark_ticks"],
             p["realised_ticklots"], p["profit_ticklots"], p["fills"],
             units_to_decimal(int(p["fees_e9"]), 9)]
            for p in answer["positions"]
        ]  # fmt: skip
    show_table(
        ["strategy", "symbol", "venue", "position (lots)", "mark (ticks)", "realised (tick-lots)",
         "profit (tick-lots)", "fills", "fees"],
        rows,
    )  # fmt: skip
    names = ("profit", "drawdown", "fees", "gross", "held_net", "margin", "capital", "state")
    show_table(
        ["of", *(name.replace("_", " ") for name in names)],
        [[_of(control, one), *("–" if one[n] is None else one[n] for n in names)]
         for one in answer["standings"]],
    )  # fmt: skip


def _of(control: Control, standing: dict[str, Any]) -> str:
    """Say whose standing it is."""
    kind, number = standing["scope"], standing["id"]
    if kind == "strategy":
        return control.name_of("strategies", number)
    return kind if kind == "firm" else f"{kind} {number}"


@app.command()
@_scoped
def kill(scope: _Scope, why: str) -> None:
    """Block new orders and cancel the live ones: everything, or one scope. Positions stay."""
    _set_state("kill", scope, why)


@app.command()
@_scoped
def reduce(scope: _Scope, why: str) -> None:
    """Let pass only what makes positions smaller: everywhere, or in one scope."""
    _set_state("reduce", scope, why)


@app.command()
@_scoped
def resume(
    scope: _Scope,
    why: str,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Even if orders of a kill are not confirmed dead.")
    ] = False,
) -> None:
    """Allow again what kill or reduce forbade, in the same scope; venues take orders again."""
    _set_state("resume", scope, why, force=force or None)


@app.command()
@_scoped
def flatten(scope: _Scope, why: str) -> None:
    """Stop strategies, cancel orders, close positions at the opposite best price, then halt."""
    with _control(scope.folder) as control:
        kind, at = scope.found(control)
        control.request("flatten", scope=kind, id=at, why=why or None)
        while control.request("status")["flattening"]:
            time.sleep(0.05)
        left = [p for p in control.request("positions")["positions"] if p["position_lots"]]
        for row in left:
            name = control.name_of("strategies", row["strategy"])
            print(f"stays: {name}, {row['symbol']}, {row['position_lots']:,} lots")
    print("flat" if not left else f"{len(left)} positions stay, also of scopes not meant")


@app.command(name="stop-strategy")
def stop_strategy(
    name: Annotated[str, typer.Argument(help="The strategy.")], folder: FolderOption = HERE
) -> None:
    """Stop one strategy and cancel its orders; only a person starts it again."""
    with _control(folder) as control:
        answer = control.request("stop-strategy", id=control.id_of("strategies", name))
    print(f"done, entry {answer['seq']:,}")


@app.command(name="start-strategy")
def start_strategy(
    name: Annotated[str, typer.Argument(help="The strategy.")], folder: FolderOption = HERE
) -> None:
    """Start a strategy again that was stopped, or that failed; it begins anew, with no orders."""
    with _control(folder) as control:
        control.request("start-strategy", id=control.id_of("strategies", name))
    print(f"{name} may start; see `onetape live status`")


@app.command(name="set")
def set_(
    strategy_: Annotated[str, typer.Argument(metavar="STRATEGY", help="Whose parameters.")],
    values: Annotated[
        list[str], typer.Argument(metavar="NAME=VALUE", help="Set together, between callbacks.")
    ],
    folder: FolderOption = HERE,
) -> None:
    """Give parameters of a running strategy other values; `status --json` shows them."""
    given: dict[str, str] = {}
    for value in values:
        name, separator, text = value.partition("=")
        if not separator or not name or name in given:
            raise typer.BadParameter(f"expected NAME=VALUE, each name once, found {value!r}")
        given[name] = text
    with _control(folder) as control:
        at = control.id_of("strategies", strategy_)
        answer = control.request("set", id=at, values=given)
    print(f"done, entry {answer['seq']:,}")


@app.command()
def stop(folder: FolderOption = HERE) -> None:
    """Stop the node: strategies stop, their orders are cancelled, sessions end."""
    with _control(folder) as control:
        control.request("stop")
    print("stopping")


def _state_of(strategy: dict[str, Any]) -> str:
    """Return how a strategy stands, for people."""
    if strategy["running"]:
        return "running"
    return "stopped until started" if strategy["held"] else "stopped"


def _set_state(do: str, scope: _Scope, why: str, *, force: bool | None = None) -> None:
    """Set what a scope may do."""
    with _control(scope.folder) as control:
        kind, at = scope.found(control)
        answer = control.request(do, scope=kind, id=at, why=why or None, force=force)
    print(f"done, entry {answer['seq']:,}; {answer['orders_live']:,} orders were live")


def _named(control: Control, scope: str, at: int) -> str:
    """Return the name of whom a scope concerns; the number of one that has none."""
    kinds = {"strategy": "strategies", "venue": "venues", "instrument": "instruments"}
    return control.name_of(kinds[scope], at) if scope in kinds else str(at or "")


def _control(folder: Path) -> Control:
    from onetape.exchange.control import Control

    return Control(folder, what="live")
