# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Execution quality: each figure on a story computed by hand, and journals of every kind."""

import pytest
from tests.models.quality_story import QUOTE_ID, Story

from onetape.errors import ConfigError, JournalCorruptError, JournalError
from onetape.events import (
    CancelOrder,
    CancelReason,
    Liquidity,
    MarketAction,
    ReportKind,
    SetQuote,
    Side,
    TimeInForce,
)
from onetape.pipeline.tca import FIGURES, ExecutionQuality

BUY, SELL = Side.BUY, Side.SELL
TAKER, MAKER = Liquidity.REMOVED, Liquidity.ADDED


@pytest.fixture
def story(tmp_path) -> Story:
    return Story(tmp_path / "journal").instrument(1).strategy(1, b"Alpha")


def measured(story: Story, **given) -> dict:
    (group,) = quality_of(story, **given).measure()
    return group.figures


def quality_of(story: Story, **given) -> ExecutionQuality:
    quality = ExecutionQuality(story.close(), **given)
    quality.update()
    return quality


def test_shortfall_is_delay_and_execution_and_opportunity_and_fees(story):
    # Buy 100: decided at a mid of 1000, sent at 1001, 60 filled at 1003, ended at 1010. Fee 6.00.
    story.venue(1, b"X").instrument(2, venue=1, tick_e9=1_000_000_000)
    story.book(999, 1_001, instrument=2)
    story.enter(1, BUY, 1_003, 100, instrument=2)
    decided = story.cause
    story.wait(1).book(1_000, 1_002, instrument=2)
    story.cause = decided
    story.wait(1).sent(1, BUY, 1_003, 100, instrument=2)
    story.wait(1).reported(ReportKind.ACCEPTED, 1, instrument=2)
    story.accepted(1, 1, BUY, 1_003, 100, instrument=2)
    story.reported(ReportKind.FILLED, 1, fee_e9=6 * 10**9, instrument=2)
    story.filled(1, 1, BUY, 1_003, 60, 40, liquidity=TAKER, instrument=2)
    story.book(1_009, 1_011, instrument=2)
    story.ask_cancel(1, instrument=2)
    story.canceled(1, 1, 40, instrument=2)
    found = measured(story)
    base = 100 * 1_000
    assert found["delay_bp"] == pytest.approx(1e4 * 60 * 1 / base)
    assert found["execution_bp"] == pytest.approx(1e4 * 60 * 2 / base)
    assert found["opportunity_bp"] == pytest.approx(1e4 * 40 * 10 / base)
    assert found["fees_bp"] == pytest.approx(1e4 * 6 / base)
    assert found["shortfall_bp"] == pytest.approx(1e4 * (60 * 3 + 40 * 10 + 6) / base)
    assert found["arrival_bp"] == pytest.approx(1e4 * 2 / 1_001)
    assert found["net_fee_bp"] == pytest.approx(1e4 * 6 / (60 * 1_003))
    assert found["fill_ratio_qty"] == 0.6


def test_a_sale_below_the_mid_costs_and_above_it_earns(story):
    story.book(999, 1_001)
    for number, price in ((1, 998), (2, 1_004)):
        story.enter(1, SELL, price, 10, strategy=number)
        story.accepted(number, 1, SELL, price, 10, strategy=number)
        story.filled(number, 1, SELL, price, 10, 0, liquidity=TAKER, strategy=number)
    found = [g.figures["arrival_bp"] for g in quality_of(story).measure(["strategy"])]
    assert found == [pytest.approx(20), pytest.approx(-40)]


def test_vwap_is_the_volume_that_printed_while_the_order_lived(story):
    story.book(999, 1_001).trade(500, 1_000)  # Before it.
    story.enter(1, BUY, 1_000, 10)
    story.accepted(1, 1, BUY, 1_000, 10)
    story.trade(1_002, 30)
    story.trade(1_006, 10)
    story.trade(9_000, 99, flags=2)  # Not printable.
    broken = story.trade(9_000, 99)
    story.market(MarketAction.BREAK, other=broken)
    story.filled(1, 1, BUY, 1_000, 10, 0)
    story.trade(9_000, 99)  # After it.
    found = measured(story)
    assert found["vwap_bp"] == pytest.approx(1e4 * (1_000 - 1_003) / 1_003)
    assert found["fill_given_touch"] == 1.0


