"""Output of ``lab.py``."""

from __future__ import annotations

import sys


def step(text: str) -> None:
    """Print the current step."""
    print(f"· {text}", flush=True)


def error(text: str) -> None:
    """Print an error to stderr."""
    print(f"lab.py: {text}", file=sys.stderr, flush=True)
