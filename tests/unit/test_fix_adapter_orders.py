# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The FIX adapter's reports, without a socket: what each message of a venue says of an order."""

import pytest
from tests.models.venue_side import order_sent

from onetape.errors import ConfigError, DecodeError
from onetape.events import CancelReason, ReplaceSent, ReportKind, VenueReported
from onetape.live.adapters.fix._counts import Counts
from onetape.live.adapters.fix._names import Names, id_of
from onetape.live.adapters.fix._orders import FixOrders
from onetape.types import Instrument
from onetape.wire import fix

ONE = Instrument(id=1, symbol="ONE", tick_e9=10_000_000, lot_e9=1_000_000_000)


def orders(**more: int) -> FixOrders:
    kept = FixOrders(9, {"ONE": ONE}, Names("n1"), orders_max=more.get("orders_max", 100))
    kept.enter(order_sent(1, 9_950, 300))
    return kept


def report(kind: str, status: str, **more: object) -> fix.Message:
    said = {37: "V1", 17: "E1", 150: kind, 39: status, 11: "n1-1", 55: "ONE", 54: "1", 38: "300"}
    said |= {44: "99.5", 151: "300", 14: "0", 6: "0"}
    said |= {int(tag.removeprefix("t")): value for tag, value in more.items()}
    fields = tuple((tag, str(value).encode()) for tag, value in said.items() if value is not None)
    return fix.Message(fix.FIX44, b"8", fields)


def said(reports: list[VenueReported]) -> list[tuple[str, int, int]]:
    return [(ReportKind(r.report).name, r.qty_lots, r.leaves_lots) for r in reports]


def fill(exec_id: str, qty: int, leaves: int) -> fix.Message:
    return report("F", "1" if leaves else "2", t17=exec_id, t32=qty, t31="99.5", t151=leaves)


def test_each_thing_is_said_once():
    kept = orders()
    assert said(kept.on_report(report("0", "0"))) == [("ACCEPTED", 300, 300)]
    assert kept.on_report(report("0", "0")) == []
    assert said(kept.on_report(fill("T1", 100, 200))) == [("FILLED", 100, 200)]
    assert kept.on_report(fill("T1", 100, 200)) == []
    assert said(kept.on_report(report("D", "1", t151=150))) == [("CANCELED", 50, 150)]
    ends = kept.on_report(report("4", "4", t151=0, t41="n1-1", t11="n1-1c7"))
    assert (said(ends), ends[0].cancel_reason) == ([("CANCELED", 150, 0)], CancelReason.USER)
    assert kept.live() == []


def test_what_comes_first_is_preceded_by_its_acceptance():
    assert [r[0] for r in said(orders().on_report(fill("T1", 100, 200)))] == ["ACCEPTED", "FILLED"]


def test_pending_states_say_nothing():
    kept = orders()
    assert [kept.on_report(report(kind, kind)) for kind in "AE6"] == [[], [], []]


def test_a_replacement_takes_over_what_was_executed():
    kept = orders()
    kept.on_report(fill("T1", 100, 200))
    old = kept.get(1)
    sent = ReplaceSent(
        cause_seq=0, number=1, new_number=2, order_id=0, price_ticks=9_960, qty_lots=400,
        venue_id=9, instrument_id=1,
    )  # fmt: skip
    kept.replace(sent, old)
    again = kept.on_report(report("5", "1", t11="n1-2", t41="n1-1", t38=400, t151=300, t14=100))
    assert said(again) == [("REPLACED", 400, 300)]
    assert (again[0].number, again[0].executed_lots, old.is_done) == (2, 100, True)


def test_a_reduction_keeps_the_number_and_takes_the_new_name():
    kept = orders()
    kept.on_report(report("0", "0"))
    less = kept.on_report(report("5", "0", t11="n1-1r3", t41="n1-1", t38=120, t151=120))
    assert said(less) == [("CANCELED", 180, 120)]
    assert kept.name(kept.get(1)) == "n1-1r3"


def test_answers_to_questions():
    kept = orders()
    assert [r[0] for r in said(kept.on_report(report("I", "0")))] == ["ACCEPTED", "OPEN"]
    assert said(kept.on_report(report("I", "4", t151=0))) == [("GONE", 300, 0)]
    never = orders()
    unknown = report("I", "8", t37="NONE", t44=None, t38="0", t58="no such order")
    assert said(never.on_report(unknown)) == [("NOT_FOUND", 300, 0)]
    once = orders()
    once.on_report(report("0", "0"))
    assert said(once.on_report(unknown)) == [("GONE", 300, 0)]


