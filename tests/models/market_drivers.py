# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Who runs the steps of a scenario: the plain market, and the real one."""

from __future__ import annotations

from typing import Any

from tests.models.market import PlainMarket
from tests.models.market_orders import BUY, SELL, Order, Report
from tests.models.market_script import FIRMS, INSTRUMENTS, Case, Step

BY_MASS_CANCEL = 16


def chosen(which: dict[str, Any], firms: dict[int, int], order: Order) -> bool:
    """Whether a mass cancel is for this order."""
    parts = {
        "port": order.owner,
        "firm": firms[order.owner],
        "instrument": order.instrument,
        "side": order.side,
    }
    return all(parts[name] == wanted for name, wanted in which.items())


class PlainDriver:
    """Runs steps on the plain market."""

    def __init__(self, case: Case) -> None:
        self.market = PlainMarket()
        for owner, firm in FIRMS.items():
            self.market.set_firm(owner, firm)
        for instrument in INSTRUMENTS:
            self.market.define(instrument, case.rules)
            self.market.set_phase(0, instrument, case.phase)

    def do(self, step: Step) -> list[Report]:
        """Run one step; return its reports, or the answer to its question."""
        market, ts_ns, arguments = self.market, step.ts_ns, step.arguments
        match step.name:
            case "mass-cancel":
                which = arguments[0]
                reports = market.mass_cancel(
                    ts_ns, lambda o: chosen(which, FIRMS, o), BY_MASS_CANCEL
                )
            case "phase":
                reports = market.set_phase(ts_ns, *arguments)
            case "day-ends":
                reports = market.day_ended(ts_ns)
            case "day-starts":
                reports = market.day_started(ts_ns)
            case "indicative":
                found = market.indicative(arguments[0])
                return [{"report": "indicative", "instrument": arguments[0], **found}]
            case "book" | "levels":
                return self.standing(step)
            case name:
                reports = getattr(market, name)(ts_ns, *arguments)
        return list(reports)

    def standing(self, step: Step) -> list[Report]:
        return standing(self.market, step)


def standing(market: Any, step: Step) -> list[Report]:
    """Return what stands in a book, as reports."""
    (instrument,) = step.arguments
    found: list[Report] = []
    for side in (BUY, SELL):
        if step.name == "levels":
            names = ("price", "qty", "orders")
            rows, report = market.levels(instrument, side), "level"
        else:
            names = ("order_id", "price", "displayed", "leaves")
            rows, report = market.book(instrument, side), "queued"
        found += [
            {
                "report": report,
                "instrument": instrument,
                "side": side,
                **dict(zip(names, row, strict=True)),
            }
            for row in rows
        ]
    return found
