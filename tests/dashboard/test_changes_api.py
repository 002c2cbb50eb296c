"""``POST /internal/changes`` takes hints of the lab's own services, and no others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from dashboard import views
from dashboard.live_orders import LiveOrders

if TYPE_CHECKING:
    from django.conf import LazySettings

pytestmark = pytest.mark.urls("labsite.http.urls_observer")
ID = "6c0c5ff3-2dd8-4b71-96e8-2e1d7c1a3f7e"


class Taken(LiveOrders):
    """Keeps the hints."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.any_was_told = False

    def changed(self, *, order_ids: Any = (), trace_ids: Any = ()) -> None:
        del trace_ids
        self.ids += order_ids

    def any_changed(self) -> None:
        self.any_was_told = True


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Taken:
    made = Taken()
    monkeypatch.setattr(views, "LIVE_ORDERS", made)
    return made


def post(settings: LazySettings, body: str, **headers: str) -> int:
    named = {"host": "localhost", "x-lab-secret": settings.LAB_SECRET, **headers}
    client = Client(headers=named)
    return client.post("/internal/changes", body, content_type="application/json").status_code


def test_hints_are_taken(taken: Taken, settings: LazySettings) -> None:
    assert post(settings, json.dumps({"orderIds": [ID]})) == 204
    assert (taken.ids, taken.any_was_told) == ([ID], False)
    assert post(settings, json.dumps({"any": True})) == 204
    assert taken.any_was_told


@pytest.mark.parametrize(
    "body", ["", "[]", '{"orderIds": 1}', '{"orderIds": ["x"]}', '{"orderIds": [null]}']
)
def test_what_is_no_hint_is_refused(taken: Taken, settings: LazySettings, body: str) -> None:
    assert post(settings, body) == 400
    assert (taken.ids, taken.any_was_told) == ([], False)


def test_others_are_refused(taken: Taken, settings: LazySettings) -> None:
    assert post(settings, json.dumps({"any": True}), **{"x-lab-secret": "guessed"}) == 403
    assert not taken.any_was_told
    assert taken.ids == []
