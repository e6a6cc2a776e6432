# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The FIX codec and session against any bytes, any splitting, any links."""

from hypothesis import given, settings
from hypothesis import strategies as st

from onetape.wire import fix

NOW_NS = 1_767_323_045_000_000_000
TEXT = st.binary(min_size=1, max_size=20).filter(lambda value: b"\x01" not in value)
# Lengths of data have rules of their own; the unit tests have them.
TAGS = st.integers(1, 999_999_999).filter(lambda tag: tag not in range(88, 97) and tag > 2000)
FIELDS = st.lists(st.tuples(TAGS, TEXT), max_size=8)
TYPES = st.sampled_from([b"0", b"D", b"8", b"AE"])


@given(TYPES, FIELDS, st.sampled_from([fix.FIX44, fix.FIX50SP2]))
def test_what_is_written_reads_back(msg_type, fields, version):
    message = fix.decode(fix.encode(msg_type, fields, version=version))
    assert message == fix.Message(version, msg_type, tuple(fields))


@given(st.lists(st.one_of(st.binary(max_size=30), FIELDS)), st.data())
def test_a_stream_is_the_same_however_it_is_split(parts, data):
    stream = b"".join(part if isinstance(part, bytes) else fix.encode(b"B", part) for part in parts)
    whole = fix.Decoder().feed(stream)
    cut = data.draw(st.integers(0, len(stream)))
    decoder = fix.Decoder()
    seen = decoder.feed(stream[:cut]) + decoder.feed(stream[cut:])
    messages = [item for item in whole if isinstance(item, bytes)]
    assert [item for item in seen if isinstance(item, bytes)] == messages
    sizes = [len(item) if isinstance(item, bytes) else item.size_bytes for item in seen]
    assert sum(sizes) + decoder.pending_bytes == len(stream)


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 255)), max_size=4), FIELDS)
def test_a_message_with_a_wrong_byte_is_not_taken(edits, fields):
    good = fix.encode(b"D", fields)
    bad = bytearray(good)
    for place, value in edits:
        bad[place % len(bad)] = value
    taken = [item for item in fix.Decoder().feed(bytes(bad) + good) if isinstance(item, bytes)]
    assert taken[-1:] == [good]
    # Two wrong bytes may keep the sum; one cannot.
    if sum(a != b for a, b in zip(good, bad, strict=True)) == 1:
        assert bytes(bad) not in taken


class End:
    """One end with its store of sent messages, and what it has taken of the other's."""

    def __init__(self, *, initiator: bool) -> None:
        names = (b"C", b"X") if initiator else (b"X", b"C")
        self.session = fix.Session(
            fix.SessionConfig(sender=names[0], target=names[1], initiator=initiator)
        )
        self.store: list[bytes] = []
        self.taken: list[bytes] = []

    def do(self, effects: tuple[fix.Effect, ...], ts_ns: int) -> list[bytes]:
        """Return what goes onto the link."""
        sent = []
        for effect in effects:
            if effect.kind == "send":
                self.store.append(effect.message)
                sent.append(effect.message)
            elif effect.kind == "resend":
                sent += fix.resend(ts_ns, self.store[effect.first - 1 : effect.last])
        return sent

    def take(self, message: bytes, ts_ns: int) -> list[bytes]:
        outcome = self.session.receive(ts_ns, message)
        if outcome.kind == "application":
            self.taken.append(fix.decode(message).find(11))
        return self.do(outcome.effects, ts_ns)


class World:
    """Two ends, what is on its way to each, and the time."""

    def __init__(self) -> None:
        self.ends = [End(initiator=True), End(initiator=False)]
        self.ways: list[list[bytes]] = [[], []]
        self.sent = [0, 0]
        self.ts_ns = NOW_NS

    def settle(self, lose: list[bool]) -> None:
        """Let messages travel until none is on its way; `lose` says which are garbled."""
        for _ in range(10_000):
            if not any(self.ways):
                return
            for end, way, back in zip(self.ends, self.ways, reversed(self.ways), strict=True):
                if way:
                    message = way.pop(0)
                    if not (lose and lose.pop()):
                        back.extend(end.take(message, self.ts_ns))
        raise AssertionError("the two ends never come to rest")

    def link(self) -> None:
        """Cut the link, with all that is on it, and make a new one."""
        for end, way in zip(self.ends, self.ways, strict=True):
            end.session.closed()
            way.clear()
        for end, way in zip(self.ends, reversed(self.ways), strict=True):
            way.extend(end.do(end.session.opened(self.ts_ns), self.ts_ns))
        self.settle([])

    def wait(self, seconds: int, lose: list[bool]) -> None:
        """Let time pass."""
        self.ts_ns += seconds * 10**9
        for end, way in zip(self.ends, reversed(self.ways), strict=True):
            way.extend(end.do(end.session.tick(self.ts_ns), self.ts_ns))
        self.settle(lose)

    def send(self, index: int, lose: list[bool]) -> None:
        """Send three messages from one end."""
        end, way = self.ends[index], self.ways[1 - index]
        for _ in range(3):
            self.sent[index] += 1
            fields = [(11, b"%d" % self.sent[index])]
            way.extend(end.do(end.session.send(self.ts_ns, b"D", fields), self.ts_ns))
        self.settle(lose)


STEPS = st.lists(st.tuples(st.integers(0, 3), st.lists(st.booleans(), max_size=12)), max_size=12)


@settings(max_examples=200)
@given(STEPS)
def test_every_message_arrives_once_and_in_order_whatever_is_lost(steps):
    world = World()
    world.link()
    for action, lose in steps:
        world.ts_ns += 10**9
        if action == 2:
            world.link()
        elif action == 3:
            world.wait(30, list(lose))
        else:
            world.send(action, list(lose))
    world.wait(31, [])
    if any(end.session.state != "active" for end in world.ends):
        world.link()  # Heartbeats and test requests were lost, too: an end gave the other up.
    for _ in range(3):
        world.wait(31, [])
    for end, other, sent in zip(world.ends, reversed(world.ends), world.sent, strict=True):
        assert end.session.state == "active"
        assert other.taken == [b"%d" % number for number in range(1, sent + 1)]


@given(st.lists(st.tuples(st.sampled_from(b"A012345D"), st.integers(0, 5), FIELDS), max_size=20))
def test_a_session_takes_anything_and_a_twin_does_the_same(messages):
    session, twin = (
        fix.Session(fix.SessionConfig(sender=b"X", target=b"C", heartbeat_s=30)) for _ in range(2)
    )
    session.opened(NOW_NS)
    tags = (7, 16, 36, 43, 95, 98, 108, 112, 123, 141, 789)
    for step, (msg_type, sequence, fields) in enumerate(messages):
        head = [(49, b"C"), (56, b"X"), (34, b"%d" % sequence), (52, b"20260102-03:04:05")]
        named = [(tags[tag % len(tags)], value) for tag, value in fields if value != b"95"]
        named = [field for field in named if field[0] != 95]
        message = fix.encode(bytes([msg_type]), head + named)
        twin.restore(session.save())
        ts_ns = NOW_NS + step * 10**9
        assert session.receive(ts_ns, message) == twin.receive(ts_ns, message)
        assert session.tick(ts_ns) == twin.tick(ts_ns)
        assert session.state_hash() == twin.state_hash()
        if session.state == "closed":
            session.opened(ts_ns)
