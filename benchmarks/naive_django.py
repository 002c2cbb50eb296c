"""The same two services as anyone would first write them: what the lab's figures stand beside.

``python -m benchmarks.naive_django api|worker PORT OTHER_PORT DATABASE``: synchronous DRF views,
the ORM, `requests` without a session, SQLite as it comes, Daphne, no telemetry.
"""

from __future__ import annotations

import sys
import uuid
from typing import Any

import django
import requests
from django.conf import settings


def main(role: str, port: int, other: int, database: str) -> None:
    """Serve one of the two services until it is killed."""
    settings.configure(
        SECRET_KEY="naive",  # noqa: S106 (there is nothing to protect)
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="benchmarks.naive_django",
        INSTALLED_APPS=["rest_framework"],
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        REST_FRAMEWORK={"UNAUTHENTICATED_USER": None, "DEFAULT_AUTHENTICATION_CLASSES": []},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        LOGGING_CONFIG=None,
    )
    django.setup()
    from daphne.server import Server
    from django.core.handlers.asgi import ASGIHandler

    sys.modules["benchmarks.naive_django"].urlpatterns = _urls(role, other)  # type: ignore[attr-defined] # Django looks for it there
    Server(ASGIHandler(), endpoints=[f"tcp:port={port}:interface=127.0.0.1"], verbosity=0).run()


def _urls(role: str, other: int) -> list[Any]:
    from django.db import connection, models
    from django.urls import path
    from rest_framework.response import Response
    from rest_framework.views import APIView

    class Order(models.Model):
        id = models.UUIDField(primary_key=True, default=uuid.uuid4)
        status = models.CharField(max_length=9, default="PENDING")

        class Meta:
            app_label = "naive"

        def __str__(self) -> str:
            return str(self.id)

    class Reservation(models.Model):
        order_id = models.UUIDField()

        class Meta:
            app_label = "naive"

        def __str__(self) -> str:
            return str(self.order_id)

    with connection.schema_editor() as editor:
        editor.create_model(Order if role == "api" else Reservation)

    class Orders(APIView):
        def post(self, _request: Any) -> Response:
            order = Order._default_manager.create()
            requests.post(
                f"http://127.0.0.1:{other}/jobs", json={"orderId": str(order.id)}, timeout=0.8
            )
            order.refresh_from_db()
            return Response({"orderId": str(order.id), "status": order.status}, status=201)

    class Events(APIView):
        def post(self, request: Any) -> Response:
            Order._default_manager.filter(id=request.data["orderId"]).update(status="CONFIRMED")
            return Response({"ok": True})

    class Jobs(APIView):
        def post(self, request: Any) -> Response:
            Reservation._default_manager.create(order_id=request.data["orderId"])
            requests.post(f"http://127.0.0.1:{other}/events", json=request.data, timeout=2)
            return Response({"ok": True})

    views: dict[str, list[tuple[str, type[APIView]]]] = {
        "api": [("orders", Orders), ("events", Events)],
        "worker": [("jobs", Jobs)],
    }
    return [path(route, view.as_view()) for route, view in views[role]]


if __name__ == "__main__":
    sys.modules["benchmarks.naive_django"] = sys.modules["__main__"]
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
