"""The order API's calls: thin, each reads, asks its room and answers."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from opentelemetry import trace
from rest_framework.views import APIView

from boundary import request_id as request_ids
from orders import consistency, idempotency, schema
from orders.answers import answer, refuse
from orders.faults import API, SWITCHES
from orders.listing import list_orders
from orders.models import Order
from orders.placing import place_once, place_order
from orders.wire import BadRequestError, answer_of, described, parse_order, parse_uuid

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from rest_framework.request import Request

    from orders.wire import OrderRequest

log = logging.getLogger("orders")

SERVICE_UNAVAILABLE = 503


class LeanView(APIView):
    """A DRF view without what this API has no use for; the hot path pays for each of them."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Skip negotiation, permissions and throttles: there is one representation, for all."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let the faults of this service act before the call does."""
        return failing(request) or super().dispatch(request, *args, **kwargs)


class OrdersView(LeanView):
    """``/orders``."""

    @extend_schema(**schema.PLACE)
    def post(self, request: Request) -> HttpResponse:
        """Place an order. It is durable before anything is sent to the worker."""
        http_request = request._request
        request_id = request_ids.choose(
            http_request.META.get("HTTP_X_REQUEST_ID"), request_ids.current()
        )
        request_ids.carry(request_id=request_id)
        try:
            wanted = parse_order(http_request.body)
        except BadRequestError as error:
            refusal = refuse(http_request, error)
            refusal.headers[request_ids.HEADER] = request_id
            return refusal
        key = idempotency.read_key(http_request.META.get("HTTP_IDEMPOTENCY_KEY"))
        if key is not None:
            response = once(http_request, key.text, wanted, request_id=request_id)
            if key.replaced:
                response.headers[idempotency.HEADER] = f'"{key.text}"'
            return response
        return told(*answer_of(place_order(wanted, request_id=request_id)))

    @extend_schema(**schema.LIST)
    def get(self, request: Request) -> HttpResponse:
        """List orders, newest first, a page at a time."""
        try:
            return answer(list_orders(request._request.GET))
        except BadRequestError as error:
            return refuse(request._request, error)


class OrderView(LeanView):
    """``/orders/{orderId}``."""

    @extend_schema(**schema.ONE)
    def get(self, _request: Request, order_id: str) -> HttpResponse:
        """Tell what the API believes of an order."""
        parsed = parse_uuid(order_id)
        order = Order.objects.filter(id=parsed).first() if parsed else None
        if order is None:
            return answer({"error": "not found"}, status=404)
        return answer(described(order), headers={request_ids.HEADER: order.request_id})


def once(request: HttpRequest, key: str, wanted: OrderRequest, *, request_id: str) -> HttpResponse:
    """Place the order of ``key``, or give the answer that it was given."""
    try:
        found = place_once(key, wanted, request_id=request_id)
    except idempotency.RefusedKeyError as error:
        refusal = refuse(request, error, status=error.http_status)
        refusal.headers[request_ids.HEADER] = request_id
        if isinstance(error, idempotency.InFlightError):
            refusal.headers["Retry-After"] = str(consistency.RETRY_AFTER_SECONDS)
        return refusal
    return told(found.http_status, found.body, replayed=found.replayed)


def told(status: int, body: dict[str, Any], *, replayed: bool = False) -> HttpResponse:
    """Answer what became of an order that was placed, now or ``replayed`` from before."""
    headers = {
        "Location": f"/orders/{body['orderId']}",
        request_ids.HEADER: body["requestId"],
    }
    if status == SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(consistency.RETRY_AFTER_SECONDS)
    if replayed:
        headers[idempotency.REPLAYED_HEADER] = "true"
        request_ids.carry(request_id=body["requestId"], order_id=body["orderId"])
        trace.get_current_span().set_attributes({"lab.idempotency.replayed": True})
        log.info("order known by its key: answered as before", extra={"httpStatus": status})
    return answer(body, status=status, headers=headers)


def failing(_request: HttpRequest) -> HttpResponse | None:
    """Be slow, or answer 5xx, when a fault says so."""
    slow = SWITCHES.find(API, "slow")
    if slow:
        log.info("simulated slow api", extra={"ms": slow.parameters["ms"]})
        time.sleep(slow.parameters["ms"] / 1_000)
    failure = SWITCHES.find(API, "http_5xx")
    if failure:
        status = failure.parameters["status"]
        log.error("simulated failure of the api", extra={"httpStatus": status})
        return answer({"error": "simulated failure of the api"}, status=status)
    return None
