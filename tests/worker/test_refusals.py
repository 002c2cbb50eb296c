"""What is no job is refused in one shape, logged, and takes no stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from worker.models import Reservation

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.test import Client

pytestmark = [
    pytest.mark.django_db(databases=["default", "worker"]),
    pytest.mark.urls("labsite.http.urls_worker"),
]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("orderId", "7"),
        ("orderId", None),
        ("requestId", ""),
        ("requestId", 5),
        ("sku", None),
        ("sku", "unicorn"),
        ("quantity", 0),
        ("quantity", "1"),
        ("quantity", True),
        ("quantity", 10**9),
    ],
)
def test_a_bad_field_is_named(
    send_job: Callable[..., HttpResponse],
    caplog: pytest.LogCaptureFixture,
    field: str,
    value: Any,
) -> None:
    answer: Any = send_job(**{field: value})
    assert (answer.status_code, answer.json()["field"]) == (400, field)
    assert "request refused" in caplog.messages
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "null"])
def test_a_body_that_is_no_object_is_refused(client: Client, body: str) -> None:
    answer = client.post("/jobs/reserve-stock", body, content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}


@pytest.mark.parametrize("path", ["/reservations/none", f"/reservations/{'0' * 32}"])
def test_no_reservation_is_404(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()) == (404, {"error": "not found"})


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "cursor=-1"])
def test_a_bad_listing_is_refused(client: Client, query: str) -> None:
    assert client.get(f"/reservations?{query}").status_code == 400


def test_the_fault_door_turns_strangers_away(client: Client) -> None:
    assert client.get("/internal/faults").status_code == 403
    assert client.delete("/internal/faults/f").status_code == 403
