"""Routes of this room."""

from __future__ import annotations

from django.urls import path

from defences import api

urlpatterns = [path("api/defences", api.defences)]
