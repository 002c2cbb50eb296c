"""The checker, in Jepsen's sense: the clients' history against what both services hold in the end.

Pure: it is given the history and the final state, and gives a verdict.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from base.message import Message
from experiments.texts import english

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from experiments.checker.history import Operation

_MOST_SHOWN = 50
_DECIDED = ("CONFIRMED", "REJECTED")

ANOMALIES = (
    "lost",
    "stuck",
    "reserved_twice",
    "reserved_without_order",
    "confirmed_without_reservation",
    "rejected_though_reserved",
    "reserved_for_cancelled",
    "cancelled_though_acknowledged",
    "placed_twice",
    "taken_though_failed",
    "otherwise_than_told",
)
"""What can be wrong with an order; the texts are those of ``anomaly.<kind>``."""


@dataclass
class Verdict:
    """What was found; ``anomalies`` maps each kind to the orders that it affects."""

    operations: int
    outcomes: dict[str, int]
    orders: int
    reservations: int
    anomalies: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    stock: list[dict[str, Any]] = field(default_factory=list)
    """Items whose stock and reservations do not add up to what there was at first."""
    telemetry_acknowledged: int = 0
    telemetry_lost: list[str] = field(default_factory=list)
    """Traces that were acknowledged to a sender, and of which something is not stored."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.stock or self.telemetry_lost or any(self.anomalies.values()))

    def as_json(self) -> dict[str, Any]:
        """Describe it: counts, and the first offenders of each kind."""
        return {
            "ok": self.ok,
            "operations": self.operations,
            "outcomes": self.outcomes,
            "orders": self.orders,
            "reservations": self.reservations,
            "anomalies": {
                kind: {"count": len(found), "means": _means(kind), "first": found[:_MOST_SHOWN]}
                for kind, found in self.anomalies.items()
            },
            "stockNotConserved": self.stock,
            "telemetry": {
                "acknowledged": self.telemetry_acknowledged,
                "lost": len(self.telemetry_lost),
                "first": self.telemetry_lost[:_MOST_SHOWN],
            },
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
    done was done whole. One of outcome ``fail`` was not done, by the client's word: any order of
    its request that is not CANCELLED is wrong. A CANCELLED order was not acknowledged: it is right
    when nothing is reserved for it. What is decided stays so: an order whose client was told
    CONFIRMED or REJECTED is so in the end.
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
        if operation.outcome == "ok":
            for kind in _wrong_with_acknowledged(operation, held.get(operation.order_id or "")):
                found[kind].append(_named(operation.order_id or "", operation.request_id))
    found["taken_though_failed"] = _taken_though_failed(operations, held)
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
        dict(item)
        for item in stock
        if item["available"] + item["reserved"] != item["initial"] or item["available"] < 0
    ]
    return verdict


def _means(kind: str) -> str:
    return english(Message(f"anomaly.{kind}"))


def _wrong_with_acknowledged(
    operation: Operation, order: Mapping[str, Any] | None
) -> tuple[str, ...]:
    if order is None:
        return ("lost",)
    if order["status"] == "CANCELLED":
        return ("cancelled_though_acknowledged",)
    told_for_good = operation.status in _DECIDED
    return ("otherwise_than_told",) if told_for_good and operation.status != order["status"] else ()


def _taken_though_failed(
    operations: Sequence[Operation], held: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, str]]:
    """Orders of requests of which their clients know for certain that they were not taken."""
    failed = {operation.request_id for operation in operations if operation.outcome == "fail"}
    return [
        _named(order_id, order["requestId"])
        for order_id, order in held.items()
        if order["requestId"] in failed and order["status"] != "CANCELLED"
    ]


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
