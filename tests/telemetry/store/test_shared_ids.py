"""Client and server of some meshes share one span id: both are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from telemetry.models import SpanRow, TraceRow
from telemetry.records import Resource, Span

if TYPE_CHECKING:
    from telemetry.records import SpanKind
    from telemetry.store.writer import Writer

pytestmark = pytest.mark.django_db(databases=["telemetry"], transaction=True)


def span(service: str, kind: SpanKind) -> Span:
    return Span(
        "a" * 32, "b" * 16, "GET /", 1, 2, kind=kind, resource=Resource({"service.name": service})
    )


def test_spans_of_two_services_with_one_id_are_two_spans(writer: Writer) -> None:
    both = [span("web", "CLIENT"), span("shop", "SERVER")]
    for given in (both, both[:1], both):
        assert writer.submit(given, []).result(10) == []
    kept = SpanRow.objects.order_by("service").values_list("service", "kind")
    assert list(kept) == [("shop", "SERVER"), ("web", "CLIENT")]
    assert TraceRow.objects.get().span_count == 2


def test_each_of_them_is_read_by_its_service_and_kind(writer: Writer) -> None:
    assert writer.submit([span("web", "CLIENT"), span("shop", "SERVER")], []).result(10) == []
    client = Client(headers={"host": "localhost"})
    address = f"/api/traces/{'a' * 32}/spans/{'b' * 16}"
    assert client.get(address).json()["service"] == "web"
    assert client.get(f"{address}?service=shop&kind=SERVER").json()["service"] == "shop"
    assert client.get(f"{address}?service=shop&kind=CLIENT").status_code == 404
