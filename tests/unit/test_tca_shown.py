# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What execution quality shows: the command, the files, the page."""

import json
import re
from html.parser import HTMLParser

import pyarrow.parquet as pq
import pytest
from tests.models.quality_story import QUOTE_ID, Story

from onetape.cli import main
from onetape.events import CancelReason, Liquidity, OrderFormat, ReportKind, Side, VenueMessageSent
from onetape.events import VenueMessageReceived as Received
from onetape.pipeline.tca import ExecutionQuality

BUY, SELL = Side.BUY, Side.SELL
US = 0.001


@pytest.fixture
def story(tmp_path) -> Story:
    """Two strategies at an adapter's venue; one of them also quotes."""
    story = Story(tmp_path / "journal").venue(1, b"Alpha <venue>")
    story.instrument(1, symbol=b"ACME", venue=1).strategy(1, b"Taker").strategy(2, b"Maker & Co")
    story.book(999, 1_001, qty=50)
    for number in range(1, 8):
        story.wait(700).enter(number, BUY, 1_001, 10)
        story.wait(30 * US).sent(number, BUY, 1_001, 10)
        story.wait((100 + number) * US).reported(ReportKind.ACCEPTED, number)
        story.accepted(number, number, BUY, 1_001, 10)
        story.wait(5).reported(ReportKind.FILLED, number, fee_e9=3_000_000)
        story.filled(number, number, BUY, 1_001, 10, 0, liquidity=Liquidity.REMOVED)
    story.enter(8, BUY, 1_001, 10)
    story.rejected(8, 3)
    story.quote(998, 1_002, 5, strategy=2)
    story.accepted(50, QUOTE_ID, SELL, 1_002, 5, strategy=2)
    story.wait(3).trade(1_002, 7)
    story.canceled(50, QUOTE_ID, 5, strategy=2, reason=CancelReason.QUOTE)
    story.wait(70_000).add(SELL, 1_300)
    return story


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


def test_the_command_says_it_in_words(story, capsys):
    code, said, _ = run(capsys, "tca", story.close())
    assert code == 0
    assert re.search(r"^arrival slippage +10\.000 bp$", said, re.M)
    assert re.search(r"^shortfall +10\.300 bp$", said, re.M), "10 of execution and 0.3 of fees"
    assert re.search(r"^Taker +7 +7 +100\.0 %", said, re.M)
    assert re.search(r"^Maker & Co +1 +0 +0\.0 %", said, re.M)
    assert re.search(r"^ORDER_NOTIONAL +risk gate +EnterOrder +1$", said, re.M)
    assert re.search(r"^Alpha <venue> +new +intent to sent +7 +30\.00 µs +30\.00 µs", said, re.M)
    assert re.search(r"new +sent to answered +7 +104\.00 µs +107\.00 µs", said, re.M)


def test_a_torn_journal_is_shown_and_said_to_be_torn(story, capsys, tmp_path):
    segment = next(story.path.glob("*.seg"))
    data = bytearray(segment.read_bytes())
    torn_at = data.rindex((1_300).to_bytes(8, "little"))
    data[torn_at:] = bytes(len(data) - torn_at)
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / segment.name).write_bytes(bytes(data))
    code, said, trouble = run(capsys, "tca", tmp_path / "torn")
    assert code == 6
    assert re.search(r"^arrival slippage +10\.000 bp$", said, re.M)
    assert "died inside an entry" in trouble


def test_json_has_null_where_there_is_no_data(story, capsys):
    code, said, _ = run(capsys, "tca", story.close(), "--json", "--by", "side,venue")
    assert code == 0
    found = json.loads(said)
    (total,) = found["totals"]
    assert total["figures"]["missed_take_rate"] is None
    assert total["figures"]["arrival_bp"] == 10.0
    assert [g["labels"] for g in found["groups"]["side,venue"]] == [
        {"side": "buy", "venue": "Alpha <venue>"},
        {"side": "sell", "venue": "Alpha <venue>"},
    ]
    assert found["latencies"][0]["p50_ns"] == 30_000


def test_files_hold_the_figures_and_the_facts(story, capsys, tmp_path):
    code, said, _ = run(capsys, "tca", story.close(), "--out", tmp_path / "out")
    assert (code, "6 files written" in said) == (0, True)
    figures = pq.read_table(tmp_path / "out/figures.parquet")
    by = {(r["by"], r["strategy"]): r for r in figures.to_pylist()}
    assert by["strategy", "Taker"]["arrival_bp"] == 10.0
    assert by["strategy", "Maker & Co"]["arrival_bp"] is None
    assert figures.schema.field("arrival_bp").metadata[b"unit"] == b"bp"
    fills = pq.read_table(tmp_path / "out/fills.parquet").to_pylist()
    assert {f["fee_e9"] for f in fills} == {3_000_000}
    assert fills[0]["after_1s_mid2_ticks"] == 2_000
    orders = pq.read_table(tmp_path / "out/orders.parquet").to_pylist()
    assert [o["queue_lots"] for o in orders][-1] == 0
    messages = pq.read_table(tmp_path / "out/messages.parquet").to_pylist()
    assert messages[0]["answer_ns"] == 101_000
    assert pq.read_table(tmp_path / "out/refusals.parquet").num_rows == 1


