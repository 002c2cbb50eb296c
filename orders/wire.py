"""Wire shapes: JSON in, checked by hand with one clear sentence for each mistake; camelCase out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from base.timestamps import timestamp
from orders import catalogue
from service.errors import BadRequestError
from service.parsing import parse_object, parse_uuid

if TYPE_CHECKING:
    import uuid

    from orders.models import Order

EventType = Literal["OrderStockReserved", "OrderStockRejected"]
EVENT_TYPES: tuple[EventType, ...] = ("OrderStockReserved", "OrderStockRejected")


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """Body of ``POST /orders``."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """Body of ``POST /internal/order-events``: what the worker did."""

    type: EventType
    order_id: uuid.UUID
    request_id: str | None


def parse_order(body: bytes) -> OrderRequest:
    """Read the body of ``POST /orders``, which may be left out.

    :raises BadRequestError: it is not what the contract allows.
    """
    data = parse_object(body) if body else {}
    unknown = sorted(data.keys() - {"sku", "quantity"})
    if unknown:
        raise BadRequestError(f"unknown field {unknown[0]!r}", field=unknown[0])
    sku = data.get("sku", catalogue.DEFAULT_SKU)
    if not isinstance(sku, str):
        raise BadRequestError("sku must be a string", field="sku")
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

    :raises BadRequestError: it is not what the contract allows.
    """
    data = parse_object(body)
    kind = data.get("type")
    if kind not in EVENT_TYPES:
        raise BadRequestError(f"type must be one of {', '.join(EVENT_TYPES)}", field="type")
    request_id = data.get("requestId")
    if request_id is not None and not isinstance(request_id, str):
        raise BadRequestError("requestId must be a string", field="requestId")
    order_id = parse_uuid(data.get("orderId"))
    if order_id is None:
        raise BadRequestError("orderId must be a UUID", field="orderId")
    return OrderEvent(type=kind, order_id=order_id, request_id=request_id)


def placed(order: Order) -> dict[str, Any]:
    """Answer to ``POST /orders``."""
    return {"orderId": str(order.id), "status": order.status, "requestId": order.request_id}


def answer_of(order: Order) -> tuple[int, dict[str, Any]]:
    """Status and body of the answer to ``POST /orders``, by how the order stands."""
    if order.undecided:
        note = "the order is stored; the database can't say now what has become of it: ask later"
        return 202, {**placed(order), "note": note}
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
        "createdAt": timestamp(order.created_at),
        "requestId": order.request_id,
        "sku": order.sku,
        "quantity": order.quantity,
    }
