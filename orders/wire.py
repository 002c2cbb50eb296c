"""Wire shapes: JSON in, checked by hand with one clear sentence for each mistake; camelCase out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import orjson

from orders import catalogue

if TYPE_CHECKING:
    from orders.models import Order

EventType = Literal["OrderStockReserved", "OrderStockRejected"]
EVENT_TYPES: tuple[EventType, ...] = ("OrderStockReserved", "OrderStockRejected")


class BadRequestError(ValueError):
    """A body that the contract does not allow; the text says what is wrong with which field."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """What a client wants."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """What the worker tells."""

    type: EventType
    order_id: uuid.UUID
    request_id: str | None


def parse_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object; an empty body is an empty one.

    :raises BadRequestError: it is not JSON, or not an object.
    """
    if not body:
        return {}
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequestError(f"the body is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise BadRequestError("the body must be a JSON object")
    return data


def parse_order(body: bytes) -> OrderRequest:
    """Read the body of ``POST /orders``.

    :raises BadRequestError: see its text.
    """
    data = parse_object(body)
    unknown = sorted(data.keys() - {"sku", "quantity"})
    if unknown:
        raise BadRequestError(f"unknown field {unknown[0]!r}", field=unknown[0])
    sku = data.get("sku", catalogue.DEFAULT_SKU)
    if not isinstance(sku, str):
        raise BadRequestError("sku must be a text", field="sku")
    if sku not in catalogue.SKUS:
        raise BadRequestError(
            f"unknown sku {sku[:64]!r}: there is {', '.join(catalogue.SKUS)}", field="sku"
        )
    quantity = data.get("quantity", catalogue.DEFAULT_QUANTITY)
    if isinstance(quantity, bool) or not isinstance(quantity, int):
        raise BadRequestError("quantity must be a whole number", field="quantity")
    if not 1 <= quantity <= catalogue.MAX_QUANTITY:
        raise BadRequestError(
            f"quantity must be from 1 to {catalogue.MAX_QUANTITY}", field="quantity"
        )
    return OrderRequest(sku=sku, quantity=quantity)


def parse_event(body: bytes) -> OrderEvent:
    """Read the body of ``POST /internal/order-events``.

    :raises BadRequestError: see its text.
    """
    data = parse_object(body)
    kind = data.get("type")
    if kind not in EVENT_TYPES:
        raise BadRequestError(f"type must be one of {', '.join(EVENT_TYPES)}", field="type")
    request_id = data.get("requestId")
    if request_id is not None and not isinstance(request_id, str):
        raise BadRequestError("requestId must be a text", field="requestId")
    order_id = parse_uuid(data.get("orderId"))
    if order_id is None:
        raise BadRequestError("orderId must be a UUID", field="orderId")
    return OrderEvent(type=kind, order_id=order_id, request_id=request_id)


def parse_uuid(value: object) -> uuid.UUID | None:
    """Read a UUID as the API writes it; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def placed(order: Order) -> dict[str, Any]:
    """Answer to ``POST /orders``."""
    return {"orderId": str(order.id), "status": order.status, "requestId": order.request_id}


def answer_of(order: Order) -> tuple[int, dict[str, Any]]:
    """Status and body of the answer to ``POST /orders``, by how the order stands."""
    if order.status != "CANCELLED":
        return 201, placed(order)
    stock = (
        "the worker may have reserved the stock, which then stays reserved until reconciliation"
        " releases it"
        if order.release_due
        else "the worker did not receive the job and has reserved nothing"
    )
    return 503, {
        "error": f"the order was not confirmed in time and is cancelled; {stock}",
        **placed(order),
        "stock": "unknown" if order.release_due else "not reserved",
    }


def described(order: Order) -> dict[str, Any]:
    """Answer to ``GET /orders/{orderId}``."""
    return {
        "orderId": str(order.id),
        "status": order.status,
        "createdAt": order.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestId": order.request_id,
        "sku": order.sku,
        "quantity": order.quantity,
    }
