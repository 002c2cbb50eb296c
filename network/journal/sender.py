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
MOST_AT_ONCE: Final = 256
TIMEOUT_SECONDS: Final = 5.0


class Sender:
    """Sends every `EVERY_SECONDS` what was noted of requests with a trace, `MOST_AT_ONCE` at most.

    What is more, and what can't be sent, is lost to the trace and stays in the link's own journal,
    which counts the former.
    """

    def __init__(self, journal: Journal, endpoint: str) -> None:
        self._journal = journal
        self._client = LabClient(endpoint, timeout_seconds=TIMEOUT_SECONDS)
        self.task = Task("link-journal", self.send, every=EVERY_SECONDS)

    async def send(self) -> None:
        """Send what was noted since the last time."""
        told = [each for each in self._journal.take() if each.trace_id and not each.silent]
        self._journal.unsent += len(told[MOST_AT_ONCE:])
        if told:
            body = log_records(told[:MOST_AT_ONCE])
            await asyncio.to_thread(self._client.call, "POST", "/v1/logs", body=body)
