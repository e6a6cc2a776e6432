# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape.wire.fix` as a Python user meets it."""

import pytest

from onetape.errors import DecodeError, OnetapeError, WireError
from onetape.wire import fix

NOW_NS = 1_767_323_045_000_000_000  # 2026-01-02 03:04:05
TIME = b"20260102-03:04:05"
EXCHANGE = fix.SessionConfig(sender=b"X", target=b"C")


def peer(msg_type: bytes, sequence: int, *fields: tuple[int, bytes]) -> bytes:
    head = [(49, b"C"), (56, b"X"), (34, b"%d" % sequence), (52, TIME)]
    return fix.encode(msg_type, [*head, *fields])


def active() -> fix.Session:
    session = fix.Session(EXCHANGE)
    assert session.opened(NOW_NS) == ()
    outcome = session.receive(NOW_NS, peer(b"A", 1, (98, b"0"), (108, b"30")))
    assert outcome.kind == "logged on"
    return session


def test_a_message_is_written_and_read():
    fields = ((34, b"1"), (95, b"3"), (96, b"a\x01b"), (58, "é".encode()))
    data = fix.encode(b"B", fields, version=fix.FIX50SP2)
    assert fix.decode(data) == fix.Message("FIXT.1.1", b"B", fields)


@pytest.mark.parametrize(
    "field", [(0, b"x"), (1_000_000_000, b"x"), (58, b""), (58, b"a\x01b"), (58, b"x" * 8192)]
)
def test_a_field_that_cannot_be_written_is_refused(field):
    with pytest.raises(WireError, match=f"field {field[0]}") as caught:
        fix.encode(b"B", [field])
    assert caught.value.code == "WIR-062"
    with pytest.raises(WireError):
        active().send(NOW_NS, b"8", [field])


def test_what_is_no_message_is_refused():
    good = fix.encode(b"0", [(34, b"1")])
    for bad in (b"", b"x", good[:-1], good + b"x", good.replace(b"34=1", b"34=2")):
        with pytest.raises(DecodeError) as caught:
            fix.decode(bad)
        assert caught.value.code == "WIR-060"
    with pytest.raises(WireError):
        fix.decode(fix.encode(b"0", [(34, b"1")], version=fix.FIX44).replace(b"=1\x0110=", b""))
    with pytest.raises(WireError, match=r"FIX\.4\.4 or FIXT\.1\.1"):
        fix.encode(b"0", [], version="FIX.4.2")


def test_a_stream_skips_what_is_garbled():
    decoder = fix.Decoder()
    good = fix.encode(b"0", [(34, b"1")])
    bad = good.replace(b"34=1", b"34=2")
    assert decoder.feed(b"??" + bad + good + good[:7]) == [
        fix.Garbled(0, 2, "no start"),
        fix.Garbled(2, len(bad), "checksum"),
        good,
    ]
    assert decoder.pending_bytes == 7
    assert decoder.feed(good[7:]) == [good]


def test_a_session_answers_and_sends():
    session = active()
    assert (session.state, session.next_in, session.next_out) == ("active", 2, 2)
    outcome = session.receive(NOW_NS, peer(b"D", 2, (11, b"a")))
    assert outcome == fix.Outcome("application", 2, ())
    [sent] = session.send(NOW_NS, b"8", [(11, b"a")])
    assert fix.decode(sent.message).find(34) == b"2"
    [again] = session.receive(NOW_NS, peer(b"2", 3, (7, b"1"), (16, b"0"))).effects
    assert (again.kind, again.first, again.last) == ("resend", 1, 2)
    [beat] = session.tick(NOW_NS + 30 * 10**9)
    assert fix.decode(beat.message).msg_type == b"0"
    assert session.deadline_ns == NOW_NS + 36 * 10**9
    logout = session.logout(NOW_NS, b"done")
    assert fix.decode(logout[0].message).find(58) == b"done"
    assert session.receive(NOW_NS, peer(b"5", 4)).kind == "logged out"
    assert session.state == "closed"


def test_what_is_sent_again_says_so():
    session, store = fix.Session(EXCHANGE), []
    session.opened(NOW_NS)
    for message in (peer(b"A", 1, (98, b"0"), (108, b"30")), peer(b"1", 2, (112, b"x"))):
        store += [effect.message for effect in session.receive(NOW_NS, message).effects]
    store += [effect.message for effect in session.send(NOW_NS, b"8", [(11, b"a")])]
    fill, report = (fix.decode(message) for message in fix.resend(NOW_NS + 10**9, store))
    assert [fill.find(tag) for tag in (34, 43, 123, 36)] == [b"1", b"Y", b"Y", b"3"]
    found = [report.find(tag) for tag in (34, 43, 52, 122, 11)]
    assert found == [b"3", b"Y", TIME[:-1] + b"6.000", TIME + b".000", b"a"]


def test_a_saved_session_goes_on():
    session, other = active(), fix.Session(EXCHANGE)
    other.restore(session.save())
    assert other.state_hash() == session.state_hash()
    assert other.tick(NOW_NS + 30 * 10**9) == session.tick(NOW_NS + 30 * 10**9)
    with pytest.raises(OnetapeError):
        other.restore(session.save()[:-1])


def test_passwords_do_not_stay():
    logon = peer(b"A", 1, (98, b"0"), (108, b"30"), (553, b"u"))
    full = fix.with_login(logon, b"u", b"secret")
    assert b"554=secret\x01" in full
    assert b"secret" not in fix.without_passwords(full)
    assert fix.decode(fix.without_passwords(full)).find(554) == b"*"
    with pytest.raises(WireError):
        fix.with_login(logon, b"u", b"")


@pytest.mark.parametrize("name", [b"", b"x" * 33, b"a\x01"])
def test_a_name_that_cannot_be_sent_is_refused(name):
    with pytest.raises(WireError, match="32 bytes"):
        fix.Session(fix.SessionConfig(sender=name, target=b"C"))
