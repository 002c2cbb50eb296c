"""Orders, newest first, a page at a time: for the page and for the checker."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from orders.models import Order
from orders.wire import BadRequestError, described, parse_uuid

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

_DEFAULT_LIMIT = 50
_MAX_LIMIT = 500


def list_orders(query: Mapping[str, str]) -> dict[str, Any]:
    """Answer to ``GET /orders?limit=&status=&cursor=``; ``next`` is None on the last page.

    :raises BadRequestError: a parameter is not what it should be.
    """
    orders = Order.objects.order_by("-created_at", "-id")
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
    limit = _read_limit(query.get("limit"))
    # One more than asked for tells whether there is another page.
    found = list(orders[: limit + 1])
    page = found[:limit]
    return {
        "orders": [described(order) for order in page],
        "next": _cursor(page[-1]) if len(found) > limit else None,
    }


def _read_limit(text: str | None) -> int:
    if text is None:
        return _DEFAULT_LIMIT
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= _MAX_LIMIT:
        raise BadRequestError(f"limit must be from 1 to {_MAX_LIMIT}", field="limit")
    return int(text)


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
