"""A worker that fails at first leaves the order undelivered, unless the job is sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from boundary.error_kind import ErrorKind
from orders.defences.names import DEFENCES, RETRY
from orders.defences.retry import Budget, Policy
from tests.support import upstreams

if TYPE_CHECKING:
    import socket

    from django.conf import LazySettings
    from django.test import Client

POLICY = Policy(uniform=lambda _low, high: high)


@pytest.mark.django_db
@pytest.mark.urls("labsite.http.urls_api")
@pytest.mark.parametrize(
    ("on", "attempts"), [(False, [("failed", 1)]), (True, [("failed", 4), ("delivered", 4)])]
)
def test_a_link_that_breaks_once(
    client: Client,
    settings: LazySettings,
    caplog: pytest.LogCaptureFixture,
    on: bool,
    attempts: list[tuple[str, int]],
) -> None:
    seen: list[bytes] = []
    accept = upstreams.answering()

    def behave(connection: socket.socket) -> None:
        if seen:
            accept(connection)
        else:
            seen.append(upstreams.read_request(connection))
            upstreams.reset(connection)

    DEFENCES.switch({RETRY: on})
    with upstreams.server(behave) as url, caplog.at_level("INFO", logger="orders"):
        settings.WORKER_URL = url
        assert client.post("/orders", "", content_type="application/json").status_code == 201
    messages: list[dict[str, Any]] = [
        vars(record) for record in caplog.records if hasattr(record, "boundary")
    ]
    found = [
        ("delivered" if "delivered" in each["msg"] else "failed", each["maxAttempts"])
        for each in messages
    ]
    assert found == attempts
    assert [each["attempt"] for each in messages] == list(range(1, len(attempts) + 1))


def test_the_backoff_doubles_up_to_its_cap() -> None:
    policy = Policy(max_attempts=9, uniform=lambda _low, high: high)
    waits = [policy.wait_ms(attempt, ErrorKind.RESET) for attempt in range(1, 7)]
    assert waits == [100, 200, 400, 800, 1_000, 1_000]


def test_the_jitter_is_full() -> None:
    policy = Policy(uniform=lambda low, _high: low)
    assert policy.wait_ms(3, ErrorKind.RESET) == 0


@pytest.mark.parametrize("kind", [None, ErrorKind.HTTP_4XX, ErrorKind.BAD_RESPONSE, ErrorKind.TLS])
def test_some_outcomes_are_final(kind: ErrorKind | None) -> None:
    assert POLICY.wait_ms(1, kind) is None


def test_attempts_and_time_are_bounded() -> None:
    assert POLICY.wait_ms(4, ErrorKind.RESET) is None
    assert POLICY.wait_ms(1, ErrorKind.RESET, spent_ms=3_899) == 100
    assert POLICY.wait_ms(1, ErrorKind.RESET, spent_ms=3_900) is None


def test_all_orders_share_a_budget_that_grows_with_orders() -> None:
    budget = Budget(capacity=2, share=0.5)
    assert [budget.spend() for _ in range(3)] == [True, True, False]
    budget.earn()
    assert not budget.spend()
    budget.earn()
    assert budget.spend()
