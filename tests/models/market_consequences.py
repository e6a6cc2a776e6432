# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What follows a command in the plain market: pegs (8), size conditions (9), stops (7)."""

from __future__ import annotations

from tests.models.market_auction import Auctions
from tests.models.market_orders import (
    BUY,
    CONTINUOUS,
    MARKET,
    MIDPOINT,
    PRICE_MAX,
    PRIMARY,
    SELL,
    TRIGGER,
    Instrument,
    Order,
    opposite,
)


class Consequences(Auctions):
    """Runs 8, 9 and one stop of 7, again and again, until nothing happens."""

    def settle(self, instrument: Instrument) -> None:
        while instrument.phase == CONTINUOUS:
            happened = self.follow(instrument)
            if instrument.rested:
                instrument.rested = False
                happened = self.wake(instrument) or happened
            happened = self.trigger(instrument) or happened
            if not happened and not self.watch_bands(instrument):
                return
        self.watch_bands(instrument)

    # Pegs (8).

    def peg_price(self, peg: Order) -> int:
        """Return the price a peg should have now; 0 when it must wait."""
        instrument = self.instruments[peg.instrument]
        bid, ask = instrument.best_pair()
        offset = peg.offset if peg.side == BUY else -peg.offset
        if peg.pricing == MIDPOINT:
            if not (bid and ask):
                return 0
            price = (bid + ask) // 2 + offset
        else:
            side = peg.side if peg.pricing == PRIMARY else opposite(peg.side)
            best = bid if side == BUY else ask
            if not best:
                return 0
            ladder, price = instrument.ladder, best + offset
            price = ladder.down(price) if peg.side == BUY else ladder.up(price)
        if peg.cap:
            price = min(price, peg.cap) if peg.side == BUY else max(price, peg.cap)
        price = self.banded(peg.side, price, instrument)
        return price if 0 < price <= PRICE_MAX else 0

    def follow(self, instrument: Instrument) -> bool:
        """Price every peg again, lowest id first."""
        happened = False
        for _, peg in sorted(instrument.pegs.items()):
            if not peg.place:
                continue
            price = self.peg_price(peg)
            if price == peg.price:
                continue
            self.move_peg(instrument, peg, price)
            happened = True
            if price:
                peg.place = ""
                self.come(peg)
        return happened

    # Size conditions (9).

    def wake(self, instrument: Instrument) -> bool:
        happened = False
        while instrument.conditioned:
            before = self.match_id_last
            both = [*instrument.sides[BUY], *instrument.sides[SELL]]
            for order in [o for o in both if o.conditioned]:
                limit = self.banded(order.side, order.price, instrument)
                if order.place and self.can_trade(order, limit) >= order.wanted():
                    self.take(order, limit)
            if self.match_id_last == before:
                break
            happened = True
        return happened

    # Stops (7).

    def trigger(self, instrument: Instrument) -> bool:
        """Let the lowest stop in that a trade has reached."""
        reached = [number for number, stop in instrument.stops.items() if stop.reached]
        if not reached:
            return False
        stop = instrument.stops.pop(min(reached))
        stop.place, stop.stop = "", None
        if stop.pricing != MARKET:
            stop.price = self.banded(stop.side, stop.price, instrument)
        self.restate(stop, TRIGGER)
        self.come(stop)
        return True
