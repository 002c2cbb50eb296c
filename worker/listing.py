"""What the worker did, a page at a time, and what lies in stock: for the page and the checker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Sum

from service.parsing import query_ids, query_number
from worker.models import Reservation, Sku
from worker.wire import described, stock_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

_DEFAULT_LIMIT = 100
_MAX_LIMIT = 1_000
_MAX_IDS = 500
_HIGHEST = 2**62


def of_order(order_id: uuid.UUID) -> dict[str, Any] | None:
    """Describe what was done for an order first, and how often something was; None for nothing."""
    rows = list(Reservation.objects.filter(order_id=order_id).order_by("delivery"))
    if not rows:
        return None
    return {**described(rows[0]), "count": sum(_counts(row) for row in rows)}


def list_reservations(query: Mapping[str, str]) -> dict[str, Any]:
    """Answer to ``GET /reservations?limit=&cursor=``, oldest first; ``next`` is None at the end.

    With ``orderIds``, up to 500 ids with commas between, it is what was done for these orders
    first, and how often (``count``).

    :raises BadRequestError: a parameter is not what it should be.
    """
    ids = query_ids(query, "orderIds", most=_MAX_IDS)
    if ids:
        return {"reservations": _of_orders(ids), "next": None}
    limit = query_number(query, "limit", default=_DEFAULT_LIMIT, lowest=1, highest=_MAX_LIMIT)
    after = query_number(query, "cursor", default=0, lowest=0, highest=_HIGHEST)
    found = list(Reservation.objects.filter(id__gt=after).order_by("id")[: limit + 1])
    page = found[:limit]
    return {
        "reservations": [described(row) for row in page],
        "next": str(page[-1].pk) if len(found) > limit else None,
    }


def _of_orders(ids: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for row in Reservation.objects.filter(order_id__in=ids).order_by("delivery"):
        first = found.setdefault(row.order_id, {**described(row), "count": 0})
        first["count"] += _counts(row)
    return list(found.values())


def _counts(row: Reservation) -> bool:
    """Whether a row is something that was done, and not the mark of a cancelled order."""
    return row.quantity > 0


def stock() -> dict[str, Any]:
    """Answer to ``GET /stock``."""
    reserved: dict[str, int] = dict(
        Reservation.objects.filter(status=Reservation.Status.RESERVED)
        .values("sku")
        .annotate(total=Sum("quantity"))
        .values_list("sku", "total")
    )
    return {
        "stock": [
            stock_of(sku, reserved=reserved.get(sku.sku, 0)) for sku in Sku.objects.order_by("sku")
        ]
    }
