# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""OUCH against tables it has not seen, and against any bytes at all."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.models import ouch_writer

from onetape.errors import DecodeError
from onetape.wire import ouch42, ouch50

BITS = {"u8": 8, "u16": 16, "u32": 32, "u64": 64, "price4": 32, "price4/u64": 64}
MODULES: dict[str, Any] = {"ouch42": ouch42, "ouch50": ouch50}
CASES = [
    (version, message.IS_INBOUND, message.TYPE, message.__name__)
    for version, module in MODULES.items()
    for message in module.INBOUND + module.OUTBOUND
    if message.__name__ != "AiqCanceledBefore2025"
]
DECODERS = [m.decode_inbound for m in MODULES.values()]
DECODERS += [m.decode_outbound for m in MODULES.values()]


@pytest.fixture(scope="module")
def tables(shared: Path) -> dict[str, Any]:
    return {version: ouch_writer.layouts(shared, version) for version in MODULES}


def value(kind: str, length: int) -> st.SearchStrategy[int | str]:
    """Any value of a field; text as a person would read it."""
    if kind in BITS:
        return st.integers(0, 2 ** BITS[kind] - 1)
    if kind.startswith("i32"):
        return st.integers(-(2**31), 2**31 - 1)
    least = 1 if kind == "char" else 0
    text = st.text(st.characters(max_codepoint=255), min_size=least, max_size=length)
    return text if least else text.map(lambda found: found.rstrip(" "))


def values(layout: dict[str, Any]) -> st.SearchStrategy[list[int | str]]:
    """Any values of a message's fields after the type."""
    fields = [f for f in layout["fields"][1:] if f["name"] != "Appendage Length"]
    return st.tuples(*(value(f["type"], f["len"]) for f in fields)).map(list)


def elements(tags: dict[str, Any]) -> st.SearchStrategy[list[tuple[int, int | str | bytes]]]:
    """Any tags, known and unknown, in any order and number."""
    known = [
        value(tag["type"], tag["len"]).map(lambda found, n=int(number): (n, found))
        for number, tag in tags.items()
    ]
    strangers = [number for number in range(256) if str(number) not in tags]
    other = st.tuples(st.sampled_from(strangers), st.binary(max_size=20))
    return st.lists(st.one_of(*known, other), max_size=8)


def test_every_message_and_tag_of_the_tables_is_ours(tables):
    for version, module in MODULES.items():
        for direction, ours in (("in", module.INBOUND), ("out", module.OUTBOUND)):
            assert {m.TYPE for m in ours} == set(tables[version][direction])
    numbers = {str(tag.NUMBER) for tag in ouch50.tags.TAGS}
    assert numbers == set(tables["ouch50"]["tags"])


@pytest.mark.parametrize(("version", "is_inbound", "code", "name"), CASES)
def test_a_message_built_from_the_tables_decodes_field_by_field_and_back(
    tables, version, is_inbound, code, name
):
    module, table = MODULES[version], tables[version]
    layout = table["in" if is_inbound else "out"][code]
    decode = module.decode_inbound if is_inbound else module.decode_outbound
    rule = layout.get("appendage", "none")

    @given(values(layout), elements(table.get("tags", {})), st.booleans())
    def check(chosen, appended, is_omitted):
        data = ouch_writer.fixed(layout, code, chosen)
        is_omitted &= rule != "Req" or not is_inbound
        if rule != "none" and not is_omitted:
            data += ouch_writer.appendage([element(table["tags"], *each) for each in appended])
        message = decode(data)
        assert type(message).__name__ == name
        fields = list(msgspec.structs.astuple(message))
        if rule != "none":
            found = fields.pop()
            seen = None if found is None else [plain_tag(tag) for tag in found]
            assert seen == (None if is_omitted else appended)
        assert fields == chosen
        assert module.encode(message) == data

    check()


def element(tags: dict[str, Any], number: int, found: int | str | bytes) -> tuple[int, bytes]:
    """An element's number and bytes."""
    if isinstance(found, bytes):
        return number, found
    tag = tags[str(number)]
    return number, ouch_writer.field(tag["type"], tag["len"], found)


def plain_tag(tag: ouch50.tags.Tag) -> tuple[int, Any]:
    """A tag's number and value."""
    if isinstance(tag, ouch50.tags.UnknownTag):
        return tag.number, tag.value
    return tag.NUMBER, tag.value  # type: ignore[attr-defined]


@given(st.binary(max_size=90), st.integers(0, 2**60), st.sampled_from(DECODERS))
def test_any_bytes_are_a_message_or_an_error_that_says_where(data, offset, decode):
    module = ouch42 if decode in (ouch42.decode_inbound, ouch42.decode_outbound) else ouch50
    message, error = attempt(decode, data, offset)
    if error is None:
        assert module.encode(message) == data
    else:
        assert error.code in {"WIR-040", "WIR-041", "WIR-042", "WIR-043"}
        assert offset <= error.offset <= offset + len(data)
        assert f"byte {error.offset}" in str(error)


def attempt(decode, data, offset):
    """A message, or the error that came instead."""
    try:
        return decode(data, offset=offset), None
    except DecodeError as err:
        return None, err


@given(st.data())
def test_a_message_cut_anywhere_is_another_form_of_it_or_refused(data):
    message = ouch50.OrderExecuted(1, 2, 3, 4, "A", 5, (ouch50.tags.UserRefIndex(1),))
    whole = ouch50.encode(message)
    cut = data.draw(st.integers(1, len(whole) - 1))
    if cut == len(whole) - 5:
        assert ouch50.decode_outbound(whole[:cut]) == msgspec.structs.replace(message, tags=None)
    else:
        with pytest.raises(DecodeError):
            ouch50.decode_outbound(whole[:cut])