class Reader(HTMLParser):
    """Checks that every tag is closed, and gathers what the page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.loads += [v for n, v in attrs if n in {"src", "href", "srcset"}]
        assert tag != "script"
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        del tag, attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_whole_and_loads_nothing(story, tmp_path):
    quality = ExecutionQuality(story.close())
    quality.update()
    page = quality.write(tmp_path / "out")[0].read_text("utf-8")
    reader = Reader()
    reader.feed(page)
    assert (reader.open, reader.loads) == ([], [])
    assert not re.search(r"url\(|@import|https?://", page)
    assert "Alpha &lt;venue&gt;" in page
    assert "Alpha <venue>" not in page
    assert "Maker &amp; Co" in page
    assert page.count("<svg") >= 3
    assert "prefers-color-scheme: dark" in page


def test_a_page_of_nothing_says_so(tmp_path):
    quality = ExecutionQuality(Story(tmp_path / "journal").close())
    quality.update()
    page = quality.write(tmp_path / "out")[0].read_text("utf-8")
    assert "No order, fill or refusal stands in this journal." in page
    assert "no data" in page
    assert not re.search(r"\bnan\b", page)


def test_raw_messages_of_a_venue_are_timed_too(tmp_path):
    story = Story(tmp_path / "journal").venue(1, b"X", adapter=False).instrument(1, venue=1)

    def sent(message: bytes) -> None:
        story.put(VenueMessageSent(cause_seq=story.cause, venue_id=1, format=OrderFormat.OUCH50,
                                   reserved=0, tail=message), source=0)  # fmt: skip

    def received(message: bytes) -> None:
        story.put(Received(venue_id=1, format=OrderFormat.OUCH50, reserved=0, tail=message))

    def number(n: int) -> bytes:
        return n.to_bytes(4, "big")

    for n in (1, 300):
        story.enter(n, BUY, 100, 10)
        story.wait(0.5)
        sent(b"O" + number(n) + bytes(42))
    story.wait(2)
    received(b"A" + bytes(8) + number(300) + bytes(49))
    story.accepted(9, 300, BUY, 100, 10)
    story.wait(1)
    received(b"J" + bytes(8) + number(1) + bytes(18))
    story.rejected(1, 23)
    story.ask_cancel(300)
    sent(b"X" + number(300) + bytes(4))
    story.wait(4)
    received(b"C" + bytes(8) + number(300) + bytes(6))
    story.canceled(9, 300, 10)
    quality = ExecutionQuality(story.close())
    quality.update()
    took = {(r.message, r.step): (r.count, r.p50_ns, r.max_ns) for r in quality.report().latencies}
    assert took == {
        ("new", "intent to sent"): (2, 500_000, 500_000),
        ("new", "sent to answered"): (2, 2_000_000, 3_500_000),
        ("cancel", "intent to sent"): (1, 0, 0),
        ("cancel", "sent to answered"): (1, 4_000_000, 4_000_000),
    }
    arrived = quality.facts.orders["arrival_ts_ns"]
    assert arrived.tolist() == [story.told[0][1] + 1_000_000]
    assert quality.measure()[0].figures["reject_ratio_venue"] == 0.5


def test_two_runs_are_compared_figure_by_figure(story, capsys, tmp_path):
    other = Story(tmp_path / "other").instrument(1)
    other.book(999, 1_001)
    for number in (1, 2):
        other.enter(number, BUY, 1_001, 10)
        other.accepted(number, number, BUY, 1_001, 10)
    other.filled(1, 1, BUY, 1_002, 10, 0, liquidity=Liquidity.REMOVED)
    other.instrument(2, currency=b"EUR").accepted(9, 9, SELL, 10, 1, instrument=2)
    code, said, _ = run(capsys, "tca", story.close(), "--against", other.close(), "--json")
    assert code == 0
    gaps = {(g["currency"], g["figure"]): g for g in json.loads(said)["against"]}
    arrival = gaps["USD", "arrival_bp"]
    assert (arrival["here"], arrival["there"], arrival["difference"]) == (10.0, 20.0, -10.0)
    assert gaps["USD", "fill_ratio_orders"]["difference"] == 7 / 8 - 1 / 2
    assert gaps["EUR", "fill_ratio_orders"]["here"] is None
    assert gaps["EUR", "fill_ratio_orders"]["difference"] is None
    assert ("EUR", "arrival_bp") not in gaps
    code, said, _ = run(capsys, "tca", story.path, "--against", other.path)
    assert code == 0
    assert re.search(r"^USD +arrival slippage +10\.000 bp +20\.000 bp +-10\.000 bp$", said, re.M)


@pytest.mark.parametrize("text", ["1", "a,b", "0.0001,1", "1,2,3"])
def test_fees_that_are_no_fees_are_refused(story, capsys, text):
    code, _, said = run(capsys, "tca", story.close(), f"--fees={text}")
    assert code == 2
    assert "TCA-002" in said


def test_what_is_no_journal_and_no_dimension_is_refused(story, capsys, tmp_path):
    assert run(capsys, "tca", tmp_path / "nothing")[0] == 1
    code, _, said = run(capsys, "tca", story.close(), "--by", "colour")
    assert code == 2
    assert "strategy, instrument, venue" in said
