# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape exchange`: a whole market, and the operator's side of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from onetape.cli._market_file import load_market
from onetape.cli._render import JsonOption, show_json, show_pairs, show_table

if TYPE_CHECKING:
    from onetape.exchange.control import Control


class _StartByDefault(TyperGroup):
    """Reads `onetape exchange CONFIG.toml` as `onetape exchange start CONFIG.toml`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command's name in front of a configuration."""
        if args and args[0].endswith(".toml"):
            args = ["start", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_StartByDefault,
    no_args_is_help=True,
    help="A whole market: `onetape exchange CONFIG.toml` starts it; the commands operate it.",
)

FolderOption = Annotated[
    Path,
    typer.Option("--folder", metavar="DIR", help="The exchange's folder (exchange.journal)."),
]
HERE = Path("exchange-data")
SymbolArgument = Annotated[
    str | None, typer.Argument(metavar="[SYMBOL]", help="One instrument; without it, all.")
]
FirmOption = Annotated[str | None, typer.Option("--firm", help="A firm, by its four letters.")]
PortOption = Annotated[str | None, typer.Option("--port", help="A port, by its user name.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Set any value; may be repeated."),
]


@app.command()
def start(
    config: Annotated[Path, typer.Argument(metavar="CONFIG.toml", help="Its configuration.")],
    set_: SetOption = None,
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=0.0, help="Stop by itself after so long.")
    ] = None,
) -> None:
    """Start the exchange and run it until Ctrl-C or SIGTERM; says where it listens."""
    from onetape.cli._signals import end_at_sigterm
    from onetape.exchange.server import Exchange

    end_at_sigterm()
    loaded = load_market(config, set_ or [])
    with Exchange(loaded) as exchange:
        show_pairs(exchange.addresses())
        exchange.run(seconds=seconds, on_ready=lambda: print("ready; Ctrl-C stops it", flush=True))


