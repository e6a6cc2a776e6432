# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What exchanges really sent: captures and files decode, encode back, and agree with others."""

import collections
import io
from pathlib import Path

import itch as itchfeed
import msgspec
import pytest
from itch.parser import MessageParser
from tests.models import plain_pcap

from onetape.errors import DecodeError
from onetape.wire import itch, mold, ouch42, ouch50, soup

ITCH_FOLDERS = (
    "Bx.Equities.TotalView.Itch.v5.0",
    "Nasdaq.Equities.TotalView.Itch.v5.0",
    "Psx.Equities.TotalView.Itch.v5.0.20230822",
)
SEEN_TYPES = set("ACDEFHILPSUXY")
OUCH_FOLDER = "Nasdaq.Nsm.Ouch.v5.0"
#: OUCH by name, another protocol by its messages: docs/internals/ouch.md says why it is not ours.
EXCUSED_OUCH = "JnxEquities.Pts.Ouch.v1.11"
RITCH_COUNTS = dict(A=4997, F=3, E=198, X=45, D=1745, U=12, P=5000, S=6, R=3, H=3)


@pytest.fixture(scope="module")
def nasdaq(shared: Path) -> Path:
    return shared / "data" / "omi_pcaps" / "Nasdaq"


def test_every_captured_itch_packet_decodes_and_encodes_byte_for_byte(nasdaq):
    types, packets = collections.Counter(), 0
    for folder in ITCH_FOLDERS:
        for path in sorted((nasdaq / folder).glob("*.pcap")):
            for protocol, data in plain_pcap.payloads(path):
                assert protocol == plain_pcap.UDP
                packet = mold.decode(data)
                assert mold.encode(packet) == data, path
                for message in packet.messages:
                    decoded = itch.decode(message)
                    assert not isinstance(decoded, itch.Unknown), (path, message)
                    assert itch.encode(decoded) == message, path
                    types[decoded.TYPE] += 1
                packets += 1
    assert packets >= 22
    assert set(types) == SEEN_TYPES, types


def test_every_captured_soup_packet_decodes_and_encodes_byte_for_byte(nasdaq):
    types = collections.Counter()
    for path in sorted((nasdaq / OUCH_FOLDER).glob("*.pcap")):
        for protocol, data in plain_pcap.payloads(path):
            assert protocol == plain_pcap.TCP
            decoder = soup.Decoder()
            packets = decoder.feed(data)
            assert decoder.pending_bytes == 0, path
            assert b"".join(map(soup.encode, packets)) == data, path
            types.update(type(packet).__name__ for packet in packets)
    assert set(types) == {"Sequenced", "Unsequenced", "ServerHeartbeat", "ClientHeartbeat"}


def test_every_captured_ouch_message_decodes_and_encodes_byte_for_byte(nasdaq):
    seen = collections.Counter()
    for path in sorted((nasdaq / OUCH_FOLDER).glob("*.pcap")):
        for _, data in plain_pcap.payloads(path):
            for packet in soup.Decoder().feed(data):
                if not isinstance(packet, soup.Sequenced | soup.Unsequenced):
                    continue
                is_inbound = isinstance(packet, soup.Unsequenced)
                decode = ouch50.decode_inbound if is_inbound else ouch50.decode_outbound
                message = decode(packet.message)
                assert ouch50.encode(message) == packet.message, path
                tags = getattr(message, "tags", None)
                numbers = None if tags is None else tuple(tag.NUMBER for tag in tags)
                seen[type(message).__name__, numbers] += 1
    assert set(seen) == {
        ("EnterOrderRequest", (2,)),
        ("CancelOrderRequest", None),
        ("OrderAccepted", (2, 18)),
        ("OrderCanceled", None),
    }, seen


def test_there_are_no_ouch_captures_but_those_that_are_read_and_the_excused(shared):
    folders = (shared / "data" / "omi_pcaps").rglob("*")
    named = {folder.name for folder in folders if folder.is_dir() and "ouch" in folder.name.lower()}
    assert named == {OUCH_FOLDER, EXCUSED_OUCH}


def test_what_is_excused_is_soup_of_ours_around_another_ouch(shared):
    seen = {}
    for path in sorted((shared / "data" / "omi_pcaps" / "Jnx" / EXCUSED_OUCH).glob("*.pcap")):
        for _, data in plain_pcap.payloads(path):
            packets = soup.Decoder().feed(data)
            assert b"".join(map(soup.encode, packets)) == data, path
            for packet in packets:
                if not isinstance(packet, soup.Sequenced | soup.Unsequenced):
                    continue
                is_inbound = isinstance(packet, soup.Unsequenced)
                seen[is_inbound, packet.message[:1]] = len(packet.message)
                for version in (ouch42, ouch50):
                    decode = version.decode_inbound if is_inbound else version.decode_outbound
                    with pytest.raises(DecodeError):
                        decode(packet.message)
    assert seen == {(True, b"O"): 48, (True, b"U"): 26, (False, b"A"): 65}


def test_a_real_file_has_what_it_is_known_to_have(shared):
    data = (shared / "data" / "itch" / "bbekele_sample_1000.itch").read_bytes()
    messages = list(itch.iter_file(data))
    assert collections.Counter(m.TYPE for m in messages) == {"S": 1, "R": 993, "H": 3, "Y": 3}
    assert b"".join(itch.frame(itch.encode(m)) for m in messages) == data
    assert [m.stock for m in messages[1:3]] == ["A", "AA"]


def test_a_file_with_zero_lengths_is_read_by_type(shared):
    data = (shared / "data" / "itch" / "ritch_ex20101224.TEST_ITCH_50").read_bytes()
    messages = list(itch.iter_file(data))
    assert collections.Counter(m.TYPE for m in messages) == RITCH_COUNTS
    assert b"".join(b"\0\0" + itch.encode(m) for m in messages) == data
    arrays = itch.to_arrays(data)
    assert {code: len(rows) for code, rows in arrays.items() if len(rows)} == RITCH_COUNTS
    assert sorted(arrays["A"]["order_ref"].tolist()) == sorted(
        m.order_ref for m in messages if m.TYPE == "A"
    )


def plain(value):
    """A field as either library gives it: text without padding."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return text.rstrip(" ") if isinstance(text, str) else text


@pytest.mark.parametrize("name", ["bbekele_sample_1000.itch", "ritch_ex20101224.TEST_ITCH_50"])
def test_another_library_reads_the_same_fields(shared, name):
    """`itchfeed` sets a message's fields in their order, and the timestamp last."""
    data = (shared / "data" / "itch" / name).read_bytes()
    parser = MessageParser()
    count = 0
    for _, raw in itch.frames(data):
        theirs = vars(parser.get_message_type(raw))
        ours = msgspec.structs.asdict(itch.decode(raw))
        assert theirs.pop("timestamp") == ours.pop("timestamp_ns")
        assert list(map(plain, theirs.values())) == list(map(plain, ours.values())), raw
        count += 1
    assert count == {"b": 1_000, "r": 12_012}[name[0]]


def test_another_library_finds_the_same_messages(shared):
    data = (shared / "data" / "itch" / "bbekele_sample_1000.itch").read_bytes()
    theirs = [message.to_bytes() for message in MessageParser().parse_file(io.BytesIO(data))]
    assert theirs == [raw for _, raw in itch.frames(data)]
    assert itchfeed.__name__ == "itch"
