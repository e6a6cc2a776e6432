# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""An exchange of one's own, and two members who trade on it over OUCH 5.0."""

import asyncio
import threading
from pathlib import Path

from onetape.config import Secret, load
from onetape.exchange.client import OuchClient, OuchPlace
from onetape.exchange.config import SECTIONS
from onetape.exchange.server import Exchange
from onetape.wire import ouch50

CONFIG = """
[exchange]
journal = "ouch-data"
phase = "continuous"
[gateway]
ouch50 = "127.0.0.1:0"
[market.instruments.TAPE]
[members.firms.ALFA]
[members.firms.BETA]
[members.ports.ALFA1]
firm = "ALFA"
password = "alfa"
[members.ports.BETA1]
firm = "BETA"
password = "beta"
"""


async def trade(port: int) -> None:
    """Alfa bids for 100 at 25.00; Beta sells 60 of them."""
    alfa = OuchPlace("ALFA1", Secret("alfa"), "127.0.0.1", port)
    beta = OuchPlace("BETA1", Secret("beta"), "127.0.0.1", port)
    async with OuchClient(alfa) as buyer, OuchClient(beta) as seller:
        bid = buyer.enter("TAPE", "B", 100, 250_000)
        async for event in buyer:
            message = event.message
            print(event.sequence, message)
            if isinstance(message, ouch50.OrderAccepted):
                seller.enter("TAPE", "S", 60, 250_000, time_in_force="3")
            elif isinstance(message, ouch50.OrderExecuted):
                buyer.cancel(bid)
            elif isinstance(message, ouch50.OrderCanceled):
                return


def main() -> None:
    """Start the exchange, trade, stop it."""
    path = Path("ouch.toml")
    path.write_text(CONFIG, "utf-8")
    with Exchange(load(path, SECTIONS)) as exchange:
        ready = threading.Event()
        engine = threading.Thread(target=lambda: exchange.run(on_ready=ready.set))
        engine.start()
        try:
            ready.wait(30)
            asyncio.run(trade(int(exchange.addresses()["ouch50"].rpartition(":")[2])))
        finally:
            exchange.stop()
            engine.join()


if __name__ == "__main__":
    main()
