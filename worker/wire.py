"""Wire shapes: JSON in, checked by hand with one clear sentence for each mistake; camelCase out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from base.timestamps import timestamp
from boundary import request_id as request_ids
from service.errors import BadRequestError
from service.parsing import parse_object, parse_uuid

if TYPE_CHECKING:
    import uuid

    from worker.models import Reservation, Sku

_DEFAULT_SKU = "apple"
_MAX_QUANTITY = 1_000_000
_MAX_TEXT = 128


@dataclass(frozen=True, slots=True)
class Job:
    """Reserve stock for an order."""

    order_id: uuid.UUID
    request_id: str
    sku: str
    quantity: int


def parse_job(body: bytes) -> Job:
    """Read the body of ``POST /jobs/reserve-stock``; item and quantity may be left out.

    :raises BadRequestError: it is not what the contract allows.
    """
    data = parse_object(body)
    order_id = parse_uuid(data.get("orderId"))
    if order_id is None:
        raise BadRequestError("orderId must be a UUID", field="orderId")
    request_id = data.get("requestId")
    if not isinstance(request_id, str) or not 0 < len(request_id) <= _MAX_TEXT:
        raise BadRequestError("requestId must be a string", field="requestId")
    sku = data.get("sku", _DEFAULT_SKU)
    if not isinstance(sku, str) or not 0 < len(sku) <= _MAX_TEXT:
        raise BadRequestError("sku must be a string", field="sku")
    quantity = data.get("quantity", 1)
    if isinstance(quantity, bool) or not isinstance(quantity, int):
        raise BadRequestError("quantity must be a whole number", field="quantity")
    if not 1 <= quantity <= _MAX_QUANTITY:
        raise BadRequestError(f"quantity must be from 1 to {_MAX_QUANTITY}", field="quantity")
    # One that is not well formed could not be sent on in a header.
    request_id = request_ids.choose(request_id)
    return Job(order_id=order_id, request_id=request_id, sku=sku, quantity=quantity)


def described(reservation: Reservation) -> dict[str, Any]:
    """One reservation on the wire."""
    return {
        "orderId": str(reservation.order_id),
        "sku": reservation.sku,
        "quantity": reservation.quantity,
        "status": reservation.status,
        "createdAt": timestamp(reservation.created_at),
        "requestId": reservation.request_id,
        "delivery": reservation.delivery,
    }


def stock_of(sku: Sku, *, reserved: int) -> dict[str, Any]:
    """One item's stock on the wire; ``reserved`` is the sum over its reservations."""
    return {
        "sku": sku.sku,
        "initial": sku.initial,
        "available": sku.available,
        "reserved": reserved,
    }
