"""Spans that last are reported before their end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from opentelemetry.instrumentation.utils import suppress_instrumentation

from base.exchange import CALL_ERRORS, JsonPost
from base.loops import Loop
from base.pace import pause_after
from telemetry.instrument.encoding import trace_request

if TYPE_CHECKING:
    from opentelemetry.sdk.resources import Resource

    from telemetry.instrument.span import RecordedSpan

_TICK_SECONDS = 0.05
_MAX_STARTED_A_TICK = 256
_WORTH_WAITING = 32
_TIMEOUT_SECONDS = 2.0


class OpenSpans:
    """Reports spans that are still open after a while, so that they can be seen grow.

    Short spans cost two dictionary operations and are never sent twice. The more are open, the
    longer each has to last: under load all are slow, and nobody watches one grow. What can't be
    sent is forgotten: the span's end reports all.
    """

    def __init__(self, url: str, resource: Resource, *, after_ms: int) -> None:
        self._resource = resource
        self._post = JsonPost(url)
        self._after_seconds = after_ms / 1_000
        self._open: dict[int, tuple[RecordedSpan, float]] = {}
        self._idle = False
        self._loop = Loop("telemetry-started", self._step, every=None)
        self._loop.start()

    def started(self, span: RecordedSpan) -> None:
        """Remember an open span."""
        self._open[id(span)] = (span, time.monotonic())
        if self._idle:
            self._loop.wake()

    def ended(self, span: RecordedSpan) -> None:
        """Forget a span that has ended."""
        self._open.pop(id(span), None)

    def shutdown(self) -> None:
        """Stop sending."""
        self._loop.stop(seconds=_TIMEOUT_SECONDS)

    def _step(self) -> float | None:
        # While no span is open, nothing is looked at.
        self._idle = not self._open
        if self._idle:
            return 0.0 if self._open else None
        return pause_after(self._send_due(), least_seconds=_TICK_SECONDS, now=time.monotonic())

    def _send_due(self) -> int:
        after = self._after_seconds * (1 + len(self._open) / _WORTH_WAITING)
        began = time.monotonic() - after
        due = [key for key, (_, at) in list(self._open.items()) if at <= began]
        spans = []
        for key in due[:_MAX_STARTED_A_TICK]:
            entry = self._open.pop(key, None)
            if entry is not None and entry[0].is_recording():
                spans.append(entry[0])
        if spans:
            with suppress_instrumentation():
                self._send(spans)
        return len(spans)

    def _send(self, spans: list[RecordedSpan]) -> None:
        try:
            self._post.send(trace_request(self._resource, spans), seconds=_TIMEOUT_SECONDS)
        except CALL_ERRORS:
            # The observer is down or slow; the next tick has newer spans to report.
            return
