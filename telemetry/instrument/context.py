"""What a context holds, read and set at once: the API's own way takes several calls for each.

A context is a mapping, whose keys the API does not name: they are those of what it puts into one.
"""

from __future__ import annotations

import contextvars
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from opentelemetry.baggage import set_baggage
from opentelemetry.context import Context, get_current
from opentelemetry.instrumentation.utils import suppress_instrumentation
from opentelemetry.trace import INVALID_SPAN, INVALID_SPAN_CONTEXT, set_span_in_context

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.trace import Span, SpanContext


def _what_suppresses() -> tuple[str, ...]:
    with suppress_instrumentation():
        return tuple(get_current())


[_SPAN] = set_span_in_context(INVALID_SPAN, Context())
[_BAGGAGE] = set_baggage("name", "value", Context())
_SUPPRESSED = contextvars.Context().run(_what_suppresses)

_NONE: Final[Mapping[str, object]] = MappingProxyType({})


def span_context_in(context: Context) -> SpanContext:
    """Return the ids of the current span of ``context``; invalid ones where it has none."""
    span: Any = context.get(_SPAN)
    found: SpanContext = INVALID_SPAN_CONTEXT if span is None else span.get_span_context()
    return found


def with_span(span: Span, context: Context) -> Context:
    """Return ``context`` with ``span`` as its current one."""
    return Context({**context, _SPAN: span})


def baggage_in(context: Context) -> Mapping[str, object]:
    """Return the baggage of ``context``, which nobody may change."""
    carried: Any = context.get(_BAGGAGE)
    return carried or _NONE


def with_baggage(pairs: Mapping[str, object], context: Context) -> Context:
    """Return ``context`` with ``pairs`` in its baggage beside others."""
    return Context({**context, _BAGGAGE: {**baggage_in(context), **pairs}})


def is_suppressed_in(context: Context) -> bool:
    """Whether ``context`` is of what must not be instrumented, such as an export."""
    return any(map(context.get, _SUPPRESSED))
