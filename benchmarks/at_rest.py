"""What pages cost that nobody touches: ``python -m benchmarks.at_rest [--pages 5] [--seconds 60]``.

A lab is started, one order is placed, and a real Chromium opens the pages. Once they are live and
all that they did has been stored, nothing happens. Printed are the spans and log lines that were
recorded meanwhile, and the share of one core that each of the lab's processes took. Linux only.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tests.support.browser import chromium
from tests.support.processes import LabProcesses

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGES = ("/", "/", "/traces", "/experiments", "/lesson")
SETTLE_SECONDS = 8.0


def main() -> None:
    """Open the pages, wait, and print what was recorded and what each process took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=len(PAGES))
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as directory,
        LabProcesses(Path(directory)) as lab,
        chromium() as browser,
    ):
        lab.place_order().raise_for_status()
        context = browser.new_context()
        for number in range(options.pages):
            page = context.new_page()
            page.goto(f"{lab.observer_url}{PAGES[number % len(PAGES)]}")
            page.wait_for_selector("#connection[data-state=live]")
        time.sleep(SETTLE_SECONDS)
        before, cpu_before = recorded(lab), cpu_seconds(lab.pid)
        began = time.monotonic()
        time.sleep(options.seconds)
        took = time.monotonic() - began
        cpu, after = cpu_seconds(lab.pid), recorded(lab)
        print(
            f"{options.pages} pages at rest for {took:.0f} s: {after[0] - before[0]} spans,"
            f" {after[1] - before[1]} log lines"
        )
        for name, seconds in cpu.items():
            print(f"{name:>12} {100 * (seconds - cpu_before.get(name, 0.0)) / took:5.2f} % CPU")


def recorded(lab: LabProcesses) -> tuple[int, int]:
    """How many spans and log records are stored."""
    stats = lab.get("/api/telemetry")
    return stats["spans"], stats["logs"]


def cpu_seconds(supervisor: int) -> dict[str, float]:
    """Map each process of the lab to the processor time that it has had."""
    top = psutil.Process(supervisor)
    used = ((each, each.cpu_times()) for each in (top, *top.children(recursive=True)))
    return {name_of(each): float(times.user + times.system) for each, times in used}


def name_of(process: psutil.Process) -> str:
    """Name a process by the last word of its command line that says what it is."""
    words = [word for word in process.cmdline() if word]
    known: Mapping[str, str] = {"network": "network", "lab": "supervisor"}
    for word in reversed(words):
        if word in ("observer", "api", "worker") or word in known:
            return known.get(word, word)
    return words[-1].rpartition("/")[2][:12]


if __name__ == "__main__":
    main()
