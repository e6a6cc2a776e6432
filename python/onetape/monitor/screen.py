# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""How a market looks on a terminal: ladders, trades, own orders and profit, what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from rich import box
from rich.console import Group, JustifyMethod, RenderableType
from rich.layout import Layout
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from onetape.events import Phase, Side
from onetape.monitor.market import Ladder, Level, LiveOrder, Market, phase_text
from onetape.types import format_ts_ns

LADDER_WIDTH = 40
_BAR = 10
_SPARK = " ▁▂▃▄▅▆▇█"
_PHASE_STYLES = {
    Phase.CONTINUOUS: "green",
    Phase.HALTED: "bold red",
    Phase.CLOSED: "dim",
}
_COLUMNS: tuple[JustifyMethod, ...] = ("left", "left", "right", "right", "left")
_E9 = 9


@dataclass(frozen=True)
class Look:
    """What to show.

    Attributes:
        title: Stands at the top left.
        ports: Ids of the ports whose orders, positions and profit are shown as own.
        levels: Levels a side of each ladder.
        instruments: Ids of the instruments to show; empty: as many as fit.
        behind: Whether entries are still to be read: the screen is late.
        rows: Most trades, and most happenings, to list.
        beside: A second line at the top; empty: there is none.
    """

    title: str = "onetape"
    ports: Sequence[int] = ()
    levels: int = 8
    instruments: Sequence[int] = ()
    behind: bool = False
    rows: int = 16
    beside: str = ""


