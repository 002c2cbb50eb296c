"""Traces of shapes that no sender is meant to make: each with the words that name its oddity.

Each of `SHAPES` makes one anew, so that it stands alone in a store that holds others.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MS = 1_000_000
SECOND = 1_000 * MS
HOUR = 3_600 * SECOND
A_BATCH = 4_000
_BIG = 6 * 1024 * 1024


@dataclass(frozen=True)
class OddTrace:
    """One trace: what is sent of it, and what its page says."""

    name: str
    says: tuple[str, ...] = ()
    """Parts of the sentences about it."""
    trace_id: str = field(default_factory=lambda: secrets.token_hex(16))
    spans: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Each with its service."""
    logs: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def add(
        self,
        number: int,
        parent: int | None = None,
        *,
        at: int = 0,
        took: int = MS,
        service: str = "shop",
        span_name: str = "work",
        base: int | None = None,
        **more: Any,
    ) -> None:
        """Add a span; ids are small numbers, times nanoseconds from the trace's beginning."""
        start = (_base() if base is None else base) + at
        attributes = more.pop("attributes", {})
        span = {
            "traceId": self.trace_id,
            "spanId": f"{number:016x}",
            "name": span_name,
            "kind": 1,
            "startTimeUnixNano": str(start),
            "endTimeUnixNano": str(start + took),
            "attributes": attributes_of(attributes),
            **more,
        }
        if parent is not None:
            span["parentSpanId"] = f"{parent:016x}"
        self.spans.append((service, span))

    def log(
        self,
        text: str,
        *,
        at: int = 0,
        service: str = "shop",
        attributes: dict[str, Any] | None = None,
    ) -> None:
        """Add a log record."""
        record = {
            "traceId": self.trace_id,
            "timeUnixNano": str(_base() + at),
            "severityNumber": 9,
            "body": {"stringValue": text},
            "attributes": attributes_of(attributes or {}),
        }
        self.logs.append((service, record))

    def bodies(self) -> Iterator[tuple[str, bytes]]:
        """What to send: signals and bodies of OTLP JSON."""
        for begin in range(0, len(self.spans), A_BATCH):
            yield "traces", _body("Spans", "spans", self.spans[begin : begin + A_BATCH])
        for begin in range(0, len(self.logs), A_BATCH):
            yield "logs", _body("Logs", "logRecords", self.logs[begin : begin + A_BATCH])


def attributes_of(values: dict[str, Any]) -> list[dict[str, Any]]:
    """Write attributes as OTLP JSON has them."""
    return [
        {"key": key, "value": {"stringValue": value}}
        if isinstance(value, str)
        else {"key": key, "value": {"intValue": str(value)}}
        for key, value in values.items()
    ]


