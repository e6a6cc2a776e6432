# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Clearing: records, positions, fees, trade breaks; what does not reconcile is refused."""

import csv
import json
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
from tests.models.exchange_journal import MIDNIGHT, Story

from onetape.cli import main
from onetape.errors import ConfigError, ConversionError, JournalError
from onetape.events import Side, TradeExecuted
from onetape.exchange.clearing import FeesConfig, RatesConfig, Role, clear
from onetape.journal import Journal

#: Maker earns 0.002 a lot, taker pays 0.003 a lot, auctions cost a basis point.
FEES = FeesConfig(maker_lot_e9=-2_000_000, taker_lot_e9=3_000_000, auction_bps_e3=1_000)
E9 = 1_000_000_000


@pytest.fixture
def story(tmp_path) -> Story:
    return Story(tmp_path / "journal").members().day()


def rows_of(clearing, day: int = 0) -> dict[tuple[str, str], object]:
    name = clearing.directory
    return {
        (name.mpid(p.firm_id), name.symbol(p.instrument_id)): p
        for p in clearing.days[day].positions
    }


def test_a_trade_gives_both_sides_a_record_a_position_and_a_fee(story):
    trade = story.deal(1, 3, Side.BUY, 1_000, 50)
    clearing = clear(story.close(), FEES)
    buyer, seller = clearing.days[0].records
    assert [buyer["seq"], buyer["firm_id"], buyer["contra_firm_id"]] == [trade, 2, 1]
    assert [buyer["role"], seller["role"]] == [Role.TAKER, Role.MAKER]
    assert [buyer["client_id"], seller["client_id"]] == [1_002, 1_001]
    rows = rows_of(clearing)
    alfa, beta = rows["ALFA", "ACME"], rows["BETA", "ACME"]
    assert (alfa.end_lots, alfa.cash, alfa.fee) == (-50, 500 * E9, -100_000_000)
    assert (beta.end_lots, beta.cash, beta.fee) == (50, -500 * E9, 150_000_000)
    assert (alfa.maker_lots, beta.taker_lots) == (50, 50)


def test_positions_and_cash_are_zero_over_all_firms_and_fees_are_what_is_missing(story):
    for n in range(1, 60):
        story.deal(n % 4 + 1, n * 7 % 4 + 1, Side(n % 2 + 1), 900 + n, n, instrument=n % 2 + 1)
    story.cross(1, 4, 1_001, 70)
    day = clear(story.close(), FEES).days[0]
    assert sum(p.end_lots for p in day.positions) == 0
    assert sum(t.cash for t in day.firms) == 0
    assert sum(t.net_cash for t in day.firms) == -sum(t.fee for t in day.firms) != 0
    crossed = [r for r in day.records if r["role"] == Role.AUCTION]
    assert len(crossed) == 2


def test_a_fee_by_value_is_rounded_half_to_even_once_a_record(tmp_path):
    story = Story(tmp_path / "j").members(tick_e9=1).day()
    story.cross(1, 3, 5, 1)
    story.cross(1, 3, 15, 1)
    paid = clear(story.close(), FeesConfig(auction_bps_e3=1_000_000)).days[0].fees
    assert paid.tolist() == [0, 0, 2, 2]  # 0.5 and 1.5 of 10^-9


def test_rates_of_a_firm_are_stronger_than_of_an_instrument_than_the_general_ones():
    fees = FeesConfig(
        taker_lot_e9=30,
        maker_bps_e3=7,
        instruments={"ACME": RatesConfig(taker_lot_e9=20)},
        firms={"ALFA": RatesConfig(taker_lot_e9=-10)},
    )
    assert fees.rates("ALFA", "ACME") == ((0, 7), (-10, 0), (0, 0))
    assert fees.rates("BETA", "ACME")[1] == (20, 0)
    assert fees.rates("BETA", "BOLT")[1] == (30, 0)