def test_markouts_look_at_the_market_after_the_fill(story):
    story.book(999, 1_001)
    story.enter(1, BUY, 1_000, 10)
    story.accepted(1, 1, BUY, 1_000, 10)
    story.wait(1).filled(1, 1, BUY, 1_000, 10, 0)
    story.wait(5).book(997, 1_001)  # 999 from 5 ms on.
    story.wait(500).book(1_003, 1_005)  # 1004 from 505 ms on.
    story.wait(2_000).delete(999)
    found = measured(story)
    assert found["markout_1ms_bp"] == 0.0
    assert found["markout_10ms_bp"] == pytest.approx(-10.0)
    assert found["markout_100ms_bp"] == pytest.approx(-10.0)
    assert found["markout_1s_bp"] == pytest.approx(40.0)
    assert found["markout_10s_bp"] is None, "the journal ends before"
    assert found["effective_spread_bp"] == 0.0
    assert found["realised_1s_bp"] == pytest.approx(2e4 * -4 / 1_004)
    assert found["impact_1s_bp"] == pytest.approx(2e4 * 4 / 1_004)
    assert found["markout_1s_low_bp"] is None, "one fill says nothing of the next"


def test_an_interval_widens_with_what_differs_and_counts_blocks(story):
    story.book(999, 1_001)
    for number in range(1, 9):
        story.wait(100).enter(number, BUY, 1_000 + number % 3, 10)
        story.accepted(number, number, BUY, 1_000 + number % 3, 10)
        story.filled(number, number, BUY, 1_000 + number % 3, 10, 0)
    story.wait(100_000).add(SELL, 5_000)
    found = measured(story)
    width = found["markout_1ms_high_bp"] - found["markout_1ms_low_bp"]
    assert 5 < width < 30
    middle = (found["markout_1ms_high_bp"] + found["markout_1ms_low_bp"]) / 2
    assert middle == pytest.approx(found["markout_1ms_bp"])
    assert found["markout_10s_low_bp"] is None, "all fills lie in one block of ten seconds"


def test_a_replaced_order_stays_one_and_each_price_of_a_quote_is_one(story):
    story.book(999, 1_001)
    story.enter(1, BUY, 1_000, 100)
    story.accepted(1, 1, BUY, 1_000, 100)
    story.filled(1, 1, BUY, 1_000, 30, 70)
    story.ask_replace(1, 2, 1_001, 150)
    story.replaced(1, 2, 2, 1_001, 120)
    story.filled(2, 2, BUY, 1_001, 20, 100)
    story.canceled(2, 2, 40, leaves=60)
    quality = ExecutionQuality(story.path)
    quality.update()
    assert quality.facts.orders["qty_lots"].tolist() == [110]
    assert quality.facts.orders["filled_lots"].tolist() == [50]
    assert quality.measure()[0].figures["orders_open"] == 1
    story.quote(998, 1_003, 10)
    story.accepted(10, QUOTE_ID, BUY, 998, 10)
    story.quote(997, 1_003, 10)
    story.replaced(10, 11, QUOTE_ID + 1, 997, 10)
    story.filled(11, QUOTE_ID + 1, BUY, 997, 10, 0)
    quality.update()
    by = {g.labels["origin"]: g.figures for g in quality.measure(["origin"])}
    assert (by["quote"]["orders"], by["quote"]["orders_filled"]) == (2, 1)
    assert by["quote"]["shortfall_bp"] is None
    assert by["order"]["shortfall_bp"] is not None
    assert by["quote"]["cancel_ratio"] == 0.0, "a price that moved was not cancelled"


