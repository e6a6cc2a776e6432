# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Small plots as SVG text. Colours are the page's (CSS variables), so that they fit light and dark.

A plot is 420 units wide: on a telephone its letters are still letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10
from typing import NamedTuple

WIDTH, HEIGHT = 420, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 14, 30
#: Lines of a plot have so many colours.
COLOURS = 6
_TICKS = 5


class Line(NamedTuple):
    """One line of a plot.

    Attributes:
        name: What it is called.
        values: One a place on the x axis; None where there is no data.
        low: Lower ends of intervals, as values; may be all None.
        high: Upper ends.
    """

    name: str
    values: Sequence[float | None]
    low: Sequence[float | None]
    high: Sequence[float | None]


def nice_ticks(low: float, high: float, count: int = _TICKS) -> list[float]:
    """Return round numbers that cover a range.

    Examples:
        >>> nice_ticks(-1.3, 4.1)
        [-2.0, 0.0, 2.0, 4.0, 6.0]
        >>> nice_ticks(0, 0)
        [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    if high <= low:
        high = low + 1
    raw = (high - low) / (count - 1)
    power = 10.0 ** floor(log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * (1 - 1e-9))
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(n * step, 12) + 0.0 for n in range(first, last + 1)]


def text_of(value: float) -> str:
    """Return a number for an axis.

    Examples:
        >>> text_of(0.25), text_of(12_500.0)
        ('0.25', '12,500')
    """
    return f"{value:,.10g}".replace("-", "−")  # noqa: RUF001 - a minus sign is what it is


class _Frame:
    """The axes: where a value stands."""

    def __init__(self, low: float, high: float, places: int) -> None:
        self.ticks = nice_ticks(min(low, 0.0), max(high, 0.0))
        self.places = max(places, 1)

    def y(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return _TOP + (high - value) / (high - low) * (HEIGHT - _TOP - _BOTTOM)

    def x(self, place: float) -> float:
        return _LEFT + (place + 0.5) / self.places * (WIDTH - _LEFT - _RIGHT)

    def draw(self, names: Sequence[str]) -> list[str]:
        out = []
        for tick in self.ticks:
            y = self.y(tick)
            kind = "zero" if tick == 0 else "grid"
            out.append(f'<path class="{kind}" d="M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}"/>')
            out.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" class="end">{text_of(tick)}</text>')
        every = ceil(len(names) / 8)
        for place, name in enumerate(names):
            if place % every == 0:
                at = f'x="{self.x(place):.1f}" y="{HEIGHT - 9}"'
                out.append(f'<text {at} class="mid">{escape(name)}</text>')
        return out


def _svg(label: str, parts: Sequence[str]) -> str:
    inside = "".join(parts)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">'
        f"{inside}</svg>"
    )


def nothing(label: str) -> str:
    """Return a plot that says that there is no data."""
    at = f'x="{WIDTH // 2}" y="{HEIGHT // 2}"'
    return _svg(label, [f'<text {at} class="mid none">no data</text>'])


def lines(label: str, names: Sequence[str], drawn: Sequence[Line], unit: str) -> str:
    """Return a plot of lines over named places, with bands where there are intervals."""
    known = [v for line in drawn for v in (*line.values, *line.low, *line.high) if v is not None]
    if not known:
        return nothing(label)
    frame = _Frame(min(known), max(known), len(names))
    parts = frame.draw(names)
    for number, line in enumerate(drawn):
        colour = f"c{number % COLOURS}"
        band = [
            (frame.x(i), frame.y(low), frame.y(high))
            for i, (low, high) in enumerate(zip(line.low, line.high, strict=True))
            if low is not None and high is not None
        ]
        if len(band) > 1:
            upper = " ".join(f"{x:.1f},{high:.1f}" for x, _, high in band)
            lower = " ".join(f"{x:.1f},{low:.1f}" for x, low, _ in reversed(band))
            parts.append(f'<polygon class="band {colour}" points="{upper} {lower}"/>')
        points = [
            (frame.x(i), frame.y(v), v, names[i])
            for i, v in enumerate(line.values)
            if v is not None
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in points)
        parts.append(f'<polyline class="line {colour}" points="{path}"/>')
        for x, y, value, name in points:
            says = f"{line.name}, {name}: {value:,.3f} {unit}"
            parts.append(
                f'<circle class="dot {colour}" cx="{x:.1f}" cy="{y:.1f}" r="3.5">'
                f"<title>{escape(says)}</title></circle>"
            )
    return _svg(label, parts)


def bars(label: str, names: Sequence[str], values: Sequence[float | None], unit: str) -> str:
    """Return a plot of bars; a dash where there is no data. Costs and gains have their colours."""
    known = [v for v in values if v is not None]
    if not known:
        return nothing(label)
    frame = _Frame(min(known), max(known), len(names))
    parts = frame.draw(names)
    width = min(0.6 * (WIDTH - _LEFT - _RIGHT) / frame.places, 48)
    zero = frame.y(0.0)
    for place, value in enumerate(values):
        x = frame.x(place)
        if value is None:
            parts.append(f'<text x="{x:.1f}" y="{zero - 5:.1f}" class="mid none">–</text>')
            continue
        y = frame.y(value)
        kind = "plain" if unit != "bp" else "cost" if value > 0 else "gain"
        says = escape(f"{names[place]}: {value:,.3f} {unit}")
        parts.append(
            f'<rect class="{kind}" x="{x - width / 2:.1f}" y="{min(y, zero):.1f}" '
            f'width="{width:.1f}" height="{max(abs(y - zero), 0.5):.1f}">'
            f"<title>{says}</title></rect>"
        )
    return _svg(label, parts)
