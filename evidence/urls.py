"""Routes of this room."""

from __future__ import annotations

from django.urls import path

from evidence.api import evidence

urlpatterns = [
    path("api/traces/<str:trace_id>/evidence", evidence),
]