def test_order_to_trade_has_the_weights_of_rts_9(story):
    # New 1, replaced 2, cancelled 1, an IOC's remainder 1; a kill is not counted.
    story.book(999, 1_001)
    story.accepted(1, 1, BUY, 1_000, 100)
    story.ask_replace(1, 2, 1_001, 150)
    story.replaced(1, 2, 2, 1_001, 150)
    story.canceled(2, 2, 150, reason=CancelReason.USER)
    story.accepted(3, 3, BUY, 1_000, 50, tif=TimeInForce.IOC)
    story.filled(3, 3, BUY, 1_000, 20, 30, liquidity=TAKER)
    story.filled(3, 3, BUY, 1_000, 10, 20, liquidity=TAKER)
    story.canceled(3, 3, 20, reason=CancelReason.IOC)
    story.accepted(4, 4, BUY, 1_000, 60)
    story.canceled(4, 4, 60, reason=CancelReason.KILLED)
    found = measured(story)
    assert found["otr_messages"] == 1 + 2 + 1 + 1 + 1 + 1
    assert found["otr_count"] == pytest.approx(7 / 2 - 1)
    assert found["otr_volume"] == pytest.approx((100 + 150 + 50 + 60) / 30 - 1)
    assert found["cancel_ratio"] == 1.0


def test_without_a_trade_the_ratio_is_that_of_one(story):
    story.accepted(1, 1, BUY, 1_000, 100)
    story.canceled(1, 1, 100)
    found = measured(story)
    assert (found["otr_count"], found["otr_volume"]) == (1.0, 99.0)


def test_refusals_are_told_apart_by_who_refused(story):
    for client, reason in enumerate((2, 5, 64, 23, 41), start=1):
        story.enter(client, BUY, 1_000, 10)
        story.rejected(client, reason)
    story.accepted(9, 9, BUY, 1_000, 10)
    story.reported(ReportKind.REJECTED, 3)
    story.rejected(10, 5)  # The gate's code, but a venue said so.
    story.rejected(11, 42, command=CancelOrder.KIND)  # A cancel is no order.
    story.rejected(12, 23, command=SetQuote.KIND)
    found = measured(story)
    assert found["refused"] == 7
    assert found["reject_ratio"] == 7 / 8
    assert found["reject_ratio_gate"] == 3 / 8
    assert found["reject_ratio_desk"] == 1 / 8
    assert found["reject_ratio_venue"] == 3 / 8


def test_an_immediate_order_misses_what_was_shown_and_not_got(story):
    story.book(999, 1_001, qty=30)
    story.enter(1, BUY, 1_001, 100, tif=TimeInForce.IOC)
    story.accepted(1, 1, BUY, 1_001, 100, tif=TimeInForce.IOC)
    story.filled(1, 1, BUY, 1_001, 12, 88, liquidity=TAKER)
    story.canceled(1, 1, 88, reason=CancelReason.IOC)
    story.enter(2, BUY, 1_000, 100, tif=TimeInForce.IOC)  # Nothing was shown for it.
    story.accepted(2, 2, BUY, 1_000, 100, tif=TimeInForce.IOC)
    story.canceled(2, 2, 100, reason=CancelReason.IOC)
    found = measured(story)
    assert (found["missed_take_rate"], found["immediate_orders"]) == (0.6, 1)


def test_a_queue_is_what_stood_before_the_order(story):
    story.book(999, 1_001, qty=70)
    story.add(BUY, 999, 5)
    story.enter(1, BUY, 999, 10)
    story.accepted(1, 1, BUY, 999, 10)
    story.wait(250).filled(1, 1, BUY, 999, 10, 0)
    found = measured(story)
    assert found["queue_ahead_p50_lots"] == 75
    assert found["time_to_fill_p50_ns"] == 250_000_000
    assert found["maker_share"] == 1.0


def test_a_fee_schedule_stands_in_where_the_venue_says_nothing(story):
    story.book(999, 1_001)
    story.accepted(1, 1, BUY, 1_000, 10)
    story.filled(1, 1, BUY, 1_000, 10, 0, liquidity=MAKER)
    assert measured(story)["net_fee_bp"] is None
    quality = ExecutionQuality(story.path, fees=(-200, 300))
    quality.update()
    assert quality.measure()[0].figures["net_fee_bp"] == pytest.approx(-0.2)


