"""The order API's public calls."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from rest_framework.views import APIView

from boundary import request_id as request_ids
from boundary.log_messages import LOG_SLOW_API
from orders import statements
from orders.defences import consistency, idempotency
from orders.errors import IDEMPOTENCY_KEY
from orders.faults import SWITCHES
from orders.http.listing import list_orders
from orders.placing import place_once, place_order
from orders.wire import answer_of, described, parse_order
from service.answers import answer, refuse
from service.errors import BadRequestError, RefusedError
from service.parsing import parse_uuid
from service.simulation import simulated
from systems.orders import API

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from rest_framework.request import Request

log = logging.getLogger("orders")

SERVICE_UNAVAILABLE = 503


class LeanView(APIView):
    """A DRF view without what this API has no use for; the hot path pays for each of them."""

    http_request: HttpRequest
    """Django's own request, under the framework's."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Skip negotiation, permissions and throttles: there is one representation, for all."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let the faults of this service act before the call does."""
        self.http_request = request
        return failing(request) or super().dispatch(request, *args, **kwargs)


class OrdersView(LeanView):
    """``/orders``."""

    def post(self, _request: Request) -> HttpResponse:
        """Place an order. It is durable before anything is sent to the worker."""
        http_request = self.http_request
        request_id = request_ids.choose(
            http_request.META.get("HTTP_X_REQUEST_ID"), request_ids.current()
        )
        request_ids.carry(request_id=request_id)
        key = idempotency.read_key(http_request.META.get("HTTP_IDEMPOTENCY_KEY"))
        try:
            order_request = parse_order(http_request.body)
            if key is None:
                placed = place_order(order_request, request_id=request_id)
                return order_response(*answer_of(placed))
            found = place_once(key.text, order_request, request_id=request_id)
            response = order_response(found.http_status, found.body, replayed=found.replayed)
        except RefusedError as error:
            response = refuse(http_request, error)
            response.headers[request_ids.HEADER] = request_id
        if key is not None and key.replaced:
            response.headers[IDEMPOTENCY_KEY] = f'"{key.text}"'
        return response

    def get(self, request: Request) -> HttpResponse:
        """List orders, newest first, a page at a time."""
        try:
            return answer(list_orders(request.query_params))
        except BadRequestError as error:
            return refuse(self.http_request, error)


class OrderView(LeanView):
    """``/orders/{orderId}``."""

    def get(self, _request: Request, order_id: str) -> HttpResponse:
        """Return an order as the API believes it to be."""
        parsed = parse_uuid(order_id)
        order = statements.ORDERS.find(parsed) if parsed else None
        if order is None:
            return answer({"error": "not found"}, status=404)
        return answer(described(order), headers={request_ids.HEADER: order.request_id})


def order_response(status: int, body: dict[str, Any], *, replayed: bool = False) -> HttpResponse:
    """Answer how a placed order stands; ``replayed`` when its key was answered so before."""
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
    simulated.be_slow(SWITCHES, API, message=LOG_SLOW_API)
    return simulated.failure(SWITCHES, API)
