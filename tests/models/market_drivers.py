# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Who runs the steps of a scenario: the plain market, and the real one."""

from __future__ import annotations

from typing import Any

from tests.models.market import PlainMarket
from tests.models.market_orders import (
    BUY,
    BY_USER,
    HIDDEN,
    RESERVE,
    SELL,
    Change,
    Order,
    Report,
    Request,
)
from tests.models.market_script import FIRMS, INSTRUMENTS, PATHS, Case, Step

from onetape._native import MarketEngine

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
        self.market = PlainMarket(case.limits)
        for owner, firm in FIRMS.items():
            self.market.set_firm(owner, firm)
        for instrument in INSTRUMENTS:
            self.market.define(instrument, case.rules)
            for phase in PATHS.get(case.phase, (case.phase,)):
                self.market.set_phase(0, instrument, phase)

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
            case "reference":
                reports = market.set_reference(ts_ns, *arguments)
            case "day-ends":
                reports = market.day_ended(ts_ns)
            case "day-starts":
                reports = market.day_started(ts_ns)
            case "indicative":
                return [market.indicative(arguments[0])]
            case "book" | "levels":
                return self.standing(step)
            case name:
                reports = getattr(market, name)(ts_ns, *arguments)
        return list(reports)

    def standing(self, step: Step) -> list[Report]:
        return standing(self.market, step)


class RealDriver:
    """Runs steps on the real market."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.market = self.fresh()
        for instrument in INSTRUMENTS:
            for phase in PATHS.get(case.phase, (case.phase,)):
                self.market.set_phase(0, instrument, phase)

    def fresh(self) -> MarketEngine:
        """Return a market that is set up and has no orders yet."""
        wanted = self.case.limits
        limits = {"orders_max": wanted.orders, "specials_max": wanted.special}
        limits |= {"hidden_orders_max": wanted.hidden, "conditioned_max": wanted.conditioned}
        limits |= {"instruments_max": len(INSTRUMENTS), "owners_max": len(FIRMS)}
        market, rules = MarketEngine(limits), self.case.rules
        for owner, firm in FIRMS.items():
            assert market.set_firm(owner, firm)
        said = {
            "reference": rules.reference,
            "collar": rules.collar,
            "band_bps": rules.band_bps,
            "pause_ms": rules.pause_ns // 1_000_000,
            "auction_collar_bps": rules.auction_collar_bps,
            "pro_rata": rules.pro_rata,
        }
        for instrument in INSTRUMENTS:
            market.define(instrument, rules.rungs, said)
        return market

    def renew(self) -> None:
        """Go on with a market that was restored from a snapshot of this one."""
        again = self.fresh()
        again.restore(self.market.save())
        assert again.state_hash() == self.market.state_hash()
        assert again.save() == self.market.save()
        self.market = again

    def do(self, step: Step) -> list[Report]:  # noqa: PLR0911
        """Run one step; return its reports, or the answer to its question."""
        market, ts_ns, arguments = self.market, step.ts_ns, step.arguments
        match step.name:
            case "enter":
                return market.enter(ts_ns, entry(arguments[0]))
            case "replace":
                return market.replace(ts_ns, arguments[0], change(arguments[1]))
            case "cancel":
                return market.cancel(ts_ns, arguments[0], BY_USER)
            case "mass-cancel":
                names = {
                    "owner": "port",
                    "firm": "firm",
                    "instrument": "instrument",
                    "side": "side",
                }
                which = {name: arguments[0].get(part) for name, part in names.items()}
                return market.cancel_all(ts_ns, BY_MASS_CANCEL, which)
            case "indicative":
                return [market.indicative(arguments[0])]
            case "book" | "levels":
                return standing(market, step)
            case name:
                names = {
                    "phase": "set_phase",
                    "reference": "set_reference",
                    "day-ends": "day_ended",
                    "day-starts": "day_started",
                }
                return getattr(market, names.get(name, name))(ts_ns, *arguments)


def entry(r: Request) -> dict[str, Any]:
    return {
        "client": r.client,
        "owner": r.owner,
        "instrument": r.instrument,
        "side": r.side,
        "qty": r.qty,
        "order_type": r.pricing,
        "price": r.price,
        "offset": r.offset,
        "stop": r.stop,
        "hidden": r.display == HIDDEN,
        "reserve": r.slice if r.display == RESERVE else None,
        "minimum": r.minimum,
        "all_or_none": r.all_or_none,
        "post_only": r.post_only,
        "time_in_force": r.life,
        "until": r.until,
        "auction": r.auction,
        "stp_mode": r.stp,
        "by_port": r.by_port,
    }


def change(c: Change) -> dict[str, Any]:
    return {
        "client": c.client,
        "qty": c.qty,
        "price": c.price,
        "time_in_force": c.life,
        "until": c.until,
        "stop": c.stop,
        "keeps_original": c.keeps_original,
    }


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
