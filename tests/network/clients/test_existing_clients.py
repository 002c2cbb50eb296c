"""Clients that were written for Toxiproxy, in two languages, drive the links unchanged."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.network.clients.node_client import install
from tests.network.rig import rig

HERE = Path(__file__).resolve().parent

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


def test_the_node_client(tmp_path: Path) -> None:
    node = install(tmp_path)
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