def render(market: Market, look: Look, width: int) -> RenderableType:
    """Return the whole screen.

    Args:
        market: The market.
        look: What to show.
        width: Width of the terminal, in characters.
    """
    chosen = [market.ladders[i] for i in look.instruments if i in market.ladders]
    fitting = (chosen or list(market.ladders.values()))[: max(width // LADDER_WIDTH, 1)]
    ladders: list[Ladder | None] = [*fitting] or [None]
    screen = Layout()
    screen.split_column(
        Layout(_head(market, look), size=2 if look.beside else 1),
        Layout(name="ladders", size=2 * look.levels + 3),
        Layout(name="below", minimum_size=8),
    )
    screen["ladders"].split_row(*(Layout(_ladder(market, ladder, look)) for ladder in ladders))
    screen["below"].split_row(
        Layout(_trades(market, look), ratio=4),
        Layout(_own(market, look), ratio=4),
        Layout(_notes(market, look), ratio=3),
    )
    return screen


def price_text(ladder: Ladder, price_ticks: int) -> str:
    """Return a price with two places at least."""
    text = ladder.instrument.price_text(price_ticks)
    whole, _, places = text.partition(".")
    return f"{whole}.{places.ljust(2, '0')}"


def money_text(ladder: Ladder, ticklots: int) -> str:
    """Return tick-lots in currency, to two places.

    Examples:
        >>> from onetape.types import Instrument
        >>> money_text(Ladder(Instrument(id=1, symbol="ONE", tick_e9=100_000)), -12_345_678)
        '-1,234.57'
    """
    return f"{_money(ladder, ticklots):,.2f}"


def _money(ladder: Ladder, ticklots: int) -> Decimal:
    instrument = ladder.instrument
    unit_e27 = instrument.tick_e9 * instrument.lot_e9 * instrument.multiplier_e9
    return Decimal(ticklots * unit_e27).scaleb(-3 * _E9)


def _head(market: Market, look: Look) -> Text:
    entries, messages, trades = market.rates.last
    head = Text(no_wrap=True, overflow="ellipsis")
    head.append(f" {look.title} ", "bold reverse")
    when = format_ts_ns(market.ts_ns)[:19].replace("T", " ") if market.ts_ns else "–"
    head.append(f" {when} ")
    head.append(f" {messages:,} messages/s ", "bold cyan")
    head.append(f" {trades:,} trades/s ", "cyan")
    head.append(_sparkline(market.rates.messages), "cyan")
    head.append(f"  {len(market.connected)} connected  {len(market.orders):,} live")
    if look.behind:
        head.append("  behind", "bold red")
    head.append(f"  entry {market.seq:,}, {entries:,}/s", "dim")
    if look.beside:
        head.append(f"\n {look.beside}")
    return head


def _sparkline(counts: Sequence[int]) -> str:
    shown = list(counts)[-20:]
    most = max(shown, default=0)
    last = len(_SPARK) - 1
    return "".join(_SPARK[-(-count * last // most)] if most else " " for count in shown)


def _ladder(market: Market, ladder: Ladder | None, look: Look) -> RenderableType:
    if ladder is None:
        return Panel(Text("waiting for the exchange", "dim"), box=box.ROUNDED)
    own = {
        (order.side, order.price_ticks)
        for order in market.orders.values()
        if order.port_id in look.ports and order.instrument_id == ladder.instrument.id
    }
    table = Table(box=None, expand=True, padding=(0, 1), show_header=False)
    table.add_column("own", width=1)
    table.add_column("orders", justify="right", style="dim")
    table.add_column("lots", justify="right")
    table.add_column("price", justify="right")
    table.add_column("bar", width=_BAR)
    sides = {side: ladder.best(side, look.levels) for side in (Side.SELL, Side.BUY)}
    most = max((level.qty_lots for rows in sides.values() for _, level in rows), default=1)
    asks = list(reversed(sides[Side.SELL]))
    for _ in range(look.levels - len(asks)):
        table.add_row("", "", "", "", "")
    for price, level in asks:
        table.add_row(*_level(ladder, price, level, most, (Side.SELL, price) in own), style="red")
    table.add_row("", "", "", *_middle(ladder))
    for price, level in sides[Side.BUY]:
        table.add_row(*_level(ladder, price, level, most, (Side.BUY, price) in own), style="green")
    title = Text()
    title.append(f"{ladder.instrument.symbol} ", "bold")
    title.append(phase_text(ladder.phase), _PHASE_STYLES.get(ladder.phase, "yellow"))
    volume = f"{ladder.volume_lots:,} lots"
    return Panel(Group(table), title=title, subtitle=volume, box=box.ROUNDED, padding=(0, 0))


def _level(ladder: Ladder, price: int, level: Level, most: int, is_own: bool) -> list[str]:
    bar = "█" * max(_BAR * level.qty_lots // max(most, 1), 1)
    mark = "●" if is_own else ""
    return [mark, str(level.orders), f"{level.qty_lots:,}", price_text(ladder, price), bar]


def _middle(ladder: Ladder) -> tuple[Text, str]:
    if ladder.indicative is not None and ladder.indicative.price_ticks:
        price = price_text(ladder, ladder.indicative.price_ticks)
        return Text(f"~{price}", "bold yellow"), f"{ladder.indicative.paired_lots:,}"
    last = price_text(ladder, ladder.last_ticks) if ladder.last_ticks else "–"
    return Text(last, "bold"), ""


def _trades(market: Market, look: Look) -> Panel:
    table = Table(box=None, expand=True, padding=(0, 1, 0, 0), show_header=False)
    for justify in _COLUMNS:
        table.add_column(justify=justify, no_wrap=True)
    for trade in islice(reversed(market.trades), look.rows):
        ladder = market.ladders.get(trade.instrument_id)
        if ladder is None:
            continue
        own = {trade.buy_port_id, trade.sell_port_id} & set(look.ports)
        style = {Side.BUY: "red", Side.SELL: "green"}.get(Side(trade.maker_side or 1), "")
        firms = f"{market.firm_of(trade.buy_port_id)}<{market.firm_of(trade.sell_port_id)}"
        table.add_row(
            f"●{format_ts_ns(trade.ts_ns)[11:19]}"
            if own
            else f" {format_ts_ns(trade.ts_ns)[11:19]}",
            ladder.instrument.symbol,
            f"{trade.qty_lots:,}",
            price_text(ladder, trade.price_ticks),
            firms,
            style=style if trade.maker_side else "yellow",
        )
    return Panel(table, title=f"Trades ({market.trade_count:,})", box=box.ROUNDED, padding=(0, 0))


def _own(market: Market, look: Look) -> Panel:
    if not look.ports:
        return Panel(_members(market), title="Members", box=box.ROUNDED, padding=(0, 0))
    table = Table(box=None, expand=True, padding=(0, 1))
    table.add_column("")
    for name in ("position", "bought", "sold", "profit"):
        table.add_column(name, justify="right")
    for ladder in market.ladders.values():
        rows = [market.holdings.get((p, ladder.instrument.id)) for p in look.ports]
        held = [row for row in rows if row is not None]
        position = sum(row.position_lots for row in held)
        profit = sum(row.cash_ticklots for row in held) + position * ladder.last_ticks
        table.add_row(
            ladder.instrument.symbol,
            f"{position:+,}" if position else "0",
            f"{sum(row.bought_lots for row in held):,}",
            f"{sum(row.sold_lots for row in held):,}",
            Text(money_text(ladder, profit), "green" if profit >= 0 else "red"),
        )
    names = ", ".join(market.ports.get(p, (0, str(p)))[1] for p in look.ports)
    orders = [order for order in market.orders.values() if order.port_id in look.ports]
    return Panel(
        Group(table, Text(), _orders(market, orders)),
        title=f"{names}: {len(orders):,} orders",
        box=box.ROUNDED,
        padding=(0, 0),
    )


def _orders(market: Market, orders: Sequence[LiveOrder]) -> Table:
    table = Table(box=None, expand=True, padding=(0, 1), show_header=False)
    for justify in _COLUMNS:
        table.add_column(justify=justify, no_wrap=True)
    for order in reversed(orders[-12:]):
        ladder = market.ladders[order.instrument_id]
        table.add_row(
            ladder.instrument.symbol,
            "buy" if order.side == Side.BUY else "sell",
            f"{order.leaves_lots:,}",
            price_text(ladder, order.price_ticks) if order.price_ticks else "market",
            "" if order.shown_lots else "hidden",
            style="green" if order.side == Side.BUY else "red",
        )
    return table


def _members(market: Market) -> Table:
    """Return what every firm has traded, where no port is one's own."""
    table = Table(box=None, expand=True, padding=(0, 1))
    table.add_column("")
    for name in ("bought", "sold", "profit"):
        table.add_column(name, justify="right")
    sums: dict[str, list[int]] = {}
    profits: dict[str, Decimal] = {}
    for (port_id, instrument_id), held in market.holdings.items():
        ladder = market.ladders[instrument_id]
        firm = market.firm_of(port_id)
        row = sums.setdefault(firm, [0, 0])
        row[0] += held.bought_lots
        row[1] += held.sold_lots
        worth = held.cash_ticklots + held.position_lots * ladder.last_ticks
        profits[firm] = profits.get(firm, Decimal(0)) + _money(ladder, worth)
    for firm, (bought, sold) in sorted(sums.items()):
        table.add_row(firm, f"{bought:,}", f"{sold:,}", f"{profits[firm]:,.2f}")
    return table


def _notes(market: Market, look: Look) -> Panel:
    text = Text(no_wrap=True, overflow="ellipsis")
    if market.rejects:
        text.append(f"{market.rejects:,} refused\n", "yellow")
    for ts_ns, note in islice(reversed(market.notes), look.rows):
        text.append(f"{format_ts_ns(ts_ns)[11:19]} ", "dim")
        text.append(f"{note}\n")
    return Panel(text, title="Happenings", box=box.ROUNDED, padding=(0, 1))
