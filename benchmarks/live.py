# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live node from its venue's side: a packet of ITCH out, the order that it led to back by OUCH.

The venue (`benchmarks/path`) polls on one core, the engine on another; beside it stands the bare
program that receives the packet and sends a prepared message, with the same binding. The engine
itself says how long a packet took from memory to the bytes of the order. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
STRATEGIES = Path(__file__).resolve().parent / "live_strategies.py"
VENUE_CORE, ENGINE_CORE = 0, 1
CONFIG = """
[live]
folder = "{folder}/node"
busy_poll = true
core = {core}
[live.venues.V]
symbols = ["ONE"]
order_entry = "127.0.0.1:{tcp}"
username = "BENCH"
password = "bench"
lines = ["127.0.0.1:{udp}"]
rerequest = "127.0.0.1:{rerequest}"
[live.strategies.echo]
file = "{strategies}:{name}"
place = "{place}"
[risk]
order_qty_max = 1_000
order_notional_max = 10_000_000_000
position_max = 1_000_000
price_collar_ticks = 500_000
order_rate_max = 1_000_000
"""


def free_ports(kinds: tuple[socket.SocketKind, ...]) -> list[int]:
    """Return ports of the loopback that nobody uses."""
    sockets = [socket.socket(socket.AF_INET, kind) for kind in kinds]
    for sock in sockets:
        sock.bind(("127.0.0.1", 0))
    ports = [sock.getsockname()[1] for sock in sockets]
    for sock in sockets:
        sock.close()
    return ports


def program() -> str:
    """Build the venue and return where it is."""
    command = ["cargo", "bench", "-q", "-p", "onetape-io", "--bench", "path", "--no-run"]
    done = subprocess.run(
        [*command, "--message-format=json"], check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    lines = (json.loads(line) for line in done.stdout.splitlines() if line.startswith("{"))
    return next(line["executable"] for line in lines if line.get("executable"))


def venue(path: str, *words: str) -> subprocess.Popen[str]:
    """Start the venue, and wait until it listens."""
    command = [path, "mode=venue", f"core={VENUE_CORE}", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    process.stderr.readline()
    return process


def result(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Return what the venue measured."""
    out, err = process.communicate(timeout=300)
    if process.returncode:
        raise RuntimeError(err)
    found: dict[str, Any] = json.loads(out)
    return found


def bare(path: str, *words: str) -> dict[str, Any]:
    """Measure the bare program."""
    tcp, udp = free_ports((socket.SOCK_STREAM, socket.SOCK_DGRAM))
    where = [f"tcp=127.0.0.1:{tcp}", f"udp=127.0.0.1:{udp}"]
    measuring = venue(path, *where, *words)
    other = subprocess.Popen([path, "mode=bare", f"core={ENGINE_CORE}", *where])
    try:
        return result(measuring)
    finally:
        other.kill()
        other.wait()


def node(path: str, name: str, place: str, *words: str) -> dict[str, Any]:
    """Measure a live node with a strategy in a place."""
    tcp, udp, rerequest = free_ports((socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_DGRAM))
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "node.toml"
        config.write_text(
            CONFIG.format(
                folder=folder, core=ENGINE_CORE, tcp=tcp, udp=udp, rerequest=rerequest,
                strategies=STRATEGIES, name=name, place=place,
            )
        )  # fmt: skip
        command = [sys.executable, "-m", "onetape", "live"]
        engine = subprocess.Popen([*command, str(config)], stdout=subprocess.DEVNULL)
        try:
            # The node connects as soon as the venue is there, and its strategy has been compiled.
            time.sleep(12)
            measuring = venue(
                path, f"tcp=127.0.0.1:{tcp}", f"udp=127.0.0.1:{udp}",
                f"rerequest=127.0.0.1:{rerequest}", "settle_ms=3000", *words,
            )  # fmt: skip
            found = result(measuring)
            status = subprocess.run(
                [*command, "status", "--folder", f"{folder}/node", "--json"],
                check=True, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            return found | {"packet_to_order_ns": json.loads(status.stdout)["packet_to_order_ns"]}
        finally:
            engine.send_signal(signal.SIGINT)
            engine.wait(30)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=int, default=2_000)
    parser.add_argument("--seconds", type=int, default=5)
    given = parser.parse_args()
    path = program()
    words = [f"rate={given.rate}", f"seconds={given.seconds}"]
    lossy = [*words, "loss=5"]
    sleepy = [*words, "sleeps=1"]
    found = {
        "bare": bare(path, *words),
        "inline": node(path, "Compiled", "inline", *words),
        "bare_again": bare(path, *words),
        "inline_loss_5_percent": node(path, "Compiled", "inline", *lossy),
        "compiled_process": node(path, "Compiled", "process", *sleepy),
        "plain_process": node(path, "Plain", "process", *sleepy),
        "cores": os.cpu_count(),
    }
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
