"""One attribute of all spans of a trace: what a search within it compares."""

from __future__ import annotations

from typing import Any

import orjson

from telemetry.models import SpanRow
from telemetry.reading.wire import plain_attributes
from telemetry.store.coding import loads

MOST_SPANS = 100_000
_LONGEST = 200
_COLUMNS = ("span_id", "service", "kind", "data")


def attribute_values(trace_id: str, key: str) -> dict[str, Any]:
    """Return the spans that carry ``key``, with its value, of a long text the beginning.

    ``truncated`` when there were more than `MOST_SPANS`.
    """
    # As it stands in the stored JSON; what only looks like it is sorted out below.
    written = orjson.dumps(key).decode()
    rows = SpanRow.objects.filter(trace_id=trace_id, data__contains=written)
    found = list(rows.values_list(*_COLUMNS)[: MOST_SPANS + 1])
    return {
        "values": [
            [span_id, service, kind, _short(plain_attributes({key: attributes[key]})[key])]
            for span_id, service, kind, data in found[:MOST_SPANS]
            if key in (attributes := loads(data).get("a", {}))
        ],
        "truncated": len(found) > MOST_SPANS,
    }


def _short(value: Any) -> str | bool | int | float | None:
    if isinstance(value, bool | int | float) or value is None:
        return value
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text[:_LONGEST]
