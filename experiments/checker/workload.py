"""Placing orders as clients do, and recording what each client learned."""

from __future__ import annotations

import random
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from base.errors import LabError
from experiments.checker.history import History, Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from base.lab import Lab

CLIENT_TIMEOUT_SECONDS = 10.0
"""How long a client waits for its answer."""

_MAX_CLIENTS = 64
_ATTEMPT_SECONDS = 3.0
# With the waits between them they outlast the time in which a key is held to be in flight.
_MOST_ATTEMPTS = 12
_LONGEST_SECONDS = 15.0
_FIRST_WAIT_SECONDS = 0.2
_LONGEST_WAIT_SECONDS = 2.0


class Workload:
    """Clients that place orders in one lab and keep one history."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.history = History()
        self.with_key = False
        """Whether the clients have the defence ``idempotency_key``; see `look_at_defences`."""
        self.repeats = 0
        """How often a client without a key asks again for what it doesn't know."""
        self.started_ns = time.time_ns()
        self._clock = time.monotonic()

    def now_ms(self) -> float:
        """Milliseconds since the history began."""
        return (time.monotonic() - self._clock) * 1_000

    def place(
        self,
        orders: int,
        *,
        clients: int = 1,
        rate: float | None = None,
        body: Mapping[str, Any] | None = None,
        stop: threading.Event | None = None,
        ended: Callable[[Operation], None] | None = None,
    ) -> None:
        """Place ``orders``; ``rate`` a second when given, else as fast as ``clients`` can.

        ``stop`` ends it early; what is under way then is still waited for.
        """
        self.look_at_defences()
        halt = stop or threading.Event()
        began = time.monotonic()
        with ThreadPoolExecutor(max_workers=min(max(clients, 1), _MAX_CLIENTS)) as pool:

            def one(number: int) -> None:
                if rate and halt.wait(max(0.0, began + number / rate - time.monotonic())):
                    return
                if not halt.is_set():
                    operation = self.place_one(body)
                    if ended is not None:
                        ended(operation)

            list(pool.map(one, range(orders)))

    def look_at_defences(self) -> None:
        """Ask the lab whether its clients are to send an ``Idempotency-Key``.

        :raises LabError: the observer did not answer.
        """
        self.with_key = self.lab.defences().get("idempotency_key", False)

    def place_one(self, body: Mapping[str, Any] | None = None) -> Operation:
        """Place one order through the client's link and record what came of it.

        With `with_key` it has an ``Idempotency-Key``, and what is not known is retried with it;
        without one it is retried as often as `repeats` says.
        """
        index = self.history.invoke()
        headers = {"X-Request-Id": str(uuid.uuid4())}
        if self.with_key:
            headers["Idempotency-Key"] = f'"{uuid.uuid4()}"'
        started = self.now_ms()
        learned = self._ask(body, headers, seconds=self._seconds)
        attempt = 1
        most = _MOST_ATTEMPTS if self.with_key else 1 + self.repeats
        while learned.pop("retry") and attempt < most:
            if self.now_ms() - started > _LONGEST_SECONDS * 1_000:
                break
            time.sleep(_wait_seconds(attempt))
            attempt += 1
            before, learned = learned, self._ask(body, headers, seconds=self._seconds)
            if (
                learned["outcome"] == "fail"
                and before["outcome"] == "info"
                and not _is_decisive(learned)
            ):
                # That this attempt was never sent says nothing about the one before it.
                learned["outcome"] = "info"
        learned.pop("retry", None)
        operation = Operation(
            index=index,
            request_id=headers["X-Request-Id"],
            started_ms=started,
            ended_ms=self.now_ms(),
            attempts=attempt,
            **learned,
        )
        self.history.end(operation)
        return operation

    @property
    def _seconds(self) -> float:
        return _ATTEMPT_SECONDS if self.with_key else CLIENT_TIMEOUT_SECONDS

    def _ask(
        self, body: Mapping[str, Any] | None, headers: dict[str, str], *, seconds: float
    ) -> dict[str, Any]:
        try:
            status, answer = self.lab.client.exchange(
                "POST",
                "/orders",
                body=dict(body or {}),
                headers=headers,
                timeout_seconds=seconds,
            )
        except LabError as error:
            return _learned(error.status, error.body) if error.status else _unanswered(error)
        return _learned(status, answer)


def _is_decisive(learned: Mapping[str, Any]) -> bool:
    """Whether a response settles what has become of the order itself."""
    return learned.get("http_status") is not None and not learned["retry"]


def _wait_seconds(attempt: int) -> float:
    """Wait before the next attempt: exponential, half of it by chance, bounded."""
    most = min(_LONGEST_WAIT_SECONDS, _FIRST_WAIT_SECONDS * 2 ** (attempt - 1))
    return random.uniform(most / 2, most)  # noqa: S311 (spreads calls, keeps no secret)


def _learned(http_status: int, answer: object) -> dict[str, Any]:
    order = answer if isinstance(answer, dict) else {}
    learned: dict[str, Any] = {
        "http_status": http_status,
        "order_id": order.get("orderId"),
        "status": order.get("status"),
    }
    if http_status == HTTPStatus.CREATED and learned["order_id"]:
        return {**learned, "outcome": "ok", "retry": False}
    if learned["status"] == "CANCELLED":
        # The API has answered that it did not take the order, and will not.
        return {**learned, "outcome": "fail", "retry": False, "error": str(order.get("error"))}
    in_flight = http_status == HTTPStatus.CONFLICT
    refused = not in_flight and (
        HTTPStatus.BAD_REQUEST <= http_status < HTTPStatus.INTERNAL_SERVER_ERROR
    )
    return {
        **learned,
        "outcome": "fail" if refused else "info",
        "retry": not refused,
        "error": str(order.get("error") or f"HTTP {http_status}"),
    }


def _unanswered(error: LabError) -> dict[str, Any]:
    """Only a connection that was refused, or never made, proves that nothing was sent."""
    return {
        "outcome": "info" if error.sent else "fail",
        "retry": True,
        "error": error.failure.value,
    }
