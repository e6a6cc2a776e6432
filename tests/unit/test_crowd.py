# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The crowd over a plain exchange: the same seed the same orders, and each kind does its part."""

import random

import pytest
from tests.models.plain_port import PlainPort

from onetape.errors import ConfigError
from onetape.events import Side
from onetape.sim.crowd import (
    Canceled,
    Crowd,
    CrowdConfig,
    Desk,
    Entering,
    Filled,
    Institution,
    Instrument,
    Maker,
    Prices,
    Rejected,
    Replaced,
)
from onetape.sim.crowd.config import (
    InstitutionsConfig,
    MakersConfig,
    MomentumConfig,
    NewsConfig,
    ZeroIntelligenceConfig,
)

ONE, TWO = Instrument("ONE", 1_000_000, 100), Instrument("TWO", 250_000, 100)
MS = 1_000_000
NOBODY = {
    "zero_intelligence": ZeroIntelligenceConfig(agents=0),
    "makers": MakersConfig(agents=0),
    "momentum": MomentumConfig(agents=0),
    "institutions": InstitutionsConfig(agents=0),
}


def drive(crowd: Crowd, ports: list[PlainPort], seconds: float, step_ms: int = 5) -> None:
    for now_ns in range(0, int(seconds * 1_000) * MS, step_ms * MS):
        crowd.step(now_ns)
        for port in ports:
            port.settle()


def crowd_of(port: PlainPort, *, instruments=(ONE, TWO), market=True, **config) -> Crowd:
    return Crowd(CrowdConfig(**config), [port], instruments, port if market else None)


def only(**kinds) -> dict[str, object]:
    return NOBODY | kinds


@pytest.fixture
def port() -> PlainPort:
    return PlainPort()


def test_the_same_seed_and_answers_give_the_same_orders_and_another_seed_others():
    said = []
    for seed in (5, 5, 6):
        port = PlainPort()
        drive(crowd_of(port, seed=seed), [port], 4)
        said.append(port.said)
    assert said[0] == said[1]
    assert len(said[0]) > 1_000
    assert said[2] != said[0]


def test_what_an_agent_does_does_not_depend_on_when_it_is_stepped(port):
    """The order of a batch is that of the times: steps of another length ask for the same."""
    other = PlainPort()
    config = only(zero_intelligence=ZeroIntelligenceConfig(agents=3, cancels_per_s=0.0))
    drive(crowd_of(port, market=False, walk_bps=0.0, **config), [port], 2, step_ms=1)
    drive(crowd_of(other, market=False, walk_bps=0.0, **config), [other], 2, step_ms=1)
    assert port.said == other.said


def test_a_crowd_makes_a_market_with_two_sides_that_trades(port):
    crowd = crowd_of(port)
    drive(crowd, [port], 10)
    result = crowd.result(10.0)
    assert [k.kind for k in result.kinds] == [
        "market maker", "zero intelligence", "momentum", "institution",
    ]  # fmt: skip
    assert {symbol for symbol, _, _ in port.trades} == {"ONE", "TWO"}
    for symbol in ("ONE", "TWO"):
        bid, ask = port.touch(symbol)
        assert bid
        assert bid < ask
    assert all(kind.fills for kind in result.kinds)
    assert sum(k.position_lots for k in result.kinds) == 0
    bought, sold = (sum(getattr(k, n) for k in result.kinds) for n in ("bought_lots", "sold_lots"))
    assert bought == sold == sum(lots for _, _, lots in port.trades)
    assert result.sent == len(port.said)


def test_profits_sum_to_zero_before_fees(port):
    crowd = crowd_of(port)
    drive(crowd, [port], 5)
    assert sum(k.profit_ticklots for k in crowd.result(5.0).kinds) == 0


def test_leaving_cancels_every_order(port):
    crowd = crowd_of(port)
    drive(crowd, [port], 3)
    assert crowd.live > 20
    crowd.cancel_all()
    port.settle()
    assert (crowd.live, port.book, crowd.cancel_all()) == (0, [], 0)


