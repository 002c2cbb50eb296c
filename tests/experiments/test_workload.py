"""A client asks again for what it doesn't know: as often as it is told, or with its key."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from experiments.checker import workload
from experiments.checker.workload import Workload

UNKNOWN = (503, {"error": "not known", "stored": "unknown"})
PLACED = (201, {"orderId": "o1", "status": "PENDING"})


class Api:
    """Answers as it is told, and keeps the requests' headers."""

    def __init__(self, *answers: tuple[int, dict[str, str]]) -> None:
        self.answers = list(answers)
        self.headers: list[dict[str, str]] = []

    def exchange(self, *_: Any, headers: dict[str, str], **__: Any) -> tuple[int, dict[str, str]]:
        self.headers.append(dict(headers))
        return self.answers.pop(0)


def working(api: Api) -> Workload:
    return Workload(cast("Any", SimpleNamespace(client=api)))


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workload, "_wait_seconds", lambda _attempt: 0.0)


def test_without_a_key_what_is_not_known_stays_so() -> None:
    found = working(Api(UNKNOWN)).place_one()
    assert (found.outcome, found.attempts) == ("info", 1)


def test_one_that_repeats_sends_the_same_request_again() -> None:
    api = Api(UNKNOWN, PLACED)
    clients = working(api)
    clients.repeats = 1
    found = clients.place_one()
    assert (found.outcome, found.attempts, found.order_id) == ("ok", 2, "o1")
    assert api.headers[0] == api.headers[1]
    assert "Idempotency-Key" not in api.headers[0]


def test_with_a_key_it_outlasts_the_time_in_which_the_key_is_in_flight() -> None:
    api = Api(UNKNOWN, *[(409, {"error": "in progress"})] * 10, PLACED)
    clients = working(api)
    clients.with_key = True
    found = clients.place_one()
    assert (found.outcome, found.attempts) == ("ok", 12)
    assert len({each["Idempotency-Key"] for each in api.headers}) == 1
