"""The tracers of this process, behind OpenTelemetry's API: what they record is `RecordedSpan`.

Sampling, ids and limits are the SDK's, and so are the environment variables that set them.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from opentelemetry.context import attach, detach, get_current
from opentelemetry.sdk.trace import SpanLimits
from opentelemetry.sdk.trace import TracerProvider as SdkTracerProvider
from opentelemetry.sdk.trace.sampling import DEFAULT_ON, Decision
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import (
    DEFAULT_TRACE_STATE,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    TracerProvider,
)

from telemetry.instrument.context import baggage_in, span_context_in, with_span
from telemetry.instrument.span import Origin, RecordedSpan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextvars import Token
    from types import TracebackType

    from opentelemetry.context import Context
    from opentelemetry.trace import Link
    from opentelemetry.util.types import Attributes

_KNOWN_FLAGS = TraceFlags.SAMPLED | TraceFlags.RANDOM_TRACE_ID
_FLAGS = tuple(TraceFlags(bits) for bits in range(_KNOWN_FLAGS + 1))


class Tracers(TracerProvider):
    """Gives each scope its tracer.

    ``started`` and ``ended`` are called with each span that is recorded. ``baggage_keys`` are
    copied from the baggage of a span's context to the span.
    """

    def __init__(
        self,
        *,
        baggage_keys: Iterable[str],
        started: Callable[[RecordedSpan], None],
        ended: Callable[[RecordedSpan], None],
    ) -> None:
        self._sdk = SdkTracerProvider(shutdown_on_exit=False)
        self._limits = SpanLimits()
        self._baggage_keys = tuple(baggage_keys)
        self._started = started
        self._ended = ended

    def get_tracer(
        self,
        instrumenting_module_name: str,
        instrumenting_library_version: str | None = None,
        schema_url: str | None = None,
        attributes: Attributes = None,
    ) -> Tracer:
        """Return a tracer for what ``instrumenting_module_name`` records."""
        scope = InstrumentationScope(
            instrumenting_module_name, instrumenting_library_version, schema_url, attributes
        )
        origin = Origin(scope, self._limits, self._ended)
        return _Tracer(origin, self._sdk, self._baggage_keys, self._started)


class _Tracer(Tracer):
    def __init__(
        self,
        origin: Origin,
        sdk: SdkTracerProvider,
        baggage_keys: tuple[str, ...],
        started: Callable[[RecordedSpan], None],
    ) -> None:
        self._origin = origin
        self._sampler = sdk.sampler
        self._ids = sdk.id_generator
        self._random_ids = (
            TraceFlags.RANDOM_TRACE_ID if self._ids.is_trace_id_random() else TraceFlags.DEFAULT
        )
        self._baggage_keys = baggage_keys
        self._started = started

    def start_span(
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        start_time: int | None = None,
        record_exception: bool = True,  # noqa: FBT001, FBT002 (OpenTelemetry's own signature)
        set_status_on_exception: bool = True,  # noqa: FBT001, FBT002
    ) -> Span:
        """Start a span under the current one, or that of ``context``."""
        del record_exception, set_status_on_exception
        if context is None:
            context = get_current()
        current = span_context_in(context)
        # At once: a property for each would be a call for each.
        trace_id, _, _, given, state, is_valid = current
        if is_valid:
            parent, flags = current, given & _KNOWN_FLAGS
        else:
            parent, trace_id = None, self._ids.generate_trace_id()
            flags, state = self._random_ids | TraceFlags.SAMPLED, DEFAULT_TRACE_STATE
        if self._sampler is DEFAULT_ON:
            # What it would decide, for a fifth of the time.
            is_sampled = flags & TraceFlags.SAMPLED
        else:
            sampling = self._sampler.should_sample(context, trace_id, name, kind, attributes, links)
            is_sampled = int(sampling.decision is Decision.RECORD_AND_SAMPLE)
            attributes = sampling.attributes
            state = sampling.trace_state or DEFAULT_TRACE_STATE
        own = SpanContext(
            trace_id,
            self._ids.generate_span_id(),
            is_remote=False,
            trace_flags=_FLAGS[(flags & TraceFlags.RANDOM_TRACE_ID) | is_sampled],
            trace_state=state,
        )
        if not is_sampled:
            return NonRecordingSpan(own)
        span = RecordedSpan(self._origin, name, own, parent, kind, attributes, links, start_time)
        if carried := baggage_in(context):
            for key in self._baggage_keys:
                value = carried.get(key)
                if isinstance(value, str):
                    span.attributes[key] = value
        self._started(span)
        return span

    def start_as_current_span(  # type: ignore[override] # the API's own type for it is private
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        start_time: int | None = None,
        record_exception: bool = True,  # noqa: FBT001, FBT002 (OpenTelemetry's own signature)
        set_status_on_exception: bool = True,  # noqa: FBT001, FBT002
        end_on_exit: bool = True,  # noqa: FBT001, FBT002
    ) -> AbstractContextManager[Span]:
        """Start a span that is the current one until the end of the ``with``."""
        span = self.start_span(name, context, kind, attributes, links, start_time)
        return _Current(
            span,
            ends=end_on_exit,
            records=record_exception,
            sets_status=set_status_on_exception,
        )


class _Current(AbstractContextManager[Span]):
    """`opentelemetry.trace.use_span`, without a generator."""

    _token: Token[Context]

    def __init__(self, span: Span, *, ends: bool, records: bool, sets_status: bool) -> None:
        self._span = span
        self._ends = ends
        self._records = records
        self._sets_status = sets_status

    def __enter__(self) -> Span:
        self._token = attach(with_span(self._span, get_current()))
        return self._span

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        detach(self._token)
        span = self._span
        if isinstance(error, Exception) and span.is_recording():
            if self._records:
                span.record_exception(error)
            if self._sets_status:
                text = f"{type(error).__name__}: {error}"
                span.set_status(Status(StatusCode.ERROR, text))
        if self._ends:
            span.end()