def test_currencies_are_never_added_up(story):
    story.instrument(2, currency=b"EUR")
    for number in (1, 2):
        story.accepted(number, number, BUY, 100, 10, instrument=number)
        story.filled(number, number, BUY, 100, 10, 0, instrument=number)
    found = quality_of(story).measure()
    assert [(g.currency, g.figures["filled_notional"]) for g in found] == [
        ("EUR", 10.0),
        ("USD", 10.0),
    ]


def test_sums_beyond_64_bits_are_exact(story):
    price, qty = 1 << 50, 1 << 40
    story.book(price - 1, price + 1)
    story.enter(1, BUY, price, qty)
    story.accepted(1, 1, BUY, price, qty)
    story.filled(1, 1, BUY, price + 1, qty, 0, liquidity=TAKER)
    assert measured(story)["arrival_bp"] == 1e4 / price


def test_a_number_that_comes_again_on_another_day_is_another_order(story):
    story.instrument(2, venue=1).venue(1, b"X")
    for client, bid in ((1, 999), (2, 1_999)):
        story.wait(86_400_000).book(bid, bid + 2, instrument=2)
        story.enter(client, BUY, bid, 10, instrument=2)
        story.wait(3).sent(1, BUY, bid, 10, instrument=2)
        story.wait(4).reported(ReportKind.ACCEPTED, 1, instrument=2)
        story.accepted(client, client, BUY, bid, 10, instrument=2)
    facts = quality_of(story).facts
    assert facts.orders["arrival_mid2"].tolist() == [2_000, 4_000]
    assert facts.latencies["answer_ns"].tolist() == [4_000_000, 4_000_000]


def test_a_parents_shortfall_is_that_of_the_whole(story):
    # Buy 100, decided at 1000; first child at 1001; 60 filled at 1003 and 1006; closed at 1010.
    story.book(999, 1_001).open_parent(1, BUY, 100)
    story.book(1_000, 1_002)
    for client, price, qty in ((2, 1_003, 40), (3, 1_006, 20)):
        story.submit(client, BUY, price, qty, parent=1)
        story.accepted(client, client, BUY, price, qty)
        story.filled(client, client, BUY, price, qty, 0, liquidity=TAKER)
    story.book(1_009, 1_011)
    story.submit(4, BUY, 1_000, 5)  # Nobody's child.
    story.accepted(4, 4, BUY, 1_000, 5)
    quality = ExecutionQuality(story.path)
    quality.update()
    open_still = quality.measure()[0].figures
    assert open_still["parent_opportunity_bp"] == pytest.approx(1e4 * 40 * 10 / 100_000)
    story.close_parent(1)
    story.book(1_500, 1_502)  # After its end.
    quality.update()
    found = quality.measure()[0].figures
    assert (found["parents"], found["parent_fill_ratio"]) == (1, 0.6)
    assert found["parent_delay_bp"] == pytest.approx(1e4 * 60 * 1 / 100_000)
    assert found["parent_execution_bp"] == pytest.approx(1e4 * (40 * 2 + 20 * 5) / 100_000)
    assert found["parent_opportunity_bp"] == pytest.approx(1e4 * 40 * 10 / 100_000)
    assert found["parent_fees_bp"] is None
    assert found["parent_shortfall_bp"] == pytest.approx(1e4 * (60 + 180 + 400) / 100_000)
    labels = [g.labels["origin"] for g in quality.measure(["origin"])]
    assert labels == ["order", "parent"]


def test_a_closed_parent_is_not_done_while_a_child_lives(story):
    story.book(999, 1_001).open_parent(1, BUY, 10)
    story.submit(2, BUY, 990, 10, parent=1)
    story.accepted(2, 2, BUY, 990, 10)
    story.close_parent(1)
    story.book(1_009, 1_011)
    assert measured(story)["parent_opportunity_bp"] == pytest.approx(100)


def test_a_parent_without_children_is_only_what_was_left_undone(story):
    story.book(999, 1_001).open_parent(1, SELL, 10)
    story.book(989, 991).close_parent(1)
    found = measured(story)
    assert (found["parents"], found["parent_fill_ratio"], found["parent_delay_bp"]) == (1, 0.0, 0.0)
    assert found["parent_opportunity_bp"] == found["parent_shortfall_bp"] == pytest.approx(100)


# Journals of every kind


