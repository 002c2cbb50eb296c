"""Noticing that a process of the lab has gone, so that its open spans are marked as abandoned."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any

import requests
from django.conf import settings
from django.db import Error

from telemetry.abandoned import Teller, abandoned
from telemetry.errors import TelemetryError
from telemetry.store import WRITER

if TYPE_CHECKING:
    from collections.abc import Mapping

log = logging.getLogger("labsite")

_INTERVAL_SECONDS = 1.0
_ASK_SECONDS = 2.0
_CLIENT = "client"
_CLIENT_NANOSECONDS = 60 * 1_000_000_000


class Watch:
    """A thread that looks, once a second, for open spans whose process the supervisor lost."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="abandonment", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()

    def _work(self) -> None:
        while not self._stopping.wait(_INTERVAL_SECONDS):
            try:
                self._look()
            except (requests.RequestException, Error, TelemetryError) as error:
                # The supervisor is not up yet, or the database is busy: there is a next time.
                log.debug("open spans could not be looked at: %s", error)

    def _look(self) -> None:
        living: Mapping[str, int | None] | None = None

        def has_gone(teller: Teller, began_ns: int) -> bool:
            nonlocal living
            if teller.service == _CLIENT:
                # A page that was closed tells nobody; a client waits for seconds, not for minutes.
                return time.time_ns() - began_ns > _CLIENT_NANOSECONDS
            if living is None:
                living = _living()
            return has_died(teller, living)

        spans = abandoned(has_gone)
        if spans:
            WRITER.submit(spans, [])


def has_died(teller: Teller, living: Mapping[str, int | None]) -> bool:
    """Whether a lab's process is no longer the one that told; of others nothing is known."""
    return (
        teller.pid is not None
        and teller.service in living
        and (living[teller.service] != teller.pid)
    )


def _living() -> dict[str, int | None]:
    answer = requests.get(
        f"{settings.LAB_CONTROL_URL}/processes",
        headers={"X-Lab-Secret": settings.LAB_SECRET},
        timeout=_ASK_SECONDS,
    )
    answer.raise_for_status()
    listed: list[dict[str, Any]] = answer.json()["processes"]
    return {each["name"]: each["pid"] for each in listed}
