"""Orders, newest first, a page at a time: for the page and for the checker."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from orders.models import Order
from orders.wire import described
from service.errors import BadRequestError
from service.parsing import parse_uuid, query_ids, query_number

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

_DEFAULT_LIMIT = 50
_MAX_LIMIT = 500


def list_orders(query: Mapping[str, str]) -> dict[str, Any]:
    """Answer to ``GET /orders?limit=&status=&cursor=``; ``next`` is None on the last page.

    With ``orderIds``, up to 500 ids with commas between, it is these orders, where they are known.

    :raises BadRequestError: a parameter is not what it should be.
    """
    orders = Order.objects.order_by("-created_at", "-id")
    ids = query_ids(query, "orderIds", most=_MAX_LIMIT)
    if ids:
        found = orders.filter(id__in=ids)
        return {"orders": [described(order) for order in found], "next": None}
    status = query.get("status")
    if status is not None:
        if status not in Order.Status.values:
            raise BadRequestError(
                f"status must be one of {', '.join(Order.Status.values)}", field="status"
            )
        orders = orders.filter(status=status)
    cursor = query.get("cursor")
    if cursor:
        created_at, order_id = _read_cursor(cursor)
        orders = orders.filter(
            Q(created_at__lt=created_at) | Q(created_at=created_at, id__lt=order_id)
        )
    limit = query_number(query, "limit", default=_DEFAULT_LIMIT, lowest=1, highest=_MAX_LIMIT)
    # One more than the limit shows whether there is another page.
    rows = list(orders[: limit + 1])
    page = rows[:limit]
    return {
        "orders": [described(order) for order in page],
        "next": _cursor(page[-1]) if len(rows) > limit else None,
    }


def _cursor(order: Order) -> str:
    text = f"{order.created_at.isoformat()} {order.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, uuid.UUID]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, _, order_id = text.partition(" ")
        parsed = parse_uuid(order_id)
        if parsed is None:
            raise BadRequestError("cursor is not one of this list's", field="cursor")
        return datetime.fromisoformat(moment), parsed
    except (ValueError, binascii.Error):
        raise BadRequestError("cursor is not one of this list's", field="cursor") from None
