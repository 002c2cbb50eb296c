"""``/api/faults`` sends each error with its status and, for a wrong field, its name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.test import RequestFactory

from faults import api
from faults.errors import FaultError, FaultNotFoundError, HolderError

if TYPE_CHECKING:
    from django.http import HttpRequest


class FailingLedger:
    """Raises ``error`` whatever it is called for."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def set(self, _body: object) -> None:
        raise self._error

    def heal(self, _fault_id: str) -> None:
        raise self._error

    def heal_all(self) -> None:
        raise self._error


def post(body: str) -> HttpRequest:
    return RequestFactory().post("/api/faults", body, content_type="application/json")


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (FaultError("wrong", field="ms"), 400, {"error": "wrong", "field": "ms"}),
        (FaultNotFoundError(), 404, {"error": "not found"}),
        (HolderError("failing"), 502, {"error": "failing"}),
    ],
)
def test_an_error_of_the_ledger_has_its_status(
    error: Exception, status: int, body: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "LEDGER", FailingLedger(error))
    delete = RequestFactory().delete("/api/faults")
    for response in (api.faults(post("{}")), api.faults(delete), api.fault(delete, "f")):
        assert (response.status_code, json.loads(response.content)) == (status, body)


@pytest.mark.parametrize(("body", "status"), [("x", 400), ("[]", 400), ("1" * 16_385, 413)])
def test_an_invalid_body_is_refused(body: str, status: int) -> None:
    assert api.faults(post(body)).status_code == status