@app.command()
def status(
    *,
    folder: FolderOption = HERE,
    hash_: Annotated[
        bool,
        typer.Option("--hash", help="With a digest of the whole state; orders wait meanwhile."),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Show how a running exchange is: cluster, ports, phases, counters, latency."""
    from onetape.cli._standing import standing_pairs
    from onetape.exchange.standing import of_standby

    if (standby := of_standby(folder)) is not None:
        show_json(standby) if json else show_pairs(standing_pairs(standby))
        return
    with _control(folder) as control:
        answer = control.request("status", hash=hash_ or None)
        if json:
            show_json(answer)
            return
        _show_status(answer, control)


@app.command()
def halt(symbol: SymbolArgument = None, folder: FolderOption = HERE) -> None:
    """Halt an instrument, or all: no new orders, no matching; cancels work."""
    with _control(folder) as control:
        _done(control.request("halt", instrument=control.id_of("instruments", symbol)))


@app.command()
def resume(symbol: SymbolArgument = None, folder: FolderOption = HERE) -> None:
    """Resume through an auction: orders gather, then match at one price."""
    with _control(folder) as control:
        _done(control.request("resume", instrument=control.id_of("instruments", symbol)))


@app.command()
def phase(
    name: Annotated[str, typer.Argument(help="closed, pre-open, opening-auction, continuous, …")],
    symbol: SymbolArgument = None,
    folder: FolderOption = HERE,
) -> None:
    """Put an instrument, or all, into a phase of the day."""
    with _control(folder) as control:
        instrument = control.id_of("instruments", symbol)
        _done(control.request("phase", phase=name, instrument=instrument))


@app.command("mass-cancel")
def mass_cancel(
    firm: FirmOption = None,
    port: PortOption = None,
    symbol: Annotated[str | None, typer.Option("--symbol", help="An instrument.")] = None,
    folder: FolderOption = HERE,
) -> None:
    """Cancel all orders of a firm, of a port or of an instrument."""
    with _control(folder) as control:
        _done(
            control.request(
                "mass-cancel",
                firm=control.id_of("firms", firm),
                port=control.id_of("ports", port),
                instrument=control.id_of("instruments", symbol),
            )
        )


@app.command()
def kill(firm: FirmOption = None, port: PortOption = None, folder: FolderOption = HERE) -> None:
    """Block a firm's or a port's entry and cancel its orders."""
    _entry("kill", firm, port, folder)


@app.command()
def allow(firm: FirmOption = None, port: PortOption = None, folder: FolderOption = HERE) -> None:
    """Open a firm's or a port's entry again."""
    _entry("allow", firm, port, folder)


@app.command("break-trade")
def break_trade(
    match: Annotated[int, typer.Argument(min=1, help="The match number.")],
    folder: FolderOption = HERE,
) -> None:
    """Break a trade of today: both sides and the public are told."""
    with _control(folder) as control:
        _done(control.request("break-trade", match=match))


@app.command("end-of-day")
def end_of_day(folder: FolderOption = HERE) -> None:
    """End the day: instruments close, day orders are cancelled, everybody is told."""
    with _control(folder) as control:
        _done(control.request("end-of-day"))


@app.command("start-day")
def start_day(
    date: Annotated[str, typer.Argument(metavar="YYYY-MM-DD", help="The next trading day.")],
    folder: FolderOption = HERE,
) -> None:
    """Begin the next day, with new sessions on every wire."""
    import re

    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
        raise typer.BadParameter(f"expected YYYY-MM-DD, found {date!r}")
    digits = date.replace("-", "")
    with _control(folder) as control:
        _done(control.request("start-day", date=int(digits), session=f"OT{digits}"))


@app.command()
def snapshot(folder: FolderOption = HERE) -> None:
    """Write the whole state down, so that the next start is quick."""
    with _control(folder) as control:
        _done(control.request("snapshot"))


@app.command()
def stop(folder: FolderOption = HERE) -> None:
    """Stop the exchange cleanly; the day goes on when it starts again."""
    with _control(folder) as control:
        _done(control.request("stop"))


def _control(folder: Path) -> Control:
    from onetape.exchange.control import Control

    return Control(folder)


def _entry(do: str, firm: str | None, port: str | None, folder: Path) -> None:
    with _control(folder) as control:
        firm_id, port_id = control.id_of("firms", firm), control.id_of("ports", port)
        _done(control.request(do, firm=firm_id, port=port_id))


def _done(answer: dict[str, Any]) -> None:
    followed = answer.get("followed") or {}
    what = ", ".join(f"{count} {name}" for name, count in followed.items())
    nothing = "nothing: the market does not allow it now, or there was nothing to do"
    print(f"entry {answer['seq']} of the journal; from it followed {what or nothing}")


def _delays(found: dict[str, int]) -> str:
    names = {"p50": "p50_ns", "p99": "p99_ns", "most": "max_ns"}
    return ", ".join(f"{name} {found[key] / 1e3:,.1f} µs" for name, key in names.items())


def _show_status(answer: dict[str, Any], control: Control) -> None:
    from onetape.cli._standing import standing_pairs
    from onetape.cli._trouble import trouble_pairs

    day = answer.get("day") or {}
    journal, latency = answer["journal"], answer["latency"]
    behind = answer["market_data"]["behind"]
    show_pairs(
        {
            "day": f"{day.get('date', 'none')}{', ended' if day.get('ended') else ''}",
            "session": str(day.get("session", "")),
            "commit": answer["commit"],
            "journal": f"{journal['seq']:,} entries, {journal['committed_seq']:,} committed",
            **({"state hash": answer["state_hash"]} if answer["state_hash"] else {}),
            **standing_pairs(answer["continuity"]),
            "entry": "cancels only" if answer["cancel_only"] else "open",
            **trouble_pairs(answer, control.name_of),
            **{name.replace("_", " "): f"{n:,}" for name, n in answer["counts"].items()},
            f"latency ({latency['commit']})": f"{_delays(latency)}, of "
            f"{latency['count']:,} messages",
            "market data behind": f"{_delays(behind)}, of {behind['count']:,} inputs",
        }
    )
    show_table(
        ["port", "protocol", "connected", "messages sent"],
        [
            [p["username"], p["format"], "yes" if p["connected"] else "no", f"{p['messages']:,}"]
            for p in answer["ports"]
        ],
    )
    show_table(
        ["instrument", "phase"],
        [[control.name_of("instruments", p["instrument"]), p["phase"]] for p in answer["phases"]],
    )
