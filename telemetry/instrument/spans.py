"""Span processors: copy baggage to attributes, queue ended spans, report spans that last."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from opentelemetry import baggage
from opentelemetry.instrumentation.utils import suppress_instrumentation
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor

from base.exchange import CALL_ERRORS, JsonPost
from base.loops import Loop
from base.pace import pause_after
from telemetry.instrument.encoding import trace_request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.context import Context

    from telemetry.instrument.batching import Batcher

_TICK_SECONDS = 0.05
_MAX_STARTED_A_TICK = 256
_WORTH_WAITING = 32
_TIMEOUT_SECONDS = 2.0


class BaggageProcessor(SpanProcessor):
    """Copies chosen baggage keys to every span that starts under them."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = tuple(keys)

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Copy the keys that the context carries."""
        carried = baggage.get_all(parent_context)
        if carried:
            for key in self._keys:
                value = carried.get(key)
                if isinstance(value, str):
                    span.set_attribute(key, value)


class QueueProcessor(SpanProcessor):
    """Queues ended spans for export."""

    def __init__(self, batcher: Batcher[ReadableSpan]) -> None:
        self._batcher = batcher

    def on_end(self, span: ReadableSpan) -> None:
        """Queue ``span`` when it was sampled."""
        if span.context is not None and span.context.trace_flags.sampled:
            self._batcher.put(span)


class StartedProcessor(SpanProcessor):
    """Reports spans that are still open after a while, so that they can be seen grow.

    Short spans cost two dictionary operations and are never sent twice. The more are open, the
    longer each has to last: under load all are slow, and nobody watches one grow. What can't be
    sent is forgotten: the span's end reports all.
    """

    def __init__(self, url: str, *, after_ms: int) -> None:
        self._post = JsonPost(url)
        self._after_seconds = after_ms / 1_000
        self._open: dict[int, tuple[Span, float]] = {}
        self._idle = False
        self._loop = Loop("telemetry-started", self._step, every=None)
        self._loop.start()

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Remember an open span."""
        del parent_context
        context = span.get_span_context()
        if context.trace_flags.sampled:
            self._open[context.span_id] = (span, time.monotonic())
            if self._idle:
                self._loop.wake()

    def on_end(self, span: ReadableSpan) -> None:
        """Forget a span that has ended."""
        if span.context is not None:
            self._open.pop(span.context.span_id, None)

    def shutdown(self) -> None:
        """Stop sending."""
        self._loop.stop(seconds=_TIMEOUT_SECONDS)

    def _step(self) -> float | None:
        # While no span is open, nothing is looked at.
        self._idle = not self._open
        if self._idle:
            return 0.0 if self._open else None
        return pause_after(self._send_due(), least_seconds=_TICK_SECONDS)

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

    def _send(self, spans: list[Span]) -> None:
        try:
            self._post.send(trace_request(spans), seconds=_TIMEOUT_SECONDS)
        except CALL_ERRORS:
            # The observer is down or slow; the next tick has newer spans to report.
            return
