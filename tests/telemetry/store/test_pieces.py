"""A large trace comes in pieces: whole in the end, and later only what is new of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from telemetry.records import Resource, Span, SpanEvent

if TYPE_CHECKING:
    from telemetry.store.writer import Writer

pytestmark = [
    pytest.mark.django_db(databases=["default", "worker", "telemetry"], transaction=True),
    pytest.mark.urls("labsite.http.urls_observer"),
]
TRACE_ID = "a" * 32
OTHER = "b" * 32


def span(number: int, *, trace_id: str = TRACE_ID, end: int = 9, **more: Any) -> Span:
    """Make one span."""
    return Span(
        trace_id=trace_id,
        span_id=f"{number:016x}",
        name=f"step {number}",
        start_time_unix_nano=number,
        end_time_unix_nano=end,
        resource=Resource({"service.name": "api"}),
        state="ended" if end else "open",
        **more,
    )


def outline(query: str) -> dict[str, Any]:
    """Ask for a piece."""
    client = Client(headers={"host": "localhost"})
    response = client.get(f"/api/traces/{TRACE_ID}/spans?fields=outline&{query}")
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    return found


def ids(piece: dict[str, Any]) -> list[str]:
    """List a piece's spans."""
    place = piece["columns"].index("spanId")
    return [row[place] for row in piece["rows"]]


def test_the_pieces_together_are_the_trace(writer: Writer) -> None:
    mixed = [each for n in range(1, 8) for each in (span(n), span(n, trace_id=OTHER))]
    writer.submit(mixed, []).result(10)
    first = outline("limit=3")
    second = outline(f"limit=3&cursor={first['next']}")
    third = outline(f"limit=3&cursor={second['next']}")
    assert third["next"] is None
    assert first["total"] == 7
    assert [*ids(first), *ids(second), *ids(third)] == [f"{n:016x}" for n in range(1, 8)]


def test_what_has_ended_since_comes_again_and_alone(writer: Writer) -> None:
    writer.submit([span(1, end=0), span(2)], []).result(10)
    whole = outline("limit=10")
    writer.submit([span(1)], []).result(10)
    news = outline(f"limit=10&cursor={whole['last']}")
    assert ids(news) == [f"{1:016x}"]
    row = dict(zip(news["columns"], news["rows"][0], strict=True))
    assert (row["state"], row["endTimeUnixNano"]) == ("ended", "9")
    assert outline(f"limit=10&cursor={news['last']}")["rows"] == []


def test_a_row_has_the_error_and_the_events_and_no_other_attribute(writer: Writer) -> None:
    failed = span(
        1,
        status_code="ERROR",
        attributes={"error.type": "read_timeout", "other": "thing"},
        events=[SpanEvent("happened", 5)],
    )
    writer.submit([failed], []).result(10)
    piece = outline("limit=1")
    row = dict(zip(piece["columns"], piece["rows"][0], strict=True))
    assert (row["statusCode"], row["errorKind"]) == ("ERROR", "read_timeout")
    assert row["events"] == [["happened", "5"]]
    assert "thing" not in str(piece)


@pytest.mark.parametrize("query", ["fields=narrow", "fields=outline&limit=0", "cursor=x"])
def test_a_wrong_question_is_refused(query: str) -> None:
    client = Client(headers={"host": "localhost"})
    assert client.get(f"/api/traces/{TRACE_ID}/spans?{query}").status_code == 400


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"kind": "CLIENT", "attributes": {"http.status_code": 500}}, "http_5xx"),
        ({"kind": "CLIENT", "attributes": {"http.response.status_code": 200}}, None),
        ({"kind": "SERVER", "attributes": {"http.status_code": 404}}, None),
        ({"status_code": "ERROR", "status_message": "Connection refused"}, "connect_refused"),
        (
            {
                "status_code": "ERROR",
                "events": [SpanEvent("exception", 5, {"exception.type": "httpx.ReadTimeout"})],
            },
            "read_timeout",
        ),
        ({"status_code": "ERROR"}, None),
        ({"attributes": {"error.type": "shop.OddError"}}, "shop.OddError"),
    ],
)
def test_a_span_without_an_error_type_is_classed_by_what_else_it_has(
    writer: Writer, more: dict[str, Any], kind: str | None
) -> None:
    writer.submit([span(1, **more)], []).result(10)
    piece = outline("limit=1")
    assert dict(zip(piece["columns"], piece["rows"][0], strict=True))["errorKind"] == kind
