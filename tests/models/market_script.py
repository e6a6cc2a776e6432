# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Scenarios as text: commands that a person reads, and what the market says to them.

A file holds cases. `== title` begins one; before its first command come `set` lines, then commands,
each followed by its reports, which are indented. `#` begins a comment. Ports 1 and 3 are of firm 1,
ports 2 and 4 of firm 2. Instruments 1 and 2 have the same rules and trade continuously, unless
`set phase` says another. The grammar stands in tests/golden/scenarios/README.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.models import market_orders as m
from tests.models.market_orders import Change, Limits, Report, Request, Rules

from onetape.events import CancelReason, Phase, RejectReason, RestateReason, Side

FIRMS = {1: 1, 2: 2, 3: 1, 4: 2}
INSTRUMENTS = (1, 2)
LIVES = {"ioc": m.IOC, "fok": m.FOK, "gtc": m.GTC, "day": m.DAY, "until": m.UNTIL}
PEGS = {"primary": m.PRIMARY, "opposite": m.OPPOSITE, "midpoint": m.MIDPOINT}
STP = {"newest": 1, "oldest": 2, "both": 3, "decrement": 4}
SECOND = 1_000_000_000
#: By which phases an instrument comes to the one a case begins with.
PATHS = {
    m.CLOSED: (),
    m.VOLATILITY: (m.CONTINUOUS, m.VOLATILITY),
    m.HALTED: (m.CONTINUOUS, m.HALTED),
    m.CLOSING: (m.CONTINUOUS, m.CLOSING),
}


@dataclass(frozen=True)
class Step:
    """A command: its time, its name and its arguments."""

    ts_ns: int
    name: str
    arguments: tuple[Any, ...] = ()


@dataclass
class Case:
    """A title, rules, and steps with the lines that must follow each."""

    title: str
    rules: Rules = field(default_factory=Rules)
    limits: Limits = field(default_factory=Limits)
    phase: int = m.CONTINUOUS
    steps: list[tuple[Step, str, list[str]]] = field(default_factory=list)


# Reading.


def read_cases(text: str) -> Iterator[Case]:
    """Read the cases of a file."""
    case: Case | None = None
    ts_ns = 0
    for raw in text.splitlines():
        line = raw.split(" # ")[0].rstrip()
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("=="):
            if case:
                yield case
            case, ts_ns = Case(line[2:].strip()), 0
        elif case is None:
            raise ValueError(f"before the first case: {line}")
        elif line.startswith("set "):
            read_setting(case, line.split()[1:])
        elif line.startswith("at "):
            ts_ns = int(float(line.split()[1]) * SECOND)
        elif line.startswith(" "):
            case.steps[-1][2].append(line.strip())
        else:
            case.steps.append((read_step(line, ts_ns), line, []))
    if case:
        yield case


def read_setting(case: Case, words: list[str]) -> None:
    match words:
        case ["ticks", *rungs]:
            case.rules.rungs = [tuple(map(int, rung.split(":"))) for rung in rungs]
        case ["phase", name]:
            case.phase = Phase[name]
        case ["pro-rata"]:
            case.rules.pro_rata = True
        case ["pause", seconds]:
            case.rules.pause_ns = int(float(seconds) * SECOND)
        case ["limit", "orders" | "hidden" | "special" | "conditioned" as name, value]:
            setattr(case.limits, name, int(value))
        case ["reference" | "collar" | "bands" | "auction-collar" as name, value]:
            names = {"bands": "band_bps", "auction-collar": "auction_collar_bps"}
            setattr(case.rules, names.get(name, name), int(value))
        case _:
            raise ValueError(f"no such setting: {words}")


def read_step(line: str, ts_ns: int) -> Step:  # noqa: C901, PLR0911
    owner, instrument, words = 1, 0, line.split()
    if found := re.match(r"(\d+): ", line):
        owner, words = int(found[1]), words[1:]
    if len(words) > 2 and words[-2] == "in":
        instrument, words = int(words[-1]), words[:-2]
    name, *rest = words
    if name in ("buy", "sell"):
        order = read_order(Side[name.upper()], rest)
        order.owner, order.instrument = owner, instrument or 1
        return Step(ts_ns, "enter", (order,))
    numbers = [int(word) for word in rest if word.lstrip("-").isdigit()]
    match name:
        case "cancel" | "reduce":
            return Step(ts_ns, name, tuple(numbers))
        case "replace":
            return Step(ts_ns, name, (int(rest[0]), read_change(rest[1:])))
        case "mass-cancel":
            pairs = dict(zip(rest[::2], rest[1::2], strict=True))
            if instrument:
                pairs["instrument"] = str(instrument)
            which = {k: Side[v.upper()] if k == "side" else int(v) for k, v in pairs.items()}
            return Step(ts_ns, name, (which,))
        case "phase":
            return Step(ts_ns, name, (instrument or 1, int(Phase[rest[0]])))
        case "reference":
            return Step(ts_ns, name, (instrument or 1, numbers[0]))
        case "tick" | "day-ends" | "day-starts":
            return Step(ts_ns, name)
        case "book" | "levels" | "indicative":
            return Step(ts_ns, name, (instrument or 1,))
    raise ValueError(f"no such command: {line}")


