"""A span that is recorded for a quarter of what the SDK's costs, with the SDK's meaning.

The SDK's own checks, locks and copies each attribute when it is set. Here that is done once, when
the span has ended, in the thread that exports it.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from opentelemetry.sdk.trace import Event
from opentelemetry.trace import Link, Span, SpanContext, SpanKind, Status, StatusCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.sdk.trace import SpanLimits
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope
    from opentelemetry.util.types import Attributes, AttributeValue

T = TypeVar("T")

UNSET = Status(StatusCode.UNSET)
_SIMPLE = frozenset({str, bool, int, float})
_STR = frozenset({str})


class Origin:
    """What all spans of a tracer share; ``ended`` is called with each of them at its end."""

    __slots__ = ("ended", "limits", "scope")

    def __init__(
        self,
        scope: InstrumentationScope,
        limits: SpanLimits,
        ended: Callable[[RecordedSpan], None],
    ) -> None:
        self.scope = scope
        self.limits = limits
        self.ended = ended


class RecordedSpan(Span):
    """A span of this process. Times in ns since 1970."""

    __slots__ = (
        "attributes",
        "context",
        "end_time",
        "events",
        "kind",
        "links",
        "name",
        "origin",
        "parent",
        "start_time",
        "status",
    )

    def __init__(
        self,
        origin: Origin,
        name: str,
        context: SpanContext,
        parent: SpanContext | None,
        kind: SpanKind,
        attributes: Attributes,
        links: Sequence[Link] | None,
        start_time: int | None,
    ) -> None:
        self.origin = origin
        self.name = name
        self.context = context
        self.parent = parent
        self.kind = kind
        self.attributes: dict[str, Any] = dict(attributes) if attributes else {}
        self.links: list[Link] = list(links) if links else []
        self.events: list[Event] = []
        self.status = UNSET
        self.start_time = start_time or time.time_ns()
        self.end_time: int | None = None

    def get_span_context(self) -> SpanContext:
        """Return its ids."""
        return self.context

    def is_recording(self) -> bool:
        """Whether it has not ended."""
        return self.end_time is None

    def set_attribute(self, key: str, value: AttributeValue) -> None:
        """Set an attribute; after the end, nothing."""
        if self.end_time is None:
            self.attributes[key] = value

    def set_attributes(self, attributes: Mapping[str, AttributeValue]) -> None:
        """Set several."""
        if self.end_time is None:
            self.attributes.update(attributes)

    def update_name(self, name: str) -> None:
        """Rename it."""
        if self.end_time is None:
            self.name = name

    def add_event(
        self, name: str, attributes: Attributes = None, timestamp: int | None = None
    ) -> None:
        """Add what happened now, or at ``timestamp``."""
        if self.end_time is None:
            self.events.append(Event(name, attributes, timestamp))

    def add_link(self, context: SpanContext, attributes: Attributes = None) -> None:
        """Add a link to another span."""
        if self.end_time is None and (context.is_valid or attributes or context.trace_state):
            self.links.append(Link(context, attributes))

    def set_status(self, status: Status | StatusCode, description: str | None = None) -> None:
        """Set the status; OK is final, UNSET changes nothing."""
        if self.end_time is not None or self.status.status_code is StatusCode.OK:
            return
        given = status if isinstance(status, Status) else Status(status, description)
        if given.status_code is not StatusCode.UNSET:
            self.status = given

    def record_exception(
        self,
        exception: BaseException,
        attributes: Attributes = None,
        timestamp: int | None = None,
        escaped: bool = False,  # noqa: FBT001, FBT002 (OpenTelemetry's own signature)
    ) -> None:
        """Add the event that the conventions have for an exception."""
        kind = type(exception)
        module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
        found: dict[str, AttributeValue] = {
            "exception.type": f"{module}{kind.__qualname__}",
            "exception.message": str(exception),
            "exception.stacktrace": "".join(traceback.format_exception(exception)),
            "exception.escaped": str(escaped),
        }
        self.add_event("exception", {**found, **(attributes or {})}, timestamp)

    def end(self, end_time: int | None = None) -> None:
        """End it, once."""
        if self.end_time is None:
            self.end_time = end_time or time.time_ns()
            self.origin.ended(self)

    def kept_attributes(self) -> tuple[dict[str, Any], int]:
        """Return the attributes within the limits, and how many are over them."""
        limits = self.origin.limits
        # After the end it is never changed.
        given = self.attributes.copy() if self.end_time is None else self.attributes
        longest = limits.max_span_attribute_length
        if (
            longest is None
            and _SIMPLE.issuperset(map(type, given.values()))
            and _STR.issuperset(map(type, given))
            and "" not in given
        ):
            kept = given
        else:
            kept = {
                key: _plain(value, longest)
                for key, value in given.items()
                if key and isinstance(key, str)
            }
        if len(kept) > (limits.max_span_attributes or len(kept)):
            kept = dict(list(kept.items())[: limits.max_span_attributes])
        return kept, len(given) - len(kept)

    def kept_events(self) -> tuple[list[Event], int]:
        """Return the newest events, and how many are over the limit."""
        return _newest(self.events, self.origin.limits.max_events)

    def kept_links(self) -> tuple[list[Link], int]:
        """Return the newest links, and how many are over the limit."""
        return _newest(self.links, self.origin.limits.max_links)


def _newest(items: list[T], most: int | None) -> tuple[list[T], int]:
    dropped = 0 if most is None else max(0, len(items) - most)
    return items[dropped:], dropped


def _plain(value: Any, longest: int | None) -> Any:
    """Return a value as OTLP can have it, its texts cut; what is none becomes its text."""
    match value:
        case str() | bytes():
            return value[:longest]
        case bool() | int() | float() | None:
            return value
        case Mapping():
            return {str(key): _plain(each, longest) for key, each in value.items()}
        case Sequence():
            return [_plain(each, longest) for each in value]
    return str(value)[:longest]
