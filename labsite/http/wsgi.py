"""The WSGI application of the api and of the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from labsite.http.static import StaticFiles

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


class OwnAddress(WSGIRequest):
    """A request that knows its own address, which the instrumentation asks for three times."""

    def build_absolute_uri(self, location: str | None = None) -> str:
        """Return the address of ``location``; "?" is that of this request, without its query."""
        if location != "?":
            return super().build_absolute_uri(location)
        return f"{self.scheme}://{self.get_host()}{self.path}"


class Handler(WSGIHandler):
    """Django's, with requests of that kind."""

    request_class = OwnAddress


def make_application() -> WSGIApplication:
    """Build the application of the process whose settings are in force."""
    application = Handler()
    if "django.contrib.staticfiles" in settings.INSTALLED_APPS:
        return StaticFiles(application)
    return application
