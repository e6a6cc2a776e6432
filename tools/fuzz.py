# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Fuzz every decoder for a while: `python tools/fuzz.py [--seconds 60] [target ...]`.

The targets are in tests/fuzz/targets, their seeds in tests/fuzz/corpus (made here by `--seeds`,
from the codecs' tables; no recorded data). What the fuzzer finds on its way stays below target/.
An input that breaks a decoder is printed and kept in tests/fuzz/artifacts: make it a test, then
fix.
It needs a nightly Rust and cargo-fuzz; without them it says how to get them, and ends with 3.
"""

from __future__ import annotations

import argparse
import shutil
import struct
import subprocess
import sys
from pathlib import Path

from onetape.wire import fix, itch, mold, ouch42, ouch50, soup

ROOT = Path(__file__).resolve().parent.parent
FUZZ = ROOT / "tests" / "fuzz"
TARGETS = ("itch", "mold", "soup", "feed", "journal", "ouch", "fix", "node", "continuity")
MISSING = 3


def sample(fields: list[tuple[str, int, int, str, str]]) -> tuple[int | str, ...]:
    """Return plain values for a message's fields."""
    texts = {"side": "B", "stock": "AAPL", "printable": "N", "trading_state": "T"}
    return tuple(
        texts.get(name, "Y") if kind in {"char", "text"} else place + 1
        for place, (name, _, _, kind, _) in enumerate(fields)
    )


def seeds() -> dict[str, list[bytes]]:
    """Return the first inputs of each target: small, and one of everything."""
    pairs = zip(itch.MESSAGES, itch.LAYOUTS, strict=True)
    messages = [itch.encode(message(*sample(fields))) for message, (*_, fields) in pairs]
    file = b"".join(map(itch.frame, messages)) + b"\0\0"
    zero = b"".join(b"\0\0" + message for message in messages)
    packets = [
        mold.encode(mold.Packet("SESSION001", 5, (b"abc", b""))),
        mold.encode(mold.Packet("SESSION001", 7)),
        mold.encode(mold.Packet("SESSION001", 7, (), True)),
        mold.encode_request(mold.Request("SESSION001", 3, 4)),
    ]
    client = [soup.LoginRequest("user", "secret"), soup.Unsequenced(b"x"), soup.ClientHeartbeat()]
    late = soup.LoginRequest("user", "secret", "S", 9, 2_500)
    server = [soup.LoginAccepted("S", 1), soup.Sequenced(b"x"), soup.ServerHeartbeat()]
    streams: list[list[soup.Packet]] = [
        [*client, soup.LogoutRequest()],
        [late, soup.Debug(b"?")],
        [*server, soup.Unsequenced(b"y"), soup.EndOfSession()],
        [soup.LoginRejected("A")],
    ]
    return {
        "itch": [b"\x21" + file, b"\x21" + zero],
        "feed": [file, zero],
        "mold": packets,
        "journal": journal_seeds(),
        "ouch": ouch_seeds(),
        "fix": fix_seeds(),
        "node": node_seeds(),
        "continuity": continuity_seeds(),
        "soup": [b"\x10" + b"".join(map(soup.encode, stream)) for stream in streams],
    }


def ouch_seeds() -> list[bytes]:
    """Return every message of both versions, each behind the byte that chooses its direction."""
    tags = ouch50.tags
    terms = (tags.Firm("FIRM"), tags.MaxFloor(50), tags.UserRefIndex(1), tags.UnknownTag(200, b"?"))
    order = ouch50.EnterOrderRequest(
        1, "B", 100, "AAPL", 1_000_000, "0", "Y", "P", "N", "N", "C1", terms
    )
    token = ouch42.EnterOrder(
        "TOKEN", "B", 100, "AAPL", 1_000_000, 99_998, "", "Y", "P", "N", 0, "N", " "
    )
    seeds = [b"\0" + ouch50.encode(order), b"\2" + ouch42.encode(token)]
    for choice, module in ((b"\0", ouch50), (b"\2", ouch42)):
        for message in (*module.INBOUND, *module.OUTBOUND):
            direction = choice if message.IS_INBOUND else bytes([choice[0] + 1])
            hints = message.__annotations__
            values = ["Y" if hints[name] == "str" else 7 for name in hints if name.islower()]
            values = values[:-1] if "tags" in hints else values
            seeds.append(direction + module.encode(message(*values)))
    return seeds


def fix_seeds() -> list[bytes]:
    """Return streams of a client: a logon, orders, the session's own messages."""
    terms = b"11=a|55=ONE|54=1|38=100|40=2|44=9.5|59=6|126=20991231-00:00:00|18=6|110=5|1=X"
    said = [
        (b"D", terms + b"|60=20260102-03:04:05|2964=1|20001=P|453=1|448=F|447=D|452=1"),
        (b"G", b"41=a|" + terms + b"|60=20260102-03:04:05|211=-0.05|1094=5"),
        (b"F", b"41=a|11=b|54=1|55=ONE"),
        (b"q", b"11=m|530=1|55=ONE|54=2"),
        (b"H", b"11=a|790=s|54=1"),
        (b"1", b"112=ping"),
        (b"2", b"7=1|16=0"),
        (b"4", b"123=Y|36=20"),
        (b"A", b"98=0|108=9|141=Y|789=3|553=u|554=p|95=1|96=x|1137=9"),
        (b"5", b"58=bye"),
    ]
    streams = []
    for version in (fix.FIX44, fix.FIX50SP2):
        stream = b"\x20"
        for number, (msg_type, rest) in enumerate(said, start=2):
            head = b"49=CLIENT|56=ONETAPE|34=%d|52=20260102-03:04:05|" % number
            pairs = [field.split(b"=", 1) for field in (head + rest).split(b"|")]
            fields = [(int(tag), value) for tag, value in pairs]
            stream += fix.encode(msg_type, fields, version=version)
        streams.append(stream)
    return streams


def node_seeds() -> list[bytes]:
    """Return inputs of an exchange, each behind what it is, the time that passed, its length."""
    orders = [
        ouch50.EnterOrderRequest(1, "B", 100, "ONE", 100_000, "0", "Y", "P", "N", "N", "", ()),
        ouch50.EnterOrderRequest(2, "S", 50, "ONE", 100_000, "3", "Y", "P", "N", "N", "", ()),
        ouch50.ReplaceOrderRequest(1, 3, 120, 99_900, "0", "Y", "N", "", ()),
        ouch50.CancelOrderRequest(3, 0, ()),
    ]
    tokens = [
        ouch42.EnterOrder("A", "S", 100, "ONE", 100_000, 99_999, "", "Y", "P", "N", 0, "N", "N"),
        ouch42.CancelOrder("A", 0),
    ]
    streams = [b"".join(_input(0, ouch50.encode(order)) for order in orders)]
    streams.append(b"".join(_input(1, ouch42.encode(order)) for order in tokens))
    for port, version in ((2, fix.FIX44), (3, fix.FIX50SP2)):
        stream = b""
        for number, (kind, rest) in enumerate(
            [
                (b"A", b"98=0|108=9|1137=9"),
                (b"D", b"11=a|55=ONE|54=1|38=100|40=2|44=9.5|60=20260102-03:04:05"),
                (b"F", b"41=a|11=b|54=1|55=ONE|60=20260102-03:04:05"),
            ],
            start=1,
        ):
            head = b"49=user%d|56=ONETAPE|34=%d|52=19700101-00:00:00|" % (port + 1, number)
            pairs = [field.split(b"=", 1) for field in (head + rest).split(b"|")]
            fields = [(int(tag), value) for tag, value in pairs]
            stream += _input(port, fix.encode(kind, fields, version=version))
        streams.append(stream)
    # A session that closes and comes again, a halt, ticks, the end of the day and another.
    halt, end = (
        struct.pack("<qHHIII", value, kind, 0, 0, 0, 0) for value, kind in ((4, 1), (0, 10))
    )
    whole = [(0xC0, struct.pack("<IHH", 1, 2, 0)), (0xB0, struct.pack("<IIQ", 1, 0, 1))]
    whole += [(0xD0, halt), (0xE0, bytes(8)), (0xD0, end), (0xF0, bytes(32))]
    return [*streams, *(b"".join(streams[:1]) + _input(at, body) for at, body in whole)]


def _input(choice: int, body: bytes) -> bytes:
    return bytes([choice, 1, len(body)]) + body


def continuity_seeds() -> list[bytes]:
    """Return a message of each kind with its length, and questions to a witness."""
    magic, name, other = b"ONETAPER", b"alpha".ljust(16, b"\0"), b"beta".ljust(16, b"\0")
    bodies = [
        b"\1" + magic + b"\1\0\0" + name + b"market".ljust(16, b"\0") + bytes(16),
        b"\2" + magic + b"\1\0" + name + bytes(48),
        b"\3" + bytes(32 + 24 + 32),
        b"\4" + bytes(24 + 4 + 16),
        b"\5\0no",
        b"\6" + bytes(64),
        *(bytes([kind]) + bytes(size) for kind, size in ((7, 24), (8, 24), (9, 16), (10, 16))),
        b"\13",
    ]
    asks = [
        bytes([12, kind, 0, 0, 0]) + struct.pack("<I", 3) + node + struct.pack("<QQq", 1, term, 0)
        for kind, term in ((1, 0), (2, 1), (3, 1))
        for node in (name, other)
    ]
    framed = [struct.pack("<I", len(body)) + body for body in (*bodies, *asks)]
    return [*framed, b"".join(framed[len(bodies) :])]


def journal_seeds() -> list[bytes]:
    """Return frames, a header page, an index and a snapshot, each behind the byte that chooses."""
    golden = ROOT / "tests" / "golden" / "journal_v1"
    segment = (golden / "00000003.seg").read_bytes()
    index = bytearray((golden / "00000003.idx").read_bytes())
    index[16:56] = bytes(40)
    snapshot = next((golden / "snapshots").glob("*.snap")).read_bytes()
    return [b"\0" + segment[4096:], b"\1" + segment[:1024], b"\2" + bytes(index), b"\3" + snapshot]


def write_seeds() -> None:
    """Write the corpus."""
    for target, inputs in seeds().items():
        folder = FUZZ / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        for place, data in enumerate(inputs):
            (folder / f"seed{place}").write_bytes(data)


def run(target: str, seconds: int) -> int:
    """Fuzz one target; return its exit code."""
    found = ROOT / "target" / "fuzz-corpus" / target
    found.mkdir(parents=True, exist_ok=True)
    command = ["cargo", "+nightly", "fuzz", "run", "--fuzz-dir", str(FUZZ), "--sanitizer", "none"]
    command += ["--target-dir", str(ROOT / "target" / "fuzz"), target]
    command += [str(found), str(FUZZ / "corpus" / target)]
    limits = [f"-max_total_time={seconds}", "-max_len=4096", "-timeout=5", "-verbosity=0"]
    print(f"fuzzing {target} for {seconds} s", flush=True)
    done = subprocess.run([*command, "--", *limits, "-print_final_stats=1"], cwd=ROOT, check=False)
    return done.returncode


def main() -> int:
    """Run the targets one after the other."""
    parser = argparse.ArgumentParser(description="Fuzz every decoder for a while.")
    parser.add_argument("targets", nargs="*", default=TARGETS, help="which; all by default")
    parser.add_argument("--seconds", type=int, default=60, help="for how long, each")
    parser.add_argument("--seeds", action="store_true", help="write the corpus and end")
    options = parser.parse_args()
    if options.seeds:
        write_seeds()
        return 0
    if shutil.which("cargo-fuzz") is None:
        print(
            "cargo-fuzz is missing: rustup toolchain install nightly && cargo install cargo-fuzz",
            file=sys.stderr,
        )
        return MISSING
    failed = [target for target in options.targets if run(target, options.seconds) != 0]
    if failed:
        print(f"broken: {', '.join(failed)}; the inputs are in {FUZZ / 'artifacts'}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
