# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Auctions and bands of the plain market (11 and 12)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from tests.models.market_matching import Matching
from tests.models.market_orders import (
    AUCTIONS,
    BUY,
    BY_AUCTION,
    BY_COLLAR,
    CLOSED,
    CLOSING,
    CONTINUOUS,
    GATHERING,
    HALTED,
    LIMIT,
    MARKET,
    ON_CLOSE,
    ON_OPEN,
    OPENING,
    PEG,
    PRE_OPEN,
    SELL,
    VOLATILITY,
    Instrument,
    Order,
    Report,
    opposite,
    reaches,
)

SECOND = 1_000_000_000
#: From which phases an instrument comes to one (11).
MAY_COME_FROM = {
    CLOSED: {*range(7)} - {CLOSED},
    PRE_OPEN: {CLOSED},
    OPENING: {CLOSED, PRE_OPEN, HALTED},
    CONTINUOUS: {*range(7)} - {CONTINUOUS},
    VOLATILITY: {CONTINUOUS, HALTED},
    CLOSING: {CONTINUOUS, HALTED},
    HALTED: {*range(7)} - {CLOSED, HALTED},
}


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

    def taking_part(
        self, instrument: Instrument, side: int, which: int, *, alone: bool = False
    ) -> list[Order]:
        """Return the orders of a side that an auction would trade, first to trade first.

        Args:
            instrument: Where.
            side: Whose.
            which: In which auction.
            alone: Only those that are for this auction alone.
        """
        book = [o for o in instrument.sides[side] if not (o.conditioned or o.pegged or alone)]
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

    def auction_price(
        self, instrument: Instrument, which: int, *, alone: bool = False
    ) -> Candidate | None:
        """Return where an auction would end by its orders; None when nothing would trade."""
        buys, sells = (
            self.taking_part(instrument, side, which, alone=alone) for side in (BUY, SELL)
        )
        reference = instrument.reference
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

    def kept(
        self, instrument: Instrument, which: int, end: Candidate, *, alone: bool = False
    ) -> Candidate:
        """Keep the price of a volatility auction within its collar."""
        bps = instrument.rules.auction_collar_bps
        reference = instrument.ladder.down(instrument.reference)
        if instrument.phase != VOLATILITY or not bps or not reference:
            return end
        low, high = limits_around(instrument, reference, bps)
        buys, sells = (
            self.taking_part(instrument, side, which, alone=alone) for side in (BUY, SELL)
        )
        return candidate(min(max(end.price, low), high), buys, sells)

    def uncross(self, instrument: Instrument, which: int) -> int:
        """Trade what an auction gathered, and cancel what was only for it; return its price."""
        wanted = self.auction_price(instrument, which)
        end = self.kept(instrument, which, wanted) if wanted else Candidate(0, 0, 0)
        first, price = self.match_id_last + 1, end.price if end.volume else 0
        if price:
            self.pair_off(instrument, which, end)
        if price or instrument.phase in AUCTIONS:
            self.say(
                "cross",
                instrument=instrument.number,
                phase=instrument.phase,
                price=price,
                qty=end.volume,
                match_id=first if price else 0,
            )
        self.cancel_aside(instrument, which)
        if wanted and wanted.price != end.price:
            self.cancel_crossed(instrument, BUY if end.price < wanted.price else SELL)
        return price

    def cancel_aside(self, instrument: Instrument, which: int) -> None:
        for order in [o for _, o in sorted(instrument.aside.items()) if o.auction == which]:
            self.cancel_whole(order, BY_AUCTION)

    def cancel_crossed(self, instrument: Instrument, side: int) -> None:
        """Cancel what the collar kept from trading and would cross the book from now on."""
        while True:
            first, other = (
                next((o for o in instrument.sides[s] if not o.conditioned), None)
                for s in (side, opposite(side))
            )
            if not first or not other or not reaches(side, first.price, other.price):
                return
            self.cancel_whole(first, BY_COLLAR)

    def pair_off(self, instrument: Instrument, which: int, end: Candidate) -> None:
        buys, sells = (
            [o for o in self.taking_part(instrument, side, which) if accepts(o, end.price)]
            for side in (BUY, SELL)
        )
        both = [*buys, *sells]
        while buys and sells:
            self.cross_pair(buys[0], sells[0], end.price)
            buys = [o for o in buys if o.leaves]
            sells = [o for o in sells if o.leaves]
        for order in both:
            if order.leaves and not order.shown and order.slice:
                self.refill(order)

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
        was, price = instrument.phase, 0
        if was not in MAY_COME_FROM[phase]:
            return
        if was == CONTINUOUS:
            self.park_all(instrument)
        if phase == CONTINUOUS:
            price = self.uncross(instrument, ON_OPEN)
        elif (was, phase) == (CLOSING, CLOSED):
            self.uncross(instrument, ON_CLOSE)
        if phase == CLOSED:
            self.cancel_aside(instrument, ON_OPEN)
            self.cancel_aside(instrument, ON_CLOSE)
        instrument.phase = phase
        paused = phase == VOLATILITY and instrument.rules.pause_ns
        instrument.pause_ends = self.ts + paused if paused else None
        self.say("phase", instrument=instrument.number, phase=phase, was=was)
        if price and phase == CONTINUOUS:
            self.set_bands(instrument, price)
        else:
            self.hold_bands(instrument)
        self.settle(instrument)

    def park_all(self, instrument: Instrument) -> None:
        """Outside continuous trading pegs wait, without a price (8)."""
        for _, peg in sorted(instrument.pegs.items()):
            if peg.place == "book":
                self.move_peg(instrument, peg, 0)

    def move_peg(self, instrument: Instrument, peg: Order, price: int) -> None:
        """Take a peg out of the book and give it another price, and with it a new id."""
        if peg.place == "book":
            instrument.leave(peg)
        peg.place, peg.price = "parked", price
        del instrument.pegs[peg.order_id]
        self.restate(peg, PEG)
        instrument.pegs[peg.order_id] = peg

    # Bands.

    def set_bands(self, instrument: Instrument, reference: int) -> None:
        """Put the bands around a price."""
        reference = instrument.ladder.down(reference)
        if not instrument.rules.band_bps or reference <= 0:
            return
        low, high = limits_around(instrument, reference, instrument.rules.band_bps)
        instrument.band, instrument.band_ts = (reference, low, high), self.ts
        self.say_bands(instrument)
        self.hold_bands(instrument)

    def hold_bands(self, instrument: Instrument) -> None:
        """In continuous trading nothing rests beyond the bands."""
        _, low, high = instrument.band
        if instrument.phase != CONTINUOUS or not high:
            return
        for order in [o for o in instrument.sides[BUY] if o.price > high and not o.pegged]:
            self.cancel_whole(order, BY_COLLAR)
        for order in [o for o in instrument.sides[SELL] if o.price < low and not o.pegged]:
            self.cancel_whole(order, BY_COLLAR)

    def clear_bands(self, instrument: Instrument) -> None:
        """Take the bands away, at the end of the day."""
        instrument.first_trade, instrument.limit_side = 0, 0
        instrument.trades.clear()
        if instrument.band[0]:
            instrument.band = (0, 0, 0)
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

    def watch_bands(self, instrument: Instrument) -> bool:
        """Let the first trade set the bands; else notice when a best price comes to stand at one.

        Returns:
            Whether the bands were set.
        """
        reference, lower, upper = instrument.band
        if not instrument.rules.band_bps:
            return False
        if not reference and instrument.first_trade:
            self.set_bands(instrument, instrument.first_trade)
            return True
        bid, ask = instrument.best_pair()
        side = BUY if bid == upper else SELL if ask == lower else 0
        if not reference or instrument.phase != CONTINUOUS:
            side = 0
        if side != instrument.limit_side:
            instrument.limit_side, instrument.limit_ts = side, self.ts
            self.say_bands(instrument)
        return False

    def tick_bands(self, instrument: Instrument) -> None:
        """End a limit state that has lasted; or follow the mean of five minutes' trades."""
        reference = instrument.band[0]
        if not reference or instrument.phase != CONTINUOUS:
            return
        if instrument.limit_side and self.ts - instrument.limit_ts >= 15 * SECOND:
            self.change_phase(instrument, VOLATILITY)
            return
        since = self.ts // SECOND - 300
        while instrument.trades and instrument.trades[0][0] // SECOND <= since:
            instrument.trades.popleft()
        if self.ts - instrument.band_ts < 30 * SECOND or not instrument.trades:
            return
        mean = sum(price for _, price in instrument.trades) // len(instrument.trades)
        if abs(mean - reference) * 100 >= reference:
            self.set_bands(instrument, mean)
            self.settle(instrument)

    def indicative(self, number: int) -> Report:
        """Return where the auction would end if it ended now."""
        instrument = self.instruments[number]
        phase, end, far, surplus = instrument.phase, None, None, 0
        if phase in GATHERING:
            which = ON_CLOSE if phase == CLOSING else ON_OPEN
            end = self.auction_price(instrument, which)
            end = end and self.kept(instrument, which, end)
            far = self.auction_price(instrument, which, alone=True)
            far = far and self.kept(instrument, which, far, alone=True)
            surplus = end.surplus if end else self.market_surplus(instrument, which)
        traded = end is not None and end.volume > 0
        return {
            "report": "indicative",
            "instrument": number,
            "phase": phase,
            "price": end.price if end and traded else 0,
            "far": far.price if far and far.volume else 0,
            "paired": end.volume if end else 0,
            "imbalance": abs(surplus),
            "imbalance_side": BUY if surplus > 0 else SELL if surplus < 0 else 0,
            "reference": instrument.reference,
        }

    def market_surplus(self, instrument: Instrument, which: int) -> int:
        both = [self.taking_part(instrument, side, which) for side in (BUY, SELL)]
        buys, sells = (sum(o.leaves for o in s if o.pricing == MARKET) for s in both)
        return buys - sells

    def settle(self, instrument: Instrument) -> None:
        """Do what follows from a command."""
        raise NotImplementedError


def accepts(order: Order, price: int) -> bool:
    """Whether an order would trade at this price."""
    if order.pricing == MARKET:
        return True
    return order.price >= price if order.side == BUY else order.price <= price


def candidate(price: int, buys: Iterable[Order], sells: Iterable[Order]) -> Candidate:
    bought = sum(o.leaves for o in buys if accepts(o, price))
    sold = sum(o.leaves for o in sells if accepts(o, price))
    return Candidate(price, min(bought, sold), bought - sold)