def test_rates_are_kept_and_scaled(port):
    config = only(
        zero_intelligence=ZeroIntelligenceConfig(
            agents=10, limits_per_s=30.0, markets_per_s=5.0, cancels_per_s=0.0, orders_max=10_000
        )
    )
    drive(crowd_of(port, **config), [port], 10)
    assert 3_200 < len(port.said) < 3_800
    double = PlainPort()
    drive(crowd_of(double, rate_percent=200, **config), [double], 10)
    assert 6_500 < len(double.said) < 7_500


def test_an_agent_of_rate_zero_never_acts(port):
    config = only(momentum=MomentumConfig(agents=2, looks_per_s=0.0))
    crowd = crowd_of(port, **config)
    assert (crowd.agents, crowd.step(1 << 40)) == ([], 0)


def test_an_agent_that_is_refused_again_and_again_waits_and_comes_back(port, monkeypatch):
    config = only(zero_intelligence=ZeroIntelligenceConfig(agents=1, cancels_per_s=0.0))
    crowd = crowd_of(port, **config)
    enter = port.enter

    def halted(desk: Desk, order: Entering) -> int:
        port._last += 1
        port.said.append(("refused", port._last))
        port._answers.append((desk, Rejected(port._last, "halted")))
        return port._last

    monkeypatch.setattr(port, "enter", halted)
    drive(crowd, [port], 5)
    assert 8 <= len(port.said) < 16  # 110 without the wait
    monkeypatch.setattr(port, "enter", enter)
    port.said.clear()
    for now_ms in range(5_000, 9_000, 5):
        crowd.step(now_ms * MS)
        port.settle()
    assert len(port.said) > 40


# Makers


def maker(port: PlainPort, position: int = 0, **config) -> Maker:
    prices = Prices(ONE, random.Random(1), 0.0)
    made = Maker(Desk("maker", port), prices, random.Random(1), MakersConfig(**config))
    made.desk.positions["ONE"] = position
    made.act(0)
    port.settle()
    return made


def quotes(port: PlainPort) -> dict[Side, list[int]]:
    return {side: sorted(r.order.price_ticks for r in port.queue("ONE", side)) for side in Side}


def test_a_maker_quotes_its_levels_around_the_middle(port):
    maker(port)
    assert quotes(port) == {
        Side.BUY: [999_600, 999_700, 999_800],
        Side.SELL: [1_000_200, 1_000_300, 1_000_400],
    }


def test_a_maker_that_is_long_quotes_lower_and_at_its_limit_no_bid(port):
    maker(port, position=2_500)
    assert quotes(port)[Side.BUY][-1] == 999_800 - 300
    full = PlainPort()
    maker(full, position=5_000)
    assert quotes(full) == {Side.BUY: [], Side.SELL: [999_600, 999_700, 999_800]}


def test_a_maker_moves_what_stands_wrong_and_leaves_what_stands_right(port):
    made = maker(port)
    port.said.clear()
    made.act(1)
    assert port.said == []
    made.prices.fundamental_ticks = made.prices.last_ticks = 1_001_000
    made.act(2)
    assert {word for word, *_ in port.said} == {"replace"}
    port.settle()
    assert quotes(port)[Side.SELL] == [1_001_200, 1_001_300, 1_001_400]


def test_a_maker_fills_up_an_order_that_was_half_taken(port):
    made = maker(port, levels=1)
    taker = Desk("taker", port)
    taker.enter(Entering("ONE", Side.BUY, 1_000_200, 150, is_ioc=True))
    port.settle()
    assert (made.desk.positions["ONE"], taker.positions["ONE"]) == (-150, 150)
    made.act(1)
    port.settle()
    (ask,) = port.queue("ONE", Side.SELL)
    assert ask.leaves == 200


# News


def test_news_moves_the_price_widens_the_makers_and_wakes_the_followers(port):
    config = only(
        makers=MakersConfig(agents=1, fundamental_percent=100),
        momentum=MomentumConfig(agents=2),
        news={"bad": NewsConfig(at_s=2.0, symbol="ONE", move_bps=-100, widen=4, widen_s=1.0)},
    )
    crowd = crowd_of(port, instruments=(ONE,), walk_bps=0.0, **config)
    prices = crowd.prices["ONE"]
    drive(crowd, [port], 1.9)
    assert prices.fundamental_ticks == 1_000_000
    spread = port.touch("ONE")[1] - port.touch("ONE")[0]
    crowd.step(2_001 * MS)
    port.settle()
    assert (prices.fundamental_ticks, prices.widen) == (990_000, 4)
    followers = [agent for agent in crowd.agents if agent.kind == "momentum"]
    assert all(agent.desk.positions["ONE"] < 0 for agent in followers)
    for now_ms in range(2_002, 2_900):
        crowd.step(now_ms * MS)
        port.settle()
    wide = port.touch("ONE")[1] - port.touch("ONE")[0]
    assert abs(wide - 4 * spread) <= 200  # rounded against inventory
    crowd.step(3_100 * MS)
    assert (prices.widen, crowd.result(3.0).news) == (1, 1)


