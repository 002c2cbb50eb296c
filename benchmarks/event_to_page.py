"""From a log call in a service to its row in the page: ``python -m benchmarks.event_to_page``.

A process of its own logs at a steady rate through the lab's instrumentation; a real Chromium shows
the lab's page, and a script in it notes when each line stands in the log stream. Both clocks are
the machine's. Prints p50, p95 and p99 in ms.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import tempfile
import time
from pathlib import Path

from telemetry.instrument.setup import install
from tests.support.browser import chromium
from tests.support.processes import LabProcesses
from tests.support.waiting import eventually

_WARM_EVENTS = 50
_MARK = "benchmark event "
# Notes, in the page, the time at which each line of the benchmark is first drawn.
_WATCH = """
() => {
  window.seen = [];
  const list = document.querySelector("lab-stream ol");
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) {
      const text = node.textContent ?? "";
      const at = text.indexOf("%(mark)s");
      if (at >= 0) {
        const sent = parseFloat(text.slice(at + %(length)d));
        requestAnimationFrame(() => seen.push(performance.timeOrigin + performance.now() - sent));
      }
    }
  }).observe(list, { childList: true });
}
"""


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rate", type=float, default=200, help="events a second")
    parser.add_argument("--events", type=int, default=2_000)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as directory,
        LabProcesses(Path(directory)) as lab,
        chromium() as browser,
    ):
        page = browser.new_page()
        page.goto(lab.observer_url)
        page.wait_for_selector("#connection[data-state=live]")
        page.get_by_role("tab", name="Everything").click()
        page.evaluate(_WATCH % {"mark": _MARK, "length": len(_MARK)})
        context = multiprocessing.get_context("spawn")
        sender = context.Process(target=_log, args=(lab.observer_url, options.rate, options.events))
        sender.start()
        eventually(
            lambda: page.evaluate("seen.length") >= options.events,
            seconds=options.events / options.rate + 30,
        )
        taken: list[float] = sorted(page.evaluate("seen")[_WARM_EVENTS:])
        sender.join()
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    figures = "  ".join(
        f"{name} {taken[int(share * len(taken))]:.0f} ms" for name, share in shares.items()
    )
    print(f"{options.rate:.0f} events/s, {len(taken)} events, log call to drawn row: {figures}")


def _log(endpoint: str, rate: float, events: int) -> None:
    logging.getLogger().setLevel(logging.INFO)
    telemetry = install("api", endpoint=endpoint, export_delay_ms=30)
    log = logging.getLogger("benchmark")
    began = time.monotonic()
    for number in range(events):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        log.info("%s%.3f", _MARK, time.time_ns() / 1e6)
    telemetry.shutdown()


if __name__ == "__main__":
    main()