def _base() -> int:
    # Within a minute, and the same for all spans of a trace.
    return (time.time_ns() // (600 * SECOND)) * 600 * SECOND


def _body(kind: str, member: str, records: list[tuple[str, dict[str, Any]]]) -> bytes:
    by_service: dict[str, list[dict[str, Any]]] = {}
    for service, record in records:
        by_service.setdefault(service, []).append(record)
    resources = [
        {
            "resource": {"attributes": attributes_of({"service.name": service})},
            f"scope{kind}": [{"scope": {"name": "odd"}, member: own}],
        }
        for service, own in by_service.items()
    ]
    return json.dumps({f"resource{kind}": resources}).encode("utf-8", "surrogatepass")


def cycle() -> OddTrace:
    """Three spans that are one another's ancestors."""
    odd = OddTrace("cycle", ("the parents lead back to the span itself",))
    for number, parent in ((1, 3), (2, 1), (3, 2)):
        odd.add(number, parent, at=number * MS, took=10 * MS)
    return odd


def own_parent() -> OddTrace:
    """A span that names itself as its parent."""
    odd = OddTrace("own parent", ("names itself as its parent",))
    odd.add(1, 1, took=10 * MS)
    odd.add(2, 1, at=MS)
    return odd


def shared_id() -> OddTrace:
    """Client and server of one call with one span id, as some meshes write it."""
    odd = OddTrace("shared id", ("another span has the same span id",))
    odd.add(1, took=20 * MS)
    odd.add(2, 1, at=MS, took=10 * MS, kind=3)
    odd.add(2, 1, at=2 * MS, took=8 * MS, kind=2, service="bank")
    return odd


def duplicate_ids() -> OddTrace:
    """One id in each of three services, by a generator that repeats itself."""
    odd = OddTrace("duplicate ids", ("another span has the same span id",))
    odd.add(1, took=20 * MS)
    for place, service in enumerate(("bank", "stock", "mail")):
        odd.add(7, 1, at=(1 + place) * MS, took=5 * MS, service=service)
        odd.add(8 + place, 7, at=(2 + place) * MS, service=service)
    return odd


def thirty_hours() -> OddTrace:
    """A batch job that took more than a day."""
    odd = OddTrace("30 h", ("It lasts for more than a day: 1 d 6 h",))
    odd.add(1, took=30 * HOUR, base=_base() - 30 * HOUR)
    odd.add(2, 1, at=29 * HOUR, took=MS, base=_base() - 30 * HOUR)
    return odd


def deep() -> OddTrace:
    """A recursion of 3,000 calls."""
    odd = OddTrace("3,000 deep", ("depth 3000",))
    for number in range(1, 3_001):
        odd.add(number, number - 1 or None, at=number * 1_000, took=(6_100 - number) * 1_000)
    return odd


def large_attribute() -> OddTrace:
    """A body of 6 MB as an attribute."""
    odd = OddTrace("6 MB attribute", ("6,291,456 characters",))
    odd.add(1, attributes={"http.request.body": "x" * _BIG}, took=5 * MS)
    return odd


def strange_characters() -> OddTrace:
    """Names from right to left, with overrides, NUL and control characters."""
    odd = OddTrace("RTL and NUL", ("مرحبا",))
    odd.add(1, span_name="مرحبا \u202eevil\u202c", service="متجر", took=9 * MS)
    odd.add(2, 1, span_name="nul\x00in\x07side\x1b[31m", at=MS, service="nul\x00shop")
    return odd


def wide() -> OddTrace:
    """130,000 children of one span: more than a call may have arguments."""
    odd = OddTrace("130,000 children", ("130001 spans",))
    odd.add(1, took=200_000_000)
    for number in range(2, 130_002):
        odd.add(number, 1, at=number * 1_000, took=900)
    return odd


def logs_alone() -> OddTrace:
    """A trace of which log records alone have come."""
    odd = OddTrace("logs alone", ("log records alone",))
    odd.log("nothing but a log", service="lonely")
    odd.log("and another one", at=5 * MS, service="lonely", attributes={"why": "sampled"})
    return odd


def no_root() -> OddTrace:
    """Spans whose parents have not come."""
    odd = OddTrace("no root", ("5 root spans", "the parent is not among the records"))
    for number in range(1, 6):
        odd.add(number, 90 + number, at=number * MS, took=5 * MS)
    return odd


def fifty_services() -> OddTrace:
    """A chain through fifty services."""
    odd = OddTrace("50 services", ("50 services",))
    for number in range(50):
        ids = (2 * number + 1, 2 * number or None)
        service = f"service-{number:02}"
        odd.add(*ids, at=number * MS, took=(200 - number) * MS, service=service, kind=2)
        odd.add(
            ids[0] + 1, ids[0], at=number * MS, took=(199 - number) * MS, service=service, kind=3
        )
    return odd


def negative_duration() -> OddTrace:
    """Ends before starts."""
    odd = OddTrace("negative duration", ("the end lies before the start",))
    odd.add(1, took=20 * MS)
    odd.add(2, 1, at=10 * MS, took=-7 * MS)
    return odd


def epoch_zero() -> OddTrace:
    """A start of 0, which stands for none, and one soon after 1970."""
    odd = OddTrace("epoch 0", ("has no start on record", "It begins long ago"))
    odd.add(1, base=0, at=5, took=3 * SECOND)
    odd.add(2, 1, base=0, took=2 * SECOND)
    return odd


def far_future() -> OddTrace:
    """The year 2200."""
    odd = OddTrace("year 2200", ("It begins in the future",))
    odd.add(1, base=7_258_118_400 * SECOND, took=5 * MS)
    return odd


def many_links() -> OddTrace:
    """A batch consumer with a hundred links."""
    odd = OddTrace("100 links", ("Links100", "not among the records"))
    links = [{"traceId": secrets.token_hex(16), "spanId": f"{n + 1:016x}"} for n in range(50)]
    links += [{"traceId": odd.trace_id, "spanId": f"{2 + n:016x}"} for n in range(50)]
    odd.add(1, took=50 * MS, kind=5, links=links)
    for number in range(50):
        odd.add(2 + number, at=(number + 1) * MS, kind=4)
    return odd


def many_events() -> OddTrace:
    """A span that notes a thousand moments."""
    odd = OddTrace("1,000 events", ("Events1000", "and 960 more"))
    start = _base()
    events = [
        {"name": f"step {n}", "timeUnixNano": str(start + n * 10_000), "attributes": []}
        for n in range(1_000)
    ]
    odd.add(1, took=10 * MS, events=events)
    return odd


def many_attributes() -> OddTrace:
    """Five hundred attributes."""
    odd = OddTrace("500 attributes", ("Attributes500", "and 460 more"))
    odd.add(1, took=MS, attributes={f"key.{n:03}": f"value {n}" for n in range(500)})
    return odd


def empty_names() -> OddTrace:
    """A span, an event and an attribute without names, of a service without one."""
    odd = OddTrace("empty names", ("(no name)",))
    events = [{"name": "", "timeUnixNano": str(_base()), "attributes": []}]
    odd.add(1, span_name="", service="", took=MS, events=events, attributes={"": "nameless"})
    return odd


def emoji() -> OddTrace:
    """Names beyond the basic plane."""
    odd = OddTrace("emoji", ("🛒 buy 👩‍👩‍👧", "🏪"))
    odd.add(1, span_name="🛒 buy 👩‍👩‍👧", service="🏪", took=MS)
    return odd


def long_names() -> OddTrace:
    """A statement as the name, 100,000 characters long."""
    odd = OddTrace("very long names", ("SELECT x, x", "100,005"))
    odd.add(1, span_name="SELECT " + "x, " * 33_332 + "x;", service="db-" + "y" * 200, took=MS)
    return odd


def gap() -> OddTrace:
    """Half a minute of which nothing is on record."""
    odd = OddTrace("gap", ("For 30.00 s nothing is on record",))
    odd.add(1, took=100 * MS, span_name="enqueue")
    odd.add(2, 1, at=30_100 * MS, took=50 * MS, span_name="process", service="mail")
    return odd


def past_its_parent() -> OddTrace:
    """Work that goes on after its parent has ended."""
    odd = OddTrace("past its parent", ("ends after its parent",))
    odd.add(1, took=20 * MS)
    odd.add(2, 1, at=MS, took=90 * MS)
    return odd


def clocks() -> OddTrace:
    """A service whose clock is behind, bounded by calls in both directions."""
    odd = OddTrace("clocks", ("disagree by 60.0 to 110.0 ms", "starts before the span that began"))
    odd.add(1, at=100 * MS, took=100 * MS, kind=3)
    odd.add(2, 1, at=40 * MS, took=50 * MS, kind=2, service="bank")
    odd.add(3, 2, at=45 * MS, took=30 * MS, kind=3, service="bank")
    odd.add(4, 3, at=155 * MS, took=10 * MS, kind=2)
    return odd


SHAPES: tuple[Callable[[], OddTrace], ...] = (
    cycle,
    own_parent,
    shared_id,
    duplicate_ids,
    thirty_hours,
    deep,
    large_attribute,
    strange_characters,
    wide,
    logs_alone,
    no_root,
    fifty_services,
    negative_duration,
    epoch_zero,
    far_future,
    many_links,
    many_events,
    many_attributes,
    empty_names,
    emoji,
    long_names,
    gap,
    past_its_parent,
    clocks,
)
