"""Placing orders as clients do, and recording what each client learned."""

from __future__ import annotations

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


class Workload:
    """Clients that place orders in one lab and keep one history."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.history = History()
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

    def place_one(self, body: Mapping[str, Any] | None = None) -> Operation:
        """Place one order through the client's link and record what came of it."""
        index = self.history.invoke()
        request_id = str(uuid.uuid4())
        started = self.now_ms()
        try:
            answer = self.lab.session.post(
                f"{self.lab.urls['client_url']}/orders",
                json=dict(body or {}),
                headers={"X-Request-Id": request_id},
                timeout=CLIENT_TIMEOUT_SECONDS,
            )
            learned = _learned(answer)
        except requests.RequestException as error:
            learned = _unanswered(error)
        operation = Operation(
            index=index,
            request_id=request_id,
            started_ms=started,
            ended_ms=self.now_ms(),
            **learned,
        )
        self.history.end(operation)
        return operation


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
        return {**learned, "outcome": "ok"}
    refused = requests.codes.bad_request <= answer.status_code < requests.codes.server_error
    return {
        **learned,
        "outcome": "fail" if refused else "info",
        "error": str(told.get("error") or f"HTTP {answer.status_code}"),
    }


def _unanswered(error: requests.RequestException) -> dict[str, Any]:
    """Only a connection that was refused, or never made, proves that nothing was sent."""
    text = str(error)
    never_sent = isinstance(error, requests.ConnectTimeout) or "Connection refused" in text
    return {"outcome": "fail" if never_sent else "info", "error": type(error).__name__}
