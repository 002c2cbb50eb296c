"""A warm start to the first answered order, and what all processes then hold: memory and rest.

``python -m benchmarks.start [--rounds 3]``. The lab has run once in its directory before. Memory
is the proportional set size of all its processes together, seconds after an order: the page's files
are made by then. Linux.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil
import requests

from benchmarks.at_rest import name_of
from tests.support.processes import LabProcesses

_TRY_SECONDS = 0.01
_SETTLE_SECONDS = 3.0
_GIVE_UP_SECONDS = 60.0
_MEGABYTE = 1_000_000


def main() -> None:
    """Start, order and stop in rounds; print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    starts: list[float] = []
    memory: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as directory:
        with LabProcesses(Path(directory)) as lab:
            lab.place_order().raise_for_status()
        for _ in range(options.rounds):
            lab = LabProcesses(Path(directory))
            waiter = _FirstOrder(f"{lab.client_url}/orders")
            with lab:
                starts.append(waiter.took())
                time.sleep(_SETTLE_SECONDS)
                memory.append(proportional_megabytes(lab.pid))
    every = " ".join(f"{each:.2f}" for each in starts)
    print(
        f"warm start to the first answered order  {statistics.median(starts):.2f} s, median of"
        f" {every}  (aim 1)"
    )
    total = statistics.median(sum(each.values()) for each in memory)
    print(f"all processes after it                  {total:.0f} MB  (aim 268)")
    for name, megabytes in memory[-1].items():
        print(f"{name:>14} {megabytes:6.1f} MB")


class _FirstOrder:
    """Tries to place an order again and again, from now on."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._began = time.monotonic()
        self._seconds = float("nan")
        self._thread = threading.Thread(target=self._try, daemon=True)
        self._thread.start()

    def took(self) -> float:
        """Seconds until one was answered."""
        self._thread.join(_GIVE_UP_SECONDS)
        return self._seconds

    def _try(self) -> None:
        until = self._began + _GIVE_UP_SECONDS
        while time.monotonic() < until:
            with suppress(requests.RequestException):
                if (
                    requests.post(self._url, json={}, timeout=10).status_code
                    == requests.codes.created
                ):
                    self._seconds = time.monotonic() - self._began
                    return
            time.sleep(_TRY_SECONDS)


def proportional_megabytes(supervisor: int) -> dict[str, float]:
    """Map each process of the lab to its share of memory: what is shared counts in parts."""
    top = psutil.Process(supervisor)
    found: dict[str, float] = {}
    for each in (top, *top.children(recursive=True)):
        name = name_of(each)
        memory = each.memory_full_info()
        # Only Linux divides what is shared.
        taken = getattr(memory, "pss", memory.uss)
        found[name] = found.get(name, 0.0) + taken / _MEGABYTE
    return found


if __name__ == "__main__":
    main()
