"""The WSGI application of the api and of the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from labsite.http.static import StaticFiles

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


def make_application() -> WSGIApplication:
    """Build the application of the process whose settings are in force."""
    application = get_wsgi_application()
    if "django.contrib.staticfiles" in settings.INSTALLED_APPS:
        return StaticFiles(application)
    return application
