"""One span for the page with all that was sent of it, the spans that links tie to it, its rank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from telemetry.reading.linking import linking_to, targets
from telemetry.reading.rank import rank
from telemetry.reading.wire import span_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telemetry.reading.linking import LinkEnd
    from telemetry.records import Span


def whole_span_json(span: Span, *, longest: int | None = None) -> dict[str, Any]:
    """Return ``span`` whole, with the ends of its links and of those that lead to it.

    Of values with more than ``longest`` characters the beginning comes, and ``cut`` has their
    lengths by their JSON pointers.
    """
    found = span_json(span)
    ends = targets(span.links)
    for link in found["links"]:
        link["end"] = _end(ends.get((link["traceId"], link["spanId"])))
    linking, more = linking_to(span)
    found |= {
        "traceState": span.trace_state,
        "flags": span.flags,
        "dropped": {
            "attributes": span.dropped_attributes_count,
            "events": span.dropped_events_count,
            "links": span.dropped_links_count,
        },
        "linkedFrom": [_end(each) for each in linking],
        "linkedFromMore": more,
        "rank": rank(span),
        "resourceSchemaUrl": span.resource.schema_url,
    }
    found["cut"] = {} if longest is None else _shorten(found, longest)
    return found


def _end(end: LinkEnd | None) -> dict[str, str] | None:
    if end is None:
        return None
    return {
        "traceId": end.trace_id,
        "spanId": end.span_id,
        "service": end.service,
        "kind": end.kind,
        "name": end.name,
        "startTimeUnixNano": str(end.start_ns or end.end_ns),
    }


def _shorten(found: dict[str, Any], longest: int) -> dict[str, int]:
    """Cut what is longer; return how long it was."""
    lengths: dict[str, int] = {}
    for pointer, values, key in _values(found):
        value = values[key]
        if isinstance(value, bool | int | float) or value is None:
            continue
        text = value if isinstance(value, str) else orjson.dumps(value).decode()
        if len(text) > longest:
            values[key] = text[:longest]
            lengths[pointer] = len(text)
    return lengths


def _values(found: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Each value that a sender chose: its JSON pointer, and where it stands."""
    yield "/name", found, "name"
    yield "/traceState", found, "traceState"
    yield "/status/message", found["status"], "message"
    maps = {
        "/attributes": found["attributes"],
        "/resource": found["resource"],
        "/scope/attributes": found["scope"]["attributes"],
    }
    for kind in ("events", "links"):
        for place, each in enumerate(found[kind]):
            maps[f"/{kind}/{place}/attributes"] = each["attributes"]
            if "name" in each:
                yield f"/{kind}/{place}/name", each, "name"
    for pointer, attributes in maps.items():
        for key in list(attributes):
            escaped = key.replace("~", "~0").replace("/", "~1")
            yield f"{pointer}/{escaped}", attributes, key
