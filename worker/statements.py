"""The statements that every job goes through, as SQL.

For a statement this small, building it anew each time would cost more than the database does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connections, router, transaction
from django.db.models import F, Sum

from service.rows import Rows, run
from worker.models import CallbackEntry, Reservation, Sku

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

RESERVATIONS = Rows(Reservation)

_TAKE = (
    f"UPDATE {Sku._meta.db_table} SET available = available - %s"  # noqa: S608 (a name of our own)
    " WHERE sku = %s AND available >= %s"
)
_RESTOCK = f"UPDATE {Sku._meta.db_table} SET available = initial"  # noqa: S608 (a name of our own)
_ROWS = Reservation._meta.db_table
_LAST = f"SELECT MAX(delivery), MIN(quantity) FROM {_ROWS} WHERE order_id = %s"  # noqa: S608 (a name of our own)


def take(sku: str, quantity: int) -> bool:
    """Set stock aside; False when there is not enough of it.

    Of two that want the last piece, the one whose UPDATE comes first gets it.
    """
    taken, _ = run(Sku, _TAKE, [quantity, sku, quantity])
    return bool(taken)


def restock() -> int:
    """Put all stock back and remove all reservations, or nothing; return how many there were."""
    alias = router.db_for_write(Sku)
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        # Stock first, as a job takes it: then no job is between the two.
        cursor.execute(_RESTOCK)
        for model in (CallbackEntry, Reservation):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608 (a name of our own)
        return int(cursor.rowcount)


def restock_of(order_ids: Sequence[uuid.UUID]) -> int:
    """Put back the stock of some orders, remove their reservations, and return their number."""
    with transaction.atomic(using=router.db_for_write(Sku)):
        # Stock first, as a job takes it: then no job is between the two.
        Sku.objects.update(available=F("available"))
        rows = Reservation.objects.filter(order_id__in=order_ids)
        held = rows.filter(status=Reservation.Status.RESERVED)
        for sku, quantity in held.values_list("sku").annotate(Sum("quantity")):
            Sku.objects.filter(sku=sku).update(available=F("available") + quantity)
        CallbackEntry.objects.filter(reservation__in=rows).delete()
        return rows.delete()[0]


def deliveries_of(order_id: uuid.UUID) -> tuple[int, bool]:
    """The number of an order's last delivery, 0 for none, and whether the order was cancelled."""
    connection = connections[router.db_for_write(Reservation)]
    field = Reservation._meta.get_field("order_id")
    _, ((last, smallest),) = run(
        Reservation, _LAST, [field.get_db_prep_value(order_id, connection)]
    )
    return int(last or 0), smallest == 0
