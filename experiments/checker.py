"""The checker, in Jepsen's sense: the clients' history against what both services hold in the end.

Pure: it is given the history and the final state, and gives a verdict.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from experiments.history import Operation

_MOST_SHOWN = 50

ANOMALIES = {
    "lost": "acknowledged to its client, and not known to the API",
    "stuck": "PENDING in the end",
    "reserved_twice": "reserved more than once",
    "reserved_without_order": "reserved, and not known to the API",
    "confirmed_without_reservation": "CONFIRMED, and never reserved",
    "rejected_though_reserved": "REJECTED, and reserved",
    "reserved_for_cancelled": "CANCELLED, and reserved: the stock is held for nobody",
    "cancelled_though_acknowledged": "acknowledged to its client, and CANCELLED",
    "placed_twice": "placed once by its client, and known to the API as several orders",
}
"""What can be wrong with an order, in words."""


@dataclass
class Verdict:
    """What was found; ``anomalies`` maps each kind to the orders that it befell."""

    operations: int
    outcomes: dict[str, int]
    orders: int
    reservations: int
    anomalies: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    stock: list[dict[str, Any]] = field(default_factory=list)
    """Articles whose stock and reservations do not add up to what there was at first."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.stock and not any(self.anomalies.values())

    def as_json(self) -> dict[str, Any]:
        """Describe it: counts, and the first offenders of each kind."""
        return {
            "ok": self.ok,
            "operations": self.operations,
            "outcomes": self.outcomes,
            "orders": self.orders,
            "reservations": self.reservations,
            "anomalies": {
                kind: {"count": len(found), "means": ANOMALIES[kind], "first": found[:_MOST_SHOWN]}
                for kind, found in self.anomalies.items()
            },
            "stockNotConserved": self.stock,
        }


def check(
    operations: Sequence[Operation],
    *,
    orders: Iterable[Mapping[str, Any]],
    reservations: Iterable[Mapping[str, Any]],
    stock: Iterable[Mapping[str, Any]],
) -> Verdict:
    """Judge a run. Orders and reservations of other requests than the history's are left out.

    An operation of outcome ``info`` may have been done or not: both are right, as long as what was
    done was done whole. A CANCELLED order was not acknowledged: it is right when nothing is
    reserved for it.
    """
    ours = {operation.request_id for operation in operations}
    held: dict[str, Mapping[str, Any]] = {
        str(o["orderId"]): o for o in orders if o["requestId"] in ours
    }
    done = [r for r in reservations if r["requestId"] in ours]
    reserved: dict[str, int] = defaultdict(int)
    for reservation in done:
        reserved[str(reservation["orderId"])] += reservation["status"] == "RESERVED"
    outcomes = [operation.outcome for operation in operations]
    verdict = Verdict(
        operations=len(operations),
        outcomes={each: outcomes.count(each) for each in ("ok", "fail", "info")},
        orders=len(held),
        reservations=len(done),
        anomalies={kind: [] for kind in ANOMALIES},
    )
    found = verdict.anomalies
    for operation in operations:
        if operation.outcome != "ok":
            continue
        order = held.get(operation.order_id or "")
        if order is None or order["status"] == "CANCELLED":
            kind = "lost" if order is None else "cancelled_though_acknowledged"
            found[kind].append(_named(operation.order_id or "", operation.request_id))
    found["placed_twice"] = _placed_twice(held)
    for order_id, order in held.items():
        for kind in _wrong_with(order["status"], reserved[order_id]):
            found[kind].append(_named(order_id, order["requestId"]))
    for reservation in done:
        if str(reservation["orderId"]) not in held and reservation["status"] == "RESERVED":
            found["reserved_without_order"].append(
                _named(str(reservation["orderId"]), reservation["requestId"])
            )
    verdict.stock = [
        dict(article)
        for article in stock
        if article["available"] + article["reserved"] != article["initial"]
        or article["available"] < 0
    ]
    return verdict


def _placed_twice(held: Mapping[str, Mapping[str, Any]]) -> list[dict[str, str]]:
    """All but the first of the orders that one request has become."""
    by_request: dict[str, list[str]] = defaultdict(list)
    for order_id, order in held.items():
        by_request[str(order["requestId"])].append(order_id)
    return [_named(each, request) for request, ids in by_request.items() for each in ids[1:]]


def _wrong_with(status: str, reserved: int) -> list[str]:
    return [
        kind
        for kind, wrong in {
            "stuck": status == "PENDING",
            "reserved_twice": reserved > 1,
            "confirmed_without_reservation": status == "CONFIRMED" and not reserved,
            "rejected_though_reserved": status == "REJECTED" and reserved > 0,
            "reserved_for_cancelled": status == "CANCELLED" and reserved > 0,
        }.items()
        if wrong
    ]


def _named(order_id: str, request_id: str) -> dict[str, str]:
    return {"orderId": order_id, "requestId": request_id}
