# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What operators read when something is wrong: with the configuration, or with an answer."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from onetape.config import load
from onetape.errors import ConfigError, VenueError
from onetape.exchange.config import SECTIONS
from onetape.exchange.control import SOCKET, TOKEN, Control
from onetape.exchange.server import Exchange

CONFIG = """
[exchange]
journal = "{folder}"
[gateway]
ouch50 = "127.0.0.1:19150"
ouch42 = "127.0.0.1:19150"
[market.instruments.ONE]
[members.firms.ALFA]
[members.ports.ALFA1]
firm = "ALFA"
password = "alfa"
[members.ports.ALFA2]
firm = "ALFA"
password = "alfa"
"""


def answered(folder: Path, answer: dict[str, Any]) -> VenueError:
    """Return the error that a command meets which is answered so."""
    (folder / TOKEN).write_text("token", "utf-8")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / SOCKET))
    listener.listen()

    def serve() -> None:
        line, _ = listener.accept()
        with line:
            for said in ({"ok": True}, answer):
                line.recv(1 << 12)
                frame = json.dumps(said).encode()
                line.sendall(len(frame).to_bytes(4, "big") + frame)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with Control(folder) as control, pytest.raises(VenueError) as raised:
            control.request("halt")
    finally:
        thread.join()
        listener.close()
    return raised.value


def test_a_refusal_changed_nothing(tmp_path: Path):
    error = answered(tmp_path, {"ok": False, "error": "the day has ended"})
    assert (error.code, error.hint) == ("CTL-004", "nothing was changed")


def test_no_answer_in_time_does_not_say_that_nothing_was_changed(tmp_path: Path):
    late = {"ok": False, "may_be_done": True, "error": "the engine has not answered in 10 s"}
    error = answered(tmp_path, late)
    assert error.code == "CTL-005"
    assert "may still do what was asked" in error.message
    assert "nothing" not in error.hint


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            ["members.ports.ALFA1.password=elevenchars"],
            "members.ports.ALFA1.password: expected 1 to 10 characters, found 11",
        ),
        (["members.ports.ALFA1.password="], "expected 1 to 10 characters, found 0"),
        (
            ["members.ports.ALFA2.protocol=ouch42"],
            "members.ports.ALFA1 and members.ports.ALFA2 share the address 127.0.0.1:19150: "
            "expected one protocol there and different user names, found Ouch50 and Ouch42",
        ),
        (
            ['feed.lines=["1.2.3:9000"]'],
            "feed.lines: expected an address of four numbers, found '1.2.3'",
        ),
    ],
)
def test_a_wrong_value_is_named_with_what_was_found(
    tmp_path: Path, changes: list[str], expected: str
):
    path = tmp_path / "exchange.toml"
    path.write_text(CONFIG.format(folder=tmp_path / "data"), "utf-8")
    with pytest.raises(ConfigError) as raised:
        Exchange(load(path, SECTIONS, overrides=changes))
    assert expected in raised.value.message.replace('"', "'")
