"""A client of a running lab's HTTP APIs, for every room."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from base.client import LabClient
from base.errors import LabError, LabFailure
from base.message import from_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from base.message import Message

DEFAULT_URLS = {
    "observer_url": "http://127.0.0.1:8000",
    "client_url": "http://127.0.0.1:4300",
    "api_url": "http://127.0.0.1:4000",
    "worker_url": "http://127.0.0.1:4001",
}
"""The default URLs of a lab's processes."""

_TIMEOUT_SECONDS = 30.0
_PAGE = 500
_MOST_PAGES = 1_000
_TRACES_A_PAGE = 200
_MOST_LOGS = 1_000


class Lab:
    """One running lab; ``configuration`` may name its URLs by the keys of `DEFAULT_URLS`.

    ``client`` is the API as clients reach it, across the link; the others are out of band, and make
    no spans. Every method may raise `LabError`.
    """

    def __init__(
        self,
        configuration: Mapping[str, Any] | None = None,
        *,
        timeout_seconds: float = _TIMEOUT_SECONDS,
    ) -> None:
        urls = {**DEFAULT_URLS, **{k: v for k, v in (configuration or {}).items() if v}}
        self.observer = LabClient(urls["observer_url"], timeout_seconds=timeout_seconds)
        self.client = LabClient(urls["client_url"], timeout_seconds=timeout_seconds)
        self.api = LabClient(urls["api_url"], timeout_seconds=timeout_seconds, traced=False)
        self.worker = LabClient(urls["worker_url"], timeout_seconds=timeout_seconds, traced=False)

    def order(self, order_id: str) -> dict[str, Any] | None:
        """The API's state of an order; None for an unknown order."""
        found: dict[str, Any] | None = self.api.call("GET", f"/orders/{order_id}", missing_ok=True)
        return found

    def orders(
        self, *, status: str = "", since: datetime | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield the orders that the API has, newest first; of one ``status``, ``since`` a time."""
        for order in _pages(self.api, "/orders", "orders", status=status):
            if since is not None and datetime.fromisoformat(order["createdAt"]) < since:
                return
            yield order

    def newest_orders(self, limit: int) -> list[dict[str, Any]]:
        """List the newest orders, as the API holds them."""
        return _listed(self.api, "/orders", "orders", limit=str(limit))

    def reservation(self, order_id: str) -> dict[str, Any] | None:
        """The worker's reservation for an order; None for none."""
        found: dict[str, Any] | None = self.worker.call(
            "GET", f"/reservations/{order_id}", missing_ok=True
        )
        return found

    def reservations(self) -> Iterator[dict[str, Any]]:
        """Yield all reservations of the worker, oldest first."""
        yield from _pages(self.worker, "/reservations", "reservations")

    def reservations_after(self, cursor: str) -> tuple[list[dict[str, Any]], str]:
        """Return the reservations after ``cursor``, and the cursor for the next call.

        The results of consecutive calls overlap.
        """
        rows: list[dict[str, Any]] = []
        for _ in range(_MOST_PAGES):
            params = {"limit": str(_PAGE), **({"cursor": cursor} if cursor else {})}
            page = self.worker.call("GET", "/reservations", params=params)
            rows += page["reservations"]
            if not page["next"]:
                break
            cursor = page["next"]
        return rows, cursor

    def stock(self) -> list[dict[str, Any]]:
        """The worker's stock."""
        return _listed(self.worker, "/stock", "stock")

    def logs(self, **filters: str) -> list[dict[str, Any]]:
        """List log records that have reached the observer, by the filters of ``/api/logs``."""
        return _listed(self.observer, "/api/logs", "logs", **{"limit": str(_MOST_LOGS), **filters})

    def traces(self, **filters: str) -> list[dict[str, Any]]:
        """List traces, newest first, by the filters of ``/api/traces``."""
        return _listed(self.observer, "/api/traces", "traces", **filters)

    def traces_since(self, moment: str) -> Iterator[dict[str, Any]]:
        """Yield the traces that began at ``moment`` or later, newest first."""
        most = str(_TRACES_A_PAGE)
        yield from _pages(self.observer, "/api/traces", "traces", since=moment, limit=most)

    def spans(self, trace_id: str) -> list[dict[str, Any]]:
        """List the spans of a trace."""
        return _listed(self.observer, f"/api/traces/{trace_id}", "spans")

    def evidence(
        self, trace_id: str, *, perspective: str = "all", language: str = "en"
    ) -> dict[str, Any] | None:
        """What the records of a trace prove, with sentences in ``language``; None for no trace."""
        found: dict[str, Any] | None = self.observer.call(
            "GET",
            f"/api/traces/{trace_id}/evidence",
            params={"perspective": perspective},
            headers={"Accept-Language": language},
            missing_ok=True,
        )
        return found

    def faults(self) -> list[dict[str, Any]]:
        """List the faults in force, hidden ones included."""
        return _listed(self.observer, "/api/faults", "faults", hidden="1")

    def links(self) -> list[str]:
        """Name the links of the system that it runs."""
        return [str(each["name"]) for each in _listed(self.observer, "/api/links", "links")]

    def firewall_problem(self) -> Message | None:
        """Why the lab may not set faults of the operating system's firewall; None when it may."""
        listed: dict[str, Any] = self.observer.call("GET", "/api/faults")
        problem = listed["unavailableMessages"].get("firewall")
        return None if problem is None else from_json(problem)

    def set_fault(self, fault: Mapping[str, Any]) -> dict[str, Any]:
        """Set a fault and return it with its ``id``."""
        made: dict[str, Any] = self.observer.call("POST", "/api/faults", body=dict(fault))
        return made

    def heal(self, fault_id: str) -> None:
        """Heal one fault; it may be over already."""
        self.observer.call("DELETE", f"/api/faults/{fault_id}", missing_ok=True)

    def heal_all(self) -> None:
        """Heal every fault."""
        self.observer.call("DELETE", "/api/faults")

    def defences(self) -> dict[str, bool]:
        """Map the name of every defence to whether it is on."""
        listed = _listed(self.observer, "/api/defences", "defences")
        return {each["name"]: bool(each["on"]) for each in listed}

    def switch_defences(self, states: Mapping[str, Any]) -> dict[str, Any]:
        """Switch defences, ``mode`` among them; return the states."""
        found: dict[str, Any] = self.observer.call("PATCH", "/api/defences", body=dict(states))
        return found

    def send_action(self, name: str, count: int = 1) -> list[dict[str, Any]]:
        """Send an action of the system ``count`` times at once; return what came of each."""
        path = f"/api/actions/{quote(name, safe='')}"
        answer: dict[str, Any] = self.observer.call("POST", path, body={"count": count})
        sent: list[dict[str, Any]] = answer["sent"]
        return sent

    def trace_logs(self, trace_id: str) -> list[dict[str, Any]]:
        """List the log records of a trace, those included that were joined to it by an id."""
        return _listed(self.observer, f"/api/traces/{trace_id}", "logs")

    def runs(self) -> list[dict[str, Any]]:
        """List the runs of experiments, newest first."""
        return _listed(self.observer, "/api/runs", "runs")


def _listed(client: LabClient, path: str, key: str, **params: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _page(client, path, key, params)[key]
    return rows


def _pages(client: LabClient, path: str, key: str, **filters: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    for _ in range(_MOST_PAGES):
        given = {"limit": str(_PAGE), "cursor": cursor, **filters}
        page = _page(client, path, key, {k: v for k, v in given.items() if v})
        yield from page[key]
        cursor = page["next"]
        if not cursor:
            return


def _page(client: LabClient, path: str, key: str, params: Mapping[str, str]) -> dict[str, Any]:
    page = client.call("GET", path, params=params)
    if not isinstance(page, dict) or not isinstance(page.get(key), list):
        raise LabError(
            LabFailure.BAD_ANSWER,
            url=f"{client.base_url}{path}",
            detail=f"the answer has no {key}: this is no lab, or one of another version",
        )
    return page
