"""What ``lab.py`` says while it works."""

from __future__ import annotations

import sys


class LaunchError(Exception):
    """Something is missing; the text says in one sentence what, and how to mend it."""


def step(text: str) -> None:
    """Say what is being done."""
    print(f"· {text}", flush=True)


def error(text: str) -> None:
    """Say what went wrong, on stderr."""
    print(f"lab.py: {text}", file=sys.stderr, flush=True)
