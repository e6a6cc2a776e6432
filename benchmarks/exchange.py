# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The exchange from a client's side: a real `onetape exchange`, real sockets, an open-loop client.

The engine is bound to one core and busy-polls, the client to another; beside each figure stands the
bare TCP echo with the same binding. In mode `standby` a second node and a witness run as processes
of their own on the same machine; with fewer than four cores only the client polls there. Prints one
JSON object.
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
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onetape.exchange.control import Control

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ["cargo", "bench", "-q", "-p", "onetape-io", "--bench", "load", "--"]
CONFIG = str(ROOT / "examples" / "exchange.toml")
SERVER_CORE, CLIENT_CORE = 1, 0
LINE_A = "239.255.42.1:9201"
NODES = ("alpha", "beta")
#: A core each for client, engine, and the two threads between them and the standby's journal.
POLLING_CORES_MIN = 4
#: What the client needs of the port that it uses.
PORT = {
    "stp": "off",
    "orders_per_second_max": 1_048_576,
    "collar_bps": 0,
    "open_orders_max": 10_000_000,
    "cancel_on_disconnect": "false",  # It is asked how it was afterwards.
}


def client(*words: str) -> Any:
    """Run the open-loop client and return what it printed."""
    done = subprocess.run(
        [*CLIENT, f"core={CLIENT_CORE}", *words],
        check=True,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    return json.loads(done.stdout)


def environment() -> dict[str, str]:
    """Return the environment of the Rust side: built for this host, in a folder of its own."""
    return os.environ | {
        "RUSTFLAGS": "-C target-cpu=native",
        "CARGO_TARGET_DIR": str(ROOT / "target" / "bench"),
    }


@contextmanager
def process(until: str, *arguments: str) -> Iterator[None]:
    """Run `onetape` with these arguments, from when it has said something to the end."""
    command = [sys.executable, "-m", "onetape", *arguments]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    try:
        for line in running.stdout:
            if until in line:
                break
        else:
            raise RuntimeError(f"{' '.join(arguments)} ended before it said {until!r}")
        yield
    finally:
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=30)


def settings(folder: Path, commit: str, **more: object) -> list[str]:
    """Return the command line's share of a node's configuration."""
    values = {
        "exchange.journal": folder,
        "exchange.commit": commit,
        "exchange.segment_bytes": 1 << 30,
        "exchange.touch_memory": "true",
        **{f"members.ports.BETA1.{name}": value for name, value in PORT.items()},
        **{name.replace("__", "."): value for name, value in more.items()},
    }
    return [word for name, value in values.items() for word in ("--set", f"{name}={value}")]


@contextmanager
def exchange(commit: str) -> Iterator[Path]:
    """Run an exchange of one node with this commit mode, and give its folder."""
    with tempfile.TemporaryDirectory(prefix="onetape-bench-") as folder:
        words = settings(
            Path(folder), commit, exchange__busy_poll="true", exchange__core=SERVER_CORE
        )
        with process("ready", "exchange", CONFIG, *words):
            time.sleep(0.5)
            yield Path(folder)


def free_ports(count: int) -> list[int]:
    """Return ports of this machine that nobody has now."""
    with ExitStack() as stack:
        servers = [
            stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)
        ]
        return [server.getsockname()[1] for server in servers]


@contextmanager
def cluster() -> Iterator[Path]:
    """Run a witness, a primary and its standby; give the primary's folder."""
    with tempfile.TemporaryDirectory(prefix="onetape-bench-") as root, ExitStack() as stack:
        key = Path(root) / "key"
        key.write_text(os.urandom(32).hex(), "utf-8")
        witness, *listen = (f"127.0.0.1:{port}" for port in free_ports(3))
        words = ["--nodes", ",".join(NODES), "--secret", str(key), "--listen", witness]
        stack.enter_context(process("listens", "witness", f"{root}/witness", *words))
        polls = (os.cpu_count() or 1) >= POLLING_CORES_MIN
        own_core = {"exchange__busy_poll": "true", "exchange__core": SERVER_CORE} if polls else {}
        alpha, beta = (
            settings(
                Path(root) / node,
                "standby",
                continuity__witness=witness,
                continuity__key_file=key,
                continuity__node=node,
                continuity__listen=listen[at],
                continuity__peer=listen[1 - at],
                **(own_core if node == NODES[0] else {}),
            )
            for at, node in enumerate(NODES)
        )
        stack.enter_context(process("ready", "exchange", CONFIG, *alpha))
        # Stopped first: the primary is then alone, as it was at the start.
        stack.enter_context(process("in step", "standby", "start", CONFIG, *beta))
        folder = Path(root) / NODES[0]
        wait_covered(folder)
        yield folder


