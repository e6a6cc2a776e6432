# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The guide to adapters, followed to the letter: its stand-in is started, and its node on it."""

import json
import signal
import time
from pathlib import Path

import pytest
from tests.models.processes import Processes, free_ports, onetape

pytestmark = pytest.mark.slow


def blocks(root: Path) -> list[str]:
    """Return the configurations that the guide shows."""
    parts = (root / "docs" / "guides" / "adapters.md").read_text("utf-8").split("```toml\n")[1:]
    return [part.partition("```")[0] for part in parts]


@pytest.mark.timeout(120)
def test_the_guide_leads_to_a_node_that_is_ready(root: Path, tmp_path: Path):
    port = str(free_ports(1)[0])
    standin, node = (text.replace("8443", port) for text in blocks(root)[:2])
    (tmp_path / "standin.toml").write_text(standin, "utf-8")
    node = node.replace('folder = "node"', f'folder = "{tmp_path}/node"')
    (tmp_path / "node.toml").write_text(node, "utf-8")
    processes = Processes(tmp_path)
    try:
        processes.start("standin", "standin", str(tmp_path / "standin.toml"))
        processes.wait_said("standin", "ready")
        processes.start("node", "live", str(tmp_path / "node.toml"))
        processes.wait_said("node", "ready")
        until = time.monotonic() + 40
        while True:
            done = onetape("live", "status", "--folder", str(tmp_path / "node"), "--json")
            if done.returncode == 0 and json.loads(done.stdout)["venues"][0]["ready"]:
                break
            assert time.monotonic() < until, processes.said("node")
            time.sleep(0.2)
        assert processes.end("node", signal.SIGINT) == 0, processes.said("node")
    finally:
        processes.end_all()
    assert "our-secret" not in processes.said("node") + processes.said("standin")
