"""The WSGI application of the api and of the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from labsite.http.static import StaticFiles

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


def make_application() -> WSGIApplication:
    """Build the application of the process whose settings are in force."""
    application = WSGIHandler()
    if "django.contrib.staticfiles" in settings.INSTALLED_APPS:
        return StaticFiles(application)
    return application
