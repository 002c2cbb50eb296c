"""The orders or requests of a run: what each client learned, and what the services hold of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One order, or one request of an action."""

    name: str
    placed: str
    waited: str
    shape: str
    answer: str
    status: str
    reservations: str


@dataclass(frozen=True, slots=True)
class Orders:
    """The first orders of a run, how many there are, and how many are left out.

    ``of_actions``: they are requests of actions, of which no service holds a status.
    """

    rows: list[Row]
    count: int
    more: int
    of_actions: bool = False


def shape_of(operation: Mapping[str, Any], status: str) -> str:
    """Name the shape of an order: by what its client learned, and what the API holds in the end."""
    if operation["outcome"] != "ok":
        return str(operation["outcome"])
    return "pending" if status == "PENDING" else "decided"


def orders(history: Sequence[Mapping[str, Any]], final: Mapping[str, Mapping[str, Any]]) -> Orders:
    """List a run's orders; ``final`` maps requestIds to what both services hold."""
    rows = [_row(each, final.get(each["request_id"], {})) for each in history[:_MOST_ROWS]]
    of_actions = bool(history) and all(each.get("trace_id") for each in history)
    return Orders(rows, len(history), len(history) - _MOST_ROWS, of_actions)


def _row(operation: Mapping[str, Any], held: Mapping[str, Any]) -> Row:
    name = str(operation.get("trace_id") or operation.get("order_id") or operation["request_id"])
    return Row(
        name=" ".join(filter(None, (operation.get("action"), name[:8]))),
        placed=f"{operation['started_ms'] / 1_000:.2f} s",
        waited=f"{operation['ended_ms'] - operation['started_ms']:.0f} ms",
        shape=shape_of(operation, str(held.get("status", ""))),
        answer=str(operation.get("http_status") or operation.get("error") or "–"),
        status=str(held.get("status") or "–"),
        reservations=str(held.get("reservations", "–")),
    )
