# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""How a live node looks on a terminal: venues, strategies, positions and profit, own orders."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import islice

from rich import box
from rich.console import JustifyMethod, RenderableType
from rich.layout import Layout
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from onetape.events import FeedState, RiskScope, Side, TradingState, VenueLink
from onetape.monitor.node import NodeState, WatchedVenue
from onetape.types import Instrument, format_ts_ns

_STATES = {
    TradingState.ACTIVE: "green",
    TradingState.REDUCING: "yellow",
    TradingState.HALTED: "bold red",
}
_LINKS = {VenueLink.ORDERS: "orders", VenueLink.DATA: "data", VenueLink.DROP_COPY: "drop copy"}
_NARROW = 100
_E27 = 27


def render_node(
    node: NodeState, *, width: int, lines: int, behind: bool = False, beside: str = ""
) -> RenderableType:
    """Return the whole screen.

    Args:
        node: The node.
        width: Width of the terminal, in characters.
        lines: Its height.
        behind: Whether entries are still to be read: the screen is late.
        beside: A second line at the top; empty: there is none.
    """
    is_narrow = width < _NARROW
    listed = max(len(node.venues), len(node.strategies), 1) + 3
    top = min(2 * listed if is_narrow else listed, max(lines // 2, 4))
    rows = max((lines - top - 2) // (3 if is_narrow else 1) - 3, 1)
    screen = Layout()
    above, below = Layout(name="above", size=top), Layout(name="below")
    screen.split_column(Layout(_head(node, behind, beside), size=2 if beside else 1), above, below)
    parts = [
        Layout(_panel("Venues", _venues(node))),
        Layout(_panel("Strategies", _strategies(node))),
    ]
    (above.split_column if is_narrow else above.split_row)(*parts)
    orders = f"Orders ({len(node.orders):,})"
    lower = [
        Layout(_panel("Positions", _positions(node, rows)), ratio=4),
        Layout(_panel(orders, _orders(node, rows)), ratio=4),
        Layout(_panel("Happenings", _notes(node, rows)), ratio=4),
    ]
    (below.split_column if is_narrow else below.split_row)(*lower)
    return screen


def _panel(title: str, inside: RenderableType) -> Panel:
    return Panel(inside, title=title, box=box.ROUNDED, padding=(0, 0))


def _head(node: NodeState, behind: bool, beside: str) -> Text:
    head = Text(no_wrap=True, overflow="ellipsis")
    head.append(" onetape live ", "bold reverse")
    when = format_ts_ns(node.ts_ns)[:19].replace("T", " ") if node.ts_ns else "–"
    head.append(f" {when}  ")
    state = node.states.get((RiskScope.FIRM, 0))
    if state is not None:
        head.append(state.name.lower(), _STATES[state])
    down = sum(not is_up for venue in node.venues.values() for is_up in venue.links.values())
    if down:
        head.append(f"  {down} connection{'s' * (down > 1)} down", "bold red")
    if behind:
        head.append("  behind", "bold red")
    head.append(f"  entry {node.seq:,}", "dim")
    if beside:
        head.append(f"\n {beside}")
    return head


def _table(names: Sequence[tuple[str, JustifyMethod]]) -> Table:
    table = Table(box=None, expand=True, padding=(0, 1))
    for name, justify in names:
        table.add_column(name, justify=justify, no_wrap=True)
    return table


def _venues(node: NodeState) -> Table:
    table = _table([("", "left"), *((name, "left") for name in _LINKS.values()), ("state", "left")])
    for number, venue in node.venues.items():
        cells = [_link(venue, link) for link in _LINKS]
        table.add_row(venue.name, *cells, _state(node, RiskScope.VENUE, number))
    return table


def _link(venue: WatchedVenue, link: VenueLink) -> Text:
    if link is VenueLink.DATA and venue.feed is not None:
        style = "green" if venue.feed is FeedState.LIVE else "bold red"
        return Text(venue.feed.name.lower(), style)
    is_up = venue.links.get(link)
    if is_up is None:
        return Text("–", "dim")
    return Text("up", "green") if is_up else Text("down", "bold red")


def _state(node: NodeState, scope: RiskScope, number: int) -> Text:
    state = node.states.get((scope, number))
    return Text("–", "dim") if state is None else Text(state.name.lower(), _STATES[state])


def _strategies(node: NodeState) -> Table:
    table = _table(
        [("", "left"), ("runs", "left"), ("state", "left"), ("orders", "right"), ("fills", "right"),
         ("refused", "right")]
    )  # fmt: skip
    for number, strategy in node.strategies.items():
        table.add_row(
            strategy.name,
            Text("yes", "green") if strategy.running else Text("no", "bold red"),
            _state(node, RiskScope.STRATEGY, number),
            f"{strategy.orders:,}",
            f"{strategy.fills:,}",
            Text(f"{strategy.refused:,}", "yellow" if strategy.refused else ""),
        )
    return table


def _positions(node: NodeState, rows: int) -> Table:
    table = _table(
        [("", "left"), ("by", "left"), ("position", "right"), ("mark", "right"),
         ("profit", "right")]
    )  # fmt: skip
    for (strategy_id, instrument_id), held in islice(sorted(node.held.items()), rows):
        instrument = node.instruments.get(instrument_id)
        profit = node.profit_ticklots(strategy_id, instrument_id)
        if instrument is None or profit is None:
            continue
        mark = node.mark_ticks(held, instrument_id)
        position = Text(f"{held.position_lots:+,}" if held.position_lots else "0")
        reported = node.reported.get(instrument_id)
        if reported is not None and reported != node.position_of(instrument_id):
            position.append(f" venue {reported:+,}", "bold red")
        table.add_row(
            node.symbol(instrument_id),
            node.strategy_name(strategy_id),
            position,
            instrument.price_text(mark) if held.position_lots else "",
            Text(f"{money(instrument, profit):,.2f}", "green" if profit >= 0 else "red"),
        )
    return table


def money(instrument: Instrument, ticklots: int) -> Decimal:
    """Return tick-lots in currency, exact.

    Examples:
        >>> money(Instrument(id=1, symbol="ONE", tick_e9=100_000), -12_345_678).normalize()
        Decimal('-1234.5678')
    """
    unit = instrument.tick_e9 * instrument.lot_e9 * instrument.multiplier_e9
    return Decimal(ticklots * unit).scaleb(-_E27)


def _orders(node: NodeState, rows: int) -> Table:
    table = _table(
        [("", "left"), ("by", "left"), ("side", "left"), ("left", "right"), ("price", "right")]
    )
    newest = list(node.orders.values())[-rows:]
    for order in reversed(newest):
        instrument = node.instruments.get(order.instrument_id)
        price = instrument.price_text(order.price_ticks) if instrument else str(order.price_ticks)
        side = {Side.BUY: "buy", Side.SELL: "sell"}.get(Side(order.side)) if order.side else "–"
        table.add_row(
            node.symbol(order.instrument_id),
            node.strategy_name(order.strategy_id),
            side,
            f"{order.leaves_lots:,}",
            "unknown" if order.is_unknown else price if order.price_ticks else "market",
            style={Side.BUY: "green", Side.SELL: "red"}.get(Side(order.side)) if order.side else "",
        )
    return table


def _notes(node: NodeState, rows: int) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    for ts_ns, note in islice(reversed(node.notes), rows):
        text.append(f"{format_ts_ns(ts_ns)[11:19]} ", "dim")
        text.append(f"{note}\n")
    return text