def test_news_of_an_instrument_there_is_not_is_refused(port):
    with pytest.raises(ConfigError, match=r"crowd\.news\.odd: there is no instrument SIX"):
        crowd_of(port, news={"odd": NewsConfig(at_s=1.0, symbol="SIX")})


def test_a_crowd_without_ports_is_refused():
    with pytest.raises(ConfigError, match="found 0 ports and 1 instruments"):
        Crowd(CrowdConfig(), [], [ONE])


def test_the_fundamental_walks_the_same_however_often_it_is_looked_at():
    often, seldom = (Prices(ONE, random.Random(3), 50.0) for _ in range(2))
    for now_ms in range(0, 10_001, 7):
        often.advance(now_ms * MS)
    often.advance(10_000 * MS)
    seldom.advance(10_000 * MS)
    assert often.fundamental_ticks == seldom.fundamental_ticks != 1_000_000


# Institutions


def test_an_institution_trades_all_of_its_order_in_slices_and_not_a_lot_more(port):
    deep = Desk("deep", port)
    for side, price in ((Side.BUY, 990_000), (Side.SELL, 1_010_000)):
        deep.enter(Entering("ONE", side, price, 1_000_000))
    config = InstitutionsConfig(lots=1_000, slices=10, duration_s=1, pause_s=0)
    prices = Prices(ONE, random.Random(1), 0.0, market=port)
    agent = Institution(Desk("institution", port), [prices], random.Random(2), config)
    done = []
    for now in range(22):
        agent.act(now)
        port.settle()
        done.append(agent.done_lots)
    # Shown, pulled, and taken a slice later, to the lot; then the next order begins.
    assert done[:21:2] == [100 * n for n in range(11)]
    assert sum(lots for _, _, lots in port.trades) == 1_000
    assert agent.done_lots == 0


# Desks


def test_a_fill_that_crosses_a_replace_counts_and_buries_both(port):
    desk = Desk("desk", port)
    order = desk.enter(Entering("ONE", Side.BUY, 900_000, 100))
    port.settle()
    desk.move(order, 900_100, 100)
    desk.hear(Filled(order.number, 900_000, 100, True))
    assert (desk.positions["ONE"], desk.orders) == (100, {})
    assert desk.cash["ONE"] == -90_000_000


def test_a_replace_that_is_refused_leaves_the_order(port):
    desk = Desk("desk", port)
    order = desk.enter(Entering("ONE", Side.BUY, 900_000, 100))
    port.settle()
    desk.move(order, 900_100, 100)
    desk.hear(Rejected(order.next_number, "no"))
    assert (list(desk.orders), order.is_waiting, order.next_number) == ([1], False, 0)
    desk.move(order, 900_200, 100)
    assert order.is_waiting


def test_an_order_with_an_answer_to_come_is_not_moved_and_none_is_cancelled_twice(port):
    desk = Desk("desk", port)
    order = desk.enter(Entering("ONE", Side.BUY, 900_000, 100))
    desk.move(order, 900_100, 100)
    assert desk.tally.replaced == 0
    desk.cancel(order)
    desk.cancel(order)
    assert desk.tally.cancels == 1


def test_a_replacement_that_is_dead_at_once_and_a_cut_are_understood(port):
    desk = Desk("desk", port)
    order = desk.enter(Entering("ONE", Side.BUY, 900_000, 100))
    port.settle()
    desk.hear(Canceled(1, 40, "user"))
    assert order.leaves_lots == 60
    desk.hear(Replaced(1, 2, 900_000, 60, False))
    assert desk.orders == {}
    desk.hear(Canceled(7, 1, "of nobody"))
