"""Comparing two large traces: ``python -m benchmarks.comparing [--sizes 10000 100000]``.

A lab is started, and two traces of each size are sent to it. Printed are the milliseconds that
``/api/compare`` takes, the median of five, with the steps that come and the bytes as they are sent.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import orjson

from benchmarks.viewing.traces import send
from tests.support.processes import LabProcesses
from tests.support.waiting import eventually

ROUNDS = 5


def main() -> None:
    """Measure each size and print a line of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    sizes = parser.parse_args().sizes
    with tempfile.TemporaryDirectory() as directory, LabProcesses(Path(directory)) as lab:
        for size in sizes:
            print(measured(lab, size))


def measured(lab: LabProcesses, size: int) -> str:
    """Compare two traces of a size, again and again."""
    pair = {name: send(lab, size) for name in ("a", "b")}
    for name, trace_id in pair.items():
        eventually(lambda: count(lab, name, trace_id) == size, seconds=120)  # noqa: B023 (called within its turn)
    times, body = [], b""
    for _ in range(ROUNDS):
        before = time.perf_counter()
        response = lab.session.get(
            f"{lab.observer_url}/api/compare", params=pair, stream=True, timeout=120
        )
        body = response.raw.read()
        times.append((time.perf_counter() - before) * 1_000)
    found = lab.get("/api/compare", **pair)
    return (
        f"{size:,} against as many: {statistics.median(times):,.0f} ms, "
        f"{len(found['rows']):,} steps, {len(body):,} bytes "
        f"(JSON {len(orjson.dumps(found)):,})"
    )


def count(lab: LabProcesses, name: str, trace_id: str) -> int:
    """How many spans of a trace are stored."""
    found = lab.get("/api/compare", **{name: trace_id})[name]
    return int(found["spanCount"]) if found else 0


if __name__ == "__main__":
    main()
