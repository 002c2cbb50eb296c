"""Clients that were written for Toxiproxy, in two languages, drive the links unchanged."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.network.rig import rig

HERE = Path(__file__).resolve().parent
NODE_CLIENT = "toxiproxy-node-client@4.1.0"

pytestmark = pytest.mark.timeout(120)


def output(*command: str) -> dict[str, Any]:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return seen


def test_the_python_client() -> None:
    with rig() as link:
        port = link.control.rpartition(":")[2]
        seen = output(sys.executable, "-W", "ignore", str(HERE / "with_python.py"), port)
    assert seen == {
        "running": True,
        "proxies": ["one"],
        "enabled": True,
        "twice": "ProxyExists",
        "toxic": ["latency", "downstream", 1, {"latency": 100, "jitter": 10}],
        "down": False,
        "up": True,
        "toxics": [],
        "gone": "NotFound",
        "reset": True,
        "left": ["one"],
    }


@pytest.mark.skipif(not shutil.which("npm"), reason="npm is needed to install the client")
def test_the_node_client(tmp_path: Path) -> None:
    npm, node = shutil.which("npm"), shutil.which("node")
    assert npm is not None
    assert node is not None
    done = subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "--prefix", str(tmp_path), NODE_CLIENT],
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    if done.returncode:
        pytest.skip(f"the client could not be installed: {done.stderr.strip()[-200:]}")
    with rig() as link:
        seen = output(node, str(HERE / "with_node.mjs"), link.control, str(tmp_path))
    assert seen["version"]
    seen.pop("version")
    assert seen == {
        "proxies": ["one"],
        "enabled": True,
        "twice": "refused",
        "toxic": ["latency", "downstream", 1, {"latency": 100, "jitter": 10}],
        "down": False,
        "toxics": [],
        "left": ["one"],
    }
