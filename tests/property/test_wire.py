# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The codecs against a table they have not seen, and against any bytes at all."""

import struct
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.models import plain_itch

from onetape.errors import DecodeError, SessionError
from onetape.wire import itch, mold, soup

CODES = "SRHYLVWKJhAFECXDUPQBINO"
NUMBERS = {"u16": 16, "u32": 32, "price4": 32, "u48": 48, "u64": 64, "price8": 64}


@pytest.fixture(scope="module")
def layouts(shared: Path) -> dict[str, Any]:
    return plain_itch.layouts(shared)


def values(layout: dict[str, Any]) -> st.SearchStrategy[list[int | str]]:
    """Any values of a layout's fields after the type; text as a person would read it."""
    kinds = []
    for field in layout["fields"][1:]:
        if field["type"] in NUMBERS:
            kinds.append(st.integers(0, 2 ** NUMBERS[field["type"]] - 1))
            continue
        least = 1 if field["type"] == "char" else 0
        text = st.text(st.characters(max_codepoint=255), min_size=least, max_size=field["len"])
        kinds.append(text if least else text.map(lambda value: value.rstrip(" ")))
    return st.tuples(*kinds).map(list)


def test_every_message_of_the_layouts_is_ours(layouts):
    assert set(layouts) == set(CODES)
    ours = {code: (length, fields) for code, _, _, length, fields in itch.LAYOUTS}
    for code, layout in layouts.items():
        length, fields = ours[code]
        assert length == layout["length"]
        places = [(f["offset"], f["len"]) for f in layout["fields"][1:]]
        assert [(offset, size) for _, offset, size, _, _ in fields] == places, code


@pytest.mark.parametrize("code", CODES)
def test_a_message_built_from_the_layouts_decodes_field_by_field_and_back(layouts, code):
    layout = layouts[code]

    @given(values(layout))
    def check(chosen):
        data = plain_itch.build(layout, code, chosen)
        message = itch.decode(data)
        assert code == type(message).TYPE
        assert list(msgspec.structs.astuple(message)) == chosen
        assert itch.encode(message) == data
        row = itch.to_arrays(itch.frame(data))[code]
        assert [row[name][0] for name in row.dtype.names[1:]] == [
            value
            if isinstance(value, int)
            else value.encode("latin-1").rstrip(b"\0")
            if len(value) == size
            else value.ljust(size).encode("latin-1").rstrip(b"\0")
            for value, (_, _, size, _, _) in zip(chosen, fields_of(code), strict=True)
        ]

    check()


def fields_of(code):
    return next(fields for other, _, _, _, fields in itch.LAYOUTS if other == code)


def attempt(call, *args, **keywords):
    """What a call returns, and the error it raised: one of them is None."""
    try:
        return call(*args, **keywords), None
    except (DecodeError, SessionError) as err:
        return None, err


@given(st.binary(max_size=64), st.integers(0, 2**60))
def test_any_bytes_are_a_message_or_an_error_that_says_where(data, offset):
    lengths = {code: length for code, _, _, length, _ in itch.LAYOUTS}
    expected = lengths.get(chr(data[0]), len(data)) if data else -1
    message, error = attempt(itch.decode, data, offset=offset)
    if expected == len(data):
        assert itch.encode(message) == data
    else:
        assert (error.code, error.offset) == ("WIR-001", offset)
        assert f"byte {offset}" in str(error)


FRAMES = st.lists(
    st.one_of(
        st.binary(min_size=1, max_size=60).map(itch.frame),
        st.just(b"\0\0"),
        st.sampled_from([b"\0\0" + c.encode() + bytes(n - 1) for c, _, _, n, _ in itch.LAYOUTS]),
    )
)


@given(FRAMES, st.binary(max_size=6), st.lists(st.integers(1, 80), max_size=40))
def test_a_file_in_blocks_reads_as_it_does_whole(records, tail, sizes):
    data = b"".join(records) + tail
    whole, error = drain(itch.frames(data))
    seen, at, end = [], 0, 0
    for size in [*sizes, len(data)]:
        end = min(len(data), end + size)
        blocks = itch.frames(data[at:end], offset=at, last=end == len(data))
        got, failed = drain(blocks)
        seen += got
        at += blocks.consumed
        if failed or end == len(data):
            break
    assert seen == whole
    assert (failed and (failed.code, failed.offset)) == (error and (error.code, error.offset))
    if error is None:
        assert at == len(data)
    else:
        assert at == error.offset


def drain(frames):
    """All that frames give, and the error that ended them."""
    seen = []
    try:
        for frame in frames:
            seen.append(frame)  # noqa: PERF402 (what came before the error is kept)
    except DecodeError as err:
        return seen, err
    return seen, None


@given(st.binary(max_size=400))
def test_arrays_read_any_bytes_or_say_where_they_cannot(data):
    arrays = itch.to_arrays(data, strict=False)
    frames, error = drain(itch.frames(data))
    messages = [message for _, message in frames if message is not None]
    assert sum(map(len, arrays.values())) == len(messages)
    _, refused = attempt(itch.to_arrays, data)
    assert refused is None or 0 <= refused.offset <= len(data)
    assert refused is not None or error is None


NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=10)
PACKETS = st.builds(
    mold.Packet,
    session=NAMES,
    sequence=st.integers(0, 2**64 - 66_000),
    messages=st.lists(st.binary(max_size=100), max_size=40).map(tuple),
)


