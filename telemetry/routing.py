"""The telemetry's WebSocket route."""

from __future__ import annotations

from django.urls import path

from telemetry.live import LiveConsumer

websocket_urlpatterns = [path("ws/live", LiveConsumer.as_asgi())]