def test_refusals_go_to_what_was_asked():
    kept = orders()
    assert said(kept.not_done("n1-1", "no")) == [("REJECTED", 300, 0)]
    assert kept.not_done("n1-1", "no") == []
    assert [r[0] for r in said(orders().not_done("n1-1c4", "no"))] == ["CANCEL_REJECTED"]
    assert orders().not_done("another's", "no") == []


def test_a_broken_trade_is_put_into_words_and_ends_no_order():
    kept = orders()
    kept.on_report(fill("T1", 100, 200))
    broken = kept.on_report(report("H", "4", t19="T1", t32=100, t31="99.5", t151=0))
    assert said(broken) == [("OPEN", 300, 200)]
    assert b"T1" in broken[0].tail
    assert len(kept.live()) == 1


def test_what_cannot_be_read_says_which_tag():
    for wrong in ({"t39": None}, {"t31": "99.999"}, {"t32": "x"}):
        with pytest.raises(DecodeError) as caught:
            orders().on_report(report("F", "1", **{"t32": 1, "t31": "99.5", **wrong}))
        assert caught.value.code == "ADP-030"


def test_a_restart_reports_no_trade_twice():
    kept, again = orders(), orders()
    for message in (report("0", "0"), fill("T1", 100, 200)):
        for reported in kept.on_report(message):
            again.remember(VenueReported.unpack(reported.pack()))
    assert again.on_report(fill("T1", 100, 200)) == []
    assert said(again.on_report(fill("T2", 200, 0))) == [("FILLED", 200, 0)]


def test_a_restart_knows_what_the_chain_of_a_replacement_has_executed():
    kept, again = orders(), orders()
    sent = ReplaceSent(
        cause_seq=0, number=1, new_number=2, order_id=0, price_ticks=9_960, qty_lots=400,
        venue_id=9, instrument_id=1,
    )  # fmt: skip
    reports = kept.on_report(fill("T1", 100, 200))
    for one in (kept, again):
        one.replace(sent, one.get(1))
    replaced = report("5", "1", t11="n1-2", t41="n1-1", t38=400, t151=300, t14=100)
    for reported in [*reports, *kept.on_report(replaced)]:
        again.remember(VenueReported.unpack(reported.pack()))
    assert again.get(2).leaves_lots == kept.get(2).leaves_lots == 300
    assert said(again.on_report(report("I", "1", t11="n1-2")))[-1] == ("OPEN", 400, 300)


def test_the_dead_are_forgotten_after_a_restart_as_well():
    kept, again = orders(orders_max=2), orders(orders_max=2)
    for number in range(2, 9):
        for one in (kept, again):
            one.enter(order_sent(number, 9_950, 300))
        for reported in kept.not_done(f"n1-{number}", "no"):
            again.remember(reported)
    assert [order.number for order in again.live()] == [1]
    assert (again.get(2), again.get(8) is None) == (None, False)


@pytest.mark.parametrize("status", ["7", "9", "A", "E", "6", "Z"])
def test_a_state_that_does_not_say_that_it_is_over_keeps_an_order_alive(status: str):
    kept = orders()
    kept.on_report(report("0", "0"))
    assert said(kept.on_report(report("I", status))) == [("OPEN", 300, 300)]
    assert kept.on_report(report("7", status)) == []
    assert len(kept.live()) == 1


def test_texts_become_numbers_that_are_never_zero():
    numbers = {id_of(text) for text in ("1", "T1", "T2", "x" * 40, "9" * 30)}
    assert len(numbers) == 5
    assert all(0 < number < 1 << 63 for number in numbers)
    with pytest.raises(ConfigError):
        Names("a-b")


def test_counts_are_kept_whole_or_not_believed(tmp_path):
    path = tmp_path / "deep" / "counts"
    counts = Counts(path)
    assert counts.load() is None
    counts.save(b"state", 7)
    counts.close()
    again = Counts(path)
    assert again.load() == (b"state", 7)
    again.close()
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    damaged = Counts(path)
    assert damaged.load() is None
    damaged.close()
