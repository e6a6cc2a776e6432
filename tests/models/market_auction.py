# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Auctions and bands of the plain market (11 and 12)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from tests.models.market_matching import Matching
from tests.models.market_orders import (
    BUY,
    BY_AUCTION,
    CLOSED,
    CLOSING,
    CONTINUOUS,
    LIMIT,
    MARKET,
    ON_CLOSE,
    ON_OPEN,
    OPENING,
    PRE_OPEN,
    SELL,
    VOLATILITY,
    Instrument,
    Order,
)

SECOND = 1_000_000_000


class Candidate(NamedTuple):
    """What would happen at a price: how much trades, how much more is bought than sold."""

    price: int
    volume: int
    surplus: int


def limits_around(instrument: Instrument, reference: int, bps: int) -> tuple[int, int]:
    """Return the prices that are this far from a reference, rounded towards it."""
    low = reference * (10_000 - bps)
    return (
        instrument.ladder.up(-(-low // 10_000)),
        instrument.ladder.down(reference * (10_000 + bps) // 10_000),
    )


class Auctions(Matching):
    """Finds the price, pairs off, and moves an instrument through its phases."""

    def taking_part(self, instrument: Instrument, side: int) -> list[Order]:
        """Return the orders of a side that an auction would trade, first to trade first."""
        phase = instrument.phase
        which = {PRE_OPEN: ON_OPEN, OPENING: ON_OPEN, CLOSING: ON_CLOSE}.get(phase)
        book = [o for o in instrument.sides[side] if not o.conditioned and not o.pegged]
        aside = [o for o in instrument.aside.values() if (o.side, o.auction) == (side, which)]
        sign = -1 if side == BUY else 1

        def rank(order: Order) -> tuple[bool, int, bool, int]:
            return (
                order.pricing != MARKET,
                sign * order.price,
                order.shown == 0,
                order.order_id,
            )

        return sorted(chain(book, aside), key=rank)

    def auction_price(self, instrument: Instrument) -> Candidate | None:
        """Return where an auction would end now; None when nothing would trade."""
        buys = self.taking_part(instrument, BUY)
        sells = self.taking_part(instrument, SELL)
        reference = instrument.reference()
        prices = {o.price for o in chain(buys, sells) if o.pricing == LIMIT} | {reference} - {0}
        found = [candidate(price, buys, sells) for price in prices]
        found = [c for c in found if c.volume]
        if not found:
            return None
        most = max(c.volume for c in found)
        found = [c for c in found if c.volume == most]
        least = min(abs(c.surplus) for c in found)
        found = [c for c in found if abs(c.surplus) == least]
        if all(c.surplus > 0 for c in found):
            return max(found)
        if all(c.surplus < 0 for c in found):
            return min(found)
        return min(found, key=lambda c: (abs(c.price - reference) if reference else 0, c.price))

    def outside_collar(self, instrument: Instrument) -> bool:
        """Whether a volatility auction would end too far from the reference."""
        bps, reference = instrument.rules.auction_collar_bps, instrument.reference()
        end = self.auction_price(instrument)
        if not bps or not reference or not end:
            return False
        low, high = limits_around(instrument, reference, bps)
        return not low <= end.price <= high

    def uncross(self, instrument: Instrument) -> Candidate | None:
        """Trade what an auction gathered, and cancel what was only for it."""
        end = self.auction_price(instrument)
        first = self.match_id_last + 1 if end else 0
        traded = self.pair_off(instrument, end) if end else []
        self.say(
            "cross",
            instrument=instrument.number,
            phase=instrument.phase,
            price=end.price if end else 0,
            qty=end.volume if end else 0,
            match_id=first,
        )
        for order in traded:
            if order.leaves and not order.shown and order.slice:
                self.refill(order)
        opening = instrument.phase in (PRE_OPEN, OPENING)
        over = ON_OPEN if opening else ON_CLOSE if instrument.phase == CLOSING else None
        for order in [o for _, o in sorted(instrument.aside.items()) if o.auction == over]:
            self.cancel_whole(order, BY_AUCTION)
        return end

    def pair_off(self, instrument: Instrument, end: Candidate) -> list[Order]:
        buys = [o for o in self.taking_part(instrument, BUY) if accepts(o, end.price)]
        sells = [o for o in self.taking_part(instrument, SELL) if accepts(o, end.price)]
        both = [*buys, *sells]
        while buys and sells:
            self.cross_pair(buys[0], sells[0], end.price)
            buys = [o for o in buys if o.leaves]
            sells = [o for o in sells if o.leaves]
        return both

    def cross_pair(self, buy: Order, sell: Order, price: int) -> None:
        self.match_id_last += 1
        qty = min(buy.leaves, sell.leaves)
        fields = {"match_id": self.match_id_last, "price": price, "qty": qty}
        fields["instrument"] = buy.instrument
        for name, order in (("buy", buy), ("sell", sell)):
            shown = min(order.shown, qty)
            order.leaves -= qty
            order.executed += qty
            order.shown -= shown
            fields |= {
                f"{name}_id": order.order_id,
                f"{name}_client": order.client,
                f"{name}_leaves": order.leaves,
                f"{name}_owner": order.owner,
                f"{name}_displayed": shown,
            }
        self.say("crossed", **fields)
        for order in (buy, sell):
            if not order.leaves:
                self.remove(order)
        self.note_trade(self.instruments[buy.instrument], price)

    def change_phase(self, instrument: Instrument, phase: int) -> None:
        """Move to a phase; into continuous, and at the close, what was gathered trades."""
        was = instrument.phase
        if phase == was:
            return
        end = None
        if phase == CONTINUOUS or (was, phase) == (CLOSING, CLOSED):
            end = self.uncross(instrument)
        if was == CONTINUOUS:
            self.park_all(instrument)
        instrument.phase = phase
        self.say("phase", instrument=instrument.number, phase=phase, was=was)
        instrument.limit_side = 0
        instrument.pause_ends = None
        if phase == VOLATILITY:
            instrument.pause_ends = self.ts + instrument.rules.pause_ns
        if end and was in (PRE_OPEN, OPENING, VOLATILITY):
            self.set_bands(instrument, end.price)
        if phase == CONTINUOUS:
            instrument.rested = True
            instrument.best_seen = (-1, -1)

    def park_all(self, instrument: Instrument) -> None:
        """Outside continuous trading pegs wait, without a price (8)."""
        for peg in list(instrument.pegs.values()):
            self.park(instrument, peg)

    @staticmethod
    def park(instrument: Instrument, peg: Order) -> None:
        if peg.place == "book":
            instrument.leave(peg)
        peg.place, peg.price = "parked", 0

    # Bands.

    def set_bands(self, instrument: Instrument, reference: int) -> None:
        if instrument.rules.band_bps:
            low, high = limits_around(instrument, reference, instrument.rules.band_bps)
            instrument.band, instrument.band_ts = (reference, low, high), self.ts
            self.say_bands(instrument)

    def say_bands(self, instrument: Instrument) -> None:
        reference, lower, upper = instrument.band
        self.say(
            "bands",
            instrument=instrument.number,
            reference=reference,
            lower=lower,
            upper=upper,
            limit_side=instrument.limit_side,
        )

    def watch_limit_state(self, instrument: Instrument) -> None:
        """Notice when the best prices come to stand at a band, or leave it."""
        _, lower, upper = instrument.band
        if not upper or instrument.phase != CONTINUOUS:
            return
        bid, ask = instrument.best_pair()
        side = BUY if bid and bid >= upper else SELL if ask and ask <= lower else 0
        if side != instrument.limit_side:
            if not instrument.limit_side:
                instrument.limit_ts = self.ts
            instrument.limit_side = side
            self.say_bands(instrument)

    def move_reference(self, instrument: Instrument) -> None:
        """Follow the mean of five minutes' trades, in steps of a percent or more."""
        reference = instrument.band[0]
        while instrument.trades and instrument.trades[0][0] <= self.ts - 300 * SECOND:
            instrument.trades.popleft()
        if not reference or self.ts - instrument.band_ts < 30 * SECOND or not instrument.trades:
            return
        mean = sum(price for _, price in instrument.trades) // len(instrument.trades)
        if abs(mean - reference) * 100 >= reference:
            self.set_bands(instrument, mean)

    def indicative(self, number: int) -> dict[str, int]:
        """Return where the auction would end if it ended now."""
        instrument = self.instruments[number]
        end = self.auction_price(instrument)
        buys, sells = (self.taking_part(instrument, side) for side in (BUY, SELL))
        surplus = end.surplus if end else 0
        if not end:
            over = [sum(o.leaves for o in s if o.pricing == MARKET) for s in (buys, sells)]
            surplus = over[0] - over[1]
        return {
            "price": end.price if end else 0,
            "paired": end.volume if end else 0,
            "imbalance": abs(surplus),
            "imbalance_side": BUY if surplus > 0 else SELL if surplus < 0 else 0,
            "reference": instrument.reference(),
        }


def accepts(order: Order, price: int) -> bool:
    """Whether an order would trade at this price."""
    if order.pricing == MARKET:
        return True
    return order.price >= price if order.side == BUY else order.price <= price


def candidate(price: int, buys: Iterable[Order], sells: Iterable[Order]) -> Candidate:
    bought = sum(o.leaves for o in buys if accepts(o, price))
    sold = sum(o.leaves for o in sells if accepts(o, price))
    return Candidate(price, min(bought, sold), bought - sold)
