"""The WSGI application of the api and of the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import close_caches
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries

from labsite.http.static import StaticFiles

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


def make_application() -> WSGIApplication:
    """Build the application of the process whose settings are in force."""
    # Neither log of queries nor cache; connections are looked at when a request has been answered.
    request_started.disconnect(reset_queries)
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_caches)
    application = WSGIHandler()
    if "django.contrib.staticfiles" in settings.INSTALLED_APPS:
        return StaticFiles(application)
    return application