def test_a_break_takes_back_position_cash_and_fee_on_its_own_day(story):
    story.deal(1, 3, Side.BUY, 1_000, 50)
    broken = story.deal(1, 3, Side.BUY, 1_010, 8)
    story.day(1)
    undone = story.undo(2, 1_010, 8, (3, 1))
    clearing = clear(story.close(), FEES)
    first, second = clearing.days
    assert [int(r["broken_seq"]) for r in first.records] == [0, 0, undone, undone]
    assert [int(r["trade_seq"]) for r in second.records] == [broken, broken]
    assert rows_of(clearing, 0)["BETA", "ACME"].end_lots == 58
    beta = rows_of(clearing, 1)["BETA", "ACME"]
    assert (beta.start_lots, beta.end_lots, beta.broken, beta.trades) == (58, 50, 1, -1)
    assert (beta.cash, beta.fee) == (1_010 * 8 * E9 // 100, -24_000_000)


def test_a_position_is_carried_to_a_day_without_trades(story):
    story.deal(1, 3, Side.BUY, 1_000, 50)
    story.day(1).day(2)
    clearing = clear(story.close())
    assert [rows_of(clearing, d)["ALFA", "ACME"].start_lots for d in range(3)] == [0, -50, -50]
    assert [p.end_lots for p in clearing.days[2].positions] == [-50, 50]


def test_a_match_number_that_comes_again_on_another_day_breaks_the_later_one(story):
    story.deal(1, 3, Side.BUY, 1_000, 50)
    story.day(1)
    story._match_id = 0
    later = story.deal(3, 1, Side.BUY, 1_000, 50)
    story.undo(1, 1_000, 50, (1, 3))
    records = clear(story.close()).days[1].records
    assert records["trade_seq"].tolist() == [later] * 4


def undo_unknown(story):
    story.undo(9, 1_000, 50, (3, 1))


def undo_twice(story):
    story.undo(1, 1_000, 50, (3, 1))
    story.undo(1, 1_000, 50, (3, 1))


def undo_other(story):
    story.undo(1, 1_000, 49, (3, 1))


@pytest.mark.parametrize(
    ("bad", "says"),
    [(undo_unknown, "no trade before"), (undo_twice, "broke already"), (undo_other, "another")],
)
def test_a_break_that_has_no_such_trade_is_refused(story, bad, says):
    story.deal(1, 3, Side.BUY, 1_000, 50)
    bad(story)
    with pytest.raises(JournalError, match=says) as caught:
        clear(story.close())
    assert caught.value.code == "CLR-005"


def test_a_trade_without_its_fills_is_refused(story):
    story.deal(1, 3, Side.BUY, 1_000, 50)
    story.put_out(lone_trade(qty=7))
    with pytest.raises(JournalError, match="two fills for each trade"):
        clear(story.close())


def lone_trade(qty: int) -> TradeExecuted:
    return TradeExecuted(
        cause_seq=1, match_id=9, price_ticks=1, qty_lots=qty, buy_order_id=1, sell_order_id=2,
        buy_port_id=1, sell_port_id=3, instrument_id=1, maker_side=1, hidden=0, phase=3,
    )  # fmt: skip


def test_a_fill_that_says_something_else_than_its_trade_is_refused(story, monkeypatch):
    resting = story.enter(1, Side.SELL, 1_000, 50)
    incoming = story.enter(3, Side.BUY, 1_000, 50)
    put_out = story.put_out

    def altered(event):
        if isinstance(event, TradeExecuted):
            event = lone_trade(qty=49)
        return put_out(event)

    monkeypatch.setattr(story, "put_out", altered)
    story.trade(resting, incoming, 50)
    with pytest.raises(JournalError, match="should say the same of match"):
        clear(story.close())


def test_a_journal_that_is_being_written_is_read_up_to_its_last_whole_input(story):
    story.deal(1, 3, Side.BUY, 1_000, 50)
    story.message(1)
    story.put_out(lone_trade(qty=7))  # Its fills are still to come.
    story.writer.commit()
    assert len(clear(Journal(story.path)).days[0].records) == 2
    story.writer.close()


def test_what_is_no_exchange_is_refused(tmp_path):
    with pytest.raises(JournalError, match="no DayStarted"):
        clear(Story(tmp_path / "j").members().close())


def test_an_unknown_port_and_a_port_that_changes_its_firm_are_refused(tmp_path):
    story = Story(tmp_path / "one").members().day()
    story.deal(1, 9, Side.BUY, 1_000, 50)
    with pytest.raises(JournalError, match="port 9"):
        clear(story.close())
    story = Story(tmp_path / "two").members().day()
    story.put_in(story.port(1, 2))
    with pytest.raises(JournalError, match="belongs to firm 1"):
        clear(story.close())


@pytest.mark.parametrize(("lot_e9", "scale"), [(E9, 9), (1, 18)])
def test_money_is_exact_at_any_size(tmp_path, lot_e9, scale):
    story = Story(tmp_path / "j").members(lot_e9=lot_e9).day()
    price, qty = 2**40 + 1, 2**50 + 1
    story.deal(1, 3, Side.BUY, price, qty)
    clearing = clear(story.close(), FEES)
    worth = Decimal(clearing.days[0].firms[0].cash).scaleb(-clearing.scale)
    assert clearing.scale == scale
    assert worth == Decimal(price * qty) * Decimal(lot_e9) / 100 / E9


def test_a_tick_too_fine_for_exact_money_is_refused(tmp_path):
    story = Story(tmp_path / "j").members(tick_e9=1, lot_e9=1).day()
    story.deal(1, 3, Side.BUY, 5, 1)
    assert clear(story.close()).scale == 18
    directory = clear(Journal(tmp_path / "j")).directory
    thin = directory.instruments[1]
    from onetape.exchange.clearing._money import money_scale

    with pytest.raises(ConversionError, match="no exact value"):
        money_scale([type(thin)(**(vars(thin) | {"multiplier_e9": 1}))])


def test_the_files_say_the_same_in_both_formats(story, tmp_path):
    story.deal(1, 3, Side.BUY, 1_000, 50)
    story.undo(story._match_id, 1_000, 50, (3, 1))
    story.deal(4, 2, Side.SELL, 1_025, 3)
    clearing = clear(story.close(), FEES)
    files = clearing.write(tmp_path / "out")
    names = sorted(str(f.relative_to(tmp_path / "out")) for f in files if f.suffix == ".csv")
    assert names == [
        *(f"2026-11-20/{firm}/{what}.csv" for firm in ("ALFA", "BETA", "GAMA")
          for what in ("positions", "records")),
        *(f"2026-11-20/{what}.csv" for what in ("positions", "records", "summary")),
    ]  # fmt: skip
    for path in files:
        if path.suffix == ".csv":
            check_same(path)
    own = pq.read_table(tmp_path / "out/2026-11-20/GAMA/records.parquet").to_pylist()
    assert [(r["price"], r["notional"], r["fee"]) for r in own] == [
        (Decimal("10.25"), Decimal("30.75"), Decimal("-0.006"))
    ]
    assert own[0]["time"].timestamp() == MIDNIGHT // E9


def check_same(path):
    plain = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    table = pq.read_table(path.with_suffix(".parquet")).to_pylist()
    assert len(plain) == len(table) > 0
    for text, row in zip(plain, table, strict=True):
        assert list(text) == list(row)
        for name, value in row.items():
            if isinstance(value, int | Decimal):
                assert Decimal(text[name]) == value, name
            elif isinstance(value, str):
                assert text[name] == value


def test_a_misspelt_firm_in_the_schedule_is_refused(story):
    with pytest.raises(ConfigError, match=r"fees\.firms\.ALPA"):
        clear(story.close(), FeesConfig(firms={"ALPA": RatesConfig()}))


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main([str(a) for a in arguments])
    return int(caught.value.code or 0)


def test_the_command_prints_writes_and_refuses(story, tmp_path, capsys):
    story.deal(1, 3, Side.BUY, 1_000, 50)
    journal = story.close().path
    out = tmp_path / "out"
    fees = ("--set", "fees.taker_lot_e9=3000000")
    assert run("clearing", journal, "--out", out, "--format", "csv", *fees) == 0
    printed = capsys.readouterr().out
    assert "2026-11-20: 1 trades stand, 0 broken" in printed
    assert "-500.15" in printed
    assert {p.suffix for p in out.rglob("*.*")} == {".csv"}
    assert run("clearing", journal, "--json", *fees) == 0
    firms = json.loads(capsys.readouterr().out)["days"][0]["firms"]
    assert [f["net_cash"] for f in firms] == ["500.00", "-500.15"]
    assert run("clearing", journal, "--date", "2026-11-21") == 2
    assert "it has: 20261120" in capsys.readouterr().err
    assert run("clearing", journal, "--date", "yesterday") == 2
