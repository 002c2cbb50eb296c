"""Placing orders as clients do, and recording what each client learned."""

from __future__ import annotations

import random
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import requests

from experiments.history import History, Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from experiments.lab import Lab

CLIENT_TIMEOUT_SECONDS = 10.0
"""How long a client waits for its answer."""

_MAX_CLIENTS = 64
_ATTEMPT_SECONDS = 3.0
_MOST_ATTEMPTS = 8
_LONGEST_SECONDS = 15.0
_FIRST_WAIT_SECONDS = 0.2
_LONGEST_WAIT_SECONDS = 2.0


class Workload:
    """Clients that place orders in one lab and keep one history."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.history = History()
        self.with_key = False
        """Whether the clients have the defence ``idempotency_key``; `look_at_defences` asks."""
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

        :raises experiments.lab.LabError: the observer did not answer.
        """
        listed = self.lab.ask("GET", "observer_url", "/api/defences")["defences"]
        self.with_key = any(each["name"] == "idempotency_key" and each["on"] for each in listed)

    def place_one(self, body: Mapping[str, Any] | None = None) -> Operation:
        """Place one order through the client's link and record what came of it.

        With `with_key` it has an ``Idempotency-Key``, and what is not known is asked again with it.
        """
        index = self.history.invoke()
        headers = {"X-Request-Id": str(uuid.uuid4())}
        if self.with_key:
            headers["Idempotency-Key"] = f'"{uuid.uuid4()}"'
        started = self.now_ms()
        learned = self._ask(body, headers, seconds=self._seconds)
        attempt = 1
        while self.with_key and learned.pop("ask_again") and attempt < _MOST_ATTEMPTS:
            if self.now_ms() - started > _LONGEST_SECONDS * 1_000:
                break
            time.sleep(_wait_seconds(attempt))
            attempt += 1
            before, learned = learned, self._ask(body, headers, seconds=self._seconds)
            if learned["outcome"] == "fail" and before["outcome"] == "info" and not _says(learned):
                # That this attempt was never sent says nothing about the one before it.
                learned["outcome"] = "info"
        learned.pop("ask_again", None)
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
            answer = self.lab.session.post(
                f"{self.lab.urls['client_url']}/orders",
                json=dict(body or {}),
                headers=headers,
                timeout=seconds,
            )
        except requests.RequestException as error:
            return _unanswered(error)
        return _learned(answer)


def _says(learned: Mapping[str, Any]) -> bool:
    """Whether an answer says what has become of the order itself."""
    return learned.get("http_status") is not None and not learned["ask_again"]


def _wait_seconds(attempt: int) -> float:
    """Wait before the next attempt: exponential, half of it by chance, bounded."""
    most = min(_LONGEST_WAIT_SECONDS, _FIRST_WAIT_SECONDS * 2 ** (attempt - 1))
    return random.uniform(most / 2, most)  # noqa: S311 (spreads calls, keeps no secret)


def _learned(answer: requests.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        body = None
    told = body if isinstance(body, dict) else {}
    learned: dict[str, Any] = {
        "http_status": answer.status_code,
        "order_id": told.get("orderId"),
        "status": told.get("status"),
    }
    if answer.status_code == requests.codes.created and learned["order_id"]:
        return {**learned, "outcome": "ok", "ask_again": False}
    if learned["status"] == "CANCELLED":
        # The API has said that it did not take the order, and will not.
        return {**learned, "outcome": "fail", "ask_again": False, "error": str(told.get("error"))}
    in_flight = answer.status_code == requests.codes.conflict
    refused = not in_flight and (
        requests.codes.bad_request <= answer.status_code < requests.codes.server_error
    )
    return {
        **learned,
        "outcome": "fail" if refused else "info",
        "ask_again": not refused,
        "error": str(told.get("error") or f"HTTP {answer.status_code}"),
    }


def _unanswered(error: requests.RequestException) -> dict[str, Any]:
    """Only a connection that was refused, or never made, proves that nothing was sent."""
    text = str(error)
    never_sent = isinstance(error, requests.ConnectTimeout) or "Connection refused" in text
    return {
        "outcome": "fail" if never_sent else "info",
        "ask_again": True,
        "error": type(error).__name__,
    }
