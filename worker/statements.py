"""The statements that every job goes through, as SQL.

For a statement this small, building it anew each time would cost more than the database does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connections, router

from worker.models import Reservation, Sku

if TYPE_CHECKING:
    import uuid

_TAKE = (
    f"UPDATE {Sku._meta.db_table} SET available = available - %s"  # noqa: S608 (a name of our own)
    " WHERE sku = %s AND available >= %s"
)
_ROWS = Reservation._meta.db_table
_LAST = f"SELECT MAX(delivery), MIN(quantity) FROM {_ROWS} WHERE order_id = %s"  # noqa: S608 (a name of our own)


def take(sku: str, quantity: int) -> bool:
    """Set stock aside; False when there is not enough of it.

    Of two that want the last piece, the one whose UPDATE comes first gets it.
    """
    with connections[router.db_for_write(Sku)].cursor() as cursor:
        cursor.execute(_TAKE, [quantity, sku, quantity])
        return bool(cursor.rowcount)


def deliveries_of(order_id: uuid.UUID) -> tuple[int, bool]:
    """The number of an order's last delivery, 0 for none, and whether the order was cancelled."""
    connection = connections[router.db_for_write(Reservation)]
    field = Reservation._meta.get_field("order_id")
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [field.get_db_prep_value(order_id, connection)])
        last, smallest = cursor.fetchone()
        return int(last or 0), smallest == 0
