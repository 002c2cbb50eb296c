"""What describes the API: its OpenAPI schema and the page that shows it, loaded when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

# Their templates have no answer to OPTIONS.
_OPTIONS: dict[str, Any] = {"http_method_names": ["get", "head"]}


def schema(request: HttpRequest) -> HttpResponseBase:
    """Answer with the schema."""
    from drf_spectacular.views import SpectacularAPIView

    # What it says of the calls is known once this is imported.
    import orders.http.schema  # noqa: F401

    return SpectacularAPIView.as_view(**_OPTIONS)(request)


def page(request: HttpRequest) -> HttpResponseBase:
    """Answer with Swagger UI."""
    from drf_spectacular.views import SpectacularSwaggerSplitView

    return SpectacularSwaggerSplitView.as_view(url_name="schema", **_OPTIONS)(request)
