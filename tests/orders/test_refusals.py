"""What the contract does not allow is refused in one shape, logged, and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orders.models import Order

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("labsite.http.urls_api")]


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ("{", None, "not JSON"),
        ("[]", None, "a JSON object"),
        ('{"sku": 1}', "sku", "a string"),
        ('{"sku": "unicorn"}', "sku", "unknown sku"),
        ('{"sku": null}', "sku", "a string"),
        ('{"quantity": "1"}', "quantity", "a whole number"),
        ('{"quantity": true}', "quantity", "a whole number"),
        ('{"quantity": 1.0}', "quantity", "a whole number"),
        ('{"quantity": 0}', "quantity", "from 1 to"),
        ('{"quantity": 1001}', "quantity", "from 1 to"),
        ('{"colour": "red"}', "colour", "unknown field"),
    ],
)
def test_a_bad_body_is_refused(
    client: Client, caplog: pytest.LogCaptureFixture, body: str, field: str | None, says: str
) -> None:
    answer = client.post("/orders", body, content_type="application/json")
    assert answer.status_code == 400
    assert says in answer.json()["error"]
    assert answer.json().get("field") == field
    assert not Order.objects.exists()
    assert [each.getMessage() for each in caplog.records if each.name == "service"] == [
        "request refused"
    ]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=x", "limit=501", "status=LOST", "cursor=abc", "cursor=!"]
)
def test_a_bad_listing_is_refused(client: Client, query: str) -> None:
    answer = client.get(f"/orders?{query}")
    assert answer.status_code == 400
    assert answer.json()["field"] == query.split("=")[0]
