"""W3C trace context and baggage in headers: the API's propagators, in less time for what is plain.

Plain is a trace without a state of its vendors, and baggage in which nothing has to be quoted, such
as the ids that the lab's own processes carry. All else goes to the API's own.
"""

from __future__ import annotations

import re
from typing import Final

from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.context import Context, get_current
from opentelemetry.propagators.textmap import (
    CarrierT,
    Getter,
    Setter,
    default_getter,
    default_setter,
)
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from telemetry.instrument.context import baggage_in, with_baggage, with_span

_PARENT: Final = "traceparent"
_STATE: Final = "tracestate"
_PLAIN_PARENT: Final = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_NAME: Final = "baggage"
_PLAIN: Final = r"[A-Za-z0-9._-]{1,200}"
_FEW_PAIRS: Final = re.compile(rf"{_PLAIN}={_PLAIN}(?:,{_PLAIN}={_PLAIN}){{0,7}}")
"""Far within the limits that the API's propagator keeps."""


class TraceContext(TraceContextTextMapPropagator):
    """`TraceContextTextMapPropagator`, with the same result."""

    def extract(
        self,
        carrier: CarrierT,
        context: Context | None = None,
        getter: Getter[CarrierT] = default_getter,
    ) -> Context:
        """Read the caller's span into ``context``."""
        found = getter.get(carrier, _PARENT)
        plain = _PLAIN_PARENT.fullmatch(found[0]) if found else None
        if plain is None or getter.get(carrier, _STATE):
            return super().extract(carrier, context, getter)
        trace_id, span_id, flags = plain.groups()
        caller = SpanContext(
            int(trace_id, 16),
            int(span_id, 16),
            is_remote=True,
            trace_flags=TraceFlags(int(flags, 16)),
        )
        given = Context() if context is None else context
        return with_span(NonRecordingSpan(caller), given) if caller.is_valid else given


class Baggage(W3CBaggagePropagator):
    """`W3CBaggagePropagator`, with the same result."""

    def extract(
        self,
        carrier: CarrierT,
        context: Context | None = None,
        getter: Getter[CarrierT] = default_getter,
    ) -> Context:
        """Read the first header of the name into the baggage of ``context``."""
        found = getter.get(carrier, _NAME)
        if not found or _FEW_PAIRS.fullmatch(found[0]) is None:
            return super().extract(carrier, context, getter)
        pairs = dict(pair.split("=") for pair in found[0].split(","))
        return with_baggage(pairs, get_current() if context is None else context)

    def inject(
        self,
        carrier: CarrierT,
        context: Context | None = None,
        setter: Setter[CarrierT] = default_setter,
    ) -> None:
        """Write the baggage of ``context``, if there is any."""
        carried = baggage_in(get_current() if context is None else context)
        text = ",".join([f"{name}={value}" for name, value in carried.items()])
        # Or else what is within one of them would pass for another pair.
        if text.count("=") == len(carried) and _FEW_PAIRS.fullmatch(text):
            setter.set(carrier, _NAME, text)
        else:
            super().inject(carrier, context, setter)
