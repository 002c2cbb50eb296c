"""Marking the open spans of processes that have died as abandoned."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings

from base.client import LabClient
from base.errors import LabError
from base.loops import Loop
from telemetry.abandoned import SpanSource, abandoned
from telemetry.errors import TelemetryError
from telemetry.store.writer import WRITER

if TYPE_CHECKING:
    from collections.abc import Mapping

log = logging.getLogger("labsite")

_INTERVAL_SECONDS = 1.0
_TIMEOUT_SECONDS = 2.0
_CLIENT = "client"
_CLIENT_NANOSECONDS = 60 * 1_000_000_000


class Watch:
    """Checks the open spans once a second, against the pids that the supervisor reports."""

    def __init__(self) -> None:
        self._loop = Loop(
            "abandonment", self._step, every=_INTERVAL_SECONDS, delay=_INTERVAL_SECONDS
        )

    def start(self) -> None:
        """Start to check."""
        self._loop.start()

    def stop(self) -> None:
        """Stop checking."""
        self._loop.stop(seconds=1)

    def _step(self) -> None:
        try:
            self._mark()
        except (LabError, TelemetryError) as error:
            # The supervisor is not up yet, or the writer's queue is full: retried next time.
            log.debug("open spans could not be checked: %s", error)

    def _mark(self) -> None:
        pids: Mapping[str, int | None] | None = None

        def has_gone(source: SpanSource, began_ns: int) -> bool:
            nonlocal pids
            if source.service == _CLIENT:
                # A page that is closed sends no end; a client's calls take seconds, not minutes.
                return time.time_ns() - began_ns > _CLIENT_NANOSECONDS
            if pids is None:
                pids = _pids()
            return has_died(source, pids)

        spans = abandoned(has_gone)
        if spans:
            WRITER.submit(spans, [])


def has_died(source: SpanSource, pids: Mapping[str, int | None]) -> bool:
    """Whether the lab's process that sent a span has died; False for processes of others."""
    return (
        source.pid is not None and source.service in pids and (pids[source.service] != source.pid)
    )


def _pids() -> dict[str, int | None]:
    supervisor = LabClient(
        settings.LAB_CONTROL_URL, secret=settings.LAB_SECRET, timeout_seconds=_TIMEOUT_SECONDS
    )
    listed: list[dict[str, Any]] = supervisor.call("GET", "/processes")["processes"]
    return {each["name"]: each["pid"] for each in listed}