def test_a_journal_without_orders_says_nothing_rather_than_zero(story):
    story.book(999, 1_001)
    assert quality_of(story).measure() == []


def test_without_market_data_only_what_fills_say_is_known(story):
    story.enter(1, BUY, 1_000, 10)
    story.accepted(1, 1, BUY, 1_000, 10)
    story.filled(1, 1, BUY, 1_000, 10, 0, liquidity=TAKER, arrival_mid2=1_998)
    found = measured(story)
    assert found["arrival_bp"] == pytest.approx(1e4 / 999)
    known = {name for name, value in found.items() if value is not None}
    assert not {n for n in known if n.startswith(("realised", "impact", "vwap_bp"))}
    assert found["markout_1s_bp"] is None
    assert found["fill_given_touch"] is None


@pytest.mark.parametrize(("bid", "ask"), [(1_002, 1_001), (0, 1_001), (999, 0)])
def test_a_crossed_or_one_sided_book_has_no_mid(story, bid, ask):
    for side, price in ((BUY, bid), (SELL, ask)):
        if price:
            story.add(side, price)
    story.enter(1, BUY, 1_000, 10)
    story.accepted(1, 1, BUY, 1_000, 10)
    story.filled(1, 1, BUY, 1_000, 10, 0, liquidity=TAKER)
    found = measured(story)
    assert [found[n] for n in ("arrival_bp", "shortfall_bp", "effective_spread_bp")] == [None] * 3
    assert (found["arrival_orders"], found["shortfall_orders"]) == (0, 0)


def test_a_fill_of_an_order_that_nobody_knows_is_counted_and_no_more(story):
    story.filled(7, 7, BUY, 1_000, 10, 0)
    story.canceled(8, 8, 10)
    found = measured(story)
    assert (found["fills"], found["orders"], found["arrival_orders"]) == (1, 0, 0)


def test_it_follows_a_journal_that_is_written(story):
    quality = ExecutionQuality(story.path)
    assert quality.update() == story.cause
    assert quality.measure() == []
    story.accepted(1, 1, BUY, 1_000, 10)
    assert (quality.update(), quality.update()) == (1, 0)
    assert quality.measure(["strategy"])[0].labels == {"strategy": "Alpha"}
    assert quality.last_seq == story.cause + 1


def test_a_torn_tail_is_read_to_the_last_whole_entry(story, tmp_path):
    first = story.accepted(1, 1, BUY, 1_000, 10)
    story.accepted(2, 2, BUY, 1_234_567, 10)
    segment = next(story.path.glob("*.seg"))
    data = bytearray(segment.read_bytes())
    torn_at = data.index((1_234_567).to_bytes(8, "little"))
    data[torn_at:] = bytes(len(data) - torn_at)  # The machine died before it was all on disk.
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / segment.name).write_bytes(bytes(data))
    quality = ExecutionQuality(tmp_path / "torn")
    assert quality.update() == first
    assert (quality.is_torn, quality.last_seq) == (True, first)
    assert quality.measure()[0].figures["orders"] == 1


def test_damage_is_named_after_what_is_whole_was_taken_in(story):
    first = story.accepted(1, 1, BUY, 1_000, 10)
    story.accepted(2, 2, BUY, 1_234_567, 10)
    segment = next(story.close().glob("*.seg"))
    data = bytearray(segment.read_bytes())
    data[data.index((1_234_567).to_bytes(8, "little"))] ^= 1
    segment.write_bytes(bytes(data))
    quality = ExecutionQuality(story.path)
    with pytest.raises(JournalCorruptError):
        quality.update()
    assert quality.last_seq == first
    assert quality.measure()[0].figures["orders"] == 1


def test_there_must_be_a_journal_and_a_dimension_must_exist(story, tmp_path):
    with pytest.raises(JournalError):
        ExecutionQuality(tmp_path / "nothing")
    with pytest.raises(ConfigError, match="colour") as caught:
        quality_of(story).measure(["colour"])
    assert caught.value.code == "TCA-001"


def test_every_figure_has_a_definition(story):
    story.accepted(1, 1, BUY, 1_000, 10)
    assert set(measured(story)) == {figure.name for figure in FIGURES}
