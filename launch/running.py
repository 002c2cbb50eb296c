"""``python lab.py``: hand over to ``manage.py lab`` in the environment."""

from __future__ import annotations

import contextlib
import subprocess

from launch.environment import ROOT, python


def run(arguments: list[str]) -> int:
    """Run the lab until it stops and return its exit code."""
    lab = subprocess.Popen([python(), ROOT / "manage.py", "lab", *arguments], cwd=ROOT)
    while True:
        # Ctrl-C reaches both; the lab stops its processes in order and this waits for it.
        with contextlib.suppress(KeyboardInterrupt):
            return lab.wait()
