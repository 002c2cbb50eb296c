"""A running lab as a stranger meets it: its HTTP APIs, found by the experiment's configuration."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEFAULT_URLS = {
    "observer_url": "http://127.0.0.1:8000",
    "client_url": "http://127.0.0.1:4300",
    "api_url": "http://127.0.0.1:4000",
    "worker_url": "http://127.0.0.1:4001",
}
"""Where the parts of a lab answer when nothing was moved."""

_SECONDS = 30.0
_PAGE = 500
_MOST_PAGES = 1_000
_TRACES_A_PAGE = 200


class LabError(Exception):
    """The lab did not do what an experiment asked of it; the text says what and why."""


class Lab:
    """Calls to one lab; one connection a thread."""

    def __init__(self, configuration: Mapping[str, Any] | None = None) -> None:
        given = configuration or {}
        self.urls = {name: str(given.get(name) or url) for name, url in DEFAULT_URLS.items()}
        self._local = threading.local()

    @property
    def session(self) -> requests.Session:
        """The calling thread's connections."""
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            # Proxies of the environment would put a stranger on the link.
            session.trust_env = False
            self._local.session = session
        return session

    def ask(self, method: str, base: str, path: str, **options: Any) -> Any:
        """Call the lab and return its JSON; None for an answer without a body.

        :raises LabError: there was no answer, or it was a refusal.
        """
        url = f"{self.urls[base]}{path}"
        try:
            answer = self.session.request(method, url, timeout=_SECONDS, **options)
        except requests.RequestException as error:
            raise LabError(f"{method} {url}: {type(error).__name__}") from error
        if not answer.ok:
            raise LabError(f"{method} {url}: {answer.status_code} {answer.text[:300]}")
        return answer.json() if answer.content else None

    def order(self, order_id: str) -> dict[str, Any] | None:
        """What the API believes of an order, out of band; None for an order it does not know."""
        return self._found("api_url", f"/orders/{order_id}")

    def reservation(self, order_id: str) -> dict[str, Any] | None:
        """What the worker did for an order, out of band; None for nothing."""
        return self._found("worker_url", f"/reservations/{order_id}")

    def orders(
        self, *, status: str = "", since: datetime | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield the orders that the API has, newest first; of one ``status``, ``since`` a time."""
        for order in self._pages("api_url", "/orders", "orders", status=status):
            if since is not None and datetime.fromisoformat(order["createdAt"]) < since:
                return
            yield order

    def reservations(self) -> Iterator[dict[str, Any]]:
        """Yield everything that the worker did, oldest first."""
        yield from self._pages("worker_url", "/reservations", "reservations")

    def reservations_after(self, cursor: str) -> tuple[list[dict[str, Any]], str]:
        """Return what the worker did after ``cursor``, and a cursor from where to go on next time.

        The next answer begins with some of what this one ended with.
        """
        rows: list[dict[str, Any]] = []
        for _ in range(_MOST_PAGES):
            parameters = {"limit": str(_PAGE), **({"cursor": cursor} if cursor else {})}
            page = self.ask("GET", "worker_url", "/reservations", params=parameters)
            rows += page["reservations"]
            if not page["next"]:
                break
            cursor = page["next"]
        return rows, cursor

    def stock(self) -> list[dict[str, Any]]:
        """What lies in the worker's stock."""
        stock: list[dict[str, Any]] = self.ask("GET", "worker_url", "/stock")["stock"]
        return stock

    def logs(self, request_id: str) -> list[dict[str, Any]]:
        """The log records of a request that have reached the observer."""
        logs: list[dict[str, Any]] = self.ask(
            "GET", "observer_url", "/api/logs", params={"requestId": request_id, "limit": 1_000}
        )["logs"]
        return logs

    def traces(self, order_id: str) -> list[dict[str, Any]]:
        """The traces that name an order; one, when all went as it should."""
        traces: list[dict[str, Any]] = self.ask(
            "GET", "observer_url", "/api/traces", params={"orderId": order_id}
        )["traces"]
        return traces

    def traces_since(self, moment: str) -> Iterator[dict[str, Any]]:
        """Yield the traces that began at ``moment`` or later, newest first."""
        most = str(_TRACES_A_PAGE)
        yield from self._pages("observer_url", "/api/traces", "traces", since=moment, limit=most)

    def faults(self) -> list[dict[str, Any]]:
        """The faults in force, hidden ones included."""
        told = self.ask("GET", "observer_url", "/api/faults", params={"hidden": "1"})
        faults: list[dict[str, Any]] = told["faults"]
        return faults

    def why_no_firewall(self) -> str:
        """Why the lab may not set faults of the operating system's firewall; empty when it may."""
        told: dict[str, str] = self.ask("GET", "observer_url", "/api/faults").get("unavailable", {})
        return told.get("firewall", "")

    def _found(self, base: str, path: str) -> dict[str, Any] | None:
        url = f"{self.urls[base]}{path}"
        try:
            answer = self.session.get(url, timeout=_SECONDS)
        except requests.RequestException as error:
            raise LabError(f"GET {url}: {type(error).__name__}") from error
        if answer.status_code == requests.codes.not_found:
            return None
        if not answer.ok:
            raise LabError(f"GET {url}: {answer.status_code}")
        found: dict[str, Any] = answer.json()
        return found

    def _pages(self, base: str, path: str, key: str, **filters: str) -> Iterator[dict[str, Any]]:
        cursor = ""
        for _ in range(_MOST_PAGES):
            given = {"limit": str(_PAGE), "cursor": cursor, **filters}
            parameters = {name: value for name, value in given.items() if value}
            page = self.ask("GET", base, path, params=parameters)
            yield from page[key]
            cursor = page["next"]
            if not cursor:
                return
