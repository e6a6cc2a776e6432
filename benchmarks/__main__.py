# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`python -m benchmarks [NAME …]`: run the benchmarks, print and keep what they measured.

The Rust ones are built for this host, in a target folder of their own; the whole run uses the wheel
as it is installed. Results go to benchmarks/results/<commit>-<machine>.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"

#: Name -> command; the Rust ones print JSON on standard output.
BENCHMARKS: dict[str, list[str]] = {
    "decode": ["cargo", "bench", "-q", "-p", "onetape-io", "--bench", "decode"],
    "book": ["cargo", "bench", "-q", "-p", "onetape-io", "--bench", "book"],
    "matching": ["cargo", "bench", "-q", "-p", "onetape-io", "--bench", "matching"],
    "journal": ["cargo", "bench", "-q", "-p", "onetape-io", "--bench", "journal"],
    "feed": ["cargo", "bench", "-q", "-p", "onetape-io", "--bench", "feed"],
    "exchange": [sys.executable, "-m", "benchmarks.exchange"],
    "live": [sys.executable, "-m", "benchmarks.live"],
    "recovery": ["cargo", "bench", "-q", "-p", "onetape-io", "--bench", "recovery"],
    "run": [sys.executable, "-m", "benchmarks.whole_run"],
    "after_trade": [sys.executable, "-m", "benchmarks.after_trade"],
    "execution_quality": [sys.executable, "-m", "benchmarks.execution_quality"],
    "kill": [sys.executable, "-m", "benchmarks.kill"],
}


def machine() -> dict[str, Any]:
    """Say what this was measured on."""
    text = Path("/proc/cpuinfo").read_text("utf-8")
    model = re.search(r"model name\s*: (.*)", text)
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text("utf-8"))
    return {
        "processor": model[1] if model else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(int(memory[1]) / 2**20) if memory else None,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "rustc": output(["rustc", "--version"]),
        "load_average": os.getloadavg(),
        "note": "shared virtual machine: quote medians and ratios",
    }


def output(command: list[str]) -> str:
    """Return what a command prints."""
    done = subprocess.run(command, capture_output=True, check=True, text=True, cwd=ROOT)
    return done.stdout.strip()


def measure(name: str) -> Any:
    """Run one benchmark and return what it printed."""
    environment = os.environ | {
        "RUSTFLAGS": "-C target-cpu=native",
        "CARGO_TARGET_DIR": str(ROOT / "target" / "bench"),
    }
    print(f"== {name}", file=sys.stderr)
    done = subprocess.run(
        BENCHMARKS[name],
        check=True,
        cwd=ROOT,
        env=environment if BENCHMARKS[name][0] == "cargo" else None,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument("--keep", action="store_true", help="write to benchmarks/results/")
    options = parser.parse_args()
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"{', '.join(sorted(unknown))}: expected one of {', '.join(BENCHMARKS)}")
    names = options.names or list(BENCHMARKS)
    commit = output(["git", "rev-parse", "--short", "HEAD"])
    changed = output(["git", "status", "--porcelain", "--untracked-files=no"])
    commands = {
        name: " ".join(BENCHMARKS[name]).replace(sys.executable, "python") for name in names
    }
    document = {
        "commit": commit + ("+changes" if changed else ""),
        "machine": machine(),
        "commands": commands,
        "results": {name: measure(name) for name in names},
    }
    text = json.dumps(document, indent=2)
    print(text)
    if options.keep:
        RESULTS.mkdir(exist_ok=True)
        label = f"{platform.machine()}-{os.cpu_count()}core"
        path = RESULTS / f"{commit}-{label}.json"
        path.write_text(text + "\n", "utf-8")
        print(f"kept in {path.relative_to(ROOT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