def wait_covered(folder: Path) -> None:
    """Wait until the primary leaves nothing without its standby."""
    until = time.monotonic() + 20
    with Control(folder) as control:
        while not status(control)["continuity"]["standby"]["may_take_over"]:
            if time.monotonic() > until:
                raise RuntimeError("the standby never caught up")
            time.sleep(0.05)


def status(control: Control) -> dict[str, Any]:
    """Ask an exchange how it is."""
    return control.request("status")


@contextmanager
def echo_server() -> Iterator[str]:
    """Run the bare echo and give its address."""
    running = subprocess.Popen(
        [*CLIENT, "mode=serve-echo", "address=127.0.0.1:0", f"core={SERVER_CORE}"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert running.stdout is not None
    try:
        yield running.stdout.readline().strip()
    finally:
        running.wait(30)


def bare_echo(rate: int, seconds: int) -> Any:
    """Measure the bare echo."""
    with echo_server() as address:
        return client("mode=echo", f"address={address}", f"rate={rate}", f"seconds={seconds}")


def idle(seconds: int) -> list[Any]:
    """Measure, on both cores at once, what a loop that only reads the clock sees of the machine."""
    command, env = [*CLIENT, "mode=idle", f"seconds={seconds}"], environment()
    running = [
        subprocess.Popen([*command, f"core={core}"], cwd=ROOT, stdout=subprocess.PIPE, env=env)
        for core in (CLIENT_CORE, SERVER_CORE)
    ]
    return [json.loads(process.communicate()[0]) for process in running]


def orders(commit: str, rate: int, seconds: int, *, listen: bool = False) -> Any:
    """Measure orders at a rate, in a commit mode; with what the exchange says of itself."""
    words = [f"multicast={LINE_A}"] if listen else []
    with cluster() if commit == "standby" else exchange(commit) as folder:
        result = client("mode=orders", f"rate={rate}", f"seconds={seconds}", *words)
        with Control(folder) as control:
            said = status(control)
    server = {
        "answers": said["latency"],
        "market_data": said["market_data"]["behind"],
        "packets_failed": said["market_data"]["packets_failed"],
        "standby": said["continuity"].get("standby"),
    }
    return result | {"commit": commit, "server": server}


#: What is measured: name, commit mode, orders a second, whether the client listens to market data.
CASES = (
    ("async", "async", 100_000, False),
    ("async_with_market_data", "async", 20_000, True),
    ("publisher", "async", 150_000, True),
    ("sustained", "async", 300_000, False),
    ("fsync", "fsync", 120_000, False),
    ("standby_20k", "standby", 20_000, False),
    ("standby_100k", "standby", 100_000, False),
    ("standby_sustained", "standby", 300_000, False),
)


def main() -> None:
    """Measure everything that the table in benchmarks/README.md lists."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--only", nargs="*", metavar="CASE", help="of idle, echo and the cases; else all"
    )
    options = parser.parse_args()
    wanted = options.only or ["idle", "echo", *(name for name, *_ in CASES)]
    subprocess.run([*CLIENT[:-1], "--no-run"], check=True, cwd=ROOT, env=environment())
    runs = []
    for _ in range(options.runs):
        run: dict[str, Any] = {}
        if "idle" in wanted:
            run["idle"] = idle(options.seconds)
        if "echo" in wanted:
            run["echo"] = bare_echo(100_000, options.seconds)
        for name, commit, rate, listen in CASES:
            if name in wanted:
                run[name] = orders(commit, rate, options.seconds, listen=listen)
        runs.append(run)
    print(json.dumps({"benchmark": "exchange", "seconds": options.seconds, "runs": runs}))


if __name__ == "__main__":
    main()
