"""The two statements that every order goes through, as SQL.

For a statement this small, building it anew each time would cost more than the database does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connections, router

from orders.models import Order

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

_TABLE = Order._meta.db_table
_DECIDE = f"UPDATE {_TABLE} SET status = %s, decided_at = %s WHERE id = %s AND status = %s"  # noqa: S608 (a name of our own)
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
    with connection.cursor() as cursor:
        cursor.execute(_DECIDE, parameters)
        return bool(cursor.rowcount)


def status_of(order_id: uuid.UUID) -> str:
    """Read the status of an order that is known to be there."""
    connection = connections[router.db_for_write(Order)]
    with connection.cursor() as cursor:
        cursor.execute(_STATUS, [Order._meta.pk.get_db_prep_value(order_id, connection)])
        status: str = cursor.fetchone()[0]
        return status
