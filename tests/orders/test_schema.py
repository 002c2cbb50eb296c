"""OpenAPI describes the calls, and its page needs nothing from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("labsite.http.urls_api")]


def test_the_schema_names_the_calls(client: Client) -> None:
    schema = client.get("/api/schema?format=json").json()
    assert set(schema["paths"]) >= {"/orders", "/orders/{order_id}"}


def test_the_docs_load_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/api/docs").content.decode()
    assert "swagger-ui" in page
    assert "https://" not in page
