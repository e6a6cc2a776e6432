# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The exchange from a client's side: a real `onetape exchange`, real sockets, an open-loop client.

The engine is bound to one core and busy-polls, the client to another; beside each figure stands the
bare TCP echo with the same binding. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ["cargo", "bench", "-q", "-p", "onetape-io", "--bench", "load", "--"]
SERVER_CORE, CLIENT_CORE = 1, 0
LINE_A = "239.255.42.1:9201"


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
def exchange(commit: str) -> Iterator[None]:
    """Run an exchange with this commit mode."""
    with tempfile.TemporaryDirectory(prefix="onetape-bench-") as folder:
        command = [
            sys.executable, "-m", "onetape", "exchange", str(ROOT / "examples" / "exchange.toml"),
            "--set", f"exchange.journal={folder}", "--set", f"exchange.commit={commit}",
            "--set", "exchange.busy_poll=true", "--set", "exchange.segment_bytes=1073741824",
            "--set", f"exchange.core={SERVER_CORE}", "--set", "members.ports.BETA1.stp=off",
            "--set", "members.ports.BETA1.orders_per_second_max=1048576",
            "--set", "members.ports.BETA1.collar_bps=0",
            "--set", "members.ports.BETA1.open_orders_max=10000000",
        ]  # fmt: skip
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("ready"):
                break
        time.sleep(0.5)
        try:
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


@contextmanager
def echo_server() -> Iterator[str]:
    """Run the bare echo and give its address."""
    process = subprocess.Popen(
        [*CLIENT, "mode=serve-echo", "address=127.0.0.1:0", f"core={SERVER_CORE}"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.wait(30)


def bare_echo(rate: int, seconds: int) -> Any:
    """Measure the bare echo."""
    with echo_server() as address:
        return client("mode=echo", f"address={address}", f"rate={rate}", f"seconds={seconds}")


def orders(commit: str, rate: int, seconds: int, *, listen: bool) -> Any:
    """Measure orders at a rate, in a commit mode."""
    words = [f"multicast={LINE_A}"] if listen else []
    with exchange(commit):
        result = client("mode=orders", f"rate={rate}", f"seconds={seconds}", *words)
    return result | {"commit": commit}


def main() -> None:
    """Measure everything that the table in benchmarks/README.md lists."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    subprocess.run([*CLIENT[:-1], "--no-run"], check=True, cwd=ROOT, env=environment())
    seconds = options.seconds
    runs = [
        {
            "echo": bare_echo(100_000, seconds),
            "async": orders("async", 100_000, seconds, listen=False),
            "async_with_market_data": orders("async", 20_000, seconds, listen=True),
            "sustained": orders("async", 300_000, seconds, listen=False),
            "fsync": orders("fsync", 120_000, seconds, listen=False),
        }
        for _ in range(options.runs)
    ]
    print(json.dumps({"benchmark": "exchange", "seconds": seconds, "runs": runs}))


if __name__ == "__main__":
    main()
