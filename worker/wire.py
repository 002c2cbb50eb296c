"""Wire shapes: JSON in, checked by hand with one clear sentence for each mistake; camelCase out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from worker.models import Reservation, Sku

_DEFAULT_SKU = "apple"
_MAX_QUANTITY = 1_000_000
_MAX_TEXT = 128


class BadRequestError(ValueError):
    """A body that the contract does not allow; the text says what is wrong with which field."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Job:
    """Reserve stock for an order."""

    order_id: uuid.UUID
    request_id: str
    sku: str
    quantity: int


def parse_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object.

    :raises BadRequestError: it is not JSON, or not an object.
    """
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequestError(f"the body is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise BadRequestError("the body must be a JSON object")
    return data


def parse_job(body: bytes) -> Job:
    """Read the body of ``POST /jobs/reserve-stock``; article and quantity may be left out.

    :raises BadRequestError: see its text.
    """
    data = parse_object(body)
    order_id = parse_uuid(data.get("orderId"))
    if order_id is None:
        raise BadRequestError("orderId must be a UUID", field="orderId")
    request_id = data.get("requestId")
    if not isinstance(request_id, str) or not 0 < len(request_id) <= _MAX_TEXT:
        raise BadRequestError("requestId must be a text", field="requestId")
    sku = data.get("sku", _DEFAULT_SKU)
    if not isinstance(sku, str) or not 0 < len(sku) <= _MAX_TEXT:
        raise BadRequestError("sku must be a text", field="sku")
    quantity = data.get("quantity", 1)
    if isinstance(quantity, bool) or not isinstance(quantity, int):
        raise BadRequestError("quantity must be a whole number", field="quantity")
    if not 1 <= quantity <= _MAX_QUANTITY:
        raise BadRequestError(f"quantity must be from 1 to {_MAX_QUANTITY}", field="quantity")
    return Job(order_id=order_id, request_id=request_id, sku=sku, quantity=quantity)


def parse_uuid(value: object) -> uuid.UUID | None:
    """Read a UUID; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def described(reservation: Reservation) -> dict[str, Any]:
    """One reservation on the wire."""
    return {
        "orderId": str(reservation.order_id),
        "sku": reservation.sku,
        "quantity": reservation.quantity,
        "status": reservation.status,
        "createdAt": reservation.created_at.isoformat(timespec="milliseconds").replace(
            "+00:00", "Z"
        ),
        "requestId": reservation.request_id,
        "delivery": reservation.delivery,
    }


def stock_of(sku: Sku, *, reserved: int) -> dict[str, Any]:
    """One article's stock on the wire; ``reserved`` is the sum over its reservations."""
    return {
        "sku": sku.sku,
        "initial": sku.initial,
        "available": sku.available,
        "reserved": reserved,
    }
