"""The telemetry's WebSocket route."""

from __future__ import annotations

from typing import Any

from django.urls import path

from telemetry.live.feed import LiveConsumer

_live: Any = LiveConsumer.as_asgi()
websocket_urlpatterns = [path("ws/live", _live)]
