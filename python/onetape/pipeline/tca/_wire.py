# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What went to venues and what came back, in the words common to all: who, which number, when.

An engine that speaks OUCH itself journals raw bytes; an adapter's traffic is journaled as events.
To a simulated venue nothing goes over a wire, and there is nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onetape.events import (
    CancelSent,
    OrderFormat,
    OrderSent,
    ReplaceSent,
    ReportKind,
    VenueMessageReceived,
    VenueMessageSent,
    VenueReported,
)
from onetape.pipeline.tca._exact import Column
from onetape.pipeline.tca._link import find_after, find_before, keys, take
from onetape.pipeline.tca._recording import Recording

#: What a message asks for.
NEW, REPLACE, CANCEL = 1, 2, 3

_U32 = 4
_OUCH_SENT = {ord("O"): (NEW, 1), ord("U"): (REPLACE, 5), ord("X"): (CANCEL, 1)}
#: What an answer answers, and where its number stands.
_OUCH_ANSWER = {
    ord("A"): (NEW, 9), ord("J"): (NEW, 9), ord("U"): (REPLACE, 13), ord("C"): (CANCEL, 9),
    ord("I"): (CANCEL, 9),
}  # fmt: skip
_REPORT_ANSWER = {
    ReportKind.ACCEPTED: NEW,
    ReportKind.REJECTED: NEW,
    ReportKind.REPLACED: REPLACE,
    ReportKind.REPLACE_REJECTED: REPLACE,
    ReportKind.CANCELED: CANCEL,
    ReportKind.CANCEL_REJECTED: CANCEL,
}


@dataclass(frozen=True)
class Wire:
    """Messages to venues, by entry, and the entries that answered.

    Attributes:
        seq: Entry of each message.
        ts_ns: Its time.
        cause_seq: The input that caused it.
        venue_id: To whom.
        number: Our number for the order, or for its replacement.
        asks: NEW, REPLACE or CANCEL.
        answer_ts_ns: Time of the first answer; 0 where there is none.
        report_seq: Entries that a venue sent, rising.
        report_message: Place of the new order or replacement that each is about; -1 for none.
    """

    seq: Column
    ts_ns: Column
    cause_seq: Column
    venue_id: Column
    number: Column
    asks: Column
    answer_ts_ns: Column
    report_seq: Column
    report_message: Column


def read_wire(recording: Recording) -> Wire:
    """Put together what went out and what came back."""
    names = ("seq", "ts_ns", "cause_seq", "venue_id", "number", "asks")
    sent = _sorted([*_adapter_sent(recording), _ouch_sent(recording)], names)
    answers = _sorted(
        [_adapter_answers(recording), _ouch_answers(recording)],
        ("seq", "ts_ns", "venue_id", "number", "asks"),
    )
    both = keys((sent["venue_id"], sent["number"]), (answers["venue_id"], answers["number"]))
    key, answer_key = both
    # What a venue says of a new order never answers a cancel of it.
    place = find_after(answer_key * 4 + answers["asks"], answers["seq"], key * 4 + sent["asks"],
                       sent["seq"])  # fmt: skip
    told = np.where(place >= 0, answers["ts_ns"][np.maximum(place, 0)], 0) if len(place) else place
    makes = np.flatnonzero(sent["asks"] != CANCEL)
    # Numbers begin again with a venue's day: an answer is about the last one before it.
    before = find_before(key[makes], sent["seq"][makes], answer_key, answers["seq"])
    about = take(makes, before, -1)
    return Wire(
        **{name: sent[name] for name in names},
        answer_ts_ns=told,
        report_seq=answers["seq"],
        report_message=about,
    )


def _sorted(parts: list[dict[str, Column]], names: tuple[str, ...]) -> dict[str, Column]:
    whole = {
        name: np.concatenate([part[name] for part in parts]).astype(np.int64) for name in names
    }
    order = np.argsort(whole["seq"], kind="stable")
    return {name: column[order] for name, column in whole.items()}


def _adapter_sent(recording: Recording) -> list[dict[str, Column]]:
    parts = []
    for kind, asks, number in (
        (OrderSent, NEW, "number"),
        (ReplaceSent, REPLACE, "new_number"),
        (CancelSent, CANCEL, "number"),
    ):
        rows = recording.rows(kind)
        part = {name: rows[name] for name in ("seq", "ts_ns", "cause_seq", "venue_id")}
        parts.append(part | {"number": rows[number], "asks": np.full(len(rows), asks)})
    return parts


def _adapter_answers(recording: Recording) -> dict[str, Column]:
    rows = recording.rows(VenueReported)
    rows = rows[(rows["is_drop_copy"] == 0)]
    asks = np.zeros(len(rows), np.int64)
    for report, answered in _REPORT_ANSWER.items():
        asks[rows["report"] == report.value] = answered
    part = {name: rows[name] for name in ("seq", "ts_ns", "venue_id", "number")}
    return part | {"asks": asks}


def _ouch_sent(recording: Recording) -> dict[str, Column]:
    rows, kinds, numbers = _ouch(recording, VenueMessageSent, _OUCH_SENT)
    part = {name: rows[name] for name in ("seq", "ts_ns", "cause_seq", "venue_id")}
    return part | {"number": numbers, "asks": kinds}


def _ouch_answers(recording: Recording) -> dict[str, Column]:
    rows, kinds, numbers = _ouch(recording, VenueMessageReceived, _OUCH_ANSWER)
    part = {name: rows[name] for name in ("seq", "ts_ns", "venue_id")}
    return part | {"number": numbers, "asks": kinds}


def _ouch(
    recording: Recording,
    kind: type[VenueMessageSent | VenueMessageReceived],
    places: dict[int, tuple[int, int]],
) -> tuple[Column, Column, Column]:
    """Return the OUCH 5.0 messages of these types: rows, what they ask, numbers of orders."""
    rows = recording.rows(kind)
    data = np.frombuffer(recording.text(kind), np.uint8)
    lengths = rows["tail_bytes"].astype(np.int64)
    starts = np.cumsum(lengths) - lengths
    is_ouch = (rows["format"] == OrderFormat.OUCH50) & (lengths > 0)
    codes = np.zeros(len(rows), np.int64)
    codes[is_ouch] = data[starts[is_ouch]]
    asks, numbers = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    for code, (asked, offset) in places.items():
        chosen = (codes == code) & (lengths >= offset + _U32)
        asks[chosen] = asked
        for byte in range(_U32):
            digits = data[starts[chosen] + offset + byte].astype(np.int64)
            numbers[chosen] = numbers[chosen] * 256 + digits
    # Executions answer nothing, but they name the order.
    wanted = is_ouch & (asks > 0)
    return rows[wanted], asks[wanted], numbers[wanted]
