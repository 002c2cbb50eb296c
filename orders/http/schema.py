"""What OpenAPI says of the calls; the checking itself is in `orders.wire`.

Imported once the schema is asked for: what makes it takes longer to load than the calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.extensions import OpenApiViewExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_view,
)
from rest_framework import serializers

from orders import catalogue
from orders.models import Order

if TYPE_CHECKING:
    from rest_framework.views import APIView


class OrderRequestSerializer(serializers.Serializer[Any]):
    """Body of ``POST /orders``; both fields may be left out."""

    sku = serializers.ChoiceField(choices=catalogue.SKUS, default=catalogue.DEFAULT_SKU)
    quantity = serializers.IntegerField(
        min_value=1, max_value=catalogue.MAX_QUANTITY, default=catalogue.DEFAULT_QUANTITY
    )


class PlacedSerializer(serializers.Serializer[Any]):
    """An order as it stands when it is acknowledged."""

    orderId = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Order.Status.choices)
    requestId = serializers.CharField()


class OrderSerializer(PlacedSerializer):
    """An order as the API believes it to be."""

    createdAt = serializers.DateTimeField()
    sku = serializers.CharField()
    quantity = serializers.IntegerField()


class OrdersSerializer(serializers.Serializer[Any]):
    """A page of orders."""

    orders = OrderSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class UndecidedSerializer(PlacedSerializer):
    """An order that is stored, whose outcome the database could not tell; ask for it later."""

    note = serializers.CharField()


class CancelledSerializer(PlacedSerializer):
    """An order that was not confirmed in time, in the mode of consistency."""

    error = serializers.CharField()
    stock = serializers.ChoiceField(choices=["unknown", "not reserved"])


class UnavailableSerializer(serializers.Serializer[Any]):
    """The database can't be used; ``stored`` where it broke off and may have stored the order."""

    error = serializers.CharField()
    stored = serializers.ChoiceField(choices=["unknown"], required=False)
    orderId = serializers.UUIDField(required=False)
    requestId = serializers.CharField(required=False)


class ErrorSerializer(serializers.Serializer[Any]):
    """The one shape of an error."""

    error = serializers.CharField()
    field = serializers.CharField(required=False)


_REQUEST_ID = OpenApiParameter(
    "X-Request-Id",
    str,
    OpenApiParameter.HEADER,
    description="Taken over when well formed, else replaced",
)
_IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key and the same order get the same answer, and one order",
)
_ERROR = OpenApiResponse(ErrorSerializer, "What is wrong, in one sentence; nothing has changed")
PLACE: dict[str, Any] = {
    "operation_id": "placeOrder",
    "request": OrderRequestSerializer,
    "parameters": [_REQUEST_ID, _IDEMPOTENCY_KEY],
    "responses": {
        201: PlacedSerializer,
        202: UndecidedSerializer,
        400: _ERROR,
        409: _ERROR,
        413: _ERROR,
        422: _ERROR,
        503: PolymorphicProxySerializer(
            "NotAcknowledged", [CancelledSerializer, UnavailableSerializer], None
        ),
    },
    "examples": [OpenApiExample("Two apples", {"sku": "apple", "quantity": 2}, request_only=True)],
}
LIST: dict[str, Any] = {
    "operation_id": "listOrders",
    "parameters": [
        OpenApiParameter("limit", int, description="1 to 500, 50 when left out"),
        OpenApiParameter("status", str, enum=Order.Status.values),
        OpenApiParameter("cursor", str, description="`next` of the page before"),
        OpenApiParameter(
            "orderIds", str, description="These orders alone: ids with commas between"
        ),
    ],
    "responses": {200: OrdersSerializer, 400: _ERROR},
}
ONE: dict[str, Any] = {
    "operation_id": "getOrder",
    "parameters": [OpenApiParameter("order_id", OpenApiTypes.UUID, OpenApiParameter.PATH)],
    "responses": {200: OrderSerializer, 404: _ERROR},
}


class OrdersViewSchema(OpenApiViewExtension):  # type: ignore[no-untyped-call] # its registry's
    """Describes ``/orders``."""

    target_class = "orders.http.api.OrdersView"

    def view_replacement(self) -> type[APIView]:
        """Return the view with its descriptions."""
        return _described(self.target_class, post=PLACE, get=LIST)


class OrderViewSchema(OpenApiViewExtension):  # type: ignore[no-untyped-call] # its registry's
    """Describes ``/orders/{orderId}``."""

    target_class = "orders.http.api.OrderView"

    def view_replacement(self) -> type[APIView]:
        """Return the view with its description."""
        return _described(self.target_class, get=ONE)


def _described(view: Any, **methods: dict[str, Any]) -> type[APIView]:
    described: type[APIView] = type(view.__name__, (view,), {})
    descriptions = {
        name: extend_schema(tags=["orders"], **description) for name, description in methods.items()
    }
    return extend_schema_view(**descriptions)(described)