def read_order(side: int, words: list[str]) -> Request:  # noqa: C901, PLR0912
    order = Request(side, int(words[0]))
    rest = iter(words[1:])
    for word in rest:
        if word == "@":
            order.price = int(next(rest))
        elif word == "market":
            order.pricing = m.MARKET
        elif word in PEGS:
            order.pricing = PEGS[word]
        elif re.fullmatch(r"[+-]\d+", word):
            order.offset = int(word)
        elif word == "hidden":
            order.display = m.HIDDEN
        elif word == "reserve":
            order.display, order.slice = m.RESERVE, int(next(rest))
        elif word == "minimum":
            order.minimum = int(next(rest))
        elif word == "all":
            order.all_or_none = True
        elif word in ("post", "slide"):
            order.post_only = m.POST_REJECT if word == "post" else m.POST_SLIDE
        elif word == "stop":
            order.stop = int(next(rest))
        elif word in LIVES:
            order.life = LIVES[word]
            order.until = int(float(next(rest)) * SECOND) if word == "until" else 0
        elif word in ("on-open", "on-close"):
            order.auction = m.ON_OPEN if word == "on-open" else m.ON_CLOSE
        elif word == "stp":
            order.stp = STP[next(rest)]
        elif word == "by-port":
            order.by_port = True
        else:
            raise ValueError(f"no such part of an order: {word}")
    return order


def read_change(words: list[str]) -> Change:
    change = Change(int(words[1]))
    rest = iter(words[2:])
    for word in rest:
        if word == "@":
            change.price = int(next(rest))
        elif word == "stop":
            change.stop = int(next(rest))
        elif word == "or-stay":
            change.keeps_original = True
        else:
            change.life = LIVES[word]
            change.until = int(float(next(rest)) * SECOND) if word == "until" else 0
    return change


# Writing.


def write_case(case: Case) -> str:
    """Write a case as it would stand in a file."""
    rules, lines = case.rules, [f"== {case.title}"]
    if rules.rungs != Rules().rungs:
        lines.append("set ticks " + " ".join(f"{start}:{step}" for start, step in rules.rungs))
    settings = {
        "reference": rules.reference,
        "collar": rules.collar,
        "bands": rules.band_bps,
        "pause": rules.pause_ns / SECOND,
        "auction-collar": rules.auction_collar_bps,
    }
    lines += [f"set {name} {value:g}" for name, value in settings.items() if value]
    lines += ["set pro-rata"] * rules.pro_rata
    lines += [
        f"set limit {name} {value}"
        for name, value in asdict(case.limits).items()
        if value != getattr(Limits(), name)
    ]
    if case.phase != m.CONTINUOUS:
        lines.append(f"set phase {Phase(case.phase).name}")
    ts_ns = 0
    for step, line, reports in case.steps:
        if step.ts_ns != ts_ns:
            ts_ns = step.ts_ns
            lines.append(f"at {ts_ns // SECOND}.{ts_ns % SECOND:09}".rstrip("0").rstrip("."))
        lines += [line or write_step(step), *(f"  {report}" for report in reports)]
    return "\n".join(lines) + "\n"


def write_step(step: Step) -> str:  # noqa: PLR0911
    name, arguments = step.name, step.arguments
    if name == "enter":
        return write_order(arguments[0])
    if name == "replace":
        order_id, c = arguments
        words = [f"replace {order_id} by {c.qty}", write_life(c.life, c.until) if c.life else ""]
        words += [f"@ {c.price}" if c.price else "", "" if c.stop is None else f"stop {c.stop}"]
        words += ["or-stay" if c.keeps_original else ""]
        return " ".join(filter(None, words))
    if name == "phase":
        return f"phase {Phase(arguments[1]).name}" + in_instrument(arguments[0])
    if name in ("book", "levels", "indicative", "reference"):
        return " ".join([name, *map(str, arguments[1:])]) + in_instrument(arguments[0])
    if name == "mass-cancel":
        return "mass-cancel" + write_which(arguments[0])
    if name == "reduce":
        return f"reduce {arguments[0]} to {arguments[1]}"
    return " ".join([name, *map(str, arguments)])


