"""Toxiproxy's client for Node, installed where a test has room for it."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

NODE_CLIENT = "toxiproxy-node-client@4.1.0"


def install(directory: Path) -> str:
    """Install the client into ``directory``, or skip with the reason; return Node's program."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("npm is needed to install the client")
    done = subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "--prefix", str(directory), NODE_CLIENT],
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    if done.returncode:
        pytest.skip(f"the client could not be installed: {done.stderr.strip()[-200:]}")
    return node
