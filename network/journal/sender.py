"""Sends the journal to an OTLP/HTTP endpoint, out of band."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from base.client import LabClient
from base.loops import Task
from network.journal.otlp import log_records

if TYPE_CHECKING:
    from network.journal.journal import Journal

EVERY_SECONDS: Final = 0.25
TIMEOUT_SECONDS: Final = 5.0


class Sender:
    """Sends what was noted every `EVERY_SECONDS`; what can't be sent is lost, and loops say so."""

    def __init__(self, journal: Journal, endpoint: str) -> None:
        self._journal = journal
        self._client = LabClient(endpoint, timeout_seconds=TIMEOUT_SECONDS)
        self.task = Task("link-journal", self._step, every=EVERY_SECONDS)

    async def _step(self) -> None:
        entries = self._journal.take()
        if entries:
            body = log_records(entries)
            await asyncio.to_thread(self._client.call, "POST", "/v1/logs", body=body)
