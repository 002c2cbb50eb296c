"""Tests that change the machine's network interfaces, beside browsers.

Chromium fails every request in progress with ERR_NETWORK_CHANGED when a device comes or goes. The
tests' processes agree by two locked files: who changes something waits until no page is open, and
no page is opened while somebody waits.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_GATE = Path(tempfile.gettempdir()) / "partition-lab-tests-gate.lock"
_NETWORK = Path(tempfile.gettempdir()) / "partition-lab-tests-network.lock"


@contextmanager
def unchanged_network() -> Iterator[None]:
    """Keep the network as it is; any number of processes at a time."""
    with _NETWORK.open("w") as network:
        with _GATE.open("w") as gate:
            _lock(gate)
            _lock(network, shared=True)
        yield


@contextmanager
def changed_network() -> Iterator[None]:
    """Change the network, while nobody needs it to stay as it is."""
    with _GATE.open("w") as gate, _NETWORK.open("w") as network:
        _lock(gate)
        _lock(network)
        yield


def _lock(file: IO[str], *, shared: bool = False) -> None:
    """Wait for the lock of ``file``, which its closing releases; only Linux has changing tests."""
    if sys.platform == "linux":
        import fcntl

        fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
