"""Routes of this room."""

from __future__ import annotations

from django.urls import path, re_path

from experiments import api
from experiments.matrix import api as matrix_api

urlpatterns = [
    path("api/experiments", api.experiments),
    path("api/experiments/<str:name>/runs", api.start),
    path("api/matrix", matrix_api.matrix),
    path("api/runs", api.runs),
    path("api/runs/<str:run_id>", api.run),
    path("api/runs/<str:run_id>/stop", api.stop),
    path("api/runs/<str:run_id>/report", api.report),
    re_path(
        r"^api/runs/(?P<run_id>[^/]+)/(?P<name>journal|history|gathered)(\.json)?$", api.artifact
    ),
]