@given(PACKETS, st.integers(0, 3_000), st.integers(0, 255))
def test_a_mold_packet_reads_back_and_damage_never_goes_unsaid(packet, place, value):
    data = mold.encode(packet)
    assert mold.decode(data) == packet
    cut = data[: place % len(data)]
    with pytest.raises(DecodeError) as error:
        mold.decode(cut)
    assert error.value.code == "WIR-010"
    assert error.value.offset <= len(cut)
    damaged = bytearray(data)
    damaged[place % len(data)] = value
    again, error = attempt(mold.decode, bytes(damaged))
    assert mold.encode(again) == damaged if error is None else error.offset <= len(data)


@given(st.binary(max_size=80))
@example(b"SESSION001" + b"\xff" * 10)
def test_any_bytes_are_a_mold_packet_or_an_error(data):
    packet, error = attempt(mold.decode, data)
    if error is None:
        assert mold.encode(packet) == data
    else:
        assert error.code in {"WIR-010", "WIR-011", "WIR-012"}
        assert error.offset <= max(20, len(data))


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 6)), max_size=60))
def test_a_tracker_delivers_each_number_once_in_order_whatever_comes(packets):
    tracker = mold.SequenceTracker("S", 1)
    delivered = []
    for sequence, count in packets:
        packet = mold.Packet("S", sequence, (b"x",) * count)
        arrival = tracker.observe(packet)
        if arrival.kind == "gap":
            assert arrival.missing_from == len(delivered) + 1
            assert arrival.missing == sequence - arrival.missing_from
        elif arrival.kind == "deliver":
            delivered += range(sequence + arrival.skip, sequence + count)
        else:
            assert sequence + count <= len(delivered) + 1
        assert delivered == list(range(1, len(delivered) + 1))
        assert tracker.next_sequence == len(delivered) + 1


LATIN = st.characters(min_codepoint=33, max_codepoint=126)
SOUP_PACKETS = st.one_of(
    st.builds(soup.Debug, st.binary(max_size=50)),
    st.builds(soup.Sequenced, st.binary(max_size=50)),
    st.builds(soup.Unsequenced, st.binary(max_size=50)),
    st.builds(soup.LoginAccepted, st.text(LATIN, max_size=10), st.integers(0, 2**64 - 1)),
    st.builds(soup.LoginRejected, st.sampled_from("AS")),
    st.builds(
        soup.LoginRequest,
        st.text(LATIN, max_size=6),
        st.text(LATIN, max_size=10),
        st.text(LATIN, max_size=10),
        st.integers(0, 2**64 - 1),
        st.none() | st.integers(0, 99_999),
    ),
    st.sampled_from(
        [
            soup.ServerHeartbeat(),
            soup.ClientHeartbeat(),
            soup.EndOfSession(),
            soup.LogoutRequest(),
            soup.Unknown("?", b"x"),
        ]
    ),
)


@given(st.lists(SOUP_PACKETS, max_size=12), st.lists(st.integers(1, 40), max_size=60))
def test_a_stream_of_soup_reads_the_same_however_it_is_split(packets, sizes):
    stream = b"".join(map(soup.encode, packets))
    decoder, seen, at = soup.Decoder(), [], 0
    for size in [*sizes, len(stream)]:
        seen += decoder.feed(stream[at : at + size])
        at += size
    assert seen == packets
    assert (decoder.pending_bytes, decoder.offset) == (0, len(stream))


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_soup_never_fails_but_by_its_errors_and_says_where(chunks):
    decoder, fed = soup.Decoder(), 0
    for chunk in chunks:
        fed += len(chunk)
        _, error = attempt(decoder.feed, chunk)
        if error is not None:
            assert error.code in {"WIR-020", "WIR-021", "WIR-022"}
            assert 0 <= error.offset <= fed
            break


@given(st.lists(SOUP_PACKETS | st.binary(max_size=8), max_size=12), st.booleans())
def test_a_session_survives_any_peer(peer, is_client):
    stream = [part if isinstance(part, bytes) else soup.encode(part) for part in peer]
    end: soup.Client | soup.Server
    if is_client:
        end = soup.Client(soup.LoginRequest("u", "p"), now_ns=0)
        end.login(0)
    else:
        end = soup.Server(now_ns=0)
    for now_ns, part in enumerate(stream):
        if attempt(end.receive, now_ns, part)[1] is not None:
            assert end.state == "closed"
            break
        if end.state == "login_sent" and isinstance(end, soup.Server):
            end.accept(now_ns, "S", 1)
            attempt(end.receive, now_ns, b"")


def test_the_hostile_lengths():
    """Lengths at their ends: no block, no packet, no file is trusted to have what it says."""
    for length in (0, 1, 0x7FFF, 0x8000, 0xFFFF):
        prefix = struct.pack(">H", length)
        _, error = drain(itch.frames(prefix + b"A"))
        assert error is None or error.offset == 0
        with pytest.raises(DecodeError):
            mold.decode(b"SESSION001" + struct.pack(">QH", 1, 3) + prefix)
        decoder = soup.Decoder()
        if length == 0:
            with pytest.raises(DecodeError):
                decoder.feed(prefix)
        else:
            assert decoder.feed(prefix + b"S" * (length - 1)) == []
            assert len(decoder.feed(b"S")) == 1
