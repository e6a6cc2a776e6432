# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The synthetic flow, whatever the seed: references are live, no book is crossed, counts hold.

The core has the same test in Rust, with queue positions; this one reads the bytes by itself.
"""

from collections import Counter, defaultdict

from hypothesis import given
from hypothesis import strategies as st

from onetape._native import MarketSource
from onetape.events import PacketReceived


def number(message: bytes, at: int, length: int) -> int:
    return int.from_bytes(message[at : at + length], "big")


class Checker:
    """Panics at any message that a market could not have sent."""

    def __init__(self) -> None:
        self.orders: dict[int, list[int]] = {}
        self.levels: dict[tuple[int, str], Counter[int]] = defaultdict(Counter)
        self.kinds: Counter[str] = Counter()

    def join(self, ref: int, locate: int, side: str, qty: int, price: int) -> None:
        assert qty > 0
        assert price > 0
        assert ref not in self.orders
        other = [p for p, n in self.levels[locate, "S" if side == "B" else "B"].items() if n]
        assert not other or (price < min(other) if side == "B" else price > max(other))
        self.orders[ref] = [locate, ord(side), qty, price]
        self.levels[locate, side][price] += 1

    def leave(self, ref: int, locate: int) -> str:
        at, side, _, price = self.orders.pop(ref)
        assert at == locate
        self.levels[locate, chr(side)][price] -= 1
        return chr(side)

    def take(self, m: bytes) -> None:
        kind, locate = chr(m[0]), number(m, 1, 2)
        self.kinds[kind] += 1
        if kind == "A":
            self.join(number(m, 11, 8), locate, chr(m[19]), number(m, 20, 4), number(m, 32, 4))
        elif kind in "EX":
            ref, qty = number(m, 11, 8), number(m, 19, 4)
            order = self.orders[ref]
            assert 0 < qty <= order[2]
            order[2] -= qty
            if order[2] == 0:
                self.leave(ref, locate)
        elif kind == "D":
            self.leave(number(m, 11, 8), locate)
        elif kind == "U":
            side = self.leave(number(m, 11, 8), locate)
            self.join(number(m, 19, 8), locate, side, number(m, 27, 4), number(m, 31, 4))


@given(
    seed=st.integers(0, 2**64 - 1),
    symbols=st.integers(1, 12),
    messages=st.integers(60, 1_500),
    preset=st.sampled_from(["demo", "benchmark"]),
)
def test_every_message_is_one_that_a_market_could_send(
    seed: int, symbols: int, messages: int, preset: str
):
    native = MarketSource.synthetic(
        seed, preset=preset, symbols=symbols, messages=messages, live_orders=symbols * 10
    )
    checker, last = Checker(), 0
    while (item := native.next()) is not None:
        ts_ns, kind, _, body = item
        message = body[PacketReceived.SIZE :]
        assert kind == PacketReceived.KIND
        assert ts_ns == native.midnight_ns + number(message, 5, 6) >= last
        last = ts_ns
        checker.take(message)
    assert checker.kinds.total() == messages
    assert checker.kinds["R"] == checker.kinds["H"] == symbols


def test_a_seed_gives_the_same_bytes_twice():
    first, second = (MarketSource.synthetic(9, messages=100_000).drain() for _ in range(2))
    assert first == second
    assert first[0] == 100_000
    assert MarketSource.synthetic(10, messages=100_000).drain()[1] != first[1]
