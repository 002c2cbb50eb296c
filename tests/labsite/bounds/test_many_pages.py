"""With as many open pages as may be the lab still works, and each of them sees it."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from labsite.http.daphne_bounds import MAX_PAGES
from tests.support.processes import LabProcesses
from tests.support.waiting import let_pass_async

if TYPE_CHECKING:
    from pathlib import Path

    from websockets.asyncio.client import ClientConnection

pytestmark = [pytest.mark.flow, pytest.mark.long, pytest.mark.timeout(300)]

MOST_GROWN_BYTES = 150 * 1024 * 1024
REST_SECONDS = 5.0
MOST_BUSY_AT_REST = 0.5
"""Of one core, with all pages open and nothing to tell them."""
HEARD_SECONDS = 120.0
MOST_CPU_SECONDS = 10.0
"""Of the observer, to take in one order's records and tell every page."""


async def hears_of(page: ClientConnection, request_id: str) -> float:
    """Read until a page was sent a log record of a request; return when."""
    while True:
        frame = json.loads(await page.recv())
        if any(log.get("requestId") == request_id for log in frame.get("logs", ())):
            return time.monotonic()


def seconds_between(first: Any, second: Any) -> float:
    return float(second.user + second.system - first.user - first.system)


async def test_an_order_is_taken_and_every_page_sees_it(
    tmp_path: Path,
) -> None:
    # Whether the worker answers in time is not what is looked at, and left to the machine's load.
    with LabProcesses(tmp_path, DELIVERY_TIMEOUT_MS="10000", CALLBACK_TIMEOUT_MS="10000") as lab:
        observer = psutil.Process(lab.pid_of("observer"))
        before = observer.memory_info().rss
        url = f"ws://localhost:{lab.ports['OBSERVER']}/ws/live"
        async with AsyncExitStack() as stack:
            pages = [
                await stack.enter_async_context(connect(url, max_size=None, open_timeout=30))
                for _ in range(MAX_PAGES)
            ]
            with pytest.raises(InvalidStatus) as refused:
                async with connect(url):
                    pass
            assert refused.value.response.status_code == 503
            assert b"pages are open already" in (refused.value.response.body or b"")

            rested = observer.cpu_times()
            await let_pass_async(REST_SECONDS)
            after = observer.cpu_times()
            busy = seconds_between(rested, after) / REST_SECONDS

            placed_at = time.monotonic()
            answer = await asyncio.to_thread(lab.place_order)
            took = time.monotonic() - placed_at
            assert (answer.status_code, answer.json()["status"]) == (201, "CONFIRMED"), answer.text
            request_id = answer.json()["requestId"]
            async with asyncio.timeout(HEARD_SECONDS):
                heard = await asyncio.gather(*(hears_of(each, request_id) for each in pages))
            told = seconds_between(after, observer.cpu_times())
            grown = observer.memory_info().rss - before
        figures = {
            "busy at rest, of a core": round(busy, 3),
            "order answered after s": round(took, 2),
            "all pages heard after s": round(max(heard) - placed_at, 2),
            "for which the observer computed s": round(told, 2),
            "grown MiB": round(grown / 2**20, 1),
        }
        print(figures)  # noqa: T201 (what `docs/reliability.md` shows)
        assert grown < MOST_GROWN_BYTES, figures
        assert busy < MOST_BUSY_AT_REST, figures
        assert told < MOST_CPU_SECONDS, figures
        assert "Traceback" not in lab.log, lab.log[lab.log.index("Traceback") - 600 :][:3000]
