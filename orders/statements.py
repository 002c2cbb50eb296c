"""The statements that every order goes through, and the one that removes all of them, as SQL.

For a statement this small, building it anew each time would cost more than the database does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connections, router, transaction

from orders.models import IdempotencyKey, Order, OutboxEntry
from service.changes import CHANGES
from service.rows import Rows, run

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

ORDERS = Rows(Order)

_TABLE = Order._meta.db_table
_DECIDE = f"UPDATE {_TABLE} SET status = %s, decided_at = %s WHERE id = %s AND status = %s"  # noqa: S608 (a name of our own)
_REMOVE_ALL = f"DELETE FROM {_TABLE} RETURNING id"  # noqa: S608 (a name of our own)
_STATUS = f"SELECT status FROM {_TABLE} WHERE id = %s"  # noqa: S608 (a name of our own)


def decide(order_id: uuid.UUID, status: str, *, at: datetime) -> bool:
    """Give a PENDING order its status; False when there is none, or it was decided before."""
    connection = connections[router.db_for_write(Order)]
    parameters = [
        status,
        connection.ops.adapt_datetimefield_value(at),
        Order._meta.pk.get_db_prep_value(order_id, connection),
        Order.Status.PENDING.value,
    ]
    decided, _ = run(Order, _DECIDE, parameters)
    if decided:
        CHANGES.note(order_id)
    return bool(decided)


def status_of(order_id: uuid.UUID) -> str | None:
    """Read the status of an order; None when all orders have been removed meanwhile."""
    connection = connections[router.db_for_write(Order)]
    _, rows = run(Order, _STATUS, [Order._meta.pk.get_db_prep_value(order_id, connection)])
    return str(rows[0][0]) if rows else None


def remove_all() -> list[uuid.UUID]:
    """Remove all orders with what belongs to them, or none; return which there were."""
    alias = router.db_for_write(Order)
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        for model in (OutboxEntry, IdempotencyKey):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608 (a name of our own)
        cursor.execute(_REMOVE_ALL)
        return [Order._meta.pk.to_python(order_id) for (order_id,) in cursor.fetchall()]
