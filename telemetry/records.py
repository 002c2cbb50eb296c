"""OpenTelemetry's traces and logs as plain values, the same for every way in and out.

Field names are the data model's own. Times are Unix time in nanoseconds, ids lowercase hex
(32 digits a trace, 16 a span). Attribute values are what JSON can hold, plus ``bytes``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:

    def record(*, frozen: bool) -> Callable[[type], type]:
        """Make a dataclass that only the type checker holds frozen.

        Doing it at run time makes a span cost four times as much, and they come by the thousand.
        """
        del frozen
        return dataclass(slots=True)


AttributeValue: TypeAlias = (
    "str | bool | int | float | bytes"
    " | Sequence[AttributeValue] | Mapping[str, AttributeValue] | None"
)
Attributes: TypeAlias = Mapping[str, AttributeValue]

NETWORK = "network"
"""The name under which the links send their journals."""

SpanKind = Literal["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"]
StatusCode = Literal["UNSET", "OK", "ERROR"]
SpanState = Literal["open", "ended", "abandoned"]


_LONGEST_KEY = 255


def key_text(value: object) -> str:
    """Return a string as an index of PostgreSQL can hold it: without NUL, and only its beginning.

    Anything else is an empty string.
    """
    return value[:_LONGEST_KEY].replace("\x00", "\ufffd") if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Resource:
    """The entity that produced the telemetry: a process of a service."""

    attributes: Attributes = field(default_factory=dict)
    dropped_attributes_count: int = 0
    schema_url: str = ""

    @property
    def service_name(self) -> str:
        """``service.name``, or OpenTelemetry's ``unknown_service``; the same everywhere."""
        return key_text(str(self.attributes.get("service.name") or "unknown_service"))

    @property
    def service_instance_id(self) -> str:
        """``service.instance.id``, or an empty string."""
        return key_text(str(self.attributes.get("service.instance.id") or ""))


@dataclass(frozen=True, slots=True)
class Scope:
    """The instrumentation library that made a record."""

    name: str = ""
    version: str = ""
    attributes: Attributes = field(default_factory=dict)
    dropped_attributes_count: int = 0
    schema_url: str = ""


@record(frozen=True)
class SpanEvent:
    """Something that happened at one moment within a span."""

    name: str
    time_unix_nano: int
    attributes: Attributes = field(default_factory=dict)
    dropped_attributes_count: int = 0


@record(frozen=True)
class SpanLink:
    """A reference from a span to another span, in this trace or in another."""

    trace_id: str
    span_id: str
    trace_state: str = ""
    attributes: Attributes = field(default_factory=dict)
    dropped_attributes_count: int = 0
    flags: int = 0


@record(frozen=True)
class Span:
    """One operation. ``end_time_unix_nano`` is 0 while it has not been seen to end."""

    trace_id: str
    span_id: str
    name: str
    start_time_unix_nano: int
    end_time_unix_nano: int = 0
    parent_span_id: str = ""
    kind: SpanKind = "INTERNAL"
    status_code: StatusCode = "UNSET"
    status_message: str = ""
    attributes: Attributes = field(default_factory=dict)
    events: Sequence[SpanEvent] = ()
    links: Sequence[SpanLink] = ()
    resource: Resource = field(default_factory=Resource)
    scope: Scope = field(default_factory=Scope)
    trace_state: str = ""
    flags: int = 0
    dropped_attributes_count: int = 0
    dropped_events_count: int = 0
    dropped_links_count: int = 0
    state: SpanState = "ended"
    seq: int = 0


@record(frozen=True)
class LogRecord:
    """One log record. Empty ids mean that it belongs to no trace."""

    time_unix_nano: int
    observed_time_unix_nano: int = 0
    severity_number: int = 0
    severity_text: str = ""
    body: AttributeValue = None
    attributes: Attributes = field(default_factory=dict)
    trace_id: str = ""
    span_id: str = ""
    flags: int = 0
    event_name: str = ""
    resource: Resource = field(default_factory=Resource)
    scope: Scope = field(default_factory=Scope)
    dropped_attributes_count: int = 0
    seq: int = 0

    @property
    def is_of_a_link(self) -> bool:
        """Whether the journal of a link has it: the network is no service."""
        return "lab.toxic.action" in self.attributes and self.resource.service_name == NETWORK