def write_which(which: dict[str, Any]) -> str:
    words = [f"{k} {side(v) if k == 'side' else v}" for k, v in which.items() if k != "instrument"]
    words += [f"in {which['instrument']}"] if "instrument" in which else []
    return "".join(f" {word}" for word in words)


def in_instrument(instrument: int) -> str:
    return f" in {instrument}" if instrument > 1 else ""


def write_life(life: int, until: int) -> str:
    name = next(name for name, value in LIVES.items() if value == life)
    return f"until {until / SECOND:g}" if life == m.UNTIL else name


def write_order(r: Request) -> str:
    sided = "buy" if r.side == m.BUY else "sell"
    kind = {v: k for k, v in PEGS.items()}.get(r.pricing, "market" if r.pricing == m.MARKET else "")
    auction = {m.ON_OPEN: "on-open", m.ON_CLOSE: "on-close"}
    mode = {v: k for k, v in STP.items()}
    words = [
        f"{r.owner}: {sided} {r.qty}",
        kind,
        f"{r.offset:+}" if r.offset else "",
        f"@ {r.price}" if r.price or r.pricing == m.LIMIT else "",
        "hidden" if r.display == m.HIDDEN else "",
        f"reserve {r.slice}" if r.display == m.RESERVE else "",
        f"minimum {r.minimum}" if r.minimum else "",
        "all" if r.all_or_none else "",
        {m.POST_REJECT: "post", m.POST_SLIDE: "slide"}.get(r.post_only, ""),
        "" if r.stop is None else f"stop {r.stop}",
        write_life(r.life, r.until) if r.life != m.DAY else "",
        auction.get(r.auction, ""),
        f"stp {mode[r.stp]}" if r.stp else "",
        "by-port" if r.by_port else "",
    ]
    return " ".join(filter(None, words)) + in_instrument(r.instrument)


def side(number: int) -> str:
    return Side(number).name.lower()


def at_price(price: int) -> str:
    return f" @ {price}" if price else ""


_LINES = {
    "accepted": lambda r: f"accepted {r['order_id']}: {side(r['side'])} {r['qty']}"
    + at_price(r["price"]),
    "rested": lambda r: f"rests {r['order_id']}: {r['leaves'] or 'hidden'} @ {r['price']}",
    "filled": lambda r: f"trade {r['qty']} @ {r['price']}: {r['maker_id']}"
    f"{' hidden' if r['maker_hidden'] else ''} leaves {r['maker_leaves']}, "
    f"{r['taker_id']} leaves {r['taker_leaves']}",
    "crossed": lambda r: f"paired {r['qty']} @ {r['price']}: buy {r['buy_id']} leaves "
    f"{r['buy_leaves']}, sell {r['sell_id']} leaves {r['sell_leaves']}, displayed "
    f"{r['buy_displayed']} and {r['sell_displayed']}",
    "canceled": lambda r: f"canceled {r['order_id']}: {r['qty']} {CancelReason(r['reason']).name}"
    + (f", leaves {r['leaves']}" if r["leaves"] else "")
    + (f", displayed {r['displayed']}" if r["displayed"] else ""),
    "replaced": lambda r: f"replaced {r['old_order_id']} by {r['order_id']}: {r['qty']}"
    + at_price(r["price"]),
    "restated": lambda r: f"restated {r['old_order_id']} as {r['order_id']}: {r['leaves']}"
    f"{at_price(r['price'])} {RestateReason(r['reason']).name}"
    + (f", displayed {r['displayed']}" if r["displayed"] else ""),
    "prevented": lambda r: f"prevented {r['order_id']}: {r['qty']} @ {r['price']} with "
    f"{r['by_order_id']}",
    "rejected": lambda r: f"rejected {RejectReason(r['reason']).name}",
    "phase": lambda r: f"phase {Phase(r['phase']).name}",
    "indicative": lambda r: f"indicative {r['price']}: {r['paired']}, over {r['imbalance']}"
    + (f" {side(r['imbalance_side'])}" if r["imbalance_side"] else ""),
    "bands": lambda r: f"bands {r['lower']} to {r['upper']} around {r['reference']}"
    + (f", {side(r['limit_side'])} at limit" if r["limit_side"] else ""),
    "cross": lambda r: f"auction {r['price']}: {r['qty']}",
    "queued": lambda r: f"{side(r['side'])} {r['order_id']}: {r['leaves']} @ {r['price']}"
    + (f", displayed {r['displayed']}" if r["displayed"] != r["leaves"] else ""),
    "level": lambda r: f"{side(r['side'])} {r['qty']} @ {r['price']} in {r['orders']}",
}  # fmt: skip


def write_report(report: Report) -> str:
    """Write a report as a line."""
    return _LINES[report["report"]](report) + in_instrument(report.get("instrument", 1))
